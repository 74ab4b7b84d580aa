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
)
"""What a claim says of the ship."""


def merged(claims: pl.DataFrame) -> pl.DataFrame:
    """Bring equal claims of one MMSI, source and UTC hour into one row each, in an order of their own.

    Takes and gives a table of ``IdentityClaim``.  ``first_seen``, ``last_seen`` and ``reports`` are those of all
    together; ``receipt`` and ``line`` say where the first of them stood, ``known_at`` when it was first known.
    """
    keys = ["mmsi", "source", *SAID]
    hour = pl.col("first_seen").dt.truncate("1h").alias("hour")
    ordered = claims.lazy().sort("first_seen", "receipt", "line", nulls_last=True)
    together = ordered.group_by(*keys, hour).agg(
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("reports").sum(),
        pl.col("receipt", "line").first(),
        pl.col("known_at").min(),
    )
    whole = together.sort("mmsi", "first_seen", "last_seen", *keys[1:], nulls_last=True)
    return conform(whole.select(schema(IdentityClaim).names()).collect(), IdentityClaim)
