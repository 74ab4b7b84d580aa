"""What the commands that let something leave say when they are done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import polars as pl

from clearwake.cli.forms import Format
from clearwake.cli.output import write
from clearwake.seal import desk_name

if TYPE_CHECKING:
    from clearwake.flow.exchange import Sent, Taken
    from clearwake.flow.releasing import ReleaseReport


def given(report: ReleaseReport, form: Format | None) -> None:
    """Say what a release holds and, for this desk alone, what it does not and whose permission that would take.

    Rows of ``Needed`` go to standard output; all else to standard error.
    """
    to = ", ".join(report.audience)
    sys.stderr.write(f"{report.folder}: {len(report.files)} files of {report.case} for {to}\n")
    for check in report.checks:
        passed = "passed" if check.is_passed else "NOT PASSED"
        sys.stderr.write(f"  gate, {check.name}: {passed}: {check.sentence}\n")
    if any(not check.is_passed for check in report.checks):
        sys.stderr.write("  the case is not published; before it is, the gate has to be passed\n")
    for fault in report.faults:
        sys.stderr.write(f"  released all the same: {fault}\n")
    if report.needed:
        sys.stderr.write(
            "withheld or coarsened, and whose permission more would take (for this desk only):\n"
        )
        write(report.as_table(), form, None)


def sent(report: Sent, form: Format | None) -> None:
    """Say what a bundle holds."""
    row = {
        "file": str(report.path), "to": report.to, "sha256": report.sha256, "entries": report.entries,
        "opened": report.opened, "versions": report.versions, "cases": list(report.cases),
    }  # fmt: skip
    write(pl.DataFrame([row], schema_overrides={"cases": pl.List(pl.String)}), form, None)


def taken(report: Taken, form: Format | None) -> None:
    """Say what came in with a bundle."""
    if report.is_new:
        sys.stderr.write(
            f"first bundle of {report.sender}, signed by {report.key}\n"
            "  compare that key with them over another line; from now on only it is taken for theirs\n"
        )
    row = {
        "from": report.sender, "key": report.key, "is_new": report.is_new, "entries": report.entries,
        "opened": report.opened, "versions": report.versions, "cases": list(report.cases),
    }  # fmt: skip
    write(pl.DataFrame([row], schema_overrides={"cases": pl.List(pl.String)}), form, None)


def key(public: str, form: Format | None) -> None:
    """Say this desk's public key."""
    write(pl.DataFrame({"key": [public], "chain": [desk_name(public)]}), form, None)


def partners(known: dict[str, str], form: Format | None) -> None:
    """Say whose keys this desk knows."""
    rows = sorted((party, public) for public, party in known.items())
    write(pl.DataFrame(rows, schema={"party": pl.String, "key": pl.String}, orient="row"), form, None)
