"""Polygons, and which of them a position is in, for millions of positions.

The globe is cut into cells of a quarter degree.  What polygons lie in a cell, and whether they fill it, is found out
when a position first falls into it, and is remembered; only where an edge runs through a cell are its positions
tested one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CELL_DEG = 0.25
_COLUMNS, _ROWS = 1440, 720
_UNKNOWN = -1


@dataclass(frozen=True)
class _Cells:
    """What is known of the cells: for each where its list begins (-1: nothing known) and how long it is."""

    start: Integers
    count: Integers
    polygon: Integers
    """The lists, one after the other: polygons that touch the cell."""
    fills: Booleans
    """Whether each fills the cell."""


class Areas:
    """A search for the polygons round a position.

    Args:
        polygons: Polygons in degrees, between -180 and 180: ``(k,)``.
    """

    def __init__(self, polygons: NDArray[np.object_]) -> None:
        self._polygons = polygons
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)
        nothing = np.full(_COLUMNS * _ROWS, _UNKNOWN, np.int64)
        self._cells = _Cells(nothing, np.zeros_like(nothing), np.empty(0, np.int64), np.empty(0, np.bool_))

    def at(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        """Find the polygons of positions, edges included: ``(n,), (n,) -> (m,), (m,)`` position, polygon."""
        if not len(self._polygons) or not len(lon):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        column = np.floor((lon + 180.0) / CELL_DEG).astype(np.int64) % _COLUMNS
        row = np.minimum(np.floor((lat + 90.0) / CELL_DEG).astype(np.int64), _ROWS - 1)
        cell = row * _COLUMNS + column
        cells = self._known(cell)
        count = cells.count[cell]
        point = np.repeat(np.arange(len(cell)), count)
        slot = np.arange(len(point)) + (cells.start[cell] - (np.cumsum(count) - count))[point]
        polygon, inside = cells.polygon[slot], cells.fills[slot].copy()
        self._test(lon, lat, point, polygon, inside)
        return point[inside], polygon[inside]

    def _test(self, lon: Floats, lat: Floats, point: Integers, polygon: Integers, inside: Booleans) -> None:
        """Test the pairs that are not yet known to be inside, polygon by polygon, and mark those that are."""
        unsure = np.flatnonzero(~inside)
        unsure = unsure[np.argsort(polygon[unsure], kind="stable")]
        for pairs in np.split(unsure, np.flatnonzero(np.diff(polygon[unsure])) + 1):
            if len(pairs):
                shape, at = self._polygons[polygon[pairs[0]]], point[pairs]
                inside[pairs] = shapely.intersects_xy(shape, lon[at], lat[at])

    def _known(self, cell: Integers) -> _Cells:
        """Find out about the cells that positions fall into for the first time, and give all that is known."""
        known = self._cells
        new = np.unique(cell[known.start[cell] == _UNKNOWN])
        if not len(new):
            return known
        row, column = np.divmod(new, _COLUMNS)
        west, south = column * CELL_DEG - 180.0, row * CELL_DEG - 90.0
        boxes = shapely.box(west, south, west + CELL_DEG, south + CELL_DEG)
        at, polygon = self._tree.query(boxes)
        touches = shapely.intersects(self._polygons[polygon], boxes[at])
        order = np.flatnonzero(touches)[np.lexsort((polygon[touches], at[touches]))]
        at, polygon = at[order], polygon[order].astype(np.int64)
        fills = shapely.covers(self._polygons[polygon], boxes[at])
        start, count = known.start.copy(), known.count.copy()
        count[new] = np.bincount(at, minlength=len(new))
        start[new] = len(known.polygon) + np.cumsum(count[new]) - count[new]
        self._cells = _Cells(
            start, count, np.concatenate((known.polygon, polygon)), np.concatenate((known.fills, fills))
        )
        return self._cells
