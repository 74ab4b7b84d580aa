"""Names spelt nearly alike, found without comparing every name with every other.

Two words at most k letters apart, one of them cut into k + 1 pieces, share at least one piece at nearly the same
place.  So the listed names' pieces are kept by their hash, and a name that shares no piece with any is never
compared.  Two neighbouring letters swapped count as one apart; where the swap lies across a cut, the hash of the
letters in any order finds it.  Numbers are part of every hash: names with different numbers never meet.

Source: Li, Deng, Wang, Feng 2011, "Pass-Join: a partition-based method for similarity joins", PVLDB 5(3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

Words = NDArray[np.uint64]
Places = NDArray[np.int64]

MOST_APART = ((13, 3), (9, 2), (5, 1))
"""A name of at least so many letters may differ in so many of them; shorter ones must agree."""

FOUR = 4
"""Letters of a name that may have one neighbouring pair swapped, and, when it has a number, one letter differing."""

BASE = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
FLAGS_FOR_A_NAME = 256
"""A table of so many flags for each listed name says of most pieces at once that no listed name has them."""

AT_ONCE = 1 << 16
"""Names asked at once: their hashes take about 40 MB."""


NEAR = pl.Schema({"asked": pl.Int64, "listed": pl.Int64, "alike": pl.Float64})


def most_apart(letters: int) -> int:
    """Give how many letters a listed name of this length may differ in."""
    return next((apart for least, apart in MOST_APART if letters >= least), 0)


def _edits(letters: int) -> int:
    """Give how many single edits pieces must survive: a swap is two, and long names are let have one."""
    apart = most_apart(letters)
    return apart + (apart > 1)


@dataclass(frozen=True)
class Piece:
    """One piece of the listed names of one length: where it lies, and their hashes in order."""

    start: int
    length: int
    order: int
    whole: int
    hashes: Words
    owners: Places


class Spellings:
    """Listed names by their pieces.

    Args:
        letters: Folded letters of each listed name.
        numbers: Folded numbers of each listed name.
    """

    def __init__(self, letters: pl.Series, numbers: pl.Series) -> None:
        self._letters = letters
        self._longest = int(_lengths(letters).max(initial=0)) + MOST_APART[0][1]
        self._allowed = np.array([most_apart(length) for length in range(self._longest + 1)])
        self._allowed[FOUR : FOUR + 1] = 1
        self._powers = np.power(BASE, np.arange(self._longest + 1, dtype=np.uint64))
        self._bits = int(letters.len() * FLAGS_FOR_A_NAME).bit_length()
        self._seen = np.zeros(1 << self._bits, bool)
        self._pieces = self._cut(_lengths(letters), _hashed(numbers), (numbers != "").to_numpy())
        self._sets, self._sizes = _letter_sets(letters, self._longest), _lengths(letters)
        self._any_order = self._unordered(letters, _hashed(numbers))

    def _cut(self, lengths: Places, numbers: Words, has_number: NDArray[np.bool_]) -> dict[int, list[Piece]]:
        sums = self._sums(self._letters)
        pieces: dict[int, list[Piece]] = {}
        for length in np.unique(lengths).tolist():
            own = np.flatnonzero((lengths == length) & ((length != FOUR) | has_number))
            count = 2 if length == FOUR else _edits(length) + 1
            bounds = [length * i // count for i in range(count + 1)] if count > 1 else []
            for order, (start, end) in enumerate(pairwise(bounds)):
                windows = self._window(sums[:, own], start, end - start)
                hashes = _mixed(windows, length, order) ^ numbers[own]
                ranks = np.argsort(hashes, kind="stable")
                piece = Piece(start, end - start, order, length, hashes[ranks], own[ranks])
                pieces.setdefault(length, []).append(piece)
                self._seen[_flag(windows, end - start, numbers[own], self._bits)] = True
        return pieces

    def _sums(self, words: pl.Series) -> Words:
        """Give running hashes of every beginning of every word: ``(n,) -> (longest + 1, n)``."""
        codes = np.ascontiguousarray(_codes(words, self._longest).T)
        sums = np.zeros((self._longest + 1, words.len()), np.uint64)
        for place in range(self._longest):
            np.multiply(sums[place], BASE, out=sums[place + 1])
            sums[place + 1] += codes[place]
        return sums

    def _unordered(self, words: pl.Series, numbers: Words) -> Piece:
        """Hash the letters of every word in any order, with its numbers."""
        hashes = _letter_sums(words, self._longest) ^ numbers
        ranks = np.argsort(hashes, kind="stable")
        return Piece(0, 0, 0, 0, hashes[ranks], ranks.astype(np.int64))

    def _window(self, sums: Words, start: int, length: int) -> Words:
        """Hash the letters from ``start``: running sums make it one multiplication a name."""
        return np.asarray(sums[start + length] - sums[start] * self._powers[length])

    def _windows(self, length: int) -> dict[tuple[int, int], list[Piece]]:
        """Say where in words of this length which listed pieces may lie: start and length of the letters -> pieces."""
        windows: dict[tuple[int, int], list[Piece]] = {}
        for whole, pieces in self._pieces.items():
            apart = int(self._allowed[whole])
            if abs(length - whole) <= apart:
                for piece in pieces:
                    for start in _starts(piece, length - whole, max(apart, _edits(whole)), length):
                        windows.setdefault((start, piece.length), []).append(piece)
        return windows

    def near(self, letters: pl.Series, numbers: pl.Series) -> pl.DataFrame:
        """Find the listed names each asked name is spelt nearly like.

        Gives ``asked`` and ``listed`` (row numbers in what was given here and at first) and ``alike``, 1 less the
        share of letters that differ.
        """
        batches = [self._near(letters, numbers, at) for at in range(0, letters.len(), AT_ONCE)]
        return pl.concat(batches) if batches else pl.DataFrame(schema=NEAR)

    def has_letters(self, letters: pl.Series, numbers: pl.Series) -> pl.Series:
        """Say of names whether some listed name has the same letters, in whatever order, and the same numbers."""
        hashes = _letter_sums(letters, self._longest) ^ _hashed(numbers)
        return pl.Series(np.isin(hashes, self._any_order.hashes), dtype=pl.Boolean)

    def _near(self, letters: pl.Series, numbers: pl.Series, at: int) -> pl.DataFrame:
        met = list(self._meet(letters, numbers, at))
        asked = np.concatenate([one for one, _ in met] or [np.empty(0, np.int64)])
        listed = np.concatenate([other for _, other in met] or [np.empty(0, np.int64)])
        own = _letter_sets(letters.slice(at, AT_ONCE), self._longest)
        others = np.bitwise_count(own[asked - at] ^ self._sets[listed])
        could = others <= 2 * self._allowed[self._sizes[listed]]
        count = np.int64(max(self._letters.len(), 1))
        found = np.unique(asked[could] * count + listed[could])
        pairs = pl.DataFrame({"asked": found // count, "listed": found % count})
        return self._compared(pairs, letters)

    def _meet(self, letters: pl.Series, numbers: pl.Series, at: int) -> Iterator[tuple[Places, Places]]:
        words = letters.slice(at, AT_ONCE)
        every = _letter_sums(words, self._longest) ^ _hashed(numbers.slice(at, AT_ONCE))
        yield from _owners(self._any_order, every, np.arange(at, at + len(words)))
        lengths = _lengths(words)
        rows = np.argsort(lengths, kind="stable")
        sums, numbered = self._sums(words.gather(rows)), _hashed(numbers.slice(at, AT_ONCE))[rows]
        present, begins = np.unique(lengths[rows], return_index=True)
        for length, low, high in zip(present.tolist(), begins, [*begins[1:], len(rows)], strict=True):
            own = np.ascontiguousarray(sums[: length + 1, low:high])
            for (start, size), pieces in self._windows(length).items():
                windows = self._window(own, start, size)
                maybe = np.flatnonzero(self._seen[_flag(windows, size, numbered[low:high], self._bits)])
                if maybe.size:
                    few, whose = windows[maybe], rows[low + maybe] + at
                    for piece in pieces:
                        asked = _mixed(few, piece.whole, piece.order) ^ numbered[low + maybe]
                        yield from _owners(piece, asked, whose)

    def _compared(self, pairs: pl.DataFrame, letters: pl.Series) -> pl.DataFrame:
        """Keep pairs that are near; those whose letters are plainly others are never compared in order."""
        asked, listed = letters.gather(pairs["asked"]), self._letters.gather(pairs["listed"])
        apart = cpdist(asked.to_list(), listed.to_list(), scorer=OSA.distance, dtype=np.int32)
        sizes = _lengths(listed)
        alike = 1.0 - apart / np.maximum(np.maximum(sizes, _lengths(asked)), 1)
        is_near = pl.Series(apart <= self._allowed[sizes], dtype=pl.Boolean)
        return pairs.with_columns(alike=pl.Series(alike, dtype=pl.Float64)).filter(is_near)


def _mixed(windows: Words, whole: int, order: int) -> Words:
    """Hash letters together with the length of the name they are a piece of, and which piece."""
    mixed = (windows + np.uint64(whole * 64 + order)) * MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _flag(windows: Words, size: int, numbers: Words, bits: int) -> Words:
    """Give where in a table of two to the power of ``bits`` flags letters have theirs."""
    return np.asarray((((windows + np.uint64(size)) * MIX) ^ numbers) >> np.uint64(64 - bits))


def _codes(words: pl.Series, longest: int) -> NDArray[np.uint8]:
    """Give the letters of words as codes, padded with spaces: ``(n,) -> (n, longest)``."""
    even = words.str.slice(0, longest).str.pad_end(longest, " ")
    return np.frombuffer(even.str.join("").item().encode("ascii"), np.uint8).reshape(-1, longest)


LETTER_HASHES = np.random.default_rng(1).integers(0, 1 << 63, 256, dtype=np.uint64)
"""One random number for each letter; their sum is the hash of a word in any order."""


def _letter_sums(words: pl.Series, longest: int) -> Words:
    return np.asarray(LETTER_HASHES[_codes(words, longest)].sum(axis=1, dtype=np.uint64))


def _letter_sets(words: pl.Series, longest: int) -> Words:
    """Give which letters a word has, and which at least twice, a bit for each: one edit changes two bits at most."""
    bits = np.zeros(words.len(), np.uint64)
    seen = np.zeros(words.len(), np.uint64)
    for place in np.ascontiguousarray(_codes(words, longest).T):
        letter = np.where(
            place == ord(" "), np.uint64(0), np.uint64(1) << (place - ord("A") & 31).astype(np.uint64)
        )
        bits |= (letter & seen) << np.uint64(26)
        seen |= letter
    return np.asarray(bits | seen)


def _lengths(words: pl.Series) -> Places:
    return words.str.len_bytes().to_numpy().astype(np.int64)


def _hashed(numbers: pl.Series) -> Words:
    return numbers.hash(seed=7).to_numpy().astype(np.uint64)


def _starts(piece: Piece, longer: int, apart: int, length: int) -> range:
    """Give where a piece can lie in a word ``longer`` by so many letters: the multi-match-aware places."""
    low = max(0, piece.start - piece.order, piece.start + longer - (apart - piece.order))
    high = min(length - piece.length, piece.start + piece.order, piece.start + longer + (apart - piece.order))
    return range(low, high + 1)


def _owners(piece: Piece, hashes: Words, rows: Places) -> Iterator[tuple[Places, Places]]:
    if not piece.hashes.size:
        return
    first = piece.hashes.searchsorted(hashes)
    np.minimum(first, piece.hashes.size - 1, out=first)
    (are_there,) = (piece.hashes[first] == hashes).nonzero()
    if not are_there.size:
        return
    first, rows = first[are_there], rows[are_there]
    counts = piece.hashes.searchsorted(hashes[are_there], "right") - first
    asked = np.repeat(rows, counts)
    offsets = np.arange(asked.size) - np.repeat(np.cumsum(counts) - counts, counts)
    yield asked, piece.owners[np.repeat(first, counts) + offsets]
