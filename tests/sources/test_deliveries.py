"""Deliveries: what a row may say and how, and which rows cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import Delivery, UnreadableFileError, schema
from clearwake.sources.deliveries import laden

Read = Callable[..., Any]

HEADER = "date,ship,capacity_bbl,laden,stage_of,status\n"


def test_a_row_is_read_whole(read: Read) -> None:
    head = (
        "id,since,date,calls,ship,imo,mmsi,port,from ship,product,capacity_bbl,laden,volume_bbl,draught_m,"
        "full_draught_m,stage_of,status,note,source\n"
    )
    row = (
        'd1,2018-01-01,2018-02-13,2,ALPHA,9074729,273000001,Nampo,BRAVO,gas oil,"12,000.5",50-90 %,9000,5.5,6.5,d0,'
        "Disputed,n,s\n"
    )
    found = read("deliveries", head + row).tables["deliveries"]
    assert found.schema == schema(Delivery)
    said = {k: v for k, v in found.row(0, named=True).items() if v is not None}
    assert said == {
        "id": "d1", "own_id": "d1", "date": datetime(2018, 2, 13, tzinfo=UTC), "calls": 2,
        "since": datetime(2018, 1, 1, tzinfo=UTC), "ship": "ALPHA", "imo": "9074729", "mmsi": 273000001,
        "port": "Nampo", "from_ship": "BRAVO", "product": "gas oil", "capacity_bbl": 12000.5, "laden_low": 0.5,
        "laden_high": 0.9, "volume_bbl": 9000.0, "draught_m": 5.5, "full_draught_m": 6.5, "stage_of": "d0",
        "status": "contested", "status_text": "Disputed", "note": "n", "source": "s", "issues": [], "line": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("0.9", (0.9, 0.9)), ("90", (0.9, 0.9)), ("90 %", (0.9, 0.9)), ("1", (1.0, 1.0)), ("1/3", (1 / 3, 1 / 3)),
        ("0.5-0.9", (0.5, 0.9)), ("50 to 90 %", (0.5, 0.9)), ("0.5 - 90", (0.5, 0.9)), ("full", (0.9, 0.98)),
        ("Ballast", (0.0, 0.0)), ("laden", None), ("TRUE", None), ("0,9", (0.9, 0.9)),
    ],
)  # fmt: skip
def test_how_full_a_ship_was_can_be_said_in_many_ways(said: str, part: tuple[float, float] | None) -> None:
    assert laden(said) == (part if part is None else pytest.approx(part))


@pytest.mark.parametrize("said", ["1.2.3", "150", "0.9-0.5", "quite", "1/0", "-1", "3/2"])
def test_what_is_no_part_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(said)):
        laden(said)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",ALPHA,100,,,", "date missing"),
        ("32.13.2018,ALPHA,100,,,", "date unreadable"),
        ("03/04/2018,ALPHA,100,,,", "date unreadable"),
        ("2018-02-01,ALPHA,abc,,,", "capacity_bbl unreadable"),
        ("2018-02-01,ALPHA,-5,,,", "capacity_bbl unreadable"),
        ("2018-02-01,ALPHA,100,1.5.2,,", "laden unreadable"),
        ("2018-02-01,,100,,,", "neither ship nor volume"),
    ],
)
def test_a_row_that_cannot_be_placed_or_measured_is_put_aside(read: Read, row: str, reason: str) -> None:
    found = read("deliveries", f"{HEADER}{row}\n2018-02-02,BRAVO,100,,,\n")
    assert found.reasons == [(2, reason)]
    assert found.tables["deliveries"]["ship"].to_list() == ["BRAVO"]


@pytest.mark.parametrize(
    ("said", "status"),
    [("", "reported"), ("CONFIRMED", "confirmed"), ("on hold", "contested"), ("lawful", "notified"),
     ("unknown", "unknown"), ("retracted", "refuted"), ("perhaps", "unknown")],
)  # fmt: skip
def test_statuses_are_read_and_what_is_not_known_is_said(read: Read, said: str, status: str) -> None:
    [row] = read("deliveries", f"{HEADER}2018-02-01,ALPHA,100,,,{said}\n").tables["deliveries"].to_dicts()
    assert row["status"] == status
    assert row["issues"] == (
        ["status: 'perhaps' is not known: taken as unknown"] if said == "perhaps" else []
    )


def test_a_unit_behind_a_number_goes_before_the_column_s(read: Read) -> None:
    found = read("deliveries", "date,ship,volume,capacity\n2018-02-01,ALPHA,600 t,1000 m3\n").tables[
        "deliveries"
    ]
    [row] = found.to_dicts()
    assert (row["volume_bbl"], row["volume_t"]) == (None, 600.0)
    assert row["capacity_bbl"] == pytest.approx(6289.8, abs=0.1)
    assert read("deliveries", "date,ship,volume\n2018-02-01,ALPHA,600 pood\n").reasons == [
        (2, "volume_bbl unreadable")
    ]


@pytest.mark.parametrize(
    ("header", "cells", "bbl", "t", "said"),
    [
        ("volume,unit", "5000,t", None, 5000.0, []),
        ("volume,unit", "5000,kg", None, 5.0, []),
        ("volume,unit", "5000,bbl", 5000.0, None, []),
        ("quantity,uom", "5,kbbl", 5000.0, None, []),
        ("volume,unit", "5000 bbl,t", 5000.0, None,
         ["volume: '5000 bbl' beside the unit 't': the one behind the number was taken"]),
        ("volume,unit", "5000,", 5000.0, None, ["volume: '5000' has no unit: taken as barrels"]),
        ("volume", "5000", 5000.0, None, ["volume: '5000' has no unit: taken as barrels"]),
        ("barrels", "5000", 5000.0, None, []),
        ("volume_bbl", "5000", 5000.0, None, []),
        ("volume_bbl,unit", "5000,barrels", 5000.0, None, []),
        ("volume_t,unit", "5000,MT", None, 5000.0, []),
        ("volume_bbl,unit", "5000,USD", 5000.0, None, ["volume: the unit 'USD' was not used"]),
    ],
)  # fmt: skip
def test_a_volume_has_the_unit_of_its_row_and_without_one_is_taken_as_barrels_which_is_said(
    read: Read, header: str, cells: str, bbl: float | None, t: float | None, said: list[str]
) -> None:
    [row] = (
        read("deliveries", f"date,ship,{header}\n2018-02-13,ALPHA,{cells}\n").tables["deliveries"].to_dicts()
    )
    assert (row["volume_bbl"], row["volume_t"]) == (pytest.approx(bbl), t)
    assert row["issues"] == said


def test_a_volume_whose_unit_is_not_known_or_denies_its_column_is_put_aside(read: Read) -> None:
    unknown = read("deliveries", "date,ship,volume,unit\n2018-02-13,ALPHA,5000,pood\n")
    assert unknown.reasons == [(2, "volume_bbl unreadable")]
    denied = read("deliveries", "date,ship,volume_bbl,unit\n2018-02-13,ALPHA,5000,t\n")
    assert denied.reasons == [(2, "unit is not that of the volume's column")]


@pytest.mark.parametrize("said", ["2018-02", "2018/2", "February 2018", "Feb 2018"])
def test_a_month_alone_is_its_last_day_and_that_is_said(read: Read, said: str) -> None:
    [row] = read("deliveries", f"month,ship,volume_bbl\n{said},ALPHA,600\n").tables["deliveries"].to_dicts()
    assert row["date"] == datetime(2018, 2, 28, tzinfo=UTC)
    assert row["issues"] == [f"date: only the month is said, '{said}': taken as its last day"]


def test_a_document_of_json_is_read(read: Read) -> None:
    text = '[{"date": "2018-02-01", "ship": "ALPHA", "capacity_bbl": 5000, "laden": 0.9}]'
    [row] = read("deliveries", text).tables["deliveries"].to_dicts()
    assert (row["ship"], row["capacity_bbl"], row["laden_high"]) == ("ALPHA", 5000.0, 0.9)


def test_a_table_without_days_or_without_ships_and_amounts_is_none_of_deliveries(read: Read) -> None:
    with pytest.raises(UnreadableFileError):
        read("deliveries", "ship,capacity_bbl\nALPHA,100\n")
    with pytest.raises(UnreadableFileError):
        read("deliveries", "date,colour\n2018-01-01,red\n")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.text(alphabet="0123456789-./% abtALP,", max_size=12), min_size=6, max_size=6), max_size=6
    )
)
def test_any_row_is_kept_or_put_aside(read: Read, rows: list[list[str]]) -> None:
    lines = [",".join(cell.replace(",", "") for cell in row) for row in rows]
    found = read("deliveries", HEADER + "2018-02-01,ALPHA,100,,,\n" + "\n".join(lines) + "\n")
    assert found.tables["deliveries"]["date"].null_count() == 0
