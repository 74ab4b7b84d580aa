"""Zones of the user's own: GeoJSON polygons with a name and, at best, a kind."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from clearwake.model import Options, Reading, Received, UnreadableFileError
from clearwake.places.zone_files import zones_and_rejects
from clearwake.sources.anchorages import features
from clearwake.unpack import Content, contents, laid_down


def parse(files: Sequence[Received], options: Options) -> Iterator[Reading]:  # noqa: ARG001 - the contract's
    """Read zones; see ``docs/sources/zones.md``.

    Raises:
        UnreadableFileError: If a file is no GeoJSON, is not in WGS 84, or cannot be read feature by feature.
    """
    for index, file in enumerate(files):
        for content in contents(file):
            zones, rejects, count = _zones(content)
            yield Reading({"zones": zones, "quarantine": rejects}, index, count)


def _zones(content: Content) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    with laid_down(content) as file:
        count = len(features(file, content.origin))
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            zones, rejects = zones_and_rejects(Path(file.name), origin=content.origin)
    if len(zones) + len(rejects) != count:
        found = f"{count} features, of which {len(zones) + len(rejects)} can be read"
        why = "; ".join(str(each.message) for each in said)[:300]
        do_next = f"mend the others ({why or 'no reason was given'})"
        raise UnreadableFileError(content.origin, found, "GeoJSON polygons", do_next)
    return zones, rejects, count
