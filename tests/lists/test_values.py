from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.lists.editions import part_from_name
from clearwake.lists.values import (
    Issues,
    day,
    edge_of_period,
    imo_numbers,
    mmsi_numbers,
    partial_day,
    parts,
    ship_names,
)

NOTHING = {"does not exist": None, "none": None}


@pytest.mark.parametrize(
    ("raw", "kind", "numbers", "issues"),
    [
        ("9179701", "vessel", ["9179701"], []),
        ("IMO 9179701", "vessel", ["9179701"], []),
        ("ＩＭＯ　９１７９７０１", "vessel", ["9179701"], []),  # noqa: RUF001 - full width is what is tested
        ("", "vessel", [], []),
        (None, "vessel", [], []),
        ("Does not exist", "vessel", [], ["the IMO number field says 'Does not exist'"]),
        ("15411", "vessel", [], ["IMO number '15411' is not seven digits"]),
        ("91797012", "vessel", [], ["IMO number '91797012' is not seven digits"]),
        ("9179702", "vessel", ["9179702"], ["IMO 9179702 fails the check digit of a ship"]),
        ("1234567", "vessel", ["1234567"], ["IMO 1234567 is a placeholder"]),
        ("5753988", "company", ["5753988"], []),
        ("5753988", "vessel", ["5753988"], ["IMO 5753988 fails the check digit of a ship"]),
        ("9179702; 9003550", "vessel", ["9003550", "9179702"],
         ["the IMO number field holds 2 numbers: '9179702; 9003550'", "IMO 9179702 fails the check digit of a ship"]),
    ],
)  # fmt: skip
def test_an_imo_number_is_read_as_lists_write_it(
    raw: str | None, kind: str, numbers: list[str], issues: list[str]
) -> None:
    said = Issues()
    assert imo_numbers(raw, kind, NOTHING, said) == numbers
    assert said.said == issues


@pytest.mark.parametrize(
    ("raw", "numbers", "issues"),
    [
        ("572469210", [572469210], []),
        ("none", [], []),
        ("not assigned", [], ["MMSI 'not assigned' is not nine digits"]),
        ("111111111 / 572469210", [572469210, 111111111],
         ["the MMSI field holds 2 numbers: '111111111 / 572469210'", "MMSI 111111111 is no ship's number"]),
    ],
)  # fmt: skip
def test_an_mmsi_is_read_as_lists_write_it(raw: str, numbers: list[int], issues: list[str]) -> None:
    said = Issues()
    assert mmsi_numbers(raw, NOTHING, said) == numbers
    assert said.said == issues


@pytest.mark.parametrize(
    ("raw", "name", "others", "former"),
    [
        ("PATRIOT", "PATRIOT", [], []),
        ("Chong Bong (Greenlight) (Blue Nouvelle)", "Chong Bong", ["Greenlight", "Blue Nouvelle"], []),
        ("HANA (formerly known as ZAYA)", "HANA", [], ["ZAYA"]),
        ("HANA (f.k.a. ZAYA)", "HANA", [], ["ZAYA"]),
        ("HANA (former)", "HANA", [], []),
        ("(HANA)", "(HANA)", [], []),
    ],
)
def test_brackets_in_a_ships_name_hold_other_names(
    raw: str, name: str, others: list[str], former: list[str]
) -> None:
    assert ship_names(raw, Issues()) == (name, others, former)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("2012-12-31", (2012, 12, 31)),
        ("2012-12-31-05:00", (2012, 12, 31)),
        ("24.9.2004", (2004, 9, 24)),
        ("9.9. 2004", (2004, 9, 9)),
        ("31/12/2012", (2012, 12, 31)),
        ("26 Feb. 2011", (2011, 2, 26)),
        ("2 December 2022", (2022, 12, 2)),
        ("July 2, 2020", (2020, 7, 2)),
    ],
)
def test_a_date_is_read_as_lists_write_it(raw: str, date: tuple[int, int, int]) -> None:
    assert day(raw, Issues(), "date of listing") == datetime(*date, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["31/02/2026", "soon", "2012", "99.99.9999"])
def test_a_date_that_is_none_is_told_and_nothing_is_made_up(raw: str) -> None:
    said = Issues()
    assert day(raw, said, "date of listing") is None
    assert said.said == [f"date of listing {raw!r} could not be read as a date"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [("06 Feb 1967", "1967-02-06"), ("1951", "1951"), ("circa 1951", "circa 1951"), ("7.2.1956", "1956-02-07"),
     ("1951 to 1953", "1951 to 1953"), ("Feb 1951", "Feb 1951")],
)  # fmt: skip
def test_a_date_of_birth_goes_to_iso_as_far_as_it_is_known(raw: str, said: str) -> None:
    assert partial_day(raw) == said


def test_a_field_of_several_values_is_cut_and_repeats_go() -> None:
    assert parts("Feng Shou;  Andromeda Star;; Feng Shou") == ("Feng Shou", "Andromeda Star")


@given(st.text(max_size=60))
def test_no_text_in_a_field_ever_stops_a_reader(raw: str) -> None:
    said = Issues()
    imo_numbers(raw, "vessel", NOTHING, said)
    mmsi_numbers(raw, NOTHING, said)
    day(raw, said, "date")
    partial_day(raw)
    ship_names(raw, said)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018-02", "2018-02-01", "2018-02-28"),
        ("2020-2", "2020-02-01", "2020-02-29"),
        ("2018-12", "2018-12-01", "2018-12-31"),
        ("21 Aug 2018", "2018-08-21", "2018-08-21"),
        ("2018-13", None, None),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_a_year_or_month_is_its_first_day_or_its_last(said: str, first: str | None, last: str | None) -> None:
    issues = Issues()
    days = [edge_of_period(said, issues, "the day", is_end=is_end) for is_end in (False, True)]
    assert [f"{day:%Y-%m-%d}" if day else None for day in days] == [first, last]
    assert bool(issues.said) == (first is None and bool(said))


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("sanctions-2026-11-22.ftm.json.gz", "sanctions"),
        ("SANCTIONS_20261122.ftm.json", "sanctions"),
        ("sanctions_entities.json", "sanctions"),
        ("entities.ftm.json", ""),
        ("My fleet (north).csv", "my_fleet_north"),
        ("C:\\lists\\fleet.2026.11.22.csv", "fleet"),
        ("ship 9003550.csv", "ship_9003550"),
        ("2026-11-22.csv", ""),
    ],
)
def test_a_part_is_named_by_its_file_without_folders_endings_and_dates(file: str, part: str) -> None:
    assert part_from_name(file) == part
