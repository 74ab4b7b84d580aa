"""The measurement of the ledger plants years of which it knows what was delivered."""

from __future__ import annotations

import numpy as np

from clearwake.benchmarks.ledger import FIXED, PRACTICES, measure, plant


def test_a_year_is_planted_with_stages_second_tellings_and_lawful_deliveries() -> None:
    planted = plant(np.random.default_rng(4), "assumed")
    told = [row.id for row in planted.rows]
    assert planted.cargoes + planted.notified < len(told) + len(planted.notes)
    assert any(row.stage_of for row in planted.rows)
    assert any(row.receipt == 2 for row in planted.rows)
    assert sum(row.status == "refuted" for row in planted.rows) == 3
    assert len(planted.notes) == planted.notified
    assert plant(np.random.default_rng(4), "assumed") == planted


def test_every_cargo_of_a_few_years_counts_once() -> None:
    report = measure(1, seed=8)
    assert [each.practice for each in report.scores] == [*PRACTICES, *FIXED]
    assert [each.miscounted for each in report.scores] == [0] * 5
    assert "Ledger: 1 planted years" in str(report.as_table().title)
    assert report.as_json()["seed"] == 8
