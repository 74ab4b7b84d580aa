"""A finding about a voyage while it is put together, and the table it ends in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from clearwake.model import VoyageFinding, empty, event_id, table

KIND = "voyage_finding"
VOYAGES = "voyage-7"
"""The definition: changes whenever a rule or a number of this room does."""


@dataclass(frozen=True)
class Found:
    """One finding about one ship's voyage, or about the meeting of two ships."""

    label: str
    start: datetime
    end: datetime | None
    lonlat: tuple[float, float] | None
    mmsi: int
    track: int | None
    known_at: datetime
    evidence: tuple[str, ...]
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    key: tuple[str, ...] = ()
    """What tells two findings of one ship, label and moment apart."""
    other: tuple[int, int | None] | None = None
    """MMSI and track of the other ship, for findings about two."""
    said: str | None = None
    readings: tuple[str, ...] = ()
    port: str | None = None
    port_country: str | None = None
    sailed_km: float | None = None
    way_km: float | None = None
    until: datetime | None = None
    chain: tuple[str, ...] = field(default=())


def as_table(found: Iterable[Found]) -> pl.DataFrame:
    """Bring findings into a table of ``VoyageFinding``, each once, ordered by start and id."""
    rows = [_row(each) for each in found]
    if not rows:
        return empty(VoyageFinding)
    return (
        table(rows, VoyageFinding)
        .sort("start", "id", "known_at")
        .unique("id", keep="first", maintain_order=True)
    )


def _row(each: Found) -> VoyageFinding:
    sides = [(each.mmsi, each.track), *([each.other] if each.other else [])]
    (mmsi_a, track_a), (mmsi_b, track_b) = [*sorted(sides, key=lambda side: side[0]), (None, None)][:2]
    lon, lat = each.lonlat or (None, None)
    return VoyageFinding(
        event_id(KIND, VOYAGES, (each.label, each.mmsi, *each.key), each.start), KIND, 1, each.start, each.end, lon,
        lat, track_a, mmsi_a, track_b, mmsi_b, tuple(sorted(set(each.evidence))), each.known_at, each.label, each.said,
        each.readings, each.port, each.port_country, _tenth(each.sailed_km), _tenth(each.way_km), each.until,
        each.chain, round(min(max(each.score, 0.0), 1.0), 2), each.reasons_for, each.reasons_against,
    )  # fmt: skip


def _tenth(quantity: float | None) -> float | None:
    return None if quantity is None else round(quantity, 1)


def clock(moment: datetime | None) -> str:
    """Write a time as ``2026-01-01 12:00``."""
    return "now" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
