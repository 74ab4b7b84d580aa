"""Published reports: read row by row, never mistaken for listings."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearwake.lists import reports
from clearwake.model import Options, Reading, Received, UnreadableFileError, utc
from clearwake.model.identifiers import imo_check_digit_holds

HEADER = "date,ship,flag_said,imo,met,where,seen,reported_by,source\n"


def read(folder: Path, text: str) -> list[Reading]:
    """Read a table of reports from text."""
    file = folder / "reports.csv"
    file.write_text(text, encoding="utf-8")
    return list(reports.parse([Received(file, "reports.csv")], Options(utc("2020-01-01"))))


def test_a_report_is_no_listing(tmp_path: Path) -> None:
    [reading] = read(
        tmp_path,
        HEADER
        + "2018-02-13,WAN HENG 11,said to be Belize,,RYE SONG GANG 1,off Shanghai,alongside,Japan,MOFA\n",
    )
    [row] = reading.tables["designations"].rows(named=True)
    assert (row["id"], row["status"], row["programmes"]) == ("reports:2018-02-13:WAN HENG 11", "reported", [])
    assert (row["listed_on"], row["flag"], row["reference"]) == (
        utc("2018-02-13"),
        "said to be Belize",
        "Japan",
    )
    assert row["remarks"] == "with: RYE SONG GANG 1; where: off Shanghai; seen: alongside; source: MOFA"
    assert reading.tables["editions"].select("list", "entries", "vessels").row(0) == ("reports", 1, 1)


def test_one_ship_reported_twice_on_a_day_is_two_rows(tmp_path: Path) -> None:
    row = "2018-02-13,YUK TUNG,,,,,,Japan,\n"
    [reading] = read(tmp_path, HEADER + row + row)
    assert reading.tables["designations"]["id"].to_list() == [
        "reports:2018-02-13:YUK TUNG",
        "reports:2018-02-13:YUK TUNG:2",
    ]


def test_rows_without_a_ship_or_a_date_are_kept_aside(tmp_path: Path) -> None:
    text = (
        HEADER
        + "2018-02-13,unidentified,,,,,,Japan,\n31/31/2018,YUK TUNG,,,,,,Japan,\n2018-02-13,YUK TUNG,,,,,,Japan,\n"
    )
    good, bad = read(tmp_path, text)
    assert good.tables["designations"]["name"].to_list() == ["YUK TUNG"]
    assert bad.tables["quarantine"].select("line", "reason").rows() == [
        (2, "no name"),
        (3, "no date that could be read"),
    ]


def test_a_column_nobody_knows_is_told(tmp_path: Path) -> None:
    _, told = read(tmp_path, "date,ship,colour\n2018-02-13,YUK TUNG,red\n")
    assert told.tables["quarantine"]["found"].to_list() == ["colour: 1 values, the first 'red'"]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "<html></html>", "", HEADER + '2018-02-13,"YUK'])
def test_what_is_no_table_of_reports_is_refused_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFileError):
        read(tmp_path, text)


def test_the_bundled_reports_are_read_whole_and_their_numbers_hold() -> None:
    file = Path(reports.__file__).parents[1] / "demo_data" / "reports.csv"
    [reading] = reports.parse([Received(file, file.name)], Options(utc("2020-01-01")))
    rows = reading.tables["designations"]
    assert rows.height == 17
    assert all(imo_check_digit_holds(imo) for imo in rows["imo"].drop_nulls())
    assert rows["issues"].list.len().sum() == 0
