"""The benchmark of voyages: what is planted is sailed and typed, what is scored is right, and a desk finds it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from clearwake.benchmarks import voyages
from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.voyage_scene import Fact, Scene
from clearwake.benchmarks.voyage_stories import called_elsewhere, draught_encounter
from clearwake.benchmarks.voyage_waters import Waters, least_km
from clearwake.model import DraughtChange, TypologyFinding, VoyageFinding, conform, empty
from clearwake.sphere import distance_m


@pytest.fixture(scope="module")
def scene() -> Scene:
    return voyages.plant(2, 5, each=1, stories=(draught_encounter, called_elsewhere), habits=("steady",))


def heard_of(scene: Scene, mmsi: int, begin: float, end: float) -> pl.DataFrame:
    """Give what is heard of a ship between two hours of the scene."""
    hour = timedelta(hours=1)
    return voyages.heard(scene).filter(
        pl.col("mmsi") == mmsi, pl.col("time").is_between(voyages.BEGIN + begin * hour, voyages.BEGIN + end * hour)
    )  # fmt: skip


def test_ships_that_meet_lie_side_by_side_and_what_one_loses_the_other_gains(scene: Scene) -> None:
    (fact,) = (fact for fact in scene.facts if fact.kind == "draught_encounter")
    assert fact.other is not None
    one, other = (heard_of(scene, mmsi, fact.begin, fact.end) for mmsi in (fact.mmsi, fact.other))
    places = [np.median(ship.select("lon", "lat").to_numpy(), axis=0) for ship in (one, other)]
    apart = distance_m(*places[0], *places[1])
    assert 60.0 < float(apart) < 200.0
    later = [heard_of(scene, mmsi, fact.end, fact.end + 24.5) for mmsi in (fact.mmsi, fact.other)]
    changed = [
        after["draught_m"][-1] - ship["draught_m"][0] for after, ship in zip(later, (one, other), strict=True)
    ]
    assert changed[0] < 0.0 < changed[1]


def test_a_ship_that_calls_elsewhere_still_declares_the_port_it_keeps_away_from(scene: Scene) -> None:
    (fact,) = (fact for fact in scene.facts if fact.kind == "called_elsewhere")
    (port,) = (port for port in Waters().ports if fact.declared in port.said)
    lay = heard_of(scene, fact.mmsi, fact.begin, fact.end - 1.5)
    assert lay["destination"].unique().to_list() == [fact.declared]
    assert least_km(lay.select("lon", "lat").to_numpy(), port) > 60.0


def test_a_desk_finds_what_was_planted_and_says_nothing_of_honest_ships(scene: Scene, tmp_path: Path) -> None:
    tables, _ = voyages.find(voyages.heard(scene), tmp_path)
    lines = voyages.found_lines(scene, tables)
    assert [(line.kind, line.planted, line.found) for line in lines] == [
        ("called_elsewhere", 1, 1), ("draught_encounter", 1, 1),
    ]  # fmt: skip
    assert voyages.honest_lines(scene, tables) == [voyages.HonestLine("steady", 2, 0, 0.0, 0)]


def said(mmsi: int, label: str, hour: float, score: float, declared: str | None = None) -> dict[str, object]:
    """Write a finding that begins at an hour of the scene and lasts three."""
    start = voyages.BEGIN + timedelta(hours=hour)
    return {"mmsi_a": mmsi, "label": label, "start": start, "end": start + timedelta(hours=3), "score": score,
            "declared": declared}  # fmt: skip


def told(*findings: dict[str, object]) -> dict[str, pl.DataFrame]:
    """Give tables that say this and nothing else."""
    rows = conform(pl.DataFrame(findings), VoyageFinding)
    return {"voyage_findings": rows, "draught_changes": empty(DraughtChange),
            "typology_findings": empty(TypologyFinding)}  # fmt: skip


def test_a_finding_counts_with_its_own_label_ship_text_and_time_only() -> None:
    made = Scene(np.random.default_rng(0))
    made.facts = [Fact("heading_away", "heading_away", 7, 50.0, 60.0, declared="KRPUS")]
    for row, found in (
        (said(7, "heading_away", 55.0, 0.4, "KRPUS"), 1),
        (said(8, "heading_away", 55.0, 0.4, "KRPUS"), 0),
        (said(7, "detour", 55.0, 0.4, "KRPUS"), 0),
        (said(7, "heading_away", 55.0, 0.4, "CNSHA"), 0),
        (said(7, "heading_away", 90.0, 0.4, "KRPUS"), 0),
    ):
        assert voyages.found_lines(made, told(row)) == [voyages.VoyageLine("heading_away", 1, found)]


def test_what_scores_half_and_more_of_an_honest_ship_is_wrong_and_fails_the_report() -> None:
    made = Scene(np.random.default_rng(0))
    made.habits = {7: "weather"}
    low, high = (
        tuple(voyages.honest_lines(made, told(said(7, "detour", 5.0, score)))) for score in (0.45, 0.5)
    )
    assert low == (voyages.HonestLine("weather", 1, 1, 0.45, 0),)
    assert high == (voyages.HonestLine("weather", 1, 1, 0.5, 1),)
    reports = [voyages.VoyageReport(0, 12, 100, 1.0, (), lines, this_machine()) for lines in (low, high)]
    assert [report.is_met for report in reports] == [True, False]
    assert reports[1].as_json()["wrong_per_1000_ship_days"] == 1000.0 / 12
    assert reports[1].as_table().row_count == 1


def test_nine_in_ten_of_every_kind_must_be_found() -> None:
    for found, is_met in ((27, True), (26, False)):
        lines = (voyages.VoyageLine("detour", 30, found),)
        assert voyages.VoyageReport(0, 12, 100, 1.0, lines, (), this_machine()).is_met is is_met
