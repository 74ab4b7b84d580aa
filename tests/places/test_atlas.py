from __future__ import annotations

import pickle

import numpy as np
import polars as pl
import pytest
import shapely

from clearwake import places
from clearwake.model import Zone, table

ATLAS = places.load()
NM_DEG = 1.0 / 60.0


def names_at(atlas: places.Atlas, lon: float, lat: float) -> set[tuple[str, str]]:
    """Kind and country of every zone there."""
    points, zones = atlas.zones_at([lon], [lat])
    assert points.tolist() == [0] * len(points)
    return set(atlas.zones[zones].select("kind", "country_name").rows())


def test_the_atlas_is_loaded_once() -> None:
    assert places.load() is places.load()


def test_every_approximate_zone_says_so() -> None:
    zones = ATLAS.zones
    assert zones["origin"].unique().to_list() == ["approximate"]
    assert zones["kind"].value_counts().sort("kind").rows() == [
        ("contiguous_zone", 211),
        ("eez", 211),
        ("territorial_sea", 211),
    ]
    assert zones["index"].to_list() == list(range(633))
    assert zones["name"].str.ends_with("(approximate)").all()
    assert zones.filter(pl.col("country") == "NOR")["name"].to_list() == [
        "Norway, territorial sea (approximate)",
        "Norway, contiguous zone (approximate)",
        "Norway, exclusive economic zone (approximate)",
    ]


def test_units_without_a_code_keep_the_name_natural_earth_gives_them() -> None:
    nameless = ATLAS.zones.filter(pl.col("country").is_null())["country_name"].unique().sort().to_list()
    assert nameless == [
        "Akrotiri", "Bajo Nuevo Bank", "Clipperton I.", "Coral Sea Is.", "Cyprus U.N. Buffer Zone", "Dhekelia",
        "Indian Ocean Ter.", "N. Cyprus", "Scarborough Reef", "Serranilla Bank", "Somaliland", "Spratly Is.",
        "USNB Guantanamo Bay", "islands without a country in Natural Earth",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("off_nm", "kinds"),
    [
        (6.0, {"territorial_sea"}),
        (11.0, {"territorial_sea"}),
        (13.0, {"contiguous_zone", "eez"}),
        (23.0, {"contiguous_zone", "eez"}),
        (25.0, {"eez"}),
        (199.0, {"eez"}),
        (201.5, set()),
    ],
)
def test_zones_reach_as_far_from_a_lone_island_as_the_law_lets_them(off_nm: float, kinds: set[str]) -> None:
    # Bouvet Island's southern shore lies at 54.45 S 3.38 E; there is nothing but sea to the south of it.
    assert ATLAS.coast_km([3.38], [-54.47])[0] == pytest.approx(1.5, abs=1.5)
    found = names_at(ATLAS, 3.38, -54.45 - off_nm * NM_DEG)
    assert found == {(kind, "Norway") for kind in kinds}


@pytest.mark.parametrize(
    ("where", "lon", "lat", "country"),
    [
        ("off Hook of Holland", 3.9, 52.0, "Netherlands"),
        ("under the cliffs of Dover", 1.40, 51.10, "United Kingdom"),
        ("off Cap Gris Nez", 1.55, 50.90, "France"),
        ("north of Fiji, on the antimeridian", 180.0, -15.95, "Fiji"),
        ("off Sandy Hook", -73.9, 40.45, "United States of America"),
        ("off Kaohsiung", 120.2, 22.6, "Taiwan"),
        ("off Murmansk", 33.8, 69.4, "Russia"),
    ],
)
def test_the_nearest_coast_says_whose_sea_it_is(where: str, lon: float, lat: float, country: str) -> None:
    assert names_at(ATLAS, lon, lat) == {("territorial_sea", country)}, where


@pytest.mark.parametrize(("lon", "lat"), [(-40.0, 30.0), (10.0, 23.0), (-130.0, -45.0), (30.0, -69.0)])
def test_the_high_seas_the_desert_and_the_antarctic_are_in_no_zone(lon: float, lat: float) -> None:
    assert names_at(ATLAS, lon, lat) == set()


