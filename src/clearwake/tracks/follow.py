"""Following: positions of whole MMSIs to fixes of hulls, vectorised wherever one MMSI can only be one hull."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI, Fix, Noise, schema
from clearwake.model.identifiers import is_ship
from clearwake.sphere import KNOT_M_PER_S, between_m, unit_vectors
from clearwake.tracks.hulls import KEPT, SLACK_M, TOP_SPEED_KN, judged

SAME_MESSAGE = timedelta(seconds=10)
"""Equal places within one slot of this length are one message, heard by several stations or relayed late."""

_SLOT_MS = SAME_MESSAGE // timedelta(milliseconds=1)
_OLD = np.iinfo(np.int64).min
"""Stands for ``known_at`` in the rows of the last positions kept, which are there to compare with, not to give."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Followed:
    """Fixes of hulls sorted by track and time, flagged noise, merged duplicates counted, state to keep."""

    fixes: pl.DataFrame
    noise: pl.DataFrame
    keep: pl.DataFrame
    merged: int
    not_ships: int


def follow(new: pl.DataFrame, kept: pl.DataFrame | None = None) -> Followed:
    """Judge which hull each position belongs to.

    Takes positions (``mmsi, time, lon, lat, speed_kn, known_at``; any order) of whole MMSIs, and what the last
    call kept.  MMSIs that are not numbered as ships (ITU-R M.585-9) give no tracks.
    """
    kept = pl.DataFrame(schema=KEPT) if kept is None else kept
    ships = new.filter(is_ship(pl.col("mmsi")))
    rows = _sorted(_columns(ships, kept))
    rows = _chosen(rows, ~_same_message(rows))
    vectors = unit_vectors(rows["lon"], rows["lat"])
    doubtful = _doubtful(rows, vectors, kept)
    rows |= {name: np.ascontiguousarray(vectors[:, i]) for i, name in enumerate("xyz")}
    rows = _chosen(rows, rows["known_at"] != _OLD)
    merged = ships.height - rows["mmsi"].size
    rows, keep = _with_hulls(rows, doubtful, kept)
    believed = rows["hull"] > 0
    noise = _noise(_chosen(rows, ~believed))
    return Followed(_fixes(_chosen(rows, believed)), noise, keep, merged, new.height - ships.height)


def _columns(ships: pl.DataFrame, kept: pl.DataFrame) -> Columns:
    """Give positions as arrays, behind the last one heard under each MMSI."""
    last = kept.sort("time", "hull").group_by("mmsi").last()
    here = {n: ships[n].to_numpy() for n in ("mmsi", "lon", "lat")}
    here |= {n: ships[n].to_physical().to_numpy() for n in ("time", "known_at")}
    here["speed_kn"] = ships["speed_kn"].to_numpy()
    if not last.height:
        return here
    before: Columns = {n: last[n].to_numpy() for n in ("mmsi", "lon", "lat")}
    before["time"] = last["time"].to_physical().to_numpy()
    before["known_at"] = np.full(last.height, _OLD)
    before["speed_kn"] = np.full(last.height, np.nan, np.float32)
    return {n: np.concatenate((before[n], here[n])) for n in here}


def _chosen(rows: Columns, where: Bools | None) -> Columns:
    """Give the rows that are wanted; the same arrays where all are."""
    return rows if where is None or where.all() else {n: values[where] for n, values in rows.items()}


def _sorted(rows: Columns) -> Columns:
    """Sort by MMSI and time; ties by everything else, so that the order of arrival does not matter."""
    order = _order(rows)
    return rows if order is None else {n: values[order] for n, values in rows.items()}


