"""How usual a silence is: how often other ships in the same waters are silent for as long.

A kind of silence that many ships there have says nothing of any one of them: whatever it is, it is common.  One that
hardly anybody else has stands out.  Counted are ends: a silence is usual where both its beginning and its end lie among
beginnings and ends of others as long.  Ships that sail out of reach begin theirs at the edge, not in the midst.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.cells import FINEST_DEG, cell_of, middle_of
from clearwake.reception.roll import Roll
from clearwake.reception.trace import Spans
from clearwake.sphere import EARTH_RADIUS_M, Floats, chord_m, lonlat, unit_vectors

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WATERS_M = 60_000.0
"""Nearer than most stations reach, so that the midst of what is heard and its edge are told apart."""

LENGTHS_H = np.array([1.0, 1.5, 2.0, 3.0, 4.5, 6.0, 9.0, 12.0, 18.0, 24.0])
"""Silences are as long as another from the step on that lies below three quarters of its length."""

NEARLY = 0.75

PRIOR_H = 24.0
"""Ship-hours heard without any silence are taken to have come before what was heard: few hours prove no habit."""

SAILED_M = 3_000.0
"""Who was heard again nearer may have lain at a berth meanwhile: that says nothing of how ships are heard."""

A_DAY, STEEP = 0.3, 4
"""Where three ships in ten have so long a silence a day it halves what speaks for a transmitter switched off; twice as
many leave a seventeenth, half as many nearly all."""


def usual_a_day(silent: Spans, roll: Roll, aside: Bools, which: Ints) -> Floats:
    """Say how often a day each ship heard in the same waters is silent for as long as some silences: ``(n,)``.

    The less of both ends, and as few as chance allows (one standard deviation of a count less); the asking ship's own
    other silences do not count, nor do those set aside, ships that may have lain, and silences that have not ended.

    Args:
        silent: Everybody's silences of an hour and more.
        roll: Who was heard where, of ships that are heard as far.
        aside: Which silences do not count: an outage explains them, or they are of ships that are not heard as far.
        which: The rows of ``silent`` that are asked about.
    """
    moved_m = np.linalg.norm(silent.there - silent.here, axis=1) * EARTH_RADIUS_M
    counts = np.flatnonzero((moved_m >= SAILED_M) & ~aside & ~silent.is_open)
    hours = _HeardHours(roll)
    step = np.searchsorted(LENGTHS_H * 3_600_000.0, NEARLY * silent.lasted, side="right") - 1
    step = np.maximum(step, 0)
    ends = [
        _rate(_others(silent, places, counts, step, which), hours.around(places[which]))
        for places in (silent.here, silent.there)
    ]
    return np.where(silent.is_open[which], ends[0], np.minimum(*ends))


def discount(a_day: Floats) -> Floats:
    """Say how much of what speaks for switching off a silence so usual leaves: 1 where it is unheard of."""
    return np.asarray(1.0 / (1.0 + (a_day / A_DAY) ** STEEP))


def _rate(count: Floats, heard_h: Floats) -> Floats:
    surely = np.maximum(count - np.sqrt(count), 0.0)
    return np.asarray(24.0 * surely / (heard_h + PRIOR_H))


def _others(silent: Spans, places: Floats, counts: Ints, step: Ints, which: Ints) -> Floats:
    """Count others' silences as long that lie near: all of them, less the asking ship's own."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    found = np.zeros(which.size)
    for n in np.unique(step[which]).tolist():
        asked = np.flatnonzero(step[which] == n)
        as_long = counts[silent.lasted[counts] >= LENGTHS_H[n] * 3_600_000.0]
        if as_long.size:
            near = cKDTree(places[as_long])
            at = places[which[asked]]
            found[asked] = near.query_ball_point(at, float(chord_m(WATERS_M)), return_length=True)
            found[asked] -= _own(silent, places, as_long, which[asked])
    return found


def _own(silent: Spans, places: Floats, as_long: Ints, asked: Ints) -> Floats:
    """Count ships' own silences among those near, the asked ones too: ``silent`` is sorted by track."""
    track = silent.track[as_long]
    begin = np.searchsorted(track, silent.track[asked])
    end = np.searchsorted(track, silent.track[asked], side="right")
    size = end - begin
    at = np.repeat(np.arange(asked.size), size)
    row = as_long[np.repeat(begin, size) + np.arange(at.size) - np.repeat(np.cumsum(size) - size, size)]
    near = np.linalg.norm(places[row] - places[asked[at]], axis=1) <= float(chord_m(WATERS_M))
    return np.bincount(at, near, asked.size).astype(np.float64)


class _HeardHours:
    """Ship-hours heard around places, summed over cells of 11 km."""

    def __init__(self, roll: Roll) -> None:
        from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

        cell = cell_of(*lonlat(roll.place[roll.is_heard]), FINEST_DEG)
        known, quarters = np.unique(cell, return_counts=True)
        self._hours = quarters * 0.25
        self._near = cKDTree(unit_vectors(*middle_of(known, FINEST_DEG))) if known.size else None

    def around(self, places: Floats) -> Floats:
        """Add up the hours within ``WATERS_M``, as from the middle of each place's cell: ``(n, 3) -> (n,)``."""
        if self._near is None or not len(places):
            return np.zeros(len(places))
        cell, at = np.unique(cell_of(*lonlat(places), FINEST_DEG), return_inverse=True)
        middles = unit_vectors(*middle_of(cell, FINEST_DEG))
        around = self._near.query_ball_point(middles, float(chord_m(WATERS_M)))
        total = np.array([float(self._hours[cells].sum()) for cells in around])
        return np.asarray(total[at])
