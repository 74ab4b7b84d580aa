"""Exchange: what another desk may have of all cases, and taking in what another desk gave.

Chains travel whole as links that can be checked; what an entry says goes along only where the receiving party may have
it, of its originator's marking, whoever forwards it.  What a party may have coarsened, or of a case whose name it may
not know, goes as an item of its own, which the receiving desk adds on its own chain.  The same bundle taken twice, or
bundles in another order, come to the same cases.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from clearwake import release, seal
from clearwake.archive import Archive
from clearwake.cases import case_name, verify
from clearwake.flow import bundles, casework
from clearwake.flow.bundles import Bundle, RefusedError
from clearwake.flow.casefiles import keep_file
from clearwake.flow.casework import By
from clearwake.flow.chains import head, moment_now, pairs, take_in
from clearwake.flow.signing import chain_of, key_of
from clearwake.model import Case, Decision, Entry, Head, Item, Marking, UsageError
from clearwake.release import Levels
from clearwake.release.coarse import For, given
from clearwake.store import Store

PARTNERS, ALIASES = "exchange/partners", "exchange/aliases"
ENTRIES, HEADS, VERSIONS = "entries.jsonl", "heads.jsonl", "versions.jsonl"
FILES = "files/"


@dataclass(frozen=True)
class Named(release.Secret):
    """Names of an exchange: items and decisions keep their ids, which are random; all else is renamed for good."""

    kept: frozenset[str] = frozenset()

    def of(self, original: str) -> str:
        """Give the id under which something travels."""
        return original if original in self.kept else super().of(original)


@dataclass(frozen=True)
class Sent:
    """What came of an export."""

    path: Path
    to: str
    sha256: str
    entries: int
    """Links of chains."""
    opened: int
    """... of which the text goes along."""
    versions: int
    """Items given coarsened, or without their case's name."""
    cases: tuple[str, ...]
    """Cases of which something is given."""


@dataclass(frozen=True)
class Taken:
    """What came of an import."""

    sender: str
    key: str
    is_new: bool
    """Whether this sender's key was not known before."""
    entries: int
    opened: int
    versions: int
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """An item as the receiving party may have it, outside the chain."""

    case: str
    """The case's id, or another word where the party may not know it."""
    title: str
    item: Item


def export(store: Store, archive: Archive, to: str, out: Path, by: By | None = None) -> Sent:
    """Write a signed bundle of all that a party may have, and record per case what was given.

    Args:
        store: The desk.
        archive: Its files: those of items given in full go along.
        to: One party; never the public.
        out: The file.
        by: Who gives it.

    Raises:
        UsageError: If ``to`` is not one party.
    """
    audience = release.audience_of(to)
    if len(audience) != 1 or audience == ("public",):
        next_step = "one bundle for each, or clearwake release --to public"
        message = f"a bundle is for one party, not {to!r}\n  next: {next_step}"
        raise UsageError(message)
    who = by or casework.somebody(store)
    head(store)
    secret = _secret(store, audience[0])
    shares = [share(casework.case(store, name), audience[0], secret) for name in store.cases.versions()]
    entries = links(store.cases.entries(), {one for each in shares for one in each.opened})
    versions = [version for each in shares for version in each.versions]
    files = {
        ENTRIES: _lines(entries),
        HEADS: _lines(store.cases.heads()),
        VERSIONS: _lines(versions),
        **_files(archive, shares),
    }
    content = bundles.packed(key_of(store), who.nation, audience[0], moment_now(), files)
    digest = seal.digest(content)
    # Put on record first: nothing may have left that the case does not know of.
    for each in shares:
        _record(store, each, audience[0], digest, who)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    opened = sum(entry.body is not None for entry in entries)
    cases = tuple(each.case.id for each in shares if each.given)
    return Sent(out, audience[0], digest, len(entries), opened, len(versions), cases)


@dataclass(frozen=True)
class Share:
    """What a party may have of one case."""

    case: Case
    opened: frozenset[str]
    """Decisions whose entries are given with their text."""
    versions: tuple[Version, ...]
    given: tuple[str, ...]
    """Items and decisions it holds in some form."""


