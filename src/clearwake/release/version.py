"""The version of a case that an audience may have.

What is given is chosen by markings and by what leans on what; everything else about the released case (its title, its
state, its ships) is then folded from what is given, and from nothing else.  So whatever the withheld items say, and
however many they are, the version comes out the same, letter for letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from clearwake import seal
from clearwake.model import PUBLIC, Case, Decision, Item, Marking, Needed, Position, Released, schema
from clearwake.release.coarse import COARSENED, For, given, handling
from clearwake.release.grid import floored
from clearwake.release.markings import LEVELS, TOGETHER, Level, called, inherited, lesser, may, originators
from clearwake.release.naming import Secret

Fold = Callable[[str, Sequence[Decision], Sequence[Item], frozenset[str]], Case]
"""Folds what is released under the rules of cases: the case's new id, the decisions in order, the items (also those
whose adding is not told), and the ids of what leans on withheld evidence by permission and is taken at its word."""

DESKS_OWN = frozenset({"copy", "permit"})
"""Acts that never leave: they tell who else was given what."""

JUDGEMENTS = frozenset({"confirm", "refute", "leave", "propose"})
"""Acts that lean on all the evidence there was where they name none."""

TAKINGS_BACK = frozenset({"retract", "withdraw"})
"""Acts that take back what was said; whoever it was said to may learn of it, whatever it rested on."""

TOLD = ("title", "day", "ships", "ship", "on", "until", "list", "by", "outcome", "provision", "reference")
"""What a decision tells besides that an audience may read; anything else (hashes, files, versions seen) stays."""

TOLD_COARSELY = ("on", "until", "outcome")

TRACK_COLUMNS = ("mmsi", "time", "lon", "lat", "speed_kn", "course_deg", "heading_deg", "nav_status")
"""Of a position: without the station that heard it, and how and when the desk came by it."""

DEEPEST = 100
"""Things that rest on one another in so long a row are nobody's reasoning; what lies deeper counts as withheld."""

_DAY = timedelta(days=1)


def released(
    case: Case,
    tracks: Mapping[str, pl.DataFrame],
    audience: Sequence[str],
    at: datetime,
    chance: bytes,
    fold: Fold,
) -> tuple[Released, list[Needed]]:
    """Make the version of a case that an audience may have.

    Args:
        case: As the desk has it.
        tracks: Per item of kind ``track``: its positions.
        audience: Parties, or ``public``; all of them read it, so all of them must be allowed.
        at: When.
        chance: 32 random bytes kept at the desk; the same ones give the same ids.
        fold: What decisions come to.

    Returns:
        The version, and for the desk alone what is withheld or coarsened and whose permission more would take.

    Raises:
        UsageError: If the audience is nobody.
    """
    levels = Levels(case, tuple(sorted({called(p) for p in audience})))
    secret = Secret(chance)
    to = _for(levels, secret)
    items = tuple(given(i, levels.of(i.id), to) for i in case.items if levels.of(i.id) != "withheld")
    by_new = {i.id: i for i in items}
    decisions = tuple(_decision(d, levels, to, by_new) for d in case.decisions if levels.is_told(d))
    leaning = tuple(sorted(secret.of(one) for one in levels.leaning if one in to.named))
    folded = fold(secret.name("case", case.id), decisions, items, frozenset(leaning))
    version = Released(
        case=_case(folded, sorted(items, key=_by_start), sorted(decisions, key=_by_time)),
        audience=to.audience,
        made_at=at,
        tracks=_tracks(case.items, tracks, levels, secret),
        coarsened={secret.of(i.id): COARSENED for i in case.items if levels.of(i.id) == "tear-line"},
        leaning=leaning,
        commitments=_commitments(case, levels, secret),
    )
    return version, list(levels.needed())


def _by_start(item: Item) -> tuple[bool, str, str]:
    """Order items by what is told of their time: the order they came in would narrow a coarse time down."""
    return item.start is None, item.start.isoformat() if item.start else "", item.id


def _by_time(decision: Decision) -> tuple[datetime, bool, str]:
    return decision.at, decision.act != "open", decision.id


