"""People who decide about one case at once, and a process that decides until it is killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

import numpy as np

from clearwake.cases import opened
from clearwake.flow import casework
from clearwake.flow.casework import By, CaseMovedError
from clearwake.store import Store

PEOPLE = 50
AT_ONCE = 10
"""Processes; each has people enough in threads of its own."""

OnProgress = Callable[[str, int, int], None]
_LOOK_S = 0.002
_LATER_S = 0.25
"""A process is killed up to so long after its first decision was acknowledged."""


@dataclass
class Concurrent:
    """What came of many deciding at once."""

    database: str
    people: int
    kept: int
    """Decisions on record."""
    on_stale: int
    """Decisions on record whose maker had seen another version than the one they were put on."""
    told_moved: int
    """How often somebody was told that others had decided meanwhile, and looked again."""
    faults: int
    seconds: float

    @property
    def is_met(self) -> bool:
        """Say whether nothing was lost and nothing overwritten unseen."""
        return self.kept == self.people and not self.on_stale and not self.faults

    def told(self) -> str:
        """Say the rest in words."""
        return (
            f"{self.on_stale} on a version not seen, {self.told_moved} times told that it had moved, "
            f"{self.faults} faults, {self.seconds:.1f} s"
        )


@dataclass
class Killed:
    """What came of killing."""

    database: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    unheard: int = 0
    """Decisions kept of which nobody lived to hear."""
    faults: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        """Say whether nothing acknowledged was lost and the chain stayed whole."""
        return not (self.lost or self.faults or self.failures)

    def told(self) -> str:
        """Say the rest in words."""
        failed = f", failed: {self.failures[0]}" if self.failures else ""
        return (
            f"{self.kills} kills, {self.acknowledged:,} acknowledged, {self.unheard} kept unheard, "
            f"{self.faults} faults{failed}"
        )


def together(database: str, desk: Path, url: str | None, people: int) -> Concurrent:
    """Let people decide about one case at once, each on the version they see, until each has decided.

    Args:
        database: What to call it.
        desk: Where the desk is made.
        url: The database; the desk's own SQLite file if None.
        people: How many.
    """
    began = time.monotonic()
    case = begun(desk, url)
    shares = np.array_split(np.arange(people), min(AT_ONCE, people))
    started = [_start("decide_each", desk, url, case, int(share[0]), int(share[-1]) + 1) for share in shares]
    said = [process.communicate()[0].split() for process in started]
    moved = sum(int(line[6:]) for lines in said for line in lines if line.startswith("moved:"))
    with Store(desk, url) as store:
        decisions = casework.case(store, case).decisions
        faults = len(casework.check(store))
    notes = [(place, each) for place, each in enumerate(decisions) if each.act == "note"]
    stale = sum(int(each.told["seen"]) != place for place, each in notes)
    kept = len({each.who for _, each in notes})
    return Concurrent(database, people, kept, stale, moved, faults, round(time.monotonic() - began, 1))


def killed(
    database: str, desk: Path, url: str | None, times: int, rng: np.random.Generator, tell: OnProgress
) -> Killed:
    """Kill a process that decides without pause, and after each kill look for all it said was kept.

    Args:
        database: What to call it.
        desk: Where the desk is made.
        url: The database; the desk's own SQLite file if None.
        times: How often.
        rng: Source of chance: of the instants.
        tell: Told how many kills were done.
    """
    report = Killed(database)
    case = begun(desk, url)
    acknowledged: set[str] = set()
    for number in range(times):
        heard = desk.with_name(f"{desk.name}-heard-{number}")
        with heard.open("wb") as to:
            process = _start("decide_on", desk, url, case, number, number + 1, to)
            while process.poll() is None and not heard.stat().st_size:
                time.sleep(_LOOK_S)
            time.sleep(float(rng.uniform(0.0, _LATER_S)))
            process.kill()
            _, failed = process.communicate()
        # A line without its end was being written when the process died; nobody can have read it.
        said = [line.strip() for line in heard.read_text().splitlines(keepends=True) if line.endswith("\n")]
        acknowledged |= {*said}
        report.kills += 1
        if not said:
            report.failures.append(failed.strip().splitlines()[-1] if failed.strip() else "said nothing")
        _look(report, desk, url, acknowledged)
        tell(f"kills, {database}", number + 1, times)
    report.acknowledged = len(acknowledged)
    return report


def _look(report: Killed, desk: Path, url: str | None, acknowledged: set[str]) -> None:
    with Store(desk, url) as store:
        entries = store.cases.entries()
        report.faults += len(casework.check(store, [casework.head(store)]))
    held = {made.id for entry in entries if (made := opened(entry)) is not None and made.act == "note"}
    report.lost += len(acknowledged - held)
    report.unheard = len(held - acknowledged)


def begun(desk: Path, url: str | None) -> str:
    """Make a desk with one case and give its id."""
    with Store(desk, url) as store:
        return casework.open_case(
            store,
            By("Abe", "analyst", "JPN"),
            title="Two ships",
            day=date(2018, 2, 13),
            name="Rye Song Gang 1",
        ).id


def _start(
    what: str,
    desk: Path,
    url: str | None,
    case: str,
    first: int,
    end: int,
    to: IO[bytes] | int = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start one of the functions below in a process of its own."""
    code = f"from clearwake.benchmarks.deciders import {what}; {what}({str(desk)!r}, {url!r}, {case!r}, {first}, {end})"
    return subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], stdout=to, stderr=subprocess.PIPE, text=True
    )


def decide_each(desk: str, url: str | None, case: str, first: int, end: int) -> None:
    """Let people decide once each at the same time, and say how often they had to look again; a process of its own."""
    with ThreadPoolExecutor(end - first) as people:
        moved = sum(people.map(lambda number: _decide_once(desk, url, case, number), range(first, end)))
    sys.stdout.write(f"moved:{moved}\n")


def _decide_once(desk: str, url: str | None, case: str, number: int) -> int:
    """Decide on the version seen, as often as others were faster; give how often they were."""
    by, moved = By(f"person {number}", "analyst", "JPN"), 0
    with Store(desk, url) as store:
        while True:
            seen = casework.case(store, case).version
            try:
                casework.decide(
                    store, case, "note", by, why="I think so", told={"seen": str(seen)}, seen=seen
                )
            except CaseMovedError:
                moved += 1
            else:
                return moved


def decide_on(desk: str, url: str | None, case: str, number: int, _: int) -> None:
    """Decide without pause, saying the id of each decision once it is kept; run in a process that is killed."""
    by = By(f"person {number}", "analyst", "JPN")
    with Store(desk, url) as store:
        while True:
            made = casework.decide(store, case, "note", by, why="I think so").decisions[-1]
            sys.stdout.write(f"{made.id}\n")
            sys.stdout.flush()
