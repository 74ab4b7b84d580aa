"""Advance: carry every fact heard before ``until`` through the house.

Day by day, UTC: positions to tracks, tracks to events, events to the store, each day one commit with the state of
every step at its midnight.  New facts older than the last midnight rewind to the newest midnight before them; what
is then not found again is withdrawn.  So the order in which facts arrived, and how often this was called, cannot
change what the desk says in the end; and a run that was killed goes on from its last midnight.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import polars as pl

from clearwake.detect import Detector, detectors
from clearwake.engine import embedded, shards
from clearwake.flow.atlas import atlas_of, learn, marked, place_again, placed, with_learnt
from clearwake.flow.feed import heard_until, hours_of
from clearwake.flow.progress import BEGINNING, Progress
from clearwake.flow.reconcile import reconcile, stored_schema, withdrawn
from clearwake.model import Position, UsageError, schema
from clearwake.places import Atlas
from clearwake.store import Commit, Part, Store

CORE = ("gap", "encounter", "loitering", "port_call", "zone_entry")
"""What ``--steps core`` means, beside tracks."""

NEEDED = {"silences": ("silence",), "possible_meetings": ("silence",)}
"""Tables that are empty without steps that ``core`` leaves out."""

POSITIONS = pl.Schema({**schema(Position), "shard": pl.UInt8()})
"""Positions as stored: with their shard, so that a run reads one shard of a day alone."""

_DAY = timedelta(days=1)
_CARRIED = ["mmsi", "time", "lon", "lat", "speed_kn", "known_at"]
_DIGESTS = {"tracks": "track_days", "noise": "noise", "lying": "lying"}

OnProgress = Callable[[str, int, int], None]


@dataclass
class RunReport:
    """What a run did: days and positions carried, events written by table, events withdrawn, seconds taken."""

    days: int = 0
    positions: int = 0
    merged: int = 0
    not_ships: int = 0
    events: dict[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    seconds: float = 0.0
    until: datetime | None = None
    """Until when the feed was listening; open silences are judged against it."""
    rewound_to: datetime | None = None


def advance(
    store: Store,
    until: datetime | None = None,
    steps: str | Sequence[str] = "all",
    on_progress: OnProgress | None = None,
) -> RunReport:
    """Carry every position before ``until`` (all, if not given) through tracks and detectors.

    Args:
        store: The desk's store.
        until: Nothing at or after this moment is carried yet; one already passed changes nothing.
        steps: ``core``, ``all``, or names of detectors; tracks always run.
        on_progress: Told the stage, days done and days expected.

    Raises:
        UsageError: If ``steps`` names no detector.
    """
    began = time.monotonic()
    with store.exclusive():
        run = _Run(store, atlas_of(store), steps, until, on_progress or (lambda *_: None))
        run.carry()
    run.report.seconds = time.monotonic() - began
    return run.report


def left_out(store: Store, table: str) -> tuple[str, ...]:
    """Name the steps that a table needs and the last run left out; none while nothing was run."""
    ran = Progress.of(store).definitions
    return tuple(step for step in NEEDED.get(table, ()) if ran and step not in ran)


def chosen(steps: str | Sequence[str], atlas: Atlas) -> tuple[Detector, ...]:
    """Give the detectors that ``steps`` names.

    Raises:
        UsageError: If it names one that does not exist.
    """
    known = {d.name: d for d in detectors(atlas)}
    asked = steps.split(",") if isinstance(steps, str) else list(steps)
    names = [n for s in asked for n in (CORE if s == "core" else known if s == "all" else (s,))]
    missing = [n for n in names if n not in known and n != "tracks"]
    if missing:
        message = (
            f"no step is called {', '.join(missing)}\n  next: choose core, all, or of {', '.join(known)}"
        )
        raise UsageError(message)
    return tuple(d for n, d in known.items() if n in names)


class _Run:
    """One run: where it starts, each day until the end, and the places of what it found."""

    def __init__(
        self, store: Store, atlas: Atlas, steps: str | Sequence[str], until: datetime | None, tell: OnProgress
    ) -> None:
        self.store, self.tell = store, tell
        self.detectors = chosen(steps, atlas)
        self.atlas = with_learnt(atlas, store)
        self.user_atlas = atlas
        self.definitions = {d.name: d.definition for d in self.detectors}
        self.parts = store.parts("positions")
        self.progress = Progress.of(store)
        self.until = None if until is None else max(until, self.progress.watermark)
        last = self.progress.watermark
        self.report = RunReport(
            events={d.table: 0 for d in self.detectors}, until=None if last == BEGINNING else last
        )
        self.waiting: dict[str, pl.DataFrame] = {}

    def carry(self) -> None:
        """Carry all days that have something new, and all after them."""
        if self.progress.is_done(self.parts, self.definitions, self.until):
            if self.parts and self.store.get("given") != marked(self.user_atlas):
                self._place()
            return
        start = self.progress.start(self.parts, self.definitions)
        self.report.rewound_to = None if start == BEGINNING else start
        self.progress = self.progress.rewound(start, self.parts, self.definitions)
        self.waiting = {d.table: self._waiting(d, start) for d in self.detectors}
        kept = self._snapshot(start)
        days = self._days(start)
        for number, day in enumerate(days):
            self.tell("run", number, len(days))
            kept = self._carry_day(day, kept, is_last=day == days[-1])
        self.tell("run", len(days), len(days))
        self._place()

    def _days(self, start: datetime) -> list[date]:
        days = sorted({p.day for p in self.parts if p.day is not None})
        return [d for d in days if midnight(d) >= start and (self.until is None or midnight(d) < self.until)]

    def _snapshot(self, at: datetime) -> dict[str, pl.DataFrame]:
        if at == BEGINNING:
            return {}
        names = [t for t in self.store.tables() if t.startswith("state/")]
        states = {n: self.store.scan(n, at.date(), at.date()).collect() for n in names}
        return {n.removeprefix("state/").replace("/", "."): s for n, s in states.items() if s.width}

    def _waiting(self, detector: Detector, start: datetime) -> pl.DataFrame:
        """Give the stored events that this run may find again: not settled by the midnight it starts from."""
        stored = self.store.scan(detector.table, record=stored_schema(detector.record))
        open_then = pl.col("settled_at").is_null() | (pl.col("settled_at") > start)
        return stored.filter(open_then).collect(engine="streaming")

    def _carry_day(
        self, day: date, kept: dict[str, pl.DataFrame], *, is_last: bool
    ) -> dict[str, pl.DataFrame]:
        begin, end = midnight(day), midnight(day) + _DAY
        if self.until is not None:
            end = min(end, self.until)
        parts = [p for p in self.parts if p.day == day]
        hours = hours_of(self._positions(parts, begin, end))
        heard = max(heard_until(self.store, hours, end), begin + timedelta(milliseconds=1))
        until = heard if is_last else end
        groups = [
            (group, partial(self._shards, parts, begin, end, group))
            for group in shards.groups(sum(p.rows for p in parts))
        ]
        found = embedded.advance(self.detectors, groups, kept, until)
        with self.store.commit() as commit:
            self._write_events(commit, found.events, until, is_last=is_last)
            for name, table in _DIGESTS.items():
                commit.replace(table, day, found.digests[name])
            commit.replace("hours", day, hours)
            if is_last:
                self.progress = self.progress.finished(until, self.until)
            else:
                self._write_state(commit, end, found.keep)
            self.progress.save(commit)
        self._count(hours, found, until)
        return found.keep

    def _count(self, hours: pl.DataFrame, found: embedded.Advanced, until: datetime) -> None:
        self.report.days += 1
        self.report.positions += int(hours["positions"].sum())
        self.report.merged += found.merged
        self.report.not_ships += found.not_ships
        self.report.until = until

    def _positions(self, parts: list[Part], begin: datetime, end: datetime) -> pl.LazyFrame:
        rows = self.store.scan_parts(parts, POSITIONS)
        times = [(p.first_time, p.last_time) for p in parts]
        if all(first and last and begin <= first and last < end for first, last in times):
            return rows
        return rows.filter(pl.col("time") >= begin, pl.col("time") < end)

    def _shards(
        self, parts: list[Part], begin: datetime, end: datetime, group: tuple[int, int]
    ) -> pl.DataFrame:
        rows = self._positions(parts, begin, end)
        if group != (0, shards.SHARDS - 1):
            rows = rows.filter(pl.col("shard") >= group[0], pl.col("shard") <= group[1])
        return rows.select(_CARRIED).collect()

    def _write_events(
        self, commit: Commit, found: dict[str, pl.DataFrame], until: datetime, *, is_last: bool
    ) -> None:
        """Write what is settled and what must be withdrawn; what is not settled only at the end of the run."""
        for detector in self.detectors:
            table = detector.table
            rows = found[table] if is_last else found[table].filter("settled")
            result = reconcile(self.waiting[table], rows, until)
            gone = withdrawn(result.waiting, found[table].select("id"), until, is_last=is_last)
            self.waiting[table] = pl.concat((result.waiting.join(gone, on="id", how="anti"), gone))
            self.report.withdrawn += gone.height
            self.report.events[table] += result.new.height + result.changed.height
            self._write(commit, detector, result.new, pl.concat((result.changed, gone)))

    def _write(self, commit: Commit, detector: Detector, new: pl.DataFrame, changed: pl.DataFrame) -> None:
        """Add new rows to their days; days with changed rows are written anew."""
        fresh, anew = (by_start(placed(rows, self.atlas)) for rows in (new, changed))
        for day in sorted({*fresh, *anew}):
            rows = [part[day] for part in (fresh, anew) if day in part]
            if day in anew:
                stored = self.store.scan(detector.table, day, day, record=stored_schema(detector.record))
                rows.append(stored.join(anew[day].lazy().select("id"), on="id", how="anti").collect())
                commit.replace(detector.table, day, pl.concat(rows), detector.record)
            else:
                commit.append(detector.table, day, pl.concat(rows), detector.record)

    def _write_state(self, commit: Commit, at: datetime, keep: dict[str, pl.DataFrame]) -> None:
        self.progress, old = self.progress.at_midnight(at)
        for name, state in keep.items():
            table = f"state/{name.replace('.', '/')}"
            commit.replace(table, at.date(), state)
            for gone in old:
                commit.replace(table, gone.date(), state.clear())

    def _place(self) -> None:
        """Bring labels and distances up to the anchorages now learnt, if these changed."""
        self.tell("places", 0, 1)
        with self.store.commit() as commit:
            atlas = learn(commit, self.store, self.user_atlas)
            if atlas is not None:
                place_again(commit, self.store, atlas, detectors(atlas))
            self.progress = replace(self.progress, is_placed=True)
            self.progress.save(commit)
        self.tell("places", 1, 1)


def midnight(day: date) -> datetime:
    """Give the moment a UTC day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def by_start(rows: pl.DataFrame) -> dict[date, pl.DataFrame]:
    """Split events by the UTC day they start on."""
    dated = rows.with_columns(pl.col("start").dt.date().alias("_day"))
    return {key[0]: part.drop("_day") for key, part in dated.partition_by("_day", as_dict=True).items()}
