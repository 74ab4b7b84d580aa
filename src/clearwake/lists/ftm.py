"""FollowTheMoney JSON lines: any collection of ships, companies, persons, and who owns or runs whom.

One entity a line, pointing to others by id.  Who is sanctioned becomes a designation, everybody else a party, and every
entity that ties two others together an edge.  Collections are large, so the file is read twice, line by line: first
for what belongs to others (sanctions, papers, addresses, edges), then for those it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from clearwake.lists.cards import card
from clearwake.lists.editions import Draft, part_from_name
from clearwake.lists.fields import Leftovers
from clearwake.lists.ftm_entities import Belongings, Entity, add_edges, enter
from clearwake.lists.values import Issues, day
from clearwake.model import Options, Reading, Received, UnreadableFileError
from clearwake.unpack import contents

CARD = card("ftm")

TOP = {"id", "caption", "schema", "properties", "referents", "datasets", "first_seen", "last_seen", "last_change",
       "target", "origin", "fragment"}  # fmt: skip
"""What stands at the top of an entity; anything else there is told."""

DO_NEXT = "give entities.ftm.json as published: one entity a line, with id, schema and properties"


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition of a collection.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it holds no entity, is cut short, or lacks what the
            collection of its name always has.
    """
    if len(files) != 1:
        found = f"{len(files)} files"
        raise UnreadableFileError(files[0].origin, found, "one edition of a collection", "read one at a time")
    draft, leftovers, belongings = Draft(CARD, "", options, files), Leftovers(), Belongings()
    datasets, last_seen = set[str](), ""
    for entity in _entities(files[0], draft, leftovers):
        datasets.update(entity.datasets)
        last_seen = max(last_seen, entity.last_seen)
        belongings.take(entity, leftovers)
    if not belongings.seen:
        raise UnreadableFileError(files[0].origin, "no entity", CARD.title, DO_NEXT)
    draft.part = _part(files[0].origin, datasets)
    draft.dated = day(last_seen[:10], Issues(), "date") if options.known_at is None else None
    for entity in _entities(files[0], None, leftovers):
        enter(entity, belongings, draft, leftovers)
    add_edges(belongings, draft)
    draft.counts = dict(belongings.skipped)
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _part(origin: str, datasets: set[str]) -> str:
    """Name the part: the one dataset that all entities are of, else the file's own name, else ``collection``."""
    return next(iter(datasets)) if len(datasets) == 1 else part_from_name(origin) or "collection"


def _entities(file: Received, draft: Draft | None, leftovers: Leftovers) -> Iterator[Entity]:
    """Give the entities of a file; with a draft, what is none goes to its quarantine and is looked at no more.

    Raises:
        UnreadableFileError: If it is a web page or empty, begins with something else, or ends inside a line.
    """
    for content in contents(file):
        for number, line in _lines(content.origin, content.stream):
            entity = _read(content.origin, number, line, draft)
            if entity is not None:
                if draft is not None:
                    leftovers.note(number, entity.strange)
                yield entity


def _lines(name: str, stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give lines with their numbers; the last one is held back until it is known to be whole."""
    held: tuple[int, bytes] | None = None
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        if held is not None:
            yield held
        held = (number, line)
    if held is None:
        raise UnreadableFileError(name, "nothing in it", CARD.title, "fetch it again")
    if not held[1].rstrip().endswith(b"}"):
        found = f"line {held[0]} ends after {len(held[1]):,} bytes"
        raise UnreadableFileError(name, found, CARD.title, "fetch it again; it is cut short")
    yield held


def _read(name: str, number: int, line: bytes, draft: Draft | None) -> Entity | None:
    try:
        told: Any = json.loads(line)
    except ValueError as fault:
        if number == 1:
            raise UnreadableFileError(name, f"line 1: {fault}", CARD.title, DO_NEXT) from fault
        _reject(draft, number, "not JSON", line)
        return None
    if not isinstance(told, dict) or not isinstance(told.get("schema"), str) or not told.get("id"):
        if number == 1:
            raise UnreadableFileError(name, f"line 1: {line[:80]!r}", CARD.title, DO_NEXT)
        _reject(draft, number, "no entity", line)
        return None
    properties = told.get("properties")
    if not isinstance(properties, dict) or any(
        isinstance(one, dict) for v in properties.values() for one in v
    ):
        _reject(draft, number, "its properties are not lists of values", line)
        return None
    strange = {key: str(value) for key, value in told.items() if key not in TOP}
    return Entity(
        number=number,
        id=str(told["id"]),
        schema=told["schema"],
        caption=str(told.get("caption") or ""),
        properties={key: _values(value) for key, value in properties.items()},
        datasets=tuple(told.get("datasets") or ()),
        last_seen=str(told.get("last_seen") or ""),
        strange=strange,
    )


def _values(value: Any) -> list[str]:  # noqa: ANN401 - whatever a property holds
    every = value if isinstance(value, list) else [value]
    return [str(one) for one in every if one is not None and str(one).strip()]


def _reject(draft: Draft | None, number: int, reason: str, line: bytes) -> None:
    if draft is not None:
        draft.reject(number, reason, line.decode("utf-8", errors="replace"))
