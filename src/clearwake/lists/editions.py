"""One edition of a list on its way in: its entries, what was rejected, and whether it can be what it says.

An HTML page, a wrong list, a cut file or a tenth of the entries gone must never replace a good edition, and
must never look like one in which nobody is listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath

import polars as pl

from clearwake.lists.cards import Bounds, Card
from clearwake.lists.fields import Leftovers
from clearwake.model import (
    Designation,
    Edition,
    Options,
    Ownership,
    Party,
    Reading,
    Received,
    Reject,
    UnreadableFileError,
    table,
)

MOST_SHRINKAGE = 0.10
"""An edition that lost more than this share against the last good one of the same part is not believed."""

SMALLEST_COMPARED = 10
"""Shrinkage of a kind with fewer entries than this says nothing: one delisting is already a tenth."""

LONGEST_FOUND = 500
"""Characters of a row kept in quarantine."""

PACKED_ENTRIES = 20_000
"""Entries kept as records before they become rows of a table, which take a tenth of the memory."""

COLUMN_OF_KIND = {"vessel": "vessels", "company": "companies", "person": "persons", "aircraft": "aircraft"}
COMPARED = ("entries", "vessels", "companies", "persons", "aircraft")

Counts = Mapping[str, int]
"""How many entries, by kind: ``{"entries": 8976, "vessels": 406, "companies": 3673, ...}``."""


def refusal(previous: Counts | None, new: Counts, bounds: Bounds) -> str | None:
    """Say why an edition with counts ``new`` cannot be believed, or null if it can.

    Args:
        previous: Counts of the last good edition of the same list and part, if there is one.
        new: Counts of the edition at hand.
        bounds: What a complete edition of its part and year holds; empty for an excerpt.
    """
    for kind in (kind for kind in COMPARED if kind in bounds):
        least, most = bounds[kind]
        if not least <= new.get(kind, 0) <= most:
            return f"{new.get(kind, 0):,} {kind}, where a complete edition has {least:,} to {most:,}"
    for kind in COMPARED if previous else ():
        before, now = (previous or {}).get(kind, 0), new.get(kind, 0)
        if before >= SMALLEST_COMPARED and now < before * (1 - MOST_SHRINKAGE):
            lost = (before - now) / before
            return f"{now:,} {kind}, where the last good edition had {before:,}: {lost:.0%} fewer"
    return None


def counts(edition: Edition) -> dict[str, int]:
    """Give the counts of an edition, as ``refusal`` takes them."""
    return {kind: getattr(edition, kind) for kind in (*COMPARED, "others")}


@dataclass
class Draft:
    """An edition while it is read.  ``file`` says which of the received files its entries came from."""

    card: Card
    part: str
    options: Options
    files: Sequence[Received]
    file: int = 0
    dated: datetime | None = None
    """The date of publication that the content itself states."""
    entries: list[Designation] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    """Who is named without being listed: owners, managers, parents."""
    ownerships: list[Ownership] = field(default_factory=list)
    """Edges between entries, and between entries and ``parties``."""
    rejects: list[tuple[int, Reject]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    """How often an id was given already, where a list repeats its own numbers."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows that say nothing about a party, by what they are."""
    packed: list[pl.DataFrame] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    """The latest day on which an entry was listed."""

    def enter(self, entry: Designation) -> None:
        """Add an entry; many of them are kept as tables."""
        self.entries.append(entry)
        if len(self.entries) >= PACKED_ENTRIES:
            self.pack()

    def pack(self) -> None:
        """Turn the entries so far into a table."""
        self.kinds.update(COLUMN_OF_KIND.get(entry.kind, "others") for entry in self.entries)
        dates = (entry.listed_on for entry in self.entries if entry.listed_on)
        self.newest = max((*dates, *([self.newest] if self.newest else [])), default=None)
        self.packed.append(table(self.entries, Designation))
        self.entries = []

    def numbered(self, wanted: str) -> str:
        """Give an id that no other entry has: as wanted, or with a number where it was given before."""
        self.names[wanted] += 1
        return wanted if self.names[wanted] == 1 else f"{wanted}:{self.names[wanted]}"

    def key(self) -> str:
        """Name the edition within its list: part and date, such as ``sdn:2020-12-01``."""
        return f"{self.part}:{self.when()[0]:%Y-%m-%d}"

    def when(self) -> tuple[datetime, str]:
        """Give when it was published, and by whose word: ``content``, ``asserted`` or ``received``."""
        stated = ((self.dated, "content"), (self.options.known_at, "asserted"))
        return next(((day, word) for day, word in stated if day), (self.options.received_at, "received"))

    def reject(self, line: int | None, reason: str, found: str, file: int | None = None) -> None:
        """Put a row into quarantine."""
        where = self.file if file is None else file
        origin = self.files[where].origin
        self.rejects.append((where, Reject(self.card.name, origin, line, reason, found[:LONGEST_FOUND])))

    def reject_unknown(self, leftovers: Leftovers) -> None:
        """Put every field that nobody knows into quarantine, once each."""
        for line, sentence in leftovers.told():
            self.reject(line, "unknown field", sentence)

    def published(self) -> Iterator[Reading]:
        """Give the edition as tables, if it can be what it says it is.

        Raises:
            UnreadableFileError: If its counts are not those of a complete edition and no excerpt was asked for.
        """
        self.pack()
        edition = self._edition()
        year = None if edition.dated_by == "received" else edition.dated.year
        bounds = {} if self.options.excerpt else self.card.part(self.part).bounds(year)
        reason = refusal(None, counts(edition), bounds)
        if reason is not None:
            read_as = f"a complete edition of {self.card.title}, part {self.part}"
            origin = self.files[self.file].origin
            raise UnreadableFileError(origin, reason, read_as, ON_BOUNDS.format(self.card.name))
        of_this = pl.lit(self.key()).alias("edition")
        tables = {
            "designations": pl.concat(self.packed).with_columns(of_this),
            "editions": table([edition], Edition),
        }
        if self.parties:
            tables["parties"] = table(self.parties, Party).with_columns(of_this)
        if self.ownerships:
            tables["ownerships"] = table(self.ownerships, Ownership).with_columns(of_this)
        yield Reading(tables, self.file, counts=self.counts)
        for file in sorted({where for where, _ in self.rejects}):
            rows = [reject for where, reject in self.rejects if where == file]
            yield Reading({"quarantine": table(rows, Reject)}, file)

    def _edition(self) -> Edition:
        kinds = self.kinds
        dated, dated_by = self.when()
        return Edition(
            list=self.card.name,
            part=self.part,
            dated=dated,
            dated_by=dated_by,
            is_excerpt=self.options.excerpt,
            entries=kinds.total(),
            vessels=kinds["vessels"],
            companies=kinds["companies"],
            persons=kinds["persons"],
            aircraft=kinds["aircraft"],
            others=kinds["others"],
            rejected=len(self.rejects),
            rhythm_days=self.card.part(self.part).rhythm_days,
            notes=tuple(self.notes + self._misdated()),
        )

    def _misdated(self) -> list[str]:
        dated, dated_by = self.when()
        newest = self.newest
        if newest is None or newest.date() <= dated.astimezone(UTC).date():
            return []
        said = f"dated {dated:%Y-%m-%d} ({dated_by})"
        return [f"{said}, but holds entries listed up to {newest:%Y-%m-%d}"]


def part_from_name(origin: str) -> str:
    """Name the part of a list by its file, where the content does not say: without folders, endings and dates.

    ``sanctions-2026-11-22.ftm.json.gz`` is the part ``sanctions``; next week's file then is its next edition.
    """
    name = PurePosixPath(origin.replace("\\", "/")).name.lower()
    bare = re.sub(r"(?:\.(?:gz|zst|zip|csv|tsv|json|jsonl|ndjson|ftm|parquet|txt|xml))+$", "", name)
    undated = re.sub(r"(?<!\d)(?:19|20)\d{2}[-_.]?\d{2}[-_.]?\d{2}(?!\d)", "", bare)
    words = re.sub(r"[^\w]+", "_", undated).strip("_")
    return re.sub(r"(?:^|_)(?:entities|targets)$", "", words)


ON_BOUNDS = (
    "check that the file is whole and the right list; if it is a part of the list on purpose, read it as an "
    "excerpt; if the list has really changed, correct the bounds in lists/{}.yml"
)
