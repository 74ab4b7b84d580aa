"""Traces: one fix of each hull in ten minutes, all a search over a week needs to keep of it.

A transfer lasts hours; what a ship did in between ten minutes does not tell one from a ship that waits.  A trace is
a fortieth of the positions of a ship under way, so that a week of all ships fits into memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.model import TIME
from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EVERY_MIN = 10
HOUR_MS = 3_600_000.0
COLUMNS = ("track", "time", "x", "y", "z", "known_at")

MOVING_KN = 4.0
"""From this speed on a ship is under way and not waiting."""

CONNECTED_H = 2.0
"""Between fixes farther apart than this nobody knows how a ship went."""


def thinned(fixes: pl.DataFrame) -> pl.DataFrame:
    """Keep the first fix of each hull in every ten minutes.

    Args:
        fixes: Whole days of fixes, sorted by track and time.
    """
    part = pl.col("time").dt.truncate(f"{EVERY_MIN}m")
    is_first = (part != part.shift()) | (pl.col("track") != pl.col("track").shift())
    rows = fixes.select(is_first.fill_null(value=True).arg_true()).to_series()
    # Gathered, not filtered: what a filter of Polars leaves over holds on to the memory of the whole day.
    return fixes.select(COLUMNS)[rows]


@dataclass(frozen=True)
class Traces:
    """Thinned fixes of all hulls, sorted by track and time: ``n`` rows."""

    track: Ints
    hour: Floats
    """Hours since 1970, UTC: ``(n,)``."""
    place: Floats
    """Unit vectors: ``(n, 3)``."""
    known: Floats
    """When the fix was learnt of, hours since 1970: ``(n,)``."""

    @classmethod
    def of(cls, days: Iterable[pl.DataFrame]) -> Traces:
        """Put thinned days together."""
        parts = [day.select(COLUMNS) for day in days]
        if not parts:
            return cls(np.empty(0, np.int64), np.empty(0), np.empty((0, 3)), np.empty(0))
        rows = pl.concat(parts)
        rows = rows.sort("track", "time")
        place = rows.select("x", "y", "z").to_numpy()
        return cls(rows["track"].to_numpy(), hours(rows["time"]), place, hours(rows["known_at"]))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.track)

    def row_before(self, track: Ints, hour: Floats) -> Ints:
        """Give the last row of each track at or before a moment, -1 where there is none: ``(m,), (m,) -> (m,)``."""
        if not len(self):
            return np.full(len(track), -1)
        row = self._searched(track, hour)
        ok = (row >= 0) & (self.track[np.maximum(row, 0)] == track)
        return np.where(ok, row, -1)

    def row_after(self, track: Ints, hour: Floats) -> Ints:
        """Give the first row of each track after a moment, -1 where there is none: ``(m,), (m,) -> (m,)``."""
        if not len(self):
            return np.full(len(track), -1)
        row = self._searched(track, hour) + 1
        ok = (row < len(self)) & (self.track[np.minimum(row, len(self) - 1)] == track)
        return np.where(ok, row, -1)

    @cached_property
    def _tracks(self) -> Ints:
        """Which tracks there are, sorted."""
        return np.unique(self.track)

    @cached_property
    def _keys(self) -> tuple[Floats, float, float]:
        """Give one rising number per row, and the first hour and the span it is made with.

        It is the ordinal of the row's track times a span that no time exceeds, plus the time.
        """
        begin = float(self.hour.min())
        span = float(self.hour.max()) - begin + 48.0
        ordinal = np.searchsorted(self._tracks, self.track)
        return ordinal * span + (self.hour - begin) + 24.0, begin, span

    def _searched(self, track: Ints, hour: Floats) -> Ints:
        """Give the last row not after (track, hour) in the order of rows; -1 before all, and for unknown tracks."""
        keys, begin, span = self._keys
        wanted = np.minimum(np.searchsorted(self._tracks, track), len(self._tracks) - 1)
        moment = np.clip(hour - begin, -23.0, span - 25.0) + 24.0
        row = np.searchsorted(keys, wanted * span + moment, side="right") - 1
        return np.where(self._tracks[wanted] == track, row, -1)

    def at(self, track: Ints, hour: Floats) -> Floats:
        """Give where hulls were at a moment, straight between rows, standing before the first and after the last.

        ``(m,), (m,) -> (m, 3)``; not a number for a track of which there is no row.
        """
        before, after = self.row_before(track, hour), self.row_after(track, hour)
        first, last = np.where(before >= 0, before, after), np.where(after >= 0, after, before)
        known = first >= 0
        if not known.any():
            return np.full((len(track), 3), np.nan)
        a, b = self.place[first], self.place[last]
        lasts = np.maximum(self.hour[last] - self.hour[first], 1e-9)
        share = np.clip((hour - self.hour[first]) / lasts, 0.0, 1.0)
        return np.where(known[:, None], sphere.interpolate(a, b, share), np.nan)


def hours(times: pl.Series) -> Floats:
    """Give times as hours since 1970, UTC; not a number where there is none."""
    return np.asarray(times.dt.epoch("ms").cast(pl.Float64).to_numpy() / HOUR_MS, np.float64)


def times(hours_since: Floats) -> pl.Series:
    """Give hours since 1970 as times, to the millisecond."""
    return pl.Series(np.round(hours_since * HOUR_MS).astype(np.int64)).cast(TIME)


@dataclass(frozen=True)
class Legs:
    """The ways between rows of traces that follow on each other: ``n - 1`` of them."""

    is_one: Bools
    """Whether both rows are of one hull."""
    lasts_h: Floats
    speed_kn: Floats

    @classmethod
    def of(cls, traces: Traces) -> Legs:
        """Measure the legs of traces."""
        lasts = np.diff(traces.hour)
        metres = sphere.between_m(traces.place[1:], traces.place[:-1])
        is_one = traces.track[1:] == traces.track[:-1]
        return cls(is_one, lasts, knots(metres, lasts))


def knots(metres: Floats, lasts_h: Floats) -> Floats:
    """Give speeds: ``(n,), (n,) -> (n,)`` knots; of no time, not a number."""
    lasts = np.where(lasts_h > 0.0, lasts_h, np.nan)
    return np.asarray(metres / (lasts * 3600.0) / sphere.KNOT_M_PER_S)


def usual_speeds(traces: Traces, legs: Legs) -> dict[int, float]:
    """Give the speed each hull usually makes under way: the median of its moving legs, weighted by nothing."""
    moving = (
        legs.is_one & (legs.lasts_h <= CONNECTED_H) & (legs.speed_kn > MOVING_KN) & (legs.speed_kn < 40.0)
    )
    rows = pl.DataFrame({"track": traces.track[:-1][moving], "speed": legs.speed_kn[moving]})
    return dict(rows.group_by("track").agg(pl.col("speed").median()).iter_rows())


@dataclass(frozen=True)
class Way:
    """How hulls went to a place or from it; not a number where they were not heard near that time."""

    speed_kn: Floats
    course_deg: Floats
    """Over the ground, in the direction of travel."""


def way_to(traces: Traces, track: Ints, place: Floats, hour: Floats, look_h: tuple[float, float]) -> Way:
    """Say how hulls came to places: from the last row at least ``look_h[0]`` and at most ``look_h[1]`` before."""
    row = traces.row_before(track, hour - look_h[0])
    return _way(traces, row, place, hour, look_h[1], is_before=True)


def way_from(traces: Traces, track: Ints, place: Floats, hour: Floats, look_h: tuple[float, float]) -> Way:
    """Say how hulls left places: to the first row at least ``look_h[0]`` and at most ``look_h[1]`` later."""
    row = traces.row_after(track, hour + look_h[0])
    return _way(traces, row, place, hour, look_h[1], is_before=False)


def _way(traces: Traces, row: Ints, place: Floats, hour: Floats, most_h: float, *, is_before: bool) -> Way:
    n = len(row)
    if not len(traces):
        return Way(np.full(n, np.nan), np.full(n, np.nan))
    there, lasts = traces.place[row], np.abs(hour - traces.hour[row])
    known = (row >= 0) & (lasts <= most_h)
    speed = np.where(known, knots(sphere.between_m(there, place), lasts), np.nan)
    a, b = (there, place) if is_before else (place, there)
    course = sphere.bearing_deg(*sphere.lonlat(a), *sphere.lonlat(b))
    return Way(speed, np.where(known, course, np.nan))
