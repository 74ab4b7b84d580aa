"""Every kind of dossier there is; each has its file here, its template, and its part of ``docs/dossier.md``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clearwake.dossier.case import case
from clearwake.dossier.committee import committee
from clearwake.dossier.compliance import compliance
from clearwake.dossier.document import Document
from clearwake.dossier.material import Material
from clearwake.dossier.notice import notice
from clearwake.dossier.press import press
from clearwake.model import UsageError

COMPOSERS: Mapping[str, Callable[[Material], Document]] = {
    "case": case,
    "notice": notice,
    "committee": committee,
    "press": press,
    "compliance": compliance,
}


def compose(kind: str, material: Material) -> Document:
    """Compose a dossier of a kind.

    Raises:
        UsageError: If there is no such kind.
    """
    if kind not in COMPOSERS:
        message = f"there is no dossier of kind {kind!r}\n  next: choose one of {', '.join(COMPOSERS)}"
        raise UsageError(message)
    return COMPOSERS[kind](material)
