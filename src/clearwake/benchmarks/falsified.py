"""Are planted false positions found, and honest ships left alone?

Into a day of traffic, made up or real, are planted circles, jumps, stays on land, copies of other ships' tracks, and
one interference that disturbs sixty ships.  Each lie takes the place of an hour to four of an honest ship's reports, at
its own report times, under a receiver's noise of 5 to 30 m.  The lies are this project's own, gentler than life.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake import places
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.real_day import is_there, real_day
from clearwake.benchmarks.scenario import scenario
from clearwake.desk import open_desk
from clearwake.model import TIME
from clearwake.places.lakes import on_lake
from clearwake.sphere import KNOT_M_PER_S, Floats, between_m, destination, unit_vectors

if TYPE_CHECKING:
    from rich.table import Table

EACH = 30
"""Lies of each kind."""

LEAST_RECALL, MOST_FALSE = 0.95, 1.0
"""What is demanded: the share found, and false alarms per 1,000 ship-days."""

COPIES_FROM, DISTURBED_FROM = 600_000_001, 500_000_001
DISTURBED = 60
THIN = 600
"""Reports of each made-up ship in the day."""

LONGEST_WAIT_S = 360.0
"""Lies are planted on ships heard every six minutes at least (median), and never less than every twelve."""

SEVERAL = 4
"""Impossible steps from which on a number is on several ships; no lies are planted on those."""

OnProgress = Callable[[str, int, int], None]
Place = tuple[Floats, Floats]


@dataclass(frozen=True)
class Lie:
    """What was planted on whom, from when to when."""

    kind: str
    mmsi: int
    start: datetime
    end: datetime


@dataclass
class Scene:
    """Reports with lies in them, and what is true."""

    reports: pl.DataFrame
    ship_days: int
    lies: list[Lie] = field(default_factory=list)
    disturbed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class FalseLine:
    """How one kind of lie did in one traffic."""

    traffic: str
    kind: str
    planted: int
    found: int

    @property
    def recall(self) -> float:
        """Give the share of what was planted that was found under its own name."""
        return self.found / self.planted if self.planted else 1.0


@dataclass(frozen=True)
class Traffic:
    """One traffic: false alarms, interference, and how long it took."""

    name: str
    ship_days: int
    reports: int
    false: int
    interferences: int
    cleared: int
    """Disturbed ships that interference names."""
    accused: int
    """Disturbed ships with a falsification that nothing clears."""
    seconds: float

    @property
    def per_thousand(self) -> float:
        """Give false alarms per 1,000 ship-days."""
        return 1000.0 * self.false / max(self.ship_days, 1)


@dataclass(frozen=True)
class FalseReport:
    """How well false positions are found."""

    seed: int
    lines: tuple[FalseLine, ...]
    traffic: tuple[Traffic, ...]
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether enough was found, few were accused wrongly, and interference accuses nobody."""
        return all(line.recall >= LEAST_RECALL for line in self.lines) and all(
            t.per_thousand <= MOST_FALSE and t.interferences == 1 and not t.accused for t in self.traffic
        )

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        lines = [asdict(line) | {"recall": line.recall} for line in self.lines]
        traffic = [asdict(t) | {"false_per_1000_ship_days": t.per_thousand} for t in self.traffic]
        return {"seed": self.seed, "lines": lines, "traffic": traffic, "machine": self.machine.as_json(),
                "is_met": self.is_met}  # fmt: skip

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        table = Table("traffic", "what", "planted", "found", "share", title=f"False positions, seed {self.seed}",
                      caption=str(self.machine))  # fmt: skip
        for line in self.lines:
            table.add_row(line.traffic, line.kind, f"{line.planted}", f"{line.found}", f"{line.recall:.3f}")
        for t in self.traffic:
            table.add_row(
                t.name, "interference", "1", f"{t.interferences}", f"{t.cleared} ships, {t.accused} accused"
            )
            per = f"{t.per_thousand:.2f} per 1,000 ship-days"
            table.add_row(t.name, "false alarms", f"{t.ship_days} ship-days", f"{t.false}", per)
        return table


