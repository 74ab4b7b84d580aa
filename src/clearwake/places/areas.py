"""Polygons, and which of them a position is in, for millions of positions.

Positions are gathered in cells of a quarter degree; a cell that lies wholly in a polygon answers for all its
positions, and only where an edge runs through a cell are its positions tested one by one.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CELL_DEG = 0.25


class Areas:
    """A search for the polygons round a position.

    Args:
        polygons: Polygons in degrees, between -180 and 180: ``(k,)``.
    """

    def __init__(self, polygons: NDArray[np.object_]) -> None:
        self._polygons = polygons
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)

    def at(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        """Find the polygons of positions, edges included: ``(n,), (n,) -> (m,), (m,)`` position, polygon."""
        if not len(self._polygons) or not len(lon):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        column, row = np.floor(lon / CELL_DEG), np.floor(lat / CELL_DEG)
        corner, cell = np.unique(np.stack((column, row)), axis=1, return_inverse=True)
        boxes = shapely.box(*(corner * CELL_DEG), *((corner + 1.0) * CELL_DEG))
        at_cell, polygon = self._tree.query(boxes)
        shapes = self._polygons[polygon]
        whole = shapely.covers(shapes, boxes[at_cell])
        cut = ~whole & shapely.intersects(shapes, boxes[at_cell])
        points, of_pair = _members(cell, at_cell[whole | cut])
        pairs = np.flatnonzero(whole | cut)[of_pair]
        inside = whole[pairs]
        for number in np.unique(polygon[cut]):
            some = np.flatnonzero(cut[pairs] & (polygon[pairs] == number))
            inside[some] = shapely.intersects_xy(self._polygons[number], lon[points[some]], lat[points[some]])
        return points[inside], polygon[pairs[inside]].astype(np.int64)


def _members(cell: Integers, wanted: Integers) -> tuple[Integers, Integers]:
    """List the positions of each wanted cell: position, and which of ``wanted`` it is for."""
    order = np.argsort(cell, kind="stable")
    ends = np.cumsum(np.bincount(cell))
    starts = np.concatenate(([0], ends[:-1]))
    sizes = (ends - starts)[wanted]
    of_pair = np.repeat(np.arange(len(wanted)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[starts[wanted][of_pair] + within], of_pair
