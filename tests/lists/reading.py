"""What tests of lists share: files written by hand, read as a person would read them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from clearwake.lists import LISTS
from clearwake.model import Designation, Options, Received, records

RECEIVED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def given(folder: Path, **contents: str | bytes) -> list[Received]:
    """Write files and give them as received: ``sdn_csv="..."`` is called ``sdn.csv``."""
    files = []
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        files.append(Received(path, name.replace("_", ".")))
    return files


def read(
    source: str, files: list[Received], *, excerpt: bool = True, known_at: datetime | None = None
) -> dict[str, pl.DataFrame]:
    """Read files with a list's reader and give its tables by name."""
    parse = next(known.parse for known in LISTS if known.name == source)
    options = Options(RECEIVED_AT, known_at=known_at, excerpt=excerpt)
    found: dict[str, list[pl.DataFrame]] = {}
    for reading in parse(files, options):
        for name, frame in reading.tables.items():
            found.setdefault(name, []).append(frame)
    return {name: pl.concat(frames) for name, frames in found.items()}


def entries(tables: dict[str, pl.DataFrame]) -> dict[str, Designation]:
    """Give designations by id."""
    return {entry.id: entry for entry in records(tables["designations"], Designation)}


def rejected(tables: dict[str, pl.DataFrame]) -> list[tuple[str, int | None, str]]:
    """Give what was put into quarantine: file, line, reason."""
    if "quarantine" not in tables:
        return []
    return tables["quarantine"].select("origin", "line", "reason").rows()
