"""One ship's record, laid out for asking: where it was, where it called, whom it met, what it declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.model import position_id
from clearwake.voyages.destinations import Gazetteer, Place, Reading
from clearwake.voyages.found import clock
from clearwake.voyages.said import runs

Floats = NDArray[np.float64]
Row = Mapping[str, Any]

STOPPED = 2
"""Port calls from this confidence on are stops; below, the ship only came near."""

AT_KM = 60.0
"""A ship this near to a port may have been at one of its berths, roads or pilot stations."""

STAY_KM = 25.0
"""A ship that lies still at the coast this near to the point that is known of a port may be at one of its terminals."""

CARGO_TYPES = range(70, 90)
"""ITU-R M.1371-5 table 53: cargo ships and tankers.  Others sail about for a living."""

AT_SEA = ("standard", "short")
"""Meetings that can be transfers: close and slow, away from ports (``label`` of encounters)."""

FROM_PORT_KM = 20.0
"""Meetings this near to a port or anchorage are waiting and bunkering until something says otherwise."""


@dataclass(frozen=True)
class Declared:
    """A destination and how long it was declared; texts that read the same are one."""

    reading: Reading
    first: datetime
    last: datetime
    known_at: datetime
    claims: tuple[str, ...]


@dataclass
class Ship:
    """What one MMSI did; times are milliseconds since 1970."""

    mmsi: int
    track: int | None = None
    times: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    vectors: Floats = field(default_factory=lambda: np.empty((0, 3)))
    known: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    calls: list[Row] = field(default_factory=list)
    """Stops in port, by time."""
    meetings: list[Row] = field(default_factory=list)
    """Meetings at sea, by time: encounters with ``other`` and ``other_track``."""
    draughts: list[Row] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    ship_type: int | None = None

    def between(self, first: datetime, last: datetime) -> slice:
        """Give which positions lie in a time, both ends included."""
        low = np.searchsorted(self.times, ms(first), "left")
        return slice(int(low), int(np.searchsorted(self.times, ms(last), "right")))

    @property
    def end(self) -> datetime | None:
        """When it was last heard."""
        return moment(self.times[-1]) if len(self.times) else None

    def lonlat(self, at: int) -> tuple[float, float]:
        """Give a position in degrees."""
        lon, lat = sphere.lonlat(self.vectors[at])
        return float(lon), float(lat)

    def sailed_km(self, part: slice) -> float:
        """Give the length of the way through positions."""
        some = self.vectors[part]
        return float(sphere.between_m(some[1:], some[:-1]).sum()) / 1000.0 if len(some) > 1 else 0.0

    def legs(self, part: slice) -> tuple[Floats, Floats]:
        """Give how fast and how long it sailed from each of some positions to the next: ``(n - 1,)`` kn and h."""
        some, hours = self.vectors[part], np.diff(self.times[part]) / 3_600_000.0
        way_m = sphere.between_m(some[1:], some[:-1])
        return np.asarray(way_m / 1852.0 / np.maximum(hours, 1e-6)), hours

    def position(self, at: int) -> str:
        """Name a position as evidence."""
        return position_id(self.mmsi, moment(self.times[at]))

    def from_km(self, places: tuple[Place, ...], part: slice) -> Floats:
        """Give how far positions are from the nearest of several places: ``(n,)`` km."""
        each = [self._from_km(place, part) for place in places]
        return np.asarray(np.min(each, axis=0))

    def _from_km(self, place: Place, part: slice) -> Floats:
        there = sphere.unit_vectors(place.lon, place.lat)[None, :]
        return np.maximum(sphere.between_m(self.vectors[part], there) / 1000.0 - place.radius_km, 0.0)


def ms(at: datetime) -> int:
    """Give a moment as milliseconds since 1970."""
    return round(at.timestamp() * 1000.0)


def moment(at: np.int64 | int) -> datetime:
    """Give milliseconds since 1970 as a moment, UTC."""
    return datetime.fromtimestamp(int(at) / 1000.0, UTC)


def is_at(call: Row, places: tuple[Place, ...], within_km: float = AT_KM) -> bool:
    """Say whether a call was at one of several places, or near enough to be one of their berths."""
    return any(
        float(sphere.distance_m(call["lon"], call["lat"], p.lon, p.lat)) / 1000.0 - p.radius_km <= within_km
        for p in places
    )


def called(call: Row) -> str:
    """Tell a call in words."""
    return f"{_where(call)} from {clock(call['start'])} to {clock(call['end'])}"


def is_stay(call: Row) -> bool:
    """Say whether a call is told by the ship lying still near a port, and by no port call; see ``stays``."""
    return not call["id"].startswith("port_call:")


def came_to(call: Row) -> str:
    """Tell where and when a call began."""
    return f"{_where(call)}, {clock(call['start'])}"


def _where(call: Row) -> str:
    return (
        f"lay still {call['nearest_km']:.0f} km from {call['port']}"
        if is_stay(call)
        else f"called at {call['port']}"
    )


def ships(
    claims: pl.DataFrame,
    events: Mapping[str, pl.DataFrame],
    trail: pl.DataFrame,
    gazetteer: Gazetteer,
    apart: pl.Series,
) -> Iterator[Ship]:
    """Lay out the record of every ship that declared something or called somewhere, by MMSI.

    Args:
        claims: A table of ``IdentityClaim``.
        events: ``port_calls``, ``encounters`` and ``draught_changes``; absent ones are empty.
        trail: Positions, thinned: ``mmsi, track, time, lon, lat, known_at``.
        gazetteer: Reads destinations.
        apart: MMSIs on several hulls at once: what is told under them may be of several ships, so they are left out.
    """
    found: dict[int, Ship] = {}

    def ship(mmsi: int) -> Ship:
        return found.setdefault(mmsi, Ship(mmsi))

    for mmsi, said in _declared(claims, gazetteer).items():
        ship(mmsi).declared = said
    for call in _rows(events, "port_calls", pl.col("confidence") >= STOPPED):
        ship(call["mmsi_a"]).calls.append(call)
    for met in _rows(events, "encounters", is_at_sea()):
        for side, other in (("a", "b"), ("b", "a")):
            told = {**met, "other": met[f"mmsi_{other}"], "other_track": met[f"track_{other}"]}
            ship(met[f"mmsi_{side}"]).meetings.append(told)
    for change in _rows(events, "draught_changes", pl.lit(value=True)):
        if change["mmsi_a"] in found:
            ship(change["mmsi_a"]).draughts.append(change)
    for each in found.values():
        each.calls = [_meant(call, each.declared) for call in each.calls]
    _with_trails(found, trail)
    _with_types(found, claims)
    hidden = set(apart.to_list())
    yield from (found[mmsi] for mmsi in sorted(found) if mmsi not in hidden)


def _meant(call: Row, declared: list[Declared]) -> Row:
    """Give a stay the name of the port that the ship had declared, where it lay as near to that as a stay may."""
    said = next((d for d in reversed(declared) if d.first <= call["end"]), None) if is_stay(call) else None
    for place in said.reading.places if said else ():
        km = float(sphere.distance_m(call["lon"], call["lat"], place.lon, place.lat)) / 1000.0
        if km <= STAY_KM and said is not None and said.reading.kind == "port":
            return {**call, "port": place.name, "port_country": place.country, "nearest_km": km}
    return call


def is_at_sea() -> pl.Expr:
    """Say of encounters whether they can be transfers: close and slow, away from ports, not in company."""
    away = pl.col("anchorage_km").fill_null(FROM_PORT_KM) >= FROM_PORT_KM
    return pl.col("label").is_in(list(AT_SEA)) & away


def _rows(events: Mapping[str, pl.DataFrame], name: str, which: pl.Expr) -> list[dict[str, Any]]:
    if name not in events or events[name].is_empty():
        return []
    return events[name].filter(which).sort("start", "id").to_dicts()


def _with_types(found: dict[int, Ship], claims: pl.DataFrame) -> None:
    types = claims.drop_nulls("ship_type").sort("last_seen").group_by("mmsi").agg(pl.col("ship_type").last())
    for mmsi, ship_type in types.iter_rows():
        if mmsi in found:
            found[mmsi].ship_type = ship_type


def _with_trails(found: dict[int, Ship], trail: pl.DataFrame) -> None:
    some = trail.filter(pl.col("mmsi").is_in(list(found))).sort("mmsi", "time")
    if some.is_empty():
        return
    times, known = (some[c].to_physical().to_numpy() for c in ("time", "known_at"))
    vectors = sphere.unit_vectors(some["lon"].to_numpy(), some["lat"].to_numpy())
    sizes = some.group_by("mmsi", maintain_order=True).agg(pl.len(), pl.col("track").first())
    at = 0
    for mmsi, count, track in sizes.iter_rows():
        ship = found[mmsi]
        part = slice(at, at + count)
        ship.times, ship.vectors, ship.known, ship.track = times[part], vectors[part], known[part], track
        at += count


def _declared(claims: pl.DataFrame, gazetteer: Gazetteer) -> dict[int, list[Declared]]:
    """Give what every ship declared, in order; texts that read the same are brought together."""
    said = runs(claims, "destination")
    readings = gazetteer.read_all(said["value"].unique(maintain_order=True).to_list())
    found: dict[int, list[Declared]] = {}
    for row in said.iter_rows(named=True):
        mine = found.setdefault(row["mmsi"], [])
        reading = readings[row["value"]]
        known = max(row["known_first"], row["known_last"])
        now = Declared(reading, row["first"], row["last"], known, (row["first_id"], row["last_id"]))
        if mine and _is_same(mine[-1].reading, reading):
            before = mine.pop()
            now = Declared(before.reading, before.first, now.last, max(before.known_at, known),
                           (*before.claims[:1], row["last_id"]))  # fmt: skip
        mine.append(now)
    return found


def _is_same(one: Reading, other: Reading) -> bool:
    if one.said == other.said:
        return True
    return bool(one.calls) and set(one.places) == set(other.places) and one.kind == other.kind
