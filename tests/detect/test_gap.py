"""Gaps: closed and open, judged against the feed, one id from open to closed."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.tables import A, B, C, events, heard, hull, positions, when

from clearwake.detect import gap
from clearwake.model import utc
from clearwake.tracks import follow

HOUR = timedelta(hours=1)


def test_a_vessel_silent_for_twelve_hours_has_a_gap_where_it_was_last_heard() -> None:
    rows = positions("""
        mmsi  time              lon    lat
        A     2026-01-01T00:00  25.00  35.00
        A     2026-01-01T12:00  25.40  35.10
        A     2026-01-01T23:59  25.50  35.10
    """)
    found = events(gap(12 * HOUR), rows, until="2026-01-02T00:00")
    assert when(found) == [("2026-01-01T00:00", "2026-01-01T12:00")]
    silence = found.row(0, named=True)
    assert (silence["lon"], silence["lat"], silence["end_lon"], silence["end_lat"]) == (
        25.0,
        35.0,
        25.4,
        35.1,
    )
    assert silence["duration_h"] == 12.0
    # 0.4 degrees of longitude at 35 N are 36.4 km, 0.1 of latitude 11.1 km; 38.1 km in 12 h are 1.7 kn.
    assert silence["moved_km"] == pytest.approx(38.1, abs=0.1)
    assert silence["implied_speed_kn"] == pytest.approx(1.71, abs=0.01)


def test_six_hours_are_a_gap_and_a_second_less_is_none() -> None:
    rows = positions("""
        mmsi  time                 lon  lat
        A     2026-01-01T00:00:00  0    0
        A     2026-01-01T06:00:00  0    0
        B     2026-01-01T00:00:00  9    0
        B     2026-01-01T05:59:59  9    0
    """)
    found = events(gap(), rows, until="2026-01-01T06:30")
    assert found["mmsi_a"].to_list() == [A]


def test_a_vessel_not_heard_again_has_an_open_gap_that_says_how_long_it_has_lasted() -> None:
    found = events(gap(), heard(A, "2026-01-01T00:00", "2026-01-01T04:00", (0, 0)), until="2026-01-01T14:30")
    assert when(found) == [("2026-01-01T04:00", None)]
    assert found.select("duration_h", "moved_km", "implied_speed_kn", "end_lon", "end_lat").row(0) == (
        10.5, None, None, None, None,
    )  # fmt: skip


def test_a_vessel_is_silent_only_as_long_as_the_feed_was_listening() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T14:00", (0, 0))
    assert events(gap(), rows, until="2026-01-01T19:59").is_empty()
    assert events(gap(), rows, until="2026-01-01T20:00").height == 1


def test_an_open_gap_keeps_its_id_when_it_closes() -> None:
    (step,) = gap().steps
    morning = follow(heard(A, "2026-01-01T00:00", "2026-01-01T04:00", (0, 0)))
    first = step.run(morning.fixes, None, utc("2026-01-01T12:00"))
    evening = follow(heard(A, "2026-01-01T15:00", "2026-01-01T16:00", (0, 0.5)), morning.keep)
    second = step.run(evening.fixes, first.keep, utc("2026-01-01T16:01"))
    assert first.rows["id"].to_list() == second.rows["id"].to_list()
    assert (when(first.rows), when(second.rows)) == (
        [("2026-01-01T04:00", None)],
        [("2026-01-01T04:00", "2026-01-01T15:00")],
    )
    assert (first.rows["settled"].to_list(), second.rows["settled"].to_list()) == ([False], [True])


def test_a_gap_names_the_positions_on_either_side_and_is_known_when_the_later_one_is() -> None:
    rows = positions("""
        mmsi  time              lon  lat  known_at
        A     2026-01-01T00:00  0    0    2026-01-01T00:10
        A     2026-01-01T09:00  0    0    2026-01-03T00:00
        B     2026-01-01T01:00  9    0    2026-01-01T02:00
    """)
    closed, open_one = events(gap(), rows, until="2026-01-01T10:00").iter_rows(named=True)
    assert closed["evidence"] == [
        f"position:{A}@2026-01-01T00:00:00.000Z",
        f"position:{A}@2026-01-01T09:00:00.000Z",
    ]
    assert closed["known_at"] == utc("2026-01-03T00:00")
    assert open_one["evidence"] == [f"position:{B}@2026-01-01T01:00:00.000Z"]
    assert open_one["known_at"] == utc("2026-01-01T02:00")


def test_a_silence_over_the_antimeridian_is_short_over_the_ground() -> None:
    rows = positions("""
        mmsi  time              lon      lat
        A     2026-01-01T00:00   179.90  0
        A     2026-01-01T08:00  -179.90  0
    """)
    found = events(gap(), rows, until="2026-01-01T08:10")
    assert found["moved_km"].to_list() == pytest.approx([22.24], abs=0.01)


def test_a_burst_of_bad_positions_under_a_ships_number_is_no_ship_that_vanished() -> None:
    ship = heard(A, "2026-01-01T00:00", "2026-01-01T23:50", (0, 0))
    burst = heard(A, "2026-01-01T03:05", "2026-01-01T04:05", (50, 50))
    assert burst.height == 7
    assert events(gap(), [ship, burst], until="2026-01-02T00:00").is_empty()


def test_a_second_hull_heard_often_enough_can_fall_silent() -> None:
    ship = heard(A, "2026-01-01T00:00", "2026-01-01T23:50", (0, 0))
    # Twelve positions: the first two are flagged, ten are believed.
    other = heard(A, "2026-01-01T03:05", "2026-01-01T04:55", (50, 50))
    found = events(gap(), [ship, other], until="2026-01-02T00:00")
    assert found["track_a"].to_list() == [hull(A, 2)]
    assert when(found) == [("2026-01-01T04:55", None)]


def test_every_ship_has_its_own_silences() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(A, "2026-01-01T08:00", "2026-01-01T09:00", (0, 0)),
        heard(A, "2026-01-01T16:00", "2026-01-01T17:00", (0, 0)),
        heard(B, "2026-01-01T00:00", "2026-01-01T17:00", (9, 0)),
        heard(C, "2026-01-01T00:00", "2026-01-01T17:00", (20, 0), every_min=300),
    ]
    found = events(gap(), rows, until="2026-01-01T17:10")
    assert found["mmsi_a"].to_list() == [A, A]
    assert when(found) == [
        ("2026-01-01T01:00", "2026-01-01T08:00"),
        ("2026-01-01T09:00", "2026-01-01T16:00"),
    ]


def test_a_gap_must_last_longer_than_nothing() -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        gap(timedelta(0))


def test_another_shortest_silence_is_another_definition_with_other_ids() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T12:00", (0, 0), every_min=720)
    six, twelve = (events(gap(h * HOUR), rows, until="2026-01-01T12:01") for h in (6, 12))
    assert when(six) == when(twelve)
    assert six["id"].to_list() != twelve["id"].to_list()


@pytest.mark.shared
def test_the_sample_of_the_published_pipeline_has_its_gaps(shared: Path) -> None:
    """One made-up transmitter on two days: silences of 5, 13, 12 and 5 h of which, from 12 h, two are gaps.

    Where we differ: the published pipeline counts from more than its threshold (12 h exactly is none) and groups by
    day; we count from the threshold on and know no days.
    """
    file = shared / "fixtures_gfw_pipe_gaps" / "sample_messages-two-days.json"
    said = [json.loads(line) for line in file.read_text().splitlines()]
    times = sorted(utc(m["timestamp"].replace(" UTC", "")) for m in said)
    rows = pl.concat([
        positions(f"mmsi time lon lat\n{m['ssvid']} {m['timestamp'].replace(' UTC', '').replace(' ', 'T')} "
                  f"{m['lon']} {m['lat']}") for m in said
    ])  # fmt: skip
    found = events(gap(12 * HOUR), rows, until=(times[-1] + HOUR).isoformat())
    by_hand = [(a, b) for a, b in itertools.pairwise(times) if b - a >= 12 * HOUR]
    assert len(by_hand) == 2
    assert found.select("start", "end").rows() == by_hand
