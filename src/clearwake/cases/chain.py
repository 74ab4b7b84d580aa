"""Chains: one per desk, each entry bound to the one before, and signed heads that others keep.

Whoever holds a head can tell whether anything before it was changed, left out, put in, swapped or cut, or whether
the whole chain was written anew; also for entries that they may not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clearwake import seal
from clearwake.model import ClearwakeError, Decision, Entry, Head

CHAIN_START = "0" * 64
"""What the first entry of a chain follows."""


@dataclass(frozen=True)
class Fault:
    """One thing about a chain that is not as it was written."""

    chain: str
    number: int | None
    """The entry; null where the chain as a whole is meant."""
    fault: str
    """``edited``, ``missing``, ``inserted``, ``unlinked``, ``cut``, ``rewritten`` or ``forged``."""
    sentence: str


def sealed(chain: str, number: int, previous: str, case: str, decision: Decision) -> Entry:
    """Make the next entry of a chain; the decision is written with its case, so that neither can be changed."""
    body = seal.canonical(replace(decision, case=case)).decode()
    salt = seal.salt()
    committed = seal.commitment(salt, body.encode())
    hashed = _hash(chain, number, previous, committed)
    return Entry(chain, number, previous, committed, hashed, case, salt, body)


def opened(entry: Entry) -> Decision | None:
    """Read the decision of an entry; None where this desk does not have it.

    Raises:
        ClearwakeError: If the text is not what was committed to, or no decision about the case it stands under: nothing
            is worked out from what was changed.
    """
    if entry.body is None:
        return None
    found = seal.parsed(entry.body, Decision)
    if not _is_committed(entry.salt or "", entry.body, entry.commitment) or found.case != entry.case:
        message = (
            f"entry {entry.number} of the chain {entry.chain} is not as it was written"
            "\n  read as what its seal was made of\n  next: clearwake case check, and ask who changed the database"
        )
        raise ClearwakeError(message)
    return found


def head(key: Ed25519PrivateKey, chain: str, entries: int, last: str, at: datetime) -> Head:
    """Sign how long a chain is and what it ends in."""
    public = seal.public_hex(key)
    unsigned = Head(chain, entries, last, at, public, "")
    return replace(unsigned, signature=seal.sign(key, _signed(unsigned)))


def verify(
    entries: Iterable[Entry],
    heads: Iterable[Head] = (),
    whole: Collection[str] = (),
    after: Entry | None = None,
) -> list[Fault]:
    """Look for anything that was changed, left out, put in, swapped or cut.

    A chain is gone through from its beginning, and no fault found is taken back: whatever is found in a first part of
    it is found in all of it.

    Args:
        entries: Of any number of chains, in any order.
        heads: What was signed of them and kept elsewhere; without, a chain can only be held against itself.
        whole: Chains of which every entry must be readable.
        after: An entry up to which its chain was verified already: the entries given of that chain follow it.

    Returns:
        What is wrong, by chain and number; nothing where all is as it was written.
    """
    held: dict[str, list[Entry]] = {}
    for entry in entries:
        held.setdefault(entry.chain, []).append(entry)
    kept: dict[str, list[Head]] = {}
    for each in heads:
        kept.setdefault(each.chain, []).append(each)
    faults: list[Fault] = []
    for chain in sorted({*held, *kept}):
        links = sorted(held.get(chain, ()), key=lambda entry: entry.number)
        known = after if after is not None and after.chain == chain else None
        faults += _links(chain, links, chain in whole, known)
        faults += _against_heads(chain, [known, *links] if known else links, kept.get(chain, ()))
    return faults


def is_genuine(head: Head) -> bool:
    """Tell whether a head was signed by the desk whose chain it is about."""
    try:
        is_its_key = seal.desk_name(head.public_key) == head.chain
    except ValueError:
        return False
    return is_its_key and seal.is_signed(head.public_key, head.signature, _signed(head))


def _links(chain: str, links: list[Entry], is_whole: bool, after: Entry | None) -> Iterator[Fault]:  # noqa: FBT001 - private
    wanted, previous = (after.number + 1, after.hash) if after else (1, CHAIN_START)
    for entry in links:
        if entry.number < wanted:
            yield Fault(chain, entry.number, "inserted", f"there is more than one entry {entry.number}")
            continue
        if entry.number > wanted:
            gone = (
                f"entry {wanted}" if entry.number == wanted + 1 else f"entries {wanted} to {entry.number - 1}"
            )
            yield Fault(chain, wanted, "missing", f"{gone} of the chain {chain} not there")
        elif entry.previous != previous:
            told = f"entry {entry.number} does not follow the entry before it"
            yield Fault(chain, entry.number, "unlinked", told)
        yield from _entry(entry, is_whole)
        wanted, previous = entry.number + 1, entry.hash


def _entry(entry: Entry, is_whole: bool) -> Iterator[Fault]:  # noqa: FBT001 - private
    def edited(told: str) -> Fault:
        return Fault(entry.chain, entry.number, "edited", f"entry {entry.number}: {told}")

    if entry.hash != _hash(entry.chain, entry.number, entry.previous, entry.commitment):
        yield edited("its hash is not that of its content")
    if entry.body is None or entry.salt is None:
        if is_whole or entry.body is not None or entry.salt is not None:
            yield edited("its text or its salt is gone")
        return
    if not _is_committed(entry.salt, entry.body, entry.commitment):
        yield edited("its text is not what was committed to")
    elif _case_of(entry.body) != entry.case:
        yield edited("it is no decision about the case it stands under")


def _case_of(body: str) -> str | None:
    """Give the case a text is a decision about; None where it is no decision."""
    try:
        return seal.parsed(body, Decision).case
    except ClearwakeError:
        return None


def _is_committed(salt: str, body: str, commitment: str) -> bool:
    try:
        return seal.commitment(salt, body.encode()) == commitment
    except ValueError:
        return False


def _against_heads(chain: str, links: list[Entry], heads: Iterable[Head]) -> Iterator[Fault]:
    by_number = {entry.number: entry for entry in links}
    last = max(by_number, default=0)
    for each in sorted(heads, key=lambda one: (one.entries, one.hash)):
        if not is_genuine(each):
            told = f"a head of {each.entries} entries is not signed by the desk {chain}"
            yield Fault(chain, None, "forged", told)
        elif each.entries > last:
            signed = f"{each.signed_at:%Y-%m-%d %H:%M}"
            told = (
                f"a head signed {signed} says {each.entries} entries; there are {last}: the end was cut off"
            )
            yield Fault(chain, last + 1, "cut", told)
        elif each.entries and (found := by_number.get(each.entries)) and found.hash != each.hash:
            told = f"entry {each.entries} is not the one that the head signed {each.signed_at:%Y-%m-%d %H:%M} ends in"
            yield Fault(chain, each.entries, "rewritten", told)


def _hash(chain: str, number: int, previous: str, committed: str) -> str:
    told = {"chain": chain, "number": number, "previous": previous, "commitment": committed}
    return seal.digest(seal.canonical(told))


def _signed(head: Head) -> bytes:
    return seal.canonical(replace(head, signature=""))
