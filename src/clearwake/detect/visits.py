"""Rows for detectors that ask where a hull is, not how it moves: one fix per track and five minutes."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.detect.step import Bools, Ints, in_order, milliseconds, ordered, starts_of

SLOT = timedelta(minutes=5)


def thinned(new: pl.DataFrame, last: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Give the first fix of each track in each slot, behind the last one kept of each track.

    ``is_kept`` marks the rows of ``last``; both sorted by track and time.
    """
    fresh = _first_in_slot(ordered(new).select(*columns, is_kept=pl.lit(value=False)))
    return _first_in_slot(in_order(fresh, last.select(*columns, is_kept=pl.lit(value=True))))


def _first_in_slot(rows: pl.DataFrame) -> pl.DataFrame:
    slot = milliseconds(rows["time"]) // (SLOT // timedelta(milliseconds=1))
    return rows.filter(pl.Series(starts_of(rows["track"].to_numpy()) | starts_of(slot)))


def carried(codes: NDArray[np.int8], first: Bools) -> Bools:
    """Fill undecided rows (-1) from the decided row before them in the same track; undecided at the first is no."""
    decided = np.where(first & (codes < 0), 0, codes)
    at: Ints = np.maximum.accumulate(np.where(decided >= 0, np.arange(codes.size), 0))
    return np.asarray(decided[at] == 1)
