"""Items of cases made from what a desk has: sightings, events, detections, list entries, tracks.

An item copies what the row says and what it may be given to; the row's own id stays at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from clearwake import seal
from clearwake.cases import ships_of, subject
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.casefacts import informed
from clearwake.model import (
    TLP,
    Designation,
    Item,
    Marking,
    NotFoundError,
    Sighting,
    UsageError,
    utc,
)
from clearwake.store import Store

Row = Mapping[str, Any]
Ask = Callable[[str], pl.DataFrame]

_TRACK = re.compile(r"(?:track:)?(\d{9})@([^/]+)/(.+)")
_POSITION = re.compile(r"position:(\d+)@(.+)")
_NOT_MEASURES = frozenset({
    "id", "kind", "version", "start", "end", "lon", "lat", "track_a", "track_b", "mmsi_a", "mmsi_b", "evidence",
    "known_at", "receipt", "line", "time", "mmsi", "track", "footprint", "geometry",
})  # fmt: skip
_MOST_MEASURES = 6

AIS = "AIS"
"""Who said first what follows from ships' own transmissions."""


@dataclass(frozen=True)
class Found:
    """What one of the desk's facts gives a case."""

    items: tuple[Item, ...] = ()
    """The fact itself first, then what came with it."""
    title: str | None = None
    name: str | None = None
    """Of the first ship, as read."""


def items_from(store: Store, fact: str, ask: Ask, tables: Collection[str], nation: str) -> Found:
    """Make the item of one of the desk's facts, and of each photograph that came with it.

    Args:
        store: The desk's store.
        fact: The id of a sighting, event, detection or list entry, or ``MMSI@FROM/TO`` for a track.
        ask: Gives a table of the desk by name.
        tables: The names of all tables.
        nation: Whose data it is where it does not say.

    Raises:
        NotFoundError: If nothing in the desk has this id.
    """
    found = _found(store, fact, ask, tables, nation)
    atlas = with_learnt(atlas_of(store), store)
    return replace(found, items=tuple(informed(item, atlas) for item in found.items))


def _found(store: Store, fact: str, ask: Ask, tables: Collection[str], nation: str) -> Found:
    if track := _TRACK.fullmatch(fact):
        heard = _track(store, fact, int(track[1]), _moment(track[2]), _moment(track[3]), nation)
        return Found((heard,), heard.sentence, f"mmsi {track[1]}")
    kind = fact.partition(":")[0]
    if kind == "sighting":
        return _of_sighting(store, _one(store.scan("sightings", record=Sighting), fact), nation)
    table = next((name for name in (f"{kind}s", f"{kind[:-1]}ies", kind) if name in tables), None)
    rows = ask(table) if table is not None else None
    if rows is not None and "id" in rows.columns and rows.schema["id"] == pl.String:
        event = _of_event(store, kind, _one(rows.lazy(), fact), nation)
        return Found((event,), event.sentence, event.ships[0].replace(":", " ") if event.ships else kind)
    entry = _one(store.scan("designations", record=Designation), fact)
    listing = _of_designation(entry, nation)
    return Found((listing,), listing.sentence, entry["name"])


def same_ship(item: Item, same: Mapping[str, str]) -> Item:
    """Call the ships of an item as the case calls them: in its subjects, its facts and nowhere else.

    Args:
        item: Its subjects and facts.
        same: Subject by subject, such as ``mmsi:445123000`` to ``imo:7389704``; that they are one ship is a judgement
            of whoever says so.
    """

    def called(ship: str | None) -> str | None:
        return same.get(ship, ship) if ship else ship

    ships = tuple(dict.fromkeys(same.get(ship, ship) for ship in item.ships))
    facts = tuple(
        replace(fact, subject=called(fact.subject), object=called(fact.object)) for fact in item.facts
    )
    return replace(item, ships=ships, facts=facts)


def _one(rows: pl.LazyFrame, fact: str) -> Row:
    found = rows.filter(pl.col("id") == fact).collect()
    if found.is_empty():
        next_step = "take an id from show sightings, encounters, designations ..."
        message = f"nothing in this desk has the id {fact}\n  next: {next_step}"
        raise NotFoundError(message)
    return found.sort("known_at").row(-1, named=True)


def _moment(text: str) -> datetime:
    try:
        return utc(text)
    except ValueError:
        wanted = "MMSI@2018-02-12/2018-02-14T06:00"
        message = f"{text!r} is no time\n  read as the beginning or end of a track\n  next: write {wanted}"
        raise UsageError(message) from None


