"""Port calls: a hull that came within reach of a port or anchorage, and whether it stopped there.

``confidence`` says how much of a call was seen: 1 it came near; 2 it stopped or fell silent there; 3 it did, and was
seen to enter or to leave; 4 it was seen to enter, stop and leave.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from clearwake.detect.step import (
    HOUR_MS,
    Bools,
    Detector,
    Found,
    Step,
    definition_of,
    divided,
    event_schema,
    hours_between,
    milliseconds,
    named,
    starts_of,
)
from clearwake.detect.visits import carried, thinned
from clearwake.model import PortCall, schema
from clearwake.model.record import (
    Count,
    Degrees,
    Flag,
    Identifier,
    Kilometres,
    ReportedKnots,
    Score,
    Time,
    record_of,
)
from clearwake.places import Atlas
from clearwake.sphere import KNOT_M_PER_S, between_m

_FIX = ["track", "time", "lon", "lat", "x", "y", "z", "speed_kn", "known_at"]
_VISIT = {
    "visit_start": Time, "visit_lon": Degrees, "visit_lat": Degrees, "entered": Flag, "port": Count,
    "nearest_km": Kilometres, "nearest_at": Time, "stopped_ms": Count, "gap_ms": Count, "visit_known_at": Time,
}  # fmt: skip
_KEPT = schema(
    record_of(
        track=Identifier, time=Time, lon=Degrees, lat=Degrees, x=Score, y=Score, z=Score, speed_kn=ReportedKnots,
        known_at=Time, inside=Flag, stopped=Flag, **_VISIT,
    )
)  # fmt: skip
"""Per track: its last thinned fix, whether it was inside a port and stopped, and the visit so far."""

GAP = timedelta(hours=4)
"""A silence in port this long counts as a stop: ships switch off alongside."""


def port_call(
    atlas: Atlas, in_km: float = 3.0, out_km: float = 4.0, stop_kn: float = 0.2, go_kn: float = 0.5
) -> Detector:
    """Find visits to the ports and anchorages of ``atlas``.

    A visit begins within ``in_km`` of one and ends beyond ``out_km`` of all; a stop begins under ``stop_kn`` and
    ends over ``go_kn``.  ``end`` is null while it lasts.  The port is the one it came nearest to.

    Source: Global Fishing Watch, pipe-anchorages: 3 km, 4 km, 0.2 kn, 0.5 kn, a gap in port over 4 h.
    """
    anchorages = atlas.anchorages.select("name", "lon", "lat").rows()
    definition = definition_of(
        "port_call", in_km=in_km, out_km=out_km, stop_kn=stop_kn, go_kn=go_kn, anchorages=anchorages
    )

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        del until
        rows = thinned(new, kept, _FIX).join(
            kept.select("track", was_inside="inside", was_stopped="stopped"),
            on="track",
            how="left",
            maintain_order="left",
        )
        index, km = atlas.nearest(rows["lon"].to_numpy(), rows["lat"].to_numpy(), within_km=out_km)
        rows = _judged(
            rows.with_columns(near=pl.Series(index), km=pl.Series(km)), (in_km, out_km), (stop_kn, go_kn)
        )
        visits = _visits(rows, kept)
        return Found(_events(visits, atlas, definition), _keep(rows, visits))

    return Detector(
        "port_call", "port_calls", PortCall, definition, (Step("port_call", ("track",), _KEPT, find),)
    )


def _judged(
    rows: pl.DataFrame, reach_km: tuple[float, float], limits_kn: tuple[float, float]
) -> pl.DataFrame:
    """Say of each row whether it is inside a port and stopped, with what changes between the row and the one before."""
    first = starts_of(rows["track"].to_numpy())
    is_kept = rows["is_kept"].to_numpy()
    km, speed = rows["km"].to_numpy(), _speed_kn(rows, first)
    inside_code = np.where(km <= reach_km[0], 1, np.where(km > reach_km[1], 0, -1))
    stop_code = np.where(speed < limits_kn[0], 1, np.where(speed > limits_kn[1], 0, -1))
    was = {n: rows[n].fill_null(value=False).to_numpy() for n in ("was_inside", "was_stopped")}
    inside = carried(np.where(is_kept, was["was_inside"], inside_code).astype(np.int8), first)
    stopped = carried(np.where(is_kept, was["was_stopped"], stop_code).astype(np.int8), first)
    before_in = _shifted(inside) & ~first
    begins = inside & ~before_in
    return rows.with_columns(
        inside=pl.Series(inside), stopped=pl.Series(stopped),
        visit=pl.Series(np.where(inside, np.cumsum(begins), 0)), entered=pl.Series(begins & ~first),
        step_ms=pl.Series(np.where(before_in & inside, np.diff(milliseconds(rows["time"]), prepend=0), 0)),
        was_still=pl.Series(_shifted(stopped & inside) & before_in),
        leaves=pl.Series(np.append(before_in & ~inside, False)[1:]),
        next_time=rows["time"].shift(-1),
    )  # fmt: skip


def _shifted(flags: Bools) -> Bools:
    """Give the flag of the row before each row; no before the first."""
    return np.append(False, flags)[: flags.size]


def _speed_kn(rows: pl.DataFrame, first: Bools) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give the reported speed, else the speed made good since the row before; undecided where there is neither."""
    vectors = rows.select("x", "y", "z").to_numpy()
    seconds = np.diff(milliseconds(rows["time"])) / 1000.0
    made_good = np.full(rows.height, np.nan)
    made_good[1:] = between_m(vectors[1:], vectors[:-1]) / np.maximum(seconds, 1e-3) / KNOT_M_PER_S
    made_good[first] = np.nan
    reported = rows["speed_kn"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.where(np.isnan(reported), made_good, reported)


def _visits(rows: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Fold the rows of each visit, and what was kept of a visit that goes on, into one row."""
    inside = rows.filter("inside")
    nearest = pl.col("km").arg_min()
    folded = inside.group_by("visit", maintain_order=True).agg(
        pl.col("track").first(), pl.col("is_kept").first().alias("goes_on"),
        pl.col("time").first().alias("visit_start"),
        pl.col("lon").first().alias("visit_lon"), pl.col("lat").first().alias("visit_lat"),
        pl.col("entered").first(), pl.col("near").get(nearest).alias("port"), pl.col("km").min().alias("nearest_km"),
        pl.col("time").get(nearest).alias("nearest_at"), pl.col("known_at").max().alias("visit_known_at"),
        pl.col("step_ms").filter("was_still").sum().alias("stopped_ms"), pl.col("step_ms").max().alias("gap_ms"),
        pl.col("time").last().alias("last"), pl.col("leaves").last(), pl.col("next_time").last(),
    )  # fmt: skip
    so_far = kept.filter("inside").select("track", *_VISIT, goes_on=pl.lit(value=True))
    both = folded.join(so_far, on=("track", "goes_on"), how="left", suffix="_so_far", maintain_order="left")
    earlier = (pl.col("nearest_km_so_far") <= pl.col("nearest_km")).fill_null(value=False)
    return both.with_columns(
        *(
            pl.coalesce(f"{c}_so_far", c).alias(c)
            for c in ("visit_start", "visit_lon", "visit_lat", "entered")
        ),
        *(
            pl.when(earlier).then(f"{c}_so_far").otherwise(c).alias(c)
            for c in ("port", "nearest_km", "nearest_at")
        ),
        stopped_ms=pl.col("stopped_ms") + pl.col("stopped_ms_so_far").fill_null(0),
        gap_ms=pl.max_horizontal("gap_ms", "gap_ms_so_far"),
        visit_known_at=pl.max_horizontal("visit_known_at", "visit_known_at_so_far"),
    ).select("track", *_VISIT, "last", "leaves", "next_time")


def _keep(rows: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    last = rows.group_by("track", maintain_order=True).last().select(*_FIX, "inside", "stopped")
    open_visits = visits.filter(~pl.col("leaves")).select("track", *_VISIT)
    return last.join(open_visits, on="track", how="left", maintain_order="left").select(_KEPT.names())


def _events(visits: pl.DataFrame, atlas: Atlas, definition: str) -> pl.DataFrame:
    if not visits.height:
        return pl.DataFrame(schema=event_schema(PortCall))
    ports = atlas.anchorages[visits["port"]]
    away_ms = (pl.col("next_time") - pl.col("last")).dt.total_milliseconds()
    long_silence = pl.col("leaves") & (away_ms >= GAP // timedelta(milliseconds=1))
    # A silence that began in port and ended outside it is a silence in port.
    visits = visits.with_columns(gap_ms=pl.max_horizontal("gap_ms", pl.when(long_silence).then(away_ms)))
    end = pl.when("leaves").then(pl.when(long_silence).then("last").otherwise("next_time"))
    stop = (pl.col("stopped_ms") > 0) | (pl.col("gap_ms") >= GAP // timedelta(milliseconds=1))
    seen = pl.col("entered").cast(pl.Int16) + pl.col("leaves").cast(pl.Int16)
    rows = visits.select(
        start="visit_start", end=end, lon="visit_lon", lat="visit_lat", track_a="track",
        track_b=pl.lit(None, pl.Int64), known_at="visit_known_at", settled="leaves",
        port=ports["name"], port_country=ports["country"], nearest_km="nearest_km",
        duration_h=hours_between("visit_start", end),
        stopped_h=divided(pl.col("stopped_ms"), HOUR_MS), gap_h=divided(pl.col("gap_ms"), HOUR_MS),
        confidence=pl.when(stop).then(2 + seen).otherwise(1),
        heard_a=pl.concat_list("visit_start", "nearest_at", "last"), heard_b=pl.lit(None, pl.List(pl.Datetime)),
    )  # fmt: skip
    return named(rows, "port_call", definition, PortCall)
