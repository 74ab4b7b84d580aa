"""Circles and other closed figures sailed again and again.

Published cases: tankers and research ships that seem to sail circles at speed far from where they were (Bergman,
"Systematic data analysis reveals false vessel tracks", Global Fishing Watch 2021, and "crop circles" off Point Reyes
and at Shanghai).  A hull that swings at anchor is slower; one that trawls, surveys or waits does not come back to the
same place at the same pace to within a few metres in a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake.detect.falsification.trail import SLOT_MS, Spans, Trail
from clearwake.detect.step import Bools, Ints
from clearwake.sphere import EARTH_RADIUS_M, Floats, interpolate, length

ROUND = ((0.8, 0.02, 900.0), (1.5, 0.05, 400.0), (3.0, 0.12, 150.0))
"""Laps, how far off the ring at most (share of the radius, root mean square), radius at least: each is enough."""

NOISE_M = 30.0
"""Receivers may be this far off: it is allowed for beside the share of the radius."""

SPARSE_REPORTS, SPARSE_GAP_DEG, SPARSE_STEP_DEG = 8, 110.0, 60.0
"""Heard about once a lap, a circle shows no turning: then so many reports on the ring, all round it, in leaps that are
on average so wide, are enough."""

STEADY = 0.9
"""Share of all turning that goes the same way round."""

SMALLEST_M, NEAREST = 250.0, 0.15
"""A figure's size (root mean square from its middle) at least, and its width against its length: a ferry's way there
and back has none."""

AGAIN, AGAIN_M = 0.04, 60.0
"""A figure is sailed again if each place is met again to within this share of its size, or so many metres."""


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
    middle, east, north = _flat(t, which, at, start)
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
    centre = _lifted(middle, x0, y0)
    return Figures(found, centre, laps, radius, period, rms)


def _sum(values: Floats, start: Ints) -> Floats:
    return np.add.reduceat(values, start) if start.size else np.empty(0)


def _flat(t: Trail, which: Ints, at: Ints, start: Ints) -> tuple[Floats, Floats, Floats]:
    """Lay each window's reports on the plane that touches the Earth in their middle: metres east and north."""
    places = t.place[at]
    total = np.stack([_sum(places[:, i], start) for i in range(3)], axis=-1)
    middle = total / np.maximum(length(total), 1e-12)[:, None]
    east, north = _axes(middle)
    off = (places - middle[which]) * EARTH_RADIUS_M
    return middle, (off * east[which]).sum(axis=1), (off * north[which]).sum(axis=1)


def _axes(middle: Floats) -> tuple[Floats, Floats]:
    """Give two directions along the ground, at right angles; at a pole any."""
    level = np.hypot(middle[:, 0], middle[:, 1])
    at_pole = level < 1e-9
    safe = np.where(at_pole, 1.0, level)
    east = np.stack((np.where(at_pole, 1.0, -middle[:, 1] / safe), np.where(at_pole, 0.0, middle[:, 0] / safe),
                     np.zeros(len(middle))), axis=-1)  # fmt: skip
    return east, np.cross(middle, east)


def _lifted(middle: Floats, x: Floats, y: Floats) -> Floats:
    east, north = _axes(middle)
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


def figures(t: Trail, s: Spans) -> Figures:
    """Find a time after which each window's ship is back where it was, at every moment of the window.

    Only windows heard in most slots; the places in between are interpolated.
    """
    if not s.first.size:
        return _none(0)
    parts = [_repeated(t, Spans(s.first[p], s.last[p])) for p in _alike(t, s)]
    order = np.argsort(np.concatenate(_alike(t, s)), kind="stable")
    return Figures(*(np.concatenate([getattr(p, n) for p in parts])[order] for n in Figures.__annotations__))


def _none(n: int) -> Figures:
    return Figures(np.zeros(n, bool), np.zeros((n, 3)), *(np.zeros(n) for _ in range(4)))


def _alike(t: Trail, s: Spans) -> list[Ints]:
    """Bring windows of about one length together, a few thousand at a time."""
    slots = (t.ms[s.last] - t.ms[s.first]) // SLOT_MS
    order = np.argsort(slots, kind="stable")
    edges = np.flatnonzero(np.diff(slots[order], prepend=-1))
    return [p for group in np.split(order, edges[1:]) for p in np.split(group, range(2000, group.size, 2000))]


def _repeated(t: Trail, s: Spans) -> Figures:
    slots = int((t.ms[s.last[0]] - t.ms[s.first[0]]) // SLOT_MS)
    if slots < 15:
        return _none(s.first.size)
    grid = _grid(t, s, slots)
    total = grid.sum(axis=1)
    middle = total / length(total)[:, None]
    east, north = _axes(middle)
    off = (grid - middle[:, None]) * EARTH_RADIUS_M
    x, y = (off * east[:, None]).sum(axis=2), (off * north[:, None]).sum(axis=2)
    size, width = _size(x, y)
    lag, apart = _best_lag(x, y)
    found = (apart <= np.maximum(AGAIN * size, AGAIN_M)) & (apart <= 0.25 * size)
    found &= (size >= SMALLEST_M) & (width >= NEAREST) & (lag > 0)
    period = lag * SLOT_MS / 60_000.0
    return Figures(found, middle, slots / np.maximum(lag, 1), size, period, apart)


def _grid(t: Trail, s: Spans, slots: int) -> Floats:
    """Interpolate the place at each slot of each window: ``(m, slots + 1, 3)``."""
    wanted = t.ms[s.first][:, None] + np.arange(slots + 1) * SLOT_MS
    base = int(t.ms.min())
    # One search over all tracks: times are told apart by the window's own first and last report.
    after = np.empty(wanted.shape, np.int64)
    for row, (first, last) in enumerate(zip(s.first, s.last, strict=True)):
        after[row] = first + np.searchsorted(t.ms[first : last + 1] - base, wanted[row] - base)
    after = np.clip(after, s.first[:, None] + 1, s.last[:, None])
    share = (wanted - t.ms[after - 1]) / (t.ms[after] - t.ms[after - 1])
    return interpolate(t.place[after - 1], t.place[after], np.clip(share, 0.0, 1.0))


def _size(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Give how far from the middle a figure reaches, and its width against its length."""
    xx, yy, xy = (x * x).mean(axis=1), (y * y).mean(axis=1), (x * y).mean(axis=1)
    mean, spread = (xx + yy) / 2.0, np.hypot((xx - yy) / 2.0, xy)
    return np.sqrt(xx + yy), np.sqrt(np.maximum(mean - spread, 0.0) / np.maximum(mean + spread, 1e-9))


def _best_lag(x: Floats, y: Floats) -> tuple[Ints, Floats]:
    """Find the first time after which all places come again, up to half the window, and how far off they are."""
    n = x.shape[1]
    lag, best = np.zeros(len(x), np.int64), np.full(len(x), np.inf)
    for k in range(2, n // 2 + 1):
        apart = np.sqrt(((x[:, k:] - x[:, :-k]) ** 2 + (y[:, k:] - y[:, :-k]) ** 2).mean(axis=1))
        better = apart < 0.8 * best
        lag, best = np.where(better, k, lag), np.where(better, apart, best)
    return lag, best
