"""The grid: where every hull was at each full ten minutes, by interpolation that never bridges a long silence.

An order of magnitude smaller than the positions, and enough for meetings, loitering and lying still.  A hull's speed
on the grid is the distance it made good since the step before, so GNSS jitter and a false reported speed do not
count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.detect.step import Found, Ints, Step, in_order, milliseconds, ordered, starts_of
from clearwake.model import TIME, schema
from clearwake.model.record import Flag, Identifier, Knots, Score, Time, record_of
from clearwake.sphere import KNOT_M_PER_S, between_m, interpolate

STEP = timedelta(minutes=10)
LONGEST = timedelta(hours=1)
"""No place is interpolated across a longer silence."""

LOOK_BACK = 6
"""Grid steps kept per track: an hour, so that an hour's way and the place an hour ago are known."""

GRID = schema(
    record_of(
        track=Identifier,
        time=Time,
        x=Score,
        y=Score,
        z=Score,
        speed_kn=Knots,
        is_old=Flag,
        is_counted=Flag,
        heard_from=Time,
        heard_to=Time,
        known_at=Time,
    )
)
"""``heard_from`` and ``heard_to`` are the times of the fixes on either side; ``is_old`` marks rows given before and
complete then, ``is_counted`` those among them that lay more than an hour before the end of what was complete, so
that nothing an hour long can still begin there."""

_KEPT = schema(
    record_of(
        track=Identifier,
        time=Time,
        x=Score,
        y=Score,
        z=Score,
        speed_kn=Knots,
        heard_from=Time,
        heard_to=Time,
        known_at=Time,
        is_old=Flag,
        is_counted=Flag,
        is_fix=Flag,
    )
)


@dataclass(frozen=True)
class _Spans:
    """Pairs of neighbouring fixes of one track that enclose a grid time: row numbers of the earlier and later one."""

    before: Ints
    after: Ints
    slot: Ints


def resample() -> Step:
    """Give every hull's place at each grid time.

    Takes fixes; gives ``GRID`` rows sorted by track and time, the last hour of rows given before among them
    (``is_old``).  A grid time between two fixes at most an hour apart gets the place on the great circle between
    them; one on which a fix falls gets that fix.

    A grid time less than an hour before the watermark is not complete: another hull's next fix may still give it a
    place there.  Its rows are given again next time, and a step that compares hulls keeps only what ``complete`` says.
    """

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        old = kept.filter(~pl.col("is_fix"))
        fixes = in_order(
            _fixes(_beside_grid(ordered(new)), is_old=False), _fixes(kept.filter("is_fix"), is_old=True)
        )
        rows = _with_speed(in_order(_places(fixes), old.select(GRID.names())))
        return Found(rows, _keep(fixes, rows, until))

    return Step("grid", ("track",), _KEPT, find)


