"""How well ships are heard, and why one was not: what the reception map, feed health and causes of silence say."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.events import Gap
from clearwake.model.record import (
    Bearing,
    Count,
    Degrees,
    Flag,
    Hours,
    Identifier,
    Kilometres,
    Knots,
    ReportedKnots,
    Score,
    Small,
    Text,
    Texts,
    Time,
)


@dataclass(frozen=True)
class Heard:
    """One hull in one quarter of an hour in which it was heard: the digest from which reception is learnt."""

    track: Identifier
    quarter: Time
    """When the quarter began."""
    positions: Count
    satellite: Count
    """Of these, by a station said to be a satellite."""
    terrestrial: Count
    """Of these, by a station said to stand ashore."""
    first: Time
    last: Time
    lon: Degrees
    """At ``first``."""
    lat: Degrees
    end_lon: Degrees
    """At ``last``."""
    end_lat: Degrees
    speed_kn: ReportedKnots | None
    """As reported last."""
    course_deg: Bearing | None
    nav_status: Small | None


@dataclass(frozen=True)
class FeedQuarter:
    """What one feed, or one station of it, gave in a quarter of an hour."""

    feed: Text
    """The reader its files were given to."""
    station: Text | None
    quarter: Time
    positions: Count
    ships: Count


@dataclass(frozen=True)
class ReceptionDay:
    """One place and hour of a day: who was heard there and how often; days add up."""

    place: Count
    """The number of a cell of a tenth of a degree."""
    hour: Small
    """Of the day, UTC."""
    kind: Text
    """``terrestrial``, ``satellite`` or ``unknown``: what heard them."""
    class_b: Flag
    """Whether these are ships with a transmitter of class B, which is heard less far."""
    ships: Count
    quarters: Count
    """Quarters of an hour in which a ship was heard, each ship's by itself."""
    positions: Count
    heard_h: Hours
    """Ship-hours there of ships that were heard again within two hours."""
    silent_h: Hours
    """Ship-hours there of ships on their way between two positions two hours or more apart; of kind ``unknown``."""


@dataclass(frozen=True)
class Reception:
    """How well ships are heard in a place at an hour of the day."""

    lon: Degrees
    """The middle of the cell."""
    lat: Degrees
    cell_deg: Degrees
    """The height of the cell; it is about as wide as high."""
    hour: Small
    kind: Text
    ships: Count
    """Ships heard there at that hour, each day's counted anew."""
    positions: Count
    heard_h: Hours
    silent_h: Hours
    positions_per_day: Score | None
    """Positions that a ship there would give in a day if all hours were like this one."""
    audible_share: Score | None
    """Of the ship-hours there, the part of ships that were heard again within two hours."""


@dataclass(frozen=True)
class FeedHealth:
    """A stretch of time in which a feed, a station or a region of the sea was heard as usual, less, or not at all."""

    id: Text
    scope: Text
    """``feed``, ``station`` or ``region``."""
    feed: Text | None
    """The reader its files were given to; null for a region."""
    station: Text | None
    state: Text
    """``up``, ``degraded`` or ``down``."""
    start: Time
    end: Time | None
    """Null while it lasts."""
    duration_h: Hours
    lon: Degrees | None
    """The middle of a region."""
    lat: Degrees | None
    radius_km: Kilometres | None
    expected_positions: Score
    heard_positions: Score
    expected_ships: Score
    """Ships that would have been heard in a quarter of an hour, on average."""
    heard_ships: Score
    ships_silenced: Count | None
    """Ships whose silence this explains; null for a stretch that explains none."""
    reason: Text


@dataclass(frozen=True)
class ExplainedGap(Gap):
    """A silence with the likeliest of its causes and what speaks for and against it."""

    cause_confidence: Score | None
    """0 to 1: how much of the evidence is for ``likely_cause``."""
    cause_reasons: Texts
    """What speaks for the likely cause, then what speaks against it or for another, in sentences."""
    cause_scores: Text | None
    """Each cause with its share of the evidence, the largest first."""
    neighbours_before: Count | None
    """Other ships heard within 100 km in the hour before, at most the 24 nearest."""
    neighbours_heard: Count | None
    """How many of these were still heard in the hour after."""
    well_heard_h: Hours | None
    """Hours of the silence in which the ship was, as far as can be told, where ships are heard and were heard."""
    rate_before_per_h: Score | None
    """Its positions per hour in the 12 hours before, or since it was first heard."""
    rate_after_per_h: Score | None
    positions_before: Count | None
    """Positions in the 12 hours before."""
    satellite_before: Count | None
    """Of these, by satellite; null where the feed does not say what heard them."""
    nav_status_before: Small | None
    speed_before_kn: Knots | None
    coast_km: Kilometres | None
    harbour_km: Kilometres | None
    """To the nearest port or anchorage, learnt ones included."""
    is_disabling: Flag | None
    """By the published rule: 12 hours or more, 50 nm from shore, 14 satellite positions in the 12 hours before,
    reception above 10 positions a day (Welch et al. 2022)."""