def measure(
    ships: int = 5000, seed: int = 0, folder: Path | None = None, on_progress: OnProgress | None = None
) -> FalseReport:
    """Plant, find and score; in made-up traffic, and in the real day where its package is installed.

    Args:
        ships: How many made-up ships.
        seed: Source of chance.
        folder: Where to put desks, one for each traffic; a temporary folder, if not given.
        on_progress: Told how far it is.
    """
    tell = on_progress or (lambda *_: None)
    tell("made-up traffic", 0, 2)
    made = scenario(ships, 24.0, seed, rows=THIN * ships).positions.select("mmsi", "time", "lon", "lat")
    days = {"made up": made, **({"real": real_day()} if is_there() else {})}
    lines, traffic = [], []
    for number, (name, day) in enumerate(days.items()):
        tell(f"{name} traffic", number, len(days))
        scene = plant(day, seed)
        # A desk each: in one, ships of both would share numbers.
        found, disturbed, seconds = find(
            scene.reports, None if folder is None else folder / name.replace(" ", "-")
        )
        lines += [FalseLine(name, kind, *_hits(scene, found, kind)) for kind in KINDS]
        traffic.append(_judged(name, scene, found, disturbed, seconds))
    tell("done", len(days), len(days))
    return FalseReport(seed, tuple(lines), tuple(traffic), this_machine())


def find(reports: pl.DataFrame, folder: Path | None = None) -> tuple[pl.DataFrame, pl.DataFrame, float]:
    """Give falsifications and interferences as a desk shows them, and the seconds they took."""
    room: AbstractContextManager[str] = (
        tempfile.TemporaryDirectory() if folder is None else nullcontext(str(folder))
    )
    with room as inside:
        Path(inside).mkdir(parents=True, exist_ok=True)
        file = Path(inside) / "reports.parquet"
        reports.write_parquet(file)
        with open_desk(Path(inside) / "desk") as desk:
            desk.read("table", file)
            began = time.monotonic()
            desk.run(steps="falsification")
            found, disturbed = desk.show("falsifications"), desk.show("interferences")
            return found, disturbed, time.monotonic() - began


def _hits(scene: Scene, found: pl.DataFrame, kind: str) -> tuple[int, int]:
    """Give how many lies of a kind there are, and how many were found: the ship, the kind and the time agree."""
    lies = [lie for lie in scene.lies if lie.kind == kind]
    told = found.filter(pl.col("label") == kind, pl.col("cleared_by").is_null())
    late = timedelta(minutes=10)

    def is_found(lie: Lie) -> bool:
        of = told.filter((pl.col("mmsi_a") == lie.mmsi) | (pl.col("mmsi_b") == lie.mmsi))
        end = pl.coalesce("end", pl.col("start") + timedelta(hours=24))
        return of.filter(pl.col("start") <= lie.end + late, end >= lie.start - late).height > 0

    return len(lies), sum(is_found(lie) for lie in lies)


def _judged(name: str, scene: Scene, found: pl.DataFrame, disturbed: pl.DataFrame, seconds: float) -> Traffic:
    liars = [lie.mmsi for lie in scene.lies]
    counted = found.filter(pl.col("cleared_by").is_null())
    accused = counted.filter(pl.col("mmsi_a").is_in(scene.disturbed))["mmsi_a"].n_unique()
    honest = ~pl.col("mmsi_a").is_in([*liars, *scene.disturbed])
    honest &= ~pl.col("mmsi_b").is_in(liars).fill_null(value=False)
    named = set(disturbed["mmsis"].explode().to_list()) & set(scene.disturbed)
    return Traffic(name, scene.ship_days, scene.reports.height, counted.filter(honest).height, disturbed.height,
                   len(named), accused, seconds)  # fmt: skip


def plant(day: pl.DataFrame, seed: int, each: int = EACH) -> Scene:
    """Plant lies of every kind on ships of a day, and an interference beside them.

    Args:
        day: ``mmsi, time, lon, lat`` of honest ships.
        seed: Source of chance.
        each: How many lies of each kind.
    """
    rng = np.random.default_rng(seed)
    ships = dict(_ships(day))
    hosts = [int(m) for m in rng.permutation(sorted(ships))]
    scene = Scene(day, day.select("mmsi", pl.col("time").dt.date()).n_unique())
    first, last = day.select(pl.col("time").min(), last=pl.col("time").max()).row(0)
    for kind, lie in KINDS.items():
        planted = 0
        while planted < each and hosts:
            mmsi = hosts.pop()
            told = lie(rng, ships[mmsi], COPIES_FROM + planted)
            # What is sent after the feed's last hour is no longer listened to.
            if told is not None and told[3] <= last:
                whose, reports, start, end = told
                ships[whose] = reports
                scene.lies.append(Lie(kind, whose, start, end))
                planted += 1
    reports, scene.disturbed = _interference(rng, first)
    scene.reports = pl.concat([*ships.values(), reports]).sort("time", "mmsi")
    return scene


