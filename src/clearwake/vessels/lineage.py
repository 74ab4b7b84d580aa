"""Lineage: what a ship heard was ever called, so that an old log finds today's listed ship.

A list has the name and MMSI of today; a log has those of its day.  The hull they are judged to be has both.
"""

from __future__ import annotations

import polars as pl

from clearwake.vessels.resolve import Resolved

ASKED = ("mmsi", "name", "imo", "callsign", "flag")
"""What ships are screened by."""

_MOST = 60
"""A hull with more names or call signs than this is not one ship's history but a number many use."""


def queries(resolved: Resolved) -> pl.DataFrame:
    """Give everything to screen: what each MMSI claimed, and what else its hull was ever called.

    Lists take no part: what a list says of a hull is no evidence for that list.

    Returns:
        ``heard`` (the MMSI), ``vessel``, the columns ``ASKED``, and ``lineage``: null for what the MMSI itself claimed,
        else a sentence on where the identifier is from.  A claim without an IMO number is given its hull's, so that
        a namesake is told from the ship.
    """
    known = resolved.vessels.select(vessel="id", hull_imo="imo")
    said = resolved.claims.select(*ASKED, "vessel").unique().join(known, on="vessel", how="left")
    lent = (pl.col("imo").is_null() & pl.col("hull_imo").is_not_null()).fill_null(value=False)
    own = said.with_columns(heard="mmsi", imo=pl.coalesce("imo", "hull_imo"), lineage=pl.when(lent).then(
        pl.format("IMO number {} is from other claims of the same hull, {}", "hull_imo", "vessel")
    ))  # fmt: skip
    silent = resolved.tracks.select("mmsi", "vessel").unique().join(said, on="mmsi", how="anti")
    rows = [own.drop("hull_imo"), silent.with_columns(heard="mmsi"), _older(resolved, said, known)]
    asked = ("heard", "vessel", *ASKED, "lineage")
    return pl.concat(rows, how="diagonal").select(asked).sort(asked, nulls_last=True)


def _older(resolved: Resolved, said: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Give what hulls were called under other MMSIs, at other times, or in registers."""
    users = said.drop_nulls("vessel").select("vessel", heard="mmsi").unique()
    called = resolved.history.filter(
        pl.col("attribute").is_in(["name", "imo", "callsign", "mmsi"]), pl.col("origin") != "list"
    )
    each = called.group_by("vessel", "attribute", "value").agg(
        pl.col("valid_from").min(), pl.col("valid_to").max(), sources=pl.col("source").unique().sort().str.join(", ")
    )  # fmt: skip
    each = each.filter(pl.len().over("vessel", "attribute") <= _MOST)
    direct = said.select(
        "vessel",
        heard="mmsi",
        name="name",
        imo="imo",
        callsign="callsign",
        mmsi=pl.col("mmsi").cast(pl.String),
    )
    direct = direct.unpivot(index=["vessel", "heard"], variable_name="attribute", value_name="value").unique()
    new = users.join(each, on="vessel").join(direct, on=["vessel", "heard", "attribute", "value"], how="anti")
    new = new.join(known, on="vessel", how="left").with_columns(lineage=_sentence())
    columns = {name: pl.when(pl.col("attribute") == name).then("value") for name in ("name", "callsign")}
    return new.select(
        "heard", "vessel", "lineage", **columns,
        mmsi=pl.when(pl.col("attribute") == "mmsi").then(pl.col("value").cast(pl.Int64, strict=False)),
        imo=pl.when(pl.col("attribute") == "imo").then("value").otherwise("hull_imo"),
    )  # fmt: skip


def _sentence() -> pl.Expr:
    words = {"name": "called", "imo": "under IMO number", "callsign": "under call sign", "mmsi": "under MMSI"}
    how = pl.col("attribute").replace_strict(words)
    day = "%Y-%m-%d"
    since, until = pl.col("valid_from").dt.strftime(day), pl.col("valid_to").dt.strftime(day)
    when = pl.concat_str(pl.format(" from {}", since), pl.format(" to {}", until), ignore_nulls=True)
    return pl.format("the same hull, {}, was {} {}{} ({})", "vessel", how, "value", when, "sources")
