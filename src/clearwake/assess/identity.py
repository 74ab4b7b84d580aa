"""What ships say they are, one row per MMSI: enough to name them in a sentence and know their trade.

A claim, not a finding: anyone can type ``tug`` into a transmitter.
"""

from __future__ import annotations

import polars as pl

SERVICE_TYPES = {
    31: "towing", 32: "towing", 33: "dredging", 34: "diving", 35: "military", 50: "pilot", 51: "search and rescue",
    52: "tug", 53: "port tender", 54: "anti-pollution", 55: "law enforcement", 58: "medical",
}  # fmt: skip
"""Ship types that meet or accompany others for a living.  Source: ITU-R M.1371-5, table 53."""

FISHING_TYPE = 30

SCHEMA = pl.Schema(
    {
        "mmsi": pl.Int64(),
        "names": pl.List(pl.String),
        "imos": pl.List(pl.String),
        "flag": pl.String(),
        "ship_type": pl.Int16(),
    }
)


def identities(claims: pl.DataFrame) -> pl.DataFrame:
    """Gather the claims about each MMSI: names and IMO numbers, the most reported first, flag and ship type.

    Args:
        claims: A table of ``IdentityClaim``.

    Returns:
        One row per MMSI in the schema ``SCHEMA``; absent values are null or an empty list.
    """
    mmsis = claims.select("mmsi").unique()
    for column, is_list in (("name", True), ("imo", True), ("flag", False), ("ship_type", False)):
        mmsis = mmsis.join(_claimed(claims, column, is_list=is_list), on="mmsi", how="left")
    return mmsis.rename({"name": "names", "imo": "imos"}).select(
        pl.col(name).cast(dtype) if name not in ("names", "imos") else pl.col(name).fill_null([]).cast(dtype)
        for name, dtype in SCHEMA.items()
    )


def _claimed(claims: pl.DataFrame, column: str, *, is_list: bool) -> pl.DataFrame:
    """Give per MMSI what was claimed in ``column``, most reports first, ties by the later, then by value."""
    values = (
        claims.filter(pl.col(column).is_not_null())
        .group_by("mmsi", column)
        .agg(pl.col("reports").sum(), pl.col("last_seen").max())
        .sort("mmsi", "reports", "last_seen", column, descending=[False, True, True, False])
    )
    together = values.group_by("mmsi", maintain_order=True)
    return together.agg(pl.col(column) if is_list else pl.col(column).first())


def with_identity(rows: pl.DataFrame, ships: pl.DataFrame, mmsi: str, called: str) -> pl.DataFrame:
    """Add what the ship of column ``mmsi`` says it is: ``called`` for sentences, ``<called>_type`` in words.

    A ship is called by name and MMSI where it has a name, else by its MMSI.
    """
    trade = pl.col("ship_type").replace_strict(SERVICE_TYPES, default=None, return_dtype=pl.String)
    known = ships.select(
        pl.col("mmsi").alias(mmsi),
        pl.col("names").list.first().alias("name"),
        trade.alias(f"{called}_trade"),
        (pl.col("ship_type") == FISHING_TYPE).fill_null(value=False).alias(f"{called}_fishes"),
    )
    number = pl.col(mmsi).cast(pl.String)
    return (
        rows.join(known, on=mmsi, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(pl.format("{} ({})", "name", number), number).alias(called),
            pl.col(f"{called}_fishes").fill_null(value=False),
        )
        .drop("name")
    )
