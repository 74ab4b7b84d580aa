from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lists.reading import RECEIVED_AT, entries, given, read, rejected

from clearwake.model import Designation, Received, UnreadableFileError

TWO_COMPANIES = (
    '24450,"PRIMORYE MARITIME LOGISTICS CO LTD",-0- ,"DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"Secondary sanctions risk: North Korea Sanctions Regulations; Company Number IMO 5993381; '
    "a.k.a. 'PML CO LTD'.\"\r\n"
    '24451,"GUDZON SHIPPING CO LLC",-0- ,"DPRK4",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"Company Number IMO 5753988."\r\n'
)
PATRIOT = (
    '24508,"PATRIOT","vessel","DPRK4] [NPWMD",-0- ,"UBXX5","Products Tanker","3,100","2,600","Russia",-0- ,'
    '"Former Vessel Flag Malta; alt. Former Vessel Flag None Identified; Vessel Registration Identification IMO '
    "9003550; Vessel Year of Build 1991; MMSI 273000000; f.k.a. 'OLD ONE'; Linked To: PRIMORYE "
    "MARITIME LOGISTICS CO LTD; Linked To: GUDZON "
    'SHIPPING CO LLC."\r\n'
)
PERSON = (
    '10035,"NKUNDA, Laurent","individual","DRCONGO","Founder",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 06 Feb 1967; alt. DOB 02 Feb 1967; POB Rutshuru; nationality Congo."\r\n'
)
AIRCRAFT = (
    '1,"EP-MMH","aircraft","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Aircraft Tail Number EP-MMH."\r\n'
)
END = "\x1a"


def vessel(remark: str, name: str = "SHIP", flag: str = '"Panama"') -> str:
    return f'7,"{name}","vessel","IRAN",-0- ,-0- ,-0- ,-0- ,-0- ,{flag},-0- ,"{remark}."\r\n'


def only(tmp_path: Path, row: str, **others: str) -> Designation:
    (entry,) = entries(read("ofac", given(tmp_path, sdn_csv=row + END, **others))).values()
    return entry


def test_the_ship_the_owner_and_the_programme_of_21_august_2018_come_out(tmp_path: Path) -> None:
    found = entries(read("ofac", given(tmp_path, sdn_csv=TWO_COMPANIES + PATRIOT + END)))
    ship, owner = found["ofac:24508"], found["ofac:24451"]
    assert (ship.kind, ship.name, ship.imo, ship.mmsi, ship.callsign) == (
        "vessel", "PATRIOT", "9003550", 273000000, "UBXX5",
    )  # fmt: skip
    assert ship.programmes == ("DPRK4", "NPWMD")
    assert ship.linked_to == ("PRIMORYE MARITIME LOGISTICS CO LTD", "GUDZON SHIPPING CO LLC")
    assert (ship.flag, ship.former_flags) == ("Russia", ("Malta", "None Identified"))
    assert ship.former_names == ("OLD ONE",)
    assert (ship.ship_type_text, ship.tonnage) == ("Products Tanker", "deadweight: 3,100; gross: 2,600")
    assert ship.build_year == 1991
    assert (owner.kind, owner.imo, owner.issues) == ("company", "5753988", ())
    assert found["ofac:24450"].weak_names == ("PML CO LTD",)
    assert found["ofac:24450"].measures == ("Secondary sanctions risk: North Korea Sanctions Regulations",)


def test_every_kind_of_party_is_kept(tmp_path: Path) -> None:
    found = entries(read("ofac", given(tmp_path, sdn_csv=TWO_COMPANIES + PATRIOT + PERSON + AIRCRAFT + END)))
    kinds = sorted(entry.kind for entry in found.values())
    assert kinds == ["aircraft", "company", "company", "person", "vessel"]
    person = found["ofac:10035"]
    assert (person.birth_date, person.country) == ("1967-02-06; 1967-02-02", "Congo")
    assert found["ofac:1"].registration == "EP-MMH"


