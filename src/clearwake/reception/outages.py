"""Outages: ships that could not be heard because nobody was listening.

When a ship falls silent and those around it that are usually heard do too, it is the receiver and not the ship.
What is expected is each neighbour's own habit: a sea which a satellite passes every six hours is no outage
between two passes, and a harbour in which everybody is heard all day is one when nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.rhythm import Part, longer_than_usual
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
"""An outage covers a place no farther than this from a ship that it silenced."""

EDGE_M = 500_000.0
"""A silence that begins or ends with an outage, and lasts little longer, belongs to it as far off as this."""

FAR_M = 3_000_000.0
"""A silence that begins and ends with an outage belongs to it as far off as this."""

BESIDE_SILENCED_M, ASKED_BESIDE = 40_000.0, 8
MOST_SILENCED, SOME_SILENCED, NEARLY_ALL = 0.5, 0.25, 0.8
"""Half of the nearest ships beside one at the edge must be silent for nearly all of the outage too, a quarter where it
both began and ended with the outage: where they are heard meanwhile, as at the next pass of a satellite, the receivers
there did not fail."""

SHORTEST_WAIT_MS, LONGEST_WAIT_MS = 60_000, 45 * 60_000
WAITS, SLACK_MS = 3, 180_000
"""A ship reports at intervals of its own: its last report before an outage is heard within three of them, give or take
three minutes."""

GONE_MS = 3_600_000
"""A ship unheard for an hour, or three of its usual waits, was silent before."""

AT_ONCE_MS = 20 * 60_000
"""How surely the ends of an outage are known."""

IN_STEP_MS, IN_STEP_FROM_MS = 10 * 60_000, 2 * 3_600_000
"""Six ships within 60 km, silent for two hours and more, do not begin and end within ten minutes of each other by
chance; unless a satellite's passes decide it, which the rhythm tells."""

MOST_HEARD = 0.4
"""Where more of the expected ships are heard it is no outage, however many fell silent at once."""

SHARP = 0.5
"""Where this part of its ships both fell silent and were heard again at once; else hardly anybody may be heard."""

AT_ONCE = 0.4
"""Of the ships an outage silences, this part falls silent, or is heard again, at once."""

BOTH, MANY = 0.2, 8
"""And this part both, or so many the one: that some begin together and others end together happens by chance."""

MOST, STANDS_OUT = 0.6, 4.0
"""An outage that still lasts must begin with most of its ships, and so many times as many as fall silent else."""

ASKED = 40
"""So many of the nearest ships are asked; those first heard later do not tell of an outage."""

LEAST_SHIPS = 5
LINKS = 32
"""Silences are put together with as many of the nearest."""

NEARLY_EVERYBODY = 0.95
"""The radius of an outage holds this part of its ships: one straggler far off says little of where it was."""

SAMPLES = 16

WHOLE = 0.98
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

    @property
    def lasted(self) -> int | None:
        """Give how long it lasted, milliseconds; none while it lasts."""
        return None if self.end is None else self.end - self.start

    def covers(self, place: Floats, time: Ints) -> Bools:
        """Say of places and times whether they lie in it: ``(n, 3), (n,) -> (n,)``."""
        until = self.end if self.end is not None else np.iinfo(np.int64).max
        during = (time >= self.start - AT_ONCE_MS) & (time <= until + AT_ONCE_MS)
        return during if self.is_whole else np.asarray(during & self.is_beside(place, BESIDE_M))

    def is_beside(self, place: Floats, within_m: float) -> Bools:
        """Say of places whether a ship that it silenced was so near: ``(n, 3) -> (n,)``."""
        from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

        apart, _ = cKDTree(self.places).query(place.reshape(-1, 3), 1)
        return np.asarray(apart <= float(chord_m(within_m)))

    @property
    def middle(self) -> tuple[float, float, float]:
        """Give the middle of the places and how far nearly all lie from it: degrees, degrees, kilometres."""
        mean = self.places.mean(axis=0)
        mean /= max(float(np.linalg.norm(mean)), 1e-12)
        lon, lat = lonlat(mean[None])
        far_m = arc_m(np.linalg.norm(self.places - mean, axis=1))
        far = float(np.quantile(far_m, NEARLY_EVERYBODY)) / 1000.0
        return float(lon[0]), float(lat[0]), far


