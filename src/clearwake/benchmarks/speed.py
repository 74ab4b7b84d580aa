"""Speed and size: what reading and running a day costs, and two days, against merely scanning the same file.

Every stage is the command a user would type, in a fresh process, so that what it costs and how much memory it takes
is its own.  Seconds say little from one machine to another; the ratio to a scan measured in the same run says more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from clearwake.benchmarks.machine import Machine, this_machine

if TYPE_CHECKING:
    from rich.table import Table

FULL_ROWS = 10_400_000
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
"""Where the scenes begin, so that a day of them is a day of the store: the most a step has to hold."""

ROWS_PER_CPU_S = 500_000
MOST_GB = 3.0
MOST_GROWTH = 2.1
"""Twice the rows may cost this many times the CPU."""

MOST_MEMORY_GROWTH = 1.15
"""Twice the days may take this many times the memory: the same, give or take what the allocator does."""

OnProgress = Callable[[str, int, int], None]

_SCAN = """
import json, resource, sys, time
import polars as pl
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
began, wall = cpu(), time.monotonic()
pl.scan_parquet(sys.argv[1]).select(pl.all().cast(pl.Float64).sum()).collect()
print(json.dumps({"cpu_s": cpu() - began, "wall_s": time.monotonic() - wall}))
"""

_SCENE = """
import sys
from datetime import datetime
from pathlib import Path
from clearwake.benchmarks.scenario import scenario
from clearwake.benchmarks.truth import write
ships, hours, seed, rows, start, folder = sys.argv[1:]
scene = scenario(int(ships), float(hours), int(seed), int(rows), start=datetime.fromisoformat(start))
write(scene, Path(folder))
print(scene.positions.height)
"""


@dataclass(frozen=True)
class Cost:
    """What one process cost, its children included."""

    cpu_s: float
    wall_s: float
    peak_gb: float
    """The most memory of any one process."""


@dataclass(frozen=True)
class Stage:
    """One stage on one scene."""

    name: str
    days: int
    rows: int
    cost: Cost

    @property
    def rows_per_cpu_s(self) -> float:
        """Give how many rows one second of one core gets through."""
        return self.rows / self.cost.cpu_s

    def as_json(self) -> dict[str, object]:
        """Give the stage for a machine."""
        return {**asdict(self), "rows_per_cpu_s": self.rows_per_cpu_s}


@dataclass(frozen=True)
class BenchReport:
    """What a day and two days cost."""

    machine: Machine
    stages: tuple[Stage, ...]

    def stage(self, name: str, days: int) -> Stage:
        """Give a stage by name and number of days."""
        return next(s for s in self.stages if (s.name, s.days) == (name, days))

    def cpu_s(self, days: int) -> float:
        """Give the CPU seconds of reading and running together."""
        return self.stage("read", days).cost.cpu_s + self.stage("run", days).cost.cpu_s

    def peak_gb(self, days: int) -> float:
        """Give the most memory that reading or running took."""
        return max(self.stage(name, days).cost.peak_gb for name in ("read", "run"))

    @property
    def rows_per_cpu_s(self) -> float:
        """Give how many rows of one day one CPU second carries from file to events."""
        return self.stage("read", 1).rows / self.cpu_s(1)

    @property
    def growth(self) -> float:
        """Give how many times the CPU two days cost, were they exactly twice the rows of one."""
        rows = self.stage("read", 2).rows / self.stage("read", 1).rows
        return self.cpu_s(2) / self.cpu_s(1) * 2.0 / rows

    @property
    def memory_growth(self) -> float:
        """Give how many times the memory two days take."""
        return self.peak_gb(2) / self.peak_gb(1)

    @property
    def demands(self) -> list[tuple[str, str, str, bool]]:
        """Give each demand: what, measured, wanted, whether it is met."""
        speed, growth, memory = self.rows_per_cpu_s, self.growth, self.memory_growth
        gigabytes = max(self.peak_gb(1), self.peak_gb(2))
        return [
            (
                "rows per CPU-second, read and run",
                f"{speed:,.0f}",
                f">= {ROWS_PER_CPU_S:,}",
                speed >= ROWS_PER_CPU_S,
            ),
            ("peak memory", f"{gigabytes:.2f} GB", f"< {MOST_GB:g} GB", gigabytes < MOST_GB),
            (
                "CPU for twice the rows",
                f"{growth:.2f} times",
                f"<= {MOST_GROWTH:g} times",
                growth <= MOST_GROWTH,
            ),
            ("memory for twice the days", f"{memory:.2f} times", "the same", memory <= MOST_MEMORY_GROWTH),
        ]

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        return all(is_met for *_, is_met in self.demands)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {
            "machine": self.machine.as_json(),
            "stages": [stage.as_json() for stage in self.stages],
            "demands": [
                dict(zip(("what", "measured", "wanted", "is_met"), d, strict=True)) for d in self.demands
            ],
            "is_met": self.is_met,
        }

    def as_tables(self) -> list[Table]:
        """Give the report for a terminal: what each stage cost, and the demands."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        costs = Table(
            "stage", "days", "rows", "CPU s", "wall s", "peak GB", "x scan", "rows per CPU-s", title="Speed"
        )
        for stage in self.stages:
            scan = self.stage("scan", stage.days).cost.cpu_s
            cost = stage.cost
            costs.add_row(
                stage.name, str(stage.days), f"{stage.rows:,}", f"{cost.cpu_s:.2f}", f"{cost.wall_s:.2f}",
                f"{cost.peak_gb:.2f}", f"{cost.cpu_s / scan:.1f}", f"{stage.rows_per_cpu_s:,.0f}",
            )  # fmt: skip
        demands = Table("demand", "measured", "wanted", "", caption=str(self.machine))
        for what, measured, wanted, is_met in self.demands:
            demands.add_row(what, measured, wanted, "yes" if is_met else "[bold red]NO[/]")
        return [costs, demands]


