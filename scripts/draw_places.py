"""Draw the built-in places: ``python scripts/draw_places.py docs/images/places.png``."""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline

from clearwake import places
from clearwake.places.coast import shore

STEP_DEG = 0.25
BANDS = ("territorial_sea", "contiguous_zone", "eez")


def with_holes(polygon: shapely.Polygon) -> Outline:
    """Give a polygon as a path that leaves its holes open (the Caspian is one)."""
    rings = [polygon.exterior, *polygon.interiors]
    return Outline.make_compound_path(*(Outline(np.asarray(ring.coords), closed=True) for ring in rings))


def draw(path: Path) -> None:
    """Draw land, approximate zones and ports as a picture of the world."""
    atlas = places.load()
    lon, lat = np.arange(-180, 180, STEP_DEG) + STEP_DEG / 2, np.arange(-90, 90, STEP_DEG) + STEP_DEG / 2
    x, y = np.meshgrid(lon, lat)
    points, zones = atlas.zones_at(x.ravel(), y.ravel())
    kinds = atlas.zones["kind"].to_numpy()[zones]
    shade = np.zeros(x.size)
    for depth, kind in zip((1.0, 0.75, 0.35), BANDS, strict=True):
        of_kind = points[kinds == kind]
        shade[of_kind] = np.maximum(shade[of_kind], depth)
    figure = Figure(figsize=(11, 5.4), layout="constrained")
    axes = figure.subplots()
    axes.imshow(
        shade.reshape(x.shape), extent=(-180, 180, -90, 90), origin="lower", cmap="Blues", vmin=0, vmax=1.6
    )
    land = [with_holes(part) for part in shore().land.geoms if part.area > 0.02]
    axes.add_collection(PathCollection(land, facecolor="#e4e0d6", edgecolor="#9a948a", linewidth=0.2))
    ports = atlas.anchorages
    axes.plot(ports["lon"], ports["lat"], ".", color="#b03a2e", markersize=1.6, markeredgewidth=0)
    axes.set(xlim=(-180, 180), ylim=(-80, 85), xticks=range(-180, 181, 60), yticks=range(-60, 90, 30))
    axes.set_title(
        "Built-in places: land, 3,696 ports, approximate territorial seas, contiguous zones and EEZs",
        fontsize=9,
    )
    figure.savefig(path, dpi=80)


if __name__ == "__main__":
    mpl.use("agg")
    draw(Path(sys.argv[1]))
