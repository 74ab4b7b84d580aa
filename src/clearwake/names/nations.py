"""Countries as they stand with people and companies: names, codes, and what their people are called.

``Russian``, ``RU``, ``Serbian, Croatian`` and ``Iran (Islamic Republic of)`` are read; what is none stays unread.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

import polars as pl

from clearwake.names.flags import read_flags


@cache
def _peoples() -> dict[str, str]:
    """Give what people of a country are called, and its short names, with its ISO 3166-1 alpha-3 code."""
    text = files("clearwake.names").joinpath("peoples.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {word.replace("_", " ").upper(): line[0] for line in lines for word in line[1:]}


_BETWEEN = re.compile(r"\s*(?:[;/|,&]|\band\b|\bor\b)\s*", re.IGNORECASE)


@cache
def _names() -> dict[str, str]:
    text = files("clearwake.names").joinpath("flags.csv").read_text(encoding="utf-8")
    return {
        row["iso3"]: row["names"].split("|")[0] for row in csv.DictReader(text.splitlines(), delimiter=";")
    }


def country_name(iso3: str) -> str:
    """Give the English name of a country by its ISO 3166-1 alpha-3 code; the code itself where it has none."""
    return _names().get(iso3, iso3)


def read_countries(said: pl.Series) -> pl.DataFrame:
    """Read countries out of texts: ``said``, each distinct text once, and ``countries``, a list of ISO alpha-3 codes.

    A text none of whose parts is a country has an empty list.
    """
    distinct = said.cast(pl.String).unique(maintain_order=True).drop_nulls().rename("said")
    parts = [_parts(text) for text in distinct.to_list()]
    rows = pl.DataFrame(
        {"said": distinct, "part": parts}, schema={"said": pl.String, "part": pl.List(pl.String)}
    )
    each = rows.explode("part")
    folded = (
        each["part"]
        .str.to_uppercase()
        .str.replace_all(r"[.'\u2019]", "")
        .str.replace_all(r"[^A-Z]+", " ")
        .str.strip_chars()
    )
    people = folded.replace_strict(_peoples(), default=None, return_dtype=pl.String)
    each = each.with_columns(country=pl.Series(people).fill_null(read_flags(each["part"])))
    read = each.group_by("said", maintain_order=True).agg(
        countries=pl.col("country").drop_nulls().unique(maintain_order=True), whole=pl.col("country").first()
    )
    # "Korea, North" is one country, whatever its parts would be by themselves.
    is_one = pl.col("whole").is_not_null()
    return read.select("said", countries=pl.when(is_one).then(pl.concat_list("whole")).otherwise("countries"))


def _parts(text: str) -> list[str]:
    """Give what in a text may be a country: the whole, it without brackets, and what separators part."""
    bare = re.sub(r"\([^()]*\)", " ", text).strip()
    whole = [text.strip(), bare] if bare else [text.strip()]
    return list(dict.fromkeys([*whole, *(part for part in _BETWEEN.split(bare) if part)]))
