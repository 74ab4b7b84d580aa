"""A table of queries for screening: CSV, Parquet, JSON or JSON lines, also packed, whatever its columns.

What a file is is seen from its content, not its name.  Every column of a CSV stays text, so that no leading zero of
a number is lost.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import polars as pl

from clearwake.model import Received, UnreadableFileError
from clearwake.screen.asked import COLUMNS, recognised
from clearwake.unpack import contents

PARQUET = b"PAR1"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SEPARATORS = (",", ";", "\t", "|")


def queries(file: Path) -> pl.DataFrame:
    """Read a table of queries; of a zip file, all tables in it.

    Raises:
        UnreadableFileError: If it is none, or has no column that screening knows.
    """
    try:
        frames = [_table(part.stream.read(), part.origin) for part in contents(Received(file, str(file)))]
    except (pl.exceptions.PolarsError, OSError, csv.Error, ValueError) as problem:
        found = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise UnreadableFileError(str(file), found, "a table to screen", NEXT) from problem
    whole = pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()
    if not set(recognised(whole.columns).values()) & set(COLUMNS[1:]):
        found = f"columns {', '.join(whole.columns[:10]) or 'none'}"
        raise UnreadableFileError(str(file), found, "a table to screen", NEXT)
    return whole


NEXT = f"give CSV, Parquet, JSON or JSON lines with any of the columns {', '.join(COLUMNS)}"


def _table(content: bytes, name: str) -> pl.DataFrame:
    if content.startswith(PARQUET):
        return pl.read_parquet(io.BytesIO(content))
    text = content.removeprefix(BYTE_ORDER_MARK)
    head = text[:1000].lstrip()
    if head.startswith(b"["):
        return pl.read_json(io.BytesIO(text), infer_schema_length=None)
    if head.startswith(b"{"):
        return pl.read_ndjson(io.BytesIO(text), infer_schema_length=None)
    return _delimited(text, name)


def _delimited(text: bytes, name: str) -> pl.DataFrame:
    header = text.split(b"\n", 1)[0].decode("utf-8", "replace")
    separator = max(SEPARATORS, key=header.count)
    try:
        return pl.read_csv(io.BytesIO(text), separator=separator, infer_schema=False)
    except pl.exceptions.PolarsError:
        return _row_by_row(text, separator, name)


def _row_by_row(text: bytes, separator: str, name: str) -> pl.DataFrame:
    """Read what the quick way refuses: rows of another width, and bytes that are not UTF-8.

    Every row stays a query; fields beyond the header's are not read, and it is said how many rows had any.
    """
    rows = csv.reader(io.StringIO(text.decode("utf-8", "replace"), newline=""), delimiter=separator)
    header = next(rows, [])
    kept = [row for row in rows if row]
    wide = sum(len(row) > len(header) for row in kept)
    if wide:
        sys.stderr.write(
            f"{name}: {wide:,} rows have more fields than the header; the first {len(header)} were read\n"
        )
    even = [(row + [None] * len(header))[: len(header)] for row in kept]
    return pl.DataFrame(even, dict.fromkeys(header, pl.String), orient="row")
