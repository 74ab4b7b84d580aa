"""What may explain a report, and how often each thing would be observed if so: the catalogue, and reasons made of it.

The catalogue is a file, ``observations.yml``, so that every number in it can be argued with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from clearwake.model import Item, LegalFact, NotFoundError, Reason, UnreadableFileError

CLAIM = "breach"
"""The explanation that a case claims; the others are its rivals."""

LEAST_WEIGHT = 0.1
"""A reason that weighs less is not told: it makes an explanation 10 % likelier at most."""

JUDGEMENT = "weight: this project's judgement, observations.yml"

FILE = "observations.yml"


@dataclass(frozen=True)
class Explanation:
    """One thing that may be behind a report."""

    name: str
    says: str
    base_rate: float
    """How often, of cases that are opened, this is what it was; all add up to 1."""
    origin: str


@dataclass(frozen=True)
class Observation:
    """One thing that may be observed, and how often it is under each explanation."""

    name: str
    says: str
    family: str
    """Observations that say much the same."""
    seen: Mapping[str, float]
    """Per explanation: how often it would be observed, above 0 and below 1."""
    look: str | None
    """How to look for it; null where one cannot any more."""

    def log_likelihood(self, explanation: str, *, holds: bool = True) -> float:
        """Give the logarithm of how often it is observed (or looked for and not found) under an explanation."""
        share = self.seen[explanation]
        return math.log(share if holds else 1.0 - share)


@dataclass(frozen=True)
class Catalogue:
    """All explanations, the claim first, and all observations."""

    explanations: Mapping[str, Explanation]
    observations: Mapping[str, Observation]


@cache
def catalogue() -> Catalogue:
    """Read the catalogue that comes with clearwake.

    Raises:
        UnreadableFileError: If it does not follow its schema.
    """
    return read_catalogue((files("clearwake.assess") / FILE).read_text("utf-8"), FILE)


def read_catalogue(text: str, name: str) -> Catalogue:
    """Read a catalogue from YAML, checking every word and number.

    Raises:
        UnreadableFileError: If it does not follow the schema: base rates that do not add up to 1, an explanation that
            is none, a share that is not between 0 and 1.
    """
    told = yaml.safe_load(text)
    _expect(isinstance(told, dict) and set(told) == {"explanations", "observations"}, name, "two parts")
    explanations = {each: _explanation(each, said, name) for each, said in told["explanations"].items()}
    rates = sum(each.base_rate for each in explanations.values())
    _expect(abs(rates - 1.0) < 1e-9, name, f"base rates that add up to 1, not {rates:g}")
    _expect(next(iter(explanations)) == CLAIM, name, f"{CLAIM} first among the explanations")
    observations = {
        each: _observation(each, said, tuple(explanations), name)
        for each, said in told["observations"].items()
    }
    return Catalogue(explanations, observations)


def _explanation(name: str, said: Mapping[str, Any], file: str) -> Explanation:
    where = f"{file}, {name}"
    _expect(set(said) <= {"says", "base_rate", "origin"}, where, "says, base_rate, origin and no more")
    rate = said.get("base_rate")
    _expect(isinstance(rate, float) and 0.0 < rate < 1.0, where, "a base_rate between 0 and 1")
    return Explanation(name, said["says"], said["base_rate"], said.get("origin", "this project's judgement"))


def _observation(name: str, said: Mapping[str, Any], explanations: tuple[str, ...], file: str) -> Observation:
    where = f"{file}, {name}"
    _expect(
        {"says", "family", "seen"} <= set(said) <= {"says", "family", "seen", "look"},
        where,
        "says, family, seen, look and no more",
    )
    seen = dict(said["seen"])
    other = seen.pop("else", None)
    _expect(set(seen) <= set(explanations), where, f"explanations among {', '.join(explanations)}")
    _expect(other is not None or set(seen) == set(explanations), where, "else, or every explanation")
    shares = {each: float(seen.get(each) or other or 0.0) for each in explanations}
    _expect(all(0.0 < share < 1.0 for share in shares.values()), where, "shares between 0 and 1")
    return Observation(name, said["says"], said["family"], shares, said.get("look"))


def _expect(holds: object, where: str, wanted: str) -> None:
    if not holds:
        raise UnreadableFileError(where, "something else", wanted, "see docs/assessment.md for the schema")


def observed(
    name: str, sentence: str | None = None, *, holds: bool = True, share: float = 1.0
) -> tuple[Reason, ...]:
    """Make the reasons that one observation is, one for each explanation it says something about.

    A reason weighs the logarithm of how much more often it is observed under the explanation than over all of
    them by their base rates.

    Args:
        name: An observation of the catalogue.
        sentence: What was observed, with its numbers; the catalogue's own words if not given.
        holds: False where it was looked for and is not so.
        share: The part of the weight it has, 0 to 1, where the observation itself is only so sure.

    Raises:
        NotFoundError: If there is no such observation.
    """
    told = catalogue()
    found = told.observations.get(name)
    if found is None:
        message = f"there is no observation {name!r}\n  next: choose one of {', '.join(told.observations)}"
        raise NotFoundError(message)
    at_large = math.log(
        sum(
            each.base_rate * math.exp(found.log_likelihood(each.name, holds=holds))
            for each in told.explanations.values()
        )
    )
    says = sentence or (found.says if holds else f"it was looked for and not so that {found.says}")
    reasons = []
    for each in told.explanations:
        weight = share * (found.log_likelihood(each, holds=holds) - at_large)
        if abs(weight) >= LEAST_WEIGHT:
            reasons.append(Reason(each, weight > 0, round(abs(weight), 2), JUDGEMENT, says, name))
    return tuple(reasons)


OF_FACTS: Mapping[tuple[str, str | None], str] = {
    ("transfer", "gave"): "hoses_connected", ("transfer", "exchanged"): "hoses_connected",
    ("transfer", "met"): "alongside", ("flag", "PRK"): "dprk_flag", ("listed", "UN"): "listed_ship",
    ("port_call", "PRK"): "dprk_call", ("delivered", "PRK"): "delivered_to_the_dprk",
    ("notification", None): "notified_delivery", ("ais", "dark"): "switched_off",
    ("ais", "false position"): "false_position", ("ais", "false identity"): "identity_changed",
    ("sham_flag", None): "name_hidden", ("zone", "port"): "in_port_or_anchorage",
    ("service", "bunkering"): "bunker_papers",
}  # fmt: skip
"""Facts in the words of the law, and the observations they are."""

SELF_EVIDENT = ("listing", "registry", "assumption")
"""Kinds of items whose facts are no observation of the act itself."""


def reasons_of(item: Item, on: date | None = None) -> tuple[Reason, ...]:
    """Give the reasons of an item: its own or, where it was written down with none, those its facts are.

    Args:
        item: The item.
        on: What became so only after this day is left out.
    """
    if item.reasons or item.kind in SELF_EVIDENT:
        return item.reasons
    said = {
        (name, fact.holds): None
        for fact in item.facts
        if (name := OF_FACTS.get((fact.kind, fact.value))) and not _is_later(fact, on)
    }
    sentence = item.sentence.rstrip(".")
    return tuple(each for name, holds in said for each in observed(name, sentence, holds=holds))


def _is_later(fact: LegalFact, on: date | None) -> bool:
    return fact.kind in ("flag", "listed") and fact.since is not None and on is not None and fact.since > on
