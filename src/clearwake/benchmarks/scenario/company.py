"""Decoys at sea: ships close together for reasons of their own.

Convoys, tows, pair trawlers and ships abreast neither came together nor part as ships do for a transfer;
fishing gear transmits but is no ship.
"""

from __future__ import annotations

import numpy as np

from clearwake import sphere
from clearwake.benchmarks.scenario import motion
from clearwake.benchmarks.scenario.motion import Clock, Ints, Leg
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Scenes, fleet
from clearwake.benchmarks.scenario.traffic import Lanes, along
from clearwake.benchmarks.scenario.waters import Clearance, World, off_ports
from clearwake.sphere import Floats


def _decoy(clock: Clock, kind: str, hulls: tuple[Ints, Ints], place: Floats, expected: str = "") -> Fact:
    """Say that these pairs keep company all the time."""
    n = len(hulls[0])
    return Fact("decoy", kind, *hulls, np.zeros(n), np.full(n, clock.end_s), place, expected)


def _column(
    world: World, name: str, ways: Lanes, speed_kn: Floats, behind_m: tuple[float, float], ships: int
) -> Planted:
    """Send columns along lanes, the ships of one behind each other at a constant distance."""
    rng, n = world.chance(name), len(speed_kn)
    own = ways.draw(rng, n)
    along_m, right_m = along(world, name, own, speed_kn)
    step_m = rng.uniform(*behind_m, (n, 1))
    path = np.stack([
        motion.follow(own.points, own.length_m, along_m - ordinal * step_m, right_m) for ordinal in range(ships)
    ], axis=1)  # fmt: skip
    scenes = Scenes(path, path[:, 0, path.shape[2] // 2], np.zeros(n), np.full(n, world.clock.end_s))
    facts = [
        _decoy(world.clock, name, (scenes.hull(i), scenes.hull(i + 1)), scenes.centre)
        for i in range(ships - 1)
    ]
    return Planted(fleet(scenes.ships(), name, hearing=int(Hearing.DENSE)), facts)


def convoys(world: World, ways: Lanes, wanted: int) -> Planted:
    """Plant columns of three at 9 to 13 kn, 300 to 450 m apart."""
    return _column(world, "convoy", ways, world.chance("convoy speed").uniform(9, 13, wanted), (300, 450), 3)


def slow_convoys(world: World, ways: Lanes, wanted: int) -> Planted:
    """Plant columns of two at 5 to 6.5 kn, as behind an icebreaker."""
    return _column(
        world, "slow_convoy", ways, world.chance("slow speed").uniform(5, 6.5, wanted), (300, 450), 2
    )


def tows(world: World, ways: Lanes, wanted: int) -> Planted:
    """Plant tugs with a transmitting barge 150 to 400 m astern at 4 to 7 kn."""
    return _column(world, "tow", ways, world.chance("tow speed").uniform(4.2, 6.8, wanted), (150, 400), 2)


def abreast(world: World, ways: Lanes, wanted: int) -> Planted:
    """Plant slow overtakings: two ships abreast, 150 to 400 m apart, one a third of a knot faster."""
    rng = world.chance("abreast")
    own = ways.draw(rng, wanted)
    along_m, right_m = along(world, "abreast", own, rng.uniform(10, 14, wanted))
    passing_s = rng.uniform(0.2, 0.8, (wanted, 1)) * world.clock.end_s
    gain_m = 0.35 * sphere.KNOT_M_PER_S * (world.clock.ticks_s - passing_s)
    aside_m = rng.uniform(150, 400, (wanted, 1))
    first = motion.follow(own.points, own.length_m, along_m, right_m)
    second = motion.follow(own.points, own.length_m, along_m + gain_m, right_m + aside_m)
    scenes = Scenes(np.stack((first, second), axis=1), first[:, 0], np.zeros(wanted), np.zeros(wanted))
    fact = _decoy(world.clock, "abreast", (scenes.hull(0), scenes.hull(1)), scenes.centre)
    return Planted(fleet(scenes.ships(), "abreast", hearing=int(Hearing.DENSE)), [fact])


def pair_trawlers(world: World, wanted: int) -> Planted:
    """Plant pairs that drag one net: 220 to 380 m abeam of each other at 2.5 to 4 kn, hauling every few hours."""
    grounds = off_ports(world, 40.0, 300.0)

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        centre = world.open_sea(grounds(rng, 20 * n), (25.0, 250.0), n)
        n = len(centre)
        hauling = (world.clock.ticks_s + rng.uniform(0, 4.5, (n, 1)) * 3600.0) % (4.5 * 3600.0) < 1500.0
        east, north, course = motion.wander(
            rng, world.clock, rng.uniform(2.6, 4.0, n), 20.0, np.where(hauling, 0.35, 1.0)
        )
        half_m = rng.uniform(220, 380, (n, 1)) / 2.0
        path = [
            motion.lay(centre, east + side * half_m * np.cos(course), north - side * half_m * np.sin(course))
            for side in (1.0, -1.0)
        ]
        return Scenes(np.stack(path, axis=1), centre, np.zeros(n), np.full(n, world.clock.end_s))

    scenes = world.settle("pair_trawl", wanted, draw, Clearance())
    fact = _decoy(world.clock, "pair_trawl", (scenes.hull(0), scenes.hull(1)), scenes.centre, "underway")
    return Planted(fleet(scenes.ships(), "pair_trawl", hearing=int(Hearing.DENSE), status_moving=7), [fact])


def gear_beacons(world: World, wanted: int, beacons: int = 5) -> Planted:
    """Plant fishing vessels lying beside their drifting, transmitting gear for hours, then leaving it."""
    grounds = off_ports(world, 40.0, 300.0)

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        centre = world.open_sea(grounds(rng, 20 * n), (30.0, 400.0), n)
        n = len(centre)
        start_s = rng.uniform(0.1, 0.4, n) * world.clock.end_s
        stay = (start_s, start_s + rng.uniform(4, 9, n) * 3600.0)
        set_east, set_north = motion.drift(
            rng, world.clock, rng.uniform(0.2, 0.8, n), rng.uniform(0, 360, n), stay[0]
        )
        come, leave = (
            Leg(rng.uniform(7, 10, n), rng.uniform(0, 360, n), rng.uniform(15, 30, n) * 60) for _ in "io"
        )
        east, north = motion.visit(world.clock, stay, come, leave)
        path = [motion.lay(centre, east + set_east, north + set_north)]
        for _ in range(beacons):
            off_m, (off_east, off_north) = (
                rng.uniform(100, 430, (n, 1)),
                motion.compass(rng.uniform(0, 360, (n, 1))),
            )
            path.append(motion.lay(centre, set_east + off_m * off_east, set_north + off_m * off_north))
        return Scenes(np.stack(path, axis=1), centre, *stay)

    scenes = world.settle("gear_beacon", wanted, draw, Clearance())
    is_beacon = np.tile(np.arange(beacons + 1) > 0, wanted)
    ships = fleet(
        scenes.ships(), "gear_beacon", hearing=int(Hearing.DENSE), is_beacon=is_beacon, is_class_b=True,
        status_moving=15, status_lying=15,
    )  # fmt: skip
    facts = [
        Fact(
            "decoy",
            "gear_beacon",
            scenes.hull(0),
            scenes.hull(b),
            scenes.start_s,
            scenes.end_s,
            scenes.centre,
            "",
        )
        for b in range(1, beacons + 1)
    ]
    return Planted(ships, facts)
