"""Truth: plant a scene, carry it through a fresh desk with the public verbs, and score what comes out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.scenario import Scenario, Sea, scenario
from clearwake.benchmarks.scoring import Line, false_alarms, score

if TYPE_CHECKING:
    from rich.table import Table

TABLES = ("encounters", "gaps", "loiterings", "port_calls", "tracks", "indicators")

OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class TruthReport:
    """How true the events of one scene are."""

    seed: int
    ships: int
    hours: float
    rows: int
    seconds: float
    machine: Machine
    lines: tuple[Line, ...]

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        return all(line.is_met is not False for line in self.lines)

    @property
    def recall(self) -> float:
        """Give the share of planted meetings of two transmitting ships that were found."""
        together = next(
            line for line in self.lines if (line.group, line.what) == ("meetings found", "together")
        )
        return together.count / (together.of or 1)

    @property
    def false_alarms_per_ship_day(self) -> float:
        """Give how often something was said that is not so, per ship and day."""
        return false_alarms(list(self.lines)) / (self.ships * self.hours / 24.0)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {
            **{k: v for k, v in asdict(self).items() if k not in ("lines", "machine")},
            "machine": self.machine.as_json(),
            "recall": self.recall,
            "false_alarms_per_ship_day": self.false_alarms_per_ship_day,
            "is_met": self.is_met,
            "lines": [line.as_json() for line in self.lines],
        }

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Truth: {self.ships:,} ships, {self.hours:g} h, {self.rows:,} positions, seed {self.seed}"
        caption = (
            f"recall of meetings {self.recall:.1%}; {self.false_alarms_per_ship_day:.4f} false alarms per ship and "
            f"day; {self.machine}"
        )
        table = Table("", "what", "count", "of", "wanted", "", "note", title=title, caption=caption)
        group = ""
        for line in self.lines:
            sign = {True: "yes", False: "[bold red]NO[/]", None: ""}[line.is_met]
            of = "" if line.of is None else f"{line.of:,}"
            shown = line.group if line.group != group else ""
            table.add_row(shown, line.what, f"{line.count:,}", of, line.wanted, sign, line.note)
            group = line.group
        return table


def truth(
    seed: int = 0,
    ships: int = 5000,
    hours: float = 24.0,
    rows: int | None = None,
    folder: Path | None = None,
    sea: Sea | None = None,
    on_progress: OnProgress | None = None,
) -> TruthReport:
    """Score the detectors on a scene of which everything is known.

    Args:
        seed: Source of chance.
        ships: Hulls in the scene.
        hours: Length of the scene.
        rows: About how many positions; see ``scenario``.
        folder: Where the scene and the desk are written and stay; by default a temporary folder that goes.
        sea: Where land and ports are in the scene; by default as clearwake knows them.
        on_progress: Told the stage, and how far it is.
    """
    tell = on_progress or (lambda *_: None)
    tell("scene", 0, 1)
    scene = scenario(ships, hours, seed, rows, sea=sea)
    tell("scene", 1, 1)
    began = time.monotonic()
    if folder is not None:
        tables = events_of(scene, folder, on_progress)
    else:
        with tempfile.TemporaryDirectory(prefix="clearwake-truth-") as aside:
            tables = events_of(scene, Path(aside), on_progress)
    seconds = time.monotonic() - began
    lines = tuple(score(scene, tables))
    return TruthReport(seed, ships, hours, scene.positions.height, seconds, this_machine(), lines)


def events_of(
    scene: Scenario, folder: Path, on_progress: OnProgress | None = None
) -> dict[str, pl.DataFrame]:
    """Carry a scene through a fresh desk in ``folder`` and give the tables of events.

    Raises:
        FileExistsError: If there is a desk in ``folder`` already: a second scene in it would spoil both.
    """
    import clearwake  # noqa: PLC0415 - the desk loads every room; the scoring needs none of them

    desk_folder = folder / "desk"
    if desk_folder.exists():
        message = f"there is a desk in {folder} already; give a new folder"
        raise FileExistsError(message)
    folder.mkdir(parents=True, exist_ok=True)
    files = write(scene, folder)
    with clearwake.open(desk_folder) as desk:
        desk.read("anchorages", files["anchorages"])
        desk.read("table", files["positions"], on_progress=on_progress)
        desk.run(on_progress=on_progress)
        return {name: desk.show(name) for name in TABLES}


def write(scene: Scenario, folder: Path) -> dict[str, Path]:
    """Write the scene as files that any tool can read: positions, anchorages, truth."""
    files = {"positions": folder / "positions.parquet", "anchorages": folder / "anchorages.csv"}
    scene.positions.write_parquet(files["positions"], statistics=False)
    scene.anchorages.write_csv(files["anchorages"])
    files["truth"] = folder / "truth.csv"
    scene.truth.write_csv(files["truth"])
    return files
