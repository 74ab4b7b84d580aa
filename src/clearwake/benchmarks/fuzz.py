"""Damaged files by the hundred thousand: no reader may crash, and no row may be lost unseen.

Most cases are rows: a file of many rows of which nearly all were damaged, each by itself, is read at once, and each
line is looked up among facts, rejects and counts.  Rows left whole in between must give what they say.  The other
cases are files damaged as a whole, packed ones among them: they may be refused, never lose a row.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from clearwake.benchmarks.damage import damaged
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.benchmarks.specimens import BEGINNING, SPECIMENS, WHOLE_FILES, Specimen
from clearwake.model import Options, Reading, Received, UnreadableFileError
from clearwake.sources import source

if TYPE_CHECKING:
    from rich.table import Table

Chance = np.random.Generator
OnProgress = Callable[[str, int, int], None]

ROWS = 400
"""How many damaged rows are read at once."""

LEFT_WHOLE = 0.1
"""Which share of rows is left whole to see that their neighbours' damage does not reach them."""

MENDED = 0.5
"""Which share of damaged rows has its checksums made right again."""

WHOLE_FILE_SHARE = 0.06
"""Which share of the cases is a file damaged as a whole."""

FACTS = ("positions", "anchorages", "zones")
SAID = ("mmsi", "name", "lon", "lat", "speed_kn")


@dataclass
class FuzzReport:
    """What came of reading damaged files."""

    seed: int
    cases: int = 0
    rows: int = 0
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)
    """For each kind of file: rows that gave a fact, were rejected, were counted; files refused whole."""
    reasons: dict[str, int] = field(default_factory=dict)
    """Why rows were rejected."""
    crashes: list[str] = field(default_factory=list)
    """What was raised that is no refusal, and by what."""
    losses: list[str] = field(default_factory=list)
    """Rows that are neither a fact nor rejected nor counted, or that came out otherwise than they went in."""
    seconds: float = 0.0
    machine: Machine = field(default_factory=this_machine)

    @property
    def is_met(self) -> bool:
        """Say whether nothing crashed and nothing was lost."""
        return not (self.crashes or self.losses)

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"{self.cases} damaged cases, {self.rows} rows, {self.seconds:.0f} s"
        table = Table(
            "read as", "facts", "rejects", "counted", "refused", title=title, caption=str(self.machine)
        )
        for kind, counts in sorted(self.outcomes.items()):
            table.add_row(kind, *(str(counts[what]) for what in ("facts", "rejects", "counted", "refused")))
        table.add_section()
        table.add_row("crashes", str(len(self.crashes)), "wanted: none", "\n".join(self.crashes[:5]), "")
        table.add_row("losses", str(len(self.losses)), "wanted: none", "\n".join(self.losses[:5]), "")
        return table

    def count(self, kind: str, **more: int) -> None:
        """Add to the outcomes of a kind of file."""
        known = self.outcomes.setdefault(kind, {"facts": 0, "rejects": 0, "counted": 0, "refused": 0})
        for what, number in more.items():
            known[what] += number


