from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake import sphere
from clearwake.whereabouts import reach

H = reach.MS_PER_H
KM_PER_H_AT_10_KN = 18.52


Place = tuple[float, float]


def silence(
    last: Place | None, since_h: float | None, back: Place | None = None, until_h: float | None = None
) -> reach.Silences:
    nowhere = np.full(3, np.nan)
    return reach.Silences(
        nowhere if last is None else sphere.unit_vectors(*last),
        np.asarray(-reach.FOREVER_MS if since_h is None else since_h * H),
        nowhere if back is None else sphere.unit_vectors(*back),
        np.asarray(reach.FOREVER_MS if until_h is None else until_h * H),
    )


def north_km(km: float | sphere.Floats) -> sphere.Floats:
    return sphere.unit_vectors(0.0, np.degrees(km * 1000.0 / sphere.EARTH_RADIUS_M))


def test_an_open_silence_of_ten_hours_at_ten_knots_reaches_185_km_and_the_error_beyond() -> None:
    heard = silence((0.0, 0.0), 0.0)
    could = reach.could_be(north_km(np.array([0.0, 185.0, 186.1, 186.3])), 10 * H, heard, 10.0)
    assert could.tolist() == [True, True, True, False]


def test_a_closed_silence_leaves_only_what_it_could_still_come_back_from() -> None:
    # 10 kn for 10 h out and home: at half time at most 92.6 km away.
    heard = silence((0.0, 0.0), 0.0, (0.0, 0.0), 10.0)
    assert reach.could_be(north_km(92.0), 5 * H, heard, 10.0)
    assert not reach.could_be(north_km(95.0), 5 * H, heard, 10.0)
    assert not reach.could_be(north_km(92.0), 8 * H, heard, 10.0)


def test_nothing_is_possible_before_a_silence_begins_or_after_it_ends() -> None:
    heard = silence((0.0, 0.0), 0.0, (0.0, 0.0), 10.0)
    assert not reach.could_be(north_km(0.0), -1 * H, heard, 10.0)
    assert not reach.could_be(north_km(0.0), 11 * H, heard, 10.0)


def test_before_it_was_first_heard_a_hull_must_have_been_where_it_could_come_from() -> None:
    heard = silence(None, None, (0.0, 0.0), 10.0)
    assert reach.could_be(north_km(90.0), 5 * H, heard, 10.0)
    assert not reach.could_be(north_km(95.0), 5 * H, heard, 10.0)


def test_reach_crosses_the_antimeridian_and_the_pole() -> None:
    over = silence((179.9, 0.0), 0.0)
    assert reach.could_be(sphere.unit_vectors(-179.9, 0.0), 2 * H, over, 10.0)
    pole = silence((0.0, 89.9), 0.0)
    assert reach.could_be(sphere.unit_vectors(180.0, 89.9), 2 * H, pole, 10.0)


def test_a_stay_begins_when_it_could_arrive_and_ends_when_it_must_leave() -> None:
    heard = silence((0.0, 0.0), 0.0, (0.0, 0.0), 10.0)
    first, last = reach.stay_ms(north_km(KM_PER_H_AT_10_KN * 3 + 1.0), heard, 10.0)
    assert first / H == pytest.approx(3.0, abs=0.001)
    assert last / H == pytest.approx(7.0, abs=0.001)


def test_a_place_out_of_reach_has_a_stay_that_ends_before_it_begins() -> None:
    first, last = reach.stay_ms(north_km(200.0), silence((0.0, 0.0), 0.0, (0.0, 0.0), 10.0), 10.0)
    assert first > last


def test_an_open_silence_may_stay_for_ever() -> None:
    assert reach.stay_ms(north_km(10.0), silence((0.0, 0.0), 0.0), 10.0)[1] == reach.FOREVER_MS


def test_a_return_faster_than_the_limit_is_not_possible() -> None:
    # 200 km less 2 km of error in 4 h: 49.5 km/h.
    far = silence((0.0, 0.0), 0.0, (0.0, np.degrees(200e3 / sphere.EARTH_RADIUS_M)), 4.0)
    assert float(reach.needed_kn(far)) == pytest.approx(198.0 / 4.0 / 1.852, rel=1e-6)
    assert not reach.is_possible(far, 20.0)
    assert reach.is_possible(far, 30.0)


def test_an_open_silence_needs_no_speed() -> None:
    assert float(reach.needed_kn(silence((0.0, 0.0), 0.0))) == 0.0


def test_a_million_places_are_asked_of_one_silence_at_once_and_one_place_of_many() -> None:
    rng = np.random.default_rng(0)
    places = sphere.unit_vectors(rng.uniform(-180, 180, 1000), rng.uniform(-90, 90, 1000))
    one = silence((0.0, 0.0), 0.0, (1.0, 0.0), 40.0)
    many = reach.Silences(places, np.zeros(1000), np.full((1000, 3), np.nan), np.full(1000, reach.FOREVER_MS))
    assert reach.could_be(places, 20 * H, one, 10.0).shape == (1000,)
    assert reach.could_be(north_km(0.0), 20 * H, many, np.full(1000, 10.0)).shape == (1000,)


@given(
    lon=st.floats(-180, 180), lat=st.floats(-90, 90), course=st.floats(0, 360),
    share=st.floats(0, 1), hours=st.floats(0.1, 500), limit_kn=st.floats(1, 40),
)  # fmt: skip
def test_law_no_way_sailed_within_the_limit_is_ever_refused(
    lon: float, lat: float, course: float, share: float, hours: float, limit_kn: float
) -> None:
    way_m = limit_kn * hours * 1852.0
    here = sphere.destination(lon, lat, course, way_m * share)
    there = sphere.destination(lon, lat, course, way_m)
    heard = silence((lon, lat), 0.0, (float(there[0]), float(there[1])), hours)
    assert reach.could_be(sphere.unit_vectors(*here), share * hours * H, heard, limit_kn)
    first, last = reach.stay_ms(sphere.unit_vectors(*here), heard, limit_kn)
    assert first <= share * hours * H + 1.0
    assert last >= share * hours * H - 1.0
