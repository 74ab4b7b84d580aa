"""Loitering: a hull that hardly moves for an hour or more.

Measured from the way made good, not from the speed the ship reports.  Waiting for a berth, drifting for orders,
breakdown and weather look the same as waiting for a partner; where it happened and what else is known must decide.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from clearwake.detect.grid import LONGEST, LOOK_BACK, STEP, complete, follows_on, resample
from clearwake.detect.step import (
    Detector,
    Found,
    Step,
    definition_of,
    divided,
    event_schema,
    hours_between,
    named,
)
from clearwake.model import Loitering, schema
from clearwake.model.record import Count, Identifier, Time, record_of
from clearwake.sphere import KNOT_M_PER_S, NAUTICAL_MILE_M, lonlat

WHOLE = 2.0**40
"""Unit vectors are summed as whole numbers of this size, so that sums do not depend on the order of adding."""

_KEPT = schema(
    record_of(
        track=Identifier, first=Time, last=Time, steps=Count, travelled_mm=Count, x=Count, y=Count, z=Count,
        heard_from=Time, heard_to=Time, known_at=Time,
    )
)  # fmt: skip


def loitering(under_kn: float = 2.0) -> Detector:
    """Find the times in which every sliding hour was sailed at a mean speed under ``under_kn``.

    Takes fixes; gives one row per stretch of such hours, from its first slow step to its last and at least one hour
    long, placed at its middle.  ``end``
    is null while it lasts.  Distance to the coast is a column, not a filter.

    Args:
        under_kn: Mean speed over the hour, from distance made good in ten-minute steps.

    Source: Global Fishing Watch loitering (hourly mean speed under 2 kn), without its 20 nmi from shore.
    """
    definition = definition_of("loitering", under_kn=under_kn)

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        counted_to = complete(until) - LONGEST
        slow = _covered(new, under_kn)
        stays = _stays(pl.concat((kept, _steps(slow))))
        past = _stays(pl.concat((kept, _steps(slow.filter(pl.col("time") <= counted_to)))))
        keep = past.filter(pl.col("last") > counted_to - STEP)
        ends = new.group_by("track").agg(pl.col("time").max().alias("heard_last"))
        return Found(_events(stays, keep, ends, (definition, under_kn), until), keep)

    step = Step("loitering", ("track",), _KEPT, find)
    return Detector("loitering", "loiterings", Loitering, definition, (resample(), step))


def _covered(grid: pl.DataFrame, under_kn: float) -> pl.DataFrame:
    """Give the grid steps that belong to a slow hour and were not counted before; sorted by track and time.

    Of each slow hour only the steps from its first slow step to its last belong: the way in and out does not.
    """
    speed = grid["speed_kn"].to_numpy()
    whole_hour = follows_on(grid, LOOK_BACK)
    # Added in a fixed order, so that the sum does not depend on where the stream was cut.
    way = sum((np.roll(speed, lag) for lag in range(1, LOOK_BACK)), start=speed.copy())
    ends = np.flatnonzero(whole_hour & (way / LOOK_BACK < under_kn))
    hours = ends[:, None] - np.arange(LOOK_BACK - 1, -1, -1)
    is_slow = speed[hours] < under_kn
    begun = np.logical_or.accumulate(is_slow, axis=1)
    goes_on = np.logical_or.accumulate(is_slow[:, ::-1], axis=1)[:, ::-1]
    covered = np.zeros(speed.size, bool)
    covered[hours[begun & goes_on]] = True
    return grid.filter(pl.Series(covered) & ~grid["is_counted"])


def _steps(rows: pl.DataFrame) -> pl.DataFrame:
    """Turn grid steps into stays of one step."""
    way_mm = pl.col("speed_kn") * (KNOT_M_PER_S * STEP.total_seconds() * 1000)
    return rows.select(
        "track", (pl.col("time") - STEP).alias("first"), pl.col("time").alias("last"),
        pl.lit(1, pl.Int64).alias("steps"), way_mm.round().cast(pl.Int64).alias("travelled_mm"),
        *((pl.col(c) * WHOLE).round().cast(pl.Int64) for c in "xyz"), "heard_from", "heard_to", "known_at",
    )  # fmt: skip


def _stays(steps: pl.DataFrame) -> pl.DataFrame:
    """Fold steps that follow on each other into stays."""
    ordered = steps.sort("track", "first")
    goes_on = (pl.col("track") == pl.col("track").shift(1)) & (pl.col("first") == pl.col("last").shift(1))
    stay = ordered.select((~goes_on.fill_null(value=False)).cast(pl.UInt32).cum_sum()).to_series()
    folded = ordered.with_columns(stay=stay).group_by("stay", maintain_order=True).agg(
        pl.col("track", "first", "heard_from").first(), pl.col("last", "heard_to").last(),
        pl.col("steps", "travelled_mm", "x", "y", "z").sum(), pl.col("known_at").max(),
    )  # fmt: skip
    return folded.select(_KEPT.names())


def _events(
    stays: pl.DataFrame, keep: pl.DataFrame, ends: pl.DataFrame, named_by: tuple[str, float], until: datetime
) -> pl.DataFrame:
    definition, under_kn = named_by
    mean_kn = divided(pl.col("travelled_mm"), NAUTICAL_MILE_M * 1000) / hours_between("first", "last")
    stays = stays.filter(pl.col("steps") >= LOOK_BACK, mean_kn < under_kn)
    if not stays.height:
        return pl.DataFrame(schema=event_schema(Loitering))
    lon, lat = lonlat(stays.select("x", "y", "z").to_numpy())
    counted_to = complete(until) - LONGEST
    held = stays.join(ends, on="track", how="left", maintain_order="left")
    held = held.join(keep.select("track", "first", is_kept=pl.lit(value=True)), on=("track", "first"), how="left",
                     maintain_order="left")  # fmt: skip
    lasts = (pl.col("last") == pl.col("heard_last")) & (pl.col("last") > until - LONGEST)
    hours = hours_between("first", "last")
    rows = held.select(
        start="first", end=pl.when(~lasts.fill_null(value=False)).then("last"),
        track_a="track", track_b=pl.lit(None, pl.Int64),
        lon=pl.Series(lon), lat=pl.Series(lat), known_at="known_at", duration_h=hours,
        travelled_km=divided(pl.col("travelled_mm"), 1e6),
        mean_speed_kn=divided(pl.col("travelled_mm"), NAUTICAL_MILE_M * 1000) / hours,
        heard_a=pl.concat_list("heard_from", "heard_to"), heard_b=pl.lit(None, pl.List(pl.Datetime)),
        settled=pl.col("is_kept").is_null() & (pl.col("last") <= counted_to),
    )  # fmt: skip
    return named(rows, "loitering", definition, Loitering)
