"""CSV, block by block: every line becomes a row of exactly the header's width, or a fault with its number.

Three ways, from fast to careful, each exact:

1. Nothing odd in the block: the frame library reads it into numbers at once.
2. Something is odd: lines with quotation marks, NUL bytes or broken UTF-8, blank lines, and lines of another
   width are set aside; the rest is read at once, as text where a number could not be read.
3. The lines set aside are read one by one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.sources.columns import Layout, recognised
from clearwake.sources.facts import Rows
from clearwake.sources.lines import Block, Fault, shown

SEPARATORS = (",", ";", "\t", "|")

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_QUOTED_SHARE = 0.1
"""From this share of lines with quotation marks on they are told apart all at once, not one by one."""

_NUMBER_TYPES: Mapping[str, type[pl.DataType]] = {
    "mmsi": pl.Int64, "lon": pl.Float64, "lat": pl.Float64, "speed_kn": pl.Float64,
    "course_deg": pl.Float64, "heading_deg": pl.Float64, "length_m": pl.Float64, "draught_m": pl.Float64,
}  # fmt: skip
"""What a well-kept file holds in these columns; any value that does not fit makes its block be read as text."""


@dataclass(frozen=True)
class Parsed:
    """A block as rows, the lines that are none, and how many were blank."""

    rows: Rows
    faults: list[Fault]
    blank: int


def header(line: bytes) -> tuple[list[str], str]:
    """Split a header into column names, by the separator that makes the most sense of it.

    Bytes that are not UTF-8 cannot be part of a name that is recognised; they are shown as their numbers.
    """
    text = line.decode("utf-8", "backslashreplace").replace("\0", "").rstrip("\r\n")
    split = {separator: _header_fields(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda each: (recognised(split[each]), len(split[each])))
    return [name.strip() for name in split[best]], best


def _header_fields(text: str, separator: str) -> list[str]:
    try:
        return _fields(text, separator)
    except csv.Error:
        return [text]


def parse(block: Block, layout: Layout, separator: str) -> Parsed:
    """Read a block of whole lines that all follow the header ``layout`` was found in."""
    faults = list(block.faults)
    frame = _read_at_once(block, layout, separator)
    if frame is not None:
        numbers = np.arange(block.first, block.first + len(frame), dtype=np.int64)
        return Parsed(_rows(block, frame, numbers), faults, 0)
    is_odd = _odd_lines(block, len(layout.names), separator)
    clean = _read_clean(block, is_odd, layout, separator)
    odd = _one_by_one(block, np.flatnonzero(is_odd), layout, separator)
    numbers = np.concatenate((np.flatnonzero(~is_odd), odd.lines)) + block.first
    order = np.argsort(numbers, kind="stable")
    frame = _stacked(clean, odd.frame)
    rows = _rows(block, frame[order] if len(odd.lines) else frame, numbers[order])
    return Parsed(rows, faults + odd.faults, odd.blank)


def _rows(block: Block, frame: pl.DataFrame, numbers: NDArray[np.int64]) -> Rows:
    def text(indexes: Sequence[int]) -> list[str]:
        spans = block.spans
        wanted = (spans[numbers[index] - block.first] for index in indexes)
        return [shown(block.data[start:end]) for start, end in wanted]

    return Rows(frame, pl.Series("line", numbers), text)


def _read_at_once(block: Block, layout: Layout, separator: str) -> pl.DataFrame | None:
    """Read a block in which nothing is odd; None if anything is.

    Every line has the header's width: the separators add up, and the frame library refuses lines too wide.
    """
    data = block.data
    if not data or b'"' in data or b"\0" in data:
        return None
    separators = int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(separator)))
    if separators != block.count * (len(layout.names) - 1):
        return None
    try:
        frame = _polars(data, layout, separator, _NUMBER_TYPES)
    except pl.exceptions.PolarsError:
        return None
    return frame if len(frame) == block.count else None


def _read_clean(block: Block, is_odd: NDArray[np.bool_], layout: Layout, separator: str) -> pl.DataFrame:
    """Read the lines that are not odd at once: numbers if all are, else text.

    Should the frame library still refuse them, they all count as odd: ``is_odd`` is changed in place.
    """
    data = _kept(block, ~is_odd)
    for numbers in (_NUMBER_TYPES, {}):
        try:
            frame = _polars(data, layout, separator, numbers) if data else None
        except pl.exceptions.PolarsError:
            continue
        if frame is not None and len(frame) == np.count_nonzero(~is_odd):
            return frame
    is_odd[:] = True
    return _selected(pl.DataFrame(schema=_types(layout, {})), layout)


def _polars(
    data: bytes, layout: Layout, separator: str, numbers: Mapping[str, type[pl.DataType]]
) -> pl.DataFrame:
    types = _types(layout, numbers)
    return _selected(pl.read_csv(data, has_header=False, separator=separator, schema=types), layout)


def _types(layout: Layout, numbers: Mapping[str, type[pl.DataType]]) -> dict[str, type[pl.DataType]]:
    by_place = {place: numbers.get(ours, pl.String) for ours, place in layout.place.items()}
    return {str(place): by_place.get(place, pl.String) for place in range(len(layout.names))}


def _selected(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    return frame.select(pl.col(str(place)).alias(ours) for ours, place in layout.place.items())


def _stacked(clean: pl.DataFrame, odd: pl.DataFrame) -> pl.DataFrame:
    if odd.is_empty():
        return clean
    return pl.concat([clean.cast(pl.String), odd])


def _kept(block: Block, is_kept: NDArray[np.bool_]) -> bytes:
    """Join the lines that are kept, run by run."""
    spans = block.spans
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_kept, [False])).astype(np.int8)))
    runs = edges.reshape(-1, 2)
    return b"".join(block.data[spans[first, 0] : spans[last - 1, 1]] for first, last in runs)


def _odd_lines(block: Block, width: int, separator: str) -> NDArray[np.bool_]:
    """Tell which lines have to be looked at one by one: ``(lines,)``."""
    codes = np.frombuffer(block.data, np.uint8)
    starts = block.spans[:, 0]
    is_odd = np.zeros(len(starts), bool)
    if not len(starts):
        return is_odd
    quotes, badly_quoted = _quotes(codes, starts, ord(separator))
    separators = np.flatnonzero(codes == ord(separator))
    separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    is_odd |= np.bincount(_line_of(separators, starts), minlength=len(starts)) != width - 1
    is_odd[badly_quoted] = True
    is_odd[_line_of(np.flatnonzero(codes == 0), starts)] = True
    is_odd[_not_utf8(block, codes, starts)] = True
    return is_odd


def _line_of(places: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.searchsorted(starts, places, "right") - 1


def _quotes(
    codes: NDArray[np.uint8], starts: NDArray[np.int64], separator: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the quotation marks that pair, in order, and the lines whose marks are better looked at singly.

    Marks pair if the odd ones of a line open a field and the even ones close it.
    """
    quotes = np.flatnonzero(codes == _QUOTE)
    line = _line_of(quotes, starts)
    quoted, first, count = np.unique(line, return_index=True, return_counts=True)
    if len(quoted) <= _QUOTED_SHARE * len(starts):
        return quotes[:0], quoted
    is_opening = (np.arange(len(quotes)) - np.repeat(first, count)) % 2 == 0
    before = codes[np.maximum(quotes - 1, 0)]
    after = np.append(codes, _NEWLINE)[quotes + 1]
    opens = (quotes == starts[line]) | (before == separator)
    closes = (after == separator) | (after == _NEWLINE) | (after == _RETURN)
    badly = np.unique(np.concatenate((line[~np.where(is_opening, opens, closes)], quoted[count % 2 == 1])))
    return quotes[~np.isin(line, badly)], badly


