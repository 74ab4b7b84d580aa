"""The rows that falsifications are judged on: one report per hull and two minutes, kept as long as a window may need.

A window is a stretch of whole blocks of ten minutes, UTC, so where it begins does not depend on how the stream was
cut; it is looked at once, when every report before its end has been given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from clearwake.detect.step import Bools, Ints, epoch_ms, in_order, milliseconds, starts_of
from clearwake.model import HULLS_PER_MMSI, TIME
from clearwake.model.record import Identifier, ReportedKnots, Score, Time, record_of
from clearwake.sphere import KNOT_M_PER_S, Floats, between_m

SLOT = timedelta(minutes=2)
BLOCK = timedelta(minutes=10)
SLOT_MS, BLOCK_MS = (t // timedelta(milliseconds=1) for t in (SLOT, BLOCK))

WINDOW = 5
"""Blocks of the shortest window: an hour's falsehood holds one whole, wherever it begins."""

LONG = 2 * WINDOW
LENGTHS = {LONG: 2, 3 * WINDOW: 2, 4 * WINDOW: 4, 5 * WINDOW: 4, 6 * WINDOW: 4, 8 * WINDOW: 4}
"""Blocks of the longer windows, and how many blocks apart they begin.  They are looked at only where each hundred
minutes in them wind: of a figure that takes two or three hours fifty minutes may be all but straight."""

LONGEST = max(LENGTHS)

MOVING_KN = 2.0
"""Slower than this a ship may lie at anchor or at a berth under a noisy receiver."""

WINDING = 0.85
"""A window is winding if the straight way from its first report to its last is at most this share of the way sailed:
an arc of 115 degrees or more."""

Row = record_of(
    track=Identifier, time=Time, x=Score, y=Score, z=Score, speed_kn=ReportedKnots, known_at=Time,
    since=Time, given=Time,
)  # fmt: skip
"""A kept report; ``since`` is from when on all its track's are kept, ``given`` the watermark it was kept at."""

COLUMNS = ["track", "time", "x", "y", "z", "speed_kn", "known_at"]


@dataclass(frozen=True)
class Trail:
    """Reports of many hulls, sorted by track and time, and what was kept of them; hull 0 are strays."""

    rows: pl.DataFrame
    until_ms: int

    @cached_property
    def track(self) -> Ints:
        """Track numbers."""
        return self.rows["track"].to_numpy()

    @cached_property
    def ms(self) -> Ints:
        """Times."""
        return milliseconds(self.rows["time"])

    @cached_property
    def block(self) -> Ints:
        """Which block each report falls in, counted from 1970."""
        return self.ms // BLOCK_MS

    @cached_property
    def place(self) -> Floats:
        """Unit vectors, ``(n, 3)``."""
        return np.stack([self.rows[c].to_numpy() for c in "xyz"], axis=-1)

    @cached_property
    def known_ms(self) -> Ints:
        """When each was learnt."""
        return milliseconds(self.rows["known_at"])

    @cached_property
    def said_kn(self) -> Floats:
        """Reported speeds, NaN where there are none."""
        return self.rows["speed_kn"].cast(pl.Float64).fill_null(np.nan).to_numpy()

    @cached_property
    def since_block(self) -> Ints:
        """From which block on everything of the track is here."""
        return milliseconds(self.rows["since"]) // BLOCK_MS

    @property
    def first_open(self) -> int:
        """The first block that is not complete."""
        return self.until_ms // BLOCK_MS


