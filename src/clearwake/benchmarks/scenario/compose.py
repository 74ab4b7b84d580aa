"""Putting a scene together: how many of what, who has which number, what was heard, what is true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from clearwake import places, sphere
from clearwake.benchmarks.scenario import alone, company, harbour, meetings, reception, traffic, waters
from clearwake.benchmarks.scenario.motion import Clock, Ints
from clearwake.benchmarks.scenario.paths import Paths
from clearwake.benchmarks.scenario.ships import Fact, Hearing, Planted, Ships, join
from clearwake.benchmarks.scenario.waters import Sea, World
from clearwake.model import TIME

FULL_SHIPS = 5000
ROWS_PER_SHIP_HOUR = 10_400_000 / FULL_SHIPS / 24.0
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Noon: the scene spans a midnight, and its feed ends in the middle of a UTC day."""

FEWEST_SHIPS, FEWEST_HOURS = 400, 12.0

MEETINGS = {
    "standard": 80, "sparse": 60, "underway": 30, "jitter": 20, "midnight": 20, "antimeridian": 20, "short": 20,
    "shared_mmsi": 10, "high_latitude": 10,
}  # fmt: skip
"""Meetings of two transmitting ships in a scene of 5,000: 270."""

FLAG_DIGITS = np.array([
    209, 212, 229, 236, 240, 244, 256, 271, 273, 305, 308, 311, 314, 319, 351, 352, 353, 354, 355, 370, 371, 372,
    373, 374, 412, 413, 414, 416, 419, 422, 431, 440, 441, 445, 477, 511, 514, 518, 525, 533, 538, 548, 563, 564,
    565, 572, 574, 576, 577, 613, 620, 626, 636, 637, 667, 671, 677,
])  # fmt: skip
"""Maritime identification digits of flags with merchant fleets (ITU)."""


Scale = Callable[[int], int]
"""Gives how many of a kind a scene of this size has, from how many the full one has."""


@dataclass(frozen=True)
class Scenario:
    """A scene: what a provider would deliver, and what is true."""

    positions: pl.DataFrame
    """mmsi, time, lon, lat, speed_kn, course_deg, heading_deg, nav_status; ordered by time."""
    anchorages: pl.DataFrame
    """name, lon, lat of the anchorages that are given; others are to be learnt."""
    truth: pl.DataFrame
    """family, kind, mmsi_a, mmsi_b, start, end, lon, lat, expected: one row per planted fact."""
    hulls: pl.DataFrame
    """mmsi, kind, is_beacon, is_heard: one row per hull."""
    paths: Paths
    """Noiseless ways of all hulls."""

    @property
    def end(self) -> datetime:
        """When the feed ends."""
        return self.paths.clock.at(self.paths.clock.end_s)


def scenario(
    ships: int = FULL_SHIPS,
    hours: float = 24.0,
    seed: int = 0,
    rows: int | None = None,
    start: datetime = START,
    sea: Sea | None = None,
) -> Scenario:
    """Make a scene of traffic with planted meetings, decoys, silences, loiterers and port calls.

    Args:
        ships: Hulls in all; planted kinds scale with it from the full 5,000, at least one of each.
        hours: How long the scene lasts.
        seed: Source of chance; the same size and seed give the same scene.
        rows: About how many reports; by default 87 per ship and hour, 10.4 million for a full day.  Only ships
            under way near the coast are thinned to reach it, so much fewer cannot be had.
        start: When it begins, UTC.
        sea: Where land and ports are; by default as ``clearwake.places`` knows them.

    Raises:
        ValueError: If the scene is too small for one of every kind, or there is no room at sea for it.
    """
    if ships < FEWEST_SHIPS or hours < FEWEST_HOURS:
        message = (
            f"a scene needs {FEWEST_SHIPS} ships and {FEWEST_HOURS} hours at least, not {ships} and {hours}"
        )
        raise ValueError(message)
    world = World(sea or places.load(), Clock(start, hours), seed)
    return heard_scene(world, planted(world, ships), rows or round(ROWS_PER_SHIP_HOUR * ships * hours))


def heard_scene(world: World, planted: Planted, wanted: int) -> Scenario:
    """Number every hull of what was planted, write down about ``wanted`` reports of them, and the truth."""
    mmsi = _numbers(world, planted.ships)
    positions, silences = _heard(world, planted.ships, mmsi, wanted)
    facts = [_fact_rows(world.clock, fact, mmsi) for fact in [*planted.facts, silences]]
    hulls = pl.DataFrame({
        "mmsi": mmsi, "kind": planted.ships.kind, "is_beacon": planted.ships.is_beacon,
        "is_heard": planted.ships.hearing != Hearing.NOT,
    })  # fmt: skip
    assert planted.anchorages is not None  # noqa: S101 - every scene gives at least one
    paths = Paths(world.clock, mmsi, planted.ships.path, hulls["is_heard"].to_numpy())
    return Scenario(positions, planted.anchorages, pl.concat(facts), hulls, paths)


