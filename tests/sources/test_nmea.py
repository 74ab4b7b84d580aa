"""AIS logs, from bytes to facts."""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable
from datetime import UTC, datetime
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from clearwake.model import Options, Received, UnreadableFileError, utc
from clearwake.sources import messages, nmea
from clearwake.sources.nmea import Clock

Read = Callable[..., Any]

# Sentences from the test data of gpsd (BSD-2-Clause), libais and AisLib (Apache-2.0).
TANKER_AT = "15RTgt0PAso;90TKcjM8h6g208CQ"  # 371798000, second 33
BOAT_AT = "B5MiOp0006g4up6:EV403wr5oP06"  # 366764000, second 52
TANKER_IS = (
    "2,1,1,B,53eaFL02?;fwTPm7V219E@R1@PE8E<622222221@9hG1A7?@NCPSlm3kc5,0",
    "2,2,1,B,DhH8888888880,2",
)


def summed(body: str) -> str:
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def vdm(payload: str) -> str:
    return "!" + summed(f"AIVDM,1,1,,A,{payload},0")


def stamped(sentence: str, epoch: int = 1325394060) -> str:
    return f"{sentence},r003669946,{epoch}"


def test_a_position_report_becomes_a_position(read: Read) -> None:
    found = read("nmea", "# a comment\n" + stamped(vdm(TANKER_AT)))
    assert found.positions.rows(named=True) == [
        {
            "mmsi": 371798000, "time": utc("2012-01-01T05:01:00"), "lon": -123.395383, "lat": 48.381633,
            "speed_kn": pytest.approx(12.3), "course_deg": 224.0, "heading_deg": 215.0, "nav_status": 0,
            "station": "r003669946", "receipt": None, "line": 2, "known_at": None,
        }
    ]  # fmt: skip


def test_a_voyage_message_in_two_parts_becomes_a_claim(read: Read) -> None:
    found = read("nmea", "\n".join(stamped("!" + summed(f"AIVDM,{part}")) for part in TANKER_IS) + "\n")
    assert found.claims.select(
        "mmsi",
        "source",
        "name",
        "imo",
        "callsign",
        "ship_type",
        "length_m",
        "draught_m",
        "destination",
        "line",
    ).rows() == [
        (
            249190000,
            "nmea",
            "RUTH THERESA",
            "9383663",
            "9HMQ9",
            80,
            101.0,
            pytest.approx(7.8),
            "BOSTON,USA",
            1,
        )
    ]
    assert found.counts == {"reports without a position": 1, "further parts of a message": 1}


def test_several_stations_hearing_one_message_are_all_kept(read: Read) -> None:
    heard = [f"\\{summed(f's:{station},c:1325394060')}\\{vdm(TANKER_AT)}" for station in ("a", "b")]
    assert read("nmea", "\n".join(heard)).positions["station"].to_list() == ["a", "b"]


def test_every_line_is_accounted_for_by_what_it_was(read: Read) -> None:
    log = [
        stamped(vdm(TANKER_AT)),
        vdm(TANKER_AT),  # no time
        stamped(vdm("403Ovl@000Htt<tSF0l4Q@100`Pq")),  # a base station without a place
        stamped(vdm("803Ovrh0EP:024`@02PN04da=3V<>N0000")),  # binary broadcast
        stamped(vdm("w" + TANKER_AT[1:])),  # kind 63
        stamped(vdm(TANKER_AT[:-1])),
        stamped(vdm("KvQ:1o`7EBrBQ`?w")),  # 210.6 degrees east
        "!AIVDM,1,1,,A,15RT",
        "$" + summed("GPZDA,114702.51,27,01,2012,,"),
        "",
    ]
    found = read("nmea", "\n".join(log) + "\n")
    assert found.rows == 10
    assert len(found.positions) == 1
    assert found.counts == {
        "reports without a position": 1, "messages without position or identity": 1, "other sentences": 1,
        "blank lines": 1,
    }  # fmt: skip
    assert found.reasons == [
        (2, "no time"), (5, "message type unknown"), (6, "message too short"), (7, "lon out of range"),
        (8, "damaged AIS sentence"),
    ]  # fmt: skip


def test_a_reject_shows_the_lines_of_the_message(read: Read) -> None:
    lines = [stamped(vdm(TANKER_AT)), vdm(BOAT_AT)]
    assert read("nmea", "\n".join(lines)).quarantine["found"].to_list() == [lines[1]]


def test_a_log_without_any_clock_is_refused_and_says_what_to_do(read: Read) -> None:
    with pytest.raises(UnreadableFileError, match="none of them with a time") as refused:
        read("nmea", vdm(TANKER_AT) + "\n" + vdm(BOAT_AT))
    assert "--start" in refused.value.do_next


