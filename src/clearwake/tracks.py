"""Tracks: which positions belong to one hull.

An MMSI is a claim: two ships may use one number, one receiver may stamp a message wrongly, several stations may
hear the same message.  ``follow`` merges what several stations heard, separates hulls that no ship could sail
between, and flags, never deletes, positions that fit no hull.

The rule is causal: how a position is judged depends only on what came before it, so a live stream and an archive
give the same tracks.  The price is stated: a second hull under an MMSI is believed from its third position on, and
its first two stay flagged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI, TIME, Fix, Noise, Track, schema
from clearwake.model.identifiers import is_ship
from clearwake.model.record import Count, Degrees, Identifier, Score, Time
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, between_m, unit_vectors

TOP_SPEED_KN = 50.0
"""No ship sails faster: the field's threshold for an impossible speed between two reports."""

SLACK_M = 500.0
"""A report may be this far off without the ship having moved: antenna, clock and GNSS errors together."""

BELIEVED_FROM = 3
"""Positions after which a second hull under an MMSI is believed."""

SAME_MESSAGE = timedelta(seconds=10)
"""Equal places within one slot of this length are one message, heard by several stations or relayed late."""

JUMP_M = 30_000.0
"""A hull not heard since, and no farther than this from where its MMSI goes on, is the same hull with a bad clock or
position; farther away it is another ship."""

FORGET_CANDIDATE = timedelta(hours=6)
MOST_HULLS = 64


@dataclass(frozen=True)
class _Kept:
    mmsi: Identifier
    hull: Identifier
    since: Time
    time: Time
    lon: Degrees
    lat: Degrees
    x: Score
    y: Score
    z: Score
    heard: Count
    hulls: Count


KEPT = schema(_Kept)
"""Per hull: where last heard, how often, and how many ordinals its MMSI has used.  Hull 0 is not yet believed."""

_POSITION = ["mmsi", "time", "lon", "lat", "speed_kn", "known_at"]


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
    ships = new.select(_POSITION).filter(is_ship(pl.col("mmsi")))
    rows = _sorted(pl.concat((_last_heard(kept), ships)))
    rows = rows.filter(~_same_message(rows))
    vectors = unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    rows = rows.with_columns(pl.Series("xyz"[i], vectors[:, i]) for i in range(3))
    doubtful = _doubtful(rows, vectors, kept)
    fresh = rows.filter(pl.col("known_at").is_not_null()) if kept.height else rows
    merged = ships.height - fresh.height
    if not doubtful.len():
        fixes, keep = _one_hull(fresh, kept)
        return Followed(fixes, pl.DataFrame(schema=schema(Noise)), keep, merged, new.height - ships.height)
    is_doubtful = pl.col("mmsi").is_in(doubtful.implode())
    plain, plain_keep = _one_hull(fresh.filter(~is_doubtful), kept.filter(~is_doubtful))
    parts, noise, keep = _several_hulls(fresh.filter(is_doubtful), kept.filter(is_doubtful))
    fixes = pl.concat((plain, parts)).sort("track", maintain_order=True)
    return Followed(fixes, noise, pl.concat((plain_keep, keep)), merged, new.height - ships.height)


def _last_heard(kept: pl.DataFrame) -> pl.DataFrame:
    """Give the last position heard under each MMSI as a row without ``known_at``, to compare the first new one with."""
    last = kept.sort("time", "hull").group_by("mmsi").last()
    return last.select(
        "mmsi", "time", "lon", "lat", speed_kn=pl.lit(None, pl.Float32), known_at=pl.lit(None, TIME)
    )


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    """Sort by MMSI and time; ties by everything else, so that the order of arrival does not matter."""
    if not rows.height:
        return rows
    mmsi, time = rows["mmsi"].to_numpy(), _ms(rows)
    span = int(time.max() - time.min()) + 1
    if span > 2**62 // (int(mmsi.max() - mmsi.min()) + 1):
        return rows.sort(_POSITION)
    key = (mmsi - mmsi.min()) * span + (time - time.min())
    order = np.argsort(key)
    same = np.diff(key[order]) == 0
    result = rows[order]
    if not same.any():
        return result
    tied = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    where = pl.Series(tied, dtype=pl.UInt32)
    ties = result[where].sort(_POSITION)
    return result.select(result[name].scatter(where, ties[name]) for name in result.columns)


def _ms(rows: pl.DataFrame) -> NDArray[np.int64]:
    return np.asarray(rows["time"].to_physical().to_numpy(), np.int64)


