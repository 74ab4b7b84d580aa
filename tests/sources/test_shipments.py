"""Shipments: usual spellings, odd values kept with a word on them, rows that say nothing put aside."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import Shipment, UnreadableFileError, schema

Read = Callable[..., Any]

BILL = (
    "BOL No,HS Code,Goods Description,Qty,UOM,Shipper,Consignee,Notify Party,Country of Origin,Country of Destination,"
    "Port of Loading,BL Date,Port of Discharge,Arrival Date,Vessel,IMO,MMSI\n"
    "B1,2710.19,Gas oil,4000,BBL,Alpha Co,Beta Corp,Gamma,Singapore,North Korea,Singapore,2018-01-10,Nampo,2018-01-20,"
    "HAVEN STAR,9074729,212345678\n"
)


def one(read: Read, header: str, row: str, **more: Any) -> dict[str, Any]:
    """Read one row of goods, whose other columns are as given."""
    found = read("shipments", f"description,{header}\ngoods,{row}\n", **more)
    shipment: dict[str, Any] = found.tables["shipments"].row(0, named=True)
    return shipment


def test_a_bill_of_lading_in_its_usual_words_is_read_whole(read: Read) -> None:
    found = read("shipments", BILL).tables["shipments"]
    assert found.schema == schema(Shipment)
    row = found.row(0, named=True)
    assert {k: v for k, v in row.items() if v is not None and k not in ("load_on", "discharge_on")} == {
        "id": "B1#2", "bill_of_lading": "B1", "hs_code": "271019", "description": "Gas oil", "quantity": 4000.0,
        "unit": "BBL", "shipper": "Alpha Co", "consignee": "Beta Corp", "notify_party": "Gamma", "origin": "SGP",
        "destination": "PRK", "load_port": "Singapore", "discharge_port": "Nampo", "ship_name": "HAVEN STAR",
        "ship_imo": "9074729", "ship_mmsi": 212345678, "issues": [], "line": 2,
    }  # fmt: skip
    assert (row["load_on"], row["discharge_on"]) == (
        datetime(2018, 1, 10, tzinfo=UTC),
        datetime(2018, 1, 20, tzinfo=UTC),
    )


def test_a_customs_table_of_the_us_is_recognised(read: Read) -> None:
    text = (
        "identifier,harmonized_number,description_text,weight,weight_unit,shipper_party_name,consignee_name,"
        "foreign_port_of_lading,port_of_unlading,actual_arrival_date,vessel_name\n"
        "X1,030617,FROZEN SHRIMP,19000,Kilograms,A,B,Busan,New York,2018-03-04,HAVEN\n"
    )
    row = read("shipments", text).tables["shipments"].row(0, named=True)
    assert (row["id"], row["hs_code"], row["quantity"], row["unit"]) == ("X1", "030617", 19000.0, "Kilograms")
    assert (row["load_port"], row["discharge_port"], row["ship_name"]) == ("Busan", "New York", "HAVEN")


def test_json_lines_and_parquet_say_the_same_as_csv(read: Read) -> None:
    csv = read("shipments", BILL).tables["shipments"].drop("line", "id")
    frame = pl.read_csv(BILL.encode(), infer_schema=False)
    assert read("shipments", frame.write_ndjson().encode()).tables["shipments"].drop("line", "id").equals(csv)
    typed = frame.with_columns(
        pl.col("Qty").cast(pl.Int64), pl.col("MMSI").cast(pl.Float64), pl.col("BL Date").str.to_date()
    )
    laid = io.BytesIO()
    typed.write_parquet(laid)
    assert read("shipments", laid.getvalue()).tables["shipments"].drop("line", "id").equals(csv)


def test_columns_can_be_named_explicitly(read: Read) -> None:
    found = read(
        "shipments", "what,from where\ncoal,KP\n", mapping={"description": "what", "origin": "from where"}
    )
    assert found.tables["shipments"].select("description", "origin").row(0) == ("coal", "PRK")


@pytest.mark.parametrize(
    ("said", "code", "issue"),
    [
        ("2710.19.30", "27101930", None),
        ("HS 2701", "2701", None),
        ("27", "27", None),
        ("701", "0701", "HS code 701 has lost a nought in front: read as 0701"),
        ("7", "07", "HS code 7 has lost a nought in front: read as 07"),
        ("ABC", None, "'ABC' is no HS code"),
        ("0001", None, "'0001' is no HS code"),
        ("7701", None, "'7701' is no HS code"),
        ("27101930123", None, "'27101930123' is no HS code"),
        ("", None, None),
    ],
)
def test_hs_codes_are_read_as_claimed(read: Read, said: str, code: str | None, issue: str | None) -> None:
    row = one(read, "hs", said)
    assert (row["hs_code"], row["issues"]) == (code, [issue] if issue else [])


@pytest.mark.parametrize(
    ("said", "quantity", "unit", "issue"),
    [
        ("600 MT", 600.0, "MT", None),
        ('"1,234.5 t"', 1234.5, "t", None),
        ('"12,345,678 kg"', 12345678.0, "kg", None),
        (
            '"4,000 bbl"',
            4000.0,
            "bbl",
            "quantity: '4,000 bbl' read as 4000: the comma could be a decimal one",
        ),
        ('"12,5 t"', 12.5, "t", None),
        ("1 200 t", 1200.0, "t", None),
        ("600", 600.0, None, "quantity: 600.0 without a unit"),
        ("-5 t", None, "t", "quantity: '-5 t' is not more than nought"),
        ("0", None, None, "quantity: '0' is not more than nought"),
        ("some", None, None, "quantity: 'some' is no number"),
        ("4.000.5 t", None, None, "quantity: '4.000.5 t' is no number"),
    ],
)
def test_quantities_are_read_with_the_unit_behind_them(
    read: Read, said: str, quantity: float | None, unit: str | None, issue: str | None
) -> None:
    row = one(read, "qty", said)
    assert row["quantity"] == quantity
    assert row["issues"] == ([issue] if issue else [])
    if quantity is not None:
        assert row["unit"] == unit


def test_a_column_whose_name_says_the_unit_is_read_where_there_is_no_quantity(read: Read) -> None:
    row = one(read, "net weight kg,barrels", "600000,4000")
    assert (row["quantity"], row["unit"]) == (600000.0, "kg")
    row = one(read, "qty,uom,net weight kg", "30,PCS,600")
    assert (row["quantity"], row["unit"]) == (30.0, "PCS")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2018-02-13", date(2018, 2, 13)),
        ("2018-02-13T12:30:00Z", date(2018, 2, 13)),
        ("20180213", date(2018, 2, 13)),
        ("13 Feb 2018", date(2018, 2, 13)),
        ("13-FEB-2018", date(2018, 2, 13)),
        ('"Feb 13, 2018"', date(2018, 2, 13)),
        ("13.02.2018", date(2018, 2, 13)),
        ("13/02/2018", date(2018, 2, 13)),
        ("02/13/2018", date(2018, 2, 13)),
        ("02/02/2018", date(2018, 2, 2)),
    ],
)
def test_days_are_read_where_they_have_one_meaning(read: Read, said: str, day: date) -> None:
    row = one(read, "load date", said)
    assert (row["load_on"].date(), row["issues"]) == (day, [])


@pytest.mark.parametrize(
    ("said", "issue"),
    [
        ("03/04/2018", "loaded on: '03/04/2018' has two meanings, day or month first"),
        ("soon", "loaded on: 'soon' is no date that could be read"),
        ("2018-02-30", "loaded on: '2018-02-30' is no date that could be read"),
    ],
)
def test_days_with_two_meanings_or_none_are_left_out_and_said(read: Read, said: str, issue: str) -> None:
    row = one(read, "load date", said)
    assert (row["load_on"], row["issues"]) == (None, [issue])


def test_odd_identifiers_and_dates_are_findings_not_bad_rows(read: Read) -> None:
    row = one(read, "load date,arrival date,imo,mmsi", "2018-02-13,2018-01-01,9074720,12345")
    assert (row["ship_imo"], row["ship_mmsi"]) == ("9074720", 12345)
    assert row["issues"] == [
        "ship's IMO number: 9074720 fails its check digit",
        "ship's MMSI: 12345 is not numbered as a ship's",
        "dates: discharged on 2018-01-01, before loaded on 2018-02-13",
    ]


def test_a_country_that_cannot_be_read_stays_as_written(read: Read) -> None:
    assert one(read, "origin", "Freedonia")["origin"] == "Freedonia"
    assert one(read, "origin", '"Korea, Democratic People\'s Republic of"')["origin"] == "PRK"


def test_rows_without_goods_party_or_ship_and_torn_lines_are_put_aside(read: Read) -> None:
    found = read(
        "shipments", "hs,description,origin,load date\n,,PRK,2018-01-01\n2701,coal,PRK,2018-01-01\nx,y\n\n"
    )
    assert found.reasons == [(2, "neither goods, party nor ship"), (4, "too few fields")]
    assert len(found.tables["shipments"]) == 1
    assert found.counts == {"blank lines": 1}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("mmsi,time,lon,lat\n1,2,3,4\n", "no column for hs_code or description"),
        ("<html><body>no</body></html>", "web page"),
        ('[{"hs": 2701}]', "JSON array"),
        ("", "empty"),
        (b"PAR1 torn", "damaged"),
    ],
)
def test_what_is_no_table_of_shipments_is_refused(read: Read, content: str | bytes, found: str) -> None:
    with pytest.raises(UnreadableFileError, match=found):
        read("shipments", content)


words = st.text(st.characters(codec="utf-8", exclude_characters='\r\n",'), max_size=12)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[words] * 6), min_size=1, max_size=8))
def test_whatever_stands_in_the_fields_no_row_is_lost(read: Read, rows: list[tuple[str, ...]]) -> None:
    header = "hs,quantity,load date,imo,mmsi,description"
    found = read("shipments", header + "\n" + "\n".join(",".join(row) for row in rows) + "\n")
    assert found.rows == len(rows)
