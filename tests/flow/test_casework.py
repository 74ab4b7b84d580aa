"""Casework at a desk: several people at once, copies that went out, other desks' chains; SQLite and PostgreSQL."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import text

from clearwake import seal
from clearwake.cases import NotAllowedError, sealed
from clearwake.cases import head as signed
from clearwake.desk import Desk
from clearwake.flow import casetables, casework
from clearwake.flow.casework import By, CaseMovedError
from clearwake.flow.chains import AHEAD
from clearwake.flow.reconcile import stored_schema
from clearwake.flow.signing import KEY_FILE, chain_of, key_of
from clearwake.model import (
    ClearwakeError,
    Entry,
    Gap,
    Head,
    IdentityClaim,
    Item,
    Marking,
    NotFoundError,
    UsageError,
    conform,
    utc,
)
from clearwake.store import Store, database

SATO, KIM = By("Sato", "analyst", "JPN"), By("Kim", "analyst", "KOR")
SEEN = Item("", "sighting", "Two ships side by side.", Marking("JPN"), origin="Japan", ships=("imo:7389704",))
CASE = "2018-02-13-rye-song-gang-1"


@pytest.fixture
def store(tmp_path: Path, url: str | None) -> Iterator[Store]:
    with Store(tmp_path / "desk", url) as opened:
        yield opened


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "here") as opened:
        yield opened


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "there") as opened:
        yield opened


def begun(store: Store) -> str:
    day = date(2018, 2, 13)
    return casework.open_case(
        store, SATO, title="Two ships", day=day, name="RYE SONG GANG 1", items=[SEEN]
    ).id


def test_fifty_people_deciding_at_once_lose_nothing_and_overwrite_nothing(
    store: Store, url: str | None
) -> None:
    case = begun(store)

    def decide(number: int) -> None:
        with Store(store.root, url) as own:
            casework.decide(
                own, case, "note", By(f"person {number}", "analyst", "JPN"), why=f"thought {number}"
            )

    with ThreadPoolExecutor(10) as people:
        list(people.map(decide, range(50)))
    log = casetables.log(store, case)
    assert set(log["why"].to_list()) >= {f"thought {number}" for number in range(50)}
    assert log["number"].to_list() == list(range(1, 53))
    assert casework.check(store) == []


def test_of_many_who_saw_one_version_one_decides_and_the_others_are_told(
    store: Store, url: str | None
) -> None:
    case = begun(store)
    seen = casework.case(store, case).version

    def decide(number: int) -> str:
        with Store(store.root, url) as own:
            try:
                casework.decide(
                    own, case, "note", By(f"person {number}", "analyst", "JPN"), why="x", seen=seen
                )
            except CaseMovedError as moved:
                return str(moved)
        return "decided"

    with ThreadPoolExecutor(5) as people:
        said = list(people.map(decide, range(10)))
    assert said.count("decided") == 1
    assert all("note by person" in each for each in said if each != "decided")
    assert casework.case(store, case).version == seen + 1


def test_a_refused_decision_and_a_refused_batch_write_nothing(store: Store) -> None:
    case = begun(store)
    with pytest.raises(NotAllowedError):
        casework.decide(store, case, "publish", SATO, why="now")
    cited = replace(SEEN, kind="media", citation=None)
    with pytest.raises(UsageError, match="needs one"):
        casework.add(store, case, SEEN, cited, by=SATO)
    with pytest.raises(NotFoundError, match=f"did you mean {CASE}"):
        casework.decide(store, "rye-song-gang-1", "note", SATO, why="?")
    assert casework.case(store, case).version == 2


def test_the_second_case_of_one_name_is_numbered(store: Store) -> None:
    assert [begun(store), begun(store)] == [CASE, f"{CASE}-2"]


def test_whoever_edits_the_database_is_found(here: Store) -> None:
    case = begun(here)
    casework.decide(here, case, "confirm", SATO, why="sure")
    with here._engine.begin() as sql:
        sql.execute(text("UPDATE chain_entries SET body = replace(body, 'sure', 'maybe') WHERE number = 3"))
    assert [each.fault for each in casework.check(here)] == ["edited"]
    with pytest.raises(ClearwakeError, match="is not as it was written"):
        casework.case(here, case)


def test_a_tail_cut_together_with_everything_that_counts_it_is_found_against_a_head_kept_elsewhere(
    here: Store,
) -> None:
    case = begun(here)
    casework.decide(here, case, "note", SATO, why="it was so")
    kept = casework.head(here)
    with here._engine.begin() as sql:
        sql.execute(text("DELETE FROM chain_entries WHERE number = 3"))
        sql.execute(text("DELETE FROM heads"))
        sql.execute(text("UPDATE case_versions SET version = 2"))
    assert casework.check(here) == []
    assert [each.fault for each in casework.check(here, [kept])] == ["cut"]


def test_the_key_of_a_desk_is_for_its_owner_alone(here: Store) -> None:
    name = chain_of(here)
    path = here.root / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert chain_of(here) == name
    path.chmod(0o644)
    with pytest.raises(ClearwakeError, match="others may read"):
        chain_of(here)


def test_a_copy_that_leaves_is_on_record(here: Store) -> None:
    case = begun(here)
    casework.record_copy(here, case, "dossier.pdf", "AUS", "0" * 64, SATO)
    last = casework.case(here, case).decisions[-1]
    assert (last.act, dict(last.told)) == ("copy", {"what": "dossier.pdf", "to": "AUS", "sha256": "0" * 64})


def exchanged(store: Store) -> tuple[list[Entry], list[Head]]:
    made = casework.head(store)
    return casework.entries_for_exchange(store), [*store.cases.heads(), made]


def test_two_desks_that_exchange_have_the_same_case_whatever_was_decided_meanwhile(
    here: Store, there: Store
) -> None:
    case = begun(here)
    casework.take_in(there, *exchanged(here))
    casework.decide(here, case, "confirm", SATO, why="clear")
    casework.decide(there, case, "refute", KIM, why="another ship")
    first = casework.take_in(here, *exchanged(there))
    casework.take_in(there, *exchanged(here))
    assert casework.take_in(here, *exchanged(there)).entries == 0
    assert first == casework.Taken(1, 1, (case,))
    assert casework.case(here, case) == casework.case(there, case)
    assert casework.check(here) == casework.check(there) == []


def test_what_a_desk_may_read_later_is_filled_in(here: Store, there: Store) -> None:
    case = begun(here)
    entries, heads = exchanged(here)
    headers = [replace(each, case=None, salt=None, body=None) for each in entries]
    assert casework.take_in(there, headers, heads) == casework.Taken(2, 0, ())
    with pytest.raises(NotFoundError):
        casework.case(there, case)
    assert casework.take_in(there, entries, heads) == casework.Taken(0, 2, (case,))
    assert casework.case(there, case) == casework.case(here, case)


def refused(there: Store, entries: list[Entry], heads: list[Head]) -> str:
    with pytest.raises(ClearwakeError) as found:
        casework.take_in(there, entries, heads)
    assert there.cases.entries() == []
    return str(found.value)


def test_a_chain_that_was_changed_cut_or_is_vouched_for_by_nobody_is_refused(
    here: Store, there: Store
) -> None:
    begun(here)
    entries, heads = exchanged(here)
    assert "edited" in refused(there, [replace(entries[0], body="{}"), *entries[1:]], heads)
    assert "cut" in refused(there, entries[:1], heads)
    assert "missing" in refused(there, entries[1:], heads)
    assert "no head signed by its desk covers entry 1" in refused(there, entries, [])
    thief = signed(seal.new_key(), chain_of(here), 2, entries[-1].hash, heads[0].signed_at)
    assert "forged" in refused(there, entries, [thief])


def test_a_chain_told_anew_is_refused_by_who_holds_the_old_one(
    here: Store, there: Store, tmp_path: Path
) -> None:
    begun(here)
    casework.take_in(there, *exchanged(here))
    with Store(tmp_path / "anew") as anew:
        (anew.root / KEY_FILE).write_text((here.root / KEY_FILE).read_text())
        (anew.root / KEY_FILE).chmod(0o600)
        begun(anew)
        with pytest.raises(ClearwakeError, match="rewritten: entry 1 differs from the one held here"):
            casework.take_in(there, *exchanged(anew))


def test_a_desk_whose_end_was_cut_learns_it_from_its_partner(here: Store, there: Store) -> None:
    case = begun(here)
    casework.decide(here, case, "note", SATO, why="it was so")
    casework.take_in(there, *exchanged(here))
    with here._engine.begin() as sql:
        sql.execute(text("DELETE FROM chain_entries WHERE number = 3"))
        sql.execute(text("UPDATE case_versions SET version = 2"))
    with pytest.raises(ClearwakeError, match="others hold entry 3 of this desk's own chain"):
        casework.take_in(here, *exchanged(there))


def test_a_decision_of_a_clock_far_ahead_is_refused_and_one_a_little_ahead_keeps_its_order(
    here: Store, there: Store
) -> None:
    case = begun(here)
    entries, heads = exchanged(here)
    decided = casework.case(here, case).decisions[0].at
    with pytest.raises(ClearwakeError, match="yet to come"):
        casework.take_in(there, entries, heads, decided - AHEAD - timedelta(minutes=1))
    casework.take_in(there, entries, heads, decided - timedelta(hours=1))
    ahead = [casework.decide(there, case, "note", KIM, why=str(number)).decisions[-1] for number in range(3)]
    assert [each.why for each in ahead] == ["0", "1", "2"]
    assert decided < ahead[0].at < ahead[1].at < ahead[2].at, (
        "after what it was decided on, whatever a clock says"
    )


def test_the_clock_of_a_detention_runs_from_the_day_it_began(here: Store) -> None:
    case = begun(here)
    told = {"by": "KOR", "on": "2018-01-15"}
    casework.decide(here, case, "detain", SATO, why="held at Yeosu", told=told)
    clock = casetables.told(here, case, date(2018, 7, 1))["clock"]
    due = next(row for row in clock if row["kind"] == "six months")
    assert (due["day"], due["status"], due["days_from_now"]) == (date(2018, 7, 15), "coming", 14)
    casework.decide(here, case, "release", SATO, why="let go", told={"on": "2018-08-01"})
    watched = [
        row["day"] for row in casetables.told(here, case, date(2018, 9, 1))["clock"] if row["kind"] == "watch"
    ]
    assert watched[0] == date(2018, 8, 31)


def test_each_desk_has_its_own_key_and_signs_with_it(here: Store, there: Store) -> None:
    assert chain_of(here) != chain_of(there)
    assert seal.public_hex(key_of(here)) == casework.head(here).public_key


def test_after_a_release_what_the_ship_does_is_told(here: Store) -> None:
    case = begun(here)
    casework.decide(here, case, "detain", SATO, why="held", told={"on": "2018-01-15"})
    casework.decide(here, case, "release", SATO, why="let go", told={"on": "2018-08-01"})
    claim = {"mmsi": 445123000, "imo": "7389704", "source": "nmea", "reports": 1}
    gaps = [
        {
            "id": f"gap:{month}",
            "kind": "gap",
            "start": utc(f"2018-{month}-01"),
            "mmsi_a": 445123000,
            "withdrawn": False,
        }
        for month in ("07", "09")
    ]
    with here.commit() as commit:
        commit.append("claims", None, conform(pl.DataFrame([claim]), IdentityClaim))
        commit.append("gaps", None, pl.DataFrame(gaps, schema=stored_schema(Gap)))
    told = casetables.told(here, case)["reminders"]
    assert told == ["since the release: gap on 2018-09-01 (gap:09)"]


def test_what_was_known_of_cases_then_is_told_of_that_moment(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk") as desk:
        first = desk.cases.open(title="Before", day=date(2018, 2, 13), ships=["A"])
        then = first.decisions[-1].at
        while casework.decide(desk.store, first.id, "note", SATO, why="later").decisions[-1].at <= then:
            pass
        assert desk.show("cases", as_of=then)["version"].to_list() == [1]
        assert desk.show("cases")["version"][0] > 1


def test_a_database_is_named_by_its_usual_address_and_anything_else_is_told() -> None:
    pytest.importorskip("psycopg")
    assert database.connect("postgresql://nobody@127.0.0.1:1/none").url.drivername == "postgresql+psycopg"
    for wrong in ("no address", "oracle://nobody@127.0.0.1/none", "nonsense://x"):
        with pytest.raises(ClearwakeError, match="read as the address of a database"):
            database.connect(wrong)


def test_a_decision_that_is_dated_back_is_refused(here: Store, there: Store) -> None:
    case = begun(here)
    key, chain, entries = key_of(here), chain_of(here), casework.entries_for_exchange(here)
    early = casework.case(here, case).decisions[0]
    back = replace(early, id=seal.random_id("decision"), act="note", at=early.at - timedelta(days=9))
    forged = sealed(chain, 3, entries[-1].hash, case, back)
    told = refused(there, [*entries, forged], [signed(key, chain, 3, forged.hash, early.at)])
    assert "before what was sealed before it" in told