def share(case: Case, party: str, secret: bytes) -> Share:
    """Choose what a party may have of a case: the texts of its entries, or else items beside the chain.

    Args:
        case: As the desk has it.
        party: Who is to have it.
        secret: Of the desk and for this party; the same one gives the same names each time.
    """
    levels = Levels(case, (party,))
    is_named = _may_know_name(case, levels)
    shut = _marks_of_withheld(case, levels)
    opened = frozenset(
        d.id
        for d in case.decisions
        if is_named
        and d.act != "copy"
        and levels.of(d.id) == "full"
        and not _holds(d, shut)
        # Sealed when a chain still told the desk's own id: goes as an item beside the chain, under another.
        and (d.item is None or d.item.source is None)
    )
    added = {d.item.id for d in case.decisions if d.id in opened and d.item is not None}
    to = _for(case, levels, party, secret)
    versions = tuple(
        Version(
            case.id if is_named else _alias(to, case.id), _title(case, levels), given(i, levels.of(i.id), to)
        )
        for i in case.items
        if i.id not in added and levels.of(i.id) != "withheld"
    )
    return Share(case, opened, versions, (*sorted(opened), *sorted({*added, *(v.item.id for v in versions)})))


def _marks_of_withheld(case: Case, levels: Levels) -> frozenset[str]:
    """Give hashes and desk's ids of what a party may not have in full: a row of something else can name them."""
    full = [i for i in case.items if levels.of(i.id) == "full"]
    known = {m for i in full for m in (i.sha256, i.source)}
    shut = {m for i in case.items if i not in full for m in (i.sha256, i.source)}
    return frozenset(m for m in shut - known if m)


def _holds(decision: Decision, shut: frozenset[str]) -> bool:
    text = seal.canonical(decision).decode()
    return any(mark in text for mark in shut)


def _may_know_name(case: Case, levels: Levels) -> bool:
    """Say whether a party may know a case's id: it may have the opening, or all that the id is made of."""
    if any(d.act == "open" and levels.of(d.id) == "full" for d in case.decisions):
        return True
    # Also what was taken out since: who had it knows the name, and has to be told.
    added = [d.item for d in case.decisions if d.item is not None]
    full = [i for i in (*case.items, *added) if levels.had(i.id) == "full"]
    made_of = {case_name(i.start.date(), s.partition(":")[2]) for i in full if i.start for s in i.ships}
    return case.id in made_of


def _title(case: Case, levels: Levels) -> str:
    is_told = any(d.act == "open" and levels.of(d.id) == "full" for d in case.decisions)
    return case.title if is_told else "Evidence given by a partner"


def _secret(store: Store, party: str) -> bytes:
    private = key_of(store).private_bytes_raw()
    return hmac.new(private, f"exchange\x00{party}".encode(), sha256).digest()


def _for(case: Case, levels: Levels, party: str, secret: bytes) -> For:
    named = {i.id for i in case.items if levels.of(i.id) != "withheld"}
    known = frozenset({*case.withdrawn, *(i.id for i in case.items), *(d.id for d in case.decisions)})
    merged = {i.marking.originator for i in case.items if levels.of(i.id) == "tear-line"}
    return For((party,), Named(secret, frozenset(named)), frozenset(merged), frozenset(named), known)


def _alias(to: For, case: str) -> str:
    return to.secret.name("case", case).replace(":", "-")


def links(entries: Sequence[Entry], opened: set[str]) -> list[Entry]:
    """Give chains with the text of those entries that may be read, and of the others the links alone."""
    texts = {(e.chain, e.number) for e, decision in pairs(entries) if decision.id in opened}
    return [
        entry
        if (entry.chain, entry.number) in texts
        else Entry(entry.chain, entry.number, entry.previous, entry.commitment, entry.hash)
        for entry in entries
    ]


def _lines(records: Sequence[Any]) -> bytes:
    return b"".join(seal.canonical(record) + b"\n" for record in records)


def _files(archive: Archive, shares: Sequence[Share]) -> dict[str, bytes]:
    """Give the files of items that are given in full, by their hash, which the item's text has too."""
    given_full = (d.item for s in shares for d in s.case.decisions if d.id in s.opened and d.item is not None)
    wanted = {i.sha256 for i in given_full if i.sha256}
    return {f"{FILES}{one}": archive.path(one).read_bytes() for one in sorted(wanted) if archive.has(one)}


