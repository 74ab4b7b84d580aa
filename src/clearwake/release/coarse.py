"""One item as an audience may have it: in full under new names, or its tear-line.

Both are made field by field: a field that is not named here does not leave the desk.  A tear-line is made from coarse
values alone, and its sentence from them too; nothing that a person wrote about the fine ones is in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from clearwake.model import PUBLIC, Item, LegalFact, Marking, Reason
from clearwake.release import grid
from clearwake.release.markings import Level
from clearwake.release.naming import Secret
from clearwake.statutes import goods_words, vocabulary

_SHIP = re.compile(r"imo:\d{7}|mmsi:\d{9}|ship:[^\s:]{1,80}")

WITHOUT_PLACE = frozenset(
    {"transfer", "goods", "loaded", "originates", "bound_for", "delivered", "flag", "sham_flag", "owned_in",
     "owned_by_listed", "listed", "designated", "national", "ais", "service", "crew"}
)  # fmt: skip
"""Kinds of facts a tear-line keeps: they tell neither where exactly, nor when within the day, nor who saw it."""

WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""A coarse reason has one of these weights (natural logarithms): the next lower one where it accuses, the next higher
one where it speaks for anything else, so that coarsening never makes a case look worse."""

CLAIM = "breach"
"""The explanation that accuses."""

COARSENED = (
    "sentence", "start", "end", "lon", "lat", "error_m", "observer", "platform", "facts", "reasons", "origin",
    "citation", "mmsi", "rows", "sha256",
)  # fmt: skip
"""Fields that a tear-line coarsens or leaves out, in the order of ``Item``: always all of them are named, since to name
just those that held something would tell which did."""

PHOTOGRAPHS = frozenset({"photograph"})


@dataclass(frozen=True)
class Grain:
    """How coarse places and times become."""

    cell_min: int
    """The side of a cell, minutes of arc; one of ``grid.SIZES_MIN``."""
    span: timedelta


GRAINS = {
    "open": Grain(10, timedelta(hours=1)),
    "ordinary": Grain(30, timedelta(days=1)),
    "sensitive": Grain(60, timedelta(days=1)),
}
"""By the sensitivity of the source."""


@dataclass(frozen=True)
class For:
    """For whom, and under which names."""

    audience: tuple[str, ...]
    secret: Secret
    merged: frozenset[str]
    """Originators whose items count as one origin, because some of theirs are given coarsened: were their own origins
    told, one source could count twice; were they told to be the same, the withheld origin would be."""
    named: frozenset[str]
    """Desk's ids of the items and decisions this audience is given in some form."""
    known: frozenset[str]
    """Desk's ids of all there are, withheld and withdrawn ones too."""

    def ids(self, originals: tuple[str, ...]) -> tuple[str, ...]:
        """Give the new ids of those that are given."""
        return tuple(self.secret.of(i) for i in originals if i in self.named)


def given(item: Item, level: Level, to: For) -> Item:
    """Give an item in full or as a tear-line, under its new name.

    Raises:
        ValueError: If it is withheld.
    """
    if level == "withheld":
        message = f"{item.kind} is withheld from {', '.join(to.audience)}"
        raise ValueError(message)
    return _full(item, to) if level == "full" else tear_line(item, to)


def handling(marking: Marking, to: For, level: Level) -> Marking:
    """Give what a released item says about sharing it on: to this audience and nobody else.

    Who else may have it is not told, and neither is how sensitive its source is.
    """
    if PUBLIC in to.audience:
        return Marking(marking.originator, "TLP:CLEAR")
    label = marking.tlp if level == "full" and marking.tlp != "TLP:CLEAR" else "TLP:AMBER"
    is_open = level == "full" and marking.tlp in {"TLP:CLEAR", "TLP:GREEN"} and not marking.releasable_to
    if is_open:
        return Marking(marking.originator, marking.tlp)
    return Marking(marking.originator, label, to.audience)


