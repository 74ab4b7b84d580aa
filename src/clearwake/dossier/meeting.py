"""The close-up of one meeting: how two ships came together, lay, and parted, with the distance between them in time.

Distances are on the plane that touches the sphere in the middle of the meeting; within the picture's few dozen
kilometres it is true to a metre or so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from clearwake.dossier.map import DPI, PAPER_IN, png
from clearwake.dossier.plane import GRID, INK, LAND, QUIET, SEA, SHORE, land_in, nice
from clearwake.sphere import Floats, bearing_deg, between_m, distance_m, interpolate, unit_vectors

WITHIN_M = 500.0
"""The distance of the published definition: Global Fishing Watch's 500 m."""

AROUND = timedelta(hours=3)
"""How much is shown before and after."""

SILENT = timedelta(hours=1)
"""Lines are broken where a ship was not heard for this long."""

ROOM_PX = (90.0, 30.0)
"""What a time of day takes on paper, in pixels."""

REACH_DEG = 2.0
"""How far from a meeting land is drawn."""

COLOURS = ("#c8372d", "#1f5f99")


@dataclass(frozen=True)
class _Course:
    """One ship's positions in the picture: times in seconds since 1970, east and north in metres."""

    name: str
    colour: str
    seconds: Floats
    vectors: Floats
    east_m: Floats
    north_m: Floats


