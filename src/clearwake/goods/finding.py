"""A finding about a shipment, while it is put together, and the table it ends in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import polars as pl

from clearwake.model import ShipmentFinding, empty, table

FOR, AGAINST = True, False
"""A reason to look, and a reason not to; what is neither has None."""


@dataclass(frozen=True)
class Found:
    """What was found out about one shipment."""

    shipment: str
    kind: str
    is_for: bool | None
    sentence: str
    provision: str | None = None
    judged_on: date | None = None
    score: float | None = None
    evidence: tuple[str, ...] = ()
    known_at: datetime | None = None

    @property
    def id(self) -> str:
        """Name it by what it says, so that the order of rows cannot change the name."""
        text = f"{self.shipment}|{self.kind}|{self.provision}|{self.sentence}"
        return f"shipment_finding:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:20]}"


def midnight(day: date | None) -> datetime | None:
    """Give the first moment of a day, UTC."""
    return None if day is None else datetime.combine(day, time.min, UTC)


def day_of(moment: datetime | None) -> date | None:
    """Give the UTC day of a moment."""
    return None if moment is None else moment.astimezone(UTC).date()


def latest(*moments: datetime | None) -> datetime | None:
    """Give the latest of the moments that are known."""
    return max((each for each in moments if each is not None), default=None)


def as_table(found: Iterable[Found]) -> pl.DataFrame:
    """Bring findings into a table of ``ShipmentFinding``: one row each, in an order that rows cannot change."""
    rows = [
        ShipmentFinding(
            each.id, each.shipment, each.kind, each.is_for, each.provision, midnight(each.judged_on),
            None if each.score is None else round(each.score, 3), each.sentence,
            (f"shipment:{each.shipment}", *dict.fromkeys(each.evidence)), each.known_at,
        )
        for each in found
    ]  # fmt: skip
    if not rows:
        return empty(ShipmentFinding)
    # two papers under one number may say the same of two days: every column decides which of them is kept
    beside = ("judged_on", "score", pl.col("evidence").list.join(" "))
    known = table(rows, ShipmentFinding).sort("shipment", "kind", "id", "known_at", *beside)
    return known.unique("id", keep="first", maintain_order=True)
