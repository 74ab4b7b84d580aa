"""A case weighed: origins once, grades, rivals beside the claim, words, doubt, and what would settle it."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.assess.assessment import assess_case, grade_share, weighed_case, word
from clearwake.assess.explanations import CLAIM, catalogue, observed, read_catalogue
from clearwake.model import Item, LegalFact, Marking, NotFoundError, Reason, UnreadableFileError, UsageError

RATES = {name: each.base_rate for name, each in catalogue().explanations.items()}
NAMES = list(catalogue().observations)


def item(
    name: str, origin: str | None, *seen: str, grade: str = "A1", rests_on: tuple[str, ...] = ()
) -> Item:
    """Write one item down: what was observed, who said it first, and how that is graded."""
    reasons = tuple(reason for each in seen for reason in observed(each))
    return Item(
        name, "sighting", "seen", Marking("JPN"), reasons=reasons, origin=origin, reliability=grade[0],
        credibility=int(grade[1]), rests_on=rests_on,
    )  # fmt: skip


def said(name: str, origin: str, weight: float, *, is_for: bool = True, about: str = CLAIM) -> Item:
    """Write down an item with one reason of its own, which names no observation."""
    reason = Reason(about, is_for, weight, "somebody's judgement", f"{name} says so")
    return Item(name, "statement", "said", Marking("JPN"), reasons=(reason,), origin=origin,
                reliability="A", credibility=1)  # fmt: skip


def shares(*items: Item) -> dict[str, float]:
    """Give the share of every explanation."""
    return dict(assess_case(items).select("explanation", "share").iter_rows())


def row(explanation: str, *items: Item) -> dict[str, object]:
    """Give the row of one explanation."""
    return assess_case(items).row(by_predicate=pl.col("explanation") == explanation, named=True)


def test_without_a_reason_the_base_rates_stand() -> None:
    assert shares(Item("a", "document", "nothing", Marking("JPN"))) == RATES


def test_one_reason_moves_the_claim_as_bayes_rule_says() -> None:
    times = 10.0
    expected = 0.05 * times / (0.05 * times + 0.95)
    assert shares(said("a", "JPN", math.log(times)))[CLAIM] == pytest.approx(expected, abs=1e-4)


def test_an_observation_of_a_sure_source_weighs_what_the_catalogue_says() -> None:
    hoses = catalogue().observations["hoses_connected"].seen
    whole = sum(RATES[name] * hoses[name] for name in RATES)
    expected = {name: RATES[name] * hoses[name] / whole for name in RATES}
    found = shares(item("a", "JPN", "hoses_connected"))
    assert found == pytest.approx(expected, abs=0.005)


def test_two_reports_of_one_origin_count_once() -> None:
    one = shares(item("a", "JPN", "hoses_connected", "dprk_flag"))
    assert (
        shares(item("a", "JPN", "hoses_connected", "dprk_flag"), item("b", "JPN", "hoses_connected")) == one
    )
    assert shares(said("a", "JPN", 1.0), said("b", "JPN", 1.0)) == shares(said("a", "JPN", 1.0))


def test_a_second_origin_makes_it_surer_and_never_weighs_more_than_the_thing_itself() -> None:
    def reports(grade: str, *origins: str) -> list[Item]:
        return [item(each, each, "hoses_connected", grade=grade) for each in origins]

    one, both = shares(*reports("B2", "JPN"))[CLAIM], shares(*reports("B2", "JPN", "USA"))[CLAIM]
    many, sure = shares(*reports("B2", *"abcdefghij"))[CLAIM], shares(*reports("A1", "JPN"))[CLAIM]
    assert one < both < many <= sure


def test_two_origins_of_four_fifths_have_ninety_six_hundredths_of_the_weight_together() -> None:
    both = (said("a", "JPN", 1.0), said("b", "USA", 1.0))
    graded = [Item(**{**vars(each), "reliability": "B", "credibility": 2}) for each in both]
    part = 1 - (1 - 0.81) ** 2
    odds = 0.05 / 0.95 * math.exp(part)
    assert shares(*graded)[CLAIM] == pytest.approx(odds / (1 + odds), abs=1e-4)


def test_a_conclusion_drawn_from_reports_adds_nothing_to_them() -> None:
    reports = (item("a", "JPN", "hoses_connected"), item("b", "USA", "hoses_connected"))
    conclusion = item("c", "an analyst", "hoses_connected", rests_on=("a", "b"))
    assert shares(*reports, conclusion) == shares(*reports)


def test_a_conclusion_that_weighs_more_than_its_grounds_takes_their_place() -> None:
    ground, conclusion = said("a", "JPN", 0.5), said("b", "an analyst", 2.0)
    resting = Item(**{**vars(conclusion), "rests_on": ("a",)})
    assert shares(ground, resting) == shares(conclusion)


def test_items_that_tell_no_origin_are_one_source() -> None:
    assert shares(item("a", None, "alongside"), item("b", None, "alongside")) == shares(
        item("a", None, "alongside")
    )


def test_items_that_rest_on_each_other_in_a_ring_end() -> None:
    ring = (item("a", "JPN", "alongside", rests_on=("b",)), item("b", "USA", "alongside", rests_on=("a",)))
    assert sum(shares(*ring).values()) == pytest.approx(1.0, abs=1e-3)


def test_a_worse_grade_weighs_less_and_an_unreliable_source_next_to_nothing() -> None:
    found = [
        shares(item("a", "JPN", "hoses_connected", "listed_ship", grade=each))[CLAIM]
        for each in ("A1", "B2", "C3", "E5")
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.5
    assert found[3] == pytest.approx(RATES[CLAIM], abs=0.005)
    assert (grade_share("A", 1), grade_share(None, None)) == (1.0, 0.6)


def test_bunkering_explains_hoses_as_well_as_the_claim_does() -> None:
    found = shares(item("a", "JPN", "hoses_connected", "service_ship", "in_port_or_anchorage"))
    assert max(found, key=lambda name: found[name]) == "bunkering"


def test_a_feed_that_was_out_explains_a_silence() -> None:
    found = shares(item("a", "AIS", "feed_was_out"))
    assert max(found, key=lambda name: found[name]) == "feed_outage"
    assert found[CLAIM] < RATES[CLAIM]


def test_every_rival_stands_beside_the_claim_and_shares_add_up() -> None:
    found = shares(item("a", "JPN", "hoses_connected"))
    assert set(found) == {
        "breach", "bunkering", "waiting", "breakdown", "weather", "fishing", "feed_outage", "jamming",
        "mistaken_identity",
    }  # fmt: skip
    assert sum(found.values()) == pytest.approx(1.0, abs=1e-3)


def test_sentences_give_the_weight_the_origin_and_the_grade_and_say_what_does_not_count() -> None:
    told = row(
        CLAIM, item("a", "JPN", "hoses_connected", grade="B2"), item("b", "JPN", "alongside", grade="B2")
    )
    sentences = told["sentences_for"]
    assert isinstance(sentences, list)
    assert "of cases that are opened 5%" in sentences[0]
    assert "adds 0.83 of 1.03" in sentences[1]
    assert "said by JPN, graded B2; weight: this project's judgement" in sentences[1]
    assert "not counted: this origin says as much or more already" in sentences[2]
    assert told["evidence"] == ["a"]
    assert told["sentences_against"] == []


def test_what_speaks_against_is_told_as_such() -> None:
    told = row(CLAIM, item("a", "AIS", "in_port_or_anchorage"))
    sentences = told["sentences_against"]
    assert isinstance(sentences, list)
    assert "in or near a port" in sentences[0]
    assert "times as likely if not so" in sentences[0]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.01, "almost no chance"), (0.05, "almost no chance"), (0.06, "very unlikely"), (0.3, "unlikely"),
        (0.5, "roughly even chance"), (0.56, "likely"), (0.9, "very likely"), (0.96, "almost certain"),
        (1.0, "almost certain"),
    ],
)  # fmt: skip
def test_words_are_those_of_the_directive(share: float, expected: str) -> None:
    assert word(share) == expected


def test_doubt_reaches_to_what_stands_without_the_only_origin() -> None:
    told = row(CLAIM, item("a", "JPN", "hoses_connected", "listed_ship"))
    assert told["low"] == pytest.approx(RATES[CLAIM], abs=0.02)
    assert isinstance(told["share"], float)
    assert isinstance(told["high"], float)
    assert told["high"] > told["share"]


def test_what_would_settle_it_is_something_not_looked_at_yet() -> None:
    without = str(row(CLAIM, item("a", "JPN", "hoses_connected"))["settles"])
    assert "expected to move it by" in without
    known = [
        each for each in catalogue().observations.values() if each.look and without.startswith(each.look)
    ]
    asked = known[0].name
    after = str(row(CLAIM, item("a", "JPN", "hoses_connected"), item("b", "USA", asked))["settles"])
    assert known[0].look is not None
    assert not after.startswith(known[0].look)


def test_the_case_and_the_day_are_carried_along() -> None:
    found = assess_case([], date(2018, 2, 13), "2018-02-13-rye-song-gang-1")
    assert set(found["case"]) == {"2018-02-13-rye-song-gang-1"}
    assert set(found["on"]) == {date(2018, 2, 13)}


def test_looked_for_and_not_found_speaks_the_other_way() -> None:
    found = {each.explanation: each.is_for for each in observed("delivered_to_the_dprk", holds=False)}
    assert found == {CLAIM: False}


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_reason_without_weight_is_refused(weight: float) -> None:
    with pytest.raises(UsageError, match="a weight above 0"):
        assess_case([said("a", "JPN", weight)])


def test_an_explanation_or_observation_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="piracy"):
        assess_case([said("a", "JPN", 1.0, about="piracy")])
    with pytest.raises(NotFoundError, match="no observation"):
        observed("guilt")


@pytest.mark.parametrize(
    ("old", "new"),
    [("base_rate: 0.25", "base_rate: 0.5"), ("else: 0.05}", "else: 1.5}"), ("breach: 0.8", "theft: 0.8")],
)
def test_a_catalogue_that_does_not_hold_together_is_refused(old: str, new: str) -> None:
    text = """
