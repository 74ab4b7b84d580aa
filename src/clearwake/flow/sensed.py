"""What other eyes saw, held against a desk's tracks: worked out when asked for, and kept until its grounds change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import polars as pl

from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of, harbours, with_learnt
from clearwake.flow.kept import kept
from clearwake.flow.progress import Progress
from clearwake.flow.trails import TRAIL, fixes
from clearwake.matching import Ground, match_detections, match_sightings, side_by_side
from clearwake.matching.detections import scenes
from clearwake.model import (
    HULLS_PER_MMSI,
    Detection,
    IdentityClaim,
    MatchedDetection,
    MatchedSighting,
    SideBySide,
    Sighting,
    empty,
)
from clearwake.model.identifiers import is_ship
from clearwake.store import Store

BESIDE = timedelta(hours=6)
"""Fixes so long before the first and after the last detection of a day are looked at."""

AIRCRAFT = (111_000_000, 111_999_999)
"""Numbers of search and rescue aircraft.  Source: ITU-R M.585-9."""

ONE_EACH_MS = 20_000
"""Of each ship one fix in so long is enough: between them it is put on a curve."""

_LEANS_ON = ("positions", "track_days", "claims", "anchorages", "learnt_anchorages")
_NEEDED = ("track", "mmsi", "time", "lon", "lat", "speed_kn", "course_deg", "heading_deg", "known_at")
_DEFINITION = "2"


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
    parts = rows.with_columns(day=pl.col("time").dt.date()).partition_by("day", maintain_order=True)
    around = Beside(store, [_ends(some) for some in parts])
    found = [
        match_sightings(some.drop("day"), near, claims, lengths)
        for some, near in zip(parts, around, strict=True)
    ]
    return pl.concat(found).sort("time", "id")


def sides(store: Store) -> pl.DataFrame:
    """Give the hulls side by side in images of a desk: a table of ``SideBySide``."""
    return side_by_side(detections(store)) if store.parts("detections") else empty(SideBySide)


def _matched(store: Store) -> pl.DataFrame:
    rows = once(store.scan("detections", record=Detection).collect())
    if rows.is_empty():
        return empty(MatchedDetection)
    lengths = store.scan("claims", record=IdentityClaim).select("mmsi", "length_m").collect()
    atlas = harbours(with_learnt(atlas_of(store), store))

    parts = list(by_day(rows))
    found = []
    for some, near in zip(parts, Beside(store, [_ends(some) for some in parts]), strict=True):
        ground = Ground(near, lengths, atlas.coast_km, lambda lon, lat: atlas.nearest(lon, lat)[1])
        found.append(match_detections(some, ground))
    return pl.concat(found).sort("time", "id")


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


class Beside:
    """Fixes around moments that are asked for in order of time, each day followed once.

    Args:
        store: The desk's store.
        windows: First and last moment of everything that will be asked for, in the order it will be.
    """

    def __init__(self, store: Store, windows: Sequence[tuple[datetime, datetime]]) -> None:
        self._store = store
        self._windows = [(first - BESIDE, last + BESIDE) for first, last in windows]
        self._held: dict[date, pl.DataFrame] = {}
        self._days: Iterator[tuple[date, pl.DataFrame]] = iter(())
        self._until: date | None = None

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Give the fixes of each window, by track and time."""
        for number, (begin, end) in enumerate(self._windows):
            if self._until is None or begin.date() > self._until:
                self._until = self._run_from(number)
                self._days = fixes(
                    self._store, begin.date(), self._until, reported=("course_deg", "heading_deg")
                )
                self._held = {}
            self._hold(begin.date(), end.date())
            yield self._within(begin, end)

    def _run_from(self, number: int) -> date:
        """Give the last day of the windows from one on that follow each other without a day between."""
        last = self._windows[number][1].date()
        for begin, end in self._windows[number + 1 :]:
            if begin.date() > last:
                break
            last = max(last, end.date())
        return last

    def _hold(self, first: date, last: date) -> None:
        self._held = {day: rows for day, rows in self._held.items() if day >= first}
        while not self._held or max(self._held) < last:
            following = next(self._days, None)
            if following is None:
                return
            day, rows = following
            self._held[day] = pl.concat([_thinned(rows.select(_NEEDED)), _not_ships(self._store, day)])

    def _within(self, begin: datetime, end: datetime) -> pl.DataFrame:
        found = [rows.filter(pl.col("time").is_between(begin, end)) for rows in self._held.values()]
        none = pl.DataFrame(schema={name: TRAIL[name] for name in _NEEDED})
        return pl.concat([none, *found]).sort("track", "time")


def _not_ships(store: Store, day: date) -> pl.DataFrame:
    """Give the positions of transmitters that are not numbered as ships: gear, buoys, tenders.

    Nobody follows them, but a hull where one transmits is not without AIS.  Their track is the MMSI with hull 0.
    """
    number = pl.col("mmsi")
    is_aircraft = number.is_between(*AIRCRAFT)
    rows = store.scan("positions", day, day, POSITIONS).filter(~is_ship(number), ~is_aircraft)
    laid_out = rows.with_columns(track=number * HULLS_PER_MMSI).select(
        pl.col(name).cast(TRAIL[name]) for name in _NEEDED
    )
    until = Progress.of(store).watermark
    return _thinned(laid_out.filter(pl.col("time") < until).sort("track", "time").collect())


def _thinned(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the first fix of each ship in each 20 seconds, of fixes by track and time."""
    slot = pl.col("time").to_physical() // ONE_EACH_MS
    is_next = (slot != slot.shift()) | (pl.col("track") != pl.col("track").shift())
    return rows.filter(is_next.fill_null(value=True))
