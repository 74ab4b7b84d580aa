"""Holding queries against listed parties: who agrees in what, and which tier that is."""

from __future__ import annotations

from datetime import date

import polars as pl

from clearwake.model import Match, conform
from clearwake.screen import asked, reasons
from clearwake.screen.against import Listed
from clearwake.screen.countries import hold_countries, unread
from clearwake.screen.evidence import birth, country, registration, registrations
from clearwake.screen.identifiers import imo_numbers
from clearwake.screen.misread import slipped
from clearwake.screen.ready import ready
from clearwake.screen.second_opinion import second_opinions

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

LEAST_PARTY = 0.81
"""Names of companies and persons count from here on, where nothing else is known."""

BIRTH_ASKS, COUNTRY_ASKS = (
    {"same": -0.14, "year": -0.05, "near": 0.03, "apart": 0.05},
    {True: -0.03, False: 0.06},
)
"""How much more alike names must be for what birth and country say."""

SURE_WITH_BIRTH = 0.9
"""With the same full date of birth, a name so much alike is a match."""

BIRTH_WEIGHTS = {"same": 0.6, "year": 0.2}
PARTY_WEIGHTS = {"registration": 0.85, "country": 0.15}
"""The same of what companies and persons agree in."""

WEAK_NAME = 0.8
"""A weak alias (nickname, acronym) counts for so much of a name."""

MATCH_SCORE, CONFLICT_SCORE, MOST_NAMESAKE = 0.95, 0.9, 0.2
"""Least score of a match, which the name lifts to 1; of a conflict; and the most a namesake can have."""

COLUMNS = ("id", "tier", "score", "list", "edition", "entity_id", "entity_name", "entity_imo", "entity_mmsi",
           "programmes", "reasons", "listed_on", "removed_on", "status")  # fmt: skip

FOUND = pl.Schema({
    "q": pl.UInt32, "d": pl.UInt32, "imo": pl.Boolean, "mmsi": pl.Boolean, "callsign": pl.Boolean,
    "mmsi_hulls": pl.UInt32, "callsign_hulls": pl.UInt32, "alike": pl.Float64, "way": pl.String,
    "name_read": pl.String, "listed_name": pl.String, "role": pl.String, "near_imo": pl.String,
    "registered": pl.Boolean,
})  # fmt: skip


def screen(
    queries: pl.DataFrame,
    designations: pl.DataFrame,
    on: date | None = None,
    editions: pl.DataFrame | None = None,
    asked_on: date | None = None,
) -> pl.DataFrame:
    """Hold queries against designations: one row for each hit, a table of ``Match``, strongest first.

    Designations asked about before in this process are not prepared again.

    Args:
        queries: Any of ``id, name, imo, mmsi, callsign, flag, kind, country, birth_date, registration``, text or
            numbers; other columns are left alone.  A row that hits nothing gives no row, one with nothing to compare
            gives one row of tier ``unscreenable``.
        designations: A table of ``Designation``.
        on: Which designations count: those in force on this day.
        editions: A table of ``Edition``: a hit on an edition older than its rhythm says ``stale_list``.
        asked_on: The day the question is asked, for the age of editions; ``on`` if not given.
    """
    found = hold(queries, ready(designations, on, editions, asked_on))
    known = asked.recognised(queries.columns)
    return second_opinions(found, queries.select(list(known)).rename(known), designations)


