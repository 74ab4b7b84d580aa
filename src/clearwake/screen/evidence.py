"""What else two parties of like names agree or differ in: date of birth, country, registration number.

Agreement lets a less alike name count; a contradiction makes a namesake of the same one.
"""

from __future__ import annotations

import polars as pl

from clearwake.names import read_countries

YEARS_APART = 1
"""Years of birth so far apart do not contradict: lists and passports round, and calendars differ."""

ABOUT_YEARS = 2
"""``about 1968`` and ``circa 1968`` reach so many years to either side."""

LEAST_REGISTRATION = 5
"""Characters a registration number must have, with at least four digits, to identify."""

SAME_KIND = 8
"""Two registration numbers of as many digits, at least so many, are taken for numbers of one register."""


def birth(asked: pl.Expr, listed: pl.Expr) -> pl.Expr:
    """Hold dates of birth against each other: ``same``, ``year``, ``near``, ``apart``, or null where none can be said.

    ``same`` is one full date in common; ``year`` a year in common, where one side says no more; ``near`` other days
    of one year, or years one apart; ``apart`` no year near another.
    """
    dates = _dates(asked).list.set_intersection(_dates(listed)).list.len() > 0
    are_full = (_dates(asked).list.len() > 0) & (_dates(listed).list.len() > 0)
    exact = _years(asked, 0).list.set_intersection(_years(listed, 0)).list.len() > 0
    years = _years(asked, 0).list.set_intersection(_years(listed, YEARS_APART)).list.len() > 0
    are_known = (_years(asked, 0).list.len() > 0) & (_years(listed, 0).list.len() > 0)
    said = (
        pl.when(dates).then(pl.lit("same"))
        .when(exact & ~are_full).then(pl.lit("year"))
        .when(years).then(pl.lit("near"))
        .otherwise(pl.lit("apart"))
    )  # fmt: skip
    return pl.when(are_known.fill_null(value=False)).then(said)


def _dates(text: pl.Expr) -> pl.Expr:
    """Give full dates, as ``YYYY-MM-DD``; those of 1 January are years that somebody had to write as a date."""
    iso = text.str.extract_all(r"\b(?:18|19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
    return iso.list.filter(~pl.element().str.ends_with("-01-01"))


def _years(text: pl.Expr, around: int) -> pl.Expr:
    """Give the years a text names, and those ``around`` them; about a year, and from one to another, all between."""
    years = text.str.extract_all(r"\b(?:18|19|20)[0-9]{2}").list.eval(pl.element().cast(pl.Int64))
    is_about = text.str.contains(r"(?i)\b(?:about|approx|circa|between|c\.|ca\.|~)")
    is_span = text.str.contains(r"(?i)[0-9]{4}\s*(?:to|-|/|and)\s*[0-9]{4}(?:[^0-9-]|$)")
    reach = pl.when(is_about).then(ABOUT_YEARS).otherwise(0) + around
    low, high = years.list.min() - reach, years.list.max() + reach
    whole = pl.int_ranges(low, high + 1)
    single = pl.concat_list(
        [years.list.eval(pl.element() + by) for by in range(-around, around + 1)] or [years]
    )
    return pl.when(is_about | is_span).then(whole).otherwise(single)


def country(hits: pl.DataFrame, asked: str, listed: str) -> pl.Series:
    """Say of hits whether their countries agree; null where one of the two is not known or cannot be read."""
    read = read_countries(pl.concat([hits[asked].cast(pl.String), hits[listed].cast(pl.String)]))
    joined = hits.select(one=pl.col(asked).cast(pl.String), other=pl.col(listed).cast(pl.String))
    joined = joined.join(read.rename({"countries": "ones"}), left_on="one", right_on="said", how="left",
                         maintain_order="left")  # fmt: skip
    joined = joined.join(read.rename({"countries": "others"}), left_on="other", right_on="said", how="left",
                         maintain_order="left")  # fmt: skip
    are_known = (pl.col("ones").list.len() > 0) & (pl.col("others").list.len() > 0)
    agree = pl.col("ones").list.set_intersection("others").list.len() > 0
    return joined.select(pl.when(are_known).then(agree)).to_series()


def registrations(texts: pl.Expr) -> pl.Expr:
    """Read registration numbers out of texts: capitals and digits, at least five with four digits among them."""
    bare = texts.str.to_uppercase().str.replace_all(r"\([^()]*\)", " ").str.replace_all(r"[-./]", "")
    words = bare.str.extract_all(r"[A-Z0-9]+")
    return words.list.filter(
        (pl.element().str.len_bytes() >= LEAST_REGISTRATION) & (pl.element().str.count_matches("[0-9]") > 3)
    )


def registration(asked: pl.Expr, listed: pl.Expr) -> pl.Expr:
    """Say whether registration numbers agree: false only where both have one of the same length, all digits."""
    agree = asked.list.set_intersection(listed).list.len() > 0
    lengths, others = (_lengths(numbers) for numbers in (asked, listed))
    differ = lengths.list.set_intersection(others).list.len() > 0
    return pl.when(agree).then(pl.lit(value=True)).when(differ).then(pl.lit(value=False))


def _lengths(numbers: pl.Expr) -> pl.Expr:
    digits = numbers.list.filter(
        pl.element().str.contains(r"^[0-9]+$") & (pl.element().str.len_bytes() >= SAME_KIND)
    )
    return digits.list.eval(pl.element().str.len_bytes().cast(pl.Int64))
