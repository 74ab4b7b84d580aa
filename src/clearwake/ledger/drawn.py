"""Drawn at random: what was delivered, day by day, many times over, so that sums of unlike deliveries can be told.

Each cargo has its own chances, seeded by what its rows say: so neither the order of rows nor other rows change them, a
stage added to a cargo keeps the cargo's, and the same question has the same answer.  Chances are spread evenly over
all draws (a Latin hypercube: McKay, Beckman and Conover 1979), so the error is less than that of plain drawing.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
from scipy.special import ndtr, ndtri

from clearwake.ledger.cargoes import Linked, days_of
from clearwake.ledger.entry import RANK, Entry
from clearwake.ledger.lading import Floats

DRAWS = 16_384
SEED = 2397


def standard_error(draws: int = DRAWS) -> float:
    """Give the largest standard error that a probability from so many draws has."""
    return 0.5 / math.sqrt(draws)


@dataclass(frozen=True)
class Chances:
    """How to draw: how often, from which seed, and how much of the practice of lading all ships share."""

    draws: int = DRAWS
    seed: int = SEED
    correlation: float = 0.5
    """Of the variance of the unknown laden fraction (on the normal scale), the part that is one for all ships."""

    @cached_property
    def practice(self) -> Floats:
        """Give what is unknown of the practice of lading, as standard normal deviations: ``(draws,)``."""
        return np.asarray(ndtri(self.even("all ships", "practice")))

    def even(self, key: str, what: str) -> Floats:
        """Give a chance for each draw, evenly spread and in an order of its own: ``(draws,)``."""
        seed = hashlib.sha256(f"{self.seed}|{key}|{what}".encode()).digest()[:8]
        order = np.random.default_rng(int.from_bytes(seed)).permutation(self.draws)
        return np.asarray((order + 0.5) / self.draws)

    def lading(self, key: str, *, is_shared: bool) -> Floats:
        """Give the chance by which a laden fraction is chosen, in part the same for all ships."""
        own = self.even(key, "laden")
        if not is_shared or self.correlation <= 0.0:
            return own
        if self.correlation >= 1.0:
            return np.asarray(ndtr(self.practice))
        mixed = math.sqrt(self.correlation) * self.practice + math.sqrt(1.0 - self.correlation) * ndtri(own)
        return np.asarray(ndtr(mixed))


@dataclass(frozen=True)
class Landed:
    """What one cargo, or one part of one, brought on one day."""

    day: date
    entry: Entry
    bbl: Floats
    """If it happened."""
    happened: Floats
    """1 where it did, 0 where it did not."""


@dataclass
class Totals:
    """Barrels so far, in each draw."""

    draws: int
    other: Floats = field(init=False)
    """Neither notified nor contested."""
    other_if_all: Floats = field(init=False)
    contested: Floats = field(init=False)
    contested_if_all: Floats = field(init=False)
    notified: Floats = field(init=False)

    def __post_init__(self) -> None:
        for name in ("other", "other_if_all", "contested", "contested_if_all", "notified"):
            setattr(self, name, np.zeros(self.draws))

    def add(self, landed: Landed) -> None:
        """Add what was landed."""
        if landed.entry.status == "notified":
            self.notified += landed.bbl
            return
        name = "contested" if landed.entry.status == "contested" else "other"
        getattr(self, name).__iadd__(landed.bbl * landed.happened)
        getattr(self, f"{name}_if_all").__iadd__(landed.bbl)

    @property
    def all(self) -> Floats:
        """Everything that counts toward a cap, contested deliveries by their probability."""
        return self.other + self.contested + self.notified


def landed(links: Linked, wanted: Sequence[Entry], chances: Chances) -> Iterator[Landed]:
    """Draw what was delivered, in the order of days.

    Args:
        links: Stages of cargoes.
        wanted: The entries that count, as ``sinks`` gives them.
        chances: How to draw.
    """
    trees = _Trees(links, chances)
    due: list[tuple[date, str, Entry, int]] = []
    for each in wanted:
        days = days_of(each.since or each.day, each.day, each.calls)
        due += [(day, each.key, each, at) for at, day in enumerate(days)]
    for day, _, each, at in sorted(due, key=lambda row: (row[0], row[1], row[2].id, row[3])):
        yield trees.landed(each, day, at)


def sinks(links: Linked) -> list[Entry]:
    """Give the entries that are the last stage of their cargo, or of a part of it."""
    return [each for each in links.entries if each.id not in links.earlier and each.id not in links.onward]


class _Trees:
    """Cargoes with their stages, drawn once each and kept until all their parts have landed."""

    def __init__(self, links: Linked, chances: Chances) -> None:
        self.links = links
        self.chances = chances
        self.by_id = {each.id: each for each in links.entries}
        self.before = {lower: upper for upper, lowers in links.onward.items() for lower in lowers}
        # Rows that say the very same are told apart by their number, or they would share their chances.
        seen: Counter[str] = Counter()
        self.named: dict[str, str] = {}
        for each in links.entries:
            by = links.chance.get(each.id, each.key)
            self.named[each.id] = f"{by}|{seen[by]}"
            seen[by] += 1
        self.kept: dict[str, dict[str, Floats]] = {}

    def landed(self, each: Entry, day: date, call: int) -> Landed:
        """Draw one delivery, or one call of several."""
        top = self._top(each.id)
        key = f"{self.named[top]}|{call}" if each.calls > 1 else self.named[top]
        happened = np.asarray((self.chances.even(key, "happened") < each.happened).astype(np.float64))
        if top == each.id:
            return Landed(day, each, self._own(each, key) / each.calls, happened)
        if top not in self.kept:
            self.kept[top] = self._carried(top, key)
        return Landed(day, each, self.kept[top][each.id] / each.calls, happened)

    def _top(self, entry: str) -> str:
        while entry in self.before:
            entry = self.before[entry]
        return entry

    def _own(self, each: Entry, key: str) -> Floats:
        """Draw what a ship had on board, by what is known of that ship, or of another stage of its cargo."""
        volume = each.volume
        if volume is None:
            return np.zeros(self.chances.draws)
        part = self.chances.lading(key, is_shared=volume.is_shared)
        off = ndtri(self.chances.even(key, "size")) if volume.error else part
        return volume.at(part, off)

    def _carried(self, entry: str, key: str) -> dict[str, Floats]:
        """Give what each last stage of a cargo brought: together no more than the stage before it had."""
        below = self.links.onward.get(entry, [])
        each = self.by_id[entry]
        own = self._own(each, key)
        if not below:
            return {entry: own}
        parts: dict[str, Floats] = {}
        for lower in below:
            parts |= self._carried(lower, key)
        if each.volume is None:
            return parts
        known = max((RANK[v.basis] for v in (self.by_id[p].volume for p in parts) if v), default=0)
        # A ship whose lading nobody knows holds back no more than its capacity what is known of a later stage.
        most = own if RANK[each.volume.basis] >= known else np.full(own.shape, each.volume.most_bbl)
        together = np.sum(list(parts.values()), axis=0)
        share = np.minimum(1.0, np.divide(most, together, out=np.ones_like(most), where=together > 0.0))
        return {part: bbl * share for part, bbl in parts.items()}
