"""Two hulls side by side in one image: a meeting, at that moment, whoever they are.

Nobody lies a ship's length from another in the open sea by chance; in ports and anchorages everybody does.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.matching.detections import scenes
from clearwake.matching.likeness import parallel_deg
from clearwake.model import SideBySide, conform, empty, event_id
from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KIND = "side_by_side"

USUAL_LENGTH_M = 150.0
"""Where no length was measured."""

LENGTHS = 1.0
"""Middles of hulls no farther apart than this many lengths of the longer are side by side, or one behind the other."""

SLACK_M = 30.0
LARGEST_ERROR_M = 300.0
"""Places more doubtful than this do not say that two hulls lie side by side.  Within one image two places are off by
much the same, so that the error of the image as a whole does not matter here."""

IN_PORT_KM = 10.0
"""As for encounters.  Source: Global Fishing Watch, pipe-encounters."""

PARALLEL_DEG = 20.0
_COARSE = ("night_light", "radio")


def definition() -> str:
    """Name the parameters, for ids."""
    return f"{LENGTHS}|{SLACK_M}|{USUAL_LENGTH_M}|{LARGEST_ERROR_M}"


def side_by_side(matched: pl.DataFrame) -> pl.DataFrame:
    """Find hulls side by side among matched detections: a table of ``SideBySide``, by time.

    Each pair of one scene whose middles are within a length of the longer, and 30 m.  Where more than two lie together
    each such pair is given.
    """
    rows = matched.sort("time", "id")
    if rows.height < 2:
        return empty(SideBySide)
    scene = scenes(rows)
    place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    length = rows["length_m"].fill_null(np.nan).to_numpy()
    fine = (~rows["sensor"].is_in(_COARSE).fill_null(value=False)).to_numpy()
    fine &= (rows["error_m"].fill_null(0.0) <= LARGEST_ERROR_M).to_numpy()
    reach = float(np.nanmax(np.append(length, USUAL_LENGTH_M))) * LENGTHS + SLACK_M
    pairs = cKDTree(place).query_pairs(sphere.chord_m(reach), output_type="ndarray")
    a, b = pairs.astype(np.int64).reshape(-1, 2).T
    longer = np.where(np.isfinite(length), length, USUAL_LENGTH_M)
    apart = sphere.between_m(place[a], place[b])
    # The same hull found twice lies in the same place; two that truly lie together are at least a beam apart.
    keep = (scene[a] == scene[b]) & fine[a] & fine[b] & (apart > _least_m(rows, a, b))
    keep &= apart <= LENGTHS * np.maximum(longer[a], longer[b]) + SLACK_M
    a, b, apart = a[keep], b[keep], apart[keep]
    return _events(rows, a, b, apart) if a.size else empty(SideBySide)


def _least_m(rows: pl.DataFrame, a: Ints, b: Ints) -> Floats:
    """Give half the beam of the narrower hull: nearer, it is one hull."""
    width = rows["width_m"].fill_null(np.nan).to_numpy()
    beam = np.fmin(width[a], width[b])
    return np.where(np.isfinite(beam), beam / 2.0, 5.0)


def _events(rows: pl.DataFrame, a: Ints, b: Ints, apart: Floats) -> pl.DataFrame:
    """Write pairs as events, the side with the lower MMSI first, an unknown one behind."""
    first = np.where(_is_first(rows["mmsi"].fill_null(2**62).to_numpy(), a, b), a, b)
    one, two = rows[first], rows[a + b - first]
    lon, lat = sphere.midpoint(one["lon"], one["lat"], two["lon"], two["lat"])
    longer = np.fmax(*(each["length_m"].fill_null(np.nan).to_numpy() for each in (one, two)))
    parallel = parallel_deg(*(each["heading_deg"].fill_null(np.nan).to_numpy() for each in (one, two)))
    is_parallel = pl.Series(parallel).fill_nan(None) <= PARALLEL_DEG
    found = pl.DataFrame({
        "start": one["time"], "end": one["time"], "lon": lon, "lat": lat, "track_a": one["track"],
        "mmsi_a": one["mmsi"], "track_b": two["track"], "mmsi_b": two["mmsi"], "label": _labels(one, two),
        "apart_m": apart, "apart_lengths": pl.Series(apart / longer).fill_nan(None), "detection_a": one["id"],
        "detection_b": two["id"], "length_a_m": one["length_m"], "length_b_m": two["length_m"],
        "scene": one["scene"], "coast_km": one["coast_km"], "anchorage_km": one["harbour_km"],
        "is_parallel": is_parallel, "known_a": one["known_at"], "known_b": two["known_at"],
    })  # fmt: skip
    keys = found.select("detection_a", "detection_b", "start").iter_rows()
    ids = [event_id(KIND, definition(), tuple(sorted((x, y))), start) for x, y, start in keys]
    whole = found.with_columns(
        id=pl.Series(ids), kind=pl.lit(KIND), version=1, duration_h=0.0,
        known_at=pl.max_horizontal("known_a", "known_b"), evidence=pl.concat_list("detection_a", "detection_b"),
    )  # fmt: skip
    return conform(whole.drop("known_a", "known_b"), SideBySide).sort("start", "id")


def _is_first(mmsi: Ints, a: Ints, b: Ints) -> Bools:
    return np.asarray((mmsi[a] < mmsi[b]) | ((mmsi[a] == mmsi[b]) & (a < b)), np.bool_)


def _labels(one: pl.DataFrame, two: pl.DataFrame) -> pl.Series:
    said = pl.DataFrame({"a": one["status"], "b": two["status"], "km": one["harbour_km"]})
    dark = (pl.col("a") == "dark").cast(pl.Int8) + (pl.col("b") == "dark").cast(pl.Int8)
    unsearched = (pl.col("a") == "unsearched") | (pl.col("b") == "unsearched")
    return said.select(
        pl.when(pl.col("km").fill_null(9e9) < IN_PORT_KM).then(pl.lit("in_port"))
        .when(dark == 2).then(pl.lit("both_dark")).when(unsearched).then(pl.lit("unsearched"))
        .when(dark == 1).then(pl.lit("one_dark")).otherwise(pl.lit("matched"))
    ).to_series()  # fmt: skip
