"""What is put together into hulls, in one table: personas heard, entries of registers, entries of lists."""

from __future__ import annotations

import polars as pl

from clearwake.vessels.hulls import NODES
from clearwake.vessels.keys import keyed, name_keys


def of_claims(said: pl.DataFrame, personas: pl.DataFrame) -> pl.DataFrame:
    """Sum up personas: one node each, numbered as they are."""
    both = said.join(personas, on="statement")
    summed = both.group_by("persona").agg(
        pl.col("imo").drop_nulls().first(),
        pl.col("mmsi").first(),
        pl.col("first").min(),
        pl.col("last").max(),
        pl.col("reports").sum(),
        length_m=pl.col("length_m").sort_by("reports", "length_m", nulls_last=False).drop_nulls().last(),
        names=pl.col("name_key").drop_nulls().unique().sort(),
        callsigns=pl.col("callsign_key").drop_nulls().unique().sort(),
        reference=pl.coalesce("name_key", "callsign_key").sort_by("first", "statement").drop_nulls().first(),
    )
    return _conformed(summed.rename({"persona": "node"}), "claims")


def of_registrations(registrations: pl.DataFrame) -> pl.DataFrame:
    """Give one node for each entry of a register; ``node`` is its row."""
    rows = keyed(
        registrations.select(
            "imo", "mmsi", "name", "former_names", "callsign", "length_m", "source", "reference"
        )
    )
    label = pl.coalesce("reference", "name_key", "callsign_key")
    raw = pl.col("imo").str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    number = pl.when(label.is_null()).then(pl.format("mmsi{}", "mmsi"))
    reference = pl.coalesce(number, pl.format("{}-{}", "source", pl.coalesce(label, raw)), "source")
    rows = rows.with_columns(reference=reference, content=_content(registrations))
    return _conformed(_named(rows.with_row_index("node"), ("former_names",)), "registration")


def of_designations(designations: pl.DataFrame) -> pl.DataFrame:
    """Give one node for each ship of a list; ``node`` is its row."""
    rows = keyed(
        designations.select("imo", "mmsi", "name", "aliases", "former_names", "callsign", "list", "id")
    )
    named = _named(rows.with_row_index("node"), ("aliases", "former_names"))
    is_long = pl.col("id").str.starts_with(pl.col("list"))
    reference = pl.when(is_long).then("id").otherwise(pl.format("{}-{}", "list", "id"))
    return _conformed(named.with_columns(reference=reference, content=_content(designations)), "designation")


def _content(rows: pl.DataFrame) -> pl.Series:
    """Number rows by what they say, so that equal names can be told apart whatever the order of rows."""
    said = rows.drop("receipt", "line", "known_at").select(
        pl.exclude(pl.List), pl.col(pl.List(pl.String)).list.join(";")
    )
    return said.hash_rows(seed=5).reinterpret(signed=True)


def _named(rows: pl.DataFrame, others: tuple[str, ...]) -> pl.DataFrame:
    """Add ``names``, the keys of all names an entry gives, ``callsigns`` and the ``imo`` that can identify."""
    more = [rows.select("node", said=column).explode("said").drop_nulls() for column in others]
    every = pl.concat([rows.select("node", said="name").drop_nulls(), *more])
    distinct = every["said"].unique()
    keys = pl.DataFrame({"said": distinct, "key": name_keys(distinct)})
    names = (
        every.join(keys, on="said")
        .drop_nulls("key")
        .group_by("node")
        .agg(names=pl.col("key").unique().sort())
    )
    empty = pl.lit([], dtype=pl.List(pl.String))
    joined = rows.join(names, on="node", how="left", maintain_order="left")
    sign = pl.when(pl.col("callsign_key").is_null()).then(empty).otherwise(pl.concat_list("callsign_key"))
    return joined.with_columns(pl.col("names").fill_null(empty), callsigns=sign, imo="imo_key")


def _conformed(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    rows = rows.with_columns(kind=pl.lit(kind))
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in NODES.items() if name not in rows.columns]
    return rows.with_columns(absent).select(NODES.names()).cast(NODES)
