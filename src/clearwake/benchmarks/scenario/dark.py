"""Meetings in the dark: one ship silent, or both, among silences that have every other reason.

Ships come from a passage, turn aside or not, lie beside each other for hours, and go on.  One of them, or each, is
silent from some time before until some time after; the one that is heard often lies there for hours before the other
comes, and for some after it left.  The decoys are what makes such meetings hard to tell: ships that
are silent and sail on, that stop in the dark alone, that call at a port in the dark, that drift; a region that is not
heard for hours.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.benchmarks.scenario import compose, meetings, motion, waters
from clearwake.benchmarks.scenario.compose import Scenario
from clearwake.benchmarks.scenario.motion import Clock
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Scenes, Ships, fleet, join
from clearwake.benchmarks.scenario.waters import Clearance, Sea, World
from clearwake.sphere import Floats

SHARE = 0.006
"""Meetings of each kind per ship: 30 among 5,000."""

WAITED_H = (8.0, 3.0)
"""The longest a ship that is heard waits for the silent one, and stays after it; half of them wait at all."""

SILENT_SHARE = 0.2
"""Ordinary ships that fall silent once: 1,000 among 5,000."""


@dataclass(frozen=True)
class Passage:
    """How ships come to a place or leave it: straight, or with one turn; every field ``(n,)``."""

    speed_kn: Floats
    bearing_deg: Floats
    """The side they come from or leave to, seen from the place."""
    turn_m: Floats
    """How far from the place they turn."""
    beyond_deg: Floats
    """The bearing of the way beyond the turn."""
    slowing_s: Floats

    def steps(self, seconds: Floats) -> tuple[Floats, Floats]:
        """Give metres east and north of the place ``seconds`` before standing still, or after: ``(n, k)`` each."""
        leg = motion.Leg(self.speed_kn, self.bearing_deg, self.slowing_s)
        way = leg.off_m(seconds)
        near = np.minimum(way, self.turn_m[:, None])
        far = way - near
        (east, north), (out_east, out_north) = (
            motion.compass(self.bearing_deg),
            motion.compass(self.beyond_deg),
        )
        return (
            near * east[:, None] + far * out_east[:, None],
            near * north[:, None] + far * out_north[:, None],
        )


def _passage(rng: np.random.Generator, n: int, bearing_deg: Floats) -> Passage:
    """Draw ways at 8 to 15 kn; half of them turn once, 10 to 60 km from the place, by up to 60 degrees."""
    turn = np.where(rng.uniform(size=n) < 0.5, rng.uniform(-60, 60, n), 0.0)
    return Passage(
        np.clip(rng.normal(11.5, 1.8, n), 8.0, 15.0), bearing_deg, rng.uniform(10e3, 60e3, n), bearing_deg + turn,
        rng.uniform(15, 45, n) * 60.0,
    )  # fmt: skip


def _pair(
    rng: np.random.Generator, n: int, stay: tuple[Floats, Floats], clock: Clock, waited_h: tuple[float, float]
) -> list[Floats]:
    """Draw the ways of two ships to a place and from it, metres east and north: ``(n, 2, k)`` per ship.

    The second waits besides: up to so many hours before, and after.
    """
    come = rng.uniform(0, 360, n)
    aside = np.where(rng.uniform(size=n) < 0.5, rng.uniform(50, 310, n), rng.uniform(-25, 25, n))
    ways = []
    for side_deg, longest in ((np.zeros(n), (0.0, 0.0)), (aside, waited_h)):
        bearing = come + side_deg
        on = (
            bearing
            + 180.0
            + np.where(rng.uniform(size=n) < 0.6, rng.normal(0, 35, n), rng.uniform(0, 360, n))
        )
        # One of the two is often there first, and leaves last.
        early, late = (
            np.where(rng.uniform(size=n) < 0.5, rng.exponential(0.5, n) + rng.uniform(0.0, most, n), 0.0) * 3600.0
            for most in longest
        )  # fmt: skip
        first, last = stay[0] - early, stay[1] + late
        arrive = _passage(rng, n, bearing).steps(first[:, None] - clock.ticks_s)
        leave = _passage(rng, n, on).steps(clock.ticks_s - last[:, None])
        ways.append(np.stack((arrive[0] + leave[0], arrive[1] + leave[1]), axis=1))
    return ways


def _scenes(
    world: World,
    rng: np.random.Generator,
    n: int,
    stay_h: tuple[float, float],
    coast_km: tuple[float, float],
    waited_h: tuple[float, float] = (0.0, 0.0),
) -> Scenes:
    """Draw pairs that meet, lie 30 to 250 m apart, drift together, and part."""
    clock = world.clock
    half = rng.uniform(size=30 * n) < 0.5
    away = waters.off_ports(world, 30.0, 400.0)(rng, 30 * n)
    candidates = np.where(half[:, None], waters.transfer_areas(rng, 30 * n), away)
    centre = world.open_sea(candidates, coast_km, n)
    n = len(centre)
    stay = meetings.lying(stay_h, margin_h=3.0)(rng, n, clock)
    drift = motion.drift(
        rng, clock, rng.uniform(0.1, 1.2, n), rng.uniform(0, 360, n), (stay[0] + stay[1]) / 2
    )
    beside = motion.compass(rng.uniform(0, 360, n))
    half_m = rng.uniform(15, 125, n)
    path = []
    for side, way in zip((1.0, -1.0), _pair(rng, n, stay, clock, waited_h), strict=True):
        east = way[:, 0] + drift[0] + side * (half_m * beside[0])[:, None]
        north = way[:, 1] + drift[1] + side * (half_m * beside[1])[:, None]
        path.append(motion.lay(centre, east, north))
    return meetings.timed(clock, np.stack(path, axis=1), stay, (stay_h[0] * 0.9, stay_h[1] * 1.5))


def _dark_times(rng: np.random.Generator, scenes: Scenes, ships: int, clock: Clock) -> tuple[Floats, Floats]:
    """Draw when ships fall silent and are heard again: up to 4 hours before and after, two hours at least in all."""
    n = len(scenes.start_s)
    before, after = (rng.uniform(0.2, 4.0, (n, ships)) * 3600.0 for _ in range(2))
    start = np.maximum(scenes.start_s[:, None] - before, 1200.0)
    end = np.minimum(scenes.end_s[:, None] + after, clock.end_s - 1200.0)
    return start, np.maximum(end, start + 2.2 * 3600.0)


def dark_meetings(world: World, kind: str, wanted: int) -> Planted:
    """Plant meetings of which one ship (``one_dark``) or both (``both_dark``) are silent.

    Args:
        world: Where and when.
        kind: ``one_dark`` or ``both_dark``.
        wanted: How many.
    """

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        return _scenes(
            world, rng, n, (2.0, 8.0), (25.0, 5000.0), WAITED_H if kind == "one_dark" else (0.0, 0.0)
        )

    scenes = world.settle(kind, wanted, draw, Clearance())
    rng = world.chance(f"{kind} silent")
    start, end = _dark_times(rng, scenes, 2, world.clock)
    if kind == "one_dark":
        start[:, 1], end[:, 1] = np.nan, np.nan
    hearing = np.where(rng.uniform(size=2 * wanted) < 0.6, Hearing.DENSE, Hearing.ORDINARY)
    ships = fleet(
        scenes.ships(), kind, hearing=hearing.astype(np.int64), silent_from_s=start.ravel(), silent_to_s=end.ravel()
    )  # fmt: skip
    fact = Fact(
        "dark_meeting", kind, scenes.hull(0), scenes.hull(1), scenes.start_s, scenes.end_s, scenes.centre, ""
    )
    return Planted(ships, [fact])


def stops_in_the_dark(world: World, wanted: int) -> Planted:
    """Plant ships that fall silent, stop for hours with nobody there, and go on: what a meeting looks like alone."""

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        scenes = _scenes(world, rng, n, (2.0, 7.0), (20.0, 5000.0))
        return dataclasses.replace(scenes, path=scenes.path[:, :1])

    scenes = world.settle("dark stop", wanted, draw, Clearance())
    start, end = _dark_times(world.chance("dark stop silent"), scenes, 1, world.clock)
    ships = fleet(scenes.ships(), "dark_stop", silent_from_s=start.ravel(), silent_to_s=end.ravel())
    return Planted(ships)


def _fall_silent(world: World, ships: Ships, share: float) -> Ships:
    """Let ships of every ordinary kind fall silent for 2 to 12 hours, and one region not be heard at all for some.

    Ships of meetings stay as they are: one that fell silent meanwhile would meet in the dark, and no truth hold it.
    """
    rng, clock = world.chance("ordinary silences"), world.clock
    n = len(ships)
    meets = np.isin(ships.kind, [*compose.MEETINGS, "one_dark", "both_dark"])
    free = np.isnan(ships.silent_from_s) & ~meets
    chosen = free & (rng.uniform(size=n) < share)
    length = np.exp(rng.uniform(np.log(2.1), np.log(12.0), n)) * 3600.0
    start = rng.uniform(600.0, np.maximum(clock.end_s - length - 600.0, 1200.0))
    start, end = (
        np.where(chosen, start, ships.silent_from_s),
        np.where(chosen, start + length, ships.silent_to_s),
    )
    middle = ships.path[int(rng.integers(n)), ships.path.shape[1] // 2]
    out_s = rng.uniform(2.5, 5.0) * 3600.0
    from_s = rng.uniform(0.1, 0.9) * (clock.end_s - out_s)
    tick = int((from_s + out_s / 2) / motion.TICK_S)
    hit = free & ~chosen & (sphere.between_m(ships.path[:, tick], middle) < 500_000.0)
    return dataclasses.replace(
        ships, silent_from_s=np.where(hit, from_s, start), silent_to_s=np.where(hit, from_s + out_s, end)
    )  # fmt: skip


def dark_scenario(
    ships: int = compose.FULL_SHIPS,
    hours: float = 24.0,
    seed: int = 0,
    rows: int | None = None,
    sea: Sea | None = None,
) -> Scenario:
    """Make a scene with meetings in the dark and everything that is mistaken for them.

    Args:
        ships: Hulls of ordinary kinds and decoys; the meetings' own come on top.
        hours: How long the scene lasts.
        seed: Source of chance.
        rows: About how many reports; see ``scenario``.
        sea: Where land and ports are.
    """
    from clearwake import places  # noqa: PLC0415 - a scene with a sea of its own needs no atlas

    world = World(sea or places.load(), Clock(compose.START, hours), seed)
    wanted = max(1, round(SHARE * ships))
    dark = [dark_meetings(world, kind, wanted) for kind in ("one_dark", "both_dark")]
    planted = join([*dark, stops_in_the_dark(world, wanted), compose.planted(world, ships)])
    planted = dataclasses.replace(planted, ships=_fall_silent(world, planted.ships, SILENT_SHARE))
    return compose.heard_scene(world, planted, rows or round(compose.ROWS_PER_SHIP_HOUR * ships * hours))
