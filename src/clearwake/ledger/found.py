"""Deliveries found in positions: calls of tankers in the DPRK, and meetings of ships with tankers under its flag.

A call is not a delivery: a tanker loads, shelters, is repaired, brings what was notified.  Each has a probability that
says so, and a draught that changed moves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from clearwake.ledger.cargoes import SAME_CALL
from clearwake.ledger.entry import Entry, Volume, with_capacity
from clearwake.ledger.rows import Told, by_said_draught, keys_of, size_of
from clearwake.ledger.sizes import capacity, conversion

Row = Mapping[str, Any]

DPRK, DPRK_MID = "PRK", 445

POSITIONS = "positions"

STOPPED = 2
"""A call with this confidence stopped, or fell silent, in port."""

LIGHTER, DEEPER = 0.9, 0.05
"""That a call was a delivery where the ship's draught says it left lighter, or deeper: this project's judgement."""

TRANSFER, TRANSFER_AGREES = 0.3, 0.8
"""That a meeting at sea handed oil over: by the meeting alone, and where both draughts agree.  Likewise."""

SURE = 0.5
"""From this probability that the draught changed in port, the change says how much was landed."""

LEAST = 0.02
"""What is less likely than this is left out."""

TONNES_ERROR = 0.33
"""A change of draught gives tonnes within about a third."""


@dataclass(frozen=True)
class Ship:
    """What is known of a ship heard, by its MMSI."""

    mmsi: int
    name: str | None = None
    imo: str | None = None
    is_tanker: bool | None = None
    """Null where nobody says what it is."""
    is_dprk: bool = False


@dataclass(frozen=True)
class Heard:
    """What detectors found, as rows, and who the ships are."""

    calls: Sequence[Row] = ()
    """Port calls in the DPRK, lying off its ports among them."""
    encounters: Sequence[Row] = ()
    possible: Sequence[Row] = ()
    """Possible meetings."""
    draughts: Sequence[Row] = ()
    """Draught changes."""
    ships: Mapping[int, Ship] = field(default_factory=dict)

    def ship(self, mmsi: int) -> Ship:
        """Give a ship; one that nobody knows by its MMSI alone."""
        return self.ships.get(mmsi) or Ship(mmsi, is_dprk=mmsi // 1_000_000 == DPRK_MID)


def from_heard(heard: Heard, told: Told) -> Iterator[Entry]:
    """Turn calls and meetings into entries."""
    changes: dict[str, list[Row]] = {}
    for row in heard.draughts:
        if row["across"]:
            changes.setdefault(row["across"], []).append(row)
    yield from _calls(heard, changes, told)
    for row in heard.encounters:
        if row["label"] != "in_port":
            agrees = any(each["agrees"] for each in changes.get(row["id"], ()))
            happened = TRANSFER_AGREES if agrees else TRANSFER
            sentence = f"met for {row['duration_h']:.1f} h" + (", and both draughts agree" if agrees else "")
            yield from _met(heard, row, (row["start"], row["end"]), happened, sentence, told)
    for row in heard.possible:
        if row["mmsi_b"] is not None and row["probability"] * TRANSFER >= LEAST:
            happened = row["probability"] * TRANSFER
            sentence = f"may have met unseen, with probability {row['probability']:.2f}"
            yield from _met(heard, row, (row["window_start"], row["window_end"]), happened, sentence, told)


def not_tankers(heard: Heard) -> list[str]:
    """Say how many calls are left out because nobody says that the ship is a tanker."""
    unknown = [row for row in _stopped(heard.calls) if heard.ship(row["mmsi_a"]).is_tanker is None]
    if not unknown:
        return []
    ships = len({row["mmsi_a"] for row in unknown})
    return [
        f"{len(unknown)} calls in the DPRK by {ships} ships of which nobody says what they are: not counted"
    ]


def _stopped(calls: Iterable[Row]) -> list[Row]:
    return [row for row in calls if row["confidence"] >= STOPPED]


def _calls(heard: Heard, changes: Mapping[str, list[Row]], told: Told) -> Iterator[Entry]:
    by_ship: dict[int, list[Row]] = {}
    for row in _stopped(heard.calls):
        if heard.ship(row["mmsi_a"]).is_tanker:
            by_ship.setdefault(row["mmsi_a"], []).append(row)
    for mmsi, rows in sorted(by_ship.items()):
        for visit in _visits(sorted(rows, key=lambda row: (row["start"], row["id"]))):
            yield _delivery(heard.ship(mmsi), visit, changes, told)


def _visits(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Bring calls of one ship together that follow each other too fast for it to have loaded between them."""
    visit = [rows[0]]
    for before, after in pairwise(rows):
        if after["start"] - _ended(before) <= SAME_CALL:
            visit.append(after)
        else:
            yield visit
            visit = [after]
    yield visit


