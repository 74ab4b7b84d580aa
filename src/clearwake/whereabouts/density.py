"""How likely a silent hull is where, inside what it can reach: a mixture of what ships do when nobody hears them.

Six things, each a density of its own over the water within reach, added with weights: it drifts or waits where it was
last heard (or where it is heard again); it keeps on, straight for where it was going, by water; it loiters, staying
anywhere it had time for; it makes a run to a port and back; it follows the lanes others sail.  Where it was heard
again is part of every one: nothing has weight from where it could not have come back in time.

None of this is evidence that it was there: it says where to look first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from clearwake import sphere
from clearwake.model import UsageError
from clearwake.sphere import Floats
from clearwake.whereabouts.lattice import Lattice
from clearwake.whereabouts.prism import FINE_NODES, KM_PER_NM, Prism
from clearwake.whereabouts.reach import MS_PER_H

Booleans = NDArray[np.bool_]

UNDER_WAY_KN = 2.0
"""Below this a ship is not going anywhere.  Source: the median speed of Global Fishing Watch's encounters."""


@dataclass(frozen=True)
class Weights:
    """How much each behaviour counts, before they are brought to a sum of one."""

    drift: float = 0.10
    run: float = 0.45
    loiter: float = 0.15
    port: float = 0.10
    lanes: float = 0.20

    def of(self, motion: Motion) -> dict[str, float]:
        """Give the weights for a ship that moved so; for one that lay or drifted, waiting and running change places."""
        told = {each.name: float(getattr(self, each.name)) for each in fields(self)}
        if not motion.is_under_way:
            told["drift"], told["run"] = max(told["drift"], told["run"]), min(told["drift"], told["run"])
        return told

    @classmethod
    def parse(cls, text: str) -> Weights:
        """Read ``run=0.6,port=0``; what is not named keeps its weight.

        Raises:
            UsageError: If a name is unknown, or a weight no number or below 0, or all are 0.
        """
        known = {each.name: float(getattr(cls(), each.name)) for each in fields(cls)}
        try:
            given = {
                name.strip(): float(value) for name, value in (part.split("=") for part in text.split(","))
            }
        except ValueError:
            given = {"": -1.0}
        both = known | given
        if set(both) != set(known) or min(both.values()) < 0.0 or sum(both.values()) <= 0.0:
            message = f"weights {text!r} are not of the form run=0.5,port=0.1\n  next: name any of {', '.join(known)}"
            raise UsageError(message)
        return cls(**both)


@dataclass(frozen=True)
class Motion:
    """How a hull moved when last heard: null where not known."""

    speed_kn: float | None = None
    course_deg: float | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it was going somewhere; one of unknown speed is taken to."""
        return self.speed_kn is None or self.speed_kn >= UNDER_WAY_KN


@dataclass(frozen=True)
class Surroundings:
    """What is known of the waters: ports with how large they are, and where ships sail."""

    ports: Floats = field(default_factory=lambda: np.empty((0, 3)))
    port_size: Floats = field(default_factory=lambda: np.empty(0))
    lanes: Floats = field(default_factory=lambda: np.empty((0, 3)))
    ships: Floats = field(default_factory=lambda: np.empty(0))


SIZES = {"large": 4.0, "medium": 2.0, "small": 1.0, "very small": 0.5}
"""How often a port is called at, by the World Port Index's size."""


def port_sizes(anchorages: pl.DataFrame) -> tuple[Floats, Floats]:
    """Give ports as unit vectors ``(n, 3)`` and how much each counts ``(n,)``, from a table of ``Anchorage``."""
    ports = anchorages.filter(pl.col("kind") == "port")
    size = (
        ports["harbour_size"].str.to_lowercase().replace_strict(SIZES, default=0.5, return_dtype=pl.Float64)
    )
    return sphere.unit_vectors(ports["lon"].to_numpy(), ports["lat"].to_numpy()), size.to_numpy()


@dataclass(frozen=True)
class Density:
    """A density over the cells of a lattice: each holds its share of one."""

    lattice: Lattice
    free: Booleans
    """Which cells a ship may pass."""
    water: Booleans
    """Which are water in their middle."""
    slack_km: Floats
    """What the hull had to spare to be there; minus infinity on land."""
    share: Floats
    """How likely it was there ``(rows - 1, columns - 1)``; sums to 1 unless nothing is within reach."""
    weights: Mapping[str, float]
    """What each behaviour counted for; one that had no place at all counts nothing."""

    @property
    def likeliest(self) -> int:
        """Which cell is the middle of the likeliest few; one small harbour in a sea is not where to look first."""
        near = gaussian_filter(self.share, FEW_CELLS, mode="constant")
        return int(np.argmax(np.where(self.share > 0.0, near / self.lattice.cell_km2, 0.0)))

    def level(self, held: float) -> float:
        """Give the share per square kilometre above which the likeliest cells hold this part of all."""
        per_km2 = (self.share / self.lattice.cell_km2).ravel()
        order = np.argsort(-per_km2, kind="stable")
        together = np.cumsum(self.share.ravel()[order])
        if not len(together) or together[-1] <= 0.0:
            return np.inf
        return float(per_km2[order[min(np.searchsorted(together, held * together[-1]), len(order) - 1)]])


