"""The bodies that watch over the measures against the DPRK, each with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from clearwake.statutes.files_read import expect, expect_fields, told


@dataclass(frozen=True)
class Institution:
    """A body that takes reports, decides or watches, for a time."""

    id: str
    name: str
    active_from: date
    active_to: date | None
    """Its last day; null while it works."""
    does: str
    basis: str
    review: str | None = None

    def active(self, day: date) -> bool:
        """Tell whether it was at work on a day."""
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)


@cache
def institutions() -> tuple[Institution, ...]:
    """Read the institutions.

    Raises:
        UnreadableFileError: If the file does not follow its schema.
    """
    return tuple(_institution(each) for each in told("institutions.yml"))


def _institution(said: object) -> Institution:
    needed = ("id", "name", "from", "does", "basis")
    given = expect_fields(said, "institutions.yml", needed, (*needed, "to", "review"))
    since, until = given["from"], given.get("to")
    are_days = type(since) is date and (until is None or (type(until) is date and until >= since))
    expect(are_days, f"institutions.yml, {given['id']}", [since, until], "days, to not before from")
    return Institution(
        given["id"], given["name"], since, until, given["does"], given["basis"], given.get("review")
    )
