"""What was observed: timeline, evidence, maps and plots, identity, imagery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from clearwake.dossier.document import Block, Group, Section, figure, groups, note, table, text
from clearwake.dossier.material import Material
from clearwake.dossier.ships import names_of, row_of
from clearwake.dossier.wording import EVENTS, clock, country, off, place, sentence, span, within
from clearwake.model import Decision, Designation, Item, Registration, Sighting, utc
from clearwake.model.identifiers import imo_check_digit_holds

QUIET_ACTS = ("copy", "add", "note", "permit", "withdraw")
"""Decisions that are no part of what happened."""

DECIDED = {
    "open": "Case opened", "take_up": "Put before those who confirm or refute", "confirm": "Confirmed",
    "refute": "Refuted", "leave": "Left undetermined", "review": "Reviewed for what the law says",
    "offer_reply": "Reply offered to those named", "propose": "Listing proposed", "hold": "Proposal put on hold",
    "list": "Listed", "remove": "Removed from the list", "publish": "Published", "reply": "Those named replied",
    "retract": "Retracted", "detain": "Ship held", "flag_request": "Flag State made its request to the Committee",
    "committee_decision": "The Committee decided", "release": "Ship let go",
}  # fmt: skip

KINDS = {
    "sighting": "Sighting", "photograph": "Photograph", "track": "AIS track", "event": "Event on AIS",
    "detection": "Satellite detection", "listing": "Listing", "registry": "Register", "document": "Document",
    "media": "Media report", "statement": "Statement", "reply": "Reply", "assumption": "Assumption",
    "conclusion": "Conclusion",
}  # fmt: skip

SEEN = ("sighting", "photograph", "detection")

NOT_SEEN = ("listing", "registry", "track", "event", "conclusion", "assumption")
"""Kinds of items that tell of no eyes."""


def timeline_section(material: Material, title: str) -> Section:
    """Tell what happened and what was decided, in the order of time."""
    happened = [
        (each.start or each.end, span(each.start, each.end), each.sentence, material.labels[each.id])
        for each in material.items
        if (each.start or each.end) is not None and each.kind not in ("listing", "registry", "assumption")
    ]
    decided = [
        (on_day(each), clock(on_day(each)), _decided(each), "")
        for each in material.case.decisions
        if each.act not in QUIET_ACTS
    ]
    rows = sorted((*happened, *decided), key=lambda row: str(row[0]))
    laid = [(when, sentence(material.renamed(what)), label) for _, when, what, label in rows]
    block = table(("When (UTC)", "What", ""), laid, (24, 69, 7)) if laid else text("Nothing is dated.")
    return Section(title, (block,))


def on_day(decision: Decision) -> datetime:
    """Give when what a decision tells was so: the day it names, where entered later; else when it was decided."""
    named = decision.told.get("on")
    return utc(named) if named else decision.at


def _decided(each: Decision) -> str:
    why = f": {each.why}" if each.why else ""
    return f"{DECIDED.get(each.act, each.act)} by the {each.role}, {country(each.nation)}{why}"


def evidence_section(material: Material, title: str, worded: Callable[[str], str] = str) -> Section:
    """List every item with its kind, grade, origin and where it was published.

    Args:
        material: What is released.
        title: Of the section.
        worded: What is done to sentences of items before they are told.
    """
    rows = [
        (
            material.labels[each.id],
            KINDS.get(each.kind, each.kind),
            worded(_what(material, each)),
            grade(each),
            _from(each),
        )
        for each in material.items
    ]
    told = (
        "Grades are the Admiralty code: reliability of the source A to F, credibility of what it says 1 to 6.  Items "
        "of one origin count once.  In full, with their commitments, in evidence/items.jsonl of the bundle."
    )
    header = ("", "Kind", "What it says", "Grade", "Origin and citation")
    block = table(header, rows, (6, 13, 44, 8, 29)) if rows else text("No evidence is released.")
    return Section(title, (block, note(told)))


def _what(material: Material, item: Item) -> str:
    coarse = material.released.coarsened.get(item.id, ())
    leans = item.id in material.released.leaning or any(each not in material.labels for each in item.rests_on)
    said = sentence(material.renamed(item.sentence))
    rests = f" Rests on {material.cited(item.rests_on)}." if item.rests_on else ""
    marks = [
        *(["Coarsened for this audience."] if coarse else []),
        *(["Its own evidence is withheld."] if leans else []),
    ]
    return " ".join([said + rests, *marks])


def grade(item: Item) -> str:
    """Write an item's Admiralty grade: ``B2``; a dash where it has none."""
    told = f"{item.reliability or ''}{item.credibility or ''}"
    return told or "-"


