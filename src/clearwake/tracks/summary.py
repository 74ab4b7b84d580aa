"""Sums over tracks: first and last fix, how many, how far; small, and mergeable over days."""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake.model import Track, schema
from clearwake.sphere import arc_m
from clearwake.tracks.follow import Followed

TRACK_DAYS = pl.Schema({n: t for n, t in schema(Track).items() if n != "shared_mmsi"})
"""The columns of a track's sum over one day; whether its MMSI is shared only all days together tell."""


def summed(followed: Followed) -> pl.DataFrame:
    """Sum up each track of a batch: first and last fix, how many, how far: rows of ``Track``, mergeable by track.

    The way between two batches is not counted: the batches are whole days.
    """
    fixes = followed.fixes
    track = fixes["track"].to_numpy()
    if not track.size:
        return pl.DataFrame(schema=TRACK_DAYS)
    first = np.flatnonzero(np.append(True, track[1:] != track[:-1]))
    way_m = arc_m(followed.chords)
    way_m[first] = 0.0
    last = np.append(first[1:], track.size) - 1
    begin, end = (fixes[pl.Series(i, dtype=pl.UInt32)] for i in (first, last))
    return begin.select(
        "track", "mmsi", start="time", end=end["time"], positions=pl.Series(last - first + 1).cast(pl.Int64),
        lon="lon", lat="lat", end_lon=end["lon"], end_lat=end["lat"],
        travelled_km=pl.Series(np.add.reduceat(way_m, first) / 1000.0),
    )  # fmt: skip


def merged(days: pl.DataFrame) -> pl.DataFrame:
    """Merge the sums of several batches into one row per track (``Track``)."""
    tracks = days.sort("start").group_by("track").agg(
        pl.col("mmsi", "start", "lon", "lat").first(), pl.col("end", "end_lon", "end_lat").last(),
        pl.col("positions", "travelled_km").sum(),
    )  # fmt: skip
    shared = pl.col("track").n_unique().over("mmsi") > 1
    return tracks.with_columns(shared_mmsi=shared).select(schema(Track).names()).sort("track")
