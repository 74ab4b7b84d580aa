"""The SQL tables of a desk: what was received, which parts count, what was replaced, and settings.

Everything large lies in Parquet; what is here is small and transactional.  The same definitions serve SQLite
and PostgreSQL.  A change here needs a new file in ``migrations/versions`` and a new ``HEAD``.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

HEAD = "0003"
"""The newest migration, kept here so that opening a desk need not import Alembic."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and given back in UTC, also by databases that forget the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn a moment of any offset into UTC.

        Raises:
            ValueError: If ``value`` has no offset: it would name no moment.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without an offset cannot be stored: {value}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        """Give a stored moment its offset back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only where the column is exactly INTEGER.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

receipts = Table(
    "receipts",
    metadata,
    # Given by the one writer, since rows in Parquet carry it before the row in SQL exists.
    Column("number", BigInteger(), primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False),
    Column("origin", String, nullable=False),
    Column("source", String, nullable=False),
    Column("size_bytes", BigInteger(), nullable=False),
    Column("received_at", UtcTime(), nullable=False),
    Column("known_at", UtcTime(), nullable=False),
    Column("licence", String),
    Column("marking", String),
    UniqueConstraint("sha256", "source", name="receipts_sha256_source"),
)

parts = Table(
    "parts",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("table", String, nullable=False),
    Column("day", Date),
    Column("path", String, nullable=False, unique=True),
    Column("rows", BigInteger(), nullable=False),
    Column("first_time", UtcTime()),
    Column("last_time", UtcTime()),
    Index("parts_table_day", "table", "day"),
    # A number is never given twice, or a reader asking for what came after it would miss a part.
    sqlite_autoincrement=True,
)

retired = Table(
    "retired",
    metadata,
    Column("path", String, primary_key=True),
    Column("retired_at", UtcTime(), nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", JSON),
)

chain_entries = Table(
    "chain_entries",
    metadata,
    Column("chain", String(32), primary_key=True),
    Column("number", BigInteger(), primary_key=True, autoincrement=False),
    Column("previous", String(64), nullable=False),
    Column("commitment", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("case", String),
    Column("salt", String(64)),
    Column("body", Text),
    # When it was decided, as its body says, so that the database can be asked for the latest.
    Column("at", UtcTime()),
    # When this desk had it, and had its text.
    Column("known_at", UtcTime(), nullable=False),
    Index("chain_entries_case", "case"),
)

heads = Table(
    "heads",
    metadata,
    Column("chain", String(32), primary_key=True),
    Column("entries", BigInteger(), primary_key=True, autoincrement=False),
    Column("signature", String(128), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("signed_at", UtcTime(), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("known_at", UtcTime(), nullable=False),
)

case_versions = Table(
    "case_versions",
    metadata,
    Column("case", String, primary_key=True),
    Column("version", BigInteger(), nullable=False),
)

own_ids = Table(
    "own_ids",
    metadata,
    # Beside the chains and never in them: what a chain says, partners may come to read.
    Column("item", String, primary_key=True),
    Column("source", String, nullable=False),
)
