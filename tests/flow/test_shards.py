"""Keys by shard: every row comes back once, all of a key together, written out or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from clearwake.flow.shards import Shards


def days() -> list[pl.DataFrame]:
    rng = np.random.default_rng(5)
    keys = rng.integers(0, 2**63, 60, dtype=np.uint64)
    return [pl.DataFrame({"key": rng.choice(keys, 40), "row": np.arange(40) + 40 * day}) for day in range(6)]


@pytest.mark.parametrize(("held_rows", "is_written"), [(1000, False), (100, True), (1, True)])
def test_every_row_comes_back_once_and_those_of_a_key_together(
    tmp_path: Path, *, held_rows: int, is_written: bool
) -> None:
    shards = Shards(tmp_path, held_rows)
    for day in days():
        shards.add(day)
    parts = list(shards)
    assert any(tmp_path.iterdir()) == is_written
    assert pl.concat(parts).sort("row").equals(pl.concat(days()))
    found = [set(part["key"].to_list()) for part in parts]
    assert len(set.union(*found)) == sum(len(keys) for keys in found)


def test_nothing_added_gives_nothing(tmp_path: Path) -> None:
    assert list(Shards(tmp_path)) == []
