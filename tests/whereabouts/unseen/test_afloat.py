"""Nobody meets on land."""

from __future__ import annotations

import numpy as np

from clearwake import places, sphere
from clearwake.whereabouts.unseen.found import Candidates, afloat


def both_silent(lon: list[float], lat: list[float], radius_km: float) -> Candidates:
    """Candidates placed there, otherwise alike."""
    n = len(lon)
    ones, numbers = np.ones(n), np.arange(n)
    return Candidates(
        "both_silent", numbers, numbers, ones, ones, sphere.unit_vectors(lon, lat), ones * radius_km * 1000.0,
        ones, ones, numbers, {"x": numbers.astype(np.float64)}, {"x": numbers.astype(np.float64)},
    )  # fmt: skip


def test_a_meeting_placed_on_land_with_no_water_within_its_radius_is_none() -> None:
    # In the middle of Iberia, on the coast near Valencia, at sea off it.
    found = afloat(both_silent([-4.0, -0.40, 1.0], [40.0, 39.45, 39.3], 20.0), places.load())
    assert found.silence.tolist() == [1, 2]
    assert found.features["x"].tolist() == [1.0, 2.0]
    assert found.radius_m.tolist() == [20_000.0, 20_000.0]


def test_with_water_within_its_radius_it_may_be() -> None:
    assert len(afloat(both_silent([-4.0], [40.0], 500.0), places.load())) == 1
