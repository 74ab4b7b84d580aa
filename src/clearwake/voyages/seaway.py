"""Ways by sea: how far a ship must sail between two places, round the land.

A coarse grid, a quarter of a degree wide: a cell can be sailed if any of it is sea, so straits and canals are open and
a way is rather too short than too long.  A ship that sailed far more has really sailed far more.
"""

from __future__ import annotations

from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clearwake import places, sphere

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
FAR_CELLS = 100
"""Ends farther apart than 25 degrees are searched over the globe at once."""
COARSE = 4
"""The globe is searched in cells of a degree."""
HARBOUR_CELLS = 3
"""A port that lies on land, at this scale, is reached from the nearest sea up to three cells away."""


class SeaWays:
    """Ways by sea over the built-in land; what was looked up once is kept, so one of these serves everybody."""

    def __init__(self) -> None:
        self._block = lru_cache(maxsize=None)(self._looked_up)
        self._way = lru_cache(maxsize=100_000)(self._searched)
        self._field = lru_cache(maxsize=512)(self._ways_from)

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
                is_sea |= ~places.load().on_land((lon + right).ravel(), (lat + up).ravel()).reshape(lat.shape)
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
        """Search near cells in a box round them, far ones over the globe, where a way may lead anywhere."""
        east = (other[1] - one[1] + _COLUMNS // 2) % _COLUMNS - _COLUMNS // 2
        if abs(east) > FAR_CELLS or abs(other[0] - one[0]) > FAR_CELLS:
            return self._over_globe(one, other)
        found = self._in_window(one, (other[0], one[1] + east))
        return self._over_globe(one, other) if found is None else found

    def _over_globe(self, one: tuple[int, int], other: tuple[int, int]) -> float | None:
        """Search the globe in cells of a degree; all ways from one end are kept, for many ships sail to one port."""
        ends = [_afloat(self._globe, row // COARSE, column // COARSE, 2) for row, column in (one, other)]
        if ends[0] is None or ends[1] is None:
            return None
        km = float(self._field(ends[0])[ends[1]])
        return km if np.isfinite(km) else None

    @cached_property
    def _globe(self) -> Booleans:
        """Which cells of a degree have sea."""
        sea = self._sea(np.arange(_ROWS), np.arange(_COLUMNS))
        blocks = sea.reshape(_ROWS // COARSE, COARSE, _COLUMNS // COARSE, COARSE)
        return np.asarray(blocks.any(axis=(1, 3)), np.bool_)

    @cached_property
    def _globe_graph(self) -> Any:  # noqa: ANN401 - a sparse array; SciPy has no types
        return _graph(self._globe, np.arange(_ROWS // COARSE), CELL_DEG * COARSE, is_round=True)

    def _ways_from(self, end: int) -> NDArray[np.float32]:
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        return np.asarray(dijkstra(self._globe_graph, directed=False, indices=end), np.float32)

    def _in_window(self, one: tuple[int, int], other: tuple[int, int]) -> float | None:
        """Search a box round two cells."""
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        low, high = sorted((one[0], other[0]))
        west, east = sorted((one[1], other[1]))
        margin = round(MARGIN_DEG / CELL_DEG)
        rows = np.arange(max(low - margin, 0), min(high + margin, _ROWS - 1) + 1)
        columns = np.arange(west - margin, min(east + margin, west - margin + _COLUMNS - 1) + 1)
        sea = self._sea(rows, columns)
        ends = [_afloat(sea, cell[0] - rows[0], cell[1] - columns[0]) for cell in (one, other)]
        if ends[0] is None or ends[1] is None:
            return None
        km = dijkstra(_graph(sea, rows, CELL_DEG), directed=False, indices=ends[0])[ends[1]]
        return float(km) if np.isfinite(km) else None


@cache
def seaways() -> SeaWays:
    """Give the ways by sea; the second call gives the same ones."""
    return SeaWays()


def _cell(lon: float, lat: float) -> tuple[int, int]:
    row = int(np.clip((lat + 90.0) // CELL_DEG, 0, _ROWS - 1))
    return row, int((lon + 180.0) // CELL_DEG) % _COLUMNS


def _afloat(sea: Booleans, row: int, column: int, within: int = HARBOUR_CELLS) -> int | None:
    """Give the number of the sea cell nearest to a cell, None if there is none near."""
    first = np.array([max(row - within, 0), max(column - within, 0)])
    near = np.argwhere(sea[first[0] : row + within + 1, first[1] : column + within + 1]) + first
    if not len(near):
        return None
    r, c = near[np.hypot(*(near - (row, column)).T).argmin()]
    return int(r * sea.shape[1] + c)


def _graph(sea: Booleans, rows: NDArray[np.int64], cell_deg: float, *, is_round: bool = False) -> Any:  # noqa: ANN401 - a sparse array; SciPy has no types
    """Join every sea cell with its eight neighbours by the km between them; ``is_round`` joins the sides as well."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

    m, n = sea.shape
    number = np.arange(m * n).reshape(m, n)
    if is_round:
        number = np.concatenate((number, number[:, :1]), axis=1)
    flat, across = sea.ravel(), number.shape[1]
    tall = np.radians(cell_deg) * sphere.EARTH_RADIUS_M / 1000.0
    wide = tall * np.cos(np.radians(rows * cell_deg - 90.0 + cell_deg / 2))
    parts = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = number[: m - down, max(0, -right) : across - max(0, right)]
        b = number[down:, max(0, right) : across - max(0, -right)]
        step = np.hypot(down * tall, right * (wide[: m - down] + wide[down:]) / 2.0)[:, None]
        is_open = flat[a] & flat[b]
        parts.append((np.broadcast_to(step, a.shape)[is_open], a[is_open], b[is_open]))
    km, a, b = (np.concatenate(piece) for piece in zip(*parts, strict=True))
    # The first column stands twice, so its own ways do as well; the same pair may be there once only.
    pairs, first = np.unique(np.stack((a, b)), axis=1, return_index=True)
    return coo_array((km[first], (pairs[0], pairs[1])), shape=(m * n, m * n)).tocsr()
