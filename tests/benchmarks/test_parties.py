from __future__ import annotations

import random
from pathlib import Path

import pytest

from clearwake.benchmarks import names_alone, published
from clearwake.benchmarks.fleets import made_up
from clearwake.benchmarks.parties import DISGUISES, Listing, Stranger, measure, mix
from clearwake.model import Designation, table

GIVEN = ("Boris", "Anna", "Igor", "Hassan", "Leila", "Jorge", "Pedro", "Olga", "Viktor", "Marta")
FAMILY = (
    "Wexler",
    "Ostrovski",
    "Baranchik",
    "Quintero",
    "Haddadin",
    "Lindqvist",
    "Pereyra",
    "Tanaka",
    "Zubkov",
    "Mbeki",
)
LISTS = table(
    [
        Designation(f"l:{i}{j}", "l", "l:2020-01-01", "person", f"{family.upper()}, {given} {FAMILY[(i * j + 3) % 10]}",
                    (f"{given} {family}",), birth_date=f"19{50 + i}-0{1 + j % 9}-15", country="Panama")
        for i, given in enumerate(GIVEN) for j, family in enumerate(FAMILY)
    ]
    + [Designation(f"c:{i}", "l", "l:2020-01-01", "company", f"{one} SHIPPING CO LTD", (), country="Malta",
                   registration=f"77{i:08d}") for i, one in enumerate(FAMILY)],
    Designation,
)  # fmt: skip
STRANGERS = [Stranger("person", f"Unlisted Person{i}", "1999-01-02", "Japan") for i in range(20)]


def test_every_disguise_changes_a_name_or_says_that_it_cannot() -> None:
    dice = random.Random(1)  # noqa: S311 - dice for a test
    person = Listing("l:1", "person", "WEXLER, Boris Igor", ("Boris Wexler",), "1950-01-15", "Panama", None)
    company = Listing("c:1", "company", "WEXLER SHIPPING CO LTD", (), None, "Malta", "7700000001")
    for name, disguise in DISGUISES.items():
        made = [disguise(each, dice) for each in (person, company)]
        assert any(made), name


def test_half_of_the_queries_are_listed_and_the_dice_repeat() -> None:
    asked = mix(LISTS, STRANGERS, 240, seed=3)
    assert asked["truth"].count() == 120
    assert asked.equals(mix(LISTS, STRANGERS, 240, seed=3))


def test_made_up_persons_and_companies_are_known_and_strangers_left_alone() -> None:
    report = measure(LISTS, STRANGERS, queries=480, seed=5)
    assert report.recall_by_disguise["as listed"] == 1.0
    assert report.recall > 0.9
    assert report.flagged_by_stranger["person on no list"] == 0.0
    assert report.as_json()["queries"] == 480


def test_ships_are_asked_by_disguised_names_alone() -> None:
    report = names_alone.measure(*made_up(listed=200, others=500, seed=3), queries=400, seed=2)
    assert set(report.recall_by_disguise) <= set(names_alone.HARD)
    assert report.recall_by_disguise["words swapped"] > 0.8
    assert 0.0 <= report.precision <= 1.0


@pytest.mark.shared
def test_published_pairs_are_all_counted(shared: Path) -> None:
    told = published.name_bench(shared / "namematch_benchmarks")
    assert sum(p.found + p.missed + p.wrongly_found + p.rightly_not for p in told.values()) == 826
    assert told["person"].recall > 0.65
    assert told["person"].wrong < 0.10
