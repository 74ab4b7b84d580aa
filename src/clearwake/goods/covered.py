"""Whether a provision covers goods: as a whole, in part, or perhaps, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clearwake.goods.cargo import Candidate
from clearwake.goods.law import Condition, Provision

WHOLE, PART, SHORT = 1.0, 0.5, 0.4
"""How far a provision reaches goods: their whole heading; a part of it; a claimed code too short to tell.  These are
this project's own choice, to put the sure before the unsure; they are no probabilities."""


@dataclass(frozen=True)
class Covered:
    """A provision that reaches goods: how far, by which code, and what makes it less than certain."""

    provision: Provision
    candidate: Candidate
    degree: float
    code: str
    doubts: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """How sure the reading is: of the goods, times how far the provision reaches them."""
        return self.candidate.score * self.degree


def covered(provision: Provision, candidate: Candidate, description: str | None) -> Covered | None:
    """Tell whether a provision reaches what the goods may be; the longest code that fits decides."""
    text = (description or "").lower()
    fits: list[tuple[int, float, str, str | None]] = [
        (len(code), WHOLE, code, None) for code in provision.headings if candidate.code.startswith(code)
    ]
    for part in provision.parts:
        found = _part_degree(part.words, text)
        why = part.why if found < WHOLE else None
        fits += [(len(c), found, c, why) for c in part.codes if found and candidate.code.startswith(c)]
    if not fits:
        return _too_short(provision, candidate)
    _, degree, code, why = max(fits, key=lambda each: (each[0], each[1]))
    doubts: list[str] = [why] if why else []
    for left_out in provision.excepted:
        is_meant = _starts(candidate.code, left_out.codes) and (
            not left_out.words or _says(text, left_out.words)
        )
        if is_meant:
            degree, doubts = min(degree, PART), [*doubts, left_out.text]
    return Covered(provision, candidate, degree, code, tuple(dict.fromkeys(doubts)))


def _part_degree(words: tuple[str, ...], text: str) -> float:
    """Say how far a part of a heading is meant: its words decide, if it has some; no text has none of them."""
    if not words:
        return PART
    return WHOLE if _says(text, words) else 0.0


def _says(text: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}(?:s|es)?\b", text) for word in words)


def _starts(code: str, codes: tuple[str, ...]) -> bool:
    return not codes or any(code.startswith(each) for each in codes)


def _too_short(provision: Provision, candidate: Candidate) -> Covered | None:
    """Say that a claimed code stops short of the headings covered: 27 may be 2710, and may be 2716."""
    inside = [code for code in provision.headings if code.startswith(candidate.code)]
    if not inside:
        return None
    doubt = f"the code stops short: {', '.join(inside[:4])} of it would be covered"
    return Covered(provision, candidate, SHORT, inside[0], (doubt,))


def condition(hit: Covered, kind: str) -> Condition | None:
    """Give a provision's condition of a kind, if it has one for these goods."""
    fitting = (each for each in hit.provision.conditions if each.kind == kind)
    return next((each for each in fitting if _starts(hit.candidate.code, each.codes)), None)


def strongest(hits: Iterable[Covered]) -> Covered:
    """Give the surest of several readings of the same goods under one provision; claimed before read."""
    return max(hits, key=lambda hit: (hit.score, hit.candidate.is_claimed, hit.candidate.code))


def day_text(day: date | None) -> str:
    """Write a day, or that there is none."""
    return "an unknown day" if day is None else day.isoformat()
