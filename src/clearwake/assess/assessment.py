"""A case weighed: the claim and its rivals side by side, from the reasons of the items, with how unsure that is.

Every reason is the logarithm of how many times likelier an item is under one explanation.  They are added to the
logarithms of the base rates and shared out over all explanations (Bayes' rule).  What one origin said counts once,
whoever repeats it; what sources of a low grade say counts less.  The result is belief to be argued with, by numbers
that are this project's judgement; it decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from clearwake.assess.explanations import CLAIM, JUDGEMENT, Observation, catalogue, reasons_of
from clearwake.assess.sensed import CREDIBILITY, NOT_GRADED, RELIABILITY
from clearwake.model import BEFORE_EVIDENCE, AssessmentRow, Item, Reason, UsageError, WeighedRow, table
from clearwake.model.shares import percent

NO_ORIGIN = "origin not told"
"""Items that do not say who said it first count as one source together."""

WORDS = (
    (0.05, "almost no chance"), (0.20, "very unlikely"), (0.45, "unlikely"), (0.55, "roughly even chance"),
    (0.80, "likely"), (0.95, "very likely"), (math.inf, "almost certain"),
)  # fmt: skip
"""Words for shares, up to each bound.  Source: US Intelligence Community Directive 203 (2015), D.6.e.(2)(a): 1-5, 5-20,
20-45, 45-55, 55-80, 80-95, 95-99 %."""

DOUBTS = (0.5, 0.75, 1.0, 1.25)
"""What all weights are multiplied with to see how far the shares hang on them; this project's choice."""

BASE_RATE_DOUBT = 3.0
"""How many times the claim's base rate may be higher or lower than stated; this project's choice."""

BEFORE = "before any evidence"
"""What stands for the observation in a row that tells a base rate."""

LEAST_ADDED = 0.005
"""What a reason adds is told to two figures."""

LEAST_SETTLING = 0.01
"""An observation that is expected to move a share by less is not worth naming."""


@dataclass(frozen=True)
class Weighed:
    """One reason of one item, with what it counts for."""

    reason: Reason
    item: str
    origins: frozenset[str]
    grade: str
    weight: float
    """Signed; the reason's weight as far as its source's grade lets it count."""

    @property
    def family(self) -> str:
        """What it is about: the family of its observation, or nothing where it names none."""
        known = catalogue().observations.get(self.reason.observation)
        return known.family if known else self.reason.observation


Shares = Mapping[str, float]


def assess_case(items: Sequence[Item], on: date | None = None, case: str = "") -> pl.DataFrame:
    """Weigh what the items of a case say for and against the claim and every rival explanation.

    Args:
        items: The case's items; their order tells nothing.  One without reasons has those its facts are.
        on: The day the case is about: a flag or listing of later does not count for it.
        case: The case's id; it is carried along.

    Returns:
        Rows of ``AssessmentRow``, one for each explanation, the likeliest first.

    Raises:
        UsageError: If a reason names an explanation that is none, or weighs nothing or less.
    """
    told = _told(items, on)
    counted = _counted(told)
    shares = shared_out(counted)
    extremes = list(_doubted(told, counted))
    settling = _settling(counted, shares)
    rows = [
        AssessmentRow(
            case=case,
            explanation=name,
            share=round(share, 4),
            low=round(min(each[name] for each in extremes), 4),
            high=round(max(each[name] for each in extremes), 4),
            word=word(share),
            sentences_for=(_base_rate(name), *_sentences(told, counted, name, is_for=True)),
            sentences_against=tuple(_sentences(told, counted, name, is_for=False)),
            evidence=tuple(sorted({each.item for each in counted if each.reason.explanation == name})),
            settles=settling.get(name),
            on=on,
        )
        for name, share in sorted(shares.items(), key=lambda pair: -pair[1])
    ]
    return table(rows, AssessmentRow)


