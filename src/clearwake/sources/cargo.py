"""What stands in cargo papers, read: HS codes, quantities with their units, days.

Each function takes a column of text and gives what it says and, where something was odd, a word on it: the raw
value is kept in that word, so nothing vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from clearwake.model import TIME

DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%B-%Y",
               "%d-%b-%y", "%d%b%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d.%m.%Y")  # fmt: skip
"""A day with points between, such as 13.02.2018, is day first wherever it is written so."""

MOMENT_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
                  "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")  # fmt: skip

_SLASHED = r"^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$"


def days(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read days and moments: ``(n,) -> (n,) UTC, (n,) words on what is odd``.

    ISO 8601, ``20180213``, ``13 Feb 2018``, ``Feb 13, 2018``, ``13.02.2018``; a day without a time is its
    midnight.  ``13/02/2018`` and ``02/13/2018`` can only be one day and are read; ``03/04/2018`` has two meanings
    and is not.
    """
    read = _each_once(column, _days)
    return read["day"].rename(column.name), read["odd"]


def _each_once(column: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """Read every distinct text once, and give what it was read as for each row."""
    distinct = column.unique().rename("said")
    told = distinct.to_frame().hstack(read(distinct))
    rows = column.rename("said").to_frame()
    return rows.join(told, on="said", how="left", nulls_equal=True, maintain_order="left").drop("said")


def _days(column: pl.Series) -> pl.DataFrame:
    text = column.str.replace(r"\s*(?:Z|UTC|GMT|[+]00:?00)$", "")
    read = pl.Series([None], dtype=TIME).new_from_index(0, len(text))
    for form in MOMENT_FORMATS:
        read = _filled(read, _moments(text, form))
    for form in DAY_FORMATS:
        read = _filled(read, _moments_of_days(text, form))
    read = _filled(read, _slashed(text))
    is_bad = read.is_null() & column.is_not_null()
    two = text.str.contains(_SLASHED).fill_null(value=False)
    said = pl.DataFrame({"said": column, "bad": is_bad, "two": two}).select(
        pl.when(pl.col("bad") & pl.col("two"))
        .then(pl.format("'{}' has two meanings, day or month first", "said"))
        .when("bad")
        .then(pl.format("'{}' is no date that could be read", "said"))
    )
    return pl.DataFrame({"day": read, "odd": said.to_series()})


def _filled(read: pl.Series, again: pl.Series) -> pl.Series:
    return read if read.null_count() == 0 else read.zip_with(read.is_not_null(), again)


def _moments(text: pl.Series, form: str) -> pl.Series:
    return text.str.strptime(pl.Datetime("ms"), form, strict=False).dt.replace_time_zone("UTC")


def _moments_of_days(text: pl.Series, form: str) -> pl.Series:
    read = text.str.strptime(pl.Date, form, strict=False)
    return read.cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")


def _slashed(text: pl.Series) -> pl.Series:
    """Read days written with slashes or hyphens where only one reading is a day, or both are the same."""
    parts = text.to_frame("text").select(
        pl.col("text").str.extract(_SLASHED, each).cast(pl.Int32).alias(name)
        for each, name in ((1, "a"), (2, "b"), (3, "year"))
    )
    a, b = pl.col("a"), pl.col("b")
    day = pl.when((a > 12) & (b <= 12)).then(a).when((b > 12) & (a <= 12)).then(b).when(a == b).then(a)
    month = pl.when(a > 12).then(b).otherwise(a)
    stamp = pl.format(
        "{}-{}-{}", "year", month.cast(pl.String).str.zfill(2), day.cast(pl.String).str.zfill(2)
    )
    return _moments_of_days(parts.select(stamp).to_series(), "%Y-%m-%d")


_MONTH = r"^(?:\d{4}[-/]\d{1,2}|[A-Za-z]{3,9}\.? \d{4})$"


def months(column: pl.Series) -> pl.DataFrame:
    """Read months, such as ``2018-02`` or ``February 2018``: ``(n,) -> first, last``, the beginnings of two days.

    Both are null for what is no month alone.
    """
    text = column.str.replace_all(r"[/]", "-").str.replace(".", "", literal=True)
    is_month = column.str.contains(_MONTH).fill_null(value=False)
    numbered = text.str.replace(r"^(\d{4})-(\d)$", "$1-0$2") + "-01"
    first = numbered.str.strptime(pl.Date, "%Y-%m-%d", strict=False)
    for form in ("%d %B %Y", "%d %b %Y"):
        first = _filled(first, ("01 " + text).str.strptime(pl.Date, form, strict=False))
    first = first.set(~is_month, None).alias("first")
    return pl.DataFrame([first, first.dt.month_end().alias("last")]).select(
        pl.all().cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
    )


def hs_codes(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read HS codes as claimed: ``(n,) -> (n,) two to ten digits, (n,) words on what is odd``.

    Points, blanks and ``HS`` go.  Codes have an even number of digits; one with an odd number has lost the nought in
    front, as spreadsheets do to chapters 01 to 09, and is read with it, which is said.
    """
    read = _each_once(column, _hs_codes)
    return read["code"], read["odd"]


def _hs_codes(column: pl.Series) -> pl.DataFrame:
    bare = column.str.to_uppercase().str.replace(r"^(?:HS|HTS|HSN|CN|TARIFF)(?:\s*CODE)?\s*[:#]?\s*", "")
    bare = bare.str.replace(r"\.0$", "")
    digits = bare.str.replace_all(r"[\s.\-/]", "")
    frame = pl.DataFrame({"said": column, "digits": digits}).with_columns(
        whole=pl.col("digits").str.contains(r"^\d{1,10}$").fill_null(value=False),
        is_odd=pl.col("digits").str.len_chars() % 2 == 1,
    )
    code = pl.when("whole").then(pl.when("is_odd").then("0" + pl.col("digits")).otherwise("digits"))
    chapter = code.str.slice(0, 2).cast(pl.Int16)
    is_code = chapter.is_between(1, 99) & (chapter != 77)
    return frame.select(
        code=pl.when(is_code).then(code),
        odd=pl.when(pl.col("said").is_null())
        .then(None)
        .when(~pl.col("whole") | ~is_code)
        .then(pl.format("'{}' is no HS code", "said"))
        .when("is_odd")
        .then(pl.format("HS code {} has lost a nought in front: read as {}", "said", code)),
    )


_QUANTITY = re.compile(
    r"^(?P<number>[+-]?\d[\d., '\u00a0]*(?:[eE][+-]?\d+)?)\s*(?P<unit>[A-Za-z\u00b3][A-Za-z .\u00b33-]*)?$"
)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def quantities(column: pl.Series) -> pl.DataFrame:
    """Read quantities: ``(n,) -> quantity, unit, odd``; a unit only where one stood behind the number.

    ``1,234.5`` and ``12,345,678`` are grouped in thousands.  ``1,234`` can be that or a decimal comma; it is read
    as a thousand and that is said.  Nought or less is no quantity, and is said.
    """
    return _each_once(column, _quantities)


def _quantities(column: pl.Series) -> pl.DataFrame:
    rows = [(None, None, None) if text is None else _quantity(text) for text in column.to_list()]
    types = {"quantity": pl.Float64, "unit": pl.String, "odd": pl.String}
    return pl.DataFrame(rows, schema=types, orient="row")


def _quantity(text: str) -> tuple[float | None, str | None, str | None]:
    found = _QUANTITY.match(text)
    if found is None:
        return None, None, f"'{text}' is no number"
    number = re.sub(r"[ '\u00a0]", "", found["number"]).rstrip(".,")
    odd = None
    if _GROUPED.fullmatch(number):
        if number.count(",") == 1 and "." not in number:
            odd = f"'{text}' read as {number.replace(',', '')}: the comma could be a decimal one"
        number = number.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(number):
        number = number.replace(",", ".")
    try:
        value = float(number)
    except ValueError:
        return None, None, f"'{text}' is no number"
    if not 0 < value < float("inf"):
        return None, None, f"'{text}' is not more than nought"
    return value, (found["unit"] or "").strip(" .") or None, odd


def issues(words: Mapping[str, pl.Series]) -> pl.Series:
    """Gather words on what is odd into one list a row; the key is put in front where it is not empty."""
    frame = pl.DataFrame({str(at): series for at, series in enumerate(words.values())})
    said = [pl.format(f"{name}: {{}}" if name else "{}", pl.col(str(at))) for at, name in enumerate(words)]
    return frame.select(pl.concat_list(said).list.drop_nulls().alias("issues")).to_series()
