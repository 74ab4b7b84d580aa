"""Evidence: everything that is measured of silences before their causes are weighed, one array a measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clearwake.sphere import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """What was measured of each silence; every field ``(n,)``."""

    lasted_h: Floats
    is_open: Bools
    class_b: Bools
    """Whether its transmitter is of class B, and it was held against others such."""
    coast_km: Floats
    shore_km: Floats
    """From the nearer to the coast of where it fell silent and where it was heard again."""
    harbour_km: Floats
    speed_kn: Floats
    """Before; reported, else measured; not a number where neither."""
    lies: Bools
    lay_h: Floats
    """How long it had lain there by then, up to three hours."""
    own_still: Floats
    """In which part of its record it lies still."""
    own_near: Floats
    """Of its quarters of an hour under way, the part as near to there as it was heard again."""
    nav_status: Floats
    moved_km: Floats
    positions_before: Ints
    satellite_before: Floats
    rate_before: Floats
    """Not a number where it had been followed for under an hour."""
    rate_after: Floats
    record_h: Floats
    """How long it was followed in the 12 hours before."""
    own_farther_h: Floats
    """How long it was itself heard under way in these waters, at least as far out as both ends of the silence."""
    own_quarters: Floats
    """Quarters in an hour in which it was itself heard, 0 to 4; those of others heard there, followed under an hour."""
    fading: Floats
    """How often it was heard in its last two hours, against the 12 hours before."""
    neighbours_before: Ints
    neighbours_heard: Ints
    reception: Floats
    share: Floats
    """Mean, over the silence, of the part of ships heard again within two hours where it was."""
    missed: Floats
    """How unlikely so long a silence is of a ship heard there as others are: the logarithm of the chance, negated."""
    outward: Floats
    """How straight away from the coast it sailed when last heard, and came back when heard again: -1 to 1, the lesser
    of both; 0 where no station ashore is near enough to lose it."""
    looked_h: Floats
    """How much of it was looked at: all of it, or its first and last day; of one still open the first hours."""
    outage_share: Floats
    outage_h: Floats
    with_outage: Bools
    """Began or ended with an outage of many ships, lasted as long, and most ships near were not heard on either."""
    well_h: Floats
    poor_share: Floats
    expected: Floats
    """Quarters of an hour in which it should have been heard."""
    inside: Floats
    """How surely it fell silent and was heard again inside of what is heard, 0 to 1."""
    edge_odds: Floats
    """How much likelier its ends are for a ship that left what is heard than for any other, 1 or more."""
    cut_share: Floats
    """Of records that end under way in the midst of what is heard the part that is only cut there; of open ones."""
    close_heard: Floats
    """Others heard within 15 km, on average over the silence."""
    crowd: Floats
    """Others present within 30 km where reception was poor, on average."""
    near_h: Floats
    """Ship-hours within 111 km that this rests on, on average."""
    region_h: Floats
    """Ship-hours within 450 km at the same distance from the coast, on average."""
    band_h: Floats
    """Ship-hours anywhere at the same distance from the coast, on average."""
    heard_h: Floats
    """Ship-hours heard anywhere at all."""
    likewise: Ints
    """Its own other silences at least half as long that no outage explains."""
    usual_a_day: Floats
    """How often a day each ship heard within 60 km is silent for as long, at the less usual of both ends."""
    anybody: Bools
    """Whether anybody anywhere was heard in at least half of it."""