def weighed_case(items: Sequence[Item], on: date | None = None, case: str = "") -> pl.DataFrame:
    """Give what every item of a case adds to every explanation, and what was not counted and why.

    Args:
        items: As for ``assess_case``, and so are ``on`` and ``case``.
        on: The day the case is about.
        case: The case's id.

    Returns:
        Rows of ``WeighedRow``: of each explanation its share before any evidence, then what its items say of it, the
        heaviest first.  Whatever ids items have, rows that say something else stand in the same order.

    Raises:
        UsageError: If a reason names an explanation that is none, or weighs nothing or less.
    """
    told = list(dict.fromkeys(_told(items, on)))
    adds = {(each.item, each.reason): each.weight for each in _counted(told)}
    order = list(catalogue().explanations)
    rows = [_weighed_row(case, each, adds.get((each.item, each.reason))) for each in told]
    rows.sort(
        key=lambda row: (
            order.index(row.explanation),
            -abs(row.weight),
            row.observation,
            row.sentence,
            row.item,
        )
    )
    return table([*_before(case), *rows], WeighedRow)


def _before(case: str) -> Iterator[WeighedRow]:
    for each in catalogue().explanations.values():
        yield WeighedRow(
            case, each.name, BEFORE, each.says, None, (), None, _rounded(math.log(each.base_rate)), is_counted=True,
            why="", weight_origin=each.origin,
        )  # fmt: skip


def _weighed_row(case: str, each: Weighed, adds: float | None) -> WeighedRow:
    is_counted = adds is not None and abs(adds) >= LEAST_ADDED
    return WeighedRow(
        case, each.reason.explanation, observed_in_words(each.reason) or each.reason.sentence, each.reason.sentence,
        each.item, tuple(sorted(each.origins)), each.grade, _rounded(adds or 0.0), is_counted,
        "" if is_counted else _why_not(each, adds), each.reason.weight_origin,
    )  # fmt: skip


def _rounded(weight: float) -> float:
    """Round so that machines agree, and a sum of hundreds still gives a share to four figures; never minus zero."""
    return round(weight, 6) + 0.0


def observed_in_words(reason: Reason) -> str:
    """Say in the catalogue's words what was observed, or looked for and not so; empty where they cannot tell.

    A reason does not say which of the two it is.  Of one made of the catalogue it follows from the side it is on: what
    is observed less under an explanation than at large speaks for it only where it was not so.
    """
    known = catalogue().observations.get(reason.observation)
    if known is None:
        return ""
    at_large = sum(each.base_rate * known.seen[each.name] for each in catalogue().explanations.values())
    if (known.seen[reason.explanation] >= at_large) is reason.is_for:
        return known.says
    return f"it was looked for and not so that {known.says}" if reason.weight_origin == JUDGEMENT else ""


def word(share: float) -> str:
    """Put a share into the words of Intelligence Community Directive 203."""
    return next(each for bound, each in WORDS if share <= bound)


def grade_share(reliability: str | None, credibility: int | None) -> float:
    """Say what part of its weight a reason keeps by the Admiralty grade of its source and of what it says, 0 to 1."""
    if reliability is None and credibility is None:
        return NOT_GRADED
    by_source = RELIABILITY.get(reliability or "F", RELIABILITY["F"])
    return by_source * CREDIBILITY.get(credibility or 6, CREDIBILITY[6])


def _told(items: Sequence[Item], on: date | None) -> list[Weighed]:
    """Give every reason of every item with what its grade lets it weigh, by the items' ids."""
    return [each for item in sorted(items, key=lambda item: item.id) for each in _weighed(item, items, on)]


def _weighed(item: Item, items: Sequence[Item], on: date | None) -> Iterator[Weighed]:
    origins = origins_of(item, {each.id: each for each in items})
    share = grade_share(item.reliability, item.credibility)
    grade = f"{item.reliability or '-'}{item.credibility or '-'}".replace("--", "not graded")
    for reason in reasons_of(item, on):
        if reason.explanation not in catalogue().explanations or not 0 < reason.weight < math.inf:
            known = ", ".join(catalogue().explanations)
            found = f"{reason.weight:g} for {reason.explanation!r}"
            message = f"item {item.id}: a reason weighs {found}\n  next: a weight above 0, for one of {known}"
            raise UsageError(message)
        signed = reason.weight if reason.is_for else -reason.weight
        yield Weighed(reason, item.id, origins, grade, share * signed)


