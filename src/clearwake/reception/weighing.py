"""Weighing: how the evidence on a silence is shared out among its causes.

What an outage or a berth explains is explained.  The rest is weighed between a ship's own doing and how ships are
heard there, by adding up logarithms of odds: each piece of evidence counts as much more likely it is of the one than of
the other.  The weights were chosen on planted scenes of three kinds of traffic, and held against scenes of a generator
written by somebody else (docs/reception.md); they order explanations and are no probabilities of a court.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from clearwake.reception.evidence import Evidence
from clearwake.reception.usual import discount
from clearwake.sphere import Floats

CAUSES = ("switched_off", "out_of_reception", "feed_outage", "moored", "crowding", "unknown")

SURE = 0.4
"""Less than this is not enough to call a silence switched off; its cause is then unknown."""

PRIOR, BRIEF, BRIEF_H = -1.0, 2.0, (2.0, 6.0)
"""Logarithm of the odds of switching off, of a silence of which nothing is known yet; less for brief ones, which are
mostly nobody's doing: all of the second at two hours, nothing from six."""

MISSED, MISSED_MOST = 0.8, 6.0
"""Hours missed depend on each other: of the logarithm of their chance four fifths count, and no more than to e^-6."""

POOR, EDGE, LIKEWISE, OUTWARD, FADES = 3.25, 1.0, 1.0, 1.25, 0.45
"""All of the way where ships are seldom heard; the logarithm of an edge's odds; other silences of its own as long; a
course straight away from the coast, and back; heard less than half as often in its last two hours as before."""

FADING = 0.5

WELL_KNOWN = 0.4
"""From here on what is known of these waters is enough; less of it leaves as much less of what speaks for its doing."""

OWN_H, ALONE = 2.0, 0.75
"""Two hours in which a ship was itself heard as far out leave about a third of the doubt, and a quarter stays where no
other ship is near: a station that hears this ship alone may itself have failed."""

FEW_LEFT, NONE_LEFT, NOT_ENDED = 0.75, 0.4, 0.85
"""Neighbours that mostly fell silent too point to the receiver, several of which none was heard on all but prove it;
nothing tells where a silence leads that is open."""

SEVERAL = 5

FEED_H = 100.0
"""From so many ship-hours on, that nobody is heard anywhere in some waters says something about these waters."""

EMPTY_H = 6.0
"""So do ship-hours within 111 km, the fewer they are against this."""

CROWD = 20
"""So many ships within 30 km are a crowd.  Messages collide in crowds: from orbit, where a satellite hears thousands at
once, and near the limit of a station's slots (ITU-R M.2084 and M.1371-5 annex 2).  The number is this project's."""

HARBOUR_KM, ROADS_KM, QUAY_KM, TERRITORIAL_SEA_KM = 4.0, 10.0, 2.0, 22.224
AT_ANCHOR, MOORED = 1.0, 5.0
"""Navigational status, ITU-R M.1371-5 table 45."""

ARRIVES_KN = 6.0
SAME_PLACE_KM = 3.0
MAKES_FAST_KM, HASTES_KN = 1.5, 10.0
"""Ships are last heard about so far from the berth they make for, and seldom at this speed."""
LIES_THERE, LIES_ELSEWHERE = 0.5, 0.1
"""Beside a port or anchorage ships lie even if they are never heard lying; one that is not may else lie nowhere."""

LANDS_KM = 0.5
SAME_BERTH_KM = 0.3
"""Heard again this near to where it fell silent, at a quay, a ship most likely never left it."""


