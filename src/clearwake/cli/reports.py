"""What commands say when they are done: in words on a terminal, as lines of JSON in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from clearwake.cli import NOT_SO, progress
from clearwake.cli.forms import Format
from clearwake.cli.output import write
from clearwake.desk import Desk, reader
from clearwake.model import UnreadableFileError, UsageError

if TYPE_CHECKING:
    from rich.tree import Tree

    from clearwake.fetch import Fetched
    from clearwake.flow.advance import RunReport
    from clearwake.flow.explain import Explanation
    from clearwake.flow.intake import FileReport


def read_each(
    desk: Desk,
    source: str,
    files: Sequence[Path],
    given: Mapping[str, Any],
    form: Format | None,
    out: Path | None,
) -> bool:
    """Read files, report on each, and say whether every row of every file could be read.

    The files of a list are one edition and are read together.  Other files are read one by one, so that one that is
    refused whole does not keep the others out.
    """
    batches = [list(files)] if reader(source).is_edition else [[file] for file in files]
    reports: list[FileReport] = []
    refused = 0
    with progress.shown() as tell:
        for batch in batches:
            try:
                reports += desk.read(source, *batch, **given, on_progress=tell).files
            except UnreadableFileError as error:
                sys.stderr.write(f"{error}\n")
                refused += 1
    _told_read(reports, form, out)
    return not refused and not any(report.rejected for report in reports)


def _told_read(reports: Sequence[FileReport], form: Format | None, out: Path | None) -> None:
    if form is None and out is None and sys.stdout.isatty():
        for report in reports:
            sys.stdout.write(f"{report.origin}: {_became(report)}\n")
        return
    # One object a file; the counts are objects, so this is no table and is written as JSON whatever is asked for.
    lines = "".join(json.dumps(asdict(report), ensure_ascii=False) + "\n" for report in reports)
    if out is None:
        sys.stdout.write(lines)
    else:
        out.write_text(lines, encoding="utf-8")


def _became(report: FileReport) -> str:
    if report.already_read:
        return f"read before (receipt {report.receipt}); nothing added"
    rows = (
        ", ".join(f"{count:,} {table}" for table, count in report.rows.items() if table != "quarantine")
        or "nothing"
    )
    told = f"{rows}  (receipt {report.receipt})"
    for what, count in report.counts.items():
        told += f"\n  {count:,} rows: {what}"
    for reason, count in report.rejected.items():
        told += f"\n  {count:,} rows not read: {reason}"
    return told + ("\n  next: clearwake show quarantine" if report.rejected else "")


def ran(report: RunReport, form: Format | None) -> None:
    """Say what a run did."""
    if form is None and sys.stdout.isatty():
        found = ", ".join(f"{count:,} {table}" for table, count in report.events.items()) or "no events"
        withdrawn = f"; {report.withdrawn:,} withdrawn" if report.withdrawn else ""
        sys.stdout.write(
            f"{report.positions:,} positions of {report.days:,} days in {report.seconds:.1f} s: {found}{withdrawn}\n"
        )
        return
    sys.stdout.write(json.dumps(asdict(report), default=str) + "\n")


def fetched(files: Sequence[Fetched], publisher: str, desk: Path) -> None:
    """Say what was fetched and how to read it."""
    for file in files:
        state = "new" if file.is_new else "there already"
        sys.stdout.write(f"{file.path}  {file.size_bytes:,} bytes  {state}\n")
        if file.note:
            sys.stdout.write(f"  {file.note}\n")
    if files:
        paths = " ".join(str(file.path) for file in files)
        sys.stdout.write(f"next: clearwake read {publisher} {paths} --desk {desk}\n")


def asked(file: Path | None, values: Mapping[str, str | None]) -> pl.DataFrame | None:
    """Give the queries of ``screen``: a file's rows, one row of options, or None for every ship heard.

    Raises:
        UsageError: If both a file and options ask.
    """
    one = {name: value for name, value in values.items() if value is not None}
    if file is not None and one:
        message = f"screen either the file {file} or --{' --'.join(one)}, not both"
        raise UsageError(message)
    if file is not None:
        # Brings the names room with it, which only screening needs.
        from clearwake.cli.queries import queries

        return queries(file)
    return pl.DataFrame({"id": ["query"]} | {name: [value] for name, value in one.items()}) if one else None


def ranked(ranking: pl.DataFrame, limit: int, form: Format | None, out: Path | None) -> None:
    """Say which ships to look at first: in words on a terminal, else as rows."""
    if form is not None or out is not None or not sys.stdout.isatty():
        write(ranking, form, out)
        return
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False)
    if ranking.is_empty():
        console.print("No ship has a reason for a look.  Was anything read and run?  (clearwake show tracks)")
        return
    for row in ranking.head(limit).iter_rows(named=True):
        console.print(f"\n[bold]{row['rank']:>3}  {_escaped(called(row))}[/bold]   score {row['score']:g}")
        for sentence in row["sentences"]:
            style = "" if sentence.startswith("+") else "dim"
            console.print(Padding(_escaped(sentence), (0, 0, 0, 5), style=style, expand=False))
    more = ranking.height - limit
    console.print(f"\n[dim]{f'{more:,} more (--limit {ranking.height}); ' if more > 0 else ''}"
                  "an order of attention, not of guilt; docs/ranking.md says how it is made[/dim]")  # fmt: skip


def called(row: Mapping[str, Any]) -> str:
    """Name a ship of a ranking: MMSI, names as claimed, flag."""
    names = " / ".join(row["names"])
    return " ".join(
        part for part in (str(row["mmsi"]), names, f"({row['flag']})" if row["flag"] else "") if part
    )


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def explained(explanation: Explanation, form: Format | None) -> None:
    """Draw what a conclusion rests on as a tree, or give it as JSON."""
    if form not in (None, Format.TABLE, Format.JSON):
        message = f"an explanation is a tree; it cannot be {form}\n  next: --format json"
        raise UsageError(message)
    if form is Format.JSON or (form is None and not sys.stdout.isatty()):
        sys.stdout.write(json.dumps(asdict(explanation), default=str, ensure_ascii=False) + "\n")
        return
    from rich.console import Console

    Console(highlight=False).print(tree(explanation))


def tree(explanation: Explanation) -> Tree:
    """Lay an explanation out as a tree: titles bold, details below them, bytes at the leaves."""
    from rich.text import Text
    from rich.tree import Tree

    head = Text.assemble((explanation.title, "bold"), "  ", (explanation.id, "dim"))
    told = {name: _written(value) for name, value in explanation.details.items() if name not in _TOLD_ABOVE}
    said = "   ".join(f"{name} {value}" for name, value in told.items() if value)
    if said:
        head.append(f"\n{said}", style="dim")
    if text := explanation.details.get("text"):
        head.append(f"\n{text}", style="cyan")
    drawn = Tree(head)
    drawn.children.extend(tree(child) for child in explanation.children)
    return drawn


_TOLD_ABOVE = ("id", "sentence", "title", "text")


def _written(value: object) -> str:
    """Write a detail as a person would: five figures after the point, times to the second."""
    match value:
        case None:
            return ""
        case list() | tuple():
            return "; ".join(map(str, value))
        case float():
            return f"{value:.5f}".rstrip("0").rstrip(".")
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case _:
            return str(value)


def screened(
    matches: pl.DataFrame, form: Format | None, out: Path | None, queries: int | None = None
) -> None:
    """Give the answers of screening: in words on a terminal, else as rows; how many there are on standard error.

    Args:
        matches: A table of ``Match``.
        form: How to write rows.
        out: Where to.
        queries: How many were asked, where that is known.
    """
    if form is not None or out is not None or not sys.stdout.isatty():
        write(matches, form, out)
    else:
        _told_screened(matches)
    sys.stderr.write(f"{summed(matches, queries)}\n")


def summed(matches: pl.DataFrame, queries: int | None = None) -> str:
    """Count the answers of screening by tier; what could not be compared is never called clear."""
    tiers = matches.group_by("tier").agg(pl.col("id").n_unique(), pl.len()).sort("tier")
    asked = "" if queries is None else f"{queries:,} queries: "
    hits = [
        f"{ids:,} with {rows:,} {tier}" for tier, ids, rows in tiers.iter_rows() if tier != "unscreenable"
    ]
    told = ", ".join(hits) or "nothing on the lists that were read"
    blank = sum(ids for tier, ids, _ in tiers.iter_rows() if tier == "unscreenable")
    return f'{asked}{told}; {blank:,} unscreenable; no answer is not "clear"'


def _told_screened(matches: pl.DataFrame) -> None:
    from rich.console import Console
    from rich.padding import Padding

    console = Console(highlight=False)
    for row in matches.iter_rows(named=True):
        where = ", ".join(part for part in (row["list"], row["edition"], *(row["programmes"] or ())) if part)
        console.print(
            f"{_escaped(row['id'])}  [bold]{row['tier']}[/bold]  {_escaped(row['entity_name'] or '')}  "
            f"[dim]{_escaped(where)}  score {row['score']:g}  {_escaped(row['entity_id'] or '')}[/dim]"
        )
        for reason in row["reasons"]:
            console.print(Padding(_escaped(reason), (0, 0, 0, 4)))
    told = (
        "a reason for a person to look, never a verdict"
        if matches.height
        else "nothing on the lists that were read"
    )
    console.print(f'[dim]{told}; no answer is not "clear".  clearwake show editions says what was read[/dim]')


def picture_form(what: str, out: Path) -> str:
    """Give the form of a picture by what it is to show and the name it is to have.

    Raises:
        UsageError: If there is no such picture, or the name ends in neither ``.svg`` nor ``.png``.
    """
    if what != "ownership":
        message = f"there is no picture called {what!r}\n  next: clearwake picture ownership PARTY --out FILE"
        raise UsageError(message)
    form = out.suffix.lower().removeprefix(".")
    if form not in ("svg", "png"):
        message = f"--out {out}: a picture is written as .svg or .png"
        raise UsageError(message)
    return form


def drawn(picture: bytes, out: Path) -> None:
    """Write a picture and say where."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(picture)
    sys.stdout.write(f"{out}  {len(picture):,} bytes\n")


class Measured(Protocol):
    """What a measurement says of itself."""

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        ...

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        ...


def measured(report: Measured, tables: Sequence[object], form: Format | None) -> None:
    """Say what was measured, and leave with exit code 1 where a demand is not met."""
    if form in (Format.CSV, Format.PARQUET, Format.GEOJSON):
        message = f"a measurement is not rows; it cannot be {form}\n  next: --format json"
        raise UsageError(message)
    if form is Format.JSON or (form is None and not sys.stdout.isatty()):
        sys.stdout.write(json.dumps(report.as_json(), default=str) + "\n")
    else:
        from rich.console import Console

        console = Console()
        for table in tables:
            console.print(table)
    if not report.is_met:
        raise SystemExit(NOT_SO)
