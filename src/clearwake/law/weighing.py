"""Tests over facts: how much is shown of something, how much speaks against it, and by what.

Both sides are kept apart all the way (nothing, weak or strong): "not known" never becomes "not so", and a dispute
stays one.  ``all`` takes the least that is shown and the most that is denied, ``any`` the other way round, ``not``
exchanges the sides; these are the connectives of Belnap's four values with two strengths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from clearwake.law.facts import NONE, STRONG, WEAK, grade_word, strength
from clearwake.model import LegalFact
from clearwake.statutes import Kind, Provision, elements, goods_words, identifier, provisions, vocabulary

ESTABLISHED, INDICATED, MISSING, CONTRADICTED = "established", "indicated", "missing", "contradicted"

Facts = tuple[LegalFact, ...]


@dataclass(frozen=True)
class Shown:
    """How much is shown, how much is denied, and the facts on either side."""

    shown: int = NONE
    denied: int = NONE
    by: Facts = ()
    against: Facts = ()
    doubtful: Facts = ()
    """Facts that bear on it and count nothing."""
    is_sign: bool = False
    """Only a sign: it can indicate, and its absence speaks for nothing."""

    @property
    def status(self) -> str:
        """Put it into one of the four words; where both sides are equally strong it is indicated, and disputed."""
        if self.shown == self.denied == NONE:
            return MISSING
        if self.denied > self.shown:
            return CONTRADICTED
        return ESTABLISHED if self.shown == STRONG > self.denied else INDICATED

    @property
    def is_disputed(self) -> bool:
        """Whether as much speaks against it as for it."""
        return self.shown == self.denied > NONE


@dataclass(frozen=True)
class Case:
    """What a test is held against: the facts of one act, the day, the paragraph, and the ship or party asked about."""

    facts: Facts
    on: date
    provision: Provision
    about: str | None = None

    @cached_property
    def by_kind(self) -> Mapping[str, Facts]:
        """The facts that count for the day, by their kind; where one ship is asked about, only its own transfers."""
        held: dict[str, list[LegalFact]] = {}
        is_ship = self.about in subjects_of(self.facts, "ship")
        for each in self.facts:
            is_others = is_ship and each.kind == "transfer" and self.about not in (each.subject, each.object)
            if holds_on(each, self.on) and not is_others:
                held.setdefault(each.kind, []).append(each)
        return {kind: tuple(each) for kind, each in held.items()}

    @property
    def transfers(self) -> Facts:
        """The transfers of the act that are said to have happened."""
        return tuple(each for each in self.by_kind.get("transfer", ()) if each.holds)

    def subjects(self, role: str) -> list[str]:
        """Give the ids a role of a test stands for."""
        if role in ("ship", "party"):
            return [self.about] if self.about is not None else subjects_of(self.facts, role)
        gave = [each for each in self.transfers if each.value == "gave"]
        if role == "giver":
            return _once(each.subject for each in gave)
        if role == "receiver":
            return _once(each.object for each in gave)
        met = _once(one for each in self.transfers for one in (each.subject, each.object))
        return met or subjects_of(self.facts, "ship")


def subjects_of(facts: Iterable[LegalFact], about: str) -> list[str]:
    """Give the ships, or the parties, that facts speak of."""
    held = [each for each in facts if vocabulary()[each.kind].about == about]
    others = [each.object for each in held if each.kind == "transfer"]
    return sorted({*_once(each.subject for each in held), *_once(others)})


def _once(names: Iterable[str | None]) -> list[str]:
    return sorted({name for name in names if name})


def holds_on(fact: LegalFact, day: date) -> bool:
    """Tell whether a fact counts for a day: a state if it was so then, an act whenever it happened."""
    if vocabulary()[fact.kind].timing == "act":
        return True
    return (fact.since is None or fact.since <= day) and (fact.until is None or day <= fact.until)


def weigh(test: Mapping[str, Any], case: Case) -> Shown:
    """Hold a test of ``elements.yml`` against a case."""
    if "fact" in test:
        return _fact(test, case)
    operator, inner = next(iter(test.items()))
    return _OPERATORS[operator](inner, case)


def _any(tests: Sequence[Mapping[str, Any]], case: Case) -> Shown:
    return either([weigh(each, case) for each in tests])


def _all(tests: Sequence[Mapping[str, Any]], case: Case) -> Shown:
    return opposite(either([opposite(weigh(each, case)) for each in tests]))


def either(sides: Sequence[Shown]) -> Shown:
    """One of them is enough: the most that is shown, and only what is denied of all that are more than signs."""
    shown = max(each.shown for each in sides)
    denied = min((each.denied for each in sides if not each.is_sign), default=NONE)
    return Shown(
        shown,
        denied,
        _facts(each.by for each in sides if each.shown),
        _facts(each.against for each in sides) if denied else (),
        _facts(each.doubtful for each in sides),
    )


def opposite(side: Shown) -> Shown:
    """Give the two sides exchanged."""
    return Shown(side.denied, side.shown, side.against, side.by, side.doubtful)


def _not(test: Mapping[str, Any], case: Case) -> Shown:
    return opposite(weigh(test, case))


def _indicates(test: Mapping[str, Any], case: Case) -> Shown:
    inner = weigh(test, case)
    return Shown(min(inner.shown, WEAK), NONE, inner.by, (), inner.doubtful, is_sign=True)


def _only_if_shown(test: Mapping[str, Any], case: Case) -> Shown:
    inner = weigh(test, case)
    if inner.shown == inner.denied == NONE:
        return Shown(NONE, WEAK, (), (), inner.doubtful)
    return inner


def _element(name: str, case: Case) -> Shown:
    return weigh(elements()[name].test, case)


def _goods(_: str, case: Case) -> Shown:
    named = case.by_kind.get("goods", ())
    whole = [each for each in named if each.holds and extent(case.provision, str(each.value)) == "whole"]
    part = [each for each in named if each.holds and extent(case.provision, str(each.value)) == "part"]
    shown = max(strength(whole), min(strength([*whole, *part]), WEAK))
    other = [each for each in named if each.holds and extent(case.provision, str(each.value)) is None]
    denied = [each for each in named if not each.holds and extent(case.provision, str(each.value)) == "whole"]
    # A cargo can be of several goods: others speak against only where none that is covered is shown.
    against = denied if shown else [*denied, *other]
    return Shown(shown, strength(against), (*whole, *part), tuple(against), _doubtful(named))


def extent(provision: Provision, goods: str) -> str | None:
    """Say how a paragraph covers goods, given as HS digits or a goods word: ``whole``, ``part``, or not at all."""
    if goods in provision.called:
        return "whole"
    codes = goods_words().get(goods, (goods,))
    is_word = goods in goods_words()
    found = {_extent_of_code(provision, code, goods if is_word else None) for code in codes}
    return "whole" if "whole" in found else "part" if "part" in found else None


def _extent_of_code(provision: Provision, code: str, word: str | None) -> str | None:
    held = provision.goods
    without_words = (each for each in held.get("excepted", ()) if not each.get("words"))
    left_out = any(code.startswith(tuple(each.get("codes", ()))) for each in without_words)
    if any(code.startswith(each) for each in held.get("headings", ())):
        return "part" if left_out else "whole"
    if any(each.startswith(code) for each in held.get("headings", ())):
        return "part"
    for part in held.get("parts", ()):
        words = part.get("words", ())
        is_named = word is None or not words or any(each in word for each in words)
        if _meets(code, part["codes"]) and is_named:
            return "part"
    return None


def _meets(code: str, codes: Iterable[str]) -> bool:
    return any(code.startswith(each) or each.startswith(code) for each in codes)


def _fact(test: Mapping[str, Any], case: Case) -> Shown:
    kind = vocabulary()[test["fact"]]
    held = case.by_kind.get(kind.name, ())
    if not held:
        return Shown()
    # A transfer is of both its ships at once, and an act has no subject: those are weighed as one.
    if kind.about == "act" or kind.name == "transfer":
        return _weighed(test, kind, held, case)
    subjects = case.subjects(test["of"])
    groups = [[each for each in held if each.subject == subject] for subject in subjects]
    return either([_weighed(test, kind, group, case) for group in groups] or [Shown()])


def _weighed(test: Mapping[str, Any], kind: Kind, held: Sequence[LegalFact], case: Case) -> Shown:
    agree = [each for each in held if each.holds and _agrees(test, each, case)]
    undated = "within_days" in test and all(each.since is None for each in agree)
    against = [each for each in held if _denies(test, kind, each, case)]
    shown = strength(agree)
    return Shown(
        min(shown, WEAK) if undated else shown,
        strength(against),
        tuple(each for each in agree if grade_word(each.grade) != "doubtful"),
        tuple(each for each in against if grade_word(each.grade) != "doubtful"),
        _doubtful([*agree, *against]),
    )


def _agrees(test: Mapping[str, Any], fact: LegalFact, case: Case) -> bool:
    return (
        _has_value(test, fact)
        and _has_object(test, fact, case)
        and _has_amount(test, fact)
        and _is_near(test, fact, case)
    )


def _denies(test: Mapping[str, Any], kind: Kind, fact: LegalFact, case: Case) -> bool:
    """Tell whether a fact speaks against a test.

    It does where it says that just this is not so; where only one value can be so and it is another; where the value
    is one of those left out; and where its amount is on the other side.
    """
    if not fact.holds:
        return _has_value(test, fact) and _has_object(test, fact, case)
    if not _has_object(test, fact, case):
        return "from_not" in test and fact.object in test["from_not"]
    if not _has_value(test, fact):
        return kind.one_only or fact.value in test.get("is_not", ())
    return not _has_amount(test, fact)


def _has_value(test: Mapping[str, Any], fact: LegalFact) -> bool:
    return ("is" not in test or fact.value in test["is"]) and fact.value not in test.get("is_not", ())


def _has_object(test: Mapping[str, Any], fact: LegalFact, case: Case) -> bool:
    if "to" in test and fact.object not in test["to"]:
        return False
    if "from_not" in test and (fact.object is None or fact.object in test["from_not"]):
        return False
    return "under" not in test or _is_under(fact, case)


def _is_under(fact: LegalFact, case: Case) -> bool:
    """Tell whether what is on file is under this paragraph, or under one that lifts it and was in force."""
    if fact.object is None:
        return True
    named = identifier(fact.object)
    return named == case.provision.id or any(
        each.id == named and each.in_force(case.on) and each.lifts_from(case.provision.id)
        for each in provisions()
    )


def _has_amount(test: Mapping[str, Any], fact: LegalFact) -> bool:
    amount = fact.amount
    return (
        ("above" not in test or (amount is not None and amount > test["above"]))
        and ("at_least" not in test or (amount is not None and amount >= test["at_least"]))
        and ("at_most" not in test or (amount is not None and amount <= test["at_most"]))
    )


def _is_near(test: Mapping[str, Any], fact: LegalFact, case: Case) -> bool:
    if "within_days" not in test or fact.since is None:
        return True
    last = fact.until or fact.since
    return fact.since <= case.on and (case.on - last).days <= test["within_days"]


def _doubtful(facts: Iterable[LegalFact]) -> Facts:
    return tuple(each for each in facts if grade_word(each.grade) == "doubtful")


def _facts(groups: Iterable[Facts]) -> Facts:
    kept: dict[LegalFact, None] = {}
    for group in groups:
        kept.update(dict.fromkeys(group))
    return tuple(kept)


_OPERATORS: Mapping[str, Callable[[Any, Case], Shown]] = {
    "any": _any, "all": _all, "not": _not, "indicates": _indicates, "only_if_shown": _only_if_shown,
    "element": _element, "goods": _goods,
}  # fmt: skip
