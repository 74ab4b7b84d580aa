"""What ``clearwake truth`` measures, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clearwake.cli.progress import Told
from clearwake.model import UsageError

if TYPE_CHECKING:
    from clearwake.benchmarks.chain import ChainReport
    from clearwake.benchmarks.crash import CrashReport
    from clearwake.benchmarks.dark import DarkReport
    from clearwake.benchmarks.falsified import FalseReport
    from clearwake.benchmarks.fuzz import FuzzReport
    from clearwake.benchmarks.identity import IdentityReport
    from clearwake.benchmarks.leaks import LeakReport
    from clearwake.benchmarks.ledger import LedgerReport
    from clearwake.benchmarks.reach import ReachReport
    from clearwake.benchmarks.sensing import SensingReport
    from clearwake.benchmarks.silence_report import SilenceReport
    from clearwake.benchmarks.truth import TruthReport
    from clearwake.benchmarks.voyages import VoyageReport

    Report = (
        ChainReport
        | CrashReport
        | DarkReport
        | FalseReport
        | FuzzReport
        | IdentityReport
        | LeakReport
        | LedgerReport
        | ReachReport
        | SensingReport
        | SilenceReport
        | TruthReport
        | VoyageReport
    )

KILLS, CASES, SAILINGS = 50, 100_000, 100_000


@dataclass(frozen=True)
class Asked:
    """How large, how long, how often, by which chance and where; each measurement takes what it needs."""

    ships: int
    hours: float
    times: int | None
    seed: int
    folder: Path | None
    tell: Told | None


def measure(what: str, asked: Asked) -> Report:
    """Measure what is named.

    Raises:
        UsageError: If there is no such measurement.
    """
    if what not in _KNOWN:
        message = f"there is nothing called {what!r} to measure\n  next: choose one of {', '.join(_KNOWN)}"
        raise UsageError(message)
    return _KNOWN[what](asked)


def _events(asked: Asked) -> TruthReport:
    from clearwake.benchmarks.truth import truth

    return truth(asked.seed, asked.ships, asked.hours, folder=asked.folder, on_progress=asked.tell)


def _identity(asked: Asked) -> IdentityReport:
    from clearwake.benchmarks.identity import measure as measured

    return measured(asked.ships, asked.seed)


def _sensing(asked: Asked) -> SensingReport:
    from clearwake.benchmarks.sensing import measure as measured

    return measured(asked.ships, asked.seed, on_progress=asked.tell)


def _silences(asked: Asked) -> SilenceReport:
    from clearwake.benchmarks.silences import measure as measured

    return measured(asked.ships, asked.seed, asked.folder, on_progress=asked.tell)


def _reach(asked: Asked) -> ReachReport:
    from clearwake.benchmarks.reach import reach

    return reach(asked.times or SAILINGS, asked.seed, on_progress=asked.tell)


def _crash(asked: Asked) -> CrashReport:
    from clearwake.benchmarks.crash import crash

    return crash(asked.times or KILLS, asked.seed, asked.folder, on_progress=asked.tell)


def _chain(asked: Asked) -> ChainReport:
    from clearwake.benchmarks.chain import chain

    return chain(asked.times or KILLS, asked.seed, asked.folder, on_progress=asked.tell)


def _fuzz(asked: Asked) -> FuzzReport:
    from clearwake.benchmarks.fuzz import fuzz

    return fuzz(asked.times or CASES, asked.seed, on_progress=asked.tell)


def _release(asked: Asked) -> LeakReport:
    from clearwake.benchmarks.leaks import GRAPHS
    from clearwake.benchmarks.leaks import measure as measured

    return measured(asked.times or GRAPHS, asked.seed, on_progress=asked.tell)


def _ledger(asked: Asked) -> LedgerReport:
    from clearwake.benchmarks.ledger import YEARS
    from clearwake.benchmarks.ledger import measure as measured

    return measured(asked.times or YEARS, asked.seed, on_progress=asked.tell)


def _unseen(asked: Asked) -> DarkReport:
    from clearwake.benchmarks.dark import measure as measured

    return measured(asked.ships, asked.seed, asked.folder, on_progress=asked.tell)


def _false(asked: Asked) -> FalseReport:
    from clearwake.benchmarks.falsified import measure as measured

    return measured(asked.ships, asked.seed, asked.folder, on_progress=asked.tell)


def _voyages(asked: Asked) -> VoyageReport:
    from clearwake.benchmarks.voyages import measure as measured

    return measured(asked.ships, asked.seed, asked.folder, on_progress=asked.tell)


_KNOWN: dict[str, Callable[[Asked], Report]] = {
    "events": _events,
    "identity": _identity,
    "sensing": _sensing,
    "silences": _silences,
    "reach": _reach,
    "crash": _crash,
    "chain": _chain,
    "fuzz": _fuzz,
    "unseen": _unseen,
    "false": _false,
    "voyages": _voyages,
    "release": _release,
    "ledger": _ledger,
}
