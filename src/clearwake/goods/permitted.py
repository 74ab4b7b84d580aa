"""What is on file: exemptions and notifications, and whether one of them covers a shipment.

One that covers has to agree in the goods, in the dates, and in a party or the ship; what agreed is said, and so is
what did not where only one of the three is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from clearwake.goods.cargo import Candidate, Cargo
from clearwake.goods.finding import day_of
from clearwake.goods.headings import read_description
from clearwake.goods.law import Provision, provisions
from clearwake.model.identifiers import read_imos
from clearwake.model.quantities import Amount, amount
from clearwake.names import plain

NAME_ALIKE = 92.0
"""Percent of likeness from which two names of companies are one; legal forms are left out first."""

GOODS_ALIKE = 85.0
"""Percent of shared words from which goods on file and goods shipped are the same, where neither maps to a heading."""

PARTIES = {"shipper": "shipper", "consignee": "consignee", "notify_party": "notify party"}

NOBODY = frozenset({"TO ORDER", "ORDER", "TO ORDER OF SHIPPER", "TO ORDER OF BANK", "SAME", "SAME AS CONSIGNEE",
                    "SAME AS ABOVE", "UNKNOWN", "N A", "NIL", "X", "TBN", "TBA", "TO BE NAMED"})  # fmt: skip
"""What papers say instead of a party or a ship; two that say so are not the same."""

_LEGAL = re.compile(
    r"\b(?:CO|COMPANY|CORP|CORPORATION|INC|LTD|LIMITED|LLC|PLC|PTE|PTY|GMBH|SA|AG|BV|NV|OOO|OAO|ZAO|AO|JSC|SDN|BHD|"
    r"SRL|SARL|SPA|AS|AB|KK|THE|AND)\b"
)


@cache
def folded_party(name: str) -> str:
    """Fold a company's or person's name for comparing: plain capitals, legal forms and signs left out."""
    bare = re.sub(
        r"[^A-Z0-9]+", " ", str(plain(pl.Series([name]))[0] or "").replace("'", "").replace(".", "")
    )
    folded = " ".join(_LEGAL.sub(" ", bare).split())
    return "" if folded in NOBODY else folded


@dataclass(frozen=True)
class Permit:
    """One exemption or notification, read."""

    kind: str
    reference: str
    authority: str
    provision: str | None
    cited: tuple[tuple[str, str | None], ...]
    """Resolution and paragraph, as far as the provision could be read."""
    codes: tuple[str, ...]
    goods: str | None
    goods_codes: tuple[str, ...]
    quantity: float | None
    unit: str | None
    parties: Mapping[str, str]
    imos: frozenset[str]
    ship_names: frozenset[str]
    ships: tuple[str, ...]
    first: date | None
    last: date | None
    known_at: datetime | None

    @property
    def called(self) -> str:
        """Say what it is: ``notification S/AC.49/2018/1 (1718 Committee)``."""
        return f"{self.kind} {self.reference} ({self.authority})"

    @property
    def amount(self) -> Amount | None:
        """How much it allows, where the unit is known."""
        return amount(self.quantity, self.unit)

    @property
    def evidence(self) -> str:
        """The id it is named by as evidence."""
        return f"permission:{self.kind}:{self.reference}"


def permits(permissions: pl.DataFrame, on: date | None = None) -> list[Permit]:
    """Read a table of ``Permission``, in an order that rows cannot change; those known to begin after ``on`` go."""
    read = [_permit(row) for row in permissions.iter_rows(named=True)]
    held = [each for each in read if on is None or each.first is None or each.first <= on]
    return sorted(held, key=lambda each: (each.kind, each.reference, str(each)))


def _permit(row: Mapping[str, Any]) -> Permit:
    ships = [str(ship) for ship in row["ships"] or []]
    return Permit(
        kind=row["kind"],
        reference=row["reference"],
        authority=row["authority"],
        provision=row["provision"],
        cited=cited(row["provision"]),
        codes=tuple(row["hs_codes"] or ()),
        goods=row["goods"],
        goods_codes=tuple(each.code for each in read_description(row["goods"])),
        quantity=row["quantity"],
        unit=row["unit"],
        parties={folded: name for name in row["parties"] or [] if (folded := folded_party(name))},
        imos=frozenset(imo for ship in ships for imo in read_imos(ship)),
        ship_names=frozenset(name for ship in ships if (name := folded_ship(ship))),
        ships=tuple(ships),
        first=day_of(row["valid_from"]),
        last=day_of(row["valid_to"]),
        known_at=row["known_at"],
    )


@cache
def folded_ship(said: str | None) -> str:
    """Fold a ship's name for comparing: without ``M/V``; numbers of seven digits are IMO numbers and no names."""
    spoken = str(plain(pl.Series([said or ""]))[0] or "").replace("M/V", "MV").replace("M/T", "MT")
    bare = re.sub(r"[^A-Z0-9]+", " ", spoken)
    words = [word for word in bare.split() if not re.fullmatch(r"\d{7}", word)]
    name = " ".join(words[1:] if words and words[0] in ("MV", "MT", "IMO") else words)
    return "" if len(name) < 2 or name in NOBODY else name


