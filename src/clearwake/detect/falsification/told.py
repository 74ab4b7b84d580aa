"""Falsifications as events: their measures, and in words what speaks for and what against."""

from __future__ import annotations

import polars as pl

from clearwake.detect.falsification.land import INLAND_KM
from clearwake.detect.step import event_schema, hours_between, named
from clearwake.model import HULLS_PER_MMSI, TIME, schema
from clearwake.model.falsification import Falsification
from clearwake.places.dry import COAST_KM
from clearwake.places.dry import INLAND_KM as FAR_KM
from clearwake.sphere import KNOT_M_PER_S, between_m, lonlat

LINE_H, SPEED_H = 1.3, 1.5
"""A line without wander, and a speed that contradicts, must last this long."""

LIES_KN = 1.0

_AGAINST = {
    "jump": "two ships that share the number and were heard one after the other look alike",
    "on_land": "the map knows no rivers, canals and lakes",
    "circle": "ships waiting, searching or on trials circle too, at no such even pace",
    "frozen": "a provider that smooths or fills in positions makes them too perfect",
    "horizon": "radio ducts carry far, and stations are moved and renamed",
    "speed": "a log or receiver that is set wrongly gives a wrong speed",
}


def jump_events(jumped: pl.DataFrame, definition: str) -> pl.DataFrame:
    """Turn jumps (``Switch`` with ``back``, ``learnt``, ``settled``) into events."""
    if not jumped.height:
        return pl.DataFrame(schema=event_schema(Falsification))
    here, there = jumped.select("x", "y", "z").to_numpy(), jumped.select("to_x", "to_y", "to_z").to_numpy()
    (lon, lat), (end_lon, end_lat) = lonlat(here), lonlat(there)
    hours = (jumped["end"] - jumped["start"]).dt.total_milliseconds().to_numpy() / 3_600_000.0
    kn = between_m(here, there) / hours.clip(1.0 / 3600.0) / 3600.0 / KNOT_M_PER_S
    rows = jumped.with_columns(
        label=pl.lit("jump"), lon=pl.Series(lon), lat=pl.Series(lat), end_lon=pl.Series(end_lon),
        end_lat=pl.Series(end_lat), implied_speed_kn=pl.Series(kn), known_at="learnt", arrived="end",
    ).with_columns(
        end="back", duration_h=hours_between("start", pl.coalesce("back", "arrived")),
        heard_a=pl.concat_list("start", "arrived", "back").list.drop_nulls(),
        reasons_for=pl.concat_list(
            pl.format("heard {} km away after {} min: {} kn", pl.col("moved_km").round(1),
                      ((pl.col("arrived") - pl.col("start")).dt.total_seconds() / 60).round(1),
                      pl.col("implied_speed_kn").round(0).cast(pl.Int64)),
            pl.when(pl.col("back").is_null()).then(pl.lit("and went on there"))
            .otherwise(pl.format("and back again at {} UTC", pl.col("back").dt.strftime("%Y-%m-%d %H:%M"))),
        ),
    )  # fmt: skip
    return _named(rows, definition)


def stretch_events(found: pl.DataFrame, closed: pl.Series, definition: str) -> pl.DataFrame:
    """Turn merged findings into events, where they are enough."""
    line = pl.col("residual_m").is_not_null()
    hours = hours_between("start", "end")
    enough = (
        pl.when(pl.col("label") == "on_land").then(pl.col("leapt") | pl.col("is_straight"))
        .when(pl.col("label") == "speed").then(hours >= SPEED_H)
        .when((pl.col("label") == "frozen") & line).then(hours >= LINE_H)
        .otherwise(pl.lit(value=True))
    )  # fmt: skip
    rows = found.with_columns(settled=closed).filter(pl.col("label").is_in(list(_AGAINST)), enough)
    if not rows.height:
        return pl.DataFrame(schema=event_schema(Falsification))
    lon, lat = lonlat(rows.select("x", "y", "z").to_numpy())
    rows = rows.with_columns(
        lon=pl.Series(lon), lat=pl.Series(lat), duration_h=hours, reported_speed_kn=pl.col("said_kn").fill_nan(None),
        inland_km=pl.when(pl.col("label") == "on_land").then(INLAND_KM),
        heard_a=pl.concat_list("start", "end"),
    )  # fmt: skip
    return _named(rows.with_columns(reasons_for=_reasons()), definition)


