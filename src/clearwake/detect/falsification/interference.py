"""Interference: positions of many ships disturbed in one area over the same hours, found as one event.

Jamming and spoofing of satellite navigation move every receiver around: ships jump by turns, circle, or gather at one
airport.  That is nobody's deed on board, so the falsifications of the ships in it are cleared.  What one ship alone
shows too little of to be a falsification counts here too: bad positions, and a number heard in several places by turns.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from clearwake.detect.step import Bools, definition_of, milliseconds
from clearwake.model import TIME, empty, event_id, schema
from clearwake.model.falsification import Interference
from clearwake.sphere import Floats, between_m, chord_m, length, lonlat, unit_vectors

LEAST_SHIPS, LEAST_SHARE = 12, 0.5
MANY_SHIPS, MANY_SHARE = 20, 0.25
"""Ships disturbed, and their share of those heard there: half of all, or a quarter where they are many.  A few liars in
a busy strait are no interference."""

AT_ONCE = 9
"""So many of them at one moment; liars of a whole day in one anchorage are no interference."""

NEAR_KM, AROUND_KM = 50.0, 100.0
FAR = 2.5
"""Ships so many times as far from the middle as half of them, and ``NEAR_KM`` at least, were disturbed by something
else: one liar who jumped from far away to near the area would bring all liars around its home port into it."""

ASTRAY, ASTRAY_KM = 5.0, 200.0
"""Nor were those the same disturbance moved so many times as far as half of them, and so far at least: one who leaves
its place in those hours for another part of the world is moved by somebody else."""

TOGETHER = timedelta(minutes=30)
STEP = timedelta(minutes=10)
OPEN = timedelta(hours=2)
"""What has no end counts this long from its beginning."""

CORE_SHARE = 0.25
"""The interference lasts while at least this share of the most ships disturbed at one moment are disturbed; a ship
astray for reasons of its own, hours before or after, neither lengthens it nor is cleared by it."""

COLLAPSE_KM, COLLAPSE_SHARE = 3.0, 0.5
"""Ships moved to within this of one place, and their share, make a collapse."""

SIGNAL = pl.Schema({"mmsi": pl.Int64(), "start": TIME, "end": TIME, "lon": pl.Float64(), "lat": pl.Float64(),
                    "to_lon": pl.Float64(), "to_lat": pl.Float64(), "label": pl.String(), "id": pl.String(),
                    "known_at": TIME})  # fmt: skip
"""Something that disturbs one ship's positions: where it was (``lon``, ``lat``), and where it seemed to be."""

DEFINITION = definition_of(
    "interference",
    ships=LEAST_SHIPS,
    share=LEAST_SHARE,
    at_once=AT_ONCE,
    near_km=NEAR_KM,
    around_km=AROUND_KM,
    far=FAR,
    astray=(ASTRAY, ASTRAY_KM),
    together=TOGETHER,
    core=CORE_SHARE,
)


def signals_of(falsifications: pl.DataFrame) -> pl.DataFrame:
    """Turn falsifications into signals."""
    return falsifications.filter(pl.col("label").is_in(["jump", "on_land", "circle", "frozen", "horizon"])).select(
        mmsi="mmsi_a", start="start", end=pl.coalesce("end", pl.col("start") + OPEN), lon="lon", lat="lat",
        to_lon=pl.coalesce("end_lon", "lon"), to_lat=pl.coalesce("end_lat", "lat"), label="label", id="id",
        known_at="known_at",
    ).cast(SIGNAL)  # fmt: skip


def grouped(signals: pl.DataFrame) -> list[pl.DataFrame]:
    """Bring signals together that are near each other in place and time; groups of enough ships."""
    if not signals.height:
        return []
    s = signals.sort("start", "mmsi", "label", "end", "id")
    pairs = np.concatenate([
        cKDTree(unit_vectors(s[lon].to_numpy(), s[lat].to_numpy())).query_pairs(
            float(chord_m(NEAR_KM * 1000.0)), output_type="ndarray")
        for lon, lat in (("lon", "lat"), ("to_lon", "to_lat"))
    ])  # fmt: skip
    a, b = pairs[_at_once(s, pairs)].T
    graph = coo_matrix((np.ones(a.size), (a, b)), shape=(s.height, s.height))
    _, group = connected_components(graph, directed=False)
    parts = s.with_columns(group=pl.Series(group)).partition_by("group", maintain_order=True)
    cores = [within(core(p.drop("group"))) for p in parts if p["mmsi"].n_unique() >= LEAST_SHIPS]
    enough = [c for c in cores if c["mmsi"].n_unique() >= LEAST_SHIPS]
    return [c for c in enough if int(_by_step(c)["ships"].to_numpy().max()) >= AT_ONCE]


