"""Holding queries against listed parties: who agrees in what, and which tier that is."""

from __future__ import annotations

from datetime import date

import polars as pl

from clearwake.model import Match, conform
from clearwake.screen import asked, reasons
from clearwake.screen.against import Listed
from clearwake.screen.identifiers import imo_numbers
from clearwake.screen.misread import slipped

TIERS = ("match", "identity_conflict", "possible", "namesake", "unscreenable")
"""From the strongest.

``match``: a valid listed IMO number, whatever the name.  ``identity_conflict``: strong identifiers point to
different listed hulls.  ``possible``: no usable IMO number on one side, and a name, former name, MMSI or call sign
agrees.  ``namesake``: both have valid IMO numbers and they differ; never a match.  ``unscreenable``: nothing could
be compared.
"""

STRONG = {"imo": 1, "mmsi": 2, "callsign": 4}
"""Identifiers that point to one hull, each with its bit."""

WEIGHTS = {"name": 0.6, "mmsi": 0.75, "callsign": 0.65, "imo": 0.5, "near_imo": 0.4, "flag": 0.1}
"""How much each agreement adds to the score of a possible hit: 1 less the product of what each leaves open."""

WEAK_NAME = 0.8
"""A weak alias (nickname, acronym) counts for so much of a name."""

BORN_ANOTHER_YEAR = 0.3
"""A person born in another year than the listed one keeps so much of the score."""

MATCH_SCORE, CONFLICT_SCORE, MOST_NAMESAKE = 0.95, 0.9, 0.2
"""Least score of a match, which the name lifts to 1; of a conflict; and the most a namesake can have."""

COLUMNS = ("id", "tier", "score", "list", "edition", "entity_id", "entity_name", "entity_imo", "entity_mmsi",
           "programmes", "reasons")  # fmt: skip

FOUND = pl.Schema({
    "q": pl.UInt32, "d": pl.UInt32, "imo": pl.Boolean, "mmsi": pl.Boolean, "callsign": pl.Boolean,
    "mmsi_hulls": pl.UInt32, "callsign_hulls": pl.UInt32, "alike": pl.Float64, "way": pl.String,
    "name_read": pl.String, "listed_name": pl.String, "role": pl.String, "near_imo": pl.String,
})  # fmt: skip


def screen(queries: pl.DataFrame, designations: pl.DataFrame, on: date | None = None) -> pl.DataFrame:
    """Hold queries against designations: one row for each hit, a table of ``Match``, strongest first.

    Args:
        queries: Any of ``id, name, imo, mmsi, callsign, flag, kind, country, birth_date``, text or numbers;
            other columns are left alone.  A row that hits nothing gives no row, one with nothing to compare
            gives one row of tier ``unscreenable``.
        designations: A table of ``Designation``.
        on: Which designations count: those in force on this day.
    """
    return hold(queries, Listed(designations, on))


