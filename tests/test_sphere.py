from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import sphere

QUARTER_M = np.pi / 2.0 * 6_371_008.8
"""From a pole to the equator on the sphere: 10,007,557 m."""

lons = st.floats(-180.0, 180.0)
lats = st.floats(-90.0, 90.0)
arcs_m = st.floats(0.0, 20_000_000.0)


def test_one_degree_of_latitude_is_sixty_nautical_miles_and_a_bit() -> None:
    # 6,371,008.8 m x pi / 180
    assert sphere.distance_m(25.0, 35.0, 25.0, 36.0) == pytest.approx(111_195.08, abs=0.01)


def test_one_degree_of_longitude_shrinks_with_the_cosine_of_latitude() -> None:
    # At 60 degrees, 2 asin(cos 60 sin 0.5) x 6,371,008.8 m: the great circle is a metre shorter than the parallel.
    assert sphere.distance_m(10.0, 0.0, 11.0, 0.0) == pytest.approx(111_195.08, abs=0.01)
    assert sphere.distance_m(10.0, 60.0, 11.0, 60.0) == pytest.approx(55_597.01, abs=0.05)


def test_the_antimeridian_is_a_place_like_any_other() -> None:
    assert sphere.distance_m(179.99, 0.0, -179.99, 0.0) == pytest.approx(0.02 * 111_195.08, abs=0.01)
    assert sphere.distance_m(180.0, 12.0, -180.0, 12.0) == pytest.approx(0.0, abs=1e-6)


def test_at_a_pole_every_longitude_is_the_same_place() -> None:
    assert sphere.distance_m(0.0, 90.0, 137.0, 90.0) == pytest.approx(0.0, abs=1e-6)
    assert sphere.distance_m(-40.0, 89.0, 140.0, 89.0) == pytest.approx(2 * 111_195.08, abs=0.01)


def test_opposite_points_are_half_a_turn_apart() -> None:
    assert sphere.distance_m(0.0, 90.0, 0.0, -90.0) == pytest.approx(2 * QUARTER_M, abs=1.0)
    assert sphere.distance_m(30.0, 20.0, -150.0, -20.0) == pytest.approx(2 * QUARTER_M, abs=1.0)


def test_ships_a_metre_apart_are_measured_to_a_millimetre() -> None:
    metre_deg = 1.0 / 111_195.08
    assert sphere.distance_m(25.0, 35.0, 25.0, 35.0 + metre_deg) == pytest.approx(1.0, abs=0.001)


def test_new_york_to_rotterdam_is_as_far_as_the_cosine_rule_says() -> None:
    # cos c = sin 40.7 sin 51.9 + cos 40.7 cos 51.9 cos 78.5, so c = 0.91924255 and R c = 5,856.502 km.
    assert sphere.distance_m(-74.0, 40.7, 4.5, 51.9) == pytest.approx(5_856_502.4, abs=1.0)


@pytest.mark.parametrize(
    ("lon", "lat", "course_deg"),
    [(0.0, 1.0, 0.0), (1.0, 0.0, 90.0), (0.0, -1.0, 180.0), (-1.0, 0.0, 270.0), (1.0, 1.0, 44.9956)],
)
def test_bearings_from_null_island_are_clockwise_from_north(
    lon: float, lat: float, course_deg: float
) -> None:
    assert sphere.bearing_deg(0.0, 0.0, lon, lat) == pytest.approx(course_deg, abs=0.0001)


def test_east_across_the_antimeridian_is_still_east() -> None:
    assert sphere.bearing_deg(179.5, 0.0, -179.5, 0.0) == pytest.approx(90.0, abs=1e-9)


def test_ten_knots_eastward_for_an_hour_from_the_antimeridian_ends_west_of_it() -> None:
    lon, lat = sphere.destination(179.95, 0.0, 90.0, 10.0 * sphere.NAUTICAL_MILE_M)
    assert float(lat) == pytest.approx(0.0, abs=1e-9)
    assert float(lon) == pytest.approx(-180.0 + (18_520.0 / 111_195.08 - 0.05), abs=1e-6)


def test_a_course_over_the_pole_comes_down_on_the_other_side() -> None:
    lon, lat = sphere.destination(20.0, 89.0, 0.0, 2 * 111_195.08)
    assert float(lat) == pytest.approx(89.0, abs=1e-5)
    assert float(lon) == pytest.approx(-160.0, abs=1e-3)


def test_half_way_across_the_antimeridian_is_the_antimeridian() -> None:
    lon, lat = sphere.midpoint(179.0, 10.0, -179.0, 10.0)
    assert abs(float(lon)) == pytest.approx(180.0, abs=1e-9)
    assert float(lat) == pytest.approx(10.0015, abs=1e-4)


