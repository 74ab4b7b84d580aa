"""Trails: the fixes of hulls, day by day, for whatever asks where ships were after a run has followed them.

Fixes are not stored beside the positions they are made of; they are followed again.  A number with one hull and no
noise needs no past for that, so only the few others are followed from the desk's first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from clearwake.engine import shards
from clearwake.flow.advance import POSITIONS
from clearwake.flow.progress import Progress
from clearwake.model import Fix, Noise, schema
from clearwake.store import Part, Store
from clearwake.tracks import REPORTED, TRACK_DAYS, follow

_FOLLOWED = ["mmsi", "time", "lon", "lat", "speed_kn", "known_at"]

TRAIL = pl.Schema({**schema(Fix), **{n: POSITIONS[n] for n in REPORTED}})
"""The columns of a fix on a trail: ``Fix`` and what else was reported with it."""


Make = Callable[[pl.DataFrame], pl.DataFrame]


def _as_they_are(rows: pl.DataFrame) -> pl.DataFrame:
    return rows


def fixes(
    store: Store,
    first: date | None = None,
    last: date | None = None,
    mmsis: Sequence[int] | None = None,
    reported: Sequence[str] = REPORTED,
    made: Make = _as_they_are,
) -> Iterator[tuple[date, pl.DataFrame]]:
    """Give the fixes of hulls, or what is made of them, one frame a day, sorted by track and time.

    Track numbers are those of the desk's last run, and nothing after that run's end is given; a desk that was never
    run has no fixes.

    Args:
        store: The desk's store.
        first: The first day wanted, UTC; the desk's first, if not given.
        last: The last day wanted, itself included; the desk's last, if not given.
        mmsis: Only these numbers; all, if not given.
        reported: Which of course, heading, status and station are wanted beside ``Fix``; fewer take less memory.
        made: Makes of a day's fixes of some hulls what is wanted of each hull, in its order; where that is less, a
            day never has to stand in memory whole.
    """
    followed = _Following(store, list(reported), mmsis, made)
    for day in store.days("positions"):
        if last is not None and day > last:
            return
        if first is None or day >= first:
            yield day, followed.day(day)
        else:
            followed.pass_by(day)


class _Following:
    """Positions being followed once more, one day after the other."""

    def __init__(self, store: Store, reported: list[str], mmsis: Sequence[int] | None, made: Make) -> None:
        self._made = made
        self._store, self._columns = store, [*_FOLLOWED, *reported]
        self._schema = [n for n in TRAIL if n not in REPORTED or n in reported]
        self._until = Progress.of(store).watermark
        self._mmsis = None if mmsis is None else pl.Series(mmsis, dtype=pl.Int64)
        self._with_past = _with_past(store, self._mmsis)
        self._kept: pl.DataFrame | None = None

    def pass_by(self, day: date) -> None:
        """Follow a day before those wanted: only the numbers whose past matters."""
        if self._with_past.len():
            whole = (0, shards.SHARDS - 1)
            rows = self._rows(self._parts(day), whole).filter(pl.col("mmsi").is_in(self._with_past.implode()))
            self._keep(follow(rows.collect(), self._state(whole)).keep)

    def day(self, day: date) -> pl.DataFrame:
        """Follow a wanted day, some shards at a time."""
        parts = self._parts(day)
        found = [self._followed(parts, g) for g in shards.groups(sum(p.rows for p in parts))]
        # A hull is in one part, and sorted by time there.
        return pl.concat(found).sort("track", maintain_order=True) if len(found) > 1 else found[0]

    def _followed(self, parts: list[Part], group: tuple[int, int]) -> pl.DataFrame:
        done = follow(self._rows(parts, group).collect(), self._state(group))
        self._keep(done.keep)
        return self._made(done.fixes.select(self._schema))

    def _state(self, group: tuple[int, int]) -> pl.DataFrame | None:
        """Take out of what was kept what belongs to these shards; which go together may differ from day to day."""
        if self._kept is None:
            return None
        mine = shards.in_shards(self._kept, *group)
        self._kept = self._kept.join(mine.select("mmsi"), on="mmsi", how="anti")
        return mine

    def _keep(self, kept: pl.DataFrame) -> None:
        self._kept = kept if self._kept is None else pl.concat((self._kept, kept))

    def _parts(self, day: date) -> list[Part]:
        return self._store.parts("positions", first=day, last=day)

    def _rows(self, parts: list[Part], group: tuple[int, int]) -> pl.LazyFrame:
        rows = self._store.scan_parts(parts, POSITIONS).filter(pl.col("time") < self._until)
        if group != (0, shards.SHARDS - 1):
            rows = rows.filter(pl.col("shard") >= group[0], pl.col("shard") <= group[1])
        if self._mmsis is not None:
            rows = rows.filter(pl.col("mmsi").is_in(self._mmsis.implode()))
        return rows.select(self._columns)


def _with_past(store: Store, mmsis: pl.Series | None) -> pl.Series:
    """Name the numbers whose hulls depend on what was heard before: several hulls, or noise."""
    tracks = store.scan("track_days", record=TRACK_DAYS)
    several = tracks.group_by("mmsi").agg(pl.col("track").n_unique()).filter(pl.col("track") > 1)
    noisy = store.scan("noise", record=Noise).select("mmsi").unique()
    found = pl.concat((several.select("mmsi"), noisy)).unique().collect()["mmsi"]
    return found if mmsis is None else found.filter(found.is_in(mmsis.implode()))
