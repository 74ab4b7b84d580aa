from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lists.reading import entries, given, read, rejected

from clearwake.model import Received, UnreadableFileError

HEAD = (
    "celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,previousName,"
    "imoNumber,mmsi,flag"
)
ROWS = """
32017R1509,1,EU-PRK,XIV.A,Asset freeze,30.3.2018,STS,Vessel,CHON MYONG 1,,,,8712362,,
32017R1509,9,EU-PRK,XIV.B,Transportation restrictions,30.3.2018,,Vessel,CHON MYONG 1,,,,8712362,,
32017R1509,1,EU-PRK,XIV.B,Transportation restrictions,3.10.2017,,Vessel,PETREL 8,,,,9562233,620233000,
32017R1509,,EU-PRK,XIII.B,Asset freeze,2.3.2016,,Vessel,Chong Bong (Greenlight) (Blue Nouvelle),,,,8909575,,
32017R1509,33,EU-PRK,XIV.B,Transportation restrictions,26 Feb. 2018,,Vessel,MIN NING DE YOU 078,,,,Does not exist,,
32017R1509,1,EU-PRK,XIII.A,Asset freeze,soon,,Person,Yun Ho-jin,Yun Ho-chin; 윤호진,Uncle,Old Yun,,,
32017R1509,2,EU-PRK,XIII.B,Asset freeze,17.3.2014,,LegalEntity,KOREA YUJONG SHIPPING CO LTD,,,,5434358,,
"""


def journal(rows: str = ROWS, head: str = HEAD) -> str:
    return head + rows


def test_a_ship_in_two_annexes_is_two_designations_with_their_measures(tmp_path: Path) -> None:
    found = entries(read("eu", given(tmp_path, eu_csv=journal())))
    frozen, barred = found["eu:32017R1509:XIV.A:1"], found["eu:32017R1509:XIV.B:9"]
    assert frozen.imo == barred.imo == "8712362"
    assert (frozen.measures, barred.measures) == (("Asset freeze",), ("Transportation restrictions",))
    assert frozen.listed_on == datetime(2018, 3, 30, tzinfo=UTC)
    assert frozen.reference == "32017R1509 annex XIV.A no. 1"
    assert found["eu:32017R1509:XIV.B:1"].mmsi == 620233000


def test_an_entry_without_a_number_is_named_by_its_imo_and_brackets_are_other_names(tmp_path: Path) -> None:
    ship = entries(read("eu", given(tmp_path, eu_csv=journal())))["eu:32017R1509:XIII.B:imo8909575"]
    assert (ship.name, ship.aliases) == ("Chong Bong", ("Greenlight", "Blue Nouvelle"))


def test_a_ship_whose_number_does_not_exist_is_kept_and_says_so(tmp_path: Path) -> None:
    ship = entries(read("eu", given(tmp_path, eu_csv=journal())))["eu:32017R1509:XIV.B:33"]
    assert (ship.imo, ship.issues) == (None, ("the IMO number field says 'Does not exist'",))
    assert ship.listed_on == datetime(2018, 2, 26, tzinfo=UTC)


def test_persons_and_companies_are_kept_and_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    found = entries(read("eu", given(tmp_path, eu_csv=journal())))
    person, company = found["eu:32017R1509:XIII.A:1"], found["eu:32017R1509:XIII.B:2"]
    assert (person.aliases, person.weak_names, person.former_names) == (
        ("Yun Ho-chin", "윤호진"), ("Uncle",), ("Old Yun",),
    )  # fmt: skip
    assert person.issues == ("date of listing 'soon' could not be read as a date",)
    assert (company.kind, company.imo, company.issues) == ("company", "5434358", ())


def test_each_regulation_is_a_part_of_its_own(tmp_path: Path) -> None:
    other = "32014R0833,5,EU-RUS,XLII,Transportation restrictions,25.6.2024,,Vessel,Kavya,,,Hana,9353113,,\n"
    editions = read("eu", given(tmp_path, eu_csv=journal(ROWS + other)))["editions"]
    assert editions.select("part", "vessels").rows() == [("32017R1509", 5), ("32014R0833", 1)]


