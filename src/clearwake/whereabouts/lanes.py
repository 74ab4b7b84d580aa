"""Lanes: where ships sail, learnt from where they were heard; a digest that adds up over days and feeds.

Per day and cell of a twentieth of a degree, how many numbers were heard there.  Two digests are merged by adding, so
it does not matter how the positions were cut.  A lane is only ever a hint where a silent hull may rather be; that a
ship was heard somewhere also tells that there is water for ships, whatever the outlines of land say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.model.record import Count, schema
from clearwake.sphere import Floats

CELL_DEG = 0.05


@dataclass(frozen=True)
class LaneCell:
    """How many numbers were heard in a cell, each counted once a day."""

    row: Count
    """From the south pole, in twentieths of a degree."""
    column: Count
    """From 180 degrees west."""
    ships: Count


def lanes(positions: pl.LazyFrame) -> pl.DataFrame:
    """Count the ships of one day by cell: ``mmsi, lon, lat`` of any number of positions -> a table of ``LaneCell``."""
    cell = [
        ((pl.col("lat") + 90.0) / CELL_DEG).floor().cast(pl.Int64).alias("row"),
        (((pl.col("lon") + 180.0) % 360.0) / CELL_DEG).floor().cast(pl.Int64).alias("column"),
    ]
    counted = positions.select("mmsi", *cell).group_by("row", "column").agg(ships=pl.col("mmsi").n_unique())
    wanted = [pl.col(name).cast(dtype) for name, dtype in schema(LaneCell).items()]
    return counted.select(wanted).sort("row", "column").collect(engine="streaming")


def merged(days: list[pl.DataFrame]) -> pl.DataFrame:
    """Add digests up."""
    if not days:
        return pl.DataFrame(schema=schema(LaneCell))
    return pl.concat(days).group_by("row", "column").agg(pl.col("ships").sum()).sort("row", "column")


def without(digest: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Take one ship's own days out of a digest, and the cells where nobody is left."""
    left = digest.join(own, on=["row", "column"], how="left", suffix="_own")
    others = pl.col("ships") - pl.col("ships_own").fill_null(0)
    return left.select("row", "column", ships=others).filter(pl.col("ships") > 0)


def places(digest: pl.DataFrame) -> tuple[Floats, Floats]:
    """Give the middles of cells, unit vectors ``(n, 3)``, and how many ships were heard in each ``(n,)``."""
    lon = digest["column"].to_numpy() * CELL_DEG - 180.0 + CELL_DEG / 2.0
    lat = digest["row"].to_numpy() * CELL_DEG - 90.0 + CELL_DEG / 2.0
    return sphere.unit_vectors(lon, lat), digest["ships"].to_numpy().astype(np.float64)
