"""The roll: who was where in each quarter of an hour, and who of them was heard.

A hull that was heard before and after a quarter was somewhere between; so the roll knows the silent as well as the
heard, and can tell a sea in which nobody answers from one in which one does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.trace import KNOWN_MS, SAILS_ON_MS, Spans, Trace
from clearwake.sphere import Floats, chord_m

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

COMPANY = 24
"""As many of the nearest ships are asked."""

LEAST_RECORD = 4
"""Quarters that a hull must have been followed for its own habit to count."""


@dataclass(frozen=True)
class Roll:
    """Everybody's presence, sorted by quarter; one row a hull and quarter."""

    quarter: Ints
    track: Ints
    place: Floats
    """Unit vectors, ``(n, 3)``."""
    span: Ints
    """The silence it was in, -1 while it was heard."""
    since: Ints
    """The quarter in which it was first heard."""
    class_b: Bools
    """Whose transmitter is of class B."""
    usual: Floats
    """In which part of the other quarters of its record the hull was heard; not a number where the record is short."""
    starts: Ints
    """Row where each quarter of ``quarters`` begins, and the end."""
    quarters: Ints

    @property
    def is_heard(self) -> Bools:
        """Say who was heard, give or take an hour."""
        return np.asarray(self.span < 0)

    def among(self, which: Bools) -> Roll:
        """Call only some of the rows."""
        quarters, starts = np.unique(self.quarter[which], return_index=True)
        return Roll(
            self.quarter[which], self.track[which], self.place[which], self.span[which], self.since[which],
            self.class_b[which], self.usual[which], np.append(starts, int(which.sum())), quarters,
        )  # fmt: skip

    def of(self, quarter: int) -> slice:
        """Give the rows of a quarter."""
        at = int(np.searchsorted(self.quarters, quarter))
        if at == self.quarters.size or self.quarters[at] != quarter:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))

    def heard_at(self, track: Ints, quarter: Ints) -> Bools:
        """Say of hulls and quarters whether they were present and heard: ``(n,), (n,) -> (n,)``."""
        number = np.searchsorted(self._tracks, track).clip(0, max(self._tracks.size - 1, 0))
        asked = quarter * max(self._tracks.size, 1) + number
        at = np.searchsorted(self._key, asked).clip(0, max(self._key.size - 1, 0))
        if not self._key.size:
            return np.zeros(track.size, bool)
        return np.asarray((self._key[at] == asked) & (self._tracks[number] == track) & self.is_heard[at])

    @cached_property
    def _tracks(self) -> Ints:
        return np.unique(self.track)

    @cached_property
    def _key(self) -> Ints:
        return self.quarter * max(self._tracks.size, 1) + np.searchsorted(self._tracks, self.track)

    def company(self, place: Floats, quarter: Ints, own: Ints, within_m: float, most: int = COMPANY) -> Ints:
        """Find the nearest others present: ``(n, 3), (n,), (n,) -> (n, most)`` rows, -1 for none."""
        found = np.full((len(place), most), -1, np.int64)
        from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

        for q, at in _by(quarter):
            rows = self.of(q)
            if rows.stop - rows.start < 2:
                continue
            near = cKDTree(self.place[rows])
            apart, which = near.query(
                place[at], most + 1, distance_upper_bound=float(chord_m(within_m)), workers=1
            )
            which = np.where(np.isfinite(apart), which + rows.start, -1)
            is_own = (which >= 0) & (self.track[which] == own[at][:, None])
            order = np.argsort(is_own | (which < 0), axis=1, kind="stable")
            found[at] = np.take_along_axis(np.where(is_own, -1, which), order, 1)[:, :most]
        return found

    def crowd(self, place: Floats, quarter: Ints, within_m: float) -> Ints:
        """Count everybody present near places, the asking hull too: ``(n, 3), (n,) -> (n,)``."""
        from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

        count = np.zeros(len(place), np.int64)
        for q, at in _by(quarter):
            rows = self.of(q)
            if rows.stop > rows.start:
                near = cKDTree(self.place[rows])
                count[at] = near.query_ball_point(
                    place[at], float(chord_m(within_m)), return_length=True, workers=1
                )
        return count


