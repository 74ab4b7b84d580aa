"""Both sides silent: two hulls that could have lain together somewhere while neither was heard.

Nobody saw the place, so it is looked for: where would both have had time to spare at once, with the courses before
leading there and the courses after leading from there?  A grid of places is weighed and the best of it looked at more
closely; how sharply one place stands out is part of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.one_silent import steered
from clearwake.whereabouts.unseen.prism import bounds, stay
from clearwake.whereabouts.unseen.search import near_in_time_and_place
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.traces import Ints

LEAST_H = 1.0
"""How long two silent hulls must have had together; a pair that only could have passed each other is no candidate."""

GRID = 15
"""Places across the first grid; it covers what both can reach."""

FINE, ROUNDS = 5, 3
"""Places across the grids around the best place, and how often these shrink, each time by half the spacing."""

APART_SCALE_H = 1.5
"""Ships that meet arrive and leave at about the same time; so many hours apart is e times less likely."""

CHUNK = 4096
"""Pairs weighed at a time: bounds memory."""


@dataclass(frozen=True)
class Met:
    """Where and when two silent hulls fit best: ``n`` pairs."""

    place: Floats
    """``(n, 3)``"""
    radius_m: Floats
    """How widely other places fit nearly as well."""
    start: Floats
    end: Floats
    weight: Floats
    """Logarithm: how much better the best place fits than places at random."""
    share: Floats
    """Logarithm of the part of the looked-at places that fit: small where few would do."""


def picked(met: Met, rows: Ints) -> Met:
    """Keep some of the pairs."""
    return Met(*(getattr(met, name)[rows] for name in Met.__dataclass_fields__))


def candidates(silences: Silences) -> tuple[Ints, Ints]:
    """Find each pair of silences of two hulls whose reaches meet, the lower number first; not two that still last."""
    first, last = stay(silences.left, *silences.ends, silences.speed_kn)
    spare = np.flatnonzero(last - first >= LEAST_H)
    some = silences.pick(spare)
    centre, radius = bounds(*some.ends, some.speed_kn * MARGIN, LEAST_H)
    circles = (centre, radius, some.start, some.end)
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for i, j in near_in_time_and_place(circles, circles, LEAST_H):
        once = (i < j) & (some.track[i] != some.track[j]) & ~(some.is_open[i] & some.is_open[j])
        found.append((i[once], j[once]))
    i, j = (np.concatenate(column) for column in zip(*found, strict=True))
    # Of a pair of equal standing the lower number comes first, as in every table of pairs.
    turned = some.track[i] > some.track[j]
    i, j = np.where(turned, j, i), np.where(turned, i, j)
    order = np.lexsort((j, i))
    return spare[i[order]], spare[j[order]]


MARGIN = 1.15
"""How much faster than usual a hull may have sailed in the dark."""


def placed(silences: Silences, i: Ints, j: Ints) -> Met:
    """Find where and when each pair of silences fits best."""
    parts = [
        _placed(silences.pick(i[k : k + CHUNK]), silences.pick(j[k : k + CHUNK]))
        for k in range(0, max(len(i), 1), CHUNK)
    ]
    return Met(*(np.concatenate([getattr(p, n) for p in parts]) for n in Met.__dataclass_fields__))


def _placed(a: Silences, b: Silences) -> Met:
    n = len(a)
    centre, half_m = _common_circle(a, b)
    grid = _square(GRID)
    places = _around(centre, half_m, grid)
    weights = weighed(a, b, places)
    best, weight = _best(places, weights)
    weight_all = np.where(weights > IMPOSSIBLE / 2, weights, -np.inf)
    spacing = half_m * 2.0 / (GRID - 1)
    for _ in range(ROUNDS):
        near = _around(best, spacing, _square(FINE))
        near_weights = weighed(a, b, near)
        best, weight = _best(near, near_weights)
        spacing = spacing / 2.0
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        odds = np.where(np.isfinite(weight_all), np.exp(np.clip(weight_all - weight[:, None], -700, 50)), 0.0)
    off = sphere.between_m(places, best[:, None])
    total = odds.sum(axis=1) + 1.0
    radius = np.sqrt((odds * off**2).sum(axis=1) / total + (half_m * 2.0 / (GRID - 1) / 2.0) ** 2)
    start, end = together(a, b, best, a.speed_kn, b.speed_kn)
    fits = np.isfinite(weight_all).mean(axis=1) if n else np.empty(0)
    return Met(best, radius, start, end, weight, np.log(np.maximum(fits, 0.5 / grid.shape[0])))


def _common_circle(a: Silences, b: Silences) -> tuple[Floats, Floats]:
    """Give the middle and half the width of what both circles cover: ``(n, 3), (n,)``."""
    (centre_a, radius_a), (centre_b, radius_b) = (
        bounds(*s.ends, s.speed_kn * MARGIN, LEAST_H) for s in (a, b)
    )
    apart = sphere.between_m(centre_a, centre_b)
    # Along the line between the middles the circles cover from ``low`` to ``high``, seen from the first.
    low, high = np.maximum(apart - radius_b, -radius_a), np.minimum(apart + radius_b, radius_a)
    share = np.where(apart > 1.0, (low + high) / 2.0 / np.maximum(apart, 1.0), 0.0)
    middle = sphere.interpolate(centre_a, centre_b, np.clip(share, 0.0, 1.0))
    return middle, np.clip(np.minimum(radius_a, radius_b), 2_000.0, None)


def _square(across: int) -> Floats:
    """Lay a grid over the square from -1 to 1: ``(across ** 2, 2)``."""
    line = np.linspace(-1.0, 1.0, across)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def _around(centre: Floats, half_m: Floats, grid: Floats) -> Floats:
    """Lay grids around places: ``(n, 3), (n,), (g, 2) -> (n, g, 3)``, in the plane that touches the sphere there."""
    axis = np.where(np.abs(centre[:, 2:]) < 0.9, np.array([[0.0, 0.0, 1.0]]), np.array([[1.0, 0.0, 0.0]]))
    east = np.cross(axis, centre)
    east /= sphere.length(east)[:, None]
    north = np.cross(centre, east)
    scale = (half_m / sphere.EARTH_RADIUS_M)[:, None, None]
    here = centre[:, None] + scale * (grid[None, :, :1] * east[:, None] + grid[None, :, 1:] * north[:, None])
    return np.asarray(here / sphere.length(here)[..., None])


def _best(places: Floats, weights: Floats) -> tuple[Floats, Floats]:
    at = np.argmax(weights, axis=1) if len(weights) else np.empty(0, np.int64)
    rows = np.arange(len(places))
    return places[rows, at], weights[rows, at]


def together(a: Silences, b: Silences, place: Floats, kn_a: Floats, kn_b: Floats) -> tuple[Floats, Floats]:
    """Give from when to when both can have been at a place, hours; the second before the first where never."""
    first_a, last_a = stay(place, *a.ends, kn_a)
    first_b, last_b = stay(place, *b.ends, kn_b)
    return np.maximum(first_a, first_b), np.minimum(last_a, last_b)


IMPOSSIBLE = -1e6


def weighed(a: Silences, b: Silences, places: Floats) -> Floats:
    """Say how well places fit as where two silent hulls met: ``(n, g, 3) -> (n, g)``, a logarithm.

    Courses as in ``steered``; both should come and leave at about the same time; and stay for long, since time to
    spare that was not spent together was spent elsewhere.
    """
    total = np.zeros(places.shape[:2])
    times = []
    for one in (a, b):
        wide = _widened(one, places.shape[1])
        flat = places.reshape(-1, 3)
        total += _course_fit(wide, flat).reshape(total.shape)
        first, last = stay(flat, *wide.ends, wide.speed_kn)
        times.append((first.reshape(total.shape), last.reshape(total.shape)))
    (first_a, last_a), (first_b, last_b) = times
    both = np.minimum(last_a, last_b) - np.maximum(first_a, first_b)
    lasts = (a.is_open | b.is_open)[:, None]
    total -= late(np.abs(first_a - first_b)) + late(np.where(lasts, UNKNOWN_H, np.abs(last_a - last_b)))
    return np.where(both >= LEAST_H, total, IMPOSSIBLE)


UNKNOWN_H = 2.0
"""How far apart two departures are taken to be where one of them is not known."""


def late(apart_h: Floats) -> Floats:
    """Weigh how far apart two arrivals are: Laplace, with a share of ships that waited long for the other."""
    return np.asarray(-np.log(0.9 * np.exp(-apart_h / APART_SCALE_H) + 0.1 * np.exp(-apart_h / 8.0)))


def _widened(one: Silences, times: int) -> Silences:
    return one.pick(np.repeat(np.arange(len(one)), times))


def _course_fit(one: Silences, place: Floats) -> Floats:
    to_place = steered(one.before_kn, one.before_deg, one.left, place)
    from_place = steered(one.after_kn, one.after_deg + 180.0, _known_end(one), place)
    return np.asarray(to_place + from_place)


def _known_end(one: Silences) -> Floats:
    """Give where hulls were heard again, or where last heard: no course is known then, so none is compared."""
    return np.where(one.is_open[:, None], one.left, one.back)


def null_fit(one: Silences) -> Floats:
    """Say how well courses fit sailing on from one end of a silence to the other: ``(n,)``, a logarithm."""
    onward = steered(one.before_kn, one.before_deg, one.left, _known_end(one))
    return np.asarray(onward + steered(one.after_kn, one.after_deg + 180.0, _known_end(one), one.left))


def measured(silences: Silences, i: Ints, j: Ints, met: Met) -> dict[str, Floats]:
    """Measure what speaks for and against each pair of silences being a meeting."""
    a, b = silences.pick(i), silences.pick(j)
    (first_a, last_a), (first_b, last_b) = (stay(met.place, *s.ends, s.speed_kn) for s in (a, b))
    # A hull not heard again may have left at any time: its stay is taken to end with the other's.
    last_a, last_b = np.where(a.is_open, last_b, last_a), np.where(b.is_open, last_a, last_b)
    both = np.maximum(np.minimum(last_a, last_b) - np.maximum(first_a, first_b), 0.0)
    spared_a, spared_b = np.maximum(last_a - first_a, 0.0), np.maximum(last_b - first_b, 0.0)
    features = {
        "overlap": both / np.maximum(spared_a + spared_b - both, 0.25),
        "off_start_h": np.abs(first_a - first_b),
        "off_end_h": np.where(a.is_open | b.is_open, np.nan, np.abs(last_a - last_b)),
        "is_open": (a.is_open | b.is_open).astype(np.float64),
        "both_h": both,
        "fit": _course_fit(a, met.place) + _course_fit(b, met.place),
        "null": null_fit(a) + null_fit(b),
        "few": -met.share,
        "radius_km": met.radius_m / 1000.0,
    }
    for side, one in (("a", a), ("b", b)):
        direct = stay(one.left, *one.ends, one.speed_kn)
        features |= {
            f"slack_share_{side}": (direct[1] - direct[0]) / one.lasts_h, f"lasts_h_{side}": one.lasts_h,
            f"before_kn_{side}": one.before_kn, f"after_kn_{side}": one.after_kn,
            f"together_{side}": np.log1p(one.together), f"coast_{side}": np.log1p(one.coast_km),
            f"harbour_{side}": np.log1p(one.harbour_km),
        }  # fmt: skip
    return features