def test_the_terminator_is_no_bad_row(tmp_path: Path) -> None:
    tables = read("ofac", given(tmp_path, sdn_csv=TWO_COMPANIES + "\r\n" + END))
    assert len(entries(tables)) == 2
    assert rejected(tables) == []


def test_names_addresses_and_comments_join_their_entry(tmp_path: Path) -> None:
    cut = "A" * 985 + "; Linked To: G"
    files = given(
        tmp_path,
        sdn_csv=f'5,"HOOP",-0- ,"SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{cut:<1000}"\r\n' + END,
        alt_csv='5,1,"aka","HOOPLA",-0- \r\n5,2,"fka","HULA",-0- \r\n5,3,"nka","NEW HOOP","note"\r\n' + END,
        add_csv='5,1,"1 Street","Havana","Cuba",-0- \r\n5,2,-0- ,-0- ,"Spain",-0- \r\n' + END,
        comments_csv='5,"REEN SHIPPING; DOB 1960."\n' + END,
    )
    (entry,) = entries(read("ofac", files)).values()
    assert (entry.aliases, entry.former_names) == (("HOOPLA", "NEW HOOP"), ("HULA",))
    assert entry.country == "Cuba"
    assert entry.birth_date == "1960"
    assert "address: 1 Street, Havana, Cuba" in (entry.remarks or "")


def test_a_cut_remark_goes_on_in_the_comment_in_the_middle_of_a_word(tmp_path: Path) -> None:
    remark = "x" * 986 + "; Linked To: G"
    row = f'5,"HOOP",-0- ,"SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{remark}"\r\n'
    assert len(remark) == 1000
    assert only(tmp_path, row, comments_csv='5,"REEN SHIPPING."\n').linked_to == ("GREEN SHIPPING",)
    assert "cut at 1,000 characters" in only(tmp_path, row).issues[0]


def test_rows_about_unknown_entries_and_broken_rows_are_told_by_file_and_line(tmp_path: Path) -> None:
    files = given(
        tmp_path,
        sdn_csv=TWO_COMPANIES + "not,a row\r\n" + TWO_COMPANIES[:] + PATRIOT + END,
        alt_csv='24451,1,"aka","SK GUDZON",-0- \r\n99,2,"aka","NOBODY",-0- \r\n' + END,
    )
    tables = read("ofac", files)
    assert sorted(rejected(tables)) == [
        ("alt.csv", 2, "unknown entry"),
        ("sdn.csv", 3, "not a row of this table"),
        ("sdn.csv", 4, "entry given twice"),
        ("sdn.csv", 5, "entry given twice"),
    ]
    assert len(entries(tables)) == 3


@pytest.mark.parametrize(
    ("remark", "imo", "issue"),
    [
        ("Vessel Registration Identification IMO 15411", None, "IMO number 'IMO 15411' is not seven digits"),
        (
            "Vessel Registration Identification IMO 9003551",
            "9003551",
            "IMO 9003551 fails the check digit of a ship",
        ),
        (
            "Vessel Registration Identification Does not exist",
            None,
            "the IMO number field says 'Does not exist'",
        ),
        ("Vessel Registration Identification IMO 1234567", "1234567", "IMO 1234567 is a placeholder"),
    ],
)
def test_a_dirty_imo_number_is_kept_and_told(
    tmp_path: Path, remark: str, imo: str | None, issue: str
) -> None:
    entry = only(tmp_path, vessel(remark))
    assert entry.imo == imo
    assert issue in entry.issues


def test_two_numbers_in_one_field_are_both_read_and_the_valid_one_comes_first(tmp_path: Path) -> None:
    entry = only(
        tmp_path, vessel("Vessel Registration Identification IMO 9003551 or 9179701; MMSI not assigned")
    )
    assert (entry.imo, entry.other_imos, entry.mmsi) == ("9179701", ("9003551",), None)
    assert "MMSI 'not assigned' is not nine digits" in entry.issues


