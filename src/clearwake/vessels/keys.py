"""What identifies: claims brought to keys that can be compared, null where a claim cannot identify anyone.

Folding is done on distinct values, so that a million claims cost what their distinct values cost.
"""

from __future__ import annotations

import string
from collections.abc import Mapping

import polars as pl

from clearwake.model.identifiers import PLACEHOLDER_MMSIS, is_ship_imo
from clearwake.names import folded

NO_CALLSIGNS = ("NONE", "NULL", "BLANK", "NIL", "NAN", "TEST", "UNKNOWN", "CALLSIGN",
                *(letter * times for letter in string.ascii_uppercase for times in range(3, 9)))  # fmt: skip
"""Words typed to fill the field, and one letter repeated."""

_DEFAULT_ENDING = 1_000_000
"""A country's digits and six noughts, such as 416000000: what an equipment has before anyone sets it."""

KEYS = ("imo_key", "name_key", "callsign_key")


def keyed(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``imo_key``, ``name_key`` and ``callsign_key`` to rows with ``imo``, ``name`` and ``callsign``.

    The name typed into the field of the call sign is no call sign.
    """
    lazy = rows.lazy()
    for column, keys in (("imo", imo_keys), ("name", name_keys), ("callsign", callsign_keys)):
        distinct = rows[column].unique().drop_nulls()
        table = pl.DataFrame({column: distinct, f"{column}_key": keys(distinct)})
        lazy = lazy.join(table.lazy(), on=column, how="left", maintain_order="left")
    is_name = (pl.col("callsign_key") == pl.col("name_key")).fill_null(value=False)
    return lazy.with_columns(callsign_key=pl.when(~is_name).then("callsign_key")).collect()


def imo_keys(imos: pl.Series) -> pl.Series:
    """Give the IMO numbers that can identify a ship: seven digits, check digit holds, no placeholder."""
    said = pl.col("imo")
    return imos.to_frame("imo").select(pl.when(is_ship_imo(said)).then(said)).to_series()


def name_keys(names: pl.Series) -> pl.Series:
    """Give names folded to letters and numbers without spaces; null for what is no name."""
    return folded(names)["words"].str.replace_all(" ", "", literal=True)


def callsign_keys(callsigns: pl.Series) -> pl.Series:
    """Give call signs folded to letters and digits: three to eight with a letter among them, no word for nothing."""
    key = callsigns.str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    is_one = key.str.len_bytes().is_between(3, 8) & key.str.contains("[A-Z]") & ~key.is_in(NO_CALLSIGNS)
    return key.set(~is_one.fill_null(value=False), None)


def is_default(mmsi: pl.Expr) -> pl.Expr:
    """Say of MMSIs whether they are numbers that equipment comes with or that fill a field: many hulls use them."""
    return (mmsi % _DEFAULT_ENDING == 0) | mmsi.is_in(sorted(PLACEHOLDER_MMSIS))


def can_be_a_ship(mmsi: pl.Expr) -> pl.Expr:
    """Say of MMSIs whether a ship may use them: numbered as a ship's, or as nothing at all, 112000000 to 799999999.

    Not: base stations and groups (0), search-and-rescue aircraft (111), handhelds (8), beacons, aids to navigation
    and parent ships' craft (9).  Source: ITU-R M.585-9, annexes 1 and 2.
    """
    return mmsi.is_between(112_000_000, 799_999_999) & ~mmsi.is_in(sorted(PLACEHOLDER_MMSIS))


def is_device(mmsi: pl.Expr) -> pl.Expr:
    """Say of MMSIs whether they are numbered as what is no ship: base stations, groups, aircraft, beacons, aids, craft.

    Source: ITU-R M.585-9, annexes 1 and 2.
    """
    return (
        (mmsi < 100_000_000) | mmsi.is_between(111_000_000, 111_999_999) | (mmsi >= 970_000_000)
        | mmsi.is_in(sorted(PLACEHOLDER_MMSIS))
    )  # fmt: skip


COLUMNS: Mapping[str, str] = {"imo": "IMO number", "name": "name", "callsign": "call sign", "mmsi": "MMSI"}
"""What identifiers are called in a sentence."""