def meeting_picture(
    meeting: Mapping[str, Any], positions: pl.DataFrame, names: Mapping[int, str], attribution: str
) -> bytes:
    """Draw one meeting close up, from afar, and as distance over time; give it as PNG.

    Args:
        meeting: A row of a table of ``Encounter``.
        positions: ``mmsi, time, lon, lat`` of at least the two ships.
        names: What to call a ship, where more than its number is known.
        attribution: Where the positions come from and under which licence.

    Raises:
        ValueError: If one of the two ships has no position around the meeting.
    """
    end: datetime = meeting["end"] or positions.select(pl.col("time").max()).item()
    courses = [
        _course(meeting, positions, int(meeting[f"mmsi_{side}"]), names, colour, end)
        for side, colour in zip("ab", COLOURS, strict=True)
    ]
    figure = Figure(figsize=PAPER_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    _headed(figure, meeting, courses, end, attribution)
    during = (meeting["start"].timestamp(), end.timestamp())
    _near(figure.add_axes((0.045, 0.09, 0.44, 0.76)), courses, during)
    _far(figure.add_axes((0.555, 0.475, 0.425, 0.375)), courses, during, meeting)
    _apart(figure.add_axes((0.555, 0.09, 0.425, 0.30)), courses, during)
    return png(figure)


def _course(
    meeting: Mapping[str, Any],
    positions: pl.DataFrame,
    mmsi: int,
    names: Mapping[int, str],
    colour: str,
    end: datetime,
) -> _Course:
    rows = positions.filter(
        pl.col("mmsi") == mmsi, pl.col("time").is_between(meeting["start"] - AROUND, end + AROUND)
    ).sort("time")
    if rows.is_empty():
        message = f"there is no position of {mmsi} around {meeting['start']:%Y-%m-%d %H:%M} UTC to draw"
        raise ValueError(message)
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    middle_lon, middle_lat = np.full(lon.shape, meeting["lon"]), np.full(lon.shape, meeting["lat"])
    away, course = (
        distance_m(middle_lon, middle_lat, lon, lat),
        np.radians(bearing_deg(middle_lon, middle_lat, lon, lat)),
    )
    name = names.get(mmsi)
    return _Course(
        f"{name} ({mmsi})" if name else str(mmsi), colour, rows["time"].dt.epoch("ms").to_numpy() / 1000.0,
        unit_vectors(lon, lat), away * np.sin(course), away * np.cos(course),
    )  # fmt: skip


def _headed(
    figure: Figure, meeting: Mapping[str, Any], courses: list[_Course], end: datetime, attribution: str
) -> None:
    coast = meeting["coast_km"]
    where = f"{coast:.0f} km from the coast" if coast is not None else "distance to the coast not measured"
    start = meeting["start"]
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    figure.text(
        0.045,
        0.95,
        f"{courses[0].name} and {courses[1].name}",
        fontsize=16,
        fontweight="bold",
        color=INK,
        va="center",
    )
    figure.text(
        0.045, 0.908,
        f"{meeting['together_h']:.1f} h within 500 m of each other, {where}, "
        f"{start:%Y-%m-%d %H:%M} to {until} UTC",
        fontsize=10.5, color=INK, va="center",
    )  # fmt: skip
    note = "Between positions heard (dots) places are interpolated; the table of meetings measures every ten minutes."
    figure.text(0.045, 0.040, note, fontsize=7, color=QUIET, va="center")
    figure.text(0.045, 0.020, attribution, fontsize=7, color=QUIET, va="center")


def _lines(course: _Course, during: tuple[float, float] | None = None) -> list[Floats]:
    """Give a course as lines of ``(n, 2)`` metres, broken at silences; only what lies in ``during`` if given."""
    kept = (
        np.ones(course.seconds.shape, bool)
        if during is None
        else (course.seconds >= during[0]) & (course.seconds <= during[1])
    )
    points, seconds = np.column_stack((course.east_m, course.north_m))[kept], course.seconds[kept]
    return np.split(points, np.flatnonzero(np.diff(seconds) > SILENT.total_seconds()) + 1)


def _plane(axes: Axes, half_m: float, middle: tuple[float, float] = (0.0, 0.0)) -> None:
    """Fix a square-scaled plane that shows ``half_m`` up and down, with a grid and a scale bar in round metres."""
    box = axes.get_position()
    wide = half_m * box.width * PAPER_IN[0] / (box.height * PAPER_IN[1])
    axes.set_xlim(middle[0] - wide, middle[0] + wide)
    axes.set_ylim(middle[1] - half_m, middle[1] + half_m)
    axes.set_aspect("equal", adjustable="box")
    axes.set_facecolor(SEA)
    step = nice(half_m / 2.0)
    axes.set_xticks(
        np.arange(np.ceil((middle[0] - wide) / step), np.floor((middle[0] + wide) / step) + 1) * step
    )
    axes.set_yticks(
        np.arange(np.ceil((middle[1] - half_m) / step), np.floor((middle[1] + half_m) / step) + 1) * step
    )
    axes.tick_params(length=0, labelbottom=False, labelleft=False)
    axes.grid(color=GRID, linewidth=0.5, zorder=0.5)
    for spine in axes.spines.values():
        spine.set(color=SHORE, linewidth=0.8)
    _bar(axes, step, (middle[0] - wide, middle[1] - half_m), half_m)


def _bar(axes: Axes, length_m: float, corner: tuple[float, float], half_m: float) -> None:
    x, y = corner[0] + 0.08 * half_m, corner[1] + 0.09 * half_m
    axes.plot((x, x + length_m), (y, y), color=INK, linewidth=2.2, solid_capstyle="butt", zorder=8)
    text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    axes.annotate(
        text,
        (x + length_m / 2, y),
        (0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=7.5,
        color=INK,
        zorder=8,
    )


def _near(axes: Axes, courses: list[_Course], during: tuple[float, float]) -> None:
    """Draw the meeting itself: both courses, the circle of 500 m around the first ship when they were closest."""
    together = np.concatenate([line for course in courses for line in _lines(course, during)])
    seconds, apart_m, places = _distances(courses)
    inside = (seconds >= during[0]) & (seconds <= during[1]) & np.isfinite(apart_m)
    closest = int(np.flatnonzero(inside)[np.argmin(apart_m[inside])]) if inside.any() else 0
    low, high = together.min(axis=0), together.max(axis=0)
    middle = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    _plane(axes, max(1.15 * float(np.max(high - low)) / 2, 2.2 * WITHIN_M), middle)
    _drawn(axes, courses, during)
    _closest(axes, courses, seconds[closest], apart_m[closest], places[:, closest])
    axes.set_title(
        f"Together (thick lines), and a circle of 500 m around {courses[0].name} when closest",
        fontsize=9.5,
        color=INK,
        loc="left",
        pad=6,
    )
    axes.legend(loc="upper right", fontsize=8, framealpha=0.94, edgecolor="#b9c4cc")


def _drawn(axes: Axes, courses: list[_Course], during: tuple[float, float]) -> None:
    """Draw both courses: thin around the meeting, thick during it, a dot for every position heard."""
    for course in courses:
        for line in _lines(course):
            axes.plot(*line.T, color=course.colour, linewidth=0.9, alpha=0.55, zorder=3)
        for number, line in enumerate(_lines(course, during)):
            axes.plot(*line.T, "-o", color=course.colour, linewidth=1.8, markersize=2.6, markeredgewidth=0, zorder=5,
                      label=course.name if number == 0 else None)  # fmt: skip


def _closest(axes: Axes, courses: list[_Course], second: float, apart_m: float, places: Floats) -> None:
    """Draw where they were closest: the circle of the definition, the line between them, its length and time."""
    (east_a, north_a), (east_b, north_b) = places
    axes.add_patch(Circle((east_a, north_a), WITHIN_M, facecolor="#ffffff70", edgecolor=INK, linewidth=1.0,
                          linestyle=(0, (5, 3)), zorder=2))  # fmt: skip
    axes.plot((east_a, east_b), (north_a, north_b), color=INK, linewidth=1.0, zorder=6)
    for course, place in zip(courses, places, strict=True):
        axes.plot(*place, "o", color=course.colour, markeredgecolor="white", markersize=8, zorder=7)
    axes.annotate(
        f"closest: {apart_m:.0f} m at {datetime.fromtimestamp(second, UTC):%H:%M} UTC", (east_a, north_a - WITHIN_M),
        (0, -5), textcoords="offset points", ha="center", va="top", fontsize=8.5, color=INK, zorder=9,
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "#ffffffdd", "edgecolor": "none"},
    )  # fmt: skip


def _far(axes: Axes, courses: list[_Course], during: tuple[float, float], meeting: Mapping[str, Any]) -> None:
    """Draw three hours before and after, with the hours written beside the courses."""
    points = np.concatenate([line for course in courses for line in _lines(course)])
    low, high = points.min(axis=0), points.max(axis=0)
    box = axes.get_position()
    aspect = box.width * PAPER_IN[0] / (box.height * PAPER_IN[1])
    half = max(float(high[1] - low[1]), float(high[0] - low[0]) / aspect, 2000.0) * 0.62
    _plane(axes, half, (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2))
    _shore(axes, meeting)
    _drawn(axes, courses, during)
    _hours(axes, courses)
    axes.set_title("Three hours before and after", fontsize=9.5, color=INK, loc="left", pad=6)


def _shore(axes: Axes, meeting: Mapping[str, Any]) -> None:
    """Draw land where there is any in the picture."""
    if (meeting["coast_km"] or 0.0) > 150.0:
        return
    west, south = meeting["lon"] - REACH_DEG, meeting["lat"] - REACH_DEG
    for polygon in land_in(west, south, west + 2 * REACH_DEG, south + 2 * REACH_DEG):
        lon, lat = np.asarray(polygon.exterior.coords).T
        here = np.full(lon.shape, meeting["lon"]), np.full(lon.shape, meeting["lat"])
        away, course = distance_m(*here, lon, lat), np.radians(bearing_deg(*here, lon, lat))
        axes.fill(
            away * np.sin(course),
            away * np.cos(course),
            facecolor=LAND,
            edgecolor=SHORE,
            linewidth=0.4,
            zorder=1,
        )


def _hours(axes: Axes, courses: list[_Course]) -> None:
    """Mark full hours on courses heard within ten minutes of them; write the time where there is room for it."""
    written: list[tuple[float, float]] = []
    for course in courses:
        first, last = course.seconds[0], course.seconds[-1]
        for hour in np.arange(np.ceil(first / 3600), np.floor(last / 3600) + 1) * 3600:
            nearest = int(np.argmin(np.abs(course.seconds - hour)))
            if abs(course.seconds[nearest] - hour) > 600:
                continue
            place = (float(course.east_m[nearest]), float(course.north_m[nearest]))
            axes.plot(*place, "o", color="white", markeredgecolor=course.colour, markersize=4.5, zorder=7)
            x, y = axes.transData.transform(place)
            if all(abs(x - u) > ROOM_PX[0] or abs(y - v) > ROOM_PX[1] for u, v in written):
                written.append((x, y))
                axes.annotate(f"{datetime.fromtimestamp(hour, UTC):%H:%M}", place, (5, 4), textcoords="offset points",
                              fontsize=6.8, color=course.colour, zorder=8)  # fmt: skip


def _distances(courses: list[_Course]) -> tuple[Floats, Floats, Floats]:
    """Give each minute how far apart they were, and where: ``(n,) s, (n,) m, (2, n, 2) m``; NaN in silences."""
    start = max(course.seconds[0] for course in courses)
    end = min(course.seconds[-1] for course in courses)
    seconds = np.arange(start, max(end, start) + 1.0, 60.0)
    vectors, places = zip(*(_at(course, seconds) for course in courses), strict=True)
    return seconds, between_m(*vectors), np.stack(places)


def _at(course: _Course, seconds: Floats) -> tuple[Floats, Floats]:
    """Interpolate a course: unit vectors ``(n, 3)`` and metres ``(n, 2)``; not a number across silences."""
    if course.seconds.size == 1:
        same = np.where(seconds == course.seconds[0], 1.0, np.nan)[:, None]
        return course.vectors * same, np.array(((course.east_m[0], course.north_m[0]),)) * same
    after = np.clip(np.searchsorted(course.seconds, seconds, side="right"), 1, course.seconds.size - 1)
    before = after - 1
    span = course.seconds[after] - course.seconds[before]
    fraction = np.where(span <= SILENT.total_seconds(), (seconds - course.seconds[before]) / span, np.nan)
    places = np.column_stack((course.east_m, course.north_m))
    flat = places[before] + (places[after] - places[before]) * fraction[:, None]
    return interpolate(course.vectors[before], course.vectors[after], fraction), flat


def _apart(axes: Axes, courses: list[_Course], during: tuple[float, float]) -> None:
    """Draw the distance between the two over time, with the 500 m of the definition and the meeting shaded."""
    seconds, apart_m, _ = _distances(courses)
    axes.plot(seconds, apart_m / 1000.0, color=INK, linewidth=1.4, zorder=4)
    axes.axhline(WITHIN_M / 1000.0, color=COLOURS[0], linewidth=0.9, linestyle=(0, (5, 3)), zorder=3)
    axes.annotate(
        "500 m", (1, WITHIN_M / 1000.0), (-4, 4), xycoords=("axes fraction", "data"), textcoords="offset points",
        ha="right", fontsize=7.5, color=COLOURS[0],
    )  # fmt: skip
    axes.axvspan(*during, color="#f3d9b1", alpha=0.6, linewidth=0, zorder=1)
    step = 3600 * max(1, round((seconds[-1] - seconds[0]) / 28_800))
    hours = np.arange(np.ceil(seconds[0] / step), np.floor(seconds[-1] / step) + 1) * step
    axes.set_xticks(hours, [f"{datetime.fromtimestamp(hour, UTC):%H:%M}" for hour in hours])
    axes.set_ylim(bottom=0.0)
    axes.grid(color=GRID, linewidth=0.5)
    axes.tick_params(length=0, labelsize=7.5, labelcolor=QUIET)
    axes.set_ylabel("km", fontsize=8, color=QUIET)
    axes.set_title("How far apart, in UTC; shaded while together", fontsize=9.5, color=INK, loc="left", pad=6)
    for name, spine in axes.spines.items():
        spine.set(visible=name in ("left", "bottom"), color=SHORE)
