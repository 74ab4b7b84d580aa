"""Detections held against tracks: matched, dark, or unsearched where no track could have been heard.

One to one within a scene; each with how far off, how far it might be, how old the track's nearest report is, how sure,
and who comes second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.matching import doppler
from clearwake.matching.around import Around, density_per_m2, is_searched, reception
from clearwake.matching.assigning import assigned, shares
from clearwake.matching.candidates import Hulls, Pairs, candidates
from clearwake.matching.course import Tracks, axes, tracks_of
from clearwake.matching.likeness import log_heading, log_length
from clearwake.matching.telling import NO_DUTY_M, with_reasons
from clearwake.matching.weighing import LEAST_PER_M2, offsets, scales, weighed
from clearwake.model import HULLS_PER_MMSI, Detection, MatchedDetection, conform, empty, position_id
from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Distances = Callable[[Floats, Floats], Floats]

USUAL_ERROR_M = {"radar": 60.0, "optical": 30.0, "night_light": 700.0, "radio": 3000.0}
"""Where a file does not say, one standard deviation along each axis.  Night light: the pixel of VIIRS is 742 m (Elvidge
and others 2015, Remote Sensing 7(3)); radio: what operators of satellite triplets publish."""

UNKNOWN_ERROR_M = 100.0

DARK_SHARE = 0.25
"""So many hulls without AIS are expected for each with it, before anything is looked at.  Paolo and others 2024, Nature
625, find a quarter of transport and energy vessels untracked, and three quarters of fishing vessels."""

ONE_SHIP_M = 20_000.0
NAMED_SCENE_S, UNNAMED_SCENE_S = 300.0, 5.0
"""Hulls of one named image, or of one sensor at one moment, so close in time to the one before are of one scene."""

PASS_S = 900.0
"""A satellite passes over in a quarter of an hour; where its flight is told, what its provider does with displacement
is the same all day."""

SILENT_SHARE = 0.03
"""A ship silent for far longer than usual is counted so much less: it may have gone where nothing says."""

NOBODY = 0.6
"""A hull is left without a ship where that is at least so likely: a ship called dark falsely is the worse mistake."""

LEAST_SHARE, SURE_SHARE = 0.02, 0.5
"""A hull is never given to a ship that is less likely than this to be it; the second to one that had fallen silent."""


@dataclass(frozen=True)
class Ground:
    """What of the desk detections are held against."""

    fixes: pl.DataFrame
    """``track, mmsi, time, lon, lat``; and ``speed_kn, course_deg, heading_deg`` where there are any."""
    lengths: pl.DataFrame
    """``mmsi, length_m``: as claimed."""
    coast_km: Distances
    harbour_km: Distances


def match_detections(detections: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Hold detections against tracks.

    Args:
        detections: A table of ``Detection``; each id once.
        ground: Fixes from six hours before the first to six hours after the last, and what else is known.

    Returns:
        A table of ``MatchedDetection``, by time.
    """
    rows = conform(detections, Detection).sort("time", "id")
    if rows.is_empty():
        return empty(MatchedDetection)
    return _Matching(rows, tracks_of(ground.fixes), ground).table()


