from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from clearwake import sphere
from clearwake.model import UsageError
from clearwake.whereabouts import Motion, Prism, Span, Surroundings, Weights
from clearwake.whereabouts.density import Density, density
from clearwake.whereabouts.lanes import CELL_DEG, lanes, merged, places
from clearwake.whereabouts.reach import MS_PER_H

ONLY = {"drift": 0.0, "run": 0.0, "loiter": 0.0, "port": 0.0, "lanes": 0.0}


def spread(
    back: tuple[float, float] | None,
    hours: float,
    hour: float,
    motion: Motion,
    around: Surroundings | None = None,
    **weights: float,
) -> Density:
    """Spread a ship last heard at 150 W 5 N, at most 15 kn fast."""
    end = None if back is None else sphere.unit_vectors(*back)
    prism = Prism(Span(sphere.unit_vectors(-150.0, 5.0), 0.0, end, hours * MS_PER_H, 15.0), nodes=12_000)
    told = Weights(**(ONLY | weights)) if weights else None
    return density(prism, hour * MS_PER_H, motion, around or Surroundings(), told, 12_000)


def middle(found: Density) -> tuple[float, float]:
    """Give the middle of a density."""
    vector = (found.lattice.middles * found.share.ravel()[:, None]).sum(axis=0)
    lon, lat = sphere.lonlat(vector)
    return float(lon), float(lat)


def test_a_density_sums_to_one_and_has_nothing_out_of_reach() -> None:
    found = spread((-149.0, 5.0), 12.0, 6.0, Motion(10.0, 90.0))
    assert found.share.sum() == pytest.approx(1.0)
    assert (found.share >= 0.0).all()
    assert found.share[found.slack_km < 0.0].sum() == 0.0
    assert sum(found.weights.values()) == pytest.approx(1.0)


def test_one_that_drifts_stays_where_it_was_and_one_that_runs_is_where_its_course_leads() -> None:
    stays = spread(None, 10.0, 10.0, Motion(0.2, None), drift=1.0)
    assert middle(stays) == pytest.approx((-150.0, 5.0), abs=0.01)
    runs = spread(None, 10.0, 10.0, Motion(10.0, 90.0), run=1.0)
    lon, lat = middle(runs)
    # 100 nautical miles to the east are 1.67 degrees here; the density is wide, and its middle a little nearer.
    assert -148.9 < lon < -148.2
    assert lat == pytest.approx(5.0, abs=0.05)


def test_one_that_had_to_hurry_cannot_have_stayed_at_either_end() -> None:
    # 2 degrees, 120 miles, in 9 h at up to 15 kn: half way through it must be near the middle.
    found = spread((-148.0, 5.0), 9.0, 4.5, Motion(13.0, 90.0))
    assert found.weights["drift"] < 0.05
    likeliest = found.lattice.middles[int(np.argmax(found.share / found.lattice.cell_km2))]
    assert sphere.lonlat(likeliest)[0] == pytest.approx(-149.0, abs=0.1)


def test_one_that_came_back_ran_between_its_ends() -> None:
    found = spread((-148.5, 5.0), 12.0, 4.0, Motion(10.0, 90.0), run=1.0)
    assert middle(found)[0] == pytest.approx(-149.5, abs=0.05)


def test_a_port_it_had_time_for_draws_it_and_one_it_had_not_does_not() -> None:
    near, far = sphere.unit_vectors(-150.0, 5.5), sphere.unit_vectors(-150.0, 9.0)
    around = Surroundings(np.stack((near, far)), np.array([1.0, 4.0]))
    found = spread((-150.0, 5.0), 12.0, 6.0, Motion(10.0, 0.0), around, port=1.0)
    assert middle(found)[1] == pytest.approx(5.5, abs=0.1)


def test_lanes_draw_it_to_where_others_sail() -> None:
    lane = sphere.unit_vectors(np.linspace(-150.0, -149.0, 60), np.full(60, 5.3))
    found = spread(
        (-149.0, 5.0),
        14.0,
        7.0,
        Motion(10.0, 90.0),
        Surroundings(lanes=lane, ships=np.full(60, 9.0)),
        lanes=1.0,
    )
    assert 5.15 < middle(found)[1] < 5.35
    without = spread((-149.0, 5.0), 14.0, 7.0, Motion(10.0, 90.0), lanes=1.0, run=1.0)
    assert without.weights["lanes"] == 0.0
    assert without.weights["run"] == pytest.approx(1.0)


def test_smaller_areas_hold_less_and_are_denser() -> None:
    found = spread(None, 10.0, 10.0, Motion(None, None))
    levels = [found.level(held) for held in (0.5, 0.8, 0.95)]
    assert levels == sorted(levels, reverse=True)
    per_km2 = found.share / found.lattice.cell_km2
    assert [found.share[per_km2 >= level].sum() for level in levels] == pytest.approx(
        [0.5, 0.8, 0.95], abs=0.01
    )


def test_weights_are_read_and_those_that_say_nothing_are_refused() -> None:
    assert Weights.parse("run=0.6, port=0") == Weights(run=0.6, port=0.0)
    for text in ("run", "run=x", "sail=1", "run=-1", "drift=0,run=0,loiter=0,port=0,lanes=0"):
        with pytest.raises(UsageError, match="weights"):
            Weights.parse(text)


def test_a_ship_that_lay_still_rather_waits_than_runs() -> None:
    assert Weights().of(Motion(0.1, None))["drift"] == Weights().run
    assert Weights().of(Motion(12.0, None))["run"] == Weights().run


def test_lanes_count_each_ship_once_a_cell_and_add_up_over_days() -> None:
    heard = pl.DataFrame(
        {"mmsi": [1, 1, 2, 3], "lon": [10.01, 10.02, 10.03, -179.99], "lat": [50.01, 50.01, 50.02, 0.01]}
    )
    one = lanes(heard.lazy())
    assert one["ships"].to_list() == [1, 2]
    assert one["row"].to_list() == [1800, 2800]
    twice = merged([one, one])
    assert twice["ships"].to_list() == [2, 4]
    assert merged([merged([one]), one]).equals(twice)
    where, ships = places(one)
    lon, lat = sphere.lonlat(where)
    assert ships.tolist() == [1.0, 2.0]
    assert lon[1] == pytest.approx(10.0 + CELL_DEG / 2.0)
    assert lat[1] == pytest.approx(50.0 + CELL_DEG / 2.0)
    assert merged([]).is_empty()
