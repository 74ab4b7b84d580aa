"""Zones of the user's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely

from clearwake.model import UnreadableFileError, Zone, schema

Read = Callable[..., Any]

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def polygon(ring: list[list[int]], **said: object) -> dict[str, object]:
    return {"type": "Feature", "properties": said, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: object, **more: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})


def test_a_polygon_with_a_name_is_a_zone(read: Read) -> None:
    found = read("zones", collection(polygon(SQUARE, name="Box", kind="user")), origin="box.geojson")
    zones = found.tables["zones"]
    assert zones.schema == schema(Zone)
    assert zones.select("name", "kind", "origin", "line").rows() == [("Box", "user", "box.geojson", 1)]
    assert shapely.from_wkb(zones["geometry"][0]).area == pytest.approx(1.0)


def test_what_is_no_polygon_is_rejected_and_the_others_are_kept(read: Read) -> None:
    point = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    found = read("zones", collection(polygon(SQUARE, name="A"), point, polygon(SQUARE, name="B")))
    assert found.tables["zones"]["name"].to_list() == ["A", "B"]
    assert found.reasons == [(2, "not a polygon but a Point")]


def test_a_bare_polygon_is_one_zone(read: Read) -> None:
    assert len(read("zones", json.dumps(polygon(SQUARE)["geometry"])).tables["zones"]) == 1


def test_a_file_of_which_features_would_be_lost_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="3 features, of which 2 can be read"):
        read("zones", collection(polygon(SQUARE), polygon(SQUARE), "not a feature"))


@pytest.mark.parametrize("content", ["name,lon,lat\nA,1,2\n", "{", '{"type": "Topology"}', "<html></html>"])
def test_what_is_no_geojson_is_refused_whole(read: Read, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        read("zones", content)


def test_coordinates_that_are_not_degrees_are_refused(read: Read) -> None:
    mercator = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    with pytest.raises(UnreadableFileError, match="EPSG:3857"):
        read("zones", collection(polygon(SQUARE), crs=mercator))
