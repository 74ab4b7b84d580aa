"""Kept: tables worked out from other tables, kept in the desk until what they lean on changes.

A kept table is only ever a copy of what would be worked out anew: which parts its inputs had is kept beside it, and
one part more or less makes it void.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from importlib.metadata import version

import polars as pl

from clearwake.model import schema
from clearwake.store import DeskBusyError, Store

MakeTable = Callable[[], pl.DataFrame]


def kept(
    store: Store, name: str, inputs: Iterable[str], definition: str, make: MakeTable, record: type
) -> pl.DataFrame:
    """Give a derived table: as it was kept, if nothing it leans on has changed, else made anew and kept.

    While another process writes the desk it is made and not kept.

    Args:
        store: The desk's store.
        name: The table's name, such as ``possible_meetings``.
        inputs: The stored tables it is made of; a change of any of them makes it anew.
        definition: What else decides it: every parameter, so that another definition is not mistaken for it.
        make: Makes it.
        record: Its record.
    """
    return _kept(store, f"kept/{name}", None, marked(store, inputs, definition), make, record)


def kept_day(
    store: Store, name: str, day: date, inputs: Iterable[str], definition: str, make: MakeTable, record: type
) -> pl.DataFrame:
    """Give one day of a derived table whose days do not depend on each other; see ``kept``."""
    mark = marked(store, inputs, definition, day)
    return _kept(store, f"kept/{name}", day, mark, make, record)


def _kept(
    store: Store, table: str, day: date | None, mark: str, make: MakeTable, record: type
) -> pl.DataFrame:
    key = table if day is None else f"{table}/{day}"
    if store.get(key) == mark:
        return store.scan(table, day, day, record).collect()
    made = make()
    try:
        with store.commit(wait_s=0) as commit:
            commit.replace(table, day, made.select(schema(record).names()), record)
            commit.set(key, mark)
    except DeskBusyError:
        return made
    return made


def marked(store: Store, inputs: Iterable[str], definition: str, day: date | None = None) -> str:
    """Give a hash of the parts that some tables now have (of one day), of a definition, and of this version."""
    parts = [(table, [p.number for p in store.parts(table, first=day, last=day)]) for table in inputs]
    text = repr((version("clearwake"), definition, parts))
    return hashlib.sha256(text.encode()).hexdigest()[:24]
