"""A commit: parts, receipts and settings that become true together, in one SQL transaction, or not at all.

The order is what makes it safe.  Parts are written into the commit's own folder and synced; a plan of where
they will lie is synced beside them; they are renamed into place and the folders synced; and only then one SQL
transaction names them.  Until that transaction nothing reads them; after it nothing is left to do that a kill
could spoil.  The plan lets the next opening delete exactly the files of a commit that died.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from clearwake.model import Receipt
from clearwake.store import schema
from clearwake.store.parts import UNCOMPRESSED, Written, check_table, measure, sync, write

INCOMING = "tables/.incoming"
PLAN = "plan"
_AT_ONCE = 500


class Commit:
    """What is to become true; given by ``Store.commit`` to a ``with`` block, and of no use after it."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self._root = root
        self._engine = engine
        self._folder = root / INCOMING / uuid.uuid4().hex
        self._written: list[Written] = []
        self._removed: dict[int, str] = {}
        self._receipts: dict[tuple[str, str], Receipt] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._settings: dict[str, Any] = {}

    def receive(self, receipt: Receipt) -> int:
        """Acknowledge received bytes and give the number that their rows carry; ``receipt.number`` is ignored.

        Bytes that the same reader was given before keep their number and what was first said of them, so ask
        ``Store.receipt`` first whether their rows are there already.
        """
        key = (receipt.sha256, receipt.source)
        if key not in self._numbers:
            held = self._held_number(*key)
            self._numbers[key] = self._next_number() if held is None else held
            if held is None:
                self._receipts[key] = receipt
        return self._numbers[key]

    def append(
        self, table: str, day: date | None, frame: pl.DataFrame | pl.LazyFrame, record: type | None = None
    ) -> None:
        """Add rows to a table as a new part; it is on disk, not in memory, when this returns.

        Call it once for each chunk of something large, or give a lazy frame, which is written as it streams.

        Args:
            table: Such as ``positions`` or ``state/gap``.
            day: The day the rows belong to, or None for a table without days.
            frame: The rows; none make no part.
            record: The record of the table; its units are then written into the file.

        Raises:
            UsageError: If ``table`` is no name for a table.
        """
        check_table(table)
        if isinstance(frame, pl.DataFrame) and frame.is_empty():
            return
        name = f"{uuid.uuid4().hex}.parquet"
        file = self._make_folder() / name
        write(frame, file, record, compressed=table not in UNCOMPRESSED)
        rows, first, last = measure(
            frame if isinstance(frame, pl.DataFrame) else pl.scan_parquet(file, glob=False)
        )
        path = f"tables/{table}/{day.isoformat() if day else 'undated'}/{name}"
        if rows:
            self._written.append(Written(file, table, day, path, rows, first, last))
        else:
            file.unlink()

    def replace(
        self, table: str, day: date | None, frame: pl.DataFrame | pl.LazyFrame, record: type | None = None
    ) -> None:
        """Put ``frame`` in the place of everything a table has for ``day``; an empty one leaves nothing there.

        For content larger than memory follow it with ``append``.  A lazy frame may scan what it replaces.

        Raises:
            UsageError: If ``table`` is no name for a table.
        """
        check_table(table)
        named = schema.parts.c
        is_day = named.day.is_(None) if day is None else named.day == day
        gone = [written for written in self._written if (written.table, written.day) == (table, day)]
        self.append(table, day, frame, record)
        self._remove(is_day & (named.table == table), gone)

    def drop(self, table: str, after: date | None = None) -> None:
        """Forget the parts of a table of all days later than ``after``; without it, all its parts.

        Parts without a day are forgotten only without ``after``.

        Raises:
            UsageError: If ``table`` is no name for a table.
        """
        check_table(table)
        named = schema.parts.c
        is_gone = named.table == table if after is None else (named.table == table) & (named.day > after)
        gone = [
            written
            for written in self._written
            if written.table == table and (after is None or (written.day is not None and written.day > after))
        ]
        self._remove(is_gone, gone)

    def set(self, key: str, value: Any) -> None:  # noqa: ANN401 - whatever JSON can say
        """Keep a small JSON value under ``key``; None forgets it."""
        self._settings[key] = value

    def finish(self) -> None:
        """Make everything true; called by ``Store.commit`` when its block ends."""
        if self._written:
            self._publish()
        with self._engine.begin() as sql:
            self._record(sql)
        shutil.rmtree(self._folder, ignore_errors=True)

    def abandon(self) -> None:
        """Delete what was written; called by ``Store.commit`` when its block or ``finish`` failed.

        If the transaction may have been committed before it failed, the database is asked: what it names stays.
        If it cannot be asked, the plan stays too, and the next opening of the desk asks again.
        """
        try:
            discard(self._root, self._engine, self._folder)
        except SQLAlchemyError:
            return  # the failure that led here is already on its way up; the plan is still there

    def _make_folder(self) -> Path:
        if not self._folder.exists():
            self._folder.mkdir(parents=True)
        return self._folder

    def _held_number(self, sha256: str, source: str) -> int | None:
        known = schema.receipts.c
        with self._engine.connect() as sql:
            asked = select(known.number).where(known.sha256 == sha256, known.source == source)
            return sql.execute(asked).scalar()

    def _next_number(self) -> int:
        with self._engine.connect() as sql:
            highest = sql.execute(select(func.max(schema.receipts.c.number))).scalar() or 0
        return max(highest, *self._numbers.values(), 0) + 1

    def _remove(self, which: Any, written: list[Written]) -> None:  # noqa: ANN401 - an SQL condition
        named = schema.parts.c
        with self._engine.connect() as sql:
            held = sql.execute(select(named.number, named.path).where(which)).all()
        self._removed.update((row.number, row.path) for row in held)
        for gone in written:
            self._written.remove(gone)
            gone.file.unlink()

    def _publish(self) -> None:
        plan = self._folder / PLAN
        plan.write_text("".join(f"{written.path}\n" for written in self._written))
        for path in (plan, self._folder, *self._folder.parents[:3]):
            sync(path)
        folders = {(self._root / written.path).parent for written in self._written}
        changed = set().union(*(_make(folder) for folder in folders)) | folders
        for written in self._written:
            written.file.rename(self._root / written.path)
        for folder in changed:
            sync(folder)

    def _record(self, sql: Connection) -> None:
        for key, receipt in self._receipts.items():
            row = {field.name: getattr(receipt, field.name) for field in fields(receipt)}
            sql.execute(insert(schema.receipts), row | {"number": self._numbers[key]})
        removed = sorted(self._removed.items())
        for start in range(0, len(removed), _AT_ONCE):
            _retire(sql, removed[start : start + _AT_ONCE])
        if self._written:
            sql.execute(insert(schema.parts), [_row(written) for written in self._written])
        for name, value in self._settings.items():
            sql.execute(delete(schema.settings).where(schema.settings.c.key == name))
            if value is not None:
                sql.execute(insert(schema.settings), {"key": name, "value": value})


