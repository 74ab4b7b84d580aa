"""How true possible meetings are: meetings in the dark planted by three hands, one of them in a real day as well.

Each scene is carried through a fresh desk with the public verbs, and only the table ``possible_meetings`` is looked at.
A planted meeting is found if a row names both its ships and its window overlaps it.  A probability is calibrated if, of
rows that say 0.7, seven in ten were planted.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.real_day import is_there, real_day
from clearwake.benchmarks.scenario import scenario
from clearwake.benchmarks.scenario.dark import SHARE, dark_scenario
from clearwake.benchmarks.scenario.dark_crowded import crowded
from clearwake.benchmarks.scenario.dark_planted import planted_in
from clearwake.benchmarks.scoring import Line
from clearwake.sphere import Floats

if TYPE_CHECKING:
    from rich.table import Table

OnProgress = Callable[[str, int, int], None]

STEPS = ("gap", "silence", "encounter", "loitering", "port_call")
KINDS = {"one_dark": "one_silent", "both_dark": "both_silent"}
"""What is planted, and the kind of row that tells of it."""

TOP = {"one_dark": 2.0, "both_dark": 10.0 / 3.0}
"""How many rows are looked at, to each meeting planted: 60 and 100 where there are 30."""

WANTED_SHARE = {"one_dark": 0.9, "both_dark": 0.5}
NEAR_KM = 10.0
SEEN_ERROR_M = 2000.0
"""A patrol sees each planted meeting once, so far off along each axis, and as many ships that nobody ever heard."""

BINS = 10
THIN = 500
"""Rows to a ship: fewer positions than a provider would give, for a scene made sooner."""

TRAFFIC, THINNER = 880, 400
"""The traffic to plant in is another scene than the one of the same seed, and thinner still."""


@dataclass(frozen=True)
class Scene:
    """Positions as a provider would give them, anchorages it gives away, and the meetings in the dark."""

    name: str
    positions: pl.DataFrame
    anchorages: pl.DataFrame | None
    truth: pl.DataFrame


def spread(seed: int, ships: int) -> Scene:
    """Make traffic all over the globe with meetings in the dark: the first hand."""
    made = dark_scenario(ships, 24.0, seed, rows=THIN * ships)
    return Scene("spread", made.positions, made.anchorages, made.truth)


def crowd(seed: int, ships: int) -> Scene:
    """Make a crowded sea: the third hand."""
    made = crowded(seed, ships)
    return Scene("crowded", made.positions, None, made.truth)


def given(seed: int, ships: int) -> Scene:
    """Plant meetings in traffic that knows nothing of them: the second hand."""
    from clearwake import places  # noqa: PLC0415 - only this scene asks where the coast is

    traffic = scenario(ships, 24.0, TRAFFIC + seed, rows=THINNER * ships)
    met = traffic.truth.filter(pl.col("family") == "meeting")
    untouched = frozenset(met["mmsi_a"].to_list() + met["mmsi_b"].to_list())
    made = planted_in(
        traffic.positions, places.load().coast_km, seed, max(1, round(SHARE * ships)), untouched=untouched
    )
    return Scene("given", made.positions, None, made.truth)


def real(seed: int, _: int) -> Scene:
    """Plant meetings in a real day, as many as its own ships make of the base rate."""
    from clearwake import places  # noqa: PLC0415 - only these scenes ask where the coast is

    day = real_day()
    wanted = round(SHARE * day["mmsi"].n_unique())
    made = planted_in(day, places.load().coast_km, seed, wanted)
    return Scene("real", made.positions, None, made.truth)


HANDS: dict[str, Callable[[int, int], Scene]] = {
    "spread": spread,
    "given": given,
    "crowded": crowd,
    "real": real,
}


@dataclass(frozen=True)
class Judged:
    """The table of one scene with each row held against the truth, and what was planted."""

    scene: str
    rows: pl.DataFrame
    """``kind, probability, is_true, off_km, overlap`` (both together by either), the likeliest first."""
    truth: pl.DataFrame
    seen: pl.DataFrame
    """``is_planted, probability, is_true`` (its likeliest ship was there), one row a sighting."""
    seconds: float
    """What the search took, silences and their causes included."""


def judged(scene: Scene, folder: Path) -> Judged:
    """Carry a scene through a fresh desk in ``folder``, and hold what it says against the truth."""
    import clearwake  # noqa: PLC0415 - the desk loads every room; the scoring needs none of them

    file = folder / "positions.parquet"
    scene.positions.write_parquet(file)
    with clearwake.open(folder / "desk") as desk:
        if scene.anchorages is not None:
            scene.anchorages.write_csv(folder / "anchorages.csv")
            desk.read("anchorages", folder / "anchorages.csv")
        desk.read("table", file)
        desk.run(steps=",".join(STEPS))
        began = time.monotonic()
        found = desk.show("possible_meetings")
        seconds = time.monotonic() - began
        planted = scene.truth.filter(pl.col("kind").is_in(list(KINDS)))
        reports = sightings(scene.positions, planted)
        reports.drop("ships").write_csv(folder / "sightings.csv")
        desk.read("sightings", folder / "sightings.csv")
        seen = named(desk.show("possible_meetings"), reports)
    return Judged(scene.name, held(found, planted), planted, seen, seconds)


def sightings(positions: pl.DataFrame, planted: pl.DataFrame) -> pl.DataFrame:
    """Let a patrol see two ships at each planted meeting, and as many single ones that nobody heard; it reads no name.

    Args:
        positions: Of the scene; the ships nobody heard are 20 to 100 km from one of them.
        planted: ``mmsi_a, mmsi_b, start, end, lon, lat``.

    Returns:
        ``time, lon, lat, error_m, partner`` as a report gives them, and ``ships``: who was there.
    """
    rng = np.random.default_rng([planted.height, positions.height])
    n = planted.height
    middle = planted.select(pl.col("start") + (pl.col("end") - pl.col("start")) / 2).to_series()
    other = positions[pl.Series(rng.choice(positions.height, n, replace=False), dtype=pl.UInt32)]
    off_m = np.concatenate((np.hypot(*rng.normal(0.0, SEEN_ERROR_M, (2, n))), rng.uniform(20e3, 100e3, n)))
    lon, lat = (np.concatenate((planted[c].to_numpy(), other[c].to_numpy())) for c in ("lon", "lat"))
    lon, lat = sphere.destination(lon, lat, rng.uniform(0.0, 360.0, 2 * n), off_m)
    ships = [list(pair) for pair in planted.select("mmsi_a", "mmsi_b").iter_rows()]
    return pl.DataFrame({
        "time": pl.concat((middle.cast(other.schema["time"]), other["time"])).dt.truncate("1s"),
        "lon": lon, "lat": lat, "error_m": np.full(2 * n, SEEN_ERROR_M), "partner": ["unknown"] * n + ["none"] * n,
        "ships": pl.Series([*ships, *([[]] * n)], dtype=pl.List(pl.Int64)),
    }).unique("time", maintain_order=True)  # fmt: skip


def named(found: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Say of each sighting how likely its likeliest ship is said to be, and whether it was there."""
    rows = found.filter(pl.col("kind") == "sighting").sort("probability", descending=True)
    first = rows.unique("window_start", keep="first").select("mmsi_a", "probability", time="window_start")
    both = reports.join(first, on="time", how="left")
    return both.select(
        is_planted=pl.col("ships").list.len() > 0,
        probability=pl.col("probability").fill_null(0.0),
        is_true=pl.col("ships").list.contains(pl.col("mmsi_a")).fill_null(value=False),
    )


