"""The goods provisions: what may not, or only when notified, go to or come from the DPRK, and from when to when.

They are the paragraphs of ``statutes/instruments`` that say a ``rule`` about goods; their goods fields are checked
against their schema when read.  Summaries are in our own words and are not the legal texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml

from clearwake.statutes import LAW_FIELDS, instrument_texts

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

VERBS = ("decides", "calls upon", "clarifies", "requires")
RULES = ("prohibited", "notified", "capped", "exemption")
"""``prohibited``; ``notified``: allowed up to a cap when notified; ``capped``: allowed up to an amount that no single
shipment shows; ``exemption``: lifts others where it was granted."""

CONDITIONS = ("notification", "exemption", "livelihood", "rajin", "wind_down")

_TOP = {"instrument", "title", "adopted", "source", "provisions"}
_MORE = {"binds"}
_FIELDS = {
    "paragraph", "verb", "from", "to", "superseded_by", "direction", "rule", "goods", "headings", "parts", "excepted",
    "conditions", "headings_source", "summary", "review", "cap", "notify_from", "lifts",
}  # fmt: skip
_NEEDED = {"paragraph", "verb", "from", "rule", "goods", "summary"}


@dataclass(frozen=True)
class Part:
    """Headings of which a provision covers a part; with ``words``, the part whose description has one of them."""

    codes: tuple[str, ...]
    why: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """Goods that a provision covers by their heading and leaves out by what they are."""

    text: str
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """When goods that are covered may move all the same."""

    kind: str
    text: str
    codes: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True)
class Provision:
    """One paragraph: which goods, which way, from when to when, and on which conditions they may move."""

    resolution: str
    paragraph: str
    verb: str
    since: date
    until: date | None
    """The last day in force; null while it is."""
    superseded_by: str | None
    direction: str | None
    """``to`` or ``from`` the DPRK; null for exemptions."""
    rule: str
    goods: str
    summary: str
    source: str
    headings: tuple[str, ...] = ()
    """Chapters, headings and subheadings covered as a whole; a shorter one covers all that begin with it."""
    parts: tuple[Part, ...] = ()
    excepted: tuple[LeftOut, ...] = ()
    conditions: tuple[Condition, ...] = ()
    headings_source: str | None = None
    review: str | None = None
    """What a legal reviewer should look at."""
    cap: str | None = None
    notify_from: date | None = None
    """From when supplies are to be notified, where that is later than ``since``."""
    lifts: tuple[str, ...] = ()
    """References of what an exemption lifts; ``all`` for any."""

    @property
    def reference(self) -> str:
        """How it is cited: ``UNSCR 2397 ¶5``."""
        return f"{self.resolution} ¶{self.paragraph}"

    def in_force(self, day: date) -> bool:
        """Tell whether it was in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@cache
def provisions() -> tuple[Provision, ...]:
    """Read every goods provision, in the order of resolutions and paragraphs.

    Raises:
        ValueError: If a file does not follow the schema.
    """
    read = [provision for name, text in instrument_texts() for provision in read_instrument(text, name)]
    known = {provision.reference for provision in read}
    for provision in read:
        named = {provision.superseded_by} - {None} | set(provision.lifts) - {"all"}
        if named - known:
            message = (
                f"{provision.reference} names {', '.join(sorted(map(str, named - known)))}, which is not here"
            )
            raise ValueError(message)
    return tuple(read)


def read_instrument(text: str, name: str) -> list[Provision]:
    """Read the goods provisions of one instrument from YAML; paragraphs without a ``rule`` are not about goods.

    Raises:
        ValueError: If it does not follow the schema: a field that is not known, one that is missing, a verb, rule or
            direction that is none, a heading that is no HS code, a date that is no date or an end before its
            beginning.
    """
    told: dict[str, Any] = yaml.load(text, Loader=_SAFE)  # noqa: S506 - both are safe loaders
    _expect(name, "instrument", set(told) - _MORE == _TOP, f"exactly the fields {', '.join(sorted(_TOP))}")
    about_goods = (each for each in told["provisions"] if "rule" in each)
    return [_provision(each, told, name) for each in about_goods]


