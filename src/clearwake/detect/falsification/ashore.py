"""Stays on dry land, far from all water that is mapped or that others sail.

The map knows neither every river nor every canal; ships do.  A place on land where at least three ships were heard is
water to whoever asks; one where a single ship was heard, far from any water of the map, is not.  That needs all ships,
so these stays are found when the table is shown, and not by track as the stream comes in.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from clearwake.detect.step import milliseconds, starts_of
from clearwake.model import TIME
from clearwake.places.dry import on_dry_land
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, between_m, pairs_within

SLOT_MS = 10 * 60_000

WATER_SHIPS, WATER_M = 3, 4_000.0
"""So many ships within this distance, on whatever day, make a place water."""

CELL_M = 2_000.0

LASTS, LEAST_REPORTS = timedelta(minutes=30), 4
"""A stay lasts so long and holds so many fixes, one in ten minutes at most; less is an error of the receiver."""

APART_MS = 5_400_000
"""Fixes no farther apart in time are one stay, wherever the ship was between them."""

HEARD = pl.Schema({"track": pl.Int64(), "mmsi": pl.Int64(), "time": TIME, "x": pl.Float64(), "y": pl.Float64(),
                   "z": pl.Float64(), "known_at": TIME})  # fmt: skip

STAY = pl.Schema({"track": pl.Int64(), "start": TIME, "end": TIME, "x": pl.Float64(), "y": pl.Float64(),
                  "z": pl.Float64(), "reports": pl.Int64(), "speed_kn": pl.Float64(), "known_at": TIME})  # fmt: skip


def heard_ashore(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give the fixes on dry land, one each ten minutes (``HEARD``).

    Takes fixes of a day, sorted by track and time.
    """
    slot = milliseconds(fixes["time"]) // SLOT_MS
    one = fixes.filter(pl.Series(starts_of(fixes["track"].to_numpy()) | starts_of(slot)))
    dry = pl.Series(on_dry_land(one["lon"].to_numpy(), one["lat"].to_numpy()))
    return one.filter(dry).select(pl.col(n).cast(d) for n, d in HEARD.items())


def stays_ashore(heard: pl.DataFrame) -> pl.DataFrame:
    """Find stays on dry land where hardly another ship was ever heard (``STAY``).

    Takes ``heard_ashore`` rows of any number of days, in any order.
    """
    dry = heard.sort("track", "time")
    dry = dry.filter(~pl.Series(_sailed(dry)))
    track, ms = dry["track"].to_numpy(), milliseconds(dry["time"])
    begins = starts_of(track) | (np.diff(ms, prepend=ms[:1]) > APART_MS)
    place = dry.select("x", "y", "z").to_numpy()
    way_m = np.append(0.0, between_m(place[1:], place[:-1]))[: dry.height]
    way_m[begins] = 0.0
    runs = dry.with_columns(run=pl.Series(np.cumsum(begins)), way_m=pl.Series(way_m))
    found = runs.group_by("run", maintain_order=True).agg(
        pl.col("track").first(), start=pl.col("time").first(), end=pl.col("time").last(), x=pl.col("x").first(),
        y=pl.col("y").first(), z=pl.col("z").first(), reports=pl.len(), way_m=pl.col("way_m").sum(),
        known_at=pl.col("known_at").max(),
    ).filter(pl.col("reports") >= LEAST_REPORTS, pl.col("end") - pl.col("start") >= LASTS)  # fmt: skip
    seconds = (pl.col("end") - pl.col("start")).dt.total_milliseconds() / 1000.0
    stays = found.with_columns(speed_kn=pl.col("way_m") / seconds / KNOT_M_PER_S)
    return stays.select(pl.col(n).cast(d) for n, d in STAY.items())


def _sailed(dry: pl.DataFrame) -> np.ndarray:
    """Say which fixes on dry land are where so many ships were heard that it must be water."""
    place = dry.select("x", "y", "z").to_numpy()
    cube = np.floor((place + 1.0) * EARTH_RADIUS_M / CELL_M).astype(np.int64)
    wide = int(2.0 * EARTH_RADIUS_M / CELL_M) + 2
    _, first, cell = np.unique(
        (cube[:, 2] * wide + cube[:, 1]) * wide + cube[:, 0], return_index=True, return_inverse=True
    )
    ships = pl.DataFrame({"cell": cell.ravel(), "mmsi": dry["mmsi"]}).unique()
    one, two = pairs_within(place[first], WATER_M)
    own = np.arange(first.size)
    near = pl.DataFrame({"near": np.concatenate((one, two, own)), "cell": np.concatenate((two, one, own))})
    count = near.join(ships, on="cell").group_by("near").agg(ships=pl.col("mmsi").n_unique())
    is_water = np.zeros(first.size, bool)
    is_water[count.filter(pl.col("ships") >= WATER_SHIPS)["near"].to_numpy()] = True
    return np.asarray(is_water[cell.ravel()])
