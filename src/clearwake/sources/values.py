"""What stands in a table, turned into numbers and times; what cannot be read becomes null.

Every function takes a column of whatever type the file has and gives one of ours, as it was said; what the
numbers mean is in ``meanings``.  ``says_nothing`` tells a value that is not there from one that is there but
could not be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import polars as pl

from clearwake.model import TIME

MISSING = ("", "-", "null", "none", "nan", "na", "n/a", "\\n", "unknown", "unknown value", "undefined")
"""What publishers write where nothing is known, in lower case."""

NAV_STATUSES: Mapping[str, int] = {
    "under way using engine": 0, "at anchor": 1, "not under command": 2, "restricted maneuverability": 3,
    "restricted manoeuvrability": 3, "restricted manoeuverability": 3, "constrained by her draught": 4,
    "moored": 5, "aground": 6, "engaged in fishing": 7, "under way sailing": 8,
    "reserved for future amendment [hsc]": 9, "reserved for future amendment [wig]": 10,
    "power-driven vessel towing astern": 11, "power-driven vessel pushing ahead or towing alongside": 12,
    "reserved for future use": 13, "ais-sart (active)": 14, "ais-sart": 14,
}  # fmt: skip
"""ITU-R M.1371-5 table 45 in the Danish Maritime Authority's words, lower case."""

SHIP_TYPES: Mapping[str, int] = {
    "wig": 20, "fishing": 30, "towing": 31, "towing long/wide": 32, "dredging": 33, "diving": 34,
    "military": 35, "sailing": 36, "pleasure": 37, "pleasure craft": 37, "hsc": 40, "pilot": 50,
    "pilot vessel": 50, "sar": 51, "search and rescue": 51, "tug": 52, "port tender": 53,
    "anti-pollution": 54, "law enforcement": 55, "medical": 58, "not party to conflict": 59,
    "passenger": 60, "cargo": 70, "tanker": 80, "other": 90,
}  # fmt: skip
"""ITU-R M.1371-5 table 53: a word for a class of ten is read as "all ships of this type"."""

_ZONES = ("Z", "+00:00", " UTC", "+00", "+0000")
_OFFSET = r"[+-]\d{2}(?::?\d{2})?$"
_SECONDS = "%H:%M:%S%.f"
_ISO_FORMATS = tuple(
    f"{date}{between}{clock}"
    for clock in (_SECONDS, "%H:%M")
    for date in ("%Y-%m-%d", "%Y/%m/%d")
    for between in (" ", "T")
)
_DAY_FIRST_FORMATS = ("%d/%m/%Y " + _SECONDS, "%d-%m-%Y " + _SECONDS)

_UNIT_LIMITS = ((1e11, 1e3), (1e14, 1.0), (1e17, 1e-3))
"""Epochs below 1e11 are seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds: between
1973 and 5138 no two of them can be confused."""


def says_nothing(column: pl.Series) -> pl.Series:
    """Tell where a column holds no value at all: null, not a number, or a word for it."""
    if column.dtype == pl.String:
        return column.is_null() | column.str.strip_chars().str.to_lowercase().is_in(MISSING)
    if column.dtype.is_float():
        return column.is_null() | column.is_nan()
    return column.is_null()


def is_plain(dtype: pl.DataType) -> bool:
    """Tell whether a column of this type can be read at all: numbers, text and times can, lists cannot."""
    return not dtype.is_nested() and dtype not in (pl.Binary, pl.Object, pl.Boolean, pl.Null)


def decimals(column: pl.Series) -> pl.Series:
    """Read decimal numbers: ``(n,) -> (n,) Float64``; a decimal comma is read where a point is missing."""
    if column.dtype == pl.String:
        return _retried(column, pl.Float64).fill_nan(None)
    if column.dtype.is_float():
        read = column.cast(pl.Float64)
        return read.fill_nan(None) if read.is_nan().any() else read
    return column.cast(pl.Float64, strict=False)


def whole_numbers(column: pl.Series) -> pl.Series:
    """Read whole numbers, also where they are written ``366952890.0``: ``(n,) -> (n,) Int64``."""
    if column.dtype.is_integer():
        return column.cast(pl.Int64, strict=False)
    if column.dtype == pl.String:
        read = column.cast(pl.Int64, strict=False)
        if read.null_count() == column.null_count():
            return read
        return _filled(read, _whole(_retried(column, pl.Float64)))
    return _whole(decimals(column))


def _whole(numbers: pl.Series) -> pl.Series:
    is_whole = (numbers == numbers.floor()) & (numbers.abs() < 2.0**53)
    return numbers.set(~is_whole.fill_null(value=False), None).cast(pl.Int64, strict=False)


