"""Crashes: kill reading and running at random instants, and see that nothing acknowledged is lost.

A desk is carried through a plan of reads and runs, each a command in a process of its own that is killed (signal
9) at a random instant, often while it writes, until the kills are spent.  After each kill the desk must open and
hold every file whose read was acknowledged; at the end its tables must be those of a desk never disturbed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.scenario import Scenario, scenario

if TYPE_CHECKING:
    from rich.table import Table

KNOWN_AT = "2026-03-04T00:00:00Z"
"""Asserted for every read, so that two desks know the same at the same time."""

TABLES = (
    "positions", "claims", "quarantine", "tracks", "noise", "gaps", "encounters", "loiterings", "port_calls",
    "zone_entries", "anchorages",
)  # fmt: skip

ASIDE = ("version", "known_at")
"""Columns in which two desks may differ."""

ACKNOWLEDGED = (0, 3)
"""Exit codes that promise the file is kept: read, and read but for rows in quarantine."""

FILES = 8
OnProgress = Callable[[str, int, int], None]


@dataclass
class CrashReport:
    """What came of killing."""

    seed: int
    kills: int = 0
    kills_by_verb: dict[str, int] = field(default_factory=lambda: {"read": 0, "run": 0})
    desks: int = 0
    """How many desks were carried through the plan; each was compared at its end."""
    refused_to_open: int = 0
    acknowledged: int = 0
    """Reads acknowledged before a later kill, added up over the checks after each kill."""
    lost: int = 0
    compared: int = 0
    different: list[str] = field(default_factory=list)
    """Tables that were not those of the undisturbed desk."""
    failures: list[str] = field(default_factory=list)
    """What a command said that failed without having been killed, or a desk that did not open."""
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Say whether every desk opened, nothing was lost, and every table came out the same."""
        return not (self.refused_to_open or self.lost or self.different or self.failures)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        table = Table("what", "count", "wanted", "note", title="Crashes", caption=str(self.machine))
        by_verb = ", ".join(f"{verb} {count}" for verb, count in self.kills_by_verb.items())
        table.add_row("kills", str(self.kills), "", by_verb)
        table.add_row("desks that did not open", str(self.refused_to_open), "none", "")
        table.add_row("acknowledged files lost", str(self.lost), "none", f"of {self.acknowledged} looked for")
        table.add_row("tables that differ", str(len(self.different)), "none", ", ".join(self.different))
        table.add_row("tables compared", str(self.compared), "", f"{self.desks} desks")
        table.add_row(
            "commands that failed by themselves", str(len(self.failures)), "none", "\n".join(self.failures)
        )
        return table


@dataclass(frozen=True)
class Command:
    """One step of the plan: a read of one file, or a run."""

    verb: str
    arguments: tuple[str, ...]
    file: Path | None = None

    def start(self, desk: Path) -> subprocess.Popen[str]:
        """Start it on a desk, in a process of its own."""
        command = [sys.executable, "-m", "clearwake", self.verb, *self.arguments, "--desk", str(desk)]
        return subprocess.Popen(  # noqa: S603 - our own interpreter and commands
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )


