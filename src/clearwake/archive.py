"""The door: every file and message batch is kept as it was received, named by its sha256.

The bytes are neither unpacked nor repacked, so that anyone holding the publisher's file can check that it is the
same.  What was received, when and from whom is said by receipts, which are the store's; the archive only
promises that the bytes of a receipt are still these bytes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from clearwake.model import NotFoundError

BLOCK_BYTES = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Kept:
    """Bytes that are in the archive now."""

    sha256: str
    size_bytes: int
    path: Path
    is_new: bool
    """False if the same bytes were there already; then nothing was added."""


@dataclass(frozen=True)
class Difference:
    """An archived file that no longer is what its name says."""

    path: Path
    sha256: str | None
    """What its bytes hash to now; None if it is missing."""


class Archive:
    """The received bytes of a desk, in ``archive/ab/<sha256>``, where ``ab`` is how the hash begins.

    Args:
        root: The desk's folder.
    """

    def __init__(self, root: Path) -> None:
        self._folder = Path(root).absolute() / "archive"
        self._incoming = self._folder / ".incoming"

    def keep(
        self, given: Path | BinaryIO, origin: str, on_bytes: Callable[[int], None] | None = None
    ) -> Kept:
        """Copy bytes into the archive, hashing them on the way; the disk has them when this returns.

        Reads each byte once and holds one block in memory.  The same bytes given again add nothing.

        Args:
            given: A file, or a stream to read to its end.
            origin: What to call it when it cannot be read.
            on_bytes: Told the number of bytes after each block, for a progress bar.

        Raises:
            NotFoundError: If ``given`` is a path with no file.
        """
        with self._writing() as temporary:
            sha256, size_bytes = _copy(given, temporary, origin, on_bytes)
            path = self._place(sha256)
            is_new = not (path.exists() and path.stat().st_size == size_bytes)
            if is_new:
                _put(temporary, path)
            return Kept(sha256, size_bytes, path, is_new)

    def has(self, sha256: str) -> bool:
        """Say whether the archive has bytes that hash to ``sha256``."""
        return bool(_SHA256.fullmatch(sha256)) and self._place(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Give the file whose bytes hash to ``sha256``.

        Raises:
            NotFoundError: If the archive has no such bytes.
        """
        path = self._place(sha256) if _SHA256.fullmatch(sha256) else None
        if path is None or not path.is_file():
            message = f"{self._folder} has no bytes with the sha256 {sha256!r}"
            raise NotFoundError(message)
        return path

    def verify(
        self, expected: Iterable[str] = (), on_bytes: Callable[[int], None] | None = None
    ) -> Iterator[Difference]:
        """Hash every archived file again and give those that differ from their name.

        Args:
            expected: Hashes that must be there, such as those of all receipts; the missing ones are given too.
            on_bytes: Told the number of bytes after each file, for a progress bar.
        """
        held = {path.name: path for path in sorted(self._folder.glob("??/*"))}
        for name, path in held.items():
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
                if on_bytes:
                    on_bytes(stream.tell())
            if found != name:
                yield Difference(path, found)
        for sha256 in sorted(set(expected) - set(held)):
            yield Difference(self._place(sha256), None)

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """Give a path to write to; what processes that died left there is deleted when no other writes."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".incoming.lock").open("ab") as lock:
            if _is_only_one(lock):
                for left in self._incoming.iterdir():
                    left.unlink()
            fcntl.flock(lock, fcntl.LOCK_SH)
            temporary = self._incoming / uuid.uuid4().hex
            try:
                yield temporary
            finally:
                temporary.unlink(missing_ok=True)


def _is_only_one(lock: BinaryIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _copy(
    given: Path | BinaryIO, to: Path, origin: str, on_bytes: Callable[[int], None] | None
) -> tuple[str, int]:
    """Copy bytes to a file, wait until the disk has them, and give their sha256 and number."""
    if not isinstance(given, Path):
        return _pour(given, to, on_bytes)
    try:
        stream = given.open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        message = f"{origin}: there is no such file\n  next: give the name of a file that is there"
        raise NotFoundError(message) from error
    with stream:
        return _pour(stream, to, on_bytes)


def _pour(stream: BinaryIO, to: Path, on_bytes: Callable[[int], None] | None) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    with to.open("xb") as file:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            file.write(block)
            size_bytes += len(block)
            if on_bytes:
                on_bytes(len(block))
        file.flush()
        os.fchmod(file.fileno(), 0o444)  # received bytes are not for editing
        os.fsync(file.fileno())
    return digest.hexdigest(), size_bytes


def _put(temporary: Path, path: Path) -> None:
    """Give a written file its name, and wait until the disk has the name too."""
    path.parent.mkdir(exist_ok=True)
    temporary.rename(path)
    for folder in path.parents[:3]:
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
