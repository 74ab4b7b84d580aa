"""Circles sailed at speed.

Published cases: tankers and research ships that seem to sail circles at speed far from where they were (Bergman,
"Systematic data analysis reveals false vessel tracks", Global Fishing Watch 2021, and "crop circles" off Point Reyes
and at Shanghai).  A hull that swings at anchor is slower; one that trawls, surveys or waits does not come back to the
same place at the same pace to within a few metres in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake.detect.falsification.trail import Spans, Trail
from clearwake.detect.step import Bools, Ints
from clearwake.sphere import EARTH_RADIUS_M, Floats, length

ROUND = ((0.8, 0.02, 900.0), (1.5, 0.05, 400.0), (3.0, 0.12, 150.0))
"""Laps, how far off the ring at most (share of the radius, root mean square), radius at least: each is enough."""

NOISE_M = 30.0
"""Receivers may be this far off: it is allowed for beside the share of the radius."""

SPARSE_REPORTS, SPARSE_GAP_DEG, SPARSE_STEP_DEG = 8, 110.0, 60.0
"""Heard about once a lap, a circle shows no turning: then so many reports on the ring, all round it, in leaps that are
on average so wide, are enough."""

STEADY = 0.9
"""Share of all turning that goes the same way round."""


@dataclass(frozen=True)
class Figures:
    """What was fitted to each window: the middle, laps, size, time round, and how far off it at most."""

    is_found: Bools
    middle: Floats
    laps: Floats
    radius_m: Floats
    period_min: Floats
    residual_m: Floats


def circles(t: Trail, s: Spans) -> Figures:
    """Fit a circle to each window: by least squares of the distance squared (Kåsa 1976, 10.1109/TIM.1976.6312298)."""
    which, at, start = s.pair
    middle, east, north = flat(t, which, at, start)
    x0, y0, radius = _ring(east, north, start)
    off_x, off_y = east - x0[which], north - y0[which]
    away = np.hypot(off_x, off_y) - radius[which]
    count = s.last - s.first + 1
    rms = np.sqrt(_sum(away * away, start) / np.maximum(count, 1))
    angle = np.arctan2(off_y, off_x)
    turned, all_turned = _turned(angle, start)
    all_round = (
        (count >= SPARSE_REPORTS)
        & (all_turned >= np.radians(SPARSE_STEP_DEG) * (count - 1))
        & (_widest(angle, which, start) <= np.radians(SPARSE_GAP_DEG))
    )
    laps = np.abs(turned) / (2 * np.pi)
    hours = (t.ms[s.last] - t.ms[s.first]) / 3_600_000.0
    with np.errstate(invalid="ignore", divide="ignore"):
        steady = np.abs(turned) >= STEADY * all_turned
        round_ = [
            (laps >= n) & (rms <= share * radius + NOISE_M) & (radius >= least) for n, share, least in ROUND
        ]
        sparse = all_round & (rms <= ROUND[1][1] * radius + NOISE_M) & (radius >= ROUND[1][2])
        found = (steady & np.any(round_, axis=0) | sparse) & (rms < 0.25 * radius)
        period = 60.0 * hours / laps
    centre = lifted(middle, x0, y0)
    return Figures(found, centre, laps, radius, period, rms)


def _sum(values: Floats, start: Ints) -> Floats:
    return np.add.reduceat(values, start) if start.size else np.empty(0)


def flat(t: Trail, which: Ints, at: Ints, start: Ints) -> tuple[Floats, Floats, Floats]:
    """Lay each window's reports on the plane that touches the Earth in their middle: metres east and north."""
    places = t.place[at]
    total = np.stack([_sum(places[:, i], start) for i in range(3)], axis=-1)
    middle = total / np.maximum(length(total), 1e-12)[:, None]
    east, north = axes(middle)
    off = (places - middle[which]) * EARTH_RADIUS_M
    return middle, (off * east[which]).sum(axis=1), (off * north[which]).sum(axis=1)


def axes(middle: Floats) -> tuple[Floats, Floats]:
    """Give two directions along the ground, at right angles; at a pole any."""
    level = np.hypot(middle[:, 0], middle[:, 1])
    at_pole = level < 1e-9
    safe = np.where(at_pole, 1.0, level)
    east = np.stack((np.where(at_pole, 1.0, -middle[:, 1] / safe), np.where(at_pole, 0.0, middle[:, 0] / safe),
                     np.zeros(len(middle))), axis=-1)  # fmt: skip
    return east, np.cross(middle, east)


def lifted(middle: Floats, x: Floats, y: Floats) -> Floats:
    """Give the place so many metres east and north of each window's middle: unit vectors ``(m, 3)``."""
    east, north = axes(middle)
    place = middle + (east * x[:, None] + north * y[:, None]) / EARTH_RADIUS_M
    return np.asarray(place / np.maximum(length(place), 1e-12)[:, None])


def _ring(x: Floats, y: Floats, start: Ints) -> tuple[Floats, Floats, Floats]:
    """Give the middle and radius of the ring that fits each window's points."""
    n = np.diff(np.append(start, x.size)).astype(np.float64)
    z = x * x + y * y
    sx, sy, sz = _sum(x, start) / n, _sum(y, start) / n, _sum(z, start) / n
    sxx, syy, sxy = (_sum(a * b, start) / n for a, b in ((x, x), (y, y), (x, y)))
    sxz, syz = _sum(x * z, start) / n, _sum(y * z, start) / n
    a, b, c = sxx - sx * sx, sxy - sx * sy, syy - sy * sy
    d, e = (sxz - sx * sz) / 2.0, (syz - sy * sz) / 2.0
    det = a * c - b * b
    on_line = det <= 1e-9 * (a + c) ** 2
    safe = np.where(on_line, 1.0, det)
    x0, y0 = (d * c - b * e) / safe, (a * e - b * d) / safe
    radius = np.sqrt(np.maximum(sz - 2 * x0 * sx - 2 * y0 * sy + x0 * x0 + y0 * y0, 0.0))
    x0, y0, radius = (np.where(on_line, 0.0, v) for v in (x0, y0, radius))
    return x0, y0, radius


def _turned(angle: Floats, start: Ints) -> tuple[Floats, Floats]:
    """Add up the turning about the middle from report to report: with its sign, and without."""
    step = np.diff(angle, prepend=0.0)
    step -= 2 * np.pi * np.round(step / (2 * np.pi))
    step[start] = 0.0
    return _sum(step, start), _sum(np.abs(step), start)


def _widest(angle: Floats, which: Ints, start: Ints) -> Floats:
    """Give the widest angle about the middle of each window that holds no report."""
    order = np.lexsort((angle, which))
    sorted_ = angle[order]
    if not start.size:
        return np.empty(0)
    last = np.append(start[1:], angle.size) - 1
    gap = np.diff(sorted_, append=0.0)
    gap[last] = sorted_[start] + 2 * np.pi - sorted_[last]
    return np.maximum.reduceat(gap, start)
