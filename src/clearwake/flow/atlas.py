"""The places a desk knows: the built-in ones, those its users gave, and the anchorages learnt from lying ships."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import places
from clearwake.detect import Detector
from clearwake.detect.join import label
from clearwake.flow.reconcile import DERIVED, stored_schema
from clearwake.model import Anchorage, Zone, conform, empty
from clearwake.places import Atlas
from clearwake.store import Commit, Store

IN_PORT_KM = 10.0
"""A meeting this close to a port or anchorage is ordinary business until something says otherwise.

Source: Global Fishing Watch, pipe-encounters."""

OFFSHORE_KM = 22.2
"""Farther out than 12 nautical miles a place where many ships lay still is no excuse for a meeting: ships also lie
there to pass on cargo.  Source: United Nations Convention on the Law of the Sea, article 3, for the distance."""

DPRK_MID = 445
"""Numbers of ships under the flag of the DPRK begin so (ITU, table of maritime identification digits)."""

RULE = "in_port-2"
"""Changes whenever which places count for a meeting does, so that meetings are placed anew."""

LYING = pl.Schema({"track": pl.Int64, "lon": pl.Float64, "lat": pl.Float64, "hours": pl.Float64})


def atlas_of(store: Store) -> Atlas:
    """Give the built-in atlas with the anchorages and zones that were read into this desk."""
    atlas = places.load()
    anchorages = store.scan("anchorages", record=Anchorage).collect()
    zones = store.scan("zones", record=Zone).collect()
    if anchorages.height:
        atlas = atlas.with_anchorages(anchorages)
    return atlas.with_zones(conform(zones, Zone)) if zones.height else atlas


def with_learnt(atlas: Atlas, store: Store) -> Atlas:
    """Add the anchorages learnt so far."""
    known = store.scan("learnt_anchorages", record=Anchorage).collect()
    return atlas.with_anchorages(known) if known.height else atlas


@lru_cache(maxsize=4)
def harbours(atlas: Atlas) -> Atlas:
    """Leave out the anchorages learnt far offshore: ships lie there to meet as well as to wait."""
    table = atlas.anchorages
    km = pl.Series(atlas.coast_km(table["lon"].to_numpy(), table["lat"].to_numpy()))
    kept = (table["origin"] != "learnt") | (km <= OFFSHORE_KM)
    return atlas if kept.all() else atlas.with_only(kept)


@lru_cache(maxsize=4)
def _given(atlas: Atlas) -> Atlas:
    """Leave out every learnt anchorage."""
    is_given = atlas.anchorages["origin"] != "learnt"
    return atlas if is_given.all() else atlas.with_only(is_given)


def learn(commit: Commit, store: Store, atlas: Atlas) -> Atlas | None:
    """Learn anchorages from where ships lay still on all days of this desk.

    Gives ``atlas`` with them, or None if neither they nor the ports and anchorages of ``atlas`` have changed since
    the events were last placed.
    """
    lying = store.scan("lying", record=LYING)
    stops = lying.group_by("track", "lon", "lat").agg(pl.col("hours").sum()).collect(engine="streaming")
    found = places.learn_anchorages(stops) if stops.height else empty(Anchorage)
    both = atlas.with_anchorages(found) if found.height else atlas
    commit.set("given", marked(atlas))
    mark = f"{RULE} {marked(both)}"
    if store.get("learnt") == mark:
        return None
    commit.replace("learnt_anchorages", None, found, Anchorage)
    commit.set("learnt", mark)
    return both


def marked(atlas: Atlas) -> str:
    """Give a hash of where the ports and anchorages of an atlas lie."""
    told = atlas.anchorages.select("lon", "lat", "radius_km").write_csv()
    return hashlib.sha256(told.encode()).hexdigest()


def place_again(commit: Commit, store: Store, atlas: Atlas, detectors: Iterable[Detector]) -> None:
    """Bring what places say of every stored event up to date; an event that changes gets a new version."""
    for detector in detectors:
        derived = [c for c in DERIVED if c in stored_schema(detector.record)]
        for day in store.days(detector.table) if derived else []:
            stored = store.scan(detector.table, day, day, record=stored_schema(detector.record)).collect()
            now = placed(stored, atlas)
            moved = [~now[c].eq_missing(stored[c]) for c in derived]
            changed = now.with_columns(version=pl.col("version") + pl.any_horizontal(*moved).cast(pl.Int64))
            if not changed.equals(stored):
                commit.replace(detector.table, day, changed, detector.record)


def placed(events: pl.DataFrame, atlas: Atlas) -> pl.DataFrame:
    """Fill what an event's place says: distances to the coast and to the nearest port or anchorage, ``in_port``.

    Anchorages learnt far offshore do not count for meetings, and no learnt one does where a ship of the DPRK is met.
    """
    if "coast_km" not in events.columns or not events.height:
        return events
    lon, lat = events["lon"].to_numpy(), events["lat"].to_numpy()
    is_meeting = "label" in events.columns
    km = _meeting_km(events, atlas) if is_meeting else atlas.nearest(lon, lat)[1]
    filled = events.with_columns(
        coast_km=pl.Series(atlas.coast_km(lon, lat)), anchorage_km=pl.Series(km).replace(float("inf"), None)
    )
    if not is_meeting:
        return filled
    in_port = pl.col("anchorage_km") <= IN_PORT_KM
    return filled.with_columns(label=pl.when(in_port).then(pl.lit("in_port")).otherwise(label()))


def _meeting_km(met: pl.DataFrame, atlas: Atlas) -> NDArray[np.float64]:
    """Give how far meetings were from the nearest port or anchorage that explains them: ``(n,)`` km."""
    lon, lat = met["lon"].to_numpy(), met["lat"].to_numpy()
    numbers = pl.any_horizontal(pl.col(c) // 1_000_000 == DPRK_MID for c in ("mmsi_a", "mmsi_b"))
    is_dprk = met.select(numbers.fill_null(value=False)).to_series().to_numpy()
    km = harbours(atlas).nearest(lon, lat)[1]
    if is_dprk.any():
        km[is_dprk] = _given(atlas).nearest(lon[is_dprk], lat[is_dprk])[1]
    return km
