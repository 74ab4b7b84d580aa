"""Who is who: what makes two rows one party, what only ties them, and what speaks against it."""

from __future__ import annotations

import polars as pl
import pytest
from tests.ownership.holders import ON, designations, edges, facts, listing, row, told

from clearwake.model import NotFoundError, Ownership, Party, Registration, conform, empty, utc
from clearwake.ownership import Facts, standings
from clearwake.ownership.around import around, node_of
from clearwake.ownership.identity import people
from clearwake.ownership.papers import of_lists, of_registers
from clearwake.ownership.standing import find


def party(identifier: str, source: str = "one", **said: object) -> dict[str, object]:
    return {"id": identifier, "source": source, "kind": "company", "name": identifier, **said}


def nodes(*rows: dict[str, object]) -> list[int]:
    """Give the node of each party, in the order given."""
    who = people(conform(pl.DataFrame(list(rows)), Party), empty(Ownership))
    found = {(source, i): node for source, i, node in who.rows.select("source", "id", "node").iter_rows()}
    return [found[str(r["source"]), str(r["id"])] for r in rows]


def are_one(*rows: dict[str, object]) -> bool:
    return len(set(nodes(*rows))) == 1


def test_one_imo_number_of_one_kind_is_one_party() -> None:
    ship = {"kind": "vessel", "imo": "9203461"}
    assert are_one(party("A", **ship), party("B", "two", **ship))
    assert not are_one(party("A", **ship), party("B", "two", kind="company", imo="9203461"))
    wrong = {"kind": "vessel", "imo": "9203462"}
    assert not are_one(party("A", **wrong), party("B", "two", **wrong))
    placeholder = {"kind": "vessel", "imo": "1234567"}
    assert not are_one(party("A", **placeholder), party("B", "two", **placeholder))


def test_one_exact_name_and_country_is_one_company_but_not_one_person() -> None:
    one = party("A", name="Ocean Star Co., Ltd", country="Cyprus")
    assert are_one(one, party("B", "two", name="OCEAN STAR CO LTD", country="CYP"))
    assert not are_one(one, party("B", "two", name="Ocean Star LLC", country="CYP"))
    assert not are_one(one, party("B", "two", name="OCEAN STAR CO LTD"))
    ali = {"kind": "person", "name": "Ali Ahmadi", "country": "Iran"}
    assert not are_one(party("A", **ali), party("B", "two", **ali))
    assert are_one(
        party("A", **ali, birth_date="1970-02-01"), party("B", "two", **ali, birth_date="1970-02-01")
    )


def test_a_registration_number_and_the_name_make_one_party_and_another_number_makes_two() -> None:
    one = party("A", name="Star Ltd", registration="HE 123-456")
    assert are_one(one, party("B", "two", name="STAR LTD", registration="he123456"))
    assert not are_one(
        party("A", name="Star Ltd", country="CYP", registration="HE 123-456"),
        party("B", "two", name="Star Ltd", country="CYP", registration="HE 999-999"),
    )


def test_a_name_within_one_source_is_one_party_unless_the_source_knows_two() -> None:
    bare, full = (
        party("name:STAR LTD|||", name="Star Ltd"),
        party("name:STAR LTD|CYP||", name="Star Ltd", country="CYP"),
    )
    other = party("name:STAR LTD|PAN||", name="Star Ltd", country="PAN")
    assert are_one(bare, full)
    assert len(set(nodes(bare, full, other))) == 3


def test_a_name_alone_makes_nobody_blocked_only_possibly_so() -> None:
    listed = designations(listing("Bad Shipping Co Ltd", country=None))
    rows = standings(facts("BAD_SHIPPING_LLC X 100", listed), ON)
    assert row(rows, "BAD SHIPPING LLC")["us"] == "possibly"
    assert row(rows, "X")["us"] == "possibly"
    assert "only the name agrees" in str(row(rows, "BAD SHIPPING LLC")["sentence"])


def test_a_name_with_another_country_is_a_namesake() -> None:
    listed = designations(listing("BAD", country="Panama"))
    assert row(standings(facts("BAD X 100", listed), ON), "X")["us"] == "not shown"


def test_a_persons_name_and_country_are_only_possible() -> None:
    person = {"kind": "person", "name": "Ivan Doe", "country": "Russia"}
    listed = designations(listing("Ivan Doe", kind="person", country="Russia"))
    rows = standings(facts("DOE X 100", listed, DOE=person), ON)
    assert row(rows, "X")["us"] == "possibly"
    assert "name and country agree" in str(row(rows, "Ivan Doe")["sentence"])


