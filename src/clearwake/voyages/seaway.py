"""Ways by sea: how far a ship must sail between two places, round the land.

A coarse grid, a quarter of a degree wide: a cell can be sailed if any of it is sea, so straits and canals are open and
a way is rather too short than too long.  A ship that sailed far more has really sailed far more.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.places import Atlas

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

CELL_DEG = 0.25
_COLUMNS, _ROWS = 1440, 720
_SAMPLES = (-0.08, 0.0, 0.08)
"""Nine points of a cell are looked at."""
BLOCK = 40
"""Cells are looked up in blocks of ten degrees."""
MARGIN_DEG = 8.0
"""How far a way may leave the box round its ends before the whole globe is searched."""
HARBOUR_CELLS = 3
"""A port that lies on land, at this scale, is reached from the nearest sea up to three cells away."""


class SeaWays:
    """Ways by sea over the land of an atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._block = lru_cache(maxsize=None)(self._looked_up)
        self._way = lru_cache(maxsize=4096)(self._searched)

    def km(self, lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float | None:
        """Give the length of the way by sea between two places, km; None where none is found.

        Never less than the great circle, and up to a tenth more than the shortest way, for a grid has eight courses.
        """
        straight = float(sphere.distance_m(lon_a, lat_a, lon_b, lat_b)) / 1000.0
        if straight < 2 * 111.0 * CELL_DEG:
            return straight
        ends = sorted((_cell(lon_a, lat_a), _cell(lon_b, lat_b)))
        way = self._way(*ends)
        return None if way is None else max(way, straight)

    def _looked_up(self, row: int, column: int) -> Booleans:
        """Say which cells of a block are sea."""
        rows = np.arange(row * BLOCK, (row + 1) * BLOCK)
        columns = np.arange(column * BLOCK, (column + 1) * BLOCK)
        lat, lon = np.meshgrid(rows * CELL_DEG - 90.0 + CELL_DEG / 2, columns * CELL_DEG - 180.0 + CELL_DEG / 2,
                               indexing="ij")  # fmt: skip
        is_sea = np.zeros(lat.shape, np.bool_)
        for up in _SAMPLES:
            for right in _SAMPLES:
                is_sea |= ~self._atlas.on_land((lon + right).ravel(), (lat + up).ravel()).reshape(lat.shape)
        return is_sea

    def _sea(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Booleans:
        """Say which cells of a window are sea: ``(m,), (n,) -> (m, n)``; columns go round the globe."""
        around = columns % _COLUMNS
        found = np.zeros((len(rows), len(columns)), np.bool_)
        for block_row in np.unique(rows // BLOCK):
            for block_column in np.unique(around // BLOCK):
                at_row, at_column = rows // BLOCK == block_row, around // BLOCK == block_column
                part = self._block(int(block_row), int(block_column))
                found[np.ix_(at_row, at_column)] = part[
                    np.ix_(rows[at_row] % BLOCK, around[at_column] % BLOCK)
                ]
        return found

    def _searched(self, one: tuple[int, int], other: tuple[int, int]) -> float | None:
        east = (other[1] - one[1] + _COLUMNS // 2) % _COLUMNS - _COLUMNS // 2
        found = self._in_window(one, (other[0], one[1] + east), round(MARGIN_DEG / CELL_DEG))
        return self._in_window(one, (other[0], one[1] + east), None) if found is None else found

    def _in_window(self, one: tuple[int, int], other: tuple[int, int], margin: int | None) -> float | None:
        """Search a box round two cells, or all of the globe."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        if margin is None:
            rows, columns = np.arange(_ROWS), np.arange(one[1] - _COLUMNS // 2, one[1] + _COLUMNS // 2)
        else:
            low, high = sorted((one[0], other[0]))
            west, east = sorted((one[1], other[1]))
            rows = np.arange(max(low - margin, 0), min(high + margin, _ROWS - 1) + 1)
            columns = np.arange(west - margin, min(east + margin, west - margin + _COLUMNS - 1) + 1)
        sea = self._sea(rows, columns)
        ends = [_afloat(sea, cell[0] - rows[0], cell[1] - columns[0]) for cell in (one, other)]
        if ends[0] is None or ends[1] is None:
            return None
        graph = _graph(sea, rows)
        km = dijkstra(graph, directed=False, indices=ends[0])[ends[1]]
        return float(km) if np.isfinite(km) else None


def _cell(lon: float, lat: float) -> tuple[int, int]:
    row = int(np.clip((lat + 90.0) // CELL_DEG, 0, _ROWS - 1))
    return row, int((lon + 180.0) // CELL_DEG) % _COLUMNS


def _afloat(sea: Booleans, row: int, column: int) -> int | None:
    """Give the number of the sea cell nearest to a cell, None if there is none near."""
    r, c = np.nonzero(sea)
    apart = np.hypot(r - row, c - column)
    if not len(apart) or apart.min() > HARBOUR_CELLS:
        return None
    at = int(apart.argmin())
    return int(r[at] * sea.shape[1] + c[at])


def _graph(sea: Booleans, rows: NDArray[np.int64]) -> object:
    """Join every sea cell with its eight neighbours by the km between them."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

    m, n = sea.shape
    number = np.arange(m * n).reshape(m, n)
    lat = rows * CELL_DEG - 90.0 + CELL_DEG / 2
    tall = np.radians(CELL_DEG) * sphere.EARTH_RADIUS_M / 1000.0
    wide = tall * np.cos(np.radians(lat))
    parts = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = number[: m - down, max(0, -right) : n - max(0, right)]
        b = number[down:, max(0, right) : n - max(0, -right)]
        step = np.hypot(down * tall, right * (wide[: m - down] + wide[down:]) / 2.0)[:, None]
        open_ = sea.ravel()[a] & sea.ravel()[b]
        parts.append((np.broadcast_to(step, a.shape)[open_], a[open_], b[open_]))
    km, a, b = (np.concatenate(piece) for piece in zip(*parts, strict=True))
    return coo_array((km, (a, b)), shape=(m * n, m * n)).tocsr()