def test_a_flag_that_is_no_country_stays_as_a_fact(tmp_path: Path) -> None:
    entry = only(tmp_path, vessel("MMSI 572469210", flag='"None Identified"'))
    assert entry.flag == "None Identified"
    assert entry.issues == ("the flag 'None Identified' is no country",)


def test_brackets_and_former_are_parted_from_a_ships_name(tmp_path: Path) -> None:
    entry = only(tmp_path, vessel("MMSI 572469210", name="TONG HUNG SAN (CHONG CHON GANG) (formerly X LADY)"))
    assert (entry.name, entry.aliases, entry.former_names) == (
        "TONG HUNG SAN",
        ("CHONG CHON GANG",),
        ("X LADY",),
    )


def test_an_undated_edition_is_dated_by_what_was_asserted_and_says_so(tmp_path: Path) -> None:
    files = given(tmp_path, sdn_csv=TWO_COMPANIES + END)
    asserted = datetime(2018, 8, 21, tzinfo=UTC)
    edition = read("ofac", files, known_at=asserted)["editions"].row(0, named=True)
    assert (edition["part"], edition["dated"], edition["dated_by"]) == ("sdn", asserted, "asserted")
    assert edition["notes"] == [
        "the file of addresses was not among those given",
        "the file of names was not among those given",
    ]
    edition = read("ofac", files)["editions"].row(0, named=True)
    assert (edition["dated"], edition["dated_by"]) == (RECEIVED_AT, "received")


