from __future__ import annotations

from pathlib import Path

import pytest
from tests.lists.reading import entries, given, read, rejected

from clearwake.model import Party, Received, UnreadableFileError, records

HEAD = "type,caption,imo,risk,countries,flag,mmsi,id,url,datasets,aliases\n"
TABLE = (
    HEAD + '"VESSEL","ADONIA","IMO9242223","mare.shadow;sanction","ru;ae","pa","352001234","NK-1","https://example.org/1",'
    '"us_ofac_sdn;gb_fcdo_sanctions","OLD ONE;ADONIA I"\n'
    '"VESSEL","TEMIRO","IMO9209972","mare.shadow","","","","NK-2","","ua_war_sanctions",""\n'
    '"VESSEL","SWIFTSEA RIDER","IMO9318539","","","","","NK-3","","",""\n'
    '"ORGANIZATION","Marine Trans","IMO6183435","sanction","ae","","","NK-4","","",""\n'
)  # fmt: skip


def test_a_sanctioned_ship_is_listed_a_shadowy_one_reported_and_any_other_only_named(tmp_path: Path) -> None:
    tables = read("maritime", given(tmp_path, maritime_csv=TABLE), excerpt=False)
    assert rejected(tables) == []
    found = entries(tables)
    assert {one.id: (one.kind, one.status) for one in found.values()} == {
        "maritime:NK-1": ("vessel", "listed"),
        "maritime:NK-2": ("vessel", "reported"),
        "maritime:NK-4": ("company", "listed"),
    }
    ship = found["maritime:NK-1"]
    assert (ship.name, ship.imo, ship.mmsi, ship.flag, ship.country) == (
        "ADONIA",
        "9242223",
        352001234,
        "pa",
        "ru",
    )
    assert ship.aliases == ("OLD ONE", "ADONIA I")
    assert (ship.programmes, ship.measures) == (
        ("us_ofac_sdn", "gb_fcdo_sanctions"),
        ("mare.shadow", "sanction"),
    )
    (party,) = records(tables["parties"], Party)
    assert (party.id, party.kind, party.imo, party.topics) == ("maritime:NK-3", "vessel", "9318539", ())


def test_rows_of_one_id_are_one_ship_with_two_numbers(tmp_path: Path) -> None:
    table = HEAD + (
        '"VESSEL","ADONIA","IMO9242223","sanction","","","","NK-1","","",""\n'
        '"VESSEL","ADONIA","IMO9209972","sanction","","","","NK-1","","",""\n'
    )
    (ship,) = entries(read("maritime", given(tmp_path, maritime_csv=table))).values()
    assert (ship.imo, ship.other_imos) == ("9242223", ("9209972",))
    assert ship.issues == ("the IMO number field holds 2 numbers: 'IMO9242223 / IMO9209972'",)


def test_a_company_number_on_a_ship_is_kept_and_told(tmp_path: Path) -> None:
    table = HEAD + '"VESSEL","ADONIA","IMO6183435","sanction","","","","NK-1","","",""\n'
    (ship,) = entries(read("maritime", given(tmp_path, maritime_csv=table))).values()
    assert (ship.imo, ship.issues) == ("6183435", ("IMO 6183435 fails the check digit of a ship",))


def test_rows_without_a_name_and_columns_nobody_knows_are_told(tmp_path: Path) -> None:
    table = HEAD.replace("\n", ",hull\n") + (
        '"VESSEL","ADONIA","IMO9242223","sanction","","","","NK-1","","","","red"\n'
        '"VESSEL","","IMO9209972","sanction","","","","NK-2","","","",""\n'
    )
    tables = read("maritime", given(tmp_path, maritime_csv=table))
    assert sorted(rejected(tables)) == [("maritime.csv", 2, "unknown field"), ("maritime.csv", 3, "no name")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<html><body>503</body></html>", "a web page"),
        ("name,imo\nADONIA,9242223\n", "no column for type, risk, id"),
        (TABLE[:-30], "ends after|cut short"),
        (HEAD + '"ORGANIZATION","Marine Trans","IMO6183435","sanction","ae","","","NK-4","","",""\n', "0 vessels"),
        (HEAD, "0 entries"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_maritime_csv_is_refused(tmp_path: Path, content: str, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("maritime", given(tmp_path, maritime_csv=content), excerpt=False)


@pytest.mark.shared
def test_the_first_form_of_the_table_is_read(shared: Path) -> None:
    name = "opensanctions_maritime_export_test_dataset.csv.gz"
    tables = read("maritime", [Received(shared / "sanctions_eu" / name, name)], excerpt=False)
    statuses = {one.name: (one.kind, one.status, one.imo) for one in entries(tables).values()}
    assert statuses == {
        "Irrelevant Corp": ("company", "listed", None),
        "Marine Trans Shipping LLC": ("company", "listed", "6183435"),
        "ADONIA": ("vessel", "reported", "9242223"),
        "TEMIRO": ("vessel", "listed", "9209972"),
        "DESTAN": ("vessel", "listed", None),
    }
    assert tables["parties"]["name"].to_list() == ["SWIFTSEA RIDER"]
