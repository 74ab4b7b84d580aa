"""Tables of positions of any publisher, read chunk by chunk: what ``table``, ``noaa`` and ``dma`` share.

Every row of a file ends as exactly one of: a position, a reject, or a row counted by what it was.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from clearwake.model import Options, Reading, Received, UnreadableFileError
from clearwake.sources import columnar, delimited, objects
from clearwake.sources.chunks import BLANK, Chunk
from clearwake.sources.columns import Layout, layout, spelling
from clearwake.sources.delimited import Parsed
from clearwake.sources.facts import Reader, judge
from clearwake.sources.lines import Block, blocks
from clearwake.unpack import Content, contents, laid_down

CHUNK_ROWS = 1_000_000
"""A chunk is handed on when it has this many rows, at the next end of a block."""


@dataclass(frozen=True)
class Family:
    """A publisher's tables: what they are called, and the columns that no other publisher's have together."""

    name: str
    title: str
    columns: tuple[tuple[str, ...], ...] = ()
    """Each a set of spellings of one column, one of which has to be there."""


def read(files: Sequence[Received], options: Options, family: Family) -> Iterator[Reading]:
    """Read tables of positions, whatever they are packed in: CSV, Parquet or JSON lines.

    Raises:
        UnreadableFileError: If a file is not such a table; nothing of it may be kept.
        UsageError: If ``options.mapping`` names something a table of positions does not have.
    """
    for index, file in enumerate(files):
        chunk = Chunk(family.name, index)
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
    content: Content, reader: Reader, options: Options, family: Family, chunk: Chunk
) -> Iterator[int]:
    with laid_down(content) as file:
        read = columnar.batches(file, options.mapping, content.origin, options.received_at)
        for found, batch in read:
            _expect(family, found, content.origin)
            chunk.add(judge(batch, replace(reader, is_day_first=found.is_day_first)))
            yield int(batch.lines[-1]) if len(batch.lines) else 0


def _text(content: Content, reader: Reader, options: Options, family: Family, chunk: Chunk) -> Iterator[int]:
    text = blocks(content.stream)
    block, found, parse = _beginning(text, options.mapping, content.origin)
    _expect(family, found, content.origin)
    reader = replace(reader, is_day_first=found.is_day_first)
    for each in itertools.chain((block,), text):
        parsed = parse(each)
        chunk.add(judge(parsed.rows, reader))
        chunk.add_lines(parsed.faults, {BLANK: parsed.blank}, reader)
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
    if objects.is_likely(block):
        found = layout(objects.names(block), mapping, origin)
        return block, found, partial(objects.parse, layout=found)
    if line.lstrip().startswith(b"["):
        do_next = "write one object to a line"
        raise UnreadableFileError(origin, "a JSON array", "a table or JSON lines", do_next)
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
