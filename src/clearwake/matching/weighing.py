"""How much each ship a hull may be weighs, against the hull being nobody's whose AIS was heard.

A scene is weighed as a whole in every way in which radar may have displaced it; what most of its ships agree on counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearwake.matching import doppler
from clearwake.matching.candidates import GATE, LARGEST_TOLERANCE_M, Hulls, Pairs
from clearwake.matching.course import Tracks, axes, beyond_m
from clearwake.matching.doppler import Geometry, Way
from clearwake.matching.likeness import log_place
from clearwake.sphere import EARTH_RADIUS_M, Floats

Ints = NDArray[np.int64]

MOVING_M_PER_S = 1.0
"""Slower ships are not displaced farther than places are doubtful anyway."""

SCALES = (0.25, 0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 2.6, 3.3)
"""How many times the stated or usual error the error of a provider's places may be."""

SCALE_SPREAD = 0.5

LEAST_PER_M2 = 1e-9
"""Where nothing lies: one hull in a thousand square kilometres."""

BEYOND, SLACK_M = 4.0, 40.0
"""A hull may lie so much farther than a ship could reach, and its own error: clocks, and antennas at the stern."""

_MOST = 60.0
_LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class Offsets:
    """Of each pair: how far the hull is from the ship, how the ship moves, and every doubt; metres and seconds."""

    east: Floats
    north: Floats
    speed_east: Floats
    speed_north: Floats
    doubt_m: Floats
    """Of the ship's place and of its antenna against its middle."""
    error_m: Floats
    """Of the hull's place."""
    speed_doubt: Floats
    beyond_m: Floats
    """How far the hull is beyond what the ship could reach."""
    flight_deg: Floats
    side: Floats
    lag_s: Floats

    @property
    def speed(self) -> Floats:
        """Metres a second."""
        return np.hypot(self.speed_east, self.speed_north)


def offsets(pairs: Pairs, hulls: Hulls, tracks: Tracks, antenna_m: Floats, looked: Geometry) -> Offsets:
    """Measure pairs: ``looked: (n,)`` of hulls, ``antenna_m: (k,)`` of pairs."""
    place, error_m = hulls.place, hulls.error_m
    at = pairs.at
    east, north = axes(at.place)
    away = (place[pairs.hull] - at.place) * EARTH_RADIUS_M
    bridge_s = np.where(np.isfinite(at.gap_s), at.gap_s / 4.0, at.age_s)
    speed = np.linalg.norm(at.velocity, axis=1)
    return Offsets(
        east=(away * east).sum(axis=1),
        north=(away * north).sum(axis=1),
        speed_east=(at.velocity * east).sum(axis=1),
        speed_north=(at.velocity * north).sum(axis=1),
        doubt_m=np.hypot(at.doubt_m, antenna_m),
        error_m=error_m[pairs.hull],
        speed_doubt=0.3 + speed * (0.08 + 0.3 * np.minimum(bridge_s / 900.0, 1.0)),
        beyond_m=beyond_m(tracks, at, place[pairs.hull], hulls.ms[pairs.hull]),
        flight_deg=looked.flight_deg[pairs.hull],
        side=looked.side[pairs.hull],
        lag_s=np.where(looked.is_radar, looked.lag_s, 0.0)[pairs.hull],
    )


@dataclass(frozen=True)
class Measured:
    """Pairs as one way of displacement has them."""

    log_density: Floats
    """Log of the density per square metre; minus infinity beyond the gate."""
    shift_m: Floats
    along_m: Floats
    """From where the ship's image was expected to the hull, along the flight path."""
    across_m: Floats
    tolerance_m: Floats
    """In the direction of the hull."""


def measured(rows: Offsets, way: Way, scale: Floats) -> Measured:
    """Measure pairs in one way of displacement: ``scale: (k,)`` times the error of the hull."""
    flight = rows.flight_deg if way.flight_deg is None else np.full(rows.east.size, way.flight_deg)
    is_known = np.isfinite(flight)
    flight = np.where(is_known, flight, 0.0)
    lag = rows.lag_s * way.share
    shift = np.where(
        is_known, doppler.shift_m(flight, rows.side, lag, rows.speed_east, rows.speed_north), 0.0
    )
    angle = np.radians(flight)
    along = rows.east * np.sin(angle) + rows.north * np.cos(angle) - shift
    across = rows.east * np.cos(angle) - rows.north * np.sin(angle)
    level = rows.doubt_m**2 + (rows.error_m * scale) ** 2
    loose = np.where(is_known & (not way.is_loose), 0.0, 0.5 * rows.lag_s * rows.speed) ** 2
    steep = level + loose + (lag * rows.speed_doubt) ** 2
    flat = level + loose
    squared = along**2 / steep + across**2 / flat
    apart = np.hypot(along, across)
    # The reach in the direction of the hull: where the squared distance comes to the gate's.
    with np.errstate(divide="ignore", invalid="ignore"):
        tolerance = np.where(squared > 0, GATE * apart / np.sqrt(squared), GATE * np.sqrt(flat))
    tolerance = np.minimum(tolerance, LARGEST_TOLERANCE_M + GATE * rows.error_m * scale)
    can_be = rows.beyond_m <= BEYOND * np.hypot(rows.error_m * scale, SLACK_M) + 1.3 * rows.lag_s * rows.speed
    density = log_place(squared, 0.5 * (np.log(steep) + np.log(flat)), rows.doubt_m**2 / flat)
    return Measured(
        np.where((apart <= tolerance) & can_be, density, -np.inf), shift, along, across, tolerance
    )


