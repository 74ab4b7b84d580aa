"""Signs: what was measured of a candidate, as the few numbers its odds are added up from.

Each sign is kept within bounds, so that no single strange value decides.  What was not measured is 0: it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.both_silent import late
from clearwake.whereabouts.unseen.traces import MOVING_KN, Bools, Ints

Signs = dict[str, Floats]

PLAUSIBLE = 0.25
"""Only candidates together for this share of the silent one's possible stay, or of both stays, count as rivals."""

WAITED_H, STAYED_H = 8.0, 6.0
"""Long for a ship to wait before the silent one can have come, and to stay after it has to have left.  That is what
ships do that are to be met, so it is weighed apart from coming late and leaving early, which they do not."""

MANY_WAIT = float(np.log1p(1.0))
"""One other that waits near says as much as many: cargo passes where ships gather, and each is weighed as a rival."""

AWAY_KN, STILL_KN = 5.0, 2.5


def of_one_silent(f: Signs) -> Signs:
    """Give the signs of candidates of which one side is silent; weights of each are in ``weights.json``."""
    return {
        "within": f["within"],
        "came_late": _known(late(np.maximum(-f["waited_before_h"], 0.0)), 6.0),
        "left_early": _known(late(np.maximum(-f["stayed_after_h"], 0.0)), 6.0),
        "waited_before": np.clip(f["waited_before_h"] / WAITED_H, 0.0, 2.0),
        "stayed_after": np.where(
            np.isnan(f["stayed_after_h"]), 0.2, np.clip(f["stayed_after_h"] / STAYED_H, 0.0, 2.0)
        ),
        "course_before": np.clip(f["course_before"], -2.0, 3.0),
        "course_after": np.clip(f["course_after"], -2.0, 3.0),
        "close": f["close"],
        "stayed_under_2_h": _under(np.minimum(f["spared_h"], f["waited_h"]), 2.0),
        "waited_over_12_h": np.clip((f["waited_h"] - 12.0) / 12.0, 0.0, 1.0),
        "slack_share": np.clip(f["slack_share"], 0.0, 1.0),
        "still_before": _slow(f["before_kn"]),
        "still_after": _slow(f["after_kn"]),
        "is_open": f["is_open"],
        "silent_together": np.minimum(f["together"], 3.0),
        "silent_near_harbour": _near_km(f["silence_harbour"], 10.0),
        "wait_near_harbour": _near_km(f["wait_harbour"], 20.0),
        "wait_near_coast": _near_km(f["wait_coast"], 20.0),
        "others_waiting": np.minimum(f["wait_others"], MANY_WAIT),
        "company": np.minimum(f["wait_beside"], 1.5),
        "waits_often": np.minimum(f["wait_own"], 2.0),
        "came_from_passage": _moves(f["came_kn"]),
        "went_on_passage": _moves(f["left_kn"]),
    }


def of_both_silent(f: Signs) -> Signs:
    """Give the signs of candidates of which both sides are silent; weights of each are in ``weights.json``."""

    def both(name: str, turn: Callable[[Floats], Floats]) -> Floats:
        return turn(f[f"{name}_a"]) + turn(f[f"{name}_b"])

    return {
        "overlap": f["overlap"],
        "overlap_above_half": np.maximum(f["overlap"] - 0.5, 0.0),
        "arrival_apart": _known(late(f["off_start_h"]), 6.0),
        "departure_apart": _known(late(f["off_end_h"]), 6.0),
        "courses_fit": np.clip(f["fit"], -4.0, 9.0),
        "sailing_on_fits": np.clip(f["null"], -4.0, 9.0),
        "stayed_under_2_h": _under(f["both_h"], 2.0),
        "few_places": np.minimum(f["few"], 4.0),
        "slack_share": both("slack_share", lambda x: np.clip(x, 0.0, 1.0)),
        "still_before": both("before_kn", _slow),
        "still_after": both("after_kn", _slow),
        "is_open": f["is_open"],
        "silent_together": both("together", lambda x: np.minimum(x, 3.0)),
        "silent_near_harbour": both("harbour", lambda x: _near_km(x, 10.0)),
        "silent_near_coast": both("coast", lambda x: _near_km(x, 20.0)),
    }


def counted(one: Ints, other: Ints, together: Floats, *, is_one_kind: bool) -> Ints:
    """Count the other plausible candidates that either side of each candidate is part of: ``(n,)``.

    Args:
        one: One side of each candidate.
        other: The other side.
        together: The share of a stay that was spent together, 0 to 1.
        is_one_kind: Whether both sides are numbered alike.
    """
    both = (rivals_among if is_one_kind else rivals)(one, other, together >= PLAUSIBLE)
    return np.asarray(np.rint(np.expm1(both[0]) + np.expm1(both[1])), np.int64)


def rivals(one: Ints, other: Ints, is_plausible: Bools) -> tuple[Floats, Floats]:
    """Count, for each side of each candidate, the other plausible candidates it is part of: logarithms of 1 more."""
    weight = is_plausible.astype(np.float64)
    return _others(one, weight), _others(other, weight)


def rivals_among(a: Ints, b: Ints, is_plausible: Bools) -> tuple[Floats, Floats]:
    """Count likewise where both sides are of one kind."""
    weight = is_plausible.astype(np.float64)
    top = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    total = np.bincount(a, weight, minlength=top) + np.bincount(b, weight, minlength=top)
    return np.log1p(np.maximum(total[a] - weight, 0.0)), np.log1p(np.maximum(total[b] - weight, 0.0))


def _others(of: Ints, weight: Floats) -> Floats:
    total = np.bincount(of, weight, minlength=1)
    return np.asarray(np.log1p(np.maximum(total[of] - weight, 0.0)) if len(of) else np.empty(0))


def _known(value: Floats, most: float) -> Floats:
    """Keep a measure under a bound; typical, 1, where there is none."""
    return np.where(np.isnan(value), 1.0, np.minimum(value, most))


def _under(hours: Floats, least_h: float) -> Floats:
    return np.asarray(np.clip((least_h - hours) / least_h, 0.0, 1.0))


def _near_km(log_km: Floats, within_km: float) -> Floats:
    """Grow from 0 at a distance to 1 at the place itself; takes ``log1p`` of kilometres."""
    return np.asarray(np.clip(1.0 - np.expm1(np.minimum(log_km, 20.0)) / within_km, 0.0, 1.0))


def _slow(speed_kn: Floats) -> Floats:
    """Say whether a hull hardly moved; half where nobody knows."""
    return np.where(np.isnan(speed_kn), 0.5, (speed_kn < MOVING_KN).astype(np.float64))


def _moves(speed_kn: Floats) -> Floats:
    """Say whether a hull was on passage; half where nobody knows."""
    return np.where(np.isnan(speed_kn), 0.5, np.clip((speed_kn - STILL_KN) / (AWAY_KN - STILL_KN), 0.0, 1.0))
