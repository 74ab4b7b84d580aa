"""Claims brought together: equal ones of one hour and source are one claim, however the file was cut.

A claim is grouped by MMSI, identity and UTC hour when it is read, chunk by chunk.  Merging the groups again gives
the same rows whatever the cut and the order of the files.
"""

from __future__ import annotations

import polars as pl

from clearwake.model import IdentityClaim, conform, schema

SAID = (
    "name",
    "imo",
    "callsign",
    "flag",
    "ship_type",
    "ship_type_text",
    "length_m",
    "draught_m",
    "destination",
    "ais_class",
)
"""What a claim says of the ship."""


def merged(claims: pl.DataFrame) -> pl.DataFrame:
    """Bring equal claims of one MMSI, source and UTC hour into one row each, by MMSI and hour.

    Takes and gives a table of ``IdentityClaim``.  ``first_seen``, ``last_seen`` and ``reports`` are those of all
    together; ``receipt`` and ``line`` say where it stood first, ``known_at`` when it was first known.

    Claims are compared by a 64-bit hash of what they say.
    """
    said = sum((pl.col(name).hash(seed) for seed, name in enumerate(("source", *SAID))), pl.lit(0, pl.UInt64))
    hour = pl.col("first_seen").to_physical() // 3_600_000
    ranks = claims.select(
        "mmsi", pl.col("receipt", "line").fill_null(-1), hour=hour, said=said
    ).with_row_index("row")
    ranks = ranks.sort("mmsi", "hour", "said", "receipt", "line")
    is_next = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in ("mmsi", "hour", "said"))
    begins = ranks.select((~is_next.fill_null(value=False)).alias("begins"))["begins"]
    ordered = claims[ranks["row"]]
    if not begins.all():
        ordered = _summed(ordered, begins)
    return conform(ordered.select(schema(IdentityClaim).names()), IdentityClaim)


def _summed(ordered: pl.DataFrame, begins: pl.Series) -> pl.DataFrame:
    """Sum up rows from each that begins to the next."""
    sums = ordered.select("first_seen", "last_seen", "reports", "known_at").with_columns(run=begins.cum_sum())
    each = sums.group_by("run", maintain_order=True).agg(
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("reports").sum(),
        pl.col("known_at").min(),
    )
    return (
        ordered.filter(begins).drop("first_seen", "last_seen", "reports", "known_at").hstack(each.drop("run"))
    )
