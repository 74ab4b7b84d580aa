from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from clearwake import places, sphere
from clearwake.places.coast import shore

Floats = NDArray[np.float64]

ATLAS = places.load()


def edges() -> tuple[Floats, Floats]:
    """Every edge of the coast, cut so short that a straight line in degrees and a great circle agree."""
    lines = [
        *(shapely.get_coordinates(ring) for ring in shapely.get_rings(shore().land.geoms)),
        *shore().islets,
    ]
    a, b = np.concatenate([line[:-1] for line in lines]), np.concatenate([line[1:] for line in lines])
    cut = ((np.abs(a) == 180.0) & (np.abs(b) == 180.0))[:, 0] | (a[:, 1] == -90.0) | (b[:, 1] == -90.0)
    a, b = a[~cut], b[~cut]
    halves = [(a * (1 - i / 4) + b * (i / 4), a * (1 - (i + 1) / 4) + b * ((i + 1) / 4)) for i in range(4)]
    long = np.abs(b - a).max(axis=1) > 0.25
    start = np.concatenate([a[~long], *(half[0][long] for half in halves)])
    end = np.concatenate([b[~long], *(half[1][long] for half in halves)])
    return sphere.unit_vectors(*start.T), sphere.unit_vectors(*end.T)


EDGE_A, EDGE_B = edges()
LONGEST_M = float(sphere.between_m(EDGE_A, EDGE_B).max())


def measured_km(lon: Floats, lat: Floats) -> Floats:
    """Measure the distance to every edge that could be nearest, in three dimensions."""
    found = []
    for point in sphere.unit_vectors(lon, lat):
        cosine = EDGE_A @ point
        reach_m = float(sphere.arc_m(np.sqrt(2.0 - 2.0 * cosine.max()))) + LONGEST_M + 100.0
        near = 2.0 - 2.0 * cosine <= sphere.chord_m(reach_m) ** 2
        a, along = EDGE_A[near], EDGE_B[near] - EDGE_A[near]
        share = ((point - a) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-30)
        foot = a + along * np.clip(share, 0.0, 1.0)[:, None]
        foot /= np.linalg.norm(foot, axis=1, keepdims=True)
        found.append(float(sphere.between_m(foot, point[None, :]).min()) / 1000.0)
    return np.where(is_land(lon, lat), 0.0, np.array(found))


