"""Build ``src/clearwake/places/data/dry.bin``: land that is far from all water a map knows, as tiles of bits.

    python scripts/dry_land.py ne_10m_rivers_lake_centerlines.shp ne_10m_lakes.shp global_land_mask-1.0.0.whl

Both shapefiles are Natural Earth 1:10 million, public domain: the lakes as for ``scripts/lakes.py``, the rivers as in
Debian's package libmagics++-data.  The PyPI package global-land-mask carries where NOAA's elevation model GLOBE, public
domain, has sea, in cells of half an arc minute: it knows inlets that Natural Earth does not draw.  Natural Earth knows
few canals and not all rivers that ships sail, so ``waterways.csv`` adds those; they are drawn by hand with few points
and told wide.  A cell is dry if its middle is farther than the distances below from every shore, sea, lake, river,
waterway and port, and half a cell more.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import csv
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.places import coast, harbours, packed
from clearwake.places.data import FOLDER
from clearwake.places.dry import CELLS, COARSE, COAST_KM, INLAND_KM

RIVER_KM, LAKE_KM, PORT_KM = 3.0, 4.0, 6.0
"""Beside ``COAST_KM``: rivers and lakes are drawn to a kilometre or two, a port to one, and has basins."""

MAPPED_KM, WIDE_KM = 6.0, 16.0
"""A waterway drawn by hand does not count where a mapped river is so near, unless it stands for a wide region."""

KNOWN_KM, KNOWN = 12.0, 0.9
"""Nor does one at all of which so large a share has a mapped river so near: it is that river, drawn badly."""

EXACT_KM = 10.0
"""But narrower ones are drawn with care, and always count."""

ON_SHORE_KM, ON_RIVER_KM, ON_PORT_KM, ON_WAY = 1.0, 1.5, 3.0, 0.5
"""Who is so near to shores, rivers and lakes, or ports, or so far into the width of a waterway, may be on it."""

BLOCK = 10
STEP_KM = 1.0
GLOBE_PER_DEG = 120


def main(rivers_file: str, lakes_file: str, sea_wheel: str) -> None:
    """Find the dry cells, a degree of latitude at a time, and write them as tiles of bits."""
    rivers = _Near(_along(_lines(rivers_file)))
    sea, lakes, ports, ways = (_Shores(), _Sea(sea_wheel)), _lakes(lakes_file), _ports(), _waterways(rivers)
    water = [
        *((near, COAST_KM) for near in sea), (rivers, RIVER_KM), (lakes, LAKE_KM), *((near, 0.0) for near in ways),
        (ports, PORT_KM),
    ]  # fmt: skip
    on_water = [
        *((near, ON_SHORE_KM) for near in sea), (rivers, ON_RIVER_KM), (lakes, ON_RIVER_KM),
        *((near, near.core_km()) for near in ways), (ports, ON_PORT_KM),
    ]  # fmt: skip
    tiles = np.concatenate([_tiles(_dry(degree, CELLS, water)) for degree in range(-90, 90)])
    different, which = np.unique(tiles, axis=0, return_inverse=True)
    which = which.reshape(180, 360).astype(np.uint16)
    maps = {"tiles": different, "which": which, "off_water": _coarse(on_water)}
    maps["inland"] = _coarse([(near, INLAND_KM) for near in sea])
    packed.write(Path(str(FOLDER / "dry.bin")), maps)
    cells = int(np.bitwise_count(tiles).sum())
    print(f"{cells} dry cells in {len(different)} different tiles")  # noqa: T201 - a script tells what it did


def _coarse(water: list[tuple[_Near, float]]) -> np.ndarray:
    """Give the coarse cells that are farther from water than so, as bits."""
    return np.concatenate(
        [np.packbits(_dry(degree, COARSE, water), axis=1) for degree in range(-90, 90)]
    ).ravel()


class _Near:
    """Points along water, each wide: what is within some distance of their edges."""

    def __init__(
        self, points: np.ndarray, width_km: float = 0.0, inside: shapely.STRtree | None = None
    ) -> None:
        self._tree, self._width_km, self._inside = cKDTree(points), width_km, inside

    def core_km(self) -> float:
        """Give how far from its edge the core of a waterway lies, below zero; one that is wide is all core."""
        return 0.0 if self._width_km >= WIDE_KM else (ON_WAY - 1.0) * self._width_km

    def within(self, vectors: np.ndarray, km: np.ndarray) -> np.ndarray:
        """Say which places are so near: ``(n, 3), (n,) -> (n,)``."""
        reach = sphere.chord_m(np.maximum(km + self._width_km, 0.0) * 1000.0)
        apart = self._tree.query(vectors, distance_upper_bound=float(np.max(reach, initial=0.0)) + 1e-12)[0]
        return np.asarray(apart < reach)

    def covers(self, vectors: np.ndarray) -> np.ndarray:
        """Say which places lie in the water's outline, where it has one: ``(n, 3) -> (n,)``."""
        found = np.zeros(len(vectors), bool)
        if self._inside is not None:
            lon, lat = sphere.lonlat(vectors)
            found[self._inside.query(shapely.points(lon, lat), predicate="within")[0]] = True
        return found


