"""The route a shipment's ship really sailed, held against its papers.

Three questions for each declared port and day: was the ship there within a few days, could it have been there on that
day at all, and did its draught change as loading or discharging changes it.  Not having heard a ship is no answer:
where it was silent long enough to have called, nothing can be said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake.goods.finding import AGAINST, FOR, Found, latest
from clearwake.goods.nation import folded, iso3, names_dprk, port_key
from clearwake.model import position_id
from clearwake.names.flags import read_flags
from clearwake.sphere import distance_m

WITHIN_DAYS = 3
"""Days before and after the declared one within which a call counts: papers are dated by when they were signed."""

TOLERANCE_DAYS = 1
"""Days before and after the declared one that are still that day when asking whether it can be."""

FASTEST_KN = 25.0
"""No merchant ship of these trades makes more: large container ships reach it, tankers and bulkers sail at 11-15."""

NEAR_KM = 10.0
DISTRICT_KM = 60.0
"""A position this near to a port's point, beyond the port's own radius, is in the port.  Up to the second distance it
may be in another part of it: the berths of New York, Houston or Shanghai lie tens of kilometres apart, so only a ship
that could not have come within it is said not to have been there."""

Floats = NDArray[np.float64]


Place = tuple[float, float, float, str | None]
"""``lon, lat, radius_km, country``."""


@dataclass(frozen=True)
class Ports:
    """Where ports are, by folded name; a name that several ports have is where any of them is."""

    places: Mapping[str, tuple[Place, ...]]

    @classmethod
    def of(cls, anchorages: pl.DataFrame) -> Ports:
        """Prepare a table of ``Anchorage``."""
        places: dict[str, list[Place]] = {}
        names = folded(anchorages["name"])
        codes = anchorages["locode"].str.replace_all(" ", "").str.to_uppercase()
        table = anchorages.with_columns(pl.col("radius_km").fill_null(0.0), read_flags(anchorages["country"]))
        rows = table.select("lon", "lat", "radius_km", "country").iter_rows()
        for name, code, place in zip(names, codes, rows, strict=True):
            for key in {name, code} - {None, ""}:
                places.setdefault(str(key), []).append(place)
        return cls({key: tuple(sorted(found, key=str)) for key, found in places.items()})

    def find(self, said: str, country: str | None = None) -> tuple[Place, ...]:
        """Give where a declared port is: ``lon, lat, radius_km, country`` of each port of that name.

        Kingston is in Jamaica and in Canada: only those in the country that the port's own text names count, else in
        the one the papers give.  A port of the user's own without a country may be in any.
        """
        key = port_key(said)
        found = self.places.get(key.name, ()) or self.places.get(key.whole.replace(" ", ""), ())
        wanted = "PRK" if key.is_dprk else key.country or (iso3(country) if country else None)
        return tuple(place for place in found if wanted is None or place[3] in (None, wanted))


@dataclass(frozen=True)
class Heard:
    """What was heard of one ship: positions in order of time, and its port calls."""

    mmsi: int
    times: NDArray[np.int64]
    """Milliseconds since 1970."""
    lon: Floats
    lat: Floats
    calls: Sequence[Mapping[str, Any]]
    how: str
    """How the ship of the papers is this one: ``by its MMSI``, ``by its IMO number`` ..."""


@dataclass(frozen=True)
class Leg:
    """One declared end of a voyage: a port, a day, and whether goods came aboard there or left."""

    shipment: Mapping[str, Any]
    verb: str
    """``load`` or ``discharge``."""
    port: str
    day: date
    country: str | None

    def window(self, days: int) -> tuple[datetime, datetime]:
        """Give the span of so many days round the declared one: from, up to."""
        first = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        return first - timedelta(days=days), first + timedelta(days=days + 1)

    def found(self, kind: str, is_for: bool | None, sentence: str, **more: Any) -> Found:  # noqa: ANN401, FBT001 - a finding's own fields
        """Put together a finding about this end of the voyage."""
        more.setdefault("known_at", self.shipment.get("known_at"))
        return Found(str(self.shipment["id"]), kind, is_for, sentence, judged_on=self.day, **more)


def legs(shipment: Mapping[str, Any]) -> Iterator[Leg]:
    """Give the declared ends of a shipment's voyage that have both a port and a day."""
    for verb, country in (("load", "origin"), ("discharge", "destination")):
        port, moment = shipment[f"{verb}_port"], shipment[f"{verb}_on"]
        if port and moment:
            # Goods often come from further inland than the port: the country only helps to choose between namesakes.
            yield Leg(shipment, verb, str(port), moment.astimezone(UTC).date(), shipment[country])