def trail(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Trail:
    """Put kept reports before new ones, the first of each track in each slot.

    Args:
        new: Fixes and strays, in any order.
        kept: Rows of ``Row``.
        until: The watermark.
    """
    fresh = in_order(new.select(COLUMNS), new.select(COLUMNS).clear())
    fresh = _first_in_slot(fresh).with_columns(since=pl.lit(None, TIME), given=pl.lit(None, TIME))
    rows = _first_in_slot(in_order(fresh, kept.select(fresh.columns)))
    begun = kept.group_by("track").agg(pl.col("since", "given").first())
    rows = rows.drop("since", "given").join(begun, on="track", how="left", maintain_order="left")
    never = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    return Trail(rows.with_columns(pl.col("since", "given").fill_null(never)), epoch_ms(until))


def _first_in_slot(rows: pl.DataFrame) -> pl.DataFrame:
    slot = milliseconds(rows["time"]) // SLOT_MS
    return rows.filter(pl.Series(starts_of(rows["track"].to_numpy()) | starts_of(slot)))


@dataclass(frozen=True)
class Blocks:
    """One row per track and block that holds a report: ``first`` and ``last`` report, ways in it and into it."""

    track: Ints
    block: Ints
    first: Ints
    last: Ints
    inner_m: Floats
    enter_m: Floats
    said_sum: Floats
    said_count: Ints


def blocks(t: Trail) -> Blocks:
    """Sum up the reports of each block."""
    n = t.track.size
    if not n:
        none, nothing = np.empty(0, np.int64), np.empty(0)
        return Blocks(none, none, none, none, nothing, nothing, nothing, none)
    new_track = starts_of(t.track)
    first = np.flatnonzero(new_track | starts_of(t.block))
    way_m = np.append(0.0, between_m(t.place[1:], t.place[:-1]))
    way_m[new_track] = 0.0
    enter_m = way_m[first]
    way_m[first] = 0.0
    said = t.said_kn
    heard = ~np.isnan(said)
    return Blocks(
        t.track[first], t.block[first], first, np.append(first[1:], n) - 1, np.add.reduceat(way_m, first), enter_m,
        np.add.reduceat(np.where(heard, said, 0.0), first), np.add.reduceat(heard.astype(np.int64), first),
    )  # fmt: skip


@dataclass(frozen=True)
class Windows:
    """Windows of whole blocks: one row for each block that can begin one; ``first`` and ``last`` report in it."""

    track: Ints
    block: Ints
    first: Ints
    last: Ints
    blocks: Ints
    reports: Ints
    hours: Floats
    way_m: Floats
    net_m: Floats
    said_kn: Floats
    said_count: Ints
    is_whole: Bools
    """Every report of it is here and none can come."""

    @property
    def speed_kn(self) -> Floats:
        """Speed over the way sailed."""
        return self.way_m / np.maximum(self.hours, 1e-9) / 3600.0 / KNOT_M_PER_S

    @cached_property
    def is_moving(self) -> Bools:
        """Whether it is heard well enough, and goes fast enough, to be judged by its motion."""
        heard = self.is_whole & (self.reports >= 5) & (self.hours >= 0.6)
        return np.asarray(heard & (self.speed_kn >= MOVING_KN))

    @cached_property
    def is_winding(self) -> Bools:
        """Whether it moves and ends much nearer to where it began than it sailed."""
        return np.asarray(self.is_moving & (self.net_m <= WINDING * self.way_m))


def windows(t: Trail, b: Blocks) -> Windows:
    """Give the windows of fifty minutes that begin with each block."""
    n = b.track.size
    way, said = b.inner_m.copy(), b.said_sum.copy()
    count, last, held = b.said_count.copy(), b.last.copy(), np.ones(n, np.int64)
    for k in range(1, WINDOW):
        here = slice(0, max(n - k, 0))
        on = (b.track[k:] == b.track[here]) & (b.block[k:] < b.block[here] + WINDOW)
        way[here] += np.where(on, b.enter_m[k:] + b.inner_m[k:], 0.0)
        said[here] += np.where(on, b.said_sum[k:], 0.0)
        count[here] += np.where(on, b.said_count[k:], 0)
        last[here] = np.where(on, b.last[k:], last[here])
        held[here] += on
    hours = (t.ms[last] - t.ms[b.first]) / 3_600_000.0
    net = between_m(t.place[last], t.place[b.first])
    whole = (b.block + WINDOW <= t.first_open) & (b.block >= t.since_block[b.first])
    mean = said / np.maximum(count, 1)
    return Windows(
        b.track, b.block, b.first, last, held, last - b.first + 1, hours, way, net, mean, count, whole
    )


@dataclass(frozen=True)
class Spans:
    """Windows of any length, as their first and last report."""

    first: Ints
    last: Ints

    @cached_property
    def pair(self) -> tuple[Ints, Ints, Ints]:
        """Spread them: ``(m,), (m,), (k,)`` which window, which report, where each window begins."""
        count = self.last - self.first + 1
        start = np.cumsum(count) - count
        which = np.repeat(np.arange(count.size), count)
        return which, np.arange(which.size) - start[which] + self.first[which], start


def long_winding(t: Trail, w: Windows) -> Bools:
    """Say of windows whether they and the next one move, and both together wind: ``(n,)``."""
    after = _at(w, w.track, w.block + WINDOW)
    here = np.flatnonzero((after >= 0) & w.is_moving & w.is_moving[after])
    after = after[here]
    way_m = w.way_m[here] + between_m(t.place[w.last[here]], t.place[w.first[after]]) + w.way_m[after]
    winds = np.zeros(w.track.size, bool)
    winds[here] = between_m(t.place[w.first[here]], t.place[w.last[after]]) <= WINDING * way_m
    return winds


def longer(w: Windows, winds: Bools, size: int, every: int) -> Spans:
    """Give the windows of ``size`` blocks, one each ``every`` blocks, of which each hundred minutes wind.

    Args:
        w: The windows of fifty minutes; a longer one is whole if the last of those in it is.
        winds: What ``long_winding`` says of them.
        size: In blocks, ``LONG`` at least.
        every: In blocks.
    """
    start = np.flatnonzero(winds & (w.block % every == 0))
    ok = np.ones(start.size, bool)
    for begin in {*range(LONG, size - LONG, LONG), size - LONG}:
        at = _at(w, w.track[start], w.block[start] + begin)
        ok &= (at >= 0) & winds[at]
    start = start[ok]
    end = _at(w, w.track[start], w.block[start] + size - WINDOW)
    return Spans(w.first[start], w.last[end])


def _at(w: Windows, track: Ints, block: Ints) -> Ints:
    """Find the window that begins with a block of a track; -1 where there is none."""
    names, code = np.unique(w.track, return_inverse=True)
    if not names.size:
        return np.full(track.size, -1)
    key = code * (1 << 40) + w.block
    wanted = np.searchsorted(names, track) * (1 << 40) + block
    at = np.minimum(np.searchsorted(key, wanted), key.size - 1)
    return np.where(key[at] == wanted, at, -1)


def keep(t: Trail, w: Windows, winds: Bools, several: Ints, until: datetime) -> pl.DataFrame:
    """Give the reports that later windows need (``Row``).

    Those of the last fifty minutes, of two hours for MMSIs in ``several`` (heard as more than one hull), and as far
    back as a longer window may still come of hundreds of minutes that wind, or of fifty that move.
    """
    open_block = t.first_open
    since = np.full(t.track.size, open_block - WINDOW + 1)
    since[np.isin(t.track // HULLS_PER_MMSI, several)] = open_block - 12
    names, code = np.unique(t.track, return_inverse=True)
    earliest = np.full(names.size, np.iinfo(np.int64).max)
    start = np.flatnonzero(w.is_moving & (w.block > open_block - LONGEST))
    ok = np.ones(start.size, bool)
    for begin in range(0, LONGEST, LONG):
        at = _at(w, w.track[start], w.block[start] + begin)
        is_to_come = w.block[start] + begin + LONG > open_block
        ok &= is_to_come | ((at >= 0) & winds[at])
    np.minimum.at(earliest, code[w.first[start[ok]]], w.block[start[ok]])
    since = np.maximum(np.minimum(since, earliest[code]), t.since_block)
    kept = t.rows.with_columns(since=pl.Series(since * BLOCK_MS).cast(TIME), given=pl.lit(until).cast(TIME))
    return kept.filter(pl.Series(t.block >= since))
