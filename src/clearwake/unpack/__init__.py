"""What lies inside a received file: itself, or what gzip, Zstandard or zip wrapped, in whatever order.

The packing is told by the first bytes, never by the name.  Contents are streams that unpack as they are read,
so a small file that unpacks to terabytes costs time but no memory.  A content that is empty, or plainly no
table or log (a web page, a workbook), is refused before anything is read from it.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import zstandard

from clearwake.model import Received, UnreadableFileError
from clearwake.unpack.zstandard_frames import MAGIC as ZSTANDARD
from clearwake.unpack.zstandard_frames import FrameFollower

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP, ZIP, PARQUET = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"PAR1"

DEEPEST = 4
"""How many packings may lie inside one another: deeper is a trap, not a delivery."""

HEAD_BYTES = 4096
_BUFFER_BYTES = 1 << 20
_SPOOL_LIMIT_BYTES = 1 << 36
"""A Parquet or zip file inside another packing has to be laid down whole; 64 GiB is more than any day's feed."""

_DAMAGED = (
    EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, zstandard.ZstdError,
    NotImplementedError, RuntimeError, OverflowError, ValueError, OSError,
)  # fmt: skip
"""What the unpacking libraries raise on damaged bytes; RuntimeError is zipfile's word for a password."""

_NOT_OURS = (
    (b"%PDF", "a PDF document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x89PNG", "a picture"),
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others unpack without a bound on how much comes out at once."""

_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body")


@dataclass(frozen=True)
class Content:
    """One content of a received file: the name it goes by, and its bytes from the start."""

    origin: str
    """``ais.csv``, or for a member of an archive ``ais.zip!2020/day.csv``."""
    stream: io.BufferedReader[Any]
    """Valid until the next content is asked for.  Reading it may raise ``UnreadableFileError``."""
    path: Path | None = None
    """Where the bytes lie on disk, if they were not packed."""

    @property
    def head(self) -> bytes:
        """The first bytes, left unread."""
        return self.stream.peek(HEAD_BYTES)[:HEAD_BYTES]

    @property
    def is_parquet(self) -> bool:
        """Whether the bytes begin as a Parquet file does."""
        return self.head.startswith(PARQUET)


def packing(head: bytes) -> str:
    """Name how a file is packed by its first four bytes: ``gzip``, ``zstandard``, ``zip`` or ``plain``."""
    kinds = ((GZIP, "gzip"), (ZSTANDARD, "zstandard"), (ZIP, "zip"))
    return next((kind for magic, kind in kinds if head.startswith(magic)), "plain")


def contents(file: Received) -> Iterator[Content]:
    """Give every content of a received file, in its own order.

    Raises:
        UnreadableFileError: If the file, or one inside it, is empty, damaged, cut short, protected by a
            password, or plainly of another kind, such as a web page.
    """
    try:
        raw = file.path.open("rb")
    except OSError as fault:
        raise _refusal(file.origin, str(fault), "a file", "check that it is there and may be read") from fault
    with raw:
        count = 0
        for content in _unpacked(raw, file.origin, 0):
            count += 1
            yield content
        if not count:
            raise _refusal(file.origin, "an archive with no file in it", "a zip archive", _AGAIN)


@contextmanager
def laid_down(content: Content) -> Iterator[IO[bytes]]:
    """Give a content as a file on disk that can be read at any place, until the block ends.

    Raises:
        UnreadableFileError: If the content is damaged or, unpacked, longer than 64 GiB.
    """
    if content.path is not None:
        with content.path.open("rb") as file:
            yield file
        return
    with tempfile.NamedTemporaryFile(prefix="clearwake-") as laid:
        while piece := content.stream.read(_BUFFER_BYTES):
            laid.write(piece)
            if laid.tell() > _SPOOL_LIMIT_BYTES:
                raise _refusal(content.origin, "more than 64 GiB", "a packed file", "unpack it first")
        laid.flush()
        laid.seek(0)
        yield cast("IO[bytes]", laid)


_AGAIN = "fetch the file again from its publisher"


def _refusal(where: str, found: str, read_as: str, do_next: str) -> UnreadableFileError:
    return UnreadableFileError(where, found, read_as, do_next)


def _unpacked(raw: IO[bytes], origin: str, depth: int) -> Iterator[Content]:
    stream = io.BufferedReader(_Guarded(raw, origin), _BUFFER_BYTES)
    head = stream.peek(HEAD_BYTES)
    if depth > DEEPEST:
        raise _refusal(origin, f"more than {DEEPEST} packings inside one another", "a packed file", _AGAIN)
    if head.startswith(GZIP):
        yield from _unpacked(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), origin, depth + 1)
    elif head.startswith(ZSTANDARD):
        yield from _unpacked(cast("IO[bytes]", _Zstandard(stream)), origin, depth + 1)
    elif head.startswith(ZIP):
        if depth == 0:
            yield from _members(raw, origin, depth)
        else:
            with laid_down(Content(origin, stream)) as archive:
                yield from _members(archive, origin, depth)
    else:
        _refuse_other_kinds(head, origin)
        yield Content(origin, stream, Path(raw.name) if depth == 0 else None)


def _refuse_other_kinds(head: bytes, origin: str) -> None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        found = "an empty file" if not head else "nothing but blanks"
        raise _refusal(origin, found, "a file of positions or facts", _AGAIN)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_PAGES) or (start.startswith(b"<") and b"<html" in start):
        found = "a web page, as sent in place of a file that is not there"
        raise _refusal(origin, found, "a file of positions or facts", _AGAIN)
    for magic, kind in _NOT_OURS:
        if head.startswith(magic):
            do_next = "unpack it, or save it as CSV in UTF-8, and read that"
            raise _refusal(origin, kind, "a file of positions or facts", do_next)


def _members(archive: IO[bytes], origin: str, depth: int) -> Iterator[Content]:
    with _refusing(origin, "a zip archive"):
        packed = zipfile.ZipFile(archive)
        members = [info for info in packed.infolist() if not info.is_dir() and not _is_litter(info.filename)]
    with packed:
        if any(info.filename == "[Content_Types].xml" for info in members):
            raise _refusal(origin, "an Excel workbook", "a zip archive", "save it as CSV and read that")
        for info in members:
            name = f"{origin}!{info.filename}"
            if info.compress_type not in _METHODS:
                found = f"compression method {info.compress_type}"
                raise _refusal(name, found, "a stored or deflated member of a zip archive", "unpack it first")
            with _refusing(name, "a member of a zip archive"):
                member = packed.open(info)
            with member:
                yield from _unpacked(member, name, depth + 1)


def _is_litter(name: str) -> bool:
    """Tell the files that macOS adds to every archive it makes."""
    return name.startswith("__MACOSX/") or name.endswith(".DS_Store")


class _refusing:  # noqa: N801 - reads as a clause: with _refusing(origin, "a zip archive")
    """Turns what damaged bytes make a library raise into an error that says what to do."""

    def __init__(self, origin: str, read_as: str) -> None:
        self.origin, self.read_as = origin, read_as

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: object) -> None:
        if isinstance(fault, _DAMAGED):
            found = f"damaged or cut short: {fault or type(fault).__name__}"
            raise _refusal(self.origin, found, self.read_as, _AGAIN) from fault


class _Guarded(io.RawIOBase):
    """A stream whose faults, whatever library they come from, are ``UnreadableFileError``."""

    def __init__(self, raw: IO[bytes], origin: str) -> None:
        self._raw, self._origin = cast("io.RawIOBase", raw), origin

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` and give how many bytes were put there, 0 at the end."""
        with _refusing(self._origin, "a packed file"):
            count = self._raw.readinto(buffer)
        return count or 0


class _Zstandard(io.RawIOBase):
    """A stream out of Zstandard frames that notices when the last one is cut short."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._packed = _Followed(raw)
        unpacker = zstandard.ZstdDecompressor()
        self._plain = unpacker.stream_reader(cast("IO[bytes]", self._packed), read_across_frames=True)

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` and give how many bytes were put there, 0 at the end.

        Raises:
            EOFError: If the file ends inside a frame.
        """
        view = memoryview(buffer)
        piece = self._plain.read(len(view))
        if not piece and view and not self._packed.follower.is_complete:
            message = "the file ends inside a Zstandard frame"
            raise EOFError(message)
        view[: len(piece)] = piece
        return len(piece)


class _Followed:
    """Packed bytes on their way to the library, followed so that their end can be judged."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self.follower = raw, FrameFollower()

    def read(self, size: int = -1) -> bytes:
        """Read packed bytes as the library asks for them."""
        piece = self._raw.read(size)
        self.follower.feed(piece)
        return piece
