from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from clearwake.model import UnreadableFileError, Zone, schema, utc
from clearwake.places import read_zones, zones_and_rejects

NORWAY = shapely.box(2.0, 60.0, 4.0, 62.0)
JOINT = shapely.box(-1.0, 60.0, 2.0, 62.0)


def marine_regions(path: Path, crs: str = "EPSG:4326", **options: Any) -> Path:
    """Write a small file with the attribute names of Marine Regions' EEZ product."""
    fields = {
        "MRGID": np.array([5686, 48966], np.int64),
        "GEONAME": np.array(
            ["Norwegian Exclusive Economic Zone", "Joint regime area United Kingdom / Norway"], np.object_
        ),
        "POL_TYPE": np.array(["200NM", "Joint regime"], np.object_),
        "TERRITORY1": np.array(["Norway", "United Kingdom"], np.object_),
        "ISO_TER1": np.array(["NOR", "GBR"], np.object_),
        "SOVEREIGN1": np.array(["Norway", "United Kingdom"], np.object_),
        "TERRITORY2": np.array([None, "Norway"], np.object_),
        "SOVEREIGN2": np.array([None, "Norway"], np.object_),
    }
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array([NORWAY, JOINT], np.object_)),
        field_data=list(fields.values()),
        fields=list(fields),
        geometry_type="Polygon",
        crs=crs,
        **options,
    )
    return path


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def square(west: float, south: float, size: float = 1.0) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("name", ["eez.shp", "eez.gpkg"])
def test_marine_regions_files_are_read_with_their_own_attribute_names(tmp_path: Path, name: str) -> None:
    zones = read_zones(marine_regions(tmp_path / name))
    assert zones.schema == schema(Zone)
    assert zones.select("name", "kind", "origin", "country", "country_name", "line").rows() == [
        ("Norwegian Exclusive Economic Zone", "eez", name, "NOR", "Norway", 1),
        (
            "Joint regime area United Kingdom / Norway",
            "joint_regime",
            name,
            None,
            "United Kingdom / Norway",
            2,
        ),
    ]
    assert shapely.from_wkb(zones["geometry"][0]).equals(NORWAY)


def test_a_users_areas_come_as_geojson_with_at_least_a_name(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "watch.geojson",
        feature(square(120.0, 25.0), name="Watch box"),
        feature(square(30.0, 40.0), title="Strait", kind="risk_area", country="Nowhere"),
        feature(square(31.0, 41.0)),
    )
    zones = read_zones(path)
    assert zones.select("name", "kind", "country", "country_name").rows() == [
        ("Watch box", "user", None, None),
        ("Strait", "risk_area", None, "Nowhere"),
        ("watch.geojson 3", "user", None, None),
    ]


def test_what_the_caller_says_goes_before_what_the_file_says(tmp_path: Path) -> None:
    zones = read_zones(marine_regions(tmp_path / "eez.gpkg"), kind="fishery", origin="decree 12")
    assert zones["kind"].to_list() == ["fishery", "fishery"]
    assert zones["origin"].to_list() == ["decree 12", "decree 12"]


def test_an_area_drawn_beyond_the_antimeridian_is_brought_back(tmp_path: Path) -> None:
    path = geojson(tmp_path / "fiji.geojson", feature(square(179.0, -18.0, 2.0), name="Fiji"))
    area = shapely.from_wkb(read_zones(path)["geometry"][0])
    assert area.equals(
        shapely.union(shapely.box(179.0, -18.0, 180.0, -16.0), shapely.box(-180.0, -18.0, -179.0, -16.0))
    )


def test_a_polygon_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    area = shapely.from_wkb(
        read_zones(geojson(tmp_path / "x.geojson", feature(bow_tie, name="X")))["geometry"][0]
    )
    assert area.is_valid
    assert area.area == pytest.approx(2.0)


def test_features_that_are_no_areas_are_set_aside_and_the_others_kept(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "mixed.geojson",
        feature(square(0.0, 0.0), name="good"),
        feature({"type": "Point", "coordinates": [1.0, 2.0]}, name="a buoy"),
        feature(None, name="nothing"),
        feature(square(700.0, 0.0), name="far out"),
    )
    zones, rejects = zones_and_rejects(path)
    assert zones["name"].to_list() == ["good"]
    assert rejects.select("source", "origin", "line", "reason").rows() == [
        ("zones", "mixed.geojson", 2, "not a polygon but a Point"),
        ("zones", "mixed.geojson", 3, "no geometry"),
        ("zones", "mixed.geojson", 4, "outside the globe: 700.0 to 701.0 E, 0.0 to 1.0 N"),
    ]
    assert "a buoy" in rejects["found"][0]
    with pytest.raises(UnreadableFileError, match="feature 2"):
        read_zones(path)


def test_a_file_in_another_projection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="EPSG:3857"):
        read_zones(marine_regions(tmp_path / "eez.gpkg", crs="EPSG:3857"))


@pytest.mark.parametrize("content", [b"", b"<html><body>Not found</body></html>", b'{"type": "FeatureColl'])
def test_a_file_that_is_none_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "zones.geojson"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"zones\.geojson"):
        read_zones(path)


def test_a_zone_may_say_when_it_was_there_and_a_mere_date_is_that_day(tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "ice.geojson",
        feature(square(0, 80), kind="ice", start="2024-03-01", end="2024-03-08"),
        feature(square(2, 80), kind="ice", date="2024-03-01"),
        feature(square(4, 80), kind="ice", valid_from="2024-03-01T06:00:00Z"),
        feature(square(6, 80), kind="ice"),
        feature(square(8, 80), kind="user", start="the lighthouse", to="the mole"),
    )
    zones = read_zones(file)
    assert zones.select("valid_from", "valid_to").rows() == [
        (utc("2024-03-01"), utc("2024-03-09")),
        (utc("2024-03-01"), utc("2024-03-02")),
        (utc("2024-03-01T06:00"), None),
        (None, None),
        (None, None),
    ]


def test_a_zone_whose_dates_cannot_be_read_or_run_backwards_is_set_aside(tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "ice.geojson",
        feature(square(0, 80), kind="ice", start="in winter"),
        feature(square(2, 80), kind="ice", start="2024-03-08", end="2024-03-01"),
        feature(square(4, 80), kind="ice"),
    )
    zones, rejects = zones_and_rejects(file)
    assert zones["line"].to_list() == [3]
    assert rejects["reason"].to_list() == ["neither date nor time: in winter", "ends before it begins"]
