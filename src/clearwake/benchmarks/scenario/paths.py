"""The truth that the scene itself holds: noiseless paths, to say what really was close and really was slow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.benchmarks.scenario.motion import TICK_S, Bools, Clock, Ints
from clearwake.sphere import Floats


@dataclass(frozen=True)
class Paths:
    """Every hull's noiseless way."""

    clock: Clock
    mmsi: Ints
    """``(n,)``; two hulls may share one."""
    path: Floats
    """Unit vectors at every tick: ``(n, k, 3)``."""
    is_heard: Bools
    """Whether the hull transmits at all: ``(n,)``."""

    def hulls(self, mmsi: int) -> Ints:
        """Give the rows of the hulls that use this MMSI."""
        return np.flatnonzero(self.mmsi == mmsi)

    def least_apart_m(self, mmsi_a: int, mmsi_b: int) -> float:
        """Give how close hulls of these numbers ever came, looked at every 30 seconds; infinite for unknown ones."""
        least = np.inf
        for a in self.hulls(mmsi_a):
            for b in self.hulls(mmsi_b):
                least = min(least, float(_apart(self.path[a], self.path[b]).min()))
        return least

    def least_off_m(self, mmsi: int, lon: float, lat: float) -> float:
        """Give how close a hull of this number ever came to a place, at ticks; infinite for an unknown number."""
        place, hulls = sphere.unit_vectors(lon, lat), self.hulls(mmsi)
        return float(sphere.between_m(self.path[hulls], place).min()) if hulls.size else np.inf

    def mean_speed_kn(self, mmsi: int, start: datetime, end: datetime) -> float:
        """Give the lowest true mean speed, from distance along the path, that a hull of this number had meanwhile."""
        ticks = [int((t - self.clock.start).total_seconds() / TICK_S) for t in (start, end)]
        first, last = max(ticks[0], 0), min(ticks[1] + 1, self.path.shape[1] - 1)
        hulls = self.hulls(mmsi)
        if last <= first or not hulls.size:
            return np.inf
        leg = self.path[hulls, first : last + 1]
        travelled = sphere.between_m(leg[:, 1:], leg[:, :-1]).sum(axis=1)
        return float(travelled.min() / ((last - first) * TICK_S) / sphere.KNOT_M_PER_S)

    def close_pairs(self, within_m: float = 500.0, every_min: int = 10) -> pl.DataFrame:
        """Find by brute force, at every ``every_min`` minutes, all heard pairs within ``within_m`` of each other.

        Returns:
            One row per unbroken run: mmsi_a < mmsi_b, start, end, median_speed_kn of both ships over the run.
        """
        step = round(every_min * 60 / TICK_S)
        heard = np.flatnonzero(self.is_heard)
        reach = float(sphere.chord_m(within_m))
        found = []
        for tick in range(0, self.path.shape[1] - 1, step):
            pairs = cKDTree(self.path[heard, tick]).query_pairs(reach, output_type="ndarray")
            if len(pairs):
                a, b = heard[pairs[:, 0]], heard[pairs[:, 1]]
                found.append(np.stack((a, b, np.full(len(a), tick // step)), axis=1))
        rows = np.concatenate(found) if found else np.empty((0, 3), np.int64)
        return self._runs(rows, step)

    def _runs(self, rows: Ints, step: int) -> pl.DataFrame:
        speed = np.linalg.norm(np.diff(self.path[:, ::step], axis=1), axis=2) * sphere.EARTH_RADIUS_M
        knots = speed / (step * TICK_S * sphere.KNOT_M_PER_S)
        last = knots.shape[1] - 1
        grid = np.minimum(rows[:, 2], last)
        frame = pl.DataFrame({
            "hull_a": rows[:, 0], "hull_b": rows[:, 1], "tick": rows[:, 2],
            "speed_kn": (knots[rows[:, 0], grid] + knots[rows[:, 1], grid]) / 2.0,
        })  # fmt: skip
        pair = ["hull_a", "hull_b"]
        runs = (
            frame.sort(*pair, "tick")
            .with_columns(run=(pl.col("tick").diff().over(pair).fill_null(1) != 1).cum_sum().over(pair))
            .group_by(*pair, "run", maintain_order=True)
            .agg(
                first=pl.col("tick").min(),
                last=pl.col("tick").max(),
                median_speed_kn=pl.col("speed_kn").median(),
            )
        )
        a, b = self.mmsi[runs["hull_a"].to_numpy()], self.mmsi[runs["hull_b"].to_numpy()]
        minutes = pl.duration(milliseconds=1) * (step * TICK_S * 1000)
        start = pl.lit(self.clock.start)
        return runs.select(
            pl.Series("mmsi_a", np.minimum(a, b)), pl.Series("mmsi_b", np.maximum(a, b)),
            start=start + minutes * pl.col("first"), end=start + minutes * pl.col("last"),
            median_speed_kn="median_speed_kn",
        )  # fmt: skip


def _apart(a: Floats, b: Floats) -> Floats:
    """Give distances between two hulls every 30 seconds: ``(k, 3), (k, 3) -> (4k - 3,)`` metres."""
    gap = b - a
    share = np.arange(4)[:, None, None] / 4.0
    between = gap[None, :-1] * (1.0 - share) + gap[None, 1:] * share
    return np.asarray(np.linalg.norm(between, axis=-1).ravel() * sphere.EARTH_RADIUS_M)
