"""Stays at terminals that lie off the one point that is known of their port, and what findings make of them."""

from __future__ import annotations

import polars as pl
import pytest
from tests.tables import world
from tests.voyages.said import HONEST, SAM_JONG, WINMORE, calls, claims, meetings, record, trail

from clearwake.places import Atlas
from clearwake.voyages import voyage_findings
from clearwake.voyages.stays import stays

GAMMAN = "129.08 35.11"
"""A terminal of Busan, four kilometres from the point by which the World Port Index knows the port."""

ROUND = f"""
    2024-03-01T00:00 {GAMMAN}
    2024-03-02T00:00 {GAMMAN}
    2024-03-03T12:00 131.0 31.0
    2024-03-05T00:00 {GAMMAN}
    2024-03-06T00:00 {GAMMAN}
"""


def lain(text: str, told: pl.DataFrame | None = None, atlas: Atlas | None = None) -> pl.DataFrame:
    """Find where the Winmore lay."""
    none = calls(
        f"id mmsi_a start end lon lat port port_country confidence\nx {HONEST} 2020-01-01T00:00 - 0 0 X KOR 4"
    )
    return stays(trail(WINMORE, text), none if told is None else told, atlas or world()).calls


def learnt() -> Atlas:
    """The world, and a place at Gamman where twelve ships lay."""
    row = {
        "name": "learnt",
        "lon": 129.08,
        "lat": 35.11,
        "origin": "learnt",
        "kind": "anchorage",
        "ships": 12,
    }
    return world().with_anchorages(pl.DataFrame([row | {"radius_km": 2.0}]))


def test_a_ship_that_lay_still_a_day_at_a_terminal_stayed_in_its_port() -> None:
    found = lain(ROUND)
    assert found["port"].to_list() == ["Busan", "Busan"]
    assert found["id"].to_list() == [
        f"position:{WINMORE}@2024-03-01T00:00:00.000Z",
        f"position:{WINMORE}@2024-03-05T00:00:00.000Z",
    ]
    assert found["stopped_h"].to_list() == pytest.approx([24.0, 24.0])
    assert found["confidence"].to_list() == [2, 2]


def test_what_a_port_call_tells_is_told_once() -> None:
    told = calls("""
        id   mmsi_a   start             end               lon     lat    port   port_country  confidence
        out  WINMORE  2024-03-01T00:00  2024-03-02T01:00  129.08  35.11  Busan  KOR           4
    """)
    assert lain(ROUND, told).height == 1


@pytest.mark.parametrize(
    ("why", "place", "hours"),
    [
        ("too short", GAMMAN, 5),
        ("far from any port", "124.0 33.0", 24),
        ("off the coast, though a port is near", "129.35 35.05", 24),
        ("a port of the DPRK, for which calls are drawn more tightly", "125.2 38.72", 24),
    ],
)
def test_lying_still_elsewhere_is_no_stay(why: str, place: str, hours: int) -> None:
    end = f"2024-03-0{1 + hours // 24}T{hours % 24:02}:00"
    assert lain(f"2024-03-01T00:00 {place}\n{end} {place}").is_empty(), why


def test_a_way_out_and_back_between_stays_is_a_detour_that_weighs_less_and_says_why() -> None:
    said = claims("mmsi first_seen last_seen ship_type\nWINMORE 2024-03-01T00:00 2024-03-06T00:00 80")
    (row,) = voyage_findings(record(said, [trail(WINMORE, ROUND)]), world()).to_dicts()
    (known,) = voyage_findings(record(said, [trail(WINMORE, ROUND)]), learnt()).to_dicts()
    assert (row["label"], row["score"], known["score"]) == ("detour", 0.15, 0.2)
    assert any("lay still" in reason and "from Busan" in reason for reason in row["reasons_for"])
    assert any("no port call says where it lay" in doubt for doubt in row["reasons_against"])
    assert any("where 12 ships lay still" in doubt for doubt in known["reasons_against"])


@pytest.mark.parametrize(("destination", "port"), [("BUSAN", "Busan"), ("FOR_ORDERS", "Chinae")])
def test_a_stay_has_the_name_of_the_port_declared_if_it_lies_as_near_to_that(
    destination: str, port: str
) -> None:
    # Busan's New Port lies 23 km from the point known of Busan, and nearer to that of Chinhae (Chinae in the index).
    said = claims(f"""
        mmsi     first_seen        last_seen         destination    ship_type
        WINMORE  2024-03-01T00:00  2024-03-06T00:00  {destination}  80
    """)
    found = voyage_findings(record(said, [trail(WINMORE, ROUND.replace(GAMMAN, "128.80 35.07"))]), world())
    assert found.select("label", "port").rows() == [("detour", port)]


def test_a_ship_that_left_a_terminal_for_elsewhere_met_another_and_came_back_is_found() -> None:
    said = claims("""
        mmsi     first_seen        last_seen         destination  ship_type
        WINMORE  2024-03-01T20:00  2024-03-06T00:00  SINGAPORE    80
    """)
    met = meetings("""
        id  mmsi_a    mmsi_b   start             end               lon    lat   label
        m   SAM_JONG  WINMORE  2024-03-03T09:00  2024-03-03T15:00  131.0  31.0  standard
    """)
    assert SAM_JONG // 1_000_000 == 445
    found = voyage_findings(record(said, [trail(WINMORE, ROUND)], encounters=met), world())
    (row,) = found.filter(pl.col("label") == "false_destination").to_dicts()
    assert row["port"] == "Busan"
    assert any("where it had come from" in reason for reason in row["reasons_for"])
    remembered = found.filter(pl.col("label") == "dprk_meeting_memory")
    assert remembered["chain"][0][-1].startswith("lay still")