def fuzz(cases: int = 100_000, seed: int = 0, on_progress: OnProgress | None = None) -> FuzzReport:
    """Read ``cases`` damaged rows and files with every source and say what came of it.

    Args:
        cases: How many; a damaged row is one, and so is a file damaged as a whole.
        seed: Source of chance; the same seed damages in the same way.
        on_progress: Told how many cases were done.
    """
    chance, tell = np.random.default_rng(seed), on_progress or (lambda *_: None)
    report, began = FuzzReport(seed), time.monotonic()
    whole_files, kinds = list(WHOLE_FILES), list(SPECIMENS)
    whole = min(cases, max(round(cases * WHOLE_FILE_SHARE), len(whole_files)))
    with tempfile.TemporaryDirectory(prefix="clearwake-fuzz-") as folder:
        fuzzing = _Fuzzing(Path(folder) / "damaged", report, chance)
        for number in range(whole):
            fuzzing.file(whole_files[number % len(whole_files)])
            tell("fuzz", report.cases, cases)
        for number in range(-(-(cases - whole) // ROWS)):
            fuzzing.rows(kinds[number % len(kinds)], min(ROWS, cases - report.cases))
            tell("fuzz", report.cases, cases)
    report.seconds = time.monotonic() - began
    return report


class _Fuzzing:
    """Damages, reads and looks what came of it."""

    def __init__(self, path: Path, report: FuzzReport, chance: Chance) -> None:
        self._path, self.report, self._chance = path, report, chance
        self._options = Options(BEGINNING + timedelta(days=30))

    def file(self, kind: str) -> None:
        """Damage a file as a whole and read it."""
        name, make = WHOLE_FILES[kind]
        _, other = list(WHOLE_FILES.values())[int(self._chance.integers(len(WHOLE_FILES)))]
        data = damaged(make(self._chance), other(self._chance), self._chance)
        self.report.cases += 1
        self._read(kind, name, data)

    def rows(self, kind: str, size: int) -> None:
        """Damage rows one by one and read them in one file with rows left whole."""
        specimen = SPECIMENS[kind]
        content, whole = _damaged_rows(specimen, size, self._chance)
        self.report.cases += size
        readings = self._read(kind, specimen.source, content)
        if readings is None:
            self.report.losses.append(
                f"{kind}: a file was refused for rows that were damaged; {content[:300]!r}"
            )
            return
        self._look_up(kind, specimen, content, readings)
        self._compare(kind, specimen, whole, readings)

    def _compare(
        self, kind: str, specimen: Specimen, whole: list[tuple[int, bytes]], readings: list[Reading]
    ) -> None:
        """Hold what rows left whole say among damaged ones against what they say by themselves."""
        alone = specimen.header + b"".join(row + b"\n" for _, row in whole)
        wanted = _said(self._read(kind, specimen.source, alone) or [], None)
        if len(wanted) != len(whole):
            self.report.losses.append(
                f"{kind}: {len(whole)} whole rows give {len(wanted)} facts; {alone[:300]!r}"
            )
            return
        found = _said(readings, [line for line, _ in whole])
        for (line, row), is_said, was_wanted in zip(whole, found, wanted, strict=True):
            if is_said != was_wanted:
                self.report.losses.append(f"{kind}: line {line} says {is_said} among damaged ones; {row!r}")

    def _read(self, kind: str, name: str, data: bytes) -> list[Reading] | None:
        """Read a file; None if it was refused or crashed the reader."""
        self._path.write_bytes(data)
        try:
            readings = list(source(name).parse([Received(self._path, kind)], self._options))
        except UnreadableFileError:
            self.report.count(kind, refused=1)
            return None
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # noqa: BLE001 - whatever it is, it is what is looked for here
            self.report.crashes.append(f"{kind}: {type(fault).__name__}: {str(fault)[:200]}; {data[:300]!r}")
            return None
        self._account(kind, readings, data)
        return readings

    def _account(self, kind: str, readings: list[Reading], data: bytes) -> None:
        """Hold the rows read against what became of them."""
        rows = sum(each.rows for each in readings)
        facts = sum(len(each.tables[name]) for each in readings for name in FACTS if name in each.tables)
        rejects = sum(len(each.tables["quarantine"]) for each in readings)
        counted = sum(sum(each.counts.values()) for each in readings)
        self.report.rows += rows
        self.report.count(kind, facts=facts, rejects=rejects, counted=counted)
        if rows != facts + rejects + counted:
            self.report.losses.append(f"{kind}: {rows} rows, {facts} + {rejects} + {counted}; {data[:300]!r}")
        for each in readings:
            reasons = Counter(each.tables["quarantine"]["reason"])
            self.report.reasons = dict(Counter(self.report.reasons) + reasons)

    def _look_up(self, kind: str, specimen: Specimen, content: bytes, readings: list[Reading]) -> None:
        """Look up every line of a file: in facts, in rejects, or counted."""
        facts, rejects = set(_lines(readings, FACTS)), set(_lines(readings, ("quarantine",)))
        counted = sum(sum(each.counts.values()) for each in readings)
        lines = content.count(b"\n") - specimen.header.count(b"\n")
        lost = lines - len(facts | rejects) - counted
        if lost or facts & rejects:
            self.report.losses.append(
                f"{kind}: {lost} of {lines} lines lost, {len(facts & rejects)} counted twice"
            )


def _damaged_rows(specimen: Specimen, size: int, chance: Chance) -> tuple[bytes, list[tuple[int, bytes]]]:
    """Give a file of ``size`` damaged rows, and the rows left whole among them, each with the line of its fact."""
    parts, whole = [specimen.header], []
    line, so_far = 1 + specimen.header.count(b"\n"), 0
    while so_far < size:
        row = specimen.row(chance)
        if chance.uniform() < LEFT_WHOLE:
            whole.append((line + row.count(b"\n"), row))
        else:
            row = damaged(row, specimen.row(chance), chance)
            row = specimen.mend(row) if chance.uniform() < MENDED else row
            so_far += 1
        parts += [row, b"\n"]
        line += row.count(b"\n") + 1
    return b"".join(parts), whole


def _lines(readings: list[Reading], names: tuple[str, ...]) -> list[int]:
    return [
        line
        for each in readings
        for name in names
        if name in each.tables
        for line in each.tables[name]["line"]
    ]


def _said(readings: list[Reading], lines: list[int] | None) -> list[tuple[object, ...] | None]:
    """Give what facts say, those of ``lines`` or all; None for a line without one.

    Not the time: in a log a stamp whose sentence was lost passes to the next.
    """
    said: dict[int, tuple[object, ...]] = {}
    for each in readings:
        for name in FACTS:
            if name in each.tables:
                frame = each.tables[name].select(set(SAID) & set(each.tables[name].columns))
                said |= dict(
                    zip(each.tables[name]["line"], frame.select(sorted(frame.columns)).rows(), strict=True)
                )
    return [said[line] for line in sorted(said)] if lines is None else [said.get(line) for line in lines]
