"""Who stands behind the ships, how much may have moved, what those named say, and how to check: parts of a dossier."""

from __future__ import annotations

from clearwake.dossier.document import Block, Group, Section, groups, note, points, table, text
from clearwake.dossier.evidence_parts import DECIDED, on_day
from clearwake.dossier.material import Material
from clearwake.dossier.ships import row_of
from clearwake.dossier.wording import clock, country, day, sentence
from clearwake.model import Registration

ROLES = (("owner", "Owner"), ("beneficial_owner", "Beneficial owner"), ("manager", "Manager"),
         ("ism_company", "ISM company"), ("operator", "Operator"))  # fmt: skip

BEHIND = ("owned_in", "owned_by_listed", "national", "service", "crew", "foreign_interest", "designated",
          "blocked_share", "dprk_government")  # fmt: skip
"""Kinds of facts that say who stands behind a ship."""

LADEN = (("one third", 1 / 3), ("one half", 0.5), ("90 %", 0.9))
"""How full tankers were taken to be in the deliveries governments reported to the Committee in 2018."""

BBL_PER_T = 7.98
"""Barrels of petroleum products together to the tonne (Statistical Review of World Energy, conversion factors)."""

REPLIES = ("offer_reply", "reply")

UNDER = ("detain", "release", "flag_request", "committee_decision")


def ownership_section(material: Material, title: str) -> Section:
    """Say who owns, controls, runs and serves each ship, as registers and documents have it."""
    parts = [
        Group(material.called(ship), "", tuple(rows))
        for ship in material.ships
        if (rows := _behind(material, ship))
    ]
    if not parts:
        return Section(title, (text("Nothing released says who owns, controls or runs the ships."),))
    told = "What registers and documents say; a share under 50 % or control alone is not ownership under the US rule."
    return Section(title, (groups(("Role", "Who, as said", "By"), parts, (24, 56, 20)), note(told)))


def _behind(material: Material, ship: str) -> list[tuple[str, str, str]]:
    rows = []
    for item in material.items:
        row = row_of(item, ship)
        if isinstance(row, Registration):
            rows += [
                (called, getattr(row, name), material.labels[item.id])
                for name, called in ROLES
                if getattr(row, name)
            ]
        for fact in item.facts:
            if fact.kind in BEHIND and fact.subject in (ship, None):
                role = sentence(fact.kind.replace("_", " ")).rstrip(".")
                rows.append((role, _value(material, fact.value, fact.object), material.labels[item.id]))
    return list(dict.fromkeys(rows))


def _value(material: Material, value: str | None, other: str | None) -> str:
    told = country(value) if value and len(value) == 3 and value.isupper() else (value or "so")
    return f"{told}, {material.called(other) if ':' in other else country(other)}" if other else told


def volume_section(material: Material, title: str) -> Section:
    """Say how much may have moved: what is shown, and what the ships could carry by the published arithmetic."""
    shown = [
        (
            sentence(f"{fact.value or 'petroleum'} to the DPRK in the period counted"),
            f"{fact.amount:,.0f} bbl",
            label,
        )
        for item in material.items
        for fact in item.facts
        if fact.kind == "supplied_bbl" and fact.amount is not None
        for label in (material.labels[item.id],)
    ]
    carried = [row for ship in material.ships for row in _capacity(material, ship)]
    blocks: list[Block] = []
    if shown:
        blocks.append(table(("What", "Amount", "By"), shown, (60, 25, 15)))
    if carried:
        told = (
            "What a ship could carry is no cargo: governments counted deliveries of 2018 at one third, one half and "
            f"90 % laden.  Deadweight is turned into barrels of products at {BBL_PER_T:g} bbl/t, and is an upper bound."
        )
        header = ("Ship", "Deadweight", *(f"At {name} laden" for name, _ in LADEN), "By")
        blocks += [table(header, carried, (26, 18, 17, 15, 15, 9)), note(told)]
    return Section(title, tuple(blocks or [text("No quantity is shown, and none is assumed.")]))


def _capacity(material: Material, ship: str) -> list[tuple[str, ...]]:
    rows = []
    for item in material.items:
        row = row_of(item, ship)
        if isinstance(row, Registration) and row.deadweight_t:
            bbl = row.deadweight_t * BBL_PER_T
            laden = (f"{bbl * share:,.0f} bbl" for _, share in LADEN)
            rows.append(
                (material.called(ship), f"{row.deadweight_t:,.0f} t", *laden, material.labels[item.id])
            )
    return rows


def reply_section(material: Material, title: str) -> Section:
    """Say whether those named were asked, by when, and what they answered."""
    rows = [
        (
            clock(on_day(each)),
            sentence(f"{DECIDED[each.act]}{', until ' + until if until else ''}: {each.why}"),
            "",
        )
        for each in material.case.decisions
        if each.act in REPLIES
        for until in (each.told.get("until", ""),)
    ]
    rows += [
        (clock(item.start), sentence(material.renamed(item.sentence)), material.labels[item.id])
        for item in material.items
        if item.kind == "reply"
    ]
    if not rows:
        told = "No reply is on file, and nothing released says that one was offered to those named."
        return Section(title, (text(told),))
    return Section(title, (table(("When (UTC)", "What", ""), rows, (24, 69, 7)),))


def correction_section(material: Material, title: str) -> Section:
    """Say whom to tell that something is wrong, and what then happens."""
    told = (
        "A retraction reaches every case, dossier, bundle and list entry that used what was wrong, and everybody who "
        "is known to have been given a copy."
    )
    return Section(title, (text(contact_of(material)), text(told)))


def contact_of(material: Material) -> str:
    """Say where to write."""
    to = material.contact or "the desk that released this dossier, by the way it reached you"
    return f"If anything here is wrong, or you are named and want to answer: {to}.  Quote {material.dossier}."


def checking_section(material: Material, title: str) -> Section:
    """Say how anybody can work this out again."""
    steps = (
        "Take the bundle (a .zip) that this document is in, and a machine with clearwake; nothing else is needed.",
        "Run: clearwake verify FILE.zip",
        (
            "It hashes every file again, works every event, match, element, option and assessment out again from the "
            "evidence in the bundle, and says of each: reproduced, withheld, or not reproduced and why."
        ),
    )
    made = f"Dossier {material.dossier}, made with {material.version}, released {clock(material.released.made_at)}"
    return Section(title, (points(steps), note(f"{made}; the law is that of {day(material.findings.day)}.")))


def detention_section(material: Material, title: str) -> Section:
    """Give the clock of a detention."""
    held = material.findings.detention
    if held is None or not held.height:
        return Section(title, (text("No ship is held."),))
    rows = [
        ("" if row["day"] is None else str(row["day"]), sentence(row["entry"]), row["status"])
        for row in held.iter_rows(named=True)
    ]
    return Section(title, (table(("Day", "What", "Stands"), rows, (16, 66, 18)),))
