"""Crashes: what a killed command leaves is looked at closely enough to notice a loss or a difference."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

import clearwake
from clearwake.benchmarks.crash import (
    FILES,
    KNOWN_AT,
    Command,
    CrashReport,
    _Crashes,
    pieces,
    plan_of,
    tables_of,
)
from clearwake.benchmarks.scenario import Scenario


@pytest.fixture(scope="module")
def files(scene: Scenario, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return pieces(scene, tmp_path_factory.mktemp("pieces"), seed=1, ships=10)


@pytest.fixture(scope="module")
def desk(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that has read two pieces and carried them."""
    folder = tmp_path_factory.mktemp("desk") / "desk"
    with clearwake.open(folder) as opened:
        opened.read("table", *files[:2], known_at=KNOWN_AT)
        opened.run()
    return folder


@dataclass(frozen=True)
class Slow(Command):
    """A command that takes a while, does nothing, and ends with ``code``."""

    seconds: float = 0.0
    code: int = 0

    def start(self, desk: Path) -> subprocess.Popen[str]:
        del desk
        script = f"import time, sys; time.sleep({self.seconds}); sys.exit({self.code})"
        return subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)


def crashes(plan: list[Command], folder: Path) -> _Crashes:
    return _Crashes(plan, folder, kills=3, seed=0, tell=lambda *_: None)


def test_the_plan_reads_every_piece_and_runs_in_between(files: list[Path]) -> None:
    verbs = [command.verb for command in plan_of(files)]
    assert len(files) == FILES
    assert verbs == ["read", "read", "run"] * (FILES // 2)


def test_pieces_hold_late_rows_and_one_that_cannot_be_read(files: list[Path]) -> None:
    spans = [
        pl.read_csv(file, infer_schema_length=0).filter(pl.col("mmsi") != "no ship")["time"] for file in files
    ]
    overlaps = [earlier.max() > later.min() for earlier, later in pairwise(spans)]  # type: ignore[operator]
    assert all(overlaps)
    assert "no ship" in files[1].read_text(encoding="utf-8")


def test_a_desk_that_holds_what_was_acknowledged_has_lost_nothing(files: list[Path], desk: Path) -> None:
    looking = crashes([], desk.parent)
    looking._look(desk, files[:2])
    assert looking._report.is_met
    assert looking._report.acknowledged == 2


def test_a_file_that_was_acknowledged_and_is_not_there_is_lost(files: list[Path], desk: Path) -> None:
    looking = crashes([], desk.parent)
    looking._look(desk, files[:3])
    assert looking._report.lost == 2  # the receipt and the rows
    assert not looking._report.is_met


def test_two_desks_that_heard_the_same_in_other_portions_are_equal(
    files: list[Path], desk: Path, tmp_path: Path
) -> None:
    other = tmp_path / "desk"
    with clearwake.open(other) as opened:
        for file in reversed(files[:2]):
            opened.read("table", file, known_at=KNOWN_AT)
            opened.run()
    one, two = tables_of(desk), tables_of(other)
    assert [name for name in one if not one[name].equals(two[name])] == []
    assert one["positions"].height > 0


def test_a_missing_row_makes_desks_differ(desk: Path) -> None:
    looking = crashes([], desk.parent)
    wanted = tables_of(desk)
    looking._compare(wanted, {**wanted, "positions": wanted["positions"].slice(1)})
    assert looking._report.different == ["positions of desk 0"]


def test_a_command_is_killed_while_it_runs_and_not_when_it_is_done(tmp_path: Path) -> None:
    slow, quick = Slow("read", (), seconds=60.0), Slow("read", (), seconds=0.0)
    killing = crashes([slow, quick], tmp_path)
    killing._takes_s = {slow: 0.2, quick: 0.2}
    assert killing._is_killed(slow, tmp_path)
    killing._takes_s = {quick: 1e6}
    assert not killing._is_killed(quick, tmp_path)
    assert killing._report.failures == []


def test_a_command_that_fails_by_itself_is_told(tmp_path: Path) -> None:
    broken = Slow("run", (), code=1)
    killing = crashes([broken], tmp_path)
    killing._finish(broken, broken.start(tmp_path))
    assert killing._report.failures == ["run ended with 1: without a word"]


def test_the_report_is_a_table_for_people_and_json_for_machines() -> None:
    told = CrashReport(seed=0, kills=50, lost=1)
    assert told.as_table().row_count == 6
    assert json.loads(json.dumps(told.as_json()))["is_met"] is False
