"""Intake: bytes become facts in the store, a file at a time, all of it or nothing.

The bytes go to the archive first, then their facts into parts beside the store, then one commit names both.  A file
that a reader refuses leaves its bytes in the archive and nothing else.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.archive import Archive, Kept
from clearwake.engine.shards import SHARDS, shard_of
from clearwake.model import (
    TIME,
    Anchorage,
    Delivery,
    Designation,
    Detection,
    Edition,
    IdentityClaim,
    Options,
    Ownership,
    Party,
    Permission,
    Position,
    Reading,
    Receipt,
    Received,
    Registration,
    Reject,
    Shipment,
    Sighting,
    Source,
    UsageError,
    Zone,
    conform,
    utc,
)
from clearwake.store import Commit, Store

RECORDS: dict[str, type] = {
    "positions": Position,
    "claims": IdentityClaim,
    "quarantine": Reject,
    "anchorages": Anchorage,
    "zones": Zone,
    "designations": Designation,
    "editions": Edition,
    "registrations": Registration,
    "parties": Party,
    "ownerships": Ownership,
    "shipments": Shipment,
    "permissions": Permission,
    "deliveries": Delivery,
    "sightings": Sighting,
    "detections": Detection,
}
"""The tables facts may enter, and their records."""

Ints = NDArray[np.int64]

_DATED_BY = {"positions": "time", "claims": "first_seen", "sightings": "time", "detections": "time"}

_KNOWN_AFTER = {**_DATED_BY, "deliveries": "date"}
"""When each fact happened, for ``--known-at time+DELAY``; of those also in ``_DATED_BY`` the days lie apart."""


@dataclass(frozen=True)
class Asserted:
    """When the content of a file was known, as the person reading it says: a moment, or so long after each fact."""

    at: datetime | None = None
    after: timedelta | None = None

    @classmethod
    def parse(cls, text: str | None) -> Asserted:
        """Read ``--known-at``: nothing, an ISO 8601 moment, or ``time+15min`` (s, min, h, d).

        Raises:
            UsageError: If it is none of these.
        """
        if text is None:
            return cls()
        delay = re.fullmatch(r"time\+(\d+(?:\.\d+)?)(s|min|h|d)", text.strip())
        if delay:
            unit = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}[delay[2]]
            return cls(after=timedelta(**{unit: float(delay[1])}))
        try:
            return cls(at=utc(text))
        except ValueError:
            message = f"--known-at {text!r} is neither a moment (2018-03-01T12:00) nor a delay (time+15min, time+2h)"
            raise UsageError(message) from None

    def of(self, received_at: datetime, dated_by: str | None) -> pl.Expr:
        """Give the ``known_at`` of each row of a table."""
        if self.after is not None and dated_by is not None:
            return (
                pl.col(dated_by) + pl.duration(milliseconds=self.after // timedelta(milliseconds=1))
            ).cast(TIME)
        return pl.lit(self.at or received_at).cast(TIME)


@dataclass(frozen=True)
class FileReport:
    """What became of one file: rows by table, rejected rows by reason, rows that gave nothing by what they were."""

    origin: str
    sha256: str
    receipt: int
    already_read: bool
    rows: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


OnProgress = Callable[[str, int, int], None]
Check = Callable[[Mapping[str, pl.DataFrame]], None]


@dataclass(frozen=True)
class Given:
    """What the person reading files says about them."""

    options: Options
    asserted: Asserted = field(default_factory=Asserted)
    licence: str | None = None
    """The licence the content came under; else the source's own."""
    marking: str | None = None
    """The marking of everything in it."""


def intake(
    store: Store,
    archive: Archive,
    source: Source,
    files: Sequence[tuple[Path, str]],
    given: Given,
    check: Check | None = None,
    on_progress: OnProgress | None = None,
) -> list[FileReport]:
    """Read files into the store: one commit a file, or one for all where they are one edition.

    Args:
        store: Where facts go.
        archive: Where bytes go.
        source: The reader.
        files: Paths and the names they were given under.
        given: What the person says about them.
        check: Looks at the tables of each reading before anything counts, and raises to refuse them.
        on_progress: Told the stage, rows done and rows expected (0 where unknown).

    Raises:
        UnreadableFileError: If a file is not what it says it is; files before it have been read.
    """
    batches = [list(files)] if source.is_edition else [[file] for file in files]
    work = _Work(store, source, given, check, on_progress or (lambda *_: None))
    reports: list[FileReport] = []
    for batch in batches:
        kept = [(archive.keep(path, origin), origin) for path, origin in batch]
        # Asked and answered under one lock, so that two processes given the same file add its rows once.
        with store.exclusive():
            known = [store.receipt(k.sha256, source.name) for k, _ in kept]
            if all(known):
                reports += [
                    FileReport(origin, k.sha256, r.number, already_read=True)
                    for (k, origin), r in zip(kept, known, strict=True)
                    if r is not None
                ]
            else:
                reports += work.read(kept, [path.parent for path, _ in batch])
    return reports


