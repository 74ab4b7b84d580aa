"""What lists and port calls say: who a ship may be, by screening, and whether it called in the DPRK."""

from __future__ import annotations

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import period, tenths

_KINDS = {
    "match": "listed",
    "possible": "possibly_listed",
    "identity_conflict": "identity_conflict",
    "namesake": "namesake",
}

_WORDS = {
    "listed": "matches {} on list {} ({}): {}",
    "reported": "matches {}, reported in {} ({}): {}",
    "possibly_listed": "may be {} on list {} ({}): {}",
    "alike_listed": "is named somewhat like {} on list {} ({}): {}",
    "identity_conflict": "agrees with {} on list {} ({}) in one identifier and contradicts it in another: {}",
    "namesake": "shares a name with {} on list {} ({}) and differs: {}; not counted",
}

DPRK = ("PRK", "KP", "KOREA, NORTH", "NORTH KOREA", "DEM. PEOPLE'S REP. OF KOREA")
"""How sources write the country of a port: ISO 3166-1 codes and the World Port Index's names."""


FIRM_SCORE = 0.6
"""A possible match scores at least this where a name, MMSI or call sign is the listed one, not merely alike."""

_CONTRADICTED = "is not the listed one"
"""What screening says of an identifier that differs from the listed one."""


def is_firm() -> pl.Expr:
    """Say of a possible match whether something listed agrees to the letter and nothing contradicts it."""
    contradicted = pl.col("reasons").list.join("; ").str.contains(_CONTRADICTED, literal=True)
    return (pl.col("score") >= FIRM_SCORE) & ~contradicted


def listing_reasons(matches: pl.DataFrame, reported: tuple[str, ...] = ("reports",)) -> list[pl.DataFrame]:
    """Give the reasons that screening is.

    Args:
        matches: A table of ``Match`` whose ``id`` is an MMSI as text; other rows are not about ships heard.
        reported: The lists that are published reports, not designations; an entry of another list can be one too,
            by its status.
    """
    number = pl.col("id").str.extract(r"^(\d{9})$").cast(pl.Int64)
    about = matches.with_columns(number.alias("mmsi"), _kind(reported).alias("class")).filter(
        pl.col("mmsi").is_not_null() & pl.col("class").is_not_null()
    )
    return [_told(about.filter(pl.col("class") == kind), kind) for kind in _WORDS]


def _kind(reported: tuple[str, ...]) -> pl.Expr:
    is_report = pl.col("list").is_in(list(reported)) | (pl.col("status") == "reported")
    told = is_report.fill_null(value=False) & (pl.col("tier") == "match")
    tier = pl.col("tier").replace_strict(_KINDS, default=None, return_dtype=pl.String)
    weak = (pl.col("tier") == "possible") & ~is_firm()
    return pl.when(told).then(pl.lit("reported")).when(weak).then(pl.lit("alike_listed")).otherwise(tier)


def _told(found: pl.DataFrame, kind: str) -> pl.DataFrame:
    text = [pl.col(name).fill_null("?") for name in ("entity_name", "list")]
    detail = pl.coalesce(pl.col("edition"), pl.lit("edition not stated"))
    sentence = pl.format(_WORDS[kind], *text, detail, pl.col("reasons").list.join("; "))
    # Each designation is evidence of its own: the score counts it once, whatever else the ship did.
    return reasons(kind, found, sentence, pl.concat_list("entity_id").list.drop_nulls())


def call_reasons(port_calls: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the calls at DPRK ports, from confidence 2 on: stopped or fell silent there.

    Args:
        port_calls: A table of ``PortCall``.
    """
    there = pl.col("port_country").str.to_uppercase().is_in(list(DPRK))
    calls = port_calls.filter(there & (pl.col("confidence") >= 2)).with_columns(
        pl.col("mmsi_a").alias("mmsi"), pl.col("track_a").alias("track"), pl.col("start").alias("time")
    )
    sentence = pl.format(
        "called at {} in the DPRK, stopped for {} h, {}",
        pl.col("port"),
        tenths(pl.col("stopped_h")),
        period(pl.col("start"), pl.col("end")),
    )
    return [reasons("called_dprk", calls, sentence, pl.concat_list("id"))]
