"""The EU's financial sanctions file: every person and entity under an asset freeze, in XML or as a table.

The table says the same as the XML, spread over rows: each has the entity's columns and one name, address, date
of birth, document or citizenship.  It is put back together here, so that one reader reads both.

The file calls everything that is no person an enterprise, ships too.  A number of type ``imo`` then may be a
ship's or a company's: the two have different check digits, and where both hold the entry stays ``unknown``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from clearwake.lists.editions import Draft
from clearwake.lists.fields import Element, Leftovers, Row, decoded, elements, lines, refuse_if_cut
from clearwake.lists.values import Issues, day, folded, imo_numbers, partial_day, remarks
from clearwake.model import Designation, UnreadableFileError
from clearwake.model.identifiers import (
    PLACEHOLDER_IMOS,
    company_imo_check_digit_holds,
    imo_check_digit_holds,
    read_imos,
)

ENTITY = "sanctionEntity"

NOT_KEPT = ("logicalId", "regulationLanguage", "regulationSummary", "calendarType", "asAtListingTime")
"""Book-keeping of the file itself: taken, and not kept."""

PLACE = ("street", "poBox", "zipCode", "city", "place", "region", "countryDescription")
DOCUMENT = ("identificationTypeDescription", "number", "latinNumber", "nameOnDocument", "issuedBy", "issuedDate",
            "issueDate", "validFrom", "validTo", "region", "countryDescription")  # fmt: skip
DOUBTS = ("diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")
NO_COUNTRY = {"unknown", "00", ""}

GROUPS = {"NameAlias": "nameAlias", "Address": "address", "BirthDate": "birthdate", "Identification": "identification",
          "Citizenship": "citizenship"}  # fmt: skip
"""What columns of the table begin with, and the XML element that says the same."""

RENAMED = {"Entity_EU_ReferenceNumber": "euReferenceNumber", "BirthDate_BirthDate": "birthdate",
           "BirthDate_Day": "dayOfMonth", "BirthDate_Month": "monthOfYear",
           "Identification_TypeCode": "identificationTypeCode",
           "Identification_TypeDescription": "identificationTypeDescription"}  # fmt: skip
"""Columns whose attribute in the XML is not simply the rest of their name."""

SHIP_WORDS = re.compile(r"(?i)\b(vessel|ship|tanker|m/v|imo ship)\b")
COMPANY_WORDS = re.compile(r"(?i)\b(company|owner|manager|operator|shipping line|fleet)\b")


def read_xml(name: str, content: bytes, draft: Draft) -> Draft:
    """Read the XML form into ``draft``.

    Raises:
        UnreadableFileError: If it is another document, or not well formed to its end.
    """
    leftovers = Leftovers()
    for element in elements(name, content, ("export",)):
        if element.tag == ENTITY:
            _enter(element, draft)
        elif element.tag == "export":
            draft.dated = day(element.attribute("generationDate"), Issues(), "date")
            element.drop("globalFileId")
        else:
            leftovers.note(element.number, {element.tag: element.text.strip()})
        leftovers.note(element.number, element.left(element.tag))
    draft.reject_unknown(leftovers)
    return draft


def read_table(name: str, content: bytes, draft: Draft) -> Draft:
    """Read the table form (semicolons) into ``draft``.

    Raises:
        UnreadableFileError: If it ends in the middle of a row, or its columns are not those of the file.
    """
    text = decoded(content)
    head, *rows = lines(text, ";")
    if "Entity_LogicalId" not in head.cells or "NameAlias_WholeName" not in head.cells or not rows:
        found = f"the columns {', '.join(head.cells)[:80]}"
        raise UnreadableFileError(
            name, found, "the EU's financial sanctions table", "fetch version 1.1 again"
        )
    refuse_if_cut(name, text, rows[-1], len(head.cells))
    entities, leftovers = dict[str, Element](), Leftovers()
    for line in rows:
        if len(line.cells) != len(head.cells):
            draft.reject(line.number, "not a row of this table", ";".join(line.cells))
            continue
        row = Row(line.number, dict(zip(head.cells, line.cells, strict=True)))
        draft.dated = draft.dated or day(row.take("fileGenerationDate"), Issues(), "date")
        row.drop("fileGenerationDate")
        entity = entities.setdefault(row.cells["Entity_LogicalId"], Element(ENTITY, line.number))
        _put_together(entity, row)
        leftovers.note(line.number, row.left())
    for entity in entities.values():
        _enter(entity, draft)
        leftovers.note(entity.number, entity.left(ENTITY))
    draft.reject_unknown(leftovers)
    return draft


def _put_together(entity: Element, row: Row) -> None:
    """Turn the cells of one row into the attributes and elements the XML would have."""
    found: dict[str, Element] = {}
    for column in list(row.cells):
        group, _, rest = column.partition("_")
        if group not in GROUPS and group != "Entity":
            continue
        value = row.take(column)
        if value is None:
            continue
        if rest.startswith("Regulation_"):
            tag = "regulation" if group == "Entity" else f"{GROUPS[group]} regulation"
            rest = rest.removeprefix("Regulation_")
        else:
            tag = "" if group == "Entity" else GROUPS[group]
        if column.startswith("Entity_SubjectType"):
            tag, rest = "subjectType", "ClassificationCode" if rest.endswith("Code") else "Code"
        element = entity if not tag else found.setdefault(tag, Element(tag, row.number))
        element.attributes[RENAMED.get(column, rest[:1].lower() + rest[1:])] = value
    for tag, element in found.items():
        own, _, summary = tag.partition(" ")
        if summary:
            element.tag = "regulationSummary"
            found.get(own, entity).children.append(element)
        elif (tag, element.attributes) not in [(child.tag, child.attributes) for child in entity.children]:
            entity.children.append(element)


def _enter(element: Element, draft: Draft) -> None:
    issues = Issues()
    designated, names = _designated_on(element, issues), [name for name in _names(element) if name.whole]
    reference = element.attribute("euReferenceNumber") or f"logical-{element.attribute('logicalId')}"
    if not names:
        draft.reject(element.number, "no name", reference)
        element.attributes, element.children = {}, []
        return
    entry = _designation(element, reference, names, draft, issues)
    draft.entries.append(replace(entry, listed_on=designated))


def _designation(
    element: Element, reference: str, names: list[Name], draft: Draft, issues: Issues
) -> Designation:
    told = "; ".join(filter(None, [element.attribute("designationDetails"), _remark(element)])) or None
    documents = _documents(element)
    element.drop("logicalId")
    first = next((name for name in names if name.is_strong and name.language in {"", "EN"}), names[0])
    others = [name for name in names if name.whole != first.whole]
    raw = " / ".join(number for kind, number, _ in documents if kind == "imo") or None
    kind = _kind(element, raw, f"{told or ''} {first.function or ''}", draft, issues)
    imos = imo_numbers(raw, kind, draft.card.lookups["imo"], issues)
    births, places = _births(element)
    countries = [country for one in element.items("citizenship") if (country := _country(one))]
    addresses, located = _addresses(element)
    return Designation(
        id=f"eu:{reference}",
        list="eu",
        edition="",
        kind=kind,
        name=first.whole,
        aliases=tuple(dict.fromkeys(name.whole for name in others if name.is_strong)),
        weak_names=tuple(dict.fromkeys(name.whole for name in others if not name.is_strong)),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        country=next(iter(countries + located), None),
        birth_date="; ".join(births) or None,
        registration=next((number for sort, number, _ in documents if sort == "regnumber"), None),
        programmes=_programmes(element),
        measures=("Asset freeze",),
        reference=remarks(("", reference), ("UN", element.attribute("unitedNationId"))),
        remarks=remarks(
            ("", told),
            *(("position", name.function) for name in names),
            *(("title", name.title) for name in names),
            *(("document", document) for _, _, document in documents),
            *(("place of birth", place) for place in places),
            *(("address", address) for address in addresses),
        ),
        issues=tuple(issues.said),
        line=element.number,
    )


@dataclass(frozen=True)
class Name:
    """One name of an entity."""

    whole: str
    is_strong: bool
    language: str
    function: str | None
    title: str | None


def _names(element: Element) -> list[Name]:
    names = []
    for one in element.items("nameAlias"):
        pieces = [one.attribute(piece) for piece in ("firstName", "middleName", "lastName")]
        whole = one.attribute("wholeName") or " ".join(filter(None, pieces))
        remark = _remark(one) or ""
        is_strong = one.attribute("strong") != "false" and "low quality" not in remark.lower()
        language, function, title = (one.attribute(what) for what in ("nameLanguage", "function", "title"))
        names.append(Name(folded(whole), is_strong, language or "", function, title))
        one.drop(*NOT_KEPT, "gender")
    return names


def _remark(element: Element) -> str | None:
    """Take remarks: elements in the XML, an attribute in the table."""
    return "; ".join(filter(None, [element.attribute("remark"), *element.texts("remark")])) or None


def _programmes(element: Element) -> tuple[str, ...]:
    found = list[str]()
    for one in element.items("regulation"):
        found += filter(None, [one.attribute("programme")])
        one.drop(
            "regulationType", "type", "organisationType", "numberTitle", "publicationUrl", *NOT_KEPT, *DATES
        )
    return tuple(dict.fromkeys(found))


DATES = ("entryIntoForceDate", "publicationDate")


def _dates(element: Element) -> Iterator[str]:
    """Look at every date on which an act named in an entity was published or took effect."""
    yield from (element.attributes[which] for which in DATES if element.attributes.get(which))
    for child in element.children:
        yield from _dates(child)


def _designated_on(element: Element, issues: Issues) -> datetime | None:
    """Take the date of designation; without one, the earliest act that the entry names stands for it."""
    acts = sorted(found for date in _dates(element) if (found := day(date, issues, "date of an act")))
    stated = day(element.attribute("designationDate"), issues, "date of designation")
    if stated is None and acts:
        issues.note("the file states no date of designation; the earliest act it names is taken")
    return stated or next(iter(acts), None)


def _documents(element: Element) -> list[tuple[str, str, str]]:
    """Take documents as (type, number, in words)."""
    found = []
    for one in element.items("identification"):
        kind, number = one.attribute("identificationTypeCode") or "", one.attributes.get("number", "")
        doubts = [doubt for doubt in DOUBTS if one.attribute(doubt) == "true"]
        said = [one.attribute(what) for what in DOCUMENT]
        words = [one for one in said if one and one.lower() not in NO_COUNTRY]
        found.append((kind, number, ", ".join([*words, *doubts, *filter(None, [_remark(one)])])))
        one.drop("countryIso2Code", *NOT_KEPT)
    return found


def _kind(element: Element, imo: str | None, words: str, draft: Draft, issues: Issues) -> str:
    """Name the kind of party; an enterprise with an IMO number may be a ship."""
    codes = [one.attribute("code") or "" for one in element.items("subjectType")]
    classes = [one.attribute("classificationCode") or "" for one in element.items("subjectType")]
    said = next(filter(None, [*codes, *classes]), "")
    kind = draft.card.lookups["kind"].get(said.lower())
    if kind is None:
        issues.note(f"subject type {said!r} is none that is known")
    return _ship_or_company(imo, words, issues) if kind == "company" and imo else kind or "unknown"


def _ship_or_company(imo: str, words: str, issues: Issues) -> str:
    numbers = [number for number in read_imos(imo) if number not in PLACEHOLDER_IMOS]
    fits_ship = any(imo_check_digit_holds(number) for number in numbers)
    fits_company = any(company_imo_check_digit_holds(number) for number in numbers)
    if fits_ship == fits_company:
        fits_ship, fits_company = bool(SHIP_WORDS.search(words)), bool(COMPANY_WORDS.search(words))
    if fits_ship != fits_company:
        return "vessel" if fits_ship else "company"
    issues.note(f"the file does not say whether IMO number {imo} is a ship's or a company's")
    return "unknown"


def _births(element: Element) -> tuple[list[str], list[str]]:
    """Take dates of birth, in ISO 8601 as far as they go, and places of birth."""
    births, places = list[str](), list[str]()
    for one in element.items("birthdate"):
        exact = one.attribute("birthdate")
        pieces = [one.attribute(piece) for piece in ("year", "monthOfYear", "dayOfMonth")]
        between = [one.attribute("yearRangeFrom"), one.attribute("yearRangeTo")]
        said = partial_day(exact or pieces[0] or "") or " to ".join(filter(None, between))
        births += [f"about {said}" if one.attribute("circa") == "true" else said] if said else []
        places += filter(None, [_place(one)])
        one.drop(*NOT_KEPT, "remark")
    return births, places


def _place(element: Element) -> str | None:
    country = element.attribute("countryIso2Code")
    said = [said for what in PLACE if (said := element.attribute(what)) and said.lower() not in NO_COUNTRY]
    return ", ".join(said) or (country if (country or "").lower() not in NO_COUNTRY else None)


def _country(element: Element) -> str | None:
    iso, said = element.attribute("countryIso2Code"), element.attribute("countryDescription")
    element.drop("region", "remark", *NOT_KEPT)
    return next((one for one in (said, iso) if one and one.lower() not in NO_COUNTRY), None)


def _addresses(element: Element) -> tuple[list[str], list[str]]:
    """Take addresses with how to reach the entity there, and the countries they are in."""
    addresses, countries = list[str](), list[str]()
    for one in element.items("address"):
        country = one.attributes.get("countryDescription", "")
        countries += [country] if country.lower() not in NO_COUNTRY else []
        contacts = [f"{c.attribute('key')} {c.attribute('value')}" for c in one.items("contactInfo")]
        said = [_place(one), one.attribute("contactInfo"), *contacts, _remark(one)]
        addresses += filter(None, [", ".join(filter(None, said))])
        one.drop(*NOT_KEPT)
    return addresses, countries
