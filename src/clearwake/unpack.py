"""What lies inside a received file: the file itself, or what a gzip, Zstandard or zip file holds.

The packing is recognised by the first bytes, never by the name.  Contents are streams, so that memory is
bounded by what the reader keeps.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

import zstandard

from clearwake.model import Received, UnreadableFileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BROKEN = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    zipfile.BadZipFile,
    zstandard.ZstdError,
    NotImplementedError,
)
"""What a packed file that is damaged, cut short or packed in an unknown way raises while it is read."""

GZIP, ZSTANDARD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"


def packing(received: Received) -> str:
    """Name how a file is packed by its first bytes: ``gzip``, ``zstandard``, ``zip`` or ``plain``."""
    with received.path.open("rb") as raw:
        head = raw.read(4)
    kinds = ((GZIP, "gzip"), (ZSTANDARD, "zstandard"), (ZIP, "zip"))
    return next((kind for magic, kind in kinds if head.startswith(magic)), "plain")


def unpacked(received: Received) -> Iterator[tuple[str, IO[bytes]]]:
    """Give every content of a file: the name it goes by, and a stream valid until the next one is asked for.

    A plain, gzip or Zstandard file has one content; a zip file one for each file in it, in its own order.

    Raises:
        UnreadableFileError: If the packing is damaged or cut short.  Reading a stream can raise it too, when
            the reader reads it inside ``refusing_damage``.
    """
    kind = packing(received)
    with refusing_damage(received.origin), received.path.open("rb") as raw:
        if kind == "zip":
            yield from _members(raw, received.origin)
        elif kind == "gzip":
            yield received.origin, cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
        elif kind == "zstandard":
            yield received.origin, cast("IO[bytes]", io.BufferedReader(_Zstandard(raw)))
        else:
            yield received.origin, raw


def _members(raw: IO[bytes], origin: str) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(raw) as packed:
        for info in packed.infolist():
            if not info.is_dir():
                with packed.open(info) as stream:
                    yield f"{origin}/{info.filename}", stream


class _Zstandard(io.RawIOBase):
    """A stream out of Zstandard frames that, unlike the library's own, notices when the last is cut short."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._is_inside, self._plain = False, memoryview(b"")

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` and give how many bytes were put there, 0 at the end.

        Raises:
            EOFError: If the file ends inside a frame.
        """
        while not self._plain and (packed := self._raw.read(1 << 16)):
            self._plain = memoryview(self._unpack(packed))
        if not self._plain and self._is_inside:
            message = "the Zstandard file ended inside a frame"
            raise EOFError(message)
        view = memoryview(buffer)
        count = min(len(view), len(self._plain))
        view[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _unpack(self, packed: bytes) -> bytes:
        plain = b""
        while packed:
            plain += self._frame.decompress(packed)
            self._is_inside, packed = not self._frame.eof, self._frame.unused_data
            if not self._is_inside:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
        return plain


@contextmanager
def refusing_damage(origin: str) -> Iterator[None]:
    """Turn what a damaged packed file raises into an error that says what to do.

    Raises:
        UnreadableFileError: If the packing is damaged or cut short.
    """
    try:
        yield
    except BROKEN as fault:
        found = f"{type(fault).__name__}: {fault}"
        raise UnreadableFileError(
            origin, found, "a packed file", "fetch it again; it is cut short"
        ) from fault
