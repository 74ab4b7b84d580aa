"""Falsifications as events: their measures, and in words what speaks for and what against."""

from __future__ import annotations

import polars as pl

from clearwake.detect.falsification.land import INLAND_KM
from clearwake.detect.step import event_schema, hours_between, named
from clearwake.model import TIME
from clearwake.model.falsification import Falsification
from clearwake.sphere import KNOT_M_PER_S, between_m, lonlat

LINE_H, SPEED_H = 1.3, 1.5
"""A line without wander, and a speed that contradicts, must last this long."""

_AGAINST = {
    "jump": "two ships that share the number and were heard one after the other look alike",
    "on_land": "the map knows no rivers, canals and lakes",
    "circle": "ships waiting, searching or on trials circle too, at no such even pace",
    "frozen": "a provider that smooths or fills in positions makes them too perfect",
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
