"""From a fact back to the line it stood in."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from clearwake.model import Options, Received, utc
from clearwake.sources import source
from clearwake.sources.original import original

HEADER = "mmsi,time,lon,lat\n"
DAYS = {
    "one.csv": HEADER + "1,2020-06-30T12:00:00,1,2\n\n2,2020-06-30T12:00:00,1,2",
    "two.csv": HEADER + "3,2020-06-30T12:00:00,1,2\nx,2020-06-30T12:00:00,1,2\n4,2020-06-30T12:00:00,1,2\n",
}


def zipped(members: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__MACOSX/litter", "1\n2\n3\n")
        for name, text in members.items():
            archive.writestr(name, gzip.compress(text.encode()) if name.endswith("gz") else text)
    return packed.getvalue()


PACKED: dict[str, Callable[[], bytes]] = {
    "plain": DAYS["one.csv"].encode,
    "gzip": lambda: gzip.compress(DAYS["two.csv"].encode()),
    "zip": lambda: zipped(DAYS),
    "gzip in zip": lambda: zipped({"one.csv.gz": DAYS["one.csv"], "two.csv": DAYS["two.csv"]}),
}


@pytest.mark.parametrize("kind", PACKED)
def test_every_position_leads_back_to_the_line_that_says_it(kind: str, tmp_path: Path) -> None:
    received = Received(tmp_path / "bytes", "days")
    received.path.write_bytes(PACKED[kind]())
    (reading,) = source("table").parse([received], Options(utc("2026-01-01")))
    positions = reading.tables["positions"]
    assert len(positions) in (2, 4)
    for mmsi, line in positions.select("mmsi", "line").iter_rows():
        found = original(received, line)
        assert found is not None
        assert found.text.startswith(f"{mmsi},2020-06-30")


def test_the_member_of_an_archive_and_its_own_line_are_named(tmp_path: Path) -> None:
    received = Received(tmp_path / "bytes", "days.zip")
    received.path.write_bytes(zipped(DAYS))
    assert original(received, 6) == ("days.zip!two.csv", 2, "3,2020-06-30T12:00:00,1,2")


def test_a_row_of_parquet_is_written_out(tmp_path: Path) -> None:
    received = Received(tmp_path / "bytes", "day.parquet")
    pl.DataFrame({"mmsi": [1, 2], "lon": [0.5, 1.5]}).write_parquet(received.path)
    assert original(received, 2) == ("day.parquet", 2, "mmsi=2, lon=1.5")


@pytest.mark.parametrize("line", [8, 100])
def test_a_line_that_is_not_there_is_none(line: int, tmp_path: Path) -> None:
    received = Received(tmp_path / "bytes", "day")
    received.path.write_bytes(PACKED["plain"]())
    assert original(received, line) is None
