"""Countries and flags: is this country listed, or is a programme against it?

A designation of a country names the country itself; a programme against one (the DPRK programmes, Iran's) names
persons, companies and ships because of it.  A flag is a claim, and flying one is no designation.
"""

from __future__ import annotations

import re

import polars as pl

from clearwake.names import country_name, read_countries, read_flags

PROGRAMMES = {
    "DPRK": "PRK", "NKSR": "PRK", "IRAN": "IRN", "IFSR": "IRN", "IRGC": "IRN", "IFCA": "IRN", "HRIT-IR": "IRN",
    "CAATSA - IRAN": "IRN", "SYRIA": "SYR", "HRIT-SY": "SYR", "FSE-SY": "SYR", "CUBA": "CUB", "BELARUS": "BLR",
    "BURMA": "MMR", "MYANMAR": "MMR", "VENEZUELA": "VEN", "UKRAINE-EO": "RUS", "RUSSIA": "RUS",
    "CAATSA - RUSSIA": "RUS", "PEESA": "RUS", "MAGNIT": "RUS", "ZIMBABWE": "ZWE", "DRCONGO": "COD", "DRC": "COD",
    "LIBYA": "LBY",
    "NICARAGUA": "NIC", "HK-EO": "HKG", "CAR": "CAF", "SOMALIA": "SOM", "SOUTH SUDAN": "SSD", "SOUTHSUDAN": "SSD",
    "SUDAN": "SDN", "DARFUR": "SDN", "IRAQ": "IRQ", "BURUNDI": "BDI", "YEMEN": "YEM", "MALI": "MLI",
    "LEBANON": "LBN", "HAITI": "HTI", "GB": "GNB", "GUINEA-BISSAU": "GNB",
    "EU-RUS": "RUS", "EU-IRN": "IRN", "EU-BLR": "BLR", "EU-PRK": "PRK", "EU-LBY": "LBY", "EU-SYR": "SYR",
}  # fmt: skip
"""How publishers' programme names begin that are against a country, and its ISO 3166-1 alpha-3 code.

Source: OFAC's programme tag definitions; the UN's reference numbers; the EU's regimes as ``eu.yml`` names them.  The
orders on Ukraine are against Russia.
"""


def listed_countries(parties: pl.DataFrame) -> pl.DataFrame:
    """Give the countries that are designated, or that a programme is against: one row for each list and way.

    Columns: ``iso3, is_designated, list, edition, entity_id, entity_name, programmes``, and the dates and status of
    a designation.

    Args:
        parties: The parties in force, as ``Listed`` has them.
    """
    return pl.concat([_designated(parties), _against(parties)], how="diagonal")


def _designated(parties: pl.DataFrame) -> pl.DataFrame:
    rows = parties.filter(pl.col("kind") == "country")
    said = read_flags(rows["name"]).fill_null(read_flags(rows["country"].cast(pl.String)))
    return rows.select(
        "list", "edition", "entity_id", "programmes", "listed_on", "removed_on", "status", "stale",
        iso3=said, is_designated=pl.lit(value=True), entity_name="name",
    ).drop_nulls("iso3")  # fmt: skip


def _against(parties: pl.DataFrame) -> pl.DataFrame:
    named = (
        parties.select("list", "edition", "stale", "programmes")
        .explode("programmes")
        .drop_nulls("programmes")
    )
    told = named["programmes"].unique()
    codes = [country_of(programme) for programme in told.to_list()]
    known = pl.DataFrame({"programmes": told, "iso3": codes}, {"programmes": pl.String, "iso3": pl.String})
    rows = (
        named.join(known.drop_nulls(), on="programmes")
        .group_by("list", "iso3")
        .agg(pl.col("edition", "stale").last(), pl.col("programmes").unique().sort())
    )
    names = [country_name(code) for code in rows["iso3"].to_list()]
    return rows.with_columns(
        is_designated=pl.lit(value=False),
        entity_id=pl.format("{}:country:{}", "list", "iso3"),
        entity_name=pl.Series(names, dtype=pl.String),
    ).sort("list", "iso3")


