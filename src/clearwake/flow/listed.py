"""Designations as they stand on a day: which edition is in force, what it changed, and whether one is whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl

from clearwake.lists.changes import changes
from clearwake.lists.editions import counts, refusal
from clearwake.lists.force import current, end_of, rows_of, status_on
from clearwake.model import Designation, Edition, UnreadableFileError, empty, records
from clearwake.store import Store


def today() -> date:
    """Give the day it is, UTC."""
    return datetime.now(UTC).date()


def designations(store: Store, on: date | None) -> pl.DataFrame:
    """Give the designations of each list and part as its newest edition up to ``on`` has them, by status that day.

    Where the oldest edition held is later than ``on`` it is taken, and each entry's own dates decide.
    """
    moment = datetime.now(UTC) if on is None else end_of(on)
    editions = store.scan("editions", record=Edition).collect()
    rows = store.scan("designations", record=Designation).collect()
    return status_on(rows_of(rows, current(editions, moment)), moment)


def list_changes(store: Store, on: date | None) -> pl.DataFrame:
    """Give what each edition up to the end of a day changed against the one before it."""
    entries = store.scan("designations", record=Designation).collect()
    editions = store.scan("editions", record=Edition).collect()
    return changes(entries, editions, None if on is None else end_of(on))


def check_edition(store: Store, tables: Mapping[str, pl.DataFrame]) -> None:
    """Refuse an edition that has shrunk against the last good one of its list and part.

    Raises:
        UnreadableFileError: If it has.
    """
    for edition in records(tables.get("editions", empty(Edition)), Edition):
        known = store.scan("editions", record=Edition).collect()
        same = known.filter(pl.col("list") == edition.list, pl.col("part") == edition.part)
        earlier = same.filter(pl.col("dated") <= edition.dated, ~pl.col("is_excerpt")).sort("dated")
        last = records(earlier.tail(1), Edition)
        why = refusal(counts(last[0]) if last else None, counts(edition), {})
        if why:
            where = f"{edition.list} {edition.part}, edition of {edition.dated:%Y-%m-%d}"
            next_step = (
                "check the file; the last good edition stays in force.  --excerpt reads a part on purpose"
            )
            raise UnreadableFileError(where, why, "a complete edition", next_step)
