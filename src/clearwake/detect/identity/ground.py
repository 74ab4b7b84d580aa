"""Where a ship was when it said something, how long it had been silent, and how far it is from a harbour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from clearwake.detect.step import divided, hours_between
from clearwake.model import TIME
from clearwake.places import Atlas
from clearwake.sphere import KNOT_M_PER_S, NAUTICAL_MILE_M, distance_m

Heard = Callable[[pl.DataFrame], pl.DataFrame]
"""Positions within windows of time: ``mmsi, start, end -> mmsi, time, lon, lat``, in any order, repeats allowed."""

HEARD = pl.Schema({"mmsi": pl.Int64(), "time": TIME, "lon": pl.Float64(), "lat": pl.Float64()})

NEAR_IN_TIME = timedelta(hours=6)
"""A position farther than this in time from a claim does not tell where the claim was made; this project's judgement,
after the field's least silence that counts as a gap."""

KNOWN_WITHIN = timedelta(days=7)
"""Where claims lie farther apart than this nobody knows where the change was made; this project's judgement."""

IN_PORT_KM = 4.0
"""Global Fishing Watch: a ship leaves port beyond 4 km of an anchorage."""

NEAR_PORT_KM = 10.0
"""Global Fishing Watch: encounters nearer than this to an anchorage do not count."""

TOP_SPEED_KN = 50.0
"""No ship sails faster: the field's threshold for an impossible speed between two reports."""

SLACK_KM = 5.0
"""Positions may be this far off, with clocks and antennas, before a distance means anything."""


def nobody_heard(windows: pl.DataFrame) -> pl.DataFrame:
    """Give no positions: for claims without any."""
    return pl.DataFrame(schema=HEARD).head(windows.height)


def in_reach_km(hours: pl.Expr) -> pl.Expr:
    """Give how far a ship can have sailed in so many hours."""
    return SLACK_KM + TOP_SPEED_KN * (NAUTICAL_MILE_M / 1000.0) * hours.abs()


def placed(changes: pl.DataFrame, heard: Heard, atlas: Atlas | None) -> pl.DataFrame:
    """Say where each change happened: adds ``lon, lat, harbour_km, where, silent_min, moved_km, implied_speed_kn``.

    The place is the position nearest in time to the first new claim, else to the last old one.  ``harbour_km`` is how
    near the ship came to a harbour from the last old claim to the first new one, as far as it was heard, once an hour.
    ``where`` is null where these are more than a week apart.

    Args:
        changes: At least ``change`` (a number), ``mmsi_old, start, mmsi_new, end``.
        heard: Gives positions.
        atlas: Knows harbours; without it no distance.
    """
    both = pl.concat(
        changes.select("change", "start", "end", mmsi=side).filter(pl.col("mmsi").is_not_null())
        for side in ("mmsi_old", "mmsi_new")
    ).unique()
    wide = both.select(
        "mmsi", start=pl.col("start") - NEAR_IN_TIME, end=pl.col("end") + NEAR_IN_TIME
    ).unique()
    positions = _ordered(heard(wide)) if changes.height else pl.DataFrame(schema=HEARD)
    rows = _nearest(changes, positions, "mmsi_old", "start", "old")
    rows = _nearest(rows, positions, "mmsi_new", "end", "new")
    rows = rows.join(_silences(both, positions), on="change", how="left", maintain_order="left")
    rows = _moved(rows).with_columns(
        lon=pl.coalesce("new_lon", "old_lon"), lat=pl.coalesce("new_lat", "old_lat")
    )
    return _by_harbour(rows, _between(both, positions), atlas)