def _by(quarter: Ints) -> Iterator[tuple[int, Ints]]:
    """Go through questions quarter by quarter."""
    order = np.argsort(quarter, kind="stable")
    values, first = np.unique(quarter[order], return_index=True)
    yield from zip(values.tolist(), np.split(order, first[1:])[: values.size], strict=True)


def called(trace: Trace, silent: Spans) -> Roll:
    """Call the roll of everybody in a trace."""
    of_row = np.full(len(trace), -1, np.int64)
    of_row[silent.row] = np.arange(len(silent))
    row, quarter = _between(trace, of_row, silent)
    span = of_row[row]
    place = np.empty((row.size, 3))
    when = np.clip(quarter * QUARTER_MS + QUARTER_MS // 2, trace.last[row], None)
    away = span >= 0
    place[away] = silent.at(span[away], np.minimum(when[away], silent.end[span[away]]))
    place[~away] = _on_the_way(trace, row[~away], when[~away])
    quarter = np.concatenate((trace.quarter, quarter))
    track = np.concatenate((trace.track, trace.track[row]))
    order = np.lexsort((track, quarter))
    class_b = np.concatenate((trace.class_b, trace.class_b[row]))[order]
    track = track[order]
    spans_of = np.concatenate((np.full(len(trace), -1), span))[order]
    quarter = quarter[order]
    quarters, starts = np.unique(quarter, return_index=True)
    return Roll(
        quarter, track, np.concatenate((trace.begin, place))[order], spans_of, _since(trace, track), class_b,
        _usual(trace, silent, track, spans_of), np.append(starts, quarter.size), quarters,
    )  # fmt: skip


def _between(trace: Trace, of_row: Ints, silent: Spans) -> tuple[Ints, Ints]:
    """Give the quarters between rows: after which row, and which; of long silences only a day at either end."""
    n = len(trace)
    following = np.minimum(np.arange(n) + 1, max(n - 1, 0))
    same = trace.track[following] == trace.track
    same[n - 1 :] = False
    upto = np.where(same, trace.quarter[following], trace.quarter + 1)
    still = np.flatnonzero((of_row >= 0) & ~same)
    sails_on = np.minimum(silent.end[of_row[still]], silent.start[of_row[still]] + SAILS_ON_MS)
    upto[still] = np.maximum(-(-sails_on // QUARTER_MS), trace.quarter[still] + 1)
    count = upto - trace.quarter - 1
    row = np.repeat(np.arange(n), count)
    step = np.arange(row.size) - np.repeat(np.cumsum(count) - count, count) + 1
    known = KNOWN_MS // QUARTER_MS
    keep = (step <= known) | (count[row] - step < known)
    return row[keep], trace.quarter[row[keep]] + step[keep]


def _on_the_way(trace: Trace, row: Ints, when: Ints) -> Floats:
    """Place a hull between two positions less than an hour apart."""
    after = row + 1
    share = (when - trace.last[row]) / np.maximum(trace.first[after] - trace.last[row], 1)
    place = trace.end[row] + (trace.begin[after] - trace.end[row]) * np.clip(share, 0.0, 1.0)[:, None]
    return np.asarray(place / np.linalg.norm(place, axis=1, keepdims=True))


def _since(trace: Trace, track: Ints) -> Ints:
    tracks, first = np.unique(trace.track, return_index=True)
    return np.asarray(trace.quarter[first][np.searchsorted(tracks, track)], np.int64)


def _usual(trace: Trace, silent: Spans, track: Ints, span: Ints) -> Floats:
    """Say in which part of its record, the present silence left out, each hull was heard."""
    tracks, first = np.unique(trace.track, return_index=True)
    last = np.append(first[1:], len(trace)) - 1
    record = (trace.quarter[last] - trace.quarter[first] + 1).astype(np.float64)
    lasted = np.where(silent.is_open, 0.0, np.maximum(silent.lasted / QUARTER_MS - 1.0, 0.0))
    quiet = np.bincount(np.searchsorted(tracks, silent.track), lasted, tracks.size)
    who = np.searchsorted(tracks, track)
    left_out = np.where(span >= 0, lasted[span] if lasted.size else 0.0, 0.0)
    total = record[who] - left_out
    share = 1.0 - (quiet[who] - left_out) / np.maximum(total, 1.0)
    return np.asarray(np.where(total >= LEAST_RECORD, np.clip(share, 0.0, 1.0), np.nan))
