"""The asking side of screening: queries with any of the known columns, read to what can be compared."""

from __future__ import annotations

import re

import polars as pl

from clearwake.names import folded, other_readings
from clearwake.screen.evidence import registrations
from clearwake.screen.identifiers import callsign, imo_numbers, mmsi, said

COLUMNS = ("id", "name", "imo", "mmsi", "callsign", "flag", "kind", "country", "birth_date", "registration")
"""Columns a query may have; others are the caller's own."""

SPELLINGS = {
    "id": ("id", "queryid", "rowid", "ref"),
    "name": ("name", "shipname", "vesselname", "fullname", "companyname", "entityname", "caption"),
    "imo": ("imo", "imonumber", "imono", "imonum", "imonr"),
    "mmsi": ("mmsi", "mmsinumber", "mmsino", "ssvid"),
    "callsign": ("callsign", "radiocallsign", "callsignal"),
    "flag": ("flag", "flagstate", "flagcode", "flagcountry"),
    "kind": ("kind", "schema", "entitytype"),
    "country": ("country", "nationality", "countries", "jurisdiction"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "birthday", "born", "yearofbirth", "birthyear"),
    "registration": ("registration", "registrationnumber", "regnumber", "regno", "registrationno", "companynumber",
                     "taxid", "inn", "ogrn"),
}  # fmt: skip
"""How columns may be spelt, without case, spaces and signs; of several the first in this order is read."""

KINDS = {"SHIP": "vessel", "VESSEL": "vessel", "COMPANY": "company", "ENTITY": "company", "ORGANIZATION": "company",
         "ORGANISATION": "company", "LEGALENTITY": "party", "PARTY": "party", "PUBLICBODY": "company",
         "PERSON": "person", "INDIVIDUAL": "person",
         "AIRCRAFT": "aircraft", "AIRPLANE": "aircraft", "COUNTRY": "country"}  # fmt: skip

SHIP_COLUMNS = ("imo", "mmsi", "callsign")
"""Columns only ships have."""

FORMER_SIGNS = ("(", "EX ", "EX-", "EX.", "FORMER", "F.K.A", "F/K/A", "FKA", "A.K.A", "A/K/A", "AKA")
"""Cheap to look for; a name without any of them is one name."""

FORMER = r"(?i)^(.*?)(?:^|[\s,(/;-]+)(?:ex|formerly|former|f\.?/?k\.?/?a\.?|a\.?/?k\.?/?a\.?)[\s.:/-]+([^)]*)"
"""``NEPTUN EX PATRIOT``, ``NEPTUN (f.k.a. PATRIOT)``, ``EX-PATRIOT``: what stands before, and what after."""


def read(queries: pl.DataFrame) -> pl.DataFrame:
    """Read what queries can be compared by: one row each, numbered ``q``.

    Columns: ``kind`` (null where not said), ``imo_said``, ``mmsi``, ``callsign``, ``name_said`` and
    ``registrations``, a list.  A table that has a column only ships have is about ships wherever it does not say
    otherwise.
    """
    about = kinds(_column(queries, "kind"))
    if any(name in queries.columns for name in SHIP_COLUMNS):
        about = about.fill_null("vessel")
    rows = pl.DataFrame(
        {
            "kind": about,
            "imo_said": said(_column(queries, "imo")),
            "mmsi": mmsi(_column(queries, "mmsi")),
            "callsign": callsign(_column(queries, "callsign")),
            "name_said": _column(queries, "name").cast(pl.String).str.strip_chars(),
            "registrations": pl.Series([None], dtype=pl.List(pl.String)).new_from_index(0, queries.height),
        }
    )
    if "registration" in queries.columns:
        rows = rows.with_columns(
            queries.select(registrations=registrations(pl.col("registration").cast(pl.String))).to_series()
        )
    return rows.with_row_index("q")


