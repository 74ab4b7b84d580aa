from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clearwake import sphere
from clearwake.release import cell
from clearwake.release.grid import SIZES_MIN, ceiled, floored

lons = st.floats(-180.0, 180.0)
lats = st.floats(-90.0, 90.0)


def test_a_place_becomes_the_middle_of_its_cell() -> None:
    # 30 minutes: 29.5 to 30.0 north, 124.5 to 125.0 east.
    assert cell(124.51342, 29.87651, 30)[:2] == (124.75, 29.75)
    assert cell(124.51342, 29.87651, 10)[:2] == (124.583333, 29.916667)
    assert cell(-180.0, 10.0, 30)[:2] == cell(180.0, 10.0, 30)[:2] == (-179.75, 10.25)


def test_the_error_told_grows_with_the_doubt_of_the_place() -> None:
    assert cell(124.6, 29.9, 10).error_m == 25_000.0
    assert cell(124.6, 29.9, 10, error_m=20_000.0).error_m == 74_000.0


@given(lons, lats, st.sampled_from(SIZES_MIN))
def test_the_true_place_is_within_the_error_told(lon: float, lat: float, size: int) -> None:
    found = cell(lon, lat, size)
    assert sphere.distance_m(lon, lat, found.lon, found.lat) <= found.error_m


@given(lons, lats, lons, lats, st.sampled_from(SIZES_MIN), st.sampled_from(SIZES_MIN))
def test_cells_of_two_sizes_together_say_no_more_than_the_smaller(
    lon: float, lat: float, east: float, north: float, one: int, other: int
) -> None:
    small, large = min(one, other), max(one, other)
    if cell(lon, lat, small) == cell(lon + east / 1e4, lat + north / 1e4, small):
        assert cell(lon, lat, large) == cell(lon + east / 1e4, lat + north / 1e4, large)


@given(st.integers(0, 10**11), st.integers(1, 59))
def test_a_moment_lies_in_its_hour_and_its_hour_in_its_day(ms: int, minutes: int) -> None:
    moment = datetime(2017, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert (
        floored(moment, day) <= floored(moment, hour) <= moment < ceiled(moment, hour) <= ceiled(moment, day)
    )
    assert floored(floored(moment, hour), day) == floored(moment, day)
    exact = moment.replace(minute=0, second=0, microsecond=0)
    assert ceiled(exact, hour) == ceiled(exact + timedelta(minutes=minutes), hour)
