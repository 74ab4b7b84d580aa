"""Statements: what a case's items say was worked out, held against what follows from the evidence given along.

An event that the desk found is found again on the released positions, or its positions were not released; a conclusion
whose grounds were not all released cannot be followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from clearwake.model import NOT_REPRODUCED, REPRODUCED, WITHHELD, Findings, Item, Released, utc

SAME_WITHIN = timedelta(minutes=15)
"""Events begin and end alike if no more than this apart: grids and edges of cut tracks move them a little."""

EDGE = timedelta(hours=1)
"""An event that reaches so near to where a released track is cut may have been longer at the desk."""

FOUND_ON_TRACKS = ("gap", "silence", "encounter", "loitering", "port_call", "zone_entry", "falsification")
"""Kinds of events that follow from positions alone; others need more than a bundle carries."""

Verdict = tuple[str, str, str]


def statements(released: Released, found: Findings, photographs: Mapping[str, bytes]) -> Iterator[Verdict]:
    """Judge each item that says something was worked out or shown: its id with kind, the verdict, and why."""
    known = {item.id for item in released.case.items}
    for item in released.case.items:
        name = f"{item.id} ({item.kind})"
        absent = [each for each in item.rests_on if each not in known]
        if item.id in released.leaning or absent:
            yield name, WITHHELD, "it was released by permission; what it rests on was not"
        elif item.kind == "event":
            yield (name, *_event(item, released, found))
        elif item.kind == "photograph" and item.id not in photographs:
            yield name, WITHHELD, "the photograph itself was not released"
        elif item.kind == "conclusion":
            yield (
                name,
                REPRODUCED,
                "everything it rests on is in the bundle; whether it follows is for people",
            )
    for decision in released.case.decisions:
        if decision.id in released.leaning:
            yield f"{decision.id} ({decision.act})", WITHHELD, "it leans on evidence that was not released"


def _event(item: Item, released: Released, found: Findings) -> tuple[str, str]:
    """Find an event again on the released tracks."""
    row = _row(item)
    if row is None or item.id in released.coarsened:
        return WITHHELD, "only its sentence was released"
    if row.get("kind") not in FOUND_ON_TRACKS:
        return WITHHELD, f"{row.get('kind')} is worked out from more than positions, which were not released"
    ships = [row[name] for name in ("mmsi_a", "mmsi_b") if row.get(name) is not None]
    start, end = _moment(row.get("start")) or item.start, _moment(row.get("end")) or item.end
    heard = {mmsi: _heard(released, mmsi) for mmsi in ships}
    for mmsi, span in heard.items():
        if span is None or start is None or span[0] > start or (end is not None and span[1] < end):
            return WITHHELD, f"the positions of MMSI {mmsi} at that time were not released"
    again = [each for each in _events(found, str(row["kind"])) if _mmsis(each) == set(ships)]
    nearest = min(again, key=lambda each: _apart(each, start, end), default=None)
    if nearest is None or start is None:
        return NOT_REPRODUCED, f"no {row['kind']} of {_both(ships)} is found on the released positions"
    if _agrees(nearest, start, end, heard):
        return (
            REPRODUCED,
            f"found again on the released positions, from {nearest['start']:%Y-%m-%d %H:%M} UTC",
        )
    return NOT_REPRODUCED, (
        f"found on the released positions from {nearest['start']:%Y-%m-%d %H:%M} to "
        f"{_told(nearest['end'])}, and said from {start:%Y-%m-%d %H:%M} to {_told(end)}"
    )


def _row(item: Item) -> dict[str, Any] | None:
    if item.rows is None:
        return None
    try:
        told = json.loads(item.rows)
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("kind") else None


def _moment(said: object) -> datetime | None:
    return utc(said) if isinstance(said, str) else None


def _heard(released: Released, mmsi: int) -> tuple[datetime, datetime] | None:
    """Give from when to when the released positions of a transmitter reach; None where there are none."""
    rows = [each.filter(pl.col("mmsi") == mmsi).select("time") for each in released.tracks.values()]
    times = pl.concat(rows)["time"] if rows else pl.Series("time", [], pl.Datetime("ms", "UTC"))
    if not times.len():
        return None
    first, last = times.to_frame().select(pl.col("time").min(), last=pl.col("time").max()).row(0)
    # A silence may begin at the first position and end at the last: they are part of what was heard.
    return first, last


def _events(found: Findings, kind: str) -> Iterator[dict[str, Any]]:
    for rows in found.events.values():
        yield from rows.filter(pl.col("kind") == kind).iter_rows(named=True)


def _mmsis(row: Mapping[str, Any]) -> set[int]:
    return {row[name] for name in ("mmsi_a", "mmsi_b") if row.get(name) is not None}


def _apart(row: Mapping[str, Any], start: datetime | None, end: datetime | None) -> float:
    far = abs((row["start"] - start).total_seconds()) if start else 0.0
    return far + (abs((row["end"] - end).total_seconds()) if end and row["end"] else 0.0)


def _agrees(
    row: Mapping[str, Any],
    start: datetime,
    end: datetime | None,
    heard: Mapping[int, tuple[datetime, datetime] | None],
) -> bool:
    """Tell whether two events are the same, but for a moment's difference or where a track was cut."""
    spans = [each for each in heard.values() if each is not None]
    at_start = abs(row["start"] - start) <= SAME_WITHIN or any(
        abs(row["start"] - s) <= EDGE for s, _ in spans
    )
    if end is None or row["end"] is None:
        return at_start
    return at_start and (
        abs(row["end"] - end) <= SAME_WITHIN or any(abs(row["end"] - e) <= EDGE for _, e in spans)
    )


def _told(moment: datetime | None) -> str:
    return "still" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _both(ships: list[int]) -> str:
    return " and ".join(map(str, ships))
