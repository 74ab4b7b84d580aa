"""How much a ship holds, where nobody says: from its deadweight, or roughly from its length; how deep it lies.

The figures behind a derived size travel with it in words, and so does how far off it may be.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from clearwake.model.quantities import CRUDE_BBL_PER_T, Factor, factor

CARGO_PART = 0.95
"""Of a tanker's deadweight so much is cargo; the rest is fuel, water, stores and crew.  Practice of the trade."""

DEADWEIGHT_ERROR = 0.05

LENGTH_M, LENGTH_POWER = 9.5, 0.282
"""Length = 9.5 m x (deadweight in tonnes) ^ 0.282 runs through common tankers: 1,000 t and 67 m, 5,000 t and 105 m,
37,000 t and 184 m, 300,000 t and 333 m.  This project's own curve; single ships lie within about a third of it."""

LENGTH_ERROR = 0.30

DRAUGHT_M, DRAUGHT_POWER = 0.569, 0.286
"""Full draught = 0.569 m x (deadweight in tonnes) ^ 0.286 runs through 4.1 m at 1,000 t, 6.5 m at 5,000 t, 11.5 m at
37,000 t and 21 m at 300,000 t.  This project's own curve."""


@dataclass(frozen=True)
class Size:
    """What is known of how large a ship is."""

    deadweight_t: float | None = None
    length_m: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Capacity:
    """How much a ship holds; ``error`` is the standard deviation of its logarithm, nought where it was stated."""

    bbl: float
    error: float
    how: str


def conversion(product: str, said: str | None) -> Factor:
    """Give barrels to the tonne for a product: by its own name where that is known, else for products together."""
    code = "2709" if product == "crude" else "2710"
    found = factor(code, said)
    return found or Factor(CRUDE_BBL_PER_T, "crude oil", "UNSCR 2397 ¶4")


def capacity(size: Size, product: str, said: str | None) -> Capacity | None:
    """Derive how many barrels of a product a ship holds from its size; None where nothing is known of it."""
    by = conversion(product, said)
    told = f"x {CARGO_PART:.0%} cargo x {by.bbl_per_t:.2f} bbl/t of {by.product} ({by.source})"
    if size.deadweight_t:
        bbl = size.deadweight_t * CARGO_PART * by.bbl_per_t
        return Capacity(
            bbl, DEADWEIGHT_ERROR, f"derived: {size.deadweight_t:,.0f} t deadweight ({size.source}) {told}"
        )
    if size.length_m:
        deadweight_t = (size.length_m / LENGTH_M) ** (1.0 / LENGTH_POWER)
        how = f"derived, roughly: {size.length_m:.0f} m long ({size.source}), about {deadweight_t:,.0f} t {told}"
        return Capacity(deadweight_t * CARGO_PART * by.bbl_per_t, LENGTH_ERROR, how)
    return None


def draughts_m(capacity_bbl: float, bbl_per_t: float) -> tuple[float, float]:
    """Give the draughts of a tanker of this capacity, full and in ballast, in metres.

    In ballast it is 2.0 m + 0.02 x length, the least that MARPOL Annex I, regulation 18, asks of a tanker amidships.
    """
    deadweight_t = capacity_bbl / bbl_per_t / CARGO_PART
    full_m = DRAUGHT_M * deadweight_t**DRAUGHT_POWER
    length_m = LENGTH_M * deadweight_t**LENGTH_POWER
    return full_m, min(2.0 + 0.02 * length_m, 0.8 * full_m)


def settled(sizes: Iterable[Size]) -> Size:
    """Bring what several sources say of one ship together: a register's deadweight first, else the middle length."""
    all_of = list(sizes)
    heavy = sorted((each for each in all_of if each.deadweight_t), key=lambda each: each.deadweight_t or 0.0)
    if heavy:
        return heavy[len(heavy) // 2]
    long = sorted((each for each in all_of if each.length_m), key=lambda each: each.length_m or math.inf)
    return long[len(long) // 2] if long else Size()
