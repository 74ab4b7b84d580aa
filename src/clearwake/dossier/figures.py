"""The pictures of a dossier: where it happened, each track, each meeting found, photographs; planned first, then drawn.

A plan says what a picture is called, shows and is captioned; drawing takes longer and is done only for paper.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator

from clearwake.dossier.labels import Label, place
from clearwake.dossier.material import Material, Picture
from clearwake.dossier.meeting import SILENT, meeting_picture
from clearwake.dossier.packing import ending
from clearwake.dossier.plane import GRID, INK, KM_PER_DEGREE, QUIET, SHORE, Frame, around, prepare, scale_bar
from clearwake.dossier.wording import off, span
from clearwake.model import Item
from clearwake.sphere import Floats

COLOURS = ("#c8372d", "#1f5f99", "#00796b", "#a86400", "#6a3d9a")

WIDE_IN = (7.1, 4.3)
TALL_IN = (7.1, 5.0)
"""Inches on an A4 page between its margins."""

MOST_TRACKS, MOST_MEETINGS = 6, 4
"""More pictures than these tell a reader nothing; the bundle has every position."""

MOST_LABELS = 24
"""Of more places than these only the first are labelled."""

LEAST_KM = 120.0
"""A map is at least this high, so that a coast or a neighbour's waters can be recognised."""

Draw = Callable[[], bytes]


@dataclass(frozen=True)
class Planned:
    """A picture and how to draw it."""

    picture: Picture
    draw: Draw


def planned(material: Material, photographs: Mapping[str, bytes]) -> list[Planned]:
    """Plan the pictures of a dossier, in the order they appear.

    Args:
        material: What is released and what follows from it.
        photographs: The bytes of photographs that may be shown, by item id: JPEG or PNG.
    """
    return [
        *_map(material),
        *_tracks(material),
        *_meetings(material),
        *_photographs(material, photographs),
    ]


def _heard_tracks(material: Material) -> dict[str, pl.DataFrame]:
    """Give the tracks there is something of to draw: one may be released of whose time no position is held."""
    return {item: rows for item, rows in material.released.tracks.items() if rows.height}


def _map(material: Material) -> list[Planned]:
    tracks = _heard_tracks(material)
    placed = [i for i in material.items if i.lon is not None and i.lat is not None and i.id not in tracks]
    if not placed and not tracks:
        return []
    where = material.where
    near = f", {off(where.lon, where.lat)}" if where is not None else ""
    circles = "; rings say how far off a place may be" if any(each.error_m for each in placed) else ""
    some = f"; the first {MOST_LABELS} places are labelled" if len(_together(placed)) > MOST_LABELS else ""
    told = f"Where the evidence lies{near}{circles}{some}.  Land: Natural Earth (public domain)."
    alt = f"Map of {len(placed)} places and {len(tracks)} tracks{near}."
    return [Planned(Picture("map.png", "map", told, alt), partial(_draw_map, material, placed))]


def _tracks(material: Material) -> list[Planned]:
    tracks = _heard_tracks(material)
    held = [each for each in material.items if each.id in tracks]
    return [_track(material, item, number) for number, item in enumerate(held[:MOST_TRACKS], 1)]


def _track(material: Material, item: Item, number: int) -> Planned:
    rows = material.released.tracks[item.id].sort("time")
    whose = material.called(item.ships[0]) if item.ships else f"MMSI {item.mmsi}"
    times = rows["time"].to_list()
    when = span(times[0], times[-1])
    told = (
        f"{material.labels[item.id]}: {whose}, {rows.height:,} positions, {when}.  The line is broken where it was not "
        f"heard for an hour; speed over time below."
    )
    alt = f"Track of {whose} with its speed over time, {when}."
    picture = Picture(f"track-{number}.png", "track", told, alt, item.id)
    return Planned(picture, partial(_draw_track, whose, rows, COLOURS[(number - 1) % len(COLOURS)]))


def _meetings(material: Material) -> list[Planned]:
    found = material.findings.events.get("encounters")
    if found is None:
        return []
    heard = _heard(material)
    return [
        _meeting(material, row, heard, number)
        for number, row in enumerate(found.head(MOST_MEETINGS).iter_rows(named=True), 1)
    ]


def _heard(material: Material) -> pl.DataFrame:
    tracks = [each.select("mmsi", "time", "lon", "lat") for each in material.released.tracks.values()]
    return pl.concat(tracks).unique(["mmsi", "time"]).sort("mmsi", "time")


