"""A desk whose writer is killed, at any instruction, opens again with exactly the acknowledged commits.

One commit may have become true without its writer living to hear of it; never half of one.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from clearwake.store import Store, commit

WRITER = Path(__file__).with_name("store_writer.py")
ROWS = 50


class Writers:
    """Processes that write a desk, forked from one that has everything loaded."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._say, self._hear = process.stdin, process.stdout

    def start(self, desk: Path, fault: str = "none", turn: int = 1, commits: int = 2) -> int:
        """Start writing; gives the process."""
        return self._ask(f"{desk} {fault} {turn} {commits}")

    def ended(self, process: int) -> int:
        """Wait for a process; gives its exit code, or minus the signal that ended it."""
        return self._ask(f"wait {process}")

    def run(self, desk: Path, fault: str = "none", turn: int = 1, commits: int = 2) -> int:
        return self.ended(self.start(desk, fault, turn, commits))

    def _ask(self, line: str) -> int:
        self._say.write(f"{line}\n")
        self._say.flush()
        return int(self._hear.readline())


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    command = [sys.executable, str(WRITER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Writers(process)


def check(desk: Path) -> int:
    """Check that a desk holds whole commits and every acknowledged one, and no file besides; give how many."""
    acknowledged = Path(f"{desk}.acknowledged")
    heard = acknowledged.stat().st_size if acknowledged.exists() else 0
    with Store(desk) as store:
        turns = store.get("turn") or 0
        assert turns in (heard, heard + 1)
        table = store.scan("positions", record=pl.Schema({"turn": pl.Int64})).collect()
        wanted = sorted(turn for turn in range(1, turns + 1) for _ in range(2 * ROWS))
        assert sorted(table["turn"]) == wanted
        gaps = store.scan("gaps", record=pl.Schema({"turn": pl.Int64})).collect()["turn"].to_list()
        assert gaps == [turns] * ROWS * bool(turns)
        assert store.receipts()["sha256"].to_list() == [str(turn) for turn in range(1, turns + 1)]
        named = {part.path for name in store.tables() for part in store.parts(name)}
        assert {path for path in (desk / "tables").rglob("*") if path.is_file()} == named
        assert list((desk / commit.INCOMING).iterdir()) == []
    acknowledged.write_bytes(b"." * turns)  # what was found counts from now on
    return int(turns)


@pytest.mark.parametrize(
    ("point", "turns"),
    [
        ("migrating", [1]),
        ("making-tables", [1]),
        ("stamping", [1]),
        ("syncing-part", [1, 2, 3, 8]),
        ("syncing-folder", [1, 3, 7, 10, 12]),
        ("written", [1, 3, 6]),
        ("renaming", [1, 2, 5]),
        ("publishing", [1, 2]),
        ("recording", [1, 2]),
        ("clearing", [1, 2]),
        ("finishing", [1, 2]),
    ],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_writer_that_dies_at_a_step_of_a_commit_leaves_whole_commits(
    point: str, turns: list[int], moment: str, writers: Writers, tmp_path: Path
) -> None:
    for turn in turns:
        desk = tmp_path / str(turn)
        assert writers.run(desk, f"{point}:{moment}", turn, commits=3) == 9, "it did not pass there"
        found = check(desk)
        assert writers.run(desk, commits=1) == 0
        assert check(desk) == found + 1


def test_a_process_that_dies_while_sweeping_leaves_the_rest_to_the_next(
    writers: Writers, tmp_path: Path
) -> None:
    desk = tmp_path / "desk"
    assert writers.run(desk, "recording:after", 2) == 9
    for moment in ("before", "after"):
        assert writers.run(desk, f"deleting:{moment}") == 9, "it did not pass there"
    assert check(desk) == 1


def test_a_writer_killed_at_any_moment_leaves_whole_commits(writers: Writers, tmp_path: Path) -> None:
    desk, moments, found = tmp_path / "desk", random.Random(5), [0]  # noqa: S311 - not a secret
    for _ in range(20):
        process = writers.start(desk, commits=1000)
        time.sleep(moments.uniform(0, 0.2))
        os.kill(process, signal.SIGKILL)
        assert writers.ended(process) == -signal.SIGKILL
        found.append(check(desk))
    assert found == sorted(found)
    assert found[-1] > 0


def test_two_processes_that_write_take_turns(writers: Writers, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    both = [writers.start(desk, commits=15) for _ in range(2)]
    assert [writers.ended(process) for process in both] == [0, 0]
    assert check(desk) == 30


def test_a_reader_sees_whole_commits_while_another_process_writes(writers: Writers, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    seen: set[int] = set()
    assert writers.run(desk, commits=1) == 0
    with Store(desk) as store:
        process = writers.start(desk, commits=30)
        for _ in range(10_000):
            gaps = store.scan("gaps").collect()["turn"].to_list()
            assert gaps == [gaps[0]] * ROWS
            assert gaps[0] >= max(seen, default=0)
            seen.add(gaps[0])
            if 31 in seen:
                break
        assert writers.ended(process) == 0
    assert check(desk) == 31
