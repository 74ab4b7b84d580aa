"""What other eyes say of a ship: seen in a transfer, disguised, somewhere else than its AIS, beside a hull without AIS.

A sighting weighs as much as its source and its content are graded.  A hull that nobody explains accuses nobody: only
the ship that lay beside it, or whose name was read, is told of.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from clearwake.assess.reasons import reasons
from clearwake.assess.wording import plural, tenths, whole

TRANSFER = ("alongside", "hoses_connected", "fenders", "crane", "transfer")
DISGUISE = ("name_painted_over", "false_name", "no_name", "no_flag", "false_flag", "lights_off", "ais_off")

RELIABILITY = {"A": 1.0, "B": 0.9, "C": 0.7, "D": 0.4, "E": 0.15, "F": 0.5}
CREDIBILITY = {1: 1.0, 2: 0.9, 3: 0.7, 4: 0.4, 5: 0.1, 6: 0.5}
"""How much of its weight a sighting keeps, by the Admiralty code: letters and numbers are AJP-2.1's, the shares this
project's judgement.  F and 6 cannot be judged, which is not the same as bad."""

NOT_GRADED = 0.6
BY_PLACE_ONLY = 0.4
"""Of the weight, where no marks were read and only its track says that it is this ship."""

SMALL_M = 30.0
"""A shorter hull beside a ship is a barge, a launch or a tug before it is anything else."""

NAMED = ("named", "named_elsewhere", "named_unheard")


def sensed_reasons(sensed: Mapping[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """Give the reasons for and against that sightings and detections are.

    Args:
        sensed: Tables by name: ``sightings`` (of ``MatchedSighting``), ``detections`` (of ``MatchedDetection``),
            ``side_by_side`` (of ``SideBySide``); absent ones say nothing.
    """
    told = {"sightings": _sighted, "detections": _detected, "side_by_side": _beside}
    return [frame for table, tell in told.items() if table in sensed for frame in tell(sensed[table])]


def _sighted(sightings: pl.DataFrame) -> list[pl.DataFrame]:
    rows = sightings.filter(pl.col("mmsi").is_not_null())
    told = (pl.col("status").is_in(NAMED) | (pl.col("status") == "placed")) & (
        pl.col("status") != "named_elsewhere"
    )
    transfer = rows.filter(told & _any_of(TRANSFER))
    disguised = rows.filter(told & _any_of(DISGUISE))
    elsewhere = rows.filter(pl.col("status") == "named_elsewhere")
    evidence = pl.concat_list("id")
    at = pl.col("time").dt.strftime("%Y-%m-%d %H:%M UTC")
    sure = pl.when(pl.col("status") == "placed").then(pl.lit(", by its track only")).otherwise(pl.lit(""))
    seen = pl.format("seen {} on {}{}{}", _codes(TRANSFER), at, _by(), sure)
    hidden = pl.format("seen with {} on {}{}{}", _codes(DISGUISE), at, _by(), sure)
    away = pl.format(
        "its marks were read on {}{} {} km from where its AIS was: one of them is another ship's",
        at, _by(), tenths(pl.col("distance_m") / 1000.0),
    )  # fmt: skip
    doubt = pl.format(
        "the sighting of {} is graded {}{}: it may not be so", at, pl.col("reliability").fill_null("-"),
        pl.col("credibility").cast(pl.String).fill_null("-"),
    )  # fmt: skip
    weak = rows.filter(pl.col("reliability").is_in(["D", "E"]) | (pl.col("credibility").is_in([4, 5])))
    return [
        reasons("sighted_transfer", transfer, seen, evidence, _share()),
        reasons("sighted_disguised", disguised, hidden, evidence, _share()),
        reasons("sighted_elsewhere", elsewhere, away, evidence, _share()),
        reasons("sighting_doubted", weak, doubt, evidence),
    ]


def _any_of(codes: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(pl.col("codes").list.contains(code) for code in codes).fill_null(value=False)


def _codes(codes: tuple[str, ...]) -> pl.Expr:
    kept = pl.col("codes").list.set_intersection(pl.lit(list(codes), dtype=pl.List(pl.String))).list.sort()
    return kept.list.join(", ").str.replace_all("_", " ")


def _by() -> pl.Expr:
    return pl.coalesce(pl.format(" by {}", pl.coalesce("observer", "platform")), pl.lit(""))


def _share() -> pl.Expr:
    """Give the part of the weight that grades leave; a contradicted mark leaves less."""
    source = pl.col("reliability").replace_strict(RELIABILITY, default=NOT_GRADED, return_dtype=pl.Float64)
    content = pl.col("credibility").replace_strict(CREDIBILITY, default=NOT_GRADED, return_dtype=pl.Float64)
    place = pl.when(pl.col("status") == "placed").then(BY_PLACE_ONLY).otherwise(1.0)
    graded = pl.col("reliability").is_not_null() | pl.col("credibility").is_not_null()
    both = pl.when(graded).then(source * content).otherwise(NOT_GRADED)
    return both * place


def _beside(events: pl.DataFrame) -> list[pl.DataFrame]:
    a = events.with_columns(
        mmsi="mmsi_a", track="track_a", other="mmsi_b", other_m="length_b_m", time="start"
    )
    b = events.with_columns(
        mmsi="mmsi_b", track="track_b", other="mmsi_a", other_m="length_a_m", time="start"
    )
    sides = pl.concat((a, b)).filter(pl.col("mmsi").is_not_null())
    dark = sides.filter(pl.col("label") == "one_dark")
    both = sides.filter(pl.col("label") == "matched")
    small = dark.filter(pl.col("other_m") < SMALL_M)
    at = pl.col("start").dt.strftime("%Y-%m-%d %H:%M UTC")
    evidence = pl.concat_list("id", "detection_a", "detection_b")
    length = pl.coalesce(pl.format(", {} m long", whole(pl.col("other_m"))), pl.lit(""))
    beside = pl.format(
        "on {} it lay {} m from a hull without AIS{}, where AIS was heard",
        at,
        whole(pl.col("apart_m")),
        length,
    )
    together = pl.format("on {} it lay {} m from {} in one image", at, whole(pl.col("apart_m")), "other")
    tiny = pl.format("the hull beside it was {} m long: a barge, launch or tug", whole(pl.col("other_m")))
    return [
        reasons("beside_dark_hull", dark, beside, evidence, _small_share()),
        reasons("beside_in_image", both, together, evidence),
        reasons("beside_small_craft", small, tiny, pl.concat_list("id")),
    ]


def _small_share() -> pl.Expr:
    return pl.when(pl.col("other_m") < SMALL_M).then(0.25).otherwise(1.0)


def _detected(detections: pl.DataFrame) -> list[pl.DataFrame]:
    """Say how often images found a ship where its AIS said it was: against falsified positions."""
    sure = detections.filter(pl.col("status") == "matched", pl.col("likelihood") >= 0.8)
    ships = sure.group_by("mmsi", maintain_order=True).agg(
        pl.len().alias("times"), pl.col("id").sort().alias("ids"), pl.col("distance_m").max(),
        pl.col("track").first(), pl.col("time").max(), pl.col("known_at").max(),
    )  # fmt: skip
    sentence = pl.format(
        "{} found it where its AIS said it was, {} m off at most",
        plural(pl.col("times"), "image", "images"), whole(pl.col("distance_m")),
    )  # fmt: skip
    return [reasons("seen_where_heard", ships, sentence, pl.col("ids"))]
