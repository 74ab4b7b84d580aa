"""Who stands behind whom, as far as a list says it by name: owners, operators, parents, "linked to".

A list names the other side in words.  Where exactly one entry of the same edition has that name, the edge leads to
that entry, by its id; else to a party of its own, known by the name and nothing more.  No list says what share an
owner has: the share is unknown, 0 to 100 %, never "50 %".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clearwake.lists.editions import Draft
from clearwake.lists.values import folded
from clearwake.model import Designation, Ownership, Party

HAS_SHARE = frozenset({"owner", "beneficial owner"})
"""Roles that come with a share; where a list does not say which, it is anything from 0 to 100 %."""

UNSAID_SHARE = "the list does not say what share"
FORMER = "the list calls it former; until when is not said, the date of the edition is taken"


@dataclass(frozen=True)
class Edge:
    """One edge as a list tells it: the entry that says it, the name it gives, and what lies between the two."""

    entry: str
    """Id of the entry."""
    name: str
    """The other side, as named."""
    role: str
    words: str
    """The role in the list's own words."""
    entry_is_owned: bool = True
    is_former: bool = False
    kind: str = "unknown"
    """What the other side is, where nothing else tells it."""
    issue: str | None = None


def comparable(name: str) -> str:
    """Bring a name to the form in which two mentions are compared: capitals, single spaces, no last full stop."""
    return folded(name).upper().rstrip(". ")


class Names:
    """The entries of one edition by name: their own names before other ones."""

    def __init__(self, entries: Iterable[Designation]) -> None:
        self.own, self.other = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for entry in entries:
            self.own[comparable(entry.name)].add(entry.id)
            for name in (*entry.aliases, *entry.former_names):
                self.other[comparable(name)].add(entry.id)

    def find(self, name: str) -> tuple[str | None, str | None]:
        """Give the id of the one entry of this name, and what a person should know about how it was found."""
        wanted = comparable(name)
        for known, how in ((self.own, None), (self.other, f"{name!r} is another name of the entry")):
            if len(known.get(wanted, ())) == 1:
                return next(iter(known[wanted])), how
            if wanted in known:
                return None, f"{len(known[wanted])} entries of the list have the name {name!r}"
        return None, None


def join(draft: Draft, edges: Iterable[Edge]) -> None:
    """Add edges to a draft whose entries are all there, with a party for every name that is no entry's."""
    names, named, seen = Names(draft.entries), dict[str, Party](), set[tuple[str, str, str]]()
    for edge in edges:
        found, how = names.find(edge.name)
        if found is None:
            found = f"{draft.card.name}:named:{comparable(edge.name)}"
            if found not in named:
                named[found] = Party(found, draft.card.name, edge.kind, folded(edge.name))
        row = _ownership(draft, edge, found, how)
        if (row.owner, row.owned, edge.words) not in seen:
            seen.add((row.owner, row.owned, edge.words))
            draft.ownerships.append(row)
    draft.parties += named.values()


def _ownership(draft: Draft, edge: Edge, other: str, how: str | None) -> Ownership:
    owner, owned = (other, edge.entry) if edge.entry_is_owned else (edge.entry, other)
    return ownership(draft, owner, owned, edge.role, edge.words, edge.is_former, (edge.issue, how))


def ownership(
    draft: Draft,
    owner: str,
    owned: str,
    role: str,
    words: str,
    is_former: bool = False,  # noqa: FBT001, FBT002 - a fact about the edge, not a switch
    issues: Iterable[str | None] = (),
) -> Ownership:
    """Make an edge between two parties as a list tells it: without a share, and ended where it is a former one."""
    has_share = role in HAS_SHARE
    told = (UNSAID_SHARE if has_share else None, FORMER if is_former else None, *issues)
    return Ownership(
        source=draft.card.name,
        owner=owner,
        owned=owned,
        role=role,
        share_low=0.0 if has_share else None,
        share_high=100.0 if has_share else None,
        role_text=words,
        valid_to=draft.when()[0] if is_former else None,
        issues=tuple(filter(None, told)),
    )


def told_by(entries: Iterable[Designation]) -> Iterator[Edge]:
    """Give the edges that entries carry in their own columns: ``linked_to`` and a ship's ``owner``."""
    for entry in entries:
        for name in entry.linked_to:
            yield Edge(entry.id, name, "linked", "Linked To")
        if entry.owner:
            yield Edge(entry.id, entry.owner, "owner", "Vessel Owner", kind="company")
