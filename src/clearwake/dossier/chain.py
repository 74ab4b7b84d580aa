"""The picture of a chain: who holds, controls or runs whom around a party, drawn from the top down.

Companies and persons are boxes, ships are hulls.  Ownership is a solid line with its share, control a double one;
a dashed line is a link that is no ownership and gives nobody a legal status.  Colours say what the rules show, and
every box says it in words as well.
"""

from __future__ import annotations

import io
import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path

from clearwake.dossier.map import DPI, PAPER_IN
from clearwake.dossier.plane import INK, QUIET

PARTY = pl.Schema(
    {"node": pl.Int64(), "name": pl.String(), "kind": pl.String(), "imo": pl.String(), "country": pl.String(),
     "us": pl.String(), "eu": pl.String(), "uk": pl.String(), "listed": pl.List(pl.String()), "risk": pl.Float64(),
     "is_asked": pl.Boolean()}
)  # fmt: skip
"""Parties to draw; ``us``, ``eu``, ``uk`` are ``blocked``, ``possibly`` or ``not shown``."""

LINK = pl.Schema(
    {
        "owner": pl.Int64(),
        "owned": pl.Int64(),
        "label": pl.String(),
        "kind": pl.String(),
        "is_proof": pl.Boolean(),
    }
)
"""Links to draw; ``kind`` is ``owned``, ``controlled``, ``alike`` or ``linked``."""


@dataclass(frozen=True)
class Look:
    """How a party of one status is drawn."""

    fill: str
    edge: str
    text: str
    words: str


LOOKS: Mapping[str, Look] = {
    "blocked": Look("#b3261e", "#7d1a15", "#ffffff", "blocked under at least one rule"),
    "possibly": Look("#f7c95c", "#a8750a", "#3a2a00", "possibly blocked"),
    "not shown": Look("#eef2f5", "#8a98a3", INK, "not shown to be blocked"),
}

WIDEST_ROW = 6
"""So many parties stand side by side; more go into further rows."""

WIDTH, HEIGHT = 16.0, 9.0
"""The sheet, in its own units; a party's box is measured in them."""

LEFT, RIGHT, TOP, BOTTOM = 0.5, 15.5, 7.75, 1.0

Dashes = Literal["solid"] | tuple[float, Sequence[float]]

LINES: Mapping[str, tuple[str, str, float, Dashes]] = {
    "owned": ("holds shares", "#1d2a35", 2.0, "solid"),
    "controlled": ("controls", "#6a3d9a", 2.4, "solid"),
    "alike": ("may be the same party: the names agree", "#a8750a", 1.5, (0, (1, 2))),
    "linked": ("linked on paper: no ownership, no legal status", "#5d86a3", 1.5, (0, (5, 3))),
}

Place = tuple[float, float]


