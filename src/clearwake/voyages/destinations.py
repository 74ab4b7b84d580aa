"""Declared destinations: the twenty letters a crew types, read as the ports and countries they may mean.

``NL RTM``, ``NLRTM``, ``RU ULU => NL RTM``, ``CN SHA // CN NGB``, ``BUSAN,KOREA``, ``ROTERDAM`` and ``FOR ORDERS`` all
occur.  Where a text may mean several ports all of them are given: which one was meant is not for a program to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import NamedTuple

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract

from clearwake.names.flags import read_flag, read_flags
from clearwake.names.folding import plain
from clearwake.names.nations import country_name
from clearwake.sphere import distance_m

ONE_PLACE_KM = 60.0
"""Ports of one country this near to each other are one destination: large ports have several basins and names."""

MOST = 8
"""A text that may mean more ports than this says nothing but, perhaps, its country."""


class Place(NamedTuple):
    """A port that a text may mean."""

    name: str
    country: str | None
    lon: float
    lat: float
    radius_km: float


@dataclass(frozen=True)
class Reading:
    """What one declared destination may mean."""

    said: str
    kind: str
    """``port``; ``country``; ``orders``: a crew that waits to be told; ``nothing``; ``unread``."""
    calls: tuple[tuple[Place, ...], ...] = ()
    """The ports of call in order, each with every place it may be."""
    countries: tuple[str, ...] = ()
    """For ``country``: which it may be; else those of the last port of call."""
    how: str = ""
    """``code``, ``name``, ``country``, or what is less sure: ``abbreviation`` and ``spelling``."""
    origin: tuple[Place, ...] = ()
    """Where it says it comes from."""
    ports: tuple[Place, ...] = ()
    """Where only a country was said: every port of it, of which any may be meant."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place the destination may be."""
        return self.ports or tuple(dict.fromkeys(place for call in self.calls for place in call))

    @property
    def can_be_held(self) -> bool:
        """Whether it says where a ship goes: a port, or a country by its name; letters that may be one do not."""
        return self.kind == "port" or (self.kind == "country" and self.how == "country" and bool(self.ports))

    @property
    def named(self) -> str:
        """The places it may mean, in words; of a country not each port."""
        if self.ports:
            return "any port of " + " or ".join(self.readings)
        return " or ".join(place.name for place in self.places)

    @property
    def is_ambiguous(self) -> bool:
        """Whether it may mean several ports or countries."""
        return any(len(call) > 1 for call in self.calls) or (not self.calls and len(self.countries) > 1)

    @property
    def readings(self) -> tuple[str, ...]:
        """What it may mean, in words."""
        if self.calls:
            return tuple(f"{p.name}, {country_name(p.country) if p.country else '?'}" for p in self.places)
        return tuple(country_name(country) for country in self.countries)


_NOTHING = re.compile(
    r"\b(?:FISH\w*|PATROL\w*|SAR|RESCUE|GUARD\w*|SURVEY\w*|RESEARCH|HOME|HJEM\w*|TEST|CRUIS\w*|TOW\w*|DREDG\w*|CPA|VHF"
    r"|CH ?\d+|AUXILIARY|OWF|STANDBY|SAILING|UNKNOWN|UNDEFIN\w*|NIL|NONE|N/?A|NOT (?:AVAILABLE|DEFINED)|TBA"
    r"|TBN|SEA TRIALS?|TRIALS?|AT SEA|HIGH SEAS?|OPEN SEA|COASTGUARD|WORK\w*|NAVY"
    r"|MILITARY|WARSHIP|FUTURE|MAYDAY|RESERVED|MIL|OPS)\b"
)
_ORDERS = re.compile(
    r"\b(?:F(?:OR|RM)?[ .,]*ORD(?:ER|ERS|ERR|S)?|ORDERS?|F/O|W/?ORDERS?|DRIFT\w*|WAIT\w*|INSTRUCTIONS?)\b|ORD$"
)
_NEAR = re.compile(
    r"\b(?:OPL|OFF|ANCH(?:ORAGE)?|ROADS?|PILOTS?(?: ?ST(?:ATION|N)?)?|PLT|PS|FOR BUNK\w*|BUNKERING|BUNKERS?|PORT OF|TO"
    r"|VIA|ETA.*|PORT$|EARLY|INNER|OUTER|T/?S|RIP|ONLY|FERRY ?PORT)\b"
)
_BOTH_WAYS = re.compile(r"<[-=]*>|>\s*<")
_TOWARDS = re.compile(r"\s*(?:[-=~]*>+|>>+|»|→)\s*|\s+TO\s+|:")
_LIST = re.compile(r"\s*(?://|[/;+&\\|])\s*|\s+(?:AND|THEN)\s+")
_CUT = re.compile(r"[<>»→:/;+&\\|-]|\s(?:TO|AND|THEN|VIA)\s")
_VIA = re.compile(r"\s+VIA\s+.*$")
_LOCODE = re.compile(r"^([A-Z]{2})[ _.\-/]*([A-Z2-9]{3})$")
_LED = re.compile(r"^([A-Z]{2})[ .\-]+(.{4,})$")
_SUFFIX = re.compile(r"(?:HANG|GANG|KANG|KO|HAVN|HARBOU?RS?|TERMINAL|CITY)$")
_PREFIX = re.compile(r"^(?:PORTOF|PORTDE|PORTO|PUERTODE|PUERTO|BAHIADE|PORT)")
_KOREAS = {"KOREA": ("KOR", "PRK"), "SKOREA": ("KOR",), "ROK": ("KOR",), "ROKOREA": ("KOR",), "NKOREA": ("PRK",),
           "DPRK": ("PRK",), "DPRKOREA": ("PRK",), "UK": ("GBR",), "UAE": ("ARE",), "ROC": ("TWN",)}  # fmt: skip


