"""A watch list of one's own: any table of ships, companies, persons or countries, in CSV, JSON or Parquet.

One row for each party and period.  A status (proposed, on hold, listed, removed) holds from one day to another, so
that a ship proposed in March, put on hold in April and listed in May is three rows; the last day counts.  The file's
name, without a date, is the name of the list: next week's file of the same name is its next edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from clearwake.lists import edges
from clearwake.lists.cards import card
from clearwake.lists.editions import Draft, part_from_name
from clearwake.lists.fields import Leftovers, Row, contents
from clearwake.lists.tables import Form, rows
from clearwake.lists.values import (
    Issues,
    edge_of_period,
    folded,
    imo_numbers,
    meant,
    mmsi_numbers,
    partial_day,
    parts,
    remarks,
    ship_names,
)
from clearwake.model import Designation, Options, Reading, Received, UnreadableFileError

CARD = card("watchlist")

FORM = Form(
    CARD.title,
    {
        "id": ("number", "key", "entry", "entityid"),
        "name": ("caption", "shipname", "vesselname", "partyname", "entityname", "ship", "vessel"),
        "aliases": ("alias", "aka", "othernames", "alsoknownas"),
        "former_names": ("formername", "previousnames", "previousname", "fka", "exname", "exnames"),
        "kind": ("type", "schema", "partytype", "entitytype"),
        "imo": ("imonumber", "imono", "imos", "companyimo"),
        "mmsi": ("mmsinumber", "ssvid"),
        "callsign": ("radiocallsign",),
        "flag": ("flagstate", "flagcode"),
        "country": ("countries", "nationality", "jurisdiction", "countrycode"),
        "birth_date": ("birthdate", "dateofbirth", "dob"),
        "registration": ("registrationnumber", "companynumber", "regno", "taxnumber"),
        "programme": ("programmes", "program", "programs", "regime"),
        "measures": ("measure", "sanctions"),
        "status": ("state", "listingstatus"),
        "from": ("validfrom", "since", "start", "startdate", "listedon", "date"),
        "to": ("validto", "until", "end", "enddate", "removedon"),
        "owner": ("registeredowner", "vesselowner"),
        "beneficial_owner": ("ultimateowner", "groupowner", "beneficialowners"),
        "manager": ("shipmanager", "commercialmanager", "technicalmanager"),
        "ism_company": ("ismmanager", "ism", "doccompany"),
        "operator": ("shipoperator",),
        "reference": ("source", "authority", "url"),
        "remarks": ("remark", "note", "notes", "reason", "reasons", "comment", "comments"),
    },
    (("name", "imo", "mmsi", "callsign"),),
    "begin the file with a line of headings, at least one of name, imo, mmsi or callsign; --map says which is which",
)

ROLES = {"owner": "owner", "beneficial_owner": "beneficial owner", "manager": "manager",
         "ism_company": "ism company", "operator": "operator"}  # fmt: skip
"""Columns that name who stands behind a party, and the role of each."""


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition of a watch list.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it is no such table, is cut short, or has no entry.
        UsageError: If ``options.mapping`` names something a watch list does not have.
    """
    opened = [(number, *content) for number, file in enumerate(files) for content in contents(file)]
    if len(opened) != 1:
        found = f"{len(opened)} files"
        raise UnreadableFileError(files[0].origin, found, "one edition of a watch list", "read one at a time")
    number, name, content = opened[0]
    draft = Draft(CARD, part_from_name(files[number].origin) or "own", options, files, number)
    leftovers, stands = Leftovers(), list[edges.Edge]()
    for row in rows(name, content, FORM, draft):
        _enter(row, draft, stands)
        leftovers.note(row.number, row.left())
    edges.join(draft, stands)
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _enter(row: Row, draft: Draft, stands: list[edges.Edge]) -> None:
    issues, whole = Issues(), ",".join(row.cells.values())
    called = {
        column: meant(row.take(column), CARD.lookups["nothing"])
        for column in ("name", "imo", "mmsi", "callsign")
    }
    if not any(called.values()):
        draft.reject(row.number, "nothing to recognise it by", whole)
        row.cells = {}
        return
    made = _designation(row, called, draft, issues)
    for column, role in ROLES.items():
        words = column.replace("_", " ")
        stands += [edges.Edge(made.id, name, role, words, kind="company") for name in parts(row.take(column))]
    draft.entries.append(made)


