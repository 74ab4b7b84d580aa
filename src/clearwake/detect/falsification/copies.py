"""Copied tracks: one ship's way laid elsewhere, or sailed again later, report for report.

Two ships that sail side by side, tow or trawl as a pair keep company, but each wanders and turns in its own way and
its own receiver errs.  A copy wanders alike: what is left of one track when the straight line is taken out of it is
what is left of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from clearwake.detect.falsification.circle import axes
from clearwake.detect.step import Bools, Ints, milliseconds, starts_of
from clearwake.model import HULLS_PER_MMSI, TIME, schema
from clearwake.model.record import Count, Identifier, Kilometres, Metres, Score, Time, record_of
from clearwake.sphere import EARTH_RADIUS_M, KNOT_M_PER_S, Floats, between_m, interpolate, length

FINE_MS, COARSE_MS = 120_000, 600_000
GAP_MS = 30 * 60_000
"""No place is interpolated across a longer silence."""

POINTS = 5
"""Coarse places of a window: forty minutes."""

EVERY = 2
"""Windows begin every so many coarse steps."""

SLOWEST_KN = 1.0
ALIKE_M = 150.0
"""Coarse places of two windows this near each other (root mean square) make a pair worth a closer look."""

COPIED_M = 70.0
"""A copy is at most so far off its original (root mean square): two receivers' errors."""

TIMED_WANDER, SHAPED_WANDER = 2.5, 25.0
"""What a copy repeats of its original's wandering is at least so many times what lasts of their difference: where the
reports also come at the same intervals, and where only the shape says so, among very many pairs of ships."""

LASTS_MS = 35 * 60_000
SHAPE_LASTS_MS, SHAPE_OFF_M = 60 * 60_000, 40.0
"""Where only the shape says so: in forty minutes two ships on two lanes can turn alike."""

SHORT = 25
"""A shape of fewer places, two minutes apart, must be twice as good."""

BESIDE_M, BESIDE_OFF_M = 5_000.0, 1.5
"""Ships nearer than this keep company, unless they agree to within the rounding of their reports or in their times."""

LEAST_M = 200.0
"""A shape must wander this much to be one."""

LAG = 7
"""Places so many steps apart (14 minutes) share no report."""

OWN_LATER_MS = 30 * 60_000
"""A ship that sails on evenly is where it was a few minutes ago, laid elsewhere."""

UNDER_WAY_M = 300.0
"""Ships that stay within this of where they were lie still, and all that do so look alike."""

TURNED, STRETCHED = np.radians(4.0), 0.02
"""Laid elsewhere on the sphere, a way may be turned and stretched by so much; turned more where meridians meet."""

MOST_TURNED = np.radians(20.0)

SURE_KEYS, SURE_M = 12, 20.0
"""Tracks that agree in so many runs of intervals that no third track has are a copy even where they are straight, if
no more than this lasts of their difference: two receivers' errors do not last."""

Copy = record_of(
    track=Identifier, of_track=Identifier, start=Time, end=Time, x=Score, y=Score, z=Score, of_x=Score, of_y=Score,
    of_z=Score, later_ms=Count, apart_km=Kilometres, residual_m=Metres, wander_m=Metres, reports=Count, known_at=Time,
)  # fmt: skip
"""``start`` and ``end`` are the later track's; ``later_ms`` is 0 for copies sent at the same moments."""

COPY = schema(Copy)


@dataclass(frozen=True)
class Tracks:
    """Reports of many hulls, one each two minutes, sorted by track and time."""

    rows: pl.DataFrame

    @cached_property
    def names(self) -> Ints:
        """The track numbers, in order."""
        return np.unique(self.rows["track"].to_numpy())

    @cached_property
    def code(self) -> Ints:
        """Which of ``names`` each report is of."""
        return np.searchsorted(self.names, self.rows["track"].to_numpy())

    @cached_property
    def ms(self) -> Ints:
        """Times."""
        return milliseconds(self.rows["time"])

    @cached_property
    def place(self) -> Floats:
        """Unit vectors."""
        return np.stack([self.rows[c].to_numpy() for c in "xyz"], axis=-1)

    @cached_property
    def key(self) -> Ints:
        """Track and time as one number, in order."""
        return self.code * (1 << 43) + self.ms

    def at(self, code: Ints, ms: Ints) -> tuple[Floats, Bools]:
        """Interpolate places of tracks at times: ``(n, 3)``, and whether each was heard around then."""
        after = np.searchsorted(self.key, code * (1 << 43) + ms)
        after = np.minimum(after, self.ms.size - 1)
        exact = (self.code[after] == code) & (self.ms[after] == ms)
        before = np.where(exact, after, np.maximum(after - 1, 0))
        near = (self.code[after] == code) & (self.code[before] == code) & (self.ms[after] >= ms)
        wide = self.ms[after] - self.ms[before]
        share = (ms - self.ms[before]) / np.maximum(wide, 1)
        place = interpolate(self.place[before], self.place[after], np.clip(share, 0.0, 1.0))
        return place, np.asarray(near & (wide <= GAP_MS) & (self.ms[before] <= ms))


