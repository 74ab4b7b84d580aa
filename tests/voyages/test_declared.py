"""Declared destinations against the track: the Lighthouse Winmore's voyage, honest ones, and what lies between."""

from __future__ import annotations

import polars as pl
from tests.tables import world
from tests.voyages.said import HONEST, SAM_JONG, WINMORE, calls, claims, meetings, record, trail

from clearwake.model import DraughtChange, VoyageFinding, conform, schema, utc
from clearwake.voyages import voyage_findings

SAID = claims("""
    mmsi     first_seen        last_seen         destination  ship_type
    WINMORE  2017-10-10T00:00  2017-10-11T18:00  KRYOS        80
    WINMORE  2017-10-11T18:10  2017-10-22T00:00  TAIWAN_KHH   80
""").with_columns(destination=pl.col("destination").replace("TAIWAN KHH", "KAOHSIUNG"))

OUT_AND_BACK = """
    2017-10-10T00:00 127.735 34.735
    2017-10-12T00:00 127.735 34.735
    2017-10-12T18:00 126.5   32.0
    2017-10-13T12:00 124.3   30.5
    2017-10-13T22:00 124.3   30.5
    2017-10-15T00:00 127.735 34.735
    2017-10-16T00:00 127.735 34.735
"""

PORT = calls("""
    id    mmsi_a   start             end               lon      lat     port  port_country  confidence
    out   WINMORE  2017-10-10T00:00  2017-10-12T00:00  127.735  34.735  Yosu  KOR           4
    back  WINMORE  2017-10-15T00:00  2017-10-16T00:00  127.735  34.735  Yosu  KOR           4
""")

MET = meetings("""
    id  mmsi_a    mmsi_b   start             end               lon    lat   label
    m   SAM_JONG  WINMORE  2017-10-13T13:00  2017-10-13T21:00  124.3  30.5  standard
""")


def found(label: str | None = None, **events: pl.DataFrame) -> pl.DataFrame:
    """Find what is told of the Winmore, with these events."""
    rows = voyage_findings(record(SAID, [trail(WINMORE, OUT_AND_BACK)], None, **events), world())
    return rows if label is None else rows.filter(pl.col("label") == label)


def test_a_tanker_that_left_for_taiwan_met_at_sea_and_came_back_loaded_under_a_false_destination() -> None:
    (row,) = found("false_destination", port_calls=PORT, encounters=MET).iter_rows(named=True)
    assert (row["mmsi_a"], row["port"], row["declared"]) == (WINMORE, "Yosu", "KAOHSIUNG")
    assert row["readings"] == ["Kao-Hsiung, Taiwan"]
    assert {"encounter:m", "port_call:out", "port_call:back"} <= set(row["evidence"])
    said = "; ".join(row["reasons_for"])
    assert "met MMSI 445000002 at sea" in said
    assert "never came to Kao-Hsiung" in said
    assert "where it had come from" in said
    assert row["reasons_against"]
    assert row["score"] >= 0.5


def test_the_same_voyage_without_a_meeting_is_a_ship_that_heads_away_and_a_detour_only() -> None:
    labels = found(port_calls=PORT)["label"].to_list()
    assert "false_destination" not in labels
    assert {"heading_away", "detour"} <= set(labels)


def test_a_meeting_before_the_port_it_declared_is_lightering() -> None:
    there = MET.with_columns(lon=pl.lit(120.3), lat=pl.lit(22.4))
    assert found("false_destination", port_calls=PORT, encounters=there).is_empty()


def test_coming_back_to_port_without_another_call_is_a_detour_with_its_length() -> None:
    (row,) = found("detour", port_calls=PORT, encounters=MET).iter_rows(named=True)
    # 325 km out to the corner, 266 on to the meeting, 568 back.
    assert 1100 < row["sailed_km"] < 1220
    assert row["way_km"] == 0.0
    assert {"port_call:out", "port_call:back"} <= set(row["evidence"])


