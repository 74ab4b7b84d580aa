"""Ways sent again later, elsewhere, at reporting times of their own: known by how many turns of theirs are the same.

A copy that is sent report for report is known by its intervals or strides.  One that was sampled anew has only its
way left, and honest ships' ways resemble each other: lanes have a corner or two, ships slow down before a port.  So
a way counts only as far as it cannot be told in a few even legs: each leg has a course, a speed and an end of its
own, and two ships that agree in many of them to within what receivers err sail one and the same way.  A ferry, a
survey or a trawler that repeats its own way does so honestly; so does a line that several ships sail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake.detect.falsification.copies import BESIDE_M, COPY, OWN_LATER_MS, Tracks, laid_flat
from clearwake.detect.falsification.legs import Agreement, Way, agreement
from clearwake.detect.step import Bools, Ints, milliseconds, starts_of
from clearwake.model import HULLS_PER_MMSI
from clearwake.sphere import EARTH_RADIUS_M, Floats, between_m

STEP_MS = 4 * 60_000
PLACES, STRIDE = 11, 2
"""A window is eleven places eight minutes apart: eighty minutes."""

REACH = (PLACES - 1) * STRIDE
ASKED, SHIFTS_MS = 2, (0, 60_000, 120_000, 180_000)
"""One window in so many is looked up, and again as it is one, two and three minutes later."""

STILL_M, MOVES = 250.0, 5
"""A ship that makes less in eight minutes lies still or drifts; so many of a window's ten strides are sailed."""

BENDS_M = 40.0
"""Three even legs miss a window's places by this (root mean square), or it has no shape of its own."""

ALIKE_M = 60.0
"""Windows are looked up within this, and what a ship whose course changes is off half a minute out of step."""

CHORD_S = 20.0
"""Between reports two minutes apart a ship that turns is off its chord as if it were so much out of step."""

ONCE_MS = 90_000
"""What is sent less than this later is sent at once: clocks differ."""

TELLS = 2.0
"""Two windows agree so many times better with each other than with three even legs, or only three legs are alike."""

LATEST_MS = 24 * 3_600_000
"""Windows are remembered for so long."""

AT_ONCE = 200_000
"""Places laid flat at a time."""


def _three_legs(one: int, two: int) -> Floats:
    """Give an orthonormal basis, for either axis, of ways of three even legs with their corners at two places."""
    at = np.arange(PLACES, dtype=np.float64)
    along = np.stack([at**0, at, np.maximum(at - one, 0.0), np.maximum(at - two, 0.0)], axis=-1)
    return np.kron(np.linalg.qr(along)[0], np.eye(2))


_THREE_LEGS = [_three_legs(*corners) for corners in combinations(range(1, PLACES - 1), 2)]
_CORNERS = np.concatenate(_THREE_LEGS, axis=1)
"""``(2 * PLACES, 36 * 8)``."""

_EVENLY = _CORNERS[:, 2:4]
"""The same of ways of one leg, when their middle is taken out."""

_ROWS = 16_384
"""Windows held against all of them at a time."""

_Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Windows:
    """Eighty minutes of ways that bend, each laid about its own middle."""

    track: Ints
    ms: Ints
    """Their first moments."""

    middle: Floats
    """Unit vectors of the places half way: ``(m, 3)``."""

    metres: _Singles
    """Metres east and north, on the ground: ``(m, 2 * PLACES)``."""

    degrees: _Singles
    """The same where degrees of longitude are as wide everywhere, as for one who adds degrees."""

    bent_m: Floats
    """How far they are from three even legs (root mean square)."""

    quick_m_s: Floats
    """How much their velocities vary (root mean square): so fast does a window change as it is moved in time."""

    def at(self, rows: Ints) -> Windows:
        """Give some of them."""
        return Windows(*(getattr(self, n)[rows] for n in Windows.__annotations__))


def windows(t: Tracks, since_ms: int) -> Windows:
    """Give the windows of tracks that bend and end at or after a moment.

    Args:
        t: The reports of the tracks.
        since_ms: Windows that end before are left out: they were given with an earlier day.
    """
    return _joined([_bent(t, first, last, since_ms) for first, last in _groups(t)])


