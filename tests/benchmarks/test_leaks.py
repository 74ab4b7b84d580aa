"""What the measurement of releases says of itself; the law it measures is in tests/release."""

from __future__ import annotations

from clearwake.benchmarks.leaks import LeakReport, measure


def test_a_few_graphs_are_counted_and_nothing_is_found() -> None:
    told: list[int] = []
    report = measure(3, seed=5, on_progress=lambda _, done, __: told.append(done))
    assert report.is_met
    assert told == [0]
    assert (report.graphs, report.items > 0, report.searched > 0) == (3, True, True)
    assert report.as_json()["is_met"]
    assert report.as_table().row_count == 9


def test_one_finding_of_any_kind_is_a_failure() -> None:
    assert not LeakReport(0, leaks=["the word"]).is_met
    assert not LeakReport(0, differences=["another release"]).is_met
    assert not LeakReport(0, too_much=["3 items given"]).is_met