def test_the_consolidated_list_is_known_by_its_programmes(tmp_path: Path) -> None:
    rows = '9639,"HANIYA","individual","NS-PLC",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1962."\r\n'
    tables = read("ofac", given(tmp_path, sdn_csv=rows + END))
    assert tables["editions"]["part"].to_list() == ["consolidated"]
    assert tables["designations"]["edition"].to_list() == ["consolidated:2026-11-22"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("<!DOCTYPE html><html><body>503</body></html>", "a web page"),
        ("", "an empty file"),
        ("name,imo\nPATRIOT,9003550\n", "2 columns, the first row 'name,imo'"),
        ('24450,1,"aka","ALONE",-0- \r\n', "only names"),
        (TWO_COMPANIES[:-20], "ends after"),
        ("<sanctions><entry/></sanctions>", "a document of <sanctions>"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sdnList>&a;</sdnList>', "DTDForbidden"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_whole(tmp_path: Path, content: str, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("ofac", given(tmp_path, sdn_csv=content))


def test_a_part_of_a_list_is_refused_unless_it_is_called_an_excerpt(tmp_path: Path) -> None:
    files = given(tmp_path, sdn_csv=TWO_COMPANIES + PATRIOT + END)
    with pytest.raises(UnreadableFileError, match="3 entries, where a complete edition has 3,000 to 40,000"):
        read("ofac", files, excerpt=False)
    assert read("ofac", files)["editions"]["is_excerpt"].to_list() == [True]


XML = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
  <publshInformation><Publish_Date>08/21/2018</Publish_Date><Record_Count>{count}</Record_Count></publshInformation>
  <sdnEntry>
    <uid>24508</uid><lastName>PATRIOT</lastName><sdnType>Vessel</sdnType>
    <remarks>(Linked To: PRIMORYE MARITIME LOGISTICS CO LTD; Linked To: GUDZON SHIPPING CO LLC)</remarks>
    <programList><program>DPRK4</program></programList>
    <idList>
      <id><uid>1</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9003550</idNumber></id>
      <id><uid>2</uid><idType>MMSI</idType><idNumber>273000000</idNumber></id>
    </idList>
    <akaList>
      <aka><uid>5</uid><type>f.k.a.</type><category>strong</category><lastName>OLD ONE</lastName></aka>
      <aka><uid>6</uid><type>a.k.a.</type><category>weak</category><lastName>PAT</lastName></aka>
    </akaList>
    <vesselInfo><callSign>UBXX5</callSign><vesselFlag>Russia</vesselFlag><tonnage>10</tonnage></vesselInfo>
    {more}
  </sdnEntry>
  <sdnEntry>
    <uid>1</uid><firstName>Ali</firstName><lastName>AHMADI</lastName><sdnType>Individual</sdnType>
    <programList><program>SDGT</program></programList>
    <nationalityList><nationality><uid>1</uid><country>Iran</country><mainEntry>true</mainEntry></nationality>
    </nationalityList>
    <dateOfBirthList><dateOfBirthItem><uid>1</uid><dateOfBirth>06 Feb 1967</dateOfBirth></dateOfBirthItem>
    </dateOfBirthList>
    <addressList><address><uid>3</uid><city>Tehran</city><country>Iran</country></address></addressList>
  </sdnEntry>
</sdnList>
"""


def test_the_xml_file_says_the_same_and_when_it_was_published(tmp_path: Path) -> None:
    tables = read("ofac", given(tmp_path, sdn_xml=XML.format(count=2, more="")))
    ship, person = entries(tables).values()
    assert (ship.imo, ship.mmsi, ship.callsign, ship.flag, ship.tonnage) == (
        "9003550", 273000000, "UBXX5", "Russia", "deadweight: 10",
    )  # fmt: skip
    assert ship.linked_to == ("PRIMORYE MARITIME LOGISTICS CO LTD", "GUDZON SHIPPING CO LLC")
    assert (ship.former_names, ship.weak_names, ship.line) == (("OLD ONE",), ("PAT",), 4)
    assert (person.name, person.birth_date, person.country) == ("AHMADI, Ali", "1967-02-06", "Iran")
    edition = tables["editions"].row(0, named=True)
    assert (edition["dated"], edition["dated_by"]) == (datetime(2018, 8, 21, tzinfo=UTC), "content")
    assert rejected(tables) == []


def test_an_unknown_element_is_told_and_costs_no_entry(tmp_path: Path) -> None:
    tables = read(
        "ofac", given(tmp_path, sdn_xml=XML.format(count=2, more='<hull colour="red">steel</hull>'))
    )
    assert len(entries(tables)) == 2
    found = tables["quarantine"].select("line", "reason", "found").rows()
    assert found == [
        (4, "unknown field", "sdnEntry/hull: 1 values, the first 'steel'"),
        (4, "unknown field", "sdnEntry/hull@colour: 1 values, the first 'red'"),
    ]


def test_an_xml_file_that_counts_other_entries_than_it_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="2 entries where the file itself counts 3"):
        read("ofac", given(tmp_path, sdn_xml=XML.format(count=3, more="")))


def test_an_xml_file_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cut short"):
        read("ofac", given(tmp_path, sdn_xml=XML.format(count=2, more="")[:-30]))


@pytest.mark.shared
def test_a_real_edition_reads_whole_with_its_106_korean_ships(shared: Path) -> None:
    folder = shared / "sanctions_ofac"
    names = ("sdn_bench.csv.gz", "alt_bench.csv.gz", "add_bench.csv.gz")
    tables = read("ofac", [Received(folder / name, name) for name in names], excerpt=False)
    edition = tables["editions"].row(0, named=True)
    assert (edition["entries"], edition["vessels"], edition["rejected"]) == (8976, 406, 0)
    ships = [entry for entry in entries(tables).values() if entry.kind == "vessel"]
    assert sum("DPRK4" in ship.programmes or "DPRK" in "".join(ship.programmes) for ship in ships) == 106
    six = {"PATRIOT", "BELLA", "BOGATYR", "NEPTUN", "PARTIZAN", "SEVASTOPOL"}
    listed = [ship for ship in ships if ship.name in six and "GUDZON SHIPPING CO LLC" in ship.linked_to]
    assert {ship.name for ship in listed} == six
    assert all(ship.programmes == ("DPRK4",) for ship in listed)