class _Shores(_Near):
    """The shores of Natural Earth; what is not land is water."""

    def __init__(self) -> None:
        shore = coast.shore()
        ends = np.concatenate((shore.ring_ends, shore.ring_ends[-1] + shore.islet_ends))
        super().__init__(_along([p for p in np.split(shore.vertices, ends[:-1]) if len(p)]))

    def covers(self, vectors: np.ndarray) -> np.ndarray:
        """Say which places are no land: ``(n, 3) -> (n,)``."""
        return np.asarray(~coast.on_land(*sphere.lonlat(vectors)))


class _Sea(_Near):
    """The sea of GLOBE: its cells that touch land, and which cells are sea."""

    def __init__(self, wheel: str) -> None:
        with zipfile.ZipFile(wheel) as archive:
            name = next(n for n in archive.namelist() if n.endswith(".npz"))
            self._sea = np.load(io.BytesIO(archive.read(name)))["mask"]
        beside = ~(np.roll(self._sea, 1, axis=1) & np.roll(self._sea, -1, axis=1))
        beside[1:] |= ~self._sea[:-1]
        beside[:-1] |= ~self._sea[1:]
        row, column = np.nonzero(self._sea & beside)
        super().__init__(
            sphere.unit_vectors((column + 0.5) / GLOBE_PER_DEG - 180.0, 90.0 - (row + 0.5) / GLOBE_PER_DEG)
        )

    def covers(self, vectors: np.ndarray) -> np.ndarray:
        """Say which places are sea: ``(n, 3) -> (n,)``."""
        lon, lat = sphere.lonlat(vectors)
        rows, columns = self._sea.shape
        row = ((90.0 - lat) * GLOBE_PER_DEG).astype(np.int64).clip(0, rows - 1)
        return np.asarray(self._sea[row, ((lon + 180.0) * GLOBE_PER_DEG).astype(np.int64) % columns])


def _dry(degree: int, cells: int, water: list[tuple[_Near, float]]) -> np.ndarray:
    """Say which cells between this latitude and the next are dry: ``(cells, 360 * cells)``.

    Blocks of cells come first: where a whole block is near a water, or far from it, its cells need not be asked.
    """
    side = BLOCK / cells
    lat, lon = (
        degree + (np.arange(cells // BLOCK) + 0.5) * side,
        (np.arange(360 * cells // BLOCK) + 0.5) * side - 180,
    )
    place = sphere.unit_vectors(*(a.ravel() for a in np.meshgrid(lon, lat)))
    half_km, cell_km = _half_km(place, side), _half_km(place, 1.0 / cells)
    live, asked = np.arange(len(place)), []
    for near, km in water:
        live = live[~near.within(place[live], km + cell_km[live] - half_km[live])]
    for near, km in water:
        is_near = np.zeros(len(place), bool)
        is_near[live] = near.within(place[live], km + cell_km[live] + half_km[live])
        live = live[is_near[live] | ~near.covers(place[live])]
        asked.append(is_near)
    dry = np.zeros((len(place), BLOCK * BLOCK), bool)
    dry[live] = True
    for (near, km), is_near in zip(water, asked, strict=True):
        block, cell = np.nonzero(dry & is_near[:, None])
        v = _cells_of(place, block, cell, cells)
        wet = near.covers(v)
        ask = np.flatnonzero(~wet)
        wet[ask] = near.within(v[ask], km + _half_km(v[ask], 1.0 / cells))
        dry[block[wet], cell[wet]] = False
    shaped = dry.reshape(cells // BLOCK, 360 * cells // BLOCK, BLOCK, BLOCK)
    return shaped.transpose(0, 2, 1, 3).reshape(cells, 360 * cells)


def _cells_of(place: np.ndarray, block: np.ndarray, cell: np.ndarray, cells: int) -> np.ndarray:
    """Give the middles of cells of blocks, row by row from the south-west: ``(n,), (n,) -> (n, 3)``."""
    lon, lat = sphere.lonlat(place)
    row, column = np.divmod(cell, BLOCK)
    from_middle = (np.stack((column, row)) + 0.5 - BLOCK / 2) / cells
    return np.asarray(sphere.unit_vectors(lon[block] + from_middle[0], lat[block] + from_middle[1]))


def _half_km(place: np.ndarray, side_deg: float) -> np.ndarray:
    """Give half the diagonal of squares of so many degrees around places, and a little more."""
    return np.asarray(56.0 * side_deg * np.hypot(1.0, np.hypot(place[:, 0], place[:, 1]) + side_deg * 0.01))


def _tiles(dry: np.ndarray) -> np.ndarray:
    """Cut a row of cells into tiles of a degree, as bits: ``(cells, 360 * cells) -> (360, bytes)``."""
    return np.packbits(dry.reshape(CELLS, 360, CELLS).transpose(1, 0, 2).reshape(360, -1), axis=1)


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
            if EXACT_KM <= half_km < WIDE_KM:
                mapped, known = (
                    rivers.within(points, np.full(len(points), km)) for km in (MAPPED_KM, KNOWN_KM)
                )
                points = points[:0] if known.mean() >= KNOWN else points[~mapped]
            by_width.setdefault(half_km, []).append(points)
    parts = {half_km: np.concatenate(points) for half_km, points in by_width.items()}
    return [_Near(points, half_km) for half_km, points in parts.items() if len(points)]


def _ports() -> _Near:
    ports = harbours.built_in()
    return _Near(sphere.unit_vectors(ports["lon"].to_numpy(), ports["lat"].to_numpy()))


if __name__ == "__main__":
    main(*sys.argv[1:])