def _ships(day: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    """Give the reports of each number that one ship can have sent."""
    is_ship = pl.col("mmsi").is_between(201_000_000, 775_999_999)
    rows = day.filter(is_ship).select("mmsi", "time", "lon", "lat").sort("mmsi", "time")
    vectors = unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    step_m = np.append(0.0, between_m(vectors[1:], vectors[:-1]))
    seconds = pl.col("time").diff().dt.total_milliseconds().over("mmsi") / 1000.0
    timed = rows.with_columns(seconds=seconds, step_m=pl.Series(step_m))
    fast = timed.filter(pl.col("step_m") > 1000.0 + 50.0 * KNOT_M_PER_S * pl.col("seconds"))
    several = fast.group_by("mmsi").len().filter(pl.col("len") >= SEVERAL)
    one = rows.join(several, on="mmsi", how="anti", maintain_order="left")
    return [(int(key[0]), part) for key, part in one.partition_by("mmsi", as_dict=True).items()]


Told = tuple[int, pl.DataFrame, datetime, datetime]


def _span(rng: np.random.Generator, ship: pl.DataFrame, edge_h: float = 0.7) -> tuple[slice, Floats] | None:
    """Choose an hour to four of a ship's reports, and their seconds from the first; None where there are too few."""
    ms = ship["time"].to_physical().to_numpy()
    free_h = (ms[-1] - ms[0]) / 3.6e6 - 2 * edge_h
    if free_h < 1.0:
        return None
    hours = min(rng.uniform(1.0, 4.0), free_h)
    begin = ms[0] + (edge_h + rng.uniform(0.0, free_h - hours)) * 3.6e6
    first, last = np.searchsorted(ms, [begin, begin + hours * 3.6e6])
    wait_s = np.diff(ms[first:last]) / 1000.0
    if last - first < 10 or ms[last - 1] - ms[first] < 55 * 60_000:
        return None
    if np.median(wait_s) > LONGEST_WAIT_S or wait_s.max() > 2 * LONGEST_WAIT_S:
        return None
    return slice(int(first), int(last)), (ms[first:last] - ms[first]) / 1000.0


def _moved(place: Place, east_m: Floats | float, north_m: Floats | float) -> Place:
    far = np.hypot(east_m, north_m) * np.ones(place[0].shape)
    return destination(*place, np.degrees(np.arctan2(east_m, north_m)) % 360.0 * np.ones(place[0].shape), far)


def _noisy(rng: np.random.Generator, place: Place) -> Place:
    noise = rng.normal(0.0, rng.uniform(5.0, 30.0), (2, place[0].size))
    return _moved(place, noise[0], noise[1])


def _laid(rng: np.random.Generator, ship: pl.DataFrame, at: slice, place: Place) -> Told:
    """Put false places among a ship's reports."""
    lon, lat = ship["lon"].to_numpy().copy(), ship["lat"].to_numpy().copy()
    lon[at], lat[at] = _noisy(rng, place)
    told = ship.with_columns(lon=pl.Series(lon).round(5), lat=pl.Series(lat).round(5))
    times = ship["time"].to_list()[at]
    return int(ship["mmsi"][0]), told, times[0], times[-1]


def _places(ship: pl.DataFrame, at: slice) -> Place:
    return ship["lon"].to_numpy()[at], ship["lat"].to_numpy()[at]


def _circling(rng: np.random.Generator, ship: pl.DataFrame, _: int) -> Told | None:
    """Sail one lap and a half at least, at 8 to 20 kn, round a place near the ship."""
    span = _span(rng, ship)
    if span is None:
        return None
    at, seconds = span
    speed = rng.uniform(8.0, 20.0) * KNOT_M_PER_S
    radius = min(rng.uniform(400.0, 3000.0), speed * seconds[-1] / (3.0 * np.pi))
    angle = rng.uniform(0, 2 * np.pi) + rng.choice([-1.0, 1.0]) * speed / radius * seconds
    lon, lat = (np.full(seconds.size, v[0]) for v in _places(ship, at))
    return _laid(rng, ship, at, _moved((lon, lat), radius * np.cos(angle), radius * np.sin(angle)))


def _jumping(rng: np.random.Generator, ship: pl.DataFrame, _: int) -> Told | None:
    """Be 15 to 400 km away for a while, or from then on."""
    span = _span(rng, ship)
    if span is None:
        return None
    at = slice(span[0].start, None) if rng.random() < 0.3 else span[0]
    far, course = np.exp(rng.uniform(np.log(15e3), np.log(400e3))), rng.uniform(0, 2 * np.pi)
    return _laid(rng, ship, at, _moved(_places(ship, at), far * np.sin(course), far * np.cos(course)))


def _landing(rng: np.random.Generator, ship: pl.DataFrame, _: int) -> Told | None:
    """Sail on 15 to 200 km away, where all within 5 km is land."""
    span = _span(rng, ship)
    if span is None:
        return None
    atlas, here = places.load(), _places(ship, span[0])
    for _try in range(60):
        far, course = rng.uniform(15e3, 200e3), rng.uniform(0, 2 * np.pi)
        there = _moved(here, far * np.sin(course), far * np.cos(course))
        around = [_moved(there, 5e3 * np.sin(a), 5e3 * np.cos(a)) for a in np.arange(0, 2 * np.pi, np.pi / 4)]
        if all((atlas.on_land(*p) & ~on_lake(*p)).all() for p in (there, *around)):
            return _laid(rng, ship, span[0], there)
    return None


def _copying(rng: np.random.Generator, ship: pl.DataFrame, number: int) -> Told | None:
    """Send a ship's reports under another number, 8 to 200 km away, at once or hours later."""
    span = _span(rng, ship, 0.0)
    if span is None:
        return None
    at, seconds = span
    vectors = unit_vectors(*_places(ship, at))
    if not 4.0 < between_m(vectors[1:], vectors[:-1]).sum() / seconds[-1] / KNOT_M_PER_S < 40.0:
        return None
    far, course = rng.uniform(8e3, 200e3), rng.uniform(0, 2 * np.pi)
    lon, lat = _noisy(rng, _moved(_places(ship, at), far * np.sin(course), far * np.cos(course)))
    late = timedelta(seconds=int(rng.choice([0, 0, 1800, 10_800])))
    told = ship[at].with_columns(mmsi=pl.lit(number, pl.Int64), lon=pl.Series(lon).round(5),
                                 lat=pl.Series(lat).round(5), time=pl.col("time") + late)  # fmt: skip
    times = told["time"].to_list()
    return number, told, times[0], times[-1]


KINDS: dict[str, Callable[[np.random.Generator, pl.DataFrame, int], Told | None]] = {
    "circle": _circling, "jump": _jumping, "on_land": _landing, "copy": _copying,
}  # fmt: skip


def _interference(rng: np.random.Generator, first: datetime) -> tuple[pl.DataFrame, list[int]]:
    """Move sixty ships in mid-ocean for two hours and a half: to one airport, onto circles, or all the same way."""
    way = rng.choice(["airport", "circles", "shift"])
    frames = [
        _disturbed(rng, DISTURBED_FROM + k, first + timedelta(hours=4), str(way)) for k in range(DISTURBED)
    ]
    return pl.concat(frames), [DISTURBED_FROM + k for k in range(DISTURBED)]


def _disturbed(rng: np.random.Generator, mmsi: int, first: datetime, way: str) -> pl.DataFrame:
    every_s = rng.choice([10.0, 30.0, 60.0, 180.0, 360.0])
    seconds = np.cumsum(rng.uniform(0.8, 1.2, int(12 * 3600 / every_s)) * every_s)
    speed, course = rng.uniform(0.2, 6.0) * KNOT_M_PER_S, rng.uniform(0, 2 * np.pi)
    start = (
        np.full(seconds.size, v) for v in (-150.0 + rng.uniform(-0.4, 0.4), 25.0 + rng.uniform(-0.4, 0.4))
    )
    lon, lat = _moved((*start,), speed * seconds * np.sin(course), speed * seconds * np.cos(course))  # type: ignore[arg-type]
    bad = (seconds > 4 * 3600 + rng.uniform(-300, 300)) & (seconds < 6.5 * 3600 + rng.uniform(-300, 300))
    angle = rng.uniform(5.0, 12.0) / rng.uniform(300.0, 1500.0) * seconds[bad]
    airport = np.full(bad.sum(), -148.5), np.full(bad.sum(), 26.2)
    noise = rng.normal(0.0, 300.0, (2, angle.size))
    false = {
        "airport": lambda: _moved(airport, noise[0], noise[1]),
        "circles": lambda: _moved(airport, 800.0 * np.cos(angle), 800.0 * np.sin(angle)),
        "shift": lambda: _moved((lon[bad], lat[bad]), 60e3, 40e3),
    }
    lon[bad], lat[bad] = false[way]()
    lon, lat = _noisy(rng, (lon, lat))
    times = [first + timedelta(milliseconds=round(s * 1000)) for s in seconds]
    frame = pl.DataFrame({"mmsi": np.full(seconds.size, mmsi), "time": times, "lon": lon, "lat": lat})
    return frame.with_columns(pl.col("time").cast(TIME), pl.col("lon", "lat").round(5))
