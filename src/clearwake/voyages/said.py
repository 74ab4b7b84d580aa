"""What a ship said of itself and for how long: runs of one value, slips of the hand left out."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clearwake.model import TIME

SLIP = timedelta(hours=6)
"""A value that is gone within six hours, with the one before it back, was mistyped or another transmitter's.

This project's judgement: no ship loads and discharges the same cargo, and types both, within six hours."""

TURNS = 4
"""So many returns to the value before are not slips of one hand: several transmitters speak under one number."""

RUN = pl.Schema(
    {"mmsi": pl.Int64(), "value": pl.Float64(), "first": TIME, "last": TIME, "known_first": TIME, "known_last": TIME,
     "first_id": pl.String(), "last_id": pl.String()}
)  # fmt: skip
"""One value, from when it was first said to when it was last; ``value`` may be text as well."""

_STAMP = "%Y-%m-%dT%H:%M:%S%.3f"


def runs(claims: pl.DataFrame, field: str) -> pl.DataFrame:
    """Give the runs of what every ship said in ``field``: columns of ``RUN``, by MMSI and time.

    A claim counts at its two ends, so claims may be cut into hours or files in any way.

    Args:
        claims: A table of ``IdentityClaim``.
        field: ``draught_m`` or ``destination``.
    """
    said = claims.lazy().filter(pl.col(field).is_not_null(), pl.col("mmsi").is_not_null())
    ends = [
        said.select("mmsi", time=pl.col(end), value=pl.col(field), known="known_at", begun="first_seen")
        for end in ("first_seen", "last_seen")
    ]
    every = (
        pl.concat(ends).group_by("mmsi", "time", "value").agg(pl.col("known").min(), pl.col("begun").min())
    )
    points = every.sort("mmsi", "time", "value").collect()
    named = pl.format(
        "claim:{}@{}Z/{}", "mmsi", pl.col("begun").cast(TIME).dt.strftime(_STAMP), pl.lit(field)
    )
    steps = points.with_columns(id=named, first="time", last="time").rename({"known": "known_first"})
    whole = steps.with_columns(known_last="known_first", first_id="id", last_id="id")
    return _without_slips(_folded(whole.select("mmsi", "value", *list(RUN)[2:])))


def _folded(rows: pl.DataFrame) -> pl.DataFrame:
    """Bring neighbouring rows of one ship and value together."""
    is_new = pl.struct("mmsi", "value").ne_missing(pl.struct("mmsi", "value").shift(1))
    return (
        rows.with_columns(run=is_new.cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("mmsi", "value", "first", "known_first", "first_id").first(),
            pl.col("last", "known_last", "last_id").last(),
        )
        .select(list(RUN))
    )


def _without_slips(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out values that were gone within ``SLIP``, and ships whose values come by turns."""
    mmsi, value = pl.col("mmsi"), pl.col("value")
    same_ship = (mmsi.shift(1) == mmsi) & (mmsi.shift(-1) == mmsi)
    back = same_ship & (value.shift(1) == value.shift(-1))
    is_slip = (back & (pl.col("first").shift(-1) - pl.col("last").shift(1) <= SLIP)).fill_null(value=False)
    told = rows.with_columns(is_slip=is_slip)
    by_turns = told.group_by("mmsi").agg(pl.col("is_slip").sum()).filter(pl.col("is_slip") >= TURNS)
    kept = told.filter(~pl.col("is_slip")).drop("is_slip").join(by_turns.select("mmsi"), on="mmsi", how="anti",
                                                                maintain_order="left")  # fmt: skip
    return _folded(kept)
