"""Ways by sea: round the land, through straits and canals, over the antimeridian."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.sphere import distance_m
from clearwake.voyages.seaway import seaways


@pytest.mark.parametrize(
    ("one", "other", "least_km", "most_km"),
    [
        (
            (127.7, 34.7),
            (126.6, 37.4),
            380,
            520,
        ),  # Yosu to Inchon round the peninsula's corner: 300 km straight
        ((127.7, 34.7), (120.3, 22.6), 1480, 1700),  # Yosu to Kaohsiung
        ((129.0, 35.1), (130.3, 42.2), 780, 950),  # Busan to Rajin
        ((139.8, 35.5), (-118.2, 33.7), 8800, 9800),  # Tokyo to Los Angeles over the antimeridian: 4,850 nm
        ((28.9, 41.0), (30.7, 46.4), 600, 720),  # Istanbul to Odesa through the Bosporus
    ],
)
def test_a_way_by_sea_is_about_as_long_as_ships_sail_it(
    one: tuple[float, float], other: tuple[float, float], least_km: float, most_km: float
) -> None:
    km = seaways().km(*one, *other)
    assert km is not None
    assert least_km <= km <= most_km


def test_an_inland_place_has_no_way_by_sea() -> None:
    assert seaways().km(85.0, 45.0, 127.7, 34.7) is None


@settings(deadline=None, max_examples=15)
@given(lon=st.floats(124, 131), lat=st.floats(28, 33))
def test_a_way_is_the_same_in_both_directions_and_never_shorter_than_the_great_circle(
    lon: float, lat: float
) -> None:
    there, back = seaways().km(lon, lat, 122.3, 26.0), seaways().km(122.3, 26.0, lon, lat)
    assert there == back
    if there is not None:
        assert there >= float(distance_m(lon, lat, 122.3, 26.0)) / 1000.0 - 1e-6
