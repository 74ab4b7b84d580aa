"""The ledger of a desk: deliveries read, notified and found, against the cap of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from clearwake import voyages
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.intake import RECORDS
from clearwake.ledger import (
    HAPPENED,
    Book,
    Chances,
    Heard,
    SaidDraught,
    Ship,
    Size,
    Told,
    from_deliveries,
    from_heard,
    from_notifications,
    keys_of,
    not_tankers,
    undated,
    years,
)
from clearwake.model import (
    Delivery,
    IdentityClaim,
    LedgerEntry,
    LedgerYear,
    Permission,
    Registration,
    UsageError,
    records,
    table,
)
from clearwake.model.events import kept_company
from clearwake.names import plain
from clearwake.names.flags import read_flags
from clearwake.store import Store

Show = Callable[[str], pl.DataFrame]

DPRK, DPRK_MID = "PRK", 445

TANKERS = range(80, 90)
"""ITU-R M.1371-5 table 53."""


@dataclass(frozen=True)
class Asked:
    """How to count: how much of the practice of lading ships share, and how likely each status is."""

    correlation: float = 0.5
    happened: Mapping[str, float] | None = None

    @classmethod
    def of(cls, correlation: float, happened: str | None) -> Asked:
        """Read options: ``happened`` is ``reported=1,contested=0``.

        Raises:
            UsageError: If a share or probability is none, or a status is not known.
        """
        if not 0.0 <= correlation <= 1.0:
            message = f"a correlation of {correlation:g} is none\n  next: give one from 0 (each ship by itself) to 1"
            raise UsageError(message)
        return cls(correlation, None if happened is None else {**HAPPENED, **_happened(happened)})


def _happened(text: str) -> dict[str, float]:
    read = {}
    for part in text.split(","):
        name, _, number = (each.strip() for each in part.partition("="))
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if name not in HAPPENED or name == "refuted" or not 0.0 <= value <= 1.0:
            known = ", ".join(each for each in HAPPENED if each != "refuted")
            message = f"--happened {part.strip()!r} is not understood\n  next: STATUS=P,... of {known}; P from 0 to 1"
            raise UsageError(message)
        read[name] = value
    return read


def ledger(store: Store, show: Show, year: int, asked: Asked) -> pl.DataFrame:
    """Give the periods of a cap that lie in a year: a table of ``LedgerYear``.

    Args:
        store: The desk's store.
        show: Gives the desk's tables by name.
        year: The calendar year.
        asked: How to count.
    """
    book = book_of(store, show, asked)
    return table(years(book, year, Chances(correlation=asked.correlation)), LedgerYear)


def all_years(store: Store, show: Show) -> pl.DataFrame:
    """Give every year in which the desk has a delivery: a table of ``LedgerYear``."""
    book = book_of(store, show, Asked())
    told = sorted({each.day.year for each in book.entries})
    return table([row for year in told for row in years(book, year, Chances())], LedgerYear)


def deliveries(store: Store, show: Show) -> pl.DataFrame:
    """Give every delivery, read, notified or found, and how it is counted: a table of ``LedgerEntry``."""
    return table(book_of(store, show, Asked()).shown(), LedgerEntry)


def book_of(store: Store, show: Show, asked: Asked) -> Book:
    """Bring everything together that a desk knows of deliveries."""
    rows = records(store.scan("deliveries", record=RECORDS["deliveries"]).collect(), Delivery)
    notes = store.scan("permissions", record=RECORDS["permissions"]).filter(pl.col("kind") == "notification")
    notified = records(notes.collect(), Permission)
    heard = _heard(store, show)
    wanted = _wanted(rows, heard)
    told = Told(_sizes(store, wanted), _draughts(store, wanted), asked.happened or HAPPENED, _plain)
    entries = [
        *from_deliveries(rows, told),
        *from_notifications(notified, told),
        *from_heard(heard, told),
    ]
    return Book.of(entries, (*not_tankers(heard), *undated(notified)))


def _plain(name: str) -> str:
    return str(plain(pl.Series([name]))[0])


def _heard(store: Store, show: Show) -> Heard:
    """Give calls in the DPRK, and meetings with ships of its flag, with who those ships are."""
    stops = {"port_calls": show("port_calls"), "loiterings": show("loiterings")}
    calls = voyages.with_lying(stops, with_learnt(atlas_of(store), store))["port_calls"]
    countries = calls["port_country"].unique().rename("port_country")
    of_dprk = countries.filter((read_flags(countries) == DPRK).fill_null(value=False))
    calls = calls.filter(pl.col("port_country").is_in(of_dprk.implode()))
    flagged = _of_its_flag(store)
    encounters, possible = (_with(show(name), flagged) for name in _meetings(flagged))
    encounters = encounters.filter(~kept_company())
    if calls.is_empty() and encounters.is_empty() and possible.is_empty():
        return Heard()
    mmsis = {m for frame in (calls, encounters, possible) for m in (*frame["mmsi_a"], *frame["mmsi_b"]) if m}
    return Heard(
        calls.to_dicts(), encounters.to_dicts(), possible.to_dicts(), show("draught_changes").to_dicts(),
        _ships(store, mmsis, flagged),
    )  # fmt: skip


def _meetings(flagged: set[int]) -> tuple[str, str]:
    """Name the tables of meetings; without a ship of the flag there is nothing to look for in the unseen ones."""
    return "encounters", "possible_meetings" if flagged else "encounters"


def _with(meetings: pl.DataFrame, flagged: set[int]) -> pl.DataFrame:
    ships = list(flagged)
    return meetings.filter(pl.col("mmsi_a").is_in(ships) | pl.col("mmsi_b").is_in(ships))


def _of_its_flag(store: Store) -> set[int]:
    """Give the MMSIs of ships under the flag of the DPRK: numbered or claimed so."""
    claims = store.scan("claims", record=IdentityClaim).select("mmsi", "flag").unique().collect()
    tracks = (
        store.scan("track_days").select("mmsi").unique().collect() if store.parts("track_days") else claims
    )
    numbered = {m for m in (*claims["mmsi"], *tracks["mmsi"]) if m // 1_000_000 == DPRK_MID}
    claimed = claims.filter((read_flags(claims["flag"]) == DPRK).fill_null(value=False))
    return numbered | set(claimed["mmsi"])


def _ships(store: Store, mmsis: set[int], flagged: set[int]) -> dict[int, Ship]:
    claims = store.scan("claims", record=IdentityClaim).filter(pl.col("mmsi").is_in(list(mmsis))).collect()
    registered = store.scan("registrations", record=Registration).filter(pl.col("mmsi").is_in(list(mmsis)))
    said = registered.select("mmsi", "ship_type_text", "name", "imo").collect()
    ships = {}
    for mmsi in sorted(mmsis):
        own = claims.filter(pl.col("mmsi") == mmsi).sort("last_seen")
        papers = said.filter(pl.col("mmsi") == mmsi)
        ships[mmsi] = Ship(
            mmsi, _last(own["name"], papers["name"]), _last(own["imo"], papers["imo"]),
            _is_tanker(own["ship_type"], (*own["ship_type_text"], *papers["ship_type_text"])), mmsi in flagged,
        )  # fmt: skip
    return ships


def _last(*told: pl.Series) -> str | None:
    """Give the last value said by the first that says one."""
    said = [each.drop_nulls() for each in told]
    return next((str(each[-1]) for each in said if len(each)), None)


def _is_tanker(codes: pl.Series, words: Iterable[str | None]) -> bool | None:
    """Say whether a ship was ever said to be a tanker; None where nobody said what it is."""
    said = [word.lower() for word in words if word]
    types = [code for code in codes.drop_nulls() if code > 0]
    if any(code in TANKERS for code in types) or any(
        "tank" in word or "oil products" in word for word in said
    ):
        return True
    return False if said or types else None


Names = frozenset[str]


def _wanted(rows: Iterable[Delivery], heard: Heard) -> Names:
    """Give what the ships are known by of which a size or draught may be wanted."""
    ships = [(row.imo, row.mmsi, row.ship) for row in rows if row.volume_bbl is None and row.volume_t is None]
    ships += [(ship.imo, ship.mmsi, ship.name) for ship in heard.ships.values()]
    return frozenset().union(*(keys_of(imo, mmsi, name, _plain) for imo, mmsi, name in ships))


def _sizes(store: Store, wanted: Names) -> dict[str, list[Size]]:
    """Give what registers and ships' own claims say of the sizes of ships."""
    papers = store.scan("registrations", record=Registration)
    said = store.scan("claims", record=IdentityClaim).with_columns(
        deadweight_t=pl.lit(None, pl.Float64), source=pl.lit("its own claim")
    )
    sizes: dict[str, list[Size]] = {}
    for frame in (papers, said):
        is_sized = (pl.col("deadweight_t") > 0) | (pl.col("length_m") > 0)
        for row, keys in _theirs(frame.filter(is_sized), wanted, "deadweight_t", "length_m", "source"):
            for key in keys:
                sizes.setdefault(key, []).append(Size(row["deadweight_t"], row["length_m"], row["source"]))
    return sizes


