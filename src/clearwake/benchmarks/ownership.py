"""How fast are the rules on ownership on a million edges, and do they answer a made-up world as it was made?

The world has groups of companies under a few holders each: trees of majority stakes with minorities, cross-holdings,
unknown shares, ranges, expired edges, managers and ships at their ends.  Some holders are listed.  A further world is
a single chain as long as it has edges, which is the slowest shape there is.
"""

from __future__ import annotations

import resource
import time
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from clearwake.benchmarks.machine import Machine, this_machine
from clearwake.model import Designation, Ownership, Party, Registration, conform, empty, utc
from clearwake.ownership import Facts
from clearwake.ownership.graph import graph
from clearwake.ownership.identity import people
from clearwake.ownership.rules import RULES, STATUSES, answer
from clearwake.ownership.standing import everybody, find, told

if TYPE_CHECKING:
    from rich.table import Table

ON = date(2020, 6, 1)

MOST_SECONDS = 5.0

PARTIES_PER_EDGE = 0.6
LISTED = 0.002
"""Share of the parties that are listed."""


@dataclass(frozen=True)
class OwnershipReport:
    """How long each part takes, in CPU seconds, and what came out."""

    edges: int
    parties: int
    listed: int
    seed: int
    identity_s: float
    """Finding out who is who."""
    graph_s: float
    """Edges in force to holdings."""
    rules_s: dict[str, float]
    """Each rule, blocked and possibly, with the links that show it."""
    chain_s: float
    """The US rule on a single chain of as many edges."""
    whole_s: float
    """``standings``: everything, with identity, risk, chains and sentences."""
    statuses: dict[str, dict[str, int]]
    memory_mb: float
    machine: Machine

    @property
    def is_met(self) -> bool:
        """Say whether the graph and all three rules are done in five CPU seconds."""
        return self.graph_s + sum(self.rules_s.values()) <= MOST_SECONDS

    def as_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {**asdict(self), "machine": self.machine.as_json(), "is_met": self.is_met}

    def as_table(self) -> Table:
        """Give the report for a terminal."""
        from rich.table import Table  # noqa: PLC0415 - only who prints needs it

        title = f"Ownership: {self.edges:,} edges, {self.parties:,} parties, {self.listed:,} listed, seed {self.seed}"
        table = Table("what", "CPU seconds", title=title, caption=str(self.machine))
        table.add_row("who is who", f"{self.identity_s:.2f}")
        table.add_row("edges to holdings", f"{self.graph_s:.2f}")
        for rule, seconds in self.rules_s.items():
            counts = ", ".join(f"{count:,} {status}" for status, count in self.statuses[rule].items())
            table.add_row(f"rule {rule} ({counts})", f"{seconds:.2f}")
        table.add_row("a single chain of as many edges, US", f"{self.chain_s:.2f}")
        table.add_row("everything, in words", f"{self.whole_s:.2f}")
        return table


def world(edges: int, seed: int) -> Facts:
    """Make up owners.

    Four of five edges go from earlier to later parties, so that groups are trees; the others go anywhere and make
    rings.  Owners of a party hold what the earlier ones left; one edge in ten does not tell its share, one in ten
    tells a range, one in ten has expired, one in ten is a manager's.

    Args:
        edges: How many.
        seed: Of the dice.
    """
    dice = np.random.default_rng(seed)
    count = max(int(edges * PARTIES_PER_EDGE), 4)
    owned = dice.integers(1, count, edges)
    owner = np.where(
        dice.random(edges) < 0.8,
        (owned * dice.random(edges)).astype(np.int64),
        dice.integers(0, count, edges),
    )
    share = np.round(100 * dice.random(edges) ** 0.7, 2)
    kind = dice.random(edges)
    names = pl.Series([f"Company {number:x} Shipping Ltd" for number in range(count)])
    ids = pl.Series([f"P{number}" for number in range(count)])
    frame = pl.DataFrame({
        "owner": ids.gather(owner), "owned": ids.gather(owned), "share": share, "kind": kind,
        "line": np.arange(edges) + 2,
    }).with_columns(left=100.0 - pl.col("share").cum_sum().over("owned") + pl.col("share"))  # fmt: skip
    least = pl.min_horizontal("share", pl.max_horizontal("left", pl.lit(1.0)))
    is_manager = pl.col("kind") < 0.1
    rows = frame.select(
        "owner", "owned", "line", source=pl.lit("world"), receipt=pl.lit(1),
        role=pl.when(is_manager).then(pl.lit("manager")).otherwise(pl.lit("owner")),
        share_low=pl.when(~is_manager).then(pl.when(pl.col("kind") < 0.2).then(0.0).otherwise(least)),
        share_high=pl.when(~is_manager).then(
            pl.when(pl.col("kind") < 0.2).then(100.0)
            .when(pl.col("kind") < 0.3).then((least + 25).clip(upper_bound=100.0)).otherwise(least)
        ),
        valid_to=pl.when(pl.col("kind") > 0.9).then(pl.lit(utc("2019-12-31"))),
    )  # fmt: skip
    parties = pl.DataFrame({"id": ids, "name": names}).with_columns(
        source=pl.lit("world"), kind=pl.lit("company")
    )
    bad = ids.gather(np.sort(dice.choice(count, max(int(count * LISTED), 1), replace=False)))
    return Facts(
        conform(parties, Party), conform(rows, Ownership), _listed(bad, names, ids), empty(Registration)
    )


