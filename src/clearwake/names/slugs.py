"""Slugs: a name as a word that stands in ids, file names and subjects."""

from __future__ import annotations

import re

from anyascii import anyascii

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
"""Letters of a name that a case id keeps; a folder of that name must be possible on every disk."""


def slug(name: str, longest: int = _LONGEST) -> str:
    """Write a name in lower-case letters, digits and hyphens: ``rye-song-gang-1``; ``unnamed`` if none is left."""
    return _NOT_PLAIN.sub("-", anyascii(name).lower()).strip("-")[:longest].strip("-") or "unnamed"
