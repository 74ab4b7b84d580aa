from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from clearwake.desk import Desk
from clearwake.lists import changes, current, end_of, rows_of, stale, status_on
from clearwake.model import Designation, Edition, table

SPRING, SUMMER, AUTUMN = (datetime(2018, month, 1, tzinfo=UTC) for month in (3, 6, 9))


def edition(dated: datetime, receipt: int = 1, part: str = "sdn", *, is_excerpt: bool = False) -> Edition:
    return Edition(
        list="ofac", part=part, dated=dated, dated_by="asserted", is_excerpt=is_excerpt, entries=2, vessels=1,
        companies=1, persons=0, aircraft=0, others=0, rejected=0, rhythm_days=7, receipt=receipt, known_at=dated,
    )  # fmt: skip


def entry(number: int, name: str, of: Edition, **more: object) -> Designation:
    made = Designation(
        id=f"ofac:{number}", list=of.list, edition=f"{of.part}:{of.dated:%Y-%m-%d}", kind="vessel", name=name,
        aliases=(), programmes=("DPRK4",), receipt=of.receipt, line=number,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


FIRST, SECOND, THIRD = edition(SPRING), edition(SUMMER, 2), edition(AUTUMN, 3)
EDITIONS = table([FIRST, SECOND, THIRD], Edition)
ENTRIES = table(
    [
        entry(1, "PATRIOT", FIRST), entry(2, "BELLA", FIRST),
        entry(1, "PATRIOT", SECOND, flag="Russia", aliases=("B", "A")), entry(3, "NEPTUN", SECOND),
        entry(1, "PATRIOT", THIRD, flag="Togo", aliases=("A", "B")), entry(3, "NEPTUN", THIRD),
    ],
    Designation,
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2017, 1, 1), ["PATRIOT", "BELLA"]),  # older than every edition: the oldest is all there is
        (date(2018, 3, 1), ["PATRIOT", "BELLA"]),
        (date(2018, 5, 31), ["PATRIOT", "BELLA"]),
        (date(2018, 6, 1), ["PATRIOT", "NEPTUN"]),
        (date(2020, 1, 1), ["PATRIOT", "NEPTUN"]),
    ],
)
def test_a_day_is_answered_with_the_edition_that_was_in_force_then(day: date, names: list[str]) -> None:
    assert rows_of(ENTRIES, current(EDITIONS, end_of(day)))["name"].to_list() == names


def test_of_two_editions_of_one_date_the_later_receipt_counts() -> None:
    again = edition(SPRING, 9)
    editions = table([again, FIRST], Edition)
    entries = table([entry(1, "PATRIOT", FIRST), entry(1, "PATRIOT II", again)], Designation)
    for day in (date(2018, 3, 1), date(2017, 1, 1)):
        assert rows_of(entries, current(editions, end_of(day)))["name"].to_list() == ["PATRIOT II"]


def test_parts_are_in_force_beside_each_other_and_rows_of_no_edition_always() -> None:
    other = edition(SPRING, 4, "consolidated")
    editions = table([FIRST, SECOND, other], Edition)
    entries = table(
        [entry(1, "PATRIOT", FIRST), entry(1, "PATRIOT", SECOND), entry(5, "BANK", other)], Designation
    )
    assert set(rows_of(entries, current(editions, SUMMER))["edition"]) == {
        "sdn:2018-06-01",
        "consolidated:2018-03-01",
    }
    mine = pl.DataFrame({"source": ["table"], "edition": pl.Series([None], dtype=pl.String), "receipt": [7]})
    assert rows_of(mine, current(editions, SUMMER), by="source").height == 1


def test_an_entry_has_the_status_of_the_day() -> None:
    told = [
        entry(1, "LISTED LATER", FIRST, listed_on=SUMMER),
        entry(2, "REMOVED LATER", FIRST, status="removed", listed_on=SPRING, removed_on=AUTUMN),
        entry(3, "NOBODY KNOWS SINCE WHEN", FIRST),
        entry(4, "REPORTED", FIRST, status="reported", listed_on=SPRING),
        entry(5, "PROPOSED UNTIL SUMMER", FIRST, status="proposed", listed_on=SPRING, removed_on=SUMMER),
        entry(6, "ON HOLD", FIRST, status="on hold", listed_on=SPRING),
    ]
    every = table(told, Designation)

    def then(day: datetime) -> dict[str, str]:
        return dict(status_on(every, day).select("name", "status").rows())

    always = {"NOBODY KNOWS SINCE WHEN": "listed", "REPORTED": "reported", "ON HOLD": "on hold"}
    assert then(SPRING) == always | {"REMOVED LATER": "listed", "PROPOSED UNTIL SUMMER": "proposed"}
    assert then(SUMMER) == always | {"REMOVED LATER": "listed", "LISTED LATER": "listed"}
    assert then(AUTUMN) == always | {"REMOVED LATER": "removed", "LISTED LATER": "listed"}


