"""Countries read out of what people write."""

from __future__ import annotations

import polars as pl
import pytest

from clearwake.names import read_countries


@pytest.mark.parametrize(
    ("said", "countries"),
    [
        ("Korea, North", ["PRK"]),
        ("Korea (North)", ["PRK"]),
        ("KR", ["KOR"]),
        ("South Korea; Japan", ["KOR", "JPN"]),
        ("Iran (Tehran)", ["IRN"]),
        ("nowhere", []),
    ],
)
def test_a_name_of_one_country_is_not_taken_apart(said: str, countries: list[str]) -> None:
    assert read_countries(pl.Series([said]))["countries"].to_list() == [countries]