def _case(folded: Case, items: Sequence[Item], decisions: Sequence[Decision]) -> Case:
    ships = tuple(dict.fromkeys((*folded.ships, *(s for i in items for s in i.ships))))
    title = folded.title if folded.title != folded.id else _title(ships)
    day = folded.day or min((i.start for i in items if i.start is not None), default=None)
    return Case(
        folded.id, title, folded.state, len(decisions), day and floored(day, _DAY), ships, tuple(items), (),
        tuple(decisions), (), folded.standing,
    )  # fmt: skip


def _title(ships: tuple[str, ...]) -> str:
    return f"Case about {' and '.join(ships)}" if ships else "Case"


def _for(levels: Levels, secret: Secret) -> For:
    case = levels.case
    named = {i.id for i in case.items if levels.of(i.id) != "withheld"}
    named |= {d.id for d in case.decisions if levels.is_told(d)}
    merged = {i.marking.originator for i in case.items if levels.of(i.id) == "tear-line"}
    known = {*case.withdrawn, *(i.id for i in case.items), *(d.id for d in case.decisions)}
    return For(levels.audience, secret, frozenset(merged), frozenset(named), frozenset(known))


def _decision(decision: Decision, levels: Levels, to: For, items: Mapping[str, Item]) -> Decision:
    """Give a decision under its new name; one that leans on something coarse tells act, role, nation and day."""
    level = levels.of(decision.id)
    item = None if decision.item is None else items[to.secret.of(decision.item.id)]
    keys = TOLD if level == "full" else TOLD_COARSELY
    told = {k: to.secret.scrubbed(decision.told[k]) for k in keys if k in decision.told}
    is_full = level == "full"
    # Persons are named to partners, never to the public: there a role and a nation answer for it, and a word of chance
    # tells whether two judgements were one person's.
    who = decision.who if is_full and PUBLIC not in to.audience else _nobody(decision, to)
    return Decision(
        id=to.secret.of(decision.id), act=decision.act, who=to.secret.scrubbed(who), role=decision.role,
        nation=decision.nation, why=to.secret.scrubbed(decision.why) if is_full else "",
        at=decision.at if is_full else floored(decision.at, _DAY), marking=handling(decision.marking, to, level),
        rests_on=to.ids(decision.rests_on), item=item, told=told, case=to.secret.name("case", levels.case.id),
    )  # fmt: skip


def _nobody(decision: Decision, to: For) -> str:
    person = " ".join(decision.who.split()).casefold()
    return f"{decision.role} {to.secret.name('person', person)[-4:]}"


def _tracks(
    items: Iterable[Item], tracks: Mapping[str, pl.DataFrame], levels: Levels, secret: Secret
) -> dict[str, pl.DataFrame]:
    """Give the positions of tracks that are given in full, no longer and of no other ship than the item says."""
    return {
        secret.of(i.id): _cut(tracks[i.id], i) for i in items if i.id in tracks and levels.of(i.id) == "full"
    }


def _cut(positions: pl.DataFrame, item: Item) -> pl.DataFrame:
    is_said = pl.lit(value=True) if item.mmsi is None else pl.col("mmsi") == item.mmsi
    if item.start is not None:
        is_said &= pl.col("time") >= item.start
    if item.end is not None:
        is_said &= pl.col("time") <= item.end
    wanted = {name: dtype for name, dtype in schema(Position).items() if name in TRACK_COLUMNS}
    laid = positions.with_columns(
        pl.lit(None, dtype).alias(n) for n, dtype in wanted.items() if n not in positions.columns
    )
    rows = laid.filter(is_said).select(pl.col(n).cast(dtype) for n, dtype in wanted.items())
    return rows.unique().sort(*wanted)


def _commitments(case: Case, levels: Levels, secret: Secret) -> dict[str, str]:
    """Commit to the desk's original of all that is given, so that what a tear-line was made from can be shown later."""
    originals: dict[str, Item | Decision] = {i.id: i for i in case.items if levels.of(i.id) != "withheld"}
    originals |= {d.id: d for d in case.decisions if levels.is_told(d)}
    return {
        secret.of(one): secret.commit(secret.of(one), seal.canonical(what)) for one, what in originals.items()
    }


