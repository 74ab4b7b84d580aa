from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lists.reading import entries, given, read, rejected

from clearwake.model import Ownership, Party, UnreadableFileError, records

WORDS = """
  <AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
    <AliasType ID="1403">Name</AliasType></AliasTypeValues>
  <AreaCodeValues><AreaCode ID="11291" CountryID="11291" Description="undetermined" AreaCodeTypeID="1"/>
    </AreaCodeValues>
  <CountryValues><Country ID="11182" ISO2="RU">Russia</Country><Country ID="11100" ISO2="IR">Iran</Country>
    </CountryValues>
  <DetailReferenceValues><DetailReference ID="705">Products Tanker</DetailReference></DetailReferenceValues>
  <FeatureTypeValues><FeatureType ID="1">Vessel Call Sign</FeatureType>
    <FeatureType ID="2">VESSEL TYPE</FeatureType>
    <FeatureType ID="3">Vessel Flag</FeatureType><FeatureType ID="4">Vessel Owner</FeatureType>
    <FeatureType ID="5">Vessel Tonnage</FeatureType><FeatureType ID="8">Birthdate</FeatureType>
    <FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="25">Location</FeatureType>
    <FeatureType ID="400">Secondary sanctions risk:</FeatureType>
    <FeatureType ID="401">Other Vessel Flag</FeatureType></FeatureTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType>
    <IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType>
    <IDRegDocType ID="91264">MMSI</IDRegDocType><IDRegDocType ID="1627">Company Number</IDRegDocType>
      </IDRegDocTypeValues>
  <IDRegDocDateTypeValues><IDRegDocDateType ID="1480">Issue Date</IDRegDocDateType></IDRegDocDateTypeValues>
  <LegalBasisValues><LegalBasis ID="1822">Executive Order 13810</LegalBasis></LegalBasisValues>
  <ListValues><List ID="1550">SDN List</List></ListValues>
  <LocPartTypeValues><LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
  <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType>
    <NamePartType ID="1521">First Name</NamePartType>
    <NamePartType ID="1525">Entity Name</NamePartType><NamePartType ID="1526">Vessel Name</NamePartType>
      </NamePartTypeValues>
  <PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
    <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
    <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
  <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
    </PartyTypeValues>
  <RelationTypeValues><RelationType ID="15003">Owned or Controlled By</RelationType>
    <RelationType ID="91725">Leader or official of</RelationType></RelationTypeValues>
  <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType>
    <SanctionsType ID="1705">Block</SanctionsType></SanctionsTypeValues>
"""


def name(text: str, group: str, kind: str = "1403", *, primary: str = "true", weak: str = "false") -> str:
    parts = "".join(
        f'<DocumentedNamePart><NamePartValue NamePartGroupID="{number}" ScriptID="215">{one}</NamePartValue>'
        "</DocumentedNamePart>"
        for number, one in zip(group.split(), text.split("|"), strict=True)
    )
    return (
        f'<Alias FixedRef="1" AliasTypeID="{kind}" Primary="{primary}" LowQuality="{weak}">'
        f'<DocumentedName ID="9" FixedRef="1" DocNameStatusID="1">{parts}</DocumentedName></Alias>'
    )


def party(number: str, sort: str, names: str, groups: str, features: str = "") -> str:
    kinds = "".join(
        f'<MasterNamePartGroup><NamePartGroup ID="{one.split(":")[0]}" NamePartTypeID="{one.split(":")[1]}"/>'
        "</MasterNamePartGroup>"
        for one in groups.split()
    )
    return (
        f'<DistinctParty FixedRef="{number}"><Comment/><Profile ID="{number}" PartySubTypeID="{sort}">'
        f'<Identity ID="7{number}" FixedRef="{number}" Primary="true" False="false">{names}'
        f"<NamePartGroups>{kinds}</NamePartGroups></Identity>{features}</Profile></DistinctParty>"
    )


def feature(kind: str, value: str) -> str:
    return (
        f'<Feature ID="5" FeatureTypeID="{kind}"><FeatureVersion ID="6" ReliabilityID="1"><Comment/>{value}'
        '</FeatureVersion><IdentityReference IdentityID="1" IdentityFeatureLinkTypeID="1"/></Feature>'
    )


def text(said: str) -> str:
    return f'<VersionDetail DetailTypeID="1432">{said}</VersionDetail>'


def paper(identity: str, kind: str, number: str, more: str = "") -> str:
    return (
        f'<IDRegDocument ID="1" IDRegDocTypeID="{kind}" IdentityID="{identity}" ValidityID="1"><Comment/>'
        f"<IDRegistrationNo>{number}</IDRegistrationNo><IssuingAuthority/>{more}"
        '<DocumentedNameReference DocumentedNameID="9"/></IDRegDocument>'
    )


