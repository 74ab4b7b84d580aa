"""What screening found by lineage, told once for each ship heard and entry."""

from __future__ import annotations

import polars as pl

UNSCREENABLE = "unscreenable"


def once(matches: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Bring hits of all that a ship was called into one for each MMSI heard and entry of a list: the strongest.

    A hit by what the ship itself claimed goes before one of equal strength by lineage; the lineage of any other is
    its last reason.  An MMSI is unscreenable if nothing its hull was ever called can be compared.

    Args:
        matches: A table of ``Match``, strongest first for each query; ``id`` is the row of ``asked``, from 0.
        asked: ``lineage.queries``.
    """
    rows = asked.select("heard", "lineage").with_row_index("id").with_columns(pl.col("id").cast(pl.String))
    found = matches.with_row_index("found").join(rows, on="id", maintain_order="left")
    bare = found.filter(pl.col("tier") == UNSCREENABLE)
    hopeless = bare.join(rows.group_by("heard").agg(asked=pl.len()), on="heard").filter(
        pl.len().over("heard") == pl.col("asked")
    )  # fmt: skip
    hits = found.filter(pl.col("tier") != UNSCREENABLE).with_columns(
        rank=pl.col("tier").replace_strict(_RANKS)
    )
    best = hits.sort("heard", "rank", "score", pl.col("lineage").is_not_null(), "found",
                     descending=[False, False, True, False, False])  # fmt: skip
    best = best.unique(["heard", "list", "edition", "entity_id"], keep="first", maintain_order=True)
    every = pl.concat(
        [best.drop("rank"), hopeless.drop("asked").unique("heard", keep="first", maintain_order=True)]
    )
    told = pl.when(pl.col("lineage").is_not_null() & (pl.col("tier") != UNSCREENABLE)).then(
        pl.concat_list("reasons", "lineage")
    )  # fmt: skip
    final = every.with_columns(reasons=told.otherwise("reasons"), id=pl.col("heard").cast(pl.String))
    return final.sort("heard", maintain_order=True).select(matches.columns)


_RANKS = {"match": 0, "identity_conflict": 1, "possible": 2, "namesake": 3}
