"""Coarse places and times: cells that lie within one another, so that several coarse values never narrow one down.

A place becomes the middle of a fixed cell, a time the start of its hour or day.  Cells of every size share their edges
with the larger ones they lie in (10, 30, 60, 120 and 360 minutes of arc; each a whole number of the one before): where
one thing is given in two sizes, both together say no more than the smaller.  Nothing is drawn at random, so asking
again and again cannot average the doubt away.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

SIZES_MIN = (10, 30, 60, 120, 360)
"""Sides of cells, minutes of arc, north to south."""

_WHOLE_CIRCLE_MIN = 360 * 60
_BAND_DEG = 6
"""Latitudes that share how many times longer than high their cells are: so cells lie within one another here too."""

_LONGER = (1, 2, 4, 12, 36)
"""A cell is so many times longer in minutes than high, for its kilometres to be alike."""

_KM_PER_MIN = 1.852
_M_PER_KM = 1000.0


class Cell(NamedTuple):
    """The middle of a cell, and how far from it the truth can be."""

    lon: float
    lat: float
    error_m: float


def cell(lon: float, lat: float, size_min: int, error_m: float | None = None) -> Cell:
    """Give the cell that a place lies in.

    Args:
        lon: WGS 84 degrees.
        lat: WGS 84 degrees.
        size_min: The least side, in minutes of arc; one of ``SIZES_MIN``.
        error_m: The place's own doubt; where it is larger than the cell, a larger cell is taken.

    Returns:
        Its middle, and its whole diagonal: the place, off by its own doubt, is not farther than that.
    """
    for size in (s for s in SIZES_MIN if s >= size_min):
        found = _cell(lon, lat, size)
        if error_m is None or 2.0 * error_m <= found.error_m:
            return found
    return _cell(lon, lat, SIZES_MIN[-1])


def _cell(lon: float, lat: float, size_min: int) -> Cell:
    south = min(math.floor((lat + 90.0) * 60.0 / size_min) * size_min, 180 * 60 - size_min)
    band = min(int(south / 60.0 // _BAND_DEG), 180 // _BAND_DEG - 1)
    middle_deg = band * _BAND_DEG - 90.0 + _BAND_DEG / 2.0
    wanted = 1.0 / math.cos(math.radians(middle_deg))
    longer = next((n for n in _LONGER if n >= wanted - 0.5), _LONGER[-1])
    wide = size_min * longer
    wide = wide if _WHOLE_CIRCLE_MIN % wide == 0 else _WHOLE_CIRCLE_MIN
    east = (lon + 180.0) % 360.0
    west = math.floor(east * 60.0 / wide) * wide
    lat_mid = (south + size_min / 2.0) / 60.0 - 90.0
    lon_mid = (west + wide / 2.0) / 60.0 - 180.0
    # The side nearer the equator is the longer one.
    nearer = max(abs(lat_mid) - size_min / 120.0, 0.0)
    across = math.hypot(size_min * _KM_PER_MIN, wide * _KM_PER_MIN * math.cos(math.radians(nearer)))
    return Cell(round(lon_mid, 6), round(lat_mid, 6), math.ceil(across) * _M_PER_KM)


def floored(moment: datetime, span: timedelta) -> datetime:
    """Give the start of the hour or day (UTC) that a moment lies in."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((moment - midnight) // span) * span


def ceiled(moment: datetime, span: timedelta) -> datetime:
    """Give the end of the hour or day (UTC) that a moment lies in.

    A moment at its very start has the same end as all others, or that it was at the start would show.
    """
    return floored(moment, span) + span
