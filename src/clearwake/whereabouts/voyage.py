"""How far it is by sea between two places, anywhere: at least, and about."""

from __future__ import annotations

import numpy as np

from clearwake import sphere
from clearwake.sphere import EARTH_RADIUS_M, Floats
from clearwake.whereabouts import lattice as sheets
from clearwake.whereabouts import water
from clearwake.whereabouts.lattice import Lattice, lattice_of_globe, lattice_round
from clearwake.whereabouts.way import graph, ways

_ROOM = 1.15
"""How much wider than half the shortest way known so far a lattice must be to hold every shorter one."""


def way_by_sea_km(start: Floats, end: Floats) -> tuple[float, float]:
    """Give how far it is by sea: at least, and about (between two and three in a hundred off in open water).

    A way of length L stays within L / 2 of the point half way between its ends, so the lattice is widened until it
    holds the way it found; the farthest are found on the whole globe.  Canals count as ways.

    Args:
        start: Unit vector ``(3,)``; on land, the nearest water counts.
        end: Unit vector ``(3,)``.

    Returns:
        Kilometres, infinite where no water leads from one to the other (the Caspian has none but its canal).
    """
    straight_km = float(sphere.between_m(start, end)) / 1000.0
    reach_km = max(straight_km * 0.75, 30.0)
    while True:
        lattice = _round(start, end, reach_km)
        least, likely = _on(lattice, start, end)
        needed_km = likely * _ROOM / 2.0
        if lattice.is_globe or needed_km <= reach_km:
            return least, likely
        reach_km = max(
            min(needed_km, 8.0 * reach_km) if np.isfinite(likely) else 2.0 * reach_km, reach_km * 1.1
        )


def _round(start: Floats, end: Floats, reach_km: float) -> Lattice:
    middle = start + end
    size = float(np.linalg.norm(middle))
    if reach_km > sheets.FARTHEST_KM or size < 1e-6:
        return lattice_of_globe()
    half = 2.0 * sheets.RADIUS_KM * np.tan(reach_km * 1000.0 / EARTH_RADIUS_M / 2.0)
    return lattice_round(middle / size, None, float(half), float(half))


def _on(lattice: Lattice, start: Floats, end: Floats) -> tuple[float, float]:
    free, _ = water.free_cells(lattice, np.stack((start, end)))
    found = ways(lattice, graph(lattice, free), start)
    row, column, _ = lattice.cell_of(end[None, :])
    corners = lattice.corners(row, column)[0]
    away = sphere.between_m(lattice.nodes[corners], end) / 1000.0
    straight = float(sphere.between_m(start, end)) / 1000.0
    least = float((found.least_km[corners] - away).max())
    likely = float((found.likely_km[corners] + away).min())
    if not np.isfinite(likely):
        return np.inf, np.inf
    return max(least, straight), max(likely - lattice.step_km / 2.0, straight, least)
