"""The clock of a detention under UNSCR 2397 ¶9: the six-month date, how a ship may be let go, and the watch afterwards.

It only counts days and says what the paragraph asks; who decides what is in the paragraph.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from clearwake.model import ClockEntry, UsageError, table
from clearwake.statutes import provision

PARAGRAPH = "unscr-2397-9"

REMINDERS_DAYS_BEFORE = (60, 30, 14, 7, 1)
"""Days before the six-month date on which one is reminded; our own choice."""

WATCH_DAYS_AFTER = (30, 90, 180, 365)
"""Days after a release on which the ship is looked at again; our own choice."""

WATCHED = (
    "port calls in the DPRK and transfers with its ships, AIS switched off, a new name, flag, MMSI, owner or manager, "
    "and arrangements the release rested on"
)


AT_SIX_MONTHS = (
    "six months since the ship was held: from now on the Committee may decide, case by case and on the flag State's "
    "request, that adequate arrangements were made; nothing ends by itself on this day"
)


@dataclass(frozen=True)
class Detention:
    """What is known of a ship held, each with its day; null where it has not happened or is not known."""

    started: date
    flag_request: date | None = None
    """The flag State asked the Committee to decide that adequate arrangements were made."""
    committee_decision: date | None = None
    """The Committee decided on that request."""
    committee_agreed: bool | None = None
    released: date | None = None
    evidence: tuple[str, ...] = ()
    ship: str | None = None
    """Which ship, where the decision that says it was held names it."""
    by: str | None = None
    """The State that holds it."""


def six_months_after(day: date) -> date:
    """Give the same day six months on; the last of the month where that month is shorter.

    The paragraph says "after six months" and no more; calendar months are taken, as a lawyer would first.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def clock(detention: Detention, on: date) -> pl.DataFrame:
    """Lay out what has happened, is due and is to come of a detention.

    Args:
        detention: The ship held.
        on: The day it is looked at; what happened later is not known yet.

    Returns:
        Rows of ``ClockEntry``, by day; conditions, which have none, last.

    Raises:
        UsageError: If days are out of order.
    """
    _check(detention)
    six_months = six_months_after(detention.started)
    entries = [
        *_start(detention, on),
        *_reminders(detention, six_months, on),
        _entry(detention, on, six_months, "six months", AT_SIX_MONTHS),
        *_release(detention, on),
        *_conditions(detention, six_months, on),
    ]
    return table(sorted(entries, key=lambda each: (each.day is None, each.day or date.min)), ClockEntry)


def _check(held: Detention) -> None:
    later = (held.flag_request, held.committee_decision, held.released)
    if any(day is not None and day < held.started for day in later):
        message = (
            f"a detention from {held.started} cannot have a request, decision or release before that day"
        )
        raise UsageError(message)
    if (held.committee_decision is None) != (held.committee_agreed is None):
        message = "a decision of the Committee has a day and an outcome, or neither"
        raise UsageError(message)


def _start(held: Detention, on: date) -> Iterator[ClockEntry]:
    paragraph = provision(PARAGRAPH)
    ship = f"the ship {held.ship}" if held.ship else "the ship"
    said = f"{ship} is held, as {held.by} says" if held.by else f"{ship} is held"
    if held.started < paragraph.in_force_from:
        was = said.replace(" is held", " was held", 1)
        told = (
            f"{was} before {paragraph.reference} was in force ({paragraph.in_force_from}); whether the "
            "paragraph reaches it is for a lawyer, and the dates below count from the day it was held"
        )
    else:
        told = (
            f"{said}; if it is held under {paragraph.reference}: consult the flag State, tell the Committee what the "
            "inspection shows"
        )
    yield _entry(held, on, held.started, "start", told)


def _reminders(held: Detention, six_months: date, on: date) -> Iterator[ClockEntry]:
    for days in REMINDERS_DAYS_BEFORE:
        day = six_months - timedelta(days=days)
        if held.released is None or held.released > on or day <= held.released:
            told = f"days to the six-month date: {days}; ask whether the flag State will make a request"
            yield _entry(held, on, day, "reminder", told)


def _release(held: Detention, on: date) -> Iterator[ClockEntry]:
    if held.released is None or held.released > on:
        return
    agreed = (
        held.committee_decision is not None
        and held.committee_decision <= held.released
        and held.committee_agreed
    )
    basis = (
        "after a decision of the Committee" if agreed else "no decision of the Committee is shown before it"
    )
    yield _entry(held, on, held.released, "release", f"the ship was released; {basis}")
    for days in WATCH_DAYS_AFTER:
        day = held.released + timedelta(days=days)
        yield _entry(held, on, day, "watch", f"{days} days after the release, look again for {WATCHED}")


def _conditions(held: Detention, six_months: date, on: date) -> Iterator[ClockEntry]:
    asked = held.flag_request is not None and held.flag_request <= on
    decided = held.committee_decision is not None and held.committee_decision <= on
    outcome = ("met" if held.committee_agreed else "not met") if decided else "not shown"
    for told, status in (
        ("six months have passed", "met" if on >= six_months else "not met"),
        ("the flag State asked the Committee", "met" if asked else "not shown"),
        ("the Committee decided that adequate arrangements were made to prevent further breaches", outcome),
    ):
        yield ClockEntry(None, "condition", told, status, None, PARAGRAPH, held.evidence)


def _entry(held: Detention, on: date, day: date, kind: str, told: str) -> ClockEntry:
    away = (day - on).days
    status = "past" if away < 0 else "due" if away == 0 else "coming"
    return ClockEntry(day, kind, told, status, away, PARAGRAPH, held.evidence)
