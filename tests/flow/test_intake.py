"""Intake: bytes become facts once, whole or not at all, dated as the reader of the file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.tables import A, B, heard

from clearwake.archive import Archive
from clearwake.engine.shards import shard_of
from clearwake.flow.advance import POSITIONS
from clearwake.flow.intake import Asserted, Given, by_day, intake, sharded
from clearwake.model import (
    Options,
    Position,
    Reading,
    Received,
    Reject,
    Source,
    UnreadableFileError,
    UsageError,
    table,
    utc,
)
from clearwake.sources import table as tables_of_positions
from clearwake.store import Store

RECEIVED = utc("2026-03-01T08:00")
TABLE = Source("table", tables_of_positions.parse, "positions", licence="CC0")

GOOD = f"""mmsi,time,lon,lat,sog
{A},2026-01-01T23:59:00Z,5.0,50.0,3.5
{A},2026-01-02T00:01:00Z,5.0,50.1,
{B},2026-01-02T00:02:00Z,6.0,50.0,102.3
"""


class Door:
    """A store and an archive in one folder, and files put before them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "desk")
        self.archive = Archive(folder / "archive")

    def file(self, text: str, name: str = "positions.csv") -> tuple[Path, str]:
        path = self.folder / name
        path.write_text(text)
        return path, name

    def given(self, known_at: str | None = None, **said: str) -> Given:
        return Given(Options(RECEIVED), Asserted.parse(known_at), **said)

    def positions(self) -> pl.DataFrame:
        return self.store.scan("positions", record=POSITIONS).collect().sort("time", "mmsi")


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def test_positions_are_kept_with_their_receipt_line_and_day(door: Door) -> None:
    (report,) = intake(door.store, door.archive, TABLE, [door.file(GOOD)], door.given())
    assert (report.rows["positions"], report.rejected, report.already_read) == (3, {}, False)
    rows = door.positions()
    assert rows.select("mmsi", "lon", "lat", "speed_kn", "receipt", "line").rows() == [
        (A, 5.0, 50.0, 3.5, report.receipt, 2),
        (A, 5.0, 50.1, None, report.receipt, 3),
        (B, 6.0, 50.0, None, report.receipt, 4),
    ]
    assert rows["known_at"].unique().to_list() == [RECEIVED]
    assert door.store.days("positions") == [date(2026, 1, 1), date(2026, 1, 2)]


def test_the_receipt_names_the_bytes_and_what_was_said_of_them(door: Door) -> None:
    (report,) = intake(
        door.store, door.archive, TABLE, [door.file(GOOD)], door.given("2026-01-03", marking="TLP:AMBER")
    )
    receipt = door.store.receipt(report.sha256, "table")
    assert receipt is not None
    assert (receipt.origin, receipt.size_bytes, receipt.licence, receipt.marking) == (
        "positions.csv", len(GOOD), "CC0", "TLP:AMBER",
    )  # fmt: skip
    assert (receipt.received_at, receipt.known_at) == (RECEIVED, utc("2026-01-03"))
    assert door.archive.path(report.sha256).read_bytes() == GOOD.encode()


def test_the_same_bytes_read_twice_add_nothing_whatever_they_are_called(door: Door) -> None:
    (first,) = intake(door.store, door.archive, TABLE, [door.file(GOOD)], door.given())
    again = [door.file(GOOD, "copy.csv"), door.file(GOOD + f"{B},2026-01-02T00:03:00Z,6,50,1\n", "more.csv")]
    second, more = intake(door.store, door.archive, TABLE, again, door.given())
    assert (second.already_read, second.receipt, second.rows) == (True, first.receipt, {})
    assert (more.already_read, more.rows["positions"]) == (False, 4)
    assert door.positions().height == 7
    assert door.store.receipts().height == 2


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (None, [RECEIVED] * 2),
        ("2026-01-05T12:00", [utc("2026-01-05T12:00")] * 2),
        ("2026-01-05T12:00+02:00", [utc("2026-01-05T10:00")] * 2),
        ("time+15min", [utc("2026-01-01T00:15"), utc("2026-01-02T00:15")]),
        ("time+1.5h", [utc("2026-01-01T01:30"), utc("2026-01-02T01:30")]),
    ],
)
def test_a_file_is_known_when_its_reader_says_so(door: Door, said: str | None, known: list[datetime]) -> None:
    text = f"mmsi,time,lon,lat\n{A},2026-01-01T00:00Z,5,50\n{A},2026-01-02T00:00Z,5,50\n"
    intake(door.store, door.archive, TABLE, [door.file(text)], door.given(said))
    assert door.positions()["known_at"].to_list() == known


@pytest.mark.parametrize("said", ["yesterday", "time+5", "time-5min", "time+five min", ""])
def test_what_is_neither_a_moment_nor_a_delay_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="neither a moment"):
        Asserted.parse(said)


def test_a_delay_of_days_is_read() -> None:
    assert Asserted.parse("time+2d") == Asserted(after=timedelta(days=2))


def test_bad_rows_are_quarantined_and_counted_and_good_ones_kept(door: Door) -> None:
    text = GOOD + f"{B},2026-01-02T00:03:00Z,600,50,1\nnobody,2026-01-02T00:03:00Z,6,50,1\n"
    (report,) = intake(door.store, door.archive, TABLE, [door.file(text)], door.given())
    assert (report.rows["positions"], report.rows["quarantine"]) == (3, 2)
    assert sum(report.rejected.values()) == 2
    bad = door.store.scan("quarantine").collect().sort("line")
    assert bad.select("source", "origin", "line", "receipt").rows() == [
        ("table", "positions.csv", 5, report.receipt),
        ("table", "positions.csv", 6, report.receipt),
    ]
    assert "600" in bad["found"][0]