class Gazetteer:
    """Ports by every name and code they go by.

    Args:
        anchorages: A table of ``Anchorage``; those that a user gave count like the built-in ones, learnt ones have no
            names and do not.
    """

    def __init__(self, anchorages: pl.DataFrame) -> None:
        self._codes: dict[str, list[Place]] = {}
        self._names: dict[str, list[Place]] = {}
        self._by_country: dict[str, list[tuple[str, Place]]] = {}
        self._read: dict[str, Reading] = {}
        for place, code in _places(anchorages):
            self._add(place, [code] if code else [], [place.name])
        for place, codes, spellings in self._extras():
            self._add(place, codes, spellings)

    def _extras(self) -> Iterator[tuple[Place, list[str], list[str]]]:
        """Give the codes and other spellings of well-known ports, kept beside this file."""
        text = (files(__package__) / "ports.csv").read_bytes()
        for name, country, codes, said, lon, lat in pl.read_csv(text).iter_rows():
            known = [p for p in self._names.get(_key(name), []) if p.country == country]
            place = known[0] if known else None
            if lon is not None:
                place = Place(name, country, lon, lat, 0.0)
            if place is not None:
                yield place, (codes or "").split("|"), [name, *(said.split("|") if said else [])]

    def _add(self, place: Place, codes: Iterable[str], names: Iterable[str]) -> None:
        for code in filter(None, codes):
            _once(self._codes.setdefault(_key(code), []), place)
        for name in names:
            for key in _keys(name):
                _once(self._names.setdefault(key, []), place)
                if place.country:
                    self._by_country.setdefault(place.country, []).append((key, place))

    def read_all(self, said: Iterable[str]) -> dict[str, Reading]:
        """Read each distinct text once."""
        return {text: self.read(text) for text in dict.fromkeys(said)}

    def read(self, said: str) -> Reading:
        """Read one declared destination."""
        if said not in self._read:
            self._read[said] = self._reading(said)
        return self._read[said]

    def _reading(self, said: str) -> Reading:
        text = " ".join(_plain(said).replace("_", " ").split())
        bare = text.strip(" .,-@'\"*")
        if len(_key(bare)) < 2:
            return Reading(said, "nothing")
        for_orders = _ORDERS.search(bare) is not None
        bare = _ORDERS.sub(" ", bare).strip(" ,.-/")
        whole = self._part(bare) if not _NOTHING.search(bare) else _Part()
        is_one = bool(self._names.get(_key(bare))) or not _CUT.search(bare)
        parts, origin = ([whole], _Part()) if is_one else self._parts(bare)
        read = [part for part in parts if part.places] or ([whole] if whole.places else [])
        calls = tuple(part.places for part in read)
        countries = tuple(dict.fromkeys(c for part in (read or [*parts, whole]) for c in part.countries))
        kind = "port" if calls else "country" if countries else "unread"
        if for_orders:
            kind = "orders"
        elif not calls and (_NOTHING.search(bare) or not bare):
            kind = "nothing"
        if kind == "nothing":
            return Reading(said, kind)
        ports = self._ports_of(countries) if kind == "country" else ()
        return Reading(said, kind, calls, countries, _least_sure(read or parts), origin.places, ports)

    def _ports_of(self, countries: tuple[str, ...]) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(p for country in countries for _, p in self._by_country.get(country, [])))

    def _parts(self, text: str) -> tuple[list[_Part], _Part]:
        """Cut a text into ports of call, and where it says it comes from."""
        if _BOTH_WAYS.search(text):
            return [self._part(piece) for piece in _BOTH_WAYS.split(text)], _Part()
        legs = [leg for leg in _TOWARDS.split(_VIA.sub("", text)) if leg and len(_key(leg)) >= 2]
        origin = self._part(legs[0]) if len(legs) > 1 else _Part()
        last = legs[-1] if legs else text
        pieces = [piece for piece in _LIST.split(last) if len(_key(piece)) >= 2]
        if len(pieces) <= 1:
            return self._hyphened(last, origin)
        return [self._part(piece) for piece in pieces], origin

    def _hyphened(self, text: str, origin: _Part) -> tuple[list[_Part], _Part]:
        """Read ``RUULU-SEGOT`` as from and to where both are ports; hyphens stand in names too."""
        whole = self._part(text)
        pieces = [piece for piece in re.split(r"\s*-+\s*", text) if len(_key(piece)) >= 3]
        if whole.how in ("code", "name") or len(pieces) != 2:
            return [whole], origin
        first, last = (self._part(piece) for piece in pieces)
        if first.places and last.places:
            return [last], first
        return [whole if whole.places else first if first.places and last.countries else last], origin

    def _part(self, text: str) -> _Part:
        """Read one port of call: by code, by name, by name and country, as a country, by spelling."""
        bare = " ".join(_NEAR.sub(" ", text).split()).strip(" ,.-()")
        code = _LOCODE.match(bare)
        exact = self._codes.get(_key(bare), []) if code else []
        named = self._names.get(_key(bare), [])
        if exact or named:
            # NOA is Genoa's in Italy and nothing in Georgia: five letters may be a name as well as a code.
            both = [*exact, *(place for place in named if place not in exact)]
            spaced = code is not None and " " in bare and exact
            return _part(exact if spaced else both, "code" if exact else "name")
        stem, countries = self._country(bare)
        if stem is not None and countries:
            there = self._in_country(stem, countries)
            if there.places:
                return there
        if code and (nation := _nation(code[1])):
            short = self._short(code[2], nation)
            if short.places or " " in bare:
                return short
        if countries and stem is None:
            return _Part((), countries, "country")
        led = _LED.match(bare)
        if led and (nation := _nation(led[1])) and (there := self._in_country(led[2], (nation,))).places:
            return there
        return self._loose(bare, countries)

    def _country(self, text: str) -> tuple[str | None, tuple[str, ...]]:
        """Split off a country named at the end: what stands before it (None if nothing), and which it may be."""
        words = [word for word in re.split(r"[\s,()./-]+", text) if word]
        for count in range(min(4, len(words)), 0, -1):
            last = " ".join(words[-count:])
            found = _nations(last)
            if found and (len(last) > 2 or count < len(words)):
                stem = " ".join(words[:-count])
                return (stem or None), found
        return text, ()

    def _in_country(self, stem: str, countries: tuple[str, ...]) -> _Part:
        named = [p for p in self._names.get(_key(stem), []) if p.country in countries]
        if named:
            return _part(named, "name")
        near = self._spelt(_key(stem), countries)
        return _part(near, "spelling") if near else _Part((), countries, "country")

    def _short(self, letters: str, country: str) -> _Part:
        """Find the ports of a country that three letters may be short for: ``KR YOS`` for Yosu."""
        ports = self._by_country.get(country, [])
        for fits in (lambda key: key.startswith(letters), lambda key: _is_short(letters, key)):
            found: list[Place] = []
            for key, place in ports:
                if fits(key):
                    _once(found, place)
            if found:
                return _part(found, "abbreviation", (country,))
        return _Part((), (country,), "country")

    def _loose(self, text: str, countries: tuple[str, ...]) -> _Part:
        """Read a name with more words behind it, or misspelt."""
        words = text.split()
        for count in range(len(words) - 1, 0, -1):
            key = _key(" ".join(words[:count]))
            if len(key) >= 4 and (named := self._names.get(key)):
                return _part(named, "name")
            if count == 1 and (coded := self._codes.get(key)):
                return _part(coded, "code")
        if near := self._spelt(_key(text), ()):
            return _part(near, "spelling")
        code = _LOCODE.match(text)
        if not countries and code and (nation := _nation(code[1])):
            return _Part((), (nation,), "abbreviation")
        return _Part((), countries, "country" if countries else "")

    def _spelt(self, key: str, countries: tuple[str, ...]) -> list[Place]:
        """Find ports whose name is one slip away, or two in a long name: the nearest only."""
        slips = 0 if len(key) < 5 else 1 if len(key) < 8 else 2
        if not slips or not key.isalpha():
            return []
        near = extract(key, self._keys, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None)
        found: list[Place] = []
        for name, apart, _ in near:
            # Hands slip within a word more often than on its first letter.
            if apart == near[0][1] and name[0] == key[0]:
                for place in self._names[name]:
                    if not countries or place.country in countries:
                        _once(found, place)
        return found

    @cached_property
    def _keys(self) -> list[str]:
        return [key for key in self._names if len(key) >= 4]


