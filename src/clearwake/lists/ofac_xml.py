"""The US Treasury's XML file (``SDN.XML``, ``CONSOLIDATED.XML``): one ``sdnEntry`` for each entry.

It states when it was published and how many entries it has; a file that holds another number is not whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from clearwake.lists.editions import Draft
from clearwake.lists.fields import Element, Leftovers, elements
from clearwake.lists.ofac_entries import Entry, Statements, built, kind_of, part_of
from clearwake.lists.values import Issues, day, remarks
from clearwake.model import Designation, UnreadableFileError


def read(name: str, content: bytes, draft: Draft) -> Draft:
    """Read the file into ``draft``.

    Raises:
        UnreadableFileError: If it is another file, not whole, or not well formed.
    """
    leftovers, stated = Leftovers(), None
    for element in elements(name, content, ("sdnList",)):
        if element.tag == "publshInformation":
            draft.dated, stated = _published_on(element), element.take("Record_Count")
        elif element.tag == "sdnEntry":
            _enter(element, draft)
        elif element.tag != "sdnList":
            leftovers.note(element.number, {element.tag: element.text.strip()})
        leftovers.note(element.number, element.left(element.tag))
    if stated is not None and stated != str(len(draft.entries) + len(draft.rejects)):
        found = f"{len(draft.entries):,} entries where the file itself counts {stated}"
        raise UnreadableFileError(name, found, "the US Treasury's list in XML", "fetch it again")
    draft.reject_unknown(leftovers)
    draft.part = part_of([entry.programmes for entry in draft.entries])
    return draft


def _published_on(element: Element) -> datetime | None:
    said = element.take("Publish_Date") or ""
    if american := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", said):
        return datetime(int(american[3]), int(american[1]), int(american[2]), tzinfo=UTC)
    return day(said, Issues(), "publication date")


def _enter(element: Element, draft: Draft) -> None:
    number, name = element.take("uid"), _name(element)
    if number is None or name is None:
        draft.reject(element.number, "no name" if number else "no number", f"uid {number}, name {name}")
        element.children = []
        return
    draft.entries.append(_designation(element, number, name))


def _name(element: Element) -> str | None:
    """Take ``LAST, First`` as the legacy files write it; companies and ships have a last name only."""
    last, first = element.take("lastName"), element.take("firstName")
    return ", ".join(filter(None, (last, first))) or None


@dataclass
class Names:
    """Alternate names by their kind and strength."""

    aliases: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)


def _designation(element: Element, number: str, name: str) -> Designation:
    issues, statements = Issues(), Statements()
    kind, names = kind_of(element.take("sdnType"), issues), _names(element)
    told, countries = _told(element, statements)
    ship = {what: " / ".join(element.texts("vesselInfo", what)) or None for what in SHIP}
    entry = Entry(
        number=number,
        line=element.number,
        kind=kind,
        name=name,
        programmes=tuple(element.texts("programList", "program")),
        statements=statements,
        aliases=names.aliases,
        former_names=names.former,
        weak_names=names.weak,
        callsign=ship["callSign"],
        ship_type=ship["vesselType"],
        tonnage=remarks(("deadweight", ship["tonnage"]), ("gross", ship["grossRegisteredTonnage"])),
        flag=ship["vesselFlag"],
        owner=ship["vesselOwner"],
        countries=countries,
        remark=remarks(*told),
    )
    return built(entry, issues)


def _names(element: Element) -> Names:
    names = Names()
    for one in element.items("akaList", "aka"):
        one.drop("uid")
        name, kind, category = _name(one), one.take("type") or "", one.take("category") or ""
        is_former = kind.lower().startswith("f")
        fitting = names.weak if category.lower() == "weak" else names.former if is_former else names.aliases
        fitting.extend([name] if name else [])
    return names


def _told(element: Element, statements: Statements) -> tuple[list[tuple[str, str | None]], list[str]]:
    """Take everything else an entry says, let the statements in it be heard; give also the addresses' countries."""
    remark = element.take("remarks")
    told: list[tuple[str, str | None]] = [("title", element.take("title"))]
    told += [("", document) for document in _documents(element, statements)]
    for holder, item, what, label in PERSONAL:
        for one in element.items(holder, item):
            one.drop("uid", "mainEntry")
            said = f"{label} {one.take(what)}"
            statements.hear(said)
            told.append(("", said))
    countries = []
    for one in element.items("addressList", "address"):
        one.drop("uid")
        countries += [child.text for child in one.children if child.tag == "country" and child.text]
        told.append(("address", one.joined(ADDRESS)))
    statements.hear_all(remark or "")
    return [*told, ("", remark)], countries


def _documents(element: Element, statements: Statements) -> list[str]:
    documents = []
    for one in element.items("idList", "id"):
        one.drop("uid")
        kind, number, country = one.take("idType"), one.take("idNumber"), one.take("idCountry")
        document = " ".join(filter(None, (kind, number, f"({country})" if country else None)))
        statements.hear(document)
        dates = remarks(("issued", one.take("issueDate")), ("expires", one.take("expirationDate")))
        documents.append(f"{document} {dates}" if dates else document)
    return documents


SHIP = ("callSign", "vesselType", "vesselFlag", "vesselOwner", "tonnage", "grossRegisteredTonnage")
PERSONAL = (
    ("nationalityList", "nationality", "country", "nationality"),
    ("citizenshipList", "citizenship", "country", "citizen"),
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "DOB"),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "POB"),
)
ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country", "region")
