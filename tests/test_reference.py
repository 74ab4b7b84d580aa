"""The detectors agree with the plain reference, and the reference gives answers that were worked out by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.detect import encounter, gap, loitering
from clearwake.model import utc
from clearwake.tracks import follow

from . import reference
from .detect.law import END, scene
from .reference import Fix

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOON = utc("2026-01-01T12:00")
EAST_100_M = 100 / 111_195.0


def lying(
    track: int, start: datetime, hours: float, lon: float = 0.0, every: timedelta = 10 * MINUTE
) -> list[Fix]:
    """A hull lying still on the equator."""
    return [Fix(track, start + n * every, lon, 0.0) for n in range(int(hours * HOUR / every) + 1)]


def sailing(track: int, start: datetime, hours: float, speed_kn: float, lat: float = 0.0) -> list[Fix]:
    """A hull sailing east from the meridian of Greenwich, heard every ten minutes."""
    return [
        Fix(track, start + n * 10 * MINUTE, n * speed_kn / 6 / 60, lat) for n in range(int(hours * 6) + 1)
    ]


def test_a_silence_of_seven_hours_is_a_gap_and_one_of_five_is_not() -> None:
    fixes = [Fix(1, NOON, 0, 0), Fix(1, NOON + 7 * HOUR, 1, 0), Fix(1, NOON + 12 * HOUR, 1, 0)]
    (found,) = reference.gaps(fixes, until=NOON + 13 * HOUR)
    assert (found.start, found.end) == (NOON, NOON + 7 * HOUR)
    assert found.moved_km == pytest.approx(111.195, abs=0.01)


def test_a_silence_that_lasts_has_no_end() -> None:
    (found,) = reference.gaps([Fix(1, NOON, 0, 0)], until=NOON + 6 * HOUR)
    assert (found.start, found.end, found.moved_km) == (NOON, None, None)


def test_three_hours_side_by_side_are_a_standard_meeting() -> None:
    fixes = lying(1, NOON, 3) + lying(2, NOON, 3, lon=2 * EAST_100_M)
    (met,) = reference.encounters(fixes, until=NOON + 6 * HOUR)
    assert (met.start, met.end, met.label) == (NOON, NOON + 3 * HOUR, "standard")
    assert met.min_apart_m == pytest.approx(200.0, abs=0.1)
    assert met.median_speed_kn == 0.0


def test_one_hour_side_by_side_is_short_and_five_knots_are_under_way() -> None:
    short = lying(1, NOON, 1) + lying(2, NOON, 1, lon=EAST_100_M)
    moving = sailing(1, NOON, 3, 5.0) + sailing(2, NOON, 3, 5.0, lat=EAST_100_M)
    assert [met.label for met in reference.encounters(short, until=NOON + 3 * HOUR)] == ["short"]
    assert [met.label for met in reference.encounters(moving, until=NOON + 6 * HOUR)] == ["underway"]


def test_nine_knots_side_by_side_are_no_meeting() -> None:
    moving = sailing(1, NOON, 3, 9.0) + sailing(2, NOON, 3, 9.0, lat=EAST_100_M)
    assert reference.encounters(moving, until=NOON + 6 * HOUR) == []


def test_fixes_more_than_an_hour_apart_say_nothing_about_the_time_between() -> None:
    seldom = lying(1, NOON, 6, every=61 * MINUTE) + lying(2, NOON, 6, lon=EAST_100_M, every=61 * MINUTE)
    often = lying(1, NOON, 6, every=59 * MINUTE) + lying(2, NOON, 6, lon=EAST_100_M, every=59 * MINUTE)
    assert reference.encounters(seldom, until=NOON + 9 * HOUR) == []
    assert len(reference.encounters(often, until=NOON + 9 * HOUR)) == 1


def test_two_parts_three_hours_apart_are_one_meeting_and_five_hours_apart_are_two() -> None:
    def parts(pause: timedelta) -> list[Fix]:
        again = NOON + HOUR + pause
        other = lying(2, NOON, 1, lon=EAST_100_M) + lying(2, again, 1, lon=EAST_100_M)
        return lying(1, NOON, 10) + other

    assert len(reference.encounters(parts(3 * HOUR), until=NOON + 20 * HOUR)) == 1
    assert len(reference.encounters(parts(5 * HOUR), until=NOON + 20 * HOUR)) == 2


def test_a_ship_at_one_knot_for_two_hours_loiters_for_two_hours() -> None:
    fixes = sailing(1, NOON, 2, 1.0)
    (stay,) = reference.loiterings(fixes, until=NOON + 5 * HOUR)
    assert (stay.start, stay.end) == (NOON, NOON + 2 * HOUR)
    assert stay.mean_speed_kn == pytest.approx(1.0, rel=0.01)


def test_fifty_minutes_at_rest_are_no_loitering() -> None:
    assert reference.loiterings(lying(1, NOON, 5 / 6), until=NOON + 5 * HOUR) == []


def followed(seed: int) -> tuple[pl.DataFrame, list[Fix]]:
    """The fixes of one random scene, for the detectors and for the reference; hulls believed from the start only."""
    fixes = follow(scene(seed)).fixes.filter(pl.col("track") % 10_000 == 1)
    return fixes, [Fix(*row) for row in fixes.select("track", "time", "lon", "lat").iter_rows()]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_gaps_are_those_of_the_reference(seed: int) -> None:
    frame, fixes = followed(seed)
    found = gap().once(frame, END).sort("track_a", "start")
    wanted = reference.gaps(fixes, END)
    assert found.select("track_a", "start", "end").rows() == [(g.track, g.start, g.end) for g in wanted]
    assert found["moved_km"].to_list() == pytest.approx([g.moved_km for g in wanted], abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_loiterings_are_those_of_the_reference(seed: int) -> None:
    frame, fixes = followed(seed)
    found = loitering().once(frame, END).sort("track_a", "start")
    wanted = reference.loiterings(fixes, END)
    assert found.select("track_a", "start", "end").rows() == [(s.track, s.start, s.end) for s in wanted]
    assert found["mean_speed_kn"].to_list() == pytest.approx([s.mean_speed_kn for s in wanted], abs=1e-4)
    assert found["travelled_km"].to_list() == pytest.approx([s.travelled_km for s in wanted], abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_encounters_are_those_of_the_reference(seed: int) -> None:
    frame, fixes = followed(seed)
    found = encounter().once(frame, END).sort("track_a", "track_b", "start")
    wanted = reference.encounters(fixes, END)
    names = found.select("track_a", "track_b", "label").rows()
    assert names == [(m.track_a, m.track_b, m.label) for m in wanted]
    for row, met in zip(found.iter_rows(named=True), wanted, strict=True):
        assert abs(row["start"] - met.start) <= timedelta(milliseconds=2)
        assert (row["end"] is None) == (met.end is None)
        assert met.end is None or abs(row["end"] - met.end) <= timedelta(milliseconds=2)
        for measure in ("min_apart_m", "median_apart_m", "median_speed_kn", "together_h"):
            assert row[measure] == pytest.approx(getattr(met, measure), abs=1e-3), measure
