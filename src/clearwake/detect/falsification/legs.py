"""Even legs: in how many of them two ways, one sailed later and elsewhere, are the same.

The later way is held against the earlier one at the later one's own reporting times, between the earlier one's
reports.  What receivers err decides how closely they can agree, and how closely they agree decides what is a leg: a
stretch sailed at one course and speed to within twice that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.detect.falsification.copies import GAP_MS
from clearwake.detect.step import Bools, milliseconds
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, unit_vectors

OFF_M = 45.0
"""A copy is at most so far off its original (root mean square)."""

FIRST_OFF_M = 3.0 * OFF_M
"""At first, wild reports and the ends of what is alike among them."""

LOOSE_M = 60.0
"""Single reports may be so far off, or three times what all are."""

LEG_M = 20.0
"""No leg is told finer than this."""

LEGS = 5
"""So many legs are nobody's but the one ship's.  Real ships agree in two; ships on one lane, with one corner and a
port at its end, in three or four."""

REPORTS, LASTS_MS = 25, 60 * 60_000
FEWEST = 15
"""Reports that a first fit needs."""

SLOWEST_KN = 1.0
"""Reports of a ship that lies still or drifts make no legs."""

TRIES, IN_STEP_MS = 6, 50.0
FARTHEST_MS = 90_000.0
"""By how much one try may move one way against the other in time."""


@dataclass(frozen=True)
class Way:
    """What one track reported, in order of time."""

    rows: pl.DataFrame

    @property
    def ms(self) -> Floats:
        """Times, milliseconds."""
        return milliseconds(self.rows["time"]).astype(np.float64)

    def between(self, first_ms: float, last_ms: float) -> Way:
        """Give what was reported in a span."""
        ms = self.ms
        return Way(self.rows.filter(pl.Series((ms >= first_ms) & (ms <= last_ms))))

    def nearest(self, ms: float) -> tuple[float, float, float]:
        """Give the reported place nearest in time to a moment: a unit vector."""
        x, y, z = self.rows.select("x", "y", "z").row(int(np.abs(self.ms - ms).argmin()))
        return x, y, z

    @property
    def lon(self) -> Floats:
        """Degrees."""
        return self.rows["lon"].to_numpy()

    @property
    def lat(self) -> Floats:
        """Degrees."""
        return self.rows["lat"].to_numpy()


@dataclass(frozen=True)
class Agreement:
    """In what a later way is an earlier one laid elsewhere."""

    ms: Floats
    """When the later one reported, where the two agree."""

    later_ms: float
    legs: int
    off_m: float
    wander_m: float

    @property
    def is_copy(self) -> bool:
        """Say whether the two have more legs in common than two ships have by chance."""
        return self.legs >= LEGS


Flat = Callable[[Way], Floats]
"""Lays a way flat, in metres east and north."""


def agreement(a: Way, b: Way, later_ms: float, first_ms: float, last_ms: float) -> Agreement | None:
    """Hold what b reported between two moments, and then before and after, against what a did some time earlier.

    Args:
        a: The earlier way.
        b: The later way.
        later_ms: By about how much it is later.
        first_ms: From when on it looks like the earlier one.
        last_ms: Until when.
    """
    seen = b.between(first_ms, last_ms)
    tries = [(_fitted(a, seen, later_ms, flat), flat) for flat in _frames(a, seen, later_ms)]
    fits = [(fit, flat) for fit, flat in tries if fit]
    if not fits:
        return None
    fit, (flat_a, flat_b) = min(fits, key=lambda f: f[0].off_m)
    if fit.off_m > FIRST_OFF_M:
        return None
    for _ in range(2):
        whole = _stretched(a, b, fit, (flat_a, flat_b), (first_ms, last_ms))
        again = _fitted(a, whole, fit.later_ms, (flat_a, flat_b))
        if again is None:
            return None
        fit = again
    return None if fit.off_m > OFF_M else _counted(whole, fit)


@dataclass(frozen=True)
class _Fit:
    later_ms: float
    heard: Bools
    gap: Floats
    """Of the later way's reports from the earlier way, about their mean: ``(n, 2)`` metres."""

    of: Floats
    """Where the earlier way was: ``(n, 2)`` metres."""

    by: Floats

    @property
    def off_m(self) -> float:
        return float(np.sqrt((self.gap[self.heard] ** 2).sum(axis=1).mean()))


def _frames(a: Way, b: Way, later_ms: float) -> list[tuple[Flat, Flat]]:
    """Give how two ways may be laid flat: by degrees added to each, or by metres on the ground."""
    middle = [(float(np.median(w.lon)), float(np.median(w.lat)))
              for w in (a.between(b.ms[0] - later_ms, b.ms[-1] - later_ms), b) if w.rows.height]  # fmt: skip
    if len(middle) < 2:
        return []
    of, by = middle
    level = float(np.cos(np.radians(of[1])))
    return [
        (lambda w: _by_degrees(w, of, level), lambda w: _by_degrees(w, by, level)),
        (lambda w: _on_the_ground(w, of), lambda w: _on_the_ground(w, by)),
    ]


def _by_degrees(w: Way, middle: tuple[float, float], level: float) -> Floats:
    east = np.radians((w.lon - middle[0] + 180.0) % 360.0 - 180.0) * level
    return np.stack((east, np.radians(w.lat - middle[1])), axis=-1) * EARTH_RADIUS_M


