"""The law of release: no withheld value, nor one that only it determines, is in anything that leaves."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clearwake.benchmarks import leaks
from clearwake.benchmarks.leaks import LeakReport, measure, try_one, work
from clearwake.model import Item
from clearwake.release import coarse, version
from clearwake.release.coarse import For
from clearwake.release.naming import Secret


@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.integers(0, 2**64))
def test_nothing_withheld_leaves_and_nothing_that_leaves_depends_on_it(seed: int) -> None:
    # Seeds, not draws: words and ids drawn by Hypothesis itself would soon be the same word and the same id.
    report = LeakReport(0)
    try_one(random.Random(seed), report, f"seed {seed}")  # noqa: S311 - a seeded source is the point
    assert report.leaks == []
    assert report.differences == []
    assert report.too_much == []


def test_nothing_withheld_is_in_a_dossier_and_its_bundle() -> None:
    report = LeakReport(0)
    try_one(random.Random(7), report, "notice", work, "notice")  # noqa: S311 - as above
    assert report.leaks == []
    assert report.bytes_read > 100_000


def leaks_with(monkeypatch: pytest.MonkeyPatch, **fields: str) -> list[str]:
    """Release a few graphs with a tear-line that keeps some of an item's fields, and give what was found."""
    honest = coarse.tear_line

    def careless(item: Item, to: For) -> Item:
        return replace(honest(item, to), **{name: getattr(item, own) for name, own in fields.items()})

    monkeypatch.setattr(coarse, "tear_line", careless)
    report = measure(12)
    return [*report.leaks, *report.differences]


@pytest.mark.parametrize(
    ("name", "own"),
    [("observer", "observer"), ("lon", "lon"), ("start", "start"), ("citation", "sha256"), ("rows", "rows"),
     ("reasons", "reasons"), ("sentence", "sentence"), ("origin", "origin"), ("error_m", "error_m"),
     ("citation", "source")],
)  # fmt: skip
def test_the_law_finds_a_tear_line_that_keeps_a_field(
    monkeypatch: pytest.MonkeyPatch, name: str, own: str
) -> None:
    assert leaks_with(monkeypatch, **{name: own})


def test_the_law_finds_ids_that_can_be_guessed_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Secret, "of", lambda _, original: original)
    assert measure(5).leaks


def test_the_law_finds_a_count_of_what_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = version._case
    # The desk's fold knows all decisions; a version folded from it would tell how many there are.
    monkeypatch.setattr(version, "_case", lambda *given: replace(honest(*given), title=f"{id(given[0])}"))
    assert measure(5).differences


def test_the_law_finds_a_bundle_that_gives_every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "links", lambda entries, _: entries)
    assert any("in a bundle" in found for found in measure(12).leaks)
