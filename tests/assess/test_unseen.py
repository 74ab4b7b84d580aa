"""Possible meetings as reasons: as heavy as they are likely, told for both ships, with rivals against."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from clearwake.assess.unseen import unseen_reasons
from clearwake.model import HULLS_PER_MMSI, PossibleMeeting, schema, utc

A, B = 273_000_001, 538_000_002


def meeting(number: int, probability: float, **given: Any) -> dict[str, Any]:
    return {
        "id": f"possible_meeting:{number}", "kind": "one_silent", "window_start": utc("2026-01-10T10:00"),
        "window_end": utc("2026-01-10T14:00"), "lon": 62.0, "lat": 15.0, "radius_km": 1.0, "mmsi_a": A, "mmsi_b": B,
        "track_a": A * HULLS_PER_MMSI + 1, "track_b": B * HULLS_PER_MMSI + 1, "probability": probability, "rivals": 0,
        "known_at": utc("2026-01-11T00:00"),
    } | given  # fmt: skip


def told(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.concat(unseen_reasons(pl.DataFrame(list(rows), schema=schema(PossibleMeeting))))


def test_a_possible_meeting_weighs_as_much_as_it_is_likely_for_both_ships() -> None:
    reasons = told(meeting(1, 0.5))
    assert reasons.select("mmsi", "kind", "weight").rows() == [
        (A, "perhaps_met_unseen", 1.5),
        (B, "perhaps_met_unseen", 1.5),
    ]
    assert reasons["sentence"][0] == (
        f"could have met {B} 2026-01-10 10:00 to 14:00 UTC, while one of the two was silent: probability 0.5"
    )
    assert reasons["evidence"].to_list() == [["possible_meeting:1"]] * 2


def test_rivals_are_told_against_it_without_counting_twice() -> None:
    against = told(meeting(1, 0.5, rivals=3)).filter(~pl.col("is_for"))
    assert against.select("mmsi", "weight").rows() == [(A, 0.0), (B, 0.0)]
    assert against["sentence"][0].startswith("3 other candidates")


@pytest.mark.parametrize(
    "row", [meeting(1, 0.09), meeting(1, 0.9, kind="delivery", mmsi_b=None, track_b=None)]
)
def test_what_is_unlikely_or_names_no_other_ship_is_no_reason(row: dict[str, Any]) -> None:
    assert told(row).is_empty()
