"""What the commands share: their common options, how a function becomes a command, and how a desk is opened."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from clearwake.cli.forms import Format

if TYPE_CHECKING:
    from clearwake.desk import Desk

DeskOption = Annotated[
    Path, typer.Option("--desk", envvar="CLEARWAKE_DESK", metavar="FOLDER", help="The desk to work on.")
]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="How to write rows; else by the ending of --out, a table on a terminal, JSON in a pipe.",
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to a file.")]

DESK = Path("desk")

C = TypeVar("C", bound=Callable[..., None])


def commands(app: typer.Typer) -> Callable[..., Callable[[C], C]]:
    """Give what makes functions commands of ``app``: a summary and examples in, a decorator out."""

    def command(summary: str, *examples: str) -> Callable[[C], C]:
        """Make a function a command: its docstring is its help, with examples to copy below."""

        def add(function: C) -> C:
            told = "\n\n".join(
                (inspect.getdoc(function) or "", "\n".join(("\b\nExamples:", *(f"  {e}" for e in examples))))
            )
            app.command(function.__name__.strip("_"), short_help=summary, help=told)(function)
            return function

        return add

    return command


def open_desk(folder: Path, *, create: bool = False) -> Desk:
    """Open a desk; commands that only look do not make one."""
    from clearwake.desk import Desk

    return Desk(folder, create=create)
