"""Chains at a desk: signing how long its own is, looking for changes, and taking in those of other desks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from clearwake.cases import CHAIN_START, Fault, opened, verify
from clearwake.cases import head as signed_head
from clearwake.flow.signing import chain_of, key_of
from clearwake.model import ClearwakeError, Decision, Entry, Head
from clearwake.store import Store

AHEAD = timedelta(days=1)
"""How far another desk's clock may be before ours; a decision of later still would hold up all others."""


def moment_now() -> datetime:
    """Give the moment, to the millisecond, as every time in the house is."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def pairs(entries: Iterable[Entry]) -> list[tuple[Entry, Decision]]:
    """Give entries with their decisions, without those that this desk cannot read."""
    return [(entry, decision) for entry in entries if (decision := opened(entry)) is not None]


def head(store: Store) -> Head:
    """Sign how long this desk's chain is and what it ends in; kept here, and to be kept by others."""
    key, chain, now = key_of(store), chain_of(store), moment_now()
    with store.cases.writing() as writing:
        number, last, _ = writing.end(chain)
        made = signed_head(key, chain, number, last or CHAIN_START, now)
        writing.keep([made], now)
    return made


def check(store: Store, heads: Iterable[Head] = ()) -> list[Fault]:
    """Look for anything in the chains that is not as it was written.

    Args:
        store: The desk.
        heads: What others kept; the desk's own are looked at too, though whoever changed one could change both.
    """
    own, entries = chain_of(store), store.cases.entries()
    faults = verify(entries, [*store.cases.heads(), *heads], whole={own})
    counted: dict[str, int] = {}
    for entry in entries:
        if entry.body is not None and entry.case is not None:
            counted[entry.case] = counted.get(entry.case, 0) + 1
    versions = store.cases.versions()
    for name in sorted({*counted, *versions}):
        was, found = versions.get(name, 0), counted.get(name, 0)
        if was != found:
            told = f"case {name} had {was} decisions that could be read; there are {found}"
            faults.append(Fault(own, None, "missing", told))
    return faults


@dataclass(frozen=True)
class Taken:
    """What came in with another desk's entries."""

    entries: int
    """Entries this desk did not have."""
    opened: int
    """Entries whose text it did not have."""
    cases: tuple[str, ...]
    """Cases that changed."""


def entries_for_exchange(store: Store) -> list[Entry]:
    """Give all chains this desk holds, wholly; whoever sends them takes out what the receiver may not read."""
    return store.cases.entries()


def take_in(
    store: Store, entries: Iterable[Entry], heads: Iterable[Head] = (), now: datetime | None = None
) -> Taken:
    """Add other desks' chains to what this desk holds, all or nothing.

    Chains come as headers where this desk may not read the text; what is there already is skipped, and text that was
    missing is filled in.  Every new entry must be vouched for by a head of its own desk.

    Args:
        store: This desk.
        entries: Of any chains; of each all from the first that this desk does not hold.
        heads: Signed by the desks whose chains they are.
        now: When they came; now, if not given.

    Raises:
        ClearwakeError: If anything was changed, left out, cut or put in, a chain differs from what this desk holds,
            a head is forged or lacking, or a decision lies in the future.
    """
    given, signed, at = _once(entries), list(heads), now or moment_now()
    with store.cases.writing() as writing:
        held = {(entry.chain, entry.number): entry for entry in writing.entries()}
        _refuse(_differences(given, held, chain_of(store)))
        new = [entry for entry in given if (entry.chain, entry.number) not in held]
        lacked = [
            entry
            for entry in given
            if (there := held.get((entry.chain, entry.number))) is not None
            and there.body is None
            and entry.body is not None
        ]
        filled = {(entry.chain, entry.number): entry for entry in (*new, *lacked)}
        _refuse(verify([*(held | filled).values(), *_doubled(new)], signed))
        _refuse(_unvouched(new, signed))
        _refuse(_back_in_time((held | filled).values()))
        writing.add([(entry, _decided_at(entry, at)) for entry in new], at)
        writing.open([(entry, moment) for entry in lacked if (moment := _decided_at(entry, at))], at)
        writing.keep(signed, at)
    readable = [entry for entry in new if entry.body is not None] + lacked
    return Taken(len(new), len(readable), tuple(sorted({entry.case for entry in readable if entry.case})))


