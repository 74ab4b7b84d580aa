"""Build the tree of cells that answers where land is and how far the coast is.

Cells of a quarter degree, where need be five by five cells of 0.05 degrees in them, where need be five by five of
0.01 degrees in those.  A cell without a coast is all sea or all land.

*Off the coast* a cell of sea keeps a short list of edges of the coast, one of which is the nearest from anywhere in
the cell.  The list is found by measuring at a lattice of points in the cell and one step round it, and holds when
the nearest of the list is within 0.2 km of the truth at every point of the lattice.

*At the coast* cells of 0.01 degrees keep the distances at their corners.  The distance to the coast changes by at
most one kilometre per kilometre, so between corners 1.11 km apart interpolation is wrong by at most half a diagonal,
0.79 km; rounding to 0.2 km adds 0.1 km.

Land is exact: a cell of 0.01 degrees through which edges run knows them, and whether a witness in it is on land.
``scripts/measure_places.py`` measures what errors are left; ``docs/places.md`` has the figures.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places.coast import WITNESS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Kinds = NDArray[np.uint8]

FAN = 5
COARSE_DEG, MIDDLE_DEG, FINE_DEG = 0.25, 0.05, 0.01
COLUMNS = {COARSE_DEG: 1_440, MIDDLE_DEG: 7_200, FINE_DEG: 36_000}
UNIT_KM = 0.2
TOLERANCE_KM = 0.2
SEA, LAND, FINER = 0, 1, 2
LONGEST_LIST = {COARSE_DEG: 6, MIDDLE_DEG: 12}
"""How many edges a cell may list before it is divided."""
LATTICES = {
    COARSE_DEG: ((40.0, 0), (100.0, 2 * FAN), (np.inf, FAN)),
    MIDDLE_DEG: ((8.0, 2 * FAN), (25.0, FAN), (np.inf, 2)),
}
"""Up to how far from the coast a cell is judged by how fine a lattice: so many steps from side to side.

