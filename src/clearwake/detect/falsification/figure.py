"""Closed figures sailed again and again that are no circle: eights, racetracks, rounded boxes.

A figure that comes again has a period: every place is met again one period later.  So a closed curve, a few harmonics
of one period east and north, is fitted to all laps of a window at once; what is left over says how far off the laps
are from each other.  Reports two minutes apart cut the corners of a small figure, but fall elsewhere in each lap, and
together show it whole.  A ferry's way has no width; a trawl, a survey or a wait does not come back at the same pace.
"""

from __future__ import annotations

import numpy as np

from clearwake.detect.falsification.circle import NOISE_M, Figures, flat, lifted
from clearwake.detect.falsification.trail import SLOT_MS, Spans, Trail
from clearwake.detect.step import Ints
from clearwake.sphere import EARTH_RADIUS_M, Floats, interpolate

SMALLEST_M, NEAREST = 250.0, 0.1
"""A figure's size (root mean square from its middle) at least, and its width against its length: a ferry's way there
and back has none."""

AGAIN, AGAIN_M = 0.004, 25.0
"""Laps are one figure if reports lie within this share of its size, at most so many metres, and ``NOISE_M`` east and
north, of one curve.  Ferries, pilots and survey ships that go round and round are 60 m and more off."""

STOPS = 0.35
"""A ship whose slowest tenth of steps is under this share of its usual pace stops on its round, as harbour ferries do
that keep to the minute."""

LEAST_LAPS, MOST_LAPS = 1.6, 10.0
"""In one window; of figures sailed round faster than in ten minutes two reports in a slot show nothing."""

HARMONICS, COARSE = 12, 2
"""Enough for a racetrack four times as long as wide; fewer where reports are fewer: two for each number fitted.  A
period is looked for with two, as an eight has."""

FINER = (1.0, 0.25, 0.0625)
"""How far around the likeliest period it is looked for more finely, in steps of the coarse search."""

RESEMBLES = 0.3
"""A window whose reports are farther than this share of its size off the best coarse curve has no period."""

LIKELY = 0.45
"""A period is tried if places one period apart lie, on the whole, within this share of the figure's size."""

TRIED = 3
"""So many of the likeliest periods are tried."""

LEAST_REPORTS = 14


def figures(t: Trail, s: Spans) -> Figures:
    """Find a time after which each window's ship is back where it was, at every moment of the window.

    Only windows heard in most slots; periods worth trying are found on places interpolated at each slot.
    """
    if not s.first.size:
        return _none(0)
    groups = _alike(t, s)
    parts = [_repeated(t, Spans(s.first[p], s.last[p])) for p in groups]
    order = np.argsort(np.concatenate(groups), kind="stable")
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
    found = _none(s.first.size)
    if slots < LEAST_REPORTS:
        return found
    which, at, start = s.pair
    middle, east, north = flat(t, which, at, start)
    size, width = _size(east, north, start)
    wide = np.flatnonzero((size >= SMALLEST_M) & (width >= NEAREST) & (s.last - s.first + 1 >= LEAST_REPORTS))
    apart = _apart(_grid(t, Spans(s.first[wide], s.last[wide]), slots))
    for row, window in enumerate(wide.tolist()):
        lags = _likely(apart[row], LIKELY * size[window])
        if not lags.size:
            continue
        rows = slice(int(start[window]), int(start[window] + s.last[window] - s.first[window] + 1))
        minutes = (t.ms[at[rows]] - t.ms[at[rows.start]]) / 60_000.0
        if _stops(minutes, east[rows], north[rows]):
            continue
        period_min, off_m = _best(minutes, east[rows], north[rows], lags)
        laps = minutes[-1] / period_min
        near_m = np.sqrt(2.0) * NOISE_M + min(AGAIN * size[window], AGAIN_M)
        found.is_found[window] = off_m <= min(near_m, 0.25 * size[window]) and laps >= LEAST_LAPS
        found.laps[window], found.period_min[window], found.residual_m[window] = laps, period_min, off_m
    found.radius_m[:] = size
    found.middle[:] = lifted(middle, np.zeros(len(middle)), np.zeros(len(middle)))
    return found


def _size(x: Floats, y: Floats, start: Ints) -> tuple[Floats, Floats]:
    """Give how far from the middle each window's reports reach, and their width against their length."""
    n = np.diff(np.append(start, x.size))
    x0, y0 = (np.repeat(np.add.reduceat(v, start) / n, n) for v in (x, y))
    xx, yy, xy = (
        np.add.reduceat(a * b, start) / n for a, b in ((x - x0, x - x0), (y - y0, y - y0), (x - x0, y - y0))
    )
    mean, spread = (xx + yy) / 2.0, np.hypot((xx - yy) / 2.0, xy)
    return np.sqrt(xx + yy), np.sqrt(np.maximum(mean - spread, 0.0) / np.maximum(mean + spread, 1e-9))