def _reasons() -> pl.Expr:
    speed, said = pl.col("speed_kn").round(1), pl.col("reported_speed_kn").round(1)
    circle = pl.format(
        "{} times round a {} {} m from its middle in {} min each, {} m off it, at {} kn", pl.col("laps").round(1),
        pl.when("is_ring").then(pl.lit("circle")).otherwise(pl.lit("closed figure")), pl.col("radius_m").round(0),
        pl.col("period_min").round(0), pl.col("residual_m").round(0), speed,
    )  # fmt: skip
    inland = pl.format("more than {} km inside land", pl.lit(INLAND_KM))
    how = pl.when("leapt").then(pl.lit("leapt there or away again")).otherwise(
        pl.format("sailed there straight at {} kn", speed)
    )  # fmt: skip
    line = pl.format("in one line at one speed, {} m off it, at {} kn", pl.col("residual_m").round(1), speed)
    still = pl.format("every report at one and the same place while it says {} kn", said)
    frozen = pl.when(pl.col("residual_m").is_not_null()).then(line).otherwise(still)
    wrong = pl.format("says {} kn and made {} kn", said, speed)
    one = (
        pl.when(pl.col("label") == "circle").then(circle).when(pl.col("label") == "frozen").then(frozen)
        .when(pl.col("label") == "speed").then(wrong).otherwise(inland)
    )  # fmt: skip
    return pl.concat_list(one, pl.when(pl.col("label") == "on_land").then(how)).list.drop_nulls()


def _named(rows: pl.DataFrame, definition: str) -> pl.DataFrame:
    ready = rows.with_columns(
        track_a="track", track_b=pl.lit(None, pl.Int64), heard_b=pl.lit(None, pl.List(TIME)),
        reasons_against=pl.concat_list(pl.col("label").replace_strict(_AGAINST, return_dtype=pl.String)),
    )  # fmt: skip
    return named(ready, "falsification", definition, Falsification, also=("label",))


def copy_events(found: pl.DataFrame, definition: str, spans: pl.DataFrame) -> pl.DataFrame:
    """Turn copies (``copies.COPY``) into events, one for each run of hours.

    ``track_a`` is the copy: the one that came later, or that was heard of itself for the shorter time beside the copied
    hours, as a track is that begins and ends with them.  Where neither tells, each of the two has an event.

    Args:
        found: The copies.
        definition: Of their detector.
        spans: ``track, first, last``: when each track was heard.
    """
    if not found.height:
        return pl.DataFrame(schema=schema(Falsification))
    rows = _from_both_sides(_joined(found), spans)
    (lon, lat), (of_lon, of_lat) = (
        lonlat(rows.select(f"{p}x", f"{p}y", f"{p}z").to_numpy()) for p in ("", "of_")
    )
    rows = rows.with_columns(
        track_a="track", track_b="of_track",
        lon=pl.Series(lon), lat=pl.Series(lat), end_lon=pl.Series(of_lon), end_lat=pl.Series(of_lat),
        label=pl.lit("copy"), duration_h=hours_between("start", "end"), moved_km="apart_km",
        period_min=pl.col("later_ms") / 60_000.0, heard=pl.concat_list("start", "end"),
    ).with_columns(
        heard_a="heard", heard_b="heard",
        reasons_for=pl.concat_list(
            pl.format("moved as MMSI {} did, {} km away and {} min later, to within {} m over {} h",
                      pl.col("of_track") // HULLS_PER_MMSI, pl.col("apart_km").round(1),
                      pl.col("period_min").round(1), pl.col("residual_m").round(0), pl.col("duration_h").round(1)),
            pl.format("both wander {} m from a straight line in the same way", pl.col("wander_m").round(0)),
            pl.when(pl.col("alone_h") + EITHER_H < pl.col("of_alone_h")).then(
                pl.format("heard for {} h beside these, the other for {} h", pl.col("alone_h").round(1),
                          pl.col("of_alone_h").round(1))),
        ).list.drop_nulls(),
        reasons_against=pl.concat_list(
            pl.when(pl.col("is_either")).then(pl.lit("which of the two is the copy is not known from this alone")),
            pl.when(pl.col("apart_km") < 10.0).then(pl.lit("ships in company move alike")),
        ).list.drop_nulls(),
    )  # fmt: skip
    events = named(
        rows.with_columns(settled=pl.lit(value=True)), "falsification", definition, Falsification, ("label",)
    )
    # A ship that copies itself has no second side.
    own = pl.col("mmsi_a") == pl.col("mmsi_b")
    return events.drop("settled").with_columns(
        pl.when(~own).then(c).alias(c) for c in ("track_b", "mmsi_b")
    ).unique("id", keep="first", maintain_order=True)  # fmt: skip


EITHER_H = 1.0
"""Tracks heard beside the copied hours for times this close do not tell which is the copy."""

_SIDES = (("track", "of_track"), ("x", "of_x"), ("y", "of_y"), ("z", "of_z"))


