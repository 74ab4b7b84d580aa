"""Shares as tables write them, read as the least and the most percent they leave possible.

``60``, ``60 %``, ``60,5 percent``, ``25-50``, ``between 25 and 50``, ``>50%``, ``at least 50``, ``50+``, ``up to 25``,
``32/64`` and the bands of the British register of people with significant control are read.  Nothing, or a word for
nothing, is 0 to 100 and not odd; anything else that cannot be read, is negative or over 100 is 0 to 100 and odd.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from clearwake.sources.values import MISSING, decimals

LEAST, MOST = 0.0, 100.0

STEP = 1e-6
"""``>50`` is read as 50 and a millionth of a percent, so that "more than half" is more than half."""

UNKNOWN_WORDS = (*MISSING, "?", "not known", "not available", "not disclosed", "undisclosed", "tbd")

Bounds = tuple[float, float]

_N = r"(\d+(?:[.,]\d+)?)\s*"
_PERCENT = r"(?:%|percent|per cent|pct\.?|p\.c\.)?\s*"
_PSC = re.compile(r"(?:ownership-of-shares|voting-rights)-(\d+)-to-(\d+)-percent.*")

_FORMS: tuple[tuple[str, Callable[[list[float]], Bounds]], ...] = (
    (rf"{_N}{_PERCENT}", lambda n: (n[0], n[0])),
    (rf"{_N}{_PERCENT}(?:-|\u2013|\u2014|to|\.\.)\s*{_N}{_PERCENT}", lambda n: (min(n), max(n))),
    (rf"between\s+{_N}{_PERCENT}and\s+{_N}{_PERCENT}", lambda n: (min(n), max(n))),
    (rf"(?:>|more than|over|above)\s*{_N}{_PERCENT}", lambda n: (n[0] + STEP, MOST)),
    (rf"(?:>=|≥|at least|min\.?|minimum)\s*{_N}{_PERCENT}", lambda n: (n[0], MOST)),
    (rf"{_N}{_PERCENT}(?:\+|or more|and more|or above|and above|and over)", lambda n: (n[0], MOST)),
    (rf"(?:<|less than|under|below)\s*{_N}{_PERCENT}", lambda n: (LEAST, n[0] - STEP)),
    (rf"(?:<=|≤|up to|at most|max\.?|maximum)\s*{_N}{_PERCENT}", lambda n: (LEAST, n[0])),
    (rf"{_N}{_PERCENT}(?:or less|and less|and below|or below)", lambda n: (LEAST, n[0])),
)
_READ = [(re.compile(form), bounds) for form, bounds in _FORMS]
_PARTS = re.compile(r"(\d+)\s*/\s*(\d+)\s*(?:ths?|shares?)?")


def shares(said: pl.Series) -> pl.DataFrame:
    """Read shares: ``(n,) text -> (n rows)`` of ``share_low, share_high`` in percent and ``odd``, in words.

    A plain number is percent.  Where no number of the column is above 1, they may be parts of one as well: ``0.6``
    is then 0.6 to 60 percent, and odd.
    """
    plain = decimals(said)
    text = said.set(plain.is_not_null(), None)
    distinct = text.unique().drop_nulls()
    read = [(each, *_bounds(each)) for each in distinct.to_list()]
    schema = {"said": pl.String, "worded_low": pl.Float64, "worded_high": pl.Float64, "worded_odd": pl.String}
    worded = pl.DataFrame(read, schema=schema, orient="row")
    rows = pl.DataFrame({"said": said, "plain": plain}).join(
        worded, on="said", how="left", maintain_order="left"
    )
    return rows.select(_low(plain), _high(plain), _odd(plain))


def _may_be_parts(plain: pl.Series) -> bool:
    """Tell whether the numbers of a column may be parts of one."""
    most = plain.max()
    return isinstance(most, float) and 0.0 < most <= 1.0


def _is_share() -> pl.Expr:
    return pl.col("plain").is_between(LEAST, MOST)


def _low(_: pl.Series) -> pl.Expr:
    return (
        pl.when(_is_share()).then("plain").otherwise(pl.col("worded_low").fill_null(LEAST)).alias("share_low")
    )


def _high(plain: pl.Series) -> pl.Expr:
    most = pl.col("plain") * 100.0 if _may_be_parts(plain) else pl.col("plain")
    return (
        pl.when(_is_share()).then(most).otherwise(pl.col("worded_high").fill_null(MOST)).alias("share_high")
    )


def _odd(plain: pl.Series) -> pl.Expr:
    parts = pl.format("share '{}' may be a percentage or a part of one", "said")
    is_part = _is_share() & (pl.col("plain") > 0) & pl.lit(_may_be_parts(plain))
    return (
        pl.when(is_part).then(parts)
        .when(pl.col("plain") > MOST).then(pl.format("share '{}' is over 100 %: taken as not known", "said"))
        .when(pl.col("plain") < LEAST).then(pl.format("share '{}' is negative: taken as not known", "said"))
        .otherwise("worded_odd").alias("odd")
    )  # fmt: skip


def _bounds(said: str) -> tuple[float, float, str | None]:
    """Give the bounds of a share that is no plain number, and what is odd about it."""
    text = " ".join(said.lower().split())
    if text in UNKNOWN_WORDS:
        return LEAST, MOST, None
    bounds = _band(text) or _worded(text) or _counted(text)
    if bounds is None:
        negative = re.fullmatch(rf"-\s*{_N}{_PERCENT}", text)
        why = "is negative" if negative else "is in words"
        return LEAST, MOST, f"share '{said}' {why}: taken as not known"
    low, high = bounds
    if low > MOST or high > MOST or low < LEAST or high < LEAST:
        return LEAST, MOST, f"share '{said}' is not between 0 and 100 %: taken as not known"
    return low, high, None


def _band(text: str) -> Bounds | None:
    """Read a band of the British register: 25 to 50 means more than 25, 50 to 75 less than 75, 75 to 100 at least 75.

    Source: Companies Act 2006, schedule 1A, and the register's published enumeration.
    """
    found = _PSC.fullmatch(text)
    if found is None:
        return None
    low, high = float(found[1]), float(found[2])
    return (low if low >= 75 else low + STEP), (high - STEP if high == 75 else high)


def _worded(text: str) -> Bounds | None:
    for form, bounds in _READ:
        if found := form.fullmatch(text):
            return bounds([float(number.replace(",", ".")) for number in found.groups()])
    return None


def _counted(text: str) -> Bounds | None:
    """Read shares counted in parts, as ships are owned in sixty-fourths: ``32/64``."""
    found = _PARTS.fullmatch(text)
    if found is None or int(found[2]) == 0 or int(found[1]) > int(found[2]):
        return None
    percent = 100.0 * int(found[1]) / int(found[2])
    return percent, percent
