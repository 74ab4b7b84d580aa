"""Progress on a terminal: a bar for whatever takes more than a second, nothing in a pipe."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

QUIET_S = 1.0
"""What is done sooner than this needs no bar."""

if TYPE_CHECKING:
    from clearwake.fetch import Progress as Downloaded

Told = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is (0 where nobody knows)."""


@contextmanager
def shown() -> Iterator[Told | None]:
    """Give a callback that draws bars on standard error; none where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # What is printed meanwhile goes above the bars; a file or pipe that standard output leads to must get it instead.
    bars = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
        redirect_stderr=False,
    )
    stages: dict[str, int] = {}
    began = time.monotonic()

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in stages:
            stages[stage] = int(bars.add_task(stage, total=total or None))
        bars.update(stages[stage], completed=done, total=total or None)  # type: ignore[arg-type] # TaskID is an int
        if not bars.live.is_started and time.monotonic() - began > QUIET_S:
            bars.start()

    try:
        yield tell
    finally:
        bars.stop()


@contextmanager
def bytes_shown() -> Iterator[Callable[[Downloaded], None] | None]:
    """Give a callback for downloads, which count bytes of named files."""
    with shown() as tell:
        if tell is None:
            yield None
        else:
            yield lambda file: tell(file.name, file.done_bytes, file.total_bytes or 0)
