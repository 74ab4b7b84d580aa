"""Detections held against tracks: who is matched, who is dark, and where nothing could have matched."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.matching.scenes import NOON, beside, matched, sailing, seen

from clearwake.model import MatchedDetection, schema

LEFT, RIGHT = 211000001, 311000002


def test_a_hull_where_a_ship_was_is_that_ship_and_one_elsewhere_is_dark() -> None:
    found = matched(
        seen(beside(10.0, 55.0, 30.0, 150.0), beside(10.0, 55.0, 90.0, 5000.0)),
        sailing(LEFT, 10.0, 55.0, 12.0),
    )
    assert found.schema == schema(MatchedDetection)
    assert found.select("id", "status", "mmsi", "track").rows() == [
        ("detection:0", "matched", LEFT, LEFT * 10_000 + 1),
        ("detection:1", "dark", None, None),
    ]
    one = found.row(0, named=True)
    assert one["distance_m"] == pytest.approx(150.0, rel=0.05)
    assert one["distance_m"] <= one["tolerance_m"]
    assert one["position_age_s"] <= 150.0
    assert one["likelihood"] > 0.95
    assert len(one["evidence"]) == 2
    assert all(found["reasons"].list.len() > 0)


def test_where_nobody_was_heard_nothing_could_have_matched() -> None:
    far = matched(seen({"lon": 40.0, "lat": 55.0}), sailing(LEFT, 10.0, 55.0))
    empty = matched(seen({"lon": 40.0, "lat": 55.0}))
    for found in (far, empty):
        assert found["status"].to_list() == ["unsearched"]
        assert "could not be heard" in found["reasons"][0][0]


def test_an_outage_makes_no_ship_dark() -> None:
    """Eight ships fall silent together for three hours; a hull among them says nothing, one far away is dark."""
    ships = [sailing(LEFT + i, 10.0 + 0.1 * i, 55.0, 10.0, hours=6.0, silent=(-100, 80)) for i in range(8)]
    away = sailing(RIGHT, 11.7, 55.9, 10.0)
    found = matched(seen({"lon": 10.3, "lat": 55.3}, beside(11.7, 55.9, 0.0, 9000.0)), *ships, away)
    assert found["status"].to_list() == ["unsearched", "dark"]
    assert found["silent_near"][0] == 8


def test_ships_that_switch_off_at_berth_at_odd_hours_do_not_make_a_sea_unsearched() -> None:
    berthed = [
        sailing(LEFT + i, 10.0 + 0.01 * i, 55.0, hours=6.0, silent=(-300 + 31 * i, 30 + 37 * i))
        for i in range(8)
    ]
    found = matched(seen({"lon": 10.3, "lat": 55.2}), *berthed, sailing(RIGHT, 10.4, 55.2, 10.0))
    assert found["status"].to_list() == ["dark"]


def test_a_place_heard_at_other_hours_is_searched_while_the_feed_is_alive() -> None:
    passed = sailing(LEFT, 10.0, 55.0, 14.0, hours=6.0).filter(pl.col("time") < NOON - timedelta(hours=5))
    alive = sailing(RIGHT, 9.3, 53.6, 5.0)
    place = {"lon": 7.2, "lat": 55.0}
    assert matched(seen(place), passed, alive)["status"].to_list() == ["dark"]
    assert matched(seen(place), passed)["status"].to_list() == ["unsearched"]


def test_no_ship_is_two_hulls_of_one_scene() -> None:
    found = matched(
        seen({"lon": 10.0, "lat": 55.0, "scene": "a"}, beside(10.0, 55.0, 0.0, 120.0) | {"scene": "a"},
             {"lon": 10.0, "lat": 55.0, "scene": "b"}),
        sailing(LEFT, 10.0, 55.0, 8.0),
    )  # fmt: skip
    assert found["mmsi"].to_list() == [LEFT, None, LEFT]


def test_two_ships_abreast_are_told_apart_by_length() -> None:
    """The places say little: the hulls lie between the ships."""
    ships = (sailing(LEFT, 10.0, 55.0, 10.0, 0.0), sailing(RIGHT, 10.003, 55.0, 10.0, 0.0))
    hulls = seen(
        beside(10.0, 55.0, 90.0, 110.0) | {"length_m": 60.0},
        beside(10.0, 55.0, 90.0, 80.0) | {"length_m": 300.0},
    )
    found = matched(hulls, *ships, lengths={LEFT: 62.0, RIGHT: 310.0})
    assert found["mmsi"].to_list() == [LEFT, RIGHT]
    assert any("agrees with" in reason for reason in found["reasons"][0])


def test_a_hull_a_third_as_long_as_its_ship_says_does_not_agree_with_it() -> None:
    found = matched(
        seen(beside(10.0, 55.0, 90.0, 20.0) | {"length_m": 19.0}), sailing(LEFT, 10.0, 55.0, 10.0, 0.0),
        lengths={LEFT: 56.0},
    )  # fmt: skip
    assert found["mmsi"].to_list() == [LEFT]
    assert "its length of 19 m does not agree with the 56 m claimed" in found["reasons_against"][0]


def test_heading_tells_crossing_ships_apart_and_bow_is_stern() -> None:
    ships = (sailing(LEFT, 10.0, 55.0, 10.0, 0.0), sailing(RIGHT, 10.003, 55.0, 10.0, 90.0))
    hulls = seen(
        beside(10.0, 55.0, 90.0, 100.0) | {"heading_deg": 178.0},
        beside(10.0, 55.0, 90.0, 90.0) | {"heading_deg": 92.0},
    )
    assert matched(hulls, *ships)["mmsi"].to_list() == [LEFT, RIGHT]


@pytest.mark.parametrize(("bearing", "moved_to"), [(90.0, 180.0), (270.0, 0.0), (0.0, -1.0), (180.0, -1.0)])
def test_radar_shows_a_ship_that_moves_away_behind_its_place(bearing: float, moved_to: float) -> None:
    """The satellite flies north and looks east: a ship that sails east moves away, and appears in the south."""
    look = {"sensor": "radar", "platform_heading_deg": 0.0, "range_velocity_s": 100.0, "incidence_deg": 30.0}
    # 18 knots are 9.26 m/s; half of it, by the sine of 30 degrees, along the line of sight; times 100 s.
    shift = 463.0 if moved_to >= 0.0 else 0.0
    hull = beside(10.0, 55.0, moved_to, shift)
    found = matched(seen(hull | look), sailing(LEFT, 10.0, 55.0, 18.0, bearing))
    row = found.row(0, named=True)
    assert row["mmsi"] == LEFT
    assert row["distance_m"] < 25.0
    assert row["shift_m"] == pytest.approx({180.0: -463.0, 0.0: 463.0}.get(moved_to, 0.0), abs=12.0)


def test_a_scene_that_its_provider_has_put_right_is_not_put_right_again() -> None:
    look = {"sensor": "radar", "platform_heading_deg": 0.0, "scene": "s"}
    ships = [sailing(LEFT + i, 10.0 + 0.2 * i, 55.0, 18.0, 90.0) for i in range(8)]
    hulls = seen(*(beside(10.0 + 0.2 * i, 55.0, 45.0 * i, 40.0) | look for i in range(8)))
    found = matched(hulls, *ships)
    assert found["mmsi"].to_list() == [LEFT + i for i in range(8)]
    assert all(found["distance_m"] < 60.0)
    assert found["shift_m"].abs().max() == 0.0


def test_a_flight_direction_not_given_is_found_from_the_ships_of_the_scene() -> None:
    """The satellite flew towards 120 degrees; nobody says so; ships of all courses are displaced along it."""
    look = {"sensor": "radar", "scene": "s"}
    courses = [40.0 * i for i in range(9)]
    ships = [sailing(LEFT + i, 10.0 + 0.2 * i, 55.0, 18.0, course) for i, course in enumerate(courses)]
    away = [9.26 * 70.0 * np.cos(np.radians(course - 210.0)) for course in courses]
    hulls = seen(*(beside(10.0 + 0.2 * i, 55.0, 120.0, -far) | look for i, far in enumerate(away)))
    found = matched(hulls, *ships)
    assert found["mmsi"].to_list() == [LEFT + i for i in range(9)]
    assert all(found["distance_m"] < 170.0)
    assert "flight towards 120" in " ".join(found["reasons"].explode().to_list())


def test_the_doubt_grows_with_the_silence_and_ends_after_three_hours() -> None:
    tolerances = []
    for silent in (10, 40, 100):
        found = matched(
            seen({"lon": 10.0, "lat": 55.0}),
            sailing(LEFT, 10.0, 55.0, 10.0, hours=8, silent=(-silent, silent)),
        )
        tolerances.append(found["tolerance_m"][0])
    assert tolerances == sorted(tolerances)
    assert tolerances[2] > 3 * tolerances[0]
    gone = matched(
        seen({"lon": 10.0, "lat": 55.0}),
        sailing(LEFT, 10.0, 55.0, 10.0, hours=8, silent=(-200, 200)),
        sailing(RIGHT, 10.4, 55.0, 10.0),
    )
    assert gone.select("status", "mmsi").row(0) == ("dark", None)


@pytest.mark.parametrize(("lon", "lat"), [(180.0, 10.0), (-179.9999, -60.0), (30.0, 89.9), (0.0, -89.95)])
def test_the_antimeridian_and_the_poles_are_places_like_any(lon: float, lat: float) -> None:
    hull = beside(lon, lat, 200.0, 100.0)
    found = matched(seen(hull, beside(lon, lat, 20.0, 4000.0)), sailing(LEFT, lon, lat, 10.0, 70.0))
    assert found["status"].to_list() == ["matched", "dark"]
    assert found["distance_m"][0] == pytest.approx(100.0, abs=25.0)


def test_small_craft_and_harbours_speak_against_a_dark_hull() -> None:
    found = matched(
        seen({"lon": 10.1, "lat": 55.0, "length_m": 12.0}, {"lon": 10.2, "lat": 55.0, "length_m": 180.0}),
        sailing(LEFT, 10.0, 55.0, 8.0), sailing(RIGHT, 10.15, 55.05, 8.0),
    )  # fmt: skip
    small, large = found.sort("length_m").iter_rows(named=True)
    assert small["status"] == large["status"] == "dark"
    assert small["ais_expected"] < large["ais_expected"]
    assert any("seldom" in reason for reason in small["reasons_against"])
    assert any("must carry" in reason for reason in large["reasons"])


def test_columns_of_speed_and_course_do_not_matter_much() -> None:
    """Reported motion makes places better; without it, or where it is nonsense, they still match."""
    true = sailing(LEFT, 10.0, 55.0, 14.0, 40.0, is_bare=False)
    nonsense = true.with_columns(speed_kn=pl.lit(40.0), course_deg=pl.lit(310.0))
    for fixes in (true, nonsense, true.drop("speed_kn", "course_deg", "heading_deg")):
        assert matched(seen(beside(10.0, 55.0, 0.0, 60.0)), fixes)["mmsi"].to_list() == [LEFT]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.floats(0, 0.3), st.floats(55.0, 55.2), st.sampled_from("ab")), min_size=1, max_size=12
    ),
    st.lists(
        st.tuples(st.floats(0, 0.3), st.floats(55.0, 55.2), st.floats(0, 20), st.floats(0, 360)), max_size=8
    ),
)
def test_the_order_of_rows_does_not_matter_and_nothing_is_matched_twice(
    hulls: list[tuple[float, float, str]], ships: list[tuple[float, float, float, float]]
) -> None:
    rows = seen(*({"lon": lon, "lat": lat, "scene": scene} for lon, lat, scene in hulls))
    fixes = [sailing(LEFT + i, *ship, every_min=20.0, hours=1.0) for i, ship in enumerate(ships)]
    found = matched(rows, *fixes)
    again = matched(rows.reverse(), *reversed(fixes))
    assert found.select("id", "status", "mmsi").equals(again.select("id", "status", "mmsi"))
    both = found.drop_nulls("mmsi")
    assert both.height == both.unique(["scene", "mmsi"]).height
    assert (both["distance_m"] <= both["tolerance_m"] + 1e-6).all()
    assert found["likelihood"].is_between(0.0, 1.0 + 1e-9).all()
