"""How full ships were: the prior by its published figures, and what a draught says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from tests.ledger.entries import entries, year_of

from clearwake.ledger.lading import PRIOR_A, PRIOR_B, PUBLISHED, by_draught, prior, stated
from clearwake.ledger.sizes import Size, capacity, draughts_m


def test_the_prior_has_one_chance_in_ten_beyond_each_outer_published_figure() -> None:
    assert beta.cdf(PUBLISHED[0], PRIOR_A, PRIOR_B) == pytest.approx(0.10, abs=1e-4)
    assert beta.sf(PUBLISHED[2], PRIOR_A, PRIOR_B) == pytest.approx(0.10, abs=1e-4)
    assert np.median(prior()) == pytest.approx(0.658, abs=1e-3)
    assert (prior() < PUBLISHED[1]).mean() == pytest.approx(0.27, abs=0.01)


def test_a_stated_fraction_is_that_and_a_range_is_even() -> None:
    assert set(stated(0.9, 0.9)) == {0.9}
    assert np.quantile(stated(0.5, 0.9), [0.0, 0.5, 1.0]) == pytest.approx([0.5, 0.7, 0.9], abs=1e-3)


@pytest.mark.parametrize(
    ("draught_m", "low", "high"), [(4.0, 0.0, 0.35), (5.25, 0.35, 0.65), (6.5, 0.75, 1.0)]
)
def test_a_draught_narrows_the_fraction_to_where_the_ship_lies(
    draught_m: float, low: float, high: float
) -> None:
    found = by_draught(draught_m, 6.5, 4.0, is_full_known=True)
    assert low < np.median(found) < high
    assert np.ptp(np.quantile(found, [0.05, 0.95])) < np.ptp(np.quantile(prior(), [0.05, 0.95]))
    assert np.all(np.diff(found) >= 0.0)


def test_a_full_draught_that_is_only_derived_says_less() -> None:
    known, derived = (by_draught(5.25, 6.5, 4.0, is_full_known=known) for known in (True, False))
    assert np.std(derived) > np.std(known)


@pytest.mark.parametrize(
    ("deadweight_t", "length_m", "full_m"), [(1_000, 67, 4.1), (5_000, 105, 6.5), (37_000, 184, 11.5)]
)
def test_sizes_run_through_common_tankers(deadweight_t: float, length_m: float, full_m: float) -> None:
    by_weight = capacity(Size(deadweight_t, None, "a register"), "refined", None)
    by_length = capacity(Size(None, length_m, "its own claim"), "refined", None)
    assert by_weight
    assert by_length
    assert by_weight.bbl == pytest.approx(deadweight_t * 0.95 * 7.98)
    assert by_length.bbl == pytest.approx(by_weight.bbl, rel=0.06)
    assert by_length.error > by_weight.error
    assert by_weight.how.startswith("derived")
    assert draughts_m(by_weight.bbl, 7.98)[0] == pytest.approx(full_m, abs=0.1)


def test_a_volume_in_tonnes_is_turned_into_barrels_by_its_product() -> None:
    year = year_of(entries("date ship volume_t product status\n2018-02-01 ALPHA 600 diesel confirmed"))
    assert year.quantiles["p50"] == pytest.approx(600 * 7.46, rel=1e-3)
    assert year.quantiles["p05"] < 600 * 7.46 * 0.95
