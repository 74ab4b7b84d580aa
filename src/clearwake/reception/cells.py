"""Cells of the sea of about equal area, in which reception is counted.

Rows are bands of latitude of a given height; each row is cut into as many cells as make them about as wide as high, so
that a cell near a pole holds about as much sea as one at the equator, and the antimeridian is an edge like any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearwake.sphere import Floats, on_globe

Ints = NDArray[np.int64]

FINEST_DEG = 0.1
"""Height of the smallest cells, about 11 km."""

_ROW = 100_000


def cell_of(lon: ArrayLike, lat: ArrayLike, height_deg: float) -> Ints:
    """Number the cells that places lie in: ``(n,), (n,) degrees -> (n,)``; the same for one height only."""
    lon, lat, _ = on_globe(lon, lat)
    rows = round(180.0 / height_deg)
    row = np.minimum(((lat + 90.0) / height_deg).astype(np.int64), rows - 1)
    across = _across(row, height_deg)
    column = np.minimum(((lon + 180.0) / 360.0 * across).astype(np.int64), across - 1)
    return np.asarray(row * _ROW + column, np.int64)


def middle_of(cell: Ints, height_deg: float) -> tuple[Floats, Floats]:
    """Give the middles of cells, degrees: ``(n,) -> (n,), (n,)``."""
    row, column = np.divmod(cell, _ROW)
    lon = (column + 0.5) / _across(row, height_deg) * 360.0 - 180.0
    return np.asarray(lon), np.asarray((row + 0.5) * height_deg - 90.0)


def _across(row: Ints, height_deg: float) -> Ints:
    """Say how many cells a row has."""
    wide = np.cos(np.radians((row + 0.5) * height_deg - 90.0)) * 360.0 / height_deg
    return np.asarray(np.maximum(np.round(wide), 1.0), np.int64)
