"""Sightings held against names and tracks: who was seen, as far as marks and place say, both where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.matching.around import Around, is_searched
from clearwake.matching.candidates import GATE as WIDEST_GATE
from clearwake.matching.candidates import Hulls, candidates
from clearwake.matching.course import Tracks, placed_at, tracks_of
from clearwake.matching.doppler import Geometry, Way
from clearwake.matching.likeness import log_length
from clearwake.matching.marks import Claimed, Marked
from clearwake.matching.weighing import LEAST_PER_M2, measured, offsets
from clearwake.model import HULLS_PER_MMSI, MatchedSighting, Sighting, conform, empty, position_id
from clearwake.sphere import Floats

LEAST_ERROR_M = 1000.0
"""People estimate bearing and range; a mile is good."""

DARK_SHARE = 0.5
"""Of hulls that patrols report, so many are without AIS for each with it: they look for those."""

LEAST_SHARE = 0.05
"""Ships less likely than this to be the one seen are not listed."""

GATE = 3.0
"""So many standard deviations at most: the error a person states is meant to hold the ship."""

_MOST_LISTED = 10
_PLAIN = Way("not displaced", 1.0, None, 0.0)


@dataclass(frozen=True)
class Near:
    """A ship whose track fits a sighting's place."""

    track: int
    mmsi: int
    share: float
    distance_m: float
    tolerance_m: float
    age_s: float
    evidence: tuple[str, ...]


def match_sightings(
    sightings: pl.DataFrame, fixes: pl.DataFrame, claims: pl.DataFrame, lengths: pl.DataFrame
) -> pl.DataFrame:
    """Hold sightings against names and tracks.

    Args:
        sightings: A table of ``Sighting``; each id once.
        fixes: ``track, mmsi, time, lon, lat`` from six hours before the first to six hours after the last.
        claims: What ships claimed: ``mmsi, name, imo, callsign, flag, last_seen``.
        lengths: ``mmsi, length_m``, as claimed.

    Returns:
        A table of ``MatchedSighting``, by time.
    """
    rows = conform(sightings, Sighting).sort("time", "id")
    if rows.is_empty():
        return empty(MatchedSighting)
    tracks, error_m = tracks_of(fixes), errors(rows)
    near, around = _near(rows, tracks, error_m, lengths)
    heard = pl.DataFrame({"mmsi": np.unique(tracks.mmsi)}, schema={"mmsi": pl.Int64})
    known, searched = Claimed(pl.concat([claims, heard], how="diagonal")), is_searched(around)
    found = [
        _judged(
            row,
            known.fitting(row),
            near[at],
            _Context(tracks, around, at, bool(searched[at])),
            float(error_m[at]),
        )
        for at, row in enumerate(rows.iter_rows(named=True))
    ]
    own = pl.DataFrame(found, schema=pl.Schema(_OWN))
    return conform(rows.hstack(own), MatchedSighting)


_OWN: dict[str, pl.DataType | type[pl.DataType]] = {
    "status": pl.String, "mmsi": pl.Int64, "track": pl.Int64, "distance_m": pl.Float64, "tolerance_m": pl.Float64,
    "position_age_s": pl.Float64, "candidate_mmsis": pl.List(pl.Int64), "candidates": pl.List(pl.String),
    "heard_near": pl.Int64, "silent_near": pl.Int64, "reasons": pl.List(pl.String),
    "reasons_against": pl.List(pl.String), "evidence": pl.List(pl.String),
}  # fmt: skip


def errors(rows: pl.DataFrame) -> Floats:
    """Give how far off places are, one standard deviation along each axis: as said, else as their rounding says."""
    said = rows["error_m"].fill_null(np.nan).to_numpy()
    rounded = np.array([_rounding_m(lon, lat) for lon, lat in rows.select("lon", "lat").iter_rows()])
    wide = np.where(np.isfinite(said), np.maximum(said, 50.0), np.maximum(rounded, LEAST_ERROR_M))
    return np.asarray(wide, np.float64)


def _rounding_m(lon: float, lat: float) -> float:
    """Give half the last decimal that both degrees have, in metres along a meridian."""
    decimals = max(len(f"{abs(x) % 1.0:.6f}"[2:].rstrip("0")) for x in (lon, lat))
    return 0.5 * 10.0**-decimals * 111_200.0


@dataclass(frozen=True)
class _Context:
    """What is known around one sighting."""

    tracks: Tracks
    around: Around
    row: int
    is_searched: bool


