"""The search: which silence and which wait, or which two silences, could be one meeting.

By half days and circles: a prism lies in the circle around the middle of its ends, so only what lies in reach of that
circle in a half day of both is looked at.  What is given here is held against the exact prism afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.traces import Ints

BUCKET_H = 12.0
CHUNK = 256
"""Circles looked up at a time: bounds memory where very many lie in one place."""


def _bucketed(start: Floats, end: Floats) -> dict[int, Ints]:
    """Give the rows that each half day touches."""
    first, last = (
        np.floor(start / BUCKET_H).astype(np.int64),
        np.floor(np.maximum(end, start) / BUCKET_H).astype(np.int64),
    )
    if not len(start):
        return {}
    count = last - first + 1
    row = np.repeat(np.arange(len(start)), count)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    bucket = first[row] + step
    order = np.lexsort((row, bucket))
    row, bucket = row[order], bucket[order]
    numbers, begin = np.unique(bucket, return_index=True)
    return dict(zip(numbers.tolist(), np.split(row, begin[1:]), strict=True))


def near_in_time_and_place(
    one: tuple[Floats, Floats, Floats, Floats],
    other: tuple[Floats, Floats, Floats, Floats],
    least_h: float,
) -> Iterator[tuple[Ints, Ints]]:
    """Give pairs of circles that touch while both last for ``least_h``, each pair once, some thousands at a time.

    Args:
        one: Centres, unit vectors ``(n, 3)``; radii, metres ``(n,)``, negative for none; start and end, hours.
        other: Likewise.
        least_h: How long both must last together.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    if not len(one[2]) or not len(other[2]):
        return
    buckets = _bucketed(other[2], other[3])
    for bucket, rows in _bucketed(one[2], one[3]).items():
        rows = rows[one[1][rows] >= 0.0]  # noqa: PLW2901 - those without a circle have no place to look at
        there = buckets.get(bucket)
        if there is None or not len(rows):
            continue
        there = there[other[1][there] >= 0.0]
        for members in _by_size(other[1], there):
            tree = cKDTree(other[0][members])
            widest = float(other[1][members].max())
            for begin in range(0, len(rows), CHUNK):
                part = rows[begin : begin + CHUNK]
                reach = sphere.chord_m(np.minimum(one[1][part] + widest, np.pi * sphere.EARTH_RADIUS_M))
                found = tree.query_ball_point(one[0][part], reach * (1.0 + 1e-9), return_sorted=True)
                i = np.repeat(part, [len(f) for f in found])
                j = members[np.concatenate([np.asarray(f, np.int64) for f in found])]
                yield _touching(one, other, i, j, bucket, least_h)


def _by_size(radius: Floats, rows: Ints) -> Iterator[Ints]:
    """Split rows by the size of their circles, so that one wide circle does not make all look wide."""
    size = np.floor(np.log2(np.maximum(radius[rows], 20_000.0))).astype(np.int64)
    for number in np.unique(size):
        yield rows[size == number]


def _touching(
    one: tuple[Floats, Floats, Floats, Floats],
    other: tuple[Floats, Floats, Floats, Floats],
    i: Ints,
    j: Ints,
    bucket: int,
    least_h: float,
) -> tuple[Ints, Ints]:
    """Keep pairs whose circles touch and that last together, in the half day in which the later one begins."""
    begin, finish = np.maximum(one[2][i], other[2][j]), np.minimum(one[3][i], other[3][j])
    here = np.floor(begin / BUCKET_H).astype(np.int64) == bucket
    keep = here & (finish - begin >= least_h)
    i, j = i[keep], j[keep]
    apart = sphere.between_m(one[0][i], other[0][j])
    touch = apart <= one[1][i] + other[1][j] + 1.0
    return i[touch], j[touch]
