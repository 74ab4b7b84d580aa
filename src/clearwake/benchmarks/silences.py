"""Is the likely cause of a silence right?  Outages, berths, coverage, crowds and switched-off ships, planted.

Three kinds of traffic: a generated feed that hears ships everywhere, the same as stations ashore would hear it, and any
real one.  Into it go ships whose silence has a known cause.  A planted silence counts as right where the gap table has
one over most of its time with the planted cause; an outage accuses a ship where a silence that it made looks switched
off.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import places, sphere
from clearwake.benchmarks.machine import this_machine
from clearwake.benchmarks.scenario import scenario
from clearwake.benchmarks.silence_report import UNHEARD, Line, SilenceReport
from clearwake.model import TIME, schema
from clearwake.model.record import Bearing, Degrees, Identifier, ReportedKnots, Small, Text, Time
from clearwake.sphere import Floats


@dataclass(frozen=True)
class _Report:
    mmsi: Identifier
    time: Time
    lon: Degrees
    lat: Degrees
    speed_kn: ReportedKnots | None
    course_deg: Bearing | None
    nav_status: Small | None


@dataclass(frozen=True)
class _Fact:
    mmsi: Identifier
    cause: Text
    kind: Text
    began: Time
    ended: Time | None


POSITIONS, TRUTH = schema(_Report), schema(_Fact)

KINDS = (
    "feed_outage", "region_outage", "moored", "out_of_reception", "revisit", "crowding", "switched_off", UNHEARD,
)  # fmt: skip
HEARD_M, HEARD_TIMES, HEARD_SHARE = 35_000.0, 8, 0.9
"""Ships are heard where so many reports of others (of 400,000 in a day) lie so near, as ``leavers`` takes it too.  One
that spends more than a tenth of its silence elsewhere sails out of reception, whether it transmits or not."""

FILES = (".csv", ".csv.gz", ".parquet")
LIES_KN = 0.5
KNOT = sphere.KNOT_M_PER_S


@dataclass
class Plant:
    """Traffic with planted silences."""

    positions: pl.DataFrame
    rng: np.random.Generator
    truth: list[tuple[int, str, str, datetime, datetime | None]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    next_mmsi: int = 257_900_000
    is_real: bool = False
    """Whether where ships are heard is known from the positions alone."""

    @property
    def begin(self) -> datetime:
        """When the traffic begins."""
        return self.positions["time"].min()  # type: ignore[return-value]

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.positions["time"].max()  # type: ignore[return-value]

    def hush(self, mmsis: Sequence[int], start: datetime, end: datetime) -> None:
        """Take out what these ships said from ``start`` to ``end``."""
        during = pl.col("time").is_between(start, end)
        gone = during & pl.col("mmsi").is_in(pl.Series(mmsis, dtype=pl.Int64).implode())
        self.positions = self.positions.filter(~gone)

    def add(self, rows: pl.DataFrame) -> int:
        """Add a ship's reports (everything but ``mmsi``); gives its number."""
        self.next_mmsi += 1
        own = rows.with_columns(mmsi=pl.lit(self.next_mmsi, pl.Int64))
        laid = own.select(
            (pl.col(n) if n in own.columns else pl.lit(None)).cast(t).alias(n) for n, t in POSITIONS.items()
        )
        self.positions = pl.concat((self.positions, laid))
        self.taken.add(self.next_mmsi)
        return self.next_mmsi

    def tell(self, mmsi: int, kind: str, start: datetime, end: datetime | None) -> None:
        """Write down what is true."""
        cause = {
            "feed_outage": "feed_outage", "region_outage": "feed_outage", "revisit": "out_of_reception",
            UNHEARD: "switched_off",
        }  # fmt: skip
        self.truth.append((mmsi, cause.get(kind, kind), kind, start, end))
        self.taken.add(mmsi)


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


