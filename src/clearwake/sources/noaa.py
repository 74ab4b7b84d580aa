"""The daily files of NOAA MarineCadastre: US waters, one row per report, identity beside each position.

Source: https://hub.marinecadastre.gov/pages/vesseltraffic, data dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake.model import Options, Reading, Received
from clearwake.sources.tabular import Family, read

FAMILY = Family(
    "noaa",
    "a NOAA MarineCadastre file",
    (
        ("mmsi",), ("basedatetime",), ("lat", "latitude"), ("lon", "longitude"), ("sog",), ("cog",),
        ("heading",), ("vesselname",), ("imo",), ("callsign",), ("vesseltype",), ("status",),
    ),
)  # fmt: skip
"""The columns all editions have: ``BaseDateTime`` and ``LAT`` up to 2024, ``base_date_time`` and ``latitude``
since 2025."""


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    """Read MarineCadastre files of any year since 2015; see ``docs/sources/noaa.md``.

    Raises:
        UnreadableFileError: If a file has not the publisher's columns; nothing of it may be kept.
    """
    return read(files, options, FAMILY)
