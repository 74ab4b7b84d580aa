"""Zone entries: stays inside areas, from the first fix inside to the first fix outside."""

from __future__ import annotations

import polars as pl
import pytest
import shapely
from tests.tables import A, B, events, harbour, heard, when, world

from clearwake.detect import zone_entry
from clearwake.model import Zone, conform, utc
from clearwake.places import Atlas


def box(name: str, west: float, south: float, east: float, north: float) -> dict[str, object]:
    """An area someone drew."""
    drawn = shapely.to_wkb(shapely.box(west, south, east, north))
    return {"name": name, "kind": "user", "origin": "areas.geojson", "geometry": drawn}


def sea(*areas: dict[str, object]) -> Atlas:
    return harbour().with_zones(conform(pl.DataFrame(list(areas)), Zone))


SQUARE = box("Square", 0, 0, 1, 1)


def eastward(first: str = "00:00", last: str = "12:00", lon: float = -0.51) -> pl.DataFrame:
    """A ship on 0.5 N that makes 0.2 degrees of longitude an hour."""
    return heard(A, f"2026-01-01T{first}", f"2026-01-01T{last}", lambda h: (lon + 0.2 * h, 0.5))


def test_a_ship_that_crosses_an_area_is_inside_from_the_first_fix_in_it_to_the_first_beyond() -> None:
    found = events(zone_entry(sea(SQUARE)), eastward(), "2026-01-02T00:00")
    # At 02:40 it is at 0.023 E, at 07:30 at 0.99 E, at 07:40 at 1.023 E.
    assert when(found) == [("2026-01-01T02:40", "2026-01-01T07:40")]
    stay = found.row(0, named=True)
    assert (stay["zone"], stay["zone_kind"], stay["zone_origin"]) == ("Square", "user", "areas.geojson")
    assert stay["duration_h"] == pytest.approx(5.0)
    assert (stay["lon"], stay["lat"]) == pytest.approx((0.2 * 8 / 3 - 0.51, 0.5))
    assert stay["evidence"] == [f"position:{A}@2026-01-01T{t}:00.000Z" for t in ("02:40", "07:30")]
    assert stay["known_at"] == utc("2026-01-01T07:35")


def test_a_stay_has_no_end_while_the_ship_is_inside() -> None:
    found = events(zone_entry(sea(SQUARE)), eastward(last="05:00"), "2026-01-02T00:00")
    assert found.select("end", "duration_h").row(0) == (None, None)


def test_a_ship_first_heard_inside_is_inside_since_then() -> None:
    found = events(zone_entry(sea(SQUARE)), eastward(lon=0.5), "2026-01-02T00:00")
    assert when(found) == [("2026-01-01T00:00", "2026-01-01T02:40")]


def test_every_stay_is_one_of_its_own() -> None:
    slow = heard(
        A, "2026-01-01T00:00", "2026-01-01T12:00", lambda h: (1.11 - 0.2 * min(h % 4, 4 - h % 4), 0.5)
    )
    found = events(zone_entry(sea(SQUARE)), slow, "2026-01-02T00:00")
    assert when(found) == [
        ("2026-01-01T00:40", "2026-01-01T03:30"),
        ("2026-01-01T04:40", "2026-01-01T07:30"),
        ("2026-01-01T08:40", "2026-01-01T11:30"),
    ]


def test_areas_that_overlap_each_have_their_stay() -> None:
    atlas = sea(SQUARE, box("Eastern half", 0.5, 0, 1, 1))
    found = events(zone_entry(atlas), eastward(), "2026-01-02T00:00")
    assert list(zip(found["zone"].to_list(), when(found), strict=True)) == [
        ("Square", ("2026-01-01T02:40", "2026-01-01T07:40")),
        ("Eastern half", ("2026-01-01T05:10", "2026-01-01T07:40")),
    ]
    assert found["id"].n_unique() == 2


def test_ships_in_no_area_have_no_stays() -> None:
    far = heard(B, "2026-01-01T00:00", "2026-01-01T12:00", (40, -40))
    assert events(zone_entry(sea(SQUARE)), far, "2026-01-02T00:00").is_empty()


def test_what_is_derived_from_the_coast_says_that_it_is_approximate() -> None:
    # Five nautical miles off Cabo da Roca, and a hundred.
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (-9.605, 38.78)),
        heard(B, "2026-01-01T00:00", "2026-01-01T01:00", (-11.6, 38.78)),
    ]
    found = events(zone_entry(world()), rows, "2026-01-02T00:00").sort("mmsi_a", "zone_kind")
    assert found.select("mmsi_a", "zone_kind", "zone_origin").rows() == [
        (A, "territorial_sea", "approximate"),
        (B, "eez", "approximate"),
    ]
    assert all("Portugal" in zone for zone in found["zone"])
