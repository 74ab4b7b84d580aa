"""An entry of the US Treasury's lists, whichever form it came in, and what its statements say.

Statements are ``MMSI 572469210``, ``Linked To: ...``, ``DOB 1951``: the legacy files join them with semicolons
in one remark, the XML gives most of them as identity documents.  "Linked To" has no percentage: it is a link,
never ownership.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from clearwake.lists.cards import card
from clearwake.lists.values import Issues, folded, imo_numbers, mmsi_numbers, partial_day, remarks, ship_names
from clearwake.model import Designation

CARD = card("ofac")

KINDS = {"individual": "person", "entity": "company", "vessel": "vessel", "aircraft": "aircraft"}

FORMS: tuple[tuple[str, str, str], ...] = (
    ("imos", r"Vessel Registration Identification ", r".+"),
    ("imos", r"(?:Company|Identification) Number ", r"IMO .+"),
    ("mmsis", r"MMSI ", r".+"),
    ("former_flags", r"Former Vessel Flag ", r".+"),
    ("flags", r"(?:Other )?Vessel Flag ", r".+"),
    ("callsigns", r"(?:Other )?Vessel Call Sign ", r".+"),
    ("ship_types", r"(?:Other )?Vessel Type ", r".+"),
    ("build_years", r"(?:Vessel )?Year of Build ", r"\d{4}"),
    ("weak_names", r"a\.k\.a\. '", r".+(?=')"),
    ("former_names", r"f\.k\.a\. '", r".+(?=')"),
    ("aliases", r"n\.k\.a\. '", r".+(?=')"),
    ("linked_to", r"Linked To: ", r".+"),
    ("births", r"DOB ", r".+"),
    ("countries", r"(?:nationality|citizen|Nationality of Registration) ", r".+"),
    ("registrations", r"(?:(?:Business )?Registration (?:Number|ID)|Aircraft Tail Number) ", r".+"),
    (
        "measures",
        r"",
        r"(?:Secondary sanctions risk|Additional Sanctions Information|Transactions Prohibited).+",
    ),
    ("measures", r"", r"(?:Executive Order \d+ Directive|CAATSA Section).+"),
)
"""What a statement tells, how it begins, and the part of it that is told; the first that fits holds."""

STATEMENT = re.compile(
    "|".join(f"{begins}(?P<{what}_{i}>{told})" for i, (what, begins, told) in enumerate(FORMS))
)


@dataclass
class Statements:
    """Everything an entry's statements say that has a place of its own."""

    imos: list[str] = field(default_factory=list)
    mmsis: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    former_flags: list[str] = field(default_factory=list)
    callsigns: list[str] = field(default_factory=list)
    ship_types: list[str] = field(default_factory=list)
    build_years: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    weak_names: list[str] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)
    linked_to: list[str] = field(default_factory=list)
    births: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    registrations: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)

    def hear(self, statement: str) -> None:
        """Take one statement; one that fits no rule tells nothing that has a place of its own."""
        found = STATEMENT.match(_unbracketed(folded(statement)).removeprefix("alt. "))
        if found is None or found.lastgroup is None:
            return
        heard: list[str] = getattr(self, found.lastgroup.rpartition("_")[0])
        if found[found.lastgroup] not in heard:
            heard.append(found[found.lastgroup])

    def hear_all(self, remark: str) -> None:
        """Take a whole remark: statements joined by semicolons, ended by a full stop, perhaps in brackets."""
        for statement in folded(remark).removesuffix(".").split(";"):
            self.hear(statement)


def _unbracketed(statement: str) -> str:
    """Take off brackets around ``(Linked To: A)``, and those that a cut at semicolons left open or closed."""
    opened, closed = statement.count("("), statement.count(")")
    starts, ends = statement.startswith("("), statement.endswith(")")
    if starts and ends and opened == closed:
        return statement[1:-1]
    if starts and opened > closed:
        return statement[1:]
    return statement[:-1] if ends and closed > opened else statement


def kind_of(said: str | None, issues: Issues) -> str:
    """Name the kind of party; the legacy files leave the type of companies empty."""
    kind = KINDS.get((said or "entity").lower())
    if kind is None:
        issues.note(f"type {said!r} is none that is known")
    return kind or "unknown"


def programmes_in(said: str | None) -> tuple[str, ...]:
    """Read ``DPRK4] [NPWMD`` as two programmes."""
    return tuple(filter(None, (folded(one) for one in re.split(r"\]\s*\[", said or "")))) if said else ()


def part_of(programmes: list[tuple[str, ...]]) -> str:
    """Name the part by what most of its entries are listed under: the two parts have the same form."""
    others = CARD.lookups["part"]
    consolidated = sum(any(one.lower() in others for one in listed) for listed in programmes)
    return "consolidated" if consolidated * 2 > len(programmes) else "sdn"


@dataclass(frozen=True)
class Entry:
    """One entry as either form tells it, before its values are read."""

    number: str
    line: int
    kind: str
    name: str
    programmes: tuple[str, ...]
    statements: Statements
    aliases: list[str]
    former_names: list[str]
    weak_names: list[str] = field(default_factory=list)
    callsign: str | None = None
    ship_type: str | None = None
    tonnage: str | None = None
    flag: str | None = None
    owner: str | None = None
    countries: list[str] = field(default_factory=list)
    remark: str | None = None


def built(entry: Entry, issues: Issues) -> Designation:
    """Read the values of an entry and make a designation of it."""
    told, is_vessel = entry.statements, entry.kind == "vessel"
    name, others, formerly = ship_names(entry.name, issues) if is_vessel else (folded(entry.name), [], [])
    imos = imo_numbers(" / ".join(told.imos) or None, entry.kind, CARD.lookups["imo"], issues)
    mmsis = mmsi_numbers(" / ".join(told.mmsis) or None, CARD.lookups["mmsi"], issues)
    callsigns = [*([entry.callsign] if entry.callsign else []), *told.callsigns]
    flag = entry.flag or next(iter(told.flags), None)
    for other in told.flags:
        issues.note(f"also listed under the flag {other!r}") if other != flag else None
    if flag and flag.lower() in CARD.lookups["flag"]:
        issues.note(f"the flag {flag!r} is no country")
    return Designation(
        id=f"ofac:{entry.number}",
        list="ofac",
        edition="",
        kind=entry.kind,
        name=name,
        aliases=_distinct(others, entry.aliases, told.aliases),
        former_names=_distinct(formerly, entry.former_names, told.former_names),
        weak_names=_distinct(entry.weak_names, told.weak_names),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        mmsi=next(iter(mmsis), None),
        other_mmsis=tuple(str(number) for number in mmsis[1:]),
        callsign=next(iter(callsigns), None),
        other_callsigns=tuple(callsigns[1:]),
        flag=flag,
        former_flags=tuple(told.former_flags),
        ship_type_text=remarks(*(("", one) for one in _distinct([entry.ship_type or ""], told.ship_types))),
        tonnage=entry.tonnage,
        build_year=next((int(year) for year in told.build_years), None),
        owner=entry.owner,
        country=next(iter([*told.countries, *entry.countries]), None),
        birth_date="; ".join(partial_day(one) for one in told.births) or None,
        registration="; ".join(told.registrations) or None,
        programmes=entry.programmes,
        measures=tuple(told.measures),
        reference=entry.number,
        linked_to=tuple(told.linked_to),
        remarks=entry.remark,
        issues=tuple(issues.said),
        line=entry.line,
    )


def _distinct(*names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in names for name in some if (one := folded(name))))
