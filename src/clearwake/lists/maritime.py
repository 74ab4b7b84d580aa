"""OpenSanctions' ``maritime.csv``: ships and shipping companies that any of its lists names, one row an IMO number.

A row's ``risk`` decides what becomes of it: a sanctioned ship is a designation, one that somebody only reported has the
status ``reported``, and one without any risk is a party and not held against anyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from clearwake.lists.cards import card
from clearwake.lists.editions import Draft
from clearwake.lists.fields import Leftovers, Row, contents
from clearwake.lists.tables import Form, rows
from clearwake.lists.topics import status_of
from clearwake.lists.values import (
    Issues,
    folded,
    imo_numbers,
    mmsi_numbers,
    parts,
    remarks,
    ship_names,
)
from clearwake.model import Designation, Options, Party, Reading, Received, UnreadableFileError

CARD = card("maritime")

FORM = Form(
    CARD.title,
    {
        "type": (),
        "name": ("caption",),
        "imo": ("imonumber",),
        "risk": ("topics",),
        "countries": ("country",),
        "flag": (),
        "mmsi": (),
        "id": (),
        "url": (),
        "datasets": (),
        "aliases": ("alias",),
        "callsign": (),
    },
    (("type",), ("name",), ("imo",), ("risk",), ("id",)),
    "give maritime.csv as OpenSanctions publishes it: type, caption, imo, risk, countries, flag, mmsi, id ...",
)

PART = "maritime"


@dataclass
class _Ship:
    """The rows of one id: the same ship or company under each of its IMO numbers."""

    row: Row
    imos: list[str] = field(default_factory=list)


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read one edition of ``maritime.csv``.

    Raises:
        UnreadableFileError: If there is not exactly one file, or it is another one, cut short, or without ships.
    """
    opened = [(number, *content) for number, file in enumerate(files) for content in contents(file)]
    if len(opened) != 1:
        found = f"{len(opened)} files"
        raise UnreadableFileError(files[0].origin, found, "one edition of maritime.csv", "read one at a time")
    number, name, content = opened[0]
    draft, leftovers, ships = (
        Draft(CARD, PART, options, files, number),
        Leftovers(),
        dict[str, _Ship](),
    )
    for row in rows(name, content, FORM, draft):
        identity, called, imo = row.take("id"), row.cells.get("name", "").strip(), row.take("imo")
        if identity is None or not called:
            reason = "no name" if identity else "no number"
            draft.reject(row.number, reason, ",".join((identity or "", called, *row.cells.values())))
            continue
        ship = ships.setdefault(identity, _Ship(row))
        ship.imos += [imo] if imo and imo not in ship.imos else []
        strange = {heading: said for heading, said in row.cells.items() if heading not in FORM.spellings}
        leftovers.note(row.number, strange)
    for identity, ship in ships.items():
        _enter(identity, ship, draft)
    draft.reject_unknown(leftovers)
    yield from draft.published()


def _enter(identity: str, ship: _Ship, draft: Draft) -> None:
    """Make a designation or a party of the rows of one id."""
    issues, row = Issues(), ship.row
    said = row.take("type") or ""
    kind = CARD.lookups["kind"].get(said.lower())
    if kind is None:
        issues.note(f"the type {said!r} is none that is known")
    topics = parts(row.take("risk"))
    status = status_of(topics, CARD.lookups["topics"])
    made = _designation(identity, kind or "unknown", status or "", topics, ship, issues)
    if status is not None:
        draft.entries.append(made)
        return
    draft.parties.append(
        Party(
            id=made.id,
            source=CARD.name,
            kind=made.kind,
            name=made.name,
            aliases=(*made.aliases, *made.former_names),
            country=made.country,
            imo=made.imo,
            topics=topics,
            issues=made.issues,
            line=made.line,
        )
    )


def _designation(
    identity: str, kind: str, status: str, topics: tuple[str, ...], ship: _Ship, issues: Issues
) -> Designation:
    row = ship.row
    imos = imo_numbers(" / ".join(ship.imos) or None, kind, CARD.lookups["imo"], issues)
    mmsis = mmsi_numbers(row.take("mmsi"), {}, issues)
    callsigns, flags, countries = (parts(row.take(column)) for column in ("callsign", "flag", "countries"))
    written, datasets = row.take("name") or "", row.take("datasets")
    name, others, former = ship_names(written, issues) if kind == "vessel" else (folded(written), [], [])
    return Designation(
        id=f"{CARD.name}:{identity}",
        list=CARD.name,
        edition="",
        kind=kind,
        name=name,
        aliases=(*others, *parts(row.take("aliases"))),
        former_names=tuple(former),
        imo=next(iter(imos), None),
        other_imos=tuple(imos[1:]),
        mmsi=next(iter(mmsis), None),
        other_mmsis=tuple(str(number) for number in mmsis[1:]),
        callsign=next(iter(callsigns), None),
        other_callsigns=tuple(callsigns[1:]),
        flag=next(iter(flags), None),
        country=next(iter(countries), None),
        # What is only reported is under no programme, as in published reports.
        programmes=parts(datasets) if status == "listed" else (),
        measures=topics,
        reference=row.take("url") or identity,
        status=status,
        remarks=remarks(
            ("datasets", datasets),
            *(("also under the flag", flag) for flag in flags[1:]),
            *(("country", country) for country in countries[1:]),
        ),
        issues=tuple(issues.said),
        line=row.number,
    )