def with_stragglers(group: pl.DataFrame, signals: pl.DataFrame) -> pl.DataFrame:
    """Add to an interference the ships around its area that were disturbed when it was, with nobody beside them.

    Only to one that is enough without them.
    """
    lon, lat, radius_km = area(group)
    begin, end = group.select(pl.col("start").min() - TOGETHER, pl.col("end").max() + TOGETHER).row(0)
    at_once = signals.filter(pl.col("start") >= begin, pl.col("end") <= end)
    place = unit_vectors(at_once["lon"].to_numpy(), at_once["lat"].to_numpy())
    middle = np.broadcast_to(unit_vectors([lon], [lat]), place.shape)
    out_to_km = radius_km + min(NEAR_KM + radius_km, AROUND_KM)
    around = at_once.filter(pl.Series(between_m(place, middle) <= out_to_km * 1000.0))
    around = around.filter(pl.Series(_moved_km(around) <= _farthest_km(group)))
    return pl.concat((group, around.filter(~pl.col("mmsi").is_in(group["mmsi"].implode()))))


def core(group: pl.DataFrame) -> pl.DataFrame:
    """Keep of a group what disturbed its ships while many of them were disturbed at once, cut to those hours.

    Ships are counted in steps of ten minutes, each once; a lull of at most ``TOGETHER`` does not end it.
    """
    step_ms, most_quiet = STEP // timedelta(milliseconds=1), TOGETHER // STEP
    ships = _by_step(group)
    most = ships["ships"].to_numpy()
    busy = ships["step"].to_numpy()[most >= CORE_SHARE * most.max()]
    run = np.cumsum(np.diff(busy, prepend=busy[0]) > most_quiet + 1)
    height = int(run[np.searchsorted(busy, ships["step"][int(most.argmax())])])
    begin, end = int(busy[run == height][0]) * step_ms, (int(busy[run == height][-1]) + 1) * step_ms
    opened, closed = (pl.Series([ms], dtype=pl.Int64).cast(TIME).item() for ms in (begin, end))
    within = group.filter(pl.col("start") < closed, pl.col("end") > opened)
    return within.with_columns(
        pl.col("start").clip(lower_bound=opened), pl.col("end").clip(upper_bound=closed)
    )


def within(group: pl.DataFrame) -> pl.DataFrame:
    """Leave out the ships of a group that were far from where most of its ships were, or moved much farther."""
    ships, km = _from_middle(group)[2:]
    near = (km <= max(NEAR_KM, FAR * float(np.median(km)))) & (_moved_km(ships) <= _farthest_km(group))
    return group.filter(pl.col("mmsi").is_in(ships.filter(pl.Series(near))["mmsi"].implode()))


def _moved_km(signals: pl.DataFrame) -> Floats:
    """Say how far signals moved their ships: ``(n,)`` kilometres."""
    here, there = (
        unit_vectors(signals[lon].to_numpy(), signals[lat].to_numpy())
        for lon, lat in (("lon", "lat"), ("to_lon", "to_lat"))
    )
    return np.asarray(between_m(here, there) / 1000.0)


def _farthest_km(group: pl.DataFrame) -> float:
    """Say how far the disturbance of a group moves ships at most."""
    km = _moved_km(group.filter(pl.col("label").is_in(_MOVED)))
    return max(ASTRAY_KM, ASTRAY * float(np.median(km))) if km.size else ASTRAY_KM


