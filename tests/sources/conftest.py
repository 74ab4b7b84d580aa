"""Reading bytes as a source would, with the account of every row checked each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import polars as pl
import pytest

from clearwake.model import Options, Reading, Received
from clearwake.sources import source

RECEIVED_AT = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Result:
    """All chunks of a reading together."""

    tables: Mapping[str, pl.DataFrame]
    rows: int
    counts: Mapping[str, int]

    @property
    def positions(self) -> pl.DataFrame:
        return self.tables["positions"]

    @property
    def claims(self) -> pl.DataFrame:
        return self.tables["claims"]

    @property
    def quarantine(self) -> pl.DataFrame:
        return self.tables["quarantine"]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Line and reason of every reject, in the order of the lines."""
        return sorted(zip(self.quarantine["line"], self.quarantine["reason"], strict=True))


def together(readings: Iterator[Reading]) -> Result:
    chunks = list(readings)
    counts: Counter[str] = Counter()
    for chunk in chunks:
        counts.update(chunk.counts)
    names = {name for chunk in chunks for name in chunk.tables}
    tables = {name: pl.concat([chunk.tables[name] for chunk in chunks]) for name in names}
    rows = sum(chunk.rows for chunk in chunks)
    facts = sum(len(table) for name, table in tables.items() if name != "claims")
    assert rows == facts + counts.total(), "a row was lost or counted twice"
    return Result(tables, rows, dict(counts))


Read = Callable[..., Result]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Read bytes, text or a path as a source: ``read("table", "mmsi,time,...")``."""
    folder, numbers = tmp_path_factory.mktemp("received"), count()

    def read_bytes(
        name: str,
        content: bytes | str | Path,
        origin: str = "given",
        start: datetime | None = None,
        mapping: Mapping[str, str] | None = None,
        received_at: datetime = RECEIVED_AT,
    ) -> Result:
        path = content if isinstance(content, Path) else folder / str(next(numbers) % 8)
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        files: Sequence[Received] = [Received(path, origin)]
        return together(source(name).parse(files, Options(received_at, start=start, mapping=mapping or {})))

    return read_bytes
