"""An entry of the ledger: one delivery, or one stage of one, whoever told of it, ready to be counted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

import numpy as np

from clearwake.ledger.lading import Floats, prior
from clearwake.ledger.sizes import Capacity

Basis = Literal["prior", "draught", "stated", "volume"]

RANK: dict[Basis, int] = {"prior": 0, "draught": 1, "stated": 2, "volume": 3}
"""What a volume rests on, the weakest first."""

HAPPENED = {
    "confirmed": 1.0, "notified": 1.0, "reported": 0.95, "found": 0.5, "contested": 0.5, "unknown": 0.5, "refuted": 0.0,
}  # fmt: skip
"""The probability that a delivery happened, by what is held of it.  No figures are published: these are this project's
judgement, and can be given otherwise."""


@dataclass(frozen=True)
class Volume:
    """How much was delivered if it happened: ``scale_bbl`` times a spread times a fraction."""

    scale_bbl: float
    """The capacity; or the volume itself, where that is stated."""
    basis: Basis
    fractions: Floats | None = None
    """At ``lading.AT``; null where the scale is the volume."""
    error: float = 0.0
    """Standard deviation of the logarithm of the scale."""

    @property
    def is_shared(self) -> bool:
        """Whether it rests on the practice of the trade, which is one and the same unknown for all ships."""
        return self.basis == "prior"

    @property
    def most_bbl(self) -> float:
        """The most there can have been, but for the spread."""
        return self.scale_bbl if self.fractions is None else self.scale_bbl * float(self.fractions[-1])

    def at(self, part: Floats, off: Floats) -> Floats:
        """Give the volume at probabilities, and at standard normal deviations of the scale: ``(n,), (n,) -> (n,)``."""
        scale = (
            self.scale_bbl * np.exp(self.error * off) if self.error else np.full(part.shape, self.scale_bbl)
        )
        if self.fractions is None:
            return scale
        points = self.fractions.size
        return np.asarray(scale * self.fractions[np.minimum((part * points).astype(np.intp), points - 1)])


def with_capacity(capacity: Capacity, basis: Basis, fractions: Floats | None = None) -> Volume:
    """Give the volume of a ship of this capacity, so laden; by the prior where nothing else is known."""
    return Volume(capacity.bbl, basis, prior() if fractions is None else fractions, capacity.error)


@dataclass(frozen=True)
class Entry:
    """One delivery, or one stage of one."""

    id: str
    origin: str
    """``read``, ``notified`` or ``found``."""
    file: int
    """Of which received file, so that two rows of one file are two deliveries; below nought, found by clearwake."""
    day: date
    product: str
    status: str
    happened: float
    ship: str | None = None
    imo: str | None = None
    mmsi: int | None = None
    port: str | None = None
    from_ship: str | None = None
    keys: frozenset[str] = frozenset()
    """What the delivering ship may be known by: ``imo:...``, ``mmsi:...``, ``name:...``."""
    also: frozenset[str] = frozenset()
    """The same of the other ship, of a transfer."""
    began: date | None = None
    """When the call or transfer began, or the notified time; else ``day``."""
    since: date | None = None
    """Of several calls, the first day."""
    calls: int = 1
    product_text: str | None = None
    capacity: Capacity | None = None
    volume: Volume | None = None
    stage_of: str | None = None
    said_id: str | None = None
    source: str | None = None
    """Who says so; two that say nothing of it may be one."""
    sentences: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    known_at: datetime | None = None

    @cached_property
    def key(self) -> str:
        """What it says, as a hash: the same whatever order rows come in."""
        said = (
            self.origin, self.day, self.since, self.calls, self.product, self.product_text, self.status,
            sorted(self.keys), sorted(self.also), self.stage_of, self.port,
            self.volume and (self.volume.scale_bbl, self.volume.basis, self.volume.error, self.volume.most_bbl),
            self.said_id,
        )  # fmt: skip
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @property
    def first(self) -> date:
        """The first day of it."""
        return self.began or self.day

    @property
    def published_bbl(self) -> float | None:
        """What the published method takes a part of: the capacity; where nobody knows it, the volume."""
        if self.capacity is not None:
            return self.capacity.bbl
        return self.volume.scale_bbl if self.volume else None

    @property
    def is_published_part(self) -> bool:
        """Whether the published method takes a part of ``published_bbl``, or all of it, being a volume."""
        return self.capacity is not None


NAMELESS = frozenset({
    "", "UNKNOWN", "UNIDENTIFIED", "UNNAMED", "NOT KNOWN", "NO NAME", "TANKER", "VESSEL", "SHIP", "UNIDENTIFIED SHIP",
    "UNIDENTIFIED VESSEL", "UNKNOWN VESSEL", "UNKNOWN SHIP", "UNKNOWN TANKER", "UNIDENTIFIED TANKER", "DPRK TANKER",
    "VARIOUS", "SEVERAL", "NA", "N A",
})  # fmt: skip
"""Words written where a ship's name was not known: two of them are not one ship."""
