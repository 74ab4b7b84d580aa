"""Whose holdings are added up where each listed party is asked for by itself: its own, and those it acts jointly with.

One person's shares count together however they are held, directly or through companies of that person.  Two persons'
shares do not, unless they act jointly.  So each listed party, or group acting jointly, is followed by itself, and only
where the answer is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from clearwake.ownership.spread import Bools, Holdings, Ints

MOST_STEPS = 2_000_000
"""Holdings followed before it is given up to tell holders apart: some seconds."""


@dataclass(frozen=True)
class Found:
    """Who is reached, in which wave, and by which links (positions in the sorted holdings)."""

    wave: Ints
    links: Ints
    is_complete: bool


def partners(joint: pl.DataFrame, start: Ints) -> Ints:
    """Give who acts jointly with any of ``start``, directly or by way of others."""
    listed = set(start.tolist())
    groups = _groups(joint)
    return np.array(sorted(p for g in groups if listed & g for p in g - listed), np.int64)


def _groups(joint: pl.DataFrame) -> list[set[int]]:
    """Give the groups of parties that act jointly, in the order of their first members."""
    group_of: dict[int, set[int]] = {}
    for one, other in joint.select("owner", "owned").iter_rows():
        merged = group_of.get(one, {one}) | group_of.get(other, {other})
        group_of.update(dict.fromkeys(merged, merged))
    return sorted({id(g): g for g in group_of.values()}.values(), key=min)


def reached(
    along: Holdings, least: int, alone: Ints, is_open: Bools, start: Ints, joint: pl.DataFrame
) -> Found:
    """Find which open parties are reached by one listed party's, or one joint group's, holdings added up.

    Args:
        along: All links.
        least: What has to be held.
        alone: The waves in which parties are reached by single links.
        is_open: Parties that all listed parties together would reach.
        start: Listed parties.
        joint: ``owner, owned``: who acts jointly.
    """
    search = _Search(along, least, alone.copy(), is_open, int(alone.max(initial=0)))
    before = _before(along, is_open)
    listed = set(start.tolist())
    grouped = [group for group in _groups(joint) if group & listed]
    single = [{one} for one in sorted(listed - set().union(*grouped))]
    for group in (*grouped, *single):
        if not any(before[member] for member in group):
            continue
        if search.is_done() or search.steps >= MOST_STEPS:
            break
        search.follow(group & listed, group - listed)
    return Found(search.wave, np.array(search.links, np.int64), search.is_done() or search.steps < MOST_STEPS)


def _before(along: Holdings, is_open: Bools) -> Bools:
    """Tell which parties hold, however indirectly, of open ones."""
    party = along.party_of[along.cell]
    order = np.argsort(party, kind="stable")
    owners, begin = along.owner[order], np.searchsorted(party[order], np.arange(along.parties + 1))
    seen, frontier = is_open.copy(), np.flatnonzero(is_open)
    while frontier.size:
        counts = begin[frontier + 1] - begin[frontier]
        first = np.cumsum(counts) - counts
        found = np.unique(owners[np.repeat(begin[frontier] - first, counts) + np.arange(int(counts.sum()))])
        frontier = found[~seen[found]]
        seen[frontier] = True
    return seen


@dataclass
class _Search:
    """The search under way, over all groups so far."""

    along: Holdings
    least: int
    wave: Ints
    is_open: Bools
    last: int
    steps: int = 0
    links: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.begin = np.searchsorted(self.along.owner, np.arange(self.along.parties + 1))
        self.left = int(np.count_nonzero(self.is_open))

    def is_done(self) -> bool:
        """Say whether nothing is open any more."""
        return self.left == 0

    def follow(self, listed: set[int], partners_of_it: set[int]) -> None:
        """Follow one group: its listed members, what they reach, and what others hold jointly with them."""
        sums, told = defaultdict[int, int](int), defaultdict[int, list[int]](list)
        rooms, own = defaultdict[int, int](int), set[int]()
        for partner in sorted(partners_of_it):
            for edge, cell in self._edges(partner):
                self._add(edge, cell, sums, rooms, told)
        inside, queue = set(listed), sorted(listed)
        while queue:
            for edge, cell in self._edges(queue.pop(0)):
                self._add(edge, cell, sums, rooms, told)
                own.add(cell)
                party = int(self.along.party_of[cell])
                room = int(self.along.room_before[cell]) + rooms[cell]
                if party not in inside and min(sums[cell], room) >= self.least:
                    inside.add(party)
                    queue.append(party)
                    self._reach(party, told[cell])

    def _edges(self, owner: int) -> Iterator[tuple[int, int]]:
        for edge in range(int(self.begin[owner]), int(self.begin[owner + 1])):
            self.steps += 1
            yield edge, int(self.along.cell[edge])

    def _add(
        self, edge: int, cell: int, sums: dict[int, int], rooms: dict[int, int], told: dict[int, list[int]]
    ) -> None:
        sums[cell] += int(self.along.weight[edge])
        rooms[cell] += int(self.along.room[edge])
        told[cell].append(edge)

    def _reach(self, party: int, edges: list[int]) -> None:
        """Note a party that no single link reaches, with the links that suffice, the greatest first."""
        if self.wave[party] >= 0:
            return
        self.last += 1
        self.wave[party] = self.last
        self.left -= bool(self.is_open[party])
        held = 0
        for edge in sorted(edges, key=lambda each: (-int(self.along.weight[each]), each)):
            self.links.append(edge)
            held += int(self.along.weight[edge])
            if held >= self.least:
                break
