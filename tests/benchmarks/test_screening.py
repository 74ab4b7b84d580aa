# ruff: noqa: S311 - dice for a measurement, not for secrets
from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from clearwake.benchmarks.disguises import DISGUISES, Ship, in_script, mistyped
from clearwake.benchmarks.fleets import identities, made_up, real
from clearwake.benchmarks.screening import fleet, measure, measure_identities, mix
from clearwake.model.identifiers import imo_check_digit_holds

SHIP = Ship("GREAT OCEAN STAR 7", "9179701", 572469210, "T2EU4", "Iran", ("OLD ONE",))
OTHER = Ship("HAPPY LADY", "9003550")


@pytest.fixture(scope="module")
def world() -> tuple[pl.DataFrame, list[Ship]]:
    return made_up(listed=300, others=1_500, seed=3)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_keeps_something_of_the_ship_and_hides_something(disguise: str) -> None:
    dice = random.Random(1)
    queries = [DISGUISES[disguise](SHIP, OTHER, dice) for _ in range(30)]
    keeps_number = disguise in {"as listed", "renamed, number kept", "number kept, name mistyped"}
    for query in queries:
        digits = "".join(str(int(c)) for c in str(query["imo"] or "") if c.isdigit())
        assert ("9179701" in digits) == keeps_number
        assert disguise == "as listed" or (query["name"], query["imo"]) != (SHIP.name, SHIP.imo)


def test_a_damaged_number_never_holds_its_check_digit() -> None:
    dice = random.Random(2)
    damaged = [DISGUISES["number damaged"](SHIP, OTHER, dice)["imo"] for _ in range(200)]
    assert not any(imo_check_digit_holds(str(imo)) for imo in damaged)


def test_a_mistyped_name_keeps_the_number_that_tells_ships_apart() -> None:
    dice = random.Random(3)
    assert all(mistyped("SPARTA III", 2, dice).endswith(" III") for _ in range(100))
    assert all(mistyped("RA NAM 2", 1, dice).endswith(" 2") for _ in range(100))


def test_a_name_is_written_in_another_script_letter_groups_first() -> None:
    assert in_script("SHARK 1", {"SH": "Ш", "A": "А", "R": "Р", "K": "К"}) == "ШАРК 1"  # noqa: RUF001


def test_half_the_queries_are_listed_ships_in_equal_disguises(world: tuple[pl.DataFrame, list[Ship]]) -> None:
    asked = mix(*world, queries=2_400, seed=5)
    listed = asked.filter(pl.col("hull").is_not_null())
    assert listed.height == 1_200
    assert listed["disguise"].value_counts()["count"].to_list() == [100] * 12
    assert set(listed["hull"]) <= {ship.imo for ship in fleet(world[0])}
    strangers = asked.filter(pl.col("hull").is_null())["disguise"].value_counts()
    shares = {sort: count / 1_200 for sort, count in strangers.rows()}
    assert shares["namesake"] == pytest.approx(0.022, abs=0.015)
    assert shares["no number"] == pytest.approx(0.20, abs=0.05)


def test_the_dice_give_the_same_queries_for_the_same_seed(world: tuple[pl.DataFrame, list[Ship]]) -> None:
    assert mix(*world, queries=200, seed=7).equals(mix(*world, queries=200, seed=7))
    assert not mix(*world, queries=200, seed=7).equals(mix(*world, queries=200, seed=8))


def test_screening_knows_made_up_ships_and_never_matches_another_number(
    world: tuple[pl.DataFrame, list[Ship]],
) -> None:
    report = measure(*world, queries=2_400, seed=11)
    assert report.matches_with_another_number == 0
    assert report.recall_by_disguise["as listed"] == 1.0
    assert report.recall_by_disguise["renamed, number kept"] == 1.0
    assert report.recall > 0.95
    assert report.namesakes_told == 1.0
    assert report.as_json()["queries"] == 2_400


def test_identities_are_as_many_and_as_distinct_as_asked_for(
    world: tuple[pl.DataFrame, list[Ship]], tmp_path: Path
) -> None:
    asked = identities(world[1], count=3_000, distinct=2_000)
    assert (asked.height, asked["name"].n_unique()) == (3_000, 2_000)
    world[0].write_parquet(tmp_path / "lists.parquet")
    asked.write_parquet(tmp_path / "asked.parquet")
    report = measure_identities(tmp_path / "lists.parquet", tmp_path / "asked.parquet")
    assert (report.identities, report.distinct_names) == (3_000, 2_000)
    assert report.memory_mb > 0


@pytest.mark.shared
def test_real_lists_and_the_real_register_are_read_for_measuring(shared: Path) -> None:
    designations, others = real(shared)
    assert designations.filter(kind="vessel").height == 406 + 633 + 75
    assert len(others) > 16_000
