"""Cargoes: which entries are one delivery told twice, and which are stages of one cargo, so that each counts once.

``stage_of`` names another stage, by its id or its ship; or it is a name that the stages of a cargo share.  Which of
two stages is the later one is told by their days, whichever way round the file says it.  The last stage counts.  What
a later stage took over from an earlier one is no more than that had.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from clearwake.ledger.entry import RANK, Entry
from clearwake.model.quantities import APPROXIMATE

SAME_CALL = timedelta(days=3)
"""One ship told of by two sources within three days made one delivery: a tanker that delivers has to load again."""

NEAR = timedelta(days=90)
"""A stage named by its ship is looked for within so many days."""

DAY = timedelta(days=1)


@dataclass
class Linked:
    """Entries, what became of each, and the links between stages."""

    entries: list[Entry]
    """In the order of their keys; those that are told again, and refuted ones, are not among them."""
    counted: dict[str, str] = field(default_factory=dict)
    """Entry id -> what became of it, where it is not among ``entries``."""
    cargo: dict[str, str] = field(default_factory=dict)
    """Entry id -> the id of the entry that stands for it."""
    onward: dict[str, list[str]] = field(default_factory=dict)
    """Entry id -> later stages of the same cargo, by id."""
    earlier: dict[str, str] = field(default_factory=dict)
    """Entry id -> the later stage that it is a stage of."""
    chance: dict[str, str] = field(default_factory=dict)
    """Entry id -> by what its cargo's chances are drawn, where that is not the entry."""
    told_by: dict[str, list[Entry]] = field(default_factory=dict)
    """Entry id -> all entries that tell of the same delivery, itself among them."""
    findings: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Entry id -> sentences."""


def linked(entries: Iterable[Entry]) -> Linked:
    """Find deliveries told twice and stages of one cargo.

    The order of entries changes nothing.  Refuted ones take no part.
    """
    told = sorted(entries, key=_in_time)
    result = Linked([])
    for each in told:
        if each.status == "refuted":
            result.counted[each.id], result.cargo[each.id] = "refuted", each.id
    standing = [each for each in told if each.status != "refuted"]
    refuted = [each for each in told if each.status == "refuted"]
    result.entries = _once(standing, refuted, result)
    _link(result)
    return result


def same_ship(a: frozenset[str], b: frozenset[str]) -> bool:
    """Tell whether two ships can be one: something in common, and no two IMO numbers."""
    if not a & b:
        return False
    numbers = [{key for key in keys if key.startswith("imo:")} for keys in (a, b)]
    return not (numbers[0] and numbers[1] and not numbers[0] & numbers[1])


def apart(a: Entry, b: Entry) -> timedelta:
    """Give the time between two entries; nought where they overlap."""
    return max(a.first - b.day, b.first - a.day, timedelta(0))


def _once(told: Sequence[Entry], refuted: Sequence[Entry], result: Linked) -> list[Entry]:
    """Bring what several sources tell of one delivery together, and give one entry for each.

    Notifications go first, because one may cover several deliveries.
    """
    groups: list[list[Entry]] = []
    by_key: dict[str, list[int]] = defaultdict(list)
    for each in sorted(told, key=lambda each: each.origin != "notified"):
        near = sorted({at for key in each.keys | each.also for at in by_key[key]})
        free = [at for at in near if _joins(each, groups[at])]
        if free:
            at = min(free, key=lambda at: (min(apart(each, other) for other in groups[at]), at))
            groups[at].append(each)
        else:
            at = len(groups)
            groups.append([each])
        for key in each.keys | each.also:
            by_key[key].append(at)
    together = [_together(group, refuted, result) for group in groups]
    return sorted(together, key=_in_time)


def _joins(each: Entry, group: Sequence[Entry]) -> bool:
    """Tell whether an entry is what a group already tells of.

    Two rows of one file are two deliveries, unless they say the very same, or one notification covers both.
    """
    if not any(_are_one(each, other) for other in group):
        return False
    covered = any(other.origin == "notified" and _are_one(each, other) for other in group)
    return covered or all(each.file != other.file or each.key == other.key for other in group)


def _are_one(a: Entry, b: Entry) -> bool:
    """Tell whether two entries can be one delivery: the same ship, product and days; not two stages of a cargo."""
    if a.product != b.product or apart(a, b) > SAME_CALL or a.calls > 1 or b.calls > 1:
        return False
    if {_kind(a), _kind(b)} == {"transfer", "call"}:
        return False  # of one ship, they are two stages of its cargo
    if a.also or b.also:
        return same_ship(a.keys | a.also, b.keys | b.also)
    return same_ship(a.keys, b.keys)


def _kind(each: Entry) -> str:
    if each.also:
        return "transfer"
    return "call" if each.port else "not said"


def _together(group: list[Entry], refuted: Sequence[Entry], result: Linked) -> Entry:
    best = max(group, key=_weight)
    doubted = [each for each in refuted if any(each.file != e.file and _are_one(each, e) for e in group)]
    result.told_by[best.id] = group
    for each in group:
        result.cargo[each.id] = best.id
        if each is not best:
            result.counted[each.id] = "same_delivery"
            result.said[each.id].append(f"the same delivery as {best.id}: counted once")
    if len(group) > 1:
        names = best.ship or best.id
        told = ", ".join(sorted(each.id for each in group if each is not best))
        result.findings.append(f"{names}, {best.day}: told {len(group)} times ({told}), counted once")
    _over_notified(best, group, result)
    status, happened = _standing(group)
    if doubted and status not in ("notified", "contested"):
        result.said[best.id].append(f"another source refutes it ({doubted[0].id}): contested")
        status, happened = "contested", min(happened, 0.5)
    stage = best.stage_of or next((each.stage_of for each in group if each.stage_of), None)
    evidence = tuple(dict.fromkeys(fact for each in [best, *group] for fact in each.evidence))
    volume = best.volume or max(
        (e.volume for e in group if e.volume), key=lambda v: RANK[v.basis], default=None
    )
    size = best.capacity or next((e.capacity for e in group if e.capacity), None)
    return replace(
        best, status=status, happened=happened, stage_of=stage, evidence=evidence, volume=volume, capacity=size,
        keys=frozenset().union(*(each.keys for each in group)), known_at=_latest(group),
    )  # fmt: skip


def _over_notified(best: Entry, group: Sequence[Entry], result: Linked) -> None:
    """Say where more was delivered than was notified, by volumes that are stated, and by more than a tenth."""
    if best.origin != "notified" or best.volume is None:
        return
    stated = sum(
        e.volume.scale_bbl for e in group if e is not best and e.volume and e.volume.basis == "volume"
    )
    if stated > best.volume.scale_bbl * (1.0 + APPROXIMATE):
        result.findings.append(
            f"{best.said_id}: {stated:,.0f} bbl are told of, {best.volume.scale_bbl:,.0f} bbl were notified and count"
        )


def _latest(group: Sequence[Entry]) -> datetime | None:
    return max((each.known_at for each in group if each.known_at), default=None)


def _weight(each: Entry) -> tuple[bool, int, bool, float, str]:
    """Order tellings of one delivery: what was notified first, then by how well the volume is known."""
    rank = RANK[each.volume.basis] if each.volume else -1
    return each.status == "notified", rank, each.origin == "read", each.happened, each.key


_FIRST = ("notified", "contested", "confirmed", "reported", "unknown", "found")


def _standing(group: Sequence[Entry]) -> tuple[str, float]:
    """Give the status of a delivery told several times, and how likely it is.

    Two sources make it likelier where both are named; two files that name none may have it from one.
    """
    status = min((each.status for each in group), key=_FIRST.index)
    by_source: dict[str, float] = {}
    for each in group:
        name = _folded(each.source or "")
        by_source[name] = max(by_source.get(name, 0.0), each.happened)
    if status == "contested":
        return status, min(each.happened for each in group if each.status == status)
    missed = 1.0
    for happened in by_source.values():
        missed *= 1.0 - happened
    return status, 1.0 if status == "notified" else 1.0 - missed


def _link(result: Linked) -> None:
    """Turn what rows say they are a stage of into links in time, one to a row, without rounds."""
    pointers: dict[str, str] = {}
    named: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    index = _Index(result)
    for each in result.entries:
        if each.stage_of is None:
            continue
        target = index.find(each, each.stage_of)
        if target == each.id:
            result.findings.append(f"{_called(each)} says it is a stage of itself: taken as no stage")
        elif target is not None:
            pointers[each.id] = target
        else:
            named[each.file, _folded(each.stage_of)].append(each)
    chained = _shared_names(named, pointers, result)
    _carried_home(result, pointers)
    by_id = {each.id: each for each in result.entries}
    chained |= _break_rounds(pointers, by_id, result)
    # On one day, the row that says so is the earlier.
    forward = {
        lower: target for lower, target in pointers.items()
        if by_id[lower].day <= by_id[target].day and chained.get(lower) != target
    }  # fmt: skip
    result.earlier.update(sorted(forward.items()))
    for lower, said in sorted(pointers.items()):
        if lower in forward:
            continue
        target = said
        while target in forward:
            target = forward[target]
        # What its cargo went on to, if that was later still, is a later stage of this one too.
        if by_id[lower].day < by_id[target].day:
            result.earlier[lower] = target
        else:
            result.onward.setdefault(target, []).append(lower)
    _name_cargoes(pointers, result)


def _shared_names(
    named: Mapping[tuple[int, str], list[Entry]], pointers: dict[str, str], result: Linked
) -> dict[str, str]:
    """Treat what is no stage's id or ship as the name of a cargo, of which the last stage counts.

    Returns:
        The stages that follow another of the same name: id -> id of the one before.
    """
    chained: dict[str, str] = {}
    for (_, name), rows in sorted(named.items()):
        stages = sorted(rows, key=_in_time)
        said, last = stages[0].stage_of, stages[-1]
        result.chance[stages[0].id] = f"cargo {name}"
        if len(stages) == 1:
            result.findings.append(
                f"{_called(last)} is a stage of {said!r}, which is not here or refuted: counted by itself"
            )
            result.said[last.id].append(f"stage of {said!r}, which is not here or refuted")
            continue
        result.findings.append(
            f"{len(stages)} rows are stages of {said!r}, which is no row: taken as the name of one cargo, counted "
            f"once, at its last stage ({_called(last)})"
        )
        chained |= {later.id: each.id for each, later in pairwise(stages)}
    pointers |= chained
    return chained


CARRIED_HOME = timedelta(days=30)
"""A ship that was given oil at sea and calls in the DPRK within so many days brought that oil."""


def _carried_home(result: Linked, pointers: dict[str, str]) -> None:
    """Make a transfer a stage of the next call in port of the ship that received, where nothing else is said.

    A call that was only found in positions is the likelier a delivery for it.
    """
    by_key: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(result.entries):
        if _kind(each) == "call" and each.calls == 1 and each.id not in pointers:
            for key in each.keys:
                by_key[key].append(at)
    for each in [e for e in result.entries if _kind(e) == "transfer" and e.stage_of is None]:
        near = {at for key in each.keys for at in by_key[key] if _is_carried(each, result.entries[at])}
        if near:
            at = min(near, key=lambda at: _in_time(result.entries[at]))
            call = result.entries[at]
            pointers[each.id] = call.id
            result.said[each.id].append(f"the ship called at {call.port} on {call.day}: the same cargo")
            if call.status == "found":
                happened = 1.0 - (1.0 - call.happened) * (1.0 - each.happened)
                result.entries[at] = replace(call, happened=happened)


def _is_carried(transfer: Entry, call: Entry) -> bool:
    is_after = transfer.day <= call.day <= transfer.day + CARRIED_HOME
    return is_after and call.product == transfer.product and same_ship(transfer.keys, call.keys)


def _break_rounds(pointers: dict[str, str], by_id: Mapping[str, Entry], result: Linked) -> dict[str, str]:
    """Lay every round of stages that are stages of each other out in the order of days; its last stage counts.

    Returns:
        The stages that follow another of the same round: id -> id of the one before.
    """
    chained: dict[str, str] = {}
    done: set[str] = set()
    for start in sorted(pointers, key=lambda each: by_id[each].key):
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path.append(at)
            at = pointers.get(at)
        if at is not None and at in path:
            stages = sorted((by_id[each] for each in path[path.index(at) :]), key=_in_time)
            names = ", ".join(_called(each) for each in stages)
            result.findings.append(f"stages go round ({names}): one cargo, counted at its last stage")
            del pointers[stages[0].id]
            chained |= {later.id: each.id for each, later in pairwise(stages)}
        done.update(path)
    pointers |= chained
    return chained


def _in_time(each: Entry) -> tuple[date, str, str]:
    return each.day, each.key, each.id


def _name_cargoes(pointers: Mapping[str, str], result: Linked) -> None:
    """Give all stages of a cargo the id of the one that no other is said of."""

    def root(entry: str) -> str:
        while entry in pointers:
            entry = pointers[entry]
        return entry

    result.cargo = {each: root(stands) for each, stands in result.cargo.items()}


class _Index:
    """Finds the entry that a row says it is a stage of: by id, then by ship, the nearest in time."""

    def __init__(self, result: Linked) -> None:
        self.by_said: dict[str, list[tuple[int, Entry]]] = defaultdict(list)
        self.by_key: dict[str, list[Entry]] = defaultdict(list)
        for each in result.entries:
            # Ids under which a delivery was told elsewhere lead to it too.
            for other in result.told_by[each.id]:
                for said in {other.id, other.said_id or other.id}:
                    self.by_said[_folded(said)].append((other.file, each))
            for key in each.keys:
                self.by_key[key].append(each)

    def find(self, of: Entry, said: str) -> str | None:
        """Give the id of the entry; None where there is none, the row itself where there is no other."""
        exact = self.by_said.get(_folded(said), [])
        same_file = [each for file, each in exact if file == of.file]
        if exact:
            return _nearest(of, same_file or [each for _, each in exact]).id
        folded = _folded(said)
        ships = [each for key in (f"imo:{folded.removeprefix('IMO ')}", f"mmsi:{folded}", f"name:{folded}")
                 for each in self.by_key.get(key, [])]  # fmt: skip
        others = [each for each in ships if each.id != of.id and apart(of, each) <= NEAR]
        if others:
            return _nearest(of, others).id
        return of.id if any(each.id == of.id for each in ships) else None


def _nearest(of: Entry, others: Sequence[Entry]) -> Entry:
    """Give the nearest in time; of two as near, the later, to which a cargo rather went on."""

    def order(each: Entry) -> tuple[int, int, str]:
        return abs((each.day - of.day) // DAY), -each.day.toordinal(), each.key

    return min(others, key=order)


def _folded(said: str) -> str:
    return " ".join(said.upper().split())


def _called(each: Entry) -> str:
    return f"{each.ship or each.id} ({each.day})"


def days_of(first: date, last: date, count: int) -> list[date]:
    """Spread so many calls evenly over days, the last on the last day; where no first day is known, all on the last."""
    span = (last - first) // DAY
    return [first + timedelta(days=round((at + 1) * (span + 1) / count) - 1) if span > 0 else last
            for at in range(count)]  # fmt: skip


def with_sizes(links: Linked) -> None:
    """Give a last stage whose size nobody knows the size of the stage before it, being the same cargo."""
    by_id = {each.id: each for each in links.entries}
    feeding: dict[str, list[str]] = defaultdict(list)
    for lower, target in links.earlier.items():
        feeding[target].append(lower)
    for upper, lowers in links.onward.items():
        for lower in lowers:
            feeding[lower].append(upper)

    def found(entry: str, seen: set[str]) -> Entry | None:
        sized = [by_id[each] for each in feeding[entry] if each not in seen]
        known = [each for each in sized if each.volume]
        if known:
            return max(known, key=lambda each: (each.day, each.key))
        deeper = [found(each.id, seen | {entry}) for each in sized]
        return next((each for each in deeper if each), None)

    for at, each in enumerate(links.entries):
        if each.volume is None and (stage := found(each.id, {each.id})) is not None:
            links.said[each.id].append(f"its size is that of an earlier stage ({_called(stage)})")
            links.entries[at] = replace(each, volume=stage.volume, capacity=stage.capacity)
