"""Which meetings are reasons to look, which have an ordinary explanation, and how they are worded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

Table = Callable[..., pl.DataFrame]

A, B, C = 303_350_200, 367_564_890, 412_000_001


def kinds(rows: pl.DataFrame, mmsi: int) -> list[tuple[str, float]]:
    """Give what was said of one ship: kinds and weights."""
    return [(kind, weight) for kind, weight in rows.filter(mmsi=mmsi).select("kind", "weight").rows()]


def test_a_meeting_far_offshore_is_a_reason_for_both_ships(encounters: Table, reasons: Table) -> None:
    found = reasons(encounters=encounters((A, B, {})))
    assert kinds(found, A) == [("met_offshore", 3.0)]
    assert kinds(found, B) == [("met_offshore", 3.0)]
    assert found["evidence"].to_list() == [["encounter:1"], ["encounter:1"]]


def test_the_sentence_measures_and_does_not_accuse(encounters: Table, reasons: Table, claims: Table) -> None:
    given = {"min_apart_m": 408.4, "together_h": 1.52, "duration_h": 1.52, "coast_km": 179.3, "label": "short",
             "apart_after_km": None}  # fmt: skip
    found = reasons(encounters=encounters((A, B, given)), claims=claims((B, {"name": "MARY ANN"})))
    assert found.filter(mmsi=A)["sentence"].item() == (
        "was within 408 m of MARY ANN (367564890) for 1.5 h at 0.6 kn (median), 179 km from the coast, "
        "2020-06-30 02:00 to 05:00 UTC; 14.0 km apart an hour before, not both heard an hour after"
    )


@pytest.mark.parametrize(
    ("given", "kind", "weight"),
    [
        ({"label": "short"}, "met_briefly_offshore", 2.0),
        ({"label": "short", "coast_km": 22.224}, "met_briefly_offshore", 1.0),
        ({"label": "short", "coast_km": None}, "met_briefly_offshore", 1.0),
        ({"label": "underway"}, "met_under_way", 1.5),
        ({"coast_km": 15.0}, "met_nearshore", 0.75),
        ({"apart_before_km": None, "apart_after_km": None}, "met_offshore", 3.0),
        ({"apart_before_km": None}, "met_offshore", 3.0),
        ({"apart_before_km": 0.4}, "met_offshore", 3.0),
    ],
)
def test_what_a_meeting_weighs_follows_label_and_coast(
    encounters: Table, reasons: Table, given: dict[str, Any], kind: str, weight: float
) -> None:
    assert kinds(reasons(encounters=encounters((A, B, given))), A) == [(kind, weight)]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"label": "in_port"}, "met_in_port"),
        ({"apart_before_km": 0.4, "apart_after_km": 0.5}, "kept_company"),  # a convoy lying slow
        ({"apart_before_km": 0.4, "apart_after_km": None}, "kept_company"),
        ({"label": "underway", "apart_before_km": 0.4}, "kept_company"),  # a tow that was cast off
        ({"label": "underway", "apart_before_km": None}, "kept_company"),
        ({"label": "short", "coast_km": 9.0}, "met_near_coast"),
        ({"label": "underway", "coast_km": 9.0}, "met_near_coast"),
        ({"coast_km": 0.0}, "met_near_coast"),  # two barges on the Mississippi
    ],
)
def test_ordinary_meetings_raise_nothing(
    encounters: Table, reasons: Table, given: dict[str, Any], kind: str
) -> None:
    assert kinds(reasons(encounters=encounters((A, B, given))), A) == [(kind, 0.0)]


def test_a_pilot_or_tug_near_the_coast_raises_nothing(
    encounters: Table, reasons: Table, claims: Table
) -> None:
    met = encounters(
        (A, B, {"label": "short", "coast_km": 40.0}), (A, C, {"label": "underway", "coast_km": 40.0})
    )
    said = claims((B, {"ship_type": 50}), (C, {"ship_type": 52}))
    assert kinds(reasons(encounters=met, claims=said), A) == [("passed_service_ship", 0.0)]


def test_a_tug_far_offshore_speaks_against_but_does_not_excuse(
    encounters: Table, reasons: Table, claims: Table
) -> None:
    met = encounters((A, B, {"label": "short"}))
    found = reasons(encounters=met, claims=claims((A, {"ship_type": 52})))
    assert kinds(found, B) == [("met_briefly_offshore", 2.0), ("service_ship", 1.5)]
    assert found.filter(mmsi=B, is_for=False)["sentence"].item() == (
        "303350200 says its trade is tug: such ships meet and accompany others for a living"
    )


def test_pair_trawlers_raise_nothing(encounters: Table, reasons: Table, claims: Table) -> None:
    met = encounters((A, B, {"label": "underway", "median_speed_kn": 3.5}))
    said = claims((A, {"ship_type": 30}), (B, {"ship_type": 30}))
    assert kinds(reasons(encounters=met, claims=said), A) == [("passed_service_ship", 0.0)]


def test_fishing_ships_beside_each_other_weigh_less(encounters: Table, reasons: Table, claims: Table) -> None:
    said = claims((A, {"ship_type": 30}), (B, {"ship_type": 30}))
    found = reasons(encounters=encounters((A, B, {})), claims=said)
    assert kinds(found, A) == [("met_offshore", 3.0), ("fishing_together", 1.5)]


def test_neighbours_in_port_are_told_in_one_sentence(encounters: Table, reasons: Table) -> None:
    port = {"label": "in_port"}
    found = reasons(encounters=encounters((A, B, port), (A, B, port), (A, C, port)))
    row = found.filter(mmsi=A)
    assert row["sentence"].item() == "3 meetings with 2 ships in or near a port or anchorage: not counted"
    assert row["evidence"].item().to_list() == ["encounter:1", "encounter:2", "encounter:3"]


def test_a_meeting_with_a_listed_ship_names_the_designation(
    encounters: Table, reasons: Table, matches: Table
) -> None:
    found = reasons(
        encounters=encounters((A, B, {"label": "short", "coast_km": 30.0})), matches=matches((B, "match", {}))
    )
    row = found.filter(mmsi=A, kind="met_listed_ship")
    assert row["weight"].item() == 5.0
    assert row["evidence"].item().to_list() == ["encounter:1", "ofac:24508"]
    assert row["sentence"].item().endswith("that ship is a match of PATRIOT on list ofac")


def test_lying_in_port_beside_a_listed_ship_is_no_meeting_with_it(
    encounters: Table, reasons: Table, matches: Table
) -> None:
    found = reasons(encounters=encounters((A, B, {"label": "in_port"})), matches=matches((B, "match", {})))
    assert kinds(found, A) == [("met_in_port", 0.0)]


def test_a_meeting_with_a_namesake_is_no_meeting_with_a_listed_ship(
    encounters: Table, reasons: Table, matches: Table
) -> None:
    found = reasons(encounters=encounters((A, B, {})), matches=matches((B, "namesake", {})))
    assert kinds(found, A) == [("met_offshore", 3.0)]