def test_a_ship_that_arrives_is_told_nothing_of() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination  ship_type
        HONEST  2017-10-10T00:00  2017-10-16T00:00  TW_KHH       80
    """).with_columns(destination=pl.lit("TW KHH"))
    way = trail(HONEST, """
        2017-10-10T00:00 127.735 34.735
        2017-10-11T00:00 126.5   32.0
        2017-10-12T12:00 122.5   26.0
        2017-10-13T12:00 120.2   22.6
        2017-10-16T00:00 120.27  22.61
    """)  # fmt: skip
    assert voyage_findings(record(said, [way]), world()).is_empty()


def test_a_ship_still_on_its_way_when_the_record_ends_is_told_nothing_of() -> None:
    way = trail(WINMORE, "\n".join(OUT_AND_BACK.strip().splitlines()[:4]))
    left = PORT.head(1)
    labels = voyage_findings(record(SAID, [way], port_calls=left, encounters=MET), world())["label"]
    assert labels.to_list() == ["met_dprk_flag"]


def test_a_ship_first_heard_sailing_away_may_have_come_from_there() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-12T00:00  SHANGHAI
    """)
    way = trail(HONEST, """
        2017-10-10T00:00 124.0 31.0
        2017-10-12T00:00 131.0 33.0
    """)  # fmt: skip
    assert voyage_findings(record(said, [way]), world()).is_empty()


def test_a_call_elsewhere_while_another_port_was_declared_is_found_with_the_port() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-20T00:00  SINGAPORE
    """)
    port = calls("""
        id    mmsi_a  start             end               lon     lat    port         port_country  confidence
        out   HONEST  2017-10-10T00:00  2017-10-10T12:00  121.8   31.35  Shanghai     CHN           4
        else  HONEST  2017-10-13T00:00  2017-10-20T00:00  131.88  43.1   Vladivostok  RUS           4
    """)
    way = trail(HONEST, """
        2017-10-10T00:00 121.8  31.35
        2017-10-10T12:00 121.8  31.35
        2017-10-11T12:00 129.5  34.8
        2017-10-13T00:00 131.88 43.1
        2017-10-20T00:00 131.88 43.1
    """)  # fmt: skip
    (row,) = (
        voyage_findings(record(said, [way], port_calls=port), world())
        .filter(pl.col("label") == "called_elsewhere")
        .iter_rows(named=True)
    )
    assert (row["port"], row["port_country"], row["declared"]) == ("Vladivostok", "RUS", "SINGAPORE")
    assert row["evidence"][-1] == "port_call:else"
    assert row["score"] <= 0.3


ROUND_KOREA = """
    2018-01-01T00:00 129.40 35.45
    2018-01-01T18:00 129.40 35.45
    2018-01-02T01:00 128.50 34.20
    2018-01-02T09:00 126.00 33.60
    2018-01-02T15:00 124.00 34.80
    2018-01-03T06:00 120.27 36.03
    2018-01-04T00:00 120.27 36.03
    2018-01-04T12:00 123.00 34.00
"""

LEFT_ULSAN = calls("""
    id  mmsi_a  start             end               lon     lat    port          port_country  confidence
    u   HONEST  2018-01-01T00:00  2018-01-01T18:00  129.40  35.45  Ulsan         KOR           4
    q   HONEST  2018-01-03T06:00  2018-01-04T00:00  120.27  36.03  Qingdao_Gang  CHN           4
