"""Exemptions and notifications: one table, told apart by kind; what cannot be compared is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clearwake.model import Permission, UnreadableFileError, schema

Read = Callable[..., Any]

HEADER = "reference,authority,provision,goods,hs_codes,quantity,unit,parties,ships,from,to\n"
WHOLE = (
    'S/1,1718 Committee,UNSCR 2397 para 5,gas oil,"2710; 2711",4000,bbl,"Alpha Co., Ltd; Beta",9074729,2018-01-01,'
    "2018-01-31\n"
)


@pytest.mark.parametrize(("source", "kind"), [("exemptions", "exemption"), ("notifications", "notification")])
def test_a_row_is_read_whole(read: Read, source: str, kind: str) -> None:
    found = read(source, HEADER + WHOLE).tables["permissions"]
    assert found.schema == schema(Permission)
    row = {k: v for k, v in found.row(0, named=True).items() if v is not None}
    assert row == {
        "kind": kind, "reference": "S/1", "authority": "1718 Committee", "provision": "UNSCR 2397 para 5",
        "goods": "gas oil", "hs_codes": ["2710", "2711"], "quantity": 4000.0, "unit": "bbl",
        "parties": ["Alpha Co., Ltd", "Beta"], "ships": ["9074729"], "valid_from": datetime(2018, 1, 1, tzinfo=UTC),
        "valid_to": datetime(2018, 1, 31, tzinfo=UTC), "issues": [], "line": 2,
    }  # fmt: skip


def test_a_monthly_table_of_barrels_is_one_of_notifications(read: Read) -> None:
    text = (
        "month,volume_bbl,tonnes,supplier\n2018-01,7500,,A State\n2018-02,,900,A State\n2018-13,1,,A State\n"
    )
    found = read("notifications", text)
    rows = found.tables["permissions"].to_dicts()
    assert [(r["quantity"], r["unit"], r["valid_from"], r["valid_to"]) for r in rows] == [
        (7500.0, "bbl", datetime(2018, 1, 1, tzinfo=UTC), datetime(2018, 1, 31, tzinfo=UTC)),
        (900.0, "t", datetime(2018, 2, 1, tzinfo=UTC), datetime(2018, 2, 28, tzinfo=UTC)),
    ]
    assert rows[0]["reference"].endswith(":2")
    assert found.reasons == [(4, "date unreadable")]


@pytest.mark.parametrize(
    ("begins", "ends"), [("gestern", ""), ("2018-01-01", "31.31.2018"), ("03/04/2018", "")]
)
def test_a_notification_with_a_day_that_cannot_be_read_is_put_aside(
    read: Read, begins: str, ends: str
) -> None:
    text = f"reference,goods,from,to\nN1,gas oil,{begins},{ends}\nN2,gas oil,2018-01-01,\n,gas oil,gestern,\n"
    found = read("notifications", text)
    assert sorted(found.reasons) == [(2, "date unreadable"), (4, "reference missing")]
    assert found.tables["permissions"]["reference"].to_list() == ["N2"]


def test_a_row_without_a_reference_is_put_aside(read: Read) -> None:
    found = read("exemptions", "reference,goods\n,rice\nE1,rice\n")
    assert found.reasons == [(2, "reference missing")]
    assert found.tables["permissions"]["reference"].to_list() == ["E1"]


def test_what_a_row_lacks_is_said_and_the_row_kept(read: Read) -> None:
    found = read("notifications", HEADER + "N1,,,,xx,-4,,,,2018-02-01,2018-01-01\n").tables["permissions"]
    assert found["authority"].to_list() == ["authority not stated"]
    assert found["issues"].to_list() == [
        [
            "HS codes: 'xx' is no HS code",
            "quantity: '-4' is not more than nought",
            "dates: ends on 2018-01-01, before it begins on 2018-02-01",
            "no goods, no party and no ship: matches no shipment in full",
            "authority: not stated",
        ]
    ]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("2710", ["2710"]),
        ("2710,2711", ["2710", "2711"]),
        ("2710 2711", ["2710", "2711"]),
        ("27; 3403", ["27", "3403"]),
    ],
)
def test_headings_may_be_parted_in_several_ways(read: Read, said: str, codes: list[str]) -> None:
    found = read("exemptions", f'reference,hs\nE1,"{said}"\n').tables["permissions"]
    assert found["hs_codes"].to_list() == [codes]


def test_lists_of_json_lines_are_lists(read: Read) -> None:
    line = '{"reference": "E1", "hs": ["8418", "9018"], "parties": ["Alpha Co., Ltd", "Beta"], "ships": []}'
    row = read("exemptions", line + "\n").tables["permissions"].row(0, named=True)
    assert (row["hs_codes"], row["parties"], row["ships"]) == (
        ["8418", "9018"],
        ["Alpha Co., Ltd", "Beta"],
        [],
    )


def test_a_table_without_references_or_goods_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="no column for reference"):
        read("exemptions", "goods\nrice\n")
    with pytest.raises(UnreadableFileError, match="no column for hs_codes or goods"):
        read("exemptions", "reference\nE1\n")


words = st.text(st.characters(codec="utf-8", exclude_characters='\r\n",'), max_size=12)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[words] * 7), min_size=1, max_size=8))
def test_whatever_stands_in_the_fields_no_row_is_lost(read: Read, rows: list[tuple[str, ...]]) -> None:
    header = "reference,hs,quantity,parties,ships,from,to"
    found = read("notifications", header + "\n" + "\n".join(",".join(row) for row in rows) + "\n")
    assert found.rows == len(rows)
