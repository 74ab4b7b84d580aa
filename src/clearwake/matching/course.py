"""Where each hull was at a moment between its reports, and how far off that may be.

Between two reports a ship is put on a smooth curve that leaves the one and meets the other at its speed and course; the
doubt grows with the time to both, and with speed.  Beyond its last report it is carried on, and the doubt grows faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from clearwake import sphere
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CARRIED_S = 3 * 3600.0
"""No place is given farther than this from the nearest report: by then a ship may be 60 nautical miles away."""

CURVED_S = 1200.0
"""Reports farther apart are joined by a great circle: what a ship does at its ends says little about its middle."""

NEAR_M = 15.0
"""Of GNSS and of whole seconds in reports."""

BETWEEN_PER_S, BETWEEN_SHARE = 0.15, 0.35
"""Doubt between reports, per axis: seconds x f (1 - f) x (0.15 m/s + 0.35 x speed).  Measured on the US day of 30 June
2020 with half of its ships, reports 5 to 240 minutes apart: 68 % of places were within 1.5 times this."""

TURNED = 1.0
"""Half way between two reports the doubt grows by a quarter of what a ship must have sailed beside the straight way."""

LONG_S = 3600.0
"""From here on twice that, and of neighbouring reports half: in a long time a ship turns and comes back."""

BEYOND_PER_S, BEYOND_SHARE, UNKNOWN_M_PER_S = 0.2, 0.4, 4.0
"""Doubt beyond a report, per axis and second; the last where no speed is known.  Measured likewise."""

FASTER, FASTER_M_PER_S = 1.25, 1.5
LATER_M_PER_S, LATER_S = 8.2, 1800.0

_DIFFERENCE_MS = 900_000
"""Speed is taken from reports so close to each other where none is reported."""

_TOP_M_PER_S = 26.0
_NONE = -1


@dataclass(frozen=True)
class Tracks:
    """The reports of hulls, sorted by track and time, as arrays."""

    track: Ints
    """Track numbers, ``(n,)``."""
    mmsi: Ints
    first: Ints
    """Where each track's reports begin, and after the last where they end: ``(n + 1,)``."""
    ms: Ints
    """Milliseconds since 1970, ``(m,)``."""
    place: Floats
    """Unit vectors, ``(m, 3)``."""
    velocity: Floats
    """Metres a second, tangent to the sphere, ``(m, 3)``; not a number where not known."""
    heading_deg: Floats
    """As reported, ``(m,)``; not a number where not."""
    fastest: Floats
    """The speed of the faster of the legs to the reports before and after, metres a second, ``(m,)``."""
    usual_s: Floats
    """The median time between a track's reports, ``(n,)``; not a number of a track reported once."""

    @cached_property
    def key(self) -> Ints:
        """One number for track and moment, in order, ``(m,)``."""
        begin, end = self.span
        owner = np.repeat(np.arange(self.track.size, dtype=np.int64), np.diff(self.first))
        return np.asarray(owner * (end - begin + 2) + (self.ms - begin), np.int64)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last moment heard, milliseconds."""
        return (int(self.ms.min()), int(self.ms.max())) if self.ms.size else (0, 0)


@dataclass(frozen=True)
class Placed:
    """Hulls at moments: where, how fast, how sure; one row for each asked."""

    place: Floats
    """Unit vectors, ``(k, 3)``; not a number where no place is given."""
    velocity: Floats
    """Metres a second, ``(k, 3)``; 0 where not known."""
    doubt_m: Floats
    """One standard deviation along each axis, ``(k,)``."""
    age_s: Floats
    """To the nearest report, ``(k,)``."""
    gap_s: Floats
    """Between the reports before and after; infinite where there is only one, ``(k,)``."""
    before: Ints
    """Row of the last report at or before the moment, -1 for none."""
    after: Ints

    def __getitem__(self, rows: Ints | Bools) -> Placed:
        return Placed(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def tracks_of(fixes: pl.DataFrame) -> Tracks:
    """Lay out fixes: ``track, mmsi, time, lon, lat``, and ``speed_kn, course_deg, heading_deg`` where there are any."""
    rows = _in_order(fixes)
    number = rows["track"].to_numpy()
    first = np.flatnonzero(np.diff(number, prepend=np.int64(-1)))
    ms = rows["time"].dt.epoch("ms").to_numpy().astype(np.int64)
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    place = sphere.unit_vectors(lon, lat)
    ends = np.append(first, len(rows)).astype(np.int64)
    heading = _numbers(rows, "heading_deg")
    velocity = _velocity(rows, place, ms, number)
    return Tracks(
        number[first], rows["mmsi"].to_numpy()[first], ends, ms, place, velocity, heading,
        _fastest(place, ms, number), _usual_s(ms, number, first),
    )  # fmt: skip


def _in_order(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give fixes by track and time, one for each moment; those that are so already are not sorted again."""
    track, ms = fixes["track"].to_numpy(), fixes["time"].to_physical().to_numpy()
    later = np.diff(track) > 0
    later |= (np.diff(track) == 0) & (np.diff(ms) > 0)
    if later.all():
        return fixes
    return fixes.sort("track", "time", "lon", "lat").unique(
        ["track", "time"], keep="first", maintain_order=True
    )


