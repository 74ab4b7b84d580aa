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
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, length, steps, unit_vectors
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
    chords: Floats
    """Of each fix the straight-line distance from the one before it, between unit vectors: ``(n,)``."""

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
    ships = np.flatnonzero(new.select(is_ship(pl.col("mmsi"))).to_series().to_numpy())
    last = kept.sort("time", "hull").group_by("mmsi", maintain_order=True).last()
    also = [n for n in REPORTED if n in new.columns]
    rows = _messages(_columns(new, also), ships, last)
    merged = ships.size - rows["mmsi"].size
    vectors = unit_vectors(rows["lon"], rows["lat"])
    chords = steps(vectors)
    leaps, doubtful = _doubtful(rows, vectors, chords, kept, last)
    rows |= {name: vectors[:, i] for i, name in enumerate("xyz")} | {"chord": chords}
    at = _rows_of(rows["mmsi"], doubtful)
    keep = _with_hulls(rows, doubtful, at, leaps, kept)
    believed = rows["hull"] > 0
    noise = _noise({n: values[~believed] for n, values in rows.items()})
    strays = _fixes({n: values[~believed] for n, values in rows.items()})
    fixes, chords = _fixes(rows), rows["chord"]
    if also:
        fixes = fixes.hstack(new[pl.Series(rows["row"], dtype=pl.UInt32)].select(also))
    if not believed.all():
        fixes, chords = fixes.filter(believed), chords[believed]
        at = (np.cumsum(believed) - 1)[at[believed[at]]]
    _measure(chords, at, fixes)
    return Followed(fixes, noise, keep, merged, new.height - ships.size, strays, chords)


def _columns(new: pl.DataFrame, also: list[str]) -> Columns:
    here: Columns = {n: new[n].to_numpy() for n in ("mmsi", "lon", "lat", "speed_kn")}
    if also:
        here["row"] = np.arange(new.height)
    return here | {n: new[n].to_physical().to_numpy() for n in ("time", "known_at")}


def _rows_of(mmsi: Ints, doubtful: Ints) -> Ints:
    """Give the rows of some MMSIs, in order; rows are sorted by MMSI."""
    ends = np.searchsorted(mmsi, doubtful), np.searchsorted(mmsi, doubtful, "right")
    each = [np.arange(first, after) for first, after in zip(*ends, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *each])


def _measure(chords: Floats, at: Ints, fixes: pl.DataFrame) -> None:
    """Measure anew how far the fixes at some rows are from those before them, which are others than they were."""
    here = fixes.select("x", "y", "z")[pl.Series(at, dtype=pl.UInt32)].to_numpy()
    before = fixes.select("x", "y", "z")[pl.Series(np.maximum(at - 1, 0), dtype=pl.UInt32)].to_numpy()
    chords[at] = length(here - before)


def _messages(rows: Columns, ships: Ints, last: pl.DataFrame) -> Columns:
    """Sort by MMSI and time, ties by everything else so that the order of arrival does not matter; each message once.

    Of ``rows`` those of ``ships`` count.  A message heard before, the last under its MMSI, is not given again.
    """
    order = _order(rows, ships)
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
    first = _starts(mmsi)
    known = last["mmsi"].to_numpy()
    by_mmsi = np.argsort(known)
    place = np.searchsorted(known, mmsi[first], sorter=by_mmsi)
    found = np.flatnonzero(place < known.size)
    before = by_mmsi[place[found]]
    is_known = known[before] == mmsi[first[found]]
    return first[found[is_known]], before[is_known]


def _starts(mmsi: Ints) -> Ints:
    """Give the first row of each MMSI."""
    first = np.ones(mmsi.size, np.bool_)
    np.not_equal(mmsi[1:], mmsi[:-1], out=first[1:])
    return np.flatnonzero(first)


def _order(rows: Columns, ships: Ints) -> Ints:
    if not ships.size:
        return ships
    mmsi, time = rows["mmsi"][ships], rows["time"][ships]
    span = int(time.max() - time.min()) + 1
    if span > 2**62 // int(mmsi.max() - mmsi.min() + 1):
        return np.asarray(ships[np.lexsort((*_tie_breakers(rows, ships), time, mmsi))])
    key = (mmsi - mmsi.min()) * span + (time - time.min())
    # Stored positions come in runs that are in order already, and a stable sort makes use of them.
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
        among = order[tied]
        order[tied] = among[np.lexsort((*_tie_breakers(rows, ships[among]), key[among]))]
    return np.asarray(ships[order])


def _tie_breakers(rows: Columns, where: Ints) -> list[NDArray[Any]]:
    return [rows[n][where] for n in ("known_at", "speed_kn", "lat", "lon")]


def _doubtful(
    rows: Columns, vectors: Floats, chords: Floats, kept: pl.DataFrame, last: pl.DataFrame
) -> tuple[Bools, Ints]:
    """Mark the rows no ship could have sailed to from the row before, and name the MMSIs that may be several hulls.

    They are those known as such, and those with such a row.
    """
    mmsi, time = rows["mmsi"], rows["time"]
    at, before = _firsts(mmsi, last)
    since = last["time"].to_physical().to_numpy()[before]
    leaps = np.zeros(mmsi.size, np.bool_)
    leaps[1:] = (mmsi[1:] == mmsi[:-1]) & ~_in_reach(chords[1:], np.diff(time))
    kept_places = last.select("x", "y", "z").to_numpy()[before]
    jumped = ~_in_reach(length(vectors[at] - kept_places), time[at] - since)
    known = kept.filter((pl.col("hulls") > 1) | (pl.col("hull") != 1))["mmsi"].to_numpy()
    return leaps, np.unique(np.concatenate((mmsi[leaps], mmsi[at[jumped]], known)))


def _in_reach(chord: Floats, ms: Ints) -> Bools:
    reach_m = SLACK_M + TOP_SPEED_KN * KNOT_M_PER_S / 1000.0 * ms
    return np.asarray(chord * EARTH_RADIUS_M <= reach_m)


def _with_hulls(rows: Columns, doubtful: Ints, at: Ints, leaps: Bools, kept: pl.DataFrame) -> pl.DataFrame:
    """Give each row its hull's ordinal and put rows of one hull together; gives the state to keep."""
    mmsi = rows["mmsi"]
    rows["hull"] = np.ones(mmsi.size, np.int64)
    keep = _one_hull(rows, doubtful, kept)
    if not doubtful.size:
        return keep
    reports = {n: rows[n][at] for n in ("mmsi", "time", "x", "y", "z", "lon", "lat")}
    hulls, several = judged(reports, leaps[at], kept.filter(pl.col("mmsi").is_in(doubtful.tolist())))
    rows["hull"][at] = hulls
    together = at[np.argsort(mmsi[at] * HULLS_PER_MMSI + rows["hull"][at], kind="stable")]
    for values in rows.values():
        values[at] = values[together]
    return pl.concat((keep, several))


def _one_hull(rows: Columns, doubtful: Ints, kept: pl.DataFrame) -> pl.DataFrame:
    """Give the state of MMSIs that are one hull each: where last heard, and how often in all."""
    mmsi = rows["mmsi"]
    first = _starts(mmsi)
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
