from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given as law
from hypothesis import settings
from hypothesis import strategies as st
from tests.lists.reading import RECEIVED_AT, entries, given, read, rejected

from clearwake.lists import LISTS, status_on
from clearwake.model import Options, Ownership, UnreadableFileError, UsageError, records

PERIODS = """name,imo,status,from,to,programme
PATRIOT,9003550,proposed,2018-03-01,2018-03-31,DPRK
PATRIOT,9003550,on hold,2018-04-01,2018-04-30,DPRK
PATRIOT,9003550,listed,2018-05-01,,DPRK
BELLA,9085730,listed,2017-01-01,2018-04-09,DPRK
"""


def moment(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59+00:00")


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2016-01-01", []),
        ("2018-03-15", [("BELLA", "listed"), ("PATRIOT", "proposed")]),
        ("2018-03-31", [("BELLA", "listed"), ("PATRIOT", "proposed")]),
        ("2018-04-09", [("BELLA", "listed"), ("PATRIOT", "on hold")]),
        ("2018-04-15", [("BELLA", "removed"), ("PATRIOT", "on hold")]),
        ("2018-06-01", [("BELLA", "removed"), ("PATRIOT", "listed")]),
    ],
)
def test_each_day_has_its_status(tmp_path: Path, day: str, standing: list[tuple[str, str]]) -> None:
    entered = read("watchlist", given(tmp_path, mine_csv=PERIODS))["designations"]
    then = status_on(entered, moment(day)).select("name", "status").sort("name")
    assert then.rows() == standing


def test_every_kind_of_party_and_every_spelling_of_a_heading_is_read(tmp_path: Path) -> None:
    table = (
        "Ship Name;IMO_Number;SSVID;Call-Sign;Flag State;Kind;DOB;Nationality;Program;Since;Ship Manager;"
        "Owner;Reason\n"
        "Patriot (formerly Old One);IMO 9003550;273000000;UBXX5;Russia;Tanker;;;DPRK4|NPWMD;2018-08;"
        "Gudzon;Primorye;coal\n"
        "Ahmadi, Ali;;;;;individual;6 Feb 1967;Iran;SDGT;;;;\n"
        "Gudzon;;;;;firm;;Russia;;;;;\n"
        "North Korea;;;;;state;;;UN;;;;\n"
    )
    tables = read("watchlist", given(tmp_path, mine_csv=table))
    assert rejected(tables) == []
    ship, person, firm, country = entries(tables).values()
    assert (ship.kind, ship.name, ship.former_names, ship.imo, ship.mmsi, ship.callsign, ship.flag) == (
        "vessel", "Patriot", ("Old One",), "9003550", 273000000, "UBXX5", "Russia",
    )  # fmt: skip
    assert (ship.programmes, ship.listed_on, ship.remarks) == (
        ("DPRK4", "NPWMD"), datetime(2018, 8, 1, tzinfo=UTC), "coal",
    )  # fmt: skip
    assert (person.kind, person.birth_date, person.country) == ("person", "1967-02-06", "Iran")
    assert (firm.kind, country.kind, country.programmes) == ("company", "country", ("UN",))
    found = {
        (one.owner, one.role, one.share_low, one.share_high)
        for one in records(tables["ownerships"], Ownership)
    }
    assert found == {(firm.id, "manager", None, None), ("watchlist:named:PRIMORYE", "owner", 0.0, 100.0)}


def test_json_lines_an_array_and_parquet_say_the_same_as_the_table(tmp_path: Path) -> None:
    rows = [
        {"name": "PATRIOT", "imo": 9003550, "aliases": ["A", "B"]},
        {"name": "BELLA", "imo": None, "aliases": []},
    ]
    frame = pl.DataFrame(rows)
    frame.write_parquet(tmp_path / "x.parquet")
    forms: dict[str, str | bytes] = {
        "lines": frame.write_ndjson(),
        "array": "[" + ",".join(frame.write_ndjson().splitlines()) + "]",
        "parquet": (tmp_path / "x.parquet").read_bytes(),
        "text": "name,imo,aliases\nPATRIOT,9003550,A; B\nBELLA,,\n",
    }
    read_as = {}
    for form, content in forms.items():
        found = entries(read("watchlist", given(tmp_path, mine=content)))
        read_as[form] = [(one.name, one.imo, one.aliases, one.kind) for one in found.values()]
    assert (
        set(map(str, read_as.values()))
        == {"[('PATRIOT', '9003550', ('A', 'B'), 'vessel'), ('BELLA', None, (), 'unknown')]"}
    )  # fmt: skip


