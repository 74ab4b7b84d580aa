"""Why a ship was not heard: each ordinary reason excuses it, and only what is left looks switched off."""

from __future__ import annotations

import numpy as np
import polars as pl

from .conftest import Sea


def test_a_ship_silent_among_neighbours_that_all_stayed_audible_looks_switched_off(lane: Sea) -> None:
    dark = lane.ship(2.4, 40.05, silent=(8.0, 15.0))
    row = lane.gaps().row(by_predicate=pl.col("mmsi_a") == dark, named=True)
    assert row["likely_cause"] == "switched_off"
    assert row["cause_confidence"] > 0.8
    assert (row["neighbours_before"], row["neighbours_heard"]) == (20, 20)
    assert row["feed_ok"] is True
    assert row["rate_before_per_h"] == 12.13
    assert 6.5 < row["well_heard_h"] <= 7.2
    assert row["cause_reasons"][0].startswith("for: for 7.1 h of it the ship was where ships are heard")


def test_columns_that_a_feed_lacks_change_nothing_in_that(lane: Sea) -> None:
    dark = lane.ship(2.4, 40.05, silent=(8.0, 15.0))
    nothing = [pl.lit(None, t).alias(n) for n, t in
               (("speed_kn", pl.Float32), ("course_deg", pl.Float32), ("nav_status", pl.Int16))]  # fmt: skip
    lane.rows = [rows.with_columns(nothing) for rows in lane.rows]
    assert lane.causes() == {dark: "switched_off"}


def test_a_region_that_falls_silent_at_once_accuses_nobody(lane: Sea) -> None:
    away = lane.ship(60.0, -20.0)
    lane.rows = [
        rows if rows["mmsi"][0] == away else rows.filter(~pl.col("hour").is_between(9.0, 16.5))
        for rows in lane.rows
    ]
    gaps = lane.gaps()
    assert gaps.height == 40
    assert gaps["likely_cause"].unique().to_list() == ["feed_outage"]
    assert gaps["feed_ok"].unique().to_list() == [False]


def test_a_ship_switched_off_long_before_an_outage_is_not_excused_by_it_where_most_of_it_is_not(
    lane: Sea,
) -> None:
    lane.rows = [rows.filter(~pl.col("hour").is_between(14.0, 15.5)) for rows in lane.rows]
    dark = lane.ship(2.4, 40.05, silent=(6.0, 15.6))
    assert lane.causes() == {dark: "switched_off"}


def test_a_ship_that_lies_at_its_berth_is_moored_whatever_status_it_sends(lane: Sea) -> None:
    lane.harbour_km = lambda lon, lat: np.hypot(lon - 2.0, lat - 40.3) * 100.0
    said = lane.ship(2.0, 40.3, speed_kn=0.0, silent=(8.0, 16.0), status=5)
    unsaid = lane.ship(2.01, 40.3, speed_kn=0.0, silent=(9.0, 17.0), status=None)
    assert lane.causes() == {said: "moored", unsaid: "moored"}


def test_a_ferry_that_switches_off_as_it_makes_fast_and_is_heard_again_there_is_moored(lane: Sea) -> None:
    ferry = lane.ship(2.0, 40.3, hours=(0.0, 8.0))
    in_port = lane.rows[-1].row(-1, named=True)
    lane.harbour_km = lambda lon, lat: np.hypot(lon - in_port["lon"], lat - in_port["lat"]) * 100.0
    again = lane.rows[-1].with_columns(hour=16.0 - pl.col("hour") + in_port["hour"])
    lane.rows[-1] = pl.concat((lane.rows[-1], again.sort("hour")))
    assert lane.causes() == {ferry: "moored"}


def test_a_ship_at_anchor_far_offshore_is_not_moored(lane: Sea) -> None:
    dark = lane.ship(2.4, 40.05, speed_kn=0.0, silent=(8.0, 15.0), status=1)
    assert lane.causes() == {dark: "switched_off"}


def test_ships_that_leave_what_is_heard_are_out_of_reception_whether_they_return_or_not(sea: Sea) -> None:
    sea.coast_km = lambda lon, _: np.abs(lon) * 85.0
    for n in range(30):  # along the coast, all day, within its receivers' reach
        sea.ship(0.2 + 0.02 * (n % 30), 38.0 + 0.05 * n, course=0.0, speed_kn=8.0)
    gone = [sea.ship(0.3, 39.0 + 0.2 * n, course=90.0, speed_kn=14.0, hours=(0.0, 2.0)) for n in range(4)]
    assert set(sea.causes().items()) == {(ship, "out_of_reception") for ship in gone}


