"""Where ships lie: built-in ports, given and learnt anchorages, and which of them is nearest.

A place may have a radius; distances to it are measured from its edge and are 0 within it.  Positions far from
every place are sorted out by a grid before any search, so that ten million of them are cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from clearwake import sphere
from clearwake.model import Anchorage, conform
from clearwake.places.data import FOLDER

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CELL_DEG = 0.1
CHUNK = 200_000
"""Positions searched for at a time, so that memory stays small."""
_COLUMNS, _ROWS = 3600, 1800
_WIDTHS_KM = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, np.inf)
"""Radii are searched class by class: a class is at most twice as wide at its end as at its beginning."""


def built_in() -> pl.DataFrame:
    """Give the ports of the World Port Index as a table of ``Anchorage``."""
    ports = pl.read_csv((FOLDER / "ports.csv").read_bytes()).drop("number")
    return conform(ports.with_columns(origin=pl.lit("built-in"), kind=pl.lit("port")), Anchorage)


class Harbours:
    """A search for the nearest of many places.

    Args:
        lon: Centres, degrees: ``(k,)``.
        lat: Centres, degrees: ``(k,)``.
        radius_km: How far each reaches from its centre: ``(k,)``.
    """

    def __init__(self, lon: ArrayLike, lat: ArrayLike, radius_km: ArrayLike) -> None:
        self._lon, self._lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        self._radius_km = np.asarray(radius_km, np.float64)
        vectors = sphere.unit_vectors(self._lon, self._lat)
        from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

        self._classes: list[tuple[Integers, cKDTree]] = []
        for low, high in zip((-np.inf, *_WIDTHS_KM), _WIDTHS_KM, strict=False):
            members = np.flatnonzero((self._radius_km > low) & (self._radius_km <= high))
            if len(members):
                self._classes.append((members, cKDTree(vectors[members])))
        self._masks: dict[float, Booleans] = {}

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, within_km: float | None = None
    ) -> tuple[Integers, Floats]:
        """Find the nearest place to each position: ``(n,), (n,) -> (n,), (n,)``.

        Args:
            lon: Degrees.
            lat: Degrees.
            within_km: Places farther than this do not count.

        Returns:
            The number of the place, -1 where there is none, and the distance to its edge in km, infinite where
            there is none.
        """
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        index, km = np.full(len(lon), -1, np.int64), np.full(len(lon), np.inf)
        near = (
            np.arange(len(lon))
            if within_km is None
            else np.flatnonzero(self._mask(within_km)[cells(lon, lat)])
        )
        for start in range(0, len(near), CHUNK):
            part = near[start : start + CHUNK]
            index[part], km[part] = self._search(sphere.unit_vectors(lon[part], lat[part]))
        if within_km is not None:
            far = km > within_km
            index[far], km[far] = -1, np.inf
        return index, km

    def _search(self, vectors: Floats) -> tuple[Integers, Floats]:
        index, km = np.full(len(vectors), -1, np.int64), np.full(len(vectors), np.inf)
        for members, tree in self._classes:
            found, edge_km = self._nearest_edge(vectors, members, tree)
            better = edge_km < km
            index[better], km[better] = found[better], edge_km[better]
        return index, km

    def _nearest_edge(self, vectors: Floats, members: Integers, tree: cKDTree) -> tuple[Integers, Floats]:
        """Search one class; the nearest edge may belong to a farther centre, so look on until it cannot."""
        radius = self._radius_km[members]
        best, km = np.full(len(vectors), -1, np.int64), np.full(len(vectors), np.inf)
        todo, k = np.arange(len(vectors)), 1
        while len(todo):
            k = min(k, len(members))
            chord, at = tree.query(vectors[todo], k=[*range(1, k + 1)])
            centre_km = sphere.arc_m(chord) / 1000.0
            edge_km = np.maximum(centre_km - radius[at], 0.0)
            first = np.argmin(edge_km, axis=1)
            rows = np.arange(len(todo))
            best[todo], km[todo] = members[at[rows, first]], edge_km[rows, first]
            done = (k == len(members)) | (centre_km[:, -1] - radius.max() >= edge_km[rows, first])
            todo, k = todo[~done], k * 4
        return best, km

    def _mask(self, within_km: float) -> Booleans:
        """Give the grid cells that may hold a position within ``within_km`` of a place: flat, row by row."""
        if within_km not in self._masks:
            self._masks[within_km] = reach_mask(self._lon, self._lat, self._radius_km + within_km)
        return self._masks[within_km]


def cells(lon: Floats, lat: Floats) -> Integers:
    """Give the grid cell of each position."""
    column = np.floor((lon + 180.0) / CELL_DEG).astype(np.int64) % _COLUMNS
    row = np.clip(np.floor((lat + 90.0) / CELL_DEG).astype(np.int64), 0, _ROWS - 1)
    return np.asarray(row * _COLUMNS + column)


def reach_mask(lon: Floats, lat: Floats, reach_km: Floats) -> Booleans:
    """Mark every cell that a circle round one of the places may touch; a few more do no harm."""
    mask = np.zeros((_ROWS, _COLUMNS), np.bool_)
    tall = np.degrees(reach_km * 1000.0 / sphere.EARTH_RADIUS_M) + 1e-9
    for x, y, dy in zip(lon, lat, tall, strict=True):
        south, north = max(y - dy, -90.0), min(y + dy, 90.0)
        bottom, top = int((south + 90.0) / CELL_DEG), min(int((north + 90.0) / CELL_DEG), _ROWS - 1)
        mask[bottom : top + 1, _columns(x, y, dy)] = True
    return mask.ravel()


def _columns(lon: float, lat: float, reach_deg: float) -> Integers:
    """Give the columns a circle covers: its half width is ``asin(sin(reach) / cos(lat))``; all at a pole."""
    sine = np.sin(np.radians(reach_deg)) / max(np.cos(np.radians(lat)), 1e-12)
    if abs(lat) + reach_deg >= 90.0 or sine >= 1.0:
        return np.arange(_COLUMNS)
    wide = np.degrees(np.arcsin(sine))
    first, last = np.floor((lon - wide + 180.0) / CELL_DEG), np.floor((lon + wide + 180.0) / CELL_DEG)
    return np.arange(int(first), int(last) + 1) % _COLUMNS
