"""The parts of matching: where ships are between reports, who is who one to one, how radar displaces."""

from __future__ import annotations

import itertools
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.scenes import NOON, sailing

from clearwake import sphere
from clearwake.matching.assigning import assigned, shares
from clearwake.matching.course import CARRIED_S, axes, placed_at, tracks_of
from clearwake.matching.doppler import range_velocity_s, shift_m
from clearwake.matching.likeness import log_heading, log_length, parallel_deg

SHIP = 211000001


def ms(minutes: float) -> np.ndarray:
    return np.array([round((NOON + timedelta(minutes=minutes)).timestamp() * 1000)], np.int64)


FIRST = np.zeros(1, np.int64)


@pytest.mark.parametrize("minutes", [-31.0, 0.0, 12.3])
def test_a_steady_ship_is_where_it_sails(minutes: float) -> None:
    tracks = tracks_of(sailing(SHIP, 10.0, 55.0, 12.0, 60.0))
    at = placed_at(tracks, FIRST, ms(minutes))
    far_m = 12.0 * sphere.KNOT_M_PER_S * minutes * 60.0
    lon, lat = sphere.destination(np.array([10.0]), np.array([55.0]), np.array([60.0]), np.array([far_m]))
    assert sphere.between_m(at.place, sphere.unit_vectors(lon, lat))[0] < 5.0
    assert np.linalg.norm(at.velocity[0]) == pytest.approx(12.0 * sphere.KNOT_M_PER_S, rel=0.01)
    assert at.age_s[0] <= 150.0


def test_a_turning_ship_is_on_a_curve_between_its_reports() -> None:
    """A ship that turns through a right angle in five minutes at 12 knots is 300 m off the straight line at most."""
    radius_m = 12.0 * sphere.KNOT_M_PER_S * 300.0 / (np.pi / 2.0)
    minutes = np.arange(-30.0, 31.0)
    angle = minutes / 5.0 * np.pi / 2.0
    bearing, far = np.degrees(angle), np.full(minutes.size, radius_m)
    lon, lat = sphere.destination(np.full(minutes.size, 10.0), np.full(minutes.size, 55.0), bearing, far)
    whole = sailing(SHIP, 10.0, 55.0, every_min=1.0, hours=0.5)
    rows = whole[: minutes.size].with_columns(lon=lon[: whole.height], lat=lat[: whole.height])
    thinned = rows.gather_every(5)
    tracks, truth = tracks_of(thinned), rows[27]
    moment = np.array([round(truth["time"][0].timestamp() * 1000)], np.int64)
    here = sphere.unit_vectors(truth["lon"].to_numpy(), truth["lat"].to_numpy())
    off = sphere.between_m(placed_at(tracks, FIRST, moment).place, here)[0]
    a, b = (sphere.unit_vectors(rows["lon"][[row]], rows["lat"][[row]]) for row in (25, 30))
    straight = sphere.between_m(sphere.interpolate(a, b, np.array([0.4])), here)[0]
    assert off < straight / 2.0


def test_a_ship_that_turned_about_between_two_reports_may_be_far_beside_the_line_between_them() -> None:
    """Twelve knots east until noon, and west from there six minutes later."""
    there, back = (
        sailing(SHIP, 10.0, 55.0, 12.0, course, every_min=1.0, hours=0.5, is_bare=False)
        for course in (90.0, 270.0)
    )
    before, after = there.filter(pl.col("time") <= NOON), back.filter(pl.col("time") >= NOON)
    after = after.with_columns(pl.col("time") + timedelta(minutes=6))
    at = placed_at(tracks_of(pl.concat((before, after))), FIRST, ms(3.0))
    farthest_m = 12.0 * sphere.KNOT_M_PER_S * 180.0
    assert at.doubt_m[0] > farthest_m / 3.0
    steady = placed_at(tracks_of(there.gather_every(6)), FIRST, ms(3.0))
    assert steady.doubt_m[0] < farthest_m / 3.0


def test_beyond_its_last_report_a_ship_is_carried_on_and_its_doubt_grows_until_nothing_is_known() -> None:
    tracks = tracks_of(sailing(SHIP, 10.0, 55.0, 10.0, 90.0, hours=1.0))
    after = [placed_at(tracks, FIRST, ms(60.0 + minutes)) for minutes in (5.0, 60.0, 150.0, 200.0)]
    doubts = [float(at.doubt_m[0]) for at in after]
    assert doubts == sorted(doubts)
    lon, _ = sphere.lonlat(after[1].place)
    assert lon[0] > 10.5
    assert np.isnan(after[3].place).all()
    assert after[3].age_s[0] > CARRIED_S


def test_a_report_at_the_very_moment_is_the_place() -> None:
    rows = sailing(SHIP, 10.0, 55.0, 15.0, 10.0)
    moment = np.array([round(rows["time"][7].timestamp() * 1000)], np.int64)
    at = placed_at(tracks_of(rows), FIRST, moment)
    lon, lat = sphere.lonlat(at.place)
    assert (lon[0], lat[0]) == pytest.approx((rows["lon"][7], rows["lat"][7]), abs=1e-9)
    assert at.age_s[0] == 0.0


def test_east_and_north_are_square_to_each_other_everywhere() -> None:
    place = sphere.unit_vectors(np.array([0.0, 180.0, 33.0, 0.0]), np.array([0.0, 10.0, 90.0, -90.0]))
    east, north = axes(place)
    for a, b in itertools.combinations((place, east, north), 2):
        assert np.abs((a * b).sum(axis=1)).max() < 1e-9
    assert np.allclose(np.linalg.norm(east, axis=1), 1.0)
    assert np.allclose(np.linalg.norm(north, axis=1), 1.0)


