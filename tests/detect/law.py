"""Random scenes for the law of detectors, and a way to run any cut of them through the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache, partial

import numpy as np
import polars as pl
from hypothesis import strategies as st

from clearwake import places
from clearwake.detect import Detector, detectors
from clearwake.engine.embedded import Advanced, advance
from clearwake.engine.shards import SHARDS, shard_of
from clearwake.flow.reconcile import reconcile, stored_schema, withdrawn
from clearwake.model import TIME, utc
from clearwake.sphere import destination

BEGIN = utc("2026-01-01")
END = utc("2026-01-03")


@cache
def all_detectors() -> tuple[Detector, ...]:
    return detectors(places.load())


def scene(seed: int) -> pl.DataFrame:
    """Two days of a few ships at sea, in port and on the antimeridian: meetings, silences, jumps, shared numbers."""
    rng = np.random.default_rng(seed)
    centre = [(125.5, 30.9), (121.5, 31.22), (179.999, 51.0), (-179.99, -89.9)][rng.integers(4)]
    ships = [_ship(rng, 412_000_000 + int(rng.integers(8)), centre) for _ in range(rng.integers(2, 7))]
    rows = pl.concat([*ships, _liar(np.random.default_rng(seed + 10_000), centre)])
    rows = rows.unique(["mmsi", "time"], keep="first", maintain_order=True)
    return rows.filter(pl.col("time") < END).sample(fraction=1.0, shuffle=True, seed=seed)


def _ship(rng: np.random.Generator, mmsi: int, centre: tuple[float, float]) -> pl.DataFrame:
    """A ship that comes and goes along one course and lies still, drifts or steams by turns near the centre."""
    minutes = np.cumsum(
        rng.choice([1, 3, 9, 20, 50, 61, 400], size=150, p=[0.2, 0.3, 0.25, 0.15, 0.06, 0.03, 0.01])
    )
    start_m = int(rng.integers(0, 600))
    turns = np.repeat(rng.choice([0.0, 0.3, 1.2, 4.0, 9.0], size=15, p=[0.5, 0.2, 0.1, 0.1, 0.1]), 10)
    way = np.repeat(rng.choice([-1.0, 1.0], size=15), 10)
    travelled = np.concatenate(([0.0], np.cumsum(np.diff(minutes) * 60.0 * (turns * way)[1:] * 0.514)))
    reach_m = rng.choice([1_000.0, 6_000.0])
    travelled = np.abs(travelled % (4 * reach_m) - 2 * reach_m) - reach_m
    course, speed, n = rng.uniform(0, 360), turns, np.full(minutes.size, 1.0)
    first = destination(n * centre[0], n * centre[1], n * rng.uniform(0, 360), n * rng.uniform(0, 600))
    lon, lat = destination(first[0], first[1], n * course, travelled)
    lat = np.where(rng.random(n.size) < 0.01, lat + np.where(lat > 0, -0.7, 0.7), lat)
    times = (np.datetime64("2026-01-01") + (minutes + start_m) * np.timedelta64(60, "s")).astype(
        "datetime64[ms]"
    )
    return pl.DataFrame(
        {"mmsi": np.full(n.size, mmsi), "time": times, "lon": lon.round(5), "lat": lat.round(5)}
    ).with_columns(
        pl.col("time").dt.replace_time_zone("UTC").cast(TIME),
        speed_kn=pl.Series(np.where(rng.random(n.size) < 0.2, np.nan, speed)).fill_nan(None).cast(pl.Float32),
        known_at=(pl.col("time").dt.replace_time_zone("UTC") + timedelta(minutes=5)).cast(TIME),
    )


def _liar(rng: np.random.Generator, centre: tuple[float, float]) -> pl.DataFrame:
    """A ship that sails straight on, is elsewhere for some hours, and sails circles for some."""
    minutes = np.cumsum(rng.choice([2.0, 5.0, 6.0], size=400)) + rng.uniform(0, 600)
    n, metres = np.ones(minutes.size), (minutes - minutes[0]) * rng.uniform(100, 400)
    lon, lat = destination(n * centre[0], n * centre[1], n * rng.uniform(0, 360), metres)
    begin = rng.uniform(100, 1200)
    away = (minutes > begin) & (minutes < begin + rng.uniform(60, 400))
    far = np.full(away.sum(), rng.choice([2e4, 3e5]))
    lon[away], lat[away] = destination(lon[away], lat[away], n[away] * rng.uniform(0, 360), far)
    begin = rng.uniform(100, 1200)
    round_ = (minutes > begin) & (minutes < begin + rng.uniform(80, 300))
    angle, radius = minutes[round_] * rng.uniform(5, 20), np.full(round_.sum(), rng.uniform(500, 2000))
    if round_.any():
        here = n[round_] * lon[round_][0], n[round_] * lat[round_][0]
        lon[round_], lat[round_] = destination(*here, angle % 360, radius)
    times = [BEGIN + timedelta(seconds=round(m * 60)) for m in minutes]
    frame = pl.DataFrame(
        {"mmsi": np.full(n.size, 412_000_100), "time": times, "lon": lon.round(5), "lat": lat.round(5)}
    )
    return frame.with_columns(
        pl.col("time").cast(TIME), speed_kn=pl.lit(None, pl.Float32),
        known_at=(pl.col("time") + timedelta(minutes=5)).cast(TIME),
    )  # fmt: skip


cuts = st.lists(
    st.integers(1, 2 * 24 * 60 * 60 - 1).map(lambda s: BEGIN + timedelta(seconds=s)), max_size=6, unique=True
).map(sorted)


def run_in_batches(
    positions: pl.DataFrame, moments: Sequence[datetime], *, split: bool = False
) -> dict[str, pl.DataFrame]:
    """Carry positions in batches that end at ``moments`` and at the end; give the latest version of every event."""
    kept: dict[str, pl.DataFrame] = {}
    events = {d.table: pl.DataFrame(schema=stored_schema(d.record)) for d in all_detectors()}
    begin = BEGIN - timedelta(days=1)
    for until in [*moments, END]:
        batch = positions.filter(pl.col("time") >= begin, pl.col("time") < until)
        found = advance(all_detectors(), _shards(batch, split=split), kept, until)
        events = {t: _folded(events[t], rows, until) for t, rows in found.events.items()}
        kept, begin = found.keep, until
    hidden = ("settled_at", "withdrawn", "version")
    return {t: e.filter(~pl.col("withdrawn")).drop(hidden).sort("id") for t, e in events.items()}


def _shards(batch: pl.DataFrame, *, split: bool) -> list[tuple[tuple[int, int], Callable[[], pl.DataFrame]]]:
    if not split:
        return [((0, SHARDS - 1), lambda: batch)]
    shard = pl.Series(shard_of(batch["mmsi"].to_numpy()))
    return [((i, i), partial(batch.filter, shard == i)) for i in range(SHARDS)]


def _folded(stored: pl.DataFrame, found: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """Do what the corridor does with the events of one batch."""
    waiting = stored.filter(pl.col("settled_at").is_null())
    final = stored.filter(pl.col("settled_at").is_not_null())
    result = reconcile(waiting, found, until)
    unchanged = waiting.join(result.waiting, on="id", how="anti").join(result.changed, on="id", how="anti")
    assert not set(final["id"]) & set(found["id"]), "a settled event was found again"
    return pl.concat(
        (
            final,
            unchanged,
            result.changed,
            result.new,
            withdrawn(result.waiting, found.select("id"), until, is_last=True),
        )
    )


def one_batch(positions: pl.DataFrame) -> Advanced:
    return advance(all_detectors(), [((0, SHARDS - 1), lambda: positions)], {}, END)
