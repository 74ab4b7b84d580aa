from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as law
from hypothesis import settings
from hypothesis import strategies as st
from tests.lists.reading import RECEIVED_AT, entries, given, read, rejected

from clearwake.lists import LISTS
from clearwake.lists.values import Issues, share
from clearwake.model import Options, Ownership, Party, Received, UnreadableFileError, records


def entity(identity: str, schema: str, caption: str = "", **properties: Any) -> dict[str, Any]:
    lists = {key: value if isinstance(value, list) else [value] for key, value in properties.items()}
    return {
        "id": identity, "caption": caption, "schema": schema, "properties": lists, "referents": [],
        "datasets": ["us_ofac_sdn"], "first_seen": "2024-01-01T00:00:00", "last_seen": "2026-11-20T06:00:00",
        "last_change": "2026-01-01T00:00:00", "target": True,
    }  # fmt: skip


def lines(*every: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in every)


PATRIOT = entity(
    "ship", "Vessel", "PATRIOT", name=["PATRIOT", "ПАТРИОТ"], previousName="OLD ONE", pastNames="OLDER",
    weakAlias="PAT", imoNumber="9003550", mmsi="273000000", callSign="UBXX5", flag="ru",
    pastFlags=["mt", "pa"], type="Products Tanker",
    deadweightTonnage="3100", buildDate="1991-05", topics=["sanction", "mare.shadow"], programId="US-DPRK4",
    addressEntity="addr", notes="coal",
)  # fmt: skip
LISTED = entity("s1", "Sanction", entity="ship", authority="OFAC", program="DPRK4", startDate="2018-08-21",
                provisions="Block", authorityId="24508", reason="E.O. 13810")  # fmt: skip
PAPER = entity("p1", "Passport", holder="man", number="P123", country="ir")
ADDRESS = entity("addr", "Address", full="Vladivostok")
MAN = entity(
    "man", "Person", "Ali Ahmadi", name="Ali Ahmadi", birthDate="1967-02-06", nationality="ir", topics="poi"
)
GUDZON = entity("co", "Company", "Gudzon LLC", name="Gudzon LLC", registrationNumber="77", jurisdiction="ru")
OWNS = entity(
    "o1", "Ownership", owner="co", asset="ship", percentage="60", startDate="2017", endDate="2019-02"
)
LEADS = entity("d1", "Directorship", director="man", organization="co", role="Leader or official of")
RUNS = entity("u1", "UnknownLink", subject="co", object="ship", role="ISM Manager")
WHOLE = lines(OWNS, LISTED, PATRIOT, PAPER, ADDRESS, MAN, GUDZON, LEADS, RUNS)


def test_a_sanctioned_ship_comes_out_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    tables = read("ftm", given(tmp_path, entities_ftm_json=WHOLE))
    assert rejected(tables) == []
    found = entries(tables)
    ship = found["ftm:ship"]
    assert (ship.kind, ship.name, ship.imo, ship.mmsi, ship.callsign, ship.flag) == (
        "vessel", "PATRIOT", "9003550", 273000000, "UBXX5", "ru",
    )  # fmt: skip
    assert (ship.aliases, ship.former_names, ship.weak_names) == (
        ("ПАТРИОТ",),
        ("OLD ONE", "OLDER"),
        ("PAT",),
    )
    assert (ship.former_flags, ship.ship_type_text, ship.tonnage, ship.build_year) == (
        ("mt", "pa"),
        "Products Tanker",
        "deadweight: 3100",
        1991,
    )
    assert (ship.status, ship.listed_on, ship.reference) == (
        "listed",
        datetime(2018, 8, 21, tzinfo=UTC),
        "24508",
    )
    assert (ship.programmes, ship.measures) == (
        ("US-DPRK4", "DPRK4"),
        ("sanction", "mare.shadow", "Block"),
    )
    assert "sanction: OFAC, DPRK4, 2018-08-21, reason: E.O. 13810" in (ship.remarks or "")
    assert "address: Vladivostok" in (ship.remarks or "")
    assert "passport: P123 ir" in (found["ftm:man"].remarks or "")
    assert found["ftm:man"].status == "reported"
    (party,) = records(tables["parties"], Party)
    assert (party.id, party.kind, party.name, party.country, party.registration) == (
        "ftm:co", "company", "Gudzon LLC", "ru", "77",
    )  # fmt: skip


