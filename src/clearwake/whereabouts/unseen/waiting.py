"""Waits: where a hull that is heard lay, drifted or hardly moved, for half an hour or more.

Nearly as loiterings, but shorter ones too, and found in sparse fixes as well: who is to be met at sea has to stop, and
a satellite hears a ship there a few times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.places import Atlas
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.traces import CONNECTED_H, Bools, Ints, Legs, Traces, way_from, way_to

SLOW_KN = 2.5
"""Slower than this between rows of a trace is waiting; Global Fishing Watch's 2 kn for hourly means, and room for the
error of two fixes ten minutes apart."""

STILL_KN, STILL_H = 1.0, 4.0
"""Rows farther apart than usual still belong to one wait where the hull had hardly moved."""

BRIDGE_H, BRIDGE_M = 0.6, 3000.0
"""One bad position makes two fast legs: a wait goes on across so short a haste that led nowhere."""

LEAST_H = 0.5
INSHORE_KM, HARBOUR_KM = 0.3, 1.5
"""Nearer than this to land, or to a port or anchorage, is not at sea."""

APPROACH_H = (0.8, 4.0)
"""How long before a wait it is looked whether the hull came from a passage."""


@dataclass(frozen=True)
class Waits:
    """Waits, sorted by track and start: ``n`` of them."""

    track: Ints
    start: Floats
    """Hours since 1970."""
    end: Floats
    place: Floats
    """Unit vectors of the middle: ``(n, 3)``."""
    spread_m: Floats
    """How far from its middle the hull was at most."""
    fixes: Ints
    came_kn: Floats
    """The speed it came with, not a number where it was not heard before."""
    left_kn: Floats
    coast_km: Floats
    harbour_km: Floats
    """To the nearest port or anchorage."""
    others: Ints
    """How many other hulls waited at sea within 15 km meanwhile."""
    beside: Ints
    """How many other hulls lay within 1.5 km meanwhile: company that was heard explains a wait."""
    own: Ints
    """How many other waits the same hull has in the search."""

    def __len__(self) -> int:
        """Count the waits."""
        return len(self.track)


def waits(traces: Traces, legs: Legs, atlas: Atlas) -> Waits:
    """Find the waits of all hulls at sea: not in a harbour, and not on land, where rivers and lakes are."""
    first, last = _runs(traces, _slow(traces, legs))
    lasts = traces.hour[last] - traces.hour[first] if len(first) else np.empty(0)
    keep = lasts >= LEAST_H
    first, last = first[keep], last[keep]
    place, spread = _middles(traces, first, last)
    coast_km, harbour_km = surroundings(atlas, place)
    at_sea = (coast_km > INSHORE_KM) & (harbour_km > HARBOUR_KM)
    first, last, place, spread = first[at_sea], last[at_sea], place[at_sea], spread[at_sea]
    track, start, end = traces.track[first], traces.hour[first], traces.hour[last]
    came = way_to(traces, track, traces.place[first], start, APPROACH_H).speed_kn
    left = way_from(traces, track, traces.place[last], end, APPROACH_H).speed_kn
    _, number, count = np.unique(track, return_inverse=True, return_counts=True)
    return Waits(
        track, start, end, place, spread, last - first + 1, came, left, coast_km[at_sea], harbour_km[at_sea],
        _near(track, start, end, place, NEIGHBOUR_M), _near(track, start, end, place, BESIDE_M),
        count[number] - 1 if len(track) else np.empty(0, np.int64),
    )  # fmt: skip


def surroundings(atlas: Atlas, place: Floats) -> tuple[Floats, Floats]:
    """Give the distances of places to the coast and to the nearest port or anchorage, km: ``(n, 3) -> (n,), (n,)``."""
    lon, lat = sphere.lonlat(place)
    return atlas.coast_km(lon, lat), atlas.nearest(lon, lat)[1]


def _slow(traces: Traces, legs: Legs) -> Bools:
    """Say which legs belong to a wait."""
    slow = legs.is_one & (
        ((legs.speed_kn < SLOW_KN) & (legs.lasts_h <= CONNECTED_H))
        | ((legs.speed_kn < STILL_KN) & (legs.lasts_h <= STILL_H))
    )
    if not len(slow):
        return slow
    # A run of fast legs is bridged where slow ones of the same hull lie on both sides and it is short in time and way.
    change = np.flatnonzero(np.diff(slow.astype(np.int8), prepend=-1, append=-1) != 0)
    first, after = change[:-1], change[1:]
    fast = ~slow[first] & (first > 0) & (after < len(slow))
    first, after = first[fast], after[fast]
    one = traces.track[first - 1] == traces.track[np.minimum(after + 1, len(traces) - 1)]
    short = traces.hour[after] - traces.hour[first] <= BRIDGE_H
    near = sphere.between_m(traces.place[first], traces.place[after]) <= BRIDGE_M
    for begin, stop in zip(first[one & short & near], after[one & short & near], strict=True):
        slow[begin:stop] = True
    return slow


def _runs(traces: Traces, slow: Bools) -> tuple[Ints, Ints]:
    """Give the first and the last row of every unbroken run of slow legs; runs end where the hull does."""
    if not len(slow):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    begins = slow & ~np.r_[False, slow[:-1] & (traces.track[1:-1] == traces.track[:-2])]
    ends = slow & ~np.r_[slow[1:] & (traces.track[1:-1] == traces.track[2:]), False]
    return np.flatnonzero(begins), np.flatnonzero(ends) + 1


def _middles(traces: Traces, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    """Give the middle of each run of rows and the greatest distance from it."""
    if not len(first):
        return np.empty((0, 3)), np.empty(0)
    total = np.concatenate((np.zeros((1, 3)), np.cumsum(traces.place, axis=0)))
    mean = total[last + 1] - total[first]
    mean /= sphere.length(mean)[:, None]
    rows = np.concatenate([np.arange(a, b + 1) for a, b in zip(first, last, strict=True)])
    of = np.repeat(np.arange(len(first)), last - first + 1)
    off = sphere.between_m(traces.place[rows], mean[of])
    return mean, np.maximum.reduceat(off, np.r_[0, np.cumsum(last - first + 1)[:-1]])


NEIGHBOUR_M, BESIDE_M = 15_000.0, 1_500.0


def _near(track: Ints, start: Floats, end: Floats, place: Floats, within_m: float) -> Ints:
    """Count the other hulls that waited near each wait for at least half of its time."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    n = len(track)
    if not n:
        return np.empty(0, np.int64)
    pairs = cKDTree(place).query_pairs(float(sphere.chord_m(within_m)), output_type="ndarray")
    both = np.concatenate((pairs, pairs[:, ::-1]))
    a, b = both[:, 0], both[:, 1]
    together = np.minimum(end[a], end[b]) - np.maximum(start[a], start[b])
    beside = (track[a] != track[b]) & (together >= 0.5 * (end[a] - start[a]))
    hulls = np.unique(np.column_stack((a[beside], track[b[beside]])), axis=0)
    return np.bincount(hulls[:, 0].astype(np.int64), minlength=n).astype(np.int64)
