"""How sure the claim is, and what nobody knows: parts of every dossier."""

from __future__ import annotations

from clearwake.dossier.document import Block, Section, points, text
from clearwake.dossier.law_parts import settling
from clearwake.dossier.material import CLAIM, Material
from clearwake.dossier.wording import explanation, sentence
from clearwake.model.shares import percent


def unknowns(material: Material, *, beside_matrix: bool = False) -> list[str]:
    """Say what is not known, or not shown to this audience, and what would settle it.

    Args:
        material: What is released and what follows from it.
        beside_matrix: Whether the dossier has a matrix, which says what would change the judgement most.
    """
    claim = material.explanation(CLAIM)
    told = claim["settles"] if claim and not beside_matrix else None
    settles = [f"What would change the judgement most: {told}"] if told else []
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


def unknowns_section(material: Material, title: str, *, beside_matrix: bool = False) -> Section:
    """List what is not known and what would settle it; ``beside_matrix`` as for ``unknowns``."""
    told = unknowns(material, beside_matrix=beside_matrix)
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
    doubted = f"still {low}" if low == high else f"between {low} and {high}"
    told = (
        f"Weighed at {percent(claim['share'])} of belief among {rows.height} explanations, {doubted} when weights and "
        "origins are doubted."
    )
    if not others:
        return told
    rival = others[0]
    named = explanation(rival["explanation"])
    return (
        f"{told} The strongest other explanation: {named[:1].lower()}{named[1:]}, {percent(rival['share'])}."
    )
