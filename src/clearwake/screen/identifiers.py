"""Numbers and call signs as they stand in a column: what can identify, and what was odd about the rest.

Costly steps are taken only where a column has anything that needs them, and numbers are read out of distinct
texts, so that a million queries cost what their distinct values cost.
"""

from __future__ import annotations

import string

import polars as pl

from clearwake.model.identifiers import PLACEHOLDER_MMSIS, is_company_imo, is_ship_imo

NOTHING = (
    "",
    "0",
    "-",
    "--",
    "NONE",
    "NULL",
    "NAN",
    "NA",
    "N/A",
    "NIL",
    "UNKNOWN",
    "(BLANK)",
    "BLANK",
    "NOT AVAILABLE",
)
"""What stands in a field where nothing is known."""

PLACEHOLDER_CALLSIGNS = ("UNKNOWN", "NONE", "NULL", "BLANK", "NIL", "NAN", "TEST", "CALLSIGN",
                         *(letter * times for letter in string.ascii_uppercase for times in range(3, 9)))  # fmt: skip
"""Words typed to fill the field, and one letter repeated."""


def said(column: pl.Series) -> pl.Series:
    """Bring a field to plain upper-case text; null where it says that nothing is known.

    Full-width digits become plain ones; a number that a table has turned into ``9179701.0`` loses the fraction.
    """
    text = column.cast(pl.String).str.strip_chars().str.to_uppercase()
    if text.str.contains(r"[^\x00-\x7F]").any():
        text = text.str.normalize("NFKC").str.strip_chars()
    if text.str.contains(".", literal=True).any():
        text = text.str.replace(r"^([0-9]+)\.0+$", "$1")
    return text.set(text.is_in(NOTHING).fill_null(value=False), None)


def imo_numbers(texts: pl.Series) -> pl.DataFrame:
    """Read seven-digit numbers out of distinct texts: ``said, number, is_ship, is_company`` - one row each.

    ``is_ship`` and ``is_company`` say whether the number can identify one: its check digit holds and it is no
    placeholder.  A text without such a number has no row.
    """
    distinct = texts.unique().drop_nulls().to_frame("said")
    told = distinct.with_columns(number=pl.col("said").str.extract_all("[0-9]+"))
    is_several = pl.col("number").list.len() > 1
    several = told.filter(is_several).explode("number").unique(maintain_order=True)
    found = pl.concat([told.filter(~is_several).explode("number"), several])
    found = found.filter(pl.col("number").str.len_bytes() == 7)
    number = pl.col("number")
    return found.with_columns(is_ship=is_ship_imo(number), is_company=is_company_imo(number))


def mmsi(column: pl.Series) -> pl.Series:
    """Read the MMSI of a field: nine digits numbered as a ship's and no placeholder, else null."""
    if column.dtype.is_integer():
        number = column.cast(pl.Int64)
    else:
        text = said(column)
        digits = text.str.extract(r"(?:^|[^0-9])([0-9]{9})(?:[^0-9]|$)", 1)
        number = digits.cast(pl.Int64)
    is_ship = number.is_between(201_000_000, 775_999_999) & ~number.is_in(sorted(PLACEHOLDER_MMSIS))
    return number.set(~is_ship.fill_null(value=False), None)


def callsign(column: pl.Series) -> pl.Series:
    """Fold a call sign: letters and digits only; null where it cannot be one.

    Three to eight characters with a letter among them, not one letter repeated, no word for nothing.  Four
    letters alone are genuine.
    """
    folded = said(column)
    if folded.str.contains("[^A-Z0-9]").any():
        folded = folded.str.replace_all(r"[^A-Z0-9]", "")
    is_one = folded.str.len_bytes().is_between(3, 8) & folded.str.contains("[A-Z]")
    is_one &= ~folded.is_in(PLACEHOLDER_CALLSIGNS)
    return folded.set(~is_one.fill_null(value=False), None)