class _Matching:
    """One table of detections on its way to being matched."""

    def __init__(self, rows: pl.DataFrame, tracks: Tracks, ground: Ground) -> None:
        self.rows, self.tracks, self.ground = rows, tracks, ground
        self.looked = doppler.geometry(rows)
        self.error_m = _errors(rows)
        self.scene, self.passed = scenes(rows), passes(rows)
        place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
        ms = rows["time"].dt.epoch("ms").to_numpy().astype(np.int64)
        lag = np.where(self.looked.is_radar, self.looked.lag_s, 0.0)
        self.hulls = Hulls(place, ms, self.error_m, lag)
        self.pairs, self.around = candidates(self.hulls, tracks)
        self._weigh()

    def _weigh(self) -> None:
        pairs, rows = self.pairs, self.rows
        claimed = _claimed(self.tracks, self.ground.lengths)[pairs.track]
        antenna = np.where(np.isfinite(claimed), 0.2 * claimed, 20.0)
        off = offsets(pairs, self.hulls, self.tracks, antenna, self.looked)
        length = rows["length_m"].fill_null(np.nan).to_numpy()[pairs.hull]
        heading = rows["heading_deg"].fill_null(np.nan).to_numpy()[pairs.hull]
        self.claimed, self.heading = claimed, _headings(self.tracks, pairs)
        other = log_length(length, claimed) + log_heading(heading, self.heading)
        density = np.maximum(self.around.dense_per_m2, _own_density(self.hulls, self.scene))
        other -= np.log(LEAST_PER_M2 + DARK_SHARE * density)[pairs.hull]
        other += np.log(np.where(pairs.is_silent, SILENT_SHARE, 1.0))
        group = _codes(rows.select("sensor", "platform", pl.col("error_m").is_null()))
        self.scale = scales(off, other, pairs.hull, group, off.lag_s)
        self.weight, self.best, self.ways = weighed(off, other, pairs.hull, self.passed, self.scale)
        self._assign()

    def _assign(self) -> None:
        hulls, pairs = self.rows.height, self.pairs
        ship = _ships(self.scene, self.tracks, pairs)
        self.weight = _once(pairs.hull, ship, self.weight)
        ships = int(ship.max(initial=-1)) + 1
        self.share, self.nobody = shares(pairs.hull, ship, self.weight, hulls, ships)
        least = np.where(pairs.is_silent, SURE_SHARE, LEAST_SHARE)
        is_somebody = (self.nobody[pairs.hull] < NOBODY) & (self.share >= least)
        chosen = np.flatnonzero(assigned(pairs.hull, ship, np.where(is_somebody, self.share, 0.0)))
        self.match = np.full(hulls, -1, np.int64)
        self.match[pairs.hull[chosen]] = chosen
        self.second = self._likeliest(without=self.match)
        self.nearest = self._likeliest()

    def _likeliest(self, without: Ints | None = None) -> Ints:
        """Give the likeliest pair of each hull, -1 for none, leaving out the pairs given."""
        left = np.ones(self.share.size, np.bool_)
        if without is not None:
            left[without[without >= 0]] = False
        order = np.lexsort(
            (self.tracks.track[self.pairs.track], -np.where(left, self.share, -1.0), self.pairs.hull)
        )
        hull = self.pairs.hull[order]
        first = order[np.flatnonzero(np.diff(hull, prepend=-1))]
        first = first[left[first] & (self.share[first] > 1e-3)]
        found = np.full(self.rows.height, -1, np.int64)
        found[self.pairs.hull[first]] = first
        return found

    def table(self) -> pl.DataFrame:
        """Give the detections with what became of them."""
        is_matched, searched = self.match >= 0, is_searched(self.around)
        status = np.where(is_matched, "matched", np.where(searched, "dark", "unsearched"))
        told = np.where(is_matched, self.match, self._closest())
        lon, lat = self.rows["lon"].to_numpy(), self.rows["lat"].to_numpy()
        likelihood = np.where(is_matched, _at(self.share, self.match), self.nobody)
        own = pl.DataFrame({
            "status": status, "mmsi": _ints(self._mmsi(), self.match), "track": self._hulls(),
            "distance_m": _nullable(_at(np.hypot(self.best.along_m, self.best.across_m), told)),
            "tolerance_m": _nullable(_at(self.best.tolerance_m, told)),
            "position_age_s": _nullable(_at(self.pairs.at.age_s, told)),
            "likelihood": likelihood,
            "second_mmsi": _ints(self._mmsi(), self.second),
            "second_distance_m": _nullable(_at(np.hypot(self.best.along_m, self.best.across_m), self.second)),
            "shift_m": _nullable(np.where(self.looked.is_radar, _at(self.best.shift_m, told), np.nan)),
            "heard_near": self.around.heard, "silent_near": self.around.silent,
            "ais_expected": expected(self.around, self.rows["length_m"].fill_null(np.nan).to_numpy()),
            "coast_km": _nullable(self.ground.coast_km(lon, lat)),
            "harbour_km": _nullable(self.ground.harbour_km(lon, lat)),
            "evidence": pl.Series(self._evidence(told), dtype=pl.List(pl.String)),
        })  # fmt: skip
        claimed, heading = _nullable(_at(self.claimed, told)), _nullable(_at(self.heading, told))
        known = pl.DataFrame({"claimed_m": claimed, "ship_heading_deg": heading, "way": self.ways})
        told_rows = with_reasons(self.rows.hstack(own).hstack(known))
        return conform(told_rows.drop(known.columns), MatchedDetection)

    def _closest(self) -> Ints:
        """Give the pair nearest in its own tolerance for each hull, -1 for none."""
        away = np.hypot(self.best.along_m, self.best.across_m) / np.maximum(self.best.tolerance_m, 1.0)
        order = np.lexsort((self.tracks.track[self.pairs.track], away, self.pairs.hull))
        first = order[np.flatnonzero(np.diff(self.pairs.hull[order], prepend=-1))]
        found = np.full(self.rows.height, -1, np.int64)
        found[self.pairs.hull[first]] = first
        return found

    def _hulls(self) -> pl.Series:
        """Give the track each hull was given; null for transmitters that are not numbered as ships."""
        return _ints(self._track(), self.match).set(
            _ints(self._track(), self.match) % HULLS_PER_MMSI == 0, None
        )

    def _mmsi(self) -> Ints:
        return self.tracks.mmsi[self.pairs.track]

    def _track(self) -> Ints:
        return self.tracks.track[self.pairs.track]

    def _evidence(self, told: Ints) -> list[list[str]]:
        """Name the reports before and after the moment, of the ship a hull is held against."""
        mmsi, ms, at = self._mmsi(), self.tracks.ms, self.pairs.at
        found: list[list[str]] = []
        for pair in told.tolist():
            reports = [] if pair < 0 else sorted({int(at.before[pair]), int(at.after[pair])} - {-1})
            found.append([position_id(int(mmsi[pair]), _moment(int(ms[row]))) for row in reports])
        return found


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)


