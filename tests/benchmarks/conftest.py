"""A made-up ocean with round islands, so that scenes are quick to make and their answers easy to check."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.benchmarks.scenario import Scenario, scenario
from clearwake.sphere import Floats

ISLAND_KM = 4.0


class Islands:
    """Seven hundred round islands, each with a port on its east side."""

    def __init__(self) -> None:
        rng = np.random.default_rng(7)
        lon, lat = rng.uniform(-180, 180, 700), np.degrees(np.arcsin(rng.uniform(-0.85, 0.85, 700)))
        self._centres = cKDTree(sphere.unit_vectors(lon, lat))
        port_lon, port_lat = sphere.destination(lon, lat, np.full(700, 90.0), np.full(700, 1000 * ISLAND_KM))
        names = [f"Port {i}" for i in range(700)]
        self.anchorages = pl.DataFrame({"name": names, "lon": port_lon, "lat": port_lat})

    def coast_km(self, lon: Floats, lat: Floats) -> Floats:
        """Give the distance to the nearest island's shore."""
        chord, _ = self._centres.query(sphere.unit_vectors(lon, lat))
        return np.maximum(sphere.arc_m(chord) / 1000.0 - ISLAND_KM, 0.0)


@pytest.fixture(scope="session")
def islands() -> Islands:
    return Islands()


@pytest.fixture(scope="session")
def scene(islands: Islands) -> Scenario:
    """A small scene of every kind, thinly reported."""
    return scenario(ships=500, seed=3, rows=600_000, sea=islands)
