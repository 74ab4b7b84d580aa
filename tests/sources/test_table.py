"""Tables of positions of any publisher, from bytes to facts."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from clearwake.model import IdentityClaim, Position, Reject, UnreadableFileError, UsageError, schema, utc
from clearwake.sources import columnar, tabular

Read = Callable[..., Any]

HEADER = "mmsi,time,lon,lat,speed_kn,course_deg,heading_deg,nav_status\n"
NOON = utc("2020-06-30T12:00")


def parquet(frame: pl.DataFrame, **how: Any) -> bytes:
    written = io.BytesIO()
    frame.write_parquet(written, **how)
    return written.getvalue()


def test_a_row_becomes_a_position_with_the_line_it_stood_in(read: Read) -> None:
    found = read("table", HEADER + "366952890,2020-06-30T12:00:00,-74.05,40.66,10.5,349.9,350,0\n")
    assert found.positions.rows(named=True) == [
        {
            "mmsi": 366952890, "time": NOON, "lon": -74.05, "lat": 40.66, "speed_kn": 10.5,
            "course_deg": pytest.approx(349.9), "heading_deg": 350.0, "nav_status": 0, "station": None,
            "receipt": None, "line": 2, "known_at": None,
        }
    ]  # fmt: skip


def test_every_table_is_in_the_schema_of_its_record(read: Read) -> None:
    for content in (HEADER, HEADER + "1,2020-06-30T12:00:00,1,2,,,,\n", "mmsi,time,lon,lat,name\n"):
        found = read("table", content)
        assert found.positions.schema == schema(Position)
        assert found.claims.schema == schema(IdentityClaim)
        assert found.quarantine.schema == schema(Reject)


def test_not_available_is_null_and_no_fault(read: Read) -> None:
    found = read("table", HEADER + "1,2020-06-30T12:00:00,1,2,102.3,360.0,511,15\n")
    assert found.positions.select("speed_kn", "course_deg", "heading_deg", "nav_status").rows() == [
        (None,) * 4
    ]
    assert not len(found.quarantine)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,2020-06-30T12:00:00,1,2,,,,", "mmsi unreadable"),
        (",2020-06-30T12:00:00,1,2,,,,", "mmsi missing"),
        ("-5,2020-06-30T12:00:00,1,2,,,,", "mmsi out of range"),
        ("99999999999,2020-06-30T12:00:00,1,2,,,,", "mmsi out of range"),
        ("1,,1,2,,,,", "time missing"),
        ("1,yesterday,1,2,,,,", "time unreadable"),
        ("1,30/06/2020 12:00:00,1,2,,,,", "time unreadable"),
        ("1,1970-01-01T00:00:00,1,2,,,,", "time before 1990"),
        ("1,2026-06-02T00:00:01,1,2,,,,", "time in the future"),
        ("1,2020-06-30T12:00:00,east,2,,,,", "lon unreadable"),
        ("1,2020-06-30T12:00:00,1,north,,,,", "lat unreadable"),
        ("1,2020-06-30T12:00:00,,2,,,,", "lon missing"),
        ("1,2020-06-30T12:00:00,1,,,,,", "lat missing"),
        ("1,2020-06-30T12:00:00,180.5,2,,,,", "lon out of range"),
        ("1,2020-06-30T12:00:00,inf,2,,,,", "lon out of range"),
        ("1,2020-06-30T12:00:00,1,-90.1,,,,", "lat out of range"),
        ("1,2020-06-30T12:00:00,1,2,fast,,,", "speed_kn unreadable"),
        ("1,2020-06-30T12:00:00,1,2,,north,,", "course_deg unreadable"),
        ("1,2020-06-30T12:00:00,1,2,,,ahead,", "heading_deg unreadable"),
        ("1,2020-06-30T12:00:00,1,2", "too few fields"),
    ],
)
def test_a_bad_row_is_rejected_with_line_and_reason_and_good_rows_are_kept(
    read: Read, row: str, reason: str
) -> None:
    good = "1,2020-06-30T12:00:00,1,2,,,,\n"
    found = read("table", HEADER + good + row + "\n" + good, origin="day.csv")
    assert found.quarantine.select("source", "origin", "line", "reason", "found").rows() == [
        ("table", "day.csv", 3, reason, row)
    ]
    assert found.positions["line"].to_list() == [2, 4]


@pytest.mark.parametrize("place", ["181,91", "0,91", "181,10", ",", "nan,nan", "181.0,91.0"])
def test_a_place_not_available_is_no_fault_and_gives_no_position_but_keeps_who_it_was(
    read: Read, place: str
) -> None:
    found = read("table", f"mmsi,time,lon,lat,name\n1,2020-06-30T12:00:00,{place},EVER GIVEN\n")
    assert found.counts == {"reports without a position": 1}
    assert not len(found.positions)
    assert not len(found.quarantine)
    assert found.claims["name"].to_list() == ["EVER GIVEN"]


def test_what_is_merely_odd_is_kept(read: Read) -> None:
    found = read(
        "table",
        HEADER
        + "0,2020-06-30T12:00:00,0,0,,,,\n"  # no MMSI of a ship, and at null island
        + "123,2020-06-30T12:00:00,1,2,,,,\n" * 2  # too short, and twice
        + "366952890,2020-06-30T12:00:00,1,2,99,,,\n",  # faster than any ship
    )
    assert len(found.positions) == 4


def test_an_identity_is_one_claim_an_hour_with_when_it_was_first_and_last_made(read: Read) -> None:
    found = read(
        "table",
        "mmsi,time,lon,lat,name,imo,callsign,ship_type,length_m,draught_m,destination,flag\n"
        "1,2020-06-30T12:00:00,1,2,EVER GIVEN,IMO9811000,H3RC,70,400.0,15.7,ROTTERDAM,PA\n"
        "1,2020-06-30T12:59:00,1,2,EVER GIVEN@@@@ ,9811000.0,H3RC,70.0,400,15.7,ROTTERDAM,PA\n"
        "2,2020-06-30T12:00:00,1,2,,,,,,,,\n"
        "1,2020-06-30T13:00:00,1,2,EVER GIVEN,Unknown,,0,0,0,,\n",
    )
    assert found.claims.drop("receipt", "known_at").rows() == [
        (1, NOON, utc("2020-06-30T12:59"), 2, "table", "EVER GIVEN", "9811000", "H3RC", "PA", 70, None, 400.0,
         15.7, "ROTTERDAM", None, 2),
        (1, utc("2020-06-30T13:00"), utc("2020-06-30T13:00"), 1, "table", "EVER GIVEN", None, None, None, None,
         None, None, None, None, None, 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "read_as"),
    [("A", "A"), ("Class B", "B"), ("class a", "A"), ("Base Station", None), ("AtoN", None), ("", None)],
)  # fmt: skip
def test_the_class_of_a_transmitter_is_a_or_b_or_not_said(read: Read, said: str, read_as: str | None) -> None:
    found = read("table", f"mmsi,time,lon,lat,transceiver_class,name\n1,2020-06-30T12:00:00,1,2,{said},N\n")
    assert found.claims["ais_class"].to_list() == [read_as]


def test_class_a_alone_is_no_claim_and_class_b_alone_is_one(read: Read) -> None:
    header = "mmsi,time,lon,lat,transceiver_class,name\n"
    found = read("table", f"{header}1,2020-06-30T12:00:00,1,2,A,\n2,2020-06-30T12:00:00,1,2,B,\n")
    assert found.claims.select("mmsi", "ais_class").rows() == [(2, "B")]


@pytest.mark.parametrize(
    ("said", "claimed"),
    [("IMO7702774", "7702774"), ("imo 7702774", "7702774"), ("7702774", "7702774"), ("7702774.0", "7702774"),
     ("IMO0000000", None), ("0", None), ("Unknown", None), ("", None), ("IMO12345", "12345")],
)  # fmt: skip
def test_an_imo_number_is_kept_as_claimed(read: Read, said: str, claimed: str | None) -> None:
    found = read("table", f"mmsi,time,lon,lat,imo,name\n1,2020-06-30T12:00:00,1,2,{said},N\n")
    assert found.claims["imo"].to_list() == [claimed]


@pytest.mark.parametrize(
    ("said", "code", "word"),
    [("80", 80, None), ("80.0", 80, None), ("Tanker", 80, "Tanker"), ("Tug", 52, "Tug"), ("0", None, None),
     ("1024", None, "1024"), ("Undefined", None, None), ("Drilling rig", None, "Drilling rig")],
)  # fmt: skip
def test_a_ship_type_is_a_code_a_word_or_both(
    read: Read, said: str, code: int | None, word: str | None
) -> None:
    found = read("table", f"mmsi,time,lon,lat,ship_type,name\n1,2020-06-30T12:00:00,1,2,{said},N\n")
    assert found.claims.select("ship_type", "ship_type_text").rows() == [(code, word)]


def test_rejected_rows_make_no_claims(read: Read) -> None:
    found = read("table", "mmsi,time,lon,lat,name\n1,2020-06-30T12:00:00,999,2,N\n")
    assert not len(found.claims)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_columns_may_be_separated_by_comma_semicolon_tab_or_bar(read: Read, separator: str) -> None:
    text = (HEADER + "1,2020-06-30T12:00:00,1.5,2.5,1,2,3,0\n").replace(",", separator)
    assert read("table", text).positions.select("lon", "lat").rows() == [(1.5, 2.5)]


def test_a_semicolon_file_may_have_decimal_commas(read: Read) -> None:
    text = "mmsi;time;lon;lat\n1;2020-06-30T12:00:00;1,5;-2,5\n"
    assert read("table", text).positions.select("lon", "lat").rows() == [(1.5, -2.5)]


def test_a_byte_order_mark_windows_line_ends_and_quotes_change_nothing(read: Read) -> None:
    plain = HEADER + "1,2020-06-30T12:00:00,1.5,2.5,1,2,3,0\n2,2020-06-30T12:00:00,1.5,2.5,1,2,3,0\n"
    dressed = "\ufeff" + "\r\n".join(
        ",".join(f'"{field}"' for field in line.split(",")) for line in plain.splitlines()
    )
    assert read("table", dressed).positions.equals(read("table", plain).positions)


def test_blank_lines_before_the_header_do_not_shift_the_line_numbers(read: Read) -> None:
    found = read("table", "\n\n" + HEADER + "1,2020-06-30T12:00:00,1,2,,,,\n")
    assert found.positions["line"].to_list() == [4]


def test_columns_can_be_named_explicitly(read: Read) -> None:
    text = "ship,when,x,y\n1,2020-06-30T12:00:00,1,2\n"
    mapping = {"mmsi": "ship", "time": "when", "lon": "x", "lat": "Y"}
    assert len(read("table", text, mapping=mapping).positions) == 1
    with pytest.raises(UnreadableFileError, match="--map mmsi=COLUMN --map time=COLUMN"):
        read("table", text)
    with pytest.raises(UsageError):
        read("table", text, mapping={"colour": "ship"})


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html></html>",
        "",
        "no table at all",
        '{"a": 1}\n',
        '[{"mmsi": 1}]',
        "PAR1nonsense",
        "\0\0\0",
    ],
)
def test_what_is_no_table_of_positions_is_refused_whole(read: Read, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        read("table", content)


def test_a_header_without_rows_is_a_table_without_rows(read: Read) -> None:
    assert read("table", HEADER).rows == 0


def test_a_chunk_is_handed_on_when_it_is_full_and_numbers_go_on(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "CHUNK_ROWS", 2)
    monkeypatch.setattr("clearwake.sources.lines.BLOCK_BYTES", 64)
    text = HEADER + "".join(f"{n},2020-06-30T12:00:00,1,2,,,,\n" for n in range(50))
    small = read("table", text)
    assert small.positions["line"].to_list() == list(range(2, 52))
    assert small.positions["mmsi"].to_list() == list(range(50))


def test_lines_of_an_archive_are_numbered_through_its_members_and_rejects_name_theirs(read: Read) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.csv", HEADER + "1,2020-06-30T12:00:00,1,2,,,,\nx,2020-06-30T12:00:00,1,2,,,,\n")
        archive.writestr("two.csv", HEADER + "y,2020-06-30T12:00:00,1,2,,,,\n2,2020-06-30T12:00:00,1,2,,,,\n")
    found = read("table", packed.getvalue(), origin="days.zip")
    assert found.positions.select("mmsi", "line").rows() == [(1, 2), (2, 6)]
    assert found.quarantine.select("origin", "line").rows() == [
        ("days.zip!one.csv", 3),
        ("days.zip!two.csv", 2),
    ]


PLAIN = pl.DataFrame(
    {
        "MMSI": [366952890, 366952891, 366952892],
        "BaseDateTime": [NOON, NOON, NOON],
        "LON": [-74.05, 181.0, 1.0],
        "LAT": [40.66, 91.0, 95.0],
        "SOG": [10.5, 102.3, 1.0],
        "COG": [-60.6, 360.0, 1.0],
        "Heading": [350, 511, 1],
        "Status": [0, 15, 1],
        "VesselName": ["A", "B", "C"],
    }
)


def test_parquet_is_read_like_csv(read: Read) -> None:
    from_parquet = read("table", parquet(PLAIN))
    from_csv = read("table", PLAIN.write_csv(datetime_format="%Y-%m-%dT%H:%M:%S"))
    assert from_parquet.positions.drop("line").equals(from_csv.positions.drop("line"))
    assert from_parquet.claims.drop("line").equals(from_csv.claims.drop("line"))
    assert from_parquet.positions["line"].to_list() == [1]
    assert from_parquet.reasons == [(3, "lat out of range")]
    assert from_parquet.counts == from_csv.counts == {"reports without a position": 1}


@pytest.mark.parametrize(
    ("column", "dtype"),
    [
        ("MMSI", pl.Int32), ("MMSI", pl.UInt64), ("MMSI", pl.Float64), ("MMSI", pl.String), ("LON", pl.Float32),
        ("LON", pl.String), ("LON", pl.Decimal(9, 2)), ("SOG", pl.Int16), ("SOG", pl.String), ("Status", pl.Float64),
        ("Status", pl.String), ("Heading", pl.UInt16), ("VesselName", pl.Categorical),
        ("BaseDateTime", pl.Datetime("ns")), ("BaseDateTime", pl.Datetime("us", "Europe/Berlin")),
        ("BaseDateTime", pl.Datetime("ms")),
    ],
)  # fmt: skip
def test_parquet_columns_may_have_any_type_that_can_hold_the_value(
    read: Read, column: str, dtype: pl.DataType
) -> None:
    found = read("table", parquet(PLAIN.with_columns(pl.col(column).cast(dtype))))
    assert found.rows == 3
    assert found.positions.select("mmsi", "time", "heading_deg", "nav_status").rows() == [
        (366952890, NOON, 350.0, 0)
    ]
    assert found.positions["lon"][0] == pytest.approx(-74.05)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("BaseDateTime", pl.col("BaseDateTime").cast(pl.Date)), ("LON", pl.concat_list("LON")),
     ("MMSI", pl.col("MMSI") > 0)],
)  # fmt: skip
def test_a_parquet_column_that_cannot_hold_the_value_is_refused_by_name(
    read: Read, column: str, wrong: pl.Expr
) -> None:
    with pytest.raises(UnreadableFileError, match=f"column '{column}' of type"):
        read("table", parquet(PLAIN.with_columns(wrong.alias(column))))


def test_not_a_number_in_parquet_is_not_available(read: Read) -> None:
    frame = PLAIN.head(2).with_columns(
        LON=pl.Series([float("nan"), -74.05]), LAT=pl.Series([float("nan"), 40.66])
    )
    found = read("table", parquet(frame))
    assert found.counts == {"reports without a position": 1}
    assert found.positions["lon"].to_list() == [-74.05]


def test_parquet_is_read_in_batches_whose_rows_are_numbered_on(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "BATCH_ROWS", 10)
    monkeypatch.setattr(tabular, "CHUNK_ROWS", 10)
    frame = pl.DataFrame(
        {"mmsi": range(95), "time": [NOON] * 95, "lon": [1.0] * 94 + [999.0], "lat": [1.0] * 95}
    )
    found = read("table", parquet(frame, row_group_size=20))
    assert found.positions["line"].to_list() == list(range(1, 95))
    assert found.reasons == [(95, "lon out of range")]


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_parquet_cut_short_is_refused(read: Read, share: float) -> None:
    whole = parquet(PLAIN)
    with pytest.raises(UnreadableFileError, match="damaged or cut short"):
        read("table", whole[: int(len(whole) * share)])


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_parquet_may_be_packed(read: Read, pack: Callable[[bytes], bytes]) -> None:
    assert len(read("table", pack(parquet(PLAIN))).positions) == 1


def test_json_lines_are_read_object_by_object(read: Read) -> None:
    message = {"ssvid": "416000000", "timestamp": "2020-06-30T12:00:00.000000Z", "lon": 120.31, "lat": 22.5,
               "speed": 2.2, "course": 267, "shipname": "SHUN LI"}  # fmt: skip
    text = "\n".join([
        json.dumps(message),
        json.dumps({**message, "lon": None, "lat": None}),
        "",
        json.dumps({**message, "lat": [1]}),
        '{"ssvid": 1, "lat": ',
        "[1, 2]",
    ])  # fmt: skip
    found = read("table", text)
    assert found.positions.select("mmsi", "time", "lon", "lat", "line").rows() == [
        (416000000, NOON, 120.31, 22.5, 1)
    ]
    assert found.counts == {"reports without a position": 1, "blank lines": 1}
    assert found.reasons == [(4, "lat unreadable"), (5, "not a JSON object"), (6, "not a JSON object")]
    assert found.claims.select("name", "reports").rows() == [("SHUN LI", 2)]


def test_a_damaged_object_neither_hides_that_a_file_is_json_lines_nor_names_a_column(read: Read) -> None:
    good = '{"ssvid": 1, "timestamp": "2020-06-30T12:00:00Z", "lon": 1, "lat": 2}\n'
    found = read("table", good[5:] + good * 10 + good.replace('"lon": 1', '"lon": 1, "l-o-n": 3') + good)
    assert len(found.positions) == 12
    assert found.reasons == [(1, "not a JSON object")]


def test_a_report_may_be_a_day_ahead_of_the_desk_and_no_more(read: Read) -> None:
    def rejected(ahead: timedelta) -> list[str]:
        time = datetime.isoformat(NOON + ahead)
        found = read("table", f"mmsi,time,lon,lat\n1,{time},1,2\n", received_at=NOON)
        return [reason for _, reason in found.reasons]

    assert rejected(timedelta(days=1)) == []
    assert rejected(timedelta(days=1, milliseconds=1000)) == ["time in the future"]
