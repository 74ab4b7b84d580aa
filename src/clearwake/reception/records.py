"""Records: whether the records of ships begin and end in the midst of well-heard water for no reason.

Files are cut, thinned and packed before they reach us, and so are ships' records in them.  A record cut short looks
like a ship switched off for good.  What tells them apart is the other end: nobody is switched off before being heard
at all, so where records begin in the midst of well-heard water under way as often as they end there, it is the files.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.edges import Edges
from clearwake.reception.outages import Outage
from clearwake.reception.trace import MOVES_M_PER_S, SAILS_ON_MS, Trace
from clearwake.sphere import EARTH_RADIUS_M, Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR_OUTAGE_MS = 3_600_000
ALIKE = 0.1


def cut_share(
    trace: Trace, edges: Edges, outages: Sequence[Outage], alike: Bools, asked: Floats, among: float = ALIKE
) -> Floats:
    """Say which part of the records that end in the midst of what is heard are only cut there: ``(n,)``, 0 to 1.

    As many as begin so deep in the midst.  The first and the last six hours do not count: there every record begins
    and ends.

    Args:
        trace: Everybody's records.
        edges: The edges of what is heard.
        outages: Records that begin or end with one do not count.
        alike: Which rows of the trace count: of ships that are heard as far as those asked about.
        asked: How surely the ends asked about lie in the midst of what is heard, 0 to 1.
        among: Compared are records that lie as deep, or deeper, or shallower by this.
    """
    if not len(trace):
        return np.zeros(asked.size)
    new = trace.track[1:] != trace.track[:-1]
    first = np.flatnonzero(np.append(True, new) & alike)
    last = np.flatnonzero(np.append(new, True) & alike)
    since, until = int(trace.first.min()), trace.until
    breaks = [moment for o in outages for moment in (o.start, o.end) if moment is not None]
    begins = first[_midst(trace.first[first], since + SAILS_ON_MS, until, breaks)]
    ends = last[_midst(trace.last[last], since, until - SAILS_ON_MS, breaks)]
    begun = _inside(edges, trace.begin[begins], -trace.arriving()[begins])
    ended = _inside(edges, trace.end[ends], trace.departing()[ends])
    least = np.minimum(asked, 1.0 - among) - among
    begun_so = begun.size - np.searchsorted(begun, least)
    ended_so = ended.size - np.searchsorted(ended, least)
    return np.asarray(np.clip(begun_so / np.maximum(ended_so, 1), 0.0, 1.0))


def _midst(time: Ints, since: int, until: int, breaks: list[int]) -> NDArray[np.bool_]:
    """Say which moments lie in the midst of the feed, away from its breaks."""
    fits = (time > since) & (time < until)
    for moment in breaks:
        fits &= np.abs(time - moment) > NEAR_OUTAGE_MS
    return np.asarray(fits)


def _inside(edges: Edges, place: Floats, motion: Floats) -> Floats:
    """Give how surely each ship under way is in the midst of what is heard, in ascending order."""
    under_way = np.linalg.norm(motion, axis=1) * EARTH_RADIUS_M * 1000.0 >= MOVES_M_PER_S
    here, on = place[under_way], motion[under_way]
    return np.sort(edges.inside(here, on, np.zeros(len(here), bool)))
