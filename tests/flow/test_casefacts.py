"""What facts of a desk say in the words of the law, and which explanations they speak for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clearwake import law, places
from clearwake.flow.casefacts import informed, place_of
from clearwake.flow.casefiles import items_in
from clearwake.law import read_facts
from clearwake.model import Item, Marking, UnreadableFileError, utc
from clearwake.seal import canonical

ATLAS = places.load()

FAR_OUT = (124.1, 31.2)
"""250 km east of Shanghai."""


def item(source: str, row: dict[str, Any], *ships: str, kind: str = "event", **more: Any) -> Item:
    """Make an item as a desk does from a row; written by hand."""
    told: dict[str, Any] = {
        "start": utc("2018-02-13T02:00"), "end": utc("2018-02-13T02:00"), "lon": FAR_OUT[0], "lat": FAR_OUT[1],
        "origin": "Japan",
    }  # fmt: skip
    return informed(
        Item("item:1", kind, "seen.", Marking("JPN"), ships=ships, source=source, rows=canonical(row).decode(),
             **(told | more)),
        ATLAS,
    )  # fmt: skip


def said(made: Item) -> set[str]:
    """Give facts in short: ``transfer met ship:b ship:a``; an ``exemption`` that is denied begins with ``not``."""
    words = ((each.holds, each.kind, each.value, each.subject, each.object) for each in made.facts)
    return {" ".join(["" if holds else "not", *(w for w in some if w)]).strip() for holds, *some in words}


def why(made: Item) -> dict[str, bool]:
    """Give the observations, and whether they speak for the claim."""
    return {each.observation: each.is_for for each in made.reasons if each.explanation == "breach"}


def sighting(*codes: str, **more: Any) -> Item:
    """Make the item of a sighting of two ships."""
    row = {
        "codes": codes,
        "flag": "PRK",
        "originator": "JPN",
        "name": "RYE SONG GANG 1",
        "imo": "7389704",
        **more,
    }
    return item("sighting:1", row, "imo:7389704", "ship:wan-heng-11", kind="sighting")


def test_ships_seen_alongside_met_and_ships_with_hoses_passed_cargo() -> None:
    assert "transfer met ship:wan-heng-11 imo:7389704" in said(sighting("alongside"))
    assert "transfer exchanged ship:wan-heng-11 imo:7389704" in said(sighting("alongside", "hoses_connected"))
    assert not any(each.startswith("transfer") for each in said(sighting("under_way")))


def test_ships_alongside_without_hoses_leave_it_disputed_whether_cargo_passed() -> None:
    seen = sighting("alongside", "no_hoses")
    told = [(fact.value, fact.holds) for fact in seen.facts if fact.kind == "transfer"]
    assert told == [("met", True), ("exchanged", False)]
    assert why(seen)["no_hoses_seen"] is False
    rows = law.elements(seen.facts, date(2018, 2, 13))
    (row,) = rows.filter(provision="unscr-2375-11", element="transfer").to_dicts()
    assert row["status"] == "indicated"
    assert "it is disputed" in row["sentence"]
    assert "was seen to pass no cargo with" in row["sentence"]


def test_a_sighting_tells_its_flag_who_met_the_ships_and_the_zone() -> None:
    found = said(sighting("alongside"))
    assert {"flag PRK imo:7389704", "encountered JPN imo:7389704", "zone eez imo:7389704 CHN"} <= found


def test_what_was_seen_becomes_reasons_of_its_own_names() -> None:
    assert why(sighting("alongside", "hoses_connected", "lights_off")) == {
        "alongside": True, "hoses_connected": True, "lights_off": True, "dprk_flag": True, "far_offshore": True,
    }  # fmt: skip


def test_no_ship_beside_it_speaks_against() -> None:
    assert why(sighting("under_way", partner="none", flag=None))["nothing_alongside"] is False


def test_every_fact_uses_the_words_of_the_law_and_names_its_item() -> None:
    made = sighting("alongside", "hoses_connected", "coal")
    read_facts(made.facts)
    assert {each.id for each in made.facts} == {"item:1"}


def test_a_meeting_on_tracks_is_a_claim_that_ships_met_and_their_numbers_tell_flags() -> None:
    row = {
        "kind": "encounter",
        "label": "standard",
        "min_apart_m": 31.0,
        "duration_h": 3.2,
        "median_speed_kn": 0.7,
    }
    made = item("encounter:1", row, "mmsi:445123000", "mmsi:412123456", origin="AIS")
    assert {
        "transfer met mmsi:445123000 mmsi:412123456",
        "flag PRK mmsi:445123000",
        "flag CHN mmsi:412123456",
    } <= said(made)
    assert {each.grade for each in made.facts} == {"claimed"}
    told = next(each.sentence for each in made.reasons if each.observation == "met_on_ais")
    assert told == "two ships lay beside each other within 31 m for 3.2 h at 0.7 kn"


def test_two_ships_not_numbered_under_the_dprk_close_to_a_coast_speak_against() -> None:
    row = {"kind": "encounter", "label": "standard", "duration_h": 3.2}
    made = item("encounter:1", row, "mmsi:367123000", "mmsi:338123456", origin="AIS", lon=-75.8, lat=36.93)
    assert why(made) == {"met_on_ais": True, "dprk_flag": False, "near_coast": False}


def test_a_meeting_in_port_is_no_transfer_and_speaks_for_ordinary_business() -> None:
    row = {"kind": "encounter", "label": "in_port", "duration_h": 3.2}
    made = item("encounter:1", row, "mmsi:445123000", "mmsi:412123456", lon=129.05, lat=35.09)
    assert not any(each.startswith("transfer") for each in said(made))
    assert why(made) == {"in_port_or_anchorage": False}


def test_a_possible_meeting_is_no_fact_of_the_law_and_weighs_with_its_probability() -> None:
    sure = item(
        "possible_meeting:1", {"kind": "one_silent", "probability": 0.9}, "mmsi:412123456", "mmsi:412123457"
    )
    weak = item(
        "possible_meeting:1", {"kind": "one_silent", "probability": 0.3}, "mmsi:412123456", "mmsi:412123457"
    )
    assert {each.kind for each in sure.facts} == {"flag"}
    weights = [
        next((r.weight for r in each.reasons if r.explanation == "breach"), 0.0) for each in (sure, weak)
    ]
    assert weights[0] > weights[1]


@pytest.mark.parametrize(
    ("cause", "feed_ok", "expected", "named"),
    [
        ("switched_off", True, {"ais dark mmsi:412123456"}, "switched_off"),
        ("feed_outage", True, {"not ais dark mmsi:412123456"}, "feed_was_out"),
        ("switched_off", False, set(), "feed_was_out"),
        ("unknown", True, set(), "silent_unexplained"),
    ],
)
def test_a_silence_is_dark_only_where_it_looks_switched_off(
    cause: str,
    feed_ok: bool,  # noqa: FBT001 - a table of cases
    expected: set[str],
    named: str,
) -> None:
    row = {"likely_cause": cause, "feed_ok": feed_ok, "duration_h": 14.0, "cause_confidence": 0.8}
    made = item("gap:1", row, "mmsi:412123456")
    assert {each for each in said(made) if "ais" in each} == expected
    assert named in {each.observation for each in made.reasons}


def test_a_false_position_that_jamming_explains_accuses_nobody() -> None:
    lied = item("falsification:1", {"label": "circle", "cleared_by": None}, "mmsi:412123456")
    cleared = item("falsification:1", {"label": "circle", "cleared_by": "interference:9"}, "mmsi:412123456")
    assert "ais false position mmsi:412123456" in said(lied)
    assert why(lied) == {"false_position": True}
    assert not any("ais" in each for each in said(cleared))
    strongest = max(cleared.reasons, key=lambda each: each.weight * (1 if each.is_for else -1))
    assert strongest.explanation == "jamming"


def test_a_port_call_puts_the_ship_into_the_port_for_those_days() -> None:
    row = {"port": "Nampo", "port_country": "PRK", "duration_h": 30.0}
    made = item("port_call:1", row, "mmsi:412123456", end=utc("2018-02-14T08:00"))
    assert {"port_call PRK mmsi:412123456", "zone port mmsi:412123456 PRK"} <= said(made)
    zone = next(each for each in made.facts if each.kind == "zone")
    assert (zone.since, zone.until) == (date(2018, 2, 13), date(2018, 2, 14))
    assert why(made) == {"dprk_call": True}


def test_an_entry_of_the_un_list_says_listed_and_one_of_another_list_does_not() -> None:
    row = {"kind": "vessel", "list": "un", "status": "listed", "flag": "PRK"}
    assert said(item("un:1", row, "imo:7389704", kind="listing")) == {
        "listed UN imo:7389704", "flag PRK imo:7389704"
    }  # fmt: skip
    other = item("ofac:1", {**row, "list": "ofac", "flag": "Russia"}, "imo:9003550", kind="listing")
    assert said(other) == set()
    assert why(other) == {"listed_ship": True}
    annex = {**row, "list": "eu", "reference": "32017R1509 annex XIV.A no. 2", "measures": ["Asset freeze"]}
    assert {"listed UN imo:7303803", "measure freeze imo:7303803"} <= said(
        item("eu:1", annex, "imo:7303803", kind="listing")
    )
    proposed = item("un:1", {**row, "status": "proposed"}, "imo:7389704", kind="listing")
    assert "listed UN imo:7389704" not in said(proposed)


def test_a_register_that_denies_a_flag_makes_it_a_sham() -> None:
    made = item("flag_fault:1", {"fault": "denied", "flag": "FJI"}, "mmsi:520123000")
    assert "sham_flag mmsi:520123000" in said(made)


@pytest.mark.parametrize(
    ("lon", "lat", "error_m", "expected"),
    [
        (124.1, 31.2, None, "eez"), (-150.0, 0.5, None, "high seas"), (122.8, 28.3, 60_000.0, None),
        (122.8, 28.3, 25_000.0, "eez"), (None, None, None, None), (116.4, 39.9, None, None),
    ],
)  # fmt: skip
def test_a_zone_is_told_only_where_the_doubt_of_the_position_leaves_one(
    lon: float | None, lat: float | None, error_m: float | None, expected: str | None
) -> None:
    assert place_of(ATLAS, lon, lat, error_m).zone == expected


def test_what_somebody_said_by_hand_stays_and_nothing_is_added() -> None:
    made = sighting("alongside")
    assert informed(made, ATLAS) is made
    bare = Item("item:1", "document", "said", Marking("JPN"))
    assert informed(bare, ATLAS) is bare


def test_items_written_by_hand_may_name_what_was_observed(tmp_path: Path) -> None:
    file = tmp_path / "items.yml"
    file.write_text("{kind: statement, sentence: Hoses were seen., grade: B2, observed: [hoses_connected]}")
    (made,) = items_in(file, Marking("JPN"))
    assert why(made) == {"hoses_connected": True}
    file.write_text("{kind: statement, sentence: Hoses were seen., grade: B2, observed: [guilt]}")
    with pytest.raises(UnreadableFileError, match="no observation 'guilt'"):
        items_in(file, Marking("JPN"))
