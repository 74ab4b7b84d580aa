"""Every provision has a case that meets it and one that misses it by one element, and a first and a last day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.law.scenes import judged, statuses

from clearwake.statutes import Provision, provisions

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text(encoding="utf-8"))
GONE = CASES.pop("gone")
BY_ID = {each.id: each for each in provisions()}


def test_every_provision_has_a_case_that_meets_it_and_one_that_misses_it() -> None:
    assert set(CASES) == set(BY_ID)


@pytest.mark.parametrize("wanted", CASES)
def test_a_case_meets_its_provision_from_the_first_day_to_the_last(wanted: str) -> None:
    provision, lines = BY_ID[wanted], CASES[wanted]["meets"]
    expected = dict.fromkeys(("date", *provision.elements), "established")
    for day in (provision.in_force_from, _last_day(provision)):
        assert statuses(judged(lines, str(day)), wanted) == expected


@pytest.mark.parametrize("wanted", CASES)
def test_the_same_case_misses_it_by_one_element(wanted: str) -> None:
    provision, case = BY_ID[wanted], CASES[wanted]
    old, new = case["misses"]["change"]
    assert old in case["meets"]
    lines = [new if line == old else line for line in case["meets"]]
    expected = dict.fromkeys(("date", *provision.elements), "established")
    expected[case["misses"]["element"]] = case["misses"]["status"]
    found = judged([line for line in lines if line], str(provision.in_force_from))
    assert statuses(found, wanted) == expected


@pytest.mark.parametrize("wanted", CASES)
def test_the_same_act_a_day_before_the_first_and_after_the_last_day_is_not_under_it(wanted: str) -> None:
    provision, lines = BY_ID[wanted], CASES[wanted]["meets"]
    days = [provision.in_force_from - timedelta(days=1)]
    days += [provision.in_force_to + timedelta(days=1)] if provision.in_force_to else []
    for day in days:
        assert statuses(judged(lines, str(day)), wanted) == {}


@pytest.mark.parametrize("case", GONE, ids=lambda case: case["provision"])
def test_a_provision_whose_opening_element_is_against_does_not_come_up(case: dict[str, Any]) -> None:
    assert statuses(judged(case["facts"], "2020-01-01"), case["provision"]) == {}


def _last_day(provision: Provision) -> date:
    return provision.in_force_to or date(2026, 1, 1)
