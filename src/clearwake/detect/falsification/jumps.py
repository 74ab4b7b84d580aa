"""Jumps: one ship that is suddenly where it cannot have sailed to, and goes on there.

A single wild position is a receiver's error.  Two ships that share a number are heard by turns, not one after the
other.  A wrong clock puts a ship on its own way.  None of these is a jump.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.detect.falsification.trail import Trail
from clearwake.detect.step import Bools, Ints
from clearwake.model import HULLS_PER_MMSI, schema
from clearwake.model.record import Count, Identifier, Kilometres, Score, Time, record_of
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, between_m, interpolate, length

TOP_KN, SLACK_M = 50.0, 500.0
"""No ship sails faster between two reports, beside what clocks and receivers may be off: the field's threshold."""

AROUND_MS = 40 * 60_000
"""What is looked at before a switch and after it."""

LEAST_REPORTS, LEAST_MS = 3, 8 * 60_000
"""Reports on each side, and the time they span: fewer are a receiver's error."""

LONGEST_MS = 25 * 60_000
"""Heard again within this time, or a ship of the same number may have come into reception instead."""

NEAREST_M = 5_000.0

ALONG_DEG, ALONG_KN = 15.0, 75.0
"""A step along the ship's own course, before or after, may be a position that came late: it must be faster."""

ORDINARY_KN = 25.0
"""If the report beside a step can be left out and the rest be sailed at this speed, that report was wrong alone."""

MOST_SWITCHES = 6
"""More impossible steps than this around one are two ships heard by turns, or a broken receiver."""

OWN_WAY_M, OWN_WAY_SHARE = 300.0, 0.7
"""So much of what follows on the ship's own way is a wrong clock."""

Switch = record_of(
    track=Identifier, start=Time, end=Time, x=Score, y=Score, z=Score, to_x=Score, to_y=Score, to_z=Score,
    reports=Count, moved_km=Kilometres, known_at=Time,
)  # fmt: skip
SWITCH = schema(Switch)
"""From the last report at one place (``start, x, y, z``) to the first at the other."""


@dataclass(frozen=True)
class _Heard:
    """The reports of MMSIs heard as more than one hull, strays among them, by MMSI and time."""

    mmsi: Ints
    track: Ints
    ms: Ints
    place: Floats
    known_ms: Ints
    given_ms: Ints