def _numbers(rows: pl.DataFrame, name: str) -> Floats:
    if name not in rows.columns:
        return np.full(len(rows), np.nan)
    return np.asarray(rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), np.float64)


def _fastest(place: Floats, ms: Ints, number: Ints) -> Floats:
    """Give the speed of the faster leg beside each report; 0 where there is none within two hours."""
    apart_s = np.diff(ms) / 1000.0
    is_leg = (np.diff(number) == 0) & (apart_s > 20.0) & (apart_s <= 7200.0)
    speed = np.where(is_leg, sphere.between_m(place[1:], place[:-1]) / np.maximum(apart_s, 1.0), 0.0)
    faster = np.maximum(np.append(0.0, speed), np.append(speed, 0.0))
    return np.asarray(np.minimum(faster, _TOP_M_PER_S), np.float64)


def _usual_s(ms: Ints, number: Ints, first: Ints) -> Floats:
    if ms.size < 2:
        return np.full(first.size, np.nan)
    apart = pl.DataFrame({"track": number[1:], "s": np.diff(ms) / 1000.0, "same": number[1:] == number[:-1]})
    usual = apart.filter("same").group_by("track").agg(pl.col("s").median())
    each = pl.DataFrame({"track": number[first]}).join(usual, on="track", how="left", maintain_order="left")
    return np.asarray(each["s"].fill_null(np.nan).to_numpy(), np.float64)


def _velocity(rows: pl.DataFrame, place: Floats, ms: Ints, number: Ints) -> Floats:
    """Give velocities: as reported, else from the reports around."""
    speed, course = _numbers(rows, "speed_kn") * KNOT_M_PER_S, np.radians(_numbers(rows, "course_deg"))
    east, north = axes(place)
    reported = speed[:, None] * (np.sin(course)[:, None] * east + np.cos(course)[:, None] * north)
    reported[speed < 0.05] = 0.0
    around = _differences(place, ms, number)
    return np.where(np.isfinite(reported[:, :1]), reported, around)


def _differences(place: Floats, ms: Ints, number: Ints) -> Floats:
    """Give velocities from the reports before and after, the nearer in time counting more."""
    if ms.size < 2:
        return np.full(place.shape, np.nan)
    apart_s = np.diff(ms) / 1000.0
    is_near = (np.diff(number) == 0) & (np.diff(ms) <= _DIFFERENCE_MS) & (apart_s > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        leg = np.diff(place, axis=0) * EARTH_RADIUS_M / apart_s[:, None]
    weight = np.where(is_near, 1.0 / np.maximum(apart_s, 1.0), 0.0)
    leg = np.where(is_near[:, None], leg, 0.0)
    total = np.append(0.0, weight) + np.append(weight, 0.0)
    none = np.zeros((1, 3))
    mixed = np.concatenate((none, leg * weight[:, None])) + np.concatenate((leg * weight[:, None], none))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total[:, None] > 0, mixed / total[:, None], np.nan)


