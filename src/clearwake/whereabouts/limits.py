"""How fast a hull can sail: by what it says it is, and by what it has shown it can.

A limit must not be too low: a place ruled out wrongly is a search in the wrong sea.  So each is the speed of the
fastest usual ships of the type and a few knots for current and haste, not the speed of the average one, and a hull that
was faster is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearwake.sphere import KNOT_M_PER_S, Floats, between_m

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Limit:
    """The speed a hull is not believed to exceed over the ground, and where that comes from, in words."""

    kn: float
    origin: str


@dataclass(frozen=True)
class Kind:
    """A kind of ship: what AIS calls it, words that name it, its limit and why."""

    name: str
    codes: frozenset[int]
    words: tuple[str, ...]
    limit_kn: float
    why: str


def _codes(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(code for first, last in ranges for code in range(first, last + 1))


KINDS = (
    Kind("high-speed craft", _codes((20, 29), (40, 49)), ("high speed", "high-speed", "wing in ground", "hydrofoil"),
         50.0, "fast catamarans reach 45 to 50 kn"),
    Kind("passenger ship", _codes((60, 69)), ("passenger", "cruise", "ferry", "ro-pax", "ropax"),
         42.0, "liners 30 kn; many fast ferries call themselves passenger ships"),
    Kind("tanker", _codes((80, 89)), ("tanker", "lng", "lpg", "gas carrier", "crude", "bunkering"),
         21.0, "gas carriers are built for 19 to 20 kn, oil and chemical tankers for 12 to 17"),
    Kind("cargo ship", _codes((70, 79)), ("cargo", "container", "bulk", "carrier", "reefer", "ro-ro"),
         27.0, "container ships are built for up to 25 kn, bulk carriers for 13 to 16"),
    Kind("fishing vessel", _codes((30, 30)), ("fishing", "trawler", "seiner", "longliner"),
         18.0, "most are built for 9 to 14 kn"),
    Kind("tug", _codes((31, 32), (52, 52)), ("tug", "towing", "pusher"),
         18.0, "built for 11 to 14 kn, anchor handlers for 17"),
    Kind("dredger or diving vessel", _codes((33, 34)), ("dredg", "diving", "hopper"),
         19.0, "hopper dredgers are built for up to 17 kn"),
    Kind("sailing vessel", _codes((36, 36)), ("sailing",), 30.0, "large racing yachts reach 25 to 30 kn"),
    Kind("pilot, rescue, police or naval vessel", _codes((35, 35), (50, 51), (53, 55), (58, 59)),
         ("pilot", "rescue", "patrol", "naval", "military", "law enforcement", "warship"),
         45.0, "patrol craft reach 40 to 45 kn"),
    Kind("pleasure craft", _codes((37, 37)), ("pleasure", "yacht"), 45.0, "motor yachts reach 40 kn and more"),
)  # fmt: skip
"""The limits.  Source: this project's own judgement of the fastest usual design speeds of each type, with a few knots
for current and haste; no publication gives such limits as a table.  ``docs/whereabouts.md`` says how often real ships
exceed the one for ships of unknown type."""

UNKNOWN = Limit(30.0, "ship type unknown: the generous limit, above every cargo-carrying ship")

FASTEST_KN = 50.0
"""Nothing is believed above this: the tracks take it for another hull's position or a false one."""

WINDOW_H, LONGEST_WINDOW_H = 1.0 / 3.0, 2.0
TIMES = 3
"""A hull's own speed counts when held over twenty minutes, in three different hours, so that one false position cannot
make a slow ship fast."""


def limit(codes: Iterable[int], words: Iterable[str], own_kn: float | None = None) -> Limit:
    """Give a hull's limit.

    Args:
        codes: AIS ship types that were claimed for it (ITU-R M.1371-5 table 53).
        words: Ship types in words, from registers.
        own_kn: The speed it has held itself (``own_speed_kn``), if known.

    Returns:
        The highest of the limits of all kinds claimed, or what it has shown with a twentieth more where that is higher.
    """
    found = _claimed(set(codes), [word.lower() for word in words])
    told = max(found, key=lambda kind: kind.limit_kn, default=None)
    by_kind = UNKNOWN if told is None else Limit(told.limit_kn, f"{told.name}: {told.why}")
    if own_kn is None or own_kn * OWN_MARGIN <= by_kind.kn:
        return by_kind
    own = min(own_kn * OWN_MARGIN, FASTEST_KN)
    return Limit(
        own, f"its own: it has held {own_kn:.1f} kn; the table says {by_kind.kn:g} kn ({by_kind.origin})"
    )


OWN_MARGIN = 1.05
"""What a hull has shown is what it did, not what it can: a twentieth more is allowed."""


def _claimed(codes: set[int], words: list[str]) -> list[Kind]:
    """Give the kinds that a code names, or, where no code says anything, those that words name."""
    by_code = [kind for kind in KINDS if kind.codes & codes]
    if by_code:
        return by_code
    return [kind for kind in KINDS if any(word in text for word in kind.words for text in words)]


def limits(ship_types: Mapping[int, Iterable[int]], own_kn: Mapping[int, float]) -> dict[int, Limit]:
    """Give the limits of many hulls by MMSI or track: the AIS ship types claimed, and the speeds they have held."""
    keys = {*ship_types, *own_kn}
    return {key: limit(ship_types.get(key, ()), (), own_kn.get(key)) for key in keys}


def own_speed_kn(places: Floats, at_ms: Integers | Floats) -> float | None:
    """Give the speed a hull has held over twenty minutes in three different hours, or None where never.

    Args:
        places: Where it was heard, in order of time: unit vectors ``(n, 3)``.
        at_ms: When, milliseconds since 1970 ``(n,)``.
    """
    later = np.searchsorted(at_ms, at_ms + round(WINDOW_H * 3_600_000))
    start = np.flatnonzero(later < len(at_ms))
    took_ms = at_ms[later[start]] - at_ms[start]
    short = took_ms <= LONGEST_WINDOW_H * 3_600_000
    start, took_ms = start[short], took_ms[short]
    kn = between_m(places[start], places[later[start]]) / took_ms * 1000.0 / KNOT_M_PER_S
    believed = kn <= FASTEST_KN
    hours, which = np.unique(at_ms[start[believed]] // 3_600_000, return_inverse=True)
    if len(hours) < TIMES:
        return None
    held = np.zeros(len(hours))
    np.maximum.at(held, which, kn[believed])
    return float(np.sort(held)[-TIMES])