def day(year: int, month: int, of_month: int) -> str:
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{of_month}</Day>"


def period(first: str, last: str) -> str:
    return (
        f'<DatePeriod CalendarTypeID="1"><Start Approximate="false"><From>{first}</From><To>{first}</To></Start>'
        f'<End Approximate="false"><From>{last}</From><To>{last}</To></End></DatePeriod>'
    )


def listing(number: str, programme: str, date: str) -> str:
    return (
        f'<SanctionsEntry ID="{number}" ProfileID="{number}" ListID="1550"><EntryEvent ID="1" EntryEventTypeID="1" '
        f'LegalBasisID="1822"><Comment/><Date CalendarTypeID="1">{date}</Date></EntryEvent>'
        '<SanctionsMeasure ID="1" SanctionsTypeID="1705"><Comment/></SanctionsMeasure>'
        f'<SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>{programme}</Comment></SanctionsMeasure>'
        "</SanctionsEntry>"
    )


PATRIOT = party(
    "24508", "1", name("PATRIOT", "1") + name("OLD ONE", "2", "1401", primary="false")
    + name("PAT", "3", "1400", primary="false", weak="true"), "1:1526 2:1526 3:1526",
    feature("1", text("UBXX5")) + feature("2", '<VersionDetail DetailTypeID="1431" DetailReferenceID="705"/>')
    + feature("3", '<VersionDetail DetailTypeID="1433"/><VersionLocation LocationID="2"/>')
    + feature("5", text("3,100")) + feature("401", text("Togo")) + feature("4", text("SOME OWNER LTD")),
)  # fmt: skip
GUDZON = party("24451", "3", name("GUDZON SHIPPING CO LLC", "4"), "4:1525",
               feature("25", '<VersionLocation LocationID="1"/>')
               + feature("400", text("North Korea Sanctions Regulations")))  # fmt: skip
AHMADI = party(
    "10035", "4", name("AHMADI|Ali", "5 6"), "5:1520 6:1521",
    feature("8", period(day(1967, 1, 1), day(1967, 12, 31))) + feature("10", '<VersionLocation LocationID="3"/>'),
)  # fmt: skip
LOCATIONS = (
    '<Location ID="1"><LocationCountry CountryID="11182" CountryRelevanceID="1413"/><LocationPart LocPartTypeID="1454">'
    '<LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1"><Comment/><Value>Vladivostok'
    '</Value></LocationPartValue></LocationPart><FeatureVersionReference FeatureVersionID="6"/></Location>'
    '<Location ID="2"><LocationCountry CountryID="11182" CountryRelevanceID="1413"/></Location>'
    '<Location ID="3"><LocationAreaCode AreaCodeID="11291"/><LocationPart LocPartTypeID="1"><LocationPartValue '
    'Primary="true"><Value>Iran</Value></LocationPartValue></LocationPart></Location>'
)
ISSUED = f'<DocumentDate IDRegDocDateTypeID="1480">{period(day(2001, 2, 3), day(2001, 2, 3))}</DocumentDate>'
PAPERS = (
    paper("724508", "1626", "IMO 9003550") + paper("724508", "91264", "273000000")
    + paper("724451", "1627", "IMO 5753988") + paper("710035", "1571", "P123", ISSUED)
)  # fmt: skip
LISTINGS = (
    listing("24508", "DPRK4", day(2018, 8, 21)) + listing("24451", "DPRK4", day(2018, 8, 21))
    + listing("10035", "SDGT", day(2010, 2, 4))
)  # fmt: skip


def relation(first: str, second: str, kind: str, former: str) -> str:
    return (
        f'<ProfileRelationship ID="1" From-ProfileID="{first}" To-ProfileID="{second}" RelationTypeID="{kind}" '
        f'RelationQualityID="1" Former="{former}" SanctionsEntryID="{first}"><Comment/></ProfileRelationship>'
    )


OWNED = relation("24508", "24451", "15003", "false")
LEADS = relation("10035", "24451", "91725", "true")
EVERYONE = f"{PATRIOT}\n{GUDZON}\n{AHMADI}"
FILE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/Publication'
    'Preview/exports/ADVANCED_XML" Version="3">\n<DateOfIssue CalendarTypeID="1"><Year>2018</Year><Month>8</Month>'
    "<Day>21</Day></DateOfIssue>\n<ReferenceValueSets>{words}</ReferenceValueSets>\n<Locations>{locations}</Locations>\n"
    "<IDRegDocuments>{papers}</IDRegDocuments>\n<DistinctParties>\n{parties}\n</DistinctParties>\n"
    "<ProfileRelationships>{relations}</ProfileRelationships>\n<SanctionsEntries>{listings}</SanctionsEntries>\n"
    '<SanctionsEntryLinks/></Sanctions>\n'
)  # fmt: skip


