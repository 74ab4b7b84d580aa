"""The United Nations Security Council's consolidated list: persons and entities, one XML file.

Ships are not entries of it.  The IMO numbers in the comments of shipping companies are those companies' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Element, Leftovers, contents, elements
from clearwake.lists.values import Issues, day, folded, imo_numbers, partial_day, remarks
from clearwake.model import Designation, Options, Reading, Received, UnreadableFileError
from clearwake.model.identifiers import company_imo_check_digit_holds, imo_check_digit_holds

CARD = card("un")

HOLDERS = ("CONSOLIDATED_LIST", "INDIVIDUALS", "ENTITIES")
KINDS = {"INDIVIDUAL": "person", "ENTITY": "company"}

NOT_KEPT = ("VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD", "LIST_TYPE", "LAST_DAY_UPDATED", "SUBMITTED_BY",
            "SUBMITTED_ON")  # fmt: skip
"""Book-keeping of the file itself: taken, and not kept."""

ADDRESS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
DOCUMENT = ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER", "ISSUING_COUNTRY", "DATE_OF_ISSUE",
            "CITY_OF_ISSUE", "COUNTRY_OF_ISSUE", "NOTE")  # fmt: skip
BIRTH = ("TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE")
ALIAS = ("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE")

PREVIOUSLY = "(previously listed as)"
"""Marks an alias as the name the entry was listed under before."""

IMO_IN_COMMENTS = re.compile(r"IMO\D{0,20}(\d{7})(?!\d)")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition: the consolidated list in XML.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it is another one, cut short, or holds what no
            complete edition holds.
    """
    opened = [(number, *content) for number, file in enumerate(files) for content in contents(file)]
    if len(opened) != 1:
        found = f"{len(opened)} files"
        raise UnreadableFileError(files[0].origin, found, "one edition of the UN list", "read one at a time")
    number, name, content = opened[0]
    draft, leftovers = Draft(CARD, "consolidated", options, files, number), Leftovers()
    for element in elements(name, content, HOLDERS):
        if element.tag in KINDS:
            _enter(element, draft)
        elif element.tag == HOLDERS[0]:
            draft.dated = day(element.attribute("dateGenerated"), Issues(), "date")
        else:
            leftovers.note(element.number, {element.tag: element.text.strip()})
        leftovers.note(element.number, element.left(element.tag))
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _enter(element: Element, draft: Draft) -> None:
    issues, kind = Issues(), KINDS[element.tag]
    element.drop(*NOT_KEPT)
    number, reference = element.take("DATAID"), element.take("REFERENCE_NUMBER")
    names = [element.take(f"{which}_NAME") for which in ("FIRST", "SECOND", "THIRD", "FOURTH")]
    name = " ".join(filter(None, names))
    if not name or not (reference or number):
        draft.reject(element.number, "no name" if not name else "no number", f"{reference} {number} {name}")
        element.children = []
        return
    draft.entries.append(_designation(element, kind, name, reference or f"data-{number}", issues))


def _designation(element: Element, kind: str, name: str, reference: str, issues: Issues) -> Designation:
    names, (addresses, countries) = _names(element), _addresses(element)
    births = [_birth(one) for one in element.items("INDIVIDUAL_DATE_OF_BIRTH")]
    nationalities = element.texts("NATIONALITY", "VALUE") + element.texts("NATIONALITY2", "VALUE")
    programme, comment = element.take("UN_LIST_TYPE"), element.take("COMMENTS1")
    removed = day(element.take("DELISTED_ON"), issues, "date of removal")
    imos = _company_imos(comment, issues) if kind == "company" else []
    return Designation(
        id=f"un:{reference}",
        list="un",
        edition="",
        kind=kind,
        name=folded(name),
        aliases=tuple(dict.fromkeys(names.aliases)),
        former_names=tuple(dict.fromkeys(names.former)),
        weak_names=tuple(dict.fromkeys(names.weak)),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        country=next(iter(nationalities + countries), None),
        birth_date="; ".join(filter(None, births)) or None,
        programmes=(programme,) if programme else (),
        reference=reference,
        status="removed" if removed else "listed",
        listed_on=day(element.take("LISTED_ON"), issues, "date of listing"),
        removed_on=removed,
        remarks=remarks(("", comment), *names.told, *_told(element), *addresses),
        issues=tuple(issues.said),
        line=element.number,
    )


@dataclass
class Names:
    """Names besides the first, by their kind, and what is said about them."""

    aliases: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    told: list[tuple[str, str | None]] = field(default_factory=list)


def _names(element: Element) -> Names:
    script = element.take("NAME_ORIGINAL_SCRIPT")
    names = Names([folded(script)] if script else [])
    for one in element.items(f"{element.tag}_ALIAS"):
        name, quality = one.take("ALIAS_NAME"), (one.take("QUALITY") or "").lower()
        is_former, is_weak = quality.startswith("f.k.a") or PREVIOUSLY in (name or ""), quality == "low"
        fitting = names.former if is_former else names.weak if is_weak else names.aliases
        fitting.extend([_bare(name)] if name else [])
        names.told.append((f"as {name}", one.joined(ALIAS)))
    return names


def _bare(name: str) -> str:
    return folded(name.replace(PREVIOUSLY, "")).strip('"')


def _addresses(element: Element) -> tuple[list[tuple[str, str | None]], list[str]]:
    told, countries = list[tuple[str, str | None]](), list[str]()
    for one in element.items(f"{element.tag}_ADDRESS"):
        countries += [
            folded(child.text) for child in one.children if child.tag == "COUNTRY" and child.text.strip()
        ]
        told.append(("address", one.joined(ADDRESS)))
    return told, countries


def _birth(element: Element) -> str | None:
    """Bring a date of birth to ISO 8601 as far as it goes: ``1967-02-06``, ``1951 to 1953``, ``about 1951``."""
    kind, note = element.take("TYPE_OF_DATE"), element.take("NOTE")
    exact, year = element.take("DATE"), element.take("YEAR")
    between = [element.take("FROM_YEAR"), element.take("TO_YEAR")]
    said = partial_day(exact or year or "") or " to ".join(filter(None, between))
    about = "about " if kind == "APPROXIMATELY" and said else ""
    return " ".join(filter(None, (f"{about}{said}", f"({note})" if note else None))) or None


def _told(element: Element) -> list[tuple[str, str | None]]:
    """Take everything that has no column of its own."""
    told: list[tuple[str, str | None]] = [("gender", element.take("GENDER"))]
    told += [("title", one) for one in element.texts("TITLE", "VALUE")]
    told += [("position", one) for one in element.texts("DESIGNATION", "VALUE")]
    told += [("place of birth", one.joined(ADDRESS)) for one in element.items("INDIVIDUAL_PLACE_OF_BIRTH")]
    told += [("document", one.joined(DOCUMENT)) for one in element.items("INDIVIDUAL_DOCUMENT")]
    return told


def _company_imos(comment: str | None, issues: Issues) -> list[str]:
    """Read a shipping company's own IMO number out of its comment; a ship's number there is only mentioned."""
    own = []
    for number in dict.fromkeys(IMO_IN_COMMENTS.findall(folded(comment or ""))):
        if imo_check_digit_holds(number) and not company_imo_check_digit_holds(number):
            issues.note(f"its comment mentions a ship's IMO number, {number}")
        else:
            own += imo_numbers(number, "company", {}, issues)
    return own
