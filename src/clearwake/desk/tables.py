"""Every table that can be shown: stored as it is, or derived from what is stored, for a day.

The rooms that derive tables are many and slow to import, so this module is imported when a table is asked for;
reading files and running do without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import polars as pl

from clearwake import assess, places, tracks, vessels
from clearwake.detect import detectors
from clearwake.detect.identity import IDENTITY
from clearwake.flow import atlas_of
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import with_learnt
from clearwake.flow.falsified import falsifications, interferences
from clearwake.flow.hulls import resolved
from clearwake.flow.identity import identity_events
from clearwake.flow.intake import RECORDS
from clearwake.flow.meetings import meetings
from clearwake.flow.owners import ownership_facts, ownership_picture, today
from clearwake.flow.papers import shipment_findings
from clearwake.flow.reconcile import stored_schema
from clearwake.flow.sensed import detections, sides, sightings
from clearwake.flow.silences import explained, feed_health, reception_map
from clearwake.flow.typologies import typology_findings
from clearwake.flow.voyages import draught_changes, voyage_findings
from clearwake.lists import changes, counts, current, end_of, refusal, rows_of, status_on
from clearwake.model import (
    Designation,
    Edition,
    Match,
    Noise,
    NotFoundError,
    Track,
    UnreadableFileError,
    UsageError,
    empty,
    records,
    schema,
)
from clearwake.ownership import Facts, standings
from clearwake.screen import screen
from clearwake.store import Store

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

VOYAGE_TABLES = ("draught_changes", "voyage_findings", "typology_findings")
"""What is found about voyages, and told in the ranking."""

SENSED_TABLES = ("sightings", "detections", "side_by_side")
"""What other eyes saw, as it is matched."""

_TRACK_DAYS = pl.Schema({n: t for n, t in schema(Track).items() if n != "shared_mmsi"})


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


def check_edition(store: Store, tables: Mapping[str, pl.DataFrame]) -> None:
    """Refuse an edition that has shrunk against the last good one of its list and part.

    Raises:
        UnreadableFileError: If it has.
    """
    for edition in records(tables.get("editions", empty(Edition)), Edition):
        known = store.scan("editions", record=Edition).collect()
        same = known.filter(pl.col("list") == edition.list, pl.col("part") == edition.part)
        earlier = same.filter(pl.col("dated") <= edition.dated, ~pl.col("is_excerpt")).sort("dated")
        last = records(earlier.tail(1), Edition)
        why = refusal(counts(last[0]) if last else None, counts(edition), {})
        if why:
            where = f"{edition.list} {edition.part}, edition of {edition.dated:%Y-%m-%d}"
            next_step = (
                "check the file; the last good edition stays in force.  --excerpt reads a part on purpose"
            )
            raise UnreadableFileError(where, why, "a complete edition", next_step)


def owners_picture(store: Store, asked: str, on: date | None, form: str) -> bytes:
    """Draw who owns, controls and runs a party or ship on a day; see ``Desk.picture``."""
    day = on or today()
    return ownership_picture(_owners(store, day), asked, day, form)


def _owners(store: Store, day: date) -> Facts:
    return ownership_facts(store, _designations(store, day), day)


def _designations(store: Store, on: date | None) -> pl.DataFrame:
    """Give the designations of each list and part as its newest edition up to ``on`` has them, by status that day.

    Where the oldest edition held is later than ``on`` it is taken, and each entry's own dates decide.
    """
    moment = datetime.now(UTC) if on is None else end_of(on)
    editions = store.scan("editions", record=Edition).collect()
    rows = store.scan("designations", record=Designation).collect()
    return status_on(rows_of(rows, current(editions, moment)), moment)


def _list_changes(store: Store, on: date | None) -> pl.DataFrame:
    entries = store.scan("designations", record=Designation).collect()
    editions = store.scan("editions", record=Edition).collect()
    return changes(entries, editions, None if on is None else end_of(on))


def _ownership(store: Store, on: date | None) -> pl.DataFrame:
    day = on or today()
    return standings(_owners(store, day), day)


def _indicators(store: Store, _: date | None) -> pl.DataFrame:
    return assess.indicators(
        **{n: shown(store, n) for n in ("encounters", "gaps", "loiterings", "port_calls", "claims")},
        matches=screened(store, None, None),
        coast_km=places.load().coast_km,
        identity_events=identity_events(store),
        voyage_events={n: shown(store, n) for n in VOYAGE_TABLES},
        falsifications=falsifications(store),
        possible_meetings=shown(store, "possible_meetings"),
        sensed={n: shown(store, n) for n in SENSED_TABLES},
    )


def _shipment_findings(store: Store, on: date | None) -> pl.DataFrame:
    return shipment_findings(store, lambda table: shown(store, table), on)


def _draught_changes(store: Store, _: date | None) -> pl.DataFrame:
    return draught_changes(store, lambda table: shown(store, table))


def _voyage_findings(store: Store, _: date | None) -> pl.DataFrame:
    return voyage_findings(store, lambda table: shown(store, table))


def _typology_findings(store: Store, _: date | None) -> pl.DataFrame:
    return typology_findings(store, lambda table: shown(store, table), names())


def _vessels(store: Store, on: date | None) -> pl.DataFrame:
    found = resolved(store, _designations(store, on))
    return found.vessels if on is None else found.on(on)


def _vessel_history(store: Store, on: date | None) -> pl.DataFrame:
    past = resolved(store, _designations(store, on)).history
    return past if on is None else vessels.on_day(past, on)


def _identity(table: str) -> Callable[[Store, date | None], pl.DataFrame]:
    return lambda store, on: identity_events(store, table, on)[table]


_DERIVED: dict[str, Callable[[Store, date | None], pl.DataFrame]] = {
    "positions": lambda store, _: store.scan("positions", record=POSITIONS).drop("shard").collect(),
    "tracks": lambda store, _: tracks.merged(store.scan("track_days", record=_TRACK_DAYS).collect()),
    "noise": lambda store, _: store.scan("noise", record=Noise).collect().sort("mmsi", "time"),
    "anchorages": lambda store, _: with_learnt(atlas_of(store), store).anchorages,
    "zones": lambda store, _: atlas_of(store).zones,
    "designations": _designations,
    "list_changes": _list_changes,
    "receipts": lambda store, _: store.receipts(),
    "matches": lambda store, on: screened(store, None, on),
    "indicators": _indicators,
    "falsifications": lambda store, _: falsifications(store),
    "interferences": lambda store, _: interferences(store),
    "gaps": lambda store, _: explained(store, "gaps"),
    "silences": lambda store, _: explained(store, "silences"),
    "feed_health": lambda store, _: feed_health(store),
    "reception": lambda store, _: reception_map(store),
    "vessels": _vessels,
    "vessel_history": _vessel_history,
    "shipment_findings": _shipment_findings,
    "draught_changes": _draught_changes,
    "voyage_findings": _voyage_findings,
    "typology_findings": _typology_findings,
    "ownership": _ownership,
    "detections": lambda store, _: detections(store),
    "sightings": lambda store, _: sightings(store),
    "side_by_side": lambda store, _: sides(store),
    "possible_meetings": lambda store, _: meetings(store, lambda table: shown(store, table)),
    "detections": lambda store, _: detections(store),
    "sightings": lambda store, _: sightings(store),
    "side_by_side": lambda store, _: sides(store),
    **{kind.table: _identity(kind.table) for kind in IDENTITY},
}
