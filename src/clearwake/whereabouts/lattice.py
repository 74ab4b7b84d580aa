"""The drawing sheets on which ways by sea are found: a lattice of nodes on a map that keeps angles.

Ways are found from node to node, round what blocks the cells between.  The maps keep angles (stereographic round the
middle of what is asked, and Mercator's for the whole globe), so a lattice is square everywhere and a pole or the
antimeridian is a place like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.sphere import EARTH_RADIUS_M, Floats

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

RADIUS_KM = EARTH_RADIUS_M / 1000.0
MERCATOR_NORTH, MERCATOR_SOUTH = 85.0, -80.0
"""How far Mercator's map goes: to the south beyond all sea, to the north to where a ring round the pole is left."""


class Plane(Protocol):
    """A map that keeps angles; lengths on it are kilometres times ``scale``."""

    def onto(self, vectors: Floats) -> Floats:
        """Put unit vectors on the map: ``(n, 3) -> (n, 2)`` km."""

    def off(self, xy: Floats) -> Floats:
        """Take places off the map: ``(n, 2) km -> (n, 3)``."""

    def scale(self, xy: Floats) -> Floats:
        """Give by how much the map stretches: ``(n, 2) -> (n,)``."""


@dataclass(frozen=True)
class Stereographic:
    """The stereographic map round a place; ``axes`` are its east, its north and itself, unit vectors as rows."""

    axes: Floats

    @classmethod
    def round(cls, middle: Floats, towards: Floats | None = None) -> Stereographic:
        """Lay the map round ``middle``, its x axis towards another place, else to the east."""
        up = middle / np.linalg.norm(middle)
        pole = np.array([0.0, 0.0, 1.0]) if abs(up[2]) < 0.99 else np.array([0.0, 1.0, 0.0])
        along = np.cross(pole, up) if towards is None else towards - up * (towards @ up)
        if np.linalg.norm(along) < 1e-9:
            along = np.cross(pole, up)
        east = along / np.linalg.norm(along)
        return cls(np.stack((east, np.cross(up, east), up)))

    def onto(self, vectors: Floats) -> Floats:
        """Put unit vectors on the map; the place opposite the middle lies at infinity."""
        east, north, up = (vectors @ axis for axis in self.axes)
        stretch = 2.0 * RADIUS_KM / np.maximum(1.0 + up, 1e-12)
        return np.stack((east * stretch, north * stretch), axis=-1)

    def off(self, xy: Floats) -> Floats:
        """Take places off the map."""
        half = xy / (2.0 * RADIUS_KM)
        square = np.sum(half * half, axis=-1)[..., None]
        flat = 2.0 * half[..., :1] * self.axes[0] + 2.0 * half[..., 1:] * self.axes[1]
        return np.asarray((flat + (1.0 - square) * self.axes[2]) / (1.0 + square))

    def scale(self, xy: Floats) -> Floats:
        """Give by how much the map stretches: 1 in the middle, 2 a quarter of the globe away."""
        return np.asarray(1.0 + np.sum(xy * xy, axis=-1) / (4.0 * RADIUS_KM**2))


@dataclass(frozen=True)
class Mercator:
    """Mercator's map of the whole globe, from 180 degrees west to 180 degrees east."""

    def onto(self, vectors: Floats) -> Floats:
        """Put unit vectors on the map."""
        lon, lat = sphere.lonlat(vectors)
        y = np.arctanh(np.sin(np.radians(np.clip(lat, -89.9, 89.9))))
        return np.stack((np.radians(lon), y), axis=-1) * RADIUS_KM

    def off(self, xy: Floats) -> Floats:
        """Take places off the map."""
        lam, y = xy[..., 0] / RADIUS_KM, xy[..., 1] / RADIUS_KM
        return sphere.unit_vectors(np.degrees(lam), np.degrees(np.arcsin(np.tanh(y))))

    def scale(self, xy: Floats) -> Floats:
        """Give by how much the map stretches: 1 at the equator, 2 at 60 degrees."""
        return np.asarray(np.cosh(xy[..., 1] / RADIUS_KM))


