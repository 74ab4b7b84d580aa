"""Meetings at sea: two ships come from different sides, slow down, lie close together, and part.

Every meeting is planted away from land, ports and anchorages.  What differs between the kinds is what makes
meetings hard to see: few satellite fixes, a midnight, the antimeridian, bad positions, a shared number, a pair
that never stops, a partner that does not transmit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.benchmarks.scenario import motion, waters
from clearwake.benchmarks.scenario.motion import Clock, Leg
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Scenes, fleet, join_ships
from clearwake.benchmarks.scenario.waters import Clearance, World
from clearwake.sphere import Floats

CLOSE_M = 500.0
"""A pair is together while within this distance: Global Fishing Watch's definition of an encounter."""

Draw = Callable[[np.random.Generator, int], Floats]
Stay = Callable[[np.random.Generator, int, Clock], tuple[Floats, Floats]]


def lying(hours: tuple[float, float], margin_h: float = 1.8) -> Stay:
    """Make stays of between two durations, anywhere in the scene but ``margin_h`` from its ends."""

    def stay(rng: np.random.Generator, n: int, clock: Clock) -> tuple[Floats, Floats]:
        room_h = clock.hours - 2 * margin_h
        length_h = np.minimum(rng.uniform(*hours, n), room_h)
        start_h = margin_h + rng.uniform(0, 1, n) * (room_h - length_h)
        return start_h * 3600.0, (start_h + length_h) * 3600.0

    return stay


def over_midnight(rng: np.random.Generator, n: int, clock: Clock) -> tuple[Floats, Floats]:
    """Make stays of which less than two hours lie on either side of midnight."""
    midnight = clock.midnight_s()
    if midnight is None:
        message = "a meeting across midnight needs a scene that spans midnight"
        raise ValueError(message)
    return midnight - rng.uniform(65, 100, n) * 60.0, midnight + rng.uniform(65, 100, n) * 60.0


def legs(rng: np.random.Generator, n: int, bearing_deg: Floats) -> Leg:
    """Make ships come or leave at 8-13 kn, taking 25-45 minutes between speed and standstill."""
    return Leg(rng.uniform(8.0, 13.0, n), bearing_deg, rng.uniform(25, 45, n) * 60.0)


def _moored_together(rng: np.random.Generator, n: int, clock: Clock) -> tuple[Floats, Floats]:
    """Lay a pair 20-300 m apart, turning slowly as one: half the offset of the first ship, ``(n, k)`` each."""
    half_m = rng.uniform(20.0, 300.0, (n, 1)) / 2.0
    turn = np.sin(2 * np.pi * clock.ticks_s / rng.uniform(6, 15, (n, 1)) / 3600.0) * 25.0
    east, north = motion.compass(rng.uniform(0, 360, (n, 1)) + turn)
    return half_m * east, half_m * north


@dataclass(frozen=True)
class Rendezvous:
    """How one kind of meeting goes."""

    kind: str
    stay: Stay
    where: Draw = waters.transfer_areas
    coast_km: tuple[float, float] = (35.0, 5000.0)
    drift_kn: tuple[float, float] = (0.2, 1.1)
    expected: str = "standard"
    together_h: tuple[float, float] = (2.05, 12.0)
    """How long the pair must be within 500 m; what is drawn shorter or longer is drawn again."""


def _frame(
    world: World, how: Rendezvous, rng: np.random.Generator, n: int
) -> tuple[tuple[Floats, Floats], Floats, tuple[Floats, Floats]]:
    """Draw when pairs meet, which way they drift, and the drift itself."""
    stay = how.stay(rng, n, world.clock)
    course = rng.uniform(0, 360, n)
    pivot = (stay[0] + stay[1]) / 2.0
    return stay, course, motion.drift(rng, world.clock, rng.uniform(*how.drift_kn, n), course, pivot)


def _drifting(world: World, how: Rendezvous, rng: np.random.Generator, n: int) -> Scenes:
    """Draw pairs that come from two sides, drift together and leave to two sides."""
    candidates = how.where(rng, 30 * n)
    centre = world.open_sea(candidates, how.coast_km, n)
    n = len(centre)
    stay, _, (drift_east, drift_north) = _frame(world, how, rng, n)
    beside_east, beside_north = _moored_together(rng, n, world.clock)
    come, leave = rng.uniform(0, 360, n), rng.uniform(0, 360, n)
    path = []
    for side, turn_in, turn_out in ((1, 0.0, 0.0), (-1, rng.uniform(50, 310, n), rng.uniform(50, 310, n))):
        east, north = motion.visit(
            world.clock, stay, legs(rng, n, come + turn_in), legs(rng, n, leave + turn_out)
        )
        path.append(
            motion.lay(
                centre, east + drift_east + side * beside_east, north + drift_north + side * beside_north
            )
        )
    return timed(world.clock, np.stack(path, axis=1), stay, how.together_h)