def is_land(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Ask the polygons; the cut along the antimeridian and the pole are inside land, not its edge."""
    inside = np.clip(lon, -180.0 + 1e-9, 180.0 - 1e-9), np.clip(lat, -90.0 + 1e-9, 90.0)
    return np.asarray(shapely.contains_xy(shore().land, *inside))


def near_coast(count: int, spread_deg: float, seed: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    vertices = shore().vertices[chance.integers(0, len(shore().vertices), count)]
    off = chance.normal(0.0, spread_deg, (count, 2))
    lon = (vertices[:, 0] + off[:, 0] + 180.0) % 360.0 - 180.0
    return lon, np.clip(vertices[:, 1] + off[:, 1], -90.0, 90.0)


def anywhere(count: int, seed: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    return chance.uniform(-180.0, 180.0, count), np.degrees(np.arcsin(chance.uniform(-1.0, 1.0, count)))


STRAITS = {
    "Bosporus": (29.09, 41.14), "Dardanelles": (26.40, 40.16), "Messina": (15.63, 38.21), "Oresund": (12.65, 56.03),
    "Kerch": (36.55, 45.25), "Hormuz": (56.45, 26.55), "Bab el Mandeb": (43.35, 12.58), "Bonifacio": (9.2, 41.3),
    "Singapore": (103.85, 1.22), "Johor": (103.75, 1.45), "Magellan": (-70.9, -53.6), "Dover": (1.5, 51.0),
    "Bering": (-169.0, 65.8), "Sunda": (105.8, -5.95), "Tsugaru": (140.5, 41.4), "Cook": (174.5, -41.1),
    "Euripus": (23.6, 38.47), "Kiel": (10.2, 54.4), "Kara Gate": (58.0, 70.45), "Corinth": (22.7, 38.2),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        anywhere(60, seed=1),
        near_coast(80, spread_deg=0.02, seed=2),
        near_coast(80, spread_deg=0.2, seed=3),
        near_coast(60, spread_deg=1.0, seed=4),
        tuple(np.array(list(STRAITS.values())).T),
        (np.array([180.0, -180.0, 179.999, -179.999]), np.array([-16.9, 71.2, 65.0, 52.0])),
        (np.array([0.0, 77.0, -30.0, 100.0, 12.0]), np.array([90.0, 90.0, 89.9, -90.0, -89.5])),
    ],
    ids=["anywhere", "at the coast", "off the coast", "far off", "straits", "antimeridian", "poles"],
)  # fmt: skip
def test_the_distance_to_the_coast_is_right_to_a_kilometre(lon: Floats, lat: Floats) -> None:
    off_km = np.abs(ATLAS.coast_km(lon, lat) - measured_km(lon, lat))
    assert off_km.max() < 1.0


def test_most_distances_are_right_to_two_hundred_metres() -> None:
    lon, lat = near_coast(100, spread_deg=0.2, seed=5)
    off_km = np.abs(ATLAS.coast_km(lon, lat) - measured_km(lon, lat))
    assert np.mean(off_km < 0.2) > 0.95


@pytest.mark.parametrize("spread_deg", [0.0005, 0.005, 0.05, 0.5])
def test_land_is_land_to_the_last_edge(spread_deg: float) -> None:
    lon, lat = near_coast(10_000, spread_deg, seed=6)
    assert (ATLAS.on_land(lon, lat) == is_land(lon, lat)).all()


def test_an_edge_through_the_very_middle_of_a_cell_does_not_confuse_land_and_sea() -> None:
    # Edges run exactly along 72.015 N and 80.045 W here, through the middles of cells of 0.01 degrees.
    lon = np.array([-80.80096948, -80.80419712, -80.04481442, -80.81366863, -94.62183739, -77.95822893])
    lat = np.array([72.01822658, 72.01508708, 0.47821897, 72.01192211, 72.01768832, 77.79907172])
    assert (ATLAS.on_land(lon, lat) == is_land(lon, lat)).all()


def test_land_is_land_all_over_the_globe() -> None:
    lon, lat = anywhere(20_000, seed=7)
    assert (ATLAS.on_land(lon, lat) == is_land(lon, lat)).all()


@pytest.mark.parametrize(
    ("where", "lon", "lat", "is_land"),
    [
        ("the Sahara", 10.0, 23.0, True),
        ("the North Sea", 3.0, 56.0, False),
        ("the Caspian Sea", 51.0, 41.0, False),
        ("Lake Superior counts as land", -87.5, 47.7, True),
        ("Lake Victoria counts as land", 33.0, -1.0, True),
        ("the South Pole", 0.0, -90.0, True),
        ("the North Pole", 0.0, 90.0, False),
        ("the Bering Sea on the antimeridian", 180.0, 58.0, False),
        ("Chukotka on the antimeridian", 180.0, 68.0, True),
        ("0 N 0 E, where Natural Earth draws an island that is none", 0.0, 0.0, False),
    ],
)
def test_what_counts_as_land(where: str, lon: float, lat: float, is_land: bool) -> None:  # noqa: FBT001 - a column of the table
    assert ATLAS.on_land([lon], [lat]).tolist() == [is_land], where


def test_the_loneliest_place_at_sea_is_2688_km_from_land() -> None:
    # Point Nemo, 48 52.6 S 123 23.6 W; Lukatela 2022 gives 2,688 km to Ducie, Motu Nui and Maher islands.
    assert ATLAS.coast_km([-123.3933], [-48.8767])[0] == pytest.approx(2688.0, abs=15.0)


def test_on_land_the_distance_is_zero() -> None:
    lon, lat = near_coast(5_000, spread_deg=0.1, seed=8)
    assert (ATLAS.coast_km(lon, lat)[ATLAS.on_land(lon, lat)] == 0.0).all()


def test_a_position_that_is_no_place_is_not_on_land_and_has_no_distance() -> None:
    lon, lat = [np.nan, 10.0, 10.0, np.inf], [50.0, np.nan, 91.0, 0.0]
    assert ATLAS.on_land(lon, lat).tolist() == [False] * 4
    assert np.isnan(ATLAS.coast_km(lon, lat)).all()
    assert ATLAS.nearest(lon, lat)[0].tolist() == [-1] * 4
    assert [len(part) for part in ATLAS.zones_at(lon, lat)] == [0, 0]


def test_no_positions_have_no_distances() -> None:
    assert ATLAS.coast_km([], []).tolist() == []
    assert ATLAS.on_land([], []).tolist() == []


@settings(deadline=None)
@given(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
def test_a_turn_round_the_globe_changes_nothing(lon: float, lat: float) -> None:
    here, there = (
        ATLAS.coast_km([lon, lon], [lat, lat]),
        ATLAS.coast_km([lon + 360.0, lon - 360.0], [lat, lat]),
    )
    assert there == pytest.approx(here, abs=1e-6)


@settings(deadline=None)
@given(st.floats(-180.0, 180.0), st.floats(-89.0, 89.0), st.floats(0.0, 360.0), st.floats(0.0, 20_000.0))
def test_the_distance_grows_by_no_more_than_the_way_sailed(
    lon: float, lat: float, course_deg: float, sailed_m: float
) -> None:
    end_lon, end_lat = sphere.destination([lon], [lat], [course_deg], [sailed_m])
    before, after = ATLAS.coast_km([lon], [lat])[0], ATLAS.coast_km(end_lon, end_lat)[0]
    assert abs(after - before) <= sailed_m / 1000.0 + 2.0
