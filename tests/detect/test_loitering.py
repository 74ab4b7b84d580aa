"""Loitering: slow by the way made good, in sliding hours, from one hour on."""

from __future__ import annotations

import polars as pl
import pytest
from tests.tables import DEG_PER_M, A, B, events, heard, north, when

from clearwake.detect import loitering
from clearwake.model import utc


def test_a_ship_that_lies_still_for_an_hour_loiters_and_one_that_lies_for_fifty_minutes_does_not() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(B, "2026-01-01T00:00", "2026-01-01T00:50", (9, 0)),
    ]
    found = events(loitering(), rows, until="2026-01-01T06:00")
    assert found["mmsi_a"].to_list() == [A]
    assert when(found) == [("2026-01-01T00:00", "2026-01-01T01:00")]
    assert found.select("duration_h", "mean_speed_kn", "travelled_km").row(0) == (1.0, 0.0, 0.0)


def test_a_drifter_of_just_under_two_knots_loiters_and_one_of_just_over_does_not() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T05:00", lambda h: north(h, 1.9)),
        heard(B, "2026-01-01T00:00", "2026-01-01T05:00", lambda h: north(h, 2.1, (9, 0))),
    ]
    found = events(loitering(), rows, until="2026-01-01T09:00")
    assert found["mmsi_a"].to_list() == [A]
    assert found["mean_speed_kn"].to_list() == pytest.approx([1.9])
    assert found["travelled_km"].to_list() == pytest.approx([1.9 * 1.852 * 5], abs=1e-4)


def test_what_counts_is_the_way_made_good_and_not_the_speed_a_ship_reports() -> None:
    still = heard(A, "2026-01-01T00:00", "2026-01-01T02:00", (0, 0)).with_columns(
        speed_kn=pl.lit(11.0, pl.Float32)
    )
    sailing = heard(B, "2026-01-01T00:00", "2026-01-01T02:00", lambda h: north(h, 11, (9, 0))).with_columns(
        speed_kn=pl.lit(0.0, pl.Float32)
    )
    assert events(loitering(), [still, sailing], until="2026-01-01T09:00")["mmsi_a"].to_list() == [A]


def steams_lies_and_steams(speed_kn: float) -> pl.DataFrame:
    """North for two hours, three hours still, and north again."""
    return heard(
        A, "2026-01-01T00:00", "2026-01-01T08:00", lambda h: north(min(h, 2) + max(h - 5, 0), speed_kn)
    )


def test_a_ship_that_stops_at_sea_loiters_from_where_it_stopped_to_where_it_went_on() -> None:
    found = events(loitering(), steams_lies_and_steams(13), until="2026-01-01T12:00")
    # An hour with one step of ten minutes at 13 kn has a mean over 2 kn.
    assert when(found) == [("2026-01-01T02:00", "2026-01-01T05:00")]


def test_the_way_in_and_out_does_not_belong_to_it_though_its_hour_was_slow() -> None:
    found = events(loitering(), steams_lies_and_steams(7), until="2026-01-01T12:00")
    # An hour with one step at 7 kn has a mean of 1.2 kn, but the step itself is not slow.
    assert when(found) == [("2026-01-01T02:00", "2026-01-01T05:00")]
    assert found["mean_speed_kn"].to_list() == pytest.approx([0.0], abs=0.01)


def test_it_has_no_end_while_it_lasts_and_an_end_once_nothing_was_heard_for_an_hour() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T03:00", (0, 0))
    assert when(events(loitering(), rows, until="2026-01-01T03:59")) == [("2026-01-01T00:00", None)]
    assert when(events(loitering(), rows, until="2026-01-01T04:00")) == [
        ("2026-01-01T00:00", "2026-01-01T03:00")
    ]


def test_a_silence_of_more_than_an_hour_is_not_bridged() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T02:00", (0, 0)),
        heard(A, "2026-01-01T03:10", "2026-01-01T05:00", (0, 0)),
    ]
    found = events(loitering(), rows, until="2026-01-01T09:00")
    assert when(found) == [
        ("2026-01-01T00:00", "2026-01-01T02:00"),
        ("2026-01-01T03:10", "2026-01-01T05:00"),
    ]


def test_satellite_positions_every_fifty_minutes_are_enough() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T05:00", (0, 0), every_min=50)
    assert when(events(loitering(), rows, until="2026-01-01T09:00")) == [
        ("2026-01-01T00:00", "2026-01-01T05:00")
    ]


def test_it_goes_on_over_midnight_and_lies_in_the_middle_of_its_way() -> None:
    rows = heard(A, "2026-01-01T22:00", "2026-01-02T02:00", lambda h: north(h, 1.0, (5.0, 60.0)))
    found = events(loitering(), rows, until="2026-01-02T09:00")
    assert when(found) == [("2026-01-01T22:00", "2026-01-02T02:00")]
    # Four miles north in all; the ten-minute places from the first step on lie around two miles.
    assert found["lat"].to_list() == pytest.approx([60.0 + 2.08 / 60], abs=0.001)


def test_a_drift_over_the_antimeridian_lies_on_it() -> None:
    across = 3 * 1852 * DEG_PER_M
    rows = heard(
        A,
        "2026-01-01T00:00",
        "2026-01-01T03:00",
        lambda h: ((180 - across / 2 + across * h / 3 + 180) % 360 - 180, 0),
    )
    found = events(loitering(), rows, until="2026-01-01T09:00")
    assert found["mean_speed_kn"].to_list() == pytest.approx([1.0], abs=1e-4)
    assert abs(found["lon"][0]) == pytest.approx(180.0, abs=0.005)


def test_a_drift_over_the_pole_is_slow_whatever_the_longitude_does() -> None:
    rows = heard(
        A, "2026-01-01T00:00", "2026-01-01T04:00", lambda h: (0 if h < 2 else 180, 90 - abs(h - 2) / 60)
    )
    found = events(loitering(), rows, until="2026-01-01T09:00")
    assert when(found) == [("2026-01-01T00:00", "2026-01-01T04:00")]
    assert found["mean_speed_kn"].to_list() == pytest.approx([1.0], abs=0.001)


def test_evidence_and_knowledge_are_those_of_its_first_and_last_fixes() -> None:
    rows = heard(A, "2026-01-01T00:00", "2026-01-01T02:00", (0, 0))
    (found,) = events(loitering(), rows, until="2026-01-01T09:00").iter_rows(named=True)
    assert found["evidence"] == [f"position:{A}@2026-01-01T0{h}:00:00.000Z" for h in (0, 2)]
    assert found["known_at"] == utc("2026-01-01T02:05")