def _near(
    rows: pl.DataFrame, tracks: Tracks, error_m: Floats, lengths: pl.DataFrame
) -> tuple[list[list[Near]], Around]:
    """Give the ships whose tracks fit the place of each sighting, the likeliest first."""
    n = rows.height
    place = sphere.unit_vectors(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    ms = rows["time"].dt.epoch("ms").to_numpy().astype(np.int64)
    hulls = Hulls(place, ms, error_m, np.zeros(n))
    pairs, around = candidates(hulls, tracks)
    nothing = np.full(n, np.nan)
    looked = Geometry(np.zeros(n, np.bool_), nothing, np.ones(n), np.zeros(n))
    off = offsets(pairs, hulls, tracks, np.full(pairs.hull.size, 30.0), looked)
    best = measured(off, _PLAIN, np.ones(pairs.hull.size))
    apart_m, tolerance_m = np.hypot(best.along_m, best.across_m), best.tolerance_m * GATE / WIDEST_GATE
    claimed = _lengths(tracks, lengths)[pairs.track]
    seen = rows["length_m"].fill_null(np.nan).to_numpy()[pairs.hull]
    nobody = np.log(LEAST_PER_M2 + DARK_SHARE * around.dense_per_m2)[pairs.hull]
    log_weight = best.log_density + log_length(seen, claimed) - nobody
    weight = np.where(apart_m <= tolerance_m, np.exp(np.minimum(log_weight, 60.0)), 0.0)
    share = weight / (1.0 + np.bincount(pairs.hull, weight, n))[pairs.hull]
    found: list[list[Near]] = [[] for _ in range(n)]
    for pair in np.lexsort((tracks.track[pairs.track], -share, pairs.hull)).tolist():
        if share[pair] >= LEAST_SHARE:
            track = int(pairs.track[pair])
            reports = {int(pairs.at.before[pair]), int(pairs.at.after[pair])} - {-1}
            found[int(pairs.hull[pair])].append(
                Near(
                    int(tracks.track[track]), int(tracks.mmsi[track]), float(share[pair]),
                    float(apart_m[pair]), float(tolerance_m[pair]),
                    float(pairs.at.age_s[pair]), _evidence(tracks, track, reports),
                )
            )  # fmt: skip
    return found, around


def _evidence(tracks: Tracks, track: int, reports: set[int]) -> tuple[str, ...]:
    moments = [
        datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(tracks.ms[row]))
        for row in sorted(reports)
    ]
    return tuple(position_id(int(tracks.mmsi[track]), moment) for moment in moments)


def _lengths(tracks: Tracks, lengths: pl.DataFrame) -> Floats:
    usual = lengths.drop_nulls().group_by("mmsi").agg(pl.col("length_m").median())
    each = pl.DataFrame({"mmsi": tracks.mmsi}, schema={"mmsi": pl.Int64})
    joined = each.join(usual, on="mmsi", how="left", maintain_order="left")
    return np.asarray(joined["length_m"].cast(pl.Float64).fill_null(np.nan).to_numpy(), np.float64)


def _judged(
    row: dict[str, object], marked: list[Marked], near: list[Near], context: _Context, error_m: float
) -> dict[str, object]:
    """Judge one sighting: what its marks say, what its place says, and both where they disagree."""
    there = {each.mmsi: each for each in near}
    named = next((each for each in marked if each.mmsi in there), marked[0] if marked else None)
    where = _where(row, named, there, context, error_m) if named else None
    status = _status(named, where, there, near, context)
    chosen = where if named else (near[0] if status == "placed" else None)
    listed = _listed(marked, near)
    base: dict[str, object] = {
        "status": status, "heard_near": int(context.around.heard[context.row]),
        "silent_near": int(context.around.silent[context.row]),
        "mmsi": named.mmsi if named else (chosen.mmsi if chosen else None),
        "track": chosen.track if chosen and chosen.track % HULLS_PER_MMSI else None,
        "distance_m": chosen.distance_m if chosen else None,
        "tolerance_m": chosen.tolerance_m if chosen else None, "position_age_s": chosen.age_s if chosen else None,
        "candidate_mmsis": [mmsi for mmsi, _ in listed], "candidates": [words for _, words in listed],
        "evidence": list(chosen.evidence) if chosen else [],
    }  # fmt: skip
    reasons, against = _reasons(status, named, where, near, base)
    return {**base, "reasons": reasons, "reasons_against": against}


