"""What ships said of themselves that bears on a meeting: draught before and after, a trade that explains waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.model import HULLS_PER_MMSI
from clearwake.model.draught import LEAST_M
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.traces import Ints, times
from clearwake.whereabouts.unseen.weigh import judged

WORKING_TYPES = (30, 31, 32, 33, 34, 35, 50, 51, 52, 53, 54, 55, 58)
"""Ships that lie, drift and meet others at sea for a living: fishing, towing, dredging, diving, military, pilots,
rescue, tugs, tenders, anti-pollution, law enforcement, medical.  Source: ITU-R M.1371-5, table 53."""

CAUSES = ("switched_off", "out_of_reception", "feed_outage", "moored", "crowding", "unknown")

STALE_H = 24.0 * 14.0
"""A draught said longer before or after than this says nothing about what happened in between."""


@dataclass(frozen=True)
class Side:
    """One side of candidates: which hull, and from when to when what it carried could have changed; ``(n,)`` each."""

    track: Ints
    start: Floats
    end: Floats


def deeper_m(claims: pl.DataFrame, side: Side) -> Floats:
    """Give how much deeper ships said they lay afterwards than before; not a number where they did not: ``(n,)``."""
    asked = pl.DataFrame({
        "row": np.arange(len(side.track)), "mmsi": side.track // HULLS_PER_MMSI,
        "start": times(side.start), "end": times(side.end),
    })  # fmt: skip
    said = claims.filter(pl.col("draught_m") > 0.0).select("mmsi", "first_seen", "last_seen", "draught_m")
    if not said.height or not asked.height:
        return np.full(len(side.track), np.nan)
    within = f"{int(STALE_H)}h"
    before = asked.sort("start").join_asof(
        said.sort("first_seen", "draught_m"), left_on="start", right_on="first_seen", by="mmsi", strategy="backward",
        check_sortedness=False,
    ).filter(pl.col("start") - pl.col("last_seen") <= pl.duration(hours=STALE_H))  # fmt: skip
    after = asked.sort("end").join_asof(
        said.sort("last_seen", "draught_m"), left_on="end", right_on="last_seen", by="mmsi", strategy="forward",
        tolerance=within, check_sortedness=False,
    )  # fmt: skip
    both = (
        asked.select("row")
        .join(before.select("row", earlier="draught_m"), on="row", how="left", maintain_order="left")
        .join(after.select("row", later="draught_m"), on="row", how="left", maintain_order="left")
    )
    change = both.select(pl.col("later") - pl.col("earlier")).to_series()
    return change.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def agreement(a_m: Floats, b_m: Floats) -> list[str | None]:
    """Say whether draughts agree with cargo having passed from one ship to the other: ``(n,), (n,) -> (n,)`` words."""
    known = np.isfinite(a_m) & np.isfinite(b_m)
    a = np.where(np.abs(a_m) >= LEAST_M, np.sign(a_m), 0.0)
    b = np.where(np.abs(b_m) >= LEAST_M, np.sign(b_m), 0.0)
    words = np.select(
        [~known, a * b < 0.0, a * b > 0.0, (a == 0.0) & (b == 0.0)],
        ["", "agrees", "contradicts", "unchanged"],
        "",
    )
    return [str(word) or None for word in words]


def odds_of_draught(words: list[str | None]) -> Floats:
    """Give what agreement of draughts adds to the logarithm of the odds."""
    return np.array([judged(f"draught_{word}") if word else 0.0 for word in words], np.float64)


def working(claims: pl.DataFrame) -> set[int]:
    """Name the MMSIs that say they do such work."""
    said = claims.filter(pl.col("ship_type").is_in(WORKING_TYPES))
    return set(said["mmsi"].unique().to_list())


def odds_of_work(track: Ints, at_work: set[int]) -> Floats:
    """Give what a trade that explains waiting and silence adds to the logarithm of the odds."""
    mmsi = track // HULLS_PER_MMSI
    return np.where(np.isin(mmsi, list(at_work)), judged("working_ship"), 0.0)


def odds_of_cause(cause: pl.Series, sure: Floats) -> Floats:
    """Give what likely causes of silences add to the logarithm of the odds, by how sure they are: ``(n,)``.

    That a place is badly heard says little against a meeting there; that a receiver failed or the ship lay moored says
    much.
    """
    each = {None: 0.0} | {name: judged(f"cause_{name}") for name in CAUSES}
    return np.array([each.get(name, 0.0) for name in cause.to_list()], np.float64) * np.nan_to_num(sure)
