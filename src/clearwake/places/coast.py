"""Land and the distance to it: exact to Natural Earth's outlines, and to one kilometre.

The built-in data are a tree of cells of 0.25, 0.05 and 0.01 degrees (``scripts/coast_tree.py`` builds it and says how
good it is).  A cell far from the coast lists the few edges one of which is nearest; a cell at the coast has the
distances at its corners, between which one interpolates; and a cell through which edges run knows them, so that a
position is on land or not by how many of them lie between it and a witness near the middle of the cell.

Lakes and rivers are land, the Caspian is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.places import packed
from clearwake.places.data import FOLDER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers = NDArray[np.int32]
Booleans = NDArray[np.bool_]

CHUNK = 200_000
"""Positions looked up at a time, so that memory stays small and arrays stay in the processor's cache."""
WITNESS = (0.500035, 0.499973)
"""Where in a cell of 0.01 degrees its witness stands, in parts of the cell: near the middle, but on none of the
millionths of a degree where vertices lie, so that no edge along a meridian or parallel can run through it."""
_FAN = 5
_COLUMNS, _ROWS = 1440, 720
_COARSE_DEG, _FINE_DEG = 0.25, 0.01
_UNIT_KM = 0.2
_SEA, _LAND, _FINER = 0, 1, 2


@dataclass(frozen=True)
class Shore:
    """The shores of the world: vertices, rings of them and polygons of those, degrees."""

    vertices: Floats
    ring_ends: Integers
    polygon_ends: Integers
    islet_ends: Integers

    @cached_property
    def land(self) -> shapely.MultiPolygon:
        """Land as polygons, cut at the antimeridian."""
        rings, polygons = np.concatenate(([0], self.ring_ends)), np.concatenate(([0], self.polygon_ends))
        parts = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, self.vertices[: rings[-1]], (rings, polygons)
        )
        return shapely.multipolygons(parts)

    @cached_property
    def islets(self) -> list[Floats]:
        """Islands so small that only a line or point is left of them: coast without land, ``(n, 2)`` each."""
        return np.split(self.vertices[self.ring_ends[-1] :], self.islet_ends[:-1])

    @cached_property
    def vectors(self) -> Floats:
        """The vertices as unit vectors."""
        return sphere.unit_vectors(self.vertices[:, 0], self.vertices[:, 1])


@cache
def shore() -> Shore:
    """Give the built-in shores."""
    stored = packed.read(FOLDER / "land.bin")
    steps = np.stack((stored["lon_steps"], stored["lat_steps"]), axis=-1)
    sizes = (stored[name] for name in ("ring_sizes", "polygon_sizes", "islet_sizes"))
    return Shore(np.cumsum(steps, axis=0, dtype=np.int64) / 1e6, *(np.cumsum(size) for size in sizes))


def outlines() -> shapely.MultiPolygon:
    """Give land as polygons in degrees, cut at the antimeridian."""
    return shore().land


@dataclass(frozen=True)
class Lists:
    """Short lists of edges, one after the other; an edge goes by the number of the vertex it starts from."""

    starts: Integers
    edges: Numbers

    def spread(self, wanted: Numbers) -> tuple[Integers, Numbers, Integers]:
        """Give the edges of many lists: ``(n,) -> (m,), (m,), (n,)`` which of ``wanted``, edge, first of each."""
        begin = self.starts[wanted]
        counts = self.starts[wanted + 1] - begin
        first = np.cumsum(counts) - counts
        pair = np.repeat(np.arange(len(wanted)), counts)
        return pair, self.edges[np.arange(len(pair)) + (begin - first)[pair]], first


@dataclass(frozen=True)
class Tree:
    """The cells, level by level, row by row from the south-west."""

    coarse: Numbers
    middle: Numbers
    """For each cell: the block of smaller cells it holds, or -1 for land, or -2 - n for its list of edges n."""
    nearest: Lists
    """Edges one of which is the nearest."""
    fine: Numbers
    """For each cell of 0.01 degrees: -1 for land, -2 for sea, else its number among those with a coast."""
    corners_km: NDArray[np.float32]
    """Distances at the corners of the cells of 0.01 degrees, 36 a block."""
    crossing: Lists
    """The edges in the cells with a coast."""
    witness_is_land: Booleans
    """For each cell with a coast, whether its witness is on land."""


@cache
def tree() -> Tree:
    """Give the built-in tree."""
    stored = packed.read(FOLDER / "coast.bin")
    coarse, middle, fine = stored["coarse"], stored["middle"], stored["fine"].ravel()
    lists_before = int((coarse == _SEA).sum())
    units = np.cumsum(stored["fine_units"], axis=2, dtype=np.uint8)
    at_coast = fine >= _FINER
    numbers = np.where(fine == _LAND, -1, -2).astype(np.int32)
    numbers[at_coast] = np.arange(at_coast.sum())
    return Tree(
        coarse=_numbered(coarse, 0),
        middle=_numbered(middle, lists_before),
        nearest=Lists(_starts(stored["list_counts"]), stored["list_edges"]),
        fine=numbers,
        corners_km=units.ravel() * np.float32(_UNIT_KM),
        crossing=Lists(_starts(stored["edge_counts"]), np.cumsum(stored["edge_steps"], dtype=np.int32)),
        witness_is_land=fine[at_coast] > _FINER,
    )


def _starts(counts: NDArray[np.uint8] | NDArray[np.uint16]) -> Integers:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def _numbered(kind: NDArray[np.uint8], lists_before: int) -> Numbers:
    """Number the blocks that cells hold and the lists that they keep."""
    number = np.full(len(kind), -1, np.int32)
    finer, sea = kind == _FINER, kind == _SEA
    number[finer] = np.arange(finer.sum())
    number[sea] = -2 - np.arange(lists_before, lists_before + sea.sum())
    return number


