"""Motion: known answers on the flat, on the antimeridian and near the pole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from clearwake import sphere
from clearwake.benchmarks.scenario import motion
from clearwake.benchmarks.scenario.lanes import MAIN_LANES
from clearwake.benchmarks.scenario.motion import Clock, Leg
from clearwake.model import utc
from clearwake.places import load


def test_midnight_is_the_one_deepest_inside_the_scene() -> None:
    assert Clock(utc("2026-03-01T12:00"), 24.0).midnight_s() == 12 * 3600
    assert Clock(utc("2026-03-01T20:00"), 48.0).midnight_s() == 28 * 3600
    assert Clock(utc("2026-03-01T00:00"), 24.0).midnight_s() is None


def test_metres_laid_on_the_sphere_keep_their_length_anywhere() -> None:
    places = sphere.unit_vectors([0.0, 180.0, -179.9, 30.0], [0.0, 10.0, 60.0, 83.0])
    laid = motion.lay(places, np.full((4, 1), 3000.0), np.full((4, 1), -4000.0))
    assert sphere.between_m(places, laid[:, 0]) == pytest.approx([5000.0] * 4, abs=0.01)


def test_a_visit_lies_still_between_its_times_and_comes_at_its_speed() -> None:
    clock = Clock(utc("2026-03-01T12:00"), 12.0)
    leg = Leg(np.array([10.0]), np.array([90.0]), np.array([1800.0]))
    start, end = np.array([4 * 3600.0]), np.array([6 * 3600.0])
    east, north = motion.visit(clock, (start, end), leg, leg)
    ticks = clock.ticks_s
    assert np.abs(east[0, (ticks >= start) & (ticks <= end)]).max() == 0.0
    assert np.abs(north).max() == pytest.approx(0.0, abs=1e-6)
    speed_kn = np.abs(np.diff(east[0])) / motion.TICK_S / sphere.KNOT_M_PER_S
    assert speed_kn[:60] == pytest.approx(10.0)
    assert east[0, 0] == pytest.approx(10.0 * sphere.KNOT_M_PER_S * (4 * 3600 - 900))


def test_the_distance_between_two_ships_is_told_every_thirty_seconds() -> None:
    clock = Clock(utc("2026-03-01T12:00"), 12.0)
    ticks = len(clock.ticks_s)
    here = np.broadcast_to(sphere.unit_vectors(180.0, 0.0), (1, ticks, 3))
    east = np.linspace(0.0, 1000.0, ticks)[None]
    there = motion.lay(here[:, 0], east, np.zeros_like(east))
    moments, apart = motion.apart_m(here, there, clock)
    assert moments[:3].tolist() == [0.0, 30.0, 60.0]
    assert apart[0] == pytest.approx(np.linspace(0.0, 1000.0, len(moments)), abs=0.01)


def test_main_lanes_keep_off_the_coast() -> None:
    atlas = load()
    for name, corners in MAIN_LANES.items():
        at = sphere.unit_vectors(*np.array(corners).T)
        legs = [sphere.interpolate(a[None], b[None], np.linspace(0, 1, 25)) for a, b in pairwise(at)]
        lon, lat = sphere.lonlat(np.concatenate(legs))
        assert atlas.coast_km(lon, lat).min() > 8.0, name