def origins_of(item: Item, by_id: Mapping[str, Item]) -> frozenset[str]:
    """Give who first said what an item says: of one worked out from others, whoever first said those."""
    found: set[str] = set()
    seen: set[str] = set()
    asked = [item.id]
    held = {**by_id, item.id: item}
    while asked:
        each = asked.pop()
        if each in seen:
            continue
        seen.add(each)
        grounds = [ground for ground in held[each].rests_on if ground in held and ground != each]
        if grounds:
            asked.extend(grounds)
        else:
            found.add(held[each].origin or NO_ORIGIN)
    return frozenset(found) or frozenset({item.origin or NO_ORIGIN})


def _counted(told: Iterable[Weighed]) -> list[Weighed]:
    """Give what counts, each with what it adds: of one family, for or against one explanation, each origin once."""
    groups: dict[tuple[str, str, bool], list[Weighed]] = {}
    for each in told:
        if each.weight:
            key = (each.reason.explanation, each.family, each.reason.is_for)
            groups.setdefault(key, []).append(each)
    return [each for group in groups.values() for each in _adding(_once(group))]


def _once(group: list[Weighed]) -> list[Weighed]:
    """Keep of each origin its strongest reason.

    A reason worked out from what several origins said takes the place of theirs only where it weighs more than those.
    """
    kept: list[Weighed] = []
    order = sorted(
        group, key=lambda each: (len(each.origins), -abs(each.weight), each.item, str(each.reason))
    )
    for each in order:
        shared = [other for other in kept if other.origins & each.origins]
        if abs(each.weight) > sum(abs(other.weight) for other in shared):
            kept = [*(other for other in kept if other not in shared), each]
    return kept


def _adding(agreeing: list[Weighed]) -> Iterator[Weighed]:
    """Say what each of several origins that agree adds to those before it.

    Independent origins make it surer that a thing was so; that it was so never weighs more than its full weight.
    With parts of the weight by grade ``p1, p2 ...`` together they have ``1 - (1 - p1)(1 - p2)...`` of it.
    """
    most = max(each.reason.weight for each in agreeing)
    left = 1.0
    for each in sorted(agreeing, key=lambda one: (-abs(one.weight), one.item, str(one.reason))):
        part = abs(each.weight) / most
        yield replace(each, weight=math.copysign(most * left * part, each.weight))
        left *= 1.0 - part


def shared_out(counted: Iterable[Weighed], scale: float = 1.0, claim_rate: float | None = None) -> Shares:
    """Share belief out over all explanations by their base rates and the weights; the shares add up to 1.

    Args:
        counted: Reasons, each origin's once.
        scale: What every weight is multiplied with.
        claim_rate: Another base rate of the claim; those of its rivals keep their proportions.
    """
    rates = {each.name: each.base_rate for each in catalogue().explanations.values()}
    if claim_rate is not None:
        others = (1.0 - claim_rate) / (1.0 - rates[CLAIM])
        rates = {name: claim_rate if name == CLAIM else rate * others for name, rate in rates.items()}
    logs = {name: math.log(rate) for name, rate in rates.items()}
    for each in sorted(counted, key=lambda each: (each.item, str(each.reason))):
        logs[each.reason.explanation] += scale * each.weight
    highest = max(logs.values())
    parts = {name: math.exp(each - highest) for name, each in logs.items()}
    whole = sum(parts.values())
    return {name: part / whole for name, part in parts.items()}