def _from_both_sides(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Turn copies sent at the same moments round where the other side is the copy; give both where neither tells."""
    known = rows
    for side in ("track", "of_track"):
        ends = spans.select(pl.col("track").alias(side), pl.col("first", "last").name.prefix(f"{side} "))
        known = known.join(ends, on=side, how="left", maintain_order="left")
    heard_h = {side: hours_between(f"{side} first", f"{side} last") for side in ("track", "of_track")}
    lasted_h = hours_between("start", "end")
    known = known.with_columns(
        alone_h=(heard_h["track"] - lasted_h).clip(0.0), of_alone_h=(heard_h["of_track"] - lasted_h).clip(0.0)
    )
    difference = pl.col("alone_h") - pl.col("of_alone_h")
    at_once = (pl.col("later_ms") == 0) & (pl.col("track") != pl.col("of_track"))
    known = known.with_columns(is_either=at_once & (difference.abs() <= EITHER_H))
    turned = known.filter(at_once & (pl.col("is_either") | (difference > 0))).rename(
        {**{a: b for pair in (*_SIDES, ("alone_h", "of_alone_h")) for a, b in (pair, pair[::-1])}}
    )
    straight = known.filter(~at_once | pl.col("is_either") | (difference <= 0))
    return pl.concat((straight, turned.select(straight.columns)))


def _joined(found: pl.DataFrame) -> pl.DataFrame:
    """Keep of copies of one track by another that overlap in time the longest; the nearest in time first."""
    rows = found.with_columns(length=pl.col("end") - pl.col("start")).sort(
        "track", "of_track", "length", "later_ms", "start", descending=[False, False, True, False, False]
    )
    taken: dict[tuple[int, int], list[tuple[object, object]]] = {}
    keep = []
    for row in rows.iter_rows(named=True):
        spans = taken.setdefault((row["track"], row["of_track"]), [])
        free = all(row["start"] >= end or row["end"] <= start for start, end in spans)
        keep.append(free)
        if free:
            spans.append((row["start"], row["end"]))
    return rows.filter(pl.Series(keep, dtype=pl.Boolean)).drop("length")


def horizon_events(found: pl.DataFrame, definition: str) -> pl.DataFrame:
    """Turn stretches heard from beyond a horizon (``horizon.FAR``) into events."""
    if not found.height:
        return pl.DataFrame(schema=schema(Falsification))
    lon, lat = lonlat(found.select("x", "y", "z").to_numpy())
    rows = found.with_columns(
        label=pl.lit("horizon"), lon=pl.Series(lon), lat=pl.Series(lat), duration_h=hours_between("start", "end"),
        moved_km="beyond_km", heard_a=pl.concat_list("start", "end"), settled=pl.lit(value=True),
        reasons_for=pl.concat_list(pl.format("heard by station {} from {} km beyond where it hears others",
                                             "station", pl.col("beyond_km").round(0))),
    )  # fmt: skip
    return _named(rows, definition).drop("settled").unique("id", keep="first", maintain_order=True)


def ashore_events(stays: pl.DataFrame, definition: str) -> pl.DataFrame:
    """Turn stays on dry land (``ashore.STAY``) into events."""
    if not stays.height:
        return pl.DataFrame(schema=schema(Falsification))
    lon, lat = lonlat(stays.select("x", "y", "z").to_numpy())
    rows = stays.with_columns(
        label=pl.lit("on_land"), lon=pl.Series(lon), lat=pl.Series(lat), duration_h=hours_between("start", "end"),
        heard_a=pl.concat_list("start", "end"), heard_b=pl.lit(None, pl.List(TIME)), track_a="track",
        track_b=pl.lit(None, pl.Int64), settled=pl.lit(value=True),
        inland_km=pl.when("is_far").then(FAR_KM).otherwise(COAST_KM),
    ).with_columns(
        reasons_for=pl.concat_list(
            pl.format("more than {} km inside land, far from every lake, river, canal and port of the map",
                      pl.col("inland_km").cast(pl.Int64)),
            pl.format("heard there {} times in {} h, at {} kn, where hardly another ship was", "reports",
                      pl.col("duration_h").round(1), pl.col("speed_kn").round(1)),
        ),
        reasons_against=pl.concat_list(
            pl.lit("the map knows not every river, canal and reservoir"),
            pl.when(~pl.col("is_far")).then(pl.format(
                "the coast is nearer than {} km: a creek may reach there that two maps of the coast leave out",
                pl.lit(int(FAR_KM)))),
            pl.when(pl.col("speed_kn") < LIES_KN).then(pl.lit("lies still: a boat, or its set, may be ashore there")),
        ).list.drop_nulls(),
    )  # fmt: skip
    events = named(rows, "falsification", definition, Falsification, also=("label",))
    return events.drop("settled").unique("id", keep="first", maintain_order=True)
