"""A shipment made ready to be judged: its days, which way it goes, and what its goods may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import polars as pl

from clearwake.goods.finding import Found, day_of
from clearwake.goods.headings import CONTRADICTS_AT, Reading, are_kin, read_description
from clearwake.goods.nation import dprk_port, is_dprk
from clearwake.model.quantities import Amount, Factor, amount, factor

PLACES = ("origin", "load_port", "destination", "discharge_port")
READINGS = 3
"""As many headings of one description are looked at, best first."""


@dataclass(frozen=True)
class Candidate:
    """What the goods may be: an HS code, how sure that is, and on what ground."""

    code: str
    score: float
    basis: str
    is_claimed: bool


@dataclass(frozen=True)
class Cargo:
    """One shipment: the row, and what was read out of it."""

    row: Mapping[str, Any]
    ways: Mapping[str, str]
    """``to`` and ``from`` the DPRK, and on what ground: ``destination PRK, to be discharged at Nampo``."""
    port: str | None
    """The port of the DPRK where it was loaded."""
    on: date | None
    """The day to judge it by where it has none of its own."""

    @property
    def id(self) -> str:
        """The shipment's own id."""
        return str(self.row["id"])

    @cached_property
    def loaded(self) -> date | None:
        """The day it was loaded, as declared."""
        return day_of(self.row["load_on"])

    @cached_property
    def discharged(self) -> date | None:
        """The day it was discharged, as declared."""
        return day_of(self.row["discharge_on"])

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days it touches: loaded and discharged as far as declared, else the day asked about."""
        known = [day for day in (self.loaded, self.discharged) if day is not None]
        return tuple(sorted(known)) or ((self.on,) if self.on else ())

    @property
    def judged_on(self) -> date | None:
        """The day whose law counts first: loaded, else discharged, else the day asked about."""
        return self.loaded or self.discharged or self.on

    @property
    def known_at(self) -> datetime | None:
        """When the row was known."""
        known: datetime | None = self.row.get("known_at")
        return known

    @property
    def amount(self) -> Amount | None:
        """How much it is, where the unit is known."""
        return amount(self.row["quantity"], self.row["unit"])

    def factor(self, code: str | None = None) -> Factor | None:
        """Give barrels to the tonne of its goods, where they are petroleum."""
        return factor(code or self.row["hs_code"], self.row["description"])

    @property
    def called(self) -> str:
        """Say what was shipped: ``HS 271019 'gas oil', 4,000 bbl``."""
        code = f"HS {self.row['hs_code']}" if self.row["hs_code"] else "no HS code"
        text = f" '{self.row['description'][:120]}'" if self.row["description"] else ""
        return f"{code}{text}, {self.measured}"

    @property
    def measured(self) -> str:
        """Say how much: ``4,000 bbl``."""
        if self.row["quantity"] is None:
            return "quantity not stated"
        return (
            f"{self.row['quantity']:,.6g} {self.row['unit'] or '(no unit)'}"
            if self.row["quantity"] < 1e6
            else (f"{self.row['quantity']:,.0f} {self.row['unit'] or '(no unit)'}")
        )

    def found(self, kind: str, is_for: bool | None, sentence: str, **more: Any) -> Found:  # noqa: ANN401, FBT001 - a finding's own fields
        """Put together a finding about this shipment, judged on its day unless it says otherwise."""
        more.setdefault("judged_on", self.judged_on)
        more.setdefault("known_at", self.known_at)
        return Found(self.id, kind, is_for, sentence, **more)


def with_ends(shipments: pl.DataFrame) -> pl.DataFrame:
    """Say of each end of a shipment whether it is in the DPRK.

    Adds ``origin_there`` and ``destination_there`` (true or false), ``load_port_there`` and ``discharge_port_there``
    (the port's name here, null where it is in another country), and ``is_dprk``, true where any of them is.
    """
    count = len(shipments)
    countries = is_dprk(pl.concat([shipments["origin"], shipments["destination"]]))
    ports = dprk_port(pl.concat([shipments["load_port"], shipments["discharge_port"]]))
    ends = [
        countries[:count].alias("origin_there"),
        countries[count:].alias("destination_there"),
        ports[:count].alias("load_port_there"),
        ports[count:].alias("discharge_port_there"),
    ]
    named = pl.any_horizontal("origin_there", "destination_there")
    called = pl.any_horizontal(pl.col("load_port_there", "discharge_port_there").is_not_null())
    return shipments.hstack(ends).with_columns(is_dprk=named | called)


def cargoes(shipments: pl.DataFrame, on: date | None) -> Iterator[Cargo]:
    """Make ready the shipments that go to or come from the DPRK, as far as their papers say.

    Args:
        shipments: A table of ``Shipment`` with its ends.
        on: The day to judge shipments by that have none of their own.
    """
    for row in shipments.filter("is_dprk").iter_rows(named=True):
        yield Cargo(row, _ways(row), row["load_port_there"], on)


def _ways(row: Mapping[str, Any]) -> dict[str, str]:
    """Say which way goods go and on what ground; both ways where both ends are in the DPRK, which is no trade."""
    ends = {
        "from": (row["origin_there"], "origin", row["load_port_there"], "loaded at", row["load_port"]),
        "to": (
            row["destination_there"], "destination", row["discharge_port_there"], "to be discharged at",
            row["discharge_port"],
        ),
    }  # fmt: skip
    ways = {}
    for way, (is_there, word, port, verb, said) in ends.items():
        grounds = [f"{word} {row[word]}"] if is_there else []
        grounds += [f"{verb} {said}"] if port else []
        if grounds:
            ways[way] = ", ".join(grounds)
    return {} if len(ways) == 2 and row["origin_there"] and row["destination_there"] else ways


class Read:
    """Descriptions read once each."""

    def __init__(self) -> None:
        self._known: dict[str, list[Reading]] = {}

    def __call__(self, description: str | None) -> list[Reading]:
        """Read a description of goods."""
        text = description or ""
        if text not in self._known:
            self._known[text] = read_description(text)
        return self._known[text]


def candidates(row: Mapping[str, Any], readings: list[Reading]) -> list[Candidate]:
    """Say what the goods may be: the claimed code, and headings of the text where it says something else."""
    code = row["hs_code"]
    claimed = [Candidate(code, 1.0, f"the claimed HS code {code}", is_claimed=True)] if code else []
    told = [each for each in readings[:READINGS] if code is None or each.code[:2] != code[:2]]
    read = [
        Candidate(
            each.code,
            each.score,
            f"the description, read as heading {each.code} ({each.why})",
            is_claimed=False,
        )
        for each in told
        if code is None or each.score >= CONTRADICTS_AT
    ]
    return claimed + read


def contradicts(code: str, readings: list[Reading]) -> Reading | None:
    """Give the reading of a text that contradicts a claimed code; None where any reading goes with it.

    Chapters that are near to one another do not contradict: what counts is coal under worked stone, not steel bars
    under steel articles.
    """
    if not readings or readings[0].score < CONTRADICTS_AT:
        return None
    return None if any(are_kin(each.code, code) for each in readings) else readings[0]