class _Part(NamedTuple):
    places: tuple[Place, ...] = ()
    countries: tuple[str, ...] = ()
    how: str = ""


_SURE = ("", "country", "spelling", "abbreviation", "name", "code")


def _least_sure(parts: list[_Part]) -> str:
    return min((part.how for part in parts), key=_SURE.index, default="")


def _part(places: list[Place], how: str, countries: tuple[str, ...] = ()) -> _Part:
    """Bring places together that are one destination; too many are none."""
    kept: list[Place] = []
    for place in places:
        if not any(_is_same(place, other) for other in kept):
            kept.append(place)
    lands = tuple(dict.fromkeys(place.country for place in kept if place.country))
    return _Part(tuple(kept), lands, how) if len(kept) <= MOST else _Part((), countries, "country")


def _is_same(one: Place, other: Place) -> bool:
    apart_m = float(distance_m(one.lon, one.lat, other.lon, other.lat))
    return one.country == other.country and apart_m <= ONE_PLACE_KM * 1000.0


def _is_short(letters: str, key: str) -> bool:
    """Say whether letters stand in a name in their order, the first of both the same: ``RTM`` in ``ROTTERDAM``."""
    rest = iter(key)
    return key[:1] == letters[0] and all(letter in rest for letter in letters)


def _once(places: list[Place], place: Place) -> None:
    if place not in places:
        places.append(place)


