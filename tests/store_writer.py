"""A process that writes a desk and is killed: started by ``test_store_kill``, told what to do on its input.

A line ``DESK FAULT TURN COMMITS`` forks a process that makes that many commits and dies at the ``TURN``-th passing
of the point named ``FAULT``; its number is the answer.  A line ``wait NUMBER`` is answered with how it ended.
Acknowledged commits are counted by bytes in the file ``DESK.acknowledged``.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from clearwake.model import Receipt, utc
from clearwake.store import Commit, Store, commit, database, parts, schema

DAY = date(2026, 1, 5)
ROWS = 50
POINTS: dict[str, tuple[Any, str]] = {
    "migrating": (database, "_write_ahead"),
    "making-tables": (schema.metadata, "create_all"),
    "stamping": (database, "_create"),
    "syncing-part": (parts, "sync"),
    "syncing-folder": (commit, "sync"),
    "written": (commit, "write"),
    "renaming": (Path, "rename"),
    "publishing": (Commit, "_publish"),
    "recording": (Commit, "_record"),
    "clearing": (shutil, "rmtree"),
    "finishing": (Commit, "finish"),
    "deleting": (Path, "unlink"),
}


def die_at(fault: str, turn: int) -> None:
    """Make this process die just before or just after the ``turn``-th call of a named function."""
    point, moment = fault.split(":")
    owner, name = POINTS[point]
    call: Callable[..., Any] = getattr(owner, name)
    passed = 0

    def dying(*given: Any, **named: Any) -> Any:
        nonlocal passed
        passed += 1
        if passed == turn and moment == "before":
            os._exit(9)
        answer = call(*given, **named)
        if passed == turn:
            os._exit(9)
        return answer

    setattr(owner, name, dying)


def write(desk: Path, commits: int) -> None:
    """Make commits that belong together: a receipt, rows added, a day replaced, a mark set."""
    acknowledged = os.open(f"{desk}.acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Store(desk) as store:
        for _ in range(commits):
            with store.commit() as change:
                turn = (store.get("turn") or 0) + 1
                rows = pl.DataFrame({"turn": [turn] * ROWS})
                change.receive(Receipt(0, str(turn), "log", "nmea", 1, utc("2026-01-05"), utc("2026-01-05")))
                change.append("positions", DAY, rows)
                change.append("positions", None, rows)
                change.replace("gaps", DAY, rows)
                change.set("turn", turn)
            os.write(acknowledged, b".")


def start(desk: str, fault: str, turn: str, commits: str) -> int:
    """Fork a process that writes; gives its number."""
    child = os.fork()
    if child == 0:
        if fault != "none":
            die_at(fault, int(turn))
        write(Path(desk), int(commits))
        os._exit(0)
    return child


def main() -> None:
    """Answer each line of input."""
    for line in sys.stdin:
        if line.startswith("wait"):
            answer = os.waitstatus_to_exitcode(os.waitpid(int(line.split()[1]), 0)[1])
        else:
            answer = start(*line.split())
        print(answer, flush=True)  # noqa: T201 - its only way to answer


if __name__ == "__main__":
    main()
