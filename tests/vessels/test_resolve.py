"""Which claims, registrations and listings are one hull."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vessels.ships import hulls, listings, named, registrations

from clearwake.model import (
    Designation,
    IdentityClaim,
    Track,
    Vessel,
    VesselHistory,
    conform,
    empty,
    schema,
    utc,
)
from clearwake.vessels import resolve


def test_a_ship_renamed_and_reflagged_under_another_mmsi_is_one_hull_by_its_imo_number() -> None:
    found = hulls("""
        mmsi       from        hours  name        imo      callsign  flag
        353136000  2018-01-01  3      EVER GIVEN  9811000  H3RC      PAN
        636021000  2020-01-01  3      SEA STAR    9811000  D5XX      LBR
    """)
    ship = found.vessels.row(0, named=True)
    assert len(found.vessels) == 1
    assert (ship["id"], ship["imo"], ship["mmsi"], ship["mmsis"]) == (
        "imo9811000", "9811000", 636021000, [353136000, 636021000],
    )  # fmt: skip
    assert (ship["name"], ship["former_names"], ship["callsign"], ship["flag"]) == (
        "SEA STAR", ["EVER GIVEN"], "D5XX", "LBR",
    )  # fmt: skip
    assert (ship["first_seen"], ship["last_seen"]) == (utc("2018-01-01"), utc("2020-01-01T02:00"))
    assert ship["rivals"] == []
    assert found.vessels.schema == schema(Vessel)
    assert found.history.schema == schema(VesselHistory)


def test_a_claim_without_an_imo_number_is_the_ships_whose_mmsi_and_name_it_has() -> None:
    found = hulls("""
        mmsi       from        name        imo      callsign
        353136000  2018-01-01  EVER GIVEN  9811000  H3RC
        353136000  2018-01-02  EVER GIVEN  -        -
        353136000  2018-01-02  -           -        H3RC
    """)
    assert found.claims["vessel"].to_list() == ["imo9811000"] * 3


def test_an_mmsi_given_to_another_ship_is_two_hulls_each_in_its_time() -> None:
    found = hulls("""
        mmsi       from        hours  name        imo      callsign
        353136000  2015-01-01  9      EVER GIVEN  9811000  H3RC
        353136000  2019-01-01  9      BONU        9074729  H9AA
        353136000  2019-02-01  1      -           -        -
    """)
    assert named(found) == {"imo9811000": "EVER GIVEN", "imo9074729": "BONU"}
    assert found.vessels["rivals"].to_list() == [
        ["MMSI 353136000 is also used by imo9811000"],
        ["MMSI 353136000 is also used by imo9074729"],
    ]


def test_a_default_number_is_as_many_hulls_as_names_are_heard_under_it() -> None:
    found = hulls("""
        mmsi       from        name        callsign
        416000000  2018-01-01  SHUN LI 8   -
        416000000  2018-01-02  HAI FENG 2  BABC
        416000000  2018-01-03  HAI FENG 2  -
        416000000  2018-01-04  JIN MAN     BABD
        416000000  2018-01-05  -           -
    """)
    assert sorted(named(found)) == ["mmsi416000000-HAIFENG2", "mmsi416000000-JINMAN", "mmsi416000000-SHUNLI8"]
    nobody = found.claims.filter(pl.col("name").is_null())
    assert nobody["vessel"].to_list() == [None], "a claim that names nobody is nobody's"


def test_two_ships_heard_under_one_number_at_the_same_time_are_two_hulls() -> None:
    found = hulls("""
        mmsi       from              hours  name      callsign
        412345678  2018-01-01T00:00  30     SHUN LI   BABC
        412345678  2018-01-01T00:00  30     HAI FENG  BABD
    """)
    assert sorted(named(found).values(), key=str) == ["HAI FENG", "SHUN LI"]


def test_a_ship_without_an_imo_number_that_is_renamed_hangs_together_in_time() -> None:
    found = hulls("""
        mmsi       from        hours  name      callsign
        412345678  2018-01-01  30     SHUN LI   BABC
        412345678  2018-02-01  30     HAI FENG  BABD
    """)
    assert found.vessels.select("id", "name", "former_names").rows() == [
        ("mmsi412345678", "HAI FENG", ["SHUN LI"])
    ]


def test_a_number_silent_for_longer_than_a_year_may_be_another_ship() -> None:
    found = hulls("""
        mmsi       from        hours  name      callsign
        412345678  2015-01-01  30     SHUN LI   BABC
        412345678  2018-02-01  30     HAI FENG  BABD
    """)
    assert named(found) == {"mmsi412345678": "SHUN LI", "mmsi412345678-HAIFENG": "HAI FENG"}


def test_an_imo_number_typed_wrong_once_joins_nobody_even_if_it_is_another_ships() -> None:
    found = hulls("""
        mmsi       from        hours  name        imo      callsign
        353136000  2018-01-01  24     EVER GIVEN  9811000  H3RC
        353136000  2018-01-02  1      EVER GIVEN  9074729  H3RC
        354000123  2018-01-01  24     BONU        9074729  H9AA
    """)
    assert named(found) == {"imo9811000": "EVER GIVEN", "imo9074729": "BONU"}
    ever = found.vessels.filter(pl.col("id") == "imo9811000")
    assert ever["rivals"].to_list() == [
        ["IMO number 9074729 was given in 5 of 125 reports, beside 9811000 (nmea)"]
    ]


def test_an_imo_number_given_once_by_a_ship_that_has_none_joins_it_to_nobody() -> None:
    found = hulls("""
        mmsi       from        hours  reports  name      imo      callsign
        412345678  2018-01-01  30     5        SHUN LI   -        BABC
        412345678  2018-01-02  1      1        SHUN LI   9811000  BABC
        353136000  2020-01-01  24     5        EVER      9811000  H3RC
    """)
    assert named(found) == {"imo9811000": "EVER", "mmsi412345678": "SHUN LI"}
    assert found.vessels["rivals"].to_list() == [
        [], ["IMO number 9811000 was given 1 times, else none: held to be a slip (nmea)"],
    ]  # fmt: skip


def test_kinds_of_ship_that_have_nothing_in_common_are_rival_readings() -> None:
    found = hulls(
        heard="""
            mmsi       from        imo      ship_type_text
            412345678  2018-01-01  9811000  fishing
            412345679  2018-01-01  9074729  cargo
        """,
        registered="""
            imo      ship_type_text
            9811000  Oil tanker
            9074729  Oil tanker
        """,
    )
    rivals = dict(found.vessels.select("id", "rivals").iter_rows())
    assert rivals == {"imo9811000": ["ship type: Oil tanker (register), fishing (nmea)"], "imo9074729": []}


def test_a_name_typed_wrong_makes_no_hull_of_its_own() -> None:
    found = hulls("""
        mmsi       from        hours  reports  name
        412345678  2018-01-01  30     9        SHUN LI FA
        412345678  2018-01-01  1      1        SHUN LI FB
        412345678  2018-01-02  1      2        XQ#
    """)
    assert found.vessels.select("id", "name", "former_names").rows() == [("mmsi412345678", "SHUN LI FA", [])]


def test_one_imo_number_given_by_two_ships_at_once_is_two_rivals() -> None:
    found = hulls("""
        mmsi       from        hours  name        imo      callsign
        353136000  2018-01-01  48     EVER GIVEN  9811000  H3RC
        412000123  2018-01-02  9      HAI FENG 2  9811000  BABC
    """)
    assert named(found) == {"imo9811000": "EVER GIVEN", "imo9811000-mmsi412000123": "HAI FENG 2"}
    why = "both were heard at the same time under other names and call signs"
    assert found.vessels["rivals"].to_list() == [
        [f"IMO number 9811000 is also claimed by imo9811000-mmsi412000123: {why}"],
        [f"IMO number 9811000 is also claimed by imo9811000: {why}"],
    ]
    assert found.vessels["imo"].to_list() == ["9811000", "9811000"]


def test_an_imo_number_of_a_ship_of_another_length_gives_rivals_years_apart_too() -> None:
    found = hulls(
        heard="""
            mmsi       from        name      imo      callsign  length_m
            412000123  2021-01-02  HAI FENG  9811000  BABC      60
        """,
        registered="""
            imo      name        length_m
            9811000  EVER GIVEN  400
        """,
    )
    assert named(found) == {"imo9811000": "EVER GIVEN", "imo9811000-mmsi412000123": "HAI FENG"}
    assert "lengths of 60 m and 400 m cannot be one ship's" in found.vessels["rivals"][1][0]


def test_name_and_call_sign_together_join_two_mmsis_but_neither_alone() -> None:
    found = hulls("""
        mmsi       from        name      callsign
        412345678  2018-01-01  SHUN LI   BABC
        413000001  2019-01-01  SHUN LI   BABC
        413000002  2019-01-01  SHUN LI   BXYZ
        413000003  2019-01-01  HAI FENG  BABC
    """)
    assert found.vessels.select("id", "mmsis").rows() == [
        ("mmsi412345678", [412345678, 413000001]),
        ("mmsi413000002", [413000002]),
        ("mmsi413000003", [413000003]),
    ]


def test_what_identifies_nobody_joins_nobody() -> None:
    found = hulls("""
        mmsi       from        name     imo      callsign
        412345678  2018-01-01  UNKNOWN  1234567  NONE
        413000001  2018-01-01  UNKNOWN  1234567  NONE
        413000002  2018-01-01  A        9999999  0
    """)
    assert found.vessels["id"].to_list() == ["mmsi412345678", "mmsi413000001", "mmsi413000002"]
    assert found.vessels["rivals"].to_list() == [
        [f"the IMO number it gives, {imo}, cannot identify a ship (nmea)"]
        for imo in ("1234567", "1234567", "9999999")
    ]


def test_base_stations_and_aids_to_navigation_are_no_hulls() -> None:
    found = hulls("""
        mmsi       from        name
        2190001    2018-01-01  STATION
        992191501  2018-01-01  BUOY
        111219501  2018-01-01  HELI
    """)
    assert found.vessels.is_empty()
    assert found.claims["vessel"].to_list() == [None] * 3


def test_a_registration_is_its_hulls_by_imo_number_or_by_mmsi() -> None:
    found = hulls(
        heard="""
            mmsi       from        name        imo      callsign
            353136000  2018-01-01  EVER GIVEN  9811000  H3RC
            412345678  2018-01-01  SHUN LI     -        BABC
        """,
        registered="""
            imo      mmsi       name        callsign  owner   built_year
            9811000  -          EVER GONE   -         Luster  2018
            -        412345678  -           -         Wang    -
            -        412345678  XIN HUA     BYYY      Li      -
            -        -          FAR AWAY    -         Chen    -
            -        413000001  -           -         Xu      -
            -        413000001  -           -         Xu      -
            9074729  413000002  -           -         Ma      -
            -        413000002  -           -         Ma      -
        """,
    )
    assert found.registrations["vessel"].to_list() == [
        "imo9811000", "mmsi412345678", "register-XINHUA", "register-FARAWAY",
        "mmsi413000001", "mmsi413000001", "imo9074729", "imo9074729",
    ]  # fmt: skip
    owners = dict(found.vessels.select("id", "owner").iter_rows())
    assert owners["imo9811000"] == "Luster"
    assert found.vessels.filter(pl.col("id") == "imo9811000")["built_year"].to_list() == [2018]


def test_a_listing_is_its_hulls_by_imo_number_but_never_by_mmsi_alone() -> None:
    found = hulls(
        heard="""
            mmsi       from        name      imo      callsign
            353136000  2008-01-01  OLD NAME  9811000  H3RC
            412345678  2018-01-01  SHUN LI   -        BABC
        """,
        listed="""
            id      name       imo      mmsi
            ofac-1  NEW NAME   9811000  -
            ofac-2  OTHERWISE  -        412345678
            ofac-3  SHUN LI    -        412345678
        """,
    )
    assert found.designations["vessel"].to_list() == ["imo9811000", "ofac-2", "mmsi412345678"]


def test_a_track_whose_ship_never_said_who_it_is_is_a_hull_by_its_number() -> None:
    tracks = conform(
        pl.DataFrame(
            {
                "track": [4123456780001, 4160000000001, 4160000000002, 3531360000001],
                "mmsi": [412345678, 416000001, 416000001, 353136000],
                "start": [utc("2018-01-01")] * 4,
                "end": [utc("2018-01-02")] * 4,
                "positions": [10] * 4,
                "shared_mmsi": [False, True, True, False],
            }
        ),
        Track,
    )
    found = hulls("mmsi  from  imo\n353136000  2018-01-01  9811000", tracks=tracks)
    assert found.tracks["vessel"].to_list() == [
        "mmsi412345678", "track4160000000001", "track4160000000002", "imo9811000",
    ]  # fmt: skip
    assert found.vessels["id"].to_list() == sorted(found.tracks["vessel"])


NAMES = st.sampled_from(["EVER GIVEN", "EVER GIVEM", "BONU 5", "SHUN LI", None])
CLAIM = st.tuples(
    st.sampled_from([353136000, 412345678, 416000000, 413000001]),
    st.integers(0, 60),
    st.integers(1, 30),
    NAMES,
    st.sampled_from(["9811000", "9074729", "1234567", None]),
    st.sampled_from(["H3RC", "BABC", None]),
    st.sampled_from([60.0, 180.0, 400.0, None]),
)


PAPERS = """
    imo      mmsi       name        callsign  length_m
    9811000  -          EVER GIVEN  -         400
    9811000  412345678  OTHER       BABC      60
    -        413000001  -           -         -
    -        413000001  -           -         180
    1234567  -          SHUN LI     H3RC      -
