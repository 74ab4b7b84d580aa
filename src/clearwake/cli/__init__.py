"""The command line: the verbs of a desk, typed.

Exit codes: 0 done; 1 something asked for is not so; 2 usage; 3 rows that could not be read, or a file refused whole.
"""

from __future__ import annotations

import sys

NOT_SO, USAGE, UNREAD, STOPPED = 1, 2, 3, 130


def main() -> None:
    """Run the command line and leave the program with its exit code."""
    from clearwake.cli.process import settle

    settle()
    from clearwake.cli.app import app

    try:
        app()
    except KeyboardInterrupt:
        _fail("stopped; what was done so far is kept", STOPPED)
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        _fail(error, code)


def exit_code(error: Exception) -> int | None:
    """Give the exit code of an error that is meant for the person who asked; None for a fault of ours."""
    # Imported here because it brings Polars with it, which ``--help`` does not need.
    from clearwake.model.errors import ClearwakeError, UnreadableFileError, UsageError

    kinds = ((UsageError, USAGE), (UnreadableFileError, UNREAD), (ClearwakeError, NOT_SO))
    return next((code for kind, code in kinds if isinstance(error, kind)), None)


def _fail(what: object, code: int) -> None:
    sys.stderr.write(f"{what}\n")
    sys.exit(code)