def _same_message(rows: pl.DataFrame) -> pl.Series:
    slot = pl.col("time").dt.epoch("ms") // (SAME_MESSAGE // timedelta(milliseconds=1))
    same = [pl.col(name) == pl.col(name).shift(1) for name in ("mmsi", "lon", "lat")]
    return rows.select(pl.all_horizontal(*same, slot == slot.shift(1)).fill_null(value=False)).to_series()


def _doubtful(rows: pl.DataFrame, vectors: NDArray[np.float64], kept: pl.DataFrame) -> pl.Series:
    """Name the MMSIs that may be several hulls: known as such, or with a step no ship could sail."""
    seconds = np.diff(_ms(rows)) / 1000.0
    mmsi = rows["mmsi"].to_numpy()
    reach_m = SLACK_M + TOP_SPEED_KN * KNOT_M_PER_S * seconds
    jumps = (mmsi[1:] == mmsi[:-1]) & (between_m(vectors[1:], vectors[:-1]) > reach_m)
    known = kept.filter((pl.col("hulls") > 1) | (pl.col("hull") != 1))["mmsi"]
    return pl.concat((pl.Series("mmsi", mmsi[1:][jumps], dtype=pl.Int64), known)).unique()


def _one_hull(rows: pl.DataFrame, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    fixes = _as_fixes(rows, pl.lit(1, pl.Int64))
    ends = rows.group_by("mmsi", maintain_order=True).agg(
        pl.col("time", "lon", "lat", "x", "y", "z").last(),
        since=pl.col("time").first(),
        heard=pl.len().cast(pl.Int64),
    )
    ends = ends.with_columns(hull=pl.lit(1, pl.Int64), hulls=pl.lit(1, pl.Int64)).select(KEPT.names())
    both = (
        pl.concat((kept, ends))
        .group_by("mmsi")
        .agg(pl.exclude("heard", "since").last(), pl.col("since").first(), pl.col("heard").sum())
    )
    return fixes, both.select(KEPT.names()).sort("mmsi")


def _as_fixes(rows: pl.DataFrame, hull: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(track=pl.col("mmsi") * HULLS_PER_MMSI + hull).select(schema(Fix).names())


@dataclass
class _Hull:
    """A hull being followed under an MMSI with several; ``ordinal`` 0 until it is believed."""

    ordinal: int
    since: int
    ms: int
    place: tuple[float, float, float]
    lonlat: tuple[float, float]
    heard: int


@dataclass
class _Transmitter:
    """The hulls heard under one MMSI, and how many ordinals were given out."""

    hulls: list[_Hull] = field(default_factory=list)
    given: int = 0

    def judge(self, ms: int, place: tuple[float, float, float], lonlat: tuple[float, float]) -> int:
        """Give the ordinal of the hull this position belongs to; 0 where none is believed yet."""
        hull = self._nearest_in_reach(ms, place)
        if hull is None:
            hull = _Hull(0, ms, ms, place, lonlat, 0)
            self._make_room(ms)
            self.hulls.append(hull)
        hull.ms, hull.place, hull.lonlat, hull.heard = ms, place, lonlat, hull.heard + 1
        if hull.ordinal == 0 and (self.given == 0 or hull.heard >= BELIEVED_FROM):
            self._believe(hull)
        return hull.ordinal

    def _believe(self, hull: _Hull) -> None:
        """Make a candidate a hull of its own, or the continuation of one that fell silent nearby when it appeared."""
        silent = [
            h
            for h in self.hulls
            if h.ordinal and h.ms < hull.since and _apart_m(h.place, hull.place) <= JUMP_M
        ]
        if silent:
            same = max(silent, key=lambda h: (h.ms, -h.ordinal))
            hull.ordinal, hull.since, hull.heard = same.ordinal, same.since, same.heard + hull.heard
            self.hulls.remove(same)
        else:
            self.given += 1
            hull.ordinal = min(self.given, HULLS_PER_MMSI - 1)

    def _nearest_in_reach(self, ms: int, place: tuple[float, float, float]) -> _Hull | None:
        """Choose the hull last heard nearest to here among those that could have come; a believed one first."""
        best, best_key = None, (2, 0.0)
        for hull in self.remembered(ms):
            apart_m = (
                EARTH_RADIUS_M * sum((a - b) ** 2 for a, b in zip(place, hull.place, strict=True)) ** 0.5
            )
            if apart_m <= SLACK_M + TOP_SPEED_KN * KNOT_M_PER_S * (ms - hull.ms) / 1000.0:
                key = (int(hull.ordinal == 0), apart_m)
                if key < best_key:
                    best, best_key = hull, key
        return best

    def remembered(self, ms: int) -> list[_Hull]:
        """Give the believed hulls, and the candidates not yet forgotten at ``ms``."""
        forget_ms = FORGET_CANDIDATE // timedelta(milliseconds=1)
        return [h for h in self.hulls if h.ordinal or ms - h.ms <= forget_ms]

    def _make_room(self, ms: int) -> None:
        self.hulls = self.remembered(ms)
        if len(self.hulls) >= MOST_HULLS:
            self.hulls.remove(min(self.hulls, key=lambda h: (h.ordinal != 0, h.ms)))


def _apart_m(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Give the straight-line distance between unit vectors, in metres: enough to judge reach, and quick."""
    return float(EARTH_RADIUS_M * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2) ** 0.5)


def _several_hulls(rows: pl.DataFrame, kept: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Follow MMSIs one position after the other; they are few, so a plain loop is fast enough."""
    known = _transmitters(kept)
    ordinals = np.zeros(rows.height, np.int64)
    fields = rows.select("mmsi", pl.col("time").dt.epoch("ms"), "x", "y", "z", "lon", "lat")
    for i, (mmsi, ms, x, y, z, lon, lat) in enumerate(fields.iter_rows()):
        ordinals[i] = known.setdefault(mmsi, _Transmitter()).judge(ms, (x, y, z), (lon, lat))
    judged = rows.with_columns(hull=pl.Series(ordinals, dtype=pl.Int64))
    fixes = _as_fixes(judged.filter(pl.col("hull") > 0), pl.col("hull")).sort(
        "track", "time", maintain_order=True
    )
    noise = judged.filter(pl.col("hull") == 0).with_columns(
        reason=pl.lit("out of reach of every hull heard under this MMSI")
    )
    return fixes, noise.select(schema(Noise).names()), _kept(known)


def _transmitters(kept: pl.DataFrame) -> dict[int, _Transmitter]:
    known: dict[int, _Transmitter] = {}
    for row in kept.with_columns(pl.col("since", "time").dt.epoch("ms")).iter_rows(named=True):
        transmitter = known.setdefault(row["mmsi"], _Transmitter(given=row["hulls"]))
        place, lonlat = (row["x"], row["y"], row["z"]), (row["lon"], row["lat"])
        transmitter.hulls.append(_Hull(row["hull"], row["since"], row["time"], place, lonlat, row["heard"]))
    return known


def _kept(known: dict[int, _Transmitter]) -> pl.DataFrame:
    rows = []
    for mmsi, t in sorted(known.items()):
        t.hulls = t.hulls and t.remembered(max(h.ms for h in t.hulls))
        rows += [(mmsi, h.ordinal, h.since, h.ms, *h.lonlat, *h.place, h.heard, t.given) for h in t.hulls]
    raw = pl.DataFrame(rows, schema=list(KEPT), orient="row", infer_schema_length=None)
    return raw.select(pl.col(name).cast(dtype) for name, dtype in KEPT.items())


def summed(fixes: pl.DataFrame) -> pl.DataFrame:
    """Sum up each track of a batch: first and last fix, how many, how far: rows of ``Track``, mergeable by track.

    Takes fixes sorted by track and time.  The way between two batches is not counted: the batches are whole days.
    """
    track = fixes["track"].to_numpy()
    vectors = fixes.select("x", "y", "z").to_numpy()
    first = np.flatnonzero(np.diff(track, prepend=-1))
    if not first.size:
        return pl.DataFrame(schema=schema(Track)).drop("shared_mmsi")
    way_m = np.concatenate(([0.0], between_m(vectors[1:], vectors[:-1])))
    way_m[first] = 0.0
    last = np.append(first[1:], track.size) - 1
    begin, end = (fixes[pl.Series(i, dtype=pl.UInt32)] for i in (first, last))
    return begin.select(
        "track", "mmsi", start="time", end=end["time"], positions=pl.Series(last - first + 1).cast(pl.Int64),
        lon="lon", lat="lat", end_lon=end["lon"], end_lat=end["lat"],
        travelled_km=pl.Series(np.add.reduceat(way_m, first) / 1000.0),
    )  # fmt: skip


def merged(days: pl.DataFrame) -> pl.DataFrame:
    """Merge the sums of several batches into one row per track (``Track``)."""
    tracks = days.sort("start").group_by("track").agg(
        pl.col("mmsi", "start", "lon", "lat").first(), pl.col("end", "end_lon", "end_lat").last(),
        pl.col("positions", "travelled_km").sum(),
    )  # fmt: skip
    shared = pl.col("track").n_unique().over("mmsi") > 1
    return tracks.with_columns(shared_mmsi=shared).select(schema(Track).names()).sort("track")
