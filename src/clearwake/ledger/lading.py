"""How full a ship was: the part of its capacity that was cargo, as a distribution.

A distribution is given as its values at evenly spaced probabilities (``AT``), which is all that drawing needs.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]

POINTS = 1024
AT: Floats = (np.arange(POINTS) + 0.5) / POINTS
"""The probabilities at which a distribution is given."""

PUBLISHED = (1 / 3, 0.5, 0.9)
"""How full tankers were taken to be in what was published on 2018: one third, one half, 90 percent laden."""

PRIOR_A, PRIOR_B = 2.6697, 1.5341
"""The Beta distribution that has one chance in ten below one third and one in ten above 90 percent, the least and the
greatest published figure.  Its median is 0.66, its mean 0.64; the published half lies at its 27th percentile.  That the
two outer figures leave out one tenth each is this project's judgement; the figures are the published ones."""

PRIOR_TOLD = (
    "Beta(2.67, 1.53): one chance in ten below one third laden and one in ten above 90 %, the least and the greatest "
    "published figure; median 0.66"
)


@cache
def prior() -> Floats:
    """Give the laden fraction where nothing is known of it: ``(POINTS,)``, rising."""
    return np.asarray(betaincinv(PRIOR_A, PRIOR_B, AT))


def stated(low: float, high: float) -> Floats:
    """Give a laden fraction that was stated: even between two figures, or one figure."""
    return low + (high - low) * AT


DRAUGHT_ERROR_M = 0.3
"""Draughts are typed by hand, in tenths of a metre, and rounded."""

HULL_ERROR = 0.10
"""How far, in parts, the full draught and the draught in ballast may be off where they were derived from the size."""


def by_draught(draught_m: float, full_m: float, ballast_m: float, *, is_full_known: bool) -> Floats:
    """Give the laden fraction of a ship that lies so deep: the prior, weighed by how well each fraction agrees.

    The draught is taken to rise evenly from ballast to full.  Where it lies outside both, the nearest end agrees best.

    Args:
        draught_m: On arrival, as said.
        full_m: Fully laden.
        ballast_m: Without cargo.
        is_full_known: Whether ``full_m`` is the ship's own, or derived from its size.
    """
    fraction = prior()
    full_error = 0.0 if is_full_known else HULL_ERROR * full_m
    error_m = np.sqrt(
        DRAUGHT_ERROR_M**2 + (fraction * full_error) ** 2 + ((1.0 - fraction) * HULL_ERROR * ballast_m) ** 2
    )
    expected_m = ballast_m + fraction * (full_m - ballast_m)
    seen_m = min(max(draught_m, ballast_m), full_m)
    off = (seen_m - expected_m) / error_m
    weight = np.exp(-0.5 * off * off) / error_m
    # The prior's own points are equally likely, so that weighing them is weighing the prior.
    reached = np.cumsum(weight) - 0.5 * weight
    return np.asarray(np.interp(AT, reached / weight.sum(), fraction))
