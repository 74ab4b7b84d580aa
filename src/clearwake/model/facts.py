"""What enters at the door: receipts, positions, identity claims, what was rejected, designations, places.

Facts are what a source said, not what is so.  Every fact has ``time`` (when it happened) and ``known_at``
(when it was learnt); a value that is not available is null, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import (
    Bearing,
    Bytes,
    Count,
    Degrees,
    Flag,
    Identifier,
    Kilometres,
    Metres,
    ReportedKnots,
    Score,
    Small,
    Text,
    Texts,
    Time,
)


@dataclass(frozen=True)
class Receipt:
    """Bytes received, kept as they came; ``number`` is what rows refer to."""

    number: Identifier
    sha256: Text
    origin: Text
    """Where the bytes came from: the file name or address as given."""
    source: Text
    """The reader that was asked to read them: ``table``, ``nmea``, ``ofac`` ..."""
    size_bytes: Count
    received_at: Time
    """The true time of receipt, by this desk's clock."""
    known_at: Time
    """When the content was known: as asserted by ``--known-at``, else ``received_at``."""
    licence: Text | None = None
    marking: Text | None = None


@dataclass(frozen=True)
class Position:
    """One report of a transmitter's place."""

    mmsi: Identifier
    time: Time
    lon: Degrees
    lat: Degrees
    speed_kn: ReportedKnots | None = None
    course_deg: Bearing | None = None
    heading_deg: Bearing | None = None
    nav_status: Small | None = None
    """ITU-R M.1371-5 table 45: 0 under way using engine, 1 at anchor, 5 moored ... 15 is null."""
    station: Text | None = None
    receipt: Identifier | None = None
    line: Count | None = None
    """The line (from 1, header included) or row (from 1) of the received file."""
    known_at: Time | None = None


@dataclass(frozen=True)
class IdentityClaim:
    """This source said, from ``first_seen`` to ``last_seen``, that this transmitter was that ship."""

    mmsi: Identifier
    first_seen: Time
    last_seen: Time
    reports: Count
    source: Text
    name: Text | None = None
    imo: Text | None = None
    """As claimed: seven digits if it could be read so, whatever the check digit says."""
    callsign: Text | None = None
    flag: Text | None = None
    ship_type: Small | None = None
    """ITU-R M.1371-5 table 53: 30 fishing, 31-32 towing, 50 pilot, 52 tug, 70-79 cargo, 80-89 tanker ..."""
    ship_type_text: Text | None = None
    length_m: Metres | None = None
    draught_m: Metres | None = None
    destination: Text | None = None
    ais_class: Text | None = None
    """``A`` or ``B``: the class of its transmitter, which decides how far it is heard; null where nothing says it."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Reject:
    """A row that could not be read: where, what was found, how it was read."""

    source: Text
    origin: Text
    line: Count | None
    reason: Text
    """A short stable phrase, one per kind of fault, so that rejects can be counted by it."""
    found: Text
    """The row as it stood, at most 500 characters."""
    receipt: Identifier | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Anchorage:
    """A place where ships lie: published, given by the user, or learnt from ships lying there."""

    name: Text
    lon: Degrees
    lat: Degrees
    origin: Text
    """``built-in``, ``user`` or ``learnt``."""
    kind: Text
    """``port`` or ``anchorage``."""
    country: Text | None = None
    ships: Count | None = None
    """How many ships lay there, where it was learnt."""
    radius_km: Kilometres | None = None
    """How far it reaches from its centre; distances to it are measured from there."""
    locode: Text | None = None
    """UN/LOCODE, such as ``NL RTM``."""
    harbour_size: Text | None = None
    """The World Port Index's word: ``large``, ``medium``, ``small`` or ``very small``."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Zone:
    """An area of the sea with a legal or a user's meaning, and its polygon."""

    name: Text
    kind: Text
    """``territorial_sea``, ``contiguous_zone``, ``eez``, ``joint_regime``, ``overlapping_claim`` or ``user``."""
    origin: Text
    """``approximate`` where derived from the coast, else the file the boundary came from."""
    country: Text | None = None
    """ISO 3166-1 alpha-3 of the land the zone belongs to, where there is one."""
    country_name: Text | None = None
    geometry: Bytes | None = None
    """Polygon as well-known binary, WGS 84; null where derived from the coast."""
    receipt: Identifier | None = None
    line: Count | None = None
    """The feature, counted from 1, in the received file."""
    known_at: Time | None = None
    valid_from: Time | None = None
    """Since when it was there, where its file says so: ice comes and goes."""
    valid_to: Time | None = None


