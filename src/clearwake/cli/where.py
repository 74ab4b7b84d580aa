"""What ``--where`` means: an SQL expression over the columns of a table, times compared with plain dates."""

from __future__ import annotations

import re

import polars as pl

from clearwake.model import UsageError, utc

_MOMENT = re.compile(
    r"(?<![\w'])'(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?)'"
)
_END = re.compile(r'(?<![\w"\'.])end(?![\w"\'])', re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'")


def keep(rows: pl.DataFrame, expression: str | None) -> pl.DataFrame:
    """Give the rows for which an expression holds: ``duration_h > 2 AND label = 'standard'``.

    A quoted ISO 8601 date or time is a moment, UTC where it does not say: ``start >= '2020-06-30T12:00'``.  The
    column ``end`` needs no quotes, though it is a word of SQL.

    Raises:
        UsageError: If it is no such expression, names a column that is not there, or a day that is none.
    """
    if expression is None:
        return rows
    try:
        return rows.filter(pl.sql_expr(_as_sql(expression, rows.schema)))
    except pl.exceptions.PolarsError as problem:
        found = str(problem).splitlines()[0]
        message = (
            f"--where {expression!r}: {found}\n  read as an SQL expression over the columns {', '.join(rows.columns)}\n"
            "  next: write it like  \"duration_h > 2 AND label = 'standard'\""
        )
        raise UsageError(message) from problem


def _as_sql(expression: str, schema: pl.Schema) -> str:
    sql = expression
    if "end" in schema and not re.search(r"\bcase\b", sql, re.IGNORECASE):
        sql = _outside_quotes(sql)
    if any(isinstance(dtype, pl.Datetime) for dtype in schema.values()):
        sql = _MOMENT.sub(lambda found: _moment(found[1]), sql)
    return sql


def _outside_quotes(sql: str) -> str:
    """Quote the column ``end`` wherever it stands outside a text."""
    parts, texts = _QUOTED.split(sql), _QUOTED.findall(sql)
    quoted = [_END.sub('"end"', part) for part in parts]
    return "".join(part + text for part, text in zip(quoted, [*texts, ""], strict=True))


def _moment(text: str) -> str:
    """Write a moment as SQL."""
    try:
        moment = utc(text)
    except ValueError as error:
        message = (
            f"--where: '{text}' is no date or time\n  read as ISO 8601\n"
            "  next: write it like '2020-06-30' or '2020-06-30T12:00Z'"
        )
        raise UsageError(message) from error
    return f"STRPTIME('{moment:%Y-%m-%dT%H:%M:%S.%f}+0000', '%Y-%m-%dT%H:%M:%S%.6f%z')"
