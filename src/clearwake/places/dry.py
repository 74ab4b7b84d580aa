"""Dry land: farther from all water that a map knows than any map is wrong.

More than 15 km inside the shore, 5 from lakes, 4 from rivers, 10 from ports, and off the waterways that ships sail, in
cells of a fortieth of a degree.  Natural Earth 1:10 million, public domain, and waterways drawn by hand; made by
``scripts/dry_land.py``.  Small rivers, canals and reservoirs are not known: who asks must look who else sails there.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearwake.places import packed
from clearwake.places.data import FOLDER

SHORE_KM = 15.0
STEPS_PER_DEG = 40
COLUMNS, ROWS = 360 * STEPS_PER_DEG, 180 * STEPS_PER_DEG


@cache
def _bits() -> NDArray[np.uint8]:
    return np.ascontiguousarray(packed.read(FOLDER / "dry.bin")["dry"]).ravel()


def on_dry_land(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which positions are on dry land: ``(n,), (n,) degrees -> (n,)``; outside the globe none is."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    is_on = np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90.0)
    column = np.floor((np.where(is_on, x, 0.0) + 180.0) * STEPS_PER_DEG).astype(np.int64) % COLUMNS
    row = np.floor((np.where(is_on, y, 0.0) + 90.0) * STEPS_PER_DEG).astype(np.int64).clip(0, ROWS - 1)
    cell = row * COLUMNS + column
    bit = _bits()[cell >> 3] >> (7 - (cell & 7)).astype(np.uint8) & 1
    return np.asarray((bit == 1) & is_on)