def _under_way(world: World, how: Rendezvous, rng: np.random.Generator, n: int) -> Scenes:
    """Draw pairs that never stop: they join from astern, keep 40-120 m abeam at 2-6 kn, and part ahead."""
    centre = world.open_sea(how.where(rng, 30 * n), how.coast_km, n)
    n = len(centre)
    stay, course, (ahead_east, ahead_north) = _frame(world, how, rng, n)
    beam_east, beam_north = motion.compass(course + 90.0)
    half_m = rng.uniform(40.0, 120.0, n) / 2.0
    path = []
    for side in (1.0, -1.0):
        come = Leg(
            rng.uniform(4.0, 7.0, n),
            course + 180.0 - side * rng.uniform(20, 60, n),
            rng.uniform(20, 40, n) * 60,
        )
        leave = Leg(
            rng.uniform(4.0, 7.0, n), course + side * rng.uniform(25, 70, n), rng.uniform(20, 40, n) * 60
        )
        east, north = motion.visit(world.clock, stay, come, leave)
        east += ahead_east + side * (half_m * beam_east)[:, None]
        north += ahead_north + side * (half_m * beam_north)[:, None]
        path.append(motion.lay(centre, east, north))
    return timed(world.clock, np.stack(path, axis=1), stay, how.together_h)


