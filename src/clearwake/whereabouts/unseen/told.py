"""Telling: possible meetings as rows with reasons, for and against, in sentences with numbers.

Nothing here accuses.  A sentence says what was measured; the probability says how often such measurements were a
meeting where meetings were planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.model import HULLS_PER_MMSI, PossibleMeeting, event_id, position_id, schema
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.found import Candidates
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.traces import HOUR_MS, Traces, times
from clearwake.whereabouts.unseen.waiting import Waits

KIND = "possible_meeting"

Row = dict[str, Any]
"""One row of the table being made, by column."""


@dataclass(frozen=True)
class Known:
    """What the rows are told from."""

    silences: Silences
    waits: Waits
    traces: Traces
    loiterings: pl.DataFrame
    definition: str


def mmsi_of(track: pl.Expr) -> pl.Expr:
    """Read the MMSI out of a track number."""
    return track // HULLS_PER_MMSI


def moment(hour: float) -> datetime:
    """Turn hours since 1970 into a time, to the millisecond."""
    return datetime.fromtimestamp(round(hour * HOUR_MS) / 1000.0, UTC)


def named(kind: str, definition: str, key: tuple[int | str, ...], hour: float) -> str:
    """Name a possible meeting by its kind, what it rests on, and when that began."""
    return event_id(KIND, definition, (kind, *key), moment(hour))


def meetings(
    found: Candidates, rows: list[int], probability: Floats, draughts: tuple[Floats, Floats, list[str | None]],
    known: Known,
) -> list[Row]:  # fmt: skip
    """Tell candidates of two hulls: the rows asked for."""
    evidence = _loitering_ids(known, found) if found.kind == "one_silent" else {}
    tell = _one_silent if found.kind == "one_silent" else _both_silent
    told = []
    for at in rows:
        row = _measures(found, at, float(probability[at]), known)
        row |= {"draught_a_m": _number(draughts[0][at]), "draught_b_m": _number(draughts[1][at])}
        row |= {"draught": draughts[2][at], **tell(found, at, known, evidence)}
        told.append(row)
    return told


def _measures(found: Candidates, at: int, probability: float, known: Known) -> Row:
    one, a = known.silences, int(found.silence[at])
    lon, lat = sphere.lonlat(found.place[at])
    return {
        "window_start": moment(found.start[at]), "window_end": moment(found.end[at]),
        "duration_h": float(found.end[at] - found.start[at]), "lon": float(lon), "lat": float(lat),
        "radius_km": float(found.radius_m[at] / 1000.0), "kind": found.kind, "probability": probability,
        "rivals": int(found.rivals[at]), "track_a": int(one.track[a]),
        "needed_a_kn": float(found.needed_a_kn[at]), "usual_a_kn": float(one.speed_kn[a]),
        "needed_b_kn": _number(found.needed_b_kn[at]), "likely_cause": one.cause[a],
    }  # fmt: skip


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _one_silent(found: Candidates, at: int, known: Known, evidence: dict[int, list[str]]) -> Row:
    one, a, j = known.silences, int(found.silence[at]), int(found.other[at])
    f = {name: float(values[at]) for name, values in found.features.items()}
    waits = known.waits
    hull = int(waits.track[j])
    lay = evidence.get(at) or _positions(known.traces, hull, float(waits.start[j]), float(waits.end[j]))
    reasons = [
        _silent_sentence(one, a),
        (
            f"{hull // HULLS_PER_MMSI} was heard lying or hardly moving for {f['waited_h']:.1f} h from"
            f" {moment(waits.start[j]):%Y-%m-%d %H:%M} UTC, {waits.coast_km[j]:.0f} km off the coast"
        ),
        (
            f"the silent ship could have been there from {_span(found, at)}, {f['within']:.0%} of its possible stay,"
            f" at {found.needed_a_kn[at]:.1f} kn of its usual {one.speed_kn[a]:.1f} kn"
        ),
        *_course_sentences(f["course_before"], f["course_after"]),
    ]
    against = [
        *_silent_doubts(one, a, f["is_open"] > 0.0),
        *_doubt(
            f["waited_before_h"] < -APART_H,
            f"the one that waited came {-f['waited_before_h']:.1f} h later than the silent one could have",
        ),
        *_doubt(
            f["stayed_after_h"] < -APART_H,
            f"the one that waited left {-f['stayed_after_h']:.1f} h before the silent one had to",
        ),
        *_doubt(waits.others[j], f"{waits.others[j]} other ships lay within 15 km"),
        *_doubt(waits.beside[j], f"{waits.beside[j]} ships that were heard lay beside the one that waited"),
        *_doubt(waits.own[j], f"the one that waited lay at sea {waits.own[j]} other times"),
        *_doubt(waits.harbour_km[j] < 20, f"{waits.harbour_km[j]:.0f} km from a port or anchorage"),
        *_doubt(found.rivals[at], f"{found.rivals[at]} other candidates for either ship"),
    ]
    known_at = max(float(one.known[a]), _known(known.traces, hull, float(waits.end[j])))
    begun = float(waits.start[j])
    return {
        "track_b": hull, "usual_b_kn": None, "reasons": reasons, "reasons_against": against,
        "evidence": [one.id[a], *lay], "known_at": moment(known_at),
        "id": named("one_silent", known.definition, (one.id[a], hull), begun),
    }  # fmt: skip


def _both_silent(found: Candidates, at: int, known: Known, _: dict[int, list[str]]) -> Row:
    one, a, b = known.silences, int(found.silence[at]), int(found.other[at])
    f = {name: float(values[at]) for name, values in found.features.items()}
    reasons = [
        _silent_sentence(one, a),
        _silent_sentence(one, b),
        (
            f"both could have been within {found.radius_m[at] / 1000.0:.0f} km of one place from {_span(found, at)},"
            f" at {found.needed_a_kn[at]:.1f} and {found.needed_b_kn[at]:.1f} kn of their usual"
            f" {one.speed_kn[a]:.1f} and {one.speed_kn[b]:.1f} kn"
        ),
    ]
    if f["fit"] - f["null"] > COURSES:
        reasons.append("their courses before and after fit that place better than sailing on")
    against = [
        *_silent_doubts(one, a, bool(one.is_open[a])),
        *_silent_doubts(one, b, bool(one.is_open[b])),
        *_doubt(f["null"] - f["fit"] > COURSES, "their courses fit sailing on better than meeting"),
        *_doubt(found.rivals[at], f"{found.rivals[at]} other candidates for either ship"),
        "neither was heard there: the place is worked out, not seen",
    ]
    row: Row = {"reasons": reasons, "reasons_against": against, "evidence": [one.id[a], one.id[b]]}
    row |= {"track_b": int(one.track[b]), "usual_b_kn": float(one.speed_kn[b])}
    row |= {"known_at": moment(max(one.known[a], one.known[b]))}
    return row | {"id": named("both_silent", known.definition, (one.id[a], one.id[b]), float(one.start[a]))}


APART_H = 1.0
"""From so many hours coming later, or leaving earlier, than the silent ship could have is worth a sentence."""

COURSES = 1.0
"""From this logarithm of a likelihood ratio on courses are worth a sentence."""


def _silent_sentence(one: Silences, a: int) -> str:
    until = "and was not heard again" if one.is_open[a] else f"until {moment(one.end[a]):%Y-%m-%d %H:%M} UTC"
    return (
        f"{int(one.track[a]) // HULLS_PER_MMSI} was silent for {one.lasts_h[a]:.1f} h from"
        f" {moment(one.start[a]):%Y-%m-%d %H:%M} UTC {until}"
    )


def _span(found: Candidates, at: int) -> str:
    return f"{moment(found.start[at]):%Y-%m-%d %H:%M} to {moment(found.end[at]):%Y-%m-%d %H:%M} UTC"


def _course_sentences(before: float, after: float) -> list[str]:
    told = [
        "its course before the silence leads there" if before > COURSES else "",
        "its course after the silence comes from there" if after > COURSES else "",
    ]
    return [sentence for sentence in told if sentence]


def _silent_doubts(one: Silences, a: int, is_open: bool) -> list[str]:  # noqa: FBT001 - a claim, not a switch
    who = int(one.track[a]) // HULLS_PER_MMSI
    cause, sure = one.cause[a], one.sure[a]
    return [
        *_doubt(one.together[a], f"{one.together[a]} other ships fell silent and came back with {who}"),
        *_doubt(
            cause not in (None, "switched_off", "unknown") and sure > 0.5,
            f"the likely cause of {who}'s silence is: {cause}",
        ),
        *_doubt(is_open, f"{who} was not heard again, so how it went on is not known"),
        *_doubt(
            one.harbour_km[a] < 10, f"{who} was silent {one.harbour_km[a]:.0f} km from a port or anchorage"
        ),
        *_doubt(one.before_kn[a] < 2.5, f"{who} already lay still when it fell silent"),
    ]


def _doubt(holds: object, sentence: str) -> list[str]:
    return [sentence] if holds else []


def _known(traces: Traces, track: int, hour: float) -> float:
    row = traces.row_before(np.array([track]), np.array([hour]))[0]
    return float(traces.known[row]) if row >= 0 else hour


def _positions(traces: Traces, track: int, *hours: float) -> list[str]:
    """Name the positions in which a hull was heard at these moments."""
    rows = traces.row_before(np.full(len(hours), track), np.asarray(hours) + 1e-9)
    ids = [position_id(track // HULLS_PER_MMSI, moment(traces.hour[r])) for r in rows if r >= 0]
    return sorted(set(ids))


def _loitering_ids(known: Known, found: Candidates) -> dict[int, list[str]]:
    """Give the loiterings that show each wait, by row of the candidates."""
    waits, j = known.waits, found.other
    asked = pl.DataFrame({
        "row": np.arange(len(found)), "track_a": waits.track[j],
        "begun": times(waits.start[j]), "ended": times(waits.end[j]),
    })  # fmt: skip
    lay = known.loiterings.select("id", "track_a", "start", "end")
    both = asked.join(lay, on="track_a").filter(
        pl.col("start") < pl.col("ended"), (pl.col("end") > pl.col("begun")) | pl.col("end").is_null()
    )
    ids = both.sort("row", "start", "id").group_by("row", maintain_order=True).agg("id")
    return dict(ids.iter_rows())


def table(rows: list[Row]) -> pl.DataFrame:
    """Make a table of ``PossibleMeeting``, the likeliest first."""
    wanted = schema(PossibleMeeting)
    defaults: Row = dict.fromkeys(wanted) | {"version": 1}
    frame = pl.DataFrame([defaults | row for row in rows], schema=wanted, orient="row").with_columns(
        mmsi_a=mmsi_of(pl.col("track_a")), mmsi_b=mmsi_of(pl.col("track_b"))
    )
    return frame.sort("probability", "window_start", "id", descending=[True, False, False])
