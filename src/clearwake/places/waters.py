"""Approximate zones of the sea: from the distance to the coast and whose coast is nearest.

These are not legal boundaries.  They know no straight baselines, treaties, internal or archipelagic waters, and no
disputes beyond what Natural Earth draws; between neighbours they run where both coasts are equally far.  Every
one of them says ``approximate`` in ``origin``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import Zone, conform
from clearwake.places import packed
from clearwake.places.data import FOLDER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

APPROXIMATE = "approximate"
NAUTICAL_MILE_KM = 1.852
LIMITS_NM = {"territorial_sea": (0.0, 12.0), "contiguous_zone": (12.0, 24.0), "eez": (12.0, 200.0)}
"""From where to where a zone may reach.  United Nations Convention on the Law of the Sea, articles 3, 33, 55
and 57: the exclusive economic zone lies beyond the territorial sea, the contiguous zone is a part of it."""

_TITLES = {
    "territorial_sea": "territorial sea",
    "contiguous_zone": "contiguous zone",
    "eez": "exclusive economic zone",
}
CELL_DEG = 0.05


@cache
def owners() -> pl.DataFrame:
    """Give whose coasts there are: ``code`` (as in the raster, from 1), ``iso3`` (null if none), ``name``."""
    return pl.read_csv((FOLDER / "owners.csv").read_bytes(), schema_overrides={"code": pl.Int64})


@cache
def approximate_zones() -> pl.DataFrame:
    """Give the approximate zones as a table of ``Zone``: three for every owner, in the order of codes."""
    kinds = pl.DataFrame({"kind": list(LIMITS_NM), "title": [_TITLES[kind] for kind in LIMITS_NM]})
    table = owners().join(kinds, how="cross", maintain_order="left_right")
    return conform(
        table.select(
            name=pl.col("name") + ", " + pl.col("title") + " (approximate)",
            kind="kind",
            origin=pl.lit(APPROXIMATE),
            country="iso3",
            country_name="name",
        ),
        Zone,
    )


def recognised_zones() -> pl.DataFrame:
    """Give the approximate zones but Antarctica's, where all claims rest.

    Source: Antarctic Treaty, article IV.
    """
    return approximate_zones().filter(pl.col("country").ne_missing(pl.lit("ATA")))


@cache
def _owner_of_cells() -> NDArray[np.uint8]:
    return np.ascontiguousarray(packed.read(FOLDER / "waters.bin")["owner"]).ravel()


def owner_codes(lon: Floats, lat: Floats) -> Integers:
    """Give the code of whose coast is nearest to the middle of each position's cell, 0 where nobody's is.

    Nobody's is nearest beyond 380 km from any coast, and farther inland than 10 km.
    """
    columns, rows = round(360.0 / CELL_DEG), round(180.0 / CELL_DEG)
    column = np.floor((lon + 180.0) / CELL_DEG).astype(np.int64) % columns
    row = np.clip(np.floor((lat + 90.0) / CELL_DEG).astype(np.int64), 0, rows - 1)
    return np.asarray(_owner_of_cells()[row * columns + column], np.int64)


def approximate_at(lon: Floats, lat: Floats, coast_km: Floats) -> tuple[Integers, Integers]:
    """Find the approximate zones of positions: ``(n,), (n,), (n,) -> (m,), (m,)`` position, row of the table.

    A position on land within 10 km of the sea counts to the territorial sea before it: outlines of land are
    coarser than harbours and river mouths.
    """
    code = owner_codes(lon, lat)
    points, zones = [], []
    for number, (above_nm, up_to_nm) in enumerate(LIMITS_NM.values()):
        low, high = above_nm * NAUTICAL_MILE_KM, up_to_nm * NAUTICAL_MILE_KM
        inside = (code > 0) & (coast_km <= high) & ((coast_km > low) | (above_nm == 0.0))
        at = np.flatnonzero(inside)
        points.append(at)
        zones.append((code[at] - 1) * len(LIMITS_NM) + number)
    return np.concatenate(points), np.concatenate(zones)
