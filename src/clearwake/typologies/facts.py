"""What is known of a ship for a pattern: flags, kind, length, listings, and when it called in the DPRK.

Each answer is yes, no, or not known.  A ship whose kind nobody claimed is not shown to be a tanker, and not
shown not to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from clearwake.names import flag_of_mmsi
from clearwake.names.flags import read_flags

MEMORY = timedelta(days=180)
"""A call in the DPRK is remembered so long: US Executive Order 13810, section 2."""

DPRK = "PRK"

Answer = bool | None


@dataclass(frozen=True)
class Ship:
    """What is known of one MMSI."""

    mmsi: int
    name: str | None = None
    flags: frozenset[str] = frozenset()
    """As claimed and as the MMSI is numbered, ISO 3166-1 alpha-3."""
    kinds: frozenset[str] = frozenset()
    """``tanker``, ``dry_cargo``, ``other``, as claimed or listed; several where claims differ."""
    length_m: float | None = None
    listed: frozenset[str] = frozenset()
    """The lists it is on."""
    dprk_calls: tuple[datetime, ...] = field(default=())

    @property
    def called(self) -> str:
        """How it is called in a sentence."""
        return f"{self.name} ({self.mmsi})" if self.name else f"MMSI {self.mmsi}"


def ship_facts(claims: pl.DataFrame, matches: pl.DataFrame, dprk_calls: pl.DataFrame) -> dict[int, Ship]:
    """Gather what is known of every ship that claimed something, is listed, or called in the DPRK.

    Args:
        claims: A table of ``IdentityClaim``.
        matches: A table of ``Match`` of ships heard: ``id`` is the MMSI as text.
        dprk_calls: ``mmsi, end``: when each stay in the DPRK ended.
    """
    said = claims.select("mmsi", "name", "flag", "ship_type", "ship_type_text", "length_m", "reports")
    said = said.with_columns(read_flags(said["flag"]).alias("claimed"), kind=_kind())
    each = said.group_by("mmsi").agg(
        name=pl.col("name").drop_nulls().sort_by(pl.col("reports").filter(pl.col("name").is_not_null())).last(),
        flags=pl.col("claimed").drop_nulls().unique(), kinds=pl.col("kind").drop_nulls().unique(),
        length_m=pl.col("length_m").median(),
    )  # fmt: skip
    sure = matches.filter(pl.col("tier") == "match") if matches.height else matches
    listed = sure.select(mmsi=pl.col("id").cast(pl.Int64, strict=False), list="list").drop_nulls()
    lists = listed.group_by("mmsi").agg(listed=pl.col("list").unique())
    calls = dprk_calls.group_by("mmsi").agg(calls=pl.col("end").drop_nulls().sort())
    mmsis = pl.concat([frame.select("mmsi") for frame in (each, lists, calls)]).unique().sort("mmsi")
    rows = mmsis.join(each, on="mmsi", how="left").join(lists, on="mmsi", how="left")
    rows = rows.join(calls, on="mmsi", how="left").with_columns(numbered=flag_of_mmsi(pl.col("mmsi")))
    return {row["mmsi"]: _ship(row) for row in rows.iter_rows(named=True)}


def _kind() -> pl.Expr:
    """Read kinds of ships out of AIS codes (ITU-R M.1371-5 table 53) and words."""
    code, word = pl.col("ship_type"), pl.col("ship_type_text").str.to_lowercase()
    return (
        pl.when(code.is_between(80, 89) | word.str.contains("tanker")).then(pl.lit("tanker"))
        .when(code.is_between(70, 79) | word.str.contains("cargo|bulk|container|coaster")).then(pl.lit("dry_cargo"))
        .when((code >= 20) | word.is_not_null()).then(pl.lit("other"))
    )  # fmt: skip


def _ship(row: Mapping[str, Any]) -> Ship:
    flags = {*(row["flags"] or []), *([row["numbered"]] if row["numbered"] else [])}
    return Ship(
        row["mmsi"], row["name"], frozenset(flags), frozenset(row["kinds"] or []), row["length_m"],
        frozenset(row["listed"] or []), tuple(row["calls"] or []),
    )  # fmt: skip


def known(mmsi: int, ships: Mapping[int, Ship]) -> Ship:
    """Give what is known of a ship; of one that claimed nothing, the flag its MMSI is numbered under."""
    if mmsi in ships:
        return ships[mmsi]
    flag = pl.select(flag_of_mmsi(pl.lit(mmsi))).item()
    return Ship(mmsi, flags=frozenset({flag} if flag else ()))


def answer(  # noqa: PLR0911 - one answer for each question
    asked: tuple[str, str, Any], bound: Mapping[str, int | None], ships: Mapping[int, Ship], at: datetime
) -> Answer:
    """Say whether a fact holds of the ship in a role: yes, no, or not known.

    Args:
        asked: Role, what is asked, what it should be.
        bound: The MMSI in each role; None for a ship nobody knows.
        ships: What is known of ships.
        at: The day the question is about.
    """
    role, what, value = asked
    mmsi = bound.get(role)
    if mmsi is None:
        return None
    ship = known(mmsi, ships)
    if what == "type":
        return None if not ship.kinds else value in ship.kinds
    if what == "flag":
        return _flag(ship, value)
    if what == "listed":
        return _shown(bool(ship.listed), value)
    if what == "dprk_nexus":
        return _shown(_dprk_nexus(ship, at), value)
    other = bound.get(value)
    if other is None:
        return None
    return _compared(ship, known(other, ships), what)


def _shown(holds: bool, wanted: bool) -> Answer:  # noqa: FBT001 - an answer, and the one asked for
    """Give an answer of which only yes can be known: that nobody saw a call or listed a ship is no no."""
    if wanted:
        return True if holds else None
    return False if holds else None


def _flag(ship: Ship, value: Any) -> Answer:  # noqa: ANN401 - a list, or a mapping with "not"
    if not ship.flags:
        return None
    if isinstance(value, dict):
        return not ship.flags & set(value["not"])
    return bool(ship.flags & set(value))


def _dprk_nexus(ship: Ship, at: datetime) -> bool:
    recent = any(call <= at <= call + MEMORY for call in ship.dprk_calls)
    return DPRK in ship.flags or recent


def _compared(ship: Ship, other: Ship, what: str) -> Answer:
    if what == "shorter_than":
        return None if ship.length_m is None or other.length_m is None else ship.length_m < other.length_m
    return None if not ship.flags or not other.flags else not ship.flags & other.flags
