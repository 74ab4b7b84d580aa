"""Digests: of each hull and quarter of an hour in which it was heard, how often, from where to where, and how it moved.

An order of magnitude smaller than positions, and enough to learn reception from and to call the roll.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import TIME, schema
from clearwake.model.reception import Heard

QUARTER_MS = 900_000
NEEDED = ("course_deg", "nav_status", "station")
"""What of the reported is needed beside a fix."""

_SATELLITE = r"(?i)(^|[^a-z])(s-?ais|sat|satellites?|orbcomm|exactearth|spire|leo)([^a-z]|$)"
_NEITHER = r"(?i)^(dynamic|unknown|none|null|n/a)?$"
"""``dynamic`` is what providers call receivers aboard other ships."""


def digest(fixes: pl.DataFrame) -> pl.DataFrame:
    """Digest fixes sorted by track and time into a table of ``Heard``, sorted by track and quarter.

    Args:
        fixes: ``track, time, lon, lat, speed_kn`` and what ``NEEDED`` names.
    """
    if not fixes.height:
        return pl.DataFrame(schema=schema(Heard))
    track = fixes["track"].to_numpy()
    quarter = fixes["time"].to_physical().to_numpy() // QUARTER_MS
    new = np.flatnonzero((track[1:] != track[:-1]) | (quarter[1:] != quarter[:-1])) + 1
    first = np.concatenate((np.zeros(1, np.int64), new))
    last = np.concatenate((new - 1, np.array([track.size - 1])))
    begin = _rows(fixes.select("track", first="time", lon="lon", lat="lat"), first)
    end = _rows(
        fixes.select(
            "speed_kn", "course_deg", "nav_status", last="time", end_lon=pl.col("lon"), end_lat=pl.col("lat")
        ),
        last,
    )
    satellite, terrestrial = heard_by(fixes["station"])
    counts = pl.DataFrame({
        "quarter": pl.Series(quarter[first] * QUARTER_MS).cast(TIME), "positions": last - first + 1,
        "satellite": _sums(satellite, first), "terrestrial": _sums(terrestrial, first),
    })  # fmt: skip
    both = pl.concat((begin, end, counts), how="horizontal")
    return both.select(pl.col(n).cast(t) for n, t in schema(Heard).items())


def _rows(frame: pl.DataFrame, at: NDArray[np.int64]) -> pl.DataFrame:
    return frame[pl.Series(at, dtype=pl.UInt32)]


def _sums(flags: NDArray[np.bool_] | None, first: NDArray[np.int64]) -> NDArray[np.int64]:
    if flags is None:
        return np.zeros(first.size, np.int64)
    return np.asarray(np.add.reduceat(flags.astype(np.int64), first), np.int64)


def heard_by(station: pl.Series) -> tuple[NDArray[np.bool_] | None, NDArray[np.bool_] | None]:
    """Tell what heard each position: by a satellite, by a station ashore; None where no station is named at all.

    A name that speaks of satellites is one; any other name is a station ashore, but for ``dynamic`` (other ships) and
    words for not known.
    """
    if station.null_count() == station.len():
        return None, None
    names = station.unique().drop_nulls()
    kinds = names.to_frame("station").with_columns(
        satellite=pl.col("station").str.contains(_SATELLITE),
        terrestrial=~pl.col("station").str.contains(_SATELLITE) & ~pl.col("station").str.contains(_NEITHER),
    )
    told = station.to_frame("station").join(kinds, on="station", how="left", maintain_order="left")
    flags = told.select(pl.col("satellite", "terrestrial").fill_null(value=False))
    return flags["satellite"].to_numpy(), flags["terrestrial"].to_numpy()