def switch_offs(plant: Plant, wanted: int) -> None:
    """Switch ships under way off for 6.5 to 11 hours: such as were heard every three quarters of an hour till then.

    None that goes on to lie still for most of that time: what lies at a quay and is not heard is moored, whoever
    switched it off.  In real traffic those that sail where no others are heard are planted too, and told apart.
    """
    ships = (
        plant.positions.sort("mmsi", "time").group_by("mmsi")
        .agg(pl.col("time").min().alias("first"), pl.col("time").max().alias("last"),
             pl.col("time").diff().max().alias("longest"))
        .filter(pl.col("longest") < _hours(0.75), pl.col("last") - pl.col("first") > _hours(10.0))
        .filter(~pl.col("mmsi").is_in(pl.Series(list(plant.taken), dtype=pl.Int64).implode()))
        .sort("mmsi")
    )  # fmt: skip
    chosen = 0
    others = _Heard(plant.positions)
    for row in plant.rng.permutation(ships.height).tolist():
        if chosen == wanted:
            return
        mmsi, first, last, _ = ships.row(row)
        room = (last - first) / _hours(1.0) - 3.0
        length = plant.rng.uniform(6.5, min(11.0, room))
        start = first + _hours(1.5 + plant.rng.uniform(0.0, room - length))
        end = start + _hours(length)
        if _made_way(plant, mmsi, start) and _lay_share(plant, mmsi, start, end) < 0.5:
            is_heard = not plant.is_real or others.share(mmsi, start, end) >= HEARD_SHARE
            plant.hush([mmsi], start, end)
            plant.tell(mmsi, "switched_off" if is_heard else UNHEARD, start, end)
            chosen += is_heard


