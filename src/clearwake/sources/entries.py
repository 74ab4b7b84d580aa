"""Tables of anything but positions, read row by row as text: what shipments and permissions share.

CSV, Parquet and JSON lines, packed or not, as everywhere.  Every value comes out as trimmed text, null where it
says nothing; what it means is for the source to say.  Every row ends as an entry, a reject or a blank line.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from clearwake.model import Options, Received, UnreadableFileError
from clearwake.sources import delimited, documents, objects
from clearwake.sources.columns import Layout, Wanted, layout
from clearwake.sources.facts import Reader
from clearwake.sources.identities import texts
from clearwake.sources.lines import FOUND_CHARACTERS, Block, Fault, blocks
from clearwake.unpack import Content, contents, laid_down

BATCH_ROWS = 500_000

_DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
"""What the frame library raises on damaged Parquet."""


@dataclass(frozen=True)
class Entries:
    """Some rows of a file: our columns as text, one of them ``line``, and the lines that are no rows."""

    frame: pl.DataFrame
    shown: Callable[[Sequence[int]], list[str]]
    """Gives rows, by their index in ``frame``, as they stood, at most 500 characters each."""
    faults: Sequence[Fault]
    blank: int
    reader: Reader
    file: int

    @property
    def rows(self) -> int:
        """How many rows of the file these are, faulty and blank ones included."""
        return len(self.frame) + len(self.faults) + self.blank

    def faulty(self, bad: pl.Series, reason: str) -> list[Fault]:
        """Give the rows for which ``bad`` is true as faults, beside the lines that were no rows at all."""
        at = bad.arg_true().to_list()
        lines = self.frame["line"].gather(at)
        rows = [Fault(line, reason, text) for line, text in zip(lines, self.shown(at), strict=True)]
        return [*self.faults, *rows]


def entries(
    files: Sequence[Received],
    options: Options,
    wanted: Wanted,
    source: str,
    one_of: Collection[str] = (),
    *,
    with_documents: bool = False,
    verbatim: Collection[str] = (),
) -> Iterator[Entries]:
    """Read the rows of tables; a column that a file lacks is null throughout.

    Args:
        files: What was received.
        options: Column names given by the person.
        wanted: What kind of table it is and how its columns are spelt.
        source: The reader's name, for rejects.
        one_of: Columns of which a file must have at least one, or it is no such table.
        with_documents: Whether JSON that is one document, GeoJSON included, is read as well as JSON lines.
        verbatim: Columns in which ``none`` and ``unknown`` are values, not the lack of one.

    Raises:
        UnreadableFileError: If a file is not such a table; nothing of it may be kept.
        UsageError: If ``options.mapping`` names something such a table does not have.
    """
    for index, file in enumerate(files):
        lines_before = 0
        for content in contents(file):
            reader = Reader(source, content.origin, options.received_at, lines_before=lines_before)
            last = lines_before
            names = partial(
                _layout, mapping=options.mapping, where=content.origin, wanted=wanted, one_of=one_of
            )
            as_document = with_documents and documents.is_document(content.head)
            for read in (_document if as_document else _read)(content, names, wanted):
                whole = _whole(read, wanted, lines_before, verbatim)
                last = max(last, lines_before + read.last)
                yield Entries(whole, read.shown, read.faults, read.blank, reader, index)
            lines_before = last


@dataclass(frozen=True)
class _Read:
    frame: pl.DataFrame
    lines: pl.Series
    shown: Callable[[Sequence[int]], list[str]]
    faults: Sequence[Fault]
    blank: int
    last: int


def _read(content: Content, names: partial[Layout], wanted: Wanted) -> Iterator[_Read]:
    return (_parquet if content.is_parquet else _text)(content, names, wanted)


def _document(content: Content, names: partial[Layout], wanted: Wanted) -> Iterator[_Read]:
    """Read a JSON document; it ends on its last row's line, since nothing but brackets follows."""
    rows, faults = documents.rows(content, wanted.title)
    known = names(list(dict.fromkeys(name for _, row in rows for name in row)))
    columns = {ours: [row.get(known.names[at]) for _, row in rows] for ours, at in known.place.items()}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    lines = pl.Series("line", [line for line, _ in rows], pl.Int64)

    def told(at: Sequence[int]) -> list[str]:
        return [json.dumps(rows[each][1])[:FOUND_CHARACTERS] for each in at]

    last = max([*lines, *(fault.line for fault in faults)], default=0)
    yield _Read(frame, lines, told, faults, 0, last)


