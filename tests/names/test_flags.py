"""Flags are read however they are written, and MMSIs are numbered as the ITU says."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from clearwake.names import flag_of_mmsi, read_flags, state_of


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("PANAMA", "PAN"),
        ("pa", "PAN"),
        ("PAN", "PAN"),
        ("Korea, North", "PRK"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Côte d'Ivoire", "CIV"),
        ("St. Vincent & the Grenadines", "VCT"),
        ("Norway (NIS)", "NOR"),
        ("U.S.A.", "USA"),
        ("Hong Kong, China", "HKG"),
    ],
)
def test_a_flag_is_read_by_code_and_by_the_names_publishers_use(said: str, flag: str) -> None:
    assert read_flags(pl.Series([said])).to_list() == [flag]


@pytest.mark.parametrize("said", ["False flag (Gambia)", "Stateless", "Unknown", "", "XX", None])
def test_what_is_no_country_is_not_read_as_one(said: str | None) -> None:
    assert read_flags(pl.Series([said], dtype=pl.String)).to_list() == [None]


@pytest.mark.parametrize(
    ("mmsi", "flag"),
    [
        (416000000, "TWN"),
        (351234567, "PAN"),
        (445000123, "PRK"),
        (200000001, None),
        (999000001, None),
        (630012345, "GNB"),
    ],
)
def test_an_mmsi_is_numbered_as_a_flag(mmsi: int, flag: str | None) -> None:
    assert pl.select(flag_of_mmsi(pl.lit(mmsi, pl.Int64))).item() == flag


def test_a_territory_belongs_to_a_state() -> None:
    flags = pl.DataFrame({"flag": ["IMN", "HKG", "PAN", None]})
    assert flags.select(state_of(pl.col("flag"))).to_series().to_list() == ["GBR", "CHN", "PAN", None]


@pytest.mark.shared
def test_every_number_the_itu_allocates_is_known_and_no_other(shared: Path) -> None:
    with (shared / "code_tables" / "ITU_MaritimeIdentificationDigits.csv").open(encoding="utf-8") as file:
        allocated = {int(row["MID"]) for row in csv.DictReader(file)}
    numbers = pl.DataFrame(
        {"mmsi": [mid * 1_000_000 + 1 for mid in range(201, 776)]}, schema={"mmsi": pl.Int64}
    )
    read = numbers.with_columns(flag=flag_of_mmsi(pl.col("mmsi"))).drop_nulls()
    assert set((read["mmsi"] // 1_000_000).to_list()) == allocated
