"""Is a ship ever where it is said it cannot be?  Random sailings by sea, held against what is within reach.

Ships sail at random from places all over the world: among islands, in straits and fjords, at the antimeridian and
near the poles.  They never sail faster than their limit, and never over land by the exact outlines; many sail at the
limit all the time and straight, turning only where land is in the way, so that they come to the very edge of what is
within reach.  The sailing knows nothing of lattices.  What is asked of each: was it where it could be, at three moments
of its silence, by the point test and by the outline that people are given?
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.places import coast
from clearwake.sphere import Floats
from clearwake.whereabouts.prism import KM_PER_NM, Prism, Span
from clearwake.whereabouts.reach import MS_PER_H

if TYPE_CHECKING:
    from rich.table import Table

Booleans = NDArray[np.bool_]

WATERS = {
    "English Channel": (-2.0, 49.8), "Aegean": (25.2, 37.5), "Norwegian fjords": (5.3, 60.5),
    "Patagonian channels": (-74.0, -50.0), "Korea, south-west": (126.3, 34.6), "Seto inland sea": (133.5, 34.2),
    "Philippines": (123.0, 11.0), "Moluccas": (127.5, -1.0), "Fiji, antimeridian": (179.9, -17.5),
    "Aleutians, antimeridian": (179.5, 51.8), "Chukotka, antimeridian": (-179.5, 70.5), "Svalbard": (15.0, 78.5),
    "Canadian Arctic": (-95.0, 74.0), "Antarctic Peninsula": (-61.0, -64.0), "Red Sea": (34.5, 27.5),
    "Bosporus": (29.0, 41.0), "Panama": (-79.5, 8.5), "Singapore": (103.9, 1.2), "Chesapeake": (-76.2, 38.0),
    "Puget Sound": (-122.8, 48.3), "open Pacific": (-150.0, 5.0), "North Pole": (20.0, 88.5),
    "Torres Strait": (142.2, -10.4),
    "Hormuz": (56.3, 26.5), "Caspian": (50.5, 40.5), "Stockholm": (18.9, 59.3), "Korea Bay": (124.5, 38.8),
    "Gulf of Tonkin": (107.5, 20.3), "East China Sea": (122.8, 30.2), "Bahamas": (-77.0, 24.5),
}  # fmt: skip
"""Where sailings begin, and round which place."""

STEP_H = 1.0 / 6.0
_SUBSTEPS = 8
_TURNS_DEG = np.repeat(np.arange(15.0, 181.0, 15.0), 2) * np.tile((1.0, -1.0), 12)
CLOSED_EVERY = 40
"""One start in so many also has its returns tested one by one, each with a lattice of its own."""
CLOSED_EACH = 12
CUT_FROM = 0.01


@dataclass(frozen=True)
class ReachReport:
    """What came of the sailings."""

    seed: int
    sailings: int
    moments: int
    excluded: int
    """How often the point test refused a true place."""
    returns: int
    returns_excluded: int
    """How often a true place, or the true return itself, was refused when the end was known too."""
    outlined: int
    outlined_out: int
    """How often the outline left a true place out."""
    starts: int
    cut: int
    """At how many starts land kept the ship from a hundredth or more of the water that distance alone allows."""
    share_of_disc: float
    """The water within reach, as a part of what distance alone allows, land included: the mean over starts."""
    share_of_water: float
    """... as a part of the water of that."""
    at_edge: float
    """What part of the sailings ended within a tenth of the edge: how hard the test is."""
    points_per_second: float
    seconds: float
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Whether no true place was ever refused."""
        return not (self.excluded or self.returns_excluded or self.outlined_out)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Reach: {self.sailings:,} sailings from {self.starts:,} places, seed {self.seed}"
        table = Table("what", "count", "of", title=title, caption=str(self.machine))
        table.add_row("true places refused by the point test", f"{self.excluded:,}", f"{self.moments:,}")
        table.add_row("true places left out of the outline", f"{self.outlined_out:,}", f"{self.outlined:,}")
        table.add_row("true places refused, return known", f"{self.returns_excluded:,}", f"{self.returns:,}")
        table.add_row("starts where land cuts the area", f"{self.cut:,}", f"{self.starts:,}")
        table.add_row("water within reach, of the plain disc", f"{self.share_of_disc:.1%}", "")
        table.add_row("... of the water in the disc", f"{self.share_of_water:.1%}", "")
        table.add_row("sailings that ended near the edge", f"{self.at_edge:.1%}", "")
        table.add_row("places tested a second, land included", f"{self.points_per_second:,.0f}", "")
        return table


