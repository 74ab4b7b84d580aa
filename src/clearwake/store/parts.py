"""Parts: the Parquet files that tables are made of, and how one is written so that it lasts."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from clearwake.model import UsageError, schema, units

ROW_GROUP_ROWS = 65_536
"""Small enough that a day of a table sorted by time or track is skipped in pieces, large enough to read fast."""

TIME_COLUMNS = ("time", "start", "first_seen")
"""The column that ``first_time`` and ``last_time`` are taken from: the first of these that a table has."""

UNCOMPRESSED = frozenset({"positions"})
"""Tables whose columns are mostly coordinates, which do not compress: lz4 took a quarter of the time of reading a
file into the desk to make them a third smaller, and the archive has the file itself."""

_TABLE = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*")


@dataclass(frozen=True)
class Part:
    """A piece of a table that counts: written once, never changed."""

    number: int
    """Grows with every part ever committed to the desk; never given twice."""
    table: str
    day: date | None
    path: Path
    rows: int
    first_time: datetime | None
    """The earliest ``time``, ``start`` or ``first_seen`` in it, UTC; null where the table has none of them."""
    last_time: datetime | None


@dataclass(frozen=True)
class Written:
    """A part on its way: its file lies in the commit's own folder until the commit publishes it."""

    file: Path
    table: str
    day: date | None
    path: str
    """Where it will lie, relative to the desk."""
    rows: int
    first_time: datetime | None
    last_time: datetime | None


def check_table(table: str) -> str:
    """Give ``table`` back if it can be a folder: lower-case words, digits and ``_``, parted by ``/``.

    Raises:
        UsageError: If it cannot.
    """
    if not _TABLE.fullmatch(table):
        message = f"not a table's name: {table!r}; names are lower-case words, such as 'gaps' or 'state/gap'"
        raise UsageError(message)
    return table


def write(
    frame: pl.DataFrame | pl.LazyFrame, file: Path, record: type | None, *, compressed: bool = True
) -> None:
    """Write a frame as Parquet and wait until the disk has it; a lazy one never lies in memory whole.

    Args:
        frame: The rows.
        file: Where to; overwritten.
        record: The record of the table; its units are then written into the file's metadata.
        compressed: Whether to squeeze columns beyond Parquet's own encodings.
    """
    how: Literal["lz4", "uncompressed"] = "lz4" if compressed else "uncompressed"
    noted = {"units": json.dumps(units(record))} if record else None
    if isinstance(frame, pl.LazyFrame):
        frame.sink_parquet(file, compression=how, row_group_size=ROW_GROUP_ROWS, metadata=noted)
    else:
        if record and not compressed:
            # A column that says nothing is left out: whoever scans with the record gets it back as null.
            frame = frame.drop(_silent(frame))
        frame.write_parquet(file, compression=how, row_group_size=ROW_GROUP_ROWS, metadata=noted)
    sync(file)


def _silent(frame: pl.DataFrame) -> list[str]:
    """Name the columns without any value, unless that is all of them."""
    silent = [c.name for c in frame.get_columns() if c.null_count() == len(c)]
    return silent if len(silent) < frame.width else []


def measure(frame: pl.DataFrame | pl.LazyFrame) -> tuple[int, datetime | None, datetime | None]:
    """Give the number of rows and the first and last time in them, UTC."""
    lazy = frame.lazy()
    types = lazy.collect_schema()
    column = next((c for c in TIME_COLUMNS if types.get(c) == pl.Datetime), None)
    if column is None:
        return int(lazy.select(pl.len()).collect().item()), None, None
    asked = lazy.select(pl.len(), pl.col(column).min().alias("first"), pl.col(column).max().alias("last"))
    rows, first, last = asked.collect().row(0)
    return rows, _in_utc(first), _in_utc(last)


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def scan(files: list[Path], record: type | pl.Schema | None) -> pl.LazyFrame:
    """Scan parts as one table; without parts an empty table in the schema of ``record``.

    With ``record``, a column that an older part lacks is null, and a column it has too many is an error;
    without, all parts must have the same columns.
    """
    wanted = schema(record) if isinstance(record, type) else record
    if not files:
        return pl.LazyFrame(schema=wanted)
    if wanted is None:
        return pl.scan_parquet(files, hive_partitioning=False, glob=False)
    return pl.scan_parquet(
        files, schema=wanted, missing_columns="insert", hive_partitioning=False, glob=False
    )


def sync(path: Path) -> None:
    """Wait until the disk has a file's bytes, or a folder's names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
