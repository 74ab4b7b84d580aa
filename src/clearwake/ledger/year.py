"""The year: what was delivered in each period of a cap, as a distribution, beside the published method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from clearwake.ledger.book import Book
from clearwake.ledger.caps import CRUDE, Period, periods
from clearwake.ledger.cargoes import days_of
from clearwake.ledger.drawn import Chances, Landed, Totals, landed, standard_error
from clearwake.ledger.entry import Entry
from clearwake.ledger.lading import PRIOR_TOLD, Floats
from clearwake.ledger.published import Published
from clearwake.ledger.wording import sentence
from clearwake.model import LedgerYear

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

FEWER = 4096
"""How often the two ends are drawn between which the answer lies, for speed."""

HAIR_BBL = 1e-6
"""Sums of the same amounts in another order differ by less."""

Part = tuple[Entry, tuple[date, ...]]
"""A delivery that counts in a period, and its days in it: several where a row stands for several calls."""


def years(book: Book, year: int, chances: Chances) -> list[LedgerYear]:
    """Give every period of a year: of refined products always, of crude oil where there was any."""
    found = []
    for period in periods(year):
        parts = _parts(book, period)
        if period.product != CRUDE or parts:
            found.append(_Sum(book, period, parts, chances, year).record())
    return found


def _parts(book: Book, period: Period) -> list[Part]:
    parts = []
    for each in book.links.entries:
        if each.product == period.product and book.became[each.id] in ("counted", "notified"):
            days = days_of(each.since or each.day, each.day, each.calls)
            inside = tuple(day for day in days if period.holds(day))
            parts += [(each, inside)] if inside else []
    return parts


@dataclass
class _Sum:
    """One period, summed."""

    book: Book
    period: Period
    parts: Sequence[Part]
    chances: Chances
    year: int
    series: list[dict[str, Any]] = field(default_factory=list)
    found_bbl: float = 0.0

    def record(self) -> LedgerYear:
        """Give the period as it is shown."""
        totals = self._day_by_day()
        published = Published(self.book.links)
        alone = [part for part in self.parts if part[0].status != "notified"]
        cap = self.period.cap
        record = LedgerYear(
            year=self.year, product=self.period.product, provision=cap.provision if cap else None,
            reference=cap.reference if cap else None, period_from=self.period.first, period_to=self.period.last,
            cap_bbl=self.cap_bbl, deliveries=_number(alone),
            capacity_bbl=round(published.by_day(alone, self.period, 1.0)[-1]),
            published=published.told(alone, self.period, self.series),
            expected_bbl=round(float(totals.all.mean())),
            quantiles=_quantiles(totals.all),
            **self._probabilities(totals), **self._notified(totals), **self._contested(totals, published),
            **self._rows(), by_day=self.series, correlation=self.chances.correlation, draws=self.chances.draws,
            seed=self.chances.seed, laden=PRIOR_TOLD, sentence="", findings=self._findings(),
            known_at=self.book.known_at,
        )  # fmt: skip
        return replace(record, sentence=sentence(record))

    @cached_property
    def cap_bbl(self) -> int | None:
        """The cap, where there is one."""
        return self.period.cap.bbl if self.period.cap else None

    def _day_by_day(self) -> Totals:
        """Sum deliveries by day, keeping what each day's end looks like."""
        totals = Totals(self.chances.draws)
        by_day: dict[date, list[Landed]] = {}
        for each in self._landed(self.chances):
            by_day.setdefault(each.day, []).append(each)
        state: dict[str, Any] = self._state(totals)
        for number in range((self.period.last - self.period.first).days + 1):
            day = self.period.first + timedelta(days=number)
            for each in by_day.pop(day, ()):
                totals.add(each)
                if each.entry.status == "found":
                    self.found_bbl += float((each.bbl * each.happened).mean())
                state = {}
            state = state or self._state(totals)
            self.series.append({"day": day, **state})
        return totals

    def _state(self, totals: Totals) -> dict[str, Any]:
        everything = totals.all
        low, middle, high = (round(float(bbl)) for bbl in np.quantile(everything, (0.05, 0.5, 0.95)))
        return {
            "p_exceeded": self._above(everything), "p05_bbl": low, "p50_bbl": middle, "p95_bbl": high,
            "notified_bbl": round(float(totals.notified.mean())),
        }  # fmt: skip

    def _landed(self, chances: Chances) -> Iterator[Landed]:
        wanted = [entry for entry, _ in self.parts]
        return (each for each in landed(self.book.links, wanted, chances) if self.period.holds(each.day))

    def _above(self, bbl: Floats) -> float | None:
        """Give how often more than the cap was delivered."""
        return None if self.cap_bbl is None else float((bbl > self.cap_bbl + HAIR_BBL).mean())

    def _probabilities(self, totals: Totals) -> dict[str, Any]:
        contested_happened = totals.other + totals.contested_if_all + totals.notified
        all_happened = totals.other_if_all + totals.contested_if_all + totals.notified
        return {
            "p_exceeded": self._above(totals.all),
            "p_error": standard_error(self.chances.draws),
            "p_exceeded_without_contested": self._above(totals.other + totals.notified),
            "p_exceeded_with_contested": self._above(contested_happened),
            "p_exceeded_independent": self._were(0.0),
            "p_exceeded_shared": self._were(1.0),
            "p_exceeded_without_notified": self._above(totals.other + totals.contested),
            "p_exceeded_if_all_happened": self._above(all_happened),
            "first_exceeded": self._first(0.5),
            "first_exceeded_95": self._first(0.95),
        }

    def _were(self, correlation: float) -> float | None:
        """Give the probability of passing the cap, were so much of the practice of lading shared."""
        if self.cap_bbl is None:
            return None
        chances = replace(self.chances, draws=min(self.chances.draws, FEWER), correlation=correlation)
        totals = Totals(chances.draws)
        for each in self._landed(chances):
            totals.add(each)
        return self._above(totals.all)

    def _first(self, least: float) -> date | None:
        return next((row["day"] for row in self.series if (row["p_exceeded"] or 0.0) >= least), None)

    def _of(self, status: str) -> list[Part]:
        return [part for part in self.parts if part[0].status == status]

    def _notified(self, totals: Totals) -> dict[str, Any]:
        """Tell of notified deliveries, and when they alone passed the shares of the cap that the paragraph names."""
        notices = []
        for percent in self.period.cap.notices if self.period.cap else ():
            bbl = (self.cap_bbl or 0) * percent / 100
            day = next((row["day"] for row in self.series if row["notified_bbl"] >= bbl), None)
            notices.append({"percent": percent, "bbl": round(bbl), "day": day})
        return {
            "notified": _number(self._of("notified")),
            "notified_bbl": round(float(totals.notified.mean())),
            "notices": notices,
            "supply_ends": notices[-1]["day"] if notices else None,
        }

    def _contested(self, totals: Totals, published: Published) -> dict[str, Any]:
        contested = self._of("contested")
        return {
            "contested": _number(contested),
            "contested_bbl": round(float(totals.contested_if_all.mean())),
            "contested_capacity_bbl": round(published.by_day(contested, self.period, 1.0)[-1]),
            "found": _number(self._of("found")),
            "found_bbl": round(self.found_bbl),
        }

    def _rows(self) -> dict[str, Any]:
        """Count the rows of the period that are not counted, by why."""
        names = {
            "stages": "stage",
            "same_deliveries": "same_delivery",
            "refuted": "refuted",
            "without_size": "no_size",
        }
        here = [e for e in self.book.entries if e.product == self.period.product and self.period.holds(e.day)]
        return {ours: sum(self.book.became[e.id] == what for e in here) for ours, what in names.items()}

    def _findings(self) -> tuple[str, ...]:
        outside = [
            f"{each.ship or each.id} ({each.day}): {sentence}"
            for each in self.book.links.entries
            if self.book.became[each.id] == "no_cap" and each.day.year == self.year
            for sentence in each.sentences[:1]
        ]
        several = [
            f"one row stands for {entry.calls} deliveries from {entry.since or entry.day} to {entry.day}, their days "
            f"spread evenly ({entry.said_id or entry.id}).  {' '.join(entry.sentences[-1:])}".rstrip()
            for entry, _ in self.parts
            if entry.calls > 1
        ]
        without: int = self._rows()["without_size"]
        unsized = (
            f"{without} deliveries whose size nobody knows are not in the sums, which are so much too low"
        )
        return (*several, *self.book.findings, *outside, *([unsized] if without else []))


def _number(parts: Sequence[Part]) -> int:
    return sum(len(days) for _, days in parts)


def _quantiles(bbl: Floats) -> dict[str, int]:
    found = np.quantile(bbl, list(QUANTILES.values()))
    return {name: round(float(each)) for name, each in zip(QUANTILES, found, strict=True)}