@dataclass(frozen=True)
class Sailings:
    """Where many ships were at every step from one start: unit vectors ``(steps + 1, ships, 3)``."""

    places: Floats
    limit_kn: float

    @property
    def hours(self) -> float:
        """How long they sailed."""
        return (len(self.places) - 1) * STEP_H


def sail(start: Floats, ships: int, hours: float, limit_kn: float, rng: np.random.Generator) -> Sailings:
    """Sail at random from a place at sea.

    A third keep straight on at the limit and turn only for land, always to their own side; a third make for places far
    away at the limit; the others wander, slow down and stop.
    """
    steps = max(int(hours / STEP_H), 3)
    kind = rng.integers(0, 3, ships)
    side = rng.choice((-1.0, 1.0), ships)
    course = rng.uniform(0.0, 360.0, ships)
    bound = course.copy()
    place = np.repeat(start[None, :], ships, axis=0)
    places = [place]
    step_m = limit_kn * KM_PER_NM * STEP_H * 1000.0
    for _ in range(steps):
        lazy = (kind == 2) & (rng.random(ships) < 0.4)
        pace = np.where(lazy, rng.uniform(0.0, 1.0, ships), 1.0) * step_m
        wish = np.where(kind == 1, bound, course) + np.where(kind == 2, rng.normal(0.0, 25.0, ships), 0.0)
        place, course = _step(place, wish, pace * (1.0 - 1e-9), side)
        places.append(place)
    return Sailings(np.stack(places), limit_kn)


def _step(place: Floats, course: Floats, pace_m: Floats, side: Floats) -> tuple[Floats, Floats]:
    """Move ships one step, turning as little as needed to stay off land; one that is shut in stays."""
    moved, clear = _ahead(place, course[:, None], pace_m)
    moved, ok = moved[:, 0], clear[:, 0].copy()
    for turns in np.split(_TURNS_DEG, 6):
        stopped = np.flatnonzero(~ok)
        if not len(stopped):
            break
        turned = course[stopped, None] + turns[None, :] * side[stopped, None]
        tried, open_ones = _ahead(place[stopped], turned, pace_m[stopped])
        first = np.argmax(open_ones, axis=1)
        ok[stopped] = open_ones[np.arange(len(stopped)), first]
        moved[stopped] = tried[np.arange(len(stopped)), first]
    moved = np.where(ok[:, None], moved, place)
    lon, lat = sphere.lonlat(place)
    lon_b, lat_b = sphere.lonlat(moved)
    # Over the pole a course turns round; what it is at the end of the step is the course from there on.
    onward = sphere.bearing_deg(lon_b, lat_b, lon, lat) + 180.0
    return moved, np.where(sphere.between_m(place, moved) > 1.0, onward, course)


def _ahead(place: Floats, courses: Floats, pace_m: Floats) -> tuple[Floats, Booleans]:
    """Give where ships come to on some courses ``(n, k)``, and on which of them there is no land on the way."""
    lon, lat = sphere.lonlat(place)
    shape = (*courses.shape, _SUBSTEPS)
    shares = np.arange(1, _SUBSTEPS + 1) / _SUBSTEPS
    x, y = sphere.destination(
        np.broadcast_to(lon[:, None, None], shape), np.broadcast_to(lat[:, None, None], shape),
        np.broadcast_to(courses[:, :, None], shape), np.broadcast_to(pace_m[:, None, None] * shares, shape),
    )  # fmt: skip
    flat_x, flat_y, _ = sphere.on_globe(x.ravel(), y.ravel())
    clear = np.asarray(~coast.on_land(flat_x, flat_y).reshape(shape).any(axis=-1))
    return sphere.unit_vectors(x[..., -1], y[..., -1]), clear


def starts(rng: np.random.Generator, count: int) -> list[tuple[str, Floats]]:
    """Choose places at sea to start from, round the waters by turns, half of them within 5 km of a coast."""
    names = list(WATERS)
    found: list[tuple[str, Floats]] = []
    while len(found) < count:
        name = names[len(found) % len(names)]
        lon, lat = WATERS[name]
        away = np.abs(rng.normal(0.0, 150_000.0, 200))
        x, y = sphere.destination(np.full(200, lon), np.full(200, lat), rng.uniform(0, 360, 200), away)
        x, y, _ = sphere.on_globe(x, y)
        at_sea = np.flatnonzero(~coast.on_land(x, y))
        near = at_sea[coast.coast_km(x[at_sea], y[at_sea]) < 5.0]
        chosen = near if len(near) and rng.random() < 0.5 else at_sea
        if len(chosen):
            found.append((name, sphere.unit_vectors(x[chosen[0]], y[chosen[0]])))
    return found


