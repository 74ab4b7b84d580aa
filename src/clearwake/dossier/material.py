"""Material: what a dossier is composed of, with the short labels by which its pages name evidence.

Ids of released items are random and long; on paper the evidence is E1, E2 ... in the order it happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import polars as pl

from clearwake.dossier.ships import name_of, names_of, numbers_of, ships_of
from clearwake.dossier.wording import and_list, country, day, off, sure
from clearwake.model import PUBLIC, TLP, Case, Findings, Item, LegalFact, Released
from clearwake.names.acts import act_of_case, of_another_act

_LAST = datetime.max.replace(tzinfo=UTC)

CLAIM = "breach"
"""The explanation that a case claims."""


@dataclass(frozen=True)
class Picture:
    """A picture of the dossier: its file, what it shows, and in which section it belongs."""

    name: str
    role: str
    """``map``, ``track``, ``meeting`` or ``photograph``."""
    caption: str
    alt: str
    item: str | None = None


@dataclass(frozen=True)
class Material:
    """What is released, what follows from it, and what else goes on paper."""

    released: Released
    findings: Findings
    dossier: str
    """The document's number."""
    version: str
    contact: str = ""
    pictures: tuple[Picture, ...] = ()
    evidence_in: Mapping[str, str] = field(default_factory=dict)
    """Files of the bundle in which an item's own bytes lie."""

    @property
    def case(self) -> Case:
        """The audience's version of the case."""
        return self.released.case

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Items in the order of what they are about; those without a time last."""
        return tuple(sorted(self.case.items, key=lambda each: each.start or each.end or _LAST))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """``E1``, ``E2`` ... by item id."""
        return {item.id: f"E{number}" for number, item in enumerate(self.items, 1)}

    def cited(self, ids: Iterable[str]) -> str:
        """Write labels for ids, in their order: ``E1, E3``; ids that are none of the items are said to be withheld."""
        asked = list(ids)
        known = sorted({int(self.labels[each][1:]) for each in asked if each in self.labels})
        missing = len({each for each in asked if each not in self.labels and each.startswith("item:")})
        told = [f"E{number}" for number in known]
        return ", ".join([*told, *([f"{missing} withheld"] if missing else [])])

    @cached_property
    def facts(self) -> tuple[LegalFact, ...]:
        """Every legal fact of the items."""
        return tuple(fact for item in self.items for fact in item.facts)

    def facts_of(self, *kinds: str) -> list[LegalFact]:
        """Give the facts of some kinds, in the order of their items."""
        return [fact for fact in self.facts if fact.kind in kinds]

    @cached_property
    def ships(self) -> tuple[str, ...]:
        """The ids of ships the case speaks of."""
        return tuple(ships_of(self.case))

    @cached_property
    def known_ships(self) -> tuple[str, ...]:
        """The ids of ships that have a name or a number."""
        return tuple(each for each in self.ships if names_of(self.case, each) or numbers_of(self.case, each))

    @property
    def unknown_ships(self) -> str:
        """How many ships have neither, in words; empty for none."""
        count = len(self.ships) - len(self.known_ships)
        return f"{count} unidentified {'ship' if count == 1 else 'ships'}" if count else ""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each ship or party is called on paper."""
        others = {each for fact in self.facts for each in (fact.subject, fact.object) if each and ":" in each}
        return {each: name_of(self.case, each) for each in (*self.ships, *sorted(others))}

    def called(self, ship: str | None) -> str:
        """Call a ship or party by its name."""
        return "another ship" if ship is None else self.names.get(ship, ship)

    def renamed(self, words: str) -> str:
        """Write names and labels in place of the ids of ships and items."""
        told = words
        for ident, name in sorted({**self.names, **self.labels}.items(), key=lambda each: -len(each[0])):
            told = told.replace(ident, name)
        return told

    def explanation(self, name: str) -> dict[str, Any] | None:
        """Give the row of the assessment for an explanation; None where nothing was assessed."""
        rows = self.findings.assessment.filter(pl.col("explanation") == name)
        return rows.row(0, named=True) if rows.height else None

    @cached_property
    def where(self) -> Item | None:
        """The item that says best where it happened: of the act, placed with the least error, sightings first."""
        act = act_of_case(self.case)
        placed = [each for each in self.items if each.lon is not None and each.lat is not None]
        mine = [each for each in placed if not of_another_act(each, act)]
        order = ("sighting", "photograph", "detection", "event")

        def error_m(item: Item) -> float:
            return math.inf if item.error_m is None else item.error_m

        return min(mine, key=lambda each: (_rank(order, each.kind), error_m(each)), default=None)

    @property
    def handling(self) -> str:
        """The most restricted TLP label of what is in it; for the public it is CLEAR."""
        if PUBLIC in self.released.audience:
            return "TLP:CLEAR"
        of_items = [each.marking.tlp for each in self.case.items]
        held = [*of_items, *(each.marking.tlp for each in self.case.decisions)]
        return max(held, key=lambda each: _rank(TLP, each), default="TLP:AMBER")

    @property
    def audience(self) -> str:
        """For whom it is, in words."""
        if PUBLIC in self.released.audience:
            return "Public"
        return f"Releasable to {and_list([country(each) for each in self.released.audience])}"


