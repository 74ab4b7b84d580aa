"""The clock of a detention: six months, what may end it, and the watch afterwards."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from clearwake.law import Detention, clock, six_months_after
from clearwake.model import UsageError

HELD = Detention(date(2018, 2, 28), evidence=("decision:7",))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-02-28", "2018-08-28"), ("2017-12-22", "2018-06-22"), ("2018-08-31", "2019-02-28"),
        ("2019-08-31", "2020-02-29"), ("2018-07-01", "2019-01-01"), ("2018-12-31", "2019-06-30"),
    ],
)  # fmt: skip
def test_six_months_are_calendar_months_and_end_with_a_shorter_one(day: str, expected: str) -> None:
    assert six_months_after(date.fromisoformat(day)) == date.fromisoformat(expected)


def _days(found: pl.DataFrame, kind: str) -> list[tuple[str, str]]:
    rows = found.filter(pl.col("kind") == kind).select("day", "status").rows()
    return [(str(day), status) for day, status in rows]


def test_the_clock_of_a_ship_held_in_february_2018() -> None:
    found = clock(HELD, date(2018, 8, 14))
    assert _days(found, "start") == [("2018-02-28", "past")]
    assert _days(found, "reminder") == [
        ("2018-06-29", "past"), ("2018-07-29", "past"), ("2018-08-14", "due"), ("2018-08-21", "coming"),
        ("2018-08-27", "coming"),
    ]  # fmt: skip
    assert _days(found, "six months") == [("2018-08-28", "coming")]
    assert found.filter(kind="six months")["days_from_now"].to_list() == [14]
    assert set(found["provision"]) == {"unscr-2397-9"}
    assert found["evidence"].to_list() == [["decision:7"]] * found.height


def _conditions(held: Detention, on: date) -> list[str]:
    return clock(held, on).filter(kind="condition")["status"].to_list()


def test_a_release_needs_six_months_a_request_and_a_decision_of_the_committee() -> None:
    asked = Detention(HELD.started, flag_request=date(2018, 9, 1))
    decided = Detention(
        HELD.started,
        flag_request=date(2018, 9, 1),
        committee_decision=date(2018, 10, 1),
        committee_agreed=True,
    )
    refused = Detention(
        HELD.started,
        flag_request=date(2018, 9, 1),
        committee_decision=date(2018, 10, 1),
        committee_agreed=False,
    )
    assert _conditions(HELD, date(2018, 8, 27)) == ["not met", "not shown", "not shown"]
    assert _conditions(HELD, date(2018, 8, 28)) == ["met", "not shown", "not shown"]
    assert _conditions(asked, date(2018, 8, 31)) == ["met", "not shown", "not shown"]
    assert _conditions(asked, date(2018, 9, 1)) == ["met", "met", "not shown"]
    assert _conditions(decided, date(2018, 10, 1)) == ["met", "met", "met"]
    assert _conditions(refused, date(2018, 10, 1)) == ["met", "met", "not met"]


def test_nothing_ends_by_itself_on_the_six_month_date() -> None:
    [entry] = clock(HELD, date(2018, 8, 28)).filter(kind="six months")["entry"]
    assert "nothing ends by itself" in entry


def test_a_ship_held_before_the_paragraph_is_told_to_be_so() -> None:
    winmore = Detention(date(2017, 11, 24), released=date(2019, 7, 1))
    found = clock(winmore, date(2019, 8, 1))
    assert "held before UNSCR 2397 ¶9 was in force" in found.filter(kind="start")["entry"][0]
    assert "no decision of the Committee is shown" in found.filter(kind="release")["entry"][0]


def test_after_a_release_the_ship_is_watched_for_a_year() -> None:
    released = Detention(HELD.started, released=date(2018, 7, 1))
    found = clock(released, date(2018, 10, 1))
    assert _days(found, "watch") == [
        ("2018-07-31", "past"), ("2018-09-29", "past"), ("2018-12-28", "coming"), ("2019-07-01", "coming")
    ]  # fmt: skip
    assert _days(found, "reminder") == [("2018-06-29", "past")]
    assert clock(released, date(2018, 6, 30)).filter(kind="watch").is_empty()


@pytest.mark.parametrize(
    "wrong",
    [
        Detention(date(2018, 2, 28), released=date(2018, 2, 27)),
        Detention(date(2018, 2, 28), committee_decision=date(2018, 9, 1)),
    ],
)
def test_days_out_of_order_are_refused(wrong: Detention) -> None:
    with pytest.raises(UsageError):
        clock(wrong, date(2018, 9, 1))


def test_which_ship_is_held_and_by_whom_is_said_as_they_say_it() -> None:
    held = Detention(date(2018, 2, 28), ship="imo:7389704", by="KOR")
    assert clock(held, date(2018, 3, 1)).filter(kind="start")["entry"].item() == (
        "the ship imo:7389704 is held, as KOR says; if it is held under UNSCR 2397 ¶9: consult the flag State, "
        "tell the Committee what the inspection shows"
    )
