"""CSV line by line: every line a row or a fault, and the fast ways agree with the careful one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.sources import delimited
from clearwake.sources.columns import layout
from clearwake.sources.delimited import Parsed
from clearwake.sources.lines import Block

LAYOUT = layout(["mmsi", "time", "lon", "lat", "name"], {}, "a.csv")


def parse(text: str | bytes, separator: str = ",") -> Parsed:
    return delimited.parse(Block(text.encode() if isinstance(text, str) else text, 2), LAYOUT, separator)


def rows(parsed: Parsed) -> list[tuple[int, str | None]]:
    return [
        (line, name or None) for line, name in zip(parsed.rows.lines, parsed.rows.frame["name"], strict=True)
    ]


def faults(parsed: Parsed) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in parsed.faults]


def test_well_kept_lines_are_read_at_once_as_numbers() -> None:
    parsed = parse("1,t,2.5,3,A\n2,t,2.5,3,\n")
    assert parsed.rows.frame.select("mmsi", "lon", "lat", "name").rows() == [
        (1, 2.5, 3.0, "A"),
        (2, 2.5, 3.0, None),
    ]
    assert list(parsed.rows.lines) == [2, 3]
    assert not parsed.faults


def test_one_bad_number_makes_its_block_text_and_loses_nothing() -> None:
    parsed = parse("1,t,2.5,3,A\n2,t,x,3,B\n")
    assert parsed.rows.frame["lon"].to_list() == ["2.5", "x"]
    assert rows(parsed) == [(2, "A"), (3, "B")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2,t,2.5,3", "too few fields"),
        ("2,t,2.5,3,B,9", "too many fields"),
        ("garbage", "too few fields"),
        ('2,t,2.5,3,"B', "stray quotation mark or line break"),
        ('2,t,2.5,3,"B"x', "stray quotation mark or line break"),
        ("2,t,2.5,3,B\0", "NUL byte"),
        (b"2,t,2.5,3,caf\xe9", "not UTF-8 text"),
    ],
)
def test_a_broken_line_is_a_fault_with_its_number_and_its_neighbours_stay(
    line: str | bytes, reason: str
) -> None:
    broken = line.encode() if isinstance(line, str) else line
    parsed = parse(b"1,t,2.5,3,A\n" + broken + b"\n3,t,2.5,3,C\n")
    assert rows(parsed) == [(2, "A"), (4, "C")]
    assert faults(parsed) == [(3, reason)]


def test_a_line_too_long_and_one_too_short_do_not_make_up_for_each_other() -> None:
    parsed = parse("1,t,2.5,3\n2,t,2.5,3,B,9\n3,t,2.5,3,C\n")
    assert rows(parsed) == [(4, "C")]
    assert faults(parsed) == [(2, "too few fields"), (3, "too many fields")]


def test_quotation_marks_hold_separators_and_each_other() -> None:
    plain = "".join(f"{n},t,2.5,3,N\n" for n in range(20))
    parsed = parse(plain + '1,t,2.5,3,"A, B"\n2,"t",2.5,3,"C ""D"" E"\n3,t,2.5,3,F"G\n')
    assert rows(parsed)[20:] == [(22, "A, B"), (23, 'C "D" E'), (24, 'F"G')]
    assert not parsed.faults


def test_a_file_quoted_throughout_is_read_like_any_other() -> None:
    parsed = parse('"1","t","2.5","3","A, B"\n"2","t","2.5","3",""\n"3","t","2.5","3","C ""D"""\n"4","t"\n')
    assert rows(parsed) == [(2, "A, B"), (3, None), (4, 'C "D"')]
    assert faults(parsed) == [(5, "too few fields")]


def test_a_lost_quotation_mark_damages_no_other_line() -> None:
    parsed = parse('1,t,2.5,3,"A\n2,t,2.5,3,B\n3,t,2.5,3,C"\n4,t,2.5,3,D\n')
    assert rows(parsed) == [(3, "B"), (4, 'C"'), (5, "D")]
    assert faults(parsed) == [(2, "stray quotation mark or line break")]


def test_line_ends_of_windows_and_a_last_line_without_one_are_no_part_of_the_row() -> None:
    assert rows(parse("1,t,2.5,3,A\r\n2,t,2.5,3,B")) == [(2, "A"), (3, "B")]


def test_blank_lines_are_counted_and_keep_their_numbers() -> None:
    parsed = parse("1,t,2.5,3,A\n\n  \r\n2,t,2.5,3,B\n")
    assert rows(parsed) == [(2, "A"), (5, "B")]
    assert parsed.blank == 2


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_header_says_what_separates_the_columns(separator: str) -> None:
    names = ["MMSI", "BaseDateTime", "LON", "LAT", "Vessel, or other"]
    line = separator.join(f'"{name}"' if "," in name else name for name in names)
    assert delimited.header(line.encode()) == (names, separator)


def test_a_header_of_broken_bytes_is_still_a_header() -> None:
    names, _ = delimited.header(b'mmsi,time,lon,lat,"caf\xe9\0\n')
    assert "mmsi" in names[0]


FIELDS = st.text(st.sampled_from('ab,"\r \0é'), max_size=4)
LINES = st.one_of(
    st.lists(FIELDS, min_size=5, max_size=5).map(",".join),
    st.text(st.sampled_from('12.,"x\r é'), max_size=14),
    st.just("1,t,2.5,3,A"),
    st.just('1,t,2.5,3,"A, B"'),
)


@given(lines=st.lists(LINES, max_size=12))
def test_every_line_is_one_row_one_fault_or_blank_and_reads_the_same_alone(lines: list[str]) -> None:
    together = parse("".join(line + "\n" for line in lines))
    seen = sorted([number for number, _ in rows(together)] + [number for number, _ in faults(together)])
    assert len(seen) == len(set(seen))
    assert len(seen) + together.blank == len(lines)
    for number, line in enumerate(lines, 2):
        alone = parse(line + "\n")
        assert [reason for at, reason in faults(together) if at == number] == [r for _, r in faults(alone)]
        assert [name for at, name in rows(together) if at == number] == [name for _, name in rows(alone)]
