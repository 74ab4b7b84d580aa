"""The provisions: paragraphs of resolutions, orders and conventions, with their dates, binding verb and elements.

One file per instrument lies in ``instruments`` beside this one.  Summaries are in our own words, keep the verb of the
text they summarise, and are not the legal texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from clearwake.model import NotFoundError
from clearwake.statutes.files_read import expect, expect_fields, parsed
from clearwake.statutes.shown import elements

VERBS = (
    "decides", "calls upon", "requires", "clarifies", "provides", "prohibits", "blocks", "directs", "states",
)  # fmt: skip
"""How a text binds.  ``decides`` and ``requires`` oblige, ``calls upon`` asks; conventions provide; orders prohibit,
block or direct; guidance states."""

KINDS = ("prohibition", "limit", "duty", "power", "measure", "exemption", "zone", "rule")
"""``limit``: allowed up to an amount or when notified; ``power``: somebody may; ``measure``: somebody may order it;
``zone``: says where what holds; ``rule``: says how to read others."""

TOP = ("instrument", "title", "adopted", "source", "binds", "provisions")

LAW_FIELDS = ("kind", "binds", "elements", "opens", "opens_by_any", "threshold", "called", "actions")
"""What a paragraph says for the law room alone."""

_SHARED = ("paragraph", "verb", "from", "to", "superseded_by", "summary", "review")

GOODS_FIELDS = (
    "direction", "rule", "goods", "headings", "parts", "excepted", "conditions", "headings_source", "cap",
    "notify_from", "lifts",
)  # fmt: skip
"""What a paragraph says for the goods room, which checks their values; the headings are read by both."""

_NEEDED = ("paragraph", "verb", "from", "summary", "kind", "elements")


@dataclass(frozen=True)
class Action:
    """An act of an authority under a provision: a fact about designations, and no provision itself."""

    day: date
    by: str
    named: tuple[str, ...]
    why: str
    tag: str | None
    source: str


@dataclass(frozen=True)
class Provision:
    """One paragraph: who is bound to what, from when to when, and what has to be so."""

    id: str
    """``unscr-2375-11``."""
    instrument: str
    title: str
    paragraph: str
    binding: str
    in_force_from: date
    in_force_to: date | None
    """The last day in force; null while it is."""
    superseded_by: str | None
    """The id of the paragraph that took its place."""
    kind: str
    binds: str
    elements: tuple[str, ...]
    """Names of the elements that must all be so."""
    opens: tuple[str, ...]
    """Names of the elements by which it comes up: none of them against, and one of them at least indicated."""
    opens_by_any: bool
    """Whether one of these at least indicated is enough, whatever speaks against the others: for a paragraph that
    reaches the ship as soon as it comes somewhere, so that the table says that it is not there yet."""
    threshold: str | None
    """In words, as the text has it; null where the text states none."""
    summary: str
    source: str
    review: str | None
    """What a lawyer should confirm."""
    actions: tuple[Action, ...] = ()
    called: tuple[str, ...] = ()
    """Goods words that meet it as they stand."""
    lifts: tuple[str, ...] = ()
    """Ids of what an exemption lifts; ``all`` for any."""
    goods: Mapping[str, Any] = field(default_factory=dict)
    """The goods fields as they stand in the file: headings, parts, what is left out."""

    @property
    def reference(self) -> str:
        """How it is cited: ``UNSCR 2375 ¶11``, ``EO 13810 §2``, ``UNCLOS Art. 110``."""
        sign = {"UNSCR": "¶", "EO": "§", "UNCLOS": "Art. "}.get(self.instrument.split()[0], "")
        return f"{self.instrument} {sign}{self.paragraph}"

    def in_force(self, day: date) -> bool:
        """Tell whether it was in force on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def lifts_from(self, other: str) -> bool:
        """Tell whether it is an exemption that lifts another provision, by id."""
        return "all" in self.lifts or other in self.lifts


def identifier(reference: str) -> str:
    """Make an id of an instrument and paragraph: ``UNSCR 2375 ¶11`` is ``unscr-2375-11``, ``8(a)(i)`` is ``8a-i``."""
    bare = re.sub(r"[¶§]|Art\. ", "", reference).lower().replace("50 %", "50")
    bare = re.sub(r"(?<=\d)\((\w)\)", r"\1", bare)
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


_FAMILIES = ("UNSCR", "EO", "OFAC", "UNCLOS")


@cache
def provisions() -> tuple[Provision, ...]:
    """Read every provision: the UN's first, then the US, then the law of the sea; each in the order of its file.

    Raises:
        UnreadableFileError: If a file does not follow the schema, or names a paragraph that is not here.
    """
    each_file = (each for name, text in instrument_texts() for each in read_instrument(text, name))
    read = tuple(sorted(each_file, key=lambda each: _FAMILIES.index(each.instrument.split()[0])))
    known = [each.id for each in read]
    expect(
        len(known) == len(set(known)),
        "instruments",
        sorted(i for i in known if known.count(i) > 1),
        "ids once",
    )
    for each in read:
        named = {each.superseded_by} - {None} | set(each.lifts) - {"all"}
        expect(
            named <= set(known),
            each.reference,
            sorted(map(str, named - set(known))),
            "paragraphs that are here",
        )
    return read