@dataclass(frozen=True)
class Lattice:
    """Nodes ``step_km`` apart on a map, ``rows`` by ``columns`` of them; cells lie between four nodes.

    A lattice of the whole globe has the antimeridian twice, as first and as last column.
    """

    plane: Plane
    west_km: float
    south_km: float
    step_km: float
    rows: int
    columns: int
    is_globe: bool = field(default=False)

    @cached_property
    def nodes(self) -> Floats:
        """Where the nodes are: unit vectors ``(rows * columns, 3)``, row by row."""
        return self.plane.off(self.nodes_km)

    @cached_property
    def nodes_km(self) -> Floats:
        """Where the nodes are on the map: ``(rows * columns, 2)``."""
        x = self.west_km + self.step_km * np.arange(self.columns)
        y = self.south_km + self.step_km * np.arange(self.rows)
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    @cached_property
    def middles_km(self) -> Floats:
        """Where the middles of cells are on the map: ``((rows - 1) * (columns - 1), 2)``."""
        x = self.west_km + self.step_km * (np.arange(self.columns - 1) + 0.5)
        y = self.south_km + self.step_km * (np.arange(self.rows - 1) + 0.5)
        return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)

    @cached_property
    def middles(self) -> Floats:
        """Where the middles of cells are: unit vectors."""
        return self.plane.off(self.middles_km)

    @cached_property
    def cell_km2(self) -> Floats:
        """How large the cells are on the globe: ``(rows - 1, columns - 1)``."""
        side = self.step_km / self.plane.scale(self.middles_km)
        return np.asarray((side * side).reshape(self.cells))

    @property
    def cells(self) -> tuple[int, int]:
        """How many rows and columns of cells there are."""
        return self.rows - 1, self.columns - 1

    def cell_of(self, vectors: Floats) -> tuple[Integers, Integers, Booleans]:
        """Find the cells of places: ``(n, 3) -> (n,), (n,), (n,)`` row, column, and whether on the lattice at all."""
        at = (self.plane.onto(vectors) - (self.west_km, self.south_km)) / self.step_km
        rows, columns = self.cells
        inside = (at[..., 0] >= 0) & (at[..., 0] <= columns) & (at[..., 1] >= 0) & (at[..., 1] <= rows)
        whole = np.clip(np.nan_to_num(at), 0, (columns - 1e-9, rows - 1e-9)).astype(np.int64)
        return whole[..., 1], whole[..., 0], inside

    def corners(self, row: Integers, column: Integers) -> Integers:
        """Number the four nodes round cells: ``(n,), (n,) -> (n, 4)``."""
        first = row * self.columns + column
        return np.stack((first, first + 1, first + self.columns, first + self.columns + 1), axis=-1)


MOST_NODES = 150_000
LEAST_STEP_KM = 0.5
FARTHEST_KM = 9_500.0
"""Beyond this from its middle the stereographic map stretches too far, and both poles could lie on it."""


def lattice_round(
    middle: Floats,
    towards: Floats | None,
    half_x_km: float,
    half_y_km: float,
    nodes: int = MOST_NODES,
    finest_km: float = LEAST_STEP_KM,
) -> Lattice:
    """Lay a lattice over a box round a place: ``middle`` is a node of it.

    Args:
        middle: Unit vector ``(3,)``.
        towards: Where the x axis points; east, if not given.
        half_x_km: How far the box reaches on the map, along the x axis.
        half_y_km: And across it.
        nodes: About how many nodes.
        finest_km: But no closer together than this.
    """
    area = 4.0 * half_x_km * half_y_km
    step = max(float(np.sqrt(area / nodes)), finest_km)
    wide, tall = int(np.ceil(half_x_km / step)) + 2, int(np.ceil(half_y_km / step)) + 2
    plane = Stereographic.round(middle, towards)
    return Lattice(plane, -wide * step, -tall * step, step, 2 * tall + 1, 2 * wide + 1)


def lattice_of_globe(nodes: int = MOST_NODES) -> Lattice:
    """Lay a lattice over the whole globe, of about twice as many nodes as asked: half of them are land."""
    columns = int(np.sqrt(2.0 * nodes)) + 1
    step = 2.0 * np.pi * RADIUS_KM / (columns - 1)
    south, north = (
        np.arctanh(np.sin(np.radians(edge))) * RADIUS_KM for edge in (MERCATOR_SOUTH, MERCATOR_NORTH)
    )
    rows = int(np.ceil((north - south) / step)) + 1
    return Lattice(Mercator(), -np.pi * RADIUS_KM, float(south), step, rows, columns, is_globe=True)
