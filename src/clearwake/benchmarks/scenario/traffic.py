"""Ordinary traffic: lanes between real ports that keep off land, ships along them, fishing vessels beside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from clearwake import sphere
from clearwake.benchmarks.scenario import motion
from clearwake.benchmarks.scenario.lanes import MAIN_LANES
from clearwake.benchmarks.scenario.motion import Ints
from clearwake.benchmarks.scenario.ships import Planted, Scenes, fleet
from clearwake.benchmarks.scenario.waters import Clearance, Ports, World, off_ports
from clearwake.sphere import Floats

LANE_POINTS = 1025
MAIN_SHARE = 0.55
"""Share of ordinary ships that sail the main lanes of the world; the others sail from port to port."""

OFF_COAST_KM = 6.0
"""How far lanes keep off the coast."""

SLOWEST_KN = 8.0
FARTHER_M = 1_600_000.0
"""Ports that a lane joins lie at most this much farther apart than the slowest ship sails in the scene."""


@dataclass(frozen=True)
class Lanes:
    """Ways of ships, each as equally spaced points."""

    points: Floats
    """``(m, p, 3)``"""
    length_m: Floats
    """``(m,)``"""
    share: Floats
    """How much of the traffic sails each: ``(m,)``, in all 1."""

    def pick(self, rows: Ints) -> Lanes:
        """Give these lanes, one per row asked for."""
        return Lanes(self.points[rows], self.length_m[rows], self.share[rows])

    def draw(self, rng: np.random.Generator, wanted: int) -> Lanes:
        """Draw a lane for each of ``wanted`` ships, busy ones more often, half of them the other way."""
        own = self.pick(rng.choice(len(self.share), wanted, p=self.share))
        back = rng.uniform(size=wanted) < 0.5
        return Lanes(np.where(back[:, None, None], own.points[:, ::-1], own.points), own.length_m, own.share)


def lanes(world: World, ports: Ports, wanted: int) -> Lanes:
    """Give the main lanes of the world and ``wanted`` ways between ports, those long enough for the whole scene.

    Raises:
        ValueError: If too few ways between ports keep off the coast.
    """
    shortest_m = SLOWEST_KN * sphere.KNOT_M_PER_S * world.clock.end_s * 1.05
    main, local = _main_lanes(), _between_ports(world, ports, shortest_m, wanted)
    length_m = [sphere.between_m(points[:, 1:], points[:, :-1]).sum(axis=1) for points in (main, local)]
    long = length_m[0] > shortest_m
    share = [
        MAIN_SHARE * length_m[0][long] / length_m[0][long].sum(),
        np.full(wanted, (1 - MAIN_SHARE) / wanted),
    ]
    points = np.concatenate((main[long], local))
    return Lanes(points, np.concatenate((length_m[0][long], length_m[1])), np.concatenate(share))


def _main_lanes() -> Floats:
    """Draw the main lanes with rounded corners: ``(m, p, 3)``."""
    drawn = []
    for corners in MAIN_LANES.values():
        at = sphere.unit_vectors(*np.array(corners).T)
        legs = [
            _line(a[None], b[None], max(3, int(sphere.between_m(a, b) / 4000.0)))[:, :-1]
            for a, b in pairwise(at)
        ]
        drawn.append(_evenly(_rounded(np.concatenate([*legs, at[None, -1:]], axis=1)), LANE_POINTS))
    return np.concatenate(drawn)


def _between_ports(world: World, ports: Ports, shortest_m: float, wanted: int) -> Floats:
    """Lay ways between the roads of ports, straight or around one waypoint: ``(wanted, p, 3)``."""
    rng = world.chance("lanes")
    lon, lat = sphere.lonlat(ports.place)
    roads = sphere.unit_vectors(*sphere.destination(lon, lat, ports.seaward_deg, np.full(len(lon), 30_000.0)))
    apart_m = sphere.between_m(roads[:, None], roads[None])
    pairs = np.argwhere((apart_m > shortest_m) & (apart_m < shortest_m + FARTHER_M))
    found: list[Floats] = []
    for _ in range(40):
        a, b = pairs[rng.integers(0, len(pairs), 2 * wanted)].T
        found.extend(_off_the_coast(world, _ways(rng, roads[a], roads[b])))
        if len(found) >= wanted:
            return np.stack(found[:wanted])
    message = f"no room at sea for {wanted} lanes: {len(found)} found"
    raise ValueError(message)


def _ways(rng: np.random.Generator, a: Floats, b: Floats) -> Floats:
    """Draw ways from a to b, half of them straight, half around a waypoint aside: ``(m, p, 3)``."""
    lon, lat = sphere.lonlat(a + b)
    aside_m = sphere.between_m(a, b) * rng.uniform(0.1, 0.5, len(a)) * rng.integers(0, 2, len(a))
    side = sphere.bearing_deg(lon, lat, *sphere.lonlat(b)) + rng.choice([-90.0, 90.0], len(a))
    waypoint = sphere.unit_vectors(*sphere.destination(lon, lat, side, aside_m))
    corners = np.concatenate((_line(a, waypoint, 64), _line(waypoint, b, 64)[:, 1:]), axis=1)
    return _evenly(_rounded(corners), LANE_POINTS)


def _line(a: Floats, b: Floats, points: int) -> Floats:
    """Draw great circles: ``(m, 3), (m, 3) -> (m, points, 3)``."""
    arc = np.arccos(np.clip(np.einsum("mi,mi->m", a, b), -1.0, 1.0))[:, None]
    share = np.linspace(0.0, 1.0, points)
    weight = np.sinc(arc * share / np.pi) * share / np.sinc(arc / np.pi)
    return np.asarray(weight[:, ::-1, None] * a[:, None] + weight[..., None] * b[:, None])


def _rounded(line: Floats) -> Floats:
    """Round the corners of lines by averaging eleven neighbours; the ends stay."""
    reach = 5
    padded = np.concatenate((line[:, :1].repeat(reach, 1), line, line[:, -1:].repeat(reach, 1)), axis=1)
    mean = sum(padded[:, k : k + line.shape[1]] for k in range(2 * reach + 1))
    return np.asarray(mean / np.linalg.norm(mean, axis=-1, keepdims=True))


def _evenly(line: Floats, points: int) -> Floats:
    """Space lines evenly: ``(m, p, 3) -> (m, points, 3)``."""
    step = sphere.between_m(line[:, 1:], line[:, :-1])
    along = np.concatenate((np.zeros((len(line), 1)), np.cumsum(step, axis=1)), axis=1)
    wanted = np.linspace(0.0, 1.0, points) * along[:, -1:]
    even = np.stack([
        np.stack([np.interp(w, s, xyz[:, i]) for i in range(3)], axis=-1)
        for w, s, xyz in zip(wanted, along, line, strict=True)
    ]) if len(line) else np.empty((0, points, 3))  # fmt: skip
    return np.asarray(even / np.linalg.norm(even, axis=-1, keepdims=True))


def _off_the_coast(world: World, ways: Floats) -> Floats:
    """Keep the ways that stay off the coast everywhere but at their ends; a coarse look first spares a fine one."""
    for points in (slice(64, -63, 128), slice(16, -16, 16)):
        ways = ways[(world.coast_km(ways[:, points]) > OFF_COAST_KM).all(axis=1)]
    return ways


def along(world: World, name: str, ways: Lanes, speed_kn: Floats) -> tuple[Floats, Floats]:
    """Say how far along its lane each ship is and how far to starboard of the middle: ``(n, k)`` metres each.

    A ship that would outrun its lane goes as fast as the lane allows, and none comes near the lane's ends: ships
    that stopped there would make an anchorage.  Speeds vary by some percent over hours.
    """
    rng, clock, n = world.chance(name), world.clock, len(speed_kn)
    speed = np.minimum(speed_kn * sphere.KNOT_M_PER_S, 0.85 * ways.length_m / clock.end_s)
    room_m = 0.9 * ways.length_m - speed * clock.end_s
    phase, period_s = rng.uniform(0, 2 * np.pi, (2, n, 1)), rng.uniform(4, 9, (n, 1)) * 3600.0
    sway = 2 * np.pi * clock.ticks_s / period_s
    ahead_m = 0.03 * speed[:, None] * period_s / (2 * np.pi) * np.sin(sway + phase[0])
    first_m = 0.05 * ways.length_m + rng.uniform(size=n) * room_m
    along_m = first_m[:, None] + speed[:, None] * clock.ticks_s + ahead_m
    right_m = rng.normal(1800.0, 900.0, (n, 1)) + 150.0 * np.sin(1.7 * sway + phase[1])
    return along_m, right_m


def voyages(world: World, name: str, ways: Lanes, wanted: int) -> Floats:
    """Send ships along lanes at 8 to 20 kn, half of them the other way: ``(wanted, k, 3)``."""
    rng = world.chance(name)
    own = ways.draw(rng, wanted)
    speed_kn = np.clip(rng.gamma(18.0, 0.72, wanted), SLOWEST_KN, 20.0)
    return motion.follow(own.points, own.length_m, *along(world, name, own, speed_kn))


def ordinary(world: World, ways: Lanes, wanted: int) -> Planted:
    """Send ships on ordinary voyages; one in eight class B, one in fifty with a bad position now and then."""
    rng = world.chance("ordinary ships")
    path = voyages(world, "ordinary", ways, wanted)
    is_class_b = rng.uniform(size=wanted) < 0.12
    return Planted(
        fleet(
            path, "ordinary", is_class_b=is_class_b, noise_m=rng.uniform(4.0, 10.0, wanted),
            outlier_share=np.where(rng.uniform(size=wanted) < 0.02, 0.002, 0.0),
            status_moving=np.where(is_class_b, 15, 0), status_lying=np.where(is_class_b, 15, 0),
        )
    )  # fmt: skip


def fishing(world: World, wanted: int) -> Planted:
    """Plant vessels trawling alone at 3 to 4.5 kn, well away from each other."""
    grounds = off_ports(world, 30.0, 220.0)

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        centre = world.open_sea(grounds(rng, 20 * n), (20.0, 250.0), n)
        n = len(centre)
        east, north, _ = motion.wander(rng, world.clock, rng.uniform(3.0, 4.5, n), 30.0)
        path = motion.lay(centre, east, north)[:, None]
        return Scenes(path, centre, np.zeros(n), np.full(n, world.clock.end_s))

    scenes = world.settle("fishing", wanted, draw, Clearance(apart_km=5.0))
    return Planted(fleet(scenes.ships(), "fishing", status_moving=7, is_class_b=np.arange(wanted) % 2 == 0))
