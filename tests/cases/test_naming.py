"""What cases and ships are called."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from clearwake.cases import act_named, case_name, role_named, ships_of, slug, subject
from clearwake.model import UsageError


def test_a_case_is_called_by_its_day_and_first_ship_and_the_second_of_one_name_is_numbered() -> None:
    day = date(2018, 2, 13)
    assert case_name(day, "RYE SONG GANG 1") == "2018-02-13-rye-song-gang-1"
    taken = {"2018-02-13-rye-song-gang-1", "2018-02-13-rye-song-gang-1-2"}
    assert case_name(day, "Rye Song-Gang No 1", taken) == "2018-02-13-rye-song-gang-no-1"
    assert case_name(day, "rye song gang 1", taken) == "2018-02-13-rye-song-gang-1-3"
    assert case_name(None, None) == "unnamed"


def test_names_in_any_script_become_plain_letters() -> None:
    assert slug("신평 5") == "sinpyeong-5"
    assert slug("../../etc/passwd") == "etc-passwd"
    assert len(slug("a" * 500)) <= 60


def test_a_ship_is_meant_by_the_strongest_mark_that_was_read() -> None:
    assert subject("7389704", 445123000, "RYE SONG GANG 1") == "imo:7389704"
    assert subject(None, 445123000, "RYE SONG GANG 1") == "mmsi:445123000"
    assert subject(name="RYE SONG GANG 1") == "ship:rye-song-gang-1"
    assert subject() is None


def sighting(**told: object) -> dict[str, Any]:
    fields = ("imo", "claimed_mmsi", "name", "partner", "partner_imo", "partner_name", "codes")
    return dict.fromkeys(fields) | told


@pytest.mark.parametrize(
    ("row", "ships"),
    [
        (sighting(imo="7389704", partner_name="WAN HENG 11"), ("imo:7389704", "ship:wan-heng-11")),
        (sighting(name="YU JONG 2", partner="unknown"), ("ship:yu-jong-2", "ship:unidentified")),
        (sighting(codes=["alongside"]), ("ship:unidentified", "ship:unidentified-2")),
        (sighting(partner="none", codes=["alongside"]), ("ship:unidentified",)),
        (sighting(name="YU JONG 2"), ("ship:yu-jong-2",)),
    ],
)
def test_the_ships_of_a_sighting(row: dict[str, Any], ships: tuple[str, ...]) -> None:
    assert ships_of(row) == ships


def test_what_is_decided_can_be_named_by_its_name_or_by_the_state_it_leads_to() -> None:
    assert act_named("Offer-Reply").name == "offer_reply"
    assert act_named("confirmed").name == "confirm"
    assert act_named("in-confirmation").name == "take_up"
    assert act_named("on hold").name == "hold"
    assert act_named("retracted").name == "retract"
    assert act_named("undetermined").name == "leave"
    with pytest.raises(UsageError, match="cannot be decided"):
        act_named("convict")


def test_roles_are_known_by_other_words_and_any_word_is_a_role() -> None:
    assert role_named("Lawyer") == "legal adviser"
    assert role_named("release-officer") == "release officer"
    assert role_named("Harbour master") == "Harbour master"
