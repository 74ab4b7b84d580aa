"""Which silences are reasons to look; most have an ordinary explanation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
import pytest

Table = Callable[..., pl.DataFrame]
Read = Callable[[str], datetime]

A = 303_350_200


def said(rows: pl.DataFrame) -> list[tuple[str, float]]:
    """Give kinds and weights of what was said of ship A."""
    return [(kind, weight) for kind, weight in rows.filter(mmsi=A).select("kind", "weight").rows()]


def test_a_long_silence_far_offshore_that_looks_switched_off_is_a_reason(gaps: Table, reasons: Table) -> None:
    found = reasons(gaps=gaps((A, {})))
    assert said(found) == [("silent_far_offshore", 2.0)]
    assert found["sentence"].item() == (
        "was not heard for 14.0 h, last heard 200 km from the coast; heard again 150 km away, "
        "2020-06-30 02:00 to 16:00 UTC; 80 positions a day are usually heard there; "
        "looks switched off with a confidence of 1.0"
    )


@pytest.mark.parametrize(
    ("given", "kind", "weight"),
    [
        ({"duration_h": 7.0}, "silent_perhaps", 0.5),
        ({"cause_confidence": 0.5}, "silent_far_offshore", 1.0),
        ({"likely_cause": "out_of_reception"}, "poor_reception", 0.0),
        ({"likely_cause": "crowding"}, "poor_reception", 0.0),
        ({"reception": 6.0}, "poor_reception", 0.0),
        ({"likely_cause": "feed_outage"}, "feed_outage", 0.0),
        ({"feed_ok": False}, "feed_outage", 0.0),
        ({"feed_ok": None}, "silent_far_offshore", 2.0),
        ({"likely_cause": "moored"}, "silent_at_berth", 0.0),
        ({"likely_cause": "unknown"}, "silent_unexplained", 0.0),
        ({"likely_cause": None, "cause_confidence": None}, "silent_unexplained", 0.0),
    ],
)
def test_what_a_silence_weighs_follows_its_likely_cause_and_the_confidence_in_it(
    gaps: Table, reasons: Table, given: dict[str, Any], kind: str, weight: float
) -> None:
    assert said(reasons(gaps=gaps((A, given)))) == [(kind, weight)]


@pytest.mark.parametrize(
    ("coast_km", "kind", "weight"), [(92.0, "silent_perhaps", 0.5), (22.0, "silent_near_coast", 0.0)]
)
def test_near_the_coast_a_silence_counts_less_and_in_the_territorial_sea_not_at_all(
    gaps: Table, reasons: Table, coast_km: float, kind: str, weight: float
) -> None:
    assert said(reasons(gaps=gaps((A, {})), coast_km=coast_km)) == [(kind, weight)]


def test_a_silence_that_lasts_says_that_the_ship_was_not_heard_again(gaps: Table, reasons: Table) -> None:
    open_gap = {"end": None, "moved_km": None, "implied_speed_kn": None, "end_lon": None, "end_lat": None}
    sentence = reasons(gaps=gaps((A, open_gap)))["sentence"].item()
    assert "not heard again, from 2020-06-30 02:00 UTC on" in sentence


def test_a_silence_at_berth_is_not_counted(gaps: Table, reasons: Table, port_calls: Table, at: Read) -> None:
    visit = port_calls((A, {"start": at("2020-06-29T20:00"), "end": at("2020-06-30T18:00")}))
    found = reasons(gaps=gaps((A, {})), port_calls=visit)
    assert said(found) == [("silent_at_berth", 0.0)]
    assert (
        found["sentence"].item()
        == "1 silence of up to 14.0 h while lying in a port or anchorage: not counted"
    )


def test_a_port_call_that_ended_before_does_not_excuse_a_silence(
    gaps: Table, reasons: Table, port_calls: Table, at: Read
) -> None:
    visit = port_calls((A, {"start": at("2020-06-28T20:00"), "end": at("2020-06-29T01:00")}))
    assert said(reasons(gaps=gaps((A, {})), port_calls=visit)) == [("silent_far_offshore", 2.0)]
