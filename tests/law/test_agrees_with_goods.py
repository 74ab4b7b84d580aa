"""The rooms of goods and of law read the same paragraphs, and must not disagree about them."""

from __future__ import annotations

import pytest

from clearwake.goods.cargo import Candidate
from clearwake.goods.covered import WHOLE, covered
from clearwake.goods.law import Provision as GoodsProvision
from clearwake.goods.law import provisions as goods_provisions
from clearwake.law.weighing import extent
from clearwake.statutes import goods_words, provision, provisions

ABOUT_GOODS = [each for each in goods_provisions() if each.rule != "exemption"]


def _codes() -> list[str]:
    """Give every code of any paragraph, cut short and made longer."""
    named = {
        code for each in ABOUT_GOODS for code in (*each.headings, *(c for p in each.parts for c in p.codes))
    }
    return sorted(
        {code[:n] for code in named for n in (2, 4, 6)} | {f"{code}00" for code in named} | {"0101", "9999"}
    )


@pytest.mark.parametrize("about_goods", ABOUT_GOODS, ids=lambda each: each.reference)
def test_they_cover_the_same_headings(about_goods: GoodsProvision) -> None:
    law = provision(about_goods.reference)
    for code in _codes():
        found = covered(about_goods, Candidate(code, 1.0, "claimed", is_claimed=True), None)
        said = extent(law, code)
        assert (said == "whole") == (found is not None and found.degree == WHOLE), code
        # A part that only words tell apart is not found without them by goods; a bare code is a sign for law.
        assert found is None or said is not None, code


def test_they_have_the_same_days_and_the_same_successors() -> None:
    for each in goods_provisions():
        law = provision(each.reference)
        assert (law.in_force_from, law.in_force_to, law.binding) == (each.since, each.until, each.verb)
        assert (law.superseded_by is None) == (each.superseded_by is None)


def test_a_goods_word_that_meets_a_paragraph_is_not_outside_its_headings() -> None:
    for each in provisions():
        for word in each.called:
            assert extent(each, word) == "whole"
            headings = each.goods.get("headings", ())
            for code in goods_words()[word] if headings else ():
                assert any(code.startswith(h) or h.startswith(code) for h in headings), (each.id, word)
