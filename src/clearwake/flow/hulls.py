"""Hulls of a desk: judged anew from stored claims, registers, lists and tracks whenever they are asked for."""

from __future__ import annotations

import polars as pl

from clearwake import tracks as following
from clearwake import vessels
from clearwake.model import IdentityClaim, Registration, Track, schema
from clearwake.store import Store

_TRACK_DAYS = pl.Schema({n: t for n, t in schema(Track).items() if n != "shared_mmsi"})


def resolved(store: Store, designations: pl.DataFrame) -> vessels.Resolved:
    """Judge which facts of a desk are of one hull.

    Args:
        store: The desk's store.
        designations: A table of ``Designation``: one edition of each list.
    """
    return vessels.resolve(
        store.scan("claims", record=IdentityClaim).collect(),
        store.scan("registrations", record=Registration).collect(),
        designations,
        following.merged(store.scan("track_days", record=_TRACK_DAYS).collect()),
    )
