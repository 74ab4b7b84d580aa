"""What the detectors should find, written as plainly as it can be said: loops over positions, no frames, no arrays.

Slow on purpose and for small scenes only.  The definitions are those of ``docs/detectors``: whoever changes one
changes it here as well, and the comparison in ``test_reference.py`` says whether the two still agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from statistics import median

EARTH_RADIUS_M = 6_371_008.8
KNOT_M_PER_S = 1852.0 / 3600.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

STEP = timedelta(minutes=10)
LONGEST = timedelta(hours=1)
HOUR = timedelta(hours=1)

Vector = tuple[float, float, float]


@dataclass(frozen=True, order=True)
class Fix:
    """One position of one hull."""

    track: int
    time: datetime
    lon: float
    lat: float


@dataclass(frozen=True)
class Silence:
    """A gap; ``end`` is None while it lasts."""

    track: int
    start: datetime
    end: datetime | None
    moved_km: float | None


@dataclass(frozen=True)
class Stay:
    """A loitering; ``end`` is None while it lasts."""

    track: int
    start: datetime
    end: datetime | None
    mean_speed_kn: float
    travelled_km: float


@dataclass(frozen=True)
class Meeting:
    """An encounter away from anchorages; ``end`` is None while it lasts."""

    track_a: int
    track_b: int
    start: datetime
    end: datetime | None
    label: str
    min_apart_m: float
    median_apart_m: float
    median_speed_kn: float
    together_h: float


@dataclass(frozen=True)
class Sample:
    """A hull at one grid time."""

    place: Vector
    speed_kn: float


# ---- on the sphere -------------------------------------------------------------------------------------------


def vector(lon: float, lat: float) -> Vector:
    """Turn degrees into a unit vector."""
    lam, phi = math.radians(lon), math.radians(lat)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def between_m(a: Vector, b: Vector) -> float:
    """Give the great-circle distance in metres."""
    return 2.0 * EARTH_RADIUS_M * math.asin(min(math.dist(a, b) / 2.0, 1.0))


def on_the_way(a: Vector, b: Vector, share: float) -> Vector:
    """Give the point this far on the way from a to b."""
    x, y, z = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    length = math.hypot(x, y, z)
    return x / length, y / length, z / length


# ---- gaps ----------------------------------------------------------------------------------------------------


def gaps(fixes: Iterable[Fix], until: datetime, at_least: timedelta = timedelta(hours=6)) -> list[Silence]:
    """Find silences: between two fixes, or since the last fix and up to ``until``."""
    found = []
    for track, own in by_track(fixes).items():
        for a, b in pairwise(own):
            if b.time - a.time >= at_least:
                found.append(
                    Silence(
                        track, a.time, b.time, between_m(vector(a.lon, a.lat), vector(b.lon, b.lat)) / 1000
                    )
                )
        if until - own[-1].time >= at_least:
            found.append(Silence(track, own[-1].time, None, None))
    return sorted(found, key=lambda gap: (gap.track, gap.start))


def by_track(fixes: Iterable[Fix]) -> dict[int, list[Fix]]:
    """Put each hull's fixes in order of time."""
    tracks: dict[int, list[Fix]] = {}
    for fix in sorted(fixes):
        tracks.setdefault(fix.track, []).append(fix)
    return tracks


# ---- the grid ------------------------------------------------------------------------------------------------


def grid(own: Sequence[Fix]) -> dict[datetime, Sample]:
    """Say where one hull was at each full ten minutes between fixes at most an hour apart."""
    places: dict[datetime, Vector] = {}
    speeds: dict[datetime, float] = {}
    between: set[datetime] = set()
    for fix in own:
        if fix.time == floored(fix.time):
            places[fix.time], speeds[fix.time] = vector(fix.lon, fix.lat), 0.0
    for a, b in pairwise(own):
        if b.time - a.time <= LONGEST:
            here, there = vector(a.lon, a.lat), vector(b.lon, b.lat)
            for moment in full_tens(a.time, b.time):
                between.add(moment)
                places[moment] = on_the_way(here, there, (moment - a.time) / (b.time - a.time))
                speeds[moment] = knots(here, there, b.time - a.time)
    for moment, place in places.items():
        if moment - STEP in places:
            speeds[moment] = knots(places[moment - STEP], place, STEP)
        elif moment not in between:
            onward = places.get(moment + STEP)
            speeds[moment] = float("inf") if onward is None else knots(place, onward, STEP)
    return {moment: Sample(places[moment], speeds[moment]) for moment in sorted(places)}


def floored(moment: datetime) -> datetime:
    """Give the last full ten minutes at or before a moment."""
    return EPOCH + (moment - EPOCH) // STEP * STEP


def full_tens(after: datetime, to: datetime) -> Iterator[datetime]:
    """Give the full ten minutes after one moment and up to another."""
    moment = floored(after) + STEP
    while moment <= to:
        yield moment
        moment += STEP


def knots(a: Vector, b: Vector, took: timedelta) -> float:
    """Give the speed made good between two places."""
    return between_m(a, b) / took.total_seconds() / KNOT_M_PER_S


# ---- loitering -----------------------------------------------------------------------------------------------


def loiterings(fixes: Iterable[Fix], until: datetime, under_kn: float = 2.0) -> list[Stay]:
    """Find the stretches in which every sliding hour was sailed at a mean speed under ``under_kn``."""
    found = []
    for track, own in by_track(fixes).items():
        samples = grid(own)
        for steps in stretches(slow_steps(samples, under_kn)):
            speeds = [samples[step].speed_kn for step in steps]
            lasts = steps[-1] == max(samples) and steps[-1] > until - LONGEST
            travelled_km = sum(speeds) * KNOT_M_PER_S * STEP.total_seconds() / 1000
            mean_kn = sum(speeds) / len(speeds)
            if len(steps) < 6 or mean_kn >= under_kn:
                continue
            found.append(Stay(track, steps[0] - STEP, None if lasts else steps[-1], mean_kn, travelled_km))
    return found


