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


def test_a_long_silence_far_offshore_where_ships_are_heard_well_is_a_reason(
    gaps: Table, reasons: Table
) -> None:
    found = reasons(gaps=gaps((A, {})))
    assert said(found) == [("silent_far_offshore", 2.0)]
    assert found["sentence"].item() == (
        "was not heard for 14.0 h, last heard 200 km from the coast; heard again 150 km away, "
        "2020-06-30 02:00 to 16:00 UTC; 80 positions a day are usually heard there"
    )


@pytest.mark.parametrize(
    ("given", "kind", "weight"),
    [
        ({"duration_h": 7.0}, "silent_perhaps", 0.5),
        ({"reception": None}, "silent_perhaps", 0.5),
        ({"reception": 6.0}, "poor_reception", 0.0),
        ({"feed_ok": False}, "feed_outage", 0.0),
        ({"feed_ok": None}, "silent_far_offshore", 2.0),
    ],
)
def test_what_a_silence_weighs_follows_length_and_reception(
    gaps: Table, reasons: Table, given: dict[str, Any], kind: str, weight: float
) -> None:
    assert said(reasons(gaps=gaps((A, given)))) == [(kind, weight)]


def test_a_silence_near_the_coast_is_not_counted(gaps: Table, reasons: Table) -> None:
    assert said(reasons(gaps=gaps((A, {})), coast_km=92.0)) == [("silent_near_coast", 0.0)]


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


def test_six_ships_that_fall_silent_together_point_to_the_feed(gaps: Table, reasons: Table, at: Read) -> None:
    others = [
        (367_000_000 + n, {"start": at(f"2020-06-30T02:{10 * n:02d}"), "lon": -90.0 + n / 10})
        for n in range(1, 6)
    ]
    assert said(reasons(gaps=gaps((A, {}), *others))) == [("feed_outage", 0.0)]


def test_ships_that_fall_silent_elsewhere_or_later_do_not(gaps: Table, reasons: Table, at: Read) -> None:
    far = [(367_000_000 + n, {"lon": 10.0}) for n in range(3)]
    late = [(368_000_000 + n, {"start": at("2020-06-30T09:00")}) for n in range(3)]
    assert said(reasons(gaps=gaps((A, {}), *far, *late))) == [("silent_far_offshore", 2.0)]


def test_one_ship_that_often_falls_silent_is_no_outage(gaps: Table, reasons: Table, at: Read) -> None:
    own = [(A, {"start": at(f"2020-06-30T02:{10 * n:02d}")}) for n in range(6)]
    assert {kind for kind, _ in said(reasons(gaps=gaps(*own)))} == {"silent_far_offshore"}
