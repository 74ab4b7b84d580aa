"""How the law leaves the program: a table to read on a terminal, one object a paragraph for programs."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from clearwake.cli.forms import Format
from clearwake.cli.output import write
from clearwake.flow.law import as_table, in_full, institutions_on, law
from clearwake.statutes import Provision, provision, provisions

NOT_THE_TEXTS = "Summaries are in our own words and are not the legal texts; a lawyer reads those."


def tell(wanted: str | None, on: date | None, form: Format | None, out: Path | None) -> None:
    """Write the provisions in force on a day, or one of them in full, whether in force or not.

    Args:
        wanted: A provision's id or how it is cited; all that were in force if not given.
        on: The day; today if not given.
        form: How to write them; else by the ending of ``out``, a table on a terminal, JSON lines in a pipe.
        out: Where; standard output if not given.

    Raises:
        NotFoundError: If there is no such provision.
    """
    day = on or datetime.now(UTC).date()
    is_for_people = out is None and (form is Format.TABLE or (form is None and sys.stdout.isatty()))
    if wanted is not None:
        one = provision(wanted)
        if is_for_people:
            sys.stdout.write(in_full(one, day) + f"\n{NOT_THE_TEXTS}\n")
        else:
            write(as_table([one]), form, out)
        return
    if is_for_people:
        _print(day)
    else:
        write(law(day), form, out)


def _print(day: date) -> None:
    """Print the paragraphs of a day as a table that folds its summaries, and who was there to watch."""
    from rich.console import Console
    from rich.table import Table

    chosen = [each for each in provisions() if each.in_force(day)]
    laid = Table(box=None, pad_edge=False, header_style="bold", row_styles=("", "dim"))
    for name in ("id", "binding", "in force", "summary"):
        laid.add_column(name, no_wrap=name != "summary")
    for each in chosen:
        laid.add_row(each.id, each.binding, _span(each), each.summary)
    console = Console(highlight=False)
    console.print(laid)
    bodies = "; ".join(each.name for each in institutions_on(day)) or "none"
    console.print(f"{len(chosen)} paragraphs in force on {day}.  At work that day: {bodies}.", soft_wrap=True)
    console.print(f"clearwake law ID shows one in full.  {NOT_THE_TEXTS}", soft_wrap=True)


def _span(each: Provision) -> str:
    return f"{each.in_force_from} to {each.in_force_to}" if each.in_force_to else f"from {each.in_force_from}"
