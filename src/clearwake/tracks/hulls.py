"""Which hull under an MMSI a position belongs to, one position after the other.

Only MMSIs heard where no one ship could have been come here; they are few, so a plain loop is fast enough, the more
as it skips over the rows between two leaps wherever one hull alone is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI, schema
from clearwake.model.record import Count, Degrees, Identifier, Score, Time
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S

TOP_SPEED_KN = 50.0
"""No ship sails faster: the field's threshold for an impossible speed between two reports."""

SLACK_M = 500.0
"""A report may be this far off without the ship having moved: antenna, clock and GNSS errors together."""

BELIEVED_FROM = 3
"""Positions after which a second hull under an MMSI is believed."""

NEAR_M = 200_000.0
NEAR_SHARE = 0.2
"""A candidate within this distance of a believed hull looks like that hull's bad positions, unless it is heard at least
this share as often as a believed hull has been since the candidate appeared."""

JUMP_M = 30_000.0
"""A hull not heard since, and no farther than this from where its MMSI goes on, is the same hull with a bad clock or
position; farther away it is another ship."""

FORGET_CANDIDATE = timedelta(hours=6)
MOST_HULLS = 64

_FORGET_MS = FORGET_CANDIDATE // timedelta(milliseconds=1)
_REACH_M_PER_MS = TOP_SPEED_KN * KNOT_M_PER_S / 1000.0

Place = tuple[float, float, float]
Columns = dict[str, NDArray[Any]]
Ints = NDArray[np.int64]


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
    others: Count
    hulls: Count


KEPT = schema(_Kept)
"""Per hull: where last heard, how often, and how many ordinals its MMSI has used.  Hull 0 is not yet believed."""


@dataclass(slots=True)
class Hull:
    """A hull being followed under an MMSI with several; ``ordinal`` 0 until it is believed."""

    ordinal: int
    since: int
    ms: int
    place: Place
    lonlat: tuple[float, float]
    heard: int
    others: int
    """How often believed hulls of its MMSI had been heard when it appeared."""


@dataclass(slots=True)
class Transmitter:
    """The hulls heard under one MMSI, and how many ordinals were given out."""

    hulls: list[Hull] = field(default_factory=list)
    given: int = 0

    def judge(self, ms: int, place: Place, lonlat: tuple[float, float]) -> int:
        """Give the ordinal of the hull this position belongs to; 0 where none is believed yet."""
        hull = self._nearest_in_reach(ms, place)
        if hull is None:
            self._make_room(ms)
            hull = Hull(0, ms, ms, place, lonlat, 0, self._heard())
            self.hulls.append(hull)
        hull.ms, hull.place, hull.lonlat, hull.heard = ms, place, lonlat, hull.heard + 1
        if hull.ordinal == 0 and (self.given == 0 or self._is_credible(hull)):
            self._believe(hull)
        return hull.ordinal

    def sole(self) -> Hull | None:
        """Give the believed hull if there is just one: whatever is in its reach is its own, candidates or not."""
        believed = [h for h in self.hulls if h.ordinal]
        return believed[0] if len(believed) == 1 else None

    def _heard(self) -> int:
        return sum(h.heard for h in self.hulls if h.ordinal)

    def _is_credible(self, candidate: Hull) -> bool:
        """Say whether a candidate is more than the bad positions of a believed hull nearby."""
        if candidate.heard < BELIEVED_FROM:
            return False
        believed = [h for h in self.hulls if h.ordinal]
        if all(apart_m(h.place, candidate.place) > NEAR_M for h in believed):
            return True
        each = (self._heard() - candidate.others) / max(len(believed), 1)
        return candidate.heard >= NEAR_SHARE * each

    def _believe(self, hull: Hull) -> None:
        """Make a candidate a hull of its own, or the continuation of one that fell silent nearby when it appeared."""
        silent = [
            h
            for h in self.hulls
            if h.ordinal and h.ms < hull.since and apart_m(h.place, hull.place) <= JUMP_M
        ]
        if silent:
            same = max(silent, key=lambda h: (h.ms, -h.ordinal))
            hull.ordinal, hull.since, hull.heard = same.ordinal, same.since, same.heard + hull.heard
            self.hulls.remove(same)
        else:
            self.given += 1
            hull.ordinal = min(self.given, HULLS_PER_MMSI - 1)

    def _nearest_in_reach(self, ms: int, place: Place) -> Hull | None:
        """Choose the hull last heard nearest to here among those that could have come; a believed one first."""
        best: Hull | None = None
        best_m = 0.0
        x, y, z = place
        for hull in self.hulls:
            if best is not None and best.ordinal and not hull.ordinal:
                continue
            dx, dy, dz = hull.place[0] - x, hull.place[1] - y, hull.place[2] - z
            away_m = EARTH_RADIUS_M * (dx * dx + dy * dy + dz * dz) ** 0.5
            since_ms = ms - hull.ms
            if away_m > SLACK_M + _REACH_M_PER_MS * since_ms:
                continue
            if not hull.ordinal and since_ms > _FORGET_MS:
                continue
            if best is None or (hull.ordinal and not best.ordinal) or away_m < best_m:
                best, best_m = hull, away_m
        return best

    def remembered(self, ms: int) -> list[Hull]:
        """Give the believed hulls, and the candidates not yet forgotten at ``ms``."""
        return [h for h in self.hulls if h.ordinal or ms - h.ms <= _FORGET_MS]

    def _make_room(self, ms: int) -> None:
        self.hulls = self.remembered(ms)
        if len(self.hulls) >= MOST_HULLS:
            self.hulls.remove(min(self.hulls, key=lambda h: (h.ordinal != 0, h.ms)))