def _at(values: Floats, pairs: Ints) -> Floats:
    """Give the value of a pair for each hull; not a number where it has none."""
    return np.where(pairs >= 0, values[pairs], np.nan) if values.size else np.full(pairs.size, np.nan)


def _nullable(values: Floats) -> pl.Series:
    finite = pl.Series(np.where(np.isfinite(values), values, np.nan), dtype=pl.Float64)
    return finite.fill_nan(None)


def _ints(values: Ints, pairs: Ints) -> pl.Series:
    return pl.Series([int(values[pair]) if pair >= 0 else None for pair in pairs.tolist()], dtype=pl.Int64)


def _ships(scene: Ints, tracks: Tracks, pairs: Pairs) -> Ints:
    """Number the ships of each scene, of each pair: one for each MMSI, but for hulls of one far from each other.

    Two tracks under one MMSI within 20 km are more likely one ship and its bad positions than two.
    """
    mmsi, where = tracks.mmsi[pairs.track], scene[pairs.hull]
    order = np.lexsort((tracks.track[pairs.track], mmsi, where))
    is_new = np.diff(mmsi[order], prepend=-1) != 0
    is_new |= np.diff(where[order], prepend=-1) != 0
    first = order[np.flatnonzero(is_new)[np.cumsum(is_new) - 1]] if order.size else order
    apart = np.zeros(order.size, np.bool_)
    apart[order] = sphere.between_m(pairs.at.place[order], pairs.at.place[first]) > ONE_SHIP_M
    key = np.where(apart, tracks.track[pairs.track], mmsi)
    return np.unique(np.stack((where, key)), axis=1, return_inverse=True)[1].ravel()


def _once(hull: Ints, ship: Ints, weight: Floats) -> Floats:
    """Leave each hull one pair with each ship: the one that weighs most."""
    order = np.lexsort((-weight, ship, hull))
    again = (np.diff(hull[order], prepend=-1) == 0) & (np.diff(ship[order], prepend=-1) == 0)
    kept = weight.copy()
    kept[order[again]] = 0.0
    return kept


