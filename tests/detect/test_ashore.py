from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from clearwake.detect.falsification.ashore import heard_ashore, stays_ashore
from clearwake.detect.falsification.told import ashore_events
from clearwake.model import TIME, utc
from clearwake.sphere import destination
from clearwake.tracks import follow

BEGIN = utc("2026-01-01")
SAHARA, ATLANTIC, ILLINOIS = (10.0, 24.0), (-40.0, 35.0), (-88.85, 41.34)
SKELETON_COAST = (12.15, -18.5)


def slow(
    mmsi: int, at: tuple[float, float], hours: float = 3.0, kn: float = 3.0, from_h: float = 2.0
) -> pl.DataFrame:
    """Reports of a ship that winds its way from a place, every five minutes."""
    minutes = np.arange(0.0, hours * 60.0, 5.0)
    n = np.ones(minutes.size)
    lon, lat = destination(n * at[0], n * at[1], 40.0 + 30.0 * np.sin(minutes / 20.0), minutes * kn * 30.87)
    times = [BEGIN + timedelta(hours=from_h, minutes=float(m)) for m in minutes]
    frame = pl.DataFrame({"mmsi": np.full(minutes.size, mmsi), "time": times, "lon": lon, "lat": lat})
    return frame.with_columns(
        pl.col("time").cast(TIME), known_at=pl.col("time").cast(TIME), speed_kn=pl.lit(None, pl.Float32)
    )


def stays(*ships: pl.DataFrame) -> pl.DataFrame:
    fixes = follow(pl.concat(ships)).fixes.sort("track", "time")
    return stays_ashore(heard_ashore(fixes))


def test_a_slow_ship_alone_in_the_sahara_is_ashore_from_its_first_report_to_its_last() -> None:
    found = stays(slow(412_000_001, SAHARA), slow(412_000_002, ATLANTIC))
    assert found.select("track", "start", "end").rows() == [
        (4120000010001, utc("2026-01-01T02:00"), utc("2026-01-01T04:50"))
    ]
    told = ashore_events(found, "d").row(0, named=True)
    assert (told["label"], told["mmsi_a"], told["mmsi_b"]) == ("on_land", 412_000_001, None)
    assert 4.0 < told["speed_kn"] < 6.0
    assert told["reasons_against"] == ["the map knows not every river, canal and reservoir"]


def test_where_three_ships_were_heard_it_is_water_and_two_do_not_make_it_so() -> None:
    ships = [slow(412_000_001 + k, SAHARA, from_h=1.0 + 6.0 * k) for k in range(3)]
    assert stays(*ships).height == 0
    assert stays(*ships[:2])["track"].to_list() == [4120000010001, 4120000020001]


def test_one_number_heard_thrice_is_one_ship() -> None:
    again = [slow(412_000_001, SAHARA, from_h=1.0 + 6.0 * k) for k in range(3)]
    assert stays(*again).height == 3


def test_twenty_minutes_ashore_are_too_short_and_a_known_waterway_is_not_land() -> None:
    assert stays(slow(412_000_001, SAHARA, hours=0.4)).height == 0
    assert stays(slow(412_000_001, ILLINOIS)).height == 0


def test_one_that_lies_still_may_be_a_boat_in_a_yard() -> None:
    told = ashore_events(stays(slow(412_000_001, SAHARA, kn=0.0)), "d")
    assert told["reasons_against"].to_list()[0][1] == "lies still: a boat, or its set, may be ashore there"


def test_stays_are_the_same_in_whatever_order_and_parts_the_reports_come() -> None:
    ships = pl.concat([slow(412_000_001 + k, (10.0 + 0.5 * k, 24.0)) for k in range(4)])
    heard = heard_ashore(follow(ships).fixes.sort("track", "time"))
    assert stays_ashore(heard).height == 4
    assert stays_ashore(heard.sample(fraction=1.0, shuffle=True, seed=3)).equals(stays_ashore(heard))


def test_nothing_heard_ashore_is_no_stay() -> None:
    assert stays(slow(412_000_002, ATLANTIC)).height == 0


def test_near_the_coast_a_ship_alone_is_ashore_and_the_coast_is_told_against() -> None:
    told = ashore_events(stays(slow(412_000_001, SKELETON_COAST, kn=0.5)), "d").row(0, named=True)
    assert (told["inland_km"], told["duration_h"]) == (4.0, pytest.approx(2.83, abs=0.01))
    assert told["reasons_against"][1].startswith("the coast is nearer than 15 km")


def test_near_the_coast_one_other_ship_makes_it_water() -> None:
    ships = [slow(412_000_001 + k, SKELETON_COAST, kn=0.5, from_h=1.0 + 6.0 * k) for k in range(2)]
    assert stays(*ships).height == 0


def test_near_the_coast_three_quarters_of_an_hour_are_too_short_and_far_inland_they_are_not() -> None:
    assert stays(slow(412_000_001, SKELETON_COAST, hours=0.75, kn=0.5)).height == 0
    assert stays(slow(412_000_001, SAHARA, hours=0.75)).height == 1


def test_near_the_coast_a_ship_that_came_from_the_sea_or_goes_there_may_be_in_a_creek() -> None:
    lon, lat = SKELETON_COAST
    there = slow(412_000_001, SKELETON_COAST, kn=0.5, from_h=6.0)
    offshore = (lon - 0.5, lat)  # 50 km away
    before, after = (slow(412_000_001, offshore, hours=0.5, from_h=h) for h in (3.0, 12.0))
    assert stays(before, there).height == 0
    assert stays(there, after).height == 0


def test_near_the_coast_a_ship_that_came_faster_than_by_water_is_ashore() -> None:
    there = slow(412_000_001, SKELETON_COAST, kn=0.5, from_h=6.0)
    assert stays(slow(412_000_001, ATLANTIC, hours=2.0, from_h=3.5), there).height == 1


def test_near_the_coast_a_place_where_the_ship_is_today_and_tomorrow_is_its_berth() -> None:
    both = [slow(412_000_001, SKELETON_COAST, kn=0.0, from_h=h) for h in (2.0, 26.0)]
    assert [stays(ship).height for ship in both] == [1, 1]
    assert stays(*both).height == 0
    assert stays(*[slow(412_000_001, SAHARA, kn=0.0, from_h=h) for h in (2.0, 26.0)]).height == 2
