"""How a word of the model is written once and serves twice: as a record and as a table.

A record is a frozen dataclass whose fields are annotated with a ``Column``: its Polars type, its unit and
nothing else.  ``schema`` turns the record into a table's schema, ``conform`` brings a frame into it, and
``units`` gives what is written into file metadata, so that a stranger reading the Parquet needs no manual.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import polars as pl

TIME = pl.Datetime("ms", "UTC")


@dataclass(frozen=True)
class Column:
    """How a field is stored: its Polars type and, for quantities, its unit."""

    dtype: pl.DataType | type[pl.DataType]
    unit: str | None = None


Time = Annotated[datetime, Column(TIME)]
Text = Annotated[str, Column(pl.String)]
Bytes = Annotated[bytes, Column(pl.Binary)]
Texts = Annotated[tuple[str, ...], Column(pl.List(pl.String))]
Quantities = Annotated[tuple[float, ...], Column(pl.List(pl.Float64))]
Flag = Annotated[bool, Column(pl.Boolean)]
Count = Annotated[int, Column(pl.Int64)]
Small = Annotated[int, Column(pl.Int16)]
Identifier = Annotated[int, Column(pl.Int64)]
Identifiers = Annotated[tuple[int, ...], Column(pl.List(pl.Int64))]
Degrees = Annotated[float, Column(pl.Float64, "deg")]
Bearing = Annotated[float, Column(pl.Float32, "deg")]
Knots = Annotated[float, Column(pl.Float64, "kn")]
ReportedKnots = Annotated[float, Column(pl.Float32, "kn")]
Metres = Annotated[float, Column(pl.Float64, "m")]
Kilometres = Annotated[float, Column(pl.Float64, "km")]
Hours = Annotated[float, Column(pl.Float64, "h")]
Score = Annotated[float, Column(pl.Float64)]

R = TypeVar("R")


def columns(record: type) -> dict[str, Column]:
    """Give the columns of a record, in field order; inherited fields come first.

    Raises:
        TypeError: If a field is not annotated with a ``Column``.
    """
    hints = typing.get_type_hints(record, include_extras=True)
    return {f.name: _column(record, f.name, hints[f.name]) for f in dataclasses.fields(record)}


def _column(record: type, name: str, hint: Any) -> Column:  # noqa: ANN401 - a type hint can be anything
    for part in (hint, *typing.get_args(hint)):
        for note in getattr(part, "__metadata__", ()):
            if isinstance(note, Column):
                return note
    message = f"{record.__name__}.{name} is not annotated with a Column: {hint!r}"
    raise TypeError(message)


def schema(record: type) -> pl.Schema:
    """Give the schema of a table of ``record``."""
    return pl.Schema({name: column.dtype for name, column in columns(record).items()})


def units(record: type) -> dict[str, str]:
    """Give the unit of every field of ``record`` that has one: ``{"speed_kn": "kn"}``."""
    return {name: column.unit for name, column in columns(record).items() if column.unit}


def empty(record: type) -> pl.DataFrame:
    """Give a table of ``record`` without rows."""
    return pl.DataFrame(schema=schema(record))


def conform(frame: pl.DataFrame, record: type) -> pl.DataFrame:
    """Bring ``frame`` into the schema of ``record``: order, types, absent columns as null.

    Raises:
        ValueError: If ``frame`` has a column that ``record`` does not know; a fact never vanishes silently.
    """
    wanted = schema(record)
    unknown = [name for name in frame.columns if name not in wanted]
    if unknown:
        message = f"{record.__name__} has no column {', '.join(unknown)}; it has {', '.join(wanted)}"
        raise ValueError(message)
    # Lazily, because absent columns then stay one null each instead of being laid out row by row.
    lay_out = (
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in wanted.items()
    )
    return frame.lazy().select(lay_out).collect()


def records(frame: pl.DataFrame, record: type[R]) -> list[R]:
    """Turn the rows of a table into records; lists become tuples."""
    return [
        record(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
        for row in frame.iter_rows(named=True)
    ]


def table(facts: list[Any], record: type) -> pl.DataFrame:
    """Turn records into a table in the schema of ``record``."""
    rows = [{f.name: getattr(fact, f.name) for f in dataclasses.fields(record)} for fact in facts]
    return pl.DataFrame(rows, schema=schema(record))


def utc(text: str) -> datetime:
    """Read an ISO 8601 date or time; one without an offset is UTC.

    Raises:
        ValueError: If ``text`` is not ISO 8601.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def record_of(**fields: Any) -> type:  # noqa: ANN401 - annotated types have no common type
    """Make a record out of annotated fields, for the state a step keeps: ``record_of(track=Identifier, time=Time)``."""
    return dataclasses.make_dataclass("Kept", list(fields.items()), frozen=True)