@dataclass
class _Tally:
    """Counts while sailing."""

    sailings: int = 0
    moments: int = 0
    excluded: int = 0
    returns: int = 0
    returns_excluded: int = 0
    outlined: int = 0
    outlined_out: int = 0
    cut: int = 0
    at_edge: int = 0
    disc: list[float] = field(default_factory=list)
    water: list[float] = field(default_factory=list)
    tested: int = 0
    testing_s: float = 0.0


def reach(
    sailings: int = 100_000,
    seed: int = 0,
    each: int = 1000,
    returns: int = CLOSED_EACH,
    on_progress: Callable[[str, int, int], None] | None = None,
) -> ReachReport:
    """Sail and test.

    Args:
        sailings: How many.
        seed: Another seed is other sailings.
        each: How many from one start.
        returns: Of how many of them, at one start in forty, the end is known too.
        on_progress: Told how far it is.
    """
    began = time.monotonic()
    rng = np.random.default_rng((seed, 7))
    tally, count = _Tally(), max(sailings // each, 1)
    for number, (_, start) in enumerate(starts(rng, count)):
        if on_progress:
            on_progress("sail", number, count)
        sailed = sail(start, each, float(rng.uniform(2.0, 48.0)), float(rng.uniform(8.0, 30.0)), rng)
        _open(sailed, rng, tally)
        if number % CLOSED_EVERY == 0:
            _closed(sailed, rng, tally, returns)
    return ReachReport(
        seed, tally.sailings, tally.moments, tally.excluded, tally.returns, tally.returns_excluded, tally.outlined,
        tally.outlined_out, count, tally.cut, float(np.mean(tally.disc)), float(np.mean(tally.water)),
        tally.at_edge / max(tally.sailings, 1), tally.tested / max(tally.testing_s, 1e-9), time.monotonic() - began,
    )  # fmt: skip


def _open(sailed: Sailings, rng: np.random.Generator, tally: _Tally) -> None:
    """Test sailings of which only the start is known, at three moments each."""
    prism = Prism(Span(sailed.places[0, 0], 0.0, None, sailed.hours * MS_PER_H, sailed.limit_kn))
    last = len(sailed.places) - 1
    for step in (*sorted(rng.integers(1, last, 2)), last):
        at = float(step) * STEP_H * MS_PER_H
        began = time.perf_counter()
        could = prism.could_be(sailed.places[step], at)
        tally.testing_s += time.perf_counter() - began
        tally.tested += len(could)
        tally.moments += len(could)
        tally.excluded += int((~could).sum())
    at = sailed.hours * MS_PER_H
    sheet = prism.sheet(at, 40_000)
    free, _ = prism.water_of(sheet)
    lon, lat = sphere.lonlat(sailed.places[-1])
    inside = shapely.intersects_xy(prism.outline(sheet, free, at), lon, lat)
    tally.outlined += len(inside)
    tally.outlined_out += int((~inside).sum())
    tally.sailings += sailed.places.shape[1]
    edge = 0.1 * prism.span.reach_km(at)[0]
    tally.at_edge += int((prism.slack_km(sailed.places[-1], at) < edge).sum())
    area = prism.area(at, 20_000)
    tally.disc.append(area.reachable_km2 / max(area.disc_km2, 1e-9))
    tally.water.append(area.reachable_km2 / max(area.disc_sea_km2, 1e-9))
    tally.cut += area.reachable_km2 < (1.0 - CUT_FROM) * area.disc_sea_km2


def _closed(sailed: Sailings, rng: np.random.Generator, tally: _Tally, returns: int) -> None:
    """Test some sailings of which the end is known too: was the return possible, and the place between?"""
    last = len(sailed.places) - 1
    for ship in rng.choice(sailed.places.shape[1], min(returns, sailed.places.shape[1]), replace=False):
        track = sailed.places[:, ship]
        span = Span(track[0], 0.0, track[-1], sailed.hours * MS_PER_H, sailed.limit_kn)
        prism = Prism(span, nodes=60_000)
        steps = rng.integers(1, last, 6)
        could = [
            bool(prism.could_be(track[step][None, :], float(step) * STEP_H * MS_PER_H)[0]) for step in steps
        ]
        tally.returns += len(could)
        tally.returns_excluded += could.count(False) + (0 if prism.is_possible else len(could))