def _order(rows: Columns) -> Ints | None:
    mmsi, time = rows["mmsi"].astype(np.int64), rows["time"].astype(np.int64)
    if not mmsi.size:
        return None
    span = int(time.max() - time.min()) + 1
    if span > 2**62 // int(mmsi.max() - mmsi.min() + 1):
        return np.lexsort((*_tie_breakers(rows, slice(None)), time, mmsi))
    key = (mmsi - mmsi.min()) * span + (time - time.min())
    order = np.argsort(key)
    ordered = key[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        among = order[tied]
        order[tied] = among[np.lexsort((*_tie_breakers(rows, among), key[among]))]
    return order


def _tie_breakers(rows: Columns, where: Ints | slice) -> list[NDArray[Any]]:
    return [rows[n][where] for n in ("known_at", "speed_kn", "lat", "lon")]


def _same_message(rows: Columns) -> Bools:
    same = np.zeros(rows["mmsi"].size, bool)
    slot = rows["time"].astype(np.int64) // _SLOT_MS
    alike = slot[1:] == slot[:-1]
    for name in ("mmsi", "lon", "lat"):
        alike &= rows[name][1:] == rows[name][:-1]
    same[1:] = alike
    return same


def _doubtful(rows: Columns, vectors: NDArray[np.float64], kept: pl.DataFrame) -> Ints:
    """Name the MMSIs that may be several hulls: known as such, or with a step no ship could sail."""
    seconds: NDArray[np.float64] = np.diff(rows["time"].astype(np.int64)).astype(np.float64) / 1000.0
    mmsi = rows["mmsi"].astype(np.int64)
    reach_m = SLACK_M + TOP_SPEED_KN * KNOT_M_PER_S * seconds
    jumps = (mmsi[1:] == mmsi[:-1]) & (between_m(vectors[1:], vectors[:-1]) > reach_m)
    known = kept.filter((pl.col("hulls") > 1) | (pl.col("hull") != 1))["mmsi"].to_numpy()
    return np.unique(np.concatenate((mmsi[1:][jumps], known)))


def _with_hulls(rows: Columns, doubtful: Ints, kept: pl.DataFrame) -> tuple[Columns, pl.DataFrame]:
    """Give each row its hull's ordinal, rows of one hull together; and the state to keep."""
    mmsi = rows["mmsi"].astype(np.int64)
    is_doubtful = np.isin(mmsi, doubtful) if doubtful.size else np.zeros(mmsi.size, bool)
    rows["hull"] = np.ones(mmsi.size, np.int64)
    of_doubtful = pl.col("mmsi").is_in(doubtful.tolist())
    keep = _one_hull(_chosen(rows, ~is_doubtful), kept.filter(~of_doubtful))
    if not doubtful.size:
        return rows, keep
    at = np.flatnonzero(is_doubtful)
    reports = zip(*(rows[n][at].tolist() for n in ("mmsi", "time", "x", "y", "z", "lon", "lat")), strict=True)
    hulls, several = judged(reports, kept.filter(of_doubtful))
    rows["hull"][at] = hulls
    together = at[np.argsort(mmsi[at] * HULLS_PER_MMSI + rows["hull"][at], kind="stable")]
    for values in rows.values():
        values[at] = values[together]
    return rows, pl.concat((keep, several))


def _one_hull(rows: Columns, kept: pl.DataFrame) -> pl.DataFrame:
    """Give the state of MMSIs that are one hull each: where last heard, and how often in all."""
    mmsi = rows["mmsi"].astype(np.int64)
    first = np.flatnonzero(np.diff(mmsi, prepend=-1))
    last = np.append(first[1:], mmsi.size)[: first.size] - 1
    ends = pl.DataFrame(
        {n: rows[n][last] for n in ("mmsi", "time", "lon", "lat", "x", "y", "z")}
    ).with_columns(
        since=pl.Series(rows["time"][first]), heard=pl.Series(last - first + 1), hull=1, hulls=1, others=0
    )
    typed = ends.select(pl.col(name).cast(dtype) for name, dtype in KEPT.items())
    both = pl.concat((kept, typed)).group_by("mmsi").agg(
        pl.exclude("heard", "since").last(), pl.col("since").first(), pl.col("heard").sum()
    )  # fmt: skip
    return both.select(KEPT.names()).sort("mmsi")


def _fixes(rows: Columns) -> pl.DataFrame:
    mmsi = rows["mmsi"].astype(np.int64)
    values = {**rows, "track": mmsi * HULLS_PER_MMSI + rows["hull"].astype(np.int64)}
    return _frame(values, schema(Fix)).with_columns(pl.col("speed_kn").fill_nan(None))


def _noise(rows: Columns) -> pl.DataFrame:
    reason = np.full(rows["mmsi"].size, "out of reach of every hull heard under this MMSI")
    return _frame({**rows, "reason": reason}, schema(Noise))


def _frame(values: Columns, wanted: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame({n: values[n] for n in wanted}).select(pl.col(n).cast(t) for n, t in wanted.items())