def _draughts(store: Store, wanted: Names) -> dict[str, list[SaidDraught]]:
    """Give the draughts that ships' transmitters said."""
    said = store.scan("claims", record=IdentityClaim).filter(pl.col("draught_m") > 0)
    days = said.with_columns(first=pl.col("first_seen").dt.date(), last=pl.col("last_seen").dt.date())
    found: dict[str, list[SaidDraught]] = {}
    for row, keys in _theirs(days, wanted, "first", "last", "draught_m"):
        for key in keys:
            found.setdefault(key, []).append(SaidDraught(row["first"], row["last"], row["draught_m"]))
    return found


def _theirs(frame: pl.LazyFrame, wanted: Names, *columns: str) -> Iterable[tuple[dict[str, Any], Names]]:
    """Give the rows that may be about ships, each with what it knows them by; rows that say the same once."""
    if not wanted:
        return
    numbers = [int(key[5:]) for key in wanted if key.startswith("mmsi:")]
    imos = [key[4:] for key in wanted if key.startswith("imo:")]
    has_name = any(key.startswith("name:") for key in wanted)
    is_theirs = pl.col("mmsi").is_in(numbers) | pl.col("imo").is_in(imos)
    is_theirs = is_theirs.fill_null(value=False) | (pl.col("name").is_not_null() if has_name else False)
    names = ("imo", "mmsi", "name")
    rows = frame.filter(is_theirs).select(*names, *columns).unique().sort(*names, *columns).collect()
    said = rows.select(*names).unique().iter_rows()
    known = {(imo, mmsi, name): keys_of(imo, mmsi, name, _plain) & wanted for imo, mmsi, name in said}
    for row in rows.iter_rows(named=True):
        keys = known[row["imo"], row["mmsi"], row["name"]]
        if keys:
            yield row, keys
