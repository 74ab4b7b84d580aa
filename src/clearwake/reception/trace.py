"""Traces: where each hull was heard quarter by quarter, and where it was, as far as can be told, while it was not.

Between two positions a hull is taken to have left on its last course and to have come back on its next one, along a
smooth curve; after its last position it sails on for some hours and is then nowhere in particular.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI
from clearwake.reception.digest import QUARTER_MS
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, destination, lonlat, unit_vectors

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SPAN_MS = 3_600_000
"""Two positions an hour or more apart have a silence between them; less is the ordinary wait for the next."""

SAILS_ON_MS = 6 * 3_600_000
"""How long a hull is taken to sail on after its last position, and how much of a course bends a curve."""

KNOWN_MS = 24 * 3_600_000
"""How far from its last or next position a hull's place is guessed at all."""

FASTEST_M_PER_S = 40.0 * KNOT_M_PER_S
MOVES_M_PER_S = 1.5 * KNOT_M_PER_S
MOVED_M = 2_000.0

_SHORTEST_MS, _LONGEST_MS = 300_000, 5_400_000
"""A course is measured over this long at least and at most."""


@dataclass(frozen=True)
class Trace:
    """Digests of hulls as columns, one row a hull and quarter, sorted by both; times are milliseconds."""

    track: Ints
    quarter: Ints
    """Counted from 1970."""
    positions: Ints
    satellite: Ints
    terrestrial: Ints
    first: Ints
    last: Ints
    begin: Floats
    """Unit vectors, ``(n, 3)``, at ``first``."""
    end: Floats
    """At ``last``."""
    speed_kn: Floats
    course_deg: Floats
    nav_status: Floats
    class_b: Bools
    """Whose transmitter is of class B, which is heard less far."""
    until: int
    """How far the feed was heard."""

    @classmethod
    def of(cls, heard: pl.DataFrame, until: int, class_b: Collection[int] = ()) -> Trace:
        """Take a table of ``Heard``, of any number of days, in any order, and the MMSIs of class B."""
        rows = heard.sort("track", "quarter")
        time = {n: rows[n].to_physical().to_numpy() for n in ("quarter", "first", "last")}
        plain = {n: rows[n].to_numpy() for n in ("track", "positions", "satellite", "terrestrial")}
        said = {
            n: rows[n].cast(pl.Float64).fill_null(float("nan")).to_numpy()
            for n in ("speed_kn", "course_deg", "nav_status")
        }
        begin = unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
        end = unit_vectors(rows["end_lon"].to_numpy(), rows["end_lat"].to_numpy())
        time["quarter"] = time["quarter"] // QUARTER_MS
        of_b = np.isin(plain["track"] // HULLS_PER_MMSI, np.array(list(class_b), np.int64))
        return cls(**plain, **time, **said, begin=begin, end=end, class_b=of_b, until=until)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.track)

    def departing(self) -> Floats:
        """Give how each hull moved when last heard in each row: ``(n, 3)`` unit vectors a millisecond."""
        before = np.maximum(np.arange(len(self)) - 1, 0)
        own = self.last - self.first
        reach = self.last - self.first[before]
        usable = (self.track[before] == self.track) & (reach <= _LONGEST_MS)
        since = np.where(usable & (own < _SHORTEST_MS), before, np.arange(len(self)))
        return self._motion(self.end - self.begin[since], self.last - self.first[since], self.end)

    def motion_known(self) -> Bools:
        """Say of each row whether how the hull moved when last heard was measured or reported."""
        before = np.maximum(np.arange(len(self)) - 1, 0)
        reach = np.where(self.track[before] == self.track, self.last - self.first[before], 0)
        far = (self.last - self.first >= _SHORTEST_MS) | ((reach >= _SHORTEST_MS) & (reach <= _LONGEST_MS))
        return np.asarray(far | np.isfinite(self.speed_kn))

    def arriving(self) -> Floats:
        """Give how each hull moved when first heard in each row: ``(n, 3)`` unit vectors a millisecond."""
        after = np.minimum(np.arange(len(self)) + 1, len(self) - 1)
        own = self.last - self.first
        reach = self.last[after] - self.first
        usable = (self.track[after] == self.track) & (reach <= _LONGEST_MS)
        till = np.where(usable & (own < _SHORTEST_MS), after, np.arange(len(self)))
        return self._motion(self.end[till] - self.begin, self.last[till] - self.first, self.begin)

    def _motion(self, moved: Floats, lasted: Ints, here: Floats) -> Floats:
        """Divide distance by time; where that is too short, take what was reported; where nothing was, nothing."""
        measured = lasted >= _SHORTEST_MS
        motion = moved / np.where(measured, lasted, 1)[:, None]
        rows = np.flatnonzero(~measured & np.isfinite(self.speed_kn) & np.isfinite(self.course_deg))
        motion[~measured] = 0.0
        if rows.size:
            lon, lat = lonlat(here[rows])
            a_minute_m = self.speed_kn[rows] * KNOT_M_PER_S * 60.0
            there = unit_vectors(*destination(lon, lat, self.course_deg[rows], a_minute_m))
            motion[rows] = (there - here[rows]) / 60_000.0
        speed = np.linalg.norm(motion, axis=1) * EARTH_RADIUS_M * 1000.0
        return np.asarray(motion * np.minimum(1.0, FASTEST_M_PER_S / np.maximum(speed, 1e-9))[:, None])


