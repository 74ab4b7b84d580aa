"""How evidence is weighed: sums by hand, and what each piece of it does to the likely cause."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from clearwake.reception.evidence import Evidence
from clearwake.reception.weighing import CAUSES, log_odds, weighed

PLAIN = {
    "lasted_h": 10.0, "is_open": False, "coast_km": 50.0, "shore_km": 50.0, "harbour_km": 60.0, "speed_kn": 12.0,
    "lies": False, "nav_status": np.nan, "moved_km": 40.0, "own_quarters": 4.0, "fading": 1.0, "record_h": 12.0,
    "neighbours_before": 10, "neighbours_heard": 10, "edge_odds": 1.0, "near_h": 100.0, "region_h": 500.0,
    "band_h": 1000.0, "heard_h": 5000.0, "looked_h": 10.0, "anybody": True,
}  # fmt: skip
"""A ship under way 50 km off a coast that many sail along and are heard; everything else is nothing."""


def _evidence(**known: float) -> Evidence:
    values = {f.name: 0.0 for f in fields(Evidence)} | PLAIN | known
    return Evidence(**{name: np.array([value]) for name, value in values.items()})


def _scores(**known: float) -> dict[str, float]:
    return weighed(_evidence(**known)).row(0, named=True)


def _cause(**known: float) -> str:
    scores = _scores(**known)
    return max(CAUSES, key=lambda name: scores[name])


def test_the_odds_are_the_sum_of_what_speaks_for_and_against() -> None:
    assert log_odds(_evidence()) == pytest.approx([-1.0])
    assert log_odds(_evidence(missed=5.0)) == pytest.approx([-1.0 + 4.0])
    assert log_odds(_evidence(missed=60.0)) == pytest.approx([-1.0 + 4.8])
    assert log_odds(_evidence(lasted_h=2.0)) == pytest.approx([-1.0 - 2.0])
    assert log_odds(_evidence(lasted_h=5.0)) == pytest.approx([-1.0 - 0.5])
    against = _evidence(missed=5.0, poor_share=0.5, edge_odds=np.e, likewise=3, outward=1.0, usual_a_day=0.3)
    assert log_odds(against) == pytest.approx([-1.0 + 4.0 - 1.625 - 1.0 - 1.0 - 1.25 - np.log(2.0)])
    assert log_odds(_evidence(missed=5.0, own_quarters=0.3)) == pytest.approx([-1.0 + 2.4])
    assert log_odds(_evidence(missed=5.0, fading=0.4)) == pytest.approx([-1.0 + 4.0 - 0.45])
    assert log_odds(_evidence(missed=5.0, outward=-1.0)) == pytest.approx([-1.0 + 4.0 + 1.25])


def test_shares_are_parts_of_one() -> None:
    scores = _scores(missed=4.0, outage_share=0.3, poor_share=0.3)
    assert sum(scores.values()) == pytest.approx(1.0, abs=0.003)


def test_a_silence_no_chance_explains_is_the_ships_doing_and_a_common_one_is_not() -> None:
    assert _cause(missed=6.0) == "switched_off"
    assert _cause(missed=1.0) == "out_of_reception"
    assert _cause(missed=6.0, usual_a_day=1.0) == "out_of_reception"


def test_where_little_or_nobody_was_heard_nothing_is_said_of_a_ship() -> None:
    nothing = {"near_h": 0.1, "region_h": 0.1, "band_h": 0.1, "record_h": 0.5}
    assert _cause(missed=6.0, **nothing) == "unknown"
    assert _cause(missed=6.0, anybody=False) == "unknown"


def test_where_none_of_several_neighbours_was_heard_on_nobody_is_accused() -> None:
    assert _cause(missed=6.0, neighbours_before=6, neighbours_heard=5) == "switched_off"
    assert _cause(missed=6.0, neighbours_before=6, neighbours_heard=2) == "switched_off"
    assert _cause(missed=6.0, neighbours_before=6, neighbours_heard=0) == "unknown"
    assert _cause(missed=6.0, neighbours_before=2, neighbours_heard=0) == "switched_off"


def test_a_course_away_from_the_coast_speaks_for_the_reach_of_stations() -> None:
    along, away = (_scores(missed=2.0, outward=outward)["switched_off"] for outward in (0.0, 1.0))
    assert along > 0.55
    assert away < 0.45


def test_waters_in_which_hardly_anybody_is_ever_heard_are_out_of_reception_where_many_are_heard_elsewhere() -> (
    None
):
    empty = {"missed": 1.0, "poor_share": 0.7, "near_h": 0.2, "region_h": 0.5, "band_h": 40.0}
    assert _cause(**empty) == "out_of_reception"
    assert _cause(**empty, heard_h=50.0) == "unknown"


def test_a_record_cut_as_others_are_is_not_switched_off_for_good() -> None:
    assert _cause(missed=6.0, is_open=True, cut_share=0.1) == "switched_off"
    assert _cause(missed=6.0, is_open=True, cut_share=0.9) == "unknown"


def test_messages_of_a_crowd_collide() -> None:
    assert _cause(missed=1.0, poor_share=0.9, crowd=40.0) == "crowding"


def test_in_roads_a_ship_makes_fast_near_a_port_or_the_shore() -> None:
    roads = {"missed": 6.0, "moved_km": 1.1, "speed_kn": 8.0, "own_near": 0.2, "own_still": 0.4}
    assert _cause(coast_km=2.3, shore_km=2.3, harbour_km=2.0, **roads) == "moored"
    assert _cause(coast_km=2.3, shore_km=0.4, harbour_km=8.0, **roads) == "moored"
    assert _cause(coast_km=2.3, shore_km=2.3, harbour_km=8.0, **roads) == "switched_off"


def test_a_ship_never_heard_lying_still_made_fast_beside_a_port_and_hardly_elsewhere() -> None:
    passing = {
        "missed": 6.0,
        "moved_km": 0.8,
        "speed_kn": 8.0,
        "own_near": 0.15,
        "coast_km": 0.3,
        "shore_km": 0.3,
    }
    assert _cause(harbour_km=1.0, **passing) == "moored"
    assert _cause(harbour_km=3.0, **passing) == "switched_off"
    assert _cause(harbour_km=3.0, own_still=0.5, **passing) == "moored"
