"""Dark delivery: could a silent ship have called at a port and come back?

That it could says little; nearly every long silence passes some port.  So only ports of countries to which deliveries
are forbidden are asked about, and the answer is small unless courses point there, or the ship said afterwards that it
lay less deep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake import sphere
from clearwake.model.draught import LEAST_M
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.one_silent import courses
from clearwake.whereabouts.unseen.prism import bounds, stay
from clearwake.whereabouts.unseen.search import near_in_time_and_place
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.stated import Side, deeper_m
from clearwake.whereabouts.unseen.traces import Ints

COUNTRIES = ("PRK",)
"""Where deliveries are capped or forbidden: the DPRK (UN Security Council resolutions 2375 and 2397)."""

LEAST_H = 6.0
"""The shortest call in which a small tanker discharges; this project's judgement."""

PRIOR = 0.05
"""One in twenty silences that could have been such a call is taken to be one before courses are looked at; this
project's judgement, as nobody has counted them."""


LIGHTER, DEEPER = 2.0, -1.0
"""What a draught typed after the silence adds to the logarithm of the odds: a ship that delivered mostly says that it
lies less deep, one in ten or so of those that did not; who lies deeper has loaded.  This project's judgement."""

TYPED_H = 4.0
"""So long after the silence a draught still tells of it; much later it tells of the next port."""


@dataclass(frozen=True)
class Calls:
    """Silences in which a port could have been called at: ``n`` of them, each with the port that fits best."""

    silence: Ints
    port: Ints
    """Row of the table of anchorages."""
    start: Floats
    end: Floats
    probability: Floats
    others: list[list[int]]
    """The other such ports that would have done, those to which courses point better first."""
    deeper_m: Floats
    """How much deeper the ship said it lay afterwards; not a number where it did not say."""
    needed_kn: Floats


def could_have_called(silences: Silences, anchorages: pl.DataFrame, claims: pl.DataFrame) -> Calls:
    """Find silences that leave time for a call at a port of ``COUNTRIES`` at the ship's usual speed.

    Args:
        silences: Silences; those that last are left out, since nobody knows where they end.
        anchorages: A table of ``Anchorage``.
        claims: A table of ``IdentityClaim``, for draughts.
    """
    rows = np.flatnonzero(anchorages["country"].is_in(COUNTRIES).fill_null(value=False).to_numpy())
    places = sphere.unit_vectors(anchorages["lon"].to_numpy()[rows], anchorages["lat"].to_numpy()[rows])
    centre, radius = bounds(*silences.ends, silences.speed_kn, LEAST_H)
    radius = np.where(silences.is_open, -1.0, radius)
    begin, finish = silences.start.min(initial=np.inf), silences.end.max(initial=-np.inf)
    spots = (places, np.zeros(len(rows)), np.full(len(rows), begin), np.full(len(rows), finish))
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    found += near_in_time_and_place((centre, radius, silences.start, silences.end), spots, LEAST_H)
    i, k = (np.concatenate(column) for column in zip(*found, strict=True))
    first, last = stay(places[k], *silences.pick(i).ends, silences.pick(i).speed_kn)
    fits = last - first >= LEAST_H
    return _best(silences, i[fits], k[fits], rows, places, claims)


def _best(silences: Silences, i: Ints, k: Ints, rows: Ints, places: Floats, claims: pl.DataFrame) -> Calls:
    """Keep the port of each silence to which courses point best, and name the others."""
    one = silences.pick(i)
    steered = courses(one, places[k])
    fit = np.clip(steered["course_before"] + steered["course_after"], -3.0, 4.0)
    order = np.lexsort((k, -fit, i))
    i, k, fit = i[order], k[order], fit[order]
    first = np.r_[True, i[1:] != i[:-1]] if len(i) else np.empty(0, bool)
    others = [part[1:].tolist() for part in np.split(rows[k], np.flatnonzero(first)[1:])] if len(i) else []
    i, k, fit = i[first], k[first], fit[first]
    one = silences.pick(i)
    start, end = stay(places[k], *one.ends, one.speed_kn)
    deeper = deeper_m(claims, Side(one.track, one.start, one.end + TYPED_H))
    odds = PRIOR / (1.0 - PRIOR) * np.exp(fit + odds_of_unloading(deeper))
    way = sphere.between_m(one.left, places[k]) + sphere.between_m(places[k], one.back)
    needed = way / np.maximum(one.lasts_h - LEAST_H, 0.1) / 3600.0 / sphere.KNOT_M_PER_S
    return Calls(i, rows[k], start, end, odds / (1.0 + odds), others, deeper, needed)


def odds_of_unloading(deeper_m: Floats) -> Floats:
    """Give what a draught said after a silence adds to the logarithm of the odds of a delivery in it: ``(n,)``."""
    return np.select([deeper_m <= -LEAST_M, deeper_m >= LEAST_M], [LIGHTER, DEEPER], 0.0)
