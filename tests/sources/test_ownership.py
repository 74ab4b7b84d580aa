"""Tables of owners: every row is an edge or a reject, and what is odd stays with a word on it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import Options, Ownership, Party, Received, UnreadableFileError, schema, utc
from clearwake.sources import ownership
from clearwake.sources.kinds import kinds, roles
from clearwake.sources.shares import shares

Tables = dict[str, pl.DataFrame]
Read = Callable[..., Tables]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read bytes, text or a frame as a table of owners, and check that every row is accounted for."""

    def read_it(content: bytes | str | pl.DataFrame, **mapping: str) -> Tables:
        path = tmp_path / "owners"
        if isinstance(content, pl.DataFrame):
            content.write_parquet(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        options = Options(utc("2026-06-01"), mapping=mapping)
        readings = list(ownership.parse([Received(path, "owners.csv")], options))
        tables = {name: pl.concat([r.tables[name] for r in readings]) for name in readings[0].tables}
        rows = sum(r.rows for r in readings) - sum(sum(r.counts.values()) for r in readings)
        assert rows == tables["ownerships"].height + tables["quarantine"].height
        return tables

    return read_it


def share(said: str) -> tuple[Any, ...]:
    """Read one share among others that are plainly percent."""
    return shares(pl.Series([said, "75"])).row(0)


def test_an_edge_has_owner_owned_role_share_and_dates(read: Read) -> None:
    tables = read(
        "Owner,Owner country,Owned,Owned IMO,Role,Share,From,To\n"
        "Alfa Ltd,Cyprus,Star,9203461,Registered owner,60 %,2018-05-01,2020\n"
    )
    (edge,) = tables["ownerships"].iter_rows(named=True)
    assert (edge["owner"], edge["owned"], edge["role"]) == ("name:ALFA LTD|CYP||", "imo:9203461", "owner")
    assert (edge["share_low"], edge["share_high"], edge["share_text"]) == (60.0, 60.0, "60 %")
    assert (edge["valid_from"], edge["valid_to"]) == (utc("2018-05-01"), utc("2020-12-31"))
    assert tables["parties"].select("kind", "name", "country", "imo").rows() == [
        ("unknown", "Alfa Ltd", "CYP", None),
        ("vessel", "Star", None, "9203461"),
    ]


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("60", 60, 60), ("60 %", 60, 60), ("60,5 percent", 60.5, 60.5), ("25-50", 25, 50), ("25 % \u2013 50 %", 25, 50),
        ("between 25 and 50", 25, 50), (">50%", 50.000001, 100), ("at least 50", 50, 100), ("50+", 50, 100),
        ("up to 25", 0, 25), ("<25 %", 0, 24.999999), ("32/64", 50, 50), ("undisclosed", 0, 100), ("0", 0, 0),
        ("ownership-of-shares-25-to-50-percent", 25.000001, 50),
        ("ownership-of-shares-50-to-75-percent", 50.000001, 74.999999),
        ("ownership-of-shares-75-to-100-percent-as-trust", 75, 100),
    ],
)  # fmt: skip
def test_a_share_is_read_as_the_least_and_the_most_it_leaves(said: str, low: float, high: float) -> None:
    assert share(said) == (low, high, None)


@pytest.mark.parametrize(
    "said", ["140", "140 %", "-5", "-5 %", "majority", "60 to 140", "70/64", "1e9", "nan%"]
)
def test_a_share_that_cannot_be_is_not_known_and_says_why(said: str) -> None:
    low, high, odd = share(said)
    assert (low, high) == (0.0, 100.0)
    assert said in odd


def test_numbers_none_of_which_is_above_one_may_be_parts_of_one() -> None:
    assert shares(pl.Series(["0.6", "0.4"])).rows() == [
        (0.6, 60.0, "share '0.6' may be a percentage or a part of one"),
        (0.4, 40.0, "share '0.4' may be a percentage or a part of one"),
    ]


def test_what_does_not_say_who_or_whom_is_rejected_with_its_line(read: Read) -> None:
    tables = read("owner,owned,share\n,Beta,10\nAlfa,,10\nUnknown,Beta,10\nAlfa,Beta,10\n")
    assert tables["quarantine"].sort("line").select("line", "reason").rows() == [
        (2, "owner missing"), (3, "owned missing"), (4, "owner missing"),
    ]  # fmt: skip
    assert tables["ownerships"]["line"].to_list() == [5]


