"""Rows of a table of reports, judged: each becomes a position, a reject, or a report without a position.

A row is rejected only for what makes it unreadable: no transmitter, no time or a time that cannot be, a place
off the globe, or damaged numbers.  What is merely odd (an invalid MMSI, a duplicate, a leap across the globe)
is kept: finding it is the business of other rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from clearwake.model import Position, Reject, conform, empty
from clearwake.sources import values
from clearwake.sources.columns import STATIC
from clearwake.sources.identities import grouped
from clearwake.sources.lines import Fault
from clearwake.sources.meanings import EARLIEST, LARGEST_MMSI, LATEST_AFTER_RECEIPT, is_sound, measured

WITHOUT_POSITION = "reports without a position"


@dataclass(frozen=True)
class Rows:
    """Rows as they stand in a file: our column names, the file's types, and which line each is."""

    frame: pl.DataFrame
    lines: pl.Series
    shown: Callable[[Sequence[int]], list[str]]
    """Gives rows, by their index in ``frame``, as text to look at."""
    measured: pl.DataFrame | None = None
    """What the rows measure, and ``is_sound``, if the reader found out on its way."""


@dataclass(frozen=True)
class Reader:
    """Who reads, which file, and what that makes of a time."""

    source: str
    origin: str
    received_at: datetime
    is_day_first: bool = False
    lines_before: int = 0
    """Lines of the members of the same archive before this one: positions are numbered through all of it."""


@dataclass(frozen=True)
class Facts:
    """What rows turned out to be; ``groups`` are identities before ``identities.claims``."""

    rows: int
    positions: pl.DataFrame
    groups: pl.DataFrame | None
    rejects: pl.DataFrame
    without_position: int


def judge(rows: Rows, reader: Reader) -> Facts:
    """Turn rows into facts: ``rows == positions + rejects + without_position``, always."""
    read = rows.measured if rows.measured is not None else _measured(rows.frame, reader)
    sound = read["is_sound"] & ~_has_damaged_numbers(rows.frame)
    read = read.drop("is_sound").hstack([(rows.lines + reader.lines_before).alias("line")])
    if sound.all(ignore_nulls=False):
        return Facts(len(read), conform(read, Position), _groups(rows.frame, read), rejects([], reader), 0)
    odd = (~sound.fill_null(value=False)).arg_true()
    reasons = _reasons(rows.frame[odd], reader)
    silent = odd.filter(reasons.is_null())
    return Facts(
        len(read),
        conform(read.filter(sound), Position),
        _groups_of(rows.frame, read, sound, silent),
        rejects(_faults(rows, odd, reasons), reader),
        len(silent),
    )


def rejects(faults: Sequence[Fault], reader: Reader) -> pl.DataFrame:
    """Turn faults into a table of ``Reject``."""
    if not faults:
        return empty(Reject)
    rows = pl.DataFrame(
        faults, schema={"line": pl.Int64, "reason": pl.String, "found": pl.String}, orient="row"
    )
    return conform(rows.with_columns(source=pl.lit(reader.source), origin=pl.lit(reader.origin)), Reject)


_READERS: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    "mmsi": values.whole_numbers,
    "lon": values.decimals,
    "lat": values.decimals,
    "speed_kn": values.decimals,
    "course_deg": values.decimals,
    "heading_deg": values.decimals,
    "nav_status": values.states,
}


def _numbers(frame: pl.DataFrame, reader: Reader) -> pl.DataFrame:
    """Turn what stands in the columns into numbers and times."""
    read = {name: _READERS[name](frame[name]) for name in _READERS if name in frame.columns}
    read["time"] = values.times(frame["time"], is_day_first=reader.is_day_first)
    return pl.DataFrame(read)


def _measured(frame: pl.DataFrame, reader: Reader) -> pl.DataFrame:
    numbers = _numbers(frame, reader)
    sound = is_sound(reader.received_at).alias("is_sound")
    read = numbers.select(*measured(numbers.columns), sound)
    return read.with_columns(frame["station"].cast(pl.String)) if "station" in frame.columns else read