def _of_sighting(store: Store, row: Row, nation: str) -> Found:
    of_file = _marked(store, [row["receipt"]], nation).tlp
    marking = Marking(
        row["originator"] or nation, row["marking"] or of_file, tuple(row["releasable_to"] or ())
    )
    seen = Item(
        id=seal.random_id("item"),
        kind="sighting",
        sentence=_sighted(row),
        marking=marking,
        start=row["time"],
        end=row["time"],
        lon=row["lon"],
        lat=row["lat"],
        error_m=row["error_m"],
        observer=row["observer"],
        platform=row["platform"],
        ships=ships_of(row),
        origin=row["originator"] or row["observer"],
        reliability=row["reliability"],
        credibility=row["credibility"],
        source=row["id"],
        rows=_json(row),
    )
    photographs = (_photograph(seen, sha256) for sha256 in row["photographs"] or ())
    names = [row[each] for each in ("name", "partner_name") if row[each]]
    known = " and ".join((*names, *["an unidentified ship"] * (len(seen.ships) - len(names))))
    title = f"{known[:1].upper()}{known[1:]}, seen {row['time']:%Y-%m-%d}"
    return Found((seen, *photographs), title, (names or ["unidentified ship"])[0])


def _photograph(seen: Item, sha256: str) -> Item:
    at = f"{seen.start:%Y-%m-%d %H:%M} UTC" if seen.start else "an unknown time"
    return replace(
        seen,
        id=seal.random_id("item"),
        kind="photograph",
        sentence=f"A photograph taken with the sighting of {at}.",
        facts=(),
        rests_on=(),
        rows=None,
        sha256=sha256,
    )


def _sighted(row: Row) -> str:
    """Say a sighting in one sentence, with its numbers."""
    who = " ".join(
        part for part in (row["observer"], f"({row['platform']})" if row["platform"] else "") if part
    )
    ship = _called(row["name"], row["imo"], row["flag"])
    with_it = row["partner"] in ("ship", "unknown") or row["partner_name"] or row["partner_imo"]
    other = f" with {_called(row['partner_name'], row['partner_imo'], None)}" if with_it else ""
    doubt = f" (give or take {row['error_m']:,.0f} m)" if row["error_m"] else ""
    words = row["seen"] or ", ".join(each.replace("_", " ") for each in row["codes"] or ())
    told = f": “{words}”" if row["seen"] else f": {words}" if words else ""
    at = f"{row['time']:%Y-%m-%d %H:%M} UTC"
    return (
        f"{who or 'An observer'} saw {ship}{other} on {at} at {place(row['lon'], row['lat'])}{doubt}{told}."
    )


def _called(name: str | None, imo: str | None, flag: str | None) -> str:
    marks = ", ".join(part for part in (f"IMO {imo}" if imo else "", f"flag {flag}" if flag else "") if part)
    return f"{name or 'an unidentified ship'}{f' ({marks})' if marks else ''}"


def place(lon: float, lat: float) -> str:
    """Write a place in decimal degrees: ``30.500 N 124.900 E``."""
    return f"{abs(lat):.3f} {'N' if lat >= 0 else 'S'} {abs(lon):.3f} {'E' if lon >= 0 else 'W'}"


def _of_event(store: Store, kind: str, row: Row, nation: str) -> Item:
    numbers = [row[each] for each in ("mmsi_a", "mmsi_b", "mmsi") if row.get(each) is not None]
    is_detection = kind == "detection"
    start = row.get("start") or row.get("time")
    return Item(
        id=seal.random_id("item"),
        kind="detection" if is_detection else "event",
        sentence=row.get("sentence") or _told(kind, row, numbers),
        marking=_marking(store, row, nation),
        start=start,
        end=row.get("end") or (None if row.get("start") else start),
        lon=row.get("lon"),
        lat=row.get("lat"),
        error_m=row.get("error_m"),
        platform=row.get("platform") if is_detection else None,
        ships=tuple(f"mmsi:{number}" for number in dict.fromkeys(numbers)),
        origin=(row.get("platform") or row.get("sensor") or "a satellite") if is_detection else AIS,
        source=row["id"],
        mmsi=numbers[0] if numbers else None,
        rows=_json(row),
    )


