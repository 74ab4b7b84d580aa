"""The map adds up, knows its poles and its antimeridian, and does not hold a silence against itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import reception
from clearwake.model.reception import ReceptionDay
from clearwake.model.record import schema
from clearwake.reception.cells import cell_of, middle_of
from clearwake.reception.learnt import Learnt
from clearwake.sphere import distance_m

from .conftest import DAY, Sea

TODAY = int(DAY.timestamp()) // 86_400


@settings(deadline=None)
@given(
    lon=st.floats(-180, 180), lat=st.floats(-90, 90), height=st.sampled_from([0.1, 0.3, 1.0, 4.0])
)  # fmt: skip
def test_every_place_lies_near_the_middle_of_its_cell(lon: float, lat: float, height: float) -> None:
    cell = cell_of([lon], [lat], height)
    x, y = middle_of(cell, height)
    assert cell_of(x, y, height).tolist() == cell.tolist()
    assert distance_m([lon], [lat], x, y)[0] < height * 111_200 * 1.2


def test_cells_are_about_as_wide_as_high_and_meet_at_the_antimeridian() -> None:
    for lat in (0.0, 45.0, 80.0):
        lon = np.arange(-180.0, 180.0, 0.02)
        cells = np.unique(cell_of(lon, np.full(lon.size, lat), 1.0))
        assert 360.0 * np.cos(np.radians(lat + 0.5)) / len(cells) == pytest.approx(1.0, rel=0.03)
    assert cell_of([180.0, -180.0], [10.0, 10.0], 0.1).tolist() == [cell_of([-180.0], [10.0], 0.1)[0]] * 2


counts = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 1), st.sampled_from(["unknown", "satellite"]), st.booleans(),
              *[st.integers(0, 9)] * 3, *[st.integers(0, 40).map(lambda n: n / 4)] * 2),
    max_size=12,
)  # fmt: skip


@settings(deadline=None)
@given(days=st.lists(counts, max_size=4), order=st.randoms())
def test_days_add_up_in_any_order_and_in_any_parts(
    days: list[list[tuple[object, ...]]], order: object
) -> None:
    tables = [pl.DataFrame(day, schema=schema(ReceptionDay), orient="row") for day in days]
    whole = reception.summed(tables)
    order.shuffle(tables)  # type: ignore[attr-defined]
    assert reception.summed([reception.summed(tables[:2]), reception.summed(tables[2:])]).equals(whole)


def test_ship_hours_heard_and_unheard_are_counted_where_they_were(lane: Sea) -> None:
    lane.ship(2.4, 41.0, silent=(8.0, 12.0))
    map_ = lane.picture().counts(TODAY, lane.coast_km)
    assert map_["heard_h"].sum() == pytest.approx(40 * 24 + 20, abs=1.5)
    # The silent four hours are 74 km long: seven cells, each passed within the hour.
    assert map_["silent_h"].sum() == pytest.approx(4.0, abs=0.5)
    assert map_["positions"].sum() == lane.fixes().height
    shown = reception.shown(map_)
    assert shown["positions"].sum() == lane.fixes().height
    assert set(shown["kind"]) == {"unknown"}  # 150 km off the coast, and heard in every quarter of an hour


def test_a_silence_does_not_speak_against_itself(lane: Sea) -> None:
    lane.ship(2.4, 41.5, silent=(8.0, 15.0))
    map_ = lane.picture().counts(TODAY, lane.coast_km)
    learnt = Learnt(map_, np.full(map_.height, 150.0))
    lon, lat, coast = np.linspace(4.2, 5.4, 20), np.full(20, 41.45), np.full(20, 150.0)
    held = learnt.expected(lon, lat, coast)
    excused = learnt.expected(lon, lat, coast, (np.zeros(20, np.int64), np.full(20, 7 / 20)))
    assert (excused.share >= held.share).all()
    assert excused.share.mean() > held.share.mean() + 0.05


def test_a_station_says_what_it_is_and_other_names_stand_ashore() -> None:
    sea = Sea()
    for n, station in enumerate(("SAT-3", "Borkum", "dynamic", None)):
        sea.ship(n * 1.0, 10.0)
        sea.rows[-1] = sea.rows[-1].with_columns(station=pl.lit(station, pl.String))
    heard = (
        reception.digest(sea.fixes())
        .group_by("track")
        .agg(pl.col("positions", "satellite", "terrestrial").sum())
    )
    told = [tuple(row) for row in heard.sort("track").drop("track").iter_rows()]
    assert told == [(288, 288, 0), (288, 0, 288), (288, 0, 0), (288, 0, 0)]


def test_a_digest_has_each_quarter_in_which_a_ship_was_heard() -> None:
    sea = Sea()
    sea.ship(0.0, 10.0, every_min=10.0, hours=(0.0, 1.0))
    rows = reception.digest(sea.fixes())
    assert rows["positions"].to_list() == [2, 1, 2, 1]
    assert [f"{t:%H:%M}" for t in rows["quarter"]] == ["00:00", "00:15", "00:30", "00:45"]
    assert [f"{t:%H:%M}" for t in rows["last"]] == ["00:12", "00:22", "00:42", "00:52"]


def test_the_published_rule_needs_all_four_of_its_conditions() -> None:
    rule = reception.WELCH_2022
    far, near = 93.0, 92.0
    cases = [(12.0, far, 14.0, 10.1), (11.9, far, 14.0, 10.1), (12.0, near, 14.0, 10.1), (12.0, far, 13.0, 10.1),
             (12.0, far, 14.0, 10.0)]  # fmt: skip
    assert rule(*np.array(cases).T).tolist() == [True, False, False, False, False]
    assert reception.DisablingRule(at_least_h=6.0)(*np.array(cases[1:2]).T).tolist() == [True]
