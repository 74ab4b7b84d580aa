"""One designation of the UK's list, whichever form it came in, and what becomes of each of its leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clearwake.lists.cards import Card
from clearwake.lists.edges import Edge
from clearwake.lists.values import (
    Issues,
    day,
    folded,
    imo_numbers,
    meant,
    partial_day,
    parts,
    remarks,
    ship_names,
)
from clearwake.model import Designation

NAME = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6", "NameType", "AliasStrength")
ADDRESS = ("AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "AddressLine5", "AddressLine6",
           "AddressPostalCode", "AddressCountry")  # fmt: skip

LATER_FORMER = re.compile(r"(?i)\b(?:formerly|former name|previous(?:ly)? (?:known as|name)|ex)\b")
"""Words in a name's kind that make it a former name; the list itself has no such kind, its tables sometimes do."""

OWNER_OR_OPERATOR = "the list says owner or operator, not which"

TOLD = {
    "Title": "title", "Position": "position", "Gender": "gender", "TownOfBirth": "town of birth",
    "CountryOfBirth": "country of birth", "PassportNumber": "passport",
    "PassportAdditionalInformation": "passport note", "NationalIdentifierNumber": "national identifier",
    "NationalIdentifierAdditionalInformation": "national identifier note", "TypeOfEntity": "type of entity",
    "LengthOfShip": "length", "HullIdentificationNumber": "hull identification number", "PhoneNumber": "phone",
    "Website": "website", "EmailAddress": "email", "OFSIGroupID": "OFSI group", "DesignationSource": "source",
    "OtherInformation": "", "UKStatementofReasons": "statement of reasons", "LastUpdated": "last updated",
    "PreviousOwnerOperator": "previous owner or operator", "ParentCompany": "parent company",
    "Subsidiary": "subsidiary",
}  # fmt: skip
"""Leaves without a column of their own: they go into the remarks, under this word."""

NOT_KEPT = ("NonLatinScriptType", "NonLatinScriptLanguage")
"""What is said about a name's script: the name itself shows it."""


@dataclass(frozen=True)
class Name:
    """One name: its six parts, its kind and its strength."""

    pieces: dict[str, str]

    def whole(self) -> str:
        """Give the parts in the order in which they are said: the sixth, the family name, last."""
        return " ".join(filter(None, (self.pieces.get(f"Name{part}") for part in range(1, 7))))


@dataclass
class Told:
    """What a designation says, leaf by leaf, each value once and in the order of first mention."""

    line: int
    leaves: dict[str, list[str]] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    """As (whole, country)."""

    def add(self, leaf: str, said: str) -> None:
        """Add a value of a leaf; an empty one says nothing."""
        values = self.leaves.setdefault(leaf, []) if said.strip() else []
        if (text := folded(said)) not in values:
            values.append(text)

    def add_name(self, pieces: dict[str, str]) -> None:
        """Add a name once."""
        if Name(pieces) not in self.names:
            self.names.append(Name(pieces))

    def add_address(self, pieces: dict[str, str]) -> None:
        """Add an address once."""
        whole = ", ".join(filter(None, (pieces.get(piece) for piece in ADDRESS)))
        if whole and (whole, pieces.get("AddressCountry", "")) not in self.addresses:
            self.addresses.append((whole, pieces.get("AddressCountry", "")))

    def first(self, leaf: str) -> str | None:
        """Look at the first value of a leaf."""
        return next(iter(self.leaves.get(leaf, ())), None)

    def take(self, leaf: str) -> list[str]:
        """Take every value of a leaf; several in one cell are parted at semicolons."""
        return [one for said in self.leaves.pop(leaf, []) for one in parts(said)]

    def spoken(self) -> list[Name]:
        """Give the names that say anything, the primary one first."""
        return sorted((name for name in self.names if name.whole()), key=_rank)


def _rank(name: Name) -> int:
    kind = name.pieces.get("NameType", "").lower()
    return 0 if kind == "primary name" else 1 if kind.startswith("primary") or not kind else 2


def edges_of(told: Told, identity: str) -> Iterator[Edge]:
    """Give who the designation says owns or operates it, or belongs to it.  Takes nothing."""
    for leaf, former in (("CurrentOwnerOperator", False), ("PreviousOwnerOperator", True)):
        for said in told.leaves.get(leaf, ()):
            for name in parts(said):
                yield Edge(identity, name, "owner", "owner or operator", is_former=former, kind="company",
                           issue=OWNER_OR_OPERATOR)  # fmt: skip
    for leaf, is_owned in (("ParentCompany", True), ("Subsidiary", False)):
        for said in told.leaves.get(leaf, ()):
            for name in parts(said):
                yield Edge(identity, name, "owner", "parent company", entry_is_owned=is_owned, kind="company")


