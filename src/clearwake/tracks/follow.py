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
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, length, unit_vectors
from clearwake.tracks.hulls import KEPT, SLACK_M, TOP_SPEED_KN, judged

SAME_MESSAGE = timedelta(seconds=10)
"""Equal places within one slot of this length are one message, heard by several stations or relayed late."""

REPORTED = ("course_deg", "heading_deg", "nav_status", "station")
"""What else a position reports; followed along where it is given."""

_SLOT_MS = SAME_MESSAGE // timedelta(milliseconds=1)

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
    strays: pl.DataFrame
    """What is flagged as noise, as fixes of hull 0 of their MMSI."""

    @property
    def reports(self) -> pl.DataFrame:
        """Fixes and strays together."""
        return pl.concat((self.fixes.select(self.strays.columns), self.strays))


def follow(new: pl.DataFrame, kept: pl.DataFrame | None = None) -> Followed:
    """Judge which hull each position belongs to.

    Takes positions (``mmsi, time, lon, lat, speed_kn, known_at``; any order) of whole MMSIs, and what the last
    call kept.  MMSIs that are not numbered as ships (ITU-R M.585-9) give no tracks.  Columns of ``REPORTED`` that
    are there are given back beside each fix.
    """
    kept = pl.DataFrame(schema=KEPT) if kept is None else kept
    ships = new.filter(is_ship(pl.col("mmsi")))
    last = kept.sort("time", "hull").group_by("mmsi", maintain_order=True).last()
    also = [n for n in REPORTED if n in ships.columns]
    rows = _messages(_columns(ships, also), last)
    merged = ships.height - rows["mmsi"].size
    vectors = unit_vectors(rows["lon"], rows["lat"])
    doubtful = _doubtful(rows, vectors, kept, last)
    rows |= {name: vectors[:, i] for i, name in enumerate("xyz")}
    rows, keep = _with_hulls(rows, doubtful, kept)
    believed = rows["hull"] > 0
    noise = _noise({n: values[~believed] for n, values in rows.items()})
    fixes = _fixes(rows)
    if also:
        fixes = fixes.hstack(ships[pl.Series(rows["row"], dtype=pl.UInt32)].select(also))
    fixes = fixes if believed.all() else fixes.filter(believed)
    strays = _fixes({n: values[~believed] for n, values in rows.items()})
    return Followed(fixes, noise, keep, merged, new.height - ships.height, strays)


def _columns(ships: pl.DataFrame, also: list[str]) -> Columns:
    here: Columns = {n: ships[n].to_numpy() for n in ("mmsi", "lon", "lat", "speed_kn")}
    if also:
        here["row"] = np.arange(ships.height)
    return here | {n: ships[n].to_physical().to_numpy() for n in ("time", "known_at")}


def _messages(rows: Columns, last: pl.DataFrame) -> Columns:
    """Sort by MMSI and time, ties by everything else so that the order of arrival does not matter; each message once.

    A message heard before, the last under its MMSI, is not given again.
    """
    order = _order(rows)
    slot, mmsi = rows["time"][order] // _SLOT_MS, rows["mmsi"][order]
    again = np.zeros(order.size, bool)
    at = np.flatnonzero((slot[1:] == slot[:-1]) & (mmsi[1:] == mmsi[:-1]))
    again[at + 1] = _same_place(rows, order[at + 1], order[at])
    again |= _heard_before(rows, order, last)
    if again.any():
        order = order[~again]
    return {n: values[order] for n, values in rows.items()}


def _same_place(rows: Columns, a: Ints, b: Ints) -> Bools:
    same = (rows["lon"][a] == rows["lon"][b]) & (rows["lat"][a] == rows["lat"][b])
    return np.asarray(same, np.bool_)


def _heard_before(rows: Columns, order: Ints, last: pl.DataFrame) -> Bools:
    """Mark the first rows of each MMSI that are the message last heard under it, and their repetitions."""
    heard = np.zeros(order.size, bool)
    at, before = _firsts(rows["mmsi"][order], last)
    first = order[at]
    same = rows["time"][first] // _SLOT_MS == last["time"].to_physical().to_numpy()[before] // _SLOT_MS
    for name in ("lon", "lat"):
        same &= rows[name][first] == last[name].to_numpy()[before]
    heard[at[same]] = True
    return heard


def _firsts(mmsi: Ints, last: pl.DataFrame) -> tuple[Ints, Ints]:
    """Give the first row of each MMSI heard before, and its row in ``last``."""
    first = np.flatnonzero(np.diff(mmsi, prepend=-1))
    known = last["mmsi"].to_numpy()
    by_mmsi = np.argsort(known)
    place = np.searchsorted(known, mmsi[first], sorter=by_mmsi)
    found = np.flatnonzero(place < known.size)
    before = by_mmsi[place[found]]
    is_known = known[before] == mmsi[first[found]]
    return first[found[is_known]], before[is_known]


