"""The US Treasury's legacy files: four tables without a header, told apart by their columns.

``-0-`` means nothing; the byte 0x1A ends the file and is no row; a remark stops at 1,000 characters, perhaps in
the middle of a word, and goes on in the comments file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clearwake.lists.editions import Draft
from clearwake.lists.fields import Line, Row, decoded, lines, refuse_if_cut
from clearwake.lists.ofac_entries import CARD, Entry, Statements, built, kind_of, part_of, programmes_in
from clearwake.lists.values import Issues, remarks
from clearwake.model import Designation, Options, Received, UnreadableFileError

PRIMARY = ("ent_num", "name", "type", "program", "title", "call_sign", "vess_type", "tonnage", "grt",
           "vess_flag", "vess_owner", "remarks")  # fmt: skip
ADDRESS = ("ent_num", "add_num", "address", "city", "country", "add_remarks")
NAME = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
COMMENT = ("ent_num", "comment")
ROLES = {12: "primary", 6: "addresses", 5: "names", 2: "comments"}
COLUMNS = {"primary": PRIMARY, "addresses": ADDRESS, "names": NAME, "comments": COMMENT}

LONGEST_REMARK = 1000
"""Characters of a remark; what is longer goes on in the comments file."""


@dataclass(frozen=True)
class Table:
    """One legacy file: which it is by its columns, and its rows."""

    name: str
    file: int
    role: str
    rows: list[Line]


@dataclass
class Around:
    """What the other legacy files say about one entry."""

    names: list[tuple[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    comment: str = ""


def table(name: str, content: bytes, file: int) -> Table:
    """Recognise a legacy file by its columns.

    Raises:
        UnreadableFileError: If it is none of the four, or ends in the middle of a row.
    """
    text = decoded(content)
    rows = list(lines(text))
    if rows and rows[0].cells[0].strip().lower() == "ent_num":
        rows = rows[1:]
    width = len(rows[0].cells) if rows else 0
    if width not in ROLES or not rows[0].cells[0].strip().isdigit():
        first = ",".join(rows[0].cells)[:80] if rows else ""
        found = f"{width} columns, the first row {first!r}"
        do_next = (
            "give SDN.CSV (12 columns, no header) with ADD.CSV, ALT.CSV and SDN_COMMENTS.CSV, or SDN.XML"
        )
        raise UnreadableFileError(name, found, "a legacy file of the US Treasury", do_next)
    refuse_if_cut(name, text, rows[-1], width)
    return Table(name, file, ROLES[width], rows)


def read(tables: list[Table], files: Sequence[Received], options: Options) -> list[Draft]:
    """Join the tables of one or both parts into editions.

    Raises:
        UnreadableFileError: If no primary file is among them.
    """
    primaries = [table for table in tables if table.role == "primary"]
    if not primaries:
        found = f"only {', '.join(sorted({table.role for table in tables}))}"
        do_next = "give the primary file (SDN.CSV or CONS_PRIM.CSV) together with the others"
        raise UnreadableFileError(tables[0].name, found, "an edition of the US Treasury", do_next)
    drafts = [Draft(CARD, _part(table), options, files, table.file) for table in primaries]
    known = {row.cells[0].strip() for table in primaries for row in table.rows}
    around = _around([table for table in tables if table.role != "primary"], known, drafts[0])
    for draft, table in zip(drafts, primaries, strict=True):
        _enter(table, around, draft)
        missing = sorted({"addresses", "names"} - {table.role for table in tables})
        draft.notes += [f"the file of {role} was not among those given" for role in missing]
    return drafts


def _part(table: Table) -> str:
    return part_of([programmes_in(row.cells[3]) for row in table.rows if len(row.cells) == len(PRIMARY)])


def _enter(table: Table, around: dict[str, Around], draft: Draft) -> None:
    seen = set[str]()
    for line in table.rows:
        cells = _cells(line, PRIMARY, draft, table.file)
        if cells is None:
            continue
        row = Row(line.number, cells)
        number, name = row.take("ent_num") or "", row.take("name")
        if name is None or number in seen:
            draft.reject(
                line.number, "no name" if name is None else "entry given twice", ",".join(line.cells)
            )
            continue
        seen.add(number)
        draft.entries.append(_designation(row, number, name, around.get(number, Around())))


def _cells(line: Line, columns: tuple[str, ...], draft: Draft, file: int) -> dict[str, str] | None:
    if len(line.cells) != len(columns) or not line.cells[0].strip().isdigit():
        draft.reject(line.number, "not a row of this table", ",".join(line.cells), file)
        return None
    return {
        name: "" if cell.strip() == "-0-" else cell for name, cell in zip(columns, line.cells, strict=True)
    }


def _around(tables: list[Table], known: set[str], draft: Draft) -> dict[str, Around]:
    gathered: dict[str, Around] = {}
    for table in tables:
        for line in table.rows:
            cells = _cells(line, COLUMNS[table.role], draft, table.file)
            if cells is None:
                continue
            row = Row(line.number, cells)
            number = row.take("ent_num") or ""
            if number not in known:
                draft.reject(line.number, "unknown entry", ",".join(line.cells), table.file)
                continue
            _gather(row, table.role, gathered.setdefault(number, Around()))
    return gathered


def _gather(row: Row, role: str, about: Around) -> None:
    if role == "names":
        row.drop("alt_num")
        kind, name, remark = row.take("alt_type"), row.take("alt_name"), row.take("alt_remarks")
        about.names += [(kind or "", name)] if name else []
        about.addresses += [f"alternate name remark: {remark}"] if remark else []
    elif role == "addresses":
        row.drop("add_num")
        told = [row.take(column) for column in ("address", "city", "country", "add_remarks")]
        about.countries += [told[2]] if told[2] else []
        about.addresses += [f"address: {', '.join(filter(None, told))}"] if any(told) else []
    else:
        about.comment += row.cells.pop("comment", "")


def _designation(row: Row, number: str, name: str, about: Around) -> Designation:
    issues, statements = Issues(), Statements()
    remark = row.take("remarks") or ""
    if about.comment and len(remark) < LONGEST_REMARK:
        issues.note("a comment goes on from a remark that is not cut; the two may be of different editions")
    elif len(remark) >= LONGEST_REMARK and not about.comment:
        issues.note("the remark is cut at 1,000 characters and no comment goes on from it")
    remark += about.comment
    statements.hear_all(remark)
    aliases, former = _sorted_names(about.names)
    title, tonnage = row.take("title"), ("deadweight", row.take("tonnage"))
    entry = Entry(
        number=number,
        line=row.number,
        kind=kind_of(row.take("type"), issues),
        name=name,
        programmes=programmes_in(row.take("program")),
        statements=statements,
        aliases=aliases,
        former_names=former,
        callsign=row.take("call_sign"),
        ship_type=row.take("vess_type"),
        tonnage=remarks(tonnage, ("gross", row.take("grt"))),
        flag=row.take("vess_flag"),
        owner=row.take("vess_owner"),
        countries=about.countries,
        remark=remarks(("title", title), ("", remark), *(("", one) for one in about.addresses)),
    )
    return built(entry, issues)


def _sorted_names(names: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Part alternate names into aliases (also known, now known) and former ones."""
    former = [name for kind, name in names if kind.lower() == "fka"]
    return [name for kind, name in names if kind.lower() != "fka"], former
