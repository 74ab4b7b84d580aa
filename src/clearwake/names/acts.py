"""The act a case is about, and which observations are of it: others confirm nothing of it and do not weigh on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clearwake.model import Case, Item
from clearwake.names.slugs import slug

OBSERVATIONS = ("sighting", "photograph", "track", "event", "detection")
"""Kinds of items that tell of one time and place."""

MOMENTS = ("sighting", "photograph", "detection")
"""Of those, what was seen at one moment; what a ship did before and after can still speak of the act."""

AROUND = timedelta(days=3)
"""Days and hours of reports differ by time zones and by how they were published; more than this is another time."""


@dataclass(frozen=True)
class Act:
    """What a case was opened about."""

    day: datetime | None
    ships: frozenset[str]
    """Subjects: ``imo:7389704``, ``mmsi:445123000``, ``ship:a-name``."""
    words: str
    """All that names it besides."""


def act_of_case(case: Case) -> Act:
    """Give the act of a case, as far as its opening may be read."""
    told = [each.told.get("ships", "").split() for each in case.decisions if each.act == "open"]
    return Act(case.day, frozenset(ship for ships in told for ship in ships), f"{case.title} {case.id}")


def is_of_other_ships(item: Item, act: Act) -> bool:
    """Tell whether an observation names ships and none of them is one of the act's.

    Numbers are compared with numbers and names with names; where nothing can be compared it may be of the act.
    """
    if item.kind not in OBSERVATIONS or not act.ships:
        return False
    named = set(item.ships)
    words = f"-{slug(act.words, 4 * len(act.words))}-"
    if named & act.ships or any(f"-{_bare(each)}-" in words for each in named):
        return False
    return bool({_kind(each) for each in named} & {_kind(each) for each in act.ships})


def is_of_another_time(item: Item, act: Act, kinds: Iterable[str] = OBSERVATIONS) -> bool:
    """Tell whether an observation of one of ``kinds`` ended long before the act or began long after it."""
    if item.kind not in kinds or act.day is None or item.start is None:
        return False
    return item.start > act.day + AROUND or (item.end or item.start) < act.day - AROUND


def of_another_act(item: Item, act: Act) -> bool:
    """Tell whether an observation can be no source of the act: it is of other ships, or of another time."""
    return is_of_other_ships(item, act) or is_of_another_time(item, act)


def does_not_weigh(item: Item, act: Act) -> bool:
    """Tell whether an observation says nothing for or against the act: other ships, or seen at another time."""
    return is_of_other_ships(item, act) or is_of_another_time(item, act, MOMENTS)


def _kind(subject: str) -> str:
    return subject.partition(":")[0]


def _bare(subject: str) -> str:
    return slug(subject.partition(":")[2])
