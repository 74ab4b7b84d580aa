"""The memory of 180 days: calls in the DPRK, meetings with ships that called there, and the calls that follow."""

from __future__ import annotations

import polars as pl
from tests.tables import world
from tests.voyages.said import HONEST, SAM_JONG, WINMORE, calls, claims, drifts, meetings, record, trail

from clearwake.model import utc
from clearwake.voyages import voyage_findings

NOTHING = claims("mmsi first_seen last_seen name\nHONEST 2018-01-01T00:00 2018-01-01T01:00 X")
WAY = trail(HONEST, "2018-01-01T00:00 125.0 38.0\n2018-01-01T02:00 125.0 38.0")


def told(hulls: dict[int, str] | None = None, **events: pl.DataFrame) -> list[tuple[object, ...]]:
    """Give label, ship, partner and end of memory of every finding."""
    rows = voyage_findings(record(NOTHING, [WAY], hulls, **events), world())
    return rows.select("label", "mmsi_a", "mmsi_b", "until").rows()


NAMPO = """
    id  mmsi_a  start             end               lon     lat    port   port_country  confidence
    n   HONEST  2018-01-01T00:00  2018-01-03T00:00  125.37  38.70  Nampo  PRK           4
"""


def test_a_call_in_the_dprk_is_remembered_for_180_days_after_it_ended() -> None:
    assert told(port_calls=calls(NAMPO)) == [("dprk_call", HONEST, None, utc("2018-07-02T00:00"))]


def test_a_ship_that_only_came_near_did_not_call() -> None:
    assert told(port_calls=calls(NAMPO).with_columns(confidence=pl.lit(1, pl.Int16))) == []


def test_a_call_elsewhere_within_180_days_is_told_with_its_chain_and_one_later_is_not() -> None:
    ports = calls(
        NAMPO
        + """
        b   HONEST  2018-01-20T00:00  2018-01-22T00:00  129.05  35.1   Busan  KOR           4
        l   HONEST  2018-06-30T00:00  2018-07-03T00:00  -118.2  33.7   Los_Angeles  USA     4
        z   HONEST  2018-07-04T00:00  2018-07-05T00:00  129.05  35.1   Busan  KOR           4
    """
    )
    rows = voyage_findings(record(NOTHING, [WAY], port_calls=ports), world())
    memory = rows.filter(pl.col("label") == "dprk_call_memory")
    assert memory.select("port", "until").rows() == [
        ("Busan", utc("2018-07-02T00:00")),
        ("Los Angeles", utc("2018-07-02T00:00")),
    ]
    assert memory["chain"].to_list()[0] == [
        "MMSI 477000003 called at Nampo in the DPRK, 2018-01-01 00:00 to 2018-01-03 00:00",
        "called at Busan, 2018-01-20 00:00",
    ]
    assert "17 days after" in memory["reasons_for"].to_list()[0][0]
    # The order is United States law: the call there weighs more.
    assert memory["score"].to_list() == [0.3, 0.7]
    assert "Executive Order 13810" in memory["reasons_for"].to_list()[1][1]


def test_meeting_a_ship_that_called_there_is_found_within_180_days_and_not_after() -> None:
    met = meetings("""
        id  mmsi_a   mmsi_b  start             end               lon    lat   label
        m   WINMORE  HONEST  2018-03-01T00:00  2018-03-01T06:00  124.0  31.0  standard
        z   WINMORE  HONEST  2018-07-03T00:00  2018-07-03T06:00  124.0  31.0  standard
    """)
    rows = voyage_findings(record(NOTHING, [WAY], port_calls=calls(NAMPO), encounters=met), world())
    (row,) = rows.filter(pl.col("label") == "met_dprk_caller").iter_rows(named=True)
    assert (row["mmsi_a"], row["mmsi_b"], row["until"]) == (WINMORE, HONEST, utc("2018-08-28T06:00"))
    assert row["evidence"] == ["encounter:m", "port_call:n"]
    assert row["chain"] == [
        "MMSI 477000003 called at Nampo in the DPRK, 2018-01-01 00:00 to 2018-01-03 00:00",
        "MMSI 477000001 and MMSI 477000003 met at sea, 2018-03-01 00:00 to 2018-03-01 06:00",
    ]