@dataclass(frozen=True)
class Designation:
    """A listing: an authority named a ship, company or person under a programme, from a date on."""

    id: Text
    """Stable across editions: list and the publisher's own number or reference."""
    list: Text
    edition: Text
    """The edition's key: part and date, such as ``sdn:2020-12-01``."""
    kind: Text
    """``vessel``, ``company``, ``person``, ``country``, ``aircraft`` or ``unknown``."""
    name: Text
    aliases: Texts
    former_names: Texts = ()
    weak_names: Texts = ()
    """Names the publisher itself calls weak or low quality: nicknames, acronyms."""
    imo: Text | None = None
    """Seven digits, whatever the check digit says; for a company its company IMO number.  Ship and company
    numbers overlap, so the key is (kind, imo)."""
    other_imos: Texts = ()
    """Further numbers that stood in the same field."""
    mmsi: Identifier | None = None
    other_mmsis: Texts = ()
    callsign: Text | None = None
    other_callsigns: Texts = ()
    flag: Text | None = None
    former_flags: Texts | None = None
    ship_type_text: Text | None = None
    tonnage: Text | None = None
    build_year: Small | None = None
    owner: Text | None = None
    country: Text | None = None
    birth_date: Text | None = None
    registration: Text | None = None
    programmes: Texts = ()
    measures: Texts = ()
    """What the listing does, where the list says so: ``Asset freeze``, ``Transportation restrictions`` ..."""
    reference: Text | None = None
    """The publisher's own number, or the legal text and annex."""
    status: Text = "listed"
    listed_on: Time | None = None
    removed_on: Time | None = None
    linked_to: Texts = ()
    remarks: Text | None = None
    issues: Texts = ()
    """What was odd in the entry, in words: an IMO that fails its check digit, a field with two numbers."""
    receipt: Identifier | None = None
    line: Count | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class Edition:
    """One publication of one part of a list: when, and how much it held.

    Its key is (list, part, dated); counts and shrinkage are compared within the same list and part only.
    """

    list: Text
    part: Text
    """``sdn``, ``consolidated``, ``full``, or the regulation: ``32017R1509``."""
    dated: Time
    """When it was published, as far as known."""
    dated_by: Text
    """``content`` where the file says so, ``asserted`` where the reader of it did, ``received`` otherwise."""
    is_excerpt: Flag
    """Read as an excerpt: its counts were not held against what a complete edition has."""
    entries: Count
    vessels: Count
    companies: Count
    persons: Count
    aircraft: Count
    others: Count
    rejected: Count
    """Rows put into quarantine."""
    rhythm_days: Small
    """How often the publisher normally issues a new one; a result on an older one is on a stale list."""
    notes: Texts = ()
    """What a person should know: a file of the set was not given."""
    refused: Text | None = None
    """Why it was not taken in place of the last good one; null when it was."""
    receipt: Identifier | None = None
    known_at: Time | None = None


@dataclass(frozen=True)
class ListChange:
    """What one edition of a part of a list says otherwise than the one before it, one row for each field."""

    list: Text
    part: Text
    change: Text
    """``added``, ``removed`` or ``changed``."""
    id: Text
    """The entry's, as in ``Designation``."""
    kind: Text
    name: Text
    imo: Text | None
    programmes: Texts
    field: Text | None
    """Which column changed; null where the whole entry was added or removed."""
    before: Text | None
    """What it said; several values are joined by semicolons."""
    after: Text | None
    edition_before: Text
    dated_before: Time
    edition_after: Text
    dated_after: Time
    is_excerpt: Flag
    """Both are excerpts, so what was added or removed may only have been chosen or left out."""
    known_at: Time | None = None


@dataclass(frozen=True)
class Match:
    """A ship or party held against a designation: how strong, and why."""

    id: Text
    """The id of the query row, or the vessel's MMSI as text."""
    tier: Text
    """``match``, ``possible``, ``namesake``, ``identity_conflict`` or ``unscreenable``."""
    score: Score
    list: Text | None
    edition: Text | None
    entity_id: Text | None
    entity_name: Text | None
    entity_imo: Text | None
    entity_mmsi: Identifier | None
    programmes: Texts
    reasons: Texts
    """Sentences: what agreed, what differed, what could not be compared."""
    listed_on: Time | None = None
    removed_on: Time | None = None
    status: Text | None = None
    """The designation's, as the edition has it: ``listed``, or ``removed`` where it ended after the day asked about."""


@dataclass(frozen=True)
class Indicator:
    """One reason to look at a ship, or not to: a sentence with numbers, its weight and evidence."""

    id: Text
    mmsi: Identifier
    track: Identifier | None
    kind: Text
    is_for: Flag
    """True for a reason to look, false for a reason against."""
    weight: Score
    weight_origin: Text
    sentence: Text
    time: Time | None
    evidence: Texts
    known_at: Time | None
