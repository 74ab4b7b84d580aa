"""Elements of breach: every provision that could apply to an act, and what is shown of each thing it needs.

It measures what facts show against what a paragraph asks; whether there was a breach is for people to judge.  What is
on file (exemptions, notifications) comes first in each table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from clearwake.law.facts import WEAK, evidence_of, read_facts, told
from clearwake.law.weighing import (
    CONTRADICTED,
    ESTABLISHED,
    INDICATED,
    MISSING,
    Case,
    Shown,
    subjects_of,
    weigh,
)
from clearwake.model import BreachElement, BreachOutcome, LegalFact, table
from clearwake.statutes import DATE, ElementOfBreach, Provision, provisions, vocabulary
from clearwake.statutes import elements as known_elements

MOST_FACTS_TOLD = 4


def elements(facts: pl.DataFrame | Iterable[LegalFact], on: date) -> pl.DataFrame:
    """Hold facts against every provision in force on a day that could apply to them.

    A provision could apply if the elements that open it are not contradicted and one of them is at least indicated; of
    one that reaches a ship as soon as it comes somewhere (``opens_by_any``), one of them is enough.
    Facts of different acts (``act``) are judged apart; provisions about one ship or party, for each of them.

    Args:
        facts: ``LegalFact`` rows; their order tells nothing.
        on: The day whose law is asked: the day of the act, to judge it by the law of its day.

    Returns:
        Rows of ``BreachElement``, by provision, act, ship or party, and element.

    Raises:
        UsageError: If a fact uses a word that is none.
    """
    held = apart(read_facts(facts))
    rows = [
        row
        for provision in provisions()
        if provision.in_force(on)
        for row in _of_provision(provision, held, on)
    ]
    return table(rows, BreachElement)


def outcomes(found: pl.DataFrame) -> pl.DataFrame:
    """Say of each provision in a table of elements what they come to together.

    Args:
        found: What ``elements`` gave.

    Returns:
        Rows of ``BreachOutcome``, in the order of ``found``.
    """
    groups = found.group_by("provision", "act", "about", maintain_order=True)
    return table([_outcome(key, rows) for key, rows in groups], BreachOutcome)


def _of_provision(provision: Provision, facts: Sequence[LegalFact], on: date) -> list[BreachElement]:
    # Nothing opens a provision when no fact is of a kind that its opening elements ask for.
    if not _kinds(provision.opens) & {each.kind for each in facts}:
        return []
    blocks: dict[tuple[str | None, str | None], list[BreachElement]] = {}
    for act in _acts(facts):
        of_act = tuple(each for each in facts if each.act in (act, None))
        for about in _asked_about(provision, of_act, is_one_of_many=act is not None):
            case = Case(of_act, on, provision, about)
            if could_apply(case):
                blocks[act, about] = list(_rows(case, act))
    return [row for block in _brought_together(blocks) for row in block]


def _acts(facts: Sequence[LegalFact]) -> list[str | None]:
    return [*sorted({each.act for each in facts if each.act})] or [None]


def apart(facts: Sequence[LegalFact]) -> list[LegalFact]:
    """Make acts of transfers that name none, where they are of more than one pair of ships.

    What passed between two ships must not be shown by the flag of a third.
    """
    unnamed = [each for each in facts if each.kind == "transfer" and each.act is None]
    pairs: dict[frozenset[str | None], str] = {}
    for each in unnamed:
        pairs.setdefault(frozenset((each.subject, each.object)), each.id)
    if len(pairs) < 2 and not any(each.act for each in facts):
        return list(facts)
    named = {each: pairs[frozenset((each.subject, each.object))] for each in unnamed}
    return [replace(each, act=named[each]) if each in named else each for each in facts]


def _asked_about(
    provision: Provision, facts: tuple[LegalFact, ...], *, is_one_of_many: bool
) -> list[str | None]:
    """Give the ships or parties a provision is asked about, each by itself: two ships' facts are not put together."""
    roles = _roles(provision.elements)
    for role in ("ship", "party"):
        if role in roles:
            of_act = (
                [each for each in facts if each.kind == "transfer"]
                if role == "ship" and is_one_of_many
                else []
            )
            return [*subjects_of(of_act or facts, role)] or [None]
    return [None]