def _layout(
    names: Sequence[str],
    mapping: Mapping[str, str],
    where: str,
    wanted: Wanted,
    one_of: Collection[str],
) -> Layout:
    found = layout(names, mapping, where, wanted)
    if one_of and not set(one_of) & set(found.place):
        listed = ", ".join(repr(name) for name in names[:40])[:500]
        do_next = f"name it: --map {next(iter(one_of))}=COLUMN"
        what = f"no column for {' or '.join(one_of)}; the columns are {listed}"
        raise UnreadableFileError(where, what, wanted.title, do_next)
    return found


def _whole(read: _Read, wanted: Wanted, lines_before: int, verbatim: Collection[str]) -> pl.DataFrame:
    """Bring columns into text, lay out those that are absent, and number the rows through the received file."""
    absent = [pl.lit(None, pl.String).alias(name) for name in wanted.spellings if name not in read.frame]
    words = read.frame.select(
        _trimmed(read.frame[name]) if name in verbatim else _as_text(read.frame[name])
        for name in read.frame.columns
    )
    return words.with_columns(*absent, (read.lines + lines_before).alias("line")).select(
        "line", *wanted.spellings
    )


def _trimmed(column: pl.Series) -> pl.Series:
    """Give a column as trimmed text, null where it is empty."""
    text = column.cast(pl.String, strict=False).str.strip_chars()
    return text.set((text == "").fill_null(value=False), None)


def _as_text(column: pl.Series) -> pl.Series:
    """Give a column as trimmed text; days and moments as ISO 8601, lists with ``;`` between."""
    name, dtype = column.name, column.dtype
    if isinstance(dtype, pl.List):
        column = column.cast(pl.List(pl.String)).list.join(";")
    elif dtype == pl.Datetime:
        zoned = column.dt.convert_time_zone("UTC") if dtype.time_zone else column  # type: ignore[attr-defined]
        column = zoned.dt.strftime("%Y-%m-%dT%H:%M:%S%.3f")
    elif dtype in (pl.Binary, pl.Categorical, pl.Enum, pl.Null, pl.Date):
        column = column.cast(pl.String, strict=False)
    return texts(column).rename(name)


def _parquet(content: Content, names: partial[Layout], wanted: Wanted) -> Iterator[_Read]:
    with laid_down(content) as file:
        try:
            scan = pl.scan_parquet(file.name, glob=False)
            found = names(scan.collect_schema().names())
            chosen = scan.select(pl.col(found.names[at]).alias(ours) for ours, at in found.place.items())
            before = 0
            for batch in chosen.collect_batches(chunk_size=BATCH_ROWS):
                lines = pl.int_range(before + 1, before + 1 + len(batch), eager=True).alias("line")
                yield _Read(batch, lines, partial(_shown, batch), (), 0, before + len(batch))
                before += len(batch)
        except UnreadableFileError:
            raise
        except _DAMAGED as fault:
            said = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
            raise UnreadableFileError(
                content.origin, f"damaged or cut short: {said}"[:500], wanted.title, "fetch the file again"
            ) from fault


def _shown(batch: pl.DataFrame, at: Sequence[int]) -> list[str]:
    rows = batch[list(at)].iter_rows(named=True)
    return [", ".join(f"{name}={value}" for name, value in row.items())[:FOUND_CHARACTERS] for row in rows]


def _text(content: Content, names: partial[Layout], wanted: Wanted) -> Iterator[_Read]:
    text = blocks(content.stream)
    block = next((each for each in text if each.faults or each.data.strip()), None)
    if block is None or block.faults:
        what = "a first line longer than any header" if block else "nothing but blank lines"
        raise UnreadableFileError(content.origin, what, wanted.title, "check what was sent")
    lines = (block.data[start:end] for start, end in block.spans)
    blank, line = next((at, each) for at, each in enumerate(lines) if each.strip())
    if line.lstrip().startswith(b"["):
        do_next = "write one object to a line"
        raise UnreadableFileError(content.origin, "a JSON array", "a table or JSON lines", do_next)
    if objects.is_likely(block):
        parse = partial(objects.parse, layout=names(objects.names(block)))
    else:
        columns, separator = delimited.header(line)
        parse = partial(delimited.parse, layout=names(columns), separator=separator)
        block = Block(block.data[block.spans[blank, 1] :], block.first + blank + 1)
    for each in itertools.chain((block,), text):
        parsed = parse(each)
        rows = parsed.rows
        yield _Read(rows.frame, rows.lines, rows.shown, parsed.faults, parsed.blank, each.last)