def _from(item: Item) -> str:
    who = item.origin or item.observer or ""
    return sentence(
        "; ".join(dict.fromkeys(each for each in (who, item.platform or "", item.citation or "") if each))
    )


def maps_section(material: Material, title: str) -> Section:
    """Show where: the map, the tracks, the meetings found on them; and say what was found on the tracks."""
    drawn = [each for each in material.pictures if each.role in ("map", "track", "meeting")]
    blocks = [figure(each.name, each.caption, each.alt, is_wide=each.role == "meeting") for each in drawn]
    found = found_rows(material)
    if found:
        told = "Found again on the released tracks by clearwake's detectors; zones entered are in the bundle."
        header = ("When (UTC)", "What", "Where", "Measured")
        blocks = [*blocks[:1], table(header, found, (27, 22, 25, 26)), note(told), *blocks[1:]]
    return Section(title, tuple(blocks or [text("Nothing released has a place.")]))


def found_rows(material: Material) -> list[tuple[str, str, str, str]]:
    """Give the events found on tracks, in the order of time."""
    rows = [
        row
        for name, events in material.findings.events.items()
        if name not in NOT_ON_PAPER
        for row in events.iter_rows(named=True)
    ]
    return [
        (
            span(row["start"], row["end"]),
            f"{EVENTS.get(row['kind'], row['kind'])}, {_whose(material, row)}",
            place(row["lon"], row["lat"]),
            measured(row),
        )
        for row in sorted(rows, key=lambda row: (row["start"], row["id"]))
    ]


def _whose(material: Material, row: dict[str, Any]) -> str:
    both = [row["mmsi_a"], row["mmsi_b"]]
    return " and ".join(material.called(_by_mmsi(material, each)) for each in both if each is not None)


def _by_mmsi(material: Material, mmsi: int) -> str:
    held = next((item.ships[0] for item in material.items if item.mmsi == mmsi and item.ships), None)
    return held or f"MMSI {mmsi}"


NOT_ON_PAPER = ("zone_entries", "silences")
"""Tables of events too long, or told by others already; they are in the bundle."""

MEASURES = (
    ("duration_h", "{:.1f} h"), ("min_apart_m", "{:.0f} m apart at least"), ("median_speed_kn", "{:.1f} kn"),
    ("mean_speed_kn", "{:.1f} kn"), ("coast_km", "{:.0f} km off the coast"), ("port", "{}"), ("zone", "{}"),
    ("label", "{}"),
)  # fmt: skip


def measured(row: dict[str, Any]) -> str:
    """Say what was measured of an event, in a few words."""
    return ", ".join(form.format(row[name]) for name, form in MEASURES if row.get(name) is not None)


def identity_section(material: Material, title: str) -> Section:
    """Say of each ship what it is called and numbered, who says so, and which listings it was held against."""
    parts = [Group(material.called(ship), "", _identity(material, ship)) for ship in material.known_ships]
    nameless = (
        [text(f"Beside these {material.unknown_ships}, of which nothing more is told.")]
        if material.unknown_ships
        else []
    )
    if not parts:
        return Section(title, tuple(nameless) or (text("No ship is named."),))
    told = (
        "A number is a claim: an IMO number's check digit shows only that it was not mistyped.  A match needs the "
        "same IMO number; ships that agree in name alone are namesakes until more is known."
    )
    header = ("What", "As said", "By")
    return Section(title, (groups(header, parts, (22, 50, 28)), *nameless, note(told)))


def _identity(material: Material, ship: str) -> tuple[tuple[str, str, str], ...]:
    rows = [
        *(("Name", name, _sayers(material, ship)) for name in names_of(material.case, ship)),
        *_numbers(material, ship),
        *_flags(material, ship),
        *_registered(material, ship),
        *_matched(material, ship),
    ]
    return tuple(rows) or (("", "Nothing tells who it is.", ""),)


def _sayers(material: Material, ship: str) -> str:
    return material.cited(each.id for each in material.items if ship in each.ships)


def _numbers(material: Material, ship: str) -> list[tuple[str, str, str]]:
    kind, _, number = ship.partition(":")
    rows = []
    if kind == "imo":
        holds = "check digit holds" if imo_check_digit_holds(number) else "check digit does not hold"
        rows.append(("IMO number", f"{number}; {holds}", _sayers(material, ship)))
    if kind == "mmsi":
        rows.append(("MMSI", number, _sayers(material, ship)))
    heard = (each for each in material.items if each.mmsi is not None and each.ships[:1] == (ship,))
    rows += [("MMSI", str(each.mmsi), material.labels[each.id]) for each in heard if str(each.mmsi) != number]
    return list(dict.fromkeys(rows))


