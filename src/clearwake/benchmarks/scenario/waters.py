"""Where scenes are planted: open sea away from land, ports and each other; the sides from which ports open.

The scene needs to know where land and ports are.  It asks a ``Sea``; by default that is the project's own
``places``, so that ships call at real ports and pass real capes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.benchmarks.scenario.motion import Bools, Clock, Ints
from clearwake.benchmarks.scenario.ships import Scenes, join_scenes
from clearwake.sphere import Floats

APART_KM = 32.0
"""Planted scenes keep this far from each other, so that none becomes part of another."""

FROM_PORT_KM = 17.0
"""Scenes at sea keep this far from ports and anchorages; detectors call under 10 km a port."""

REACH_M, OFFINGS_M = 30_000.0, (4_000.0, 7_000.0, 11_000.0, 16_000.0, 23_000.0)
"""How far ports must open to sea, and where on the way that is looked at."""

ROUNDS = 60
"""How often scenes are drawn again before the planter gives up."""

TRANSFER_AREAS = (
    ("East China Sea", 124.6, 29.6, 150.0), ("Yellow Sea", 123.4, 36.3, 90.0), ("Sea of Japan", 134.5, 39.5, 150.0),
    ("Gulf of Tonkin", 107.7, 19.4, 50.0), ("South China Sea", 110.0, 12.5, 200.0), ("off Malaysia", 105.6, 4.0, 80.0),
    ("Gulf of Oman", 59.5, 24.6, 60.0), ("Gulf of Aden", 49.0, 12.6, 80.0), ("off Crete", 24.0, 34.2, 60.0),
    ("east of Malta", 16.2, 35.8, 60.0), ("Black Sea", 33.0, 43.3, 80.0), ("off Portugal", -11.5, 38.5, 120.0),
    ("off Dakar", -19.5, 14.5, 120.0), ("Gulf of Guinea", 3.0, 4.0, 120.0), ("Caribbean", -68.0, 14.5, 150.0),
    ("Gulf of Mexico", -92.0, 26.5, 150.0), ("off Peru", -84.0, -11.0, 150.0), ("Arabian Sea", 65.0, 19.0, 200.0),
    ("Bay of Bengal", 88.0, 15.0, 200.0), ("North Pacific", 160.0, 42.0, 250.0),
)  # fmt: skip
"""Where transfers at sea have been reported: name, lon, lat, spread in km."""


class Sea(Protocol):
    """What the scene asks about the world."""

    anchorages: pl.DataFrame
    """Ports and anchorages known to the detectors: name, lon, lat."""

    def coast_km(self, lon: Floats, lat: Floats) -> Floats:
        """Give the distance to the nearest coast, ``(n,), (n,) -> (n,)`` kilometres; 0 on land."""


@dataclass(frozen=True)
class Ports:
    """Ports that open to the sea, ``n`` of them."""

    name: Sequence[str]
    place: Floats
    """``(n, 3)``"""
    seaward_deg: Floats
    """The bearing along which open water lies."""

    def facing(self, seaward_deg: Floats) -> Ports:
        """Give the ports with these seaward bearings."""
        return Ports(self.name, self.place, seaward_deg)

    def pick(self, rows: Ints) -> Ports:
        """Keep some of the ports."""
        return Ports([self.name[row] for row in rows], self.place[rows], self.seaward_deg[rows])


@dataclass(frozen=True)
class Clearance:
    """What a scene must keep clear of."""

    coast_km: float = 4.0
    """How far every ship's whole path keeps off the coast."""
    near_km: float = 0.0
    """Within this distance of the scene's centre the coast does not matter (harbours)."""
    apart_km: float = APART_KM