def outages(trace: Trace, silent: Spans, roll: Roll) -> list[Outage]:
    """Find the stretches in which ships could not be heard, regions and the whole feed alike."""
    if not len(silent):
        return []
    down = _down_share(silent, roll)
    core = np.flatnonzero((down >= 0.5) | _left_alone(silent, roll) | _in_step(silent))
    moments = _moments(trace, silent)
    parted = [part for group in _groups(silent, core) for part in _parted(silent, moments, group)]
    found = []
    for members, start, end, is_sharp in longer_than_usual(silent, roll, parted):
        everyone = _with_edge(silent, roll, moments, members, start, end)
        outage = _measured(silent, roll, everyone, start, end)
        if outage.heard < (MOST_HEARD if is_sharp else DOWN_BELOW) * outage.expected:
            found.append(outage)
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


def _in_step(silent: Spans) -> Bools:
    """Say which silences both began and ended with those of several ships near: one receiver among many that hear on.

    Of ships in busy waters around it most are heard, so asking them all does not show it.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    in_step = np.zeros(len(silent), bool)
    rows = np.flatnonzero(~silent.is_open & (silent.lasted >= IN_STEP_FROM_MS))
    moments = np.stack((silent.start[rows], silent.end[rows]), axis=1) / IN_STEP_MS
    points = np.concatenate(
        (silent.here[rows] / float(chord_m(BESIDE_M)), moments - moments.min(initial=0.0)), axis=1
    )
    if rows.size >= LEAST_SHIPS:
        near = cKDTree(points).query_ball_point(points, 1.0, p=np.inf, return_length=True, workers=1)
        in_step[rows] = near > LEAST_SHIPS
    return in_step


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


@dataclass(frozen=True)
class _Moments:
    """Between which moments a receiver may have failed, and come back, if it is what silenced each ship."""

    failed: tuple[Ints, Ints]
    """From its last report until three of its intervals later."""
    back: tuple[Ints, Ints]
    """From three intervals before it was heard again until then."""


def _moments(trace: Trace, silent: Spans) -> _Moments:
    """Work the moments out from how often each ship reported just before and just after."""
    row = silent.row
    before, first = np.maximum(row - 1, 0), np.minimum(row + 1, len(trace) - 1)
    second = np.minimum(row + 2, len(trace) - 1)
    last_wait = (trace.last[row] - trace.last[before]) // trace.positions[row]
    last_wait = np.where(trace.track[before] == silent.track, last_wait, SHORTEST_WAIT_MS)
    next_wait = (trace.first[second] - trace.first[first]) // trace.positions[first]
    next_wait = np.where(trace.track[second] == silent.track, next_wait, SHORTEST_WAIT_MS)
    slack = [
        SLACK_MS + WAITS * np.clip(wait, SHORTEST_WAIT_MS, LONGEST_WAIT_MS) for wait in (last_wait, next_wait)
    ]
    return _Moments(
        (silent.start - SLACK_MS, silent.start + slack[0]), (silent.end - slack[1], silent.end + SLACK_MS)
    )


def _at(moment: int, window: tuple[Ints, Ints]) -> Bools:
    return np.asarray((window[0] <= moment) & (moment <= window[1]))


def _commonest(window: tuple[Ints, Ints]) -> int:
    """Give the middle of the first stretch of time that lies in the most windows."""
    opens, closes = np.sort(window[0]), np.sort(window[1])
    inside = np.arange(1, opens.size + 1) - np.searchsorted(closes, opens, side="left")
    best = int(np.argmax(inside))
    closing = closes[np.searchsorted(closes, opens[best], side="left")]
    after = opens[best + 1] if best + 1 < opens.size else closing
    return int((opens[best] + max(min(int(closing), int(after)), int(opens[best]))) // 2)


def _wider(window: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    return window[0] - AT_ONCE_MS, window[1] + AT_ONCE_MS


def _parted(silent: Spans, moments: _Moments, group: Ints) -> Iterator[Part]:
    """Part silences that lie together into outages: members, start and end of each, and whether both are sharp.

    An outage silences at once everybody who was heard; ships that come into its region later fall silent at its edge,
    and ships that leave it are heard before its end.  Ships that leave a receiver's reach one by one, or whose messages
    are lost one by one, do neither at once.
    """
    left = group
    while np.unique(silent.track[left]).size >= LEAST_SHIPS:
        start = _commonest((moments.failed[0][left], moments.failed[1][left]))
        at_start = left[_at(start, (moments.failed[0][left], moments.failed[1][left]))]
        end = _end(silent, moments, at_start)
        back = left[:0] if end is None else left[~silent.is_open[left]]
        at_end = back[_at(end or 0, (moments.back[0][back], moments.back[1][back]))]
        until = int(silent.end[left].max()) if end is None else end
        within = np.minimum(silent.end[left], until) - np.maximum(silent.start[left], start)
        during = left[within >= 0.8 * silent.lasted[left]]
        at_once = np.union1d(at_start, at_end)
        members = np.union1d(at_once, during)
        if np.unique(silent.track[at_once]).size < LEAST_SHIPS:
            return
        both = np.intersect1d(at_start, at_end).size
        is_one = both >= max(LEAST_SHIPS - 2, BOTH * members.size) or at_start.size >= max(
            MANY, AT_ONCE * members.size
        )
        if end is None:
            is_one = at_start.size >= max(LEAST_SHIPS, AT_ONCE * members.size)
            is_one &= _stands_out(silent.start[left], silent.start[at_start], moments, at_start)
        if is_one and at_once.size >= AT_ONCE * members.size and (end is None or end > start):
            yield members, start, end, both >= max(LEAST_SHIPS, SHARP * members.size)
        left = np.setdiff1d(left, members)


def _stands_out(starts: Ints, at_once: Ints, moments: _Moments, which: Ints) -> bool:
    """Say whether far more fall silent at once than in the hours around.

    Nobody has been heard again yet who could tell that it was an outage, and records may all end towards the end of
    a feed.  So most must fall silent within their own usual wait, and many times as many as in such a wait else.
    """
    waits = (moments.failed[1][which] - moments.failed[0][which]) // WAITS
    width = max(int(np.median(waits)), AT_ONCE_MS)
    ordered = np.sort(at_once)
    within = np.searchsorted(ordered, ordered + width, side="right") - np.arange(ordered.size)
    begin = int(ordered[np.argmax(within)])
    around = int(((starts >= begin - 3 * width) & (starts <= begin + 4 * width)).sum())
    most = int(within.max())
    return most >= max(LEAST_SHIPS, MOST * at_once.size) and most >= STANDS_OUT * max(
        (around - most) / 6.0, 1.0
    )


def _end(silent: Spans, moments: _Moments, at_start: Ints) -> int | None:
    """Give the moment at which the ships silenced at once were heard again; None where they were not, yet.

    Where most records end in it, as in files that are cut, those few must have been heard again at one moment.
    """
    closed = at_start[~silent.is_open[at_start]]
    if not closed.size:
        return None
    back = (moments.back[0][closed], moments.back[1][closed])
    end = _commonest(back)
    if closed.size * 2 >= at_start.size:
        return end
    return end if int(_at(end, back).sum()) >= max(LEAST_SHIPS, AT_ONCE * closed.size) else None


def _with_edge(
    silent: Spans, roll: Roll, moments: _Moments, members: Ints, start: int, end: int | None
) -> Ints:
    """Add the silences at the edge of an outage, where others beside were not heard either.

    Not far from one inside, those that began or ended with it and lasted little longer; farther off, where ships are
    few, those that both began and ended with it.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

    until = end if end is not None else int(silent.end.max())
    inside = np.zeros(len(silent), bool)
    inside[members] = True
    began = _at(start, moments.failed)
    # That nobody is heard again yet is no sign of having ended together.
    ended = np.zeros(len(silent), bool) if end is None else ~silent.is_open & _at(end, moments.back)
    within = np.minimum(silent.end, until) - np.maximum(silent.start, start)
    fits = (within >= 0.8 * silent.lasted) & (began | ended)
    exactly = ~silent.is_open & _at(start, _wider(moments.failed))
    exactly &= np.zeros(len(silent), bool) if end is None else _at(end, _wider(moments.back))
    rows = np.flatnonzero(~inside & (fits | exactly))
    if rows.size:
        apart, _ = cKDTree(silent.here[members]).query(silent.here[rows], 1)
        reach = np.where(exactly[rows], float(chord_m(FAR_M)), float(chord_m(EDGE_M)))
        rows = rows[apart <= reach]
        silenced = _silenced_beside(silent, roll, rows, start, until)
        # Where nobody else is beside, who was heard again as it ended is not to be accused of it.
        enough = np.where(exactly[rows], SOME_SILENCED, MOST_SILENCED)
        alone = exactly[rows] | ended[rows]
        inside[rows[np.where(np.isnan(silenced), alone, silenced >= enough)]] = True
    return np.flatnonzero(inside)


