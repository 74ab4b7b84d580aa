"""Lawful options: what may be done where, on what conditions, and what nobody may do."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.scenes import facts
from tests.law.test_facts import LINES

from clearwake.law import options
from clearwake.law.lawful import listed, read_options
from clearwake.model import UnreadableFileError

GROUNDS = ["transfer a met -> b ~probable =Japan", "flag b PRK", "flag a BLZ ~claimed", "grounds a"]


def _options(*lines: str, on: str = "2018-02-13", ship: str = "a") -> dict[str, str]:
    """Give how each option stands, by option and provision."""
    found = options(facts(lines, date.fromisoformat(on)), date.fromisoformat(on), ship)
    return {f"{row['option']} ({row['provision']})": row["stands"] for row in found.iter_rows(named=True)}


ASK = "ask the flag State to consent to an inspection (unscr-2375-7)"
INSPECT = "inspect with the flag State's consent (unscr-2375-7)"
DIRECT = "ask the flag State to direct the ship to a port for inspection (unscr-2375-8)"
REPORT = "report to the Committee that the flag State did not cooperate (unscr-2375-9)"
IN_PORT = "inspect or impound in port (shall) (unscr-2397-9)"
IN_SEA = "inspect or impound in the territorial sea (may) (unscr-2397-9)"
VISIT = "exercise the right of visit on a ship without nationality (unclos-110)"
LIMIT = "no UN authority to stop or board without the flag State's consent (unscr-2375-7)"
US_PORTS = "refuse a call at United States ports for 180 days (eo-13810-2)"


def test_on_the_high_seas_one_asks_and_nobody_boards_without_consent() -> None:
    found = _options(*GROUNDS, "zone a high seas")
    assert (found[ASK], found[INSPECT], found[LIMIT]) == ("open", "conditions missing", "a limit")
    assert not {IN_PORT, IN_SEA} & set(found)


def test_an_exclusive_economic_zone_is_treated_as_the_high_seas() -> None:
    assert set(_options(*GROUNDS, "zone a eez")) == set(_options(*GROUNDS, "zone a high seas"))


def test_a_consent_given_opens_the_inspection_and_a_refusal_rules_it_out() -> None:
    given_ = _options(*GROUNDS, "zone a high seas", "consent a given")
    assert (given_[ASK], given_[INSPECT], given_[DIRECT]) == ("ruled out", "open", "ruled out")
    refused = _options(*GROUNDS, "zone a high seas", "consent a refused", "not directed a")
    assert (refused[ASK], refused[INSPECT], refused[DIRECT], refused[REPORT]) == (
        "ruled out",
        "ruled out",
        "open",
        "open",
    )


def test_in_port_the_state_shall_and_in_its_territorial_sea_it_may() -> None:
    port, sea = _options(*GROUNDS, "zone a port"), _options(*GROUNDS, "zone a territorial sea")
    assert (port[IN_PORT], IN_SEA in port, ASK in port) == ("open", False, False)
    assert (sea[IN_SEA], IN_PORT in sea, ASK in sea) == ("open", False, False)


def test_the_duty_in_port_begins_with_its_paragraph() -> None:
    lines = [*GROUNDS, "zone a port"]
    assert IN_PORT not in _options(*lines, on="2017-12-21")
    assert IN_PORT in _options(*lines, on="2017-12-22")


def test_before_2017_the_older_paragraph_is_the_one_that_asks() -> None:
    before = _options("zone a high seas", "grounds a", "flag a BLZ", on="2017-09-10")
    after = _options("zone a high seas", "grounds a", "flag a BLZ", on="2017-09-11")
    old = "ask the flag State to consent to an inspection (unscr-1874-12)"
    assert (old in before, ASK in before, old in after, ASK in after) == (True, False, False, True)


def test_where_the_zone_is_not_known_nothing_is_open_that_needs_it() -> None:
    found = _options(*GROUNDS)
    assert {found[each] for each in (ASK, IN_PORT, IN_SEA)} == {"conditions missing"}


@pytest.mark.parametrize("kind", ["warship", "government ship"])
def test_ships_with_immunity_are_out_of_reach_of_all_but_questions_and_reports(kind: str) -> None:
    found = _options(*GROUNDS, "zone a high seas", f"immune a {kind}")
    open_ones = {each.rsplit(" (", 1)[0] for each, stands in found.items() if stands == "open"}
    assert open_ones == {"request information from the flag State and others", "report to the Committee"}


def test_a_ship_without_nationality_may_be_visited() -> None:
    found = _options("flag a none", "zone a high seas")
    assert (found[VISIT], found[ASK]) == ("open", "ruled out")
    assert _options("sham_flag a ~claimed", "zone a high seas")[VISIT] == "open"
    assert _options("flag a BLZ", "zone a high seas")[VISIT] == "conditions missing"


def test_a_call_in_the_dprk_closes_united_states_ports_for_180_days() -> None:
    call = "port_call a PRK @2018-02-13"
    assert _options("flag a BLZ", call, on="2018-08-12")[US_PORTS] == "open"
    assert _options("flag a BLZ", call, on="2018-08-13")[US_PORTS] == "conditions missing"
    assert _options("flag a BLZ", call, "not foreign_interest a", on="2018-08-12")[US_PORTS] == "ruled out"
    assert US_PORTS not in _options("flag a BLZ", "port_call a PRK @2017-09-01", on="2017-09-20")


def test_what_happened_later_opens_nothing_today() -> None:
    later = _options("transfer a met -> b @2018-02-14", "flag b PRK", "zone a high seas", on="2018-02-13")
    assert later[ASK] == "conditions missing"


def test_a_transfer_of_two_others_is_no_ground_against_a_third() -> None:
    lines = ["transfer b met -> c", "flag b PRK", "flag c KOR", "flag a BLZ", "zone a high seas"]
    assert (_options(*lines)[ASK], _options(*lines, "zone c high seas", ship="c")[ASK]) == (
        "conditions missing",
        "open",
    )


def test_each_condition_says_what_is_shown_of_it() -> None:
    day = date(2018, 2, 13)
    found = options(facts([*GROUNDS, "zone a high seas"], day), day, "a")
    row = found.filter(option="inspect with the flag State's consent").row(0, named=True)
    assert [each.split(" - ")[0] for each in row["conditions"]] == [
        "zone: established", "reasonable_grounds: established", "flag_consent: missing", "not_immune: indicated"
    ]  # fmt: skip
    assert (row["zone"], row["binding"]) == ("high seas, eez, contiguous zone", "calls upon")
    assert "warships" in row["who"]


def test_notices_name_the_bodies_at_work_that_day() -> None:
    def watchers(on: str) -> str:
        day = date.fromisoformat(on)
        found = options(facts([*GROUNDS, "zone a port"], day), day, "a").filter(
            option="inspect or impound in port (shall)"
        )
        return str(found["notice"][0])

    assert "Panel of Experts" in watchers("2024-04-30")
    assert "Panel of Experts" not in watchers("2024-05-01")
    assert "Multilateral" not in watchers("2024-10-15")
    assert "Multilateral" in watchers("2024-10-16")


def test_every_ship_of_the_case_is_asked_about_unless_one_is_named() -> None:
    day = date(2018, 2, 13)
    assert set(options(facts(GROUNDS, day), day)["ship"]) == {"a", "b"}
    assert options([], day)["ship"].null_count() == options([], day).height


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*LINES, "consent a given", "zone a port"]), unique=True))
def test_no_option_recommends_or_boards_without_consent(lines: list[str]) -> None:
    day = date(2018, 6, 1)
    found = options(facts(lines, day), day)
    text = " ".join(found["option"])
    assert not any(word in text.lower() for word in ("seize", "should", "recommend", "must", "arrest"))
    boarding = found.filter(pl.col("option") == "inspect with the flag State's consent", stands="open")
    assert boarding.is_empty() or "consent a given" in lines


def test_every_option_names_who_may_act_whom_to_tell_and_what_could_make_it_worse() -> None:
    for each in listed():
        assert each.who, each.option
        assert each.notice, each.option
        assert each.escalation, each.option
        assert each.conditions, each.option


GOOD = """
- option: o
  provision: unscr-2397-10
  zones: any
  conditions: [transfer]
  who: w
  notice: n
  escalation: e
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zones: any", "zones: [sea]"),
        ("[transfer]", "[mood]"),
        ("  who: w\n", ""),
        ("who: w", "who: w\n  colour: red"),
        ("unscr-2397-10", "null"),
    ],
)
def test_a_file_of_options_that_does_not_follow_the_schema_is_refused(old: str, new: str) -> None:
    assert len(read_options(GOOD, "x.yml")) == 1
    with pytest.raises(UnreadableFileError):
        read_options(GOOD.replace(old, new), "x.yml")
