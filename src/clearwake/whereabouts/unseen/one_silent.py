"""One side silent: a hull that is not heard, and one that waits where the first could have been.

What tells such a meeting from a chance: the silent one had time to spare while the other waited.  The other may have
come hours before, and left after: that is what waiting is.  That it came later, or left earlier, than the silent one
could have, speaks against a meeting.  The silent one's courses before and after lead to the place and from it, not past
it; few others could be meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.prism import bounds, stay
from clearwake.whereabouts.unseen.search import near_in_time_and_place
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.traces import MOVING_KN, Bools, Ints, Traces
from clearwake.whereabouts.unseen.waiting import Waits

LEAST_H = 0.5
"""Shorter than this together is not looked for: hoses alone take that long."""

TURN_DEG, OFF_M = 6.0, 4000.0
"""How exactly ships steer for a meeting: degrees, and metres on short ways."""

STEADY = 0.75
"""Share of ships whose course just before a silence leads to where they will stop, or after it from there."""


@dataclass(frozen=True)
class Pairs:
    """Silences and waits that could be one meeting: ``n`` of them."""

    silence: Ints
    wait: Ints
    start: Floats
    """Of the time both can have been there, at the silent one's usual speed as far as that fits; hours."""
    end: Floats
    place: Floats
    """Where the other was then: ``(n, 3)``."""
    needed_kn: Floats
    """What the silent one had to make to be there half of the time the other waited."""
    features: dict[str, Floats]


def candidates(silences: Silences, waits: Waits) -> tuple[Ints, Ints]:
    """Find each silence and wait of different hulls whose prism and place fit for half an hour."""
    centre, radius = bounds(*silences.ends, silences.most_kn, LEAST_H)
    circles = (centre, radius, silences.start, silences.end)
    spots = (waits.place, np.minimum(waits.spread_m, 20_000.0), waits.start, waits.end)
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for i, j in near_in_time_and_place(circles, spots, LEAST_H):
        other = silences.track[i] != waits.track[j]
        first, last = common(silences, waits, i[other], j[other], waits.place[j[other]])
        fits = last - first >= LEAST_H
        found.append((i[other][fits], j[other][fits]))
    i, j = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((j, i))
    return i[order], j[order]


def common(silences: Silences, waits: Waits, i: Ints, j: Ints, place: Floats) -> tuple[Floats, Floats]:
    """Give from when to when both can have been at a place at the most the silent one makes, hours."""
    one = silences.pick(i)
    first, last = stay(place, *one.ends, one.most_kn)
    return np.maximum(first, waits.start[j]), np.minimum(last, waits.end[j])


def measured(silences: Silences, waits: Waits, traces: Traces, i: Ints, j: Ints) -> Pairs:
    """Measure what speaks for and against each candidate being a meeting."""
    one, hull = silences.pick(i), waits.track[j]
    first, last = common(silences, waits, i, j, waits.place[j])
    place = traces.at(hull, (first + last) / 2.0)
    came, went = stay(place, *one.ends, one.speed_kn)
    start, end = np.maximum(came, waits.start[j]), np.minimum(went, waits.end[j])
    fits = end - start >= LEAST_H
    start, end = np.where(fits, start, first), np.where(fits, end, last)
    place = traces.at(hull, (start + end) / 2.0)
    came, went = stay(place, *one.ends, one.speed_kn)
    # A hull not heard again may have left at any time: its stay is taken to end with the wait.
    went = np.where(one.is_open, np.minimum(went, waits.end[j]), went)
    spared, waited = np.maximum(went - came, 0.0), waits.end[j] - waits.start[j]
    both = np.maximum(np.minimum(went, waits.end[j]) - np.maximum(came, waits.start[j]), 0.0)
    features = {
        "within": both / np.maximum(spared, 0.25),
        "waited_before_h": came - waits.start[j],
        "stayed_after_h": np.where(one.is_open, np.nan, waits.end[j] - went),
        "spared_h": spared,
        "waited_h": waited,
        "close": close(one, place),
        **courses(one, place),
        **silence_features(one),
        **wait_features(waits, j),
    }
    return Pairs(i, j, start, end, place, needed_kn(one, place, start, end), features)


