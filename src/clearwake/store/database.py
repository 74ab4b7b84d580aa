"""Opening the SQL database of a desk and bringing it to the newest schema."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from clearwake.model import ClearwakeError
from clearwake.store.schema import HEAD, metadata

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_MS = 30_000
"""How long SQLite waits for another connection's write before it gives up."""


def connect(url: str) -> Engine:
    """Give an engine for ``url``; SQLite is told to survive a power cut and to begin transactions itself.

    Raises:
        ClearwakeError: If it is no address of a database, or needs a driver that is not installed.
    """
    if not url.startswith("sqlite"):
        return _server(url)
    # The driver's own transactions leave CREATE TABLE outside; begun by us, a migration is all or nothing.
    engine = create_engine(url, connect_args={"isolation_level": None})
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    return engine


def _server(url: str) -> Engine:
    """Give an engine for a database server; PostgreSQL by psycopg, whichever way its address begins."""
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        return create_engine(address)
    except (ArgumentError, ModuleNotFoundError) as error:
        next_step = "write it like postgresql://user@host/name, with clearwake[postgres] installed"
        message = (
            f"{url.partition('://')[0]}: {error}\n  read as the address of a database\n  next: {next_step}"
        )
        raise ClearwakeError(message) from error


def _make_durable(connection: Any, record: object) -> None:  # noqa: ANN401, ARG001 - the driver's, SQLAlchemy's signature
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin; who is going to write says so, and waits for the lock before reading what they will build on."""
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def bring_to_head(engine: Engine, writing: AbstractContextManager[None]) -> None:
    """Bring the database to the newest schema; does nothing, and imports nothing, when it is there.

    A new one is made as it should be at once, an older one goes through the migrations.

    Args:
        engine: The desk's database.
        writing: The writer lock, not yet taken; it is taken only if there is something to do.

    Raises:
        ClearwakeError: If the file is no database, or was written by a later version of clearwake.
    """
    try:
        if revision(engine) != HEAD:
            with writing:
                if _is_new(engine):
                    _create(engine)
                else:
                    upgrade(engine)
    except DatabaseError as error:
        shown = engine.url.render_as_string(hide_password=True)
        message = (
            f"{shown}: {error.orig}\n  read as the database of a desk"
            "\n  next: see that it can be reached, or name another desk"
        )
        raise ClearwakeError(message) from error


def revision(engine: Engine) -> str | None:
    """Give the migration the database is at; None for a database without tables."""
    with engine.connect() as sql:
        if not inspect(sql).has_table("alembic_version"):
            return None
        found: str | None = sql.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def migrations() -> Config:
    """Give Alembic's configuration for the migrations in this package."""
    from alembic.config import Config  # noqa: PLC0415 - half a second that opening a desk must not cost

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


def _is_new(engine: Engine) -> bool:
    with engine.connect() as sql:
        return not inspect(sql).get_table_names()


def _create(engine: Engine) -> None:
    """Make the tables and stamp them, without the second that importing and running the migrations takes."""
    _write_ahead(engine)
    with engine.begin() as sql:
        metadata.create_all(sql)
        sql.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        sql.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


def upgrade(engine: Engine) -> None:
    """Run the migrations that a database has not seen.

    Raises:
        ClearwakeError: If the database has seen one that this version does not know.
    """
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    config = migrations()
    found = revision(engine)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        message = f"the desk was written by a later clearwake (schema {found}; this one knows {HEAD})"
        raise ClearwakeError(message)
    _write_ahead(engine)
    with engine.begin() as sql:
        config.attributes["connection"] = sql
        command.upgrade(config, "head")


def _write_ahead(engine: Engine) -> None:
    """Let SQLite's readers go on while one writes; kept in the file, so said once, by the only writer."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    connection.cursor().execute("PRAGMA journal_mode=WAL")
    connection.close()
