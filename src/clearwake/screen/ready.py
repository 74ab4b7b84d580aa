"""Listed parties kept ready in this process, so that asking again does not prepare them again."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date

import polars as pl

from clearwake.screen.against import Listed

MOST_KEPT = 2
"""Sets of designations kept ready at once: those of today, and of one other day."""

_KEPT: OrderedDict[tuple[object, ...], Listed] = OrderedDict()


def ready(
    designations: pl.DataFrame,
    on: date | None = None,
    editions: pl.DataFrame | None = None,
    asked_on: date | None = None,
) -> Listed:
    """Give designations ready to be asked about; the same ones, for the same day, are prepared once.

    Args: as ``Listed`` has them.
    """
    parts = tuple(_content(frame) for frame in (designations, editions))
    key = (*parts, on, asked_on)
    if key not in _KEPT:
        _KEPT[key] = Listed(designations, on, editions, asked_on)
    _KEPT.move_to_end(key)
    while len(_KEPT) > MOST_KEPT:
        _KEPT.popitem(last=False)
    return _KEPT[key]


def _content(frame: pl.DataFrame | None) -> tuple[int, ...]:
    """Tell frames apart by a hash of all they hold, in order."""
    if frame is None or frame.is_empty():
        return (0,)
    hashes = frame.hash_rows(seed=1)
    ranked = hashes.to_frame("hash").with_row_index("at").hash_rows(seed=2)
    return (
        frame.height,
        int(hashes.reinterpret(signed=True).sum()),
        int(ranked.reinterpret(signed=True).sum()),
    )