_NUMBERS = ("speed_kn", "course_deg", "heading_deg")


def _has_damaged_numbers(raw: pl.DataFrame) -> pl.Series:
    damaged = pl.Series([False]).new_from_index(0, len(raw))
    for name in _damageable(raw):
        damaged |= _is_damaged(raw[name])
    return damaged


def _damageable(raw: pl.DataFrame) -> list[str]:
    return [name for name in _NUMBERS if name in raw.columns and raw[name].dtype == pl.String]


def _is_damaged(raw: pl.Series) -> pl.Series:
    """Tell where a column says something that is no number."""
    numbers = values.decimals(raw)
    if numbers.null_count() == raw.null_count():
        return pl.Series([False]).new_from_index(0, len(raw))
    return numbers.is_null() & ~values.says_nothing(raw)


def _reasons(raw: pl.DataFrame, reader: Reader) -> pl.Series:
    """Say why rows were rejected, the first reason that fits; null for a report without a position."""
    said = {f"no_{name}": values.says_nothing(raw[name]) for name in ("mmsi", "time", "lon", "lat")}
    damaged = {f"damaged_{name}": _is_damaged(raw[name]) for name in _damageable(raw)}
    mmsi, time, lon, lat = (pl.col(name) for name in ("mmsi", "time", "lon", "lat"))
    is_silent = (
        (lon == 181).fill_null(value=False)
        | (lat == 91).fill_null(value=False)
        | (pl.col("no_lon") & pl.col("no_lat"))
    )
    reasons = [
        (pl.col("no_mmsi"), "mmsi missing"),
        (mmsi.is_null(), "mmsi unreadable"),
        (~mmsi.is_between(0, LARGEST_MMSI), "mmsi out of range"),
        (pl.col("no_time"), "time missing"),
        (time.is_null(), "time unreadable"),
        (time < EARLIEST, "time before 1990"),
        (time > reader.received_at + LATEST_AFTER_RECEIPT, "time in the future"),
        (lon.is_null() & ~pl.col("no_lon"), "lon unreadable"),
        (lat.is_null() & ~pl.col("no_lat"), "lat unreadable"),
        *((pl.col(name), f"{name.removeprefix('damaged_')} unreadable") for name in damaged),
        (pl.col("no_lon") & ~is_silent, "lon missing"),
        (pl.col("no_lat") & ~is_silent, "lat missing"),
        (~lon.is_between(-180, 180) & ~is_silent, "lon out of range"),
        (~lat.is_between(-90, 90) & ~is_silent, "lat out of range"),
        (~is_silent, "row unreadable"),  # no row reaches this; should one ever, it must not pass for silent
    ]
    chain = pl.coalesce(pl.when(test).then(pl.lit(reason)) for test, reason in reasons)
    return _numbers(raw, reader).with_columns(**said, **damaged).select(chain.alias("reason")).to_series()


def _faults(rows: Rows, odd: pl.Series, reasons: pl.Series) -> list[Fault]:
    is_bad = reasons.is_not_null()
    bad = odd.filter(is_bad)
    lines, words = rows.lines.gather(bad), reasons.filter(is_bad)
    found = rows.shown(bad.to_list())
    return [Fault(line, reason, text) for line, reason, text in zip(lines, words, found, strict=True)]


def _groups_of(
    raw: pl.DataFrame, read: pl.DataFrame, sound: pl.Series, silent: pl.Series
) -> pl.DataFrame | None:
    """Group the identities of all rows that were not rejected, those without a position included."""
    if not any(name in raw.columns for name in STATIC):
        return None
    heard = sound.fill_null(value=False).scatter(silent, values=True)
    return _groups(raw.filter(heard), read.filter(heard))


def _groups(raw: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame | None:
    statics = [name for name in STATIC if name in raw.columns]
    if not statics:
        return None
    return grouped(
        pl.DataFrame([read["mmsi"], read["time"], read["line"], *(raw[n] for n in statics)]), statics
    )