def test_an_unknown_column_is_told_once_and_a_short_row_by_its_line(tmp_path: Path) -> None:
    rows = (
        ROWS.replace(",\n", ",,Earth\n", 1).replace(",,\n", ",,,\n")
        + "32017R1509,3,EU-PRK\n"
        + ROWS.split("\n")[1]
        + ",\n"
    )
    tables = read("eu", given(tmp_path, eu_csv=journal(rows, HEAD + ",planet")))
    reasons = {reason for _, _, reason in rejected(tables)}
    assert reasons == {"unknown field", "not a row of this table"}
    assert tables["quarantine"].filter(reason="unknown field")["found"].to_list() == [
        "planet: 1 values, the first 'Earth'"
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a,b,c\n1,2,3\n", "no celex, annex, schema"),
        (HEAD + "\n", "a header and nothing below it"),
        (journal()[:-40], "ends after"),
        ("<html>", "a web page"),
        ("<CONSOLIDATED_LIST/>", "a document of <CONSOLIDATED_LIST>"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_whole(tmp_path: Path, content: str, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("eu", given(tmp_path, eu_csv=content))


def test_an_edition_without_ships_where_the_list_has_ships_is_refused(tmp_path: Path) -> None:
    persons = "".join(
        f"32017R1509,{i},EU-PRK,XIII.A,Asset freeze,1.1.2018,,{'Person' if i % 2 else 'LegalEntity'},NAME {i},,,,,,\n"
        for i in range(300)
    )
    files = given(tmp_path, eu_csv=HEAD + "\n" + persons)
    with pytest.raises(UnreadableFileError, match="0 vessels, where a complete edition has 20 to 400"):
        read("eu", files, excerpt=False)


def test_an_edition_older_than_its_entries_says_so(tmp_path: Path) -> None:
    tables = read("eu", given(tmp_path, eu_csv=journal()), known_at=datetime(2017, 1, 1, tzinfo=UTC))
    assert tables["editions"]["notes"].to_list() == [
        ["dated 2017-01-01 (asserted), but holds entries listed up to 2018-03-30"]
    ]


FILE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2018-12-21T14:39:54.511+01:00" globalFileId="1">
  <sanctionEntity designationDetails="" unitedNationId="" euReferenceNumber="EU.36.64" logicalId="1">
    <regulation regulationType="amendment" publicationDate="2018-02-16" entryIntoForceDate="2018-02-17" programme="ZWE"
      numberTitle="2018/223 (OJ L43)" logicalId="9"><publicationUrl>http://x</publicationUrl></regulation>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="" lastName="" wholeName="R. Mugabe" strong="false" nameLanguage="" logicalId="2"/>
    <nameAlias firstName="" lastName="" wholeName="Robert Gabriel Mugabe" function="Former President" strong="true"
      nameLanguage="" logicalId="1"/>
    <birthdate circa="false" birthdate="1924-02-21" year="1924" countryIso2Code="00" countryDescription="UNKNOWN">
      <regulationSummary regulationType="amendment" publicationDate="2005-06-16" numberTitle="898/2005"/></birthdate>
    <citizenship countryIso2Code="ZW" countryDescription="ZIMBABWE"/>
    <address city="Harare" countryDescription="ZIMBABWE"><contactInfo key="PHONE" value="+263"/></address>
  </sanctionEntity>
  <sanctionEntity designationDate="2018-03-30" unitedNationId="KPe.1" euReferenceNumber="EU.5000.1" logicalId="2">
    <remark>{remark}</remark>
    <regulation programme="PRK"/><subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="CHON MYONG 1" nameLanguage="" strong="true"/>
    <identification number="{imo}" identificationTypeCode="imo"/>
  </sanctionEntity>
</export>
"""


def test_the_financial_sanctions_file_reads_in_xml(tmp_path: Path) -> None:
    tables = read("eu", given(tmp_path, eu_xml=FILE.format(remark="", imo="8712362")))
    person = entries(tables)["eu:EU.36.64"]
    assert (person.name, person.weak_names, person.birth_date) == (
        "Robert Gabriel Mugabe",
        ("R. Mugabe",),
        "1924-02-21",
    )
    assert (person.programmes, person.country) == (("ZWE",), "ZIMBABWE")
    assert person.listed_on == datetime(2005, 6, 16, tzinfo=UTC)
    assert person.issues == ("the file states no date of designation; the earliest act it names is taken",)
    assert person.remarks == "position: Former President; address: Harare, ZIMBABWE, PHONE +263"
    assert tables["editions"]["dated"].to_list() == [datetime(2018, 12, 21, tzinfo=UTC)]
    assert rejected(tables) == []


@pytest.mark.parametrize(
    ("imo", "remark", "kind"),
    [
        ("8712362", "", "vessel"),  # 8712362: a ship's check digit, no company's
        ("5571322", "", "company"),
        ("9187629", "the company's number", "vessel"),
        ("0000000", "", "unknown"),
    ],
)
def test_an_enterprise_with_an_imo_number_is_a_ship_or_a_company_by_its_check_digit(
    tmp_path: Path, imo: str, remark: str, kind: str
) -> None:
    found = entries(read("eu", given(tmp_path, eu_xml=FILE.format(remark=remark, imo=imo))))
    assert found["eu:EU.5000.1"].kind == kind
    assert found["eu:EU.5000.1"].reference == "EU.5000.1; UN: KPe.1"


COLUMNS = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_SubjectType;"
    "Entity_Regulation_PublicationDate;Entity_Regulation_Programme;NameAlias_WholeName;"
    "NameAlias_Regulation_PublicationDate;Address_City;Address_CountryDescription;BirthDate_BirthDate;"
    "Identification_Number;Identification_TypeCode;Zodiac\n"
)
TABLE = """21/12/2018;1;EU.36.64;;person;2018-02-16;ZWE;Robert Gabriel Mugabe;2018-02-16;;;;;;
21/12/2018;1;EU.36.64;;person;2018-02-16;ZWE;;;Harare;ZIMBABWE;;;;
21/12/2018;1;EU.36.64;;person;2018-02-16;ZWE;;;;;1924-02-21;;;fish
21/12/2018;2;EU.5000.1;2018-03-30;enterprise;;PRK;CHON MYONG 1;;;;;;;
21/12/2018;2;EU.5000.1;2018-03-30;enterprise;;PRK;;;;;;8712362;imo;
"""


def test_the_financial_sanctions_table_is_put_back_together(tmp_path: Path) -> None:
    tables = read("eu", given(tmp_path, eu_csv=COLUMNS + TABLE))
    person, ship = entries(tables).values()
    assert (person.name, person.birth_date, person.country) == (
        "Robert Gabriel Mugabe",
        "1924-02-21",
        "ZIMBABWE",
    )
    assert (person.listed_on, person.programmes) == (datetime(2018, 2, 16, tzinfo=UTC), ("ZWE",))
    assert (ship.kind, ship.imo, ship.listed_on) == ("vessel", "8712362", datetime(2018, 3, 30, tzinfo=UTC))
    assert tables["quarantine"]["found"].to_list() == ["Zodiac: 1 values, the first 'fish'"]
    assert tables["editions"]["dated"].to_list() == [datetime(2018, 12, 21, tzinfo=UTC)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("regulation", "vessels", "entries_in_all"), [("32017R1509", 75, 326), ("32014R0833", 633, 1746)]
)
def test_real_annexes_read_whole(shared: Path, regulation: str, vessels: int, entries_in_all: int) -> None:
    name = f"{regulation}.csv.gz"
    tables = read("eu", [Received(shared / "sanctions_eu" / name, name)], excerpt=False)
    edition = tables["editions"].row(0, named=True)
    assert (edition["part"], edition["vessels"], edition["entries"]) == (regulation, vessels, entries_in_all)
    assert edition["rejected"] == 0
    assert len(entries(tables)) == entries_in_all
