"""Outages: ships that could not be heard because nobody was listening.

When a ship falls silent and those around it that are usually heard do too, it is the receiver and not the ship.
What is expected is each neighbour's own habit: a sea which a satellite passes every six hours is no outage
between two passes, and a harbour in which everybody is heard all day is one when nobody is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.roll import Roll
from clearwake.reception.trace import Spans, Trace
from clearwake.sphere import Floats, arc_m, chord_m, lonlat

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEIGHBOURS_M = 300_000.0
"""As far as a region's receivers are taken to have something in common."""

LEAST_EXPECTED = 4.0
"""So many other ships must be expected to be heard before their silence says anything; with the ship itself five."""

DOWN_BELOW, DEGRADED_BELOW = 0.25, 0.6
"""Parts of the expected ships below which a region, or a feed, is down or degraded."""

TOGETHER_M = 150_000.0
"""Silences farther apart are different outages unless others lie between."""

BESIDE_M = 60_000.0
"""A silence at an outage's edge lies no farther from one inside it."""

FAR_M = 1_500_000.0
"""A silence that begins and ends with an outage belongs to it as far off as this."""

LONGEST_WAIT_MS = 90 * 60_000

AT_ONCE_MS = 20 * 60_000
"""Ships that fall silent with an outage do so within this; they report at intervals of their own."""

AT_ONCE = 0.5
"""Of the ships an outage silences, this part falls silent, or is heard again, at once."""

ASKED = 40
"""So many of the nearest ships are asked; those first heard later do not tell of an outage."""

LEAST_SHIPS = 5
LINKS = 32
"""Silences are put together with as many of the nearest."""

SAMPLES = 16

WHOLE = 0.9
"""An outage of this part of all ships expected anywhere is the feed's, not a region's."""


@dataclass(frozen=True)
class Outage:
    """One stretch of time in which a region, or everything, was not heard."""

    start: int
    end: int | None
    """Null while it lasts."""
    places: Floats
    """Where the ships were that it silenced, ``(m, 3)``."""
    members: Ints
    """Their silences."""
    is_whole: bool
    expected: float
    """Ships that would have been heard in a quarter of an hour."""
    heard: float

    def covers(self, place: Floats, time: Ints) -> Bools:
        """Say of places and times whether they lie in it: ``(n, 3), (n,) -> (n,)``."""
        from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

        until = self.end if self.end is not None else np.iinfo(np.int64).max
        during = (time >= self.start - AT_ONCE_MS) & (time <= until + AT_ONCE_MS)
        if self.is_whole:
            return during
        apart, _ = cKDTree(self.places).query(place, 1)
        return np.asarray(during & (apart <= float(chord_m(BESIDE_M))))

    @property
    def middle(self) -> tuple[float, float, float]:
        """Give the middle of the places and how far the farthest lies from it: degrees, degrees, kilometres."""
        mean = self.places.mean(axis=0)
        mean /= max(float(np.linalg.norm(mean)), 1e-12)
        lon, lat = lonlat(mean[None])
        far = float(arc_m(np.linalg.norm(self.places - mean, axis=1)).max()) / 1000.0
        return float(lon[0]), float(lat[0]), far


def outages(trace: Trace, silent: Spans, roll: Roll) -> list[Outage]:
    """Find the stretches in which ships could not be heard, regions and the whole feed alike."""
    if not len(silent):
        return []
    down = _down_share(silent, roll)
    core = np.flatnonzero((down >= 0.5) | _left_alone(silent, roll))
    groups = _groups(silent, core)
    found = []
    for members in groups:
        if np.unique(silent.track[members]).size < LEAST_SHIPS or not _at_once(silent, members):
            continue
        start, end = _when(silent, members, trace.until)
        everyone = _with_edge(trace, silent, members, start, end)
        found.append(_measured(silent, roll, everyone, start, end))
    return _merged(sorted(found, key=lambda o: (o.start, o.members[0])), silent, roll)


