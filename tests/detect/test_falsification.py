from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from clearwake import places
from clearwake.detect.falsification import falsification
from clearwake.detect.falsification.copies import (
    COPY,
    Tracks,
    intervals,
    rare_keys,
    shaped_copies,
    strides,
    thinned,
    timed_copies,
    timed_pairs,
)
from clearwake.detect.falsification.horizon import beyond_horizon, heard_by
from clearwake.detect.falsification.interference import SIGNAL, area, grouped, interference, with_stragglers
from clearwake.detect.falsification.told import copy_events
from clearwake.model import TIME, utc
from clearwake.sphere import Floats, destination
from clearwake.tracks import follow

BEGIN = utc("2026-01-01")
SHIP = 412_000_001


def sailed(minutes: Sequence[float] | Floats, east_km: Floats, north_km: Floats, *, mmsi: int = SHIP,
           at: tuple[float, float] = (-40.0, 35.0), says_kn: float | None = None) -> pl.DataFrame:  # fmt: skip
    """Reports of a ship so many kilometres east and north of a place."""
    m = np.asarray(minutes, np.float64)
    course = np.degrees(np.arctan2(east_km, north_km)) % 360.0
    far_m = np.hypot(east_km, north_km) * 1000.0
    lon, lat = destination(np.full(m.size, at[0]), np.full(m.size, at[1]), course, far_m)
    times = [BEGIN + timedelta(seconds=round(x * 60)) for x in m]
    return pl.DataFrame({"mmsi": np.full(m.size, mmsi), "time": times, "lon": lon, "lat": lat}).with_columns(
        pl.col("time").cast(TIME), known_at=pl.col("time").cast(TIME), speed_kn=pl.lit(says_kn, pl.Float32)
    )


def found(reports: pl.DataFrame, hours: float = 24.0) -> pl.DataFrame:
    detector = falsification(places.load())
    return detector.once(follow(reports).reports, BEGIN + timedelta(hours=hours))


def labels(reports: pl.DataFrame) -> list[str]:
    return found(reports)["label"].to_list()


MINUTES = np.arange(0.0, 480.0, 3.0)
STEADY = MINUTES * 0.3
"""Kilometres sailed at 9.7 knots."""
STILL = np.zeros(MINUTES.size)
SWAY = 0.03 * np.sin(MINUTES / 7.0)
"""Thirty metres to either side: nobody steers better."""


def between(begin: float, end: float) -> np.ndarray:
    return np.asarray((begin <= MINUTES) & (end > MINUTES))


def test_a_ship_that_sails_three_circles_is_found_with_their_size_and_time() -> None:
    on = between(120, 240)
    angle = (MINUTES - 120.0) / 40.0 * 2 * np.pi
    east = np.where(on, 36.0 + 2.0 * np.sin(angle), STEADY)
    north = np.where(on, 2.0 * np.cos(angle) - 2.0, SWAY)
    event = found(sailed(MINUTES, east, north)).row(0, named=True)
    assert event["label"] == "circle"
    assert event["radius_m"] == pytest.approx(2000, rel=0.02)
    assert event["period_min"] == pytest.approx(40, rel=0.05)
    assert abs(event["start"] - (BEGIN + timedelta(minutes=120))) <= timedelta(minutes=12)
    assert abs(event["end"] - (BEGIN + timedelta(minutes=240))) <= timedelta(minutes=12)


def test_a_figure_of_eight_sailed_again_and_again_is_found() -> None:
    angle = MINUTES / 60.0 * 2 * np.pi
    assert labels(sailed(MINUTES, 2.0 * np.sin(angle), np.sin(2 * angle))) == ["circle"]


