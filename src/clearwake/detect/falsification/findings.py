"""Findings: what windows showed, brought together where they follow on each other, and kept until none can join."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from clearwake.detect.falsification.trail import BLOCK, LONGEST, WINDOW, Trail
from clearwake.detect.step import Ints
from clearwake.model import schema
from clearwake.model.record import (
    Count,
    Flag,
    Identifier,
    Knots,
    Metres,
    Score,
    Text,
    Time,
    record_of,
)

FINDING = schema(
    record_of(
        track=Identifier, label=Text, start=Time, end=Time, best=Score, x=Score, y=Score, z=Score, reports=Count,
        radius_m=Metres, laps=Score, period_min=Score, speed_kn=Knots, said_kn=Knots, residual_m=Metres,
        is_ring=Flag, is_straight=Flag, leapt=Flag, known_at=Time,
    )
)  # fmt: skip
"""``best`` says which window's measures are told; ``x, y, z`` is where it was."""

APART = timedelta(minutes=20)
"""Windows no farther apart show one falsehood."""


def finding(t: Trail, label: str, first: Ints, last: Ints, **measures: object) -> pl.DataFrame:
    """Write down windows that show something, by their first and last report.

    Args:
        t: The trail.
        label: What they show.
        first: The first report of each.
        last: The last report of each.
        **measures: Columns of ``FINDING``, as arrays or one value; ``place`` gives x, y and z.
    """
    place = np.asarray(measures.pop("place", t.place[first]), np.float64).reshape(-1, 3)
    columns: dict[str, object] = {
        "track": t.track[first], "start": t.rows["time"].gather(first), "end": t.rows["time"].gather(last),
        "x": place[:, 0], "y": place[:, 1], "z": place[:, 2], "reports": last - first + 1,
        "known_at": pl.Series(_latest(t, first, last)).cast(t.rows.schema["known_at"]), **measures,
    }  # fmt: skip
    flags = {n: False for n in ("is_ring", "is_straight", "leapt") if n not in columns}
    frame = pl.DataFrame(columns).with_columns(
        label=pl.lit(label), **{n: pl.lit(v) for n, v in flags.items()}
    )
    laid = frame.select(
        (pl.col(n) if n in frame.columns else pl.lit(None)).cast(d).alias(n) for n, d in FINDING.items()
    )
    # What is fitted sums up in an order that depends on what else is fitted with it: its last digits mean nothing.
    return laid.with_columns(pl.col("radius_m", "laps", "period_min", "speed_kn", "residual_m").round(6))


def _latest(t: Trail, first: Ints, last: Ints) -> Ints:
    """Give the latest moment at which anything of each window was learnt."""
    known = t.known_ms
    return np.array([known[a : b + 1].max() for a, b in zip(first, last, strict=True)], np.int64)


def merged(found: pl.DataFrame) -> pl.DataFrame:
    """Bring findings of one track and label together that overlap or nearly do; the same however they came."""
    if not found.height:
        return found
    rows = found.sort("track", "label", "start", "end")
    reach = pl.col("end").cum_max().over("track", "label").shift(1).over("track", "label")
    begins = (pl.col("start") > reach + APART).fill_null(value=True)
    rows = rows.with_columns(group=begins.cast(pl.UInt32).cum_sum())
    rows = rows.with_columns(until=pl.col("end").max().over("group"), since=pl.col("start").min().over("group"),
                             learnt=pl.col("known_at").max().over("group"),
                             straight=pl.col("is_straight").any().over("group"),
                             leap=pl.col("leapt").any().over("group"))  # fmt: skip
    chosen = rows.sort("group", pl.col("best"), "start", "end", descending=[False, True, False, False])
    one = chosen.group_by("group", maintain_order=True).first()
    told = {
        "start": "since",
        "end": "until",
        "known_at": "learnt",
        "is_straight": "straight",
        "leapt": "leap",
    }
    return one.with_columns(pl.col(b).alias(a) for a, b in told.items()).select(FINDING.names())


def is_closed(until_block: int) -> pl.Expr:
    """Say of findings whether no window still to come can join them: circles have far longer ones than the others."""
    longest = pl.when(pl.col("label") == "circle").then(LONGEST).otherwise(4 * WINDOW)
    soonest = (until_block - longest + 1) * (BLOCK // timedelta(milliseconds=1))
    return (pl.col("end") + APART).dt.epoch("ms") < soonest
