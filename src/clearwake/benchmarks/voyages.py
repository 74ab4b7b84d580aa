"""Are voyages that are not what was declared found, and changed draughts, and honest ships left alone?

Among honest ships, twelve days of positions and claims, are planted draughts changed in port, at sea and in silence,
destinations that are not sailed to, detours, ports passed over, calls in the DPRK and what is remembered of them.  All
goes through a fresh desk with the public verbs.  The stories are this project's own, plainer than life.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.voyage_honest import HABITS, QUIET, honest
from clearwake.benchmarks.voyage_scene import HOURS, LATEST_H, TRIES, Fact, NoVoyageError, Scene
from clearwake.benchmarks.voyage_stories import STORIES
from clearwake.model import utc

if TYPE_CHECKING:
    from rich.table import Table

EACH = 30
"""Voyages of each kind."""

WANTED, MOST_SCORE = 0.9, 0.5
"""What is demanded: the share found of each kind, and the score that nothing reaches about an honest ship."""

BEGIN = utc("2026-03-01")
TABLES = ("draught_changes", "voyage_findings", "typology_findings")
DRAUGHTS = {"draught_call": "port_call", "draught_encounter": "encounter", "draught_gap": "gap"}
AT_SEA = ("encounter", "gap", "silence", "loitering")

TRUE_OF = {"forgotten_call": ("dprk_call",)}
"""What may be said of honest ships since it is so: a forgotten call was made."""

SLACK = timedelta(hours=2)

Tables = Mapping[str, pl.DataFrame]
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class VoyageLine:
    """How one kind of voyage did."""

    kind: str
    planted: int
    found: int

    @property
    def recall(self) -> float:
        """Give the share found."""
        return self.found / self.planted if self.planted else 1.0


@dataclass(frozen=True)
class HonestLine:
    """What was said of honest ships of one habit."""

    habit: str
    ships: int
    said: int
    """Rows about them in ``voyage_findings``, at any score."""
    highest: float
    """The highest score among these; 0 where nothing was said."""
    wrong: int
    """Rows that score 0.5 or more, draughts said to have likely changed at sea or that nobody had, shown typologies."""


@dataclass(frozen=True)
class VoyageReport:
    """How true draught changes and voyage findings are."""

    seed: int
    ship_days: int
    """Of honest ships."""
    reports: int
    seconds: float
    lines: tuple[VoyageLine, ...]
    honest: tuple[HonestLine, ...]
    machine: Machine

    @property
    def wrong_per_thousand(self) -> float:
        """Give the wrong rows per 1,000 ship-days of honest ships."""
        return 1000.0 * sum(line.wrong for line in self.honest) / max(self.ship_days, 1)

    @property
    def said_per_thousand(self) -> float:
        """Give the rows at any score per 1,000 ship-days of honest ships."""
        return 1000.0 * sum(line.said for line in self.honest) / max(self.ship_days, 1)

    @property
    def is_met(self) -> bool:
        """Say whether enough was found of each kind, and nothing wrong was said of honest ships."""
        return all(line.recall >= WANTED for line in self.lines) and not any(h.wrong for h in self.honest)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        lines = [asdict(line) | {"recall": line.recall} for line in self.lines]
        return {
            **asdict(self), "lines": lines, "wrong_per_1000_ship_days": self.wrong_per_thousand,
            "said_per_1000_ship_days": self.said_per_thousand, "machine": self.machine.as_json(),
            "is_met": self.is_met,
        }  # fmt: skip

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Voyages: {self.reports:,} reports, {self.ship_days:,} honest ship-days, seed {self.seed}"
        caption = (
            f"of honest ships {self.wrong_per_thousand:.2f} wrong rows and {self.said_per_thousand:.1f} at any score "
            f"per 1,000 ship-days; {self.seconds:.0f} s; {self.machine}"
        )
        table = Table("what", "planted", "found", "share", "", title=title, caption=caption)
        for line in self.lines:
            sign = "yes" if line.recall >= WANTED else "[bold red]NO[/]"
            table.add_row(line.kind, f"{line.planted}", f"{line.found}", f"{line.recall:.3f}", sign)
        for each in self.honest:
            said = f"{each.said} rows, at most {each.highest:.2f}"
            sign = "[bold red]NO[/]" if each.wrong else "yes"
            table.add_row(f"honest: {each.habit}", f"{each.ships} ships", f"{each.wrong} wrong", said, sign)
        return table


def measure(
    ships: int = 300, seed: int = 0, folder: Path | None = None, on_progress: OnProgress | None = None
) -> VoyageReport:
    """Plant, find and score.

    Args:
        ships: How many honest ships; those with a story come to them.
        seed: Source of chance.
        folder: Where the scene and its desk are put; a temporary folder, if not given.
        on_progress: Told how far it is.
    """
    scene = plant(ships, seed, on_progress=on_progress)
    reports = heard(scene)
    tables, seconds = find(reports, folder, on_progress)
    days = round(len(scene.habits) * HOURS / 24.0)
    return VoyageReport(seed, days, reports.height, seconds, tuple(found_lines(scene, tables)),
                        tuple(honest_lines(scene, tables)), this_machine())  # fmt: skip


def plant(
    ships: int,
    seed: int,
    each: int = EACH,
    stories: Sequence[Callable[[Scene], None]] = tuple(STORIES),
    habits: Sequence[str] = HABITS,
    on_progress: OnProgress | None = None,
) -> Scene:
    """Sail so many honest ships, and so many voyages of every kind.

    A call in the DPRK is made alongside or in the roads by chance, so there are about so many of both together.
    """
    tell = on_progress or (lambda *_: None)
    scene = Scene(np.random.default_rng([seed, 12]))
    for number, story in enumerate(stories):
        tell("planting", number, len(stories))
        for _ in range(each):
            _planted(scene, story)
    for habit in cycle(habits):
        if len(scene.habits) >= ships:
            break
        _planted(scene, partial(honest, habit=habit))
    tell("planting", len(stories), len(stories))
    return scene


def _planted(scene: Scene, sail: Callable[[Scene], None]) -> None:
    """Plant what is over, and typed, before the scene is; what is not, or finds no way on, is taken back."""
    ships, facts, habits = len(scene.ships), len(scene.facts), dict(scene.habits)
    for _ in range(TRIES):
        try:
            sail(scene)
        except NoVoyageError:
            # The ports drawn first leave no way on; others do.
            is_over = False
        else:
            is_over = all(fact.end <= HOURS - LATEST_H for fact in scene.facts[facts:])
        if is_over:
            return
        del scene.ships[ships:], scene.facts[facts:]
        scene.habits = dict(habits)
    message = f"nothing was over in time in {TRIES} draws"
    raise NoVoyageError(message)


def heard(scene: Scene) -> pl.DataFrame:
    """Write all that is heard, in order of time."""
    return pl.concat([ship.reports(HOURS, pl.lit(BEGIN)) for ship in scene.ships]).sort("time", "mmsi")


def find(
    reports: pl.DataFrame, folder: Path | None = None, on_progress: OnProgress | None = None
) -> tuple[dict[str, pl.DataFrame], float]:
    """Give the tables as a desk shows them, and the seconds they took."""
    import clearwake  # noqa: PLC0415 - the desk loads every room; the scoring needs none of them

    room: AbstractContextManager[str] = (
        tempfile.TemporaryDirectory(prefix="clearwake-voyages-")
        if folder is None
        else nullcontext(str(folder))
    )
    with room as inside:
        Path(inside).mkdir(parents=True, exist_ok=True)
        file = Path(inside) / "reports.parquet"
        reports.write_parquet(file)
        with clearwake.open(Path(inside) / "desk") as desk:
            began = time.monotonic()
            desk.read("table", file, on_progress=on_progress)
            desk.run(on_progress=on_progress)
            return {name: desk.show(name) for name in TABLES}, time.monotonic() - began


def found_lines(scene: Scene, tables: Tables) -> list[VoyageLine]:
    """Count, of every kind planted, how many were found."""
    kinds = list(dict.fromkeys(fact.kind for fact in scene.facts))
    likeliest = pl.col("probability") == pl.col("probability").max().over("mmsi_a", "start", "end")
    changes = tables["draught_changes"].filter(likeliest)
    findings = tables["voyage_findings"]
    lines = []
    for kind in sorted(kinds):
        facts = [fact for fact in scene.facts if fact.kind == kind]
        told = [_changed(fact, changes) if kind in DRAUGHTS else _told(fact, findings) for fact in facts]
        lines.append(VoyageLine(kind, len(facts), sum(told)))
    return lines


def _hour(hour: float) -> datetime:
    return BEGIN + timedelta(hours=hour)


def _changed(fact: Fact, likeliest: pl.DataFrame) -> bool:
    """Say whether a change is told of first in its own event, of a meeting on both sides, and that they agree."""
    over = likeliest.filter(
        pl.col("label") == fact.label,
        pl.col("start") <= _hour(fact.end + 2 * 24.0), pl.col("end") >= _hour(fact.begin) - SLACK,
    )  # fmt: skip
    if fact.other is None:
        return over.filter(pl.col("mmsi_a") == fact.mmsi).height > 0
    agreed = over.filter(pl.col("agrees"))
    pairs = set(agreed.select("mmsi_a", "partner_mmsi").iter_rows())
    return {(fact.mmsi, fact.other), (fact.other, fact.mmsi)} <= pairs


def _told(fact: Fact, findings: pl.DataFrame) -> bool:
    """Say whether a finding has the label, the ships, the text and the time of what was planted."""
    ships = [fact.mmsi] if fact.other is None else [fact.mmsi, fact.other]
    over = findings.filter(
        pl.col("label") == fact.label,
        pl.col("start") <= _hour(fact.end) + SLACK,
        pl.coalesce("end", pl.col("start") + timedelta(days=1)) >= _hour(fact.begin) - SLACK,
        *((pl.col("mmsi_a") == ship) | (pl.col("mmsi_b") == ship) for ship in ships),
    )
    if fact.declared is not None:
        over = over.filter(pl.col("declared") == fact.declared)
    return over.height > 0


def honest_lines(scene: Scene, tables: Tables) -> list[HonestLine]:
    """Count, for every honest habit, what was said of its ships."""
    lines = []
    for habit in [habit for habit in HABITS if habit in scene.habits.values()]:
        ships = [mmsi for mmsi, its in scene.habits.items() if its == habit]
        own = pl.col("mmsi_a").is_in(ships) | pl.col("mmsi_b").is_in(ships).fill_null(value=False)
        said = tables["voyage_findings"].filter(own, ~pl.col("label").is_in(TRUE_OF.get(habit, ())))
        highest = said["score"].max() if said.height else 0.0
        wrong = said.filter(_is_wrong(habit)).height + _wrong_draughts(
            habit, ships, tables["draught_changes"]
        )
        wrong += tables["typology_findings"].filter(own, pl.col("status") == "shown").height
        lines.append(HonestLine(habit, len(ships), said.height, float(highest), wrong))  # type: ignore[arg-type]
    return lines


def _is_wrong(habit: str) -> pl.Expr:
    forgotten = (pl.col("label") == "dprk_call_memory") & (pl.col("end").fill_null(BEGIN) >= BEGIN)
    return (pl.col("score") >= MOST_SCORE) | (forgotten if habit == "forgotten_call" else pl.lit(value=False))


def _wrong_draughts(habit: str, ships: list[int], changes: pl.DataFrame) -> int:
    """Count draughts said to have changed at sea more likely than not, and any of a ship whose draught never did."""
    own = changes.filter(pl.col("mmsi_a").is_in(ships))
    if habit in QUIET:
        return own.height
    return own.filter(pl.col("label").is_in(AT_SEA), pl.col("probability") >= MOST_SCORE).height
