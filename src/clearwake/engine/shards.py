"""How rows are split: by our own hash of the MMSI, never an engine's, so that every engine splits alike."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import HULLS_PER_MMSI

SHARDS = 16
"""Enough that one shard of the busiest day fits in memory many times over; small enough for small desks."""

_AT_ONCE = 32_768
"""Numbers worked on at a time, so that they stay in the processor's cache."""


def shard_of(mmsi: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Give the shard of each MMSI: splitmix64, then the top bits: ``(n,) -> (n,)`` in 0..15.

    Source: Steele, Lea, Flood 2014, https://doi.org/10.1145/2660193.2660195.
    """
    shard = np.empty(mmsi.size, np.uint8)
    for start in range(0, mmsi.size, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        z = mmsi[part].astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58476D1CE4E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D049BB133111EB)
        shard[part] = (z ^ (z >> np.uint64(31))) >> np.uint64(60)
    return shard


def in_shards(kept: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Give the rows of a state, keyed by ``mmsi`` or ``track``, that belong to shards ``first`` to ``last``."""
    if first == 0 and last == SHARDS - 1:
        return kept
    mmsi = kept["mmsi"] if "mmsi" in kept.columns else kept["track"] // HULLS_PER_MMSI
    shard = shard_of(mmsi.to_numpy())
    return kept.filter(pl.Series((shard >= first) & (shard <= last)))


def groups(rows: int, rows_at_once: int = 2_500_000) -> list[tuple[int, int]]:
    """Split the shards into runs of neighbouring ones of about ``rows_at_once`` rows: first and last of each."""
    count = min(SHARDS, max(1, -(-rows // rows_at_once)))
    edges = [SHARDS * i // count for i in range(count + 1)]
    return [(a, b - 1) for a, b in itertools.pairwise(edges)]
