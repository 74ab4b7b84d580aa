"""Versions: by which program, definitions, law and catalogues something was worked out."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from clearwake import places
from clearwake.detect import detectors
from clearwake.seal import digest

_STATUTES = ("instruments", "elements.yml", "vocabulary.yml", "goods_words.yml", "institutions.yml")

CATALOGUES = {
    "statutes": ("clearwake.statutes", _STATUTES),
    "options": ("clearwake.law", ("options.yml",)),
    "observations": ("clearwake.assess", ("observations.yml",)),
    "templates": ("clearwake.dossier", ("templates",)),
}
"""Files whose words decide what follows, by what they are called in a manifest."""

DRAWN_BY = ("matplotlib", "typst", "justmytype-intl-cjk")
"""What pictures and pages look like depends on these."""


@cache
def versions() -> dict[str, str]:
    """Give the version of clearwake and of what draws, and hashes of catalogues and detectors' definitions."""
    told = {"clearwake": version("clearwake")}
    told |= {name: _hashed(*where) for name, where in CATALOGUES.items()}
    told |= {f"detector {each.name}": each.definition for each in detectors(places.load())}
    return told | {name: version(name) for name in DRAWN_BY}


def _hashed(package: str, names: tuple[str, ...]) -> str:
    whole = b"".join(content for name in names for content in _contents(files(package) / name))
    return digest(whole)[:16]


def _contents(at: Traversable) -> list[bytes]:
    if at.is_file():
        return [at.name.encode() + b"\0" + at.read_bytes()]
    inside = sorted(
        (each for each in at.iterdir() if not each.name.startswith("_")), key=lambda each: each.name
    )
    return [content for each in inside for content in _contents(each)]