@dataclass
class Levels:
    """How much of each item and decision of a case an audience may have."""

    case: Case
    audience: tuple[str, ...]
    leaning: list[str] = field(default_factory=list)
    """Those given by permission though what they rest on is not, or not in full."""

    def __post_init__(self) -> None:
        self._items = {i.id: i for i in self.case.items}
        self._decisions = {d.id: d for d in self.case.decisions}
        self._found: dict[str, Level] = {}
        self._asked: set[str] = set()
        self._permits = [d for d in self.case.decisions if d.act == "permit" and d.permits is not None]
        adding = (d.item for d in self.case.decisions if d.item is not None)
        self._gone = {item.id: item for item in adding if item.id not in self._items}
        for one in (*self._items, *self._decisions):
            self.of(one)

    def of(self, one: str) -> Level:
        """Say how much of an item or decision may be given; nothing of what is not in the case or was withdrawn."""
        if one not in self._found:
            if one in self._asked or len(self._asked) > DEEPEST:
                return "withheld"  # what rests on itself rests on nothing
            self._asked.add(one)
            self._found[one] = self._level(one)
            self._asked.discard(one)
        return self._found[one]

    def is_told(self, decision: Decision) -> bool:
        """Say whether a decision is in the version at all."""
        return decision.act not in DESKS_OWN and self.of(decision.id) != "withheld"

    def marking(self, one: str) -> Marking | None:
        """Give the marking of an item or decision; None of what is not in the case.

        The adding of an item is marked as the item is, also when the item's marking was changed by a permission.
        """
        if one in self._items:
            return self._items[one].marking
        found = self._decisions.get(one)
        if found is None or found.item is None or found.marking != found.item.marking:
            return None if found is None else found.marking
        added = self._items.get(found.item.id)
        return found.marking if added is None else added.marking

    def _level(self, one: str) -> Level:
        decision = self._decisions.get(one)
        if decision is not None and decision.act in TAKINGS_BACK:
            return self.taking_back(decision)
        marking = self.marking(one)
        if marking is None:
            return "withheld"
        own, under = may(marking, self.audience), self.under(one)
        below = lesser(self.of(u) for u in under)
        if LEVELS.index(below) >= LEVELS.index(own):
            return own
        if one not in self._adds() and self._is_permitted(one, own):
            self.leaning.append(one)
            return own
        return below

    def taking_back(self, decision: Decision) -> Level:
        """Say how much of a retraction or withdrawal may be told: as it is marked, to whoever had what it is about.

        What it rests on bounds nothing: a withdrawn item is in the case no more, and the reason for taking something
        back may be a secret.  Who may have nothing of the item, or of the case, does not learn of it by this.
        """
        own = may(decision.marking, self.audience)
        if decision.act == "withdraw":
            is_news = any(self.had(one) == "withheld" for one in decision.rests_on)
        else:
            is_news = not self._knows_case()
        return "withheld" if is_news else own

    def had(self, one: str, depth: int = 0) -> Level:
        """Say how much of an item an audience may have, also of one taken out; a little of whatever it was given."""
        if one in self._items:
            return self.of(one)
        item, level = self._gone.get(one), LEVELS[0]
        if item is not None and depth <= DEEPEST:
            own = may(item.marking, self.audience)
            level = (
                own if own == "withheld" else lesser((own, *(self.had(u, depth + 1) for u in item.rests_on)))
            )
        return "tear-line" if level == "withheld" and self._was_given(one) else level

    def _was_given(self, one: str | None = None) -> bool:
        """Say whether all of an audience were given copies that held something, or any copies of the case.

        To be told of what one was given is no news; copies to others are never looked at.
        """
        copies = [d for d in self.case.decisions if d.act == "copy" and (one is None or one in d.rests_on)]
        to = {called(p) for d in copies for p in d.told.get("to", "").split(",")}
        return PUBLIC in to or to.issuperset(self.audience)

    def _knows_case(self) -> bool:
        opening = (d.id for d in self.case.decisions if d.act == "open")
        return (
            any(self.of(one) != "withheld" for one in (*self._items, *opening))
            or any(self.had(one) != "withheld" for one in self._gone)
            or self._was_given()
        )

    def _adds(self) -> set[str]:
        """Decisions that put something in: they are never given beyond it, by no permission."""
        return {d.id for d in self.case.decisions if d.item is not None}

    def under(self, one: str) -> tuple[str, ...]:
        """Name what something rests on: what it says, and for a judgement that says nothing all there was."""
        item, decision = self._items.get(one), self._decisions.get(one)
        if item is not None:
            return item.rests_on
        if decision is None:
            return ()
        if decision.item is not None:
            return (*decision.rests_on, decision.item.id)
        if decision.rests_on or decision.act not in JUDGEMENTS:
            return decision.rests_on
        return self._until(decision)

    def _until(self, decision: Decision) -> tuple[str, ...]:
        """Name the items that were in the case before a decision, without those taken out since."""
        before: list[str] = []
        for each in self.case.decisions:
            if each.id == decision.id:
                break
            if each.item is not None and each.item.id in self._items:
                before.append(each.item.id)
        return tuple(before)

    def _is_permitted(self, one: str, own: Level) -> bool:
        """Say whether all whose evidence is withheld permitted that this be given without it."""
        owners = {o for u in self.below(one, own) for o in self._owners(u)}
        given_by = {
            called(p.nation)
            for p in self._permits
            if one in p.rests_on
            and p.permits is not None
            and LEVELS.index(may(p.permits, self.audience)) >= LEVELS.index(own)
        }
        return bool(owners) and owners <= given_by

    def below(self, one: str, own: Level) -> set[str]:
        """Name everything under something, at any depth, of which less may be given than of it."""
        found: set[str] = set()
        waiting = list(self.under(one))
        while waiting:
            each = waiting.pop()
            if each not in found and each != one and LEVELS.index(self.of(each)) < LEVELS.index(own):
                found.add(each)
                waiting += self.under(each)
        return found

    def _owners(self, one: str) -> tuple[str, ...]:
        marking = self.marking(one)
        # Of what is not here nobody knows whose it is, and so nobody can permit it.
        return ("",) if marking is None else originators(marking)

    def needed(self) -> Iterable[Needed]:
        """Say what is withheld or coarsened, and whose permission more would take."""
        for item in self.case.items:
            if self.of(item.id) != "full":
                yield self._need(item.id, f"{item.kind}: {item.sentence}")
        for decision in self.case.decisions:
            if decision.item is None and decision.act not in DESKS_OWN and self.of(decision.id) != "full":
                yield self._need(
                    decision.id, f"decision: {decision.act} by {decision.who}{self._silent(decision)}"
                )

    def _silent(self, decision: Decision) -> str:
        is_silent = decision.act in JUDGEMENTS and not decision.rests_on
        return "; it names nothing that it rests on, so it is taken to rest on all" if is_silent else ""

    def _need(self, one: str, what: str) -> Needed:
        level = self.of(one)
        markings = [m for u in (one, *sorted(self.below(one, "full"))) if (m := self.marking(u)) is not None]
        blocking = [m for m in markings if may(m, self.audience) != "full"] or markings
        whole = inherited(blocking)
        return Needed(one, ", ".join(whole.originator.split(TOGETHER)), what, level == "tear-line", whole.tlp)


def misleading(case: Case, version: Released) -> tuple[str, ...]:
    """Say in which words a version would tell of a case what the desk no longer holds.

    A later decision may be withheld: then the version still says ``confirmed`` where the desk says ``refuted``.  Such a
    version must not leave, and nothing in it could say why.
    """
    mild = {"reported", "in confirmation"}
    stronger = [s for s in version.case.standing if s not in case.standing and s not in mild]
    told = [f"it would say {s}, and the case is {', '.join(case.standing)}" for s in stronger]
    taken_back = {"refuted", "retracted", "undetermined"} & {*case.standing} - {*version.case.standing}
    return (*told, *(f"it would not say that the case is {s}" for s in sorted(taken_back)))


def opened_by(secret: bytes, released_id: str) -> str:
    """Give the salt with which the desk can show what a released commitment stands for, hexadecimal."""
    return Secret(secret).salt(released_id)


__all__ = [
    "DESKS_OWN",
    "TAKINGS_BACK",
    "TRACK_COLUMNS",
    "Fold",
    "Levels",
    "misleading",
    "opened_by",
    "released",
]
