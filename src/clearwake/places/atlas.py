"""The atlas: one object that answers where a position is."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from clearwake.model import Anchorage, conform
from clearwake.places import coast, harbours
from clearwake.places.harbours import Harbours

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@cache
def load() -> Atlas:
    """Give the built-in atlas; the second call gives the same one."""
    return Atlas(harbours.built_in())


class Atlas:
    """Land, coast, ports, anchorages and zones.  It never changes: ``with_...`` gives another one."""

    def __init__(self, anchorages: pl.DataFrame) -> None:
        self.anchorages = anchorages

    @cached_property
    def _harbours(self) -> Harbours:
        table = self.anchorages
        radius = table["radius_km"].fill_null(0.0).to_numpy()
        return Harbours(table["lon"].to_numpy(), table["lat"].to_numpy(), radius)

    def on_land(self, lon: ArrayLike, lat: ArrayLike) -> Booleans:
        """Tell which positions are on land: ``(n,), (n,) degrees -> (n,)``."""
        return coast.on_land(lon, lat)

    def coast_km(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give distances to the nearest coast, 0 on land: ``(n,), (n,) degrees -> (n,) km``."""
        return coast.coast_km(lon, lat)

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, within_km: float | None = None
    ) -> tuple[Integers, Floats]:
        """Find the nearest port or anchorage: ``(n,), (n,) degrees -> (n,) row of anchorages, (n,) km``.

        The row is -1 and the distance infinite where there is none, or none within ``within_km``.
        """
        return self._harbours.nearest(lon, lat, within_km)

    def with_anchorages(self, frame: pl.DataFrame) -> Atlas:
        """Give an atlas that has these places as well, behind those it has."""
        return Atlas(pl.concat((self.anchorages, conform(frame, Anchorage))))
