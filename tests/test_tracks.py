"""Tracks: which positions belong to one hull, judged only by what came before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.tables import DEG_PER_M, A, B, C, clock, heard, hull, north, positions

from clearwake.model import HULLS_PER_MMSI, Fix, Noise, schema, utc
from clearwake.tracks import follow, merged, summed

NOON = "2026-01-01T12:00"


def tracks_of(rows: pl.DataFrame | list[pl.DataFrame]) -> list[int]:
    """The track of every fix, in order of time."""
    whole = rows if isinstance(rows, pl.DataFrame) else pl.concat(rows)
    return follow(whole).fixes.sort("time")["track"].to_list()


def test_a_ship_is_one_track_and_its_fixes_carry_unit_vectors() -> None:
    rows = positions("""
        mmsi  time              lon  lat  speed_kn
        A     2026-01-01T00:10  90   0    5.5
        A     2026-01-01T00:00  90   0    -
    """)
    followed = follow(rows)
    assert followed.fixes.schema == schema(Fix)
    assert followed.fixes.select("track", "mmsi", "lon", "speed_kn").rows() == [
        (hull(A), A, 90.0, None),
        (hull(A), A, 90.0, 5.5),
    ]
    assert followed.fixes.select("x", "y", "z").row(0) == pytest.approx((0, 1, 0))
    assert [clock(t) for t in followed.fixes["time"]] == ["2026-01-01T00:00", "2026-01-01T00:10"]


def test_no_positions_give_no_tracks() -> None:
    followed = follow(positions("mmsi time lon lat"))
    assert (followed.fixes.height, followed.noise.height, followed.keep.height) == (0, 0, 0)
    assert (followed.fixes.schema, followed.noise.schema) == (schema(Fix), schema(Noise))


@pytest.mark.parametrize(
    "mmsi",
    [
        2_111_222,  # base station
        111_211_501,  # search-and-rescue aircraft
        812_345_678,  # handheld
        941_234_567,  # fishing-gear beacon
        970_123_456,  # search-and-rescue transmitter
        972_123_456,  # man overboard
        974_123_456,  # emergency beacon
        978_123_456,  # fishing-gear beacon
        982_111_222,  # craft of a parent ship
        992_111_222,  # aid to navigation
        123_456_789,
        200_999_999,
        776_000_000,
        0,
    ],
)
def test_what_is_not_numbered_as_a_ship_gives_no_track(mmsi: int) -> None:
    followed = follow(heard(mmsi, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)))
    assert (followed.fixes.height, followed.noise.height, followed.not_ships) == (0, 0, 7)


@pytest.mark.parametrize("mmsi", [201_000_000, 775_999_999])
def test_every_maritime_identification_digit_is_a_ships(mmsi: int) -> None:
    assert follow(heard(mmsi, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0))).fixes.height == 7


# ---- one message, heard by several -----------------------------------------------------------------------------


def test_one_message_heard_by_several_stations_is_one_fix() -> None:
    rows = positions("""
        mmsi  time                     lon   lat
        A     2026-01-01T00:00:01.000  5.00  50.00
        A     2026-01-01T00:00:01.000  5.00  50.00
        A     2026-01-01T00:00:03.500  5.00  50.00
        A     2026-01-01T00:00:09.999  5.00  50.00
    """)
    followed = follow(rows)
    assert (followed.fixes.height, followed.merged) == (1, 3)
    assert followed.fixes["time"].to_list() == [utc("2026-01-01T00:00:01")]


def test_a_ship_that_moved_or_another_ten_seconds_is_another_message() -> None:
    rows = positions("""
        mmsi  time                     lon    lat
        A     2026-01-01T00:00:01.000  5.000  50.00
        A     2026-01-01T00:00:03.000  5.001  50.00
        A     2026-01-01T00:00:10.000  5.001  50.00
        B     2026-01-01T00:00:10.000  5.001  50.00
    """)
    followed = follow(rows)
    assert (followed.fixes.height, followed.merged) == (4, 0)


def test_of_one_message_that_came_twice_the_earlier_knowledge_counts() -> None:
    rows = positions("""
        mmsi  time              lon  lat  known_at
        A     2026-01-01T00:00  5    50   2026-01-05T00:00
        A     2026-01-01T00:00  5    50   2026-01-01T00:01
    """)
    assert follow(rows).fixes["known_at"].to_list() == [utc("2026-01-01T00:01")]


# ---- bad positions ---------------------------------------------------------------------------------------------


def test_a_position_no_ship_could_reach_is_flagged_and_not_deleted() -> None:
    rows = positions("""
        mmsi  time              lon   lat
        A     2026-01-01T00:00   5.0  50.0
        A     2026-01-01T00:10   5.0  50.0
        A     2026-01-01T00:20  60.0  10.0
        A     2026-01-01T00:30   5.0  50.0
    """)
    followed = follow(rows)
    assert [clock(t) for t in followed.fixes["time"]] == [f"2026-01-01T00:{m}" for m in ("00", "10", "30")]
    assert followed.fixes["track"].unique().to_list() == [hull(A)]
    assert followed.noise.select("mmsi", "lon", "lat", "reason").rows() == [
        (A, 60.0, 10.0, "out of reach of every hull heard under this MMSI")
    ]


@pytest.mark.parametrize(("speed_kn", "flagged"), [(50.0, 0), (51.0, 1)])
def test_fifty_knots_and_half_a_kilometre_are_what_a_ship_can_sail(speed_kn: float, flagged: int) -> None:
    # An hour at 50 kn is 92.6 km, with the slack of 500 m it is 93.1 km: 50.3 kn.
    rows = pl.concat([
        heard(A, "2026-01-01T00:00", "2026-01-01T03:00", (0, 0), 30),
        heard(A, "2026-01-01T04:00", "2026-01-01T07:00", north(1, speed_kn), 30),
    ])  # fmt: skip
    # Half an hour later it is within reach of either.
    assert follow(rows).noise.height == flagged


def test_a_silence_of_days_lets_a_ship_be_anywhere_it_could_sail_to() -> None:
    # 5,000 km in 80 hours are 34 kn.
    rows = positions("""
        mmsi  time              lon    lat
        A     2026-01-01T00:00  -30.0  0
        A     2026-01-04T08:00   15.0  0
    """)
    assert tracks_of(rows) == [hull(A), hull(A)]


def test_a_step_over_the_antimeridian_or_the_pole_is_no_jump() -> None:
    rows = positions("""
        mmsi  time              lon       lat
        A     2026-01-01T00:00   179.99   0
        A     2026-01-01T00:10  -179.99   0
        B     2026-01-01T00:00     0.00  89.99
        B     2026-01-01T00:10   180.00  89.99
    """)
    assert set(tracks_of(rows)) == {hull(A), hull(B)}
    assert follow(rows).noise.is_empty()


# ---- several hulls ---------------------------------------------------------------------------------------------


def two_hulls() -> pl.DataFrame:
    """Two ships under one number, in the Atlantic and in the Indian Ocean, heard by turns."""
    return pl.concat([
        heard(A, "2026-01-01T00:00", "2026-01-01T06:00", lambda h: north(h, 10, (-30, 0))),
        heard(A, "2026-01-01T01:05", "2026-01-01T05:05", lambda h: north(h, 12, (70, 0))),
    ])  # fmt: skip


def test_two_hulls_under_one_number_are_two_tracks() -> None:
    followed = follow(two_hulls())
    west, east = (followed.fixes.filter(pl.col("track") == hull(A, n)) for n in (1, 2))
    assert (west.height, east.height) == (37, 23)
    assert (west["lon"].max(), east["lon"].min()) == (-30.0, 70.0)


def test_a_second_hull_is_believed_from_its_third_position_on() -> None:
    followed = follow(two_hulls())
    assert [clock(t) for t in followed.noise["time"]] == ["2026-01-01T01:05", "2026-01-01T01:15"]
    east = followed.fixes.filter(pl.col("track") == hull(A, 2))
    assert clock(east["time"][0]) == "2026-01-01T01:25"


def test_a_third_hull_gets_the_third_number() -> None:
    rows = [two_hulls(), heard(A, "2026-01-01T02:02", "2026-01-01T04:02", (150, 40))]
    assert sorted(set(tracks_of(rows))) == [hull(A, 1), hull(A, 2), hull(A, 3)]


def test_two_bad_positions_a_day_at_one_place_are_never_believed() -> None:
    ship = heard(A, "2026-01-01T00:00", "2026-01-02T00:00", (0, 0))
    bad = heard(A, "2026-01-01T00:05", "2026-01-01T21:05", (50, 50), every_min=420)
    assert bad.height == 4
    followed = follow(pl.concat([ship, bad]))
    assert (followed.noise.height, followed.fixes["track"].n_unique()) == (4, 1)


def test_a_jump_of_under_thirty_kilometres_that_lasts_is_the_same_hull() -> None:
    # Twenty kilometres in a minute, and it stays there: a receiver's clock or position was wrong, the ship is the same.
    away = 20_000 * DEG_PER_M
    rows = pl.concat([
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(A, "2026-01-01T01:01", "2026-01-01T03:01", (0, away), 1),
    ])  # fmt: skip
    followed = follow(rows)
    assert followed.fixes["track"].unique().to_list() == [hull(A)]
    # The third position there is believed, and is the hull that has not been heard elsewhere since.
    assert [clock(t) for t in followed.noise["time"]] == ["2026-01-01T01:01", "2026-01-01T01:02"]


def test_a_jump_of_under_thirty_kilometres_while_the_hull_goes_on_is_another_hull() -> None:
    away = 25_000 * DEG_PER_M
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T03:00", (0, 0), 1),
        heard(A, "2026-01-01T01:00:30", "2026-01-01T03:00:30", (0, away), 1),
    ]
    assert sorted(set(tracks_of(rows))) == [hull(A, 1), hull(A, 2)]


def test_a_jump_across_the_ocean_that_lasts_is_another_ship() -> None:
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(A, "2026-01-01T01:10", "2026-01-01T03:00", (60, 0)),
    ]
    assert sorted(set(tracks_of(rows))) == [hull(A, 1), hull(A, 2)]


def test_a_number_with_a_bad_first_position_goes_on_as_the_second_hull() -> None:
    # The rule is causal: what came first is believed, and nothing that comes later makes it undone.
    rows = [
        heard(A, "2026-01-01T00:00", "2026-01-01T00:00", (100, 50)),
        heard(A, "2026-01-01T00:10", "2026-01-01T02:00", (0, 0)),
    ]
    assert sorted(set(tracks_of(rows))) == [hull(A, 1), hull(A, 2)]


def test_what_one_number_does_leaves_the_others_alone() -> None:
    plain = heard(B, "2026-01-01T00:00", "2026-01-01T06:00", (5, 5))
    alone = follow(plain).fixes
    beside = follow(pl.concat([two_hulls(), plain])).fixes.filter(pl.col("mmsi") == B)
    assert_frame_equal(alone, beside, check_exact=True)


# ---- cutting, sorting, summing -----------------------------------------------------------------------------------


def scene() -> pl.DataFrame:
    """Two hulls on one number, a plain ship, a bad position, a jump, a message heard twice."""
    twice = heard(B, "2026-01-01T02:00", "2026-01-01T03:00", (5, 5))
    return pl.concat([
        two_hulls(), heard(B, "2026-01-01T00:00", "2026-01-01T06:00", (5, 5)), twice,
        heard(B, "2026-01-01T01:07", "2026-01-01T01:07", (50, 5)),
        heard(C, "2026-01-01T00:00", "2026-01-01T01:00", (0, 0)),
        heard(C, "2026-01-01T01:01", "2026-01-01T03:01", (0, 0.25)),
    ])  # fmt: skip


SCENE_END = utc("2026-01-01T06:01")
moments = st.lists(
    st.integers(1, 359 * 60).map(lambda s: utc("2026-01-01") + timedelta(seconds=s)), max_size=5, unique=True
)


@settings(max_examples=30, deadline=None)
@given(moments, st.integers(0, 1000))
def test_however_a_stream_is_cut_and_shuffled_its_tracks_are_the_same(
    cuts: Sequence[datetime], seed: int
) -> None:
    rows, whole = scene(), follow(scene())
    fixes, noise, keep = [], [], None
    begin = utc("2025-12-31")
    for until in [*sorted(cuts), SCENE_END]:
        batch = rows.filter(pl.col("time") >= begin, pl.col("time") < until)
        followed = follow(batch.sample(fraction=1.0, shuffle=True, seed=seed), keep)
        fixes.append(followed.fixes)
        noise.append(followed.noise)
        keep, begin = followed.keep, until
    assert_frame_equal(
        pl.concat(fixes).sort("track", "time"), whole.fixes.sort("track", "time"), check_exact=True
    )
    assert_frame_equal(pl.concat(noise).sort("time"), whole.noise.sort("time"), check_exact=True)
    assert keep is not None
    assert_frame_equal(
        keep.sort("mmsi", "hull", "time"), whole.keep.sort("mmsi", "hull", "time"), check_exact=True
    )


def test_a_batch_without_a_report_of_a_number_that_is_several_hulls_keeps_them() -> None:
    kept = follow(two_hulls()).keep
    silent = follow(heard(B, NOON, NOON, (0, 0)), kept)
    assert silent.keep.filter(pl.col("mmsi") == A).height == kept.height
    assert silent.fixes["mmsi"].to_list() == [B]


@given(st.integers(1, 5))
def test_every_position_of_a_ship_is_a_fix_or_noise_or_the_same_message(seed: int) -> None:
    rows = scene().sample(fraction=1.0, shuffle=True, seed=seed)
    followed = follow(rows)
    assert followed.fixes.height + followed.noise.height + followed.merged == rows.height
    assert followed.merged == 7


def test_a_track_is_summed_up_over_days() -> None:
    first = summed(follow(heard(A, "2026-01-01T00:00", "2026-01-01T02:00", lambda h: north(h, 10))))
    second = summed(follow(heard(A, "2026-01-02T00:00", "2026-01-02T01:00", lambda h: north(h, 6, (0, 5)))))
    (whole,) = merged(pl.concat([second, first])).iter_rows(named=True)
    assert (clock(whole["start"]), clock(whole["end"])) == ("2026-01-01T00:00", "2026-01-02T01:00")
    assert (whole["positions"], whole["shared_mmsi"]) == (20, False)
    assert (whole["lat"], whole["end_lat"]) == pytest.approx((0.0, 5 + 6 * 1852 * DEG_PER_M))
    # Twenty miles on the first day, six on the second; the way in between is not counted.
    assert whole["travelled_km"] == pytest.approx(26 * 1.852, abs=1e-3)


def test_hulls_that_share_a_number_say_so() -> None:
    tracks = merged(summed(follow(pl.concat([two_hulls(), heard(B, NOON, NOON, (0, 0))]))))
    assert tracks.select("track", "shared_mmsi").rows() == [
        (hull(A, 1), True),
        (hull(A, 2), True),
        (hull(B), False),
    ]
    assert tracks["track"].to_list()[0] // HULLS_PER_MMSI == A


def test_no_fixes_are_no_tracks() -> None:
    assert merged(summed(follow(positions("mmsi time lon lat")))).is_empty()
