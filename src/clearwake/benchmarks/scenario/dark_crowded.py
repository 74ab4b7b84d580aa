"""Meetings in the dark in a crowded sea: a third hand, whose ships all sail one piece of ocean.

Where thousands of ships sail one sea, hundreds are silent and hundreds lie still within reach of each other: chance
meetings of a silence and a wait are many times as common as in traffic spread over the globe.  Ships go straight and
turn now and then; nothing but number, time and place is written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.scenario.dark_planted import Given
from clearwake.benchmarks.scenario.motion import Ints
from clearwake.model import TIME
from clearwake.sphere import KNOT_M_PER_S, Floats

SEAS = ((62.0, 14.0), (88.0, 12.0), (132.0, 20.0), (-45.0, 30.0), (165.0, 35.0), (-20.0, 5.0))
"""Middles of seas wide enough, lon and lat."""

WAITED_H, WAITED_AFTER_H = (2.5, 8.0), (1.0, 3.0)
"""How long a ship that is heard waits for the other, and stays after it: typically, and at most."""

TICK_S, START_MS = 300.0, 1_772_366_400_000
HOURS = 24.0
DARK_SHARE = 0.006

KINDS = {
    "one_dark": (DARK_SHARE, 2, 1), "both_dark": (DARK_SHARE, 2, 2), "bunkering": (0.006, 2, 0),
    "dark_stop": (0.008, 1, 1), "loiter": (0.06, 1, 0), "loiter_silent": (0.012, 1, -1), "drift": (0.015, 1, 0),
}  # fmt: skip
"""Share of all ships that are planted together, how many ships each has, and how many of them are silent; -1 for a
silence that has nothing to do with the stop."""

SILENT_SHARE = 0.17


@dataclass(frozen=True)
class _Stop:
    """Ships that stop once: ``n`` of them; seconds."""

    place: Floats
    """In the middle of the stop, metres east and north of the middle of the sea: ``(n, 2)``."""
    start_s: Floats
    end_s: Floats
    drift: Floats
    """Metres a second east and north, the same for ships that lie together: ``(n, 2)``."""


_Fact = tuple[str, Ints, Ints, _Stop]
"""Kind, both ships, and where and when they stopped."""


def crowded(seed: int, ships: int = 5000, across_km: float = 1600.0) -> Given:
    """Make a day of a crowded sea.

    Args:
        seed: Source of chance, which also chooses the sea.
        ships: How many.
        across_km: How wide the sea is.
    """
    rng = np.random.default_rng([seed, 7])
    ticks = np.arange(0.0, HOURS * 3600.0 + 1.0, TICK_S)
    half = across_km * 500.0
    paths: list[Floats] = []
    silent: list[Floats] = []
    truth: list[_Fact] = []
    number = 0
    for kind, (share, each, dark) in KINDS.items():
        n = max(1, round(share * ships))
        stop = _stops(rng, n, half, kind)
        # The last ship of a transfer waits for the other where it is heard, whether the other is or not.
        own = [_visitors(rng, stop, ticks, waits=1 <= k == each - 1 >= dark) for k in range(each)]
        for k, path in enumerate(own):
            paths.append(path)
            silent.append(_silence(rng, stop, is_own=k < dark) if dark >= 0 else _any_silence(rng, n))
        if kind.endswith("dark"):
            numbers = number + np.arange(n)
            truth.append((kind, numbers, numbers + n, stop))
        number += n * each
    left = ships - number
    paths.append(_passages(rng, left, half, ticks))
    some = _any_silence(rng, left)
    silent.append(np.where((rng.uniform(size=left) < SILENT_SHARE)[:, None], some, np.nan))
    middle = sphere.unit_vectors(*np.array(SEAS)[int(rng.integers(len(SEAS)))])
    return _written(rng, middle, np.concatenate(paths), np.concatenate(silent), ticks, truth)


def _stops(rng: np.random.Generator, n: int, half: float, kind: str) -> _Stop:
    """Draw where and when ships stop: transfers for 2 to 8 hours, others for 1 to 12, drifters all day."""
    hours = (2.0, 8.0) if "dark" in kind or kind == "bunkering" else (1.0, 12.0)
    lasts = rng.uniform(*hours, n) * 3600.0
    start = rng.uniform(1.5 * 3600.0, HOURS * 3600.0 - lasts - 1.5 * 3600.0)
    if kind == "drift":
        start, lasts = np.full(n, -3600.0), np.full(n, (HOURS + 2) * 3600.0)
    drift = _unit(rng.uniform(0, 2 * np.pi, n)) * (rng.uniform(0.0, 1.4, n) * KNOT_M_PER_S)[:, None]
    return _Stop(rng.uniform(-half, half, (n, 2)), start, start + lasts, drift)


def _visitors(rng: np.random.Generator, stop: _Stop, ticks: Floats, *, waits: bool) -> Floats:
    """Bring ships to their stop from a passage and back to one, slowed by nothing: ``(n, k, 2)`` metres.

    Those that wait come hours earlier and leave later.
    """
    n = len(stop.start_s)
    speed = rng.uniform(8.0, 16.0, n) * KNOT_M_PER_S
    first = stop.start_s - rng.exponential(1200.0, n)
    last = stop.end_s + rng.exponential(1200.0, n)
    if waits:
        first, last = first - _waited_s(rng, n, *WAITED_H), last + _waited_s(rng, n, *WAITED_AFTER_H)
    come = rng.uniform(0, 2 * np.pi, n)
    go = come + np.pi + rng.normal(0, 0.9, n)
    path = np.zeros((n, len(ticks), 2))
    for bearing, seconds in ((come, first[:, None] - ticks), (go, ticks - last[:, None])):
        way = speed[:, None] * np.maximum(seconds, 0.0)
        turn_m, turn = rng.uniform(5e3, 90e3, n), rng.normal(0, 0.5, n)
        near = np.minimum(way, turn_m[:, None])
        path += near[..., None] * _unit(bearing)[:, None]
        path += (way - near)[..., None] * _unit(bearing + turn)[:, None]
    middle = (stop.start_s + stop.end_s)[:, None] / 2.0
    lying = np.clip(ticks, stop.start_s[:, None], stop.end_s[:, None]) - middle
    beside = rng.normal(0, 80.0, (n, 1, 2))
    return np.asarray(path + stop.place[:, None] + lying[..., None] * stop.drift[:, None] + beside)


def _waited_s(rng: np.random.Generator, n: int, typical_h: float, most_h: float) -> Floats:
    return np.minimum(rng.exponential(typical_h, n), most_h) * 3600.0


def _unit(bearing: Floats) -> Floats:
    return np.stack((np.sin(bearing), np.cos(bearing)), axis=-1)


def _silence(rng: np.random.Generator, stop: _Stop, *, is_own: bool) -> Floats:
    """Draw silences around stops, from up to 3.5 hours before until as long after: ``(n, 2)`` seconds."""
    n = len(stop.start_s)
    before, after = rng.uniform(0.05, 3.5, (2, n)) * 3600.0
    lasts = np.stack((stop.start_s - before, stop.end_s + after), axis=1)
    return lasts if is_own else np.full((n, 2), np.nan)


def _any_silence(rng: np.random.Generator, n: int) -> Floats:
    lasts = np.exp(rng.uniform(np.log(2.1), np.log(12.0), n)) * 3600.0
    start = rng.uniform(0.0, HOURS * 3600.0, n)
    return np.stack((start, start + lasts), axis=1)


def _passages(rng: np.random.Generator, n: int, half: float, ticks: Floats) -> Floats:
    """Let ships sail on, turning every few hours: ``(n, k, 2)`` metres."""
    turns = (rng.uniform(size=(n, len(ticks))) < TICK_S / (5.0 * 3600.0)) * rng.normal(
        0, 0.5, (n, len(ticks))
    )
    course = rng.uniform(0, 2 * np.pi, (n, 1)) + np.cumsum(turns, axis=1)
    speed = (np.clip(rng.normal(12.0, 2.5, n), 3.0, 20.0) * KNOT_M_PER_S)[:, None]
    step = _unit(course) * (speed * TICK_S)[..., None]
    path = np.cumsum(step, axis=1)
    middle = path[:, path.shape[1] // 2][:, None]
    return np.asarray(path - middle + rng.uniform(-half, half, (n, 1, 2)))


def _written(
    rng: np.random.Generator, middle: Floats, path: Floats, silent: Floats, ticks: Floats, truth: list[_Fact]
) -> Given:  # fmt: skip
    """Write what is heard, every 2 to 15 minutes with 20 metres of error, and what is true."""
    middle_lon, middle_lat = sphere.lonlat(middle)
    frames = []
    every = np.exp(rng.uniform(np.log(120.0), np.log(900.0), len(path)))
    for row, (way, dark) in enumerate(zip(path, silent, strict=True)):
        count = int(ticks[-1] / every[row])
        moments = np.sort((np.arange(count) + rng.uniform(0, 0.9, count)) * every[row])
        moments = moments[~((moments > dark[0]) & (moments < dark[1]))]
        metres = np.stack([np.interp(moments, ticks, way[:, axis]) for axis in (0, 1)], axis=1)
        metres += rng.normal(0, 20.0, metres.shape)
        frames.append(pl.DataFrame({"row": np.full(len(moments), row), "seconds": moments, "e": metres[:, 0],
                                    "n": metres[:, 1]}))  # fmt: skip
    rows = pl.concat(frames)
    lon, lat = _laid(middle_lon, middle_lat, rows["e"].to_numpy(), rows["n"].to_numpy())
    mmsi = rng.permutation(600_000)[: len(path)] + 370_000_000
    time = pl.Series((START_MS + rows["seconds"].to_numpy() * 1000.0).astype(np.int64)).cast(TIME)
    positions = pl.DataFrame(
        {"mmsi": mmsi[rows["row"].to_numpy()], "time": time, "lon": lon.round(5), "lat": lat.round(5)}
    )
    return Given(
        positions.sort("time", "mmsi"), _facts(truth, mmsi.astype(np.int64), (middle_lon, middle_lat))
    )


def _laid(lon: Floats, lat: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    course, off = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
    shape = np.ones_like(off)
    return sphere.destination(lon * shape, lat * shape, course, off)


def _facts(truth: list[_Fact], mmsi: Ints, middle: tuple[Floats, Floats]) -> pl.DataFrame:
    """Write the truth; ships come and leave a little before and after the meeting itself."""
    parts = []
    for kind, one, other, stop in truth:
        lon, lat = _laid(*middle, stop.place[:, 0], stop.place[:, 1])
        start, end = (START_MS + s * 1000.0 for s in (stop.start_s, stop.end_s))
        parts.append(pl.DataFrame({
            "kind": [kind] * len(lon), "mmsi_a": mmsi[one], "mmsi_b": mmsi[other], "start": start.astype(np.int64),
            "end": end.astype(np.int64), "lon": lon, "lat": lat,
        }))  # fmt: skip
    return pl.concat(parts).with_columns(pl.col("start", "end").cast(TIME))
