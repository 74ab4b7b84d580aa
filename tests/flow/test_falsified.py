from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from clearwake.desk import open_desk
from clearwake.model import TIME, utc
from clearwake.sphere import destination

BEGIN = utc("2026-01-01")
MINUTES = np.arange(0.0, 720.0, 5.0)
AIRPORT = (-39.0, 36.0)


def _ship(mmsi: int, rng: np.random.Generator, *, lies: bool) -> pl.DataFrame:
    """A ship that drifts about; one that lies seems to be at the airport from four to seven hours on."""
    minutes = MINUTES + rng.uniform(0, 5, MINUTES.size)
    way = np.cumsum(rng.normal(120.0, 60.0, minutes.size))
    start = -40.0 + rng.uniform(-0.2, 0.2), 35.0 + rng.uniform(-0.2, 0.2)
    n = np.ones(minutes.size)
    lon, lat = destination(n * start[0], n * start[1], n * rng.uniform(0, 360), way)
    away = (minutes > 240) & (minutes < 420) if lies else np.zeros(minutes.size, bool)
    around = rng.uniform(0, 360, away.sum()), rng.uniform(0, 400, away.sum())
    lon[away], lat[away] = destination(n[away] * AIRPORT[0], n[away] * AIRPORT[1], *around)
    times = [BEGIN + timedelta(seconds=round(m * 60)) for m in minutes]
    frame = pl.DataFrame({"mmsi": np.full(minutes.size, mmsi), "time": times, "lon": lon, "lat": lat})
    return frame.with_columns(pl.col("time").cast(TIME))


def _shown(folder: Path, ships: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    file = folder / "reports.parquet"
    pl.concat(ships).write_parquet(file)
    with open_desk(folder / "desk") as desk:
        desk.read("table", file)
        desk.run(steps="falsification")
        return desk.show("falsifications"), desk.show("interferences")


def test_ships_moved_to_an_airport_together_are_one_interference_and_nobody_is_accused(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(1)
    ships = [_ship(412_000_001 + k, rng, lies=True) for k in range(12)]
    false, disturbed = _shown(tmp_path, ships)
    assert disturbed.select("ships", "label").rows() == [(12, "collapse")]
    assert false.height >= 12
    assert false["cleared_by"].to_list() == [disturbed["id"][0]] * false.height


def test_one_ship_that_does_the_same_alone_is_not_cleared(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    ships = [_ship(412_000_001 + k, rng, lies=k == 0) for k in range(12)]
    false, disturbed = _shown(tmp_path, ships)
    assert disturbed.height == 0
    assert false.select("mmsi_a", "label", "cleared_by").rows() == [(412_000_001, "jump", None)]


def test_a_ship_that_is_never_heard_but_slow_in_the_desert_is_told_once(tmp_path: Path) -> None:
    desert = _ship(412_000_001, np.random.default_rng(3), lies=False).with_columns(
        lon=pl.col("lon") + 50.0, lat=pl.col("lat") - 11.0
    )
    at_sea = [_ship(412_000_002 + k, np.random.default_rng(4 + k), lies=False) for k in range(3)]
    false, _ = _shown(tmp_path, [desert, *at_sea])
    assert false.select("mmsi_a", "label", "cleared_by").rows() == [(412_000_001, "on_land", None)]
