"""Stays on dry land, far from all water that is mapped or that others sail.

The map knows neither every river nor every canal; ships do.  A place on land where at least three ships were heard is
water to whoever asks; one where a single ship was heard, far from any water of the map, is not.  That needs all ships,
so these stays are found when the table is shown, and not by track as the stream comes in.

Within 15 km of the sea lie creeks and canals that no map knows, with berths.  There more is asked: a longer stay, no
other ship at all, not a place where the ship is found a day and more, and no way by which it came from water or went
back: who sails up a creek is mostly heard before it, or after.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from clearwake.detect.step import milliseconds, starts_of
from clearwake.model import TIME
from clearwake.places.dry import far_inland, near_water, on_dry_land
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, between_m, pairs_within

SLOT_MS = 10 * 60_000

WATER_SHIPS, WATER_M = 3, 4_000.0
"""So many ships within this distance, on whatever day, make a place water."""

COAST_SHIPS = 2
"""Within 15 km of the sea so many do."""

CELL_M = 2_000.0

LASTS, LEAST_REPORTS = timedelta(minutes=30), 4
"""A stay lasts so long and holds so many fixes, one in ten minutes at most; less is an error of the receiver."""

COAST_LASTS, COAST_REPORTS = timedelta(hours=1), 6
"""The same within 15 km of the sea."""

WAY_MS, WAY_KN = 12 * 3_600_000, 25.0
"""A ship heard near water so long before or after, that needed no higher speed from there, may have come by water."""

BERTH = timedelta(hours=24)
"""A ship found within ``WATER_M`` of one place from first to last so long has its berth there."""

APART_MS = 5_400_000
"""Fixes no farther apart in time are one stay, wherever the ship was between them."""

HEARD = pl.Schema({"track": pl.Int64(), "mmsi": pl.Int64(), "time": TIME, "x": pl.Float64(), "y": pl.Float64(),
                   "z": pl.Float64(), "known_at": TIME, "is_dry": pl.Boolean(), "is_far": pl.Boolean()})  # fmt: skip

STAY = pl.Schema({"track": pl.Int64(), "start": TIME, "end": TIME, "x": pl.Float64(), "y": pl.Float64(),
                  "z": pl.Float64(), "reports": pl.Int64(), "speed_kn": pl.Float64(), "is_far": pl.Boolean(),
                  "known_at": TIME})  # fmt: skip


def heard_ashore(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give the fixes on dry land, one each ten minutes, and those near water before and after them (``HEARD``).

    Takes fixes of a day, sorted by track and time.  The first and last of each track are given too, which may be the
    ones before and after fixes of another day; those that are neither near water nor on dry land are passed over.
    """
    slot = milliseconds(fixes["time"]) // SLOT_MS
    one = fixes.filter(pl.Series(starts_of(fixes["track"].to_numpy()) | starts_of(slot)))
    lon, lat = one["lon"].to_numpy(), one["lat"].to_numpy()
    dry = on_dry_land(lon, lat)
    one = one.with_columns(is_dry=pl.Series(dry), is_far=pl.Series(dry & far_inland(lon, lat)))
    one = one.filter(pl.Series(dry | near_water(lon, lat)))
    dry, begins = one["is_dry"].to_numpy(), starts_of(one["track"].to_numpy())
    kept = dry | begins
    kept[:-1] |= begins[1:] | dry[1:]
    kept[1:] |= dry[:-1]
    kept[-1:] = True
    return one.filter(pl.Series(kept)).select(pl.col(n).cast(d) for n, d in HEARD.items())


