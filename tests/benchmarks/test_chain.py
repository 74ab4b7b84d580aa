"""The measurement of chains, small: what it changes is found, what it kills loses nothing, and it sees a loss."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from clearwake.benchmarks import chain
from clearwake.benchmarks.chain import ChainReport, change
from clearwake.benchmarks.deciders import Killed, killed, together
from clearwake.cases import Fault
from clearwake.model import Entry


def silent(*_: object) -> None:
    pass


def test_every_change_of_a_short_chain_is_found_and_the_unchanged_one_is_not_doubted() -> None:
    report = ChainReport(seed=3, entries=12)
    change(report, np.random.default_rng(3), silent)
    assert report.is_met
    assert report.found == report.tried
    assert set(report.tried) == {
        "edits",
        "deletions",
        "cut tails",
        "insertions",
        "swaps",
        "chains written anew",
    }
    assert report.as_json()["is_met"]


def test_a_check_that_misses_what_was_swapped_fails_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(entries: Iterable[Entry], *_: object, **__: object) -> list[Fault]:
        numbers = [each.number for each in entries]
        return [] if numbers == list(range(1, 13)) else [Fault("", None, "missing", "")]

    monkeypatch.setattr(chain, "verify", blind)
    report = ChainReport(seed=3, entries=12)
    change(report, np.random.default_rng(3), silent)
    assert not report.is_met
    assert report.found["edits"] == 0


def test_people_who_decide_at_once_are_all_kept_on_the_version_they_saw(tmp_path: Path) -> None:
    report = together("sqlite", tmp_path / "desk", None, people=3)
    assert (report.kept, report.on_stale, report.faults, report.is_met) == (3, 0, 0, True)


def test_a_killed_process_loses_nothing_it_said_was_kept(tmp_path: Path) -> None:
    report = killed("sqlite", tmp_path / "desk", None, 1, np.random.default_rng(1), silent)
    assert (report.kills, report.lost, report.is_met) == (1, 0, True)
    assert report.acknowledged
    assert not Killed("sqlite", lost=1).is_met
