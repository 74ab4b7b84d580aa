"""Occasions: events in which a ship can have taken on or given off cargo, brought to one form."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.model import TIME

OCCASION = pl.Schema(
    {"across": pl.String(), "label": pl.String(), "mmsi": pl.Int64(), "track": pl.Int64(), "other": pl.Int64(),
     "begin": TIME, "finish": TIME, "lon": pl.Float64(), "lat": pl.Float64(), "weight": pl.Float64(),
     "place": pl.String(), "event_known_at": TIME}
)  # fmt: skip
"""One event from one ship's side; ``finish`` is null while it lasts."""

CALL_WEIGHT, CAME_NEAR_WEIGHT = 1.0, 0.1
MEETING_WEIGHTS = {"standard": 0.5, "short": 0.15, "underway": 0.1}
LOITERING_WEIGHT = 0.1
SILENCE_WEIGHT, SILENCE_WEIGHT_PER_H, LONG_SILENCE_H = 0.05, 0.01, 24.0
"""How often, roughly, a ship's draught changes in such an event, were its crew to type it always.

This project's judgement: cargo ships stop in port to load or discharge; of meetings at sea about one in two is a
transfer; silences and drifting are mostly nothing."""

IN_PORT_KM = 10.0
"""Drifting this near to a port or anchorage is lying in it, which the port call tells; so are meetings in port."""

GAP_H = 6.0
"""Silences from here on are gaps (Global Fishing Watch), and are told by the table of gaps."""


def occasions(events: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Bring port calls, encounters, gaps, silences and loiterings into columns of ``OCCASION``.

    Args:
        events: Tables by name; absent ones give nothing.
    """
    tell = {
        "port_calls": _calls, "encounters": _meetings, "gaps": _silences, "silences": _short_silences,
        "loiterings": _loiterings,
    }  # fmt: skip
    found = [tell[name](events[name]) for name in tell if name in events and events[name].height]
    rows = [frame.select(pl.col(name).cast(dtype) for name, dtype in OCCASION.items()) for frame in found]
    return pl.concat(rows) if rows else pl.DataFrame(schema=OCCASION)


def _one(events: pl.DataFrame, label: str, weight: pl.Expr, place: pl.Expr | None = None) -> pl.DataFrame:
    nowhere = pl.lit(None, pl.String) if place is None else place
    return events.select(
        across="id", label=pl.lit(label), mmsi="mmsi_a", track="track_a", other=pl.lit(None, pl.Int64), begin="start",
        finish="end", lon="lon", lat="lat", weight=weight, place=nowhere, event_known_at="known_at",
    )  # fmt: skip


def _calls(events: pl.DataFrame) -> pl.DataFrame:
    weight = pl.when(pl.col("confidence") >= 2).then(CALL_WEIGHT).otherwise(CAME_NEAR_WEIGHT)
    return _one(events, "port_call", weight, pl.col("port"))


def _meetings(every: pl.DataFrame) -> pl.DataFrame:
    events = every.filter(pl.col("label") != "in_port")
    weight = pl.col("label").replace_strict(MEETING_WEIGHTS, default=0.1, return_dtype=pl.Float64)
    a = _one(events, "encounter", weight).with_columns(other=events["mmsi_b"])
    sides = events.with_columns(mmsi_a="mmsi_b", track_a="track_b", mmsi_b="mmsi_a")
    return pl.concat((a, _one(sides, "encounter", weight).with_columns(other=sides["mmsi_b"])))


def _silences(events: pl.DataFrame) -> pl.DataFrame:
    hours = pl.col("duration_h").fill_null(LONG_SILENCE_H).clip(0.0, LONG_SILENCE_H)
    return _one(events, "gap", SILENCE_WEIGHT + SILENCE_WEIGHT_PER_H * hours)


def _short_silences(events: pl.DataFrame) -> pl.DataFrame:
    short = events.filter(pl.col("duration_h") < GAP_H)
    # A ship heard every two hours is silent between all its reports: of many a day each counts the less.
    many = pl.len().over("mmsi_a", pl.col("start").dt.date())
    return _one(short, "silence", SILENCE_WEIGHT / many)


def _loiterings(events: pl.DataFrame) -> pl.DataFrame:
    away = events.filter((pl.col("anchorage_km") >= IN_PORT_KM).fill_null(value=True))
    return _one(away, "loitering", pl.lit(LOITERING_WEIGHT))
