"""Tables a seafarer can read: claims, registrations and listings written as text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl

from clearwake.model import Designation, IdentityClaim, Registration, Track, conform, empty, utc
from clearwake.vessels import Resolved, resolve

EVER, BONU, LEDA = "9811000", "9074729", "9321483"
"""Three IMO numbers that hold their check digit."""


def said(text: str) -> list[dict[str, str]]:
    """Read a table: a header line, then values parted by two blanks or more; ``-`` is no value."""
    lines = [
        [part.strip() for part in line.split("  ") if part.strip()] for line in text.strip().splitlines()
    ]
    header, *rows = lines
    return [{k: v for k, v in zip(header, row, strict=True) if v != "-"} for row in rows]


def claims(text: str) -> pl.DataFrame:
    """Read claims: ``mmsi  from`` and any of ``hours`` (said once an hour for so long), ``reports`` (in each hour),
    ``name``, ``imo``, ``callsign``, ``flag``, ``length_m``, ``draught_m``, ``source`` ..."""
    rows = [hour for line, row in enumerate(said(text), 1) for hour in _hours(row, line)]
    types = {"first_seen": pl.Datetime("ms", "UTC"), "last_seen": pl.Datetime("ms", "UTC")}
    return conform(pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None), IdentityClaim)


def _hours(row: dict[str, str], line: int) -> list[dict[str, Any]]:
    start, hours = utc(row.pop("from")), int(row.pop("hours", "1"))
    fixed: dict[str, Any] = {"source": "nmea", "reports": "5", "line": line, **row}
    for number in ("mmsi", "reports"):
        fixed[number] = int(fixed[number])
    for number in ("length_m", "draught_m"):
        if number in fixed:
            fixed[number] = float(fixed[number])
    return [{**fixed, **_span(start + timedelta(hours=hour))} for hour in range(hours)]


def _span(start: datetime) -> dict[str, datetime]:
    return {"first_seen": start, "last_seen": start, "known_at": start}


def registrations(text: str) -> pl.DataFrame:
    """Read registrations: any of ``source``, ``imo``, ``name`` ..., ``valid_from``, ``valid_to``."""
    rows: list[dict[str, Any]] = []
    for line, row in enumerate(said(text), 1):
        typed: dict[str, Any] = {"source": "register", "line": line, **row}
        typed |= {day: utc(row[day]) for day in ("valid_from", "valid_to") if day in row}
        typed |= {number: float(row[number]) for number in ("length_m",) if number in row}
        typed |= {number: int(row[number]) for number in ("mmsi", "built_year") if number in row}
        typed["former_names"] = [name for name in row.get("former_names", "").split(", ") if name]
        rows.append(typed)
    return conform(pl.DataFrame(rows, infer_schema_length=None), Registration)


def listings(text: str) -> pl.DataFrame:
    """Read listings of ships: any of ``id``, ``name``, ``imo``, ``mmsi``, ``callsign``, ``aliases``."""
    lists = (
        "aliases",
        "former_names",
        "weak_names",
        "other_imos",
        "other_mmsis",
        "other_callsigns",
        "programmes",
    )
    rows: list[dict[str, Any]] = []
    for row in said(text):
        typed: dict[str, Any] = {
            "list": "ofac",
            "edition": "sdn:2026-03-20",
            "kind": "vessel",
            "status": "listed",
            **row,
        }
        typed |= {"mmsi": int(row["mmsi"])} if "mmsi" in row else {}
        typed |= {name: [each for each in row.get(name, "").split(", ") if each] for name in lists}
        rows.append(typed)
    types = dict.fromkeys(lists, pl.List(pl.String))
    return conform(pl.DataFrame(rows, schema_overrides=types, infer_schema_length=None), Designation)


def hulls(
    heard: str | pl.DataFrame = "", registered: str = "", listed: str = "", tracks: pl.DataFrame | None = None
) -> Resolved:
    """Judge hulls from tables written as text."""
    rows = claims(heard) if isinstance(heard, str) and heard else heard
    return resolve(
        rows if isinstance(rows, pl.DataFrame) else empty(IdentityClaim),
        registrations(registered) if registered else empty(Registration),
        listings(listed) if listed else empty(Designation),
        tracks if tracks is not None else empty(Track),
    )


def named(found: Resolved) -> dict[str, str | None]:
    """Give the id and name of each hull."""
    return dict(found.vessels.select("id", "name").iter_rows())
