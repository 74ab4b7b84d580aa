"""Positions beyond a station's horizon: heard by a receiver that could not have heard a ship there.

Where a station stands and how far it hears is learnt from what it normally hears.  Satellites hear half a hemisphere
and are left alone; so are stations that hear few ships.  Radio ducts carry far on some days, but then for many ships.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake.detect.step import milliseconds
from clearwake.model import TIME
from clearwake.sphere import between_m, length

LEAST_SHIPS, LEAST_REPORTS = 10, 200
"""A station is judged by that many ships and reports, one each ten minutes."""

LAND_STATION_KM = 150.0
"""A station that normally hears farther is no station on land, or several under one name."""

BEYOND, MARGIN_KM = 2.0, 60.0
"""Beyond its horizon is so many times as far as it normally hears, and so much farther."""

MOST_SHIPS = 3
"""More ships than this heard from beyond in one hour is propagation, not a ship."""

FAR = pl.Schema({"track": pl.Int64(), "station": pl.String(), "start": TIME, "end": TIME, "x": pl.Float64(),
                 "y": pl.Float64(), "z": pl.Float64(), "beyond_km": pl.Float64(), "reports": pl.Int64(),
                 "known_at": TIME})  # fmt: skip

SLOT = "10m"


def heard_by(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give one fix of each track, station and ten minutes; takes fixes with ``station``."""
    named = fixes.filter(pl.col("station").is_not_null())
    slotted = named.with_columns(slot=pl.col("time").dt.truncate(SLOT))
    one = slotted.unique(["track", "station", "slot"], keep="first", maintain_order=True)
    return one.select("track", "mmsi", "station", "time", "x", "y", "z", "known_at")


def beyond_horizon(heard: pl.DataFrame) -> pl.DataFrame:
    """Find stretches of a track heard from beyond its station's horizon (``FAR``).

    Takes ``heard_by`` rows of any number of days.
    """
    parts = [_far(rows) for _, rows in sorted(heard.group_by("station"), key=lambda g: str(g[0]))]
    rows = pl.concat([p for p in parts if p.height] or [pl.DataFrame(schema=_POINT)])
    crowd = rows.with_columns(hour=pl.col("time").dt.truncate("1h"))
    crowd = crowd.filter(pl.col("mmsi").n_unique().over("station", "hour") <= MOST_SHIPS).sort(
        "track", "station", "time"
    )
    apart = pl.col("time").diff().over("track", "station") > pl.duration(minutes=40)
    crowd = crowd.with_columns(run=apart.fill_null(value=True).cast(pl.UInt32).cum_sum())
    stretches = crowd.group_by("track", "station", "run", maintain_order=True).agg(
        start=pl.col("time").first(), end=pl.col("time").last(), x=pl.col("x").first(), y=pl.col("y").first(),
        z=pl.col("z").first(), beyond_km=pl.col("beyond_km").max(), reports=pl.len().cast(pl.Int64),
        known_at=pl.col("known_at").max(),
    )  # fmt: skip
    return stretches.filter(pl.col("reports") >= 3).select(pl.col(n).cast(d) for n, d in FAR.items())


_POINT = pl.Schema({"track": pl.Int64(), "mmsi": pl.Int64(), "station": pl.String(), "time": TIME, "x": pl.Float64(),
                    "y": pl.Float64(), "z": pl.Float64(), "known_at": TIME, "beyond_km": pl.Float64()})  # fmt: skip


def _far(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the reports of one station from beyond its horizon."""
    if rows["mmsi"].n_unique() < LEAST_SHIPS or rows.height < LEAST_REPORTS:
        return pl.DataFrame(schema=_POINT)
    rows = rows.sort("time", "track")
    place = rows.select("x", "y", "z").to_numpy()
    middle = np.median(place, axis=0)
    middle /= max(float(length(middle)), 1e-9)
    km = between_m(place, np.broadcast_to(middle, place.shape)) / 1000.0
    normal = float(np.quantile(km, 0.9))
    if normal > LAND_STATION_KM or not milliseconds(rows["time"]).size:
        return pl.DataFrame(schema=_POINT)
    beyond = km - normal
    far = km > BEYOND * normal + MARGIN_KM
    return rows.with_columns(beyond_km=pl.Series(beyond)).filter(pl.Series(far)).select(_POINT.names())
