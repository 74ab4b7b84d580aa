"""Scenes at sea: ships that report at an interval while they sail straight, and what is silent of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from clearwake import reception
from clearwake.detect import gap
from clearwake.model import HULLS_PER_MMSI, TIME, utc
from clearwake.reception import Picture
from clearwake.sphere import Floats, destination, unit_vectors

DAY = utc("2026-01-01")


@dataclass
class Sea:
    """Ships heard on one day; coast and harbours where a test says."""

    coast_km: Callable[[Floats, Floats], Floats] = field(default=lambda lon, _: np.full(lon.shape, 150.0))
    harbour_km: Callable[[Floats, Floats], Floats] = field(default=lambda lon, _: np.full(lon.shape, 150.0))
    rows: list[pl.DataFrame] = field(default_factory=list)
    class_b: list[int] = field(default_factory=list)
    """Which ships have transmitters of class B."""
    ships: int = 0
    hours: float = 24.0

    def ship(  # noqa: PLR0917 - one ship in one line, as a table would have it
        self,
        lon: float,
        lat: float,
        course: float = 90.0,
        speed_kn: float = 10.0,
        silent: tuple[float, float] | None = None,
        every_min: float = 5.0,
        hours: tuple[float, float] = (0.0, 24.0),
        status: int | None = 0,
    ) -> int:
        """Add a ship that is at ``lon, lat`` at midnight, heard in ``hours`` but for ``silent``; gives its MMSI."""
        self.ships += 1
        hour = np.arange(hours[0], hours[1], every_min / 60.0) + (self.ships * 7 % 5) / 60.0
        if silent is not None:
            hour = hour[(hour <= silent[0]) | (hour >= silent[1])]
        x, y = destination(lon, lat, np.full(hour.size, course), hour * speed_kn * 1852.0)
        mmsi = 200_000_000 + self.ships
        self.rows.append(
            pl.DataFrame({"lon": x, "lat": y, "hour": hour}).with_columns(
                mmsi=pl.lit(mmsi, pl.Int64), track=pl.lit(mmsi * HULLS_PER_MMSI + 1, pl.Int64),
                speed_kn=pl.lit(speed_kn, pl.Float32), course_deg=pl.lit(course, pl.Float32),
                nav_status=pl.lit(status, pl.Int16), station=pl.lit(None, pl.String),
            )
        )  # fmt: skip
        return mmsi

    def fixes(self) -> pl.DataFrame:
        """Give everything heard."""
        rows = pl.concat(self.rows)
        xyz = unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
        time = (pl.lit(DAY) + pl.duration(milliseconds=(pl.col("hour") * 3.6e6).round().cast(pl.Int64))).cast(
            TIME
        )
        placed = rows.with_columns(time=time, x=xyz[:, 0], y=xyz[:, 1], z=xyz[:, 2])
        return placed.with_columns(known_at="time").sort("track", "time")

    @property
    def until(self) -> datetime:
        """Give the end of the feed."""
        return DAY + timedelta(hours=self.hours)

    def picture(self) -> Picture:
        """Draw the picture of it."""
        until_ms = int(self.until.timestamp() * 1000)
        return reception.pictured(reception.digest(self.fixes()), until_ms, self.class_b)

    def gaps(self) -> pl.DataFrame:
        """Give the gaps with their likely causes."""
        found = gap().once(self.fixes(), self.until)
        picture = self.picture()
        days = [picture.counts(int(DAY.timestamp()) // 86_400 + n, self.coast_km) for n in (0, 1)]
        return reception.explain(
            found, picture, reception.summed(days), coast_km=self.coast_km, harbour_km=self.harbour_km
        )

    def causes(self) -> dict[int, str]:
        """Give the likely cause of each ship's gap."""
        return dict(self.gaps().select("mmsi_a", "likely_cause").iter_rows())


@pytest.fixture
def sea() -> Sea:
    """An empty sea, 150 km from the coast."""
    return Sea()


@pytest.fixture
def lane() -> Sea:
    """A busy lane: forty ships on it all day, sailing east at ten knots ten kilometres behind each other."""
    busy = Sea()
    for n in range(40):
        busy.ship(n * 0.12, 40.0 + 0.02 * (n % 3))
    return busy
