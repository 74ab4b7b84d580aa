"""Feed health: when a feed, one of its stations, or a region of the sea was heard as usual, less, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import schema
from clearwake.model.reception import FeedHealth
from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.outages import DEGRADED_BELOW, DOWN_BELOW, Outage
from clearwake.reception.trace import Spans, Trace
from clearwake.sphere import Floats

Ints = NDArray[np.int64]

FEED_DOWN_BELOW, FEED_DEGRADED_BELOW = 0.05, 0.5
"""Parts of a feed's usual positions below which it is down or degraded."""

STEPS = (1, 4, 24)
"""A feed is looked at by the quarter of an hour, by the hour or by six hours: the first that has enough to count."""

ENOUGH_POSITIONS = 20.0
SEASON_H = 12.0
"""What is usual is taken from 12 hours before and after, the hours without anything left out."""

LEAST_STEPS = 2


def feed_health(
    quarters: pl.DataFrame, pictures: Iterable[tuple[Trace, Spans, list[Outage]]], until: datetime
) -> pl.DataFrame:
    """Give the health of feeds, stations and regions: a table of ``FeedHealth``, by start.

    Args:
        quarters: A table of ``FeedQuarter``.
        pictures: Traces and silences of some days with the outages found in them.
        until: How far anything was heard.
    """
    rows = [row for scope in ("feed", "station") for row in _of_feeds(quarters, scope, until)]
    rows += [
        row
        for trace, silent, found in pictures
        for o in found
        for row in [_of_outage(o, trace, silent, until)]
    ]
    return pl.DataFrame(rows, schema=schema(FeedHealth)).sort("start", "scope", "feed", "station", "id")


def _named(*what: object) -> str:
    return f"feed_health:{hashlib.sha256(repr(what).encode()).hexdigest()[:20]}"


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000.0, UTC)


def _of_outage(outage: Outage, trace: Trace, silent: Spans, until: datetime) -> dict[str, object]:
    lon, lat, far_km = outage.middle
    end = None if outage.end is None else _utc(outage.end)
    hours = ((end or until) - _utc(outage.start)).total_seconds() / 3600.0
    share = outage.heard / max(outage.expected, 1e-9)
    rate = float(trace.positions.mean()) * 4.0 if len(trace) else 0.0
    ships = int(np.unique(silent.track[outage.members]).size)
    where = "everywhere" if outage.is_whole else f"mostly within {far_km:.0f} km of {lon:.2f}, {lat:.2f}"
    return {
        "id": _named("whole" if outage.is_whole else "region", outage.start, round(lon, 3), round(lat, 3)),
        "scope": "feed" if outage.is_whole else "region", "feed": None, "station": None,
        "state": "down" if share < DOWN_BELOW else "degraded" if share < DEGRADED_BELOW else "up",
        "start": _utc(outage.start), "end": end, "duration_h": hours, "lon": lon, "lat": lat,
        "radius_km": far_km, "expected_positions": outage.expected * rate * hours,
        "heard_positions": outage.heard * rate * hours, "expected_ships": outage.expected,
        "heard_ships": outage.heard, "ships_silenced": ships,
        "reason": f"{ships} ships {where} fell silent; of {outage.expected:.0f} to be expected in a quarter of an hour "
                  f"{outage.heard:.0f} were heard",
    }  # fmt: skip


def _of_feeds(quarters: pl.DataFrame, scope: str, until: datetime) -> list[dict[str, object]]:
    key = ["feed"] if scope == "feed" else ["feed", "station"]
    wanted = quarters if scope == "feed" else quarters.filter(pl.col("station").is_not_null())
    rows = []
    for name, own in sorted(wanted.partition_by(key, as_dict=True).items()):
        station = None if scope == "feed" else str(name[1])
        counted = (
            own.group_by("quarter").agg(pl.col("positions").sum(), pl.col("ships").sum()).sort("quarter")
        )
        rows += [
            {
                "id": _named(scope, name, span["start"]), "scope": scope, "feed": str(name[0]), "station": station,
                "lon": None, "lat": None, "radius_km": None, "ships_silenced": None, **span,
            }
            for span in _stretches(counted, until)
        ]  # fmt: skip
    return rows


def _stretches(counted: pl.DataFrame, until: datetime) -> list[dict[str, object]]:
    """Part a feed's time into stretches of one state."""
    quarter = counted["quarter"].dt.epoch("ms").to_numpy() // QUARTER_MS
    found = _steps(quarter, counted["positions"].to_numpy().astype(np.float64))
    if found is None:
        return []
    width, first, positions = found
    ships = _mean_by(quarter, counted["ships"].to_numpy().astype(np.float64), width, first, positions.size)
    usual = _usual(positions, width)
    usual_ships = _usual(ships, width)
    state = np.where(
        positions <= FEED_DOWN_BELOW * usual, 2, np.where(positions < FEED_DEGRADED_BELOW * usual, 1, 0)
    )
    state = np.where(usual >= ENOUGH_POSITIONS, state, 0)
    state = _steadied(state)
    cuts = np.flatnonzero(np.diff(state)) + 1
    edges = np.concatenate(([0], cuts, [state.size]))
    out = []
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        start_ms = (first + begin * width) * QUARTER_MS
        is_last = end == state.size
        end_ms = (first + end * width) * QUARTER_MS
        name = ("up", "degraded", "down")[state[begin]]
        heard, expected = float(positions[begin:end].sum()), float(usual[begin:end].sum())
        hours = (min(end_ms, int(until.timestamp() * 1000)) - start_ms) / 3_600_000.0
        out.append({
            "state": name, "start": _utc(start_ms), "end": None if is_last else _utc(end_ms), "duration_h": hours,
            "expected_positions": expected, "heard_positions": heard,
            "expected_ships": float(usual_ships[begin:end].mean()), "heard_ships": float(ships[begin:end].mean()),
            "reason": f"{heard:.0f} positions heard; {expected:.0f} to be expected from the hours around",
        })  # fmt: skip
    return out


def _steps(quarter: Ints, positions: Floats) -> tuple[int, int, Floats] | None:
    """Choose how finely to look; None where a feed gives too little to say anything."""
    for width in STEPS:
        first = int(quarter[0]) // width * width
        size = (int(quarter[-1]) - first) // width + 1
        counts = np.bincount((quarter - first) // width, positions, size).astype(np.float64)
        if np.median(counts[counts > 0]) >= ENOUGH_POSITIONS and size >= LEAST_STEPS:
            return width, first, counts
    return None


def _mean_by(quarter: Ints, ships: Floats, width: int, first: int, size: int) -> Floats:
    at = (quarter - first) // width
    return np.asarray(np.bincount(at, ships, size) / width)


def _usual(counts: Floats, width: int) -> Floats:
    """Give the median of the steps around each, those with next to nothing left out."""
    floor = 0.05 * float(np.median(counts[counts > 0]))
    told = np.where(counts > floor, counts, np.nan)
    reach = max(round(SEASON_H * 4 / width), 1)
    padded = np.pad(told, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    whole = np.nanmedian(told)
    some = np.isfinite(windows).any(axis=1)
    usual = np.full(counts.size, whole)
    usual[some] = np.nanmedian(windows[some], axis=1)
    return usual


def _steadied(state: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take single steps of another state than both their neighbours as what these are."""
    steady = state.copy()
    alone = (state[1:-1] != state[:-2]) & (state[1:-1] != state[2:]) & (state[:-2] == state[2:])
    steady[1:-1][alone] = state[:-2][alone]
    return steady
