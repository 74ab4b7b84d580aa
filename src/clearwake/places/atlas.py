"""The atlas: one object that answers where a position is."""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
import polars as pl
import shapely
from numpy.typing import ArrayLike, NDArray

from clearwake import sphere
from clearwake.model import Anchorage, Zone, conform
from clearwake.places import coast, harbours, waters
from clearwake.places.areas import Areas
from clearwake.places.harbours import Harbours

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


CHUNK = 500_000
"""Positions whose zones are looked up at a time, so that memory stays small."""


@cache
def load() -> Atlas:
    """Give the built-in atlas; the second call gives the same one."""
    return Atlas(harbours.built_in(), waters.recognised_zones())


class Atlas:
    """Land, coast, ports, anchorages and zones.  It never changes: ``with_...`` gives another one.

    Positions are degrees, lon before lat; one that is no number, or beyond a pole, is nowhere: not on land, no
    distance, no harbour, no zone.

    Attributes:
        anchorages: Ports and anchorages, a table of ``Anchorage``.
    """

    def __init__(self, anchorages: pl.DataFrame, zones: pl.DataFrame) -> None:
        self.anchorages = anchorages
        self._zones = zones

    def on_land(self, lon: ArrayLike, lat: ArrayLike) -> Booleans:
        """Tell which positions are on land: ``(n,), (n,) degrees -> (n,)``."""
        lon, lat, is_on = sphere.on_globe(lon, lat)
        return coast.on_land(lon, lat) & is_on

    def coast_km(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """Give distances to the nearest coast, 0 on land: ``(n,), (n,) degrees -> (n,) km``."""
        lon, lat, is_on = sphere.on_globe(lon, lat)
        return np.where(is_on, coast.coast_km(lon, lat), np.nan)

    @cached_property
    def _harbours(self) -> Harbours:
        table = self.anchorages
        radius = table["radius_km"].fill_null(0.0).to_numpy()
        return Harbours(table["lon"].to_numpy(), table["lat"].to_numpy(), radius)

    def nearest(
        self, lon: ArrayLike, lat: ArrayLike, within_km: float | None = None
    ) -> tuple[Integers, Floats]:
        """Find the nearest port or anchorage: ``(n,), (n,) degrees -> (n,) row of anchorages, (n,) km``.

        The row is -1 and the distance infinite where there is none, or none within ``within_km``.
        """
        lon, lat, is_on = sphere.on_globe(lon, lat)
        row, km = self._harbours.nearest(lon, lat, within_km)
        return np.where(is_on, row, -1), np.where(is_on, km, np.inf)

    def with_anchorages(self, frame: pl.DataFrame) -> Atlas:
        """Give an atlas that has these places as well, behind those it has."""
        return Atlas(pl.concat((self.anchorages, conform(frame, Anchorage))), self._zones)

    def with_only(self, is_kept: pl.Series) -> Atlas:
        """Give an atlas that has some of these places only: ``(k,)`` of its anchorages."""
        return Atlas(self.anchorages.filter(is_kept), self._zones)

    def with_zones(self, frame: pl.DataFrame) -> Atlas:
        """Give an atlas that has these zones as well.

        Where they have a zone of some kind for a country, that country's approximate zones of that kind go.
        """
        added = conform(frame, Zone)
        replaced = added.select("kind", "country").drop_nulls().unique()
        is_approximate = pl.col("origin") == waters.APPROXIMATE
        kept = self._zones.with_row_index("order").join(
            replaced.with_columns(is_replaced=pl.lit(value=True)), on=["kind", "country"], how="left"
        )
        kept = kept.filter(~(is_approximate & pl.col("is_replaced").fill_null(value=False))).sort("order")
        return Atlas(self.anchorages, pl.concat((kept.drop("order", "is_replaced"), added)))

    @cached_property
    def zones(self) -> pl.DataFrame:
        """Which zones there are: ``index, name, kind, country, country_name, origin``."""
        table = self._zones.select("name", "kind", "country", "country_name", "origin")
        return table.with_row_index("index").cast({"index": pl.Int64})

    @cached_property
    def _areas(self) -> tuple[Integers, Areas]:
        drawn = self._zones.with_row_index("index").filter(pl.col("geometry").is_not_null())
        polygons = np.asarray(shapely.from_wkb(drawn["geometry"].to_numpy()), np.object_)
        return drawn["index"].to_numpy().astype(np.int64), Areas(polygons)

    @cached_property
    def _approximate(self) -> Integers:
        """The row of ``zones`` for each built-in approximate zone, -1 where it is none of them."""
        built_in = waters.approximate_zones().select("name").with_row_index("number")
        left = self._zones.with_row_index("index").filter(pl.col("origin") == waters.APPROXIMATE)
        both = built_in.join(left.select("index", "name"), on="name", how="left").sort("number")
        return both["index"].cast(pl.Int64).fill_null(-1).to_numpy()

    def zones_at(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Integers, Integers]:
        """Find the zones of positions: ``(n,), (n,) degrees -> (m,), (m,)`` pairs of position and row of zones.

        Pairs are sorted by position, then by zone.
        """
        lon, lat, is_on = sphere.on_globe(lon, lat)
        points, zones = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for start in range(0, len(lon), CHUNK):
            part = slice(start, start + CHUNK)
            point, zone = self._zones_of(lon[part], lat[part])
            on_globe = is_on[part][point]
            points.append(point[on_globe] + start)
            zones.append(zone[on_globe])
        return np.concatenate(points), np.concatenate(zones)

    def _zones_of(self, lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
        near, number = waters.approximate_at(lon, lat, coast.coast_km(lon, lat))
        zone = self._approximate[number]
        rows, areas = self._areas
        inside, area = areas.at(lon, lat)
        points = np.concatenate((near[zone >= 0], inside))
        zones = np.concatenate((zone[zone >= 0], rows[area]))
        order = np.lexsort((zones, points))
        return points[order], zones[order]
