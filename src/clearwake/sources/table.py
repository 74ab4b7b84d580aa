"""Tables of positions of any publisher: CSV, Parquet or JSON lines, columns recognised by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake.model import Options, Reading, Received
from clearwake.sources.tabular import Family, read

FAMILY = Family("table", "a table of positions")


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read tables with at least mmsi, time, lon and lat; see ``docs/sources/table.md``.

    Raises:
        UnreadableFileError: If a file is not such a table; nothing of it may be kept.
        UsageError: If ``options.mapping`` names something a table of positions does not have.
    """
    return read(files, options, FAMILY)
