"""The search: every place in a record where a typology's elements come together, wholly or in part.

The anchor's events are gone through one by one; the other elements are looked for round each, of the ships it binds to
roles.  Where an element brings in another ship, each that fits is tried.  What is not shown is said to be missing, and
a pattern with anything missing is partial, never found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta

import polars as pl

from clearwake.model import TypologyFinding, empty, table
from clearwake.typologies.facts import Ship, answer
from clearwake.typologies.happenings import Happening, Happenings
from clearwake.typologies.pattern import Element, Source, Typology, areas
from clearwake.typologies.writing import written

TRIED = 24
"""So many ships at most are tried in a role, those nearest in time to the anchor first."""

SLACK = timedelta(hours=6)
"""Events may overlap by so much and still be one after the other: their ends are as vague as their reports are rare."""

Bound = Mapping[str, int | None]


@dataclass(frozen=True)
class Shown:
    """One element as it was found: ``shown``, ``missing`` or ``contradicted``, and the event that shows it."""

    element: Element
    state: str
    event: Happening | None = None
    contradicting: Happening | None = None


@dataclass(frozen=True)
class Together:
    """A typology's elements round one anchor, and who plays which role."""

    typology: Typology
    bound: dict[str, int | None]
    elements: tuple[Shown, ...] = field(default=())

    @property
    def counted(self) -> list[Shown]:
        """What is found of the elements that must all be shown."""
        return [e for e in self.elements if e.element.needed != "helps"]

    @property
    def shown(self) -> int:
        """How many of those are shown."""
        return sum(e.state == "shown" for e in self.counted)

    @property
    def is_whole(self) -> bool:
        """Whether all are."""
        return self.shown == len(self.counted)

    @property
    def is_listed(self) -> bool:
        """Whether enough is shown to be listed, all without which nothing is, and at most one element contradicted."""
        if sum(e.state == "contradicted" for e in self.counted) > 1:
            return False
        always = [e for e in self.counted if e.element.needed in ("anchor", "always")]
        return self.shown >= self.typology.listed_from and all(e.state == "shown" for e in always)

    @property
    def order(self) -> tuple[int, int, int, float]:
        """Which of several readings of one anchor is the better: more shown, less contradicted, more that helps."""
        helps = sum(e.state == "shown" for e in self.elements)
        against = -sum(e.state == "contradicted" for e in self.elements)
        chance = sum(e.event.probability or 0.0 for e in self.elements if e.event)
        return (self.shown, against, helps, chance)

    def event(self, name: str) -> Happening | None:
        """Give the event that shows an element."""
        return next((e.event for e in self.elements if e.element.name == name), None)


def typology_findings(
    patterns: Iterable[Typology], happenings: Happenings, ships: Mapping[int, Ship]
) -> pl.DataFrame:
    """Find where patterns are shown, wholly or in part: a table of ``TypologyFinding``.

    Args:
        patterns: Typologies.
        happenings: The events of a record.
        ships: What is known of ships.
    """
    found = [
        written(best, ships) for pattern in patterns for best in _Search(pattern, happenings, ships).found()
    ]
    if not found:
        return empty(TypologyFinding)
    return table(found, TypologyFinding).unique("id", keep="first", maintain_order=True).sort("start", "id")


