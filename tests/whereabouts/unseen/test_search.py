"""The search finds what looking at all pairs finds, and the exact test what dense steps of time find."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen import both_silent, one_silent
from clearwake.whereabouts.unseen.search import near_in_time_and_place
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.waiting import Waits
from clearwake.whereabouts.unseen.weigh import shared

CENTRES = [(10.0, 40.0), (179.9, -20.0), (30.0, 89.5)]
"""In the open, astride of the antimeridian, around the pole."""


def circles(
    rng: np.random.Generator, n: int, lon: float, lat: float
) -> tuple[Floats, Floats, Floats, Floats]:
    course, off = rng.uniform(0, 360, n), rng.uniform(0, 600e3, n)
    centre = sphere.unit_vectors(*sphere.destination(np.full(n, lon), np.full(n, lat), course, off))
    start = 490_000.0 + rng.uniform(0, 60, n)
    return centre, rng.choice([-1.0, 5e3, 60e3, 250e3], n), start, start + rng.uniform(0, 30, n)


@pytest.mark.parametrize(("lon", "lat"), CENTRES)
@pytest.mark.parametrize("seed", range(3))
def test_the_search_finds_what_all_pairs_find_each_once(lon: float, lat: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = circles(rng, 60, lon, lat), circles(rng, 80, lon, lat)
    found = [pair for i, j in near_in_time_and_place(one, other, 1.0) for pair in zip(i, j, strict=True)]
    expected = {
        (i, j)
        for i in range(60)
        for j in range(80)
        if min(one[1][i], other[1][j]) >= 0.0
        and sphere.between_m(one[0][i], other[0][j]) <= one[1][i] + other[1][j]
        and min(one[3][i], other[3][j]) - max(one[2][i], other[2][j]) >= 1.0
    }
    assert len(found) == len(set(found))
    assert set(found) == expected


def silences(rng: np.random.Generator, n: int, lon: float, lat: float) -> Silences:
    left = circles(rng, n, lon, lat)[0]
    there = sphere.unit_vectors(
        *sphere.destination(*sphere.lonlat(left), rng.uniform(0, 360, n), rng.uniform(0, 150e3, n))
    )
    back = np.where((rng.uniform(size=n) < 0.2)[:, None], np.nan, there)
    start = 490_000.0 + rng.uniform(0, 20, n)
    still, zero = np.full(n, np.nan), np.zeros(n, np.int64)
    return Silences(
        pl.Series([f"silence:{k}" for k in range(n)]), np.arange(n) + 1, start, start + rng.uniform(2, 14, n), left,
        back, rng.uniform(8, 14, n), still, still, still, still, zero, still, still,
        pl.Series([None] * n, dtype=pl.String), start, still,
    )  # fmt: skip


def waits(rng: np.random.Generator, n: int, lon: float, lat: float) -> Waits:
    place = circles(rng, n, lon, lat)[0]
    start = 490_000.0 + rng.uniform(0, 30, n)
    none, zero = np.zeros(n), np.zeros(n, np.int64)
    return Waits(
        np.arange(n) + 1001, start, start + rng.uniform(0.5, 9, n), place, none, zero, none, none, none, none, zero,
        zero, zero,
    )  # fmt: skip


def dense(one: Silences, i: int, place: np.ndarray, start: float, end: float, speed_kn: float) -> float:
    """Count by steps of a minute how many hours a hull could have been at a place between two moments."""
    steps = np.arange(np.ceil(start * 60), np.floor(end * 60) + 1) / 60.0
    speed = speed_kn * 1.852
    came = sphere.between_m(one.left[i], place) / 1000.0 <= speed * (steps - one.start[i])
    onward = sphere.between_m(place, one.back[i]) / 1000.0
    left = np.isnan(onward) | (np.nan_to_num(onward) <= speed * (one.end[i] - steps))
    inside = (steps >= one.start[i]) & (steps <= one.end[i])
    return float((came & left & inside).sum()) / 60.0


@pytest.mark.parametrize(("lon", "lat"), CENTRES)
def test_a_silence_and_a_wait_are_candidates_where_dense_steps_of_time_say_so(lon: float, lat: float) -> None:
    rng = np.random.default_rng(4)
    one, lying = silences(rng, 40, lon, lat), waits(rng, 50, lon, lat)
    found = set(zip(*one_silent.candidates(one, lying), strict=True))
    sure = 0
    for i in range(40):
        for j in range(50):
            hours = dense(one, i, lying.place[j], lying.start[j], lying.end[j], one.most_kn[i])
            if abs(hours - one_silent.LEAST_H) > 0.05:
                assert ((i, j) in found) == (hours > one_silent.LEAST_H)
                sure += hours > one_silent.LEAST_H
    assert sure > 20


@pytest.mark.parametrize(("lon", "lat"), CENTRES)
def test_where_two_silent_ships_are_placed_both_could_have_been_together(lon: float, lat: float) -> None:
    one = silences(np.random.default_rng(5), 60, lon, lat)
    i, j = both_silent.candidates(one)
    met = both_silent.placed(one, i, j)
    fits = np.flatnonzero(met.weight > both_silent.IMPOSSIBLE / 2)
    assert len(fits) > 20
    for row in fits:
        for side in (i[row], j[row]):
            hours = dense(one, side, met.place[row], met.start[row], met.end[row], one.speed_kn[side])
            assert hours >= both_silent.LEAST_H - 0.06


def test_no_pair_that_could_have_met_at_its_usual_speed_is_missed() -> None:
    one = silences(np.random.default_rng(6), 50, 10.0, 40.0)
    i, j = both_silent.candidates(one)
    found = {frozenset(pair) for pair in zip(i.tolist(), j.tolist(), strict=True)}
    rng = np.random.default_rng(7)
    for a in range(50):
        for b in range(a):
            # Places at random around the first; where both could have been for long, the pair must be a candidate.
            lon, lat = sphere.lonlat(one.left[a])
            spots = sphere.unit_vectors(
                *sphere.destination(
                    np.full(20, lon), np.full(20, lat), rng.uniform(0, 360, 20), rng.uniform(0, 90e3, 20)
                )
            )
            starts, ends = both_silent.together(
                one.pick(np.full(20, a)), one.pick(np.full(20, b)), spots, one.speed_kn[a], one.speed_kn[b]
            )
            if (ends - starts).max() > both_silent.LEAST_H and not (np.isnan(one.back[[a, b], 0])).all():
                assert frozenset((a, b)) in found


@settings(deadline=None, max_examples=50)
@given(
    odds=st.lists(
        st.tuples(st.floats(-12, 12), st.integers(0, 4), st.integers(5, 9)), min_size=1, max_size=12
    )
)
def test_one_side_never_met_more_than_once(odds: list[tuple[float, int, int]]) -> None:
    one, other = np.array([o[1] for o in odds]), np.array([o[2] for o in odds])
    probability = shared(np.array([o[0] for o in odds]), one, other)
    for side in np.unique(np.concatenate((one, other))):
        assert probability[(one == side) | (other == side)].sum() <= 1.0 + 1e-9
