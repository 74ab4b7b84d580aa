"""Kinds of ships in words, so that a code, a register's word and a list's word can stand in one column."""

from __future__ import annotations

import polars as pl

KINDS = {
    30: "fishing", 31: "towing", 32: "towing", 33: "dredging", 34: "diving", 35: "military", 36: "sailing",
    37: "pleasure craft", 50: "pilot", 51: "search and rescue", 52: "tug", 53: "port tender", 54: "anti-pollution",
    55: "law enforcement", 58: "medical", **dict.fromkeys(range(20, 30), "wing in ground"),
    **dict.fromkeys(range(40, 50), "high-speed craft"), **dict.fromkeys(range(60, 70), "passenger"),
    **dict.fromkeys(range(70, 80), "cargo"), **dict.fromkeys(range(80, 90), "tanker"),
    **dict.fromkeys(range(90, 100), "other"),
}  # fmt: skip
"""ITU-R M.1371-5 table 53; what a ship of a class of ten carries is left to the code itself."""


def kind_of_ship(code: str, text: str) -> pl.Expr:
    """Give the kind of ship in words: what stood in the source, else the meaning of the ITU code."""
    return pl.coalesce(text, pl.col(code).replace_strict(KINDS, default=None, return_dtype=pl.String))


_BROAD = {
    "fishing": "fish|trawl|longlin|seine|squid|trolle|dredge_fish|pole_and_line|pots_and_traps|set_gillnets",
    "passenger": "passenger|cruise|ferry|ro-pax|ropax",
    "tug": r"\btug\b|towing|pusher",
    "pleasure": "pleasure|yacht|sailing",
    "merchant": "tanker|cargo|bulk|container|reefer|ro-ro|vehicle|lng|lpg|carrier|oil|chemical",
}


def broad_kind(text: str) -> pl.Expr:
    """Give a broad kind of ship out of any words for it; null where they tell none.

    Cargo ships and tankers are both ``merchant``: crews type one for the other.
    """
    words = pl.col(text).str.to_lowercase()
    is_none = words.str.contains("not_fishing|unknown|other|motor_passenger")
    chain = pl.coalesce(pl.when(words.str.contains(said)).then(pl.lit(kind)) for kind, said in _BROAD.items())
    return pl.when(~is_none).then(chain)
