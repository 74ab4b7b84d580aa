"""Parties and ships held against the lists as of each shipment's own day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.goods.papers import sentence, shipment
from tests.lists.reading import read

from clearwake.goods import Known, asked, ever_listed, findings
from clearwake.model import Designation, Received, table, utc
from clearwake.screen import screen


def entry(name: str, kind: str = "company", **said: Any) -> Designation:
    """Write one entry of a list's edition of 1 September 2018."""
    row: dict[str, Any] = {
        "id": f"test:{name}", "list": "test", "edition": "all:2018-09-01", "kind": kind, "name": name, "aliases": (),
        "listed_on": utc("2018-08-21"), "programmes": ("DPRK4",), "known_at": utc("2018-09-01"), **said,
    }  # fmt: skip
    return Designation(**row)


def against(papers: pl.DataFrame, *entries: Designation) -> pl.DataFrame:
    """Screen the papers' parties and ships against entries, and give the findings."""
    lists = table(list(entries), Designation)
    matches = screen(asked(papers), ever_listed(lists))
    return findings(papers, Known(matches=matches, designations=lists))


SHIPPER = entry("GUDZON SHIPPING CO LLC")
SHIP = entry("PATRIOT", "vessel", imo="9003550")


def test_every_party_and_ship_is_asked_about_once() -> None:
    papers = pl.concat([
        shipment(id="S1", shipper="Alpha", consignee="Beta", ship_imo="9003550"),
        shipment(id="S2", shipper="Alpha", notify_party="Gamma", ship_imo="9003550"),
    ])  # fmt: skip
    assert asked(papers)["id"].to_list() == ["party:Alpha", "party:Beta", "party:Gamma", "ship:9003550||"]


@pytest.mark.parametrize("role", ["shipper", "consignee", "notify_party"])
def test_a_listed_party_is_found_in_any_role_with_since_when(role: str) -> None:
    rows = against(shipment("2018-09-10", **{role: "Gudzon Shipping Company"}), SHIPPER)
    row = rows.filter(pl.col("kind") == "listed_party").row(0, named=True)
    assert row["is_for"] is True
    assert row["evidence"] == ["shipment:S1", "test:GUDZON SHIPPING CO LLC"]
    assert f"the {role.replace('_', ' ')}, Gudzon Shipping Company" in row["sentence"]
    assert "listed since 2018-08-21, in force on 2018-09-10" in row["sentence"]


def test_a_listed_ship_is_found_by_its_imo_number() -> None:
    rows = against(shipment("2018-09-10", ship_imo="9003550", ship_name="OTHER NAME"), SHIP)
    row = rows.filter(pl.col("kind") == "listed_ship").row(0, named=True)
    assert row["is_for"] is True
    assert row["sentence"].startswith("the ship, OTHER NAME, IMO 9003550, is PATRIOT of list test")


@pytest.mark.parametrize(("day", "is_for"), [("2018-08-20", None), ("2018-08-21", True)])
def test_a_party_listed_after_the_shipment_was_not_listed_then(day: str, is_for: object) -> None:
    rows = against(shipment(day, shipper="Gudzon Shipping Co LLC"), SHIPPER)
    assert rows.filter(pl.col("kind") == "listed_party")["is_for"].to_list() == [is_for]
    if is_for is None:
        assert "listed on 2018-08-21, after the shipment of 2018-08-20: not listed then" in sentence(
            rows, "listed_party"
        )


@pytest.mark.parametrize(
    ("day", "is_for"), [("2018-08-24", True), ("2018-08-25", None), ("2018-09-01", None)]
)
def test_a_party_removed_since_was_listed_until_the_next_edition_lacked_it(day: str, is_for: object) -> None:
    gone = entry("GUDZON SHIPPING CO LLC", edition="all:2018-08-21")
    others = [entry("OTHER", edition=f"all:2018-{of}") for of in ("08-21", "08-25")]
    rows = against(shipment(day, shipper="Gudzon Shipping Co LLC"), gone, *others, SHIP)
    assert rows.filter(pl.col("kind") == "listed_party")["is_for"].to_list() == [is_for]


@pytest.mark.parametrize(
    ("day", "is_for", "why"),
    [
        ("2018-09-10", True, "but by 2018-09-01, before the shipment of 2018-09-10"),
        (
            "2018-05-25",
            None,
            "the earliest edition held that has it is of 2018-09-01: whether it was listed on 2018-05-25",
        ),
    ],
)
def test_where_a_list_does_not_say_since_when_the_editions_held_do(
    day: str, is_for: object, why: str
) -> None:
    undated = entry("GUDZON SHIPPING CO LLC", listed_on=None)
    rows = against(shipment(day, shipper="Gudzon Shipping Co LLC"), undated)
    assert rows.filter(pl.col("kind") == "listed_party")["is_for"].to_list() == [is_for]
    assert why in sentence(rows, "listed_party")


def test_what_was_only_reported_or_proposed_is_not_called_listed() -> None:
    reported = against(
        shipment("2018-09-10", ship_imo="9003550"),
        entry("PATRIOT", "vessel", imo="9003550", status="reported"),
    )
    assert "reported, which is no listing, since 2018-08-21" in sentence(reported, "listed_ship")


def test_a_namesake_with_another_imo_number_is_evidence_against() -> None:
    rows = against(shipment("2018-09-10", ship_imo="9074729", ship_name="PATRIOT"), SHIP)
    assert rows.filter(pl.col("kind") == "namesake")["is_for"].to_list() == [False]
    assert "listed_ship" not in rows["kind"].to_list()


def test_nobody_listed_finds_nothing() -> None:
    assert against(
        shipment("2018-09-10", shipper="Bakery Schmidt", ship_imo="9074729"), SHIPPER, SHIP
    ).is_empty()


@pytest.mark.shared
def test_the_companies_of_21_august_2018_are_found_on_the_real_list(shared: Path) -> None:
    names = {
        "sdn_bench.csv.gz": "sdn.csv.gz",
        "add_bench.csv.gz": "add.csv.gz",
        "alt_bench.csv.gz": "alt.csv.gz",
    }
    files = [Received(shared / "sanctions_ofac" / there, called) for there, called in names.items()]
    tables = read("ofac", files, excerpt=False, known_at=utc("2021-01-01"))
    papers = pl.concat([
        shipment("2021-02-01", id="S1", shipper="Gudzon Shipping Co., LLC", ship_imo="9003550"),
        shipment("2021-02-01", id="S2", consignee="PRIMORYE MARITIME LOGISTICS CO LTD"),
        shipment("2021-02-01", id="S3", shipper="Bakery Schmidt", ship_imo="9074729"),
    ])  # fmt: skip
    lists = tables["designations"]
    found = findings(papers, Known(matches=screen(asked(papers), ever_listed(lists)), designations=lists))
    told = {(row["shipment"], row["kind"]) for row in found.filter(pl.col("is_for")).iter_rows(named=True)}
    assert told == {("S1", "listed_party"), ("S1", "listed_ship"), ("S2", "listed_party")}
