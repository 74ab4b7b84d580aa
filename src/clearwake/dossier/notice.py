"""The notice: what governments published in 2018 and 2019, one page of numbered facts, a graded inference, photographs.

The form follows the notices of Japan's Ministry of Foreign Affairs and the United Kingdom's of those years: time, who
saw it, names, flags and IMO numbers as told, prior designation, a rounded position, what was seen, what is inferred
and how strongly, under which paragraph, and who was told.  Rounding hides what the sensor can do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from clearwake.dossier import doubt_parts as doubt
from clearwake.dossier import evidence_parts as evidence
from clearwake.dossier import party_parts as party
from clearwake.dossier.document import Block, Document, Section, figure, note, pairs, text
from clearwake.dossier.front import document, ship_lines
from clearwake.dossier.law_parts import basis_of, known_provision
from clearwake.dossier.material import Material, claim_of
from clearwake.dossier.wording import and_list, clock, country, day, off, place, sentence

ROUNDED_MIN = 10
"""Positions of a notice are rounded to so many minutes of arc, about 10 nautical miles."""

ROUNDED_KM = 50
"""Distances of a notice are rounded to so many kilometres."""

MOST_PARAGRAPHS = 3
"""A notice names the paragraphs that come fullest, and no more of them."""


def notice(material: Material) -> Document:
    """Compose a notice."""
    asked = (
        "Shipowners, insurers, registries and ports: check your records for the ships named.",
        "Anybody who knows more, or is named and disagrees: write to the contact that this notice names.",
    )
    sections = [
        Section("Facts", (pairs(_facts(material)), note(_graded(material)))),
        Section("Place and photographs", tuple(_pictures(material))),
        Section("What is not known", doubt.unknowns_section(material, "").blocks),
        party.reply_section(material, "Reply of those named"),
        evidence.evidence_section(material, "What E1, E2 and so on stand for", rounded),
        party.correction_section(material, "Corrections and retraction"),
        party.checking_section(material, "How to check this notice"),
    ]
    return document(material, "notice", "Notice", asked, sections)


def _facts(material: Material) -> list[tuple[str, str]]:
    claim, _ = claim_of(material)
    return [
        ("1  Time", "; ".join(_times(material)) or day(material.findings.day)),
        ("2  Seen by", sentence(and_list(evidence.seen_by(evidence.seen(material))) or "not told")),
        ("3  Ships", "\n".join(ship_lines(material)) or "Not named."),
        ("4  Prior designation", "\n".join(designations(material) or [held_against(material)])),
        ("5  Position", _position(material)),
        ("6  What was seen", "\n".join(_observed(material)) or "Nothing that was seen is released."),
        ("7  Inference", claim),
        ("8  Legal basis", "\n".join(_basis(material)) or "No paragraph comes up."),
        ("9  Told to", "\n".join(told_to(material)) or "Not told in what is released."),
    ]


def _graded(material: Material) -> str:
    return f"{doubt.reading_of(material)}  Positions and distances are rounded."


def _times(material: Material) -> list[str]:
    return list(dict.fromkeys(clock(each.start) for each in evidence.seen(material) if each.start))


def _observed(material: Material) -> list[str]:
    return [
        f"{sentence(rounded(material.renamed(each.sentence)))} (grade {evidence.grade(each)})"
        for each in evidence.seen(material)
    ]


_PLACE = re.compile(r"(\d{1,2}\.\d+)°? ?([NS]),? (\d{1,3}\.\d+)°? ?([EW])( \([^()]*\))?")
"""A place as sentences of items write one, with what is said of its error."""


def rounded(words: str) -> str:
    """Round the places that a sentence tells, and leave out how exact they were."""

    def round_one(found: re.Match[str]) -> str:
        lat = float(found[1]) * (1 if found[2] == "N" else -1)
        lon = float(found[3]) * (1 if found[4] == "E" else -1)
        return place(lon, lat, ROUNDED_MIN)

    return _PLACE.sub(round_one, words)


def _position(material: Material) -> str:
    item = material.where
    if item is None:
        return "Not told."
    told = (place(item.lon, item.lat, ROUNDED_MIN), off(item.lon, item.lat, ROUNDED_KM))
    return f"{', '.join(each for each in told if each)} (rounded)."


def designations(material: Material) -> list[str]:
    """Say which ships were listed on the day of the act, by whom; of lists and of facts."""
    on = material.findings.day
    matched = material.findings.matches.filter(
        pl.col("tier") == "match", pl.col("listed_on").is_null() | (pl.col("listed_on").dt.date() <= on)
    )
    matched_by = {(row["id"], str(row["list"]).upper()) for row in matched.iter_rows(named=True)}
    told = [
        f"{material.called(row['id'])}: {str(row['list']).upper()}"
        + (f", since {day(row['listed_on'])}" if row["listed_on"] else ", since a day the list does not tell")
        + "."
        for row in matched.iter_rows(named=True)
    ]
    said = [
        f"{material.called(fact.subject)}: {'UN Security Council 1718 Committee' if fact.value == 'UN' else fact.value}"
        + (f", since {day(fact.since)}." if fact.since else ".")
        for fact in material.facts_of("listed", "designated")
        if fact.holds
        and (fact.since is None or fact.since <= on)
        and (fact.subject, fact.value) not in matched_by
    ]
    return list(dict.fromkeys((*told, *said)))


def held_against(material: Material) -> str:
    """Say what a ship of which no listing is told was held against: the entries given along, by list and edition.

    Only they can be told of: what else a desk has read is no part of the release.
    """
    near = material.findings.matches.select("list", "edition").drop_nulls().unique().sort("list", "edition")
    if not near.height:
        return "Not told: no list was held against it here, as no entry of one is given along."
    editions = and_list([f"{str(name).upper()} {edition}" for name, edition in near.rows()])
    return (
        f"None established for the day of the act; the ships were held against entries that come near, of {editions}, "
        "and no other list is given along."
    )


def _basis(material: Material) -> Iterable[str]:
    for reference, outcome in basis_of(material)[:MOST_PARAGRAPHS]:
        of = known_provision(reference)
        yield f"{reference}: {outcome}. {of.summary if of else ''}".strip()


def told_to(material: Material) -> list[str]:
    """Say who was told: from facts that say so and from decisions that name an addressee."""
    said = [
        f"The Security Council Committee, about {material.called(fact.subject)}"
        + (f", on {day(fact.since)}." if fact.since else ".")
        for fact in material.facts_of("reported")
        if fact.holds
    ]
    asked = [
        f"The flag State of {material.called(fact.subject)}, {country(fact.object) if fact.object else 'asked'}."
        for fact in material.facts_of("information_asked")
        if fact.holds
    ]
    return list(dict.fromkeys((*said, *asked)))


def _pictures(material: Material) -> Iterable[Block]:
    for each in material.pictures:
        if each.role in ("map", "photograph"):
            yield figure(each.name, each.caption, each.alt)
    if not any(each.role == "photograph" for each in material.pictures):
        yield text("No photograph is released with this notice.")
