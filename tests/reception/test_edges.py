"""Edges: who leaves what others are heard in is told from who falls silent among them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from clearwake import reception
from clearwake.reception.cells import FINEST_DEG, middle_of
from clearwake.reception.edges import MOST_ODDS, Edges
from clearwake.reception.learnt import Learnt
from clearwake.sphere import Floats, destination, unit_vectors

from .conftest import DAY, Sea


def _edges(sea: Sea) -> Edges:
    picture = sea.picture()
    counts = reception.summed([picture.counts(int(DAY.timestamp()) // 86_400, sea.coast_km)])
    learnt = Learnt(counts, sea.coast_km(*middle_of(counts["place"].to_numpy(), FINEST_DEG)))
    alike = np.ones(len(picture.trace), bool)
    return Edges(learnt, picture.trace, picture.roll, sea.coast_km, alike)


def _sailing(lon: float, lat: float, course_deg: float) -> tuple[Floats, Floats]:
    """Give a place, and motion from there at ten knots."""
    here = unit_vectors([lon], [lat])
    on = unit_vectors(*destination([lon], [lat], [course_deg], [308.7]))
    return here, (on - here) / 60_000.0


def test_where_nobody_is_ever_heard_ahead_is_an_edge_and_the_midst_of_a_lane_is_none(lane: Sea) -> None:
    edges = _edges(lane)
    track, coast = np.zeros(1, np.int64), np.array([150.0])
    assert edges.odds(track, *_sailing(4.0, 40.05, 0.0), coast)[0] == MOST_ODDS * 0.8
    assert edges.odds(track, *_sailing(4.0, 40.05, 90.0), coast)[0] == 1.0
    here, _ = _sailing(4.0, 40.05, 0.0)
    assert edges.odds(track, here, np.zeros((1, 3)), coast)[0] == 1.0


def test_an_edge_says_the_less_the_more_often_any_ship_is_at_one() -> None:
    lonely = Sea()
    for n in range(20):
        lonely.ship(n * 4.0, -40.0 + 4.0 * (n % 5), course=17.0 * n)
    told = _edges(lonely).odds(np.zeros(1, np.int64), *_sailing(1.0, 40.0, 0.0), np.array([150.0]))
    assert told[0] == 1.0


def test_where_only_the_ship_itself_was_heard_ahead_is_an_edge(lane: Sea) -> None:
    lane.ship(2.0, 44.0, course=90.0)
    track = lane.rows[-1]["track"].to_numpy()[:1]
    edges = _edges(lane)
    assert edges.odds(track, *_sailing(3.0, 44.0, 90.0), np.array([150.0]))[0] > 10.0
    other = edges.odds(track + 1, *_sailing(3.0, 44.0, 90.0), np.array([150.0]))
    assert other[0] < 5.0


def test_a_ship_that_leaves_a_lane_and_comes_back_to_it_was_out_of_reception(lane: Sea) -> None:
    away = lane.ship(1.0, 40.05, course=0.0, speed_kn=12.0, hours=(0.0, 1.0))
    there = lane.rows[-1].row(-1, named=True)
    lane.rows[-1] = pl.concat((
        lane.rows[-1], lane.rows[-1].with_columns(hour=11.0 - pl.col("hour") + there["hour"]).sort("hour")
    ))  # fmt: skip
    row = lane.gaps().filter(pl.col("mmsi_a") == away).row(0, named=True)
    assert row["likely_cause"] == "out_of_reception"
    assert any(
        "hardly any other ship is ever heard 15 to 35 km farther on" in r for r in row["cause_reasons"]
    )


@pytest.mark.parametrize("lat", [0.0, 60.0, 89.0])
def test_edges_are_the_same_at_any_latitude_and_across_the_antimeridian(lat: float) -> None:
    sea = Sea()
    for n in range(12):
        sea.ship(179.0 + 0.02 * n, lat, course=90.0)
    edges = _edges(sea)
    track, coast = np.zeros(1, np.int64), np.array([150.0])
    middle = sea.fixes().sort("hour").row(-1, named=True)
    away = edges.odds(track, *_sailing(middle["lon"], middle["lat"], 180.0), coast)
    assert away[0] >= 2.0