def density(
    prism: Prism,
    at_ms: float,
    motion: Motion,
    around: Surroundings,
    weights: Weights | None = None,
    nodes: int = FINE_NODES,
) -> Density:
    """Spread one silent hull over the water it can have been on at a moment.

    Args:
        prism: What it can reach.
        at_ms: The moment, milliseconds since 1970.
        motion: How it moved when last heard.
        around: Ports and lanes.
        weights: What each behaviour counts.
        nodes: How fine the lattice is.
    """
    sheet = prism.sheet(at_ms, nodes)
    free, water = prism.water_of(sheet)
    slack = prism.slack_km(sheet.middles, at_ms).reshape(sheet.cells)
    can = free & (slack >= 0.0)
    if not can.any():
        can = free & (slack >= -0.72 * sheet.step_km)
    told = (weights or Weights()).of(motion)
    look = _Look(prism, at_ms, motion, around, sheet, np.flatnonzero(can))
    ashore = np.where(water.ravel()[look.cells], 1.0, ASHORE)
    parts = {name: look.spread(name) * ashore for name, weight in told.items() if weight > 0.0}
    usable = {name: part for name, part in parts.items() if part.sum() > 0.0}
    if "drift" in usable:
        # Where it could not have stayed near either end, what is left of the bell's edge must not count for the whole.
        told["drift"] *= look.could_stay()
    together = max(sum(told[name] for name in usable), 1e-300)
    share = np.zeros(can.size)
    for name, part in usable.items():
        share[look.cells] += told[name] / together * part / part.sum()
    used = {name: told[name] / together if name in usable else 0.0 for name in told}
    return Density(sheet, free, water, slack, share.reshape(sheet.cells), used)


