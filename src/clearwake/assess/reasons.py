"""How a reason is written down: one frame of indicators per kind, each row with its evidence and weight."""

from __future__ import annotations

import hashlib

import polars as pl

from clearwake.assess.weights import BY_KIND
from clearwake.model import TIME, Indicator, conform, empty


def reasons(
    kind: str,
    rows: pl.DataFrame,
    sentence: pl.Expr,
    evidence: pl.Expr,
    share: pl.Expr | None = None,
) -> pl.DataFrame:
    """Write one indicator of ``kind`` for each of ``rows``.

    Args:
        kind: A row of the table of weights.
        rows: At least ``mmsi``; ``track``, ``time`` and ``known_at`` where there are any.
        sentence: What was measured, in words.
        evidence: A list of ids.  The score counts every id named here once.
        share: The part of the kind's weight that this row has, from 0 to 1; all of it where not given.
    """
    weight = BY_KIND[kind]
    known: dict[str, pl.DataType] = {"track": pl.Int64(), "time": TIME, "known_at": TIME}
    lacking = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in known.items() if name not in rows.columns
    ]
    part = pl.lit(1.0) if share is None else share.fill_null(1.0).clip(0.0, 1.0)
    return rows.with_columns(lacking).select(
        "mmsi",
        "track",
        pl.lit(kind).alias("kind"),
        pl.lit(weight.is_for).alias("is_for"),
        (weight.weight * part).round(2).alias("weight"),
        pl.lit(weight.origin).alias("weight_origin"),
        sentence.alias("sentence"),
        "time",
        evidence.cast(pl.List(pl.String)).alias("evidence"),
        "known_at",
    )


def gathered(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Put indicators together, name each by what it rests on, and order them so that the table never varies."""
    kept = [frame for frame in frames if frame.height]
    if not kept:
        return empty(Indicator)
    rows = pl.concat(kept).sort(
        "mmsi", "is_for", "weight", "kind", "time", descending=[False, True, True, False, False]
    )
    names = [
        _name(kind, mmsi, evidence)
        for kind, mmsi, evidence in rows.select("kind", "mmsi", "evidence").iter_rows()
    ]
    return conform(rows.with_columns(pl.Series("id", names, dtype=pl.String)), Indicator)


def _name(kind: str, mmsi: int, evidence: list[str]) -> str:
    """Name an indicator by kind, ship and evidence, so that a repeat is the same indicator."""
    text = f"{kind}|{mmsi}|{'|'.join(sorted(evidence))}"
    return f"indicator:{hashlib.sha256(text.encode()).hexdigest()[:20]}"