def weighed(e: Evidence) -> pl.DataFrame:
    """Share the evidence out among the causes.

    Args:
        e: The evidence on some silences.

    Returns:
        A column for each of ``CAUSES``: its part of the evidence, 0 to 1, in all 1.
    """
    outage = np.where(e.outage_share >= 0.5, np.clip(e.outage_share, 0.0, 0.97), 0.5 * e.outage_share)
    outage = np.where(e.with_outage, np.maximum(outage, 0.6), outage)
    moored = _moored(e) * (1.0 - outage)
    rest = 1.0 - outage - moored
    own_doing = 1.0 / (1.0 + np.exp(-log_odds(e)))
    unheard = rest * (1.0 - own_doing) * _reception_known(e)
    crowded = (e.crowd >= CROWD) & (_poor(e) >= 0.3)
    scores = {
        "switched_off": rest * own_doing * _doing_known(e) * (1.0 - e.cut_share),
        "out_of_reception": np.where(crowded, 0.2, 1.0) * unheard, "feed_outage": outage,
        "moored": moored, "crowding": np.where(crowded, 0.8, 0.0) * unheard,
    }  # fmt: skip
    unsure = scores["switched_off"] < SURE
    most = np.max([scores[name] for name in CAUSES if name not in ("switched_off", "unknown")], axis=0)
    # What is not sure enough to be said of a ship is left unknown, unless something else explains the silence better.
    scores["switched_off"] = np.where(unsure & (scores["switched_off"] >= most), 0.0, scores["switched_off"])
    scores["unknown"] = np.maximum(1.0 - sum(scores.values()), 0.0)
    return pl.DataFrame({name: np.round(scores[name], 3) for name in CAUSES})


def log_odds(e: Evidence) -> Floats:
    """Give the logarithm of the odds of a ship's own doing against how ships are heard there: ``(n,)``.

    Hours in which a ship should have been heard and was not speak for its doing; that ships are seldom heard there,
    that it left or came back over an edge of what is heard or straight away from the coast, that it is often silent as
    long or was fading, and that others there are as long silent, speak against.
    """
    # Who is itself seldom heard has missed no more than it would have been heard.
    own = e.own_quarters * e.looked_h * (1.0 - e.outage_share)
    missed = np.minimum(np.minimum(e.missed, own), MISSED_MOST)
    brief = np.clip((BRIEF_H[1] - e.lasted_h) / (BRIEF_H[1] - BRIEF_H[0]), 0.0, 1.0)
    fades = np.nan_to_num(e.fading, nan=1.0) < FADING
    return np.asarray(
        PRIOR - BRIEF * brief + MISSED * missed - POOR * _poor(e) - EDGE * np.log(e.edge_odds)
        - LIKEWISE * (e.likewise >= 1) - OUTWARD * e.outward - FADES * fades + np.log(discount(e.usual_a_day))
    )  # fmt: skip


def _poor(e: Evidence) -> Floats:
    """Say for which part of it, outages left out, it was where ships are seldom heard."""
    return np.asarray(e.poor_share / np.maximum(1.0 - e.outage_share, 1e-9))


def _doing_known(e: Evidence) -> Floats:
    """Say how much is known that a ship's own doing could rest on: 0 to 1."""
    known = np.maximum(1.0 - np.exp(-e.close_heard / 2.0), 1.0 - np.exp(-e.near_h / 4.0))
    known = np.maximum(known, 0.75 * (1.0 - np.exp(-e.region_h / 35.0)))
    known = np.maximum(known, 0.6 * np.clip(e.record_h / 12.0, 0.0, 1.0) * (e.own_quarters >= 1.0))
    own_waters = (1.0 - np.exp(-e.own_farther_h / OWN_H)) * (e.own_quarters >= 1.0)
    known = np.maximum(known, own_waters * np.where(e.neighbours_heard == 0, ALONE, 1.0))
    # Where nobody at all was heard meanwhile, nothing tells a silent ship from a silent feed.
    known = np.minimum(known / WELL_KNOWN, 1.0) * e.anybody
    part_left = np.clip(2.0 * e.neighbours_heard / np.maximum(e.neighbours_before, 1), 0.0, 1.0)
    few = np.where(e.neighbours_before >= SEVERAL, NONE_LEFT + (FEW_LEFT - NONE_LEFT) * part_left, FEW_LEFT)
    left = np.where(2 * e.neighbours_heard < e.neighbours_before, few, 1.0)
    return np.asarray(known * left * np.where(e.is_open, NOT_ENDED, 1.0))


