"""The picture of where a silent ship can be: what is within reach, where it is likeliest, and both its ends.

It shows what was possible and where to look first; that it was anywhere on it accuses nobody.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline

from clearwake.dossier.map import DPI, PAPER_IN
from clearwake.dossier.plane import INK, QUIET, Frame, around, prepare, scale_bar
from clearwake.sphere import Floats

REACH, LIKELY = "#2f6f9f", "#c8372d"
LAST, BACK, LIKELIEST = "#1d2a35", "#00796b", "#c8372d"
HEAT = LinearSegmentedColormap.from_list(
    "likely",
    [(0.99, 0.93, 0.80, 0.0), (0.99, 0.76, 0.36, 0.55), (0.93, 0.42, 0.20, 0.8), (0.62, 0.05, 0.13, 0.95)],
)


@dataclass(frozen=True)
class Marked:
    """A place to mark: what it is, where, and a line of words beside it."""

    role: str
    """``last``, ``back`` or ``likeliest``."""
    lon: float
    lat: float
    label: str


@dataclass(frozen=True)
class Heat:
    """A density over cells: the corners of cells in degrees ``(rows + 1, columns + 1)``, and how dense each is."""

    lon: Floats
    lat: Floats
    values: Floats


STYLES = {"last": (LAST, "o"), "back": (BACK, "s"), "likeliest": (LIKELIEST, "*")}
NAMES = {"last": "last heard", "back": "heard again", "likeliest": "likeliest place"}


def reach_map(  # noqa: PLR0913 - a picture's parts, all by name
    outlines: Mapping[str, shapely.MultiPolygon],
    heat: Heat | None,
    marked: Sequence[Marked],
    *,
    title: str,
    subtitle: str,
    attribution: str,
    growth: tuple[Floats, Floats, float] | None = None,
    over_land: bool = False,
    form: str = "png",
) -> bytes:
    """Draw where a ship can be, as PNG or SVG.

    Args:
        outlines: Areas in degrees by role: ``reachable``, ``likely_50``, ``likely_95``; or ``from_last``, ``to_back``.
        heat: How likely it is where.
        marked: Places to mark.
        title: What the picture shows.
        subtitle: In a sentence.
        attribution: Where the positions come from.
        growth: Hours, square kilometres within reach at each, and the hour of the picture.
        over_land: Whether areas are drawn over land, for ships on rivers and lakes; else land covers them.
        form: ``png`` or ``svg``.
    """
    figure = Figure(figsize=PAPER_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.042, 0.075, 0.94, 0.780))
    figure.text(0.042, 0.962, title, fontsize=16, fontweight="bold", color=INK, va="center")
    figure.text(0.042, 0.934, subtitle, fontsize=8.8, color=QUIET, va="top", linespacing=1.35)
    figure.text(0.042, 0.02, attribution, fontsize=7, color=QUIET, va="center")
    frame = _frame(axes, outlines, marked)
    prepare(axes, frame)
    if heat is not None:
        _heated(axes, frame, heat, 1.5 if over_land else 0.7)
    _outlined(axes, frame, outlines, 0.0 if over_land else -0.8)
    _marked(axes, frame, marked)
    scale_bar(axes, frame)
    legend = axes.legend(
        handles=_keys(outlines, heat, marked), loc="lower right", fontsize=7.8, framealpha=0.94,
        edgecolor="#b9c4cc", borderpad=0.8, labelspacing=0.65,
    )  # fmt: skip
    legend.set_zorder(9)
    if growth is not None:
        _grown(axes, *growth)
    written = io.BytesIO()
    metadata = {"Software": "clearwake"} if form == "png" else {"Date": None, "Creator": "clearwake"}
    figure.savefig(written, format=form, dpi=DPI, metadata=metadata)
    return written.getvalue()


def _frame(axes: Axes, outlines: Mapping[str, shapely.MultiPolygon], marked: Sequence[Marked]) -> Frame:
    corners = [shapely.get_coordinates(shape) for shape in outlines.values() if not shape.is_empty]
    corners.append(np.array([(mark.lon, mark.lat) for mark in marked]).reshape(-1, 2))
    every = np.concatenate(corners)
    box = axes.get_position()
    aspect = float(box.width * PAPER_IN[0] / (box.height * PAPER_IN[1]))
    return around(every[:, 0], np.clip(every[:, 1], -88.0, 88.0), aspect, margin=0.10, least_km=10.0)


def _heated(axes: Axes, frame: Frame, heat: Heat, zorder: float) -> None:
    """Lay a density over the map; cells that the edge of the map would tear apart are left out."""
    lon = frame.lon(heat.lon)
    torn = np.abs(np.diff(lon, axis=1)).max(initial=0.0, axis=None) > 180.0
    values = np.ma.array(np.power(heat.values, 0.4), mask=heat.values <= 0.0)
    if torn:
        wide = np.max(
            [np.abs(lon[:-1, :-1] - each) for each in (lon[1:, :-1], lon[:-1, 1:], lon[1:, 1:])], axis=0
        )
        values = np.ma.array(values, mask=np.ma.getmaskarray(values) | (wide > 180.0))
    axes.pcolormesh(
        lon, heat.lat, values, cmap=HEAT, zorder=zorder, rasterized=True, linewidth=0, antialiased=False
    )


def _outlined(axes: Axes, frame: Frame, outlines: Mapping[str, shapely.MultiPolygon], lowered: float) -> None:
    looks: dict[str, dict[str, Any]] = {
        "reachable": {"facecolor": (*_rgb(REACH), 0.10), "edgecolor": REACH, "linewidth": 1.4, "zorder": 1.4},
        "from_last": {"facecolor": (*_rgb(REACH), 0.10), "edgecolor": REACH, "linewidth": 1.4, "zorder": 1.4},
        "to_back": {"facecolor": (*_rgb(BACK), 0.10), "edgecolor": BACK, "linewidth": 1.4, "zorder": 1.4},
        "likely_95": {
            "facecolor": "none",
            "edgecolor": LIKELY,
            "linewidth": 0.8,
            "linestyle": (0, (4, 3)),
            "zorder": 1.6,
        },
        "likely_50": {"facecolor": "none", "edgecolor": LIKELY, "linewidth": 1.1, "zorder": 1.6},
    }
    for role, look in looks.items():
        if role in outlines and not outlines[role].is_empty:
            patches = [_patch(part) for part in shapely.get_parts(_whole(frame, outlines[role]))]
            look["zorder"] += lowered
            axes.add_collection(PatchCollection(patches, **look), autolim=False)


def _rgb(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255.0, int(colour[3:5], 16) / 255.0, int(colour[5:7], 16) / 255.0


def _whole(frame: Frame, area: shapely.MultiPolygon) -> shapely.Geometry:
    """Bring the parts of an area to the picture's side of the antimeridian and mend where they were cut there."""
    west, _, east, _ = area.bounds
    turned = [
        shapely.transform(area, lambda lonlat, by=turn: lonlat + np.array((by, 0.0)))
        for turn in (-360.0, 0.0, 360.0)
        if west + turn < frame.east and east + turn > frame.west
    ]
    return shapely.union_all(turned, grid_size=1e-7) if len(turned) > 1 else area


