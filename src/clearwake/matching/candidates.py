"""Which hulls could be which ships, before anything is weighed, and who was heard around there at that moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.matching.course import CARRIED_S, Placed, Tracks, placed_at
from clearwake.sphere import EARTH_RADIUS_M, Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AROUND_M = 92_600.0
"""50 nautical miles: about as far as one receiver ashore hears ships, and the reach within which silence or speech of
ships says whether another could have been heard.  Stations ashore reach 40 to 60 nautical miles (ITU-R M.2123)."""

CLOSE_M = 30_000.0
RING_M = 250_000.0
DENSE_M = 3000.0
"""Over this reach it is counted how closely ships and hulls lie."""

HEARD_S = 3600.0
"""A ship counts as heard where its silence around the moment is no longer, or at most three times its usual one."""

SILENT_S = 12 * 3600.0
"""Where a ship was in a longer silence says nothing about reception at one place."""

LARGEST_TOLERANCE_M = 15_000.0
GATE = 6.0
"""So many standard deviations, at most."""

SEARCHED_SHARE, FEW_SILENT = 3, 3
"""Where more than three times as many ships were silent as were heard, and more than two, reception had failed."""

KNOWN_CLOSE, KNOWN_RING = 3, 3

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


@dataclass(frozen=True)
class Around:
    """Who was heard around each hull at its moment; ``(n,)`` each."""

    heard: Ints
    """Ships within 50 nautical miles that were heard then."""
    silent: Ints
    """Ships whose way leads within 50 nautical miles, but who were silent then."""
    nearest_m: Floats
    """To the nearest that was heard."""
    close: Ints
    """Ships heard within 30 km in the six hours around."""
    ring: Ints
    """Ships heard then within 250 km."""
    dense_per_m2: Floats
    """How closely ships that were heard lie."""


def candidates(hulls: Hulls, tracks: Tracks) -> tuple[Pairs, Around]:
    """Look for the tracks near each hull at its moment."""
    n = hulls.ms.size
    heard, silent, close, ring = (np.zeros(n, np.int64) for _ in range(4))
    around = Around(heard, silent, np.full(n, np.inf), close, ring, np.zeros(n))
    found: list[tuple[Ints, Ints]] = []
    if tracks.track.size:
        bucket = hulls.ms // _BUCKET_MS
        order = np.argsort(bucket, kind="stable")
        starts = np.flatnonzero(np.diff(bucket[order], prepend=np.int64(-(2**62))))
        found += [_at_once(hulls, rows, tracks, around) for rows in np.split(order, starts[1:])]
        _heard_close(hulls, tracks, around)
    hull = np.concatenate([h for h, _ in found]) if found else np.empty(0, np.int64)
    track = np.concatenate([t for _, t in found]) if found else np.empty(0, np.int64)
    at = placed_at(tracks, track, hulls.ms[hull])
    is_placed = np.isfinite(at.place[:, 0])
    return Pairs(hull[is_placed], track[is_placed], at[is_placed]), around


def _at_once(hulls: Hulls, rows: Ints, tracks: Tracks, around: Around) -> tuple[Ints, Ints]:
    """Look around the hulls of one moment, five minutes long."""
    middle = int(np.median(hulls.ms[rows]))
    everyone = np.arange(tracks.track.size, dtype=np.int64)
    at = placed_at(tracks, everyone, np.full(everyone.size, middle), SILENT_S)
    usual = np.nan_to_num(tracks.usual_s, nan=0.0)
    silence_s = np.where(np.isfinite(at.gap_s), at.gap_s, 2.0 * at.age_s)
    is_heard = np.isfinite(at.place[:, 0]) & (silence_s <= np.maximum(HEARD_S, 3.0 * usual))
    is_silent = np.isfinite(at.place[:, 0]) & ~is_heard & (silence_s <= SILENT_S)
    _count(hulls.place[rows], rows, at, (is_heard, is_silent), around)
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


def _count(place: Floats, rows: Ints, at: Placed, kinds: tuple[Bools, Bools], around: Around) -> None:
    is_heard, is_silent = kinds
    for is_kind, reach_m, into in (
        (is_heard, AROUND_M, around.heard), (is_silent, AROUND_M, around.silent), (is_heard, RING_M, around.ring),
    ):  # fmt: skip
        if is_kind.any():
            tree = cKDTree(at.place[is_kind])
            into[rows] = tree.query_ball_point(place, sphere.chord_m(reach_m), return_length=True)
    if is_heard.any():
        tree = cKDTree(at.place[is_heard])
        around.nearest_m[rows] = sphere.arc_m(tree.query(place)[0])
        lying = tree.query_ball_point(place, sphere.chord_m(DENSE_M), return_length=True)
        around.dense_per_m2[rows] = lying / (np.pi * DENSE_M**2)


def _heard_close(hulls: Hulls, tracks: Tracks, around: Around) -> None:
    """Count the ships that were ever heard within 30 km in the six hours before and after, where nobody is now."""
    alone = np.flatnonzero(around.heard == 0)
    if not alone.size:
        return
    owner = np.repeat(np.arange(tracks.track.size), np.diff(tracks.first))
    tree = cKDTree(tracks.place)
    for row in alone:
        reports = np.asarray(tree.query_ball_point(hulls.place[row], CLOSE_M / EARTH_RADIUS_M), np.int64)
        then = (
            reports[np.abs(tracks.ms[reports] - hulls.ms[row]) <= 6 * 3_600_000] if reports.size else reports
        )
        around.close[row] = np.unique(owner[then]).size


def is_searched(around: Around) -> Bools:
    """Say where a hull with AIS would have been heard: ``(n,)``.

    Somebody was heard within 50 nautical miles, and not far more were silent; or ships were heard close by at other
    hours and the feed around was alive.
    """
    failed = (around.silent >= FEW_SILENT) & (around.silent > SEARCHED_SHARE * around.heard)
    known = (around.heard == 0) & (around.silent == 0)
    known &= (around.close >= KNOWN_CLOSE) & (around.ring >= KNOWN_RING)
    return np.asarray(((around.heard > 0) & ~failed) | known, np.bool_)
