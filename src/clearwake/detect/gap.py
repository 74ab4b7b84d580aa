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
    ordered,
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


def silence() -> Detector:
    """Find silences of two hours and more: long enough to meet another ship unseen, too short for the gap table.

    They are ordinary; nothing is said of a ship for one.  Who could have met whom is asked of them.
    """
    return gap(timedelta(hours=2), "silence", "silences")


def gap(at_least: timedelta = timedelta(hours=6), name: str = "gap", table: str = "gaps") -> Detector:
    """Find silences of ``at_least`` this long, closed and still open.

    Takes fixes of any number of tracks and gives one row per silence, placed where the hull was last heard.  ``end``
    is null while the silence lasts; when it ends the row is given again under the same id.  Open silences are
    judged against ``until``, which the corridor sets to the time the feed itself was last heard, so that a feed
    that ends invents none.

    Args:
        at_least: Shortest silence that counts.  Six hours is the catalogue's threshold; the stricter published
            rule for disabling (12 h, 50 nmi from shore, good reception) is a matter of likely cause.
        name: What its events are called.
        table: Where they go.

    Raises:
        ValueError: If ``at_least`` is not positive.

    Source: Welch et al. 2022, https://doi.org/10.1126/sciadv.abq2109; Global Fishing Watch's gap table.
    """
    if at_least <= timedelta(0):
        message = f"a gap must last longer than nothing, not {at_least}"
        raise ValueError(message)
    definition = definition_of(name, at_least=at_least)

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        fixes = ordered(new)
        ends = _ends(fixes)
        across = in_order(ends.filter("is_first").drop("is_first"), kept)
        last = _last(across, ends)
        silences = pl.concat(
            (_closed(fixes.select(_PLACE), at_least), _closed(across.select(_PLACE), at_least),
             _open(last, at_least, until))
        )  # fmt: skip
        rows = named(_measured(silences), name, definition, Gap) if silences.height else None
        return Found(rows if rows is not None else pl.DataFrame(schema=event_schema(Gap)), last)

    step = Step(name, ("track",), schema(_KEPT), find)
    return Detector(name, table, Gap, definition, (step,))


_PLACE = ["track", "time", "lon", "lat", "x", "y", "z", "known_at"]


def _ends(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give the first fix of each track, with how many it has, and its last, which counts for none."""
    first = np.flatnonzero(starts_of(fixes["track"].to_numpy()))
    last = np.append(first[1:], fixes.height)[: first.size] - 1
    rows = fixes.select(_PLACE)
    count = pl.Series(last - first + 1, dtype=pl.Int64)
    begin = rows[pl.Series(first, dtype=pl.UInt32)].with_columns(heard=count, is_first=pl.lit(value=True))
    end = rows[pl.Series(last, dtype=pl.UInt32)].with_columns(
        heard=pl.lit(0, pl.Int64), is_first=pl.lit(value=False)
    )
    return pl.concat((begin, end))


def _last(across: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Give the last fix of each track, new or kept, with how often the track was heard in all."""
    heard = across.group_by("track").agg(pl.col("heard").sum())
    latest = pl.concat((across.drop("heard"), ends.filter(~pl.col("is_first")).drop("heard", "is_first")))
    return (
        latest.sort("track", "time")
        .group_by("track", maintain_order=True)
        .last()
        .join(heard, on="track")
        .sort("track")
    )


def _closed(heard: pl.DataFrame, at_least: timedelta) -> pl.DataFrame:
    track, time = heard["track"].to_numpy(), milliseconds(heard["time"])
    long = np.flatnonzero(
        (track[1:] == track[:-1]) & (np.diff(time) >= at_least // timedelta(milliseconds=1))
    )
    before, after = heard[pl.Series(long, dtype=pl.UInt32)], heard[pl.Series(long + 1, dtype=pl.UInt32)]
    return before.hstack(after.select(pl.exclude("track").name.prefix("end_")))


def _open(last: pl.DataFrame, at_least: timedelta, until: datetime) -> pl.DataFrame:
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
