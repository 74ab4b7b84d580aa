"""Reconciling: what a run found against what the desk holds, so that events have versions and can be withdrawn.

Pure: frames in, frames out.  Stored events carry two columns beside their record's: ``settled_at`` (the watermark of
the batch after which no later row could change them; null while one can) and ``withdrawn``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from clearwake.model import TIME, schema

DERIVED = ("label", "coast_km", "anchorage_km")
"""Columns that depend on more than the event's own evidence: on the places known.  They are filled afterwards."""

_NOT_CONTENT = ("id", "version", "settled_at", *DERIVED)


def stored_schema(record: type) -> pl.Schema:
    """Give the schema of a stored table of events."""
    return pl.Schema({**schema(record), "settled_at": TIME, "withdrawn": pl.Boolean()})


@dataclass(frozen=True)
class Reconciled:
    """Rows to add, rows to put in the place of stored ones of the same id, stored rows not found again yet."""

    new: pl.DataFrame
    changed: pl.DataFrame
    waiting: pl.DataFrame


def reconcile(waiting: pl.DataFrame, found: pl.DataFrame, until: datetime) -> Reconciled:
    """Hold found events against stored ones.

    Args:
        waiting: Stored events that this run may find again.
        found: Events found, with ``settled``.
        until: The watermark at which they were found.
    """
    rows = found.with_columns(
        settled_at=pl.when("settled").then(pl.lit(until)).cast(TIME), withdrawn=pl.lit(value=False)
    ).select(waiting.columns)
    both = rows.join(waiting, on="id", how="inner", suffix="_was")
    content = [c for c in waiting.columns if c not in _NOT_CONTENT]
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_was")) for c in content)
    judged = both.with_columns(
        is_same=same,
        version=pl.col("version_was") + (~same).cast(pl.Int64),
        # What places say is kept with unchanged content; it is brought up to date for all events at the end.
        **{c: pl.when(same).then(f"{c}_was").otherwise(c) for c in DERIVED if c in waiting.columns},
    )
    moved = ~pl.col("is_same") | ~pl.col("settled_at").eq_missing(pl.col("settled_at_was"))
    return Reconciled(
        new=rows.join(waiting, on="id", how="anti"),
        changed=judged.filter(moved).select(waiting.columns),
        waiting=waiting.join(rows, on="id", how="anti"),
    )


def withdrawn(waiting: pl.DataFrame, found: pl.DataFrame, until: datetime, *, is_last: bool) -> pl.DataFrame:
    """Give stored events that can no longer be found as they must now stand: withdrawn, one version on.

    An event that was settled by ``until`` is found by then or is no longer so; one that was not may still be found,
    until the last batch.
    """
    due = pl.lit(is_last) | (pl.col("settled_at") <= until).fill_null(value=False)
    gone = waiting.filter(~pl.col("withdrawn"), pl.col("start") < until, due).join(found, on="id", how="anti")
    return gone.with_columns(
        version=pl.col("version") + 1, withdrawn=pl.lit(value=True), settled_at=pl.lit(until).cast(TIME)
    )
