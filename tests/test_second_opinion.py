from __future__ import annotations

import polars as pl
import pytest

from clearwake.model import Designation, table
from clearwake.screen import screen
from clearwake.screen.second_opinion import is_installed

AHMADI = Designation(
    "ofac:21", "ofac", "sdn:2018-08-21", "person", "AHMADI, Ali", (), birth_date="1967-02-06"
)
ASKED = pl.DataFrame({"id": ["a"], "name": ["Ali Ahmadi"], "kind": ["person"]})


def test_without_the_extra_screening_answers_all_the_same() -> None:
    (hit,) = screen(ASKED, table([AHMADI], Designation)).to_dicts()
    assert hit["tier"] == "possible"
    assert any("in another order" in reason for reason in hit["reasons"])
    assert any("nomenklatura" in reason for reason in hit["reasons"]) == is_installed()


def test_with_the_extra_its_word_stands_among_the_reasons() -> None:
    pytest.importorskip("nomenklatura", reason="the extra ftm is not installed: PyICU needs a compiler")
    pytest.importorskip("followthemoney", reason="the extra ftm is not installed: PyICU needs a compiler")
    (hit,) = screen(ASKED, table([AHMADI], Designation)).to_dicts()
    assert hit["reasons"][-1] == "nomenklatura (logic-v2) gives 1.00"
