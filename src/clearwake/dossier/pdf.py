"""A document as PDF, set by Typst from the template of its kind."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

import typst

from clearwake.dossier.document import Document
from clearwake.dossier.fonts import fonts
from clearwake.seal import canonical

MADE_BY = datetime(2000, 1, 1, tzinfo=UTC)
"""When the PDF says it was made, so that a document has the same bytes each time; its pages tell when."""


def pdf(document: Document, pictures: Mapping[str, bytes]) -> bytes:
    """Set a document.

    Args:
        document: What it says.
        pictures: The bytes of its pictures, by file name.

    Returns:
        PDF, tagged for readers that speak it (PDF/UA-1); the same for the same document.
    """
    sources = {
        "main.typ": _template(f"{document.kind}.typ"),
        "dossier.typ": _template("dossier.typ"),
        "document.json": canonical(document),
        **{name: pictures[name] for name in document.figures},
    }
    # In a folder, because Typst takes pictures from files only.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in sources.items():
            (folder / file).write_bytes(content)
        return _set(folder)


def _set(folder: Path) -> bytes:
    """Set what lies in a folder, for readers aloud too (PDF/UA-1) unless a letter has no glyph, which that forbids."""
    try:
        return _compiled(folder, "ua-1")
    except typst.TypstError:
        return _compiled(folder, None)


def _compiled(folder: Path, standard: Literal["ua-1"] | None) -> bytes:
    made: bytes = typst.compile(
        folder / "main.typ",
        root=folder,
        format="pdf",
        font_paths=fonts(),
        timestamp=MADE_BY,
        pdf_standards=standard,
    )
    return made


@cache
def _template(name: str) -> bytes:
    return (files("clearwake.dossier") / "templates" / name).read_bytes()
