"""The ledger drawn: what had been delivered by each day, against the cap, and how likely the cap was passed."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from clearwake.model import LedgerYear
from clearwake.sphere import Floats

INK, QUIET, GRID, PAPER = "#1d2a35", "#5b6b78", "#dfe5ea", "#ffffff"
OURS, CAP, LAWFUL, THEIRS = "#1f6f8b", "#b3261e", "#7a9a3a", "#8a6d3b"

ATTRIBUTION = (
    "Drawn by clearwake from the deliveries this desk has read or found.  Dashed: the published method, which takes "
    "every call as a delivery and all ships\nas laden alike.  Band: our distribution, nine chances in ten.  Notified "
    "deliveries are lawful.  A delivery counts as it was reported; none is proved by this picture."
)

WIDTH_IN, HEIGHT_IN, DPI = 12.8, 7.2, 150


def ledger_chart(record: LedgerYear, form: str = "png") -> bytes:
    """Draw one period of the ledger as PNG or SVG.

    Args:
        record: The period.
        form: ``png`` or ``svg``.
    """
    with rc_context({"font.family": "DejaVu Sans", "svg.hashsalt": "clearwake", "axes.unicode_minus": False}):
        figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=PAPER)
        above, below = figure.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": (3.4, 1.0), "hspace": 0.09, "left": 0.075,
                                            "right": 0.845, "top": 0.845, "bottom": 0.125},
        )  # fmt: skip
        _titles(figure, record)
        _barrels(above, record)
        _chance(below, record)
        more = [textwrap.shorten(finding, 215, placeholder=" ...") for finding in record.findings[:1]]
        told = "\n".join((ATTRIBUTION, *more))
        figure.text(0.075, 0.075, told, va="top", fontsize=7.2, color=QUIET, linespacing=1.5)
        content = io.BytesIO()
        figure.savefig(
            content, format=form, dpi=DPI, metadata={"Date": None} if form == "svg" else {"Software": None}
        )
    return content.getvalue()


def _titles(figure: Figure, record: LedgerYear) -> None:
    what = "Refined petroleum" if record.product == "refined" else "Crude oil"
    if record.cap_bbl is None or record.p_exceeded is None:
        title = f"{what} to the DPRK, {record.year}: no cap was in force"
    else:
        title = f"{what} to the DPRK, {record.year}: over the cap with probability {_p(record.p_exceeded)}"
    figure.text(0.075, 0.945, title, fontsize=18, color=INK, weight="bold")
    told = (
        f"{record.deliveries:,} deliveries not known to be notified, by ships that hold {record.capacity_bbl:,} bbl; "
        f"{record.notified:,} notified, of {record.notified_bbl:,} bbl"
    )
    alone, shared = record.p_exceeded_independent, record.p_exceeded_shared
    doubt = ""
    if alone is not None and shared is not None:
        doubt = f"Probability {_p(alone)} were each ship laden its own way, {_p(shared)} were all laden alike"
        doubt += f" (drawn {record.draws:,} times, seed {record.seed})"
    if record.contested:
        doubt += f".  {record.contested} contested: {_p(record.p_exceeded_without_contested)} without them"
    figure.text(0.075, 0.888, f"{told}\n{doubt}", fontsize=10, color=QUIET, va="center", linespacing=1.6)


def _p(p: float | None) -> str:
    if p is None:
        return "-"
    return ">0.99" if p > 0.99 else "<0.01" if p < 0.01 else f"{p:.2f}"


def _days(record: LedgerYear) -> Floats:
    """Give the beginning of the first day and the end of each, as ordinals."""
    first = record.period_from.toordinal()
    return np.arange(first, first + len(record.by_day) + 1, dtype=np.float64)


def _series(rows: Sequence[dict[str, Any]], name: str) -> Floats:
    return np.array([0.0, *(row[name] or 0.0 for row in rows)], np.float64)


def _barrels(axes: Axes, record: LedgerYear) -> None:
    days, rows = _days(record), record.by_day
    end: list[tuple[float, str, str, bool]] = []
    axes.fill_between(
        days, _series(rows, "p05_bbl"), _series(rows, "p95_bbl"), color=OURS, alpha=0.18, lw=0, step="pre"
    )
    middle = _series(rows, "p50_bbl")
    axes.step(days, middle, color=OURS, lw=2.4, where="pre")
    end.append((middle[-1], f"ours, median\n{middle[-1]:,.0f}", OURS, True))
    names = (
        ("one_third_bbl", "one third laden"),
        ("half_bbl", "half laden"),
        ("ninety_percent_bbl", "90 % laden"),
    )
    for name, words in names:
        published = _series(rows, name)
        axes.step(days, published, color=THEIRS, lw=1.1, ls=(0, (4, 2)), where="pre")
        end.append((published[-1], f"{words}\n{published[-1]:,.0f}", THEIRS, False))
    notified = _series(rows, "notified_bbl")
    if notified[-1] > 0.0:
        axes.fill_between(days, 0.0, notified, color=LAWFUL, alpha=0.55, lw=0, step="pre")
        end.append((notified[-1], f"notified, lawful\n{notified[-1]:,.0f}", LAWFUL, False))
    top = 1.06 * max(
        _series(rows, "p95_bbl").max(), *(bbl for bbl, *_ in end), 1.15 * (record.cap_bbl or 0), 1.0
    )
    if record.cap_bbl is not None:
        axes.axhline(record.cap_bbl, color=CAP, lw=1.8, zorder=5)
        axes.annotate(
            f"cap {record.cap_bbl:,} bbl  ({record.reference})", (days[0], record.cap_bbl), (6, 5),
            textcoords="offset points", color=CAP, fontsize=9.5, weight="bold", zorder=6,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
        )  # fmt: skip
    axes.set_ylim(0.0, top)
    axes.set_xlim(days[0], days[-1])
    _mark_silence(axes, record, top)
    _label_ends(axes, end, top)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda bbl, _: f"{bbl / 1000:,.0f}"))
    axes.set_ylabel("thousand barrels delivered by then", fontsize=9, color=QUIET)
    _plain(axes)


def _mark_silence(axes: Axes, record: LedgerYear, top: float) -> None:
    """Say from when the desk has no more deliveries: what follows is not known, not nothing."""
    changed = [
        after["day"] for before, after in pairwise(record.by_day)
        if (after["p95_bbl"], after["ninety_percent_bbl"]) != (before["p95_bbl"], before["ninety_percent_bbl"])
    ]  # fmt: skip
    last = max(changed, default=record.period_from)
    end = record.period_to.toordinal() + 1.0
    if end - last.toordinal() < LEAST_SILENCE_DAYS:
        return
    axes.axvspan(last.toordinal() + 1.0, end, color=PAPER, alpha=0.55, lw=0, zorder=3)
    middle = (last.toordinal() + 1.0 + end) / 2.0
    text = f"no later delivery on this desk\n(last: {last.day} {last:%B})"
    axes.text(
        middle, 0.04 * top, text, fontsize=9, color=QUIET, ha="center", va="bottom", zorder=4, linespacing=1.4
    )


LEAST_SILENCE_DAYS = 45


def _label_ends(axes: Axes, ends: list[tuple[float, str, str, bool]], top: float) -> None:
    """Write each line's name at its end, pushed apart where they would lie on each other."""
    room = 0.083 * top
    level = -room
    for bbl, words, colour, is_bold in sorted(ends):
        level = max(bbl, level + room)
        axes.annotate(
            words, (1.0, bbl), (1.012, level), xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"), fontsize=9, color=colour, va="center", linespacing=1.25,
            weight="bold" if is_bold else "normal", annotation_clip=False,
        )  # fmt: skip


