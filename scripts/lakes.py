"""Build ``src/clearwake/places/data/lakes.bin``: the world's larger lakes, from Natural Earth 1:10 million.

    python scripts/lakes.py ne_10m_lakes.shp

The shapefile is Natural Earth's ``ne_10m_lakes`` (public domain).  Lakes of under 50 square kilometres are left out,
and outlines are drawn to about a hundredth of a degree: enough to say that a ship is on a lake, no more.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from clearwake.places import packed
from clearwake.places.data import FOLDER

LEAST_KM2, SIMPLE_DEG = 50.0, 0.01
KM_PER_DEG = 111.2


def main(shapefile: str) -> None:
    """Read the lakes, leave out the small ones, draw the others more simply, and write them."""
    _, _, geometry, _ = pyogrio.raw.read(shapefile)
    lakes = shapely.get_parts(shapely.make_valid(shapely.from_wkb(geometry)))
    lakes = lakes[shapely.get_type_id(lakes) == shapely.GeometryType.POLYGON]
    level = np.cos(np.radians(shapely.get_coordinates(shapely.centroid(lakes))[:, 1]))
    large = lakes[shapely.area(lakes) * level * KM_PER_DEG**2 >= LEAST_KM2]
    simple = shapely.simplify(large, SIMPLE_DEG, preserve_topology=True)
    _, vertices, (rings, polygons) = shapely.to_ragged_array(simple)
    steps = np.diff(np.rint(vertices * 1000.0).astype(np.int32), axis=0, prepend=0)
    arrays = {
        "lon_steps": steps[:, 0], "lat_steps": steps[:, 1], "rings": rings.astype(np.int32),
        "polygons": polygons.astype(np.int32),
    }  # fmt: skip
    packed.write(Path(str(FOLDER / "lakes.bin")), arrays)
    print(f"{len(simple)} lakes, {len(vertices)} vertices")  # noqa: T201 - a script tells what it did


if __name__ == "__main__":
    main(sys.argv[1])
