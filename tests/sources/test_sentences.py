"""NMEA logs line by line: checksums, stamps, parts."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest

from clearwake.model import utc
from clearwake.sources.sentences import Heard, Listener, lines


def summed(body: str) -> str:
    """Put the checksum behind a sentence's or tag block's content."""
    return f"{body}*{reduce(xor, body.encode(), 0):02X}"


def vdm(fields: str, talker: str = "AI") -> str:
    return "!" + summed(f"{talker}VDM,{fields}")


def tagged(tags: str, sentence: str) -> str:
    return f"\\{summed(tags)}\\{sentence}"


def listen(*log: str) -> tuple[list[Heard], Listener]:
    listener = Listener()
    heard = [listener.hear(number, line) for number, line in lines("\n".join(log).encode(), 1)]
    listener.finish()
    return [each for each in heard if each is not None], listener


def faults(listener: Listener) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in listener.faults]


SHORT = vdm("1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0")
PARTS = (vdm("2,1,3,B,AAAA,0"), vdm("2,2,3,B,BB,2"))
NOON = int(utc("2013-03-18T09:19:09.499").timestamp() * 1000)


def test_a_whole_sentence_is_a_message() -> None:
    ((message,), _) = listen(SHORT)
    assert message[:3] == (1, b"15RTgt0PAso;90TKcjM8h6g208CQ", 0)
    assert (message.time_ms, message.station) == (None, None)


def test_any_station_may_speak_of_others_or_of_itself() -> None:
    heard, _ = listen(
        vdm("1,1,,A,1,0", "BS"), vdm("1,1,,A,2,0", "AB"), "!" + summed("AIVDO,1,1,,,3,0"), vdm("1,1,0,,4,0")
    )
    assert [each.payload for each in heard] == [b"1", b"2", b"3", b"4"]


def test_a_wrong_checksum_is_a_fault() -> None:
    heard, listener = listen(SHORT[:-1] + ("0" if SHORT[-1] != "0" else "1"))
    assert not heard
    assert faults(listener) == [(1, "checksum wrong")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("hello", "not an NMEA sentence"),
        ("mmsi,time,lon,lat", "not an NMEA sentence"),
        ("!AIVDM,1,1,,A,15RT", "damaged AIS sentence"),
        ("!AIVDM,1,1,,A,15R{,0*00", "damaged AIS sentence"),
        ("AIVDM,1,1,,A,1,0*5E", "damaged AIS sentence"),
        ("$GPZDA,114702.51,27,01,2012,,*00", "checksum wrong"),
        ("!AIPWR,UNIT=0,PWV", "checksum missing"),
        (vdm("2,3,3,B,AAAA,0"), "part number above the number of parts"),
        ("\\s:a,c:1", "tag block not closed"),
        ("\\s:a,c:1418169601*11\\" + SHORT, "tag block checksum wrong"),
        (tagged("c:noon", SHORT), "tag block time unreadable"),
        ("$" + summed("PGHP,1,2013,13,18,9,19,9,499,219,,2190048,1,28"), "time unreadable"),
        ("$" + summed("PGHP,1,99999999999,13,18,9,19,9,499,219,,2190048,1,28"), "time unreadable"),
        ("$" + summed("PGHP,1,2013"), "time unreadable"),
    ],
)
def test_damage_of_every_kind_is_a_fault_and_the_next_line_is_heard(line: str, reason: str) -> None:
    heard, listener = listen(line, SHORT)
    assert faults(listener) == [(1, reason)]
    assert [each.line for each in heard] == [2]


def test_lines_that_are_no_ais_are_counted_by_what_they_are() -> None:
    _, listener = listen(
        "# comment", "", "$" + summed("GPZDA,114702.51,27,01,2012,,"), "$PSHI,001", vdm("1,1,,B,,0"),
        "\\" + summed("s:a") + "\\", "$" + summed("PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28"),
    )  # fmt: skip
    assert dict(listener.counts) == {
        "comments": 1, "blank lines": 1, "other sentences": 2, "empty messages": 1, "stamps": 2,
    }  # fmt: skip
    assert not listener.faults


@pytest.mark.parametrize(
    ("epoch", "time"),
    [
        ("1418169601", "2014-12-10T00:00:01"),
        ("1418169601000", "2014-12-10T00:00:01"),
        ("1418169601.25", "2014-12-10T00:00:01.250"),
    ],
)
def test_a_tag_block_says_when_and_by_whom(epoch: str, time: str) -> None:
    ((message,), _) = listen(tagged(f"s:rORBCOMM008,c:{epoch},T:2014-12-10 00.00.01", SHORT))
    assert message.time_ms == int(utc(time).timestamp() * 1000)
    assert message.station == "rORBCOMM008"


def test_several_tag_blocks_in_a_row_count_together_and_00_is_no_checksum() -> None:
    ((message,), _) = listen("\\s:a*00\\\\c:1418169601*00\\" + SHORT)
    assert (message.station, message.time_ms) == ("a", 1418169601000)


def test_a_tag_block_on_a_line_of_its_own_is_meant_for_the_next_sentence() -> None:
    heard, _ = listen("\\" + summed("s:a,c:1418169601") + "\\", SHORT, SHORT)
    assert [(each.station, each.time_ms) for each in heard] == [("a", 1418169601000), (None, None)]


def test_a_gatehouse_line_stamps_the_sentence_behind_it_and_no_other() -> None:
    stamp = "$" + summed("PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28")
    heard, _ = listen(stamp, SHORT, SHORT)
    assert [(each.station, each.time_ms) for each in heard] == [("2190048", NOON), (None, None)]


def test_the_stamp_of_a_damaged_sentence_is_not_given_to_the_next() -> None:
    stamp = "$" + summed("PGHP,1,2013,3,18,9,19,9,499,219,,2190048,1,28")
    heard, _ = listen(stamp, "!AIVDM,1,1,,A,15RT", SHORT)
    assert [each.time_ms for each in heard] == [None]


@pytest.mark.parametrize(
    ("appended", "station", "epoch"),
    [
        (",r003669945,1153123456", "r003669945", 1153123456),
        (",d-108,S0097,t050102.00,T02.59044034,r003669946,1325394065,1325394006", "r003669946", 1325394065),
        (",b2003669980,1272412825", "b2003669980", 1272412825),
        (",x259906,s28320,d-098,T33.71033565,rDETROIT1,1152921694", "rDETROIT1", 1152921694),
        (",1276256770", None, 1276256770),
        (",b003660465", "b003660465", None),
    ],
)
def test_stations_append_their_name_and_the_time(
    appended: str, station: str | None, epoch: int | None
) -> None:
    ((message,), _) = listen(SHORT + appended)
    assert message.station == station
    assert message.time_ms == (None if epoch is None else epoch * 1000)


def test_parts_make_a_message_with_the_first_parts_line_and_stamp() -> None:
    ((message,), listener) = listen(tagged("s:a,c:1418169601", PARTS[0]), PARTS[1])
    assert message[:5] == (1, b"AAAABB", 2, 1418169601000, "a")
    assert listener.counts["further parts of a message"] == 1


def test_parts_may_come_in_any_order_and_among_other_lines() -> None:
    heard, listener = listen(PARTS[1], SHORT, "# comment", PARTS[0])
    assert [each.payload for each in heard][-1] == b"AAAABB"
    assert not listener.faults


def test_parts_of_different_stations_are_kept_apart() -> None:
    heard, _ = listen(*(f"{part},{station},1153123456" for part in PARTS for station in ("rAAAA", "rBBBB")))
    assert [(each.payload, each.station) for each in heard] == [(b"AAAABB", "rAAAA"), (b"AAAABB", "rBBBB")]


def test_a_station_that_names_itself_on_the_last_part_only_is_understood() -> None:
    heard, _ = listen(PARTS[0], PARTS[1] + ",b003660465,1153123456")
    assert [(each.payload, each.station) for each in heard] == [(b"AAAABB", "b003660465")]


def test_a_tag_block_group_ties_lines_together_and_stamps_them_all() -> None:
    other = (vdm("2,1,3,B,CCCC,0"), vdm("2,2,3,B,DD,2"))
    heard, listener = listen(
        tagged("g:1-2-1604,s:a,c:1418169601", PARTS[0]),
        tagged("g:1-2-1605,s:b,c:1418169602", other[0]),
        tagged("g:2-2-1604", PARTS[1]),
        tagged("g:2-2-1605", other[1]),
    )
    assert [(each.payload, each.station, each.time_ms) for each in heard] == [
        (b"AAAABB", "a", 1418169601000),
        (b"CCCCDD", "b", 1418169602000),
    ]
    assert not listener.faults


def test_a_group_number_that_comes_round_again_does_not_keep_the_old_stamp() -> None:
    heard, _ = listen(
        tagged("g:1-2-7,s:a,c:1418169601", SHORT), tagged("g:2-2-7", SHORT),
        tagged("g:1-2-7,c:1418169701", SHORT), tagged("g:2-2-7", SHORT),
    )  # fmt: skip
    assert [(each.station, each.time_ms) for each in heard] == [
        ("a", 1418169601000), ("a", 1418169601000), (None, 1418169701000), (None, 1418169701000),
    ]  # fmt: skip


def test_an_unfinished_message_is_a_fault_of_each_of_its_lines() -> None:
    heard, listener = listen(vdm("3,1,3,B,AAAA,0"), SHORT, vdm("3,2,3,B,BBBB,0"))
    assert [each.line for each in heard] == [2]
    assert faults(listener) == [(1, "message incomplete"), (3, "message incomplete")]


def test_a_part_that_comes_again_begins_another_message() -> None:
    heard, listener = listen(PARTS[0], vdm("2,1,3,B,CCCC,0"), PARTS[1])
    assert [each.payload for each in heard] == [b"CCCCBB"]
    assert faults(listener) == [(1, "message incomplete")]


def test_parts_a_minute_apart_do_not_belong_together() -> None:
    heard, listener = listen(f"{PARTS[0]},1153123456", f"{PARTS[1]},1153123517")
    assert not heard
    assert faults(listener) == [(1, "message incomplete"), (2, "message incomplete")]


def test_a_message_is_given_up_after_a_thousand_lines() -> None:
    listener = Listener()
    listener.hear(1, PARTS[0].encode())
    listener.forget(1001)
    assert not listener.faults
    listener.forget(1002)
    assert faults(listener) == [(1, "message incomplete")]
