"""The asking side of screening: queries with any of the known columns, read to what can be compared."""

from __future__ import annotations

import polars as pl

from clearwake.names import folded, other_readings
from clearwake.screen.identifiers import callsign, imo_numbers, mmsi, said

COLUMNS = ("id", "name", "imo", "mmsi", "callsign", "flag", "kind", "country", "birth_date")
"""Columns a query may have; others are the caller's own."""

KINDS = {"SHIP": "vessel", "VESSEL": "vessel", "COMPANY": "company", "ENTITY": "company", "ORGANIZATION": "company",
         "ORGANISATION": "company", "LEGALENTITY": "company", "PERSON": "person", "INDIVIDUAL": "person",
         "AIRCRAFT": "aircraft", "AIRPLANE": "aircraft", "COUNTRY": "country"}  # fmt: skip

FORMER_SIGNS = ("(", "EX ", "EX-", "EX.", "FORMER", "F.K.A", "F/K/A", "FKA", "A.K.A", "A/K/A", "AKA")
"""Cheap to look for; a name without any of them is one name."""

FORMER = r"(?i)^(.*?)(?:^|[\s,(/;-]+)(?:ex|formerly|former|f\.?/?k\.?/?a\.?|a\.?/?k\.?/?a\.?)[\s.:/-]+([^)]*)"
"""``NEPTUN EX PATRIOT``, ``NEPTUN (f.k.a. PATRIOT)``, ``EX-PATRIOT``: what stands before, and what after."""


def read(queries: pl.DataFrame) -> pl.DataFrame:
    """Read what queries can be compared by: one row each, numbered ``q``.

    Columns: ``kind`` (null where not said), ``imo_said``, ``mmsi``, ``callsign``, ``name_said``, and
    ``is_bare``, true where nothing but a name, and perhaps a kind, is given.
    """
    rows = pl.DataFrame(
        {
            "kind": kinds(_column(queries, "kind")),
            "imo_said": said(_column(queries, "imo")),
            "mmsi": mmsi(_column(queries, "mmsi")),
            "callsign": callsign(_column(queries, "callsign")),
            "name_said": _column(queries, "name").cast(pl.String).str.strip_chars(),
        }
    )
    return rows.with_columns(
        is_bare=pl.all_horizontal(pl.col("imo_said", "mmsi", "callsign").is_null())
    ).with_row_index("q")


def kinds(column: pl.Series) -> pl.Series:
    """Read what a query asks about; null where it does not say or says a word that is not known."""
    if column.null_count() == len(column):
        return column.cast(pl.String)
    return (
        said(column).str.replace_all("[^A-Z]", "").replace_strict(KINDS, default=None, return_dtype=pl.String)
    )


def _column(queries: pl.DataFrame, name: str) -> pl.Series:
    if name in queries.columns:
        return queries[name]
    return pl.Series(name, [None], dtype=pl.String).new_from_index(0, queries.height)


def details(queries: pl.DataFrame, numbers: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Give everything the queries ``wanted`` said, for scores and reasons.

    Beside the texts: ``imos`` and ``company_imos``, the numbers in the IMO field that can identify a ship or a
    company, and ``imo_count``, how many there are of any kind.  ``id`` falls back to the row's number, from 1.

    Args:
        queries: All queries.
        numbers: What ``imo_numbers`` read out of them.
        wanted: Rows of ``queries``.
    """
    some = queries[wanted]
    rows = read(some).select(
        "kind", "imo_said", "name_said", asked_mmsi="mmsi", asked_callsign="callsign", q=wanted
    )
    texts = [
        _column(some, name).cast(pl.String).alias(name) for name in ("id", "flag", "country", "birth_date")
    ]
    raw = [said(_column(some, name)).alias(f"{name}_said") for name in ("mmsi", "callsign")]
    rows = rows.with_columns(*texts, *raw)
    rows = rows.with_columns(id=pl.coalesce("id", (pl.col("q") + 1).cast(pl.String)))
    each = numbers.join(rows.select(said="imo_said").unique(), on="said", how="semi").group_by("said")
    read_out = each.agg(
        imos=pl.col("number").filter("is_ship"),
        company_imos=pl.col("number").filter("is_company"),
        imo_count=pl.len(),
    )
    joined = rows.join(read_out, left_on="imo_said", right_on="said", how="left", maintain_order="left")
    empty = pl.lit([], dtype=pl.List(pl.String))
    return joined.with_columns(
        pl.col("imos", "company_imos").fill_null(empty), pl.col("imo_count").fill_null(0)
    )


def held_against(side: str) -> pl.Expr:
    """Say which queries' names are held against ships (``vessel``) and which against everything else (``party``).

    A query that does not say what it asks about asks about a ship when it gives anything only ships have; a bare
    name is held against both.
    """
    is_ship = pl.col("kind") == "vessel"
    if side == "vessel":
        return is_ship.fill_null(value=True)
    return (~is_ship).fill_null(pl.col("is_bare"))


def names(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Give the distinct names held against a side: ``name_said`` and, one row each, what it may be read as.

    A name in brackets or after ``ex`` is read as a name of its own beside the whole, and so is what may have been
    meant.
    """
    distinct = rows.filter(held_against(side)).select("name_said").unique(maintain_order=True).drop_nulls()
    told = pl.col("name_said")
    several = distinct.filter(told.str.contains_any(list(FORMER_SIGNS), ascii_case_insensitive=True))
    parts = pl.concat_list(
        told.str.replace_all(r"\([^()]*\)", " "),
        told.str.extract(r"\(([^()]*)\)", 1),
        told.str.extract(FORMER, 1),
        told.str.extract(FORMER, 2),
    )
    more = several.with_columns(name=parts).explode("name").drop_nulls("name")
    every = [distinct.with_columns(name="name_said"), more, _readings(distinct)]
    return pl.concat(every).unique(maintain_order=True)


def _readings(distinct: pl.DataFrame) -> pl.DataFrame:
    """Give the names that may have been meant to be others, as digits for letters or in another script."""
    odd = distinct.filter(pl.col("name_said").str.contains(r"[^\x00-\x7F]|[A-Za-z][015]|[015][A-Za-z]"))
    pairs = [(name, reading) for name in odd["name_said"].to_list() for reading in other_readings(name)]
    return pl.DataFrame(pairs, schema={"name_said": pl.String, "name": pl.String}, orient="row")


def has_name(rows: pl.DataFrame) -> pl.Series:
    """Say of each row whether its name folds to something that can be compared."""
    return folded(rows["name_said"], "vessel")["letters"].is_not_null()


__all__ = ["COLUMNS", "details", "has_name", "held_against", "imo_numbers", "kinds", "names", "read"]