def _on_the_ground(w: Way, middle: tuple[float, float]) -> Floats:
    lam, phi = np.radians(middle)
    east = np.array([-np.sin(lam), np.cos(lam), 0.0])
    north = np.array([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)])
    place = unit_vectors(w.lon, w.lat)
    return np.stack((place @ east, place @ north), axis=-1) * EARTH_RADIUS_M


def _between(ms: Floats, flat: Floats, at_ms: Floats) -> tuple[Floats, Bools]:
    """Give where a way was at moments, and whether it was heard around then."""
    after = np.clip(np.searchsorted(ms, at_ms), 1, ms.size - 1)
    wide = np.maximum(ms[after] - ms[after - 1], 1.0)
    share = (at_ms - ms[after - 1]) / wide
    place = flat[after - 1] + (flat[after] - flat[after - 1]) * np.clip(share, 0.0, 1.0)[:, None]
    return place, np.asarray((share >= 0.0) & (share <= 1.0) & (wide <= GAP_MS))


def _fitted(a: Way, b: Way, later_ms: float, flat: tuple[Flat, Flat]) -> _Fit | None:
    """Find by how much one way is later: the gap between two ways out of step goes with their speed."""
    if a.rows.height < 2 or not b.rows.height:
        return None
    ms, at = a.ms, b.ms
    of, by = flat[0](a), flat[1](b)
    for _ in range(TRIES):
        place, heard = _between(ms, of, at - later_ms)
        if heard.sum() < FEWEST:
            return None
        before, after = (_between(ms, of, at - later_ms + s)[0] for s in (-30_000.0, 30_000.0))
        speed = (after - before) / 60_000.0
        speed -= speed[heard].mean(axis=0)
        gap = by - place
        gap -= gap[heard].mean(axis=0)
        step = -float((gap[heard] * speed[heard]).sum()) / max(float((speed[heard] ** 2).sum()), 1e-12)
        if abs(step) < IN_STEP_MS:
            break
        later_ms += float(np.clip(step, -FARTHEST_MS, FARTHEST_MS))
    return _Fit(later_ms, heard, gap, place, by)


def _stretched(a: Way, b: Way, fit: _Fit, flat: tuple[Flat, Flat], span: tuple[float, float]) -> Way:
    """Give what the later way reported as long as it keeps to the earlier one, single wild reports left out."""
    place, heard = _between(a.ms, flat[0](a), b.ms - fit.later_ms)
    gap, ms = flat[1](b) - place, b.ms
    seen = heard & (ms >= span[0]) & (ms <= span[1])
    gap -= np.median(gap[seen], axis=0)
    keeps = np.flatnonzero(heard & (np.hypot(gap[:, 0], gap[:, 1]) <= max(LOOSE_M, 3.0 * fit.off_m)))
    if not keeps.size:
        return Way(b.rows.clear())
    run = np.cumsum(
        (np.diff(keeps, prepend=keeps[0]) > 3) | (np.diff(ms[keeps], prepend=ms[keeps[0]]) > GAP_MS)
    )
    chosen = np.bincount(run, weights=seen[keeps]).argmax()
    return Way(b.rows[keeps[run == chosen]])


def _counted(b: Way, fit: _Fit) -> Agreement | None:
    ms, of, by = (x[fit.heard] for x in (b.ms, fit.of, fit.by))
    stride = np.hypot(*np.diff(of, axis=0).T) / np.maximum(np.diff(ms), 1.0) * 1000.0
    sails = np.flatnonzero(_smoothed(stride) >= SLOWEST_KN * KNOT_M_PER_S)
    if not sails.size:
        return None
    under_way = slice(sails[0], sails[-1] + 2)
    ms, of, by = ms[under_way], of[under_way], by[under_way]
    if ms.size < REPORTS or ms[-1] - ms[0] < LASTS_MS:
        return None
    close_m = max(LEG_M, 2.0 * fit.off_m)
    alike = min(legs(ms, of, close_m), legs(ms, by, close_m))
    return Agreement(ms, fit.later_ms, alike, fit.off_m, off_a_line_m(ms, of))


def _smoothed(speed: Floats) -> Floats:
    """Give the mean of five in a row: what receivers err is no motion."""
    return np.convolve(np.pad(speed, 2, mode="edge"), np.full(5, 0.2), mode="valid")


def legs(ms: Floats, flat: Floats, close_m: float) -> int:
    """Count the even legs of a way, each as long as it can be; what is left at its end is one of them too.

    A turn between two reports may make a short leg of its own.

    Args:
        ms: When, ``(n,)``.
        flat: Where, ``(n, 2)`` metres.
        close_m: What is so far off (root mean square) one course and speed is still one leg.
    """
    count, first, last = 0, 0, ms.size - 1
    while first < last:
        count, first = count + 1, _leg_end(ms, flat, first, close_m)
    return count


def _leg_end(ms: Floats, flat: Floats, first: int, close_m: float) -> int:
    """Give where the leg that begins at a report ends: ever longer strides while they are even, then ever shorter."""
    last = ms.size - 1
    end, step, is_even = first + 1, 1, True
    while step:
        until = min(end + step, last)
        is_longer = until > end and off_a_line_m(ms[first : until + 1], flat[first : until + 1]) <= close_m
        is_even = is_even and is_longer
        end = until if is_longer else end
        step = 2 * step if is_even else step // 2
    return end


def off_a_line_m(ms: Floats, flat: Floats) -> float:
    """Give how far places are from one line sailed at one speed: root mean square."""
    time = ms - ms.mean()
    rest = flat - flat.mean(axis=0)
    rest = rest - np.outer(time, time @ rest / max(float(time @ time), 1e-9))
    return float(np.sqrt((rest**2).sum(axis=1).mean()))