def _provision(said: Mapping[str, Any], told: Mapping[str, Any], name: str) -> Provision:
    where = f"{name}, paragraph {said.get('paragraph')}"
    _check(said, where)
    return Provision(
        resolution=told["instrument"],
        paragraph=str(said["paragraph"]),
        verb=said["verb"],
        since=said["from"],
        until=said.get("to"),
        superseded_by=said.get("superseded_by"),
        direction=said.get("direction"),
        rule=said["rule"],
        goods=said["goods"],
        summary=said["summary"],
        source=told["source"],
        headings=_codes(said.get("headings", ()), where),
        parts=tuple(Part(_codes(p["codes"], where), p["why"], _words(p)) for p in said.get("parts", ())),
        excepted=tuple(
            LeftOut(e["text"], _codes(e.get("codes", ()), where), _words(e)) for e in said.get("excepted", ())
        ),
        conditions=tuple(_condition(c, where) for c in said.get("conditions", ())),
        headings_source=said.get("headings_source"),
        review=said.get("review"),
        cap=_cap(said.get("cap")),
        notify_from=said.get("notify_from"),
        lifts=_lifts(said.get("lifts", ())),
    )


def _check(said: Mapping[str, Any], where: str) -> None:
    unknown, missing = set(said) - _FIELDS - set(LAW_FIELDS), _NEEDED - set(said)
    _expect(where, "fields", not unknown, f"none called {', '.join(sorted(unknown))}")
    _expect(where, "fields", not missing, f"one called {', '.join(sorted(missing))}")
    _expect(where, "verb", said["verb"] in VERBS, f"one of {', '.join(VERBS)}")
    _expect(where, "rule", said["rule"] in RULES, f"one of {', '.join(RULES)}")
    is_exemption = said["rule"] == "exemption"
    wanted = (None,) if is_exemption else ("to", "from")
    _expect(where, "direction", said.get("direction") in wanted, "to or from, and none for an exemption")
    is_told = is_exemption or bool(
        said.get("headings_source") and (said.get("headings") or said.get("parts"))
    )
    _expect(where, "headings", is_told, "some, and headings_source")
    days = [said["from"], said.get("to"), said.get("notify_from")]
    is_day = all(each is None or type(each) is date for each in days)
    _expect(where, "from, to, notify_from", is_day, "days such as 2017-12-22")
    _expect(where, "to", said.get("to") is None or said["to"] >= said["from"], "a day not before from")


def _condition(said: Mapping[str, Any], where: str) -> Condition:
    _expect(where, "conditions", said["kind"] in CONDITIONS, f"one of {', '.join(CONDITIONS)}")
    needs_day = (said["kind"] == "wind_down") == (type(said.get("until")) is date)
    _expect(where, "conditions", needs_day, "a day until, for winding down and nothing else")
    return Condition(said["kind"], said["text"], _codes(said.get("codes", ()), where), said.get("until"))


def _codes(said: Sequence[Any], where: str) -> tuple[str, ...]:
    for each in said:
        is_code = isinstance(each, str) and each.isdigit() and len(each) in (2, 4, 6, 8, 10)
        _expect(where, "headings", is_code, f"HS codes in quotation marks, not {each!r}")
    return tuple(said)


def _words(said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(word).lower() for word in said.get("words", ()))


def _lifts(said: str | Sequence[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


def _cap(said: Mapping[str, Any] | None) -> str | None:
    """Say a cap in words: ``500,000 bbl, each calendar year from 2018``."""
    if said is None:
        return None
    amount = f"{said['quantity']:,} {said['unit']}, " if "quantity" in said else ""
    return f"{amount}{said['window']}"


def _expect(where: str, field: str, holds: bool, wanted: str) -> None:  # noqa: FBT001 - a test, read as one
    if not holds:
        message = f"{where}: {field} should have {wanted}"
        raise ValueError(message)
