"""The quick exact test: could a silent hull have been here then, by distance and speed alone?

Land is not asked, so the answer errs one way only: what is refused here is refused for good, and what passes may still
lie behind a peninsula (``prism`` asks that).  Everything is arrays of unit vectors and milliseconds, and broadcasts:
a million places against one silence, or one place against a thousand silences, in well under a second.

The space-time prism of a silence: a hull last heard at A at t0 and next heard at B at t1 can have been at P at T only
if ``|AP| <= v (T - t0) + slack`` and ``|PB| <= v (t1 - T) + slack``.

Source: Hägerstrand 1970, https://doi.org/10.1007/BF01936872; Miller 1991, https://doi.org/10.1080/02693799108927856.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clearwake.sphere import KNOT_M_PER_S, Floats, between_m

Booleans = NDArray[np.bool_]

SLACK_M = 1_000.0
"""How far a hull may have been from where it was heard: antenna, clock and position errors together, at each end."""

FOREVER_MS = float(2**62)
"""When a silence ends that has not ended."""

MS_PER_H = 3_600_000.0


@dataclass(frozen=True)
class Silences:
    """Silences as arrays of one shape ``(...)``; an open one has no ``back`` (not a number) and never ends.

    One that began before anything was heard has no ``last`` and began ``-FOREVER_MS``.
    """

    last: Floats
    """Where last heard: unit vectors ``(..., 3)``."""
    since_ms: Floats
    back: Floats
    """Where heard again: unit vectors ``(..., 3)``."""
    until_ms: Floats

    @property
    def is_open(self) -> Booleans:
        """Which have not ended."""
        return np.isnan(self.back[..., 0])


def speed_m_per_ms(limit_kn: ArrayLike) -> Floats:
    """Turn knots into metres per millisecond."""
    return np.asarray(limit_kn, np.float64) * (KNOT_M_PER_S / 1000.0)


def slack_m(
    places: Floats, at_ms: ArrayLike, silences: Silences, limit_kn: ArrayLike, error_m: ArrayLike = SLACK_M
) -> Floats:
    """Give how many metres a hull had to spare to be at a place at a moment; negative where it could not be there.

    Args:
        places: Unit vectors ``(..., 3)``.
        at_ms: Milliseconds since 1970, UTC ``(...)``.
        silences: Whose ``(...)``; everything broadcasts.
        limit_kn: How fast each can sail.
        error_m: How far it may have been from where it was heard.

    Returns:
        The lesser of what it has to spare from where it was last heard, and to where it was heard again ``(...)``;
        negative too where the moment lies outside the silence by more than the error allows.
    """
    speed, at, error = (
        speed_m_per_ms(limit_kn),
        np.asarray(at_ms, np.float64),
        np.asarray(error_m, np.float64),
    )
    spare = speed * (at - silences.since_ms) + error
    there = np.where(np.isnan(silences.last[..., 0]), np.inf, spare - between_m(places, silences.last))
    left = speed * (silences.until_ms - at) + error
    back = np.where(silences.is_open, np.inf, left - between_m(places, silences.back))
    return np.asarray(np.minimum(there, back))


def could_be(
    places: Floats, at_ms: ArrayLike, silences: Silences, limit_kn: ArrayLike, error_m: ArrayLike = SLACK_M
) -> Booleans:
    """Tell where a hull could have been: ``slack_m`` is not negative; see there."""
    return np.asarray(slack_m(places, at_ms, silences, limit_kn, error_m) >= 0.0)


def stay_ms(
    places: Floats, silences: Silences, limit_kn: ArrayLike, error_m: ArrayLike = SLACK_M
) -> tuple[Floats, Floats]:
    """Give from when until when a hull could have been at a place: ``(...), (...)`` milliseconds since 1970.

    The first is the later where it could not have been there at all; an open silence has no last moment
    (``FOREVER_MS``).  Two hulls could have met at a place where ``max`` of the firsts is before ``min`` of the lasts.
    """
    speed, error = speed_m_per_ms(limit_kn), np.asarray(error_m, np.float64)
    there = np.maximum(between_m(places, silences.last) - error, 0.0) / speed
    back = np.maximum(between_m(places, silences.back) - error, 0.0) / speed
    first = np.where(np.isnan(there), -FOREVER_MS, silences.since_ms + there)
    last = np.where(np.isnan(back), FOREVER_MS, silences.until_ms - back)
    return np.asarray(first), np.asarray(last)


def needed_kn(silences: Silences, error_m: ArrayLike = SLACK_M) -> Floats:
    """Give the speed a hull must have had at least to come from one end to the other ``(...)``; 0 for open ones."""
    way = np.maximum(between_m(silences.last, silences.back) - 2.0 * np.asarray(error_m, np.float64), 0.0)
    took = np.maximum(silences.until_ms - silences.since_ms, 1.0)
    return np.asarray(np.where(np.isnan(way), 0.0, way / took / speed_m_per_ms(1.0)))


def is_possible(silences: Silences, limit_kn: ArrayLike, error_m: ArrayLike = SLACK_M) -> Booleans:
    """Tell which returns a hull of this speed can have made at all, land not asked."""
    return np.asarray(needed_kn(silences, error_m) <= np.asarray(limit_kn, np.float64))
