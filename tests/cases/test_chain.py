"""Chains: every change shows, against the chain itself or against a head that was kept elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.made import NOON, chained, decision

from clearwake import seal
from clearwake.cases import CHAIN_START, Fault, head, opened, sealed, verify
from clearwake.model import Entry, Head

KEY = seal.new_key()
CHAIN = seal.desk_name(seal.public_hex(KEY))
LONG = chained([decision("note", minutes=minute) for minute in range(12)], CHAIN)
HEAD = head(KEY, CHAIN, len(LONG), LONG[-1].hash, NOON)


def faults(entries: list[Entry], *heads: Head) -> set[str]:
    return {each.fault for each in verify(entries, heads, whole={CHAIN})}


def test_a_chain_as_it_was_written_has_no_fault_in_any_order() -> None:
    assert verify(LONG, [HEAD], whole={CHAIN}) == []
    assert verify(LONG[::-1], [HEAD]) == []


def test_who_may_not_read_an_entry_can_still_check_it() -> None:
    headers = [replace(each, case=None, salt=None, body=None) for each in LONG]
    assert verify(headers, [HEAD]) == []
    assert faults(headers) == {"edited"}, "the desk itself must be able to read all of its own"


FIELDS = ("previous", "commitment", "hash", "case", "salt", "body", "chain", "number")


@given(st.integers(0, len(LONG) - 1), st.sampled_from(FIELDS), st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_any_edit_of_any_field_is_found(place: int, name: str, where: int) -> None:
    value = getattr(LONG[place], name)
    if isinstance(value, int):
        other: Any = value + 1 + where
    else:
        spot = where % len(value)
        other = value[:spot] + ("0" if value[spot] != "0" else "1") + value[spot + 1 :]
    edited = [*LONG[:place], replace(LONG[place], **{name: other}), *LONG[place + 1 :]]
    assert verify(edited, [HEAD], whole={CHAIN})


@given(st.integers(0, len(LONG) - 1))
def test_any_deletion_is_found_the_tail_against_a_head_only(place: int) -> None:
    left = LONG[:place] + LONG[place + 1 :]
    assert faults(left, HEAD) & {"missing", "cut"}
    assert bool(faults(left)) == (place < len(LONG) - 1)


@given(st.integers(0, len(LONG) - 1), st.integers(0, len(LONG) - 1))
def test_any_swap_is_found(one: int, other: int) -> None:
    swapped = list(LONG)
    swapped[one] = replace(LONG[other], number=LONG[one].number)
    swapped[other] = replace(LONG[one], number=LONG[other].number)
    assert bool(verify(swapped, [HEAD])) == (one != other)


@given(st.integers(0, len(LONG)))
def test_any_insertion_is_found(place: int) -> None:
    previous = LONG[place - 1].hash if place else CHAIN_START
    new = sealed(CHAIN, place + 1, previous, "a-case", decision("note"))
    shoved = [*LONG[:place], new, *(replace(each, number=each.number + 1) for each in LONG[place:])]
    held_at_its_place = [*LONG, new]
    if place < len(LONG):
        assert verify(shoved, [HEAD])
        assert "inserted" in faults(held_at_its_place, HEAD)
    else:
        assert verify(shoved, [HEAD]) == [], "the next entry is no insertion"


def test_a_chain_written_wholly_anew_is_found_against_a_head_kept_elsewhere() -> None:
    anew = chained([decision("note", minutes=minute) for minute in range(12)], CHAIN)
    assert verify(anew, whole={CHAIN}) == [], "by itself it looks whole"
    assert faults(anew, HEAD) == {"rewritten"}


def test_a_head_that_its_desk_did_not_sign_is_forged() -> None:
    thief = seal.new_key()
    assert faults(LONG, head(thief, CHAIN, 12, LONG[-1].hash, NOON)) == {"forged"}
    assert faults(LONG, replace(HEAD, entries=11)) == {"forged"}
    assert faults(LONG, replace(HEAD, public_key="no key")) == {"forged"}


def test_an_entry_moved_to_another_case_is_found_although_its_hash_is_right() -> None:
    moved = [replace(LONG[0], case="another"), *LONG[1:]]
    assert verify(moved, [HEAD]) == [
        Fault(CHAIN, 1, "edited", "entry 1: it is no decision about the case it stands under")
    ]


def test_a_head_of_an_empty_chain_says_nothing_against_a_longer_one() -> None:
    assert verify(LONG, [head(KEY, CHAIN, 0, CHAIN_START, NOON)]) == []


def test_an_entry_gives_its_decision_back() -> None:
    written = decision("note", why="naïve 山")
    entry = sealed(CHAIN, 1, CHAIN_START, "a-case", written)
    assert opened(entry) == replace(written, case="a-case")


@pytest.mark.parametrize("number", [0, -3])
def test_an_entry_before_the_first_is_inserted(number: int) -> None:
    assert "inserted" in faults([*LONG, replace(LONG[0], number=number)])
