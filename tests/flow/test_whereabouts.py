"""Where a ship can be, asked of a desk."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely

from clearwake.desk import Desk
from clearwake.model import NotFoundError, UsageError, utc
from clearwake.whereabouts.answer import Located
from clearwake.whereabouts.written import geojson, raster

SILENT, JUMPED, FRESH, HURRIED = 563_000_001, 563_000_002, 563_000_003, 563_000_004
START = utc("2024-03-01T00:00")


def rows(mmsi: int, first_h: float, last_h: float, lon: float, lat: float, kn_east: float) -> list[str]:
    """Give a position every ten minutes of a ship on the equator of this sea, sailing east."""
    steps = range(round(first_h * 6), round(last_h * 6) + 1)
    return [
        f"{mmsi},{START + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M:%SZ},{lon + kn_east * n / 6.0 / 60.0:.5f},{lat},80"
        for n in steps
    ]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk with a tanker silent for ten hours, one that came back too far away, and one silent to the end."""
    folder = tmp_path_factory.mktemp("whereabouts")
    lines = ["mmsi,time,lon,lat,ship_type"]
    lines += rows(SILENT, 0, 6, -150.0, 0.0, 12.0) + rows(SILENT, 16, 24, -150.0, 0.0, 12.0)
    lines += rows(JUMPED, 0, 6, -140.0, 5.0, 12.0) + rows(JUMPED, 12, 24, -137.6, 5.0, 12.0)
    lines += rows(FRESH, 8, 12, -130.0, -5.0, 12.0)
    lines += rows(HURRIED, 0, 1, -120.0, -5.0, 12.0) + rows(HURRIED, 2, 3, -119.6, -5.0, 12.0)
    (folder / "ships.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    opened = Desk(folder / "desk")
    opened.read("table", folder / "ships.csv", known_at="time+5min")
    opened.run(steps="all")
    return opened


@pytest.fixture(scope="module")
def silent(desk: Desk) -> Located:
    return desk.whereabouts(mmsi=SILENT, at=utc("2024-03-01T11:00"))


def test_a_silent_tanker_is_somewhere_between_its_ends_at_a_tankers_speed(silent: Located) -> None:
    record = silent.record
    assert record.state == "silent"
    assert record.silence is not None
    assert record.silence.startswith("silence:")
    assert (record.since, record.until) == (utc("2024-03-01T06:00"), utc("2024-03-01T16:00"))
    assert record.limit_kn == 21.0
    assert "tanker" in record.limit_origin
    # 12 kn for 10 h, less the errors at both ends.
    assert record.needed_kn == pytest.approx((120 * 1.853 - 2) / 18.52, abs=0.1)
    # Two discs of 105 nautical miles and 1 km, 195.5 km, their middles 120 miles, 222.3 km, apart: their lens.
    assert record.area_km2 == pytest.approx(38_092.0, rel=0.01)
    assert record.area_km2 == pytest.approx(record.disc_km2, rel=0.001)
    assert (record.lon, record.lat) == pytest.approx((-147.8, 0.0), abs=0.3)
    assert record.half_km2 is not None
    assert record.most_km2 is not None
    assert record.nearly_all_km2 is not None
    assert record.half_km2 < record.most_km2 < record.nearly_all_km2 < record.area_km2
    assert "says nothing against it" in record.told
    assert record.evidence[0] == record.silence
    assert max(record.growth_km2) > 5 * record.growth_km2[1]


def test_a_silence_can_be_asked_by_its_id_and_is_asked_half_way_through(desk: Desk, silent: Located) -> None:
    assert silent.record.silence is not None
    asked = desk.whereabouts(silence=silent.record.silence)
    assert asked.record.at == utc("2024-03-01T11:00")
    assert asked.record.area_km2 == silent.record.area_km2


def test_the_geojson_is_rfc_7946_and_says_what_each_part_is(silent: Located) -> None:
    told = json.loads(json.dumps(geojson(silent)))
    parts = {feature["properties"]["role"]: feature for feature in told["features"]}
    assert list(parts) == [
        "reachable",
        "likely_50",
        "likely_80",
        "likely_95",
        "last_heard",
        "heard_again",
        "likeliest",
    ]
    reachable = parts["reachable"]
    assert reachable["geometry"]["type"] == "MultiPolygon"
    assert reachable["properties"]["limit_kn"] == 21.0
    assert reachable["properties"]["at"] == "2024-03-01T11:00:00.000Z"
    assert len(reachable["properties"]["growth_at"]) == len(reachable["properties"]["growth_km2"])
    area, nearly_all = (
        shapely.geometry.shape(parts[role]["geometry"]) for role in ("reachable", "likely_95")
    )
    assert nearly_all.difference(area.buffer(1e-6)).area < 1e-6
    assert parts["last_heard"]["geometry"]["coordinates"] == pytest.approx([-148.8, 0.0], abs=1e-4)


def test_the_raster_holds_shares_that_sum_to_one(silent: Located) -> None:
    with np.load(io.BytesIO(raster(silent)), allow_pickle=False) as arrays:
        assert arrays["share"].sum() == pytest.approx(1.0)
        assert arrays["lon"].shape == arrays["share"].shape == arrays["km2"].shape
        assert json.loads(str(arrays["about"]))["mmsi"] == SILENT


def test_a_ship_that_was_not_silent_is_where_it_was(desk: Desk) -> None:
    record = desk.whereabouts(mmsi=SILENT, at=utc("2024-03-01T03:05")).record
    assert record.state == "heard"
    assert (record.lon, record.lat) == pytest.approx((-150.0 + 12.0 * 3.083 / 60.0, 0.0), abs=0.01)
    assert record.error_km is not None
    assert record.error_km < 6.0
    assert "was not silent" in record.told


def test_what_it_made_between_two_positions_an_hour_apart_is_believed(desk: Desk) -> None:
    # From 119.8 W to 119.2 W in an hour: 36 miles, faster than any tanker; the numbers say so, and no more.
    record = desk.whereabouts(mmsi=HURRIED, at=utc("2024-03-01T01:30")).record
    assert record.state == "heard"
    assert record.limit_kn == pytest.approx((36.0 * 1.8453 - 2.0) / 1.852 * 1.05, rel=0.01)
    assert "between these two positions" in record.limit_origin


def test_a_return_no_tanker_can_have_made_is_said_to_be_impossible_and_shows_what_each_end_allows(
    desk: Desk,
) -> None:
    found = desk.whereabouts(mmsi=JUMPED, at=utc("2024-03-01T09:00"))
    record = found.record
    assert record.state == "impossible"
    # From 5 N 138.8 W to 5 N 135.2 W: 398.8 km in 6 h.
    assert record.needed_kn == pytest.approx((398.8 - 2.0) / 6.0 / 1.852, abs=0.2)
    assert "No place fits both ends" in record.told
    assert list(found.outlines) == ["from_last", "to_back"]
    assert not any(shape.is_empty for shape in found.outlines.values())
    assert record.area_km2 == 0.0
    assert "reachable" not in {each["properties"]["role"] for each in geojson(found)["features"]}
    fast = desk.whereabouts(mmsi=JUMPED, at=utc("2024-03-01T09:00"), limit_kn=50.0).record
    assert fast.state == "silent"


def test_a_ship_not_heard_again_may_go_on_and_one_not_yet_heard_came_from_somewhere(desk: Desk) -> None:
    after = desk.whereabouts(mmsi=FRESH, at=utc("2024-03-01T20:00")).record
    assert (after.state, after.until) == ("silent", None)
    assert after.area_km2 == pytest.approx(np.pi * (8 * 21 * 1.852 + 1) ** 2, rel=0.01)
    assert after.growth_km2_per_h > 0.0
    before = desk.whereabouts(mmsi=FRESH, at=utc("2024-03-01T04:00")).record
    assert (before.state, before.since) == ("silent", None)
    assert before.silent_h == pytest.approx(4.0)


def test_after_the_desk_stopped_listening_it_says_so(desk: Desk) -> None:
    assert "was listening until" in desk.whereabouts(mmsi=SILENT, at=utc("2024-03-02T06:00")).record.told


def test_what_the_desk_does_not_have_is_not_found(desk: Desk) -> None:
    asked: list[dict[str, Any]] = [
        {"mmsi": 123456789, "at": START}, {"mmsi": SILENT, "at": START, "track": 7},
        {"silence": "silence:none"}, {"sighting": "sighting:none", "at": START},
    ]  # fmt: skip
    for each in asked:
        with pytest.raises(NotFoundError, match="next:"):
            desk.whereabouts(**each)


def test_what_contradicts_itself_is_refused(desk: Desk) -> None:
    asked: list[dict[str, Any]] = [
        {}, {"mmsi": SILENT}, {"mmsi": SILENT, "sighting": "sighting:none", "at": START},
        {"mmsi": SILENT, "at": START, "limit_kn": 0.0}, {"mmsi": SILENT, "at": START, "weights": "run"},
    ]  # fmt: skip
    for each in asked:
        with pytest.raises(UsageError, match="next:"):
            desk.whereabouts(**each)


def test_known_ice_on_its_dates_closes_the_sea_and_can_be_passed_if_asked(desk: Desk, tmp_path: Path) -> None:
    wall = [[[-148.5, -3.0], [-146.5, -3.0], [-146.5, -0.2], [-148.5, -0.2], [-148.5, -3.0]]]
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": wall},
         "properties": {"name": "floe", "kind": "ice", "valid_from": "2024-02-28", "valid_to": until}}
        for until in ("2024-03-02", "2024-02-29")
    ]  # fmt: skip
    file = tmp_path / "ice.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    desk.read("zones", file)
    dates = desk.store.scan("zones").select("valid_to").collect()["valid_to"]
    assert dates.to_list() == [utc("2024-03-03"), utc("2024-03-01")]
    closed = desk.whereabouts(mmsi=SILENT, at=utc("2024-03-01T11:00")).record
    through = desk.whereabouts(mmsi=SILENT, at=utc("2024-03-01T11:00"), through_ice=True).record
    assert (closed.ice, through.ice) == (1, 0)
    assert closed.area_km2 < 0.8 * through.area_km2


def test_a_sighting_of_an_unnamed_ship_reaches_out_on_both_sides_of_its_time(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "seen.csv"
    file.write_text(
        "time,lon,lat,seen\n2024-03-01T10:00:00Z,-149.0,1.0,small tanker without a name\n", encoding="utf-8"
    )
    desk.read("sightings", file)
    seen = str(desk.show("sightings")["id"][0])
    after, before = (
        desk.whereabouts(sighting=seen, at=utc(at)).record for at in ("2024-03-01T13:00", "2024-03-01T07:00")
    )
    assert after.state == before.state == "sighted"
    assert after.area_km2 == pytest.approx(before.area_km2, rel=0.02)
    assert (after.since, after.until) == (utc("2024-03-01T10:00"), None)
    assert (before.since, before.until) == (None, utc("2024-03-01T10:00"))
    assert after.mmsi is None


def test_lanes_learnt_from_other_ships_are_kept(desk: Desk, silent: Located) -> None:
    assert silent.record.state == "silent"
    assert "kept/lanes" in desk.store.tables()
    assert isinstance(desk.store.scan("kept/lanes").collect(), pl.DataFrame)