def _silenced_beside(silent: Spans, roll: Roll, rows: Ints, start: int, until: int) -> Floats:
    """Say which part of the ships beside some others was silent for nearly all of an outage: not a number for none."""
    if not rows.size:
        return np.zeros(0)
    middle = np.clip(np.full(rows.size, (start + until) // 2), silent.start[rows], silent.end[rows])
    beside = roll.company(
        silent.at(rows, middle), middle // QUARTER_MS, silent.track[rows], BESIDE_SILENCED_M, ASKED_BESIDE
    )
    span = roll.span[beside]
    within = np.minimum(silent.end[span], until) - np.maximum(silent.start[span], start)
    throughout = (span >= 0) & (within >= NEARLY_ALL * (until - start))
    count = (beside >= 0).sum(axis=1)
    share = ((beside >= 0) & throughout).sum(axis=1) / np.maximum(count, 1)
    return np.where(count > 0, share, np.nan)


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
        known = (usual > 0.0) & (roll.since[rows] * QUARTER_MS <= start)
        known &= ~_silent_before(silent, roll.span[rows], usual, start)
        near = (apart <= float(chord_m(BESIDE_M / 2.0))) & known
        expected += float(usual[near].sum())
        heard += float((roll.is_heard[rows] & near).sum())
        whole += float(usual[known].sum())
        counted += 1
    counted = max(counted, 1)
    is_whole = expected >= WHOLE * whole and heard <= (1.0 - WHOLE) * expected
    return Outage(start, end, places, members, is_whole, expected / counted, heard / counted)


def _silent_before(silent: Spans, span: Ints, usual: Floats, start: int) -> Bools:
    """Say who had been silent for longer than usual when an outage began: it says nothing of the outage.

    Records may be cut short anywhere; ships that are not heard any more must not make the others fewer.
    """
    waits_ms = np.maximum(GONE_MS, WAITS * QUARTER_MS / np.maximum(usual, 1e-3))
    return np.asarray((span >= 0) & (silent.start[span] < start - waits_ms))


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

    if abs(one.start - other.start) > 2 * AT_ONCE_MS:
        return False
    if one.end is not None and other.end is not None:
        shared = min(one.end, other.end) - max(one.start, other.start)
        if abs(one.end - other.end) > 2 * AT_ONCE_MS or 2 * shared < max(one.lasted or 0, other.lasted or 0):
            return False
    if one.is_whole and other.is_whole:
        return True
    apart, _ = cKDTree(one.places).query(other.places, 1)
    # Ships beside that are not heard again are records that end in it: files are cut, and it is over all the same.
    reach = FAR_M if (one.end is None) == (other.end is None) else TOGETHER_M
    return bool(apart.min() <= float(chord_m(reach)))


def _joined(one: Outage, other: Outage, silent: Spans) -> Outage:
    """Put two together; ships at the edge of both count once, so what is expected is the larger part's, scaled up.

    It began and ended when the larger part did, of those that have ended: the latest start and the earliest end of many
    lie too near each other, and may even change places.
    """
    members = np.union1d(one.members, other.members)
    larger = max((one, other), key=lambda o: (o.end is not None, o.members.size))
    scale = members.size / larger.members.size
    return Outage(
        larger.start, larger.end, silent.here[members], members, one.is_whole or other.is_whole,
        larger.expected * scale, larger.heard * scale,
    )  # fmt: skip
