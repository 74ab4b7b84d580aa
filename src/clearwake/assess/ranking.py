"""The fold: from reasons to an order, so that people know whom to look at first.

The score orders ships and does nothing else.  Each event counts once: its strongest reason for, less the
reasons against it, never below nothing.  Within a family the strongest event counts whole, the next half,
the next a quarter, so that many small things never outweigh one large thing by their number alone.
"""

from __future__ import annotations

import polars as pl

from clearwake.assess.identity import identities
from clearwake.assess.weights import BY_KIND
from clearwake.model import Indicator, conform

SCHEMA = pl.Schema(
    {
        "rank": pl.Int64(),
        "mmsi": pl.Int64(),
        "names": pl.List(pl.String),
        "flag": pl.String(),
        "score": pl.Float64(),
        "reasons_for": pl.Int64(),
        "reasons_against": pl.Int64(),
        "sentences": pl.List(pl.String),
        "evidence": pl.List(pl.String),
        "indicators": pl.List(pl.String),
        "known_at": pl.Datetime("ms", "UTC"),
    }
)


def rank(indicators: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Order ships by their reasons: those with at least one reason for, the highest score first.

    Sentences start with ``+`` for and ``-`` against, the heaviest first.  Equal scores are ordered by MMSI.

    Args:
        indicators: A table of ``Indicator``.
        claims: A table of ``IdentityClaim``, for names and flags.
    """
    rows = conform(indicators, Indicator)
    told = rows.sort("mmsi", "is_for", "weight", "kind", "id", descending=[False, True, True, False, False])
    mark = pl.when("is_for").then(pl.lit("+ ")).otherwise(pl.lit("- "))
    ships = told.group_by("mmsi", maintain_order=True).agg(
        pl.col("is_for").sum().cast(pl.Int64).alias("reasons_for"),
        (~pl.col("is_for")).sum().cast(pl.Int64).alias("reasons_against"),
        (mark + pl.col("sentence")).alias("sentences"),
        pl.col("evidence").list.explode(keep_nulls=False, empty_as_null=False).unique(maintain_order=True),
        pl.col("id").alias("indicators"),
        pl.col("known_at").max(),
    )
    ordered = (
        ships.filter(pl.col("reasons_for") > 0)
        .join(scores(rows), on="mmsi", how="left")
        .join(identities(claims).select("mmsi", "names", "flag"), on="mmsi", how="left")
        .with_columns(pl.col("names").fill_null([]), pl.col("score").fill_null(0.0))
        .sort("score", "mmsi", descending=[True, False])
        .with_row_index("rank", offset=1)
    )
    return ordered.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())


def scores(indicators: pl.DataFrame) -> pl.DataFrame:
    """Fold indicators into one score per ship: columns ``mmsi``, ``score``.

    A reason for is about the event that its evidence names first; what else it names it leans on.  A reason
    against is about every event that it names.

    Args:
        indicators: A table of ``Indicator``.
    """
    about = pl.when("is_for").then(pl.col("evidence").list.head(1)).otherwise(pl.col("evidence"))
    left = pl.col("for") - pl.col("against")
    events = (
        indicators.select("mmsi", "kind", "is_for", "weight", about.alias("event"))
        .explode("event", empty_as_null=True, keep_nulls=True)
        .sort("mmsi", "event", "is_for", "weight", "kind", descending=[False, False, True, True, False])
        .group_by("mmsi", "event", maintain_order=True)
        .agg(
            pl.col("weight").filter("is_for").max().fill_null(0.0).alias("for"),
            pl.col("weight").filter(~pl.col("is_for")).sum().alias("against"),
            _family().filter("is_for").first().alias("family"),
        )
        .select("mmsi", "family", left.clip(0.0).alias("left"))
        .filter(pl.col("left") > 0.0)
        .sort("mmsi", "family", "left", descending=[False, False, True])
    )
    halved = pl.col("left") * pl.lit(0.5).pow(pl.int_range(pl.len()).over("mmsi", "family"))
    return events.group_by("mmsi", maintain_order=True).agg(halved.sum().round(2).alias("score"))


def _family() -> pl.Expr:
    """Name the family of a kind of reason."""
    families = {kind: weight.family for kind, weight in BY_KIND.items()}
    return pl.col("kind").replace_strict(families, return_dtype=pl.String)
