"""A real day to plant in: US coastal waters on 30 June 2020, from the package tracktable-data (the extra named demo).

Positions: NOAA, BOEM and the US Coast Guard (MarineCadastre AIS, public domain), by way of tracktable-data (BSD-2).
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import polars as pl

from clearwake.model import TIME

FILE = "US_coastal_2020_06_30.traj"
CELLS_BEFORE, CELLS_EACH = 11, 4
"""A line is a trajectory without properties: eleven cells about it, then MMSI, time, lon and lat of each point."""


def is_there() -> bool:
    """Say whether the package is installed."""
    return importlib.util.find_spec("tracktable_data") is not None


def real_day() -> pl.DataFrame:
    """Give the day as ``mmsi, time, lon, lat``: 1,185 ships, 236,000 positions.

    Raises:
        FileNotFoundError: If the package is not installed.
    """
    found = importlib.util.find_spec("tracktable_data")
    if found is None or not found.submodule_search_locations:
        message = "the real day is in the package tracktable-data; next: pip install 'clearwake[demo]'"
        raise FileNotFoundError(message)
    file = Path(next(iter(found.submodule_search_locations))) / "python_example_data" / FILE
    cells = [line.split(",")[CELLS_BEFORE:] for line in file.read_text("utf-8").splitlines()]
    rows = [line[at : at + CELLS_EACH] for line in cells for at in range(0, len(line), CELLS_EACH)]
    frame = pl.DataFrame(rows, schema=["mmsi", "time", "lon", "lat"], orient="row")
    moment = pl.col("time").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms", time_zone="UTC").cast(TIME)
    return frame.select(pl.col("mmsi").cast(pl.Int64), moment, pl.col("lon", "lat").cast(pl.Float64)).sort(
        "time", "mmsi"
    )