def log_likelihood(log_weight: Floats, hull: Ints, hulls: int) -> Floats:
    """Give for each hull the log of 1 (nobody) and all its ships: ``(k,), (k,) -> (hulls,)``."""
    return np.asarray(np.log1p(np.bincount(hull, np.exp(np.minimum(log_weight, _MOST)), hulls)))


def scales(rows: Offsets, log_other: Floats, hull: Ints, group: Ints, is_radar: Floats) -> Floats:
    """Find how many times the stated error each provider's places are off: ``group: (n,) -> (n,)``.

    The scale that makes most of its hulls agree with ships; few hulls leave it near 1.
    """
    n = group.size
    groups = int(group.max(initial=-1)) + 1
    way = Way("", 1.0, None, 0.0, is_loose=True) if is_radar.any() else Way("", 1.0, None, 0.0)
    told = np.empty((len(SCALES), groups))
    for at, scale in enumerate(SCALES):
        density = measured(rows, way, np.full(rows.east.size, scale)).log_density
        each = log_likelihood(density + log_other, hull, n)
        told[at] = np.bincount(group, each, groups) - 0.5 * (np.log(scale) / SCALE_SPREAD) ** 2
    return np.asarray(np.array(SCALES)[told.argmax(axis=0)][group], np.float64)


def weighed(
    rows: Offsets, log_other: Floats, hull: Ints, scene: Ints, scale: Floats
) -> tuple[Floats, Measured, list[str]]:
    """Weigh pairs in all ways their scene (or pass) may be displaced: ``scene, scale: (n,)`` of hulls.

    Returns:
        The weight of each pair against nobody, the pairs as the likeliest way of their scene has them, and the name
        of that way for each hull.
    """
    n = scene.size
    radar = np.zeros(n, np.bool_)
    radar[hull[rows.lag_s > 0]] = True
    flown = np.zeros(n, np.bool_)
    flown[hull[np.isfinite(rows.flight_deg)]] = True
    weight = np.zeros(rows.east.size)
    names = ["not displaced"] * n
    best = measured(rows, Way("", 1.0, None, 0.0), scale[hull])
    for kind in ((False, False), (True, True), (True, False)):
        chosen = (radar == kind[0]) & ((flown == kind[1]) | (not kind[0]))
        pairs = np.flatnonzero(chosen[hull])
        if pairs.size:
            options = doppler.ways(is_radar=kind[0], is_known=kind[1])
            part = _Part(rows, log_other, hull, scene, scale[hull], pairs)
            weight[pairs] = part.weigh(options, best, names)
    return weight, best, names


@dataclass(frozen=True)
class _Fast:
    """The pairs that displacement matters for: of ships that move."""

    rows: Offsets
    scale: Floats
    other: Floats

    def weight(self, way: Way) -> Floats:
        """Give their weights in one way of displacement."""
        log_weight = measured(self.rows, way, self.scale).log_density + self.other
        return np.asarray(np.exp(np.minimum(log_weight, _MOST)))


@dataclass
class _Part:
    """The pairs of scenes that share their ways of being displaced."""

    rows: Offsets
    log_other: Floats
    hull: Ints
    scene: Ints
    scale: Floats
    pairs: Ints

    def weigh(self, options: list[Way], best: Measured, names: list[str]) -> Floats:
        """Give the weights of the pairs; ``best`` and ``names`` are changed in place for them."""
        rows = _taken(self.rows, self.pairs)
        scale, hull, other = self.scale[self.pairs], self.hull[self.pairs], self.log_other[self.pairs]
        hulls, at = np.unique(hull, return_inverse=True)
        _, scene = np.unique(self.scene[hulls], return_inverse=True)
        scenes = int(scene.max()) + 1
        base = np.exp(np.minimum(measured(rows, options[0], scale).log_density + other, _MOST))
        moving = np.flatnonzero(rows.speed > MOVING_M_PER_S)
        fast = _Fast(_taken(rows, moving), scale[moving], other[moving])
        lying = np.bincount(at, np.where(rows.speed > MOVING_M_PER_S, 0.0, base), hulls.size)
        told = np.empty((len(options), scenes))
        for number, way in enumerate(options):
            each = np.log1p(lying + np.bincount(at[moving], fast.weight(way), hulls.size))
            told[number] = np.bincount(scene, each, scenes) + np.log(way.prior)
        share = np.exp(told - told.max(axis=0))
        share /= share.sum(axis=0)
        which = share.argmax(axis=0)
        self._settle(options, which[scene[at]], best)
        for row, option in zip(hulls, which[scene], strict=True):
            names[row] = options[option].name
        mixed = np.zeros(moving.size)
        for option in np.flatnonzero(share.max(axis=1) > _LEAST_SHARE):
            mixed += share[option, scene[at[moving]]] * fast.weight(options[option])
        base[moving] = mixed
        return base

    def _settle(self, options: list[Way], which: Ints, best: Measured) -> None:
        for number in np.unique(which):
            pairs = self.pairs[which == number]
            found = measured(_taken(self.rows, pairs), options[number], self.scale[pairs])
            for name in Measured.__dataclass_fields__:
                getattr(best, name)[pairs] = getattr(found, name)


def _taken(rows: Offsets, at: Ints) -> Offsets:
    return Offsets(*(getattr(rows, name)[at] for name in Offsets.__dataclass_fields__))