def visited(leg: Leg, heard: Heard, ports: Ports, within_days: int = WITHIN_DAYS) -> Iterator[Found]:
    """Say whether a ship was at a declared port about the declared day, was not, or cannot be said to have been."""
    begin, end = leg.window(within_days)
    places = ports.find(leg.port, leg.country)
    about = f"declared to {leg.verb} at {leg.port} on {leg.day}"
    ship = f"the ship (MMSI {heard.mmsi}, {heard.how})"
    call = _call(leg, heard, begin, end)
    near = _near(heard, places, begin, end)
    if call is not None:
        text = (
            f"{about}: {ship} called at {call['port']} from {_clock(call['start'])} to {_clock(call['end'])}"
        )
        evidence, known = (str(call["id"]),), latest(leg.shipment.get("known_at"), call["known_at"])
        yield leg.found("port_visited", AGAINST, text, evidence=evidence, known_at=known)
    elif near is not None:
        at, km = near
        text = f"{about}: {ship} was {km:.0f} km from it at {_stamp(heard.times[at])}"
        yield leg.found("port_visited", AGAINST, text, evidence=(_position(heard, at),))
    elif not places:
        where = f" in {leg.country}" if leg.country else ""
        text = f"{about}: no port of that name{where} is known, so whether {ship} was there cannot be said"
        yield leg.found("port_cannot_be_said", None, text)
    else:
        yield _absent(leg, heard, places, (begin, end), about, ship)
    if places and (impossible := _impossible(leg, heard, places, about, ship)):
        yield impossible


def _absent(
    leg: Leg, heard: Heard, places: Sequence[Place], window: tuple[datetime, datetime], about: str, ship: str
) -> Found:
    """Say that a ship was not at a port, where its positions leave no time for it; else that it cannot be said."""
    begin, end = window
    silent = _opening(heard, places, begin, end)
    span = f"between {begin:%Y-%m-%d} and {end - timedelta(days=1):%Y-%m-%d}"
    if silent is not None:
        text = f"{about}: {ship} was not heard there {span}, and {silent}: whether it called cannot be said"
        return leg.found("port_cannot_be_said", None, text)
    km, at = _nearest(heard, places, begin, end)
    place = min(places, key=lambda each: float(distance_m(heard.lon[at], heard.lat[at], each[0], each[1])))
    elsewhere = _calls(heard, begin, end)
    names = ", ".join(sorted({str(call["port"]) for call in elsewhere}))
    text = (
        f"{about} (taken for the port at {place[1]:.2f}, {place[0]:.2f}): {ship} was not there {span}: it was heard "
        f"too often to have come within {DISTRICT_KM:.0f} km unheard at up to {FASTEST_KN:.0f} kn, and was heard no "
        f"nearer than {km:,.0f} km, at {_stamp(heard.times[at])}"
        f"{'; it called at ' + names if names else ''}"
    )
    evidence = (_position(heard, at), *(str(call["id"]) for call in elsewhere[:10]))
    known_at = latest(leg.shipment.get("known_at"), *(call["known_at"] for call in elsewhere[:10]))
    return leg.found("port_not_visited", FOR, text, score=0.9, evidence=evidence, known_at=known_at)


def _calls(heard: Heard, begin: datetime, end: datetime) -> list[Mapping[str, Any]]:
    return [c for c in heard.calls if c["start"] < end and (c["end"] is None or c["end"] >= begin)]


def _call(leg: Leg, heard: Heard, begin: datetime, end: datetime) -> Mapping[str, Any] | None:
    """Give the call at the declared port about the declared day, by its folded name."""
    wanted = port_key(leg.port).name
    return next((c for c in _calls(heard, begin, end) if port_key(str(c["port"])).name == wanted), None)


def _inside(heard: Heard, begin: datetime, end: datetime) -> NDArray[np.int64]:
    first, last = np.searchsorted(heard.times, [_ms(begin), _ms(end)])
    return np.arange(first, last)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _away_km(heard: Heard, at: NDArray[np.int64], places: Sequence[Place]) -> Floats:
    """Give distances from positions to the nearest of places that share a name, from a port's edge: ``(n,) km``."""
    each = [
        np.maximum(distance_m(heard.lon[at], heard.lat[at], lon, lat) / 1000.0 - radius, 0.0)
        for lon, lat, radius, _ in places
    ]
    return np.asarray(np.min(each, axis=0))


def _near(heard: Heard, places: Sequence[Place], begin: datetime, end: datetime) -> tuple[int, float] | None:
    at = _inside(heard, begin, end)
    if not len(at) or not places:
        return None
    km = _away_km(heard, at, places)
    return (int(at[km.argmin()]), float(km.min())) if km.min() <= NEAR_KM else None


def _nearest(heard: Heard, places: Sequence[Place], begin: datetime, end: datetime) -> tuple[float, int]:
    """Give how near to a port a ship was heard in a span, or just beside it, and which position that was."""
    at = _inside(heard, begin, end)
    at = at if len(at) else _around(heard, begin, end)
    km = _away_km(heard, at, places)
    return float(km.min()), int(at[km.argmin()])


def _around(heard: Heard, begin: datetime, end: datetime) -> NDArray[np.int64]:
    """Give the positions in a span and the one before and after it, where there are such."""
    first, last = np.searchsorted(heard.times, [_ms(begin), _ms(end)])
    return np.arange(max(first - 1, 0), min(last + 1, len(heard.times)))


