"""Each rule on ownership, case by case; the answers were written by hand."""

from __future__ import annotations

from datetime import date

import pytest
from tests.ownership.holders import ON, all_three, designations, facts, listing, row, statuses, told

from clearwake.ownership import standings

NOT, MAYBE, YES = "not shown", "possibly", "blocked"


def test_half_owned_by_a_blocked_party_is_blocked_but_for_the_uk_which_wants_more_than_half() -> None:
    assert statuses("BAD X 50", "BAD") == {"X": (YES, YES, NOT)}
    assert statuses("BAD X 50.01", "BAD") == {"X": all_three(YES)}
    assert statuses("BAD X 49.99", "BAD") == {"X": all_three(NOT)}


def test_shares_of_several_blocked_parties_add_up_in_the_us_and_the_eu_only() -> None:
    assert statuses("BAD X 25\n WORSE X 26", "BAD", "WORSE") == {"X": (YES, YES, NOT)}


def test_a_third_and_a_sixth_are_half() -> None:
    assert statuses("BAD X 33.333333\n WORSE X 16.666667", "BAD", "WORSE")["X"] == (YES, YES, NOT)


def test_percentages_down_a_chain_are_not_multiplied() -> None:
    chain = "BAD A 60\n A B 60\n B C 60"
    assert statuses(chain, "BAD") == {"A": all_three(YES), "B": all_three(YES), "C": all_three(YES)}


def test_a_chain_breaks_where_a_link_is_less_than_half() -> None:
    assert statuses("BAD A 49\n A B 100", "BAD") == {"A": all_three(NOT), "B": all_three(NOT)}


def test_direct_and_indirect_holdings_of_one_party_add_up_in_the_uk_too() -> None:
    text = "BAD A 100\n BAD X 30\n A X 30"
    assert statuses(text, "BAD") == {"A": all_three(YES), "X": all_three(YES)}


def test_indirect_holdings_of_different_parties_add_up_in_the_us_and_the_eu_only() -> None:
    text = "BAD A 100\n WORSE X 30\n A X 30"
    assert statuses(text, "BAD", "WORSE")["X"] == (YES, YES, NOT)


def test_a_ring_without_a_blocked_owner_outside_blocks_nobody() -> None:
    ring = "A B 100\n B C 100\n C A 100"
    assert set(statuses(ring, "BAD").values()) == {all_three(NOT)}
    assert set(statuses(ring + "\n BAD A 10", "BAD").values()) == {all_three(NOT)}


def test_a_ring_that_a_blocked_party_enters_is_blocked_all_round() -> None:
    ring = "BAD A 60\n A B 100\n B A 40"
    assert statuses(ring, "BAD") == {"A": all_three(YES), "B": all_three(YES)}


def test_cross_holdings_do_not_lift_a_minority_over_the_threshold() -> None:
    # BAD holds 40 of X; X holds its own remaining 20 through Y.  Nobody blocked holds half of either.
    assert statuses("BAD X 40\n Y X 20\n X Y 60", "BAD") == {"X": all_three(NOT), "Y": all_three(NOT)}


def test_own_shares_count_for_nothing_and_survive_as_a_doubt() -> None:
    rows = told("BAD X 40\n X X 60", "BAD")
    assert (row(rows, "X")["us"], row(rows, "X")["uk"]) == (NOT, NOT)
    assert row(rows, "X")["doubts"] == ["it is told to hold itself, which counts for nothing"]


def test_an_unknown_share_is_possible() -> None:
    assert statuses("BAD X -", "BAD") == {"X": all_three(MAYBE)}


def test_an_unknown_share_is_not_shown_where_others_leave_no_room() -> None:
    assert statuses("BAD X -\n GOOD X 60", "BAD")["X"] == all_three(NOT)
    assert statuses("BAD X -\n GOOD X 50", "BAD")["X"] == (MAYBE, MAYBE, NOT)


def test_what_is_possibly_blocked_passes_possibility_on() -> None:
    assert statuses("BAD A -\n A B 100", "BAD") == {"A": all_three(MAYBE), "B": all_three(MAYBE)}


def test_a_range_that_straddles_half_is_possible() -> None:
    assert statuses("BAD X 40-60", "BAD") == {"X": all_three(MAYBE)}
    assert statuses("BAD X 25-50", "BAD") == {"X": (MAYBE, MAYBE, NOT)}
    assert statuses("BAD X 50-75", "BAD") == {"X": (YES, YES, MAYBE)}
    assert statuses("BAD X >50%", "BAD") == {"X": all_three(YES)}


def test_an_edge_counts_from_its_first_to_its_last_day() -> None:
    text = "BAD X 60 owner 2018-01-01 2019-12-31"
    assert statuses(text, "BAD", on=date(2017, 12, 31)) == {"X": all_three(NOT)}
    assert statuses(text, "BAD", on=date(2018, 1, 1)) == {"X": all_three(YES)}
    assert statuses(text, "BAD", on=date(2019, 12, 31)) == {"X": all_three(YES)}
    assert statuses(text, "BAD", on=date(2020, 1, 1)) == {"X": all_three(NOT)}