def hold(queries: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Hold queries against listed parties that were prepared once, so that many batches can be asked.

    Queries never need each other, so any cut of them gives the same rows.
    """
    known = asked.recognised(queries.columns)
    queries = queries.select(list(known)).rename(known) if known else queries
    rows = asked.read(queries)
    numbers = imo_numbers(rows["imo_said"])
    agreeing = _agreeing(rows, numbers, listed)
    hits = _scored(
        _judged(_tiered(agreeing, asked.details(queries, numbers, agreeing["q"].unique()), listed))
    )
    hits = hits.with_columns(
        rank=pl.col("tier").replace_strict(list(TIERS), range(len(TIERS)), return_dtype=pl.Int8)
    )
    hits = hits.sort("q", "rank", "score", "entity_id", descending=[False, False, True, False])
    told = hits.with_columns(reasons=reasons.of_hits(listed.on is not None))
    bare = _unscreenable(rows, numbers)
    places = asked.places(queries, rows, bare)
    nations = hold_countries(places, listed.countries)
    bare = pl.concat((bare, unread(places))).unique().sort()
    answered = nations.filter(pl.col("kind") == "country")["q"].unique()
    blank = asked.details(queries, numbers, bare.filter(~bare.is_in(answered.implode())))
    empty = blank.select(
        "id", "q", tier=pl.lit("unscreenable"), score=pl.lit(0.0), reasons=reasons.of_nothing()
    )
    parts = [told.select("q", *COLUMNS), nations.drop("kind"), empty]
    found = pl.concat(parts, how="diagonal_relaxed").sort("q", maintain_order=True)
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
        _by_name(rows, listed, "person"),
        _by_name(rows, listed, "other"),
        _by_registration(rows, listed),
        slipped(rows, numbers, listed),
    ]
    every = pl.concat([_conformed(frame) for frame in found])
    names = pl.col("way", "name_read", "listed_name", "role").sort_by(
        "alike", descending=True, nulls_last=True
    )
    return every.group_by("q", "d").agg(
        pl.col(*STRONG, "registered").any(),
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
    is_party = (asked_kind == "party") & (kind != "vessel")
    return asked_kind.is_null() | (asked_kind == kind) | (kind == "unknown") | is_party


def _by_name(rows: pl.DataFrame, listed: Listed, side: str) -> pl.DataFrame:
    names = asked.names(rows, side)
    if names.is_empty():
        return pl.DataFrame(schema=FOUND)
    against = listed.ship_names if side == "vessel" else listed.party_names
    found = against.alike(names["name"], is_person=side == "person").join(
        names.with_row_index("asked"), on="asked"
    )
    found = found.sort("alike", descending=True, maintain_order=True).unique(["name_said", "d"], keep="first")
    asking = rows.filter(asked.held_against(side)).select("q", "kind", "name_said")
    kinds = listed.parties.select("d", kind_listed="kind")
    pairs = asking.join(found, on="name_said").join(kinds, on="d").filter(_kinds_meet())
    return pairs.with_columns(name_read="name")


def _by_registration(rows: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    asking = rows.filter(pl.col("registrations").list.len() > 0).select("q", "kind", number="registrations")
    if asking.is_empty():
        return pl.DataFrame(schema=FOUND)
    met = asking.explode("number").join(listed.registrations, on="number")
    met = met.join(listed.parties.select("d", kind_listed="kind"), on="d").filter(_kinds_meet())
    return met.select("q", "d", registered=pl.lit(value=True)).unique()


# Tiers


def _tiered(found: pl.DataFrame, asking: pl.DataFrame, listed: Listed) -> pl.DataFrame:
    """Name the tier of each agreement.

    A name that is only nearly alike says nothing about a ship that gives a valid IMO number of its own.
    """
    parties = listed.parties.select(
        "d", "hull", "list", "edition", "entity_id", "programmes", "listed_on", "removed_on", "status",
        "stale", kind_listed="kind", entity_name="name",
        entity_imo="imo", entity_mmsi="mmsi", listed_callsign="callsign", listed_flag="flag", listed_imos="imos",
        listed_country="country", listed_birth="birth_date", listed_registration="registration",
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


def _judged(hits: pl.DataFrame) -> pl.DataFrame:
    """Judge companies and persons by what else is known: agreement lifts the tier, a contradiction lowers it.

    Names alone count from ``LEAST_PARTY`` on; what agrees beside them lets a less alike name count, what differs
    asks for a more alike one.  Ships are left as they are.
    """
    hits = _compared(hits)
    is_party = ~pl.col("kind_listed").is_in(["vessel", "aircraft"]) & (
        pl.col("registered").fill_null(value=False)
        | (pl.col("way").is_not_null() & ~pl.col("imo").fill_null(value=False))
    )
    least = (
        LEAST_PARTY
        + pl.col("birth").replace_strict(BIRTH_ASKS, default=0.0, return_dtype=pl.Float64)
        + pl.col("same_country").replace_strict(COUNTRY_ASKS, default=0.0, return_dtype=pl.Float64)
    )
    counts = (pl.col("alike").fill_null(0.0) >= least) | pl.col("registered").fill_null(value=False)
    differs = (pl.col("birth") == "apart") | ~pl.col("same_registration")
    agrees = pl.col("same_registration") | (
        (pl.col("birth") == "same") & (pl.col("alike") >= SURE_WITH_BIRTH)
    )
    is_named = pl.col("way").is_not_null()
    tier = (
        pl.when(differs.fill_null(value=False)).then(pl.lit("namesake"))
        .when((agrees & is_named).fill_null(value=False)).then(pl.lit("match"))
        .otherwise("tier")
    )  # fmt: skip
    kept = hits.filter(~is_party | counts)
    return kept.with_columns(
        tier=pl.when(is_party & (pl.col("tier") == "possible")).then(tier).otherwise("tier")
    )


def _compared(hits: pl.DataFrame) -> pl.DataFrame:
    """Add what else companies and persons agree in: ``birth``, ``same_country``, ``same_registration``."""
    is_person = pl.col("kind_listed") == "person"
    hits = hits.with_columns(country(hits, "country", "listed_country").alias("same_country"))
    return hits.with_columns(
        birth=pl.when(is_person).then(birth(pl.col("birth_date"), pl.col("listed_birth"))),
        same_registration=registration(pl.col("registrations"), registrations(pl.col("listed_registration"))),
    )


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
        has_near_imo=pl.col("near_imo").is_not_null(),
    )
    agreements = {"name": "name_alike", "flag": "flags_agree", "near_imo": "has_near_imo"}
    agreements |= {one: one for one in STRONG}
    left_open = pl.lit(1.0)
    for what, column in agreements.items():
        left_open *= 1.0 - pl.col(column).cast(pl.Float64).fill_null(0.0) * WEIGHTS[what]
    born = pl.col("birth").replace_strict(BIRTH_WEIGHTS, default=0.0, return_dtype=pl.Float64)
    left_open *= 1.0 - born
    for what, column in (("registration", "same_registration"), ("country", "same_country")):
        left_open *= 1.0 - pl.col(column).fill_null(value=False).cast(pl.Float64) * PARTY_WEIGHTS[what]
    possible = 1.0 - left_open
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


def _unscreenable(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.Series:
    """Give the queries none of whose fields can be compared with anything."""
    usable = numbers.filter(pl.col("is_ship") | pl.col("is_company")).select(imo_said="said")
    nothing = pl.col("mmsi").is_null() & pl.col("callsign").is_null()
    bare = rows.filter(nothing & (pl.col("registrations").list.len().fill_null(0) == 0)).join(
        usable, on="imo_said", how="anti"
    )
    return bare.filter(~asked.has_name(bare))["q"].sort()
