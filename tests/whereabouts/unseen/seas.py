"""Seas written by hand: ships that sail from waypoint to waypoint, heard every ten minutes but for what is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from clearwake import places, sphere
from clearwake.model import HULLS_PER_MMSI, TIME, Encounter, Gap, IdentityClaim, Loitering, empty, schema, utc
from clearwake.whereabouts.unseen import Traces, possible_meetings
from clearwake.whereabouts.unseen.traces import COLUMNS

A, B, C = 211_000_001, 232_000_002, 477_000_003
DAY = utc("2026-01-10T00:00")
LON, LAT = 62.0, 15.0
"""The middle of the Arabian Sea."""

NO_SEEN = pl.DataFrame(schema={
    "id": pl.String, "kind": pl.String, "time": pl.Datetime("ms", "UTC"), "lon": pl.Float64, "lat": pl.Float64,
    "error_m": pl.Float64, "known_at": pl.Datetime("ms", "UTC"), "mmsi": pl.Int64, "track": pl.Int64,
})  # fmt: skip

Way = Sequence[tuple[float, float, float]]
"""Hour of the day, kilometres east and north of the middle of the sea."""


def at(hour: float) -> datetime:
    """Give a time of the day."""
    return DAY + timedelta(hours=hour)


def place(east_km: float, north_km: float) -> tuple[float, float]:
    """Give lon and lat of a place so far from the middle."""
    course, off = np.degrees(np.arctan2(east_km, north_km)), np.hypot(east_km, north_km) * 1000.0
    lon, lat = sphere.destination(LON, LAT, course, off)
    return float(lon), float(lat)


def heard(mmsi: int, way: Way, silent: tuple[float, float] | None = None) -> pl.DataFrame:
    """Let a ship be heard every ten minutes on its way, but not during its silence."""
    hours, east, north = (np.array(column) for column in zip(*way, strict=True))
    moments = np.arange(hours[0], hours[-1] + 1e-9, 1 / 6)
    if silent:
        moments = moments[(moments <= silent[0] + 1e-9) | (moments >= silent[1] - 1e-9)]
    e, n = np.interp(moments, hours, east), np.interp(moments, hours, north)
    lon, lat = sphere.destination(
        np.full(len(e), LON), np.full(len(e), LAT), np.degrees(np.arctan2(e, n)), np.hypot(e, n) * 1000.0
    )
    xyz = sphere.unit_vectors(lon, lat)
    times = [at(round(m * 6) / 6) for m in moments]
    return pl.DataFrame({
        "track": [mmsi * HULLS_PER_MMSI + 1] * len(e), "time": times, "x": xyz[:, 0], "y": xyz[:, 1], "z": xyz[:, 2],
        "known_at": times,
    }, schema_overrides={"time": TIME, "known_at": TIME}).select(COLUMNS)  # fmt: skip


def silences(*ships: pl.DataFrame) -> pl.DataFrame:
    """Give the silences of two hours and more in what was heard, as the corridor would find them; open ones too."""
    rows = []
    last = max(s["time"].max() for s in ships)  # type: ignore[type-var]
    for ship in ships:
        lon, lat = sphere.lonlat(ship.select("x", "y", "z").to_numpy())
        times = [*ship["time"].to_list(), None]
        for k, (start, end) in enumerate(pairwise(times)):
            if start is not None and (end or last) - start >= timedelta(hours=2):
                track = ship["track"][0]
                rows.append({
                    "id": f"silence:{track}:{k}", "kind": "silence", "version": 1, "start": start, "end": end,
                    "lon": lon[k], "lat": lat[k], "track_a": track, "mmsi_a": track // HULLS_PER_MMSI, "evidence": [],
                    "known_at": end or last, "end_lon": None if end is None else lon[k + 1],
                    "end_lat": None if end is None else lat[k + 1], "duration_h": 0.0,
                })  # fmt: skip
    return pl.DataFrame(rows, schema=schema(Gap))


def searched(
    *ships: pl.DataFrame, claims: pl.DataFrame | None = None, seen: pl.DataFrame = NO_SEEN,
    encounters: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Search a sea of these ships."""
    return possible_meetings(
        silent=silences(*ships), traces=Traces.of(ships), loiterings=empty(Loitering),
        encounters=empty(Encounter) if encounters is None else encounters,
        claims=empty(IdentityClaim) if claims is None else claims, seen=seen, atlas=places.load(), name="test",
    )  # fmt: skip
