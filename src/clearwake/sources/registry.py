"""Registers of ships: any table with IMO numbers, MMSIs, names or call signs, and what it says of each ship.

The EU's emission reports and Global Fishing Watch's vessel lists are told by their columns; any other table is called
by its file.  A row becomes a registration, whatever is odd about it; only a row that names no ship is rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

import polars as pl

from clearwake.model import Options, Reading, Received, Registration, conform
from clearwake.sources import registry_values as values
from clearwake.sources.entries import Entries, entries
from clearwake.sources.facts import rejects
from clearwake.sources.registry_columns import IDENTITY, PUBLISHERS, WANTED

NO_IDENTITY = "neither IMO number, MMSI, name nor call sign"

_WORDS = ("name", "callsign", "ship_type_text", "owner", "beneficial_owner", "manager", "ism_company", "operator",
          "reference")  # fmt: skip
_FORMER = r"\s*[;|]\s*"


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read registers; see ``docs/sources/registry.md``.

    Raises:
        UnreadableFileError: If a file is no table, or has no column that names ships.
        UsageError: If ``options.mapping`` names something a register does not have.
    """
    registers: dict[str, str] = {}
    for some in entries(files, options, WANTED, "registry", IDENTITY):
        register = registers.setdefault(some.reader.origin, _register(some))
        bare = some.frame.select(pl.all_horizontal(pl.col(name).is_null() for name in IDENTITY)).to_series()
        read = _registrations(some.frame.filter(~bare), register, options.received_at.year + 5)
        tables = {
            "registrations": conform(read, Registration),
            "quarantine": rejects(some.faulty(bare, NO_IDENTITY), some.reader),
        }
        yield Reading(tables, some.file, some.rows, {"blank lines": some.blank} if some.blank else {})


def _register(some: Entries) -> str:
    """Name the register: a publisher known by a column of its own, else the file."""
    known = (name for column, name in PUBLISHERS.items() if some.frame[column].null_count() < len(some.frame))
    file = PurePath(some.reader.origin.split("!")[0]).name
    return next(known, file.split(".")[0] or file)


def _registrations(frame: pl.DataFrame, register: str, latest: int) -> pl.DataFrame:
    imo, imo_odd = values.imo_numbers(frame["imo"])
    mmsi, mmsi_odd = values.mmsis(frame["mmsi"])
    flag, flag_odd = values.flags(frame["flag"])
    year, year_odd = values.years(frame["built_year"], latest)
    period = frame["reporting_period"]
    since = frame["valid_from"].zip_with(frame["valid_from"].is_not_null(), period)
    until = frame["valid_to"].zip_with(frame["valid_to"].is_not_null(), period)
    first, last, period_odd = values.periods(since, until)
    measured = {name: values.quantities(frame[name], name) for name in values.LARGEST}
    odd = [imo_odd, mmsi_odd, flag_odd, year_odd, period_odd, *(said for _, said in measured.values())]
    return frame.select("line", *_WORDS, _former_names()).with_columns(
        imo.alias("imo"), mmsi.alias("mmsi"), flag.alias("flag"), year.alias("built_year"),
        values.states(frame["status"]).alias("status"), first.alias("valid_from"), last.alias("valid_to"),
        *(number.alias(name) for name, (number, _) in measured.items()),
        _gathered(odd).alias("issues"), source=pl.lit(register),
    )  # fmt: skip


def _former_names() -> pl.Expr:
    none = pl.lit([], dtype=pl.List(pl.String))
    split = pl.col("former_names").str.replace_all(_FORMER, "\n").str.split("\n")
    return split.list.eval(pl.element().filter(pl.element() != "")).fill_null(none)


def _gathered(odd: Sequence[pl.Series]) -> pl.Series:
    frame = pl.DataFrame([said.alias(str(at)) for at, said in enumerate(odd)])
    return frame.select(pl.concat_list(pl.all()).list.drop_nulls()).to_series()