def recognised(columns: list[str]) -> dict[str, str]:
    """Say which columns of a table are read as which of ``COLUMNS``: ``{"IMO Number": "imo"}``."""
    spelt = {re.sub("[^a-z0-9]", "", name.lower()): name for name in reversed(columns)}
    found = {}
    for ours, spellings in SPELLINGS.items():
        name = ours if ours in columns else next((spelt[one] for one in spellings if one in spelt), None)
        if name is not None and name not in found:
            found[name] = ours
    return found


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
        "kind",
        "imo_said",
        "name_said",
        "registrations",
        asked_mmsi="mmsi",
        asked_callsign="callsign",
        q=wanted,
    )
    told = ("id", "flag", "country", "birth_date", "registration")
    texts = [_column(some, name).cast(pl.String).alias(name) for name in told]
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


def places(queries: pl.DataFrame, rows: pl.DataFrame, bare: pl.Series) -> pl.DataFrame:
    """Give what queries say of countries: ``q, id, kind, name_said, flag, country, is_alone``.

    Args:
        queries: All queries.
        rows: What ``read`` gave of them.
        bare: Rows in which nothing else can be compared.
    """
    told = [_column(queries, name).cast(pl.String).alias(name) for name in ("id", "flag", "country")]
    is_alone = pl.col("q").is_in(bare.implode())
    said = rows.select("q", "kind", "name_said", is_alone=is_alone).with_columns(*told)
    return said.with_columns(id=pl.coalesce("id", (pl.col("q") + 1).cast(pl.String)))


def held_against(side: str) -> pl.Expr:
    """Say which queries' names are held against ships (``vessel``), and which against everything else.

    Of those, ``person`` are the ones that ask about a person, ``other`` the rest.  A query that does not say what it
    asks about is held against both.
    """
    is_ship = pl.col("kind") == "vessel"
    if side == "vessel":
        return is_ship.fill_null(value=True)
    is_person = (pl.col("kind") == "person").fill_null(value=False)
    return is_person if side == "person" else ~(is_ship.fill_null(value=False) | is_person)


def names(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    """Give the distinct names held against a side (``vessel``, ``person`` or ``other``).

    One row for each ``name_said`` and ``name`` it may be read as.

    A name in brackets or after ``ex`` is read as a name of its own beside the whole, and so is what may have been
    meant.
    """
    said = rows.filter(held_against(side))["name_said"]
    distinct = said.unique(maintain_order=True).drop_nulls().to_frame()
    told = pl.col("name_said")
    several = distinct.filter(told.str.contains_any(list(FORMER_SIGNS), ascii_case_insensitive=True))
    parts = pl.concat_list(
        told.str.replace_all(r"\([^()]*\)", " "),
        told.str.extract(r"\(([^()]*)\)", 1),
        told.str.extract(FORMER, 1),
        told.str.extract(FORMER, 2),
    )
    more = several.with_columns(name=parts).explode("name").drop_nulls("name")
    others = pl.concat([more, _readings(distinct)]).filter(pl.col("name") != pl.col("name_said"))
    return pl.concat([distinct.with_columns(name="name_said"), others.unique(maintain_order=True)])


def _readings(distinct: pl.DataFrame) -> pl.DataFrame:
    """Give the names that may have been meant to be others, as digits for letters or in another script."""
    odd = distinct.filter(pl.col("name_said").str.contains(r"[^\x00-\x7F]|[A-Za-z][015]|[015][A-Za-z]"))
    pairs = [(name, reading) for name in odd["name_said"].to_list() for reading in other_readings(name)]
    return pl.DataFrame(pairs, schema={"name_said": pl.String, "name": pl.String}, orient="row")


def has_name(rows: pl.DataFrame) -> pl.Series:
    """Say of each row whether its name folds to something that can be compared."""
    return folded(rows["name_said"], "vessel")["letters"].is_not_null()


__all__ = [
    "COLUMNS",
    "details",
    "has_name",
    "held_against",
    "imo_numbers",
    "kinds",
    "names",
    "read",
    "recognised",
]