def _key(name: str) -> str:
    """Fold a name for comparing: capitals and digits only."""
    return re.sub(r"[^A-Z0-9]", "", _plain(name))


def _plain(name: str) -> str:
    return name.upper() if name.isascii() else str(plain(pl.Series([name]))[0])


def _keys(name: str) -> list[str]:
    """Give the forms a port's name is found by: whole, without ``Port of`` and ``Hang``, what stands in brackets."""
    inner = re.findall(r"\(([^()]+)\)", name)
    outer = re.sub(r"\([^()]*\)", " ", name)
    forms = [form for form in (_key(part) for part in (name, outer, *inner)) if form]
    for form in list(forms):
        forms += [bare for bare in (_SUFFIX.sub("", form), _PREFIX.sub("", form)) if len(bare) >= 4]
    return list(dict.fromkeys(forms))


def _places(anchorages: pl.DataFrame) -> Iterator[tuple[Place, str | None]]:
    named = anchorages.filter(pl.col("origin") != "learnt", pl.col("name").is_not_null())
    table = named.with_columns(read_flags(named["country"]), pl.col("radius_km").fill_null(0.0))
    for name, country, lon, lat, radius, code in table.select(
        "name", "country", "lon", "lat", "radius_km", "locode"
    ).iter_rows():
        yield Place(name, country, lon, lat, radius), code


def _nations(said: str) -> tuple[str, ...]:
    """Read the countries a text may be; Korea alone may be either."""
    key = _key(said)
    if key in _KOREAS:
        return _KOREAS[key]
    found = read_flag(said)
    return (found,) if found else ()


def _nation(alpha2: str) -> str | None:
    found = _nations(alpha2)
    return found[0] if len(found) == 1 else None


def as_columns(readings: Mapping[str, Reading]) -> pl.DataFrame:
    """Give readings as a table: ``said, kind, how, is_ambiguous, readings``."""
    rows = [(r.said, r.kind, r.how, r.is_ambiguous, list(r.readings)) for r in readings.values()]
    names = ["said", "kind", "how", "is_ambiguous", "readings"]
    return pl.DataFrame(rows, schema=names, orient="row")