def test_a_tow_or_convoy_with_a_ship_of_the_dprk_is_no_meeting() -> None:
    met = meetings("""
        id mmsi_a mmsi_b start end lon lat label apart_before_km apart_after_km
        t  SAM_JONG WINMORE 2018-03-01T00:00 2018-03-01T06:00 124.0 31.0 underway 0.4 0.4
        c  SAM_JONG WINMORE 2018-03-02T00:00 2018-03-02T06:00 124.0 31.0 standard 0.5 9.0
    """)
    assert told(encounters=met) == [("met_dprk_flag", SAM_JONG, WINMORE, utc("2018-08-29T06:00"))]
    alone = met.filter(pl.col("label") == "underway")
    assert told(encounters=alone) == []


def test_meeting_a_ship_under_the_dprks_flag_needs_no_call_and_is_remembered_too() -> None:
    met = meetings("""
        id  mmsi_a    mmsi_b   start             end               lon    lat   label
        m   SAM_JONG  WINMORE  2018-03-01T00:00  2018-03-01T06:00  124.0  31.0  standard
    """)
    port = calls("""
        id  mmsi_a   start             end               lon     lat   port   port_country  confidence
        b   WINMORE  2018-03-20T00:00  2018-03-22T00:00  129.05  35.1  Busan  KOR           4
    """)
    until = utc("2018-08-28T06:00")
    assert told(encounters=met, port_calls=port) == [
        ("met_dprk_flag", SAM_JONG, WINMORE, until),
        ("dprk_meeting_memory", WINMORE, None, until),
    ]


def test_meetings_in_port_are_no_transfers() -> None:
    met = meetings("""
        id  mmsi_a    mmsi_b   start             end               lon    lat   label
        m   SAM_JONG  WINMORE  2018-03-01T00:00  2018-03-01T06:00  124.0  31.0  in_port
    """).with_columns(label=pl.lit("in_port"))
    assert told(encounters=met) == []


def test_a_call_made_before_the_meeting_only_counts() -> None:
    met = meetings("""
        id  mmsi_a   mmsi_b  start             end               lon    lat   label
        m   WINMORE  HONEST  2017-12-01T00:00  2017-12-01T06:00  124.0  31.0  standard
    """)
    assert [row[0] for row in told(port_calls=calls(NAMPO), encounters=met)] == ["dprk_call"]


def test_a_new_number_does_not_forget() -> None:
    port = calls("""
        id  mmsi_a   start             end               lon     lat   port   port_country  confidence
        b   WINMORE  2018-03-20T00:00  2018-03-22T00:00  129.05  35.1  Busan  KOR           4
    """)
    both = pl.concat((calls(NAMPO), port))
    one_hull = {HONEST: "imo9074729", WINMORE: "imo9074729"}
    labels = [row[0] for row in told(one_hull, port_calls=both)]
    assert labels == ["dprk_call", "dprk_call_memory"]
    assert [row[0] for row in told(port_calls=both)] == ["dprk_call"]


LAY = """
    id  mmsi_a  start             end               lon     lat    duration_h
    d   HONEST  2018-01-01T00:00  2018-01-03T00:00  125.33  38.70  48
"""


def test_lying_still_off_a_port_of_the_dprk_is_a_call_and_says_how_far_off() -> None:
    rows = voyage_findings(record(NOTHING, [WAY], loiterings=drifts(LAY)), world())
    assert rows.select("label", "port", "until").rows() == [("dprk_call", "Nampo", utc("2018-07-02T00:00"))]
    assert "lay still 6 km from Nampo" in rows["reasons_for"][0][0]
    assert rows["evidence"].to_list() == [["loitering:d"]]


def test_roads_learnt_from_the_ships_in_them_do_not_hide_the_port_they_belong_to() -> None:
    learnt = pl.DataFrame({
        "name": ["38.7N 125.3E"], "lon": [125.33], "lat": [38.70], "origin": ["learnt"], "kind": ["anchorage"],
    })  # fmt: skip
    rows = voyage_findings(record(NOTHING, [WAY], loiterings=drifts(LAY)), world().with_anchorages(learnt))
    assert rows.select("label", "port").rows() == [("dprk_call", "Nampo")]


def test_lying_in_port_during_a_call_is_told_once_and_elsewhere_not_at_all() -> None:
    assert len(told(port_calls=calls(NAMPO), loiterings=drifts(LAY))) == 1
    assert told(loiterings=drifts(LAY).with_columns(lon=pl.lit(124.0))) == []
