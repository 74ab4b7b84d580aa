"""Registers of ships, from bytes to registrations."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import Registration, UnreadableFileError, schema, utc

Read = Callable[..., Any]


def rows(found: Any) -> pl.DataFrame:
    table: pl.DataFrame = found.tables["registrations"]
    return table


def test_a_row_is_what_a_register_says_of_a_ship_for_a_time(read: Read) -> None:
    found = read(
        "registry",
        "IMO Number;MMSI;Vessel Name;Call Sign;Flag State;Type;LOA;DWT;GT;Year Built;Status;Registered Owner;"
        "Manager;DOC Company;Operator;From;To;Ex Names\n"
        "IMO 9811000;353136000;EVER GIVEN;H3RC;Panama;Container Ship;399.94;199,692 t;220940;2018-09-25;"
        "In Service/Commission;Luster Maritime;BSM;BSM Hong Kong;Evergreen;2018-09-25;2024;EVER A; EVER B\n".replace(
            "EVER A; EVER B", "EVER A | EVER B"
        ),
        origin="panama.csv",
    )
    assert rows(found).schema == schema(Registration)
    assert rows(found).drop("receipt", "known_at").rows(named=True) == [
        {
            "source": "panama", "imo": "9811000", "mmsi": 353136000, "name": "EVER GIVEN",
            "former_names": ["EVER A", "EVER B"], "callsign": "H3RC", "flag": "PAN", "ship_type_text": "Container Ship",
            "length_m": 399.94, "beam_m": None, "gross_tonnage": 220940.0, "deadweight_t": 199692.0, "built_year": 2018,
            "status": "in service", "owner": "Luster Maritime", "beneficial_owner": None, "manager": "BSM",
            "ism_company": "BSM Hong Kong", "operator": "Evergreen", "valid_from": utc("2018-09-25"),
            "valid_to": utc("2024-12-31T23:59:59.999"), "reference": None, "issues": [], "line": 2,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "read_as", "issue"),
    [
        ("imo", "9811000.0", "9811000", None),
        ("imo", "9811001", "9811001", "IMO number 9811001 fails its check digit"),
        ("imo", "15411", "15411", "IMO number '15411' is not seven digits"),
        ("imo", "9811000 / 9074729", "9811000", "the IMO number field holds 2 numbers: '9811000 / 9074729'"),
        ("mmsi", "12", 12, "MMSI 12 is no ship's number"),
        ("mmsi", "(blank)", None, "MMSI '(blank)' is no number"),
        ("flag", "PA", "PAN", None),
        ("flag", "Gambia?!", "GMB", None),
        ("flag", "Stateless", "Stateless", "flag 'Stateless' is no country that could be read"),
        ("length", "0", None, None),
        ("length", "180 m", 180.0, None),
        ("length", "12,5", 12.5, None),
        ("length", "1,800", None, "length 1,800 can be no ship's"),
        ("length", "long", None, "length 'long' is no number"),
        ("built", "2018", 2018, None),
        ("built", "1066", None, "year of build '1066' cannot be"),
        ("built", "0", None, None),
        ("status", "Broken Up", "scrapped", None),
        ("status", "Detained", "Detained", None),
        ("from", "2018-02-13", utc("2018-02-13"), None),
        ("from", "03/04/2018", None, "from: '03/04/2018' has two meanings, day or month first"),
        ("to", "2018-02-13", utc("2018-02-13T23:59:59.999"), None),
    ],
)  # fmt: skip
def test_odd_values_are_findings_and_the_row_is_kept(
    read: Read, column: str, value: str, read_as: object, issue: str | None
) -> None:
    found = rows(read("registry", f'name,{column}\nSHUN LI,"{value}"\n'))
    ours = {"length": "length_m", "built": "built_year", "from": "valid_from", "to": "valid_to"}
    assert found[ours.get(column, column)].to_list() == [read_as]
    assert found["issues"].to_list() == [[issue] if issue else []]


def test_a_registration_that_ends_before_it_begins_says_so(read: Read) -> None:
    found = rows(read("registry", "name,from,to\nSHUN LI,2020-01-02,2019\n"))
    assert found["issues"].to_list() == [["it ends before it begins"]]


def test_a_row_that_names_no_ship_is_rejected_and_the_others_are_kept(read: Read) -> None:
    found = read("registry", "imo,name,flag\n,,Panama\n9811000,,\nDoes not exist,,\n,SHUN LI,\n")
    assert rows(found).select("line", "imo", "name").rows() == [
        (3, "9811000", None),
        (4, "Does not exist", None),
        (5, None, "SHUN LI"),
    ]
    assert found.reasons == [(2, "neither IMO number, MMSI, name nor call sign")]


def test_a_file_without_a_column_that_names_ships_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="no column for imo or mmsi or name or callsign"):
        read("registry", "flag,length\nPA,100\n")


def test_a_column_called_something_else_can_be_named(read: Read) -> None:
    found = rows(
        read("registry", "number,called\n9811000,EVER GIVEN\n", mapping={"imo": "number", "name": "called"})
    )
    assert found.select("imo", "name").rows() == [("9811000", "EVER GIVEN")]


def test_the_eu_reports_and_the_fishing_watch_lists_are_told_by_their_columns(read: Read) -> None:
    eu = rows(
        read(
            "registry", "IMO Number,Name,Ship type,Reporting Period\n9811000,EVER GIVEN,Container ship,2019\n"
        )
    )
    assert eu.select("source", "valid_from", "valid_to").rows() == [
        ("eu_mrv", utc("2019-01-01"), utc("2019-12-31T23:59:59.999"))
    ]
    lists = rows(
        read("registry", "mmsi,label,length,engine_power,tonnage,split\n412345678,tanker,90.5,,2000,Test\n")
    )
    assert lists.select("source", "ship_type_text", "length_m", "gross_tonnage").rows() == [
        ("gfw", "tanker", 90.5, 2000.0)
    ]
    reefers = rows(read("registry", "mmsi,imo,call_sign,avg_length,num_length_sources,flag_state\n"
                                    "204708000,9164548,CSBK,100.6,1,Cyprus\n"))  # fmt: skip
    assert reefers.select("source", "imo", "callsign", "length_m", "flag").rows() == [
        ("gfw", "9164548", "CSBK", 100.6, "CYP")
    ]


def test_csv_packed_csv_parquet_and_json_lines_say_the_same(read: Read) -> None:
    text = "imo,name,built\n9811000,EVER GIVEN,2018\n"
    parquet = io.BytesIO()
    pl.DataFrame({"imo": [9811000], "name": ["EVER GIVEN"], "built": [2018]}).write_parquet(parquet)
    lines = '{"imo": 9811000, "name": "EVER GIVEN", "built": 2018}\n'
    for content in (text, gzip.compress(text.encode()), parquet.getvalue(), lines):
        found = rows(read("registry", content))
        assert found.select("imo", "name", "built_year").rows() == [("9811000", "EVER GIVEN", 2018)]


ANYTHING = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters='"\n\r\0'), max_size=12),
    st.sampled_from(["9811000", "PA", "2018", "1e999", "-5", "٩٨١١٠٠٠", "12,5 m", "31/02/2020"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(ANYTHING, min_size=8, max_size=8), min_size=1, max_size=4))
def test_whatever_stands_in_a_row_it_is_a_registration_or_a_reject(
    read: Read, lines: list[list[str]]
) -> None:
    text = "imo,mmsi,name,flag,length,built,from,to\n"
    text += "".join(",".join(f'"{value}"' for value in line) + "\n" for line in lines)
    found = read("registry", text)
    assert len(rows(found)) + len(found.quarantine) == len(lines)


@pytest.mark.shared
def test_the_shared_registers_are_read_whole(read: Read, shared: Path) -> None:
    counts = {
        "registry_eu_mrv/eu_mrv_ships_2018_2020.csv.gz": ("eu_mrv", 36_695),
        "registry_gfw_treniformis/CONSOLIDATED_LISTS.csv.gz": ("gfw", 74_979),
        "registry_gfw_treniformis/REEFERS.csv": ("gfw", 686),
    }
    for file, (source, count) in counts.items():
        found = read("registry", shared / file, origin=file)
        assert (set(rows(found)["source"]), len(rows(found)), len(found.quarantine)) == ({source}, count, 0)
