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


@_exchange(
    "write a bundle for another desk",
    "clearwake exchange export --to AUS --out for-aus.zip",
)
def export(
    to: Annotated[str, typer.Option("--to", metavar="PARTY", help="The party it is for.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it goes.")],
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Write all that a party may have of all cases into one signed file, and record per case what was given."""
    from clearwake.cli import sharingreports

    with open_desk(desk) as opened:
        sent = opened.exchange.export(to, out, opened.cases.somebody(who, role, nation))
    sharingreports.sent(sent, form)


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle.")],
    trust: Annotated[
        str | None,
        typer.Option("--trust", metavar="KEY", help="The key it must be signed by, as its sender told you."),
    ] = None,
    nation: NationOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Check a bundle wholly, then keep what is new in it; taking it in twice changes nothing.

    A bundle that was altered, is signed by another key than its sender's, or is for another party is refused.
    """
    from clearwake.cli import sharingreports

    with open_desk(desk, create=True) as opened:
        taken = opened.exchange.take(file, trust, nation)
    sharingreports.taken(taken, form)


# "import" is a word of the language, so the function cannot have the command's name from the start.
take.__name__ = "import"
_exchange(
    "take in a bundle of another desk",
    "clearwake exchange import from-jpn.zip",
    "clearwake exchange import from-jpn.zip --trust 0123456789abcdef...",
)(take)


@_exchange("this desk's own key, for partners", "clearwake exchange key")
def key(desk: DeskOption = DESK, form: FormatOption = None) -> None:
    """Say by which key this desk signs; tell it to partners over another line than bundles take."""
    from clearwake.cli import sharingreports

    with open_desk(desk, create=True) as opened:
        sharingreports.key(opened.exchange.key(), form)


@_exchange(
    "whose keys this desk knows",
    "clearwake exchange partners",
    "clearwake exchange partners --trust KEY --as AUS",
)
def partners(
    trust: Annotated[
        str | None, typer.Option("--trust", metavar="KEY", help="A key to know from now on, with --as.")
    ] = None,
    party: Annotated[str | None, typer.Option("--as", metavar="PARTY", help="Whose key it is.")] = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Show whose bundles this desk takes, or note whose a key is."""
    from clearwake.cli import sharingreports

    with open_desk(desk, create=True) as opened:
        if trust is not None or party is not None:
            opened.exchange.trust(trust or "", party or "")
        sharingreports.partners(opened.exchange.partners(), form)
