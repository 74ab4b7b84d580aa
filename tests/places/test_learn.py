from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import places, sphere
from clearwake.places import gather, learn_anchorages

HOUR_MS = 3_600_000


def stops(rows: list[tuple[int, float, float, float]]) -> pl.DataFrame:
    return pl.DataFrame(rows, ["track", "lon", "lat", "hours"], orient="row")


def roads(lon: float, lat: float, ships: int, hours: float = 5.0) -> list[tuple[int, float, float, float]]:
    """Ships 250 m from one another in a row to the north."""
    return [(ship, lon, lat + 0.00225 * ship, hours) for ship in range(1, ships + 1)]


def test_a_place_where_six_ships_lay_is_an_anchorage() -> None:
    found = learn_anchorages(stops(roads(121.40, 25.38, ships=6)))
    assert found.select("name", "origin", "kind", "ships").rows() == [
        ("learnt 25.39N 121.40E", "learnt", "anchorage", 6)
    ]
    # All six lie between 25.382 and 25.394 N.
    off_m = sphere.distance_m(found["lon"][0], found["lat"][0], 121.40, 25.388)
    assert float(off_m) < 1000.0
    assert 1.2 <= found["radius_km"][0] <= 2.5


def test_a_chance_meeting_of_four_ships_is_none() -> None:
    assert learn_anchorages(stops(roads(121.40, 25.38, ships=4))).is_empty()


def test_one_ship_that_comes_back_ten_times_is_still_one_ship() -> None:
    again = [(7, 121.40, 25.38, 5.0)] * 10
    assert learn_anchorages(stops(again)).is_empty()


def test_ships_that_stopped_for_half_an_hour_did_not_lie_there() -> None:
    assert learn_anchorages(stops(roads(121.40, 25.38, ships=8, hours=0.5))).is_empty()


def test_half_hours_in_two_stays_add_up() -> None:
    twice = roads(121.40, 25.38, ships=6, hours=0.5) * 2
    assert len(learn_anchorages(stops(twice))) == 1


def test_ships_five_kilometres_from_one_another_share_no_anchorage() -> None:
    apart = [(ship, 30.0, 20.0 + 0.045 * ship, 8.0) for ship in range(10)]
    assert learn_anchorages(stops(apart)).is_empty()


def test_two_roads_twenty_kilometres_apart_are_two_anchorages() -> None:
    both = roads(10.0, 40.0, ships=6) + roads(10.0, 40.2, ships=7)
    found = learn_anchorages(stops(both))
    assert found["ships"].to_list() == [6, 7]
    assert found["lat"].to_list() == pytest.approx([40.008, 40.209], abs=0.01)


def test_an_anchorage_on_the_antimeridian_is_one_and_not_two() -> None:
    ships = [
        (n, lon, -17.0, 6.0) for n, lon in enumerate([179.995, 179.998, 180.0, -180.0, -179.998, -179.995])
    ]
    found = learn_anchorages(stops(ships))
    assert found["ships"].to_list() == [6]
    assert abs(found["lon"][0]) > 179.98


@pytest.mark.parametrize("lat", [-89.9999, 89.9999])
def test_an_anchorage_at_a_pole_is_one(lat: float) -> None:
    ships = [(n, -180.0 + 60.0 * n, lat, 6.0) for n in range(6)]
    assert learn_anchorages(stops(ships))["ships"].to_list() == [6]


def test_a_long_roadstead_becomes_several_anchorages_none_wider_than_asked() -> None:
    # 50 ships along 20 km, one every 400 m.
    row = [(n, 103.0 + 0.0036 * n, 1.1, 12.0) for n in range(50)]
    found = learn_anchorages(stops(row), max_radius_km=4.0)
    assert len(found) >= 3
    assert (found["radius_km"] <= 4.0).all()
    # And every ship lies in one of them.
    atlas = places.load().with_anchorages(found)
    _, km = atlas.nearest([lon for _, lon, _, _ in row], [lat for _, _, lat, _ in row])
    assert km.max() == 0.0


def test_nothing_is_learnt_from_nothing() -> None:
    assert learn_anchorages(stops([(1, 0.0, 0.0, 1.0)]).clear()).is_empty()


def test_an_anchorage_of_one_ship_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at_least 1"):
        learn_anchorages(stops(roads(0.0, 0.0, 6)), at_least=1)


CENTRES = [(179.999, -16.5), (121.4, 25.38), (30.0, 89.99), (121.43, 25.39)]
stay = st.tuples(
    st.integers(1, 9),
    st.sampled_from(CENTRES),
    st.integers(-30, 30),
    st.integers(-30, 30),
    st.integers(1, 3 * HOUR_MS),
)


@st.composite
def stays(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for track, (lon, lat), east, north, still_ms in draw(st.lists(stay, min_size=1, max_size=60)):
        here = ((lon + east * 0.0005 + 180.0) % 360.0 - 180.0, min(lat + north * 0.0005, 90.0))
        rows.append((track, *here, still_ms / HOUR_MS))
    return stops(rows)


@settings(max_examples=60, deadline=None)
@given(stays(), st.randoms(use_true_random=False), st.data())
def test_the_order_of_rows_and_how_stays_were_split_change_nothing(
    whole: pl.DataFrame, random: object, data: st.DataObject
) -> None:
    rows = []
    for track, lon, lat, hours in whole.rows():
        still_ms = round(hours * HOUR_MS)
        first_ms = data.draw(st.integers(0, still_ms))
        rows += [(track, lon, lat, first_ms / HOUR_MS), (track, lon, lat, (still_ms - first_ms) / HOUR_MS)]
    random.shuffle(rows)  # type: ignore[attr-defined]
    expected = learn_anchorages(whole, at_least=3)
    assert learn_anchorages(stops(rows), at_least=3).equals(expected)


@settings(max_examples=30, deadline=None)
@given(stays(), st.integers(0, 60))
def test_what_was_gathered_in_parts_adds_up(whole: pl.DataFrame, cut: int) -> None:
    parts = pl.concat((gather(whole[:cut]), gather(whole[cut:])))
    assert gather(parts).equals(gather(whole))
    assert learn_anchorages(gather(parts), at_least=3).equals(learn_anchorages(whole, at_least=3))


@settings(max_examples=40, deadline=None)
@given(stays())
def test_every_learnt_anchorage_has_as_many_ships_as_asked_for(whole: pl.DataFrame) -> None:
    found = learn_anchorages(whole, at_least=4)
    assert (found["ships"] >= 4).all()
    assert (found["radius_km"] <= 5.0).all()