def _ended(row: Row) -> datetime:
    end: datetime = row["end"] or row["start"]
    return end


def _delivery(ship: Ship, visit: Sequence[Row], changes: Mapping[str, list[Row]], told: Told) -> Entry:
    keys = keys_of(ship.imo, ship.mmsi, ship.name, told.plain)
    holds = capacity(size_of(told.sizes, keys), "refined", None)
    began, per_t = visit[0]["start"].date(), conversion("refined", None).bbl_per_t
    volume, sentences = by_said_draught(holds, per_t, keys, began, told) if holds else (None, [])
    ports = ", ".join(dict.fromkeys(row["port"] for row in visit))
    sentences = [f"a tanker called at {ports}, or lay off it; a call is not yet a delivery", *sentences]
    happened = told.happened["found"]
    change = max(
        (row for call in visit for row in changes.get(call["id"], ())), key=lambda row: row["probability"], default=None
    )  # fmt: skip
    if change is not None:
        is_lighter, weight = change["change_m"] < 0, change["probability"]
        happened = weight * (LIGHTER if is_lighter else DEEPER) + (1.0 - weight) * happened
        came = "as after a delivery" if is_lighter else "as after loading"
        sentences.append(
            f"its draught went from {change['before_m']:.1f} to {change['after_m']:.1f} m across it, {came} "
            f"(probability {weight:.2f} that it changed there)"
        )
        if is_lighter and change["tonnes"] and weight >= SURE:
            bbl = abs(change["tonnes"]) * per_t
            volume = Volume(min(bbl, holds.bbl) if holds else bbl, "draught", error=TONNES_ERROR)
    return Entry(
        id=visit[0]["id"], origin="found", file=-1, day=_ended(visit[-1]).date(), began=began, product="refined",
        status="found", happened=happened, ship=ship.name or f"MMSI {ship.mmsi}", imo=ship.imo, mmsi=ship.mmsi,
        port=ports, keys=keys, capacity=holds, volume=volume, source=POSITIONS, sentences=tuple(sentences),
        evidence=tuple(row["id"] for row in visit), known_at=max(row["known_at"] for row in visit),
    )  # fmt: skip


def _met(
    heard: Heard, row: Row, when: tuple[datetime, datetime | None], happened: float, sentence: str, told: Told
) -> Iterator[Entry]:
    """Turn a meeting into a transfer to the tanker of the DPRK; of two such ships, or none, it is none."""
    pair = [heard.ship(row["mmsi_a"]), heard.ship(row["mmsi_b"])]
    receivers = [each for each in pair if each.is_dprk and each.is_tanker is not False]
    givers = [each for each in pair if not each.is_dprk and each.is_tanker]
    if len(receivers) != 1 or len(givers) != 1:
        return
    [receiver], [giver] = receivers, givers
    keys = keys_of(receiver.imo, receiver.mmsi, receiver.name, told.plain)
    also = keys_of(giver.imo, giver.mmsi, giver.name, told.plain)
    sizes = [capacity(size_of(told.sizes, each), "refined", None) for each in (keys, also)]
    known = [each for each in sizes if each]
    # What was handed over fits into the smaller of the two.
    holds = min(known, key=lambda each: each.bbl) if known else None
    yield Entry(
        id=row["id"], origin="found", file=-1, day=_day(when[1] or when[0]), began=_day(when[0]), product="refined",
        status="found", happened=happened, ship=receiver.name or f"MMSI {receiver.mmsi}", imo=receiver.imo,
        mmsi=receiver.mmsi, from_ship=giver.name or f"MMSI {giver.mmsi}", keys=keys, also=also, capacity=holds,
        volume=with_capacity(holds, "prior") if holds else None, source=POSITIONS,
        sentences=(f"a tanker and a ship of the DPRK {sentence}; a meeting is not yet a transfer",),
        evidence=(row["id"],), known_at=row["known_at"],
    )  # fmt: skip


def _day(moment: datetime) -> date:
    return moment.date()