def entry(told: Told, number: str, names: list[Name], card: Card) -> Designation:
    """Take every leaf of a designation that is known and make an entry of it; unknown ones are left."""
    issues, said = Issues(), told.take("IndividualEntityShip")
    kind = card.lookups["kind"].get(" ".join(said).lower()) or "unknown"
    if kind == "unknown":
        issues.note(f"the kind {' '.join(said)!r} is none that is known")
    called = _called(names, kind, issues)
    told.leaves.pop("UniqueID", None)
    imos = imo_numbers(" / ".join(told.take("IMONumber")) or None, kind, card.lookups["imo"], issues)
    flags, nationalities = told.take("CurrentBelievedFlagOfShip"), told.take("Nationality")
    flag = meant(next(iter(flags), None), card.lookups["flag"])
    for other in flags[1:]:
        issues.note(f"also believed to sail under the flag {other!r}")
    years = [year for one in told.take("YearBuilt") for year in re.findall(r"\b(?:19|20)\d{2}\b", one)]
    un = told.take("UNReferenceNumber")
    for leaf in NOT_KEPT:
        told.leaves.pop(leaf, None)
    return Designation(
        id=f"uk:{number}",
        list="uk",
        edition="",
        kind=kind,
        name=called.first,
        aliases=tuple(dict.fromkeys((*called.aliases, *told.leaves.pop("NameNonLatinScript", [])))),
        former_names=tuple(dict.fromkeys(called.former)),
        weak_names=tuple(dict.fromkeys(called.weak)),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        flag=flag,
        former_flags=tuple(told.take("PreviousFlag")),
        ship_type_text="; ".join(told.take("TypeOfShip")) or None,
        tonnage="; ".join(told.take("TonnageOfShip")) or None,
        build_year=next((int(year) for year in years), None),
        owner="; ".join(told.take("CurrentOwnerOperator")) or None,
        country=next(filter(None, [*nationalities, *(country for _, country in told.addresses)]), None),
        birth_date="; ".join(_birth(one) for one in told.take("DOB")) or None,
        registration="; ".join(told.leaves.pop("BusinessRegistrationNumber", [])) or None,
        programmes=tuple(told.leaves.pop("RegimeName", [])),
        measures=tuple(one for text in told.leaves.pop("SanctionsImposed", []) for one in parts(text, "|")),
        reference=remarks(("", number), ("UN", "; ".join(un) or None)),
        listed_on=day(next(iter(told.take("DateDesignated")), None), issues, "date of designation"),
        remarks=remarks(
            *((word, one) for leaf, word in TOLD.items() for one in told.leaves.pop(leaf, [])),
            *(("nationality", one) for one in nationalities[1:]),
            *(("address", whole) for whole, _ in told.addresses),
        ),
        issues=tuple(issues.said),
        line=told.line,
    )  # fmt: skip


@dataclass
class _Called:
    """The names of a designation by kind."""

    first: str
    aliases: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)


def _called(names: list[Name], kind: str, issues: Issues) -> _Called:
    called: _Called | None = None
    for name in names:
        whole, sort = name.whole(), name.pieces.get("NameType", "").lower()
        first, others, former = ship_names(whole, issues) if kind == "vessel" else (whole, [], [])
        if called is None:
            called = _Called(first, others, former)
            continue
        is_weak = name.pieces.get("AliasStrength", "").lower().startswith("low")
        fitting = called.weak if is_weak else called.former if LATER_FORMER.search(sort) else called.aliases
        fitting.extend([one for one in (first, *others) if one != called.first])
        called.former += former
    return called or _Called("")


def _birth(said: str) -> str:
    """Bring ``dd/mm/1945`` and ``00/00/1975`` to the year they say; a whole date to ISO 8601."""
    masked = re.fullmatch(r"'?(?:dd|00)/(?:mm|00)/(\d{4})", said.strip().lower())
    month = re.fullmatch(r"'?(?:dd|00)/(\d{2})/(\d{4})", said.strip().lower())
    if masked or month is None:
        return masked[1] if masked else partial_day(said.removeprefix("'"))
    return f"{month[2]}-{month[1]}"
