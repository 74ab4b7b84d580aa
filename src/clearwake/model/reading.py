"""The contract of every reader: files in, tables of facts out, chunk by chunk.

A reader never touches the store, the clock or the network.  What it cannot read it rejects with file, line
and reason; a file that is not what it says it is raises ``UnreadableFileError`` and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl


@dataclass(frozen=True)
class Received:
    """One received file: where its bytes lie now, and the name they came under."""

    path: Path
    origin: str
    folder: Path | None = None
    """Where it lay when it was given; what it names as lying beside it is looked for there and nowhere else."""


@dataclass(frozen=True)
class Options:
    """What the person reading the file added to it."""

    received_at: datetime
    """When the desk received it, UTC; a time after it plus a day is a bad time."""
    start: datetime | None = None
    """The clock of a log that carries none."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Explicit columns: ``{"time": "when", "mmsi": "ship"}``."""
    known_at: datetime | None = None
    """When the content was known, as asserted by the person; null where nothing was asserted."""
    excerpt: bool = False
    """The file is a part of a list on purpose: do not hold its counts against a complete edition's."""


@dataclass(frozen=True)
class Reading:
    """One chunk of facts: tables by name, each in its record's schema; ``receipt`` and ``known_at`` null."""

    tables: Mapping[str, pl.DataFrame]
    file: int = 0
    """Which of the files given to ``parse`` the rows came from."""
    rows: int = 0
    """How many rows (of a log: lines) the chunk was read from, where the reader accounts for every one:
    each became a position, a reject, or is in ``counts``."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows with nothing wrong that gave neither a position nor a reject, by what they were."""


@dataclass(frozen=True)
class Source:
    """A reader as the registry knows it."""

    name: str
    parse: Callable[[Sequence[Received], Options], Iterator[Reading]]
    summary: str
    licence: str | None = None
    """The licence its publisher states, where the source is one publisher's."""
    is_edition: bool = False
    """Whether the files given in one call are the parts of one thing, as the files of a list's edition are."""