def _meeting(material: Material, row: Mapping[str, Any], heard: pl.DataFrame, number: int) -> Planned:
    names = {
        item.mmsi: material.called(item.ships[0])
        for item in material.items
        if item.mmsi is not None and item.ships
    }
    both = " and ".join(names.get(row[f"mmsi_{side}"], str(row[f"mmsi_{side}"])) for side in "ab")
    told = f"{both} close together, {span(row['start'], row['end'])}, by their own AIS positions."
    alt = f"Close-up of the meeting of {both}, their wider tracks, and the distance between them over time."
    source = "Positions: the tracks of this dossier.  Land: Natural Earth (public domain)."
    return Planned(
        Picture(f"meeting-{number}.png", "meeting", told, alt),
        partial(meeting_picture, row, heard, names, source),
    )


def _photographs(material: Material, photographs: Mapping[str, bytes]) -> list[Planned]:
    plans = []
    shown = [each for each in material.items if each.id in photographs]
    for number, item in enumerate(shown, 1):
        content = photographs[item.id]
        name = f"photograph-{number}{ending(content)}"
        told = f"{material.labels[item.id]}: {material.renamed(item.sentence)}"
        plans.append(Planned(Picture(name, "photograph", told, told, item.id), partial(bytes, content)))
    return plans


# Drawing


def _sheet(size: tuple[float, float]) -> Figure:
    figure = Figure(figsize=size, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _written(figure: Figure) -> bytes:
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=220, metadata={"Software": "clearwake"})
    return written.getvalue()


def _draw_map(material: Material, placed: list[Item]) -> bytes:
    figure = _sheet(WIDE_IN)
    axes = figure.add_axes((0.065, 0.06, 0.925, 0.925))
    frame = _framed(axes, material, placed)
    prepare(axes, frame)
    for number, (name, rows) in enumerate(sorted(_heard_tracks(material).items())):
        colour = COLOURS[number % len(COLOURS)]
        for line in lines_of(frame, rows):
            axes.plot(*line.T, color=colour, linewidth=1.0, alpha=0.9, zorder=3)
        _named_track(axes, frame, material, name, rows, colour)
    labels = [_pinned(axes, frame, material, items) for items in _together(placed)]
    scale_bar(axes, frame)
    _thinned(axes)
    figure.draw_without_rendering()
    place(axes, labels[:MOST_LABELS])
    return _written(figure)


def _thinned(axes: Axes) -> None:
    """Leave out every other degree written where they would touch."""
    for axis, most in ((axes.xaxis, 8), (axes.yaxis, 9)):
        ticks, names = axis.get_ticklocs(), [each.get_text() for each in axis.get_ticklabels()]
        if len(ticks) > most:
            axis.set_ticks(ticks, [each if at % 2 == 0 else "" for at, each in enumerate(names)])


def _framed(axes: Axes, material: Material, placed: list[Item]) -> Frame:
    """Frame what there is, wide enough that the farthest error ring fits and a coast may be seen."""
    lon = [np.array([each.lon for each in placed], np.float64)]
    lat = [np.array([each.lat for each in placed], np.float64)]
    for rows in _heard_tracks(material).values():
        lon.append(rows["lon"].to_numpy())
        lat.append(rows["lat"].to_numpy())
    box = axes.get_position()
    aspect = float(box.width * WIDE_IN[0] / (box.height * WIDE_IN[1]))
    widest_km = max((each.error_m or 0.0 for each in placed), default=0.0) / 1000.0
    return around(
        np.concatenate(lon),
        np.concatenate(lat),
        aspect,
        0.35,
        max(LEAST_KM, 3.5 * widest_km, coast_km(lon, lat)),
    )


def coast_km(lon: list[Floats], lat: list[Floats]) -> float:
    """Say how high a map must be for the nearest coast to show, up to 900 km: twice the way there, and a little."""
    from clearwake.places import load  # noqa: PLC0415 - the outlines are read when a map is drawn

    away = load().coast_km(np.concatenate(lon), np.concatenate(lat))
    return float(min(2.5 * np.nanmin(away), 900.0)) if away.size else 0.0


def lines_of(frame: Frame, rows: pl.DataFrame) -> list[Floats]:
    """Give a track as lines ``(n, 2)`` on the map, broken at silences of an hour and at the map's far side."""
    sorted_rows = rows.sort("mmsi", "time")
    points = np.column_stack((frame.lon(sorted_rows["lon"].to_numpy()), sorted_rows["lat"].to_numpy()))
    apart_s = np.diff(sorted_rows["time"].dt.epoch("ms").to_numpy()) / 1000.0
    broken = (apart_s > SILENT.total_seconds()) | (np.abs(np.diff(points[:, 0])) > 180.0)
    return np.split(points, np.flatnonzero(broken) + 1)


