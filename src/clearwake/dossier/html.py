"""A document as one HTML page that needs nothing but itself: no script, no request, readable aloud and in print."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2 import Template as Jinja

from clearwake.dossier.document import Document
from clearwake.dossier.packing import ending


def html(document: Document, pictures: Mapping[str, bytes]) -> bytes:
    """Write a document as an HTML page; the same for the same document and pictures.

    Args:
        document: What it says.
        pictures: The bytes of its pictures, by file name.
    """
    embedded = {name: _embedded(pictures[name]) for name in document.figures}
    before, after = _around(document.front.claim, document.front.word)
    written = _template(document.kind).render(doc=document, pictures=embedded, before=before, after=after)
    return written.encode()


def _embedded(content: bytes) -> str:
    kind = "png" if ending(content) == ".png" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _around(claim: str, word: str) -> tuple[str, str]:
    """Split the claim around its confidence word."""
    before, found, after = claim.partition(word)
    return (before, after) if found and word else (claim, "")


@cache
def _template(kind: str) -> Jinja:
    loader = PackageLoader("clearwake.dossier", "templates")
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.get_template(f"{kind}.html.j2")
