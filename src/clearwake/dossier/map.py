"""The map picture: where the ships to look at first sailed, and the events that are the reasons.

A picture for people, made of tables, with nothing downloaded: land is the project's own.  It shows where something
was measured; that a ship stands on it accuses nobody.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from clearwake.dossier.labels import Label, pixels_per_point, place
from clearwake.dossier.plane import INK, QUIET, Frame, around, prepare, scale_bar
from clearwake.sphere import Floats

DPI = 200
PAPER_IN = (13.333, 7.5)
"""A slide: 16 to 9."""

Corner = Literal["lower right", "upper right", "upper left"]

SAILED = "#5d86a3"

MEETING, SILENCE, DRIFT, CALL = "meeting", "silence", "drifting", "call"


@dataclass(frozen=True)
class Style:
    """How one kind of event is drawn; kinds differ in shape as well as in colour."""

    name: str
    colour: str
    shape: str
    size: float


STYLES: Mapping[str, Style] = {
    MEETING: Style("two ships close together", "#c8372d", "o", 62.0),
    SILENCE: Style("not heard for hours: last heard, and heard again", "#6a3d9a", "s", 34.0),
    DRIFT: Style("slow and alone offshore", "#e08b00", "D", 34.0),
    CALL: Style("port call", "#00796b", "^", 46.0),
}
"""Colours of equal weight that stay apart for colour-blind readers."""

MARK = pl.Schema(
    {
        "kind": pl.String(),
        "lon": pl.Float64(),
        "lat": pl.Float64(),
        "end_lon": pl.Float64(),
        "end_lat": pl.Float64(),
        "label": pl.String(),
    }
)
"""A table of marks: ``kind`` is a key of ``STYLES``; ``end_*`` and ``label`` may be null; order is importance."""


MARKED = {
    "met_": MEETING,
    "silent_": SILENCE,
    "drifted_": DRIFT,
    "called_": CALL,
}
"""How the kinds of reasons, by how they begin, are drawn."""


def marks(
    ranking: pl.DataFrame, indicators: pl.DataFrame, events: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Give the events that are reasons for the ships of a ranking, once each, in the order of the ranking.

    Args:
        ranking: ``rank, mmsi`` of the ships to show.
        indicators: A table of ``Indicator``.
        events: The tables ``encounters``, ``gaps``, ``loiterings``, ``port_calls``; absent ones are not drawn.
    """
    kind = pl.coalesce(
        pl.when(pl.col("kind").str.starts_with(start)).then(pl.lit(drawn)) for start, drawn in MARKED.items()
    )
    reasons = (
        indicators.filter(pl.col("is_for") & (pl.col("weight") > 0))
        .join(ranking.select("rank", "mmsi"), on="mmsi")
        .select("rank", "weight", kind.alias("kind"), pl.col("evidence").list.first().alias("id"))
        .drop_nulls("kind")
        .sort("rank", "weight", "id", descending=[False, True, False])
        .group_by("id", maintain_order=True)
        .agg(pl.col("kind").first(), pl.col("rank").unique().sort())
    )
    places = [_placed(table) for table in events.values() if not table.is_empty()]
    if not places:
        return pl.DataFrame(schema=MARK)
    found = reasons.join(pl.concat(places), on="id", maintain_order="left")
    return _labelled_once(found).select(pl.col(name).cast(dtype) for name, dtype in MARK.items())


def _labelled_once(found: pl.DataFrame) -> pl.DataFrame:
    """Label the first event of each ship or pair, and say there how many more of theirs are marked."""
    more = pl.len().over("ships") - 1
    label = pl.format(
        "{}   {}\n{}{}",
        pl.col("rank").cast(pl.List(pl.String)).list.join(", "),
        "ships",
        "measured",
        pl.when(more > 0).then(pl.format("  (+{} more)", more)).otherwise(pl.lit("")),
    )
    first = pl.int_range(pl.len()).over("ships") == 0
    return found.with_columns(pl.when(first).then(label).alias("label"))


def _placed(events: pl.DataFrame) -> pl.DataFrame:
    """Give where events are, whose they are, and what was measured, in few words."""
    known = events.columns
    both = pl.format("{} and {}", "mmsi_a", "mmsi_b")
    ends = [
        (pl.col(name) if name in known else pl.lit(None, pl.Float64)).alias(name)
        for name in ("end_lon", "end_lat")
    ]
    return events.select(
        "id", "lon", "lat", *ends,
        pl.coalesce(both, pl.col("mmsi_a").cast(pl.String)).alias("ships"),
        _measured(known).alias("measured"),
    )  # fmt: skip