def stays_ashore(heard: pl.DataFrame) -> pl.DataFrame:
    """Find stays on dry land where hardly another ship was ever heard (``STAY``).

    Takes ``heard_ashore`` rows of any number of days, in any order.
    """
    rows = heard.sort("track", "time")
    rows = rows.with_columns(is_dry=pl.Series(rows["is_dry"].to_numpy() & ~_sailed(rows)))
    by_water = _by_water(rows)
    dry = rows.with_columns(by_water=pl.Series(by_water)).filter("is_dry")
    track, ms = dry["track"].to_numpy(), milliseconds(dry["time"])
    begins = starts_of(track) | (np.diff(ms, prepend=ms[:1]) > APART_MS)
    place = dry.select("x", "y", "z").to_numpy()
    way_m = np.append(0.0, between_m(place[1:], place[:-1]))[: dry.height]
    way_m[begins] = 0.0
    runs = dry.with_columns(run=pl.Series(np.cumsum(begins)), way_m=pl.Series(way_m))
    found = runs.group_by("run", maintain_order=True).agg(
        pl.col("track").first(), start=pl.col("time").first(), end=pl.col("time").last(), x=pl.col("x").first(),
        y=pl.col("y").first(), z=pl.col("z").first(), reports=pl.len(), way_m=pl.col("way_m").sum(),
        is_far=pl.col("is_far").all(), by_water=pl.col("by_water").any(), known_at=pl.col("known_at").max(),
        far=pl.col("is_far").sum(), far_for=_far_time.max() - _far_time.min(),
    )  # fmt: skip
    seconds = (pl.col("end") - pl.col("start")).dt.total_milliseconds() / 1000.0
    stays = found.with_columns(
        speed_kn=pl.col("way_m") / seconds / KNOT_M_PER_S, has_berth=pl.Series(_has_berth(found))
    ).filter(_IS_FAR | _IS_PROVEN)
    return stays.select(pl.col(n).cast(d) for n, d in STAY.items())


_far_time = pl.col("time").filter("is_far")

_IS_FAR = (pl.col("far") >= LEAST_REPORTS) & (pl.col("far_for") >= LASTS)
"""Of stays: long enough far inland, whatever else."""

_IS_PROVEN = (
    (pl.col("reports") >= COAST_REPORTS) & (pl.col("end") - pl.col("start") >= COAST_LASTS)
    & ~pl.col("by_water") & ~pl.col("has_berth")
)  # fmt: skip
"""Of stays near the coast: no unknown creek explains them."""


def _by_water(rows: pl.DataFrame) -> np.ndarray:
    """Say of fixes whether the ship was near water on the same outing: without a long silence or a leap between.

    Takes rows sorted by track and time, those near water among them.
    """
    place, ms = rows.select("x", "y", "z").to_numpy(), milliseconds(rows["time"])
    gap_ms = np.diff(ms)
    leaps = between_m(place[1:], place[:-1]) > CELL_M + WAY_KN * KNOT_M_PER_S * gap_ms / 1000.0
    begins = starts_of(rows["track"].to_numpy())
    begins[1:] |= (gap_ms > WAY_MS) | leaps
    outing = np.cumsum(begins) - 1
    was_wet = np.zeros(int(begins.sum()), bool)
    was_wet[outing[~rows["is_dry"].to_numpy()]] = True
    return np.asarray(was_wet[outing])


def _has_berth(stays: pl.DataFrame) -> np.ndarray:
    """Say of stays whether the same ship was near the same place over ``BERTH``, in them all together."""
    one, two = pairs_within(stays.select("x", "y", "z").to_numpy(), WATER_M)
    track, own = stays["track"].to_numpy(), np.arange(stays.height)
    one, two = one[track[one] == track[two]], two[track[one] == track[two]]
    near = pl.DataFrame({"stay": np.concatenate((one, two, own)), "other": np.concatenate((two, one, own))})
    spans = stays.select("start", "end", other=pl.int_range(pl.len(), dtype=pl.Int64))
    spans = near.cast(pl.Int64).join(spans, on="other").group_by("stay").agg(
        span=pl.col("end").max() - pl.col("start").min()
    )  # fmt: skip
    has = np.zeros(stays.height, bool)
    has[spans.filter(pl.col("span") >= BERTH)["stay"].to_numpy()] = True
    return has


def _sailed(rows: pl.DataFrame) -> np.ndarray:
    """Say which fixes on dry land are where so many ships were heard that it must be water."""
    dry = rows.filter("is_dry")
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
    heard = np.zeros(first.size, np.int64)
    heard[count["near"].to_numpy()] = count["ships"].to_numpy()
    sailed = np.zeros(rows.height, bool)
    least = np.where(dry["is_far"].to_numpy(), WATER_SHIPS, COAST_SHIPS)
    sailed[rows["is_dry"].to_numpy()] = heard[cell.ravel()] >= least
    return sailed
