"""Sightings held against names and tracks: both are told where they disagree."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.matching.scenes import NOON, beside, sailing

from clearwake.matching import match_sightings
from clearwake.matching.sightings import errors
from clearwake.model import IdentityClaim, MatchedSighting, Sighting, conform, schema

HAVEN, OTHER, GONE = 211000001, 311000002, 412000003

CLAIMS = conform(
    pl.DataFrame({
        "mmsi": [HAVEN, OTHER, GONE], "name": ["HAVEN STAR", "WAN HENG 11", "RYE SONG GANG 1"],
        "imo": ["9074729", None, "7389704"], "callsign": ["DABC", None, None],
        "first_seen": NOON, "last_seen": NOON, "reports": 1, "source": "made up",
    }),
    IdentityClaim,
)  # fmt: skip


def judged(**said: Any) -> dict[str, Any]:
    """Judge one sighting at noon at 10, 55; HAVEN passes there, OTHER is 40 km away."""
    row = {"id": "sighting:0", "time": NOON, "lon": 10.0, "lat": 55.0, "error_m": 1000.0, **said}
    fixes = pl.concat([sailing(HAVEN, 10.003, 55.001, 8.0), sailing(OTHER, 10.6, 55.1, 8.0)])
    lengths = pl.DataFrame(schema={"mmsi": pl.Int64, "length_m": pl.Float64})
    claims = CLAIMS.select("mmsi", "name", "imo", "callsign", "flag", "last_seen")
    found = match_sightings(conform(pl.DataFrame([row]), Sighting), fixes, claims, lengths)
    assert found.schema == schema(MatchedSighting)
    return found.row(0, named=True)


@pytest.mark.parametrize(
    "marks", [{"name": "M/V Haven Star"}, {"name": "HAVENSTAR"}, {"imo": "9074729"}, {"callsign": "D-ABC"},
              {"claimed_mmsi": HAVEN}, {"name": "HAVEN STAB"}]
)  # fmt: skip
def test_a_ship_whose_marks_and_track_agree_is_named(marks: dict[str, Any]) -> None:
    row = judged(**marks)
    assert (row["status"], row["mmsi"]) == ("named", HAVEN)
    assert row["distance_m"] < row["tolerance_m"]
    assert row["evidence"]


def test_a_ship_without_marks_is_placed_by_its_track() -> None:
    row = judged()
    assert (row["status"], row["mmsi"]) == ("placed", HAVEN)
    assert row["candidate_mmsis"] == [HAVEN]


def test_marks_that_contradict_the_place_are_told_both_ways() -> None:
    row = judged(name="Wan Heng 11")
    assert (row["status"], row["mmsi"]) == ("named_elsewhere", OTHER)
    assert row["distance_m"] == pytest.approx(40_000.0, rel=0.05)
    assert set(row["candidate_mmsis"]) == {HAVEN, OTHER}
    assert any(f"MMSI {HAVEN}" in said for said in row["reasons_against"])
    assert any("another ship's" in said for said in row["reasons_against"])


def test_a_known_ship_that_was_not_heard_is_named_all_the_same() -> None:
    row = judged(name="Rye Song Gang No.1", imo="7389704")
    assert (row["status"], row["mmsi"], row["track"]) == ("named_unheard", GONE, None)
    assert row["candidate_mmsis"][0] == GONE


def test_a_mark_that_differs_is_told_beside_the_one_that_agrees() -> None:
    row = judged(imo="9074729", name="SOMETHING ELSE")
    assert row["status"] == "named"
    assert any("name read SOMETHING ELSE, claimed HAVEN STAR" in said for said in row["reasons_against"])


def test_a_hull_nobody_explains_is_unnamed_where_ais_was_heard_and_unsearched_elsewhere() -> None:
    row = judged(**beside(10.0, 55.0, 0.0, 20_000.0))
    assert (row["status"], row["mmsi"], row["candidates"]) == ("unnamed", None, [])
    assert judged(lon=60.0)["status"] == "unsearched"


def test_a_place_without_an_error_is_as_doubtful_as_its_rounding() -> None:
    places = pl.DataFrame(
        {
            "lon": [124.9, 124.0, 124.90123, 124.5],
            "lat": [31.1, 31.0, 31.1, 31.25],
            "error_m": [None, None, None, 300.0],
        }
    )
    assert errors(places).tolist() == pytest.approx([5560.0, 55_600.0, 1000.0, 300.0])
