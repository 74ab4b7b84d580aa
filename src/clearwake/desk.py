"""The desk: a folder with received bytes, tables and a case database, and the verbs that work on it.

The command line and this class have the same verbs with the same names.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

import polars as pl

from clearwake import assess, places, tracks, vessels
from clearwake.archive import Archive
from clearwake.detect import detectors
from clearwake.detect.identity import IDENTITY
from clearwake.flow import Asserted, FileReport, Given, RunReport, advance, atlas_of, intake
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import with_learnt
from clearwake.flow.explain import Explainer, Explanation
from clearwake.flow.hulls import resolved
from clearwake.flow.identity import found_by_id, identity_events
from clearwake.flow.intake import RECORDS
from clearwake.flow.owners import ownership_facts, ownership_picture, today
from clearwake.flow.papers import paper, shipment_findings
from clearwake.flow.reconcile import stored_schema
from clearwake.lists import LISTS, changes, counts, current, end_of, refusal, rows_of, status_on
from clearwake.model import (
    Designation,
    Edition,
    IdentityClaim,
    Match,
    Noise,
    NotFoundError,
    Options,
    Receipt,
    Source,
    Track,
    UnreadableFileError,
    UsageError,
    empty,
    records,
    schema,
)
from clearwake.ownership import Facts, standings
from clearwake.screen import screen
from clearwake.sources import SOURCES
from clearwake.store import Store

if TYPE_CHECKING:
    from clearwake.fetch import Fetched, Progress

OnProgress = Callable[[str, int, int], None]

READERS: tuple[Source, ...] = (*SOURCES, *LISTS)
"""Everything ``read`` can read, by name."""


@dataclass(frozen=True)
class ReadReport:
    """What became of the files given to one ``read``."""

    files: tuple[FileReport, ...]

    @property
    def rejected(self) -> int:
        """How many rows could not be read, in all files."""
        return sum(sum(f.rejected.values()) for f in self.files)


def open_desk(folder: str | Path | None = None) -> Desk:
    """Open a desk, making it if need be: ``folder``, else ``$CLEARWAKE_DESK``, else ``./desk``."""
    return Desk(folder or os.environ.get("CLEARWAKE_DESK") or "desk")


def reader(name: str) -> Source:
    """Give a reader by name.

    Raises:
        UsageError: If there is none of this name.
    """
    known = {s.name: s for s in READERS}
    if name not in known:
        message = f"there is no reader called {name!r}\n  next: choose one of {', '.join(sorted(known))}"
        raise UsageError(message)
    return known[name]


class Desk:
    """One desk, open; a context manager.

    Args:
        folder: Where it lies; made if it does not exist.
        create: Whether to make it; without, a folder that is no desk raises ``NotFoundError``.
    """

    def __init__(self, folder: str | Path, *, create: bool = True) -> None:
        self.folder = Path(folder)
        self.store = Store(self.folder, os.environ.get("CLEARWAKE_DATABASE"), create=create)
        self.archive = Archive(self.folder / "archive")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the desk's files."""
        self.store.close()

    def read(  # noqa: PLR0913 - each says one thing about the files, all by name
        self,
        source: str,
        *files: str | Path,
        known_at: str | None = None,
        start: datetime | None = None,
        mapping: Mapping[str, str] | None = None,
        licence: str | None = None,
        marking: str | None = None,
        excerpt: bool = False,
        on_progress: OnProgress | None = None,
    ) -> ReadReport:
        """Add files to the desk: archived as received, then read into tables, each file wholly or not at all.

        Args:
            source: The reader: ``table``, ``nmea``, ``ofac`` ...
            files: What to read.  The files of one list edition are given together.
            known_at: When the content was known: a moment, or ``time+DELAY``; else now.
            start: The clock of a log that carries none.
            mapping: Explicit columns for ``table``.
            licence: The licence the content came under.
            marking: The marking of everything in it.
            excerpt: A list is a part of an edition on purpose; its counts are not held against a whole one's.
            on_progress: Told how far it is.

        Raises:
            UsageError: If there is no such reader.
            NotFoundError: If a file does not exist.
            UnreadableFileError: If a file is not what it says it is.
        """
        wanted = reader(source)
        paths = [(Path(f), Path(f).name) for f in files]
        absent = [str(p) for p, _ in paths if not p.is_file()]
        if absent:
            message = f"no such file: {', '.join(absent)}"
            raise NotFoundError(message)
        asserted = Asserted.parse(known_at)
        options = Options(datetime.now(UTC), start, mapping or {}, asserted.at, excerpt)
        check = self._check_edition if wanted.is_edition and not excerpt else None
        given = Given(options, asserted, licence, marking)
        return ReadReport(tuple(intake(self.store, self.archive, wanted, paths, given, check, on_progress)))

    def _check_edition(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Refuse an edition that has shrunk against the last good one of its list and part."""
        for edition in records(tables.get("editions", empty(Edition)), Edition):
            known = self.store.scan("editions", record=Edition).collect()
            same = known.filter(pl.col("list") == edition.list, pl.col("part") == edition.part)
            earlier = same.filter(pl.col("dated") <= edition.dated, ~pl.col("is_excerpt")).sort("dated")
            last = records(earlier.tail(1), Edition)
            why = refusal(counts(last[0]) if last else None, counts(edition), {})
            if why:
                where = f"{edition.list} {edition.part}, edition of {edition.dated:%Y-%m-%d}"
                next_step = (
                    "check the file; the last good edition stays in force.  --excerpt reads a part on purpose"
                )
                raise UnreadableFileError(where, why, "a complete edition", next_step)

    def run(
        self,
        until: datetime | None = None,
        steps: str | Sequence[str] = "core",
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Carry everything heard (before ``until``) through tracks and detectors; see ``flow.advance``."""
        return advance(self.store, until, steps, on_progress)

    def show(self, table: str, on: date | None = None, as_of: datetime | None = None) -> pl.DataFrame:
        """Give a table as a frame.

        Args:
            table: The plural of a type: ``positions``, ``encounters``, ``designations`` ...
            on: What was valid that day; for ``designations`` and ``matches``.
            as_of: What was known by then: the facts known by ``as_of`` are carried again, in a desk aside.

        Raises:
            NotFoundError: If there is no such table.
        """
        if table not in self.tables():
            message = f"there is no table called {table!r}\n  next: choose one of {', '.join(self.tables())}"
            raise NotFoundError(message)
        if as_of is not None:
            return self._as_of(as_of, lambda then: then.show(table, on))
        if on is not None and table not in _VALID_ON:
            message = f"{table} have no validity, so --on cannot select among them; it works on {', '.join(_VALID_ON)}"
            raise UsageError(message)
        if table in _DERIVED:
            return _DERIVED[table](self, on)
        event = self._event_schemas().get(table)
        if event is not None:
            rows = self.store.scan(table, record=event).filter(~pl.col("withdrawn"))
            return rows.drop("withdrawn", "settled_at").collect().sort("start", "id")
        return self.store.scan(table, record=RECORDS[table]).collect()

    def tables(self) -> list[str]:
        """Name every table that ``show`` knows."""
        return sorted({*RECORDS, *_DERIVED, *self._event_schemas()})

    def _event_schemas(self) -> dict[str, pl.Schema]:
        return {d.table: stored_schema(d.record) for d in detectors(places.load())}

    def _as_of(self, moment: datetime, ask: Callable[[Desk], pl.DataFrame]) -> pl.DataFrame:
        """Ask a desk aside that holds only the facts known by ``moment``."""
        known = pl.col("known_at") <= moment
        with tempfile.TemporaryDirectory() as folder, Desk(folder) as then:
            with then.store.commit() as commit:
                for table in RECORDS:
                    for part in self.store.parts(table):
                        rows = self.store.scan_parts([part]).filter(known)
                        commit.append(table, part.day, rows, None)
                for receipt in self.store.receipts().iter_rows(named=True):
                    commit.receive(Receipt(**receipt))
            then.run()
            return ask(then)

    def screen(self, queries: pl.DataFrame | None = None, on: date | None = None) -> pl.DataFrame:
        """Hold queries, or every ship heard, against the lists in force on ``on`` (today, if not given).

        A ship heard is screened by all that its hull was ever called, at other times and under other MMSIs too.

        Returns:
            A table of ``Match``; the ``id`` of a ship heard is its MMSI.
        """
        listed = self.store.scan("designations", record=RECORDS["designations"]).collect()
        editions = self.store.scan("editions", record=Edition).collect()
        day = on or today()
        if queries is not None:
            return screen(queries, listed, on, editions, day) if queries.height else empty(Match)
        asked = vessels.queries(resolved(self.store, empty(Designation)))
        if not asked.height:
            return empty(Match)
        ships = asked.select(vessels.ASKED).with_row_index("id").with_columns(kind=pl.lit("vessel"))
        return vessels.once(screen(ships, listed, on, editions, day), asked)

    def _designations(self, on: date | None) -> pl.DataFrame:
        """Give the designations of each list and part as its newest edition up to ``on`` has them, by status that day.

        Where the oldest edition held is later than ``on`` it is taken, and each entry's own dates decide.
        """
        moment = datetime.now(UTC) if on is None else end_of(on)
        editions = self.store.scan("editions", record=Edition).collect()
        rows = self.store.scan("designations", record=RECORDS["designations"]).collect()
        return status_on(rows_of(rows, current(editions, moment)), moment)

    def picture(self, asked: str, on: date | None = None, form: str = "png") -> bytes:
        """Draw who owns, controls and runs a party or ship, and what it does in turn, as PNG or SVG.

        Args:
            asked: The party: an id of ``show ownership``, an IMO number, or its exact name.
            on: The day; today, if not given.
            form: ``png`` or ``svg``.

        Raises:
            NotFoundError: If nobody of this name is an owner or owned.
        """
        return ownership_picture(self._ownership_facts(on or today()), asked, on or today(), form)

    def _ownership_facts(self, on: date) -> Facts:
        return ownership_facts(self.store, self.show("designations", on), on)

    def rank(self) -> pl.DataFrame:
        """Order the ships by their reasons, for and against; an order of whom to look at first, no more."""
        claims = self.store.scan("claims", record=IdentityClaim).collect()
        return assess.rank(self.show("indicators"), claims)

    def explain(self, fact: str) -> Explanation:
        """Walk from a conclusion, by id, down to the received bytes; a nine-digit MMSI explains that ship's rank.

        Raises:
            NotFoundError: If nothing here has this id.
        """
        return Explainer(self.store, self.archive, self._find).explain(fact)

    def _find(  # noqa: PLR0911 - one way out for each kind of fact
        self, fact: str
    ) -> tuple[str, dict[str, object], list[str]] | None:
        if fact.isdigit() and len(fact) == 9:
            return self._find_ship(int(fact))
        if row := _ROW.fullmatch(fact):
            return f"line {row[2]} of receipt {row[1]}", {"receipt": int(row[1]), "line": int(row[2])}, []
        for table, event in self._event_schemas().items():
            if fact.startswith(f"{_KINDS[table]}:"):
                rows = self.store.scan(table, record=event).filter(pl.col("id") == fact, ~pl.col("withdrawn"))
                return _found(rows.drop("withdrawn", "settled_at").collect(), table)
        named = found_by_id(self.store, fact) or paper(self.store, fact, self.show)
        if named is not None:
            return _found(named[1], named[0])
        indicator = self.show("indicators").filter(pl.col("id") == fact)
        if indicator.height:
            return _found(indicator, "indicators")
        listed = self.store.scan("designations", record=RECORDS["designations"])
        entry = listed.filter(pl.col("id") == fact).collect().head(1)
        if entry.height:
            return _found(entry, "designations")
        return _found(self.show("ownership").filter(pl.col("ids").list.contains(fact)), "ownership")

    def _find_ship(self, mmsi: int) -> tuple[str, dict[str, object], list[str]] | None:
        said = self.show("indicators").filter(pl.col("mmsi") == mmsi)
        if not said.height:
            return None
        return f"MMSI {mmsi}: {said.height} reasons", {"mmsi": mmsi}, said["id"].to_list()

    def fetch(
        self,
        publisher: str,
        day: date | None = None,
        addresses: Mapping[str, str] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> list[Fetched]:
        """Download a publisher's file for a day, or its latest edition, into the desk's inbox; see ``fetch``."""
        from clearwake.fetch import fetch  # noqa: PLC0415 - the network is rarely wanted and slow to import

        return fetch(publisher, self.folder / "inbox" / publisher, day, addresses, on_progress)


_VALID_ON = (
    *(kind.table for kind in IDENTITY),
    "designations",
    "list_changes",
    "matches",
    "shipment_findings",
    "ownership",
    "vessels",
    "vessel_history",
)
_ROW = re.compile(r"row:(\d+):(\d+)")
"""A line of a received file, as evidence."""
_TRACK_DAYS = pl.Schema({n: t for n, t in schema(Track).items() if n != "shared_mmsi"})


def _found(rows: pl.DataFrame, table: str) -> tuple[str, dict[str, object], list[str]] | None:
    """Turn a row into title, details and evidence."""
    if not rows.height:
        return None
    row = {k: v for k, v in rows.row(0, named=True).items() if v is not None}
    evidence = [str(e) for e in row.pop("evidence", [])]
    title = str(row.get("sentence") or f"{row.get('kind', table)} {row.get('name') or ''}".strip())
    return title, row, evidence


def _positions(desk: Desk, _: date | None) -> pl.DataFrame:
    return desk.store.scan("positions", record=POSITIONS).drop("shard").collect()


def _tracks(desk: Desk, _: date | None) -> pl.DataFrame:
    return tracks.merged(desk.store.scan("track_days", record=_TRACK_DAYS).collect())


def _anchorages(desk: Desk, _: date | None) -> pl.DataFrame:
    return with_learnt(atlas_of(desk.store), desk.store).anchorages


def _ownership(desk: Desk, on: date | None) -> pl.DataFrame:
    day = on or today()
    return standings(desk._ownership_facts(day), day)  # noqa: SLF001 - one module


def _list_changes(desk: Desk, on: date | None) -> pl.DataFrame:
    entries = desk.store.scan("designations", record=RECORDS["designations"]).collect()
    editions = desk.store.scan("editions", record=Edition).collect()
    return changes(entries, editions, None if on is None else end_of(on))


def _indicators(desk: Desk, _: date | None) -> pl.DataFrame:
    found = {n: desk.show(n) for n in ("encounters", "gaps", "loiterings", "port_calls", "claims")}
    return assess.indicators(
        **found,
        matches=desk.screen(),
        coast_km=places.load().coast_km,
        identity_events=identity_events(desk.store),
    )


def _vessels(desk: Desk, on: date | None) -> pl.DataFrame:
    found = resolved(desk.store, desk._designations(on))  # noqa: SLF001 - one module
    return found.vessels if on is None else found.on(on)


def _vessel_history(desk: Desk, on: date | None) -> pl.DataFrame:
    past = resolved(desk.store, desk._designations(on)).history  # noqa: SLF001 - one module
    return past if on is None else vessels.on_day(past, on)


def _identity(table: str) -> Callable[[Desk, date | None], pl.DataFrame]:
    return lambda desk, on: identity_events(desk.store, table, on)[table]


_DERIVED: dict[str, Callable[[Desk, date | None], pl.DataFrame]] = {
    "positions": _positions,
    "tracks": _tracks,
    "noise": lambda desk, _: desk.store.scan("noise", record=Noise).collect().sort("mmsi", "time"),
    "anchorages": _anchorages,
    "zones": lambda desk, _: atlas_of(desk.store).zones,
    "designations": lambda desk, on: desk._designations(on),  # noqa: SLF001 - one module
    "list_changes": _list_changes,
    "receipts": lambda desk, _: desk.store.receipts(),
    "matches": lambda desk, on: desk.screen(on=on),
    "indicators": _indicators,
    "vessels": _vessels,
    "vessel_history": _vessel_history,
    "shipment_findings": lambda desk, on: shipment_findings(desk.store, desk.show, on),
    "ownership": _ownership,
    **{kind.table: _identity(kind.table) for kind in IDENTITY},
}
_KINDS = {"encounters": "encounter", "gaps": "gap", "loiterings": "loitering", "port_calls": "port_call",
          "zone_entries": "zone_entry"}  # fmt: skip
