"""What the rules make of every party and ship, on one day: statuses, the chains that show them, risk, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from clearwake.model import Designation, Ownership, Party, Registration, Standing, conform, empty
from clearwake.ownership import papers, wording
from clearwake.ownership.graph import Graph, graph
from clearwake.ownership.identity import People, people
from clearwake.ownership.listing import listings
from clearwake.ownership.risk import Risk, risk
from clearwake.ownership.rules import RULES, STATUSES, Answer, answer
from clearwake.ownership.spread import Ints


@dataclass(frozen=True)
class Facts:
    """What is known: tables in the schemas of their records."""

    parties: pl.DataFrame
    ownerships: pl.DataFrame
    designations: pl.DataFrame
    """Those in force on the day asked about."""
    registrations: pl.DataFrame


@dataclass(frozen=True)
class Findings:
    """Everything found out about one day."""

    who: People
    graph: Graph
    listings: pl.DataFrame
    answers: Mapping[str, Answer]
    risk: Risk
    shown: Ints
    """Parties with an edge, on whatever day, and those that a table of the user's own names."""


def find(facts: Facts, on: date) -> Findings:
    """Apply every rule to every party.

    Args:
        facts: What is known.
        on: The day.
    """
    parties, edges = everybody(facts)
    who = people(parties, edges)
    current = graph(edges, who, on)
    listed = listings(facts.designations, who)
    answers = {name: _answer(current, name, listed, who) for name in RULES}
    start = [listed.filter("is_sure")["node"].to_numpy()]
    start += [np.flatnonzero(a.surely.wave >= 0) for a in answers.values()]
    near = risk(current.parties, current.edges, np.unique(np.concatenate(start)))
    return Findings(who, current, listed, answers, near, _shown(facts, edges, who))


def standings(facts: Facts, on: date) -> pl.DataFrame:
    """Say of every party and ship what the US, EU and UK rules make of it: a table of ``Standing``.

    Args:
        facts: What is known.
        on: The day.
    """
    found = find(facts, on)
    return conform(told(found), Standing)


def everybody(facts: Facts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every party and edge that tables, lists and registers tell of."""
    lists = papers.of_lists(facts.designations)
    registers = papers.of_registers(facts.registrations)
    parties = pl.concat([conform(facts.parties, Party), lists[0], registers[0]])
    edges = pl.concat([conform(facts.ownerships, Ownership), lists[1], registers[1]])
    return parties, edges.filter(pl.col("owner").is_not_null() & pl.col("owned").is_not_null())


def no_facts() -> Facts:
    """Give tables without rows."""
    return Facts(empty(Party), empty(Ownership), empty(Designation), empty(Registration))


def _answer(current: Graph, rule: str, listed: pl.DataFrame, who: People) -> Answer:
    under = listed.filter(rule=rule)
    sure = under.filter("freezes")["node"].unique().sort().to_numpy()
    maybe = under.filter(~pl.col("freezes"))["node"].unique().sort().to_numpy()
    return answer(current, RULES[rule], sure, maybe, who.ties)


def _shown(facts: Facts, edges: pl.DataFrame, who: People) -> Ints:
    own = facts.parties.filter(pl.col("edition").is_null()).select("source", "id")
    ends = [edges.select("source", id=side) for side in ("owner", "owned")]
    rows = who.rows.join(pl.concat([own, *ends]).unique(), on=["source", "id"], how="semi")
    return rows["node"].unique().sort().to_numpy()


def told(found: Findings) -> pl.DataFrame:
    """Put findings into words, one row a party or ship: blocked ones first, then possible ones, then by risk."""
    words = wording.of_all(found.who, found.graph, found.listings, found.answers, found.risk, found.shown)
    status = {
        name: pl.Series(name, found.answers[name].status).gather(found.shown.tolist()) for name in RULES
    }
    ranked = words.with_columns(**status, worst=pl.max_horizontal(*status.values()))
    ordered = ranked.sort("worst", "risk", "kind", "name", "id", descending=[True, True, True, False, False])
    names = pl.Series(STATUSES)
    return ordered.drop("worst").with_columns(
        pl.col(name).map_batches(names.gather, pl.String) for name in RULES
    )