def test_positions_that_are_no_place_are_told_from_those_that_are() -> None:
    lon, lat, is_on = sphere.on_globe(
        [181.0, -180.0, 180.0, 540.0, np.nan, 10.0, np.inf, 7.0], [0.0, 1.0, 2.0, 3.0, 4.0, 91.0, 5.0, np.nan]
    )
    assert is_on.tolist() == [True, True, True, True, False, False, False, False]
    assert lon.tolist() == [-179.0, -180.0, -180.0, -180.0, 0.0, 0.0, 0.0, 0.0]
    assert lat.tolist() == [0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0]


@given(lons, lats)
def test_vectors_turn_back_into_the_degrees_they_came_from(lon: float, lat: float) -> None:
    back_lon, back_lat = sphere.lonlat(sphere.unit_vectors([lon], [lat]))
    assert back_lat[0] == pytest.approx(lat, abs=1e-9)
    assert float(sphere.distance_m(lon, lat, back_lon[0], back_lat[0])) < 0.001


@given(lons, lats, lons, lats)
def test_distance_is_the_same_both_ways_and_never_more_than_half_a_turn(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float
) -> None:
    there = float(sphere.distance_m(lon_a, lat_a, lon_b, lat_b))
    assert there == float(sphere.distance_m(lon_b, lat_b, lon_a, lat_a))
    assert 0.0 <= there <= 2 * QUARTER_M + 1e-6


@given(lons, lats, lons, lats, lons, lats)
def test_no_way_round_is_shorter_than_the_straight_one(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float, lon_c: float, lat_c: float
) -> None:
    direct = float(sphere.distance_m(lon_a, lat_a, lon_c, lat_c))
    round_b = float(
        sphere.distance_m(lon_a, lat_a, lon_b, lat_b) + sphere.distance_m(lon_b, lat_b, lon_c, lat_c)
    )
    assert direct <= round_b + 1e-3


@given(lons, lats, st.floats(0.0, 360.0), arcs_m)
def test_where_a_course_ends_is_as_far_away_as_was_travelled(
    lon: float, lat: float, course_deg: float, travelled_m: float
) -> None:
    end_lon, end_lat = sphere.destination(lon, lat, course_deg, travelled_m)
    assert float(sphere.distance_m(lon, lat, end_lon, end_lat)) == pytest.approx(travelled_m, abs=1.0)


@given(lons, st.floats(-89.0, 89.0), st.floats(0.0, 359.9), st.floats(1000.0, 5_000_000.0))
def test_the_bearing_to_where_a_course_ends_is_the_course(
    lon: float, lat: float, course_deg: float, travelled_m: float
) -> None:
    end_lon, end_lat = sphere.destination(lon, lat, course_deg, travelled_m)
    off = float(sphere.bearing_deg(lon, lat, end_lon, end_lat)) - course_deg
    assert abs((off + 180.0) % 360.0 - 180.0) < 0.01


@given(arcs_m)
def test_chord_and_arc_undo_each_other(apart_m: float) -> None:
    assert float(sphere.arc_m(sphere.chord_m(apart_m))) == pytest.approx(apart_m, abs=1.0)


@given(lons, st.floats(-89.0, 89.0), st.floats(0.0, 360.0), st.floats(0.0, 50_000.0), st.floats(0.0, 1.0))
def test_interpolation_keeps_to_the_way_and_to_the_share_of_it(
    lon: float, lat: float, course_deg: float, apart_m: float, fraction: float
) -> None:
    end_lon, end_lat = sphere.destination(lon, lat, course_deg, apart_m)
    a, b = sphere.unit_vectors([lon], [lat]), sphere.unit_vectors([end_lon], [end_lat])
    between = sphere.interpolate(a, b, [fraction])
    assert np.linalg.norm(between) == pytest.approx(1.0)
    assert float(sphere.between_m(a, between)[0]) == pytest.approx(fraction * apart_m, abs=0.06)
    assert float(sphere.between_m(between, b)[0]) == pytest.approx((1.0 - fraction) * apart_m, abs=0.06)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(lons, lats), min_size=1, max_size=12),
    st.sampled_from([5.0, 120.0, 500.0, 20_000.0, 3_000_000.0]),
    st.integers(0, 1000),
)
def test_the_pairs_within_a_distance_are_those_that_measuring_every_pair_finds(
    middles: list[tuple[float, float]], apart_m: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    middle = sphere.unit_vectors(*np.array(middles).T).repeat(4, axis=0)
    points = middle + rng.normal(0.0, apart_m / sphere.EARTH_RADIUS_M, middle.shape)
    points /= sphere.length(points)[:, None]
    group = rng.integers(0, 3, len(points))
    chord = sphere.length(points[:, None] - points[None, :])
    close = (chord <= sphere.chord_m(apart_m)) & (group[:, None] == group[None, :])
    expected = {(int(a), int(b)) for a, b in np.argwhere(close) if a < b}
    low, high = sphere.pairs_within(points, apart_m, group)
    found = [tuple(sorted(pair)) for pair in zip(low.tolist(), high.tolist(), strict=True)]
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_no_points_have_no_pairs() -> None:
    low, high = sphere.pairs_within(np.empty((0, 3)), 500.0)
    assert (low.size, high.size) == (0, 0)
