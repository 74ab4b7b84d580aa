from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.lists import LISTS, card, counts, refusal
from clearwake.lists.cards import Card, Part, Span
from clearwake.model import Edition, Source

BOUNDS = {"entries": (8_000, 14_000), "vessels": (250, 1_200)}
WHOLE = {"entries": 8_976, "vessels": 406, "companies": 3_673, "persons": 4_620, "aircraft": 277}


def test_a_complete_edition_is_believed() -> None:
    assert refusal(None, WHOLE, BOUNDS) is None
    assert refusal(WHOLE, WHOLE, BOUNDS) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"vessels": 0}, "0 vessels, where a complete edition has 250 to 1,200"),
        ({"entries": 7_999}, "7,999 entries, where a complete edition has 8,000 to 14,000"),
        ({"entries": 14_001}, "14,001 entries, where a complete edition has 8,000 to 14,000"),
    ],
)
def test_counts_outside_the_bounds_are_refused(changed: dict[str, int], why: str) -> None:
    assert refusal(None, WHOLE | changed, BOUNDS) == why


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"entries": 8_079}, None),  # a tenth of 8,976 is 897.6
        ({"vessels": 365}, "365 vessels, where the last good edition had 406: 10% fewer"),
        ({"aircraft": 0}, "0 aircraft, where the last good edition had 277: 100% fewer"),
        ({"companies": 9_000}, None),
    ],
)
def test_more_than_a_tenth_lost_against_the_last_good_edition_is_refused(
    changed: dict[str, int], why: str | None
) -> None:
    assert refusal(WHOLE, WHOLE | changed, {}) == why


def test_one_delisting_of_few_is_no_shrinkage() -> None:
    assert refusal({"entries": 100, "vessels": 3}, {"entries": 99, "vessels": 2}, {}) is None


@given(before=st.integers(10, 50_000), now=st.integers(0, 50_000))
def test_what_is_refused_for_shrinkage_lost_more_than_a_tenth(before: int, now: int) -> None:
    is_refused = refusal({"entries": before}, {"entries": now}, {}) is not None
    assert is_refused == (now < before * 0.9)


def test_bounds_depend_on_the_year_and_an_undated_edition_has_the_loosest() -> None:
    part = Part("sdn", 7, (Span(2014, {"entries": (3_000, 8_000)}), Span(None, {"entries": (5_000, 40_000)})))
    assert part.bounds(2014) == {"entries": (3_000, 8_000)}
    assert part.bounds(2015) == {"entries": (5_000, 40_000)}
    assert part.bounds(None) == {"entries": (3_000, 40_000)}


@pytest.mark.parametrize("source", LISTS, ids=lambda source: source.name)
def test_every_list_says_who_publishes_it_under_which_licence_and_how_often(source: Source) -> None:
    known: Card = card(source.name)
    assert known.publisher
    assert known.licence == source.licence
    assert all(part.rhythm_days > 0 for part in known.parts.values())


def test_the_bounds_of_a_list_hold_what_is_known_of_its_editions() -> None:
    sdn = card("ofac").part("sdn")
    assert refusal(None, WHOLE, sdn.bounds(2021)) is None
    assert refusal(None, {**WHOLE, "entries": 19_388, "vessels": 1_450, "companies": 9_500, "persons": 7_500},
                   sdn.bounds(2026)) is None  # fmt: skip
    assert refusal(None, WHOLE, sdn.bounds(2026)) is not None


def test_an_edition_gives_its_counts_as_they_are_compared() -> None:
    edition = Edition(
        list="ofac", part="sdn", dated=datetime(2021, 3, 1, tzinfo=UTC), dated_by="asserted", is_excerpt=False,
        entries=9, vessels=1, companies=2, persons=3, aircraft=1, others=2, rejected=4, rhythm_days=7,
    )  # fmt: skip
    assert counts(edition) == {
        "entries": 9, "vessels": 1, "companies": 2, "persons": 3, "aircraft": 1, "others": 2,
    }  # fmt: skip
