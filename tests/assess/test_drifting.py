"""Which drifts leave room for a meeting that was not heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

Table = Callable[..., pl.DataFrame]

A, B = 303_350_200, 367_564_890


def said(rows: pl.DataFrame) -> list[tuple[str, float]]:
    """Give kinds and weights of what was said of ship A."""
    return [(kind, weight) for kind, weight in rows.filter(mmsi=A).select("kind", "weight").rows()]


def test_half_a_day_slow_and_alone_far_offshore_is_a_small_reason(loiterings: Table, reasons: Table) -> None:
    found = reasons(loiterings=loiterings((A, {})))
    assert said(found) == [("drifted_offshore", 0.75)]
    assert found["sentence"].item() == (
        "moved at 0.8 kn on average for 12.0 h, 200 km from the coast, 2020-06-30 02:00 to 14:00 UTC, "
        "with no other ship heard beside it"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"duration_h": 1.5}, []),
        ({"duration_h": 2.0}, [("drifted_offshore", 0.25)]),
        ({"duration_h": 7.0}, [("drifted_offshore", 0.5)]),
        ({"coast_km": 30.0}, [("drifted_near_coast", 0.0)]),
        ({"coast_km": None}, [("drifted_near_coast", 0.0)]),
        ({"anchorage_km": 4.0}, [("drifted_near_coast", 0.0)]),
        ({"anchorage_km": None}, [("drifted_offshore", 0.75)]),
    ],
)
def test_what_a_drift_weighs_follows_length_and_place(
    loiterings: Table, reasons: Table, given: dict[str, Any], expected: list[tuple[str, float]]
) -> None:
    assert said(reasons(loiterings=loiterings((A, given)))) == expected


def test_a_drift_during_a_meeting_is_that_meeting(
    loiterings: Table, encounters: Table, reasons: Table
) -> None:
    found = reasons(loiterings=loiterings((A, {})), encounters=encounters((A, B, {})))
    assert said(found) == [("met_offshore", 3.0)]


def test_a_fishing_ship_drifts_for_a_living(loiterings: Table, reasons: Table, claims: Table) -> None:
    found = reasons(loiterings=loiterings((A, {})), claims=claims((A, {"ship_type": 30})))
    assert said(found) == [("drifted_offshore", 0.75), ("service_ship", 1.5)]
