"""Voyages of a desk: draught changes and voyage findings, from stored claims, events and where ships were each hour."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from clearwake import tracks as following
from clearwake import voyages
from clearwake.detect import identity
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.flow.kept import kept
from clearwake.flow.trails import fixes
from clearwake.model import DraughtChange, Fix, IdentityClaim, VoyageFinding, empty
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS

Show = Callable[[str], pl.DataFrame]


OCCASIONS = ("port_calls", "encounters", "gaps", "silences", "loiterings")
"""Events in which a draught may change."""

TRAIL = ["mmsi", "track", "time", "lon", "lat", "known_at"]

_LEANS = ("claims", "track_days", "anchorages", "learnt_anchorages")

LEANS = (*_LEANS, *OCCASIONS, "positions", "registrations", "designations", "editions")
"""The stored tables that findings about voyages are made of."""


def draught_changes(store: Store, show: Show) -> pl.DataFrame:
    """Find changed draughts and what they may belong to: a table of ``DraughtChange``.

    Args:
        store: The desk's store.
        show: Gives a table of events by name.
    """

    def make() -> pl.DataFrame:
        claims = _claims(store).filter(pl.col("draught_m").is_not_null())
        if claims.is_empty():
            return empty(DraughtChange)
        told = voyages.occasions({name: show(name) for name in OCCASIONS})
        return voyages.draught_changes(_with_lengths(claims, store), told, _apart(store))

    return kept(store, "draught_changes", (*_LEANS, *OCCASIONS), voyages.DRAUGHTS, make, DraughtChange)


def voyage_findings(store: Store, show: Show) -> pl.DataFrame:
    """Find voyages that are not what was declared, and what the law remembers: a table of ``VoyageFinding``.

    Args:
        store: The desk's store.
        show: Gives a table of events, or the hulls (``vessels``), by name.
    """

    def make() -> pl.DataFrame:
        events = {name: show(name) for name in ("port_calls", "encounters", "loiterings")}
        events["draught_changes"] = draught_changes(store, show)
        claims = _claims(store)
        hidden = _apart(store)["mmsi"].unique()
        trail = _trail(store, _asked(claims, events["port_calls"]))
        atlas = with_learnt(atlas_of(store), store)
        # Which numbers are one hull matters only where a call in the DPRK may have been made under another.
        is_called = voyages.called_in_dprk(voyages.with_lying(events, atlas)["port_calls"])
        hulls = _hulls(show("vessels"), hidden) if is_called else {}
        return voyages.voyage_findings(voyages.Record(claims, events, trail, hulls, hidden), atlas)

    definition = f"{voyages.VOYAGES} {voyages.DRAUGHTS}"
    return kept(store, "voyage_findings", LEANS, definition, make, VoyageFinding)


def _claims(store: Store) -> pl.DataFrame:
    said = pl.any_horizontal(
        pl.col(c).is_not_null() for c in ("draught_m", "destination", "ship_type", "length_m")
    )
    return store.scan("claims", record=IdentityClaim).filter(said).collect()


def _with_lengths(claims: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Fill lengths from what the same number claimed at other times."""
    lengths = (
        store.scan("claims", record=IdentityClaim)
        .drop_nulls("length_m")
        .group_by("mmsi")
        .agg(known_m=pl.col("length_m").median())
        .collect()
    )
    joined = claims.join(lengths, on="mmsi", how="left")
    return joined.with_columns(pl.coalesce("length_m", "known_m").alias("length_m")).drop("known_m")


def _apart(store: Store) -> pl.DataFrame:
    """Give the numbers that are on several hulls, and when: ``mmsi, start, end``."""
    claims = store.scan("claims", record=IdentityClaim).collect()
    tracks = following.merged(store.scan("track_days", record=TRACK_DAYS).collect())
    shared = identity.shared_mmsis(claims, tracks)
    return shared.select("start", "end", mmsi="mmsi_a")


def _asked(claims: pl.DataFrame, calls: pl.DataFrame) -> pl.Series:
    """Name the ships whose way matters: those that declared a destination, and those that stopped in two ports."""
    declared = claims.filter(pl.col("destination").is_not_null()).select("mmsi")
    stops = calls.filter(pl.col("confidence") >= voyages.STOPPED)
    twice = stops.group_by("mmsi_a").agg(pl.len()).filter(pl.col("len") > 1).select(mmsi="mmsi_a")
    return pl.concat((declared, twice)).to_series().unique().sort()


def _trail(store: Store, mmsis: pl.Series) -> pl.DataFrame:
    """Give where ships were about once an hour: the first fix of each track in each hour, and its last of the day."""
    found = [empty(Fix).select(TRAIL)]
    for _, day in fixes(store, mmsis=mmsis.to_list(), reported=()) if len(mmsis) else ():
        hour = pl.col("time").dt.truncate("1h")
        is_first = (hour != hour.shift(1)) | (pl.col("track") != pl.col("track").shift(1))
        is_last = pl.col("track") != pl.col("track").shift(-1)
        found.append(day.filter(is_first.fill_null(value=True) | is_last.fill_null(value=True)).select(TRAIL))
    return pl.concat(found)


def _hulls(vessels: pl.DataFrame, hidden: pl.Series) -> Mapping[int, str]:
    """Give the hull of each MMSI that is one hull's only."""
    each = vessels.select("id", mmsi="mmsis").explode("mmsi").drop_nulls()
    alone = each.filter(pl.col("id").n_unique().over("mmsi") == 1, ~pl.col("mmsi").is_in(hidden.implode()))
    return dict(alone.select("mmsi", "id").unique().iter_rows())