def slow_steps(samples: dict[datetime, Sample], under_kn: float) -> list[datetime]:
    """Give the steps (by their ends) of every hour sailed slowly and known throughout, without its fast edges."""
    slow: set[datetime] = set()
    for end in samples:
        hour = [end - n * STEP for n in range(6)]
        is_known = all(step in samples for step in [*hour, end - HOUR])
        if is_known and sum(samples[step].speed_kn for step in hour) / 6 < under_kn:
            own = [step for step in hour if samples[step].speed_kn < under_kn]
            slow.update(step for step in hour if min(own) <= step <= max(own))
    return sorted(slow)


def stretches(steps: Sequence[datetime]) -> list[list[datetime]]:
    """Split ordered steps where one is missing."""
    parts: list[list[datetime]] = []
    for step in steps:
        if parts and step - parts[-1][-1] == STEP:
            parts[-1].append(step)
        else:
            parts.append([step])
    return parts


# ---- encounters ----------------------------------------------------------------------------------------------


@dataclass
class Run:
    """Grid times at which a pair was close, none far from the next."""

    contacts: list[datetime]
    aparts: list[float]
    speeds: list[float]
    start: datetime
    end: datetime
    parted: bool
    """Whether they were seen to part after the last contact."""


def encounters(
    fixes: Iterable[Fix],
    until: datetime,
    within_m: float = 500.0,
    at_least: timedelta = timedelta(minutes=30),
    merged_under: timedelta = timedelta(hours=4),
) -> list[Meeting]:
    """Find meetings of every pair of hulls, by looking at every pair at every grid time."""
    grids = {track: grid(own) for track, own in by_track(fixes).items()}
    found: list[Meeting] = []
    for a, b in combinations(sorted(grids), 2):
        runs = [
            run for run in runs_of(grids[a], grids[b], within_m, merged_under) if is_meeting(run, at_least)
        ]
        found.extend(meeting(a, b, together, until) for together in merged(runs, merged_under))
    return sorted(found, key=lambda met: (met.track_a, met.track_b, met.start))


def runs_of(
    a: dict[datetime, Sample], b: dict[datetime, Sample], within_m: float, merged_under: timedelta
) -> list[Run]:
    """Fold the contacts of a pair into runs.

    A run goes on over half an hour at most, or for as long as meetings are merged if nothing heard in between says
    that they parted.
    """
    apart = {moment: between_m(a[moment].place, b[moment].place) for moment in a if moment in b}
    runs: list[Run] = []
    for moment in sorted(apart):
        if apart[moment] > within_m or not is_slow(a, b, moment):
            continue
        before, after = apart.get(moment - STEP, 0.0), apart.get(moment + STEP, 0.0)
        came, apart_next = before > within_m, after > within_m
        sped_up = moment + STEP in apart and not is_slow(a, b, moment + STEP)
        parted = apart_next or sped_up
        end = moment + STEP * ((within_m - apart[moment]) / (after - apart[moment])) if apart_next else moment
        start = moment - STEP * ((within_m - apart[moment]) / (before - apart[moment])) if came else moment
        speed = (a[moment].speed_kn + b[moment].speed_kn) / 2
        since = moment - runs[-1].contacts[-1] if runs else timedelta.max
        unseen = bool(runs) and not runs[-1].parted and not came
        if since <= timedelta(minutes=30) or (since < merged_under and unseen):
            run = runs[-1]
            run.contacts.append(moment)
            run.aparts.append(apart[moment])
            run.speeds.append(speed)
            run.end, run.parted = end, parted
        else:
            runs.append(Run([moment], [apart[moment]], [speed], start, end, parted))
    return runs


def is_slow(a: dict[datetime, Sample], b: dict[datetime, Sample], moment: datetime) -> bool:
    """Say whether neither hull made more than 10 kn good."""
    return max(a[moment].speed_kn, b[moment].speed_kn) <= 10.0


def is_meeting(run: Run, at_least: timedelta) -> bool:
    """Say whether a run is long and slow enough."""
    long = len(run.contacts) >= at_least // STEP or run.end - run.start >= at_least
    return long and median(run.speeds[:144]) <= 7.0


def merged(runs: Sequence[Run], merged_under: timedelta) -> list[list[Run]]:
    """Put runs less than ``merged_under`` apart together."""
    parts: list[list[Run]] = []
    for run in runs:
        if parts and run.contacts[0] - parts[-1][-1].contacts[-1] < merged_under:
            parts[-1].append(run)
        else:
            parts.append([run])
    return parts


def meeting(a: int, b: int, runs: Sequence[Run], until: datetime) -> Meeting:
    """Measure and label a meeting of one run or several."""
    speeds = [speed for run in runs for speed in run.speeds][:144]
    aparts = [apart for run in runs for apart in run.aparts]
    together_h = sum((run.end - run.start).total_seconds() for run in runs) / 3600
    lasts = not runs[-1].parted and runs[-1].contacts[-1] > until - LONGEST
    label = "underway" if median(speeds) > 2.0 else "short" if together_h < 2.0 else "standard"
    return Meeting(
        a, b, runs[0].start, None if lasts else runs[-1].end, label,
        min(aparts), median(aparts[:144]), median(speeds), together_h,
    )  # fmt: skip
