"""A case held against the law of a day, and weighed: elements of breach, lawful options, and what else it may be.

All three are pure functions of the items of the case.  The day is that of the act, unless another is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from clearwake import law
from clearwake.assess import assess_case
from clearwake.flow import casework
from clearwake.flow.findings import facts_of, weighing
from clearwake.model import (
    AssessmentRow,
    BreachElement,
    Case,
    NotFoundError,
    UsageError,
    empty,
)
from clearwake.store import Store


@dataclass(frozen=True)
class Judged:
    """What was worked out of a case, for which day, and what of it could not be read."""

    case: Case
    day: date
    rows: pl.DataFrame
    unread: tuple[str, ...] = ()
    """Sentences about facts that use a word that is none; they do not count."""


def case_of(store: Store, name: str, until: datetime | None = None) -> Case:
    """Give a case as it was known by then; all, if not given.

    Raises:
        NotFoundError: If there is no such case, or it was not known by then.
    """
    try:
        return casework.case(store, name, until)
    except NotFoundError as error:
        if until is None or name not in store.cases.versions():
            raise
        first = min(each.at for each in casework.case(store, name).decisions)
        message = (
            f"case {name!r} was not known at this desk by {until:%Y-%m-%d %H:%M} UTC\n"
            f"  next: ask for a later time; its first decision is of {first:%Y-%m-%d %H:%M} UTC, and it "
            "counts from when this desk had it"
        )
        raise NotFoundError(message) from error


def elements(store: Store, name: str, on: date | None = None, until: datetime | None = None) -> Judged:
    """Hold a case against every provision in force on a day that could apply: rows of ``BreachElement``.

    Args:
        store: The desk.
        name: The case's id.
        on: The day whose law is asked; that of the act, if not given.
        until: What was known of the case by then; all, if not given.

    Raises:
        NotFoundError: If there is no such case.
        UsageError: If neither the case nor the question has a day.
    """
    case = case_of(store, name, until)
    day = day_asked(case, on)
    facts, unread = facts_of(case.items)
    return Judged(case, day, law.elements(facts, day) if facts else empty(BreachElement), unread)


def options(
    store: Store, name: str, on: date | None = None, ship: str | None = None, until: datetime | None = None
) -> Judged:
    """List what could lawfully be done about the ships of a case on a day: rows of ``LawfulOption``.

    Args:
        store: The desk.
        name: The case's id.
        on: The day on which something would be done; that of the act, if not given.
        ship: One of its ships, by the word its facts use; all, if not given.
        until: What was known of the case by then; all, if not given.

    Raises:
        NotFoundError: If there is no such case.
        UsageError: If neither the case nor the question has a day, or no fact speaks of the ship.
    """
    case = case_of(store, name, until)
    day = day_asked(case, on)
    facts, unread = facts_of(case.items)
    told = {fact.subject for fact in facts} | {fact.object for fact in facts if fact.kind == "transfer"}
    known = sorted({each for each in told if each} | {*case.ships})
    if ship is not None and ship not in known:
        message = f"no fact of {name} speaks of {ship!r}\n  next: choose one of {', '.join(known) or 'none'}"
        raise UsageError(message)
    return Judged(case, day, law.options(facts, day, ship), unread)


def assessment(store: Store, name: str, until: datetime | None = None) -> Judged:
    """Weigh the claim of a case beside its rivals: rows of ``AssessmentRow``.

    Raises:
        NotFoundError: If there is no such case.
    """
    case = case_of(store, name, until)
    day = case.day.date() if case.day else None
    items, left_out = weighing(case)
    return Judged(case, day or date.min, assess_case(items, day, case.id), left_out)


def assessments(store: Store) -> pl.DataFrame:
    """Weigh every case of a desk: a table of ``AssessmentRow``, by case."""
    found = [assessment(store, name).rows for name in sorted(store.cases.versions())]
    return pl.concat(found) if found else empty(AssessmentRow)


def day_asked(case: Case, on: date | None) -> date:
    """Give the day whose law is asked.

    Raises:
        UsageError: If neither the case nor the question has one.
    """
    if on is not None:
        return on
    if case.day is None:
        message = f"{case.id} has no day, and law is asked as of one\n  next: give --on D"
        raise UsageError(message)
    return case.day.date()