def _reception_known(e: Evidence) -> Floats:
    """Say how much is known of how ships are heard there: 0 to 1."""
    known = np.maximum(1.0 - np.exp(-e.near_h / 3.0), 0.9 * (1.0 - np.exp(-e.region_h / 8.0)))
    known = np.maximum(known, 0.8 * (1.0 - np.exp(-e.band_h / 60.0)))
    known = np.maximum(known, 0.8 * (e.likewise >= 2))
    # Nobody at these distances from the coast, and many nearer to it, is a limit of what is heard.
    known = np.maximum(known, 0.7 * ((e.band_h < 3.0) & (e.heard_h >= FEED_H)))
    known = np.maximum(known, 0.9 * np.exp(-e.near_h / EMPTY_H) * (e.heard_h >= FEED_H))
    # So is an edge, the likelier it is of a ship that left.
    return np.asarray(np.maximum(known, 1.0 - 1.0 / e.edge_odds))


def _moored(e: Evidence) -> Floats:
    """Say how much speaks for lying at a berth or in a roadstead with the transmitter off or seldom heard."""
    moved = np.where(e.is_open, 0.0, np.nan_to_num(e.moved_km, nan=0.0))
    same_place = moved <= SAME_PLACE_KM
    at_quay = (e.harbour_km <= HARBOUR_KM) | (e.coast_km <= QUAY_KM)
    at_quay |= (e.harbour_km <= ROADS_KM) & (e.coast_km <= 2.5 * QUAY_KM)
    at_quay |= (e.nav_status == MOORED) & (e.coast_km <= ROADS_KM)
    says = np.isin(e.nav_status, (AT_ANCHOR, MOORED))
    in_roads = says & (e.coast_km <= TERRITORIAL_SEA_KM) & same_place & ~e.is_open
    arrives = ~e.lies & (e.speed_kn <= ARRIVES_KN) & same_place
    arrives &= (e.harbour_km <= SAME_PLACE_KM) | (e.coast_km <= 1.0)
    # Who was next heard elsewhere sailed there unheard: the farther, and the shorter it had lain, the less it only lay.
    sailed_km = np.maximum(moved - SAME_PLACE_KM, 0.0)
    stays = np.exp(-sailed_km / np.clip(12.0 * e.lay_h, 3.0, 24.0))
    lying = np.where(e.is_open, 0.85, 0.95) * stays
    score = np.where(e.lies & at_quay, lying, 0.0)
    # A ferry that makes fast and switches off within a minute is never heard lying, only heard again at its berth.
    at_berth = at_quay & ~e.is_open & (moved <= SAME_BERTH_KM)
    score = np.maximum(score, np.where(at_berth, 0.9, 0.0))
    score = np.maximum(score, np.where(e.lies & in_roads, 0.8, 0.0))
    # At a quay, and hours later still or again near there, is to have lain there; unless the craft never goes far.
    known_to_lie = np.where(e.harbour_km <= MAKES_FAST_KM, LIES_THERE, LIES_ELSEWHERE) + e.own_still
    lay = known_to_lie * np.exp(-moved / MAKES_FAST_KM) * np.where(e.speed_kn > HASTES_KN, 0.5, 1.0)
    # In roads, with no port near, the farther both ends are from the shore, the less it made fast there.
    off_km = np.where(e.harbour_km > HARBOUR_KM, np.maximum(e.shore_km - LANDS_KM, 0.0), 0.0)
    lay = lay * np.exp(-off_km / MAKES_FAST_KM)
    there = at_quay & same_place & ~e.is_open
    score = np.maximum(score, np.where(there, lay / (lay + np.maximum(e.own_near, 0.05)), 0.0))
    return np.asarray(np.maximum(score, np.where(arrives & e.is_open, 0.7, 0.0)))
