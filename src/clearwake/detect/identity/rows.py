"""How identity events are written: ids, evidence and columns in the record's schema."""

from __future__ import annotations

import polars as pl

from clearwake.model import HULLS_PER_MMSI, TIME, conform, event_id, schema

STAMP = "%Y-%m-%dT%H:%M:%S%.3f"


def claim_id(mmsi: str | pl.Expr, at: str | pl.Expr, field: str | pl.Expr) -> pl.Expr:
    """Name the claim by MMSI, when it begins and what it says: ``claim:416000000@2026-01-01T00:00:00.000Z/name``."""
    number, begun, said = (pl.col(part) if isinstance(part, str) else part for part in (mmsi, at, field))
    return pl.format("claim:{}@{}Z/{}", number, begun.cast(TIME).dt.strftime(STAMP), said)


def registration_id() -> pl.Expr:
    """Name an entry of a register by source, whom it is about and its line."""
    about = pl.coalesce("imo", pl.col("mmsi").cast(pl.String), "name", pl.lit("unnamed"))
    return pl.format("registration:{}:{}:{}", "source", about, pl.col("line").cast(pl.String).fill_null("-"))


def sorted_texts(*parts: pl.Expr) -> pl.Expr:
    """Gather evidence from text and list columns: each once, sorted, nulls left out."""
    return pl.concat_list(*parts).list.drop_nulls().list.unique().list.sort()


def written(
    found: pl.DataFrame, kind: str, record: type, definition: str, key: tuple[str, ...], tracks: pl.DataFrame
) -> pl.DataFrame:
    """Complete found rows into events of ``record``, ordered by start and id.

    Args:
        found: ``start, end, mmsi_a, evidence, known_at`` and the measures; ``mmsi_b, lon, lat`` where there are any.
        kind: The detector's name, the prefix of every id.
        record: The record of the table.
        definition: The hash of the detector's parameters.
        key: Columns that, with start and MMSIs, tell two events apart.
        tracks: A table of ``Track``: an MMSI of one hull gives its events that hull's track.
    """
    rows = found.with_columns(
        (pl.lit(None, dtype).alias(name))
        for name, dtype in {"mmsi_b": pl.Int64(), "lon": pl.Float64(), "lat": pl.Float64()}.items()
        if name not in found.columns
    )
    named = rows.select("start", "mmsi_a", "mmsi_b", *key)
    ids = [event_id(kind, definition, (*(who if who is not None else "-" for who in numbers), *map(str, more)), start)
           for start, *rest in named.iter_rows() for numbers, more in [(rest[:2], rest[2:])]]  # fmt: skip
    whole = rows.with_columns(
        pl.Series("id", ids, dtype=pl.String), kind=pl.lit(kind), version=pl.lit(1, pl.Int64)
    )
    for side in ("a", "b"):
        whole = _with_track(whole, tracks, side)
    wanted = [name for name in schema(record) if name in whole.columns]
    return conform(whole.select(wanted), record).unique("id", keep="first").sort("start", "id")


def _with_track(rows: pl.DataFrame, tracks: pl.DataFrame, side: str) -> pl.DataFrame:
    single = tracks.select("mmsi", "track").filter(pl.col("track").n_unique().over("mmsi") == 1).unique()
    named = single.filter(pl.col("track") // HULLS_PER_MMSI == pl.col("mmsi"))
    return rows.join(
        named.rename({"mmsi": f"mmsi_{side}", "track": f"track_{side}"}), on=f"mmsi_{side}", how="left",
        maintain_order="left",
    )  # fmt: skip
