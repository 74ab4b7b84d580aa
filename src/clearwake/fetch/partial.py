"""A file on its way: the bytes that came so far, and what the publisher said of the whole."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

ALGORITHMS = {"md5": "md5", "sha-256": "sha256", "sha-512": "sha512"}
"""Digests that are checked, by their names in the IANA registry of HTTP digest algorithms."""

_MEMBER = re.compile(r"\s*([A-Za-z0-9-]+)\s*=\s*:?([A-Za-z0-9+/=]+):?\s*(?:,|$)")


@dataclass(frozen=True)
class Announced:
    """What the publisher said of a whole file when it began to send it."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size_bytes: int | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    """Hexadecimal, by algorithm: what the whole file must hash to."""

    @property
    def validator(self) -> str | None:
        """What ``If-Range`` may be asked with: a strong ETag, else the date (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the file only if it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


def announced(url: str, headers: Mapping[str, str], *, is_whole: bool) -> Announced:
    """Read what an answer's headers say of the whole file.

    Args:
        url: The address, without secrets.
        headers: The answer's, by any case.
        is_whole: Whether the answer carries the whole file; only then do the digests of its body count.
    """
    ranged = re.fullmatch(r"bytes \d+-\d+/(\d+)", headers.get("content-range", ""))
    length = ranged[1] if ranged else headers.get("content-length") if is_whole else None
    digests = _digests(headers.get("repr-digest", "")) | _digests(headers.get("digest", ""))
    if is_whole:
        digests |= _digests(headers.get("content-digest", ""))
        digests |= _digests(f"md5={headers['content-md5']}" if "content-md5" in headers else "")
    return Announced(
        url, headers.get("etag"), headers.get("last-modified"), int(length) if length else None, digests
    )


def _digests(text: str) -> dict[str, str]:
    """Read ``sha-256=:base64:`` (RFC 9530) and ``SHA-256=base64`` (RFC 3230); unknown algorithms are left out."""
    found = {}
    for algorithm, value in _MEMBER.findall(text):
        if name := ALGORITHMS.get(algorithm.lower()):
            try:
                found[name] = base64.b64decode(value, validate=True).hex()
            except binascii.Error:
                found[name] = value  # no base64: then nothing can match it, and the file is refused
    return found


class Partial:
    """The bytes of a file so far, in ``<name>.part``, and beside them what was announced of it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.part = file.with_name(file.name + ".part")
        self._noted = file.with_name(f".{file.name}.part.json")
        self._kept = file.with_name(f".{file.name}.json")

    def resumable(self, url: str) -> tuple[int, Announced | None]:
        """Give how many bytes there are and what was announced; 0 if they cannot be gone on from."""
        said = self._read(self._noted)
        if said is None or said.url != url or said.validator is None or not self.part.exists():
            return 0, None
        return self.part.stat().st_size, said

    def note(self, said: Announced) -> None:
        """Remember what was announced of the bytes that are about to come."""
        self._noted.write_text(json.dumps(asdict(said)))

    def forget(self) -> None:
        """Throw the bytes away."""
        self.part.unlink(missing_ok=True)
        self._noted.unlink(missing_ok=True)

    def keep(self, said: Announced) -> None:
        """Give the whole, checked file its name; whoever looks sees the old file or the new one."""
        _sync(self.part)
        self.part.rename(self.file)
        _sync(self.file.parent)
        self._kept.write_text(json.dumps(asdict(said)))
        self._noted.unlink(missing_ok=True)

    def kept(self, url: str) -> Announced | None:
        """Give what was announced of the file that is there, if it came from ``url`` and is still the same."""
        said = self._read(self._kept)
        if said is None or said.url != url or not self.file.exists():
            return None
        return said if hashes(self.file, {"sha256"})["sha256"] == said.digests.get("sha256") else None

    @staticmethod
    def _read(noted: Path) -> Announced | None:
        try:
            return Announced(**json.loads(noted.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None  # never written, or cut short by a kill: then the file is fetched from its start


def hashes(file: Path, algorithms: set[str]) -> dict[str, str]:
    """Hash a file once by several algorithms; hexadecimal, by algorithm."""
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            for digest in digests.values():
                digest.update(block)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
