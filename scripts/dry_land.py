"""Build ``src/clearwake/places/data/dry.bin``: land that is far from all water a map knows, as a raster of bits.

    python scripts/dry_land.py ne_10m_rivers_lake_centerlines.shp ne_10m_lakes.shp

Both shapefiles are Natural Earth 1:10 million, public domain: the lakes as for ``scripts/lakes.py``, the rivers as in
Debian's package libmagics++-data.  Natural Earth knows few canals and not all rivers that ships sail, so
``waterways.csv`` adds those; they are drawn by hand with few points and told wide.  A cell is dry if its middle is
farther than the distances below from every shore, lake, river, waterway and port, and half a cell more.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places import coast, harbours, packed
from clearwake.places.data import FOLDER
from clearwake.places.dry import COLUMNS, ROWS, SHORE_KM, STEPS_PER_DEG

LAKE_KM, RIVER_KM, PORT_KM = 5.0, 4.0, 10.0
"""Beside ``SHORE_KM``: estuaries reach far inland; rivers are drawn to a few kilometres; a port has water."""

MAPPED_KM, WIDE_KM = 6.0, 16.0
"""A waterway drawn by hand does not count where a mapped river is so near, unless it stands for a wide region."""

KNOWN_KM, KNOWN = 12.0, 0.9
"""Nor does one at all of which so large a share has a mapped river so near: it is that river, drawn badly."""

CELL_KM = 111.2 / STEPS_PER_DEG * 0.71
STEP_KM = 1.0


def main(rivers_file: str, lakes_file: str) -> None:
    """Find the dry cells, row by row, and write them as bits."""
    rivers = _Near(_along(_lines(rivers_file)))
    water = [
        (_shores(), SHORE_KM), (rivers, RIVER_KM), (_lakes(lakes_file), LAKE_KM),
        *((near, 0.0) for near in _waterways(rivers)), (_ports(), PORT_KM),
    ]  # fmt: skip
    lon = (np.arange(COLUMNS) + 0.5) / STEPS_PER_DEG - 180.0
    rows = []
    for row in range(ROWS):
        lat = np.full(COLUMNS, (row + 0.5) / STEPS_PER_DEG - 90.0)
        dry = coast.on_land(lon, lat)
        for near, far_km in water:
            at = np.flatnonzero(dry)
            dry[at] = ~near.within(sphere.unit_vectors(lon[at], lat[at]), far_km + CELL_KM)
        rows.append(np.packbits(dry))
    bits = np.stack(rows)
    packed.write(Path(str(FOLDER / "dry.bin")), {"dry": bits})
    print(f"{int(np.unpackbits(bits).sum())} dry cells")  # noqa: T201 - a script tells what it did


class _Near:
    """Points along water, each wide: what is within some distance of their edges."""

    def __init__(
        self, points: np.ndarray, width_km: float = 0.0, inside: shapely.STRtree | None = None
    ) -> None:
        self._tree, self._width_km, self._inside = cKDTree(points), width_km, inside

    def within(self, vectors: np.ndarray, km: float) -> np.ndarray:
        """Say which places are so near: ``(n, 3) -> (n,)``."""
        bound = float(sphere.chord_m((km + self._width_km) * 1000.0))
        found = np.isfinite(self._tree.query(vectors, distance_upper_bound=bound)[0])
        if self._inside is not None:
            lon, lat = sphere.lonlat(vectors)
            found[self._inside.query(shapely.points(lon, lat), predicate="within")[0]] = True
        return np.asarray(found)


def _along(lines: list[np.ndarray]) -> np.ndarray:
    """Give points along lines of degrees, a step apart, as unit vectors."""
    parts = []
    for line in lines:
        v = sphere.unit_vectors(line[:, 0], line[:, 1])
        if len(v) > 1:
            count = np.ceil(sphere.between_m(v[1:], v[:-1]) / 1000.0 / STEP_KM).astype(np.int64) + 1
            share = np.concatenate([np.arange(k) / k for k in count])
            begin, end = np.repeat(v[:-1], count, axis=0), np.repeat(v[1:], count, axis=0)
            parts.append(sphere.interpolate(begin, end, share))
        parts.append(v[-1:])
    return np.concatenate(parts)


def _shores() -> _Near:
    shore = coast.shore()
    ends = np.concatenate((shore.ring_ends, shore.ring_ends[-1] + shore.islet_ends))
    return _Near(_along([p for p in np.split(shore.vertices, ends[:-1]) if len(p)]))


def _polygons(file: str) -> np.ndarray:
    _, _, geometry, _ = pyogrio.raw.read(file)
    return np.asarray(shapely.get_parts(shapely.make_valid(shapely.from_wkb(geometry))))


def _lines(file: str) -> list[np.ndarray]:
    return [shapely.get_coordinates(g) for g in _polygons(file)]


def _lakes(file: str) -> _Near:
    return _Near(_along(_lines(file)), inside=shapely.STRtree(_polygons(file)))


def _waterways(rivers: _Near) -> list[_Near]:
    """Give the waterways of ``waterways.csv`` that the rivers are not, those of one width together."""
    by_width: dict[float, list[np.ndarray]] = {}
    with Path(__file__).with_name("waterways.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            line = np.array([[float(x) for x in p.split()] for p in row["lon_lat"].split(";")])
            half_km, points = float(row["half_width_km"]), _along([line])
            if half_km < WIDE_KM:
                is_known = rivers.within(points, KNOWN_KM).mean() >= KNOWN
                points = points[:0] if is_known else points[~rivers.within(points, MAPPED_KM)]
            by_width.setdefault(half_km, []).append(points)
    parts = {half_km: np.concatenate(points) for half_km, points in by_width.items()}
    return [_Near(points, half_km) for half_km, points in parts.items() if len(points)]


def _ports() -> _Near:
    ports = harbours.built_in()
    return _Near(sphere.unit_vectors(ports["lon"].to_numpy(), ports["lat"].to_numpy()))


if __name__ == "__main__":
    main(*sys.argv[1:])
