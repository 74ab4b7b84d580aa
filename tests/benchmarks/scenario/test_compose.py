"""What a scene promises: size, schema, sameness, and truth that its own paths and rows bear out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from clearwake import sphere
from clearwake.benchmarks.scenario import Scenario, scenario
from clearwake.benchmarks.scenario.compose import MEETINGS
from clearwake.benchmarks.scenario.motion import TICK_S
from clearwake.model import TIME

if TYPE_CHECKING:
    from clearwake.benchmarks.scenario import Sea

HOUR = timedelta(hours=1)


def planted(scene: Scenario, family: str, kind: str | None = None) -> pl.DataFrame:
    rows = scene.truth.filter(pl.col("family") == family)
    return rows if kind is None else rows.filter(pl.col("kind") == kind)


def test_a_scene_is_a_pure_function_of_its_size_and_seed(islands: Sea, scene: Scenario) -> None:
    again = scenario(ships=500, seed=3, rows=600_000, sea=islands)
    other = scenario(ships=500, seed=4, rows=600_000, sea=islands)
    assert again.positions.equals(scene.positions)
    assert again.truth.equals(scene.truth)
    assert not other.positions.equals(scene.positions)


def test_positions_are_what_a_provider_delivers(scene: Scenario) -> None:
    assert scene.positions.schema == {
        "mmsi": pl.Int64, "time": TIME, "lon": pl.Float64, "lat": pl.Float64, "speed_kn": pl.Float32,
        "course_deg": pl.Float32, "heading_deg": pl.Float32, "nav_status": pl.Int16,
    }  # fmt: skip
    limits = scene.positions.select(
        time_is_sorted=pl.col("time").is_sorted(),
        first=pl.col("time").min(),
        last=pl.col("time").max(),
        lon=pl.col("lon").is_between(-180, 180, closed="left").all(),
        lat=pl.col("lat").is_between(-90, 90).all(),
        speed=pl.col("speed_kn").is_between(0, 26).all(),
        course=pl.col("course_deg").is_between(0, 360, closed="left").all(),
        heading=pl.col("heading_deg").drop_nulls().is_between(0, 360, closed="left").all(),
    ).row(0, named=True)
    assert limits["time_is_sorted"]
    assert limits["lon"]
    assert limits["lat"]
    assert limits["speed"]
    assert limits["course"]
    assert limits["heading"]
    assert scene.paths.clock.start <= limits["first"] < scene.paths.clock.start + HOUR
    assert scene.paths.clock.start + 23.9 * HOUR < limits["last"] < scene.paths.clock.start + 24 * HOUR


def test_a_scene_has_about_the_rows_and_exactly_the_hulls_asked_for(scene: Scenario) -> None:
    assert scene.positions.height == pytest.approx(600_000, rel=0.03)
    assert scene.hulls.height == 500


def test_every_kind_of_meeting_is_planted(scene: Scenario) -> None:
    kinds = dict(planted(scene, "meeting").group_by("kind").len().iter_rows())
    assert kinds == {kind: max(1, round(full / 10)) for kind, full in MEETINGS.items()}
    assert sum(MEETINGS.values()) == 270


def test_pairs_that_meet_really_are_within_500_m_all_the_time_said(scene: Scenario) -> None:
    paths = scene.paths
    for row in planted(scene, "meeting").iter_rows(named=True):
        a, b = paths.hulls(row["mmsi_a"]), paths.hulls(row["mmsi_b"])
        first, last = (round((row[t] - paths.clock.start).total_seconds() / TICK_S) for t in ("start", "end"))
        gap = paths.path[a[:, None], first + 1 : last] - paths.path[b[None, :], first + 1 : last]
        apart = (np.linalg.norm(gap, axis=-1) * sphere.EARTH_RADIUS_M).max(axis=-1).min()
        assert apart <= 500.0


def test_meetings_are_at_sea_far_from_ports_and_anchorages(islands: Sea, scene: Scenario) -> None:
    met = planted(scene, "meeting")
    lon, lat = met["lon"].to_numpy(), met["lat"].to_numpy()
    known = pl.concat([islands.anchorages, scene.anchorages])
    apart = sphere.distance_m(
        lon[:, None], lat[:, None], known["lon"].to_numpy()[None], known["lat"].to_numpy()[None]
    )
    assert apart.min() > 15_000.0
    assert islands.coast_km(lon, lat).min() > 30.0


def test_expected_labels_follow_the_definitions(scene: Scenario) -> None:
    met = planted(scene, "meeting").with_columns(lasts=pl.col("end") - pl.col("start"))
    assert met.filter(expected="short")["lasts"].is_between(0.5 * HOUR, 1.84 * HOUR).all()
    assert met.filter(expected="standard")["lasts"].min() > 2 * HOUR  # type: ignore[operator]
    assert set(met["expected"]) == {"short", "standard", "underway"}


def test_meetings_across_midnight_have_less_than_two_hours_on_either_side(scene: Scenario) -> None:
    midnight = scene.paths.clock.start + 12 * HOUR
    met = planted(scene, "meeting", "midnight")
    assert met.select((midnight - pl.col("start")).is_between(HOUR, 2 * HOUR)).to_series().all()
    assert met.select((pl.col("end") - midnight).is_between(HOUR, 2 * HOUR)).to_series().all()


def test_a_shared_number_is_sent_by_two_hulls_far_apart(scene: Scenario) -> None:
    paths = scene.paths
    for row in planted(scene, "meeting", "shared_mmsi").iter_rows(named=True):
        hulls = [paths.hulls(row[mmsi]) for mmsi in ("mmsi_a", "mmsi_b")]
        assert sorted(len(h) for h in hulls) == [1, 2]
        one, two = next(h for h in hulls if len(h) == 2)
        assert sphere.between_m(paths.path[one], paths.path[two]).min() > 1_000_000.0


def test_the_silent_partner_never_reports(scene: Scenario) -> None:
    silent = scene.hulls.filter(~pl.col("is_heard"))
    assert silent.height == planted(scene, "silent_meeting").height > 0
    assert scene.positions.join(silent, on="mmsi").is_empty()


def test_gaps_in_the_truth_are_the_gaps_in_the_rows(scene: Scenario) -> None:
    alone = scene.hulls.group_by("mmsi").len().filter(pl.col("len") == 1)
    rows = scene.positions.join(alone, on="mmsi", how="semi").sort("mmsi", "time")
    following = pl.col("time").shift(-1).over("mmsi")
    end = scene.paths.clock.start + 24 * HOUR
    silent = rows.with_columns(end=following).filter(
        pl.col("end").fill_null(end) - pl.col("time") >= 6 * HOUR
    )
    found = silent.select(mmsi_a="mmsi", start="time", end="end").sort("mmsi_a", "start")
    told = planted(scene, "gap").select("mmsi_a", "start", "end").sort("mmsi_a", "start")
    assert found.equals(told)
    assert told["end"].null_count() == planted(scene, "silence", "open").height


def test_silences_of_nearly_six_hours_make_no_gap(scene: Scenario) -> None:
    told = planted(scene, "gap")["mmsi_a"].implode()
    short = planted(scene, "silence").filter(pl.col("kind").is_in(["nearly", "recent"]))
    long = planted(scene, "silence").filter(pl.col("kind").is_in(["closed", "open"]))
    assert not short["mmsi_a"].is_in(told).any()
    assert long["mmsi_a"].is_in(told).all()


def test_loiterers_really_make_less_than_two_knots(scene: Scenario) -> None:
    for row in planted(scene, "loitering").iter_rows(named=True):
        assert scene.paths.mean_speed_kn(row["mmsi_a"], row["start"], row["end"]) < 2.0


def test_ships_move_as_ships_do(scene: Scenario) -> None:
    step = np.linalg.norm(np.diff(scene.paths.path, axis=1), axis=2) * sphere.EARTH_RADIUS_M
    speed_kn = step / TICK_S / sphere.KNOT_M_PER_S
    assert speed_kn.max() < 24.0
    calm = ~scene.hulls["kind"].is_in(["tug", "pilot", "bunkering", "pair_trawl"]).to_numpy()
    assert np.abs(np.diff(speed_kn[calm], axis=1)).max() < 3.0


def test_only_beacons_have_beacon_numbers(scene: Scenario) -> None:
    beacon = scene.hulls["mmsi"].is_between(940_000_000, 999_999_999)
    assert (beacon == scene.hulls["is_beacon"]).all()
    assert beacon.sum() > 0


def test_no_two_ships_are_slow_and_close_but_those_planted(scene: Scenario) -> None:
    told = (
        scene.truth.filter(pl.col("family").is_in(["meeting", "decoy"])).select("mmsi_a", "mmsi_b").unique()
    )
    slow = scene.paths.close_pairs().filter(
        (pl.col("end") - pl.col("start") >= 0.5 * HOUR) & (pl.col("median_speed_kn") < 7.0)
    )
    kinds = scene.hulls.group_by("mmsi").agg(pl.col("kind").first())
    strays = (
        slow.join(told, on=["mmsi_a", "mmsi_b"], how="anti")
        .join(kinds.rename({"mmsi": "mmsi_a"}), on="mmsi_a")
        .filter(
            ~pl.col("kind").is_in(["tug", "moored", "gear_beacon", "given_anchorage", "learnt_anchorage"])
        )
    )
    assert strays.is_empty()


def test_most_planted_meetings_are_seen_by_brute_force(scene: Scenario) -> None:
    seen = scene.paths.close_pairs().select("mmsi_a", "mmsi_b").unique()
    met = planted(scene, "meeting")
    assert met.join(seen, on=["mmsi_a", "mmsi_b"], how="semi").height == met.height


def test_a_scene_too_small_for_one_of_each_is_refused(islands: Sea) -> None:
    with pytest.raises(ValueError, match="at least, not 100"):
        scenario(ships=100, sea=islands)
    with pytest.raises(ValueError, match=r"at least, not 500 and 5"):
        scenario(ships=500, hours=5.0, sea=islands)
