"""From when to when a hull was what, and what it is on a day."""

from __future__ import annotations

from datetime import date

import polars as pl
from tests.vessels.ships import hulls

from clearwake.model import utc
from clearwake.vessels import Resolved, on_day


def told(found: Resolved, attribute: str) -> list[tuple[object, ...]]:
    rows = found.history.filter(pl.col("attribute") == attribute)
    return rows.select("value", pl.col("valid_from", "valid_to").dt.strftime("%Y-%m-%dT%H"), "reports").rows()


def test_a_name_given_up_and_taken_again_has_a_row_for_each_time() -> None:
    found = hulls("""
        mmsi       from        hours  name        imo
        353136000  2018-01-01  3      EVER GIVEN  9811000
        353136000  2018-03-01  3      SEA STAR    9811000
        353136000  2018-06-01  3      EVER GIVEN  9811000
    """)
    assert told(found, "name") == [
        ("EVER GIVEN", "2018-01-01T00", "2018-01-01T02", 15),
        ("SEA STAR", "2018-03-01T00", "2018-03-01T02", 15),
        ("EVER GIVEN", "2018-06-01T00", "2018-06-01T02", 15),
    ]


def test_a_name_silent_for_long_while_no_other_was_said_is_one_row() -> None:
    found = hulls("""
        mmsi       from        name        imo
        353136000  2018-01-01  EVER GIVEN  9811000
        353136000  2018-06-01  EVER GIVEN  9811000
    """)
    assert told(found, "name") == [("EVER GIVEN", "2018-01-01T00", "2018-06-01T00", 10)]


def test_draughts_are_a_range_and_numbers_stand_beside_their_words() -> None:
    found = hulls("""
        mmsi       from        draught_m  length_m
        412345678  2018-01-01  6.1        180
        412345678  2018-02-01  11.3       180
    """)
    numbers = found.history.filter(pl.col("attribute").is_in(["draught_m", "length_m", "mmsi"]))
    assert numbers.sort("attribute").select("attribute", "value", "low", "high").rows() == [
        ("draught_m", "6.1 to 11.3", 6.1, 11.3),
        ("length_m", "180", 180.0, 180.0),
        ("mmsi", "412345678", 412345678.0, 412345678.0),
    ]


def test_the_flag_of_the_mmsi_is_told_apart_from_the_flag_claimed() -> None:
    found = hulls("""
        mmsi       from        flag
        353136000  2018-01-01  PAN
        353136000  2018-01-02  TGO
    """)
    assert told(found, "mmsi_flag") == [("PAN", "2018-01-01T00", "2018-01-02T00", 10)]
    assert [row[0] for row in told(found, "flag")] == ["PAN", "TGO"]


def test_what_a_register_and_a_list_say_is_dated_as_they_date_it_with_its_line() -> None:
    found = hulls(
        registered="""
            source  imo      name        former_names  owner   valid_from  valid_to
            panama  9811000  EVER GIVEN  EVER A        Luster  2018-09-25  2024-01-01
        """,
        listed="""
            id      name      imo      aliases  former_names
            ofac-1  NEW NAME  9811000  NEWER    OLDER
        """,
    )
    assert [(*row[:3],) for row in told(found, "name")] == [
        ("EVER GIVEN", "2018-09-25T00", "2024-01-01T00"),
        ("NEW NAME", "2026-03-20T00", None),
        ("OLDER", None, "2026-03-20T00"),
        ("EVER A", None, "2018-09-25T00"),
    ]
    owner = found.history.filter(pl.col("attribute") == "owner").row(0, named=True)
    assert (owner["value"], owner["source"], owner["origin"], owner["line"]) == (
        "Luster",
        "panama",
        "register",
        1,
    )
    assert told(found, "alias") == [("NEWER", "2026-03-20T00", None, 1)]


HULL = """
    mmsi       from        hours  reports  name        imo      callsign
    353136000  2018-01-01  48     5        EVER GIVEN  9811000  H3RC
    636021000  2020-01-01  48     5        SEA STAR    9811000  D5XX
    636021000  2020-01-03  1      2        SEB STAR    9811000  D5XX
"""


def test_on_a_day_a_hull_is_what_it_was_then() -> None:
    found = hulls(HULL + "    412345678  2021-01-01  1  5  SHUN LI  -  -\n")
    then = found.on(date(2018, 6, 1)).row(0, named=True)
    assert (then["name"], then["mmsi"], then["mmsis"], then["callsign"], then["former_names"]) == (
        "EVER GIVEN", 353136000, [353136000], "H3RC", [],
    )  # fmt: skip
    assert then["last_seen"] == utc("2018-01-02T23:00")
    assert found.on(date(2020, 1, 3))["name"].to_list() == ["SEA STAR"]
    assert found.on(date(2020, 1, 3))["former_names"].to_list() == [["EVER GIVEN"]]
    assert found.on(date(2017, 1, 1)).is_empty()
    assert len(found.on(date(2021, 1, 1))) == 2


def test_a_slip_of_typing_heard_last_is_not_the_name() -> None:
    found = hulls(HULL)
    assert found.vessels.select("name", "former_names").rows() == [("SEA STAR", ["EVER GIVEN"])]
    assert "SEB STAR" in found.history["value"].to_list(), "but it is kept"


def test_a_list_says_what_a_ship_is_called_only_where_it_was_not_heard_since() -> None:
    found = hulls(
        HULL,
        listed="id      name    imo      edition         flag\nofac-1  LISTED  9811000  sdn:2019-03-20  Panama",
    )
    assert found.vessels.select("name", "former_names", "sources", "flag").rows() == [
        ("SEA STAR", ["EVER GIVEN", "LISTED"], ["nmea", "ofac"], "PAN")
    ]
    later = hulls(HULL, listed="id      name      imo\nofac-1  LISTED    9811000\nofac-2  Sea-Star  9811000")
    assert later.vessels["name"].to_list() == ["LISTED"]
    assert later.vessels["former_names"].to_list() == [["EVER GIVEN", "SEA STAR"]]
    assert later.on(date(2020, 1, 3))["name"].to_list() == ["SEA STAR"]


def test_history_on_a_day_is_what_held_that_day() -> None:
    past = hulls(
        HULL, registered="imo      owner   valid_from  valid_to\n9811000  Luster  2018-09-25  2019-12-31"
    ).history
    held = on_day(past, date(2018, 1, 2)).select("attribute", "value").rows()
    assert ("name", "EVER GIVEN") in held
    assert not [row for row in held if row[1] in ("SEA STAR", "Luster")]
    assert ("owner", "Luster") in on_day(past, date(2019, 6, 1)).select("attribute", "value").rows()
