"""False positions of one hull, found on its own reports as they come in.

Five kinds are found here, by track: a jump, a stay well inside land, a circle or figure sailed again and again, motion
too perfect to be true, a reported speed that the way made contradicts.  Copies of other ships' tracks and positions
beyond a station's horizon need more than one hull, and are found when the table is shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from clearwake.detect.falsification import circle, figure, jumps, land, motion
from clearwake.detect.falsification.findings import FINDING, finding, is_closed, merged
from clearwake.detect.falsification.told import jump_events, stretch_events
from clearwake.detect.falsification.trail import (
    LENGTHS,
    Blocks,
    Row,
    Spans,
    Trail,
    Windows,
    blocks,
    keep,
    long_winding,
    longer,
    trail,
    windows,
)
from clearwake.detect.step import Bools, Detector, Found, Step, definition_of, event_schema
from clearwake.model import HULLS_PER_MMSI, schema
from clearwake.model.falsification import Falsification
from clearwake.places import Atlas
from clearwake.sphere import KNOT_M_PER_S, Floats, between_m

__all__ = ["falsification"]

RETURN = timedelta(hours=24)
"""A ship that jumps back within this time was away; later it is another story."""

SEEN = timedelta(hours=6)
"""Switches are remembered this long, for stays on land that begin or end with one."""

LEAP = timedelta(hours=1)
"""A stay on land that begins or ends within this time of a jump is where the jump led."""

LINE, LINE_LASTS = "inland line", timedelta(minutes=95)
"""No river is so straight for so long at that speed."""

_ROW = schema(Row)
_KEPT = pl.Schema({"what": pl.Int8(), **_ROW, **FINDING, **jumps.SWITCH, "is_open": pl.Boolean()})
"""Reports (0), findings that windows may still join (1), switches (2)."""


def falsification(atlas: Atlas) -> Detector:
    """Find positions of a hull that cannot be true as reported.

    Takes fixes and the positions flagged as noise; speed is used where it is reported.  One row per falsehood, with
    its ``label``, measures, and reasons for and against.

    Args:
        atlas: Where land is.

    Source: over 50 kn between reports, on land, circles, copied tracks, beyond the receiver's horizon: the signs of
    false positions that Global Fishing Watch and SkyTruth publish (Bergman 2021); every figure is told in the page.
    """
    definition = definition_of(
        "falsification", top_kn=jumps.TOP_KN, inland_km=land.INLAND_KM, round=circle.ROUND,
        perfect_m=motion.PERFECT_M, different_kn=motion.DIFFERENT_KN, return_=RETURN, lies_kn=motion.LIES_KN,
        again=(figure.AGAIN, figure.AGAIN_M, figure.LEAST_LAPS), lengths=LENGTHS,
    )  # fmt: skip

    def find(new: pl.DataFrame, kept: pl.DataFrame, until: datetime) -> Found:
        reports = kept.filter(pl.col("what") == 0).select(pl.col(n).cast(d) for n, d in _ROW.items())
        t = trail(new, reports, until)
        several = jumps.several_hulls(t)
        b = blocks(t)
        w = windows(t, b)
        winds = long_winding(t, w)
        seen = _seen(t, several, kept.filter(pl.col("what") == 2))
        remembered, jumped = _jumps(seen, until)
        pending = kept.filter(pl.col("what") == 1).select(FINDING.names())
        found = _straight(_leapt(merged(pl.concat((pending, *_stretches(atlas, t, b, w, winds)))), seen))
        closed = (
            found.select(is_closed(t.first_open)).to_series()
            if found.height
            else pl.Series([], dtype=pl.Boolean)
        )
        events = [jump_events(jumped, definition), stretch_events(found, closed, definition)]
        state = (keep(t, w, winds, several, until), found.filter(~closed), remembered)
        return Found(
            pl.concat(e for e in events) if events else pl.DataFrame(schema=event_schema(Falsification)),
            pl.concat(_stated(frame, what) for what, frame in enumerate(state)),
        )

    step = Step("falsification", ("track",), _KEPT, find)
    return Detector("falsification", "falsifications", Falsification, definition, (step,), reads_strays=True)


def _stated(frame: pl.DataFrame, what: int) -> pl.DataFrame:
    full = frame.with_columns(what=pl.lit(what))
    return full.select(
        (pl.col(n) if n in full.columns else pl.lit(None)).cast(d).alias(n) for n, d in _KEPT.items()
    )


def _stretches(atlas: Atlas, t: Trail, b: Blocks, w: Windows, winds: Bools) -> list[pl.DataFrame]:
    """Give what the windows show, each for itself."""
    deep = land.inland(atlas, t, b)
    on = np.flatnonzero(land.stays_inland(w, b, deep))
    stands = motion.stands_still(t, w)
    still = np.flatnonzero(stands)
    line, off_m = motion.perfect(t, w)
    wrong = np.flatnonzero(motion.contradicted(w, _chords_m(t, b, w)) & ~stands)

    def of(label: str, at: np.ndarray, best: Floats, **more: object) -> pl.DataFrame:
        return finding(t, label, w.first[at], w.last[at], best=best, speed_kn=w.speed_kn[at],
                       said_kn=np.where(w.said_count[at] > 0, w.said_kn[at], np.nan), **more)  # fmt: skip

    straight = land.is_straight(w)[on]
    return [
        of("on_land", on, w.speed_kn[on]),
        of(LINE, on[straight], w.speed_kn[on[straight]]),
        of("frozen", still, w.said_kn[still]),
        of("frozen", line, -off_m, residual_m=off_m),
        of("speed", wrong, np.abs(w.said_kn[wrong] - w.speed_kn[wrong])),
        *(_figures(t, s) for s in _winding(w, winds)),
    ]


def _winding(w: Windows, winds: Bools) -> list[Spans]:
    short = np.flatnonzero(w.is_winding)
    of_longer = (longer(w, winds, size, every) for size, every in LENGTHS.items())
    return [Spans(w.first[short], w.last[short]), *of_longer]


def _figures(t: Trail, s: Spans) -> pl.DataFrame:
    """Find circles in all windows, and other figures in the longer ones where there is no circle."""
    ring = circle.circles(t, s)
    rest = np.flatnonzero(~ring.is_found & ((t.ms[s.last] - t.ms[s.first]) > 70 * 60_000))
    other = figure.figures(t, Spans(s.first[rest], s.last[rest]))
    parts = []
    for fit, at, is_ring in ((ring, np.arange(s.first.size), True), (other, rest, False)):
        which = np.flatnonzero(fit.is_found)
        first, last = s.first[at[which]], s.last[at[which]]
        hours = np.maximum((t.ms[last] - t.ms[first]) / 3_600_000.0, 1e-9)
        way_m = fit.laps[which] * 2 * np.pi * fit.radius_m[which]
        parts.append(finding(t, "circle", first, last, best=fit.laps[which], place=fit.middle[which],
                             radius_m=fit.radius_m[which], laps=fit.laps[which], period_min=fit.period_min[which],
                             residual_m=fit.residual_m[which], speed_kn=way_m / 1852.0 / hours,
                             is_ring=is_ring))  # fmt: skip
    return pl.concat(parts)


def _chords_m(t: Trail, b: Blocks, w: Windows) -> Floats:
    """Add up the straight ways between the first reports of the blocks in each window, and on to its last report."""
    n = b.track.size
    place = t.place[b.first]
    to_next = np.append(between_m(place[1:], place[:-1]), 0.0) if n else np.empty(0)
    total, final = np.zeros(n), np.arange(n)
    for k in range(1, int(w.blocks.max()) if n else 1):
        here = np.flatnonzero(w.blocks > k)
        total[here] += to_next[here + k - 1]
        final[here] = here + k
    return total + between_m(t.place[b.first[final]], t.place[w.last])


def _seen(t: Trail, several: np.ndarray, kept: pl.DataFrame) -> pl.DataFrame:
    """Give the switches remembered and found now; ``is_open`` are those that no return was found for."""
    names = [*jumps.SWITCH.names(), "is_open"]
    fresh = jumps.switches(t, several).with_columns(is_open=pl.lit(value=True))
    return pl.concat((kept.select(names), fresh)).sort(pl.col("track") // HULLS_PER_MMSI, "start")


def _jumps(seen: pl.DataFrame, until: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pair switches: give those to remember, and the jumps there are (a way there and, if it came back, the return)."""
    rows: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for row in seen.filter("is_open").iter_rows(named=True):
        before = (
            rows[-1]
            if rows and rows[-1]["track"] // HULLS_PER_MMSI == row["track"] // HULLS_PER_MMSI
            else None
        )
        if before is not None and row["end"] - before["end"] <= RETURN and _back(before, row):
            rows.pop()
            told.append({**before, "back": row["end"], "learnt": max(before["known_at"], row["known_at"])})
        else:
            rows.append(row)
    stays = [r | {"back": None, "learnt": r["known_at"]} for r in rows]
    ended = {"back": pl.Datetime("ms", "UTC"), "learnt": pl.Datetime("ms", "UTC")}
    jumped = pl.DataFrame([*told, *stays], schema={**jumps.SWITCH, "is_open": pl.Boolean, **ended})
    is_over = pl.col("end") < until - RETURN
    jumped = jumped.with_columns(settled=pl.col("back").is_not_null() | is_over)
    lasting = pl.DataFrame(rows, schema=pl.Schema({**jumps.SWITCH, "is_open": pl.Boolean()})).filter(~is_over)
    recent = seen.filter(pl.col("end") >= until - SEEN).with_columns(is_open=pl.lit(value=False))
    return pl.concat((lasting, recent.join(lasting, on=("track", "start"), how="anti"))), jumped


