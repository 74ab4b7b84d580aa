"""Annexes of EU regulations as tables: one row for each entry of an annex of the Official Journal.

Only what stands in the Journal is authentic.  The table says which regulation and annex, and what the listing
does; a ship designated for two measures stands in two annexes and is two designations.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from clearwake.lists.cards import Card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Leftovers, Row, decoded, lines, refuse_if_cut
from clearwake.lists.values import (
    Issues,
    day,
    folded,
    imo_numbers,
    mmsi_numbers,
    partial_day,
    parts,
    remarks,
    ship_names,
)
from clearwake.model import Designation, Options, Received, UnreadableFileError

NEEDED = ("celex", "annex", "schema", "name", "startDate", "imoNumber")
"""Without these columns a table is not one of annexes."""

TOLD = ("birthPlace", "position", "passportNumber", "gender", "appearance", "ethnicity", "fatherName", "motherName",
        "incorporationDate", "legalForm", "sector", "taxNumber", "idNumber", "innCode", "ogrnCode", "kppCode",
        "okpoCode", "leiCode", "swiftBic", "ticker", "address", "phone", "email", "website", "reason",
        "notes")  # fmt: skip
"""Columns without a place of their own: they go into the remarks under their name."""


def read(
    name: str, content: bytes, card: Card, files: Sequence[Received], options: Options, file: int
) -> list[Draft]:
    """Read a table of annexes into one draft for each regulation in it.

    Raises:
        UnreadableFileError: If needed columns are absent or the table ends in the middle of a row.
    """
    text = decoded(content)
    head, *rows = lines(text)
    absent = [column for column in NEEDED if column not in head.cells]
    if absent or not rows:
        found = f"no {', '.join(absent)}" if absent else "a header and nothing below it"
        raise UnreadableFileError(name, found, "a table of annexes", "give a table with the columns of eu.md")
    refuse_if_cut(name, text, rows[-1], len(head.cells))
    drafts, leftovers = dict[str, Draft](), dict[str, Leftovers]()
    for line in rows:
        cells = dict(zip(head.cells, line.cells, strict=False))
        regulation = cells.get("celex", "").strip() or "other"
        draft = drafts.setdefault(regulation, Draft(card, regulation, options, files, file))
        row = Row(line.number, cells)
        if len(line.cells) != len(head.cells):
            draft.reject(line.number, "not a row of this table", ",".join(line.cells))
        elif not cells["name"].strip():
            draft.reject(line.number, "no name", ",".join(line.cells))
        else:
            _enter(row, regulation, draft)
            leftovers.setdefault(regulation, Leftovers()).note(line.number, row.left())
    for regulation, left in leftovers.items():
        drafts[regulation].reject_unknown(left)
    return list(drafts.values())


def _enter(row: Row, regulation: str, draft: Draft) -> None:
    issues, schema = Issues(), row.take("schema") or ""
    kind = draft.card.lookups["kind"].get(schema.lower())
    if kind is None:
        issues.note(f"schema {schema!r} is none that is known")
    row.drop("celex")
    draft.entries.append(_designation(row, regulation, kind or "unknown", schema, issues, draft))


def _designation(
    row: Row, regulation: str, kind: str, schema: str, issues: Issues, draft: Draft
) -> Designation:
    imos = imo_numbers(row.take("imoNumber"), kind, draft.card.lookups["imo"], issues)
    mmsis = mmsi_numbers(row.take("mmsi"), draft.card.lookups["mmsi"], issues)
    written, annex, record = row.take("name") or "", row.take("annex") or "", row.take("recordId")
    name, others, formerly = ship_names(written, issues) if kind == "vessel" else (folded(written), [], [])
    countries = [row.take(column) for column in ("country", "jurisdiction", "nationality")]
    programme, measure = row.take("programKey"), row.take("measure")
    return Designation(
        id=_named(f"eu:{regulation}:{annex}", record, imos, written, draft),
        list="eu",
        edition="",
        kind=kind,
        name=name,
        aliases=(*others, *parts(row.take("alias"))),
        former_names=(*formerly, *parts(row.take("previousName"))),
        weak_names=parts(row.take("weakAlias")),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        mmsi=next(iter(mmsis), None),
        other_mmsis=tuple(str(number) for number in mmsis[1:]),
        flag=row.take("flag"),
        country=next(filter(None, countries), None),
        birth_date="; ".join(partial_day(one) for one in parts(row.take("birthDate"))) or None,
        registration=row.take("registrationNumber"),
        programmes=(programme,) if programme else (),
        measures=(measure,) if measure else (),
        reference=f"{regulation} annex {annex}" + (f" no. {record}" if record else ""),
        listed_on=day(row.take("startDate"), issues, "date of listing"),
        remarks=remarks(
            ("", schema if kind == "unknown" else None), *((what, row.take(what)) for what in TOLD)
        ),
        issues=tuple(issues.said),
        line=row.number,
    )


def _named(annex: str, record: str | None, imos: list[str], name: str, draft: Draft) -> str:
    """Name an entry by its number in the annex, else its IMO number, else its name; a repeated one is numbered."""
    own = record or (f"imo{imos[0]}" if imos else hashlib.sha256(name.encode()).hexdigest()[:10])
    return draft.numbered(f"{annex}:{own}")
