"""Feeds: bytes to positions, identity claims, places; one file per feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clearwake.model import Options, Reading, Received, Source, UsageError
from clearwake.sources import (
    anchorages,
    detections,
    dma,
    noaa,
    ownership,
    permissions,
    registry,
    shipments,
    sightings,
    table,
    zones,
)


def _nmea(files: Sequence[Received], options: Options) -> Iterator[Reading]:
    from clearwake.sources import nmea  # noqa: PLC0415 - decoders are slow to import and most commands do without

    return nmea.parse(files, options)


SOURCES: tuple[Source, ...] = (
    Source("table", table.parse, "positions of any publisher: CSV, Parquet or JSON lines"),
    Source("nmea", _nmea, "AIS logs: !AIVDM sentences with stamps"),
    Source(
        "noaa",
        noaa.parse,
        "daily files of NOAA MarineCadastre: US waters",
        "US government work, public domain",
    ),
    Source(
        "dma",
        dma.parse,
        "daily files of the Danish Maritime Authority: Danish waters",
        "free use with attribution to the Danish Maritime Authority",
    ),
    Source("registry", registry.parse, "registers of ships: CSV, Parquet or JSON lines"),
    Source("anchorages", anchorages.parse, "the user's own ports and anchorages: CSV or GeoJSON"),
    Source("zones", zones.parse, "the user's own areas: GeoJSON polygons"),
    Source("ownership", ownership.parse, "who owns, controls and runs whom: CSV, Parquet or JSON lines"),
    Source(
        "shipments", shipments.parse, "bills of lading, manifests, customs tables: CSV, Parquet or JSON lines"
    ),
    Source("exemptions", permissions.exemptions, "exemptions granted by an authority"),
    Source("notifications", permissions.notifications, "notifications made to an authority"),
    Source("sightings", sightings.parse, "what patrols and people saw: CSV, JSON, JSON lines or Parquet"),
    Source("detections", detections.parse, "hulls found by satellites: CSV, GeoJSON, JSON lines or Parquet"),
)
"""Every feed there is; one line adds one."""


def source(name: str) -> Source:
    """Give a feed by name.

    Raises:
        UsageError: If there is none of this name.
    """
    found = next((each for each in SOURCES if each.name == name), None)
    if found is None:
        message = f"there is no source called {name!r}; there are {', '.join(each.name for each in SOURCES)}"
        raise UsageError(message)
    return found
