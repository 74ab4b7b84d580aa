"""Which hulls could be which ships, before anything is weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.matching.around import SILENT_S, Around, heard_otherwise, is_silent, look_around, nobody
from clearwake.matching.course import CARRIED_S, Placed, Tracks, placed_at
from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LARGEST_TOLERANCE_M = 15_000.0
GATE = 6.0
"""So many standard deviations, at most."""

_BUCKET_MS = 300_000


@dataclass(frozen=True)
class Hulls:
    """What was seen: places and moments, with their doubt; ``(n,)`` each."""

    place: Floats
    """Unit vectors, ``(n, 3)``."""
    ms: Ints
    error_m: Floats
    lag_s: Floats
    """How far a ship may appear displaced for each metre a second it makes; 0 where it does not."""


@dataclass(frozen=True)
class Pairs:
    """Hulls and the tracks they may be."""

    hull: Ints
    track: Ints
    """Row of ``Tracks``."""
    at: Placed
    """Where the track was at the hull's moment."""
    is_silent: Bools
    """Whether it was silent then for far longer than usual."""


def candidates(hulls: Hulls, tracks: Tracks) -> tuple[Pairs, Around]:
    """Look for the tracks near each hull at its moment, and for who was heard around it."""
    around = nobody(hulls.ms.size)
    found: list[tuple[Ints, Ints]] = []
    if tracks.track.size:
        bucket = hulls.ms // _BUCKET_MS
        order = np.argsort(bucket, kind="stable")
        starts = np.flatnonzero(np.diff(bucket[order], prepend=np.int64(-(2**62))))
        found += [_at_once(hulls, rows, tracks, around) for rows in np.split(order, starts[1:])]
        heard_otherwise(hulls.place, hulls.ms, tracks, around)
    hull = np.concatenate([h for h, _ in found]) if found else np.empty(0, np.int64)
    track = np.concatenate([t for _, t in found]) if found else np.empty(0, np.int64)
    at = placed_at(tracks, track, hulls.ms[hull])
    is_placed = np.isfinite(at.place[:, 0])
    hull, track, at = hull[is_placed], track[is_placed], at[is_placed]
    return Pairs(hull, track, at, is_silent(tracks, track, at)), around


def _at_once(hulls: Hulls, rows: Ints, tracks: Tracks, around: Around) -> tuple[Ints, Ints]:
    """Look around the hulls of one moment, five minutes long."""
    middle = int(np.median(hulls.ms[rows]))
    everyone = np.arange(tracks.track.size, dtype=np.int64)
    at = placed_at(tracks, everyone, np.full(everyone.size, middle), SILENT_S)
    look_around(hulls.place[rows], rows, tracks, at, around)
    near = np.flatnonzero(np.isfinite(at.place[:, 0]) & (at.age_s <= CARRIED_S))
    if not near.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return _within_reach(hulls, rows, at[near], near)


def _within_reach(hulls: Hulls, rows: Ints, at: Placed, near: Ints) -> tuple[Ints, Ints]:
    speed = sphere.length(at.velocity)
    spread_s = np.ptp(hulls.ms[rows]) / 1000.0
    own_m = np.minimum(GATE * (at.doubt_m + 100.0), LARGEST_TOLERANCE_M) + speed * (spread_s + 5.0)
    farthest = own_m.max() + GATE * 2.0 * hulls.error_m[rows] + 25.0 * hulls.lag_s[rows]
    found = cKDTree(at.place).query_ball_point(
        hulls.place[rows], sphere.chord_m(farthest), return_sorted=False
    )
    counts = np.array([len(each) for each in found], np.int64)
    track = np.concatenate([np.asarray(each, np.int64) for each in found])
    hull = np.repeat(rows, counts)
    apart = sphere.between_m(hulls.place[hull], at.place[track])
    reach = own_m[track] + GATE * 2.0 * hulls.error_m[hull] + 1.4 * speed[track] * hulls.lag_s[hull]
    is_near = apart <= reach
    return hull[is_near], near[track[is_near]]
