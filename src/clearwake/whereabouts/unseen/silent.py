"""Silences as a search needs them: from where to where, how fast the hull sails, how it went silent and came back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.places import Atlas
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.traces import MOVING_KN, Bools, Ints, Traces, hours, way_from, way_to
from clearwake.whereabouts.unseen.waiting import surroundings

LOOK_H = (0.4, 3.0)
"""The way before a silence is measured from a fix this long before it, and the way after it likewise."""

USUAL_KN = 11.0
"""What a hull is taken to sail of which no other speed is known: merchant ships mostly make 9 to 14 kn."""

SLOWEST_KN, FASTEST_KN = 6.0, 25.0

LONGEST_H = 96.0
"""A silence longer than four days leaves so much room that what lay within reach says nothing."""

TOGETHER_H, TOGETHER_M = 0.5, 500_000.0
"""Silences that begin and end within this of each other are likely one receiver's, not many ships'."""


@dataclass(frozen=True)
class Silences:
    """Silences, ``n`` of them, sorted by start and track."""

    id: pl.Series
    track: Ints
    start: Floats
    """Hours since 1970."""
    end: Floats
    """Of one that lasts, the end of the search."""
    left: Floats
    """Where last heard, unit vectors: ``(n, 3)``."""
    back: Floats
    """Where heard again; not a number while it lasts."""
    speed_kn: Floats
    """What the hull makes under way."""
    before_kn: Floats
    before_deg: Floats
    after_kn: Floats
    after_deg: Floats
    together: Ints
    """How many other hulls fell silent and came back with it."""
    coast_km: Floats
    """Of the nearer end."""
    harbour_km: Floats
    cause: pl.Series
    """The likely cause, null where nobody worked it out."""
    known: Floats
    """When the silence was known of, hours since 1970."""
    sure: Floats
    """How sure that cause is, from 0 to 1; not a number where nobody worked it out."""

    def __len__(self) -> int:
        """Count the silences."""
        return len(self.track)

    @property
    def lasts_h(self) -> Floats:
        """How long they last."""
        return self.end - self.start

    @property
    def is_open(self) -> Bools:
        """Whether the hull was not heard again."""
        return np.isnan(self.back[:, 0])

    @property
    def most_kn(self) -> Floats:
        """What the hull may make at most: a third more than usual, and not under what any merchant ship makes."""
        return np.clip(self.speed_kn * 1.35, 13.0, 30.0)

    @property
    def ends(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Where and when last heard, and where and when again."""
        return (self.left, self.start), (self.back, self.end)

    def pick(self, rows: Ints) -> Silences:
        """Keep some of the silences, in the order given."""
        at = pl.Series(rows, dtype=pl.UInt32)
        arrays = {n: v[rows] for n, v in self.__dict__.items() if isinstance(v, np.ndarray)}
        return replace(self, id=self.id[at], cause=self.cause[at], **arrays)


def silences(
    rows: pl.DataFrame, traces: Traces, usual_kn: dict[int, float], atlas: Atlas, until: float
) -> Silences:
    """Measure silences.

    Args:
        rows: A table of silences: ``id, track_a, start, end, lon, lat, end_lon, end_lat, known_at``; and
            ``likely_cause``, ``cause_confidence`` where there are any.
        traces: Where all hulls were.
        usual_kn: What hulls usually make under way, by track.
        atlas: Coast and harbours.
        until: The end of the search, hours since 1970.
    """
    rows = rows.sort("start", "track_a")
    end = hours(rows["end"])
    start = hours(rows["start"])
    end = np.where(np.isnan(end), until, end)
    keep = np.flatnonzero(end - start <= LONGEST_H)
    rows = rows[pl.Series(keep, dtype=pl.UInt32)]
    start, end, track = start[keep], end[keep], rows["track_a"].to_numpy()
    left = _places(rows["lon"], rows["lat"])
    back = _places(rows["end_lon"], rows["end_lat"])
    before = way_to(traces, track, left, start, LOOK_H)
    after = way_from(traces, track, back, end, LOOK_H)
    coast, harbour = _nearer_end(atlas, left, back)
    return Silences(
        rows["id"], track, start, end, left, back, _speeds(track, before.speed_kn, after.speed_kn, usual_kn),
        before.speed_kn, before.course_deg, after.speed_kn, after.course_deg,
        _together(start, np.where(np.isnan(back[:, 0]), np.nan, end), left, track),
        coast, harbour, _cause(rows), hours(rows["known_at"]), _sure(rows),
    )  # fmt: skip


def _places(lon: pl.Series, lat: pl.Series) -> Floats:
    return sphere.unit_vectors(lon.cast(pl.Float64).to_numpy(), lat.cast(pl.Float64).to_numpy())


def _speeds(track: Ints, before: Floats, after: Floats, usual_kn: dict[int, float]) -> Floats:
    """Give what hulls make under way: the mean just before and after, else their usual, else any ship's."""
    both = np.stack((before, after))
    both = np.where(both > MOVING_KN, both, np.nan)
    known = np.isfinite(both).sum(axis=0)
    own = np.nansum(both, axis=0) / np.maximum(known, 1)
    usual = np.array([usual_kn.get(t, USUAL_KN) for t in track.tolist()])
    return np.clip(np.where(known > 0, own, usual), SLOWEST_KN, FASTEST_KN)


def _nearer_end(atlas: Atlas, left: Floats, back: Floats) -> tuple[Floats, Floats]:
    """Give the distances to coast and harbour of the end of each silence that is nearer to them."""
    coast, harbour = surroundings(atlas, left)
    is_known = ~np.isnan(back[:, 0])
    there = np.where(is_known[:, None], back, left)
    coast_back, harbour_back = surroundings(atlas, there)
    return np.minimum(coast, coast_back), np.minimum(harbour, harbour_back)


def _together(start: Floats, end: Floats, left: Floats, track: Ints) -> Ints:
    """Count the other hulls that fell silent and were heard again at about the same times, not far away.

    ``end`` is not a number where a hull was not heard again.  All such silences end when the data do, which says
    nothing: they are alike where they begin so, and only to each other.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - SciPy is slow to import and most commands do without it

    if not len(start):
        return np.empty(0, np.int64)
    base = start.min()
    apart = np.nanmax(end, initial=start.max()) - base + 2.0 * TOGETHER_H
    back = np.where(np.isnan(end), start + apart, end)
    points = np.column_stack((
        left / float(sphere.chord_m(TOGETHER_M)), (start - base) / TOGETHER_H, (back - base) / TOGETHER_H
    ))  # fmt: skip
    pairs = cKDTree(points).query_pairs(1.0, output_type="ndarray")
    both = np.concatenate((pairs, pairs[:, ::-1])).astype(np.int64)
    both = both[track[both[:, 0]] != track[both[:, 1]]]
    hulls = np.unique(np.column_stack((both[:, 0], track[both[:, 1]])), axis=0)
    return np.bincount(hulls[:, 0], minlength=len(start)).astype(np.int64)


def _cause(rows: pl.DataFrame) -> pl.Series:
    if "likely_cause" in rows.columns:
        return rows["likely_cause"].cast(pl.String)
    return pl.Series([None] * rows.height, dtype=pl.String)


def _sure(rows: pl.DataFrame) -> Floats:
    """Give how sure the likely cause is, from 0 to 1; not a number where nobody worked it out."""
    if "cause_confidence" not in rows.columns:
        return np.full(rows.height, np.nan)
    return rows["cause_confidence"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
