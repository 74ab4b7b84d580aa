"""From a fact back to what was received: the line it stood in, as it stood."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from clearwake.model import Received
from clearwake.sources.lines import blocks, shown
from clearwake.unpack import Content, contents, laid_down


class Original(NamedTuple):
    """A line as it was received: which file or member of an archive, which line of it, and its text."""

    origin: str
    line: int
    text: str


def original(file: Received, line: int) -> Original | None:
    """Give the line a fact names: its ``line``, counted through all members of an archive; None if there is none.

    Of Parquet it is the row, written ``column=value``.

    Raises:
        UnreadableFileError: If the file cannot be read any more.
    """
    left = line
    for content in contents(file):
        found = _row(content, left) if content.is_parquet else _line(content, left)
        if isinstance(found, str):
            return Original(content.origin, left, found)
        left -= found
    return None


def _line(content: Content, line: int) -> str | int:
    """Give a line of a content, or how many lines it has."""
    last = 0
    for block in blocks(content.stream):
        for fault in block.faults:
            if fault.line == line:
                return fault.found
        if block.first <= line <= block.last:
            start, end = block.spans[line - block.first]
            return shown(block.data[start:end])
        last = block.last
    return last


def _row(content: Content, row: int) -> str | int:
    """Give a row of a Parquet content, or how many rows it has."""
    with laid_down(content) as file:
        scan = pl.scan_parquet(file.name, glob=False)
        found = scan.slice(row - 1, 1).collect()
        if found.is_empty():
            return int(scan.select(pl.len()).collect().item())
        return ", ".join(f"{name}={value}" for name, value in found.row(0, named=True).items())