def test_a_file_that_is_not_what_it_says_leaves_its_bytes_and_nothing_else(door: Door) -> None:
    page = "<!DOCTYPE html><html><body>404 Not Found</body></html>"
    with pytest.raises(UnreadableFileError):
        intake(door.store, door.archive, TABLE, [door.file(page)], door.given())
    assert door.store.tables() == []
    assert door.store.receipts().is_empty()
    assert len([p for p in (door.folder / "archive").rglob("*") if p.is_file()]) >= 1


def test_files_before_a_refused_one_have_been_read(door: Door) -> None:
    files = [door.file(GOOD), door.file("no table at all", "bad.csv")]
    with pytest.raises(UnreadableFileError):
        intake(door.store, door.archive, TABLE, files, door.given())
    assert door.positions().height == 3
    assert door.store.receipts()["origin"].to_list() == ["positions.csv"]


# ---- editions, checks and failures, with readers made for the purpose ------------------------------------------


BROKE = "the reader broke"


def reader(
    *readings: Reading, fails: bool = False
) -> Callable[[Sequence[Received], Options], Iterator[Reading]]:
    def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
        assert options.received_at == RECEIVED
        assert files
        yield from readings
        if fails:
            raise RuntimeError(BROKE)

    return parse


def reading(file: int, mmsi: int, counts: Mapping[str, int] | None = None) -> Reading:
    position = Position(mmsi, utc("2026-01-01"), 5.0, 50.0, line=1)
    reject = Reject("made up", "a file", 2, "no such month", "31/13/2026")
    tables = {"positions": table([position], Position), "quarantine": table([reject], Reject)}
    return Reading(tables, file, counts=counts or {})


def test_the_files_of_an_edition_are_one_commit_and_each_has_its_report(door: Door) -> None:
    parse = reader(reading(1, B, {"remark": 2}), reading(0, A), reading(1, B, {"remark": 1}))
    edition = Source("edition", parse, "", is_edition=True)
    files = [door.file("one", "a.csv"), door.file("two", "b.csv")]
    first, second = intake(door.store, door.archive, edition, files, door.given())
    assert (first.rows, second.rows) == ({"positions": 1, "quarantine": 1}, {"positions": 2, "quarantine": 2})
    assert (first.counts, second.counts) == ({}, {"remark": 3})
    assert second.rejected == {"no such month": 2}
    assert sorted(door.positions().select("mmsi", "receipt").rows()) == [
        (A, first.receipt), (B, second.receipt), (B, second.receipt),
    ]  # fmt: skip


def test_a_reader_that_breaks_half_way_leaves_nothing(door: Door) -> None:
    broken = Source("broken", reader(reading(0, A), fails=True), "")
    with pytest.raises(RuntimeError, match=BROKE):
        intake(door.store, door.archive, broken, [door.file("one")], door.given())
    assert (door.store.tables(), door.store.receipts().height) == ([], 0)


def test_a_check_can_refuse_what_was_read_before_anything_counts(door: Door) -> None:
    said = ("a file", "half as many entries as last time", "a complete list", "look at it")

    def refuse(tables: Mapping[str, pl.DataFrame]) -> None:
        if tables["positions"]["mmsi"][0] == B:
            raise UnreadableFileError(*said)

    source = Source("list", reader(reading(0, A), reading(0, B)), "", is_edition=True)
    with pytest.raises(UnreadableFileError, match="half as many"):
        intake(door.store, door.archive, source, [door.file("one")], door.given(), check=refuse)
    assert door.store.tables() == []


def test_two_readers_may_each_read_the_same_bytes(door: Door) -> None:
    other = Source("other", reader(reading(0, A)), "")
    for source in (TABLE, other):
        intake(door.store, door.archive, source, [door.file(GOOD)], door.given())
    assert door.store.receipts()["source"].to_list() == ["table", "other"]


def test_a_table_that_nobody_knows_is_an_error_and_not_lost(door: Door) -> None:
    strange = Source("strange", reader(Reading({"horoscopes": pl.DataFrame({"x": [1]})})), "")
    with pytest.raises(KeyError, match="horoscopes"):
        intake(door.store, door.archive, strange, [door.file("one")], door.given())


def test_progress_is_told_in_rows(door: Door) -> None:
    told: list[tuple[str, int, int]] = []
    source = Source("made up", reader(reading(0, A), reading(0, B)), "")
    intake(
        door.store,
        door.archive,
        source,
        [door.file("one")],
        door.given(),
        on_progress=lambda *a: told.append(a),
    )
    assert told == [("read", 2, 0), ("read", 4, 0)]


# ---- the pieces ------------------------------------------------------------------------------------------------


def test_rows_are_split_by_utc_day() -> None:
    rows = heard(A, "2026-01-01T22:00", "2026-01-03T01:00", (0, 0), 60)
    assert [(day, part.height) for day, part in by_day(rows, "time")] == [
        (date(2026, 1, 1), 2), (date(2026, 1, 2), 24), (date(2026, 1, 3), 2),
    ]  # fmt: skip
    assert [(day, part.height) for day, part in by_day(rows, None)] == [(None, 28)]


def test_positions_are_stored_with_their_shard_and_sorted_by_it() -> None:
    rows = pl.concat(
        [heard(211_000_000 + n, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)) for n in range(20)]
    )
    stored = sharded(rows)
    assert stored["shard"].is_sorted()
    assert stored["shard"].to_list() == shard_of(stored["mmsi"].to_numpy()).tolist()
    assert stored.drop("shard").sort("mmsi", "time").equals(rows)
    assert stored["time"].dtype == pl.Datetime("ms", "UTC")
    assert rows["time"][0].tzinfo is not None
    assert rows["time"][0].astimezone(UTC) == utc("2026-01-01")
