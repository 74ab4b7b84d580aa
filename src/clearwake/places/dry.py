"""Dry land: farther from all water that a map knows than any map is wrong.

More than 4 km inside both the shore of Natural Earth (1:10 million) and that of NOAA's GLOBE (half an arc minute), 4
from lakes, 3 from rivers, 6 from ports, and off the waterways that ships sail, in cells of a hundredth of a degree.
All is public domain, the waterways are drawn by hand; made by ``scripts/dry_land.py``.  Small rivers, canals and
reservoirs are not known, nor, within 15 km of the sea, every creek: who asks must look who else sails there, and how a
ship came there.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearwake.places import packed
from clearwake.places.data import FOLDER

COAST_KM, INLAND_KM = 4.0, 15.0
"""So far from the sea land may be dry; farther than the second no creek reaches that both maps leave out."""

CELLS, COARSE = 100, 40
"""Cells to a degree: of dry land, kept in tiles of one degree, and of what is far inland or near water."""


@cache
def _maps() -> dict[str, NDArray[np.uint8]]:
    return packed.read(FOLDER / "dry.bin")


def on_dry_land(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which positions are on dry land: ``(n,), (n,) degrees -> (n,)``; outside the globe none is."""
    maps, (row, column, is_on) = _maps(), _cells(lon, lat, CELLS)
    tile = maps["which"][row // CELLS, column // CELLS]
    cell = row % CELLS * CELLS + column % CELLS
    return np.asarray(_bit(maps["tiles"][tile, cell >> 3], cell) & is_on)


def far_inland(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which positions are more than ``INLAND_KM`` inside both shores, whatever rivers and lakes there are.

    ``(n,), (n,) degrees -> (n,)``; outside the globe none is.
    """
    row, column, is_on = _cells(lon, lat, COARSE)
    cell = row * (360 * COARSE) + column
    return np.asarray(_bit(_maps()["inland"][cell >> 3], cell) & is_on)


def near_water(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which positions are on water that a map knows, or within a kilometre or two: ``(n,), (n,) degrees -> (n,)``.

    Outside the globe none is.  What is neither near water nor on dry land may be either.
    """
    row, column, is_on = _cells(lon, lat, COARSE)
    cell = row * (360 * COARSE) + column
    return np.asarray(~_bit(_maps()["off_water"][cell >> 3], cell) & is_on)


def _bit(of: NDArray[np.uint8], cell: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((of >> (7 - (cell & 7)).astype(np.uint8)) & 1 == 1)


def _cells(
    lon: ArrayLike, lat: ArrayLike, cells: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Give row, from the south, and column, from 180 W, of the cell of each position, and whether it has one."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    is_on = np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90.0)
    column = np.floor((np.where(is_on, x, 0.0) + 180.0) * cells).astype(np.int64) % (360 * cells)
    row = np.floor((np.where(is_on, y, 0.0) + 90.0) * cells).astype(np.int64).clip(0, 180 * cells - 1)
    return row, column, np.asarray(is_on)
