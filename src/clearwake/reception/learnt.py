"""Reception learnt from the data: how many ships were heard where and at what hour, and how often each.

Counts are made per day and cell; days add up.  What is asked of a place is answered from the smallest cell around it
that has enough to say, and what a cell lacks is filled up from the larger one: 11 and 33 km, then the waters as
far from the coast within 111 and 450 km, then all waters at that distance.  Distance from
the coast counts as it decides what stations ashore can hear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.model import schema
from clearwake.model.reception import Reception, ReceptionDay
from clearwake.reception.cells import FINEST_DEG, cell_of, middle_of
from clearwake.reception.digest import QUARTER_MS
from clearwake.reception.roll import Roll
from clearwake.reception.trace import Spans, Trace
from clearwake.sphere import EARTH_RADIUS_M, Floats, lonlat

Ints = NDArray[np.int64]

UNHEARD_MS = 2 * 3_600_000
"""A ship between two positions so far apart was not heard where it was; ``silences`` begin there."""

HEIGHTS_DEG = (FINEST_DEG, 0.3, 1.0)
REGION_DEG = 4.0
BANDS_KM = np.array([10.0, 25.0, 45.0, 65.0, 80.0, 95.0, 110.0, 130.0, 160.0, 200.0, 300.0, 500.0, 1000.0])
"""Distances from the coast at which waters are told apart; VHF from shore reaches 40 nm (74 km) and more when high."""

ASSUMED_SHARE = 0.5
"""Where nothing at all is known, as much speaks for being heard as against."""

PRIOR_H = 4.0
"""A cell's own ship-hours count as much as what the larger cell says from here on."""

HOUR_PRIOR_H = 20.0
LINGERS_H = 1.0
"""No silence counts more in one cell of 11 km: one ship that stays away would outweigh many that pass and are heard."""

OPEN_COUNTS = 0.25
"""An hour after a ship's last position counts less than one between two: it may have arrived, or lie still."""

ASHORE_KM, STAYED_M = 5.0, 3_000.0
SHORE_REACH_KM = 75.0
"""Nobody ashore hears farther out on most days (40 nm); used to guess what heard a ship where the feed does not say."""

_KEY = ("place", "hour", "kind", "class_b")
COUNTS = ("quarters", "positions", "heard_h", "silent_h")


