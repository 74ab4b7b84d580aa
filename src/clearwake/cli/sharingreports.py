"""What the commands that let something leave say when they are done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from clearwake.cli.forms import Format
from clearwake.cli.output import write

if TYPE_CHECKING:
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
