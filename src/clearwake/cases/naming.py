"""Names: what a case is called, and by what word a ship is the same ship wherever it is meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from clearwake.names.slugs import slug

__all__ = ["case_name", "ships_of", "slug", "subject"]


def case_name(day: date | None, ship: str | None, taken: Collection[str] = ()) -> str:
    """Name a case by the day of the act and its first ship; the second of one name ends in ``-2``.

    Args:
        day: The day, if known.
        ship: The ship's name, or any word for it.
        taken: The ids there are.
    """
    told = "-".join(part for part in (day.isoformat() if day else "", slug(ship or "")) if part)
    if told not in taken:
        return told
    number = 2
    while f"{told}-{number}" in taken:
        number += 1
    return f"{told}-{number}"


def subject(imo: str | None = None, mmsi: int | None = None, name: str | None = None) -> str | None:
    """Give the word for a ship: ``imo:7389704``, else ``mmsi:445123000``, else ``ship:a-name``; None of nothing."""
    if imo:
        return f"imo:{imo}"
    if mmsi:
        return f"mmsi:{mmsi}"
    return f"ship:{slug(name)}" if name else None


UNIDENTIFIED = "ship:unidentified"
"""A ship of which no name, number or mark was read; a second one of the same sighting ends in ``-2``."""

_TWO_SHIPS = frozenset({"alongside", "hoses_connected", "transfer", "departed_together"})
"""Codes of a sighting that only two ships together give."""


def ships_of(sighting: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the subjects of a sighting, the ship itself first, then its partner if it had one.

    Args:
        sighting: A row of ``Sighting``.
    """
    ship = subject(sighting["imo"], sighting["claimed_mmsi"], sighting["name"]) or UNIDENTIFIED
    partner = subject(sighting["partner_imo"], None, sighting["partner_name"])
    had_one = sighting["partner"] in ("ship", "unknown") or (
        sighting["partner"] != "none" and _TWO_SHIPS & {*(sighting["codes"] or ())}
    )
    if partner is None and had_one:
        partner = UNIDENTIFIED if ship != UNIDENTIFIED else f"{UNIDENTIFIED}-2"
    return (ship,) if partner is None else (ship, partner)