@pytest.mark.parametrize(("lap_min", "hours"), [(190.0, 7.0), (95.0, 3.5), (17.0, 2.2)])
def test_racetracks_and_wide_circles_are_found_however_long_a_lap_takes(lap_min: float, hours: float) -> None:
    rng = np.random.default_rng(round(lap_min))
    minutes = np.cumsum(rng.uniform(1.5, 2.7, 400))
    minutes = minutes[minutes < hours * 60.0]
    noise = rng.normal(0.0, 0.015, (2, minutes.size))
    way = (minutes / lap_min % 1.0) * 4.0
    straight, turn = 2.0 * lap_min / 60.0, 0.5
    # Two straights and two half circles, each a quarter of the lap; rounded ends are sailed slower.
    east = np.select([way < 1, way < 2, way < 3], [way, 1 + turn * np.sin(np.pi * (way - 1)) / 2, 3 - way],
                     -turn * np.sin(np.pi * (way - 3)) / 2) * straight  # fmt: skip
    north = np.select([way < 1, way < 2, way < 3], [0.0 * way, 1 - np.cos(np.pi * (way - 1)), 2.0 + 0.0 * way],
                      1 + np.cos(np.pi * (way - 3))) * turn * straight / 2  # fmt: skip
    assert labels(sailed(minutes, east + noise[0], north + noise[1])) == ["circle"]
    angle = 2 * np.pi * minutes / lap_min
    assert labels(sailed(minutes, straight * np.sin(angle), straight * np.cos(angle))) == ["circle"]


def test_a_ferry_on_a_round_of_ports_that_is_never_quite_on_time_sails_no_figure() -> None:
    rng = np.random.default_rng(8)
    late = np.cumsum(rng.normal(0.0, 0.35, MINUTES.size))
    angle = 2 * np.pi * (MINUTES + late) / 80.0
    assert labels(sailed(MINUTES, 4.0 * np.sin(angle), 2.0 * np.sin(2 * angle))) == []


@pytest.mark.parametrize("line", ["along one course", "evenly in degrees"])
def test_a_line_drawn_on_a_chart_at_one_speed_is_too_perfect(line: str) -> None:
    hours = MINUTES / 60.0
    lat = 55.0 + 9.0 / 60.0 * hours
    evenly = 9.0 / 60.0 / np.cos(np.radians(55.0)) * hours
    stretched = np.log(np.tan(np.radians(45.0 + lat / 2.0)))
    lon = 179.0 + (np.degrees(stretched - stretched[0]) if line == "along one course" else evenly)
    drawn = sailed(MINUTES, STILL, STILL).with_columns(
        lon=pl.Series((lon + 180.0) % 360.0 - 180.0).round(6), lat=pl.Series(lat).round(6)
    )
    assert labels(drawn) == ["frozen"]


def test_a_ship_that_lies_still_and_reports_seldom_but_says_it_sails_is_told() -> None:
    seldom = np.arange(0.0, 480.0, 5.0)
    swing = 0.05 * np.sin(seldom / 9.0)
    assert labels(sailed(seldom, swing, 0.0 * seldom, says_kn=11.0)) == ["speed"]


def test_a_harbour_ferry_that_keeps_to_the_minute_but_lies_at_its_piers_sails_no_figure() -> None:
    on_time = MINUTES % 40.0 / 40.0
    # A quarter of each round at a pier, the rest on an oval.
    angle = 2 * np.pi * np.clip((on_time - 0.25) / 0.75, 0.0, 1.0)
    assert labels(sailed(MINUTES, 1.5 * np.sin(angle), 0.8 * np.cos(angle) + 0.3 * np.sin(2 * angle))) == []


def test_a_ship_swinging_at_anchor_and_a_ferry_sail_no_circles() -> None:
    swing = np.sin(MINUTES / 60.0)
    assert labels(sailed(MINUTES, 0.2 * np.sin(swing), 0.2 * np.cos(swing))) == []
    there_and_back = np.abs(MINUTES % 60.0 - 30.0) * 0.3
    assert labels(sailed(MINUTES, there_and_back, STILL)) == []


def test_a_ship_away_for_two_hours_jumped_there_and_back() -> None:
    north = np.where(between(120, 240), 80.0 + SWAY, SWAY)
    event = found(sailed(MINUTES, STEADY, north)).row(0, named=True)
    assert (event["label"], event["start"], event["end"]) == (
        "jump", BEGIN + timedelta(minutes=117), BEGIN + timedelta(minutes=240)
    )  # fmt: skip
    assert event["moved_km"] == pytest.approx(80.0, rel=0.01)
    assert event["mmsi_a"] == SHIP


def test_a_ship_that_jumps_and_stays_has_no_end() -> None:
    north = np.where(MINUTES >= 240, 300.0 + SWAY, SWAY)
    event = found(sailed(MINUTES, STEADY, north)).row(0, named=True)
    assert (event["label"], event["end"]) == ("jump", None)


