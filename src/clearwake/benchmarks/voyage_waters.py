"""Where the benchmark of voyages sails: ports of East Asia, ways between them by sea, and one ship on its way.

The ways are searched on a grid of this file's own, stricter than the one that detours are measured on: ships keep off
the land, so an honest way is up to a few tenths longer than the shortest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import places, sphere
from clearwake.model import TIME
from clearwake.sphere import Floats

Ints = NDArray[np.int64]

CELL_DEG = 0.25
WEST, EAST, SOUTH, NORTH = 103.0, 145.0, 5.0, 46.0
_SAMPLES = (-0.1, 0.0, 0.1)
"""Nine points of a cell must all be sea."""

OFFING_KM = 60.0
"""Meetings and silences at sea are planted this far from any coast."""

STEP_H, JITTER_H = 1.0 / 3.0, 0.05
"""Ships are heard every twenty minutes, three minutes more or less."""

NOISE_DEG = 1.5e-4
"""Some fifteen metres."""


class Port(NamedTuple):
    """A port, and how crews spell it; the first spelling is the UN/LOCODE."""

    name: str
    lon: float
    lat: float
    said: tuple[str, ...]


_SAID = {
    "Busan": ("KRPUS", "KR PUS", "BUSAN", "PUSAN,KOREA", "BUSAN S.KOREA"),
    "Yosu": ("KRYOS", "KR YOS", "YEOSU", "YOSU KOREA"),
    "Ulsan": ("KRUSN", "KR USN", "ULSAN", "ULSAN,KOREA"),
    "Inchon": ("KRINC", "KR-INC", "INCHEON", "INCHON ANCH"),
    "Shanghai": ("CNSHA", "CN SHA", "SHANGHAI", "SHANGHAI,CHINA"),
    "Ningbo": ("CNNGB", "CN NGB", "NINGBO", "NINGBO CHINA"),
    "Qingdao Gang": ("CNTAO", "CN TAO", "QINGDAO", "QINGDAO,CHINA"),
    "Dalian": ("CNDLC", "CN-DLC", "DALIAN", "DALIAN CHINA"),
    "Xiamen": ("CNXMN", "CN XMN", "XIAMEN"),
    "Hong Kong": ("HKHKG", "HK HKG", "HONG KONG", "HONGKONG"),
    "Kao-Hsiung": ("TWKHH", "TW KHH", "KAOHSIUNG", "KAOHSIUNG,TAIWAN"),
    "Chi-Lung": ("TWKEL", "TW KEL", "KEELUNG"),
    "Nagasaki": ("JPNGS", "JP NGS", "NAGASAKI", "NAGASAKI JAPAN"),
    "Hakata": ("JPHKT", "JP HKT", "HAKATA"),
    "Tokyo Ko": ("JPTYO", "JP TYO", "TOKYO", "TOKYO,JAPAN"),
    "Niigata Ko": ("JPKIJ", "JP KIJ", "NIIGATA"),
    "Vladivostok": ("RUVVO", "RU VVO", "VLADIVOSTOK", "VLADIVOSTOK,RUSSIA"),
    "Manila": ("PHMNL", "PH MNL", "MANILA", "MANILA NORTH"),
    "Hai Phong": ("VNHPH", "VN HPH", "HAIPHONG", "HAI PHONG,VIETNAM"),
    "Da Nang": ("VNDAD", "VN DAD", "DA NANG", "DANANG"),
}

DPRK = ("Nampo", "Ch'ongjin", "Wonsan", "Hungnam", "Najin")


class Waters:
    """Ports and the ways between them and to places at sea; ``(m, 2)`` degrees from here to there."""

    def __init__(self) -> None:
        known = places.load().anchorages.filter(pl.col("kind") == "port")
        at = {name: (lon, lat) for name, lon, lat in known.select("name", "lon", "lat").iter_rows()}
        self.ports = [Port(name, *at[name], said) for name, said in _SAID.items()]
        self.dprk = [Port(name, *at[name], ()) for name in DPRK]
        self._ways: dict[Port, tuple[Floats, Ints]] = {}

    @cached_property
    def _cells(self) -> Floats:
        """All cells that are sea: ``(n, 2)`` degrees."""
        lat, lon = np.meshgrid(
            np.arange(SOUTH, NORTH, CELL_DEG), np.arange(WEST, EAST, CELL_DEG), indexing="ij"
        )
        is_sea = np.ones(lat.size, np.bool_)
        for up in _SAMPLES:
            for right in _SAMPLES:
                is_sea &= ~places.load().on_land(lon.ravel() + right, lat.ravel() + up)
        return np.stack((lon.ravel()[is_sea], lat.ravel()[is_sea]), axis=1)

    @cached_property
    def _graph(self) -> Any:  # noqa: ANN401 - a sparse array; SciPy has no types
        from scipy.sparse import coo_array  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        n = len(self._cells)
        pairs = self._near.query_pairs(1.5 * CELL_DEG, output_type="ndarray")
        km = _km(self._cells[pairs[:, 0]], self._cells[pairs[:, 1]])
        return coo_array((km, (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()

    @cached_property
    def _near(self) -> Any:  # noqa: ANN401 - a search tree; SciPy has no types
        from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        return cKDTree(self._cells)

    def _node(self, lon: float, lat: float) -> int:
        return int(self._near.query((lon, lat))[1])

    def _from(self, port: Port) -> tuple[Floats, Ints]:
        from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - SciPy is slow to import and rarely wanted

        if port not in self._ways:
            start = self._node(port.lon, port.lat)
            km, before = dijkstra(self._graph, directed=False, indices=start, return_predecessors=True)
            self._ways[port] = np.asarray(km), np.asarray(before, np.int64)
        return self._ways[port]

    def out(self, port: Port, lon: float, lat: float) -> Floats:
        """Give the way from a port to a place at sea."""
        _, before = self._from(port)
        node, nodes = self._node(lon, lat), []
        while node >= 0:
            nodes.append(node)
            node = int(before[node])
        return np.array([(port.lon, port.lat), *self._cells[nodes[::-1]], (lon, lat)])

    def km(self, port: Port, lon: float, lat: float) -> float:
        """Give about the length of the way from a port to a place: between the cells they are in."""
        return float(self._from(port)[0][self._node(lon, lat)])

    def between(self, port: Port, other: Port) -> Floats:
        """Give the way from port to port."""
        return self.out(port, other.lon, other.lat)

    @cached_property
    def offing(self) -> Floats:
        """Places at sea, away from all coasts, that can be reached: ``(k, 2)`` degrees."""
        is_reached = np.isfinite(self._from(self.ports[0])[0])
        cells = self._cells[is_reached]
        return np.asarray(cells[places.load().coast_km(cells[:, 0], cells[:, 1]) >= OFFING_KM])


def _km(here: Floats, there: Floats) -> Floats:
    return np.asarray(sphere.distance_m(here[:, 0], here[:, 1], there[:, 0], there[:, 1]) / 1000.0)


def long_km(way: Floats) -> float:
    """Give the length of a way."""
    return float(_km(way[:-1], way[1:]).sum())


def least_km(way: Floats, port: Port) -> float:
    """Give how near a way comes to a port, at its corners."""
    return float(_km(way, np.array([(port.lon, port.lat)])).min())


@dataclass
class Sailing:
    """One ship on its way; times are hours from the beginning of the scene."""

    mmsi: int
    rng: np.random.Generator
    speed_kn: float
    length_m: float
    draught_m: float | None
    destination: str | None
    place: tuple[float, float]
    now: float = 0.0
    ship_type: int = 70
    port: Port | None = None
    """Where it lies; None at sea."""
    corners: list[tuple[float, float, float]] = field(default_factory=list)
    """Hour, longitude, latitude."""
    silences: list[tuple[float, float]] = field(default_factory=list)
    said: list[tuple[float, str, float | str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.corners.append((self.now, *self.place))
        self.say(destination=self.destination)
        self.say(draught=self.draught_m)

    def say(self, draught: float | None = None, destination: str | None = None, late_h: float = 0.0) -> None:
        """Type something new, so many hours from now; what was to be typed later is overtaken by it."""
        if draught is not None:
            self.draught_m = round(draught, 1)
            self._type("draught_m", self.draught_m, self.now + late_h)
        if destination is not None:
            self.destination = destination
            self._type("destination", destination, self.now + late_h)

    def _type(self, what: str, value: float | str, hour: float) -> None:
        self.said = [each for each in self.said if each[1] != what or each[0] < hour]
        self.said.append((hour, what, value))

    def lie(self, hours: float) -> None:
        """Stay where it is."""
        self.now += hours
        self.corners.append((self.now, *self.place))

    def sail(self, way: Floats, to: tuple[float, float] | None = None) -> None:
        """Sail a way at its own speed, ending ``to`` a place beside its end."""
        track = np.concatenate(([self.place], way[1:-1], [to or tuple(way[-1])]))
        hours = _km(track[:-1], track[1:]) / (self.speed_kn * 1.852)
        for step, (lon, lat) in zip(hours, track[1:], strict=True):
            self.now += float(step)
            self.corners.append((self.now, float(lon), float(lat)))
        self.place = (self.corners[-1][1], self.corners[-1][2])

    def hush(self, begin: float, end: float) -> None:
        """Not be heard from one hour to another."""
        self.silences.append((begin, end))

    def reports(self, until: float, origin: pl.Expr) -> pl.DataFrame:
        """Write what is heard of it until an hour; ``origin`` is the moment of hour 0."""
        hours, lon, lat = (np.array(column) for column in zip(*self.corners, strict=True))
        end = min(until, float(hours[-1]))
        at = np.arange(float(hours[0]) + self.rng.uniform(0.0, STEP_H), end, STEP_H)
        at = at + self.rng.uniform(-JITTER_H, JITTER_H, at.size)
        for first, last in self.silences:
            at = at[(at < first) | (at > last)]
        x, y = np.interp(at, hours, lon), np.interp(at, hours, lat)
        made = np.hypot(
            *(np.interp(at + 0.02, hours, v) - np.interp(at - 0.02, hours, v) for v in (lon, lat))
        )
        speed = np.where(made < 1e-6, self.rng.uniform(0.0, 0.1, at.size), self.speed_kn)
        noise = self.rng.normal(0.0, NOISE_DEG, (2, at.size))
        told = pl.DataFrame({
            "mmsi": np.full(at.size, self.mmsi), "ms": np.round(at * 3.6e6).astype(np.int64), "lon": x + noise[0],
            "lat": y + noise[1], "speed_kn": speed.round(1), "draught_m": self._typed("draught_m", at),
            "destination": self._typed("destination", at), "ship_type": np.full(at.size, self.ship_type),
            "length_m": np.full(at.size, self.length_m),
        }, schema=_REPORT)  # fmt: skip
        return told.with_columns(time=(origin + pl.duration(milliseconds="ms")).cast(TIME)).drop("ms")

    def _typed(self, name: str, at: Floats) -> Sequence[Any]:
        """Give what stood in a field at each moment."""
        typed = sorted((hour, value) for hour, what, value in self.said if what == name)
        values = [None, *(value for _, value in typed)]
        rows = (
            np.searchsorted([hour for hour, _ in typed], at, "right")
            if typed
            else np.zeros(at.size, np.int64)
        )
        return [values[row] for row in rows]


_REPORT = pl.Schema(
    {"mmsi": pl.Int64(), "ms": pl.Int64(), "lon": pl.Float64(), "lat": pl.Float64(), "speed_kn": pl.Float64(),
     "draught_m": pl.Float64(), "destination": pl.String(), "ship_type": pl.Int64(), "length_m": pl.Float64()}
)  # fmt: skip
