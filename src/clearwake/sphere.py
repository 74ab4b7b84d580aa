"""Distance, bearing and interpolation on the sphere: the only place that knows antimeridian and poles.

Everything goes through three-dimensional unit vectors, so that no other module ever subtracts two longitudes.
Arrays in, arrays out; longitudes and latitudes are WGS 84 degrees, lon before lat.  The sphere has the mean
radius of the Earth; against the ellipsoid distances are off by at most 0.6 %.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (2a + b) / 3 of WGS 84."""

NAUTICAL_MILE_M = 1852.0
KNOT_M_PER_S = NAUTICAL_MILE_M / 3600.0

_SMALLEST_CUBE = 2e-5
"""Edge of the smallest cubes points are sorted into: 127 m, so that cube and group fit into one number."""
_PAIRS_AT_ONCE = 4_000_000
_AT_ONCE = 32_768
"""Rows of long columns worked on at a time, so that what lies between stays in the processor's cache."""


def on_globe(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Bring longitudes into [-180, 180) and tell which positions are on the globe at all.

    Returns:
        lon and lat with 0 for positions that are no number or beyond a pole, and which are none of these:
        ``(n,), (n,), (n,)``.
    """
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    is_on = np.isfinite(lon) & (np.abs(lat) <= 90.0)
    if not is_on.all():
        lon, lat = np.where(is_on, lon, 0.0), np.where(is_on, lat, 0.0)
    if not ((lon >= -180.0) & (lon < 180.0 - 5e-10)).all():
        # To a tenth of a millimetre, so that the antimeridian is one line however often the globe was gone round.
        lon = (np.round(lon, 9) + 180.0) % 360.0 - 180.0
    return lon, lat, is_on


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Turn degrees into unit vectors: ``(n,), (n,) -> (n, 3)``, each coordinate's column in one piece of memory."""
    lam, phi = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if lam.ndim != 1 or lam.shape != phi.shape or lam.size <= _AT_ONCE:
        return np.moveaxis(_xyz(lam, phi), 0, -1)
    found = np.empty((3, lam.size))
    for start in range(0, lam.size, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found[:, part] = _xyz(lam[part], phi[part])
    return np.moveaxis(found, 0, -1)


def _xyz(lon: Floats, lat: Floats) -> Floats:
    lam, phi = np.radians(lon), np.radians(lat)
    level = np.cos(phi)
    return np.stack((level * np.cos(lam), level * np.sin(lam), np.sin(phi)))


def lonlat(vectors: Floats) -> tuple[Floats, Floats]:
    """Turn vectors of any length back into degrees: ``(n, 3) -> (n,), (n,)``; lon in [-180, 180]."""
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def chord_m(apart_m: ArrayLike) -> Floats:
    """Turn a distance over the ground into the straight-line distance between unit vectors (times 1)."""
    return np.asarray(2.0 * np.sin(np.asarray(apart_m, np.float64) / (2.0 * EARTH_RADIUS_M)))


def arc_m(chord: ArrayLike) -> Floats:
    """Turn a straight-line distance between unit vectors into metres over the ground."""
    half = np.minimum(np.asarray(chord, np.float64) / 2.0, 1.0)
    return np.asarray(2.0 * EARTH_RADIUS_M * np.arcsin(half))


def length(vectors: Floats) -> Floats:
    """Give the lengths of vectors: ``(n, 3) -> (n,)``.

    Added in a fixed order: library sums of squares differ in the last bit with memory layout and number of rows.
    """
    x, y, z = vectors[..., 0], vectors[..., 1], vectors[..., 2]
    return np.asarray(np.sqrt(x * x + y * y + z * z))


def steps(vectors: Floats) -> Floats:
    """Give the straight-line distance from the row before to each row, 0 for the first: ``(n, 3) -> (n,)``."""
    found = np.zeros(len(vectors))
    for start in range(1, len(vectors), _AT_ONCE):
        end = min(start + _AT_ONCE, len(vectors))
        found[start:end] = length(vectors[start:end] - vectors[start - 1 : end - 1])
    return found


def between_m(a: Floats, b: Floats) -> Floats:
    """Give great-circle distances between unit vectors: ``(n, 3), (n, 3) -> (n,)`` metres."""
    return arc_m(length(a - b))


def distance_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Give great-circle distances in metres; accurate to a millimetre for close pairs, also at the poles."""
    return between_m(unit_vectors(lon_a, lat_a), unit_vectors(lon_b, lat_b))


def bearing_deg(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Give initial great-circle bearings from a to b, degrees clockwise from north in [0, 360)."""
    lam = np.radians(np.asarray(lon_b, np.float64) - np.asarray(lon_a, np.float64))
    phi_a, phi_b = np.radians(np.asarray(lat_a, np.float64)), np.radians(np.asarray(lat_b, np.float64))
    east = np.sin(lam) * np.cos(phi_b)
    north = np.cos(phi_a) * np.sin(phi_b) - np.sin(phi_a) * np.cos(phi_b) * np.cos(lam)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)


def destination(
    lon: ArrayLike, lat: ArrayLike, course_deg: ArrayLike, travelled_m: ArrayLike
) -> tuple[Floats, Floats]:
    """Give where a great circle of this initial course and length ends: degrees, lon in [-180, 180]."""
    phi, course = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(course_deg, np.float64))
    lam, arc = np.radians(np.asarray(lon, np.float64)), np.asarray(travelled_m, np.float64) / EARTH_RADIUS_M
    here = unit_vectors(lon, lat)
    north = np.stack((-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)), axis=-1)
    east = np.stack((-np.sin(lam), np.cos(lam), np.zeros_like(lam)), axis=-1)
    heading = north * np.cos(course)[..., None] + east * np.sin(course)[..., None]
    return lonlat(here * np.cos(arc)[..., None] + heading * np.sin(arc)[..., None])


