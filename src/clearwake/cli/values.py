"""Words of the command line that stand for values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from clearwake.model import UsageError, utc


def moment(text: str | None, option: str) -> datetime | None:
    """Read an ISO 8601 date or time, UTC where it does not say.

    Raises:
        UsageError: If it is neither.
    """
    if text is None:
        return None
    try:
        return utc(text)
    except ValueError:
        message = (
            f"{option} {text!r} is no date or time\n  next: write it like 2018-02-13 or 2018-02-13T12:00"
        )
        raise UsageError(message) from None


def day_of(text: str | None, option: str) -> date | None:
    """Read an ISO 8601 date; of a time, its day, UTC.

    Raises:
        UsageError: If it is neither.
    """
    at = moment(text, option)
    return at.date() if at else None


def mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``time=when,mmsi=ship``: our column on the left, the file's on the right.

    Raises:
        UsageError: If a part is not of that form, or names a column twice.
    """
    read: dict[str, str] = {}
    for part in (part.strip() for text in pairs for part in text.split(",") if part.strip()):
        ours, equals, theirs = (word.strip() for word in part.partition("="))
        if not (ours and equals and theirs) or ours in read:
            message = (
                f"--map {part!r} is not of the form OURS=THEIRS, once each\n  next: --map time=when,mmsi=ship"
            )
            raise UsageError(message)
        read[ours] = theirs
    return read
