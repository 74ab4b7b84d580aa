"""Transitions: the rules of ``transitions.yml``, read once and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from clearwake.model import ClearwakeError, Item, UnreadableFileError, UsageError

NOTHING = "nothing"
"""The state of an axis on which nothing was decided."""

NEEDS = (
    "an_item", "items", "its_owner", "something_new_to_say", "legal_review", "reply_period", "an_offer", "a_marking",
    "its_originator", "after_detention", "a_period", "which_ship",
)  # fmt: skip
"""Conditions that a rule can name; each is a function in ``cases.conditions``."""

_FILE = "cases/transitions.yml"


class NotAllowedError(ClearwakeError):
    """A rule of cases forbids a decision as things stand.

    Attributes:
        rule: Which rule: ``after``, ``roles``, or a condition such as ``legal_review``.
        missing: What is missing.
        do_next: What the person can do.
    """

    def __init__(self, where: str, rule: str, missing: str, do_next: str) -> None:
        self.rule, self.missing, self.do_next = rule, missing, do_next
        super().__init__(f"{where}: {missing}\n  by the rule {rule!r} of {_FILE}\n  next: {do_next}")


@dataclass(frozen=True)
class Act:
    """One thing that can be decided."""

    name: str
    says: str
    axis: str | None = None
    to: str | None = None
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per axis, the states in which it is allowed; ``nothing`` where nothing was decided yet."""
    roles: tuple[str, ...] = ()
    """Who may; anybody where empty."""
    needs: tuple[str, ...] = ()
    tells: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What it must say besides: a ``day``, a ``text``, or one of some words."""


@dataclass(frozen=True)
class EvidenceRules:
    """Which evidence can confirm a case, and which is of a low grade."""

    counted: frozenset[str]
    poor_reliability: frozenset[str]
    poor_credibility: frozenset[int]
    low_kinds: frozenset[str]
    low_origins: frozenset[str]
    """Words in an origin that say nobody stands behind it by name."""
    low_grade: tuple[str, int]


@cache
def acts() -> dict[str, Act]:
    """Give everything that can be decided, by name."""
    axes = told()["axes"]
    return {name: _act(name, given, axes) for name, given in told()["acts"].items()}


@cache
def evidence_rules() -> EvidenceRules:
    """Give the rules on evidence."""
    given = told()["evidence"]
    poor, low = given["not_counted"], given["low"]
    return EvidenceRules(
        frozenset(given["counted"]),
        frozenset(poor["reliability"]),
        frozenset(poor["credibility"]),
        frozenset(low["kinds"]),
        frozenset(low["origins"]),
        (low["reliability"], low["credibility"]),
    )


def low_grade(item: Item) -> tuple[str, int] | None:
    """Give the grade that media and nameless sources have at best; None for other evidence."""
    rules = evidence_rules()
    words = re.findall(r"\w+", (item.origin or "").lower())
    is_low = item.kind in rules.low_kinds or not rules.low_origins.isdisjoint(words)
    return rules.low_grade if is_low else None


@cache
def axes() -> dict[str, tuple[str, ...]]:
    """Give the axes of a case's state, and the states on each."""
    return {name: tuple(states) for name, states in told()["axes"].items()}


def act_named(text: str) -> Act:
    """Find what can be decided by its name, or by the state it leads to, however it is spelt.

    Raises:
        UsageError: If there is no such thing.
    """
    word = _plain(text)
    by_state = {_plain(act.to): act for act in reversed(acts().values()) if act.to}
    found = {**by_state, **{_plain(act.name): act for act in acts().values()}}.get(word)
    if found is None:
        known = ", ".join(acts())
        message = (
            f"{text!r} cannot be decided about a case\n  read as one of {known}\n  next: see docs/cases.md"
        )
        raise UsageError(message)
    return found


def role_named(text: str) -> str:
    """Give the role a word means: ``lawyer`` is the ``legal adviser``; a word not known stays what it is."""
    word = " ".join(text.replace("_", " ").replace("-", " ").split())
    known = {also: role for role, others in told()["roles"].items() for also in (role, *others)}
    return str(known.get(word.lower(), word))


@cache
def told() -> dict[str, Any]:
    """Read the rules as the file has them.

    Raises:
        UnreadableFileError: If the file lacks a part.
    """
    given = yaml.safe_load((files("clearwake.cases") / "transitions.yml").read_text("utf-8"))
    parts = {"axes", "roles", "evidence", "acts"}
    if not isinstance(given, dict) or set(given) != parts:
        where = "the whole"
        raise _wrong(where, list(given or ()), ", ".join(sorted(parts)))
    return given


def _act(name: str, given: Mapping[str, Any], axes: Mapping[str, Any]) -> Act:
    """Make sure of one act: every word in it is one that is known."""
    unknown = set(given) - {"says", "axis", "to", "after", "roles", "needs", "tells"}
    if unknown or not isinstance(given.get("says"), str):
        raise _wrong(name, sorted(given), "says, and any of axis, to, after, roles, needs, tells")
    if ("axis" in given) != ("to" in given) or ("axis" in given and given["to"] not in axes[given["axis"]]):
        raise _wrong(name, given.get("to"), "a state of its axis")
    after = {axis: tuple(states) for axis, states in given.get("after", {}).items()}
    for axis, states in after.items():
        if not set(states) <= {NOTHING, *axes.get(axis, ())}:
            raise _wrong(name, states, f"states of {axis}")
    if not set(given.get("needs", ())) <= set(NEEDS):
        raise _wrong(name, given["needs"], f"of {', '.join(NEEDS)}")
    if not set(given.get("roles", ())) <= set(told()["roles"]):
        raise _wrong(name, given["roles"], f"of {', '.join(told()['roles'])}")
    tells = {
        what: form if isinstance(form, str) else tuple(form) for what, form in given.get("tells", {}).items()
    }
    return Act(
        name,
        given["says"],
        given.get("axis"),
        given.get("to"),
        after,
        tuple(given.get("roles", ())),
        tuple(given.get("needs", ())),
        tells,
    )


def _wrong(where: str, found: object, wanted: str) -> UnreadableFileError:
    return UnreadableFileError(f"{_FILE}, {where}", f"found {found!r}", wanted, "see docs/cases.md")


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().lower()
