"""Motion that no ship makes: a place that stands still while the ship says it sails, or a line without any wander."""

from __future__ import annotations

import numpy as np

from clearwake.detect.falsification.trail import Spans, Trail, Windows
from clearwake.detect.step import Bools, Ints
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, length, lonlat

SAID_KN = 3.0
"""A ship that says it makes less than this may lie still."""

LEAST_REPORTS = 8

PERFECT_M = 2.0
"""Root mean square off a line sailed at one speed: less than any receiver's error, far less than a ship wanders."""

LINE_KN = 5.0
DEGREE_M = np.pi / 180.0 * EARTH_RADIUS_M

LIES_KN = 1.0
"""Ships at anchor report every few minutes only; how far they swing meanwhile is little against a speed of knots."""

DIFFERENT_KN = 5.0
"""Reported speed against the way made: less apart than this is current, rounding and turning between reports."""


def stands_still(t: Trail, w: Windows) -> Bools:
    """Say of windows whether every report has the same place while the ship says it sails."""
    candidate = w.is_whole & (w.reports >= LEAST_REPORTS) & (w.hours >= 0.6) & (w.way_m == 0.0)
    return np.asarray(candidate & (w.said_count >= LEAST_REPORTS) & (w.said_kn >= SAID_KN) & (t.ms.size > 0))


def perfect(t: Trail, w: Windows) -> tuple[Ints, Floats]:
    """Find windows sailed in one line at one speed: which, and how far off it they are (metres)."""
    straight = w.is_moving & (w.reports >= LEAST_REPORTS) & (w.speed_kn >= LINE_KN) & (w.blocks >= 5)
    at = np.flatnonzero(straight & (w.net_m >= 0.9999 * w.way_m))
    spans = Spans(w.first[at], w.last[at])
    off = np.minimum(_off_line(t, spans), _off_drawn(t, spans))
    return at[off <= PERFECT_M], off[off <= PERFECT_M]


def _off_line(t: Trail, s: Spans) -> Floats:
    """Give how far off one line sailed at one speed reports are (metres, root mean square), by least squares."""
    which, at, start = s.pair
    if not start.size:
        return np.empty(0)
    count = (s.last - s.first + 1).astype(np.float64)
    hours = (t.ms[at] - t.ms[s.first][which]) / 3_600_000.0
    u = hours - (np.add.reduceat(hours, start) / count)[which]
    u2 = np.maximum(np.add.reduceat(u * u, start), 1e-12)
    rest = np.empty((at.size, 3))
    for i in range(3):
        v = t.place[at, i] - t.place[s.first, i][which]
        v -= (np.add.reduceat(v, start) / count)[which]
        rest[:, i] = v - u * (np.add.reduceat(v * u, start) / u2)[which]
    # The line bends with the Earth, straight down: only what is left along the ground counts.
    rest -= t.place[at] * (rest * t.place[at]).sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.add.reduceat(length(rest) ** 2, start) / count) * EARTH_RADIUS_M)


def _off_drawn(t: Trail, s: Spans) -> Floats:
    """Give how far off a line drawn on a chart reports are, at one speed (metres, root mean square): the better of two.

    Scripts and providers draw lines evenly in degrees, or along one course (a rhumb line); in an hour at 15 knots both
    lie some ten metres off the great circle.  ``w`` runs as a rhumb line's longitude does: by time over the cosine.
    """
    which, at, start = s.pair
    if not start.size:
        return np.empty(0)
    lon, lat = lonlat(t.place[at])
    east = (lon - lon[start][which] + 180.0) % 360.0 - 180.0
    hours = (t.ms[at] - t.ms[s.first][which]) / 3_600_000.0
    level = np.cos(np.radians(lat))
    step = np.diff(hours, prepend=0.0) / level
    step[start] = 0.0
    w = np.cumsum(step)
    w -= w[start][which]
    north_m = _left(hours, lat, which, start) * DEGREE_M
    evenly, along = (_left(by, east, which, start) * DEGREE_M * level for by in (hours, w))
    count = (s.last - s.first + 1).astype(np.float64)
    rms = [np.sqrt(np.add.reduceat(north_m**2 + east_m**2, start) / count) for east_m in (evenly, along)]
    return np.asarray(np.minimum(*rms))


def _left(by: Floats, values: Floats, which: Ints, start: Ints) -> Floats:
    """Give what a line fitted to each window's values leaves over: ``(m,)``."""
    count = np.diff(np.append(start, by.size)).astype(np.float64)
    u = by - (np.add.reduceat(by, start) / count)[which]
    v = values - (np.add.reduceat(values, start) / count)[which]
    slope = np.add.reduceat(u * v, start) / np.maximum(np.add.reduceat(u * u, start), 1e-12)
    return np.asarray(v - slope[which] * u)


def contradicted(w: Windows, chord_m: Floats) -> Bools:
    """Say of windows whether the reported speed cannot be the way made.

    Either the ship came farther than it says it sailed, by the straight ways between blocks; or it says it sailed at
    least twice as fast as the whole way from report to report, which noise can only lengthen.
    """
    enough = w.is_whole & (w.hours >= 0.6) & (w.said_count >= LEAST_REPORTS) & (w.blocks >= 5)
    made_kn = chord_m / np.maximum(w.hours, 1e-9) / 3600.0 / KNOT_M_PER_S
    farther = (made_kn - w.said_kn >= DIFFERENT_KN) & (made_kn >= 2.0 * w.said_kn)
    dense = (w.reports >= 15) | (w.speed_kn <= LIES_KN)
    slower = (w.said_kn - w.speed_kn >= DIFFERENT_KN) & (w.said_kn >= 2.0 * w.speed_kn) & dense
    return np.asarray(enough & (farther | slower))
