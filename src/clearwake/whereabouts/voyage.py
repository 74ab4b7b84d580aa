"""How far it is by sea between two places, anywhere: at least, and about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from clearwake import sphere
from clearwake.places import coast
from clearwake.sphere import EARTH_RADIUS_M, Floats
from clearwake.whereabouts import lattice as sheets
from clearwake.whereabouts import water
from clearwake.whereabouts.lattice import Lattice, lattice_of_globe, lattice_round
from clearwake.whereabouts.water import NOWHERE
from clearwake.whereabouts.way import graph, ways

Booleans = NDArray[np.bool_]

_ROOM = 1.15
"""How much wider than half the shortest way known so far a lattice must be to hold every shorter one."""
_NODES = 300_000
_GLOBE_NODES = 400_000


def way_by_sea_km(start: Floats, end: Floats) -> tuple[float, float]:
    """Give how far it is by sea: at least, and about.

    A way of length L stays within L / 2 of the point half way between its ends, so the lattice is widened until it
    holds the way it found; the farthest are found on the whole globe.  Canals count as ways.  The first figure lets a
    ship over coasts as far as their outlines may be wrong, and is never more than the true way; the second keeps to
    water, and is what sailing tables say to a few in a hundred.

    Args:
        start: Unit vector ``(3,)``; on land, the nearest water counts.
        end: Unit vector ``(3,)``.

    Returns:
        Kilometres, infinite where no water leads from one to the other.
    """
    straight_km = float(sphere.between_m(start, end)) / 1000.0
    reach_km = max(straight_km * 0.75, 30.0)
    while True:
        sea = _round(start, end, reach_km)
        if sea is None:
            return straight_km, straight_km
        least, likely = _on(sea, start, end)
        needed_km = likely * _ROOM / 2.0
        if sea.lattice.is_globe or needed_km <= reach_km:
            return least, likely
        reach_km = max(min(needed_km, 4.0 * reach_km), reach_km * 1.2)


@dataclass(frozen=True)
class _Sea:
    """A lattice, the graph over all cells a ship may pass, and the one over those that are water."""

    lattice: Lattice
    passable: csr_array
    water: csr_array


def _round(start: Floats, end: Floats, reach_km: float) -> _Sea | None:
    """Lay a lattice over both places and all within reach of the point between them; None where all is water."""
    middle = start + end
    size = float(np.linalg.norm(middle))
    if reach_km > sheets.FARTHEST_KM or size < 1e-6:
        return _with_ends(*_globe(), start, end)
    half = 2.0 * sheets.RADIUS_KM * np.tan(reach_km * 1000.0 / EARTH_RADIUS_M / 2.0)
    lattice = lattice_round(middle / size, None, float(half), float(half), _NODES)
    free, sea = _waters(lattice)
    return None if sea.all() else _with_ends(lattice, free, sea, start, end)


@cache
def _globe() -> tuple[Lattice, Booleans, Booleans]:
    lattice = lattice_of_globe(_GLOBE_NODES)
    return lattice, *_waters(lattice)


def _waters(lattice: Lattice) -> tuple[Booleans, Booleans]:
    """Tell which cells a ship may pass, and which have water in a quarter of them."""
    free, sea = water.free_cells(lattice, NOWHERE)
    quarter = lattice.step_km / 4.0
    for across, up in ((-quarter, -quarter), (-quarter, quarter), (quarter, -quarter), (quarter, quarter)):
        lon, lat = sphere.lonlat(lattice.plane.off(lattice.middles_km + np.array((across, up))))
        lon, lat, _ = sphere.on_globe(lon, lat)
        sea = sea | ~coast.on_land(lon, lat).reshape(lattice.cells)
    return free, sea & free


def _with_ends(lattice: Lattice, free: Booleans, sea: Booleans, start: Floats, end: Floats) -> _Sea:
    ends = np.stack((start, end))
    return _Sea(
        lattice,
        graph(lattice, water.opened(lattice, free, ends)),
        graph(lattice, water.opened(lattice, sea, ends)),
    )


def _on(sea: _Sea, start: Floats, end: Floats) -> tuple[float, float]:
    """Find both ways; where water alone leads nowhere, narrow ways count, if they are the coast's."""
    row, column, _ = sea.lattice.cell_of(end[None, :])
    corners = sea.lattice.corners(row, column)[0]
    away = sphere.between_m(sea.lattice.nodes[corners], end) / 1000.0
    straight = float(sphere.between_m(start, end)) / 1000.0
    passable = ways(sea.lattice, sea.passable, start)
    least = max(float((passable.least_km[corners] - away).max()), straight)
    afloat = ways(sea.lattice, sea.water, start)
    chosen = afloat if np.isfinite(afloat.node_km[corners]).any() else passable
    likely = float((chosen.likely_km[corners] + away).min())
    return least, max(likely - sea.lattice.step_km / 2.0, least)
