from __future__ import annotations

import polars as pl
import pytest

from clearwake.names import WAYS, ListedNames

LISTED = [
    "BOGATYR", "CHON MYONG 1", "RHODOS 2", "SABRIN", "RA NAM 2", "GREAT OCEAN STAR", "SEVASTOPOL", "PARTIZAN",
    "OCEAN MARITIME STAR", "7-28", "UNKNOWN", "PHOENIX", "FU YUAN YU 8644", "",
]  # fmt: skip


def ways(name: str, kind: str = "vessel", listed: list[str] = LISTED) -> dict[str, str]:
    found = ListedNames(pl.Series(listed), kind).alike(pl.Series([name]))
    return {listed[row["listed"]]: row["way"] for row in found.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("name", "listed", "way"),
    [
        ("Богатырь", "BOGATYR", "same"),
        ("RANAM2", "RA NAM 2", "same"),
        ("7 28", "7-28", "same"),
        ("천명 1", "CHON MYONG 1", "sound"),
        ("Ρόδος II", "RHODOS 2", "sound"),
        ("PARTISAN", "PARTIZAN", "sound"),
        ("صابرين", "SABRIN", "consonants"),
        ("SEVASTAPOL", "SEVASTOPOL", "spelling"),
        ("GRT OCN STR", "GREAT OCEAN STAR", "consonants"),
        ("F YN Y 8644", "FU YUAN YU 8644", "consonants"),
        ("OCEAN MARITIME", "OCEAN MARITIME STAR", "beginning"),
        ("FU YU 8644", "FU YUAN YU 8644", "words"),
        ("GREAT STAR", "GREAT OCEAN STAR", "words"),
    ],
)
def test_a_name_is_like_a_listed_one_in_its_strongest_way(name: str, listed: str, way: str) -> None:
    assert ways(name)[listed] == way


@pytest.mark.parametrize(
    "name", ["RA NAM 3", "RA NAM", "PHOENIX J", "UNKNOWN", "", "@@@@", "OCEAN", "STAR", "SABRINA II"]
)
def test_names_that_say_something_else_or_nothing_are_like_none(name: str) -> None:
    assert ways(name) == {}


def test_every_row_that_folds_to_the_same_is_given() -> None:
    names = ListedNames(pl.Series(["BELLA", "M/V Bella", "OTHER"]), "vessel")
    found = names.alike(pl.Series(["bella", "BELLA 1", "BELLA"]))
    assert sorted(found.select("asked", "listed").rows()) == [(0, 0), (0, 1), (2, 0), (2, 1)]
    assert found["alike"].to_list() == [WAYS["same"]] * 4


def test_companies_are_alike_without_legal_forms_and_persons_in_any_order() -> None:
    listed = ["GUDZON SHIPPING CO LLC", "AHMADI, Ali", "PRIMORYE MARITIME LOGISTICS CO LTD"]
    assert ways("OOO Gudzon Shipping", "party", listed) == {"GUDZON SHIPPING CO LLC": "same"}
    assert ways("Ali Ahmadi", "party", listed) == {"AHMADI, Ali": "same"}
    assert ways("Primorie Maritime Logistics", "party", listed) == {listed[2]: "spelling"}


def test_nobody_listed_is_like_nobody() -> None:
    assert ListedNames(pl.Series([], dtype=pl.String), "vessel").alike(pl.Series(["BELLA"])).is_empty()
