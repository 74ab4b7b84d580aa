"""Quantities of goods in units that can be compared: what a tonne of diesel is in barrels, and by which factor."""

from __future__ import annotations

import re
from dataclasses import dataclass

BARREL_L = 158.987294928
"""A barrel of petroleum: 42 US gallons of 231 cubic inches (NIST Handbook 44, appendix C)."""

US_GALLON_L = 3.785411784
IMPERIAL_GALLON_L = 4.54609

_MASS_T = {
    "t": 1.0, "mt": 1.0, "mts": 1.0, "ton": 1.0, "tons": 1.0, "tonne": 1.0, "tonnes": 1.0, "metricton": 1.0,
    "metrictons": 1.0, "metrictonne": 1.0, "metrictonnes": 1.0, "tne": 1.0, "tn": 1.0, "kg": 1e-3, "kgs": 1e-3,
    "kgm": 1e-3, "kilogram": 1e-3, "kilograms": 1e-3, "kilo": 1e-3, "kilos": 1e-3, "kt": 1e3, "g": 1e-6,
    "lb": 0.45359237e-3, "lbs": 0.45359237e-3, "lbr": 0.45359237e-3,
}  # fmt: skip
"""Tonnes to each.  ``ton`` is read as a tonne of 1,000 kg, as the resolutions write it; short and long tons have to
be called so and are not read.  Three-letter codes are those of UN/ECE recommendation 20."""

_VOLUME_L = {
    "l": 1.0, "lt": 1.0, "ltr": 1.0, "ltrs": 1.0, "litre": 1.0, "litres": 1.0, "liter": 1.0, "liters": 1.0, "kl": 1e3,
    "m3": 1e3, "cbm": 1e3, "mtq": 1e3, "cubicmetre": 1e3, "cubicmetres": 1e3, "cubicmeter": 1e3, "cubicmeters": 1e3,
    "cum": 1e3, "bbl": BARREL_L, "bbls": BARREL_L, "bll": BARREL_L, "barrel": BARREL_L, "barrels": BARREL_L,
    "kbbl": 1e3 * BARREL_L, "gal": US_GALLON_L, "gals": US_GALLON_L, "gallon": US_GALLON_L, "gallons": US_GALLON_L,
    "usgal": US_GALLON_L, "usgallon": US_GALLON_L, "usgallons": US_GALLON_L, "gll": US_GALLON_L,
    "impgal": IMPERIAL_GALLON_L, "imperialgallon": IMPERIAL_GALLON_L, "imperialgallons": IMPERIAL_GALLON_L,
    "ukgal": IMPERIAL_GALLON_L, "gli": IMPERIAL_GALLON_L,
}  # fmt: skip
"""Litres to each.  A gallon that is not called imperial is read as a US one."""

CRUDE_BBL_PER_T = 4_000_000 / 525_000
"""UNSCR 2397 ¶4 states its own cap both ways: 4 million barrels or 525,000 tonnes."""

_REVIEW = "Statistical Review of World Energy, approximate conversion factors"

_PRODUCTS: tuple[tuple[str, tuple[str, ...], float, str, str], ...] = (
    # heading, words of the description, barrels to the tonne, what it is, where that is from
    ("2709", (), CRUDE_BBL_PER_T, "crude oil", "UNSCR 2397 ¶4: 4,000,000 bbl or 525,000 t"),
    ("2711", (), 11.60, "liquefied petroleum gas", _REVIEW),
    ("2710", ("kerosene", "jet", "avtur"), 7.88, "kerosene", _REVIEW),
    ("2710", ("gas oil", "gasoil", "diesel", "mgo"), 7.46, "gas oil and diesel", _REVIEW),
    ("2710", ("fuel oil", "hfo", "mazut", "bunker"), 6.35, "residual fuel oil", _REVIEW),
    ("2710", ("gasoline", "petrol", "motor spirit", "naphtha"), 8.35, "gasoline", _REVIEW),
    ("271012", (), 8.35, "gasoline", _REVIEW),
    ("2710", (), 7.98, "petroleum products together", _REVIEW),
)

APPROXIMATE = 0.10
"""How far a volume turned into a mass, or back, may be off: densities within one product differ by about this."""


@dataclass(frozen=True)
class Amount:
    """A quantity in tonnes or, where it is a volume, in litres."""

    value: float
    is_volume: bool


def amount(quantity: float | None, unit: str | None) -> Amount | None:
    """Read a quantity and its unit; None where either is missing or the unit is not known."""
    if quantity is None or unit is None:
        return None
    known = re.sub(r"[^a-z0-9]", "", unit.lower().replace("\u00b3", "3"))
    if known in _MASS_T:
        return Amount(quantity * _MASS_T[known], is_volume=False)
    if known in _VOLUME_L:
        return Amount(quantity * _VOLUME_L[known], is_volume=True)
    return None


@dataclass(frozen=True)
class Factor:
    """Barrels to the tonne of a product, and where that is from."""

    bbl_per_t: float
    product: str
    source: str


def factor(code: str | None, description: str | None) -> Factor | None:
    """Give barrels to the tonne for goods; None for goods that are no petroleum product."""
    said = (description or "").lower()
    for heading, words, per_t, product, source in _PRODUCTS:
        if (code or "").startswith(heading) and (
            not words or any(re.search(rf"\b{w}\b", said) for w in words)
        ):
            return Factor(per_t, product, source)
    return None


@dataclass(frozen=True)
class Compared:
    """Two quantities brought to one unit: ``of`` the first, and how they were brought together."""

    first: float
    second: float
    unit: str
    how: str
    tolerance: float


def compared(first: Amount, second: Amount, by: Factor | None) -> Compared | None:
    """Bring two quantities to tonnes, or to barrels where the second is a volume; None where that needs a factor.

    Args:
        first: The quantity in question.
        second: The quantity it is held against, whose kind of unit is kept.
        by: Barrels to the tonne, for a mass held against a volume.
    """
    if first.is_volume == second.is_volume:
        unit, per = ("bbl", BARREL_L) if second.is_volume else ("t", 1.0)
        return Compared(first.value / per, second.value / per, unit, "", 0.0)
    if by is None:
        return None
    how = f" at {by.bbl_per_t:.2f} bbl to the tonne of {by.product} ({by.source})"
    if second.is_volume:
        return Compared(first.value * by.bbl_per_t, second.value / BARREL_L, "bbl", how, APPROXIMATE)
    return Compared(first.value / BARREL_L / by.bbl_per_t, second.value, "t", how, APPROXIMATE)


def tonnes(first: Amount | None, by: Factor | None) -> float | None:
    """Give a quantity in tonnes; None where it is a volume of something whose density is not known."""
    if first is None or not first.is_volume:
        return first.value if first else None
    return first.value / BARREL_L / by.bbl_per_t if by else None
