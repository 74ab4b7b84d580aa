"""The scene of detections: it holds what it says, and the score counts what it should."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.scenario import Scenario
from clearwake.benchmarks.sensing import SENSORS, SensingReport, generated, held_back, scored
from clearwake.model import TIME


@pytest.fixture(scope="module")
def report(scene: Scenario) -> SensingReport:
    traffic = generated(scene, seed=5)
    lines = tuple(scored(traffic, 5, sensor, seed=5) for sensor in SENSORS)
    return SensingReport(5, 1.0, (*lines, scored(traffic, 60, SENSORS[0], seed=5)), this_machine())


def test_ships_that_lie_apart_are_told_right_and_nobody_is_two_hulls(report: SensingReport) -> None:
    assert all(line.ships > 300 and line.dark > 30 for line in report.lines)
    assert report.is_met
    assert [line.is_met for line in report.lines] == [True] * len(SENSORS) + [None]
    assert sum(line.apart_dark_matched for line in report.lines[:-1]) <= 4
    assert [line.twice for line in report.lines] == [0] * len(report.lines)
    assert report.lines[-1].right < report.lines[-1].ships


def test_the_report_is_a_table_and_json(report: SensingReport) -> None:
    assert json.loads(json.dumps(report.as_json()))["is_met"] is True
    assert report.as_table().row_count == len(report.lines)


def test_the_same_seed_plants_the_same(scene: Scenario) -> None:
    one, again, other = (generated(scene, seed) for seed in (1, 1, 2))
    assert one.truths[0].ms == again.truths[0].ms != other.truths[0].ms
    assert (one.truths[0].place == again.truths[0].place).all()


@pytest.mark.shared
def test_reports_kept_back_from_a_real_day_are_given_to_their_ships(shared: Path) -> None:
    file = shared / "ais_us_marinecadastre_tracktable" / "US_coastal_2020_06_30.csv.gz"
    rows = pl.read_csv(file, try_parse_dates=True).rename({"timestamp_utc": "time"})
    day = rows.select("mmsi", pl.col("time").dt.replace_time_zone("UTC").cast(TIME), "lon", "lat")
    line = scored(held_back("real", day, seed=31), 5, "radar", seed=31)
    assert line.ships > 800
    assert line.right_share >= 0.95
    assert line.apart_dark_matched <= 0.1 * line.apart_dark
    assert line.twice == 0
