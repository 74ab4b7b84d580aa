"""Detections: three columns are enough, what radar needs is read where it is given, areas in three notations."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import shapely

from clearwake.model import Detection, UnreadableFileError, schema

Read = Callable[..., Any]


def one(read: Read, header: str, row: str) -> dict[str, Any]:
    found = read("detections", f"time,lon,lat,{header}\n2018-02-13T09:30:00Z,124.9,31.1,{row}\n")
    detection: dict[str, Any] = found.tables["detections"].row(0, named=True)
    return detection


def feature(place: object, **said: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": place,
        "properties": {"acquisition_time": "2018-02-13T09:30:00Z", **said},
    }


def test_time_longitude_and_latitude_are_enough(read: Read) -> None:
    found = read("detections", "timestamp,lon,lat\n2018-02-13T09:30:00Z,124.9,31.1\n").tables["detections"]
    assert found.schema == schema(Detection)
    row = {k: v for k, v in found.row(0, named=True).items() if v not in (None, [])}
    assert row.keys() == {"id", "time", "lon", "lat", "line"}


def test_a_radar_feature_is_read_with_all_it_says(read: Read) -> None:
    point = {"type": "Point", "coordinates": [124.9, 31.1]}
    said = {
        "satellite": "Sentinel-1A", "scene_id": "S1A_IW", "length": 120, "beam": 20, "heading": 300,
        "pass": "DESCENDING", "incidence_angle": 35, "R/V": 113, "confidence": 0.9, "uncertainty_m": 50,
        "footprint": "120,30,126,33",
    }  # fmt: skip
    whole = {"type": "FeatureCollection", "features": [feature(point, **said)]}
    row = read("detections", json.dumps(whole)).tables["detections"].row(0, named=True)
    assert shapely.from_wkb(row.pop("footprint")).bounds == (120, 30, 126, 33)
    assert {k: v for k, v in row.items() if v not in (None, []) and k not in ("id", "time")} == {
        "lon": 124.9, "lat": 31.1, "error_m": 50.0, "sensor": "radar", "platform": "Sentinel-1A",
        "scene": "S1A_IW", "length_m": 120.0, "width_m": 20.0, "heading_deg": 120.0,
        "platform_heading_deg": 190.0, "incidence_deg": 35.0, "range_velocity_s": 113.0, "score": 0.9, "line": 1,
    }  # fmt: skip


def test_an_outline_across_the_antimeridian_lies_in_its_middle(read: Read) -> None:
    ring = [[179.9, 10.0], [-179.9, 10.0], [-179.9, 10.2], [179.9, 10.2], [179.9, 10.0]]
    outline = feature({"type": "Polygon", "coordinates": [ring]})
    lines = "\n".join(json.dumps(each) for each in (outline, outline | {"geometry": None}))
    found = read("detections", lines)
    row = found.tables["detections"].row(0, named=True)
    assert abs(row["lon"]) == pytest.approx(180.0, abs=1e-6)
    assert row["lat"] == pytest.approx(10.1, abs=1e-3)
    assert found.reasons == [(2, "lon missing")]


@pytest.mark.parametrize(
    ("column", "said", "issues"),
    [
        ("confidence", "7", ["score: '7' is none"]),
        ("confidence", "-0.1", ["score: '-0.1' is none"]),
        ("confidence", "high", ["score: 'high' is none"]),
        ("confidence", "1", []),
        ("orbit", "sideways", ["orbit: 'sideways' is none"]),
        ("orbit", "Descending", []),
    ],
)
def test_a_score_beyond_one_and_an_orbit_of_no_half_are_said_and_not_kept(
    read: Read, column: str, said: str, issues: list[str]
) -> None:
    row = one(read, column, said)
    assert row["issues"] == issues
    assert row["score"] == (1.0 if said == "1" else None)
    assert row["platform_heading_deg"] == (190.0 if said == "Descending" else None)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("SAR", "radar"), ("electro-optical", "optical"), ("VIIRS", "night_light"), ("RF", "radio"),
     ("Sentinel-2", "optical"), ("night light", "night_light"), ("magic", None)],
)  # fmt: skip
def test_sensors_are_known_by_kind_or_satellite(read: Read, said: str, kind: str | None) -> None:
    row = one(read, "sensor", said)
    assert row["sensor"] == kind
    assert bool(row["issues"]) == (kind is None)


def test_what_cannot_be_is_left_out_and_said(read: Read) -> None:
    row = one(read, "length_m,heading_deg,incidence_deg,footprint,error_m", "900,400,95,nowhere,-3")
    assert [row[name] for name in ("length_m", "heading_deg", "incidence_deg", "footprint", "error_m")] == [
        None
    ] * 5
    assert len(row["issues"]) == 5


def test_areas_are_read_in_three_notations(read: Read) -> None:
    wkt = "POLYGON((0 0, 0 1, 1 1, 1 0, 0 0))"
    geojson = json.dumps(shapely.geometry.mapping(shapely.from_wkt(wkt)))
    frame = pl.DataFrame({"time": ["2018-02-13T09:30:00Z"] * 3, "lon": [1.0, 2.0, 3.0], "lat": [0.0] * 3,
                          "footprint": [wkt, geojson, "0 0 1 1"]})  # fmt: skip
    file = io.BytesIO()
    frame.write_parquet(file)
    areas = read("detections", file.getvalue()).tables["detections"]["footprint"].to_list()
    assert [shapely.from_wkb(each).area for each in areas] == [1.0, 1.0, 1.0]


def test_rows_without_a_place_are_put_aside_and_a_broken_document_is_refused(read: Read) -> None:
    found = read("detections", '[{"time": "2018-02-13T09:30:00Z", "lon": 1, "lat": 2},\n {"time": 5}, 7]')
    assert found.reasons == [(2, "not a JSON object"), (2, "time before 1990")]
    with pytest.raises(UnreadableFileError):
        read("detections", '{"type": "FeatureCollection", "features": [')