def _retried(column: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    read = column.cast(dtype, strict=False)
    if read.null_count() == column.null_count():
        return read
    again = column.str.strip_chars().str.replace(r"^([+-]?\d+),(\d+)$", "$1.$2").cast(dtype, strict=False)
    return _filled(read, again)


def _filled(read: pl.Series, again: pl.Series) -> pl.Series:
    return read.zip_with(read.is_not_null(), again)


def states(column: pl.Series) -> pl.Series:
    """Read navigational statuses, numbers or words: ``(n,) -> (n,) Int64``; a word not known is null."""
    read = whole_numbers(column)
    if column.dtype == pl.String and read.null_count() > column.null_count():
        words = column.str.strip_chars().str.to_lowercase()
        read = _filled(read, words.replace_strict(NAV_STATUSES, default=None, return_dtype=pl.Int64))
    return read


def times(column: pl.Series, *, is_day_first: bool = False) -> pl.Series:
    """Read times, without a zone as UTC: ``(n,) -> (n,) Datetime[ms, UTC]``.

    Numbers are seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size.
    Text is ISO 8601 with ``T`` or a blank, ``2026/04/26 ...``, a number as above, or, if ``is_day_first``,
    ``26/04/2026 00:00:00``; elsewhere a date such as 03/04/2026 has two meanings and is not read.
    """
    if isinstance(column.dtype, pl.Datetime):
        zoned = column if column.dtype.time_zone else column.dt.replace_time_zone("UTC")
        return zoned.cast(TIME)
    if column.dtype == pl.String:
        return _times_of_text(column, _DAY_FIRST_FORMATS + _ISO_FORMATS if is_day_first else _ISO_FORMATS)
    return _epochs(decimals(column) if column.dtype.is_float() else column.cast(pl.Int64, strict=False))


def _epochs(numbers: pl.Series) -> pl.Series:
    size, factor = numbers.abs(), 1e-6
    scale = pl.Series([factor]).new_from_index(0, len(numbers))
    for limit, unit in reversed(_UNIT_LIMITS):
        scale = pl.Series([unit]).new_from_index(0, len(numbers)).zip_with(size < limit, scale)
    moments = (numbers.cast(pl.Float64) * scale).round(0)
    moments = moments.set((~moments.is_finite()) | (moments.abs() > 1e15), None)
    return moments.cast(pl.Int64, strict=False).cast(TIME)


def _times_of_text(column: pl.Series, formats: Sequence[str]) -> pl.Series:
    """Try the format and zone of the first value on all, then every other on what is still unread."""
    sample = column.drop_nulls().head(1)
    if sample.is_empty():
        return pl.Series(column.name, [None], TIME).new_from_index(0, len(column))
    zone = next((each for each in _ZONES if str(sample[0]).endswith(each)), "")
    bare = sample.str.strip_suffix(zone)
    fitting = sorted(formats, key=lambda each: _parsed(bare, each).null_count())
    read = _parsed(column.str.strip_suffix(zone) if zone else column, fitting[0])
    if read.null_count() == column.null_count():
        return read
    return _later_formats(column, read, fitting)


def _later_formats(column: pl.Series, read: pl.Series, formats: Sequence[str]) -> pl.Series:
    todo = (read.is_null() & column.is_not_null()).arg_true()
    text = column.gather(todo).str.strip_chars()
    bare = text.str.replace(r"\s*(?:Z|z|UTC|GMT|\+00:?(?:00)?)$", "")
    zoned = text.set(~text.str.contains(_OFFSET), None)
    numbers = _epochs(bare.cast(pl.Float64, strict=False))
    ways: list[Callable[[pl.Series], pl.Series]] = [
        numbers.gather,
        *(partial(_gathered, bare, form=each) for each in formats),
        *(partial(_gathered, zoned, form=each + "%#z") for each in _ISO_FORMATS),
    ]
    left = pl.int_range(len(todo), eager=True)
    for way in ways:
        if left.is_empty():
            break
        found = way(left)
        is_read = found.is_not_null()
        read = read.scatter(todo.gather(left.filter(is_read)), found.filter(is_read))
        left = left.filter(~is_read)
    return read


def _gathered(text: pl.Series, left: pl.Series, form: str) -> pl.Series:
    return _parsed(text.gather(left), form)


def _parsed(text: pl.Series, form: str) -> pl.Series:
    if form.endswith("z"):
        return text.str.strptime(pl.Datetime("ms", "UTC"), form, strict=False)
    return text.str.strptime(pl.Datetime("ms"), form, strict=False).dt.replace_time_zone("UTC")
