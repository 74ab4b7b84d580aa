"""What happens to files on their way: bytes flipped, cut, repeated, put in; lines of different files joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Chance = np.random.Generator

SPICE: Sequence[bytes] = (
    b'"', b"\n", b"\r", b"\0", b",", b",,,,,,,,", b";", b"\t", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"1e999", b"nan",
    b"inf", b"-", b"+", b".", b"0", b"9" * 25, b"\\", b"*", b"*00", b"!AIVDM,1,1,,A,", b"$PGHP,1,", b"{", b"}", b"[",
    b"[" * 2000, b"null", b"\\ud800", b"181", b"91", b"<html>", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"#", b" " * 50,
)  # fmt: skip
"""What readers have been known to stumble over."""

MOST_BYTES = 1 << 16

_BITS = (0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7)
"""Low bits more often: a text with the highest bit set is no UTF-8, and nothing else about it is looked at."""

_LEGIBLE = 0.7
"""Which share of noise is legible, for the same reason."""


def damaged(data: bytes, other: bytes, chance: Chance) -> bytes:
    """Damage some bytes once to three times; ``other`` is what they may be joined with."""
    for _ in range(int(chance.integers(1, 4))):
        how = _WAYS[int(chance.integers(len(_WAYS)))]
        data = how(data, other, chance)[:MOST_BYTES]
    return data


def _span(data: bytes, chance: Chance) -> tuple[int, int]:
    first, last = sorted(int(each) for each in chance.integers(0, len(data) + 1, 2))
    return first, last


def _flip(data: bytes, _: bytes, chance: Chance) -> bytes:
    if not data:
        return data
    at = int(chance.integers(len(data)))
    return data[:at] + bytes([data[at] ^ 1 << int(chance.choice(_BITS))]) + data[at + 1 :]


def _cut(data: bytes, _: bytes, chance: Chance) -> bytes:
    first, last = _span(data, chance)
    return data[:first] + data[last:]


def _truncate(data: bytes, _: bytes, chance: Chance) -> bytes:
    return data[: int(chance.integers(0, len(data) + 1))]


def _repeat(data: bytes, _: bytes, chance: Chance) -> bytes:
    first, last = _span(data, chance)
    return data[:last] + data[first:last] + data[last:]


def _spice(data: bytes, _: bytes, chance: Chance) -> bytes:
    at = int(chance.integers(0, len(data) + 1))
    return data[:at] + SPICE[int(chance.integers(len(SPICE)))] + data[at:]


def _splice(data: bytes, other: bytes, chance: Chance) -> bytes:
    return data[: _span(data, chance)[1]] + other[_span(other, chance)[0] :]


def _noise(data: bytes, _: bytes, chance: Chance) -> bytes:
    first, last = _span(data, chance)
    noise = chance.bytes(min(last - first, 40))
    if chance.uniform() < _LEGIBLE:
        noise = bytes(32 + code % 95 for code in noise)
    return data[:first] + noise + data[last:]


_WAYS = (_flip, _flip, _cut, _truncate, _repeat, _spice, _spice, _splice, _noise)