def crash(
    kills: int = 50, seed: int = 0, folder: Path | None = None, on_progress: OnProgress | None = None
) -> CrashReport:
    """Kill reads and runs ``kills`` times and say what came of it.

    Args:
        kills: How often to kill.
        seed: Source of chance: of the scene, and of the instants.
        folder: Where scenes and desks are written and stay; by default a temporary folder that goes.
        on_progress: Told how many kills were done.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="clearwake-crash-") as aside:
            return crash(kills, seed, Path(aside), on_progress)
    folder.mkdir(parents=True, exist_ok=True)
    plan = plan_of(pieces(scenario(ships=400, hours=24.0, seed=seed), folder, seed))
    return _Crashes(plan, folder, kills, seed, on_progress or (lambda *_: None)).carry_out()


def pieces(scene: Scenario, folder: Path, seed: int, ships: int = 90) -> list[Path]:
    """Write some ships of a scene as one file per three hours, some late, one with rows that cannot be read."""
    rng = np.random.default_rng(seed)
    met = scene.truth.filter(pl.col("family").is_in(["meeting", "gap", "loitering"]))["mmsi_a"].unique(
        maintain_order=True
    )
    others = scene.hulls["mmsi"].unique(maintain_order=True).sample(ships, seed=seed)
    chosen = pl.concat((met.head(ships), others)).unique().implode()
    rows = scene.positions.filter(pl.col("mmsi").is_in(chosen)).gather_every(3)
    start = scene.paths.clock.start
    piece = (pl.col("time") - start).dt.total_seconds() // (24 * 3600 // FILES)
    late = pl.Series(rng.uniform(size=rows.height) < 0.02)
    parts = rows.with_columns(piece=(piece + late.cast(pl.Int64)).clip(0, FILES - 1)).partition_by(
        "piece", as_dict=True, include_key=False
    )
    files = []
    for (number,), part in sorted(parts.items()):
        files.append(folder / f"piece-{number}.csv")
        part.write_csv(files[-1], datetime_format="%Y-%m-%dT%H:%M:%SZ")
    with files[1].open("a", encoding="utf-8") as damaged:
        damaged.write("no ship,2026-03-01T15:00:00Z,east,north,,,,\n")
    return files


def plan_of(files: list[Path]) -> list[Command]:
    """Read the files one by one, and run after every second."""
    plan = []
    for number, file in enumerate(files, 1):
        plan.append(Command("read", ("table", str(file), "--known-at", KNOWN_AT), file))
        if number % 2 == 0:
            plan.append(Command("run", ("--steps", "core")))
    return plan


class _Crashes:
    """The plan carried out on desk after desk until the kills are spent."""

    def __init__(self, plan: list[Command], folder: Path, kills: int, seed: int, tell: OnProgress) -> None:
        self._plan, self._folder, self._wanted, self._tell = plan, folder, kills, tell
        self._rng = np.random.default_rng([seed, 9])
        self._report = CrashReport(seed)
        self._takes_s: dict[Command, float] = {}
        self._starts_s = 0.0
        """How long a command takes before it has loaded anything: nothing can be lost in that time."""

    def carry_out(self) -> CrashReport:
        """Carry out the plan undisturbed once, then disturbed until the kills are spent."""
        quiet = self._folder / "quiet"
        self._starts_s = 0.5 * _seconds_to_load()
        for command in self._plan:
            began = time.monotonic()
            self._finish(command, command.start(quiet))
            self._takes_s[command] = time.monotonic() - began
        wanted = tables_of(quiet)
        while self._report.kills < self._wanted and not self._report.failures:
            desk = self._folder / f"disturbed-{self._report.desks}"
            self._disturb(desk)
            self._report.desks += 1
            self._compare(wanted, tables_of(desk))
        return self._report

    def _disturb(self, desk: Path) -> None:
        """Carry out the plan on a desk, killing while there are kills left."""
        acknowledged: list[Path] = []
        for command in self._plan:
            while self._report.kills < self._wanted and self._is_killed(command, desk):
                self._report.kills += 1
                self._report.kills_by_verb[command.verb] += 1
                self._tell("kills", self._report.kills, self._wanted)
                self._look(desk, acknowledged)
            if self._report.kills >= self._wanted:
                self._finish(command, command.start(desk))
            if command.file is not None:
                acknowledged.append(command.file)

    def _is_killed(self, command: Command, desk: Path) -> bool:
        """Start a command and kill it; say whether it was killed before it was done.

        Half the time the instant is any between its start and somewhat after its usual end; half the time it is up
        to a third of a second after the first change on disk, when it is writing or committing.
        """
        process, patience_s = (
            command.start(desk),
            self._rng.uniform(self._starts_s, 1.4 * self._takes_s[command]),
        )
        if self._rng.uniform() < 0.5:
            _await_change(process, desk)
            patience_s = self._rng.uniform(0.0, 0.35)
        try:
            _, said = process.communicate(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
            if process.returncode == -signal.SIGKILL:
                return True
        self._judge(command, process.returncode, said)
        return False

    def _finish(self, command: Command, process: subprocess.Popen[str]) -> None:
        """Let a command finish undisturbed."""
        _, said = process.communicate()
        self._judge(command, process.returncode, said)

    def _judge(self, command: Command, code: int, said: str) -> None:
        """Note a command that failed by itself."""
        if code not in ACKNOWLEDGED:
            last = said.strip().splitlines()[-1:] or ["without a word"]
            self._report.failures.append(f"{command.verb} ended with {code}: {last[0]}")

    def _look(self, desk: Path, acknowledged: list[Path]) -> None:
        """See that the desk opens and holds what was acknowledged: receipts, archived bytes and rows."""
        import clearwake  # noqa: PLC0415 - the desk loads every room

        self._report.acknowledged += len(acknowledged)
        try:
            with clearwake.open(desk) as opened:
                held = set(opened.show("receipts")["sha256"].to_list())
                rows = opened.show("positions").height
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is counted and told in the report
            self._report.refused_to_open += 1
            self._report.failures.append(f"the desk did not open: {failure!r}")
            return
        sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in acknowledged]
        self._report.lost += sum(1 for sha256 in sums if sha256 not in held)
        least = sum(_rows(file) for file in acknowledged)
        self._report.lost += int(rows < least)

    def _compare(self, wanted: dict[str, pl.DataFrame], found: dict[str, pl.DataFrame]) -> None:
        for name, frame in wanted.items():
            self._report.compared += 1
            if not frame.equals(found[name]):
                self._report.different.append(f"{name} of desk {self._report.desks}")


def _seconds_to_load() -> float:
    """Measure how long a process takes to load the desk."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import clearwake.desk"], check=True)
    return time.monotonic() - began


def _await_change(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until anything in a folder changes, or the process is done."""
    before = _sizes(folder)
    while process.poll() is None and _sizes(folder) == before:
        time.sleep(0.003)


def _sizes(folder: Path) -> dict[str, int]:
    """Give the size of every file in a folder; files that vanish meanwhile are left out."""
    sizes = {}
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                sizes[f"{inside}/{name}"] = (Path(inside) / name).stat().st_size
    return sizes


def tables_of(desk: Path) -> dict[str, pl.DataFrame]:
    """Give the tables of a desk in a form in which two desks can be compared.

    Rows are sorted; what a desk may number or time as it likes is left aside, and receipts are told by their bytes.
    """
    import clearwake  # noqa: PLC0415 - the desk loads every room

    with clearwake.open(desk) as opened:
        receipts = opened.show("receipts").select(receipt="number", received="sha256")
        return {name: _comparable(opened.show(name), receipts) for name in TABLES}


def _comparable(frame: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    if "receipt" in frame.columns:
        frame = frame.join(receipts, on="receipt", how="left").drop("receipt")
    frame = frame.drop(*ASIDE, strict=False)
    return frame.sort(*(name for name, dtype in frame.schema.items() if not dtype.is_nested()))


def _rows(file: Path) -> int:
    """Count the good rows of a piece: all lines but the header and the one that was damaged on purpose."""
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    return sum(1 for line in lines if not line.startswith("no ship"))
