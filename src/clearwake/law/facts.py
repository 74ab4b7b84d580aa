"""Facts as the law takes them: checked against the vocabulary, graded, and told in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from clearwake.model import LegalFact, UsageError, conform, records, table
from clearwake.statutes import Kind, goods_words, identifier, provisions, vocabulary

GRADES = ("confirmed", "probable", "claimed", "doubtful")

STRONG, WEAK, NONE = 2, 1, 0
"""How much a side of an element has: enough to establish it, to indicate it, or nothing."""

_ADMIRALTY = {
    "1": "confirmed",
    "2": "probable",
    "3": "claimed",
    "4": "doubtful",
    "5": "doubtful",
    "6": "claimed",
}
"""What the credibility of an Admiralty grade says of information from a source of reliability A to C."""


@cache
def grade_word(grade: str) -> str | None:
    """Read a grade: one of ``GRADES``, or an Admiralty grade such as ``B2``; None if it is neither.

    Sources of reliability D and E are ``doubtful`` whatever they say; F (cannot be judged) is ``claimed`` at best.
    """
    word = grade.strip()
    if word.lower() in GRADES:
        return word.lower()
    letter, digit = word[:1].upper(), word[1:]
    if letter not in "ABCDEF" or digit not in _ADMIRALTY or len(word) != 2:
        return None
    if letter in "DE":
        return "doubtful"
    by_credibility = _ADMIRALTY[digit]
    return by_credibility if letter != "F" or by_credibility == "doubtful" else "claimed"


def strength(facts: Iterable[LegalFact]) -> int:
    """Say how much some facts show together.

    One confirmed fact is strong; so are two probable ones of different origins.  Statements of one origin, or of
    origins not told, count once; doubtful ones count nothing, and any number of claims stays weak.
    """
    held = list(facts)
    words = [grade_word(each.grade) for each in held]
    if "confirmed" in words:
        return STRONG
    probable = {each.origin for each, word in zip(held, words, strict=True) if word == "probable"}
    if len(probable) > 1:
        return STRONG
    return WEAK if probable or "claimed" in words else NONE


def read_facts(facts: pl.DataFrame | Iterable[LegalFact]) -> list[LegalFact]:
    """Read facts and make sure of every word in them; in the order of their ids, so that rows' order tells nothing.

    Raises:
        UsageError: If a fact uses a word that is none, lacks its subject or amount, or ends before it begins.
    """
    held = records(conform(facts, LegalFact), LegalFact) if isinstance(facts, pl.DataFrame) else list(facts)
    for each in held:
        _check(each)
    return sorted(held, key=lambda each: (each.id, each.kind, str(each)))


def facts_table(facts: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Lay facts given as mappings out as a table of ``LegalFact``; what is not given takes its default.

    Raises:
        UsageError: As ``read_facts``; also for a field there is none of.
    """
    known = set(LegalFact.__dataclass_fields__)
    for each in facts:
        unknown = sorted(set(each) - known)
        if unknown:
            raise _wrong(str(each.get("id")), f"a field {unknown}", f"fields {', '.join(sorted(known))}")
    return table(read_facts([LegalFact(**each) for each in facts]), LegalFact)


def _wrong(fact: str, found: str, wanted: str) -> UsageError:
    return UsageError(
        f"fact {fact}: {found}\n  read as a legal fact: {wanted}\n  next: see docs/law.md for the words"
    )


def _check(fact: LegalFact) -> None:
    kind = vocabulary().get(fact.kind)
    if kind is None:
        raise _wrong(fact.id, f"kind {fact.kind!r}", f"one of {', '.join(vocabulary())}")
    if grade_word(fact.grade) is None:
        raise _wrong(fact.id, f"grade {fact.grade!r}", f"one of {', '.join(GRADES)}, or A1 to F6")
    if kind.about != "act" and not fact.subject:
        raise _wrong(fact.id, "no subject", f"whom a fact of kind {kind.name} is about")
    if kind.unit and fact.holds and fact.amount is None:
        raise _wrong(fact.id, "no amount", f"an amount in {kind.unit}")
    if fact.since and fact.until and fact.until < fact.since:
        raise _wrong(fact.id, f"until {fact.until}", f"a day not before {fact.since}")
    _check_value(fact, kind)
    if kind.name in ("notification", "exemption") and fact.object is not None:
        known = {each.id for each in provisions()}
        if identifier(fact.object) not in known:
            raise _wrong(fact.id, f"object {fact.object!r}", "a paragraph, such as unscr-2397-5")


def _check_value(fact: LegalFact, kind: Kind) -> None:
    value = fact.value
    if kind.form is None:
        if value is not None:
            raise _wrong(fact.id, f"value {value!r}", f"none, a fact of kind {kind.name} having no value")
        return
    if value is None:
        raise _wrong(fact.id, "no value", f"a {kind.form}: {', '.join(kind.words)}".rstrip(": "))
    is_right = {
        "country": value == "none" or (len(value) == 3 and value.isalpha() and value.isupper()),
        "goods": value in goods_words() or (value.isdigit() and 2 <= len(value) <= 10),
        "word": value in kind.words,
    }[kind.form]
    if not is_right:
        forms = {
            "country": "ISO 3166-1 alpha-3",
            "goods": "HS digits or a goods word",
            "word": ", ".join(kind.words),
        }
        raise _wrong(fact.id, f"value {value!r}", f"a {kind.form}: {forms[kind.form]}")


def told(fact: LegalFact) -> str:
    """Say a fact in a few words: ``flag of ship:a is BLZ since 2018-01-01 (claimed, Japan)``."""
    if fact.kind == "transfer":
        seen = {"gave": "gave cargo to", "exchanged": "passed cargo with"}
        unseen = {"gave": "was seen to give no cargo to", "exchanged": "was seen to pass no cargo with"}
        verb = seen.get(fact.value or "", "lay alongside")
        if not fact.holds:
            verb = unseen.get(fact.value or "", "did not lie alongside")
        by = ", ".join(each for each in (fact.grade, fact.origin) if each)
        day = f" on {fact.since}" if fact.since else ""
        return f"{fact.subject} {verb} {fact.object or 'another ship'}{day} ({by})"
    whose = f" of {fact.subject}" if fact.subject else ""
    denied = "" if fact.holds else " not"
    value = f" is{denied} {fact.value}" if fact.value else ("" if fact.holds else " is not so")
    other = f", {fact.object}" if fact.object else ""
    amount = f" {fact.amount:,.10g} {vocabulary()[fact.kind].unit}" if fact.amount is not None else ""
    span = f" since {fact.since}" if vocabulary()[fact.kind].timing == "state" else f" on {fact.since}"
    when = span if fact.since else ""
    by = ", ".join(each for each in (fact.grade, fact.origin) if each)
    return f"{fact.kind.replace('_', ' ')}{whose}{value}{other}{amount}{when} ({by})"


def evidence_of(facts: Iterable[LegalFact]) -> tuple[str, ...]:
    """Give the evidence ids of facts, each once, in order."""
    return tuple(sorted({each for fact in facts for each in (fact.evidence or (fact.id,))}))
