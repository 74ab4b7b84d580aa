"""Stays: a ship that lay still for hours at the coast, some way off the one point that is known of a port.

A large port has terminals up to tens of kilometres from the point by which lists know it (Busan's Gamman, Ningbo's
Beilun), and a ship at one of them is in that port, though no port call says so.  It may also have lain in another
place near, so whatever leans on a stay weighs less and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.model import PortCall, Zone, conform, empty, position_id
from clearwake.names.flags import read_flags
from clearwake.places import Atlas
from clearwake.voyages.found import Found, clock
from clearwake.voyages.ship import STAY_KM, STOPPED

Integers = NDArray[np.int64]

STAY_H = 6.0
"""Lying still for less is pilots, tides and orders; this project's judgement."""

STILL_KN, SWING_M = 0.5, 300.0
"""What lies still: Global Fishing Watch's speed of a stop, and room to swing at anchor between two fixes."""

HEARD_H, SPREAD_KM = 6.0, 3.0
"""Fixes farther apart do not show that it lay there in between; nor does a slow drift this far."""

COAST_KM = 10.0
"""Berths and roads lie this near to the coast."""

BESIDE_KM = 2.0
"""A stay this near to a learnt anchorage is where many ships lay."""

SHARE, SHARE_LEARNT = 0.6, 0.8
"""What a finding that leans on a stay keeps of its score: elsewhere, and where many ships lay still."""

DPRK = "PRK"


@dataclass(frozen=True)
class Stays:
    """Stays as port calls, and how sure each is: the share of a score, and what is to be said."""

    calls: pl.DataFrame
    doubts: Mapping[str, tuple[float, str]]

    def weighed(self, found: Iterable[Found]) -> Iterator[Found]:
        """Lower the score of findings that lean on a stay, and say why."""
        for each in found:
            told = [self.doubts[fact] for fact in each.evidence if fact in self.doubts]
            if not told:
                yield each
                continue
            doubts = tuple(dict.fromkeys(said for _, said in told))
            score = each.score * min(share for share, _ in told)
            yield replace(each, score=score, reasons_against=(*each.reasons_against, *doubts))


def stays(trail: pl.DataFrame, calls: pl.DataFrame, atlas: Atlas) -> Stays:
    """Find where ships lay still near a named port while no port call says where they were.

    Ports of the DPRK are left out: what counts as a call there is drawn more tightly (``memory.lying_off``).

    Args:
        trail: Positions about once an hour: ``mmsi, track, time, lon, lat, known_at``.
        calls: A table of ``PortCall``; who is in one has no stay.
        atlas: Knows the ports, the coast and where many ships lay.
    """
    runs = _apart_from(_runs(trail), calls)
    lon, lat = runs["lon"].to_numpy(), runs["lat"].to_numpy()
    runs = runs.filter(pl.Series(atlas.coast_km(lon, lat)) <= COAST_KM)
    table = atlas.anchorages
    named = table.filter(pl.col("origin") != "learnt", pl.col("name", "country").is_not_null())
    lon, lat = runs["lon"].to_numpy(), runs["lat"].to_numpy()
    row, km = Atlas(named, empty(Zone)).nearest(lon, lat, within_km=STAY_KM)
    learnt = Atlas(table.filter(pl.col("origin") == "learnt"), empty(Zone))
    beside, _ = learnt.nearest(lon, lat, within_km=BESIDE_KM)
    near = runs.with_columns(row=pl.Series(row), nearest_km=pl.Series(km), beside=pl.Series(beside)).filter(
        pl.col("row") >= 0
    )
    ports = named[near["row"]]
    told = near.with_columns(port=ports["name"], port_country=ports["country"])
    told = told.filter(read_flags(told["port_country"]).fill_null("") != DPRK)
    return Stays(_calls(told), {row["id"]: _doubt(row, learnt) for row in told.iter_rows(named=True)})


def _runs(trail: pl.DataFrame) -> pl.DataFrame:
    """Give each time a track lay still: ``mmsi_a, track_a, start, end, lon, lat, known_at, stopped_h, id``."""
    rows = trail.sort("mmsi", "track", "time")
    first, last = _still(rows)
    start, end = rows[first], rows[last]
    lon, lat = sphere.midpoint(start["lon"], start["lat"], end["lon"], end["lat"])
    ids = [position_id(mmsi, at) for mmsi, at in start.select("mmsi", "time").iter_rows()]
    return pl.DataFrame({
        "mmsi_a": start["mmsi"], "track_a": start["track"], "start": start["time"], "end": end["time"],
        "lon": lon, "lat": lat, "known_at": _latest(rows, first, last), "id": pl.Series(ids, dtype=pl.String),
    }).with_columns(stopped_h=(pl.col("end") - pl.col("start")).dt.total_minutes() / 60.0)  # fmt: skip


def _latest(rows: pl.DataFrame, first: Integers, last: Integers) -> pl.Series:
    known = rows["known_at"].to_physical().to_numpy()
    latest = [known[a : b + 1].max() for a, b in zip(first, last, strict=True)]
    return pl.Series(latest, dtype=pl.Int64).cast(rows.schema["known_at"])


def _still(rows: pl.DataFrame) -> tuple[Integers, Integers]:
    """Give the first and last row of every run of still legs that lasts long enough and leads nowhere."""
    if rows.height < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    hours = rows["time"].to_physical().to_numpy() / 3_600_000.0
    track = rows["track"].to_numpy()
    lasts, way_m = np.diff(hours), sphere.between_m(at[1:], at[:-1])
    still = (track[1:] == track[:-1]) & (lasts <= HEARD_H)
    still &= way_m <= np.maximum(STILL_KN * lasts * 1852.0, SWING_M)
    edges = np.diff(still.astype(np.int8), prepend=0, append=0)
    first, last = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
    long = hours[last] - hours[first] >= STAY_H
    long &= sphere.between_m(at[first], at[last]) <= SPREAD_KM * 1000.0
    return first[long], last[long]


def _apart_from(runs: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """Leave out what a port call tells."""
    told = calls.filter(pl.col("confidence") >= STOPPED).select("mmsi_a", begin="start", finish="end")
    both = runs.join(told, on="mmsi_a").filter(
        pl.col("begin") <= pl.col("end"), (pl.col("finish") >= pl.col("start")).fill_null(value=True)
    )
    return runs.join(both.select("id"), on="id", how="anti", maintain_order="left")


def _calls(told: pl.DataFrame) -> pl.DataFrame:
    rows = told.with_columns(
        kind=pl.lit("stay"), version=pl.lit(1), gap_h=pl.lit(0.0), confidence=pl.lit(STOPPED),
        evidence=pl.concat_list("id"),
    )  # fmt: skip
    return conform(rows.drop("row", "beside"), PortCall)


def _doubt(row: Mapping[str, Any], learnt: Atlas) -> tuple[float, str]:
    said = (
        f"no port call says where it lay from {clock(row['start'])} on: still for {row['stopped_h']:.0f} h,"
        f" {row['nearest_km']:.0f} km from the point that is known of {row['port']}"
    )
    if row["beside"] < 0:
        return SHARE, f"{said}, perhaps not in that port"
    ships = learnt.anchorages["ships"][row["beside"]]
    return SHARE_LEARNT, f"{said}, where {ships} ships lay still"
