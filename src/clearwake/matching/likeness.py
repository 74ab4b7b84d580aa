"""How much better a hull and a ship agree than a hull and nobody: place, length, heading."""

from __future__ import annotations

import numpy as np

from clearwake.sphere import Floats

TAIL, LEAST_TAIL = 3.0, 30.0
"""Degrees of freedom, where all doubt is of the ship and where it is of the image alone: ships turn and clocks err far
more often than a bell curve has it, images hardly."""

LENGTH_SHARE, LENGTH_M = 0.22, 12.0
"""How far measured lengths are off: a share and so many metres, one standard deviation.  Radar sees short ships long:
Stasolla and Greidanus 2016, The exploitation of Sentinel-1 images for vessel size estimation, Remote Sensing Letters
7(12), have a mean absolute error of 30 m over all lengths."""

HEADING_OFF_DEG = 14.0
WRONG_SHARE = 0.15
"""Of lengths and headings measured or claimed altogether wrongly."""

_LOG_LENGTH, _LOG_SPREAD = np.log(90.0), 0.85
"""Of hulls at large."""


def log_place(squared: Floats, log_area: Floats, ship_share: Floats) -> Floats:
    """Give the log density of a place: a bivariate t distribution, ``(k,)`` each.

    Args:
        squared: Squared standardised distance.
        log_area: Half the log of the determinant of the covariance.
        ship_share: What share of the variance is of the ship's place, not of the image's.
    """
    tail = np.clip(TAIL / np.maximum(ship_share, 1e-3), TAIL, LEAST_TAIL)
    return np.asarray(-np.log(2.0 * np.pi) - log_area - (tail / 2.0 + 1.0) * np.log1p(squared / tail))


def log_length(measured_m: Floats, claimed_m: Floats) -> Floats:
    """Give how much likelier a measured length is of a ship of a claimed one than of any: 0 where one is not known."""
    is_known = np.isfinite(measured_m) & np.isfinite(claimed_m)
    measured, claimed = np.where(is_known, measured_m, 90.0), np.where(is_known, claimed_m, 90.0)
    spread = np.hypot(LENGTH_SHARE, LENGTH_M / claimed)
    any_ship = _normal(np.log(measured) - _LOG_LENGTH, _LOG_SPREAD)
    this_ship = (1.0 - WRONG_SHARE) * _normal(np.log(measured / claimed), spread) + WRONG_SHARE * any_ship
    return np.where(is_known, np.log(this_ship / any_ship), 0.0)


def log_heading(measured_deg: Floats, heading_deg: Floats) -> Floats:
    """Give the same for headings, of which an image does not tell bow from stern; 0 where one is not known."""
    is_known = np.isfinite(measured_deg) & np.isfinite(heading_deg)
    off = parallel_deg(np.where(is_known, measured_deg, 0.0), np.where(is_known, heading_deg, 0.0))
    this_ship = (1.0 - WRONG_SHARE) * 2.0 * _normal(off, HEADING_OFF_DEG) + WRONG_SHARE / 90.0
    return np.where(is_known, np.log(this_ship * 90.0), 0.0)


def parallel_deg(a: Floats, b: Floats) -> Floats:
    """Give the angle between two hulls' axes, 0 to 90 degrees."""
    off = np.abs(a - b) % 180.0
    return np.asarray(np.minimum(off, 180.0 - off))


def _normal(off: Floats, spread: Floats | float) -> Floats:
    return np.asarray(np.exp(-0.5 * (off / spread) ** 2) / (np.sqrt(2.0 * np.pi) * spread))
