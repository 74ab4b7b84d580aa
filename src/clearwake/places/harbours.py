"""Where ships lie: built-in ports, given and learnt anchorages, and which of them is nearest.

A place may have a radius; distances to it are measured from its edge and are 0 within it.  Positions far from
every place are sorted out by a grid before any search, so that ten million of them are cheap.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from clearwake import sphere
from clearwake.model import Anchorage, conform
from clearwake.places.data import FOLDER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL_DEG = 0.1
CHUNK = 200_000
"""Positions searched for at a time, so that memory stays small."""
_COLUMNS, _ROWS = 3600, 1800
LISTED_KM = 16.0
"""Up to this far cells keep lists of the places within reach; beyond it each position is held against all places."""
TABLE = 4_000_000
"""Distances worked out at a time where positions are held against all places."""


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
        self._vectors = sphere.unit_vectors(self._lon, self._lat)
        self._lists: dict[float, _Lists] = {}

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, within_km: float | None = None
    ) -> tuple[Integers, Floats]:
        """Find the nearest place to each position: ``(n,), (n,) -> (n,), (n,)``.

        Of places equally near, as those are that a position is within, the smaller and then the more central one.

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
        if not len(self._lon):
            return index, km
        listed_km = LISTED_KM if within_km is None else min(within_km, LISTED_KM)
        near = self._listed(listed_km).near(lon, lat)
        for part in _pieces(near, CHUNK):
            row, place = self._listed(listed_km).of(lon[part], lat[part])
            index[part], km[part] = self._nearest_edge(lon[part], lat[part], row, place)
        if within_km is None or within_km > listed_km:
            # Whatever is listed for a position farther than the lists go may have a nearer neighbour that is not.
            for part in _pieces(np.flatnonzero(km > listed_km), max(1, TABLE // len(self._lon))):
                row, place = self._candidates(lon[part], lat[part])
                index[part], km[part] = self._nearest_edge(lon[part], lat[part], row, place)
        if within_km is not None:
            far = km > within_km
            index[far], km[far] = -1, np.inf
        return index, km

    def _candidates(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        """Give for each position the places that may be nearest, by row: no centre so far that its edge cannot be."""
        cosine = sphere.unit_vectors(lon, lat) @ self._vectors.T
        reach = np.arccos(np.clip(cosine.max(axis=1), -1.0, 1.0))
        reach += (self._radius_km.max() * 1000.0 + 1.0) / sphere.EARTH_RADIUS_M
        row, place = np.nonzero(cosine >= np.cos(np.minimum(reach, np.pi))[:, None] - 1e-15)
        return row, place

    def _nearest_edge(
        self, lon: Floats, lat: Floats, row: Integers, place: Integers
    ) -> tuple[Integers, Floats]:
        """Choose among the candidates of each position, which come row by row, at least one each."""
        vectors = sphere.unit_vectors(lon, lat)
        centre_km = sphere.between_m(vectors[row], self._vectors[place]) / 1000.0
        edge_km = np.maximum(centre_km - self._radius_km[place], 0.0)
        first = np.searchsorted(row, np.arange(len(vectors)))
        km = np.minimum.reduceat(edge_km, first)
        best = np.flatnonzero(edge_km == km[row])
        order = np.lexsort((centre_km[best], self._radius_km[place[best]], row[best]))
        best = best[order]
        chosen = np.flatnonzero(np.diff(row[best], prepend=-1))
        return place[best[chosen]], km

    def _listed(self, within_km: float) -> _Lists:
        if within_km not in self._lists:
            self._lists[within_km] = _Lists(self._lon, self._lat, self._radius_km + within_km)
        return self._lists[within_km]


class _Lists:
    """For each cell of the grid the places whose circles it may touch."""

    def __init__(self, lon: Floats, lat: Floats, reach_km: Floats) -> None:
        cell, place = _touched(lon, lat, reach_km)
        order = np.argsort(cell, kind="stable")
        self._places = place[order]
        first = np.flatnonzero(np.diff(cell[order], prepend=-1))
        self._starts = np.append(first, len(cell))
        self._number = np.full(_ROWS * _COLUMNS, -1, np.int32)
        self._number[cell[order][first]] = np.arange(len(first))

    def near(self, lon: Floats, lat: Floats) -> Integers:
        """Give the positions in cells that have a list."""
        return np.flatnonzero(self._number[cells(lon, lat)] >= 0)

    def of(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        """Give the places on the lists of positions that have one, row by row: position and place."""
        number = self._number[cells(lon, lat)]
        begin = self._starts[number]
        counts = self._starts[number + 1] - begin
        row = np.repeat(np.arange(len(lon)), counts)
        return row, self._places[np.arange(len(row)) + (begin - np.cumsum(counts) + counts)[row]]


def _pieces(rows: Integers, size: int) -> list[Integers]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def cells(lon: Floats, lat: Floats) -> Integers:
    """Give the grid cell of each position."""
    column = np.floor((lon + 180.0) / CELL_DEG).astype(np.int64) % _COLUMNS
    row = np.clip(np.floor((lat + 90.0) / CELL_DEG).astype(np.int64), 0, _ROWS - 1)
    return np.asarray(row * _COLUMNS + column)


def _touched(lon: Floats, lat: Floats, reach_km: Floats) -> tuple[Integers, Integers]:
    """Give every cell that circles round places may touch; a few more do no harm: cell, place; place by place."""
    tall = np.degrees(reach_km * 1000.0 / sphere.EARTH_RADIUS_M) + 1e-9
    bottom = ((np.maximum(lat - tall, -90.0) + 90.0) / CELL_DEG).astype(np.int64)
    top = np.minimum(((np.minimum(lat + tall, 90.0) + 90.0) / CELL_DEG).astype(np.int64), _ROWS - 1)
    first, wide = _columns(lon, lat, tall)
    count = (top - bottom + 1) * wide
    place = np.repeat(np.arange(len(lon)), count)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    row, column = np.divmod(nth, wide[place])
    return (bottom[place] + row) * _COLUMNS + (first[place] + column) % _COLUMNS, place


def _columns(lon: Floats, lat: Floats, reach_deg: Floats) -> tuple[Integers, Integers]:
    """Give the first column each circle covers and how many: its half width is ``asin(sin(reach) / cos(lat))``.

    All of them at a pole.
    """
    sine = np.sin(np.radians(reach_deg)) / np.maximum(np.cos(np.radians(lat)), 1e-12)
    is_polar = (np.abs(lat) + reach_deg >= 90.0) | (sine >= 1.0)
    wide = np.degrees(np.arcsin(np.minimum(sine, 1.0)))
    first = np.floor((lon - wide + 180.0) / CELL_DEG).astype(np.int64)
    last = np.floor((lon + wide + 180.0) / CELL_DEG).astype(np.int64)
    return np.where(is_polar, 0, first), np.where(is_polar, _COLUMNS, last - first + 1)
