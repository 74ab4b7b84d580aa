from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import places, sphere
from clearwake.places.harbours import Harbours, built_in

lons = st.floats(-180.0, 179.999)
lats = st.floats(-90.0, 90.0)


def test_the_built_in_ports_are_those_of_the_world_port_index() -> None:
    ports = built_in()
    assert len(ports) == 3696
    assert ports["origin"].unique().to_list() == ["built-in"]
    assert ports["kind"].unique().to_list() == ["port"]
    assert ports["country"].null_count() == 0
    assert ports["harbour_size"].value_counts(sort=True).rows() == [
        ("very small", 2130),
        ("small", 1022),
        ("medium", 366),
        ("large", 170),
        (None, 8),
    ]


def test_rotterdam_is_where_sailors_know_it() -> None:
    port = built_in().filter(pl.col("name") == "Rotterdam").row(0, named=True)
    assert (port["lon"], port["lat"]) == pytest.approx((4.5, 51.9), abs=0.1)
    assert (port["country"], port["harbour_size"]) == ("NLD", "large")


def test_a_position_off_a_port_gets_that_port_and_how_far_it_is() -> None:
    harbours = Harbours([20.0, 30.0], [40.0, 40.0], [0.0, 0.0])
    index, km = harbours.nearest([29.0], [40.0])
    # One degree of longitude at 40 N: 2 asin(cos 40 sin 0.5) x 6371.0088 km = 85.18 km.
    assert index.tolist() == [1]
    assert km[0] == pytest.approx(85.18, abs=0.01)


def test_a_position_out_of_reach_gets_no_port_and_no_distance() -> None:
    harbours = Harbours([20.0], [40.0], [0.0])
    index, km = harbours.nearest([20.0, 20.0], [40.05, 40.1], within_km=10.0)
    # 0.05 degrees of latitude are 5.56 km, 0.1 are 11.1 km.
    assert index.tolist() == [0, -1]
    assert km[0] == pytest.approx(5.56, abs=0.01)
    assert km[1] == np.inf


def test_a_port_across_the_antimeridian_is_near() -> None:
    harbours = Harbours([179.99], [-17.0], [0.0])
    index, km = harbours.nearest([-179.99], [-17.0], within_km=10.0)
    assert index.tolist() == [0]
    assert km[0] == pytest.approx(2.13, abs=0.01)


def test_a_port_across_the_pole_is_near() -> None:
    harbours = Harbours([10.0], [89.95], [0.0])
    index, km = harbours.nearest([-170.0], [89.95], within_km=12.0)
    assert index.tolist() == [0]
    assert km[0] == pytest.approx(11.12, abs=0.01)


def test_the_distance_to_a_roadstead_is_measured_from_its_edge() -> None:
    harbours = Harbours([20.0], [40.0], [4.0])
    _, km = harbours.nearest([20.0, 20.0], [40.05, 40.01])
    assert km[0] == pytest.approx(5.56 - 4.0, abs=0.01)
    assert km[1] == 0.0


def test_a_wide_roadstead_can_be_nearer_than_a_port_whose_centre_is_closer() -> None:
    # The port is 8.9 km away; the roadstead's centre 11.1 km, its edge 6.1 km.
    harbours = Harbours([20.0, 20.0], [40.08, 39.9], [0.0, 5.0])
    index, km = harbours.nearest([20.0], [40.0], within_km=10.0)
    assert index.tolist() == [1]
    assert km[0] == pytest.approx(6.12, abs=0.01)


def test_nothing_is_near_where_there_are_no_ports() -> None:
    index, km = Harbours([], [], []).nearest([0.0], [0.0], within_km=10.0)
    assert (index.tolist(), km.tolist()) == ([-1], [np.inf])


def test_added_anchorages_stand_behind_those_there_were_and_are_found() -> None:
    mine = pl.DataFrame(
        {"name": ["Roads"], "lon": [-30.0], "lat": [30.0], "origin": ["user"], "kind": ["anchorage"]}
    )
    atlas = places.load().with_anchorages(mine)
    index, km = atlas.nearest([-30.0], [30.01], within_km=5.0)
    assert atlas.anchorages.row(int(index[0]), named=True)["name"] == "Roads"
    assert km[0] == pytest.approx(1.11, abs=0.01)
    assert places.load().nearest([-30.0], [30.01], within_km=5.0)[0].tolist() == [-1]


place = st.tuples(lons, lats, st.sampled_from([0.0, 0.7, 1.5, 3.0, 5.0, 40.0]))
spot = st.tuples(lons, lats)


@settings(max_examples=60)
@given(
    st.lists(place, min_size=1, max_size=30), st.lists(spot, min_size=1, max_size=20), st.floats(1.0, 500.0)
)
def test_the_search_finds_what_measuring_every_place_finds(
    there: list[tuple[float, float, float]], here: list[tuple[float, float]], within_km: float
) -> None:
    lon, lat, radius = np.array(there).T
    # Half of the positions lie close to a place, or no test would be near anything.
    close = [(there[i % len(there)][0], min(there[i % len(there)][1] + 0.03 * i, 90.0)) for i in range(10)]
    x, y = np.array([*here, *close]).T
    edge_km = np.maximum(
        sphere.distance_m(x[:, None], y[:, None], lon[None, :], lat[None, :]) / 1000.0 - radius, 0.0
    )
    expected = np.where(edge_km.min(axis=1) <= within_km, edge_km.min(axis=1), np.inf)
    index, km = Harbours(lon, lat, radius).nearest(x, y, within_km)
    assert km == pytest.approx(expected, abs=1e-6)
    assert (index >= 0).tolist() == np.isfinite(expected).tolist()
    found = index >= 0
    assert edge_km[np.flatnonzero(found), index[found]] == pytest.approx(km[found], abs=1e-6)
