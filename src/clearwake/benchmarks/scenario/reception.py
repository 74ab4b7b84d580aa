"""What is heard of the ships: when, how exactly, with which faults.

Transponders report at the intervals of ITU-R M.1371-5; providers thin that.  Shore stations hear ships within
some 75 km of the coast all the time, satellites hear the others in passes, some ships only now and then.  The
thinning is chosen so that the scene has the number of rows asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.scenario.motion import TICK_S, Bools, Clock, Ints
from clearwake.benchmarks.scenario.ships import Hearing, Ships
from clearwake.benchmarks.scenario.waters import World
from clearwake.model import TIME
from clearwake.sphere import Floats

SHORE_KM = 75.0
"""Reach of shore stations, about 40 nautical miles."""

LYING_S = 180.0
"""Reporting interval at anchor or moored (class A), and of class B under 2 kn."""

CLASS_B_S = 30.0
PASSING_S, DENSE_S = 45.0, 40.0
"""Intervals between reports during a satellite pass, and of ships far from the coast that are heard densely."""

DUPLICATE_SHARE = 0.004
"""Share of reports that arrive twice, heard by two stations."""

BLOCK = 256
"""Hulls worked on at a time: bounds memory."""

LONGEST_SILENCE_S = 6 * 3600.0


@dataclass(frozen=True)
class Reports:
    """When which hull was heard: rows of equal length, by hull and time."""

    hull: Ints
    seconds: Floats


def rates(world: World, ships: Ships, rows: int) -> Floats:
    """Say how many reports each hull gives in every tick, so that all give about ``rows``: ``(n, k - 1)``.

    Only the interval of ships under way near the coast is free, between 2 seconds and 10 minutes; everything
    else is as transponders and satellites have it.
    """
    modes = _modes(world, ships)
    fixed = TICK_S * (modes.lying / LYING_S + modes.passing / PASSING_S + modes.dense / DENSE_S)
    wanted = rows / (1.0 + DUPLICATE_SHARE) - fixed.sum() - _sparse_count(ships, world.clock)
    class_b = ships.is_class_b[:, None]
    interval_s = 20.0
    for _ in range(8):  # class B has an interval of its own, so the sum is not quite proportional
        given = (TICK_S * modes.near / np.where(class_b, max(CLASS_B_S, interval_s), interval_s)).sum()
        interval_s = float(np.clip(interval_s * given / max(wanted, 1.0), 2.0, 600.0))
    return np.asarray(fixed + TICK_S * modes.near / np.where(class_b, max(CLASS_B_S, interval_s), interval_s))


@dataclass(frozen=True)
class Modes:
    """In which way each hull is heard in each tick, at most one of them: ``(n, k - 1)`` each."""

    near: Bools
    """Under way near the coast."""
    dense: Bools
    """Under way far from it, heard all the same."""
    passing: Bools
    """By a passing satellite."""
    lying: Bools
    """At anchor, moored, or class B hardly moving."""


def _modes(world: World, ships: Ships) -> Modes:
    """Say of every hull and tick in which way it is heard, if at all."""
    k = ships.path.shape[1] - 1
    coastal = np.repeat(world.coast_km(ships.path[:, :-1:10]), 10, axis=1)[:, :k] < SHORE_KM
    dense, ordinary = ((ships.hearing == h)[:, None] for h in (Hearing.DENSE, Hearing.ORDINARY))
    rng = world.chance("reception")
    step_m = np.linalg.norm(ships.path[:, 1:] - ships.path[:, :-1], axis=-1) * sphere.EARTH_RADIUS_M
    seldom = np.isin(ships.status_lying, (1, 5))[:, None] | ships.is_class_b[:, None]
    lies = seldom & (step_m < 0.8 * sphere.KNOT_M_PER_S * TICK_S)
    heard = (rng.random((len(ships), k), np.float32) > 0.03) & ~_silent(ships, world.clock)[:, :k]
    always = heard & (dense | (ordinary & coastal))
    return Modes(
        near=always & coastal & ~lies,
        dense=always & ~coastal & ~lies,
        passing=heard & ordinary & ~coastal & _passes(rng, ships, k),
        lying=always & lies,
    )


def _passes(rng: np.random.Generator, ships: Ships, k: int) -> Bools:
    """Say when satellites hear: passes of 6 to 14 minutes, 8 to 32 minutes apart, the same for 10 degrees around."""
    regions, most = 36 * 18, int(k * TICK_S / (14 * 60.0)) + 2
    away, heard = rng.uniform(8, 32, (regions, most)) * 60.0, rng.uniform(6, 14, (regions, most)) * 60.0
    rise = np.cumsum(away + heard, axis=1) - heard - rng.uniform(0, 1800, (regions, 1))
    tick = np.arange(k) * TICK_S
    latest = [np.maximum(np.searchsorted(r, tick, side="right") - 1, 0) for r in rise]
    over = np.stack([
        (tick >= r[n]) & (tick - r[n] < h[n]) for r, h, n in zip(rise, heard, latest, strict=True)
    ])  # fmt: skip
    lon, lat = sphere.lonlat(ships.path[:, :k])
    region = np.clip((lon + 180) // 10, 0, 35).astype(np.int64) * 18 + np.clip(
        (lat + 90) // 10, 0, 17
    ).astype(np.int64)
    return np.asarray(over[region, np.arange(k)])


def _silent(ships: Ships, clock: Clock) -> Bools:
    """Say of every hull and tick whether its transponder is off."""
    tick = clock.ticks_s
    return (tick >= ships.silent_from_s[:, None] - TICK_S) & (tick < ships.silent_to_s[:, None])


def _sparse_count(ships: Ships, clock: Clock) -> float:
    """Expect this many reports from hulls with sparse fixes: one fix of 1.5 reports every 38 minutes."""
    return float((ships.hearing == Hearing.SPARSE).sum() * clock.hours * 60.0 / 38.0 * 1.5)


def heard(world: World, ships: Ships, rate: Floats) -> Iterator[Reports]:
    """Say when every hull was heard, some hundred hulls at a time.

    Reports fall where the expected number of reports passes a whole number, give or take: their intervals vary
    around the mean, and no two hulls report in step.
    """
    rng = world.chance("reports")
    for first in range(0, len(ships), BLOCK):
        block = rate[first : first + BLOCK]
        total = np.concatenate(([0.0], np.cumsum(block.ravel())))
        count = np.arange(int(total[-1]))
        moment = np.interp(count + rng.uniform(0.05, 0.95, len(count)), total, np.arange(len(total)) * TICK_S)
        length_s = block.shape[1] * TICK_S
        hull = np.minimum((moment // length_s).astype(np.int64), len(block) - 1)
        seconds = np.floor(moment - hull * length_s)
        sparse = _sparse(
            rng, np.flatnonzero(ships.hearing[first : first + BLOCK] == Hearing.SPARSE), world.clock
        )
        yield _in_order(
            rng, Reports(hull + first, seconds), Reports(sparse.hull + first, sparse.seconds), world.clock
        )


def _sparse(rng: np.random.Generator, hulls: Ints, clock: Clock) -> Reports:
    """Give single fixes 20 to 50 minutes apart, one in twelve 60 to 80; half of them heard twice within a minute."""
    most = int(clock.end_s / 1200.0) + 2
    wait = np.where(
        rng.uniform(size=(len(hulls), most)) < 1 / 12,
        rng.uniform(60, 80, (len(hulls), most)), rng.uniform(20, 50, (len(hulls), most)),
    )  # fmt: skip
    fix = np.floor((np.cumsum(wait, axis=1) - rng.uniform(20, 50, (len(hulls), 1))) * 60.0)
    again = np.where(
        rng.uniform(size=fix.shape) < 0.5, fix + np.floor(rng.uniform(10, 60, fix.shape)), np.inf
    )
    return Reports(np.repeat(hulls, 2 * most), np.stack((fix, again), axis=-1).ravel())


def _in_order(rng: np.random.Generator, often: Reports, seldom: Reports, clock: Clock) -> Reports:
    """Join reports, repeat a few as heard by a second station, drop those after the end, order by hull and time."""
    hull, seconds = np.concatenate((often.hull, seldom.hull)), np.concatenate((often.seconds, seldom.seconds))
    twice = rng.uniform(size=len(hull)) < DUPLICATE_SHARE
    hull, seconds = np.concatenate((hull, hull[twice])), np.concatenate((seconds, seconds[twice]))
    keep = (seconds >= 0.0) & (seconds < clock.end_s)
    hull, seconds = hull[keep], seconds[keep]
    order = np.lexsort((seconds, hull))
    return Reports(hull[order], seconds[order])


def where(path: Floats, reports: Reports) -> tuple[Floats, Floats]:
    """Give where the hulls truly were and how they moved: ``(r, 3)`` unit vectors and ``(r, 3)`` metres a second."""
    tick = np.minimum((reports.seconds / TICK_S).astype(np.int64), path.shape[1] - 2)
    a, b = path[reports.hull, tick], path[reports.hull, tick + 1]
    here = a + (b - a) * (reports.seconds / TICK_S - tick)[:, None]
    here /= np.linalg.norm(here, axis=1, keepdims=True)
    return here, (b - a) * (sphere.EARTH_RADIUS_M / TICK_S)


def _displaced(
    rng: np.random.Generator, ships: Ships, reports: Reports, here: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Add navigation error and outliers of half a kilometre to twenty: the reported lon and lat, and east and north."""
    level = np.hypot(here[:, 0], here[:, 1])
    east = np.stack((-here[:, 1] / level, here[:, 0] / level, np.zeros(len(here))), axis=1)
    north = np.cross(here, east)
    noise = rng.normal(0.0, 1.0, (2, len(here))) * ships.noise_m[reports.hull]
    out = np.flatnonzero(rng.uniform(size=len(here)) < ships.outlier_share[reports.hull])
    angle, far_m = (
        rng.uniform(0, 2 * np.pi, len(out)),
        np.exp(rng.uniform(np.log(500), np.log(20_000), len(out))),
    )
    noise[:, out] += far_m * np.stack((np.sin(angle), np.cos(angle)))
    twice = np.flatnonzero(
        (np.diff(reports.hull, prepend=-1) == 0) & (np.diff(reports.seconds, prepend=-1.0) == 0.0)
    )
    noise[:, twice] = noise[:, twice - 1]
    lon, lat = sphere.lonlat(
        here + (east * noise[0][:, None] + north * noise[1][:, None]) / sphere.EARTH_RADIUS_M
    )
    return lon, lat, east, north


