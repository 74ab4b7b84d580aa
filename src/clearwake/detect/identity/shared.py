"""Numbers on several hulls: one MMSI heard from several ships at once, one IMO number claimed in two places.

A shared MMSI is mostly a number that equipment was delivered with and nobody changed: 416000000 is dozens of boats.
It accuses none of them.  An IMO number is cut into steel; two ships that claim one, farther apart than a ship can
sail, cannot both be right, and nothing here says which is wrong.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from clearwake.detect.identity.changes import imo_points
from clearwake.detect.identity.ground import HEARD, SLACK_KM, TOP_SPEED_KN, Heard, in_reach_km, nobody_heard
from clearwake.detect.identity.rows import STAMP, claim_id, sorted_texts, written
from clearwake.detect.identity.said import (
    BY_TURNS,
    Run,
    by_turns,
    changing,
    is_default,
    letters_apart,
    points,
    runs,
)
from clearwake.detect.step import definition_of, divided, hours_between
from clearwake.model import TIME, Track, empty
from clearwake.model.events import SharedImo, SharedMmsi
from clearwake.model.identifiers import PLACEHOLDER_MMSIS, is_ship
from clearwake.sphere import KNOT_M_PER_S, distance_m

BELIEVED_FROM = 10
"""A second hull under an MMSI counts from so many positions on, as for gaps: a burst of bad ones looks like a ship."""

MANY = 5
"""A number on so many hulls at once is nobody's in particular; this project's judgement."""

SHOWN = 24
"""So many positions and claims at most are named as evidence."""

SLOT = timedelta(minutes=10)
"""One position of each ship in so long is enough to see it in two places."""

AT_LEAST_TIMES = 2
"""A single position out of reach may be a bad one."""

MMSI_KIND, IMO_KIND = "shared_mmsi", "shared_imo"
MMSI_DEFINITION = definition_of(MMSI_KIND, believed_from=BELIEVED_FROM, many=MANY, turns=BY_TURNS)
IMO_DEFINITION = definition_of(
    IMO_KIND, top_speed_kn=TOP_SPEED_KN, slack_km=SLACK_KM, slot=SLOT, times=AT_LEAST_TIMES
)


def shared_mmsis(claims: pl.DataFrame, tracks: pl.DataFrame | None = None) -> pl.DataFrame:
    """Find the MMSIs that were on several hulls at once, one row each.

    Hulls tell where there are tracks: two heard over overlapping times, each ten times or more.  Claims tell where
    names, call signs or IMO numbers more than one letter apart were said by turns.

    Args:
        claims: A table of ``IdentityClaim``.
        tracks: A table of ``Track``.
    """
    heard = _overlapping(empty(Track) if tracks is None else tracks)
    said = _said_by_turns(
        claims.filter(is_ship(pl.col("mmsi")) | pl.col("mmsi").is_in(list(PLACEHOLDER_MMSIS)))
    )
    both = heard.join(said, on="mmsi", how="full", coalesce=True, suffix="_said")
    names = _said_under(claims, both["mmsi"])
    rows = both.join(names, on="mmsi", how="left").with_columns(
        start=pl.min_horizontal("start", "start_said"),
        end=pl.max_horizontal("end", "end_said"),
        known_at=pl.max_horizontal("end", "end_said", "known_at"),
        evidence=sorted_texts(pl.col("heard", "evidence_said").fill_null([])).list.head(SHOWN),
        hulls=pl.col("hulls").fill_null(0),
        at_once=pl.col("at_once").fill_null(0),
        positions=pl.col("positions").fill_null(0),
        names=pl.col("names").fill_null([]),
        imos=pl.col("imos").fill_null([]),
        note=_why_default(),
        mmsi_a="mmsi",
    )  # fmt: skip
    whole = rows.with_columns(is_default=pl.col("note").is_not_null())
    return written(whole, MMSI_KIND, SharedMmsi, MMSI_DEFINITION, (), empty(Track))


def _why_default() -> pl.Expr:
    return (
        pl.when(pl.col("mmsi").is_in(list(PLACEHOLDER_MMSIS)))
        .then(pl.lit("a number typed to fill the field"))
        .when(is_default(pl.col("mmsi")))
        .then(pl.lit("six noughts after the digits of a flag: a number equipment is delivered with"))
        .when(pl.col("at_once").fill_null(0) >= MANY)
        .then(pl.format("on {} hulls at once: nobody's in particular", "at_once"))
    )


def _overlapping(tracks: pl.DataFrame) -> pl.DataFrame:
    """Find MMSIs of which two believed hulls were heard over overlapping times, and the most at any time."""
    believed = tracks.filter(pl.col("positions") >= BELIEVED_FROM)
    several = believed.filter(pl.col("track").n_unique().over("mmsi") > 1)
    steps = pl.concat(
        (several.select("mmsi", time="start", step=1), several.select("mmsi", time="end", step=-1))
    ).sort("mmsi", "time", "step")
    counted = steps.with_columns(now=pl.col("step").cum_sum().over("mmsi"))
    began = counted.filter(pl.col("now") > 1).group_by("mmsi").agg(
        start=pl.col("time").min(), at_once=pl.col("now").max()
    )  # fmt: skip
    ended = (
        counted.filter((pl.col("now") == 1) & (pl.col("step") == -1))
        .group_by("mmsi")
        .agg(end=pl.col("time").max())
    )
    place = several.sort("start", "track").group_by("mmsi", maintain_order=True).agg(
        hulls=pl.len().cast(pl.Int64), positions=pl.col("positions").sum(), lon=pl.col("lon").first(),
        lat=pl.col("lat").first(),
        heard=pl.format("position:{}@{}Z", "mmsi", pl.col("start").dt.strftime(STAMP)),
    )  # fmt: skip
    return began.join(ended, on="mmsi").join(place, on="mmsi").with_columns(pl.col("at_once").cast(pl.Int64))


def _said_by_turns(claims: pl.DataFrame) -> pl.DataFrame:
    """Find MMSIs under which different names, call signs or IMO numbers were said by turns."""
    rows = [
        (mmsi, field, part[0].start, part[-1].end, max(run.known_at for run in part), _began(part))
        for field in ("name", "callsign", "imo")
        for mmsi, sequence in runs(changing(points(claims, field))).items()
        for first, last in by_turns(sequence)
        if _differ(part := sequence[first : last + 1])
    ]
    shape: dict[str, pl.DataType | type[pl.DataType]] = {
        "mmsi": pl.Int64, "field": pl.String, "start": pl.Int64, "end": pl.Int64, "known_at": pl.Int64,
        "ats": pl.List(pl.Int64),
    }  # fmt: skip
    found = pl.DataFrame(rows, schema=shape, orient="row").with_columns(
        pl.col("start", "end", "known_at").cast(TIME)
    )
    named = found.explode("ats").with_columns(evidence_said=claim_id("mmsi", "ats", "field"))
    return named.group_by("mmsi").agg(
        start_said=pl.col("start").min(), end_said=pl.col("end").max(), known_at=pl.col("known_at").max(),
        evidence_said=pl.col("evidence_said").unique().sort(),
    )  # fmt: skip


def _began(part: list[Run]) -> list[int]:
    """Give when the claims began that show it, the first ones."""
    return sorted({run.new[1] for run in part})[:SHOWN]


def _differ(part: list[Run]) -> bool:
    keys = sorted({run.key for run in part})
    return any(letters_apart(a, b) > 1 for n, a in enumerate(keys) for b in keys[n + 1 :])


def _said_under(claims: pl.DataFrame, mmsis: pl.Series) -> pl.DataFrame:
    """Give the names and IMO numbers claimed under each MMSI, as written first, in alphabetical order."""
    some = claims.filter(pl.col("mmsi").is_in(mmsis.implode()))
    lists = [
        points(some, field).sort("owner", "key", "time", "said").group_by("owner", "key", maintain_order=True).first()
        .group_by("owner").agg(pl.col("said").sort().alias(f"{field}s"))
        for field in ("name", "imo")
    ]  # fmt: skip
    return lists[0].join(lists[1], on="owner", how="full", coalesce=True).rename({"owner": "mmsi"})


def shared_imos(
    claims: pl.DataFrame,
    *,
    heard: Heard = nobody_heard,
    tracks: pl.DataFrame | None = None,
    shared: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Find usable IMO numbers claimed by two MMSIs that were heard where one ship could not have been.

    One row per number and pair of MMSIs, placed where each was when they were farthest apart.  A ship that changed
    its MMSI is not found: its two numbers are within its reach of each other.

    Args:
        claims: A table of ``IdentityClaim``.
        heard: Gives positions; without them nothing can be found.
        tracks: A table of ``Track``.
        shared: A table of ``SharedMmsi``.
    """
    imos = imo_points(claims.filter(is_ship(pl.col("mmsi"))))
    contested = imos.filter(pl.col("owner").n_unique().over("key") > 1)
    held = contested.group_by("owner", "key").agg(
        start=pl.col("time").min(), end=pl.col("time").max(), reports=pl.col("reports").sum(),
        at=pl.col("at").min(), known_at=pl.col("known_at").max(),
    ).filter(pl.col("reports") > 1)  # fmt: skip
    held = held.filter(pl.col("owner").n_unique().over("key") > 1)
    windows = held.select("start", "end", mmsi="owner").unique()
    places = heard(windows) if held.height else pl.DataFrame(schema=HEARD)
    elsewhere = _elsewhere(_thinned(places, held))
    rows = _pairs(elsewhere, held, claims, empty(SharedMmsi) if shared is None else shared)
    return written(
        rows, IMO_KIND, SharedImo, IMO_DEFINITION, ("imo",), empty(Track) if tracks is None else tracks
    )