def _samples(silent: Spans) -> tuple[Ints, Ints]:
    """Give quarters of an hour spread evenly over each silence but its edges: which silence, and which quarter."""
    begin = silent.start + QUARTER_MS
    lasts = np.maximum(silent.end - QUARTER_MS // 2 - begin, 0)
    count = np.clip(lasts // QUARTER_MS + 1, 1, SAMPLES)
    which = np.repeat(np.arange(len(silent)), count)
    step = np.arange(which.size) - np.repeat(np.cumsum(count) - count, count)
    time = begin[which] + (lasts[which] * (step + 0.5) / count[which]).astype(np.int64)
    return which, np.asarray(time // QUARTER_MS, np.int64)


def answers(roll: Roll, rows: Ints, since: Ints | None = None) -> tuple[Floats, Floats]:
    """Count of some company how many are expected to be heard, and how many are: ``(n, k) -> (n,), (n,)``.

    With ``since`` (a quarter for each), only those count who had been heard by then.
    """
    usual = roll.usual[rows]
    counts = (rows >= 0) & np.isfinite(usual)
    if since is not None:
        counts &= roll.since[rows] <= since[:, None]
    expected = np.where(counts, usual, 0.0).sum(axis=1)
    heard = (counts & roll.is_heard[rows]).sum(axis=1)
    return expected, heard.astype(np.float64)


def _down_share(silent: Spans, roll: Roll) -> Floats:
    """Say of each silence for which part of it nobody around was heard who should have been."""
    which, quarter = _samples(silent)
    place = silent.at(which, quarter * QUARTER_MS + QUARTER_MS // 2)
    rows = roll.company(place, quarter, silent.track[which], NEIGHBOURS_M, ASKED)
    expected, heard = answers(roll, rows, silent.start[which] // QUARTER_MS)
    down = (expected >= LEAST_EXPECTED) & (heard < DOWN_BELOW * expected)
    down |= _nobody(roll)[np.searchsorted(roll.quarters, quarter).clip(0, roll.quarters.size - 1)]
    return np.asarray(
        np.bincount(which, down, len(silent)) / np.maximum(np.bincount(which, minlength=len(silent)), 1)
    )


def _left_alone(silent: Spans, roll: Roll) -> Bools:
    """Say of which silences the ships around that were heard when they began were mostly not heard an hour later."""
    quarter = silent.start // QUARTER_MS
    rows = roll.company(silent.here, quarter, silent.track, NEIGHBOURS_M, ASKED)
    usual = roll.usual[rows]
    before = (rows >= 0) & roll.is_heard[rows] & np.isfinite(usual)
    later = np.repeat(quarter + 3, rows.shape[1])
    still = before & roll.heard_at(roll.track[rows].ravel(), later).reshape(rows.shape)
    expected = np.where(before, usual, 0.0).sum(axis=1)
    return np.asarray((expected >= LEAST_EXPECTED) & (still.sum(axis=1) < DOWN_BELOW * expected))


def _nobody(roll: Roll) -> Bools:
    """Say of each quarter whether, of everybody anywhere, hardly one is heard."""
    usual = np.nan_to_num(roll.usual)
    expected = np.add.reduceat(usual, roll.starts[:-1])
    heard = np.add.reduceat(roll.is_heard & np.isfinite(roll.usual), roll.starts[:-1], dtype=np.float64)
    return np.asarray((expected >= LEAST_EXPECTED) & (heard <= (1.0 - WHOLE) * expected))


def _groups(silent: Spans, core: Ints) -> list[Ints]:
    """Put silences together that lie near each other and share most of their time."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - as above
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    if core.size < LEAST_SHIPS:
        return []
    nearest, beside = cKDTree(silent.here[core]).query(
        silent.here[core], min(LINKS, core.size), distance_upper_bound=float(chord_m(TOGETHER_M))
    )
    first, column = np.nonzero(np.isfinite(nearest))
    second = beside[first, column]
    a, b = core[first], core[second]
    both = np.minimum(silent.end[a], silent.end[b]) - np.maximum(silent.start[a], silent.start[b])
    near = np.stack((first, second), axis=1)[both >= 0.5 * np.maximum(silent.lasted[a], silent.lasted[b])]
    links = coo_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(core.size, core.size))
    count, label = connected_components(links, directed=False)
    return [core[label == n] for n in range(count)]


def _at_once(silent: Spans, members: Ints) -> bool:
    """Say whether enough of the silences began, or ended, within minutes of each other.

    Ships whose messages are lost one by one, or that leave a receiver's reach one by one, do neither.
    """
    closed = members[~silent.is_open[members]]
    times = (silent.start[members], silent.end[closed])
    return any(t.size >= LEAST_SHIPS and _most_at_once(t)[1] >= AT_ONCE * members.size for t in times)


def _most_at_once(times: Ints) -> tuple[Ints, int]:
    """Give the times within the stretch of ``2 * AT_ONCE_MS`` that holds the most of them, and how many."""
    ordered = np.sort(times)
    upto = np.searchsorted(ordered, ordered + 2 * AT_ONCE_MS, side="right")
    best = int(np.argmax(upto - np.arange(ordered.size)))
    return ordered[best : upto[best]], int(upto[best] - best)


def _when(silent: Spans, members: Ints, until: int) -> tuple[int, int | None]:
    """Say when an outage began and ended: where its ships fell silent, and were heard again, at once.

    Ships that came into the region later fell silent later, and those that left it were heard earlier; they are not at
    the moment at which most are.
    """
    start = _densest(silent.start[members], 0.9)
    closed = members[~silent.is_open[members]]
    if closed.size * 2 < members.size:
        return start, None
    end = _densest(silent.end[closed], 0.1)
    return start, min(max(end, start + QUARTER_MS), until)


def _densest(times: Ints, share: float) -> int:
    """Give a quantile of the times at which most are."""
    return int(np.quantile(_most_at_once(times)[0], share))


def _with_edge(trace: Trace, silent: Spans, members: Ints, start: int, end: int | None) -> Ints:
    """Add the silences at the edge of an outage.

    Beside one inside, those that began or ended with it and lasted little longer; farther off, where ships are few,
    those that both began and ended with it, each within its own wait between two reports.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

    until = end if end is not None else int(silent.end.max())
    inside = np.zeros(len(silent), bool)
    inside[members] = True
    before, after = _waits(trace, silent)
    began = (silent.start <= start + AT_ONCE_MS) & (silent.start >= start - AT_ONCE_MS - before)
    ended = (silent.end >= until - AT_ONCE_MS) & (silent.end <= until + AT_ONCE_MS + after)
    ended &= silent.is_open == (end is None)
    within = np.minimum(silent.end, until) - np.maximum(silent.start, start)
    fits = (within >= 0.8 * silent.lasted) & (began | ended)
    rows = np.flatnonzero(~inside & (fits | (began & ended)))
    if rows.size:
        apart, _ = cKDTree(silent.here[members]).query(silent.here[rows], 1)
        reach = np.where((began & ended)[rows], float(chord_m(FAR_M)), float(chord_m(BESIDE_M)))
        inside[rows[apart <= reach]] = True
    return np.flatnonzero(inside)


def _waits(trace: Trace, silent: Spans) -> tuple[Ints, Ints]:
    """Say how long each hull had waited between its last two reports, and then between its next two, milliseconds."""
    row = silent.row
    before = np.where(row > 0, trace.last[row] - trace.last[np.maximum(row - 1, 0)], 0)
    before = np.where(trace.track[np.maximum(row - 1, 0)] == silent.track, before, 0)
    first, second = np.minimum(row + 1, len(trace) - 1), np.minimum(row + 2, len(trace) - 1)
    after = np.where(trace.track[second] == silent.track, trace.first[second] - trace.first[first], 0)
    return np.clip(before, 0, LONGEST_WAIT_MS), np.clip(after, 0, LONGEST_WAIT_MS)


def _measured(silent: Spans, roll: Roll, members: Ints, start: int, end: int | None) -> Outage:
    """Count who was expected and who was heard in the middle of an outage, within reach of the ships it silenced."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

    until = end if end is not None else int(silent.end[members].max())
    places = silent.here[members]
    tree = cKDTree(places)
    first, last = -(-start // QUARTER_MS) + 1, until // QUARTER_MS - 1
    quarters = np.unique(np.linspace(first, max(first, last), 9).astype(np.int64))
    expected, heard, whole, counted = 0.0, 0.0, 0.0, 0
    for quarter in quarters.tolist():
        rows = roll.of(quarter)
        if rows.stop == rows.start:
            continue
        apart, _ = tree.query(roll.place[rows], 1)
        usual = np.nan_to_num(roll.usual[rows])
        near = (apart <= float(chord_m(BESIDE_M / 2.0))) & (usual > 0.0)
        expected += float(usual[near].sum())
        heard += float((roll.is_heard[rows] & near).sum())
        whole += float(usual.sum())
        counted += 1
    counted = max(counted, 1)
    is_whole = expected >= WHOLE * whole and heard <= (1.0 - WHOLE) * expected
    return Outage(start, end, places, members, is_whole, expected / counted, heard / counted)


def _merged(found: list[Outage], silent: Spans, roll: Roll) -> list[Outage]:
    """Make one outage of those that begin and end at once and not far from each other, or that leave nobody heard."""
    nobody = _nobody(roll)
    done: list[Outage] = []
    for outage in found:
        one = replace(outage, is_whole=outage.is_whole or _is_whole(outage, silent, roll, nobody))
        same = next((n for n, o in enumerate(done) if _is_same(o, one)), None)
        if same is None:
            done.append(one)
        else:
            done[same] = _joined(done[same], one, silent)
    return done


def _is_whole(outage: Outage, silent: Spans, roll: Roll, nobody: Bools) -> bool:
    until = outage.end if outage.end is not None else int(silent.end[outage.members].max())
    began = roll.quarters * QUARTER_MS >= outage.start + AT_ONCE_MS
    during = began & ((roll.quarters + 1) * QUARTER_MS <= until - AT_ONCE_MS)
    return bool(during.any()) and bool(nobody[during].mean() >= 0.8)


def _is_same(one: Outage, other: Outage) -> bool:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

    if abs(one.start - other.start) > 2 * AT_ONCE_MS or (one.end is None) != (other.end is None):
        return False
    if one.end is not None and other.end is not None and abs(one.end - other.end) > 2 * AT_ONCE_MS:
        return False
    if one.is_whole and other.is_whole:
        return True
    apart, _ = cKDTree(one.places).query(other.places, 1)
    return bool(apart.min() <= float(chord_m(FAR_M)))


def _joined(one: Outage, other: Outage, silent: Spans) -> Outage:
    """Put two together; ships at the edge of both count once, so what is expected is the larger part's, scaled up."""
    members = np.union1d(one.members, other.members)
    larger = max((one, other), key=lambda o: o.members.size)
    scale = members.size / larger.members.size
    end = None if one.end is None or other.end is None else min(one.end, other.end)
    return Outage(
        max(one.start, other.start), end, silent.here[members], members, one.is_whole or other.is_whole,
        larger.expected * scale, larger.heard * scale,
    )  # fmt: skip
