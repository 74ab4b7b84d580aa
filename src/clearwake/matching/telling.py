"""Why a detection is what it is, in sentences: what speaks for the match or the absence of AIS, and what against."""

from __future__ import annotations

import polars as pl

from clearwake.matching.likeness import LENGTH_M, LENGTH_SHARE

NO_DUTY_M = 45.0
"""Ships of 300 gross tonnage, which must carry AIS on international voyages, are about this long and longer (SOLAS
V/19.2.4; fishing vessels in the EU from 15 m, Directive 2002/59/EC).  Below, absence of AIS says little."""

SMALL_M = 25.0
"""Shorter hulls seldom have any duty to carry AIS."""

FAR_KM = 50.0
PORT_KM = 10.0


def with_reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``reasons`` and ``reasons_against`` to matched detections.

    Args:
        rows: A table of ``MatchedDetection`` without them, and ``claimed_m``, ``ship_heading_deg`` of the ship a
            detection is held against, and ``way``, in which its scene is displaced.
    """
    matched, dark = pl.col("status") == "matched", pl.col("status") == "dark"
    off = pl.format(
        "{} m from where MMSI {} was expected, within {} m; its nearest report is {} old",
        _whole("distance_m"), "mmsi", _whole("tolerance_m"), _age(),
    )  # fmt: skip
    nearest = pl.format(
        "the nearest ship with AIS was expected {} m away, with a tolerance of {} m", _whole("distance_m"),
        _whole("tolerance_m"),
    )  # fmt: skip
    heard = pl.format(
        "{} ships were heard within 50 nautical miles in that hour, none of them here", "heard_near"
    )
    return rows.with_columns(
        reasons=_said(
            (matched, off),
            (matched & _agrees(), pl.format("its length of {} m agrees with the {} m claimed", *_lengths())),
            (matched & _parallel(), pl.format("its hull lies as the ship did, {} degrees", _whole("heading_deg"))),
            (matched & (pl.col("shift_m").abs() >= 50.0), _displaced()),
            (dark & (pl.col("heard_near") > 0), heard),
            (dark & (pl.col("heard_near") == 0), pl.lit("ships are heard here at other hours, and the feed was alive")),
            (dark & pl.col("distance_m").is_not_null(), nearest),
            (dark & (pl.col("length_m") >= 2 * NO_DUTY_M),
             pl.format("its length of {} m is that of ships which must carry AIS", _whole("length_m"))),
            (pl.col("status") == "unsearched", _unsearched()),
        ),
        reasons_against=_said(
            (matched & pl.col("track").is_null(),
             pl.format("MMSI {} is not numbered as a ship's: gear, a buoy or a tender", "mmsi")),
            (matched & pl.col("second_mmsi").is_not_null(), _rival()),
            (matched & ~_agrees(), pl.format("its length of {} m does not agree with the {} m claimed", *_lengths())),
            (matched & (pl.col("position_age_s") > 1800.0), pl.format("the nearest report is {} old", _age())),
            (dark & (pl.col("length_m") < NO_DUTY_M), _small()),
            (dark & (pl.col("harbour_km") < PORT_KM),
             pl.format("{} km from a port or anchorage, where many craft carry no AIS", _tenths("harbour_km"))),
            (dark & (pl.col("ais_expected") < 0.2), pl.lit("reception of AIS here and then was poor")),
            (dark & (pl.col("silent_near") > pl.col("heard_near")),
             pl.format("{} ships around were silent then too", "silent_near")),
            (dark & (pl.col("likelihood") < 0.9), _doubtful()),
            (dark & (pl.col("sensor") == "night_light"), pl.lit("lights at night may be fires or gas flares")),
            (dark & (pl.col("score") < 0.5), pl.format("the provider is sure of it to {} only", "score")),
        ),
    )  # fmt: skip


def _said(*told: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
    return pl.concat_list(
        pl.when(test.fill_null(value=False)).then(sentence) for test, sentence in told
    ).list.drop_nulls()


def _whole(name: str) -> pl.Expr:
    return pl.col(name).round(0).cast(pl.Int64, strict=False).cast(pl.String)


def _tenths(name: str) -> pl.Expr:
    return pl.col(name).round(1).cast(pl.String)


def _age() -> pl.Expr:
    minutes = (pl.col("position_age_s") / 60.0).round(0).cast(pl.Int64, strict=False)
    return pl.when(pl.col("position_age_s") < 120.0).then(
        pl.format("{} s", _whole("position_age_s"))
    ).otherwise(pl.format("{} min", minutes))  # fmt: skip


def _lengths() -> tuple[pl.Expr, pl.Expr]:
    return _whole("length_m"), _whole("claimed_m")


def _agrees() -> pl.Expr:
    """Say whether measured and claimed length agree as well as measured ones do, nineteen times in twenty."""
    spread = (LENGTH_SHARE**2 + (LENGTH_M / pl.col("claimed_m")) ** 2).sqrt()
    return (pl.col("length_m") / pl.col("claimed_m")).log().abs() <= 2.0 * spread


def _parallel() -> pl.Expr:
    off = (pl.col("heading_deg") - pl.col("ship_heading_deg")).abs() % 180.0
    return pl.min_horizontal(off, 180.0 - off) <= 25.0


def _displaced() -> pl.Expr:
    return pl.format(
        "radar shows a ship of its motion {} m {} along the flight path ({})",
        pl.col("shift_m").abs().round(0).cast(pl.Int64, strict=False),
        pl.when(pl.col("shift_m") > 0).then(pl.lit("ahead")).otherwise(pl.lit("behind")), "way",
    )  # fmt: skip


def _unsearched() -> pl.Expr:
    silent = pl.format(
        "{} ships around were silent then and {} heard: reception or the feed had failed",
        "silent_near",
        "heard_near",
    )
    nobody = pl.lit("no ship was heard within 50 nautical miles in that hour: AIS could not be heard here")
    return pl.when(pl.col("silent_near") > 0).then(silent).otherwise(nobody)


def _rival() -> pl.Expr:
    return pl.format(
        "MMSI {} is {} m away and comes second; the match is sure to {}",
        "second_mmsi", _whole("second_distance_m"), pl.col("likelihood").round(2),
    )  # fmt: skip


def _small() -> pl.Expr:
    tiny = pl.format("its length is {} m: such craft seldom must carry AIS", _whole("length_m"))
    short = pl.format(
        "its length of {} m may be under 300 gross tonnage, from which AIS is a duty (SOLAS V/19)",
        _whole("length_m"),
    )
    return pl.when(pl.col("length_m") < SMALL_M).then(tiny).otherwise(short)


def _doubtful() -> pl.Expr:
    known = pl.format(
        "a ship with AIS may still be it (1 in {})", (1.0 / (1.0 - pl.col("likelihood"))).round(0)
    )
    return pl.when(pl.col("likelihood") < 0.99).then(known)