def needed_kn(one: Silences, place: Floats, start: Floats, end: Floats) -> Floats:
    """Give the speed the silent ship needs for both ways if it stayed from start to end."""
    metres = sphere.between_m(one.left, place)
    onward = sphere.between_m(place, one.back)
    metres = metres + np.where(np.isnan(onward), 0.0, onward)
    hours = (start - one.start) + np.where(one.is_open, 0.0, one.end - end)
    return np.asarray(metres / np.maximum(hours, 1e-3) / 3600.0 / sphere.KNOT_M_PER_S)


CLOSE_M = 8_000.0


def close(one: Silences, place: Floats) -> Floats:
    """Say whether hulls fell silent, or were heard again, beside a place: 1 for each at it, less farther off."""
    onward = sphere.between_m(place, one.back)
    back = np.where(np.isnan(onward), 0.0, np.exp(-np.nan_to_num(onward) / CLOSE_M))
    return np.asarray(np.exp(-sphere.between_m(one.left, place) / CLOSE_M) + back)


def courses(one: Silences, place: Floats) -> dict[str, Floats]:
    """Say how much better courses fit a call at a place than sailing on: logarithms of likelihood ratios."""
    is_open = one.is_open
    back = np.where(is_open[:, None], one.left, one.back)
    to_place = steered(one.before_kn, one.before_deg, one.left, place)
    to_next = steered(one.before_kn, one.before_deg, one.left, back)
    from_place = steered(one.after_kn, one.after_deg + 180.0, back, place)
    from_last = steered(one.after_kn, one.after_deg + 180.0, back, one.left)
    return {"course_before": to_place - to_next, "course_after": from_place - from_last}


def steered(speed_kn: Floats, course_deg: Floats, here: Floats, there: Floats) -> Floats:
    """Give how much likelier a course is for a ship bound there than for one bound anywhere: a logarithm.

    The angle between course and bearing is taken as Laplace distributed, wider on short ways, with a share of ships
    that turn later; 0 where the ship was not under way, or is there already.
    """
    way_m = sphere.between_m(here, there)
    bearing = sphere.bearing_deg(*sphere.lonlat(here), *sphere.lonlat(there))
    angle = np.abs((course_deg - bearing + 180.0) % 360.0 - 180.0)
    width = TURN_DEG + np.degrees(np.arctan2(OFF_M, np.maximum(way_m, 1.0)))
    steady = np.exp(-angle / width) / (width * (1.0 - np.exp(-180.0 / width)))
    ratio = STEADY * steady * 180.0 + (1.0 - STEADY)
    known = (speed_kn > MOVING_KN) & np.isfinite(angle) & (way_m > 2000.0)
    return np.where(known, np.log(ratio), 0.0)


def silence_features(one: Silences) -> dict[str, Floats]:
    """Give what is known of silences by themselves."""
    direct = stay(one.left, *one.ends, one.speed_kn)
    slack = np.maximum(direct[1] - direct[0], 0.0)
    return {
        "slack_h": slack,
        "slack_share": slack / one.lasts_h,
        "lasts_h": one.lasts_h,
        "is_open": one.is_open.astype(np.float64),
        "before_kn": one.before_kn,
        "after_kn": one.after_kn,
        "together": np.log1p(one.together),
        "silence_coast": np.log1p(one.coast_km),
        "silence_harbour": np.log1p(one.harbour_km),
    }


def wait_features(waits: Waits, j: Ints) -> dict[str, Floats]:
    """Give what is known of waits by themselves."""
    return {
        "wait_coast": np.log1p(waits.coast_km[j]),
        "wait_harbour": np.log1p(waits.harbour_km[j]),
        "wait_others": np.log1p(waits.others[j]),
        "wait_beside": np.log1p(waits.beside[j]),
        "wait_own": np.log1p(waits.own[j]),
        "came_kn": waits.came_kn[j],
        "left_kn": waits.left_kn[j],
        "fixes": waits.fixes[j].astype(np.float64),
        "spread_km": waits.spread_m[j] / 1000.0,
    }


def is_plausible(features: dict[str, Floats]) -> Bools:
    """Say which candidates have time to spare at all, at the silent one's usual speed."""
    return features["spared_h"] >= LEAST_H
