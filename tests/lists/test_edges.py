from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.lists.reading import entries, given, read
from tests.lists.test_ofac import AIRCRAFT, END, PATRIOT, PERSON, TWO_COMPANIES

from clearwake.model import Ownership, Party, Received, records

FLEET = (
    '7,"OCEAN","vessel","IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,"Iran","GUDZON SHIPPING CO LLC","DOB 1960."\r\n'
    '8,"WAVE","vessel","IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,"Iran","Somebody Else S.A.",'
    '"Linked To: TWICE; Linked To: NOBODY S.A.."\r\n'
    '9,"TWICE",-0- ,"IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '10,"TWICE",-0- ,"IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
)  # fmt: skip
ALIASES = '24451,1,"aka","NOBODY S.A.",-0- \r\n'


def edges(tables: dict[str, pl.DataFrame]) -> dict[tuple[str, str, str], Ownership]:
    return {(one.owner, one.owned, one.role): one for one in records(tables["ownerships"], Ownership)}


def test_linked_to_is_a_link_without_a_share_and_leads_to_the_entry_of_that_name(tmp_path: Path) -> None:
    found = edges(read("ofac", given(tmp_path, sdn_csv=TWO_COMPANIES + PATRIOT + PERSON + AIRCRAFT + END)))
    assert set(found) == {("ofac:24450", "ofac:24508", "linked"), ("ofac:24451", "ofac:24508", "linked")}
    for link in found.values():
        assert (link.share_low, link.share_high, link.share_text) == (None, None, None)
        assert (link.role_text, link.issues, link.edition) == ("Linked To", (), "sdn:2026-11-22")


def test_an_owner_is_found_by_name_or_named_and_has_any_share(tmp_path: Path) -> None:
    files = given(tmp_path, sdn_csv=TWO_COMPANIES + FLEET + END, alt_csv=ALIASES + END)
    tables = read("ofac", files)
    found = edges(tables)
    assert set(found) == {
        ("ofac:24451", "ofac:7", "owner"),
        ("ofac:named:SOMEBODY ELSE S.A", "ofac:8", "owner"),
        ("ofac:named:TWICE", "ofac:8", "linked"),
        ("ofac:24451", "ofac:8", "linked"),
    }
    assert all(
        (one.share_low, one.share_high) == (0.0, 100.0) for one in found.values() if one.role == "owner"
    )
    assert found["ofac:24451", "ofac:7", "owner"].issues == ("the list does not say what share",)
    assert found["ofac:named:TWICE", "ofac:8", "linked"].issues == (
        "2 entries of the list have the name 'TWICE'",
    )
    assert found["ofac:24451", "ofac:8", "linked"].issues == ("'NOBODY S.A.' is another name of the entry",)
    parties = {one.id: one for one in records(tables["parties"], Party)}
    assert set(parties) == {"ofac:named:SOMEBODY ELSE S.A", "ofac:named:TWICE"}
    assert parties["ofac:named:SOMEBODY ELSE S.A"].name == "Somebody Else S.A."


def test_every_edge_leads_to_entries_or_parties(tmp_path: Path) -> None:
    tables = read("ofac", given(tmp_path, sdn_csv=TWO_COMPANIES + PATRIOT + FLEET + END))
    known = set(entries(tables)) | set(tables["parties"]["id"])
    assert set(tables["ownerships"]["owner"]) | set(tables["ownerships"]["owned"]) <= known


@pytest.fixture(scope="module")
def edition(shared: Path) -> dict[str, pl.DataFrame]:
    names = ("sdn_bench.csv.gz", "alt_bench.csv.gz", "add_bench.csv.gz")
    return read("ofac", [Received(shared / "sanctions_ofac" / name, name) for name in names], excerpt=False)


@pytest.mark.shared
def test_the_two_companies_and_six_ships_of_21_august_2018_are_linked(
    edition: dict[str, pl.DataFrame],
) -> None:
    names = {entry.id: entry.name for entry in entries(edition).values()}
    ships: dict[str, set[str]] = {}
    for (owner, owned, role), edge in edges(edition).items():
        if names.get(owner) in {"GUDZON SHIPPING CO LLC", "PRIMORYE MARITIME LOGISTICS CO LTD"}:
            assert (role, edge.share_low, edge.share_high) == ("linked", None, None)
            ships.setdefault(names[owner], set()).add(names[owned])
    assert ships == {
        "GUDZON SHIPPING CO LLC": {"PATRIOT", "BELLA", "BOGATYR", "NEPTUN", "PARTIZAN", "SEVASTOPOL"},
        "PRIMORYE MARITIME LOGISTICS CO LTD": {"PATRIOT"},
    }


@pytest.mark.shared
def test_of_a_real_edition_nearly_every_link_leads_to_an_entry(edition: dict[str, pl.DataFrame]) -> None:
    links = edition["ownerships"].filter(pl.col("role") == "linked")
    assert links.height == 3391
    assert links["owner"].str.contains(":named:").sum() == 12
    assert edition["ownerships"].filter(pl.col("role") == "owner").height == 10
    known = set(edition["designations"]["id"]) | set(edition["parties"]["id"])
    assert set(edition["ownerships"]["owner"]) | set(edition["ownerships"]["owned"]) <= known


@pytest.mark.shared
def test_the_election_order_is_a_programme_like_any_other(edition: dict[str, pl.DataFrame]) -> None:
    named = edition["designations"].filter(pl.col("programmes").list.contains("ELECTION-EO13848"))
    assert dict(named["kind"].value_counts().rows()) == {
        "person": 39,
        "company": 34,
        "aircraft": 3,
        "vessel": 1,
    }
    assert (named["status"] == "listed").all()
    every = edition["designations"].explode("programmes")["programmes"]
    assert every.null_count() == 0
    assert every.n_unique() > 60


@pytest.mark.shared
def test_the_consolidated_list_is_a_part_of_its_own(shared: Path) -> None:
    names = ("cons_prim.csv", "cons_alt.csv", "cons_add.csv")
    tables = read("ofac", [Received(shared / "sanctions_ofac" / name, name) for name in names], excerpt=False)
    counted = tables["editions"].select("part", "entries", "companies", "persons", "rejected").row(0)
    assert counted == ("consolidated", 442, 363, 79, 0)
    programmes = tables["designations"].explode("programmes")["programmes"].value_counts()
    of = dict(programmes.rows())
    assert (of["UKRAINE-EO13662"], of["NS-PLC"], of["CMIC-EO13959"]) == (286, 78, 68)
    assert tables["ownerships"].height == 283
