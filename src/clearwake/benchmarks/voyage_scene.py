"""A scene of voyages: ships that lie, load, sail, meet and type through twelve days, and what is true of them.

How late crews type is drawn from this file's own law (half within two and a half hours, one in twenty after thirteen),
not from the detector's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from clearwake import sphere
from clearwake.benchmarks.voyage_waters import Port, Sailing, Waters

HOURS = 12 * 24.0
TYPED_H, SPREAD, LATEST_H = 2.5, 1.0, 24.0
"""Crews type a draught so late: the median, the spread of its logarithm, and the latest."""

MIDS = (209, 240, 341, 352, 412, 431, 440, 477, 511, 538, 563, 636)

TRIES = 1000
"""How often ports and places are drawn until they fit."""

Spot = tuple[float, float]


@dataclass(frozen=True)
class Fact:
    """What is true: a ship, what is to be told of it, and when (hours of the scene)."""

    kind: str
    label: str
    mmsi: int
    begin: float
    end: float
    other: int | None = None
    declared: str | None = None


class NoVoyageError(RuntimeError):
    """No voyage of the kind wanted was drawn."""


@dataclass
class Scene:
    """Ships on their way, and what is true of them."""

    rng: np.random.Generator
    waters: Waters = field(default_factory=Waters)
    ships: list[Sailing] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    habits: dict[int, str] = field(default_factory=dict)
    """Of honest ships."""
    numbers: int = 0

    def ship(self, port: Port, mid: int | None = None, mmsi: int | None = None, now: float = 0.0) -> Sailing:
        """Begin with a ship that lies in a port it declared."""
        self.numbers += 1
        mid = mid or int(self.rng.choice(MIDS))
        said = str(self.rng.choice(port.said)) if port.said else None
        ship = Sailing(
            mmsi or mid * 1_000_000 + 100_000 + self.numbers, self.rng, self.rng.uniform(10.0, 15.0),
            float(self.rng.integers(85, 135)), round(self.rng.uniform(5.0, 8.5), 1), said, self.berth(port), now,
            int(self.rng.choice([70, 79, 80, 89])), port,
        )  # fmt: skip
        self.ships.append(ship)
        return ship

    def berth(self, port: Port) -> Spot:
        """Give a place in a port."""
        lon, lat = self.rng.uniform(-0.008, 0.008, 2)
        return port.lon + float(lon), port.lat + float(lat)

    def between(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def late_h(self) -> float:
        """Draw how late a draught is typed."""
        return min(TYPED_H * float(np.exp(SPREAD * self.rng.normal())), LATEST_H)

    def spot(self) -> Spot:
        """Draw a place at sea."""
        lon, lat = self.rng.choice(self.waters.offing)
        return float(lon) + self.between(-0.1, 0.1), float(lat) + self.between(-0.1, 0.1)

    def draw(self, fits: Callable[..., bool], *kinds: str) -> list[Port | Spot]:
        """Draw ports (all others) and places at sea until they fit.

        Raises:
            NoVoyageError: If none does in ``TRIES`` draws.
        """
        for _ in range(TRIES):
            ports = iter(self.rng.permutation(len(self.waters.ports)).tolist())
            drawn = [self.waters.ports[next(ports)] if kind == "port" else self.spot() for kind in kinds]
            if fits(*drawn):
                return drawn
        message = f"no {' and '.join(kinds)} fit in {TRIES} draws"
        raise NoVoyageError(message)

    def km(self, one: Port, other: Port | Spot) -> float:
        """Give about the length of the way by sea from a port to another or to a place."""
        return self.waters.km(one, *((other.lon, other.lat) if isinstance(other, Port) else other))

    def way(self, one: Port, other: Port | Spot) -> sphere.Floats:
        """Give a way by sea from a port."""
        if isinstance(other, Port):
            return self.waters.between(one, other)
        return self.waters.out(one, *other)

    # What ships do.

    def leave(self, ship: Sailing, said: str | None, late_h: float | None = None) -> None:
        """Type the next destination, about when leaving."""
        ship.say(destination=said, late_h=self.between(-1.0, 2.0) if late_h is None else late_h)

    def go(self, ship: Sailing, to: Port | Spot) -> None:
        """Sail to a port or a place at sea; from sea, only to a port."""
        if isinstance(to, Port):
            way = self.way(ship.port, to) if ship.port else self.waters.out(to, *ship.place)[::-1]
            ship.sail(way, self.berth(to))
            ship.port = to
        elif ship.port:
            ship.sail(self.waters.out(ship.port, *to))
            ship.port = None

    def load(self, ship: Sailing, by: float, late_h: float | None = None) -> None:
        """Lie deeper or less deep than was said, and type it."""
        if ship.draught_m is not None:
            ship.say(draught=ship.draught_m + by, late_h=self.late_h() if late_h is None else late_h)

    def any_load(self, ship: Sailing) -> float:
        """Draw by how much a ship's draught changes in port."""
        up = (
            ship.draught_m is None
            or ship.draught_m < 6.0
            or (ship.draught_m < 8.0 and self.rng.random() < 0.5)
        )
        return (1.0 if up else -1.0) * self.between(0.8, 2.5)

    def roam(self, ship: Sailing) -> None:
        """Trade on, honestly, until the end."""
        if ship.port is None:
            (to,) = self.draw(lambda port: 200.0 < self.km(port, ship.place) < 1800.0, "port")
            self.leave(ship, self.said(to))
            self.go(ship, to)
        while ship.now < HOURS:
            stay = self.between(14.0, 40.0)
            ship.lie(stay)
            if self.rng.random() < 0.7:
                self.load(ship, self.any_load(ship), self.late_h() - 0.3 * stay)
            self.go_on(ship)

    def go_on(self, ship: Sailing) -> None:
        """Sail to another port, as declared."""
        to = self.next_port(ship)
        self.leave(ship, self.said(to))
        self.go(ship, to)

    def next_port(self, ship: Sailing, low_km: float = 250.0, high_km: float = 1700.0) -> Port:
        """Draw a port to go to next."""
        port = here(ship)
        drawn = self.draw(lambda to: to != port and low_km < self.km(port, to) < high_km, "port")
        return as_port(drawn[0])

    def said(self, to: Port | Spot) -> str:
        """Draw a spelling."""
        return str(self.rng.choice(as_port(to).said))

    def meet(self, one: Sailing, other: Sailing, spot: Spot, saying: tuple[str, str]) -> tuple[float, float]:
        """Let two ships leave port so that they come to one place at sea together, and lie 130 m apart for hours."""
        takes = [self.km(here(ship), spot) / (ship.speed_kn * 1.852) for ship in (one, other)]
        leave = [ship.now + self.between(10.0, 30.0) for ship in (one, other)]
        arrive = max(at + took for at, took in zip(leave, takes, strict=True))
        stay = self.between(5.0, 12.0)
        for ship, took, said, off in zip((one, other), takes, saying, (0.0, 0.0012), strict=True):
            ship.lie(arrive - took - ship.now)
            self.load(ship, self.any_load(ship), 0.3 * self.late_h())
            self.leave(ship, said)
            self.go(ship, (spot[0], spot[1] + off))
            ship.lie(stay)
        return one.now - stay, one.now

    def hand_over(self, one: Sailing, other: Sailing) -> None:
        """Let one be lighter by what the other is deeper, in tonnes within a fifth; both type it, each in its time."""
        less = self.between(0.8, 2.0)
        more = less * (one.length_m / other.length_m) ** 2 * self.between(0.8, 1.25)
        self.load(one, -less)
        self.load(other, more)


def as_port(port: Port | Spot | None) -> Port:
    """Give what must be a port.

    Raises:
        TypeError: If it is none.
    """
    if not isinstance(port, Port):
        message = f"{port} is no port"
        raise TypeError(message)
    return port


def here(ship: Sailing) -> Port:
    """Give the port a ship lies in."""
    return as_port(ship.port)
