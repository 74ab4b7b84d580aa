"""Scoring and fitting of possible meetings, on tables and signs written by hand."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from clearwake import sphere
from clearwake.benchmarks import dark, dark_fit
from clearwake.benchmarks.dark import Judged, bins, calibration_error, held, scored
from clearwake.benchmarks.real_day import is_there, real_day
from clearwake.benchmarks.scenario.dark_crowded import crowded
from clearwake.benchmarks.scenario.dark_planted import planted_in
from clearwake.model import utc
from clearwake.whereabouts.unseen import weigh
from clearwake.whereabouts.unseen.weigh import Weights, logistic

NOON = utc("2026-01-10T12:00")

SEEN = pl.DataFrame({
    "is_planted": [True, True, False, False], "probability": [0.9, 0.2, 0.6, 0.0],
    "is_true": [True, False, False, False],
})  # fmt: skip
PLANTED = pl.DataFrame({
    "kind": ["one_dark", "both_dark"], "mmsi_a": [1, 3], "mmsi_b": [2, 4], "start": [NOON, NOON],
    "end": [NOON + timedelta(hours=4)] * 2, "lon": [10.0, 20.0], "lat": [0.0, 0.0],
})  # fmt: skip


def told(*rows: tuple[str, int, int, float, float, float, float]) -> pl.DataFrame:
    """Write rows: kind, the two ships, hours after noon the window begins and ends, longitude, probability."""
    return pl.DataFrame([{
        "kind": kind, "mmsi_a": a, "mmsi_b": b, "window_start": NOON + timedelta(hours=begin),
        "window_end": NOON + timedelta(hours=end), "lon": lon, "lat": 0.0, "probability": p,
    } for kind, a, b, begin, end, lon, p in rows])  # fmt: skip


def test_a_row_is_true_that_names_both_ships_in_either_order_while_they_met() -> None:
    rows = told(
        ("one_silent", 2, 1, 1, 5, 10.05, 0.9),
        ("one_silent", 1, 2, 9, 11, 10.0, 0.5),
        ("both_silent", 3, 5, 0, 4, 20.0, 0.4),
    )
    judged = held(rows, PLANTED)
    assert judged["is_true"].to_list() == [True, False, False]
    assert judged["overlap"][0] == pytest.approx(3 / 5)
    assert judged["off_km"][0] == pytest.approx(5.56, abs=0.01)


def test_lines_count_what_was_found_near_and_in_time() -> None:
    rows = held(told(("one_silent", 1, 2, 0, 4, 10.0, 0.9), ("both_silent", 4, 3, 3, 5, 20.5, 0.6)), PLANTED)
    counts = {line.what: (line.count, line.of) for line in scored(Judged("made", rows, PLANTED, SEEN, 1.0))}
    assert counts["one_dark: found"] == (1, 1)
    assert counts["one_dark: place within 10 km"] == (1, 1)
    assert counts["both_dark: found"] == (1, 1)
    assert counts["both_dark: window overlaps by half"] == (0, 1)
    assert counts["both_dark: place within 10 km"] == (0, 1)
    assert counts["sightings: a ship that was there named first"] == (1, 2)
    assert counts["sightings of ships never heard: one named at 0.5 or more"] == (1, 2)


def test_a_table_that_says_half_and_is_right_every_time_errs_by_a_half() -> None:
    assert calibration_error(bins(np.full(10, 0.5), np.ones(10))) == pytest.approx(0.5)
    assert calibration_error(bins(np.array([0.25, 0.25, 0.25, 0.25]), np.array([1.0, 0, 0, 0]))) == 0.0


def test_the_fit_finds_the_weights_that_made_the_data() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack((np.ones(40_000), rng.normal(size=(40_000, 2))))
    true = np.array([-2.0, 1.5, -0.7])
    y = (rng.uniform(size=len(x)) < logistic(x @ true)).astype(np.float64)
    assert dark_fit.regression(x, y, 1.0) == pytest.approx(true, abs=0.08)


def test_a_weight_over_its_bound_is_set_to_it_and_the_others_make_up_for_it() -> None:
    rng = np.random.default_rng(3)
    x = np.column_stack((np.ones(40_000), rng.normal(size=(40_000, 2))))
    x[:, 2] += x[:, 1]
    y = (rng.uniform(size=len(x)) < logistic(x @ np.array([-2.0, 0.0, 0.8]))).astype(np.float64)
    bounded = dark_fit.regression(x, y, 1.0, np.array([np.inf, np.inf, 0.3]))
    assert bounded[2] == 0.3
    assert bounded[1] > 0.3


def test_no_sign_of_a_harbour_is_weighed_less_than_its_bound() -> None:
    for kind in dark_fit.stored_weights():
        assert all(kind.signs.get(name, most) <= most + 0.01 for name, most in dark_fit.AT_MOST.items())


def test_a_kind_that_is_kept_stays_as_it_was() -> None:
    sign, sides = np.array([2.0, 1.0, -1.0, -2.0]), np.arange(4)
    is_true = np.array([True, False, True, False])
    scene = (dark_fit.Learnt({"sign": sign}, sides, sides + 10, is_true, np.zeros(4)), other_kind())
    stays = Weights(-0.5, {"sign": 0.7})
    found = dark_fit.fitted([scene], {"both_silent": stays})
    assert found["both_silent"] is stays
    assert found["one_silent"].signs["sign"] > 0.0


def other_kind() -> dark_fit.Learnt:
    """Give candidates of the other kind, far from the sides of the first, one of them true."""
    far = np.arange(4) + 9000
    is_true = np.array([True, False, False, False])
    return dark_fit.Learnt({"sign": np.array([2.0, -1, -2, 0])}, far, far + 10, is_true, np.zeros(4))


def test_fitted_probabilities_are_calibrated_where_rivals_share_a_silence() -> None:
    rng = np.random.default_rng(2)
    scenes = []
    for _ in range(4):
        sign = rng.normal(size=3000)
        one = rng.integers(0, 1500, 3000)
        # Of the candidates of one silence at most one is true: drawn by its odds against the others and nobody.
        odds = np.exp(2.0 * sign - 1.0)
        total = np.bincount(one, odds, minlength=1500)
        draw, before = rng.uniform(size=1500)[one] * (1.0 + total[one]), np.zeros(3000)
        for side in range(1500):
            rows = np.flatnonzero(one == side)
            before[rows] = np.cumsum(odds[rows]) - odds[rows]
        is_true = (draw >= before) & (draw < before + odds)
        scenes.append(dark_fit.Learnt({"sign": sign}, one, np.arange(3000) + 2000, is_true, np.zeros(3000)))
    weights = dark_fit.fitted([(scene, other_kind()) for scene in scenes])["one_silent"]
    assert isinstance(weights, Weights)
    stated = np.concatenate([dark_fit.shares((s, other_kind()), [weights, weights])[0] for s in scenes])
    true = np.concatenate([s.is_true for s in scenes]).astype(np.float64)
    assert calibration_error(bins(stated, true)) < 0.03


def test_the_level_undoes_what_judgements_take_from_all_alike() -> None:
    rng = np.random.default_rng(4)
    sign, sides = rng.normal(size=20_000), np.arange(20_000)
    is_true = rng.uniform(size=20_000) < logistic(2.0 * sign - 1.0)
    judged = np.full(20_000, -0.8)
    alone = dark_fit.Learnt({"sign": sign}, sides, sides + 100_000, is_true, judged)
    scene = (alone, dark_fit.Learnt({"sign": sign[:0]}, sides[:0], sides[:0], is_true[:0], judged[:0]))
    kinds = [Weights(-1.0, {"sign": 2.0})] * 2
    assert dark_fit.levelled([scene], kinds) == pytest.approx(0.8, abs=0.06)


def test_a_crowded_sea_holds_the_meetings_it_says_and_its_silent_ships_are_silent_then() -> None:
    made = crowded(3, ships=300)
    assert made.truth.group_by("kind").len().sort("kind")["len"].to_list() == [2, 2]
    for kind, a, b, start, end in made.truth.select("kind", "mmsi_a", "mmsi_b", "start", "end").iter_rows():
        during = made.positions.filter(pl.col("time").is_between(start, end))
        assert during.filter(pl.col("mmsi") == a).is_empty()
        assert during.filter(pl.col("mmsi") == b).is_empty() == (kind == "both_dark")


def test_some_ships_that_are_heard_wait_for_hours_before_the_silent_one_comes() -> None:
    made = crowded(3, ships=1500)
    waited = []
    for b, start, lon, lat in (
        made.truth.filter(pl.col("kind") == "one_dark").select("mmsi_b", "start", "lon", "lat").iter_rows()
    ):
        own = made.positions.filter(pl.col("mmsi") == b)
        off_m = sphere.distance_m(
            own["lon"].to_numpy(), own["lat"].to_numpy(), np.full(own.height, lon), np.full(own.height, lat)
        )
        there = own.filter(pl.Series(off_m < 20_000.0))["time"].min()
        waited.append((start - there).total_seconds() / 3600.0)
    assert len(waited) == 9
    assert max(waited) > 4.0
    assert min(waited) < 1.5


def test_planting_in_given_traffic_twice_with_one_seed_gives_the_same() -> None:
    traffic = crowded(4, ships=120).positions
    one, other = (planted_in(traffic, lambda lon, _: np.full(len(lon), 500.0), 5, 2) for _ in "ab")
    assert one.positions.equals(other.positions)
    assert one.truth.height == 4


@pytest.mark.skipif(not is_there(), reason="the package tracktable-data is not installed")
def test_the_real_day_is_as_published() -> None:
    day = real_day()
    assert (day.height, day["mmsi"].n_unique()) == (235_967, 1_185)


@pytest.mark.parametrize(("seeds", "told"), [(dark_fit.SEEDS, "fitted"), (dark_fit.LEVEL_SEEDS, "levelled")])
def test_the_weights_say_on_which_scenes_they_were_fitted(
    seeds: dict[str, tuple[int, ...]], told: str
) -> None:
    assert set(seeds) == set(dark.HANDS)
    how = json.loads(weigh.FILE.read_text("utf-8"))[told]
    assert all(f"{hand} {each}" in how for hand, each in seeds.items())


def test_all_odds_are_raised_by_the_level() -> None:
    stored = json.loads(weigh.FILE.read_text("utf-8"))
    for kind in dark.KINDS.values():
        raised = weigh.weights(kind).constant - stored["kinds"][kind]["constant"]
        assert raised == pytest.approx(stored["level"])
