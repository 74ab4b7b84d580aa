"""What other eyes saw: sightings by people, detections by satellites, and what became of each held against tracks.

A sighting or detection is a fact with its own doubt: where, within how many metres, and by whom.  It never says on
its own that a ship did wrong; one that no track explains says only that a hull was there whose AIS was not heard.
"""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.events import Event
from clearwake.model.record import (
    Bytes,
    Count,
    Degrees,
    Flag,
    Hours,
    Identifier,
    Identifiers,
    Kilometres,
    Metres,
    Score,
    Small,
    Text,
    Texts,
    Time,
)


@dataclass(frozen=True)
class Sighting:
    """One report by people: what was seen, when and where, and the names and marks that were read."""

    id: Text
    """``sighting:`` and a hash of what the report says; the same report in two files is one sighting."""
    time: Time
    lon: Degrees
    lat: Degrees
    report: Text | None = None
    """The reporter's own number for it."""
    error_m: Metres | None = None
    """One standard deviation of the position along each axis; null where the report does not say."""
    observer: Text | None = None
    platform: Text | None = None
    seen: Text | None = None
    """In the reporter's words."""
    codes: Texts = ()
    """What was seen, from a fixed list: ``alongside``, ``hoses_connected``, ``lights_off`` ..."""
    name: Text | None = None
    imo: Text | None = None
    callsign: Text | None = None
    claimed_mmsi: Identifier | None = None
    flag: Text | None = None
    """ISO 3166-1 alpha-3 where it could be read so, else as written."""
    port_of_registry: Text | None = None
    ship_type_text: Text | None = None
    length_m: Metres | None = None
    partner: Text | None = None
    """``ship`` (another was with it), ``none`` (none was), ``unknown``; null where the report does not say."""
    partner_name: Text | None = None
    partner_imo: Text | None = None
    photographs: Texts = ()
    """SHA-256 of each photograph."""
    reliability: Text | None = None
    """Of the source, by the Admiralty code: ``A`` completely reliable ... ``E`` unreliable, ``F`` cannot be judged."""
    credibility: Small | None = None
    """Of the report: 1 confirmed ... 5 improbable, 6 cannot be judged."""
    marking: Text | None = None
    """TLP 2.0: ``TLP:RED``, ``TLP:AMBER+STRICT``, ``TLP:AMBER``, ``TLP:GREEN`` or ``TLP:CLEAR``."""
    originator: Text | None = None
    releasable_to: Texts = ()
    issues: Texts = ()
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Detection:
    """One hull found in an image or by its emissions, with the doubt of its place."""

    id: Text
    """``detection:`` and a hash of what the row says."""
    time: Time
    """Of acquisition."""
    lon: Degrees
    lat: Degrees
    reference: Text | None = None
    """The provider's own number for it."""
    error_m: Metres | None = None
    """One standard deviation of the position along each axis; null where the provider does not say."""
    sensor: Text | None = None
    """``radar``, ``optical``, ``night_light`` or ``radio``; null where it is not known."""
    platform: Text | None = None
    """The satellite, as written."""
    scene: Text | None = None
    """The image; detections of one scene cannot be the same ship."""
    length_m: Metres | None = None
    width_m: Metres | None = None
    heading_deg: Degrees | None = None
    """Of the hull in the image, which does not tell bow from stern: 0 to 180."""
    platform_heading_deg: Degrees | None = None
    """Where the satellite flew to."""
    look: Text | None = None
    """The side it looked to: ``right`` or ``left``."""
    incidence_deg: Degrees | None = None
    range_velocity_s: Score | None = None
    """Slant range divided by the platform's velocity, in seconds."""
    score: Score | None = None
    """How sure the provider is that this is a ship, as given."""
    footprint: Bytes | None = None
    """What the scene covers, as well-known binary; WGS 84."""
    issues: Texts = ()
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class MatchedDetection(Detection):
    """A detection held against every track that could have been there at the moment of acquisition."""

    status: Text = "unsearched"
    """``matched``, ``dark`` (AIS was heard around there then, and none of it was here), or ``unsearched`` (nothing
    could have matched: no AIS was heard there then; says nothing about the ship)."""
    mmsi: Identifier | None = None
    track: Identifier | None = None
    distance_m: Metres | None = None
    """From the detection to where the matched track's image was expected; of no match, the nearest track's."""
    tolerance_m: Metres | None = None
    """How far that may be, in that direction, for this track at this moment."""
    position_age_s: Score | None = None
    """From the acquisition to the nearest report of that track."""
    likelihood: Score | None = None
    """How sure the match is, 0 to 1, against all other ships and none; of no match, how sure that is."""
    second_mmsi: Identifier | None = None
    second_distance_m: Metres | None = None
    shift_m: Metres | None = None
    """How far the ship's motion displaces it along the flight path, radar only; positive in flight direction."""
    heard_near: Count | None = None
    """Ships heard within the hour within 60 km."""
    silent_near: Count | None = None
    """Ships whose tracks pass within 60 km, but which were silent then."""
    ais_expected: Score | None = None
    """How much AIS was to be expected of a hull here, 0 to 1: an order, no probability."""
    coast_km: Kilometres | None = None
    harbour_km: Kilometres | None = None
    """To the nearest port or anchorage."""
    reasons: Texts = ()
    reasons_against: Texts = ()
    """What speaks against the match, or against making anything of a hull without AIS."""
    evidence: Texts = ()
    """The reports the track's place was worked out from."""


@dataclass(frozen=True)
class MatchedSighting(Sighting):
    """A sighting held against names and tracks."""

    status: Text = "unsearched"
    """``named`` (a ship of these marks was there), ``named_elsewhere`` (a ship of these marks was somewhere else),
    ``named_unheard`` (a ship of these marks is known, but was not heard then), ``placed`` (one ship's track was there,
    no marks told), ``several`` (more than one), ``unnamed`` (AIS was heard around there, none of it here) or
    ``unsearched`` (nothing could have matched)."""
    mmsi: Identifier | None = None
    track: Identifier | None = None
    distance_m: Metres | None = None
    tolerance_m: Metres | None = None
    position_age_s: Score | None = None
    candidate_mmsis: Identifiers = ()
    """The likeliest first."""
    candidates: Texts = ()
    """A sentence for each: what agrees and what does not."""
    heard_near: Count | None = None
    silent_near: Count | None = None
    reasons: Texts = ()
    reasons_against: Texts = ()
    evidence: Texts = ()


@dataclass(frozen=True)
class SideBySide(Event):
    """Two hulls side by side in one image: a meeting, at that moment."""

    label: Text
    """``in_port`` (within 10 km of a port or anchorage), ``both_dark``, ``one_dark``, ``unsearched`` (AIS could not be
    heard) or ``matched``: the first that fits."""
    duration_h: Hours
    """0: an image is one moment."""
    apart_m: Metres
    """Between the middles of the two hulls."""
    apart_lengths: Score | None
    """In lengths of the longer hull; null where no length was measured."""
    detection_a: Text
    detection_b: Text
    length_a_m: Metres | None
    length_b_m: Metres | None
    scene: Text | None
    coast_km: Kilometres | None
    anchorage_km: Kilometres | None
    is_parallel: Flag | None
    """Whether their hulls lie within 20 degrees of each other; null where a heading was not measured."""
