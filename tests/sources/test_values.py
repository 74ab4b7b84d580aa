"""What stands in a table, as numbers and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.model import utc
from clearwake.sources import values
from clearwake.sources.meanings import MEASURES

FIRST, LAST = datetime(1990, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - Hypothesis asks for naive bounds


def time(text: object, **how: bool) -> datetime | None:
    read: datetime | None = values.times(pl.Series([text]), **how)[0]
    return read


@pytest.mark.parametrize(
    "text",
    [
        "2020-06-30T12:00:00", "2020-06-30 12:00:00", "2020-06-30T12:00:00.000", "2020-06-30T12:00:00Z",
        "2020-06-30 12:00:00 UTC", "2020-06-30T14:00:00+02:00", "2020-06-30 07:30:00-0430",
        "2020-06-30 12:00:00+00", "2020/06/30 12:00:00", "2020-06-30 12:00", " 2020-06-30 12:00:00 ",
        "1593518400", "1593518400.0", "1593518400000", "1593518400000000", "1593518400000000000",
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    assert time(text) == utc("2020-06-30T12:00")


def test_fractions_of_a_second_are_kept_to_the_millisecond() -> None:
    assert time("2020-06-30T12:00:00.1239") == utc("2020-06-30T12:00:00.123")
    assert time("1593518400.25") == utc("2020-06-30T12:00:00.250")


@pytest.mark.parametrize(
    "text",
    ["", "x", "2020-06-30", "30/06/2020 12:00:00", "2020-13-01 00:00:00", "2020-06-30T24:00:01", "12:00:00", "1e400",
     "nan"],
)  # fmt: skip
def test_what_is_no_time_is_null(text: str) -> None:
    assert time(text) is None


def test_a_danish_date_has_the_day_first() -> None:
    assert time("03/04/2026 00:00:01", is_day_first=True) == utc("2026-04-03T00:00:01")


def test_times_of_several_kinds_may_stand_in_one_column() -> None:
    mixed = pl.Series(["2020-06-30T12:00:00", "1593518400", None, "2020-06-30 12:00:00+00:00", "never"])
    noon = utc("2020-06-30T12:00")
    assert values.times(mixed).to_list() == [noon, noon, None, noon, None]


@pytest.mark.parametrize("dtype", [pl.Int64, pl.UInt64, pl.Float64, pl.Int32])
def test_numbers_are_epochs(dtype: type[pl.DataType]) -> None:
    assert values.times(pl.Series([1593518400, None], dtype=dtype)).to_list() == [
        utc("2020-06-30T12:00"),
        None,
    ]


MOMENTS = st.lists(
    st.datetimes(FIRST, LAST).map(lambda each: each.replace(microsecond=0)), min_size=1, max_size=30
)


@settings(max_examples=20)
@given(moments=MOMENTS, unit=st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_an_epoch_is_told_by_its_size_for_any_time_ais_can_have(moments: list[datetime], unit: int) -> None:
    moments = [each.replace(tzinfo=UTC) for each in moments]
    epochs = [int(each.timestamp()) * unit for each in moments]
    assert values.times(pl.Series(epochs)).to_list() == moments
    assert values.times(pl.Series([str(each) for each in epochs])).to_list() == moments


@settings(max_examples=20)
@given(moments=MOMENTS, minutes=st.integers(-14 * 60, 14 * 60))
def test_a_zone_moves_the_time_to_utc(moments: list[datetime], minutes: int) -> None:
    local = [each.replace(tzinfo=timezone(timedelta(minutes=minutes))) for each in moments]
    assert values.times(pl.Series([each.isoformat() for each in local])).to_list() == local


@pytest.mark.parametrize(
    "moment",
    [pl.Series([datetime(2020, 6, 30, 12)]).dt.cast_time_unit(unit) for unit in ("ms", "us", "ns")]  # noqa: DTZ001 - a naive time is what is tested
    + [pl.Series([datetime(2020, 6, 30, 14)]).dt.replace_time_zone("Europe/Berlin")],  # noqa: DTZ001 - as above
)
def test_datetimes_of_any_unit_and_zone_become_utc_milliseconds(moment: pl.Series) -> None:
    assert values.times(moment)[0] == utc("2020-06-30T12:00")


def test_an_mmsi_is_read_from_numbers_and_text() -> None:
    text = pl.Series(["366952890", "366952890.0", " 366952890 ", "x", "1.5", "", None, "9" * 30])
    assert values.whole_numbers(text).to_list() == [366952890] * 3 + [None] * 5
    assert values.whole_numbers(pl.Series([366952890.0, 1.5, float("nan"), None])).to_list() == [
        366952890, None, None, None,
    ]  # fmt: skip


def test_decimals_may_have_a_comma() -> None:
    assert values.decimals(pl.Series(["1.5", "1,5", "-0,25", "1,234.5", "x", " 2 "])).to_list() == [
        1.5, 1.5, -0.25, None, None, 2.0,
    ]  # fmt: skip


def test_a_state_is_a_number_or_the_publishers_word_for_it() -> None:
    words = pl.Series(["5", "5.0", "Moored", "at anchor", "Unknown value", "dancing", None])
    assert values.states(words).to_list() == [5, 5, 5, 1, None, None, None]


@pytest.mark.parametrize("word", ["", " ", "null", "NaN", "Unknown", "N/A", None])
def test_words_for_nothing_say_nothing(word: str | None) -> None:
    assert values.says_nothing(pl.Series([word], dtype=pl.String)).to_list() == [True]


def measured(name: str, said: list[float | None]) -> list[float | None]:
    frame = pl.DataFrame({name: pl.Series(said, dtype=pl.Float64)}).select(MEASURES[name].alias(name))
    return [None if each is None else round(each, 1) for each in frame[name]]


def test_values_that_mean_not_available_are_null() -> None:
    assert measured("speed_kn", [0, 102.2, 102.3, 150, -0.1, None, float("nan")]) == [0, 102.2] + [None] * 5
    assert measured("course_deg", [0, 359.9, 360, 409.5, None]) == [0, 359.9, None, None, None]
    assert measured("heading_deg", [0, 359, 360, 511, -1, None]) == [0, 359, None, None, None, None]
    assert measured("nav_status", [0, 14, 15, 99, -1, None]) == [0, 14, None, None, None, None]


def test_a_course_that_a_signed_field_made_negative_is_put_back() -> None:
    # 348.99 was sent as 3490 tenths, read as 3490 - 4096 = -606 tenths; 360.0 as -496 tenths.
    assert measured("course_deg", [-60.6, -61.8, -204.8, -49.7, -49.6, -10, -300]) == [
        349.0, 347.8, 204.8, 359.9, None, None, None,
    ]  # fmt: skip
