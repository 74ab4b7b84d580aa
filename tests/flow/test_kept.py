"""Kept tables are copies of what would be worked out anew, never anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from clearwake.flow.kept import kept, kept_day
from clearwake.model.record import Count
from clearwake.store import Store

DAY, NEXT = date(2026, 1, 1), date(2026, 1, 2)


@dataclass(frozen=True)
class Row:
    """One row of a derived table."""

    n: Count


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with two days of one table."""
    with Store(tmp_path) as opened:
        for day in (DAY, NEXT):
            add(opened, day)
        yield opened


def add(store: Store, day: date) -> None:
    """Add a part to the table that is leant on."""
    with store.commit() as commit:
        commit.append("leant_on", day, pl.DataFrame({"n": [1]}))


class Maker:
    """Makes a table and counts how often."""

    def __init__(self, rows: int = 1) -> None:
        self.made, self.rows = 0, rows

    def __call__(self) -> pl.DataFrame:
        self.made += 1
        return pl.DataFrame({"n": [self.made] * self.rows}, schema={"n": pl.Int64})


def asked(store: Store, make: Maker, definition: str = "a") -> list[int]:
    """Ask for the derived table."""
    return kept(store, "derived", ["leant_on"], definition, make, Row)["n"].to_list()


def test_a_table_is_made_once_until_what_it_leans_on_changes(store: Store) -> None:
    make = Maker()
    assert [asked(store, make), asked(store, make)] == [[1], [1]]
    add(store, NEXT)
    assert [asked(store, make), asked(store, make)] == [[2], [2]]


def test_another_definition_makes_it_anew(store: Store) -> None:
    make = Maker()
    assert [asked(store, make), asked(store, make, "b")] == [[1], [2]]


def test_an_empty_table_is_kept_too(store: Store) -> None:
    make = Maker(rows=0)
    assert [asked(store, make), asked(store, make), make.made] == [[], [], 1]


def test_a_day_stays_while_only_other_days_change(store: Store) -> None:
    make = Maker()

    def day(which: date) -> list[int]:
        return kept_day(store, "daily", which, ["leant_on"], "a", make, Row)["n"].to_list()

    assert [day(DAY), day(NEXT)] == [[1], [2]]
    add(store, NEXT)
    assert [day(DAY), day(NEXT)] == [[1], [3]]


def test_while_another_writes_it_is_made_and_not_kept(store: Store, tmp_path: Path) -> None:
    make = Maker()
    with Store(tmp_path) as other, other.exclusive():
        assert asked(store, make) == [1]
    assert [asked(store, make), asked(store, make)] == [[2], [2]]
