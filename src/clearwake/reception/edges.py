"""Edges: whether a ship fell silent where it was leaving what is heard, or in the midst of it.

Who sails out of reach is heard until the edge, and again from the edge on.  Who is switched off falls silent anywhere.
How often ships under way are at an edge by chance is learnt from the same data: seldom where many sail, often where
few do, and the less an edge then says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from clearwake.reception.cells import FINEST_DEG, cell_of
from clearwake.reception.learnt import Learnt
from clearwake.reception.roll import Roll
from clearwake.reception.trace import MOVES_M_PER_S, Trace
from clearwake.sphere import EARTH_RADIUS_M, Floats, destination, lonlat

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
CoastDistance = Callable[[Floats, Floats], Floats]

HEARD_FROM, HEARD_ALL = 0.6, 0.9
"""Where this part of ships is heard again within two hours, none or all of an hour there counts as well heard."""

STRAIGHT_M = (0.0, 10_000.0, 20_000.0)
FAN_M, FAN_DEG = (15_000.0, 25_000.0, 35_000.0), (-40.0, -20.0, 0.0, 20.0, 40.0)
"""Ahead, straight on and in a fan; cells are 11 km wide, so nearer ones may be those it comes from."""

AT_EDGE, FADES = 0.8, 0.1
"""Of ships that sail out of reach this part has nobody at all ahead; a tenth of the fan more, a third of that."""

MOST_ODDS = 20.0
SAMPLE, BLEND = 4000, 50.0
BANDS_KM = np.array([25.0, 80.0, 200.0])
"""How often ships are at an edge by chance is told apart by distance from the coast: the open sea is emptier."""


class Edges:
    """The edges of what is heard.

    Args:
        learnt: The map.
        trace: Whose ships under way tell how often one is at an edge by chance.
        roll: Where each of them was heard: only others tell where ships are heard.
        coast_km: Distances to the coast.
        alike: Which rows of the trace count: of ships that are heard as far.
    """

    def __init__(
        self, learnt: Learnt, trace: Trace, roll: Roll, coast_km: CoastDistance, alike: Bools
    ) -> None:
        self._learnt, self._coast_km = learnt, coast_km
        self._own_key, self._own_h = _own_hours(roll)
        motion = trace.departing()
        under_way = np.flatnonzero(_is_under_way(motion) & alike)
        under_way = under_way[:: max(under_way.size // SAMPLE, 1)]
        heard = self._heard_ahead(trace.track[under_way], trace.end[under_way], motion[under_way])
        band = np.searchsorted(BANDS_KM, coast_km(*lonlat(trace.end[under_way])))
        self._all = np.sort(heard)
        self._of_band = [np.sort(heard[band == n]) for n in range(BANDS_KM.size + 1)]

    def odds(self, track: Ints, place: Floats, motion: Floats, coast: Floats) -> Floats:
        """Say how much likelier places are for ships leaving what is heard than for any: 1 or more.

        Args:
            track: Which ships.
            place: Where ships were last heard; or first heard again, ``(n, 3)``.
            motion: How they sailed on; or from where they came, backwards, ``(n, 3)``.
            coast: Distances to the coast, kilometres.
        """
        heard = self._heard_ahead(track, place, motion)
        band = np.searchsorted(BANDS_KM, coast)
        chance = BLEND * _at_most(self._all, heard)
        size = np.full(heard.size, BLEND)
        for n, known in enumerate(self._of_band):
            own = band == n
            chance[own] += known.size * _at_most(known, heard[own])
            size[own] += known.size
        chance = np.maximum(chance / size, 1.0 / MOST_ODDS)
        odds = np.clip(AT_EDGE * np.exp(-heard / FADES) / chance, 1.0, MOST_ODDS)
        return np.where(_is_under_way(motion), odds, 1.0)

    def inside(self, place: Floats, motion: Floats, in_map: NDArray[np.bool_]) -> Floats:
        """Say how surely ships are heard here and 20 km farther on as well: 0 to 1.

        Args:
            place: As for ``odds``.
            motion: As for ``odds``.
            in_map: Whose own silence is in the map, and must not speak against itself.
        """
        moves = _is_under_way(motion)
        step = motion / np.maximum(np.linalg.norm(motion, axis=1), 1e-30)[:, None] * moves[:, None]
        own = (np.arange(len(place), dtype=np.int64), in_map.astype(np.float64))
        worst = np.ones(len(place))
        for off_m in STRAIGHT_M:
            lon, lat = lonlat(place + step / EARTH_RADIUS_M * off_m)
            there = self._learnt.expected(lon, lat, self._coast_km(lon, lat), own)
            well = np.clip((there.share - HEARD_FROM) / (HEARD_ALL - HEARD_FROM), 0.0, 1.0)
            worst = np.minimum(worst, well * (1.0 - np.exp(-there.cell_h / 2.0)))
        return worst

    def _heard_ahead(self, track: Ints, place: Floats, motion: Floats) -> Floats:
        """Give the part of the fan ahead in which other ships were ever heard: ``(n,), (n, 3), (n, 3) -> (n,)``."""
        lon, lat = lonlat(place)
        course = _course_deg(place, motion)
        heard = np.zeros(len(place))
        for off_m in FAN_M:
            for turn_deg in FAN_DEG:
                x, y = destination(lon, lat, course + turn_deg, np.full(lon.size, off_m))
                heard += self._learnt.heard_here(x, y, self._own(track, cell_of(x, y, FINEST_DEG)))
        return heard / (len(FAN_M) * len(FAN_DEG))

    def _own(self, track: Ints, cell: Ints) -> Floats:
        """Give the ship-hours that ships were heard in cells themselves: ``(n,), (n,) -> (n,)``."""
        key = _paired(track, cell)
        at = np.searchsorted(self._own_key, key).clip(0, max(self._own_key.size - 1, 0))
        if not self._own_key.size:
            return np.zeros(key.size)
        return np.where(self._own_key[at] == key, self._own_h[at], 0.0)


def _own_hours(roll: Roll) -> tuple[Ints, Floats]:
    """Count how long each ship was heard in each cell."""
    heard = np.flatnonzero(roll.is_heard)
    cell = cell_of(*lonlat(roll.place[heard]), FINEST_DEG)
    key, quarters = np.unique(_paired(roll.track[heard], cell), return_counts=True)
    return key, np.asarray(quarters * 0.25, np.float64)


def _paired(track: Ints, cell: Ints) -> Ints:
    """Make one number of a track and a cell; two pairs in 2^64 or so share one."""
    return np.asarray((track.astype(np.uint64) * _SPREAD ^ cell.astype(np.uint64)).view(np.int64))


_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number, the golden part of 2^64: multiplying by it spreads tracks over all numbers."""


def _is_under_way(motion: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.linalg.norm(motion, axis=1) * EARTH_RADIUS_M * 1000.0 >= MOVES_M_PER_S)


def _course_deg(place: Floats, motion: Floats) -> Floats:
    """Give the course of a motion: ``(n, 3), (n, 3) -> (n,)`` degrees from north."""
    level = np.hypot(place[:, 0], place[:, 1])
    flat = np.maximum(level, 1e-12)
    east = (-place[:, 1] * motion[:, 0] + place[:, 0] * motion[:, 1]) / flat
    north = (
        motion[:, 2] * level - place[:, 2] * (place[:, 0] * motion[:, 0] + place[:, 1] * motion[:, 1]) / flat
    )
    return np.asarray(np.degrees(np.arctan2(east, north)))


def _at_most(known: Floats, heard: Floats) -> Floats:
    """Give the part of ``known`` that is at most this: ``(k,), (n,) -> (n,)``."""
    return np.asarray(np.searchsorted(known, heard + 1e-9, side="right") / max(known.size, 1), np.float64)
