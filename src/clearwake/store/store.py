"""A desk's store as its readers and its one writer see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self

import polars as pl
from sqlalchemy import Select, delete, func, select

from clearwake.model import NotFoundError, Receipt
from clearwake.model import schema as schema_of
from clearwake.store import database, schema
from clearwake.store import parts as part_files
from clearwake.store.cases import CaseBook
from clearwake.store.commit import INCOMING, Commit, discard
from clearwake.store.lock import Readers, WriterLock
from clearwake.store.parts import Part, check_table

KEEP_REPLACED = timedelta(hours=1)
"""How long a replaced part stays for those who may still be scanning it, while anyone has the desk open."""


class Store:
    """The tables, receipts and settings of one desk.

    Every question is answered from the last commit, also while another process writes.  A scan stays good until
    the parts it reads are replaced *and* then deleted, which happens ``keep_replaced`` later, or when the desk
    is next opened while nobody has it open; so a scan must not outlive its store.

    Args:
        root: The desk's folder.
        url: The SQL database, as SQLAlchemy names it; without it ``case.db`` in the folder.
        create: Whether to make a desk where there is none.
        wait_s: How long to wait for another writer, in seconds.
        keep_replaced: How long replaced parts stay for those still scanning them.

    Raises:
        NotFoundError: If there is no desk and none is to be made.
        DeskBusyError: If the desk must be brought to a newer schema and another process keeps writing it.
        ClearwakeError: If the database is none, or was written by a later clearwake.
    """

    def __init__(
        self,
        root: Path | str,
        url: str | None = None,
        *,
        create: bool = True,
        wait_s: float = 60.0,
        keep_replaced: timedelta = KEEP_REPLACED,
    ) -> None:
        self.root = Path(root).absolute()
        if not create and not (self.root / "tables").is_dir():
            message = f"there is no desk at {self.root}\n  next: read a file into it first"
            raise NotFoundError(message)
        self._wait_s = wait_s
        self._keep_replaced = keep_replaced
        (self.root / INCOMING).mkdir(parents=True, exist_ok=True)
        self._writer = WriterLock(self.root / ".writer.lock")
        self._readers = Readers(self.root / ".readers.lock")
        self._engine = database.connect(url or f"sqlite:///{self.root / 'case.db'}")
        self.cases = CaseBook(self._engine)
        try:
            database.bring_to_head(self._engine, self._writer.held(wait_s))
            self._sweep()
            self._readers.join()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database and the folder; scans made before are good no longer."""
        self._readers.leave()
        self._engine.dispose()

    def scan(
        self,
        table: str,
        first: date | None = None,
        last: date | None = None,
        record: type | pl.Schema | None = None,
    ) -> pl.LazyFrame:
        """Give a table, or its parts of the days ``first`` to ``last``, as the last commit left it; read lazily.

        Parts without a day belong to every day and come first; then rows come by day, and within a day in the
        order they were committed.

        Args:
            table: Such as ``positions``.
            first: The earliest day wanted, itself included.
            last: The latest day wanted, itself included.
            record: The table's record or schema: gives an empty table its columns, and a part written before a
                column was added that column, null.
        """
        named = schema.parts.c
        by_day = (named.day.is_not(None), named.day, named.number)
        return self.scan_parts(self._parts(_of_days(table, first, last).order_by(*by_day)), record)

    def scan_parts(self, parts: list[Part], record: type | pl.Schema | None = None) -> pl.LazyFrame:
        """Give the rows of just these parts of one table, in this order; read lazily."""
        return part_files.scan([part.path for part in parts], record)

    def parts(
        self, table: str, after: int = 0, first: date | None = None, last: date | None = None
    ) -> list[Part]:
        """Give the parts of a table numbered above ``after``, of the days ``first`` to ``last``, by number."""
        newer = _of_days(table, first, last).where(schema.parts.c.number > after)
        return self._parts(newer.order_by(schema.parts.c.number))

    def tables(self) -> list[str]:
        """Give the names of all tables that have rows, sorted."""
        with self._engine.connect() as sql:
            return sorted(sql.execute(select(schema.parts.c.table).distinct()).scalars())

    def days(self, table: str) -> list[date]:
        """Give the days that a table has rows of, sorted."""
        named = schema.parts.c
        asked = select(named.day).where(named.table == check_table(table), named.day.is_not(None)).distinct()
        with self._engine.connect() as sql:
            return sorted(sql.execute(asked).scalars())

    def receipts(self) -> pl.DataFrame:
        """Give all receipts, by number, in the schema of ``Receipt``."""
        with self._engine.connect() as sql:
            rows = sql.execute(select(schema.receipts).order_by(schema.receipts.c.number)).all()
        return pl.DataFrame([tuple(row) for row in rows], schema=schema_of(Receipt), orient="row")

    def receipt(self, sha256: str, source: str) -> Receipt | None:
        """Give the receipt of these bytes by this reader; None if it was never given them."""
        known = schema.receipts.c
        asked = select(schema.receipts).where(known.sha256 == sha256, known.source == source)
        with self._engine.connect() as sql:
            row = sql.execute(asked).mappings().one_or_none()
        return Receipt(**row) if row else None

    def get(self, key: str) -> Any | None:  # noqa: ANN401 - whatever JSON can say
        """Give the JSON value kept under ``key``; None if there is none."""
        with self._engine.connect() as sql:
            return sql.execute(select(schema.settings.c.value).where(schema.settings.c.key == key)).scalar()

    def exclusive(self, wait_s: float | None = None) -> AbstractContextManager[None]:
        """Be the only writer for a ``with`` block that reads, thinks and commits, perhaps several times.

        Raises:
            DeskBusyError: If another writer does not finish within ``wait_s`` (the store's own if not given).
        """
        return self._writer.held(self._wait_s if wait_s is None else wait_s)

    @contextmanager
    def commit(self, wait_s: float | None = None) -> Iterator[Commit]:
        """Change the desk: everything said to the ``Commit`` becomes true at the end of the block, or nothing.

        Raises:
            DeskBusyError: If another writer does not finish within ``wait_s`` (the store's own if not given).
        """
        with self.exclusive(wait_s):
            commit = Commit(self.root, self._engine)
            try:
                yield commit
                commit.finish()
            except BaseException:
                commit.abandon()
                raise
            self._delete_retired(self._keep_replaced)

    def _parts(self, asked: Select[Any]) -> list[Part]:
        with self._engine.connect() as sql:
            rows = sql.execute(asked).mappings().all()
        return [Part(**{**row, "path": self.root / row["path"]}) for row in rows]

    def _sweep(self) -> None:
        """Delete what dead commits left, and what was replaced; left for another time if someone is writing."""
        if not any((self.root / INCOMING).iterdir()) and not self._retired():
            return
        with self._writer.held_if_free() as is_held:
            if not is_held:
                return
            for folder in (self.root / INCOMING).iterdir():
                discard(self.root, self._engine, folder)
            self._delete_retired(timedelta(0) if self._readers.are_none() else self._keep_replaced)

    def _retired(self) -> dict[str, timedelta]:
        """Give the parts that were replaced but are still there, and how long ago, by the database's clock."""
        now = func.now(type_=schema.UtcTime())
        with self._engine.connect() as sql:
            rows = sql.execute(select(schema.retired, now.label("now"))).all()
        return {row.path: row.now - row.retired_at for row in rows}

    def _delete_retired(self, keep: timedelta) -> None:
        gone = [path for path, since in self._retired().items() if since >= keep]
        if not gone:
            return
        for path in gone:
            (self.root / path).unlink(missing_ok=True)
        with self._engine.begin() as sql:
            for path in gone:
                sql.execute(delete(schema.retired).where(schema.retired.c.path == path))


def _of_days(table: str, first: date | None, last: date | None) -> Select[Any]:
    named = schema.parts.c
    asked = select(schema.parts).where(named.table == check_table(table))
    if first is not None:
        asked = asked.where(named.day.is_(None) | (named.day >= first))
    if last is not None:
        asked = asked.where(named.day.is_(None) | (named.day <= last))
    return asked
