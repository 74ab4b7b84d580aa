"""Neighbours: who was heard on, an hour later or at the next pass."""

from __future__ import annotations

import polars as pl

from clearwake.reception.neighbours import Neighbours

from .conftest import Sea

PASSES = (0.2, 1.7, 3.2, 4.7, 6.2, 7.7, 9.2, 10.7, 12.2, 13.7, 15.2, 16.7, 18.2, 19.7, 21.2, 22.7)


def _heard_on(sea: Sea, begins: float) -> tuple[int, int]:
    """Give the neighbours of the first ship before its silence that began at about this hour, and those heard on."""
    picture = sea.picture()
    silent = picture.silent
    hour = silent.start / 3.6e6 % 24.0
    (which,) = ((silent.track == silent.track.min()) & (abs(hour - begins) < 0.2)).nonzero()
    before, on = Neighbours(picture.trace, picture.roll).heard_on(silent.of(which))
    return int(before[0]), int(on[0])


def test_ships_heard_at_every_pass_are_heard_on_though_an_hour_later_nobody_is(sea: Sea) -> None:
    for n in range(6):
        sea.ship(n * 0.1, 40.0, every_min=3.0)
    during = pl.any_horizontal(pl.col("hour").is_between(at, at + 0.17) for at in PASSES)
    sea.rows = [rows.filter(during) for rows in sea.rows]
    sea.rows[0] = sea.rows[0].filter(~pl.col("hour").is_between(9.5, 18.0))
    assert _heard_on(sea, 9.37) == (5, 5)


def test_ships_heard_all_day_that_are_not_heard_an_hour_later_fell_silent_too(sea: Sea) -> None:
    sea.ship(0.0, 40.0, silent=(9.0, 16.0))
    for n in range(3):
        sea.ship(0.1 + n * 0.1, 40.0, silent=(9.1, 12.0))
    sea.ship(0.5, 40.0)
    assert _heard_on(sea, 9.0) == (4, 1)


def test_one_report_before_a_silence_is_no_rate(lane: Sea) -> None:
    mmsi = lane.ship(2.0, 40.05, silent=(6.05, 14.0), hours=(6.0, 24.0), every_min=15.0)
    (gap,) = lane.gaps().filter(mmsi_a=mmsi).iter_rows(named=True)
    assert gap["positions_before"] == 1
    assert gap["rate_before_per_h"] is None
    assert not any("times an hour before" in reason for reason in gap["cause_reasons"])
    assert any("of its own rate nothing is known" in reason for reason in gap["cause_reasons"])