def _not_utf8(block: Block, codes: NDArray[np.uint8], starts: NDArray[np.int64]) -> list[int]:
    if block.data.isascii():
        return []
    suspects = np.unique(_line_of(np.flatnonzero(codes >= 0x80), starts))
    spans = block.spans
    return [int(index) for index in suspects if not _is_utf8(block.data[slice(*spans[index])])]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class _Singly:
    frame: pl.DataFrame
    lines: NDArray[np.int64]
    faults: list[Fault]
    blank: int


def _one_by_one(block: Block, indexes: NDArray[np.int64], layout: Layout, separator: str) -> _Singly:
    spans, blank = block.spans, 0
    read: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    for index in indexes:
        line = block.data[slice(*spans[index])]
        fields = _fields_or_reason(line, separator, len(layout.names))
        if isinstance(fields, list):
            read.append(fields)
            lines.append(int(index))
        elif fields:
            faults.append(Fault(block.first + int(index), fields, shown(line)))
        else:
            blank += 1
    types = _types(layout, {})
    frame = pl.DataFrame(read, schema=types, orient="row") if read else pl.DataFrame(schema=types)
    return _Singly(_selected(frame, layout), np.array(lines, np.int64), faults, blank)


def _fields_or_reason(line: bytes, separator: str, width: int) -> list[str] | str:
    """Split a line into fields, or say why not; nothing to say of a blank line."""
    if not line.strip():
        return ""
    if b"\0" in line:
        return "NUL byte"
    try:
        fields = _fields(line.decode().rstrip("\r\n"), separator)
    except UnicodeDecodeError:
        return "not UTF-8 text"
    except csv.Error:
        return "stray quotation mark or line break"
    if len(fields) == width:
        return fields
    return "too few fields" if len(fields) < width else "too many fields"


def _fields(text: str, separator: str) -> list[str]:
    return next(csv.reader([text], delimiter=separator, strict=True), [])
