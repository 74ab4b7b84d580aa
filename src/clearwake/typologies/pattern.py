"""The pattern language: what a typology's file may say, checked word by word when it is read.

The page ``docs/typologies.md`` explains it with an example; every word a file uses must be one of these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from clearwake.model import UnreadableFileError, schema
from clearwake.typologies.happenings import TABLES

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

ENDINGS = (".yml", ".yaml")
"""Files with these endings are typologies; any other in the folder is not looked at."""


_RESOLVERS = {
    first: [(tag, shape) for tag, shape in some if tag != "tag:yaml.org,2002:timestamp"]
    for first, some in _SAFE.yaml_implicit_resolvers.items()
}
_PLAIN = type("_Plain", (_SAFE,), {"yaml_implicit_resolvers": _RESOLVERS})
"""Reads days as they are written, so that a wrong one can be told with its field."""

NEEDED = ("anchor", "always", "yes", "helps")
"""How much an element matters: the event everything is looked for around; without which nothing is listed; counted;
said where shown but not counted."""

TESTS = ("not", "at_least", "above", "below", "at_most", "one_of", "contains")

FACTS = ("flag", "type", "listed", "dprk_nexus", "shorter_than", "other_flag_than")
"""What can be asked of a ship; see ``facts``."""

TYPES = ("tanker", "dry_cargo", "other")

Box = tuple[float, float, float, float]
"""West, south, east, north; degrees."""


@dataclass(frozen=True)
class Source:
    """Events of one table that show an element, or contradict it."""

    table: str
    ships: tuple[str, ...]
    """The roles its ships play; the first is its ``mmsi_a`` or, both ways being tried, its ``mmsi_b``."""
    where: tuple[tuple[str, str, Any], ...]
    """Column, test, value; all must hold."""


@dataclass(frozen=True)
class Element:
    """One part of a typology: events, or a fact about a ship; where both are given either shows it."""

    name: str
    says: str
    needed: str
    sources: tuple[Source, ...] = ()
    contradicted_by: tuple[Source, ...] = ()
    fact: tuple[str, str, Any] | None = None
    """Role, what is asked, and what it should be."""
    areas: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    during: str | None = None
    within_days: float | None = None


@dataclass(frozen=True)
class Typology:
    """A published method of evasion."""

    id: str
    title: str
    about: str
    published: tuple[str, ...]
    """Who published it, where, when."""
    since: date
    until: date | None
    """The days on which its anchor may begin; the method changed by year."""
    roles: tuple[str, ...]
    elements: tuple[Element, ...]
    listed_from: int
    """So many needed elements must be shown for a partial one to be listed."""
    against: tuple[str, ...]
    """What else such events can be."""
    definition: str
    """A hash of the file."""

    @property
    def anchor(self) -> Element:
        """The event everything else is looked for around."""
        return next(e for e in self.elements if e.needed == "anchor")

    @property
    def counted(self) -> tuple[Element, ...]:
        """The elements that must all be shown."""
        return tuple(e for e in self.elements if e.needed != "helps")


@cache
def typologies() -> tuple[Typology, ...]:
    """Read every typology that comes with clearwake, by id.

    Raises:
        UnreadableFileError: If a file does not follow the language.
    """
    return _read(files("clearwake.typologies") / "patterns")


def typologies_of(folder: Path) -> tuple[Typology, ...]:
    """Read the typologies that come with clearwake and those of a folder, which need not exist.

    Raises:
        UnreadableFileError: If a file does not follow the language, or two have the same id.
    """
    own = _read(folder) if folder.is_dir() else ()
    known = {each.id for each in typologies()}
    for at, each in enumerate(own):
        if each.id in known or each.id in {other.id for other in own[:at]}:
            raise _wrong(str(folder), f"two typologies called {each.id!r}", "an id that no other has")
    return (*typologies(), *own)


def _read(folder: Traversable) -> tuple[Typology, ...]:
    texts = sorted((f.name, f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(ENDINGS))
    return tuple(read_typology(text, name) for name, text in texts)


@cache
def areas() -> Mapping[str, Box]:
    """Give the areas that files may name."""
    told = yaml.load((files("clearwake.typologies") / "areas.yml").read_text("utf-8"), Loader=_SAFE)  # noqa: S506 - both are safe loaders
    return {name: (float(w), float(s), float(e), float(n)) for name, (w, s, e, n) in told.items()}


def read_typology(text: str, name: str) -> Typology:
    """Read one typology from YAML.

    Args:
        text: The file.
        name: What it is called; its stem must be the typology's id.

    Raises:
        UnreadableFileError: If it does not follow the language: where, what was found, and what is allowed.
    """
    try:
        told = yaml.load(text, Loader=_PLAIN)  # noqa: S506 - a safe loader that knows one type less
    except yaml.YAMLError as failure:
        raise _wrong(name, str(failure).splitlines()[0], "YAML") from failure
    at = _At(name)
    at.mapping(told, needed=_TOP, allowed=(*_TOP, "against"))
    stem, _, _ = name.rpartition(".")
    at.expect(told["id"] == stem, told["id"], "the file's name without .yml or .yaml, as id")
    at.expect(isinstance(told["roles"], list) and told["roles"], told["roles"], "roles: a list of names")
    since, until = _days(at.of("in_force"), told["in_force"])
    roles = tuple(map(str, told["roles"]))
    elements = _elements(at, told["elements"], roles)
    counted = sum(e.needed != "helps" for e in elements)
    listed = told["listed_from"]
    at.expect(isinstance(listed, int) and 1 <= listed <= counted, listed, f"listed_from: 1 to {counted}")
    return Typology(
        told["id"], told["title"], " ".join(str(told["about"]).split()), _texts(at.of("published"), told["published"]),
        since, until, roles, elements, listed, _texts(at.of("against"), told.get("against", [])),
        hashlib.sha256(text.encode()).hexdigest()[:12],
    )  # fmt: skip


_TOP = ("id", "title", "about", "published", "in_force", "roles", "elements", "listed_from")
_ELEMENT = ("name", "says", "needed")
_MORE = ("any", "fact", "contradicted_by", "in", "after", "before", "during", "within_days")


def _wrong(where: str, found: str, wanted: str) -> UnreadableFileError:
    return UnreadableFileError(
        where, found, f"a typology: {wanted}", "see docs/typologies.md for the language"
    )


@dataclass(frozen=True)
class _At:
    """Where in a file one is, for errors that say so."""

    where: str

    def of(self, more: str) -> _At:
        return _At(f"{self.where}, {more}")

    def expect(self, holds: object, found: object, wanted: str) -> None:
        if not holds:
            raise _wrong(self.where, f"found {found!r}", wanted)

    def mapping(self, told: object, needed: Sequence[str], allowed: Sequence[str]) -> None:
        self.expect(isinstance(told, dict), told, f"fields {', '.join(allowed)}")
        assert isinstance(told, dict)  # noqa: S101 - just made sure of
        unknown, missing = [k for k in told if k not in allowed], [k for k in needed if k not in told]
        self.expect(not unknown, unknown, f"no other fields than {', '.join(allowed)}")
        self.expect(not missing, sorted(told), f"a field {', '.join(missing)}")


def _days(at: _At, told: Any) -> tuple[date, date | None]:  # noqa: ANN401 - as the file has it
    at.mapping(told, needed=("from",), allowed=("from", "to"))
    since = _day(at.of("from"), told["from"])
    until = _day(at.of("to"), told["to"]) if told.get("to") is not None else None
    at.expect(until is None or until >= since, told, "days such as 2017-09-11, to not before from")
    return since, until


def _day(at: _At, told: object) -> date:
    """Read a day; one that the calendar does not have is told with where it stands."""
    try:
        return datetime.strptime(str(told), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as failure:
        wanted = "a day of the calendar, year-month-day, such as 2017-09-11"
        raise _wrong(at.where, f"found {told!r}", wanted) from failure


def _texts(at: _At, told: Any) -> tuple[str, ...]:  # noqa: ANN401 - as the file has it
    at.expect(isinstance(told, list) and all(isinstance(t, str) for t in told), told, "a list of sentences")
    return tuple(" ".join(each.split()) for each in told)


def _elements(at: _At, told: Any, roles: tuple[str, ...]) -> tuple[Element, ...]:  # noqa: ANN401 - as the file has it
    at.expect(isinstance(told, list) and told, told, "elements: a list")
    found: list[Element] = []
    for each in told:
        found.append(_element(at, each, roles, [e.name for e in found]))
    anchors = [e.name for e in found if e.needed == "anchor"]
    at.expect(len(anchors) == 1 and found[0].needed == "anchor", anchors, "one anchor, as the first element")
    at.expect(len({e.name for e in found}) == len(found), [e.name for e in found], "names that differ")
    return tuple(found)


def _element(at: _At, told: Any, roles: tuple[str, ...], earlier: list[str]) -> Element:  # noqa: ANN401 - as the file has it
    at.mapping(told, needed=_ELEMENT, allowed=(*_ELEMENT, *_MORE))
    here = at.of(f"element {told['name']}")
    needed = {True: "yes"}.get(told["needed"], told["needed"])  # YAML reads a bare yes as true
    here.expect(needed in NEEDED, needed, f"needed: {', '.join(NEEDED)}")
    here.expect(
        "any" in told or "fact" in told, sorted(told), "any (events), or fact, or both: either shows it"
    )
    for relation in ("after", "before", "during"):
        here.expect(
            told.get(relation) in (None, *earlier), told.get(relation), f"{relation}: an element above"
        )
    for area in told.get("in", []):
        here.expect(area in areas(), area, f"in: {', '.join(areas())}")
    days = told.get("within_days")
    here.expect(days is None or (isinstance(days, int | float) and days > 0), days, "within_days: a number")
    return Element(
        told["name"], told["says"], needed, _sources(here, told.get("any", []), roles),
        _sources(here, told.get("contradicted_by", []), roles), _fact(here, told.get("fact"), roles),
        tuple(told.get("in", [])), told.get("after"), told.get("before"), told.get("during"), days,
    )  # fmt: skip


def _sources(at: _At, told: Any, roles: tuple[str, ...]) -> tuple[Source, ...]:  # noqa: ANN401 - as the file has it
    at.expect(isinstance(told, list), told, "a list of tables")
    return tuple(_source(at, each, roles) for each in told)


def _source(at: _At, told: Any, roles: tuple[str, ...]) -> Source:  # noqa: ANN401 - as the file has it
    at.mapping(told, needed=("table", "ships"), allowed=("table", "ships", "where"))
    at.expect(told["table"] in TABLES, told["table"], f"table: one of {', '.join(TABLES)}")
    here = at.of(told["table"])
    ships = told["ships"]
    here.expect(isinstance(ships, list) and 1 <= len(ships) <= 2, ships, "ships: one or two roles")
    here.expect(all(ship in roles for ship in ships), ships, f"roles: {', '.join(roles)}")
    known = schema(TABLES[told["table"]])
    tests = []
    for column, wanted in told.get("where", {}).items():
        here.expect(column in known, column, f"a column of {told['table']}: {', '.join(known)}")
        for test, value in wanted.items() if isinstance(wanted, dict) else [("one_of", wanted)]:
            here.expect(test in TESTS, test, f"a test: {', '.join(TESTS)}")
            tests.append((column, test, value))
    return Source(told["table"], tuple(ships), tuple(tests))


def _fact(at: _At, told: Any, roles: tuple[str, ...]) -> tuple[str, str, Any] | None:  # noqa: ANN401 - as the file has it
    if told is None:
        return None
    at.mapping(told, needed=("ship",), allowed=("ship", *FACTS))
    asked = [fact for fact in FACTS if fact in told]
    at.expect(
        told["ship"] in roles and len(asked) == 1,
        told,
        f"a ship ({', '.join(roles)}) and one of {', '.join(FACTS)}",
    )
    value = told[asked[0]]
    rule: Mapping[str, Callable[[Any], bool]] = {
        "type": lambda v: v in TYPES,
        "listed": lambda v: isinstance(v, bool),
        "dprk_nexus": lambda v: isinstance(v, bool),
        "shorter_than": lambda v: v in roles,
        "other_flag_than": lambda v: v in roles,
        "flag": lambda v: isinstance(v, list) or (isinstance(v, dict) and set(v) == {"not"}),
    }
    at.expect(rule[asked[0]](value), value, f"a value for {asked[0]}")
    return told["ship"], asked[0], value
