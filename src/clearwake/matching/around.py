"""Who was heard around a place at a moment, and who was silent: whether a hull there could have been heard at all.

A hull that no track explains is only dark where AIS was heard.  A feed that fails, or a place out of reception, makes
no ship dark: there the ships whose ways lead past are silent too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from clearwake import sphere
from clearwake.matching.course import Placed, Tracks
from clearwake.sphere import KNOT_M_PER_S, Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AROUND_M = 92_600.0
"""50 nautical miles: about as far as one receiver ashore hears ships, and the reach within which silence or speech of
ships says whether another could have been heard.  Stations ashore reach 40 to 60 nautical miles (ITU-R M.2123)."""

NEAR_M = 25_000.0
"""What a ship heard or silent says about a place fades to a third over this distance."""

RING_M = 250_000.0
REACHES_M = (1500.0, 3000.0, 10_000.0, 30_000.0)
"""How closely ships and hulls lie is counted over the first of these that holds three, or the last."""

HEARD_S = 3600.0
"""A ship counts as heard where its silence around the moment is no longer, or at most three times its usual one."""

SILENT_S = 12 * 3600.0
"""Where a ship was in a longer silence says nothing about reception at one place."""

UNDER_WAY_KN, WENT_M = 2.0, 4000.0
"""A silent ship counts against reception where its way led on: ships lying at berth switch off."""

TOGETHER_S = 1200.0
"""Ships that fell silent within this of each other fell silent together, as they do when a receiver or feed fails."""

FEW = 3


@dataclass(frozen=True)
class Around:
    """Who was heard around each hull at its moment; ``(n,)`` each."""

    heard: Ints
    """Ships within 50 nautical miles that were heard then."""
    silent: Ints
    """Ships whose way leads within 50 nautical miles, but who were silent then."""
    gone: Ints
    """Of these, the ones that were under way, or fell silent together."""
    heard_worth: Floats
    """The heard ones, those near counting more."""
    gone_worth: Floats
    """Likewise the gone ones."""
    nearest_m: Floats
    """To the nearest that was heard."""
    otherwise: Ints
    """Where nobody was heard: ships heard within 50 nautical miles in the twelve hours around."""
    ring: Ints
    """Ships heard then within 250 km."""
    dense_per_m2: Floats
    """How closely ships that were heard lie."""


def nobody(n: int) -> Around:
    """Give what is known around ``n`` hulls before anything was looked at; filled in place."""
    heard, silent, gone, otherwise, ring = (np.zeros(n, np.int64) for _ in range(5))
    worth, lost, dense = np.zeros(n), np.zeros(n), np.zeros(n)
    return Around(heard, silent, gone, worth, lost, np.full(n, np.inf), otherwise, ring, dense)


def is_silent(tracks: Tracks, which: Ints, at: Placed) -> Bools:
    """Say which ships were silent for more than an hour, and more than three times their usual silence."""
    usual = np.nan_to_num(tracks.usual_s[which], nan=0.0)
    silence_s = np.where(np.isfinite(at.gap_s), at.gap_s, 2.0 * at.age_s)
    return np.asarray(silence_s > np.maximum(HEARD_S, 3.0 * usual), np.bool_)


def look_around(place: Floats, rows: Ints, tracks: Tracks, at: Placed, around: Around) -> None:
    """Fill in who was heard around hulls at one moment: ``place: (k, 3)`` of ``rows: (k,)``, ``at`` of every track."""
    everyone = np.arange(tracks.track.size, dtype=np.int64)
    silent = is_silent(tracks, everyone, at)
    is_placed = np.isfinite(at.place[:, 0])
    heard = np.flatnonzero(is_placed & ~silent)
    lost = np.flatnonzero(is_placed & silent & (at.age_s <= SILENT_S))
    if heard.size:
        tree = cKDTree(at.place[heard])
        around.nearest_m[rows] = sphere.arc_m(tree.query(place)[0])
        around.ring[rows] = tree.query_ball_point(place, sphere.chord_m(RING_M), return_length=True)
        around.dense_per_m2[rows] = density_per_m2(tree, place)
        hull, ship = _within(tree, place)
        around.heard[rows] = np.bincount(hull, minlength=rows.size)
        around.heard_worth[rows] = _worth(place[hull], at.place[heard[ship]], hull, rows.size)
    if lost.size:
        hull, ship = _within(cKDTree(at.place[lost]), place)
        around.silent[rows] = np.bincount(hull, minlength=rows.size)
        counts = _went(tracks, at)[lost[ship]] | _together(tracks, at, hull, lost[ship])
        hull, ship = hull[counts], lost[ship[counts]]
        around.gone[rows] = np.bincount(hull, minlength=rows.size)
        around.gone_worth[rows] = _worth(place[hull], at.place[ship], hull, rows.size)


def density_per_m2(tree: cKDTree, place: Floats) -> Floats:
    """Give how closely the points of a tree lie around places: ``(k, 3) -> (k,)`` per square metre."""
    found = np.zeros(len(place))
    is_open = np.ones(len(place), np.bool_)
    for reach_m in REACHES_M:
        lying = tree.query_ball_point(place[is_open], sphere.chord_m(reach_m), return_length=True)
        found[is_open] = lying / (np.pi * reach_m**2)
        is_open[is_open] = lying < FEW
    return found


def _within(tree: cKDTree, place: Floats) -> tuple[Ints, Ints]:
    found = tree.query_ball_point(place, sphere.chord_m(AROUND_M), return_sorted=False)
    hull = np.repeat(np.arange(len(found), dtype=np.int64), [len(each) for each in found])
    return hull, np.concatenate([np.asarray(each, np.int64) for each in found])


def _worth(here: Floats, there: Floats, hull: Ints, hulls: int) -> Floats:
    return np.asarray(np.bincount(hull, np.exp(-sphere.between_m(here, there) / NEAR_M), hulls), np.float64)


def _went(tracks: Tracks, at: Placed) -> Bools:
    """Say which ships went on through their silence."""
    both = (at.before >= 0) & (at.after >= 0)
    moved_m = np.where(both, sphere.between_m(tracks.place[at.before], tracks.place[at.after]), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        speed_kn = np.where(both & (at.gap_s > 0), moved_m / at.gap_s, 0.0) / KNOT_M_PER_S
    return np.asarray((moved_m >= WENT_M) & (speed_kn >= UNDER_WAY_KN), np.bool_)


def _together(tracks: Tracks, at: Placed, hull: Ints, ship: Ints) -> Bools:
    """Say which silent ships around a hull fell silent with two others at least: ``(k,), (k,) -> (k,)``."""
    begun_s = np.where(at.before[ship] >= 0, tracks.ms[at.before[ship]] / 1000.0, np.nan)
    together = np.zeros(hull.size, np.bool_)
    order = np.lexsort((begun_s, hull))
    bounds = np.flatnonzero(np.diff(hull[order])) + 1
    for rows in np.split(order, bounds):
        moments = begun_s[rows]
        known = moments[np.isfinite(moments)]
        if known.size >= FEW:
            first = np.searchsorted(known, moments - TOGETHER_S / 2.0)
            last = np.searchsorted(known, moments + TOGETHER_S / 2.0, "right")
            together[rows] = (last - first >= FEW) & np.isfinite(moments)
    return together


def heard_otherwise(place: Floats, ms: Ints, tracks: Tracks, around: Around) -> None:
    """Count the ships heard within 50 nautical miles in the twelve hours around, where nobody was at the moment."""
    alone = np.flatnonzero((around.heard == 0) & (around.silent == 0) & (around.ring > 0))
    if not alone.size:
        return
    owner = np.repeat(np.arange(tracks.track.size), np.diff(tracks.first))
    tree = cKDTree(tracks.place)
    for row in alone:
        found = np.asarray(tree.query_ball_point(place[row], float(sphere.chord_m(AROUND_M))), np.int64)
        then = found[np.abs(tracks.ms[found] - ms[row]) <= SILENT_S * 500.0] if found.size else found
        around.otherwise[row] = np.unique(owner[then]).size


def is_searched(around: Around) -> Bools:
    """Say where a hull with AIS would have been heard: ``(n,)``.

    Somebody was heard within 50 nautical miles, and of the ships near, those that were under way or fell silent
    together do not weigh more; or nobody was there to be heard, but others were at other hours, and the feed around
    was alive.
    """
    failed = (around.gone >= FEW) & (around.gone_worth > around.heard_worth)
    known = (around.heard == 0) & (around.silent == 0) & (around.otherwise > 0) & (around.ring > 0)
    return np.asarray(((around.heard > 0) & ~failed) | known, np.bool_)


def reception(around: Around) -> Floats:
    """Say how well AIS was heard there then: ``(n,)``, 0 to 1.  An order, no probability.

    The share of the ships near that were heard, and how near and how many they were.
    """
    share = around.heard_worth / np.maximum(around.heard_worth + around.gone_worth, 1e-9)
    return np.asarray(share * (1.0 - np.exp(-2.0 * around.heard_worth)))