def test_between_the_passes_of_a_satellite_nobody_is_switched_off_and_nothing_is_down(sea: Sea) -> None:
    for n in range(20):
        sea.ship(0.3 * n, 10.0 + 0.2 * (n % 4))
    over = (pl.col("hour") % 7.0).is_between(1.0, 1.25)
    sea.rows = [rows.filter(over) for rows in sea.rows]
    assert sea.picture().outages == []
    assert set(sea.gaps()["likely_cause"].unique()) <= {"out_of_reception", "unknown"}


def test_where_little_was_heard_the_cause_is_unknown(sea: Sea) -> None:
    sea.hours = 9.0
    alone = sea.ship(0.0, 0.0, silent=(1.0, 8.0), hours=(0.0, 9.0))
    gaps = sea.gaps()
    assert dict(gaps.select("mmsi_a", "likely_cause").iter_rows()) == {alone: "unknown"}
    assert any("only" in reason for reason in gaps["cause_reasons"].item())


def test_an_explanation_does_not_depend_on_who_else_is_explained(lane: Sea) -> None:
    one, two = lane.ship(2.4, 40.05, silent=(8.0, 15.0)), lane.ship(1.4, 40.05, silent=(7.0, 14.5))
    both = lane.gaps()
    assert both.filter(pl.col("mmsi_a") == one)["likely_cause"].item() == "switched_off"
    assert both.filter(pl.col("mmsi_a") == two)["likely_cause"].item() == "switched_off"
    shares = both["cause_scores"].str.extract_all(r"\d\.\d+").list.eval(pl.element().cast(pl.Float64).sum())
    assert [round(s[0], 1) for s in shares] == [1.0, 1.0]


def _harbour(sea: Sea) -> None:
    sea.harbour_km = lambda lon, lat: np.hypot(lon - 2.0, lat - 40.3) * 100.0


def test_a_ship_that_makes_for_a_quay_and_is_heard_leaving_it_hours_later_was_moored(lane: Sea) -> None:
    _harbour(lane)
    ship = lane.ship(2.0, 40.05, course=0.0, speed_kn=8.0, hours=(0.0, 1.8))
    again = lane.rows[-1].with_columns(hour=10.0 - pl.col("hour"))
    lane.rows[-1] = pl.concat((lane.rows[-1], again.sort("hour")))
    assert lane.gaps().filter(pl.col("mmsi_a") == ship)["likely_cause"][0] == "moored"


def test_a_craft_that_always_works_in_one_harbour_is_not_moored_for_being_heard_there_again(
    lane: Sea,
) -> None:
    _harbour(lane)
    tug = lane.ship(2.0, 40.3, course=0.0, speed_kn=6.0, silent=(8.0, 15.0))
    plies = 0.02 * np.sin(lane.rows[-1]["hour"].to_numpy() * 9.0)
    lane.rows[-1] = lane.rows[-1].with_columns(lon=pl.Series(2.0 + plies), lat=pl.lit(40.3))
    assert lane.causes() == {tug: "switched_off"}


def _now_and_then(sea: Sea, rng: np.random.Generator) -> None:
    """Thin the last ship's reports as satellites would hear them: each about once in an hour, by chance."""
    rows = sea.rows[-1]
    waits = np.cumsum(rng.exponential(0.9, 60)) - 1.5
    near = np.abs(rows["hour"].to_numpy()[:, None] - waits).min(axis=1) < 0.05
    sea.rows[-1] = rows.filter(pl.Series(near))


def test_so_long_unheard_as_hardly_any_ship_is_looks_switched_off_where_all_are_heard_only_now_and_then(
    sea: Sea,
) -> None:
    rng = np.random.default_rng(1)
    for n in range(60):
        sea.ship(0.02 * n, 40.0 + 0.01 * (n % 7), speed_kn=8.0)
        _now_and_then(sea, rng)
    dark = sea.ship(0.6, 40.03, speed_kn=8.0, silent=(5.0, 19.0))
    told = sea.gaps().filter(pl.col("likely_cause") == "switched_off")
    assert told["mmsi_a"].to_list() == [dark]
    assert any("would be unheard for as long by chance" in reason for reason in told["cause_reasons"][0])


