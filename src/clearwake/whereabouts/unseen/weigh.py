"""Weighing: from signs to odds, and from odds to probabilities that leave room for rivals and for nobody.

Odds are added up from signs by weights that were fitted on planted scenes and stand in ``weights.json`` with how they
were fitted.  One silence is at most one meeting, so candidates that share a silence or a wait share its probability.
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


@dataclass(frozen=True)
class Weights:
    """What each sign weighs for one kind of meeting, and how shared odds become calibrated probabilities."""

    constant: float
    signs: dict[str, float]
    level: float
    slope: float
    """Calibration: ``level + slope * logit`` of the shared probability."""

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

    def calibrated(self, shared: Floats) -> Floats:
        """Turn shared probabilities into calibrated ones."""
        return logistic(self.level + self.slope * logit(shared))


def logistic(x: Floats) -> Floats:
    """Turn logarithms of odds into probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def logit(p: Floats) -> Floats:
    """Turn probabilities into logarithms of odds, cut where they would be endless."""
    q = np.clip(p, 1e-7, 1.0 - 1e-7)
    return np.asarray(np.log(q / (1.0 - q)))


@cache
def weights(kind: str) -> Weights:
    """Give the weights of one kind of meeting: ``one_silent`` or ``both_silent``."""
    stored = _stored()["kinds"][kind]
    return Weights(stored["constant"], stored["signs"], stored["level"], stored["slope"])


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
    its odds against nobody having been met and against every other candidate with either of its sides.
    """
    odds = np.exp(log_odds)
    top = int(max(one.max(initial=-1), other.max(initial=-1))) + 1
    total = np.bincount(one, odds, minlength=top) + np.bincount(other, odds, minlength=top)
    return np.asarray(odds / (1.0 + total[one] + total[other] - odds)) if len(odds) else np.empty(0)


def judged(name: str) -> float:
    """Give a weight that no planted scene could give, because such scenes do not have it: this project's judgement.

    Raises:
        KeyError: If there is none of that name.
    """
    return float(_stored()["judged"][name])
