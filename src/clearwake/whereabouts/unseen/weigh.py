"""Weighing: from signs to odds, and from odds to probabilities that leave room for rivals and for nobody.

Odds are added up from signs by weights that were fitted on planted scenes and stand in ``weights.json`` with how they
were fitted.  Judgements that no such scene could give are added; they lower most odds, so one level, fitted last and
with them, is added to all.  One silence is at most one meeting, so candidates that share a silence or a wait share its
probability.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.signs import Signs
from clearwake.whereabouts.unseen.traces import Ints

FILE = Path(__file__).parent / "weights.json"

LARGEST = 12.0
"""Logarithms of odds beyond this are cut: no measurement of planted scenes is as sure as that."""


SUREST = 0.98
"""No meeting that nobody saw is surer than this; scenes are cleaner than the sea."""


@dataclass(frozen=True)
class Weights:
    """What each sign weighs for one kind of meeting."""

    constant: float
    signs: dict[str, float]

    def log_odds(self, signs: Signs) -> Floats:
        """Add up the odds of candidates: ``(n,)``, a logarithm.

        Raises:
            KeyError: If a sign that has a weight was not measured.
        """
        n = len(next(iter(signs.values())))
        total = np.full(n, self.constant)
        for name, weight in self.signs.items():
            total = total + weight * signs[name]
        return np.asarray(np.clip(total, -LARGEST, LARGEST))

    def told(self, signs: Signs) -> dict[str, Floats]:
        """Give what each sign adds to the logarithm of the odds."""
        return {name: weight * signs[name] for name, weight in self.signs.items()}


def logistic(x: Floats) -> Floats:
    """Turn logarithms of odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


@cache
def weights(kind: str) -> Weights:
    """Give the weights of one kind of meeting: ``one_silent`` or ``both_silent``, at the level they are true at."""
    stored = _stored()["kinds"][kind]
    return Weights(stored["constant"] + _stored()["level"], stored["signs"])


@cache
def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return stored


@cache
def definition() -> str:
    """Give the text that decides every probability; another text is another definition."""
    return FILE.read_text("utf-8")


def shared(log_odds: Floats, one: Ints, other: Ints) -> Floats:
    """Share probability among candidates that have a side in common: ``(n,), (n,), (n,) -> (n,)``.

    Sides are numbered across kinds, so that a silence is the same side whoever was met.  A candidate's probability is
    its odds against nobody having been met and against every other candidate with either of its sides.  None is surer
    than ``SUREST``.
    """
    odds = np.exp(log_odds)
    top = int(max(one.max(initial=-1), other.max(initial=-1))) + 1
    total = np.bincount(one, odds, minlength=top) + np.bincount(other, odds, minlength=top)
    if not len(odds):
        return np.empty(0)
    return np.asarray(np.minimum(odds / (1.0 + total[one] + total[other] - odds), SUREST))


def judged(name: str) -> float:
    """Give a weight that no planted scene could give, because such scenes do not have it: this project's judgement.

    Raises:
        KeyError: If there is none of that name.
    """
    return float(_stored()["judged"][name])
