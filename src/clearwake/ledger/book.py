"""The book: every entry, which cargo it belongs to, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from scipy.special import ndtri

from clearwake.ledger.caps import NONE
from clearwake.ledger.cargoes import Linked, linked, with_sizes
from clearwake.ledger.drawn import Chances, sinks
from clearwake.ledger.entry import Entry, Volume
from clearwake.model import LedgerEntry, utc


@dataclass(frozen=True)
class Book:
    """All entries, with their cargoes, and what was odd."""

    entries: Sequence[Entry]
    links: Linked
    became: dict[str, str]
    """Entry id -> ``LedgerEntry.counted``."""
    findings: Sequence[str]

    @classmethod
    def of(cls, entries: Iterable[Entry], findings: Sequence[str] = ()) -> Book:
        """Link entries; their order changes nothing."""
        told = sorted(entries, key=lambda each: (each.day, each.key, each.id))
        links = linked(told)
        with_sizes(links)
        last = {each.id for each in sinks(links)}
        became = {**links.counted, **{each.id: _became(each, last) for each in links.entries}}
        return cls(told, links, became, (*links.findings, *findings))

    @property
    def known_at(self) -> datetime | None:
        """When the last of it was learnt."""
        return max((each.known_at for each in self.entries if each.known_at), default=None)

    def shown(self) -> list[LedgerEntry]:
        """Give every entry with what became of it, in the order of days."""
        stands = {each.id: each for each in self.links.entries}
        return [self._shown(stands.get(each.id, each)) for each in self.entries]

    def _shown(self, each: Entry) -> LedgerEntry:
        low, middle, high = spread(each.volume)
        holds, volume = each.capacity, each.volume
        return LedgerEntry(
            id=each.id, origin=each.origin, date=_midnight(each.day),
            since=_midnight(each.since) if each.since else None, ship=each.ship, imo=each.imo, mmsi=each.mmsi,
            port=each.port, from_ship=each.from_ship, product=each.product, product_text=each.product_text,
            calls=each.calls, capacity_bbl=holds.bbl if holds else None, capacity_how=holds.how if holds else None,
            status=each.status, happened=each.happened, counted=self.became[each.id],
            cargo=self.links.cargo[each.id], laden_how=volume.basis if volume else None,
            low_bbl=low, expected_bbl=middle, high_bbl=high, sentence=_sentence(each, self.became[each.id]),
            sentences=(*each.sentences, *self.links.said.get(each.id, ())),
            evidence=each.evidence, known_at=each.known_at,
        )  # fmt: skip


WORDS = {
    "counted": "counts", "notified": "counts, apart: notified and lawful", "stage": "an earlier stage of a cargo",
    "same_delivery": "told again", "refuted": "refuted: never counts", "in_ballast": "came empty",
    "no_size": "of unknown size: not in the sums", "no_cap": "under no cap",
}  # fmt: skip


def _sentence(each: Entry, became: str) -> str:
    """Say what an entry is and what became of it."""
    low, _, high = spread(each.volume)
    amount = "" if low is None or high is None else f", {low:,.0f} to {high:,.0f} bbl if it happened"
    who = f"{each.from_ship} to {each.ship or 'an unnamed ship'}" if each.from_ship else each.ship or each.id
    return f"{who}, {each.day}: {each.status}, probability {each.happened:.2f}{amount}; {WORDS[became]}"


def _became(each: Entry, last: set[str]) -> str:
    if each.id not in last:
        return "stage"
    if each.product == NONE:
        return "no_cap"
    if each.volume is None:
        return "no_size"
    if each.volume.most_bbl <= 0.0:
        return "in_ballast"
    return "notified" if each.status == "notified" else "counted"


def spread(volume: Volume | None) -> tuple[float | None, float | None, float | None]:
    """Give the 5 percent point, the mean and the 95 percent point of a volume, if it was delivered."""
    if volume is None:
        return None, None, None
    chances = Chances(draws=2048)
    drawn = volume.at(chances.even("spread", "laden"), np.asarray(ndtri(chances.even("spread", "size"))))
    return float(np.quantile(drawn, 0.05)), float(drawn.mean()), float(np.quantile(drawn, 0.95))


def _midnight(day: date) -> datetime:
    return utc(day.isoformat())
