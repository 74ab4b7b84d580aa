"""Decoys in harbour: ships that lie, berth, bunker and are served beside each other, as they should.

Every pair here lies close for ordinary reasons, and a detector that sees it must say ``in_port``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.scenario import motion
from clearwake.benchmarks.scenario.motion import TICK_S, Ints, Leg
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Scenes, fleet
from clearwake.benchmarks.scenario.waters import Clearance, Ports, World, off_ports
from clearwake.sphere import Floats

SHIPS_PER_ANCHORAGE = 24
SHIPS_PER_QUAY = 12
HARBOUR_KINDS = ("given_anchorage", "learnt_anchorage", "moored", "tug", "bunkering", "port_neighbours")
"""Kinds of scene whose ships lie within 10 km of a port or anchorage all the time they are close."""

MOORED, AT_ANCHOR = 5, 1
"""Navigational status, ITU-R M.1371-5, table 45."""


def _always(n: int) -> tuple[Floats, Floats]:
    """Give stays that began before the scene and end after it."""
    return np.full(n, -np.inf), np.full(n, np.inf)


def _hexagons(spacing_m: float, wanted: int) -> tuple[Floats, Floats]:
    """Give the ``wanted`` points of a hexagonal grid nearest to its middle: east and north metres."""
    i, j = np.meshgrid(np.arange(-9, 10), np.arange(-9, 10))
    east, north = (i + 0.5 * (j % 2)).ravel() * spacing_m, j.ravel() * spacing_m * np.sqrt(0.75)
    nearest = np.argsort(np.hypot(east, north), kind="stable")[:wanted]
    return east[nearest], north[nearest]


def anchorages(world: World, name: str, wanted: int, *, is_given: bool) -> Planted:
    """Plant anchorages of 24 ships swinging within a few hundred metres of each other.

    One ship in six arrives during the scene and one in six leaves.  They lie more than 17 km from any port, so
    that only the table of anchorages, or the ships themselves, can say what the place is.

    Args:
        world: Where and when.
        name: The kind of scene.
        wanted: How many anchorages.
        is_given: Whether the scene gives them away in its table of anchorages, or they are to be learnt.
    """
    m, roads = SHIPS_PER_ANCHORAGE, off_ports(world, 18.0, 45.0)

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        centre = world.open_sea(roads(rng, 40 * n), (4.0, 30.0), n)
        n = len(centre)
        grid_east, grid_north = _hexagons(380.0, m)
        stay = _stays(rng, n * m, world.clock.end_s)
        come, leave = (
            Leg(rng.uniform(8, 12, n * m), rng.uniform(0, 360, n).repeat(m) + rng.normal(0, 12, n * m),
                rng.uniform(25, 40, n * m) * 60) for _ in "io"
        )  # fmt: skip
        east, north = motion.visit(world.clock, stay, come, leave)
        swell = rng.uniform(0, 360, n).repeat(m)
        swing_east, swing_north = motion.swing(rng, world.clock, rng.uniform(40, 110, n * m), swell)
        east += swing_east + (np.tile(grid_east, n) + rng.normal(0, 45, n * m))[:, None]
        north += swing_north + (np.tile(grid_north, n) + rng.normal(0, 45, n * m))[:, None]
        path = motion.lay(centre.repeat(m, axis=0), east, north).reshape(n, m, -1, 3)
        return Scenes(path, centre, np.zeros(n), np.full(n, world.clock.end_s))

    scenes = world.settle(name, wanted, draw, Clearance(coast_km=2.0))
    lon, lat = sphere.lonlat(scenes.centre)
    table = pl.DataFrame(
        {"name": [f"Given anchorage {i + 1}" for i in range(wanted)], "lon": lon, "lat": lat}
    )
    return Planted(
        fleet(scenes.ships(), name, status_lying=AT_ANCHOR),
        _neighbours(scenes, name, 900.0),
        table if is_given else None,
    )


def _stays(rng: np.random.Generator, n: int, end_s: float) -> tuple[Floats, Floats]:
    """Let one ship in six arrive and one in six leave; the others lie all the time."""
    chance = rng.uniform(size=n)
    arrives = np.where(chance < 1 / 6, rng.uniform(0.15, 0.6, n) * end_s, -np.inf)
    leaves = np.where(chance > 5 / 6, rng.uniform(0.4, 0.85, n) * end_s, np.inf)
    return arrives, leaves


def _neighbours(scenes: Scenes, kind: str, within_m: float) -> list[Fact]:
    """Say which ships of a scene lie near each other in the middle of it."""
    s = scenes.path.shape[1]
    middle = scenes.path[:, :, scenes.path.shape[2] // 2]
    a, b = np.triu_indices(s, 1)
    near = np.linalg.norm(middle[:, a] - middle[:, b], axis=-1) * sphere.EARTH_RADIUS_M < within_m
    scene, pair = np.nonzero(near)
    hulls: tuple[Ints, Ints] = (scene * s + a[pair], scene * s + b[pair])
    return [
        Fact(
            "decoy", kind, *hulls, scenes.start_s[scene], scenes.end_s[scene], scenes.centre[scene], "in_port"
        )
    ]


def _at(ports: Ports, off_m: Floats | float, turn_deg: Floats | float = 0.0) -> Floats:
    """Give places off ports, seaward or turned from it: ``(n, 3)``."""
    lon, lat = sphere.lonlat(ports.place)
    bearing = ports.seaward_deg + turn_deg
    return sphere.unit_vectors(*sphere.destination(lon, lat, bearing, np.broadcast_to(off_m, bearing.shape)))


def quays(world: World, ports: Ports) -> Planted:
    """Moor rows of ships along quays, 60 to 220 m from antenna to antenna, a few double-banked; all class A."""
    rng, n, m = world.chance("moored"), len(ports.name), SHIPS_PER_QUAY
    along_m = np.cumsum(rng.uniform(60, 220, (n, m)), axis=1)
    banked_m = np.where(rng.uniform(size=(n, m)) < 0.2, 28.0, 0.0)
    east, north = motion.compass(rng.uniform(0, 360, (n, 1)))
    row_east = (along_m - along_m.mean(axis=1, keepdims=True)) * east + banked_m * north
    row_north = (along_m - along_m.mean(axis=1, keepdims=True)) * north - banked_m * east
    still = np.ones(len(world.clock.ticks_s))
    centre = _at(ports, 900.0)
    path = motion.lay(centre.repeat(m, 0), row_east.reshape(-1, 1) * still, row_north.reshape(-1, 1) * still)
    scenes = Scenes(path.reshape(n, m, -1, 3), centre, np.zeros(n), np.full(n, world.clock.end_s))
    ships = fleet(scenes.ships(), "moored", status_lying=MOORED, status_moving=MOORED)
    return Planted(ships, _neighbours(scenes, "moored", 900.0))


def tugs(world: World, ports: Ports) -> Planted:
    """Let two tugs in every port go from ship to ship at 3 to 6 kn and stay beside each for 40 to 120 minutes."""
    rng, n = world.chance("tug"), len(ports.name)
    jobs = int(world.clock.hours / 1.5) + 3
    path = np.stack([_rounds(rng, world, _at(ports, 900.0), jobs) for _ in range(2)], axis=1)
    scenes = Scenes(path, _at(ports, 900.0), np.zeros(n), np.full(n, world.clock.end_s))
    fact = Fact(
        "decoy", "tug", scenes.hull(0), scenes.hull(1), scenes.start_s, scenes.end_s, scenes.centre, "in_port"
    )
    return Planted(fleet(scenes.ships(), "tug", status_moving=0, status_lying=0), [fact])


def _rounds(rng: np.random.Generator, world: World, centre: Floats, jobs: int) -> Floats:
    """Take one craft per port from place to place within 1.2 km of the berths: ``(n, k, 3)``."""
    n = len(centre)
    spots = rng.normal(0, 450, (2, n, jobs))
    run_m = np.hypot(*np.diff(spots, axis=2))
    run_s = run_m / (rng.uniform(3, 6, (n, jobs - 1)) * sphere.KNOT_M_PER_S) + 120.0
    stay_s = rng.uniform(40, 120, (n, jobs)) * 60.0
    arrive = np.concatenate((np.zeros((n, 1)), np.cumsum(run_s + stay_s[:, :-1], axis=1)), axis=1)
    knots = np.stack((arrive, arrive + stay_s), axis=2).reshape(n, -1)
    east, north = (
        np.stack([np.interp(world.clock.ticks_s, t, xy.repeat(2)) for t, xy in zip(knots, axis, strict=True)])
        for axis in spots
    )
    return motion.lay(centre, east, north)


def bunkering(world: World, ports: Ports) -> Planted:
    """Let a barge come alongside a ship in port for three to six hours and go back to its berth."""
    rng, n, k = world.chance("bunkering"), len(ports.name), len(world.clock.ticks_s)
    centre = _at(ports, rng.uniform(800, 5500, n))
    start_s = rng.uniform(0.1, 0.6, n) * world.clock.end_s
    end_s = start_s + rng.uniform(3, 6, n) * 3600.0
    knots = np.stack((start_s - 1500.0, start_s, end_s, end_s + 1500.0), axis=1)
    away_m = np.stack([np.interp(world.clock.ticks_s, t, [2600.0, 25.0, 25.0, 2600.0]) for t in knots])
    east, north = motion.compass(ports.seaward_deg + 180.0 + rng.uniform(-60, 60, n))
    barge = motion.lay(centre, away_m * east[:, None], away_m * north[:, None])
    ship = np.broadcast_to(centre[:, None], (n, k, 3))
    scenes = Scenes(np.stack((ship, barge), axis=1), centre, start_s, end_s)
    fact = Fact("decoy", "bunkering", scenes.hull(0), scenes.hull(1), start_s, end_s, centre, "in_port")
    return Planted(fleet(scenes.ships(), "bunkering", status_lying=AT_ANCHOR), [fact])


def waiting(world: World, ports: Ports) -> Planted:
    """Anchor pairs 250 to 450 m apart on the roads, 2 to 7 km off the port."""
    rng, n = world.chance("port_neighbours"), len(ports.name)
    centre, half_m = _at(ports, rng.uniform(2000, 7000, n)), rng.uniform(250, 450, n) / 2.0
    swell, (east, north) = rng.uniform(0, 360, n), motion.compass(rng.uniform(0, 360, n))
    path = []
    for side in (1.0, -1.0):
        swing_east, swing_north = motion.swing(rng, world.clock, rng.uniform(40, 90, n), swell)
        offset = side * half_m
        path.append(
            motion.lay(centre, swing_east + (offset * east)[:, None], swing_north + (offset * north)[:, None])
        )
    scenes = Scenes(np.stack(path, axis=1), centre, np.zeros(n), np.full(n, world.clock.end_s))
    return Planted(
        fleet(scenes.ships(), "port_neighbours", status_lying=AT_ANCHOR),
        _neighbours(scenes, "port_neighbours", 900.0),
    )


def pilots(world: World, ports: Ports, wanted: int) -> Planted:
    """Let ships come in at 7.5 to 9 kn and take a pilot 9 to 13 km off: the boat is alongside for 12 to 20 minutes."""

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        here, ticks_s = ports.pick(rng.integers(0, len(ports.name), n)), world.clock.ticks_s
        off_m, berth_s = rng.uniform(9000, 13000, n), rng.uniform(0.35, 0.75, n) * world.clock.end_s
        leg = Leg(rng.uniform(7.5, 9.0, n), here.seaward_deg, np.full(n, 1500.0))
        ship_m = leg.off_m(berth_s[:, None] - ticks_s)
        board_s = ticks_s[np.argmin(np.abs(ship_m - off_m[:, None]), axis=1)]
        last_s = board_s + np.round(rng.uniform(12, 20, n) * 60.0 / TICK_S) * TICK_S
        boat_m = _pilot_boat(ticks_s, ship_m, board_s, last_s)
        east, north = (axis[:, None] for axis in motion.compass(here.seaward_deg))
        beam_m = rng.uniform(20, 40, (n, 1)) * (boat_m > 100.0)
        base = _at(here, 900.0)
        ship = motion.lay(base, ship_m * east, ship_m * north)
        boat = motion.lay(base, boat_m * east + beam_m * north, boat_m * north - beam_m * east)
        return Scenes(np.stack((ship, boat), axis=1), _at(here, off_m), board_s, last_s)

    scenes = world.settle("pilot", wanted, draw, Clearance(coast_km=1.0, near_km=25.0, apart_km=12.0))
    fact = Fact(
        "decoy", "pilot", scenes.hull(0), scenes.hull(1), scenes.start_s, scenes.end_s, scenes.centre, ""
    )
    return Planted(fleet(scenes.ships(), "pilot", hearing=int(Hearing.DENSE), status_lying=MOORED), [fact])


def _pilot_boat(ticks_s: Floats, ship_m: Floats, board_s: Floats, last_s: Floats) -> Floats:
    """Take the boat out at 14 kn to be alongside from ``board_s``, and back in: metres off the berth, ``(n, k)``."""
    speed = 14.0 * sphere.KNOT_M_PER_S
    rows = np.arange(len(ship_m))
    at = [np.clip(np.searchsorted(ticks_s, moment), 0, len(ticks_s) - 1) for moment in (board_s, last_s)]
    out_m = ship_m[rows, at[0]][:, None] - speed * (board_s[:, None] - ticks_s)
    back_m = ship_m[rows, at[1]][:, None] - speed * (ticks_s - last_s[:, None])
    is_with = (ticks_s >= board_s[:, None]) & (ticks_s <= last_s[:, None])
    away = np.where(ticks_s < board_s[:, None], out_m, back_m)
    return np.where(is_with, ship_m, np.maximum(away, 0.0))