""")


def round_korea() -> pl.DataFrame:
    """Tell of a ship that left Ulsan for Vladivostok, as it said until it had left Qingdao again."""
    said = claims("""
        mmsi    first_seen        last_seen         destination  ship_type
        HONEST  2018-01-01T17:00  2018-01-04T01:00  VLADIVOSTOK  70
        HONEST  2018-01-04T02:00  2018-01-04T12:00  HONGKONG     70
    """)
    return voyage_findings(record(said, [trail(HONEST, ROUND_KOREA)], port_calls=LEFT_ULSAN), world())


def test_a_port_called_at_within_two_days_is_not_where_the_ship_loaded_if_it_declared_on_leaving_another() -> (
    None
):
    (row,) = round_korea().filter(pl.col("label") == "called_elsewhere").iter_rows(named=True)
    assert (row["port"], row["declared"]) == ("Qingdao Gang", "VLADIVOSTOK")


def test_sailing_away_round_a_peninsula_is_told_though_the_straight_line_hardly_grows() -> None:
    (row,) = round_korea().filter(pl.col("label") == "heading_away").iter_rows(named=True)
    assert row["declared"] == "VLADIVOSTOK"
    assert row["sailed_km"] > 900.0
    assert row["way_km"] < 1100.0


def test_a_port_farther_by_sea_and_nearer_in_a_straight_line_is_sailed_away_to() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination  ship_type
        HONEST  2018-01-01T17:00  2018-01-04T01:00  VLADIVOSTOK  70
    """)
    port = calls("""
        id  mmsi_a  start             end               lon     lat    port    port_country  confidence
        u   HONEST  2018-01-01T00:00  2018-01-01T18:00  129.40  35.45  Ulsan   KOR           4
        i   HONEST  2018-01-03T06:00  2018-01-04T00:00  126.62  37.46  Inchon  KOR           4
    """)
    way = """
        2018-01-01T00:00 129.40 35.45
        2018-01-01T18:00 129.40 35.45
        2018-01-02T01:00 128.50 34.40
        2018-01-02T09:00 126.30 34.00
        2018-01-02T15:00 125.40 34.80
        2018-01-03T06:00 126.62 37.46
        2018-01-04T00:00 126.62 37.46
    """
    rows = voyage_findings(record(said, [trail(HONEST, way)], port_calls=port), world())
    assert set(rows["label"].to_list()) == {"called_elsewhere", "heading_away"}


