"""Hulls of a desk: judged anew from stored claims, registers, lists and tracks whenever they are asked for."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from clearwake import tracks as following
from clearwake import vessels
from clearwake.flow.listed import designations
from clearwake.model import IdentityClaim, Registration
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS


def resolved(store: Store, listed: pl.DataFrame) -> vessels.Resolved:
    """Judge which facts of a desk are of one hull.

    Args:
        store: The desk's store.
        listed: A table of ``Designation``: one edition of each list.
    """
    return vessels.resolve(
        store.scan("claims", record=IdentityClaim).collect(),
        store.scan("registrations", record=Registration).collect(),
        listed,
        following.merged(store.scan("track_days", record=TRACK_DAYS).collect()),
    )


def vessels_on(store: Store, on: date | None) -> pl.DataFrame:
    """Give each hull as it was called on a day; as it is called now, if none is given."""
    found = resolved(store, designations(store, on))
    return found.vessels if on is None else found.on(on)


def history_on(store: Store, on: date | None) -> pl.DataFrame:
    """Give the dated values of every hull; those of one day, if it is given."""
    past = resolved(store, designations(store, on)).history
    return past if on is None else vessels.on_day(past, on)


_HULL = re.compile(r"(?:imo\d{7}|mmsi\d{9}|track\d+)(?:-.+)?")


def is_hull(fact: str) -> bool:
    """Say whether an id reads as a hull's."""
    return _HULL.fullmatch(fact) is not None


def hull_by_id(
    store: Store, fact: str, listed: pl.DataFrame
) -> tuple[str, dict[str, object], list[str]] | None:
    """Find a hull by its id: title, details, and as evidence the lines where its values were first said, or None."""
    found = resolved(store, listed)
    rows = found.vessels.filter(pl.col("id") == fact)
    if not rows.height:
        return None
    details = {k: v for k, v in rows.row(0, named=True).items() if v is not None and v != []}
    first = found.history.filter(pl.col("vessel") == fact).drop_nulls(["receipt", "line"])
    lines = first.select(pl.format("row:{}:{}", "receipt", "line")).to_series().unique(maintain_order=True)
    return f"hull {details.get('name', fact)}", details, lines.to_list()
