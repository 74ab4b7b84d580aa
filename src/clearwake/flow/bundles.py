"""The file one desk gives another: a zip of canonical JSON, every file hashed, the hashes signed.

The zip can be written in one way only, so that it tells nothing but what it holds and no byte of it can be changed
unseen.  Reading believes nothing: a file that is not named, a name without a file, another hash or another signature,
and all of it is refused.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearwake import seal
from clearwake.model import ClearwakeError, NotFoundError, UnreadableFileError

FORMAT = "clearwake exchange 1"
MANIFEST, SIGNATURE = "manifest.json", "signature"
MOST_BYTES = 2_000_000_000
"""Larger contents are refused before they are unpacked."""

_BEGINNING = (1980, 1, 1, 0, 0, 0)


_NO_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, OSError, EOFError,
    ValueError, OverflowError,
)  # fmt: skip
"""What reading a damaged zip raises."""


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself; the signature covers all of it."""

    format: str
    sender: str
    """The party."""
    public_key: str
    to: str
    made_at: datetime
    files: Mapping[str, str]
    """SHA-256 by name."""

    @property
    def chain(self) -> str:
        """The sending desk's name."""
        return seal.desk_name(self.public_key)


@dataclass(frozen=True)
class Bundle:
    """A bundle that is whole and signed by the key it names; whose key that is, is another question."""

    manifest: Manifest
    files: Mapping[str, bytes]
    sha256: str


class RefusedError(ClearwakeError):
    """A bundle is not taken; nothing of it was kept.

    Attributes:
        reason: Why.
    """

    def __init__(self, path: Path, reason: str, do_next: str) -> None:
        self.reason = reason
        super().__init__(f"{path}: refused: {reason}\n  next: {do_next}; nothing was kept")


def packed(
    key: Ed25519PrivateKey, sender: str, to: str, made_at: datetime, files: Mapping[str, bytes]
) -> bytes:
    """Give the bytes of a bundle.

    Args:
        key: The sending desk's.
        sender: The sending party.
        to: The party it is for.
        made_at: When.
        files: Contents by name.
    """
    hashes = {name: seal.digest(content) for name, content in files.items()}
    manifest = seal.canonical(Manifest(FORMAT, sender, seal.public_hex(key), to, made_at, hashes))
    signed = {MANIFEST: manifest, SIGNATURE: seal.sign(key, manifest).encode(), **files}
    return _zipped(signed)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Write a zip in the one way it can be written: names in order, no times, nothing compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as into:
        for name in sorted(files):
            told = zipfile.ZipInfo(name, _BEGINNING)
            told.create_system, told.external_attr = 3, 0o600 << 16
            into.writestr(told, files[name])
    return written.getvalue()


def unpacked(path: Path) -> Bundle:
    """Read a bundle and check that it is as its sender signed it.

    Raises:
        NotFoundError: If there is no such file.
        UnreadableFileError: If it is no bundle.
        RefusedError: If anything in it is not what was signed.
    """
    content, files = _contents(path)
    again = "ask its sender for it again"
    if MANIFEST not in files or SIGNATURE not in files:
        raise UnreadableFileError(
            str(path), "no manifest and signature", "a bundle of clearwake exchange", again
        )
    if content != _zipped(files):
        raise RefusedError(path, "the zip around its files was altered", again)
    signed = files.pop(MANIFEST)
    signature = files.pop(SIGNATURE).decode("ascii", "replace")
    manifest = seal.parsed(signed, Manifest)
    if manifest.format != FORMAT:
        raise UnreadableFileError(str(path), f"format {manifest.format!r}", FORMAT, again)
    if not seal.is_signed(manifest.public_key, signature, signed):
        raise RefusedError(path, "its manifest is not signed by the key it names", again)
    for name in sorted({*files, *manifest.files}):
        if name not in files:
            raise RefusedError(path, f"{name} is missing", again)
        if name not in manifest.files:
            raise RefusedError(path, f"{name} was put in; its manifest does not name it", again)
        if seal.digest(files[name]) != manifest.files[name]:
            raise RefusedError(path, f"{name} was altered: its SHA-256 is not the one signed", again)
    return Bundle(manifest, files, seal.digest(content))


def _contents(path: Path) -> tuple[bytes, dict[str, bytes]]:
    if not path.is_file():
        message = f"no such file: {path}\n  next: name a bundle that clearwake exchange export wrote"
        raise NotFoundError(message)
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed_file:
            there = packed_file.infolist()
            if len({each.filename for each in there}) != len(there):
                raise RefusedError(path, "two files in it have one name", "ask its sender for it again")
            if sum(each.file_size for each in there) > MOST_BYTES:
                raise RefusedError(path, "it unpacks to more than any bundle does", "ask its sender about it")
            return content, {each.filename: packed_file.read(each) for each in there}
    except _NO_ZIP as error:
        next_step = "ask its sender for it again; nothing was kept"
        raise UnreadableFileError(str(path), str(error), "a zip of clearwake exchange", next_step) from error
