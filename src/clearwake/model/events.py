"""What detectors find: events, each with when, where, which tracks, its evidence and its own measures.

An event's ``id`` is a hash of detector, definition, key and start, so a repeat overwrites it and a correction
supersedes it.  ``end`` is null while the event lasts.  ``track`` numbers read as MMSI and hull: track
``3033502000001`` is the first hull heard under MMSI 303350200.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import polars as pl

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
    lon: Degrees | None
    """Null only for events found in claims of ships not heard near that time."""
    lat: Degrees | None
    track_a: Identifier | None
    """Null where the claim cannot be given to one hull of its MMSI."""
    mmsi_a: Identifier | None
    """Null only where a register speaks of a ship that no transmitter claimed to be."""
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


COMPANY_KM = 3.0
"""Two ships nearer than this an hour before and an hour after were in company; this project's judgement: ships
that meet slow down from 5 kn or more, and convoys keep within a mile or so."""


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


def kept_company() -> pl.Expr:
    """Say of encounters whether the two were together before or after as well: a tow, a convoy, a pair at work.

    One side of that suffices to tell a meeting of ships that lay slow; for ships under way, whose meetings are
    looser, both must be known.  Whatever asks for meetings at sea leaves these out.
    """
    came, parted = pl.col("apart_before_km") >= COMPANY_KM, pl.col("apart_after_km") >= COMPANY_KM
    neither = ~came & ~parted.fill_null(value=False) | (~came.fill_null(value=False) & ~parted)
    under_way = pl.col("label") == "underway"
    return neither.fill_null(value=False) | (under_way & ~(came & parted).fill_null(value=False))


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


@dataclass(frozen=True)
class IdentityChange(Event):
    """What a hull called itself, and what it called itself next: from the last old claim to the first new one."""

    field: Text
    """``name``, ``callsign``, ``mmsi``, ``imo``, ``flag``, ``ship_type`` or ``length_m``."""
    old: Text
    new: Text
    letters_apart: Count | None
    """Letters to change, leave out, put in or swap to get from old to new; null for what is not text."""
    imo: Text | None
    """The usable IMO number claimed on both sides of the change."""
    same_imo: Flag | None
    """Whether a usable IMO number stayed the same; false means another ship, or another ship's number; null unknown."""
    where: Text | None
    """``in port`` (within 4 km of a port or anchorage), ``near port`` (10 km), ``at sea``; null where not heard, or
    where the two claims are more than a week apart."""
    harbour_km: Kilometres | None
    """How near it came to a port or anchorage between the two claims."""
    silent_min: Score | None
    """Minutes of the longest silence between the last old claim and the first new one; null where not heard."""
    moved_km: Kilometres | None
    """Between the places nearest in time to the two claims."""
    implied_speed_kn: Knots | None


@dataclass(frozen=True)
class SharedMmsi(Event):
    """One MMSI on several hulls at once; says nothing against any of them."""

    hulls: Count
    """Hulls believed under this MMSI, each heard ten times or more; 0 where only claims tell."""
    at_once: Count
    """The most that were heard over one stretch of time."""
    positions: Count
    names: Texts
    """Names claimed by turns."""
    imos: Texts
    is_default: Flag
    """Whether the number is nobody's: a placeholder, six noughts, or used by very many."""
    note: Text | None
    """Why it is a default number, in words."""


@dataclass(frozen=True)
class SharedImo(Event):
    """One IMO number claimed by two MMSIs heard farther apart than one ship can sail."""

    imo: Text
    name_a: Text | None
    name_b: Text | None
    lon_b: Degrees
    lat_b: Degrees
    apart_km: Kilometres
    """The farthest."""
    implied_speed_kn: Knots | None
    """What one ship would have had to sail, at least, between the two places; null where heard at one moment."""
    times: Count
    """How often one was heard where the other could not have been."""
    mmsi_is_shared: Flag
    """Whether one of the numbers is on several hulls, so that the claim may be another ship's."""


@dataclass(frozen=True)
class ImoFault(Event):
    """An IMO number that is no ship's, or that a register contradicts."""

    fault: Text
    """``placeholder``, ``malformed``, ``check_digit``, ``ship_type``, ``length`` or ``built``."""
    imo: Text
    name: Text | None
    reports: Count
    claimed: Text | None
    registered: Text | None
    register: Text | None
    readings: Texts
    """Numbers one slip away that hold their check digit; those some register or ship has first."""
    note: Text | None
    """What speaks for an ordinary explanation."""


@dataclass(frozen=True)
class FlagFault(Event):
    """A flag that the MMSI's digits contradict, one of many in a short time, or one its register denies."""

    fault: Text
    """``mid_against_flag``, ``mid_unallocated``, ``hopping`` or ``denied``."""
    imo: Text | None
    name: Text | None
    flag: Text | None
    """As claimed or registered."""
    mmsi_flag: Text | None
    """As the MMSI is numbered."""
    flags: Texts
    """In order, for hopping."""
    source: Text
    """Who says the flag: the claim's source, or the register."""
    note: Text | None


@dataclass(frozen=True)
class LaunderedIdentity(Event):
    """A hull that may sail under another ship's number: how much speaks for it, and what against; no verdict."""

    reason: Text
    """``scrapped_imo`` or ``renumbered``."""
    imo: Text
    """The number now claimed."""
    old_imo: Text | None
    name: Text | None
    old_name: Text | None
    score: Score
    """0 to 1: the reasons weighed against each other; an order, no probability."""
    reasons_for: Texts
    reasons_against: Texts


@dataclass(frozen=True)
class IdentityTable:
    """One kind of identity event: its table, its name, which begins every id, and its record."""

    table: str
    name: str
    record: type


IDENTITY = (
    IdentityTable("identity_changes", "identity_change", IdentityChange),
    IdentityTable("shared_mmsis", "shared_mmsi", SharedMmsi),
    IdentityTable("shared_imos", "shared_imo", SharedImo),
    IdentityTable("imo_faults", "imo_fault", ImoFault),
    IdentityTable("flag_faults", "flag_fault", FlagFault),
    IdentityTable("laundered_identities", "laundered_identity", LaunderedIdentity),
)
"""Every kind of identity event there is; each has its page in ``docs/detectors``."""


START_TEXT = "%Y-%m-%dT%H:%M:%S%.3f+00:00"
"""How a start is written in an id, for Polars' ``strftime``."""


def event_id(detector: str, definition: str, key: tuple[int | str, ...], start: datetime | str) -> str:
    """Name an event by what cannot change without it being another event.

    Args:
        detector: The detector's name, which is also the id's prefix.
        definition: The detector's definition hash; other parameters are other events.
        key: Track numbers, the lower first, and whatever else tells two events of one moment apart.
        start: When it began, UTC; or, where many are named, that moment as ``START_TEXT`` writes it.
    """
    begun = start if isinstance(start, str) else start.isoformat(timespec="milliseconds")
    text = f"{detector}|{definition}|{key}|{begun}"
    return f"{detector}:{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def position_id(mmsi: int, time: datetime) -> str:
    """Name a position by what it says, so that the name does not depend on how the stream was cut."""
    return f"position:{mmsi}@{time.strftime('%Y-%m-%dT%H:%M:%S.%f')[:-3]}Z"
