"""Does something that may be given say what is withheld?  People write sentences; no marking can know what is in them.

A title that names the aircraft, a public sentence that repeats a secret position: by its own marking it may go, and
what it says may not.  This looks for the values of what is withheld in the texts of a version and tells the releasing
desk, which marks anew or writes anew.  It changes no version by itself: what depends on the withheld would tell of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from clearwake.model import Case, Item, Released
from clearwake.release.version import Levels

SHORTEST = 4
"""Shorter texts stand in others by chance."""

FINE = 3
"""Decimals of a degree from which a number in a text can be somebody's position (110 m)."""

_NUMBER = re.compile(r"(?<![\d.])-?\d{1,3}\.\d{3,}(?!\d)")


class Quoted(NamedTuple):
    """One place where a version says what is withheld; for the desk's eyes."""

    withheld: str
    """The desk's id of the item whose value it is."""
    field: str
    """Of that item."""
    value: str


def quoted(case: Case, version: Released) -> tuple[Quoted, ...]:
    """Find values of withheld and coarsened items in the texts of a version.

    Values that an item given in full also has as its own are no secret of the withheld one.

    Args:
        case: As the desk has it.
        version: Made from it.
    """
    levels = Levels(case, version.audience)
    return _found(case, levels, list(_strings(msgspec.to_builtins(version.case))), version.case.ships)


def quoted_in(text: str, case: Case, audience: Sequence[str]) -> tuple[Quoted, ...]:
    """Find values of what an audience may not have in full in a text that somebody wants it to read.

    Args:
        text: In somebody's words.
        case: As the desk has it.
        audience: Who would read it.
    """
    return _found(case, Levels(case, tuple(audience)), [text], case.ships)


def _found(case: Case, levels: Levels, texts: Sequence[str], ships: Sequence[str]) -> tuple[Quoted, ...]:
    here = {i.id for i in case.items}
    gone = [d.item for d in case.decisions if d.item is not None and d.item.id not in here]
    everything = (*case.items, *gone)
    plain = [i for i in everything if levels.had(i.id) == "full"]
    open_values = {_folded(v) for i in plain for _, v in _texts(i)} | {_folded(s) for s in ships}
    said = _folded(" ¦ ".join(texts))
    numbers = {float(n) for n in _NUMBER.findall(said)}
    own = {x for i in plain for x in (i.lon, i.lat) if x is not None}
    secret = [n for n in numbers if not any(_is_alike(n, x) for x in own)]
    return tuple(
        found
        for item in everything
        if levels.had(item.id) != "full"
        for found in (*_in_text(item, said, open_values), *_in_numbers(item, secret))
    )


def _in_text(item: Item, said: str, open_values: set[str]) -> Iterator[Quoted]:
    for field, value in _texts(item):
        text = _folded(value)
        if (
            len(text) >= SHORTEST
            and text not in open_values
            and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said)
        ):
            yield Quoted(item.id, field, value)


def _in_numbers(item: Item, numbers: Iterable[float]) -> Iterator[Quoted]:
    """Find a coordinate written out anywhere, to as many decimals as it was written."""
    for field, value in (("lon", item.lon), ("lat", item.lat)):
        if value is not None and _is_fine(value):
            for number in numbers:
                if _is_alike(number, value):
                    yield Quoted(item.id, field, str(number))


def _is_alike(number: float, degrees: float) -> bool:
    return math.isclose(abs(number), abs(degrees), abs_tol=0.5 * 10**-FINE)


def _is_fine(value: float) -> bool:
    return abs(value * 60.0 - round(value * 60.0)) > 1e-6


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    named = ("sentence", "observer", "citation", "source", "sha256")
    yield from ((name, value) for name in named if (value := getattr(item, name)))
    yield from (("reasons", r.sentence) for r in item.reasons)
    # "Aircraft" stands in any report; "P-3C 5062" only where somebody says which one it was.
    if item.platform and any(c.isdigit() for c in item.platform):
        yield "platform", item.platform


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (s for v in value.values() for s in _strings(v))
    elif isinstance(value, list | tuple):
        yield from (s for v in value for s in _strings(v))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
