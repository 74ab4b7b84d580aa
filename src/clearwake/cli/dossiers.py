"""The commands on dossiers: write one, and check the bundle of one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clearwake.cli import NOT_SO
from clearwake.cli.cases import CaseArgument, NationOption, RoleOption, WhoOption
from clearwake.cli.forms import Format
from clearwake.cli.options import DESK, DeskOption, FormatOption, commands, open_desk

if TYPE_CHECKING:
    from clearwake.flow.bundle import Given
    from clearwake.flow.verify import Verified

MOST_TOLD = 40
"""Rows a terminal is given of a check; failures are always all told."""


def join(app: typer.Typer) -> None:
    """Put the commands of this module into the command line."""
    command = commands(app)
    command(
        "a case as a document, or as a bundle to check",
        "clearwake dossier 2018-02-13-rye-song-gang-1 --kind case --to JPN,AUS --out rye-song-gang.pdf",
        "clearwake dossier 2018-02-13-rye-song-gang-1 --kind notice --to public --out notice.zip",
    )(dossier)
    command(
        "work a bundle out again", "clearwake verify notice.zip", "clearwake verify notice.zip --format json"
    )(verify)


def dossier(
    case: CaseArgument,
    kind: Annotated[
        str, typer.Option("--kind", metavar="K", help="case, notice, committee, press or compliance.")
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="P,...", help="Parties who will all read it, or public.")
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help="A name that ends in .pdf, .html or .zip (all, with evidence)."
        ),
    ],
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            envvar="CLEARWAKE_CONTACT",
            metavar="TEXT",
            help="Where to say that something is wrong.",
        ),
    ] = "",
    despite: Annotated[
        str | None,
        typer.Option("--despite", metavar="WHY", help="Give it though its texts quote what is withheld."),
    ] = None,
    who: WhoOption = None,
    role: RoleOption = None,
    nation: NationOption = None,
    desk: DeskOption = DESK,
    form: FormatOption = None,
) -> None:
    """Write a dossier of what an audience may have of a case, and record that it was given.

    It says what is shown and what is not, and who judges; it names no one guilty.  What is withheld, and whose
    permission more would take, is told here and stands in no file.
    """
    with open_desk(desk) as opened:
        by = opened.cases.somebody(who, role, nation)
        given = opened.dossier(case, kind, to, out, contact=contact, by=by, despite=despite)
    _given(given, form)


def _given(given: Given, form: Format | None) -> None:
    from clearwake.cli.output import write
    from clearwake.model import Needed, table

    sys.stderr.write(f"{given.file}: dossier {given.dossier}, sha256 {given.sha256}\n")
    for check in given.checks:
        passed = "passed" if check.is_passed else "NOT PASSED"
        sys.stderr.write(f"  gate, {check.name}: {passed}: {check.sentence}\n")
    if given.version.needed:
        sys.stderr.write(
            "withheld or coarsened, and whose permission more would take (for this desk only):\n"
        )
        write(table(list(given.version.needed), Needed), form, None)


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The .zip that clearwake dossier wrote.")],
    form: FormatOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the rows to a file.")
    ] = None,
) -> None:
    """Hash every file of a bundle again and work every finding out again from its evidence.  Needs no desk.

    Each is reproduced, withheld (its evidence was not released; no failure) or not reproduced.  Exit code 1 if
    anything is not reproduced; the last line then names it.
    """
    from clearwake.flow.verify import verify as verified

    found = verified(bundle)
    _verified(found, bundle, form, out)
    if not found.is_reproduced:
        raise typer.Exit(NOT_SO)


def _verified(found: Verified, bundle: Path, form: Format | None, out: Path | None) -> None:
    from clearwake.cli.output import write
    from clearwake.model import NOT_REPRODUCED, REPRODUCED, WITHHELD, VerifiedRow, table

    is_for_people = out is None and (form is Format.TABLE or (form is None and sys.stdout.isatty()))
    counts = ", ".join(f"{found.count(each)} {each}" for each in (REPRODUCED, WITHHELD, NOT_REPRODUCED))
    if is_for_people:
        _print(found)
    else:
        write(table(list(found.rows), VerifiedRow), form, out)
    failed = [row for row in found.rows if row.verdict == NOT_REPRODUCED]
    told = "".join(f"not reproduced: {row.check} {row.item}: {row.why}\n" for row in failed)
    (sys.stdout if is_for_people else sys.stderr).write(f"{bundle}: {counts}\n{told}")


def _print(found: Verified) -> None:
    """Print what was withheld row by row, and how much of each kind was reproduced."""
    from collections import Counter

    from rich.console import Console
    from rich.table import Table

    from clearwake.model import REPRODUCED, WITHHELD

    laid = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("check", "reproduced"):
        laid.add_column(name)
    for check, count in sorted(Counter(r.check for r in found.rows if r.verdict == REPRODUCED).items()):
        laid.add_row(check, str(count))
    console = Console(highlight=False)
    console.print(laid)
    withheld = [row for row in found.rows if row.verdict == WITHHELD]
    for row in withheld[:MOST_TOLD]:
        console.print(f"withheld: {row.check} {row.item}: {row.why}", soft_wrap=True, markup=False)
    if len(withheld) > MOST_TOLD:
        console.print(f"and {len(withheld) - MOST_TOLD} more withheld  (--format json gives all)")