def _listed(bad: pl.Series, names: pl.Series, ids: pl.Series) -> pl.DataFrame:
    """List parties by their names and, so that they are known for certain, by company numbers of their own."""
    told = pl.DataFrame({"id": ids, "name": names}).join(bad.to_frame("id"), on="id", how="semi")
    lists = (("ofac", "sdn:2020-01-01"), ("eu", "full:2020-01-01"), ("uk", "uk:2020-01-01"))
    entries = [
        told.select("name", id=pl.format(f"{of}:{{}}", "id"), list=pl.lit(of), edition=pl.lit(edition),
                    kind=pl.lit("company"), measures=pl.lit(["Asset freeze"]), status=pl.lit("listed"))
        for of, edition in lists
    ]  # fmt: skip
    return conform(pl.concat(entries), Designation)


def measure(edges: int = 1_000_000, seed: int = 1) -> OwnershipReport:
    """Time the rules on a made-up world.

    Args:
        edges: How many edges.
        seed: Of the dice.
    """
    facts = world(edges, seed)
    clock = _Clock()
    parties, rows = everybody(facts)
    who = people(parties, rows)
    identity = clock.lap()
    current = graph(rows, who, ON)
    holdings_s = clock.lap()
    names = facts.designations["name"].unique()
    bad = who.rows.join(names.to_frame("name"), on="name", how="semi")["node"].unique().sort().to_numpy()
    none = np.array([], np.int64)
    seconds, statuses = dict[str, float](), dict[str, dict[str, int]]()
    for name, rule in RULES.items():
        clock.lap()
        found = answer(current, rule, bad, none, who.ties)
        seconds[name] = clock.lap()
        statuses[name] = {STATUSES[code]: int(np.count_nonzero(found.status == code)) for code in (2, 1, 0)}
    chain = _chain(edges)
    clock.lap()
    told(find(facts, ON))
    whole = clock.lap()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return OwnershipReport(rows.height, who.nodes.height, bad.size, seed, identity, holdings_s, seconds, chain, whole,
                           statuses, memory, this_machine())  # fmt: skip


class _Clock:
    """CPU seconds since it was last asked: what a busy machine does not lengthen."""

    def __init__(self) -> None:
        self._last = time.process_time()

    def lap(self) -> float:
        now = time.process_time()
        passed, self._last = now - self._last, now
        return passed


def _chain(edges: int) -> float:
    """Time the US rule on a single chain of majority stakes below a listed party."""
    ids = pl.Series([f"P{number}" for number in range(edges + 1)])
    rows = pl.DataFrame({"owner": ids[:-1], "owned": ids[1:]}).with_columns(
        source=pl.lit("chain"), role=pl.lit("owner"), share_low=pl.lit(60.0), share_high=pl.lit(60.0)
    )
    links = conform(rows, Ownership)
    who = people(empty(Party), links)
    current = graph(links, who, ON)
    top = who.rows.filter(id="P0")["node"].to_numpy()
    clock = _Clock()
    found = answer(current, RULES["us"], top, np.array([], np.int64), who.ties)
    passed = clock.lap()
    if np.count_nonzero(found.status == STATUSES.index("blocked")) != edges + 1:
        message = "the chain was not followed to its end"
        raise AssertionError(message)
    return passed
