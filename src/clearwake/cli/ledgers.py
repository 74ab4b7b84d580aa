"""The command that holds petroleum deliveries against the cap of a year: ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clearwake.cli.options import DESK, DeskOption, FormatOption, OutOption, commands, open_desk


def join(app: typer.Typer) -> None:
    """Put the command of this module into the command line."""
    commands(app)(
        "petroleum deliveries against the cap of a year",
        "clearwake ledger --year 2018",
        "clearwake ledger --year 2018 --as-of 2018-07-01 --format json",
        "clearwake ledger --year 2018 --plot ledger.png",
        "clearwake ledger --example",
    )(ledger)


def ledger(
    year: Annotated[
        int | None, typer.Option("--year", metavar="Y", min=1950, max=2200, help="The calendar year.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="T", help="What this desk had learnt by then.")
    ] = None,
    correlation: Annotated[
        float,
        typer.Option(
            "--correlation", metavar="R", help="How alike ships were laden: 0 each its own way, 1 all alike."
        ),
    ] = 0.5,
    happened: Annotated[
        str | None,
        typer.Option(
            "--happened", metavar="STATUS=P,...", help="How likely a delivery is by its status: reported=1."
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw it, as .png or .svg.")
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="The 89 port calls of early 2018, worked; needs no desk.")
    ] = False,
    desk: DeskOption = DESK,
    form: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Hold petroleum deliveries against the cap of a year: how much, how sure, and from which day.

    Deliveries are those read, those notified, and those found in positions; each cargo counts once.
    """
    from clearwake.cli import account
    from clearwake.cli.values import moment
    from clearwake.model import UsageError

    account.picture_form(plot)
    if year is None and not example:
        message = "of which year?\n  next: clearwake ledger --year 2018"
        raise UsageError(message)
    with account.example() if example else open_desk(desk) as opened:
        periods = opened.ledger(year or account.EXAMPLE_YEAR, moment(as_of, "--as-of"), correlation, happened)
    account.tell(periods, form, out, plot)