class _Search:
    """One typology looked for in one record."""

    def __init__(self, typology: Typology, happenings: Happenings, ships: Mapping[int, Ship]) -> None:
        self.typology, self.happenings, self.ships = typology, happenings, ships

    def found(self) -> Iterator[Together]:
        """Give the best reading of every anchor, and every other whole one."""
        rest = self.typology.elements[1:]
        for source in self.typology.anchor.sources:
            for event in self.happenings.of(source.table, source.where):
                if not self._in_force(event) or not _is_in(event, self.typology.anchor.areas):
                    continue
                readings = [
                    whole
                    for bound in _bindings(source.ships, event, {})
                    for whole in self._completed(
                        Together(self.typology, bound, (self._anchored(event),)), rest
                    )
                    if whole.is_listed
                ]
                yield from _best(readings)

    def _in_force(self, event: Happening) -> bool:
        day = event.start.astimezone(UTC).date()
        return self.typology.since <= day and (self.typology.until is None or day <= self.typology.until)

    def _anchored(self, event: Happening) -> Shown:
        return Shown(self.typology.anchor, "shown", event)

    def _completed(self, so_far: Together, rest: Sequence[Element]) -> Iterator[Together]:
        """Look for the remaining elements in their order; without one that must always be shown there is nothing."""
        if not rest:
            yield so_far
            return
        element, *others = rest
        for state, bound in self._states(element, so_far):
            if element.needed == "always" and state.state != "shown":
                continue
            yield from self._completed(Together(self.typology, bound, (*so_far.elements, state)), others)

    def _states(self, element: Element, so_far: Together) -> Iterator[tuple[Shown, dict[str, int | None]]]:
        asked = self._asked(element, so_far) if element.fact is not None else None
        if asked is not None and (asked.state == "shown" or not element.sources):
            yield asked, so_far.bound
            return
        found = list(self._fitting(element, element.sources, so_far))
        new = {role for source in element.sources for role in source.ships} - set(so_far.bound)
        against = next((e for e, _ in self._fitting(element, element.contradicted_by, so_far)), None)
        if new and found:
            for event, bound in found[:TRIED]:
                yield Shown(element, "shown", event, against), bound
        elif found:
            yield Shown(element, "shown", found[0][0], against), found[0][1]
        if new or not found:
            denied = (against and not found) or (asked is not None and asked.state == "contradicted")
            state = "contradicted" if denied and not new else "missing"
            yield Shown(element, state, None, against), so_far.bound

    def _asked(self, element: Element, so_far: Together) -> Shown:
        anchor = so_far.elements[0].event
        assert element.fact is not None  # noqa: S101 - just made sure of
        assert anchor is not None  # noqa: S101 - an anchor is an event
        said = answer(element.fact, so_far.bound, self.ships, anchor.start)
        return Shown(element, {True: "shown", False: "contradicted", None: "missing"}[said])

    def _fitting(
        self, element: Element, sources: Sequence[Source], so_far: Together
    ) -> Iterator[tuple[Happening, dict[str, int | None]]]:
        """Give the events that fit an element, those surest and nearest to the anchor first."""
        anchor = so_far.elements[0].event
        assert anchor is not None  # noqa: S101 - an anchor is an event
        fits: list[tuple[float, float, str, Happening, dict[str, int | None]]] = []
        for source in sources:
            known = next(
                (so_far.bound[role] for role in source.ships if so_far.bound.get(role) is not None), None
            )
            if known is None:
                continue
            for event in self.happenings.of_ship(source.table, source.where, known):
                if not _is_in(event, element.areas) or not _is_timed(event, element, so_far):
                    continue
                away = abs((event.start - anchor.start) / timedelta(hours=1))
                sure = -(event.probability if event.probability is not None else 1.0)
                fits += [
                    (round(sure, 1), away, event.id, event, b)
                    for b in _bindings(source.ships, event, so_far.bound)
                ]
        yield from ((event, bound) for *_, event, bound in sorted(fits, key=lambda fit: fit[:3]))


def _bindings(roles: tuple[str, ...], event: Happening, bound: Bound) -> Iterator[dict[str, int | None]]:
    """Give the ways the ships of an event can play some roles, given who plays which already; no ship plays two."""
    ways = {event.ships[: len(roles)], tuple(reversed(event.ships))[: len(roles)]}
    if len(roles) == 1 and len(event.ships) > 1:
        ways = {(ship,) for ship in event.ships}
    for ships in sorted(ways, key=str):
        if len(ships) < len(roles):
            continue
        now = dict(bound)
        if all(_plays(now, role, ship) for role, ship in zip(roles, ships, strict=True)):
            yield now


def _plays(bound: dict[str, int | None], role: str, ship: int | None) -> bool:
    """Let a ship play a role, and say whether it can."""
    if role in bound and bound[role] is not None:
        # A ship nobody knows may be the one that plays the role; that it was is not shown.
        return bound[role] == ship
    if ship is not None and ship in (other for name, other in bound.items() if name != role):
        return False
    bound[role] = ship
    return True


def _is_in(event: Happening, names: tuple[str, ...]) -> bool:
    """Say whether an event lies in one of several areas; one without a place does only where none is asked for."""
    if not names:
        return True
    if event.lon is None or event.lat is None:
        return False
    return any(_in_box(event.lon, event.lat, areas()[name]) for name in names)


def _in_box(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    around = west <= lon <= east if west <= east else lon >= west or lon <= east
    return around and south <= lat <= north


def _is_timed(event: Happening, element: Element, so_far: Together) -> bool:
    """Say whether an event lies before, after or within another element's as the pattern asks, near enough in time."""
    room = timedelta(days=element.within_days) if element.within_days is not None else None
    relations = [("after", element.after), ("before", element.before), ("during", element.during)]
    asked = [(relation, so_far.event(name)) for relation, name in relations if name]
    if not asked:
        anchor = so_far.elements[0].event
        assert anchor is not None  # noqa: S101 - an anchor is an event
        return room is None or anchor.start - room <= event.start <= anchor.end + room
    # Where the element it leans on is missing, when it was cannot be said, so nothing shows it.
    return all(other is not None and _holds(relation, event, other, room) for relation, other in asked)


def _holds(relation: str, event: Happening, other: Happening, room: timedelta | None) -> bool:
    if event.id == other.id:
        return False
    if relation == "after":
        near = room is None or event.start <= other.end + room
        return event.start >= other.start and event.end >= other.end - SLACK and near
    if relation == "before":
        near = room is None or event.end >= other.start - room
        return event.start < other.start and event.end <= other.start + SLACK and near
    return event.start <= other.end and event.end >= other.start


def _best(readings: list[Together]) -> Iterator[Together]:
    """Give the best reading of an anchor, and the others that are whole and of other ships."""
    ordered = sorted(
        readings, key=lambda r: (tuple(-v for v in r.order), str(sorted(map(str, r.bound.values()))))
    )
    told: set[frozenset[int | None]] = set()
    for at, reading in enumerate(ordered):
        ships = frozenset(reading.bound.values())
        if ships not in told and (at == 0 or reading.is_whole):
            told.add(ships)
            yield reading