def _between(both: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Give where ships were between the two claims, once an hour: ``change, lon, lat``."""
    around = both.join(positions, on="mmsi").filter(pl.col("time").is_between(pl.col("start"), pl.col("end")))
    hourly = around.sort("change", "time", "mmsi").with_columns(hour=pl.col("time").dt.truncate("1h"))
    return hourly.unique(["change", "mmsi", "hour"], keep="first", maintain_order=True).select(
        "change", "lon", "lat"
    )


def _ordered(positions: pl.DataFrame) -> pl.DataFrame:
    """Give each ship one position a moment, in order: which, does not depend on how they came."""
    rows = positions.select(HEARD.names()).cast(HEARD)
    return (
        rows.unique()
        .sort("mmsi", "time", "lon", "lat")
        .unique(["mmsi", "time"], keep="first", maintain_order=True)
    )


def _nearest(rows: pl.DataFrame, positions: pl.DataFrame, mmsi: str, time: str, name: str) -> pl.DataFrame:
    """Add ``<name>_lon, <name>_lat``: the position nearest in time, the earlier of two as near."""
    asked = rows.select("change", mmsi=mmsi, moment=time).drop_nulls().unique()
    near = positions.with_columns(spot="time")
    asked = asked.sort("mmsi", "moment")
    sides = [
        asked.join_asof(
            near, left_on="moment", right_on="time", by="mmsi", strategy=way, tolerance=NEAR_IN_TIME,
            check_sortedness=False,
        ).filter(pl.col("spot").is_not_null())
        for way in ("backward", "forward")
    ]  # fmt: skip
    away = (pl.col("spot") - pl.col("moment")).abs()
    best = (
        pl.concat(sides).with_columns(away=away).sort("change", "away", "spot").unique("change", keep="first")
    )
    found = best.select("change", pl.col("lon").alias(f"{name}_lon"), pl.col("lat").alias(f"{name}_lat"))
    return rows.join(found, on="change", how="left", maintain_order="left")


def _silences(both: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Give the longest time without a position or claim between the last old and the first new claim, in minutes."""
    around = both.join(positions.select("mmsi", "time"), on="mmsi", how="inner")
    heard = around.group_by("change").agg(pl.len())
    within = around.filter(pl.col("time").is_between(pl.col("start"), pl.col("end"))).select("change", "time")
    ends = [both.select("change", time=end) for end in ("start", "end")]
    moments = pl.concat((within, *ends)).unique().sort("change", "time")
    longest = moments.group_by("change").agg(silent=pl.col("time").diff().max())
    minutes = divided(pl.col("silent").dt.total_milliseconds(), 60_000.0).fill_null(0.0)
    return longest.join(heard, on="change", how="semi").select("change", silent_min=minutes)


def _moved(rows: pl.DataFrame) -> pl.DataFrame:
    ends = [rows[f"{side}_{axis}"].to_numpy() for side in ("old", "new") for axis in ("lon", "lat")]
    km = pl.Series(distance_m(*ends) / 1000.0, dtype=pl.Float64).fill_nan(None)
    hours = hours_between("start", "end")
    speed = pl.col("moved_km") * 1000.0 / (hours * 3600.0 * KNOT_M_PER_S)
    is_timed = pl.col("end") > pl.col("start")
    return rows.with_columns(moved_km=km).with_columns(implied_speed_kn=pl.when(is_timed).then(speed))


def _by_harbour(rows: pl.DataFrame, between: pl.DataFrame, atlas: Atlas | None) -> pl.DataFrame:
    if atlas is None:
        return rows.with_columns(harbour_km=pl.lit(None, pl.Float64), where=pl.lit(None, pl.String))
    spots = pl.concat((rows.select("change", "lon", "lat"), between)).drop_nulls()
    _, km = atlas.nearest(spots["lon"].to_numpy(), spots["lat"].to_numpy())
    near = spots.with_columns(harbour_km=pl.Series(km, dtype=pl.Float64)).filter(
        pl.col("harbour_km").is_finite()
    )
    nearest = near.group_by("change").agg(pl.col("harbour_km").min())
    far = pl.col("harbour_km")
    where = (
        pl.when(pl.col("lon").is_null() | (pl.col("end") - pl.col("start") > KNOWN_WITHIN))
        .then(None)
        .when(far <= IN_PORT_KM)
        .then(pl.lit("in port"))
        .when(far <= NEAR_PORT_KM)
        .then(pl.lit("near port"))
        .otherwise(pl.lit("at sea"))
    )
    return rows.join(nearest, on="change", how="left", maintain_order="left").with_columns(where=where)
