"""What a description of goods stands for: HS headings, each with a score and the reason for it.

A small lexicon of heading words (``headings.yml`` beside this file) is held against the text; nothing is mapped
silently, and a text that has none of its words maps to nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Any

import yaml
from rapidfuzz import fuzz, process

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

PHRASE_SCORE, WORD_SCORE = 0.95, 0.85
"""An exact phrase of several words says more than a single word.  These, and the factors below, are this project's
own choice; they order readings and are no probabilities."""

ASIDE, OBJECT = 0.5, 0.6
"""Words behind ``for``, ``with``, ``in`` ..., and words that only describe the thing named behind them."""

FUZZY_AT, FUZZY_LETTERS = 85.0, 6
"""A word is taken for a misspelt one from this likeness (percent) on, and not if it is shorter than this."""

CONTRADICTS_AT = 0.8
"""From this score on a description is held against the claimed HS code."""


@dataclass(frozen=True)
class Reading:
    """One heading that a description may stand for."""

    code: str
    score: float
    why: str


@dataclass(frozen=True)
class _Lexicon:
    phrases: Mapping[tuple[str, ...], str]
    unspaced: Mapping[str, str]
    """Phrases of scripts that put no blanks between words; looked for anywhere in the text, longest first."""
    single: tuple[str, ...]
    longest: int
    objects: frozenset[str]
    relations: frozenset[str]
    kin: tuple[frozenset[str], ...]


_UNSPACED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def _lexicon() -> _Lexicon:
    text = (files("clearwake.goods") / "headings.yml").read_text("utf-8")
    told: dict[str, Any] = yaml.load(text, Loader=_SAFE)  # noqa: S506 - both are safe loaders
    phrases: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    for code, words in told["headings"].items():
        for word in words:
            if _UNSPACED.search(word):
                unspaced[unicodedata.normalize("NFKC", word)] = code
            else:
                phrases[tuple(_tokens(str(word)))] = code
    return _Lexicon(
        phrases=phrases,
        unspaced=dict(sorted(unspaced.items(), key=lambda each: -len(each[0]))),
        single=tuple(p[0] for p in phrases if len(p) == 1 and len(p[0]) >= FUZZY_LETTERS),
        longest=max(len(p) for p in phrases),
        objects=frozenset(_singular(word) for word in told["objects"]),
        relations=frozenset(told["relations"]),
        kin=tuple(frozenset(chapters) for chapters in told["kin"].values()),
    )


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("\u2019", "")
    return [_singular(word) for word in re.findall(r"[^\W_]+", plain)]


def read_description(text: str | None) -> list[Reading]:
    """Read a description of goods: the headings it may stand for, best first, at most one reading each.

    Source of the headings: the titles of the Harmonized System.  The method and its scores are this project's own.
    """
    best: dict[str, Reading] = {}
    for reading in _readings(text or ""):
        if reading.code not in best or best[reading.code].score < reading.score:
            best[reading.code] = reading
    return sorted(best.values(), key=lambda each: (-each.score, each.code))


def _readings(text: str) -> Iterator[Reading]:
    plain = unicodedata.normalize("NFKC", text)
    for phrase, code in _lexicon().unspaced.items():
        if phrase in plain:
            yield Reading(code, WORD_SCORE, f"'{phrase}' stands in it")
            plain = plain.replace(phrase, " ")
    for clause in re.split(r"[,;/+&|()\[\]\n]|\s-\s|\band\b", plain):
        yield from _of_clause(_tokens(clause))


@dataclass(frozen=True)
class _Found:
    """Words of a clause, from ``start`` up to ``end``, that stand for a heading."""

    start: int
    end: int
    code: str
    score: float
    why: str


def _of_clause(words: list[str]) -> Iterator[Reading]:
    """Read one clause: what stands before the first ``for`` or ``with`` names the goods, the rest stands aside.

    Of two things named without a break the first describes the second: ``copper lamp``, ``diesel locomotive``.
    """
    lexicon, found = _lexicon(), _found(words)
    aside = next((at for at, word in enumerate(words) if at and word in lexicon.relations), len(words))
    for each, after in zip_longest(found, found[1:]):
        behind = words[each.end] if each.end < len(words) else ""
        describes = after is not None and after.start == each.end and after.code[:2] != each.code[:2]
        is_aside = each.start > aside
        is_object = describes or behind in lexicon.objects
        factor = (ASIDE if is_aside else 1.0) * (OBJECT if is_object else 1.0)
        words_on_it = ", but beside what is named" if is_aside else ", but describes something else"
        why = each.why if factor == 1.0 else each.why + words_on_it
        yield Reading(each.code, round(each.score * factor, 3), why)


def _found(words: list[str]) -> list[_Found]:
    """Find the words of the lexicon in a clause, from left to right, the longest phrase first."""
    lexicon, found, at = _lexicon(), list[_Found](), 0
    while at < len(words):
        sizes = range(min(lexicon.longest, len(words) - at), 0, -1)
        size = next((n for n in sizes if tuple(words[at : at + n]) in lexicon.phrases), 0)
        phrase = tuple(words[at : at + size])
        if size:
            score = PHRASE_SCORE if size > 1 else WORD_SCORE
            why = f"'{' '.join(phrase)}' stands in it"
            found.append(_Found(at, at + size, lexicon.phrases[phrase], score, why))
        elif len(words[at]) >= FUZZY_LETTERS and (close := _close(words[at])):
            word, alike = close
            why = f"'{words[at]}' is written {alike:.0f} % like '{word}'"
            score = round(WORD_SCORE * alike / 100.0, 3)
            found.append(_Found(at, at + 1, lexicon.phrases[(word,)], score, why))
        at += max(size, 1)
    return found


def _close(word: str) -> tuple[str, float] | None:
    found = process.extractOne(word, _lexicon().single, scorer=fuzz.ratio, score_cutoff=FUZZY_AT)
    return (str(found[0]), float(found[1])) if found else None


def are_kin(code: str, other: str) -> bool:
    """Tell whether two HS codes are of chapters near enough that one may be claimed for the other in good faith."""
    a, b = code[:2], other[:2]
    return a == b or any(a in group and b in group for group in _lexicon().kin)
