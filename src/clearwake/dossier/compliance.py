"""The compliance sheet: for insurers, banks, registries, class, ports and traders; identifiers and duties first."""

from __future__ import annotations

from typing import Any

from clearwake.dossier import doubt_parts as doubt
from clearwake.dossier import evidence_parts as evidence
from clearwake.dossier import law_parts as law
from clearwake.dossier import party_parts as party
from clearwake.dossier import rival_parts as rival
from clearwake.dossier.document import Block, Document, Section, note, table, text
from clearwake.dossier.front import document
from clearwake.dossier.material import Material
from clearwake.dossier.ships import flags_of, names_of, numbers_of
from clearwake.dossier.wording import country

SERVICES = (
    "insur",
    "class",
    "regist",
    "bunker",
    "servic",
    "port",
    "charter",
    "leas",
    "crew",
    "own",
    "block",
    "freeze",
)
"""Words by which a paragraph or option is one that businesses and registries meet."""


def compliance(material: Material) -> Document:
    """Compose a compliance sheet."""
    asked = (
        "Look for these numbers, names and parties in your own records, under former names too.",
        "What you must do on finding them is in the law that binds you, not in this sheet.",
        "A name that agrees without its IMO number is a namesake until more is known: do not act on it alone.",
    )
    sections = [
        Section("Identifiers to search for", _identifiers(material)),
        evidence.identity_section(material, "Who says so, and listings"),
        party.ownership_section(material, "Owners, managers and services"),
        rival.rivals_section(material, "Warning signs, for and against", is_brief=True),
        law.elements_section(material, "What is shown, paragraph by paragraph"),
        law.law_section(material, "Paragraphs that bind those who serve ships",
                        lambda each: any(word in each.summary.lower() for word in SERVICES)),
        law.options_section(material, "What registries, insurers and ports could lawfully do", _is_for_business),
        doubt.unknowns_section(material, "What is not known"),
        evidence.maps_section(material, "Where"),
        party.reply_section(material, "Reply of those named"),
        evidence.evidence_section(material, "What E1, E2 and so on stand for"),
        party.correction_section(material, "Corrections and retraction"),
        party.checking_section(material, "How to check this sheet"),
    ]  # fmt: skip
    return document(material, "compliance", "Compliance sheet", asked, sections)


def _identifiers(material: Material) -> tuple[Block, ...]:
    rows = []
    for ship in material.known_ships:
        numbers = numbers_of(material.case, ship)
        flags = ", ".join(country(each) for each in flags_of(material.items, ship))
        told = (
            ", ".join(names_of(material.case, ship)),
            *(numbers.get(n) for n in ("imo", "mmsi", "callsign")),
            flags,
        )
        rows.append(tuple(each or "not told" for each in told))
    if not rows:
        return (text("No ship is named."),)
    header = ("Names", "IMO number", "MMSI", "Call sign", "Flags told")
    return (
        table(header, rows, (34, 15, 15, 14, 22)),
        note("Each is a claim; which source made it follows below."),
    )


def _is_for_business(option: dict[str, Any]) -> bool:
    told = f"{option['option']} {option['who']}".lower()
    return any(word in told for word in SERVICES)
