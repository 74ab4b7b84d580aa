from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from clearwake.detect.falsification.copies import Tracks, thinned
from clearwake.detect.falsification.legs import legs
from clearwake.detect.falsification.resent import (
    LIKELY,
    PLACES,
    Remembered,
    off_three_legs_m,
    resent_copies,
    without_routine,
)
from clearwake.model import TIME, utc
from clearwake.sphere import Floats, destination, unit_vectors

BEGIN = utc("2026-01-01T10:00")

COURSES = (10, 75, 40, 130, 60, 20, 95, 50, 110, 35, 80, 15)
"""Each for a quarter of an hour at eight knots: 3.7 km."""

EVERY_TWO = np.arange(0.0, 181.0, 2.0)
OTHER_TIMES = np.cumsum(np.resize([1.7, 2.3, 1.4, 2.9, 1.1], 94))
"""Until minute 177."""


def corners(courses: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """Minutes, and kilometres east and north, where a ship on these courses turns."""
    course = np.radians([0.0, *courses])
    legs_km = np.where(np.arange(len(courses) + 1) > 0, 3.7, 0.0)
    return (
        np.arange(0.0, 15.0 * len(courses) + 1.0, 15.0),
        np.asarray(np.cumsum(legs_km * np.sin(course)), np.float64),
        np.asarray(np.cumsum(legs_km * np.cos(course)), np.float64),
    )


def sent(track: int, minutes: Floats, *, later_min: float = 0.0, at: tuple[float, float] = (-40.0, 35.0),
         courses: Sequence[float] = COURSES) -> pl.DataFrame:  # fmt: skip
    """Fixes of a ship on these courses, sent some time later from another place; receivers err by ten metres."""
    turned_at, east_km, north_km = corners(courses)
    err_km = 0.01 * np.sin(minutes * 2.1 + track)
    east, north = (np.interp(minutes, turned_at, km) + err_km for km in (east_km, north_km))
    lon, lat = destination(
        np.full(minutes.size, at[0]), np.full(minutes.size, at[1]),
        np.degrees(np.arctan2(east, north)), np.hypot(east, north) * 1000.0,
    )  # fmt: skip
    place = unit_vectors(lon, lat)
    times = [BEGIN + timedelta(seconds=round((m + later_min) * 60.0)) for m in minutes]
    return pl.DataFrame(
        {"track": np.full(minutes.size, track * 10_000 + 1), "time": times, "lon": lon, "lat": lat,
         "x": place[:, 0], "y": place[:, 1], "z": place[:, 2]}
    ).with_columns(pl.col("time").cast(TIME), known_at=pl.col("time").cast(TIME))  # fmt: skip


def copies(*ships: pl.DataFrame, days: bool = False) -> pl.DataFrame:
    fixes = pl.concat(ships).sort("track", "time")
    again = Remembered()
    midnight = utc("2026-01-02")
    thin = thinned(fixes)
    if days:
        again.look_up(Tracks(thin.filter(pl.col("time") < midnight)), 0)
        late = thin.filter(pl.col("time") >= midnight - timedelta(hours=4))
        again.look_up(Tracks(late), round(midnight.timestamp() * 1000.0))
    else:
        again.look_up(Tracks(thin), 0)
    return resent_copies(fixes, again.likely())


def test_a_way_reported_where_it_turns_has_as_many_legs_as_it_has_courses() -> None:
    ms = np.arange(0.0, 76.0, 3.0) * 60_000.0
    for n in (1, 2, 5):
        turned_at, east_km, north_km = corners([10, 75, 40, 130, 60][:n])
        ms_n = ms[ms <= turned_at[-1] * 60_000.0]
        flat = np.stack(
            [np.interp(ms_n / 60_000.0, turned_at, km) * 1000.0 for km in (east_km, north_km)], axis=-1
        )
        assert legs(ms_n, flat, 20.0) == n


def test_a_change_of_speed_ends_a_leg_and_errors_of_receivers_do_not() -> None:
    minutes = np.arange(0.0, 61.0)
    north = np.where(minutes <= 30, minutes * 300.0, 9000.0 + (minutes - 30) * 200.0)
    err = 10.0 * np.sin(minutes * 2.1)
    assert legs(minutes * 60_000.0, np.stack((err, north), axis=-1), 20.0) == 2


def test_a_window_of_three_even_legs_is_told_by_them_and_one_of_four_is_not() -> None:
    at = np.arange(PLACES)
    three = np.interp(at, [0, 3, 7, PLACES - 1], [0.0, 900.0, 100.0, 700.0])
    four = np.interp(at, [0, 3, 5, 7, PLACES - 1], [0.0, 900.0, 100.0, 900.0, 0.0])
    flat = np.stack([np.stack((np.zeros(PLACES), y - y.mean()), axis=-1) for y in (three, four)])
    off_m = off_three_legs_m(flat)
    assert off_m[0] == pytest.approx(0.0, abs=1e-6)
    assert off_m[1] > 100.0


@pytest.mark.parametrize("at", [(-39.5, 35.1), (-40.1, 38.0), (-36.0, 35.0)])
def test_a_way_sent_later_elsewhere_at_times_of_its_own_is_a_copy(at: tuple[float, float]) -> None:
    found = copies(sent(1, EVERY_TWO), sent(2, OTHER_TIMES, later_min=97.5, at=at))
    assert found.select("track", "of_track").unique().rows() == [(20_001, 10_001)]
    assert found["later_ms"][0] == pytest.approx(97.5 * 60_000, abs=5_000)
    assert found["residual_m"][0] < 25.0
    assert found["start"][0] < BEGIN + timedelta(minutes=97.5 + 5)
    assert found["end"][0] > BEGIN + timedelta(minutes=97.5 + 170)


def test_degrees_added_far_to_the_north_are_a_copy_though_its_way_is_narrower() -> None:
    original = sent(1, EVERY_TWO)
    added = sent(2, OTHER_TIMES, later_min=50.0).with_columns(pl.col("lat") + 5.0)
    place = unit_vectors(added["lon"].to_numpy(), added["lat"].to_numpy())
    added = added.with_columns(x=pl.Series(place[:, 0]), y=pl.Series(place[:, 1]), z=pl.Series(place[:, 2]))
    assert copies(original, added).height > 0


def test_single_reports_three_hundred_metres_off_do_not_hide_a_copy() -> None:
    copy = sent(2, OTHER_TIMES, later_min=97.5, at=(-39.0, 35.0))
    wild = sent(2, OTHER_TIMES, later_min=97.5, at=(-38.9967, 35.0))
    is_wild = pl.int_range(pl.len()) % 25 == 7
    mixed = pl.concat((copy.filter(~is_wild), wild.filter(is_wild)))
    assert copies(sent(1, EVERY_TWO), mixed)["track"].unique().to_list() == [20_001]


def test_at_once_at_times_of_its_own_it_is_later_by_nothing() -> None:
    found = copies(sent(1, EVERY_TWO), sent(2, OTHER_TIMES, at=(-39.0, 35.0)))
    assert set(found["later_ms"]) == {0}


@pytest.mark.parametrize("courses", [(40,) * 12, (40, 40, 40, 40, 75, 75, 75, 75, 75, 75, 75, 75)])
def test_a_straight_way_and_one_with_a_corner_are_anybodys(courses: Sequence[float]) -> None:
    assert copies(
        sent(1, EVERY_TWO, courses=courses),
        sent(2, OTHER_TIMES, later_min=97.5, at=(-39.0, 35.0), courses=courses),
    ).is_empty()


def test_a_ship_that_follows_another_on_its_own_way_is_no_copy() -> None:
    assert copies(sent(1, EVERY_TWO), sent(2, OTHER_TIMES, later_min=97.5, at=(-39.99, 35.0))).is_empty()


def test_a_ship_with_courses_of_its_own_is_no_copy() -> None:
    others = (10, 75, 40, 130, 20, 60, 50, 95, 35, 110, 15, 80)
    assert copies(
        sent(1, EVERY_TWO), sent(2, OTHER_TIMES, later_min=97.5, at=(-39.0, 35.0), courses=others)
    ).is_empty()


def test_a_way_that_three_ships_sail_accuses_none() -> None:
    assert copies(
        sent(1, EVERY_TWO),
        sent(2, OTHER_TIMES, later_min=97.5, at=(-39.0, 35.0)),
        sent(3, OTHER_TIMES + 0.4, later_min=201.0, at=(-38.0, 35.0)),
    ).is_empty()


def test_a_ship_that_sails_its_way_again_after_a_copy_of_it_was_sent_is_not_accused() -> None:
    laps = pl.concat((sent(1, EVERY_TWO), sent(1, EVERY_TWO, later_min=400.0)))
    found = copies(laps, sent(2, OTHER_TIMES, later_min=190.0, at=(-39.0, 35.0)))
    assert set(found["track"]) == {20_001}


def test_a_ships_own_older_way_sent_again_elsewhere_is_a_copy() -> None:
    again = sent(1, OTHER_TIMES, later_min=300.0, at=(-39.0, 35.0))
    assert copies(sent(1, EVERY_TWO), again).select("track", "of_track").unique().rows() == [(10_001, 10_001)]


def test_a_ship_that_repeats_its_own_way_again_and_again_does_so_as_a_routine() -> None:
    hour = 3_600_000
    rows = [
        (1, 1, 2 * hour, 5 * hour, 6 * hour),
        (1, 1, 4 * hour, 7 * hour, 8 * hour),
        (2, 2, 3 * hour, 5 * hour, 6 * hour),
    ]
    likely = pl.DataFrame(rows, schema=LIKELY, orient="row")
    assert without_routine(likely)["track"].to_list() == [2]


def test_which_day_a_report_came_with_does_not_matter() -> None:
    ships = sent(1, EVERY_TWO, later_min=540.0), sent(2, OTHER_TIMES, later_min=780.0, at=(-39.0, 35.0))
    whole, cut = copies(*ships), copies(*ships, days=True)
    assert whole.height
    assert cut.select("track", "of_track", "start", "end").unique().rows() == (
        whole.select("track", "of_track", "start", "end").unique().rows()
    )