def _record(store: Store, share: Share, to: str, digest: str, by: By) -> None:
    """Put on record what was given of a case, once for the same things to the same party."""
    if not share.given:
        return
    told = {"what": "exchange", "to": to, "sha256": digest}
    before = [d for d in share.case.decisions if d.act == "copy" and d.told.get("to") == to]
    if any(d.told.get("what") == "exchange" and {*share.given} <= {*d.rests_on} for d in before):
        return
    why = f"exchange given to {to}"
    casework.decide(store, share.case.id, "copy", by, why=why, rests_on=share.given, told=told)


def take(
    store: Store, archive: Archive, path: Path, trust: str | None = None, nation: str | None = None
) -> Taken:
    """Take in a bundle: check it wholly, keep what is new, add what came outside the chains to this desk's own.

    Args:
        store: This desk.
        archive: Where its files go.
        path: The bundle.
        trust: The key it must be signed by, where the sender is not known yet; hexadecimal.
        nation: This desk's party, else as ``somebody`` has it.

    Raises:
        NotFoundError: If there is no such file.
        UnreadableFileError: If it is no bundle.
        RefusedError: If it was altered, comes from somebody else than it says, or is for somebody else.
        ClearwakeError: If a chain in it was changed, cut or rewritten.
    """
    bundle = bundles.unpacked(path)
    is_new = _sender(store, bundle, path, trust)
    own = _receiver(store, bundle, path, nation)
    entries = [seal.parsed(line, Entry) for line in bundle.files.get(ENTRIES, b"").splitlines()]
    heads = [seal.parsed(line, Head) for line in bundle.files.get(HEADS, b"").splitlines()]
    versions = [seal.parsed(line, Version) for line in bundle.files.get(VERSIONS, b"").splitlines()]
    pictures = _checked_files(bundle, path)
    # Also links that are here already: a bundle that says otherwise of them is no bundle of a partner.
    if faults := verify(entries, heads):
        raise RefusedError(
            path, faults[0].sentence, f"ask {bundle.manifest.sender} what happened to that chain"
        )
    _not_ours(store, versions, own, path)
    taken = take_in(store, entries, heads)
    _pin(store, bundle)
    for content in pictures:
        _keep(store, archive, content)
    added = list(_added(store, versions, bundle))
    cases = tuple(sorted({*taken.cases, *added}))
    manifest = bundle.manifest
    return Taken(manifest.sender, manifest.public_key, is_new, taken.entries, taken.opened, len(added), cases)


def _sender(store: Store, bundle: Bundle, path: Path, trust: str | None) -> bool:
    """Make sure of who sent a bundle; gives whether their key is new here."""
    manifest = bundle.manifest
    known: Mapping[str, str] = store.get(PARTNERS) or {}
    party = known.get(manifest.public_key)
    if manifest.chain == chain_of(store):
        raise RefusedError(path, "this desk made it itself", "give it to the desk it is for")
    if trust is not None and trust.strip().lower() != manifest.public_key:
        reason = f"it is signed by {manifest.public_key}, not by the key you trust"
        raise RefusedError(path, reason, "ask its sender, over another line, what their key is")
    if party is not None:
        if party != manifest.sender:
            reason = f"the key of {party} signed it, and it says it is from {manifest.sender}"
            raise RefusedError(path, reason, f"ask {party} about it")
        return False
    if manifest.sender in known.values() and trust is None:
        reason = (
            f"it says it is from {manifest.sender}, and is not signed by the key known of {manifest.sender}"
        )
        ask = (
            f"ask {manifest.sender}, over another line, whether they have a new key, and give it with --trust"
        )
        raise RefusedError(path, reason, ask)
    return True


def _receiver(store: Store, bundle: Bundle, path: Path, nation: str | None) -> str:
    """Make sure that a bundle is for this desk, as far as it knows whose it is; gives the party it is for."""
    own = casework.somebody(store, nation=nation).nation
    if own.startswith("desk-") or release.audience_of(own) == (bundle.manifest.to,):
        return bundle.manifest.to
    reason = f"it is for {bundle.manifest.to}, and this desk is {own}"
    raise RefusedError(
        path, reason, "give it to the desk it is for; what it holds was allowed to that one only"
    )