def test_an_edge_without_dates_counts_and_is_doubted() -> None:
    rows = told("BAD X 60", "BAD")
    assert row(rows, "X")["us"] == YES
    assert row(rows, "X")["doubts"] == ["links of its chain without a first day, which are taken to hold: 1"]


def test_shares_that_come_to_more_than_all_still_count_and_are_doubted() -> None:
    rows = told("BAD X 60\n GOOD X 90", "BAD")
    assert row(rows, "X")["us"] == YES
    assert "the shares told of it come to 150 %: not all of them can be right" in str(
        row(rows, "X")["doubts"]
    )


def test_control_alone_blocks_in_the_eu_and_the_uk_but_not_in_the_us() -> None:
    assert statuses("BAD X - control", "BAD") == {"X": (NOT, YES, YES)}
    assert statuses("BAD A - control\n A X 100", "BAD")["X"] == (NOT, YES, YES)


def test_who_acts_jointly_is_added_up_in_the_uk() -> None:
    apart = "BAD X 30\n WORSE X 30"
    assert statuses(apart, "BAD", "WORSE")["X"][2] == NOT
    assert statuses(apart + "\n BAD WORSE - joint", "BAD", "WORSE")["X"][2] == YES


def test_a_listed_party_has_what_an_unlisted_one_holds_jointly_with_it_only_where_it_holds_itself() -> None:
    text = "BAD X 30\n FRIEND X 30\n BAD FRIEND - joint\n FRIEND Y 100"
    assert statuses(text, "BAD")["X"] == (NOT, NOT, YES)
    assert statuses(text, "BAD")["Y"] == all_three(NOT)
    assert statuses(text, "BAD")["FRIEND"] == all_three(NOT)


def test_unknown_holdings_of_different_parties_are_not_added_up_in_the_uk() -> None:
    assert statuses("BAD X 0-40\n WORSE X 0-40", "BAD", "WORSE")["X"] == (MAYBE, MAYBE, NOT)


@pytest.mark.parametrize("role", ["manager", "ism_company", "operator", "linked", "address"])
def test_management_and_links_are_no_ownership(role: str) -> None:
    rows = told(f"BAD X 100 {role}", "BAD")
    assert (row(rows, "X")["us"], row(rows, "X")["eu"], row(rows, "X")["uk"]) == all_three(NOT)
    assert 0.0 < float(str(row(rows, "X")["risk"])) < 1.0


def test_legal_and_beneficial_ownership_may_be_the_same_shares() -> None:
    text = "BAD X 30 owner\n WORSE X 30 beneficial_owner"
    assert statuses(text, "BAD", "WORSE")["X"][0] == MAYBE
    assert statuses("BAD X 30 owner\n BAD X 30 beneficial_owner", "BAD")["X"][0] == NOT


def test_two_rows_of_one_holding_are_not_added_up_and_two_that_differ_may_be() -> None:
    assert statuses("BAD X 30\n BAD X 30", "BAD")["X"][0] == NOT
    assert statuses("BAD X 60\n BAD X -", "BAD")["X"][0] == YES
    assert statuses("BAD X 30\n BAD X 25", "BAD")["X"][0] == MAYBE


def test_the_chain_proves_the_status_link_by_link_from_the_listed_party_down() -> None:
    rows = told("BAD A 60 owner 2017-01-01\n WORSE B 20\n A B 40 owner 2018-05-01 2021-01-01", "BAD", "WORSE")
    assert row(rows, "B")["chain_us"] == [
        "BAD owns 60 % of A since 2017-01-01",
        "A owns 40 % of B since 2018-05-01 until 2021-01-01",
        "WORSE owns 20 % of B",
    ]
    assert row(rows, "B")["evidence"] == ["row:1:1", "row:1:3", "row:1:2", "ofac:BAD", "ofac:WORSE", "eu:BAD",
                                          "eu:WORSE"]  # fmt: skip
    assert "US: blocked by A 40 %, WORSE 20 %; behind it ofac:BAD BAD, ofac:WORSE WORSE." in str(
        row(rows, "B")["sentence"]
    )


def test_each_rule_asks_its_own_list() -> None:
    rows = standings(facts("BAD X 100", designations(listing("BAD", "eu"))), ON)
    assert (row(rows, "X")["us"], row(rows, "X")["eu"], row(rows, "X")["uk"]) == (NOT, YES, NOT)


def test_a_listing_that_freezes_nothing_blocks_nobody() -> None:
    listed = designations(
        listing("BAD", "eu", measures=["Transportation restrictions"]),
        listing("BAD", "us", edition="consolidated:2020-01-01"),
    )
    rows = standings(facts("BAD X 100", listed), ON)
    assert (row(rows, "X")["us"], row(rows, "X")["eu"]) == (NOT, NOT)
    assert "freezes nothing under this rule" in str(row(rows, "BAD")["sentence"])


def test_a_listing_that_does_not_say_what_it_does_is_possible() -> None:
    rows = standings(facts("BAD X 100", designations(listing("BAD", "uk", measures=[]))), ON)
    assert row(rows, "X")["uk"] == MAYBE
