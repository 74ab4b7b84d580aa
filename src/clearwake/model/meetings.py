"""What may have happened unseen: meetings of which one ship or both were silent, as probabilities, never as facts."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import (
    Count,
    Degrees,
    Hours,
    Identifier,
    Kilometres,
    Knots,
    Metres,
    Score,
    Text,
    Texts,
    Time,
)


@dataclass(frozen=True)
class PossibleMeeting:
    """Two ships that could have met unseen, or one ship that could have been what was seen; where, when, how likely."""

    id: Text
    window_start: Time
    window_end: Time
    lon: Degrees
    lat: Degrees
    radius_km: Kilometres
    """How far from there it may as well have been."""
    track_a: Identifier
    """The silent ship; of two silent ones, the one with the lower number."""
    mmsi_a: Identifier
    track_b: Identifier | None
    """Null where nobody knows who the other was."""
    mmsi_b: Identifier | None
    kind: Text
    """``one_silent``, ``both_silent``, ``sighting``, ``detection``, ``chain`` or ``delivery``."""
    probability: Score
    rivals: Count
    """How many other candidates there are for either side: the fewer, the stronger."""
    reasons: Texts
    reasons_against: Texts
    evidence: Texts
    duration_h: Hours
    needed_a_kn: Knots | None
    """What the ship had to make at least to be there then, and where it was next heard; null for a chain."""
    usual_a_kn: Knots | None
    """What it makes under way."""
    needed_b_kn: Knots | None
    usual_b_kn: Knots | None
    draught_a_m: Metres | None
    """How much deeper it said it lay afterwards than before; null where it did not say so."""
    draught_b_m: Metres | None
    draught: Text | None
    """``agrees`` (one lay deeper and the other less deep), ``contradicts`` (both deeper or both less), ``unchanged``;
    null where not both said."""
    likely_cause: Text | None
    """Of the silence of the first ship, where that was worked out."""
    via_mmsi: Identifier | None
    """Of a chain, the ship in the middle."""
    place: Text | None
    """Of a delivery, the port."""
    version: Count
    known_at: Time
