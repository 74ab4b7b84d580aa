"""What drifting says: a ship slow and alone far offshore leaves room for a meeting with one that is silent.

It leaves as much room for waiting, breakdown and weather; so it weighs little, and only where no meeting with
a ship that was heard explains it.
"""

from __future__ import annotations

import polars as pl

from clearwake.assess.identity import with_identity
from clearwake.assess.reasons import reasons
from clearwake.assess.weights import LOITERING_H, LOITERING_KM
from clearwake.assess.wording import off_coast, period, plural, tenths

PORT_KM = 10.0
"""Nearer than this to a port or anchorage is waiting.  Global Fishing Watch's distance for encounters."""

FULL_H = 12.0
"""From so many hours on a drift weighs all it can; this project's judgement."""


def drift_reasons(
    loiterings: pl.DataFrame, encounters: pl.DataFrame, ships: pl.DataFrame
) -> list[pl.DataFrame]:
    """Give the reasons for and against that drifts are; the ordinary ones in one row per ship.

    A drift during a meeting of the same hull is that meeting, and is told there and not here.

    Args:
        loiterings: A table of ``Loitering``.
        encounters: A table of ``Encounter``.
        ships: What ships say they are, from ``identities``.
    """
    alone = loiterings.filter(
        ~pl.col("id").is_in(_during_meetings(loiterings, encounters).implode()),
        pl.col("duration_h") >= LOITERING_H,
    ).with_columns(
        pl.col("mmsi_a").alias("mmsi"), pl.col("track_a").alias("track"), pl.col("start").alias("time")
    )
    far = (pl.col("coast_km") >= LOITERING_KM) & ~(pl.col("anchorage_km") < PORT_KM).fill_null(value=False)
    told = with_identity(alone, ships, "mmsi", "own").with_columns(far.fill_null(value=False).alias("far"))
    return [
        _counted(told.filter("far")),
        _against_service(told.filter("far")),
        _ordinary(told.filter(~pl.col("far"))),
    ]


def _during_meetings(loiterings: pl.DataFrame, encounters: pl.DataFrame) -> pl.Series:
    """Give the ids of drifts that overlap a meeting of the same hull."""
    met = pl.concat(
        encounters.select(
            pl.col(f"track_{side}").alias("track_a"),
            pl.col("start").alias("met"),
            pl.col("end").alias("parted"),
        )
        for side in ("a", "b")
    )
    both = loiterings.select("id", "track_a", "start", "end").join(met, on="track_a")
    begun = (pl.col("met") <= pl.col("end")) | pl.col("end").is_null()
    still = (pl.col("parted") >= pl.col("start")) | pl.col("parted").is_null()
    return both.filter(begun & still)["id"].unique()


def _counted(alone: pl.DataFrame) -> pl.DataFrame:
    sentence = pl.format(
        "moved at {} kn on average for {} h, {}, {}, with no other ship heard beside it",
        tenths(pl.col("mean_speed_kn")),
        tenths(pl.col("duration_h")),
        off_coast(pl.col("coast_km")),
        period(pl.col("start"), pl.col("end")),
    )
    grown = (pl.col("duration_h") - LOITERING_H) / (FULL_H - LOITERING_H)
    share = 1 / 3 + 2 / 3 * grown.clip(0.0, 1.0)
    return reasons("drifted_offshore", alone, sentence, pl.concat_list("id"), share)


def _against_service(alone: pl.DataFrame) -> pl.DataFrame:
    """Give the drifts of ships whose trade is to wait at sea, and of fishing ships, which drift at their nets."""
    trade = pl.coalesce("own_trade", pl.when("own_fishes").then(pl.lit("fishing")))
    sentence = pl.format("it says its trade is {}: such ships lie and drift at sea for a living", trade)
    return reasons("service_ship", alone.filter(trade.is_not_null()), sentence, pl.concat_list("id"))


def _ordinary(waiting: pl.DataFrame) -> pl.DataFrame:
    ships = waiting.group_by("mmsi", maintain_order=True).agg(
        pl.len().alias("count"),
        pl.col("duration_h").max().alias("longest_h"),
        pl.col("id").sort().alias("ids"),
        pl.col("time").min(),
        pl.col("known_at").max(),
    )
    sentence = pl.format(
        "{} of up to {} h near the coast, a port or an anchorage: not counted",
        plural(pl.col("count"), "drift", "drifts"),
        tenths(pl.col("longest_h")),
    )
    return reasons("drifted_near_coast", ships, sentence, pl.col("ids"))
