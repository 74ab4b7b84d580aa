"""Happenings: events of every table brought to one form, so that a pattern can ask them all the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from clearwake.model import (
    DraughtChange,
    Encounter,
    FlagFault,
    Gap,
    IdentityChange,
    LaunderedIdentity,
    Loitering,
    PortCall,
    VoyageFinding,
    ZoneEntry,
)
from clearwake.model.events import kept_company
from clearwake.model.falsification import Falsification
from clearwake.model.meetings import PossibleMeeting
from clearwake.model.sensed import MatchedDetection, MatchedSighting, SideBySide

TABLES: Mapping[str, type] = {
    "encounters": Encounter, "possible_meetings": PossibleMeeting, "sightings": MatchedSighting,
    "detections": MatchedDetection, "side_by_side": SideBySide, "gaps": Gap, "silences": Gap, "loiterings": Loitering,
    "port_calls": PortCall, "zone_entries": ZoneEntry, "draught_changes": DraughtChange,
    "voyage_findings": VoyageFinding, "falsifications": Falsification, "identity_changes": IdentityChange,
    "flag_faults": FlagFault, "laundered_identities": LaunderedIdentity,
}  # fmt: skip
"""The tables a pattern may ask, and their records."""

TWO_SHIPS = ("encounters", "possible_meetings", "side_by_side")
"""Tables whose events have two ships; the second may be unknown."""

_STARTS = ("start", "window_start", "time")
_ENDS = ("end", "window_end", "time")
_CHANCES = ("probability", "likelihood")


@dataclass(frozen=True)
class Happening:
    """One event; a draught change is when the new draught was first said.

    ``ships`` are the MMSIs it is about, None for one nobody knows.
    """

    table: str
    id: str
    start: datetime
    end: datetime
    """The last moment known of it; an event that lasts ends where the record does."""
    lon: float | None
    lat: float | None
    ships: tuple[int | None, ...]
    tracks: tuple[int | None, ...]
    probability: float | None
    known_at: datetime
    row: Mapping[str, Any]


class Happenings:
    """Events of many tables, found by table and ship.

    Args:
        tables: Frames by name, in the records of ``TABLES``; absent ones are empty.
        end: When the record ends, for events that last.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame], end: datetime) -> None:
        self._tables = tables
        self._end = end
        self._kept: dict[tuple[str, tuple[Any, ...]], list[Happening]] = {}
        self._ships: dict[tuple[str, tuple[Any, ...]], dict[int, list[Happening]]] = {}

    def of(self, table: str, where: tuple[tuple[str, str, Any], ...]) -> list[Happening]:
        """Give the events of a table that pass all tests, in the order of their start."""
        key = (table, _frozen(where))
        if key not in self._kept:
            frame = self._tables.get(table)
            if table == "encounters" and frame is not None and frame.height:
                frame = frame.filter(~kept_company())
            rows = frame if frame is not None and frame.height else None
            self._kept[key] = [] if rows is None else list(self._read(table, _passing(rows, where)))
        return self._kept[key]

    def of_ship(self, table: str, where: tuple[tuple[str, str, Any], ...], mmsi: int) -> list[Happening]:
        """Give those of one ship."""
        key = (table, _frozen(where))
        if key not in self._ships:
            found: dict[int, list[Happening]] = {}
            for each in self.of(table, where):
                for ship in each.ships:
                    if ship is not None:
                        found.setdefault(ship, []).append(each)
            self._ships[key] = found
        return self._ships[key].get(mmsi, [])

    def _read(self, table: str, rows: pl.DataFrame) -> Iterator[Happening]:
        for row in rows.iter_rows(named=True):
            start = _first(row, _STARTS if table != "draught_changes" else _ENDS)
            pair = (row.get("mmsi_a"), row.get("mmsi_b")) if "mmsi_a" in row else (row.get("mmsi"), None)
            tracks = (row.get("track_a", row.get("track")), row.get("track_b"))
            count = 2 if table in TWO_SHIPS else 1
            if start is not None and row["known_at"] is not None:
                yield Happening(
                    table, row["id"], start, _first(row, _ENDS) or self._end, row["lon"], row["lat"], pair[:count],
                    tracks[:count], _first(row, _CHANCES), row["known_at"], row,
                )  # fmt: skip


def _first(row: Mapping[str, Any], names: Iterable[str]) -> Any:  # noqa: ANN401 - whatever the column holds
    return next((row[name] for name in names if row.get(name) is not None), None)


def _frozen(where: tuple[tuple[str, str, Any], ...]) -> tuple[Any, ...]:
    return tuple((column, test, tuple(v) if isinstance(v, list) else v) for column, test, v in where)


def _passing(rows: pl.DataFrame, where: tuple[tuple[str, str, Any], ...]) -> pl.DataFrame:
    """Keep the rows that pass every test; what is null passes only ``not``."""
    kept = rows
    for column, test, value in where:
        if column not in kept.columns:
            return rows.head(0)
        kept = kept.filter(_test(pl.col(column), test, value).fill_null(value=test == "not"))
    order = next(name for name in _STARTS if name in kept.columns)
    return kept.sort(order, "id")


def _test(column: pl.Expr, test: str, value: Any) -> pl.Expr:  # noqa: ANN401 - numbers, words or lists of them
    several = value if isinstance(value, list) else [value]
    tests: dict[str, Callable[[], pl.Expr]] = {
        "one_of": lambda: column.is_in(several), "not": lambda: ~column.is_in(several),
        "at_least": lambda: column >= value, "above": lambda: column > value, "below": lambda: column < value,
        "at_most": lambda: column <= value, "contains": lambda: column.str.contains(f"(?i){value}"),
    }  # fmt: skip
    return tests[test]()
