"""Port calls: in within 3 km, out beyond 4 km, stops, silences in port, and how much of a call was seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.tables import DEG_PER_M, A, B, events, harbour, heard, positions, when, world

from clearwake.detect import port_call
from clearwake.model import utc

KM = 1000 * DEG_PER_M
"""Degrees of longitude to a kilometre on the equator, where Haven lies at 0, 0."""


def log(text: str, day: str = "2026-01-01") -> pl.DataFrame:
    """Read a ship's log: ``time km speed_kn``, kilometres east of Haven."""
    lines = [line.split() for line in text.strip().splitlines()]
    rows = "\n".join(f"A {day}T{time} {float(km) * KM:.9f} 0 {speed}" for time, km, speed in lines)
    return positions(f"mmsi time lon lat speed_kn\n{rows}")


CALL = """
    00:00  12.0  13
    00:10   8.0  13
    00:20   4.1  12
    00:30   2.9   8
    00:40   1.0   0.1
    01:40   1.0   0.1
    02:40   1.1   0.4
    03:40   1.0   0.1
    05:10   3.5   9
    05:20   4.5  12
    05:30   8.0  13
"""


def calls(rows: pl.DataFrame | list[pl.DataFrame], until: str = "2026-01-02T00:00") -> pl.DataFrame:
    return events(port_call(harbour()), rows, until)


def test_a_call_that_was_seen_from_entry_to_exit() -> None:
    found = calls(log(CALL))
    assert when(found) == [("2026-01-01T00:30", "2026-01-01T05:20")]
    call = found.row(0, named=True)
    assert (call["port"], call["port_country"], call["confidence"]) == ("Haven", "Utopia", 4)
    # Stopped at 00:40, still at 0.4 kn, no longer at 9 kn: until 05:10.
    assert call["stopped_h"] == pytest.approx(4.5)
    assert call["gap_h"] == pytest.approx(1.5)
    assert call["duration_h"] == pytest.approx(4 + 50 / 60)
    assert call["nearest_km"] == pytest.approx(1.0, abs=1e-3)
    assert (call["lon"], call["lat"]) == pytest.approx((2.9 * KM, 0.0))


def test_it_rests_on_the_positions_where_it_was_first_nearest_and_last_inside() -> None:
    call = calls(log(CALL)).row(0, named=True)
    assert call["evidence"] == [f"position:{A}@2026-01-01T0{t}:00.000Z" for t in ("0:30", "0:40", "5:10")]
    assert call["known_at"] == utc("2026-01-01T05:15")


def test_a_ship_that_passes_within_three_kilometres_has_come_near_and_no_more() -> None:
    passing = "\n".join(
        f"{10 * n // 60:02}:{10 * n % 60:02} {km} 13" for n, km in enumerate((10, 6, 2, -2, -6, -10))
    )
    found = calls(log(passing))
    assert when(found) == [("2026-01-01T00:20", "2026-01-01T00:40")]
    assert found.select("confidence", "stopped_h").rows() == [(1, 0.0)]


def test_a_ship_that_comes_no_nearer_than_three_and_a_half_kilometres_does_not_call() -> None:
    assert calls(log("00:00 9 12\n00:10 3.5 0.1\n03:00 3.5 0.1\n04:00 9 12")).is_empty()


def test_a_ship_between_three_and_four_kilometres_stays_where_it_was() -> None:
    swinging = (
        "00:00 9 12\n00:10 2.9 0.1\n01:00 3.9 0.1\n02:00 2.9 0.1\n03:00 3.9 0.1\n04:00 4.1 6\n04:10 9 12"
    )
    assert when(calls(log(swinging))) == [("2026-01-01T00:10", "2026-01-01T04:00")]


def test_two_calls_are_two() -> None:
    rows = [log(CALL), log(CALL, day="2026-01-03")]
    assert when(calls(rows, until="2026-01-05T00:00")) == [
        ("2026-01-01T00:30", "2026-01-01T05:20"),
        ("2026-01-03T00:30", "2026-01-03T05:20"),
    ]


@pytest.mark.parametrize(
    ("first", "last", "confidence"),
    [(0, 11, 4), (4, 11, 3), (0, 8, 3), (4, 8, 2)],
    ids=["entered, stopped, left", "stopped, left", "entered, stopped", "stopped"],
)
def test_confidence_says_how_much_of_the_call_was_seen(first: int, last: int, confidence: int) -> None:
    seen = "\n".join(CALL.strip().splitlines()[first:last])
    assert calls(log(seen))["confidence"].to_list() == [confidence]


