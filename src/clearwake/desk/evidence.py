"""Finding what an id stands for: an event, an indicator, an entry of a list, a line of a file, a hull, a case ..."""

from __future__ import annotations

import re

import polars as pl

from clearwake import places
from clearwake.desk.tables import event_schemas, shown
from clearwake.detect import detectors
from clearwake.flow import casetables
from clearwake.flow.casesought import sought
from clearwake.flow.hulls import hull_by_id, is_hull
from clearwake.flow.identity import found_by_id
from clearwake.flow.indicators import SENSED_TABLES, VOYAGE_TABLES
from clearwake.flow.papers import paper
from clearwake.model import Designation
from clearwake.store import Store

Found = tuple[str, dict[str, object], list[str]]
"""Title, details, and the ids of the evidence."""

_ROW = re.compile(r"row:(\d+):(\d+)")
"""A line of a received file, as evidence."""


FALSE_TABLES = ("falsifications", "interferences")

_SHOWN = {
    name.removesuffix("s"): name
    for name in (*VOYAGE_TABLES, *SENSED_TABLES, *FALSE_TABLES, "possible_meetings")
} | {"delivery": "deliveries"}
"""What an id begins with, and the table it is found in."""


def found(store: Store, fact: str) -> Found | None:
    """Find what an id stands for; a nine-digit MMSI stands for that ship's reasons.  None where nothing has this id."""
    if fact.isdigit() and len(fact) == 9:
        return _ship(store, int(fact))
    if case := sought(store, fact):
        return case
    if row := _ROW.fullmatch(fact):
        return f"line {row[2]} of receipt {row[1]}", {"receipt": int(row[1]), "line": int(row[2])}, []
    if table := _SHOWN.get(fact.partition(":")[0]):
        return _told(shown(store, table).filter(pl.col("id") == fact), table)
    table = next((d.table for d in detectors(places.load()) if fact.startswith(f"{d.name}:")), None)
    if table is not None:
        rows = store.scan(table, record=event_schemas()[table])
        rows = rows.filter(pl.col("id") == fact, ~pl.col("withdrawn")).drop("withdrawn", "settled_at")
        return _told(rows.collect(), table)
    named = found_by_id(store, fact) or paper(store, fact, lambda wanted: shown(store, wanted))
    return _told(named[1], named[0]) if named is not None else _conclusion(store, fact)


def _conclusion(store: Store, fact: str) -> Found | None:
    """Look among cases, hulls, indicators, entries of lists and standings of parties."""
    if in_case := casetables.fact(store, fact):
        return in_case
    if is_hull(fact) and (hull := hull_by_id(store, fact, shown(store, "designations"))):
        return hull
    indicator = shown(store, "indicators").filter(pl.col("id") == fact)
    if indicator.height:
        return _told(indicator, "indicators")
    listed = store.scan("designations", record=Designation)
    entry = listed.filter(pl.col("id") == fact).collect().head(1)
    if entry.height:
        return _told(entry, "designations")
    return _told(shown(store, "ownership").filter(pl.col("ids").list.contains(fact)), "ownership")


def _ship(store: Store, mmsi: int) -> Found | None:
    said = shown(store, "indicators").filter(pl.col("mmsi") == mmsi)
    if not said.height:
        return None
    return f"MMSI {mmsi}: {said.height} reasons", {"mmsi": mmsi}, said["id"].to_list()


def _told(rows: pl.DataFrame, table: str) -> Found | None:
    """Turn a row into title, details and evidence."""
    if not rows.height:
        return None
    row = {k: v for k, v in rows.row(0, named=True).items() if v is not None}
    evidence = [str(e) for e in row.pop("evidence", [])]
    title = str(row.get("sentence") or f"{row.get('kind', table)} {row.get('name') or ''}".strip())
    return title, row, evidence
