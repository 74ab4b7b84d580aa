"""Positions well inside land.

The built-in coast is drawn at 1:10 million and knows no rivers, canals, small lakes or harbour basins.  So being inland
says nothing by itself: it counts where the ship leapt there, or sails there straight and fast as on no inland water.
"""

from __future__ import annotations

import numpy as np

from clearwake.detect.falsification.trail import WINDOW, Blocks, Trail, Windows
from clearwake.detect.step import Bools
from clearwake.places import Atlas
from clearwake.places.lakes import on_lake
from clearwake.sphere import Floats, destination, lonlat

INLAND_KM = 3.0
"""Nearer than this to a coast of that scale is harbour, estuary or the map's own error."""

CELLS_PER_DEG = 100
STRAIGHT, STRAIGHT_KN = 0.985, 7.0
"""The straight way against the way sailed, and the speed, of a window that no river or canal holds."""

_RING = np.arange(0.0, 360.0, 30.0)


def inland(atlas: Atlas, t: Trail, b: Blocks) -> Bools:
    """Say of the first report of each block whether it and all around it within ``INLAND_KM`` is land.

    Looked up once for each cell of 0.01 degrees, at its middle.
    """
    lon, lat = lonlat(t.place[b.first].reshape(-1, 3))
    x, y = np.rint(lon * CELLS_PER_DEG).astype(np.int64), np.rint(lat * CELLS_PER_DEG).astype(np.int64)
    cells, which = np.unique(x * 100_000 + y + 50_000, return_inverse=True)
    cell_lon = np.floor_divide(cells, 100_000) / CELLS_PER_DEG
    cell_lat = (cells % 100_000 - 50_000) / CELLS_PER_DEG
    return np.asarray(_is_inland(atlas, cell_lon, cell_lat)[which])


def _is_inland(atlas: Atlas, lon: Floats, lat: Floats) -> Bools:
    deep = _is_dry(atlas, lon, lat)
    at = np.flatnonzero(deep)
    for course in _RING:
        there = destination(lon[at], lat[at], np.full(at.size, course), np.full(at.size, INLAND_KM * 1000.0))
        on = _is_dry(atlas, *there)
        deep[at[~on]] = False
        at = at[on]
    return np.asarray(deep)


def _is_dry(atlas: Atlas, lon: Floats, lat: Floats) -> Bools:
    land = atlas.on_land(lon, lat)
    at = np.flatnonzero(land)
    land[at[on_lake(lon[at], lat[at])]] = False
    return np.asarray(land)


def stays_inland(w: Windows, b: Blocks, deep: Bools) -> Bools:
    """Say of windows whether they are inland from beginning to end, in three blocks at least."""
    whole = deep.copy()
    n = deep.size
    for k in range(1, WINDOW):
        here = slice(0, max(n - k, 0))
        on = (b.track[k:] == b.track[here]) & (b.block[k:] < b.block[here] + WINDOW)
        whole[here] &= ~on | deep[k:]
    return np.asarray(whole & w.is_whole & (w.blocks >= 3))


def is_straight(w: Windows) -> Bools:
    """Say of windows whether they are sailed straighter and faster than inland waters allow."""
    return np.asarray(
        w.is_moving & (w.speed_kn >= STRAIGHT_KN) & (w.net_m >= STRAIGHT * w.way_m) & (w.hours >= 0.6)
    )
