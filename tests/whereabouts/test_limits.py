from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.limits import FASTEST_KN, KINDS, UNKNOWN, limit, limits, own_speed_kn


def track(knots: list[float], minutes: float = 10.0) -> tuple[Floats, NDArray[np.int64]]:
    """Give a track north along a meridian, one speed for each stretch of some minutes."""
    lat = np.cumsum([0.0, *knots]) * minutes / 60.0 / 60.0 * 1852.0 / 1853.25
    return sphere.unit_vectors(np.zeros(len(lat)), lat), np.arange(len(lat), dtype=np.int64) * round(
        minutes * 60_000
    )


def test_a_tanker_is_slower_than_a_ship_of_unknown_type() -> None:
    assert limit([80], []).kn == 21.0
    assert "tanker" in limit([80], []).origin
    assert limit([], []) == UNKNOWN


def test_words_of_a_register_count_where_no_code_was_sent() -> None:
    assert limit([], ["Crude Oil Tanker"]).kn == 21.0
    assert limit([70], ["Crude Oil Tanker"]).kn == 27.0


def test_of_several_claims_the_fastest_counts() -> None:
    assert limit([80, 70], []).kn == 27.0


def test_what_it_has_shown_counts_where_it_is_more() -> None:
    assert limit([80], [], own_kn=24.0).kn == pytest.approx(25.2)
    assert "its own" in limit([80], [], own_kn=24.0).origin
    assert limit([80], [], own_kn=12.0).kn == 21.0
    assert limit([], [], own_kn=49.5).kn == FASTEST_KN


def test_no_code_is_two_kinds() -> None:
    codes = [code for kind in KINDS for code in kind.codes]
    assert len(codes) == len(set(codes))


def test_limits_of_many_ships_are_those_of_each() -> None:
    assert limits({1: [80], 2: []}, {2: 40.0}) == {1: limit([80], []), 2: limit([], [], 40.0)}


def test_a_speed_held_in_three_hours_is_its_own() -> None:
    assert own_speed_kn(*track([16.0] * 24)) == pytest.approx(16.0, rel=0.01)


def test_one_false_position_makes_no_ship_fast() -> None:
    knots = [8.0] * 24
    knots[12:14] = [45.0, -29.0]
    own = own_speed_kn(*track(knots))
    assert own is not None
    assert own < 10.0


def test_a_ship_heard_for_an_hour_has_shown_nothing() -> None:
    assert own_speed_kn(*track([16.0] * 5)) is None
    assert own_speed_kn(np.empty((0, 3)), np.empty(0)) is None
