"""Flags: what a country is called, its codes, and the first three digits its ships' MMSIs have.

``PANAMA``, ``PA`` and ``PAN`` are one flag; MMSI 351000000 is numbered as a Panamanian ship's.  Both are claims: the
digits are typed into a transmitter, and reflagged ships keep old ones for a while.

The table is ``flags.csv`` beside this file: ISO 3166-1 codes and the names publishers use, the state a territory
belongs to, and the maritime identification digits (MID) as the ITU's table of 2025 allocates them.  306 is shared by
Curaçao, Sint Maarten, Bonaire, Saba and Sint Eustatius, all of one kingdom; here it stands for the first.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

import polars as pl

from clearwake.names.folding import plain


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files(__package__) / "flags.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))


@cache
def _called() -> dict[str, str]:
    """Give the ISO 3166-1 alpha-3 code of every code and folded name."""
    said = [(row["iso3"], (row["iso3"], row["iso2"], *row["names"].split("|"))) for row in _rows()]
    names = pl.DataFrame(
        [(name, iso3) for iso3, called in said for name in called], ["name", "iso3"], orient="row"
    )
    return dict(zip(_folded(names["name"]).to_list(), names["iso3"].to_list(), strict=True))


@cache
def _by_mid() -> dict[int, str]:
    return {int(mid): row["iso3"] for row in _rows() for mid in row["mids"].split()}


@cache
def _states() -> dict[str, str]:
    return {row["iso3"]: row["state"] for row in _rows() if row["state"]}


def _folded(names: pl.Series) -> pl.Series:
    return plain(names).str.replace_all(r"[.']", "").str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars()


def read_flags(said: pl.Series) -> pl.Series:
    """Read flags as written: ``(n,) -> (n,)`` ISO 3166-1 alpha-3, null where they are no country's name or code.

    ``False flag (Gambia)``, ``Stateless`` and ``Unknown`` are no country's name, so they read as null; keep what
    stood there beside it.
    """
    read = _folded(said).replace_strict(_called(), default=None, return_dtype=pl.String)
    return read.alias(said.name)


def read_flag(said: str) -> str | None:
    """Read one flag as ``read_flags`` does, for words met one at a time."""
    folded = said.upper() if said.isascii() else str(plain(pl.Series([said]))[0])
    return _called().get(re.sub(r"[^A-Z0-9]+", " ", re.sub(r"[.']", "", folded)).strip())


def flag_of_mmsi(mmsi: pl.Expr) -> pl.Expr:
    """Give the flag that a ship's MMSI is numbered as, ISO 3166-1 alpha-3; null where the digits are allocated to none.

    Source: ITU, table of maritime identification digits; ITU-R M.585-9.
    """
    is_ship = mmsi.is_between(201_000_000, 775_999_999)
    return (
        pl.when(is_ship)
        .then(mmsi // 1_000_000)
        .replace_strict(_by_mid(), default=None, return_dtype=pl.String)
    )


def state_of(flag: pl.Expr) -> pl.Expr:
    """Give the state a flag's territory belongs to: ``IMN`` is ``GBR``'s, ``HKG`` is ``CHN``'s, ``PAN`` its own."""
    return flag.replace(_states())