def provision(wanted: str) -> Provision:
    """Give one provision by its id or by how it is cited.

    Raises:
        NotFoundError: If there is none.
    """
    asked = identifier(wanted)
    found = next((each for each in provisions() if each.id == asked), None)
    if found is None:
        near = [each.id for each in provisions() if each.id.rsplit("-", 1)[0] == asked.rsplit("-", 1)[0]]
        message = f"no provision {wanted!r}\n  next: {', '.join(near) or 'clearwake law gives all ids'}"
        raise NotFoundError(message)
    return found


def instrument_texts() -> Iterator[tuple[str, str]]:
    """Give the name and text of every file of provisions, by name."""
    folder = files("clearwake.statutes") / "instruments"
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.name.endswith(".yml"):
            yield each.name, each.read_text("utf-8")


def read_instrument(text: str, name: str) -> list[Provision]:
    """Read the provisions of one instrument from YAML, checking all but the values of the goods fields.

    Raises:
        UnreadableFileError: If it does not follow the schema: a field that is not known or is missing, a verb, kind,
            element or threshold that is none, a date that is no date, an end before its beginning.
    """
    told = expect_fields(parsed(text, name), name, TOP, TOP)
    expect(
        told["instrument"].split()[0] in _FAMILIES,
        name,
        told["instrument"],
        f"instrument: {', '.join(_FAMILIES)}",
    )
    expect(type(told["adopted"]) is date, name, told["adopted"], "adopted: a day")
    expect(isinstance(told["provisions"], list), name, told["provisions"], "provisions: a list")
    return [_provision(each, told, name) for each in told["provisions"]]


def _provision(said: Any, told: Mapping[str, Any], name: str) -> Provision:  # noqa: ANN401 - as the file has it
    where = f"{name}, paragraph {said.get('paragraph') if isinstance(said, dict) else said!r}"
    expect_fields(said, where, _NEEDED, (*_SHARED, *LAW_FIELDS, *GOODS_FIELDS))
    _check(said, where)
    succeeded, lifts = said.get("superseded_by"), said.get("lifts", ())
    return Provision(
        id=identifier(f"{told['instrument']} {said['paragraph']}"),
        instrument=told["instrument"],
        title=told["title"],
        paragraph=str(said["paragraph"]),
        binding=said["verb"],
        in_force_from=said["from"],
        in_force_to=said.get("to"),
        superseded_by=identifier(succeeded) if succeeded else None,
        kind=said["kind"],
        binds=said.get("binds", told["binds"]),
        elements=tuple(said["elements"]),
        opens=tuple(said.get("opens", said["elements"][:1])),
        opens_by_any=bool(said.get("opens_by_any")),
        threshold=said.get("threshold"),
        summary=" ".join(said["summary"].split()),
        source=told["source"],
        review=said.get("review"),
        actions=tuple(_action(each, where) for each in said.get("actions", ())),
        called=tuple(said.get("called", ())),
        lifts=("all",) if lifts == "all" else tuple(identifier(each) for each in lifts),
        goods={key: said[key] for key in GOODS_FIELDS if key in said},
    )


def _check(said: Mapping[str, Any], where: str) -> None:
    expect(said["verb"] in VERBS, where, said["verb"], f"verb: {', '.join(VERBS)}")
    expect(said["kind"] in KINDS, where, said["kind"], f"kind: {', '.join(KINDS)}")
    since, until = said["from"], said.get("to")
    are_days = type(since) is date and (until is None or (type(until) is date and until >= since))
    expect(are_days, where, [since, until], "days such as 2017-12-22, to not before from")
    expect(until is not None or "superseded_by" not in said, where, until, "a day to, being superseded")
    for field_name in ("elements", "opens"):
        names = said.get(field_name, [])
        unknown = [each for each in names if each not in elements()] if isinstance(names, list) else names
        expect(
            isinstance(names, list) and not unknown,
            where,
            unknown,
            f"{field_name}: a list of names in elements.yml",
        )
    expect(said["elements"], where, said["elements"], "one element at least")
    about_goods = sorted(set(said) & set(GOODS_FIELDS))
    expect("rule" in said or not about_goods, where, about_goods, "a rule, having goods fields")


def _action(said: Any, where: str) -> Action:  # noqa: ANN401 - as the file has it
    needed = ("day", "by", "named", "why", "source")
    expect_fields(said, f"{where}, actions", needed, (*needed, "tag"))
    expect(type(said["day"]) is date, where, said["day"], "actions: a day")
    return Action(said["day"], said["by"], tuple(said["named"]), said["why"], said.get("tag"), said["source"])
