"""Feeds: bytes to positions, identity claims, places; one file per feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

from clearwake.model import Options, Reading, Received, Source, UsageError

Parse = Callable[[Sequence[Received], Options], Iterator[Reading]]


def _late(module: str, function: str = "parse") -> Parse:
    """Give a reader that is imported when it reads: most commands need one of them or none."""

    def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:
        read: Parse = getattr(import_module(f"clearwake.sources.{module}"), function)
        return read(files, options)

    return parse


SOURCES: tuple[Source, ...] = (
    Source("table", _late("table"), "positions of any publisher: CSV, Parquet or JSON lines"),
    Source("nmea", _late("nmea"), "AIS logs: !AIVDM sentences with stamps"),
    Source(
        "noaa",
        _late("noaa"),
        "daily files of NOAA MarineCadastre: US waters",
        "US government work, public domain",
    ),
    Source(
        "dma",
        _late("dma"),
        "daily files of the Danish Maritime Authority: Danish waters",
        "free use with attribution to the Danish Maritime Authority",
    ),
    Source("registry", _late("registry"), "registers of ships: CSV, Parquet or JSON lines"),
    Source("anchorages", _late("anchorages"), "the user's own ports and anchorages: CSV or GeoJSON"),
    Source("zones", _late("zones"), "the user's own areas: GeoJSON polygons"),
    Source("ownership", _late("ownership"), "who owns, controls and runs whom: CSV, Parquet or JSON lines"),
    Source(
        "shipments",
        _late("shipments"),
        "bills of lading, manifests, customs tables: CSV, Parquet or JSON lines",
    ),
    Source("exemptions", _late("permissions", "exemptions"), "exemptions granted by an authority"),
    Source("notifications", _late("permissions", "notifications"), "notifications made to an authority"),
    Source(
        "deliveries",
        _late("deliveries"),
        "deliveries of petroleum and their stages: CSV, Parquet or JSON lines",
    ),
    Source("sightings", _late("sightings"), "what patrols and people saw: CSV, JSON, JSON lines or Parquet"),
    Source(
        "detections", _late("detections"), "hulls found by satellites: CSV, GeoJSON, JSON lines or Parquet"
    ),
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
