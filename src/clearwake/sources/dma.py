"""The daily files of the Danish Maritime Authority: Danish waters, day first, words for codes.

Source: https://www.dma.dk/safety-at-sea/navigational-information/ais-data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake.model import Options, Reading, Received
from clearwake.sources.tabular import Family, read

FAMILY = Family(
    "dma",
    "a file of the Danish Maritime Authority",
    (
        ("timestamp",), ("typeofmobile",), ("mmsi",), ("latitude",), ("longitude",),
        ("navigationalstatus",), ("sog",), ("cog",), ("heading",), ("imo",), ("callsign",), ("name",),
        ("shiptype",),
    ),
)  # fmt: skip


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read the Authority's files; see ``docs/sources/dma.md``.

    Base stations, aids to navigation and rescue aircraft are read like ships, under their own MMSI.

    Raises:
        UnreadableFileError: If a file has not the publisher's columns; nothing of it may be kept.
    """
    return read(files, options, FAMILY)
