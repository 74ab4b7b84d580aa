"""Units and factors: exact where they are exact, named where they are not, null where a unit is not known."""

from __future__ import annotations

import pytest

from clearwake.model.quantities import amount, compared, factor, tonnes


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "kind"),
    [
        (1.0, "t", 1.0, "mass"),
        (1000.0, "KGS", 1.0, "mass"),
        (2.0, "metric tons", 2.0, "mass"),
        (1.0, "bbl", 158.987294928, "volume"),
        (42.0, "US gal", 158.987294928, "volume"),
        (42.0, "gallons", 158.987294928, "volume"),
        (1.0, "imp. gal", 4.54609, "volume"),
        (1.0, "m³", 1000.0, "volume"),
        (1.0, "M3", 1000.0, "volume"),
        (5.0, "litres", 5.0, "volume"),
        (1.0, "lbs", 0.00045359237, "mass"),
    ],
)
def test_units_are_read_however_they_are_written(quantity: float, unit: str, value: float, kind: str) -> None:
    read = amount(quantity, unit)
    assert read is not None
    assert read.value == pytest.approx(value)
    assert read.is_volume == (kind == "volume")


@pytest.mark.parametrize(
    ("quantity", "unit"), [(1.0, "drums"), (1.0, "long tons"), (1.0, None), (None, "t"), (1.0, "")]
)
def test_a_unit_that_is_not_known_is_not_guessed(quantity: float | None, unit: str | None) -> None:
    assert amount(quantity, unit) is None


@pytest.mark.parametrize(
    ("code", "text", "bbl_per_t"),
    [
        ("2709", "crude oil", 7.619),
        ("271019", "gas oil", 7.46),
        ("271019", "jet kerosene", 7.88),
        ("271019", "fuel oil 380", 6.35),
        ("271012", None, 8.35),
        ("2710", None, 7.98),
        ("271119", "LPG", 11.60),
    ],
)
def test_each_product_has_its_own_factor_with_a_source(code: str, text: str | None, bbl_per_t: float) -> None:
    by = factor(code, text)
    assert by is not None
    assert by.bbl_per_t == pytest.approx(bbl_per_t, abs=0.001)
    assert by.source


def test_goods_that_are_no_petroleum_have_no_factor() -> None:
    assert factor("2701", "coal") is None
    coal, litres = amount(1.0, "t"), amount(1.0, "l")
    assert coal is not None
    assert litres is not None
    assert compared(coal, litres, None) is None


def test_600_tonnes_of_gas_oil_are_4476_barrels_and_back() -> None:
    mass, volume, by = amount(600.0, "t"), amount(4476.0, "bbl"), factor("271019", "gas oil")
    assert mass is not None
    assert volume is not None
    there, back = compared(mass, volume, by), compared(volume, mass, by)
    assert there is not None
    assert back is not None
    assert there.first == pytest.approx(4476.0)
    assert back.first == pytest.approx(600.0)
    assert (there.unit, back.unit) == ("bbl", "t")
    assert tonnes(volume, by) == pytest.approx(600.0)