class _Look:
    """The cells within reach at one moment, and the behaviours over them."""

    def __init__(
        self,
        prism: Prism,
        at_ms: float,
        motion: Motion,
        around: Surroundings,
        sheet: Lattice,
        cells: NDArray[np.int64],
    ) -> None:
        span = prism.span
        self.prism, self.motion, self.around, self.sheet, self.cells = prism, motion, around, sheet, cells
        self.places = sheet.middles[cells]
        self.km2 = sheet.cell_km2.ravel()[cells]
        self.slack = np.maximum(prism.slack_km(self.places, at_ms), 0.0)
        self.there, self.home = prism.likely_km(self.places)
        self.gone_h = max((at_ms - span.since_ms) / MS_PER_H, 0.0)
        self.left_h = max((span.until_ms - at_ms) / MS_PER_H, 0.0)
        self.whole_km = (
            float(prism.likely_km(span.back[None, :])[0][0])
            if span.last is not None and span.back is not None
            else 0.0
        )
        usual = CRUISING * span.limit_kn
        said = motion.speed_kn if motion.speed_kn is not None and motion.is_under_way else usual
        self.cruise_km_h = min(max(said, 0.3 * usual), span.limit_kn) * KM_PER_NM

    def spread(self, name: str) -> Floats:
        """Give what one behaviour puts on each cell: a density times the cell's size."""
        known: dict[str, Callable[[], Floats]] = {
            "drift": self._drift, "run": self._run, "loiter": self._loiter, "port": self._port, "lanes": self._lanes,
        }  # fmt: skip
        return np.asarray(np.nan_to_num(known[name](), posinf=0.0) * self.km2)

    def _drift(self) -> Floats:
        """It stays: near where it was last heard, or already near where it is heard again."""
        return np.maximum(
            _bell(self.there, self._wide(DRIFT_KN * KM_PER_NM * self.gone_h))
            * (self.prism.there is not None),
            _bell(self.home, self._wide(DRIFT_KN * KM_PER_NM * self.left_h)) * (self.prism.home is not None),
        )

    def could_stay(self) -> float:
        """Say how much of what drifting would do is within reach: 1 in the middle of its bell, 0 far out."""
        return float(self._drift().max(initial=0.0))

    def _wide(self, km: float) -> float:
        """No bell is narrower than the error of positions and a cell."""
        return max(km, 1.0, self.sheet.step_km)

    def _run(self) -> Floats:
        """It keeps on: along the way to where it is heard again, or on its course at its speed."""
        if self.prism.there is None or self.prism.home is None:
            side, hours = (self.there, self.gone_h) if self.prism.home is None else (self.home, self.left_h)
            far = self.cruise_km_h * hours
            return (
                _bell(side - far, self._wide(0.25 * far)) * self._ahead() / np.maximum(side, self._wide(0.0))
            )
        gone = self.gone_h / max(self.gone_h + self.left_h, 1e-9)
        room = 2.0 * np.sqrt(gone * (1.0 - gone))
        along = _bell(self.there - gone * self.whole_km, self._wide(0.10 * self.whole_km * room))
        return along * _bell(self._detour(), self._wide(0.03 * self.whole_km * room))

    def _detour(self) -> Floats:
        """How much longer the way from end to end is by way of each cell."""
        return np.maximum(self.there + self.home - self.whole_km, 0.0)

    def _ahead(self) -> Floats:
        """How well each cell's bearing fits the course it was last heard on; 1 everywhere where there is none."""
        if self.motion.course_deg is None or not self.motion.is_under_way or self.prism.span.last is None:
            return np.ones(len(self.places))
        lon, lat = sphere.lonlat(self.places)
        own_lon, own_lat = sphere.lonlat(self.prism.span.last)
        off = np.radians(sphere.bearing_deg(own_lon, own_lat, lon, lat) - self.motion.course_deg)
        tight = max(np.radians(COURSE_DEG), 1e-3) ** -2
        return np.asarray(np.exp(tight * (np.cos(off) - 1.0)) + 0.02)

    def _loiter(self) -> Floats:
        """It waits anywhere it had time for: the longer it could stay there, the likelier."""
        if self.prism.there is None or self.prism.home is None:
            side = self.there if self.prism.home is None else self.home
            return self.slack / np.maximum(side, self._wide(0.0))
        return self.slack

    def _port(self) -> Floats:
        """It makes a run to a port in reach: on the way there, in port, or on the way back."""
        ports, size, there, home = self._ports()
        found = np.zeros(len(self.places))
        for place, weight, out_km, back_km in zip(ports, size, there, home, strict=True):
            apart = sphere.between_m(self.places, place) / 1000.0
            speed = max(self.cruise_km_h, (out_km + back_km) / max(self.gone_h + self.left_h, 1e-9))
            found += weight * self._on_run(apart, out_km, back_km, speed)
        return found

    def _on_run(self, apart: Floats, out_km: float, back_km: float, speed_km_h: float) -> Floats:
        """Spread it over one run: by how far it is from the port, and where it is by then at that speed."""
        sailed, to_sail = speed_km_h * self.gone_h, speed_km_h * self.left_h
        is_closed = self.prism.home is not None
        if self.prism.there is not None and sailed < out_km:
            detour = np.maximum(self.there + apart - out_km, 0.0)
            part = _bell(self.there - sailed, self._wide(0.15 * sailed)) * _bell(
                detour, self._wide(0.03 * out_km)
            )
        elif is_closed and to_sail < back_km:
            detour = np.maximum(self.home + apart - back_km, 0.0)
            part = _bell(self.home - to_sail, self._wide(0.15 * to_sail)) * _bell(
                detour, self._wide(0.03 * back_km)
            )
        else:
            part = _bell(apart, self._wide(IN_PORT_KM))
        whole = float((part * self.km2).sum())
        return part / whole if whole > 0.0 else part

    def _ports(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Choose the ports it had time for: place, weight, way there, way back."""
        span = self.prism.span
        there, home = self.prism.least_km(self.around.ports)
        longest = there + home
        in_time = np.flatnonzero(longest <= span.whole_km)
        away = np.exp(-longest[in_time] / max(span.whole_km / 2.0, 1.0))
        weight = self.around.port_size[in_time] * away
        best = np.argsort(-weight, kind="stable")[:MOST_PORTS]
        chosen = in_time[best]
        return self.around.ports[chosen], weight[best], there[chosen], home[chosen]

    def _lanes(self) -> Floats:
        """It sails where others sail, about as far along as the time allows."""
        if not len(self.around.lanes):
            return np.zeros(len(self.places))
        row, column, inside = self.sheet.cell_of(self.around.lanes)
        traffic = np.zeros(self.sheet.cells)
        np.add.at(traffic, (row[inside], column[inside]), self.around.ships[inside])
        wide = max(LANE_KM / self.sheet.step_km, 0.7)
        busy = gaussian_filter(np.sqrt(traffic), wide, mode="constant").ravel()[self.cells]
        if self.prism.there is None or self.prism.home is None:
            side, hours = (self.there, self.gone_h) if self.prism.home is None else (self.home, self.left_h)
            far = self.cruise_km_h * hours
            fits = _bell(side - 0.7 * far, self._wide(0.35 * far)) * np.sqrt(self._ahead())
            return np.asarray(busy * fits / np.maximum(side, self._wide(0.0)))
        gone = self.gone_h / max(self.gone_h + self.left_h, 1e-9)
        along = self.there / np.maximum(self.there + self.home, 1e-6)
        spare = max(self.prism.span.whole_km - self.whole_km, 1.0)
        return np.asarray(busy * _bell(along - gone, 0.2) * _bell(self._detour(), self._wide(0.25 * spare)))


ASHORE = 0.1
"""How much a place counts that is within reach but land by the outlines: a basin, a river mouth or an error."""
DRIFT_KN = 1.0
"""How fast a ship without power or at rest moves with wind and current, about."""
CRUISING = 0.6
"""How fast ships usually sail, as a part of the limit."""
COURSE_DEG = 20.0
"""How far from its last course a ship that keeps on is found, about."""
IN_PORT_KM = 3.0
"""Source: Global Fishing Watch takes a ship within 3 km of an anchorage to have entered the port."""
LANE_KM = 4.0
MOST_PORTS = 12
FEW_CELLS = 5.0


def _bell(off: Floats, wide: float) -> Floats:
    return np.asarray(np.exp(-0.5 * np.square(off / wide)))