def test_odd_values_keep_the_edge_and_are_told(read: Read) -> None:
    tables = read(
        "owner,owned,owned_imo,role,share,from,to\n"
        "Alfa,Star,9203462,frenemy,140,03/04/2018,soon\n"
        "Alfa,Beta,,,10,2019-01-01,2018-01-01\n"
    )
    first, second = tables["ownerships"].sort("line").iter_rows(named=True)
    assert first["role"] == "linked"
    assert first["issues"] == [
        "role 'frenemy' is not known: taken as a mere link",
        "share '140' is over 100 %: taken as not known",
        "from: '03/04/2018' has two meanings, day or month first",
        "to: 'soon' is no date that could be read",
    ]
    assert (second["valid_from"], second["valid_to"]) == (None, None)
    assert second["issues"] == ["ends before it starts: both dates taken as not known"]
    assert tables["parties"].filter(name="Star")["issues"].to_list() == [
        ["IMO 9203462 fails the check digit of a ship"]
    ]


def test_a_ship_may_be_named_by_its_number_alone(read: Read) -> None:
    tables = read("owner,owned\nAlfa,IMO 9203461\n")
    assert tables["ownerships"]["owned"].to_list() == ["imo:9203461"]
    assert tables["parties"].filter(kind="vessel")["name"].to_list() == ["IMO 9203461"]


def test_self_edges_and_rings_survive(read: Read) -> None:
    tables = read("owner,owned,share\nAlfa,Alfa,10\nAlfa,Beta,60\nBeta,Alfa,60\n")
    assert tables["ownerships"].height == 3
    assert tables["parties"].height == 2


def test_ids_of_the_file_are_kept(read: Read) -> None:
    tables = read("owner_id,owner,owned_id,share\nofac:24451,Gudzon,Z9,60\n")
    assert tables["ownerships"].select("owner", "owned").rows() == [("ofac:24451", "Z9")]
    assert tables["parties"].filter(id="Z9")["name"].to_list() == ["Z9"]


def test_json_lines_parquet_and_gzip_say_the_same_as_csv(read: Read) -> None:
    csv = "owner,owned,share\nAlfa,Beta,60\n"
    want = read(csv)["ownerships"].drop("line")
    for other in (
        '{"owner": "Alfa", "owned": "Beta", "share": 60}\n',
        pl.DataFrame({"owner": ["Alfa"], "owned": ["Beta"], "share": ["60"]}),
        gzip.compress(csv.encode()),
    ):
        assert read(other)["ownerships"].drop("line").equals(want)
    numbers = read(pl.DataFrame({"owner": ["Alfa"], "owned": ["Beta"], "share": [60.0]}))["ownerships"]
    assert numbers.select("share_low", "share_high").rows() == [(60.0, 60.0)]


@pytest.mark.parametrize(
    "content",
    ["name,price\nAlfa,3\n", "owner,price\nAlfa,3\n", "<html><body>no</body></html>", "PAR1nonsense"],
)
def test_a_file_that_is_no_table_of_owners_is_refused(read: Read, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        read(content)


def test_columns_can_be_named(read: Read) -> None:
    assert read("who,whom\nAlfa,Beta\n", owner="who", owned="whom")["ownerships"].height == 1


def test_roles_and_kinds_are_read_in_common_words() -> None:
    assert roles(pl.Series(["UBO", "Ship_Manager", "DOC holder", None]))[0].to_list() == [
        "beneficial owner", "manager", "ism company", "owner",
    ]  # fmt: skip
    none = pl.Series([None, None, None], dtype=pl.String)
    numbers = pl.Series(["9203461", "5753988", None])
    assert kinds(none, numbers, is_owned=True)[0].to_list() == ["vessel", "company", "unknown"]
    assert kinds(pl.Series(["Individual", "Ship", "alien"]), numbers, is_owned=True)[0].to_list() == [
        "person", "vessel", "unknown",
    ]  # fmt: skip


cells = st.text(st.characters(exclude_characters='",\r\n\0', exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(*[cells] * 7), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_value_never_crashes_and_never_disappears(read: Read, rows: list[tuple[str, ...]]) -> None:
    head = "owner,owned,owned_imo,role,share,from,to\nAlfa,Beta,,,1,,\n"
    tables = read(head + "".join(",".join(row) + "\n" for row in rows))
    assert tables["ownerships"].schema == schema(Ownership)
    assert tables["parties"].schema == schema(Party)
    ends = {*tables["ownerships"]["owner"], *tables["ownerships"]["owned"]}
    assert ends <= set(tables["parties"]["id"])