def _told(kind: str, row: Row, numbers: list[int]) -> str:
    """Say an event in one sentence: what, which ships, when, where, and what was measured."""
    ships = " and ".join(f"MMSI {number}" for number in numbers) or "a ship without AIS"
    start, end = row.get("start") or row.get("time"), row.get("end")
    span = f"on {start:%Y-%m-%d %H:%M} UTC" if start else "at an unknown time"
    until = f" to {end:%Y-%m-%d %H:%M} UTC" if end and end != start else ""
    where = f" at {place(row['lon'], row['lat'])}" if row.get("lon") is not None else ""
    measures = [
        f"{name.replace('_', ' ')} {value:,.3g}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value}"
        for name, value in row.items()
        if name not in _NOT_MEASURES and isinstance(value, str | int | float) and value != ""
    ]
    said = f": {', '.join(measures[:_MOST_MEASURES])}" if measures else ""
    return f"{kind.replace('_', ' ').capitalize()} of {ships} {span}{until}{where}{said}."


def _of_designation(row: Row, nation: str) -> Item:
    ship = subject(row["imo"] if row["kind"] == "vessel" else None, row["mmsi"], row["name"])
    since = f" since {row['listed_on']:%Y-%m-%d}" if row["listed_on"] else ""
    under = f" under {', '.join(row['programmes'])}" if row["programmes"] else ""
    number = f" (IMO {row['imo']})" if row["imo"] else ""
    what = f"{row['kind']} {row['name']}{number}"
    said = f"The {row['list'].upper()} list has the {what}{since}{under}, status {row['status']}."
    cited = ", ".join(part for part in (row["list"].upper(), row["edition"], row["reference"]) if part)
    return Item(
        id=seal.random_id("item"),
        kind="listing",
        sentence=said,
        marking=Marking(nation, "TLP:CLEAR", sensitivity="open"),
        start=row["listed_on"],
        end=row["removed_on"],
        ships=(ship,) if ship else (),
        origin=row["list"],
        reliability="A",
        credibility=1,
        citation=cited,
        source=row["id"],
        rows=_json(row),
    )


def _track(store: Store, fact: str, mmsi: int, start: datetime, end: datetime, nation: str) -> Item:
    rows = store.scan("positions", start.date(), end.date(), POSITIONS)
    heard = rows.filter(pl.col("mmsi") == mmsi, pl.col("time").is_between(start, end)).sort("time").collect()
    if heard.is_empty():
        span = f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"
        message = f"MMSI {mmsi} was not heard from {span}\n  next: clearwake show tracks"
        raise NotFoundError(message)
    first, last = heard.row(0, named=True), heard.row(-1, named=True)
    ends = [f"{row['time']:%Y-%m-%d %H:%M} UTC at {place(row['lon'], row['lat'])}" for row in (first, last)]
    said = f"MMSI {mmsi} reported {heard.height:,} positions from {ends[0]} to {ends[1]}."
    return Item(
        id=seal.random_id("item"),
        kind="track",
        sentence=said,
        marking=_marked(store, heard["receipt"].unique().drop_nulls().to_list(), nation),
        start=first["time"],
        end=last["time"],
        lon=first["lon"],
        lat=first["lat"],
        ships=(f"mmsi:{mmsi}",),
        origin=AIS,
        source=fact,
        mmsi=mmsi,
    )


def _marking(store: Store, row: Row, nation: str) -> Marking:
    """Mark an event as the most restricted of what it rests on."""
    if row.get("receipt") is not None:
        return _marked(store, [row["receipt"]], nation)
    return _marked(store, list(_receipts(store, row.get("evidence") or ())), nation)


def _receipts(store: Store, evidence: Collection[str]) -> Iterator[int]:
    """Give the receipts of the positions among evidence."""
    wanted = [(int(found[1]), utc(found[2])) for each in evidence if (found := _POSITION.fullmatch(each))]
    for day in sorted({time.date() for _, time in wanted}):
        rows = store.scan("positions", day, day, POSITIONS).filter(
            pl.col("mmsi").is_in([mmsi for mmsi, _ in wanted]),
            pl.col("time").is_in([time for _, time in wanted]),
        )
        yield from rows.select("receipt").unique().collect()["receipt"].drop_nulls().to_list()


def _marked(store: Store, receipts: Collection[int], nation: str) -> Marking:
    """Give the most restricted marking of received files; where none says, the desk's own caution."""
    held = store.receipts()
    told = held.filter(pl.col("number").is_in(list(receipts)))["marking"].drop_nulls().to_list()
    known = [label for label in told if label in TLP]
    # A marking that is none of the labels must not widen who sees a thing.
    label = (
        max(known, key=TLP.index) if len(known) == len(told) and known else "TLP:RED" if told else "TLP:AMBER"
    )
    return Marking(nation, label)


def _json(row: Row) -> str:
    """Write a row as JSON without what only this desk can use."""
    kept = {
        name: value.hex() if isinstance(value, bytes) else value
        for name, value in row.items()
        if value is not None and name not in ("receipt", "line")
    }
    return seal.canonical(kept).decode()
