"""Tables that people and projects write: CSV, JSON or Parquet, columns recognised by their headings.

Headings are compared without case, blanks and signs; one that is named explicitly (``--map imo=number``) goes before.
Columns that nobody knows stay under their own heading, for the audit of leftovers.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from clearwake.lists.editions import Draft
from clearwake.lists.fields import Row, decoded, lines, refuse_if_cut
from clearwake.model import UnreadableFileError, UsageError

PARQUET = b"PAR1"


@dataclass(frozen=True)
class Form:
    """What a table is called, how its columns may be spelt, and of which groups of columns each must be there once."""

    title: str
    spellings: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...]
    do_next: str


def rows(name: str, content: bytes, form: Form, draft: Draft) -> Iterator[Row]:
    """Give the rows of a table by our names of its columns.

    Rows that are not of the table go to the draft's quarantine.

    Raises:
        UnreadableFileError: If it is no such table, or ends in the middle of a row.
        UsageError: If a column is mapped to a name that such a table does not have.
    """
    strange = [column for column in draft.options.mapping if column not in form.spellings]
    if strange:
        message = f"{form.title} has no {', '.join(strange)}\n  next: it has {', '.join(form.spellings)}"
        raise UsageError(message)
    if content.startswith(PARQUET):
        given = _from_parquet(name, content, form, draft.options.mapping)
    elif content[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        given = _from_json(name, content, form, draft)
    else:
        given = _from_text(name, content, form, draft)
    yield from given


def _columns(name: str, headings: Sequence[str], form: Form, mapping: Mapping[str, str]) -> dict[str, str]:
    """Find which of our columns each heading is.

    Raises:
        UnreadableFileError: If a needed column is absent, or one that was named explicitly is.
    """
    explicit = {heading: ours for ours, heading in mapping.items()}
    absent = [heading for heading in explicit if heading not in headings]
    found = dict[str, str]()
    by_spelling = {
        plain(one): ours for ours, spellings in form.spellings.items() for one in (ours, *spellings)
    }
    for heading in headings:
        ours = explicit.get(heading) or by_spelling.get(plain(heading))
        if ours and (heading in explicit or (ours not in mapping and ours not in found.values())):
            found[heading] = ours
    missing = [" or ".join(group) for group in form.needed if not set(group) & set(found.values())]
    if absent or missing:
        seen = ", ".join(str(heading) for heading in headings)[:120]
        what = f"no column {', '.join(absent)}" if absent else f"no column for {', '.join(missing)}"
        raise UnreadableFileError(name, f"{what} among {seen!r}", form.title, form.do_next)
    return found


def plain(heading: str) -> str:
    """Bring a heading to the form in which spellings are compared."""
    return re.sub(r"[\W_]", "", heading).lower()


def _from_text(name: str, content: bytes, form: Form, draft: Draft) -> Iterator[Row]:
    text = decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    every = list(lines(text, delimiter))
    if not every:
        raise UnreadableFileError(name, "no row", form.title, form.do_next)
    head, *table = every
    names = _columns(name, head.cells, form, draft.options.mapping)
    refuse_if_cut(name, text, table[-1] if table else head, len(head.cells))
    for line in table:
        if len(line.cells) != len(head.cells):
            draft.reject(line.number, "not a row of this table", delimiter.join(line.cells))
            continue
        cells = dict(zip(head.cells, line.cells, strict=True))
        yield Row(line.number, {names.get(heading, heading): cell for heading, cell in cells.items()})


def _from_parquet(name: str, content: bytes, form: Form, mapping: Mapping[str, str]) -> Iterator[Row]:
    try:
        table = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as fault:
        found = str(fault).splitlines()[0][:120]
        raise UnreadableFileError(
            name, found, "Parquet", "give it again; it is cut short or damaged"
        ) from fault
    names = _columns(name, table.columns, form, mapping)
    for number, row in enumerate(table.iter_rows(named=True), start=1):
        yield Row(number, {names.get(heading, heading): _text(cell) for heading, cell in row.items()})


def _from_json(name: str, content: bytes, form: Form, draft: Draft) -> Iterator[Row]:
    names: dict[str, str] | None = None
    for number, one in _objects(name, decoded(content), form, draft):
        if names is None or not set(one) <= set(names):
            known = names or {}
            headings = [*known, *(heading for heading in one if heading not in known)]
            names = dict.fromkeys(headings, "") | _columns(name, headings, form, draft.options.mapping)
        yield Row(number, {names[heading] or heading: _text(cell) for heading, cell in one.items()})


def _objects(name: str, text: str, form: Form, draft: Draft) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the objects of JSON lines, or of one array, with the line or place each stands on."""
    cut = "give it again; it is cut short or damaged"
    if text.lstrip().startswith("["):
        try:
            every = json.loads(text)
        except ValueError as fault:
            raise UnreadableFileError(name, str(fault), "a JSON array", cut) from fault
        for at, one in enumerate(every, start=1):
            if isinstance(one, dict):
                yield at, one
            else:
                draft.reject(at, "not a row of this table", json.dumps(one))
        return
    table = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for at, line in table:
        try:
            one = json.loads(line)
        except ValueError as fault:
            if at == table[-1][0]:
                raise UnreadableFileError(name, f"line {at}: {fault}", form.title, cut) from fault
            draft.reject(at, "not JSON", line)
            continue
        if isinstance(one, dict):
            yield at, one
        else:
            draft.reject(at, "not a row of this table", line)


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of JSON or Parquet can be anything
    if cell is None:
        return ""
    if isinstance(cell, list | tuple | pl.Series):
        return "; ".join(filter(None, (_text(one) for one in cell)))
    return str(cell)
