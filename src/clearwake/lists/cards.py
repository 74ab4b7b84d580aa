"""What is known about a list before any edition of it is read: the ``.yml`` that lies beside its reader.

Publisher, licence, where it is kept, how often it changes, how much a complete edition holds in which years,
and what its publisher writes into a field instead of a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML was built with libyaml, as its wheels are."""

Bounds = Mapping[str, tuple[int, int]]
"""The least and the most a complete edition holds, by kind: ``{"entries": (7000, 14000), "vessels": ...}``."""


@dataclass(frozen=True)
class Span:
    """Bounds that hold for editions up to and including a year; null for the last span."""

    until: int | None
    bounds: Bounds


@dataclass(frozen=True)
class Part:
    """One part of a list that is published, counted and compared by itself."""

    name: str
    rhythm_days: int
    spans: tuple[Span, ...]

    def bounds(self, year: int | None) -> Bounds:
        """Give what an edition of ``year`` holds; without a year, the loosest that any year allows."""
        if year is None:
            return _loosest([span.bounds for span in self.spans])
        return next(span.bounds for span in self.spans if span.until is None or year <= span.until)


@dataclass(frozen=True)
class Card:
    """One list, as its ``.yml`` describes it."""

    name: str
    title: str
    publisher: str
    licence: str
    addresses: Mapping[str, str]
    parts: Mapping[str, Part]
    lookups: Mapping[str, Mapping[str, str | None]]
    """Field by field: what stands there in the publisher's words (lower case), and what it means; null: nothing."""

    def part(self, name: str) -> Part:
        """Give a part by name; one that the ``.yml`` does not name is held against its ``other``."""
        return self.parts.get(name) or self.parts["other"]


@cache
def card(name: str) -> Card:
    """Read the ``.yml`` of the list ``name``.

    Raises:
        FileNotFoundError: If there is no such list.
    """
    text = (files("clearwake.lists") / f"{name}.yml").read_text("utf-8")
    told: dict[str, Any] = yaml.load(text, Loader=_SAFE)  # noqa: S506 - both are safe loaders
    return Card(
        name=name,
        title=told["title"],
        publisher=told["publisher"],
        licence=told["licence"],
        addresses=told["addresses"],
        parts={part: _part(part, about) for part, about in told["parts"].items()},
        lookups={field: _meanings(words) for field, words in told.get("lookups", {}).items()},
    )


def _part(name: str, about: Mapping[str, Any]) -> Part:
    spans = tuple(
        Span(span.get("until"), {kind: (low, high) for kind, (low, high) in span["bounds"].items()})
        for span in about["editions"]
    )
    if spans[-1].until is not None:
        message = f"part {name}: the last span must hold for all later years"
        raise ValueError(message)
    return Part(name, int(about["rhythm_days"]), spans)


def _meanings(words: Mapping[str, str | None]) -> dict[str, str | None]:
    return {str(said).lower(): meant for said, meant in words.items()}


def _loosest(every: list[Bounds]) -> Bounds:
    kinds = set.intersection(*(set(bounds) for bounds in every))
    return {
        kind: (min(bounds[kind][0] for bounds in every), max(bounds[kind][1] for bounds in every))
        for kind in sorted(kinds)
    }