def day_counts(
    trace: Trace, silent: Spans, roll: Roll, coast_km: Floats, day: int, outage: NDArray[np.bool_]
) -> pl.DataFrame:
    """Count one day: a table of ``ReceptionDay``.

    Silences count on the day they end, whichever days they passed; those still open on the day their hull was last
    heard, for the hours it is taken to have sailed on.

    Args:
        trace: Digests of that day, and of days around it.
        silent: The silences in it.
        roll: The roll of it.
        coast_km: Distances to the coast at ``trace.begin``.
        day: Days since 1970.
        outage: Which silences an outage explains: they tell nothing of how ships are heard there.
    """
    quarters = 86_400_000 // QUARTER_MS
    of_trace = trace.quarter // quarters == day
    heard = (roll.quarter // quarters == day) & roll.is_heard
    unheard = counted(silent, coast_km[silent.row], outage)
    ends = np.where(silent.is_open, silent.start, silent.end) // 86_400_000
    away = (
        (roll.span >= 0) & (unheard & (ends == day))[roll.span] if len(silent) else np.zeros(heard.size, bool)
    )
    parts = [
        _of_trace(trace, np.flatnonzero(of_trace), coast_km),
        _present(roll, heard).with_columns(heard_h=pl.lit(0.25)),
        _unheard(roll, silent, away),
    ]
    return summed(parts)


def counted(silent: Spans, coast_km: Floats, outage: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which silences count as ship-hours unheard: two hours or more, of ships under way, and no outage's.

    A ship that was last heard at the shore and not again, or again in the same place, has arrived rather than sailed
    where it is not heard.

    Args:
        silent: The silences.
        coast_km: From where each hull was last heard.
        outage: Which an outage explains.
    """
    moved_m = np.linalg.norm(silent.there - silent.here, axis=1) * EARTH_RADIUS_M
    arrived = (coast_km <= ASHORE_KM) & (silent.is_open | (moved_m <= STAYED_M))
    return np.asarray((silent.lasted >= UNHEARD_MS) & silent.moves & ~arrived & ~outage)


def _unheard(roll: Roll, silent: Spans, which: NDArray[np.bool_]) -> pl.DataFrame:
    """Count the silent: none for more than ``LINGERS_H`` in one small cell, for nobody knows that it stayed there."""
    span = roll.span[which]
    there = _present(roll, which).with_columns(
        span=pl.Series(span), counts=pl.Series(np.where(silent.is_open[span], OPEN_COUNTS, 1.0))
    )
    stayed_h = 0.25 * pl.len().over("span", "place")
    return there.with_columns(silent_h=0.25 * pl.col("counts") * (LINGERS_H / stayed_h).clip(upper_bound=1.0))


def _of_trace(trace: Trace, rows: Ints, coast_km: Floats) -> pl.DataFrame:
    lon, lat = lonlat(trace.begin[rows])
    hour = trace.quarter[rows] // 4
    same = (np.diff(trace.track[rows], prepend=-1) == 0) & (np.diff(hour, prepend=-1) == 0)
    group = np.cumsum(~same) - 1
    often = np.bincount(group)[group] if rows.size else np.zeros(0, np.int64)
    said = np.where(
        trace.satellite[rows] > trace.terrestrial[rows], "satellite",
        np.where(trace.terrestrial[rows] > 0, "terrestrial", ""),
    )  # fmt: skip
    guessed = np.where(
        coast_km[rows] <= SHORE_REACH_KM, np.where(often >= 3, "terrestrial", "unknown"),
        np.where(often <= 2, "satellite", "unknown"),
    )  # fmt: skip
    place = cell_of(lon, lat, FINEST_DEG)
    frame = pl.DataFrame({
        "place": place, "hour": hour % 24, "kind": np.where(said == "", guessed, said).astype(str),
        "class_b": trace.class_b[rows], "track": trace.track[rows], "positions": trace.positions[rows],
        "quarters": np.ones(rows.size, np.int64),
    })  # fmt: skip
    return frame.group_by(_KEY).agg(
        pl.col("track").n_unique().alias("ships"), pl.col("positions", "quarters").sum()
    )


def _present(roll: Roll, which: NDArray[np.bool_]) -> pl.DataFrame:
    lon, lat = lonlat(roll.place[which])
    return pl.DataFrame({
        "place": cell_of(lon, lat, FINEST_DEG), "hour": roll.quarter[which] // 4 % 24,
        "kind": np.full(int(which.sum()), "unknown"), "class_b": roll.class_b[which],
    })  # fmt: skip


def summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Add up counts of days, places or parts of them: a table of ``ReceptionDay``."""
    wanted = schema(ReceptionDay)
    laid = [
        p.select((pl.col(n) if n in p.columns else pl.lit(0)).cast(t).alias(n) for n, t in wanted.items())
        for p in parts
    ]
    both = pl.concat(laid) if laid else pl.DataFrame(schema=wanted)
    return both.group_by(_KEY).agg(pl.col(n).sum() for n in wanted if n not in _KEY).sort(_KEY)


def of_class(counts: pl.DataFrame, *, class_b: bool) -> pl.DataFrame:
    """Give what a map says of ships of one class of transmitter: a table of ``ReceptionDay``.

    Class A sends with 12.5 W, class B with 2 or 5 and seldom (ITU-R M.1371-5, annexes 2 and 7), so satellites and far
    stations hear the one and not the other.  Where one of class B is heard one of class A would be; that one is not
    heard says nothing of class A.
    """
    if class_b:
        return counts.filter("class_b")
    return counts.with_columns(silent_h=pl.when("class_b").then(0.0).otherwise("silent_h"))


def shown(counts: pl.DataFrame, height_deg: float = HEIGHTS_DEG[1]) -> pl.DataFrame:
    """Show the map: a table of ``Reception`` in cells of this height, by place, hour and kind."""
    lon, lat = middle_of(counts["place"].to_numpy(), FINEST_DEG)
    larger = counts.with_columns(place=pl.Series(cell_of(lon, lat, height_deg)))
    rows = summed([larger.with_columns(class_b=pl.lit(value=False))])
    lon, lat = middle_of(rows["place"].to_numpy(), height_deg)
    present = pl.col("heard_h") + pl.col("silent_h")
    share = pl.when(present > 0).then(pl.col("heard_h") / present)
    per_day = pl.when(present > 0).then(pl.col("positions") / present * 24.0)
    told = rows.with_columns(
        lon=pl.Series(lon), lat=pl.Series(lat), cell_deg=pl.lit(height_deg), audible_share=share.round(3),
        positions_per_day=per_day.round(1),
    )  # fmt: skip
    return told.select(pl.col(n).cast(t) for n, t in schema(Reception).items()).sort(
        "lat", "lon", "hour", "kind"
    )


@dataclass(frozen=True)
class Expected:
    """What a ship at a place would be expected to give; every field ``(n,)``."""

    share: Floats
    """Of ships there, the part that is heard again within two hours."""
    quarters_per_h: Floats
    """Quarters in an hour in which one that is heard is heard, 0 to 4."""
    per_day: Floats
    """Positions a day."""
    cell_h: Floats
    """Ship-hours within the cell of 33 km."""
    near_h: Floats
    """Ship-hours within 111 km at the same distance from the coast: how much this rests on."""
    region_h: Floats
    """Ship-hours within 450 km at the same distance from the coast."""
    band_h: Floats
    """Ship-hours anywhere at the same distance from the coast."""


@dataclass(frozen=True)
class _Level:
    key: Ints
    counts: Floats
    """``(k, 4)`` in the order of ``COUNTS``."""

    def of(self, key: Ints) -> Floats:
        """Give the counts of cells; zeros for cells without any."""
        if not self.key.size:
            return np.zeros((key.size, len(COUNTS)))
        at = np.minimum(np.searchsorted(self.key, key), self.key.size - 1)
        return np.where((self.key[at] == key)[:, None], self.counts[at], 0.0)


class Learnt:
    """The map, ready to be asked.

    Args:
        counts: A table of ``ReceptionDay``, days added up.
        coast_km: Distances to the coast at the middles of its cells, kilometres.
    """

    def __init__(self, counts: pl.DataFrame, coast_km: Floats) -> None:
        lon, lat = middle_of(counts["place"].to_numpy(), FINEST_DEG)
        values = counts.select(pl.col(n).cast(pl.Float64) for n in COUNTS).to_numpy()
        self._levels = [_level(key, values) for key in _keys(lon, lat, coast_km)]
        self.heard_h = float(counts["heard_h"].sum())
        """Ship-hours heard anywhere."""
        hours = counts["hour"].to_numpy().astype(np.int64)
        self._hours = _level(_with_hour(lon, lat, hours), values)

    def expected(
        self, lon: Floats, lat: Floats, coast_km: Floats, own: tuple[Ints, Floats] | None = None
    ) -> Expected:
        """Say what is expected at places, at any hour.

        Args:
            lon: Degrees.
            lat: Degrees.
            coast_km: Distances to the coast.
            own: Whose silence each place belongs to, and how many of its silent ship-hours are in the map there and
                must not speak against itself.
        """
        share = np.full(lon.size, ASSUMED_SHARE)
        rate, per_h = np.full(lon.size, 1.0), np.full(lon.size, 1.0)
        rests_on: list[Floats] = []
        keys = _keys(lon, lat, coast_km)
        if own is not None:
            stayed_h = _own_hours(keys[0], *own)
            own = (own[0], own[1] * np.minimum(1.0, LINGERS_H / np.maximum(stayed_h, 1e-9)))
        for number in range(len(keys) - 1, -1, -1):
            counts = self._levels[number].of(keys[number])
            quarters, positions, heard, silent = counts.T
            if own is not None:
                silent = np.maximum(silent - _own_hours(keys[number], *own), 0.0)
            share = (heard + PRIOR_H * share) / (heard + silent + PRIOR_H)
            rate = (quarters + PRIOR_H * rate) / (heard + PRIOR_H)
            per_h = (positions + PRIOR_H * per_h) / (heard + silent + PRIOR_H)
            if number >= 1:
                rests_on.append(heard + silent)
        return Expected(share, np.minimum(rate, 4.0), per_h * 24.0, *reversed(rests_on))

    def heard_here(self, lon: Floats, lat: Floats, own_h: Floats) -> Floats:
        """Give the part of ships heard again within two hours in the very cell of 11 km: 0 where none ever was.

        Args:
            lon: Degrees.
            lat: Degrees.
            own_h: The asking ship's own ship-hours heard there, which do not count.
        """
        _, _, heard, silent = self._levels[0].of(cell_of(lon, lat, HEIGHTS_DEG[0])).T
        others = np.where(heard > own_h + 0.1, heard - own_h, 0.0)
        return np.asarray(others / np.maximum(others + silent, 1e-9))

    def per_day(self, lon: Floats, lat: Floats, coast_km: Floats, hour: Ints) -> Floats:
        """Give the positions a day expected of a ship at places at hours of the day."""
        any_hour = self.expected(lon, lat, coast_km).per_day / 24.0
        _, positions, heard, silent = self._hours.of(_with_hour(lon, lat, hour)).T
        return np.asarray((positions + HOUR_PRIOR_H * any_hour) / (heard + silent + HOUR_PRIOR_H) * 24.0)


def _keys(lon: Floats, lat: Floats, coast_km: Floats) -> list[Ints]:
    """Number the cells that places lie in, the smallest first, then by distance from the coast."""
    band = np.searchsorted(BANDS_KM, coast_km, side="right")
    small = [cell_of(lon, lat, height) for height in HEIGHTS_DEG[:-1]]
    large = [cell_of(lon, lat, height) * 100 + band for height in (HEIGHTS_DEG[-1], REGION_DEG)]
    return [*small, *large, band.astype(np.int64)]


def _with_hour(lon: Floats, lat: Floats, hour: Ints) -> Ints:
    return np.asarray(cell_of(lon, lat, HEIGHTS_DEG[-1]) * 24 + hour, np.int64)


def _level(key: Ints, values: Floats) -> _Level:
    known, where = np.unique(key, return_inverse=True)
    counts = np.stack([np.bincount(where, v, known.size).astype(np.float64) for v in values.T], axis=1)
    return _Level(known, counts)


def _own_hours(key: Ints, whose: Ints, hours: Floats) -> Floats:
    """Add up, for every place, the hours that its own silence has in the same cell."""
    order = np.lexsort((key, whose))
    k, w = key[order], whose[order]
    new = np.ones(k.size, bool)
    new[1:] = (k[1:] != k[:-1]) | (w[1:] != w[:-1])
    group = np.cumsum(new) - 1
    total = np.bincount(group, hours[order]) if k.size else np.zeros(0)
    own = np.empty(k.size)
    own[order] = total[group]
    return own
