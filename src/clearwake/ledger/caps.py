"""The caps: which paragraph lets how much of which product pass, in which period; read from the statutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from clearwake.statutes import Provision, provisions

REFINED, CRUDE, NONE = "refined", "crude", "none"

_HEADINGS = {"2710": REFINED, "2709": CRUDE}
"""The product that a cap is on, by the heading that its paragraph names."""


@dataclass(frozen=True)
class Cap:
    """So many barrels of a product in every so many months."""

    provision: str
    reference: str
    product: str
    first: date
    months: int
    bbl: int
    notices: tuple[int, ...]
    """Percent of the cap at which the Committee's Secretary tells States; at the last, supply ends for the period."""
    in_force_to: date | None


@dataclass(frozen=True)
class Period:
    """One period of a cap, or a year in which there was none."""

    product: str
    first: date
    last: date
    cap: Cap | None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day <= self.last


def caps() -> list[Cap]:
    """Read the caps that are stated in barrels from the paragraphs that set them."""
    return [_cap(each) for each in provisions() if "quantity" in each.goods.get("cap", {})]


def _cap(each: Provision) -> Cap:
    told = each.goods["cap"]
    [product] = [_HEADINGS[code] for code in each.goods["headings"] if code in _HEADINGS]
    return Cap(
        each.id, each.reference, product, told["from"], told["months"], told["quantity"],
        tuple(told.get("notices", ())), each.in_force_to,
    )  # fmt: skip


def periods(year: int) -> list[Period]:
    """Give the periods that lie in a year, wholly or in part: of refined products first, then of crude oil.

    A year without a cap on refined products has one period without a cap, so that what was delivered can still be
    told.
    """
    found = [each for cap in caps() for each in _of(cap, year)]
    refined = [each for each in found if each.product == REFINED]
    if not refined:
        refined = [Period(REFINED, date(year, 1, 1), date(year, 12, 31), None)]
    crude = [each for each in found if each.product == CRUDE]
    return [*sorted(refined, key=lambda each: each.first), *sorted(crude, key=lambda each: each.first)]


def _of(cap: Cap, year: int) -> Iterator[Period]:
    first = cap.first
    while first.year <= year and (cap.in_force_to is None or first <= cap.in_force_to):
        following = _later(first, cap.months)
        last = following - timedelta(days=1)
        if last.year >= year:
            yield Period(cap.product, first, last, cap)
        first = following


def _later(day: date, months: int) -> date:
    """Give the same day of the month, so many months later; the periods begin on days that every month has."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, day.day)
