"""Runs: for how long a hull claimed a value, one run for each time it took it up.

In arrays, because every attribute of every claim passes here.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

RUN_GAP = timedelta(days=7)
"""A value not claimed for longer, while another was, has been given up; shorter, both were in use together."""

_GAP_MS = RUN_GAP // timedelta(milliseconds=1)

Ints = NDArray[np.int64]

SEEN = ("first_seen", "last_seen", "reports", "receipt", "line", "known_at")
"""What a claim says of itself."""


def runs(claims: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """Cut what hulls say into runs of one value by one source.

    A run ends when the value is not claimed for more than a week in which another one is.

    Args:
        claims: Rows with ``vessel``, ``source`` and ``SEEN``, those of a hull together and in the order of time.
        value: What is said; rows that say nothing are left out.

    Returns:
        ``vessel, source, value, valid_from, valid_to, reports, receipt, line, known_at``, one row per run.
    """
    rows = claims.select("vessel", "source", *SEEN, value=value)
    if rows["value"].null_count():
        rows = rows.filter(pl.col("value").is_not_null())
    if rows.is_empty():
        return _run(rows, np.empty(0, np.int64), np.empty(0, np.int64))
    vessel, said, source = (_codes(rows[name]) for name in ("vessel", "value", "source"))
    block = np.cumsum(_changes(vessel) | _changes(said), dtype=np.int64)
    key = (vessel * (said.max() + 1) + said) * (source.max() + 1) + source
    order = np.argsort(key, kind="stable")
    first, last = (rows[name].to_physical().to_numpy()[order] for name in ("first_seen", "last_seen"))
    silent = np.append(0, first[1:] - last[:-1]) > _GAP_MS
    begins = _changes(key[order]) | (silent & _changes(block[order]))
    return _run(rows, order, np.flatnonzero(begins))


def _codes(column: pl.Series) -> Ints:
    return column.cast(pl.Categorical).to_physical().to_numpy().astype(np.int64)


def _changes(codes: Ints) -> NDArray[np.bool_]:
    return np.append(True, codes[1:] != codes[:-1])


def _run(rows: pl.DataFrame, order: Ints, begins: Ints) -> pl.DataFrame:
    """Sum up runs: rows of ``order`` from each of ``begins`` to the next."""
    at = order[begins].astype(np.uint32)
    ends = rows["last_seen"].to_physical().to_numpy()[order]
    counts = rows["reports"].to_numpy()[order]
    columns = [
        rows[name][pl.Series(at)] for name in ("vessel", "source", "value", "receipt", "line", "known_at")
    ]
    return pl.DataFrame(columns).with_columns(
        valid_from=rows["first_seen"][pl.Series(at)],
        valid_to=pl.Series(np.maximum.reduceat(ends, begins) if len(at) else ends[:0]).cast(
            rows.schema["last_seen"]
        ),
        reports=pl.Series(np.add.reduceat(counts, begins) if len(at) else counts[:0], dtype=pl.Int64),
    )
