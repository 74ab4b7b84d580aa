"""Everything found out about shipments, in one table: their goods, parties, ships and routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from clearwake.goods.cargo import Read, cargoes, contradicts, with_ends
from clearwake.goods.draught import draughts, of_ship
from clearwake.goods.finding import AGAINST, FOR, Found, as_table, day_of
from clearwake.goods.judged import Uses, as_sailed, judged
from clearwake.goods.listed import listed
from clearwake.goods.nation import is_dprk
from clearwake.goods.permitted import folded_ship, permits
from clearwake.goods.route import WITHIN_DAYS, Heard, Ports, legs, undeclared, visited
from clearwake.model import (
    Anchorage,
    Designation,
    IdentityClaim,
    Match,
    Permission,
    PortCall,
    Position,
    Shipment,
    ZoneEntry,
    conform,
    empty,
)
from clearwake.model.identifiers import imo_is_usable, mmsi_is_usable
from clearwake.sphere import NAUTICAL_MILE_M, distance_m

LEAP_KN = 60.0
"""A position that no neighbour could have been reached from at this speed is a slip and is left out."""

ABOUT_DAYS = 10
"""Days before and after a shipment's in which its ship's transmitter, if there are several, has to be heard."""

SHARED_SHARE = 0.05
"""With more slips than this among its positions an MMSI is used by more than one transmitter: then nothing is said."""


@dataclass(frozen=True)
class Known:
    """What is known beside the papers; every table may be left out, and then says nothing."""

    permissions: pl.DataFrame = field(default_factory=lambda: empty(Permission))
    matches: pl.DataFrame = field(default_factory=lambda: empty(Match))
    """What screening answered to ``asked``."""
    designations: pl.DataFrame = field(default_factory=lambda: empty(Designation))
    claims: pl.DataFrame = field(default_factory=lambda: empty(IdentityClaim))
    """Which transmitter a ship is, and its draughts."""
    positions: pl.DataFrame = field(default_factory=lambda: empty(Position))
    """Positions of the ships in question, about the days in question."""
    port_calls: pl.DataFrame = field(default_factory=lambda: empty(PortCall))
    zone_entries: pl.DataFrame = field(default_factory=lambda: empty(ZoneEntry))
    ports: pl.DataFrame = field(default_factory=lambda: empty(Anchorage))
    """Ports and anchorages, to know where a declared port is."""


def findings(
    shipments: pl.DataFrame,
    known: Known | None = None,
    on: date | None = None,
    within_days: int = WITHIN_DAYS,
) -> pl.DataFrame:
    """Check every shipment as of its own day: law, permissions, lists, and the route its ship really sailed.

    Args:
        shipments: A table of ``Shipment``.
        known: What is known beside them.
        on: The day the question is asked for: shipments after it are left out, permissions that begin after it do
            not count, and shipments without a day of their own are judged by it.  Without, all are checked.
        within_days: How far a port call may be from the declared day.

    Returns:
        A table of ``ShipmentFinding``, for, against and neither, sorted by shipment, kind and id; the order of rows
        given never changes it.
    """
    beside = known or Known()
    papers = _until(conform(shipments, Shipment), on)
    if papers.is_empty():
        return as_table(())
    return as_table(_all(papers, beside, on, within_days))


def _until(shipments: pl.DataFrame, on: date | None) -> pl.DataFrame:
    if on is None:
        return shipments
    began = pl.coalesce("load_on", "discharge_on").dt.date()
    return shipments.filter(began.is_null() | (began <= on))


def _all(papers: pl.DataFrame, beside: Known, on: date | None, within_days: int) -> Iterator[Found]:
    read, uses, papers = Read(), Uses(), with_ends(papers)
    on_file = permits(beside.permissions, on)
    for cargo in cargoes(papers, on):
        yield from judged(cargo, read, on_file, uses)
    yield from uses.over()
    yield from _contradictions(papers, read)
    yield from listed(papers, beside.matches, beside.designations, on)
    yield from _routes(papers, beside, within_days, read)


def _contradictions(papers: pl.DataFrame, read: Read) -> Iterator[Found]:
    """Find claimed HS codes that the description contradicts, whichever way goods go; and agreement in DPRK trade."""
    both = papers.filter(pl.col("hs_code").is_not_null(), pl.col("description").is_not_null())
    said = ["hs_code", "description"]
    wanted = both.join(_compared(both.select(said).unique(), read), on=said)
    wanted = wanted.filter(pl.col("contradicts") | pl.col("is_dprk"))
    for row in wanted.iter_rows(named=True):
        first = read(row["description"])[0]
        claimed = f"HS {row['hs_code']} is claimed for '{row['description'][:120]}'"
        day = day_of(row["load_on"]) or day_of(row["discharge_on"])
        told: dict[str, Any] = {"judged_on": day, "known_at": row["known_at"], "score": first.score}
        if row["contradicts"]:
            text = f"{claimed}, which is read as heading {first.code}, score {first.score:.2f}: {first.why}"
            yield Found(str(row["id"]), "description_contradicts_hs", FOR, text, **told)
        else:
            text = f"{claimed}, and read as heading {first.code}"
            yield Found(str(row["id"]), "description_agrees", AGAINST, text, **told)


def _compared(said: pl.DataFrame, read: Read) -> pl.DataFrame:
    """Say of codes and descriptions whether they contradict or agree; those that do neither are left out."""
    rows = []
    for code, text in said.iter_rows():
        readings = read(text)
        is_contradiction = contradicts(code, readings) is not None
        if is_contradiction or (readings and readings[0].code[:2] == code[:2]):
            rows.append((code, text, is_contradiction))
    types = {"hs_code": pl.String, "description": pl.String, "contradicts": pl.Boolean}
    return pl.DataFrame(rows, schema=types, orient="row")


def _routes(papers: pl.DataFrame, beside: Known, within_days: int, read: Read) -> Iterator[Found]:
    """Hold the routes of ships that can be told against their papers."""
    ships = _Ships(beside)
    named = papers.filter(pl.any_horizontal(pl.col("ship_name", "ship_imo", "ship_mmsi").is_not_null()))
    if named.is_empty() or ships.is_empty:
        return
    ports = Ports.of(beside.ports)
    for row in named.iter_rows(named=True):
        ship = ships.find(row)
        if isinstance(ship, str):
            yield Found(str(row["id"]), "ship_cannot_be_told", None, ship, known_at=row["known_at"],
                        judged_on=day_of(row["load_on"]) or day_of(row["discharge_on"]))  # fmt: skip
        elif ship is not None:
            yield from _route(row, ship, ships, ports, within_days, read)


def _route(
    row: Mapping[str, Any], heard: Heard, ships: _Ships, ports: Ports, within_days: int, read: Read
) -> Iterator[Found]:
    for leg in legs(row):
        yield from visited(leg, heard, ports, within_days)
        yield from draughts(leg, heard, ships.draughts(heard.mmsi))
    for each in undeclared(row, heard, ships.stays(heard.mmsi)):
        if each.kind == "undeclared_dprk_call":
            yield replace(each, sentence=f"{each.sentence}; {as_sailed(row, read)}")
        else:
            yield each


class _Ships:
    """Which transmitter the ship of a shipment is, and what was heard of it."""

    def __init__(self, beside: Known) -> None:
        self._claims = conform(beside.claims, IdentityClaim)
        self._calls = _by(beside.port_calls.filter(pl.col("confidence") >= 2), "mmsi_a")
        waters = beside.zone_entries.filter(pl.col("zone_kind") == "territorial_sea")
        is_there = (
            is_dprk(waters["zone"].str.replace(r",.*$", ""))
            if waters.height
            else pl.Series([], dtype=pl.Boolean)
        )
        self._stays = _by(waters.filter(is_there), "mmsi_a")
        tracks = (
            beside.positions.select("mmsi", "time", "lon", "lat").unique().sort("mmsi", "time", "lon", "lat")
        )
        self._tracks = {int(key[0]): part for key, part in tracks.partition_by("mmsi", as_dict=True).items()}
        self._heard: dict[int, Heard | None] = {}
        self._by_imo = self._numbers("imo")
        called = {name: folded_ship(name) for name in self._claims["name"].unique().drop_nulls().to_list()}
        names = self._claims.with_columns(
            pl.col("name").replace_strict(called, default=None, return_dtype=pl.String)
        )
        self._by_name = self._numbers("name", names)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was heard, so that there is no route to speak of."""
        return not (self._tracks or self._calls)

    def _numbers(self, column: str, claims: pl.DataFrame | None = None) -> dict[str, list[int]]:
        rows = (
            (self._claims if claims is None else claims)
            .select(column, "mmsi")
            .drop_nulls()
            .unique()
            .sort(column, "mmsi")
        )
        return {
            str(key[0]): part["mmsi"].to_list()
            for key, part in rows.partition_by(column, as_dict=True).items()
        }

    def find(self, row: Mapping[str, Any]) -> Heard | str | None:
        """Give what was heard of a shipment's ship; words where that cannot be told; None where nothing was."""
        number, how = self._number(row)
        if number is None:
            return how
        if number not in self._heard:
            self._heard[number] = self._follow(number, how or "")
        heard = self._heard[number]
        if heard is None:
            return f"MMSI {number} ({how}) is used by more than one transmitter: no route can be told from it"
        return Heard(heard.mmsi, heard.times, heard.lon, heard.lat, heard.calls, how or "")

    def _number(self, row: Mapping[str, Any]) -> tuple[int | None, str | None]:
        mmsi, imo = row["ship_mmsi"], row["ship_imo"]
        if mmsi_is_usable(mmsi) and self._was_heard(mmsi):
            return int(mmsi), "by its MMSI"
        known = self._about(self._by_imo.get(imo or "", []), row) if imo_is_usable(imo) else []
        if len(known) == 1:
            return known[0], f"by its IMO number {imo}"
        if len(known) > 1:
            return (
                None,
                f"IMO {imo} was sent by {len(known)} transmitters, so which one is the ship cannot be told",
            )
        if mmsi is not None or imo is not None or not row["ship_name"]:
            return None, None
        name = folded_ship(row["ship_name"])
        alike = self._about(self._by_name.get(name, []), row) if len(name) > 2 else []
        if len(alike) > 1:
            return (
                None,
                f"{len(alike)} transmitters sent the name {row['ship_name']}, so which is the ship cannot be told",
            )
        return (alike[0], f"by its name {row['ship_name']} only") if alike else (None, None)

    def _was_heard(self, mmsi: int) -> bool:
        return mmsi in self._tracks or mmsi in self._calls

    def _about(self, numbers: Sequence[int], row: Mapping[str, Any]) -> list[int]:
        """Give those of several transmitters that were heard, about the shipment's days if only one was then.

        A ship that changes its flag changes its MMSI: the number heard in those days is the ship's then.
        """
        known = [number for number in numbers if self._was_heard(number)]
        days = [row[name] for name in ("load_on", "discharge_on") if row[name]]
        if len(known) < 2 or not days:
            return known
        begin, end = min(days) - timedelta(days=ABOUT_DAYS), max(days) + timedelta(days=ABOUT_DAYS)
        then = [number for number in known if self._was_heard_in(number, begin, end)]
        return then if len(then) == 1 else known

    def _was_heard_in(self, mmsi: int, begin: datetime, end: datetime) -> bool:
        track, calls = self._tracks.get(mmsi), self._calls.get(mmsi)
        heard = track is not None and bool(track["time"].is_between(begin, end).any())
        called = calls is not None and bool(calls["start"].is_between(begin, end).any())
        return heard or called

    def _follow(self, mmsi: int, how: str) -> Heard | None:
        track = self._tracks.get(mmsi)
        calls = sorted(
            self._calls.get(mmsi, pl.DataFrame()).to_dicts(), key=lambda call: (call["start"], call["id"])
        )
        if track is None:
            nothing = np.empty(0, np.float64)
            return Heard(mmsi, np.empty(0, np.int64), nothing, nothing, calls, how)
        times = track["time"].dt.epoch("ms").to_numpy()
        lon, lat = track["lon"].to_numpy(), track["lat"].to_numpy()
        kept = ~slips(times, lon, lat)
        if (~kept).sum() > max(3, SHARED_SHARE * len(kept)):
            return None
        return Heard(mmsi, times[kept], lon[kept], lat[kept], calls, how)

    def draughts(self, mmsi: int) -> pl.DataFrame:
        """Give a ship's claims that say a draught."""
        return of_ship(self._claims, mmsi)

    def stays(self, mmsi: int) -> list[dict[str, Any]]:
        """Give a ship's stays in the territorial sea of the DPRK."""
        return self._stays.get(mmsi, pl.DataFrame()).to_dicts()


def _by(events: pl.DataFrame, column: str) -> dict[int, pl.DataFrame]:
    return {int(key[0]): part for key, part in events.partition_by(column, as_dict=True).items()}


def slips(
    times: np.ndarray[Any, np.dtype[np.int64]],
    lon: np.ndarray[Any, np.dtype[np.float64]],
    lat: np.ndarray[Any, np.dtype[np.float64]],
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which positions of one transmitter could not have been reached from either neighbour: ``(n,) -> (n,)``."""
    if len(times) < 3:
        return np.zeros(len(times), np.bool_)
    nautical = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]) / NAUTICAL_MILE_M
    leaps = nautical > 1.0 + LEAP_KN * np.diff(times) / 3_600_000.0
    before, after = np.concatenate(([True], leaps)), np.concatenate((leaps, [True]))
    return np.asarray(before & after, np.bool_)