def _by_step(group: pl.DataFrame) -> pl.DataFrame:
    """Count the ships disturbed in each step: ``step, ships``."""
    first, last = (pl.col(n).dt.epoch("ms") // (STEP // timedelta(milliseconds=1)) for n in ("start", "end"))
    steps = group.select("mmsi", step=pl.int_ranges(first, last + 1)).explode("step").unique()
    return steps.group_by("step").agg(ships=pl.len()).sort("step")


def _at_once(s: pl.DataFrame, pairs: np.ndarray) -> Bools:
    start, end = milliseconds(s["start"]), milliseconds(s["end"])
    slack = TOGETHER // timedelta(milliseconds=1)
    a, b = pairs[:, 0], pairs[:, 1]
    return np.asarray((start[a] <= end[b] + slack) & (start[b] <= end[a] + slack), np.bool_)


_MOVED = ["jump", "several places", "bad positions"]
"""What tells both where a ship was and where it seemed to be."""


def area(group: pl.DataFrame) -> tuple[float, float, float]:
    """Give the middle of a group's ships, and how far the farthest nine in ten are from it (km).

    Each ship counts once, where it really was, if anything tells: land and circles are where it seemed to be.
    """
    lon, lat, _, km = _from_middle(group)
    return lon, lat, max(float(np.quantile(km, 0.9)), 5.0)


def _from_middle(group: pl.DataFrame) -> tuple[float, float, pl.DataFrame, Floats]:
    """Give the middle of a group's ships, one row for each ship, and how far from the middle each was (km)."""
    moved = pl.col("label").is_in(_MOVED)
    ships = group.sort(moved, "start", "end", "label", descending=[True, False, False, False]).unique(
        "mmsi", keep="first", maintain_order=True
    )
    place = unit_vectors(ships["lon"].to_numpy(), ships["lat"].to_numpy())
    middle = np.median(place, axis=0)
    middle = middle / max(float(length(middle)), 1e-9)
    km = between_m(place, np.broadcast_to(middle, place.shape)) / 1000.0
    lon, lat = lonlat(middle[None])
    return float(lon[0]), float(lat[0]), ships, km


def interference(group: pl.DataFrame, present: int) -> pl.DataFrame:
    """Turn a group of signals into an event, if it disturbed enough of the ships that were there; else no row."""
    mmsis = sorted(group["mmsi"].unique().to_list())
    present = max(present, len(mmsis))
    least = MANY_SHARE if len(mmsis) >= MANY_SHIPS else LEAST_SHARE
    if len(mmsis) < least * present:
        return empty(Interference)
    lon, lat, radius_km = area(group)
    start, end, known_at = group.select(
        pl.col("start").min(), pl.col("end").max(), pl.col("known_at").max()
    ).row(0)
    label, to_lon, to_lat = _kind(group)
    row = {
        "id": event_id("interference", DEFINITION, tuple(mmsis), f"{start:%Y-%m-%dT%H:%M:%S.000+00:00}"),
        "kind": "interference", "version": 1, "start": start, "end": end, "lon": lon, "lat": lat, "label": label,
        "duration_h": (end - start).total_seconds() / 3600.0, "ships": len(mmsis), "mmsis": mmsis,
        "present": present, "radius_km": radius_km, "to_lon": to_lon, "to_lat": to_lat,
        "evidence": sorted(group["id"].drop_nulls().unique().to_list()), "known_at": known_at,
        "reasons": [f"{len(mmsis)} of {present} ships heard within {radius_km:.0f} km were disturbed in the same hours",
                    *_told(group)],
    }  # fmt: skip
    return pl.DataFrame([row], schema=schema(Interference))


def _told(group: pl.DataFrame) -> list[str]:
    kinds = (
        group.group_by("label").agg(pl.col("mmsi").n_unique()).sort("mmsi", "label", descending=[True, False])
    )
    return [f"{label}: {ships} ships" for label, ships in kinds.iter_rows()]


def _kind(group: pl.DataFrame) -> tuple[str, float | None, float | None]:
    """Say what most ships did, and the one place they were moved to, where there is one."""
    most = (
        group.group_by("label").agg(pl.col("mmsi").n_unique()).sort("mmsi", "label", descending=[True, False])
    )
    moved = group.filter(pl.col("label").is_in(_MOVED))
    if moved.height:
        place = unit_vectors(moved["to_lon"].to_numpy(), moved["to_lat"].to_numpy())
        middle = np.median(place, axis=0)
        middle = middle / max(float(length(middle)), 1e-9)
        near = between_m(place, np.broadcast_to(middle, place.shape)) <= COLLAPSE_KM * 1000.0
        ships = moved.filter(pl.Series(near))["mmsi"].n_unique()
        if ships >= COLLAPSE_SHARE * group["mmsi"].n_unique():
            lon, lat = lonlat(middle[None])
            return "collapse", float(lon[0]), float(lat[0])
    return str(most["label"][0]), None, None
