"""Ships on their own: silent ones, loitering ones, ones that call at a port."""

from __future__ import annotations

import numpy as np

from clearwake.benchmarks.scenario import motion
from clearwake.benchmarks.scenario.harbour import MOORED
from clearwake.benchmarks.scenario.meetings import lying
from clearwake.benchmarks.scenario.motion import Clock, Leg
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Scenes, fleet
from clearwake.benchmarks.scenario.traffic import Lanes, voyages
from clearwake.benchmarks.scenario.waters import Clearance, Ports, World, off_ports, transfer_areas
from clearwake.sphere import Floats

SILENCES = ("closed", "nearly", "open", "recent")
"""Over six hours and over; nearly six; still silent after six; silent for less than six when the feed ends."""


def silences(world: World, kind: str, ways: Lanes, wanted: int) -> Planted:
    """Send ships on voyages and let each fall silent once.

    Args:
        world: Where and when.
        kind: One of ``SILENCES``.
        ways: The lanes.
        wanted: How many ships.
    """
    rng = world.chance(f"silence {kind}")
    start, end = _silent(rng, kind, wanted, world.clock)
    path = voyages(world, f"silence {kind}", ways, wanted)
    ships = fleet(path, f"silence_{kind}", hearing=int(Hearing.DENSE), silent_from_s=start, silent_to_s=end)
    tick = np.minimum((start / motion.TICK_S).astype(np.int64), path.shape[1] - 1)
    place = path[np.arange(wanted), tick]
    fact = Fact("silence", kind, np.arange(wanted), np.full(wanted, -1), start, end, place, "")
    return Planted(ships, [fact])


def _silent(rng: np.random.Generator, kind: str, n: int, clock: Clock) -> tuple[Floats, Floats]:
    """Draw when ships fall silent and are heard again, seconds."""
    hours = {"closed": (6.3, 11.0), "nearly": (5.2, 5.85), "open": (6.4, 11.0), "recent": (2.0, 5.8)}[kind]
    length = rng.uniform(*hours, n) * 3600.0
    if kind in ("open", "recent"):
        return clock.end_s - length, np.full(n, clock.end_s + 3600.0)
    start = rng.uniform(0.05, 1.0, n) * (clock.end_s * 0.97 - length)
    return start, start + length


def loiterers(world: World, kind: str, wanted: int) -> Planted:
    """Plant ships that stop at sea alone.

    Args:
        world: Where and when.
        kind: ``drifting`` (3 to 10 hours with engines stopped), ``hove_to`` (2.5 to 8 hours at 0.8 to 1.7 kn on
            changing courses) or ``short`` (65 to 115 minutes).
        wanted: How many.
    """
    stay = lying({"drifting": (3.0, 10.0), "hove_to": (2.5, 8.0), "short": (1.1, 1.9)}[kind])
    where = transfer_areas if kind == "drifting" else off_ports(world, 60.0, 600.0)

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        centre = world.open_sea(where(rng, 60 * n), (30.0, 6000.0), n)
        n = len(centre)
        when = stay(rng, n, world.clock)
        if kind == "hove_to":
            east, north = _hove_to(rng, world.clock, when)
        else:
            middle = (when[0] + when[1]) / 2.0
            east, north = motion.drift(
                rng, world.clock, rng.uniform(0.2, 1.3, n), rng.uniform(0, 360, n), middle
            )
        come, leave = (
            Leg(rng.uniform(8, 13, n), rng.uniform(0, 360, n), rng.uniform(15, 30, n) * 60) for _ in "io"
        )
        visit_east, visit_north = motion.visit(world.clock, when, come, leave)
        return Scenes(motion.lay(centre, east + visit_east, north + visit_north)[:, None], centre, *when)

    scenes = world.settle(f"loiter_{kind}", wanted, draw, Clearance())
    rng = world.chance(f"loiter {kind} heard")
    dense = (rng.uniform(size=wanted) < 0.7) | (kind == "short")
    ships = fleet(scenes.ships(), f"loiter_{kind}", hearing=np.where(dense, Hearing.DENSE, Hearing.ORDINARY))
    alone = np.full(wanted, -1)
    fact = Fact("loitering", kind, scenes.hull(0), alone, scenes.start_s, scenes.end_s, scenes.centre, "")
    return Planted(ships, [fact])


def _hove_to(rng: np.random.Generator, clock: Clock, when: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Keep steerage way on changing courses while the stay lasts, and no more of it before and after."""
    n = len(when[0])
    is_here = (clock.ticks_s >= when[0][:, None]) & (clock.ticks_s <= when[1][:, None])
    east, north, _ = motion.wander(rng, clock, rng.uniform(0.8, 1.7, n), 45.0, is_here.astype(np.float64))
    return east, north


def port_calls(world: World, ports: Ports, wanted: int) -> Planted:
    """Let ships come in from sea, lie at the berth for 3 to 12 hours, and go out again.

    The true call lasts from coming within 3 km of the port until leaving that circle.
    """

    def draw(rng: np.random.Generator, n: int) -> Scenes:
        here = ports.pick(rng.integers(0, len(ports.name), n))
        stay = lying((3.0, 12.0), margin_h=3.0)(rng, n, world.clock)
        come, leave = (
            Leg(rng.uniform(9, 13, n), here.seaward_deg + rng.normal(0, 4, n), rng.uniform(25, 45, n) * 60)
            for _ in "io"
        )
        path = motion.lay(here.place, *motion.visit(world.clock, stay, come, leave))
        moments, apart = motion.apart_m(path, np.broadcast_to(here.place[:, None], path.shape), world.clock)
        inside = apart < 3000.0
        first, last = np.argmax(inside, axis=1), len(moments) - 1 - np.argmax(inside[:, ::-1], axis=1)
        return Scenes(path[:, None], here.place, moments[first], moments[last])

    scenes = world.settle("port_call", wanted, draw, Clearance(coast_km=1.0, near_km=25.0, apart_km=12.0))
    ships = fleet(scenes.ships(), "port_call", hearing=int(Hearing.DENSE), status_lying=MOORED)
    alone = np.full(wanted, -1)
    fact = Fact("port_call", "call", scenes.hull(0), alone, scenes.start_s, scenes.end_s, scenes.centre, "")
    return Planted(ships, [fact])