def chain(
    parties: pl.DataFrame,
    links: pl.DataFrame,
    *,
    title: str,
    subtitle: str,
    attribution: str,
    form: str = "png",
) -> bytes:
    """Draw parties and the links between them; give it as PNG or SVG.

    Args:
        parties: In the schema ``PARTY``.
        links: In the schema ``LINK``; those with an end that is not among ``parties`` are not drawn.
        title: What the picture shows.
        subtitle: The day, and what was left out.
        attribution: Where it comes from.
        form: ``png`` or ``svg``.

    Raises:
        ValueError: If there is no party to draw.
    """
    if parties.is_empty():
        message = "a picture needs at least one party"
        raise ValueError(message)
    figure = Figure(figsize=PAPER_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    _headings(axes, title, subtitle, attribution)
    inside = pl.col("owner", "owned").is_in(parties["node"].implode())
    links = links.filter(pl.all_horizontal(inside), pl.col("owner") != pl.col("owned"))
    rows = _rows(parties, links)
    size = _size(rows)
    places = _places(rows, size)
    for link in links.sort("is_proof").iter_rows(named=True):
        _line(axes, link, places, size)
    for party in parties.iter_rows(named=True):
        _party(axes, party, places[party["node"]], size)
    _legend(axes, parties, links)
    return _written(figure, form)


def _headings(axes: Axes, title: str, subtitle: str, attribution: str) -> None:
    axes.text(LEFT, 8.55, title, fontsize=19, fontweight="bold", color=INK, va="center")
    axes.text(LEFT, 8.15, subtitle, fontsize=10.5, color=QUIET, va="center")
    axes.text(LEFT, 0.18, attribution, fontsize=7, color=QUIET, va="center")


# Where parties stand


def _rows(parties: pl.DataFrame, links: pl.DataFrame) -> list[list[int]]:
    """Give rows of parties from the top: owners above what they own, ships in the last rows; wide rows are split."""
    ships = set(parties.filter(kind="vessel")["node"].to_list())
    nodes = parties["node"].to_list()
    down = [(a, b) for a, b in links.filter(pl.col("kind") != "alike").select("owner", "owned").iter_rows()]
    level = _levels(nodes, down)
    last = max((level[n] for n in nodes if n not in ships), default=-1) + 1
    level.update(dict.fromkeys(ships, last))
    by_level = defaultdict[int, list[int]](list)
    for node in nodes:
        below = [level[b] for a, b in down if a == node and level[b] > level[node]]
        owned = any(b == node for _, b in down)
        # Whom nobody owns stands right above the first it holds or runs, so that lines are short.
        by_level[level[node] if owned or not below else min(below) - 1].append(node)
    ordered = _uncrossed([by_level[each] for each in sorted(by_level)], down)
    return [part for row in ordered for part in _split(row)]


def _levels(nodes: Sequence[int], down: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Give each party's level: one below the lowest of its owners; where they form a ring, it is cut at the first."""
    owners = {node: {a for a, b in down if b == node and a != node} for node in nodes}
    level: dict[int, int] = {}
    left = list(nodes)
    while left:
        free = [node for node in left if not (owners[node] - level.keys())] or left[:1]
        for node in free:
            level[node] = max((level[a] + 1 for a in owners[node] if a in level), default=0)
        left = [node for node in left if node not in level]
    return level


def _uncrossed(rows: list[list[int]], down: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Order each row by the mean place of its neighbours above and below, so that few lines cross."""
    for turn in range(6):
        place = {node: (at + 0.5) / len(row) for row in rows for at, node in enumerate(row)}
        for row in rows if turn % 2 == 0 else reversed(rows):
            mean = {node: _mean(node, down, place) for node in row}
            row.sort(key=lambda node: mean[node])
            place.update({node: (at + 0.5) / len(row) for at, node in enumerate(row)})
    return rows


def _mean(node: int, down: Sequence[tuple[int, int]], place: Mapping[int, float]) -> float:
    beside = [place[b] for a, b in down if a == node] + [place[a] for a, b in down if b == node]
    return float(np.mean(beside)) if beside else place[node]


def _split(row: list[int]) -> list[list[int]]:
    parts = -(-len(row) // WIDEST_ROW)
    return [list(part) for part in np.array_split(np.array(row), parts)] if parts > 1 else [row]


def _size(rows: list[list[int]]) -> Place:
    """Give width and height of a box, so that the widest row and all rows fit."""
    widest = max(len(row) for row in rows)
    room = (RIGHT - LEFT) / widest
    tall = (TOP - BOTTOM) / len(rows)
    return min(3.4, room * 0.86), min(1.25, tall * 0.58)


def _places(rows: list[list[int]], size: Place) -> dict[int, Place]:
    """Give the middle of each box."""
    places = {}
    step_y = (TOP - BOTTOM) / len(rows)
    for down, row in enumerate(rows):
        step_x = min((RIGHT - LEFT) / len(row), size[0] * 1.9)
        start = WIDTH / 2 - step_x * (len(row) - 1) / 2
        for across, node in enumerate(row):
            places[int(node)] = (start + across * step_x, TOP - step_y * (down + 0.5))
    return places


# How they are drawn


def _party(axes: Axes, party: Mapping[str, object], place: Place, size: Place) -> None:
    look = LOOKS[_worst(party)]
    x, y = place
    width, height = size
    border = 3.4 if party["is_asked"] else 1.2
    edge = INK if party["is_asked"] else look.edge
    if party["kind"] == "vessel":
        shape: Patch = PathPatch(
            _hull(x, y, width, height), facecolor=look.fill, edgecolor=edge, linewidth=border, zorder=4
        )
    else:
        rounding = height / 2.2 if party["kind"] == "person" else 0.09
        shape = FancyBboxPatch(
            (x - width / 2, y - height / 2), width, height, facecolor=look.fill, edgecolor=edge, linewidth=border,
            boxstyle=f"round,pad=0,rounding_size={rounding}", zorder=4,
        )  # fmt: skip
    axes.add_patch(shape)
    scale = min(width / 2.3, height / 0.95, 1.25)
    name = textwrap.fill(
        str(party["name"]), max(int(17 * width / 2.3 / min(scale, 1.0)), 10), max_lines=2, placeholder=" ..."
    )
    lift = height * (0.2 if party["kind"] != "vessel" else 0.17)
    axes.text(x, y + lift, name, fontsize=10.5 * scale, fontweight="bold", color=look.text, ha="center", va="center",
              linespacing=1.05, zorder=6)  # fmt: skip
    axes.text(
        x,
        y - height * 0.14,
        _who(party),
        fontsize=7.6 * scale,
        color=look.text,
        ha="center",
        va="center",
        zorder=6,
    )
    axes.text(x, y - height * 0.34, _status(party), fontsize=7.6 * scale, color=look.text, ha="center", va="center",
              zorder=6, fontweight="bold")  # fmt: skip


def _worst(party: Mapping[str, object]) -> str:
    said = {party["us"], party["eu"], party["uk"]}
    return next(each for each in LOOKS if each in said)


def _hull(x: float, y: float, width: float, height: float) -> Path:
    """Give the outline of a ship seen from the side: a raked bow to the right, a counter to the left."""
    w, h = width / 2, height / 2
    corners = [(-w, h), (w, h), (w * 0.86, -h), (-w * 0.94, -h), (-w, h * 0.1), (-w, h)]
    return Path([(x + a, y + b) for a, b in corners], closed=True)


def _who(party: Mapping[str, object]) -> str:
    number = f"IMO {party['imo']}" if party["imo"] else str(party["kind"])
    return "  ".join(part for part in (number, str(party["country"] or "")) if part)


def _status(party: Mapping[str, object]) -> str:
    """Say the worst status and under which rules, and whether a list names the party."""
    worst = _worst(party)
    if worst == "not shown":
        risk = float(str(party["risk"] or 0.0))
        return f"not shown; risk {risk:.2f}" if risk >= 0.005 else "not shown"
    rules = " ".join(rule.upper() for rule in ("us", "eu", "uk") if party[rule] == worst)
    listed = party["listed"]
    return f"{worst} ({rules}){', listed' if isinstance(listed, list) and listed else ''}"


def _line(axes: Axes, link: Mapping[str, object], places: Mapping[int, Place], size: Place) -> None:
    """Draw a link from the bottom of the owner's box to the top of the owned one's, or from side to side."""
    _, colour, width, style = LINES[str(link["kind"])]
    one, other = places[int(str(link["owner"]))], places[int(str(link["owned"]))]
    start, end = _ends(one, other, size)
    proves = bool(link["is_proof"])
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>" if link["kind"] != "alike" else "-", mutation_scale=13, color=colour,
        linewidth=width * (1.35 if proves else 0.9), linestyle=style, shrinkA=0, shrinkB=1, zorder=3 if proves else 2,
        connectionstyle="arc3,rad=0.22" if abs(one[1] - other[1]) < 1e-6 else "arc3,rad=0.0",
    )  # fmt: skip
    axes.add_patch(arrow)
    # A little nearer to the owned party, where lines from one owner have parted.
    x, y = (start[i] + (end[i] - start[i]) * 0.56 for i in (0, 1))
    axes.text(
        x, y, str(link["label"]), fontsize=8.6 if link["kind"] == "owned" else 7.4, color=colour, ha="center",
        va="center", fontweight="bold" if proves else "normal", zorder=3.5,
        bbox={"boxstyle": "round,pad=0.22", "facecolor": "white", "edgecolor": "none", "alpha": 0.93},
    )  # fmt: skip


def _ends(one: Place, other: Place, size: Place) -> tuple[Place, Place]:
    (x, y), (u, v) = one, other
    half = size[1] / 2
    if abs(y - v) < 1e-6:
        side = size[0] / 2 * (1 if u > x else -1)
        return (x + side, y), (u - side, v)
    down = 1 if v < y else -1
    lean = float(np.clip((u - x) * 0.12, -size[0] * 0.35, size[0] * 0.35))
    return (x + lean, y - half * down), (u - lean, v + half * down)


def _legend(axes: Axes, parties: pl.DataFrame, links: pl.DataFrame) -> None:
    seen = {_worst(party) for party in parties.iter_rows(named=True)}
    handles: list[Patch | Line2D] = [
        Patch(facecolor=look.fill, edgecolor=look.edge, label=look.words)
        for status, look in LOOKS.items()
        if status in seen
    ]
    kinds = set(links["kind"].to_list())
    handles += [
        Line2D([], [], color=colour, linewidth=width, linestyle=style, label=words)
        for kind, (words, colour, width, style) in LINES.items() if kind in kinds
    ]  # fmt: skip
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(LEFT / WIDTH, 0.035), ncols=len(handles),
                fontsize=8.4, frameon=False, borderpad=0, handlelength=2.6, columnspacing=2.2)  # fmt: skip


def _written(figure: Figure, form: str) -> bytes:
    written = io.BytesIO()
    # Text stays text in an SVG, so that it can be searched and read aloud; nothing in it depends on the clock.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "clearwake"}):
        metadata = {"Date": None, "Creator": "clearwake"} if form == "svg" else {"Software": "clearwake"}
        figure.savefig(written, format=form, dpi=DPI, metadata=metadata)
    return written.getvalue()
