"""The contract of every detector: a pure step from rows and kept state to events and state.

The law of detectors: however the stream is cut into batches, split over workers or delivered late, the events are
the same.  A step earns that by keeping, at the watermark ``until``, all that later rows could need, and by never
letting the answer for one key depend on what other keys came along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI, TIME, event_id, schema
from clearwake.model.events import START_TEXT

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """What a step found: rows (events carry ``settled``: no later row can change them) and what it keeps."""

    rows: pl.DataFrame
    keep: pl.DataFrame


@dataclass(frozen=True)
class Step:
    """One stage of a detector.

    ``find(new, kept, until)`` takes whole groups of ``key`` in any row order: rows not given before, the state
    it returned last time (an empty frame in the schema ``keeps`` the first time), and the watermark: every row
    before ``until`` has been given.
    """

    name: str
    key: tuple[str, ...]
    keeps: pl.Schema
    find: Callable[[pl.DataFrame, pl.DataFrame, datetime], Found]
    route: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    """What is done to each row by itself before rows are exchanged: filters and columns from neighbours at hand."""

    def routed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Do the row-local part; it may be called on any split of the rows."""
        return rows if self.route is None else self.route(rows)

    def run(self, new: pl.DataFrame, kept: pl.DataFrame | None, until: datetime) -> Found:
        """Find, starting from nothing where there is no kept state."""
        return self.find(new, pl.DataFrame(schema=self.keeps) if kept is None else kept, until)


@dataclass(frozen=True)
class Detector:
    """A behaviour: a chain of steps from fixes to a table of events, and the definition it follows."""

    name: str
    table: str
    record: type
    definition: str
    """A hash of every parameter; another definition finds other events, with other ids."""
    steps: tuple[Step, ...]
    reads_strays: bool = False
    """Whether it also takes the positions flagged as noise, as reports of hull 0 of their MMSI."""

    def once(self, fixes: pl.DataFrame, until: datetime) -> pl.DataFrame:
        """Run the whole chain on all fixes in one batch: what every other way of running must equal."""
        rows = fixes
        for step in self.steps:
            rows = step.run(step.routed(rows), None, until).rows
        return rows.drop("settled").sort("start", "id")


def definition_of(name: str, **parameters: object) -> str:
    """Hash a detector's name and parameters into its definition, 12 hexadecimal digits."""
    text = name + repr(sorted((k, str(v)) for k, v in parameters.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def event_schema(record: type) -> pl.Schema:
    """Give the schema of a detector's rows: the record's, and ``settled``."""
    return pl.Schema({**schema(record), "settled": pl.Boolean()})


def in_order(new: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Put kept and new rows together, sorted by track and time; cheap where they already are.

    Both need columns ``track`` and ``time``; rows of one track never share a time.
    """
    both = pl.concat((kept, new)) if kept.height else new
    track, time = both["track"].to_numpy(), milliseconds(both["time"])
    if is_ordered(track, time):
        return both
    # Two sorted pieces, the kept one earlier: a stable sort by track alone merges them, and is many times as fast.
    order = np.argsort(track, kind="stable")
    if not is_ordered(track[order], time[order]):
        order = np.lexsort((time, track))
    return both[pl.Series(order, dtype=pl.UInt32)]


def is_ordered(track: Ints, time: Ints) -> bool:
    """Say whether rows are sorted by track and time."""
    higher, same = track[1:] > track[:-1], track[1:] == track[:-1]
    return bool((higher | (same & (time[1:] >= time[:-1]))).all())


def ordered(fixes: pl.DataFrame) -> pl.DataFrame:
    """Sort fixes by track and time; cheap where they already are."""
    return in_order(fixes, fixes.clear())


def milliseconds(times: pl.Series) -> Ints:
    """Give times as milliseconds since 1970, UTC."""
    return np.asarray(times.to_physical().to_numpy(), np.int64)


def epoch_ms(moment: datetime) -> int:
    """Give a moment as milliseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


HOUR_MS = 3_600_000.0


def divided(quantity: pl.Expr, by: float) -> pl.Expr:
    """Divide as IEEE 754 does.

    Polars multiplies a column by the reciprocal of a number, but divides where the column has one row; the last bit
    would then depend on how many rows came along.
    """

    def by_numpy(column: pl.Series) -> pl.Series:
        return pl.Series(column.to_numpy() / by).fill_nan(None)

    return quantity.cast(pl.Float64).map_batches(by_numpy, return_dtype=pl.Float64, is_elementwise=True)


def hours_between(start: str | pl.Expr, end: str | pl.Expr) -> pl.Expr:
    """Give the hours from one column of times to another; null where either is."""
    begin, finish = (pl.col(e) if isinstance(e, str) else e for e in (start, end))
    return divided((finish - begin).dt.total_milliseconds(), HOUR_MS)


def starts_of(keys: Ints) -> Bools:
    """Say of each row of a sorted column whether a new key begins there: ``(n,) -> (n,)``."""
    first = np.ones(keys.size, bool)
    first[1:] = keys[1:] != keys[:-1]
    return first


def mmsi_of(track: pl.Expr) -> pl.Expr:
    """Read the MMSI out of a track number."""
    return track // HULLS_PER_MMSI


def _evidence(rows: pl.DataFrame) -> pl.Series:
    """Name the positions that show each event, sorted, each once."""
    sides = [
        rows.select(mmsi=mmsi_of(pl.col(f"track_{s}")), time=f"heard_{s}").with_row_index("row") for s in "ab"
    ]
    times = pl.concat(s.cast({"time": pl.List(TIME)}) for s in sides).explode("time").drop_nulls()
    name = pl.format("position:{}@{}Z", "mmsi", pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.3f"))
    lists = times.select("row", evidence=name).unique().sort("row", "evidence")
    grouped = lists.group_by("row", maintain_order=True).agg("evidence")
    every = pl.DataFrame({"row": np.arange(rows.height, dtype=np.uint32)})
    return every.join(grouped, on="row", how="left", maintain_order="left")["evidence"]


def named(
    rows: pl.DataFrame, detector: str, definition: str, record: type, also: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Complete found rows into events: id, kind, version 1, MMSIs out of tracks, absent columns null.

    ``also`` names text columns that belong to the key beside the tracks, such as a zone.

    ``rows`` needs ``start, track_a, track_b, settled`` and the measures; ``evidence`` is made out of the list
    columns ``heard_a`` and ``heard_b`` (times of the positions that show the event).
    """
    ids = [
        event_id(detector, definition, (a, *more) if b is None else (a, b, *more), start)
        for a, b, start, *more in rows.select(
            "track_a", "track_b", pl.col("start").dt.strftime(START_TEXT), *also
        ).iter_rows()
    ]
    named_rows = rows.with_columns(
        id=pl.Series(ids, dtype=pl.String),
        kind=pl.lit(detector),
        version=pl.lit(1, pl.Int64),
        mmsi_a=mmsi_of(pl.col("track_a")),
        mmsi_b=mmsi_of(pl.col("track_b")),
        evidence=_evidence(rows),
    )
    wanted = event_schema(record)
    return named_rows.select(
        (pl.col(name) if name in named_rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in wanted.items()
    )