def _rank(order: tuple[str, ...], kind: str) -> int:
    return order.index(kind) if kind in order else len(order)


def act_of(material: Material) -> str:
    """Say what the case claims, as a clause: who is said to have done what, when and where."""
    fact = first_transfer(material)
    if fact is None:
        return f"what this case claims is so ({material.case.title.rstrip('.')})"
    if fact.value == "gave":
        ships = f"{material.called(fact.subject)} gave cargo to {material.called(fact.object)} at sea"
    else:
        both = sorted((fact.subject, fact.object), key=lambda each: _order(material.ships, each))
        ships = f"cargo passed at sea between {and_list([material.called(each) for each in both])}"
    return f"{ships} on {day(material.findings.day)}{_where(material)}"


def first_transfer(material: Material) -> LegalFact | None:
    """Give the transfer the claim is about: of ships with names rather than numbers, with a direction, seen first."""
    act = act_of_case(material.case)
    elsewhere = {item.id for item in material.items if of_another_act(item, act)}
    met = [fact for fact in material.facts_of("transfer") if fact.holds and fact.id not in elsewhere]

    def unnamed(fact: LegalFact) -> int:
        return sum(each is None or not names_of(material.case, each) for each in (fact.subject, fact.object))

    return min(met, key=lambda fact: (unnamed(fact), fact.value != "gave"), default=None)


def _order(ships: tuple[str, ...], ship: str | None) -> int:
    return ships.index(ship) if ship in ships else len(ships)


def _where(material: Material) -> str:
    item = material.where
    told = off(item.lon, item.lat, coarse_km(item)) if item is not None else ""
    return f", {told}" if told else ""


def coarse_km(item: Item) -> int:
    """Say to how many kilometres a distance may be told, by how sure the place is."""
    return 50 if item.error_m is not None and item.error_m > 20_000.0 else 10


def claim_of(material: Material) -> tuple[str, str]:
    """Give the claim in one sentence, and its confidence word."""
    state, act = material.case.state, act_of(material)
    if state in ("refuted", "retracted", "undetermined"):
        ended = {
            "refuted": f"This report was examined and refuted: it was not shown that {act}.",
            "retracted": f"This case is retracted, and should not be relied on: it had claimed that {act}.",
            "undetermined": f"It could not be determined whether {act}.",
        }
        return ended[state], state
    row = material.explanation(CLAIM)
    if row is None:
        return f"It is reported, and has not been weighed, that {act}.", "reported"
    return sure(row["word"], act), row["word"]
