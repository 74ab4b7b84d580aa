"""Build the tree of cells that answers where land is and how far the coast is.

Cells of a quarter degree; where a coast runs, or where the distance cannot be had from a cell's corners, five by
five cells of 0.05 degrees; where that is not enough, five by five of 0.01 degrees.  A cell without a coast is all
sea or all land.  Distances are kept at the corners of cells and are interpolated between them.

How wrong that can be.  The distance to the coast changes by at most one kilometre per kilometre, so between the
corners of a cell of 0.01 degrees (1.11 km) interpolation is wrong by at most half a diagonal, 0.79 km.  A larger
cell is kept only if interpolation between its corners gives the true distance within 0.15 km at every corner of
the 0.01 degree grid in it, or of a coarser one farther from the coast, where the distance bends little.  Rounding
adds 0.05 km.  ``scripts/measure_places.py`` measures what is left; ``docs/places.md`` has the figures.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

FAN = 5
COARSE_DEG, MIDDLE_DEG, FINE_DEG = 0.25, 0.05, 0.01
UNIT_KM = 0.1
TOLERANCE_KM = 0.15
SEA, LAND, FINER = 0, 1, 2
FAR_FROM_COAST_KM = 100.0
"""From here on a coarse cell may be kept, if it fits at the corners of all its middle cells."""
OPEN_SEA_KM = 500.0
"""From here on a coarse cell is judged by the middles of its sides and its own."""
OFF_COAST_KM = 25.0
"""From here on a middle cell is judged by the middles of its sides and its own, nearer by all its fine corners."""
NEAR_KM = 20.0
"""Nearer than this, several pieces of coast are measured exactly, not only the one whose middle is nearest."""


@dataclass(frozen=True)
class Pieces:
    """The coast in pieces of at most 0.01 degrees: ``(n, 2)`` degrees each."""

    a: Floats
    b: Floats


def pieces_of(lines: list[Floats]) -> Pieces:
    """Cut lines into pieces; cuts along the antimeridian and through the pole are no coast."""
    a = np.concatenate([line[:-1] for line in lines])
    b = np.concatenate([line[1:] for line in lines])
    cut = ((np.abs(a) == 180.0) & (np.abs(b) == 180.0))[:, 0] | (a[:, 1] <= -90.0) | (b[:, 1] <= -90.0)
    return cut_up(a[~cut], b[~cut])


def cut_up(a: Floats, b: Floats) -> Pieces:
    """Cut segments into equal pieces of at most 0.01 degrees in longitude and in latitude."""
    count = np.maximum(np.ceil(np.abs(b - a).max(axis=1) / FINE_DEG), 1.0).astype(np.int64)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    whole = np.repeat(count, count).astype(np.float64)
    start, end = np.repeat(a, count, axis=0), np.repeat(b, count, axis=0)
    from_a, to_b = (step / whole)[:, None], ((step + 1) / whole)[:, None]
    return Pieces(start * (1.0 - from_a) + end * from_a, start * (1.0 - to_b) + end * to_b)


class Coast:
    """Measures the true distance to the nearest piece of coast."""

    def __init__(self, pieces: Pieces) -> None:
        self._a = sphere.unit_vectors(pieces.a[:, 0], pieces.a[:, 1])
        self._b = sphere.unit_vectors(pieces.b[:, 0], pieces.b[:, 1])
        self._tree = cKDTree((self._a + self._b) / 2.0)

    def km(self, lon: Floats, lat: Floats) -> Floats:
        """Give distances in km: ``(n,), (n,) -> (n,)``."""
        found = np.empty(len(lon))
        for start in range(0, len(lon), 500_000):
            part = slice(start, start + 500_000)
            found[part] = self._part(sphere.unit_vectors(lon[part], lat[part]))
        return found

    def _part(self, points: Floats) -> Floats:
        _, nearest = self._tree.query(points)
        km = self._to_piece(points, nearest)
        near = np.flatnonzero(km < NEAR_KM)
        if len(near):
            _, several = self._tree.query(points[near], k=8)
            km[near] = np.min([self._to_piece(points[near], column) for column in several.T], axis=0)
        return km

    def _to_piece(self, points: Floats, piece: Integers) -> Floats:
        a, along = self._a[piece], self._b[piece] - self._a[piece]
        length2 = np.maximum(np.einsum("ij,ij->i", along, along), 1e-30)
        share = np.clip(np.einsum("ij,ij->i", points - a, along) / length2, 0.0, 1.0)
        foot = a + along * share[:, None]
        return sphere.between_m(points, foot / np.linalg.norm(foot, axis=1, keepdims=True)) / 1000.0


def edges_in_cells(a: Floats, b: Floats) -> tuple[Integers, Integers]:
    """Give which edges run through or touch which fine cells (row * 36,000 + column), sorted by both.

    A few pairs more than need be: every cell in the box round a piece of an edge counts.
    """
    pieces = cut_up(a, b)
    count = np.maximum(np.ceil(np.abs(b - a).max(axis=1) / FINE_DEG), 1.0).astype(np.int64)
    edge = np.repeat(np.arange(len(a)), count)
    low, high = np.minimum(pieces.a, pieces.b) - 1e-9, np.maximum(pieces.a, pieces.b) + 1e-9
    corners = [(x, y) for x in (low[:, 0], high[:, 0]) for y in (low[:, 1], high[:, 1])]
    cells = [
        np.floor((y + 90.0) / FINE_DEG) * 36_000 + np.clip(np.floor((x + 180.0) / FINE_DEG), 0, 35_999)
        for x, y in corners
    ]
    pairs = np.concatenate(cells).astype(np.int64) * len(a) + np.tile(edge, 4)
    return np.divmod(np.unique(pairs[pairs >= 0]), len(a))


class Builder:
    """Builds the levels from land and its coast."""

    def __init__(self, land: shapely.MultiPolygon, coast: Coast, with_coast: Integers) -> None:
        shapely.prepare(land)
        self._land, self._coast = land, coast
        self._fine = with_coast
        row, column = with_coast // 36_000, with_coast % 36_000
        self._middle = np.unique(row // FAN * 7_200 + column // FAN)
        self._coarse = np.unique(row // (FAN * FAN) * 1_440 + column // (FAN * FAN))

    def is_land(self, lon: Floats, lat: Floats) -> Booleans:
        """Tell which positions are on land; the cut along the antimeridian and the pole are not its edge."""
        inside = np.clip(lon, -180.0 + 1e-7, 180.0 - 1e-7), np.clip(lat, -90.0 + 1e-7, 90.0)
        return np.asarray(shapely.contains_xy(self._land, *inside))

    def km(self, lon: Floats, lat: Floats, *, all_sea: bool = False) -> Floats:
        """Give true distances, 0 on land; the same position is measured once."""
        y, x = np.round((lat + 90.0) * 1e4).astype(np.int64), np.round((lon + 180.0) * 1e4).astype(np.int64)
        _, first, back = np.unique(y * 4_000_000 + x, return_index=True, return_inverse=True)
        lon, lat = lon[first], lat[first]
        sea = np.full(len(first), fill_value=True) if all_sea else ~self.is_land(lon, lat)
        km = np.zeros(len(first))
        km[sea] = self._coast.km(lon[sea], lat[sea])
        return km[back]

    def corners(
        self, lon: Floats, lat: Floats, size_deg: float, steps: int, *, all_sea: bool = False
    ) -> Floats:
        """Give true distances at corners inside cells: ``(n,), (n,) -> (n, steps + 1, steps + 1)``."""
        at = np.arange(steps + 1) * (size_deg / steps)
        lons = np.broadcast_to(lon[:, None, None] + at[None, None, :], (len(lon), steps + 1, steps + 1))
        lats = np.broadcast_to(lat[:, None, None] + at[None, :, None], (len(lon), steps + 1, steps + 1))
        return self.km(lons.ravel(), lats.ravel(), all_sea=all_sea).reshape(lons.shape)

    def coarse(self) -> tuple[Floats, NDArray[np.uint8]]:
        """Give distances at the corners of all coarse cells, and what the cells are."""
        lons, lats = np.meshgrid(np.linspace(-180, 180, 1441), np.linspace(-90, 90, 721))
        km = self.km(lons.ravel(), lats.ravel()).reshape(lons.shape)
        kind = np.full(720 * 1440, SEA, np.uint8)
        row, column = np.divmod(np.arange(720 * 1440), 1440)
        lon, lat = column * COARSE_DEG - 180.0, row * COARSE_DEG - 90.0
        kind[self.is_land(lon + COARSE_DEG / 2, lat + COARSE_DEG / 2)] = LAND
        kind[self._coarse] = FINER
        least = np.minimum.reduce([km[:-1, :-1], km[:-1, 1:], km[1:, :-1], km[1:, 1:]]).ravel()
        kind[(kind == SEA) & (least < FAR_FROM_COAST_KM)] = FINER
        for chosen, steps in ((least < OPEN_SEA_KM, FAN), (least >= OPEN_SEA_KM, 2)):
            for part in np.array_split(np.flatnonzero((kind == SEA) & chosen), 20):
                kind[part[~self.fits(lon[part], lat[part], COARSE_DEG, steps)]] = FINER
        return km, kind.reshape(720, 1440)

    def fits(self, lon: Floats, lat: Floats, size_deg: float, steps: int) -> Booleans:
        """Tell in which cells interpolation between the four corners gives the distance at all inner corners."""
        true = self.corners(lon, lat, size_deg, steps, all_sea=True)
        share = np.arange(steps + 1) / steps
        south = true[:, 0, :1] * (1 - share) + true[:, 0, -1:] * share
        north = true[:, -1, :1] * (1 - share) + true[:, -1, -1:] * share
        between = south[:, None, :] * (1 - share)[:, None] + north[:, None, :] * share[:, None]
        return np.asarray(np.abs(true - between).max(axis=(1, 2)) <= TOLERANCE_KM)

    def middle(self, lon: Floats, lat: Floats) -> tuple[Floats, NDArray[np.uint8]]:
        """Give corner distances ``(n, 6, 6)`` of the middle cells in coarse cells, and what they are ``(n, 5, 5)``."""
        km = self.corners(lon, lat, COARSE_DEG, FAN)
        west, south = inner(lon, lat, MIDDLE_DEG)
        kind = np.full(west.shape, SEA, np.uint8)
        kind[self.is_land(west + MIDDLE_DEG / 2, south + MIDDLE_DEG / 2)] = LAND
        kind[np.isin(numbers(west, south, MIDDLE_DEG), self._middle)] = FINER
        near = np.minimum.reduce([km[:, :-1, :-1], km[:, :-1, 1:], km[:, 1:, :-1], km[:, 1:, 1:]]).ravel()
        for chosen, steps in ((near < OFF_COAST_KM, FAN), (near >= OFF_COAST_KM, 2)):
            sea = np.flatnonzero((kind == SEA) & chosen)
            for part in np.array_split(sea, len(sea) // 100_000 + 1):
                kind[part[~self.fits(west[part], south[part], MIDDLE_DEG, steps)]] = FINER
        return km, kind.reshape(len(lon), FAN, FAN)

    def fine(self, lon: Floats, lat: Floats) -> tuple[Floats, NDArray[np.uint8]]:
        """Give corner distances of the fine cells in middle cells, and what they are.

        A fine cell with a coast is 2 if its middle is at sea and 3 if it is on land.
        """
        km = self.corners(lon, lat, MIDDLE_DEG, FAN)
        west, south = inner(lon, lat, FINE_DEG)
        kind = self.is_land(west + FINE_DEG / 2, south + FINE_DEG / 2).astype(np.uint8)
        kind += 2 * np.isin(numbers(west, south, FINE_DEG), self._fine).astype(np.uint8)
        return km, kind.reshape(len(lon), FAN, FAN)


def numbers(west: Floats, south: Floats, size_deg: float) -> Integers:
    """Number cells by where they begin: row times cells in a row, plus column."""
    columns = round(360.0 / size_deg)
    row, column = np.round((south + 90.0) / size_deg), np.round((west + 180.0) / size_deg)
    return np.asarray(row * columns + column, np.int64)


def inner(lon: Floats, lat: Floats, size_deg: float) -> tuple[Floats, Floats]:
    """Give where the five by five cells of ``size_deg`` in each cell begin, row by row: flat."""
    at = np.arange(FAN) * size_deg
    west = np.broadcast_to(lon[:, None, None] + at[None, None, :], (len(lon), FAN, FAN))
    south = np.broadcast_to(lat[:, None, None] + at[None, :, None], (len(lon), FAN, FAN))
    return west.ravel(), south.ravel()


def build(land: shapely.MultiPolygon, lines: list[Floats]) -> dict[str, NDArray[np.generic]]:
    """Give the tree's arrays: distances as residuals against the coarser level, in units of 0.1 km.

    Args:
        land: Outlines of land, degrees.
        lines: The coast, islets without an area included.
    """
    vertices, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(land)), return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    cell, edge = edges_in_cells(vertices[starts], vertices[starts + 1])
    with_coast, counts = np.unique(cell, return_counts=True)
    builder = Builder(land, Coast(pieces_of(lines)), with_coast)
    coarse_km, coarse = builder.coarse()
    row, column = np.nonzero(coarse == FINER)
    lon, lat = column * COARSE_DEG - 180.0, row * COARSE_DEG - 90.0
    middle_km, middle = builder.middle(lon, lat)
    tile, y, x = np.nonzero(middle == FINER)
    west, south = lon[tile] + x * MIDDLE_DEG, lat[tile] + y * MIDDLE_DEG
    fine_km, fine = builder.fine(west, south)
    here = numbers(*inner(west, south, FINE_DEG), FINE_DEG)[fine.ravel() >= FINER]
    if not np.array_equal(np.sort(here), with_coast):
        message = "the tree does not reach every cell with a coast"
        raise AssertionError(message)
    order = np.argsort(np.argsort(here))  # of each cell with a coast: its place in the order of numbers
    of_cell = np.split(starts[edge], np.cumsum(counts)[:-1])
    units = [np.round(km / UNIT_KM).astype(np.int64) for km in (coarse_km, middle_km, fine_km)]
    from_coarse = stretched(units[0], None, row, column)
    from_middle = stretched(units[1], tile, y, x)
    return {
        "coarse_km": np.diff(units[0], axis=1, prepend=0).astype(np.int16),
        "coarse": coarse,
        "middle_km": (units[1] - from_coarse).astype(np.int16),
        "middle": middle,
        "fine_km": (units[2] - from_middle).astype(np.int16),
        "fine": fine,
        "edge_counts": counts[order].astype(np.uint16),
        "edge_steps": np.diff(np.concatenate([of_cell[i] for i in order]), prepend=0).astype(np.int32),
    }


def stretched(units: Integers, tile: Integers | None, row: Integers, column: Integers) -> Integers:
    """Interpolate between the corners of cells: ``(n, 6, 6)`` whole units."""
    source = units[None] if tile is None else units
    number = np.zeros(len(row), np.int64) if tile is None else tile
    sw, se = source[number, row, column], source[number, row, column + 1]
    nw, ne = source[number, row + 1, column], source[number, row + 1, column + 1]
    x, y = np.arange(FAN + 1)[None, None, :], np.arange(FAN + 1)[None, :, None]
    sw, se, nw, ne = (corner[:, None, None] for corner in (sw, se, nw, ne))
    total = (sw * (FAN - x) + se * x) * (FAN - y) + (nw * (FAN - x) + ne * x) * y
    return np.asarray(total // (FAN * FAN))
