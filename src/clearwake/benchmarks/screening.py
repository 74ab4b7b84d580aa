"""Does screening know a listed ship in disguise, and leave the others alone, and how fast?

Half of the queries are listed ships in one of twelve disguises, half are ships on no list.  Of those, 2.2 % have a
listed ship's name and another valid IMO number, as was measured on real fleets; 80 % of the rest give their own
valid number, 15 % none, 5 % one that is damaged or a placeholder.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from clearwake.benchmarks.disguises import DISGUISES, Query, Ship
from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.model.identifiers import imo_check_digit_holds
from clearwake.screen import Listed, hold

if TYPE_CHECKING:
    from rich.table import Table

NAMESAKES = 0.022
"""Share of ships on no list that have a listed ship's name."""

WITHOUT_NUMBER, WITH_BAD_NUMBER = 0.15, 0.05
FLAGGED = ("match", "possible", "identity_conflict")
"""Tiers that ask a person to look."""

LEAST_PRECISION, LEAST_RECALL, LEAST_PER_CPU_SECOND = 0.99, 0.97, 70_000


@dataclass(frozen=True)
class ScreeningReport:
    """How true and how fast screening is on one mix of queries."""

    seed: int
    queries: int
    listed: int
    precision: float
    recall: float
    queries_per_cpu_second: float
    matches_with_another_number: int
    """Rows of tier ``match`` though query and listed ship have valid and different IMO numbers: must be none."""
    namesakes_told: float
    """Share of the namesakes that were told to be namesakes, and nothing more."""
    flagged_without_number: float
    """Share of the ships on no list that give no usable number and were flagged."""
    recall_by_disguise: dict[str, float]
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether every demand is met."""
        is_true = self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL
        return (
            is_true
            and not self.matches_with_another_number
            and self.queries_per_cpu_second >= LEAST_PER_CPU_SECOND
        )

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Screening: {self.queries:,} queries against {self.listed:,} entries, seed {self.seed}"
        table = Table("what", "measured", "wanted", title=title, caption=str(self.machine))
        table.add_row("precision", f"{self.precision:.4f}", f"{LEAST_PRECISION}")
        table.add_row("recall", f"{self.recall:.4f}", f"{LEAST_RECALL}")
        table.add_row(
            "queries per CPU-second", f"{self.queries_per_cpu_second:,.0f}", f"{LEAST_PER_CPU_SECOND:,}"
        )
        table.add_row("matches with another valid number", f"{self.matches_with_another_number}", "0")
        table.add_row("namesakes told as such", f"{self.namesakes_told:.4f}", "")
        table.add_row(
            "flagged though unlisted, of those without a number", f"{self.flagged_without_number:.4f}", ""
        )
        for disguise, recall in self.recall_by_disguise.items():
            table.add_row(f"recall, {disguise}", f"{recall:.4f}", "")
        return table


def measure(
    designations: pl.DataFrame, others: Sequence[Ship], queries: int = 100_000, seed: int = 1
) -> ScreeningReport:
    """Ask about listed ships in disguise and ships on no list, and score the answers.

    Args:
        designations: The lists.
        others: Ships on no list, with valid IMO numbers; their names serve as new names too.
        queries: How many to ask, half of each sort.
        seed: Of the dice; figures are published for a seed that nothing was tuned on.
    """
    asked = mix(designations, others, queries, seed)
    listed = Listed(designations)
    hold(asked.head(100), listed)
    start = time.process_time()
    found = hold(asked, listed)
    spent = time.process_time() - start
    return _scored(asked, found, designations.height, queries / spent, seed)


def mix(designations: pl.DataFrame, others: Sequence[Ship], queries: int, seed: int) -> pl.DataFrame:
    """Make the queries: ``id``, the columns screening reads, and the truth: ``hull``, ``disguise``."""
    dice = random.Random(seed)  # noqa: S311 - dice for a measurement, not for secrets
    listed = fleet(designations)
    hulls = {ship.imo for ship in listed}
    others = [ship for ship in others if ship.imo not in hulls]
    rows = [
        _disguised(listed, others, list(DISGUISES)[i % len(DISGUISES)], dice) for i in range(queries // 2)
    ]
    rows += [_unlisted(listed, others, dice) for _ in range(queries - len(rows))]
    dice.shuffle(rows)
    schema = {"name": pl.String, "imo": pl.String, "mmsi": pl.Int64, "callsign": pl.String, "flag": pl.String,
              "hull": pl.String, "disguise": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema).with_columns(id=pl.int_range(pl.len()).cast(pl.String))


def fleet(designations: pl.DataFrame) -> list[Ship]:
    """Gather the listed ships that have a valid IMO number, one for each, with all they are listed as."""
    ships = designations.filter((pl.col("kind") == "vessel") & pl.col("imo").is_not_null())
    names = pl.concat_list("aliases", "former_names", "weak_names").explode()
    each = ships.group_by("imo", maintain_order=True).agg(
        pl.col("name").first(),
        pl.col("mmsi", "callsign", "flag").drop_nulls().first(),
        others=names.drop_nulls(),
    )
    return [
        Ship(row["name"].upper(), row["imo"], row["mmsi"], row["callsign"], row["flag"], tuple(row["others"]))
        for row in each.iter_rows(named=True)
        if imo_check_digit_holds(row["imo"])
    ]


def _disguised(listed: list[Ship], others: Sequence[Ship], disguise: str, dice: random.Random) -> Query:
    ship = dice.choice(listed)
    while not _can(ship, disguise):
        ship = dice.choice(listed)
    query = DISGUISES[disguise](ship, dice.choice(others), dice)
    query["mmsi"] = query["mmsi"] or _any_mmsi(dice)
    return {**query, "flag": None, "hull": ship.imo, "disguise": disguise}


def _can(ship: Ship, disguise: str) -> bool:
    """Say whether the list knows enough of a ship for a disguise."""
    if disguise == "former or other name":
        return bool(ship.other_names)
    return disguise != "renamed, MMSI or call sign kept" or bool(ship.mmsi or ship.callsign)


def _unlisted(listed: list[Ship], others: Sequence[Ship], dice: random.Random) -> Query:
    ship = dice.choice(others)
    if dice.random() < NAMESAKES:
        name, imo, sort = dice.choice(listed).name, ship.imo, "namesake"
    else:
        name, imo, sort = ship.name, ship.imo, "own number"
        number = dice.random()
        if number < WITHOUT_NUMBER + WITH_BAD_NUMBER:
            bad = dice.choice(("1234567", "0000000", str(dice.randrange(10**6)), f"{ship.imo}"[::-1]))
            is_bad = number < WITH_BAD_NUMBER and not imo_check_digit_holds(bad)
            imo, sort = (bad if is_bad else None), "no number"
    return {"name": name, "imo": imo, "mmsi": _any_mmsi(dice), "callsign": None, "flag": None, "hull": None,
            "disguise": sort}  # fmt: skip


def _any_mmsi(dice: random.Random) -> int:
    return dice.randrange(201, 776) * 1_000_000 + dice.randrange(1_000_000)


def _scored(
    asked: pl.DataFrame, found: pl.DataFrame, listed: int, speed: float, seed: int
) -> ScreeningReport:
    hits = found.filter(pl.col("tier").is_in(FLAGGED)).select("id", "entity_imo")
    truth = asked.select("id", "hull", "disguise", "imo")
    known = truth.join(hits, left_on=["id", "hull"], right_on=["id", "entity_imo"], how="semi")["id"]
    ships = truth.filter(pl.col("hull").is_not_null()).with_columns(
        is_found=pl.col("id").is_in(known.to_list())
    )
    strangers = truth.filter(pl.col("hull").is_null()).join(hits.unique("id"), on="id", how="left")
    flagged = strangers.filter(pl.col("entity_imo").is_not_null())
    right, wrong = int(ships["is_found"].sum()), flagged.height
    by_disguise = ships.group_by("disguise", maintain_order=True).agg(pl.col("is_found").mean())
    namesakes = strangers.filter(disguise="namesake")
    told = namesakes.join(found.filter(tier="namesake"), on="id", how="semi").filter(
        pl.col("entity_imo").is_null()
    )
    nameless = strangers.filter(disguise="no number")
    return ScreeningReport(
        seed=seed,
        queries=asked.height,
        listed=listed,
        precision=right / max(right + wrong, 1),
        recall=right / max(ships.height, 1),
        queries_per_cpu_second=speed,
        matches_with_another_number=_mismatched(asked, found),
        namesakes_told=told.height / max(namesakes.height, 1),
        flagged_without_number=nameless["entity_imo"].count() / max(nameless.height, 1),
        recall_by_disguise=dict(
            sorted(by_disguise.iter_rows(), key=lambda row: list(DISGUISES).index(row[0]))
        ),
        machine=this_machine(),
    )


def _mismatched(asked: pl.DataFrame, found: pl.DataFrame) -> int:
    rows = found.filter(tier="match").join(asked.select("id", "imo"), on="id").select("imo", "entity_imo")
    return sum(str(listed) not in _plain(str(number)) for number, listed in rows.iter_rows())


def _plain(number: str) -> str:
    return number.translate({0xFF10 + i: ord("0") + i for i in range(10)})


@dataclass(frozen=True)
class IdentitiesReport:
    """What it costs to hold the identities of a great AIS archive against the lists, from a cold start."""

    identities: int
    distinct_names: int
    cpu_seconds: float
    """Of this process so far: start, lists, index and screening; the making of the identities is left out."""
    memory_mb: float
    """The most this process held at once."""
    rows: int


def measure_identities(designations: Path, asked: Path) -> IdentitiesReport:
    """Hold a file of identities against a file of designations, both Parquet; call it in a process of its own."""
    queries = pl.read_parquet(asked)
    found = hold(queries, Listed(pl.read_parquet(designations)))
    spent = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return IdentitiesReport(queries.height, queries["name"].n_unique(), spent, memory, found.height)