def _beside_grid(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give the fixes that matter: the first and last of each track, and those next to a grid time; most do not."""
    time, step_ms = milliseconds(fixes["time"]), STEP // timedelta(milliseconds=1)
    crosses = starts_of(fixes["track"].to_numpy()) | starts_of((time - 1) // step_ms)
    # A fix right on a grid time is the grid's place, and the fix before it says since when it was heard.
    before = np.append((crosses | (time % step_ms == 0))[1:], np.ones(min(time.size, 1), bool))
    edge = crosses | before
    return fixes.select(_FIX).filter(pl.Series(edge))


_FIX = ("track", "time", "x", "y", "z", "known_at")


def _fixes(rows: pl.DataFrame, *, is_old: bool) -> pl.DataFrame:
    return rows.select(*_FIX, is_old=pl.lit(is_old))


def _spans(fixes: pl.DataFrame) -> _Spans:
    """Find for every grid time the fixes around it: ``before < grid <= after``, or a fix right on it."""
    track, time = fixes["track"].to_numpy(), milliseconds(fixes["time"])
    step, longest = STEP // timedelta(milliseconds=1), LONGEST // timedelta(milliseconds=1)
    slot = time // step
    near = np.zeros(time.size, bool)
    near[1:] = (track[1:] == track[:-1]) & (np.diff(time) <= longest)
    count = np.where(near, slot - np.roll(slot, 1), (time % step == 0) & ~fixes["is_old"].to_numpy())
    after = np.repeat(np.arange(time.size), count)
    nth = np.arange(after.size) - np.repeat(np.cumsum(count) - count, count)
    before = np.where(near[after], after - 1, after)
    first = np.where(near[after], slot[before] + 1, slot[after])
    return _Spans(before, after, first + nth)


def _places(fixes: pl.DataFrame) -> pl.DataFrame:
    spans = _spans(fixes)
    before, after = (fixes[pl.Series(i, dtype=pl.UInt32)] for i in (spans.before, spans.after))
    grid_ms = spans.slot * (STEP // timedelta(milliseconds=1))
    from_ms, to_ms = milliseconds(before["time"]), milliseconds(after["time"])
    fraction = (grid_ms - from_ms) / np.maximum(to_ms - from_ms, 1)
    here, there = (side.select("x", "y", "z").to_numpy() for side in (before, after))
    place = interpolate(here, there, np.where(to_ms > from_ms, fraction, 0.0))
    seconds = np.maximum(to_ms - from_ms, 1) / 1000.0
    return pl.DataFrame(
        {
            "track": after["track"],
            "time": pl.Series(grid_ms).cast(TIME),
            "x": place[:, 0],
            "y": place[:, 1],
            "z": place[:, 2],
            "speed_kn": pl.Series(between_m(here, there) / seconds / KNOT_M_PER_S),
            "is_old": pl.Series(np.zeros(grid_ms.size, bool)),
            "is_counted": pl.Series(np.zeros(grid_ms.size, bool)),
            "heard_from": before["time"],
            "heard_to": after["time"],
            "known_at": pl.Series(
                np.maximum(milliseconds(before["known_at"]), milliseconds(after["known_at"]))
            ).cast(TIME),
        },
        schema=GRID,
    )


def _with_speed(rows: pl.DataFrame) -> pl.DataFrame:
    """Replace the speed between fixes by the way made good since the grid step before, where there is one.

    A track's first fix, if it falls on a grid time, has none before it and gets the way made good to the next step;
    where there is none either, its speed is unknown.
    """
    vectors = rows.select("x", "y", "z").to_numpy()
    speed = rows["speed_kn"].to_numpy().copy()
    is_new, follows = ~rows["is_old"].to_numpy(), follows_on(rows)
    made_good = between_m(vectors[1:], vectors[:-1]) / STEP.total_seconds() / KNOT_M_PER_S
    speed[1:] = np.where(follows[1:] & is_new[1:], made_good, speed[1:])
    alone = is_new & ~follows & (milliseconds(rows["heard_from"]) == milliseconds(rows["heard_to"]))
    onward = np.append(np.where(follows[1:], made_good, np.nan), np.full(min(rows.height, 1), np.nan))
    return rows.with_columns(speed_kn=pl.Series(np.where(alone, onward, speed)).fill_nan(None))


def follows_on(rows: pl.DataFrame, steps: int = 1) -> NDArray[np.bool_]:
    """Say of each grid row whether the row ``steps`` before it is the same track, exactly so many steps earlier."""
    track, time = rows["track"].to_numpy(), milliseconds(rows["time"])
    follows = np.zeros(track.size, bool)
    lag_ms = steps * (STEP // timedelta(milliseconds=1))
    follows[steps:] = (track[steps:] == track[:-steps]) & (time[steps:] - time[:-steps] == lag_ms)
    return follows


def complete(until: datetime) -> datetime:
    """Give the last moment at which the grid is complete when every fix before ``until`` has been given."""
    return until - LONGEST


def _keep(fixes: pl.DataFrame, rows: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Keep each track's last fix and its grid rows of the last hour before it."""
    last = fixes.group_by("track", maintain_order=True).last()
    last = last.filter(pl.col("time") >= until - LONGEST).with_columns(
        speed_kn=pl.lit(None, pl.Float64),
        heard_from="time",
        heard_to="time",
        is_counted=pl.lit(value=True),
        is_fix=pl.lit(value=True),
    )
    recent = rows.filter(pl.col("time") > complete(until) - STEP * LOOK_BACK * 2).with_columns(
        is_old=pl.col("time") <= complete(until),
        is_counted=pl.col("time") <= complete(until) - LONGEST,
        is_fix=pl.lit(value=False),
    )
    return pl.concat((recent.select(_KEPT.names()), last.select(_KEPT.names())))