def _once(entries: Iterable[Entry]) -> list[Entry]:
    """Give every entry once, with its text if any copy has it, by chain and number."""
    best: dict[tuple[str, int, str], Entry] = {}
    for entry in entries:
        key = (entry.chain, entry.number, entry.hash)
        if key not in best or best[key].body is None:
            best[key] = entry
    return [best[key] for key in sorted(best)]


def _doubled(entries: Sequence[Entry]) -> list[Entry]:
    """Give the entries that come twice under one number, and so are two tales of one chain."""
    return [two for one, two in pairwise(entries) if (one.chain, one.number) == (two.chain, two.number)]


def _refuse(faults: Sequence[Fault]) -> None:
    """Raise what is wrong, if anything is."""
    if not faults:
        return
    told = "".join(f"\n  {each.fault}: {each.sentence}" for each in faults[:5])
    more = f"\n  and {len(faults) - 5} more" if len(faults) > 5 else ""
    next_step = "ask the desk it came from what happened to the chain; nothing was kept"
    message = f"chain {faults[0].chain}: not taken in{told}{more}\n  next: {next_step}"
    raise ClearwakeError(message)


def _differences(given: Iterable[Entry], held: Mapping[tuple[str, int], Entry], own: str) -> list[Fault]:
    """Compare what is given with what is held: a chain told in two ways was written anew, or this desk's was."""
    faults = []
    for entry in given:
        there = held.get((entry.chain, entry.number))
        if there is not None and there.hash != entry.hash:
            told = f"entry {entry.number} differs from the one held here since it first came"
            faults.append(Fault(entry.chain, entry.number, "rewritten", told))
        if there is None and entry.chain == own:
            told = f"others hold entry {entry.number} of this desk's own chain, which is not here: its end was cut"
            faults.append(Fault(entry.chain, entry.number, "cut", told))
    return faults


def _unvouched(new: Iterable[Entry], heads: Iterable[Head]) -> list[Fault]:
    """Find entries that no head of their desk covers; ``verify`` has found the heads genuine and in their place."""
    covered: dict[str, int] = {}
    for each in heads:
        covered[each.chain] = max(each.entries, covered.get(each.chain, 0))
    return [
        Fault(each.chain, each.number, "forged", f"no head signed by its desk covers entry {each.number}")
        for each in new
        if each.number > covered.get(each.chain, 0)
    ]


def _back_in_time(entries: Iterable[Entry]) -> list[Fault]:
    """Find decisions that claim to be older than the ones their desk sealed before: told so to come first elsewhere."""
    faults, latest = [], dict[str, datetime]()
    for entry, decision in pairs(sorted(entries, key=lambda one: (one.chain, one.number))):
        if decision.at < latest.get(entry.chain, decision.at):
            told = f"entry {entry.number} says {decision.at:%Y-%m-%d %H:%M} UTC, before what was sealed before it"
            faults.append(Fault(entry.chain, entry.number, "forged", told))
        latest[entry.chain] = decision.at
    return faults


def _decided_at(entry: Entry, now: datetime) -> datetime | None:
    """Give when an entry was decided; None where this desk cannot read it."""
    decision = opened(entry)
    if decision is not None and decision.at > now + AHEAD:
        told = f"entry {entry.number} was decided {decision.at:%Y-%m-%d %H:%M} UTC, which is yet to come"
        _refuse([Fault(entry.chain, entry.number, "forged", told)])
    return None if decision is None else decision.at
