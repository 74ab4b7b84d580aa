from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.lists.reading import entries, given, read, rejected

from clearwake.model import Received, UnreadableFileError

LIST = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" dateGenerated="2026-02-27T00:00:09.554Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>6907993</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>ERIC</FIRST_NAME><SECOND_NAME>BADEGE</SECOND_NAME>
      <UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER>
      <LISTED_ON>2012-12-31-05:00</LISTED_ON><GENDER>Male</GENDER>
      <NAME_ORIGINAL_SCRIPT>Эрик Бадеге</NAME_ORIGINAL_SCRIPT>
      <NATIONALITY><VALUE>Congo</VALUE></NATIONALITY>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Rumuli</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>"Erik"</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME>Badege (previously listed as)</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR>
      </INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X1</NUMBER></INDIVIDUAL_DOCUMENT>
      <SORT_KEY/>{more}
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <DATAID>690735</DATAID><FIRST_NAME>CHONMYONG SHIPPING CO</FIRST_NAME>
      <UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.056</REFERENCE_NUMBER><LISTED_ON>2018-03-30</LISTED_ON>
      <COMMENTS1>Registered owner of CHON MYONG 1 (IMO 8712362). IMO number: 5571322.</COMMENTS1>
      <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>OLD CO</ALIAS_NAME></ENTITY_ALIAS>
      <ENTITY_ADDRESS><CITY>Pyongyang</CITY><COUNTRY>DPRK</COUNTRY></ENTITY_ADDRESS>
    </ENTITY>
    <ENTITY><DATAID>2</DATAID><REFERENCE_NUMBER>KPe.999</REFERENCE_NUMBER></ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
"""


def test_a_person_comes_out_with_names_of_each_sort_and_dates(tmp_path: Path) -> None:
    person = entries(read("un", given(tmp_path, un_xml=LIST.format(more=""))))["un:CDi.001"]
    assert (person.kind, person.name, person.programmes) == ("person", "ERIC BADEGE", ("DRC",))
    assert person.aliases == ("Эрик Бадеге", "Erik")
    assert (person.former_names, person.weak_names) == (("Badege",), ("Rumuli",))
    assert person.birth_date == "about 1971; 1960 to 1962"
    assert (person.country, person.listed_on) == ("Congo", datetime(2012, 12, 31, tzinfo=UTC))
    assert person.remarks == "gender: Male; document: Passport, X1"


def test_a_shipping_companys_own_number_is_told_from_its_ships(tmp_path: Path) -> None:
    company = entries(read("un", given(tmp_path, un_xml=LIST.format(more=""))))["un:KPe.056"]
    assert (company.kind, company.imo, company.former_names) == ("company", "5571322", ("OLD CO",))
    assert company.issues == ("its comment mentions a ship's IMO number, 8712362",)


def test_the_edition_is_dated_by_the_file_itself(tmp_path: Path) -> None:
    tables = read("un", given(tmp_path, un_xml=LIST.format(more="")))
    edition = tables["editions"].row(0, named=True)
    assert (edition["dated"], edition["dated_by"]) == (datetime(2026, 2, 27, tzinfo=UTC), "content")
    assert tables["designations"]["edition"].unique().to_list() == ["consolidated:2026-02-27"]


def test_an_entry_without_a_name_and_unknown_elements_are_told(tmp_path: Path) -> None:
    more = "<SHOE_SIZE>44</SHOE_SIZE>"
    tables = read(
        "un", given(tmp_path, un_xml=LIST.format(more=more).replace("</ENTITIES>", "</ENTITIES><VESSELS/>"))
    )
    assert rejected(tables) == [
        ("un.xml", 29, "no name"),
        ("un.xml", 4, "unknown field"),
        ("un.xml", 30, "unknown field"),
    ]
    assert len(entries(tables)) == 2


def test_another_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="a document of <sdnList>"):
        read("un", given(tmp_path, un_xml="<sdnList/>"))


def test_two_editions_at_once_are_refused(tmp_path: Path) -> None:
    files = given(tmp_path, a_xml=LIST.format(more=""), b_xml=LIST.format(more=""))
    with pytest.raises(UnreadableFileError, match="read one at a time"):
        read("un", files)


@pytest.mark.shared
def test_the_real_list_reads_whole_and_nothing_in_it_is_unknown(shared: Path) -> None:
    name = "UN_consolidated_2026-02-27.xml.gz"
    tables = read("un", [Received(shared / "sanctions_un" / name, name)], excerpt=False)
    edition = tables["editions"].row(0, named=True)
    assert (edition["persons"], edition["companies"], edition["rejected"]) == (730, 273, 0)
    assert sum(entry.imo is not None for entry in entries(tables).values()) == 16
