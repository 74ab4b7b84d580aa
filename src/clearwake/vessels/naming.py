"""What hulls are called: ids made of what they claim, so that the order of rows never changes one."""

from __future__ import annotations

import polars as pl

from clearwake.vessels.keys import is_default


def named(nodes: pl.DataFrame) -> pl.DataFrame:
    """Give each node the id of its hull: ``node, vessel``, and ``imo``, the number the hull is known by.

    Takes nodes with ``hull`` and ``why``.  A hull with an IMO number is ``imo9321483``, a rival for it
    ``imo9321483-mmsi412345678`` or ``imo9321483-gfw-EVERGIVEN``.  Without one it is ``mmsi412345678``: the ship heard
    first under an MMSI; a later one, or any under a default number, ``mmsi416000000-SHUNLI8``.  What was never heard is
    called by its register or list.
    """
    each = _summed(nodes).with_columns(is_first=_is_first())
    number = pl.format("mmsi{}", "mmsi")
    labelled = pl.format("{}-{}", number, pl.col("label").fill_null("unnamed"))
    heard = pl.when("is_first").then(number).otherwise(labelled)
    rival = pl.format("imo{}-{}", "imo", pl.coalesce(number, pl.col("paper")))
    own = pl.when(pl.col("why").is_null()).then(pl.format("imo{}", "imo")).otherwise(rival)
    base = pl.when(pl.col("imo").is_not_null()).then(own).otherwise(pl.coalesce(heard, "paper"))
    called = each.with_columns(base=base).sort(
        "base", "first", "last", "length_m", "reports", "content", "hull", nulls_last=True
    )
    nth = pl.int_range(1, pl.len() + 1).over("base")
    vessel = pl.when(nth == 1).then("base").otherwise(pl.format("{}-{}", "base", nth))
    return nodes.select("node", "hull").join(called.select("hull", "imo", vessel=vessel), on="hull")


def _summed(nodes: pl.DataFrame) -> pl.DataFrame:
    heard = pl.col("kind") == "claims"
    ordered = nodes.sort("first", "mmsi", "reference", nulls_last=True)
    return ordered.group_by("hull").agg(
        pl.col("imo", "why").drop_nulls().min(),
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("length_m").max(),
        pl.col("reports").sum(),
        pl.col("content").min(),
        mmsi=pl.col("mmsi").filter(heard).first(),
        label=pl.col("reference").filter(heard).first(),
        paper=pl.col("reference").filter(~heard).min(),
    )


def _is_first() -> pl.Expr:
    """Say of hulls without an IMO number whether they are the first one heard under their MMSI."""
    order = pl.struct("first", pl.col("label").fill_null("~"))
    is_bare = pl.col("imo").is_null() & pl.col("mmsi").is_not_null()
    first = pl.when(is_bare).then(order.rank("ordinal").over("mmsi", "imo"))
    return (first == 1).fill_null(value=False) & ~is_default(pl.col("mmsi"))
