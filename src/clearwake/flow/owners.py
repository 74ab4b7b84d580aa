"""What a desk knows of owners on a day: tables and registers as they stand, lists in the edition in force that day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl

from clearwake.model import Ownership, Party, Registration
from clearwake.ownership import Facts
from clearwake.store import Store


def ownership_facts(store: Store, designations: pl.DataFrame) -> Facts:
    """Give what is known of who owns whom.

    Args:
        store: The desk's tables.
        designations: Those in force on the day asked about; of their lists, the same editions' edges count.
    """
    parties = store.scan("parties", record=Party).collect()
    edges = store.scan("ownerships", record=Ownership).collect()
    registrations = store.scan("registrations", record=Registration).collect()
    return Facts(
        _in_force(parties, designations), _in_force(edges, designations), designations, registrations
    )


def _in_force(rows: pl.DataFrame, designations: pl.DataFrame) -> pl.DataFrame:
    """Keep what no list told, and of lists what the editions in force tell."""
    keys = designations.select(source="list", edition="edition").unique()
    told = rows.filter(pl.col("edition").is_not_null())
    lists = keys.select("source").unique()
    kept = pl.concat(
        [told.join(keys, on=["source", "edition"], how="semi"), told.join(lists, on="source", how="anti")]
    )
    return pl.concat([rows.filter(pl.col("edition").is_null()), kept])


def today() -> date:
    """Give the day it is, UTC."""
    return datetime.now(UTC).date()