def country_of(programme: str) -> str | None:
    """Give the country a programme is against, as ISO 3166-1 alpha-3; null for one against none."""
    said = programme.upper().strip()
    for begin in sorted(PROGRAMMES, key=len, reverse=True):
        if said.startswith(begin) and not re.match("[A-Z]", said[len(begin) :]):
            return PROGRAMMES[begin]
    return None


def hold_countries(queries: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Hold countries and flags against listed ones: one row for each hit.

    A query about a country meets designated countries and programmes, and so does a flag alone; the flag or country
    of a ship, company or person meets only designated countries.

    Args:
        queries: ``q, id, kind, name_said, flag, country, is_alone``; the last says that nothing but a flag or country
            was given that could be compared.
        known: What ``listed_countries`` gave.
    """
    if not known["is_designated"].any():
        queries = queries.filter(
            (pl.col("kind") == "country") | pl.col("kind").is_null() | pl.col("is_alone")
        )
    asked = pl.concat([_asked(queries, column) for column in WORDS])
    is_asked = (pl.col("kind") == "country") | (pl.col("by") == "name_said")
    hits = asked.join(known, on="iso3").filter(is_asked | pl.col("is_alone") | pl.col("is_designated"))
    hits = hits.unique(["q", "entity_id"], keep="first", maintain_order=True)
    is_itself = is_asked & pl.col("is_designated")
    return hits.with_columns(
        tier=pl.when(is_itself).then(pl.lit("match")).otherwise(pl.lit("possible")),
        score=pl.when(is_itself).then(1.0).when("is_designated").then(0.6).otherwise(0.5),
        reasons=_reasons(),
    ).select(
        "q", "id", "kind", "tier", "score", "list", "edition", "entity_id", "entity_name", "programmes", "reasons",
        "listed_on", "removed_on", "status",
    )  # fmt: skip


def unread(queries: pl.DataFrame) -> pl.Series:
    """Give the ``q`` of queries about a country in which no country can be read."""
    about = queries.filter(pl.col("kind") == "country")
    read = pl.concat([_asked(about, column)["q"] for column in WORDS])
    return about.filter(~pl.col("q").is_in(read.implode()))["q"]


WORDS = {"name_said": "country", "country": "country", "flag": "flag"}


def _asked(queries: pl.DataFrame, column: str) -> pl.DataFrame:
    """Read a column as countries; a name only where it asks about a country or does not say what it asks about."""
    rows = queries.filter(pl.col(column).is_not_null())
    if column == "name_said":
        rows = rows.filter((pl.col("kind") == "country").fill_null(value=True))
    elif column == "country":
        rows = rows.filter(pl.col("kind").fill_null("party") != "vessel")
    said = rows.with_columns(
        said=pl.col(column).cast(pl.String), by=pl.lit(column), word=pl.lit(WORDS[column])
    )
    if column == "name_said":
        codes = pl.DataFrame({"said": said["said"], "countries": read_flags(said["said"])}).unique()
    else:
        codes = read_countries(said["said"]).explode("countries")
    read = codes.drop_nulls()
    return said.join(read, on="said").select(
        "q", "id", "kind", "is_alone", "said", "by", "word", iso3="countries"
    )


def _reasons() -> pl.Expr:
    designated = pl.format("{} '{}' is the listed country {}", "word", "said", "entity_name")
    programme = pl.format(
        "{} '{}' is {}, which programmes are against: {}; the country itself is not designated",
        "word", "said", "entity_name", pl.col("programmes").list.join(", "),
    )  # fmt: skip
    told = pl.when("is_designated").then(designated).otherwise(programme)
    return pl.concat_list(told, pl.col("stale")).list.drop_nulls()
