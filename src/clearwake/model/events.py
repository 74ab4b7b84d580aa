"""What detectors find: events, each with when, where, which tracks, its evidence and its own measures.

An event's ``id`` is a hash of detector, definition, key and start, so a repeat overwrites it and a correction
supersedes it.  ``end`` is null while the event lasts.  ``track`` numbers read as MMSI and hull: track
``3033502000001`` is the first hull heard under MMSI 303350200.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from clearwake.model.record import (
    Count,
    Degrees,
    Flag,
    Hours,
    Identifier,
    Kilometres,
    Knots,
    Metres,
    Score,
    Small,
    Text,
    Texts,
    Time,
)

HULLS_PER_MMSI = 10_000
"""Track number = MMSI x this + the hull's ordinal, counted from 1 in order of first appearance."""


@dataclass(frozen=True)
class Event:
    """The columns every table of events has."""

    id: Text
    kind: Text
    version: Count
    start: Time
    end: Time | None
    lon: Degrees
    lat: Degrees
    track_a: Identifier
    mmsi_a: Identifier
    track_b: Identifier | None
    mmsi_b: Identifier | None
    evidence: Texts
    known_at: Time


@dataclass(frozen=True)
class Gap(Event):
    """A silence: not heard from ``start`` to ``end`` (null while it lasts), placed where last heard."""

    duration_h: Hours
    moved_km: Kilometres | None
    implied_speed_kn: Knots | None
    end_lon: Degrees | None
    end_lat: Degrees | None
    reception: Score | None
    """Positions a ship there would be expected to give in a day; null where not measured."""
    feed_ok: Flag | None
    """Whether the feed itself was heard from during the silence; null where not measured."""
    likely_cause: Text | None


@dataclass(frozen=True)
class Encounter(Event):
    """Two hulls close together, placed and timed where they were within the threshold."""

    label: Text
    """``in_port``, ``underway``, ``short`` or ``standard``: the first that fits, in that order."""
    duration_h: Hours
    min_apart_m: Metres
    median_apart_m: Metres
    median_speed_kn: Knots
    together_h: Hours
    """Time spent within the threshold; less than ``duration_h`` where they parted and met again."""
    apart_before_km: Kilometres | None
    """How far apart they were an hour before; small for tows, convoys and pair trawlers, which never came
    together.  Null where either was not heard then."""
    apart_after_km: Kilometres | None
    """How far apart they were an hour after; null where either was not heard then."""
    coast_km: Kilometres | None
    anchorage_km: Kilometres | None
    """To the nearest port or anchorage, learnt ones included."""


@dataclass(frozen=True)
class Loitering(Event):
    """One hull moving slowly: mean speed over the ground, from distance travelled, under the threshold."""

    duration_h: Hours
    mean_speed_kn: Knots
    travelled_km: Kilometres
    coast_km: Kilometres | None
    anchorage_km: Kilometres | None


@dataclass(frozen=True)
class PortCall(Event):
    """One hull's visit to a port or anchorage."""

    port: Text
    port_country: Text | None
    duration_h: Hours | None
    stopped_h: Hours
    gap_h: Hours
    """The longest silence during the visit."""
    nearest_km: Kilometres
    confidence: Small
    """1 came near; 2 stopped or fell silent; 3 stopped, and entered or left; 4 entered, stopped, left."""


@dataclass(frozen=True)
class ZoneEntry(Event):
    """One hull inside a zone."""

    zone: Text
    zone_kind: Text
    zone_origin: Text
    """``approximate`` where derived from the coast, else the file the boundary came from."""
    duration_h: Hours | None


def event_id(detector: str, definition: str, key: tuple[int | str, ...], start: datetime) -> str:
    """Name an event by what cannot change without it being another event.

    Args:
        detector: The detector's name, which is also the id's prefix.
        definition: The detector's definition hash; other parameters are other events.
        key: Track numbers, the lower first, and whatever else tells two events of one moment apart.
        start: When it began, UTC.
    """
    text = f"{detector}|{definition}|{key}|{start.isoformat(timespec='milliseconds')}"
    return f"{detector}:{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def position_id(mmsi: int, time: datetime) -> str:
    """Name a position by what it says, so that the name does not depend on how the stream was cut."""
    return f"position:{mmsi}@{time.strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3]}Z"
