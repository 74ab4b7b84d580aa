"""Parquet, a batch of rows at a time, so that memory is bounded by a batch and not by the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO

import polars as pl

from clearwake.model import TIME, UnreadableFileError
from clearwake.sources.columns import NEEDED, Layout, layout
from clearwake.sources.facts import Rows
from clearwake.sources.lines import FOUND_CHARACTERS
from clearwake.sources.meanings import MEASURES, is_sound, measured

BATCH_ROWS = 1_000_000

_DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
"""What the frame library raises on damaged Parquet; a panic is its word for damage it did not foresee."""


def batches(
    file: IO[bytes], mapping: Mapping[str, str], origin: str, received_at: datetime
) -> Iterator[tuple[Layout, Rows]]:
    """Read a Parquet file batch by batch; rows are numbered from 1.

    Args:
        file: An open file on disk.
        mapping: Columns named explicitly.
        origin: What to call the file in errors.
        received_at: When the file was received, which no time in it may be long after.

    Raises:
        UnreadableFileError: If the file is damaged, lacks a needed column, or has one of a type that cannot
            hold what it should, such as a list or a day without a time.
    """
    with _refusing_damage(origin):
        scan = pl.scan_parquet(file.name, glob=False)
        types = scan.collect_schema()
    found = layout(types.names(), mapping, origin)
    chosen = [_as_plain(ours, found.names[place], types, origin) for ours, place in found.place.items()]
    with _refusing_damage(origin):
        before = 0
        scan = scan.select(chosen)
        wanted = _measured(scan.collect_schema(), received_at)
        for batch in scan.with_columns(wanted).collect_batches(chunk_size=BATCH_ROWS):
            yield found, _rows(batch, before)
            before += len(batch)


_MEASURED = "measured "


def _measured(types: pl.Schema, received_at: datetime) -> list[pl.Expr]:
    """Say what to find out during the scan: what rows measure, if everything is a number already."""
    numeric = {*NEEDED, *MEASURES} & set(types)
    if not (types["time"] == pl.Datetime and all(types[name].is_numeric() for name in numeric - {"time"})):
        return []
    if not types["mmsi"].is_integer():
        return []
    wanted = [*measured(numeric), is_sound(received_at).alias("is_sound")]
    wanted += [pl.col("station").cast(pl.String)] if "station" in types else []
    return [each.name.prefix(_MEASURED) for each in wanted]


def _rows(batch: pl.DataFrame, before: int) -> Rows:
    found_out = batch.select(pl.col(rf"^{_MEASURED}.*$").name.map(lambda name: name.removeprefix(_MEASURED)))
    frame = batch.select(pl.exclude(rf"^{_MEASURED}.*$"))

    def text(indexes: Sequence[int]) -> list[str]:
        rows = frame[list(indexes)].iter_rows(named=True)
        return [
            ", ".join(f"{name}={value}" for name, value in row.items())[:FOUND_CHARACTERS] for row in rows
        ]

    lines = pl.int_range(before + 1, before + 1 + len(frame), eager=True).alias("line")
    return Rows(frame, lines, text, found_out if found_out.width else None)


def _as_plain(ours: str, theirs: str, types: pl.Schema, origin: str) -> pl.Expr:
    """Choose a column under our name, as number, text or time."""
    dtype, column = types[theirs], pl.col(theirs).alias(ours)
    if dtype in (pl.Binary, pl.Categorical, pl.Enum, pl.Null):
        return column.cast(pl.String, strict=False)
    if dtype == pl.Decimal:
        return column.cast(pl.Float64, strict=False)
    if dtype == pl.Datetime and ours == "time":
        return column.cast(TIME)
    if dtype.is_numeric() or dtype == pl.String:
        return column
    wanted = "a time of day as well" if ours == "time" and dtype == pl.Date else "a number or text"
    raise UnreadableFileError(
        origin,
        f"column {theirs!r} of type {dtype}",
        f"{ours}, which needs {wanted}",
        f"name another column: --map {ours}=COLUMN",
    )


@contextmanager
def _refusing_damage(origin: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as fault:
        found = f"damaged or cut short: {str(fault).splitlines()[0] if str(fault) else type(fault).__name__}"
        raise UnreadableFileError(
            origin, found[:500], "a Parquet file", "fetch the file again from its publisher"
        ) from fault
