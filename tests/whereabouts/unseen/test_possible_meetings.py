"""Possible meetings on scenes of a few ships, with answers worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.whereabouts.unseen.seas import LAT, LON, NO_SEEN, A, B, C, at, heard, place, searched

from clearwake import sphere
from clearwake.model import IdentityClaim, conform

# A comes from the west at 20 km/h (10.8 kn), lies in the middle from 10:00 to 14:00, and goes on to the north-east.
A_WAY = [(3.0, -140, 0), (10.0, 0, 0), (14.0, 0, 0), (21.0, 100, 100)]
# B comes from the south, lies there with it, and goes back.
B_WAY = [(2.0, 10, -150), (10.0, 0, 0), (14.0, 0, 0), (22.0, 0, -150)]
SILENT = (8.0, 16.0)


def row(found: pl.DataFrame, kind: str, a: int, b: int | None) -> dict[str, Any]:
    mine = found.filter(
        pl.col("kind") == kind, pl.col("mmsi_a") == a, pl.col("mmsi_b").eq_missing(pl.lit(b, pl.Int64))
    )
    assert mine.height == 1, found.select("kind", "mmsi_a", "mmsi_b", "probability")
    return mine.row(0, named=True)


def off_km(found: dict[str, Any], east: float = 0.0, north: float = 0.0) -> float:
    lon, lat = place(east, north)
    return float(sphere.distance_m(found["lon"], found["lat"], lon, lat)) / 1000.0


def test_a_silent_ship_with_time_to_spare_could_have_met_the_one_that_waited_on_its_way() -> None:
    met = row(searched(heard(A, A_WAY, SILENT), heard(B, B_WAY)), "one_silent", A, B)
    assert met["probability"] > 0.7
    assert off_km(met) < 3.0
    assert abs(met["window_start"] - at(10)) < timedelta(minutes=40)
    assert abs(met["window_end"] - at(14)) < timedelta(minutes=40)
    assert met["rivals"] == 0
    assert met["evidence"][0].startswith(f"silence:{A}")


def test_a_ship_that_only_sailed_on_in_silence_met_nobody() -> None:
    sails_on = [(3.0, -140, 0), (10.0, 0, 0), (17.0, 140, 0)]
    found = searched(heard(A, sails_on, SILENT), heard(B, B_WAY))
    assert found.is_empty()


def test_a_ship_that_waited_out_of_reach_was_not_met() -> None:
    far = [(hour, east + 400, north) for hour, east, north in B_WAY]
    assert searched(heard(A, A_WAY, SILENT), heard(B, far)).is_empty()


def test_a_wait_before_the_silence_is_no_meeting() -> None:
    early = [(hour - 8.0, east, north) for hour, east, north in B_WAY]
    found = searched(heard(A, A_WAY, SILENT), heard(B, early))
    assert found.filter(pl.col("probability") > 0.05).is_empty()


def test_two_silent_ships_are_placed_where_their_courses_and_times_cross() -> None:
    met = row(searched(heard(A, A_WAY, SILENT), heard(B, B_WAY, (7.0, 17.0))), "both_silent", A, B)
    assert met["probability"] > 0.6
    assert off_km(met) < 12.0
    overlap = min(met["window_end"], at(14)) - max(met["window_start"], at(10))
    assert overlap > timedelta(hours=3)


def test_of_two_that_waited_together_each_is_half_as_likely_and_a_rival() -> None:
    alone = row(searched(heard(A, A_WAY, SILENT), heard(B, B_WAY)), "one_silent", A, B)
    beside = [(hour, east + 3, north) for hour, east, north in B_WAY]
    both = searched(heard(A, A_WAY, SILENT), heard(B, B_WAY), heard(C, beside))
    one, other = row(both, "one_silent", A, B), row(both, "one_silent", A, C)
    assert one["rivals"] == other["rivals"] == 1
    assert one["probability"] < alone["probability"]
    assert one["probability"] + other["probability"] < 1.05
    assert any("1 other candidate" in said for said in one["reasons_against"])


def test_the_other_may_have_waited_for_hours_before_the_silent_one_came_and_after_it_left() -> None:
    waited = [(-3.0, 10, -150), (5.0, 0, 0), (16.0, 0, 0), (24.0, 0, -150)]
    met = row(searched(heard(A, A_WAY, SILENT), heard(B, waited)), "one_silent", A, B)
    assert met["probability"] > 0.5
    assert abs(met["window_start"] - at(10)) < timedelta(minutes=40)
    assert abs(met["window_end"] - at(14)) < timedelta(minutes=40)
    assert not any("than the silent one could have" in said for said in met["reasons_against"])


def test_that_the_other_came_late_or_left_early_speaks_against_a_meeting_and_is_told() -> None:
    closed = row(searched(heard(A, A_WAY, SILENT), heard(B, B_WAY)), "one_silent", A, B)
    late = [(4.0, 10, -150), (12.0, 0, 0), (16.0, 0, 0), (24.0, 0, -150)]
    early = [(0.0, 10, -150), (8.0, 0, 0), (12.0, 0, 0), (20.0, 0, -150)]
    came = row(searched(heard(A, A_WAY, SILENT), heard(B, late)), "one_silent", A, B)
    left = row(searched(heard(A, A_WAY, SILENT), heard(B, early)), "one_silent", A, B)
    assert came["probability"] < 0.9 < closed["probability"]
    assert left["probability"] < 0.9 < closed["probability"]
    assert any("later than the silent one could have" in said for said in came["reasons_against"])
    assert any("before the silent one had to" in said for said in left["reasons_against"])


def test_a_ship_that_was_not_heard_again_may_have_met_the_one_that_waited() -> None:
    met = row(searched(heard(A, A_WAY, (8.0, 30.0)), heard(B, B_WAY)), "one_silent", A, B)
    closed = row(searched(heard(A, A_WAY, SILENT), heard(B, B_WAY)), "one_silent", A, B)
    assert 0.0 < met["probability"] < closed["probability"]
    assert any("not heard again" in said for said in met["reasons_against"])


@pytest.mark.parametrize("last", ["12.0", "7.5"])
def test_draughts_that_agree_make_a_meeting_likelier_and_those_that_contradict_less(last: str) -> None:
    # B came hours after A could have, so that the meeting is far from sure without draughts.
    late = [(4.5, 10, -150), (12.5, 0, 0), (16.5, 0, 0), (24.0, 0, -150)]
    ships = heard(A, A_WAY, SILENT), heard(B, late)

    def said(mmsi: int, hour: float, draught_m: float) -> dict[str, Any]:
        return {
            "mmsi": mmsi, "first_seen": at(hour), "last_seen": at(hour), "reports": 1, "source": "table",
            "draught_m": draught_m,
        }  # fmt: skip

    spoken = [said(A, 4, 7.0), said(A, 18, 9.5), said(B, 4, 10.0), said(B, 20, float(last))]
    claims = conform(pl.DataFrame(spoken), IdentityClaim)
    with_draught = row(searched(*ships, claims=claims), "one_silent", A, B)
    without = row(searched(*ships), "one_silent", A, B)
    agrees = last == "7.5"
    assert with_draught["draught"] == ("agrees" if agrees else "contradicts")
    assert (with_draught["probability"] > without["probability"]) == agrees
    assert with_draught["draught_a_m"] == pytest.approx(2.5)


def test_an_unnamed_sighting_names_every_silent_ship_that_could_have_been_there() -> None:
    lon, lat = place(0, 0)
    seen = NO_SEEN.clear().vstack(pl.DataFrame([{
        "id": "detection:1", "kind": "detection", "time": at(12), "lon": lon, "lat": lat, "error_m": 200.0,
        "known_at": at(13), "mmsi": None, "track": None,
    }], schema=NO_SEEN.schema))  # fmt: skip
    far = [(hour, east + 700, north) for hour, east, north in A_WAY]
    found = searched(heard(A, A_WAY, SILENT), heard(C, far, SILENT), seen=seen)
    named = row(found, "detection", A, None)
    assert found.filter(pl.col("kind") == "detection", pl.col("mmsi_a") == C).is_empty()
    assert named["evidence"] == ["detection:1", f"silence:{A * 10_000 + 1}:30"]
    assert 0.0 < named["probability"] < 1.0


def test_two_hulls_under_one_number_are_not_told_to_have_met() -> None:
    lying = [(2.0, 0, -150), (9.0, 0, 0), (16.0, 0, 0), (23.0, 0, 150)]
    silent, waiting = heard(A, A_WAY, SILENT), heard(B, lying)
    assert row(searched(silent, waiting), "one_silent", A, B)["probability"] > 0.1
    own = waiting.with_columns(track=pl.lit(A * 10_000 + 2, pl.Int64))
    assert searched(silent, own).filter(pl.col("kind") == "one_silent").is_empty()


def test_the_unidentified_second_ship_of_a_sighting_is_a_silent_one_and_not_the_first_itself() -> None:
    lon, lat = place(0, 0)
    seen = NO_SEEN.clear().vstack(pl.DataFrame([{
        "id": "sighting:1", "kind": "sighting", "time": at(12), "lon": lon, "lat": lat, "error_m": 200.0,
        "known_at": at(13), "mmsi": C, "track": C * 10_000 + 1,
    }], schema=NO_SEEN.schema))  # fmt: skip
    found = searched(heard(A, A_WAY, SILENT), heard(C, A_WAY, SILENT), seen=seen)
    asked = found.filter(pl.col("kind") == "sighting")
    assert asked.select("mmsi_a", "mmsi_b").rows() == [(A, C)]
    assert "could have been the second ship of sighting:1" in asked["reasons"][0][0]
    assert f"MMSI {C} was seen there with a ship that nobody identified" in asked["reasons"][0]
    assert asked["rivals"].to_list() == [0]


def test_a_chain_leads_from_the_first_ship_by_the_second_to_the_third() -> None:
    # B meets A unseen at noon in the middle, and C unseen in the evening 150 km south.
    b_way = [(2.0, 10, -150), (10.0, 0, 0), (14.0, 0, 0), (21.5, 0, -150), (26.0, 0, -150), (32.0, 0, -270)]
    c_way = [(15.0, -130, -150), (21.5, 0, -150), (26.0, 0, -150), (33.0, 140, -150)]
    found = searched(heard(A, A_WAY, SILENT), heard(B, b_way), heard(C, c_way, (19.5, 28.0)))
    chain = found.filter(pl.col("kind") == "chain").row(0, named=True)
    assert (chain["mmsi_a"], chain["via_mmsi"], chain["mmsi_b"]) == (A, B, C)
    links = found.filter(pl.col("kind") == "one_silent")
    assert set(chain["evidence"]) == set(links["id"])
    first, second = (row(found, "one_silent", who, B)["probability"] for who in (A, C))
    assert chain["probability"] == pytest.approx(first * second * 0.3)


def off_nampo(*way: tuple[float, float, float]) -> pl.DataFrame:
    """A ship in the Yellow Sea, silent from 05:00 to 31:00; without a way it sails towards Nampo and comes back."""
    # The sea is laid out around 62 E, so the ship is moved.
    ship = heard(A, way or [(0.0, 0, 0), (6.0, 60, 100), (30.0, 60, 100), (36.0, 0, 0)], (5.0, 31.0))
    lon, lat = sphere.lonlat(ship.select("x", "y", "z").to_numpy())
    moved = sphere.unit_vectors(lon + (124.0 - LON), lat + (36.8 - LAT))
    return ship.with_columns(x=pl.Series(moved[:, 0]), y=pl.Series(moved[:, 1]), z=pl.Series(moved[:, 2]))


def drew(*said: tuple[float, float, float]) -> pl.DataFrame:
    """What A said of its draught: first and last hour, metres."""
    rows = [
        {"mmsi": A, "first_seen": at(first), "last_seen": at(last), "known_at": at(last), "reports": 9,
         "draught_m": draught_m, "source": "table"}
        for first, last, draught_m in said
    ]  # fmt: skip
    return conform(pl.DataFrame(rows), IdentityClaim)


def test_a_long_silence_off_north_korea_leaves_time_to_call_there() -> None:
    found = searched(off_nampo()).filter(pl.col("kind") == "delivery")
    assert found.height == 1
    assert found["place"][0].endswith("(PRK)")
    assert found["mmsi_b"][0] is None
    assert found["needed_a_kn"][0] <= found["usual_a_kn"][0] + 1e-6


def test_every_other_port_it_could_have_called_at_is_named() -> None:
    (row,) = searched(off_nampo()).filter(pl.col("kind") == "delivery").to_dicts()
    (others,) = [said for said in row["reasons_against"] if said.startswith("it could as well")]
    assert others.count("(PRK)") == row["rivals"] > 0
    assert row["place"] not in others


@pytest.mark.parametrize(("after_m", "times"), [(8.0, np.exp(2.0)), (12.0, np.exp(-1.0)), (10.0, 1.0)])
def test_a_draught_said_after_the_silence_makes_a_delivery_likelier_or_not(
    after_m: float, times: float
) -> None:
    """Odds, not probabilities, are multiplied."""

    def odds(*draughts: tuple[float, float, float]) -> float:
        told = searched(off_nampo(), claims=drew((0.0, 5.0, 10.0), *draughts))
        chance = float(told.filter(pl.col("kind") == "delivery")["probability"][0])
        return chance / (1.0 - chance)

    # Typed two hours after the silence.
    assert odds((31.0, 33.0, 10.0), (33.0, 36.0, after_m)) / odds() == pytest.approx(times, rel=0.05)


def test_a_delivery_less_likely_than_one_in_a_hundred_is_not_told() -> None:
    # It sails south, away from Nampo, before the silence and after it.
    south = [(0.0, 0, 260), (6.0, 0, 160), (30.0, 0, 160), (36.0, 0, 60)]
    assert searched(off_nampo(*south)).filter(pl.col("kind") == "delivery").is_empty()


def test_the_order_of_ships_changes_nothing() -> None:
    ships = [heard(A, A_WAY, SILENT), heard(B, B_WAY, (7.0, 17.0)), heard(C, B_WAY)]
    assert searched(*ships).equals(searched(*ships[::-1]))