class _Heard:
    """Where ships are heard in some traffic, by the reports of others."""

    def __init__(self, positions: pl.DataFrame) -> None:
        self._positions = positions
        seen = positions.gather_every(max(positions.height // 400_000, 1))
        self._tree, self._mmsi = cKDTree(_vectors(seen)), seen["mmsi"].to_numpy()

    def share(self, mmsi: int, start: datetime, end: datetime) -> float:
        """Say for which part of a ship's reports in a time others are heard there."""
        own = self._positions.filter(pl.col("mmsi") == mmsi, pl.col("time").is_between(start, end))
        if not own.height:
            return 0.0
        own = own.gather_every(max(own.height // 60, 1))
        near = self._tree.query_ball_point(_vectors(own), float(sphere.chord_m(HEARD_M)))
        return float(np.mean([(self._mmsi[rows] != mmsi).sum() >= HEARD_TIMES for rows in near]))


def _made_way(plant: Plant, mmsi: int, moment: datetime) -> bool:
    """Say whether a ship was under way: two kilometres in the hour before, and 200 m of it in the last minutes.

    Without the second, ships that had come to lie at a quay were switched off there, which is what a berth looks like.
    """
    hour = plant.positions.filter(
        pl.col("mmsi") == mmsi, pl.col("time").is_between(moment - _hours(1.0), moment)
    ).sort("time")
    before = pl.col("time") >= pl.col("time").max() - _hours(0.1)
    return (
        _moved_m(hour) > 2_000.0
        and _moved_m(pl.concat((hour.filter(~before).tail(1), hour.filter(before)))) > 200.0
    )


def _lay_share(plant: Plant, mmsi: int, start: datetime, end: datetime) -> float:
    """Say for which part of a time a ship made less than half a knot."""
    heard = plant.positions.filter(pl.col("mmsi") == mmsi, pl.col("time").is_between(start, end)).sort("time")
    if heard.height < 2:
        return 0.0
    lon, lat = heard["lon"].to_numpy(), heard["lat"].to_numpy()
    apart_m = sphere.distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    lasted_s = np.diff(heard["time"].dt.epoch("ms").to_numpy()) / 1000.0
    return float(lasted_s[apart_m <= LIES_KN * KNOT * lasted_s].sum() / max(lasted_s.sum(), 1e-9))


def _moved_m(reports: pl.DataFrame) -> float:
    ends = reports.select("lon", "lat").to_numpy()
    return float(sphere.distance_m(*ends[0], *ends[-1])) if len(ends) > 1 else 0.0


def region_outage(plant: Plant, ships: int = 300, hours: float = 7.0) -> None:
    """Silence the ships nearest to one of them, all over the same hours."""
    middle = plant.begin + (plant.end - plant.begin) / 2
    start = middle - _hours(hours * plant.rng.uniform(0.4, 0.7))
    end = start + _hours(hours)
    near = plant.positions.filter(pl.col("time").is_between(start - _hours(1.0), start))
    last = near.sort("time").group_by("mmsi").last().sort("mmsi")
    vectors = _vectors(last)
    tree = cKDTree(vectors)
    reach, _ = tree.query(vectors, min(ships, last.height))
    # Somewhere in the denser half of the traffic, where a region of so many ships is a region and not an ocean.
    dense = np.argsort(reach[:, -1])[: max(1, last.height // 2)]
    _, rows = tree.query(vectors[int(plant.rng.choice(dense))], min(ships, last.height))
    # A number that two ships use, one of them elsewhere, is not silenced: the other would be switched off in truth.
    apart = sphere.arc_m(np.linalg.norm(_vectors(near) - vectors[rows[0]], axis=1))
    elsewhere = near.filter(pl.Series(apart > 2.0 * sphere.arc_m(float(reach[rows[0], -1])) + 100_000.0))[
        "mmsi"
    ].unique()
    mmsis = sorted(set(last["mmsi"].to_numpy()[rows].tolist()) - set(elsewhere.to_list()))
    _tell_silenced(plant, mmsis, start, end, "region_outage")


def _vectors(rows: pl.DataFrame) -> Floats:
    return sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())


def feed_outage(plant: Plant, hours: float = 6.6) -> None:
    """Silence everybody over the same hours."""
    middle = plant.begin + (plant.end - plant.begin) / 2
    start = middle - _hours(hours * plant.rng.uniform(0.4, 0.7))
    _tell_silenced(
        plant, plant.positions["mmsi"].unique().to_list(), start, start + _hours(hours), "feed_outage"
    )


def _tell_silenced(plant: Plant, mmsis: list[int], start: datetime, end: datetime, kind: str) -> None:
    """Hush ships, and write down those that were heard in the hour before and are heard again in the hour after."""
    own = plant.positions.filter(pl.col("mmsi").is_in(pl.Series(mmsis, dtype=pl.Int64).implode()))
    before = own.filter(pl.col("time").is_between(start - _hours(1.0), start))["mmsi"].unique()
    after = own.filter(pl.col("time").is_between(end, end + _hours(1.0)))["mmsi"].unique()
    plant.hush(mmsis, start, end)
    for mmsi in sorted(set(before.to_list()) & set(after.to_list()) - plant.taken):
        plant.tell(mmsi, kind, start, end)


def _sailed(lon: float, lat: float, course: float, speed_kn: Floats, step_s: float) -> tuple[Floats, Floats]:
    """Sail straight: positions after each step."""
    off_m = np.cumsum(speed_kn) * KNOT * step_s
    x, y = sphere.destination(
        np.full(off_m.size, lon), np.full(off_m.size, lat), np.full(off_m.size, course), off_m
    )
    return x, y


def _reports(
    plant: Plant,
    start: datetime,
    lon: Floats,
    lat: Floats,
    speed_kn: Floats,
    step_s: float,
    status: int | None,
) -> pl.DataFrame:
    """Write reports, one a step, with an error of some metres and a jitter of some seconds."""
    n = lon.size
    jitter = plant.rng.uniform(0.0, 0.6 * step_s, n)
    times = [start + timedelta(seconds=float(k * step_s + j)) for k, j in enumerate(jitter)]
    return pl.DataFrame({
        "time": times, "lon": lon + plant.rng.normal(0, 5e-5, n), "lat": lat + plant.rng.normal(0, 5e-5, n),
        "speed_kn": np.abs(speed_kn + plant.rng.normal(0, 0.1, n)).round(1),
        "nav_status": pl.Series([status] * n, dtype=pl.Int16),
    }).cast({"time": TIME})  # fmt: skip


def berths(plant: Plant, wanted: int) -> None:
    """Let ships come to a berth, lie there with the transmitter off for 6.5 to 10 hours, and be heard again there.

    Half say that they are moored, the others nothing.
    """
    heard = plant.positions.filter(pl.col("time") < plant.begin + _hours(24.0))
    coasts = _coastal(heard, plant.rng)
    for n in range(wanted):
        lon, lat, seaward = coasts[n % len(coasts)]
        status = 5 if n % 2 == 0 else None
        into = np.concatenate((np.full(30, 9.0), np.linspace(9.0, 0.5, 10)))
        x, y = _sailed(lon, lat, seaward, into[::-1], 120.0)
        start = plant.begin + _hours(plant.rng.uniform(0.5, 5.0))
        came = _reports(plant, start, x[::-1], y[::-1], into, 120.0, 0 if status else None)
        lay = _reports(
            plant, start + _hours(1.4), np.full(30, lon), np.full(30, lat), np.zeros(30), 180.0, status
        )
        off = start + _hours(2.9)
        on = off + _hours(plant.rng.uniform(6.5, 10.0))
        again = _reports(plant, on, np.full(40, lon), np.full(40, lat), np.zeros(40), 180.0, status)
        rows = pl.concat((came, lay, again)).filter(pl.col("time") <= plant.end)
        plant.tell(plant.add(rows), "moored", off, on)


def _coastal(heard: pl.DataFrame, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Give ports that ships pass within 15 km, with a course on which the sea opens."""
    ports = places.load().anchorages.filter(pl.col("kind") == "port")
    lon, lat = ports["lon"].to_numpy(), ports["lat"].to_numpy()
    seen = heard.gather_every(max(heard.height // 200_000, 1))
    tree = cKDTree(sphere.unit_vectors(seen["lon"].to_numpy(), seen["lat"].to_numpy()))
    near, _ = tree.query(sphere.unit_vectors(lon, lat))
    rows = rng.permutation(np.flatnonzero(sphere.arc_m(near) < 15_000.0))[:300]
    courses, off_m = np.arange(0.0, 360.0, 30.0), np.array([3e3, 6e3, 1.1e4])
    row, course, off = (a.ravel() for a in np.meshgrid(rows, courses, off_m, indexing="ij"))
    x, y = sphere.destination(lon[row], lat[row], course, off)
    coast_km: Floats = places.load().coast_km(x, y)
    clear: NDArray[np.bool_] = np.asarray(coast_km > 0.5).reshape(rows.size, courses.size, off_m.size)
    is_open = np.asarray(clear.all(axis=2), np.bool_)
    free = np.flatnonzero(is_open.any(axis=1))[:80]
    return [
        (float(lon[rows[r]]), float(lat[rows[r]]), float(courses[is_open[r].argmax()])) for r in free.tolist()
    ]


def leavers(plant: Plant, wanted: int) -> None:
    """Let ships sail out of what is heard: each is heard as long as others are heard near, then not; half return.

    Where nobody is heard within 35 km in all the time, this one is not heard either.
    """
    seen = plant.positions.gather_every(max(plant.positions.height // 400_000, 1))
    tree = cKDTree(sphere.unit_vectors(seen["lon"].to_numpy(), seen["lat"].to_numpy()))
    atlas = places.load()
    found = 0
    for lon, lat, seaward in _coastal(plant.positions, plant.rng) * 3:
        if found >= wanted:
            return
        speed = plant.rng.uniform(11.0, 17.0)
        x, y = _sailed(lon, lat, seaward, np.full(600, speed), 120.0)
        lands = np.flatnonzero(atlas.coast_km(x, y)[5:] <= 0.3)
        if lands.size:
            continue
        apart, _ = tree.query(sphere.unit_vectors(x, y), 8)
        heard = sphere.arc_m(apart[:, -1]) < 35_000.0
        if not 20 <= int(np.argmin(heard)) <= 330:
            continue
        limit = int(np.argmin(heard))
        start = plant.begin + _hours(plant.rng.uniform(0.2, 3.0))
        out = _reports(plant, start, x[:limit], y[:limit], np.full(limit, speed), 120.0, 0)
        lost = out["time"].max()
        back: datetime | None = None
        if found % 2:
            turn = limit + int(plant.rng.uniform(105.0, 200.0))
            home = np.concatenate((np.arange(turn), np.arange(turn)[::-1]))
            when = start + timedelta(seconds=120.0 * (2 * turn - limit))
            inward = home[2 * turn - limit :]
            again = _reports(plant, when, x[inward], y[inward], np.full(limit, speed), 120.0, 0)
            out, back = pl.concat((out, again)), when
        plant.tell(plant.add(out.filter(pl.col("time") <= plant.end)), "out_of_reception", lost, back)  # type: ignore[arg-type]
        found += 1


def revisits(plant: Plant, ships: int, every_h: float = 6.8) -> None:
    """Plant ships in mid-ocean that are heard only when a satellite passes, for ten minutes every seven hours or so."""
    lon, lat = plant.rng.uniform(-140.0, -128.0, ships), plant.rng.uniform(-8.0, 2.0, ships)
    passes = np.arange(plant.rng.uniform(0.2, 1.0), (plant.end - plant.begin) / _hours(1.0), every_h)
    for n in range(ships):
        course, speed = plant.rng.uniform(0.0, 360.0), plant.rng.uniform(10.0, 15.0)
        parts = []
        for passing in passes.tolist():
            reports = int(plant.rng.integers(3, 8))
            x, y = _sailed(lon[n], lat[n], course, np.full(2000, speed), 60.0)
            minute = int(passing * 60.0)
            at = minute + np.sort(plant.rng.choice(10, reports, replace=False))
            when = [plant.begin + timedelta(minutes=float(m)) for m in at]
            row = _reports(plant, plant.begin, x[at], y[at], np.full(reports, speed), 60.0, None)
            parts.append(row.with_columns(time=pl.Series(when).cast(TIME)))
        rows = pl.concat(parts).filter(pl.col("time") <= plant.end)
        mmsi = plant.add(rows)
        times = rows["time"].sort().to_list()
        for a, b in pairwise(times):
            if b - a >= _hours(6.0):
                plant.tell(mmsi, "revisit", a, b)


def crowds(plant: Plant, ships: int = 160) -> None:
    """Plant a fleet fishing within 40 km, each ship heard by itself now and then: its messages mostly collide."""
    lon0, lat0 = plant.rng.uniform(-95.0, -88.0), plant.rng.uniform(-22.0, -12.0)
    minutes = int((plant.end - plant.begin) / _hours(1.0) * 60.0)
    for _ in range(ships):
        lon, lat = lon0 + plant.rng.normal(0, 0.12), lat0 + plant.rng.normal(0, 0.12)
        speed = plant.rng.uniform(2.0, 4.0)
        x, y = _sailed(lon, lat, plant.rng.uniform(0, 360.0), np.full(minutes, speed * 0.3), 60.0)
        at = np.cumsum(plant.rng.exponential(300.0, 60) + 5.0).astype(np.int64)
        at = at[at < minutes]
        if not at.size:
            continue
        rows = _reports(plant, plant.begin, x[at], y[at], np.full(at.size, speed), 60.0, 7)
        rows = rows.with_columns(
            time=pl.Series([plant.begin + timedelta(minutes=float(m)) for m in at]).cast(TIME)
        )
        mmsi = plant.add(rows)
        times = rows["time"].sort().to_list()
        for a, b in pairwise(times):
            if b - a >= _hours(6.0):
                plant.tell(mmsi, "crowding", a, b)


def traffic(name: str, ships: int, seed: int) -> Plant:
    """Give traffic by name.

    Args:
        name: ``global`` (a generated day heard by stations and satellites), ``coastal`` (the same as only stations
            ashore would hear it: within about 75 km of the coast), or the path of a real file that ``table`` can read.
        ships: How many hulls the generated ones have.
        seed: Source of chance.
    """
    rng = np.random.default_rng([seed, 4])
    if name not in ("global", "coastal"):
        return Plant(_real(Path(name)), rng, is_real=True)
    scene = scenario(ships, 24.0, seed, rows=max(400, ships) * 450)
    rows = scene.positions.select(pl.col(n).cast(t) for n, t in POSITIONS.items())
    plant = Plant(rows, rng)
    plant.taken |= set(scene.truth["mmsi_a"].to_list()) | set(scene.truth["mmsi_b"].drop_nulls().to_list())
    if name == "coastal":
        _ashore_only(plant)
    return plant


def _ashore_only(plant: Plant) -> None:
    """Leave out what stations ashore cannot hear; a voyage that leaves their reach is a silence of known cause."""
    lon, lat = plant.positions["lon"].to_numpy(), plant.positions["lat"].to_numpy()
    coast = places.load().coast_km(lon, lat)
    # Stations stand higher or lower: each ten degrees of coast has a reach of its own.
    region = np.floor(lon / 10.0).astype(np.int64) * 100 + np.floor(lat / 10.0).astype(np.int64)
    known, where = np.unique(region, return_inverse=True)
    reach = plant.rng.uniform(60.0, 90.0, known.size)[where]
    inside = pl.Series(coast <= reach)
    told = plant.positions.with_columns(inside=inside).sort("mmsi", "time")
    runs = told.with_columns(run=pl.col("inside").rle_id().over("mmsi"))
    away = (
        runs.filter(~pl.col("inside"), ~pl.col("mmsi").is_in(pl.Series(list(plant.taken)).implode()))
        .group_by("mmsi", "run").agg(began=pl.col("time").min(), ended=pl.col("time").max(), reports=pl.len())
        .filter(pl.col("ended") - pl.col("began") > _hours(6.5), pl.col("reports") > 10).sort("mmsi", "run")
    )  # fmt: skip
    plant.positions = plant.positions.filter(inside)
    heard = set(plant.positions["mmsi"].unique().to_list())
    for mmsi, began, ended in away.select("mmsi", "began", "ended").iter_rows():
        if mmsi in heard:
            plant.tell(mmsi, "out_of_reception", began, ended)


def _real(file: Path) -> pl.DataFrame:
    parquet = file.name.endswith(".parquet")
    rows = pl.read_parquet(file) if parquet else pl.read_csv(file, try_parse_dates=True)
    named = {"timestamp_utc": "time", "BaseDateTime": "time", "MMSI": "mmsi", "LON": "lon", "LAT": "lat"}
    told = rows.rename({old: new for old, new in named.items() if old in rows.columns})
    time_utc = pl.col("time").dt.replace_time_zone(None).cast(pl.Datetime("ms")).dt.replace_time_zone("UTC")
    known = told.with_columns(time_utc).select("mmsi", "time", "lon", "lat")
    return known.select(
        (pl.col(n) if n in known.columns else pl.lit(None)).cast(t).alias(n) for n, t in POSITIONS.items()
    ).sort("time")


OnProgress = Callable[[str, int, int], None]


def measure(
    ships: int = 2000, seed: int = 0, folder: Path | None = None, on_progress: OnProgress | None = None
) -> SilenceReport:
    """Plant, explain and score.

    Args:
        ships: Hulls in the generated traffic.
        seed: Source of chance.
        folder: Where real traffic lies to plant into as well: files of positions.
        on_progress: Told the stage, and how far it is.
    """
    tell = on_progress or (lambda *_: None)
    files = [] if folder is None else sorted(f for f in folder.iterdir() if f.name.endswith(FILES))
    names = ["global", "coastal", *(str(f) for f in files)]
    lines: list[Line] = []
    spent = 0.0
    for number, name in enumerate(names):
        for part, grow in enumerate(SCENES):
            tell(f"silences in {Path(name).name}", len(SCENES) * number + part, len(SCENES) * len(names))
            plant = planted(name, grow, ships, seed)
            gaps, seconds = explained(plant)
            spent += seconds
            lines += scored(Path(name).name, plant, gaps)
    tell("silences", len(SCENES) * len(names), len(SCENES) * len(names))
    return SilenceReport(seed, ships, spent, tuple(lines), this_machine())


def planted(name: str, grow: Callable[[Plant], None], ships: int, seed: int) -> Plant:
    """Give traffic with one of ``SCENES`` planted in it."""
    plant = traffic(name, ships, seed)
    if grow is many:
        many(plant, is_global=name == "global")
    else:
        plant.truth.clear()
        plant.taken.clear()
        grow(plant)
    return plant


def many(plant: Plant, *, is_global: bool = False) -> None:
    """Plant every kind but outages.  Where satellites hear everybody, nobody sails out of reception."""
    switch_offs(plant, 40)
    berths(plant, 40)
    if is_global:
        revisits(plant, 30)
        crowds(plant)
    else:
        leavers(plant, 40)


SCENES: tuple[Callable[[Plant], None], ...] = (many, region_outage, feed_outage)


def explained(plant: Plant) -> tuple[pl.DataFrame, float]:
    """Read traffic into a fresh desk and give its gaps with their causes, and the processor time that took."""
    import clearwake  # noqa: PLC0415 - the desk loads every room

    with tempfile.TemporaryDirectory(prefix="clearwake-silences-") as folder:
        file = Path(folder) / "positions.parquet"
        plant.positions.sort("time").write_parquet(file)
        with clearwake.open(Path(folder) / "desk") as desk:
            desk.read("table", file)
            desk.run()
            began = time.process_time()
            return desk.show("gaps"), time.process_time() - began


def scored(name: str, plant: Plant, gaps: pl.DataFrame) -> list[Line]:
    """Hold the causes found against the true ones."""
    truth = pl.DataFrame(plant.truth, schema=TRUTH, orient="row").with_row_index("fact")
    end = pl.lit(plant.end)
    both = truth.join(
        gaps.select("mmsi_a", "start", "end", "likely_cause"), left_on="mmsi", right_on="mmsi_a"
    )
    ended = pl.col("ended").fill_null(end)
    overlap = pl.min_horizontal(pl.col("end").fill_null(end), ended) - pl.max_horizontal("start", "began")
    found = both.filter(overlap >= 0.7 * (ended - pl.col("began"))).unique("fact").sort("fact")
    lines = []
    for kind in KINDS:
        own, planted = found.filter(pl.col("kind") == kind), truth.filter(pl.col("kind") == kind)
        if not planted.height:
            continue
        causes = dict(own.group_by("likely_cause").len().sort("len", descending=True).iter_rows())
        right = own.filter(pl.col("likely_cause") == pl.col("cause")).height
        lines.append(
            Line(
                name,
                kind,
                own.height,
                planted.height - own.height,
                right,
                causes.get("switched_off", 0),
                causes,
            )
        )
    return lines
