"""Truth: a scene goes through a fresh desk by the public verbs, and the report can be read by people and machines."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import polars as pl
import pytest

from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.scenario import Scenario
from clearwake.benchmarks.scoring import Line
from clearwake.benchmarks.truth import TABLES, TruthReport, events_of, write


def of(scene: Scenario, *kinds: str) -> Scenario:
    """The part of a scene that these kinds of ships send."""
    mmsi = scene.hulls.filter(pl.col("kind").is_in(kinds))["mmsi"].implode()
    return dataclasses.replace(scene, positions=scene.positions.filter(pl.col("mmsi").is_in(mmsi)))


def test_a_scene_carried_through_a_desk_gives_its_meetings_and_gaps(scene: Scenario, tmp_path: Path) -> None:
    tables = events_of(of(scene, "midnight", "silence_closed"), tmp_path)
    met = scene.truth.filter(pl.col("kind") == "midnight").select("mmsi_a", "mmsi_b")
    silent = scene.truth.filter(pl.col("kind") == "closed").select("mmsi_a")
    assert set(tables) == set(TABLES)
    assert met.join(tables["encounters"], on=["mmsi_a", "mmsi_b"], how="semi").height == met.height
    assert sorted(tables["gaps"]["mmsi_a"]) == sorted(silent["mmsi_a"])


def test_a_desk_that_is_there_already_is_not_spoilt(scene: Scenario, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    with pytest.raises(FileExistsError, match="give a new folder"):
        events_of(scene, tmp_path)


def test_the_written_scene_can_be_read_by_any_tool(scene: Scenario, tmp_path: Path) -> None:
    files = write(scene, tmp_path)
    assert pl.read_parquet(files["positions"]).equals(scene.positions)
    assert pl.read_csv(files["anchorages"]).columns == ["name", "lon", "lat"]
    assert pl.read_csv(files["truth"]).height == scene.truth.height


def report(*lines: Line) -> TruthReport:
    return TruthReport(0, 100, 48.0, 1000, 1.0, this_machine(), lines)


def test_the_report_adds_up_recall_and_false_alarms() -> None:
    told = report(
        Line("meetings found", "together", 9, 10, ">= 90 %"),
        Line("encounters", "pairs that never were", 3, 50, "none"),
        Line("gaps", "gaps that never were", 1, 50, "none"),
        Line("encounters", "other decoys seen", 7, None),
    )
    assert told.recall == pytest.approx(0.9)
    assert told.false_alarms_per_ship_day == pytest.approx(4 / 200)
    assert not told.is_met
    assert report(Line("meetings found", "together", 9, 10, ">= 90 %")).is_met


def test_the_report_is_a_table_for_people_and_json_for_machines() -> None:
    told = report(Line("meetings found", "together", 9, 10, "all", "a note"))
    assert told.as_table().row_count == 1
    line = json.loads(json.dumps(told.as_json()))["lines"][0]
    assert (line["count"], line["of"], line["is_met"], line["note"]) == (9, 10, False, "a note")
