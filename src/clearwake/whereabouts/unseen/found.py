"""Finding: silences and waits to possible meetings of two hulls, weighed against each other and against nobody.

Both kinds are weighed together, because a silence that was spent with one ship was not spent with another.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from clearwake import sphere
from clearwake.places import Atlas
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen import both_silent, one_silent
from clearwake.whereabouts.unseen.signs import Signs, counted, of_both_silent, of_one_silent
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.traces import Ints, Traces
from clearwake.whereabouts.unseen.waiting import Waits
from clearwake.whereabouts.unseen.weigh import shared, weights

KINDS = ("one_silent", "both_silent")


@dataclass(frozen=True)
class Candidates:
    """Possible meetings of one kind: ``n`` of them; ``other`` is a row of waits, or of silences."""

    kind: str
    silence: Ints
    other: Ints
    start: Floats
    """Hours since 1970."""
    end: Floats
    place: Floats
    """``(n, 3)``"""
    radius_m: Floats
    needed_a_kn: Floats
    needed_b_kn: Floats
    """Not a number where the other was heard."""
    rivals: Ints
    features: Signs
    signs: Signs

    def __len__(self) -> int:
        """Count them."""
        return len(self.silence)


def candidates(silences: Silences, waits: Waits, traces: Traces) -> tuple[Candidates, Candidates]:
    """Find every possible meeting of two hulls: with one silent, and with both."""
    return _one_silent(silences, waits, traces), _both_silent(silences)


def _one_silent(silences: Silences, waits: Waits, traces: Traces) -> Candidates:
    i, j = one_silent.candidates(silences, waits)
    pairs = one_silent.measured(silences, waits, traces, i, j)
    keep = np.flatnonzero(one_silent.is_plausible(pairs.features))
    i, j, features = i[keep], j[keep], {n: v[keep] for n, v in pairs.features.items()}
    start, end = pairs.start[keep], pairs.end[keep]
    hull = waits.track[j]
    drifted = sphere.between_m(traces.at(hull, start), traces.at(hull, end)) / 2.0
    return Candidates(
        "one_silent", i, j, start, end, pairs.place[keep], drifted + BESIDE_M, pairs.needed_kn[keep],
        np.full(len(i), np.nan), counted(i, j, features["within"], is_one_kind=False), features,
        of_one_silent(features),
    )  # fmt: skip


BESIDE_M = 500.0
"""Ships alongside are within this of where the one that was heard is: antennas, hoses and errors of position."""


def _both_silent(silences: Silences) -> Candidates:
    i, j = both_silent.candidates(silences)
    met = both_silent.placed(silences, i, j)
    keep = np.flatnonzero(met.weight > both_silent.IMPOSSIBLE / 2.0)
    met = both_silent.picked(met, keep)
    i, j = i[keep], j[keep]
    features = both_silent.measured(silences, i, j, met)
    needed = [one_silent.needed_kn(silences.pick(k), met.place, met.start, met.end) for k in (i, j)]
    return Candidates(
        "both_silent", i, j, met.start, met.end, met.place, met.radius_m, needed[0], needed[1],
        counted(i, j, features["overlap"], is_one_kind=True), features, of_both_silent(features),
    )  # fmt: skip


def afloat(candidates: Candidates, atlas: Atlas) -> Candidates:
    """Leave out meetings on land: no water at the place, nor at sixteen others within its radius."""
    lon, lat = sphere.lonlat(candidates.place)
    dry = atlas.on_land(lon, lat)
    at = np.flatnonzero(dry)
    for share in (0.5, 1.0):
        for course in np.arange(0.0, 360.0, 45.0):
            far_m = candidates.radius_m[at] * share
            there = sphere.destination(lon[at], lat[at], np.full(at.size, course), far_m)
            wet = ~atlas.on_land(*there)
            dry[at[wet]] = False
            at = at[~wet]
    return _picked(candidates, np.flatnonzero(~dry))


def _picked(candidates: Candidates, rows: Ints) -> Candidates:
    values = {f.name: getattr(candidates, f.name) for f in fields(candidates) if f.name != "kind"}
    chosen: dict[str, Any] = {
        name: {n: v[rows] for n, v in value.items()} if isinstance(value, dict) else value[rows]
        for name, value in values.items()
    }
    return replace(candidates, **chosen)


def probabilities(
    one: Candidates, both: Candidates, silences: int, evidence: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Give the probability of each possible meeting, shared among those that have a silence or a wait in common.

    Args:
        one: Those of which one side is silent.
        both: Those of which both are.
        silences: How many silences there are, to number the sides.
        evidence: What else speaks for or against each, such as draught: added to the logarithm of its odds.
    """
    kinds = [weights(kind) for kind in KINDS]
    odds = [k.log_odds(c.signs) + e for k, c, e in zip(kinds, (one, both), evidence, strict=True)]
    together = shared(
        np.concatenate(odds),
        np.concatenate((one.silence, both.silence)),
        np.concatenate((one.other + silences, both.other)),
    )
    split = len(one)
    return together[:split], together[split:]
