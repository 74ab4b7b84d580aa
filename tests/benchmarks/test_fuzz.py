"""Damaged files: the benchmark damages, reads, and would notice a crash or a loss."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from clearwake.benchmarks import fuzz as fuzzing
from clearwake.benchmarks.damage import damaged
from clearwake.benchmarks.fuzz import FuzzReport, fuzz
from clearwake.benchmarks.specimens import BEGINNING, SPECIMENS, WHOLE_FILES
from clearwake.model import Options, Reading, Received, Source
from clearwake.sources import source

Parse = Callable[[Sequence[Received], Options], Iterator[Reading]]


@pytest.fixture(scope="module")
def report() -> FuzzReport:
    return fuzz(cases=2500, seed=7)


def test_a_few_thousand_damaged_cases_neither_crash_a_reader_nor_lose_a_row(report: FuzzReport) -> None:
    assert report.crashes == []
    assert report.losses == []
    assert report.is_met


def test_every_kind_of_file_was_damaged_and_every_outcome_was_seen(report: FuzzReport) -> None:
    assert report.cases == 2500
    assert set(report.outcomes) == set(WHOLE_FILES)
    for what in ("facts", "rejects", "counted", "refused"):
        assert sum(counts[what] for counts in report.outcomes.values()) > 50, what
    assert len(report.reasons) > 20


def test_the_report_can_be_printed_and_read_by_a_machine(report: FuzzReport) -> None:
    assert json.loads(json.dumps(report.as_json()))["is_met"] is True
    assert "damaged cases" in str(report.as_table().title)


def test_the_same_seed_damages_in_the_same_way() -> None:
    first, second = fuzz(cases=60, seed=3), fuzz(cases=60, seed=3)
    assert first.outcomes == second.outcomes
    assert first.reasons == second.reasons


def test_undamaged_specimens_are_read_without_a_reject(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("whole") / "file"
    for kind, (name, make) in WHOLE_FILES.items():
        path.write_bytes(make(np.random.default_rng(1)))
        readings = list(source(name).parse([Received(path, kind)], Options(BEGINNING + timedelta(days=1))))
        assert sum(each.rows for each in readings) > 4, kind
        assert not sum(len(each.tables["quarantine"]) for each in readings), kind


def test_damage_changes_most_of_what_it_is_given() -> None:
    chance = np.random.default_rng(0)
    row = SPECIMENS["noaa"].row(chance)
    changed = [damaged(row, row[::-1], chance) != row for _ in range(100)]
    assert sum(changed) > 90


def rigged(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Reading], Reading]) -> FuzzReport:
    """Fuzz readers whose every reading is spoilt."""

    def spoilt(name: str) -> Source:
        true = source(name)

        def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
            return (spoil(each) for each in true.parse(files, options))

        return replace(true, parse=parse)

    monkeypatch.setattr(fuzzing, "source", spoilt)
    return fuzz(cases=600, seed=1)


def test_a_reader_that_crashes_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Reading) -> Reading:
        message = "no such luck"
        raise ZeroDivisionError(message)

    report = rigged(monkeypatch, crash)
    assert not report.is_met
    assert "ZeroDivisionError: no such luck" in report.crashes[0]


def test_a_reader_that_drops_a_position_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def drop(reading: Reading) -> Reading:
        tables = {
            name: table.tail(-1) if name == "positions" else table for name, table in reading.tables.items()
        }
        return replace(reading, tables=tables)

    assert not rigged(monkeypatch, drop).is_met


def test_a_reader_that_drops_a_row_and_counts_one_less_is_found_out_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drop(reading: Reading) -> Reading:
        rejects = reading.tables["quarantine"]
        tables = {**reading.tables, "quarantine": rejects.tail(-1)}
        return replace(reading, tables=tables, rows=reading.rows - min(len(rejects), 1))

    assert not rigged(monkeypatch, drop).is_met


def test_a_reader_that_alters_a_whole_row_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def alter(reading: Reading) -> Reading:
        positions = reading.tables.get("positions")
        if positions is None or not len(reading.tables["quarantine"]):
            return reading
        moved = positions.with_columns(lon=positions["lon"] + 0.1)
        return replace(reading, tables={**reading.tables, "positions": moved})

    assert "among damaged ones" in rigged(monkeypatch, alter).losses[0]