def test_with_a_start_the_messages_own_seconds_carry_the_clock_on(read: Read) -> None:
    log = [vdm(TANKER_AT), vdm("403Ovl@000Htt<tSF0l4Q@100`Pq"), vdm(BOAT_AT), vdm(TANKER_AT)]
    found = read("nmea", "\n".join(log), start=utc("2020-06-30T12:00:30"))
    # Seconds 33, (none), 52; and 33 again, heard late rather than 41 seconds ahead.
    assert found.positions["time"].to_list() == [
        utc("2020-06-30T12:00:33"), utc("2020-06-30T12:00:52"), utc("2020-06-30T12:00:33"),
    ]  # fmt: skip


def test_a_stamp_goes_before_the_start_and_sets_the_clock(read: Read) -> None:
    found = read("nmea", stamped(vdm(TANKER_AT)) + "\n" + vdm(BOAT_AT), start=utc("2020-06-30T12:00"))
    assert found.positions["time"].to_list() == [utc("2012-01-01T05:01:00"), utc("2012-01-01T05:00:52")]


def test_the_clock_follows_seconds_up_to_half_a_minute_ahead() -> None:
    clock = Clock(utc("2020-06-30T12:00:30"))
    at = [datetime.fromtimestamp(clock.time_ms(second) / 1000, UTC) for second in (30, 59, 29, None, 0, 30)]
    assert [each.isoformat()[11:19] for each in at] == [
        "12:00:30", "12:00:59", "12:01:29", "12:01:29", "12:01:00", "12:01:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    ["mmsi,time,lon,lat\n1,2020-06-30T12:00:00,1,2\n", "$GPZDA,114702.51,27,01,2012,,\n", "PAR1...", "x"],
)
def test_what_is_no_ais_log_is_refused_whole(read: Read, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        read("nmea", content)


def test_a_log_may_be_packed(read: Read) -> None:
    assert len(read("nmea", gzip.compress(stamped(vdm(TANKER_AT)).encode())).positions) == 1


def test_a_time_that_cannot_be_is_a_reject(read: Read) -> None:
    log = [stamped(vdm(TANKER_AT)), stamped(vdm(TANKER_AT), 4102444800), stamped(vdm(TANKER_AT), 100000000)]
    assert read("nmea", "\n".join(log)).reasons == [(2, "time in the future"), (3, "time before 1990")]


def test_a_search_aircraft_may_be_faster_than_any_ship(read: Read) -> None:
    # 168 knots, encoded with pyais.
    found = read("nmea", stamped(vdm("91b77=h02`0n120Q12H1;7000000")))
    assert found.positions["speed_kn"].to_list() == [168.0]


def test_chunks_are_handed_on_and_line_numbers_go_on(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nmea, "CHUNK_MESSAGES", 3)
    monkeypatch.setattr(nmea, "BLOCK_BYTES", 200)
    found = read("nmea", "\n".join([stamped(vdm(TANKER_AT))] * 20))
    assert found.positions["line"].to_list() == list(range(1, 21))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "positions", "rejects"),
    [
        ("aislib_replay_dump_20130318.txt", 47, 0),
        ("aislib_stream_example_20100611.txt", 3127, 18),
        ("amsa_nmea_timestamped_20141231.txt", 100, 0),
        ("gfw_aistools_bad-tagblock-group.nmea", 1, 0),
        ("gfw_aistools_ee-multiline.nmea", 6, 0),
        ("gfw_aistools_errors.nmea", 1, 4),
        ("libais_tagblock.nmea", 3, 0),
        ("noaadata_test_20060715.ais", 682, 0),
    ],
)
def test_sample_logs_of_many_houses_are_read(
    read: Read, shared: Path, name: str, positions: int, rejects: int
) -> None:
    found = read("nmea", shared / "nmea_mixed_samples" / name)
    assert (len(found.positions), len(found.quarantine)) == (positions, rejects)


@pytest.mark.shared
def test_five_danish_minutes_are_read_without_a_reject(read: Read, shared: Path) -> None:
    found = read("nmea", shared / "nmea_dma" / "ais-sample_2013-11-12T12.txt.gz")
    assert (len(found.positions), len(found.quarantine)) == (25_947, 0)
    assert found.positions["station"].null_count() == 16, "heard through a network that names no station"
    assert found.positions["time"].is_between(utc("2013-11-12T12:00"), utc("2013-11-12T12:06")).all()


@pytest.mark.shared
@pytest.mark.skipif(
    importlib.util.find_spec("aiscat") is None, reason="the optional decoder aiscat is not installed"
)
@pytest.mark.parametrize("name", ["aislib_stream_example_20100611.txt", "pyais_nmea_data_sample.txt"])
def test_both_decoders_give_identical_rows(shared: Path, name: str) -> None:
    options = Options(datetime(2026, 1, 1, tzinfo=UTC), start=utc("2020-06-30T12:00"))
    files = [Received(shared / "nmea_mixed_samples" / name, name)]
    tables = [
        [reading.tables for reading in nmea.parse_with(decode, files, options)]
        for decode in (messages.by_pyais, messages.best())
    ]
    for by_pyais, by_aiscat in zip(*tables, strict=True):
        for table in by_pyais:
            assert by_pyais[table].equals(by_aiscat[table]), table
    assert pl.concat([each["positions"] for each in tables[0]]).height > 700
