"""False positions of a desk as they are shown, held against what disturbed many ships at once.

Beside what was found by track there are copies, positions beyond a horizon and stays on land where nobody else is,
which need more than one hull; they are worked out from the trails and kept.  Interference is worked out here and not
while the stream runs: it needs what disturbed a ship too little to be a falsification, and falsifications that begin
hours after it did.  Being a function of what the desk holds, it cannot depend on how the stream was cut.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from clearwake.detect.falsification import ashore, horizon, legs, resent
from clearwake.detect.falsification import copies as copying
from clearwake.detect.falsification import interference as disturbing
from clearwake.detect.falsification.told import ashore_events, copy_events, horizon_events
from clearwake.detect.step import definition_of
from clearwake.flow.kept import kept
from clearwake.flow.reconcile import stored_schema
from clearwake.flow.shards import Shards
from clearwake.flow.trails import fixes
from clearwake.model import HULLS_PER_MMSI, Falsification, Interference, Noise, empty
from clearwake.places.dry import COAST_KM
from clearwake.sphere import between_m, unit_vectors
from clearwake.store import Store
from clearwake.tracks import TRACK_DAYS

_STORED = stored_schema(Falsification)

COPIES = definition_of(
    "copies",
    timed=copying.TIMED_WANDER,
    shaped=copying.SHAPED_WANDER,
    off_m=copying.COPIED_M,
    strides=copying.STRIDES,
    sure=copying.SURE_KEYS,
    shape_ms=copying.SHAPE_LASTS_MS,
    shape_off_m=copying.SHAPE_OFF_M,
    legs=legs.LEGS,
    legs_off_m=legs.OFF_M,
    legs_ms=legs.LASTS_MS,
    legs_reports=legs.REPORTS,
    later_ms=resent.LATEST_MS,
    water_ships=ashore.WATER_SHIPS,
    coast_ships=ashore.COAST_SHIPS,
    dry_km=COAST_KM,
)

FEED_SHIPS, FEED_SHARE = 10, 0.05
"""So many ships, and so large a share of all, with motion too perfect or wrong speeds, are the feed's doing."""

BEFORE = timedelta(hours=1)

DAY_MS = 86_400_000
EPOCH_MS = date(1970, 1, 1).toordinal() * DAY_MS

NOISY_HOUR = 3
"""Positions flagged as noise in one hour that count as a disturbance."""

MOST_HOURS = 8
"""A number heard in several places in more hours of a day than this is shared, not disturbed."""


def falsifications(store: Store) -> pl.DataFrame:
    """Give all falsifications; those that interference or the feed explains name it in ``cleared_by``."""
    found = _all(store)
    return _cleared(_by_feed(found, store), interferences(store)).sort("start", "id")


def interferences(store: Store) -> pl.DataFrame:
    """Give the interference found: one row for each area and the hours it lasted."""
    leans_on = ("falsifications", "positions", "noise", "track_days")

    def make() -> pl.DataFrame:
        signals = pl.concat((disturbing.signals_of(_all(store)), _small_signals(store)))
        found = [(g, _present(store, g)) for g in disturbing.grouped(signals)]
        rows = [
            disturbing.interference(disturbing.with_stragglers(g, signals), present)
            for g, present in found
            if disturbing.interference(g, present).height
        ]
        return pl.concat([empty(Interference), *rows]).sort("start", "id")

    return kept(store, "interferences", leans_on, disturbing.DEFINITION + COPIES, make, Interference)


def _all(store: Store) -> pl.DataFrame:
    by_track = store.scan("falsifications", record=_STORED).filter(~pl.col("withdrawn"))
    stored = by_track.drop("withdrawn", "settled_at").collect()
    others = kept(
        store, "copies", ("positions", "track_days"), COPIES, lambda: _between_ships(store), Falsification
    )
    return pl.concat((stored, _not_told(others, stored).select(stored.columns)))


