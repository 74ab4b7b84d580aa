"""What a list's editions say otherwise than the ones before them: added, removed, changed, field by field.

Editions are compared within one part of one list, each with the one before it.  The first edition held is compared
with nothing, so it adds nothing.  A change is by the publisher's own id of the entry.  Where whole editions are held
excerpts are left out, since what they lack was not removed; where only excerpts are, they are compared and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import polars as pl

from clearwake.lists.force import KEY, edition_key, rows_of
from clearwake.model import Designation, ListChange, conform, empty, schema

NOT_SAID = frozenset({"id", "list", "edition", "receipt", "line", "known_at", "issues"})
"""Columns that say where an entry stands and what was odd about reading it, not what the list says."""

SAID = tuple(name for name in schema(Designation) if name not in NOT_SAID)
"""Columns whose change is a change of the list."""

ABOUT = ("id", "kind", "name", "imo", "programmes")


def changes(
    designations: pl.DataFrame, editions: pl.DataFrame, until: datetime | None = None
) -> pl.DataFrame:
    """Compare the consecutive editions of each part of each list.

    Args:
        designations: Every edition's entries.
        editions: The editions.
        until: Only editions dated up to this moment.

    Returns:
        A table of ``ListChange``, oldest first: one row for each entry that was added or removed, and one for each
        field of an entry that changed.
    """
    held = editions if until is None else editions.filter(pl.col("dated") <= until)
    compared = held.filter(~pl.col("is_excerpt") | pl.col("is_excerpt").all().over(KEY))
    compared = compared.with_columns(key=edition_key()).sort(*KEY, "dated", "receipt")
    found = [
        _between(designations, compared[i], compared[i + 1])
        for i, (before, after) in enumerate(pairwise(compared.select(KEY).iter_rows()))
        if before == after
    ]
    if not found:
        return empty(ListChange)
    order = ["dated_after", "list", "part", "change", "id", "field"]
    return pl.concat(found).sort(order, nulls_last=True, maintain_order=True)


def _between(designations: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Compare two editions, each given as one row."""
    listed = designations.filter(pl.col("edition").is_not_null())
    old, new = rows_of(listed, before), rows_of(listed, after)
    added = new.join(old, on="id", how="anti").select(*ABOUT, change=pl.lit("added"))
    removed = old.join(new, on="id", how="anti").select(*ABOUT, change=pl.lit("removed"))
    rows = pl.concat([added, removed, *_changed(old, new)], how="diagonal")
    told = rows.with_columns(
        list=pl.lit(before.item(0, "list")),
        part=pl.lit(before.item(0, "part")),
        edition_before=pl.lit(before.item(0, "key")),
        dated_before=pl.lit(before.item(0, "dated")),
        edition_after=pl.lit(after.item(0, "key")),
        dated_after=pl.lit(after.item(0, "dated")),
        is_excerpt=pl.lit(after.item(0, "is_excerpt")),
        known_at=pl.lit(after.item(0, "known_at")),
    )
    return conform(told, ListChange)


def _changed(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Give a table for each field: the entries in both editions for which it differs."""
    both = _as_text(old).join(_as_text(new), on="id", suffix="_after")
    about = new.select(ABOUT)
    for column in SAID:
        differs = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_after")))
        yield differs.select(
            "id", change=pl.lit("changed"), field=pl.lit(column), before=column, after=f"{column}_after"
        ).join(about, on="id", maintain_order="left")


def _as_text(entries: pl.DataFrame) -> pl.DataFrame:
    """Turn every column into text: days as ISO 8601, several values joined, the order of values left out."""
    return entries.select("id", *(_text(name, entries.schema[name]) for name in SAID)).unique("id")


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        joined = column.cast(pl.List(pl.String)).list.sort().list.join("; ")
        return pl.when(joined != "").then(joined).alias(name)
    if isinstance(dtype, pl.Datetime):
        return column.dt.strftime("%Y-%m-%d").alias(name)
    return column.cast(pl.String).alias(name)