def test_an_id_of_a_list_entry_or_its_imo_number_is_certain_and_said() -> None:
    listed = designations(listing("BAD", country=None), listing("WORSE", country=None, imo="5753988"))
    by_number = {"name": "W. Shipping", "country": "Cyprus", "imo": "5753988"}
    rows = standings(facts("ofac:BAD X 60\n W Y 60", listed, W=by_number), ON)
    assert (row(rows, "X")["us"], row(rows, "Y")["us"]) == ("blocked", "blocked")
    assert "known by its id" in " ".join(rows["sentence"].to_list())
    assert "known by IMO number 5753988" in " ".join(rows["sentence"].to_list())


def test_a_tie_between_two_sources_is_possible_and_goes_no_further_than_names_that_agree() -> None:
    frame = edges("BAD A 100\n B X 100").with_columns(source=pl.Series(["one", "two"]))
    names = {"A": ("one", "Ocean Star Ltd", "CYP"), "B": ("two", "Ocean Star LLC", None)}
    rows = [party(i, source, name=name, country=country) for i, (source, name, country) in names.items()]
    rows += [party("BAD", country="Ruritania"), party("X", "two")]
    listed = designations(listing("BAD"))
    known = Facts(conform(pl.DataFrame(rows), Party), frame, listed, empty(Registration))
    assert row(standings(known, ON), "X")["us"] == "possibly"
    assert row(standings(known, ON), "Ocean Star Ltd")["us"] == "blocked"


def test_lists_tell_links_and_owners_without_a_share() -> None:
    listed = designations(listing("BAD"), listing("Star", kind="vessel", owner="Alfa Ltd", linked_to=["BAD"]))
    parties, told_edges = of_lists(listed)
    assert told_edges.select("owner", "owned", "role", "share_low", "share_high").rows() == [
        ("ofac:named:BAD", "ofac:Star", "linked", None, None),
        ("ofac:named:ALFA LTD", "ofac:Star", "owner", 0.0, 100.0),
    ]
    who = people(parties, told_edges)
    assert node_of(who, "BAD") == node_of(who, "ofac:BAD") == node_of(who, "ofac:named:BAD")


def test_registers_tell_owners_managers_and_their_dates() -> None:
    register = conform(
        pl.DataFrame({"source": ["reg"], "imo": ["9203461"], "name": ["Star"], "owner": ["BAD"], "manager": ["Run Inc"],
                      "valid_from": [utc("2018-01-01")], "valid_to": [utc("2019-12-31")]}), Registration,
    )  # fmt: skip
    _, told_edges = of_registers(register)
    assert told_edges.select("owner", "owned", "role").rows() == [
        ("reg:named:BAD", "imo:9203461", "owner"),
        ("reg:named:RUN INC", "imo:9203461", "manager"),
    ]
    known = Facts(empty(Party), empty(Ownership), designations(listing("BAD")), register)
    assert row(standings(known, ON.replace(year=2019)), "Star")["us"] == "possibly"
    assert row(standings(known, ON), "Star")["us"] == "not shown"


def test_risk_fades_with_every_hop_and_is_no_status() -> None:
    rows = told("BAD M 10\n M S - manager\n M T - manager", "BAD")
    risks = [row(rows, name)["risk"] for name in ("BAD", "M", "S")]
    assert risks == [1.0, 0.7, 0.42]
    assert row(rows, "S")["risk_chain"] == ["S is managed by M", "M is owned by BAD"]
    assert {row(rows, name)["us"] for name in ("M", "S", "T")} == {"not shown"}


def test_sister_ships_of_a_listed_ship_share_its_manager_and_a_fading_risk() -> None:
    rows = told("M BAD - manager\n M SISTER - manager", "BAD")
    assert (row(rows, "M")["risk"], row(rows, "SISTER")["risk"]) == (0.4, 0.24)
    assert row(rows, "M")["links"] == ["M is the manager of BAD"]


def test_a_picture_holds_the_chain_and_the_links_and_says_who_is_not_there() -> None:
    known = facts("BAD A 60\n A S 100\n M S - manager\n Z Y 100", designations(listing("BAD")))
    seen = around(find(known, ON), "S")
    assert set(seen.parties["name"]) == {"BAD", "A", "S", "M"}
    names = dict(seen.parties.select("node", "name").iter_rows())
    drawn = {(names[a], names[b], label, kind) for a, b, label, kind in
             seen.links.select("owner", "owned", "label", "kind").iter_rows()}  # fmt: skip
    assert drawn == {
        ("BAD", "A", "60 %", "owned"),
        ("A", "S", "100 %", "owned"),
        ("M", "S", "managed", "linked"),
    }
    with pytest.raises(NotFoundError, match="nobody called"):
        around(find(known, ON), "NOBODY")