def test_a_list_older_than_its_rhythm_is_stale_and_says_so() -> None:
    assert stale(EDITIONS, date(2018, 9, 8)).height == 0
    (row,) = stale(EDITIONS, date(2018, 9, 10)).rows(named=True)
    assert (row["list"], row["part"], row["age_days"]) == ("ofac", "sdn", 9)
    assert row["reason"] == (
        "stale_list: the newest edition of ofac sdn is of 2018-09-01, 9 days old; a new one is normal every 7 days"
    )
    assert stale(EDITIONS, date(2018, 6, 5)).height == 0  # that day the edition of June was new


def test_changes_are_told_edition_by_edition_and_field_by_field() -> None:
    found = changes(ENTRIES, EDITIONS)
    assert found.select("edition_after", "change", "name", "field", "before", "after").rows() == [
        ("sdn:2018-06-01", "added", "NEPTUN", None, None, None),
        ("sdn:2018-06-01", "changed", "PATRIOT", "aliases", None, "A; B"),
        ("sdn:2018-06-01", "changed", "PATRIOT", "flag", None, "Russia"),
        ("sdn:2018-06-01", "removed", "BELLA", None, None, None),
        ("sdn:2018-09-01", "changed", "PATRIOT", "flag", "Russia", "Togo"),
    ]
    assert found["dated_before"].to_list() == [SPRING] * 4 + [SUMMER]
    assert found["programmes"].to_list() == [["DPRK4"]] * 5
    assert found["known_at"].to_list() == found["dated_after"].to_list()


def test_a_day_shows_the_changes_published_by_then() -> None:
    assert changes(ENTRIES, EDITIONS, end_of(date(2018, 5, 31))).height == 0
    assert changes(ENTRIES, EDITIONS, end_of(date(2018, 8, 31)))["edition_after"].unique().to_list() == [
        "sdn:2018-06-01"
    ]


def test_the_first_edition_and_an_excerpt_beside_whole_ones_add_and_remove_nothing() -> None:
    assert changes(ENTRIES, EDITIONS.head(1)).height == 0
    excerpt = edition(AUTUMN, 3, is_excerpt=True)
    found = changes(ENTRIES, table([FIRST, SECOND, excerpt], Edition))
    assert found.select("edition_after", "is_excerpt").unique().rows() == [("sdn:2018-06-01", False)]


def test_where_only_excerpts_are_held_they_are_compared_and_say_so() -> None:
    excerpts = table([replace(one, is_excerpt=True) for one in (FIRST, SECOND)], Edition)
    found = changes(ENTRIES, excerpts)
    assert found["change"].to_list() == ["added", "changed", "changed", "removed"]
    assert found["is_excerpt"].all()


def test_the_order_in_which_editions_were_read_does_not_matter() -> None:
    assert changes(ENTRIES.reverse(), EDITIONS.reverse()).equals(changes(ENTRIES, EDITIONS))


def test_a_desk_answers_on_a_day_with_the_list_and_the_status_of_that_day(tmp_path: Path) -> None:
    first, second = tmp_path / "fleet-1.csv", tmp_path / "fleet-2.csv"
    first.write_text(
        "id,name,kind,status,from\n1,PATRIOT,vessel,proposed,2018-03-01\n2,BELLA,vessel,listed,2017-01-01\n"
    )
    second.write_text(
        "id,name,kind,status,from\n1,PATRIOT,vessel,listed,2018-08-21\n2,BELLA,vessel,listed,2017-01-01\n"
    )
    with Desk(tmp_path / "desk") as desk:
        desk.read("watchlist", first.rename(tmp_path / "fleet.csv"), known_at="2018-03-05")
        desk.read("watchlist", second.rename(tmp_path / "fleet.csv"), known_at="2018-08-25")

        def then(day: date) -> list[tuple[str, str]]:
            return desk.show("designations", on=day).select("name", "status").sort("name").rows()

        assert then(date(2018, 2, 1)) == [("BELLA", "listed")]
        assert then(date(2018, 4, 1)) == [("BELLA", "listed"), ("PATRIOT", "proposed")]
        assert then(date(2018, 9, 1)) == [("BELLA", "listed"), ("PATRIOT", "listed")]
        told = (
            desk.show("list_changes", on=date(2018, 9, 1)).select("name", "field", "before", "after").rows()
        )
        assert told == [
            ("PATRIOT", "listed_on", "2018-03-01", "2018-08-21"),
            ("PATRIOT", "status", "proposed", "listed"),
        ]
        assert desk.show("list_changes", on=date(2018, 4, 1)).height == 0
