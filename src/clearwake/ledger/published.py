"""The published method: one third, one half and 90 percent of the capacity of every ship that delivered.

It takes every delivery as having happened and every ship as laden alike; ours stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from clearwake.ledger.caps import Period
from clearwake.ledger.cargoes import Linked
from clearwake.ledger.entry import Entry
from clearwake.ledger.lading import PUBLISHED

NAMES = ("one_third", "half", "ninety_percent")


class Published:
    """What the published method makes of last stages of cargoes."""

    def __init__(self, links: Linked) -> None:
        self.links = links
        self.by_id = {each.id: each for each in links.entries}
        self.before = {lower: upper for upper, lowers in links.onward.items() for lower in lowers}

    def bbl(self, entry: Entry, laden: float) -> float:
        """Give so much of a capacity, within the stages before it; of a volume that is stated, all of it."""
        top = entry.id
        while top in self.before:
            top = self.before[top]
        return self._below(top, laden)[entry.id]

    def _own(self, entry: Entry, laden: float) -> float | None:
        whole = entry.published_bbl
        return whole if whole is None or not entry.is_published_part else whole * laden

    def _below(self, at: str, laden: float) -> dict[str, float]:
        lowers = self.links.onward.get(at, [])
        own = self._own(self.by_id[at], laden)
        if not lowers:
            return {at: own or 0.0}
        parts = {name: bbl for lower in lowers for name, bbl in self._below(lower, laden).items()}
        together = sum(parts.values())
        if own is None or together <= own:
            return parts
        return {name: bbl * own / together for name, bbl in parts.items()}

    def by_day(
        self, parts: Sequence[tuple[Entry, Sequence[date]]], period: Period, laden: float
    ) -> list[float]:
        """Give, for each day of a period, what had been delivered by its end."""
        each_day = np.zeros((period.last - period.first).days + 1)
        for entry, days in parts:
            bbl = self.bbl(entry, laden) / entry.calls
            for day in days:
                each_day[(day - period.first).days] += bbl
        return [float(bbl) for bbl in np.cumsum(each_day)]

    def told(
        self, parts: Sequence[tuple[Entry, Sequence[date]]], period: Period, series: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Give the three sums, whether and when each passed the cap; and put them into the days of ``series``."""
        said: dict[str, Any] = {}
        for name, laden in zip(NAMES, PUBLISHED, strict=True):
            by_day = self.by_day(parts, period, laden)
            over = None if period.cap is None else [bbl > period.cap.bbl for bbl in by_day]
            for row, bbl in zip(series, by_day, strict=True):
                row[f"{name}_bbl"] = round(bbl)
            said[f"{name}_bbl"] = round(by_day[-1])
            said[f"{name}_exceeds"] = None if over is None else over[-1]
            said[f"{name}_exceeded_on"] = series[over.index(True)]["day"] if over and over[-1] else None
        return said
