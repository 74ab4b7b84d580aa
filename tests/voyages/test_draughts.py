"""Draught changes: found across calls, meetings and silences, each as likely as how crews type allows."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.voyages.said import SAM_JONG, WINMORE, calls, claims, drifts, gaps, meetings

from clearwake.model import DraughtChange, schema, utc
from clearwake.voyages import draught_changes, occasions

MEETING = meetings("""
    id  mmsi_a    mmsi_b   start             end               lon    lat   label
    m   SAM_JONG  WINMORE  2018-01-02T11:00  2018-01-02T17:00  124.3  30.5  standard
""")


def test_what_one_ship_of_a_meeting_lost_and_the_other_gained_is_found_on_both_and_agrees() -> None:
    said = claims("""
        mmsi      first_seen        last_seen         draught_m  length_m
        WINMORE   2018-01-01T00:00  2018-01-02T10:00  8.6        110
        WINMORE   2018-01-02T18:00  2018-01-04T00:00  7.2        110
        SAM_JONG  2018-01-01T00:00  2018-01-02T11:00  4.0        90
        SAM_JONG  2018-01-02T17:30  2018-01-04T00:00  5.9        90
    """)
    found = draught_changes(said, occasions({"encounters": MEETING})).sort("mmsi_a")
    assert found.select("mmsi_a", "label", "across", "before_m", "after_m", "change_m", "agrees").rows() == [
        (SAM_JONG, "encounter", "encounter:m", 4.0, 5.9, 1.9, True),
        (WINMORE, "encounter", "encounter:m", 8.6, 7.2, -1.4, True),
    ]
    assert found["partner_mmsi"].to_list() == [WINMORE, SAM_JONG]
    assert found["partner_change_m"].to_list() == [-1.4, 1.9]
    # 1.025 x 90 m x (90 m / 6.5) x 0.8 x 1.9 m, and the same of 110 m and 1.4 m.
    assert found["tonnes"].to_list() == [1942.0, 2137.0]
    assert (found["probability"] > 0.8).all()
    assert found.schema == schema(DraughtChange)


def test_two_ships_of_a_meeting_that_both_lay_deeper_speak_against_each_other() -> None:
    said = claims("""
        mmsi      first_seen        last_seen         draught_m
        WINMORE   2018-01-01T00:00  2018-01-02T10:00  7.0
        WINMORE   2018-01-02T18:00  2018-01-04T00:00  8.0
        SAM_JONG  2018-01-01T00:00  2018-01-02T11:00  4.0
        SAM_JONG  2018-01-02T17:30  2018-01-04T00:00  5.0
    """)
    found = draught_changes(said, occasions({"encounters": MEETING}))
    assert found["agrees"].to_list() == [False, False]
    assert all("the same way" in "; ".join(against) for against in found["reasons_against"])


def test_amounts_that_differ_by_more_than_a_factor_of_three_do_not_agree() -> None:
    said = claims("""
        mmsi      first_seen        last_seen         draught_m  length_m
        WINMORE   2018-01-01T00:00  2018-01-02T10:00  18.0       330
        WINMORE   2018-01-02T18:00  2018-01-04T00:00  12.0       330
        SAM_JONG  2018-01-01T00:00  2018-01-02T11:00  4.0        60
        SAM_JONG  2018-01-02T17:30  2018-01-04T00:00  4.5        60
    """)
    found = draught_changes(said, occasions({"encounters": MEETING}))
    assert found["agrees"].to_list() == [False, False]
    assert "the amounts differ" in "; ".join(found["reasons_against"][0])


def test_a_change_typed_long_after_a_call_belongs_to_the_meeting_in_between_more_than_to_the_call() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2017-12-20T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-03T05:00  2018-01-04T00:00  7.2
    """)
    port = calls("""
        id  mmsi_a   start             end               lon    lat   port  port_country  confidence
        p   WINMORE  2017-12-30T00:00  2017-12-31T12:00  127.7  34.7  Yosu  KOR           4
    """)
    found = draught_changes(said, occasions({"encounters": MEETING, "port_calls": port}))
    chance = dict(found.select("label", "probability").iter_rows())
    assert chance["encounter"] > 0.6 > chance["port_call"] > 0.1
    assert sum(chance.values()) <= 1.0
    assert found.filter(label="encounter")["rivals"].to_list() == [["port_call:p"]]
    assert found.filter(label="encounter")["late_h"].to_list() == [12.0]


def test_a_draught_typed_in_port_belongs_to_the_call() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-01T20:00  5.0
        WINMORE  2018-01-01T20:10  2018-01-03T00:00  8.6
    """)
    port = calls("""
        id  mmsi_a   start             end               lon    lat   port  port_country  confidence
        p   WINMORE  2018-01-01T00:00  2018-01-02T06:00  127.7  34.7  Yosu  KOR           4
    """)
    found = draught_changes(said, occasions({"port_calls": port}))
    assert found.select("label", "late_h", "calls", "calls_updated").rows() == [("port_call", 0.0, 1, 1)]
    assert found["probability"][0] > 0.8


def test_a_change_across_a_gap_may_be_no_more_than_a_correction() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-03T10:00  2018-01-04T00:00  7.2
    """)
    silent = gaps("""
        id  mmsi_a   start             end               lon    lat   duration_h
        g   WINMORE  2018-01-02T10:00  2018-01-03T10:00  124.3  30.5  24
    """)
    found = draught_changes(said, occasions({"gaps": silent}))
    assert found.select("label", "across", "mmsi_a", "lon", "lat").rows() == [
        ("gap", "gap:g", WINMORE, 124.3, 30.5)
    ]
    assert 0.4 < found["probability"][0] < 0.9


