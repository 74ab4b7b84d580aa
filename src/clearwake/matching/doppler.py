"""Radar sees a moving ship beside where it is: displaced along the flight path by its speed towards the satellite.

A ship that moves away from the radar appears behind its place, one that comes nearer ahead of it, by slant range over
platform velocity times the speed along the line of sight: several hundred metres at 15 knots.  Source: Raney 1971,
Synthetic aperture imaging radar and moving targets, IEEE Trans. AES-7(3); for ships, Vachon, Campbell, Bjerkelund,
Dobson and Rey 1997, Ship detection by the RADARSAT SAR, Canadian Journal of Remote Sensing 23(1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from clearwake.sphere import EARTH_RADIUS_M, Floats

INCIDENCE_DEG = 38.0
"""The middle of what wide modes look at (Sentinel-1 IW: 29.1 to 46.0 degrees, ESA)."""

ALTITUDE_KM = {
    r"sentinel-?\s?1|\bs1[abcd]?\b": 693.0, r"radarsat": 798.0, r"\brcm": 593.0, r"alos": 628.0, r"saocom": 620.0,
    r"cosmo": 619.0, r"terrasar|tandem|\bpaz\b": 514.0, r"iceye": 570.0, r"capella": 525.0, r"umbra": 515.0,
    r"envisat": 790.0, r"novasar": 583.0, r"gaofen-?3": 755.0,
}  # fmt: skip
"""Of the orbits, as their operators publish them; 693 km where the satellite is not known."""

GRAVITY_M3_S2 = 3.986004418e14
"""The Earth's, WGS 84."""


@dataclass(frozen=True)
class Geometry:
    """How a radar looked, one row for each detection; not a number where it is not known."""

    is_radar: np.ndarray
    flight_deg: Floats
    """Where the platform flew to."""
    side: Floats
    """1 where it looked to the right, -1 to the left."""
    lag_s: Floats
    """Metres of displacement for each metre a second over ground along the range: R / V x sin(incidence)."""


def geometry(detections: pl.DataFrame) -> Geometry:
    """Read how radars looked; ratio and incidence have defaults, the flight direction has none."""
    incidence = detections["incidence_deg"].fill_null(INCIDENCE_DEG).to_numpy()
    altitude = np.array([_altitude_km(name) for name in detections["platform"].to_list()], np.float64)
    given = detections["range_velocity_s"].fill_null(np.nan).to_numpy()
    ratio = np.where(np.isfinite(given), given, range_velocity_s(altitude, incidence))
    is_radar = detections["sensor"].eq_missing("radar").to_numpy()
    side = np.where(detections["look"].eq_missing("left").to_numpy(), -1.0, 1.0)
    flight = detections["platform_heading_deg"].fill_null(np.nan).to_numpy()
    return Geometry(is_radar, flight, side, ratio * np.sin(np.radians(incidence)))


def _altitude_km(platform: str | None) -> float:
    name = (platform or "").lower()
    return next((km for pattern, km in ALTITUDE_KM.items() if re.search(pattern, name)), 693.0)


def range_velocity_s(altitude_km: Floats, incidence_deg: Floats) -> Floats:
    """Give slant range by velocity of a circular orbit: ``(n,), (n,) -> (n,)`` seconds."""
    orbit_m = EARTH_RADIUS_M + altitude_km * 1000.0
    angle = np.radians(incidence_deg)
    level_m, up_m = EARTH_RADIUS_M * np.sin(angle), EARTH_RADIUS_M * np.cos(angle)
    range_m = np.sqrt(orbit_m**2 - level_m**2) - up_m
    return np.asarray(range_m / np.sqrt(GRAVITY_M3_S2 / orbit_m))


def shift_m(flight_deg: Floats, side: Floats, lag_s: Floats, east: Floats, north: Floats) -> Floats:
    """Give how far ahead along the flight path moving ships appear: ``(k,)`` each, speeds in m/s -> ``(k,)`` metres."""
    across = np.radians(flight_deg + 90.0 * side)
    return np.asarray(-lag_s * (east * np.sin(across) + north * np.cos(across)))


@dataclass(frozen=True)
class Way:
    """One way in which a whole scene may have been displaced."""

    name: str
    prior: float
    flight_deg: float | None
    """None: as each detection says."""
    share: float
    """Of the displacement that slant range and velocity give: 0 none, -1 the other way round."""
    is_loose: bool = False
    """Whether the direction is not known, so that only the doubt grows."""


def ways(*, is_radar: bool, is_known: bool) -> list[Way]:
    """Give the ways a scene may be displaced, with how likely each is before looking.

    Providers differ: some correct the displacement with the ship's own AIS, some leave it, some give no geometry.
    """
    if not is_radar:
        return [Way("not displaced", 1.0, None, 0.0)]
    if is_known:
        shares = {1.0: 0.5, 0.85: 0.12, 1.15: 0.12, 0.7: 0.06, 1.3: 0.06}
        known = [Way("as its geometry says", prior, None, share) for share, prior in shares.items()]
        return [*known, Way("not displaced", 0.12, None, 0.0), Way("the other way round", 0.02, None, -1.0)]
    polar = [(flight, share) for flight in (345.0, 0.0, 195.0, 180.0) for share in (0.8, 1.0, 1.2)]
    rest = [(float(flight), share) for flight in range(15, 360, 15) for share in (0.8, 1.0, 1.2, -1.0)]
    polar_ways = [
        Way(f"flight towards {flight:.0f}", 0.3 / len(polar), flight, share) for flight, share in polar
    ]
    rest_ways = [
        Way(f"flight towards {flight:.0f}", 0.05 / len(rest), flight, share) for flight, share in rest
    ]
    loose = Way("in a direction not known", 0.25, None, 0.0, is_loose=True)
    return [Way("not displaced", 0.4, None, 0.0), loose, *polar_ways, *rest_ways]