def axes(place: Floats) -> tuple[Floats, Floats]:
    """Give the directions east and north at places: ``(k, 3) -> (k, 3), (k, 3)``; at a pole along Greenwich."""
    x, y, z = place[:, 0], place[:, 1], place[:, 2]
    level = np.hypot(x, y)
    is_pole = level < 1e-12
    safe = np.where(is_pole, 1.0, level)
    east = np.stack(
        (np.where(is_pole, 0.0, -y / safe), np.where(is_pole, 1.0, x / safe), np.zeros_like(z)), axis=1
    )
    return east, np.cross(place, east)


def placed_at(tracks: Tracks, which: Ints, ms: Ints, carried_s: float = CARRIED_S) -> Placed:
    """Say where hulls were at moments: ``which`` track (by row) and ``ms``, ``(k,)`` each.

    No place is given farther than ``carried_s`` from the nearest report.
    """
    before = _last_before(tracks, which, ms)
    is_first, ends = before < tracks.first[which], tracks.first[which + 1]
    after = np.where(is_first, tracks.first[which], before + 1)
    exact = ~is_first & (tracks.ms[np.where(is_first, 0, before)] == ms)
    after = np.where(exact, before, after)
    before = np.where(is_first, _NONE, before)
    after = np.where(after < ends, after, _NONE)
    since_s = np.where(before >= 0, (ms - tracks.ms[before]) / 1000.0, np.inf)
    until_s = np.where(after >= 0, (tracks.ms[after] - ms) / 1000.0, np.inf)
    age_s = np.minimum(since_s, until_s)
    both = (before >= 0) & (after >= 0)
    place, velocity, doubt = _alone(tracks, before, after, since_s, until_s)
    inside = np.flatnonzero(both)
    if inside.size:
        between = _between(tracks, before[inside], after[inside], since_s[inside], until_s[inside])
        place[inside], velocity[inside], doubt[inside] = between
    place[age_s > carried_s] = np.nan
    return Placed(place, velocity, doubt, age_s, since_s + until_s, before, after)


def beyond_m(tracks: Tracks, at: Placed, place: Floats, ms: Ints) -> Floats:
    """Say how far places lie beyond what ships could reach from their reports before and after: ``(k, 3) -> (k,)``.

    A ship may go a quarter and 3 knots faster than it did around the moment, and after half an hour 16 knots at least.
    """
    found = np.zeros(ms.size)
    for row, sign in ((at.before, 1.0), (at.after, -1.0)):
        known = row >= 0
        away_s = np.where(known, sign * (ms - tracks.ms[row]) / 1000.0, 0.0)
        own = np.maximum(tracks.fastest[row], np.nan_to_num(sphere.length(tracks.velocity[row]), nan=0.0))
        own = np.maximum(own, sphere.length(at.velocity))
        limit = np.maximum(FASTER * own + FASTER_M_PER_S, LATER_M_PER_S * np.minimum(away_s / LATER_S, 1.0))
        over = sphere.between_m(place, tracks.place[row]) - limit * away_s
        found = np.maximum(found, np.where(known, over, 0.0))
    return found


def _last_before(tracks: Tracks, which: Ints, ms: Ints) -> Ints:
    """Give the row of the last report of each track at or before its moment; before its first row where none is."""
    begin, end = tracks.span
    span = end - begin + 2
    asked = which * span + np.clip(ms - begin, -1, span - 2)
    return np.asarray(np.searchsorted(tracks.key, asked, "right") - 1, np.int64)


