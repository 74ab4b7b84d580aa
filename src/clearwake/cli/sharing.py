"""The commands that let something leave the desk: release a case, exchange with other desks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearwake.cli.cases import CaseArgument, NationOption, RoleOption, WhoOption
from clearwake.cli.options import DESK, DeskOption, FormatOption, commands, open_desk

exchange_app = typer.Typer(
    name="exchange",
    help="Give another desk what it may have of all cases, and take in what another desk gave.",
    short_help="signed bundles between desks",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_exchange = commands(exchange_app)


def join(app: typer.Typer) -> None:
    """Put the commands of this module into the command line."""
    app.add_typer(exchange_app)
    commands(app)(
        "the version of a case an audience may have",
        "clearwake release 2018-02-13-rye-song-gang-1 --to JPN,AUS --out for-japan-and-australia",
        "clearwake release 2018-02-13-rye-song-gang-1 --to public --out public",
    )(release)


def release(
    case: CaseArgument,
    to: Annotated[
        str, typer.Option("--to", metavar="P,...", help="Parties who will all read it, or public.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for it.")],
    despite: Annotated[
        str | None,
        typer.Option("--despite", metavar="WHY", help="Release it though its texts quote what is withheld."),
    ] = None,
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Write the version of a case that an audience may have into a folder, and record that it was given.

    What is withheld or coarsened, and whose permission more would take, is told here and stands in no file.
    """
    from clearwake.cli import sharingreports

    with open_desk(desk) as opened:
        given = opened.release(case, to, out, opened.cases.somebody(who, role, nation), despite)
    sharingreports.given(given, form)
