"""The chains of cases in a desk's database: written one transaction at a time, so that nothing is ever overwritten.

Whoever writes holds the database's own lock from before they read what is there until their entries stand; SQLite
and PostgreSQL alike.  What an entry says is no business of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from clearwake.model import Entry, Head
from clearwake.store import schema
from clearwake.store.lock import DeskBusyError

_LOCK = 0x636C7277
"""The advisory lock of PostgreSQL that writers of cases hold; any number that is nobody else's."""


class CaseBook:
    """The chains, heads and versions of one desk's cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Be the only one to write chains for a block; at its end everything stands, or nothing if it failed.

        Raises:
            DeskBusyError: If others go on writing for longer than the database waits.
        """
        try:
            with self._engine.execution_options(is_writing=True).begin() as sql:
                if self._engine.dialect.name == "postgresql":
                    sql.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
                yield Writing(sql)
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            message = f"the desk's cases are being written by others: {error.orig}\n  next: try again"
            raise DeskBusyError(message) from error

    def entries(self, case: str | None = None, until: datetime | None = None) -> list[Entry]:
        """Give the entries of a case, or of all chains, by chain and number.

        Args:
            case: Only of this case.
            until: Only what this desk had by then.
        """
        with self._engine.connect() as sql:
            return _entries(sql, case, until)

    def heads(self) -> list[Head]:
        """Give every head that was signed here or came from elsewhere, by chain and length."""
        held = schema.heads.c
        asked = select(schema.heads).order_by(held.chain, held.entries, held.signed_at, held.signature)
        with self._engine.connect() as sql:
            rows = sql.execute(asked).mappings().all()
        return [Head(**{f.name: row[f.name] for f in fields(Head)}) for row in rows]

    def own_ids(self) -> dict[str, str]:
        """Give this desk's own ids of what became items, by item."""
        held = schema.own_ids.c
        with self._engine.connect() as sql:
            return {row.item: row.source for row in sql.execute(select(held.item, held.source))}

    def versions(self) -> dict[str, int]:
        """Give every case this desk knows, and how many decisions about it."""
        with self._engine.connect() as sql:
            return _versions(sql)


class Writing:
    """One transaction on the chains; given by ``CaseBook.writing`` and of no use after its block."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql

    def entries(self, case: str | None = None) -> list[Entry]:
        """Give the entries of a case, or of all chains, as they stand now."""
        return _entries(self._sql, case, None)

    def versions(self) -> dict[str, int]:
        """Give every case, and how many decisions about it, as they stand now."""
        return _versions(self._sql)

    def end(self, chain: str) -> tuple[int, str | None, datetime | None]:
        """Give the number, hash and time of a chain's last entry: 0 and None of a chain without any."""
        held = schema.chain_entries.c
        asked = (
            select(held.number, held.hash).where(held.chain == chain).order_by(held.number.desc()).limit(1)
        )
        latest = self._sql.execute(select(func.max(held.at)).where(held.chain == chain)).scalar()
        last = self._sql.execute(asked).one_or_none()
        return (last.number, last.hash, latest) if last else (0, None, None)

    def latest(self, case: str) -> datetime | None:
        """Give the time of a case's latest decision; None of a case without any."""
        held = schema.chain_entries.c
        return self._sql.execute(select(func.max(held.at)).where(held.case == case)).scalar()

    def add(self, entries: Iterable[tuple[Entry, datetime | None]], known_at: datetime) -> None:
        """Put entries at the end of their chains, each with when it was decided, as far as this desk may know that."""
        rows = [_row(entry) | {"at": at, "known_at": known_at} for entry, at in entries]
        if not rows:
            return
        self._sql.execute(insert(schema.chain_entries), rows)
        self._count(row["case"] for row in rows if row["body"] is not None)

    def name(self, own_ids: Mapping[str, str]) -> None:
        """Keep the desk's own ids of new items, by item."""
        if own_ids:
            rows = [{"item": item, "source": source} for item, source in own_ids.items()]
            self._sql.execute(insert(schema.own_ids), rows)

    def open(self, entries: Iterable[tuple[Entry, datetime]], known_at: datetime) -> None:
        """Give entries that are there the text they lacked: case, salt and body."""
        held = schema.chain_entries.c
        opened = list(entries)
        for entry, at in opened:
            given = {
                "case": entry.case,
                "salt": entry.salt,
                "body": entry.body,
                "at": at,
                "known_at": known_at,
            }
            is_it = (held.chain == entry.chain) & (held.number == entry.number) & held.body.is_(None)
            self._sql.execute(update(schema.chain_entries).where(is_it).values(given))
        self._count(entry.case for entry, _ in opened)

    def keep(self, heads: Iterable[Head], known_at: datetime) -> None:
        """Keep heads; those kept before stay as they are."""
        held = schema.heads.c
        for each in heads:
            is_it = (
                (held.chain == each.chain)
                & (held.entries == each.entries)
                & (held.signature == each.signature)
            )
            if self._sql.execute(select(held.chain).where(is_it)).first() is None:
                row = {f.name: getattr(each, f.name) for f in fields(Head)}
                self._sql.execute(insert(schema.heads), row | {"known_at": known_at})

    def _count(self, cases: Iterable[str | None]) -> None:
        """Raise the version of cases by as many decisions as came."""
        counted = schema.case_versions
        for case in cases:
            if case is None:
                continue
            raised = update(counted).where(counted.c.case == case).values(version=counted.c.version + 1)
            if not self._sql.execute(raised).rowcount:
                self._sql.execute(insert(counted), {"case": case, "version": 1})


def _entries(sql: Connection, case: str | None, until: datetime | None) -> list[Entry]:
    held = schema.chain_entries.c
    asked = select(schema.chain_entries).order_by(held.chain, held.number)
    if case is not None:
        asked = asked.where(held.case == case)
    if until is not None:
        asked = asked.where(held.known_at <= until)
    return [Entry(**{f.name: row[f.name] for f in fields(Entry)}) for row in sql.execute(asked).mappings()]


def _versions(sql: Connection) -> dict[str, int]:
    counted = schema.case_versions.c
    return {
        row.case: row.version
        for row in sql.execute(select(counted.case, counted.version).order_by(counted.case))
    }


def _row(entry: Entry) -> dict[str, Any]:
    return {f.name: getattr(entry, f.name) for f in fields(Entry)}
