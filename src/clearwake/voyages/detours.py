"""Detours: ships that sailed far more between two calls than the way by sea needs, or came back from nowhere.

Waiting and weather make ways longer; slow stretches are left out, and half as much again and more is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

import numpy as np

from clearwake import sphere
from clearwake.voyages.found import Found, clock
from clearwake.voyages.seaway import SeaWays
from clearwake.voyages.ship import CARGO_TYPES, Row, Ship, called, moment

TIMES, MORE_KM = 1.5, 200.0
"""Sailing beyond one and a half times the way and 200 km is a detour; this project's judgement: weather routing
adds some tenths at most."""

SLOW_KN = 3.0
"""What a ship moves more slowly is drifting and waiting."""

ROUND_KM, OUT_KM = 300.0, 100.0
"""Coming back to the same port without another call is a round trip from here on, and from so far out."""

ORDERED_AFTER = timedelta(hours=12)
"""A destination declared within half a day of leaving is the voyage's first; a later one is a change of orders."""

LEAST, MOST = timedelta(hours=12), timedelta(days=30)
"""Voyages between two calls that are looked at."""


def detours(ships: Iterable[Ship], ways: SeaWays) -> Iterator[Found]:
    """Find detours of cargo ships, tankers, and ships of no stated type, between two stops in port."""
    for ship in ships:
        if ship.ship_type is not None and ship.ship_type not in CARGO_TYPES:
            continue
        for one, other in pairwise(ship.calls):
            if one["end"] is not None and LEAST <= other["start"] - one["end"] <= MOST:
                found = _between(ship, one, other, ways)
                if found:
                    yield found


def _between(ship: Ship, one: Row, other: Row, ways: SeaWays) -> Found | None:
    part = ship.between(one["end"], other["start"])
    if part.stop - part.start < 3:
        return None
    sailed = _moved_km(ship, part)
    straight = float(sphere.distance_m(one["lon"], one["lat"], other["lon"], other["lat"])) / 1000.0
    # The way by sea is never shorter than the straight one, so most voyages need no search.
    if sailed <= TIMES * straight + MORE_KM:
        return None
    way = _way_km(ship, one, other, ways)
    if way is None or sailed <= TIMES * way + MORE_KM:
        return None
    here = sphere.unit_vectors(one["lon"], one["lat"])[None, :]
    out = sphere.between_m(ship.vectors[part], here) / 1000.0
    is_round = straight <= OUT_KM
    if is_round and (sailed < ROUND_KM or float(out.max()) < OUT_KM):
        return None
    return _found(ship, one, other, part, (sailed, way), is_round=is_round)


def _way_km(ship: Ship, one: Row, other: Row, ways: SeaWays) -> float | None:
    """Give the way by sea between two calls, by way of where the ship was when it declared another destination.

    A ship that was sent elsewhere on its way had to sail to where the order reached it.
    """
    places = [(one["lon"], one["lat"])]
    for said in ship.declared:
        at = ship.between(said.first, other["start"]).start
        if one["end"] + ORDERED_AFTER < said.first < other["start"] and at < len(ship.times):
            places.append(ship.lonlat(at))
    legs = [ways.km(*a, *b) for a, b in pairwise([*places, (other["lon"], other["lat"])])]
    known = [leg for leg in legs if leg is not None]
    return sum(known) if len(known) == len(legs) else None


def _moved_km(ship: Ship, part: slice) -> float:
    """Give how far a ship sailed, drifting and waiting left out."""
    vectors, times = ship.vectors[part], ship.times[part]
    legs_m = sphere.between_m(vectors[1:], vectors[:-1])
    hours = np.diff(times) / 3_600_000.0
    fast = legs_m / 1852.0 >= SLOW_KN * hours
    return float(legs_m[fast].sum()) / 1000.0


def _found(
    ship: Ship, one: Row, other: Row, part: slice, km: tuple[float, float], *, is_round: bool
) -> Found:
    sailed, way = km
    vectors = ship.vectors[part]
    far = part.start + int(np.argmax(sphere.between_m(vectors, vectors[:1])))
    if is_round:
        said = (
            f"left {one['port']} at {clock(one['end'])} and came back at {clock(other['start'])} after "
            f"{sailed:,.0f} km under way without another call"
        )
    else:
        said = (
            f"sailed {sailed:,.0f} km from {one['port']} ({clock(one['end'])}) to {other['port']} "
            f"({clock(other['start'])}), where the way by sea is {way:,.0f} km"
        )
    against = ["weather routing, orders that changed, sea trials and waiting explain such ways"]
    if ship.ship_type is None:
        against.append("its type is not known: fishing, research and supply ships sail about for a living")
    met = [m for m in ship.meetings if one["end"] <= m["start"] <= other["start"]]
    reasons = [
        said,
        *(f"met MMSI {m['other']} on the way, {clock(m['start'])} to {clock(m['end'])}" for m in met[:3]),
    ]
    score = (0.25 + 0.2 * bool(met)) * (0.6 if ship.ship_type is None else 1.0)
    known = moment(int(ship.known[part].max()))
    return Found(
        "detour", one["end"], other["start"], ship.lonlat(far), ship.mmsi, ship.track,
        max((one["known_at"], other["known_at"], known, *(m["known_at"] for m in met))),
        (one["id"], other["id"], ship.position(far), *(m["id"] for m in met)), score, (*reasons, called(other)),
        tuple(against), (other["id"],), port=one["port"], port_country=one["port_country"], sailed_km=sailed,
        way_km=way,
    )  # fmt: skip
