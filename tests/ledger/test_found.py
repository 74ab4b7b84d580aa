"""Deliveries found in positions: calls and meetings are weighed, never taken for deliveries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.ledger.entries import entries, year_of

from clearwake.ledger import Book, Heard, SaidDraught, Ship, Size, Told, from_heard, not_tankers
from clearwake.model import utc

SONG, SELLER, CARGO, NOBODY = 445_123_000, 353_000_111, 352_000_222, 352_000_333
SHIPS = {
    SONG: Ship(SONG, "SONG", "8660313", is_tanker=True, is_dprk=True),
    SELLER: Ship(SELLER, "SELLER", "9074729", is_tanker=True),
    CARGO: Ship(CARGO, "CARGO ONE", is_tanker=False),
    NOBODY: Ship(NOBODY),
}
SIZES = {
    "imo:8660313": [Size(3_000, None, "a register")],
    "mmsi:353000111": [Size(None, 105, "its own claim")],
}


def call(name: str, mmsi: int, start: str, end: str, confidence: int = 4) -> dict[str, Any]:
    return {"id": f"port_call:{name}", "mmsi_a": mmsi, "mmsi_b": None, "port": "Nampo", "start": utc(start),
            "end": utc(end), "confidence": confidence, "known_at": utc(end)}  # fmt: skip


def met(a: int, b: int, day: str, label: str = "standard") -> dict[str, Any]:
    start = utc(day)
    return {"id": f"encounter:{day}", "mmsi_a": a, "mmsi_b": b, "start": start, "end": start, "label": label,
            "duration_h": 8.0, "known_at": start}  # fmt: skip


def possible(a: int, b: int | None, probability: float) -> dict[str, Any]:
    at = utc("2018-02-10")
    return {"id": "possible:1", "mmsi_a": a, "mmsi_b": b, "window_start": at, "window_end": at,
            "probability": probability, "known_at": at}  # fmt: skip


def changed(across: str, change_m: float, *, agrees: bool = False) -> dict[str, Any]:
    return {"across": across, "before_m": 5.4, "after_m": 5.4 + change_m, "change_m": change_m, "tonnes": 2000.0,
            "probability": 1.0, "agrees": agrees}  # fmt: skip


def test_calls_of_tankers_count_and_calls_of_others_do_not() -> None:
    heard = Heard(
        calls=[
            call("1", SONG, "2018-02-14", "2018-02-17"),
            call("2", CARGO, "2018-02-14", "2018-02-17"),
            call("3", NOBODY, "2018-02-14", "2018-02-17"),
            call("4", SELLER, "2018-03-14", "2018-03-17", confidence=1),
        ],
        ships=SHIPS,
    )
    [entry] = from_heard(heard, Told(SIZES))
    assert (entry.id, entry.ship, entry.day, entry.status) == (
        "port_call:1",
        "SONG",
        date(2018, 2, 17),
        "found",
    )
    assert entry.happened == 0.5
    assert entry.capacity
    assert entry.capacity.bbl == pytest.approx(3_000 * 0.95 * 7.98)
    assert not_tankers(heard) == [
        "1 calls in the DPRK by 1 ships of which nobody says what they are: not counted"
    ]


def test_calls_of_one_ship_that_follow_at_once_are_one_delivery() -> None:
    heard = Heard(
        calls=[
            call("1", SONG, "2018-02-14", "2018-02-15"),
            call("2", SONG, "2018-02-16", "2018-02-18"),
            call("3", SONG, "2018-03-16", "2018-03-18"),
        ],
        ships=SHIPS,
    )
    assert [each.evidence for each in from_heard(heard, Told(SIZES))] == [
        ("port_call:1", "port_call:2"), ("port_call:3",),
    ]  # fmt: skip


@pytest.mark.parametrize(("change_m", "happened"), [(-2.0, 0.9), (2.0, 0.05)])
def test_a_draught_that_changed_across_a_call_moves_its_probability(change_m: float, happened: float) -> None:
    heard = Heard([call("1", SONG, "2018-02-14", "2018-02-17")], draughts=[changed("port_call:1", change_m)],
                  ships=SHIPS)  # fmt: skip
    [entry] = from_heard(heard, Told(SIZES))
    assert entry.happened == pytest.approx(happened)
    assert entry.volume
    assert entry.volume.basis == ("draught" if change_m < 0 else "prior")
    assert entry.volume.scale_bbl == pytest.approx(2_000 * 7.98 if change_m < 0 else 3_000 * 0.95 * 7.98)


def test_a_meeting_counts_where_a_tanker_met_a_ship_of_the_dprk_only() -> None:
    pairs = [met(SELLER, SONG, "2018-02-01"), met(SELLER, CARGO, "2018-02-02"), met(CARGO, SONG, "2018-02-03"),
             met(SELLER, SONG, "2018-02-04", label="in_port")]  # fmt: skip
    found = list(from_heard(Heard(encounters=pairs, ships=SHIPS), Told(SIZES)))
    assert [(each.id, each.ship, each.from_ship, each.happened) for each in found] == [
        ("encounter:2018-02-01", "SONG", "SELLER", 0.3)
    ]
    agreed = Heard(
        encounters=pairs[:1], draughts=[changed("encounter:2018-02-01", 2.0, agrees=True)], ships=SHIPS
    )
    assert [each.happened for each in from_heard(agreed, Told(SIZES))] == [0.8]


def test_a_possible_meeting_has_its_own_probability_and_one_with_nobody_is_none() -> None:
    some = Heard(possible=[possible(SELLER, SONG, 0.5), possible(SONG, None, 0.9)], ships=SHIPS)
    assert [each.happened for each in from_heard(some, Told(SIZES))] == [pytest.approx(0.15)]


def test_a_meeting_is_a_stage_of_the_call_that_follows_and_makes_it_likelier() -> None:
    heard = Heard(
        [call("1", SONG, "2018-02-14", "2018-02-17")], [met(SELLER, SONG, "2018-02-10")], ships=SHIPS
    )
    told = {each.id: each for each in Book.of(from_heard(heard, Told(SIZES))).shown()}
    assert told["encounter:2018-02-10"].counted == "stage"
    assert told["encounter:2018-02-10"].cargo == "port_call:1"
    assert told["port_call:1"].happened == pytest.approx(1 - 0.5 * 0.7)


def test_a_call_found_and_read_is_one_delivery() -> None:
    heard = Heard([call("1", SONG, "2018-02-14", "2018-02-17")], ships=SHIPS)
    read = entries("date ship imo port volume_bbl\n2018-02-18 SONG 8660313 Nampo 9000")
    year = year_of([*read, *from_heard(heard, Told(SIZES))])
    assert (year.deliveries, year.same_deliveries, year.found) == (1, 1, 0)
    assert any("told 2 times (port_call:1), counted once" in finding for finding in year.findings)


@pytest.mark.parametrize(("said", "basis"), [((5.4, 3.4), "draught"), ((5.4, 5.4), "prior")])
def test_a_ship_s_own_draught_is_believed_where_it_says_more_than_one(
    said: tuple[float, float], basis: str
) -> None:
    days = (date(2018, 2, 10), date(2018, 2, 14)), (date(2018, 2, 16), date(2018, 2, 20))
    draughts = [SaidDraught(*span, draught_m) for span, draught_m in zip(days, said, strict=True)]
    heard = Heard([call("1", SONG, "2018-02-14", "2018-02-17")], ships=SHIPS)
    [entry] = from_heard(heard, Told(SIZES, {"imo:8660313": draughts}))
    assert entry.volume
    assert entry.volume.basis == basis
    assert any("5.4 m" in sentence for sentence in entry.sentences) == (basis == "draught")