def interpolate(a: Floats, b: Floats, fraction: ArrayLike) -> Floats:
    """Give unit vectors on the way from a (fraction 0) to b (1): ``(n, 3), (n, 3), (n,) -> (n, 3)``.

    Chord interpolation, renormalised: it never leaves the great circle, and along it is off by at most
    0.4 m on an arc of 100 km and a millimetre on one of 13 km (the error grows with the cube).
    """
    f = np.asarray(fraction, np.float64)[..., None]
    mixed = a + (b - a) * f
    return np.asarray(mixed / length(mixed)[..., None])


def midpoint(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> tuple[Floats, Floats]:
    """Give the points half way between pairs of points, degrees."""
    return lonlat(unit_vectors(lon_a, lat_a) + unit_vectors(lon_b, lat_b))


def pairs_within(vectors: Floats, apart_m: float, group: Ints | None = None) -> tuple[Ints, Ints]:
    """Find every pair of points at most so far apart: ``(n, 3) -> (m,), (m,)`` row numbers, each pair once, unordered.

    Points are sorted into cubes as wide as the distance, and each is held against those in its own and half of the
    neighbouring cubes; so the antimeridian and the poles are places like any other.

    Args:
        vectors: Unit vectors.
        apart_m: Largest distance over the ground, in metres.
        group: Only points of the same group are paired: ``(n,)`` whole numbers from 0 to 4,000 at most.
    """
    chord = float(chord_m(apart_m))
    edge = max(chord * (1.0 + 1e-9), _SMALLEST_CUBE)
    wide = int(2.0 / edge) + 4
    cube = np.floor((vectors + 1.0) / edge).astype(np.int64) + 1
    key = cube[:, 2] if group is None else np.asarray(group, np.int64) * wide + cube[:, 2]
    key = (key * wide + cube[:, 1]) * wide + cube[:, 0]
    order = np.argsort(key, kind="stable")
    key, places = key[order], np.ascontiguousarray(vectors[order])
    found = [_close(places, chord, *_ahead(key, wide, *row)) for row in _ROWS_OF_CUBES]
    low, high = (order[np.concatenate(side)] for side in zip(*found, strict=True))
    return low, high


_ROWS_OF_CUBES = ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))
"""Rows of three cubes along x, by steps in z and y, that with a point's own hold each pair of neighbours once."""


def _ahead(key: Ints, wide: int, z: int, y: int) -> tuple[Ints, Ints]:
    """Give for each sorted point where its candidates in one row of cubes begin and how many there are."""
    away = (z * wide + y) * wide
    begin = np.searchsorted(key, key + away - 1) if away else np.arange(1, key.size + 1)
    return begin, np.maximum(np.searchsorted(key, key + away + 1, side="right") - begin, 0)


def _close(places: Floats, chord: float, begin: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Keep the candidates that are close enough, some at a time so that a crowd does not fill the memory."""
    low, high = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    total = np.cumsum(count)
    pieces = np.searchsorted(total, np.arange(0, int(total[-1]) if total.size else 0, _PAIRS_AT_ONCE))
    for first, last in itertools.pairwise(np.unique([*pieces.tolist(), count.size])):
        part = slice(first, last)
        a = np.repeat(np.arange(first, last), count[part])
        b = np.arange(a.size) + np.repeat(begin[part] - np.cumsum(count[part]) + count[part], count[part])
        near = length(places[a] - places[b]) <= chord
        low.append(a[near])
        high.append(b[near])
    return np.concatenate(low), np.concatenate(high)
