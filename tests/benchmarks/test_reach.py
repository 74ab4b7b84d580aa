"""The sailings of the benchmark keep to their own rules, and the report counts what it should."""

from __future__ import annotations

import json

import numpy as np
import pytest

from clearwake import sphere
from clearwake.benchmarks.reach import ReachReport, reach, sail, starts
from clearwake.places import coast


def test_sailings_keep_off_the_land_and_under_their_limit() -> None:
    sailed = sail(sphere.unit_vectors(126.0, 34.3), 60, 10.0, 20.0, np.random.default_rng(1))
    lon, lat = sphere.lonlat(sailed.places)
    assert not coast.on_land(lon.ravel(), lat.ravel()).any()
    step_m = sphere.between_m(sailed.places[1:], sailed.places[:-1])
    assert (step_m <= 20.0 * 1852.0 / 6.0).all()
    assert sphere.between_m(sailed.places[0], sailed.places[-1]).max() > 150_000.0


def test_starts_are_at_sea_and_some_near_a_coast() -> None:
    places = np.stack([place for _, place in starts(np.random.default_rng(2), 40)])
    lon, lat = sphere.lonlat(places)
    assert not coast.on_land(lon, lat).any()
    assert (coast.coast_km(lon, lat) < 5.0).sum() >= 8


@pytest.fixture(scope="module")
def report() -> ReachReport:
    return reach(80, seed=4, each=40, returns=2)


def test_no_true_place_is_refused(report: ReachReport) -> None:
    assert (report.excluded, report.outlined_out, report.returns_excluded) == (0, 0, 0)
    assert (report.sailings, report.starts, report.moments) == (80, 2, 240)
    assert report.returns > 0
    assert report.is_met
    assert 0.0 < report.share_of_disc <= report.share_of_water <= 1.001


def test_the_report_is_a_table_and_json(report: ReachReport) -> None:
    assert json.loads(json.dumps(report.as_json()))["is_met"] is True
    assert report.as_table().row_count == 8
