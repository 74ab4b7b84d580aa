from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from clearwake.names import Spellings, most_apart

WORD = st.text(alphabet="ABCD", min_size=1, max_size=16)
NUMBER = st.sampled_from(["", "2", "3"])


def columns(words: list[tuple[str, str]]) -> tuple[pl.Series, pl.Series]:
    return pl.Series([w for w, _ in words], dtype=pl.String), pl.Series(
        [n for _, n in words], dtype=pl.String
    )


def near(listed: list[tuple[str, str]], asked: list[tuple[str, str]]) -> set[tuple[str, str]]:
    found = Spellings(*columns(listed)).near(*columns(asked))
    return {
        (asked[a][0] + asked[a][1], listed[b][0] + listed[b][1])
        for a, b in found.select("asked", "listed").rows()
    }


@pytest.mark.parametrize(
    ("asked", "is_near"),
    [
        ("SEVASTOPOL", True),
        ("SEVASTAPOL", True),
        ("SEVASTOPO", True),
        ("ESVASTOPOL", True),
        ("SEVASTAPOLL", True),
        ("SEBASTAPOLL", False),
        ("SIMFEROPOL", False),
    ],
)
def test_a_name_of_ten_letters_may_differ_in_two(asked: str, *, is_near: bool) -> None:
    assert bool(near([("SEVASTOPOL", "")], [(asked, "")])) == is_near


@pytest.mark.parametrize(
    ("listed", "asked", "is_near"),
    [("BELLA", "BELA", True), ("BELLA", "BLELA", True), ("BELLA", "BILLY", False), ("KOLA", "NOLA", False),
     ("KOLA", "OKLA", True), ("HUI", "HU", False)],
)  # fmt: skip
def test_short_names_may_differ_in_little(listed: str, asked: str, *, is_near: bool) -> None:
    assert bool(near([(listed, "")], [(asked, "")])) == is_near


def test_names_with_different_numbers_never_meet() -> None:
    assert near([("RANAM", "2")], [("RANAM", "3"), ("RANAN", "2"), ("RANAM", "")]) == {("RANAN2", "RANAM2")}


def test_a_name_of_four_letters_may_differ_in_one_when_its_number_agrees() -> None:
    assert near([("LUNA", "7")], [("LINA", "7"), ("LINA", "")]) == {("LINA7", "LUNA7")}


def test_nothing_listed_and_nothing_asked_meet_nobody() -> None:
    assert near([], [("BELLA", "")]) == set()
    assert near([("BELLA", "")], []) == set()


@settings(deadline=None)
@given(st.lists(st.tuples(WORD, NUMBER), max_size=12), st.lists(st.tuples(WORD, NUMBER), max_size=12))
def test_what_meets_has_one_number_and_differs_in_no_more_letters_than_may_be(
    listed: list[tuple[str, str]], asked: list[tuple[str, str]]
) -> None:
    found = Spellings(*columns(listed)).near(*columns(asked))
    for a, b, alike in found.rows():
        (one, number), (other, its) = asked[a], listed[b]
        apart = OSA.distance(one, other)
        assert number == its
        assert apart <= max(most_apart(len(other)), 1 if len(other) == 4 else 0)
        assert alike == pytest.approx(1 - apart / max(len(one), len(other)))


@settings(deadline=None)
@given(
    WORD,
    NUMBER,
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from("ABCD"), st.sampled_from("cda")), max_size=3),
)
def test_every_name_within_reach_by_single_edits_is_found(
    listed: str, number: str, edits: list[tuple[int, str, str]]
) -> None:
    letters = list(listed)
    for place, letter, kind in edits[: most_apart(len(listed))]:
        at = place % max(len(letters), 1)
        if kind == "c":
            letters[at : at + 1] = [letter]
        elif kind == "d":
            del letters[at : at + 1]
        else:
            letters.insert(at, letter)
    asked = "".join(letters)
    if asked:
        assert near([(listed, number)], [(asked, number)])


@settings(deadline=None)
@given(st.text(alphabet="ABCDEFGH", min_size=4, max_size=14), st.integers(0, 20))
def test_two_neighbouring_letters_swapped_are_always_found(listed: str, place: int) -> None:
    at = place % (len(listed) - 1)
    asked = listed[:at] + listed[at + 1] + listed[at] + listed[at + 2 :]
    assert near([(listed, "")], [(asked, "")])