def timed(clock: Clock, path: Floats, stay: tuple[Floats, Floats], together_h: tuple[float, float]) -> Scenes:
    """Say from when to when each pair really was within 500 m, looked at every 30 seconds."""
    moments, apart = motion.apart_m(path[:, 0], path[:, 1], clock)
    middle = np.searchsorted(moments, (stay[0] + stay[1]) / 2.0)
    far = apart > CLOSE_M
    order = np.arange(len(moments))
    first = np.where(far & (order < middle[:, None]), order, -1).max(axis=1) + 1
    last = np.where(far & (order > middle[:, None]), order, len(moments)).min(axis=1) - 1
    tick = np.minimum(middle * 30 // int(motion.TICK_S), path.shape[2] - 1)
    rows = np.arange(len(path))
    centre = path[rows, 0, tick] + path[rows, 1, tick]
    centre /= np.linalg.norm(centre, axis=1, keepdims=True)
    scenes = Scenes(path, centre, moments[first], moments[last])
    together = (scenes.end_s - scenes.start_s) / 3600.0
    return scenes.pick(np.flatnonzero((together > together_h[0]) & (together < together_h[1])))


def plant(world: World, how: Rendezvous, wanted: int, **known: object) -> Planted:
    """Plant ``wanted`` meetings of one kind; ``known`` are properties of the ships (see ``ships.fleet``)."""
    draw = _under_way if how.expected == "underway" else _drifting
    scenes = world.settle(how.kind, wanted, lambda rng, n: draw(world, how, rng, n), Clearance())
    ships = fleet(scenes.ships(), how.kind, **known)
    fact = Fact(
        "meeting",
        how.kind,
        scenes.hull(0),
        scenes.hull(1),
        scenes.start_s,
        scenes.end_s,
        scenes.centre,
        how.expected,
    )
    return Planted(ships, [fact])


def standard(world: World, wanted: int) -> Planted:
    """Plant plain meetings of 2.5 to 8 hours; six in ten heard densely, the others as satellites pass."""
    planted = plant(world, Rendezvous("standard", lying((2.5, 8.0))), wanted)
    dense = np.repeat(world.chance("standard heard").uniform(size=wanted) < 0.6, 2)
    hearing = np.where(dense, Hearing.DENSE, Hearing.ORDINARY).astype(np.int64)
    return dataclasses.replace(planted, ships=dataclasses.replace(planted.ships, hearing=hearing))


def sparse(world: World, wanted: int) -> Planted:
    """Plant meetings of which one or both ships are heard only every 20 to 50 minutes."""
    planted = plant(world, Rendezvous("sparse", lying((3.0, 9.0))), wanted, hearing=int(Hearing.SPARSE))
    hearing = planted.ships.hearing.copy()
    hearing[::4] = int(Hearing.DENSE)
    return dataclasses.replace(planted, ships=dataclasses.replace(planted.ships, hearing=hearing))


def underway(world: World, wanted: int) -> Planted:
    """Plant transfers under way at 2 to 6 kn (2.3 to 5.7 made good against the tide)."""
    how = Rendezvous(
        "underway", lying((2.5, 6.0)), drift_kn=(2.5, 5.5), expected="underway", coast_km=(60.0, 5000.0)
    )
    return plant(world, how, wanted, hearing=int(Hearing.DENSE))


def jitter(world: World, wanted: int) -> Planted:
    """Plant meetings with bad positions: 60 to 110 m of error and one report in seventy kilometres away."""
    noise = world.chance("jitter noise").uniform(60.0, 110.0, 2 * wanted)
    how = Rendezvous("jitter", lying((2.5, 7.0)))
    return plant(world, how, wanted, hearing=int(Hearing.DENSE), noise_m=noise, outlier_share=1 / 70)


def midnight(world: World, wanted: int) -> Planted:
    """Plant meetings across UTC midnight with less than two hours on either side of it."""
    return plant(world, Rendezvous("midnight", over_midnight), wanted, hearing=int(Hearing.DENSE))


def antimeridian(world: World, wanted: int) -> Planted:
    """Plant meetings on the antimeridian: half lie astride of it, half drift near it."""
    how = Rendezvous("antimeridian", lying((2.5, 8.0)), where=waters.antimeridian)
    return plant(world, how, wanted, hearing=int(Hearing.DENSE))


def short(world: World, wanted: int) -> Planted:
    """Plant meetings within 500 m for 30 to 110 minutes."""
    how = Rendezvous("short", lying((0.1, 1.5)), expected="short", together_h=(0.52, 1.83))
    return plant(world, how, wanted, hearing=int(Hearing.DENSE))


def high_latitude(world: World, wanted: int) -> Planted:
    """Plant meetings between 70 and 84 degrees north."""
    return plant(world, Rendezvous("high_latitude", lying((2.5, 7.0)), where=waters.high_latitudes), wanted)


def shared_mmsi(world: World, wanted: int, elsewhere: Floats) -> Planted:
    """Plant meetings of which one ship's MMSI is also sent by a hull far away.

    Args:
        world: Where and when.
        wanted: How many meetings.
        elsewhere: Paths to choose hulls far away from: ``(m, k, 3)``, some times as many as wanted.
    """
    planted = plant(world, Rendezvous("shared_mmsi", lying((2.5, 7.0))), wanted, hearing=int(Hearing.DENSE))
    far = fleet(_far_away(planted.facts[0].place, elsewhere), "shared_mmsi")
    joined = join_ships([planted.ships, far])
    same = joined.same_mmsi_as.copy()
    same[2 * wanted :] = np.arange(wanted) * 2
    return dataclasses.replace(planted, ships=dataclasses.replace(joined, same_mmsi_as=same))


def one_silent(world: World, wanted: int) -> Planted:
    """Plant meetings with a partner that does not transmit: no pairing can find them."""
    hearing = np.tile([int(Hearing.ORDINARY), int(Hearing.NOT)], wanted)
    planted = plant(world, Rendezvous("one_silent", lying((2.5, 7.0))), wanted, hearing=hearing)
    fact = planted.facts[0]
    alone = dataclasses.replace(fact, family="silent_meeting", hull_b=np.full(wanted, -1), expected="")
    return dataclasses.replace(planted, facts=[alone])


def _far_away(places: Floats, paths: Floats) -> Floats:
    """Choose for each place one path that stays 1,500 km from it: ``(n, 3), (m, k, 3) -> (n, k, 3)``.

    Raises:
        ValueError: If no path is far from some place.
    """
    off_m = sphere.between_m(paths[None, :, ::60], places[:, None, None]).min(axis=2)
    chosen: list[int] = []
    for row in off_m:
        row[chosen] = 0.0
        chosen.append(int(np.argmax(row > 1_500_000.0)))
        if row[chosen[-1]] <= 1_500_000.0:
            message = "no path far enough from a meeting of a shared MMSI"
            raise ValueError(message)
    return paths[chosen]
