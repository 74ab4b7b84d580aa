"""Encounters: what is a meeting, when it began and ended, how it is labelled, and what is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.tables import DEG_PER_M, A, B, C, Place, clock, events, heard, hull, north, positions, when

from clearwake.detect import encounter
from clearwake.model import utc

LATER = "2026-01-03T00:00"


def east_m(metres: float, lat: float = 0.0) -> Place:
    """So many metres east of the meridian of Greenwich, on the equator."""
    return metres * DEG_PER_M, lat


def lies(mmsi: int, first: str, last: str, metres: float = 0.0, every_min: float = 10) -> pl.DataFrame:
    """A ship lying so many metres east of nowhere."""
    return heard(mmsi, f"2026-01-01T{first}", f"2026-01-01T{last}", east_m(metres), every_min)


def moves(mmsi: int, first: str, metres: Callable[[int], float] | list[float]) -> pl.DataFrame:
    """A ship heard every ten minutes so many metres east of nowhere."""
    spots = metres if isinstance(metres, list) else [metres(n) for n in range(145)]
    rows = heard(
        mmsi,
        f"2026-01-01T{first}",
        "2026-01-02T00:00",
        lambda h: east_m(spots[min(round(h * 6), len(spots) - 1)]),
    )
    return rows.head(len(spots))


def comes_and_goes(minutes_alongside: int, alongside_m: float = 100.0) -> pl.DataFrame:
    """B comes in steps of 1400 m, is alongside at 03:00, and goes in steps of 1600 m."""
    stay = minutes_alongside // 10
    way = [alongside_m + 1400.0 * n for n in range(12, 0, -1)]
    away = [alongside_m + 1600.0 * n for n in range(1, 13)]
    return moves(B, "01:00", [*way, *[alongside_m] * (stay + 1), *away])


def found_in(*ships: pl.DataFrame, until: str = LATER) -> pl.DataFrame:
    return events(encounter(), ships, until)


def test_two_ships_that_lie_together_for_three_hours_have_a_standard_encounter() -> None:
    met = found_in(lies(A, "00:00", "12:00"), comes_and_goes(180)).row(0, named=True)
    # 02:50 they are 1500 m apart, 03:00 100 m: at 500 m 400/1400 of ten minutes before 03:00.
    # 06:00 they are 100 m apart, 06:10 1700 m: at 500 m 400/1600 of ten minutes after 06:00.
    assert met["start"] == utc("2026-01-01T02:57:08.571")
    assert met["end"] == utc("2026-01-01T06:02:30")
    assert met["duration_h"] == pytest.approx(3 + (171.429 + 150) / 3600)
    assert met["together_h"] == met["duration_h"]
    assert (met["track_a"], met["track_b"], met["mmsi_a"], met["mmsi_b"]) == (hull(A), hull(B), A, B)
    assert (met["min_apart_m"], met["median_apart_m"]) == pytest.approx((100.0, 100.0), abs=0.001)
    assert met["median_speed_kn"] == 0.0
    assert (met["lon"], met["lat"]) == pytest.approx((50 * DEG_PER_M, 0.0), abs=1e-9)
    assert met["label"] == "standard"


def test_it_says_how_far_apart_they_were_an_hour_before_and_after() -> None:
    met = found_in(lies(A, "00:00", "12:00"), comes_and_goes(180)).row(0, named=True)
    # At 02:00 six steps of 1400 m before 03:00, at 07:00 six of 1600 m after 06:00.
    assert (met["apart_before_km"], met["apart_after_km"]) == pytest.approx((8.5, 9.7), abs=1e-5)


def test_it_names_the_fixes_it_rests_on_and_is_known_when_the_last_of_them_is() -> None:
    met = found_in(lies(A, "00:00", "12:00"), comes_and_goes(180)).row(0, named=True)
    # The fixes on which the first, the nearest and the last close grid time rest, of each of the two.
    assert met["evidence"] == [
        f"position:{mmsi}@2026-01-01T{time}:00.000Z"
        for mmsi in (A, B)
        for time in ("02:50", "05:50", "06:00")
        if f"position:{mmsi}@2026-01-01T{time}:00.000Z" in met["evidence"]
    ]
    assert met["known_at"] == utc("2026-01-01T06:05")


# ---- labels --------------------------------------------------------------------------------------------------


def test_an_hour_together_is_a_short_encounter() -> None:
    met = found_in(lies(A, "00:00", "12:00"), comes_and_goes(60))
    assert met["label"].to_list() == ["short"]


def test_two_hours_within_the_threshold_are_standard_and_a_minute_less_is_short() -> None:
    # Close at grid times over 1 h 50 min, and before and after for 171 s and 150 s: 1 h 55 min 21 s.
    assert found_in(lies(A, "00:00", "12:00"), comes_and_goes(110))["label"].to_list() == ["short"]
    # Ten minutes more: 2 h 5 min 21 s.
    assert found_in(lies(A, "00:00", "12:00"), comes_and_goes(120))["label"].to_list() == ["standard"]


def test_ten_minutes_together_are_no_encounter() -> None:
    assert found_in(lies(A, "00:00", "12:00"), comes_and_goes(10)).is_empty()


def test_three_full_ten_minutes_suffice() -> None:
    assert found_in(lies(A, "00:00", "12:00"), comes_and_goes(20))["label"].to_list() == ["short"]


@pytest.mark.parametrize(
    ("speed_kn", "label"), [(1.9, ["standard"]), (2.1, ["underway"]), (6.9, ["underway"]), (7.1, [])]
)
def test_ships_abreast_are_labelled_by_their_speed(speed_kn: float, label: list[str]) -> None:
    one = heard(A, "2026-01-01T00:00", "2026-01-01T05:00", lambda h: north(h, speed_kn))
    other = heard(B, "2026-01-01T00:00", "2026-01-01T05:00", lambda h: north(h, speed_kn, east_m(200)))
    assert found_in(one, other)["label"].to_list() == label


def test_the_speed_is_that_made_good_and_not_the_one_reported() -> None:
    rows = [
        ship.with_columns(speed_kn=pl.lit(9.0, pl.Float32))
        for ship in (lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 99))
    ]
    assert found_in(*rows)["label"].to_list() == ["standard"]


def test_ships_farther_apart_than_half_a_kilometre_do_not_meet() -> None:
    assert found_in(lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 501)).is_empty()
    assert found_in(lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 499)).height == 1


def test_every_pair_of_three_ships_alongside_meets() -> None:
    met = found_in(lies(C, "00:00", "05:00", 200), lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 100))
    assert sorted(met.select("mmsi_a", "mmsi_b").rows()) == [(A, B), (A, C), (B, C)]


# ---- while it lasts, and when it is over -----------------------------------------------------------------------


def test_it_has_no_end_while_they_lie_together() -> None:
    ships = lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 100)
    met = found_in(*ships, until="2026-01-01T05:00:01")
    assert when(met) == [("2026-01-01T00:00", None)]
    assert met["duration_h"].to_list() == [5.0]


def test_it_ends_when_one_of_them_was_last_heard_an_hour_ago() -> None:
    ships = lies(A, "00:00", "05:00"), lies(B, "00:00", "05:00", 100)
    assert when(found_in(*ships, until="2026-01-01T06:00")) == [("2026-01-01T00:00", "2026-01-01T05:00")]


def test_a_ship_silent_for_an_hour_and_a_half_alongside_has_not_left() -> None:
    silent = pl.concat([lies(A, "00:00", "01:30"), lies(A, "03:00", "04:30")])
    met = found_in(silent, lies(B, "00:00", "04:30", 100))
    assert when(met) == [("2026-01-01T00:00", "2026-01-01T04:30")]
    assert met["together_h"].to_list() == [4.5]
    assert met["label"].to_list() == ["standard"]


def test_meetings_of_a_pair_less_than_four_hours_apart_are_one() -> None:
    # Alongside 00:00-02:00, two kilometres off until 05:00, alongside again 05:10-07:10.
    other = moves(B, "00:00", [100.0] * 13 + [2000.0] * 18 + [100.0] * 13 + [2000.0] * 12)
    met = found_in(lies(A, "00:00", "12:00"), other)
    assert met.height == 1
    # 400/1900 of ten minutes is 126.316 s; they parted twice and came once.
    assert met["start"][0] == utc("2026-01-01T00:00")
    assert met["end"][0] == utc("2026-01-01T07:12:06.316")
    assert met["together_h"][0] == pytest.approx(4 + 3 * 126.316 / 3600, abs=1e-6)


def test_meetings_of_a_pair_four_hours_apart_are_two() -> None:
    # The last full ten minutes alongside 02:00, the next 06:00.
    other = moves(B, "00:00", [100.0] * 13 + [2000.0] * 23 + [100.0] * 13 + [2000.0] * 12)
    assert found_in(lies(A, "00:00", "12:00"), other).height == 2


def test_ferries_that_pass_each_other_every_hour_never_add_up() -> None:
    # Within 500 m at one grid time of six, all day long.
    ferry = moves(B, "00:00", lambda n: [100.0, 2500.0, 4900.0, 7300.0, 4900.0, 2500.0][n % 6])
    assert found_in(lies(A, "00:00", "23:50"), ferry).is_empty()


def test_one_bad_fix_parts_nobody() -> None:
    spots = [100.0] * 19
    spots[9] = 3000.0
    met = found_in(lies(A, "00:00", "03:00"), moves(B, "00:00", spots))
    assert when(met) == [("2026-01-01T00:00", "2026-01-01T03:00")]
    assert met.select("together_h", "label").rows() == [(3.0, "standard")]


def test_an_impossible_fix_is_noise_and_parts_nobody_either() -> None:
    spots = [100.0] * 19
    spots[9] = 90_000.0
    met = found_in(lies(A, "00:00", "03:00"), moves(B, "00:00", spots))
    assert met.select("together_h", "label").rows() == [(3.0, "standard")]


# ---- places and clocks -----------------------------------------------------------------------------------------


def test_a_meeting_over_midnight_is_one() -> None:
    span = ("2026-01-01T22:00", "2026-01-02T02:00")
    met = found_in(heard(A, *span, (0, 0)), heard(B, *span, east_m(100)))
    assert when(met) == [span]


def test_ships_on_either_side_of_the_antimeridian_meet() -> None:
    # 0.001 degrees of longitude on the equator are 111 m.
    span = ("2026-01-01T00:00", "2026-01-01T03:00")
    met = found_in(heard(A, *span, (179.9995, 0)), heard(B, *span, (-179.9995, 0)))
    assert met["label"].to_list() == ["standard"]
    assert met["median_apart_m"].to_list() == pytest.approx([111.2], abs=0.1)
    assert abs(met["lon"][0]) == pytest.approx(180.0)


def test_ships_on_either_side_of_the_pole_meet() -> None:
    span = ("2026-01-01T00:00", "2026-01-01T03:00")
    met = found_in(heard(A, *span, (0, 89.9995)), heard(B, *span, (180, 89.9995)))
    assert met["label"].to_list() == ["standard"]
    assert met["median_apart_m"].to_list() == pytest.approx([111.2], abs=0.1)
    assert met["lat"].to_list() == pytest.approx([90.0], abs=1e-5)


def test_satellite_positions_every_fifty_minutes_at_different_times_are_enough() -> None:
    met = found_in(lies(A, "00:00", "06:40", 0, 50), lies(B, "00:25", "07:05", 100, 50))
    assert when(met) == [("2026-01-01T00:30", "2026-01-01T06:40")]
    assert met["label"].to_list() == ["standard"]


def test_positions_more_than_an_hour_apart_say_nothing_of_the_time_between() -> None:
    assert found_in(lies(A, "00:00", "06:40"), lies(B, "00:05", "06:44", 100, 61)).is_empty()


# ---- tows and convoys ------------------------------------------------------------------------------------------


def stops_for_three_hours(speed_kn: float) -> Callable[[float], float]:
    """Hours under way of a ship that sails until 03:00, lies until 06:00 and sails on."""
    return lambda h: (min(h, 3) + max(h - 6, 0)) * speed_kn


def tow(first: str = "00:05") -> pl.DataFrame:
    """A tug and its tow 200 m abreast of it at 11 kn, too fast to be looked at, that stop for three hours."""
    way = stops_for_three_hours(11)
    span = (f"2026-01-01T{first}", "2026-01-01T10:00")
    tug = heard(A, *span, lambda h: north(way(h), 1))
    return found_in(tug, heard(B, *span, lambda h: north(way(h), 1, east_m(200))))


def test_a_tow_that_never_parts_was_not_apart_before_its_stop() -> None:
    met = tow()
    # It stopped at 03:05; from 03:00 to 03:10 it made 5.5 kn good.
    assert clock(met["start"][0]) == "2026-01-01T03:10"
    assert met["apart_before_km"].to_list() == pytest.approx([0.2], abs=1e-3)


def test_a_tow_that_never_parts_was_not_apart_after_its_stop() -> None:
    assert tow()["apart_after_km"].to_list() == pytest.approx([0.2], abs=1e-3)


def test_a_meeting_ends_when_both_sail_on_together_too_fast_to_be_looked_at() -> None:
    # It sailed on at 06:05; from 06:10 to 06:20 it made 11 kn good.
    assert clock(tow()["end"][0]) == "2026-01-01T06:10"


def test_a_tow_first_heard_on_a_full_ten_minutes_does_not_meet_from_then_on() -> None:
    assert clock(tow("00:00")["start"][0]) == "2026-01-01T03:10"


def test_ships_not_heard_before_and_after_were_nobody_knows_how_far_apart() -> None:
    met = found_in(lies(A, "00:00", "03:00"), lies(B, "00:00", "03:00", 100))
    assert met.select("apart_before_km", "apart_after_km").row(0) == (None, None)


def test_two_hulls_under_one_number_each_meet_whom_they_meet() -> None:
    # Ships under one MMSI 1,000 km apart; C lies beside the second of them.
    first = heard(A, "2026-01-01T00:00", "2026-01-01T08:00", (0, 0))
    second = heard(A, "2026-01-01T01:05", "2026-01-01T07:55", (9, 0))
    beside = heard(C, "2026-01-01T00:00", "2026-01-01T08:00", (9.001, 0))
    met = found_in(first, second, beside)
    assert met.select("track_a", "track_b", "label").rows() == [(hull(A, 2), hull(C), "standard")]
    # Its first two positions are flagged; it is believed from 01:25.
    assert when(met) == [("2026-01-01T01:30", "2026-01-01T07:50")]


def test_fishing_gear_beacons_beside_each_other_do_not_meet() -> None:
    assert found_in(lies(941_234_567, "00:00", "05:00"), lies(982_345_678, "00:00", "05:00", 50)).is_empty()


def test_a_small_table_read_by_eye() -> None:
    rows = positions("""
        mmsi  time              lon      lat
        A     2026-01-01T10:00  10.0000  40.0000
        A     2026-01-01T10:30  10.0010  40.0000
        A     2026-01-01T11:00  10.0010  40.0000
        A     2026-01-01T11:30  10.0010  40.0000
        B     2026-01-01T10:00  10.0500  40.0000
        B     2026-01-01T10:30  10.0020  40.0000
        B     2026-01-01T11:00  10.0020  40.0000
        B     2026-01-01T11:30  10.0600  40.0000
    """)
    met = events(encounter(), rows, until=LATER)
    assert met["label"].to_list() == ["short"]
    # 0.001 degrees of longitude at 40 N are 85.2 m.
    assert met["min_apart_m"].to_list() == pytest.approx([85.2], abs=0.1)


# ---- the published pipeline's own examples ---------------------------------------------------------------------


def published(shared: Path, name: str) -> pl.DataFrame:
    """Positions of an example, its ships 1, 2 and 3 renumbered as A, B and C."""
    series = json.loads((shared / "fixtures_gfw_pipe_encounters" / "series.json").read_text())[name]
    rows = "\n".join(
        f"{'ABC'[int(p['id']) - 1]} {p['timestamp'].removesuffix(' UTC').replace(' ', 'T')} {p['lon']} {p['lat']}"
        for p in series
    )
    return positions(f"mmsi time lon lat\n{rows}")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("example", "end"),
    [("simple_series_data", "2011-01-01T17:00"), ("dateline_series_data", "2011-01-01T17:10")],
)
def test_the_published_examples_meet_when_they_say(shared: Path, example: str, end: str) -> None:
    """Same pair and the same grid times close together.

    Where we differ: they give two rows, one for each ship, we give one; they begin and end at the first and last
    grid time within 500 m (16:10 and ``end``), we at the moment the distance passed 500 m, less than a step outside.
    """
    met = events(encounter(), published(shared, example), "2011-01-02T00:00")
    assert met.select("mmsi_a", "mmsi_b").rows() == [(A, B)]
    assert utc("2011-01-01T16:00") < met["start"][0] <= utc("2011-01-01T16:10")
    assert utc(end) <= met["end"][0] < utc(end) + timedelta(minutes=10)
    # Theirs: 0.2033 and 0.2117 km; the last digits of the sphere's radius differ.
    theirs = {"simple_series_data": 203.3, "dateline_series_data": 211.7}[example]
    assert met["median_apart_m"].to_list() == pytest.approx([theirs], abs=0.5)


@pytest.mark.shared
def test_three_ships_of_the_published_example_meet_in_three_pairs(shared: Path) -> None:
    met = events(encounter(), published(shared, "multi_series_data"), "2011-01-02T00:00")
    assert sorted(met.select("mmsi_a", "mmsi_b").rows()) == [(A, B), (A, C), (B, C)]
    # Theirs: ships 1 and 2 in one place, 3 at 0.1112 km.
    by_pair = {(a, b): apart for a, b, apart in met.select("mmsi_a", "mmsi_b", "median_apart_m").iter_rows()}
    assert by_pair[A, B] == pytest.approx(0.0, abs=0.1)
    assert by_pair[A, C] == pytest.approx(111.2, abs=0.1)
