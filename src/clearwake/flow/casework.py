"""Casework: opening cases, adding evidence, deciding, and reading what it all comes to.

Every change is an entry at the end of this desk's own chain, written while nobody else writes, checked against the
rules as the case stands at that moment.  Nothing is ever overwritten.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from clearwake import seal
from clearwake.cases import (
    CHAIN_START,
    History,
    act_named,
    case_name,
    low_grade,
    role_named,
    sealed,
)
from clearwake.flow import takingback
from clearwake.flow.chains import (
    Taken,
    check,
    entries_for_exchange,
    head,
    moment_now,
    pairs,
    take_in,
)
from clearwake.flow.signing import chain_of
from clearwake.model import (
    Case,
    ClearwakeError,
    Decision,
    Entry,
    Item,
    LegalFact,
    Marking,
    NotFoundError,
    UsageError,
)
from clearwake.release import inherited, unnamed
from clearwake.store import Store, Writing

__all__ = [
    "By",
    "CaseMovedError",
    "Said",
    "Taken",
    "add",
    "case",
    "check",
    "decide",
    "entries_for_exchange",
    "finished",
    "head",
    "history",
    "open_case",
    "record_copy",
    "somebody",
    "take_in",
]


class CaseMovedError(ClearwakeError):
    """Others decided about the case since the version that somebody saw; nothing was written.

    Attributes:
        seen: The version that was seen.
        version: The version there is now.
        since: What was decided since.
    """

    def __init__(self, case: str, seen: int, since: Sequence[Decision], version: int) -> None:
        self.seen, self.version, self.since = seen, version, tuple(since)
        told = "".join(f"\n  {each.at:%Y-%m-%d %H:%M} {each.act} by {each.who}: {each.why}" for each in since)
        super().__init__(
            f"{case}: you saw version {seen}, and it is at {version} now; nothing was written{told}"
            f"\n  next: look again (clearwake case show {case}) and decide with --seen {version}"
        )


AN_INSTANT = timedelta(milliseconds=1)
"""The least by which times differ."""


@dataclass(frozen=True)
class By:
    """Who decides, in what role, for which nation."""

    who: str
    role: str
    nation: str


@dataclass(frozen=True)
class Said:
    """What a decision says besides its act; ``Decision`` has the words."""

    why: str = ""
    rests_on: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    permits: Marking | None = None
    marking: Marking | None = None
    item: Item | None = None


def somebody(store: Store, who: str | None = None, role: str | None = None, nation: str | None = None) -> By:
    """Give who decides: as told, else $CLEARWAKE_WHO, $CLEARWAKE_ROLE and $CLEARWAKE_NATION, else who is logged in.

    A desk whose nation nobody told is a party of its own, named by its key.
    """
    given = os.environ.get
    name = who or given("CLEARWAKE_WHO") or _login()
    duty = role or given("CLEARWAKE_ROLE") or "watch officer"
    party = nation or given("CLEARWAKE_NATION") or f"desk-{chain_of(store)[:8]}"
    return By(name, role_named(duty), party)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no entry and no name
        return "somebody"


def open_case(  # noqa: PLR0913 - each says one thing about the case, all by name
    store: Store,
    by: By | None = None,
    *,
    title: str | None = None,
    day: date | datetime | None = None,
    name: str | None = None,
    ships: Sequence[str] = (),
    items: Sequence[Item] = (),
    why: str = "",
    marking: Marking | None = None,
    given_by: str | None = None,
) -> Case:
    """Open a case and put its first evidence into it.

    Args:
        store: The desk.
        by: Who opens it; see ``somebody``.
        title: What it is about; else its first item's sentence.
        day: When the act happened; else when its first item began.
        name: The first ship, for the case's id; else the first of ``ships``.
        ships: Subjects such as ``imo:7389704``; those of the items come of themselves.
        items: The first evidence.
        why: Why it is opened.
        marking: Of the opening itself; else as the first item, or the desk's alone.
        given_by: The chain of the desk that gave the items beside its chain.

    Raises:
        UsageError: If it has neither a title nor an item.
    """
    if not title and not items:
        message = "a case needs a title or a first piece of evidence\n  next: case open --from ID, or --title and --day"
        raise UsageError(message)
    who = by or somebody(store)
    made = [finished(item) for item in items]
    at = day or next((item.start for item in made if item.start), None)
    subjects = list(dict.fromkeys((*ships, *(ship for item in made for ship in item.ships))))
    told = {"title": title or made[0].sentence, "ships": " ".join(subjects)}
    if at is not None:
        told["day"] = at.isoformat()
    first = name or (subjects[0].partition(":")[2] if subjects else title)
    only_day = at.date() if isinstance(at, datetime) else at
    mark = marking or (made[0].marking if made else None)
    says = [("open", Said(why or "opened", told=told, marking=mark)), *_adding(made, why, given_by)]
    return _write(
        store, lambda writing: case_name(only_day, first, writing.versions()), who, says, is_new=True
    )


def add(
    store: Store, case: str, *items: Item, by: By | None = None, why: str = "", given_by: str | None = None
) -> Case:
    """Put evidence into a case; the items get their ids here.

    ``given_by`` is the chain of a desk that gave them beside its chain, and can take them out as this one can.

    Raises:
        NotFoundError: If there is no such case.
        UsageError: If an item lacks what its kind needs.
    """
    made = [finished(item) for item in items]
    return _write(store, lambda _: case, by or somebody(store), _adding(made, why, given_by))


def _adding(items: Iterable[Item], why: str, given_by: str | None = None) -> list[tuple[str, Said]]:
    told = {"given_by": given_by} if given_by else {}
    return [
        ("add", Said(why or "added as evidence", item.rests_on, told, marking=item.marking, item=item))
        for item in items
    ]


def decide(  # noqa: PLR0913 - each says one thing about the decision, all by name
    store: Store,
    case: str,
    act: str,
    by: By | None = None,
    *,
    why: str = "",
    rests_on: Sequence[str] = (),
    told: Mapping[str, str] | None = None,
    permits: Marking | None = None,
    marking: Marking | None = None,
    seen: int | None = None,
) -> Case:
    """Decide something about a case.

    A first person's confirmation on one source is kept, and the case is then in confirmation.

    Args:
        store: The desk.
        case: Its id.
        act: What is decided: ``confirm``, ``refute``, ``publish`` ...; see ``docs/cases.md``.
        by: Who decides; see ``somebody``.
        why: Their reason, in words.
        rests_on: The items and decisions it leans on.
        told: What the act needs besides, such as ``until``; ``on`` is its day, where it is entered later.
        permits: Of ``permit``: the marking from now on.
        marking: Of the decision; else what it inherits from what it rests on, and never the public.
        seen: The version on which it was made up; without, the rules are asked of the case as it is now.

    Raises:
        NotFoundError: If there is no such case.
        CaseMovedError: If others decided since ``seen``.
        NotAllowedError: If a rule forbids it.
        UsageError: If there is no such thing to decide, or no reason is given.
    """
    name, who = act_named(act).name, by or somebody(store)
    if not why.strip() and name != "copy":
        message = f"{case}: {name} without a reason\n  read as a decision, which says why\n  next: give --why"
        raise UsageError(message)
    if name in ("open", "add"):
        message = f"{name!r} is a command of its own\n  next: clearwake case {name}"
        raise UsageError(message)
    # Who holds a ship, and whose list it is on, is the nation that says so, unless it names another.
    own = {"detain": {"by": who.nation}, "list": {"list": who.nation}}.get(name, {})
    says = Said(why, tuple(rests_on), own | dict(told or {}), permits, marking)
    return _write(store, lambda _: case, who, [(name, says)], seen)


def record_copy(
    store: Store, case: str, what: str, to: str, sha256: str | None = None, by: By | None = None
) -> Case:
    """Put on record that a copy left the desk: what, to whom, and the SHA-256 of its bytes."""
    told = {"what": what, "to": to} | ({"sha256": sha256} if sha256 else {})
    return decide(store, case, "copy", by, why=f"{what} given to {to}", told=told)


def _write(
    store: Store,
    name: Callable[[Writing], str],
    by: By,
    says: Sequence[tuple[str, Said]],
    seen: int | None = None,
    *,
    is_new: bool = False,
) -> Case:
    """Check decisions against the case as it stands and put them at the end of this desk's chain, all or none."""
    chain, now = chain_of(store), moment_now()
    with store.cases.writing() as writing:
        case = name(writing)
        history = History.of(case, pairs(writing.entries(case)))
        if not history.decisions and not is_new:
            raise _no_case(case, writing.versions())
        if seen is not None and seen != len(history.decisions):
            raise CaseMovedError(case, seen, history.decisions[seen:], len(history.decisions))
        number, previous, last_at = writing.end(chain)
        latest = writing.latest(case)
        # After all that was known of the case, so that every desk puts it after what it was decided on.
        at = max(filter(None, (now, last_at, latest + AN_INSTANT if latest else None)))
        made: list[Entry] = []
        for act, said in _parted(history.case(), by, says):
            mark = said.marking or _inherited(history.case(), act, by, said)
            decision = _decision(case, act, by, replace(said, marking=mark), at)
            history.check(chain, decision)
            history.take(chain, decision)
            made.append(sealed(chain, number + len(made) + 1, previous or CHAIN_START, case, decision))
            previous = made[-1].hash
        writing.add([(entry, at) for entry in made], now)
        writing.name({said.item.id: said.item.source for _, said in says if said.item and said.item.source})
    return _with_own_ids(store, history.case())


