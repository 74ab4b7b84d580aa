"""A real desk in a folder, read and run as the corridor does, without the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from clearwake.archive import Archive
from clearwake.flow.advance import RunReport, advance
from clearwake.flow.intake import Asserted, FileReport, Given, intake
from clearwake.model import Options, Source, utc
from clearwake.sources import anchorages, table
from clearwake.store import Commit, Store

TABLES = ("gaps", "encounters", "loiterings", "port_calls", "zone_entries")

_SOURCES = {
    "table": Source("table", table.parse, "positions"),
    "anchorages": Source("anchorages", anchorages.parse, "anchorages"),
}


class Desk:
    """One desk, and the files written for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.store = Store(folder / "desk")
        self.archive = Archive(folder / "desk" / "archive")
        self.files = 0

    def read(self, positions: pl.DataFrame, known_at: str | None = "time+5min") -> list[FileReport]:
        """Read positions as a CSV file of their own."""
        return self.read_text(positions.drop("known_at").write_csv(), known_at=known_at)

    def read_text(
        self, text: str, source: str = "table", known_at: str | None = None, received: str = "2026-02-01"
    ) -> list[FileReport]:
        """Read a file with this text."""
        self.files += 1
        file = self.folder / f"file{self.files}.csv"
        file.write_text(text)
        given = Given(Options(utc(received)), Asserted.parse(known_at))
        return intake(self.store, self.archive, _SOURCES[source], [(file, file.name)], given)

    def run(self, until: str | None = None, steps: str = "core") -> RunReport:
        """Carry everything through the house."""
        return advance(self.store, None if until is None else utc(until), steps)

    def stored(self, name: str) -> pl.DataFrame:
        """Give a table as it is stored: withdrawn events too, with all columns."""
        return self.store.scan(name).collect()

    def events(self, name: str) -> pl.DataFrame:
        """Give the events that stand, sorted, without what tells how they came to be."""
        rows = self.stored(name)
        if not rows.width:
            return rows
        return rows.filter(~pl.col("withdrawn")).drop("withdrawn", "settled_at", "version").sort("id")


@contextmanager
def failing_at(monkeypatch: pytest.MonkeyPatch, commit_number: int) -> Iterator[None]:
    """Let the run fail while it makes its n-th commit, as if the disk were full."""
    finish, made = Commit.finish, [0]

    def fail(commit: Commit) -> None:
        made[0] += 1
        if made[0] == commit_number:
            raise OSError(28, "no space left on device")
        finish(commit)

    with monkeypatch.context() as patch:
        patch.setattr(Commit, "finish", fail)
        with pytest.raises(OSError, match="no space left"):
            yield


def days(rows: pl.DataFrame) -> dict[date, pl.DataFrame]:
    """Split positions into the files a publisher would give: one a day."""
    dated = rows.with_columns(day=pl.col("time").dt.date()).partition_by("day", as_dict=True)
    return {day: part.drop("day") for (day,), part in sorted(dated.items())}


def same(one: Desk, other: Desk, names: Sequence[str] = TABLES) -> list[str]:
    """Name the tables that are not the same on two desks."""
    return [name for name in names if not one.events(name).equals(other.events(name))]