def thinned(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give the first fix of each track in each two minutes; takes fixes sorted by track and time."""
    slot = milliseconds(fixes["time"]) // FINE_MS
    first = starts_of(fixes["track"].to_numpy()) | starts_of(slot)
    return fixes.filter(pl.Series(first)).select("track", "time", "x", "y", "z", "known_at")


@dataclass(frozen=True)
class _Shapes:
    """Windows of moving hulls: which track, first coarse time, and places about their middle (metres east, north)."""

    code: Ints
    step: Ints
    flat: Floats
    wander_m: Floats


def shaped_copies(t: Tracks) -> pl.DataFrame:
    """Find tracks sailed at the same moments that are one shape in two places (``Copy``).

    Source: offset copies are among the false tracks that Bergman 2021 published; the thresholds are this project's.
    """
    if t.rows.height < 2 * POINTS:
        return pl.DataFrame(schema=COPY)
    shapes = _shapes(t)
    found = [_same_time(shapes, int(k)) for k in np.unique(shapes.step)]
    if not found:
        return pl.DataFrame(schema=COPY)
    a, b, step = (np.concatenate(c) for c in zip(*found, strict=True))
    pairs = [
        ((i, j, first * COARSE_MS, last * COARSE_MS, 0), None) for i, j, first, last in _runs(a, b, step)
    ]
    return _told(t, pairs)


def timed_copies(t: Tracks, pairs: pl.DataFrame) -> pl.DataFrame:
    """Say which pairs of tracks with the same intervals between reports are copies (``Copy``).

    Args:
        t: The reports of at least these tracks.
        pairs: From ``timed_pairs``.
    """
    known = pairs.filter(pl.col("track").is_in(t.names.tolist()), pl.col("of_track").is_in(t.names.tolist()))
    code = {int(name): number for number, name in enumerate(t.names)}
    rows = [
        ((code[of], code[by], first - later, last - later, later), own)
        for by, of, later, first, last, own in known.rows()
    ]
    return _told(t, rows)


def _shapes(t: Tracks) -> _Shapes:
    """Lay each window of each track about its own middle."""
    first = np.flatnonzero(starts_of(t.code))
    last = np.append(first[1:], t.code.size) - 1
    begin, end = -(-t.ms[first] // COARSE_MS), t.ms[last] // COARSE_MS
    count = np.maximum(end - begin + 1, 0)
    code = np.repeat(t.code[first], count)
    step = np.arange(code.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
    place, heard = t.at(code, step * COARSE_MS)
    windows = np.arange(max(code.size - POINTS + 1, 0))
    at = windows[:, None] + np.arange(POINTS)
    whole = (code[at[:, 0]] == code[at[:, -1]]) & heard[at].all(axis=1) & (step[at[:, 0]] % EVERY == 0)
    at = at[whole]
    way = between_m(place[at[:, 1:]], place[at[:, :-1]]).sum(axis=1)
    at = at[way >= SLOWEST_KN * KNOT_M_PER_S * (POINTS - 1) * COARSE_MS / 1000.0]
    flat = laid_flat(place[at])
    return _Shapes(code[at[:, 0]], step[at[:, 0]], flat, wander_m(flat))


def laid_flat(places: Floats) -> Floats:
    """Give places of windows about their middle, ``(m, k, 3) -> (m, k, 2)`` metres east and north."""
    middle = places.sum(axis=1)
    middle /= np.maximum(length(middle), 1e-12)[:, None]
    east, north = axes(middle)
    off = (places - middle[:, None]) * EARTH_RADIUS_M
    flat = np.stack(((off * east[:, None]).sum(axis=2), (off * north[:, None]).sum(axis=2)), axis=-1)
    return np.asarray(flat - flat.mean(axis=1, keepdims=True))


def wander_m(flat: Floats) -> Floats:
    """Give how far evenly timed places are from one line sailed at one speed: root mean square."""
    time = np.arange(flat.shape[1]) - (flat.shape[1] - 1) / 2.0
    slope = (flat * time[:, None]).sum(axis=1, keepdims=True) / (time**2).sum()
    rest = flat - slope * time[:, None]
    return np.asarray(np.sqrt((rest**2).sum(axis=2).mean(axis=1)))


def _same_time(s: _Shapes, step: int) -> tuple[Ints, Ints, Ints]:
    """Give pairs of tracks alike in the window that begins with a coarse step."""
    at = np.flatnonzero(s.step == step)
    tree = cKDTree(s.flat[at].reshape(at.size, -1))
    pairs = tree.query_pairs(ALIKE_M * POINTS**0.5, output_type="ndarray")
    one, two = at[pairs[:, 0]], at[pairs[:, 1]]
    off = np.sqrt(((s.flat[one] - s.flat[two]) ** 2).sum(axis=2).mean(axis=1))
    shaped = np.minimum(s.wander_m[one], s.wander_m[two]) >= SHAPED_WANDER / 5.0 * off
    code = np.sort(np.stack((s.code[one[shaped]], s.code[two[shaped]]), axis=-1), axis=1)
    return code[:, 0], code[:, 1], np.full(len(code), step)


def _runs(a: Ints, b: Ints, step: Ints) -> Iterator[tuple[int, int, int, int]]:
    """Join neighbouring windows of a pair: track, track, first and last coarse step."""
    order = np.lexsort((step, b, a))
    a, b, step = a[order], b[order], step[order]
    if not a.size:
        return
    begins = starts_of(a) | starts_of(b) | (np.diff(step, prepend=-10) > POINTS - 1)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], a.size) - 1
    for i, j in zip(first, last, strict=True):
        yield int(a[i]), int(b[i]), int(step[i]), int(step[j]) + POINTS - 1


_Run = tuple[int, int, int, int, int]
"""Track, later track, the first's first and last millisecond, and by how many the other is later."""


def _told(t: Tracks, runs: Sequence[tuple[_Run, int | None]]) -> pl.DataFrame:
    rows = [row for run, own in runs if (row := _compared(t, run, own)) is not None]
    raw = pl.DataFrame(rows, schema=COPY.names(), orient="row", infer_schema_length=None)
    return raw.select(pl.col(n).cast(d) for n, d in COPY.items())


def _compared(t: Tracks, run: _Run, own: int | None) -> tuple[object, ...] | None:
    """Hold a track against what another sent some time later, place by place.

    ``own`` is how many runs of intervals the two share that no third has; None where only their shape says so.
    """
    of, by, first_ms, last_ms, later_ms = run
    ms = np.arange(first_ms, last_ms + 1, FINE_MS)
    place_a, heard_a = t.at(np.full(ms.size, of), ms)
    place_b, heard_b = t.at(np.full(ms.size, by), ms + later_ms)
    heard = heard_a & heard_b
    same_ship = t.names[of] // HULLS_PER_MMSI == t.names[by] // HULLS_PER_MMSI
    least_ms = SHAPE_LASTS_MS if own is None else LASTS_MS
    if heard.sum() < 2 * LAG or np.ptp(ms[heard]) < least_ms or (same_ship and later_ms < OWN_LATER_MS):
        return None
    off_m, lasting_m, wander = alike(place_a[heard], place_b[heard])
    apart_m = float(np.median(between_m(place_a[heard], place_b[heard])))
    if float(np.quantile(between_m(place_b[heard], place_b[heard][:1]), 0.9)) < UNDER_WAY_M:
        return None
    is_timed = own is not None
    limit = max(COPIED_M, wander / SHAPED_WANDER * 2.0)
    if not is_timed:
        limit = BESIDE_OFF_M if apart_m < BESIDE_M else SHAPE_OFF_M
    needed = _wander_needed(own, is_short=heard.sum() < SHORT, is_beside=apart_m < BESIDE_M)
    wanders = wander >= needed * lasting_m and wander >= (1.0 if is_timed else LEAST_M)
    is_sure = own is not None and own >= SURE_KEYS and apart_m >= BESIDE_M and lasting_m <= SURE_M
    if off_m > limit or not (wanders or is_sure):
        return None
    middle = int(np.flatnonzero(heard)[heard.sum() // 2])
    start, end = int(ms[heard][0]) + later_ms, int(ms[heard][-1]) + later_ms
    known = max(_known(t, of, start - later_ms, end - later_ms), _known(t, by, start, end))
    return (int(t.names[by]), int(t.names[of]), start, end, *place_b[middle].tolist(), *place_a[middle].tolist(),
            later_ms, apart_m / 1000.0, off_m, wander, int(heard.sum()), known)  # fmt: skip


def _wander_needed(own: int | None, *, is_short: bool, is_beside: bool) -> float:
    """Give how many times what lasts of their difference two ways must wander together."""
    if own is not None and own >= LEAST_KEYS and not is_beside:
        return 1.0
    least = SHAPED_WANDER if own is None else TIMED_WANDER
    return 2.0 * least if is_short or (own is not None and own < LEAST_KEYS) else least


def alike(a: Floats, b: Floats) -> tuple[float, float, float]:
    """Give how far two ways are from being one laid elsewhere, how much of it lasts, and how much they wander: metres.

    What receivers err is gone minutes later; what two ships sail differently lasts.

    ``(n, 3), (n, 3)`` places at the same moments.  A way may have been laid elsewhere in metres or in degrees; in
    degrees its width changes with latitude.
    """
    flat_a, flat_b = laid_flat(a[None])[0], laid_flat(b[None])[0]
    level_a, level_b = (max(float(np.sqrt(1.0 - min(p[:, 2].mean() ** 2, 1.0))), 1e-6) for p in (a, b))
    most = max(TURNED, 1.2 * float(between_m(a[:1], b[:1])[0]) / EARTH_RADIUS_M / min(level_a, level_b))
    ways = [
        flat_a,
        flat_a * np.array([level_b / level_a, 1.0]),
        _turned(flat_a, flat_b, min(most, MOST_TURNED)),
    ]
    off = min((way - flat_b for way in ways), key=lambda o: float((o**2).sum()))
    square = float((off**2).sum(axis=1).mean())
    lasting = float((off[LAG:] * off[:-LAG]).sum(axis=1).mean())
    wander = min(float(wander_m(f[None])[0]) for f in (flat_a, flat_b))
    return square**0.5, max(lasting, square / 10.0) ** 0.5, wander


def _turned(flat_a: Floats, flat_b: Floats, most: float) -> Floats:
    """Turn (by ``most`` radians) and stretch a way a little towards another: what moving it over the sphere does."""
    p, q = flat_a[:, 0] + 1j * flat_a[:, 1], flat_b[:, 0] + 1j * flat_b[:, 1]
    by = complex((p.conj() * q).sum() / max(float((abs(p) ** 2).sum()), 1e-9))
    by = min(max(abs(by), 1.0 - STRETCHED), 1.0 + STRETCHED) * np.exp(1j * np.clip(np.angle(by), -most, most))
    turned = p * by
    return np.stack((turned.real, turned.imag), axis=-1)


def _known(t: Tracks, code: int, first_ms: int, last_ms: int) -> int:
    of = slice(*np.searchsorted(t.key, [code * (1 << 43) + first_ms, code * (1 << 43) + last_ms + 1]))
    return int(milliseconds(t.rows["known_at"][of]).max())


TUPLE = 6
"""Intervals in a row that are compared: six of whole seconds, at least four of them unlike the one before."""

STRIDES = 8
"""Strides in a row that are compared, with the intervals between them."""

NORTH_DEG, STRIDE_M = 1e-4, 10.0
"""Steps are compared to about ten metres: coarser than positions are rounded, finer than receivers err."""

LONGEST_RUN_S = 7200.0

TIMED = pl.Schema({"key": pl.UInt64(), "track": pl.Int64(), "time": TIME, "over": TIME})


def intervals(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give a key of each run of intervals between reports (``TIMED``), about one in a minute of them.

    Takes fixes sorted by track and time.  Which keys are left out depends on the key alone, so two tracks with the same
    intervals leave out the same.
    """
    wait = _waits(fixes)
    return _keyed(fixes, wait, wait, TUPLE, salt=1)


def strides(fixes: pl.DataFrame) -> pl.DataFrame:
    """Give keys of each run of strides from report to report (``TIMED``): what intervals cannot tell of regular feeds.

    A copy sent report for report repeats its original's strides with what its receiver erred in them: its steps north
    where it was laid elsewhere in degrees, the lengths of its steps where it was in metres.  Takes fixes sorted by
    track and time.
    """
    place = np.stack([fixes[c].to_numpy() for c in "xyz"], axis=-1)
    north = np.diff(fixes["lat"].to_numpy()) / NORTH_DEG
    steps = between_m(place[1:], place[:-1]) / STRIDE_M
    waits = _waits(fixes)
    runs = [
        _keyed(fixes, np.rint(by).astype(np.int64), waits, STRIDES, salt)
        for by, salt in ((north, 2), (steps, 3))
    ]
    return pl.concat(runs)


def _waits(fixes: pl.DataFrame) -> Ints:
    """Give the whole seconds between reports: ``(n - 1,)``."""
    return np.rint(np.diff(milliseconds(fixes["time"])) / 1000.0).astype(np.int64)


def _keyed(fixes: pl.DataFrame, values: Ints, waits: Ints, together: int, salt: int) -> pl.DataFrame:
    """Make a key of each run of so many values and waits of one track in which hardly two are alike."""
    track, ms = fixes["track"].to_numpy(), milliseconds(fixes["time"])
    n = track.size - together
    if n <= 0:
        return pl.DataFrame(schema=TIMED)
    key, unlike = np.full(n, salt, np.uint64), np.zeros(n, np.int64)
    for k in range(together):
        for said in (values,) if values is waits else (values, waits):
            key = key * np.uint64(0x9E3779B97F4A7C15) + said[k : n + k].astype(np.uint64) + np.uint64(1)
            key ^= key >> np.uint64(29)
        if k:
            unlike += values[k : n + k] != values[k - 1 : n + k - 1]
    span_s = (ms[together:] - ms[:-together]) / 1000.0
    every = np.clip(np.rint(60.0 * together / np.maximum(span_s, 1.0)), 1, 16).astype(np.uint64)
    kept = (track[together:] == track[:-together]) & (unlike >= together - 2)
    kept &= (key % every == 0) & (span_s < LONGEST_RUN_S)
    at = pl.Series(np.flatnonzero(kept), dtype=pl.UInt32)
    over = fixes["time"].gather(at + together)
    return fixes[at].select(key=pl.Series(key[kept]), track="track", time="time", over=over).cast(TIMED)


MOST_ALIKE, LEAST_KEYS = 6, 3
"""Intervals that more runs than this have say nothing; a pair must share this many."""

Pair = pl.Schema({"track": pl.Int64(), "of_track": pl.Int64(), "later_ms": pl.Int64(), "first": pl.Int64(),
                  "last": pl.Int64(), "own": pl.Int64()})  # fmt: skip


def rare_keys(keys: pl.DataFrame) -> pl.DataFrame:
    """Keep the keys that a few runs share (``TIMED``), and say in ``own`` which of them no third run has.

    Keys can be asked for in parts, as long as all rows of a key are in one part.
    """
    of_key = keys.group_by("key").len("runs").filter(pl.col("runs").is_between(2, MOST_ALIKE))
    shared = keys.join(of_key, on="key").with_columns(own=pl.col("runs") == 2)
    return shared.select(*TIMED.names(), "own")


def timed_pairs(rare: pl.DataFrame) -> pl.DataFrame:
    """Find tracks that send at the same intervals as another did, at the same time or later.

    Takes ``rare_keys`` of any number of days; gives ``track, of_track, later_ms, first, last`` (the later track's
    milliseconds) and ``own``: how many runs they share that no third one has.
    """
    rare = rare.with_columns(ms=pl.col("time").dt.epoch("ms"), over=pl.col("over").dt.epoch("ms")).drop(
        "time"
    )
    both = rare.join(rare, on="key", suffix="_of").filter(
        (pl.col("ms") > pl.col("ms_of"))
        | ((pl.col("ms") == pl.col("ms_of")) & (pl.col("track") > pl.col("track_of")))
    )
    shift = both.with_columns(later_ms=pl.col("ms") - pl.col("ms_of")).with_columns(
        near=((pl.col("later_ms") + 1000) // 2000)
    )
    runs = shift.group_by("track", "track_of", "near").agg(
        pl.len().alias("keys"), pl.col("later_ms").median().cast(pl.Int64), pl.col("ms").min().alias("first"),
        pl.col("over").max().alias("last"), own=pl.col("own").sum().cast(pl.Int64),
    )  # fmt: skip
    found = runs.filter(pl.col("keys") >= LEAST_KEYS, pl.col("last") - pl.col("first") >= LASTS_MS // 2)
    return (
        found.select("track", "later_ms", "first", "last", "own", of_track="track_of")
        .select(Pair.names())
        .sort(Pair.names())
    )