def _opening(heard: Heard, places: Sequence[Place], begin: datetime, end: datetime) -> str | None:
    """Say in which silence a ship could have called unheard; None where there is none.

    Between two positions there is time for a call if, after sailing to the port at the fastest and before having to
    leave it for the next position, some moment lies in the span.  Before the first position and after the last one
    silence has no bound.
    """
    at = _around(heard, begin, end)
    if not len(at):
        return "nothing was heard of it"
    way_h = np.maximum(_away_km(heard, at, places) - DISTRICT_KM, 0.0) / _KM_PER_H
    hours, first, last = heard.times[at] / _HOUR_MS, _ms(begin) / _HOUR_MS, _ms(end) / _HOUR_MS
    arrives = np.maximum(np.concatenate(([-np.inf], hours + way_h)), first)
    leaves = np.minimum(np.concatenate((hours - way_h, [np.inf])), last)
    could = np.flatnonzero(arrives < leaves)
    if not len(could):
        return None
    inside = _inside(heard, begin, end)
    if len(inside) and (near_km := _nearest(heard, places, begin, end)[0]) <= DISTRICT_KM:
        return f"it came within {near_km:.0f} km, which may be another part of the port"
    longest = int(could[(leaves - arrives)[could].argmax()])
    if longest == 0:
        return f"it was not heard before {_stamp(heard.times[at[0]])}"
    if longest == len(at):
        return f"it was not heard after {_stamp(heard.times[at[-1]])}"
    silent_h = hours[longest] - hours[longest - 1]
    return f"it was silent for {silent_h:.0f} h from {_stamp(heard.times[at[longest - 1]])}, long enough to have called"


_HOUR_MS = 3_600_000.0
_KM_PER_H = FASTEST_KN * 1.852


def _impossible(leg: Leg, heard: Heard, places: Sequence[Place], about: str, ship: str) -> Found | None:
    """Find that a ship cannot have been at a port on its declared day, or the day before or after."""
    begin, end = leg.window(TOLERANCE_DAYS)
    if _opening(heard, places, begin, end) is not None:
        return None
    km, at = _nearest(heard, places, begin, end)
    later = [c for c in heard.calls if port_key(str(c["port"])).name == port_key(leg.port).name]
    called = f"; it called there from {_clock(later[0]['start'])}" if len(later) == 1 else ""
    text = (
        f"{about}: {ship} cannot have been there on that day or the day before or after: it was heard no nearer than "
        f"{km:,.0f} km, at {_stamp(heard.times[at])}, and at {FASTEST_KN:.0f} kn had no time between what was heard to "
        f"come within {DISTRICT_KM:.0f} km{called}"
    )
    return leg.found("impossible_date", FOR, text, score=0.9, evidence=(_position(heard, at),))


def _position(heard: Heard, at: int) -> str:
    return position_id(heard.mmsi, datetime.fromtimestamp(heard.times[at] / 1000.0, UTC))


def _stamp(ms: int | np.int64) -> str:
    return f"{datetime.fromtimestamp(int(ms) / 1000.0, UTC):%Y-%m-%d %H:%M}"


def _clock(moment: datetime | None) -> str:
    return "now" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def undeclared(
    shipment: Mapping[str, Any], heard: Heard, zone_entries: Sequence[Mapping[str, Any]]
) -> Iterator[Found]:
    """Find calls in the DPRK, and stays in its territorial sea, that the papers do not tell of."""
    if any(
        shipment[f"{column}_there"] for column in ("origin", "destination", "load_port", "discharge_port")
    ):
        return
    days = [shipment[name] for name in ("load_on", "discharge_on") if shipment[name]]
    if not days:
        return
    begin, end = min(days) - timedelta(days=1), max(days) + timedelta(days=1)
    day, ship = min(days).astimezone(UTC).date(), f"the ship (MMSI {heard.mmsi}, {heard.how})"
    told = {"judged_on": day}
    for call in _calls(heard, begin, end):
        if names_dprk(call["port_country"]):
            text = (
                f"{ship} called at {call['port']} in the DPRK from {_clock(call['start'])} to {_clock(call['end'])}, "
                f"confidence {call['confidence']} of 4; the papers name no port of the DPRK"
            )
            known = latest(shipment.get("known_at"), call["known_at"])
            yield Found(str(shipment["id"]), "undeclared_dprk_call", FOR, text, None, score=call["confidence"] / 4.0,
                        evidence=(str(call["id"]),), known_at=known, **told)  # fmt: skip
    for stay in zone_entries:
        if stay["start"] < end and (stay["end"] is None or stay["end"] >= begin):
            text = (
                f"{ship} was in {stay['zone']} from {_clock(stay['start'])} to {_clock(stay['end'])}; the papers name "
                f"no port of the DPRK (passing through is no call)"
            )
            known = latest(shipment.get("known_at"), stay["known_at"])
            yield Found(str(shipment["id"]), "entered_dprk_waters", FOR, text, None, score=0.3,
                        evidence=(str(stay["id"]),), known_at=known, **told)  # fmt: skip


__all__ = ["FASTEST_KN", "Heard", "Leg", "Ports", "legs", "undeclared", "visited"]