def planted(world: World, ships: int) -> Planted:
    """Plant every kind in a fixed order, then fill up with ordinary traffic.

    Raises:
        ValueError: If the planted kinds need more hulls than there are ships.
    """
    ports = waters.sea_ports(world)
    ways = traffic.lanes(world, ports, max(30, ships // 12))

    def of(full: int) -> int:
        return max(1, round(full * ships / FULL_SHIPS))

    parts = [*_meetings(world, ways, of), *_company(world, ways, of), *_harbours(world, ports, of)]
    parts += [*_lone(world, ways, ports, of), traffic.fishing(world, of(90))]
    left = ships - sum(len(part.ships) for part in parts)
    if left < 0:
        message = f"{ships} ships are too few: the planted kinds need {ships - left}"
        raise ValueError(message)
    return join([*parts, traffic.ordinary(world, ways, left)])


def _meetings(world: World, ways: traffic.Lanes, of: Scale) -> list[Planted]:
    kinds = {name: of(full) for name, full in MEETINGS.items()}
    parts = [
        meetings.antimeridian(world, kinds["antimeridian"]), meetings.high_latitude(world, kinds["high_latitude"]),
        meetings.standard(world, kinds["standard"]), meetings.sparse(world, kinds["sparse"]),
        meetings.underway(world, kinds["underway"]), meetings.jitter(world, kinds["jitter"]),
        meetings.short(world, kinds["short"]),
    ]  # fmt: skip
    if world.clock.midnight_s() is not None:
        parts.append(meetings.midnight(world, kinds["midnight"]))
    far = traffic.voyages(world, "shared elsewhere", ways, 20 * kinds["shared_mmsi"])
    return [
        *parts,
        meetings.shared_mmsi(world, kinds["shared_mmsi"], far),
        meetings.one_silent(world, of(30)),
    ]


def _company(world: World, ways: traffic.Lanes, of: Scale) -> list[Planted]:
    return [
        company.convoys(world, ways, of(15)),
        company.slow_convoys(world, ways, of(10)),
        company.tows(world, ways, of(30)),
        company.abreast(world, ways, of(20)),
        company.pair_trawlers(world, of(30)),
        company.gear_beacons(world, of(20)),
    ]


def _harbours(world: World, ports: waters.Ports, of: Scale) -> list[Planted]:
    quays = world.claim("quays", ports, of(30))
    served = quays.pick(np.arange(min(of(20), len(quays.name))))
    return [
        harbour.anchorages(world, "given_anchorage", of(8), is_given=True),
        harbour.anchorages(world, "learnt_anchorage", of(8), is_given=False),
        harbour.quays(world, quays), harbour.tugs(world, served), harbour.pilots(world, ports, of(30)),
        harbour.bunkering(world, world.claim("bunkering", ports, of(40))),
        harbour.waiting(world, world.claim("waiting", ports, of(20))),
    ]  # fmt: skip


def _lone(world: World, ways: traffic.Lanes, ports: waters.Ports, of: Scale) -> list[Planted]:
    silent = {"closed": 100, "nearly": 60, "open": 40, "recent": 40}
    loitering = {"drifting": 130, "hove_to": 90, "short": 80}
    return [
        *(alone.silences(world, kind, ways, of(full)) for kind, full in silent.items()),
        *(alone.loiterers(world, kind, of(full)) for kind, full in loitering.items()),
        alone.port_calls(world, ports, of(150)),
    ]


def _numbers(world: World, ships: Ships) -> Ints:
    """Give every hull an MMSI of its own, gear beacons one of theirs; hulls that share one get the other's."""
    rng, n = world.chance("numbers"), len(ships)
    tails = rng.permutation(1_000_000)[:n]
    mmsi = FLAG_DIGITS[rng.integers(0, len(FLAG_DIGITS), n)].astype(np.int64) * 1_000_000 + tails
    beacon = np.array([94, 97, 98, 99])[rng.integers(0, 4, n)].astype(np.int64) * 10_000_000 + tails
    mmsi = np.where(ships.is_beacon, beacon, mmsi)
    return np.where(ships.same_mmsi_as >= 0, mmsi[ships.same_mmsi_as], mmsi)


def _heard(world: World, ships: Ships, mmsi: Ints, rows: int) -> tuple[pl.DataFrame, Fact]:
    """Write down what is heard, ordered by time, and the true silences in it."""
    frames, silent = [], []
    rate = reception.rates(world, ships, rows)
    for block, reports in enumerate(reception.heard(world, ships, rate)):
        frames.append(reception.positions(world, ships, mmsi, reports, block))
        silent.append(reception.silences(reports, world.clock))
    hull, start, end = (np.concatenate(column) for column in zip(*silent, strict=True))
    place, _ = reception.where(ships.path, reception.Reports(hull, start))
    fact = Fact("gap", "gap", hull, np.full(len(hull), -1), start, end, place, "")
    return pl.concat(frames).sort("time", maintain_order=True), fact


def _fact_rows(clock: Clock, fact: Fact, mmsi: Ints) -> pl.DataFrame:
    """Write facts as rows of the truth; ``mmsi_a < mmsi_b``; the end of what lasts is null."""
    a, b = mmsi[fact.hull_a], np.where(fact.hull_b >= 0, mmsi[fact.hull_b], np.iinfo(np.int64).max)
    lon, lat = sphere.lonlat(fact.place)
    start_ms = round(clock.start.timestamp() * 1000)
    frame = pl.DataFrame({
        "mmsi_a": np.minimum(a, b), "mmsi_b": np.maximum(a, b), "start": fact.start_s, "end": fact.end_s,
        "lon": lon, "lat": lat,
    })  # fmt: skip
    moments = [
        (pl.lit(start_ms) + (pl.col(name).fill_nan(None) * 1000.0).round())
        .cast(pl.Int64)
        .cast(TIME)
        .alias(name)
        for name in ("start", "end")
    ]
    return frame.select(
        family=pl.lit(fact.family), kind=pl.lit(fact.kind), mmsi_a="mmsi_a",
        mmsi_b=pl.when(pl.col("mmsi_b") < np.iinfo(np.int64).max).then("mmsi_b"),
        start=moments[0], end=moments[1], lon="lon", lat="lat", expected=pl.lit(fact.expected),
    )  # fmt: skip