def best_by_trying(benefit: dict[tuple[int, int], float]) -> float:
    """Try every way of giving each hull a ship or none."""
    hulls = sorted({hull for hull, _ in benefit})
    ships = sorted({ship for _, ship in benefit})
    best = 0.0
    for choice in itertools.product([None, *ships], repeat=len(hulls)):
        taken = [ship for ship in choice if ship is not None]
        if len(set(taken)) == len(taken):
            pairs = [(h, s) for h, s in zip(hulls, choice, strict=True) if s is not None]
            if all(pair in benefit for pair in pairs):
                best = max(best, sum(benefit[pair] for pair in pairs))
    return best


pairs = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
    st.floats(-1.0, 3.0).map(lambda x: round(x, 2)),
    max_size=10,
)


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_who_is_who_is_chosen_as_well_as_by_trying_everything(benefit: dict[tuple[int, int], float]) -> None:
    hull, ship = (np.array([pair[i] for pair in benefit], np.int64) for i in (0, 1))
    values = np.array(list(benefit.values()), np.float64)
    chosen = assigned(hull, ship, values)
    assert len(set(hull[chosen])) == len(set(ship[chosen])) == chosen.sum()
    positive = {pair: value for pair, value in benefit.items() if value > 0}
    assert values[chosen].sum() == pytest.approx(best_by_trying(positive))


def exact_shares(weight: dict[tuple[int, int], float], hulls: int) -> dict[tuple[int, int | None], float]:
    """Share out by adding up every way in which no ship is two hulls."""
    ships = sorted({ship for _, ship in weight})
    total: dict[tuple[int, int | None], float] = {}
    everything = 0.0
    for choice in itertools.product([None, *ships], repeat=hulls):
        taken = [ship for ship in choice if ship is not None]
        worth = float(np.prod([1.0 if s is None else weight.get((h, s), 0.0) for h, s in enumerate(choice)]))
        if len(set(taken)) == len(taken):
            everything += worth
            for hull, ship in enumerate(choice):
                total[hull, ship] = total.get((hull, ship), 0.0) + worth
    return {key: value / everything for key, value in total.items()}


@pytest.mark.parametrize(
    "weight",
    [{(0, 0): 3.0, (0, 1): 11.0}, {(0, 0): 3.0, (1, 0): 20.0, (2, 0): 0.5}, {(0, 0): 9.0, (1, 0): 4.0, (1, 1): 2.0},
     {(0, 0): 1.0, (0, 1): 5.0, (1, 1): 7.0, (1, 2): 0.1, (2, 2): 30.0}],
)  # fmt: skip
def test_shares_are_those_of_every_way_added_up(weight: dict[tuple[int, int], float]) -> None:
    """Exact where no ring of pairs goes round; near it elsewhere, as belief propagation is."""
    hull, ship = (np.array([pair[i] for pair in weight], np.int64) for i in (0, 1))
    share, nobody = shares(hull, ship, np.array(list(weight.values())), 3, 3)
    exact = exact_shares(weight, 3)
    assert share == pytest.approx([exact[pair] for pair in weight], abs=1e-3)
    assert nobody == pytest.approx([exact[at, None] for at in range(3)], abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 5)), st.floats(0.0, 1e6), max_size=20))
def test_a_hull_is_shared_out_wholly_among_ships_and_nobody(weight: dict[tuple[int, int], float]) -> None:
    hull, ship = (np.array([pair[i] for pair in weight], np.int64) for i in (0, 1))
    share, nobody = shares(hull, ship, np.array(list(weight.values()), np.float64), 6, 6)
    assert np.bincount(hull, share, 6) + nobody == pytest.approx(np.ones(6))
    assert share.min(initial=0.0) >= 0.0


def test_slant_range_by_velocity_is_as_operators_publish_it() -> None:
    """Sentinel-1 at 38 degrees: slant range about 850 km, velocity about 7.5 km/s."""
    assert range_velocity_s(np.array([693.0]), np.array([38.0]))[0] == pytest.approx(113.0, abs=2.0)


@pytest.mark.parametrize(
    ("flight", "side", "east", "north", "ahead"),
    [(0.0, 1.0, 5.0, 0.0, -500.0), (0.0, -1.0, 5.0, 0.0, 500.0), (180.0, 1.0, 5.0, 0.0, 500.0),
     (0.0, 1.0, 0.0, 5.0, 0.0), (90.0, 1.0, 0.0, -5.0, -500.0)],
)  # fmt: skip
def test_a_ship_that_moves_away_is_shown_behind(
    flight: float, side: float, east: float, north: float, ahead: float
) -> None:
    shift = shift_m(
        np.array([flight]), np.array([side]), np.array([100.0]), np.array([east]), np.array([north])
    )
    assert shift[0] == pytest.approx(ahead, abs=1e-6)


def test_likeness_prefers_what_agrees_and_says_nothing_of_what_is_not_known() -> None:
    nothing = np.array([np.nan])
    assert log_length(np.array([100.0]), nothing)[0] == log_heading(nothing, np.array([5.0]))[0] == 0.0
    right, wrong = (log_length(np.array([100.0]), np.array([claimed]))[0] for claimed in (105.0, 300.0))
    assert right > 0.5 > -0.5 > wrong
    along, across = (log_heading(np.array([178.0]), np.array([heading]))[0] for heading in (2.0, 90.0))
    assert along > 0.5 > -0.5 > across
    assert parallel_deg(np.array([178.0]), np.array([2.0]))[0] == 4.0
