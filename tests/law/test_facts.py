"""Facts as the law takes them: their grades, how many make enough, and what is refused."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.scenes import facts, judged, statuses

from clearwake.law import elements, facts_table, read_facts
from clearwake.law.facts import NONE, STRONG, WEAK, grade_word, strength, told
from clearwake.law.weighing import CONTRADICTED, ESTABLISHED, INDICATED, MISSING, Shown, either, opposite
from clearwake.model import LegalFact, UsageError

FLAG: dict[str, Any] = {"id": "e1", "kind": "flag", "subject": "a", "value": "PRK"}


@pytest.mark.parametrize(
    ("grade", "word"),
    [
        ("A1", "confirmed"), ("C1", "confirmed"), ("B2", "probable"), ("B3", "claimed"), ("C6", "claimed"),
        ("A4", "doubtful"), ("D1", "doubtful"), ("E2", "doubtful"), ("F1", "claimed"), ("F6", "claimed"),
        ("F5", "doubtful"), ("Probable", "probable"), ("G1", None), ("B7", None), ("sure", None),
    ],
)  # fmt: skip
def test_an_admiralty_grade_stands_for_a_word(grade: str, word: str | None) -> None:
    assert grade_word(grade) == word


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ([], NONE),
        ([("doubtful", "x"), ("doubtful", "y")], NONE),
        ([("claimed", "x"), ("claimed", "y"), ("claimed", "z")], WEAK),
        ([("probable", "x"), ("probable", "x")], WEAK),
        ([("probable", None), ("probable", None)], WEAK),
        ([("probable", "x"), ("claimed", "y")], WEAK),
        ([("probable", "x"), ("probable", "y")], STRONG),
        ([("confirmed", None)], STRONG),
    ],
)
def test_two_probable_origins_are_enough_and_one_origin_counts_once(
    grades: list[tuple[str, str | None]], expected: int
) -> None:
    held = [LegalFact(**FLAG, grade=grade, origin=origin) for grade, origin in grades]
    assert strength(held) == expected


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "mood"}, "kind 'mood'"),
        ({"value": "North Korea"}, "ISO 3166-1 alpha-3"),
        ({"value": None}, "no value"),
        ({"subject": None}, "no subject"),
        ({"grade": "sure"}, "grade 'sure'"),
        ({"since": date(2018, 1, 2), "until": date(2018, 1, 1)}, "until 2018-01-01"),
        ({"kind": "zone", "value": "sea"}, "value 'sea'"),
        ({"kind": "goods", "subject": None, "value": "oil"}, "value 'oil'"),
        ({"kind": "coast_nm", "value": None}, "no amount"),
        ({"kind": "sham_flag"}, "having no value"),
        ({"kind": "exemption", "value": None, "object": "unscr-9999-1"}, "object 'unscr-9999-1'"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_word_that_is_none_is_refused_with_what_was_found(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        facts_table([{**FLAG, **change}])


def test_facts_are_told_in_words() -> None:
    held = facts(["flag a PRK @2018-01-01 ~claimed =Japan", "transfer a gave -> b ~B2", "not port_call a PRK",
                  "supplied_bbl refined 600000"])  # fmt: skip
    assert [told(each) for each in held] == [
        "flag of a is PRK since 2018-01-01 (claimed, Japan)",
        "a gave cargo to b (B2)",
        "port call of a is not PRK (confirmed)",
        "supplied bbl is refined 600,000 bbl (confirmed)",
    ]


def test_a_state_counts_only_on_its_days() -> None:
    lines = ["transfer a met -> b", "flag b PRK @2018-01-01..2018-03-31", "flag b BLZ @2018-04-01"]
    flags = {day: statuses(judged(lines, day), "unscr-2375-11")["dprk_flag"] for day in
             ("2017-12-31", "2018-01-01", "2018-03-31")}  # fmt: skip
    assert flags == {"2017-12-31": "missing", "2018-01-01": "established", "2018-03-31": "established"}
    both_known = [*lines, "flag a CHN"]
    assert statuses(judged(both_known, "2018-04-01"), "unscr-2375-11")["dprk_flag"] == "contradicted"


def test_a_dispute_is_indicated_and_said_to_be_one() -> None:
    found = judged(["transfer a met -> b", "flag a CHN", "flag b PRK", "not flag b PRK"], "2018-04-01")
    row = found.filter(provision="unscr-2375-11", element="dprk_flag").row(0, named=True)
    assert (row["status"], row["against"]) == ("indicated", ["flag a CHN", "not flag b PRK"])
    assert "disputed" in row["sentence"]


def test_a_doubtful_fact_counts_nothing_and_is_told() -> None:
    found = judged(["transfer a met -> b", "flag b PRK ~E5"], "2018-04-01")
    row = found.filter(provision="unscr-2375-11", element="dprk_flag").row(0, named=True)
    assert (row["status"], row["evidence"]) == ("missing", [])
    assert "doubtful and not counted: flag of b is PRK (E5)" in row["sentence"]


def test_the_evidence_of_a_fact_is_what_it_names_or_itself() -> None:
    held = facts_table([
        {"id": "t", "kind": "transfer", "subject": "a", "object": "b", "value": "met", "since": date(2018, 2, 13),
         "grade": "confirmed", "evidence": ("photo:1", "sighting:2")},
        {**FLAG, "grade": "confirmed"},
    ])  # fmt: skip
    found = elements(held, date(2018, 2, 13)).filter(provision="unscr-2375-11")
    evidence = dict(found.select("element", "evidence").iter_rows())
    assert (evidence["transfer"], evidence["dprk_flag"]) == (["photo:1", "sighting:2"], ["e1"])


LINES = [
    "transfer a gave -> b", "transfer a met -> c ~probable =x", "flag a TGO", "flag b PRK ~claimed",
    "flag b KOR ~probable", "not flag c PRK", "goods refined petroleum", "goods coal ~claimed",
    "delivered PRK ~probable =y", "not notification", "exemption ~claimed", "zone a high seas", "zone b port",
    "consent a refused", "grounds b", "listed b UN", "ais a dark ~doubtful", "service b bunkering -> SGP",
]  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.permutations(LINES))
def test_the_order_of_facts_tells_nothing(lines: list[str]) -> None:
    assert judged(lines, "2018-06-01").equals(judged(LINES, "2018-06-01"))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), unique=True), st.sampled_from(["2017-09-11", "2018-01-01", "2024-05-01"])
)
def test_every_status_has_its_evidence_and_its_way_on(lines: list[str], day: str) -> None:
    for row in judged(lines, day).iter_rows(named=True):
        assert row["status"] in (ESTABLISHED, INDICATED, MISSING, CONTRADICTED)
        assert set(row["evidence"]) <= set(lines)
        assert set(row["against"]) <= set(lines)
        assert (row["would_settle"] is None) == (row["status"] == ESTABLISHED)
        assert row["status"] != MISSING or row["evidence"] == []
        if row["status"] == ESTABLISHED and row["element"] != "date":
            assert row["evidence"]


SIDES = [Shown(shown, denied) for shown, denied in itertools.product((NONE, WEAK, STRONG), repeat=2)]


def test_any_and_all_exchange_under_not_and_know_no_order() -> None:
    for one, other in itertools.product(SIDES, repeat=2):
        both = opposite(either([opposite(one), opposite(other)]))
        assert (both.shown, both.denied) == (min(one.shown, other.shown), max(one.denied, other.denied))
        assert either([one, other]) == either([other, one])
        assert opposite(opposite(one)) == one


def test_what_is_not_known_is_never_not_so() -> None:
    assert Shown().status == MISSING
    assert either([Shown(), Shown(NONE, STRONG)]).status == MISSING
    assert opposite(Shown()).status == MISSING
    assert Shown(WEAK, STRONG).status == CONTRADICTED
    assert Shown(STRONG, WEAK).status == ESTABLISHED


def test_no_facts_give_an_empty_table_with_its_columns() -> None:
    found = elements(pl.DataFrame(schema=facts_table([FLAG]).schema), date(2018, 1, 1))
    assert (found.height, found.columns[:6]) == (
        0,
        ["provision", "element", "status", "evidence", "would_settle", "sentence"],
    )
    assert read_facts([]) == []
