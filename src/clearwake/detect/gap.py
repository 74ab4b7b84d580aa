"""Gaps: how long a hull was not heard, and where it was before and after.

Silence is not guilt: receivers miss messages, feeds fail, ships lie at berth with equipment off.  This module only
measures.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from clearwake.detect.step import (
    Detector,
    Found,
    Step,
    definition_of,
    divided,
    event_schema,
    hours_between,
    in_order,
    milliseconds,
    named,
    starts_of,
)
from clearwake.model import HULLS_PER_MMSI, Gap, schema
from clearwake.model.record import Count, Degrees, Identifier, Score, Time, record_of
from clearwake.sphere import NAUTICAL_MILE_M, between_m

_KEPT = record_of(
    track=Identifier,
    time=Time,
    lon=Degrees,
    lat=Degrees,
    x=Score,
    y=Score,
    z=Score,
    known_at=Time,
    heard=Count,
)

KM_PER_NM = NAUTICAL_MILE_M / 1000.0

BELIEVED_SILENT_FROM = 10
"""A second hull under an MMSI must have been heard this often before its silence counts as one that lasts: a burst
of bad positions looks like a ship that vanished."""


def gap(at_least: timedelta = timedelta(hours=6)) -> Detector:
    """Find silences of ``at_least`` this long, closed and still open.

    Takes fixes of any number of tracks and gives one row per silence, placed where the hull was last heard.  ``end``
    is null while the silence lasts; when it ends the row is given again under the same id.  Open silences are
    judged against ``until``, which the corridor sets to the time the feed itself was last heard, so that a feed
    that ends invents none.

    Args:
        at_least: Shortest silence that counts.  Six hours is the catalogue's threshold; the stricter published
            rule for disabling (12 h, 50 nmi from shore, good reception) is a matter of likely cause.

    Raises:
        ValueError: If ``at_least`` is not positive.

    Source: Welch et al. 2022, https://doi.org/10.1126/sciadv.abq2109; Global Fishing Watch's gap table.
    """
    if at_least <= timedelta(0):
        message = f"a gap must last longer than nothing, not {at_least}"
        raise ValueError(message)
    definition = definition_of("gap", at_least=at_least)

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        heard = _counted(new, kept)
        silences = pl.concat((_closed(heard, at_least), _open(heard, at_least, until)))
        rows = named(_measured(silences), "gap", definition, Gap) if silences.height else None
        return Found(rows if rows is not None else pl.DataFrame(schema=event_schema(Gap)), _last(heard))

    step = Step("gap", ("track",), schema(_KEPT), find)
    return Detector("gap", "gaps", Gap, definition, (step,))


def _counted(new: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    rows = new.select(n for n in schema(_KEPT) if n != "heard").with_columns(heard=pl.lit(1, pl.Int64))
    return in_order(rows, kept)


def _last(heard: pl.DataFrame) -> pl.DataFrame:
    """Give the last fix of each track, with how often the track was heard in all."""
    first = np.flatnonzero(starts_of(heard["track"].to_numpy()))
    if not first.size:
        return heard
    totals = np.add.reduceat(heard["heard"].to_numpy(), first)
    last = np.append(first[1:], heard.height) - 1
    return heard[pl.Series(last, dtype=pl.UInt32)].with_columns(heard=pl.Series(totals, dtype=pl.Int64))


def _closed(heard: pl.DataFrame, at_least: timedelta) -> pl.DataFrame:
    track, time = heard["track"].to_numpy(), milliseconds(heard["time"])
    long = np.flatnonzero(
        (track[1:] == track[:-1]) & (np.diff(time) >= at_least // timedelta(milliseconds=1))
    )
    before, after = heard[pl.Series(long, dtype=pl.UInt32)], heard[pl.Series(long + 1, dtype=pl.UInt32)]
    return before.drop("heard").hstack(after.select(pl.exclude("track", "heard").name.prefix("end_")))


def _open(heard: pl.DataFrame, at_least: timedelta, until: datetime) -> pl.DataFrame:
    last = _last(heard)
    believed = (pl.col("track") % HULLS_PER_MMSI == 1) | (pl.col("heard") >= BELIEVED_SILENT_FROM)
    silent = last.filter(believed, pl.col("time") <= until - at_least).drop("heard")
    absent = {f"end_{n}": t for n, t in silent.schema.items() if n != "track"}
    open_ones = silent.with_columns(pl.lit(None, t).alias(n) for n, t in absent.items())
    return open_ones.with_columns(end_known_at=pl.lit(until).cast(pl.Datetime("ms", "UTC")))


def _measured(silences: pl.DataFrame) -> pl.DataFrame:
    """Give duration, distance and implied speed; an open silence has the duration it has reached."""
    is_open = pl.col("end_time").is_null()
    reached = pl.coalesce("end_time", "end_known_at")
    here = silences.select("x", "y", "z").to_numpy()
    there = silences.select("end_x", "end_y", "end_z").to_numpy()
    hours = hours_between("time", "end_time")
    return silences.with_columns(
        moved_km=pl.Series(between_m(here, there) / 1000.0).fill_nan(None),
        duration_h=hours_between("time", reached),
    ).select(
        "lon", "lat", "moved_km", "duration_h", "end_lon", "end_lat",
        start="time", end="end_time", track_a="track", track_b=pl.lit(None, pl.Int64),
        heard_a=pl.concat_list("time", "end_time").list.drop_nulls(), heard_b=pl.lit(None, pl.List(pl.Datetime)),
        known_at=pl.when(is_open).then("known_at").otherwise(pl.max_horizontal("known_at", "end_known_at")),
        implied_speed_kn=divided(pl.col("moved_km"), KM_PER_NM) / hours,
        settled=~is_open,
    )  # fmt: skip
