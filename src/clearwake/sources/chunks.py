"""Facts on their way into a ``Reading``, with the account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from clearwake.model import IdentityClaim, Position, Reading, Reject, empty
from clearwake.sources.facts import WITHOUT_POSITION, Facts, Reader, rejects
from clearwake.sources.identities import claims
from clearwake.sources.lines import Fault

BLANK = "blank lines"


class Chunk:
    """Gathers facts of one file until there are enough for a ``Reading``.

    At any time ``rows`` is the number of positions and rejects gathered, and of all else counted.
    """

    def __init__(self, source: str, file: int) -> None:
        self.source, self.file = source, file
        self._begin()

    def _begin(self) -> None:
        self.rows = 0
        self._counts: Counter[str] = Counter()
        self._positions: list[pl.DataFrame] = []
        self._groups: list[pl.DataFrame] = []
        self._rejects: list[pl.DataFrame] = []

    def add(self, facts: Facts) -> None:
        """Take in rows that were judged."""
        self.rows += facts.rows
        self._counts[WITHOUT_POSITION] += facts.without_position
        self._positions.append(facts.positions)
        self._rejects.append(facts.rejects)
        if facts.groups is not None:
            self._groups.append(facts.groups)

    def add_lines(self, faults: Sequence[Fault], counts: Mapping[str, int], reader: Reader) -> None:
        """Take in lines that are no rows: faulty ones, and others by what they are."""
        self.rows += len(faults) + sum(counts.values())
        self._counts.update(counts)
        self._rejects.append(rejects(faults, reader))

    def reading(self) -> Reading:
        """Give what was gathered, and begin again."""
        groups = self._groups
        tables = {
            "positions": pl.concat([empty(Position), *self._positions]),
            "claims": claims(pl.concat(groups, how="vertical_relaxed"), self.source)
            if groups
            else empty(IdentityClaim),
            "quarantine": pl.concat([empty(Reject), *self._rejects]),
        }
        counts = {name: count for name, count in self._counts.items() if count}
        reading = Reading(tables, self.file, self.rows, counts)
        self._begin()
        return reading