def _thinned(places: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Give the positions of each MMSI while it claimed each number, the first of each slot."""
    rows = places.select(HEARD.names()).cast(HEARD).rename({"mmsi": "owner"})
    during = held.select("owner", "key", "start", "end").join(rows, on="owner")
    during = during.filter(pl.col("time").is_between(pl.col("start"), pl.col("end")))
    first = during.sort("key", "owner", "time", "lon", "lat").unique(
        ["key", "owner", pl.col("time").dt.truncate(SLOT)], keep="first", maintain_order=True
    ) if during.height else during  # fmt: skip
    return first.select("key", "owner", "time", "lon", "lat").sort("key", "time", "owner")


def _elsewhere(places: pl.DataFrame) -> pl.DataFrame:
    """Find neighbours in time of one number and different MMSIs that are out of reach of each other."""
    after = places.with_columns(
        pl.col("owner", "time", "lon", "lat").shift(-1).over("key").name.prefix("next_")
    ).filter(pl.col("owner") != pl.col("next_owner"))
    ends = [after[name].to_numpy() for name in ("lon", "lat", "next_lon", "next_lat")]
    hours = hours_between("time", "next_time")
    return (
        after.with_columns(pl.Series("apart_km", distance_m(*ends) / 1000.0, dtype=pl.Float64), hours=hours)
        .filter(pl.col("apart_km") > in_reach_km(pl.col("hours")))
        .with_columns(is_lower=pl.col("owner") < pl.col("next_owner"))
    )


def _pairs(
    elsewhere: pl.DataFrame, held: pl.DataFrame, claims: pl.DataFrame, shared: pl.DataFrame
) -> pl.DataFrame:
    def side(name: str, *, of_a: bool) -> pl.Expr:
        lower, higher = (name, f"next_{name}") if of_a else (f"next_{name}", name)
        return pl.when("is_lower").then(lower).otherwise(higher)

    km_per_h = divided(pl.col("apart_km"), 1.0) / pl.col("hours")
    speed = pl.when(pl.col("hours") > 0).then(km_per_h * 1000.0 / 3600.0 / KNOT_M_PER_S)
    met = elsewhere.select(
        "apart_km", "time", "next_time", imo="key", mmsi_a=side("owner", of_a=True), mmsi_b=side("owner", of_a=False),
        lon=side("lon", of_a=True), lat=side("lat", of_a=True), lon_b=side("lon", of_a=False),
        lat_b=side("lat", of_a=False), implied_speed_kn=speed, time_a=side("time", of_a=True),
        time_b=side("time", of_a=False),
    )  # fmt: skip
    farthest = met.sort("apart_km", "time", descending=[True, False]).group_by(
        "imo", "mmsi_a", "mmsi_b", maintain_order=True
    )
    pairs = farthest.agg(
        pl.col("lon", "lat", "lon_b", "lat_b", "apart_km", "implied_speed_kn", "time_a", "time_b").first(),
        start=pl.col("time").min(), end=pl.col("next_time").max(), times=pl.len().cast(pl.Int64),
    ).filter(pl.col("times") >= AT_LEAST_TIMES)  # fmt: skip
    names = _called(claims, pl.concat((pairs["mmsi_a"], pairs["mmsi_b"])))
    for letter in "ab":
        said = held.select(
            pl.col("at", "known_at").name.suffix(f"_{letter}"), imo="key", **{f"mmsi_{letter}": "owner"}
        )
        pairs = pairs.join(said, on=["imo", f"mmsi_{letter}"], how="left")
        pairs = pairs.join(
            names.rename({"mmsi": f"mmsi_{letter}", "name": f"name_{letter}"}),
            on=f"mmsi_{letter}",
            how="left",
        )
    seen = [pl.format("position:{}@{}Z", f"mmsi_{x}", pl.col(f"time_{x}").dt.strftime(STAMP)) for x in "ab"]
    claimed = [claim_id(f"mmsi_{x}", f"at_{x}", pl.lit("imo")) for x in "ab"]
    is_shared = pl.any_horizontal(pl.col(f"mmsi_{x}").is_in(shared["mmsi_a"].implode()) for x in "ab")
    return pairs.with_columns(
        evidence=sorted_texts(*seen, *claimed),
        known_at=pl.max_horizontal("known_at_a", "known_at_b", "time_a", "time_b"),
        mmsi_is_shared=is_shared,
    )


def _called(claims: pl.DataFrame, mmsis: pl.Series) -> pl.DataFrame:
    """Give each MMSI the name most reported under it."""
    said = claims.filter(pl.col("mmsi").is_in(mmsis.implode()), pl.col("name").is_not_null())
    counted = said.group_by("mmsi", "name").agg(pl.col("reports").sum())
    return (
        counted.sort("mmsi", "reports", "name", descending=[False, True, False])
        .group_by("mmsi", maintain_order=True)
        .agg(pl.col("name").first())
    )