def _not_ours(store: Store, versions: Sequence[Version], own: str, path: Path) -> None:
    """Make sure that nobody gives out evidence as this desk's that it does not have."""
    held = {d.item.id for _, d in pairs(store.cases.entries()) if d.item is not None}
    for version in versions:
        if own in release.originators(version.item.marking) and version.item.id not in held:
            reason = f"it holds evidence said to be {own}'s, which this desk does not have: {version.item.sentence}"
            raise RefusedError(path, reason, "ask its sender where they have that from")


def _checked_files(bundle: Bundle, path: Path) -> list[bytes]:
    for name, content in bundle.files.items():
        if name.startswith(FILES):
            if seal.digest(content) != name.removeprefix(FILES):
                raise RefusedError(
                    path, f"{name} is not the file it is named after", "ask its sender about it"
                )
        elif name not in {ENTRIES, HEADS, VERSIONS}:
            raise RefusedError(path, f"it holds {name}, which no bundle does", "ask its sender about it")
    return [content for name, content in sorted(bundle.files.items()) if name.startswith(FILES)]


def _keep(store: Store, archive: Archive, content: bytes) -> None:
    if archive.has(seal.digest(content)):
        return
    aside = store.root / f".{seal.digest(content)}"
    aside.write_bytes(content)
    try:
        keep_file(store, archive, aside, Marking("exchange", "TLP:AMBER"))
    finally:
        aside.unlink()


def _added(store: Store, versions: Sequence[Version], bundle: Bundle) -> Iterator[str]:
    """Add items that came outside the chains, each once; gives the cases they went to."""
    held = {d.item.id for _, d in pairs(store.cases.entries()) if d.item is not None}
    for version in versions:
        if version.item.id in held:
            continue
        held.add(version.item.id)
        yield _add(store, version, bundle)


def _add(store: Store, version: Version, bundle: Bundle) -> str:
    sender = bundle.manifest.sender
    item = version.item
    # What was published is withheld with the rest; that there is something stays to be told.
    item = item if item.citation or item.kind != "media" else replace(item, citation=f"withheld by {sender}")
    own = casework.somebody(store).nation
    by = By(f"bundle from {sender}", "exchange", own)
    why = f"given by {sender} for this desk alone"
    alias = f"{bundle.manifest.public_key}/{version.case}"
    aliases: dict[str, str] = store.get(ALIASES) or {}
    name = version.case if version.case in store.cases.versions() else aliases.get(alias)
    if name is not None:
        return casework.add(store, name, item, by=by, why=why, given_by=bundle.manifest.chain).id
    made = casework.open_case(
        store, by, title=version.title, name=version.case, items=[item], why=why, marking=item.marking,
        given_by=bundle.manifest.chain,
    )  # fmt: skip
    with store.commit() as commit:
        commit.set(ALIASES, {**(store.get(ALIASES) or {}), alias: made.id})
    return made.id


def _pin(store: Store, bundle: Bundle) -> None:
    manifest = bundle.manifest
    known: Mapping[str, str] = store.get(PARTNERS) or {}
    if known.get(manifest.public_key) != manifest.sender:
        trust(store, manifest.public_key, manifest.sender)


def trust(store: Store, key: str, party: str) -> None:
    """Note whose a key is: bundles it signs are taken as theirs.

    Raises:
        UsageError: If it is no key.
    """
    bare = key.strip().lower()
    if len(bare) != 64 or any(c not in "0123456789abcdef" for c in bare):
        next_step = "clearwake exchange key, at their desk"
        message = f"{key!r}\n  read as an Ed25519 public key, 64 hexadecimal digits\n  next: {next_step}"
        raise UsageError(message)
    with store.commit() as commit:
        commit.set(PARTNERS, {**(store.get(PARTNERS) or {}), bare: party})


def partners(store: Store) -> dict[str, str]:
    """Give the parties this desk knows, by their public keys."""
    return dict(store.get(PARTNERS) or {})
