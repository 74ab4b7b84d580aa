"""The year against its cap: laws that hold whatever is delivered, and answers worked out by hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.entries import entries, rows, year_of

from clearwake.ledger import Book, Chances, Told, from_deliveries, from_notifications, periods, years
from clearwake.ledger.lading import prior
from clearwake.model import Delivery, LedgerYear, Permission, utc

SHIPS = ("ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO")


@st.composite
def deliveries(draw: st.DrawFn) -> list[Delivery]:
    number = draw(st.integers(1, 8))
    made = []
    for at in range(number):
        day = date(2018, 1, 1) + timedelta(days=draw(st.integers(0, 364)))
        status = draw(st.sampled_from(["confirmed", "reported", "contested", "notified", "unknown"]))
        stage_of = draw(st.none() | st.sampled_from([*SHIPS, "d0", "d1", "d2", "cargo"]))
        capacity = float(draw(st.integers(1_000, 200_000)))
        row = Delivery(f"d{at}", utc(day.isoformat()), draw(st.sampled_from(SHIPS)), receipt=1, line=at)
        made.append(replace(row, own_id=row.id, capacity_bbl=capacity, status=status, stage_of=stage_of))
    return made


def sums(made: list[Delivery]) -> LedgerYear:
    return years(Book.of(from_deliveries(made, Told())), 2018, Chances(draws=256))[0]


@settings(max_examples=15, deadline=None)
@given(deliveries(), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(made: list[Delivery], seed: int) -> None:
    shuffled = [made[at] for at in np.random.default_rng(seed).permutation(len(made))]
    assert sums(shuffled) == sums(made)


@settings(max_examples=15, deadline=None)
@given(deliveries())
def test_what_was_delivered_and_its_probability_only_rise_over_the_year(made: list[Delivery]) -> None:
    year = sums(made)
    for name in ("p_exceeded", "p05_bbl", "p50_bbl", "p95_bbl", "notified_bbl", "ninety_percent_bbl"):
        assert all(a <= b for a, b in itertools.pairwise(row[name] for row in year.by_day))
    assert year.p_exceeded == year.by_day[-1]["p_exceeded"]


@settings(max_examples=15, deadline=None)
@given(deliveries(), st.integers(0, 364), st.integers(1_000, 2_000_000))
def test_a_stage_added_to_a_cargo_never_raises_what_was_delivered(
    made: list[Delivery], after: int, capacity: int
) -> None:
    single = [row for row in made if row.stage_of is None] or [made[0]]
    first = single[0]
    stage = Delivery(
        id="new", own_id="new", date=utc((date(2018, 1, 1) + timedelta(days=after)).isoformat()), ship="STAGE",
        capacity_bbl=float(capacity), stage_of=first.id, status=first.status, receipt=1, line=99,
    )  # fmt: skip
    before, later = sums(single), sums([*single, stage])
    assert later.expected_bbl <= before.expected_bbl
    assert (later.p_exceeded or 0.0) <= (before.p_exceeded or 0.0)
    assert later.published["ninety_percent_bbl"] <= before.published["ninety_percent_bbl"]


@settings(max_examples=15, deadline=None)
@given(deliveries())
def test_refuted_deliveries_never_count(made: list[Delivery]) -> None:
    refuted = [replace(row, id=f"r{row.id}", own_id=f"r{row.id}", status="refuted", line=50) for row in made]
    with_them, without = sums([*made, *refuted]), sums(made)
    assert with_them.by_day == without.by_day
    assert with_them.refuted == len(made)


def convolved(volumes: list[np.ndarray], cap: float) -> float:
    """Give the probability that a sum of independent amounts, each with equally likely values, is above a cap."""
    total = volumes[0]
    for each in volumes[1:]:
        total = np.add.outer(total, each).ravel()
    return float((total > cap).mean())


def test_independent_deliveries_agree_with_their_convolution() -> None:
    told = entries("""
        date        ship     capacity_bbl  status
        2018-02-01  ALPHA    400000        confirmed
        2018-03-04  BRAVO    300000        confirmed
        2018-04-09  CHARLIE  200000        confirmed
    """)
    coarse = prior()[4::8]
    exact = convolved([bbl * coarse for bbl in (400e3, 300e3, 200e3)], 500e3)
    year = years(Book.of(told), 2018, Chances(correlation=0.0))[0]
    assert year.p_exceeded == pytest.approx(exact, abs=3 * year.p_error)
    assert year.p_exceeded_independent == pytest.approx(exact, abs=0.02)


def test_ships_laden_all_alike_agree_with_one_ship_of_their_capacity() -> None:
    told = entries("""
        date        ship     capacity_bbl  status
        2018-02-01  ALPHA    400000        confirmed
        2018-03-04  BRAVO    300000        confirmed
    """)
    assert year_of(told).p_exceeded_shared == pytest.approx((prior() > 500 / 700).mean(), abs=0.002)


def test_statuses_weigh_as_they_say_and_contested_ones_are_given_with_and_without() -> None:
    year = year_of(
        entries("""
        date        ship     volume_bbl  status
        2018-02-01  ALPHA    300000      confirmed
        2018-03-04  BRAVO    300000      contested
        2018-03-09  CHARLIE  900000      refuted
    """)
    )
    assert (year.p_exceeded, year.p_exceeded_without_contested, year.p_exceeded_with_contested) == (
        0.5,
        0.0,
        1.0,
    )
    assert (year.contested, year.contested_bbl, year.deliveries, year.refuted) == (1, 300_000, 2, 1)
    assert year.first_exceeded == date(2018, 3, 4)
    assert year.first_exceeded_95 is None


def test_just_the_cap_does_not_exceed_it() -> None:
    head = "date ship volume_bbl status\n2018-02-01 ALPHA 250000 confirmed\n2018-03-04 BRAVO"
    assert year_of(entries(f"{head} 250000 confirmed")).p_exceeded == 0.0
    assert year_of(entries(f"{head} 250001 confirmed")).p_exceeded == 1.0


def test_notified_deliveries_stand_apart_and_count_toward_the_cap() -> None:
    notes = [
        Permission("notification", f"N/{month}", "1718 Committee", goods="gas oil", quantity=100_000.0, unit="bbl",
                   valid_from=utc(f"2018-{month:02}-01"), valid_to=utc(f"2018-{month:02}-28"))
        for month in range(1, 6)
    ]  # fmt: skip
    told = [
        *from_notifications(notes, Told()),
        *entries("date ship volume_bbl status\n2018-06-01 ALPHA 40000 confirmed"),
    ]
    year = year_of(told)
    assert (year.notified, year.notified_bbl, year.deliveries) == (5, 500_000, 1)
    assert [(n["percent"], n["bbl"], n["day"]) for n in year.notices] == [
        (75, 375_000, date(2018, 4, 28)), (90, 450_000, date(2018, 5, 28)), (95, 475_000, date(2018, 5, 28)),
    ]  # fmt: skip
    assert year.supply_ends == date(2018, 5, 28)
    assert (year.p_exceeded, year.p_exceeded_without_notified) == (1.0, 0.0)
    assert year.first_exceeded == date(2018, 6, 1)


def test_each_product_has_its_own_cap_and_period() -> None:
    told = entries("""
        date        ship     volume_bbl  product
        2017-11-01  ALPHA    100000      gas_oil
        2018-01-05  BRAVO    200000      diesel
        2018-02-04  CHARLIE  300000      crude_oil
        2018-12-25  DELTA    400000      crude_oil
        2018-05-04  ECHO     500000      condensate
        2018-05-04  FOXTROT  500000      coal
    """)
    found = years(Book.of(told), 2018, Chances(draws=64))
    assert [
        (y.product, y.provision, y.period_from, y.period_to, y.cap_bbl, y.capacity_bbl) for y in found
    ] == [
        ("refined", "unscr-2397-5", date(2018, 1, 1), date(2018, 12, 31), 500_000, 200_000),
        ("crude", "unscr-2397-4", date(2017, 12, 22), date(2018, 12, 21), 4_000_000, 300_000),
        ("crude", "unscr-2397-4", date(2018, 12, 22), date(2019, 12, 21), 4_000_000, 400_000),
    ]
    assert [f for f in found[0].findings if "prohibited altogether" in f]
    assert [f for f in found[0].findings if "no petroleum product" in f]
    first, crude = years(Book.of(told), 2017, Chances(draws=64))
    assert (crude.product, crude.capacity_bbl) == ("crude", 300_000)
    assert (first.provision, first.period_from, first.capacity_bbl) == (
        "unscr-2375-14",
        date(2017, 10, 1),
        100_000,
    )


def test_before_there_was_a_cap_none_is_made_up() -> None:
    year = year_of(entries("date ship capacity_bbl\n2016-05-01 ALPHA 900000"), year=2016)
    assert (year.cap_bbl, year.provision, year.p_exceeded, year.first_exceeded) == (None, None, None, None)
    assert year.capacity_bbl == 900_000
    assert [period.cap for period in periods(2016)] == [None]


def test_a_row_for_many_calls_is_spread_over_its_days() -> None:
    year = year_of(
        entries("""
        date        since       calls  ship   capacity_bbl
        2018-03-31  2018-01-01  90     total  900000
    """)
    )
    assert year.deliveries == 90
    assert [row["ninety_percent_bbl"] for row in year.by_day][:3] == [9_000, 18_000, 27_000]
    assert (year.published["ninety_percent_bbl"], year.by_day[89]["half_bbl"]) == (810_000, 450_000)
    assert "one row stands for 90 deliveries" in year.findings[0]


def test_a_row_for_many_calls_that_is_a_later_stage_shares_what_was_before_it() -> None:
    year = year_of(
        entries("""
        date        since       calls  ship    capacity_bbl  laden  stage_of  status
        2018-01-01  2018-01-01  1      MOTHER  90000         1.0    -         confirmed
        2018-03-31  2018-02-01  10     total   200000        1.0    MOTHER    confirmed
    """)
    )
    assert (year.deliveries, year.capacity_bbl, year.expected_bbl) == (10, 90_000, 90_000)


def test_a_delivery_of_unknown_size_is_not_in_the_sums_and_that_is_said() -> None:
    year = year_of(entries("date ship\n2018-02-01 ALPHA"))
    assert (year.deliveries, year.without_size, year.expected_bbl) == (0, 1, 0)
    assert "size nobody knows" in year.findings[-1]


def test_a_ship_in_ballast_delivered_nothing() -> None:
    year = year_of(entries("date ship capacity_bbl laden\n2018-02-01 ALPHA 10000 0.0"))
    assert (year.deliveries, year.capacity_bbl) == (0, 0)


def test_the_same_question_has_the_same_answer() -> None:
    text = "date ship capacity_bbl\n2018-02-01 ALPHA 700000"
    assert year_of(entries(text)) == year_of(entries(text))
    assert len(rows(text)) == 1
