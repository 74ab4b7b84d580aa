"""History: decisions taken one after the other, and what they come to.

The same decisions, in whatever order they arrive, give the same case on every desk: they are put in the order of
their time, then of their chain and number.  One that cannot take effect in that order stays on record, and the
case says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Self

from clearwake.cases.conditions import Lack, lacking
from clearwake.cases.sources import origins
from clearwake.cases.transitions import NOTHING, NotAllowedError, act_named, acts, axes
from clearwake.model import Case, Decision, Entry, Item, Marking
from clearwake.names.acts import Act

ENOUGH_SOURCES, ENOUGH_PEOPLE = 2, 2
"""What "confirmed" needs, the one or the other."""


def fold(case: str, entries: Iterable[tuple[Entry, Decision]]) -> Case:
    """Give what the decisions about one case come to.

    Args:
        case: Its id.
        entries: All its entries that this desk can read, of all chains, in any order.
    """
    return History.of(case, entries).case()


def in_order(entries: Iterable[tuple[Entry, Decision]]) -> list[tuple[Entry, Decision]]:
    """Put decisions in the one order every desk gives them: by time, then chain, then number."""
    return sorted(entries, key=lambda pair: (pair[1].at, pair[0].chain, pair[0].number))


class History:
    """The decisions about one case so far; takes the next, or says why it cannot be."""

    def __init__(self, case: str) -> None:
        self._id = case
        self._title = ""
        self._day: datetime | None = None
        self._ships: list[str] = []
        self.axes: dict[str, str] = {}
        """Where the case stands on each axis of ``transitions.yml`` on which something was decided."""
        self.state = axes()["judgement"][0]
        self.decisions: list[Decision] = []
        self.stood: list[Decision] = []
        """Those decisions that took effect."""
        self.items: dict[str, Item] = {}
        self.reviewed: Decision | None = None
        self.reply_until: date | None = None
        self.is_answered = False
        self._known: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        self._givers: dict[str, str] = {}
        self._unseen: dict[str, str] = {}
        """What was taken out before it came here, and by whose chain."""
        self._withdrawn: list[str] = []
        self._conflicts: list[str] = []
        self._confirmed_by: dict[str, Decision] = {}
        self.axes["judgement"] = self.state

    @classmethod
    def of(cls, case: str, entries: Iterable[tuple[Entry, Decision]]) -> Self:
        """Take all decisions about a case, given in any order, in theirs."""
        history = cls(case)
        for entry, decision in in_order(entries):
            history.take(entry.chain, decision)
        return history

    def check(self, chain: str, decision: Decision) -> None:
        """Make sure that a decision can be taken next.

        Raises:
            NotAllowedError: If a rule forbids it.
            UsageError: If there is no such thing to decide.
        """
        lack = lacking(self, chain, act_named(decision.act), decision)
        if lack is not None:
            where = f"{self._id}: {_said(decision)}"
            raise NotAllowedError(where, lack.rule, lack.missing, lack.do_next)

    def take(self, chain: str, decision: Decision) -> None:
        """Take the next decision; one that cannot stand is kept and told, and changes nothing."""
        if decision.id in self._known:
            return
        self._known[decision.id] = chain
        lack = self._lack(chain, decision)
        self.decisions.append(decision)
        if lack is not None:
            when = f"{decision.at.astimezone(UTC):%Y-%m-%d %H:%M}"
            told = f"{_said(decision)}, {when} UTC, does not stand: {lack.missing}"
            self._conflicts.append(told)
            return
        self.stood.append(decision)
        act = acts()[decision.act]
        effect = self._effects().get(decision.act)
        if effect is not None:
            effect(chain, decision)
        if act.axis and act.to and decision.act not in ("open", "confirm"):
            self.stand(act.axis, act.to)

    def _lack(self, chain: str, decision: Decision) -> Lack | None:
        if decision.act not in acts():
            return Lack("acts", f"this desk knows no such decision as {decision.act!r}", "")
        return lacking(self, chain, acts()[decision.act], decision)

    def stand(self, axis: str, state: str) -> None:
        """Move the case on one axis."""
        self.axes[axis] = state
        self.state = state

    def case(self) -> Case:
        """Give the case as it stands."""
        ships = [*self._ships, *(ship for item in self.items.values() for ship in item.ships)]
        standing = [self.axes[axis] for axis in axes() if axis in self.axes]
        return Case(
            self._id,
            self._title or self._id,
            self.state,
            len(self.decisions),
            self._day,
            tuple(dict.fromkeys(ships)),
            tuple(self.items.values()),
            tuple(self._withdrawn),
            tuple(self.decisions),
            tuple(self._conflicts),
            tuple(dict.fromkeys(standing)),
        )

    def possible(self) -> list[str]:
        """Name what the case's state allows to be decided next, whoever decides."""
        return [
            act.name
            for act in acts().values()
            if act.after and all(self.axes.get(axis, NOTHING) in states for axis, states in act.after.items())
        ]

    def giver(self, item: str) -> str | None:
        """Give the chain of the desk that gave an item beside its chain; None of what was added here."""
        return self._givers.get(item)

    def owner(self, fact: str) -> str | None:
        """Give the chain that added an item or took a decision; None where it is not known."""
        return self._owners.get(fact) or self._known.get(fact)

    def marking(self, fact: str) -> Marking | None:
        """Give the marking of an item or decision as the newest permission has it."""
        if fact in self.items:
            return self.items[fact].marking
        return next((each.marking for each in self.decisions if each.id == fact), None)

    def has_confirmed(self, who: str) -> bool:
        """Tell whether this person has confirmed it, and nobody has judged otherwise since."""
        return _person(who) in self._confirmed_by

    def leant_on(self, decision: Decision) -> list[str] | None:
        """Give the items a decision names; None where it names none and so leans on all."""
        return [each for each in decision.rests_on if each in self.items] or None

    def sources(self, decision: Decision | None = None) -> frozenset[str]:
        """Give the independent origins of what the case is about; of what a decision leans on, where one is given."""
        act = Act(self._day, frozenset(self._ships), f"{self._title} {self._id}")
        return origins(self.items.values(), self.leant_on(decision) if decision else None, act)

    def is_enough(self, decision: Decision) -> bool:
        """Tell whether a confirmation has two independent sources or two people behind it."""
        people = {*self._confirmed_by, _person(decision.who)}
        sources = self.sources(decision)
        return len(people) >= ENOUGH_PEOPLE or len(sources) >= ENOUGH_SOURCES

    def _effects(self) -> dict[str, Callable[[str, Decision], None]]:
        """Give what decisions do besides moving the case on their axis."""
        return {
            "open": self._open,
            "add": self._add,
            "withdraw": self._withdraw,
            "take_up": self._judge_otherwise,
            "confirm": self._confirm,
            "refute": self._judge_otherwise,
            "leave": self._judge_otherwise,
            "retract": self._retract,
            "review": self._review,
            "offer_reply": self._offer_reply,
            "reply": self._reply,
            "permit": self._permit,
        }

    def _open(self, _: str, decision: Decision) -> None:
        """Begin the case; a second desk's opening of the same case adds its ships."""
        told = decision.told
        self._title = self._title or told.get("title", "")
        self._day = self._day or _moment(told.get("day", ""))
        self._ships += told.get("ships", "").split()

    def _add(self, chain: str, decision: Decision) -> None:
        if decision.item is not None:
            name = decision.item.id
            self.items[name] = decision.item
            self._owners[name] = chain
            if "given_by" in decision.told:
                self._givers[name] = decision.told["given_by"]
            if name in self._unseen and self._unseen[name] not in (chain, self._givers.get(name)):
                self._withdrawn.remove(name)
            elif name in self._unseen:
                del self.items[name]

    def _withdraw(self, chain: str, decision: Decision) -> None:
        """Take items out, and what rests on them; what was confirmed or reviewed on them is so no longer."""
        gone = {each for each in decision.rests_on if each in self.items}
        while more := {
            one.id for one in self.items.values() if one.id not in gone and gone & {*one.rests_on}
        }:
            gone |= more
        self._withdrawn += [each for each in self.items if each in gone]
        unseen = [each for each in decision.rests_on if each not in {*self._withdrawn, *self._known}]
        self._unseen |= dict.fromkeys(unseen, chain)
        self._withdrawn += unseen
        # Who may have had it is asked later, when its withdrawal is told: as the newest permission has it.
        last = {each: self.items[each].marking for each in gone}
        self.decisions = [
            replace(one, item=replace(one.item, marking=last[one.item.id]))
            if one.item is not None and one.item.id in last
            else one
            for one in self.decisions
        ]
        for each in gone:
            del self.items[each]
        self.reviewed = None
        if self.axes["judgement"] == "confirmed" and not any(
            map(self.is_enough, self._confirmed_by.values())
        ):
            self.stand("judgement", "in confirmation")

    def _confirm(self, _: str, decision: Decision) -> None:
        is_enough = self.is_enough(decision)
        self._confirmed_by[_person(decision.who)] = decision
        self.stand("judgement", "confirmed" if is_enough else "in confirmation")

    def _judge_otherwise(self, _: str, __: Decision) -> None:
        self._confirmed_by.clear()
        self.reviewed = None

    def _retract(self, chain: str, decision: Decision) -> None:
        self._judge_otherwise(chain, decision)
        if "publication" in self.axes:
            self.axes["publication"] = "retracted"

    def _review(self, _: str, decision: Decision) -> None:
        self.reviewed = decision

    def _offer_reply(self, _: str, decision: Decision) -> None:
        self.reply_until, self.is_answered = datetime.fromisoformat(decision.told["until"]).date(), False

    def _reply(self, _: str, __: Decision) -> None:
        self.is_answered = True

    def _permit(self, _: str, decision: Decision) -> None:
        if decision.permits is None:
            return
        for each in decision.rests_on:
            if each in self.items:
                self.items[each] = replace(self.items[each], marking=decision.permits)
        self.decisions = [
            replace(each, marking=decision.permits) if each.id in decision.rests_on else each
            for each in self.decisions
        ]


def _said(decision: Decision) -> str:
    return f"{decision.act.replace('_', ' ')} by {decision.who} ({decision.role}, {decision.nation})"


def _person(who: str) -> str:
    return " ".join(who.split()).casefold()


def _moment(text: str) -> datetime | None:
    """Read a day or moment that ``conditions`` found to be one; None of nothing."""
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
