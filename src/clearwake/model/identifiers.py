"""Numbers that ships carry: what an MMSI, an IMO number and a call sign can and cannot say.

They are claims, never keys.  Nothing here decides who a ship is; it only says whether a number is well formed
and what kind of transmitter an MMSI belongs to.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

PLACEHOLDER_IMOS = frozenset({"0000000", "1111111", "1234567", "9999999"})
"""Numbers typed to fill the field.  1234567 and 1111111... pass or nearly pass the check digit."""

PLACEHOLDER_MMSIS = frozenset({0, 111111111, 123456789, 222222222, 333333333, 444444444, 555555555,
                               666666666, 777777777, 888888888, 999999999, 987654321})  # fmt: skip


def imo_check_digit_holds(imo: str) -> bool:
    """Tell whether seven digits end in the IMO check digit: the sum of the first six x 7..2, last digit.

    It misses 11 % of single-digit errors, and 1234567 passes: a valid number is not yet a true one.

    Source: IMO resolution A.1117(30), annex.
    """
    if not (len(imo) == 7 and imo.isascii() and imo.isdigit()):
        return False
    return sum(int(d) * w for d, w in zip(imo[:6], range(7, 1, -1), strict=True)) % 10 == int(imo[6])


def company_imo_check_digit_holds(imo: str) -> bool:
    """Tell whether seven digits end in the check digit of *company* IMO numbers, which is another one.

    11 less the remainder by 11 of the sum of the first six x 8, 6, 4, 2, 9, 7, last digit.  About one ship
    number in eleven passes it too, and one company number in ten passes as a ship's.

    Source: the scheme's public descriptions; all 130 company numbers on the US list of 2021 and the EU list of
    2026 hold it.
    """
    if not (len(imo) == 7 and imo.isascii() and imo.isdigit()):
        return False
    total = sum(int(d) * w for d, w in zip(imo[:6], (8, 6, 4, 2, 9, 7), strict=True))
    return (11 - total % 11) % 10 == int(imo[6])


def read_imos(text: str | None) -> list[str]:
    """Read every seven-digit number out of an IMO field: ``IMO 9179701``, full width, two in one field."""
    folded = unicodedata.normalize("NFKC", text or "")
    return re.findall(r"(?<!\d)\d{7}(?!\d)", folded)


def imo_is_usable(imo: str | None) -> bool:
    """Tell whether an IMO number can identify: seven digits, check digit holds, not a known placeholder."""
    return imo is not None and imo_check_digit_holds(imo) and imo not in PLACEHOLDER_IMOS


def is_ship_imo(imo: pl.Expr) -> pl.Expr:
    """Say of texts whether they can identify a ship as ``imo_is_usable`` does; false where there is no text."""
    digits = _seven_digits(imo)
    total = sum((digit * weight for digit, weight in zip(digits, range(7, 1, -1), strict=False)), pl.lit(0))
    return _is_typed_imo(imo, total % 10 == digits[6])


def is_company_imo(imo: pl.Expr) -> pl.Expr:
    """Say of texts whether they hold the check digit of company IMO numbers; false where there is no text."""
    digits = _seven_digits(imo)
    total = sum(
        (digit * weight for digit, weight in zip(digits, (8, 6, 4, 2, 9, 7), strict=False)), pl.lit(0)
    )
    return _is_typed_imo(imo, (11 - total % 11) % 10 == digits[6])


def _seven_digits(imo: pl.Expr) -> list[pl.Expr]:
    number = imo.cast(pl.Int64, strict=False)
    return [number // 10 ** (6 - place) % 10 for place in range(7)]


def _is_typed_imo(imo: pl.Expr, holds: pl.Expr) -> pl.Expr:
    is_one = imo.str.contains(r"^[0-9]{7}$") & holds & ~imo.is_in(sorted(PLACEHOLDER_IMOS))
    return is_one.fill_null(value=False)


def mmsi_is_usable(mmsi: int | None) -> bool:
    """Tell whether an MMSI can identify a ship: a ship's range, not a known placeholder."""
    return mmsi is not None and mmsi not in PLACEHOLDER_MMSIS and 201_000_000 <= mmsi <= 775_999_999


def is_ship(mmsi: pl.Expr) -> pl.Expr:
    """Say of each MMSI whether it is numbered as a ship's.

    Not ships: base stations (00), groups (0), search-and-rescue aircraft (111), handhelds (8), aids to
    navigation (99), craft associated with a parent ship (98), search-and-rescue transmitters, man-overboard
    devices and emergency beacons (970, 972, 974), and fishing-gear beacons, which use 94x, 97x, 98x and 99x
    and every unallocated number.  What remains has a maritime identification digit of 201-775.

    Source: ITU-R M.585-9, annexes 1 and 2.
    """
    return mmsi.is_between(201_000_000, 775_999_999)


def transmitter_kind(mmsi: int) -> str:
    """Name the kind of transmitter an MMSI is numbered as: ``ship``, ``base station``, ``beacon`` ...

    Source: ITU-R M.585-9, annexes 1 and 2.
    """
    if 201_000_000 <= mmsi <= 775_999_999:
        return "ship"
    digits = f"{mmsi:09d}"
    kinds = (
        ("00", "base station"), ("0", "ship group"), ("111", "search-and-rescue aircraft"), ("8", "handheld"),
        ("970", "search-and-rescue transmitter"), ("972", "man overboard"), ("974", "emergency beacon"),
        ("98", "craft of a parent ship"), ("99", "aid to navigation"), ("94", "fishing-gear beacon"),
        ("97", "fishing-gear beacon"),
    )  # fmt: skip
    return next((kind for prefix, kind in kinds if digits.startswith(prefix)), "unallocated number")