def cited(provision: str | None) -> tuple[tuple[str, str | None], ...]:
    """Read which paragraphs are cited: ``UNSCR 2397 (2017) para 5`` is resolution 2397, paragraph 5."""
    text = re.sub(r"\((?:19|20)\d\d\)", " ", provision or "")
    found = []
    for match in re.finditer(
        r"\b(1718|1874|2087|2094|2270|2321|2356|2371|2375|2397|2664)\b([^;]*?)(?=\b\d{4}\b|;|$)", text
    ):
        numbers = re.findall(r"\b(\d{1,2})\b", match[2])
        found += [(match[1], number) for number in numbers] or [(match[1], None)]
    return tuple(found)


@dataclass(frozen=True)
class Held:
    """A permit held against a shipment: what agreed and what did not, in words."""

    permit: Permit
    agreed: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def covers(self) -> bool:
        """Whether it covers the shipment: goods, dates, and a party or the ship."""
        return not self.missing

    @property
    def sentence(self) -> str:
        """Say what agreed, and what did not."""
        if self.covers:
            return f"{self.permit.called} is on file: {'; '.join(self.agreed)}"
        return (
            f"{self.permit.called} agrees in {'; '.join(self.agreed)}, but not in {'; '.join(self.missing)}"
        )


def held(cargo: Cargo, candidate: Candidate, provision: Provision, on_file: Iterable[Permit]) -> list[Held]:
    """Hold permits against a shipment's goods under one provision; those with fewer than two of three agreeing go."""
    kept = []
    for permit in on_file:
        tests = (
            ("its goods", _goods(cargo, candidate, permit)),
            ("its dates", _dates(cargo, permit)),
            ("a party or the ship", _parties(cargo, permit)),
        )
        agreed = tuple(said for _, said in tests if said)
        missing = tuple(what for what, said in tests if not said)
        if len(agreed) >= 2 and tests[0][1]:
            kept.append(
                Held(
                    permit, (*agreed, *_under(permit, provision)), (*missing, *_not_under(permit, provision))
                )
            )
    return kept


def _goods(cargo: Cargo, candidate: Candidate, permit: Permit) -> str | None:
    code = next((each for each in permit.codes if candidate.code.startswith(each)), None)
    if code:
        return f"its goods are HS {code}"
    if permit.codes:
        return None
    same = next(
        (
            each
            for each in permit.goods_codes
            if candidate.code.startswith(each) or each.startswith(candidate.code[:4])
        ),
        None,
    )
    if same:
        return f"its goods '{permit.goods}' are of heading {same}"
    if permit.goods and cargo.row["description"]:
        alike = fuzz.token_set_ratio(permit.goods.lower(), cargo.row["description"].lower())
        if alike >= GOODS_ALIKE:
            return f"its goods '{permit.goods}' are {alike:.0f} % the words of the description"
    return None


def _dates(cargo: Cargo, permit: Permit) -> str | None:
    """Say that a day of the shipment lies within the permit's days; one without any days covers no day."""
    if permit.first is None and permit.last is None:
        return None
    span = f"{permit.first or 'any day'} to {permit.last or 'any day'}"
    inside = [
        day
        for day in cargo.days
        if (permit.first is None or permit.first <= day) and (permit.last is None or day <= permit.last)
    ]
    return f"{inside[0]} is within {span}" if inside else None


def _parties(cargo: Cargo, permit: Permit) -> str | None:
    """Say which party or ship is the one on file; a different ship beside the right party is said too."""
    imos = set(read_imos(cargo.row["ship_imo"]))
    other = ""
    if imos & permit.imos:
        return f"its ship is IMO {min(imos & permit.imos)}"
    if imos and permit.imos:
        other = f"; its ship, IMO {min(permit.imos)}, is not this one, IMO {min(imos)}"
    elif (name := folded_ship(cargo.row["ship_name"])) and name in permit.ship_names:
        return f"its ship is {cargo.row['ship_name']}, by name only"
    for column, word in PARTIES.items():
        said = cargo.row[column]
        for folded, name in permit.parties.items() if said and folded_party(said) else ():
            alike = fuzz.ratio(folded_party(said), folded)
            if alike >= NAME_ALIKE:
                how = "is" if alike == 100.0 else f"is written {alike:.0f} % like"
                return f"the {word} {said} {how} its party {name}{other}"
    return None


@cache
def _umbrella() -> dict[str, Provision]:
    return {each.reference: each for each in provisions() if each.rule == "exemption"}


def _is_under(permit: Permit, provision: Provision) -> bool:
    """Tell whether what a permit cites is this provision, or a paragraph under which it can be lifted."""
    number, paragraph = provision.resolution.split()[-1], re.sub(r"\(.*", "", provision.paragraph)
    for resolution, cited_paragraph in permit.cited:
        if resolution == number and cited_paragraph in (None, paragraph):
            return True
        lifting = _umbrella().get(f"UNSCR {resolution} ¶{cited_paragraph}")
        if lifting and (set(lifting.lifts) & {"all", provision.reference}):
            return True
    return False


def _under(permit: Permit, provision: Provision) -> tuple[str, ...]:
    if not permit.cited:
        return (f"it does not say from which provision, {permit.provision!r}" if permit.provision else
                "it does not say under which provision",)  # fmt: skip
    return (f"made under {permit.provision}",) if _is_under(permit, provision) else ()


def _not_under(permit: Permit, provision: Provision) -> tuple[str, ...]:
    if not permit.cited or _is_under(permit, provision):
        return ()
    return (f"the provision, which is {permit.provision}",)


def best(found: Sequence[Held], kind: str) -> Held | None:
    """Give the permit of a kind that covers the shipment, the first in order; None if none does."""
    return next((each for each in found if each.permit.kind == kind and each.covers), None)