def test_drifting_alone_is_an_occasion_too() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-02T16:10  2018-01-04T00:00  7.2
    """)
    alone = drifts("""
        id  mmsi_a   start             end               lon    lat   duration_h
        d   WINMORE  2018-01-02T11:00  2018-01-02T16:00  124.3  30.5  5
    """)
    assert draught_changes(said, occasions({"loiterings": alone}))["label"].to_list() == ["loitering"]


def test_a_change_with_nothing_known_about_it_is_said_to_have_no_event() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-02T10:10  2018-01-04T00:00  8.1
    """)
    found = draught_changes(said, occasions({}))
    assert found.select("label", "across", "track_a", "probability").rows() == [("no_event", None, None, 1.0)]


@pytest.mark.parametrize(
    ("value", "why"),
    [("8.8", "two tenths are rounding"), ("8.6", "nothing changed"), ("-", "nothing was said")],
)
def test_what_is_no_change_is_not_found(value: str, why: str) -> None:
    said = claims(f"""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-02T18:00  2018-01-04T00:00  {value}
    """)
    assert draught_changes(said, occasions({"encounters": MEETING})).is_empty(), why


def test_a_slip_that_is_put_right_within_hours_is_no_change() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-02T11:00  2018-01-02T12:00  6.8
        WINMORE  2018-01-02T13:00  2018-01-04T00:00  8.6
    """)
    assert draught_changes(said, occasions({"encounters": MEETING})).is_empty()


def test_a_number_on_two_hulls_at_once_changes_no_draught() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         draught_m
        WINMORE  2018-01-01T00:00  2018-01-02T10:00  8.6
        WINMORE  2018-01-02T18:00  2018-01-04T00:00  4.2
    """)
    shared = pl.DataFrame({"mmsi": [WINMORE], "start": [utc("2018-01-01")], "end": [utc("2018-01-05")]})
    assert draught_changes(said, occasions({"encounters": MEETING}), shared).is_empty()


def test_values_that_come_by_turns_are_several_transmitters() -> None:
    hours = range(0, 24, 2)
    lines = "\n".join(
        f"WINMORE 2018-01-01T{h:02}:00 2018-01-01T{h:02}:30 {(8.6, 4.2)[h // 2 % 2]}" for h in hours
    )
    said = claims("mmsi first_seen last_seen draught_m\n" + lines)
    assert draught_changes(said, occasions({})).is_empty()


_HOURS = st.lists(st.integers(0, 72), min_size=2, max_size=8, unique=True).map(sorted)


@settings(deadline=None, max_examples=12)
@given(
    hours=_HOURS,
    values=st.lists(st.sampled_from([4.0, 6.0, 8.0]), min_size=8, max_size=8),
    seed=st.integers(0, 9),
)
def test_how_claims_are_cut_and_ordered_changes_nothing(
    hours: list[int], values: list[float], seed: int
) -> None:
    begin = utc("2018-01-01")
    rows = [(WINMORE, begin + timedelta(hours=h), begin + timedelta(hours=h, minutes=40), values[n])
            for n, h in enumerate(hours)]  # fmt: skip
    names = ["mmsi", "first_seen", "last_seen", "draught_m"]
    frame = pl.DataFrame(rows, schema=names, orient="row").with_columns(known_at="last_seen", length_m=100.0)
    halves = pl.concat(
        [
            frame.with_columns(last_seen="first_seen"),
            frame.with_columns(first_seen="last_seen", known_at="last_seen"),
        ]
    )
    told = occasions({"encounters": MEETING})
    columns = ["id", "start", "end", "label", "across", "before_m", "after_m", "probability", "known_at"]
    whole = draught_changes(frame, told).select(columns)
    assert (
        draught_changes(frame.sample(fraction=1.0, shuffle=True, seed=seed), told)
        .select(columns)
        .equals(whole)
    )
    cut = draught_changes(halves, told).select(columns[:-1])
    assert cut.equals(whole.select(columns[:-1]))


@settings(deadline=None, max_examples=12)
@given(late_h=st.integers(0, 120))
def test_the_later_a_change_is_typed_the_less_likely_it_belongs_to_a_meeting(late_h: int) -> None:
    def chance(hours: int) -> float:
        typed = utc("2018-01-02T17:00") + timedelta(hours=hours)
        frame = pl.DataFrame(
            {
                "mmsi": [WINMORE, WINMORE], "first_seen": [utc("2018-01-01"), typed],
                "last_seen": [typed - timedelta(minutes=10), typed + timedelta(days=1)], "draught_m": [8.6, 7.2],
                "length_m": [None, None], "known_at": [typed, typed],
            },
            schema_overrides={"length_m": pl.Float64},
        )  # fmt: skip
        found = draught_changes(frame, occasions({"encounters": MEETING})).filter(label="encounter")
        return float(found["probability"][0]) if found.height else 0.0

    assert chance(late_h + 6) <= chance(late_h) + 1e-9
