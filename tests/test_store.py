"""The store on SQLite and on PostgreSQL: what is committed comes back, what is not never was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from clearwake.model import ClearwakeError, NotFoundError, Position, Receipt, UsageError, empty, utc
from clearwake.store import Commit, DeskBusyError, Store, commit, database, schema

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
Open = Callable[..., Store]


@pytest.fixture
def desk(tmp_path: Path, url: str | None) -> Iterator[Open]:
    """Opens the same desk as often as asked, and closes it again."""
    opened: list[Store] = []

    def open_desk(**options: object) -> Store:
        opened.append(Store(tmp_path / "desk", url, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_desk
    for store in opened:
        store.close()


def rows(*values: int) -> pl.DataFrame:
    return pl.DataFrame({"value": values}, schema={"value": pl.Int64})


def values(store: Store, table: str, first: date | None = None, last: date | None = None) -> list[int]:
    return store.scan(table, first, last, pl.Schema({"value": pl.Int64})).collect()["value"].to_list()


def receipt(sha256: str = "ab" * 32, source: str = "table") -> Receipt:
    heard = datetime(2026, 1, 5, 12, 30, 15, 250_000, UTC)
    return Receipt(0, sha256, "day.csv", source, 5_000_000_000, heard, utc("2026-01-04"), "CC0", None)


def files(store: Store) -> set[Path]:
    return {path for path in (store.root / "tables").rglob("*") if path.is_file()}


def test_rows_come_back_as_they_were_written_whatever_their_types(desk: Open) -> None:
    frame = pl.DataFrame(
        {
            "track": [1, None],
            "time": [utc("2026-01-05T10:00"), None],
            "seen": [["a", "b"], []],
            "where": [{"lon": 1.5, "lat": None}, None],
            "bytes": [b"\0\xff", None],
            "label": ["", None],
        },
        schema_overrides={"time": pl.Datetime("ms", "UTC")},
    )
    with desk().commit() as change:
        change.append("state/gap", MONDAY, frame)
    assert desk().scan("state/gap").collect().equals(frame)


def test_a_part_says_its_day_its_rows_and_its_first_and_last_time(desk: Open) -> None:
    when = [utc("2026-01-05T10:00"), utc("2026-01-05T09:00"), None]
    later = [utc("2026-01-05T12:00"), utc("2026-01-05T13:00"), None]
    with desk().commit() as change:
        change.append("positions", MONDAY, pl.DataFrame({"known_at": later, "time": when}))
        change.append("gaps", TUESDAY, pl.DataFrame({"start": when, "end": later}).lazy())
        change.append("claims", None, pl.DataFrame({"first_seen": when, "last_seen": later}))
        change.append("anchorages", None, rows(1, 2))
    span = (3, utc("2026-01-05T09:00"), utc("2026-01-05T10:00"))
    found = [desk().parts(table)[0] for table in ("positions", "gaps", "claims", "anchorages")]
    assert [(p.rows, p.first_time, p.last_time) for p in found] == [span, span, span, (2, None, None)]
    assert [(p.number, p.table, p.day) for p in found] == [
        (1, "positions", MONDAY),
        (2, "gaps", TUESDAY),
        (3, "claims", None),
        (4, "anchorages", None),
    ]


def test_a_scan_gives_the_days_asked_for_by_day_and_then_in_the_order_of_commits(desk: Open) -> None:
    store = desk()
    for day, value in ((TUESDAY, 1), (MONDAY, 2), (WEDNESDAY, 3), (TUESDAY, 4)):
        with store.commit() as change:
            change.append("gaps", day, rows(value))
    assert values(store, "gaps") == [2, 1, 4, 3]
    assert values(store, "gaps", TUESDAY, TUESDAY) == [1, 4]
    assert values(store, "gaps", first=TUESDAY) == [1, 4, 3]
    assert values(store, "gaps", last=MONDAY) == [2]
    assert [part.number for part in store.parts("gaps", after=2)] == [3, 4]
    assert [part.number for part in store.parts("gaps", first=TUESDAY, last=TUESDAY)] == [1, 4]
    assert store.scan_parts(store.parts("gaps", after=2)).collect()["value"].to_list() == [3, 4]
    assert (store.tables(), store.days("gaps")) == (["gaps"], [MONDAY, TUESDAY, WEDNESDAY])


def test_parts_without_a_day_belong_to_every_day(desk: Open) -> None:
    with desk().commit() as change:
        change.append("anchorages", None, rows(7))
    assert values(desk(), "anchorages", MONDAY, MONDAY) == [7]
    assert desk().days("anchorages") == []


def test_a_table_without_parts_is_empty_in_the_schema_of_its_record(desk: Open) -> None:
    assert desk().scan("positions", record=Position).collect().equals(empty(Position))
    assert desk().scan("positions").collect().is_empty()
    assert desk().parts("positions") == []
    assert desk().tables() == []


def test_a_part_written_before_a_column_was_added_has_it_as_null(desk: Open) -> None:
    with desk().commit() as change:
        change.append("gaps", MONDAY, rows(1))
    now = pl.Schema({"value": pl.Int64, "cause": pl.String})
    assert desk().scan("gaps", record=now).collect().rows() == [(1, None)]


def test_a_replaced_day_has_only_the_new_rows_and_the_other_days_keep_theirs(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
        change.append("gaps", MONDAY, rows(2))
        change.append("gaps", TUESDAY, rows(3))
        change.append("gaps", None, rows(4))
        change.append("loiterings", MONDAY, rows(5))
    with store.commit() as change:
        change.replace("gaps", MONDAY, rows(6))
        change.append("gaps", MONDAY, rows(7))
        change.replace("gaps", None, rows(8))
    assert sorted(values(store, "gaps")) == [3, 6, 7, 8]
    assert values(store, "loiterings") == [5]


def test_replacing_with_no_rows_leaves_nothing_there(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
        change.append("gaps", TUESDAY, rows(2))
    with store.commit() as change:
        change.replace("gaps", MONDAY, rows())
        change.replace("gaps", TUESDAY, rows().lazy())
    assert (values(store, "gaps"), store.tables()) == ([], [])


def test_what_is_said_later_in_a_commit_replaces_what_was_said_earlier_in_it(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
        change.replace("gaps", MONDAY, rows(2))
        change.append("gaps", WEDNESDAY, rows(3))
        change.drop("gaps", after=TUESDAY)
        change.append("loiterings", MONDAY, rows(4))
        change.drop("loiterings")
    assert (values(store, "gaps"), values(store, "loiterings")) == ([2], [])
    assert len(files(store)) == 1


def test_dropping_forgets_later_days_and_without_a_day_everything(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        for value, day in enumerate((MONDAY, TUESDAY, WEDNESDAY, None)):
            change.append("state/gap", day, rows(value))
    with store.commit() as change:
        change.drop("state/gap", after=MONDAY)
    assert sorted(values(store, "state/gap")) == [0, 3]
    with store.commit() as change:
        change.drop("state/gap")
    assert store.tables() == []


def test_a_number_is_never_given_twice(desk: Open) -> None:
    store = desk()
    for value in (1, 2):
        with store.commit() as change:
            change.replace("gaps", MONDAY, rows(value))
            change.drop("gaps", after=WEDNESDAY)
    with store.commit() as change:
        change.drop("gaps")
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(3))
    assert [part.number for part in store.parts("gaps", after=2)] == [3]


def test_a_receipt_has_the_number_that_its_rows_were_given(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        numbers = [change.receive(receipt(sha256)) for sha256 in ("aa", "bb", "aa")]
    assert numbers == [1, 2, 1]
    held = store.receipt("bb", "table")
    assert held == Receipt(**{**vars(receipt("bb")), "number": 2})
    assert store.receipts().rows() == [
        tuple(vars(store.receipt(sha, "table")).values()) for sha in ("aa", "bb")
    ]


def test_the_same_bytes_for_the_same_reader_are_received_once(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        assert change.receive(receipt("aa")) == 1
    with store.commit() as change:
        assert change.receive(receipt("aa")) == 1
        assert change.receive(receipt("aa", source="nmea")) == 2
    assert store.receipts()["source"].to_list() == ["table", "nmea"]
    assert store.receipt("aa", "dma") is None


def test_settings_keep_any_json_and_none_forgets_them(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.set("progress", {"until": "2026-01-05", "steps": [1, 2.5, None, True]})
        change.set("mark", 0)
    assert store.get("progress") == {"until": "2026-01-05", "steps": [1, 2.5, None, True]}
    assert (store.get("mark"), store.get("never")) == (0, None)
    with store.commit() as change:
        change.set("progress", None)
    assert store.get("progress") is None


def test_an_error_in_the_block_undoes_all_of_it(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
    before = files(store)
    with pytest.raises(ZeroDivisionError), store.commit() as change:  # noqa: PT012 - the block is what fails
        change.receive(receipt())
        change.append("gaps", TUESDAY, rows(2))
        change.replace("gaps", MONDAY, rows(3))
        change.drop("gaps")
        change.set("progress", 1)
        raise ZeroDivisionError
    assert (values(store, "gaps"), store.receipts().height, store.get("progress")) == ([1], 0, None)
    assert files(store) == before
    assert list((store.root / commit.INCOMING).iterdir()) == []


def test_an_error_in_the_transaction_undoes_what_was_already_in_place(
    desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = desk()

    def fail(_commit: Commit, _sql: object) -> None:
        assert len(files(store)) == 2, "the part and the plan that names it"
        raise ZeroDivisionError

    monkeypatch.setattr(Commit, "_record", fail)
    with pytest.raises(ZeroDivisionError), store.commit() as change:
        change.append("gaps", TUESDAY, rows(2))
    assert (values(store, "gaps"), files(store)) == ([], set())


def test_an_error_after_the_transaction_undoes_nothing(desk: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk()
    finish = Commit.finish

    def lose_the_answer(self: Commit) -> None:
        finish(self)
        raise ConnectionResetError

    monkeypatch.setattr(Commit, "finish", lose_the_answer)
    with pytest.raises(ConnectionResetError), store.commit() as change:
        change.append("gaps", TUESDAY, rows(2))
    assert values(store, "gaps") == [2]


def test_nothing_is_named_before_the_disk_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, Path]] = []
    store = Store(tmp_path / "desk")
    rename, record = Path.rename, Commit._record

    def noting_rename(file: Path, to: Path) -> Path:
        done.append(("rename", file))
        return rename(file, to)

    def noting_record(change: Commit, sql: Connection) -> None:
        done.append(("record", tmp_path))
        record(change, sql)

    monkeypatch.setattr(
        "clearwake.store.parts.os.fsync", lambda handle: done.append(("sync", opened(handle)))
    )
    monkeypatch.setattr(Path, "rename", noting_rename)
    monkeypatch.setattr(Commit, "_record", noting_record)
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
    store.close()
    (part,) = (file for what, file in done if what == "rename")
    tables = tmp_path / "desk" / "tables"
    before = done[: done.index(("rename", part))]
    assert {
        ("sync", path) for path in (part, part.parent / "plan", part.parent, tables / ".incoming")
    } <= set(before)
    after = done[done.index(("rename", part)) : done.index(("record", tmp_path))]
    assert {("sync", tables), ("sync", tables / "gaps"), ("sync", tables / "gaps" / "2026-01-05")} <= set(
        after
    )


def opened(handle: int) -> Path:
    return Path(f"/proc/self/fd/{handle}").readlink()


def test_a_large_file_is_committed_chunk_by_chunk(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        for start in range(0, 50, 10):
            change.append("positions", MONDAY, rows(*range(start, start + 10)))
        assert values(store, "positions") == []
    assert values(store, "positions") == list(range(50))


def test_a_day_can_be_replaced_by_a_scan_of_itself(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("positions", MONDAY, rows(1, 2))
        change.append("positions", MONDAY, rows(3))
    with store.commit() as change:
        change.replace("positions", MONDAY, store.scan("positions", MONDAY, MONDAY))
    assert values(store, "positions") == [1, 2, 3]
    assert [part.rows for part in store.parts("positions")] == [3]


def test_a_scan_made_before_a_commit_still_gives_what_it_saw(desk: Open) -> None:
    store = desk()
    with store.commit() as change:
        change.append("gaps", MONDAY, rows(1))
    seen = store.scan("gaps")
    for value in (2, 3):
        with store.commit() as change:
            change.replace("gaps", MONDAY, rows(value))
    assert seen.collect()["value"].to_list() == [1]
    assert values(store, "gaps") == [3]


def test_replaced_parts_stay_while_the_desk_is_open_and_go_when_it_is_next_opened(desk: Open) -> None:
    first, reader = desk(), desk()
    for value in (1, 2):
        with first.commit() as change:
            change.replace("gaps", MONDAY, rows(value))
    first.close()
    assert len(files(desk())) == 2
    reader.close()


def test_replaced_parts_go_when_a_desk_that_nobody_has_open_is_opened(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        for value in (1, 2):
            with store.commit() as change:
                change.replace("gaps", MONDAY, rows(value))
        assert len(files(store)) == 2
    with Store(tmp_path) as store:
        assert files(store) == {part.path for part in store.parts("gaps")}
        assert values(store, "gaps") == [2]


def test_replaced_parts_are_deleted_by_a_later_commit_once_they_are_old(desk: Open) -> None:
    store = desk(keep_replaced=timedelta(0))
    for value in (1, 2):
        with store.commit() as change:
            change.replace("gaps", MONDAY, rows(value))
    assert files(store) == {part.path for part in store.parts("gaps")}


@pytest.mark.parametrize("name", ["", "../gaps", "/gaps", "gaps/", "Gaps", "a b", ".incoming"])
def test_a_table_is_only_called_what_a_folder_can_be_called(name: str, desk: Open) -> None:
    store = desk()
    with pytest.raises(UsageError, match="not a table's name"):
        store.scan(name)
    with pytest.raises(UsageError), store.commit() as change:
        change.append(name, MONDAY, rows(1))


def test_a_second_writer_is_told_who_writes_and_readers_are_not_kept_waiting(desk: Open) -> None:
    first, second = desk(), desk()
    with first.commit() as change:
        change.append("gaps", MONDAY, rows(1))
        with (
            pytest.raises(DeskBusyError, match=f"process {os.getpid()}; waited 0.1 s"),
            second.commit(wait_s=0.1),
        ):
            pass
        assert values(second, "gaps") == []
    with second.commit() as change:
        change.append("gaps", MONDAY, rows(2))
    assert values(first, "gaps") == [1, 2]


def test_a_writer_that_must_read_first_can_keep_others_out_over_several_commits(desk: Open) -> None:
    first, second = desk(), desk()
    with first.exclusive():
        for value in (1, 2):
            with first.commit() as change:
                change.set("progress", value)
            with pytest.raises(DeskBusyError), second.commit(wait_s=0):
                pass
    with second.commit(wait_s=0) as change:
        change.set("progress", 3)
    assert first.get("progress") == 3


def test_opening_a_desk_while_another_writes_leaves_the_writer_its_files(desk: Open) -> None:
    with desk().commit() as change:
        change.append("gaps", MONDAY, rows(1))
        desk()
    assert values(desk(), "gaps") == [1]


def test_parts_say_the_units_of_their_record(tmp_path: Path) -> None:
    with Store(tmp_path / "desk") as store:
        with store.commit() as change:
            change.append("positions", MONDAY, empty(Position).clear(3), Position)
            change.append("positions", MONDAY, empty(Position).clear(3).lazy(), Position)
        for part in store.parts("positions"):
            assert '"speed_kn": "kn"' in pl.read_parquet_metadata(part.path)["units"]


def test_a_desk_is_not_made_when_it_is_only_to_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no desk"):
        Store(tmp_path / "desk", create=False)
    assert not (tmp_path / "desk").exists()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "case.db").write_text("a letter " * 200)
    with pytest.raises(ClearwakeError, match="not a database"):
        Store(tmp_path)
    assert (tmp_path / "case.db").read_text().startswith("a letter")


def test_a_desk_written_by_a_later_version_is_refused(desk: Open) -> None:
    store = desk()
    with store._engine.begin() as sql:
        sql.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ClearwakeError, match="written by a later clearwake"):
        desk()


def test_the_migrations_make_the_tables_that_a_new_desk_is_made_with(desk: Open, tmp_path: Path) -> None:
    migrated = database.connect(f"sqlite:///{tmp_path / 'migrated.db'}")
    database.upgrade(migrated)
    assert ScriptDirectory.from_config(database.migrations()).get_heads() == [schema.HEAD]
    for engine in (desk()._engine, migrated):
        assert database.revision(engine) == schema.HEAD
        with engine.connect() as sql:
            assert compare_metadata(MigrationContext.configure(sql), schema.metadata) == []


def test_a_new_desk_is_made_without_loading_the_migrations(tmp_path: Path) -> None:
    code = (
        "import sys; from clearwake.store import Store; Store(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "desk")], check=True)


def test_a_time_without_an_offset_is_not_stored(desk: Open) -> None:
    naive = Receipt(**{**vars(receipt()), "known_at": datetime(2026, 1, 5)})  # noqa: DTZ001 - what is refused
    with pytest.raises(Exception, match="without an offset"), desk().commit() as change:
        change.receive(naive)


def test_opening_a_desk_that_is_up_to_date_does_not_load_the_migrations(tmp_path: Path) -> None:
    Store(tmp_path / "desk").close()
    code = (
        "import sys; from clearwake.store import Store; Store(sys.argv[1]).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "desk")], check=True)


DAYS = st.sampled_from([MONDAY, TUESDAY, WEDNESDAY, None])
CHANGES: st.SearchStrategy[tuple[str, date | None, list[int]]] = st.one_of(
    st.tuples(st.just("append"), DAYS, st.lists(st.integers(0, 9), max_size=3)),
    st.tuples(st.just("replace"), DAYS, st.lists(st.integers(0, 9), max_size=3)),
    st.tuples(st.just("drop"), DAYS, st.just([])),
)


def expected(held: dict[date | None, list[int]], change: tuple[str, date | None, list[int]]) -> None:
    """Do to a plain dictionary what the store is asked to do."""
    what, day, new = change
    if what == "append":
        held[day] = held.get(day, []) + new
    elif what == "replace":
        held[day] = new
    else:
        for gone in [d for d in held if day is None or (d is not None and d > day)]:
            del held[gone]


class Undone(Exception):  # noqa: N818 - not an error: how a test leaves a commit
    pass


@given(commits=st.lists(st.tuples(st.lists(CHANGES, max_size=6), st.booleans()), max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_changes_leave_what_the_finished_commits_say_and_no_other_file(
    commits: list[tuple[list[tuple[str, date | None, list[int]]], bool]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    held: dict[date | None, list[int]] = {}
    with Store(tmp_path_factory.mktemp("law"), keep_replaced=timedelta(0)) as store:
        for changes, is_finished in commits:
            after = {day: list(found) for day, found in held.items()}
            with suppress(Undone), store.commit() as change:
                for what, day, new in changes:
                    expected(after, (what, day, new))
                    if what == "drop":
                        change.drop("gaps", day)
                    else:
                        getattr(change, what)("gaps", day, rows(*new))
                if not is_finished:
                    raise Undone
            held = after if is_finished else held
        days: list[date | None] = [None, MONDAY, TUESDAY, WEDNESDAY]
        assert values(store, "gaps") == [value for day in days for value in held.get(day, [])]
        assert files(store) == {part.path for part in store.parts("gaps")}
