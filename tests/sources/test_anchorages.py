"""Anchorages of the user's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from clearwake.model import Anchorage, UnreadableFileError, schema

Read = Callable[..., Any]


def point(east: object, north: object, **said: object) -> dict[str, object]:
    place = {"type": "Point", "coordinates": [east, north]}
    return {"type": "Feature", "properties": said, "geometry": place}


def test_a_table_with_name_lon_and_lat_is_enough(read: Read) -> None:
    found = read("anchorages", "name,lon,lat\nLaconian Gulf,22.75,36.55\n")
    places = found.tables["anchorages"]
    assert places.schema == schema(Anchorage)
    assert places.select("name", "lon", "lat", "origin", "kind", "line").rows() == [
        ("Laconian Gulf", 22.75, 36.55, "user", "anchorage", 2)
    ]


def test_other_spellings_and_more_columns_are_recognised(read: Read) -> None:
    found = read(
        "anchorages",
        "Port;Latitude;Longitude;Kind;ISO3;Radius km;LOCODE\nAugusta;37,2;15,2;port;ITA;5;IT AUG\n",
    )
    assert found.tables["anchorages"].select(
        "name", "lon", "lat", "kind", "country", "radius_km", "locode"
    ).rows() == [("Augusta", 15.2, 37.2, "port", "ITA", 5.0, "IT AUG")]


def test_columns_can_be_named_explicitly(read: Read) -> None:
    found = read("anchorages", "place,x,y\nA,1,2\n", mapping={"name": "place", "lon": "x", "lat": "y"})
    assert len(found.tables["anchorages"]) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1,2,,", "name missing"),
        ("A,east,2,,", "lon unreadable"),
        ("A,1,,,", "lat unreadable"),
        ("A,181,2,,", "lon out of range"),
        ("A,1,-91,,", "lat out of range"),
        ("A,1,2,berth,", "kind neither port nor anchorage"),
        ("A,1,2,,wide", "radius_km unreadable"),
        ("A,1,2,,900", "radius_km out of range"),
        ("A,1", "too few fields"),
    ],
)
def test_a_bad_row_is_rejected_with_line_and_reason(read: Read, row: str, reason: str) -> None:
    found = read("anchorages", f"name,lon,lat,kind,radius_km\nB,1,2,,\n{row}\n")
    assert found.reasons == [(3, reason)]
    assert len(found.tables["anchorages"]) == 1


def test_points_of_geojson_are_read(read: Read) -> None:
    points = [
        point(22.75, 36.55, Name="Laconian Gulf", lon=0, radius_km="7"),
        point(1, 2),
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {"type": "LineString", "coordinates": []},
        },
        point("east", 2, name="A"),
        point(1e999, 2, name="A"),
        None,
    ]
    found = read("anchorages", json.dumps({"type": "FeatureCollection", "features": points}))
    assert found.tables["anchorages"].select("name", "lon", "radius_km", "line").rows() == [
        ("Laconian Gulf", 22.75, 7.0, 1)
    ]
    assert found.reasons == [
        (2, "name missing"), (3, "not a point"), (4, "not a point"), (5, "lon out of range"), (6, "not a point"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", ["mmsi,x\n1,2\n", '{"a": 1}', "{", "<html></html>", "PAR1xxxx", " " * 5000, "x" * (25 << 20)]
)
def test_what_is_no_table_of_anchorages_is_refused_whole(read: Read, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        read("anchorages", content)
