"""The fold from reasons to an order: laws that hold for any reasons, and one worked example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearwake import assess
from clearwake.model import IdentityClaim, Indicator, empty, schema

Table = Callable[..., pl.DataFrame]

A, B, C, D = 303_350_200, 367_564_890, 412_000_001, 412_000_002

KINDS = {weight.kind: weight for weight in assess.WEIGHTS}


def indicator(number: int, kind: str, weight: float, events: list[str]) -> dict[str, object]:
    """Give a row of a table of indicators about ship A."""
    return {
        "id": f"indicator:{number}", "mmsi": A, "kind": kind, "is_for": KINDS[kind].is_for, "weight": weight,
        "weight_origin": "", "sentence": kind, "evidence": events,
    }  # fmt: skip


def score(*rows: tuple[str, float, list[str]]) -> float:
    """Fold reasons about one ship."""
    told = [indicator(n, *row) for n, row in enumerate(rows)]
    folded = assess.scores(pl.DataFrame(told, schema=schema(Indicator)))["score"]
    return float(folded.sum())


def test_the_worked_example_of_the_page() -> None:
    assert score(
        ("met_offshore", 3.0, ["encounter:1"]),
        ("met_listed_ship", 5.0, ["encounter:1", "ofac:24508"]),
        ("met_briefly_offshore", 2.0, ["encounter:2"]),
        ("service_ship", 1.5, ["encounter:2"]),
        ("silent_far_offshore", 2.0, ["gap:1"]),
        ("met_in_port", 0.0, ["encounter:3", "encounter:4"]),
    ) == pytest.approx(5.0 + 0.5 / 2 + 2.0)


def test_evidence_that_only_supports_is_not_counted_twice() -> None:
    meeting = ("met_listed_ship", 5.0, ["encounter:1", "ofac:24508"])
    assert score(meeting) == 5.0


def test_a_ship_without_a_reason_for_is_not_in_the_order(encounters: Table, reasons: Table) -> None:
    found = reasons(encounters=encounters((A, B, {"label": "in_port"})))
    assert found.height == 2
    assert assess.rank(found, empty(IdentityClaim)).is_empty()


def test_the_order_is_by_score_then_by_number(
    encounters: Table, gaps: Table, claims: Table, reasons: Table
) -> None:
    met = encounters((A, B, {}), (C, D, {"label": "in_port"}))
    said = claims((A, {"name": "OLD NAME"}), (A, {"name": "MARY", "flag": "Panama", "reports": 9}))
    found = reasons(encounters=met, gaps=gaps((B, {}), (C, {"duration_h": 7.0})), claims=said)
    ordered = assess.rank(found, said)
    assert ordered.select(
        "rank", "mmsi", "names", "flag", "score", "reasons_for", "reasons_against"
    ).rows() == [
        (1, B, [], None, 5.0, 2, 0),
        (2, A, ["MARY", "OLD NAME"], "Panama", 3.0, 1, 0),
        (3, C, [], None, 0.5, 1, 1),
    ]
    assert ordered["evidence"].to_list() == [
        ["encounter:1", "gap:1"],
        ["encounter:1"],
        ["gap:2", "encounter:2"],
    ]
    assert [s[:2] for s in ordered["sentences"][2]] == ["+ ", "- "]


def test_a_reason_fully_spoken_against_leaves_nothing_but_is_still_shown(
    loiterings: Table, claims: Table, reasons: Table
) -> None:
    said = claims((A, {"ship_type": 52}))
    ordered = assess.rank(reasons(loiterings=loiterings((A, {})), claims=said), said)
    assert ordered.select("mmsi", "score").rows() == [(A, 0.0)]


_EVENTS = st.lists(st.sampled_from([f"event:{n}" for n in range(6)]), min_size=1, max_size=3, unique=True)
_ROWS = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.floats(0, 6).map(lambda w: round(w, 2)), _EVENTS),
    max_size=12,
)


@settings(deadline=None, max_examples=40)
@given(rows=_ROWS, shuffled=st.randoms())
def test_the_order_of_reasons_changes_nothing(
    rows: list[tuple[str, float, list[str]]], shuffled: object
) -> None:
    mixed = list(rows)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    assert score(*mixed) == score(*rows)


@settings(deadline=None, max_examples=40)
@given(rows=_ROWS, events=_EVENTS, weight=st.floats(0, 6))
def test_a_reason_against_never_raises_a_score_and_it_never_falls_below_nothing(
    rows: list[tuple[str, float, list[str]]], events: list[str], weight: float
) -> None:
    spoken = score(*rows, ("service_ship", weight, events))
    assert 0.0 <= spoken <= score(*rows)


@settings(deadline=None, max_examples=20)
@given(weight=st.floats(0.1, 6).map(lambda w: round(w, 2)), count=st.integers(1, 60))
def test_many_small_things_never_weigh_more_than_two_of_them(weight: float, count: int) -> None:
    many = [("drifted_offshore", weight, [f"loitering:{n}"]) for n in range(count)]
    assert score(*many) <= 2 * weight + 0.01


def test_every_kind_of_reason_and_its_weight_stand_on_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "ranking.md").read_text(encoding="utf-8")
    missing = [
        w.kind
        for w in assess.WEIGHTS
        if f"| `{w.kind}` | {'for' if w.is_for else 'against'} | {w.weight:g} |" not in page
    ]
    assert missing == []


def test_every_weight_says_where_it_comes_from() -> None:
    assert all(w.origin.startswith("weight: this project's judgement") for w in assess.WEIGHTS)
    assert len(KINDS) == len(assess.WEIGHTS)
