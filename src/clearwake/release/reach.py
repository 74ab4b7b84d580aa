"""How far something has gone: every copy that held an item, or rests on it, and whom to tell when it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Use:
    """One thing that holds items or rests on them: a case, or a copy that left the desk."""

    case: str
    what: str
    """``case``, ``release``, ``dossier``, ``bundle``, ``exchange`` or ``list entry``."""
    id: str
    """Of the decision, or of the case itself."""
    holds: tuple[str, ...]
    """The items and decisions it holds; none means all of its case that there were."""
    to: tuple[str, ...] = ()
    """Who has it."""
    at: datetime | None = None
    sha256: str | None = None
    """Of the copy."""


def resting(taken_back: Iterable[str], rests_on: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Name what was taken back and, at any depth, everything that rests on it.

    Args:
        taken_back: Ids of items or decisions.
        rests_on: Per id: what it rests on.
    """
    above: dict[str, set[str]] = {}
    for one, under in rests_on.items():
        for each in under:
            above.setdefault(each, set()).add(one)
    found: set[str] = set()
    waiting = list(taken_back)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += above.get(each, ())
    return frozenset(found)


def reach(uses: Iterable[Use], taken_back: Iterable[str], rests_on: Mapping[str, Iterable[str]]) -> list[Use]:
    """Give every use of what was taken back, or of anything that rests on it.

    Args:
        uses: All there are.
        taken_back: Ids of items or decisions.
        rests_on: Per id: what it rests on, in every case.

    Returns:
        The uses, the same order; whom to tell is ``to`` of each.
    """
    touched = resting(taken_back, rests_on)
    return [use for use in uses if touched & set(use.holds)]
