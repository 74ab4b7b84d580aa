"""Small scenes for matching: fixes and detections as tables, and what is held against what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.matching import Ground, match_detections
from clearwake.model import HULLS_PER_MMSI, TIME, Detection, conform, utc
from clearwake.sphere import KNOT_M_PER_S, Floats

NOON = utc("2026-01-01T12:00")


def sailing(
    mmsi: int,
    lon: float,
    lat: float,
    speed_kn: float = 0.0,
    course_deg: float = 90.0,
    every_min: float = 5.0,
    hours: float = 3.0,
    *,
    silent: tuple[float, float] | None = None,
    is_bare: bool = True,
) -> pl.DataFrame:
    """Fixes of a ship on a steady course that is at ``lon, lat`` at noon, heard ``hours`` before and after.

    ``silent`` minutes from noon it is not heard; ``is_bare`` leaves out reported speed and course.
    """
    minutes = np.arange(-hours * 60.0, hours * 60.0 + 1e-6, every_min) + (mmsi % 7) * every_min / 7.0
    if silent is not None:
        minutes = minutes[(minutes < silent[0]) | (minutes > silent[1])]
    far_m = speed_kn * KNOT_M_PER_S * minutes * 60.0
    course = np.full(minutes.size, course_deg)
    lons, lats = sphere.destination(np.full(minutes.size, lon), np.full(minutes.size, lat), course, far_m)
    times = [NOON + timedelta(minutes=float(m)) for m in minutes]
    rows = pl.DataFrame({
        "track": mmsi * HULLS_PER_MMSI + 1, "mmsi": mmsi, "time": pl.Series(times, dtype=TIME),
        "lon": lons, "lat": lats,
    })  # fmt: skip
    if is_bare:
        return rows
    return rows.with_columns(
        speed_kn=pl.lit(speed_kn), course_deg=pl.lit(course_deg), heading_deg=pl.lit(course_deg)
    )


def seen(*rows: dict[str, Any]) -> pl.DataFrame:
    """Detections: each at noon and named by its place in the order, unless it says otherwise."""
    whole = [{"id": f"detection:{at}", "time": NOON, **row} for at, row in enumerate(rows)]
    return conform(pl.DataFrame(whole, infer_schema_length=None), Detection)


def beside(lon: float, lat: float, bearing_deg: float, metres: float) -> dict[str, float]:
    """A place so far from another."""
    there = sphere.destination(np.array([lon]), np.array([lat]), np.array([bearing_deg]), np.array([metres]))
    return {"lon": float(there[0][0]), "lat": float(there[1][0])}


def open_sea(lon: Floats, lat: Floats) -> Floats:
    """Far from every coast and harbour."""
    del lat
    return np.full(len(lon), 100.0)


def matched(
    detections: pl.DataFrame, *fixes: pl.DataFrame, lengths: dict[int, float] | None = None
) -> pl.DataFrame:
    """Hold detections against fixes, in the open sea."""
    known = pl.DataFrame(
        {"mmsi": list((lengths or {}).keys()), "length_m": list((lengths or {}).values())},
        schema={"mmsi": pl.Int64, "length_m": pl.Float64},
    )
    none = sailing(1, 0.0, 0.0).clear()
    return match_detections(
        detections, Ground(pl.concat(fixes) if fixes else none, known, open_sea, open_sea)
    )
