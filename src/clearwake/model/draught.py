"""What a change of draught is in tonnes, and how small a one can be seen."""

from __future__ import annotations

LEAST_M = 0.3
"""A change has to be this large to be seen: ships send tenths of a metre and round them."""

LENGTH_TO_BEAM, WATERPLANE = 6.5, 0.8
"""What a merchant ship's beam and waterplane are like, to turn tonnes into centimetres: tonnes to the centimetre are
1.025 x length x beam x waterplane coefficient / 100 (any textbook of ship stability).  The two ratios are typical
of coasters and small tankers and good to about a fifth."""

PER_METRE_T = 1.025 / LENGTH_TO_BEAM * WATERPLANE
"""Tonnes to the metre of draught, for each square metre of length squared."""


def expected_m(cargo_t: float, length_m: float) -> float:
    """Give the change of draught that so much cargo makes on a ship so long: tonnes, metres -> metres."""
    return cargo_t / (PER_METRE_T * length_m * length_m)
