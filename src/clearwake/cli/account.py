"""How the ledger leaves the program: a page for people, one object a period for programs, days for spreadsheets."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from clearwake.cli.forms import Format
from clearwake.cli.output import write
from clearwake.model import LedgerYear, UsageError, records

if TYPE_CHECKING:
    from clearwake.desk import Desk

EXAMPLE = "deliveries_2018.csv"
EXAMPLE_YEAR = 2018
EXAMPLE_KNOWN_AT = "2018-07-12"
"""When the 89 port calls were told to the Committee."""

PICTURES = (".png", ".svg")


@contextmanager
def example() -> Iterator[Desk]:
    """Give a desk aside that holds the worked example: the 89 port calls of early 2018."""
    from clearwake.desk import Desk

    own = files("clearwake.demo_data") / EXAMPLE
    with tempfile.TemporaryDirectory() as folder, Desk(folder) as desk, as_file(own) as file:
        desk.read("deliveries", file, known_at=EXAMPLE_KNOWN_AT)
        yield desk


def picture_form(plot: Path | None) -> str | None:
    """Give the form of a picture by the ending of its file.

    Raises:
        UsageError: If it has another ending.
    """
    if plot is None:
        return None
    if plot.suffix.lower() not in PICTURES:
        message = f"{plot.name!r} is no picture's name\n  next: end it in {' or '.join(PICTURES)}"
        raise UsageError(message)
    return plot.suffix.lower().removeprefix(".")


def tell(periods: pl.DataFrame, form: Format | None, out: Path | None, plot: Path | None) -> None:
    """Write the periods of a year, and draw the first of them.

    Args:
        periods: A table of ``LedgerYear``.
        form: How to write them; else by the ending of ``out``, a page on a terminal, JSON lines in a pipe.  CSV has a
            row for each day.
        out: Where; standard output if not given.
        plot: Where the picture goes; none is drawn if not given.
    """
    drawn = picture_form(plot)
    is_page = form is Format.TABLE or (form is None and out is None and sys.stdout.isatty())
    if is_page:
        _page(periods, out)
    elif form is Format.CSV or (form is None and out is not None and out.suffix.lower() == ".csv"):
        write(by_day(periods), Format.CSV, out)
    else:
        write(periods, form, out)
    if plot is not None and drawn is not None:
        from clearwake.dossier.ledger_chart import ledger_chart

        plot.parent.mkdir(parents=True, exist_ok=True)
        plot.write_bytes(ledger_chart(records(periods, LedgerYear)[0], drawn))


def by_day(periods: pl.DataFrame) -> pl.DataFrame:
    """Lay periods out with a row for each day."""
    columns = ["year", "product", "provision", "cap_bbl", "by_day"]
    return periods.select(columns).explode("by_day").unnest("by_day")


def _page(periods: pl.DataFrame, out: Path | None) -> None:
    from clearwake.ledger import page

    text = "\n".join(page(each) for each in records(periods, LedgerYear))
    if out is None:
        sys.stdout.write(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, "utf-8")