"""
LISTED = """
    id  name        imo      callsign
    1   EVER GIVEN  9074729  -
    2   SHUN LI     -        BABC
"""


@settings(max_examples=10, deadline=None)
@given(rows=st.lists(CLAIM, min_size=1, max_size=9), data=st.data())
def test_no_order_of_rows_changes_a_hull_its_id_or_its_history(
    rows: list[tuple[object, ...]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    names = ("mmsi", "day", "reports", "name", "imo", "callsign", "length_m")
    types = {"name": pl.String, "imo": pl.String, "callsign": pl.String, "length_m": pl.Float64}
    frame = pl.DataFrame(rows, schema=names, schema_overrides=types, orient="row").with_row_index("line")
    times = pl.lit(utc("2018-01-01")).dt.cast_time_unit("ms") + pl.duration(days="day")
    whole = frame.drop("day").with_columns(
        first_seen=frame.select(times).to_series(),
        last_seen=frame.select(times).to_series(),
        source=pl.lit("nmea"),
    )
    facts = conform(whole, IdentityClaim)
    entered, listed = registrations(PAPERS), listings(LISTED)
    one = resolve(facts, entered, listed, empty(Track))
    other = resolve(facts[list(order)], entered.reverse(), listed.reverse(), empty(Track))
    assert one.vessels.equals(other.vessels)
    assert one.history.equals(other.history)
    assert one.claims.equals(other.claims)
    assert one.vessels["id"].is_unique().all()


def test_nothing_at_all_gives_no_hulls() -> None:
    found = hulls()
    assert (len(found.vessels), len(found.history), len(found.claims)) == (0, 0, 0)


def test_a_ship_of_which_only_a_bad_number_is_registered_is_shown() -> None:
    found = hulls(registered="imo             status\nDoes not exist  scrapped")
    assert found.vessels.select("id", "imo", "rivals").rows() == [
        (
            "register-DOESNOTEXIST",
            None,
            ["the IMO number it gives, Does not exist, cannot identify a ship (register)"],
        )
    ]


def test_two_ships_of_one_name_in_a_register_are_two_whatever_the_order_of_its_rows() -> None:
    rows = registrations("""
        name      owner
        FAR AWAY  Chen
        FAR AWAY  Wang
        FAR AWAY  Li
    """)
    one, other = (
        resolve(empty(IdentityClaim), each, empty(Designation), empty(Track))
        for each in (rows, rows.reverse())
    )
    assert one.vessels["id"].to_list() == ["register-FARAWAY", "register-FARAWAY-2", "register-FARAWAY-3"]
    assert one.vessels.equals(other.vessels)