def _status(
    named: Marked | None, where: Near | None, there: dict[int, Near], near: list[Near], context: _Context
) -> str:
    if named is not None:
        if named.mmsi in there or (where is not None and where.distance_m <= where.tolerance_m):
            return "named"
        return "named_unheard" if where is None else "named_elsewhere"
    if near and sum(each.share for each in near) >= 0.5:
        return "placed" if len(near) == 1 or near[0].share >= 0.5 else "several"
    return "unnamed" if context.is_searched else "unsearched"


def _where(
    row: dict[str, object], named: Marked, there: dict[int, Near], context: _Context, error_m: float
) -> Near | None:
    """Say where a named ship was heard then: the nearest of its hulls, None where it was not."""
    if named.mmsi in there:
        return there[named.mmsi]
    tracks = context.tracks
    which = np.flatnonzero(tracks.mmsi == named.mmsi)
    moment = row["time"]
    assert isinstance(moment, datetime)  # noqa: S101 - the column's type
    ms = np.full(which.size, round(moment.timestamp() * 1000), np.int64)
    at = placed_at(tracks, which, ms)
    heard = np.flatnonzero(np.isfinite(at.place[:, 0]))
    if not heard.size:
        return None
    here = sphere.unit_vectors(np.array([row["lon"]], np.float64), np.array([row["lat"]], np.float64))
    apart = sphere.between_m(at.place[heard], here)
    best = int(heard[apart.argmin()])
    track = int(which[best])
    tolerance = GATE * float(np.hypot(at.doubt_m[best], error_m))
    evidence = _evidence(tracks, track, {int(at.before[best]), int(at.after[best])} - {-1})
    number, mmsi = int(tracks.track[track]), int(tracks.mmsi[track])
    return Near(number, mmsi, 0.0, float(apart.min()), tolerance, float(at.age_s[best]), evidence)


def _listed(marked: list[Marked], near: list[Near]) -> list[tuple[int, str]]:
    """Give every ship that fits by marks or place with a sentence, the likeliest first."""
    marks, places = {each.mmsi: each for each in marked}, {each.mmsi: each for each in near}
    either = dict.fromkeys([*marks, *places])

    def worth(mmsi: int) -> float:
        by_marks = marks[mmsi].strength if mmsi in marks else 0.0
        return 1.5 * by_marks + (places[mmsi].share if mmsi in places else 0.0)

    ordered = sorted(either, key=lambda mmsi: (-worth(mmsi), mmsi))[:_MOST_LISTED]
    return [(mmsi, _sentence(mmsi, marks.get(mmsi), places.get(mmsi))) for mmsi in ordered]


def _sentence(mmsi: int, marked: Marked | None, near: Near | None) -> str:
    words = [*(marked.agrees if marked else ()), *(marked.differs if marked else ())]
    if near is not None:
        words.append(_off(near))
    elif marked is not None:
        words.append("its track was not there")
    return f"MMSI {mmsi}: {'; '.join(words)}"


def _off(near: Near) -> str:
    return (
        f"expected {near.distance_m:.0f} m away, within {near.tolerance_m:.0f} m; its nearest report is "
        f"{near.age_s / 60.0:.0f} min old"
    )


def _reasons(
    status: str, named: Marked | None, where: Near | None, near: list[Near], base: dict[str, object]
) -> tuple[list[str], list[str]]:
    reasons = list(named.agrees) if named else []
    against = list(named.differs) if named else []
    if status in ("named", "placed") and (found := where or (near[0] if near else None)):
        reasons.append(f"MMSI {found.mmsi} {_off(found)}")
    if status == "named_elsewhere" and named and where:
        against.append(
            f"MMSI {named.mmsi} was heard {where.distance_m / 1000.0:.1f} km away: the marks or the AIS may be "
            "another ship's"
        )
        against += [f"by place it may be MMSI {each.mmsi}: {_off(each)}" for each in near[:3]]
    if status == "named_unheard" and named:
        against.append(f"MMSI {named.mmsi} was not heard within three hours: nothing says where it was")
    if status == "several":
        against.append(f"{len(near)} ships were near enough")
    if status == "unnamed":
        reasons.append(
            f"{base['heard_near']} ships were heard within 50 nautical miles in that hour, none of them here"
        )
    if status == "unsearched":
        reasons.append("no AIS was heard around there then: no ship could have been matched")
    return reasons, against
