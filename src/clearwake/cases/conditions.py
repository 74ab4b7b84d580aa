"""Conditions: what has to be so before something can be decided, each a function that says what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from clearwake.cases.transitions import NOTHING, Act
from clearwake.model import Decision

if TYPE_CHECKING:
    from clearwake.cases.history import History


@dataclass(frozen=True)
class Lack:
    """Why something cannot be decided as things stand."""

    rule: str
    missing: str
    do_next: str


Condition = Callable[["History", str, Decision], Lack | None]


def lacking(history: History, chain: str, act: Act, decision: Decision) -> Lack | None:
    """Say which rule stands against a decision; None where none does.

    Args:
        history: What was decided before.
        chain: The desk that decides.
        act: The rules of what is decided.
        decision: The decision.
    """
    return next(_lacks(history, chain, act, decision), None)


def _lacks(history: History, chain: str, act: Act, decision: Decision) -> Iterator[Lack]:
    rules = (_role(act, decision), _state(history, act), _told(act, decision))
    yield from (lack for lack in rules if lack is not None)
    for need in act.needs:
        if (lack := CONDITIONS[need](history, chain, decision)) is not None:
            yield lack


def day_of(decision: Decision) -> date:
    """Give the day of what a decision tells: ``on``, where it was entered later, else when it was decided."""
    return (
        datetime.fromisoformat(decision.told["on"]).date() if decision.told.get("on") else decision.at.date()
    )


def _role(act: Act, decision: Decision) -> Lack | None:
    if not act.roles or decision.role in act.roles:
        return None
    who = " or ".join(act.roles)
    missing = f"only a {who} can {_said(act.name)}; {decision.who} is {decision.role}"
    return Lack("roles", missing, f"ask a {who} to decide it (--role)")


def _state(history: History, act: Act) -> Lack | None:
    for axis, states in act.after.items():
        found = history.axes.get(axis, NOTHING)
        if found not in states:
            listed = ", ".join(f"not {axis}" if each == NOTHING else each for each in states)
            subject = "the case" if axis == "judgement" else axis
            stands = f"nothing was decided on its {axis}" if found == NOTHING else f"{subject} is {found}"
            missing = f"{stands}; to {_said(act.name)} it has to be {listed}"
            can = ", ".join(history.possible()) or "nothing but notes"
            return Lack("after", missing, f"what can be decided now: {can}")
    return None


def _told(act: Act, decision: Decision) -> Lack | None:
    days = {what: "day" for what in ("on", "day") if decision.told.get(what)}
    for what, form in {**act.tells, **days}.items():
        value = decision.told.get(what, "")
        is_right = _is_day(value) if form == "day" else bool(value) if form == "text" else value in form
        if not is_right:
            wanted = {"day": "a day like 2018-02-13", "text": "a few words"}.get(str(form)) or " or ".join(
                form
            )
            missing = f"{what} is {value!r}; {_said(act.name)} needs {wanted}"
            return Lack("tells", missing, f"say it with --tell {what}=...")
    return None


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _said(name: str) -> str:
    return name.replace("_", " ")


def _an_item(history: History, _: str, decision: Decision) -> Lack | None:
    if decision.item is None:
        return Lack("an_item", "there is no item to add", "clearwake case add CASE --from ID or --file FILE")
    if history.owner(decision.item.id) is None:
        return None
    return Lack(
        "an_item", f"{decision.item.id} was added before", "leave its id out: a new item has a new one"
    )


def _items(history: History, _: str, decision: Decision) -> Lack | None:
    known = {*history.items, *(each.id for each in history.decisions)}
    # Taken out is also what never came here: a partner's withdrawal can be read where its item cannot.
    is_sealed = history.owner(decision.id) is not None
    wrong = [each for each in decision.rests_on if each not in known]
    wrong = [] if decision.act == "withdraw" and is_sealed else wrong
    if decision.rests_on and not wrong:
        return None
    missing = f"the case does not have {', '.join(wrong)}" if wrong else "it names no item"
    return Lack("items", missing, "name items of the case with --rests-on (clearwake case show CASE)")


def _its_owner(history: History, chain: str, decision: Decision) -> Lack | None:
    # What came beside its desk's chain is on the chain of whoever took it in; who gave it can take it back too.
    foreign = [
        each
        for each in decision.rests_on
        if history.owner(each) not in (chain, None) and history.giver(each) != chain
    ]
    if not foreign:
        return None
    missing = f"another desk added {', '.join(foreign)}, and only that desk can take it out"
    return Lack("its_owner", missing, "ask that desk, or refute the case and say why")


def _its_originator(history: History, chain: str, decision: Decision) -> Lack | None:
    for each in decision.rests_on:
        marking = history.marking(each)
        if marking is not None and (marking.originator != decision.nation or history.owner(each) != chain):
            missing = (
                f"{each} is {marking.originator}'s, and {decision.nation} at this desk cannot give it away"
            )
            return Lack("its_originator", missing, f"ask {marking.originator} to permit it at its own desk")
    return None


def _a_marking(_: History, __: str, decision: Decision) -> Lack | None:
    if decision.permits is not None and decision.permits.originator == decision.nation:
        return None
    return Lack(
        "a_marking", "it does not say who may have it now", "give --tlp, --release-to or --tear-line-to"
    )


def _something_new(history: History, _: str, decision: Decision) -> Lack | None:
    if not history.has_confirmed(decision.who) or history.is_enough(decision):
        return None
    missing = (
        f"{decision.who} has said so before, and there is still one person and {_sources(history, decision)}"
    )
    return Lack("something_new_to_say", missing, ENOUGH)


ENOUGH = "add evidence of another origin (clearwake case add), or have a second person confirm"
"""What a confirmation by one person on one source still needs."""


def _sources(history: History, decision: Decision) -> str:
    found = history.sources(decision)
    return f"one source ({next(iter(found))})" if len(found) == 1 else "no source that counts"


def _legal_review(history: History, _: str, decision: Decision) -> Lack | None:
    if history.reviewed is None:
        missing = "no legal adviser has reviewed it as it stands now"
        return Lack("legal_review", missing, "clearwake case decide CASE review --role 'legal adviser'")
    if _same(history.reviewed.who, decision.who):
        missing = f"{decision.who} reviewed it, and who publishes must be another person"
        return Lack("legal_review", missing, "have another person publish it")
    return None


def _reply_period(history: History, _: str, decision: Decision) -> Lack | None:
    offered = "clearwake case decide CASE offer-reply --tell until=DAY"
    if history.reply_until is None:
        return Lack("reply_period", "those named were not offered a reply", offered)
    if history.is_answered or day_of(decision) >= history.reply_until:
        return None
    missing = f"the reply period runs until {history.reply_until}, and nobody has replied"
    return Lack("reply_period", missing, "wait, or record the reply: clearwake case decide CASE reply")


def _a_period(_: History, __: str, decision: Decision) -> Lack | None:
    until = datetime.fromisoformat(decision.told["until"]).date()
    if until > day_of(decision):
        return None
    missing = f"the reply period would end on {until}, no day after it is offered ({day_of(decision)})"
    return Lack("a_period", missing, "give a later --until, or say with --on when it was offered")


def _an_offer(history: History, _: str, __: Decision) -> Lack | None:
    if history.reply_until is not None or "publication" in history.axes:
        return None
    missing = "no reply was offered, and nothing was published that could be answered"
    return Lack("an_offer", missing, "clearwake case decide CASE offer-reply --tell until=DAY")


def _which_ship(history: History, _: str, decision: Decision) -> Lack | None:
    """Ask of a case about several ships which of them is held; of what is on record already nothing more is asked."""
    ships, told = history.case().ships, decision.told.get("ship")
    if history.owner(decision.id) is not None or told in ships or (told is None and len(ships) < 2):
        return None
    missing = f"the case names {', '.join(ships) or 'no ship'}" + (f", and not {told}" if told else "")
    choose = next(iter(ships), "imo:NUMBER")
    return Lack(
        "which_ship", f"it does not say which ship is held; {missing}", f"say it with --tell ship={choose}"
    )


def _after_detention(history: History, _: str, decision: Decision) -> Lack | None:
    held = next((each for each in reversed(history.stood) if each.act == "detain"), None)
    if held is None or day_of(decision) >= day_of(held):
        return None
    missing = f"its day {day_of(decision)} is before the ship was held ({day_of(held)})"
    return Lack("after_detention", missing, "say its day with --on")


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


CONDITIONS: dict[str, Condition] = {
    "an_item": _an_item,
    "items": _items,
    "its_owner": _its_owner,
    "its_originator": _its_originator,
    "after_detention": _after_detention,
    "which_ship": _which_ship,
    "a_marking": _a_marking,
    "something_new_to_say": _something_new,
    "legal_review": _legal_review,
    "reply_period": _reply_period,
    "a_period": _a_period,
    "an_offer": _an_offer,
}
"""Every condition that a rule of ``transitions.yml`` can name."""