@dataclass(frozen=True)
class Spans:
    """Silences of an hour or more: after which row, from when to when, and how the hull moved before and after."""

    row: Ints
    track: Ints
    start: Ints
    end: Ints
    """Of one still open: how far the feed was heard."""
    is_open: Bools
    here: Floats
    there: Floats
    """Of one still open: where it was last heard."""
    leaving: Floats
    coming: Floats

    def __len__(self) -> int:
        """Count the silences."""
        return len(self.row)

    @property
    def lasted(self) -> Ints:
        """Give how long each lasted, milliseconds."""
        return np.asarray(self.end - self.start, np.int64)

    @property
    def moves(self) -> Bools:
        """Say whose hull was under way before or after, or was heard again elsewhere."""
        speed = np.maximum(np.linalg.norm(self.leaving, axis=1), np.linalg.norm(self.coming, axis=1))
        moved_m = np.linalg.norm(self.there - self.here, axis=1) * EARTH_RADIUS_M
        return np.asarray((speed * EARTH_RADIUS_M * 1000.0 >= MOVES_M_PER_S) | (moved_m >= MOVED_M))

    def of(self, which: Ints) -> Spans:
        """Keep some of the silences."""
        return Spans(*(getattr(self, f.name)[which] for f in fields(Spans)))

    def at(self, which: Ints, time: Ints) -> Floats:
        """Give where hulls were during their silences, as far as can be told: ``(n,), (n,) -> (n, 3)``."""
        since = (time - self.start[which]).astype(np.float64)
        on = self.here[which] + self.leaving[which] * np.minimum(since, SAILS_ON_MS)[:, None]
        between = np.flatnonzero(~self.is_open[which])
        if between.size:
            w = which[between]
            on[between] = self._curve(w, since[between] / np.maximum(self.lasted[w], 1))
        return np.asarray(on / np.linalg.norm(on, axis=1, keepdims=True))

    def straight(self, which: Ints, time: Ints) -> Floats:
        """Give where hulls were if they went the shortest way; of silences still open the same as ``at``."""
        share = (time - self.start[which]) / np.maximum(self.lasted[which], 1)
        way = self.here[which] + (self.there[which] - self.here[which]) * share[:, None]
        way = np.where(self.is_open[which][:, None], self.at(which, time), way)
        return np.asarray(way / np.linalg.norm(way, axis=1, keepdims=True))

    def _curve(self, w: Ints, share: Floats) -> Floats:
        """Draw the cubic Hermite curve that leaves on the one course and comes on the other."""
        t = share[:, None]
        bend = np.minimum(self.lasted[w], SAILS_ON_MS)[:, None].astype(np.float64)
        return np.asarray(
            (2 * t**3 - 3 * t**2 + 1) * self.here[w] + (t**3 - 2 * t**2 + t) * bend * self.leaving[w]
            + (3 * t**2 - 2 * t**3) * self.there[w] + (t**3 - t**2) * bend * self.coming[w]
        )  # fmt: skip


def spans(trace: Trace) -> Spans:
    """Find the silences of an hour or more, those that last too."""
    n = len(trace)
    following = np.minimum(np.arange(n) + 1, max(n - 1, 0))
    is_last = np.append(trace.track[1:] != trace.track[:-1], np.ones(min(n, 1), bool))
    end = np.where(is_last, trace.until, trace.first[following])
    row = np.flatnonzero(end - trace.last >= SPAN_MS)
    leaving, coming = trace.departing(), trace.arriving()
    is_open = is_last[row]
    there = np.where(is_open[:, None], trace.end[row], trace.begin[following[row]])
    after = np.where(is_open[:, None], 0.0, coming[following[row]])
    return Spans(
        row, trace.track[row], trace.last[row], end[row], is_open, trace.end[row], there, leaving[row], after
    )
