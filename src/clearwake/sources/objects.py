"""JSON lines: one object to a line, as Global Fishing Watch and many stream recorders write them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from clearwake.sources.columns import Layout
from clearwake.sources.delimited import Parsed
from clearwake.sources.facts import Rows
from clearwake.sources.lines import Block, Fault, shown

Object = Mapping[str, object]

_FIRST_LINES, _NAMING_LINES = 20, 1000
"""Names are looked for in so many lines; one first used later would have to be mapped explicitly."""


def names(block: Block) -> list[str]:
    """Give the names that the first objects of a file use, in the order they appear.

    A name that fewer than a tenth of them have is left out: a damaged line must not name a column.
    """
    start, end = block.spans[:_NAMING_LINES][[0, -1], [0, 1]]
    read = _objects(Block(block.data[start:end], block.first))[0]
    found = Counter(name for _, fields in read for name in fields)
    return [name for name, count in found.items() if count * 10 >= len(read)]


def is_likely(block: Block) -> bool:
    """Tell whether most of the first lines of a file begin as objects do."""
    first = [block.data[start:end].strip() for start, end in block.spans[:_FIRST_LINES]]
    said = [line.startswith(b"{") for line in first if line]
    return sum(said) * 2 > len(said)


def parse(block: Block, layout: Layout) -> Parsed:
    """Read a block of whole lines; a name that an object lacks is a value it does not have."""
    read, faults, blank = _objects(block)
    columns = {
        ours: [_text(fields.get(layout.names[place])) for _, fields in read]
        for ours, place in layout.place.items()
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    lines = [number for number, _ in read]

    def text(indexes: Sequence[int]) -> list[str]:
        spans = (block.spans[lines[index] - block.first] for index in indexes)
        return [shown(block.data[start:end]) for start, end in spans]

    return Parsed(Rows(frame, pl.Series("line", lines, pl.Int64), text), [*block.faults, *faults], blank)


def _objects(block: Block) -> tuple[list[tuple[int, Object]], list[Fault], int]:
    read: list[tuple[int, Object]] = []
    faults: list[Fault] = []
    blank = 0
    for number, line in enumerate(block.data.split(b"\n"), block.first):
        if not line.strip():
            blank += 1
        elif isinstance(fields := _object_or_reason(line), str):
            faults.append(Fault(number, fields, shown(line)))
        else:
            read.append((number, fields))
    return read, faults, blank - (not block.data or block.data.endswith(b"\n"))


def _object_or_reason(line: bytes) -> Object | str:
    try:
        text = line.decode()
        fields = json.loads(text)
    except UnicodeDecodeError:
        return "not UTF-8 text"
    except (ValueError, RecursionError):
        return "not a JSON object"
    return fields if isinstance(fields, dict) else "not a JSON object"


def _text(value: object) -> str | None:
    """Give a value as a table would hold it; half a surrogate pair, which no text may hold, as ``?``."""
    return None if value is None else str(value).encode("utf-8", "replace").decode()
