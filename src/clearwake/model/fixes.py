"""Positions judged to belong to a hull: what ``tracks`` gives and every detector takes."""

from __future__ import annotations

from dataclasses import dataclass

from clearwake.model.record import (
    Count,
    Degrees,
    Flag,
    Identifier,
    Kilometres,
    ReportedKnots,
    Score,
    Text,
    Time,
)


@dataclass(frozen=True)
class Fix:
    """One position of one hull; ``x, y, z`` is its unit vector, so that no detector repeats the trigonometry."""

    track: Identifier
    mmsi: Identifier
    time: Time
    lon: Degrees
    lat: Degrees
    x: Score
    y: Score
    z: Score
    speed_kn: ReportedKnots | None
    known_at: Time


@dataclass(frozen=True)
class Noise:
    """A position that no hull of its MMSI could have reached; flagged, never deleted."""

    mmsi: Identifier
    time: Time
    lon: Degrees
    lat: Degrees
    reason: Text
    known_at: Time


@dataclass(frozen=True)
class Track:
    """One hull heard under one MMSI, from first to last."""

    track: Identifier
    mmsi: Identifier
    start: Time
    end: Time
    positions: Count
    lon: Degrees
    """Where it was first heard."""
    lat: Degrees
    end_lon: Degrees
    end_lat: Degrees
    travelled_km: Kilometres
    shared_mmsi: Flag
    """Whether other hulls were heard under the same MMSI."""
