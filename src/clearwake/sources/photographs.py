"""Photographs of sightings: named by their SHA-256, which is given, or worked out from the file beside the report."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

_SHA256 = re.compile(r"(?:sha256[:\s-]*)?([0-9a-f]{64})", re.IGNORECASE)
_SPLIT = r"[;|,\n]"


def photographs(text: str | None, folder: Path | None) -> tuple[list[str], str | None]:
    """Read a field of photographs: their hashes, and a word on those that have none.

    Args:
        text: Hashes or file names, with ``;``, ``,`` or ``|`` between.
        folder: Where the file that names them lay.  Only what lies in it or below it is opened.
    """
    hashes: list[str] = []
    odd: list[str] = []
    for each in re.split(_SPLIT, (text or "").strip("[]")):
        name = each.strip(" '\"")
        if not name:
            continue
        given = _SHA256.fullmatch(name)
        found = given[1].lower() if given else _hashed(name, folder)
        if found is None:
            odd.append(f"photograph '{name}' is neither a SHA-256 nor a file beside the report")
        else:
            hashes.append(found)
    return list(dict.fromkeys(hashes)), "; ".join(odd) or None


def _hashed(name: str, folder: Path | None) -> str | None:
    if folder is None or "\0" in name:
        return None
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        return None
    with path.open("rb") as bytes_:
        return hashlib.file_digest(bytes_, "sha256").hexdigest()
