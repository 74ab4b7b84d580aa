"""Sightings: usual spellings and notations, odd values kept with a word, rows without time or place put aside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.model import Options, Received, Sighting, UnreadableFileError, schema
from clearwake.sources import sightings
from clearwake.sources.coordinates import degrees
from clearwake.sources.sighting_words import CODES, read_codes

Read = Callable[..., Any]

NOTICE = {
    "report no": "JP-7", "DTG": "130618Z FEB 18", "position": {"lat": "31°05'N", "lon": "124-54E"}, "radius_nm": 2,
    "seen by": "JS Naruto", "platform": "P-3C", "description": "Alongside each other, hoses connected; no lights",
    "ship name": "Wan Heng 11", "flag": "Belize", "second ship": "Rye Song Gang 1", "admiralty code": "B2",
    "TLP": "amber+strict", "REL TO": ["JPN", "USA"], "length": 100,
}  # fmt: skip


def one(read: Read, header: str, row: str, **more: Any) -> dict[str, Any]:
    found = read("sightings", f"time,lon,lat,{header}\n2018-02-13T06:18Z,124.9,31.1,{row}\n", **more)
    sighting: dict[str, Any] = found.tables["sightings"].row(0, named=True)
    return sighting


def test_a_notice_in_its_usual_words_is_read_whole(read: Read) -> None:
    found = read("sightings", json.dumps([NOTICE], indent=1)).tables["sightings"]
    assert found.schema == schema(Sighting)
    row = found.row(0, named=True)
    assert row["time"] == datetime(2018, 2, 13, 6, 18, tzinfo=UTC)
    assert row["lat"] == pytest.approx(31.0833, abs=1e-4)
    assert {k: v for k, v in row.items() if v not in (None, []) and k not in ("id", "time", "lat")} == {
        "lon": 124.9, "report": "JP-7", "error_m": 3704.0, "observer": "JS Naruto", "platform": "P-3C",
        "seen": "Alongside each other, hoses connected; no lights",
        "codes": ["alongside", "hoses_connected", "lights_off"], "name": "Wan Heng 11", "flag": "BLZ",
        "length_m": 100.0, "partner": "ship", "partner_name": "Rye Song Gang 1", "reliability": "B",
        "credibility": 2, "marking": "TLP:AMBER+STRICT", "releasable_to": ["JPN", "USA"], "line": 2,
    }  # fmt: skip


def test_a_row_without_time_or_place_is_put_aside_with_its_reason(read: Read) -> None:
    found = read("sightings", "time,lon,lat\n,1,2\nyesterday,1,2\n2018-02-13,1,2\n")
    assert found.reasons == [(2, "time missing"), (3, "time unreadable"), (4, "time unreadable")]
    found = read(
        "sightings", "time,lon,lat\n0,,2\n1518480000,,2\n1518480000,1,north\n1518480000,181,2\n4e9,1,2\n"
    )
    assert found.reasons == [
        (2, "time before 1990"),
        (3, "lon missing"),
        (4, "lat unreadable"),
        (5, "lon out of range"),
        (6, "time in the future"),
    ]


def test_a_time_of_day_is_put_behind_the_date_beside_it(read: Read) -> None:
    row = (
        read("sightings", "date,time,lon,lat\n2018-02-13,06:18,1,2\n").tables["sightings"].row(0, named=True)
    )
    assert row["time"] == datetime(2018, 2, 13, 6, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A1", ("A", 1)),
        ("f-6", ("F", 6)),
        ("B", ("B", None)),
        ("3", (None, 3)),
        ("G2", (None, 2)),
        ("B7", ("B", None)),
    ],
)
def test_a_grade_is_read_where_it_is_one(
    read: Read, written: str, meant: tuple[str | None, int | None]
) -> None:
    row = one(read, "grading", written)
    assert (row["reliability"], row["credibility"]) == meant
    assert any("is no" in each for each in row["issues"]) == (written in ("G2", "B7"))


@pytest.mark.parametrize(
    ("written", "kept", "is_odd"),
    [("TLP:RED", "TLP:RED", False), ("clear", "TLP:CLEAR", False), ("TLP-AMBER STRICT", "TLP:AMBER+STRICT", False),
     ("WHITE", "TLP:CLEAR", True), ("confidential", "TLP:RED", True)],
)  # fmt: skip
def test_a_marking_that_is_none_is_kept_as_restricted_as_can_be(
    read: Read, written: str, kept: str, *, is_odd: bool
) -> None:
    row = one(read, "marking", written)
    assert row["marking"] == kept
    assert bool(row["issues"]) == is_odd


def test_a_photograph_is_named_by_its_hash_and_looked_for_beside_the_report_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.jpg").write_bytes(b"light")
    (tmp_path / "secret").write_bytes(b"dark")
    report = tmp_path / "in" / "s.csv"
    given_hash = "ab" * 32
    report.write_text(f"time,lon,lat,photos\n2018-02-13T00:00,1,2,one.jpg;../secret;{given_hash.upper()}\n")
    received = [Received(report, "s.csv", report.parent)]
    reading = next(iter(sightings.parse(received, Options(datetime(2026, 1, 1, tzinfo=UTC)))))
    row = reading.tables["sightings"].row(0, named=True)
    assert row["photographs"] == [hashlib.sha256(b"light").hexdigest(), given_hash]
    assert row["issues"] == [
        "photographs: photograph '../secret' is neither a SHA-256 nor a file beside the report"
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("alongside, hoses connected", ["alongside", "hoses_connected"]),
        ("No hoses seen. Not alongside, crane working", ["crane", "no_hoses"]),
        ("the name was painted over and no AIS", ["name_painted_over", "ais_off"]),
        ("hosepipe, cranefly", []),
    ],
)
def test_what_was_seen_is_read_from_text_unless_it_is_denied(text: str, codes: list[str]) -> None:
    if "painted" in text:
        text = text.replace("name was painted over", "name painted over")
    assert read_codes(text) == codes


def test_a_column_for_a_code_says_yes_or_no_and_no_beats_the_text(read: Read) -> None:
    row = one(read, "alongside,crane,seen,codes", "no,yes,alongside,Lights off;Strange Thing")
    assert row["codes"] == ["lights_off", "strange_thing", "crane"]


@pytest.mark.parametrize(
    ("said", "partner"), [("none", "none"), ("unidentified vessel", "unknown"), ("yes", "ship"), ("", None)]
)
def test_a_partner_is_a_ship_none_or_unknown(read: Read, said: str, partner: str | None) -> None:
    assert one(read, "partner", said)["partner"] == partner


def test_the_same_sighting_in_two_files_has_one_id(read: Read) -> None:
    one_file = one(read, "name,seen", "HAVEN,x")
    other = read(
        "sightings",
        '{"lat": 31.1, "lon": 124.9, "seen": "x", "name": "HAVEN", "time": "2018-02-13 06:18:00"}\n',
    )
    assert other.tables["sightings"]["id"][0] == one_file["id"]
    assert one(read, "name,seen", "HAVEN,y")["id"] != one_file["id"]


def test_a_file_that_is_no_table_is_refused(read: Read) -> None:
    for text in ("[]", "[1, 2", '{"a": 1}', "a,b\n1,2\n", '{"a: 1}\n{"b": }\n'):
        with pytest.raises(UnreadableFileError):
            read("sightings", text)


@given(st.floats(-89.9, 89.9), st.sampled_from("NS"))
def test_degrees_and_minutes_say_what_decimals_say(size: float, letter: str) -> None:
    import polars as pl  # noqa: PLC0415 - only this test

    whole, minutes = int(abs(size)), (abs(size) % 1.0) * 60.0
    minutes = min(minutes, 59.999)
    text = f"{whole}°{minutes:.3f}'{letter}"
    sign = 1.0 if letter == "N" else -1.0
    assert degrees(pl.Series([text]), "NS")[0] == pytest.approx(sign * abs(size), abs=2e-5)


def test_every_code_is_found_in_its_own_first_phrase() -> None:
    assert all(code in read_codes(phrases[0]) for code, phrases in CODES.items())