@cache
def _roles(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(role for name in names for role in roles_in(known_elements()[name].test))


@cache
def _kinds(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind for name in names for kind in kinds_in(known_elements()[name].test))


def roles_in(test: Any) -> set[str]:  # noqa: ANN401 - a part of a test
    """Give the roles a test speaks of, those of elements it names included."""
    if isinstance(test, list):
        return set().union(*(roles_in(each) for each in test))
    if not isinstance(test, Mapping):
        return set()
    if "fact" in test:
        return {test["of"]} if "of" in test else set()
    operator, inner = next(iter(test.items()))
    return roles_in(known_elements()[inner].test if operator == "element" else inner)


def kinds_in(test: Any) -> set[str]:  # noqa: ANN401 - a part of a test
    """Give the kinds of fact a test asks for, those of elements it names included."""
    if isinstance(test, list):
        return set().union(*(kinds_in(each) for each in test))
    if not isinstance(test, Mapping):
        return set()
    if "fact" in test:
        return {test["fact"]}
    operator, inner = next(iter(test.items()))
    if operator == "goods":
        return {"goods"}
    return kinds_in(known_elements()[inner].test if operator == "element" else inner)


def could_apply(case: Case) -> bool:
    """Tell whether a provision comes up: nothing that opens it is contradicted, and something is indicated."""
    opening = [weigh(known_elements()[name].test, case).status for name in case.provision.opens]
    is_open = case.provision.opens_by_any or CONTRADICTED not in opening
    return is_open and any(each in (ESTABLISHED, INDICATED) for each in opening)


def _brought_together(
    blocks: Mapping[tuple[str | None, str | None], list[BreachElement]],
) -> Iterator[list[BreachElement]]:
    """Give blocks of one ship or party that are the same for every act once, without an act."""
    seen: dict[str | None, list[list[BreachElement]]] = {}
    for (_, about), block in blocks.items():
        seen.setdefault(about, []).append(block)
    for about, same in seen.items():
        bare = [[replace(row, act=None) for row in block] for block in same]
        if about is not None and len(bare) > 1 and all(each == bare[0] for each in bare):
            yield bare[0]
        else:
            yield from same


def _rows(case: Case, act: str | None) -> Iterator[BreachElement]:
    yield _row(case, act, DATE, *_date(case))
    for name in case.provision.elements:
        element, shown = known_elements()[name], weigh(known_elements()[name].test, case)
        yield _row(case, act, name, shown, _sentence(element, shown), element.settle)


def _row(case: Case, act: str | None, name: str, shown: Shown, sentence: str, settle: str) -> BreachElement:
    status = shown.status
    by, against = (shown.against, shown.by) if status == CONTRADICTED else (shown.by, shown.against)
    return BreachElement(
        provision=case.provision.id,
        element=name,
        status=status,
        evidence=() if status == MISSING else evidence_of(by),
        would_settle=None if status == ESTABLISHED else settle,
        sentence=sentence,
        against=evidence_of(against),
        act=act,
        about=case.about,
    )


def _sentence(element: ElementOfBreach, shown: Shown) -> str:
    status = shown.status
    more = {MISSING: element.if_missing, CONTRADICTED: element.if_contradicted}.get(status)
    weakly = ", on weak evidence only" if status == CONTRADICTED and shown.denied == WEAK else ""
    parts = [f"{element.says}: {status}{weakly}", *([more] if more else [])]
    if shown.is_disputed:
        parts.append("it is disputed, as much being said against it as for it")
    for word, facts in (("for it", shown.by), ("against it", shown.against)):
        if facts:
            parts.append(f"{word}: {_told(facts)}")
    if status != MISSING and not shown.by and not shown.against:
        parts.append("nothing shows otherwise")
    if shown.doubtful:
        parts.append(f"doubtful and not counted: {_told(shown.doubtful)}")
    return f"{'; '.join(parts)}."


def _told(facts: Sequence[LegalFact]) -> str:
    more = f" and {len(facts) - MOST_FACTS_TOLD} more" if len(facts) > MOST_FACTS_TOLD else ""
    return ", ".join(told(each) for each in facts[:MOST_FACTS_TOLD]) + more


def _date(case: Case) -> tuple[Shown, str, str]:
    """Weigh whether the act fell into the days the paragraph was in force.

    The act is what opens the provision; where that is not an act but a state of things, the day asked about counts.
    """
    provision = case.provision
    kinds = _kinds(provision.opens)
    acts = tuple(
        each
        for each in case.facts
        if each.kind in kinds
        and each.holds
        and vocabulary()[each.kind].timing == "act"
        and each.kind != "goods"
    )
    ended = f" to {provision.in_force_to}" if provision.in_force_to else ""
    span = f"{provision.reference} is in force from {provision.in_force_from}{ended}"
    settle = "the day it happened"
    if not acts:
        return Shown(shown=2), f"{span}, and so on {case.on}: {ESTABLISHED}.", settle
    within = tuple(each for each in acts if each.since and _is_within(provision, each))
    outside = tuple(each for each in acts if each.since and not _is_within(provision, each))
    shown = Shown(
        2 if within and not outside else min(len(within), 1),
        2 if outside and not within else 0,
        within,
        outside,
    )
    told = (f"{each.kind.replace('_', ' ')} {each.since or 'on a day not told'}" for each in acts)
    days = ", ".join(dict.fromkeys(told))
    return shown, f"{span}; {days}: {shown.status}.", settle


def _is_within(provision: Provision, act: LegalFact) -> bool:
    first = act.since
    return first is not None and provision.in_force(first) and provision.in_force(act.until or first)


def _outcome(key: tuple[Any, ...], rows: pl.DataFrame) -> BreachOutcome:
    provision = next(each for each in provisions() if each.id == key[0])
    status = dict(rows.select("element", "status").iter_rows())
    against = [name for name, each in status.items() if each == CONTRADICTED]
    missing = [name for name, each in status.items() if each == MISSING]
    if against:
        outcome, why = "not so", _why(rows, against)
    elif missing:
        outcome, why = "not shown", _why(rows, missing)
    elif set(status.values()) == {ESTABLISHED}:
        outcome, why = "every element established", "whether it was a breach is for people to judge"
    else:
        weak = [name for name, each in status.items() if each == INDICATED]
        outcome, why = "every element at least indicated", f"only indicated: {', '.join(weak)}"
    return BreachOutcome(
        provision.id,
        key[1],
        key[2],
        outcome,
        (*against, *missing),
        provision.threshold,
        f"{provision.reference}: {outcome}; {why}",
    )


def _why(rows: pl.DataFrame, names: Sequence[str]) -> str:
    told = rows.filter(pl.col("element").is_in(names))["sentence"]
    return " ".join(told)
