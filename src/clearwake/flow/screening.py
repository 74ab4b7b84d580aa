"""Screening on a desk: queries, or every ship heard by all its hull was ever called, against the lists of a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from clearwake import vessels
from clearwake.flow.hulls import resolved
from clearwake.flow.listed import today
from clearwake.model import Designation, Edition, Match, empty
from clearwake.screen import screen
from clearwake.store import Store


def matches(store: Store, on: date | None) -> pl.DataFrame:
    """Hold every ship heard against the lists in force on a day (today, if not given)."""
    return screened(store, None, on)


def screened(store: Store, queries: pl.DataFrame | None, on: date | None) -> pl.DataFrame:
    """Hold queries, or every ship heard, against the lists in force on a day; see ``Desk.screen``."""
    listed = store.scan("designations", record=Designation).collect()
    editions = store.scan("editions", record=Edition).collect()
    day = on or today()
    if queries is not None:
        return screen(queries, listed, on, editions, day) if queries.height else empty(Match)
    asked = vessels.queries(resolved(store, empty(Designation)))
    if not asked.height:
        return empty(Match)
    ships = asked.select(vessels.ASKED).with_row_index("id").with_columns(kind=pl.lit("vessel"))
    return vessels.once(screen(ships, listed, on, editions, day), asked)
