"""Where hulls lie still: the digest from which anchorages are learnt.

One row per track and cell of under 300 m, mergeable by adding hours, so that a year of ships lying at anchor
is a small table.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from clearwake.detect.grid import STEP, complete
from clearwake.model.record import Degrees, Hours, Identifier, record_of
from clearwake.sphere import lonlat

Lying = record_of(track=Identifier, lon=Degrees, lat=Degrees, hours=Hours)

STILL_KN = 0.5
CELLS_PER_DEG = 400


def lying(grid: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Add up, per track and cell of 1/400 degree, the time it made less than ``STILL_KN`` good.

    Takes ``GRID`` rows; counts those that became complete with this watermark, each once.
    """
    still = grid.filter(~pl.col("is_old"), pl.col("speed_kn") < STILL_KN, pl.col("time") <= complete(until))
    lon, lat = lonlat(still.select("x", "y", "z").to_numpy().reshape(-1, 3))
    cells = still.select("track").with_columns(
        lon=pl.Series(np.rint(lon * CELLS_PER_DEG) / CELLS_PER_DEG),
        lat=pl.Series(np.rint(lat * CELLS_PER_DEG) / CELLS_PER_DEG),
    )
    return (
        cells.group_by("track", "lon", "lat")
        .agg(hours=pl.len() * (STEP.total_seconds() / 3600))
        .sort("track", "lon", "lat")
    )
