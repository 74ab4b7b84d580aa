"""The desk: a folder with received bytes, tables and a case database, and the verbs that work on it.

The command line and this class have the same verbs with the same names.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import polars as pl

from clearwake.archive import Archive
from clearwake.model import IdentityClaim, NotFoundError, Options, Receipt
from clearwake.store import Store

if TYPE_CHECKING:
    from clearwake.desk.casebook import CaseBook
    from clearwake.desk.exchange import Exchange
    from clearwake.fetch import Fetched, Progress
    from clearwake.flow.advance import RunReport
    from clearwake.flow.breach import Judged
    from clearwake.flow.bundle import Given as DossierGiven
    from clearwake.flow.casework import By
    from clearwake.flow.explain import Explanation
    from clearwake.flow.intake import FileReport
    from clearwake.flow.releasing import ReleaseReport
    from clearwake.whereabouts import Located

OnProgress = Callable[[str, int, int], None]


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

    @property
    def cases(self) -> CaseBook:
        """The desk's cases, and the verbs that work on them."""
        from clearwake.desk.casebook import CaseBook  # noqa: PLC0415 - as for show

        return CaseBook(self.store, self.archive)

    @property
    def exchange(self) -> Exchange:
        """What leaves the desk for other desks and comes from them."""
        from clearwake.desk.exchange import Exchange  # noqa: PLC0415 - as for show

        return Exchange(self.store, self.archive)

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
        # Reading needs no detectors and running no readers; each is slow to import.
        from clearwake.desk.readers import reader  # noqa: PLC0415
        from clearwake.flow.intake import Asserted, Given, intake  # noqa: PLC0415

        wanted = reader(source)
        paths = [(Path(f), Path(f).name) for f in files]
        absent = [str(p) for p, _ in paths if not p.is_file()]
        if absent:
            message = (
                f"no such file: {', '.join(absent)}\n  next: name files that are there; nothing was read"
            )
            raise NotFoundError(message)
        asserted = Asserted.parse(known_at)
        options = Options(datetime.now(UTC), start, mapping or {}, asserted.at, excerpt)
        check = self._check_edition if wanted.is_edition and not excerpt else None
        given = Given(options, asserted, licence, marking)
        return ReadReport(tuple(intake(self.store, self.archive, wanted, paths, given, check, on_progress)))

    def _check_edition(self, tables: Mapping[str, pl.DataFrame]) -> None:
        from clearwake.flow.listed import check_edition  # noqa: PLC0415 - as for show

        check_edition(self.store, tables)

    def run(
        self,
        until: datetime | None = None,
        steps: str | Sequence[str] = "all",
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Carry everything heard (before ``until``) through tracks and detectors; see ``flow.advance``."""
        from clearwake.flow.advance import advance  # noqa: PLC0415 - as for read

        return advance(self.store, until, steps, on_progress)

    def show(self, table: str, on: date | None = None, as_of: datetime | None = None) -> pl.DataFrame:
        """Give a table as a frame.

        Args:
            table: The plural of a type: ``positions``, ``encounters``, ``designations`` ...
            on: What was valid that day; for the tables that ``desk.tables.VALID_ON`` names.
            as_of: What was known by then: the facts known by ``as_of`` are carried again, in a desk aside.

        Raises:
            NotFoundError: If there is no such table.
        """
        if as_of is not None:
            return self._as_of(as_of, lambda then: then.show(table, on))
        # The rooms that derive tables are many and slow to import; reading and running do without them.
        from clearwake.desk.tables import shown  # noqa: PLC0415

        return shown(self.store, table, on)

    def left_out(self, table: str) -> tuple[str, ...]:
        """Name the steps that a table needs and the last ``run`` left out: why it may be empty."""
        from clearwake.flow.advance import left_out  # noqa: PLC0415 - as for show

        return left_out(self.store, table)

    def tables(self) -> list[str]:
        """Name every table that ``show`` knows."""
        from clearwake.desk.tables import names  # noqa: PLC0415 - as for show

        return names()

    def _as_of(self, moment: datetime, ask: Callable[[Desk], pl.DataFrame]) -> pl.DataFrame:
        """Ask a desk aside that holds only the facts known by ``moment``."""
        from clearwake.flow.intake import RECORDS  # noqa: PLC0415 - as for read

        known = pl.col("known_at") <= moment
        with tempfile.TemporaryDirectory() as folder, Desk(folder) as then:
            with then.store.commit() as commit:
                for table in RECORDS:
                    for part in self.store.parts(table):
                        rows = self.store.scan_parts([part]).filter(known)
                        commit.append(table, part.day, rows, None)
                for receipt in self.store.receipts().iter_rows(named=True):
                    commit.receive(Receipt(**receipt))
            with then.store.cases.writing() as writing:
                writing.add([(entry, None) for entry in self.store.cases.entries(until=moment)], moment)
            then.run()
            return ask(then)

    def screen(self, queries: pl.DataFrame | None = None, on: date | None = None) -> pl.DataFrame:
        """Hold queries, or every ship heard, against the lists in force on ``on`` (today, if not given).

        A ship heard is screened by all that its hull was ever called, at other times and under other MMSIs too.

        Returns:
            A table of ``Match``; the ``id`` of a ship heard is its MMSI.
        """
        from clearwake.flow.screening import screened  # noqa: PLC0415 - as for show

        return screened(self.store, queries, on)

    def picture(self, asked: str, on: date | None = None, form: str = "png") -> bytes:
        """Draw who owns, controls and runs a party or ship, and what it does in turn, as PNG or SVG.

        Args:
            asked: The party: an id of ``show ownership``, an IMO number, or its exact name.
            on: The day; today, if not given.
            form: ``png`` or ``svg``.

        Raises:
            NotFoundError: If nobody of this name is an owner or owned.
        """
        from clearwake.flow.owners import owners_picture  # noqa: PLC0415 - as for show

        return owners_picture(self.store, asked, on, form)

    def whereabouts(  # noqa: PLR0913 - what is asked and how to answer, all by name
        self,
        *,
        mmsi: int | None = None,
        at: datetime | None = None,
        track: int | None = None,
        silence: str | None = None,
        sighting: str | None = None,
        limit_kn: float | None = None,
        weights: str | None = None,
        through_ice: bool = False,
    ) -> Located:
        """Say where a ship can be at a moment when it was not heard; see ``docs/whereabouts.md``.

        Args:
            mmsi: The ship, ...
            at: ... and the moment; of a silence, if not given, half way through it.
            track: Which hull of the MMSI; if not given, the one heard before and after, or most.
            silence: Or the id of a silence or gap.
            sighting: Or the id of a sighting.
            limit_kn: The speed it cannot exceed; if not given, by its type and its own past speeds.
            weights: What behaviours count in the density: ``run=0.6,port=0``.
            through_ice: Whether it can pass ice.

        Raises:
            NotFoundError: If there is no such ship, silence or sighting.
            UsageError: If what is asked contradicts itself or lacks something.
        """
        from clearwake.flow.whereabouts import Asked, whereabouts  # noqa: PLC0415 - as for show
        from clearwake.whereabouts import Weights  # noqa: PLC0415 - as for show

        told = None if weights is None else Weights.parse(weights)
        return whereabouts(self.store, Asked(mmsi, at, track, silence, sighting, limit_kn, told, through_ice))

    def ledger(
        self,
        year: int,
        as_of: datetime | None = None,
        correlation: float = 0.5,
        happened: str | None = None,
    ) -> pl.DataFrame:
        """Hold petroleum deliveries against the cap of a year: a table of ``LedgerYear``; see ``docs/ledger.md``.

        Args:
            year: The calendar year.
            as_of: What was known by then.
            correlation: How much of the unknown practice of lading all ships share, 0 to 1.
            happened: How likely a delivery is by its status: ``reported=1,contested=0``.

        Raises:
            UsageError: If ``correlation`` or ``happened`` says nothing that can be.
        """
        from clearwake.flow.ledger import Asked, ledger  # noqa: PLC0415 - as for show

        asked = Asked.of(correlation, happened)
        if as_of is not None:
            return self._as_of(as_of, lambda then: ledger(then.store, then.show, year, asked))
        return ledger(self.store, self.show, year, asked)

    def release(
        self, case: str, to: str, out: str | Path, by: By | None = None, despite: str | None = None
    ) -> ReleaseReport:
        """Write the version of a case that an audience may have into a new folder; see ``docs/sharing.md``.

        Args:
            case: Its id.
            to: Parties such as ``JPN,AUS``, or ``public``.
            out: The folder.
            by: Who releases; see ``flow.casework.somebody``.
            despite: Why it is released though its texts quote what is withheld.

        Raises:
            NotFoundError: If there is no such case.
            UsageError: If the folder holds something, or nobody is named.
            NotReleasableError: If it says what it must not, or the case is published and the gate not passed.
        """
        from clearwake.flow.releasing import release_case  # noqa: PLC0415 - as for show
        from clearwake.release import audience_of  # noqa: PLC0415 - as for show

        return release_case(
            self.store, self.archive, case, audience_of(to), Path(out), by=by, despite=despite
        )

    def dossier(
        self,
        case: str,
        kind: str,
        to: str,
        out: str | Path,
        *,
        contact: str = "",
        by: By | None = None,
        despite: str | None = None,
    ) -> DossierGiven:
        """Write a dossier of what an audience may have of a case; see ``docs/dossier.md``.

        Args:
            case: Its id.
            kind: ``case``, ``notice``, ``committee``, ``press`` or ``compliance``.
            to: Parties such as ``JPN,AUS``, or ``public``.
            out: A file whose name ends in ``.pdf``, ``.html`` or, for all with its evidence, ``.zip``.
            contact: Where to say that something is wrong.
            by: Who gives it; see ``flow.casework.somebody``.
            despite: Why it is given though its texts quote what is withheld.

        Raises:
            NotFoundError: If there is no such case.
            UsageError: If there is no such kind or ending, or nobody is named.
            NotReleasableError: If it says what it must not, or the case is published and the gate not passed.
        """
        from clearwake.flow.bundle import dossier  # noqa: PLC0415 - as for show
        from clearwake.release import audience_of  # noqa: PLC0415 - as for show

        audience, file = audience_of(to), Path(out)
        return dossier(
            self.store, self.archive, case, kind, audience, file, contact=contact, by=by, despite=despite
        )

    def elements(self, case: str, on: date | None = None, as_of: datetime | None = None) -> Judged:
        """Hold a case against every provision that could apply on a day; rows of ``BreachElement``.

        Args:
            case: Its id.
            on: The day whose law is asked; that of the act, if not given.
            as_of: What was known of the case by then.

        Raises:
            NotFoundError: If there is no such case.
            UsageError: If neither the case nor the question has a day.
        """
        from clearwake.flow.breach import elements  # noqa: PLC0415 - as for show

        return elements(self.store, case, on, as_of)

    def options(
        self, case: str, on: date | None = None, ship: str | None = None, as_of: datetime | None = None
    ) -> Judged:
        """List what could lawfully be done about the ships of a case on a day; rows of ``LawfulOption``.

        Args:
            case: Its id.
            on: The day on which something would be done; that of the act, if not given.
            ship: One of its ships, ``imo:7389704``; all, if not given.
            as_of: What was known of the case by then.

        Raises:
            NotFoundError: If there is no such case.
            UsageError: If neither the case nor the question has a day, or no fact speaks of the ship.
        """
        from clearwake.flow.breach import options  # noqa: PLC0415 - as for show

        return options(self.store, case, on, ship, as_of)

    def assess(self, case: str, as_of: datetime | None = None) -> Judged:
        """Weigh the claim of a case beside what else it may be; rows of ``AssessmentRow``.

        Raises:
            NotFoundError: If there is no such case.
        """
        from clearwake.flow.breach import assessment  # noqa: PLC0415 - as for show

        return assessment(self.store, case, as_of)

    def rank(self) -> pl.DataFrame:
        """Order the ships by their reasons, for and against; an order of whom to look at first, no more."""
        from clearwake import assess  # noqa: PLC0415 - as for show

        claims = self.store.scan("claims", record=IdentityClaim).collect()
        return assess.rank(self.show("indicators"), claims)

    def explain(self, fact: str) -> Explanation:
        """Walk from a conclusion, by id, down to the received bytes; a nine-digit MMSI explains that ship's rank.

        Raises:
            NotFoundError: If nothing here has this id.
        """
        from clearwake.desk.evidence import found  # noqa: PLC0415 - as for show
        from clearwake.flow.explain import Explainer  # noqa: PLC0415 - as for show

        return Explainer(self.store, self.archive, partial(found, self.store)).explain(fact)

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
