"""Seen without a name: which silent ship could an unnamed sighting or a dark detection have been?

Every silence is weighed by how small an area its ship could have been in at that moment: a ship that could have been
anywhere in a sea is hardly it.  Beside them stands a ship that nobody heard at all, as likely as such ships are met.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clearwake import sphere
from clearwake.model import HULLS_PER_MMSI
from clearwake.sphere import Floats
from clearwake.whereabouts.unseen.one_silent import courses
from clearwake.whereabouts.unseen.prism import bounds, hours_to_sail
from clearwake.whereabouts.unseen.search import near_in_time_and_place
from clearwake.whereabouts.unseen.silent import Silences
from clearwake.whereabouts.unseen.traces import Ints
from clearwake.whereabouts.unseen.waiting import Waits

UNHEARD_PER_KM2 = 1e-4
"""Ships that never transmit, to the square kilometre: one in 100 km by 100 km.  This project's judgement; Paolo et al.
2024 (https://doi.org/10.1038/s41586-023-06825-8) count fewer far offshore and many more on coastal fishing grounds."""

SLACK_M = 1_000.0


@dataclass(frozen=True)
class Seen:
    """Unnamed sightings and dark detections: ``n`` of them."""

    hour: Floats
    place: Floats
    """``(n, 3)``"""
    error_m: Floats
    mmsi: Ints
    """Who it was seen with, and so is not; 0 where that is not known."""


@dataclass(frozen=True)
class Named:
    """Which silent ship each could have been: pairs, sorted by what was seen, then by silence."""

    seen: Ints
    silence: Ints
    probability: Floats
    rivals: Ints
    """How many other silent ships could have been it."""
    needed_kn: Floats


def could_have_been(silences: Silences, seen: Seen) -> Named:
    """Find every silent ship that could have been what was seen, and share its probability among them and nobody."""
    n = len(seen.hour)
    centre, radius = bounds(*silences.ends, silences.most_kn, 0.0)
    circles = (centre, np.where(radius >= 0.0, radius + SLACK_M, radius), silences.start, silences.end)
    spots = (seen.place, 2.0 * seen.error_m, seen.hour, seen.hour)
    found: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for i, k in near_in_time_and_place(circles, spots, 0.0):
        fits = _spare_h(silences.pick(i), seen.place[k], seen.hour[k], seen.error_m[k]) >= 0.0
        fits &= silences.track[i] // HULLS_PER_MMSI != seen.mmsi[k]
        found.append((i[fits], k[fits]))
    i, k = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((i, k))
    i, k = i[order], k[order]
    weight = density_per_km2(silences.pick(i), seen.place[k], seen.hour[k])
    total = np.bincount(k, weight, minlength=n)
    return Named(
        k, i, weight / (total[k] + UNHEARD_PER_KM2), np.bincount(k, minlength=n)[k] - 1,
        _needed_kn(silences.pick(i), seen.place[k], seen.hour[k]),
    )  # fmt: skip


def _ways(one: Silences, place: Floats) -> tuple[Floats, Floats]:
    """Give the ways from where hulls were last heard to places, and on to where they were heard again, metres."""
    onward = sphere.between_m(place, one.back)
    return sphere.between_m(one.left, place), np.where(np.isnan(onward), 0.0, onward)


def _spare_h(one: Silences, place: Floats, hour: Floats, error_m: Floats) -> Floats:
    """Give how much time each hull had to spare to be at a place at a moment; negative where it could not be."""
    way, onward = _ways(one, place)
    near = 2.0 * error_m + SLACK_M
    first = one.start + hours_to_sail(np.maximum(way - near, 0.0), one.most_kn)
    last = one.end - hours_to_sail(np.maximum(onward - near, 0.0), one.most_kn)
    return np.minimum(hour - first, last - hour)


def _needed_kn(one: Silences, place: Floats, hour: Floats) -> Floats:
    way, onward = _ways(one, place)
    after = np.where(one.is_open, np.inf, one.end - hour)
    metres_h = np.maximum(way / np.maximum(hour - one.start, 0.02), onward / np.maximum(after, 0.02))
    return np.asarray(metres_h / 3600.0 / sphere.KNOT_M_PER_S)


def density_per_km2(one: Silences, place: Floats, hour: Floats) -> Floats:
    """Give how dense the chance of finding each hull is at a place and moment: one over the area it could be in.

    The area is what two circles have in common, around where it was last heard and where it was heard again; courses
    that lead to the place, and from it, make it likelier.
    """
    out_m = (hour - one.start) * one.most_kn * sphere.KNOT_M_PER_S * 3600.0 + SLACK_M
    back_m = np.where(
        one.is_open, np.inf, (one.end - hour) * one.most_kn * sphere.KNOT_M_PER_S * 3600.0 + SLACK_M
    )
    apart_m = np.where(one.is_open, 0.0, sphere.between_m(one.left, one.back))
    steered = courses(one, place)
    fit = np.clip(steered["course_before"] + steered["course_after"], -2.0, 3.0)
    return np.asarray(np.exp(fit) / (lens_m2(out_m, back_m, apart_m) / 1e6))


def lens_m2(one_m: Floats, other_m: Floats, apart_m: Floats) -> Floats:
    """Give the area that two circles have in common, in the plane: ``(n,), (n,), (n,) -> (n,)`` square metres."""
    small, large = np.minimum(one_m, other_m), np.maximum(one_m, other_m)
    within = apart_m <= large - small
    d = np.where(within, 1.0, np.maximum(apart_m, 1.0))
    r, s = np.where(within, 1.0, small), np.where(within, 1.0, large)
    near, far = (d * d + r * r - s * s) / (2.0 * d * r), (d * d + s * s - r * r) / (2.0 * d * s)
    product = (-d + r + s) * (d + r - s) * (d - r + s) * (d + r + s)
    area = (
        r * r * np.arccos(np.clip(near, -1.0, 1.0)) + s * s * np.arccos(np.clip(far, -1.0, 1.0))
        - 0.5 * np.sqrt(np.maximum(product, 0.0))
    )  # fmt: skip
    # Places just out of reach of both, within the error of positions, still lie in a lens of that size.
    return np.maximum(np.where(within, np.pi * small**2, area), np.pi * SLACK_M**2)


def beside(seen: Seen, waits: Waits, within_m: float = 2_000.0) -> Ints:
    """Give the wait of a heard hull beside each thing seen, the nearest; -1 where there is none."""
    spots = (seen.place, 2.0 * seen.error_m + within_m, seen.hour, seen.hour)
    lying = (waits.place, np.minimum(waits.spread_m, 5_000.0), waits.start, waits.end)
    found = np.full(len(seen.hour), -1)
    nearest = np.full(len(seen.hour), np.inf)
    for k, j in near_in_time_and_place(spots, lying, 0.0):
        off = sphere.between_m(seen.place[k], waits.place[j])
        for at, wait, metres in zip(k.tolist(), j.tolist(), off.tolist(), strict=True):
            if metres < nearest[at]:
                found[at], nearest[at] = wait, metres
    return found
