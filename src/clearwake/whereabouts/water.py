"""Water: which cells of a lattice a ship may pass.

A cell is closed only where all of it is land that no shore comes near: a shore within ``COAST_KM`` frees it, and so
does every strait, inlet or harbour that the outlines of land know, however narrow, because its own shores run through
the cell.  What they do not know, canals, navigable rivers and inland ports, is in ``inland``; and where a ship was
heard there is water for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from clearwake import sphere
from clearwake.places import coast
from clearwake.places.lakes import on_lake
from clearwake.sphere import Floats
from clearwake.whereabouts import inland
from clearwake.whereabouts.lattice import Lattice

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]

COAST_KM = 6.0
"""How far inland a ship may be by the outlines of land: nine tenths of the true coast lie within 5.7 km of the one
drawn (``docs/places.md``)."""
HEARD_KM = 3.0
"""How far round a place where a ship was heard there is water for it."""
HEARD_WATER_KM = 1.5
"""... and how far round it water counts as such when areas are measured."""
INLAND_SEA_KM = 1.0
"""How wide to each side inland water counts as water when areas are measured and densities drawn."""
_MANY, _PARTS = 20_000, 8
_FEW_CELLS = 2.0
"""Up to so many cells wide, each point marks the cells round it itself; wider, distances between cells do."""
_ROOT2 = float(np.sqrt(2.0))


@dataclass(frozen=True)
class Ice:
    """Ice that closes the sea all through a silence: polygons in degrees, between -180 and 180."""

    polygons: tuple[shapely.Geometry, ...] = ()


NO_ICE = Ice()
NOWHERE = np.empty((0, 3))


def free_cells(
    lattice: Lattice, ends: Floats, heard: Floats = NOWHERE, ice: Ice = NO_ICE
) -> tuple[Booleans, Booleans]:
    """Tell which cells a ship may pass, and which of them are water in their middle: ``(rows - 1, columns - 1)`` each.

    Args:
        lattice: The lattice.
        ends: Where the ship was heard before and after.  Where one lies inland on water that is not known, nobody can
            say where that water leads: then every cell counts as water.
        heard: Where any ships were heard, unit vectors ``(n, 3)``: water too.
        ice: What the sea is closed by.
    """
    lon, lat = sphere.lonlat(lattice.middles)
    lon, lat, _ = sphere.on_globe(lon, lat)
    sea = ~coast.on_land(lon, lat)
    sea[~sea] = on_lake(lon[~sea], lat[~sea])
    sea = sea.reshape(lattice.cells)
    free = sea | _near(lattice, _shores(lattice), COAST_KM)
    inner, width_km = inland.points(lattice.step_km / 2.0)
    for width in np.unique(width_km):
        line = lattice.plane.onto(inner[width_km == width])
        free |= _near(lattice, line, float(width))
        sea |= _near(lattice, line, INLAND_SEA_KM)
    if not _in(lattice, free, ends).all():
        free, sea = np.ones_like(free), np.ones_like(sea)
    if len(heard):
        spots = lattice.plane.onto(heard)
        free |= _near(lattice, spots, HEARD_KM)
        sea |= _near(lattice, spots, HEARD_WATER_KM)
    for shape in ice.polygons:
        closed = shapely.contains_xy(shape, lon, lat).reshape(lattice.cells)
        edge = lattice.plane.onto(_along(shape, lattice.step_km / 2.0))
        closed &= ~_near(lattice, edge, 0.0)
        free &= ~closed
        sea &= ~closed
    return opened(lattice, free, ends), sea


def _in(lattice: Lattice, free: Booleans, places: Floats) -> Booleans:
    row, column, inside = lattice.cell_of(places)
    return free[row, column] | ~inside


def opened(lattice: Lattice, free: Booleans, ends: Floats) -> Booleans:
    """Open the water round places where a ship was: a disc as far as the nearest open cell, and that cell."""
    free = free.copy()
    for end in ends:
        row, column, _ = lattice.cell_of(end[None, :])
        if free[row[0], column[0]]:
            continue
        away_km = sphere.between_m(lattice.middles, end).reshape(lattice.cells) / 1000.0
        side_km = float(np.sqrt(lattice.cell_km2[row[0], column[0]]))
        nearest_km = float(away_km[free].min()) if free.any() else 0.0
        free |= away_km <= nearest_km + _ROOT2 * side_km
        free[row[0], column[0]] = True
    return free


def _near(lattice: Lattice, xy_km: Floats, within_km: float) -> Booleans:
    """Tell which cells come within some kilometres of places on the map: ``(n, 2) -> (rows - 1, columns - 1)``."""
    rows, columns = lattice.cells
    at = (xy_km - (lattice.west_km, lattice.south_km)) / lattice.step_km
    stretch = float(lattice.plane.scale(lattice.middles_km[[0, columns - 1, -columns, -1]]).max())
    margin = int(np.ceil(within_km * stretch / lattice.step_km)) + 2
    inside = np.all((at >= -margin) & (at < (columns + margin, rows + margin)), axis=-1)
    at, wide = at[inside], within_km * lattice.plane.scale(xy_km[inside]) / lattice.step_km
    marked = np.zeros((rows + 2 * margin, columns + 2 * margin), np.bool_)
    if not len(at):
        return marked[:rows, :columns]
    if len(at) > _MANY:
        at, wide = _thinned(at, wide, columns + 2 * margin)
    if wide.max() <= _FEW_CELLS:
        shares = np.linspace(-1.0, 1.0, 2 * int(np.ceil(wide.max())) + 1)
        for across in shares:
            for up in shares:
                _mark(marked, at + np.stack((across * wide, up * wide), axis=-1), margin)
    else:
        _mark(marked, at, margin)
        marked = distance_transform_edt(~marked) <= float(wide.max()) + _ROOT2
    return np.asarray(marked[margin : margin + rows, margin : margin + columns])


def _thinned(at: Floats, wide: Floats, columns: int) -> tuple[Floats, Floats]:
    """Take one for all points in an eighth of a cell, told as much wider as they may lie apart."""
    part = np.floor((at + 2.0 * columns) * _PARTS).astype(np.int64)
    _, first = np.unique(part[:, 1] * (8 * columns * _PARTS) + part[:, 0], return_index=True)
    middle = (part[first] + 0.5) / _PARTS - 2.0 * columns
    return middle, wide[first] * 1.01 + 0.5 / _PARTS


def _mark(marked: Booleans, at: Floats, margin: int) -> None:
    cell = np.floor(at).astype(np.int64) + margin
    kept = np.all((cell >= 0) & (cell < marked.shape[::-1]), axis=-1)
    marked[cell[kept, 1], cell[kept, 0]] = True


def _shores(lattice: Lattice) -> Floats:
    """Give points along the shores on and round the lattice, at most half a cell apart, on the map: ``(n, 2)``."""
    shore = coast.shore()
    xy = lattice.plane.onto(shore.vectors)
    is_edge = np.ones(len(xy) - 1, np.bool_)
    is_edge[shore.ring_ends - 1] = False
    first_islet = int(shore.ring_ends[-1])
    is_edge[first_islet:] = False
    is_edge &= ~_made_up(shore.vertices)
    margin = 4.0 * lattice.step_km + 4.0 * COAST_KM
    low = np.array((lattice.west_km, lattice.south_km)) - margin
    high = low + 2.0 * margin + lattice.step_km * np.array(lattice.cells[::-1])
    touches = np.all((np.maximum(xy[:-1], xy[1:]) >= low) & (np.minimum(xy[:-1], xy[1:]) <= high), axis=-1)
    edge = np.flatnonzero(is_edge & touches)
    alone = xy[first_islet:]
    apart = np.abs(xy[edge + 1] - xy[edge]).max(axis=-1)
    pieces = np.minimum(np.ceil(apart / (lattice.step_km / 2.0)), 4000).astype(np.int64) + 1
    which, share = _spread(pieces)
    a, b = shore.vertices[edge[which]], shore.vertices[edge[which] + 1]
    lonlat = a + (b - a) * share[:, None]
    return np.concatenate((lattice.plane.onto(sphere.unit_vectors(lonlat[:, 0], lonlat[:, 1])), alone))


def _spread(pieces: Integers) -> tuple[Integers, Floats]:
    """Number the edges and the shares along them of points on edges: ``(k,) -> (n,), (n,)``."""
    which = np.repeat(np.arange(len(pieces)), pieces)
    step = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return which, step / np.maximum(pieces[which] - 1, 1)


def _made_up(vertices: Floats) -> Booleans:
    """Tell which edges are no shore but where the outlines were cut: at the antimeridian and the south pole."""
    on_line = np.abs(np.abs(vertices[:, 0]) - 180.0) < 1e-3
    at_pole = vertices[:, 1] < -89.9
    return np.asarray((on_line[:-1] & on_line[1:]) | at_pole[:-1] | at_pole[1:])


def _along(shape: shapely.Geometry, step_km: float) -> Floats:
    """Give points along the edges of a polygon, unit vectors ``(n, 3)``."""
    step_deg = step_km / 111.2
    edges = shapely.segmentize(shapely.boundary(shape), step_deg)
    lonlat = shapely.get_coordinates(edges)
    return sphere.unit_vectors(lonlat[:, 0], lonlat[:, 1])
