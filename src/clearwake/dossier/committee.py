"""The committee report: for members of a sanctions committee, in the order in which they take a matter up."""

from __future__ import annotations

from clearwake.dossier import doubt_parts as doubt
from clearwake.dossier import evidence_parts as evidence
from clearwake.dossier import law_parts as law
from clearwake.dossier import party_parts as party
from clearwake.dossier import rival_parts as rival
from clearwake.dossier.document import Block, Document, Section, points, text
from clearwake.dossier.front import document
from clearwake.dossier.material import Material
from clearwake.dossier.notice import designations, held_against, told_to
from clearwake.dossier.wording import sentence
from clearwake.statutes import Provision

WHOSE = ("UNSCR",)
"""A committee of the Council takes up what resolutions say, and no State's own orders."""


def committee(material: Material) -> Document:
    """Compose a report to a sanctions committee."""
    sections = [
        Section("Matter and standing", tuple(_standing(material))),
        evidence.timeline_section(material, "What was observed and done"),
        law.elements_section(material, "Elements, paragraph by paragraph", _is_of_the_council),
        evidence.identity_section(material, "Identity of the ships, and listings"),
        evidence.maps_section(material, "Positions"),
        evidence.imagery_section(material, "Imagery"),
        party.ownership_section(material, "Ownership, management and services"),
        party.volume_section(material, "Volume"),
        rival.rivals_section(material, "Other explanations considered"),
        doubt.unknowns_section(material, "What Member States may be able to settle", beside_matrix=True),
        law.law_section(material, "Paragraphs referred to", _is_of_the_council),
        party.reply_section(material, "Reply of those named"),
        evidence.evidence_section(material, "Annex: evidence"),
        party.correction_section(material, "Corrections and retraction"),
        party.checking_section(material, "How to check this report"),
    ]
    return document(material, "committee", "Report to a sanctions committee", _asked(material), sections)


def _is_of_the_council(of: Provision) -> bool:
    return of.instrument.startswith(WHOSE)


def _asked(material: Material) -> tuple[str, ...]:
    lacking = law.settling(material)
    proposed = "proposed" in (material.case.standing or (material.case.state,))
    return (
        *(["Consider the listing that was proposed, by the Committee's own rules."] if proposed else []),
        "Take note of what was observed, and of what is not shown.",
        *([f"Member States that can: say what they hold of this: {lacking[-1]}."] if lacking else []),
    )


def _standing(material: Material) -> list[Block]:
    listed, told = designations(material), told_to(material)
    state = ", ".join(material.case.standing or (material.case.state,))
    return [
        text(f"The case is: {state}."),
        text(
            "Listed on the day of the act:"
            if listed
            else f"Listing on the day of the act.  {held_against(material)}"
        ),
        *([points(listed)] if listed else []),
        *([text("Already told:"), points(sentence(each) for each in told)] if told else []),
    ]
