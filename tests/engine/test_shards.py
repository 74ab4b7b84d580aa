"""Shards: our own hash, the same on every machine, evenly spread."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from clearwake.engine.shards import SHARDS, groups, in_shards, shard_of
from clearwake.model import HULLS_PER_MMSI


def splitmix64(seed: int) -> int:
    """The first output of the published generator, in Python's whole numbers."""
    z = (seed + 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    return z ^ (z >> 31)


def test_splitmix64_of_zero_is_the_published_value() -> None:
    # First output for seed 0 of the authors' reference implementation.
    assert splitmix64(0) == 0xE220A8397B1DCDAF


@given(st.integers(0, 999_999_999))
def test_a_shard_is_the_top_four_bits_of_splitmix64(mmsi: int) -> None:
    assert shard_of(np.array([mmsi])).tolist() == [splitmix64(mmsi) >> 60]


def test_neighbouring_numbers_are_spread_evenly() -> None:
    counts = np.bincount(shard_of(np.arange(211_000_000, 211_016_000)), minlength=SHARDS)
    assert counts.size == SHARDS
    assert counts.min() > 850
    assert counts.max() < 1150


def test_states_are_split_by_mmsi_or_by_the_mmsi_of_their_tracks() -> None:
    mmsi = list(range(211_000_000, 211_000_200))
    by_mmsi = pl.DataFrame({"mmsi": mmsi})
    by_track = pl.DataFrame({"track": [m * HULLS_PER_MMSI + 2 for m in mmsi]})
    parts = [in_shards(by_mmsi, n, n)["mmsi"].to_list() for n in range(SHARDS)]
    assert sorted(sum(parts, [])) == mmsi  # noqa: RUF017 - sixteen short lists
    assert in_shards(by_mmsi, 0, SHARDS - 1).equals(by_mmsi)
    for first, last in ((0, 3), (4, 4), (5, 15)):
        tracks = in_shards(by_track, first, last)["track"] // HULLS_PER_MMSI
        assert tracks.to_list() == in_shards(by_mmsi, first, last)["mmsi"].to_list()


@given(st.integers(0, 200_000_000))
def test_groups_of_shards_cover_all_of_them_in_order(rows: int) -> None:
    found = groups(rows)
    assert [n for first, last in found for n in range(first, last + 1)] == list(range(SHARDS))


def test_a_busy_day_is_taken_in_more_and_smaller_pieces() -> None:
    assert groups(1000) == [(0, 15)]
    assert groups(5_000_000) == [(0, 7), (8, 15)]
    assert len(groups(10**9)) == SHARDS