explanations:
  breach: {says: the claim, base_rate: 0.75}
  bunkering: {says: supply, base_rate: 0.25}
observations:
  alongside: {says: they lay alongside, family: transfer, seen: {breach: 0.8, else: 0.05}}
"""
    assert read_catalogue(text, "few.yml").observations["alongside"].seen == {
        "breach": 0.8,
        "bunkering": 0.05,
    }
    with pytest.raises(UnreadableFileError, match=r"few\.yml"):
        read_catalogue(text.replace(old, new), "few.yml")


def test_facts_written_down_without_reasons_weigh_as_what_was_observed() -> None:
    bare: dict[str, Any] = {"reliability": "A", "credibility": 1, "origin": "JPN"}
    day = date(2018, 2, 13)
    facts = (LegalFact("a", "transfer", "x", "exchanged", "y"), LegalFact("a", "flag", "y", "PRK", since=day))
    written = Item("a", "statement", "seen", Marking("JPN"), facts=facts, **bare)
    assert shares(written) == shares(item("a", "JPN", "hoses_connected", "dprk_flag"))
    before = assess_case([written], date(2018, 2, 12))
    assert before["share"].to_list() == assess_case([item("a", "JPN", "hoses_connected")])["share"].to_list()
    listing = Item("a", "listing", "listed", Marking("JPN"), facts=facts[1:], **bare)
    assert shares(listing) == RATES


_ITEMS = st.lists(
    st.builds(
        lambda number, origin, seen, grade: item(f"item:{number}", origin, *seen, grade=grade),
        st.integers(0, 10_000), st.sampled_from(["JPN", "USA", "GBR", None]),
        st.lists(st.sampled_from(NAMES), max_size=4), st.sampled_from(["A1", "B2", "C3", "F6", "D4"]),
    ),
    max_size=6, unique_by=lambda each: each.id,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(_ITEMS, st.randoms(use_true_random=False))
def test_shares_add_up_lie_within_their_doubt_and_do_not_hang_on_order(items: list[Item], chance) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - Hypothesis has no public type for it
    found = assess_case(items)
    assert found["share"].sum() == pytest.approx(1.0, abs=2e-3)
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"]).all()
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert assess_case(shuffled).equals(found)


@settings(max_examples=30, deadline=None)
@given(_ITEMS)
def test_repeating_what_an_origin_said_changes_nothing(items: list[Item]) -> None:
    again = [Item(**{**vars(each), "id": f"{each.id}-again"}) for each in items]
    assert shares(*items, *again) == shares(*items)


def added(*items: Item) -> list[tuple[object, ...]]:
    """Give what items add to the claim: item, observation, weight, whether it counts and why not."""
    rows = weighed_case(items).filter(pl.col("explanation") == CLAIM, pl.col("item").is_not_null())
    return rows.select("item", "observation", "weight", "is_counted", "why").rows()


def recomputed(items: list[Item]) -> dict[str, float]:
    """Share out base rates times factors, which is all that the table of weights holds."""
    rows = weighed_case(items).group_by("explanation").agg(pl.col("weight").sum().exp())
    return {name: part / rows["weight"].sum() for name, part in rows.iter_rows()}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["JPN", "AUS", "USA", None]),
            st.sampled_from(NAMES),
            st.sampled_from(["A1", "B2", "C3", "F6", "E5"]),
        ),
        max_size=8,
    )
)
def test_base_rates_times_what_is_counted_give_the_shares(told: list[tuple[str | None, str, str]]) -> None:
    items = [item(str(n), origin, name, grade=grade) for n, (origin, name, grade) in enumerate(told)]
    assert recomputed(items) == pytest.approx(shares(*items), abs=1e-4)


def test_what_was_not_counted_stands_in_the_table_with_why() -> None:
    first, repeated = item("a", "JPN", "dprk_flag", grade="A1"), item("b", "JPN", "dprk_flag", grade="C3")
    second = item("c", "AUS", "listed_ship", grade="B2")
    flag, listed = "one of the two ships flies the flag of the DPRK", "one of the ships is a designated one"
    assert sorted((row[0], row[1], *row[3:]) for row in added(first, repeated, second)) == [
        ("a", flag, True, ""),
        ("b", flag, False, "this origin says as much or more already"),
        ("c", listed, True, ""),
    ]
    assert [row[4] for row in added(second, item("d", "USA", "listed_ship")) if not row[3]] == [
        "another origin shows it already"
    ]


def test_a_share_before_any_evidence_is_a_row_of_its_own() -> None:
    rows = weighed_case([item("a", "JPN", "fenders")], None, "case:1").filter(pl.col("item").is_null())
    assert dict(rows.select("explanation", pl.col("weight").exp().round(4)).iter_rows()) == RATES
    assert rows["observation"].unique().to_list() == ["before any evidence"]


def test_what_was_looked_for_and_not_so_is_told_as_that() -> None:
    looked = Item(
        "a", "photograph", "No hoses.", Marking("JPN"), reasons=observed("hoses_connected", holds=False)
    )
    told = weighed_case([looked]).filter(pl.col("item").is_not_null())["observation"].unique().to_list()
    assert told == ["it was looked for and not so that hoses or cargo gear connected the two ships"]
    assert added(said("a", "JPN", 1.0))[0][1] == "a says so"


def test_other_ids_leave_the_table_as_it_is() -> None:
    def table_of(*names: str) -> pl.DataFrame:
        seen = ("hoses_connected", "dprk_flag", "far_offshore")
        items = [
            item(name, origin, each)
            for name, origin, each in zip(names, ("JPN", "AUS", "USA"), seen, strict=True)
        ]
        return weighed_case(items).drop("item")

    assert table_of("1", "2", "3").equals(table_of("9", "1", "5"))