def _named_track(
    axes: Axes, frame: Frame, material: Material, name: str, rows: pl.DataFrame, colour: str
) -> None:
    if not rows.height:
        return
    first = rows.sort("time").row(0, named=True)
    item = next((each for each in material.items if each.id == name), None)
    whose = material.called(item.ships[0]) if item is not None and item.ships else ""
    axes.annotate(
        f"{material.labels.get(name, '')} {whose}", (float(frame.lon(first["lon"])), first["lat"]), (4, 4),
        textcoords="offset points", fontsize=7, color=colour, zorder=8,
    )  # fmt: skip


def _together(placed: list[Item]) -> list[list[Item]]:
    """Group items placed at the same spot, to the minute of arc, so that their labels are one."""
    spots: dict[tuple[int, int], list[Item]] = {}
    for each in placed:
        spots.setdefault((round((each.lon or 0.0) * 60), round((each.lat or 0.0) * 60)), []).append(each)
    return list(spots.values())


def _pinned(axes: Axes, frame: Frame, material: Material, items: list[Item]) -> Label:
    """Mark a place with its error ring; give the label to write beside it."""
    first = items[0]
    x, y = float(frame.lon(first.lon or 0.0)), float(first.lat or 0.0)
    error_km = max((each.error_m or 0.0 for each in items), default=0.0) / 1000.0
    if error_km:
        high = error_km / KM_PER_DEGREE
        wide = high / max(float(np.cos(np.radians(y))), 0.01)
        axes.add_patch(Ellipse((x, y), 2 * wide, 2 * high, facecolor="#c8372d14", edgecolor=COLOURS[0],
                               linewidth=0.9, linestyle=(0, (4, 3)), zorder=4))  # fmt: skip
    axes.plot(x, y, "o", color=COLOURS[0], markeredgecolor="white", markersize=7, zorder=7)
    return Label(x, y, ", ".join(material.labels[each.id] for each in items), COLOURS[0])


def _draw_track(whose: str, rows: pl.DataFrame, colour: str) -> bytes:
    """Draw one track on the map, and its speed over time below."""
    figure = _sheet(TALL_IN)
    axes = figure.add_axes((0.065, 0.31, 0.925, 0.675))
    box = axes.get_position()
    aspect = float(box.width * TALL_IN[0] / (box.height * TALL_IN[1]))
    frame = around(rows["lon"].to_numpy(), rows["lat"].to_numpy(), aspect, 0.2, 20.0)
    prepare(axes, frame)
    for line in lines_of(frame, rows):
        axes.plot(*line.T, "-o", color=colour, linewidth=1.1, markersize=1.8, markeredgewidth=0, zorder=4)
    for row, words in (
        (rows.sort("time").row(0, named=True), "first"),
        (rows.sort("time").row(-1, named=True), "last"),
    ):
        axes.annotate(
            f"{words} {row['time']:%H:%M}", (float(frame.lon(row["lon"])), row["lat"]), (5, 5),
            textcoords="offset points", fontsize=7, color=INK, zorder=8,
        )  # fmt: skip
    scale_bar(axes, frame)
    _thinned(axes)
    _speeds(figure.add_axes((0.065, 0.07, 0.925, 0.18)), whose, rows, colour)
    return _written(figure)


def _speeds(axes: Axes, whose: str, rows: pl.DataFrame, colour: str) -> None:
    """Draw the reported speed over time; nothing is drawn where none was reported."""
    sorted_rows = rows.sort("time")
    axes.plot(
        sorted_rows["time"].to_list(), sorted_rows["speed_kn"].to_list(), ".", color=colour, markersize=2.5
    )
    axes.xaxis.set_major_formatter(DateFormatter("%d %b %H:%M"))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("kn", fontsize=7.5, color=QUIET)
    axes.tick_params(length=0, labelsize=7, labelcolor=QUIET)
    axes.grid(color=GRID, linewidth=0.5)
    has_speed = sorted_rows["speed_kn"].null_count() < sorted_rows.height
    title = f"Speed {whose} reported" if has_speed else f"{whose} reported no speed"
    axes.set_title(title, fontsize=8, color=INK, loc="left", pad=3)
    for name, spine in axes.spines.items():
        spine.set(visible=name in ("left", "bottom"), color=SHORE)
