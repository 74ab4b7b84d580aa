"""What false positions say: a ship that was not where it said it was, unless something ordinary explains it.

A jump or a circle is seldom an accident, but receivers are jammed, numbers are shared and feeds are smoothed; what
interference or the feed explains is told against, and not counted.
"""

from __future__ import annotations

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import period

SHARES = {
    "jump": 1.0,
    "on_land": 1.0,
    "circle": 1.0,
    "copy": 0.5,
    "horizon": 0.5,
    "frozen": 0.25,
    "speed": 0.1,
}
"""How much of the weight each kind has: of a copy it is not known which of the two is it; the last two are mostly
equipment."""

_CALLED = {
    "jump": "jumped", "on_land": "was far inside land", "circle": "sailed circles or figures no ship sails",
    "copy": "moved exactly as another track did", "horizon": "was heard from beyond the station's horizon",
    "frozen": "moved too perfectly", "speed": "reported a speed that its way contradicts",
}  # fmt: skip


STILL_ASHORE, STILL_COAST, STILL_KN = 0.25, 0.1, 1.0
DRY_KM, FAR_KM = 4.0, 15.0
"""A set that lies still on dry land may be a boat in a yard; near the coast there are more of these, and creeks."""


def falsified_reasons(falsifications: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the reasons for and against that false positions are.

    Args:
        falsifications: A table of ``Falsification``, ``cleared_by`` filled in.
    """
    sides = pl.concat(
        falsifications.with_columns(mmsi=f"mmsi_{s}", track=f"track_{s}", time="start") for s in "ab"
    ).filter(pl.col("mmsi").is_not_null())
    said = pl.format(
        "{}, {}: {}; against it: {}", pl.col("label").replace_strict(_CALLED, return_dtype=pl.String),
        period(pl.col("start"), pl.col("end")), pl.col("reasons_for").list.join("; "),
        pl.col("reasons_against").list.join("; "),
    )  # fmt: skip
    ashore = (
        (pl.col("label") == "on_land") & (pl.col("inland_km") >= DRY_KM) & (pl.col("speed_kn") < STILL_KN)
    )
    still = pl.when(pl.col("inland_km") >= FAR_KM).then(STILL_ASHORE).otherwise(STILL_COAST)
    usual = pl.col("label").replace_strict(SHARES, return_dtype=pl.Float64)
    share = pl.when(ashore).then(still).otherwise(usual)
    counted = pl.col("cleared_by").is_null()
    cleared = pl.format(
        "{}, {}: explained by {}, not counted", pl.col("label").replace_strict(_CALLED, return_dtype=pl.String),
        period(pl.col("start"), pl.col("end")),
        pl.when(pl.col("cleared_by") == "feed").then(pl.lit("the feed, in which many ships do so"))
        .otherwise(pl.lit("interference with many ships at once")),
    )  # fmt: skip
    by = pl.concat_list("id", "cleared_by")
    return [
        reasons("false_position", sides.filter(counted), said, pl.concat_list("id"), share),
        reasons("false_position_explained", sides.filter(~counted), cleared, by),
    ]
