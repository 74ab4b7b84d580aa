"""What silences say: of the gaps in what was heard, which ask for a look.

Silence is not guilt.  Receivers miss messages, feeds fail, ships lie switched off at berth; each of these is
looked for first, and a silence that has such an explanation is not counted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.weights import DISABLING_H, FAR_KM, OUTAGE_SHIPS, RECEPTION_PER_DAY
from clearwake.assess.wording import off_coast, period, plural, tenths, whole
from clearwake.sphere import Floats, chord_m, unit_vectors

CoastDistance = Callable[[Floats, Floats], Floats]
"""``lon, lat: (n,), (n,) degrees -> (n,)`` kilometres to the nearest coast."""

OUTAGE_M = 300_000.0
OUTAGE_H = 1.0
"""Ships that fell silent within about this of each other, and this far apart, fell silent together."""


def silence_reasons(
    gaps: pl.DataFrame, port_calls: pl.DataFrame, coast_km: CoastDistance
) -> list[pl.DataFrame]:
    """Give the reasons for and against that silences are; the ordinary ones in one row per ship and kind.

    Args:
        gaps: A table of ``Gap``.
        port_calls: A table of ``PortCall``, to know which silences were at berth.
        coast_km: How far places are from the coast.
    """
    told = gaps.with_columns(
        pl.Series("coast_km", coast_km(gaps["lon"].to_numpy(), gaps["lat"].to_numpy()), dtype=pl.Float64),
        pl.Series("silent_with", fell_silent_with(gaps), dtype=pl.Int64),
        pl.col("id").is_in(_at_berth(gaps, port_calls).implode()).alias("at_berth"),
        pl.col("mmsi_a").alias("mmsi"),
        pl.col("track_a").alias("track"),
        pl.col("start").alias("time"),
    ).with_columns(_class().alias("class"))
    return [
        *(_counted(told.filter(pl.col("class") == kind), kind) for kind in _COUNTED),
        *(_told_together(told.filter(pl.col("class") == kind), kind) for kind in _ORDINARY),
    ]


_COUNTED = ("silent_far_offshore", "silent_perhaps")

_ORDINARY = {
    "silent_at_berth": "while lying in a port or anchorage",
    "feed_outage": "while the feed was not heard or ships nearby fell silent too",
    "silent_near_coast": "that began within 50 nm of the coast",
    "poor_reception": "where ships are heard 10 times a day or less",
}


def fell_silent_with(gaps: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Count, for each silence, the other ships that fell silent near it at about the same time.

    Places are unit vectors scaled so that ``OUTAGE_M`` is 1, times are scaled so that ``OUTAGE_H`` is 1; two
    silences are together where they lie within 1 of each other in those four dimensions.
    """
    if gaps.is_empty():
        return np.zeros(0, np.int64)
    place = unit_vectors(gaps["lon"].to_numpy(), gaps["lat"].to_numpy()) / float(chord_m(OUTAGE_M))
    hours = gaps["start"].dt.epoch("ms").to_numpy() / 3_600_000.0
    began = np.column_stack((place, (hours - hours.min()) / OUTAGE_H))
    ships = gaps["mmsi_a"].to_numpy()
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    beside = cKDTree(began).query_ball_point(began, 1.0)
    counts = [len({int(ships[j]) for j in near} - {int(ships[i])}) for i, near in enumerate(beside)]
    return np.asarray(counts, np.int64)


def _at_berth(gaps: pl.DataFrame, port_calls: pl.DataFrame) -> pl.Series:
    """Give the ids of silences that began while the same hull was in a port or anchorage."""
    visits = port_calls.select("track_a", pl.col("start").alias("arrived"), pl.col("end").alias("left"))
    during = gaps.select("id", "track_a", "start").join(visits, on="track_a")
    stayed = (pl.col("left") >= pl.col("start")) | pl.col("left").is_null()
    return during.filter((pl.col("arrived") <= pl.col("start")) & stayed)["id"].unique()


def _class() -> pl.Expr:
    """Say which kind of reason a silence is; the first ordinary explanation that fits wins.

    Reception and the state of the feed are null where nobody measured them; such a silence weighs little.
    """
    outage = ~pl.col("feed_ok").fill_null(value=True) | (pl.col("silent_with") >= OUTAGE_SHIPS)
    well_heard = pl.col("reception") > RECEPTION_PER_DAY
    return (
        pl.when("at_berth").then(pl.lit("silent_at_berth"))
        .when(outage).then(pl.lit("feed_outage"))
        .when(pl.col("coast_km") < FAR_KM).then(pl.lit("silent_near_coast"))
        .when(~well_heard).then(pl.lit("poor_reception"))
        .when(well_heard & (pl.col("duration_h") >= DISABLING_H)).then(pl.lit("silent_far_offshore"))
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
    sentence = pl.format(
        "was not heard for {} h, last heard {}; {}; {}",
        tenths(pl.col("duration_h")),
        off_coast(pl.col("coast_km")),
        again,
        heard,
    )
    return reasons(kind, silent, sentence, pl.concat_list("id"))


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