def asked(t: Tracks, known: Windows) -> Windows:
    """Give those windows that are looked up, each at a few moments a minute apart, so that one is nearly in step."""
    of = known.at(np.flatnonzero(known.ms // STEP_MS % ASKED == 0))
    code = np.searchsorted(t.names, of.track)
    return _joined([of, *(_shifted(t, of, code, shift) for shift in SHIFTS_MS[1:])])


def _shifted(t: Tracks, of: Windows, code: Ints, shift_ms: int) -> Windows:
    moments = of.ms[:, None] + shift_ms + np.arange(PLACES) * STRIDE * STEP_MS
    found, heard = t.at(np.repeat(code, PLACES), moments.ravel())
    whole = heard.reshape(-1, PLACES).all(axis=1)
    return _laid(of.track[whole], of.ms[whole] + shift_ms, found.reshape(-1, PLACES, 3)[whole])


def _joined(parts: list[Windows]) -> Windows:
    none = _laid(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, PLACES, 3)))
    return Windows(
        *(np.concatenate([getattr(p, n) for p in (none, *parts)]) for n in Windows.__annotations__)
    )


def _groups(t: Tracks) -> Iterator[tuple[Ints, Ints]]:
    """Give the first and last rows of some tracks at a time."""
    first = np.flatnonzero(starts_of(t.code)) if t.code.size else np.empty(0, np.int64)
    last = np.append(first[1:], t.code.size)[: first.size] - 1
    steps = np.cumsum((t.ms[last] - t.ms[first]) // STEP_MS + 1)
    for part in np.split(np.arange(first.size), np.flatnonzero(np.diff(steps // AT_ONCE)) + 1):
        if part.size:
            yield first[part], last[part]


def _bent(t: Tracks, first: Ints, last: Ints, since_ms: int) -> Windows:
    begin, end = -(-t.ms[first] // STEP_MS), t.ms[last] // STEP_MS
    count = np.maximum(end - begin + 1, 0)
    code = np.repeat(t.code[first], count)
    step = np.arange(code.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
    place, heard = t.at(code, step * STEP_MS)
    at = _under_way(code, place, heard)
    at = at[(step[at] + REACH) * STEP_MS >= since_ms]
    found = _laid(t.names[code[at]], step[at] * STEP_MS, place[at[:, None] + np.arange(PLACES) * STRIDE])
    return found.at(np.flatnonzero(found.bent_m >= BENDS_M))


def _laid(track: Ints, ms: Ints, places: Floats) -> Windows:
    """Lay windows flat that are no straight way: ``(m,), (m,), (m, PLACES, 3)``."""
    metres = laid_flat(places)
    flat = metres.reshape(len(track), 2 * PLACES)
    winds = np.flatnonzero(_square(flat) - _square(flat @ _EVENLY) >= PLACES * BENDS_M**2)
    metres, degrees = metres[winds], _in_degrees(places[winds])
    speed = np.diff(metres, axis=1) / (STRIDE * STEP_MS / 1000.0)
    quick = np.sqrt(((speed - speed.mean(axis=1, keepdims=True)) ** 2).sum(axis=2).mean(axis=1))
    flat_m, flat_deg = (f.reshape(winds.size, 2 * PLACES).astype(np.float32) for f in (metres, degrees))
    bent = off_three_legs_m(metres)
    return Windows(track[winds], ms[winds], places[winds, PLACES // 2], flat_m, flat_deg, bent, quick)


def _under_way(code: Ints, place: Floats, heard: Bools) -> Ints:
    """Give the first rows of windows in which a track was heard and sailed on."""
    at = np.arange(max(code.size - REACH, 0))
    silent = np.concatenate(([0], np.cumsum(~heard)))
    at = at[(code[at] == code[at + REACH]) & (silent[at + REACH + 1] == silent[at])]
    sails = np.zeros(code.size, np.int8)
    sails[:-STRIDE] = between_m(place[STRIDE:], place[:-STRIDE]) >= STILL_M
    sailed = np.stack([sails[at + k * STRIDE] for k in range(PLACES - 1)]).sum(axis=0)
    return np.asarray(at[sailed >= MOVES])


def _in_degrees(places: Floats) -> Floats:
    """Lay windows flat by longitude and latitude, ``(m, k, 3) -> (m, k, 2)``; a degree of either is as long."""
    lon, lat = np.arctan2(places[..., 1], places[..., 0]), np.arcsin(np.clip(places[..., 2], -1.0, 1.0))
    east = (lon - lon[:, :1] + np.pi) % (2.0 * np.pi) - np.pi
    flat = np.stack((east, lat), axis=-1) * EARTH_RADIUS_M
    return np.asarray(flat - flat.mean(axis=1, keepdims=True))


def off_three_legs_m(flat: Floats) -> Floats:
    """Give how far evenly timed places are from the nearest way of three even legs: root mean square, metres."""
    rows = flat.reshape(len(flat), 2 * PLACES)
    told = np.zeros(len(rows))
    for start in range(0, len(rows), _ROWS):
        part = (rows[start : start + _ROWS] @ _CORNERS).reshape(-1, len(_THREE_LEGS), 8)
        told[start : start + _ROWS] = np.einsum("mwk,mwk->mw", part, part).max(axis=1)
    return np.asarray(np.sqrt(np.maximum(_square(rows) - told, 0.0) / PLACES))


def _square(rows: Floats) -> Floats:
    return np.asarray(np.einsum("mk,mk->m", rows, rows))


LIKELY = pl.Schema({"track": pl.Int64(), "of_track": pl.Int64(), "later_ms": pl.Int64(), "first": pl.Int64(),
                    "last": pl.Int64()})  # fmt: skip
"""``first`` and ``last`` are the later track's milliseconds."""


def likely_pairs(new: Windows, earlier: Windows) -> pl.DataFrame:
    """Find windows that look like earlier ones elsewhere, or like the same ship's earlier ones anywhere (``LIKELY``).

    Args:
        new: What is looked up, from ``asked``.
        earlier: Those known, of the same day and of the day before.
    """
    if not new.ms.size or not earlier.ms.size:
        return pl.DataFrame(schema=LIKELY)
    hits = pl.concat([_hits(new, earlier, frame) for frame in ("metres", "degrees")])
    near = (pl.col("later_ms") // STEP_MS).alias("near")
    best = hits.sort("off", "later_ms").group_by("track", "of_track", near, maintain_order=True)
    runs = best.agg(
        pl.col("later_ms").first(), first=pl.col("ms").min(), last=pl.col("ms").max() + REACH * STEP_MS
    )
    return runs.select(LIKELY.names()).sort(LIKELY.names())


def _hits(new: Windows, earlier: Windows, frame: str) -> pl.DataFrame:
    """Look windows up by their first, second and third order in time, and hold what is found against each other."""
    one, two = getattr(new, frame), getattr(earlier, frame)
    within = (ALIKE_M + (STEP_MS / 8000.0 + CHORD_S) * new.quick_m_s) * PLACES**0.5
    found = cKDTree(_orders(two)).query_ball_point(_orders(one), within, return_sorted=True)
    i = np.repeat(np.arange(new.ms.size), [len(h) for h in found])
    j = np.concatenate([np.asarray(h, np.int64) for h in found])
    later = new.ms[i] - earlier.ms[j]
    own = new.track[i] // HULLS_PER_MMSI == earlier.track[j] // HULLS_PER_MMSI
    far = own | (between_m(new.middle[i], earlier.middle[j]) >= BESIDE_M)
    kept = far & (later >= np.where(own, OWN_LATER_MS, 0)) & (later <= LATEST_MS)
    i, j, later = i[kept], j[kept], later[kept]
    off = _out_of_step(one[i], two[j])
    rows = {
        "track": new.track[i], "of_track": earlier.track[j], "later_ms": later, "ms": new.ms[i], "off": off,
    }  # fmt: skip
    alike = off <= ALIKE_M + CHORD_S * new.quick_m_s[i]
    told = TELLS * off <= np.minimum(new.bent_m[i], earlier.bent_m[j])
    return pl.DataFrame(rows).filter(pl.Series(alike & told))


def _orders(flat: _Singles) -> Floats:
    """Give what of windows goes with time, its square and its cube: ``(m, 2 * PLACES) -> (m, 6)`` metres."""
    basis = np.linalg.qr(np.vander(np.linspace(-1.0, 1.0, PLACES), 4, increasing=True))[0][:, 1:]
    return np.asarray(np.einsum("mpc,pk->mkc", flat.reshape(-1, PLACES, 2), basis).reshape(-1, 6))


def _out_of_step(one: _Singles, two: _Singles) -> Floats:
    """Give how far windows are from each other when one is moved a little in time: root mean square."""
    mine, its = (w.reshape(len(w), PLACES, 2).astype(np.float64) for w in (one, two))
    along = np.asarray(np.gradient(its, axis=1))
    along -= along.mean(axis=1, keepdims=True)
    gap = mine - its
    moved = (gap * along).sum(axis=(1, 2)) / np.maximum((along**2).sum(axis=(1, 2)), 1e-9)
    gap -= moved[:, None, None] * along
    return np.asarray(np.sqrt((gap**2).sum(axis=2).mean(axis=1)))


class Remembered:
    """The windows of the day before and of this one, and what of them looked alike; days come in their order."""

    def __init__(self) -> None:
        self._before: Windows | None = None
        self._found: list[pl.DataFrame] = []

    def look_up(self, t: Tracks, since_ms: int) -> None:
        """Look up the ways that ended at or after a moment, and remember them.

        Args:
            t: The reports of a day, and of the hours before it.
            since_ms: When the day began.
        """
        known = windows(t, since_ms)
        earlier = (known,) if self._before is None else (self._before, known)
        self._before = known
        if known.ms.size:
            new = asked(t, known)
            self._found += [likely_pairs(new, of) for of in earlier]

    def likely(self) -> pl.DataFrame:
        """Give the ways that looked alike (``LIKELY``), routines left out."""
        return without_routine(
            pl.concat([pl.DataFrame(schema=LIKELY), *self._found]).unique().sort(LIKELY.names())
        )


ROUTINE_MS = 10 * 60_000
"""A ship that sails its own way again at delays farther apart than this does so as a routine."""


def without_routine(likely: pl.DataFrame) -> pl.DataFrame:
    """Leave out ships that repeat their own way again and again: ferries, surveys, trawlers, patrols."""
    later = pl.col("later_ms")
    several = (later.max() - later.min()).over("track", "of_track") > ROUTINE_MS
    is_own = pl.col("track") == pl.col("of_track")
    return likely.filter(~(is_own & (several | (pl.col("last") - pl.col("first") > later))))


def resent_copies(fixes: pl.DataFrame, likely: pl.DataFrame) -> pl.DataFrame:
    """Say which ways that look alike are copies (``Copy``).

    Args:
        fixes: All fixes of at least these tracks, sorted by track and time.
        likely: From ``likely_pairs``.
    """
    ways = {int(track): Way(rows) for (track,), rows in fixes.partition_by("track", as_dict=True).items()}
    found = [
        _Match(by, of, agreed)
        for by, of, later, first, last in likely.rows()
        if (agreed := agreement(ways[of], ways[by], later, first, last))
        and agreed.is_copy
        and agreed.later_ms > -ONCE_MS
    ]
    alone = [m for m in found if not any(m.is_explained_by(other) for other in found)]
    rows = [row for m in alone if (row := m.told(ways)) is not None]
    raw = pl.DataFrame(rows, schema=COPY.names(), orient="row", infer_schema_length=None)
    return raw.select(pl.col(n).cast(d) for n, d in COPY.items())


_Span = tuple[float, float]


@dataclass(frozen=True)
class _Match:
    by: int
    of: int
    agreed: Agreement

    @property
    def spans(self) -> dict[int, _Span]:
        """When each of the two sailed it; of a ship's own older way, when it did again."""
        first, last = float(self.agreed.ms[0]), float(self.agreed.ms[-1])
        then = (first - self.agreed.later_ms, last - self.agreed.later_ms)
        return {self.of: then, self.by: (first, last)}

    def is_explained_by(self, other: _Match) -> bool:
        """Say whether another match shows a third ship on this way, or that the later ship sails it now and again."""
        mine, its = self.spans, other.spans
        both = [track for track in mine if track in its and _overlap(mine[track], its[track])]
        if set(its) != set(mine):
            return bool(both)
        return self.by not in both and bool(both)

    def told(self, ways: dict[int, Way]) -> tuple[object, ...] | None:
        """Give a row of ``COPY``, unless the two keep company."""
        later_ms, (by, of) = self.agreed.later_ms, (self.by, self.of)
        if abs(later_ms) < ONCE_MS:
            later_ms, (of, by) = 0.0, sorted((by, of))
        begin, end = self.spans[by]
        middle = float(self.agreed.ms[self.agreed.ms.size // 2]) - self.agreed.later_ms
        seen, then = ways[by].between(begin, end), ways[of].between(*self.spans[of])
        here, there = seen.nearest(middle + later_ms), then.nearest(middle)
        apart_m = float(between_m(np.array([here]), np.array([there]))[0])
        known = max(int(milliseconds(w.rows["known_at"]).max()) for w in (seen, then))
        return None if apart_m < BESIDE_M else (
            by, of, round(begin), round(end), *here, *there, round(later_ms), apart_m / 1000.0,
            self.agreed.off_m, self.agreed.wander_m, self.agreed.ms.size, known,
        )  # fmt: skip


def _overlap(one: _Span, two: _Span) -> bool:
    return one[0] < two[1] and two[0] < one[1]