def on_land(lon: Floats, lat: Floats) -> Booleans:
    """Tell which positions are on land: ``(n,), (n,) -> (n,)``; longitudes in [-180, 180)."""
    found = np.empty(len(lon), np.bool_)
    for start in range(0, len(lon), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = _Way(lon[part], lat[part]).on_land()
    return found


def coast_km(lon: Floats, lat: Floats) -> Floats:
    """Give distances to the nearest coast in km, 0 on land: ``(n,), (n,) -> (n,)``; longitudes in [-180, 180)."""
    found = np.empty(len(lon))
    for start in range(0, len(lon), CHUNK):
        part = slice(start, start + CHUNK)
        found[part] = _Way(lon[part], lat[part]).km()
    return found


class _Way:
    """The way of a chunk of positions down the tree: in which cell of which size each ends."""

    def __init__(self, lon: Floats, lat: Floats) -> None:
        self._lon, self._lat = lon, lat
        x, y = (lon + 180.0) / _COARSE_DEG, np.minimum((lat + 90.0) / _COARSE_DEG, _ROWS - 1e-9)
        column, row = x.astype(np.int64), y.astype(np.int64)
        self._x, self._y = x - column, y - row
        self._column, self._row = column, row
        self._state = tree().coarse[row * _COLUMNS + column]
        self._descend(np.flatnonzero(self._state >= 0), tree().middle)
        self._fine = np.flatnonzero(self._state >= 0)
        """Which positions are in cells of 0.01 degrees, and in which block of them."""
        self._block = self._state[self._fine]
        self._descend(self._fine, tree().fine)

    def _descend(self, deeper: Integers, cells: Numbers) -> None:
        """Go from cells to the five by five smaller ones in them."""
        x, y = self._x[deeper] * _FAN, self._y[deeper] * _FAN
        column, row = np.minimum(x.astype(np.int64), _FAN - 1), np.minimum(y.astype(np.int64), _FAN - 1)
        self._x[deeper], self._y[deeper] = x - column, y - row
        self._column[deeper] = self._column[deeper] * _FAN + column
        self._row[deeper] = self._row[deeper] * _FAN + row
        self._state[deeper] = cells[self._state[deeper].astype(np.int64) * _FAN**2 + row * _FAN + column]

    def on_land(self) -> Booleans:
        """Tell which positions are on land."""
        land: Booleans = np.asarray(self._state == -1)
        beside = self._fine[self._state[self._fine] >= 0]
        if len(beside):
            land[beside] = self._across_edges(beside)
        return land

    def _across_edges(self, at: Integers) -> Booleans:
        """Count the edges between positions and their cells' witnesses: an odd number parts land from sea."""
        cells, vertices = tree(), shore().vertices
        cell = self._state[at]
        pair, edge, first = cells.crossing.spread(cell)
        witness_lon = (self._column[at] + WITNESS[0]) * _FINE_DEG - 180.0
        witness_lat = (self._row[at] + WITNESS[1]) * _FINE_DEG - 90.0
        p = np.stack((self._lon[at], self._lat[at]))[:, pair]
        q = np.stack((witness_lon, witness_lat))[:, pair]
        a, b = vertices[edge].T, vertices[edge + 1].T
        crossed = (_left(p, q, a) != _left(p, q, b)) & (_left(a, b, p) != _left(a, b, q))
        odd = np.add.reduceat(crossed.astype(np.int8), first) % 2 == 1
        return np.asarray(cells.witness_is_land[cell] ^ odd)

    def km(self) -> Floats:
        """Give distances to the coast, 0 on land."""
        km = np.zeros(len(self._lon))
        km[self._fine] = self._between_corners()
        is_fine = np.zeros(len(km), np.bool_)
        is_fine[self._fine] = True
        listed = np.flatnonzero((self._state <= -2) & ~is_fine)
        if len(listed):
            km[listed] = self._to_listed(listed)
        km[self.on_land()] = 0.0
        return km

    def _between_corners(self) -> Floats:
        """Interpolate between the corners of cells of 0.01 degrees."""
        corners, wide = tree().corners_km, _FAN + 1
        x, y = self._x[self._fine], self._y[self._fine]
        row, column = self._row[self._fine] % _FAN, self._column[self._fine] % _FAN
        sw = self._block.astype(np.int64) * wide**2 + row * wide + column
        south = corners[sw] * (1.0 - x) + corners[sw + 1] * x
        north = corners[sw + wide] * (1.0 - x) + corners[sw + wide + 1] * x
        return np.asarray(south * (1.0 - y) + north * y, np.float64)

    def _to_listed(self, at: Integers) -> Floats:
        """Measure to each edge on the cells' lists."""
        vectors = shore().vectors
        pair, edge, first = tree().nearest.spread(-2 - self._state[at])
        points = sphere.unit_vectors(self._lon[at], self._lat[at])[pair]
        a = vectors[edge]
        along, to_point = vectors[edge + 1] - a, points - a
        length2 = np.maximum(np.einsum("ij,ij->i", along, along), 1e-30)
        share = np.clip(np.einsum("ij,ij->i", to_point, along) / length2, 0.0, 1.0)
        off = to_point - along * share[:, None]
        chord2 = np.minimum.reduceat(np.einsum("ij,ij->i", off, off), first)
        return sphere.arc_m(np.sqrt(chord2)) / 1000.0


def _left(a: Floats, b: Floats, point: Floats) -> Booleans:
    """Tell whether points lie to the left of the lines from a to b, in the plane of degrees: ``(2, n)`` each."""
    return np.asarray((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0)
