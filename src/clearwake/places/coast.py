"""Land and the distance to it: Natural Earth 10 m, exact to the outline and to one kilometre."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places import packed
from clearwake.places.data import FOLDER

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@cache
def outlines() -> shapely.MultiPolygon:
    """Give land as polygons in degrees, cut at the antimeridian; lakes are part of it, the Caspian is not."""
    stored = packed.read(FOLDER / "land.bin")
    lon, lat = np.cumsum(stored["lon_steps"], dtype=np.int64), np.cumsum(stored["lat_steps"], dtype=np.int64)
    rings = np.concatenate(([0], np.cumsum(stored["ring_sizes"])))
    polygons = np.concatenate(([0], np.cumsum(stored["polygon_sizes"])))
    degrees = (np.stack((lon, lat), axis=-1) / 1e6)[: rings[-1]]
    parts = shapely.from_ragged_array(shapely.GeometryType.POLYGON, degrees, (rings, polygons))
    return shapely.multipolygons(parts)


@cache
def _tree() -> cKDTree:
    dense = shapely.get_coordinates(shapely.segmentize(shapely.boundary(outlines()), 0.01))
    inland = (np.abs(dense[:, 0]) == 180.0) | (dense[:, 1] == -90.0)
    return cKDTree(
        sphere.unit_vectors(dense[~inland, 0], dense[~inland, 1]), balanced_tree=False, compact_nodes=False
    )


def on_land(lon: ArrayLike, lat: ArrayLike) -> Booleans:
    """Tell which positions are on land: ``(n,), (n,) -> (n,)``."""
    land = outlines()
    shapely.prepare(land)
    return np.asarray(shapely.contains_xy(land, np.asarray(lon, np.float64), np.asarray(lat, np.float64)))


def coast_km(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Give distances to the nearest coast in km, 0 on land: ``(n,), (n,) -> (n,)``."""
    chord, _ = _tree().query(sphere.unit_vectors(lon, lat))
    return np.where(on_land(lon, lat), 0.0, sphere.arc_m(chord) / 1000.0)
