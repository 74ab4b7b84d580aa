"""How rows leave the program: a table for people, lines of JSON for programs, files for everything else.

Nothing is left out silently: where a terminal has no room for all rows or columns, the last line says what is
missing and how to get it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from clearwake.cli.forms import Format
from clearwake.model import UsageError

if TYPE_CHECKING:
    from rich.table import Table

MOST_ROWS = 40
"""Rows of a table that a terminal is given."""

WIDEST = 60
"""Characters of a cell that a terminal is given."""


def write(rows: pl.DataFrame, form: Format | None, out: Path | None) -> None:
    """Write rows to a file or to standard output.

    Args:
        rows: What to write.
        form: How; where not given, by the ending of ``out``, else a table on a terminal and JSON lines in a pipe.
        out: Where; standard output if not given.

    Raises:
        UsageError: If the form needs places and the rows have none, or is Parquet and there is a terminal.
    """
    chosen = form or _form_of(out)
    if chosen is Format.TABLE:
        _print_table(rows, out)
        return
    if chosen is Format.PARQUET and out is None and sys.stdout.isatty():
        message = "Parquet is not for reading on a terminal\n  next: give --out FILE, or pipe it on"
        raise UsageError(message)
    if out is None:
        _to_stdout(rows, chosen)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("wb") as file:
            _encode(rows, chosen, file)


_ENDINGS = {".json": Format.JSON, ".jsonl": Format.JSON, ".ndjson": Format.JSON, ".csv": Format.CSV,
            ".parquet": Format.PARQUET, ".geojson": Format.GEOJSON, ".txt": Format.TABLE}  # fmt: skip


def _to_stdout(rows: pl.DataFrame, form: Format) -> None:
    """Write rows to standard output; whoever reads it may have enough of it at any time."""
    try:
        _encode(rows, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


SLICE = 20_000
"""Rows turned into text at a time."""


def _form_of(out: Path | None) -> Format:
    if out is not None:
        return _ENDINGS.get(out.suffix.lower(), Format.JSON)
    return Format.TABLE if sys.stdout.isatty() else Format.JSON


def _encode(rows: pl.DataFrame, form: Format, to: BinaryIO) -> None:
    if form is Format.JSON:
        to.writelines(_plain_times(part).write_ndjson().encode() for part in rows.iter_slices(SLICE))
    elif form is Format.CSV:
        to.write(flat(_plain_times(rows.clear())).write_csv().encode())
        to.writelines(
            flat(_plain_times(part)).write_csv(include_header=False).encode()
            for part in rows.iter_slices(SLICE)
        )
    elif form is Format.PARQUET:
        # Through memory: a pipe cannot be sought in, and the writer seeks.
        whole = io.BytesIO()
        rows.write_parquet(whole, compression="zstd")
        to.write(whole.getvalue())
    else:
        to.write(json.dumps(geojson(rows), ensure_ascii=False).encode())
        to.write(b"\n")


def _plain_times(rows: pl.DataFrame) -> pl.DataFrame:
    """Write times as ISO 8601 with a Z, and bytes, such as shapes, as hexadecimal text."""
    times = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.Datetime)]
    blobs = [name for name, dtype in rows.schema.items() if dtype == pl.Binary]
    return rows.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ") for name in times),
        *(pl.col(name).bin.encode("hex") for name in blobs),
    )


def flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Put lists into one cell, their entries parted by ``; ``; what has fields of its own is JSON."""
    nested = [
        name for name, dtype in rows.schema.items() if dtype == pl.Struct or dtype == pl.List(pl.Struct)
    ]
    rows = rows.with_columns(_as_json(rows[name]) for name in nested)
    lists = [name for name, dtype in rows.schema.items() if isinstance(dtype, pl.List)]
    return rows.with_columns(
        pl.col(name).list.eval(pl.element().cast(pl.String)).list.join("; ") for name in lists
    )


def _as_json(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Struct):
        return column.struct.json_encode()
    each = pl.element().struct.json_encode()
    return column.list.eval(each)


def geojson(rows: pl.DataFrame) -> dict[str, object]:
    """Give rows that have places as a GeoJSON feature collection, coordinates lon before lat.

    A row with ``end_lon`` and ``end_lat``, as gaps have, is a line between two points; all others are points.  Rows
    whose place is not known have a null geometry.

    A zone that was read from a file is its polygon.

    Raises:
        UsageError: If the rows have neither ``lon`` and ``lat`` nor ``geometry``.

    Source: RFC 7946.
    """
    if not {"lon", "lat"} <= set(rows.columns) and "geometry" not in rows.columns:
        message = f"GeoJSON needs columns lon and lat; there are {', '.join(rows.columns)}"
        raise UsageError(message)
    features = [
        {
            "type": "Feature",
            "id": row.get("id"),
            "geometry": _geometry(row),
            "properties": {name: value for name, value in row.items() if name not in _PLACES},
        }
        for row in _plain_times(rows).fill_nan(None).iter_rows(named=True)
    ]
    return {"type": "FeatureCollection", "features": features}


