"""The space-time prism: where a hull can have been between the place it was last heard and the next.

All on unit vectors and great circles.  A place is reachable if the way there and the way on fit into the silence; how
long the hull can have stayed there is the time that is left.
"""

from __future__ import annotations

import numpy as np

from clearwake import sphere
from clearwake.sphere import KNOT_M_PER_S, Floats
from clearwake.whereabouts.reach import MS_PER_H, Silences, stay_ms


def hours_to_sail(metres: Floats, speed_kn: Floats) -> Floats:
    """Give how long ways take: ``(n,), (n,) -> (n,)`` hours."""
    return np.asarray(metres / (speed_kn * KNOT_M_PER_S * 3600.0))


def stay(
    place: Floats, left: tuple[Floats, Floats], back: tuple[Floats, Floats], speed_kn: Floats
) -> tuple[Floats, Floats]:
    """Give from when to when hulls can have been at places, sailing straight at one speed.

    Args:
        place: Unit vectors: ``(..., 3)``.
        left: Where hulls were last heard, unit vectors, and when, hours.
        back: Where and when they were heard again; a hull not heard again has no place (not a number) and the end of
            the search as its time.
        speed_kn: How fast they sail.

    Returns:
        The earliest arrival and the latest departure, hours; the second before the first where it cannot be.
    """
    silences = Silences(left[0], left[1] * MS_PER_H, back[0], back[1] * MS_PER_H)
    first, last = stay_ms(place, silences, speed_kn, error_m=0.0)
    return first / MS_PER_H, np.minimum(last / MS_PER_H, back[1])


def bounds(
    left: tuple[Floats, Floats], back: tuple[Floats, Floats], speed_kn: Floats, least_h: float
) -> tuple[Floats, Floats]:
    """Give circles that hold every place where hulls can have stayed for ``least_h``.

    Returns:
        Centres, unit vectors ``(n, 3)``, and radii, metres ``(n,)``; a radius is negative where there is no such place.
    """
    reach_m = (back[1] - left[1] - least_h) * speed_kn * KNOT_M_PER_S * 3600.0
    is_open = np.isnan(back[0][:, 0])
    end = np.where(is_open[:, None], left[0], back[0])
    middle = left[0] + end
    size = sphere.length(middle)
    centre = np.where(size[:, None] > 1e-9, middle / np.maximum(size, 1e-9)[:, None], left[0])
    moved_m = sphere.between_m(left[0], end)
    # On the sphere the farthest point of the ellipse from its middle lies at most half the reach away.
    radius = np.where(is_open, reach_m, reach_m / 2.0)
    return centre, np.where(reach_m >= moved_m, radius, -1.0)