def _order(rows: Columns) -> Ints:
    mmsi, time = rows["mmsi"].astype(np.int64), rows["time"].astype(np.int64)
    if not mmsi.size:
        return np.empty(0, np.int64)
    span = int(time.max() - time.min()) + 1
    if span > 2**62 // int(mmsi.max() - mmsi.min() + 1):
        return np.lexsort((*_tie_breakers(rows, slice(None)), time, mmsi))
    key = (mmsi - mmsi.min()) * span + (time - time.min())
    # Stored positions come in runs that are in order already, and a stable sort makes use of them.
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        among = order[tied]
        order[tied] = among[np.lexsort((*_tie_breakers(rows, among), key[among]))]
    return order


def _tie_breakers(rows: Columns, where: Ints | slice) -> list[NDArray[Any]]:
    return [rows[n][where] for n in ("known_at", "speed_kn", "lat", "lon")]


def _doubtful(rows: Columns, vectors: NDArray[np.float64], kept: pl.DataFrame, last: pl.DataFrame) -> Ints:
    """Name the MMSIs that may be several hulls: known as such, or with a step no ship could sail."""
    mmsi, time = rows["mmsi"], rows["time"]
    at, before = _firsts(mmsi, last)
    since = last["time"].to_physical().to_numpy()[before]
    jumps = (mmsi[1:] == mmsi[:-1]) & ~_in_reach(vectors[1:], vectors[:-1], np.diff(time))
    jumped = ~_in_reach(vectors[at], last.select("x", "y", "z").to_numpy()[before], time[at] - since)
    known = kept.filter((pl.col("hulls") > 1) | (pl.col("hull") != 1))["mmsi"].to_numpy()
    return np.unique(np.concatenate((mmsi[1:][jumps], mmsi[at[jumped]], known)))


def _in_reach(a: NDArray[np.float64], b: NDArray[np.float64], ms: Ints) -> Bools:
    reach_m = SLACK_M + TOP_SPEED_KN * KNOT_M_PER_S / 1000.0 * ms
    return np.asarray(length(a - b) * EARTH_RADIUS_M <= reach_m)


def _with_hulls(rows: Columns, doubtful: Ints, kept: pl.DataFrame) -> tuple[Columns, pl.DataFrame]:
    """Give each row its hull's ordinal, rows of one hull together; and the state to keep."""
    mmsi = rows["mmsi"]
    rows["hull"] = np.ones(mmsi.size, np.int64)
    keep = _one_hull(rows, doubtful, kept)
    if not doubtful.size:
        return rows, keep
    ends = np.searchsorted(mmsi, doubtful), np.searchsorted(mmsi, doubtful, "right")
    at = np.concatenate([np.arange(first, after) for first, after in zip(*ends, strict=True)])
    reports = zip(*(rows[n][at].tolist() for n in ("mmsi", "time", "x", "y", "z", "lon", "lat")), strict=True)
    hulls, several = judged(reports, kept.filter(pl.col("mmsi").is_in(doubtful.tolist())))
    rows["hull"][at] = hulls
    together = at[np.argsort(mmsi[at] * HULLS_PER_MMSI + rows["hull"][at], kind="stable")]
    for values in rows.values():
        values[at] = values[together]
    return rows, pl.concat((keep, several))


def _one_hull(rows: Columns, doubtful: Ints, kept: pl.DataFrame) -> pl.DataFrame:
    """Give the state of MMSIs that are one hull each: where last heard, and how often in all."""
    mmsi = rows["mmsi"]
    first = np.flatnonzero(np.diff(mmsi, prepend=-1))
    last = np.append(first[1:], mmsi.size)[: first.size] - 1
    single = ~np.isin(mmsi[first], doubtful)
    first, last = first[single], last[single]
    ends = pl.DataFrame(
        {n: rows[n][last] for n in ("mmsi", "time", "lon", "lat", "x", "y", "z")}
    ).with_columns(
        since=pl.Series(rows["time"][first]), heard=pl.Series(last - first + 1), hull=1, hulls=1, others=0
    )
    typed = ends.select(pl.col(name).cast(dtype) for name, dtype in KEPT.items())
    kept = kept.filter(~pl.col("mmsi").is_in(doubtful.tolist()))
    both = pl.concat((kept, typed)).group_by("mmsi").agg(
        pl.exclude("heard", "since").last(), pl.col("since").first(), pl.col("heard").sum()
    )  # fmt: skip
    return both.select(KEPT.names()).sort("mmsi")


def _fixes(rows: Columns) -> pl.DataFrame:
    values = {**rows, "track": rows["mmsi"] * HULLS_PER_MMSI + rows["hull"]}
    return _frame(values, schema(Fix)).with_columns(pl.col("speed_kn").fill_nan(None))


def _noise(rows: Columns) -> pl.DataFrame:
    reason = np.full(rows["mmsi"].size, "out of reach of every hull heard under this MMSI")
    return _frame({**rows, "reason": reason}, schema(Noise))


def _frame(values: Columns, wanted: pl.Schema) -> pl.DataFrame:
    return pl.DataFrame({n: values[n] for n in wanted}).select(pl.col(n).cast(t) for n, t in wanted.items())