_PLACES = ("lon", "lat", "end_lon", "end_lat", "geometry")


def _geometry(row: dict[str, object]) -> dict[str, object] | None:
    if isinstance(shape := row.get("geometry"), str):
        from shapely import from_wkb, geometry

        return dict(geometry.mapping(from_wkb(bytes.fromhex(shape))))
    here, there = [row.get("lon"), row.get("lat")], [row.get("end_lon"), row.get("end_lat")]
    if None in here:
        return None
    if None in there:
        return {"type": "Point", "coordinates": here}
    return {"type": "LineString", "coordinates": [here, there]}


def _print_table(rows: pl.DataFrame, out: Path | None) -> None:
    """Print rows as a table as wide as the terminal, and say what did not fit."""
    from rich.console import Console

    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", encoding="utf-8") as file:
            Console(file=file, width=240, no_color=True).print(table(rows, 240, most_rows=rows.height)[0])
        return
    width = shutil.get_terminal_size((160, 40)).columns
    console = Console(width=width)
    if rows.is_empty():
        console.print(f"[dim]no rows; columns: {', '.join(rows.columns)}[/dim]", soft_wrap=True)
        return
    shown, left_out = table(rows, width)
    console.print(shown)
    if left_out:
        console.print(f"[dim]{left_out}[/dim]", soft_wrap=True, highlight=False)


def table(rows: pl.DataFrame, width: int, most_rows: int = MOST_ROWS) -> tuple[Table, str]:
    """Lay rows out for a terminal ``width`` characters wide.

    Returns:
        A Rich table, and a sentence about rows and columns that found no room (empty if all did).
    """
    from rich.table import Table
    from rich.text import Text

    head = _readable(rows.head(most_rows))
    columns = _fitting(head, width)
    laid = Table(box=None, pad_edge=False, header_style="bold", row_styles=("", "dim"))
    for name in columns:
        laid.add_column(name, justify="right" if rows.schema[name].is_numeric() else "left", no_wrap=True)
    for row in head.select(columns).iter_rows():
        laid.add_row(*(Text(cell or "") for cell in row))
    missing = [name for name in rows.columns if name not in columns]
    told = []
    if rows.height > most_rows:
        told.append(f"{rows.height - most_rows:,} more rows")
    if missing:
        told.append(f"columns not shown: {', '.join(missing)}")
    return laid, f"{'; '.join(told)}  (--format json or csv gives all)" if told else ""


def _readable(rows: pl.DataFrame) -> pl.DataFrame:
    """Write every cell as a person would: times to the minute, three figures after the point at most."""

    def cell(name: str, dtype: pl.DataType) -> pl.Expr:
        column = pl.col(name)
        if isinstance(dtype, pl.Datetime):
            return column.dt.strftime("%Y-%m-%d %H:%M")
        if dtype.is_float():
            return column.round(3).cast(pl.String).str.replace(r"\.0$", "")
        if dtype == pl.Binary:
            return pl.format("{} bytes", column.bin.size())
        return column.cast(pl.String)

    texts = flat(rows)
    written = texts.select(cell(name, dtype).alias(name) for name, dtype in texts.schema.items())
    longest = pl.all().str.len_chars() > WIDEST
    return written.select(pl.when(longest).then(pl.all().str.head(WIDEST - 1) + "…").otherwise(pl.all()))


def _fitting(rows: pl.DataFrame, width: int) -> list[str]:
    """Choose the columns that fit: in order, those that say something first, lists of evidence last."""

    def says_nothing(name: str) -> bool:
        return rows[name].null_count() == rows.height

    last = {
        "id",
        "kind",
        "version",
        "evidence",
        "track_a",
        "track_b",
        "known_at",
        "receipt",
        "line",
        "sha256",
    }
    order = sorted(rows.columns, key=lambda name: (says_nothing(name), name in last))
    chosen, room = set[str](), width
    for name in order:
        needed = max([len(name), *(len(cell) for cell in rows[name].drop_nulls())]) + 2
        if needed <= room or not chosen:
            chosen.add(name)
            room -= needed
    return [name for name in rows.columns if name in chosen]
