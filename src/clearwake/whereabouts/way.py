"""Ways by sea: how far it is at least from a place to every node of a lattice, round the land.

Dijkstra's algorithm, each node joined to sixteen others: to its eight neighbours and by the knight's move.  A way may
use an edge only if every cell the edge crosses is free.

The lengths it finds are too long by at most 2.75 %, never more: the shortest way round blocked cells is a chain of
straight pieces between corners of cells, and each piece can be replaced by steps of two neighbouring directions of the
sixteen, through the same cells (the steps of its lower Christoffel word).  The worst piece halves the widest angle
between two directions, 26.57 degrees: 1 / cos(13.28 degrees) = 1.0275.  So ``least_km`` divides by that, with a little
more for the map's stretching from cell to cell, and what it gives is never more than the true way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.lattice import RADIUS_KM, Lattice

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

LONGER_BY = 1.0275
"""By how much a way of sixteen directions can be longer than the true one."""
LIKELY_BY = 1.0137
"""By how much it is longer on the average over all directions: the mean of the factor, 1.000 to 1.0275."""

_STEPS = (
    ((0, 1), ((0, 0), (-1, 0)), "any"),
    ((1, 0), ((0, 0), (0, -1)), "any"),
    ((1, 1), ((0, 0),), "all"),
    ((1, -1), ((0, -1),), "all"),
    ((1, 2), ((0, 0), (0, 1)), "all"),
    ((2, 1), ((0, 0), (1, 0)), "all"),
    ((1, -2), ((0, -1), (0, -2)), "all"),
    ((2, -1), ((0, -1), (1, -1)), "all"),
)
"""Half of the sixteen directions, as rows and columns; which cells they cross or run beside, counted from the node's
own to its upper right; and whether one of these must be free (along an edge) or all."""

_POLE_SHORTER = 0.8
"""Ways round the last ring before the pole are up to a fifth longer than ways across it."""


def graph(lattice: Lattice, free: Booleans) -> csr_array:
    """Join the nodes of a lattice where the cells between are free, by kilometres over the ground.

    Args:
        lattice: The lattice.
        free: Which cells are free ``(rows - 1, columns - 1)``.
    """
    rows, columns = lattice.rows, lattice.columns
    padded = np.zeros((rows + 3, columns + 3), np.bool_)
    padded[2 : rows + 1, 2 : columns + 1] = free
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    starts, ends = [], []
    for (up, across), crossed, how in _STEPS:
        beside = [padded[2 + i : 2 + i + rows, 2 + j : 2 + j + columns] for i, j in crossed]
        open_ones = np.logical_or.reduce(beside) if how == "any" else np.logical_and.reduce(beside)
        here = number[: rows - up, max(0, -across) : columns - max(0, across)]
        there = number[up:, max(0, across) : columns - max(0, -across)]
        keep = open_ones[: rows - up, max(0, -across) : columns - max(0, across)]
        starts.append(here[keep])
        ends.append(there[keep])
    a, b = np.concatenate(starts), np.concatenate(ends)
    km = sphere.between_m(lattice.nodes[a], lattice.nodes[b]) / 1000.0
    size = rows * columns
    if lattice.is_globe:
        a, b, km = _round_the_globe(lattice, number, a, b, km)
        size += 1
    return coo_array((km, (a, b)), shape=(size, size)).tocsr()


def _round_the_globe(
    lattice: Lattice, number: NDArray[np.int32], a: NDArray[np.int32], b: NDArray[np.int32], km: Floats
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Join the antimeridian's two columns, and the northernmost row with the pole, which is one node more."""
    seam_a, seam_b, top = number[:, 0], number[:, -1], number[-1]
    pole = np.full(len(top), number.size, np.int32)
    to_pole = sphere.between_m(lattice.nodes[top], np.array([0.0, 0.0, 1.0])) / 1000.0 * _POLE_SHORTER
    return (
        np.concatenate((a, seam_a, top)),
        np.concatenate((b, seam_b, pole)),
        np.concatenate((km, np.full(len(seam_a), 1e-6), to_pole)),
    )


@dataclass(frozen=True)
class Ways:
    """The shortest ways from one place to the nodes of a lattice."""

    lattice: Lattice
    origin: Floats
    """Where they begin: a unit vector ``(3,)``."""
    off_km: float
    """How far from its node."""
    node_km: Floats
    """How long the way to each node is over the graph; infinite where there is none, or none within the limit."""
    before: NDArray[np.int32]
    """The node before each node on its way; negative where there is none."""

    @property
    def shorter_by(self) -> float:
        """By how much the true way may be shorter than ``node_km``."""
        return LONGER_BY * (1.0 + 2.0 * self.lattice.step_km / RADIUS_KM)

    @property
    def least_km(self) -> Floats:
        """How far it is to each node at least: no way by sea is shorter; never less than the great circle."""
        round_land = self.node_km / self.shorter_by - self.off_km
        straight = sphere.between_m(self.lattice.nodes, self.origin) / 1000.0
        return np.maximum(round_land, straight)

    @property
    def likely_km(self) -> Floats:
        """How far it is to each node, neither the least nor the most."""
        straight = sphere.between_m(self.lattice.nodes, self.origin) / 1000.0
        return np.maximum(self.node_km / LIKELY_BY, straight)

    def path(self, node: int) -> Integers:
        """Give the nodes of the way to a node, from the origin's; empty where there is none."""
        if not np.isfinite(self.node_km[node]):
            return np.empty(0, np.int64)
        steps = [node]
        while self.before[steps[-1]] >= 0:
            steps.append(int(self.before[steps[-1]]))
        return np.array([n for n in steps[::-1] if n < len(self.lattice.nodes)], np.int64)


def ways(lattice: Lattice, joined: csr_array, origin: Floats, limit_km: float = np.inf) -> Ways:
    """Find the shortest ways from a place to all nodes.

    Args:
        lattice: The lattice.
        joined: Its graph; the cell of the place must be free.
        origin: Unit vector ``(3,)``, on the lattice.
        limit_km: Longer ways are not looked for.
    """
    row, column, _ = lattice.cell_of(origin[None, :])
    corners = lattice.corners(row, column)[0]
    away = sphere.between_m(lattice.nodes[corners], origin) / 1000.0
    nearest = int(np.argmin(away))
    km, before = dijkstra(
        joined, directed=False, indices=int(corners[nearest]), limit=limit_km, return_predecessors=True
    )
    nodes = len(lattice.nodes)
    return Ways(lattice, origin, float(away[nearest]), km[:nodes], before)


def straight(lattice: Lattice, origin: Floats) -> Ways:
    """Give the ways from a place where nothing is in the way at all: great circles."""
    km = sphere.between_m(lattice.nodes, origin) / 1000.0
    return Ways(lattice, origin, 0.0, km, np.full(len(km), -1, np.int32))
