"""What is reached from some parties along holdings, as a least fixpoint: nothing is reached but from outside itself.

Two companies that own each other and nobody else reach each other only once somebody reaches one of them.  The
result is the same in whatever order holdings are given: it goes in waves, each of all that the one before makes
reachable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = np.int64(-1)

NO_LIMIT = np.int64(2**60)

SMALL_WAVE, MANY_WAITING = 256, 1024
"""A wave of fewer holdings is followed one by one, until so many parties wait: array operations cost more to start."""


@dataclass(frozen=True)
class Holdings:
    """Edges with weights, sorted by owner: ``(e,)`` arrays; weights are millionths of a percent.

    A party is reached when in one of its cells what is held by reached owners comes to ``least``, and what is left
    over by the others does too.  A cell is what shares may be added up in: shares told as legal ownership are not
    added to those told as beneficial ownership, which may be the same shares.
    """

    owner: Ints
    cell: Ints
    weight: Ints
    room: Ints
    """How much less the others hold once this owner is reached."""
    party_of: Ints
    """``(cells,)`` the party a cell is of."""
    room_before: Ints
    """``(cells,)`` what is left over while nobody is reached; ``NO_LIMIT`` where nothing is known of it."""
    parties: int

    def __post_init__(self) -> None:
        """Check that holdings are sorted by owner.

        Raises:
            ValueError: If they are not.
        """
        if self.owner.size and np.any(np.diff(self.owner) < 0):
            message = "holdings are not sorted by owner"
            raise ValueError(message)


def holdings(
    owner: Ints, cell: Ints, weight: Ints, room: Ints, party_of: Ints, room_before: Ints, parties: int
) -> Holdings:
    """Sort edges by owner."""
    order = np.argsort(owner, kind="stable")
    return Holdings(
        owner[order], cell[order], weight[order], room[order], party_of, room_before.copy(), parties
    )


def spread(held: Holdings, start: Ints, least: int) -> Ints:
    """Give the wave in which each party is reached: ``(parties,)``, 0 for those of ``start``, -1 for never.

    Args:
        held: Who holds what.
        start: The parties it starts from.
        least: What has to be held, in millionths of a percent.
    """
    wave_of = np.full(held.parties, NEVER)
    wave_of[start] = 0
    return _Spreading(held, wave_of, least).run(np.unique(start))


class _Spreading:
    """One spread under way: what is held in each cell, and what is left over."""

    def __init__(self, held: Holdings, wave_of: Ints, least: int) -> None:
        self.held, self.wave_of, self.least = held, wave_of, least
        self.sums = np.zeros(held.party_of.size, np.int64)
        self.rooms = held.room_before.copy()
        self.begin = np.searchsorted(held.owner, np.arange(held.parties + 1))

    def run(self, frontier: Ints) -> Ints:
        while frontier.size:
            count = int((self.begin[frontier + 1] - self.begin[frontier]).sum())
            frontier = self._wave(frontier) if count > SMALL_WAVE else self._one_by_one(frontier.tolist())
        return self.wave_of

    def _wave(self, frontier: Ints) -> Ints:
        begin, end = self.begin[frontier], self.begin[frontier + 1]
        counts = end - begin
        before = np.cumsum(counts) - counts
        edges = np.repeat(begin - before, counts) + np.arange(int(counts.sum()))
        cells = self.held.cell[edges]
        np.add.at(self.sums, cells, self.held.weight[edges])
        np.add.at(self.rooms, cells, self.held.room[edges])
        reached = np.minimum(self.sums[cells], self.rooms[cells]) >= self.least
        found = np.unique(self.held.party_of[cells[reached]])
        found = found[self.wave_of[found] < 0]
        self.wave_of[found] = self.wave_of[frontier].max() + 1
        return found

    def _one_by_one(self, queue: list[int]) -> Ints:
        """Go on one holding at a time, until nothing more is reached or so many wait that waves are faster."""
        held, least = self.held, self.least
        begin, cell, weight, room = (_view(each) for each in (self.begin, held.cell, held.weight, held.room))
        sums, rooms, wave_of = (_view(each) for each in (self.sums, self.rooms, self.wave_of))
        party_of = _view(held.party_of)
        for done, owner in enumerate(queue, 1):
            wave = wave_of[owner] + 1
            for edge in range(begin[owner], begin[owner + 1]):
                at = cell[edge]
                sums[at] += weight[edge]
                rooms[at] += room[edge]
                if sums[at] >= least and rooms[at] >= least and wave_of[party := party_of[at]] < 0:
                    wave_of[party] = wave
                    queue.append(party)
            if len(queue) - done > MANY_WAITING:
                return np.array(queue[done:], np.int64)
        return np.zeros(0, np.int64)


def _view(numbers: Ints) -> memoryview[int]:
    """Give an array to be read and written one number at a time, which is several times as fast as through NumPy."""
    return memoryview(np.ascontiguousarray(numbers, np.int64))  # type: ignore[arg-type]