def _parted(case: Case, by: By, says: Iterable[tuple[str, Said]]) -> Iterator[tuple[str, Said]]:
    """Part what takes something back into what its readers may be told each for itself.

    What a retraction rests on is noted before it, with the marking of that evidence: it may be a secret.
    """
    for act, said in says:
        if act in takingback.TAKINGS_BACK and said.marking is None:
            takingback.mind_the_words(case, act, by.nation, said.rests_on, said.why)
        if act == "withdraw":
            parts = takingback.one_by_one(case, said.rests_on)
            yield from ((act, replace(said, rests_on=part)) for part in parts)
        elif act == "retract" and said.rests_on and said.marking is None:
            yield "note", said
            yield act, replace(said, rests_on=())
        else:
            yield act, said


def _inherited(case: Case, act: str, by: By, said: Said) -> Marking:
    """Give a decision the marking of what it rests on, of all there is where it names nothing; never the public.

    Words that people wrote for each other go to the public only where somebody says so.  What takes something back is
    for whoever had it.
    """
    if act in takingback.TAKINGS_BACK:
        return takingback.marking_of(by.nation)
    named = set(said.rests_on)
    rests_on = [item.marking for item in case.items if not named or item.id in named]
    if act in ("open", "copy") or not rests_on:
        return Marking(by.nation)
    return inherited([*rests_on, Marking(by.nation, "TLP:GREEN")])