def _codes(frame: pl.DataFrame) -> Ints:
    """Number the distinct rows of a frame."""
    return frame.select(pl.struct(pl.all()).rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()


def _errors(rows: pl.DataFrame) -> Floats:
    usual = rows["sensor"].replace_strict(USUAL_ERROR_M, default=UNKNOWN_ERROR_M, return_dtype=pl.Float64)
    usual = usual.fill_null(UNKNOWN_ERROR_M)
    given = rows["error_m"].clip(lower_bound=5.0)
    return given.zip_with(given.is_not_null(), usual).to_numpy()


def scenes(rows: pl.DataFrame) -> Ints:
    """Number the images detections are of: ``(n,)`` by time ``-> (n,)``.

    By name and five minutes where they are named; else what one sensor saw within five seconds of the one before.
    """
    apart_s = pl.when(pl.col("scene").is_null()).then(UNNAMED_SCENE_S).otherwise(NAMED_SCENE_S)
    return _runs(rows, ["sensor", "platform", "scene"], apart_s)


def passes(rows: pl.DataFrame) -> Ints:
    """Number what is displaced in one way: ``(n,)`` by time ``-> (n,)``: a satellite's pass, or its passes of a day."""
    flown = rows.with_columns(flight=(pl.col("platform_heading_deg") / 5.0).round(0))
    apart_s = pl.when(pl.col("flight").is_null()).then(PASS_S).otherwise(86_400.0)
    return _runs(flown, ["sensor", "platform", "scene", "flight", "look"], apart_s)


def _runs(rows: pl.DataFrame, key: list[str], apart_s: pl.Expr) -> Ints:
    """Number rows of equal keys that follow each other within a time, and cut what lasts longer than that time."""
    keyed = rows.with_row_index("row").with_columns(ms=pl.col("time").dt.epoch("ms"), apart_s=apart_s)
    since_s = (pl.col("ms").diff() / 1000.0).over(key, order_by="ms")
    begins = (since_s > pl.col("apart_s")).fill_null(value=False).cast(pl.Int64)
    runs = keyed.with_columns(run=begins.cum_sum().over(key, order_by="ms"))
    since_first_s = (pl.col("ms") - pl.col("ms").min().over([*key, "run"])) / 1000.0
    pieces = runs.with_columns(piece=(since_first_s / pl.col("apart_s")).floor())
    return _codes(pieces.sort("row").select(*key, "run", "piece"))


def _own_density(hulls: Hulls, scene: Ints) -> Floats:
    """Give how closely hulls of one scene lie around each, per square metre, itself counted."""
    found = np.zeros(scene.size)
    order = np.argsort(scene, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(scene[order])) + 1):
        found[rows] = density_per_m2(cKDTree(hulls.place[rows]), hulls.place[rows])
    return found


def _claimed(tracks: Tracks, lengths: pl.DataFrame) -> Floats:
    usual = lengths.drop_nulls().group_by("mmsi").agg(pl.col("length_m").median())
    each = pl.DataFrame({"mmsi": tracks.mmsi}, schema={"mmsi": pl.Int64}).join(
        usual, on="mmsi", how="left", maintain_order="left"
    )
    return each["length_m"].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _headings(tracks: Tracks, pairs: Pairs) -> Floats:
    """Give how ships lie: the course of those that move, else the heading reported in the quarter of an hour."""
    at = pairs.at
    east, north = axes(at.place)
    course = (
        np.degrees(np.arctan2((at.velocity * east).sum(axis=1), (at.velocity * north).sum(axis=1))) % 360.0
    )
    row = np.where(at.before >= 0, at.before, at.after)
    reported = np.where(at.age_s <= 900.0, tracks.heading_deg[row], np.nan)
    is_moving = np.linalg.norm(at.velocity, axis=1) > 1.5
    return np.where(is_moving, course, reported)


def expected(around: Around, length_m: Floats) -> Floats:
    """Say how much AIS was to be expected of a hull: ``(n,) -> (n,)``, 0 to 1.

    How well others were heard, and whether it is long enough to need AIS.
    """
    duty = np.where(np.isfinite(length_m), 1.0 / (1.0 + np.exp(-(length_m - NO_DUTY_M) / 8.0)), 0.8)
    return np.asarray(reception(around) * duty)
