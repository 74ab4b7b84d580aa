"""Identity events of a desk: found anew from stored claims and entries of registers whenever they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import polars as pl

from clearwake import tracks as following
from clearwake.detect import identity
from clearwake.flow.advance import POSITIONS
from clearwake.flow.atlas import atlas_of, with_learnt
from clearwake.model import IdentityClaim, Registration, schema, utc
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS

_CLAIM = re.compile(r"claim:(\d+)@([^/]+)/(\w+)")


def identity_events(
    store: Store, wanted: str | None = None, on: date | None = None
) -> dict[str, pl.DataFrame]:
    """Find identity events.

    Args:
        store: The desk's store.
        wanted: One table, such as ``identity_changes``; all of them, if not given.
        on: Only what had begun by the end of that day; for changes, what was called otherwise by then.
    """
    claims = store.scan("claims", record=IdentityClaim).collect()
    register = store.scan("registrations", record=Registration).collect()
    tracks = following.merged(store.scan("track_days", record=TRACK_DAYS).collect())
    heard = heard_in(store)
    shared = identity.shared_mmsis(claims, tracks)
    atlas = with_learnt(atlas_of(store), store)

    def changes() -> pl.DataFrame:
        return identity.identity_changes(claims, heard=heard, atlas=atlas, tracks=tracks, shared=shared)

    def laundered() -> pl.DataFrame:
        return identity.laundered_identities(claims, register, heard=heard, atlas=atlas, tracks=tracks)

    found: dict[str, Callable[[], pl.DataFrame]] = {
        "identity_changes": changes,
        "shared_mmsis": lambda: shared,
        "shared_imos": lambda: identity.shared_imos(claims, heard=heard, tracks=tracks, shared=shared),
        "imo_faults": lambda: identity.imo_faults(claims, register, tracks=tracks),
        "flag_faults": lambda: identity.flag_faults(claims, register, tracks=tracks),
        "laundered_identities": laundered,
    }
    return {table: begun_by(find(), table, on) for table, find in found.items() if wanted in (None, table)}


def identity_table(store: Store, table: str, on: date | None) -> pl.DataFrame:
    """Give one table of identity events; see ``identity_events``."""
    return identity_events(store, table, on)[table]


def begun_by(events: pl.DataFrame, table: str, on: date | None) -> pl.DataFrame:
    """Keep the events that had begun by the end of a day: changes with the first new claim, others with their start."""
    if on is None:
        return events
    shown = "end" if table == "identity_changes" else "start"
    return events.filter(pl.col(shown).dt.date() <= on)


def heard_in(store: Store) -> identity.Heard:
    """Give the positions of a desk by MMSI and window of time."""

    def heard(windows: pl.DataFrame) -> pl.DataFrame:
        spans = windows.group_by("mmsi").agg(pl.col("start").min(), pl.col("end").max())
        first, last = spans.select(pl.col("start").dt.date().min(), pl.col("end").dt.date().max()).row(0)
        rows = store.scan("positions", first, last, POSITIONS).select("mmsi", "time", "lon", "lat")
        asked = rows.filter(pl.col("mmsi").is_in(spans["mmsi"].implode())).join(spans.lazy(), on="mmsi")
        within = asked.filter(pl.col("time").is_between(pl.col("start"), pl.col("end")))
        return within.select("mmsi", "time", "lon", "lat").collect(engine="streaming")

    return heard


def found_by_id(store: Store, fact: str) -> tuple[str, pl.DataFrame] | None:
    """Find an identity event, a claim or an entry of a register by its id: its table and its row, or None.

    A claim is named by what identity events give as evidence: MMSI, the time it begins, and what it says.
    """
    for table in identity.IDENTITY:
        if fact.startswith(f"{table.name}:"):
            return table.table, identity_events(store, table.table)[table.table].filter(pl.col("id") == fact)
    if fact.startswith("registration:"):
        entries = store.scan("registrations", record=Registration).with_columns(id=identity.registration_id())
        return "registrations", entries.filter(pl.col("id") == fact).head(1).collect()
    claim = _CLAIM.fullmatch(fact)
    return ("claims", _claim(store, int(claim[1]), utc(claim[2]), claim[3])) if claim else None


def _claim(store: Store, mmsi: int, begun: datetime, field: str) -> pl.DataFrame:
    day = begun.astimezone(UTC).date()
    rows = store.scan("claims", day, day, IdentityClaim)
    same = rows.filter(pl.col("mmsi") == mmsi, pl.col("first_seen") == begun)
    said = same.filter(pl.col(field).is_not_null()) if field in schema(IdentityClaim) else same
    return said.sort("receipt", "line").head(1).collect()
