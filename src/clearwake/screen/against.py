"""The listed side of screening, prepared once and asked many times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cached_property

import polars as pl

from clearwake.model import Edition, empty
from clearwake.names import ListedNames, ListedParties
from clearwake.screen.countries import listed_countries
from clearwake.screen.evidence import registrations
from clearwake.screen.identifiers import callsign, imo_numbers, mmsi

NAMES = {"name": "listed name", "aliases": "alias", "former_names": "former name", "weak_names": "weak alias"}
"""Columns that hold names, and what each is called in a reason."""


class Listed:
    """Designations in force, ready to be asked about.

    Args:
        designations: A table of ``Designation``.  Of several editions of a part of a list the newest counts.
        on: Only designations in force on this day, by the newest edition not after it if there is one; an entry
            whose list does not say since when counts as in force.  Without a day, those not removed.
        editions: A table of ``Edition``, for saying which lists are older than they should be.
        asked_on: The day the question is asked, for the age of lists; ``on`` if not given.
    """

    def __init__(
        self,
        designations: pl.DataFrame,
        on: date | None = None,
        editions: pl.DataFrame | None = None,
        asked_on: date | None = None,
    ) -> None:
        self.on = on
        held = _of_one_edition(designations, on)
        ages = stale(editions if editions is not None else empty(Edition), asked_on or on)
        held = held.join(ages, on=["list", "edition"], how="left", maintain_order="left")
        self.parties = _parties(_in_force(held, on))

    @cached_property
    def numbers(self) -> pl.DataFrame:
        """IMO numbers that can identify: ``d, hull, kind, number``."""
        return self.parties.select("d", "hull", "kind", number="imos").explode("number").drop_nulls("number")

    @cached_property
    def mmsis(self) -> pl.DataFrame:
        """MMSI of ships: ``d, hull, mmsi_said``, and ``mmsi_hulls``, how many listed hulls share it."""
        others = pl.col("other_mmsis").list.eval(pl.element().cast(pl.Int64))
        return _shared(self._ships.select("d", "hull", key=pl.concat_list("mmsi", others)), "mmsi", mmsi)

    @cached_property
    def callsigns(self) -> pl.DataFrame:
        """Call signs of ships: ``d, hull, callsign``, and ``callsign_hulls``, how many listed hulls share it."""
        each = pl.concat_list("callsign", "other_callsigns")
        return _shared(self._ships.select("d", "hull", key=each), "callsign", callsign)

    @cached_property
    def ship_names(self) -> Names:
        """Names of ships, and of entries that have an IMO number but do not say what they are."""
        return Names(self._ships, "vessel")

    @cached_property
    def party_names(self) -> Names:
        """Names of everything that is no ship."""
        return Names(self.parties.filter(~pl.col("kind").is_in(["vessel", "country"])), "party")

    @cached_property
    def countries(self) -> pl.DataFrame:
        """Countries that are listed or that programmes are against; see ``listed_countries``."""
        return listed_countries(self.parties)

    @cached_property
    def registrations(self) -> pl.DataFrame:
        """Registration numbers of companies and persons: ``d, number``."""
        parties = self.parties.filter(pl.col("kind").is_in(["company", "person", "unknown"]))
        return (
            parties.select("d", number=registrations(pl.col("registration"))).explode("number").drop_nulls()
        )

    @property
    def _ships(self) -> pl.DataFrame:
        is_nameless_ship = (pl.col("kind") == "unknown") & (pl.col("imos").list.len() > 0)
        return self.parties.filter((pl.col("kind") == "vessel") | is_nameless_ship)


class Names:
    """The names of some listed parties: ``rows`` has ``d``, ``listed_name`` and ``role`` for each name."""

    def __init__(self, parties: pl.DataFrame, kind: str) -> None:
        rows = [
            parties.select("d", listed_name=column, role=pl.lit(role)).explode("listed_name")
            if column != "name"
            else parties.select("d", listed_name="name", role=pl.lit(role))
            for column, role in NAMES.items()
        ]
        whole = pl.concat(rows).drop_nulls("listed_name")
        self.rows = pl.concat([whole, _unbracketed(whole)]).unique(["d", "listed_name"], maintain_order=True)
        self.index: ListedNames | ListedParties
        if kind == "vessel":
            self.index = ListedNames(self.rows["listed_name"], kind)
        else:
            persons = (
                self.rows.join(parties.select("d", "kind"), on="d", maintain_order="left")["kind"] == "person"
            )
            self.index = ListedParties(self.rows["listed_name"], persons)

    def alike(self, names: pl.Series, *, is_person: bool = False) -> pl.DataFrame:
        """Find whose names ``names`` are like, one row for each party: its strongest name.

        Gives ``asked`` (row of ``names``), ``d``, ``listed_name``, ``role``, ``way`` and ``alike``.
        """
        index = self.index
        found = (
            index.alike(names) if isinstance(index, ListedNames) else index.alike(names, is_person=is_person)
        )
        rows = self.rows.with_row_index("listed")
        found = found.join(rows, on="listed").sort("alike", descending=True, maintain_order=True)
        return found.unique(["asked", "d"], keep="first", maintain_order=True).drop("listed")


def _unbracketed(names: pl.DataFrame) -> pl.DataFrame:
    """Give names that have something in brackets without it: ``OCEAN MARITIME COMPANY (OMM)``."""
    bare = pl.col("listed_name").str.replace_all(r"\([^()]*\)", " ")
    return names.filter(pl.col("listed_name").str.contains(r"\(")).with_columns(listed_name=bare)


def _of_one_edition(designations: pl.DataFrame, on: date | None) -> pl.DataFrame:
    """Keep one edition of each part of each list: the newest, or the newest not after ``on``, else the oldest."""
    parted = designations.with_columns(
        part=pl.col("edition").str.replace(r":[^:]*$", ""),
        at=pl.col("edition").str.extract(r"(\d{4}-\d{2}-\d{2})$").str.to_date(),
    )
    known = pl.col("at") if on is None else pl.when(pl.col("at") <= on).then("at")
    wanted = known.max().over("list", "part").fill_null(pl.col("at").min().over("list", "part"))
    kept = parted.filter(pl.col("at").is_null() | (pl.col("at") == wanted))
    return kept.unique(["list", "id"], keep="last", maintain_order=True).drop("part", "at")


def stale(editions: pl.DataFrame, asked_on: date | None) -> pl.DataFrame:
    """Say of which editions it should be told how old they are: ``list, edition, stale``, a sentence.

    Args:
        editions: A table of ``Edition``.
        asked_on: The day of the question; without one no edition is old.
    """
    key = pl.format("{}:{}", "part", pl.col("dated").dt.strftime("%Y-%m-%d"))
    days = (pl.lit(asked_on, dtype=pl.Date) - pl.col("dated").dt.date()).dt.total_days()
    old = pl.format(
        "stale_list: this edition was {} days old on {}; a new one normally comes every {} days",
        days, pl.lit(str(asked_on)), "rhythm_days",
    )  # fmt: skip
    later = pl.format("no edition of {} is held: this one, of a later day, was taken", pl.lit(str(asked_on)))
    said = pl.when(days > pl.col("rhythm_days")).then(old).when(days < 0).then(later)
    return editions.select("list", edition=key, stale=said).unique(["list", "edition"], keep="last")


HELD = ("listed", "reported")
"""What a ship is held against: listings in force, and what governments reported in public, which is no listing."""


def _in_force(designations: pl.DataFrame, on: date | None) -> pl.DataFrame:
    if on is None:
        return designations.filter(pl.col("status").is_in(HELD))
    end_of_day = datetime.combine(on, time.max, UTC)
    since = pl.col("listed_on").is_null() | (pl.col("listed_on") <= end_of_day)
    removed = pl.col("removed_on")
    until = pl.when(removed.is_null()).then(pl.col("status").is_in(HELD)).otherwise(removed > end_of_day)
    return designations.filter(since & until & pl.col("status").is_in((*HELD, "removed")))


def _parties(designations: pl.DataFrame) -> pl.DataFrame:
    """Number the parties and read their IMO numbers; a hull is its first usable IMO number, else the entry."""
    rows = designations.rename({"id": "entity_id"}).with_row_index("d")
    every = (
        rows.select("d", "kind", text=pl.concat_list("imo", "other_imos")).explode("text").drop_nulls("text")
    )
    read = every.join(imo_numbers(every["text"]), left_on="text", right_on="said")
    is_usable = pl.when(pl.col("kind") == "company").then("is_company").otherwise("is_ship")
    imos = read.filter(is_usable).group_by("d", maintain_order=True).agg(imos=pl.col("number"))
    joined = rows.join(imos, on="d", how="left", maintain_order="left")
    empty = pl.lit([], dtype=pl.List(pl.String))
    hull = pl.coalesce(pl.col("imos").list.first(), pl.col("entity_id"))
    return joined.with_columns(hull=hull, imos=pl.col("imos").fill_null(empty))


def _shared(each: pl.DataFrame, name: str, read: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """Read a list of identifiers of each party, and count the hulls that share each."""
    rows = each.explode("key")
    rows = rows.with_columns(read(rows["key"]).alias(name)).drop_nulls(name).drop("key")
    hulls = pl.col("hull").n_unique().over(name).alias(f"{name}_hulls")
    return rows.unique(maintain_order=True).with_columns(hulls)
