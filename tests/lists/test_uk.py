from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lists.reading import RECEIVED_AT, entries, given, read, rejected

from clearwake.model import Ownership, Party, UnreadableFileError, records

DPRK = "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019"
RUSSIA = "The Russia (Sanctions) (EU Exit) Regulations 2019"

PERSON = """<Designation>
  <LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated><UniqueID>AFG0006</UniqueID>
  <OFSIGroupID>7172</OFSIGroupID><UNReferenceNumber>TAi.002</UNReferenceNumber>
  <Names>
    <Name><Name1>Mohammad</Name1><Name2>Hassan</Name2><Name6>Akhund</Name6>
      <NameType>Primary name variation</NameType></Name>
    <Name><Name1>MOHAMMAD</Name1><Name2>HASSAN</Name2><Name6>AKHUND</Name6><NameType>Primary Name</NameType></Name>
    <Name><Name6>Haji Hassan</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
  </Names>
  <NonLatinNames><NonLatinName><NameNonLatinScript>محمد حسن</NameNonLatinScript>
    <NonLatinScriptLanguage>Arabic</NonLatinScriptLanguage></NonLatinName></NonLatinNames>
  <Titles><Title>Mullah</Title></Titles>
  <RegimeName>The Afghanistan (Sanctions) (EU Exit) Regulations 2020</RegimeName>
  <IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UN</DesignationSource>
  <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
  <SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze><TravelBan>true</TravelBan></SanctionsImposedIndicators>
  <UKStatementofReasons>Deputy Minister.</UKStatementofReasons>
  <Addresses><Address><AddressLine6>Kabul</AddressLine6><AddressCountry>Afghanistan</AddressCountry></Address></Addresses>
  <IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB></DOBs>
    <PassportDetails><Passport><PassportNumber>P0458</PassportNumber></Passport></PassportDetails>
    <Nationalities><Nationality>Afghanistan</Nationality></Nationalities>{more}
  </Individual></IndividualDetails>
</Designation>"""
SHIP = """<Designation>
  <LastUpdated>18/12/2021</LastUpdated><DateDesignated>03/10/2017</DateDesignated><UniqueID>DPR0075</UniqueID>
  <Names><Name><Name6>Petrel 8</Name6><NameType>Primary name</NameType></Name>
    <Name><Name6>Jal Vahini</Name6><NameType>Alias</NameType></Name></Names>
  <RegimeName>The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019</RegimeName>
  <IndividualEntityShip>Ship</IndividualEntityShip><SanctionsImposed>Prohibition of port entry</SanctionsImposed>
  <ShipDetails><Ship>
    <IMONumbers><IMONumber>IMO9562233</IMONumber></IMONumbers>
    <CurrentOwnerOperators><CurrentOwnerOperator>Haji Exchange</CurrentOwnerOperator></CurrentOwnerOperators>
    <PreviousOwnerOperators><PreviousOwnerOperator>Old Owner Ltd</PreviousOwnerOperator></PreviousOwnerOperators>
    <CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips>
    <PreviousFlags><PreviousFlag>India; Togo</PreviousFlag></PreviousFlags>
    <TypeOfShipDetails><TypeOfShip>Bulk Carrier</TypeOfShip></TypeOfShipDetails>
    <TonnageOfShipDetails><TonnageOfShip>7078</TonnageOfShip></TonnageOfShipDetails>
    <LengthOfShipDetails><LengthOfShip>127</LengthOfShip></LengthOfShipDetails>
    <YearsBuilt><YearBuilt>2011</YearBuilt></YearsBuilt>
    <HullIdentificationNumbers><HullIdentificationNumber>H-77</HullIdentificationNumber></HullIdentificationNumbers>
  </Ship></ShipDetails>
</Designation>"""
COMPANY = """<Designation>
  <DateDesignated>29/06/2012</DateDesignated><UniqueID>AFG0001</UniqueID>
  <Names><Name><Name6>HAJI EXCHANGE</Name6><NameType>Primary Name</NameType></Name></Names>
  <RegimeName>The Afghanistan (Sanctions) (EU Exit) Regulations 2020</RegimeName>
  <IndividualEntityShip>Entity</IndividualEntityShip>
  <EntityDetails><Entity><BusinessRegistrationNumbers>
    <BusinessRegistrationNumber>INN: 7710137066</BusinessRegistrationNumber>
    </BusinessRegistrationNumbers><ParentCompanies><ParentCompany>HKHS Holding</ParentCompany></ParentCompanies>
    <Subsidiaries><Subsidiary>Kandahar Branch</Subsidiary></Subsidiaries></Entity></EntityDetails>
</Designation>"""
XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<DateGenerated>20/08/2026</DateGenerated>
{designations}
</Designations>
"""

HEAD = ("Last Updated", "Unique ID", "OFSI Group ID", "UN Reference Number", "Name 6", "Name 1", "Name 2", "Name 3",
        "Name 4", "Name 5", "Name type", "Alias strength", "Title", "Name non-latin script", "Non-latin script type",
        "Non-latin script language", "Regime Name", "Designation Type", "Designation source", "Sanctions Imposed",
        "Other Information", "UK Statement of Reasons", "Address Line 1", "Address Line 2", "Address Line 3",
        "Address Line 4", "Address Line 5", "Address Line 6", "Address Postal Code", "Address Country",
        "Phone number", "Website", "Email address", "Date Designated", "D.O.B", "Nationality(/ies)",
        "National Identifier number", "National Identifier additional information", "Passport number",
        "Passport additional information", "Position", "Gender", "Town of birth", "Country of birth",
        "Type of entity", "Subsidiaries", "Parent company", "Business registration number (s)", "IMO number",
        "Current owner/operator (s)", "Previous owner/operator (s)", "Current believed flag of ship",
        "Previous flags", "Type of ship", "Tonnage of ship", "Length of ship", "Year Built",
        "Hull identification number (HIN)")  # fmt: skip
TANKER = {"Unique ID": "RUS2000", "Name 6": "OCEAN STAR", "Name type": "Primary Name", "Regime Name": RUSSIA,
          "Designation Type": "Ship", "Sanctions Imposed": "Specified ship|Port barriers", "Date Designated":
          "15/05/2023", "IMO number": "9003550", "Current believed flag of ship": "Gabon", "Previous flags": "Panama",
          "Type of ship": "Crude oil tanker", "Year Built": "2004", "Current owner/operator (s)": "BLUE WAVE LTD",
          "Hull identification number (HIN)": "H-1"}  # fmt: skip


def xml(*designations: str) -> str:
    return XML.format(designations="\n".join(designations))


def row(cells: dict[str, str], head: tuple[str, ...] = HEAD) -> str:
    return ",".join(f'"{cells.get(column, "")}"' for column in head)


def csv(*rows: dict[str, str], head: tuple[str, ...] = HEAD, dated: str = "Report Date: 01/10/2026\n") -> str:
    return f"{dated}{','.join(head)}\n" + "".join(row(cells, head) + "\n" for cells in rows)


WHOLE = xml(PERSON.format(more=""), SHIP, COMPANY)


def test_persons_companies_and_ships_come_out_with_all_the_list_says(tmp_path: Path) -> None:
    tables = read("uk", given(tmp_path, uk_xml=WHOLE))
    assert rejected(tables) == []
    found = entries(tables)
    ship, person, company = found["uk:DPR0075"], found["uk:AFG0006"], found["uk:AFG0001"]
    assert (ship.kind, ship.name, ship.aliases, ship.imo, ship.flag, ship.former_flags) == (
        "vessel", "Petrel 8", ("Jal Vahini",), "9562233", "Comoros", ("India", "Togo"),
    )  # fmt: skip
    assert (ship.ship_type_text, ship.tonnage, ship.build_year) == ("Bulk Carrier", "7078", 2011)
    assert ship.programmes == (DPRK,)
    assert (ship.measures, ship.listed_on) == (
        ("Prohibition of port entry",),
        datetime(2017, 10, 3, tzinfo=UTC),
    )
    assert "hull identification number: H-77" in (ship.remarks or "")
    assert (person.kind, person.name, person.weak_names) == (
        "person",
        "MOHAMMAD HASSAN AKHUND",
        ("Haji Hassan",),
    )
    assert person.aliases == ("Mohammad Hassan Akhund", "محمد حسن")
    assert (person.birth_date, person.country) == ("1945; 1958-03-01", "Afghanistan")
    assert (person.measures, person.reference) == (("Asset freeze", "Travel Ban"), "AFG0006; UN: TAi.002")
    assert (company.kind, company.registration) == ("company", "INN: 7710137066")
    edition = tables["editions"].row(0, named=True)
    assert (edition["part"], edition["dated"], edition["dated_by"]) == (
        "full", datetime(2026, 8, 20, tzinfo=UTC), "content",
    )  # fmt: skip


def test_owners_operators_and_parents_are_edges_without_a_share(tmp_path: Path) -> None:
    tables = read("uk", given(tmp_path, uk_xml=WHOLE))
    found = {(one.owner, one.owned): one for one in records(tables["ownerships"], Ownership)}
    assert set(found) == {
        ("uk:AFG0001", "uk:DPR0075"),
        ("uk:named:OLD OWNER LTD", "uk:DPR0075"),
        ("uk:named:HKHS HOLDING", "uk:AFG0001"),
        ("uk:AFG0001", "uk:named:KANDAHAR BRANCH"),
    }
    now, before = (
        found["uk:AFG0001", "uk:DPR0075"],
        found["uk:named:OLD OWNER LTD", "uk:DPR0075"],
    )
    assert (now.role, now.share_low, now.share_high, now.valid_to) == ("owner", 0.0, 100.0, None)
    assert "the list says owner or operator, not which" in now.issues
    assert before.valid_to == datetime(2026, 8, 20, tzinfo=UTC)
    assert {one.kind for one in records(tables["parties"], Party)} == {"company"}


def test_the_table_says_the_same_as_the_xml_over_several_rows(tmp_path: Path) -> None:
    person = {"Unique ID": "RUS0001", "Name 6": "PETROV", "Name 1": "Ivan", "Name type": "Primary Name",
              "Regime Name": RUSSIA, "Designation Type": "Individual", "D.O.B": "00/00/1975",
              "Nationality(/ies)": "Russia"}  # fmt: skip
    other = {**person, "Name 6": "PETROFF", "Name type": "Alias", "D.O.B": "dd/04/1976"}
    former = {**TANKER, "Name 6": "OLD STAR", "Name type": "Alias"}
    tables = read("uk", given(tmp_path, uk_csv=csv(TANKER, former, person, other)))
    assert rejected(tables) == []
    found = entries(tables)
    ship = found["uk:RUS2000"]
    assert (ship.name, ship.aliases, ship.imo, ship.flag, ship.owner) == (
        "OCEAN STAR", ("OLD STAR",), "9003550", "Gabon", "BLUE WAVE LTD",
    )  # fmt: skip
    assert ship.measures == ("Specified ship", "Port barriers")
    assert (found["uk:RUS0001"].name, found["uk:RUS0001"].birth_date) == ("Ivan PETROV", "1975; 1976-04")
    edition = tables["editions"].row(0, named=True)
    assert (edition["dated"], edition["entries"], edition["vessels"]) == (
        datetime(2026, 10, 1, tzinfo=UTC),
        2,
        1,
    )


def test_the_older_heading_for_the_kind_is_known_and_a_table_without_a_date_is_dated_by_receipt(
    tmp_path: Path,
) -> None:
    head = tuple("Individual, Entity, Ship" if one == "Designation Type" else one for one in HEAD)
    quoted = ",".join(f'"{one}"' for one in head)
    content = quoted + "\n" + row({**TANKER, "Individual, Entity, Ship": "Ship"}, head) + "\n"
    tables = read("uk", given(tmp_path, uk_csv=content))
    assert entries(tables)["uk:RUS2000"].kind == "vessel"
    assert tables["editions"].row(0, named=True)["dated"] == RECEIVED_AT


def test_dirty_values_are_kept_and_told(tmp_path: Path) -> None:
    dirty = {**TANKER, "IMO number": "IMO 9003551 / 9179701", "Current believed flag of ship": "Unknown",
             "Date Designated": "32/01/2024", "Designation Type": "Aircraft"}  # fmt: skip
    (entry,) = entries(read("uk", given(tmp_path, uk_csv=csv(dirty)))).values()
    assert (entry.kind, entry.imo, entry.other_imos, entry.flag) == ("unknown", "9179701", ("9003551",), None)
    assert entry.listed_on is None
    assert "the kind 'Aircraft' is none that is known" in entry.issues
    assert "IMO 9003551 fails the check digit of a ship" in entry.issues
    assert any("32/01/2024" in issue for issue in entry.issues)


def test_unknown_leaves_columns_and_nameless_rows_are_told_and_cost_no_entry(tmp_path: Path) -> None:
    content = xml(
        PERSON.format(more="<EyeColour>brown</EyeColour>"),
        SHIP.replace("Petrel 8", "").replace("Jal Vahini", ""),
    )
    tables = read("uk", given(tmp_path, uk_xml=content))
    assert list(entries(tables)) == ["uk:AFG0006"]
    assert sorted(reason for _, _, reason in rejected(tables)) == ["no name", "unknown field"]
    assert "EyeColour: 1 values, the first 'brown'" in "".join(tables["quarantine"]["found"])
    table = read("uk", given(tmp_path, uk_csv=csv({**TANKER, "Colour": "red"}, head=(*HEAD, "Colour"))))
    assert [reason for _, _, reason in rejected(table)] == ["unknown field"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<!DOCTYPE html><html><body>503</body></html>", "a web page"),
        ("name,imo\nOCEAN STAR,9003550\n", "the first row 'name,imo'"),
        ("<CONSOLIDATED_LIST/>", "a document of <CONSOLIDATED_LIST>"),
        (WHOLE[:-30], "cut short"),
        (csv(TANKER)[:-40], "ends after|cut short|opens one"),
        (csv(), "the first row"),
    ],
)
def test_a_file_that_is_not_the_uk_list_is_refused_whole(tmp_path: Path, content: str, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("uk", given(tmp_path, uk_csv=content))


def test_an_edition_without_its_ships_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="1 entries, where a complete edition has"):
        read("uk", given(tmp_path, uk_xml=xml(COMPANY)), excerpt=False)