def _decision(case: str, act: str, by: By, said: Said, at: datetime) -> Decision:
    return Decision(
        id=seal.random_id("decision"),
        act=act,
        who=by.who,
        role=by.role,
        nation=by.nation,
        why=said.why,
        at=at,
        marking=said.marking or Marking(by.nation),
        rests_on=said.rests_on,
        item=unnamed(said.item) if said.item else None,
        told=said.told,
        permits=said.permits,
        case=case,
    )


def finished(item: Item) -> Item:
    """Give an item its random id, its facts that id with its origin and grade, and a low kind its grade.

    Raises:
        UsageError: If an item of a low kind has no citation, or a better grade than its kind can have.
    """
    low = low_grade(item)
    if low is not None:
        item = _low(item, low)
    name = item.id or seal.random_id("item")
    grade = f"{item.reliability}{item.credibility}" if item.reliability and item.credibility else None
    facts = tuple(_of_item(fact, item, name, grade) for fact in item.facts)
    return replace(item, id=name, facts=facts)


def _of_item(fact: LegalFact, item: Item, name: str, grade: str | None) -> LegalFact:
    """Give a fact its item's id and, where the item says it and no other grade was told, origin and grade."""
    is_its_own = fact.origin in (None, item.origin)
    told = grade if grade and is_its_own and fact.grade == "claimed" else fact.grade
    return replace(fact, id=name, origin=fact.origin or item.origin, grade=told)


def _low(item: Item, grade: tuple[str, int]) -> Item:
    where = f"{item.kind}: {item.sentence}"
    if not item.citation:
        message = (
            f"{where}: no citation\n  read as evidence of a low grade, which needs one"
            "\n  next: say who published it, when and where (--citation)"
        )
        raise UsageError(message)
    if (item.reliability or grade[0]) in "ABC":
        message = (
            f"{where}: grade {item.reliability}{item.credibility or ''}"
            f"\n  read as evidence of a low grade, {grade[0]}{grade[1]} at best"
            "\n  next: leave the grade out, or add what it cites as evidence of its own kind"
        )
        raise UsageError(message)
    return replace(item, reliability=item.reliability or grade[0], credibility=item.credibility or grade[1])


def case(store: Store, name: str, until: datetime | None = None) -> Case:
    """Give a case as this desk knows it, or as it knew it by a moment.

    Raises:
        NotFoundError: If there is no such case.
    """
    return _with_own_ids(store, history(store, name, until).case())


def _with_own_ids(store: Store, case: Case) -> Case:
    """Give a case with this desk's own ids of its items, which stand beside the chain."""
    own = store.cases.own_ids()
    items = tuple(replace(item, source=own.get(item.id, item.source)) for item in case.items)
    return replace(case, items=items)


def history(store: Store, name: str, until: datetime | None = None) -> History:
    """Give the history of a case as this desk knows it.

    Raises:
        NotFoundError: If there is no such case.
    """
    entries = store.cases.entries(name, until)
    if not entries:
        raise _no_case(name, store.cases.versions())
    return History.of(name, pairs(entries))


def _no_case(name: str, known: Mapping[str, int]) -> NotFoundError:
    near = [each for each in known if name and (name in each or each in name)][:5]
    hint = f"did you mean {', '.join(near)}?" if near else "clearwake case list names them"
    return NotFoundError(f"there is no case {name!r} at this desk\n  next: {hint}")
