"""The press sheet: what is said, how sure, what is not known, in plain words that can be quoted whole."""

from __future__ import annotations

from clearwake.dossier import doubt_parts as doubt
from clearwake.dossier import evidence_parts as evidence
from clearwake.dossier import law_parts as law
from clearwake.dossier import party_parts as party
from clearwake.dossier.document import Block, Document, Section, figure, note, points, text
from clearwake.dossier.front import document, ship_lines
from clearwake.dossier.material import Material
from clearwake.dossier.wording import EXPLANATIONS, sentence
from clearwake.model import Item
from clearwake.model.shares import percent

WORDS = (
    ("almost no chance", "1 to 5 in 100"), ("very unlikely", "5 to 20"), ("unlikely", "20 to 45"),
    ("roughly even chance", "45 to 55"), ("likely", "55 to 80"), ("very likely", "80 to 95"),
    ("almost certain", "95 to 99"),
)  # fmt: skip
"""US Intelligence Community Directive 203."""


def press(material: Material) -> Document:
    """Compose a press sheet."""
    asked = (
        "Quote the claim with its confidence word; without it the sentence says more than is known.",
        "Name ships by their IMO numbers: names are shared, and painted over.",
        "Ask those named before you print; what they answered so far is inside.",
    )
    drawn = [each for each in material.pictures if each.role in ("map", "photograph")]
    sections = [
        Section("What was seen", _seen(material)),
        Section("The ships", (points(ship_lines(material)),
                              note("Names, numbers and flags are what was told or painted; they may be another's."))),
        Section("How sure this is", _sure(material)),
        Section("Pictures", tuple(figure(each.name, each.caption, each.alt) for each in drawn)
                or (text("No picture is released."),)),
        doubt.unknowns_section(material, "What is not known"),
        law.law_section(material, "The rules it is held against", lambda each: each.kind in law.ACTS),
        party.reply_section(material, "Reply of those named"),
        evidence.evidence_section(material, "What E1, E2 and so on stand for"),
        party.correction_section(material, "Corrections and retraction"),
        party.checking_section(material, "Check it yourself"),
    ]  # fmt: skip
    return document(material, "press", "Press sheet", asked, sections)


def _seen(material: Material) -> tuple[Block, ...]:
    items = {item.id: item for item in (*evidence.seen(material), *_reported(material))}
    told = [
        f"{sentence(material.renamed(each.sentence))} ({each.citation or each.origin or 'origin not told'})"
        for each in material.items
        if each.id in items
    ]
    return (points(told),) if told else (text("Nothing that was seen is released."),)


def _reported(material: Material) -> list[Item]:
    return [each for each in material.items if each.kind in ("event", "track", "statement", "media")]


def _sure(material: Material) -> tuple[Block, ...]:
    rows = material.findings.assessment.sort("share", descending=True).iter_rows(named=True)
    others = [
        f"{EXPLANATIONS.get(row['explanation'], row['explanation'])}: {row['word']} ({percent(row['share'])})"
        for row in rows
    ]
    scale = "; ".join(f"{word}: {share}" for word, share in WORDS)
    return (
        text(doubt.reading_of(material)),
        *([points(others)] if others else []),
        note(f"Of a hundred: {scale}."),
    )