def _back(there: dict[str, Any], back: dict[str, Any]) -> bool:
    """Say whether a switch leads where the ship can have been all the time since an earlier one."""
    since_s = (back["end"] - there["start"]).total_seconds()
    away_m = float(
        between_m(*(np.array([s[k] for k in names]) for s, names in ((there, "xyz"), (back, _TO))))
    )
    return bool(away_m <= jumps.SLACK_M + jumps.TOP_KN * KNOT_M_PER_S * since_s)


_TO = ("to_x", "to_y", "to_z")


def _leapt(found: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Mark the stays on land of ships that jumped about when they began or ended, or meanwhile."""
    inland = found.filter(pl.col("label") == "on_land").select("track", "start", "end")
    both = inland.with_columns(mmsi=pl.col("track") // HULLS_PER_MMSI).join(
        seen.select(mmsi=pl.col("track") // HULLS_PER_MMSI, jumped="end"), on="mmsi"
    )
    near = both.filter(pl.col("jumped").is_between(pl.col("start") - LEAP, pl.col("end") + LEAP))
    return _marked(found, near, "leapt")


def _straight(found: pl.DataFrame) -> pl.DataFrame:
    """Mark the stays on land that hold a long straight line."""
    lines = found.filter(pl.col("label") == LINE, pl.col("end") - pl.col("start") >= LINE_LASTS)
    inland = found.filter(pl.col("label") == "on_land").select("track", "start", "end")
    both = inland.join(lines.select("track", begun="start"), on="track")
    return _marked(
        found, both.filter(pl.col("begun").is_between(pl.col("start"), pl.col("end"))), "is_straight"
    )


def _marked(found: pl.DataFrame, stays: pl.DataFrame, column: str) -> pl.DataFrame:
    marked = stays.select("track", "start", label=pl.lit("on_land"), by=pl.lit(value=True)).unique()
    joined = found.join(marked, on=("track", "start", "label"), how="left", maintain_order="left")
    return joined.with_columns((pl.col(column) | pl.col("by").fill_null(value=False)).alias(column)).drop(
        "by"
    )