def _full(item: Item, to: For) -> Item:
    said = to.secret.scrubbed
    new = to.secret.of(item.id)
    return Item(
        id=new, kind=item.kind, sentence=said(item.sentence), marking=handling(item.marking, to, "full"),
        start=item.start, end=item.end, lon=item.lon, lat=item.lat, error_m=item.error_m,
        observer=_said(item.observer, to), platform=_said(item.platform, to),
        ships=tuple(said(s) for s in item.ships),
        facts=tuple(_fact(f, item, new, to) for f in item.facts if _stands(f, item, to)),
        reasons=tuple(
            Reason(r.explanation, r.is_for, r.weight, said(r.weight_origin), said(r.sentence), r.observation)
            for r in item.reasons
        ),
        origin=_origin(item, to), reliability=item.reliability, credibility=item.credibility,
        citation=item.citation and to.secret.cited(item.citation), rests_on=to.ids(item.rests_on), mmsi=item.mmsi,
        rows=None if item.rows is None else to.secret.said(item.rows, item.kind),
        sha256=None if item.kind in PHOTOGRAPHS else item.sha256,
    )  # fmt: skip


def _said(text: str | None, to: For) -> str | None:
    return None if text is None else to.secret.scrubbed(text)


def _origin(item: Item, to: For) -> str | None:
    if item.marking.originator in to.merged:
        return item.marking.originator
    return _said(item.origin, to)


def _stands(fact: LegalFact, item: Item, to: For) -> bool:
    """Tell whether a fact rests on nothing in the case that is not given."""
    return not any(e in to.known and e not in to.named for e in fact.evidence if e != item.id)


def _fact(fact: LegalFact, item: Item, new: str, to: For) -> LegalFact:
    """Give a fact in full: it rests on its item, and on those others it named that are given."""
    said = to.secret.scrubbed
    others = tuple(e for e in fact.evidence if e in to.named and e != item.id)
    return LegalFact(
        id=new, kind=fact.kind, subject=_said(fact.subject, to), value=_said(fact.value, to),
        object=_said(fact.object, to), amount=fact.amount, holds=fact.holds, since=fact.since, until=fact.until,
        act=_act(fact, to), grade=said(fact.grade), origin=_origin(item, to),
        evidence=(new, *to.ids(others)) if others else (),
    )  # fmt: skip


def _act(fact: LegalFact, to: For) -> str | None:
    """Give an act of a case a name that tells nothing of it, the same wherever the act is meant."""
    return None if fact.act is None else to.secret.name("act", fact.act)


def tear_line(item: Item, to: For) -> Item:
    """Give the coarse version of an item."""
    grain = GRAINS.get(item.marking.sensitivity, GRAINS["sensitive"])
    who = item.marking.originator
    new = to.secret.of(item.id)
    where = None
    if item.lon is not None and item.lat is not None and item.kind != "track":
        where = grid.cell(item.lon, item.lat, grain.cell_min, item.error_m)
    start = None if item.start is None else grid.floored(item.start, grain.span)
    ends_at = item.end or item.start
    end = None if ends_at is None else grid.ceiled(ends_at, grain.span)
    ships = tuple(s for s in item.ships if _SHIP.fullmatch(s))
    grade = _graded(item)
    coarse = Item(
        id=new, kind=_plain(item.kind), sentence="", marking=handling(item.marking, to, "tear-line"),
        start=start, end=end, lon=where and where.lon, lat=where and where.lat, error_m=where and where.error_m,
        platform=None if item.platform is None else f"an asset of {who}",
        ships=tuple(to.secret.scrubbed(s) for s in ships),
        facts=tuple(_coarse_fact(f, new, who, to) for f in item.facts if _is_coarse(f, item, ships, to)),
        reasons=_coarse_reasons(item), origin=who, reliability=grade[0], credibility=grade[1],
        rests_on=to.ids(item.rests_on),
    )  # fmt: skip
    return _worded(coarse, grain)


def _plain(kind: str) -> str:
    return kind if re.fullmatch(r"[a-z]{3,20}", kind) else "item"


def _graded(item: Item) -> tuple[str | None, int | None]:
    """Give an Admiralty grade, if it is one and no other text."""
    reliability = item.reliability if item.reliability in {*"ABCDEF"} else None
    return reliability, item.credibility if item.credibility in range(1, 7) else None


def _is_coarse(fact: LegalFact, item: Item, ships: tuple[str, ...], to: For) -> bool:
    about = {None, *ships}
    is_about_ships = fact.subject in about and (fact.kind != "transfer" or fact.object in about)
    return fact.kind in WITHOUT_PLACE and is_about_ships and _stands(fact, item, to)