Where an edge is nearest at some position but on no list, it is also nearest all the way from there to the edge, and
that way comes within half a step of a point of the lattice.  So the error is at most about the tolerance plus half a
step: 0.5 and 0.8 km for a middle cell up to 8 and up to 25 km from the coast.  Coarse cells within 40 km of the coast
are divided unasked.
"""
SEVERAL_KM = 20.0
"""Nearer than this, several pieces of coast are measured exactly, not only the one whose middle is nearest."""


@dataclass(frozen=True)
class Edges:
    """The edges of the coast: degrees, ``(n, 2)`` each, and the vertex each starts from."""

    a: Floats
    b: Floats
    start: Integers


def edges_of(vertices: Floats, line: Integers) -> Edges:
    """Give the edges of lines: ``(n, 2)`` vertices, ``(n,)`` which line each belongs to.

    Cuts along the antimeridian and through the pole are no coast.
    """
    start = np.flatnonzero(line[1:] == line[:-1])
    a, b = vertices[start], vertices[start + 1]
    along_cut = ((np.abs(a) == 180.0) & (np.abs(b) == 180.0))[:, 0]
    coast = ~(along_cut | (a[:, 1] <= -90.0) | (b[:, 1] <= -90.0))
    return Edges(a[coast], b[coast], start[coast])


def cut_up(a: Floats, b: Floats) -> tuple[Floats, Floats, Integers]:
    """Cut segments into equal pieces of at most 0.01 degrees: where they begin and end, and of which segment."""
    count = np.maximum(np.ceil(np.abs(b - a).max(axis=1) / FINE_DEG), 1.0).astype(np.int64)
    of = np.repeat(np.arange(len(a)), count)
    step = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    begin, end = (step / count[of])[:, None], ((step + 1) / count[of])[:, None]
    return a[of] * (1.0 - begin) + b[of] * begin, a[of] * (1.0 - end) + b[of] * end, of


class Coast:
    """Measures the true distance to the coast, and finds the nearest edge."""

    def __init__(self, edges: Edges) -> None:
        self._a, self._b = sphere.unit_vectors(*edges.a.T), sphere.unit_vectors(*edges.b.T)
        begin, end, self._edge = cut_up(edges.a, edges.b)
        self._tree = cKDTree((sphere.unit_vectors(*begin.T) + sphere.unit_vectors(*end.T)) / 2.0)

    def nearest(self, points: Floats) -> tuple[Integers, Floats]:
        """Find the nearest edges and how far they are: ``(n, 3) -> (n,), (n,) km``."""
        _, piece = self._tree.query(points)
        edge = self._edge[piece]
        km = self.to_edges(points, edge)
        near = np.flatnonzero(km < SEVERAL_KM)
        if len(near):
            _, pieces = self._tree.query(points[near], k=8)
            others = self._edge[pieces]
            each = np.stack([self.to_edges(points[near], column) for column in others.T], axis=-1)
            best = each.argmin(axis=1)
            edge[near], km[near] = others[np.arange(len(near)), best], each[np.arange(len(near)), best]
        return edge, km

    def to_edges(self, points: Floats, edge: Integers) -> Floats:
        """Measure distances to given edges: ``(n, 3), (n,) -> (n,) km``."""
        a, along = self._a[edge], self._b[edge] - self._a[edge]
        length2 = np.maximum(np.einsum("...i,...i->...", along, along), 1e-30)
        share = np.clip(np.einsum("...i,...i->...", points - a, along) / length2, 0.0, 1.0)
        foot = a + along * share[..., None]
        return sphere.between_m(points, foot / np.linalg.norm(foot, axis=-1, keepdims=True)) / 1000.0

    def measure(self, lon: Floats, lat: Floats) -> tuple[Integers, Floats]:
        """Find the nearest edges to positions of any shape; the same position is measured once."""
        lat = np.clip(lat, -90.0, 90.0)
        y, x = np.round((lat + 90.0) * 1e4).astype(np.int64), np.round((lon + 180.0) * 1e4).astype(np.int64)
        _, first, back = np.unique((y * 4_000_000 + x).ravel(), return_index=True, return_inverse=True)
        edge, km = self.nearest(sphere.unit_vectors(lon.ravel()[first], lat.ravel()[first]))
        return edge[back].reshape(lon.shape), km[back].reshape(lon.shape)

    def km(self, lon: Floats, lat: Floats) -> Floats:
        """Measure distances to the coast: ``(n,), (n,) -> (n,) km``."""
        return self.measure(lon, lat)[1]


def edges_in_cells(a: Floats, b: Floats) -> tuple[Integers, Integers]:
    """Give which edges run through or touch which fine cells, as pairs sorted by cell, then by edge.

    A few pairs more than need be: every cell in the box round a piece of an edge counts.
    """
    begin, end, edge = cut_up(a, b)
    low, high = np.minimum(begin, end) - 1e-9, np.maximum(begin, end) + 1e-9
    keys = []
    for x in (low[:, 0], high[:, 0]):
        for y in (low[:, 1], high[:, 1]):
            column = np.clip(np.floor((x + 180.0) / FINE_DEG), 0, COLUMNS[FINE_DEG] - 1)
            keys.append((np.floor((y + 90.0) / FINE_DEG) * COLUMNS[FINE_DEG] + column).astype(np.int64))
    pairs = np.concatenate(keys) * len(a) + np.tile(edge, 4)
    return np.divmod(np.unique(pairs[pairs >= 0]), len(a))


def lattice(west: Floats, south: Floats, size_deg: float, steps: int, ring: int = 0) -> tuple[Floats, Floats]:
    """Give the corners of ``steps`` by ``steps`` cells in each cell, and of ``ring`` more round it: flat per cell."""
    at = np.arange(-ring, steps + ring + 1) * (size_deg / steps)
    x, y = np.meshgrid(at, at)
    return west[:, None] + x.ravel()[None, :], south[:, None] + y.ravel()[None, :]


def inner(west: Floats, south: Floats, size_deg: float) -> tuple[Floats, Floats]:
    """Give where the five by five cells of ``size_deg`` in each cell begin, row by row: flat."""
    at = np.arange(FAN) * size_deg
    x, y = np.meshgrid(at, at)
    return (west[:, None] + x.ravel()[None, :]).ravel(), (south[:, None] + y.ravel()[None, :]).ravel()


def numbers(west: Floats, south: Floats, size_deg: float) -> Integers:
    """Number cells by where they begin: row times cells in a row, plus column."""
    row, column = np.round((south + 90.0) / size_deg), np.round((west + 180.0) / size_deg)
    return np.asarray(row * COLUMNS[size_deg] + column, np.int64)


class Builder:
    """Builds the levels of the tree."""

    def __init__(self, land: shapely.MultiPolygon, coast: Coast, with_coast: Integers) -> None:
        shapely.prepare(land)
        self._land, self._coast, self._fine = land, coast, with_coast
        row, column = np.divmod(with_coast, COLUMNS[FINE_DEG])
        self._with_coast = {
            MIDDLE_DEG: np.unique(row // FAN * COLUMNS[MIDDLE_DEG] + column // FAN),
            COARSE_DEG: np.unique(row // FAN**2 * COLUMNS[COARSE_DEG] + column // FAN**2),
        }

    def is_land(self, lon: Floats, lat: Floats) -> Booleans:
        """Tell which positions are on land; the cut along the antimeridian and the pole are not its edge."""
        inside = np.clip(lon, -180.0 + 1e-7, 180.0 - 1e-7), np.clip(lat, -90.0 + 1e-7, 90.0)
        return np.asarray(shapely.contains_xy(self._land, *inside))

    def level(self, west: Floats, south: Floats, size_deg: float) -> tuple[Kinds, Kinds, Integers]:
        """Say what cells are, and list the edges that sea cells keep: kind, length of each list, edges."""
        kind = np.full(len(west), SEA, np.uint8)
        kind[self.is_land(west + size_deg / 2, south + size_deg / 2)] = LAND
        kind[np.isin(numbers(west, south, size_deg), self._with_coast[size_deg])] = FINER
        lists = np.full((len(west), LONGEST_LIST[size_deg]), -1, np.int64)
        sea = np.flatnonzero(kind == SEA)
        for part in np.array_split(sea, len(sea) // 5_000 + 1):
            lists[part] = self.lists(west[part], south[part], size_deg)
        kind[(kind == SEA) & (lists[:, 0] < 0)] = FINER
        kept = np.sort(lists[kind == SEA], axis=1)
        return kind, (kept >= 0).sum(axis=1).astype(np.uint8), kept[kept >= 0]

    def lists(self, west: Floats, south: Floats, size_deg: float) -> Integers:
        """Give the edges to keep for sea cells: ``(n,), (n,) -> (n, longest)``.

        A list ends with -1; one that begins with it would have to be longer.
        """
        found = np.full((len(west), LONGEST_LIST[size_deg]), -1, np.int64)
        off_km = self._coast.km(west + size_deg / 2, south + size_deg / 2)
        nearest = -np.inf
        for up_to_km, steps in LATTICES[size_deg]:
            chosen = (off_km >= nearest) & (off_km < up_to_km)
            if steps and chosen.any():
                corners = lattice(west[chosen], south[chosen], size_deg, steps, ring=1)
                found[chosen] = self._covering(*corners, found.shape[1])
            nearest = up_to_km
        return found

    def _covering(self, lon: Floats, lat: Floats, longest: int) -> Integers:
        """Choose edges until the nearest of them is near enough the truth at every point of the lattice."""
        edge, true_km = self._coast.measure(lon, lat)
        points = sphere.unit_vectors(lon, np.clip(lat, -90.0, 90.0))
        chosen = np.full((len(lon), longest), -1, np.int64)
        listed_km = np.full(lon.shape, np.inf)
        worst = np.full(len(lon), lon.shape[1] // 2)
        todo = np.arange(len(lon))
        for place in range(longest):
            if not len(todo):
                break
            chosen[todo, place] = edge[todo, worst]
            km = self._coast.to_edges(
                points[todo], np.broadcast_to(edge[todo, worst][:, None], lon[todo].shape)
            )
            listed_km[todo] = np.minimum(listed_km[todo], km)
            off_km = listed_km[todo] - true_km[todo]
            worst, left = off_km.argmax(axis=1), off_km.max(axis=1) > TOLERANCE_KM
            todo, worst = todo[left], worst[left]
        chosen[todo] = -1
        return chosen

    def fine(self, west: Floats, south: Floats) -> tuple[NDArray[np.uint8], Kinds]:
        """Give units of distance at the corners of fine cells ``(n, 6, 6)`` and what the cells are ``(n, 25)``.

        A fine cell with a coast is 2 if its witness is at sea and 3 if it is on land.
        """
        units = np.zeros((len(west), (FAN + 1) ** 2), np.uint8)
        for part in np.array_split(np.arange(len(west)), len(west) // 20_000 + 1):
            lon, lat = lattice(west[part], south[part], MIDDLE_DEG, FAN)
            km = np.where(self.is_land(lon, lat), 0.0, self._coast.km(lon, lat))
            if km.max() / UNIT_KM > 255:
                message = f"a fine cell is {km.max()} km from the coast: more than its distances can say"
                raise AssertionError(message)
            units[part] = np.round(km / UNIT_KM)
        x, y = inner(west, south, FINE_DEG)
        kind = self.is_land(x + WITNESS[0] * FINE_DEG, y + WITNESS[1] * FINE_DEG).astype(np.uint8)
        kind += 2 * np.isin(numbers(x, y, FINE_DEG), self._fine).astype(np.uint8)
        return units.reshape(len(west), FAN + 1, FAN + 1), kind.reshape(len(west), FAN**2)


def build(vertices: Floats, line: Integers, land: shapely.MultiPolygon) -> dict[str, NDArray[Any]]:
    """Give the tree's arrays.

    Args:
        vertices: Vertices of the outlines of land and of islets without an area, degrees: ``(n, 2)``.
        line: Which outline or islet each belongs to: ``(n,)``.
        land: Land as polygons.
    """
    edges = edges_of(vertices, line)
    every = np.flatnonzero(line[1:] == line[:-1])
    cell, edge = edges_in_cells(vertices[every], vertices[every + 1])
    with_coast, counts = np.unique(cell, return_counts=True)
    builder = Builder(land, Coast(edges), with_coast)
    row, column = np.divmod(np.arange(720 * 1440), 1440)
    coarse, coarse_counts, coarse_edges = builder.level(
        column * COARSE_DEG - 180.0, row * COARSE_DEG - 90.0, COARSE_DEG
    )
    finer = np.flatnonzero(coarse == FINER)
    west, south = inner(column[finer] * COARSE_DEG - 180.0, row[finer] * COARSE_DEG - 90.0, MIDDLE_DEG)
    middle, middle_counts, middle_edges = builder.level(west, south, MIDDLE_DEG)
    west, south = west[middle == FINER], south[middle == FINER]
    units, fine = builder.fine(west, south)
    here = numbers(*inner(west, south, FINE_DEG), FINE_DEG)[fine.ravel() >= FINER]
    if not np.array_equal(np.sort(here), with_coast):
        message = "the tree does not reach every cell with a coast"
        raise AssertionError(message)
    order = np.argsort(np.argsort(here))  # of each cell with a coast: its place in the order of numbers
    of_cell = np.split(every[edge], np.cumsum(counts)[:-1])
    return {
        "coarse": coarse,
        "middle": middle,
        "list_counts": np.concatenate((coarse_counts, middle_counts)),
        "list_edges": edges.start[np.concatenate((coarse_edges, middle_edges))].astype(np.int32),
        "fine_units": np.diff(units, axis=2, prepend=np.uint8(0)),
        "fine": fine,
        "edge_counts": counts[order].astype(np.uint16),
        "edge_steps": np.diff(np.concatenate([of_cell[i] for i in order]), prepend=0).astype(np.int32),
    }
