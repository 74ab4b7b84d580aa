"""The case dossier: everything this audience may have, for those who confirm, decide or act."""

from __future__ import annotations

from clearwake.dossier import doubt_parts as doubt
from clearwake.dossier import evidence_parts as evidence
from clearwake.dossier import law_parts as law
from clearwake.dossier import party_parts as party
from clearwake.dossier import rival_parts as rival
from clearwake.dossier.document import Document
from clearwake.dossier.front import document
from clearwake.dossier.material import Material


def case(material: Material) -> Document:
    """Compose the whole case."""
    lacking = law.settling(material)
    asked = (
        *([f"Say what your State holds of this: {lacking[-1]}."] if lacking else []),
        "Tell the contact below of anything that contradicts what is shown here.",
        "Consider the lawful options listed inside; none is recommended, and each has its conditions.",
    )
    sections = [
        law.elements_section(material, "Elements of breach"),
        evidence.timeline_section(material, "Timeline"),
        evidence.maps_section(material, "Where it happened"),
        evidence.imagery_section(material, "Imagery"),
        evidence.identity_section(material, "Who the ships are"),
        rival.rivals_section(material, "Rival explanations"),
        doubt.unknowns_section(material, "What is not known", beside_matrix=True),
        party.ownership_section(material, "Who stands behind them"),
        party.volume_section(material, "How much"),
        law.law_section(material, "The law"),
        law.options_section(material, "Lawful options"),
        *(
            [party.detention_section(material, "Detention")]
            if material.findings.detention is not None
            else []
        ),
        party.reply_section(material, "Reply of those named"),
        evidence.evidence_section(material, "Evidence"),
        party.correction_section(material, "Corrections and retraction"),
        party.checking_section(material, "How to check this dossier"),
    ]
    return document(material, "case", "Case dossier", asked, sections)
