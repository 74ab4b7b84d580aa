"""Rhythm: whether a quiet lasts longer than the same ships are quiet anyway, as between two passes of a satellite.

Hundreds of ships heard in one pass all fall silent at once and are all heard again at the next.  No share of ships
heard tells that from a receiver that failed; only that the same ships are as long unheard several times a day does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.roll import Roll
from clearwake.reception.trace import Spans

Ints = NDArray[np.int64]

Part = tuple[Ints, int, int | None, bool]
"""What may be an outage: its silences, start and end (null while it lasts), and whether both are sharp."""

CLEARLY_LONGER = 1.5
"""A quiet that lasts this many times as long as another is of another kind."""

A_DAY = 0.5
"""Where its ships have as many other silences of such a length in a day of their records, on average, it is usual."""

DAY_QUARTERS = 96.0
"""A record shorter than a day counts as one: what it shows once need not come every few hours."""

EDGE_MS = 20 * 60_000


def longer_than_usual(silent: Spans, roll: Roll, parts: Sequence[Part]) -> list[Part]:
    """Keep those of what may be outages that last clearly longer than the same ships are silent at other times.

    The longest are asked first: the silences of one that is an outage are not held against a shorter one.
    """
    until = int(silent.end.max(initial=0))
    tracks, followed = np.unique(roll.track, return_counts=True)
    days = np.maximum(followed / DAY_QUARTERS, 1.0)
    counts = ~silent.is_open
    kept = []
    for n in sorted(range(len(parts)), key=lambda n: parts[n][1] - (parts[n][2] or until)):
        members, start, end, _ = parts[n]
        stop = until if end is None else end
        others = counts & (CLEARLY_LONGER * silent.lasted >= stop - start)
        others &= (silent.end <= start + EDGE_MS) | (silent.start >= stop - EDGE_MS)
        others[members] = False
        ships = np.unique(silent.track[members])
        at = np.searchsorted(tracks, ships)
        times = np.bincount(
            np.searchsorted(ships, silent.track[others & np.isin(silent.track, ships)]), minlength=ships.size
        )
        if float((times / days[at]).mean()) < A_DAY:
            counts[members] = False
            kept.append(n)
    return [parts[n] for n in sorted(kept)]
