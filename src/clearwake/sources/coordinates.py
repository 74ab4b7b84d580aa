"""Longitudes and latitudes as people write them: decimal degrees, or degrees, minutes and seconds with a letter."""

from __future__ import annotations

import re

import polars as pl

from clearwake.sources.values import decimals

_PARTED = re.compile(
    r"""^\s*(?P<before>[NSEW])?\s*
        (?P<degrees>\d{1,3}(?:\.\d+)?)\s*[°º]?
        (?:\s*[°º\-:\s]\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['\u2019\u2032]?
        (?:\s*['\u2019\u2032\-:\s]\s*(?P<seconds>\d{1,2}(?:\.\d+)?)\s*["\u201d\u2033]?)?)?
        \s*(?P<after>[NSEW])?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    r"^\s*(?P<before>[NSEW])?(?P<degrees>\d{2,3})(?P<minutes>\d{2}(?:\.\d+)?)(?P<seconds>)(?P<after>[NSEW])?\s*$",
    re.IGNORECASE,
)
"""``3105N`` and ``12430.5E``, as signals write them: two digits of minutes before the point."""


def degrees(column: pl.Series, letters: str) -> pl.Series:
    """Read degrees: ``(n,) -> (n,) Float64``; null for what cannot be read.

    Args:
        column: Text: ``31.5``, ``31,5``, ``31°30'N``, ``N 31-30.0``, ``31 30 00 S``, ``3130N``.
        letters: The two letters that may stand with it, the positive one first: ``NS`` or ``EW``.
    """
    read = decimals(column)
    if read.null_count() == column.null_count():
        return read
    said = [
        _degrees(text, letters) if value is None else value for text, value in zip(column, read, strict=True)
    ]
    return pl.Series(column.name, said, pl.Float64)


def _degrees(text: str | None, letters: str) -> float | None:
    found = _PARTED.match(text or "")
    if found is None or (len(found["degrees"].split(".")[0]) > 2 and letters == "NS"):
        found = _RUN_TOGETHER.match(text or "")
    letter = found and (found["before"] or found["after"] or "").upper()
    if not found or not letter or letter not in letters or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["minutes"] or 0.0), float(found["seconds"] or 0.0)
    if minutes >= 60 or seconds >= 60:
        return None
    size = float(found["degrees"]) + minutes / 60.0 + seconds / 3600.0
    return size if letter == letters[0] else -size
