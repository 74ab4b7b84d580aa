"""Zone entries: a hull's stays inside territorial seas, economic zones and areas the user drew.

Approximate zones are derived from the coast and say so in ``zone_origin``; they are for looking, not for court.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl

from clearwake.detect.step import (
    Detector,
    Found,
    Step,
    definition_of,
    event_schema,
    hours_between,
    named,
    starts_of,
)
from clearwake.detect.visits import thinned
from clearwake.model import ZoneEntry, schema
from clearwake.model.record import Count, Degrees, Flag, Identifier, Time, record_of
from clearwake.places import Atlas

_FIX = ["track", "time", "lon", "lat", "known_at"]
_KEPT = schema(
    record_of(
        track=Identifier, time=Time, lon=Degrees, lat=Degrees, known_at=Time, zone=Count,
        stay_start=Time, stay_lon=Degrees, stay_lat=Degrees, stay_known_at=Time,
    )
)  # fmt: skip
"""Per track and zone it is in (zone -1 where it is in none): its last thinned fix and the stay so far."""


_STAYS = schema(
    record_of(
        track=Identifier, zone=Count, stay_start=Time, stay_lon=Degrees, stay_lat=Degrees, stay_known_at=Time,
        last=Time, end=Time, leaves=Flag,
    )
)  # fmt: skip


def zone_entry(atlas: Atlas) -> Detector:
    """Find stays inside the zones of ``atlas``: from the first fix inside to the first fix outside.

    A hull first heard inside a zone has a stay that starts then: that it entered was not seen.  ``end`` is null
    while it is inside.
    """
    zones = atlas.zones.select("name", "kind", "origin")
    definition = definition_of("zone_entry", zones=zones.rows())

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        del until
        last = kept.select(_FIX).unique("track", maintain_order=True)
        rows = thinned(new, last, _FIX)
        stays = _stays(rows, kept, atlas)
        return Found(_events(stays, zones, definition), _keep(rows, stays))

    step = Step("zone_entry", ("track",), _KEPT, find)
    return Detector("zone_entry", "zone_entries", ZoneEntry, definition, (step,))


def _stays(rows: pl.DataFrame, kept: pl.DataFrame, atlas: Atlas) -> pl.DataFrame:
    """Fold neighbouring fixes of a track inside one zone into stays, and join what was kept of those that go on."""
    point, zone = atlas.zones_at(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    track = rows["track"].to_numpy()
    order = np.lexsort((point, zone, track[point]))
    point, zone = point[order], zone[order]
    begins = starts_of(track[point]) | starts_of(zone) | (np.diff(point, prepend=-2) != 1)
    if not point.size:
        return pl.DataFrame(schema=_STAYS)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], point.size) - 1
    known = rows["known_at"].to_physical().to_numpy()[point]
    latest = np.maximum.reduceat(known, first)
    after = point[last] + 1
    leaves = after < rows.height
    leaves[leaves] &= track[after[leaves]] == track[point[last][leaves]]
    begin, end = rows[pl.Series(point[first], dtype=pl.UInt32)], rows[pl.Series(point[last], dtype=pl.UInt32)]
    next_time = rows["time"].gather(pl.Series(np.where(leaves, after, point[last]), dtype=pl.UInt32))
    stays = begin.select(
        "track", goes_on="is_kept", zone=pl.Series(zone[first], dtype=pl.Int64), stay_start="time", stay_lon="lon",
        stay_lat="lat", stay_known_at=pl.Series(latest).cast(rows.schema["known_at"]), last=end["time"],
        end=next_time, leaves=pl.Series(leaves),
    )  # fmt: skip
    so_far = kept.filter(pl.col("zone") >= 0).select("track", "zone", "^stay_.*$", goes_on=pl.lit(value=True))
    both = stays.join(
        so_far, on=("track", "zone", "goes_on"), how="left", suffix="_so_far", maintain_order="left"
    )
    return both.with_columns(
        *(pl.coalesce(f"{c}_so_far", c).alias(c) for c in ("stay_start", "stay_lon", "stay_lat")),
        stay_known_at=pl.max_horizontal("stay_known_at", "stay_known_at_so_far"),
        end=pl.when("leaves").then("end"),
    ).select(_STAYS.names())


def _keep(rows: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    last = rows.group_by("track", maintain_order=True).last().select(_FIX)
    inside = stays.filter(~pl.col("leaves")).select("track", "zone", "^stay_.*$")
    both = last.join(inside, on="track", how="left", maintain_order="left")
    return both.with_columns(pl.col("zone").fill_null(-1)).select(_KEPT.names())


def _events(stays: pl.DataFrame, zones: pl.DataFrame, definition: str) -> pl.DataFrame:
    if not stays.height:
        return pl.DataFrame(schema=event_schema(ZoneEntry))
    where = zones[stays["zone"]]
    rows = stays.select(
        start="stay_start", end="end", lon="stay_lon", lat="stay_lat", track_a="track",
        track_b=pl.lit(None, pl.Int64), known_at="stay_known_at", settled="leaves",
        zone=where["name"], zone_kind=where["kind"], zone_origin=where["origin"],
        duration_h=hours_between("stay_start", "end"),
        heard_a=pl.concat_list("stay_start", "last"), heard_b=pl.lit(None, pl.List(pl.Datetime)),
    )  # fmt: skip
    return named(rows, "zone_entry", definition, ZoneEntry, also=("zone", "zone_kind"))