def _patch(part: shapely.Polygon) -> PathPatch:
    rings = (part.exterior, *part.interiors)
    return PathPatch(
        Outline.make_compound_path(*(Outline(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings))
    )


def _marked(axes: Axes, frame: Frame, marked: Sequence[Marked]) -> None:
    """Mark places, each with its words on the side that has room."""
    for mark in marked:
        colour, shape = STYLES[mark.role]
        x = float(frame.lon(mark.lon))
        axes.plot(x, mark.lat, shape, color=colour, markeredgecolor="white", markeredgewidth=1.0,
                  markersize=15 if shape == "*" else 9, zorder=7)  # fmt: skip
        right = x < frame.west + 0.72 * (frame.east - frame.west)
        up = {"last": 12, "back": -14, "likeliest": 0}[mark.role]
        axes.annotate(
            mark.label, (x, mark.lat), (11 if right else -11, up), textcoords="offset points", fontsize=8.2,
            color=colour, ha="left" if right else "right", va="center", zorder=8,
            bbox={"boxstyle": "round,pad=0.25", "facecolor": "white", "alpha": 0.82, "edgecolor": "none"},
        )  # fmt: skip


def _keys(
    outlines: Mapping[str, shapely.MultiPolygon], heat: Heat | None, marked: Sequence[Marked]
) -> list[Line2D | Patch]:
    keys: list[Line2D | Patch] = []
    areas = {
        "reachable": (REACH, "within reach at the speed limit, by water"),
        "from_last": (REACH, "within reach from where it was last heard"),
        "to_back": (BACK, "from where it could have come back"),
    }
    for role, (colour, name) in areas.items():
        if role in outlines:
            keys.append(Patch(facecolor=(*_rgb(colour), 0.10), edgecolor=colour, linewidth=1.4, label=name))
    if heat is not None:
        keys.append(Patch(facecolor="#ec6b33", label="likelier the darker"))
        keys.append(Line2D([], [], color=LIKELY, linewidth=1.1, label="half of what is likely"))
        keys.append(
            Line2D([], [], color=LIKELY, linewidth=0.8, linestyle=(0, (4, 3)), label="95 in 100 of it")
        )
    for role in dict.fromkeys(mark.role for mark in marked):
        colour, shape = STYLES[role]
        keys.append(Line2D([], [], linestyle="none", marker=shape, color=colour,
                           markersize=12 if shape == "*" else 8, markeredgecolor="white",
                           label=NAMES[role]))  # fmt: skip
    return keys


def _grown(axes: Axes, hours: Floats, km2: Floats, now_h: float) -> None:
    """Draw how the water within reach grows and shrinks over the silence, in the upper right corner."""
    inset = axes.inset_axes((0.80, 0.775, 0.185, 0.20), zorder=9)
    inset.patch.set(facecolor="white", alpha=0.94)
    inset.fill_between(hours, km2 / 1000.0, color=REACH, alpha=0.25, linewidth=0)
    inset.plot(hours, km2 / 1000.0, color=REACH, linewidth=1.3)
    inset.axvline(now_h, color=INK, linewidth=0.9, linestyle=(0, (2, 2)))
    inset.set_xlim(float(hours[0]), float(hours[-1]))
    inset.set_ylim(0.0, float(km2.max()) / 1000.0 * 1.12 + 1e-9)
    inset.tick_params(length=2, labelsize=6.5, labelcolor=QUIET, pad=1.5)
    inset.set_title("within reach, thousand km² by hours silent", fontsize=6.8, color=QUIET, pad=3)
    for spine in inset.spines.values():
        spine.set(color="#b9c4cc", linewidth=0.7)
