"""The space-time prism of one silence: where a hull can have been at any moment of it, by water.

It holds, on one lattice over all the silence allows, how far every place is at least from where the hull was last
heard, and from where it was heard again.  With that every moment can be asked: a place is reachable at T if what is
left of the speed limit's way, on both sides, is not negative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from clearwake import sphere
from clearwake.sphere import EARTH_RADIUS_M, NAUTICAL_MILE_M, Floats
from clearwake.whereabouts import lattice as sheets
from clearwake.whereabouts import water
from clearwake.whereabouts.lattice import Lattice, Stereographic
from clearwake.whereabouts.outline import polygons
from clearwake.whereabouts.reach import MS_PER_H, SLACK_M
from clearwake.whereabouts.water import NO_ICE, NOWHERE, Ice
from clearwake.whereabouts.way import Ways, graph, straight, ways

Booleans = NDArray[np.bool_]

KM_PER_NM = NAUTICAL_MILE_M / 1000.0
HALF_GLOBE_KM = np.pi * EARTH_RADIUS_M / 1000.0
FINEST_KM = 0.01
FINE_NODES = 90_000
_RAYS = 144
_HALF_DIAGONAL = 0.72
"""Half the diagonal of a cell, in sides, and a hundredth more."""


@dataclass(frozen=True)
class Span:
    """One silence: where and when a hull was last heard and heard again, and how fast it can be.

    Either end may be missing: one still silent has no ``back``, one not yet heard no ``last``.
    """

    last: Floats | None
    """Unit vector ``(3,)``."""
    since_ms: float
    back: Floats | None
    until_ms: float
    limit_kn: float
    error_km: float = SLACK_M / 1000.0
    """How far it may have been from where it was heard, at either end."""

    @property
    def speed_km_h(self) -> float:
        """The limit in kilometres an hour."""
        return self.limit_kn * KM_PER_NM

    @property
    def whole_km(self) -> float:
        """The longest way it can have sailed from end to end, errors included."""
        both = 2.0 if self.last is not None and self.back is not None else 1.0
        return self.speed_km_h * (self.until_ms - self.since_ms) / MS_PER_H + both * self.error_km

    def reach_km(self, at_ms: float) -> tuple[float, float]:
        """Give how far it can be at a moment from where it was last heard, and from where it was heard again."""
        there = self.speed_km_h * (at_ms - self.since_ms) / MS_PER_H + self.error_km
        back = self.speed_km_h * (self.until_ms - at_ms) / MS_PER_H + self.error_km
        return there if self.last is not None else np.inf, back if self.back is not None else np.inf

    @property
    def apart_km(self) -> float:
        """How far its two ends are apart as the crow flies; 0 with one end."""
        if self.last is None or self.back is None:
            return 0.0
        return float(sphere.between_m(self.last, self.back)) / 1000.0

    @property
    def needed_kn(self) -> float:
        """The speed it must have had at least to come from one end to the other, as the crow flies."""
        return self.speed_for(self.apart_km)

    def speed_for(self, way_km: float) -> float:
        """Give the speed a way from end to end needs, the errors at both ends in its favour."""
        hours = max(self.until_ms - self.since_ms, 1.0) / MS_PER_H
        return max(way_km - 2.0 * self.error_km, 0.0) / hours / KM_PER_NM


@dataclass(frozen=True)
class Area:
    """How much sea is within reach at one moment, square kilometres."""

    at_ms: float
    reachable_km2: float
    disc_km2: float
    """Within reach by distance alone, land included."""
    disc_sea_km2: float
    """The sea of that; what is more than ``reachable_km2`` lies behind land or ice."""


class Prism:
    """Where a hull can have been, at any moment of one silence.

    Args:
        span: The silence.
        heard: Where any ships were heard, unit vectors ``(n, 3)``: water, whatever the outlines of land say.
        ice: What closes the sea.
        nodes: How fine its lattice is; a coarse one lets more through, never less.

    Raises:
        ValueError: If the silence has no end at all, or ends before it begins.
    """

    def __init__(
        self, span: Span, heard: Floats = NOWHERE, ice: Ice = NO_ICE, nodes: int = sheets.MOST_NODES
    ) -> None:
        if (span.last is None and span.back is None) or span.until_ms < span.since_ms:
            message = f"a silence needs a place at one end, and must not end before it begins: {span}"
            raise ValueError(message)
        self.span, self._heard, self._ice = span, heard, ice
        self.lattice = _lattice_of(span, nodes)
        ends = np.stack([end for end in (span.last, span.back) if end is not None])
        self.free, self.sea = water.free_cells(self.lattice, ends, heard, ice)
        joined = None if self.free.all() else graph(self.lattice, self.free)
        self.there, self.home = self._ways(joined, span.last), self._ways(joined, span.back)

    def _ways(self, joined: csr_array | None, end: Floats | None) -> Ways | None:
        """Find the ways from one end, no longer than the silence allows; great circles where all is water."""
        if end is None:
            return None
        if joined is None:
            return straight(self.lattice, end)
        limit_km = self.span.whole_km * 1.06 + 10.0 * self.lattice.step_km
        return ways(self.lattice, joined, end, limit_km)

    @cached_property
    def way_km(self) -> float:
        """How far it is at least by water from one end to the other; infinite where there is no way; 0 with one end."""
        if self.there is None or self.span.back is None:
            return 0.0
        return float(self.least_km(self.span.back[None, :])[0][0])

    @cached_property
    def asks_land(self) -> bool:
        """Whether land is in the way at all: not where an end lies on inland water that is not known."""
        return not (self.free.all() and self.sea.all())

    @property
    def is_possible(self) -> bool:
        """Whether it can have come from one end to the other at all."""
        return max(self.way_km, self.span.apart_km) <= self.span.whole_km

    def least_km(self, places: Floats) -> tuple[Floats, Floats]:
        """Give how far places are at least from both ends by water: ``(n, 3) -> (n,), (n,)``.

        Infinite on land, off the lattice (which holds all that is within reach), and where no water leads; 0 from an
        end that is missing.
        """
        row, column, inside = self.lattice.cell_of(places)
        is_water = inside & self.free[row, column]
        corners = self.lattice.corners(row, column)
        away = sphere.between_m(self.lattice.nodes[corners], places[:, None, :]) / 1000.0
        found = []
        for side in (self.there, self.home):
            if side is None:
                found.append(np.where(is_water, 0.0, np.inf))
                continue
            round_land = side.node_km[corners] / side.shorter_by - side.off_km - away
            straight = sphere.between_m(places, side.origin) / 1000.0
            found.append(np.where(is_water, np.maximum(round_land.max(axis=-1), straight), np.inf))
        return found[0], found[1]

    def likely_km(self, places: Floats) -> tuple[Floats, Floats]:
        """Give about how far places are from both ends by water: neither the least nor the most."""
        row, column, inside = self.lattice.cell_of(places)
        corners = self.lattice.corners(row, column)
        away = sphere.between_m(self.lattice.nodes[corners], places[:, None, :]) / 1000.0
        found = []
        for side in (self.there, self.home):
            if side is None:
                found.append(np.zeros(len(places)))
                continue
            km = (side.likely_km[corners] + away).min(axis=-1)
            straight = sphere.between_m(places, side.origin) / 1000.0
            near = straight < 2.0 * self.lattice.step_km
            found.append(
                np.where(
                    near,
                    straight,
                    np.where(inside, np.maximum(km - self.lattice.step_km / 2.0, straight), np.inf),
                )
            )
        return found[0], found[1]

    def slack_km(self, places: Floats, at_ms: float) -> Floats:
        """Give how much of its way a hull had to spare to be at places at a moment: ``(n, 3) -> (n,)`` km.

        Negative where it cannot have been, minus infinity on land and where no water leads.
        """
        there, home = self.least_km(places)
        reach_there, reach_home = self.span.reach_km(at_ms)
        with np.errstate(invalid="ignore"):
            spare = np.minimum(reach_there - there, reach_home - home)
        return np.where(np.isfinite(there) & np.isfinite(home), spare, -np.inf)

    def could_be(self, places: Floats, at_ms: float) -> Booleans:
        """Tell at which places a hull can have been at a moment: ``(n, 3) -> (n,)``; never refuses a true one."""
        return self.slack_km(places, at_ms) >= 0.0

    def sheet(self, at_ms: float, nodes: int = FINE_NODES) -> Lattice:
        """Lay a fine lattice over all that is within reach at one moment."""
        reach = self.span.reach_km(at_ms)
        ends = [
            (end, km)
            for end, km in zip((self.span.last, self.span.back), reach, strict=True)
            if end is not None
        ]
        middle, towards = _middle_of(ends)
        if max(min(km for _, km in ends), 0.0) > sheets.FARTHEST_KM:
            return sheets.lattice_of_globe(nodes)

        def beyond(places: Floats) -> Floats:
            return np.asarray(
                np.max([sphere.between_m(places, end) / 1000.0 - km for end, km in ends], axis=0)
            )

        return _laid(middle, towards, beyond, nodes, FINEST_KM)

    def area(self, at_ms: float, nodes: int = FINE_NODES) -> Area:
        """Measure the sea within reach at a moment."""
        sheet = self.sheet(at_ms, nodes)
        places, km2 = sheet.middles, sheet.cell_km2.ravel()
        row, column, inside = self.lattice.cell_of(places)
        is_sea = inside & self.sea[row, column]
        in_disc = self._in_disc(places, at_ms)
        reachable = is_sea & self.could_be(places, at_ms)
        return Area(at_ms, *(float(km2[which].sum()) for which in (reachable, in_disc, in_disc & is_sea)))

    def _in_disc(self, places: Floats, at_ms: float) -> Booleans:
        inside = np.ones(len(places), np.bool_)
        for end, km in zip((self.span.last, self.span.back), self.span.reach_km(at_ms), strict=True):
            if end is not None:
                inside &= sphere.between_m(places, end) / 1000.0 <= km
        return inside

    def growth(self, times_ms: Floats, nodes: int = 4_000) -> list[Area]:
        """Measure the sea within reach at several moments."""
        return [self.area(float(at), nodes) for at in times_ms]

    def water_of(self, sheet: Lattice) -> tuple[Booleans, Booleans]:
        """Tell which cells of another lattice a ship may pass, and which are water in their middle."""
        if not self.asks_land:
            return np.ones(sheet.cells, np.bool_), np.ones(sheet.cells, np.bool_)
        free, sea = water.free_cells(sheet, NOWHERE, self._heard, self._ice)
        ends = np.stack([end for end in (self.span.last, self.span.back) if end is not None])
        return water.opened(sheet, free, ends[sheet.cell_of(ends)[2]]), sea

    def outline(self, sheet: Lattice, free: Booleans, at_ms: float) -> shapely.MultiPolygon:
        """Outline what is within reach at a moment, outside every cell of which any part may be: degrees.

        Args:
            sheet: A lattice over all of it (``sheet``).
            free: Which of its cells a ship may pass (``water_of``).
            at_ms: The moment.
        """
        slack = self.slack_km(sheet.middles, at_ms).reshape(sheet.cells)
        unsure = free & ~np.isfinite(slack)
        if unsure.any():
            slack[unsure] = self._slack_beside(sheet.middles[unsure.ravel()], at_ms, sheet.step_km)
        return polygons(sheet, slack + _HALF_DIAGONAL * sheet.step_km, free)

    def _slack_beside(self, places: Floats, at_ms: float, cell_km: float) -> Floats:
        """Give at least the slack of any water as near as half a cell's diagonal to places on this lattice's land.

        Each corner of that water's own cell is a node near by, at most a diagonal farther.
        """
        reach_there, reach_home = self.span.reach_km(at_ms)
        there = 0.0 if self.there is None else self.there.least_km
        home = 0.0 if self.home is None else self.home.least_km
        spare = np.minimum(reach_there - there, reach_home - home)
        at = (
            self.lattice.plane.onto(places) - (self.lattice.west_km, self.lattice.south_km)
        ) / self.lattice.step_km
        near = np.round(at).astype(np.int64)
        wide = int(np.ceil(_HALF_DIAGONAL * cell_km / self.lattice.step_km)) + 2
        best = np.full(len(places), -np.inf)
        for up in range(-wide, wide + 1):
            for across in range(-wide, wide + 1):
                row = np.clip(near[:, 1] + up, 0, self.lattice.rows - 1)
                column = np.clip(near[:, 0] + across, 0, self.lattice.columns - 1)
                node = row * self.lattice.columns + column
                away = sphere.between_m(self.lattice.nodes[node], places) / 1000.0
                best = np.maximum(best, spare[node] - away)
        return best + 2.0 * _HALF_DIAGONAL * self.lattice.step_km


def one_sided(span: Span) -> tuple[Span, Span]:
    """Give a silence as two: what could be reached after it was last heard, and from where it could have come back."""
    return replace(span, back=None), replace(span, last=None)


def _lattice_of(span: Span, nodes: int) -> Lattice:
    """Lay a lattice over every place that can be passed in a silence."""
    ends = [end for end in (span.last, span.back) if end is not None]
    whole_km = max(span.whole_km, span.apart_km) * 1.001 + 0.5
    if whole_km / len(ends) > sheets.FARTHEST_KM:
        return sheets.lattice_of_globe(nodes)
    middle, towards = _middle_of([(end, whole_km / 2.0) for end in ends])

    def beyond(places: Floats) -> Floats:
        return np.asarray(np.sum([sphere.between_m(places, end) / 1000.0 for end in ends], axis=0) - whole_km)

    return _laid(middle, towards, beyond, nodes, sheets.LEAST_STEP_KM)


def _middle_of(ends: list[tuple[Floats, float]]) -> tuple[Floats, Floats | None]:
    """Give a place within reach of all ends, and where the long axis of what is within reach points."""
    if len(ends) == 1:
        return ends[0][0], None
    (a, a_km), (b, b_km) = ends
    apart_km = float(sphere.between_m(a, b)) / 1000.0
    if apart_km < 1e-6 or apart_km > 0.999 * HALF_GLOBE_KM:
        return (a, None) if a_km <= b_km else (b, None)
    along_km = np.clip(
        (max(-a_km, apart_km - b_km) + min(a_km, apart_km + b_km)) / 2.0, -a_km, apart_km + b_km
    )
    angle, whole = along_km * 1000.0 / EARTH_RADIUS_M, apart_km * 1000.0 / EARTH_RADIUS_M
    across = (b - a * np.cos(whole)) / np.sin(whole)
    middle = a * np.cos(angle) + across * np.sin(angle)
    return middle, a * np.cos(angle + 0.1) + across * np.sin(angle + 0.1)


def _laid(
    middle: Floats, towards: Floats | None, beyond: Callable[[Floats], Floats], nodes: int, finest_km: float
) -> Lattice:
    """Lay a lattice over the area round a place where ``beyond`` is not positive; it is found along rays."""
    plane = Stereographic.round(middle, towards)
    bearing = np.arange(_RAYS) * (2.0 * np.pi / _RAYS)
    rays = np.outer(np.cos(bearing), plane.axes[0]) + np.outer(np.sin(bearing), plane.axes[1])
    near, far = np.zeros(_RAYS), np.full(_RAYS, sheets.FARTHEST_KM * 1.02)
    for _ in range(28):
        km = (near + far) / 2.0
        angle = km[:, None] * 1000.0 / EARTH_RADIUS_M
        is_beyond = beyond(plane.axes[2] * np.cos(angle) + rays * np.sin(angle)) > 0.0
        near, far = np.where(is_beyond, near, km), np.where(is_beyond, km, far)
    on_map = 2.0 * sheets.RADIUS_KM * np.tan(far / (2.0 * sheets.RADIUS_KM)) * 1.01 + finest_km
    half_x, half_y = (
        float(np.abs(on_map * np.cos(bearing)).max()),
        float(np.abs(on_map * np.sin(bearing)).max()),
    )
    return sheets.lattice_round(middle, towards, half_x, half_y, nodes, finest_km)
