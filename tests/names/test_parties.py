# ruff: noqa: RUF001 - names in other scripts are what is tested
from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake.names import ListedParties, country_name, read_countries
from clearwake.names.legal_forms import without_forms
from clearwake.names.words import cut

PERSONS = ["AHMADI, Ali", "AL-RAWI, 'Abd al-Rahman Husayn", "Sergei Vladimirovich USHAKOV", "KIM Jong Un",
           "KNOWLES, Samuel Jeremiah", "ALI, Hassan", "PATRUSHEV, Nikolai Platonovich"]  # fmt: skip
COMPANIES = ["GUDZON SHIPPING CO LLC", "ALPHA TRADING LIMITED", "BETA TRADING LIMITED", "GAMMA TRADING LIMITED",
             "Общество с ограниченной ответственностью «Приморье Морепродукты»", "DELTA TRADING CO",
             "OCEAN MARITIME MANAGEMENT COMPANY LIMITED", "PLANT NO 17"]  # fmt: skip
NAMES = pl.Series([*PERSONS, *COMPANIES])
READY = ListedParties(NAMES, pl.Series([True] * len(PERSONS) + [False] * len(COMPANIES)))


def best(name: str, *, is_person: bool) -> tuple[str, str] | None:
    found = READY.alike(pl.Series([name]), is_person=is_person).filter(pl.col("alike") >= 0.8)
    if found.is_empty():
        return None
    row = found.sort("alike", descending=True).row(0, named=True)
    return NAMES[row["listed"]], row["way"]


@pytest.mark.parametrize(
    ("name", "listed", "way"),
    [
        ("AHMADI Ali", "AHMADI, Ali", "same"),
        ("Ali Ahmadi", "AHMADI, Ali", "order"),
        ("Abdulrahman Hussein Alrawi", "AL-RAWI, 'Abd al-Rahman Husayn", "spelling"),
        ("Serguei V. Ushakov", "Sergei Vladimirovich USHAKOV", "spelling"),
        ("Сергей Ушаков", "Sergei Vladimirovich USHAKOV", "parts"),
        ("김정은", "KIM Jong Un", "spelling"),
        ("KimJongUn", "KIM Jong Un", "same"),
        ("KIMJONGUN", "KIM Jong Un", "spelling"),
        ("Samuel Knowles", "KNOWLES, Samuel Jeremiah", "parts"),
        ("Nikolai Patr ushev", "PATRUSHEV, Nikolai Platonovich", "parts"),
        ("Mr. Nikolai Patrushef", "PATRUSHEV, Nikolai Platonovich", "parts"),
    ],
)
def test_a_person_is_known_in_another_order_spelling_or_script(name: str, listed: str, way: str) -> None:
    assert best(name, is_person=True) == (listed, way)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("OOO Gudzon Shipping", "GUDZON SHIPPING CO LLC"),
        ("Gudzon Shpg", "GUDZON SHIPPING CO LLC"),
        ("GUDZONSHIPPING", "GUDZON SHIPPING CO LLC"),
        ("Primorye Moreprodukty, LLC", "Общество с ограниченной ответственностью «Приморье Морепродукты»"),
        ("Ocean Maritime Management", "OCEAN MARITIME MANAGEMENT COMPANY LIMITED"),
        ("Plant 17", "PLANT NO 17"),
    ],
)
def test_a_company_is_known_whatever_its_legal_form(name: str, listed: str) -> None:
    found = best(name, is_person=False)
    assert found is not None
    assert found[0] == listed


@pytest.mark.parametrize(
    ("name", "is_person"),
    [
        ("Maria Ahmadi", True), ("Michael Knowles", True), ("Kim Yong Chol", True), ("Hassan", True),
        ("Epsilon Trading Limited", False), ("Trading Limited", False), ("Plant 18", False), ("Ltd", False),
        ("@@@", False), ("UNKNOWN", True),
    ],
)  # fmt: skip
def test_another_given_name_number_or_a_common_word_is_nobody(name: str, is_person: bool) -> None:  # noqa: FBT001
    assert best(name, is_person=is_person) is None


def test_legal_forms_go_but_a_name_that_is_nothing_else_stays() -> None:
    names = pl.DataFrame({"w": ["GUDZON SHIPPING CO LTD", "COMERCIAL SA DE CV", "AG", "X CO LTD LLC INC"]})
    assert names.select(w=without_forms(pl.col("w")))["w"].to_list() == [
        "GUDZON SHIPPING",
        "COMERCIAL",
        "AG",
        "X",
    ]


def test_names_are_cut_into_plain_words_in_any_script() -> None:
    said = pl.Series(["AL-RAWI, Abd-al-Rahman", "Abdurrahman Alrawi", "김영복", "RamiMakhlouf", "@@@", None])
    assert cut(said, is_person=True).to_list() == [
        "AL RAWI ABDRAHMAN", "ABDRAHMAN ALRAWI", "GIM YEONG BOG", "RAMI MAKHLOUF", None, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("Russian", ["RUS"]), ("RU", ["RUS"]), ("Korea, North", ["PRK"]), ("DPRK", ["PRK"]),
        ("Serbian, Croatian", ["SRB", "HRV"]), ("Iran (Islamic Republic of)", ["IRN"]), ("stateless", []),
    ],
)  # fmt: skip
def test_countries_are_read_by_name_code_and_people(said: str, codes: list[str]) -> None:
    assert read_countries(pl.Series([said, None]))["countries"].to_list() == [codes]


def test_a_country_is_called_by_its_english_name() -> None:
    assert country_name("DEU") == "Germany"
    assert country_name("XXX") == "XXX"


@settings(max_examples=15, deadline=None)
@given(st.permutations(list(range(6))))
def test_the_order_of_the_asked_names_changes_nothing(order: list[int]) -> None:
    names = ["Ali Ahmadi", "Gudzon Shipping", "Kim Jong Un", "S. V. Ushakov", "Nobody Known", "Alpha Trading"]
    told = READY.alike(pl.Series([names[i] for i in order]), is_person=False)
    straight = READY.alike(pl.Series(names), is_person=False)
    again = told.with_columns(asked=pl.Series([order[i] for i in told["asked"]], dtype=pl.UInt32))
    assert again.sort("asked", "listed").equals(straight.sort("asked", "listed"))
