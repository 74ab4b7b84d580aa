"""Every table that can be shown: stored as it is, or derived from what is stored, for a day.

The rooms that derive tables are many and slow to import; each is imported when its table is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from importlib import import_module

import polars as pl

from clearwake import places, tracks
from clearwake.detect import detectors
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.intake import RECORDS
from clearwake.flow.reconcile import stored_schema
from clearwake.model import Noise, NotFoundError, UsageError
from clearwake.model.events import IDENTITY
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS

Derive = Callable[[Store, date | None], pl.DataFrame]

VALID_ON = (
    *(kind.table for kind in IDENTITY),
    "designations",
    "list_changes",
    "matches",
    "shipment_findings",
    "ownership",
    "vessels",
    "vessel_history",
)
"""The tables that can be asked for a day."""


def shown(store: Store, table: str, on: date | None = None) -> pl.DataFrame:
    """Give a table as a frame; see ``Desk.show``.

    Raises:
        NotFoundError: If there is no such table.
        UsageError: If the table has no validity and a day was given.
    """
    if table not in names():
        message = f"there is no table called {table!r}\n  next: choose one of {', '.join(names())}"
        raise NotFoundError(message)
    if on is not None and table not in VALID_ON:
        message = (
            f"{table} have no validity, so --on cannot select among them; it works on {', '.join(VALID_ON)}"
        )
        raise UsageError(message)
    if table in _DERIVED:
        return _DERIVED[table](store, on)
    event = event_schemas().get(table)
    if event is not None:
        rows = store.scan(table, record=event).filter(~pl.col("withdrawn"))
        return rows.drop("withdrawn", "settled_at").collect().sort("start", "id")
    return store.scan(table, record=RECORDS[table]).collect()


def names() -> list[str]:
    """Name every table that can be shown."""
    return sorted({*RECORDS, *_DERIVED, *event_schemas()})


def event_schemas() -> dict[str, pl.Schema]:
    """Give the tables of events found on tracks, and how they are stored."""
    return {d.table: stored_schema(d.record) for d in detectors(places.load())}


def _found_by(
    module: str, function: str, *given: str, asks: bool = False, names_all: bool = False, dated: bool = False
) -> Derive:
    """Derive a table by a function of the corridor, imported when the table is asked for.

    Args:
        module: In ``clearwake.flow``.
        function: Takes the store, and then what follows.
        given: What it takes besides.
        asks: Whether it takes how to ask for other tables.
        names_all: Whether it takes the names of all tables.
        dated: Whether it takes the day.
    """

    def derive(store: Store, on: date | None) -> pl.DataFrame:
        make = getattr(import_module(f"clearwake.flow.{module}"), function)
        also = [
            *([partial(shown, store)] if asks else []),
            *([names()] if names_all else []),
            *([on] if dated else []),
        ]
        found: pl.DataFrame = make(store, *given, *also)
        return found

    return derive


_DERIVED: dict[str, Derive] = {
    "positions": lambda store, _: store.scan("positions", record=POSITIONS).drop("shard").collect(),
    "tracks": lambda store, _: tracks.merged(store.scan("track_days", record=TRACK_DAYS).collect()),
    "noise": lambda store, _: store.scan("noise", record=Noise).collect().sort("mmsi", "time"),
    "anchorages": lambda store, _: with_learnt(atlas_of(store), store).anchorages,
    "zones": lambda store, _: atlas_of(store).zones,
    "receipts": lambda store, _: store.receipts(),
    "designations": _found_by("listed", "designations", dated=True),
    "list_changes": _found_by("listed", "list_changes", dated=True),
    "matches": _found_by("screening", "matches", dated=True),
    "vessels": _found_by("hulls", "vessels_on", dated=True),
    "vessel_history": _found_by("hulls", "history_on", dated=True),
    "ownership": _found_by("owners", "ownership", dated=True),
    "shipment_findings": _found_by("papers", "shipment_findings", asks=True, dated=True),
    **{kind.table: _found_by("identity", "identity_table", kind.table, dated=True) for kind in IDENTITY},
    "gaps": _found_by("silences", "explained", "gaps"),
    "silences": _found_by("silences", "explained", "silences"),
    "feed_health": _found_by("silences", "feed_health"),
    "reception": _found_by("silences", "reception_map"),
    "falsifications": _found_by("falsified", "falsifications"),
    "interferences": _found_by("falsified", "interferences"),
    "draught_changes": _found_by("voyages", "draught_changes", asks=True),
    "voyage_findings": _found_by("voyages", "voyage_findings", asks=True),
    "detections": _found_by("sensed", "detections"),
    "sightings": _found_by("sensed", "sightings"),
    "side_by_side": _found_by("sensed", "sides"),
    "possible_meetings": _found_by("meetings", "meetings", asks=True),
    "typology_findings": _found_by("typologies", "typology_findings", asks=True, names_all=True),
    "deliveries": _found_by("ledger", "deliveries", asks=True),
    "ledger": _found_by("ledger", "all_years", asks=True),
    "cases": _found_by("casetables", "cases"),
    "items": _found_by("casetables", "items"),
    "decisions": _found_by("casetables", "decisions"),
    "assessments": _found_by("breach", "assessments"),
    "contributions": _found_by("shared", "contributions"),
    "announcements": _found_by("shared", "announcements"),
    "retractions": _found_by("shared", "retractions"),
    "indicators": _found_by("indicators", "indicators", asks=True),
}
