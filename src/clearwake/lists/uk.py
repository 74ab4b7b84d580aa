"""The United Kingdom's sanctions list: persons, entities and ships, in XML or as a table.

Both forms say the same.  In the XML every fact is a leaf below its designation; in the table every designation is
spread over rows, one for each combination of names, dates of birth, addresses ..., under a first line that dates it.
Both are brought to one shape, ``Told``: what each leaf says, each value once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clearwake.lists import edges
from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import (
    Element,
    Leftovers,
    Line,
    contents,
    decoded,
    elements,
    is_xml,
    lines,
    refuse_if_cut,
)
from clearwake.lists.uk_entries import ADDRESS, NAME, Name, Told, edges_of, entry
from clearwake.lists.values import Issues, day, folded
from clearwake.model import Options, Reading, Received, UnreadableFileError

CARD = card("uk")

ROOT, DESIGNATION = "Designations", "Designation"
INDICATORS = "SanctionsImposedIndicators"
"""Says in yes and no, measure by measure, what ``SanctionsImposed`` says in words; taken, and not kept."""

NEEDED = ("UniqueID", "Name6", "RegimeName", "IndividualEntityShip")
"""Without these columns a table is not the UK's."""

COLUMNS = {
    "lastupdated": "LastUpdated", "uniqueid": "UniqueID", "ofsigroupid": "OFSIGroupID",
    "unreferencenumber": "UNReferenceNumber", "name1": "Name1", "name2": "Name2", "name3": "Name3", "name4": "Name4",
    "name5": "Name5", "name6": "Name6", "nametype": "NameType", "aliasstrength": "AliasStrength", "title": "Title",
    "namenonlatinscript": "NameNonLatinScript", "nonlatinscripttype": "NonLatinScriptType",
    "nonlatinscriptlanguage": "NonLatinScriptLanguage", "regimename": "RegimeName",
    "designationtype": "IndividualEntityShip", "individualentityship": "IndividualEntityShip",
    "designationsource": "DesignationSource", "sanctionsimposed": "SanctionsImposed",
    "otherinformation": "OtherInformation", "ukstatementofreasons": "UKStatementofReasons",
    "addressline1": "AddressLine1", "addressline2": "AddressLine2", "addressline3": "AddressLine3",
    "addressline4": "AddressLine4", "addressline5": "AddressLine5", "addressline6": "AddressLine6",
    "addresspostalcode": "AddressPostalCode", "addresscountry": "AddressCountry", "phonenumber": "PhoneNumber",
    "website": "Website", "emailaddress": "EmailAddress", "datedesignated": "DateDesignated", "dob": "DOB",
    "nationalityies": "Nationality", "nationality": "Nationality",
    "nationalidentifiernumber": "NationalIdentifierNumber",
    "nationalidentifieradditionalinformation": "NationalIdentifierAdditionalInformation",
    "passportnumber": "PassportNumber", "passportadditionalinformation": "PassportAdditionalInformation",
    "position": "Position", "gender": "Gender", "townofbirth": "TownOfBirth", "countryofbirth": "CountryOfBirth",
    "typeofentity": "TypeOfEntity", "subsidiaries": "Subsidiary", "parentcompany": "ParentCompany",
    "businessregistrationnumbers": "BusinessRegistrationNumber", "businessregistrationnumber":
    "BusinessRegistrationNumber", "imonumber": "IMONumber", "currentowneroperators": "CurrentOwnerOperator",
    "currentowneroperator": "CurrentOwnerOperator", "previousowneroperators": "PreviousOwnerOperator",
    "previousowneroperator": "PreviousOwnerOperator", "currentbelievedflagofship": "CurrentBelievedFlagOfShip",
    "previousflags": "PreviousFlag", "typeofship": "TypeOfShip", "tonnageofship": "TonnageOfShip",
    "lengthofship": "LengthOfShip", "yearbuilt": "YearBuilt", "hullidentificationnumberhin":
    "HullIdentificationNumber", "hullidentificationnumber": "HullIdentificationNumber",
}  # fmt: skip
"""A column's heading, without case, blanks and signs, and the leaf of the XML that says the same."""


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition: the UK sanctions list, in XML or as a comma-separated table.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it is another one, cut short, or holds what no
            complete edition holds.
    """
    opened = [(number, *content) for number, file in enumerate(files) for content in contents(file)]
    if len(opened) != 1:
        found = f"{len(opened)} files"
        raise UnreadableFileError(files[0].origin, found, "one edition of the UK list", "read one at a time")
    number, name, content = opened[0]
    draft, leftovers = Draft(CARD, "full", options, files, number), Leftovers()
    told = _from_xml(name, content, draft, leftovers) if is_xml(content) else _Table(name, content, draft)
    stands = list[edges.Edge]()
    for one in told:
        _enter(one, draft, stands)
        leftovers.note(
            one.line, {f"{DESIGNATION}/{leaf}": "; ".join(said) for leaf, said in one.leaves.items()}
        )
    edges.join(draft, stands)
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _enter(told: Told, draft: Draft, stands: list[edges.Edge]) -> None:
    number, names = told.first("UniqueID"), told.spoken()
    if number is None or not names:
        reason = "no name" if number else "no number"
        draft.reject(told.line, reason, f"{number} {told.first('RegimeName')} {names}")
        told.leaves.clear()
        return
    stands += edges_of(told, f"uk:{number}")
    draft.entries.append(entry(told, number, names, CARD))


def _from_xml(name: str, content: bytes, draft: Draft, leftovers: Leftovers) -> Iterator[Told]:
    for element in elements(name, content, (ROOT,)):
        if element.tag == DESIGNATION:
            yield _told(element)
        elif element.tag == "DateGenerated":
            draft.dated = day(element.text, Issues(), "date")
        elif element.tag != ROOT:
            leftovers.note(element.number, {element.tag: folded(element.text)})
        else:
            draft.dated = day(element.attribute("DateGenerated"), Issues(), "date")
        leftovers.note(element.number, element.left(element.tag))


def _told(element: Element) -> Told:
    """Take a designation leaf by leaf; names and addresses stay together."""
    told = Told(element.number)
    for name in element.items("Names", "Name"):
        told.names.append(Name({leaf.tag: folded(leaf.text) for leaf in name.children if leaf.tag in NAME}))
        name.drop(*NAME)
    for place in element.items("Addresses", "Address"):
        told.add_address({leaf.tag: folded(leaf.text) for leaf in place.children if leaf.tag in ADDRESS})
        place.drop(*ADDRESS)
    element.drop(INDICATORS)
    _take_leaves(element, told)
    return told


def _take_leaves(element: Element, told: Told) -> None:
    for child in element.children:
        if child.children:
            _take_leaves(child, told)
        else:
            told.add(child.tag, child.text)
            child.text = ""
    element.children = [child for child in element.children if child.children or child.attributes]


@dataclass
class _Table:
    """The table: rows of one number are one designation."""

    name: str
    content: bytes
    draft: Draft
    seen: dict[str, Told] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Told]:
        text = decoded(self.content)
        rows = list(lines(text))
        head = self._head(rows)
        heading, *rows = rows[head:]
        leaves = [COLUMNS.get(_plain(cell), cell.strip()) for cell in heading.cells]
        refuse_if_cut(self.name, text, rows[-1], len(leaves))
        for line in rows:
            if len(line.cells) != len(leaves):
                self.draft.reject(line.number, "not a row of this table", ",".join(line.cells))
                continue
            self._hear(line.number, dict(zip(leaves, line.cells, strict=True)))
        yield from self.seen.values()

    def _head(self, rows: list[Line]) -> int:
        """Find the row of headings, under a line that dates the table.

        Raises:
            UnreadableFileError: If there is none with the columns of the list, or nothing below it.
        """
        for number, line in enumerate(rows[:3]):
            leaves = {COLUMNS.get(_plain(cell)) for cell in line.cells}
            if set(NEEDED) <= leaves and number + 1 < len(rows):
                return number
            dated = re.search(r"\d{1,2}[/-]\w+[/-]\d{4}|\d{4}-\d\d-\d\d", " ".join(line.cells))
            if dated:
                self.draft.dated = day(
                    dated[0].replace("-", "/") if dated[0][2] == "-" else dated[0], Issues(), "date"
                )
        found = f"the first row {','.join(rows[0].cells)[:80]!r}" if rows else "no row"
        do_next = "give UK-Sanctions-List.csv or .xml as published"
        raise UnreadableFileError(self.name, found, CARD.title, do_next)

    def _hear(self, number: int, cells: dict[str, str]) -> None:
        identity = cells.get("UniqueID", "").strip() or f"line {number}"
        told = self.seen.setdefault(identity, Told(number))
        told.add_name({leaf: folded(cells.pop(leaf, "")) for leaf in NAME})
        told.add_address({leaf: folded(cells.pop(leaf, "")) for leaf in ADDRESS})
        for leaf, said in cells.items():
            told.add(leaf, said)


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading).lower()
