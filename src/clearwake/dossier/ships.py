"""Whom a case speaks of: ships and parties by their ids, with the names, numbers and flags items say they have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from functools import lru_cache

from clearwake.model import Case, ClearwakeError, Designation, Item, Registration, Sighting
from clearwake.seal import parsed

_ROWS: dict[str, type[Registration | Designation | Sighting]] = {
    "registry": Registration,
    "listing": Designation,
    "sighting": Sighting,
}

NAMELESS = ("ship:unknown", "ship:unidentified", "ship:unnamed", "ship:small-ship", "ship:partner")

Row = Registration | Designation | Sighting


def ships_of(case: Case) -> list[str]:
    """Name the ships a case speaks of: its own first, then those only its items name."""
    return list(dict.fromkeys((*case.ships, *(ship for item in case.items for ship in item.ships))))


def names_of(case: Case, ship: str) -> list[str]:
    """Give the names a ship is said to have: of registers, listings and sightings among the items, else of its id."""
    kind, _, rest = ship.partition(":")
    said = [row.name for item in case.items if (row := row_of(item, ship)) is not None and row.name]
    if not said and kind == "ship" and not is_nameless(ship):
        return [rest.replace("-", " ").upper()]
    return list({name.casefold(): name for name in reversed(said)}.values())[::-1]


def is_nameless(ship: str) -> bool:
    """Tell whether an id stands for a ship that nobody could name."""
    return ship.startswith(NAMELESS)


def name_of(case: Case, ship: str) -> str:
    """Call a ship by the first name it is said to have, else by its number."""
    kind, _, rest = ship.partition(":")
    names = names_of(case, ship)
    if names:
        return names[0]
    if is_nameless(ship):
        return "an unidentified ship"
    return f"{kind.upper()} {rest}" if kind in ("imo", "mmsi") else rest or ship


def numbers_of(case: Case, ship: str) -> dict[str, str]:
    """Give the numbers a ship is known by: ``imo``, ``mmsi``, ``callsign``; of its id, else of an item's row."""
    kind, _, rest = ship.partition(":")
    known = {kind: rest} if kind in ("imo", "mmsi") else {}
    for item in case.items:
        row = row_of(item, ship)
        if row is not None:
            mmsi = row.claimed_mmsi if isinstance(row, Sighting) else row.mmsi
            said = {"imo": row.imo, "mmsi": None if mmsi is None else str(mmsi), "callsign": row.callsign}
            known = {**{name: value for name, value in said.items() if value}, **known}
    return known


def flags_of(items: Iterable[Item], ship: str) -> list[str]:
    """Give the flags a ship is said to fly, as ISO 3166-1 alpha-3, in the order they were said."""
    facts = (fact for item in items for fact in item.facts)
    said = (fact.value for fact in facts if fact.kind == "flag" and fact.subject == ship and fact.holds)
    return list(dict.fromkeys(value for value in said if value))


def row_of(item: Item, ship: str) -> Row | None:
    """Give the row of a register, listing or sighting that is about this ship; None where there is none to read."""
    if item.rows is None or item.ships[:1] != (ship,) or item.kind not in _ROWS:
        return None
    return _read(item.kind, item.rows)


@lru_cache(maxsize=4096)
def _read(kind: str, rows: str) -> Row | None:
    # A row that cannot be read is told of among what could not be worked out; here it only has no name to give.
    with contextlib.suppress(ClearwakeError):
        return parsed(rows, _ROWS[kind])
    return None
