"""Traces and waits: where a hull was at a moment, and where it lay."""

from __future__ import annotations

import numpy as np
import pytest
from tests.whereabouts.unseen.seas import A, B, at, heard

from clearwake import places, sphere
from clearwake.whereabouts.unseen.traces import Legs, Traces, thinned, usual_speeds, way_from, way_to
from clearwake.whereabouts.unseen.waiting import waits

T_A, T_B = A * 10_000 + 1, B * 10_000 + 1
HOUR = 1.0 / 3_600.0


def hours(hour: float) -> float:
    return at(hour).timestamp() * HOUR


def test_the_row_before_and_the_row_after_are_those_of_the_same_hull() -> None:
    rng = np.random.default_rng(1)
    track = np.sort(rng.integers(1, 6, 200))
    hour = 490_000.0 + rng.uniform(0, 30, 200)
    order = np.lexsort((hour, track))
    track, hour = track[order], hour[order]
    traces = Traces(track, hour, np.ones((200, 3)), hour)
    asked, when = rng.integers(0, 7, 300), 490_000.0 + rng.uniform(-5, 35, 300)
    for number, moment, before, after in zip(
        asked, when, traces.row_before(asked, when), traces.row_after(asked, when), strict=True
    ):
        rows = np.flatnonzero(track == number)
        earlier, later = rows[hour[rows] <= moment], rows[hour[rows] > moment]
        assert before == (earlier[-1] if len(earlier) else -1)
        assert after == (later[0] if len(later) else -1)


def test_one_fix_in_ten_minutes_is_kept_the_first() -> None:
    fixes = heard(A, [(0.0, 0, 0), (3.0, 60, 0)])
    dense = fixes.with_columns(fixes["time"].dt.offset_by("3m"))
    both = fixes.vstack(dense).sort("track", "time")
    assert thinned(both)["time"].to_list() == fixes["time"].to_list()


def test_between_fixes_a_hull_sailed_straight_and_before_the_first_it_stood() -> None:
    traces = Traces.of([heard(A, [(6.0, 0, 0), (12.0, 120, 0)])])
    # At 20 km/h eastwards, after three hours 60 km; the sea is far from where meridians crowd.
    there = traces.at(np.array([T_A, T_A, T_B]), np.array([hours(9.0), hours(1.0), hours(9.0)]))
    off = sphere.between_m(there[:2], traces.place[0]) / 1000.0
    assert off == pytest.approx([60.0, 0.0], abs=0.1)
    assert np.isnan(there[2]).all()


def test_a_ship_that_stops_in_open_water_waits_and_came_and_left_on_passage() -> None:
    # 20 km/h is 10.8 kn; it lies from 10:00 to 14:00.
    traces = Traces.of([heard(A, [(3.0, -140, 0), (10.0, 0, 0), (14.0, 1, 0), (21.0, 141, 0)])])
    found = waits(traces, Legs.of(traces), places.load())
    assert len(found) == 1
    assert found.start[0] == pytest.approx(hours(10.0), abs=0.2)
    assert found.end[0] == pytest.approx(hours(14.0), abs=0.2)
    assert found.came_kn[0] == pytest.approx(10.8, abs=0.3)
    assert found.left_kn[0] == pytest.approx(10.8, abs=0.3)


def test_one_bad_position_does_not_end_a_wait() -> None:
    lying = heard(A, [(3.0, -140, 0), (10.0, 0, 0), (14.0, 0, 0), (21.0, 140, 0)])
    x = lying["x"].to_list()
    x[60] += 0.002
    traces = Traces.of([lying.with_columns(x=lying["x"].scatter(60, x[60]))])
    assert len(waits(traces, Legs.of(traces), places.load())) == 1


def test_ways_tell_speed_and_course_and_nothing_where_nothing_was_heard() -> None:
    traces = Traces.of([heard(A, [(0.0, 0, 0), (6.0, 0, 120)])])
    place, moment = traces.place[-1:], np.array([hours(6.0)])
    came = way_to(traces, np.array([T_A]), place, moment, (0.4, 3.0))
    assert came.speed_kn[0] == pytest.approx(10.8, abs=0.1)
    assert min(came.course_deg[0], 360.0 - came.course_deg[0]) < 0.5
    assert np.isnan(way_from(traces, np.array([T_A]), place, moment, (0.4, 3.0)).speed_kn[0])
    assert usual_speeds(traces, Legs.of(traces)) == pytest.approx({T_A: 10.8}, abs=0.1)


def test_a_sea_without_ships_has_no_waits() -> None:
    nothing = Traces.of([])
    assert len(nothing) == 0
    assert list(nothing.row_before(np.array([T_A]), np.array([hours(1.0)]))) == [-1]
