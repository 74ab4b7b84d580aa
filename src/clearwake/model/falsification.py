"""False positions, as events: what was not so about where a ship said it was, and what else may explain it."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.events import Event
from clearwake.model.record import (
    Count,
    Degrees,
    Hours,
    Identifiers,
    Kilometres,
    Knots,
    Metres,
    Score,
    Text,
    Texts,
)


@dataclass(frozen=True)
class Falsification(Event):
    """Positions of one hull that cannot be true as they were reported; measures that do not apply are null."""

    label: Text
    """``jump``, ``on_land``, ``circle``, ``copy``, ``horizon``, ``frozen`` or ``speed``."""
    duration_h: Hours
    reports: Count
    """How many reports show it, one each two minutes at most."""
    end_lon: Degrees | None
    """Where a jump led to."""
    end_lat: Degrees | None
    moved_km: Kilometres | None
    """How far it jumped, how far a copy lies from what it copies, how far beyond its horizon a station heard it."""
    implied_speed_kn: Knots | None
    """How fast it would have had to sail, at least."""
    inland_km: Kilometres | None
    """How far inside land it was, at least."""
    radius_m: Metres | None
    laps: Score | None
    """How often it went round."""
    period_min: Score | None
    """How long once round took; by how much a copy is later."""
    speed_kn: Knots | None
    """Over the way made."""
    reported_speed_kn: Knots | None
    residual_m: Metres | None
    """How far the reports are from the circle, line or copy, root mean square."""
    reasons_for: Texts
    reasons_against: Texts
    cleared_by: Text | None
    """The interference, or other ordinary cause, that explains it; then it says nothing about the ship."""


@dataclass(frozen=True)
class Interference(Event):
    """Positions of many ships disturbed in one area over the same hours: nobody's deed on board."""

    label: Text
    """What most of the ships did: ``jump``, ``circle``, ``collapse`` (to one place) ..."""
    duration_h: Hours
    ships: Count
    mmsis: Identifiers
    present: Count
    """How many ships were heard in the area then, disturbed or not."""
    radius_km: Kilometres
    to_lon: Degrees | None
    """The place their positions collapsed to, where they did."""
    to_lat: Degrees | None
    reasons: Texts
