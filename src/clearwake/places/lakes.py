"""Lakes: the larger ones, which the outlines of land take in.

Natural Earth 1:10 million, public domain; drawn to a hundredth of a degree, so a shore is off by a kilometre.  Made by
``scripts/lakes.py``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from clearwake.places import packed
from clearwake.places.data import FOLDER

Booleans = NDArray[np.bool_]


@cache
def _lakes() -> shapely.STRtree:
    stored = packed.read(FOLDER / "lakes.bin")
    steps = np.stack((stored["lon_steps"], stored["lat_steps"]), axis=-1)
    vertices = np.cumsum(steps, axis=0, dtype=np.int64) / 1000.0
    polygons = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, vertices, (stored["rings"], stored["polygons"])
    )
    return shapely.STRtree(polygons)


def on_lake(lon: ArrayLike, lat: ArrayLike) -> Booleans:
    """Tell which positions are on one of the larger lakes: ``(n,), (n,) degrees -> (n,)``."""
    points = shapely.points(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    found = np.zeros(points.size, np.bool_)
    found[_lakes().query(points, predicate="within")[0]] = True
    return found
