"""The drawing plane: where degrees go on paper, what land lies there, and how long a kilometre is.

Longitudes are counted from the middle of the picture, so that a picture across the antimeridian is drawn whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from numpy.typing import ArrayLike

from clearwake.places.coast import outlines
from clearwake.sphere import EARTH_RADIUS_M, Floats

SEA, LAND, SHORE, GRID, INK, QUIET = "#eaf1f6", "#d9d5cb", "#a39f94", "#c9d5de", "#1d2a35", "#5b6b78"

KM_PER_DEGREE = float(np.radians(1.0)) * EARTH_RADIUS_M / 1000.0


@dataclass(frozen=True)
class Frame:
    """A box on the Earth: ``west`` and ``east`` around ``middle``, which may lie beyond 180."""

    west: float
    east: float
    south: float
    north: float

    @property
    def middle(self) -> float:
        """The meridian in the middle."""
        return (self.west + self.east) / 2.0

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, in the middle of the box."""
        return float(np.cos(np.radians((self.south + self.north) / 2.0)))

    def lon(self, lon: ArrayLike) -> Floats:
        """Count longitudes so that they lie within 180 degrees of the middle: ``(n,) -> (n,)``."""
        away = (np.asarray(lon, np.float64) - self.middle + 180.0) % 360.0 - 180.0
        return np.asarray(self.middle + away)


def around(
    lon: ArrayLike, lat: ArrayLike, aspect: float, margin: float = 0.06, least_km: float = 40.0
) -> Frame:
    """Give the box around places, as wide to its height on paper as ``aspect``.

    The box leaves out the widest empty stretch of longitudes, so it may cross the antimeridian.

    Args:
        lon: Degrees, at least one.
        lat: Degrees.
        aspect: Width over height of the paper.
        margin: Part of the extent added on each side.
        least_km: The box is at least this high.
    """
    turned = np.sort(np.asarray(lon, np.float64) % 360.0)
    gaps = np.diff(np.append(turned, turned[0] + 360.0))
    widest = int(np.argmax(gaps))
    west = turned[(widest + 1) % turned.size]
    width = 360.0 - float(gaps[widest])
    south, north = float(np.min(lat)), float(np.max(lat))
    squeeze = float(np.cos(np.radians((south + north) / 2.0)))
    height = max((north - south) * (1 + 2 * margin), least_km / KM_PER_DEGREE)
    on_paper = max(width * squeeze * (1 + 2 * margin), height * aspect)
    height, wide = max(height, on_paper / aspect), min(on_paper / squeeze, 360.0)
    middle = (float(west) + width / 2.0 + 180.0) % 360.0 - 180.0
    level = (south + north) / 2.0
    return Frame(
        middle - wide / 2.0,
        middle + wide / 2.0,
        max(level - height / 2.0, -90.0),
        min(level + height / 2.0, 90.0),
    )


def prepare(axes: Axes, frame: Frame) -> None:
    """Draw sea, land and graticule of ``frame`` and fix what the axes show."""
    axes.set_facecolor(SEA)
    axes.set_aspect(1.0 / frame.squeeze)
    axes.set_xlim(frame.west, frame.east)
    axes.set_ylim(frame.south, frame.north)
    axes.add_collection(_land(frame), autolim=False)
    _graticule(axes, frame)


def _land(frame: Frame) -> PatchCollection:
    """Give the land of ``frame`` as patches, also from the other side of the antimeridian."""
    patches = [
        PathPatch(_outline(part, turn))
        for turn in (-360.0, 0.0, 360.0)
        for part in land_in(frame.west - turn, frame.south, frame.east - turn, frame.north)
    ]
    return PatchCollection(patches, facecolor=LAND, edgecolor=SHORE, linewidth=0.35, zorder=1)


def land_in(west: float, south: float, east: float, north: float) -> list[shapely.Polygon]:
    """Give the land in a box of degrees as polygons."""
    seen = shapely.clip_by_rect(outlines(), west, south, east, north)
    return [part for part in shapely.get_parts(seen) if part.geom_type == "Polygon" and not part.is_empty]


def _outline(polygon: shapely.Polygon, turn: float) -> Outline:
    rings = (polygon.exterior, *polygon.interiors)
    return Outline.make_compound_path(
        *(Outline(np.asarray(ring.coords)[:, :2] + (turn, 0.0), closed=True) for ring in rings)
    )


def _graticule(axes: Axes, frame: Frame) -> None:
    """Draw meridians and parallels at round degrees, labelled in degrees east or west, north or south."""
    step_lon, step_lat = nice((frame.east - frame.west) / 7), nice((frame.north - frame.south) / 5)
    meridians = np.arange(np.ceil(frame.west / step_lon), np.floor(frame.east / step_lon) + 1) * step_lon
    parallels = np.arange(np.ceil(frame.south / step_lat), np.floor(frame.north / step_lat) + 1) * step_lat
    axes.set_xticks(meridians, [degrees((m + 180.0) % 360.0 - 180.0, "E", "W") for m in meridians])
    axes.set_yticks(parallels, [degrees(p, "N", "S") for p in parallels])
    axes.tick_params(length=0, labelsize=7.5, labelcolor=QUIET, pad=3)
    axes.grid(color=GRID, linewidth=0.5, zorder=0.5)
    for spine in axes.spines.values():
        spine.set(color=SHORE, linewidth=0.8)


def degrees(value: float, above: str, below: str) -> str:
    """Write ``74.5° W``; neither letter for nothing."""
    number = f"{abs(value):.3f}".rstrip("0").rstrip(".")
    return f"{number}°" if value == 0 else f"{number}° {above if value > 0 else below}"


def nice(length: float) -> float:
    """Give the round number (1, 2 or 5 times a power of ten) nearest below ``length``."""
    power = 10.0 ** np.floor(np.log10(length))
    return float(next(step * power for step in (5.0, 2.0, 1.0) if step * power <= length * (1 + 1e-9)))


def scale_bar(axes: Axes, frame: Frame) -> None:
    """Draw a bar of a round number of kilometres at the lower left, true at the latitude where it stands."""
    at = frame.south + 0.055 * (frame.north - frame.south)
    km_per_lon = KM_PER_DEGREE * float(np.cos(np.radians(at)))
    km = nice((frame.east - frame.west) * km_per_lon * 0.18)
    start = frame.west + 0.03 * (frame.east - frame.west)
    end = start + km / km_per_lon
    axes.plot((start, end), (at, at), color=INK, linewidth=2.2, solid_capstyle="butt", zorder=8)
    text = f"{km:g} km ({km / 1.852:.0f} nm)" if km >= 10 else f"{km:g} km ({km / 1.852:.2g} nm)"
    axes.annotate(text, ((start + end) / 2, at), (0, 4), textcoords="offset points", ha="center", va="bottom",
                  fontsize=7.5, color=INK, zorder=8)  # fmt: skip
