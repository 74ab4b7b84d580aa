"""How good is the density?  Silences made in a desk's own trails, by keeping positions back.

Of a ship heard all along, some hours are taken away, and one position in them is kept as the truth.  If the density is
right, the area that holds half of what is likely holds that position half of the time, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import places, sphere
from clearwake.flow.trails import fixes
from clearwake.sphere import Floats
from clearwake.store import Store
from clearwake.whereabouts import lanes
from clearwake.whereabouts.density import Motion, Surroundings, Weights, density, port_sizes
from clearwake.whereabouts.limits import UNKNOWN, own_speed_kn
from clearwake.whereabouts.prism import Prism, Span

LEVELS = (0.50, 0.80, 0.95)
_H = 3_600_000


@dataclass(frozen=True)
class HeldOut:
    """One position kept back, and how the density did."""

    track: int
    hours: float
    is_open: bool
    under_way: bool
    moved_km: float
    could_be: bool
    held: tuple[bool, ...]
    """Whether the areas of ``LEVELS`` hold it."""
    area_km2: float
    half_km2: float
    bits: float
    """How much better than a flat density over the water within reach: log2 of the ratio of densities there."""


def held_out(
    store: Store, count: int, seed: int = 0, weights: Weights | None = None, nodes: int = 16_000
) -> list[HeldOut]:
    """Keep positions back and ask for them.

    Args:
        store: A desk's store, run.
        count: How many silences to make.
        seed: Another seed is other silences.
        weights: What behaviours count.
        nodes: How fine the lattices are.
    """
    rng = np.random.default_rng((seed, 11))
    trail = pl.concat([frame for _, frame in fixes(store, reported=["course_deg"])]).sort("track", "time")
    by_track = trail.partition_by("track", maintain_order=True)
    long = [each for each in by_track if each.height > 30]
    ports, size = port_sizes(places.load().anchorages)
    found: list[HeldOut] = []
    for _ in range(60 * count):
        if len(found) >= count:
            break
        ship = long[int(rng.integers(len(long)))]
        made = _made(ship, rng)
        if made is None:
            continue
        others = trail.filter(pl.col("track") != ship["track"][0]).select("mmsi", "lon", "lat").lazy()
        spots, ships = lanes.places(lanes.lanes(others))
        found.append(_asked(ship, made, Surroundings(ports, size, spots, ships), weights, nodes))
    return found


@dataclass(frozen=True)
class _Made:
    first: int
    kept: int
    last: int
    is_open: bool


def _made(ship: pl.DataFrame, rng: np.random.Generator) -> _Made | None:
    """Choose a silence in one trail: from which position to which, and the one kept back; ships at rest are rarer."""
    at = ship["time"].dt.epoch("ms").to_numpy()
    first = int(rng.integers(len(at) - 3))
    last = int(np.searchsorted(at, at[first] + rng.uniform(2.0, 12.0) * _H))
    if last >= len(at) or last - first < 3 or at[last] - at[first] > 14 * _H:
        return None
    kept = int(rng.integers(first + 1, last))
    if (at[kept + 1] - at[kept - 1]) > 0.5 * _H or at[kept] - at[first] < 0.5 * _H:
        return None
    vectors = ship.select("x", "y", "z").to_numpy()
    moved = float(sphere.between_m(vectors[first], vectors[kept])) / 1000.0
    if moved < 2.0 and rng.random() < 0.9:
        return None
    return _Made(first, kept, last, bool(rng.random() < 0.5))


def _asked(
    ship: pl.DataFrame, made: _Made, around: Surroundings, weights: Weights | None, nodes: int
) -> HeldOut:
    vectors, at = ship.select("x", "y", "z").to_numpy(), ship["time"].dt.epoch("ms").to_numpy()
    heard = ship[: made.first + 1]
    own = own_speed_kn(heard.select("x", "y", "z").to_numpy(), heard["time"].dt.epoch("ms").to_numpy())
    limit_kn = max(UNKNOWN.kn, (own or 0.0) * 1.05)
    until = at[made.kept] if made.is_open else at[made.last]
    back = None if made.is_open else vectors[made.last]
    prism = Prism(
        Span(vectors[made.first], float(at[made.first]), back, float(until), limit_kn),
        around.lanes,
        nodes=nodes,
    )
    speed, course = heard["speed_kn"][-1], heard["course_deg"][-1]
    motion = _motion(vectors[: made.first + 1], at[: made.first + 1], speed, course)
    when, truth = float(at[made.kept]), vectors[made.kept][None, :]
    found = density(prism, when, motion, around, weights, nodes)
    row, column, inside = found.lattice.cell_of(truth)
    here = float((found.share / found.lattice.cell_km2)[row[0], column[0]]) if inside[0] else 0.0
    area = float(found.lattice.cell_km2[found.share > 0.0].sum())
    levels = [found.level(level) for level in LEVELS]
    km2 = found.lattice.cell_km2
    half = float(km2[found.share / km2 >= levels[0]].sum())
    moved = float(sphere.between_m(vectors[made.first], vectors[made.kept])) / 1000.0
    return HeldOut(
        int(ship["track"][0]), (until - at[made.first]) / _H, made.is_open, motion.is_under_way, moved,
        bool(prism.could_be(truth, when)[0]), tuple(here >= level for level in levels), area, half,
        float(np.log2(max(here * area, 1e-6))),
    )  # fmt: skip


def _motion(heard: Floats, at_ms: Floats, speed: float | None, course: float | None) -> Motion:
    """Give how a ship moved when last heard: as it said, else from its last ten minutes."""
    earlier = np.flatnonzero((at_ms <= at_ms[-1] - _H / 6) & (at_ms >= at_ms[-1] - _H))
    if (speed is None or course is None) and len(earlier):
        a, b = heard[earlier[-1]], heard[-1]
        kn = float(sphere.between_m(a, b)) / (at_ms[-1] - at_ms[earlier[-1]]) * 1000.0 / sphere.KNOT_M_PER_S
        (lon_a, lat_a), (lon_b, lat_b) = sphere.lonlat(a), sphere.lonlat(b)
        told = float(sphere.bearing_deg(lon_a, lat_a, lon_b, lat_b))
        return Motion(kn if speed is None else speed, told if course is None else course)
    return Motion(speed, course)


def summed(asked: Sequence[HeldOut]) -> pl.DataFrame:
    """Sum up by whether the return was known and whether the ship was under way: how often the areas held the truth."""
    rows = pl.DataFrame(
        [
            {"is_open": each.is_open, "under_way": each.under_way, "could_be": each.could_be, "half_km2": each.half_km2,
             "area_km2": each.area_km2, "bits": each.bits, **{f"in_{int(100 * level)}": held for level, held in
             zip(LEVELS, each.held, strict=True)}}
            for each in asked
        ]
    )  # fmt: skip
    return rows.group_by("is_open", "under_way").agg(
        asked=pl.len(), could_be=pl.col("could_be").mean(), in_50=pl.col("in_50").mean(), in_80=pl.col("in_80").mean(),
        in_95=pl.col("in_95").mean(), half_km2=pl.col("half_km2").median(), area_km2=pl.col("area_km2").median(),
        bits=pl.col("bits").mean(),
    ).sort("is_open", "under_way")  # fmt: skip
