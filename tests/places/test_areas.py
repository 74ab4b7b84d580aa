from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.places.areas import Areas


def areas(*polygons: shapely.Geometry) -> Areas:
    return Areas(np.array(polygons, np.object_))


def test_positions_are_found_in_every_polygon_that_holds_them() -> None:
    big, small = shapely.box(0.0, 0.0, 10.0, 10.0), shapely.box(4.0, 4.0, 4.1, 4.1)
    points, polygons = areas(big, small).at(np.array([4.05, 9.9, -1.0]), np.array([4.05, 0.1, 5.0]))
    assert sorted(zip(points.tolist(), polygons.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0)]


def test_a_hole_is_not_part_of_a_polygon() -> None:
    ring = shapely.box(0.0, 0.0, 10.0, 10.0).difference(shapely.box(4.0, 4.0, 6.0, 6.0))
    points, _ = areas(ring).at(np.array([5.0, 3.9]), np.array([5.0, 5.0]))
    assert points.tolist() == [1]


def test_the_edge_belongs_to_the_polygon() -> None:
    points, _ = areas(shapely.box(0.0, 0.0, 1.1, 1.1)).at(np.array([1.1, 0.0]), np.array([0.5, 0.0]))
    assert sorted(points.tolist()) == [0, 1]


def test_without_polygons_or_positions_nothing_is_found() -> None:
    assert [len(part) for part in areas().at(np.array([0.0]), np.array([0.0]))] == [0, 0]
    box = areas(shapely.box(0.0, 0.0, 1.0, 1.0))
    assert [len(part) for part in box.at(np.empty(0), np.empty(0))] == [0, 0]


corner = st.tuples(
    st.floats(-177.0, 176.0), st.floats(-87.0, 86.0), st.floats(0.01, 2.0), st.floats(0.01, 2.0)
)


@settings(max_examples=50, deadline=None)
@given(st.lists(corner, min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_the_cells_find_what_testing_every_pair_finds(
    corners: list[tuple[float, float, float, float]], seed: int
) -> None:
    chance = np.random.default_rng(seed)
    polygons = np.array([shapely.Point(x, y).buffer(min(w, h), 3) for x, y, w, h in corners], np.object_)
    near = chance.integers(0, len(corners), 200)
    lon = np.array([corners[i][0] for i in near]) + chance.uniform(-2.5, 2.5, 200)
    lat = np.array([corners[i][1] for i in near]) + chance.uniform(-2.5, 2.5, 200)
    search = Areas(polygons)
    search.at(lon[:100], lat[:100])  # what it remembers must not change what it finds
    found = search.at(lon, lat)
    expected = np.nonzero(shapely.intersects_xy(polygons[None, :], lon[:, None], lat[:, None]))
    pairs = sorted(zip(found[0].tolist(), found[1].tolist(), strict=True))
    assert pairs == sorted(zip(expected[0].tolist(), expected[1].tolist(), strict=True))
