"""What nomenklatura says of persons and companies that were hit, where the extra ``ftm`` is installed.

It changes no tier and no score: its word stands among the reasons, so that two ways of comparing can be held against
each other.  Without it nothing is missing but that sentence.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import polars as pl

MOST = 500
"""Hits it is asked about: it compares about eighty pairs in a second."""

SCHEMATA = {"person": "Person", "company": "Company", "unknown": "LegalEntity"}


@cache
def is_installed() -> bool:
    """Say whether nomenklatura and FollowTheMoney can be imported."""
    return all(find_spec(name) is not None for name in ("nomenklatura", "followthemoney"))


def second_opinions(matches: pl.DataFrame, queries: pl.DataFrame, designations: pl.DataFrame) -> pl.DataFrame:
    """Add to the reasons of hits on persons and companies what nomenklatura's ``logic-v2`` gives the pair.

    Args:
        matches: A table of ``Match``; given back as it is where nomenklatura is not installed or there are more than
            ``MOST`` such hits.
        queries: What was asked: ``id``, ``name`` and, where given, ``birth_date`` and ``country``.
        designations: What it was held against.
    """
    if not is_installed() or not {"id", "name"} <= set(queries.columns):
        return matches
    listed = designations.filter(pl.col("kind").is_in(list(SCHEMATA))).unique(["id", "edition"], keep="last")
    sides = listed.select("edition", "kind", "name", "aliases", "birth_date", entity_id="id")
    asked = queries.select(
        pl.col("id").cast(pl.String),
        asked_name=pl.col("name").cast(pl.String),
        asked_birth=pl.col("birth_date").cast(pl.String) if "birth_date" in queries.columns else pl.lit(None),
    ).unique("id")
    rows = matches.with_row_index("at").join(sides, on=["entity_id", "edition"]).join(asked, on="id")
    rows = rows.filter(pl.col("asked_name").is_not_null())
    if rows.is_empty() or rows.height > MOST:
        return matches
    told = [f"nomenklatura (logic-v2) gives {_compared(row):.2f}" for row in rows.iter_rows(named=True)]
    said = pl.DataFrame({"at": rows["at"], "told": told})
    joined = matches.with_row_index("at").join(said, on="at", how="left", maintain_order="left")
    more = pl.when(pl.col("told").is_null()).then("reasons").otherwise(pl.concat_list("reasons", "told"))
    return joined.with_columns(reasons=more).drop("at", "told")


def _compared(row: dict[str, Any]) -> float:
    matcher = import_module("nomenklatura.matching").LogicV2
    schema = SCHEMATA[row["kind"]]
    one = _entity(schema, "asked", [row["asked_name"]], row["asked_birth"])
    other = _entity(schema, "listed", [row["name"], *row["aliases"]], row["birth_date"])
    return float(matcher.compare(one, other, matcher.default_config()).score)


def _entity(schema: str, key: str, names: list[str], birth: str | None) -> Any:  # noqa: ANN401 - no types without it
    entity = import_module("followthemoney").model.make_entity(schema)
    entity.id = key
    for name in names:
        entity.add("name", name)
    if birth and schema == "Person":
        entity.add("birthDate", birth, quiet=True)
    return entity