_COUNTRY = re.compile(r"[A-Z]{3}")
_HEADING = re.compile(r"\d{2,6}")
_GRADE = re.compile(r"[A-F][1-6]|confirmed|probable|claimed|doubtful")


def _coarse_fact(fact: LegalFact, new: str, who: str, to: For) -> LegalFact:
    """Give a fact without amounts and free words: kind, whom it is about, what of the vocabulary it says, the day."""
    said = to.secret.scrubbed
    about = said(fact.subject) if fact.subject else None
    other = said(fact.object) if fact.kind == "transfer" and fact.object else _country(fact.object)
    return LegalFact(
        id=new, kind=fact.kind, subject=about, value=_word(fact), object=other, holds=fact.holds, since=fact.since,
        until=fact.until, act=_act(fact, to), grade=fact.grade if _GRADE.fullmatch(fact.grade) else "claimed",
        origin=who,
    )  # fmt: skip


def _country(text: str | None) -> str | None:
    return text if text is not None and _COUNTRY.fullmatch(text) else None


def _word(fact: LegalFact) -> str | None:
    """Give what a fact says if that is a word of the law's vocabulary; anything else could say anything."""
    text, kind = fact.value, vocabulary()[fact.kind]
    if text is None or text in kind.words or (kind.form == "goods" and text in goods_words()):
        return text
    is_code = bool(_COUNTRY.fullmatch(text) if kind.form == "country" else _HEADING.fullmatch(text))
    return text if is_code and kind.form in {"country", "goods"} else None


def _coarse_reasons(item: Item) -> tuple[Reason, ...]:
    """Say which explanations an item speaks for or against, and about how strongly; each once."""
    strongest: dict[tuple[str, bool], float] = {}
    for reason in item.reasons:
        key = (reason.explanation, reason.is_for)
        weight = _weight(reason)
        if weight is not None and re.fullmatch(r"[a-z_]{1,30}", reason.explanation):
            strongest[key] = max(weight, strongest.get(key, 0.0))
    kind = _plain(item.kind)
    return tuple(
        Reason(what, is_for, weight, "coarsened for this audience", _reason(kind, what, is_for=is_for))
        for (what, is_for), weight in sorted(strongest.items())
    )


def _weight(reason: Reason) -> float | None:
    accuses = reason.is_for == (reason.explanation == CLAIM)
    if accuses:
        return next((w for w in reversed(WEIGHTS) if w <= reason.weight), None)
    return next((w for w in WEIGHTS if w >= reason.weight), WEIGHTS[-1])


def _reason(kind: str, what: str, *, is_for: bool) -> str:
    way = "for" if is_for else "against"
    return f"What this {kind} shows speaks {way} {what.replace('_', ' ')}; the particulars are not for this audience."


def _worded(coarse: Item, grain: Grain) -> Item:
    """Put a coarse item in a sentence, from its own fields and nothing else."""
    parts = [coarse.kind.capitalize()]
    if coarse.ships:
        parts.append(f"of {', '.join(coarse.ships)}")
    if coarse.start is not None:
        form = "%Y-%m-%d" if grain.span >= timedelta(days=1) else "%Y-%m-%d %H:00"
        parts.append(f"on {coarse.start.strftime(form)} UTC")
    if coarse.lon is not None and coarse.lat is not None and coarse.error_m is not None:
        parts.append(f"near {place(coarse.lon, coarse.lat)} (to within {coarse.error_m / 1000.0:.0f} km)")
    said = " ".join(parts)
    sentence = f"{said}, by {coarse.marking.originator}; coarsened for this audience."
    return Item(
        **{name: getattr(coarse, name) for name in coarse.__dataclass_fields__} | {"sentence": sentence}
    )


def place(lon: float, lat: float) -> str:
    """Write a place in degrees and whole minutes: ``30°15'N 124°45'E``."""
    return f"{_angle(lat, 'N', 'S', 2)} {_angle(lon, 'E', 'W', 3)}"


def _angle(degrees: float, ahead: str, behind: str, digits: int) -> str:
    minutes = round(abs(degrees) * 60.0)
    return f"{minutes // 60:0{digits}d}°{minutes % 60:02d}'{ahead if degrees >= 0 else behind}"
