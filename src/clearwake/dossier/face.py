"""A dossier's face: from what is released to its document, its pictures, PDF and HTML; the same each time.

``made`` composes and draws all of it; ``composed`` only the document, which is enough to check one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clearwake.dossier.document import Document
from clearwake.dossier.figures import planned
from clearwake.dossier.html import html
from clearwake.dossier.kinds import compose
from clearwake.dossier.material import Material
from clearwake.dossier.pdf import pdf


@dataclass(frozen=True)
class Made:
    """A document with its pictures."""

    document: Document
    pictures: Mapping[str, bytes]
    material: Material

    def pdf(self) -> bytes:
        """Set it."""
        return pdf(self.document, self.pictures)

    def html(self) -> bytes:
        """Write it as a page."""
        return html(self.document, self.pictures)


def composed(kind: str, material: Material, photographs: Mapping[str, bytes]) -> Document:
    """Compose a document without drawing its pictures.

    Raises:
        UsageError: If there is no such kind.
    """
    plans = planned(material, photographs)
    return compose(kind, replace(material, pictures=tuple(each.picture for each in plans)))


def made(kind: str, material: Material, photographs: Mapping[str, bytes]) -> Made:
    """Compose a document and draw the pictures it shows.

    Args:
        kind: Of which kind.
        material: What is released and what follows from it.
        photographs: Bytes that may be shown, by item id: PNG or JPEG.

    Raises:
        UsageError: If there is no such kind.
    """
    plans = planned(material, photographs)
    told = replace(material, pictures=tuple(each.picture for each in plans))
    document = compose(kind, told)
    shown = {each.picture.name: each.draw() for each in plans if each.picture.name in document.figures}
    return Made(document, shown, told)
