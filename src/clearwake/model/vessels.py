"""Hulls: what claims, registers and lists agree is one ship, and everything it was ever called.

A hull is a judgement, not a fact.  Where its sources do not agree the rival readings stand beside it in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import Count, Identifier, Identifiers, Metres, Score, Small, Text, Texts, Time


@dataclass(frozen=True)
class Vessel:
    """One hull, and what it is on the day asked about."""

    id: Text
    """``imo9321483``; ``imo9321483-mmsi412345678`` for a rival that claims the same number; ``mmsi412345678``
    or ``mmsi416000000-SHUNLI8`` without an IMO number.  The order of rows never changes it."""
    imo: Text | None
    """The usable IMO number it is known by: seven digits, check digit holds, no placeholder."""
    mmsi: Identifier | None
    """The one it uses, or used last."""
    mmsis: Identifiers
    """Every one it has used, in order."""
    name: Text | None
    callsign: Text | None
    flag: Text | None
    """As claimed or registered; else the one its MMSI is numbered under."""
    ship_type_text: Text | None
    length_m: Metres | None
    built_year: Small | None
    owner: Text | None
    first_seen: Time | None
    """When it was first heard; null for a ship known from registers and lists only."""
    last_seen: Time | None
    former_names: Texts
    sources: Texts
    rivals: Texts
    """Sentences: where claims do not agree, with both readings."""


@dataclass(frozen=True)
class VesselHistory:
    """One value of one attribute of a hull, for a time, as one source has it."""

    vessel: Text
    attribute: Text
    """``imo``, ``name``, ``callsign``, ``mmsi``, ``flag``, ``mmsi_flag`` (the flag its MMSI is numbered under),
    ``ship_type``, ``length_m``, ``draught_m``, ``destination``, ``built_year``, ``owner`` ..."""
    value: Text
    """As the source has it; ``6.1 to 11.3`` for a range of draughts."""
    low: Score | None
    """The number, or the least of a range; null for words."""
    high: Score | None
    valid_from: Time | None
    """First claimed, or since when the register or list says so; null is not known."""
    valid_to: Time | None
    """Last claimed, or until when; null is not known to have ended."""
    source: Text
    origin: Text
    """``heard`` from the ship itself, or read in a ``register`` or on a ``list``."""
    reports: Count
    receipt: Identifier | None
    """Where it was first said: the received file, and the line in it."""
    line: Count | None
    known_at: Time | None