def _doubted(told: Sequence[Weighed], counted: Sequence[Weighed]) -> Iterator[Shares]:
    """Share out anew with weights and the claim's base rate doubted, and with each origin left out in turn."""
    rate = catalogue().explanations[CLAIM].base_rate
    for claim_rate in (rate / BASE_RATE_DOUBT, rate, rate * BASE_RATE_DOUBT):
        for scale in DOUBTS:
            yield shared_out(counted, scale, claim_rate)
    for origin in sorted({origin for each in counted for origin in each.origins}):
        yield shared_out(_counted(each for each in told if origin not in each.origins))


def _base_rate(name: str) -> str:
    each = catalogue().explanations[name]
    return f"{BEFORE_EVIDENCE}{each.base_rate:.0%} are taken to be this: {each.says} ({each.origin})"


def _sentences(told: Sequence[Weighed], counted: Sequence[Weighed], name: str, *, is_for: bool) -> list[str]:
    """Tell every reason for or against an explanation, the heaviest first; those not counted last, and why."""
    adds = {(each.item, each.reason): abs(each.weight) for each in counted}
    about = [each for each in told if each.reason.explanation == name and each.reason.is_for is is_for]
    told_once: dict[str, None] = {}
    for each in sorted(about, key=lambda each: (-adds.get((each.item, each.reason), -1.0), each.item)):
        told_once.setdefault(_sentence(each, adds.get((each.item, each.reason))), None)
    return list(told_once)


def _sentence(each: Weighed, adds: float | None) -> str:
    grade = each.grade if each.grade == "not graded" else f"graded {each.grade}"
    by = f"said by {' and '.join(sorted(each.origins))}, {grade}"
    if adds is None:
        counts = f"not counted: {_why_not(each, adds)}"
    elif adds < LEAST_ADDED:
        counts = f"adds nothing: {_why_not(each, adds)}"
    else:
        times = f"{math.exp(adds):.3g} times as likely if {'so' if each.reason.is_for else 'not so'}"
        counts = f"adds {adds:.2f} of {each.reason.weight:.2f}, {times}"
    words = observed_in_words(each.reason)
    named = f"{words}: " if words and words not in each.reason.sentence else ""
    return f"{named}{each.reason.sentence} ({counts}; {by}; {each.reason.weight_origin})"


def _why_not(each: Weighed, adds: float | None) -> str:
    """Say why a reason adds nothing."""
    if adds is not None:
        return "another origin shows it already"
    if each.weight:
        return "this origin says as much or more already"
    return "the grade of its source lets it weigh nothing"


def _settling(counted: Sequence[Weighed], shares: Shares) -> dict[str, str]:
    """Say for each explanation which observation not made yet is expected to change its share most."""
    made = {each.reason.observation for each in counted}
    open_ = [
        each for each in catalogue().observations.values() if each.look is not None and each.name not in made
    ]
    outcomes = [(each, *_outcomes(each, shares)) for each in open_]
    found = {}
    for name, share in shares.items():
        moved = [
            (
                chance * abs(seen[name] - share) + (1.0 - chance) * abs(unseen[name] - share),
                each,
                seen,
                unseen,
            )
            for each, chance, seen, unseen in outcomes
        ]
        most = max(moved, key=lambda each: (each[0], each[1].name))
        if most[0] >= LEAST_SETTLING:
            by, observation, seen, unseen = most
            found[name] = (
                f"{observation.look}: expected to move it by {percent(by)}; to {percent(seen[name])} if "
                f"{observation.says}, to {percent(unseen[name])} if not"
            )
    return found


def _outcomes(observation: Observation, shares: Shares) -> tuple[float, Shares, Shares]:
    """Give how likely an observation is, and the shares after it was made and after it was found not so."""
    chance = sum(share * observation.seen[name] for name, share in shares.items())
    seen = {name: share * observation.seen[name] / chance for name, share in shares.items()}
    unseen = {name: share * (1.0 - observation.seen[name]) / (1.0 - chance) for name, share in shares.items()}
    return chance, seen, unseen