def _not_told(others: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Leave out the stays on land that were found by track as well, but for an hour at either end."""
    names = ("label", "track_a")
    told = stored.filter(pl.col("label") == "on_land").select(*names, begun="start", over="end")
    covered = others.join(told, on=names).filter(
        pl.col("start") >= pl.col("begun") - BEFORE, pl.col("end") <= pl.col("over") + BEFORE
    )
    return others.join(covered, on="id", how="anti", maintain_order="left")


def _between_ships(store: Store) -> pl.DataFrame:
    """Find copies, positions beyond a horizon and stays on dry land."""
    with tempfile.TemporaryDirectory(prefix="clearwake-keys-") as folder:
        return _between_ships_with(store, Shards(Path(folder)))


def _between_ships_with(store: Store, keys: Shards) -> pl.DataFrame:
    found, heard, dry = [], [], []
    before, again = pl.DataFrame(), resent.Remembered()
    for on, day in fixes(store, reported=("station",)):
        ordered = day.sort("track", "time")
        thin = copying.thinned(ordered)
        joined = copying.Tracks(pl.concat((before, thin)).sort("track", "time") if before.width else thin)
        found.append(copying.shaped_copies(joined))
        again.look_up(joined, on.toordinal() * DAY_MS - EPOCH_MS)
        keys.add(pl.concat((copying.intervals(ordered), copying.strides(ordered))))
        heard.append(horizon.heard_by(ordered))
        dry.append(ashore.heard_ashore(ordered))
        before = thin.filter(pl.col("time") >= pl.col("time").max() - timedelta(hours=4))
    rare = [copying.rare_keys(shard) for shard in keys]
    if not rare:
        return empty(Falsification)
    found += _looked_at(store, copying.timed_pairs(pl.concat(rare)), again.likely())
    beyond = horizon.beyond_horizon(pl.concat(heard))
    tracks = store.scan("track_days", record=TRACK_DAYS).group_by("track")
    spans = tracks.agg(first=pl.col("start").min(), last=pl.col("end").max()).collect()
    inland = ashore_events(ashore.stays_ashore(pl.concat(dry)), COPIES)
    return pl.concat((copy_events(pl.concat(found), COPIES, spans), horizon_events(beyond, COPIES), inland))


def _looked_at(store: Store, timed: pl.DataFrame, likely: pl.DataFrame) -> list[pl.DataFrame]:
    """Look closely at pairs of tracks with the same intervals between reports, and at ways that look alike."""
    names = pl.concat([p[side] for p in (timed, likely) for side in ("track", "of_track")]).unique()
    if not names.len():
        return []
    mmsis = (names // HULLS_PER_MMSI).unique().to_list()
    of_these = pl.col("track").is_in(names.implode())
    days = [day.filter(of_these) for _, day in fixes(store, mmsis=mmsis, reported=())]
    rows = pl.concat(days).sort("track", "time")
    thin = pl.concat([copying.thinned(day.sort("track", "time")) for day in days]).sort("track", "time")
    return [copying.timed_copies(copying.Tracks(thin), timed), resent.resent_copies(rows, likely)]


def _small_signals(store: Store) -> pl.DataFrame:
    """Give what disturbed single ships in single hours: bad positions, a number heard in several places by turns."""
    noise = store.scan("noise", record=Noise).collect()
    hours = noise.with_columns(hour=pl.col("time").dt.truncate("1h")).group_by("mmsi", "hour").agg(
        pl.len().alias("bad"), pl.col("lon").first().alias("to_lon"), pl.col("lat").first().alias("to_lat"),
        pl.col("known_at").max(),
    )  # fmt: skip
    hours = hours.filter(pl.col("bad") >= NOISY_HOUR).drop("bad")
    tracks = store.scan("track_days", record=TRACK_DAYS).collect()
    several = tracks.filter(pl.col("track").n_unique().over("mmsi") > 1)["mmsi"]
    asked = pl.concat((several, hours["mmsi"])).unique()
    if not asked.len():
        return pl.DataFrame(schema=disturbing.SIGNAL)
    days = [_by_hour(day) for _, day in fixes(store, mmsis=asked.to_list(), reported=())]
    places = pl.concat(days) if days else pl.DataFrame(schema=_PLACES)
    noisy = hours.join(places.drop("known_at", "hulls", "to_lon", "to_lat"), on=("mmsi", "hour"))
    apart = places.filter(pl.col("hulls") > 1)
    apart = apart.filter(pl.len().over("mmsi", pl.col("hour").dt.date()) <= MOST_HOURS)
    return pl.concat((_signals(noisy, "bad positions"), _signals(apart, "several places")))


_PLACES = pl.Schema({"mmsi": pl.Int64(), "hour": pl.Datetime("ms", "UTC"), "hulls": pl.UInt32(), "lon": pl.Float64(),
           "lat": pl.Float64(), "to_lon": pl.Float64(), "to_lat": pl.Float64(),
           "known_at": pl.Datetime("ms", "UTC")})  # fmt: skip


def _by_hour(day: pl.DataFrame) -> pl.DataFrame:
    """Give, for each number and hour, how many hulls were heard, where its main one was, and where another was."""
    rows = day.with_columns(hour=pl.col("time").dt.truncate("1h"), reports=pl.len().over("track"))
    rows = rows.sort(
        "mmsi", "hour", "reports", "track", "time", descending=[False, False, True, False, False]
    )
    return rows.group_by("mmsi", "hour", maintain_order=True).agg(
        hulls=pl.col("track").n_unique(), lon=pl.col("lon").first(), lat=pl.col("lat").first(),
        to_lon=pl.col("lon").last(), to_lat=pl.col("lat").last(), known_at=pl.col("known_at").max(),
    ).select(pl.col(n).cast(d) for n, d in _PLACES.items())  # fmt: skip


def _signals(rows: pl.DataFrame, label: str) -> pl.DataFrame:
    signals = rows.select(
        "mmsi", "lon", "lat", "to_lon", "to_lat", "known_at", start="hour", end=pl.col("hour") + timedelta(hours=1),
        label=pl.lit(label), id=pl.lit(None, pl.String),
    )  # fmt: skip
    return signals.select(pl.col(n).cast(d) for n, d in disturbing.SIGNAL.items())


def _present(store: Store, group: pl.DataFrame) -> int:
    """Count the ships heard where a group of signals is, from an hour before until its end."""
    lon, lat, radius_km = disturbing.area(group)
    middle = unit_vectors([lon], [lat])
    begin, end = group.select(pl.col("start").min() - BEFORE, pl.col("end").max()).row(0)
    seen: set[int] = set()
    for _, day in fixes(store, begin.date(), end.date(), reported=()):
        rows = day.filter(pl.col("time").is_between(begin, end))
        near = between_m(rows.select("x", "y", "z").to_numpy(), middle) <= radius_km * 1000.0
        seen |= set(rows.filter(pl.Series(near))["mmsi"].unique().to_list())
    return len(seen)


def _by_feed(found: pl.DataFrame, store: Store) -> pl.DataFrame:
    """Clear what so many ships show that the feed must have done it."""
    tracks = store.scan("track_days", record=TRACK_DAYS).select(pl.col("track").n_unique()).collect().item()
    ships = pl.col("mmsi_a").n_unique().over("label")
    by_feed = (
        pl.col("label").is_in(["frozen", "speed"]) & (ships >= FEED_SHIPS) & (ships >= FEED_SHARE * tracks)
    )
    return found.with_columns(cleared_by=pl.when(by_feed).then(pl.lit("feed")).otherwise("cleared_by"))


def _cleared(found: pl.DataFrame, disturbed: pl.DataFrame) -> pl.DataFrame:
    """Name the interference that each falsification of a ship in it is part of."""
    spans = disturbed.select(by="id", begun="start", over="end", mmsi="mmsis").explode("mmsi")
    sides = [
        found.select("id", "start", "end", mmsi=side).drop_nulls("mmsi") for side in ("mmsi_a", "mmsi_b")
    ]
    hit = pl.concat(sides).join(spans.cast({"mmsi": pl.Int64}), on="mmsi").filter(
        pl.col("start") <= pl.col("over") + BEFORE,
        pl.coalesce("end", "start") >= pl.col("begun") - BEFORE,
    )  # fmt: skip
    by = hit.sort("begun", "by").unique("id", keep="first", maintain_order=True).select("id", "by")
    joined = found.join(by, on="id", how="left", maintain_order="left")
    return joined.with_columns(cleared_by=pl.coalesce("by", "cleared_by")).drop("by")