def _grid(t: Trail, s: Spans, slots: int) -> Floats:
    """Interpolate the place at each slot of each window: ``(m, slots + 1, 3)``, metres from the Earth's centre."""
    wanted = t.ms[s.first][:, None] + np.arange(slots + 1) * SLOT_MS
    after = np.empty(wanted.shape, np.int64)
    for row, (first, last) in enumerate(zip(s.first, s.last, strict=True)):
        after[row] = first + np.searchsorted(t.ms[first : last + 1], wanted[row])
    after = np.clip(after, s.first[:, None] + 1, s.last[:, None])
    share = (wanted - t.ms[after - 1]) / (t.ms[after] - t.ms[after - 1])
    return interpolate(t.place[after - 1], t.place[after], np.clip(share, 0.0, 1.0)) * EARTH_RADIUS_M


def _apart(grid: Floats) -> Floats:
    """Give how far apart places so many slots apart are, root mean square: ``(m, n, 3) -> (m, lags)``, metres."""
    m, n = grid.shape[:2]
    lags = int((n - 1) / LEAST_LAPS) + 2
    apart = np.full((m, lags + 1), np.nan)
    for k in range(max(int((n - 1) / MOST_LAPS), 2), lags + 1):
        apart[:, k] = np.sqrt(((grid[:, k:] - grid[:, :-k]) ** 2).sum(axis=2).mean(axis=1))
    return apart


def _likely(apart: Floats, within_m: float) -> Ints:
    """Give the lags worth trying: where places come nearest again, the nearest first."""
    inner = apart[1:-1]
    least = np.flatnonzero((inner <= apart[:-2]) & (inner <= apart[2:]) & (inner <= within_m)) + 1
    return least[np.argsort(apart[least], kind="stable")][:TRIED]


def _stops(minutes: Floats, x: Floats, y: Floats) -> bool:
    """Say whether a ship stops, or all but stops, time and again."""
    pace = np.hypot(np.diff(x), np.diff(y)) / np.maximum(np.diff(minutes), 1e-3)
    return bool(np.quantile(pace, 0.1) < STOPS * np.median(pace))


def _best(minutes: Floats, x: Floats, y: Floats, lags: Ints) -> tuple[float, float]:
    """Give the period of the closed curve that fits best, and how far off it the reports are."""
    harmonics = min(HARMONICS, (minutes.size // 2 - 1) // 2)
    limit = RESEMBLES * np.sqrt(x.var() + y.var())
    found = (np.inf, np.inf)
    # Twice a period is a period as well: the shortest that fits about as well is told.
    for lag in np.sort(lags).tolist():
        whole = lag * SLOT_MS / 60_000.0
        # Periods a step apart are out of step by half a radian, for each harmonic, at either end of the window.
        step = whole * whole / (2.0 * np.pi * minutes[-1])
        coarse = np.arange(whole - 3.0, whole + 3.0, step)
        off = _fitted(minutes, x, y, coarse, COARSE)
        if off.min() > limit:
            continue
        at = coarse[off.argmin()]
        for finer in FINER:
            fine = np.arange(at - finer * step, at + 1.01 * finer * step, finer * step / 4.0)
            off = _fitted(minutes, x, y, fine, harmonics)
            at = fine[off.argmin()]
        if off.min() < 0.8 * found[1]:
            found = (float(at), float(off.min()))
    return found


def _fitted(minutes: Floats, x: Floats, y: Floats, periods: Floats, harmonics: int) -> Floats:
    """Fit a closed curve of each period by least squares: ``(p,)`` metres left over, the numbers fitted allowed for."""
    phase = 2.0 * np.pi * minutes / periods[:, None]
    angles = phase[:, :, None] * np.arange(1, harmonics + 1)
    basis = np.concatenate((np.ones((*phase.shape, 1)), np.cos(angles), np.sin(angles)), axis=2)
    seen = np.stack((x, y), axis=1)
    turned = basis.transpose(0, 2, 1)
    curve = np.linalg.solve(turned @ basis + 1e-6 * np.eye(basis.shape[2]), turned @ seen)
    left = seen - basis @ curve
    free = max(minutes.size - basis.shape[2], 1)
    return np.asarray(np.sqrt((left**2).sum(axis=(1, 2)) / free))
