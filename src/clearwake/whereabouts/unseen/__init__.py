"""Unseen: who could have met whom while one ship or both were not heard.

One search over all ships: thinned fixes, silences and waits go in; out come possible meetings with window, place,
reasons for and against, and a probability shared among all that could equally be meant.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake.model import HULLS_PER_MMSI, PossibleMeeting, empty
from clearwake.places import Atlas
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen import asked, chain, found, stated, told
from clearwake.whereabouts.unseen.found import Candidates
from clearwake.whereabouts.unseen.silent import Silences, silences
from clearwake.whereabouts.unseen.stated import Side
from clearwake.whereabouts.unseen.told import Known, table
from clearwake.whereabouts.unseen.traces import Bools, Ints, Legs, Traces, thinned, times, usual_speeds
from clearwake.whereabouts.unseen.waiting import waits
from clearwake.whereabouts.unseen.weigh import definition

__all__ = ["LEAST", "Traces", "definition", "judged_evidence", "possible_meetings", "thinned"]

LEAST = 0.01
"""The least probability of a sighting or a delivery that is worth telling: one in a hundred."""

MEETING_RATE = 0.006
"""Of two hulls less is not told: so many of all ships meet another unseen in a day, where the weights were fitted."""

HEARD_H, HEARD_WITHIN_H = 0.75, 3.0
"""Two ships heard together for so long, so shortly before or after, are told as that encounter and not once more."""


def possible_meetings(  # noqa: PLR0913 - one table of findings each, all by name
    *,
    silent: pl.DataFrame,
    traces: Traces,
    loiterings: pl.DataFrame,
    encounters: pl.DataFrame,
    claims: pl.DataFrame,
    seen: pl.DataFrame,
    atlas: Atlas,
    name: str,
) -> pl.DataFrame:
    """Find every possible meeting, the likeliest first.

    Args:
        silent: A table of silences.
        traces: Thinned fixes of all hulls.
        loiterings: A table of ``Loitering``, which waits are shown by.
        encounters: A table of ``Encounter``: what was heard is not told as unseen.
        claims: A table of ``IdentityClaim``, for draughts and trades.
        seen: Unnamed sightings, unidentified second ships and dark detections: as ``asked.sightings`` takes them.
        atlas: Coast, ports and anchorages.
        name: The definition that ids are made with.

    Returns:
        A table of ``PossibleMeeting``.
    """
    if not len(traces) or not silent.height:
        return empty(PossibleMeeting)
    legs = Legs.of(traces)
    one = silences(silent, traces, usual_speeds(traces, legs), atlas, float(traces.hour.max()))
    known = Known(one, waits(traces, legs, atlas), traces, loiterings, name)
    rows = _of_two(known, encounters, claims, atlas)
    pairs = table(rows)
    rows += chain.chains(pairs, encounters, name)
    rows += asked.sightings(seen, known, LEAST)
    rows += asked.deliveries(atlas.anchorages, claims, known, LEAST)
    return table(rows)


def _of_two(known: Known, encounters: pl.DataFrame, claims: pl.DataFrame, atlas: Atlas) -> list[told.Row]:
    """Find, weigh and tell possible meetings of two hulls."""
    one, both = found.candidates(known.silences, known.waits, known.traces)
    kinds = (one, found.afloat(both, atlas))
    draughts = [_draughts(known, c, claims) for c in kinds]
    evidence = [_evidence(known, c, claims, d[2]) for c, d in zip(kinds, draughts, strict=True)]
    shares = found.probabilities(*kinds, len(known.silences), (evidence[0], evidence[1]))
    rows: list[told.Row] = []
    for candidates, probability, draught in zip(kinds, shares, draughts, strict=True):
        new = ~_heard_together(known, candidates, encounters) & (probability >= MEETING_RATE)
        # Two hulls under one number are most often one ship whose positions did not fit together.
        first, other = known.silences.track[candidates.silence], _others(known, candidates).track
        new &= first // HULLS_PER_MMSI != other // HULLS_PER_MMSI
        rows += told.meetings(candidates, np.flatnonzero(new).tolist(), probability, draught, known)
    return rows


def _others(known: Known, candidates: Candidates) -> Side:
    """Give the other side of candidates: the hull that waited, or the second silent one."""
    side = known.waits if candidates.kind == "one_silent" else known.silences
    return Side(side.track[candidates.other], side.start[candidates.other], side.end[candidates.other])


def _firsts(known: Known, candidates: Candidates) -> Side:
    one, rows = known.silences, candidates.silence
    return Side(one.track[rows], one.start[rows], one.end[rows])


def _draughts(
    known: Known, candidates: Candidates, claims: pl.DataFrame
) -> tuple[Floats, Floats, list[str | None]]:
    a = stated.deeper_m(claims, _firsts(known, candidates))
    b = stated.deeper_m(claims, _others(known, candidates))
    return a, b, stated.agreement(a, b)


def judged_evidence(known: Known, candidates: Candidates, claims: pl.DataFrame) -> Floats:
    """Give what draughts, trades and causes add to the logarithm of the odds of candidates: ``(n,)``."""
    return _evidence(known, candidates, claims, _draughts(known, candidates, claims)[2])


def _evidence(
    known: Known, candidates: Candidates, claims: pl.DataFrame, draught: list[str | None]
) -> Floats:
    at_work = stated.working(claims)
    one, rows = known.silences, candidates.silence
    odds = stated.odds_of_draught(draught) + _causes(one, rows)
    if candidates.kind == "both_silent":
        odds = odds + _causes(one, candidates.other)
    other = _others(known, candidates)
    return np.asarray(
        odds + stated.odds_of_work(one.track[rows], at_work) + stated.odds_of_work(other.track, at_work)
    )


def _causes(one: Silences, rows: Ints) -> Floats:
    return stated.odds_of_cause(one.cause[pl.Series(rows, dtype=pl.UInt32)], one.sure[rows])


def _heard_together(known: Known, candidates: Candidates, encounters: pl.DataFrame) -> Bools:
    """Say which candidates are two ships that were heard together shortly before or after."""
    a, b = known.silences.track[candidates.silence], _others(known, candidates).track
    one, rows = known.silences, candidates.silence
    pairs = pl.DataFrame({
        "row": np.arange(len(candidates)), "track_a": np.minimum(a, b), "track_b": np.maximum(a, b),
        "first": times(one.start[rows] - HEARD_WITHIN_H), "last": times(one.end[rows] + HEARD_WITHIN_H),
    })  # fmt: skip
    met = encounters.select("track_a", "track_b", "start", "end", "together_h")
    near = pairs.join(met, on=["track_a", "track_b"]).filter(
        pl.col("together_h") >= HEARD_H,
        pl.col("start") < pl.col("last"),
        (pl.col("end") > pl.col("first")) | pl.col("end").is_null(),
    )
    known_rows = np.zeros(len(candidates), bool)
    known_rows[near["row"].to_numpy()] = True
    return known_rows
