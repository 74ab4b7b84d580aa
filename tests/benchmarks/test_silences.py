"""The benchmark of causes: what is planted is silent, what is scored is counted right."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.silence_report import SilenceReport
from clearwake.benchmarks.silences import POSITIONS, Plant, region_outage, scored, switch_offs
from clearwake.model import utc

DAY = utc("2026-01-01")


def fleet() -> Plant:
    """Sixty ships that sail east for a day and report every ten minutes."""
    minutes = np.arange(0, 1440, 10)
    frames = [
        pl.DataFrame({
            "mmsi": 211_000_000 + n, "time": [DAY + timedelta(minutes=int(m)) for m in minutes],
            "lon": 5.0 + minutes / 400.0 + 0.05 * n, "lat": 50.0 + 0.01 * n, "speed_kn": 10.0, "course_deg": 90.0,
            "nav_status": 0,
        }, schema=POSITIONS)
        for n in range(60)
    ]  # fmt: skip
    return Plant(pl.concat(frames), np.random.default_rng(1))


def test_a_ship_switched_off_says_nothing_until_it_is_on_again() -> None:
    plant = fleet()
    switch_offs(plant, 5)
    assert len({fact[0] for fact in plant.truth}) == 5
    for mmsi, cause, _, began, ended in plant.truth:
        assert cause == "switched_off"
        said = plant.positions.filter(pl.col("mmsi") == mmsi)["time"]
        assert not said.is_between(began, ended).any()
        assert (said < began).any()
        assert (said > ended).any()


def test_in_a_real_day_a_ship_switched_off_where_no_others_are_heard_is_told_apart() -> None:
    plant = fleet()
    alone = plant.positions.filter(pl.col("mmsi") == 211_000_000)
    plant.positions = pl.concat(
        (plant.positions, alone.with_columns(mmsi=pl.lit(999, pl.Int64), lat=pl.col("lat") + 3.0))
    )
    plant.is_real = True
    switch_offs(plant, 61)
    kinds = {mmsi: kind for mmsi, _, kind, _, _ in plant.truth}
    assert {mmsi for mmsi, kind in kinds.items() if kind == "switched_off_unheard"} == {999}
    assert {cause for _, cause, *_ in plant.truth} == {"switched_off"}
    assert len(kinds) == 61


def test_a_region_of_so_many_ships_falls_silent_at_once() -> None:
    plant = fleet()
    region_outage(plant, ships=20)
    assert len(plant.truth) == 20
    assert len({(began, ended) for *_, began, ended in plant.truth}) == 1


def test_a_gap_counts_for_the_fact_whose_time_it_covers_and_an_accusation_in_an_outage_fails() -> None:
    plant = fleet()
    hours = [DAY + timedelta(hours=h) for h in (4, 11, 12, 20)]
    plant.tell(211_000_001, "region_outage", hours[0], hours[1])
    plant.tell(211_000_002, "region_outage", hours[0], hours[1])
    plant.tell(211_000_003, "moored", hours[0], hours[1])
    gaps = pl.DataFrame({
        "mmsi_a": [211_000_001, 211_000_002, 211_000_003], "start": [hours[0], hours[0], hours[2]],
        "end": [hours[1], hours[1], hours[3]], "likely_cause": ["feed_outage", "switched_off", "moored"],
    }).cast({"start": POSITIONS["time"], "end": POSITIONS["time"]})  # fmt: skip
    outage, berth = scored("made up", plant, gaps)
    assert (outage.planted, outage.missed, outage.right, outage.accused) == (2, 0, 1, 1)
    assert (berth.planted, berth.missed) == (0, 1)
    assert not outage.is_met
    report = SilenceReport(1, 60, 0.1, (outage, berth), this_machine())
    assert not report.is_met
    assert "region_outage" in str(report.as_json())