def whole(parties: str = EVERYONE, relations: str = OWNED + LEADS, listings: str = LISTINGS) -> str:
    return FILE.format(words=WORDS, locations=LOCATIONS, papers=PAPERS, parties=parties, relations=relations,
                       listings=listings)  # fmt: skip


def test_the_advanced_file_says_what_the_legacy_files_say_and_since_when(tmp_path: Path) -> None:
    tables = read("ofac", given(tmp_path, sdn_advanced_xml=whole()))
    assert rejected(tables) == []
    found = entries(tables)
    ship, owner, person = found["ofac:24508"], found["ofac:24451"], found["ofac:10035"]
    assert (ship.kind, ship.name, ship.imo, ship.mmsi, ship.callsign, ship.flag) == (
        "vessel", "PATRIOT", "9003550", 273000000, "UBXX5", "Russia",
    )  # fmt: skip
    assert (ship.former_names, ship.weak_names) == (("OLD ONE",), ("PAT",))
    assert (ship.ship_type_text, ship.tonnage, ship.owner) == (
        "Products Tanker",
        "deadweight: 3,100",
        "SOME OWNER LTD",
    )
    assert (ship.programmes, ship.measures) == (("DPRK4",), ("Block",))
    assert ship.listed_on == datetime(2018, 8, 21, tzinfo=UTC)
    assert ship.linked_to == ("GUDZON SHIPPING CO LLC",)
    assert ship.issues == ("also listed under the flag 'Togo'",)
    assert (owner.kind, owner.imo, owner.country) == ("company", "5753988", "Russia")
    assert "Secondary sanctions risk: North Korea Sanctions Regulations" in owner.measures
    assert (person.kind, person.name, person.birth_date, person.country) == (
        "person", "AHMADI, Ali", "1967", "Iran",
    )  # fmt: skip
    assert "Passport P123 Issue Date: 2001-02-03" in (person.remarks or "")
    edition = tables["editions"].row(0, named=True)
    assert (edition["part"], edition["dated_by"]) == ("sdn", "content")
    assert edition["dated"] == datetime(2018, 8, 21, tzinfo=UTC)


def test_relationships_are_edges_between_entries_and_never_a_share(tmp_path: Path) -> None:
    tables = read("ofac", given(tmp_path, sdn_advanced_xml=whole()))
    owned, leads, named = records(tables["ownerships"], Ownership)
    assert (owned.owner, owned.owned, owned.role, owned.share_low, owned.share_high) == (
        "ofac:24451", "ofac:24508", "owner", 0.0, 100.0,
    )  # fmt: skip
    assert owned.role_text == "Owned or Controlled By"
    assert "the list does not say whether it owns, or only controls" in owned.issues
    assert (leads.owner, leads.owned, leads.role, leads.share_low) == (
        "ofac:24451",
        "ofac:10035",
        "linked",
        None,
    )
    assert leads.valid_to == datetime(2018, 8, 21, tzinfo=UTC)
    assert (named.owner, named.owned, named.role) == ("ofac:named:SOME OWNER LTD", "ofac:24508", "owner")
    assert [one.name for one in records(tables["parties"], Party)] == ["SOME OWNER LTD"]
    assert set(tables["ownerships"]["edition"]) == {"sdn:2018-08-21"}


def test_a_party_without_a_sanctions_entry_is_named_and_not_listed(tmp_path: Path) -> None:
    only_ship = listing("24508", "DPRK4", day(2018, 8, 21))
    tables = read("ofac", given(tmp_path, sdn_advanced_xml=whole(listings=only_ship)))
    assert list(entries(tables)) == ["ofac:24508"]
    assert {one.id for one in records(tables["parties"], Party)} >= {"ofac:24451", "ofac:10035"}


def test_what_leads_nowhere_and_what_nobody_knows_is_told(tmp_path: Path) -> None:
    nameless = party("5", "1", "", "")
    strange = GUDZON.replace("<Comment/><Profile", "<Comment/><Hull>steel</Hull><Profile")
    content = whole(parties=f"{PATRIOT}\n{strange}\n{nameless}")
    reasons = [reason for _, _, reason in rejected(read("ofac", given(tmp_path, sdn_advanced_xml=content)))]
    assert sorted(reasons) == [
        "entry of an unknown party",
        "no name",
        "relationship with an unknown party",
        "unknown field",
    ]


def test_an_advanced_file_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cut short"):
        read("ofac", given(tmp_path, sdn_advanced_xml=whole()[:-40]))
