"""The measurement of chains, small: what it changes is found, what it kills loses nothing, and it sees a loss."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from clearwake import seal
from clearwake.benchmarks import chain
from clearwake.benchmarks.chain import ChainReport, change
from clearwake.benchmarks.deciders import Killed, killed, together
from clearwake.cases import Fault, head, verify
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
        "edits sealed again",
        "deletions",
        "cut tails",
        "insertions",
        "swaps",
        "chains written anew",
    }
    assert report.as_json()["is_met"]


def test_what_a_first_part_shows_the_whole_chain_shows() -> None:
    key = seal.new_key()
    name = seal.desk_name(seal.public_hex(key))
    links = chain.written(name, 9)
    kept = head(key, name, len(links), links[-1].hash, chain.START)
    for each in chain.anywhere(links, np.random.default_rng(1)):
        after = links[each.start - 1] if each.start else None
        for many in (1, 2, 3):
            if verify(list(each.behind(links))[:many], whole={name}, after=after):
                assert verify([*links[: each.start], *each.behind(links)], whole={name})
        assert chain.is_found(links, each, kept)
        assert chain.is_found_in_whole(links, each, kept)
    assert not verify(links[4:], [kept], whole={name}, after=links[3])


def test_a_check_that_misses_what_was_swapped_fails_the_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(entries: Iterable[Entry], *_: object, **__: object) -> list[Fault]:
        numbers = [each.number for each in entries]
        return [] if numbers == list(range(1, 13)) else [Fault("", None, "missing", "")]

    monkeypatch.setattr(chain, "verify", blind)
    report = ChainReport(seed=3, entries=12)
    change(report, np.random.default_rng(3), silent)
    assert not report.is_met
    assert report.found["edits"] == 12  # those of numbers


def test_people_who_decide_at_once_are_all_kept_on_the_version_they_saw(tmp_path: Path) -> None:
    report = together("sqlite", tmp_path / "desk", None, people=3)
    assert (report.kept, report.on_stale, report.faults, report.is_met) == (3, 0, 0, True)


def test_a_killed_process_loses_nothing_it_said_was_kept(tmp_path: Path) -> None:
    report = killed("sqlite", tmp_path / "desk", None, 1, np.random.default_rng(1), silent)
    assert (report.kills, report.lost, report.is_met) == (1, 0, True)
    assert report.acknowledged
    assert not Killed("sqlite", lost=1).is_met