def several_hulls(t: Trail) -> Ints:
    """Name the MMSIs that reports at hand give to more than one hull, or to none."""
    names = np.unique(t.track)
    mmsi, count = np.unique(names // HULLS_PER_MMSI, return_counts=True)
    return np.asarray(mmsi[count > 1])


def switches(t: Trail, several: Ints) -> pl.DataFrame:
    """Find the switches that can be judged now and could not before (``Switch``), by MMSI and time."""
    heard = _heard(t, several)
    step = np.flatnonzero(_impossible(heard))
    due = heard.ms[step + 1] + AROUND_MS <= t.until_ms
    due &= heard.ms[step + 1] + AROUND_MS > heard.given_ms[step + 1]
    crowd = _around(heard, step)
    rows = [_judged(heard, int(i)) for i in step[due & (crowd <= MOST_SWITCHES)]]
    found = [r for r in rows if r is not None]
    raw = pl.DataFrame(found, schema=SWITCH.names(), orient="row", infer_schema_length=None)
    return raw.select(pl.col(n).cast(d) for n, d in SWITCH.items())


def _heard(t: Trail, several: Ints) -> _Heard:
    mmsi = t.track // HULLS_PER_MMSI
    at = np.flatnonzero(np.isin(mmsi, several))
    at = at[np.lexsort((t.track[at], t.ms[at], mmsi[at]))]
    given = t.rows["given"].to_physical().to_numpy()[at]
    # What one hull of a number was last given at holds for all of them.
    latest = np.full(several.size, np.iinfo(np.int64).min)
    code = np.searchsorted(several, mmsi[at])
    np.maximum.at(latest, code, given)
    return _Heard(mmsi[at], t.track[at], t.ms[at], t.place[at], t.known_ms[at], latest[code])


def _impossible(h: _Heard) -> Bools:
    """Say of each report whether the next of its MMSI is of another hull and cannot be reached."""
    away = between_m(h.place[1:], h.place[:-1])
    reach = SLACK_M + TOP_KN * KNOT_M_PER_S / 1000.0 * np.diff(h.ms)
    other = (h.mmsi[1:] == h.mmsi[:-1]) & (h.track[1:] != h.track[:-1])
    return np.asarray(other & (away > reach))


def _around(h: _Heard, step: Ints) -> Ints:
    """Count the impossible steps of the same MMSI around each."""
    mmsi = h.mmsi[step]
    names, code = np.unique(mmsi, return_inverse=True)
    base = int(h.ms.min()) if h.ms.size else 0
    key = code * (1 << 44) + (h.ms[step + 1] - base)
    del names
    return np.searchsorted(key, key + AROUND_MS, "right") - np.searchsorted(key, key - AROUND_MS)


def _judged(h: _Heard, i: int) -> tuple[object, ...] | None:
    """Judge the step from report ``i`` to the next: a clean switch, or None."""
    first, last = _slice(h, i)
    if h.ms[i + 1] - h.ms[i] > LONGEST_MS or between_m(h.place[i], h.place[i + 1]) < NEAREST_M:
        return None
    if _is_ordinary(h, i - 1, i + 1, first, last) or _is_ordinary(h, i, i + 2, first, last):
        return None
    before, after = _chain(h, range(i, first - 1, -1)), _chain(h, range(i + 1, last + 1))
    if any(len(c) < LEAST_REPORTS or abs(int(h.ms[c[-1]] - h.ms[c[0]])) < LEAST_MS for c in (before, after)):
        return None
    others = np.setdiff1d(np.arange(first, last + 1), np.concatenate((before, after)))
    between = (others > before[-1]) & (others < after[-1])
    if between.sum() > 1 or _on_own_way(h, after, np.concatenate((before[::-1], others[others > after[-1]]))):
        return None
    if _is_late(h, before, after):
        return None
    hull = h.track[before][h.track[before] % HULLS_PER_MMSI > 0]
    track = int(hull[0]) if hull.size else int(h.mmsi[i]) * HULLS_PER_MMSI + 1
    known = int(h.known_ms[np.concatenate((before, after))].max())
    moved = float(between_m(h.place[i], h.place[i + 1])) / 1000.0
    return (track, int(h.ms[i]), int(h.ms[i + 1]), *h.place[i].tolist(), *h.place[i + 1].tolist(), len(after), moved,
            known)  # fmt: skip


def _slice(h: _Heard, i: int) -> tuple[int, int]:
    """Give the first and last report of the same MMSI around a step."""
    of = np.searchsorted(h.mmsi, h.mmsi[i]), np.searchsorted(h.mmsi, h.mmsi[i], "right")
    times = h.ms[of[0] : of[1]]
    first = of[0] + np.searchsorted(times, h.ms[i + 1] - AROUND_MS)
    return int(first), int(of[0] + np.searchsorted(times, h.ms[i + 1] + AROUND_MS) - 1)


def _is_ordinary(h: _Heard, a: int, b: int, first: int, last: int) -> bool:
    """Say whether a ship sails from report ``a`` to ``b`` at an ordinary speed; not where there is no such report."""
    if a < first or b > last:
        return False
    reach = SLACK_M + ORDINARY_KN * KNOT_M_PER_S / 1000.0 * float(h.ms[b] - h.ms[a])
    return bool(between_m(h.place[a], h.place[b]) <= reach)


def _chain(h: _Heard, reports: range) -> Ints:
    """Give the reports that one ship can have made, going from the first one away from the step."""
    chain = [reports[0]]
    for r in reports[1:]:
        chord = h.place[r] - h.place[chain[-1]]
        reach = SLACK_M + TOP_KN * KNOT_M_PER_S / 1000.0 * abs(int(h.ms[r] - h.ms[chain[-1]]))
        if float(length(chord)) * EARTH_RADIUS_M <= reach:
            chain.append(r)
    return np.array(chain)


def _is_late(h: _Heard, before: Ints, after: Ints) -> bool:
    """Say whether a step goes along the ship's course before or after it, and not much faster than ships go."""
    jump = h.place[after[0]] - h.place[before[0]]
    since_s = max(float(h.ms[after[0]] - h.ms[before[0]]) / 1000.0, 1.0)
    if float(length(jump)) * EARTH_RADIUS_M > ALONG_KN * KNOT_M_PER_S * since_s:
        return False
    for way in (h.place[before[0]] - h.place[before[-1]], h.place[after[-1]] - h.place[after[0]]):
        across = float(length(jump) * length(way))
        if across > 0.0 and abs(float((jump * way).sum())) >= np.cos(np.radians(ALONG_DEG)) * across:
            return True
    return False


def _on_own_way(h: _Heard, after: Ints, own: Ints) -> bool:
    """Say whether most of what follows lies on the way before it or after it: a clock that is wrong."""
    share = np.linspace(0.0, 1.0, 9)[:, None]
    a, b = h.place[own[:-1]], h.place[own[1:]]
    way = (
        np.concatenate([interpolate(a, b, np.full(len(a), f)) for f in share[:, 0]])
        if own.size > 1
        else h.place[own]
    )
    nearest = length(h.place[after][:, None] - way[None]).min(axis=1) * EARTH_RADIUS_M
    return bool((nearest <= OWN_WAY_M).mean() >= OWN_WAY_SHARE)
