"""Which hull in an image is which ship?  Detections planted where ships truly were, of which AIS says less.

Ships' true places come from a generated scene, or are reports kept back from real positions.  Their AIS is thinned to a
report every 5, 30 or 60 minutes; a tenth of the ships lose theirs altogether and must stay dark.  Places are off by 50
to 200 m, or by 10 to 50 m; radar displaces what moves; lengths and headings are measured badly, or not at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.scenario import Scenario, Sea, scenario
from clearwake.matching import Ground, match_detections
from clearwake.matching.course import axes
from clearwake.model import TIME, Detection, conform
from clearwake.sphere import Floats
from clearwake.tracks import follow

if TYPE_CHECKING:
    from rich.table import Table

OnProgress = Callable[[str, int, int], None]

EVERY_MIN = (5, 30, 60)
WELL_LOCATED = ("optical, within 50 m", "radar, within 50 m")
SENSORS = ("optical", "radar", "radar, geometry not told", "radar, length and heading", *WELL_LOCATED)
DARK_SHARE = 0.1
OFF_M, WELL_LOCATED_M = (50.0, 200.0), (10.0, 50.0)
"""The second is what radar and optical satellites reach that show hulls: Sentinel-1 locates to some metres (Schubert
et al. 2015, https://doi.org/10.3390/rs70709431), the middle of a hull is seen to some tens.  The first is coarser."""

FASTEST_KN = 20.0
IMAGES = 4
LAG_S = 113.0 * float(np.sin(np.radians(38.0)))
"""Of Sentinel-1, as in ``matching.doppler``."""

APART_M = 500.0
"""A ship with no other so near lies apart; nearer, the noise alone can exchange two hulls."""

LEAST_RIGHT = 0.95
HELD_WITHIN_S = 150.0


@dataclass(frozen=True)
class Truth:
    """Where ships truly were when an image was taken, one row each."""

    image: int
    mmsi: Sequence[int]
    ms: Sequence[int]
    place: Floats
    velocity: Floats
    """Metres a second, ``(n, 3)``."""


@dataclass(frozen=True)
class Traffic:
    """Ships: what all of them reported, and where they were at the images."""

    name: str
    positions: pl.DataFrame
    """``mmsi, time, lon, lat`` and whatever else was reported."""
    truths: tuple[Truth, ...]
    kept_back: pl.DataFrame
    """``mmsi, time`` of the reports that are truth, and must not be heard."""


@dataclass(frozen=True)
class Line:
    """How one kind of image did over one kind of AIS."""

    traffic: str
    every_min: int
    sensor: str
    ships: int
    """Detections of ships that were heard at least that often around the image."""
    right: int
    wrong: int
    called_dark: int
    apart: int
    """Of these ships, the ones with no other within 500 m."""
    apart_right: int
    dark: int
    """Detections of ships without AIS."""
    dark_matched: int
    apart_dark: int
    apart_dark_matched: int
    twice: int
    """Hulls heard that were given two hulls of one image."""

    @property
    def right_share(self) -> float:
        """Give the share of ships' hulls that were given to the right ship."""
        return self.right / self.ships if self.ships else 1.0

    @property
    def is_met(self) -> bool | None:
        """Say whether 95 % are right and none is matched twice; asked of AIS every five minutes only.

        Hulls closer to each other than places are off cannot be told apart by places alone: where nothing else is
        known and places are off by up to 200 m, only ships that lie apart are asked for.
        """
        if self.every_min != EVERY_MIN[0]:
            return None
        apart = self.apart_right / self.apart if self.apart else 1.0
        is_told = self.sensor in WELL_LOCATED or self.sensor.endswith("heading")
        return (self.right_share if is_told else apart) >= LEAST_RIGHT and self.twice == 0


@dataclass(frozen=True)
class SensingReport:
    """How true matches are on some traffic."""

    seed: int
    seconds: float
    lines: tuple[Line, ...]
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        return all(line.is_met is not False for line in self.lines)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        lines = [asdict(x) | {"right_share": x.right_share, "is_met": x.is_met} for x in self.lines]
        return {**asdict(self), "lines": lines, "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Detections against AIS, seed {self.seed}, {self.seconds:.0f} s"
        heads = ("traffic", "AIS every", "image", "ships", "right", "right, apart", "called dark", "dark",
                 "dark matched", "apart", "twice")  # fmt: skip
        table = Table(*heads, title=title, caption=str(self.machine))
        for line in self.lines:
            apart = line.apart_right / line.apart if line.apart else 1.0
            table.add_row(
                line.traffic, f"{line.every_min} min", line.sensor, f"{line.ships:,}", f"{line.right_share:.1%}",
                f"{apart:.1%}", f"{line.called_dark / max(line.ships, 1):.1%}", f"{line.dark:,}",
                f"{line.dark_matched:,}", f"{line.apart_dark_matched} of {line.apart_dark}", f"{line.twice}",
            )  # fmt: skip
        return table


def measure(
    ships: int = 2000,
    seed: int = 0,
    real: pl.DataFrame | None = None,
    sea: Sea | None = None,
    on_progress: OnProgress | None = None,
) -> SensingReport:
    """Plant, match and score.

    Args:
        ships: In the generated scene.
        seed: Another seed is another scene, other images and other noise.
        real: Real positions (``mmsi, time, lon, lat``) to keep reports back from, as a second traffic.
        sea: Where land and ports are, for the generated scene.
        on_progress: Told the stage, done and expected.
    """
    began, tell = time.monotonic(), on_progress or (lambda *_: None)
    made = [generated(scenario(ships, 12.0, seed, rows=ships * 12 * 40, sea=sea), seed)]
    made += [] if real is None else [held_back("real", real, seed)]
    lines: list[Line] = []
    wanted = [(traffic, every, sensor) for traffic in made for every in EVERY_MIN for sensor in SENSORS]
    for number, (traffic, every, sensor) in enumerate(wanted):
        tell("sensing", number, len(wanted))
        lines.append(scored(traffic, every, sensor, seed))
    return SensingReport(seed, time.monotonic() - began, tuple(lines), this_machine())


def generated(made: Scenario, seed: int) -> Traffic:
    """Take images of a generated scene: every transmitter that is one ship, where it truly is."""
    rng, paths = np.random.default_rng((seed, 1)), made.paths
    single = pl.Series(paths.mmsi).is_unique().to_numpy()
    rows = np.flatnonzero(paths.is_heard & single)
    truths = []
    for image, share in enumerate(rng.uniform(0.15, 0.85, IMAGES)):
        second = share * paths.clock.end_s
        tick, part = int(second // 120.0), second % 120.0 / 120.0
        a, b = paths.path[rows, tick], paths.path[rows, tick + 1]
        place = sphere.interpolate(a, b, np.full(len(rows), part))
        ms = round(paths.clock.at(second).timestamp() * 1000)
        velocity = (b - a) * sphere.EARTH_RADIUS_M / 120.0
        truths.append(Truth(image, paths.mmsi[rows].tolist(), [ms] * len(rows), place, velocity))
    none = made.positions.select("mmsi", pl.col("time").cast(TIME)).clear()
    return Traffic("generated", made.positions, tuple(truths), none)


def held_back(name: str, positions: pl.DataFrame, seed: int) -> Traffic:
    """Keep reports of real ships back: of each ship the one nearest in time to each image, if there is one near."""
    rng = np.random.default_rng((seed, 2))
    rows = positions.with_columns(pl.col("time").cast(TIME)).unique(["mmsi", "time"]).sort("mmsi", "time")
    ms = rows["time"].dt.epoch("ms").to_numpy()
    begin, end = int(ms.min()), int(ms.max())
    truths, kept = [], []
    for image, share in enumerate(rng.uniform(0.1, 0.9, IMAGES)):
        at = begin + share * (end - begin)
        chosen = _nearest_reports(rows, ms, at)
        place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
        since = np.maximum(ms[chosen] - ms[chosen - 1], 1000) / 1000.0
        velocity = (place[chosen] - place[chosen - 1]) * sphere.EARTH_RADIUS_M / since[:, None]
        slow = sphere.length(velocity) <= FASTEST_KN * sphere.KNOT_M_PER_S
        chosen, velocity = chosen[slow], velocity[slow]
        truths.append(
            Truth(image, rows["mmsi"][chosen].to_list(), ms[chosen].tolist(), place[chosen], velocity)
        )
        kept.append(rows[chosen].select("mmsi", "time"))
    return Traffic(name, rows, tuple(truths), pl.concat(kept))


def _nearest_reports(rows: pl.DataFrame, ms: np.ndarray, at: float) -> np.ndarray:
    """Give the row nearest to a moment of each ship that was heard near it, and not for the first time."""
    off = rows.select("mmsi").with_columns(off=np.abs(ms - at) / 1000.0).with_row_index("row")
    first = pl.col("mmsi") != pl.col("mmsi").shift()
    near = off.with_columns(first=first.fill_null(value=True)).filter(
        ~pl.col("first"), pl.col("off") <= HELD_WITHIN_S
    )
    nearest = near.sort("mmsi", "off", "row").group_by("mmsi", maintain_order=True).first()
    return np.sort(nearest["row"].to_numpy().astype(np.int64))


def scored(traffic: Traffic, every_min: int, sensor: str, seed: int) -> Line:
    """Thin AIS, take the images, match and count."""
    rng = np.random.default_rng((seed, 3, every_min, SENSORS.index(sensor)))
    ships = traffic.positions["mmsi"].unique().sort()
    dark = set(rng.choice(ships.to_numpy(), max(1, round(DARK_SHARE * len(ships))), replace=False).tolist())
    fixes = _thinned(traffic, dark, every_min)
    lengths = pl.DataFrame(
        {"mmsi": ships, "length_m": np.exp(rng.normal(4.5, 0.7, len(ships))).clip(12.0, 390.0)}
    )
    seen = pl.concat(list(_images(traffic, sensor, lengths, rng)))
    claimed = lengths if sensor.endswith("heading") else lengths.clear()
    detections = conform(
        seen.select(name for name in seen.columns if name in Detection.__dataclass_fields__), Detection
    )
    found = match_detections(detections, Ground(fixes, claimed, _nowhere, _nowhere))
    return _counted((traffic.name, every_min, sensor), found, seen, fixes, dark)


def _nowhere(lon: Floats, lat: Floats) -> Floats:
    del lat
    return np.full(len(lon), np.inf)


def _thinned(traffic: Traffic, dark: set[int], every_min: int) -> pl.DataFrame:
    """Follow what is left of AIS: one report a ship in each interval, none of those kept back, none of dark ships."""
    rows = traffic.positions.with_columns(pl.col("time").cast(TIME)).join(
        traffic.kept_back, on=["mmsi", "time"], how="anti"
    )
    rows = rows.filter(~pl.col("mmsi").is_in(list(dark))).sort("mmsi", "time")
    slot = pl.col("time").dt.truncate(f"{every_min}m")
    is_first = (slot != slot.shift()) | (pl.col("mmsi") != pl.col("mmsi").shift())
    kept = rows.filter(is_first.fill_null(value=True)).with_columns(known_at=pl.col("time"))
    if "speed_kn" not in kept.columns:
        kept = kept.with_columns(speed_kn=pl.lit(None, pl.Float32))
    return follow(kept).fixes


def _images(
    traffic: Traffic, sensor: str, lengths: pl.DataFrame, rng: np.random.Generator
) -> Iterator[pl.DataFrame]:
    """Take each image: the hulls where the sensor shows them, with what it measures and who they truly are."""
    length_of = dict(lengths.iter_rows())
    is_radar, is_told = sensor.startswith("radar"), "not told" not in sensor
    for truth in traffic.truths:
        east, north = axes(truth.place)
        ve, vn = ((truth.velocity * axis).sum(axis=1) for axis in (east, north))
        flight = float(rng.uniform(0.0, 360.0))
        angle = np.radians(flight)
        ahead = -LAG_S * (ve * np.cos(angle) - vn * np.sin(angle)) if is_radar else np.zeros(len(ve))
        off_m = WELL_LOCATED_M if sensor in WELL_LOCATED else OFF_M
        off = rng.normal(0.0, 1.0, (len(ve), 2)) * (rng.uniform(*off_m, (len(ve), 1)) / np.sqrt(2.0))
        de, dn = off[:, 0] + ahead * np.sin(angle), off[:, 1] + ahead * np.cos(angle)
        moved = truth.place + (east * de[:, None] + north * dn[:, None]) / sphere.EARTH_RADIUS_M
        lon, lat = sphere.lonlat(moved)
        rows = pl.DataFrame({
            "id": [f"detection:{truth.image}-{mmsi}" for mmsi in truth.mmsi], "truth": truth.mmsi,
            "time": pl.Series(truth.ms).cast(TIME), "lon": lon, "lat": lat, "scene": f"image {truth.image}",
            "apart_m": _apart_m(truth.place),
            "sensor": "radar" if is_radar else "optical",
            "platform_heading_deg": flight if is_radar and is_told else None,
        })  # fmt: skip
        yield _with_outlines(rows, sensor, np.array([length_of[m] for m in truth.mmsi]), (ve, vn), rng)


def _with_outlines(
    rows: pl.DataFrame, sensor: str, length: Floats, speed: tuple[Floats, Floats], rng: np.random.Generator
) -> pl.DataFrame:
    """Add lengths and headings, badly measured: a fifth off, one in twenty altogether wrong."""
    n = rows.height
    measured = length * np.exp(rng.normal(0.0, 0.2, n)) + np.abs(rng.normal(0.0, 10.0, n))
    heading = np.degrees(np.arctan2(speed[0], speed[1])) + rng.normal(0.0, 12.0, n)
    heading = np.where(rng.uniform(size=n) < 0.05, rng.uniform(0.0, 180.0, n), heading) % 180.0
    is_measured = sensor.endswith("heading")
    kept = pl.lit(is_measured)
    return rows.with_columns(
        platform_heading_deg=pl.col("platform_heading_deg").cast(pl.Float64),
        length_m=pl.when(kept).then(pl.Series(measured)), heading_deg=pl.when(kept).then(pl.Series(heading)),
    )  # fmt: skip


def _apart_m(place: Floats) -> Floats:
    from scipy.spatial import cKDTree  # noqa: PLC0415 - only this function

    away, _ = cKDTree(place).query(place, k=min(2, len(place)))
    return sphere.arc_m(away[:, 1]) if len(place) > 1 else np.full(1, np.inf)


def _counted(
    key: tuple[str, int, str], found: pl.DataFrame, seen: pl.DataFrame, fixes: pl.DataFrame, dark: set[int]
) -> Line:
    """Count what became of hulls; of ships not heard around the image nothing is asked."""
    rows = found.select("id", "status", "mmsi", "track", "time", "scene").join(
        seen.select("id", "truth", "apart_m"), on="id"
    )
    rows = rows.with_columns(is_dark=pl.col("truth").is_in(list(dark)), apart=pl.col("apart_m") >= APART_M)
    heard = fixes.select(truth="mmsi", at="time").join(
        rows.filter(~pl.col("is_dark")).select("id", "truth", "time"), on="truth"
    )
    off = (pl.col("at") - pl.col("time")).dt.total_seconds().abs()
    audible = heard.filter(off <= key[1] * 60).select("id").unique()
    ships = rows.join(audible, on="id", how="semi").with_columns(
        right=pl.col("mmsi").eq_missing(pl.col("truth"))
    )
    hulls = rows.filter("is_dark")
    matched = pl.col("status") == "matched"
    both = rows.filter(matched).group_by("scene", "track").len()
    return Line(
        *key, ships.height, int(ships["right"].sum()), ships.filter(matched & ~pl.col("right")).height,
        ships.filter(pl.col("status") == "dark").height, ships.filter("apart").height,
        ships.filter("apart", "right").height, hulls.height, hulls.filter(matched).height,
        hulls.filter("apart").height, hulls.filter("apart", matched).height, both.filter(pl.col("len") > 1).height,
    )  # fmt: skip