@dataclass
class World:
    """The sea, the clock, and what of the sea is already taken."""

    sea: Sea
    clock: Clock
    seed: int
    taken: list[Floats] = field(default_factory=list)
    """Centres of the scenes planted so far: ``(m, 3)`` each."""

    def chance(self, name: str) -> np.random.Generator:
        """Give the source of chance for one kind of scene; it does not depend on what else is planted."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    @cached_property
    def _ports(self) -> cKDTree:
        ports = self.sea.anchorages
        return cKDTree(sphere.unit_vectors(ports["lon"].to_numpy(), ports["lat"].to_numpy()))

    def port_km(self, places: Floats) -> Floats:
        """Give the distance to the nearest port or anchorage: ``(n, 3) -> (n,)`` kilometres."""
        chord, _ = self._ports.query(places)
        return sphere.arc_m(chord) / 1000.0

    def coast_km(self, places: Floats) -> Floats:
        """Give the distance to the nearest coast: ``(..., 3) -> (...)`` kilometres, 0 on land."""
        lon, lat = sphere.lonlat(places.reshape(-1, 3))
        return np.asarray(self.sea.coast_km(lon, lat)).reshape(places.shape[:-1])

    def settle(
        self, name: str, wanted: int, draw: Callable[[np.random.Generator, int], Scenes], clearance: Clearance
    ) -> Scenes:
        """Draw scenes until ``wanted`` of them keep off the coast and off everything planted before.

        Raises:
            ValueError: If there is no room for so many scenes.
        """
        rng, kept, found = self.chance(name), [], 0
        for _ in range(ROUNDS):
            scenes = draw(rng, max(4, 3 * (wanted - found)))
            rows = self._free(
                scenes.centre, np.flatnonzero(self._is_clear(scenes, clearance)), clearance.apart_km
            )
            kept.append(scenes.pick(rows[: wanted - found]))
            found += len(kept[-1].centre)
            self.taken.append(kept[-1].centre)
            if found == wanted:
                return join_scenes(kept)
        message = f"no room at sea for {wanted} scenes of {name}: {found} found in {ROUNDS} rounds"
        raise ValueError(message)

    def _is_clear(self, scenes: Scenes, clearance: Clearance) -> Bools:
        """Say which scenes keep off the coast all along every ship's path, looked at every 20 minutes."""
        path = scenes.path[:, :, ::10]
        off_m = sphere.between_m(path, scenes.centre[:, None, None, :])
        is_clear = (self.coast_km(path) >= clearance.coast_km) | (off_m < clearance.near_km * 1000.0)
        return np.asarray(is_clear.all(axis=(1, 2)))

    def _free(self, centre: Floats, rows: Ints, apart_km: float) -> Ints:
        """Keep the rows whose centres lie ``apart_km`` from all taken ones and from earlier rows."""
        reach = float(sphere.chord_m(apart_km * 1000.0))
        if self.taken:
            near, _ = (
                cKDTree(np.concatenate(self.taken)).query(centre[rows]) if rows.size else (np.empty(0), None)
            )
            rows = rows[near > reach]
        free: list[int] = []
        for row in rows:
            if not free or np.linalg.norm(centre[free] - centre[row], axis=1).min() > reach:
                free.append(int(row))
        return np.array(free, np.int64)

    def claim(self, name: str, ports: Ports, wanted: int) -> Ports:
        """Take ports at random, each far from everything planted before.

        Raises:
            ValueError: If there are too few.
        """
        rows = self.chance(name).permutation(len(ports.name))
        free = self._free(ports.place, rows, APART_KM)[:wanted]
        if len(free) < wanted:
            message = f"no {wanted} ports free for {name}: only {len(free)}"
            raise ValueError(message)
        self.taken.append(ports.place[free])
        return ports.pick(free)

    def open_sea(self, candidates: Floats, coast_km: tuple[float, float], wanted: int) -> Floats:
        """Keep the first ``wanted`` places this far from the coast and away from ports: ``(m, 3) -> (n, 3)``."""
        coast = self.coast_km(candidates)
        fits = (coast >= coast_km[0]) & (coast <= coast_km[1]) & (self.port_km(candidates) > FROM_PORT_KM)
        return candidates[fits][:wanted]


def transfer_areas(rng: np.random.Generator, n: int) -> Floats:
    """Draw places around the areas where transfers were reported: ``(n, 3)``."""
    areas = np.array([area[1:] for area in TRANSFER_AREAS])[rng.integers(0, len(TRANSFER_AREAS), n)]
    off_m = areas[:, 2] * 1000.0 * np.abs(rng.normal(0.0, 1.0, n))
    return sphere.unit_vectors(*sphere.destination(areas[:, 0], areas[:, 1], rng.uniform(0, 360, n), off_m))


def anywhere(rng: np.random.Generator, n: int, lat_deg: tuple[float, float] = (-55.0, 60.0)) -> Floats:
    """Draw places anywhere between two latitudes, even over the area: ``(n, 3)``."""
    low, high = np.sin(np.radians(lat_deg))
    return sphere.unit_vectors(rng.uniform(-180, 180, n), np.degrees(np.arcsin(rng.uniform(low, high, n))))


def off_ports(world: World, near_km: float, far_km: float) -> Callable[[np.random.Generator, int], Floats]:
    """Make places at ``near_km`` to ``far_km`` from any port, where coasters, fishermen and waiting ships are."""
    ports = world.sea.anchorages
    lon, lat = ports["lon"].to_numpy(), ports["lat"].to_numpy()

    def draw(rng: np.random.Generator, n: int) -> Floats:
        port, off_m = rng.integers(0, len(lon), n), rng.uniform(near_km, far_km, n) * 1000.0
        return sphere.unit_vectors(*sphere.destination(lon[port], lat[port], rng.uniform(0, 360, n), off_m))

    return draw


def high_latitudes(rng: np.random.Generator, n: int) -> Floats:
    """Draw places between 70 and 84 degrees north: ``(n, 3)``."""
    return anywhere(rng, n, (70.0, 84.0))


def antimeridian(rng: np.random.Generator, n: int) -> Floats:
    """Draw places within some kilometres of the antimeridian: ``(n, 3)``."""
    east_m = rng.normal(0.0, 1.0, n) * rng.choice([60.0, 4000.0], n)
    lat = rng.uniform(-60, 62, n)
    return sphere.unit_vectors(*sphere.destination(np.full(n, 180.0), lat, np.full(n, 90.0), east_m))


def sea_ports(world: World) -> Ports:
    """Find the ports from which a ship can steer one straight course to sea for ``REACH_M``.

    Ports up rivers and behind islands drop out: a straight approach to them would cross land.  Of the courses
    that lead to sea, the one with the most room at its end is a port's seaward bearing.
    """
    known = world.sea.anchorages
    lon, lat = known["lon"].to_numpy(), known["lat"].to_numpy()
    port, course = (axis.ravel() for axis in np.meshgrid(np.arange(len(lon)), np.arange(0.0, 360.0, 15.0)))
    room = np.zeros(len(port))
    for off_m in (REACH_M, *OFFINGS_M):
        there = sphere.unit_vectors(
            *sphere.destination(lon[port], lat[port], course, np.full(len(port), off_m))
        )
        coast = world.coast_km(there)
        room = coast if off_m == REACH_M else room
        at_sea = coast > 0.4
        port, course, room = port[at_sea], course[at_sea], room[at_sea]
    order = np.lexsort((course, -room, port))
    rows, first = np.unique(port[order], return_index=True)
    return (
        Ports(known["name"].to_list(), sphere.unit_vectors(lon, lat), np.zeros(len(lon)))
        .pick(rows)
        .facing(course[order][first])
    )
