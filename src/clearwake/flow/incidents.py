"""The incidents that governments announced from 2017 to 2019, as items of cases: from files that come with clearwake.

Each file was written by hand from what was announced; ``ships.yml`` has what lists say of the ships.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from clearwake.assess import observed
from clearwake.flow.casework import By, decide, open_case
from clearwake.law import read_facts
from clearwake.model import Designation, Item, LegalFact, Marking, Reason, UnreadableFileError
from clearwake.seal import canonical, random_id
from clearwake.store import Store

FOLDER = "clearwake.demo_data.incidents"
SHIPS = "ships.yml"

_FIELDS = {"title", "day", "published_by", "originator", "ships", "items", "decided"}
_ITEM = {
    "kind", "sentence", "grade", "start", "end", "lon", "lat", "error_m", "ships", "facts", "observed", "origin",
    "citation",
}  # fmt: skip
_SHIP = {"id", "name", "flag", "un", "us"}

_LISTED = ("A", 1)
"""What an authority says of its own list is confirmed by the list."""

_LISTED_FLAG = ("A", 2)
"""The flag a list has for a ship is probable: the list is of another day than the act."""


@dataclass(frozen=True)
class Ship:
    """A ship of an incident: the id that facts use, its name, and what lists say of it."""

    id: str
    name: str
    flag: str | None = None
    un: Mapping[str, Any] = field(default_factory=dict)
    us: Mapping[str, Any] = field(default_factory=dict)

    @property
    def imo(self) -> str | None:
        """Its IMO number, where its id is one."""
        kind, _, number = self.id.partition(":")
        return number if kind == "imo" else None


@dataclass(frozen=True)
class Incident:
    """One published incident."""

    id: str
    """The id of its case, which is the name of its file."""
    title: str
    day: date
    published_by: str
    originator: str
    ships: tuple[Ship, ...]
    items: Mapping[str, Mapping[str, Any]]
    decided: tuple[Mapping[str, Any], ...] = ()
    """What authorities did since, as decisions: ``act``, ``day``, ``why``, ``tell``."""


@cache
def incidents() -> tuple[Incident, ...]:
    """Read every incident that comes with clearwake, by day.

    Raises:
        UnreadableFileError: If a file has a field that is none or lacks one.
    """
    texts = {each.name: each.read_text("utf-8") for each in files(FOLDER).iterdir() if _is_yaml(each.name)}
    ships = read_ships(texts.pop(SHIPS), SHIPS)
    return tuple(read_incident(text, name, ships) for name, text in sorted(texts.items()))


def _is_yaml(name: str) -> bool:
    return name.endswith(".yml")


def read_ships(text: str, name: str) -> dict[str, Ship]:
    """Read ships and what lists say of them.

    Raises:
        UnreadableFileError: If a ship has a field that is none or lacks one.
    """
    told = yaml.safe_load(text)
    return {key: _ship(said, f"{name}, {key}") for key, said in told.items()}


def _ship(said: Mapping[str, Any], where: str) -> Ship:
    _expect({"id", "name"} <= set(said) <= _SHIP, where, sorted(said), f"fields {', '.join(sorted(_SHIP))}")
    return Ship(**said)


def read_incident(text: str, name: str, ships: Mapping[str, Ship]) -> Incident:
    """Read one incident.

    Raises:
        UnreadableFileError: If it has a field that is none or lacks one, or names a ship that is none.
    """
    told = yaml.safe_load(text)
    needed = _FIELDS - {"decided"}
    _expect(needed <= set(told) <= _FIELDS, name, sorted(told), f"fields {', '.join(sorted(_FIELDS))}")
    for key, said in told["items"].items():
        needed = {"kind", "sentence", "grade"}
        _expect(
            needed <= set(said) <= _ITEM, f"{name}, {key}", sorted(said), f"fields {', '.join(sorted(_ITEM))}"
        )
    named = [each if isinstance(each, dict) else ships.get(each) for each in told["ships"]]
    _expect(None not in named, name, told["ships"], f"ships: keys of {SHIPS}, or an id and a name")
    met = tuple(_ship(each, name) if isinstance(each, dict) else each for each in named if each is not None)
    return Incident(
        name.removesuffix(".yml"), told["title"], told["day"], told["published_by"], told["originator"], met,
        told["items"], tuple(told.get("decided", ())),
    )  # fmt: skip


def _expect(holds: object, where: str, found: object, wanted: str) -> None:
    if not holds:
        raise UnreadableFileError(where, f"found {found!r}", wanted, "see docs/incidents.md")


def items_of(incident: Incident, name_it: Callable[[str], str] | None = None) -> list[Item]:
    """Make the items of an incident: what was announced, then what lists say of its ships.

    Args:
        incident: The incident.
        name_it: Gives each item its id by what it is called in the file; a new random one if not given.

    Raises:
        UsageError: If a fact uses a word that is none.
        NotFoundError: If an observation is none.
    """
    named = name_it or (lambda _: random_id("item"))
    made = [_announced(incident, said, named(key)) for key, said in incident.items.items()]
    for ship in incident.ships:
        made += _listed(incident, ship, named)
    for each in made:
        read_facts(each.facts)
    return made


def _announced(incident: Incident, said: Mapping[str, Any], name: str) -> Item:
    origin = said.get("origin", incident.published_by)
    about = f"{incident.published_by}, public announcement by the government about the act of {incident.day}"
    facts = [_fact(each, name, said["grade"], origin) for each in said.get("facts", ())]
    seen = [reason for each in said.get("observed", ()) for reason in _observed(each, said["sentence"])]
    return Item(
        id=name,
        kind=said["kind"],
        sentence=" ".join(said["sentence"].split()),
        marking=Marking(incident.originator, "TLP:CLEAR", sensitivity="open"),
        start=_begin(said.get("start")),
        end=_begin(said.get("end")),
        lon=said.get("lon"),
        lat=said.get("lat"),
        error_m=said.get("error_m"),
        ships=tuple(said.get("ships", ())),
        facts=tuple(facts),
        reasons=tuple(seen),
        origin=origin,
        reliability=said["grade"][0],
        credibility=int(said["grade"][1]),
        citation=said.get("citation", about),
    )


def _begin(day: date | None) -> datetime | None:
    """Give the first moment of a day; announcements give days, and the hours stay open."""
    return None if day is None else datetime.combine(day, time(), UTC)


def _fact(said: Mapping[str, Any], name: str, grade: str, origin: str) -> LegalFact:
    unknown = sorted(set(said) - set(LegalFact.__dataclass_fields__))
    _expect(not unknown, name, unknown, "fields of a legal fact")
    return LegalFact(**{"grade": grade, "origin": origin, "id": name, **said})


def _observed(name: str, sentence: str) -> tuple[Reason, ...]:
    return observed(name, " ".join(sentence.split()).rstrip("."))


def _listed(incident: Incident, ship: Ship, named: Callable[[str], str]) -> Iterator[Item]:
    if ship.un:
        yield _by_committee(incident, ship, named(f"un:{ship.id}"))
    if ship.us:
        yield _by_treasury(incident, ship, named(f"us:{ship.id}"))


def _by_committee(incident: Incident, ship: Ship, name: str) -> Item:
    since, measures = ship.un["listed_on"], ship.un["measures"]
    after = ", after the act this case is about" if since > incident.day else ""
    says = f"The 1718 Committee designated {ship.name} (IMO {ship.imo}) on {since} ({', '.join(measures)}){after}"
    common = {
        "grade": "confirmed",
        "origin": "1718 Committee",
        "id": name,
        "subject": ship.id,
        "since": since,
    }
    facts = [LegalFact(kind="listed", value="UN", **common)]
    facts += [LegalFact(kind="measure", value=each, **common) for each in measures]
    return Item(
        id=name,
        kind="listing",
        sentence=f"{says}.",
        marking=Marking(incident.originator, "TLP:CLEAR", sensitivity="open"),
        start=_begin(since),
        ships=(ship.id,),
        facts=tuple(facts),
        reasons=() if after else observed("listed_ship", says),
        origin="1718 Committee",
        reliability=_LISTED[0],
        credibility=_LISTED[1],
        citation=f"UN Security Council, 1718 Committee, designated vessels, {since}; "
        "the same entry in Regulation (EU) 2017/1509, annex XIV",
        rows=canonical(_designation(ship)).decode(),
    )


def _designation(ship: Ship) -> Designation:
    return Designation(
        id=f"un:1718-vessels:{ship.imo}",
        list="un",
        edition=f"1718-vessels:{ship.un['listed_on']}",
        kind="vessel",
        name=ship.name,
        aliases=(),
        imo=ship.imo,
        flag=ship.flag,
        programmes=("UNSCR 1718",),
        measures=tuple(ship.un["measures"]),
        reference="1718 Committee",
        listed_on=_begin(ship.un["listed_on"]),
    )


def _by_treasury(incident: Incident, ship: Ship, name: str) -> Item:
    grade, origin = "".join(map(str, _LISTED_FLAG)), "US Treasury"
    called = ship.us.get("name", ship.name)
    flag = f", flag {ship.flag}" if ship.flag else ""
    entry, programme = ship.us["entry"], ship.us["programme"]
    says = f"The US Treasury's list has IMO {ship.imo} as {called}{flag} (SDN entry {entry}, programme {programme})"
    is_listed_before = bool(ship.un) and ship.un["listed_on"] <= incident.day
    facts = [LegalFact(name, "flag", ship.id, ship.flag, grade=grade, origin=origin)] if ship.flag else []
    return Item(
        id=name,
        kind="listing",
        sentence=f"{says}.",
        marking=Marking(incident.originator, "TLP:CLEAR", sensitivity="open"),
        ships=(ship.id,),
        facts=tuple(facts),
        # What the Committee's own listing says already would otherwise count twice.
        reasons=observed("dprk_flag", says) if ship.flag and not is_listed_before else (),
        origin=origin,
        reliability=_LISTED_FLAG[0],
        credibility=_LISTED_FLAG[1],
        citation="US Department of the Treasury, OFAC, Specially Designated Nationals list, edition of about 2021",
    )


OPENED_BY = By("clearwake demo", "analyst", "DEMO")
"""Who opens the cases of the published incidents."""

_OPEN = Marking(OPENED_BY.nation, "TLP:CLEAR", sensitivity="open")


def open_incidents(store: Store, by: By = OPENED_BY, without: tuple[str, ...] = ()) -> list[str]:
    """Open a case for every published incident that the desk does not have yet, and give the ids of all.

    Args:
        store: The desk.
        by: Who opens them.
        without: Ids of incidents that are left to others.
    """
    held = store.cases.versions()
    chosen = [each for each in incidents() if each.id not in without]
    for incident in chosen:
        if incident.id not in held:
            _open(store, incident, by)
    return [each.id for each in chosen]


def _open(store: Store, incident: Incident, by: By) -> None:
    made = open_case(
        store,
        by,
        title=incident.title,
        day=_begin(incident.day),
        name=incident.ships[0].name,
        ships=[ship.id for ship in incident.ships],
        items=items_of(incident),
        why=f"announced by {incident.published_by}",
        marking=_OPEN,
    )
    for each in incident.decided:
        told = {"on": str(each["day"]), **each.get("tell", {})}
        decide(store, made.id, each["act"], by, why=each["why"], told=told, marking=_OPEN)
