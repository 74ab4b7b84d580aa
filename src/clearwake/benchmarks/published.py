"""Screening measured on published benchmarks of names, whole: every file, every failure counted.

Source: nomenklatura's name and entity benchmarks and the fixtures of yente (OpenSanctions, MIT licence).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from clearwake.model import Designation, table
from clearwake.screen import Listed, hold, screen

KINDS = {"Person": "person", "Vessel": "vessel"}
"""How the benchmarks' schemata are asked about; every other is a company."""

FLAGGED = ("match", "possible", "identity_conflict")


@dataclass(frozen=True)
class Pairs:
    """How many judged pairs were answered how."""

    found: int
    missed: int
    wrongly_found: int
    rightly_not: int

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def wrong(self) -> float:
        """Share of the false pairs that were found."""
        return self.wrongly_found / max(self.wrongly_found + self.rightly_not, 1)


Side = Mapping[str, Any]


def name_bench(folder: Path) -> dict[str, Pairs]:
    """Hold each pair of nomenklatura's name benchmark against each other, by kind."""
    with (folder / "nomenklatura_name_bench_cases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return _judged(
        (row["schema"], {"name": row["name1"]}, {"name": row["name2"]}, row["is_match"] == "true")
        for row in rows
    )


def entity_bench(folder: Path) -> dict[str, Pairs]:
    """Hold each pair of nomenklatura's entity benchmark against each other, with what else it gives, by kind."""
    with (folder / "nomenklatura_entity_bench_checks.yml").open(encoding="utf-8") as file:
        checks = yaml.safe_load(file)["checks"]
    return _judged((one["schema"], one["query"], one["candidate"], bool(one["match"])) for one in checks)


def _judged(pairs: Iterable[tuple[str, Side, Side, bool]]) -> dict[str, Pairs]:
    every = list(pairs)
    kinds = [KINDS.get(schema, "company") for schema, *_ in every]
    listed = [
        Designation(f"b:{i}", "b", "b:2020-01-01", kind, name, tuple(names), **_told(candidate))
        for i, (kind, (_, _, candidate, _)) in enumerate(zip(kinds, every, strict=True))
        for name, *names in [_names(candidate)]
    ]
    asked = pl.DataFrame(
        [
            {"id": f"b:{i}", "kind": kind, "name": _names(query)[0], **_told(query)}
            for i, (kind, (_, query, _, _)) in enumerate(zip(kinds, every, strict=True))
        ],
        dict.fromkeys(("id", "kind", "name", "imo", "country", "birth_date", "registration"), pl.String),
    )
    found = screen(asked, table(listed, Designation)).filter(pl.col("tier").is_in(FLAGGED))
    hits = set(found.filter(pl.col("id") == pl.col("entity_id"))["id"])
    told: dict[str, list[int]] = {}
    for i, (kind, (*_, is_match)) in enumerate(zip(kinds, every, strict=True)):
        place = (0 if f"b:{i}" in hits else 1) + (0 if is_match else 2)
        told.setdefault(kind, [0, 0, 0, 0])[place] += 1
    return {kind: Pairs(*counts) for kind, counts in told.items()}


def _names(side: Side) -> list[str]:
    given = " ".join(_texts(side, "firstName") + _texts(side, "middleName") + _texts(side, "fatherName")
                     + _texts(side, "lastName"))  # fmt: skip
    return [*_texts(side, "name", "alias", "previousName", "weakAlias"), *([given] if given else [])] or [""]


def _texts(side: Side, *fields: str) -> list[str]:
    values = [side[field] for field in fields if field in side]
    return [str(text) for value in values for text in (value if isinstance(value, list) else [value])]


def _told(side: Side) -> dict[str, Any]:
    fields = {"imo": ("imoNumber",), "country": ("country", "nationality", "jurisdiction", "citizenship"),
              "birth_date": ("birthDate",), "registration": ("registrationNumber", "innCode", "taxNumber")}  # fmt: skip
    return {ours: "; ".join(_texts(side, *theirs)) or None for ours, theirs in fields.items()}


def people(folder: Path, designations: pl.DataFrame) -> dict[str, float]:
    """Hold yente's lists of people against ``designations`` and give the share of each file that is flagged.

    The positives of the UN list should be found, all others are on no list; names, birth and country are given.
    """
    listed = Listed(designations)
    shares = {}
    for file in sorted(folder.glob("yente_*.csv*")):
        rows = pl.read_csv(file, infer_schema=False)
        asked = rows.select(
            name="full_name", birth_date="date_of_birth", country="nationality", kind=pl.lit("person")
        )
        hits = hold(asked, listed).filter(pl.col("tier").is_in(FLAGGED))
        shares[file.name.removeprefix("yente_").split(".")[0]] = hits["id"].n_unique() / rows.height
    return shares
