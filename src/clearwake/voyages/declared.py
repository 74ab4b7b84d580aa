"""Declared destinations held against the track: away from it, never there, elsewhere, loaded for it and met at sea.

Crews forget to type, masters are sent elsewhere, and a text of twenty letters may mean several ports.  So every place
a text may mean counts as reached, nothing is said before a ship had time to arrive, and every finding says what else
explains it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import numpy as np

from clearwake.sphere import distance_m
from clearwake.voyages.destinations import Place
from clearwake.voyages.found import Found, clock
from clearwake.voyages.seaway import SeaWays
from clearwake.voyages.ship import AT_KM, CARGO_TYPES, Declared, Row, Ship, called, is_at, is_stay, moment

SAID_FOR = timedelta(hours=6)
"""Destinations declared for less are passed over: typed wrongly, or for a ferry's next crossing."""

AWAY_KM, AWAY_SHARE = 100.0, 0.6
"""A ship heads away that comes this much farther from its destination, in a straight line and by sea, and of whose way
since it was nearest so much leads away, by either measure.  This project's judgement: less is rounding a cape, weather,
separation lanes."""

SAILED_KM = 150.0

SLOW_KN, WAITING = 8.0, timedelta(hours=36)
"""A ship has had time to arrive that could have come at eight knots, and waited a day and a half besides."""

STOPPED_H = 3.0
"""Calls shorter than this on the way elsewhere are for pilots, crew and stores."""

ON_THE_WAY = 1.25
"""A call that makes the way at most a quarter longer lies on it: bunkers and orders."""

PASSING_KN, UNHEARD_H = 5.0, 3.0
"""A ship always faster than this, and heard so often, sailed by a port."""

LOADED_WITHIN = timedelta(hours=48)
"""A destination is declared on loading if it is said within two days of leaving the port."""

ORDERED_AFTER = timedelta(hours=12)
"""A destination said while in port, or within half a day of leaving, is that port's; a later one may be the next's."""

LIGHTERING_KM = 60.0
"""Meetings this near to the destination are lightering and bunkering before it."""

LEAST_SCORE = 0.4
"""Below this a false destination is no more than a change of orders."""

LEAST_PROBABILITY = 0.3
"""A lighter draught less likely than this to have come about at sea shows nothing."""

_AT_SEA = ("encounter", "gap", "silence", "loitering")

_TYPED = "destinations are typed by hand, and orders change at sea"


def declared_findings(ships: Iterable[Ship], ways: SeaWays) -> Iterator[Found]:
    """Hold what ships declared against where they went."""
    for ship in ships:
        for number, said in enumerate(ship.declared):
            reading = said.reading
            if not reading.can_be_held or said.last - said.first < SAID_FOR or not len(ship.times):
                continue
            # Who fishes off a country types its name for a habit.
            if reading.kind == "country" and ship.ship_type not in (None, *CARGO_TYPES):
                continue
            following = ship.declared[number + 1] if number + 1 < len(ship.declared) else None
            yield from _Voyage(ship, said, following, ways).findings(is_first=number == 0)


