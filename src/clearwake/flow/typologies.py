"""Typologies of a desk: published methods looked for among everything its other tables found."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from clearwake import typologies, voyages
from clearwake.flow.kept import kept
from clearwake.flow.progress import Progress
from clearwake.flow.voyages import LEANS
from clearwake.model import IdentityClaim, Match, TypologyFinding, empty
from clearwake.store import Store

OWN = "typologies"
"""The folder of a desk that its user may put typologies into."""

Show = Callable[[str], pl.DataFrame]


def typology_findings(store: Store, show: Show, names: list[str]) -> pl.DataFrame:
    """Find where published typologies are shown, wholly or in part: a table of ``TypologyFinding``.

    Files in the desk's folder ``typologies`` are looked for as those that come with clearwake.

    Args:
        store: The desk's store.
        show: Gives a table by name.
        names: The tables there are.

    Raises:
        UnreadableFileError: If one of the desk's own files does not follow the language.
    """
    patterns = typologies.typologies_of(store.root / OWN)
    definition = " ".join((voyages.DRAUGHTS, voyages.VOYAGES, *(p.definition for p in patterns)))

    def make() -> pl.DataFrame:
        return _found(store, show, names, patterns)

    return kept(
        store, "typology_findings", (*LEANS, "sightings", "detections"), definition, make, TypologyFinding
    )


def _found(
    store: Store, show: Show, names: list[str], patterns: tuple[typologies.Typology, ...]
) -> pl.DataFrame:
    used = {s.table for p in patterns for e in p.elements for s in (*e.sources, *e.contradicted_by)}
    tables = {name: show(name) for name in sorted(used & set(names))}
    if not any(frame.height for frame in tables.values()):
        return empty(TypologyFinding)
    claims = store.scan("claims", record=IdentityClaim).collect()
    calls = tables["voyage_findings"].filter(pl.col("label") == "dprk_call")
    matches = show("matches") if _asks_lists(patterns) else empty(Match)
    ships = typologies.ship_facts(
        claims, matches, calls.select(mmsi="mmsi_a", end=pl.coalesce("end", "start"))
    )
    happenings = typologies.Happenings(tables, Progress.of(store).watermark)
    return typologies.typology_findings(patterns, happenings, ships)


def _asks_lists(patterns: tuple[typologies.Typology, ...]) -> bool:
    return any(e.fact is not None and e.fact[1] == "listed" for p in patterns for e in p.elements)