def bench(
    rows: int = FULL_ROWS, seed: int = 0, folder: Path | None = None, on_progress: OnProgress | None = None
) -> BenchReport:
    """Measure reading and running one day of ``rows`` positions, and two days of twice as many.

    Args:
        rows: Positions in a day; the number of ships goes with it.
        seed: Source of chance of the scenes.
        folder: Where scenes and desks are written and stay; by default a temporary folder that goes.
        on_progress: Told the stage, and how far it is.
    """
    tell = on_progress or (lambda *_: None)
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="clearwake-bench-") as aside:
            return bench(rows, seed, Path(aside), on_progress)
    stages: list[Stage] = []
    for days in (1, 2):
        for stage in _stages(rows, days, seed, folder / f"days-{days}"):
            stages.append(stage)
            tell("bench", len(stages), 6)
    return BenchReport(this_machine(), tuple(stages))


def _stages(rows: int, days: int, seed: int, folder: Path) -> Sequence[Stage]:
    """Make the scene, then scan it, read it and run it, each in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    ships = max(400, round(rows * 5000 / FULL_ROWS))
    scene = [str(ships), str(24.0 * days), str(seed), str(rows * days), MIDNIGHT.isoformat(), str(folder)]
    made = int(_python("-c", _SCENE, *scene)[1])
    file, desk = folder / "positions.parquet", folder / "desk"
    whole, said = _python("-c", _SCAN, str(file))
    scan = Cost(**json.loads(said), peak_gb=whole.peak_gb)
    read, _ = _python("-m", "clearwake", "read", "table", str(file), "--desk", str(desk))
    run, _ = _python("-m", "clearwake", "run", "--steps", "core", "--desk", str(desk))
    return [Stage(name, days, made, cost) for name, cost in (("scan", scan), ("read", read), ("run", run))]


def _python(*arguments: str) -> tuple[Cost, str]:
    """Run Python with these arguments, and give what it cost and what it said.

    Raises:
        subprocess.CalledProcessError: If it fails, with what it said on standard error.
    """
    command = [sys.executable, *arguments]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err)  # noqa: S603 - our own interpreter and commands
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        for said in (out, err):
            said.seek(0)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, out.read(), err.read())
        return Cost(used.ru_utime + used.ru_stime, wall_s, _gigabytes(used.ru_maxrss)), out.read()


def _gigabytes(maxrss: int) -> float:
    """Turn what the system calls the largest resident set into GB: bytes on macOS, KiB elsewhere."""
    return maxrss / 1e9 if sys.platform == "darwin" else maxrss * 1024 / 1e9