def test_a_call_has_no_end_while_it_lasts() -> None:
    found = calls(log("\n".join(CALL.strip().splitlines()[:8])))
    assert found.select("end", "duration_h").row(0) == (None, None)


def test_a_silence_of_four_hours_in_port_counts_as_a_stop() -> None:
    quiet = "00:00 9 12\n00:10 2 8\n04:09 2 8\n04:20 9 12"
    assert calls(log(quiet)).select("confidence").rows() == [(1,)]
    quiet = "00:00 9 12\n00:10 2 8\n04:10 2 8\n04:20 9 12"
    found = calls(log(quiet))
    assert found.select("confidence", "stopped_h", "gap_h").rows() == [(4, 0.0, 4.0)]


def test_a_ship_heard_again_far_out_after_a_long_silence_left_when_it_was_last_heard_inside() -> None:
    # Nobody knows when within these ten hours it left.
    found = calls(log("00:00 9 12\n00:10 2 0.1\n01:10 2 0.1\n11:10 50 12"))
    assert when(found) == [("2026-01-01T00:10", "2026-01-01T01:10")]


def test_a_ship_that_switches_off_in_port_and_on_again_outside_fell_silent_there() -> None:
    found = calls(log("00:00 9 12\n00:10 2 8\n10:10 50 12"))
    assert found["confidence"].to_list() == [4]


def test_where_no_speed_is_reported_the_way_made_good_says_whether_it_stopped() -> None:
    said = log(CALL).with_columns(speed_kn=pl.lit(None, pl.Float32))
    found = calls(said)
    # From 00:40 to 01:40 it made nothing good, which is first seen at 01:40.
    assert found["confidence"].to_list() == [4]
    assert found["stopped_h"].to_list() == pytest.approx([3.5])


def test_positions_every_few_seconds_change_nothing_but_the_minute() -> None:
    dense = heard(
        B,
        "2026-01-01T00:00",
        "2026-01-01T06:00",
        lambda h: ((9 - 30 * min(h, 0.3) + 30 * max(h - 5, 0)) * KM, 0),
        0.5,
    )
    # At 30 km/h from 9 km: inside from 00:12 on, still at 00:18, out 4 km at 05:08; looked at every five minutes.
    assert when(calls(dense)) == [("2026-01-01T00:15", "2026-01-01T05:10")]


def test_the_port_is_the_one_it_came_nearest_to() -> None:
    # Funchal as the World Port Index places it.
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T03:00", (-16.92, 32.63))
    (call,) = events(port_call(world()), rows, "2026-01-02T00:00").iter_rows(named=True)
    assert (call["port"], call["port_country"], call["confidence"]) == ("Funchal", "PRT", 2)


@pytest.mark.shared
def test_the_visit_near_zhoushan_of_the_published_pipeline_is_found(shared: Path) -> None:
    """Their first expected visit: MMSI 412424227, 14 to 15 October 2016.

    What is published are the events of the visit, with where the ship was, not its positions.  Read as positions they
    give the same visit, with one difference: the fix before it entered is not among them, so the entry was not seen
    and confidence is 3, theirs 4.
    """
    file = shared / "fixtures_gfw_pipe_anchorages" / "expected_port_visits.json"
    visit = json.loads(file.read_text())[0]["expected_1"]
    said = visit["events"]
    anchorages = pl.DataFrame({name: [e[name] for e in said] for name in ("anchorage_id", "lon", "lat")})
    known = anchorages.rename({"anchorage_id": "name"}).unique(maintain_order=True)
    atlas = harbour(0.0, -60.0).with_anchorages(
        known.with_columns(origin=pl.lit("user"), kind=pl.lit("anchorage"))
    )
    lines = [
        f"412424227 {datetime.fromtimestamp(e['timestamp'], UTC):%Y-%m-%dT%H:%M:%S} "
        f"{e['vessel_lon']} {e['vessel_lat']} {0.0 if e['event_type'] == 'PORT_STOP_BEGIN' else 6.0}"
        for e in said
    ]
    rows = positions("\n".join(["mmsi time lon lat speed_kn", *lines]))
    (found,) = events(port_call(atlas), rows, "2016-10-20T00:00").iter_rows(named=True)
    assert (found["start"].timestamp(), found["end"].timestamp()) == (
        visit["start_timestamp"],
        visit["end_timestamp"],
    )
    assert found["duration_h"] == pytest.approx(visit["duration_hrs"])
    assert (found["confidence"], visit["confidence"]) == (3, 4)
