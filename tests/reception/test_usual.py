"""How usual a silence is: what many ships do says nothing of one of them."""

from __future__ import annotations

import numpy as np
import pytest

from clearwake.reception.usual import discount, usual_a_day

from .conftest import Sea


def _slow(sea: Sea, silent: int) -> None:
    """Put 30 ships at three knots within 40 km, so many of them silent for seven hours, one after the other."""
    for n in range(30):
        hush = (2.0 + 0.4 * n, 9.0 + 0.4 * n) if n < silent else None
        sea.ship(0.01 * n, 40.0, speed_kn=3.0, silent=hush)


def test_one_ship_silent_among_many_that_are_heard_stands_out(sea: Sea) -> None:
    _slow(sea, 1)
    assert sea.causes() == {200_000_001: "switched_off"}


def test_silences_that_every_other_ship_in_the_same_waters_has_as_well_accuse_nobody(sea: Sea) -> None:
    _slow(sea, 30)
    gaps = sea.gaps()
    assert gaps.height == 30
    assert "switched_off" not in gaps["likely_cause"].to_list()
    assert any("usual in these waters" in reason for reason in gaps["cause_reasons"][0].to_list())


def test_longer_silences_count_and_shorter_ones_own_ones_and_outages_do_not(sea: Sea) -> None:
    for n in range(5):
        sea.ship(0.01 * n, 40.0, speed_kn=3.0, silent=(8.0, 11.0))
    sea.ship(0.1, 40.0, speed_kn=3.0, silent=(8.0, 14.0))
    sea.ship(0.2, -40.0, speed_kn=3.0, silent=(8.0, 11.0))
    picture = sea.picture()
    silent, out = picture.silent, np.zeros(7, bool)
    which = np.arange(7)
    told = usual_a_day(silent, picture.roll, out, which)
    # Five others as long as the first; none as long as the sixth; nobody else near the seventh.
    hours = 6 * 24.0 - 5 * 3.0 - 6.0
    assert told[0] == pytest.approx(24.0 * (5.0 - 5.0**0.5) / (hours + 24.0), rel=0.15)
    assert told[5] == told[6] == 0.0
    assert usual_a_day(silent, picture.roll, ~out, which).max() == 0.0


def test_three_in_ten_a_day_halve_what_speaks_for_switching_off() -> None:
    assert discount(np.array([0.0, 0.3, 0.6])) == pytest.approx([1.0, 0.5, 1.0 / 17.0])