def test_what_is_no_row_in_an_array_is_put_into_quarantine_and_the_rest_is_kept(tmp_path: Path) -> None:
    tables = read("watchlist", given(tmp_path, mine='[{"name": "PATRIOT", "imo": "9003550"}, "BELLA", 7]'))
    assert [one.name for one in entries(tables).values()] == ["PATRIOT"]
    assert [row[1:] for row in rejected(tables)] == [
        (2, "not a row of this table"), (3, "not a row of this table"),
    ]  # fmt: skip


def test_odd_values_are_kept_and_told(tmp_path: Path) -> None:
    table = (
        "id,name,imo,kind,status,from,to\n7,STAR,9003551,zeppelin,watch,2020-05-01,2020-01-01\n"
        "8,,9003550,,delisted,soon,\n9,unknown,-,,,,\n"
    )
    tables = read("watchlist", given(tmp_path, mine_csv=table))
    star, nameless = entries(tables).values()
    assert (star.id, star.kind, star.status) == ("watchlist:mine:7", "unknown", "removed")
    assert star.issues == (
        "the kind 'zeppelin' is none that is known",
        "IMO 9003551 fails the check digit of a ship",
        "it ended on 2020-01-01, before it began on 2020-05-01",
        "the status 'watch' is none that is known; it is taken as listed",
    )
    assert (nameless.name, nameless.status, nameless.listed_on) == ("IMO 9003550", "removed", None)
    assert "the day it began 'soon' could not be read as a date" in nameless.issues
    assert rejected(tables) == [("mine.csv", 4, "nothing to recognise it by")]


def test_a_file_and_next_weeks_are_editions_of_one_list(tmp_path: Path) -> None:
    content = "name\nPATRIOT\n"
    parts = []
    for name in ("fleet_csv", "fleet-2026-11-22_csv", "fleet_20261129_csv"):
        (received,) = given(tmp_path, **{name: content})
        parts += read("watchlist", [received])["editions"]["part"].to_list()
    assert parts == ["fleet"] * 3


def test_columns_are_mapped_by_name_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    files = given(tmp_path, mine_csv="lr,who\n9003550,PATRIOT\n")
    parse = next(one.parse for one in LISTS if one.name == "watchlist")
    (reading,) = parse(files, Options(RECEIVED_AT, mapping={"imo": "lr", "name": "who"}))
    assert reading.tables["designations"].select("name", "imo").rows() == [("PATRIOT", "9003550")]
    with pytest.raises(UnreadableFileError, match="no column lrno"):
        list(parse(files, Options(RECEIVED_AT, mapping={"imo": "lrno"})))
    with pytest.raises(UsageError, match="has no colour"):
        list(parse(files, Options(RECEIVED_AT, mapping={"colour": "lr"})))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<html>503</html>", "a web page"),
        ("colour,size\nred,1\n", "no column for name or imo or mmsi or callsign"),
        ('name,imo\nPATRIOT,"90', "ends after|opens one|cut"),
        ('{"name": "PATRIOT"}\n{"name": "BEL', "line 2"),
        ('[{"name": "PATRIOT"}, {"na', "array|Expecting|Unterminated"),
        (b"PAR1garbage", "Parquet|parquet"),
        ("name,imo\n", "0 entries"),
    ],
)
def test_a_file_that_is_no_watch_list_is_refused(tmp_path: Path, content: str | bytes, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("watchlist", given(tmp_path, mine=content), excerpt=False)


CELL = st.text(st.characters(exclude_characters='"\r\n\0', codec="utf-8"), max_size=12)
ROW = st.tuples(*[CELL] * 8).filter(lambda row: any(cell.strip() for cell in row))
"""A line in which nothing stands is no row."""


@settings(max_examples=60, deadline=None)
@law(cells=st.lists(ROW, min_size=1, max_size=6))
def test_whatever_a_cell_says_no_row_disappears(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, ...]]
) -> None:
    head = "name,imo,mmsi,kind,status,from,to,owner\n"
    table = head + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in cells)
    tables = read("watchlist", given(tmp_path_factory.mktemp("law"), mine_csv=table))
    assert tables["designations"].height + len(rejected(tables)) == len(cells)
    assert tables["designations"]["id"].is_unique().all()
