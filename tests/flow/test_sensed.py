"""What other eyes saw, through a desk: matched after a run, explained down to the bytes, told in the ranking."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

import clearwake
from clearwake.flow.explain import Explanation
from clearwake.model import utc

SHIP, OTHER = 351000001, 273000002
MINUTES = range(0, 24 * 60, 5)


def reports(day: str) -> str:
    """Two ships a day: one sails east at 54 north, the other lies at 54.3."""
    rows = ["mmsi,time,lon,lat"]
    for minute in MINUTES:
        at = f"{day}T{minute // 60:02}:{minute % 60:02}"
        rows += [f"{SHIP},{at},{3.0 + minute * 0.0015:.6f},54.0", f"{OTHER},{at},4.0,54.3"]
    return "\n".join(rows)


def image(*hulls: tuple[str, float, float]) -> str:
    """A GeoJSON of hulls: time, longitude, latitude."""
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
         "properties": {"time": time, "scene": "one", "length": 120, "sensor": "optical"}}
        for time, lon, lat in hulls
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)


@pytest.fixture
def desk(tmp_path: Path) -> clearwake.Desk:
    """A desk with two days of two ships, run."""
    opened = clearwake.open(tmp_path / "desk")
    for day in ("2026-01-01", "2026-01-02"):
        (tmp_path / f"{day}.csv").write_text(reports(day))
        opened.read("table", tmp_path / f"{day}.csv", known_at="time+1h")
    opened.run()
    return opened


def leaves(explained: Explanation) -> set[str]:
    text = explained.details.get("text")
    return {str(text)} if text else {line for child in explained.children for line in leaves(child)}


def moment(time: str) -> datetime:
    return utc(f"2026-01-{time}")


def test_detections_are_matched_explained_and_told_in_the_ranking(
    desk: clearwake.Desk, tmp_path: Path
) -> None:
    # At noon SHIP is at 3.0 + 720 x 0.0015 = 4.08 east; beside it lies a hull that nobody explains.
    file = tmp_path / "image.geojson"
    file.write_text(image(("2026-01-01T12:00:00Z", 4.0801, 54.0), ("2026-01-01T12:00:00Z", 4.0801, 54.0006)))
    with desk:
        desk.read("detections", file, known_at="2026-01-01T15:00")
        rows = desk.show("detections").sort("lat")
        assert rows.select("status", "mmsi").rows() == [("matched", SHIP), ("dark", None)]
        assert f"MMSI {SHIP}" in rows["reasons"][0][0]
        assert {line.split(",")[0] for line in leaves(desk.explain(rows["id"][0])) if "," in line} >= {
            str(SHIP)
        }
        (side,) = desk.show("side_by_side").iter_rows(named=True)
        assert (side["label"], side["mmsi_a"], side["mmsi_b"]) == ("one_dark", SHIP, None)
        assert side["apart_m"] == pytest.approx(66.7, abs=0.5)
        said = desk.rank().filter(mmsi=SHIP)["sentences"][0]
        assert any("from a hull without AIS, 120 m long" in sentence for sentence in said)
        before = desk.show("detections", as_of=moment("01T14:00"))
        assert before.is_empty()


def test_a_scene_over_midnight_is_one_scene_and_what_is_read_later_is_matched_too(
    desk: clearwake.Desk, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.geojson", tmp_path / "second.geojson"
    first.write_text(image(("2026-01-01T23:59:50Z", 4.0, 54.3), ("2026-01-02T00:00:10Z", 4.0, 54.3003)))
    second.write_text(image(("2026-01-02T06:00:00Z", 4.0, 54.3001)))
    with desk:
        desk.read("detections", first)
        assert sorted(desk.show("detections")["status"]) == ["dark", "matched"]
        desk.read("detections", second)
        desk.read("detections", first)
        rows = desk.show("detections")
        assert rows.height == 3
        assert rows["mmsi"][2] == OTHER


def test_detections_of_a_desk_that_was_not_run_are_unsearched(tmp_path: Path) -> None:
    (tmp_path / "image.geojson").write_text(image(("2026-01-01T12:00:00Z", 4.08, 54.0)))
    with clearwake.open(tmp_path / "desk") as desk:
        assert desk.show("detections").is_empty()
        assert desk.show("side_by_side").is_empty()
        assert desk.show("sightings").is_empty()
        desk.read("detections", tmp_path / "image.geojson")
        assert desk.show("detections")["status"].to_list() == ["unsearched"]


def test_gear_that_transmits_is_not_a_dark_hull(desk: clearwake.Desk, tmp_path: Path) -> None:
    rows = [
        f"941234567,2026-01-01T{hour:02}:{minute:02},3.6,53.8" for hour in range(24) for minute in (0, 30)
    ]
    (tmp_path / "gear.csv").write_text("\n".join(["mmsi,time,lon,lat", *rows]))
    (tmp_path / "image.geojson").write_text(image(("2026-01-01T12:10:00Z", 3.6001, 53.8)))
    with desk:
        desk.read("table", tmp_path / "gear.csv")
        desk.run()
        desk.read("detections", tmp_path / "image.geojson")
        (row,) = desk.show("detections").iter_rows(named=True)
        assert (row["status"], row["mmsi"], row["track"]) == ("matched", 941234567, None)
        assert any("not numbered as a ship's" in reason for reason in row["reasons_against"])


def test_sightings_are_matched_with_their_photographs_and_explained(
    desk: clearwake.Desk, tmp_path: Path
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"light")
    report = {"time": "2026-01-01T12:00Z", "lon": 4.08, "lat": 54.0, "error_m": 500, "mmsi": SHIP, "observer": "JS X",
              "seen": "alongside, hoses connected", "photos": "photo.jpg", "grading": "B2"}  # fmt: skip
    (tmp_path / "seen.json").write_text(json.dumps(report))
    with desk:
        desk.read("sightings", tmp_path / "seen.json", marking="TLP:AMBER")
        (row,) = desk.show("sightings").iter_rows(named=True)
        assert (row["status"], row["mmsi"], len(row["photographs"]), row["codes"]) == (
            "named", SHIP, 1, ["alongside", "hoses_connected"],
        )  # fmt: skip
        assert any("hoses connected" in line for line in leaves(desk.explain(row["id"])))
        said = desk.rank().filter(mmsi=SHIP)["sentences"][0]
        assert any(sentence.startswith("+ seen alongside, hoses connected") for sentence in said)