def test_a_harbour_that_the_outlines_put_on_land_counts_to_the_sea_before_it() -> None:
    # Brooklyn's piers, which the outlines do not know.
    assert ATLAS.on_land([-74.0], [40.67]).tolist() == [True]
    assert names_at(ATLAS, -74.0, 40.67) == {("territorial_sea", "United States of America")}


def official(kind: str, country: str | None, area: shapely.Geometry) -> pl.DataFrame:
    zone = Zone("Official", kind, "eez_v12.shp", country, "Norway", shapely.to_wkb(area))
    return table([zone], Zone)


def test_an_official_zone_replaces_the_approximate_ones_of_its_kind_and_country() -> None:
    atlas = ATLAS.with_zones(official("eez", "NOR", shapely.box(0.0, 60.0, 5.0, 65.0)))
    assert len(atlas.zones) == 633  # one gone, one come
    left = atlas.zones.filter(pl.col("country") == "NOR").select("kind", "origin").rows()
    assert left == [
        ("territorial_sea", "approximate"),
        ("contiguous_zone", "approximate"),
        ("eez", "eez_v12.shp"),
    ]
    assert atlas.zones["index"].to_list() == list(range(633))
    # Off Norway's coast, beyond the official polygon: approximate before, nothing now.
    assert names_at(ATLAS, 5.5, 66.0) == {("eez", "Norway")}
    assert names_at(atlas, 5.5, 66.0) == set()
    points, zones = atlas.zones_at([3.0, 3.0], [62.0, 20.0])
    assert (points.tolist(), atlas.zones["name"].gather(zones).to_list()) == ([0], ["Official"])
    # And other countries' zones are found as before.
    assert names_at(atlas, 3.9, 52.0) == {("territorial_sea", "Netherlands")}


@pytest.mark.parametrize(("kind", "country"), [("user", "NOR"), ("eez", None), ("joint_regime", None)])
def test_other_zones_stand_beside_the_approximate_ones(kind: str, country: str | None) -> None:
    atlas = ATLAS.with_zones(official(kind, country, shapely.box(0.0, 60.0, 5.0, 65.0)))
    assert len(atlas.zones) == 634
    _, zones = atlas.zones_at([3.0], [62.0])
    assert atlas.zones["name"].gather(zones).to_list() == [
        "Norway, exclusive economic zone (approximate)",
        "Official",
    ]


def test_pairs_are_sorted_by_position_then_by_zone() -> None:
    everywhere = official("user", None, shapely.box(-180.0, -90.0, 180.0, 90.0))
    atlas = ATLAS.with_zones(pl.concat((everywhere, everywhere)))
    points, zones = atlas.zones_at([5.0, -40.0, 3.9], [61.5, 30.0, 52.0])
    pairs = list(zip(points.tolist(), zones.tolist(), strict=True))
    assert pairs == sorted(pairs)
    assert [pair for pair in pairs if pair[1] >= 633] == [(n, z) for n in range(3) for z in (633, 634)]


def test_zones_and_anchorages_are_added_in_any_order() -> None:
    box = official("user", None, shapely.box(0.0, 0.0, 1.0, 1.0))
    mine = pl.DataFrame(
        {"name": ["A"], "lon": [0.5], "lat": [0.5], "origin": ["user"], "kind": ["anchorage"]}
    )
    one, two = ATLAS.with_zones(box).with_anchorages(mine), ATLAS.with_anchorages(mine).with_zones(box)
    assert one.zones.equals(two.zones)
    assert one.anchorages.equals(two.anchorages)
    assert len(ATLAS.zones) == 633
    assert len(ATLAS.anchorages) == 3696


def test_an_atlas_can_be_sent_to_another_process() -> None:
    box = official("user", None, shapely.box(0.0, 0.0, 1.0, 1.0))
    atlas = ATLAS.with_zones(box)
    atlas.zones_at([0.5], [0.5])
    atlas.nearest([0.5], [0.5], within_km=10.0)
    there = pickle.loads(pickle.dumps(atlas))  # noqa: S301 - what was pickled a moment ago
    assert there.zones.equals(atlas.zones)
    assert np.array_equal(there.zones_at([0.5], [0.5])[1], atlas.zones_at([0.5], [0.5])[1])