@dataclass
class _Work:
    """Reading one batch of files into one commit."""

    store: Store
    source: Source
    given: Given
    check: Check | None
    on_progress: OnProgress
    published: datetime | None = None

    def read(self, kept: list[tuple[Kept, str]], folders: Sequence[Path]) -> list[FileReport]:
        received = [
            Received(k.path, origin, folder) for (k, origin), folder in zip(kept, folders, strict=True)
        ]
        with self.store.commit() as commit:
            reports = [
                FileReport(o, k.sha256, commit.receive(self._receipt(k, o)), already_read=False)
                for k, o in kept
            ]
            for reading in self._readings(received):
                report = reports[reading.file]
                for table, frame in reading.tables.items():
                    self._append(commit, table, frame, report)
                report.counts.update(Counter(report.counts) + Counter(reading.counts))
                self.on_progress("read", sum(sum(r.rows.values()) for r in reports), 0)
        return reports

    def _readings(self, received: list[Received]) -> Iterator[Reading]:
        readings = self.source.parse(received, self.given.options)
        if not self.source.is_edition:
            return readings
        all_of_it = list(readings)
        for reading in all_of_it:
            if self.check is not None:
                self.check(reading.tables)
        # What a publisher has published is known from its publication on, unless the person says otherwise.
        self.published = _published(all_of_it)
        return iter(all_of_it)

    def _receipt(self, kept: Kept, origin: str) -> Receipt:
        at = self.given.options.received_at
        return Receipt(
            0, kept.sha256, origin, self.source.name, kept.size_bytes, at, self.given.asserted.at or at,
            self.given.licence or self.source.licence, self.given.marking,
        )  # fmt: skip

    def _known_at(self, dated_by: str | None) -> pl.Expr:
        received_at = self.given.options.received_at
        if self.published is not None and self.given.asserted == Asserted():
            return Asserted(at=self.published).of(received_at, dated_by)
        return self.given.asserted.of(received_at, dated_by)

    def _append(self, commit: Commit, table: str, frame: pl.DataFrame, report: FileReport) -> None:
        if not frame.height:
            return
        record, dated_by = RECORDS[table], _DATED_BY.get(table)
        whole = conform(frame, record).with_columns(
            receipt=pl.lit(report.receipt, pl.Int64),
            known_at=self._known_at(_KNOWN_AFTER.get(table)),
        )
        for day, rows in by_day(whole, dated_by):
            commit.append(table, day, sharded(rows) if table == "positions" else rows, record)
        report.rows[table] = report.rows.get(table, 0) + frame.height
        if table == "quarantine":
            for reason, count in frame.group_by("reason").len().iter_rows():
                report.rejected[reason] = report.rejected.get(reason, 0) + count


def _published(readings: Sequence[Reading]) -> datetime | None:
    """Give the publication date that the content of an edition states, if it states one."""
    dated = [
        row["dated"]
        for reading in readings
        if "editions" in reading.tables
        for row in reading.tables["editions"].iter_rows(named=True)
        if row["dated_by"] == "content"
    ]
    return max(dated, default=None)


def by_day(rows: pl.DataFrame, dated_by: str | None) -> list[tuple[date | None, pl.DataFrame]]:
    """Split rows by the UTC day of a column; one undated piece where there is none."""
    if dated_by is None:
        return [(None, rows)]
    first, last = rows[dated_by].min(), rows[dated_by].max()
    if isinstance(first, datetime) and isinstance(last, datetime) and first.date() == last.date():
        return [(first.date(), rows)]
    days = rows.with_columns(pl.col(dated_by).dt.date().alias("_day")).partition_by("_day", as_dict=True)
    return sorted((day, part.drop("_day")) for (day,), part in days.items())


def sharded(positions: pl.DataFrame) -> pl.DataFrame:
    """Sort positions by shard, MMSI and time.

    A run then reads one shard of a day without touching the others, and what it reads is in order but for a few seams.
    """
    mmsi, time = positions["mmsi"].to_numpy(), positions["time"].to_physical().to_numpy()
    shard = shard_of(mmsi)
    by_shard = np.argsort(shard, kind="stable")
    count = np.bincount(shard, minlength=SHARDS)
    order = _order(mmsi[by_shard], time[by_shard], np.cumsum(count).tolist())
    # A column that says the same in every row need not be moved about.
    same = [c for c in positions.columns if _is_constant(positions[c])]
    # Moved to its shard and then within it, a row stays in the processor's cache: quicker than in one leap.
    moved = positions.drop(same)[pl.Series(by_shard, dtype=pl.UInt32)][pl.Series(order, dtype=pl.UInt32)]
    constant = [pl.lit(positions[c].first(), positions.schema[c]).alias(c) for c in same]
    moved = moved.with_columns(
        *constant, shard=pl.Series(np.repeat(np.arange(SHARDS, dtype=np.uint8), count))
    )
    return moved.select(*positions.columns, "shard")


def _order(mmsi: Ints, time: Ints, ends: list[int]) -> Ints:
    """Sort by MMSI and time between each of ``ends`` and the next; through one number where they fit into one."""
    earliest = int(time.min())
    span = int(time.max()) - earliest + 1
    fits = mmsi.min() >= 0 and span < 2**63 // (int(mmsi.max()) + 1)
    order = np.empty(mmsi.size, np.int64)
    for begin, end in itertools.pairwise([0, *ends]):
        who, when = mmsi[begin:end], time[begin:end]
        # One number is sorted many times as fast as two.
        order[begin:end] = np.argsort(who * span + (when - earliest)) if fits else np.lexsort((when, who))
        order[begin:end] += begin
    return order


def _is_constant(values: pl.Series) -> bool:
    if values.null_count() == values.len():
        return True
    return values.name in ("receipt", "known_at") and values.min() == values.max()
