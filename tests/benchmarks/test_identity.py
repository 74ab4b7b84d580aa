"""The scene of identity events: it holds what it says, and the score counts what it should."""

from __future__ import annotations

import json

import polars as pl
import pytest

from clearwake.benchmarks.identity import ACTS, IdentityReport, Scene, measure, plant
from clearwake.detect.identity import IDENTITY
from clearwake.model import IdentityClaim, schema
from clearwake.model.identifiers import imo_check_digit_holds


@pytest.fixture(scope="module")
def report() -> IdentityReport:
    """Measure a small scene, with every act in it once."""
    return measure(ships=4 * len(ACTS) + 4, seed=5)


def test_everything_planted_is_found_and_no_honest_ship_is_named(report: IdentityReport) -> None:
    assert {line.table: (line.planted - line.found, line.false) for line in report.lines} == {
        kind.table: (0, 0) for kind in IDENTITY
    }
    assert all(line.planted for line in report.lines)
    assert report.is_met


def test_the_report_is_a_table_and_json(report: IdentityReport) -> None:
    assert json.loads(json.dumps(report.as_json()))["is_met"] is True
    assert report.as_table().row_count == len(IDENTITY)


def test_a_scene_is_the_same_for_the_same_seed_and_its_numbers_hold() -> None:
    one, again, other = (plant(60, seed) for seed in (1, 1, 2))
    assert said(one).equals(said(again))
    assert not said(one).equals(said(other))
    numbers = said(one).group_by("imo").len().filter(pl.col("len") > 10)["imo"].drop_nulls()
    broken = {number for number in numbers if not imo_check_digit_holds(number)}
    assert len(broken) <= 60 // 4 // len(ACTS) + 1


def said(scene: Scene) -> pl.DataFrame:
    """Give what was said in a scene."""
    return pl.DataFrame(scene.claims, schema=schema(IdentityClaim))
