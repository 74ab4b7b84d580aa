"""Keys of many days, a shard at a time: what is compared across all days without holding all days in memory.

Rows with one key always lie in one shard.  A desk with little never touches the disk; of a larger one the keys go to
temporary files, and memory holds those of a day and of one shard.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

SHARDS = 32
HELD_ROWS = 8_000_000
"""So many rows are held before they are written: about a third of a gigabyte."""

SHIFT = 40
"""Which keys are kept at all depends on their lowest bits, so shards go by higher ones."""


class Shards:
    """Rows with a ``key``, added day by day and given back by key.

    Args:
        folder: Where files may be written; whoever gives it removes it.
        held_rows: How many rows to hold before they are written.
    """

    def __init__(self, folder: Path, held_rows: int = HELD_ROWS) -> None:
        self._folder, self._held_rows = folder, held_rows
        self._held: list[pl.DataFrame] = []
        self._written = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows, all of one schema with a ``key`` of unsigned 64 bits."""
        self._held.append(rows)
        if sum(frame.height for frame in self._held) > self._held_rows:
            self._write()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Give every row once, rows of one key together."""
        if not self._written:
            yield from [pl.concat(self._held)] if self._held else []
            return
        self._write()
        for shard in range(SHARDS):
            files = [file for n in range(self._written) if (file := self._file(shard, n)).exists()]
            if files:
                yield pl.read_parquet(files)

    def _write(self) -> None:
        if not self._held:
            return
        rows = pl.concat(self._held).with_columns(shard=pl.col("key") // 2**SHIFT % SHARDS)
        self._held = []
        for (shard,), part in rows.partition_by("shard", as_dict=True, include_key=False).items():
            part.write_parquet(self._file(int(shard), self._written), compression="lz4", statistics=False)
        self._written += 1

    def _file(self, shard: int, number: int) -> Path:
        return self._folder / f"{shard}-{number}.parquet"
