"""What speaks against, what else it could be, and what nobody knows: parts of every dossier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clearwake.dossier.document import Bar, Block, Group, Section, bars, groups, note, points, text
from clearwake.dossier.law_parts import settling
from clearwake.dossier.material import CLAIM, Material
from clearwake.dossier.wording import EXPLANATIONS, percent, sentence
from clearwake.model import BEFORE_EVIDENCE

MOST_REASONS = 10
"""Reasons for, or against, one explanation that are written out."""

ALWAYS_TOLD, LEAST_TOLD = 3, 0.03
"""Of the likeliest three explanations, and of any from this share on, the reasons are told; others are only drawn."""


def rivals_section(material: Material, title: str) -> Section:
    """Weigh the claim beside every rival explanation, with what speaks for and against each."""
    rows = list(material.findings.assessment.sort("share", descending=True).iter_rows(named=True))
    if not rows:
        told = "No item says what it speaks for or against, so nothing was weighed."
        return Section(title, (text(told),))
    drawn = [
        Bar(_named(row["explanation"]), row["share"], row["low"], row["high"], row["word"]) for row in rows
    ]
    parts = [
        Group(
            f"{_named(row['explanation'])}: {row['word']}",
            "",
            tuple(reasons_told(material, row)),
        )
        for number, row in enumerate(rows)
        if number < ALWAYS_TOLD or row["share"] >= LEAST_TOLD
    ]
    told = (
        "Each share is belief among the explanations listed; the thin line is what it runs between when weights are "
        "doubted and origins left out.  Words are those of US Intelligence Community Directive 203.  The weights are "
        "judgements, each with its origin; reasons for the least likely are in the bundle."
    )
    return Section(
        title, (bars(drawn), note(told), groups(("", "What speaks for it and against it"), parts, (12, 88)))
    )


def _named(explanation: str) -> str:
    return EXPLANATIONS.get(explanation, sentence(explanation.replace("_", " ")).rstrip("."))


def reasons_told(material: Material, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Tell what speaks for an explanation and against it, the heaviest first; what is too much is counted."""
    return [
        *_reasons(material, "for", row["sentences_for"]),
        *_reasons(material, "against", row["sentences_against"]),
    ]


def _reasons(material: Material, side: str, sentences: list[str]) -> list[tuple[str, str]]:
    told = [(_side(each, side), sentence(material.renamed(each))) for each in sentences[:MOST_REASONS]]
    more = len(sentences) - MOST_REASONS
    return [*told, (side, f"And {more} more, in findings/findings.json of the bundle.")] if more > 0 else told


def _side(words: str, side: str) -> str:
    """Say that how often a thing is so at all speaks neither way."""
    return "before" if words.startswith(BEFORE_EVIDENCE) else side


def unknowns(material: Material) -> list[str]:
    """Say what is not known, or not shown to this audience, and what would settle it."""
    claim = material.explanation(CLAIM)
    settles = (
        [f"What would change the judgement most: {claim['settles']}"] if claim and claim["settles"] else []
    )
    coarse, leaning = len(material.released.coarsened), len(material.released.leaning)
    about = [
        *settles,
        *(f"{name}" for name in missing(material)),
        *([f"{_many(coarse, 'item is', 'items are')} coarsened for this audience"] if coarse else []),
        *(
            [
                f"{_many(leaning, 'item or decision rests', 'items or decisions rest')} on evidence that is withheld"
            ]
            if leaning
            else []
        ),
        *(f"Two desks decided differently: {each}" for each in material.case.conflicts),
        *(f"Could not be worked out: {each}" for each in material.findings.unread),
    ]
    return [sentence(material.renamed(each)) for each in dict.fromkeys(about)]


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def missing(material: Material) -> list[str]:
    """Give what would settle the elements still missing, each once, those that page 1 speaks of first."""
    first = settling(material)
    asked: dict[str, str] = {}
    for row in material.findings.elements.iter_rows(named=True):
        if row["status"] == "missing" and row["would_settle"]:
            asked.setdefault(row["would_settle"], row["element"].replace("_", " "))
    ordered = [*(each for each in first if each in asked), *(each for each in asked if each not in first)]
    return [f"{asked[each]}: {each}" for each in ordered]


def unknowns_section(material: Material, title: str) -> Section:
    """List what is not known and what would settle it."""
    told = unknowns(material)
    block: Block = points(told) if told else text("Nothing is noted as unknown; that is seldom so.")
    return Section(title, (block,))


def reading_of(material: Material) -> str:
    """Say in a sentence or two how sure the claim is, and what its strongest rival is."""
    rows, claim = material.findings.assessment, material.explanation(CLAIM)
    if claim is None:
        return "Nothing was weighed: no item says what it speaks for or against."
    others = [
        row
        for row in rows.sort("share", descending=True).iter_rows(named=True)
        if row["explanation"] != CLAIM
    ]
    low, high = percent(claim["low"]), percent(claim["high"])
    told = (
        f"Weighed at {percent(claim['share'])} of belief among {rows.height} explanations, between {low} and {high} "
        "when weights and origins are doubted."
    )
    if not others:
        return told
    rival = others[0]
    named = _named(rival["explanation"])
    return (
        f"{told} The strongest other explanation: {named[:1].lower()}{named[1:]}, {percent(rival['share'])}."
    )
