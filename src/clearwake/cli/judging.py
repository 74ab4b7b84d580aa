"""The commands that hold a case against the law and weigh it: elements, options, assess."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clearwake.cli.cases import CaseArgument
from clearwake.cli.options import DESK, DeskOption, FormatOption, OutOption, commands, open_desk

if TYPE_CHECKING:
    from clearwake.cli.forms import Format
    from clearwake.flow.breach import Judged

OnOption = Annotated[
    str | None,
    typer.Option("--on", metavar="D", help="The day whose law is asked; that of the act, if not given."),
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="T", help="What this desk knew of the case by then.")
]

NOT_A_VERDICT = "Whether somebody broke the law is for people to judge; summaries are not the legal texts."


def join(app: typer.Typer) -> None:
    """Put the commands of this module into the command line."""
    command = commands(app)
    command(
        "what the law asks, and what is shown of it",
        "clearwake elements 2018-02-13-rye-song-gang-1",
        "clearwake elements 2018-02-13-rye-song-gang-1 --on 2017-09-10 --format json",
    )(elements)
    command(
        "what could lawfully be done",
        "clearwake options 2018-02-13-rye-song-gang-1",
        "clearwake options 2018-02-13-rye-song-gang-1 --ship imo:8791667 --on 2018-03-01 --format json",
    )(options)
    command(
        "the claim beside what else it may be",
        "clearwake assess 2018-02-13-rye-song-gang-1",
        "clearwake assess 2018-02-13-rye-song-gang-1 --format json",
    )(assess)


def elements(
    case: CaseArgument,
    on: OnOption = None,
    as_of: AsOfOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Hold a case against every paragraph that could apply: each element, its evidence, what would settle it.

    Established, indicated, missing or contradicted; by the law of the day of the act, or of --on.
    """
    from clearwake.cli.values import day_of, moment

    with open_desk(desk) as opened:
        found = opened.elements(case, day_of(on, "--on"), moment(as_of, "--as-of"))
    _tell(found, form, out, "provision", ("element", "status", "about", "sentence"))


def options(
    case: CaseArgument,
    ship: Annotated[
        str | None,
        typer.Option("--ship", metavar="S", help="One ship of the case: imo:8791667; all, if not given."),
    ] = None,
    on: OnOption = None,
    as_of: AsOfOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """List what could lawfully be done for this zone, flag and day, by whom, and on what conditions.

    Options are listed, never recommended.
    """
    from clearwake.cli.values import day_of, moment

    with open_desk(desk) as opened:
        found = opened.options(case, day_of(on, "--on"), ship, moment(as_of, "--as-of"))
    _tell(found, form, out, "ship", ("option", "provision", "stands", "who", "conditions"))


def assess(
    case: CaseArgument,
    as_of: AsOfOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Weigh the claim of a case beside bunkering, waiting, breakdown, weather and other explanations.

    Every reason with its weight and where that comes from, each origin once, and what would change it most.
    """
    from clearwake.cli.values import moment

    with open_desk(desk) as opened:
        found = opened.assess(case, moment(as_of, "--as-of"))
    _tell(found, form, out, None, ("explanation", "word", "share", "low", "high", "settles"))


def _tell(
    found: Judged, form: Format | None, out: Path | None, group: str | None, columns: tuple[str, ...]
) -> None:
    """Write what was found: rows for programs, folded by provision or ship for people."""
    from clearwake.cli.forms import Format
    from clearwake.cli.output import write

    for sentence in found.unread:
        typer.echo(f"left out: {sentence}", err=True)
    is_for_people = out is None and (form is Format.TABLE or (form is None and sys.stdout.isatty()))
    if is_for_people:
        _print(found, group, columns)
    else:
        write(found.rows, form, out)


def _print(found: Judged, group: str | None, columns: tuple[str, ...]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    by = f"; by the law of {found.day}" if group else ""
    console.print(f"{found.case.id}: {found.case.title}{by}", soft_wrap=True)
    parts: dict[Any, list[Mapping[str, Any]]] = {}
    for row in found.rows.iter_rows(named=True):
        parts.setdefault(row[group] if group else None, []).append(row)
    for name, rows in parts.items():
        console.print(_laid(name, rows, columns))
    if group is None:
        _reasons(console, found)
    console.print(NOT_A_VERDICT, style="dim", soft_wrap=True)


def _laid(name: Any, rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Rich table
    from rich.table import Table
    from rich.text import Text

    laid = Table(
        title=str(name) if name else None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
        row_styles=("", "dim"),
    )
    widest = columns[-1]
    for column in columns:
        laid.add_column(column, ratio=1 if column == widest else None, overflow="fold")
    for row in rows:
        laid.add_row(*(Text(_cell(row[column])) for column in columns))
    return laid


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    from clearwake.model.shares import percent

    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if isinstance(value, float):
        return percent(value)
    return "" if value is None else str(value)


def _reasons(console: Any, found: Judged) -> None:  # noqa: ANN401 - a Rich console
    for row in found.rows.head(3).iter_rows(named=True):
        console.print(f"\n{row['explanation']}", style="bold")
        for mark, sentences in (("+", row["sentences_for"]), ("-", row["sentences_against"])):
            for sentence in sentences:
                console.print(f"  {mark} {sentence}", soft_wrap=True, markup=False)
