"""Encounters: two hulls close together for a while, labelled rather than thrown away.

Three steps with an exchange between them: ``resample`` by track, ``pair`` by grid time, ``join`` by pair.  A meeting
is measured, not judged: that two ships lay 50 m apart for three hours is a fact, that cargo passed is not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.detect.grid import LOOK_BACK, STEP, follows_on, resample
from clearwake.detect.join import CONTACT, WHOLE, join
from clearwake.detect.step import Detector, Found, Step, definition_of, is_ordered, milliseconds, starts_of
from clearwake.model import Encounter
from clearwake.sphere import Floats, between_m, pairs_within

TOP_SPEED_KN = 7.0
"""Two ships faster than this are no encounter: fuel or cargo is not passed at it."""

CANDIDATE_SPEED_KN = 10.0
"""Grid places above this speed are not paired at all; above ``TOP_SPEED_KN`` so that braking is still seen."""

Index = NDArray[np.int64]


def encounter(
    within_m: float = 500.0,
    at_least: timedelta = timedelta(minutes=30),
    merged_under: timedelta = timedelta(hours=4),
) -> Detector:
    """Find meetings of two hulls ``within_m`` of one another.

    Takes fixes and gives one row per meeting of at least ``at_least``; meetings of a pair less than
    ``merged_under`` apart are one.  The label is ``underway`` above 2 kn (median of the way made good), else
    ``short`` under two hours together, else ``standard``; ``in_port`` is put before these by the corridor, which
    knows the anchorages (``labels``).  ``end`` is null while they lie together.

    Args:
        within_m: Largest distance between the two reported places.
        at_least: Shortest time together.
        merged_under: Longest time between two parts of one meeting.

    Source: Global Fishing Watch, pipe-encounters: 500 m, 2 h, median under 2 kn, 10-minute grid, no interpolation
    across more than 1 h, 10 km from an anchorage.
    """
    definition = definition_of("encounter", within_m=within_m, at_least=at_least, merged_under=merged_under)
    steps = (resample(), pair(within_m), join(definition, within_m, at_least, merged_under))
    return Detector("encounter", "encounters", Encounter, definition, steps)


def pair(within_m: float) -> Step:
    """Find which hulls were within ``within_m`` at each grid time, and how far apart before and after.

    Takes ``GRID`` rows of all tracks, routed by track; gives ``CONTACT`` rows.  It keeps nothing: every grid time
    stands alone, and each row knows where its hull was one step and one hour earlier.
    """

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        del until
        places = {when: new.select(f"{c}{when}" for c in "xyz").to_numpy() for when in _WHEN}
        low, high = _pairs(new, places, within_m)
        return Found(_contacts(new, places, low, high), kept)

    return Step("pair", ("time",), pl.Schema(), find, route=_candidates)


_PAST = ("before", "hour_ago")
_WHEN = ("", "_before", "_hour_ago")


def _candidates(grid: pl.DataFrame) -> pl.DataFrame:
    """Give new grid rows that are slow now, a step ago or an hour ago, with those earlier places beside them."""
    rows = grid
    for name, steps in zip(_PAST, (1, LOOK_BACK), strict=True):
        known = pl.Series(follows_on(grid, steps))
        rows = rows.with_columns(
            pl.when(known).then(grid[c].shift(steps)).alias(f"{c}_{name}")
            for c in ("x", "y", "z", "speed_kn")
        )
    slow = [pl.col(n) <= CANDIDATE_SPEED_KN for n in ("speed_kn", "speed_kn_before", "speed_kn_hour_ago")]
    return rows.filter(~pl.col("is_old"), pl.any_horizontal(*(s.fill_null(value=False) for s in slow)))


def _pairs(rows: pl.DataFrame, places: dict[str, Floats], within_m: float) -> tuple[Index, Index]:
    """Pair rows of one grid time that are close now, or were a step or an hour ago; the lower track first.

    Each pair comes once, by time and track.  Where a hull was an hour ago is mostly where an earlier row says that it
    is, so each such place is searched round only once.
    """
    slow = {w: _is_slow(rows[f"speed_kn{w}"]) & np.isfinite(places[w][:, 0]) for w in _WHEN}
    slot = milliseconds(rows["time"]) // (STEP // timedelta(milliseconds=1))
    by_hull = _by_hull(rows["track"].to_numpy(), slot)
    earlier = _earlier(rows["track"].to_numpy()[by_hull], slot[by_hull], by_hull)
    point, at, moment = _points(places, slow, slot, earlier)
    low, high = pairs_within(at, within_m, _numbered(moment).astype(np.int64))
    # Which row says of a point that it was there at each time.
    said_by = np.full((len(_WHEN), moment.size), -1)
    for of_row, by in zip(point, said_by, strict=True):
        has = np.flatnonzero(of_row >= 0)
        by[of_row[has]] = has
    a, b = said_by[:, low].ravel(), said_by[:, high].ravel()
    both = (a >= 0) & (b >= 0)
    by_time = by_hull[np.argsort(_numbered(slot)[by_hull], kind="stable")]
    rank = np.empty(by_time.size, np.int64)
    rank[by_time] = np.arange(by_time.size)
    a, b = rank[a[both]], rank[b[both]]
    key = np.minimum(a, b) * 2**31 + np.maximum(a, b)
    key.sort()
    key = key[np.append(True, key[1:] != key[:-1])[: key.size]]
    return by_time[key // 2**31], by_time[key % 2**31]


def _numbered(moments: Index) -> NDArray[np.uint16 | np.int64]:
    """Number moments in order; in two bytes if they go into them, which sort many times as fast."""
    each = np.unique(moments)
    number = np.searchsorted(each, moments)
    return number.astype(np.uint16) if each.size < 2**16 else number


def _by_hull(track: Index, slot: Index) -> Index:
    """Give the order by track and time; rows that come track by track are put in order quickly."""
    order = np.argsort(track, kind="stable")
    return order if is_ordered(track[order], slot[order]) else np.lexsort((slot, track))


def _earlier(track: Index, slot: Index, row: Index) -> dict[str, Index]:
    """Give the row of the same hull a step and an hour earlier, -1 where there is none: ``(n,)`` each.

    Args:
        track: By track and time.
        slot: Grid times, likewise.
        row: Which row each is.
    """
    key = np.cumsum(starts_of(track)) * 2**32 + slot
    found = {}
    for name, steps in zip(_PAST, (1, LOOK_BACK), strict=True):
        found[f"_{name}"] = earlier = np.full(row.size, -1)
        # There is one row a grid time, so the one an hour earlier is at most six before.
        for back in range(1, min(steps, row.size - 1) + 1):
            same = np.flatnonzero(key[back:] - key[:-back] == steps)
            earlier[row[same + back]] = row[same]
    return found


def _points(
    places: dict[str, Floats], slow: dict[str, NDArray[np.bool_]], slot: Index, earlier: dict[str, Index]
) -> tuple[list[Index], Floats, Index]:
    """Give the places to search round: of each row its point at each time (or -1), their places and grid times."""
    is_point = np.flatnonzero(slow[""])
    now = np.full(slot.size, -1)
    now[is_point] = np.arange(is_point.size)
    points, at, moments, count = [now], [places[""][is_point]], [slot[is_point]], is_point.size
    for when, steps in zip(_WHEN[1:], (1, LOOK_BACK), strict=True):
        point = np.where(slow[when] & (earlier[when] >= 0), now[earlier[when]], -1)
        alone = np.flatnonzero(slow[when] & (point < 0))
        point[alone] = count + np.arange(alone.size)
        count += alone.size
        points.append(point)
        at.append(places[when][alone])
        moments.append(slot[alone] - steps)
    return points, np.concatenate(at), np.concatenate(moments)


def _is_slow(speed_kn: pl.Series) -> NDArray[np.bool_]:
    return (speed_kn <= CANDIDATE_SPEED_KN).fill_null(value=False).to_numpy()


def _contacts(rows: pl.DataFrame, places: dict[str, Floats], a: Index, b: Index) -> pl.DataFrame:
    """Measure pairs of rows: how far apart now, a step ago and an hour ago, how fast, and the fixes around."""
    apart = {when: between_m(at[a], at[b]) for when, at in places.items()}
    middle = np.rint((places[""][a] + places[""][b]) * (WHOLE / 2.0)).astype(np.int64)
    track, speed = rows["track"].to_numpy(), rows["speed_kn"].to_numpy()
    known = milliseconds(rows["known_at"])
    heard = {n: milliseconds(rows[n]) for n in ("heard_from", "heard_to")}
    return pl.DataFrame(
        {
            "track_a": track[a], "track_b": track[b], "time": milliseconds(rows["time"])[a],
            "apart_m": apart[""], "before_m": apart["_before"], "hour_ago_m": apart["_hour_ago"],
            "is_slow": (speed[a] <= CANDIDATE_SPEED_KN) & (speed[b] <= CANDIDATE_SPEED_KN),
            "speed_kn": (speed[a] + speed[b]) / 2.0,
            "x": middle[:, 0], "y": middle[:, 1], "z": middle[:, 2],
            "from_a": heard["heard_from"][a], "to_a": heard["heard_to"][a],
            "from_b": heard["heard_from"][b], "to_b": heard["heard_to"][b],
            "known_at": np.maximum(known[a], known[b]),
        }
    ).select(_typed(name, dtype) for name, dtype in CONTACT.items())  # fmt: skip


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return (column.fill_nan(None) if dtype.is_float() else column).cast(dtype)
