"""What ``clearwake truth`` measures, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from clearwake.cli.progress import Told
from clearwake.model import UsageError

if TYPE_CHECKING:
    from clearwake.benchmarks.crash import CrashReport
    from clearwake.benchmarks.dark import DarkReport
    from clearwake.benchmarks.falsified import FalseReport
    from clearwake.benchmarks.fuzz import FuzzReport
    from clearwake.benchmarks.identity import IdentityReport
    from clearwake.benchmarks.reach import ReachReport
    from clearwake.benchmarks.sensing import SensingReport
    from clearwake.benchmarks.silences import SilenceReport
    from clearwake.benchmarks.truth import TruthReport

    Report = (
        CrashReport
        | DarkReport
        | FalseReport
        | FuzzReport
        | IdentityReport
        | ReachReport
        | SensingReport
        | SilenceReport
        | TruthReport
    )

KILLS, CASES, SAILINGS = 50, 100_000, 100_000


def measure(  # noqa: C901 - one small function for each thing to measure
    what: str,
    *,
    ships: int,
    hours: float,
    times: int | None,
    seed: int,
    folder: Path | None,
    tell: Told | None,
) -> Report:
    """Measure what is named; the names stand at the end of this function.

    Raises:
        UsageError: If ``what`` is none of them.
    """

    def events() -> TruthReport:
        from clearwake.benchmarks.truth import truth

        return truth(seed, ships, hours, folder=folder, on_progress=tell)

    def crash() -> CrashReport:
        from clearwake.benchmarks.crash import crash

        return crash(times or KILLS, seed, folder, on_progress=tell)

    def fuzz() -> FuzzReport:
        from clearwake.benchmarks.fuzz import fuzz

        return fuzz(times or CASES, seed, on_progress=tell)

    def identity() -> IdentityReport:
        from clearwake.benchmarks.identity import measure

        return measure(ships, seed)

    def unseen() -> DarkReport:
        from clearwake.benchmarks.dark import measure

        return measure(ships, seed, folder, on_progress=tell)

    def false() -> FalseReport:
        from clearwake.benchmarks.falsified import measure

        return measure(ships, seed, folder, on_progress=tell)

    def reach() -> ReachReport:
        from clearwake.benchmarks.reach import reach

        return reach(times or SAILINGS, seed, on_progress=tell)

    def silences() -> SilenceReport:
        from clearwake.benchmarks.silences import measure

        return measure(ships, seed, folder, on_progress=tell)

    def sensing() -> SensingReport:
        from clearwake.benchmarks.sensing import measure

        return measure(ships, seed, on_progress=tell)

    known: dict[str, Callable[[], Report]] = {
        "events": events,
        "identity": identity,
        "sensing": sensing,
        "silences": silences,
        "reach": reach,
        "crash": crash,
        "fuzz": fuzz,
        "unseen": unseen,
        "false": false,
    }
    if what not in known:
        message = f"there is nothing called {what!r} to measure\n  next: choose one of {', '.join(known)}"
        raise UsageError(message)
    return known[what]()