def _chance(axes: Axes, record: LedgerYear) -> None:
    days = _days(record)
    if record.p_exceeded is None:
        axes.set_visible(False)
        return
    chance = _series(record.by_day, "p_exceeded")
    axes.fill_between(days, 0.0, chance, color=OURS, alpha=0.25, lw=0, step="pre")
    axes.step(days, chance, color=OURS, lw=2.0, where="pre")
    for least, day in ((0.5, record.first_exceeded), (0.95, record.first_exceeded_95)):
        if day is not None:
            _mark(axes, day, least)
    axes.set_ylim(0.0, 1.04)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.set_ylabel("probability that\nthe cap was passed", fontsize=9, color=QUIET)
    axes.annotate(
        f"{_p(float(chance[-1]))}", (1.0, chance[-1]), (1.012, min(float(chance[-1]), 0.93)),
        xycoords=("axes fraction", "data"), textcoords=("axes fraction", "data"), color=OURS, fontsize=11,
        weight="bold", va="center", annotation_clip=False,
    )  # fmt: skip
    _plain(axes)
    months = [row["day"] for row in record.by_day if row["day"].day == 1]
    axes.set_xticks([day.toordinal() for day in months], [f"1 {day:%b}" for day in months])


def _mark(axes: Axes, day: date, least: float) -> None:
    at = day.toordinal() + 1.0
    axes.plot([at], [least], "o", color=OURS, ms=5, zorder=5)
    axes.annotate(
        f"{least:.0%} on {day.day} {day:%B}",
        (at, least),
        (8, -11),
        textcoords="offset points",
        fontsize=9,
        color=INK,
    )


def _plain(axes: Axes) -> None:
    axes.grid(color=GRID, lw=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=9, labelcolor=QUIET)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(QUIET)