def _make(folder: Path) -> set[Path]:
    """Make a folder and give those folders that have a new name in them."""
    changed = set()
    for missing in (folder, *folder.parents):
        if missing.exists():
            break
        changed.add(missing.parent)
    folder.mkdir(parents=True, exist_ok=True)
    return changed


def _retire(sql: Connection, removed: list[tuple[int, str]]) -> None:
    sql.execute(delete(schema.parts).where(schema.parts.c.number.in_([number for number, _ in removed])))
    # The database's clock, since the house's rooms have none: it decides only when garbage goes.
    sql.execute(insert(schema.retired).values(retired_at=func.now()), [{"path": path} for _, path in removed])


def _row(written: Written) -> dict[str, Any]:
    return {field.name: getattr(written, field.name) for field in fields(written) if field.name != "file"}


def discard(root: Path, engine: Engine, folder: Path) -> None:
    """Delete the files of a commit that did not come about, as its plan names them, and then its folder.

    Files that the database names are kept: that commit did come about, only its folder was left.
    """
    plan = folder / PLAN
    planned = plan.read_text().split() if plan.exists() else []
    named: set[str] = set()
    with engine.connect() as sql:
        for start in range(0, len(planned), _AT_ONCE):
            some = planned[start : start + _AT_ONCE]
            for held in (schema.parts, schema.retired):
                named.update(sql.execute(select(held.c.path).where(held.c.path.in_(some))).scalars())
    for path in planned:
        if path not in named:
            (root / path).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
