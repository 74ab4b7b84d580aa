"""The front page: the claim with its confidence word, what is shown and what is not, and what is asked."""

from __future__ import annotations

from collections.abc import Iterable

from clearwake.dossier.document import Document, Front, Section, figures_of
from clearwake.dossier.doubt_parts import reading_of
from clearwake.dossier.evidence_parts import told_place
from clearwake.dossier.law_parts import basis_of, shown_and_missing
from clearwake.dossier.material import Material, claim_of
from clearwake.dossier.party_parts import contact_of
from clearwake.dossier.ships import flags_of, numbers_of
from clearwake.dossier.wording import DISCLAIMER, and_list, clock, country, day, sentence

MOST_SHIPS = 5
"""Ships named on page 1."""


def front_of(material: Material, asked: Iterable[str]) -> Front:
    """Make page 1."""
    claim, word = claim_of(material)
    shown, lacks = shown_and_missing(material)
    return Front(
        claim=claim,
        word=word,
        reading=reading_of(material),
        facts=facts_of(material),
        established=shown,
        missing=lacks,
        asked=tuple(asked),
    )


def facts_of(material: Material) -> tuple[tuple[str, str], ...]:
    """Give who, where, when, under which paragraphs, and how the case stands."""
    case = material.case
    standing = and_list(list(dict.fromkeys(case.standing or (case.state,))))
    named, nameless = material.known_ships, material.unknown_ships
    ships = [
        *(ship_line(material, each) for each in named[:MOST_SHIPS]),
        *([f"and {len(named) - MOST_SHIPS} more"] if len(named) > MOST_SHIPS else []),
        *([nameless] if nameless else []),
    ]
    return (
        ("When", day(material.findings.day if case.day else None)),
        ("Where", sentence(told_place(material))),
        ("Ships", "\n".join(ships) or "not named"),
        (
            "Held against",
            "\n".join(f"{a}: {b}" for a, b in basis_of(material)[:2]) or "no paragraph comes up",
        ),
        ("The case is", standing),
    )


def ship_line(material: Material, ship: str) -> str:
    """Name a ship with its number and flag: ``RYE SONG GANG 1, IMO 7389704, flag Belize (claimed)``."""
    numbers = numbers_of(material.case, ship)
    flags = [country(each) for each in flags_of(material.items, ship)]
    name = material.called(ship)
    known = [f"{kind.upper()} {numbers[kind]}" for kind in ("imo", "mmsi") if kind in numbers]
    told = [name, *(each for each in known if each != name)]
    return ", ".join([*told, f"flag as told: {and_list(flags)}" if flags else "flag not told"])


def ship_lines(material: Material) -> list[str]:
    """Name every ship, a line each, and count those nobody could name."""
    told = [f"{ship_line(material, each)}." for each in material.known_ships]
    return [*told, *([f"{material.unknown_ships}."] if material.unknown_ships else [])]


def document(
    material: Material, kind: str, heading: str, asked: Iterable[str], sections: Iterable[Section]
) -> Document:
    """Put a front page and sections together."""
    laid = tuple(each for each in sections if each.blocks)
    return Document(
        kind=kind,
        heading=heading,
        title=material.renamed(material.case.title),
        dossier=material.dossier,
        case=material.dossier.rpartition("-")[0],
        handling=material.handling,
        audience=material.audience,
        made_on=clock(material.released.made_at),
        front=front_of(material, asked),
        sections=laid,
        contact=contact_of(material),
        disclaimer=DISCLAIMER,
        version=material.version,
        figures=figures_of(laid),
    )