def hold(queries: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Hold queries against listed parties that were prepared once, so that many batches can be asked.

    Queries never need each other, so any cut of them gives the same rows.
    """
    rows = asked.read(queries)
    numbers = imo_numbers(rows["imo_said"])
    agreeing = _agreeing(rows, numbers, listed)
    hits = _scored(_tiered(agreeing, asked.details(queries, numbers, agreeing["q"].unique()), listed))
    hits = hits.with_columns(
        rank=pl.col("tier").replace_strict(list(TIERS), range(len(TIERS)), return_dtype=pl.Int8)
    )
    hits = hits.sort("q", "rank", "score", "entity_id", descending=[False, False, True, False])
    told = hits.with_columns(reasons=reasons.of_hits(listed.on is not None))
    blank = asked.details(queries, numbers, _unscreenable(rows, numbers))
    empty = blank.select(
        "id", "q", tier=pl.lit("unscreenable"), score=pl.lit(0.0), reasons=reasons.of_nothing()
    )
    found = pl.concat([told.select("q", *COLUMNS), empty], how="diagonal").sort("q", maintain_order=True)
    return conform(found.select(COLUMNS).with_columns(pl.col("programmes").fill_null(NO_TEXTS)), Match)


NO_TEXTS = pl.lit([], dtype=pl.List(pl.String))


def _agreeing(rows: pl.DataFrame, numbers: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Find who agrees with whom: one row for each query and party, and in what."""
    by_imo = numbers.select("number", imo_said="said").join(listed.numbers, on="number")
    by_imo = (
        rows.select("q", "kind", "imo_said")
        .join(by_imo, on="imo_said", suffix="_listed")
        .filter(_kinds_meet())
    )
    ships = rows.filter((pl.col("kind") == "vessel").fill_null(value=True))
    yes = pl.lit(value=True)
    found = [
        by_imo.select("q", "d", imo=yes).unique(),
        ships.select("q", "mmsi").join(listed.mmsis, on="mmsi").with_columns(mmsi=yes),
        ships.select("q", "callsign").join(listed.callsigns, on="callsign").with_columns(callsign=yes),
        _by_name(rows, listed, "vessel"),
        _by_name(rows, listed, "party"),
        slipped(rows, numbers, listed),
    ]
    every = pl.concat([_conformed(frame) for frame in found])
    names = pl.col("way", "name_read", "listed_name", "role").sort_by(
        "alike", descending=True, nulls_last=True
    )
    return every.group_by("q", "d").agg(
        pl.col(list(STRONG)).any(),
        pl.col("mmsi_hulls", "callsign_hulls", "alike", "near_imo").max(),
        names.first(),
    )


def _conformed(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring agreements of one sort into the columns of all."""
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in FOUND.items() if name not in frame.columns]
    return frame.with_columns(absent).select(FOUND.names()).cast(FOUND)


def _kinds_meet() -> pl.Expr:
    """A query that says what it asks about meets that kind, and entries that do not say what they are."""
    asked_kind, kind = pl.col("kind"), pl.col("kind_listed")
    return asked_kind.is_null() | (asked_kind == kind) | (kind == "unknown")


def _by_name(rows: pl.DataFrame, listed: Listed, side: str) -> pl.DataFrame:
    names = asked.names(rows, side)
    if names.is_empty():
        return pl.DataFrame(schema=FOUND)
    against = listed.ship_names if side == "vessel" else listed.party_names
    found = against.alike(names["name"]).join(names.with_row_index("asked"), on="asked")
    found = found.sort("alike", descending=True, maintain_order=True).unique(["name_said", "d"], keep="first")
    asking = rows.filter(asked.held_against(side)).select("q", "kind", "name_said")
    kinds = listed.parties.select("d", kind_listed="kind")
    pairs = asking.join(found, on="name_said").join(kinds, on="d").filter(_kinds_meet())
    return pairs.with_columns(name_read="name")


# Tiers


def _tiered(found: pl.DataFrame, asking: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Name the tier of each agreement.

    A name that is only nearly alike says nothing about a ship that gives a valid IMO number of its own.
    """
    parties = listed.parties.select(
        "d", "hull", "list", "edition", "entity_id", "programmes", "listed_on", kind_listed="kind", entity_name="name",
        entity_imo="imo", entity_mmsi="mmsi", listed_callsign="callsign", listed_flag="flag", listed_imos="imos",
        listed_country="country", listed_birth="birth_date",
    )  # fmt: skip
    hits = found.join(asking, on="q").join(parties, on="d").pipe(_with_conflicts)
    own = pl.when(pl.col("kind_listed") == "company").then("company_imos").otherwise("imos")
    is_sure = pl.col("kind_listed") == pl.col("kind").fill_null("vessel")
    differs = ~pl.col("imo") & (own.list.len() > 0) & (pl.col("listed_imos").list.len() > 0)
    tier = (
        pl.when(pl.col("imo") & is_sure).then(pl.lit("match"))
        .when(pl.col("conflict").is_not_null()).then(pl.lit("identity_conflict"))
        .when(differs).then(pl.lit("namesake"))
        .otherwise(pl.lit("possible"))
    )  # fmt: skip
    only_named = ~pl.any_horizontal(*STRONG) & (pl.col("way") != "same")
    has_another_number = (pl.col("tier") == "namesake") | (
        (own.list.len() > 0) & (pl.col("listed_imos").list.len() == 0)
    )
    return hits.with_columns(tier=tier).filter(~(only_named & has_another_number))


def _with_conflicts(hits: pl.DataFrame) -> pl.DataFrame:
    """Add ``conflict``: the other hull that a strong identifier points to, where none points to both."""
    strong = hits.filter(pl.any_horizontal(*STRONG) & (pl.col("kind_listed") == "vessel"))
    bits = pl.sum_horizontal(pl.col(name).any().cast(pl.Int8) * bit for name, bit in STRONG.items())
    hulls = strong.group_by("q", "hull").agg(bits=bits, name=pl.col("entity_name").min())
    pairs = hulls.join(hulls, on="q", suffix="_other").filter((pl.col("bits") & pl.col("bits_other")) == 0)
    other = (
        pairs.sort("hull_other")
        .group_by("q", "hull")
        .agg(
            conflict=pl.format("{} ({})", pl.col("name_other").first(), pl.col("hull_other").first()),
            conflict_bits=pl.col("bits_other").first(),
        )
    )
    return hits.join(other, on=["q", "hull"], how="left")


def _scored(hits: pl.DataFrame) -> pl.DataFrame:
    name = pl.col("alike").fill_null(0.0) * pl.when(pl.col("role") == "weak alias").then(WEAK_NAME).otherwise(
        1.0
    )
    hits = hits.with_columns(
        name_alike=name,
        flags_agree=_agree("flag", "listed_flag"),
        born_apart=_born_apart(),
        has_near_imo=pl.col("near_imo").is_not_null(),
    )
    agreements = {"name": "name_alike", "flag": "flags_agree", "near_imo": "has_near_imo"}
    agreements |= {one: one for one in STRONG}
    left_open = pl.lit(1.0)
    for what, column in agreements.items():
        left_open *= 1.0 - pl.col(column).cast(pl.Float64).fill_null(0.0) * WEIGHTS[what]
    possible = (1.0 - left_open) * pl.when("born_apart").then(BORN_ANOTHER_YEAR).otherwise(1.0)
    scores = {
        "match": MATCH_SCORE + (1.0 - MATCH_SCORE) * pl.col("name_alike"),
        "identity_conflict": pl.lit(CONFLICT_SCORE),
        "namesake": possible * MOST_NAMESAKE,
    }
    score = possible
    for tier, worth in scores.items():
        score = pl.when(pl.col("tier") == tier).then(worth).otherwise(score)
    return hits.with_columns(score=score)


def _agree(asked_column: str, listed_column: str) -> pl.Expr:
    one, other = (
        pl.col(column).str.strip_chars().str.to_lowercase() for column in (asked_column, listed_column)
    )
    return (one == other).fill_null(value=False)


def _born_apart() -> pl.Expr:
    """Say of persons whether both years of birth are known and none of them is the same."""
    one, other = (pl.col(column).str.extract_all(r"[0-9]{4}") for column in ("birth_date", "listed_birth"))
    are_known = (one.list.len() > 0) & (other.list.len() > 0)
    return (are_known & (one.list.set_intersection(other).list.len() == 0)).fill_null(value=False)


def _unscreenable(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.Series:
    """Give the queries none of whose fields can be compared with anything."""
    usable = numbers.filter(pl.col("is_ship") | pl.col("is_company")).select(imo_said="said")
    bare = rows.filter(pl.col("mmsi").is_null() & pl.col("callsign").is_null()).join(
        usable, on="imo_said", how="anti"
    )
    return bare.filter(~asked.has_name(bare))["q"].sort()