def test_any_port_an_ambiguous_text_may_mean_counts_as_reached() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-14T00:00  KINGSTON
    """)
    way = trail(HONEST, """
        2017-10-10T00:00 -70.0 20.0
        2017-10-14T00:00 -76.8 17.9
    """)  # fmt: skip
    assert voyage_findings(record(said, [way]), world()).is_empty()


def test_waiting_for_orders_is_no_destination_to_sail_away_from() -> None:
    said = SAID.with_columns(destination=pl.lit("KAOHSIUNG FOR ORDERS"))
    labels = voyage_findings(
        record(said, [trail(WINMORE, OUT_AND_BACK)], port_calls=PORT, encounters=MET), world()
    )["label"]
    assert set(labels.to_list()) & {"heading_away", "false_destination", "never_called"} == set()


def test_files_without_a_destination_tell_of_calls_and_meetings_only() -> None:
    nothing = claims("mmsi first_seen last_seen name\nWINMORE 2017-10-10T00:00 2017-10-10T01:00 X")
    rows = voyage_findings(record(nothing, [trail(WINMORE, OUT_AND_BACK)]), world())
    # That it lay still at Yosu, went out and came back is seen from its track.
    assert rows["label"].to_list() == ["detour"]
    assert rows.schema == schema(VoyageFinding)


def test_a_number_on_several_hulls_declares_nothing_that_can_be_held_against_a_track() -> None:
    whole = record(SAID, [trail(WINMORE, OUT_AND_BACK)], port_calls=PORT, encounters=MET)
    hidden = type(whole)(whole.claims, whole.events, whole.trail, {}, pl.Series([WINMORE]))
    labels = set(voyage_findings(hidden, world())["label"].to_list())
    assert labels == {"met_dprk_flag", "dprk_meeting_memory"}
    assert SAM_JONG in whole.events["encounters"]["mmsi_a"].to_list()


def test_a_ship_that_got_lighter_alone_at_sea_and_came_back_may_have_met_somebody_unseen() -> None:
    lighter = pl.DataFrame(
        {
            "id": ["draught_change:1"], "kind": ["draught_change"], "version": [1], "mmsi_a": [WINMORE],
            "start": [utc("2017-10-13T20:00")], "end": [utc("2017-10-13T21:00")], "known_at": [utc("2017-10-13T22:00")],
            "lon": [124.3], "lat": [30.5], "label": ["loitering"], "change_m": [-1.4], "probability": [0.6],
        }
    )  # fmt: skip
    said = SAID
    alone = record(
        said, [trail(WINMORE, OUT_AND_BACK)], port_calls=PORT, draught_changes=conform(lighter, DraughtChange)
    )
    (row,) = (
        voyage_findings(alone, world()).filter(pl.col("label") == "false_destination").iter_rows(named=True)
    )
    assert "nobody was heard beside it" in row["reasons_against"]
    assert "draught_change:1" in row["evidence"]
    assert row["score"] < found("false_destination", port_calls=PORT, encounters=MET)["score"][0] + 0.15


def test_a_change_of_orders_on_the_way_is_no_detour() -> None:
    said = claims("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-12T22:00  MANILA
        HONEST  2017-10-12T23:00  2017-10-20T00:00  VLADIVOSTOK
    """)
    port = calls("""
        id   mmsi_a  start             end               lon     lat   port         port_country  confidence
        out  HONEST  2017-10-10T00:00  2017-10-10T12:00  129.05  35.1  Busan        KOR           4
        in   HONEST  2017-10-17T00:00  2017-10-20T00:00  131.88  43.1  Vladivostok  RUS           4
    """)
    way = trail(HONEST, """
        2017-10-10T00:00 129.05 35.1
        2017-10-10T12:00 129.05 35.1
        2017-10-13T00:00 124.0  26.0
        2017-10-15T12:00 129.7  34.6
        2017-10-17T00:00 131.88 43.1
        2017-10-20T00:00 131.88 43.1
    """)  # fmt: skip
    labels = voyage_findings(record(said, [way], port_calls=port), world())["label"].to_list()
    assert "detour" not in labels
    stale = said.head(1)
    labels = voyage_findings(record(stale, [way], port_calls=port), world())["label"].to_list()
    assert "detour" in labels


SKIPPED = calls("""
    id   mmsi_a  start             end               lon     lat    port      port_country  confidence
    out  HONEST  2017-10-10T00:00  2017-10-10T12:00  129.05  35.1   Busan     KOR           4
    in   HONEST  2017-10-13T00:00  2017-10-15T00:00  120.3   22.6   Kaohsiung TWN           4
""")

PAST_SHANGHAI = """
    2017-10-10T00:00 129.05 35.1
    2017-10-10T12:00 129.05 35.1
    2017-10-11T12:00 124.0  31.0
    2017-10-13T00:00 120.3  22.6
    2017-10-15T00:00 120.3  22.6
"""


def skipped(said: str) -> list[tuple[str, str]]:
    """Give label and first reason of what is told of a ship that sailed from Busan past Shanghai to Kaohsiung."""
    rows = voyage_findings(record(claims(said), [trail(HONEST, PAST_SHANGHAI)], port_calls=SKIPPED), world())
    return [(label, reasons[0]) for label, reasons in rows.select("label", "reasons_for").iter_rows()]


def test_a_declared_port_on_the_way_that_was_passed_over_for_the_next_is_skipped() -> None:
    ((label, said),) = skipped("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-11T10:00  NINGBO
        HONEST  2017-10-11T10:10  2017-10-15T00:00  KAOHSIUNG
    """)
    assert label == "port_skipped"
    assert said.endswith("it did not call at Ningbo")


def test_a_port_off_the_way_was_given_up_for_other_orders_and_not_skipped() -> None:
    told = skipped("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-11T10:00  VLADIVOSTOK
        HONEST  2017-10-11T10:10  2017-10-15T00:00  KAOHSIUNG
    """)
    assert [label for label, _ in told] == ["heading_away"]