def _alone(
    tracks: Tracks, before: Ints, after: Ints, since_s: Floats, until_s: Floats
) -> tuple[Floats, Floats, Floats]:
    """Carry hulls on from their only, or nearest, report."""
    is_before = since_s <= until_s
    row = np.where(is_before, before, after)
    away_s = np.where(is_before, since_s, -until_s)
    velocity = tracks.velocity[row]
    is_known = np.isfinite(velocity[:, 0])
    velocity = np.where(is_known[:, None], velocity, 0.0)
    far_s = np.where(np.isfinite(away_s), np.abs(away_s), 0.0)
    moved = (
        tracks.place[row] + velocity * np.where(np.isfinite(away_s), away_s, 0.0)[:, None] / EARTH_RADIUS_M
    )
    rate = BEYOND_PER_S + BEYOND_SHARE * sphere.length(velocity)
    doubt = NEAR_M + far_s * np.where(is_known, rate, UNKNOWN_M_PER_S)
    return moved / sphere.length(moved)[:, None], velocity, doubt


def _between(
    tracks: Tracks, before: Ints, after: Ints, since_s: Floats, until_s: Floats
) -> tuple[Floats, Floats, Floats]:
    """Put hulls on a curve between two reports."""
    a, b = tracks.place[before], tracks.place[after]
    gap_s = since_s + until_s
    with np.errstate(invalid="ignore", divide="ignore"):
        f = np.where(gap_s > 0, since_s / gap_s, 0.0)
        chord = np.where(gap_s[:, None] > 0, (b - a) * EARTH_RADIUS_M / gap_s[:, None], 0.0)
    straight = sphere.interpolate(a, b, f)
    va, vb = tracks.velocity[before], tracks.velocity[after]
    is_curved = _agrees(va, chord) & _agrees(vb, chord) & (gap_s <= CURVED_S) & (gap_s > 0)
    va, vb = np.where(is_curved[:, None], va, chord), np.where(is_curved[:, None], vb, chord)
    bend = _hermite(va, vb, chord, f, gap_s)
    place = straight + bend / EARTH_RADIUS_M
    velocity = chord + _hermite_speed(va, vb, chord, f)
    velocity = np.where((gap_s > 0)[:, None], velocity, np.nan_to_num(tracks.velocity[before]))
    fastest = np.maximum(tracks.fastest[before], tracks.fastest[after])
    rate = (BETWEEN_PER_S + BETWEEN_SHARE * fastest) * (0.5 + 1.5 * np.minimum(gap_s / LONG_S, 1.0))
    turned_m = np.where(gap_s <= CURVED_S, _way_beside_m(tracks, before, after, chord, gap_s), 0.0)
    doubt = NEAR_M + f * (1.0 - f) * (gap_s * rate + TURNED * turned_m) + 0.3 * sphere.length(bend)
    return place / sphere.length(place)[:, None], velocity, doubt


def _way_beside_m(tracks: Tracks, before: Ints, after: Ints, chord: Floats, gap_s: Floats) -> Floats:
    """Give how much farther a ship sailed between two reports than from one to the other, at the slower of its speeds.

    A ship that goes 12 knots before and after, and is hardly anywhere else five minutes later, has turned about.
    """
    speeds = [np.nan_to_num(sphere.length(tracks.velocity[row])) for row in (before, after)]
    return np.asarray(np.maximum(np.minimum(*speeds) - sphere.length(chord), 0.0) * gap_s)


def _agrees(velocity: Floats, chord: Floats) -> Bools:
    """Say whether a velocity can be of the way between two reports; a false one would throw the curve far off."""
    off = sphere.length(np.nan_to_num(velocity, nan=np.inf) - chord)
    return np.asarray(off <= 1.5 + 1.0 * sphere.length(chord), np.bool_)


def _hermite(va: Floats, vb: Floats, chord: Floats, f: Floats, gap_s: Floats) -> Floats:
    """Give how far the cubic curve runs beside the straight way, metres: ``(k, 3)``."""
    h10, h11 = f * (1.0 - f) ** 2, f**2 * (f - 1.0)
    return np.asarray(((va - chord) * h10[:, None] + (vb - chord) * h11[:, None]) * gap_s[:, None])


def _hermite_speed(va: Floats, vb: Floats, chord: Floats, f: Floats) -> Floats:
    g10, g11 = (1.0 - f) * (1.0 - 3.0 * f), f * (3.0 * f - 2.0)
    return np.asarray((va - chord) * g10[:, None] + (vb - chord) * g11[:, None])