def apart_m(a: Place, b: Place) -> float:
    """Give the straight-line distance between unit vectors, in metres: enough to judge reach, and quick."""
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return float(EARTH_RADIUS_M * (x * x + y * y + z * z) ** 0.5)


def judged(rows: Columns, leaps: NDArray[np.bool_], kept: pl.DataFrame) -> tuple[Ints, pl.DataFrame]:
    """Judge rows of whole MMSIs one after the other.

    Args:
        rows: ``mmsi, time`` (milliseconds)``, x, y, z, lon, lat``, sorted by MMSI and time.
        leaps: Of each row, whether no ship could have come there from the row before it.
        kept: The state kept of these MMSIs.

    Returns:
        The ordinal of each row's hull, 0 for none, and the state to keep.
    """
    known = _transmitters(kept)
    mmsi = rows["mmsi"]
    hulls = np.zeros(mmsi.size, np.int64)
    first = np.flatnonzero(np.append(True, mmsi[1:] != mmsi[:-1])[: mmsi.size])
    ends = np.append(first[1:], mmsi.size)[: first.size]
    for begin, end in zip(first.tolist(), ends.tolist(), strict=True):
        part = slice(begin, end)
        transmitter = known.setdefault(int(mmsi[begin]), Transmitter())
        heard = {n: rows[n][part].tolist() for n in ("time", "x", "y", "z", "lon", "lat")}
        _judge(transmitter, heard, np.flatnonzero(leaps[part]), hulls[part])
    return hulls, _kept(known)


def _judge(transmitter: Transmitter, heard: dict[str, list[Any]], leaps: Ints, hulls: Ints) -> None:
    """Judge the rows of one MMSI, and write the ordinals into ``hulls``."""
    ms, lonlats = heard["time"], list(zip(heard["lon"], heard["lat"], strict=True))
    places = list(zip(heard["x"], heard["y"], heard["z"], strict=True))
    until = [*leaps.tolist(), len(ms)]
    row = leap = 0
    while row < len(ms):
        hulls[row] = ordinal = transmitter.judge(ms[row], places[row], lonlats[row])
        row += 1
        while until[leap] < row:
            leap += 1
        end = until[leap]
        if end > row and ordinal and (hull := transmitter.sole()):
            last = end - 1
            hull.ms, hull.place, hull.lonlat = ms[last], places[last], lonlats[last]
            hull.heard += end - row
            hulls[row:end] = ordinal
            row = end


def _transmitters(kept: pl.DataFrame) -> dict[int, Transmitter]:
    known: dict[int, Transmitter] = {}
    for row in kept.with_columns(pl.col("since", "time").dt.epoch("ms")).iter_rows(named=True):
        transmitter = known.setdefault(row["mmsi"], Transmitter(given=row["hulls"]))
        place, lonlat = (row["x"], row["y"], row["z"]), (row["lon"], row["lat"])
        transmitter.hulls.append(
            Hull(row["hull"], row["since"], row["time"], place, lonlat, row["heard"], row["others"])
        )
    return known


def _kept(known: dict[int, Transmitter]) -> pl.DataFrame:
    rows = []
    for mmsi, t in sorted(known.items()):
        t.hulls = t.hulls and t.remembered(max(h.ms for h in t.hulls))
        rows += [
            (mmsi, h.ordinal, h.since, h.ms, *h.lonlat, *h.place, h.heard, h.others, t.given) for h in t.hulls
        ]
    raw = pl.DataFrame(rows, schema=list(KEPT), orient="row", infer_schema_length=None)
    return raw.select(pl.col(name).cast(dtype) for name, dtype in KEPT.items())
