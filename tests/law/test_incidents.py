"""The published incidents of 2017 to 2019, each held against the law of its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from tests.law.scenes import judged, statuses

from clearwake.flow.incidents import incidents, items_of
from clearwake.law import elements, options, outcomes
from clearwake.model import LegalFact
from clearwake.statutes import provision, vocabulary

EXPECTED: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("incidents.yml").read_text(encoding="utf-8")
)

EVERY = [(name, key) for name, each in EXPECTED.items() for key in each["expect"]]

INCIDENTS = {each.id: each for each in incidents()}

WAN_HENG_11 = ["transfer wanheng11 met -> rsg1 ~probable =Japan", "flag rsg1 PRK =register",
               "flag wanheng11 BLZ ~claimed =Japan"]  # fmt: skip

SAME_ACT = ("unscr-2375-11", "unscr-2375-14", "unscr-2397-5", "unscr-2397-9")


def _facts(name: str) -> list[LegalFact]:
    return [fact for item in items_of(INCIDENTS[name], lambda key: key) for fact in item.facts]


def _table(name: str) -> pl.DataFrame:
    return elements(_facts(name), INCIDENTS[name].day)


def _moved(name: str, day: date) -> pl.DataFrame:
    """Judge an incident as if it had happened on another day, by the law of that day."""
    acts = {kind for kind, each in vocabulary().items() if each.timing == "act"}
    facts = [replace(each, since=day, until=None) if each.kind in acts else each for each in _facts(name)]
    return elements(facts, day)


def test_every_incident_has_its_expectation() -> None:
    assert set(INCIDENTS) == set(EXPECTED)


@pytest.mark.parametrize(("name", "key"), EVERY)
def test_the_elements_are_what_was_written_by_hand(name: str, key: str) -> None:
    provision_id, *marks = key.split()
    act = next((each[1:] for each in marks if each[0] == "#"), None)
    about = next((each[1:] for each in marks if each[0] == "@"), None)
    found = _table(name).filter(pl.col("act").eq_missing(pl.lit(act)))
    assert statuses(found, provision_id, about) == EXPECTED[name]["expect"][key]


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_provisions_that_could_apply_are_those_written_by_hand(name: str) -> None:
    assert set(_table(name)["provision"]) == set(EXPECTED[name]["listed"])


@pytest.mark.parametrize("name", INCIDENTS)
def test_no_published_incident_shows_every_element_by_itself(name: str) -> None:
    breach = outcomes(_table(name)).filter(
        pl.col("provision").is_in(["unscr-2375-11", "unscr-2375-14", "unscr-2397-5"])
    )
    assert breach["outcome"].is_in(["not shown", "not so"]).all()
    assert not breach["sentence"].str.contains("guilty|violated").any()


@pytest.mark.parametrize("name", INCIDENTS)
def test_the_same_incident_is_under_a_paragraph_from_its_first_day_to_its_last(name: str) -> None:
    for each in map(provision, SAME_ACT):
        last = each.in_force_to or date(2026, 1, 1)
        inside, outside = [each.in_force_from, last], [each.in_force_from - timedelta(days=1)]
        outside += [last + timedelta(days=1)] if each.in_force_to else []
        assert all(each.id in set(_moved(name, day)["provision"]) for day in inside)
        assert not any(each.id in set(_moved(name, day)["provision"]) for day in outside)


def test_a_later_designation_does_not_count_on_the_day_of_the_act() -> None:
    told = {
        day: statuses(elements(_facts("2018-02-24-chon-ma-san"), day), "unscr-2371-6", "imo:8660313")
        for day in (date(2018, 2, 24), date(2018, 3, 29), date(2018, 3, 30))
    }
    assert [bool(each) for each in told.values()] == [False, False, True]


def test_an_act_of_december_2017_is_under_the_first_cap_and_one_of_january_2018_under_the_second() -> None:
    lines = [
        *WAN_HENG_11,
        "goods refined petroleum ~probable =lab",
    ]
    caps = ["unscr-2375-14", "unscr-2397-5"]
    by_day = {
        day: judged(lines, day).filter(pl.col("provision").is_in(caps))["provision"].unique().to_list()
        for day in ("2017-09-10", "2017-09-11", "2017-12-31", "2018-01-01")
    }
    assert by_day == {
        "2017-09-10": [],
        "2017-09-11": ["unscr-2375-14"],
        "2017-12-31": ["unscr-2375-14"],
        "2018-01-01": ["unscr-2397-5"],
    }


def test_an_act_before_the_paragraph_is_no_breach_of_it_though_the_law_is_asked_later() -> None:
    early = judged(WAN_HENG_11, "2017-09-12", day="2017-09-10")
    later = judged(WAN_HENG_11, "2017-09-12", day="2017-09-11")
    told = [statuses(found, "unscr-2375-11")["date"] for found in (early, later)]
    assert told == ["contradicted", "established"]


def test_a_transfer_between_two_ships_not_of_the_dprk_is_not_by_itself_a_breach_and_lacks_the_onward_leg() -> (
    None
):
    found = judged(
        ["transfer a gave -> b", "flag a TGO", "flag b KOR", "goods refined petroleum", "not notification"],
        "2018-06-01",
    )
    flag = found.filter(provision="unscr-2375-11", element="dprk_flag").row(0, named=True)
    leg = found.filter(provision="unscr-2397-5", element="reaches_the_dprk").row(0, named=True)
    assert (flag["status"], leg["status"], leg["evidence"]) == ("contradicted", "missing", [])
    assert "not by itself a breach" in flag["sentence"]
    assert "onward leg to the DPRK is not shown" in leg["sentence"]
    assert "port call" in leg["would_settle"]
    told = dict(outcomes(found).filter(pl.col("about").is_null()).select("provision", "outcome").iter_rows())
    assert (told["unscr-2375-11"], told["unscr-2397-5"]) == ("not so", "not shown")


def test_the_onward_leg_shown_meets_the_cap_paragraph_without_a_ship_of_the_dprk() -> None:
    lines = ["transfer a gave -> b", "flag a TGO", "flag b KOR", "goods refined petroleum", "not notification",
             "not exemption", "delivered PRK"]  # fmt: skip
    assert set(statuses(judged(lines, "2018-06-01"), "unscr-2397-5").values()) == {"established"}


def test_a_notified_delivery_is_not_called_illicit() -> None:
    lines = ["flag a RUS", "loaded RUS", "goods refined petroleum", "delivered PRK", "not exemption",
             "notification -> unscr-2397-5"]  # fmt: skip
    found = judged(lines, "2018-06-01")
    row = found.filter(provision="unscr-2397-5", element="outside_the_allowance").row(0, named=True)
    assert (row["status"], row["evidence"]) == ("contradicted", ["notification -> unscr-2397-5"])
    assert "the paragraph allows it" in row["sentence"]


def test_a_notified_delivery_after_the_notice_to_stop_is_outside_the_allowance() -> None:
    lines = ["goods refined petroleum", "delivered PRK", "notification", "stop_notice @2018-11-01"]
    told = {day: statuses(judged(lines, day), "unscr-2397-5")["outside_the_allowance"] for day in
            ("2018-10-31", "2018-11-01")}  # fmt: skip
    assert told == {"2018-10-31": "contradicted", "2018-11-01": "established"}


def test_a_flag_only_claimed_speaks_against_and_is_said_to_be_weak() -> None:
    found = judged(["transfer a met -> b", "flag a TGO ~claimed", "flag b BLZ ~claimed"], "2018-06-01")
    row = found.filter(provision="unscr-2375-11", element="dprk_flag").row(0, named=True)
    assert (row["status"], "on weak evidence only" in row["sentence"]) == ("contradicted", True)


def test_an_exemption_under_another_paragraph_lifts_a_ban_only_if_that_paragraph_lifts_it() -> None:
    lines = ["goods coal", "loaded PRK", "national RUS"]
    day = "2018-06-01"
    rajin = statuses(judged([*lines, "exemption -> unscr-2397-16"], day), "unscr-2371-8")
    other = statuses(judged([*lines, "exemption -> unscr-2397-5"], day), "unscr-2371-8")
    assert (rajin["no_exemption"], other["no_exemption"]) == ("contradicted", "missing")
    early = statuses(judged([*lines, "exemption -> unscr-2397-16"], "2017-12-21"), "unscr-2371-8")
    assert early["no_exemption"] == "missing"


def test_the_180_days_of_the_order_count_back_to_the_call_and_to_the_partners_call() -> None:
    on = date(2018, 9, 1)

    def port_ban(*lines: str) -> str | None:
        return statuses(judged(lines, str(on)), "eo-13810-2", "a").get("dprk_call_within_180_days")

    last, too_old = on - timedelta(days=180), on - timedelta(days=181)
    us_call = "enters_port a USA"
    assert port_ban(us_call, f"port_call a PRK @{last}") == "established"
    assert port_ban(us_call, f"port_call a PRK @{too_old}") is None
    assert port_ban(us_call, f"transfer a met -> b @{last}", f"port_call b PRK @{last}") == "established"
    assert port_ban(us_call, f"transfer a met -> b @{last}", f"port_call b PRK @{too_old}") is None
    assert port_ban(us_call, f"port_call a PRK @{on + timedelta(days=1)}") is None


def test_the_assessment_of_an_election_is_due_within_45_days() -> None:
    due = [
        statuses(judged([f"election USA @{day}"], "2018-12-21"), "eo-13848-1")
        for day in ("2018-11-06", "2018-11-07")
    ]
    assert (set(due[0].values()), set(due[1].values())) == ({"established"}, {"established"})
    assert statuses(judged(["election USA @2018-11-06"], "2018-12-22"), "eo-13848-1") == {}


def test_facts_of_three_transfers_that_name_no_act_are_judged_apart() -> None:
    found = judged(
        ["transfer a gave -> b", "transfer a gave -> c", "flag a HKG", "flag b PRK", "flag c KOR"],
        "2017-10-19",
    )
    rows = found.filter(provision="unscr-2375-11", element="dprk_flag").select("act", "status").rows()
    assert rows == [("transfer a gave -> b", "established"), ("transfer a gave -> c", "contradicted")]


def test_two_ships_facts_are_not_put_together() -> None:
    found = judged(["zone a port", "grounds b", "zone b high seas"], "2018-06-01")
    assert statuses(found, "unscr-2397-9", "a")["reasonable_grounds"] == "missing"
    assert statuses(found, "unscr-2397-9", "b")["in_port_or_territorial_sea"] == "contradicted"


def test_a_designation_counts_from_its_day() -> None:
    lines = ["listed rsg1 UN @2017-12-28", "encountered rsg1 JPN"]
    told = {day: statuses(judged(lines, day), "unscr-2397-15") for day in ("2017-12-27", "2017-12-28")}
    assert (told["2017-12-27"], told["2017-12-28"]["ship_listed_un"]) == ({}, "established")


def test_the_lawful_options_of_an_incident_stop_short_of_a_blockade() -> None:
    name = "2018-02-13-rye-song-gang-1"
    found = options(_facts(name), INCIDENTS[name].day, "imo:8791667")
    assert "no UN authority to stop or board without the flag State's consent" in found["option"].to_list()
    assert not found["option"].str.contains("(?i)seiz|impound|detain").any()
    inspection = found.filter(option="inspect with the flag State's consent").row(0, named=True)
    assert inspection["stands"] == "conditions missing"


def test_a_ship_out_at_sea_is_told_that_it_is_not_in_a_port_yet() -> None:
    found = judged(["zone a high seas", "grounds a"], "2018-06-01")
    assert statuses(found, "unscr-2397-9", "a")["in_port_or_territorial_sea"] == "contradicted"


def test_lying_alongside_indicates_a_transfer_however_surely_and_hoses_show_one() -> None:
    flags = ["flag a PRK", "flag b BLZ"]
    told = {
        line: statuses(judged([line, *flags], "2018-06-01"), "unscr-2375-11")["transfer"]
        for line in ("transfer a met -> b", "transfer a exchanged -> b", "transfer a gave -> b")
    }
    assert list(told.values()) == ["indicated", "established", "established"]
    denied = judged(["transfer a met -> b ~claimed", "not transfer a exchanged -> b", *flags], "2018-06-01")
    assert denied.filter(provision="unscr-2375-11").is_empty()
