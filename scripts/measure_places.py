"""Measure the built-in places: how exact, how fast, how large.  The figures go into ``docs/places.md``.

    python scripts/measure_places.py [folder with GSHHS_h_L1.shp]

The folder is ``tracktable_data/python_info_data/GSHHS_shp/h`` of the Python package ``tracktable-data``; without it
Natural Earth's own accuracy is not measured.  GSHHG (high resolution, 0.2 km) is the finer coastline.
"""

# ruff: noqa: INP001, T201 - a script that prints

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import coast_tree
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from clearwake import places
from clearwake.places.coast import shore, tree

Floats = NDArray[np.float64]
COUNT = 10_000_000
SHARES = (50, 90, 99, 99.9, 100)


def anywhere(count: int, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Give positions spread evenly over the globe."""
    return chance.uniform(-180.0, 180.0, count), np.degrees(np.arcsin(chance.uniform(-1.0, 1.0, count)))


def off_the_coast(count: int, spread_deg: float, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Give positions spread about the coast."""
    vertices = shore().vertices[chance.integers(0, len(shore().vertices), count)]
    lon, lat = (vertices + chance.normal(0.0, spread_deg, (count, 2))).T
    return (lon + 180.0) % 360.0 - 180.0, np.clip(lat, -90.0, 90.0)


def off_ports(count: int, spread_deg: float, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """Give positions spread about ports, sorted as they would be by track: port by port."""
    ports = places.load().anchorages
    row = np.sort(chance.integers(0, len(ports), count))
    lon, lat = ports["lon"].to_numpy()[row], ports["lat"].to_numpy()[row]
    return lon + chance.normal(0.0, spread_deg, count), np.clip(
        lat + chance.normal(0.0, spread_deg, count), -90, 90
    )


def own_coast() -> coast_tree.Edges:
    """Give the edges of the built-in coast."""
    known = shore()
    sizes = np.concatenate((np.diff(known.ring_ends, prepend=0), np.diff(known.islet_ends, prepend=0)))
    return coast_tree.edges_of(known.vertices, np.repeat(np.arange(len(sizes)), sizes))


def measure_errors(chance: np.random.Generator) -> None:
    """Compare distances with true ones, measured edge by edge."""
    coast = coast_tree.Coast(own_coast())
    samples = {
        "anywhere": anywhere(1_000_000, chance),
        "within about 50 km of the coast": off_the_coast(1_000_000, 0.3, chance),
        "within about 3 km of the coast": off_the_coast(1_000_000, 0.02, chance),
    }
    for name, (lon, lat) in samples.items():
        sea = ~places.load().on_land(lon, lat)
        off_km = np.abs(places.load().coast_km(lon[sea], lat[sea]) - coast.km(lon[sea], lat[sea]))
        print(f"error of coast_km {name}: {sea.sum():,} at sea,", shares(off_km))


def shares(km: Floats) -> str:
    """Write the percentiles of distances."""
    return ", ".join(f"{share} %: {np.percentile(km, share):.2f} km" for share in SHARES)


def measure_speed(chance: np.random.Generator) -> None:
    """Time ten million positions on one core."""
    atlas = places.load()
    atlas.zones_at([0.0], [0.0])
    for name, (lon, lat) in {
        "anywhere": anywhere(COUNT, chance),
        "off the coast": off_the_coast(COUNT, 0.1, chance),
        "off ports": off_ports(COUNT, 0.05, chance),
    }.items():
        timed(f"on_land {name}", lambda lon=lon, lat=lat: atlas.on_land(lon, lat))
        timed(f"coast_km {name}", lambda lon=lon, lat=lat: atlas.coast_km(lon, lat))
        timed(f"nearest within 10 km {name}", lambda lon=lon, lat=lat: atlas.nearest(lon, lat, 10.0))
        timed(f"nearest {name}", lambda lon=lon, lat=lat: atlas.nearest(lon, lat))
        timed(f"zones_at {name}", lambda lon=lon, lat=lat: atlas.zones_at(lon, lat))


def timed(what: str, work: Callable[[], object]) -> None:
    """Print the processor seconds that ``work`` takes."""
    before = time.process_time()
    work()
    print(f"{what}: {time.process_time() - before:.1f} s of one core for {COUNT:,} positions")


def measure_source(folder: Path, chance: np.random.Generator) -> None:
    """Compare Natural Earth's coast with GSHHG's."""
    _, _, geometry, _ = pyogrio.raw.read(folder / "GSHHS_h_L1.shp")
    vertices, line = shapely.get_coordinates(shapely.get_rings(shapely.from_wkb(geometry)), return_index=True)
    coasts = {"Natural Earth": own_coast(), "GSHHG": coast_tree.edges_of(vertices, line)}
    for one, other in (("Natural Earth", "GSHHG"), ("GSHHG", "Natural Earth")):
        along, _, _ = coast_tree.cut_up(coasts[one].a, coasts[one].b)
        along = along[compared(*along.T)]
        lon, lat = along[chance.integers(0, len(along), 300_000)].T
        km = coast_tree.Coast(coasts[other]).km((lon + 180.0) % 360.0 - 180.0, lat)
        print(f"from {one}'s coast (60 S to 75 N) to {other}'s:", shares(km))


def compared(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Leave out what the two draw on different principles: ice, and the Caspian, a lake in GSHHG."""
    caspian = (lon > 45.0) & (lon < 56.0) & (lat > 36.0) & (lat < 48.0)
    return np.asarray((lat > -60.0) & (lat < 75.0) & ~caspian)


def measure_loading() -> None:
    """Time the first use and print the size of the files."""
    before = time.process_time()
    places.load()
    loaded = time.process_time()
    places.load().coast_km([0.0], [0.0])
    ready = time.process_time()
    print(f"load: {loaded - before:.2f} s; first distance: {ready - loaded:.2f} s of one core")
    cells = tree()
    print(
        f"lists of nearest edges: {len(cells.nearest.starts) - 1:,} of {len(cells.nearest.edges):,} edges; "
        f"blocks of fine cells: {len(cells.corners_km) // 36:,}; cells with a coast: "
        f"{len(cells.witness_is_land):,} of {len(cells.crossing.edges):,} edges; vertices {len(shore().vertices):,}"
    )


def main() -> None:
    """Print all figures."""
    measure_loading()
    chance = np.random.default_rng(1)
    measure_speed(chance)
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    measure_errors(chance)
    if len(sys.argv) > 1:
        measure_source(Path(sys.argv[1]), chance)


if __name__ == "__main__":
    main()