def test_edges_keep_their_shares_roles_words_and_days(tmp_path: Path) -> None:
    tables = read("ftm", given(tmp_path, entities_ftm_json=WHOLE))
    found = {(one.owner, one.owned, one.role): one for one in records(tables["ownerships"], Ownership)}
    assert set(found) == {
        ("ftm:co", "ftm:ship", "owner"), ("ftm:man", "ftm:co", "linked"), ("ftm:co", "ftm:ship", "ism company"),
    }  # fmt: skip
    owns = found["ftm:co", "ftm:ship", "owner"]
    assert (owns.share_low, owns.share_high, owns.share_text) == (60.0, 60.0, "60")
    assert (owns.valid_from, owns.valid_to) == (
        datetime(2017, 1, 1, tzinfo=UTC),
        datetime(2019, 2, 28, tzinfo=UTC),
    )
    leads = found["ftm:man", "ftm:co", "linked"]
    assert (leads.share_low, leads.role_text) == (None, "Leader or official of")


@pytest.mark.parametrize(
    ("sanctions", "standing"),
    [
        (["2018-01-01|"], ("listed", "2018-01-01", None)),
        (["2018-01-01|2019-03-01"], ("removed", "2018-01-01", "2019-03-01")),
        (["2018-01-01|2019-03-01", "2020-01-01|"], ("listed", "2018-01-01", None)),
        (["2018-01-01|2099-03-01"], ("listed", "2018-01-01", "2099-03-01")),
    ],
)
def test_an_entity_is_removed_when_every_sanction_against_it_has_ended(
    tmp_path: Path, sanctions: list[str], standing: tuple[str, str | None, str | None]
) -> None:
    ship = entity("ship", "Vessel", "PATRIOT", name="PATRIOT")
    told = [
        entity(
            f"s{n}", "Sanction", entity="ship", startDate=one.split("|")[0], endDate=one.split("|")[1] or []
        )
        for n, one in enumerate(sanctions)
    ]
    (entry,) = entries(read("ftm", given(tmp_path, a_json=lines(ship, *told)))).values()
    days = [f"{day:%Y-%m-%d}" if day else None for day in (entry.listed_on, entry.removed_on)]
    assert (entry.status, *days) == standing


@pytest.mark.parametrize(
    ("said", "low", "high", "issues"),
    [
        (["50"], 50.0, 50.0, 0),
        (["50.1 %"], 50.1, 50.1, 0),
        (["33,3"], 33.3, 33.3, 0),
        (["25-50"], 25.0, 50.0, 0),
        (["more than 50 %"], 50.0, 100.0, 0),
        (["up to 25"], 0.0, 25.0, 0),
        ([], 0.0, 100.0, 0),
        (["140"], 0.0, 100.0, 1),
        (["-3"], 0.0, 100.0, 1),
        (["majority"], 0.0, 100.0, 1),
        (["49", "51"], 49.0, 51.0, 1),
    ],
)
def test_a_share_is_the_least_and_the_most_it_can_be(
    said: list[str], low: float, high: float, issues: int
) -> None:
    heard = Issues()
    assert share(said, heard) == (low, high)
    assert len(heard.said) == issues


@law(st.lists(st.text(max_size=12), max_size=3))
def test_a_share_is_always_between_nothing_and_all(said: list[str]) -> None:
    low, high = share(said, Issues())
    assert 0.0 <= low <= high <= 100.0


