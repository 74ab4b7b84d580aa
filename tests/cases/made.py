"""Decisions and chains written by hand for the tests of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from clearwake import seal
from clearwake.cases import CHAIN_START, History, sealed
from clearwake.model import Case, Decision, Entry, Item, Marking, utc

NOON = utc("2018-02-13T12:00")
DESK = "d" * 32
OTHER = "e" * 32
JPN = Marking("JPN")

ROLES = {
    "review": "legal adviser",
    "publish": "release officer",
    "retract": "commander",
    "permit": "commander",
}


def item(name: str, origin: str | None = "Japan", kind: str = "sighting", **more: Any) -> Item:
    return Item(f"item:{name}", kind, f"{name} was seen", JPN, origin=origin, **more)


def decision(act: str, who: str = "Sato", minutes: int = 0, **more: Any) -> Decision:
    made = Decision(
        id=seal.random_id("decision"),
        act=act,
        who=who,
        role=ROLES.get(act, "analyst"),
        nation="JPN",
        why="because",
        at=NOON + timedelta(minutes=minutes),
        marking=JPN,
    )
    return replace(made, **more)


def added(one: Item, minutes: int = 0) -> Decision:
    return decision("add", minutes=minutes, item=one, marking=one.marking)


def after(*decisions: Decision, chain: str = DESK) -> History:
    """The history of a case after decisions that every rule allows."""
    history = History("a-case")
    for each in decisions:
        history.check(chain, each)
        history.take(chain, each)
    return history


def case_after(*decisions: Decision) -> Case:
    return after(*decisions).case()


def chained(decisions: list[Decision], chain: str = DESK) -> list[Entry]:
    entries: list[Entry] = []
    for each in decisions:
        previous = entries[-1].hash if entries else CHAIN_START
        entries.append(sealed(chain, len(entries) + 1, previous, "a-case", each))
    return entries


def opened(at: datetime = NOON) -> Decision:
    return decision("open", told={"title": "Two ships", "day": at.isoformat(), "ships": "imo:7389704"})
