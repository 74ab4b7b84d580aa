"""What silences say: of the gaps in what was heard, which ask for a look.

Silence is not guilt.  Receivers miss messages, feeds fail, ships lie switched off at berth; each of these is
looked for first (``reception`` says which is likely), and a silence that has such an explanation is not counted.  What
looks switched off counts in proportion to the confidence in that.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.weights import DISABLING_H, FAR_KM, RECEPTION_PER_DAY, TERRITORIAL_SEA_KM
from clearwake.assess.wording import off_coast, period, plural, tenths, whole
from clearwake.model import conform
from clearwake.model.reception import ExplainedGap
from clearwake.sphere import Floats

CoastDistance = Callable[[Floats, Floats], Floats]
"""``lon, lat: (n,), (n,) degrees -> (n,)`` kilometres to the nearest coast."""


def silence_reasons(
    gaps: pl.DataFrame, port_calls: pl.DataFrame, coast_km: CoastDistance
) -> list[pl.DataFrame]:
    """Give the reasons for and against that silences are; the ordinary ones in one row per ship and kind.

    Args:
        gaps: A table of ``ExplainedGap``; of a plain ``Gap`` nobody knows the cause, and it does not count.
        port_calls: A table of ``PortCall``, to know which silences were at berth.
        coast_km: How far places are from the coast.
    """
    told = (
        conform(gaps, ExplainedGap)
        .with_columns(
            pl.Series("coast_km", coast_km(gaps["lon"].to_numpy(), gaps["lat"].to_numpy()), dtype=pl.Float64),
            pl.col("id").is_in(_at_berth(gaps, port_calls).implode()).alias("at_berth"),
            pl.col("mmsi_a").alias("mmsi"),
            pl.col("track_a").alias("track"),
            pl.col("start").alias("time"),
        )
        .with_columns(_class().alias("class"))
    )
    return [
        *(_counted(told.filter(pl.col("class") == kind), kind) for kind in _COUNTED),
        *(_told_together(told.filter(pl.col("class") == kind), kind) for kind in _ORDINARY),
    ]


_COUNTED = ("silent_far_offshore", "silent_perhaps")

_ORDINARY = {
    "silent_at_berth": "while lying in a port or anchorage",
    "feed_outage": "while the feed was not heard or the ships around fell silent too",
    "silent_near_coast": "that began within 12 nm of the coast",
    "poor_reception": "where ships are seldom heard",
    "silent_unexplained": "whose cause cannot be told",
}


def _at_berth(gaps: pl.DataFrame, port_calls: pl.DataFrame) -> pl.Series:
    """Give the ids of silences that began while the same hull was in a port or anchorage."""
    visits = port_calls.select("track_a", pl.col("start").alias("arrived"), pl.col("end").alias("left"))
    during = gaps.select("id", "track_a", "start").join(visits, on="track_a")
    stayed = (pl.col("left") >= pl.col("start")) | pl.col("left").is_null()
    return during.filter((pl.col("arrived") <= pl.col("start")) & stayed)["id"].unique()


def _class() -> pl.Expr:
    """Say which kind of reason a silence is; the first ordinary explanation that fits wins.

    A silence that nobody explained, or whose cause cannot be told, is no reason.
    """
    cause = pl.col("likely_cause").fill_null("unknown")
    outage = ~pl.col("feed_ok").fill_null(value=True) | (cause == "feed_outage")
    poor = cause.is_in(["out_of_reception", "crowding"])
    poor |= (cause == "switched_off") & (pl.col("reception") <= RECEPTION_PER_DAY).fill_null(value=False)
    far = (pl.col("coast_km") >= FAR_KM) & (pl.col("duration_h") >= DISABLING_H)
    return (
        pl.when(pl.col("at_berth") | (cause == "moored")).then(pl.lit("silent_at_berth"))
        .when(outage).then(pl.lit("feed_outage"))
        .when(poor).then(pl.lit("poor_reception"))
        .when(cause != "switched_off").then(pl.lit("silent_unexplained"))
        .when(pl.col("coast_km") < TERRITORIAL_SEA_KM).then(pl.lit("silent_near_coast"))
        .when(far).then(pl.lit("silent_far_offshore"))
        .otherwise(pl.lit("silent_perhaps"))
    )  # fmt: skip


def _counted(silent: pl.DataFrame, kind: str) -> pl.DataFrame:
    heard = pl.coalesce(
        pl.format("{} positions a day are usually heard there", whole(pl.col("reception"))),
        pl.lit("how well ships are heard there was not measured"),
    )
    again = pl.coalesce(
        pl.format(
            "heard again {} km away, {}", whole(pl.col("moved_km")), period(pl.col("start"), pl.col("end"))
        ),
        pl.format("not heard again, {}", period(pl.col("start"), pl.col("end"))),
    )
    confidence = pl.col("cause_confidence").fill_null(0.0)
    sentence = pl.format(
        "was not heard for {} h, last heard {}; {}; {}; looks switched off with a confidence of {}",
        tenths(pl.col("duration_h")),
        off_coast(pl.col("coast_km")),
        again,
        heard,
        confidence.round(2).cast(pl.String),
    )
    return reasons(kind, silent, sentence, pl.concat_list("id"), confidence)


def _told_together(silent: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Tell all of a ship's silences of one ordinary kind in one row."""
    ships = silent.group_by("mmsi", maintain_order=True).agg(
        pl.len().alias("count"),
        pl.col("duration_h").max().alias("longest_h"),
        pl.col("id").sort().alias("ids"),
        pl.col("time").min(),
        pl.col("known_at").max(),
    )
    sentence = pl.format(
        "{} of up to {} h {}: not counted",
        plural(pl.col("count"), "silence", "silences"),
        tenths(pl.col("longest_h")),
        pl.lit(_ORDINARY[kind]),
    )
    return reasons(kind, ships, sentence, pl.col("ids"))