def test_how_a_ship_left_and_came_back_is_told(sea: Sea) -> None:
    sea.coast_km = lambda lon, _: np.abs(lon) * 85.0
    for n in range(30):
        sea.ship(0.2 + 0.02 * (n % 30), 38.0 + 0.05 * n, course=0.0, speed_kn=8.0)
    away = sea.ship(0.3, 39.0, course=90.0, speed_kn=14.0, hours=(0.0, 2.0))
    toward = sea.ship(0.9, 39.0, course=-80.0, speed_kn=2.0, silent=(6.0, 13.0))
    reasons = {row["mmsi_a"]: " ".join(row["cause_reasons"]) for row in sea.gaps().iter_rows(named=True)}
    assert "it sailed away from the coast, as ships do that leave the reach" in reasons[away]
    assert "it did not sail away from the coast or did not come back" in reasons[toward]


def test_a_ship_silent_shortly_before_an_outage_and_heard_again_with_it_is_excused_where_most_near_it_were_silenced(
    lane: Sea,
) -> None:
    lane.rows = [rows.filter(~pl.col("hour").is_between(9.0, 16.5)) for rows in lane.rows]
    for n in range(2):
        lane.ship(5.0 + 0.1 * n, 43.67, speed_kn=3.0, silent=(9.0, 16.5))
    heard_on = lane.ship(5.2, 42.95, speed_kn=3.0)
    early = lane.ship(5.1, 42.95, speed_kn=3.0, silent=(8.3, 16.5))
    causes = lane.causes()
    assert heard_on not in causes
    assert causes[early] == "feed_outage"


def test_a_record_that_merely_stops_is_no_habit_of_being_silent(lane: Sea) -> None:
    once = lane.ship(2.4, 40.05, silent=(3.0, 10.0), hours=(0.0, 14.0))
    twice = lane.ship(2.2, 40.05, silent=(3.0, 10.0))
    lane.rows[-1] = lane.rows[-1].filter(~pl.col("hour").is_between(12.0, 19.0))
    gaps = lane.gaps().filter(pl.col("end").dt.hour() == 10)
    reasons = {row["mmsi_a"]: " ".join(row["cause_reasons"]) for row in gaps.iter_rows(named=True)}
    assert "else silent at least half as long" not in reasons[once]
    assert "it was once else silent at least half as long" in reasons[twice]


def _lanes(sea: Sea) -> None:
    """Let thirty ships of class A be heard all day out to 170 km from the coast."""
    sea.coast_km = lambda lon, _: np.abs(lon) * 85.0
    for n in range(30):
        sea.ship(0.2 + 0.06 * n, 38.0 + 0.05 * n, course=0.0, speed_kn=8.0)


def test_a_boat_of_class_b_is_out_of_reception_where_only_ships_of_class_a_are_heard(sea: Sea) -> None:
    _lanes(sea)
    ashore = [sea.ship(0.05 + 0.005 * n, 38.5 + 0.02 * n, course=0.0, speed_kn=4.0) for n in range(30)]
    boat = sea.ship(0.6, 38.6, course=0.0, speed_kn=8.0, silent=(2.0, 11.5), hours=(0.0, 13.5))
    assert sea.causes()[boat] == "switched_off"
    sea.class_b = [*ashore, boat]
    row = sea.gaps().filter(pl.col("mmsi_a") == boat).row(0, named=True)
    assert row["likely_cause"] == "out_of_reception"
    assert any("its transmitter is of class B" in reason for reason in row["cause_reasons"])


def test_that_boats_of_class_b_are_not_heard_excuses_no_ship_of_class_a(sea: Sea) -> None:
    _lanes(sea)
    dark = sea.ship(1.1, 38.6, course=0.0, speed_kn=8.0, silent=(5.0, 14.0))
    boats = [
        sea.ship(1.1, 38.6 + 0.01 * n, course=0.0, speed_kn=8.0, silent=(5.0 + 0.2 * n, 14.0 + 0.2 * n))
        for n in range(20)
    ]
    assert sea.causes()[dark] != "switched_off"
    sea.class_b = boats
    assert sea.causes()[dark] == "switched_off"