def positions(world: World, ships: Ships, mmsi: Ints, reports: Reports, block: int) -> pl.DataFrame:
    """Write reports as a provider would: rounded, with error, with what is not available left out."""
    rng = world.chance(f"errors {block}")
    hull = reports.hull
    here, velocity = where(ships.path, reports)
    lon, lat, east, north = _displaced(rng, ships, reports, here)
    east_m_s, north_m_s = (np.einsum("ri,ri->r", velocity, axis) for axis in (east, north))
    speed_kn = np.hypot(east_m_s, north_m_s) / sphere.KNOT_M_PER_S
    course = np.degrees(np.arctan2(east_m_s, north_m_s))
    drifting = speed_kn < 0.8
    course = (
        np.where(drifting, rng.uniform(0, 360, len(hull)), course + rng.normal(0, 1.5, len(hull))) % 360.0
    )
    heading = np.where(drifting, (hull * 47.0) % 360.0, course) + rng.normal(0, 2.0, len(hull))
    status = np.where(drifting, ships.status_lying[hull], ships.status_moving[hull])
    start_ms = int(world.clock.start.timestamp() * 1000)
    frame = pl.DataFrame({
        "mmsi": mmsi[hull],
        "time": start_ms + (reports.seconds * 1000.0).astype(np.int64),
        "lon": (lon.round(5) + 180.0) % 360.0 - 180.0,
        "lat": lat.round(5),
        "speed_kn": np.abs(speed_kn + rng.normal(0, 0.1, len(hull))).round(1).astype(np.float32),
        "course_deg": (course.round(1) % 360.0).astype(np.float32),
        "heading_deg": (heading.round() % 360.0).astype(np.float32),
        "nav_status": status.astype(np.int16),
        "is_class_b": ships.is_class_b[hull],
    })  # fmt: skip
    return frame.with_columns(
        pl.col("time").cast(TIME),
        pl.col("lon").round(5),
        pl.when(~pl.col("is_class_b")).then("heading_deg").alias("heading_deg"),
        pl.when(pl.col("nav_status") != 15).then("nav_status").alias("nav_status"),
    ).drop("is_class_b")


def silences(reports: Reports, clock: Clock) -> tuple[Ints, Floats, Floats]:
    """Find every true silence of six hours or more in what was heard; the end is not a number while it lasts.

    Returns:
        Hulls, and seconds of the last report before and the first report after.
    """
    same = np.diff(reports.hull, append=-1) == 0
    following = np.where(same, np.roll(reports.seconds, -1), clock.end_s)
    long = following - reports.seconds >= LONGEST_SILENCE_S
    end = np.where(same, following, np.nan)
    return reports.hull[long], reports.seconds[long], end[long]
