"""Text in blocks of whole lines: the same lines with the same numbers, however large the blocks."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearwake.sources.lines import Block, blocks, shown


def numbered(text: bytes, size: int) -> list[tuple[int, bytes]]:
    found = []
    for block in blocks(io.BytesIO(text), size):
        assert block.count == len(block.spans)
        for number, (start, end) in enumerate(block.spans, block.first):
            found.append((number, block.data[start:end]))
        assert not len(block.spans) or block.last == found[-1][0]
    return found


@given(lines=st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"")), max_size=20))
@pytest.mark.parametrize("size", [8, 11, 64, 1000])
def test_lines_keep_their_numbers_however_the_file_is_cut(lines: list[bytes], size: int) -> None:
    text = b"\n".join(lines).removeprefix(b"\xef\xbb\xbf")
    wanted = [line + b"\n" for line in text.split(b"\n")]
    wanted[-1] = wanted[-1][:-1]
    assert numbered(text, size) == list(enumerate(wanted if wanted[-1] else wanted[:-1], 1))


def test_a_byte_order_mark_is_left_out() -> None:
    assert numbered(b"\xef\xbb\xbfmmsi\n1\n", 100) == [(1, b"mmsi\n"), (2, b"1\n")]


def test_a_line_longer_than_a_block_is_a_fault_and_the_next_keeps_its_number() -> None:
    found = list(blocks(io.BytesIO(b"one\n" + b"x" * 100 + b"\nthree\nfour"), 16))
    faults = [(fault.line, fault.reason) for block in found for fault in block.faults]
    assert faults == [(2, "line too long")]
    rest = [(number, line) for block in found for number, line in enumerate(block.data.split(), block.first)]
    assert rest == [(1, b"one"), (3, b"three"), (4, b"four")]


def test_a_line_too_long_at_the_very_end_is_not_lost() -> None:
    found = list(blocks(io.BytesIO(b"one\n" + b"x" * 100), 16))
    assert [fault.line for block in found for fault in block.faults] == [2]


def test_an_empty_block_has_no_line() -> None:
    assert Block(b"", 7).count == 0
    assert len(Block(b"", 7).spans) == 0


def test_a_line_is_shown_in_full_up_to_500_characters_with_broken_bytes_as_numbers() -> None:
    assert shown(b"caf\xe9,1\r\n") == "caf\\xe9,1"
    assert len(shown(b"x" * 10_000)) == 500