def _designation(row: Row, called: dict[str, str | None], draft: Draft, issues: Issues) -> Designation:
    kind = _kind(row.take("kind"), called, issues)
    imos = imo_numbers(called["imo"], kind, {}, issues)
    mmsis = mmsi_numbers(called["mmsi"], {}, issues)
    said = called["name"] or _without_name(called, issues)
    name, others, former = ship_names(said, issues) if kind == "vessel" else (folded(said), [], [])
    own = row.take("id") or (f"imo{imos[0]}" if imos else None) or (f"mmsi{mmsis[0]}" if mmsis else None)
    identity = own or hashlib.sha256(f"{kind}|{said.upper()}".encode()).hexdigest()[:10]
    since = edge_of_period(row.take("from"), issues, "the day it began")
    until = edge_of_period(row.take("to"), issues, "the day it ended", is_end=True)
    if since and until and until < since:
        issues.note(f"it ended on {until:%Y-%m-%d}, before it began on {since:%Y-%m-%d}")
    callsigns, births = parts(called["callsign"]), parts(row.take("birth_date"))
    removed = until + timedelta(days=1) if until else None
    status = _status(row.take("status"), removed, draft, issues)
    if status == "removed" and removed is None:
        removed = since
    return Designation(
        id=draft.numbered(f"{CARD.name}:{draft.part}:{identity}"),
        list=CARD.name,
        edition="",
        kind=kind,
        name=name,
        aliases=(*others, *parts(row.take("aliases"))),
        former_names=(*former, *parts(row.take("former_names"))),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        mmsi=next(iter(mmsis), None),
        other_mmsis=tuple(str(number) for number in mmsis[1:]),
        callsign=next(iter(callsigns), None),
        other_callsigns=tuple(callsigns[1:]),
        flag=row.take("flag"),
        owner=row.cells.get("owner", "").strip() or None,
        country=row.take("country"),
        birth_date="; ".join(partial_day(one) for one in births) or None,
        registration=row.take("registration"),
        programmes=tuple(one for piece in parts(row.take("programme")) for one in parts(piece, "|")),
        measures=tuple(one for piece in parts(row.take("measures")) for one in parts(piece, "|")),
        reference=row.take("reference"),
        status=status,
        listed_on=since,
        removed_on=removed,
        remarks=remarks(("", row.take("remarks"))),
        issues=tuple(issues.said),
        line=row.number,
    )


def _without_name(called: dict[str, str | None], issues: Issues) -> str:
    issues.note("the row gives no name")
    column = next(column for column, said in called.items() if said)
    return f"{column.upper()} {called[column]}"


def _kind(said: str | None, called: dict[str, str | None], issues: Issues) -> str:
    """Name the kind of party; a row that does not say but has a ship's number or call sign is of a ship."""
    if said is None:
        return "vessel" if called["imo"] or called["mmsi"] or called["callsign"] else "unknown"
    kind = meant(said, CARD.lookups["kind"])
    if kind not in CARD.lookups["kind"].values():
        issues.note(f"the kind {said!r} is none that is known")
        return "unknown"
    return kind or "unknown"


def _status(said: str | None, removed: datetime | None, draft: Draft, issues: Issues) -> str:
    """Name the status; a listing that has ended already is a removed one."""
    status = meant(said, CARD.lookups["status"]) or "listed"
    if status not in CARD.lookups["status"].values():
        issues.note(f"the status {said!r} is none that is known; it is taken as listed")
        status = "listed"
    has_ended = removed is not None and removed <= draft.options.received_at
    return "removed" if status == "listed" and has_ended else status