class _Voyage:
    """One declared destination of one ship, from its departure to what it declared next."""

    def __init__(self, ship: Ship, said: Declared, following: Declared | None, ways: SeaWays) -> None:
        self.ship, self.said, self.following, self.ways = ship, said, following, ways
        self.reading, self.places = said.reading, said.reading.places
        # What was said last still holds until something else is said: static reports are rarer than positions.
        self.until = following.first if following else (ship.end or said.last)
        self.before = self._last_call_before()
        left = self.before["end"] if self.before is not None else None
        self.begun = max(said.first, left) if left is not None else said.first

    def _last_call_before(self) -> Row | None:
        """Give the port it left under this destination: a stop that ended, or was still going on, while it was said."""
        window = [
            c
            for c in self.ship.calls
            if c["start"] <= self.said.first + LOADED_WITHIN and c["end"] is not None
        ]
        near = [c for c in window if c["end"] >= self.said.first - LOADED_WITHIN and c["end"] < self.until]
        # A ship that typed this on leaving one port and came to another within two days did not load there for it.
        left = [
            c for c in near if c["start"] <= self.said.first and c["end"] >= self.said.first - ORDERED_AFTER
        ]
        return left[-1] if left else near[-1] if near else None

    def findings(self, *, is_first: bool) -> Iterator[Found]:
        """Give what speaks for the ship not having sailed where it declared."""
        if self._was_there():
            yield from self._skipped() if self._only_passed() else self._skipped_of_list()
            return
        elsewhere = self._elsewhere()
        away = self._away(elsewhere, is_first=is_first)
        false = self._false_destination(elsewhere, away)
        found = [each for each in (false, away) if each]
        if elsewhere:
            found.append(self._called_elsewhere(elsewhere))
        elif not away and (missed := self._never_called(is_first=is_first)):
            found.append(missed)
        yield from found
        yield from self._skipped()

    # What counts as having been there.

    def _was_there(self) -> bool:
        """Say whether it was at any place the text may mean, from a day before it was said until long after."""
        ship = self.ship
        near = ship.between(self.said.first - timedelta(days=1), self._horizon())
        if near.stop > near.start and float(ship.from_km(self.places, near).min()) <= AT_KM:
            return True
        return any(
            is_at(c, self.places)
            for c in ship.calls
            if c["start"] <= self._horizon() and c["start"] >= self.said.first
        )

    def _only_passed(self) -> bool:
        """Say whether it sailed by the port without a stop, by what was heard, and then declared another."""
        after, ship = self.following, self.ship
        if after is None or after.reading.kind != "port" or len(self.reading.calls) != 1:
            return False
        if any(self._nearest(p.lon, p.lat)[1] <= AT_KM for p in after.reading.places):
            return False
        window = self.said.first - timedelta(days=1), self._horizon()
        if any(is_at(c, self.places) and window[0] <= c["start"] <= window[1] for c in ship.calls):
            return False
        part = ship.between(*window)
        km = ship.from_km(self.places, part)
        near = km <= AT_KM
        # One sent elsewhere before it came by did not skip what it had been told to call at no more.
        then = ship.between(window[0], self.until)
        declared_km = km[: then.stop - part.start]
        if not len(declared_km) or declared_km[-1] <= AT_KM or declared_km.min() > km.min():
            return False
        speed_kn, hours = ship.legs(part)
        beside = near[1:] | near[:-1]
        # A ship that was not heard for hours may have stopped; so may one whose record begins or ends there.
        stopped = (speed_kn < PASSING_KN) | (hours > UNHEARD_H)
        return not bool(near[0] or near[-1] or (stopped & beside).any())

    def _horizon(self) -> datetime:
        """Give until when arriving still counts: two days after something else was declared."""
        return self.until + timedelta(days=2)

    def _nearest(self, lon: float, lat: float) -> tuple[Place, float]:
        """Give the nearest place the text may mean, and the straight way to it in km."""
        km = [float(distance_m(lon, lat, p.lon, p.lat)) / 1000.0 for p in self.places]
        at = int(np.argmin(km))
        return self.places[at], km[at]

    def _way_km(self, lon: float, lat: float) -> float | None:
        """Give the shortest way by sea to any place the text may mean."""
        straight = [float(distance_m(lon, lat, p.lon, p.lat)) / 1000.0 for p in self.places]
        shortest: float | None = None
        for at in np.argsort(straight, kind="stable").tolist():
            # The way by sea is never shorter than the straight one, so of a country's ports most need no search.
            if shortest is not None and straight[at] >= shortest:
                break
            way = self.ways.km(lon, lat, self.places[at].lon, self.places[at].lat)
            shortest = way if shortest is None or (way is not None and way < shortest) else shortest
        return shortest

    def _had_time(self) -> bool:
        """Say whether it could have arrived before something else was said, slowly and after waiting."""
        part = self.ship.between(self.begun, self.until)
        if part.stop - part.start < 2:
            return False
        given = self.until - self.begun - WAITING
        here = self.ship.lonlat(part.start)
        # The way by sea is never shorter than the straight one, so most questions need no search.
        if given < timedelta(hours=self._nearest(*here)[1] / (SLOW_KN * 1.852)):
            return False
        way = self._way_km(*here)
        return way is not None and given >= timedelta(hours=way / (SLOW_KN * 1.852))

    # What can be found.

    def _leg_away(self, elsewhere: Row | None) -> tuple[slice, float] | None:
        """Give the positions in which it may have sailed away, and by how many km it had come nearer before."""
        part = self.ship.between(self.begun, self.until)
        if part.stop - part.start < 3:
            return None
        km = self.ship.from_km(self.places, part)
        nearest = int(km.argmin())
        if float(km[-1] - km[nearest]) >= AWAY_KM:
            return slice(part.start + nearest, part.stop), float(km[0] - km[nearest])
        # Round a peninsula it may come nearer in a straight line all the way to a port that is farther off by sea.
        leg = self.ship.between(self.begun, elsewhere["start"]) if elsewhere else part
        return (leg, 0.0) if elsewhere and leg.stop > leg.start else None

    def _away(self, elsewhere: Row | None, *, is_first: bool) -> Found | None:
        """Find a ship that comes farther and farther from its destination."""
        ship, leg = self.ship, self._leg_away(elsewhere)
        if leg is None or (sailed := ship.sailed_km(leg[0])) < SAILED_KM:
            return None
        after, nearer_km = leg
        km = ship.from_km(self.places, after)
        grown, came_nearer = float(km[-1] - km[0]), nearer_km >= AWAY_KM / 2
        # A ship heard first when it sails away may have come from there and not typed anything new yet.
        if is_first and self.before is None and not came_nearer:
            return None
        by_sea = [self._way_km(*ship.lonlat(at)) for at in (after.start, after.stop - 1)]
        if by_sea[0] is None or by_sea[1] is None or by_sea[1] - by_sea[0] < AWAY_KM * 0.8:
            return None
        # Round a peninsula the whole way may lead away, and a straight line over the land hardly grow.
        if max(grown, by_sea[1] - by_sea[0]) < AWAY_SHARE * sailed:
            return None
        start = _moment(ship, after.start)
        said = (
            f"declared {self.reading.said!r} and sailed {sailed:,.0f} km from {clock(start)} on, which brought it from "
            f"{by_sea[0]:,.0f} to {by_sea[1]:,.0f} km by sea away from {self.reading.named}"
        )
        came = (f"it had come {nearer_km:,.0f} km nearer before it turned",) if came_nearer else ()
        # Typed late is the commonest reason: where something else was typed in the end, it weighs less.
        against = (f"it then declared {self.following.reading.said!r}",) if self.following else ()
        score = 0.35 + 0.1 * came_nearer + 0.1 * (grown >= 3 * AWAY_KM) - 0.15 * bool(against)
        score *= self._sureness()
        return self._found(
            "heading_away", start, _moment(ship, after.stop - 1), ship.lonlat(after.stop - 1), score, (said, *came),
            against, sailed_km=sailed, way_km=by_sea[0], key=(self.reading.said,), ends=(after.start, after.stop - 1),
        )  # fmt: skip

    def _elsewhere(self) -> Row | None:
        """Find the first stop at another port, off the way, while this destination was declared."""
        for call in self.ship.calls:
            if (
                not self.begun < call["start"] < self.until
                or (call["stopped_h"] or 0.0) + (call["gap_h"] or 0.0) < STOPPED_H
            ):
                continue
            if self.before is not None and call["id"] == self.before["id"]:
                continue
            # A ship lying still short of its port may be waiting for it, however long.
            if not self._is_on_the_way(call) or (not is_stay(call) and self._had_time()):
                return call
        return None

    def _is_on_the_way(self, call: Row) -> bool:
        part = self.ship.between(self.begun, self.until)
        if part.stop == part.start:
            return True
        whole = self._way_km(*self.ship.lonlat(part.start))
        first = self.ways.km(*self.ship.lonlat(part.start), call["lon"], call["lat"])
        rest = self._way_km(call["lon"], call["lat"])
        if whole is None or first is None or rest is None:
            return True
        return first + rest <= ON_THE_WAY * whole + 100.0

    def _called_elsewhere(self, call: Row) -> Found:
        place, km = self._nearest(call["lon"], call["lat"])
        said = f"declared {self.reading.said!r} and {called(call)} instead, {km:,.0f} km from {place.name}"
        against = []
        if self.following and self.following.first <= call["start"] + timedelta(days=1):
            against.append(f"it declared {self.following.reading.said!r} within a day of arriving")
        score = (0.3 if not against else 0.15) * self._sureness()
        return self._found(
            "called_elsewhere", call["start"], call["end"], (call["lon"], call["lat"]), score, (said,), tuple(against),
            evidence=(call["id"],), port=call["port"], country=call["port_country"], known=(call["known_at"],),
            key=(self.reading.said, call["id"]),
        )  # fmt: skip

    def _never_called(self, *, is_first: bool) -> Found | None:
        """Find a destination that was given up, or not reached though there was time."""
        if not self._had_time() or (is_first and self.before is None and not self._came_nearer()):
            return None
        part = self.ship.between(self.begun, self.until)
        hours = (self.until - self.begun) / timedelta(hours=1)
        way = self._way_km(*self.ship.lonlat(part.start))
        nearest = float(self.ship.from_km(self.places, part).min())
        said = (
            f"declared {self.reading.said!r} for {hours:,.0f} h, {way or 0:,.0f} km away by sea, and came no "
            f"nearer than {nearest:,.0f} km"
        )
        against = ("then declared " + repr(self.following.reading.said),) if self.following else ()
        score = (0.15 if self.following else 0.25) * self._sureness()
        at = part.stop - 1
        return self._found("never_called", self.begun, self.until, self.ship.lonlat(at), score, (said,), against,
                           way_km=way, sailed_km=self.ship.sailed_km(part), key=(self.reading.said,),
                           ends=(part.start, at))  # fmt: skip

    def _came_nearer(self) -> bool:
        km = self.ship.from_km(self.places, self.ship.between(self.begun, self.until))
        return bool(len(km) and km[0] - km.min() >= AWAY_KM / 2)

    def _skipped(self) -> Iterator[Found]:
        """Find a declared port passed over for the one declared next, where the ship did call."""
        after = self.following
        if after is None or {after.reading.kind, self.reading.kind} != {"port"} or self._elsewhere():
            return
        next_call = next((c for c in self.ship.calls if c["start"] >= after.first), None)
        if (
            next_call is None
            or not is_at(next_call, after.reading.places)
            or not self._lay_on_the_way(next_call)
        ):
            return
        said = (
            f"declared {self.reading.said!r} until {clock(self.said.last)}, then {after.reading.said!r}, and "
            f"{called(next_call)}; it did not call at {self.reading.named}"
        )
        yield self._found(
            "port_skipped", self.begun, next_call["start"], (next_call["lon"], next_call["lat"]),
            0.15 * self._sureness(), (said,), ("it said so: rotations are shortened for weather, berths and cargo",),
            evidence=(next_call["id"], *after.claims), port=next_call["port"], country=next_call["port_country"],
            known=(next_call["known_at"], after.known_at), key=(self.reading.said, next_call["id"]),
        )  # fmt: skip

    def _lay_on_the_way(self, call: Row) -> bool:
        """Say whether the declared port lay on the way to another: one off it was given up for other orders."""
        part = self.ship.between(self.begun, self.until)
        if part.stop == part.start:
            return False
        here = self.ship.lonlat(part.start)
        to_port, onward = self._way_km(*here), self._way_km(call["lon"], call["lat"])
        whole = self.ways.km(*here, call["lon"], call["lat"])
        if to_port is None or onward is None or whole is None:
            return False
        return to_port + onward <= ON_THE_WAY * whole + 100.0

    def _skipped_of_list(self) -> Iterator[Found]:
        """Find ports of a declared list that were left out, once the last of it was called at."""
        calls = [c for c in self.ship.calls if self.said.first <= c["start"] <= self._horizon()]
        came = [next((c for c in calls if is_at(c, places)), None) for places in self.reading.calls]
        last = came[-1] if came else None
        part = self.ship.between(self.said.first - timedelta(days=1), self._horizon())
        for places, call in zip(self.reading.calls[:-1], came[:-1], strict=True):
            if last is None or call is not None or float(self.ship.from_km(places, part).min()) <= AT_KM:
                continue
            names = " or ".join(place.name for place in places)
            said = f"declared {self.reading.said!r} and {called(last)}, and did not call at {names}"
            yield self._found(
                "port_skipped", self.begun, last["start"], (last["lon"], last["lat"]), 0.2 * self._sureness(), (said,),
                ("rotations are shortened for weather, berths and cargo",), evidence=(last["id"],), port=last["port"],
                country=last["port_country"], known=(last["known_at"],), key=(self.reading.said, names, last["id"]),
            )  # fmt: skip

    def _false_destination(self, elsewhere: Row | None, away: Found | None) -> Found | None:
        """Find a ship that left port for one place, and met others at sea instead."""
        if self.before is None:
            return None
        left = self.before["end"]
        met = [m for m in self.ship.meetings if left < m["start"] <= self._horizon() and self._is_far(m)]
        lighter = self._lighter(left)
        if not met and not lighter:
            return None
        first = min([m["start"] for m in met] + [d["start"] for d in lighter])
        last = max([m["end"] or m["start"] for m in met] + [d["end"] for d in lighter])
        later = [c for c in self.ship.calls if c["start"] > first]
        back = bool(later) and is_at(later[0], (_place(self.before),))
        # That nobody was heard beside it needs more than orders that changed.
        turned = later or away or self._had_time()
        if not (turned or (met and self.following)):
            return None
        place = met[0] if met else lighter[0]
        reasons = [
            f"{called(self.before)} and declared {self.reading.said!r}",
            *(f"met MMSI {m['other']} at sea, {clock(m['start'])} to {clock(m['end'])}" for m in met[:6]),
            f"never came to {self.reading.named}",
        ]
        reasons += (
            [f"then {called(later[0])}" + (", where it had come from" if back else "")] if later else []
        )
        reasons += [away.reasons_for[0]] if away else []
        reasons += [f"lay {-d['change_m']:.1f} m less deep after a {d['label']} at sea" for d in lighter[:1]]
        score = 0.35 if met else 0.25
        score += 0.1 * (len(met) > 1) + 0.15 * bool(lighter) + 0.15 * back + 0.1 * bool(away or elsewhere)
        against = [f"it then declared {self.following.reading.said!r}"] if self.following else []
        against += [] if met else ["nobody was heard beside it"]
        score = (score - 0.05 * len(against)) * self._sureness()
        if score < LEAST_SCORE * self._sureness():
            return None
        return self._found(
            "false_destination", left, later[0]["start"] if later else last, (place["lon"], place["lat"]), score,
            tuple(reasons), tuple(against), port=self.before["port"], country=self.before["port_country"],
            evidence=(self.before["id"], *(m["id"] for m in met), *(d["id"] for d in lighter[:1]),
                      *(c["id"] for c in later[:1])),
            known=(self.before["known_at"], *(m["known_at"] for m in met), *(d["known_at"] for d in lighter[:1]),
                   *(c["known_at"] for c in later[:1])),
            key=(self.reading.said,),
        )  # fmt: skip

    def _lighter(self, left: datetime) -> list[Row]:
        """Give the changes to a lighter draught that likely happened at sea on this voyage, away from its end."""
        return [
            d for d in self.ship.draughts
            if d["label"] in _AT_SEA and d["change_m"] < 0 and d["probability"] >= LEAST_PROBABILITY
            and left < d["end"] <= self._horizon() + timedelta(days=3) and self._is_far(d)
        ]  # fmt: skip

    def _is_far(self, met: Row) -> bool:
        return self._nearest(met["lon"], met["lat"])[1] > LIGHTERING_KM

    def _sureness(self) -> float:
        """Give how sure the reading is: abbreviations and slips less than names, one of several less than one."""
        sure = {"code": 1.0, "name": 1.0}.get(self.reading.how, 0.7)
        return sure * (0.8 if self.reading.is_ambiguous else 1.0)

    def _found(  # noqa: PLR0913 - a finding's own fields, all by name but the first
        self, label: str, start: datetime, end: datetime | None, lonlat: tuple[float, float], score: float,
        reasons_for: tuple[str, ...], reasons_against: tuple[str, ...], *, evidence: tuple[str, ...] = (),
        port: str | None = None, country: str | None = None, known: tuple[datetime, ...] = (),
        sailed_km: float | None = None, way_km: float | None = None, key: tuple[str, ...] = (),
        ends: tuple[int, ...] = (),
    ) -> Found:  # fmt: skip
        doubts = [*reasons_against, _TYPED]
        if self.reading.is_ambiguous:
            doubts.append(
                "the text may mean " + " or ".join(self.reading.readings) + "; none of them was reached"
            )
        if self.reading.how in ("abbreviation", "spelling"):
            doubts.append(f"{self.reading.said!r} is read by its {self.reading.how}, which may be wrong")
        heard = tuple(moment(self.ship.known[at]) for at in ends)
        positions = tuple(self.ship.position(at) for at in ends)
        return Found(
            label, start, end, lonlat, self.ship.mmsi, self.ship.track, max((self.said.known_at, *known, *heard)),
            (*self.said.claims, *evidence, *positions), score, reasons_for, tuple(doubts), key, said=self.reading.said,
            readings=self.reading.readings, port=port, port_country=country, sailed_km=sailed_km, way_km=way_km,
        )  # fmt: skip


def _place(call: Row) -> Place:
    return Place(str(call["port"]), call["port_country"], call["lon"], call["lat"], 0.0)


def _moment(ship: Ship, at: int) -> datetime:
    return moment(ship.times[at])