def test_single_wild_positions_are_no_jumps() -> None:
    wild = np.isin(MINUTES, [60.0, 63.0, 150.0, 240.0, 390.0])
    assert labels(sailed(MINUTES, STEADY, np.where(wild, 90.0, SWAY))) == []


def test_two_ships_that_share_a_number_and_are_heard_by_turns_do_not_jump() -> None:
    other = sailed(MINUTES + 1.5, STEADY, SWAY + 200.0)
    assert labels(pl.concat((sailed(MINUTES, STEADY, SWAY), other))) == []


def test_a_wrong_clock_puts_a_ship_on_its_own_way_and_is_no_jump() -> None:
    late = sailed(MINUTES, STEADY, SWAY)
    moved = late.with_columns(time=pl.when(pl.Series(between(200, 230))).then(pl.col("time") - timedelta(minutes=90))
                              .otherwise("time"))  # fmt: skip
    assert "jump" not in labels(moved.unique(["mmsi", "time"], keep="first"))


KANSAS = (-98.0, 38.5)


def test_a_ship_that_leaps_far_inland_is_on_land() -> None:
    at_sea = sailed(MINUTES, STEADY, SWAY, at=(-75.0, 30.0)).filter(pl.Series(~between(120, 240)))
    on_land = sailed(MINUTES, STEADY, SWAY, at=KANSAS).filter(pl.Series(between(120, 240)))
    assert set(labels(pl.concat((at_sea, on_land)))) == {"jump", "on_land"}


def test_a_straight_fast_line_across_land_is_on_land_without_a_leap() -> None:
    assert labels(sailed(MINUTES, STEADY, SWAY, at=KANSAS)) == ["on_land"]


def test_a_tug_on_a_winding_river_far_inland_is_not() -> None:
    winding = 2.0 * np.sin(STEADY / 3.0)
    assert labels(sailed(MINUTES, 0.6 * STEADY, winding, at=(-91.0, 33.0))) == []


def test_ships_on_the_great_lakes_are_not_on_land() -> None:
    assert labels(sailed(MINUTES, SWAY, STEADY, at=(-87.0, 42.5))) == []


def test_one_place_for_hours_at_ten_knots_is_frozen_and_a_moored_ship_is_not() -> None:
    assert labels(sailed(MINUTES, STILL, STILL, says_kn=10.0)) == ["frozen"]
    assert labels(sailed(MINUTES, STILL, STILL, says_kn=0.0)) == []
    assert labels(sailed(MINUTES, STILL, STILL)) == []


def test_a_line_sailed_at_one_speed_to_the_metre_is_too_perfect_and_an_ordinary_one_is_not() -> None:
    assert labels(sailed(MINUTES, STEADY, STILL)) == ["frozen"]
    assert labels(sailed(MINUTES, STEADY, SWAY)) == []


def test_a_reported_speed_that_the_way_contradicts_for_hours_is_found() -> None:
    assert labels(sailed(MINUTES, STEADY, SWAY, says_kn=1.0)) == ["speed"]
    assert labels(sailed(MINUTES, STEADY, SWAY, says_kn=9.0)) == []


def test_every_event_tells_what_speaks_for_it_and_against() -> None:
    events = found(sailed(MINUTES, STEADY, np.where(between(120, 240), 80.0 + SWAY, SWAY), says_kn=1.0))
    assert events.height >= 2
    assert (events["reasons_for"].list.len() > 0).all()
    assert (events["reasons_against"].list.len() > 0).all()
    assert events["cleared_by"].null_count() == events.height


def wandering(seed: int, n: int = 120) -> tuple[Floats, Floats, Floats]:
    """An irregular way: minutes, kilometres east and north."""
    rng = np.random.default_rng(seed)
    minutes = np.cumsum(rng.integers(60, 200, n)) / 60.0
    course = np.cumsum(rng.normal(0.0, 0.25, n))
    way = np.diff(minutes, prepend=0.0) * 0.3
    return minutes, np.cumsum(way * np.sin(course)), np.cumsum(way * np.cos(course))


