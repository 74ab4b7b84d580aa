# ruff: noqa: RUF001 - names in other scripts are what is tested
from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.names import folded, other_readings, plain


def fold(name: str | None, kind: str = "vessel") -> tuple[str | None, ...]:
    return folded(pl.Series([name], dtype=pl.String), kind).row(0)


@pytest.mark.parametrize(
    ("name", "letters", "numbers"),
    [
        ("PATRIOT", "PATRIOT", ""),
        ("M/V Patriot", "PATRIOT", ""),
        ("M.V. PATRIOT", "PATRIOT", ""),
        ("mt  'Patriot'", "PATRIOT", ""),
        ("MT", "MT", ""),
        ("SS 1", "SS", "1"),
        ("Богатырь", "BOGATYR", ""),
        ("МТ БОГАТЫРЬ", "BOGATYR", ""),
        ("ВELLA", "BELLA", ""),  # the first letter is Cyrillic
        ("Ｓｅａ　Ｓｔａｒ　１", "SEASTAR", "1"),
        ("CHON MYONG 1", "CHONMYONG", "1"),
        ("천명 1", "CHEONMYEONG", "1"),
        ("浩帆6", "HAOFAN", "6"),
        ("Ρόδος II", "RODOS", "2"),
        ("صابرين", "SBRYN", ""),
        ("HAO FAN No. 06", "HAOFAN", "6"),
        ("SPARTA III", "SPARTA", "3"),
        ("DELTA I", "DELTA", "1"),
        ("I DELTA", "IDELTA", ""),
        ("GP-21", "GP", "21"),
        ("7-28", "", "7-28"),
        ("STAR7", "STAR", "7"),
    ],
)
def test_names_fold_to_letters_and_numbers(name: str, letters: str, numbers: str) -> None:
    assert fold(name)[1:3] == (letters, numbers)


@pytest.mark.parametrize(
    "name",
    [None, "", "   ", "@@@@@@@@", "1", "0", "...", "😀", "\u200b", "UNKNOWN", "Not available", "XXXX", "N/A"],
)
def test_what_folds_to_nothing_is_no_name(name: str | None) -> None:
    assert fold(name) == (None, None, None, None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GUDZON SHIPPING CO LLC", "LLC Gudzon Shipping Co."),
        ("AHMADI, Ali", "Ali AHMADI"),
        ("KOREA YUJONG SHIPPING CO LTD", "Korea Yujong Shipping Company Limited"),
    ],
)
def test_companies_and_persons_fold_without_legal_form_and_order(one: str, other: str) -> None:
    assert fold(one, "party")[1:3] == fold(other, "party")[1:3]


def test_a_company_of_nothing_but_legal_forms_keeps_them() -> None:
    assert fold("CO LTD", "party")[1] == "COLTD"


def test_single_letters_are_kept_apart_as_initials() -> None:
    assert [fold(name)[3] for name in ("PHOENIX J", "PHOENIX", "F YUAN YU 8")] == ["J", "", "F"]


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("B0NU 5", "BONU 5"),
        ("ATLA5", "ATLAS"),
        ("МАХ", "MAX"),
        ("ΜΠΡΑΒΟ", "BRAVO"),
        ("ΣΚΟΡΠΙΟΥΣ", "SKORPIUS"),
    ],
)
def test_a_name_may_have_been_meant_otherwise(name: str, reading: str) -> None:
    assert reading in other_readings(name)


def test_a_name_of_plain_letters_has_no_other_reading() -> None:
    assert other_readings("SEVASTOPOL") == []


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_folds_to_plain_capitals_or_to_no_name(name: str) -> None:
    assert plain(pl.Series([name])).item().isascii()
    words, letters, numbers, _ = fold(name)
    if letters is None:
        assert words is None
    else:
        assert letters == "" or (letters.isalpha() and letters.isupper())
        assert len(letters + (numbers or "")) > 1


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ABIVX 019-.'", max_size=12), max_size=8))
def test_folding_many_names_is_folding_each(names: list[str]) -> None:
    assert folded(pl.Series(names, dtype=pl.String)).rows() == [fold(name) for name in names]
