"""The route really sailed against the papers: there, not there, or not to be said; and the draught."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.goods.papers import kinds, sentence, shipment
from tests.tables import B, C, Place, heard

from clearwake.goods import Known, findings
from clearwake.model import Anchorage, IdentityClaim, PortCall, ZoneEntry, conform, position_id, utc
from clearwake.model.draught import expected_m

SHIP = 212_345_678
LOADED = "2018-02-10"
FAR: Place = (0.0, 20.0)
"""20 degrees of latitude north of Haven: 2,224 km, two days for the fastest ship."""

PORTS = conform(
    pl.DataFrame({"name": ["Haven", "Nampo"], "lon": [0.0, 125.4], "lat": [0.0, 38.72], "origin": ["user"] * 2,
                  "kind": ["port"] * 2, "country": ["UTO", "PRK"]}),
    Anchorage,
)  # fmt: skip


def at(where: Place, first: str, last: str, mmsi: int = SHIP, every_h: float = 2.0) -> pl.DataFrame:
    """Say where a ship was heard, every so many hours."""
    return heard(mmsi, first, last, where, every_min=every_h * 60)


def call(port: str, first: str, last: str, country: str = "UTO", **said: Any) -> pl.DataFrame:
    """Write down a port call."""
    row = {
        "id": f"port_call:{port}", "kind": "port_call", "version": 1, "start": utc(first), "end": utc(last),
        "lon": 0.0, "lat": 0.0, "track_a": SHIP * 10_000 + 1, "mmsi_a": SHIP, "evidence": [],
        "known_at": utc("2018-03-01"), "port": port, "port_country": country, "stopped_h": 10.0, "gap_h": 0.0,
        "nearest_km": 0.1, "confidence": 4, **said,
    }  # fmt: skip
    return conform(pl.DataFrame([row]), PortCall)


def claim(first: str, last: str, **said: Any) -> pl.DataFrame:
    """Write down what a ship said of itself."""
    row = {
        "mmsi": SHIP,
        "first_seen": utc(first),
        "last_seen": utc(last),
        "reports": 1,
        "source": "table",
        **said,
    }
    return conform(pl.DataFrame([row]), IdentityClaim)


def routed(papers: pl.DataFrame, *positions: pl.DataFrame, **more: pl.DataFrame) -> pl.DataFrame:
    """Give findings about papers, and about the route only, with what was heard of ships."""
    known = {"positions": pl.concat(positions), **more} if positions else more
    return findings(papers, Known(ports=PORTS, **known))


def loaded(**said: Any) -> pl.DataFrame:
    """A shipment of no consequence, loaded at Haven on 10 February."""
    return shipment(LOADED, **{"description": "rice", "load_port": "Haven", "ship_mmsi": SHIP, **said})


def only(rows: pl.DataFrame, kind: str) -> dict[str, Any]:
    return rows.filter(pl.col("kind") == kind).row(0, named=True)


def test_a_call_at_the_declared_port_is_evidence_against() -> None:
    rows = routed(loaded(), port_calls=call("HAVEN", "2018-02-09T06:00", "2018-02-10T18:00"))
    visit = only(rows, "port_visited")
    assert (visit["is_for"], visit["evidence"]) == (False, ["shipment:S1", "port_call:HAVEN"])
    assert visit["sentence"] == (
        f"declared to load at Haven on 2018-02-10: the ship (MMSI {SHIP}, by its MMSI) called at HAVEN from "
        "2018-02-09 06:00 to 2018-02-10 18:00"
    )


@pytest.mark.parametrize(
    ("first", "last", "kind"),
    [
        ("2018-02-13T12:00", "2018-02-14T12:00", "port_visited"),
        ("2018-02-06T12:00", "2018-02-07T00:00", "port_visited"),
        ("2018-02-14T00:00", "2018-02-15T00:00", "port_cannot_be_said"),
        ("2018-02-05T00:00", "2018-02-06T23:59", "port_cannot_be_said"),
    ],
)
def test_a_call_within_three_days_counts_and_one_farther_off_does_not(
    first: str, last: str, kind: str
) -> None:
    rows = routed(loaded(), port_calls=call("Haven", first, last))
    assert kinds(rows) & {"port_visited", "port_not_visited", "port_cannot_be_said"} == {kind}


def test_a_position_in_the_port_is_a_visit_too() -> None:
    rows = routed(loaded(), at((0.05, 0.0), "2018-02-10T06:00", "2018-02-10T08:00"))
    assert only(rows, "port_visited")["evidence"] == [
        "shipment:S1",
        position_id(SHIP, utc("2018-02-10T06:00")),
    ]


def test_a_ship_heard_elsewhere_all_the_time_was_not_there_and_cannot_have_been() -> None:
    rows = routed(loaded(), at(FAR, "2018-02-05", "2018-02-16"))
    absent, impossible = only(rows, "port_not_visited"), only(rows, "impossible_date")
    assert absent["is_for"]
    assert impossible["is_for"]
    assert "between 2018-02-07 and 2018-02-13" in absent["sentence"]
    assert "no nearer than 2,224 km" in absent["sentence"]
    assert absent["evidence"][1].startswith(f"position:{SHIP}@2018-02-07T")


def test_where_it_called_instead_is_said() -> None:
    rows = routed(
        loaded(),
        at(FAR, "2018-02-05", "2018-02-16"),
        port_calls=call("Elsewhere", "2018-02-09", "2018-02-11"),
    )
    assert "it called at Elsewhere" in sentence(rows, "port_not_visited")
    assert "port_call:Elsewhere" in only(rows, "port_not_visited")["evidence"]


@pytest.mark.parametrize(
    ("positions", "why"),
    [
        # 100 hours of silence: there and back again at 25 knots takes 96 from the edges of the port.
        (
            [at(FAR, "2018-02-05", "2018-02-08"), at(FAR, "2018-02-12T04:00", "2018-02-16")],
            "silent for 100 h",
        ),
        ([at(FAR, "2018-02-12T00:00", "2018-02-16")], "not heard before 2018-02-12 00:00"),
        ([at(FAR, "2018-02-05", "2018-02-08")], "not heard after 2018-02-08 00:00"),
        ([at(FAR, "2018-01-01", "2018-01-02")], "not heard after 2018-01-02 00:00"),
    ],
)
def test_silence_long_enough_to_call_means_that_it_cannot_be_said(
    positions: list[pl.DataFrame], why: str
) -> None:
    rows = routed(loaded(), *positions)
    assert kinds(rows) & {"port_visited", "port_not_visited", "port_cannot_be_said"} == {
        "port_cannot_be_said"
    }
    assert only(rows, "port_cannot_be_said")["is_for"] is None
    assert why in sentence(rows, "port_cannot_be_said")


def test_silence_too_short_to_call_is_no_excuse() -> None:
    rows = routed(loaded(), at(FAR, "2018-02-05", "2018-02-08"), at(FAR, "2018-02-11T12:00", "2018-02-16"))
    assert "port_not_visited" in kinds(rows)


def test_a_ship_that_was_there_days_later_cannot_have_loaded_on_the_declared_day() -> None:
    rows = routed(
        loaded(),
        at(FAR, "2018-02-05", "2018-02-11T12:00"),
        at((0.0, 0.0), "2018-02-13T12:00", "2018-02-16"),
        port_calls=call("Haven", "2018-02-13T12:00", "2018-02-16"),
    )
    assert kinds(rows) >= {"port_visited", "impossible_date"}
    assert "port_not_visited" not in kinds(rows)
    assert "it called there from 2018-02-13 12:00" in sentence(rows, "impossible_date")


def test_a_day_to_either_side_is_not_impossible() -> None:
    rows = routed(
        loaded(), at(FAR, "2018-02-05", "2018-02-09T12:00"), at((0.0, 0.0), "2018-02-11T12:00", "2018-02-16")
    )
    assert "impossible_date" not in kinds(rows)


def test_one_position_that_leaps_across_the_globe_accuses_nobody() -> None:
    there = at((0.05, 0.0), "2018-02-09T00:00", "2018-02-11T00:00")
    slip = at((150.0, -40.0), "2018-02-10T01:00", "2018-02-10T01:00")
    assert not kinds(routed(loaded(), there, slip)) & {"impossible_date", "port_not_visited"}


def test_an_mmsi_used_by_two_ships_says_nothing_of_either() -> None:
    two = at(FAR, "2018-02-05", "2018-02-16"), at((90.0, 0.0), "2018-02-05T01:00", "2018-02-16")
    rows = routed(loaded(), *two)
    assert kinds(rows) == {"ship_cannot_be_told"}
    assert "more than one transmitter" in sentence(rows, "ship_cannot_be_told")


def test_a_port_that_is_not_known_cannot_be_said_to_have_been_visited() -> None:
    rows = routed(loaded(load_port="Atlantis"), at(FAR, "2018-02-05", "2018-02-16"))
    assert kinds(rows) & {"port_not_visited", "impossible_date"} == set()
    assert "no port of that name is known" in sentence(rows, "port_cannot_be_said")


def test_a_ship_in_another_part_of_the_port_is_not_said_to_have_been_elsewhere() -> None:
    rows = routed(loaded(), at((0.0, 0.4), "2018-02-05", "2018-02-16"))
    assert kinds(rows) & {"port_visited", "port_not_visited", "impossible_date"} == set()
    assert "it came within 44 km, which may be another part of the port" in sentence(
        rows, "port_cannot_be_said"
    )


@pytest.mark.parametrize(
    ("said", "is_accused"),
    [
        ({"load_port": "Nampo"}, "accused"),
        ({"load_port": "Kingston", "origin": "JAM"}, "accused"),
        ({"load_port": "Kingston, Jamaica", "origin": "CHN"}, "accused"),
        ({"load_port": "Kingston", "origin": "CAN"}, "left open"),
        ({"load_port": "Kingston, Canada"}, "left open"),
    ],
)
def test_a_port_of_the_same_name_in_another_country_accuses_nobody(
    said: dict[str, Any], is_accused: str
) -> None:
    kingston = PORTS.with_columns(pl.lit("Kingston").alias("name"), pl.lit("JAM").alias("country")).head(1)
    known = Known(positions=at(FAR, "2018-02-05", "2018-02-16"), ports=pl.concat([PORTS, kingston]))
    found = kinds(findings(loaded(**said), known)) & {"port_not_visited", "port_cannot_be_said"}
    assert found == ({"port_not_visited"} if is_accused == "accused" else {"port_cannot_be_said"})


def test_a_ship_of_which_nothing_was_heard_has_no_route_to_speak_of() -> None:
    assert kinds(routed(loaded())) == set()
    assert kinds(routed(loaded(), at(FAR, "2018-02-05", "2018-02-16", mmsi=B))) == set()


def test_the_ship_is_found_by_its_imo_number_or_by_its_name_only_and_that_is_said() -> None:
    calls = {"port_calls": call("Haven", "2018-02-09", "2018-02-10"),
             "claims": claim("2018-01-01", "2018-01-02", imo="9074729", name="HAVEN STAR")}  # fmt: skip
    by_imo = routed(loaded(ship_mmsi=None, ship_imo="9074729"), **calls)
    assert "by its IMO number 9074729" in sentence(by_imo, "port_visited")
    by_name = routed(loaded(ship_mmsi=None, ship_name="M/V Haven Star"), **calls)
    assert "by its name M/V Haven Star only" in sentence(by_name, "port_visited")


def test_an_imo_number_or_name_of_several_transmitters_tells_no_ship() -> None:
    claims = pl.concat(
        [claim("2018-01-01", "2018-01-02", imo="9074729", name="HAVEN STAR", mmsi=mmsi) for mmsi in (B, C)]
    )
    here = [at(FAR, "2018-02-05", "2018-02-16", mmsi=mmsi) for mmsi in (B, C)]
    for said in ({"ship_imo": "9074729"}, {"ship_name": "HAVEN STAR"}):
        rows = routed(loaded(ship_mmsi=None, **said), *here, claims=claims)
        assert kinds(rows) == {"ship_cannot_be_told"}


def test_of_several_transmitters_of_one_imo_number_the_one_heard_in_those_days_is_the_ship() -> None:
    claims = pl.concat([claim("2018-01-01", "2018-01-02", imo="9074729", mmsi=mmsi) for mmsi in (B, C)])
    here = at(FAR, "2018-02-05", "2018-02-16", mmsi=B), at(FAR, "2017-02-05", "2017-02-16", mmsi=C)
    rows = routed(loaded(ship_mmsi=None, ship_imo="9074729"), *here, claims=claims)
    assert f"MMSI {B}, by its IMO number 9074729" in sentence(rows, "port_not_visited")


def test_the_discharge_is_checked_like_the_loading() -> None:
    papers = loaded(discharge_port="Nampo", discharge_on=LOADED, load_port=None)
    rows = routed(papers, at((125.4, 58.0), "2018-02-05", "2018-02-16"))
    assert "declared to discharge at Nampo on 2018-02-10" in sentence(rows, "port_not_visited")


def test_a_call_in_the_dprk_that_the_papers_do_not_tell_of_is_found() -> None:
    papers = loaded(discharge_port="Dalian", discharge_on="2018-02-20")
    visit = call("Nampo", "2018-02-14", "2018-02-15", "PRK")
    hidden = only(routed(papers, port_calls=visit), "undeclared_dprk_call")
    assert (hidden["is_for"], hidden["score"]) == (True, 1.0)
    assert "the papers name no port of the DPRK" in hidden["sentence"]
    coal = only(
        routed(papers.with_columns(description=pl.lit("coal")), port_calls=visit), "undeclared_dprk_call"
    )
    assert "had they come from the DPRK, UNSCR 2371 ¶8 would cover them" in coal["sentence"]
    assert "been left in the DPRK, no provision held here would cover them" in coal["sentence"]
    told = loaded(discharge_port="Nampo", discharge_on="2018-02-14")
    assert "undeclared_dprk_call" not in kinds(routed(told, port_calls=visit))
    before = call("Nampo", "2018-01-01", "2018-01-02", "PRK")
    assert "undeclared_dprk_call" not in kinds(routed(papers, port_calls=before))


def test_a_stay_in_the_territorial_sea_of_the_dprk_is_told_and_weighs_little() -> None:
    row = {
        "id": "zone_entry:1", "kind": "zone_entry", "version": 1, "start": utc("2018-02-14"), "end": utc("2018-02-15"),
        "lon": 0.0, "lat": 0.0, "track_a": SHIP * 10_000 + 1, "mmsi_a": SHIP, "evidence": [],
        "known_at": utc("2018-03-01"), "zone": "North Korea, territorial sea (approximate)",
        "zone_kind": "territorial_sea", "zone_origin": "approximate",
    }  # fmt: skip
    stay = conform(pl.DataFrame([row]), ZoneEntry)
    papers = loaded(discharge_port="Dalian", discharge_on="2018-02-20")
    rows = routed(papers, at(FAR, "2018-02-05", "2018-02-06"), zone_entries=stay)
    assert only(rows, "entered_dprk_waters")["score"] == 0.3
    eez = stay.with_columns(zone_kind=pl.lit("eez"))
    assert "entered_dprk_waters" not in kinds(
        routed(papers, at(FAR, "2018-02-05", "2018-02-06"), zone_entries=eez)
    )


CARGO: dict[str, Any] = {"quantity": 600.0, "unit": "t", "hs_code": "1006"}


def drawn(*claims: pl.DataFrame, **said: Any) -> pl.DataFrame:
    """Give findings about 600 t loaded on a ship of 100 m that said these draughts."""
    return routed(loaded(**{**CARGO, **said}), at((0.0, 0.0), LOADED, LOADED), claims=pl.concat(claims))


def said(first: str, last: str, draught_m: float, length_m: float | None = 100.0) -> pl.DataFrame:
    return claim(first, last, draught_m=draught_m, length_m=length_m)


def test_600_tonnes_change_the_draught_of_a_ship_of_100_metres_by_half_a_metre() -> None:
    # 1.025 x 100 x (100 / 6.5) x 0.8 = 1,261.5 tonnes to the metre.
    assert expected_m(600.0, 100.0) == pytest.approx(0.4756, abs=0.0001)


def test_a_draught_that_stayed_across_the_declared_loading_is_found_and_called_weak() -> None:
    rows = drawn(said("2018-02-08", "2018-02-09", 4.0), said("2018-02-12", "2018-02-13", 4.0))
    found = only(rows, "draught_unchanged")
    assert (found["is_for"], found["score"]) == (True, 0.4)
    assert (
        "said 4.0 m before and after; so much should have changed it by about 0.5 m; draught is often stale"
        in (found["sentence"])
    )


def test_a_draught_that_grew_across_the_loading_is_evidence_against() -> None:
    rows = drawn(said("2018-02-08", "2018-02-09", 4.0), said("2018-02-12", "2018-02-13", 4.5))
    found = only(rows, "draught_agrees")
    assert found["is_for"] is False
    assert "said 4.0 m before and 4.5 m after, where about 0.5 m would be expected" in found["sentence"]


def test_a_draught_that_shrank_across_the_loading_speaks_against_it() -> None:
    rows = drawn(said("2018-02-08", "2018-02-09", 4.5), said("2018-02-12", "2018-02-13", 4.0))
    assert only(rows, "draught_against")["is_for"] is True


@pytest.mark.parametrize(
    ("claims", "goods", "why"),
    [
        ([said("2018-02-08", "2018-02-09", 4.0)], {}, "did not give its draught in the 5 days after"),
        ([said("2018-02-12", "2018-02-13", 4.0)], {}, "did not give its draught in the 5 days before"),
        (
            [said("2018-02-08", "2018-02-09", 4.0), said("2018-02-12", "2018-02-13", 4.0)],
            {"quantity": 100.0},
            "too little to be seen",
        ),
        (
            [said("2018-02-08", "2018-02-13", 4.0), said("2018-02-12", "2018-02-13", 4.5)],
            {},
            "several draughts in turns",
        ),
    ],
)
def test_what_a_draught_cannot_show_is_said(
    claims: list[pl.DataFrame], goods: dict[str, Any], why: str
) -> None:
    rows = drawn(*claims, **goods)
    assert only(rows, "draught_cannot_be_said")["is_for"] is None
    assert why in sentence(rows, "draught_cannot_be_said")


def test_without_a_length_or_tonnes_a_draught_that_stayed_weighs_less() -> None:
    rows = drawn(said("2018-02-08", "2018-02-13", 4.0, None))
    assert only(rows, "draught_unchanged")["score"] == 0.2