def _flags(material: Material, ship: str) -> list[tuple[str, str, str]]:
    rows = []
    for item in material.items:
        for fact in item.facts:
            if fact.kind == "flag" and fact.subject == ship:
                told = country(fact.value) if fact.holds else f"not {country(fact.value)}"
                rows.append(
                    ("Flag", f"{told} ({_graded(fact.grade, fact.origin)})", material.labels[item.id])
                )
    return rows


def _graded(said: str, origin: str | None) -> str:
    return ", ".join(each for each in (said, origin) if each)


def _registered(material: Material, ship: str) -> list[tuple[str, str, str]]:
    rows = []
    for item in material.items:
        row = row_of(item, ship)
        if isinstance(row, Registration):
            told = {
                "Call sign": row.callsign,
                "Type": row.ship_type_text,
                "Built": row.built_year,
                "Length": row.length_m and f"{row.length_m:.1f} m",
                "Register": f"{row.source}: {row.status or 'entry'}",
                "Former names": ", ".join(row.former_names),
            }
            rows += [(name, str(value), material.labels[item.id]) for name, value in told.items() if value]
        if isinstance(row, Designation):
            since = f" since {row.listed_on:%Y-%m-%d}" if row.listed_on else ""
            until = f" until {row.removed_on:%Y-%m-%d}" if row.removed_on else ""
            told_by = f"{row.list.upper()}: {row.status}{since}{until}"
            rows.append(("Listing", ", ".join((told_by, *row.measures)), material.labels[item.id]))
        if isinstance(row, Sighting) and row.callsign:
            rows.append(("Call sign", row.callsign, material.labels[item.id]))
    return rows


def _matched(material: Material, ship: str) -> list[tuple[str, str, str]]:
    rows = material.findings.matches.filter(pl.col("id") == ship).unique(
        ["entity_id", "tier"], maintain_order=True
    )
    return [
        ("Held against lists", f"{_listed(row)} {' '.join(map(sentence, row['reasons'][:2]))}", "worked out")
        for row in rows.iter_rows(named=True)
    ]


TIERS = {"match": "match", "identity_conflict": "identifiers contradict each other", "possible": "possible match",
         "namesake": "namesake, not the same ship"}  # fmt: skip


def _listed(row: dict[str, Any]) -> str:
    since = f", listed {row['listed_on']:%Y-%m-%d}" if row["listed_on"] else ""
    return f"{TIERS.get(row['tier'], row['tier'])}: {row['entity_name']} ({str(row['list']).upper()}{since})."


def imagery_section(material: Material, title: str) -> Section:
    """Show the photographs that may be shown, and name those that may not by their hash."""
    shown = {each.item: each for each in material.pictures if each.role == "photograph"}
    blocks: list[Block] = []
    named: list[tuple[str, str, str]] = []
    for item in material.items:
        if item.id in shown:
            blocks.append(figure(shown[item.id].name, shown[item.id].caption, shown[item.id].alt))
        elif item.kind in ("photograph", "detection"):
            named.append(
                (
                    material.labels[item.id],
                    sentence(material.renamed(item.sentence)),
                    item.sha256 or "not told",
                )
            )
    if named:
        blocks += [text("Not reproduced here:"), table(("", "What it shows", "SHA-256"), named, (7, 29, 64))]
    return Section(title, tuple(blocks or [text("No photograph or image is released with this case.")]))


def seen(material: Material) -> list[Item]:
    """Give the items that say what was seen: sightings and images; else what tells in words of who met the ships."""
    sensed = [item for item in material.items if item.kind in SEEN]
    if sensed:
        return sensed
    told = [item for item in material.items if item.kind not in NOT_SEEN]
    met, passed = ([item for item in told if _says(item, kind)] for kind in ("encountered", "transfer"))
    return met or passed


def _says(item: Item, kind: str) -> bool:
    return any(fact.kind == kind and fact.holds for fact in item.facts)


def seen_by(items: Sequence[Item]) -> list[str]:
    """Name who saw it, as far as that is told."""
    told = [i.platform or i.observer for i in items]
    if not any(told):
        told = [i.origin for i in items]
    return list(dict.fromkeys(each for each in told if each))


def told_place(material: Material) -> str:
    """Say where it happened, as finely as is released."""
    item = material.where
    if item is None:
        return "not told"
    doubt = within(item.error_m)
    return ", ".join(each for each in (place(item.lon, item.lat), off(item.lon, item.lat), doubt) if each)
