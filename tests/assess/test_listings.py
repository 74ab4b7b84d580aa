"""What screening and port calls say of a ship."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

Table = Callable[..., pl.DataFrame]

A = 303_350_200


@pytest.mark.parametrize(
    ("tier", "list_name", "kind", "weight"),
    [
        ("match", "ofac", "listed", 6.0),
        ("match", "reports", "reported", 4.0),
        ("possible", "ofac", "possibly_listed", 1.0),
        ("identity_conflict", "ofac", "identity_conflict", 2.0),
        ("namesake", "ofac", "namesake", 0.0),
    ],
)
def test_every_tier_says_what_it_is(
    reasons: Table, matches: Table, tier: str, list_name: str, kind: str, weight: float
) -> None:
    found = reasons(matches=matches((A, tier, {"list": list_name})))
    assert found.select("kind", "weight", "is_for").row(0) == (kind, weight, kind != "namesake")
    assert found["evidence"].to_list() == [["ofac:24508"]]


def test_an_entry_that_is_only_reported_is_no_listing_whatever_list_has_it(
    reasons: Table, matches: Table
) -> None:
    found = reasons(matches=matches((A, "match", {"list": "maritime", "status": "reported"})))
    assert found["kind"].to_list() == ["reported"]


def test_the_reasons_of_a_match_stand_in_the_sentence(reasons: Table, matches: Table) -> None:
    found = reasons(matches=matches((A, "match", {"reasons": ["IMO 9003550 agrees", "the flag differs"]})))
    assert found["sentence"].item() == (
        "matches PATRIOT on list ofac (sdn:2018-08-21): IMO 9003550 agrees; the flag differs"
    )


@pytest.mark.parametrize(
    "told",
    [
        {"score": 0.46, "reasons": ["name 'SARA' is spelt nearly like the listed name 'SARAK' (80 % alike)"]},
        {
            "score": 0.6,
            "reasons": ["name 'SIMA' is listed", "MMSI 219007223 is not the listed one, 572449210"],
        },
    ],
)
def test_a_name_that_is_only_alike_or_is_contradicted_hardly_counts(
    reasons: Table, matches: Table, told: dict[str, object]
) -> None:
    found = reasons(matches=matches((A, "possible", told)))
    assert found.select("kind", "weight").row(0) == ("alike_listed", 0.1)


def test_what_could_not_be_screened_is_neither_for_nor_against(reasons: Table, matches: Table) -> None:
    nothing = {
        "list": None,
        "edition": None,
        "entity_id": None,
        "entity_name": None,
        "reasons": ["no identifier"],
    }
    assert reasons(matches=matches((A, "unscreenable", nothing))).is_empty()


def test_a_query_that_is_no_ship_heard_is_left_to_screening(reasons: Table, matches: Table) -> None:
    assert reasons(matches=matches(("row 7", "match", {}))).is_empty()


@pytest.mark.parametrize("country", ["PRK", "KP", "Korea, North", "North Korea"])
def test_a_call_in_the_dprk_is_a_reason(reasons: Table, port_calls: Table, country: str) -> None:
    found = reasons(port_calls=port_calls((A, {"port": "NAMPO", "port_country": country})))
    assert found.select("kind", "weight").row(0) == ("called_dprk", 3.0)
    assert (
        found["sentence"].item()
        == "called at NAMPO in the DPRK, stopped for 18.0 h, 2020-06-30 02:00 to 05:00 UTC"
    )


def test_passing_a_dprk_port_or_calling_elsewhere_is_none(reasons: Table, port_calls: Table) -> None:
    calls = port_calls(
        (A, {"port_country": "PRK", "confidence": 1}),
        (A, {"port_country": "KOR"}),
        (A, {"port_country": None}),
    )
    assert reasons(port_calls=calls).is_empty()