def held(found: pl.DataFrame, planted: pl.DataFrame) -> pl.DataFrame:
    """Hold rows of ``possible_meetings`` against planted meetings.

    Args:
        found: A table of ``PossibleMeeting``.
        planted: ``kind, mmsi_a, mmsi_b, start, end, lon, lat``.
    """
    pairs = (
        pl.min_horizontal("mmsi_a", "mmsi_b").alias("low"),
        pl.max_horizontal("mmsi_a", "mmsi_b").alias("high"),
    )
    true = planted.with_row_index("fact").select(
        *pairs, "fact", "start", "end", true_lon="lon", true_lat="lat", planted="kind"
    )
    rows = found.with_row_index("row").with_columns(*pairs)
    both = rows.join(true, on=["low", "high"], how="left", maintain_order="left")
    together = (
        pl.min_horizontal("window_end", "end") - pl.max_horizontal("window_start", "start")
    ).dt.total_seconds()
    either = (
        pl.max_horizontal("window_end", "end") - pl.min_horizontal("window_start", "start")
    ).dt.total_seconds()
    share = (together / either).clip(0.0, 1.0)
    told = both.with_columns(
        overlap=pl.when(pl.col("fact").is_not_null()).then(share),
        is_true=pl.col("fact").is_not_null() & (share > 0.0),
    )
    off = sphere.distance_m(
        *(told[n].cast(pl.Float64).to_numpy() for n in ("lon", "lat", "true_lon", "true_lat"))
    )
    told = told.with_columns(off_km=pl.Series(off / 1000.0).fill_nan(None))
    return told.unique("row", keep="first", maintain_order=True).select(
        "kind", "probability", "is_true", "off_km", "overlap", "fact", "planted"
    )


@dataclass(frozen=True)
class Bin:
    """Rows of about the same probability; bins of several runs add up."""

    rows: int
    stated: float
    """Their probabilities, added up."""
    true: int


def bins(probability: Floats, is_true: Floats) -> tuple[Bin, ...]:
    """Sort rows into ten equal bins of stated probability."""
    bin_of = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    rows = np.bincount(bin_of, minlength=BINS)
    stated, true = (np.bincount(bin_of, w, minlength=BINS) for w in (probability, is_true))
    return tuple(Bin(int(n), float(p), round(t)) for n, p, t in zip(rows, stated, true, strict=True))


def calibration_error(of: Sequence[Bin]) -> float:
    """Give the expected calibration error: the mean distance of stated from true shares, over all rows."""
    return sum(abs(each.stated - each.true) for each in of) / max(sum(each.rows for each in of), 1)