def _measured(known: Sequence[str]) -> pl.Expr:
    """Measure an event in few words, by the columns that its table has."""
    if "min_apart_m" in known:
        return pl.format("{} m for {} h{}", _whole("min_apart_m"), _tenths("together_h"), _off_coast())
    if "mean_speed_kn" in known:
        return pl.format("{} kn for {} h{}", _tenths("mean_speed_kn"), _tenths("duration_h"), _off_coast())
    if "port" in known:
        return pl.format("{}, stopped for {} h", "port", _tenths("stopped_h"))
    return pl.format("not heard for {} h", _tenths("duration_h"))


def _off_coast() -> pl.Expr:
    return pl.coalesce(pl.format(", {} km off the coast", _whole("coast_km")), pl.lit(""))


def _whole(name: str) -> pl.Expr:
    return pl.col(name).round(0).cast(pl.Int64).cast(pl.String)


def _tenths(name: str) -> pl.Expr:
    return pl.col(name).round(1).cast(pl.String)


def region_map(
    tracks: pl.DataFrame,
    marks: pl.DataFrame,
    *,
    highlighted: Sequence[int],
    title: str,
    subtitle: str,
    attribution: str,
) -> bytes:
    """Draw a map of everything heard, of some ships' tracks, and of marked events; give it as PNG.

    Lines are broken where a ship was not heard for an hour, so no line crosses what nobody saw.

    Args:
        tracks: ``mmsi, time, lon, lat`` of all ships to draw.
        marks: Events in the schema ``MARK``, the most important first.
        highlighted: The MMSIs whose tracks are drawn strongly.
        title: What the picture shows.
        subtitle: Dates and counts.
        attribution: Where the positions come from and under which licence.

    Raises:
        ValueError: If there is neither a position nor a mark: there is no place to draw.
    """
    if tracks.is_empty() and marks.is_empty():
        message = "a map needs at least one position or one mark"
        raise ValueError(message)
    figure, axes = _sheet(title, subtitle, attribution)
    lon, lat = _extent(tracks, marks)
    frame = around(lon, lat, aspect=_aspect(axes), margin=0.14, least_km=300.0)
    prepare(axes, frame)
    own = pl.col("mmsi").is_in(list(highlighted))
    _sailed(axes, frame, tracks.filter(~own), SAILED, 0.6)
    _sailed(axes, frame, tracks.filter(own), INK, 1.2)
    _marked(axes, frame, marks)
    scale_bar(axes, frame)
    legend = axes.legend(
        handles=_keys(tracks, marks, highlighted), loc=_emptiest(frame, lon, lat), fontsize=7.8,
        framealpha=0.94, edgecolor="#b9c4cc", borderpad=0.8, labelspacing=0.65,
    )  # fmt: skip
    legend.set_zorder(9)
    figure.draw_without_rendering()
    _labelled(axes, frame, marks, [legend.get_window_extent()])
    return png(figure)


def png(figure: Figure) -> bytes:
    """Give a finished figure as PNG at ``DPI``."""
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=DPI, metadata={"Software": "clearwake"})
    return written.getvalue()


def _sheet(title: str, subtitle: str, attribution: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=PAPER_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.042, 0.075, 0.94, 0.815))
    figure.text(0.042, 0.952, title, fontsize=16, fontweight="bold", color=INK, va="center")
    figure.text(0.042, 0.915, subtitle, fontsize=9.5, color=QUIET, va="center")
    figure.text(0.042, 0.02, attribution, fontsize=7, color=QUIET, va="center")
    return figure, axes


def _aspect(axes: Axes) -> float:
    box = axes.get_position()
    return float(box.width * PAPER_IN[0] / (box.height * PAPER_IN[1]))


def _extent(tracks: pl.DataFrame, marks: pl.DataFrame) -> tuple[Floats, Floats]:
    """Give the places the map must hold: all marks with their ends; without marks, all positions."""
    if marks.is_empty():
        thinned = tracks.select(pl.col("lon", "lat").round(2)).unique()
        return thinned["lon"].to_numpy(), thinned["lat"].to_numpy()
    ends = marks.select(pl.col("end_lon").alias("lon"), pl.col("end_lat").alias("lat")).drop_nulls()
    held = pl.concat((marks.select("lon", "lat"), ends))
    return held["lon"].to_numpy(), held["lat"].to_numpy()


MOST_POINTS = 400_000
HOUR_MS = 3_600_000


