"""What other eyes say of a ship weighs as its grades do, and a hull that nobody explains accuses nobody."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from clearwake.assess.sensed import sensed_reasons
from clearwake.assess.weights import BY_KIND
from clearwake.model import MatchedDetection, MatchedSighting, SideBySide, conform, utc

SHIP, OTHER = 211000001, 311000002
NOON = utc("2026-01-01T12:00")


def told(**tables: pl.DataFrame) -> list[dict[str, Any]]:
    return [row for frame in sensed_reasons(tables) for row in frame.iter_rows(named=True)]


def sighting(**said: Any) -> pl.DataFrame:
    row = {
        "id": "sighting:1",
        "time": NOON,
        "lon": 10.0,
        "lat": 55.0,
        "codes": [],
        "status": "named",
        "mmsi": SHIP,
        **said,
    }
    return conform(pl.DataFrame([row], infer_schema_length=None), MatchedSighting)


def beside(**said: Any) -> pl.DataFrame:
    row = {
        "id": "side_by_side:1", "kind": "side_by_side", "version": 1, "start": NOON, "end": NOON, "lon": 10.0,
        "lat": 55.0, "mmsi_a": SHIP, "apart_m": 60.0, "detection_a": "detection:1", "detection_b": "detection:2",
        "label": "one_dark", **said,
    }  # fmt: skip
    return conform(pl.DataFrame([row], infer_schema_length=None), SideBySide)


def test_a_ship_seen_in_a_transfer_is_told_in_words_with_who_saw_it() -> None:
    (row,) = told(sightings=sighting(codes=["night", "hoses_connected", "alongside"], observer="JS X",
                                     reliability="A", credibility=1))  # fmt: skip
    assert (row["kind"], row["mmsi"], row["weight"]) == (
        "sighted_transfer",
        SHIP,
        BY_KIND["sighted_transfer"].weight,
    )
    assert row["sentence"] == "seen alongside, hoses connected on 2026-01-01 12:00 UTC by JS X"
    assert row["evidence"] == ["sighting:1"]


@pytest.mark.parametrize(
    ("grades", "share"),
    [(("A", 1), 1.0), (("B", 2), 0.81), (("E", 5), 0.015), ((None, None), 0.6), (("F", 6), 0.25)],
)
def test_a_sighting_weighs_as_its_grades_do(grades: tuple[str | None, int | None], share: float) -> None:
    rows = told(sightings=sighting(codes=["crane"], reliability=grades[0], credibility=grades[1]))
    weight = next(row["weight"] for row in rows if row["is_for"])
    assert weight == pytest.approx(share * BY_KIND["sighted_transfer"].weight, abs=0.011)
    assert any(row["kind"] == "sighting_doubted" for row in rows) == (grades == ("E", 5))


def test_marks_read_where_its_ais_was_not_do_not_tell_what_that_ship_did() -> None:
    (row,) = told(sightings=sighting(codes=["alongside"], status="named_elsewhere", distance_m=40_000.0))
    assert row["kind"] == "sighted_elsewhere"
    assert "40.0 km from where its AIS was" in row["sentence"]


def test_a_sighting_without_a_ship_and_an_ordinary_one_say_nothing() -> None:
    assert told(sightings=sighting(codes=["alongside"], status="unnamed", mmsi=None)) == []
    assert told(sightings=sighting(codes=["under_way"])) == []


def test_a_ship_beside_a_dark_hull_is_told_of_and_a_small_hull_speaks_against() -> None:
    (large,) = told(side_by_side=beside(length_b_m=150.0))
    assert (large["kind"], large["weight"]) == ("beside_dark_hull", BY_KIND["beside_dark_hull"].weight)
    assert large["sentence"] == (
        "on 2026-01-01 12:00 UTC it lay 60 m from a hull without AIS, 150 m long, where AIS was heard"
    )
    small = {row["kind"]: row for row in told(side_by_side=beside(length_b_m=18.0))}
    assert small["beside_dark_hull"]["weight"] < large["weight"] / 3
    assert not small["beside_small_craft"]["is_for"]


@pytest.mark.parametrize("label", ["in_port", "both_dark", "unsearched"])
def test_hulls_in_port_or_that_nobody_knows_accuse_nobody(label: str) -> None:
    assert told(side_by_side=beside(label=label)) == []


def test_two_ships_in_one_image_are_told_of_each_other() -> None:
    rows = told(side_by_side=beside(label="matched", mmsi_b=OTHER))
    assert {(row["mmsi"], row["kind"]) for row in rows} == {
        (SHIP, "beside_in_image"),
        (OTHER, "beside_in_image"),
    }


def test_images_that_found_a_ship_where_its_ais_was_speak_for_it_and_count_nothing() -> None:
    rows = [
        {"id": f"detection:{i}", "time": NOON, "lon": 10.0, "lat": 55.0, "status": status, "mmsi": mmsi,
         "likelihood": 0.95, "distance_m": 50.0 + i}
        for i, (status, mmsi) in enumerate([("matched", SHIP), ("matched", SHIP), ("dark", None)])
    ]  # fmt: skip
    (row,) = told(detections=conform(pl.DataFrame(rows), MatchedDetection))
    assert (row["kind"], row["is_for"], row["weight"]) == ("seen_where_heard", False, 0.0)
    assert row["sentence"] == "2 images found it where its AIS said it was, 51 m off at most"
