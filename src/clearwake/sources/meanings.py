"""What the numbers of a report mean: which are measures, which say "not available", and which cannot be.

Expressions over columns that are numbers already, so that they also run inside the scan of a Parquet file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

import polars as pl

from clearwake.model import TIME

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the first trials of AIS; a time before it is a clock that was never set."""

LATEST_AFTER_RECEIPT = timedelta(days=1)
"""How far ahead of the desk's clock a report may be: zones confused, not a century."""

LARGEST_MMSI = (1 << 30) - 1
"""Messages carry 30 bits.  More than nine digits are invalid, which is a finding, not bad input."""

_WRAP_DEG = 409.6
"""2^12 tenths of a degree."""


def _kept(name: str, test: pl.Expr, dtype: type[pl.DataType] = pl.Float32) -> pl.Expr:
    return pl.when(test).then(pl.col(name)).cast(dtype)


def _course_deg() -> pl.Expr:
    """Give courses over ground in [0, 360); 360 means not available.

    Some NOAA files carry the twelve bits of the field as a signed number, so that 204.8 and more came out
    409.6 too low, from -204.8 to -49.7; those are put back.  -49.6 is 360.0: not available.
    Measured on New York, 30 June 2020: 284 reports of ships under way with such a course, median difference
    from their heading 0.6 degrees once put back.
    """
    said = pl.col("course_deg").cast(pl.Float64)
    put_back = (said + _WRAP_DEG).round(1)
    meant = pl.when(said.is_between(-204.85, -49.65)).then(put_back).otherwise(said)
    return (
        pl.when(said.is_between(-204.85, 360.0, closed="left"))
        .then(pl.when(meant.is_between(0.0, 360.0, closed="left")).then(meant))
        .cast(pl.Float32)
    )


MEASURES: Mapping[str, pl.Expr] = {
    # ITU-R M.1371-5 table 48: 102.3 kn means not available, 102.2 kn is 102.2 kn or faster.
    "speed_kn": _kept("speed_kn", pl.col("speed_kn").is_between(0.0, 102.25)),
    "course_deg": _course_deg(),
    # 511 means not available.
    "heading_deg": _kept("heading_deg", pl.col("heading_deg").is_between(0.0, 360.0, closed="left")),
    # 15 means not defined.
    "nav_status": _kept("nav_status", pl.col("nav_status").is_between(0, 14), pl.Int16),
}
"""Our column -> what it measures, null where it does not."""


def measured(names: Collection[str]) -> list[pl.Expr]:
    """Give the columns of positions, out of numbers; ``names`` says which there are."""
    needed = [
        pl.col("mmsi").cast(pl.Int64, strict=False),
        pl.col("time").cast(TIME),
        pl.col("lon").cast(pl.Float64),
        pl.col("lat").cast(pl.Float64),
    ]
    return needed + [meaning.alias(name) for name, meaning in MEASURES.items() if name in names]


def is_sound(received_at: datetime) -> pl.Expr:
    """Tell which rows are positions: a transmitter, a time that can be, a place on the globe.

    Null or false for all others, not-a-number included.
    """
    return (
        pl.col("mmsi").is_between(0, LARGEST_MMSI)
        & pl.col("time").is_between(EARLIEST, received_at + LATEST_AFTER_RECEIPT)
        & pl.col("lon").is_between(-180, 180)
        & pl.col("lat").is_between(-90, 90)
    )