def _sailed(axes: Axes, frame: Frame, tracks: pl.DataFrame, colour: str, width: float) -> None:
    """Draw tracks as lines, broken at silences of an hour and where they leave the picture's other side."""
    every = max(1, tracks.height // MOST_POINTS)
    rows = tracks.sort("mmsi", "time").gather_every(every)
    if rows.is_empty():
        return
    points = np.column_stack((frame.lon(rows["lon"].to_numpy()), rows["lat"].to_numpy()))
    apart_ms = np.diff(rows["time"].dt.epoch("ms").to_numpy())
    broken = (np.diff(rows["mmsi"].to_numpy()) != 0) | (apart_ms > HOUR_MS * every)
    broken |= np.abs(np.diff(points[:, 0])) > 180.0
    lines = np.split(points, np.flatnonzero(broken) + 1)
    axes.add_collection(
        LineCollection(lines, colors=colour, linewidths=width, zorder=2 if width < 1.0 else 3), autolim=False
    )


def _marked(axes: Axes, frame: Frame, marks: pl.DataFrame) -> None:
    """Draw events: a shape where they are, and for silences a dashed line to where the ship was heard again."""
    for kind, style in STYLES.items():
        rows = marks.filter(kind=kind)
        lon, lat = frame.lon(rows["lon"].to_numpy()), rows["lat"].to_numpy()
        axes.scatter(
            lon,
            lat,
            s=style.size,
            c=style.colour,
            marker=style.shape,
            edgecolors="white",
            linewidths=0.9,
            zorder=6,
        )
        ends = rows.drop_nulls("end_lon")
        for x, y, end_x, end_y in zip(
            frame.lon(ends["lon"].to_numpy()),
            ends["lat"],
            frame.lon(ends["end_lon"].to_numpy()),
            ends["end_lat"],
            strict=True,
        ):
            axes.plot(
                (x, end_x), (y, end_y), color=style.colour, linewidth=0.9, linestyle=(0, (4, 3)), zorder=4
            )
            axes.plot(
                end_x, end_y, style.shape, color="white", markeredgecolor=style.colour, markersize=4, zorder=5
            )


def _keys(tracks: pl.DataFrame, marks: pl.DataFrame, highlighted: Sequence[int]) -> list[Line2D]:
    """Give the legend: only what is on the picture."""
    keys = []
    if not tracks.is_empty():
        keys.append(Line2D([], [], color=SAILED, linewidth=1.2, label="ships heard"))
    if highlighted:
        keys.append(Line2D([], [], color=INK, linewidth=1.6, label="ships ranked first"))
    for kind, style in STYLES.items():
        count = marks.filter(kind=kind).height
        if count:
            keys.append(Line2D([], [], linestyle="none", marker=style.shape, color=style.colour, markersize=7,
                               markeredgecolor="white", label=f"{style.name} ({count})"))  # fmt: skip
    return keys


def _emptiest(frame: Frame, lon: Floats, lat: Floats) -> Corner:
    """Name the corner where the fewest places lie; the scale bar has the lower left."""
    right = frame.lon(lon) > frame.middle + 0.1 * (frame.east - frame.west)
    left = frame.lon(lon) < frame.middle - 0.1 * (frame.east - frame.west)
    level = (frame.south + frame.north) / 2.0
    corners: dict[Corner, int] = {
        "lower right": int(np.count_nonzero(right & (lat < level))),
        "upper right": int(np.count_nonzero(right & (lat >= level))),
        "upper left": int(np.count_nonzero(left & (lat >= level))),
    }
    return min(corners, key=lambda corner: corners[corner])


def _labelled(axes: Axes, frame: Frame, marks: pl.DataFrame, taken: list[Bbox]) -> None:
    """Write the labels of marks beside them, clear of all marks, the legend and the scale bar."""
    shown = marks.with_columns(pl.Series("x", frame.lon(marks["lon"].to_numpy())))
    pixels = axes.transData.transform(shown.select("x", "lat").to_numpy())
    size = 5.0 * pixels_per_point(axes)
    boxes = [Bbox.from_extents(x - size, y - size, x + size, y + size) for x, y in pixels]
    corner = axes.get_window_extent()
    bar = Bbox.from_bounds(corner.x0, corner.y0, 0.28 * corner.width, 0.13 * corner.height)
    labels = [
        Label(x, lat, text, STYLES[kind].colour)
        for x, lat, text, kind in shown.drop_nulls("label").select("x", "lat", "label", "kind").iter_rows()
    ]
    left_out = place(axes, labels, [*taken, *boxes, bar])
    if left_out:
        axes.annotate(f"{len(left_out)} labels left out for want of room", (1, 0), (-6, 6), xycoords="axes fraction",
                      textcoords="offset points", ha="right", fontsize=7, color=QUIET)  # fmt: skip
