"""How ships move: visits, voyages along lanes, wandering, swinging at anchor.

Every movement is a path: unit vectors at the ticks of a clock, between which a ship goes straight.  Local
movements are written in metres east and north of a place and laid on the sphere around it, so that they work
on the antimeridian and near the poles as anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearwake import sphere
from clearwake.sphere import Floats

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

TICK_S = 120.0
"""Paths are straight for two minutes: at 12 kn that is 740 m, and a turning merchant ship draws such a line."""


@dataclass(frozen=True)
class Clock:
    """When the scene plays: ticks of two minutes from ``start`` for ``hours``."""

    start: datetime
    hours: float

    @property
    def end_s(self) -> float:
        """Length of the scene in seconds."""
        return self.hours * 3600.0

    @property
    def ticks_s(self) -> Floats:
        """Seconds since the start at every tick, the last at or after the end: ``(k,)``."""
        return np.arange(int(np.ceil(self.end_s / TICK_S)) + 1, dtype=np.float64) * TICK_S

    def at(self, seconds: float) -> datetime:
        """Give the UTC time ``seconds`` after the start."""
        return self.start + timedelta(seconds=round(float(seconds)))

    def midnight_s(self) -> float | None:
        """Give the second of the UTC midnight that lies deepest in the scene, or None if none lies inside."""
        first = self.start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        inside = np.arange((first - self.start).total_seconds(), self.end_s, 86400.0)
        if not inside.size:
            return None
        return float(inside[np.argmax(np.minimum(inside, self.end_s - inside))])


def compass(bearing_deg: ArrayLike) -> tuple[Floats, Floats]:
    """Turn bearings into steps of one metre: east and north, each in the shape of ``bearing_deg``."""
    angle = np.radians(np.asarray(bearing_deg, np.float64))
    return np.sin(angle), np.cos(angle)


def lay(origin: Floats, east_m: Floats, north_m: Floats) -> Floats:
    """Lay metres around places on the sphere: ``(..., 3), (..., k), (..., k) -> (..., k, 3)``.

    Distances and bearings from the origin are exact (azimuthal equidistant).
    """
    x, y, z = origin[..., 0], origin[..., 1], origin[..., 2]
    level = np.hypot(x, y)
    east = np.stack((-y / level, x / level, np.zeros_like(z)), axis=-1)
    north = np.cross(origin, east)
    far_m = np.hypot(east_m, north_m)
    arc = far_m / sphere.EARTH_RADIUS_M
    scale = np.sinc(arc / np.pi) / sphere.EARTH_RADIUS_M
    return np.asarray(
        origin[..., None, :] * np.cos(arc)[..., None]
        + east[..., None, :] * (scale * east_m)[..., None]
        + north[..., None, :] * (scale * north_m)[..., None]
    )


@dataclass(frozen=True)
class Leg:
    """How ships come to a place or leave it; every field ``(n,)``."""

    speed_kn: Floats
    bearing_deg: Floats
    """The side they come from or leave to, seen from the place."""
    slowing_s: Floats
    """How long they take between their speed and standing still."""

    def off_m(self, seconds: Floats) -> Floats:
        """Give the distance from the place ``seconds`` before standing still, or after: ``(n, k) -> (n, k)``.

        Uniform deceleration: the distance grows with the square of time, then with time.
        """
        speed, slowing = (self.speed_kn * sphere.KNOT_M_PER_S)[:, None], self.slowing_s[:, None]
        x = np.maximum(seconds, 0.0)
        return np.where(x < slowing, speed * x**2 / (2.0 * slowing), speed * (x - slowing / 2.0))


def visit(clock: Clock, stay_s: tuple[Floats, Floats], come: Leg, leave: Leg) -> tuple[Floats, Floats]:
    """Bring ships to a place, let them lie from one time to another, and take them away.

    Args:
        clock: When the scene plays.
        stay_s: When they stand still and when they leave, seconds since the start: ``(n,)`` each; infinite
            for ships that were there before or stay after.
        come: How they come.
        leave: How they leave.

    Returns:
        Metres east and north of the place at every tick: ``(n, k)`` each.
    """
    before = stay_s[0][:, None] - clock.ticks_s
    after = clock.ticks_s - stay_s[1][:, None]
    come_m, leave_m = come.off_m(before), leave.off_m(after)
    (east_in, north_in), (east_out, north_out) = compass(come.bearing_deg), compass(leave.bearing_deg)
    east = come_m * east_in[:, None] + leave_m * east_out[:, None]
    north = come_m * north_in[:, None] + leave_m * north_out[:, None]
    return east, north


def drift(
    rng: np.random.Generator, clock: Clock, speed_kn: Floats, course_deg: Floats, pivot_s: Floats
) -> tuple[Floats, Floats]:
    """Carry places with wind and tide: a steady set plus a tidal ellipse; zero at ``pivot_s``.

    Args:
        rng: Source of chance.
        clock: When the scene plays.
        speed_kn: Steady set: ``(n,)``.
        course_deg: Where to: ``(n,)``.
        pivot_s: When the place is where it was planted: ``(n,)``.

    Returns:
        Metres east and north at every tick: ``(n, k)`` each.
    """
    n = len(speed_kn)
    since = clock.ticks_s - pivot_s[:, None]
    east, north = compass(course_deg)
    steady = (speed_kn * sphere.KNOT_M_PER_S)[:, None] * since
    phase, reach = rng.uniform(0, 2 * np.pi, (n, 1)), rng.uniform(200, 900, (n, 1))
    tide = 2 * np.pi * since / (12.42 * 3600.0)
    across = reach * (np.sin(tide + phase) - np.sin(phase))
    along = 0.4 * reach * (np.cos(tide + phase) - np.cos(phase))
    return steady * east[:, None] + across, steady * north[:, None] + along


def wander(
    rng: np.random.Generator,
    clock: Clock,
    speed_kn: Floats,
    turn_deg_per_h: float,
    speed_share: Floats | float = 1.0,
) -> tuple[Floats, Floats, Floats]:
    """Let ships steer courses that change slowly: trawlers, tows, ships filling time.

    Args:
        rng: Source of chance.
        clock: When the scene plays.
        speed_kn: ``(n,)``.
        turn_deg_per_h: Standard deviation of the course change in an hour.
        speed_share: What share of the speed is made at every tick: ``(n, k)``.

    Returns:
        Metres east and north from where the ship is in the middle of the scene, and its course in radians:
        ``(n, k)`` each.
    """
    n, k = len(speed_kn), len(clock.ticks_s)
    span = max(1, round(3600.0 / TICK_S))
    steps = rng.normal(0.0, 1.0, (n, k + span))
    turns = _moving_mean(steps, span)[:, :k] * np.radians(turn_deg_per_h) / np.sqrt(span)
    course = rng.uniform(0, 2 * np.pi, (n, 1)) + np.cumsum(turns, axis=1)
    step_m = (speed_kn * sphere.KNOT_M_PER_S * TICK_S)[:, None] * speed_share
    east, north = np.cumsum(np.sin(course) * step_m, axis=1), np.cumsum(np.cos(course) * step_m, axis=1)
    middle = k // 2
    return east - east[:, middle : middle + 1], north - north[:, middle : middle + 1], course


def _moving_mean(values: Floats, span: int) -> Floats:
    """Average ``span`` neighbours along the last axis: ``(n, k) -> (n, k - span + 1)``."""
    total = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return np.asarray((total[:, span:] - total[:, :-span]) / span)


def swing(
    rng: np.random.Generator, clock: Clock, scope_m: Floats, swell_deg: Floats | float
) -> tuple[Floats, Floats]:
    """Swing ships around their anchors: all with the tide, each a little on its own.

    Args:
        rng: Source of chance.
        clock: When the scene plays.
        scope_m: From anchor to antenna: ``(n,)``.
        swell_deg: Where the stream sets them at the start, the same for ships of one anchorage: ``(n,)``.

    Returns:
        Metres east and north of the anchor at every tick: ``(n, k)`` each.
    """
    n = len(scope_m)
    hours = clock.ticks_s / 3600.0
    turn = 80.0 * np.tanh(3.0 * np.sin(2 * np.pi * hours / 12.42))
    period_h, phase = rng.uniform(0.4, 1.5, (n, 1)), rng.uniform(0, 2 * np.pi, (n, 1))
    own = rng.uniform(5.0, 25.0, (n, 1)) * np.sin(2 * np.pi * hours / period_h + phase)
    east, north = compass(np.reshape(swell_deg, (-1, 1)) + turn + own)
    return scope_m[:, None] * east, scope_m[:, None] * north


def follow(lane: Floats, lane_m: Floats, along_m: Floats, right_m: Floats) -> Floats:
    """Put ships on lanes: ``(n, p, 3), (n,), (n, k), (n, k) -> (n, k, 3)``.

    Args:
        lane: Each ship's lane as ``p`` equally spaced points.
        lane_m: Length of each lane.
        along_m: How far along it the ship is; kept within the lane.
        right_m: How far to starboard of the middle.
    """
    points = lane.shape[1]
    place = np.clip(along_m / lane_m[:, None], 0.0, 1.0) * (points - 1)
    index = np.minimum(place.astype(np.int64), points - 2)
    share = (place - index)[..., None]
    row = np.arange(len(lane))[:, None]
    aside = _starboard(lane)
    here = lane[row, index] * (1.0 - share) + lane[row, index + 1] * share
    across = aside[row, index] * (1.0 - share) + aside[row, index + 1] * share
    moved = _unit(here) + _unit(across) * (right_m / sphere.EARTH_RADIUS_M)[..., None]
    return _unit(moved)


def _starboard(lane: Floats) -> Floats:
    """Give the direction to starboard at every point of lanes, turning gently at corners: ``(n, p, 3)``."""
    across = _unit(np.cross(np.diff(lane, axis=1), lane[:, 1:]))
    reach = 6
    padded = np.concatenate(
        (across[:, :1].repeat(reach + 1, 1), across, across[:, -1:].repeat(reach, 1)), axis=1
    )
    return np.asarray(sum(padded[:, k : k + lane.shape[1]] for k in range(2 * reach + 1)))


def _unit(vectors: Floats) -> Floats:
    """Bring vectors to length 1: ``(..., 3) -> (..., 3)``."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def apart_m(a: Floats, b: Floats, clock: Clock, every_s: float = 30.0) -> tuple[Floats, Floats]:
    """Give the distance between ships at every ``every_s``: ``(n, k, 3), (n, k, 3) -> (t,), (n, t)`` metres."""
    moments = np.arange(0.0, clock.end_s + 1e-6, every_s)
    index = np.minimum((moments / TICK_S).astype(np.int64), a.shape[1] - 2)
    share = (moments / TICK_S - index)[None, :, None]
    gap = b - a
    between = gap[:, index] * (1.0 - share) + gap[:, index + 1] * share
    return moments, np.linalg.norm(between, axis=-1) * sphere.EARTH_RADIUS_M