def copied(reports: pl.DataFrame) -> list[tuple[int, int, int]]:
    fixes = follow(reports).fixes.sort("track", "time")
    tracks = Tracks(thinned(fixes))
    every = pl.concat((shaped_copies(tracks), timed_copies(tracks, timed_pairs(rare_keys(intervals(fixes))))))
    rows = every.select(pl.col("track") // 10_000, pl.col("of_track") // 10_000, pl.col("later_ms") // 60_000)
    return sorted(set(rows.rows()))


def test_a_track_laid_elsewhere_under_another_number_is_a_copy() -> None:
    minutes, east, north = wandering(1)
    both = pl.concat(
        (sailed(minutes, east, north), sailed(minutes, east, north, mmsi=SHIP + 1, at=(-38.0, 36.0)))
    )
    assert copied(both) in ([(SHIP + 1, SHIP, 0)], [(SHIP, SHIP + 1, 0)])


def test_a_track_sent_again_three_hours_later_is_a_copy_of_it() -> None:
    minutes, east, north = wandering(2)
    later = sailed(minutes + 180.0, east, north, mmsi=SHIP + 1, at=(-38.0, 36.0))
    assert copied(pl.concat((sailed(minutes, east, north), later))) == [(SHIP + 1, SHIP, 180)]


def even(seed: int) -> tuple[Floats, Floats, Floats]:
    """A nearly straight way reported exactly once a minute, with a receiver's errors: minutes, kilometres."""
    rng = np.random.default_rng(seed)
    course = 1.0 + np.cumsum(rng.normal(0.0, 0.01, MINUTES.size))
    error = rng.normal(0.0, 0.012, (2, MINUTES.size))
    return (
        MINUTES.astype(np.float64),
        np.cumsum(0.3 * np.sin(course)) + error[0],
        np.cumsum(0.3 * np.cos(course)) + error[1],
    )


@pytest.mark.parametrize("later_min", [0.0, 90.0])
def test_a_regular_feed_sent_again_report_for_report_is_known_by_its_strides(later_min: float) -> None:
    minutes, east, north = even(7)
    degrees = sailed(minutes, east, north)
    degrees = degrees.with_columns(
        pl.col("mmsi") + 1, pl.col("lon") + 2.0, pl.col("lat") + 1.0,
        time=pl.col("time") + timedelta(minutes=later_min),
    )  # fmt: skip
    fixes = follow(
        pl.concat((sailed(minutes, east, north), degrees.select(sailed(minutes, east, north).columns)))
    ).fixes
    fixes = fixes.sort("track", "time")
    assert timed_pairs(rare_keys(intervals(fixes))).height == 0
    found = timed_copies(Tracks(thinned(fixes)), timed_pairs(rare_keys(strides(fixes))))
    assert {later_min} == set((found["later_ms"] / 60_000).to_list())
    assert set(found["track"].to_list()) | set(found["of_track"].to_list()) == set(fixes["track"].to_list())


def test_two_regular_feeds_on_neighbouring_courses_are_no_copies() -> None:
    fixes = follow(pl.concat((sailed(*even(8)), sailed(*even(9), mmsi=SHIP + 1)))).fixes.sort("track", "time")
    assert timed_copies(Tracks(thinned(fixes)), timed_pairs(rare_keys(strides(fixes)))).height == 0


def straight(
    rng: np.random.Generator, at_minutes: Floats, mmsi: int, at: tuple[float, float]
) -> pl.DataFrame:
    """A straight way at one speed under a receiver's errors."""
    error = rng.normal(0.0, 0.02, (2, at_minutes.size))
    return sailed(at_minutes, 0.3 * at_minutes + error[0], error[1], mmsi=mmsi, at=at)


def test_a_straight_way_sent_at_the_same_uneven_times_is_a_copy_but_not_in_a_fleet_polled_at_once() -> None:
    rng = np.random.default_rng(21)
    uneven = np.cumsum(rng.integers(20, 100, 110)) / 60.0
    two = [straight(rng, uneven, SHIP + k, (-40.0 + k, 35.0)) for k in range(2)]
    three = [*two, straight(rng, uneven, SHIP + 2, (-41.0, 36.0))]
    for heard, found in ((two, 1), (three, 0)):
        fixes = follow(pl.concat(heard)).fixes.sort("track", "time")
        pairs = timed_pairs(rare_keys(intervals(fixes)))
        told = timed_copies(Tracks(thinned(fixes)), pairs)
        assert told.height == found


def test_a_ship_that_sails_on_evenly_copies_not_itself_some_minutes_ago() -> None:
    fixes = follow(sailed(*even(11))).fixes.sort("track", "time")
    track = fixes["track"][0]
    first, last = (int(fixes["time"].dt.epoch("ms")[k]) for k in (20, 140))
    pairs = pl.DataFrame(
        [(track, track, 150_000, first, last, 99)],
        schema=timed_pairs(rare_keys(intervals(fixes))).schema,
        orient="row",
    )
    assert timed_copies(Tracks(thinned(fixes)), pairs).height == 0


def copies_told(
    heard: list[tuple[int, float, float]], later_min: float = 0.0
) -> list[tuple[int, int | None]]:
    """Who is told to have copied whom; ``heard`` is ship, first and last hour, the copied hours are 5 to 7."""
    spans = pl.DataFrame(
        {"track": [(SHIP + k) * 10_000 + 1 for k, _, _ in heard],
         "first": [BEGIN + timedelta(hours=a) for _, a, _ in heard],
         "last": [BEGIN + timedelta(hours=b) for _, _, b in heard]}
    ).cast({"first": TIME, "last": TIME})  # fmt: skip
    one, two = spans["track"].to_list()
    row = {
        "track": two, "of_track": one, "start": BEGIN + timedelta(hours=5), "end": BEGIN + timedelta(hours=7),
        "x": 1.0, "y": 0.0, "z": 0.0, "of_x": 0.0, "of_y": 1.0, "of_z": 0.0, "later_ms": int(later_min * 60_000),
        "apart_km": 100.0, "residual_m": 5.0, "wander_m": 400.0, "reports": 60, "known_at": BEGIN,
    }  # fmt: skip
    events = copy_events(pl.DataFrame([row], schema=COPY), "d", spans)
    return sorted(events.select(pl.col("mmsi_a") - SHIP, pl.col("mmsi_b") - SHIP).rows())


def test_the_copy_is_the_one_that_came_later_or_that_begins_and_ends_with_the_copied_hours() -> None:
    assert copies_told([(0, 0.0, 12.0), (1, 5.0, 7.0)]) == [(1, 0)]
    assert copies_told([(0, 5.0, 7.0), (1, 0.0, 12.0)]) == [(0, 1)]
    assert copies_told([(0, 5.0, 7.0), (1, 5.0, 7.5)]) == [(0, 1), (1, 0)]
    assert copies_told([(0, 2.0, 5.0), (1, 0.0, 12.0)], later_min=120.0) == [(1, 0)]


def test_a_tow_half_a_mile_apart_with_clocks_and_receivers_of_their_own_is_no_copy() -> None:
    minutes, east, north = wandering(3)
    rng = np.random.default_rng(33)
    own = np.cumsum(rng.integers(60, 200, minutes.size)) / 60.0
    beside = (
        np.interp(own, minutes, east) + 0.9,
        np.interp(own, minutes, north) + rng.normal(0, 0.01, own.size),
    )
    assert copied(pl.concat((sailed(minutes, east, north), sailed(own, *beside, mmsi=SHIP + 1)))) == []


def test_two_ships_with_ways_of_their_own_are_no_copies() -> None:
    a, b = wandering(4), wandering(5)
    assert copied(pl.concat((sailed(*a), sailed(*b, mmsi=SHIP + 1, at=(-38.0, 36.0))))) == []


def test_a_position_far_beyond_what_a_station_hears_is_beyond_its_horizon() -> None:
    rng = np.random.default_rng(6)
    ships = [sailed(MINUTES, STEADY * 0.1 + rng.uniform(-20, 20), STILL + rng.uniform(-20, 20), mmsi=SHIP + k)
             for k in range(15)]  # fmt: skip
    far = sailed(MINUTES, STEADY, STILL + 600.0, mmsi=SHIP + 99)
    fixes = follow(pl.concat([*ships, far]).with_columns(station=pl.lit("north pier"))).fixes
    events = beyond_horizon(heard_by(fixes))
    assert (events["track"] // 10_000).unique().to_list() == [SHIP + 99]
    assert events["beyond_km"][0] > 500.0


def signals(ships: int, apart_h: float = 0.0) -> pl.DataFrame:
    start: list[datetime] = [BEGIN + timedelta(hours=apart_h * k) for k in range(ships)]
    return pl.DataFrame(
        {"mmsi": [SHIP + k for k in range(ships)], "start": start, "end": [s + timedelta(hours=2) for s in start],
         "lon": [-40.0 + 0.01 * k for k in range(ships)], "lat": [35.0] * ships, "to_lon": [-39.0] * ships,
         "to_lat": [36.0] * ships, "label": ["jump"] * ships, "id": [f"f{k}" for k in range(ships)],
         "known_at": start}, schema=SIGNAL
    )  # fmt: skip


def test_fifty_ships_moved_to_one_place_at_once_are_one_interference() -> None:
    (group,) = grouped(signals(50))
    event = interference(group, present=60).row(0, named=True)
    assert (event["ships"], event["present"], event["label"]) == (50, 60, "collapse")
    assert (event["to_lon"], event["to_lat"]) == (pytest.approx(-39.0), pytest.approx(36.0))
    assert event["mmsis"] == [SHIP + k for k in range(50)]


def test_ships_moved_to_an_airport_far_inland_are_counted_where_they_were() -> None:
    ashore = signals(55).with_columns(lon=pl.lit(-98.5), lat=pl.lit(39.0), label=pl.lit("on_land"))
    lon, lat, radius_km = area(pl.concat((signals(55), ashore)))
    assert (round(lon, 1), round(lat, 1)) == (-39.7, 35.0)
    assert radius_km < 50.0


def test_who_is_disturbed_at_once_around_the_others_belongs_to_them_but_nobody_far_off_or_later() -> None:
    away = signals(3).with_columns(mmsi=pl.col("mmsi") + 500, lon=pl.lit(-38.9), to_lat=pl.lit(39.0))
    late, farther = pl.col("mmsi") == SHIP + 501, pl.col("mmsi") == SHIP + 502
    away = away.with_columns(
        lon=pl.when(farther).then(pl.lit(-38.5)).otherwise("lon"),
        start=pl.when(late).then(pl.col("start") + timedelta(days=1)).otherwise("start"),
        end=pl.when(late).then(pl.col("end") + timedelta(days=1)).otherwise("end"),
    )
    everything = pl.concat((signals(50), away))
    (group,) = grouped(everything)
    assert group["mmsi"].n_unique() == 50
    assert set(with_stragglers(group, everything)["mmsi"]) - set(group["mmsi"]) == {SHIP + 500}


def test_one_who_jumped_to_the_area_from_far_away_brings_nobody_around_its_port_into_it() -> None:
    port = signals(4).with_columns(mmsi=pl.col("mmsi") + 700, lon=pl.lit(-36.0), to_lon=pl.lit(-36.0))
    jumper = pl.col("mmsi") == SHIP + 700
    port = port.with_columns(to_lon=pl.when(jumper).then(pl.lit(-40.0)).otherwise("to_lon"))
    (group,) = grouped(pl.concat((signals(50), port)))
    assert group.filter(pl.col("mmsi") >= SHIP + 700).is_empty()


def test_who_leaves_the_area_for_another_part_of_the_world_was_not_moved_by_the_same_disturbance() -> None:
    # The others are moved 130 km, these 1,700: one from among them, one beside them.
    among = signals(1).with_columns(pl.col("mmsi") + 700, to_lat=pl.lit(50.0))
    beside = signals(1).with_columns(pl.col("mmsi") + 701, lon=pl.lit(-38.9), to_lat=pl.lit(50.0))
    everything = pl.concat((signals(50), among, beside))
    (group,) = grouped(everything)
    assert with_stragglers(group, everything)["mmsi"].unique().sort().to_list() == [
        SHIP + k for k in range(50)
    ]


def test_an_interference_lasts_while_many_are_disturbed_and_leaves_out_who_was_astray_before() -> None:
    before = signals(1).with_columns(pl.col("mmsi") + 900, start=BEGIN - timedelta(hours=9), end=BEGIN)
    (group,) = grouped(pl.concat((signals(50), before.select(signals(1).columns).cast(SIGNAL))))
    event = interference(group, present=60).row(0, named=True)
    assert (event["ships"], event["start"], event["end"]) == (
        50,
        BEGIN,
        BEGIN + timedelta(hours=2),
    )


def test_a_few_liars_among_many_ships_and_lies_of_different_days_are_none() -> None:
    assert grouped(signals(5)) == []
    assert grouped(signals(12, apart_h=24.0)) == []
    assert interference(grouped(signals(12))[0], present=300).height == 0
