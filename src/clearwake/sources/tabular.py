"""Tables of positions of any publisher, read chunk by chunk: what ``table``, ``noaa`` and ``dma`` share.

Every row of a file ends as exactly one of: a position, a reject, or a row counted by what it was.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from clearwake.model import (
    IdentityClaim,
    Options,
    Position,
    Reading,
    Received,
    Reject,
    UnreadableFileError,
    empty,
)
from clearwake.sources import columnar, delimited, objects
from clearwake.sources.columns import Layout, layout, spelling
from clearwake.sources.delimited import Parsed
from clearwake.sources.facts import WITHOUT_POSITION, Facts, Reader, judge, rejects
from clearwake.sources.identities import claims
from clearwake.sources.lines import Block, Fault, blocks
from clearwake.sources.unpack import Content, contents, laid_down

CHUNK_ROWS = 1_000_000
"""A chunk is handed on when it has this many rows, at the next end of a block."""

BLANK = "blank lines"


@dataclass(frozen=True)
class Family:
    """A publisher's tables: what they are called, and the columns that no other publisher's have together."""

    name: str
    title: str
    columns: tuple[tuple[str, ...], ...] = ()
    """Each a set of spellings of one column, one of which has to be there."""


@dataclass
class _Chunk:
    """Facts on their way into a ``Reading``."""

    source: str
    file: int
    facts: list[Facts] = field(default_factory=list)
    rejects: list[pl.DataFrame] = field(default_factory=list)
    rows: int = 0
    blank: int = 0

    def reading(self) -> Reading:
        """Give what was gathered, and begin again."""
        groups = [each.groups for each in self.facts if each.groups is not None]
        tables = {
            "positions": _concat([each.positions for each in self.facts], Position),
            "claims": claims(pl.concat(groups, how="vertical_relaxed"), self.source)
            if groups
            else empty(IdentityClaim),
            "quarantine": _concat([*self.rejects, *(each.rejects for each in self.facts)], Reject),
        }
        counts = {WITHOUT_POSITION: sum(each.without_position for each in self.facts), BLANK: self.blank}
        reading = Reading(tables, self.file, self.rows, {name: n for name, n in counts.items() if n})
        self.facts, self.rejects, self.rows, self.blank = [], [], 0, 0
        return reading

    def add(self, facts: Facts) -> None:
        """Take in the facts of a block."""
        self.facts.append(facts)
        self.rows += facts.rows

    def add_faults(self, faults: Sequence[Fault], blank: int, reader: Reader) -> None:
        """Take in the lines of a block that are no rows."""
        self.rejects.append(rejects(faults, reader))
        self.rows, self.blank = self.rows + len(faults) + blank, self.blank + blank


def read(files: Sequence[Received], options: Options, family: Family) -> Iterator[Reading]:
    """Read tables of positions, whatever they are packed in: CSV, Parquet or JSON lines.

    Raises:
        UnreadableFileError: If a file is not such a table; nothing of it may be kept.
        UsageError: If ``options.mapping`` names something a table of positions does not have.
    """
    for index, file in enumerate(files):
        chunk = _Chunk(family.name, index)
        lines_before = 0
        for content in contents(file):
            reader = Reader(family.name, content.origin, options.received_at, lines_before=lines_before)
            table = _parquet if content.is_parquet else _text
            for lines_in_content in table(content, reader, options, family, chunk):
                lines_before = reader.lines_before + lines_in_content
                if chunk.rows >= CHUNK_ROWS:
                    yield chunk.reading()
        yield chunk.reading()


def _parquet(
    content: Content, reader: Reader, options: Options, family: Family, chunk: _Chunk
) -> Iterator[int]:
    with laid_down(content) as file:
        read = columnar.batches(file, options.mapping, content.origin, options.received_at)
        for found, batch in read:
            _expect(family, found, content.origin)
            chunk.add(judge(batch, replace(reader, is_day_first=found.is_day_first)))
            yield int(batch.lines[-1]) if len(batch.lines) else 0


def _text(content: Content, reader: Reader, options: Options, family: Family, chunk: _Chunk) -> Iterator[int]:
    text = blocks(content.stream)
    block, found, parse = _beginning(text, options.mapping, content.origin)
    _expect(family, found, content.origin)
    reader = replace(reader, is_day_first=found.is_day_first)
    for each in itertools.chain((block,), text):
        parsed = parse(each)
        chunk.add(judge(parsed.rows, reader))
        chunk.add_faults(parsed.faults, parsed.blank, reader)
        yield each.last


def _beginning(
    text: Iterator[Block], mapping: Mapping[str, str], origin: str
) -> tuple[Block, Layout, Callable[[Block], Parsed]]:
    """Find the header, or in JSON lines the names, and give what follows it with how to read it."""
    block = next((each for each in text if each.faults or each.data.strip()), None)
    if block is None or block.faults:
        what = "a first line longer than any header" if block else "nothing but blank lines"
        raise UnreadableFileError(origin, what, "a table of positions", "check what was sent")
    lines = (block.data[start:end] for start, end in block.spans)
    blank, line = next((at, each) for at, each in enumerate(lines) if each.strip())
    if line.lstrip().startswith(b"["):
        do_next = "write one object to a line"
        raise UnreadableFileError(origin, "a JSON array", "a table or JSON lines", do_next)
    if line.lstrip().startswith(b"{"):
        found = layout(objects.names(block), mapping, origin)
        return block, found, partial(objects.parse, layout=found)
    names, separator = delimited.header(line)
    found = layout(names, mapping, origin)
    after = Block(block.data[block.spans[blank, 1] :], block.first + blank + 1)
    return after, found, partial(delimited.parse, layout=found, separator=separator)


def _expect(family: Family, found: Layout, origin: str) -> None:
    spelt = {spelling(name) for name in found.names}
    missing = [spellings[0] for spellings in family.columns if spelt.isdisjoint(spellings)]
    if missing:
        columns = ", ".join(found.names)[:300]
        raise UnreadableFileError(
            origin,
            f"no column {', '.join(missing)}; the columns are {columns}",
            family.title,
            "read it as a table of any publisher: clearwake read table FILE",
        )


def _concat(frames: list[pl.DataFrame], record: type) -> pl.DataFrame:
    return pl.concat(frames) if frames else empty(record)
