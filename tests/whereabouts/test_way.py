"""Ways on a lattice against the exact shortest ways round the same blocked cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts import way_by_sea_km
from clearwake.whereabouts.lattice import Lattice, Stereographic, lattice_of_globe
from clearwake.whereabouts.way import LONGER_BY, graph, ways

SIDE = 7


def small() -> Lattice:
    """Seven by seven cells of a kilometre, at a place where the map does not stretch."""
    return Lattice(Stereographic.round(sphere.unit_vectors(20.0, 50.0)), -3.5, -3.5, 1.0, SIDE + 1, SIDE + 1)


def exact_km(lattice: Lattice, free: NDArray[np.bool_]) -> Floats:
    """Give the shortest ways from the first node, by all straight pieces between nodes that cross no blocked cell."""
    corners = lattice.nodes_km
    x, y = np.meshgrid(np.arange(SIDE) - 3.5, np.arange(SIDE) - 3.5)
    boxes = shapely.box(x, y, x + 1.0, y + 1.0)
    blocked = shapely.union_all(boxes[~free])
    beside = shapely.union_all(boxes[free])
    a, b = np.triu_indices(len(corners), 1)
    lines = shapely.linestrings(np.stack((corners[a], corners[b]), axis=1))
    through = shapely.length(shapely.intersection(lines, shapely.buffer(blocked, -1e-9))) > 1e-6
    open_ones = ~through & shapely.covers(shapely.buffer(beside, 1e-9), lines)
    joined = np.zeros((len(corners), len(corners)))
    joined[a[open_ones], b[open_ones]] = np.linalg.norm(corners[a[open_ones]] - corners[b[open_ones]], axis=1)
    return np.asarray(dijkstra(joined, directed=False, indices=0))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5))
def test_law_no_way_is_shorter_than_the_least_nor_longer_than_2_75_percent_over_the_exact_one(
    seed: int, blocked: float
) -> None:
    lattice = small()
    free = np.random.default_rng(seed).random((SIDE, SIDE)) >= blocked
    free[0, 0] = True
    found = ways(lattice, graph(lattice, free), lattice.nodes[0])
    exact = exact_km(lattice, free)
    assert (np.isfinite(found.node_km) == np.isfinite(exact)).all()
    reached = np.isfinite(exact)
    assert (found.node_km[reached] >= exact[reached] - 1e-3).all()
    assert (found.node_km[reached] <= exact[reached] * LONGER_BY + 1e-3).all()
    assert (found.least_km[reached] <= exact[reached] + 1e-3).all()


def test_a_wall_with_one_gap_is_gone_round_through_the_gap() -> None:
    # A wall in the middle column, open only in the top row: 3 across and 6 up, over the top, and 3.5 down again.
    lattice = small()
    free = np.ones((SIDE, SIDE), np.bool_)
    free[:-1, 3] = False
    found = ways(lattice, graph(lattice, free), lattice.nodes[0])
    opposite = lattice.columns - 1
    exact = np.hypot(3.0, 6.0) + 1.0 + np.hypot(3.0, 6.0)
    assert found.node_km[opposite] == pytest.approx(exact, rel=LONGER_BY - 1.0)
    assert found.path(opposite)[0] == 0
    assert found.path(opposite)[-1] == opposite


def test_there_is_no_way_into_a_walled_basin() -> None:
    lattice = small()
    free = np.ones((SIDE, SIDE), np.bool_)
    free[2:5, 2:5] = False
    free[3, 3] = True
    found = ways(lattice, graph(lattice, free), lattice.nodes[0])
    # The basin's corners touch the closed ring only; nothing leads through.
    assert not np.isfinite(found.node_km[lattice.corners(np.array([3]), np.array([3]))[0]]).any()
    assert len(found.path(int(lattice.corners(np.array([3]), np.array([3]))[0, 0]))) == 0


def test_the_globe_joins_at_the_antimeridian_and_over_the_pole() -> None:
    lattice = lattice_of_globe(2_600)
    free = np.ones(lattice.cells, np.bool_)
    found = ways(lattice, graph(lattice, free), sphere.unit_vectors(179.0, 0.0))
    row, column, _ = lattice.cell_of(sphere.unit_vectors(-179.0, 0.0)[None, :])
    assert found.node_km[lattice.corners(row, column)[0]].min() < 1200.0
    pole = ways(lattice, graph(lattice, free), sphere.unit_vectors(0.0, 80.0))
    row, column, _ = lattice.cell_of(sphere.unit_vectors(180.0, 80.0)[None, :])
    least = pole.least_km[lattice.corners(row, column)[0]].min()
    assert 2000.0 < least < 2300.0  # 20 degrees of latitude: 2,224 km


def test_a_way_by_sea_is_about_as_long_as_sailing_tables_say_and_never_said_longer() -> None:
    # Singapore to Hong Kong is 1,460 nautical miles by the tables.
    least, likely = way_by_sea_km(sphere.unit_vectors(103.85, 1.26), sphere.unit_vectors(114.15, 22.3))
    assert least <= 1_460.0 * 1.852
    assert likely == pytest.approx(1_460.0 * 1.852, rel=0.08)


def test_a_way_to_where_it_begins_is_nothing() -> None:
    here = sphere.unit_vectors(-30.0, 40.0)
    assert way_by_sea_km(here, here) == pytest.approx((0.0, 0.0), abs=1.0)
