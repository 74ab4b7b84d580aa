"""Text in blocks of whole lines, so that a file of any length is read in bounded memory.

A line ends at a line feed, whatever stands in it: a lost quotation mark damages its own line and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK_BYTES = 24 << 20
"""About 200,000 rows; larger blocks were measured to be slower, and no line may be longer."""

FOUND_CHARACTERS = 500
"""How much of a rejected row is kept."""


_NEWLINE = ord("\n")


class Fault(NamedTuple):
    """A line that could not be read, as text, and why."""

    line: int
    reason: str
    found: str


@dataclass(frozen=True)
class Block:
    """Whole lines of a file: their bytes and the number of the first."""

    data: bytes
    first: int
    faults: tuple[Fault, ...] = field(default=())
    """Lines longer than a block, which were passed over before this one."""

    @cached_property
    def count(self) -> int:
        """How many lines there are."""
        ends = int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == _NEWLINE))
        return ends + bool(self.data and not self.data.endswith(b"\n"))

    @property
    def last(self) -> int:
        """The number of its last line."""
        return self.first + self.count - 1

    @cached_property
    def spans(self) -> NDArray[np.int64]:
        """Give where lines begin and end in ``data``, line ends included: ``(n, 2)``."""
        ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == _NEWLINE) + 1
        if self.data and not self.data.endswith(b"\n"):
            ends = np.append(ends, len(self.data))
        return np.stack((np.concatenate(([0], ends[:-1])) if len(ends) else ends, ends), axis=1)


def shown(line: bytes) -> str:
    """Give a line as text to look at, at most 500 characters; bytes that are not UTF-8 as their numbers."""
    return line[: 4 * FOUND_CHARACTERS].decode("utf-8", "backslashreplace")[:FOUND_CHARACTERS].rstrip("\r\n")


def blocks(stream: IO[bytes], size: int = BLOCK_BYTES) -> Iterator[Block]:
    """Cut a stream into blocks of whole lines, numbered from 1; a byte order mark is left out."""
    kept, first, faults = b"", 1, list[Fault]()
    piece = stream.read(size).removeprefix(b"\xef\xbb\xbf")
    while piece:
        cut = piece.rfind(b"\n") + 1
        if cut:
            block = Block(b"".join((kept, memoryview(piece)[:cut])), first, tuple(faults))
            yield block
            first, faults, kept = first + block.count, [], b""
        kept += piece[cut:]
        if len(kept) >= size:
            faults.append(Fault(first, "line too long", shown(kept)))
            kept, first = _after_line_end(stream, size), first + 1
        piece = stream.read(size)
    if kept or faults:
        yield Block(kept, first, tuple(faults))


def _after_line_end(stream: IO[bytes], size: int) -> bytes:
    """Read on to the next line end and give what follows it in the same piece."""
    while piece := stream.read(size):
        if (end := piece.find(b"\n")) >= 0:
            return piece[end + 1 :]
    return b""
