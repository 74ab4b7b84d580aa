"""Descriptions mapped to headings: with a score and a reason, never silently, and not by a word that only stands by."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.goods.papers import COAL, found, kinds, sentence, shipment, verdicts

from clearwake.goods import read_description
from clearwake.goods.headings import CONTRADICTS_AT, are_kin


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Anthracite coal in bulk", "2701"),
        ("STEAM COAL 5500 NAR", "2701"),
        ("무연탄 5000톤", "2701"),
        ("煤炭", "2701"),
        ("каменный уголь", "2701"),
        ("gas oil 0.5 % S", "2710"),
        ("柴油", "2710"),
        ("дизельное топливо", "2710"),
        ("frozen squids", "0307"),
        ("iron ore concentrate, fines", "2601"),
        ("magnesia clinkers", "2519"),
        ("ready made garments", "62"),
        ("potatoes", "0701"),
        ("coal stoves", "7321"),
        ("steam iron", "8516"),
        ("lead acid batteries", "8507"),
        ("pencil lead", "9609"),
        ("charcoal", "4402"),
        ("diesel generator 500 kVA", "8502"),
        ("parts for coal mining machinery", "8430"),
    ],
)
def test_a_description_stands_for_the_heading_of_what_it_names(text: str, code: str) -> None:
    assert read_description(text)[0].code == code


def test_a_reading_has_a_score_and_a_reason() -> None:
    (phrase,) = read_description("fuel oil")
    assert (phrase.code, phrase.score, phrase.why) == ("2710", 0.95, "'fuel oil' stands in it")
    (word,) = read_description("anthracite")
    assert (word.score, word.why) == (0.85, "'anthracite' stands in it")
    (misspelt,) = read_description("anthrasite")
    assert (misspelt.code, misspelt.score) == ("2701", 0.765)
    assert misspelt.why == "'anthrasite' is written 90 % like 'anthracite'"


@pytest.mark.parametrize(
    "text", ["bags for rice", "pump for fuel oil", "copper lamp", "filters with activated carbon"]
)
def test_what_only_stands_beside_or_describes_scores_too_low_to_contradict(text: str) -> None:
    others = [each for each in read_description(text) if each.code[:2] not in ("84", "63")]
    assert others
    assert all(each.score < CONTRADICTS_AT for each in others)


@pytest.mark.parametrize("text", [None, "", "general cargo", "as per invoice 4711", "😀"])
def test_a_text_that_names_nothing_stands_for_nothing(text: str | None) -> None:
    assert read_description(text) == []


def test_coal_under_worked_stone_is_a_contradiction_and_is_judged_as_coal_too() -> None:
    goods = found(shipment(hs_code="680299", description="coal", origin="PRK"))
    assert sentence(goods, "description_contradicts_hs") == (
        "HS 680299 is claimed for 'coal', which is read as heading 2701, score 0.85: 'coal' stands in it"
    )
    assert ("possibly_prohibited_goods", "UNSCR 2371 ¶8") in verdicts(goods)
    assert "by its description only" in sentence(goods, "possibly_prohibited_goods")


def test_a_contradiction_is_found_whichever_way_goods_go() -> None:
    assert kinds(found(shipment(hs_code="680299", description="coal", origin="IDN", destination="IND"))) == {
        "description_contradicts_hs"
    }


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("731700", "steel bars"),
        ("620193", "textile"),
        ("270400", "coal"),
        ("845020", "television"),
        ("160414", "tuna"),
    ],
)
def test_near_chapters_and_shared_words_do_not_contradict(code: str, text: str) -> None:
    assert "description_contradicts_hs" not in kinds(
        found(shipment(hs_code=code, description=text, origin="IDN"))
    )


def test_agreement_is_given_as_evidence_against_in_trade_with_the_dprk() -> None:
    row = found(shipment(**COAL)).filter(pl.col("kind") == "description_agrees").row(0, named=True)
    assert (row["is_for"], row["score"]) == (False, 0.85)


def test_without_a_code_the_text_is_mapped_and_said_to_be() -> None:
    goods = found(shipment(description="coal", origin="PRK"))
    assert kinds(goods) == {"heading_from_text", "possibly_prohibited_goods"}
    mapped = goods.filter(pl.col("kind") == "heading_from_text").row(0, named=True)
    assert (mapped["is_for"], mapped["score"]) == (None, 0.85)
    assert "read as heading 2701, score 0.85: 'coal' stands in it" in mapped["sentence"]


def test_goods_that_cannot_be_told_are_said_to_be() -> None:
    assert kinds(found(shipment(description="general cargo", origin="PRK"))) == {"goods_not_read"}


def test_chapters_are_kin_to_themselves_and_in_both_directions() -> None:
    chapters = [f"{chapter:02d}" for chapter in range(1, 98)]
    for one in chapters:
        assert are_kin(one, one)
        assert [are_kin(one, other) for other in chapters] == [are_kin(other, one) for other in chapters]


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60))
def test_any_text_gives_scores_between_nought_and_one_best_first_once_a_heading(text: str) -> None:
    scores = [each.score for each in read_description(text)]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 < score <= 1.0 for score in scores)
    codes = [each.code for each in read_description(text)]
    assert len(codes) == len(set(codes))