def scored(one: Judged) -> list[Line]:
    """Score one scene: what was found of each kind, how high up, where and when."""
    lines = []
    for kind, told in KINDS.items():
        of = one.truth.filter(pl.col("kind") == kind).height
        mine = one.rows.filter(pl.col("kind") == told)
        many = round(TOP[kind] * of)
        top = mine.head(many)
        # One side silent is wanted at all, both silent among the likeliest.
        among = one.rows if kind == "one_dark" else top
        found = among.filter(pl.col("is_true"), pl.col("planted") == kind).unique("fact", maintain_order=True)
        first = one.rows.head(many) if kind == "one_dark" else top
        wanted = f">= {WANTED_SHARE[kind]:.0%}".replace("%", " %")
        lines += [
            Line(one.scene, f"{kind}: found", found.height, of, wanted),
            Line(one.scene, f"{kind}: real among the first", int(first["is_true"].sum()), first.height,
                 ">= 50 %" if kind == "one_dark" else "", ""),
            Line(one.scene, f"{kind}: window overlaps by half", _count(found, pl.col("overlap") >= 0.5), found.height,
                 ">= 50 %"),
            Line(one.scene, f"{kind}: place within 10 km", _count(found, pl.col("off_km") <= NEAR_KM), found.height,
                 ">= 50 %"),
        ]  # fmt: skip
    there, nowhere = (one.seen.filter(pl.col("is_planted") == of) for of in (True, False))
    sure = nowhere.filter(pl.col("probability") >= 0.5).height
    return [
        *lines,
        Line(
            one.scene,
            "sightings: a ship that was there named first",
            _count(there, pl.col("is_true")),
            there.height,
            "",
            "",
        ),
        Line(
            one.scene,
            "sightings of ships never heard: one named at 0.5 or more",
            sure,
            nowhere.height,
            "",
            "",
        ),
    ]


def _count(rows: pl.DataFrame, holds: pl.Expr) -> int:
    return rows.filter(holds).height


@dataclass(frozen=True)
class DarkReport:
    """How true possible meetings are in a few scenes."""

    seed: int
    ships: int
    seconds: dict[str, float]
    machine: Machine
    lines: tuple[Line, ...]
    bins: tuple[Bin, ...]
    """All rows of two ships in all scenes."""

    @property
    def calibration_error(self) -> float:
        """Give how far stated probabilities are from true shares."""
        return calibration_error(self.bins)

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        return all(line.is_met is not False for line in self.lines) and self.calibration_error < 0.05

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        own = {k: v for k, v in asdict(self).items() if k not in ("lines", "machine")}
        lines = [line.as_json() for line in self.lines]
        own["calibration_error"] = self.calibration_error
        return own | {"machine": self.machine.as_json(), "is_met": self.is_met, "lines": lines}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        searched = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.seconds.items())
        rows = sum(each.rows for each in self.bins)
        caption = f"calibration error {self.calibration_error:.3f} over {rows} rows; searched in {searched}"
        title = f"Possible meetings: {self.ships:,} ships, seed {self.seed}"
        table = Table("scene", "what", "count", "of", "wanted", "", title=title, caption=caption)
        for line in self.lines:
            sign = {True: "yes", False: "[bold red]NO[/]", None: ""}[line.is_met]
            table.add_row(line.group, line.what, str(line.count), str(line.of), line.wanted, sign)
        return table


def measure(
    ships: int = 5000,
    seed: int = 0,
    folder: Path | None = None,
    on_progress: OnProgress | None = None,
    hands: Sequence[str] = tuple(HANDS),
) -> DarkReport:
    """Plant meetings in the dark by each hand and score what is found.

    Args:
        ships: In each scene.
        seed: Source of chance; the weights were fitted on the seeds that ``dark_fit`` names.
        folder: Where scenes and desks are written and stay; by default a temporary folder that goes.
        on_progress: Told how far it is.
        hands: Which scenes; the real day only where its package is installed.
    """
    tell = on_progress or (lambda *_: None)
    hands = [hand for hand in hands if hand != "real" or is_there()]
    found = []
    with tempfile.TemporaryDirectory(prefix="clearwake-dark-") as aside:
        for number, hand in enumerate(hands):
            tell("scenes", number, len(hands))
            place = Path(folder or aside) / hand
            place.mkdir(parents=True)
            found.append(judged(HANDS[hand](seed, ships), place))
    tell("scenes", len(hands), len(hands))
    return reported(found, seed, ships)


def reported(found: Sequence[Judged], seed: int, ships: int) -> DarkReport:
    """Put judged scenes together into a report."""
    pairs = pl.concat([one.rows.filter(pl.col("kind").is_in(list(KINDS.values()))) for one in found])
    sorted_in = bins(pairs["probability"].to_numpy(), pairs["is_true"].cast(pl.Float64).to_numpy())
    lines = tuple(line for one in found for line in scored(one))
    seconds = {one.scene: one.seconds for one in found}
    return DarkReport(seed, ships, seconds, this_machine(), lines, sorted_in)