def test_a_port_left_out_of_a_declared_list_is_skipped() -> None:
    ((label, said),) = skipped("""
        mmsi    first_seen        last_seen         destination
        HONEST  2017-10-10T00:00  2017-10-15T00:00  CNNGB//TWKHH
    """)
    assert label == "port_skipped"
    assert said.endswith("did not call at Ningbo")


COUNTRY = SAID.with_columns(destination=pl.col("destination").replace("KAOHSIUNG", "TAIWAN"))


def held(said: pl.DataFrame, way: str, **events: pl.DataFrame) -> list[str]:
    """Name what is told of the Winmore's destinations."""
    rows = voyage_findings(record(said, [trail(WINMORE, way)], None, **events), world())
    return sorted(rows.filter(pl.col("declared").is_not_null())["label"].to_list())


def test_a_country_alone_is_held_against_the_way_as_any_of_its_ports() -> None:
    rows = voyage_findings(
        record(COUNTRY, [trail(WINMORE, OUT_AND_BACK)], port_calls=PORT, encounters=MET), world()
    )
    (row,) = rows.filter(pl.col("label") == "false_destination").to_dicts()
    assert (row["declared"], row["readings"]) == ("TAIWAN", ["Taiwan"])
    assert "never came to any port of Taiwan" in row["reasons_for"]
    # A country says less than a port.
    assert row["score"] < found("false_destination", port_calls=PORT, encounters=MET)["score"][0]


def test_a_ship_that_came_to_any_port_of_the_country_it_declared_was_there() -> None:
    to_hualien = """
        2017-10-10T00:00 127.735 34.735
        2017-10-12T00:00 127.735 34.735
        2017-10-14T00:00 122.5   26.0
        2017-10-15T00:00 121.7   23.98
        2017-10-16T00:00 121.7   23.98
    """
    assert held(COUNTRY, to_hualien, port_calls=PORT.head(1)) == []


def test_a_fishing_vessel_that_types_a_country_is_told_nothing_of() -> None:
    assert held(COUNTRY.with_columns(ship_type=pl.lit(30, pl.Int64)), OUT_AND_BACK, port_calls=PORT) == []


BY_BUSAN = claims("""
    mmsi     first_seen        last_seen         destination  ship_type
    WINMORE  2017-10-12T00:00  2017-10-12T12:00  BUSAN        80
    WINMORE  2017-10-12T13:00  2017-10-14T20:00  POHANG       80
""")
TO_POHANG = """
    2017-10-12T00:00 127.9  34.5
    2017-10-12T04:00 129.1  34.8
    2017-10-12T06:00 129.7  35.3
    2017-10-12T10:00 130.2  36.1
    2017-10-12T13:00 129.6  36.1
    2017-10-13T12:00 129.45 36.05
    2017-10-14T20:00 129.45 36.05
"""
POHANG = calls("""
    id  mmsi_a   start             end               lon     lat    port    port_country  confidence
    p   WINMORE  2017-10-13T12:00  2017-10-14T20:00  129.45  36.05  Pohang  KOR           4
""")


def test_a_port_sailed_by_on_the_way_to_another_was_skipped() -> None:
    assert held(BY_BUSAN, TO_POHANG, port_calls=POHANG) == ["port_skipped"]


def test_a_port_before_which_it_stopped_was_not_skipped() -> None:
    waited = TO_POHANG.replace("2017-10-12T06:00 129.7  35.3", "2017-10-12T05:00 129.1  34.8")
    assert held(BY_BUSAN, waited, port_calls=POHANG) == []


def test_a_port_sailed_by_unheard_was_not_skipped() -> None:
    whole = trail(WINMORE, TO_POHANG)
    heard = whole.filter(~pl.col("time").is_between(utc("2017-10-12T04:30"), utc("2017-10-12T08:30")))
    rows = voyage_findings(record(BY_BUSAN, [heard], port_calls=POHANG), world())
    assert rows.is_empty()