def test_the_edition_is_known_by_its_dataset_or_its_file_and_dated_by_what_was_last_seen(
    tmp_path: Path,
) -> None:
    edition = read("ftm", given(tmp_path, entities_ftm_json=WHOLE))["editions"].row(0, named=True)
    assert (edition["part"], edition["dated"], edition["dated_by"]) == (
        "us_ofac_sdn", datetime(2026, 11, 20, tzinfo=UTC), "content",
    )  # fmt: skip
    mixed = WHOLE.replace("us_ofac_sdn", "eu_fsf", 1)
    asserted = datetime(2018, 8, 21, tzinfo=UTC)
    files = [Received(given(tmp_path, x=mixed)[0].path, "maritime-2026-11-20.ftm.json.gz")]
    edition = read("ftm", files, known_at=asserted)["editions"].row(0, named=True)
    assert (edition["part"], edition["dated"], edition["dated_by"]) == ("maritime", asserted, "asserted")


def test_what_is_no_entity_leads_nowhere_or_is_unknown_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    stray = entity("o2", "Ownership", owner="co", asset="nobody", hue="red")
    nameless = entity("n", "Company", topics="sanction")
    odd = {**entity("q", "Company", "Odd Ltd", name="Odd Ltd", topics="sanction", colour="red"), "shape": 1}
    nested = entity("z", "Company", "Z", owner=[{"id": "x"}])
    post = entity("pos", "Position", "Minister", name="Minister")
    content = lines(PATRIOT, GUDZON, stray, nameless, odd) + 'not json\n["list"]\n' + lines(nested, post)
    tables = read("ftm", given(tmp_path, x=content))
    assert sorted(rejected(tables), key=str) == [
        ("x", 3, "leads to an unknown entity"), ("x", 3, "unknown field"), ("x", 4, "no name"),
        ("x", 5, "unknown field"), ("x", 5, "unknown field"), ("x", 6, "not JSON"), ("x", 7, "no entity"),
        ("x", 8, "its properties are not lists of values"),
    ]  # fmt: skip
    parse = next(one.parse for one in LISTS if one.name == "ftm")
    (first, *_) = parse(given(tmp_path, x=content), Options(RECEIVED_AT))
    assert first.counts == {"Position entities, which are nobody": 1}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<!doctype html><html>503</html>", "a web page"),
        ("id,schema\n1,Person\n", "line 1"),
        ('{"name": "PATRIOT"}\n', "line 1"),
        (WHOLE[:-40], "cut short|ends after"),
        (lines(LISTED), "0 entries"),
    ],
)
def test_a_file_that_is_no_collection_is_refused(tmp_path: Path, content: str, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("ftm", given(tmp_path, x=content), excerpt=False)


@settings(max_examples=25, deadline=None)
@law(order=st.permutations([OWNS, LISTED, PATRIOT, PAPER, ADDRESS, MAN, GUDZON, LEADS, RUNS]))
def test_the_order_of_lines_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, order: list[dict[str, Any]]
) -> None:
    tables = read("ftm", given(tmp_path_factory.mktemp("law"), x=lines(*order)))
    usual = read("ftm", given(tmp_path_factory.mktemp("law"), x=WHOLE))
    for name, by in (
        ("designations", ["id"]),
        ("parties", ["id"]),
        ("ownerships", ["owner", "owned", "role"]),
    ):
        assert tables[name].drop("line").sort(by).equals(usual[name].drop("line").sort(by))


@pytest.mark.shared
def test_a_real_sample_reads_without_a_leftover(shared: Path) -> None:
    name = "yente_t1_entities.ftm.json"
    tables = read("ftm", [Received(shared / "ftm_sample_entities" / name, name)], excerpt=False)
    assert rejected(tables) == []
    assert tables["editions"].select("part", "entries", "persons", "companies").rows() == [
        ("eu_fsf", 6, 4, 2)
    ]
    assert {one.status for one in entries(tables).values()} == {"listed"}
