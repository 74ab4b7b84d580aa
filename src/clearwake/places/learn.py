"""Anchorages learnt from the data: places where many different ships lie still.

Nobody publishes every roadstead, so the corridor learns them: a place where at least six ships each lay for an
hour within about two kilometres of one another.  A chance meeting of a few ships is no such place.

What is learnt depends only on how long each track lay in each cell of a fixed grid, in whole milliseconds.  So
the order of rows, and how a stay was split over rows, cannot change it, and what was gathered from parts of the
data can be added up: ``gather(concat(gather(a), gather(b))) == gather(concat(a, b))``.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.model import Anchorage, conform, empty

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CELL_KM = 1.0
ROWS = 20_015
"""Rows of the grid, from pole to pole: 1.0 km each."""
NEIGHBOUR_KM = 1.5
"""Cells whose middles are this close are neighbours: the eight round a cell."""
MS_PER_H = 3_600_000
HALF_DIAGONAL_KM = 0.71

GATHERED = pl.Schema({"track": pl.Int64, "row": pl.Int64, "column": pl.Int64, "still_ms": pl.Int64})


def gather(stops: pl.DataFrame) -> pl.DataFrame:
    """Add up how long each track lay still in each cell.

    Args:
        stops: Rows of ``track, lon, lat, hours``, any number for each stay; or earlier results of this function,
            concatenated.

    Returns:
        ``track, row, column, still_ms``, sorted.
    """
    if "still_ms" not in stops.columns:
        row, column = _cells(stops["lon"].to_numpy(), stops["lat"].to_numpy())
        still = (pl.col("hours") * MS_PER_H).round().cast(pl.Int64)
        stops = stops.select("track", row=pl.Series(row), column=pl.Series(column), still_ms=still)
    keys = ["track", "row", "column"]
    return stops.group_by(keys).agg(pl.col("still_ms").sum()).sort(keys).cast(GATHERED)


def learn_anchorages(
    stops: pl.DataFrame, at_least: int = 6, at_least_h: float = 1.0, max_radius_km: float = 5.0
) -> pl.DataFrame:
    """Find the places where many different ships lie still.

    Args:
        stops: Rows of ``track, lon, lat, hours``: how long a track lay still (under 0.5 kn) where; or the result
            of ``gather``.
        at_least: So many tracks must have lain there.
        at_least_h: So long each, in hours.
        max_radius_km: A larger roadstead becomes several anchorages, none of them wider than this.

    Returns:
        A table of ``Anchorage``, origin ``learnt``, from south to north; ``ships`` counts the tracks that lay in it
        or in the cells round it, ``radius_km`` is how far it reaches from its centre.

    Raises:
        ValueError: If ``at_least`` is under 2 or ``max_radius_km`` under 1.
    """
    if at_least < 2 or max_radius_km < CELL_KM:
        message = f"at_least {at_least} must be 2 or more and max_radius_km {max_radius_km} {CELL_KM} or more"
        raise ValueError(message)
    still = gather(stops)
    cells = still.select("row", "column").unique().sort("row", "column").with_row_index("cell")
    if cells.is_empty():
        return empty(Anchorage)
    still = still.join(cells.cast({"cell": pl.Int64}), on=["row", "column"])
    vectors = _middles(cells["row"].to_numpy(), cells["column"].to_numpy())
    pairs = _neighbours(vectors)
    at_least_ms = round(at_least_h * MS_PER_H)
    lying = _lying(still, pairs, at_least_ms)
    crowd = np.bincount(lying["near"].to_numpy(), minlength=len(cells))
    lain_in = np.zeros(len(cells), np.bool_)
    lain_in[still.filter(pl.col("still_ms") >= at_least_ms)["cell"].to_numpy()] = True
    groups = _connected(crowd >= at_least, lain_in, pairs)
    parts = [part for group in groups for part in _split(group, vectors, crowd, max_radius_km)]
    return _anchorages(parts, vectors, crowd, lying)


def _cells(lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
    row = np.clip(np.floor((lat + 90.0) / 180.0 * ROWS).astype(np.int64), 0, ROWS - 1)
    columns = _columns_of(row)
    column = np.floor((lon + 180.0) % 360.0 / 360.0 * columns).astype(np.int64)
    return row, np.minimum(column, columns - 1)


def _columns_of(row: Integers) -> Integers:
    """Give how many cells a row has, so that each is about as wide as it is tall."""
    lat = (row + 0.5) / ROWS * 180.0 - 90.0
    return np.maximum(np.round(2 * ROWS * np.cos(np.radians(lat))), 1.0).astype(np.int64)


def _middles(row: Integers, column: Integers) -> Floats:
    lon = (column + 0.5) / _columns_of(row) * 360.0 - 180.0
    return sphere.unit_vectors(lon, (row + 0.5) / ROWS * 180.0 - 90.0)


def _neighbours(vectors: Floats) -> Integers:
    """Give the pairs of neighbouring cells, both ways and each with itself: ``(m, 2)``."""
    close = np.stack(sphere.pairs_within(vectors, NEIGHBOUR_KM * 1000.0), axis=-1)
    alone = np.arange(len(vectors))
    return np.concatenate((close, close[:, ::-1], np.stack((alone, alone), axis=-1))).astype(np.int64)


def _lying(still: pl.DataFrame, pairs: Integers, at_least_ms: int) -> pl.DataFrame:
    """Give which tracks lay long enough in a cell and its neighbours together: ``near, track``."""
    round_it = pl.DataFrame({"near": pairs[:, 0], "cell": pairs[:, 1]})
    together = still.join(round_it, on="cell").group_by("near", "track").agg(pl.col("still_ms").sum())
    return together.filter(pl.col("still_ms") >= at_least_ms).select("near", "track")


def _connected(is_core: Booleans, lain_in: Booleans, pairs: Integers) -> list[Integers]:
    """Group crowded cells that are joined through neighbours, and the cells beside them that a ship lay in.

    A cell beside two groups goes to that of the most southern cell (the cells are numbered from there).
    """
    core = np.flatnonzero(is_core)
    joined = np.searchsorted(core, pairs[is_core[pairs].all(axis=1)])
    group = _joined(len(core), joined)
    edges = pairs[is_core[pairs[:, 0]] & ~is_core[pairs[:, 1]] & lain_in[pairs[:, 1]]]
    edges = edges[np.lexsort((edges[:, 0], edges[:, 1]))]
    beside, first = np.unique(edges[:, 1], return_index=True)
    cells = np.concatenate((core, beside))
    group = np.concatenate((group, group[np.searchsorted(core, edges[first, 0])]))
    return [np.sort(cells[group == number]) for number in np.unique(group)]


def _joined(count: int, pairs: Integers) -> Integers:
    """Number what is joined through pairs by the lowest of its members: ``(m, 2) -> (count,)``.

    Each round every member takes the lowest number beside it and then that one's own, so long chains close quickly.
    """
    number = np.arange(count)
    while True:
        lowest = number.copy()
        np.minimum.at(lowest, pairs[:, 0], number[pairs[:, 1]])
        lowest = lowest[lowest]
        if np.array_equal(lowest, number):
            return number
        number = lowest


def _split(group: Integers, vectors: Floats, crowd: Integers, max_radius_km: float) -> list[Integers]:
    """Halve a group across its longest axis until no part is wider than allowed."""
    points = vectors[group]
    if _reach_km(points, _centre(points, crowd[group])) <= max_radius_km or len(group) == 1:
        return [group]
    axis = np.argmax(np.ptp(points, axis=0))
    first = points[:, axis] < (points[:, axis].min() + points[:, axis].max()) / 2.0
    halves = (group[first], group[~first])
    return [part for half in halves for part in _split(half, vectors, crowd, max_radius_km)]


def _centre(points: Floats, crowd: Integers) -> Floats:
    """Give the middle of cells as a unit vector; a cell weighs as much as ships lay in it and round it."""
    middle = np.average(points, axis=0, weights=crowd)
    return np.asarray(middle / np.linalg.norm(middle))


def _reach_km(points: Floats, centre: Floats) -> float:
    return float(sphere.between_m(points, centre[None, :]).max() / 1000.0) + HALF_DIAGONAL_KM


def _anchorages(
    groups: list[Integers], vectors: Floats, crowd: Integers, lying: pl.DataFrame
) -> pl.DataFrame:
    ships = _ships(groups, lying)
    rows = []
    for number, group in enumerate(groups):
        centre = _centre(vectors[group], crowd[group])
        lon, lat = (float(np.round(degrees, 4)) for degrees in sphere.lonlat(centre))
        reach_km = round(_reach_km(vectors[group], centre), 2)
        rows.append((_name(lon, lat), lon, lat, "learnt", "anchorage", ships[number], reach_km))
    table = pl.DataFrame(rows, ["name", "lon", "lat", "origin", "kind", "ships", "radius_km"], orient="row")
    return conform(table, Anchorage).sort("lat", "lon") if rows else empty(Anchorage)


def _ships(groups: list[Integers], lying: pl.DataFrame) -> list[int]:
    """Count the tracks that lay in each group of cells or next to it."""
    if not groups:
        return []
    number = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    member = pl.DataFrame({"near": np.concatenate(groups), "group": number})
    counts = lying.join(member, on="near").group_by("group").agg(pl.col("track").n_unique()).sort("group")
    return counts["track"].to_list()


def _name(lon: float, lat: float) -> str:
    return f"learnt {abs(lat):.2f}{'N' if lat >= 0 else 'S'} {abs(lon):.2f}{'E' if lon >= 0 else 'W'}"
