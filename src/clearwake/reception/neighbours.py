"""Neighbours: whether the ships heard around one that fell silent were heard on."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.roll import Roll
from clearwake.reception.trace import Spans, Trace
from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR_M = 100_000.0
AN_HOUR_ON = 3
"""Quarters: a ship of which nothing was heard 45 to 60 minutes on may have fallen silent as well."""

INTERVALS = 2.0
"""A ship that is heard every hour or two, as satellites pass, is heard on if it is heard within two such waits."""

SELDOM_MS = 2 * QUARTER_MS
"""From this wait on a ship is seldom heard, and that nothing comes for an hour says nothing."""


class Neighbours:
    """Everybody's waits and reports.

    Args:
        trace: Everybody's records.
        roll: Who was where.
    """

    def __init__(self, trace: Trace, roll: Roll) -> None:
        self._trace, self._roll = trace, roll

    def heard_on(self, silent: Spans) -> tuple[Ints, Ints]:
        """Count the ships heard nearby when each of ``silent`` began, and how many of these were heard on.

        Heard on is who was heard an hour later; of ships that are seldom heard, who was heard again within two of
        their own usual waits, and before the silent one was.
        """
        roll = self._roll
        quarter = silent.start // QUARTER_MS
        rows = roll.company(silent.here, quarter, silent.track, NEAR_M)
        before = (rows >= 0) & roll.is_heard[rows]
        asked, at = np.nonzero(before)
        track = roll.track[rows[asked, at]]
        later = quarter[asked] + AN_HOUR_ON
        wait_ms = self._wait_ms[np.searchsorted(self._tracks, track)]
        reach = np.minimum(silent.start[asked] + (INTERVALS * wait_ms).astype(np.int64), silent.end[asked])
        again = (wait_ms >= SELDOM_MS) & (self._next_heard(track, later) <= reach)
        on = roll.heard_at(track, later) | again
        n = len(silent)
        return np.bincount(asked, minlength=n), np.bincount(asked, on, n).astype(np.int64)

    @cached_property
    def _tracks(self) -> Ints:
        return np.unique(self._trace.track)

    @cached_property
    def _wait_ms(self) -> Floats:
        """Give how long each of ``_tracks`` usually waits between quarters of an hour in which it is heard."""
        t = self._trace
        first = np.searchsorted(t.track, self._tracks)
        count = np.append(first[1:], len(t)) - first
        last = first + count - 1
        record = t.last[last] - t.first[first]
        return np.asarray(record / np.maximum(count - 1, 1), np.float64)

    def _next_heard(self, track: Ints, quarter: Ints) -> Ints:
        """Give when ships were first heard from a quarter on; never, where the record ends before."""
        t = self._trace
        span = int(t.quarter.max(initial=0)) + 2
        key = np.searchsorted(self._tracks, t.track) * span + t.quarter
        row = np.searchsorted(key, np.searchsorted(self._tracks, track) * span + quarter)
        inside = np.minimum(row, max(len(t) - 1, 0))
        known = (row < len(t)) & (t.track[inside] == track)
        return np.where(known, t.first[inside], np.iinfo(np.int64).max)
