"""What other eyes saw, held against a desk's tracks: worked out when asked for, and kept until its grounds change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl

from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.kept import kept
from clearwake.flow.trails import TRAIL, fixes
from clearwake.matching import Ground, match_detections, match_sightings, side_by_side
from clearwake.matching.detections import scenes
from clearwake.model import (
    Detection,
    IdentityClaim,
    MatchedDetection,
    MatchedSighting,
    SideBySide,
    Sighting,
    empty,
)
from clearwake.store import Store

BESIDE = timedelta(hours=6)
"""Fixes so long before the first and after the last detection of a day are looked at."""

MANY_FIXES, ONE_EACH = 4_000_000, "30s"
"""Of more fixes than this, one for each ship and half minute is enough."""

_LEANS_ON = ("positions", "track_days", "claims", "anchorages", "learnt_anchorages")
_NEEDED = ("track", "mmsi", "time", "lon", "lat", "speed_kn", "course_deg", "heading_deg", "known_at")
_DEFINITION = "1"


def detections(store: Store) -> pl.DataFrame:
    """Give the detections of a desk, matched: a table of ``MatchedDetection``, by time."""
    return kept(
        store,
        "detections",
        ("detections", *_LEANS_ON),
        _DEFINITION,
        lambda: _matched(store),
        MatchedDetection,
    )


def sightings(store: Store) -> pl.DataFrame:
    """Give the sightings of a desk, held against names and tracks: a table of ``MatchedSighting``, by time."""
    leans_on = ("sightings", *_LEANS_ON)
    return kept(store, "sightings", leans_on, _DEFINITION, lambda: _sighted(store), MatchedSighting)


def _sighted(store: Store) -> pl.DataFrame:
    rows = once(store.scan("sightings", record=Sighting).collect())
    if rows.is_empty():
        return empty(MatchedSighting)
    claimed = store.scan("claims", record=IdentityClaim)
    claims = claimed.select("mmsi", "name", "imo", "callsign", "flag", "last_seen").unique().collect()
    lengths = claimed.select("mmsi", "length_m").drop_nulls().unique().collect()
    days = rows.with_columns(day=pl.col("time").dt.date()).partition_by("day", maintain_order=True)
    parts = (some.drop("day") for some in days)
    matched = [match_sightings(some, fixes_between(store, *_ends(some)), claims, lengths) for some in parts]
    return pl.concat(matched).sort("time", "id")


def sides(store: Store) -> pl.DataFrame:
    """Give the hulls side by side in images of a desk: a table of ``SideBySide``."""
    return side_by_side(detections(store)) if store.parts("detections") else empty(SideBySide)


def _matched(store: Store) -> pl.DataFrame:
    rows = once(store.scan("detections", record=Detection).collect())
    if rows.is_empty():
        return empty(MatchedDetection)
    lengths = store.scan("claims", record=IdentityClaim).select("mmsi", "length_m").collect()
    atlas = with_learnt(atlas_of(store), store)

    def matched(some: pl.DataFrame) -> pl.DataFrame:
        first, last = _ends(some)
        ground = Ground(
            fixes_between(store, first, last),
            lengths,
            atlas.coast_km,
            lambda lon, lat: atlas.nearest(lon, lat)[1],
        )
        return match_detections(some, ground)

    return pl.concat([matched(some) for some in by_day(rows)]).sort("time", "id")


def once(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each fact once: the same one read from two files is as old as the first time it was learnt."""
    return (
        rows.sort("known_at", "receipt", "line")
        .unique("id", keep="first", maintain_order=True)
        .sort("time", "id")
    )


def by_day(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Split detections by the day their scene begins on, so that no scene is cut at midnight."""
    begun = rows.with_columns(scene_number=pl.Series(scenes(rows)))
    dated = begun.with_columns(day=pl.col("time").min().over("scene_number").dt.date())
    for some in dated.partition_by("day", maintain_order=True):
        yield some.drop("scene_number", "day")


def _ends(rows: pl.DataFrame) -> tuple[datetime, datetime]:
    first, last = rows.select(pl.col("time").min().alias("first"), pl.col("time").max().alias("last")).row(0)
    return first, last


def fixes_between(store: Store, first: datetime, last: datetime) -> pl.DataFrame:
    """Give the fixes from six hours before one moment to six hours after another."""
    begin, end = first - BESIDE, last + BESIDE
    within = pl.col("time").is_between(begin, end)
    days = fixes(store, begin.date(), end.date(), reported=("course_deg", "heading_deg"))
    found = [rows.filter(within).select(_NEEDED) for _, rows in days]
    if not found:
        return pl.DataFrame(schema={name: TRAIL[name] for name in _NEEDED})
    every = pl.concat(found)
    if every.height <= MANY_FIXES:
        return every
    return every.unique(["track", pl.col("time").dt.truncate(ONE_EACH)], keep="first", maintain_order=True)
